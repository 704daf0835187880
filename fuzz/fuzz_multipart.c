/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * An upload (boundary XX) is read the same whole and in pieces, whose size is
 * the first byte; what was begun is ended when all is well.
 */
#include "target.h"

#include "web/form.h"
#include "web/multipart.h"

#define ROOM ((size_t)1024 * 1024)

struct told {
	struct buf text;
	size_t begun, ended;
};

static bool on_begin(void *ctx, const struct multipart_part *part, struct err *err)
{
	struct told *told = ctx;
	(void)err;
	MUST_HOLD(told->begun == told->ended);
	MUST_HOLD(part->name.n > 0 && form_text_is_clean(part->name));
	MUST_HOLD(form_text_is_clean(part->filename) && form_text_is_clean(part->type));
	told->begun++;
	buf_format(&told->text, "[%.*s|%.*s|%.*s]", STR_ARG(part->name), STR_ARG(part->filename),
	           STR_ARG(part->type));
	return true;
}

static bool on_piece(void *ctx, struct str bytes, struct err *err)
{
	struct told *told = ctx;
	(void)err;
	MUST_HOLD(told->begun == told->ended + 1 && bytes.n > 0);
	buf_add(&told->text, bytes);
	return true;
}

static bool on_end(void *ctx, struct err *err)
{
	struct told *told = ctx;
	(void)err;
	told->ended++;
	buf_add(&told->text, STR(";"));
	return true;
}

static bool read_body(struct str body, size_t step, struct told *told)
{
	struct arena *arena = arena_create(ROOM);
	struct multipart_sink sink = { on_begin, on_piece, on_end, told };
	struct multipart *m = multipart_create(arena, STR("XX"), 20, &sink);
	struct err err = { 0 };
	bool good = true;
	buf_init(&told->text, ROOM);
	for (size_t at = 0; good && at < body.n; at += step)
		good = multipart_feed(m, str_sub(body, at, step), &err);
	good = good && multipart_finish(m, &err);
	MUST_HOLD(good || err.code == ERR_INPUT);
	MUST_HOLD(!good || told->begun == told->ended);
	arena_destroy(arena);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct told whole = { 0 }, cut = { 0 };
	if (size < 1)
		return 0;
	size_t step = data[0] > 0 ? data[0] : 1;
	struct str body = str_from_bytes(data + 1, size - 1), boundary;
	struct err err;
	bool good = read_body(body, body.n + 1, &whole);
	MUST_HOLD(read_body(body, step, &cut) == good);
	if (good)
		MUST_HOLD(str_eq(buf_str(&whole.text), buf_str(&cut.text)));
	if (multipart_boundary(body, &boundary, &err))
		MUST_HOLD(boundary.n > 0 && boundary.n <= MULTIPART_BOUNDARY_MAX);
	buf_finish(&whole.text);
	buf_finish(&cut.text);
	return 0;
}
