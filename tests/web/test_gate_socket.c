/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rows of gate_rows.h through a socket: what the library and the gate answer together. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/gate_rows.h"
#include "web/hello.h"

static struct server *server;
static struct buf answer;

static int set_up(void **state)
{
	struct server_config config = hello_config();
	struct err err;
	(void)state;
	buf_init(&answer, HELLO_ANSWER_MAX);
	return !server_start(&config, &server, &err);
}

static int tear_down(void **state)
{
	(void)state;
	server_stop(server);
	buf_finish(&answer);
	return 0;
}

static size_t count_answers(void)
{
	size_t count = 0;
	struct str rest = buf_str(&answer);
	for (size_t at; (at = str_find_str(rest, STR("HTTP/1."))) < rest.n; count++)
		rest = str_sub(rest, at + 7, rest.n);
	return count;
}

/* Sends the row on a connection of its own; what is wrong with what came, or NULL. */
static const char *run_row(const struct gate_row *row, struct str request)
{
	int fd = hello_connect(server);
	assert_true(fd >= 0);
	hello_send(fd, request);
	hello_read(fd, &answer, str_starts(request, STR("HEAD ")), 3000);
	int status = hello_status(buf_str(&answer));
	const char *wrong = status == row->socket ? NULL : "another status";
	if (!wrong && row->gate > 0 && !hello_has(&answer, "Connection: close") &&
	    row->gate == row->socket && hello_has(&answer, "nosniff"))
		wrong = "a refusal without Connection: close";
	if (!wrong && status != SERVED && status != 404 && !hello_is_closed(fd, 2000))
		wrong = "the connection stays open";
	if (!wrong && row->row == 53 && count_answers() != 1)
		wrong = "the smuggled request was answered";
	(void)close(fd);
	return wrong;
}

static void every_row_gets_its_answer_through_a_socket(void **state)
{
	int bad = 0;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(GATE_ROWS); i++) {
		const struct gate_row *row = &GATE_ROWS[i];
		struct buf raw;
		buf_init(&raw, 100000);
		buf_add_bytes(&raw, row->before, row->before_n);
		for (int n = 0; n < row->times; n++)
			buf_add(&raw, str_from_c(row->repeated));
		buf_add_bytes(&raw, row->after, row->after_n);
		const char *wrong = run_row(row, buf_str(&raw));
		if (wrong) {
			bad++;
			print_error("row %d (%zu): wanted %d: %s: [%.60s]\n", row->row, i,
			            row->socket, wrong, answer.n ? answer.p : "");
		}
		buf_finish(&raw);
	}
	print_message("%zu rows\n", COUNT_OF(GATE_ROWS));
	assert_int_equal(bad, 0);
}

/* Row 38: the library glues a folded line to the header's name; what it hides must still be
 * refused. */
static void a_folded_length_cannot_hide_a_second_one(void **state)
{
	(void)state;
	int status = hello_ask(server,
	                       STR("POST /form" H FORM "Content-Length: 3\r\n"
	                           "Content: 5\r\n -Length\r\n\r\na=1"),
	                       &answer);
	assert_int_equal(status, 400);
}

/* Row 60. */
static void a_large_body_is_refused_before_it_is_asked_for(void **state)
{
	(void)state;
	int fd = hello_connect(server);
	hello_send(fd,
	           STR("POST /form" H FORM "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
	char line[26];
	assert_int_equal(recv(fd, line, sizeof line - 1, MSG_WAITALL), 25);
	assert_memory_equal(line, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	hello_send(fd, STR("a=1"));
	hello_read(fd, &answer, false, 2000);
	assert_int_equal(hello_status(buf_str(&answer)), 200);
	(void)close(fd);
	int status = hello_ask(server,
	                       STR("POST /form" H FORM "Expect: 100-continue\r\n"
	                           "Content-Length: 5000000\r\n\r\n"),
	                       &answer);
	assert_int_equal(status, 413);
}

/* Row 62. */
static void pipelined_requests_are_answered_in_order(void **state)
{
	(void)state;
	int fd = hello_connect(server);
	hello_send(fd, STR("POST /form" H FORM "Content-Length: 3\r\n\r\na=1"
	                   "POST /form" H FORM "Content-Length: 3\r\n\r\na=2"
	                   "GET /a" H "Connection: close\r\n\r\n"));
	struct buf all;
	buf_init(&all, 1 << 16);
	char piece[4096];
	ssize_t n;
	while ((n = recv(fd, piece, sizeof piece, 0)) > 0)
		buf_add_bytes(&all, piece, (size_t)n);
	(void)close(fd);
	size_t one = str_find_str(buf_str(&all), STR("a=1;"));
	size_t two = str_find_str(buf_str(&all), STR("a=2;"));
	size_t hello = str_find_str(buf_str(&all), STR("Hello"));
	assert_true(one < two && two < hello && hello < all.n);
	buf_finish(&all);
}

/* Row 71. */
static void a_head_that_trickles_is_cut(void **state)
{
	(void)state;
	int fd = hello_connect(server);
	struct str head =
		STR("GET /a HTTP/1.1\r\nHost: a\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy");
	bool is_closed = false;
	for (size_t i = 0; i < head.n && !is_closed; i++) {
		hello_send(fd, str_sub(head, i, 1));
		is_closed = hello_is_closed(fd, 50);
	}
	assert_true(is_closed);
	(void)close(fd);
}

/* Row 72. */
static void random_bytes_are_survived(void **state)
{
	static char bytes[4096];
	uint64_t random = 88172645463325252u;
	(void)state;
	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < sizeof bytes; i++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			bytes[i] = (char)(unsigned char)(random & 0xff);
		}
		int fd = hello_connect(server);
		hello_send(fd, (struct str){ bytes, sizeof bytes });
		assert_true(hello_is_closed(fd, 3000));
		(void)close(fd);
	}
	assert_int_equal(hello_ask(server, STR("GET /a" H "\r\n"), &answer), 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_gets_its_answer_through_a_socket),
		cmocka_unit_test(a_folded_length_cannot_hide_a_second_one),
		cmocka_unit_test(a_large_body_is_refused_before_it_is_asked_for),
		cmocka_unit_test(pipelined_requests_are_answered_in_order),
		cmocka_unit_test(a_head_that_trickles_is_cut),
		cmocka_unit_test(random_bytes_are_survived),
	};
	return !!cmocka_run_group_tests(tests, set_up, tear_down);
}
