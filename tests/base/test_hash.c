/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/arena_fixture.h"

static void assert_hash(struct fixture *f, struct hash hash, const char *expected)
{
	assert_str(hash_hex(f->arena, &hash), expected);
}

/* FIPS 180-4, examples of SHA-256. */
static void sha_256_keeps_the_published_vectors(void **state)
{
	struct fixture *f = *state;
	static char million[1000000];
	memset(million, 'a', sizeof million);
	assert_hash(f, hash_of(STR_NONE),
	            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_hash(f, hash_of(STR("abc")),
	            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_hash(f, hash_of(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
	            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	assert_hash(f, hash_of((struct str){ million, sizeof million }),
	            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void pieces_hash_like_the_whole(void **state)
{
	(void)state;
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	struct str pieces[] = { STR("a"), STR_NONE, STR("bc") };
	struct hash whole = hash_of(STR("abc"));
	struct hash joined = hasher_of(hasher, pieces, COUNT_OF(pieces));
	assert_true(hash_eq(&whole, &joined));
	/* The state is used again, and an unfinished hash leaves nothing behind. */
	hasher_start(hasher);
	hasher_add(hasher, STR("lost"));
	hasher_start(hasher);
	hasher_add(hasher, STR("ab"));
	hasher_add(hasher, STR("c"));
	joined = hasher_end(hasher);
	assert_true(hash_eq(&whole, &joined));
	struct hash other = hash_of(STR("abd"));
	assert_false(hash_eq(&whole, &other));
}

/* RFC 4231, cases 1, 2, 3, 6, 7. */
static void hmac_keeps_the_published_vectors(void **state)
{
	struct fixture *f = *state;
	char key[131], data[50];
	struct str text = STR("Hi There");
	memset(key, 0x0b, sizeof key);
	assert_hash(f, hash_hmac((struct str){ key, 20 }, &text, 1),
	            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	struct str pieces[] = { STR("what do ya want "), STR("for nothing?") };
	assert_hash(f, hash_hmac(STR("Jefe"), pieces, 2),
	            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof key);
	memset(data, 0xdd, sizeof data);
	text = (struct str){ data, sizeof data };
	assert_hash(f, hash_hmac((struct str){ key, 20 }, &text, 1),
	            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	text = STR("Test Using Larger Than Block-Size Key - Hash Key First");
	assert_hash(f, hash_hmac((struct str){ key, sizeof key }, &text, 1),
	            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	text = STR(
		"This is a test using a larger than block-size key and a larger than block-size data. "
		"The key needs to be hashed before being used by the HMAC algorithm.");
	assert_hash(f, hash_hmac((struct str){ key, sizeof key }, &text, 1),
	            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

/* RFC 2202, cases 1 and 2. */
static void hmac_sha_1_keeps_the_published_vectors(void **state)
{
	(void)state;
	uint8_t out[20];
	char key[20], hex[40];
	memset(key, 0x0b, sizeof key);
	hash_hmac_sha1((struct str){ key, 20 }, STR("Hi There"), out);
	hex_write(hex, out, 20);
	assert_memory_equal(hex, "b617318655057264e28bc0b6fb378c8ef146be00", 40);
	hash_hmac_sha1(STR("Jefe"), STR("what do ya want for nothing?"), out);
	hex_write(hex, out, 20);
	assert_memory_equal(hex, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", 40);
}

static void a_hash_is_read_from_small_hex_alone(void **state)
{
	(void)state;
	struct hash hash, abc = hash_of(STR("abc"));
	assert_true(hash_read_hex(
		STR("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), &hash));
	assert_true(hash_eq(&hash, &abc));
	assert_int_equal(hash_str(&hash).n, HASH_SIZE);
	assert_false(hash_read_hex(
		STR("BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), &hash));
	assert_false(hash_read_hex(STR("ba78"), &hash));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(sha_256_keeps_the_published_vectors),
		PROVES(pieces_hash_like_the_whole),
		PROVES(hmac_keeps_the_published_vectors),
		PROVES(hmac_sha_1_keeps_the_published_vectors),
		PROVES(a_hash_is_read_from_small_hex_alone),
	};
	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
