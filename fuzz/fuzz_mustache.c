/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The input is a page, a partial named p and a model, parted by NULs. Parsing
 * and rendering end; what a strict set renders, a lenient one renders alike.
 */
#include "target.h"

#include "web/mustache.h"

#define ROOM ((size_t)256 * 1024)

struct pieces {
	struct str page, partial, model;
};

/* True when rendered; `out` holds the page. */
static bool render(enum mustache_mode mode, const struct pieces *in, const struct json *model,
                   struct buf *out)
{
	struct err err = { 0 };
	struct mustache_set *set = mustache_set_create(mode);
	bool good = mustache_set_add(set, STR("page"), in->page, &err) &&
	            mustache_set_add(set, STR("p"), in->partial, &err) &&
	            mustache_set_link(set, &err) &&
	            mustache_render(set, STR("page"), model, out, &err);
	MUST_HOLD(good == (err.code == ERR_NONE));
	mustache_set_destroy(set);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_from_bytes(data, size);
	struct pieces in = { STR(""), STR(""), STR("") };
	struct err err;
	if (size > 65536 || !str_cut(&rest, '\0', &in.page) || !str_cut(&rest, '\0', &in.partial) ||
	    !str_cut(&rest, '\0', &in.model))
		return 0;
	struct arena *arena = arena_create((size_t)16 << 20);
	const struct json *model = NULL;
	if (!json_read(arena, in.model, JSON_DEPTH_MAX, &model, &err))
		model = NULL;
	struct buf strict, lenient;
	buf_init(&strict, ROOM);
	buf_init(&lenient, ROOM);
	bool rendered = render(MUSTACHE_STRICT, &in, model, &strict);
	bool again = render(MUSTACHE_LENIENT, &in, model, &lenient);
	if (rendered) {
		MUST_HOLD(again);
		MUST_HOLD(str_eq(buf_str(&strict), buf_str(&lenient)));
	}
	buf_finish(&strict);
	buf_finish(&lenient);
	arena_destroy(arena);
	return 0;
}
