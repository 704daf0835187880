/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * JSON: reading by jansson into the arena's tree, and building by hand.
 * Writing is in json_write.c.
 *
 * jansson recurses as deep as the text says (to 2,048), so the depth is
 * measured on the bytes before it sees them; all later walks then stay within
 * JSON_DEPTH_MAX. It also forgets how a real was written: its text is found
 * again in the source, since the order of values is kept.
 */
/* Names that jansson and base/json.h both use, kept apart while its header is read. */
#define JSON_ARRAY JANSSON_ARRAY
#define JSON_FALSE JANSSON_FALSE
#define JSON_INTEGER JANSSON_INTEGER
#define JSON_NULL JANSSON_NULL
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_REAL JANSSON_REAL
#define JSON_STRING JANSSON_STRING
#define JSON_TRUE JANSSON_TRUE
#define json_array jansson_array
#define json_integer jansson_integer
#define json_null jansson_null
#define json_object jansson_object
#define json_string jansson_string
#define json_type jansson_type
#include <jansson.h>
#undef JSON_ARRAY
#undef JSON_FALSE
#undef JSON_INTEGER
#undef JSON_NULL
#undef JSON_OBJECT
#undef JSON_REAL
#undef JSON_STRING
#undef JSON_TRUE
#undef json_array
#undef json_integer
#undef json_null
#undef json_object
#undef json_string
#undef json_type
#undef json_is_true

#include "base/json.h"

#define INCOMPLETE 1 /* in `integer` of an array or object that lost a child */

/* The text being read, and how far its reals have been found again. */
struct reader {
	struct arena *arena;
	struct str text;
	size_t real_at;
};

/* Position behind the string that begins at `at`, or the end when it never closes. */
static size_t skip_string(struct str text, size_t at)
{
	for (at++; at < text.n; at++) {
		if (text.p[at] == '\\')
			at++;
		else if (text.p[at] == '"')
			return at + 1;
	}
	return text.n;
}

static bool refuse_at(struct str text, size_t at, const char *why, struct err *err)
{
	size_t line = 1, column = 1;
	for (size_t i = 0; i < at; i++) {
		column = text.p[i] == '\n' ? 1 : column + 1;
		line += text.p[i] == '\n';
	}
	return err_set(err, ERR_INPUT, "JSON, line %zu, column %zu: %s", line, column, why);
}

static bool is_in_number(char c)
{
	return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* "-0", which jansson would give as 0, so that it would be written otherwise than it was read. */
static bool is_minus_nought(struct str text, size_t at)
{
	return str_starts(str_sub(text, at, 2), STR("-0")) &&
	       (at + 2 == text.n || !is_in_number(text.p[at + 2]));
}

/* What must be known before jansson sees the text. */
static bool look_over(struct str text, size_t depth_max, struct err *err)
{
	size_t depth = 0;
	for (size_t at = 0; at < text.n;) {
		char c = text.p[at];
		if (c == '"') {
			at = skip_string(text, at);
			continue;
		}
		if (c == '{' || c == '[')
			depth++;
		if ((c == '}' || c == ']') && depth > 0)
			depth--;
		if (depth > depth_max)
			return refuse_at(text, at, "nested too deep", err);
		if (c == '-' && is_minus_nought(text, at))
			return refuse_at(text, at, "a number that does not fit", err);
		at++;
	}
	return true;
}

/* Words for what jansson found; its own text would quote what was sent. */
static const char *fault_words(const json_error_t *fault)
{
	enum json_error_code code = json_error_code(fault);
	if (code == json_error_invalid_utf8)
		return "bytes that are not UTF-8";
	if (code == json_error_premature_end_of_input)
		return "the text ends too early";
	if (code == json_error_end_of_input_expected)
		return "something stands behind the value";
	if (code == json_error_null_character || code == json_error_null_byte_in_key)
		return "U+0000 is not allowed";
	if (code == json_error_duplicate_key)
		return "a key stands twice";
	if (code == json_error_numeric_overflow)
		return "a number that does not fit";
	return "not JSON";
}

static struct json *make(struct arena *arena, enum json_type type)
{
	struct json *made = arena_alloc(arena, 1, sizeof *made);
	if (made)
		made->type = type;
	return made;
}

static void append(struct json *parent, struct json *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	parent->count++;
}

/* The next real of the source, as it is written there. */
static struct str next_real(struct reader *reader)
{
	struct str text = reader->text;
	size_t at = reader->real_at;
	while (at < text.n) {
		char c = text.p[at];
		if (c == '"') {
			at = skip_string(text, at);
			continue;
		}
		if (c != '-' && (c < '0' || c > '9')) {
			at++;
			continue;
		}
		size_t from = at;
		bool real = false;
		for (; at < text.n && is_in_number(text.p[at]); at++)
			real = real || text.p[at] == '.' || text.p[at] == 'e' || text.p[at] == 'E';
		if (real) {
			reader->real_at = at;
			return str_sub(text, from, at - from);
		}
	}
	return STR_NONE;
}

static bool fill(struct reader *reader, json_t *from, struct json *into);

static bool fill_array(struct reader *reader, json_t *from, struct json *into)
{
	size_t count = json_array_size(from);
	struct json *children = arena_alloc(reader->arena, count, sizeof *children);
	if (!children)
		return false;
	into->type = JSON_ARRAY;
	for (size_t i = 0; i < count; i++) {
		if (!fill(reader, json_array_get(from, i), &children[i]))
			return false;
		append(into, &children[i]);
	}
	return true;
}

static bool fill_object(struct reader *reader, json_t *from, struct json *into)
{
	struct json *child = arena_alloc(reader->arena, json_object_size(from), sizeof *child);
	if (!child)
		return false;
	into->type = JSON_OBJECT;
	/* jansson keeps the order in which the members stood. */
	for (void *at = json_object_iter(from); at; at = json_object_iter_next(from, at), child++) {
		struct str key = { json_object_iter_key(at), json_object_iter_key_len(at) };
		child->key = arena_copy(reader->arena, key);
		if (!child->key.p || !fill(reader, json_object_iter_value(at), child))
			return false;
		append(into, child);
	}
	return true;
}

/* False: the arena is exhausted. */
static bool fill(struct reader *reader, json_t *from, struct json *into)
{
	switch (json_typeof(from)) {
	case JANSSON_OBJECT:
		return fill_object(reader, from, into);
	case JANSSON_ARRAY:
		return fill_array(reader, from, into);
	case JANSSON_STRING:
		into->type = JSON_STRING;
		into->string = arena_copy(reader->arena, (struct str){ json_string_value(from),
		                                                       json_string_length(from) });
		return into->string.p != NULL;
	case JANSSON_INTEGER:
		into->type = JSON_INTEGER;
		into->integer = json_integer_value(from);
		return true;
	case JANSSON_REAL:
		into->type = JSON_REAL;
		into->string = arena_copy(reader->arena, next_real(reader));
		return into->string.p != NULL;
	case JANSSON_TRUE:
		into->type = JSON_TRUE;
		return true;
	case JANSSON_FALSE:
		into->type = JSON_FALSE;
		return true;
	case JANSSON_NULL:
		into->type = JSON_NULL;
		return true;
	}
	return false;
}

bool json_read(struct arena *arena, struct str text, size_t depth_max, const struct json **out,
               struct err *err)
{
	*out = NULL;
	if (depth_max > JSON_DEPTH_MAX)
		depth_max = JSON_DEPTH_MAX;
	if (text.n == 0)
		return err_set(err, ERR_INPUT, "JSON, line 1, column 1: the text is empty");
	if (!look_over(text, depth_max, err))
		return false;

	json_error_t fault;
	json_t *root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
	if (!root && json_error_code(&fault) == json_error_out_of_memory)
		return err_set(err, ERR_UNABLE, "There is no memory to read this JSON");
	if (!root)
		return err_set(err, ERR_INPUT, "JSON, line %d, column %d: %s", fault.line,
		               fault.column > 0 ? fault.column : 1, fault_words(&fault));
	struct reader reader = { .arena = arena, .text = text };
	struct json *made = make(arena, JSON_NULL);
	bool filled = made && fill(&reader, root, made);
	json_decref(root);
	if (!filled)
		return err_set(err, ERR_UNABLE, "This JSON is too large to read here");
	*out = made;
	return true;
}

bool json_read_canonical(struct arena *arena, struct str text, size_t depth_max,
                         const struct json **out, struct err *err)
{
	const struct json *read;
	*out = NULL;
	if (text.n > JSON_CANONICAL_MAX)
		return err_set(err, ERR_INPUT, "JSON: longer than %zu bytes", JSON_CANONICAL_MAX);
	if (!json_read(arena, text, depth_max, &read, err))
		return false;
	if (read->type != JSON_OBJECT)
		return err_set(err, ERR_INPUT, "JSON: an object was expected at the top");

	/* Whoever wrote it so that it differs from our writing would give it another hash. */
	struct buf again;
	buf_init(&again, text.n + 1);
	bool written = json_write_canonical(&again, read, err);
	bool same = written && str_eq(buf_str(&again), text);
	bool full = again.full;
	buf_finish(&again);
	if (!written && !full)
		return false;
	if (!same)
		return err_set(err, ERR_INPUT, "JSON: not in the canonical form");
	*out = read;
	return true;
}

const struct json *json_member(const struct json *object, struct str key)
{
	if (!object || object->type != JSON_OBJECT)
		return NULL;
	for (const struct json *child = object->first; child; child = child->next)
		if (str_eq(child->key, key))
			return child;
	return NULL;
}

struct str json_text(const struct json *object, struct str key)
{
	const struct json *member = json_member(object, key);
	return member && member->type == JSON_STRING ? member->string : STR_NONE;
}

int64_t json_number(const struct json *object, struct str key, int64_t otherwise)
{
	const struct json *member = json_member(object, key);
	return member && member->type == JSON_INTEGER ? member->integer : otherwise;
}

bool json_is_true(const struct json *object, struct str key)
{
	const struct json *member = json_member(object, key);
	return member && member->type == JSON_TRUE;
}

struct json *json_object(struct arena *arena)
{
	return make(arena, JSON_OBJECT);
}

struct json *json_array(struct arena *arena)
{
	return make(arena, JSON_ARRAY);
}

struct json *json_string(struct arena *arena, struct str text)
{
	struct json *made = make(arena, JSON_STRING);
	if (made)
		made->string = text.p ? text : STR("");
	return made;
}

struct json *json_integer(struct arena *arena, int64_t value)
{
	struct json *made = make(arena, JSON_INTEGER);
	if (made)
		made->integer = value;
	return made;
}

struct json *json_bool(struct arena *arena, int value)
{
	return make(arena, value ? JSON_TRUE : JSON_FALSE);
}

struct json *json_null(struct arena *arena)
{
	return make(arena, JSON_NULL);
}

struct json *json_put(struct json *object, struct str key, struct json *child)
{
	if (child)
		child->key = key;
	return json_push(object, child);
}

struct json *json_push(struct json *array, struct json *child)
{
	if (array && child)
		append(array, child);
	else if (array)
		array->integer = INCOMPLETE;
	return child;
}

void json_put_text(struct arena *arena, struct json *object, struct str key, struct str text)
{
	json_put(object, key, json_string(arena, text));
}

void json_put_integer(struct arena *arena, struct json *object, struct str key, int64_t value)
{
	json_put(object, key, json_integer(arena, value));
}

void json_put_bool(struct arena *arena, struct json *object, struct str key, int value)
{
	json_put(object, key, json_bool(arena, value));
}

bool json_complete(const struct json *value)
{
	if (!value)
		return false;
	if (value->type != JSON_OBJECT && value->type != JSON_ARRAY)
		return true;
	if (value->integer == INCOMPLETE)
		return false;
	for (const struct json *child = value->first; child; child = child->next)
		if (!json_complete(child))
			return false;
	return true;
}
