/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The header of an entry, version 1, and the hashes from nonce and header to the leaf. */
#include "log/entry.h"

#define FIRST_LINE "candour/entry/v1\n"
#define INDEX_LINE "index "
#define RECORDED_LINE "recorded "
#define KIND_LINE "kind "
#define FILE_LINE "file "
#define BY_LINE "by "
#define PLAIN_LINE "plain "
#define SEALED_LINE "sealed "
#define BOX_LINE "box "

static bool is_small_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* [a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+ */
static bool is_kind(struct str kind)
{
	bool at_start = true;
	size_t dots = 0;
	if (kind.n > LOG_KIND_MAX)
		return false;
	for (size_t i = 0; i < kind.n; i++) {
		char c = kind.p[i];
		if (at_start ? !(c >= 'a' && c <= 'z')
		             : !(is_small_or_digit(c) || c == '-' || c == '.'))
			return false;
		at_start = c == '.';
		dots += at_start;
	}
	return dots > 0 && !at_start;
}

/* [a-z0-9][a-z0-9._-]{0,63} */
static bool is_office(struct str office)
{
	if (office.n < 1 || office.n > LOG_OFFICE_MAX || !is_small_or_digit(office.p[0]))
		return false;
	for (size_t i = 1; i < office.n; i++) {
		char c = office.p[i];
		if (!is_small_or_digit(c) && c != '.' && c != '_' && c != '-')
			return false;
	}
	return true;
}

/* --- writing ------------------------------------------------------------------------------- */

/* Fixed room: every value is bounded by the checks of log_header_write, 437 bytes at most. */
struct pen {
	char *p;
	size_t n;
};

static void put(struct pen *pen, struct str text)
{
	base_check(text.n <= LOG_HEADER_MAX - pen->n);
	memcpy(pen->p + pen->n, text.p, text.n);
	pen->n += text.n;
}

static void put_number(struct pen *pen, int64_t number)
{
	char digits[20];
	size_t at = sizeof digits;
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	put(pen, (struct str){ digits + at, sizeof digits - at });
}

static void put_hash(struct pen *pen, struct str name, const struct hash *hash, bool is_there)
{
	char hex[2 * HASH_SIZE];
	put(pen, name);
	hex_write(hex, hash->bytes, HASH_SIZE);
	put(pen, is_there ? (struct str){ hex, sizeof hex } : STR("-"));
	put(pen, STR("\n"));
}

static void put_by(struct pen *pen, const struct log_header *header)
{
	put(pen, STR(BY_LINE));
	switch (header->by) {
	case LOG_BY_NOBODY:
		put(pen, STR("-"));
		break;
	case LOG_BY_REGISTER:
		put(pen, STR("register"));
		break;
	case LOG_BY_ACCOUNT:
		put(pen, id_str(&header->account));
		put(pen, STR("/"));
		put(pen, header->office);
		break;
	}
	put(pen, STR("\n"));
}

static bool can_be_written(const struct log_header *header)
{
	return header->index >= 0 && header->index <= LOG_INDEX_MAX &&
	       header->recorded >= INSTANT_MIN && header->recorded <= INSTANT_MAX &&
	       header->recorded % INSTANT_PER_MS == 0 && is_kind(header->kind) &&
	       id_is(id_str(&header->file)) &&
	       (header->by != LOG_BY_ACCOUNT ||
	        (id_is(id_str(&header->account)) && is_office(header->office)));
}

bool log_header_write(const struct log_header *header, char out[LOG_HEADER_MAX], size_t *n,
                      struct err *err)
{
	struct pen pen = { out, 0 };
	char at[INSTANT_MS_LENGTH];
	*n = 0;
	if (!can_be_written(header))
		return err_set(err, ERR_FAULT, "log_header_write: entry %" PRId64, header->index);
	put(&pen, STR(FIRST_LINE INDEX_LINE));
	put_number(&pen, header->index);
	put(&pen, STR("\n" RECORDED_LINE));
	instant_write_ms(at, header->recorded);
	put(&pen, (struct str){ at, sizeof at });
	put(&pen, STR("\n" KIND_LINE));
	put(&pen, header->kind);
	put(&pen, STR("\n" FILE_LINE));
	put(&pen, id_str(&header->file));
	put(&pen, STR("\n"));
	put_by(&pen, header);
	put_hash(&pen, STR(PLAIN_LINE), &header->plain, true);
	put_hash(&pen, STR(SEALED_LINE), &header->sealed, header->is_sealed);
	put_hash(&pen, STR(BOX_LINE), &header->box, header->is_sealed);
	*n = pen.n;
	return true;
}

/* --- reading ------------------------------------------------------------------------------- */

/* Cuts the line that begins with `name` off *rest and gives what stands behind the name. */
static bool take_line(struct str *rest, struct str name, struct str *value, struct err *err)
{
	size_t end = str_find(*rest, '\n');
	if (end == rest->n || !str_starts(*rest, name))
		return err_set(err, ERR_INPUT,
		               "This is no entry header: the line '%.*s' is not where it "
		               "must be",
		               STR_ARG(name));
	*value = (struct str){ rest->p + name.n, end - name.n };
	*rest = (struct str){ rest->p + end + 1, rest->n - end - 1 };
	return true;
}

static bool read_by(struct str text, struct log_header *out)
{
	if (str_eq(text, STR("-")))
		return true;
	if (str_eq(text, STR("register"))) {
		out->by = LOG_BY_REGISTER;
		return true;
	}
	if (text.n <= ID_LENGTH || text.p[ID_LENGTH] != '/')
		return false;
	out->by = LOG_BY_ACCOUNT;
	out->office = str_sub(text, ID_LENGTH + 1, text.n);
	return id_read(str_sub(text, 0, ID_LENGTH), &out->account) && is_office(out->office);
}

static bool read_index(struct str text, struct log_header *out)
{
	uint64_t index = 0;
	if (!str_to_u64(text, (uint64_t)LOG_INDEX_MAX, &index))
		return false;
	out->index = (int64_t)index; /* at most 2^53 - 1 */
	return true;
}

static bool read_recorded(struct str text, struct log_header *out)
{
	/* At 24 bytes the fraction has three digits. */
	return text.n == INSTANT_MS_LENGTH && instant_read(text, &out->recorded);
}

static bool read_hashes(struct str plain, struct str sealed, struct str box, struct log_header *out,
                        struct err *err)
{
	if (!hash_read_hex(plain, &out->plain))
		return err_set(err, ERR_INPUT, "The header's line 'plain' is no hash");
	if (str_eq(sealed, STR("-")) && str_eq(box, STR("-")))
		return true;
	out->is_sealed = true;
	if (!hash_read_hex(sealed, &out->sealed) || !hash_read_hex(box, &out->box))
		return err_set(err, ERR_INPUT,
		               "The header's lines 'sealed' and 'box' must both be "
		               "hashes, or both '-'");
	return true;
}

/* All but the hashes; their lines as they stand. */
static bool read_lines(struct str text, struct log_header *out, struct str hashes[3],
                       struct err *err)
{
	struct str rest = text, first, index, recorded, kind, file, by;
	*out = (struct log_header){ 0 };
	if (text.n > LOG_HEADER_MAX)
		return err_set(err, ERR_INPUT, "An entry header has at most %d bytes",
		               LOG_HEADER_MAX);
	if (!take_line(&rest, STR("candour/entry/v1"), &first, err) ||
	    !take_line(&rest, STR(INDEX_LINE), &index, err) ||
	    !take_line(&rest, STR(RECORDED_LINE), &recorded, err) ||
	    !take_line(&rest, STR(KIND_LINE), &kind, err) ||
	    !take_line(&rest, STR(FILE_LINE), &file, err) ||
	    !take_line(&rest, STR(BY_LINE), &by, err) ||
	    !take_line(&rest, STR(PLAIN_LINE), &hashes[0], err) ||
	    !take_line(&rest, STR(SEALED_LINE), &hashes[1], err) ||
	    !take_line(&rest, STR(BOX_LINE), &hashes[2], err))
		return false;
	if (first.n || rest.n)
		return err_set(err, ERR_INPUT, "An entry header of version 1 has nine lines");
	if (!read_index(index, out))
		return err_set(err, ERR_INPUT, "The header's line 'index' is no entry number");
	if (!read_recorded(recorded, out))
		return err_set(err, ERR_INPUT,
		               "The header's line 'recorded' is no UTC time to the millisecond");
	if (!is_kind(kind))
		return err_set(err, ERR_INPUT, "The header's line 'kind' is no kind");
	if (!id_read(file, &out->file))
		return err_set(err, ERR_INPUT, "The header's line 'file' is no file id");
	if (!read_by(by, out))
		return err_set(err, ERR_INPUT,
		               "The header's line 'by' is neither '-', 'register' nor an "
		               "account and an office");
	out->kind = kind;
	return true;
}

bool log_header_read(struct str text, struct log_header *out, struct err *err)
{
	struct str hashes[3];
	return read_lines(text, out, hashes, err) &&
	       read_hashes(hashes[0], hashes[1], hashes[2], out, err);
}

bool log_header_glance(struct str text, struct log_header *out, struct err *err)
{
	struct str hashes[3];
	return read_lines(text, out, hashes, err);
}

/* --- hashes -------------------------------------------------------------------------------- */

struct hash log_opener(struct hasher *hasher, const uint8_t nonce[LOG_NONCE_SIZE])
{
	struct str pieces[] = { STR("candour/nonce/v1 opener\n"),
		                str_from_bytes(nonce, LOG_NONCE_SIZE) };
	return hasher_of(hasher, pieces, COUNT_OF(pieces));
}

struct hash log_plain_salt(struct hasher *hasher, const uint8_t nonce[LOG_NONCE_SIZE])
{
	struct str pieces[] = { STR("candour/nonce/v1 plain\n"),
		                str_from_bytes(nonce, LOG_NONCE_SIZE) };
	return hasher_of(hasher, pieces, COUNT_OF(pieces));
}

struct hash log_plain_hash(struct hasher *hasher, const struct hash *salt, struct str canonical)
{
	struct str pieces[] = { STR("candour/plain/v1\n"), hash_str(salt), canonical };
	return hasher_of(hasher, pieces, COUNT_OF(pieces));
}

struct hash log_box_hash(struct hasher *hasher, struct str box)
{
	struct str pieces[] = { STR("candour/box/v1\n"), box };
	return hasher_of(hasher, pieces, COUNT_OF(pieces));
}

struct hash log_commitment(struct hasher *hasher, const struct hash *opener, struct str header)
{
	struct str pieces[] = { STR("candour/commit/v1\n"), hash_str(opener), header };
	return hasher_of(hasher, pieces, COUNT_OF(pieces));
}

struct hash log_leaf_hash(struct hasher *hasher, const struct hash *commitment)
{
	struct str pieces[] = { { "\0", 1 }, hash_str(commitment) }; /* RFC 6962, 2.1 */
	return hasher_of(hasher, pieces, COUNT_OF(pieces));
}
