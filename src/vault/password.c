/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Passwords: Argon2id at the cost of the register, two at once. */
#include "vault/password.h"

_Static_assert(VAULT_PASSWORD_TEXT == crypto_pwhash_STRBYTES, "room for libsodium's strings");

#define LIVE_PASSES 2
#define LIVE_MEMORY (19 * 1024 * 1024)
#define DRILL_PASSES 1
#define DRILL_MEMORY 8192
#define NFC_ARENA_MAX (64 * 1024)

static unsigned long long passes(const struct vault *vault)
{
	return vault->cost == VAULT_LIVE ? LIVE_PASSES : DRILL_PASSES;
}

static size_t memory(const struct vault *vault)
{
	return vault->cost == VAULT_LIVE ? LIVE_MEMORY : DRILL_MEMORY;
}

/* A typed password as it is compared: NFC, here and not in an arena, wiped by typed_finish. */
struct typed {
	char bytes[4 * VAULT_PASSWORD_MAX];
	size_t n;
};

static void typed_finish(struct typed *typed)
{
	sodium_memzero(typed, sizeof *typed);
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* Normalising needs an arena; its one result is wiped where it lies. */
static bool add_normalised(struct typed *typed, struct str password)
{
	struct err ignored = { 0 };
	struct str normal = STR_NONE;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(NFC_ARENA_MAX);
	if (!arena || !str_nfc(arena, password, &normal, &ignored))
		return false;
	bool fits = normal.n <= sizeof typed->bytes;
	if (fits)
		memcpy(typed->bytes, normal.p, normal.n);
	typed->n = fits ? normal.n : 0;
	sodium_memzero((void *)(uintptr_t)normal.p, normal.n);
	return fits;
}

static bool type(struct str password, struct typed *out)
{
	out->n = 0;
	if (password.n == 0 || password.n > VAULT_PASSWORD_MAX || !str_is_utf8(password))
		return false;
	if (!is_ascii(password))
		return add_normalised(out, password);
	memcpy(out->bytes, password.p, password.n);
	out->n = password.n;
	return true;
}

/* Salt and hash as libsodium's own strings hold them. */
static bool write_text(const struct vault *vault, const uint8_t salt[crypto_pwhash_SALTBYTES],
                       const uint8_t hash[VAULT_KEY_SIZE], char out[VAULT_PASSWORD_TEXT])
{
	char salt_text[sodium_base64_ENCODED_LEN(crypto_pwhash_SALTBYTES,
	                                         sodium_base64_VARIANT_ORIGINAL_NO_PADDING)];
	char hash_text[sodium_base64_ENCODED_LEN(VAULT_KEY_SIZE,
	                                         sodium_base64_VARIANT_ORIGINAL_NO_PADDING)];
	sodium_bin2base64(salt_text, sizeof salt_text, salt, crypto_pwhash_SALTBYTES,
	                  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	sodium_bin2base64(hash_text, sizeof hash_text, hash, VAULT_KEY_SIZE,
	                  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	int n = snprintf(out, VAULT_PASSWORD_TEXT, "$argon2id$v=19$m=%zu,t=%llu,p=1$%s$%s",
	                 memory(vault) / 1024, passes(vault), salt_text, hash_text);
	return n > 0 && n < VAULT_PASSWORD_TEXT &&
	       crypto_pwhash_str_needs_rehash(out, passes(vault), memory(vault)) == 0;
}

/* A string of the right form and cost that nothing was hashed into: making a real one would delay
 * every opening. */
bool password_prepare(struct vault *vault, struct err *err)
{
	uint8_t salt[crypto_pwhash_SALTBYTES], nobody[VAULT_KEY_SIZE];
	randombytes_buf(salt, sizeof salt);
	randombytes_buf(nobody, sizeof nobody);
	return write_text(vault, salt, nobody, vault->no_password) ||
	       err_set(err, ERR_FAULT,
	               "the string for unknown accounts has not the form of a password");
}

/* The salt is drawn by us, so that in a drill it follows from the seed. */
bool vault_password_hash(struct vault *vault, struct str password, char out[VAULT_PASSWORD_TEXT],
                         struct err *err)
{
	CLEANUP(typed_finish) struct typed typed;
	uint8_t salt[crypto_pwhash_SALTBYTES], hash[VAULT_KEY_SIZE];
	memset(out, 0, VAULT_PASSWORD_TEXT);
	if (!type(password, &typed))
		return err_set(err, ERR_INPUT,
		               "A password is text of at least one and at most %d bytes",
		               VAULT_PASSWORD_MAX);
	vault_random(vault, salt, sizeof salt);
	if (!turnstile_enter(&vault->passwords, err))
		return false;
	int status = crypto_pwhash(hash, sizeof hash, typed.bytes, typed.n, salt, passes(vault),
	                           memory(vault), crypto_pwhash_ALG_ARGON2ID13);
	turnstile_leave(&vault->passwords);
	bool is_written = status == 0 && write_text(vault, salt, hash, out);
	sodium_memzero(hash, sizeof hash);
	return is_written ||
	       err_set(err, ERR_UNABLE, "There is not enough memory to keep a password");
}

bool vault_password_verify(struct vault *vault, struct str stored, struct str password,
                           enum vault_password *out, struct err *err)
{
	CLEANUP(typed_finish) struct typed typed;
	char text[VAULT_PASSWORD_TEXT];
	bool is_one = stored.n > 0 && stored.n < sizeof text && !memchr(stored.p, '\0', stored.n);

	*out = VAULT_PASSWORD_WRONG;
	memcpy(text, vault->no_password, sizeof text);
	if (is_one) {
		memcpy(text, stored.p, stored.n);
		text[stored.n] = '\0';
	}
	bool is_typed = type(password, &typed);
	if (!turnstile_enter(&vault->passwords, err))
		return false;
	/* Done for an unknown account and an impossible password too: time tells nothing. */
	bool is_right = crypto_pwhash_str_verify(text, typed.bytes, typed.n) == 0;
	turnstile_leave(&vault->passwords);
	if (!is_right || !is_one || !is_typed)
		return true;
	*out = crypto_pwhash_str_needs_rehash(text, passes(vault), memory(vault)) == 0
	               ? VAULT_PASSWORD_RIGHT
	               : VAULT_PASSWORD_STALE;
	return true;
}
