/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A head that the gate lets through has one Host, at most one length and no
 * chunks, a path that cannot leave its folder, and text without controls; one
 * that it refuses says why.
 */
#include "target.h"

#include "web/gate.h"
#include "web/token.h"

#define ROOM ((size_t)1024 * 1024)
#define HEADERS 80

static size_t count(const struct gate_input *input, struct str name)
{
	size_t n = 0;
	for (size_t i = 0; i < input->header_count; i++)
		n += token_eq(input->headers[i].name, name);
	return n;
}

/* Lines by LF, words by blank: as lax as can be, so that all of the gate is reached. */
static void split(struct str text, struct gate_header *headers, struct gate_input *out)
{
	struct str line, word;
	*out = (struct gate_input){ .headers = headers };
	if (!str_cut(&text, '\n', &line))
		return;
	if (str_cut(&line, ' ', &word))
		out->method = word;
	if (str_cut(&line, ' ', &word))
		out->target = word;
	out->version = line;
	while (out->header_count < HEADERS && str_cut(&text, '\n', &line) && line.n > 0) {
		size_t at = str_find(line, ':');
		headers[out->header_count++] = (struct gate_header){
			.name = str_sub(line, 0, at),
			.value = at < line.n ? str_sub(line, at + 1, line.n) : STR(""),
		};
	}
}

static void try_passed(const struct gate_input *input, const struct gate_result *r)
{
	MUST_HOLD(r->why == NULL);
	MUST_HOLD(count(input, STR("Host")) == 1 && r->host.n > 0);
	MUST_HOLD(count(input, STR("Content-Length")) <= 1);
	MUST_HOLD(count(input, STR("Transfer-Encoding")) == 0);
	MUST_HOLD(r->method == WEB_POST || r->content_length == 0);
	MUST_HOLD(str_eq(input->version, STR("HTTP/1.1")));
	MUST_HOLD(input->target.n <= GATE_TARGET_MAX);
	MUST_HOLD(r->is_raw == str_starts(input->target, STR("/log/")));
	/* A raw name is compared as it stands, and nothing is made of it. */
	if (r->is_raw)
		MUST_HOLD(r->method != WEB_POST && r->segment_count == 0 && r->query.count == 0 &&
		          r->cookies.count == 0 && str_eq(r->path, input->target));
	else
		MUST_HOLD(str_find_str(r->path, STR("//")) == r->path.n);
	for (size_t i = 0; i < r->segment_count; i++) {
		struct str s = r->segments[i];
		MUST_HOLD(s.n > 0 && str_is_utf8(s));
		MUST_HOLD(str_find(s, '/') == s.n && str_find(s, '\\') == s.n &&
		          str_find(s, 0) == s.n);
		MUST_HOLD(!str_eq(s, STR(".")) && !str_eq(s, STR("..")));
	}
	for (size_t i = 0; i < r->query.count; i++)
		MUST_HOLD(form_text_is_clean(r->query.at[i].value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct str cookies[] = { { "candour", 7 } };
	struct gate_names names = { .cookies = cookies, .cookie_count = 1, .raw = STR("/log/") };
	struct gate_header headers[HEADERS];
	struct gate_input input;
	struct gate_result r;
	struct arena *arena = arena_create(ROOM);

	split(str_from_bytes(data, size), headers, &input);
	gate_check(arena, &names, &input, &r);
	if (r.status == 0)
		try_passed(&input, &r);
	else
		MUST_HOLD(r.why != NULL && r.status >= 400 && r.status < 600);
	MUST_HOLD(fields_count(&r.cookies, STR("candour")) <= 1 || r.status == 400 || r.status == 431);
	gate_admit(&r, GATE_TAKES_FORM, 1 << 20);
	MUST_HOLD(r.status != 0 || !fields_repeat(&r.query));
	arena_destroy(arena);
	return 0;
}
