/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A small server for tests, and a client that sends any bytes. */
#ifndef CANDOUR_TESTS_WEB_HELLO_H
#define CANDOUR_TESTS_WEB_HELLO_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/base.h"
#include "web/server.h"

#define HELLO_DEADLINE_MS 400
#define HELLO_ANSWER_MAX (1 << 20)

static bool say_hello(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)request;
	(void)err;
	web_answer_text(answer, 200, STR("Hello from the register, thirty.\n"));
	return true;
}

/* The form back, "name=value;" for each field. */
static bool say_form(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)err;
	web_answer_text(answer, 200, STR(""));
	for (size_t i = 0; i < request->form.count; i++)
		buf_format(&answer->body, "%.*s=%.*s;", STR_ARG(request->form.at[i].name),
		           STR_ARG(request->form.at[i].value));
	return true;
}

static const struct web_route HELLO_ROUTES[] = {
	{ .method = WEB_GET, .pattern = "/", .handler = say_hello },
	{ .method = WEB_GET, .pattern = "/a", .handler = say_hello },
	{ .method = WEB_GET, .pattern = "/form", .handler = say_hello },
	{ .method = WEB_POST,
	  .pattern = "/form",
	  .handler = say_form,
	  .takes = GATE_TAKES_FORM,
	  .flags = WEB_ANY_SITE },
	{ .method = WEB_GET,
	  .pattern = "/twice",
	  .handler = say_hello,
	  .takes = GATE_TAKES_REPEATS },
};

static const struct str HELLO_HOSTS[] = { { "a", 1 }, { "b", 1 } };
static const struct str HELLO_COOKIES[] = { { "candour", 7 } };

static inline struct server_config hello_config(void)
{
	return (struct server_config){
		.listen = "127.0.0.1:0",
		.routes = HELLO_ROUTES,
		.route_count = COUNT_OF(HELLO_ROUTES),
		.names = { HELLO_HOSTS, COUNT_OF(HELLO_HOSTS), HELLO_COOKIES,
		           COUNT_OF(HELLO_COOKIES) },
		.head_ms = HELLO_DEADLINE_MS,
		.body_ms = HELLO_DEADLINE_MS,
	};
}

static inline int hello_connect(const struct server *server)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		                       .sin_port = htons(server_port(server)) };
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

/* Sends all; a peer that has closed is no fault of the test. */
static inline void hello_send(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
		if (n <= 0)
			return;
		bytes = str_sub(bytes, (size_t)n, bytes.n);
	}
}

/* True when `answer` is a whole one: head, and as many bytes as it says (none for HEAD). */
static inline bool hello_is_whole(struct str answer, bool is_head)
{
	size_t end = str_find_str(answer, STR("\r\n\r\n"));
	size_t at = str_find_str(answer, STR("Content-Length: "));
	if (end == answer.n || at > end)
		return false;
	struct str rest = str_sub(answer, at + 16, answer.n);
	uint64_t n;
	return str_to_u64(str_sub(rest, 0, str_find(rest, '\r')), 1 << 30, &n) &&
	       (is_head || answer.n >= end + 4 + n);
}

/* Reads one answer into `out` (cleared): until whole, end of file, or `ms` without a byte. */
static inline void hello_read(int fd, struct buf *out, bool is_head, int ms)
{
	char piece[8192];
	buf_clear(out);
	while (!hello_is_whole(buf_str(out), is_head)) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		if (poll(&ready, 1, ms) <= 0)
			return;
		ssize_t n = recv(fd, piece, sizeof piece, 0);
		if (n <= 0)
			return;
		buf_add_bytes(out, piece, (size_t)n);
	}
}

/* True when the other end has closed, within `ms`. */
static inline bool hello_is_closed(int fd, int ms)
{
	char piece[4096];
	for (;;) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		if (poll(&ready, 1, ms) <= 0)
			return false;
		if (recv(fd, piece, sizeof piece, 0) <= 0)
			return true;
	}
}

/* The status of an answer; 0 when there is none. */
static inline int hello_status(struct str answer)
{
	uint64_t status;
	if (!str_starts(answer, STR("HTTP/1.")) || !str_to_u64(str_sub(answer, 9, 3), 999, &status))
		return 0;
	return (int)status;
}

/* Sends one request on a connection of its own and reads its answer. */
static inline int hello_ask(const struct server *server, struct str request, struct buf *out)
{
	int fd = hello_connect(server);
	if (fd < 0)
		return -1;
	hello_send(fd, request);
	hello_read(fd, out, str_starts(request, STR("HEAD ")), 3000);
	(void)close(fd);
	return hello_status(buf_str(out));
}

static inline bool hello_has(const struct buf *answer, const char *part)
{
	struct str s = buf_str(answer);
	return str_find_str(s, str_from_c(part)) < s.n;
}

#endif
