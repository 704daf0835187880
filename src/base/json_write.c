/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * JSON: writing. One string writer for both forms; the canonical form (tlog
 * 1.5) is what leaves are hashed over, so it must never change.
 */
#include "base/json.h"

#include <inttypes.h>
#include <stdlib.h>

#define KEY_MAX 64

/* Whether none of eight bytes needs an escape; may say no when none does (a borrow between them).
 */
static bool are_plain(const char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t eight, quotes, slashes;
	memcpy(&eight, p, sizeof eight);
	quotes = eight ^ ones * '"';
	slashes = eight ^ ones * '\\';
	return !((((eight - ones * 0x20) & ~eight) | ((quotes - ones) & ~quotes) |
	          ((slashes - ones) & ~slashes)) &
	         tops);
}

void json_write_string(struct buf *out, struct str text)
{
	static const char DIGITS[] = "0123456789abcdef";
	static const char SHORT[] = "\"\"\\\\\bb\tt\nn\ff\rr"; /* the byte, then its letter */

	if (!str_is_utf8(text))
		out->full = true;
	buf_add_char(out, '"');
	size_t from = 0;
	for (size_t at = 0; at < text.n; at++) {
		while (text.n - at >= 8 && are_plain(text.p + at))
			at += 8;
		if (at == text.n)
			break;
		unsigned char c = (unsigned char)text.p[at];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(out, str_sub(text, from, at - from));
		from = at + 1;
		buf_add_char(out, '\\');
		size_t i = 0;
		while (i < sizeof SHORT - 1 && (unsigned char)SHORT[i] != c)
			i += 2;
		if (i < sizeof SHORT - 1) {
			buf_add_char(out, SHORT[i + 1]);
			continue;
		}
		buf_add(out, STR("u00"));
		buf_add_char(out, DIGITS[c >> 4]);
		buf_add_char(out, DIGITS[c & 15]);
	}
	buf_add(out, str_sub(text, from, text.n - from));
	buf_add_char(out, '"');
}

static void write_integer(struct buf *out, int64_t value)
{
	char digits[20];
	size_t at = sizeof digits;
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (value < 0)
		digits[--at] = '-';
	buf_add_bytes(out, digits + at, sizeof digits - at);
}

static void write_value(struct buf *out, const struct json *value, size_t depth);

static void write_children(struct buf *out, const struct json *value, size_t depth)
{
	bool object = value->type == JSON_OBJECT;
	if (depth > JSON_DEPTH_MAX) {
		out->full = true;
		return;
	}
	buf_add_char(out, object ? '{' : '[');
	for (const struct json *child = value->first; child; child = child->next) {
		if (child != value->first)
			buf_add_char(out, ',');
		if (object) {
			json_write_string(out, child->key);
			buf_add_char(out, ':');
		}
		write_value(out, child, depth);
	}
	buf_add_char(out, object ? '}' : ']');
}

static void write_value(struct buf *out, const struct json *value, size_t depth)
{
	switch (value->type) {
	case JSON_NULL:
		buf_add(out, STR("null"));
		break;
	case JSON_FALSE:
		buf_add(out, STR("false"));
		break;
	case JSON_TRUE:
		buf_add(out, STR("true"));
		break;
	case JSON_INTEGER:
		write_integer(out, value->integer);
		break;
	case JSON_REAL:
		buf_add(out, value->string);
		break;
	case JSON_STRING:
		json_write_string(out, value->string);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		write_children(out, value, depth + 1);
		break;
	}
}

void json_write(struct buf *out, const struct json *value)
{
	if (!value) {
		out->full = true;
		return;
	}
	write_value(out, value, 0);
	/* Looked at last: a tree deeper than the limit is never walked. */
	if (!out->full && !json_complete(value))
		out->full = true;
}

/* --- canonical ------------------------------------------------------------------------------- */

/* [a-z][a-z0-9_-]{0,63} */
static bool key_is_good(struct str key)
{
	if (key.n == 0 || key.n > KEY_MAX || key.p[0] < 'a' || key.p[0] > 'z')
		return false;
	for (size_t i = 1; i < key.n; i++) {
		char c = key.p[i];
		bool good =
			(c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
		if (!good)
			return false;
	}
	return true;
}

/* `where` is the nearest member above, for the message. */
static bool refuse(struct err *err, struct str where, const char *why)
{
	if (where.n == 0)
		return err_set(err, ERR_INPUT, "JSON: %s", why);
	return err_set(err, ERR_INPUT, "JSON: member \"%.*s\": %s", STR_ARG(where), why);
}

static bool write_strict(struct buf *out, const struct json *value, struct str where, size_t depth,
                         struct err *err);

static int compare_keys(const void *a, const void *b)
{
	const struct json *const *left = a;
	const struct json *const *right = b;
	return str_compare((*left)->key, (*right)->key);
}

static bool is_sorted(const struct json *object)
{
	for (const struct json *child = object->first; child && child->next; child = child->next)
		if (str_compare(child->key, child->next->key) >= 0)
			return false;
	return true;
}

static bool write_member(struct buf *out, const struct json *member, bool first, size_t depth,
                         struct err *err)
{
	if (!first)
		buf_add_char(out, ',');
	json_write_string(out, member->key);
	buf_add_char(out, ':');
	return write_strict(out, member, member->key, depth, err);
}

/* Members that do not stand in order: sorted aside, which also brings equal keys together. */
static bool write_sorted(struct buf *out, const struct json *object, size_t depth, struct err *err)
{
	const struct json **sorted = calloc(object->count, sizeof *sorted);
	if (!sorted)
		return err_set(err, ERR_UNABLE, "There is no memory to write this JSON");
	size_t count = 0;
	for (const struct json *child = object->first; child; child = child->next)
		sorted[count++] = child;
	qsort(sorted, count, sizeof *sorted, compare_keys);

	bool good = true;
	for (size_t i = 0; good && i < count; i++) {
		if (i > 0 && str_eq(sorted[i - 1]->key, sorted[i]->key))
			good = refuse(err, sorted[i]->key, "the key stands twice");
		else
			good = write_member(out, sorted[i], i == 0, depth, err);
	}
	free(sorted);
	return good;
}

static bool write_object(struct buf *out, const struct json *object, struct str where, size_t depth,
                         struct err *err)
{
	for (const struct json *child = object->first; child; child = child->next)
		if (!key_is_good(child->key))
			return refuse(err, where,
			              "a key must begin with a small letter and hold small letters,"
			              " digits, _ and - only, 64 at most");
	buf_add_char(out, '{');
	bool good = true;
	if (is_sorted(object)) {
		for (const struct json *c = object->first; good && c; c = c->next)
			good = write_member(out, c, c == object->first, depth, err);
	} else {
		good = write_sorted(out, object, depth, err);
	}
	buf_add_char(out, '}');
	return good;
}

static bool write_array(struct buf *out, const struct json *array, struct str where, size_t depth,
                        struct err *err)
{
	buf_add_char(out, '[');
	for (const struct json *child = array->first; child; child = child->next) {
		if (child != array->first)
			buf_add_char(out, ',');
		if (!write_strict(out, child, where, depth, err))
			return false;
	}
	buf_add_char(out, ']');
	return true;
}

static bool write_strict(struct buf *out, const struct json *value, struct str where, size_t depth,
                         struct err *err)
{
	switch (value->type) {
	case JSON_NULL:
		return refuse(err, where, "null is not written; leave the member out");
	case JSON_REAL:
		return refuse(err, where, "a number must be whole");
	case JSON_INTEGER:
		if (value->integer > JSON_INTEGER_MAX || value->integer < -JSON_INTEGER_MAX)
			return refuse(err, where, "a number must lie within 2^53 - 1");
		break;
	case JSON_STRING:
		if (str_find(value->string, '\0') < value->string.n)
			return refuse(err, where, "text must not hold U+0000");
		if (!str_is_utf8(value->string))
			return refuse(err, where, "text must be UTF-8");
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		if (depth == JSON_DEPTH_MAX)
			return refuse(err, where, "nested too deep");
		if (value->type == JSON_ARRAY)
			return write_array(out, value, where, depth + 1, err);
		return write_object(out, value, where, depth + 1, err);
	case JSON_FALSE:
	case JSON_TRUE:
		break;
	}
	write_value(out, value, depth);
	return true;
}

bool json_write_canonical(struct buf *out, const struct json *value, struct err *err)
{
	if (!value)
		return err_set(err, ERR_UNABLE, "There is no room to write this JSON");
	if (!write_strict(out, value, STR_NONE, 0, err))
		return false;
	if (!json_complete(value) || out->full)
		return err_set(err, ERR_UNABLE, "There is no room to write this JSON");
	return true;
}
