/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * JSON as an immutable tree in an arena. Read strictly (jansson: duplicate
 * keys, lone surrogates, bad UTF-8, trailing bytes and numbers that do not fit
 * are refused), built by hand for models, written compact or canonical
 * (sorted keys, integers only, no null).
 */
#ifndef CANDOUR_BASE_JSON_H
#define CANDOUR_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attribute.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum json_type {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_INTEGER,
	JSON_REAL, /* read only to be refused where it is not wanted; kept as its text */
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

#define JSON_DEPTH_MAX 32
#define JSON_CANONICAL_MAX ((size_t)1024 * 1024)   /* bytes of a canonical text */
#define JSON_INTEGER_MAX INT64_C(9007199254740991) /* 2^53 - 1 */

/* libjansson has functions of these names and would call ours: the linker knows ours by others. */
#define JSON_LINKED_AS(name) __asm__(name)

/* One value. Children form a list in the order they were added or read. */
struct json {
	enum json_type type;
	struct str key;    /* inside an object */
	struct str string; /* STRING (and REAL: its text) */
	int64_t integer;
	size_t count; /* children */
	struct json *first;
	struct json *last;
	struct json *next;
};

/*
 * Reads one value, nothing behind it, depth at most `depth_max`
 * (1 .. JSON_DEPTH_MAX). ERR_INPUT says line and column; ERR_UNABLE: arena.
 */
bool json_read(struct arena *arena, struct str text, size_t depth_max, const struct json **out,
               struct err *err) MUST_USE;

/*
 * Reads one canonical object and refuses every text that is not
 * byte for byte what json_write_canonical gives, or is longer than
 * JSON_CANONICAL_MAX. `depth_max` counts the object as 1.
 */
bool json_read_canonical(struct arena *arena, struct str text, size_t depth_max,
                         const struct json **out, struct err *err) MUST_USE;

/*
 * As json_read, and quicker over what this program itself wrote in canonical form. Strings may be
 * borrowed from `text`, which lives as long as the tree.
 */
bool json_read_own(struct arena *arena, struct str text, size_t depth_max, const struct json **out,
                   struct err *err) MUST_USE;

/* Member by name, or NULL (also when `object` is NULL or no object). */
const struct json *json_member(const struct json *object, struct str key);
/* Text of a member, or the empty slice with p NULL when it is absent or no string. */
struct str json_text(const struct json *object, struct str key);
/* Integer of a member, or `otherwise`. */
int64_t json_number(const struct json *object, struct str key, int64_t otherwise);
bool json_is_true(const struct json *object, struct str key);

/* Building. Strings are borrowed, not copied. NULL arena room gives NULL, and every function takes
 * NULL parents, so that a model is built straight and checked once at the end by json_complete. */
struct json *json_object(struct arena *arena) JSON_LINKED_AS("base_json_object");
struct json *json_array(struct arena *arena) JSON_LINKED_AS("base_json_array");
struct json *json_string(struct arena *arena, struct str text) JSON_LINKED_AS("base_json_string");
struct json *json_integer(struct arena *arena, int64_t value) JSON_LINKED_AS("base_json_integer");
struct json *json_bool(struct arena *arena, int value);
struct json *json_null(struct arena *arena) JSON_LINKED_AS("base_json_null");
/* Appends; returns `child`. A key set twice stands twice: do not. */
struct json *json_put(struct json *object, struct str key, struct json *child);
struct json *json_push(struct json *array, struct json *child);
/* Shorthands on objects. */
void json_put_text(struct arena *arena, struct json *object, struct str key, struct str text);
void json_put_integer(struct arena *arena, struct json *object, struct str key, int64_t value);
void json_put_bool(struct arena *arena, struct json *object, struct str key, int value);
/* Whether nothing that was put into it, at any depth, was lost for want of room. False for NULL. */
bool json_complete(const struct json *value);

/* Compact, members in their order. buf->full is set when it is not complete, holds text that is not
 * UTF-8, or is nested deeper than JSON_DEPTH_MAX. */
void json_write(struct buf *out, const struct json *value);
/*
 * Canonical form: keys [a-z][a-z0-9_-]{0,63} sorted by bytes and
 * unique, no null, no real, integers within 2^53 - 1, strings without U+0000.
 * ERR_INPUT names the member that cannot be written.
 */
bool json_write_canonical(struct buf *out, const struct json *value, struct err *err) MUST_USE;
/* Writes a string with its quotes as canonical JSON does. */
void json_write_string(struct buf *out, struct str text);

#endif
