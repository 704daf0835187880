/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A witness over HTTP: a log that sends as logs do is answered, whoever floods it is asked to wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base.h"
#include "log/log.h"
#include "web/web.h"

#define SECRET   "a secret of the proxy"
#define A_MINUTE 600
#define NORMAL   96 /* a beat of 5 seconds, each as often as may be tried */

struct served {
	char dir[64];
	struct log_witness *witness;
	struct web_witness *web;
	struct err err;
	int fd;
	char answer[4096];
};

static int set_up(void **state)
{
	CLEANUP(log_signer_cleanup) struct log_signer *key = NULL;
	uint8_t seed[LOG_KEY_SIZE] = { 9 };
	struct served *s = calloc(1, sizeof *s);
	assert_non_null(s);
	strcpy(s->dir, "/tmp/candour-witness-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	assert_true(log_signer_create(STR("witness.example.net/w1"), LOG_KEY_WITNESS, seed, &key, &s->err));
	assert_true(log_witness_make(s->dir, key, &s->err));
	assert_true(log_witness_open(s->dir, &s->witness, &s->err));
	assert_true(web_witness_start(s->witness, "127.0.0.1:0", STR(SECRET), &s->web, &s->err));
	s->fd = -1;
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	char command[100];
	struct served *s = *state;
	if (s->fd >= 0)
		(void)close(s->fd);
	web_witness_stop(s->web);
	log_witness_close(s->witness);
	(void)snprintf(command, sizeof command, "rm -rf %s", s->dir);
	assert_int_equal(system(command), 0);
	free(s);
	return 0;
}

static void dial(struct served *s)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(web_witness_port(s->web)) };
	int one = 1;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(s->fd >= 0);
	assert_int_equal(setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one), 0);
	assert_int_equal(connect(s->fd, (struct sockaddr *)&to, sizeof to), 0);
}

/* The status of one request; its head and body lie in s->answer. */
static int ask(struct served *s, const char *request)
{
	size_t n = 0;
	if (s->fd < 0)
		dial(s);
	assert_int_equal(send(s->fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
	for (;;) {
		ssize_t got = recv(s->fd, s->answer + n, sizeof s->answer - 1 - n, 0);
		assert_true(got > 0);
		n += (size_t)got;
		s->answer[n] = 0;
		const char *body = strstr(s->answer, "\r\n\r\n");
		if (body && body[4] && s->answer[n - 1] == '\n')
			break; /* each body here is one line */
	}
	if (strstr(s->answer, "Connection: close")) {
		(void)close(s->fd);
		s->fd = -1;
	}
	return atoi(s->answer + sizeof "HTTP/1.1 " - 1);
}

#define OF(address) "Host: w\r\nX-Candour-Proxy: " SECRET "\r\nX-Forwarded-For: " address "\r\n"
static const char ADD[] = "POST /add-checkpoint HTTP/1.1\r\n" OF("192.0.2.1") "Content-Length: 2\r\n\r\nx\n";
static const char OTHER[] = "POST /add-checkpoint HTTP/1.1\r\n" OF("192.0.2.2") "Content-Length: 2\r\n\r\nx\n";
static const char LOOK[] = "GET /00/checkpoint HTTP/1.1\r\n" OF("192.0.2.1") "\r\n";

static void who_asks_too_often_waits_and_who_does_not_never(void **state)
{
	struct served *s = *state;
	int asked = 0;
	while (asked <= A_MINUTE && ask(s, ADD) == 400)
		asked++;
	assert_true(asked > NORMAL);
	assert_int_equal(asked, A_MINUTE);
	assert_non_null(strstr(s->answer, "HTTP/1.1 429"));
	assert_non_null(strstr(s->answer, "Retry-After: "));
	assert_int_equal(ask(s, ADD), 429);
	assert_int_equal(ask(s, OTHER), 400); /* who sends as a log does is answered meanwhile */
	assert_int_equal(ask(s, LOOK), 404); /* what is shown is shown to everybody */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_asks_too_often_waits_and_who_does_not_never, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
