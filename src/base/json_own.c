/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Reading back what this program wrote: canonical objects of ASCII text without
 * escapes, as nearly all plain fields are, in one pass over the bytes. Whatever
 * is not of that shape goes to json_read.
 */
#include "base/json.h"

struct own {
	struct arena *arena;
	const char *at;
	const char *end;
};

static bool take(struct own *own, char c)
{
	if (own->at == own->end || *own->at != c)
		return false;
	own->at++;
	return true;
}

static bool read_text(struct own *own, struct str *out)
{
	if (!take(own, '"'))
		return false;
	const char *from = own->at;
	while (own->at < own->end && *own->at != '"') {
		unsigned char c = (unsigned char)*own->at;
		if (c < 0x20 || c == '\\' || c >= 0x7F)
			return false;
		own->at++;
	}
	*out = (struct str){ from, (size_t)(own->at - from) };
	return take(own, '"');
}

static bool read_word(struct own *own, struct str word)
{
	if ((size_t)(own->end - own->at) < word.n || memcmp(own->at, word.p, word.n) != 0)
		return false;
	own->at += word.n;
	return true;
}

static bool read_integer(struct own *own, int64_t *out)
{
	bool is_negative = take(own, '-');
	const char *from = own->at;
	int64_t value = 0;
	while (own->at < own->end && *own->at >= '0' && *own->at <= '9' && own->at - from < 17)
		value = value * 10 + (*own->at++ - '0');
	size_t digits = (size_t)(own->at - from);
	if (digits == 0 || value > JSON_INTEGER_MAX ||
	    (*from == '0' && (digits > 1 || is_negative)))
		return false;
	*out = is_negative ? -value : value;
	/* A fraction or an exponent behind it is met as what cannot follow a value. */
	return true;
}

static bool read_value(struct own *own, size_t depth, struct json *out);

static struct json *new_child(struct own *own, struct json *parent)
{
	struct json *child = arena_alloc(own->arena, 1, sizeof *child);
	if (!child)
		return NULL;
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	parent->count++;
	return child;
}

static bool read_members(struct own *own, size_t depth, struct json *out)
{
	struct str before = STR_NONE;
	if (take(own, '}'))
		return true;
	do {
		struct str key;
		if (!read_text(own, &key) || !take(own, ':'))
			return false;
		if (before.p && str_compare(before, key) >= 0)
			return false;
		before = key;
		struct json *child = new_child(own, out);
		if (!child || !read_value(own, depth, child))
			return false;
		child->key = key;
	} while (take(own, ','));
	return take(own, '}');
}

static bool read_items(struct own *own, size_t depth, struct json *out)
{
	if (take(own, ']'))
		return true;
	do {
		struct json *child = new_child(own, out);
		if (!child || !read_value(own, depth, child))
			return false;
	} while (take(own, ','));
	return take(own, ']');
}

static bool read_value(struct own *own, size_t depth, struct json *out)
{
	char c = own->at < own->end ? *own->at : 0;
	switch (c) {
	case '"':
		out->type = JSON_STRING;
		return read_text(own, &out->string);
	case 't':
		out->type = JSON_TRUE;
		return read_word(own, STR("true"));
	case 'f':
		out->type = JSON_FALSE;
		return read_word(own, STR("false"));
	case '{':
		own->at++;
		out->type = JSON_OBJECT;
		return depth > 0 && read_members(own, depth - 1, out);
	case '[':
		own->at++;
		out->type = JSON_ARRAY;
		return depth > 0 && read_items(own, depth - 1, out);
	default:
		out->type = JSON_INTEGER;
		return read_integer(own, &out->integer);
	}
}

bool json_read_own(struct arena *arena, struct str text, size_t depth_max, const struct json **out,
                   struct err *err)
{
	struct own own = { arena, text.p, text.p + text.n };
	struct json *value = arena_alloc(arena, 1, sizeof *value);
	if (value && text.n && *text.p == '{' && read_value(&own, depth_max, value) &&
	    own.at == own.end) {
		*out = value;
		return true;
	}
	return json_read(arena, text, depth_max, out, err);
}
