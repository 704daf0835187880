/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The server as a page and a client see it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>

#include "web/asset.h"
#include "web/hello.h"

#define H " HTTP/1.1\r\nHost: a\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define JSON "Content-Type: application/json\r\n"

/* What the routes below have seen; one test at a time. */
struct seen {
	atomic_int calls;
	atomic_int finished; /* uploads */
	atomic_int ended;    /* sessions */
	atomic_int closed;   /* streams */
	atomic_bool is_full;
	struct hash peer;
	bool is_exempt;
	struct buf upload;
};

struct fixture {
	struct seen seen;
	struct server *server;
	struct buf answer;
	struct err err;
};

static bool say_who(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct seen *seen = request->ctx;
	(void)err;
	seen->calls++;
	seen->peer = request->peer;
	seen->is_exempt = request->is_peer_exempt;
	web_answer_text(answer, 200, STR(""));
	buf_format(&answer->body, "%.*s|%.*s|%.*s", STR_ARG(web_param(request, STR("id"))),
	           STR_ARG(web_param(request, STR("kind"))),
	           STR_ARG(fields_get(&request->head->query, STR("q"))));
	return true;
}

static bool say_rest(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)err;
	web_answer_text(answer, 200, web_param(request, STR("path")));
	return true;
}

static bool say_json(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)err;
	struct json *model = json_object(request->arena);
	json_put_text(request->arena, model, STR("got"), json_text(request->json, STR("words")));
	web_answer_json(answer, model);
	return true;
}

static bool go_on(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)err;
	web_answer_redirect(answer, fields_get(&request->form, STR("to")));
	web_answer_cookie(answer, (struct cookie){ .name = STR("candour"), .value = STR("x") });
	return true;
}

static bool fail_as_told(struct web_request *request, struct web_answer *answer, struct err *err)
{
	uint64_t code = 0;
	(void)answer;
	assert_true(str_to_u64(web_param(request, STR("code")), ERR_FAULT, &code));
	buf_add(&answer->body, STR("half a page"));
	return err_set(err, (enum err_code)code, "Words for the person");
}

static bool split_header(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)request;
	(void)err;
	web_answer_header(answer, STR("X-Evil"), STR("a\r\nSet-Cookie: b=c"));
	return true;
}

static bool wait_a_little(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)request;
	(void)err;
	(void)poll(NULL, 0, 300);
	web_answer_text(answer, 200, STR("done"));
	return true;
}

static size_t read_letters(void *ctx, uint64_t at, char *out, size_t room)
{
	(void)ctx;
	size_t n = room < 1000 ? room : 1000;
	for (size_t i = 0; i < n; i++)
		out[i] = (char)('a' + (int)((at + i) % 26));
	return n;
}

static void close_letters(void *ctx)
{
	struct seen *seen = ctx;
	seen->closed++;
}

static bool send_file(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)err;
	web_answer_download(request, answer, STR("C-418 \"note\".txt"),
	                    STR("application/octet-stream"));
	answer->stream = (struct web_stream){ 26000, read_letters, close_letters, request->ctx };
	return true;
}

static bool file_begins(struct web_request *request, const struct multipart_part *part,
                        struct err *err)
{
	struct seen *seen = request->ctx;
	(void)err;
	request->upload = seen;
	buf_format(&seen->upload, "%.*s:%.*s:", STR_ARG(part->name), STR_ARG(part->filename));
	return true;
}

static bool file_goes_on(struct web_request *request, struct str bytes, struct err *err)
{
	struct seen *seen = request->ctx;
	buf_add(&seen->upload, bytes);
	return seen->upload.full ? err_set(err, ERR_UNABLE, "The disk is full") : true;
}

static bool file_ends(struct web_request *request, struct err *err)
{
	struct seen *seen = request->ctx;
	(void)err;
	buf_add(&seen->upload, STR(";"));
	return true;
}

static void upload_is_over(struct web_request *request)
{
	struct seen *seen = request->upload;
	seen->finished++;
}

static const struct web_sink SINK = { file_begins, file_goes_on, file_ends, upload_is_over };

static const unsigned char CSS[] = "body{color:black}", CSS_GZIP[] = "packed";
static const struct embed_asset ASSET_ROWS[] = {
	{ "candour.css", CSS, 17, CSS_GZIP, 6, "0123456789abcdef", "text/css; charset=utf-8" },
};
static const struct assets ASSETS = { ASSET_ROWS, 1 };

static bool say_asset(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return asset_answer(&ASSETS, request, answer, err);
}

static const struct web_route ROUTES[] = {
	{ .method = WEB_GET, .pattern = "/", .handler = say_who },
	{ .method = WEB_GET, .pattern = "/files/new", .handler = say_rest },
	{ .method = WEB_GET, .pattern = "/files/:id/:kind", .handler = say_who },
	{ .method = WEB_GET, .pattern = "/log/*path", .handler = say_rest },
	{ .method = WEB_POST, .pattern = "/form", .handler = say_form, .takes = GATE_TAKES_FORM },
	{ .method = WEB_POST,
	  .pattern = "/both",
	  .handler = say_json,
	  .takes = GATE_TAKES_FORM | GATE_TAKES_JSON },
	{ .method = WEB_POST, .pattern = "/go", .handler = go_on, .takes = GATE_TAKES_FORM },
	{ .method = WEB_GET, .pattern = "/fail/:code", .handler = fail_as_told },
	{ .method = WEB_GET, .pattern = "/split", .handler = split_header },
	{ .method = WEB_GET, .pattern = "/slow", .handler = wait_a_little },
	{ .method = WEB_GET, .pattern = "/file", .handler = send_file },
	{ .method = WEB_GET, .pattern = "/secret", .handler = say_who, .flags = WEB_NEEDS_SESSION },
	{ .method = WEB_GET, .pattern = ASSET_PATTERN, .handler = say_asset },
	{ .method = WEB_POST,
	  .pattern = "/upload",
	  .handler = say_form,
	  .takes = GATE_TAKES_MULTIPART,
	  .max_bytes = 8 << 20,
	  .sink = &SINK },
};

static bool has_room(void *ctx)
{
	struct seen *seen = ctx;
	return !seen->is_full;
}

static bool ask_for_session(struct web_request *request, struct web_answer *answer, struct err *err)
{
	request->session = request->ctx;
	if (!(request->route->flags & WEB_NEEDS_SESSION))
		return true;
	if (fields_get(&request->head->cookies, STR("candour")).p)
		return err_set(err, ERR_REFUSED, "Your office may not do this");
	web_answer_redirect(answer, STR("/sign-in"));
	return false;
}

static void session_is_over(struct web_request *request)
{
	struct seen *seen = request->session;
	seen->ended++;
}

static struct server_config config_of(struct fixture *f)
{
	struct server_config config = hello_config();
	config.routes = ROUTES;
	config.route_count = COUNT_OF(ROUTES);
	config.ctx = &f->seen;
	config.head_ms = 5000;
	config.body_ms = 5000;
	config.hooks = (struct server_hooks){
		.may_take = has_room,
		.before = ask_for_session,
		.end = session_is_over,
	};
	return config;
}

static int set_up(void **state)
{
	static struct fixture f;
	f = (struct fixture){ 0 };
	buf_init(&f.answer, HELLO_ANSWER_MAX);
	buf_init(&f.seen.upload, HELLO_ANSWER_MAX);
	struct server_config config = config_of(&f);
	*state = &f;
	return !server_start(&config, &f.server, &f.err);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	server_stop(f->server);
	buf_finish(&f->answer);
	buf_finish(&f->seen.upload);
	return 0;
}

static int ask(struct fixture *f, struct str request)
{
	return hello_ask(f->server, request, &f->answer);
}

static bool body_is(struct fixture *f, const char *want)
{
	struct str all = buf_str(&f->answer);
	size_t end = str_find_str(all, STR("\r\n\r\n"));
	return str_eq(str_sub(all, end + 4, all.n), str_from_c(want));
}

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
		                      "'self'; img-src 'self'; script-src 'self'; "
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

#define UPLOAD_HEAD                                                                                \
	"POST /upload" H "Origin: http://a\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
#define UPLOAD                                                                                     \
	"--XX\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nphoto\r\n"                   \
	"--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.png\"\r\n\r\nBYTES\r\n"  \
	"--XX--\r\n"

static int upload(struct fixture *f, struct str body)
{
	struct buf request;
	buf_init(&request, 10 << 20);
	buf_format(&request, UPLOAD_HEAD "Content-Length: %zu\r\n\r\n", body.n);
	buf_add(&request, body);
	int status = ask(f, buf_str(&request));
	buf_finish(&request);
	return status;
}

static void an_upload_goes_to_its_sink_and_its_fields_to_the_form(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(upload(f, STR(UPLOAD)), 200);
	assert_true(body_is(f, "kind=photo;"));
	assert_true(str_eq(buf_str(&f->seen.upload), STR("f:x.png:BYTES;")));
	server_stop(f->server);
	f->server = NULL;
	assert_int_equal(f->seen.finished, 1);
}

static void an_upload_that_is_cut_is_told_to_its_sink(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(upload(f, str_sub(STR(UPLOAD), 0, sizeof UPLOAD - 12)), 422);
	int fd = hello_connect(f->server);
	hello_send(fd, STR(UPLOAD_HEAD "Content-Length: 500\r\n\r\n" UPLOAD));
	(void)close(fd);
	for (int ms = 0; ms < 3000 && f->seen.finished < 2; ms += 10)
		(void)poll(NULL, 0, 10);
	assert_int_equal(f->seen.finished, 2);
}

static void a_sink_that_is_full_is_answered_at_the_end(void **state)
{
	struct fixture *f = *state;
	struct buf body;
	buf_init(&body, 4 << 20);
	buf_add(&body,
	        STR("--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n"));
	for (int i = 0; i < 50000; i++)
		buf_add(&body, STR("0123456789012345678901234567890123456789"));
	buf_add(&body, STR("\r\n--XX--\r\n"));
	assert_int_equal(upload(f, buf_str(&body)), 503);
	assert_true(hello_has(&f->answer, "The disk is full"));
	buf_finish(&body);
}

static void plain_fields_of_an_upload_are_bounded_together(void **state)
{
	struct fixture *f = *state;
	struct buf body;
	buf_init(&body, 4 << 20);
	for (int part = 0; part < 3; part++) {
		buf_add(&body, STR("--XX\r\nContent-Disposition: form-data; name=\"w\"\r\n\r\n"));
		for (int i = 0; i < 10000; i++)
			buf_add(&body, STR("0123456789012345678901234567890123456789"));
		buf_add(&body, STR("\r\n"));
	}
	buf_add(&body, STR("--XX--\r\n"));
	assert_int_equal(upload(f, buf_str(&body)), 422);
	buf_finish(&body);
}

static void a_file_is_sent_in_pieces_and_sandboxed(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(ask(f, STR("GET /file" H "\r\n")), 200);
	assert_true(hello_has(&f->answer, "Content-Length: 26000\r\n"));
	assert_true(hello_has(
		&f->answer, "Content-Disposition: attachment; filename=\"C-418__note_.txt\"\r\n"));
	assert_true(hello_has(&f->answer, "Content-Security-Policy: sandbox;"));
	assert_true(hello_has(&f->answer, "yzabcdefghijklmnopqrstuvwxyz"));
	server_stop(f->server);
	f->server = NULL;
	assert_int_equal(f->seen.closed, 1);
}

static void assets_are_kept_for_ever_by_their_hash(void **state)
{
	struct fixture *f = *state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(4096);
	assert_true(str_eq(asset_address(&ASSETS, arena, STR("candour.css")),
	                   STR("/assets/0123456789abcdef/candour.css")));
	assert_null(asset_address(&ASSETS, arena, STR("gone.css")).p);
#define CSS_AT "GET /assets/0123456789abcdef/candour.css" H
	assert_int_equal(ask(f, STR(CSS_AT "\r\n")), 200);
	assert_true(body_is(f, "body{color:black}"));
	assert_true(
		hello_has(&f->answer, "Cache-Control: public, max-age=31536000, immutable\r\n"));
	assert_true(hello_has(&f->answer, "Content-Type: text/css; charset=utf-8\r\n"));
	assert_int_equal(ask(f, STR(CSS_AT "Accept-Encoding: gzip, br\r\n\r\n")), 200);
	assert_true(body_is(f, "packed"));
	assert_true(hello_has(&f->answer, "Content-Encoding: gzip\r\n"));
	assert_int_equal(ask(f, STR(CSS_AT "Accept-Encoding: gzip;q=0\r\n\r\n")), 200);
	assert_true(body_is(f, "body{color:black}"));
	assert_int_equal(ask(f, STR(CSS_AT "If-None-Match: \"x\", W/\"0123456789abcdef\"\r\n\r\n")),
	                 304);
	assert_true(body_is(f, ""));
	assert_int_equal(ask(f, STR("GET /assets/0000000000000000/candour.css" H "\r\n")), 404);
}

static void restart(struct fixture *f, struct server_config config)
{
	server_stop(f->server);
	f->server = NULL;
	assert_true(server_start(&config, &f->server, &f->err));
}

static void only_the_proxy_with_its_secret_names_an_address(void **state)
{
	struct fixture *f = *state;
	(void)ask(f, STR("GET /" H "X-Forwarded-For: 192.0.2.1\r\n\r\n"));
	struct hash direct = f->seen.peer;
	assert_true(f->seen.is_exempt);
	struct server_config config = config_of(f);
	config.proxy_secret = STR("a secret of the proxy");
	restart(f, config);
#define SECRET "X-Candour-Proxy: a secret of the proxy\r\n"
	(void)ask(f, STR("GET /" H "X-Forwarded-For: 192.0.2.1\r\n\r\n"));
	assert_true(hash_eq(&f->seen.peer, &direct));
	assert_false(f->seen.is_exempt);
	(void)ask(f,
	          STR("GET /" H "X-Candour-Proxy: guessed\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n"));
	assert_true(hash_eq(&f->seen.peer, &direct));
	(void)ask(f, STR("GET /" H SECRET "X-Forwarded-For: 192.0.2.1\r\n\r\n"));
	struct hash one = f->seen.peer;
	assert_false(hash_eq(&one, &direct));
	(void)ask(f, STR("GET /" H SECRET "X-Forwarded-For: 198.51.100.7, 192.0.2.1\r\n\r\n"));
	assert_true(
		hash_eq(&f->seen.peer, &one)); /* what the client wrote in front counts nothing */
	(void)ask(f, STR("GET /" H SECRET "X-Forwarded-For: 2001:db8::1\r\n\r\n"));
	struct hash six = f->seen.peer;
	(void)ask(f, STR("GET /" H SECRET "X-Forwarded-For: 2001:db8::ffff\r\n\r\n"));
	assert_true(hash_eq(&f->seen.peer, &six));
	assert_false(hash_eq(&six, &one));
}

static void a_peer_has_so_many_connections_and_no_more(void **state)
{
	struct fixture *f = *state;
	struct server_config config = config_of(f);
	config.peer_max = 3;
	restart(f, config);
	int fds[5];
	for (size_t i = 0; i < COUNT_OF(fds); i++) {
		fds[i] = hello_connect(f->server);
		assert_int_equal(hello_is_closed(fds[i], i < 3 ? 100 : 2000), i >= 3);
	}
	for (size_t i = 0; i < COUNT_OF(fds); i++)
		(void)close(fds[i]);
}

#define CROWD (SERVER_CROWD + 50)

static void in_a_crowd_of_silent_clients_others_are_served(void **state)
{
	struct fixture *f = *state;
	struct server_config config = config_of(f);
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < (size_t)2 * CROWD + 100)
		skip();
	config.peer_max = 2 * (size_t)CROWD;
	config.head_ms = 60000;
	restart(f, config);
	static int fds[CROWD];
	for (size_t i = 0; i < CROWD; i++) {
		fds[i] = hello_connect(f->server);
		assert_true(fds[i] >= 0);
		hello_send(fds[i], STR("GET / HTTP/1.1\r\nHo"));
	}
	assert_int_equal(ask(f, STR("GET /" H "\r\n")), 200);
	assert_true(hello_is_closed(fds[0], 3000)); /* the oldest, long before its time */
	assert_false(hello_is_closed(fds[CROWD - 1], 100));
	assert_int_equal(ask(f, STR("GET /" H "\r\n")), 200);
	for (size_t i = 0; i < CROWD; i++)
		(void)close(fds[i]);
}

static void a_body_that_does_not_come_is_cut(void **state)
{
	struct fixture *f = *state;
	struct server_config config = config_of(f);
	config.body_ms = 300;
	restart(f, config);
	int fd = hello_connect(f->server);
	hello_send(fd,
	           STR("POST /form" H FORM "Origin: http://a\r\nContent-Length: 30\r\n\r\na=1"));
	assert_true(hello_is_closed(fd, 2000));
	(void)close(fd);
}

static void a_unix_socket_serves_too(void **state)
{
	struct fixture *f = *state;
	struct server_config config = config_of(f);
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	(void)snprintf(address.sun_path, sizeof address.sun_path, "/tmp/candour-test-%ld.socket",
	               (long)getpid());
	config.listen = address.sun_path;
	restart(f, config);
	assert_int_equal(server_port(f->server), 0);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
	hello_send(fd, STR("GET /" H "\r\n"));
	hello_read(fd, &f->answer, false, 2000);
	assert_int_equal(hello_status(buf_str(&f->answer)), 200);
	assert_false(f->seen.is_exempt);
	(void)close(fd);
	struct server *second = NULL;
	assert_false(server_start(&config, &second, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	server_stop(f->server);
	f->server = NULL;
	assert_false(file_exists(address.sun_path));
}

static void an_address_in_use_is_told(void **state)
{
	struct fixture *f = *state;
	struct server_config config = config_of(f);
	struct server *second = NULL;
	char where[32];
	assert_true(server_is_loopback(f->server));
	(void)snprintf(where, sizeof where, "127.0.0.1:%u", (unsigned)server_port(f->server));
	config.listen = where;
	assert_false(server_start(&config, &second, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	static const char *const bad[] = { "",           "here",          "127.0.0.1",
		                           "127.0.0.1:", "300.0.0.1:80",  "127.0.0.1:70000",
		                           "[::1:80",    "example.org:80" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		config.listen = bad[i];
		assert_false(server_start(&config, &second, &f->err));
		assert_int_equal(f->err.code, ERR_USAGE);
	}
}

static void *stop_it(void *cls)
{
	server_stop(cls);
	return NULL;
}

static void stopping_lets_a_page_end(void **state)
{
	struct fixture *f = *state;
	pthread_t stopper;
	int idle = hello_connect(f->server);
	int fd = hello_connect(f->server);
	hello_send(fd, STR("GET /slow" H "\r\n"));
	(void)poll(NULL, 0, 100);
	assert_int_equal(pthread_create(&stopper, NULL, stop_it, f->server), 0);
	hello_read(fd, &f->answer, false, 2000);
	assert_int_equal(hello_status(buf_str(&f->answer)), 200);
	assert_true(hello_is_closed(idle, 2000));
	assert_int_equal(pthread_join(stopper, NULL), 0);
	f->server = NULL;
	(void)close(fd);
	(void)close(idle);
}

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

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
		PROVES(an_upload_goes_to_its_sink_and_its_fields_to_the_form),
		PROVES(an_upload_that_is_cut_is_told_to_its_sink),
		PROVES(a_sink_that_is_full_is_answered_at_the_end),
		PROVES(plain_fields_of_an_upload_are_bounded_together),
		PROVES(a_file_is_sent_in_pieces_and_sandboxed),
		PROVES(assets_are_kept_for_ever_by_their_hash),
		PROVES(only_the_proxy_with_its_secret_names_an_address),
		PROVES(a_peer_has_so_many_connections_and_no_more),
		PROVES(in_a_crowd_of_silent_clients_others_are_served),
		PROVES(a_body_that_does_not_come_is_cut),
		PROVES(a_unix_socket_serves_too),
		PROVES(an_address_in_use_is_told),
		PROVES(stopping_lets_a_page_end),
	};
	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
