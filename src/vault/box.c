/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Boxes: XChaCha20-Poly1305 with 24 random bytes as nonce, bound by associated
 * data to the place they were made for.
 */
#include <stdio.h>
#include <stdlib.h>

#include "vault/state.h"

#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES
#define AD_MAX 600 /* purpose 32, bound 512 */
#define PLACE_MAX 512

_Static_assert(NONCE_SIZE + TAG_SIZE == VAULT_BOX_EXTRA, "what a box adds");

/* Associated data of one box. */
struct place {
	char text[AD_MAX];
	size_t n;
};

static bool place_of_entry(struct str file, int64_t index, struct place *out, struct err *err)
{
	if (!id_is(file) || index < 0)
		return err_set(err, ERR_FAULT, "A box was asked for where no entry can be");
	int n = snprintf(out->text, sizeof out->text, "candour/box/v1\n%.*s\n%" PRId64 "\n",
	                 STR_ARG(file), index);
	base_check(n > 0 && (size_t)n < sizeof out->text);
	out->n = (size_t)n;
	return true;
}

static bool is_purpose(struct str purpose)
{
	for (size_t i = 0; i < purpose.n; i++)
		if (purpose.p[i] != '-' && (purpose.p[i] < 'a' || purpose.p[i] > 'z'))
			return false;
	return purpose.n >= 1 && purpose.n <= 32;
}

/* `bound` stands last, so that whatever is in it cannot be read as something else. */
static bool place_of_purpose(const char *head, struct str purpose, struct str bound,
                             struct place *out, struct err *err)
{
	size_t head_n = strlen(head);
	if (!is_purpose(purpose) || bound.n > PLACE_MAX)
		return err_set(err, ERR_FAULT, "A box was asked for without a purpose");
	memcpy(out->text, head, head_n);
	memcpy(out->text + head_n, purpose.p, purpose.n);
	out->n = head_n + purpose.n;
	out->text[out->n++] = '\n';
	if (bound.n)
		memcpy(out->text + out->n, bound.p, bound.n);
	out->n += bound.n;
	out->text[out->n++] = '\n';
	return true;
}

/*
 * Seals inside `out` itself, so that the words lie nowhere else. Room for the
 * tag is taken before the words come in: the buffer then moves no more.
 */
static bool seal(struct vault *vault, const uint8_t key[VAULT_KEY_SIZE], const struct place *place,
                 struct str plain, struct buf *out, struct err *err)
{
	uint8_t nonce[NONCE_SIZE];
	const uint8_t tag[TAG_SIZE] = { 0 };
	size_t start = out->n;

	if (out->full || out->max < VAULT_BOX_EXTRA || plain.n > out->max - VAULT_BOX_EXTRA ||
	    start > out->max - VAULT_BOX_EXTRA - plain.n)
		return err_set(err, ERR_UNABLE, "This is too long to be sealed at once");
	pthread_mutex_lock(&vault->random_lock);
	random_bytes(vault->nonces, nonce, sizeof nonce);
	pthread_mutex_unlock(&vault->random_lock);
	buf_add_bytes(out, nonce, sizeof nonce);
	buf_add_bytes(out, tag, sizeof tag);
	buf_add(out, plain);
	if (out->full) {
		out->n = start;
		return err_set(err, ERR_UNABLE, "There is not enough memory to seal this");
	}
	unsigned char *body = (unsigned char *)out->p + start + NONCE_SIZE;
	memmove(body, body + TAG_SIZE, plain.n);
	crypto_aead_xchacha20poly1305_ietf_encrypt(body, NULL, body, plain.n,
	                                           (const unsigned char *)place->text, place->n,
	                                           NULL, nonce, key);
	return true;
}

static bool open_box(const uint8_t key[VAULT_KEY_SIZE], const struct place *place, struct str box,
                     struct vault_secret *out, struct err *err)
{
	const unsigned char *bytes = (const unsigned char *)box.p;
	*out = (struct vault_secret){ 0 };
	if (box.n < VAULT_BOX_EXTRA)
		return err_set(err, ERR_INPUT, "This box does not open: it is too short");
	size_t n = box.n - VAULT_BOX_EXTRA;
	uint8_t *plain = malloc(n ? n : 1);
	if (!plain)
		return err_set(err, ERR_UNABLE, "There is not enough memory to open this");
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		    plain, NULL, NULL, bytes + NONCE_SIZE, box.n - NONCE_SIZE,
		    (const unsigned char *)place->text, place->n, bytes, key) != 0) {
		sodium_memzero(plain, n);
		free(plain);
		return err_set(err, ERR_INPUT,
		               "This box does not open: it was altered, or made for another place");
	}
	*out = (struct vault_secret){ plain, n };
	return true;
}

struct str vault_secret_str(const struct vault_secret *secret)
{
	return str_from_bytes(secret->p, secret->n);
}

void vault_secret_finish(struct vault_secret *secret)
{
	if (secret->p)
		sodium_memzero(secret->p, secret->n);
	free(secret->p);
	*secret = (struct vault_secret){ 0 };
}

static bool seal_under(struct vault *vault, int64_t slot, const struct place *place,
                       struct str plain, struct buf *out, struct err *err)
{
	uint8_t key[VAULT_KEY_SIZE];
	bool good = slot_key(vault, slot, key, err) && seal(vault, key, place, plain, out, err);
	sodium_memzero(key, sizeof key);
	return good;
}

static bool open_under(struct vault *vault, int64_t slot, const struct place *place, struct str box,
                       struct vault_secret *out, struct err *err)
{
	uint8_t key[VAULT_KEY_SIZE];
	*out = (struct vault_secret){ 0 };
	bool good = slot_key(vault, slot, key, err) && open_box(key, place, box, out, err);
	sodium_memzero(key, sizeof key);
	return good;
}

bool vault_seal(struct vault *vault, int64_t slot, struct str file, int64_t index, struct str plain,
                struct buf *out, struct err *err)
{
	struct place place;
	return place_of_entry(file, index, &place, err) &&
	       seal_under(vault, slot, &place, plain, out, err);
}

bool vault_open_box(struct vault *vault, int64_t slot, struct str file, int64_t index,
                    struct str box, struct vault_secret *out, struct err *err)
{
	struct place place;
	*out = (struct vault_secret){ 0 };
	return place_of_entry(file, index, &place, err) &&
	       open_under(vault, slot, &place, box, out, err);
}

#define OWN_HEAD "candour/own/v1\n"
#define WITH_HEAD "candour/with/v1\n"

bool vault_seal_own(struct vault *vault, struct str purpose, struct str bound, struct str plain,
                    struct buf *out, struct err *err)
{
	struct place place;
	return place_of_purpose(OWN_HEAD, purpose, bound, &place, err) &&
	       seal_under(vault, 0, &place, plain, out, err);
}

bool vault_open_own(struct vault *vault, struct str purpose, struct str bound, struct str box,
                    struct vault_secret *out, struct err *err)
{
	struct place place;
	*out = (struct vault_secret){ 0 };
	return place_of_purpose(OWN_HEAD, purpose, bound, &place, err) &&
	       open_under(vault, 0, &place, box, out, err);
}

bool vault_tag_own(struct vault *vault, struct str purpose, struct str bytes, struct hash *out,
                   struct err *err)
{
	/* A key of its own: slot 0's seals boxes. */
	const struct str label = STR("candour/own-tag-key/v1\n");
	const struct str pieces[] = { purpose, STR("\n"), bytes };
	uint8_t slot[VAULT_KEY_SIZE];
	*out = (struct hash){ 0 };
	if (!is_purpose(purpose))
		return err_set(err, ERR_FAULT, "A tag was asked for without a purpose");
	bool good = slot_key(vault, 0, slot, err);
	if (good) {
		struct hash key = hash_hmac(str_from_bytes(slot, sizeof slot), &label, 1);
		*out = hash_hmac(hash_str(&key), pieces, COUNT_OF(pieces));
		sodium_memzero(&key, sizeof key);
	}
	sodium_memzero(slot, sizeof slot);
	return good;
}

bool vault_seal_with(struct vault *vault, const uint8_t key[VAULT_KEY_SIZE], struct str purpose,
                     struct str bound, struct str plain, struct buf *out, struct err *err)
{
	struct place place;
	return place_of_purpose(WITH_HEAD, purpose, bound, &place, err) &&
	       seal(vault, key, &place, plain, out, err);
}

bool vault_open_with(const uint8_t key[VAULT_KEY_SIZE], struct str purpose, struct str bound,
                     struct str box, struct vault_secret *out, struct err *err)
{
	struct place place;
	*out = (struct vault_secret){ 0 };
	return place_of_purpose(WITH_HEAD, purpose, bound, &place, err) &&
	       open_box(key, &place, box, out, err);
}
