/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A form that was read is, written again with every byte escaped, read as the same. */
#include "target.h"

#include "web/cookie.h"
#include "web/form.h"
#include "web/token.h"

#define ROOM ((size_t)16 * 1024 * 1024)

static void add_escaped(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_format(out, "%%%02x", (unsigned)(unsigned char)s.p[i]);
}

static void try_again(struct arena *arena, const struct fields *fields)
{
	struct buf out;
	struct fields again;
	buf_init(&out, ROOM);
	for (size_t i = 0; i < fields->count; i++) {
		MUST_HOLD(form_text_is_clean(fields->at[i].name));
		MUST_HOLD(form_text_is_clean(fields->at[i].value));
		add_escaped(&out, fields->at[i].name);
		buf_add(&out, STR("="));
		add_escaped(&out, fields->at[i].value);
		buf_add(&out, STR("&"));
	}
	MUST_HOLD(form_read(arena, buf_str(&out), FORM_FIELDS_MAX, &again) == FORM_READ);
	MUST_HOLD(again.count == fields->count);
	for (size_t i = 0; i < again.count; i++) {
		MUST_HOLD(str_eq(again.at[i].name, fields->at[i].name));
		MUST_HOLD(str_eq(again.at[i].value, fields->at[i].value));
	}
	buf_finish(&out);
}

static void try_cookies(struct str text)
{
	struct field room[COOKIES_MAX];
	struct fields cookies = { .at = room, .room = COOKIES_MAX };
	if (!cookie_read(text, &cookies))
		MUST_HOLD(cookies.count == COOKIES_MAX);
	for (size_t i = 0; i < cookies.count; i++)
		MUST_HOLD(token_is(cookies.at[i].name) &&
		          str_find(cookies.at[i].value, ';') == cookies.at[i].value.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_from_bytes(data, size);
	struct arena *arena = arena_create(ROOM);
	struct fields fields;

	if (form_read(arena, text, FORM_FIELDS_MAX, &fields) == FORM_READ)
		try_again(arena, &fields);
	else
		MUST_HOLD(fields.count == 0);
	try_cookies(text);
	int quality = quality_of(text, STR("gzip"));
	MUST_HOLD(quality >= -1 && quality <= 1000);
	arena_destroy(arena);
	return 0;
}
