/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A server on a port of its own, with pages that say what they saw. */
#ifndef CANDOUR_TESTS_WEB_SERVER_FIXTURE_H
#define CANDOUR_TESTS_WEB_SERVER_FIXTURE_H

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

static inline bool say_who(struct web_request *request, struct web_answer *answer, struct err *err)
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

static inline bool say_rest(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)err;
	web_answer_text(answer, 200, web_param(request, STR("path")));
	return true;
}

static inline bool say_json(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)err;
	struct json *model = json_object(request->arena);
	json_put_text(request->arena, model, STR("got"), json_text(request->json, STR("words")));
	web_answer_json(answer, model);
	return true;
}

static inline bool go_on(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)err;
	web_answer_redirect(answer, fields_get(&request->form, STR("to")));
	web_answer_cookie(answer, (struct cookie){ .name = STR("candour"), .value = STR("x") });
	return true;
}

static inline bool fail_as_told(struct web_request *request, struct web_answer *answer, struct err *err)
{
	uint64_t code = 0;
	(void)answer;
	assert_true(str_to_u64(web_param(request, STR("code")), ERR_FAULT, &code));
	buf_add(&answer->body, STR("half a page"));
	return err_set(err, (enum err_code)code, "Words for the person");
}

static inline bool split_header(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)request;
	(void)err;
	web_answer_header(answer, STR("X-Evil"), STR("a\r\nSet-Cookie: b=c"));
	return true;
}

static inline bool wait_a_little(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)request;
	(void)err;
	(void)poll(NULL, 0, 300);
	web_answer_text(answer, 200, STR("done"));
	return true;
}

static inline size_t read_letters(void *ctx, uint64_t at, char *out, size_t room)
{
	(void)ctx;
	size_t n = room < 1000 ? room : 1000;
	for (size_t i = 0; i < n; i++)
		out[i] = (char)('a' + (int)((at + i) % 26));
	return n;
}

static inline void close_letters(void *ctx)
{
	struct seen *seen = ctx;
	seen->closed++;
}

static inline bool send_file(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)err;
	web_answer_download(request, answer, STR("C-418 \"note\".txt"),
	                    STR("application/octet-stream"));
	answer->stream = (struct web_stream){ 26000, read_letters, close_letters, request->ctx };
	return true;
}

static inline bool file_begins(struct web_request *request, const struct multipart_part *part,
                        struct err *err)
{
	struct seen *seen = request->ctx;
	(void)err;
	request->upload = seen;
	buf_format(&seen->upload, "%.*s:%.*s:", STR_ARG(part->name), STR_ARG(part->filename));
	return true;
}

static inline bool file_goes_on(struct web_request *request, struct str bytes, struct err *err)
{
	struct seen *seen = request->ctx;
	buf_add(&seen->upload, bytes);
	return seen->upload.full ? err_set(err, ERR_UNABLE, "The disk is full") : true;
}

static inline bool file_ends(struct web_request *request, struct err *err)
{
	struct seen *seen = request->ctx;
	(void)err;
	buf_add(&seen->upload, STR(";"));
	return true;
}

static inline void upload_is_over(struct web_request *request)
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

static inline bool say_asset(struct web_request *request, struct web_answer *answer, struct err *err)
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

static inline bool has_room(void *ctx)
{
	struct seen *seen = ctx;
	return !seen->is_full;
}

static inline bool ask_for_session(struct web_request *request, struct web_answer *answer, struct err *err)
{
	request->session = request->ctx;
	if (!(request->route->flags & WEB_NEEDS_SESSION))
		return true;
	if (fields_get(&request->head->cookies, STR("candour")).p)
		return err_set(err, ERR_REFUSED, "Your office may not do this");
	web_answer_redirect(answer, STR("/sign-in"));
	return false;
}

static inline void session_is_over(struct web_request *request)
{
	struct seen *seen = request->session;
	seen->ended++;
}

static inline struct server_config config_of(struct fixture *f)
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

static inline int set_up(void **state)
{
	static struct fixture f;
	f = (struct fixture){ 0 };
	buf_init(&f.answer, HELLO_ANSWER_MAX);
	buf_init(&f.seen.upload, HELLO_ANSWER_MAX);
	struct server_config config = config_of(&f);
	*state = &f;
	return !server_start(&config, &f.server, &f.err);
}

static inline int tear_down(void **state)
{
	struct fixture *f = *state;
	server_stop(f->server);
	buf_finish(&f->answer);
	buf_finish(&f->seen.upload);
	return 0;
}

static inline int ask(struct fixture *f, struct str request)
{
	return hello_ask(f->server, request, &f->answer);
}

static inline bool body_is(struct fixture *f, const char *want)
{
	struct str all = buf_str(&f->answer);
	size_t end = str_find_str(all, STR("\r\n\r\n"));
	return str_eq(str_sub(all, end + 4, all.n), str_from_c(want));
}

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

#endif
