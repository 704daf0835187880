/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The gate by itself, over the rows of gate_rows.h and the facts it draws from good heads. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/gate.h"
#include "web/gate_rows.h"

#define ARENA_MAX (256 * 1024)

struct head {
	struct gate_header headers[1100];
	struct gate_input input;
	struct arena *arena;
	struct gate_result result;
};

static int set_up(void **state)
{
	static struct head head;
	head.arena = arena_create(ARENA_MAX);
	*state = &head;
	return !head.arena;
}

static int tear_down(void **state)
{
	struct head *head = *state;
	arena_destroy(head->arena);
	return 0;
}

/* Takes a head apart as the library does: names to the colon, values trimmed in front. */
static void read_head(struct head *head, struct str raw)
{
	struct str line;
	size_t end = str_find_str(raw, STR("\r\n"));
	line = str_sub(raw, 0, end);
	raw = str_sub(raw, end + 2, raw.n);
	size_t first = str_find(line, ' ');
	struct str rest = str_sub(line, first + 1, line.n);
	size_t second = str_find(rest, ' ');
	head->input = (struct gate_input){
		.method = str_sub(line, 0, first),
		.target = str_sub(rest, 0, second),
		.version = str_sub(rest, second + 1, rest.n),
		.headers = head->headers,
	};
	while ((end = str_find_str(raw, STR("\r\n"))) > 0 && end < raw.n) {
		line = str_sub(raw, 0, end);
		raw = str_sub(raw, end + 2, raw.n);
		size_t colon = str_find(line, ':');
		struct str value = str_sub(line, colon + 1, line.n);
		if (value.n > 0 && value.p[0] == ' ')
			value = str_sub(value, 1, value.n);
		assert_true(head->input.header_count < COUNT_OF(head->headers));
		head->headers[head->input.header_count++] =
			(struct gate_header){ str_sub(line, 0, colon), value };
	}
}

static void check(struct head *head, struct str raw)
{
	static const struct str hosts[] = { { "a", 1 }, { "b", 1 } };
	static const struct str cookies[] = { { "candour", 7 } };
	struct gate_names names = { hosts, 2, cookies, 1, STR("/raw/"), STR("/raw/but/") };
	read_head(head, raw);
	gate_check(head->arena, &names, &head->input, &head->result);
	unsigned takes = 0;
	if (str_starts(head->input.target, STR("/form")))
		takes = GATE_TAKES_FORM;
	if (str_starts(head->input.target, STR("/twice")))
		takes = GATE_TAKES_REPEATS;
	gate_admit(&head->result, takes, 1 << 20);
}

static void every_row_gets_its_answer(void **state)
{
	struct head *head = *state;
	int bad = 0, seen = 0;
	for (size_t i = 0; i < COUNT_OF(GATE_ROWS); i++) {
		const struct gate_row *row = &GATE_ROWS[i];
		if (row->gate == NOT_SEEN)
			continue;
		struct buf raw;
		buf_init(&raw, 100000);
		buf_add_bytes(&raw, row->before, row->before_n);
		for (int n = 0; n < row->times; n++)
			buf_add(&raw, str_from_c(row->repeated));
		buf_add_bytes(&raw, row->after, row->after_n);
		arena_reset(head->arena);
		check(head, buf_str(&raw));
		seen++;
		if ((int)head->result.status != row->gate) {
			bad++;
			print_error("row %d (%zu): wanted %d, got %u: %s\n", row->row, i, row->gate,
			            head->result.status,
			            head->result.why ? head->result.why : "let through");
		}
		/* What is refused says why, what is let through says nothing. */
		assert_true((head->result.status != 0) == (head->result.why != NULL));
		buf_finish(&raw);
	}
	print_message("%d rows\n", seen);
	assert_int_equal(bad, 0);
}

static void path_and_query_are_decoded(void **state)
{
	struct head *head = *state;
	check(head,
	      STR("GET /twice/r%C3%A9sum%c3%a9/x+y?q=a+b%26c&q=&flag HTTP/1.1\r\nHost: a:1\r\n\r\n"));
	assert_int_equal(head->result.status, 0);
	assert_int_equal(head->result.segment_count, 3);
	assert_true(str_eq(head->result.segments[1], STR("r\xc3\xa9sum\xc3\xa9")));
	assert_true(str_eq(head->result.segments[2], STR("x+y")));
	assert_true(str_eq(fields_get(&head->result.query, STR("q")), STR("a b&c")));
	assert_int_equal(fields_count(&head->result.query, STR("q")), 2);
	assert_non_null(fields_get(&head->result.query, STR("flag")).p);
	assert_null(fields_get(&head->result.query, STR("none")).p);
	assert_true(str_eq(head->result.host, STR("a:1")));
}

static void the_root_has_no_segments(void **state)
{
	struct head *head = *state;
	check(head, STR("GET /?x=1 HTTP/1.1\r\nHost: a\r\n\r\n"));
	assert_int_equal(head->result.status, 0);
	assert_int_equal(head->result.segment_count, 0);
	assert_false(head->result.ends_in_slash);
}

static void a_slash_at_the_end_is_told(void **state)
{
	struct head *head = *state;
	check(head, STR("GET /a/ HTTP/1.1\r\nHost: a\r\n\r\n"));
	assert_int_equal(head->result.status, 0);
	assert_int_equal(head->result.segment_count, 1);
	assert_true(head->result.ends_in_slash);
}

static void a_refusal_of_the_method_says_what_is_served(void **state)
{
	struct head *head = *state;
	check(head, STR("PUT /a HTTP/1.1\r\nHost: a\r\n\r\n"));
	assert_int_equal(head->result.status, 405);
	assert_true(str_eq(head->result.allow, STR("GET, HEAD, POST")));
}

/* RFC 9110, 15.5.6 */
static void what_is_only_read_takes_no_other_method(void **state)
{
	struct head *head = *state;
	static const char *const OTHERS[] = { "POST", "PUT", "OPTIONS", "FETCH" };
	for (size_t i = 0; i < COUNT_OF(OTHERS); i++) {
		check(head, arena_format(head->arena, "%s /raw/a HTTP/1.1\r\nHost: a\r\n\r\n",
		                         OTHERS[i]));
		assert_int_equal(head->result.status, 405);
		assert_true(str_eq(head->result.allow, STR("GET, HEAD")));
	}
	check(head, STR("HEAD /raw/a HTTP/1.1\r\nHost: a\r\n\r\n"));
	assert_int_equal(head->result.status, 0);
}

static void a_raw_path_is_let_through_to_the_letter(void **state)
{
	struct head *head = *state;
	static const char *const PATHS[] = { "/raw/", "/raw//a/../b/", "/raw/%zz?x=%", "/raw/\xff" };
	for (size_t i = 0; i < COUNT_OF(PATHS); i++) {
		check(head, arena_format(head->arena, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n",
		                         PATHS[i]));
		assert_int_equal(head->result.status, 0);
		assert_true(head->result.is_raw);
		assert_true(str_eq(head->result.path, str_from_c(PATHS[i])));
		assert_int_equal(head->result.query.count, 0);
	}
	static const char *const OTHERS[] = { "/rawer/%zz", "/raw/but/%zz" };
	for (size_t i = 0; i < COUNT_OF(OTHERS); i++) {
		check(head, arena_format(head->arena, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n",
		                         OTHERS[i]));
		assert_int_equal(head->result.status, 400);
	}
}

static bool wants_json(struct head *head, const char *accept)
{
	struct str raw = arena_format(head->arena,
	                              "GET /a HTTP/1.1\r\nHost: a\r\nAccept: %s\r\n\r\n", accept);
	check(head, raw);
	assert_int_equal(head->result.status, 0);
	return head->result.wants_json;
}

static void json_is_given_to_whoever_prefers_it(void **state)
{
	struct head *head = *state;
	assert_true(wants_json(head, "application/json"));
	assert_true(wants_json(head, "text/html;q=0.5, Application/JSON"));
	assert_false(wants_json(head, "text/html, application/json"));
	assert_false(wants_json(head, "application/json;q=0"));
	assert_false(wants_json(head, "application/json;q=banana"));
	assert_false(wants_json(head, "application/json;q=1.5"));
	assert_false(wants_json(head, "text/html;q=0.9, application/json;q=0.8"));
	assert_false(wants_json(head, "*/*"));
	assert_false(wants_json(head,
	                        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
}

static void facts_of_the_head_are_drawn(void **state)
{
	struct head *head = *state;
	check(head,
	      STR("POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n"
	          "Content-Type: Application/x-www-form-urlencoded; charset=UTF-8\r\n"
	          "Accept-Encoding: br, gzip\r\nSec-Fetch-Site: same-origin\r\nOrigin: https://a\r\n"
	          "Authorization: Bearer abc\r\nIdempotency-Key: k-1\r\nIf-None-Match: \"x\"\r\n"
	          "Cookie: candour=v; other=\"w\"; broken\r\n\r\n"));
	struct gate_result *r = &head->result;
	assert_int_equal(r->status, 0);
	assert_int_equal(r->method, WEB_POST);
	assert_int_equal(r->body, GATE_BODY_FORM);
	assert_int_equal(r->content_length, 12);
	assert_true(r->takes_gzip);
	assert_int_equal(r->site, GATE_SITE_SAME_ORIGIN);
	assert_true(str_eq(r->origin, STR("https://a")));
	assert_true(str_eq(r->bearer, STR("abc")));
	assert_true(str_eq(r->key, STR("k-1")));
	assert_true(str_eq(r->etag, STR("\"x\"")));
	assert_int_equal(r->cookies.count, 2);
	assert_true(str_eq(fields_get(&r->cookies, STR("candour")), STR("v")));
}

static void a_bare_button_needs_no_type(void **state)
{
	struct head *head = *state;
	check(head, STR("POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"));
	assert_int_equal(head->result.status, 0);
}

static void a_page_without_body_takes_none(void **state)
{
	struct head *head = *state;
	check(head, STR("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
	                "Content-Type: text/plain\r\n\r\n"));
	assert_int_equal(head->result.status, 415);
}

static void an_exhausted_arena_is_an_answer(void **state)
{
	struct head *head = *state;
	unsigned status = 503;
	for (size_t bytes = 0; bytes < 16384 && status == 503; bytes += 16) {
		arena_destroy(head->arena);
		head->arena = arena_create(bytes);
		check(head, STR("GET /a/b?x=1 HTTP/1.1\r\nHost: a\r\nCookie: candour=1\r\n\r\n"));
		status = head->result.status;
		assert_true(status == 0 || status == 503);
	}
	assert_int_equal(status, 0);
}

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(every_row_gets_its_answer),
		PROVES(path_and_query_are_decoded),
		PROVES(the_root_has_no_segments),
		PROVES(a_slash_at_the_end_is_told),
		PROVES(a_refusal_of_the_method_says_what_is_served),
		PROVES(what_is_only_read_takes_no_other_method),
		PROVES(a_raw_path_is_let_through_to_the_letter),
		PROVES(json_is_given_to_whoever_prefers_it),
		PROVES(facts_of_the_head_are_drawn),
		PROVES(a_bare_button_needs_no_type),
		PROVES(a_page_without_body_takes_none),
		PROVES(an_exhausted_arena_is_an_answer),
	};
	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
