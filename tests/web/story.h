/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Somebody with a browser before the pages of a drill register: keeps cookies,
 * follows redirects, sees what is on the page. Over the fixture of the
 * casebook's tests, whose register it serves.
 */
#ifndef CANDOUR_TESTS_WEB_STORY_H
#define CANDOUR_TESTS_WEB_STORY_H

#include "casebook/fixture.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "web/web.h"

#define VISITOR_ANSWER_MAX ((size_t)4 << 20)
#define VISITOR_COOKIES    4

struct visitor {
	struct fixture *f;
	struct web *web;
	struct str names[VISITOR_COOKIES];
	struct str values[VISITOR_COOKIES]; /* p NULL: none */
	int status;
	struct str head;
	struct str body;
	struct str path; /* where the redirects ended */
};

static inline struct visitor visitor_begin(struct fixture *f)
{
	struct visitor visitor = { .f = f };
	struct web_config config = { .listen = "127.0.0.1:0" };
	MUST(f, casebook_start_writer(f->book, &f->err));
	MUST(f, web_start(f->book, &config, &visitor.web, &f->err));
	return visitor;
}

static inline void visitor_end(struct visitor *visitor)
{
	web_stop(visitor->web);
	visitor->web = NULL;
}

/* --- the wire ------------------------------------------------------------------------------- */

static inline struct str visitor_exchange(struct visitor *visitor, struct str request)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(web_port(visitor->web)) };
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	struct buf answer;
	char bytes[8192];
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
	while (request.n) {
		ssize_t n = write(fd, request.p, request.n);
		assert_true(n > 0);
		request = str_sub(request, (size_t)n, request.n);
	}
	buf_init(&answer, VISITOR_ANSWER_MAX);
	for (;;) {
		ssize_t n = read(fd, bytes, sizeof bytes);
		assert_true(n >= 0);
		if (n == 0)
			break;
		buf_add(&answer, (struct str){ bytes, (size_t)n });
	}
	(void)close(fd);
	struct str copy = arena_copy(visitor->f->arena, buf_str(&answer));
	buf_finish(&answer);
	return copy;
}

/* The value of a header line; p NULL: none. `*from` goes on behind it. */
static inline struct str visitor_header(struct str head, const char *name, size_t *from)
{
	struct str wanted = str_from_c(name), rest = str_sub(head, *from, head.n);
	size_t at = str_find_str(rest, wanted);
	if (at == rest.n)
		return STR_NONE;
	struct str value = str_sub(rest, at + wanted.n, rest.n);
	value = str_sub(value, 0, str_find(value, '\r'));
	*from += at + wanted.n;
	return value;
}

static inline void visitor_take_cookies(struct visitor *visitor)
{
	size_t from = 0;
	for (;;) {
		struct str cookie = visitor_header(visitor->head, "\r\nSet-Cookie: ", &from);
		if (!cookie.p)
			return;
		size_t equals = str_find(cookie, '='), end = str_find(cookie, ';');
		struct str name = str_sub(cookie, 0, equals);
		for (size_t i = 0; i < VISITOR_COOKIES; i++) {
			if (visitor->names[i].p && !str_eq(visitor->names[i], name))
				continue;
			visitor->names[i] = name;
			visitor->values[i] = str_sub(cookie, equals + 1, end);
			break;
		}
	}
}

static inline void visitor_ask(struct visitor *visitor, const char *method, struct str path, const char *form)
{
	struct buf text;
	buf_init(&text, 1 << 20);
	buf_format(&text,
	           "%s %.*s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n"
	           "Sec-Fetch-Site: same-origin\r\n",
	           method, STR_ARG(path), (unsigned)web_port(visitor->web));
	const char *before = "Cookie: ";
	for (size_t i = 0; i < VISITOR_COOKIES; i++) {
		if (!visitor->values[i].n)
			continue;
		buf_format(&text, "%s%.*s=%.*s", before, STR_ARG(visitor->names[i]), STR_ARG(visitor->values[i]));
		before = "; ";
	}
	if (before[0] == ';')
		buf_add(&text, STR("\r\n"));
	if (form)
		buf_format(&text, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
		           strlen(form), form);
	else
		buf_add(&text, STR("\r\n"));
	struct str answer = visitor_exchange(visitor, buf_str(&text));
	buf_finish(&text);
	size_t end = str_find_str(answer, STR("\r\n\r\n"));
	assert_true(end < answer.n);
	visitor->head = str_sub(answer, 0, end + 2);
	visitor->body = str_sub(answer, end + 4, answer.n);
	visitor->status = atoi(str_to_c(visitor->f->arena, str_sub(answer, 9, 12)));
	visitor->path = path;
	visitor_take_cookies(visitor);
}

/* --- what a person does --------------------------------------------------------------------- */

static inline void visitor_follow(struct visitor *visitor)
{
	for (int i = 0; i < 5 && visitor->status == 303; i++) {
		size_t from = 0;
		struct str to = visitor_header(visitor->head, "\r\nLocation: ", &from);
		assert_true(to.n > 0);
		visitor_ask(visitor, "GET", to, NULL);
	}
}

static inline void visitor_open(struct visitor *visitor, const char *path)
{
	visitor_ask(visitor, "GET", str_from_c(path), NULL);
	visitor_follow(visitor);
}

static inline void visitor_send(struct visitor *visitor, const char *path, const char *form)
{
	visitor_ask(visitor, "POST", str_from_c(path), form);
	visitor_follow(visitor);
}

static inline bool visitor_sees(const struct visitor *visitor, const char *words)
{
	struct str wanted = str_from_c(words);
	return str_find_str(visitor->body, wanted) < visitor->body.n;
}

static inline bool visitor_is_at(const struct visitor *visitor, const char *path)
{
	return visitor->status == 200 && str_eq(visitor->path, str_from_c(path));
}

/* Every answer to a post and every page of a person's own must say so. */
static inline bool visitor_page_is_kept_nowhere(const struct visitor *visitor)
{
	struct str wanted = STR("\r\nCache-Control: no-store\r\n");
	return str_find_str(visitor->head, wanted) < visitor->head.n;
}

/* The text between two marks of the page; fails when they are not there. */
static inline struct str visitor_text(const struct visitor *visitor, const char *before, const char *after)
{
	struct str start = str_from_c(before), rest = visitor->body;
	size_t at = str_find_str(rest, start);
	if (at == rest.n)
		fail_msg("%s is not on the page %.*s", before, STR_ARG(visitor->path));
	rest = str_sub(rest, at + start.n, rest.n);
	return str_sub(rest, 0, str_find_str(rest, str_from_c(after)));
}

#endif
