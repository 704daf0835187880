/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * JSON that was read is written so that it reads as the same; its canonical
 * form reads as canonical, and reads as itself.
 */
#include "target.h"

#include "base/base.h"

#define ROOM ((size_t)64 * 1024 * 1024)

static bool is_same(const struct json *a, const struct json *b)
{
	if (a->type != b->type || a->integer != b->integer || a->count != b->count ||
	    !str_eq(a->string, b->string))
		return false;
	const struct json *x = a->first, *y = b->first;
	for (; x && y; x = x->next, y = y->next)
		if (!str_eq(x->key, y->key) || !is_same(x, y))
			return false;
	return !x && !y;
}

static void try_canonical(struct arena *arena, const struct json *value)
{
	struct buf out, again;
	struct err err;
	const struct json *read;
	buf_init(&out, ROOM);
	buf_init(&again, ROOM);
	if (json_write_canonical(&out, value, &err) && value->type == JSON_OBJECT &&
	    out.n <= JSON_CANONICAL_MAX) {
		MUST_HOLD(json_read_canonical(arena, buf_str(&out), JSON_DEPTH_MAX, &read, &err));
		MUST_HOLD(json_write_canonical(&again, read, &err));
		MUST_HOLD(str_eq(buf_str(&out), buf_str(&again)));
	}
	buf_finish(&out);
	buf_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create(ROOM);
	struct str text = str_from_bytes(data, size);
	const struct json *value, *again, *canonical;
	struct err err = { 0 };
	struct buf out;

	buf_init(&out, ROOM);
	if (json_read(arena, text, JSON_DEPTH_MAX, &value, &err)) {
		MUST_HOLD(json_complete(value));
		json_write(&out, value);
		MUST_HOLD(!out.full);
		MUST_HOLD(json_read(arena, buf_str(&out), JSON_DEPTH_MAX, &again, &err));
		MUST_HOLD(is_same(value, again));
		try_canonical(arena, value);
	} else {
		MUST_HOLD(err.code == ERR_INPUT || err.code == ERR_UNABLE);
		MUST_HOLD(!json_read_canonical(arena, text, JSON_DEPTH_MAX, &canonical, &err));
	}
	buf_finish(&out);
	arena_destroy(arena);
	return 0;
}
