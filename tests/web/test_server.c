/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The server as a page and a client see it. */
#include "web/server_fixture.h"

static void paths_lead_to_pages(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(ask(f, STR("GET /files/C-418/note?q=a+b" H "\r\n")), 200);
	assert_true(body_is(f, "C-418|note|a b"));
	assert_int_equal(ask(f, STR("GET /log/tile/0/x000" H "\r\n")), 200);
	assert_true(body_is(f, "tile/0/x000"));
	assert_int_equal(ask(f, STR("GET /files/new" H "\r\n")), 200);
	assert_int_equal(ask(f, STR("GET /files/C-418" H "\r\n")), 404);
	assert_int_equal(ask(f, STR("GET /files/C-418/note/" H "\r\n")), 404);
	assert_int_equal(ask(f, STR("GET /log" H "\r\n")), 404);
	assert_int_equal(ask(f, STR("GET /nothing" H "\r\n")), 404);
	assert_int_equal(ask(f, STR("GET /form" H "\r\n")), 405);
	assert_true(hello_has(&f->answer, "Allow: POST\r\n"));
	assert_int_equal(ask(f, STR("POST /files/new" H FORM "Content-Length: 0\r\n\r\n")), 405);
	assert_true(hello_has(&f->answer, "Allow: GET, HEAD\r\n"));
}

static void every_answer_carries_what_guards_it(void **state)
{
	static const char *const requests[] = { "GET /" H "\r\n", "GET /nothing" H "\r\n",
		                                "BAD /" H "\r\n", "GET /fail/6" H "\r\n",
		                                "GET /%zz" H "\r\n" };
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(requests); i++) {
		assert_true(ask(f, str_from_c(requests[i])) > 0);
		assert_true(hello_has(&f->answer,
		                      "Content-Security-Policy: default-src 'none'; style-src "
		                      "'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
		                      "form-action 'self'; frame-ancestors 'none'; "
		                      "base-uri 'none'\r\n"));
		assert_true(hello_has(&f->answer, "X-Content-Type-Options: nosniff\r\n"));
		assert_true(hello_has(&f->answer, "Referrer-Policy: no-referrer\r\n"));
		assert_true(hello_has(&f->answer, "X-Frame-Options: DENY\r\n"));
		assert_true(hello_has(&f->answer, "Cross-Origin-Opener-Policy: same-origin\r\n"));
		assert_true(hello_has(&f->answer, "Permissions-Policy: "));
		assert_true(hello_has(&f->answer, "Cache-Control: no-store\r\n"));
		assert_false(hello_has(&f->answer, "Server:"));
	}
}

static void a_head_request_has_length_but_no_body(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(ask(f, STR("HEAD /files/a/b" H "\r\n")), 200);
	assert_true(hello_has(&f->answer, "Content-Length: 4\r\n"));
	assert_true(body_is(f, ""));
}

static void a_connection_serves_many_requests(void **state)
{
	struct fixture *f = *state;
	int fd = hello_connect(f->server);
	for (int i = 0; i < 5; i++) {
		hello_send(fd, STR("POST /form" H FORM "Sec-Fetch-Site: same-origin\r\n"
		                   "Content-Length: 7\r\n\r\na=1&b=2"));
		hello_read(fd, &f->answer, false, 2000);
		assert_int_equal(hello_status(buf_str(&f->answer)), 200);
		assert_true(body_is(f, "a=1;b=2;"));
	}
	(void)close(fd);
}

static void json_is_read_strictly(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(
		ask(f, STR("POST /both" H JSON "Content-Length: 14\r\n\r\n{\"words\":\"a\"} ")),
		200);
	assert_true(body_is(f, "{\"got\":\"a\"}\n"));
	assert_true(hello_has(&f->answer, "Content-Type: application/json\r\n"));
	assert_int_equal(
		ask(f, STR("POST /both" H JSON "Content-Length: 13\r\n\r\n{\"a\":1,\"a\":2}")),
		422);
	assert_true(hello_has(&f->answer, "Content-Type: application/json\r\n"));
	assert_int_equal(ask(f, STR("POST /form" H JSON "Content-Length: 2\r\n\r\n{}")), 415);
}

static void posts_from_other_sites_are_refused(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(ask(f, STR("POST /form" H FORM "Content-Length: 3\r\n\r\na=1")), 403);
	assert_int_equal(ask(f, STR("POST /form" H FORM "Sec-Fetch-Site: cross-site\r\n"
	                            "Content-Length: 3\r\n\r\na=1")),
	                 403);
	assert_int_equal(ask(f, STR("POST /form" H FORM "Origin: http://a\r\n"
	                            "Content-Length: 3\r\n\r\na=1")),
	                 200);
	assert_int_equal(ask(f, STR("POST /form" H FORM "Cookie: candour=1\r\n"
	                            "Content-Length: 3\r\n\r\na=1")),
	                 200);
	assert_int_equal(ask(f, STR("POST /both" H JSON "Cookie: candour=1\r\n"
	                            "Content-Length: 2\r\n\r\n{}")),
	                 403);
}

static void a_malformed_form_is_an_answer(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(ask(f, STR("POST /form" H FORM "Origin: http://a\r\n"
	                            "Content-Length: 5\r\n\r\na=%00")),
	                 400);
}

static void a_redirect_goes_to_our_own_pages_alone(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(ask(f, STR("POST /go" H FORM "Origin: http://a\r\n"
	                            "Content-Length: 9\r\n\r\nto=/files")),
	                 303);
	assert_true(hello_has(&f->answer, "Location: /files\r\n"));
	assert_true(
		hello_has(&f->answer, "Set-Cookie: candour=x; Path=/; HttpOnly; SameSite=Lax\r\n"));
	assert_int_equal(ask(f, STR("POST /go" H FORM "Origin: http://a\r\n"
	                            "Content-Length: 9\r\n\r\nto=//evil")),
	                 500);
	assert_false(hello_has(&f->answer, "Location"));
}

static void a_failing_page_shows_nothing_of_itself(void **state)
{
	static const struct {
		const char *target;
		int status;
	} ways[] = { { "1", 404 }, { "2", 403 }, { "3", 400 }, { "4", 422 }, { "5", 503 } };
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		char request[80];
		int n = snprintf(request, sizeof request, "GET /fail/%s" H "\r\n", ways[i].target);
		assert_int_equal(ask(f, (struct str){ request, (size_t)n }), ways[i].status);
		assert_true(hello_has(&f->answer, "Words for the person"));
		assert_false(hello_has(&f->answer, "half a page"));
	}
	assert_true(hello_has(&f->answer, "Retry-After: 20\r\n"));
	assert_int_equal(ask(f, STR("GET /fail/6" H "\r\n")), 500);
	assert_false(hello_has(&f->answer, "Words for the person"));
	assert_true(hello_has(&f->answer, "Reference "));
}

static void no_page_can_split_a_header(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(ask(f, STR("GET /split" H "\r\n")), 500);
	assert_false(hello_has(&f->answer, "b=c"));
}

static void a_full_register_answers_before_the_body(void **state)
{
	struct fixture *f = *state;
	f->seen.is_full = true;
	assert_int_equal(ask(f, STR("POST /form" H FORM "Origin: http://a\r\n"
	                            "Content-Length: 1000000\r\n\r\n")),
	                 503);
	assert_true(hello_has(&f->answer, "Retry-After: 20\r\n"));
	assert_true(hello_has(&f->answer, "Connection: close\r\n"));
	assert_int_equal(ask(f, STR("GET /" H "\r\n")), 200);
}

static void who_is_not_signed_in_is_sent_there(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(ask(f, STR("GET /secret" H "\r\n")), 303);
	assert_true(hello_has(&f->answer, "Location: /sign-in\r\n"));
	assert_int_equal(f->seen.calls, 0);
}

static void every_session_that_was_begun_is_ended(void **state)
{
	struct fixture *f = *state;
	(void)ask(f, STR("GET /secret" H "\r\n"));
	(void)ask(f, STR("GET /" H "\r\n"));
	(void)ask(f, STR("POST /form" H FORM "Origin: http://a\r\nContent-Length: 30\r\n\r\na=1"));
	(void)ask(f, STR("GET /nothing" H "\r\n"));
	server_stop(f->server);
	f->server = NULL;
	assert_int_equal(f->seen.ended, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(paths_lead_to_pages),
		PROVES(every_answer_carries_what_guards_it),
		PROVES(a_head_request_has_length_but_no_body),
		PROVES(a_connection_serves_many_requests),
		PROVES(json_is_read_strictly),
		PROVES(posts_from_other_sites_are_refused),
		PROVES(a_malformed_form_is_an_answer),
		PROVES(a_redirect_goes_to_our_own_pages_alone),
		PROVES(a_failing_page_shows_nothing_of_itself),
		PROVES(no_page_can_split_a_header),
		PROVES(a_full_register_answers_before_the_body),
		PROVES(who_is_not_signed_in_is_sent_there),
		PROVES(every_session_that_was_begun_is_ended),
	};
	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
