/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Uploads as they arrive, in every cut, well formed and hostile. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "web/multipart.h"

/* What the sink was told, as text: "name[|filename[|type]]:bytes;" for each part. */
struct told {
	struct buf text;
	int refuses_at; /* the n-th call is refused; 0: none */
	int calls;
};

static bool may_go_on(struct told *told, struct err *err)
{
	return ++told->calls != told->refuses_at || err_set(err, ERR_UNABLE, "The disk is full");
}

static bool on_begin(void *ctx, const struct multipart_part *part, struct err *err)
{
	struct told *told = ctx;
	buf_add(&told->text, part->name);
	if (part->filename.p)
		buf_format(&told->text, "|%.*s", STR_ARG(part->filename));
	if (part->type.p)
		buf_format(&told->text, "|%.*s", STR_ARG(part->type));
	buf_add(&told->text, STR(":"));
	return may_go_on(told, err);
}

static bool on_piece(void *ctx, struct str bytes, struct err *err)
{
	struct told *told = ctx;
	assert_true(bytes.n > 0);
	buf_add(&told->text, bytes);
	return may_go_on(told, err);
}

static bool on_end(void *ctx, struct err *err)
{
	struct told *told = ctx;
	buf_add(&told->text, STR(";"));
	return may_go_on(told, err);
}

/* Reads `body`, cut at `first` and then every `step` bytes; true when it was good. */
static bool read_body(struct told *told, struct str body, size_t first, size_t step,
                      struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(1 << 16);
	struct multipart_sink sink = { on_begin, on_piece, on_end, told };
	struct multipart *m = multipart_create(arena, STR("XX"), 3, &sink);
	assert_non_null(m);
	buf_clear(&told->text);
	told->calls = 0;
	size_t n = first;
	for (size_t at = 0; at < body.n; at += n, n = step)
		if (!multipart_feed(m, str_sub(body, at, n), err))
			return false;
	return multipart_finish(m, err);
}

#define PART(head, body) "--XX\r\n" head "\r\n\r\n" body "\r\n"
#define NAMED(name) "Content-Disposition: form-data; name=\"" name "\""
#define BODY                                                                                       \
	PART(NAMED("a"), "one")                                                                    \
	PART(NAMED("f") "; filename=\"x\\y.png\"\r\nContent-Type: image/png",                      \
	     "\r\r\n--X\r\n--XY\n\r\n")                                                            \
	PART(NAMED("e") "; filename=\"\"", "") "--XX--\r\n"
#define TOLD "a:one;f|x\\y.png|image/png:\r\r\n--X\r\n--XY\n\r\n;e|:;"

static void a_body_is_read_the_same_however_it_is_cut(void **state)
{
	struct told told = { 0 };
	struct err err = { 0 };
	struct str body = STR(BODY);
	(void)state;
	buf_init(&told.text, 4096);
	for (size_t first = 1; first <= body.n; first++) {
		for (size_t step = 1; step <= body.n; step = step < 20 ? step + 1 : step * 2) {
			assert_true(read_body(&told, body, first, step, &err));
			assert_true(str_eq(buf_str(&told.text), STR(TOLD)));
		}
	}
	buf_finish(&told.text);
}

/* Browsers write what cannot stand between the quotes as %22, %0D and %0A, and nothing else so. */
static void the_name_of_a_file_is_as_it_was_on_her_own_machine(void **state)
{
	static const char *const names[][2] = {
		{ "x%22y<z>.txt", "x\"y<z>.txt" },  { "a%0D%0Ab", "a\r\nb" }, { "%22", "\"" },
		{ "100%2520%41.txt", "100%2520%41.txt" }, { "%2", "%2" },     { "%%22%", "%\"%" },
		{ "%0d%0a", "%0d%0a" },
	};
	struct told told = { 0 };
	struct err err = { 0 };
	(void)state;
	buf_init(&told.text, 4096);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char body[256], want[64];
		(void)snprintf(body, sizeof body, PART(NAMED("f") "; filename=\"%s\"", "1") "--XX--",
		               names[i][0]);
		(void)snprintf(want, sizeof want, "f|%s:1;", names[i][1]);
		assert_true(read_body(&told, str_from_c(body), 7, 7, &err));
		assert_true(str_eq(buf_str(&told.text), str_from_c(want)));
	}
	buf_finish(&told.text);
}

static void every_body_cut_short_is_refused(void **state)
{
	struct told told = { 0 };
	struct str body = STR(BODY);
	(void)state;
	buf_init(&told.text, 4096);
	for (size_t n = 0; n < body.n; n++) {
		struct err err = { 0 };
		bool good = n == body.n - 2; /* the last line's end may be left out */
		assert_true(read_body(&told, str_sub(body, 0, n), 7, 7, &err) == good);
		assert_int_equal(err.code, good ? ERR_NONE : ERR_INPUT);
	}
	buf_finish(&told.text);
}

static void hostile_bodies_are_refused(void **state)
{
	static const char *const bad[] = {
		"preamble\r\n" PART(NAMED("a"), "1") "--XX--",
		"\r\n" PART(NAMED("a"), "1") "--XX--",
		PART(NAMED("a"), "1") "--XX--epilogue",
		PART(NAMED("a"), "1") "--XX--\r\n\r\n",
		PART(NAMED("a"), "1") "--XX \r\n",
		PART(NAMED("a"), "1") "--XX\n",
		PART("X: y", "1") "--XX--",
		PART("Content-Disposition: attachment; name=\"a\"", "1") "--XX--",
		PART("Content-Disposition: form-data", "1") "--XX--",
		PART("Content-Disposition: form-data; name=a", "1") "--XX--",
		PART("Content-Disposition: form-data; name=\"\"", "1") "--XX--",
		PART("Content-Disposition: form-data; name=\"a", "1") "--XX--",
		PART("Content-Disposition: form-data; name=\"a\"; name=\"b\"", "1") "--XX--",
		PART("Content-Disposition: form-data; name=\"a\" x", "1") "--XX--",
		PART("Content-Disposition: form-data; name=\"a\"; filename*=\"b\"", "1") "--XX--",
		PART("Content-Disposition: form-data; name=\"\xff\"", "1") "--XX--",
		PART(NAMED("a") "\r\n" NAMED("a"), "1") "--XX--",
		PART(NAMED("a") "\r\nContent-Transfer-Encoding: base64", "1") "--XX--",
		PART(NAMED("a") "\r\nno colon", "1") "--XX--",
		PART(NAMED("a") "\r\n folded: x", "1") "--XX--",
		PART(NAMED("a") "\r\nX: \x01", "1") "--XX--",
		PART(NAMED("a"), "1") PART(NAMED("a"), "1") PART(NAMED("a"), "1")
			PART(NAMED("a"), "1") "--XX--",
		"--XX\r\n\r\n1\r\n--XX--",
		"--XX--",
		"--XY\r\n",
		"",
	};
	struct told told = { 0 };
	(void)state;
	buf_init(&told.text, 4096);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct err err = { 0 };
		bool good = read_body(&told, str_from_c(bad[i]), 5, 5, &err);
		if (str_eq(str_from_c(bad[i]), STR("--XX--"))) { /* a form without a field */
			assert_true(good);
			continue;
		}
		if (good)
			print_error("taken: %s\n", bad[i]);
		assert_false(good);
		assert_int_equal(err.code, ERR_INPUT);
	}
	buf_finish(&told.text);
}

static void endless_headers_end(void **state)
{
	struct told told = { 0 };
	struct err err = { 0 };
	struct buf body;
	(void)state;
	buf_init(&told.text, 4096);
	buf_init(&body, 1 << 20);
	buf_add(&body, STR("--XX\r\n" NAMED("a") "\r\n"));
	for (int i = 0; i < 1000; i++)
		buf_add(&body, STR("X: yyyy\r\n"));
	assert_false(read_body(&told, buf_str(&body), 100, 100, &err));
	assert_int_equal(err.code, ERR_INPUT);
	buf_finish(&body);
	buf_finish(&told.text);
}

static void what_the_sink_refuses_ends_the_reading(void **state)
{
	struct told told = { 0 };
	(void)state;
	buf_init(&told.text, 4096);
	for (told.refuses_at = 1; told.refuses_at < 8; told.refuses_at++) {
		struct err err = { 0 };
		assert_false(read_body(&told, STR(BODY), 1000, 1000, &err));
		assert_int_equal(err.code, ERR_UNABLE);
		assert_int_equal(told.calls, told.refuses_at);
	}
	buf_finish(&told.text);
}

static void boundaries_are_looked_at(void **state)
{
	static const char *const bad[] = {
		"multipart/form-data",
		"multipart/form-data; boundary=",
		"multipart/form-data; boundary=\"\"",
		"multipart/form-data; boundary=\"a \"",
		"multipart/form-data; boundary=\"a\x01\"",
		"multipart/form-data; boundary=\"a\\\"b\"",
		"multipart/form-data; boundary="
		"01234567890123456789012345678901234567890123456789012345678901234567890",
	};
	struct err err = { 0 };
	struct str out;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(multipart_boundary(str_from_c(bad[i]), &out, &err));
	assert_true(multipart_boundary(
		STR("multipart/form-data; boundary=----WebKitFormBoundaryx1"), &out, &err));
	assert_true(str_eq(out, STR("----WebKitFormBoundaryx1")));
	assert_true(multipart_boundary(STR("multipart/form-data; boundary=\"a b:c\""), &out, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_is_read_the_same_however_it_is_cut),
		cmocka_unit_test(the_name_of_a_file_is_as_it_was_on_her_own_machine),
		cmocka_unit_test(every_body_cut_short_is_refused),
		cmocka_unit_test(hostile_bodies_are_refused),
		cmocka_unit_test(endless_headers_end),
		cmocka_unit_test(what_the_sink_refuses_ends_the_reading),
		cmocka_unit_test(boundaries_are_looked_at),
	};
	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
