/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files to and from a server: uploads to their sink, files in pieces, assets. */
#include "web/server_fixture.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(an_upload_goes_to_its_sink_and_its_fields_to_the_form),
		PROVES(an_upload_that_is_cut_is_told_to_its_sink),
		PROVES(a_sink_that_is_full_is_answered_at_the_end),
		PROVES(plain_fields_of_an_upload_are_bounded_together),
		PROVES(a_file_is_sent_in_pieces_and_sandboxed),
		PROVES(assets_are_kept_for_ever_by_their_hash),
	};
	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
