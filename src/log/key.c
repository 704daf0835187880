/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Verifier keys as text, private keys in locked memory, key files. */
#include "log/key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_FILE_WORD "candour-key/v1 "
#define KEY_FILE_MAX 1024

/* --- names and verifier keys ---------------------------------------------------------------- */

/* Unicode's White_Space. */
static bool is_space(uint32_t c)
{
	return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
	       c == 0x205F || c == 0x3000;
}

/* The code point at *at of valid UTF-8; moves *at behind it. */
static uint32_t next_point(struct str text, size_t *at)
{
	unsigned char first = (unsigned char)text.p[(*at)++];
	uint32_t c = first;
	size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
	if (more)
		c = first & (0x3Fu >> more);
	for (; more; more--)
		c = c << 6 | ((unsigned char)text.p[(*at)++] & 0x3F);
	return c;
}

bool log_key_is_name(struct str name)
{
	if (name.n == 0 || !str_is_utf8(name))
		return false;
	for (size_t at = 0; at < name.n;) {
		uint32_t c = next_point(name, &at);
		if (c == '+' || is_space(c))
			return false;
	}
	return true;
}

static void reckon_id(struct str name, uint8_t type, struct str pub, uint8_t id[LOG_KEY_ID_SIZE])
{
	crypto_hash_sha256_state state;
	uint8_t hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const unsigned char *)name.p, name.n);
	crypto_hash_sha256_update(&state, (const unsigned char *)"\n", 1);
	crypto_hash_sha256_update(&state, &type, 1);
	crypto_hash_sha256_update(&state, (const unsigned char *)pub.p, pub.n);
	crypto_hash_sha256_final(&state, hash);
	memcpy(id, hash, LOG_KEY_ID_SIZE);
}

uint32_t log_key_id_number(const uint8_t id[LOG_KEY_ID_SIZE])
{
	return (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
}

static bool type_of(uint8_t byte, size_t size, enum log_key_type *out)
{
	if (byte == LOG_KEY_LOG)
		*out = LOG_KEY_LOG;
	else if (byte == LOG_KEY_WITNESS)
		*out = LOG_KEY_WITNESS;
	else if (byte == LOG_KEY_MLDSA)
		*out = LOG_KEY_MLDSA;
	else
		return false;
	return size == (*out == LOG_KEY_MLDSA ? LOG_MLDSA_SIZE : LOG_KEY_SIZE);
}

bool log_vkey_read(struct arena *arena, struct str text, struct log_vkey *out, struct err *err)
{
	struct str rest = text, name, id;
	uint8_t told[LOG_KEY_ID_SIZE], key[LOG_MLDSA_SIZE + 1];
	size_t n = sizeof key;
	*out = (struct log_vkey){ 0 };
	if (sodium_init() < 0)
		return err_set(err, ERR_UNABLE, "The machine's cryptography is not ready");
	if (!str_cut(&rest, '+', &name) || !str_cut(&rest, '+', &id) || !rest.p ||
	    !log_key_is_name(name) || !hex_read(id, told, sizeof told) ||
	    !base64_read(rest, key, &n) || n < 1)
		return err_set(err, ERR_INPUT,
		               "A verifier key is written name+id+key, such as "
		               "register.example.org/northmere+97c346b8+AaXy…");
	if (!type_of(key[0], n - 1, &out->type))
		return err_set(err, ERR_INPUT,
		               "The verifier key of '%.*s' is of a type that is not known "
		               "here, or cut short",
		               STR_ARG(name));
	out->name = arena_copy(arena, name);
	out->pub = arena_copy(arena, str_from_bytes(key + 1, n - 1));
	if (!out->name.p || !out->pub.p)
		return err_set(err, ERR_UNABLE, "There is no room for another verifier key");
	reckon_id(name, key[0], out->pub, out->id);
	if (memcmp(out->id, told, sizeof told) != 0)
		return err_set(err, ERR_INPUT,
		               "The verifier key of '%.*s' is miswritten: its id does not "
		               "belong to name and key",
		               STR_ARG(name));
	return true;
}

bool log_vkey_counts(const struct log_vkey *key)
{
	return key->type == LOG_KEY_LOG || key->type == LOG_KEY_WITNESS;
}

void log_vkey_write(struct buf *out, const struct log_vkey *key)
{
	uint8_t typed[LOG_MLDSA_SIZE + 1];
	base_check(key->pub.n < sizeof typed);
	typed[0] = (uint8_t)key->type;
	memcpy(typed + 1, key->pub.p, key->pub.n);
	buf_add(out, key->name);
	buf_add_char(out, '+');
	buf_add_hex(out, key->id, sizeof key->id);
	buf_add_char(out, '+');
	buf_add_base64(out, typed, key->pub.n + 1);
}

void log_vkey_fingerprint(const struct log_vkey *key, char out[LOG_FINGERPRINT_LENGTH])
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	buf_init(&text, (size_t)1 << 20);
	log_vkey_write(&text, key);
	struct hash hash = hash_of(buf_str(&text));
	for (size_t group = 0; group < 8; group++) {
		if (group)
			out[5 * group - 1] = ' ';
		hex_write(out + 5 * group, hash.bytes + 2 * group, 2);
	}
}

bool log_vkey_verify(const struct log_vkey *key, struct str message, struct str signature)
{
	return log_vkey_counts(key) && signature.n == LOG_SIGNATURE_SIZE &&
	       crypto_sign_verify_detached((const unsigned char *)signature.p,
	                                   (const unsigned char *)message.p, message.n,
	                                   (const unsigned char *)key->pub.p) == 0;
}

/* --- private keys --------------------------------------------------------------------------- */

/* Lies whole in memory of sodium_malloc; `vkey` points into it. */
struct log_signer {
	struct log_vkey vkey;
	uint8_t secret[crypto_sign_SECRETKEYBYTES]; /* the seed, then the public key */
	uint8_t pub[LOG_KEY_SIZE];
	char name[LOG_KEY_NAME_MAX];
};

bool log_signer_create(struct str name, enum log_key_type type, const uint8_t seed[LOG_KEY_SIZE],
                       struct log_signer **out, struct err *err)
{
	*out = NULL;
	if (type == LOG_KEY_MLDSA)
		return err_set(err, ERR_FAULT, "log_signer_create: type %d", (int)type);
	if (name.n > LOG_KEY_NAME_MAX || !log_key_is_name(name))
		return err_set(err, ERR_INPUT,
		               "A key's name has 1 to %d bytes, no plus and no space",
		               LOG_KEY_NAME_MAX);
	if (sodium_init() < 0)
		return err_set(err, ERR_UNABLE, "The machine's cryptography is not ready");
	struct log_signer *signer = sodium_malloc(sizeof *signer);
	if (!signer)
		return err_set(err, ERR_UNABLE,
		               "There is no locked memory for a private key; raise the "
		               "limit of locked memory");
	memset(signer, 0, sizeof *signer);
	memcpy(signer->name, name.p, name.n);
	crypto_sign_seed_keypair(signer->pub, signer->secret, seed);
	signer->vkey.name = (struct str){ signer->name, name.n };
	signer->vkey.type = type;
	signer->vkey.pub = str_from_bytes(signer->pub, sizeof signer->pub);
	reckon_id(name, (uint8_t)type, signer->vkey.pub, signer->vkey.id);
	if (sodium_mprotect_readonly(signer) != 0) {
		sodium_free(signer);
		return err_set(err, ERR_UNABLE,
		               "The memory of a private key could not be protected");
	}
	*out = signer;
	return true;
}

bool log_signer_make(struct str name, enum log_key_type type, struct random_source *random,
                     struct log_signer **out, struct err *err)
{
	uint8_t seed[LOG_KEY_SIZE];
	random_bytes(random, seed, sizeof seed);
	bool is_made = log_signer_create(name, type, seed, out, err);
	sodium_memzero(seed, sizeof seed);
	return is_made;
}

bool log_signer_rename(const struct log_signer *signer, struct str name, struct log_signer **out,
                       struct err *err)
{
	return log_signer_create(name, signer->vkey.type, signer->secret, out, err);
}

void log_signer_destroy(struct log_signer *signer)
{
	if (signer)
		sodium_free(signer); /* wipes */
}

void log_signer_cleanup(struct log_signer **signer)
{
	log_signer_destroy(*signer);
	*signer = NULL;
}

const struct log_vkey *log_signer_vkey(const struct log_signer *signer)
{
	return &signer->vkey;
}

void log_signer_sign(const struct log_signer *signer, struct str message,
                     uint8_t out[LOG_SIGNATURE_SIZE])
{
	crypto_sign_detached(out, NULL, (const unsigned char *)message.p, message.n,
	                     signer->secret);
}

/* --- key files ------------------------------------------------------------------------------ */

/* Reads the file whole into `out`; more than fits is a damaged file. */
static bool read_closed_file(int fd, const char *path, char out[KEY_FILE_MAX], size_t *n,
                             struct err *err)
{
	struct stat stat;
	if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode))
		return err_set(err, ERR_INPUT, "%s is no key file", path);
	if (stat.st_mode & (S_IRWXG | S_IRWXO))
		return err_set(err, ERR_REFUSED,
		               "%s can be read by others; set its mode to 0600, and "
		               "think about whether the key must be changed",
		               path);
	*n = 0;
	while (*n < KEY_FILE_MAX) {
		ssize_t got = read(fd, out + *n, KEY_FILE_MAX - *n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(err, ERR_UNABLE, "%s cannot be read: %s", path,
			               strerror(errno));
		if (got == 0)
			return true;
		*n += (size_t)got;
	}
	return err_set(err, ERR_INPUT, "%s is too long for a key file", path);
}

static bool parse_key_file(struct str text, const char *path, struct log_signer **out,
                           struct err *err)
{
	uint8_t seed[LOG_KEY_SIZE + 1];
	size_t n = sizeof seed;
	struct str name, type, rest = text;
	bool is_good = str_starts(rest, STR(KEY_FILE_WORD)) && str_ends(rest, STR("\n"));
	if (is_good)
		rest = str_sub(rest, sizeof KEY_FILE_WORD - 1, rest.n - sizeof KEY_FILE_WORD);
	is_good = is_good && str_cut(&rest, ' ', &name) && str_cut(&rest, ' ', &type) && rest.p &&
	          (str_eq(type, STR("1")) || str_eq(type, STR("4"))) &&
	          base64_read(rest, seed, &n) && n == LOG_KEY_SIZE;
	bool is_made =
		is_good &&
		log_signer_create(name, str_eq(type, STR("1")) ? LOG_KEY_LOG : LOG_KEY_WITNESS,
	                          seed, out, err);
	sodium_memzero(seed, sizeof seed);
	if (!is_good)
		return err_set(err, ERR_INPUT,
		               "%s is damaged: it must hold the one line 'candour-key/v1 "
		               "name type seed'; put it back from a backup",
		               path);
	return is_made;
}

bool log_signer_load(const char *path, struct log_signer **out, struct err *err)
{
	char text[KEY_FILE_MAX];
	size_t n = 0;
	*out = NULL;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return err_set(err, ERR_ABSENT, "There is no key file %s", path);
	if (fd < 0)
		return err_set(err, ERR_UNABLE, "%s cannot be opened: %s", path, strerror(errno));
	bool is_made = read_closed_file(fd, path, text, &n, err) &&
	               parse_key_file((struct str){ text, n }, path, out, err);
	close(fd);
	sodium_memzero(text, sizeof text);
	return is_made;
}

bool log_signer_save(const struct log_signer *signer, const char *path, struct err *err)
{
	char text[KEY_FILE_MAX], *at = text;
	if (file_exists(path))
		return err_set(err, ERR_UNABLE,
		               "There is a key file %s already; it is not overwritten", path);
	struct str name = signer->vkey.name; /* at most 255 bytes: all fits */
	memcpy(at, KEY_FILE_WORD, sizeof KEY_FILE_WORD - 1);
	at += sizeof KEY_FILE_WORD - 1;
	memcpy(at, name.p, name.n);
	at += name.n;
	*at++ = ' ';
	*at++ = (char)('0' + (int)signer->vkey.type);
	*at++ = ' ';
	base64_write(at, signer->secret, LOG_KEY_SIZE);
	at += base64_length(LOG_KEY_SIZE);
	*at++ = '\n';
	bool is_written = file_write(path, 0600, (struct str){ text, (size_t)(at - text) }, err);
	sodium_memzero(text, sizeof text);
	return is_written;
}
