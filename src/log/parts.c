/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cutting sealed fields into parts, and the commitment over the list of them. */
#include "log/parts.h"

#include <stdlib.h>

#define SEALED_DOMAIN "candour/sealed/v1\n"
#define SEALED_JSON_MAX ((size_t)1 << 20)
#define FIELD_NAME_MAX 64

/* The length of the first piece of words: behind the first empty line, or all of them. */
static size_t first_piece(struct str words)
{
	size_t line = 0;
	while (line < words.n) {
		size_t end = line + str_find(str_sub(words, line, words.n), '\n');
		if (end == words.n)
			break;
		if (end == line || (end == line + 1 && words.p[line] == '\r'))
			return end + 1;
		line = end + 1;
	}
	return words.n;
}

static size_t count_pieces(struct str words)
{
	size_t count = 0;
	do {
		words = str_sub(words, first_piece(words), words.n);
		count++;
	} while (words.n && count < LOG_PARTS_OF_FIELD_MAX);
	return count;
}

static void cut_words(struct str field, struct str words, struct log_part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t n = i + 1 < count ? first_piece(words) : words.n;
		parts[i] =
			(struct log_part){ field, i, count, LOG_PART_WORDS, str_sub(words, 0, n) };
		words = str_sub(words, n, words.n);
	}
}

static bool cut_value(struct arena *arena, const struct json *value, struct log_part *part,
                      struct err *err)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	buf_init(&text, SEALED_JSON_MAX);
	if (!json_write_canonical(&text, value, err))
		return false;
	*part = (struct log_part){ value->key, 0, 1, LOG_PART_JSON,
		                   arena_copy(arena, buf_str(&text)) };
	if (text.full || !part->text.p)
		return err_set(err, ERR_UNABLE,
		               "The sealed fields are too long to be cut into parts");
	return true;
}

static int by_key(const void *a, const void *b)
{
	const struct json *const *left = a, *const *right = b;
	return str_compare((*left)->key, (*right)->key);
}

static bool is_field_name(struct str name)
{
	if (name.n < 1 || name.n > FIELD_NAME_MAX || name.p[0] < 'a' || name.p[0] > 'z')
		return false;
	for (size_t i = 1; i < name.n; i++) {
		char c = name.p[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-')
			return false;
	}
	return true;
}

/* The members, sorted; each name once. */
static bool sort_fields(struct arena *arena, const struct json *sealed, const struct json ***out,
                        struct err *err)
{
	size_t n = 0;
	if (!sealed || sealed->type != JSON_OBJECT)
		return err_set(err, ERR_INPUT, "Sealed fields are a JSON object");
	const struct json **fields = arena_alloc(arena, sealed->count, sizeof *fields);
	if (!fields)
		return err_set(err, ERR_UNABLE, "There are too many sealed fields");
	for (const struct json *field = sealed->first; field; field = field->next)
		fields[n++] = field;
	if (n > 1)
		qsort(fields, n, sizeof *fields, by_key);
	for (size_t i = 0; i < n; i++) {
		if (!is_field_name(fields[i]->key))
			return err_set(err, ERR_INPUT,
			               "A sealed field's name has small letters, digits, - "
			               "and _, 64 at most");
		if (i && str_eq(fields[i - 1]->key, fields[i]->key))
			return err_set(err, ERR_INPUT, "The sealed field '%.*s' is there twice",
			               STR_ARG(fields[i]->key));
	}
	*out = fields;
	return true;
}

bool log_parts_cut(struct arena *arena, const struct json *sealed, const struct log_part **out,
                   size_t *count, struct err *err)
{
	const struct json **fields = NULL;
	size_t all = 0, n = 0;
	*out = NULL;
	*count = 0;
	if (!sort_fields(arena, sealed, &fields, err))
		return false;
	for (size_t i = 0; i < sealed->count; i++)
		all += fields[i]->type == JSON_STRING ? count_pieces(fields[i]->string) : 1;
	struct log_part *parts = arena_alloc(arena, all, sizeof *parts);
	if (!parts)
		return err_set(err, ERR_UNABLE, "There are too many sealed paragraphs");
	for (size_t i = 0; i < sealed->count; i++) {
		const struct json *field = fields[i];
		if (field->type != JSON_STRING) {
			if (!cut_value(arena, field, &parts[n], err))
				return false;
			n++;
			continue;
		}
		if (memchr(field->string.n ? field->string.p : "-", 0,
		           field->string.n ? field->string.n : 1))
			return err_set(err, ERR_INPUT, "The sealed field '%.*s' holds a NUL",
			               STR_ARG(field->key));
		size_t pieces = count_pieces(field->string);
		cut_words(field->key, field->string, parts + n, pieces);
		n += pieces;
	}
	*out = parts;
	*count = n;
	return true;
}

/* "<field> <number>\n" into room for the longest; gives the slice. */
static struct str numbered(char room[FIELD_NAME_MAX + 24], struct str field, size_t number)
{
	char digits[20];
	size_t at = sizeof digits, n = field.n;
	base_check(field.n <= FIELD_NAME_MAX);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	memcpy(room, field.p, field.n);
	room[n++] = ' ';
	memcpy(room + n, digits + at, sizeof digits - at);
	n += sizeof digits - at;
	room[n++] = '\n';
	return (struct str){ room, n };
}

struct hash log_part_salt(struct hasher *hasher, const uint8_t sealed_salt[LOG_NONCE_SIZE],
                          const struct log_part *part)
{
	char room[FIELD_NAME_MAX + 24];
	struct str pieces[] = { STR("candour/part-salt/v1\n"),
		                str_from_bytes(sealed_salt, LOG_NONCE_SIZE),
		                numbered(room, part->field, part->number) };
	return hasher_of(hasher, pieces, COUNT_OF(pieces));
}

struct hash log_part_hash(struct hasher *hasher, const struct hash *salt, enum log_part_sort sort,
                          struct str text)
{
	struct str pieces[] = { STR("candour/part/v1\n"), hash_str(salt),
		                sort == LOG_PART_WORDS ? STR("s") : STR("j"), text };
	return hasher_of(hasher, pieces, COUNT_OF(pieces));
}

/* The parts' hashes lie in `list` in the order of the parts; the list is hashed at the end, since
 * a hasher does one thing at a time. */
static struct hash hash_list(struct hasher *hasher, struct buf *list)
{
	struct str pieces[] = { STR(SEALED_DOMAIN), buf_str(list) };
	return hasher_of(hasher, pieces, COUNT_OF(pieces));
}

static void add_part(struct buf *list, const struct hash *part)
{
	buf_add_bytes(list, part->bytes, HASH_SIZE);
}

bool log_sealed_hash(struct hasher *hasher, struct arena *arena, const struct json *sealed,
                     const uint8_t sealed_salt[LOG_NONCE_SIZE], struct hash *out, struct err *err)
{
	CLEANUP(buf_finish) struct buf list = { 0 };
	const struct log_part *parts = NULL;
	size_t count = 0;
	if (!log_parts_cut(arena, sealed, &parts, &count, err))
		return false;
	buf_init(&list, count * (HASH_SIZE + FIELD_NAME_MAX + 24));
	for (size_t i = 0; i < count; i++) {
		char room[FIELD_NAME_MAX + 24];
		struct hash salt = log_part_salt(hasher, sealed_salt, &parts[i]);
		struct hash part = log_part_hash(hasher, &salt, parts[i].sort, parts[i].text);
		if (parts[i].number == 0)
			buf_add(&list, numbered(room, parts[i].field, parts[i].of));
		add_part(&list, &part);
	}
	if (list.full)
		return err_set(err, ERR_UNABLE, "There are too many sealed paragraphs");
	*out = hash_list(hasher, &list);
	return true;
}

/* How many parts from `at` on are of the same field. */
static size_t run_length(const struct log_disclosed *parts, size_t at, size_t count)
{
	size_t end = at;
	while (end < count && str_eq(parts[end].field, parts[at].field))
		end++;
	return end - at;
}

bool log_disclosure_hash(struct hasher *hasher, const struct log_disclosed *parts, size_t count,
                         struct hash *out, struct err *err)
{
	CLEANUP(buf_finish) struct buf list = { 0 };
	size_t run = 0;
	buf_init(&list, count * (HASH_SIZE + FIELD_NAME_MAX + 24));
	for (size_t i = 0; i < count; i++) {
		char room[FIELD_NAME_MAX + 24];
		/* Names are checked: a name with a line in it could hide a field in the list. */
		if (!is_field_name(parts[i].field))
			return err_set(err, ERR_INPUT, "Part %zu names no field", i + 1);
		if (run == 0) {
			run = run_length(parts, i, count);
			buf_add(&list, numbered(room, parts[i].field, run));
		}
		if (run > LOG_PARTS_OF_FIELD_MAX)
			return err_set(err, ERR_INPUT, "The field '%.*s' has more than %d parts",
			               STR_ARG(parts[i].field), LOG_PARTS_OF_FIELD_MAX);
		run--;
		struct hash part = parts[i].commitment;
		if (parts[i].is_shown)
			part = log_part_hash(hasher, &parts[i].salt, parts[i].sort, parts[i].text);
		add_part(&list, &part);
	}
	if (list.full)
		return err_set(err, ERR_UNABLE, "There are too many parts");
	*out = hash_list(hasher, &list);
	return true;
}
