/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Forms, cookies, and the rule on posts from other sites. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/cookie.h"
#include "web/csrf.h"
#include "web/form.h"
#include "web/token.h"

static int set_up(void **state)
{
	*state = arena_create(1 << 20);
	return !*state;
}

static int tear_down(void **state)
{
	arena_destroy(*state);
	return 0;
}

static enum form_outcome read_text(struct arena *arena, const char *text, struct fields *out)
{
	return form_read(arena, str_from_c(text), 10, out);
}

static void fields_keep_their_order(void **state)
{
	struct fields f;
	assert_int_equal(read_text(*state, "a=1&b=2&a=3&&c", &f), FORM_READ);
	assert_int_equal(f.count, 4);
	assert_true(str_eq(fields_get(&f, STR("a")), STR("1")));
	assert_true(str_eq(fields_get_nth(&f, STR("a"), 1), STR("3")));
	assert_null(fields_get_nth(&f, STR("a"), 2).p);
	assert_int_equal(fields_get(&f, STR("c")).n, 0);
	assert_true(fields_repeat(&f));
}

static void words_arrive_to_the_letter(void **state)
{
	struct fields f;
	assert_int_equal(read_text(*state, "w=%D8%A3%D9%86%D8%A7+%26%0D%0A+x%3D", &f), FORM_READ);
	assert_true(str_eq(fields_get(&f, STR("w")), STR("\xd8\xa3\xd9\x86\xd8\xa7 &\r\n x=")));
	assert_false(fields_repeat(&f));
}

static void what_is_not_text_is_refused(void **state)
{
	static const char *const bad[] = { "a=%00", "a=%ff",  "a=%c3%28",   "a=%zz",
		                           "a=%4",  "a=%",    "%80=1",      "a=%01",
		                           "a=%7f", "a=\xff", "a=%ed%a0%80" };
	struct fields f;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_int_equal(read_text(*state, bad[i], &f), FORM_MALFORMED);
		assert_int_equal(f.count, 0);
	}
}

static void fields_are_counted_before_memory_is_taken(void **state)
{
	struct fields f;
	assert_int_equal(read_text(*state, "a&b&c&d&e&f&g&h&i&j", &f), FORM_READ);
	assert_int_equal(f.count, 10);
	assert_int_equal(read_text(*state, "a&b&c&d&e&f&g&h&i&j&k", &f), FORM_TOO_MANY);
	assert_int_equal(f.count, 0);
}

static void a_form_too_large_for_the_arena_is_no_crash(void **state)
{
	(void)state;
	enum form_outcome outcome = FORM_NO_ROOM;
	for (size_t bytes = 0; bytes < 2000; bytes++) {
		struct fields f;
		struct arena *small = arena_create(bytes);
		outcome = form_read(small, STR("name=a+longer+value&b=%41"), 10, &f);
		assert_true(outcome == FORM_READ || outcome == FORM_NO_ROOM);
		arena_destroy(small);
	}
	assert_int_equal(outcome, FORM_READ);
}

static void cookies_of_others_are_left_out(void **state)
{
	struct field room[COOKIES_MAX];
	struct fields f = { .at = room, .room = COOKIES_MAX };
	(void)state;
	assert_true(cookie_read(STR("a=1; b c=2;; =3; x; d=a\\b; e=\"q\"; f="), &f));
	assert_int_equal(f.count, 3);
	assert_true(str_eq(fields_get(&f, STR("e")), STR("\"q\"")));
	assert_int_equal(fields_get(&f, STR("f")).n, 0);
}

static void cookies_past_the_bound_are_told(void **state)
{
	struct field room[COOKIES_MAX];
	struct fields f = { .at = room, .room = COOKIES_MAX };
	struct buf many;
	(void)state;
	buf_init(&many, 4096);
	for (int i = 0; i <= COOKIES_MAX; i++)
		buf_add(&many, STR("a=1; "));
	assert_false(cookie_read(buf_str(&many), &f));
	buf_finish(&many);
}

static void a_cookie_is_written_with_all_that_guards_it(void **state)
{
	struct err err;
	struct str out;
	struct cookie c = { .name = STR("candour"), .value = STR("ab"), .is_secure = true };
	assert_true(cookie_write(*state, &c, &out, &err));
	assert_true(str_eq(out, STR("__Host-candour=ab; Path=/; HttpOnly; SameSite=Lax; Secure")));
	c.is_secure = false;
	c.is_dropped = true;
	c.site = COOKIE_SITE_STRICT;
	assert_true(cookie_write(*state, &c, &out, &err));
	assert_true(str_eq(out, STR("candour=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")));
	assert_true(str_eq(cookie_name(*state, STR("x"), true), STR("__Host-x")));
}

static void a_cookie_cannot_carry_a_second_header(void **state)
{
	struct err err;
	struct str out;
	struct cookie c = { .name = STR("candour"), .value = STR("a\r\nX: y") };
	assert_false(cookie_write(*state, &c, &out, &err));
	assert_int_equal(err.code, ERR_FAULT);
	c = (struct cookie){ .name = STR("a b"), .value = STR("a") };
	assert_false(cookie_write(*state, &c, &out, &err));
	c = (struct cookie){ .name = STR("a"), .value = STR("a;b") };
	assert_false(cookie_write(*state, &c, &out, &err));
}

static void parameters_of_a_media_type_are_read(void **state)
{
	(void)state;
	struct media_type t = media_type_read(STR("multipart/form-data ; a=\"x;y\"; Boundary=zz"));
	assert_true(str_eq(t.type, STR("multipart/form-data")));
	assert_true(str_eq(media_type_parameter(&t, STR("boundary")), STR("zz")));
	assert_true(str_eq(media_type_parameter(&t, STR("a")), STR("x;y")));
	assert_null(media_type_parameter(&t, STR("b")).p);
	assert_int_equal(media_type_read(STR("text")).type.n, 0);
	assert_int_equal(media_type_read(STR("/x")).type.n, 0);
	assert_int_equal(media_type_read(STR("")).type.n, 0);
}

/* --- posts from other sites ------------------------------------------------------------------- */

static bool is_ours(struct gate_result request, const char *cookie)
{
	static const struct str names[] = { { "candour", 7 } };
	struct field field = { str_from_c(cookie), STR("1") };
	request.host = STR("a:8080");
	request.cookies = (struct fields){ .at = &field, .count = 1, .room = 1 };
	return csrf_site_is_ours(&request, CSRF_HTTPS, names, 1);
}

static void the_browser_says_where_a_post_comes_from(void **state)
{
	(void)state;
	struct gate_result r = { .body = GATE_BODY_FORM, .site = GATE_SITE_SAME_ORIGIN };
	assert_true(is_ours(r, "other"));
	r.site = GATE_SITE_NONE;
	assert_true(is_ours(r, "other"));
	r.site = GATE_SITE_OTHER;
	r.origin = STR("https://a:8080"); /* does not make up for it */
	assert_false(is_ours(r, "candour"));
}

static void without_that_the_origin_must_be_ours(void **state)
{
	(void)state;
	struct gate_result r = { .body = GATE_BODY_FORM };
	r.origin = STR("https://A:8080");
	assert_true(is_ours(r, "other"));
	static const char *const foreign[] = {
		"null",         "http://a:8080", "https://a", "https://a:8080.evil",
		"https://evil", "a:8080",        ""
	};
	for (size_t i = 0; i < COUNT_OF(foreign); i++) {
		r.origin = str_from_c(foreign[i]);
		assert_false(is_ours(r, "candour"));
	}
}

static void without_both_a_form_needs_our_cookie(void **state)
{
	(void)state;
	struct gate_result r = { .body = GATE_BODY_FORM };
	assert_true(is_ours(r, "candour"));
	assert_false(is_ours(r, "other"));
	r.body = GATE_BODY_MULTIPART;
	assert_false(is_ours(r, "other"));
}

static void without_both_json_must_come_without_our_cookie(void **state)
{
	(void)state;
	struct gate_result r = { .body = GATE_BODY_JSON };
	assert_true(is_ours(r, "other"));
	assert_false(is_ours(r, "candour"));
}

static void a_token_holds_for_its_form_and_session_and_two_hours(void **state)
{
	instant now = 1000 * INSTANT_PER_HOUR + 5;
	struct str token = csrf_token(*state, STR("session"), STR("sign-in"), now);
	assert_int_equal(token.n, CSRF_TOKEN_LENGTH);
	assert_true(csrf_token_holds(token, STR("session"), STR("sign-in"), now));
	assert_true(
		csrf_token_holds(token, STR("session"), STR("sign-in"), now + INSTANT_PER_HOUR));
	assert_false(csrf_token_holds(token, STR("session"), STR("sign-in"),
	                              now + 2 * INSTANT_PER_HOUR));
	assert_false(csrf_token_holds(token, STR("session"), STR("sign-out"), now));
	assert_false(csrf_token_holds(token, STR("another"), STR("sign-in"), now));
	assert_false(csrf_token_holds(STR(""), STR("session"), STR("sign-in"), now));
	assert_false(csrf_token_holds(str_sub(token, 0, 63), STR("session"), STR("sign-in"), now));
}

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(fields_keep_their_order),
		PROVES(words_arrive_to_the_letter),
		PROVES(what_is_not_text_is_refused),
		PROVES(fields_are_counted_before_memory_is_taken),
		PROVES(a_form_too_large_for_the_arena_is_no_crash),
		PROVES(cookies_of_others_are_left_out),
		PROVES(cookies_past_the_bound_are_told),
		PROVES(a_cookie_is_written_with_all_that_guards_it),
		PROVES(a_cookie_cannot_carry_a_second_header),
		PROVES(parameters_of_a_media_type_are_read),
		PROVES(the_browser_says_where_a_post_comes_from),
		PROVES(without_that_the_origin_must_be_ours),
		PROVES(without_both_a_form_needs_our_cookie),
		PROVES(without_both_json_must_come_without_our_cookie),
		PROVES(a_token_holds_for_its_form_and_session_and_two_hours),
	};
	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
