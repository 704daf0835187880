/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A visitor for tests: the pages of a drill register served on loopback, and
 * somebody who opens them, fills in forms and keeps the cookies she is given.
 *
 *	struct site site = serve(f, NULL);
 *	get(&site, "/report/danger");
 *	post(&site, "/report/danger", "danger-now=no&about=child");
 *	assert_int_equal(site.status, 303);
 *	shut(&site);
 */
#ifndef CANDOUR_TESTS_WEB_VISITOR_H
#define CANDOUR_TESTS_WEB_VISITOR_H

#include "casebook/fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "web/web.h"

#define VISITOR_ANSWER_MAX ((size_t)8 << 20)
#define VISITOR_COOKIES    4

struct site {
	struct fixture *f;
	struct web *web;
	struct str cookies[VISITOR_COOKIES]; /* "name=value" */
	size_t cookie_count;
	const char *extra;  /* header lines that every request gets, or NULL */
	const char *canary; /* must stand in no head and no title; NULL: not looked for */
	/* the last answer */
	unsigned status;
	struct str head;
	struct str body;
};

static inline struct site serve(struct fixture *f, const struct web_config *config)
{
	struct web_config own = config ? *config : (struct web_config){ 0 };
	struct site site = { .f = f };
	if (!own.listen)
		own.listen = "127.0.0.1:0";
	MUST(f, casebook_start_writer(f->book, &f->err));
	MUST(f, web_start(f->book, &own, &site.web, &f->err));
	return site;
}

static inline void shut(struct site *site)
{
	web_stop(site->web);
	site->web = NULL;
}

/* --- reading --------------------------------------------------------------------------------- */

/* Value of a header of the last answer, or p NULL. */
static inline struct str header(const struct site *site, const char *name)
{
	struct str rest = site->head, line, wanted = str_from_c(name);
	while (str_cut(&rest, '\n', &line))
		if (line.n > wanted.n + 1 && line.p[wanted.n] == ':' &&
		    str_eq(str_sub(line, 0, wanted.n), wanted))
			return str_trim(str_sub(line, wanted.n + 1, line.n));
	return STR_NONE;
}

static inline bool has(const struct site *site, const char *words)
{
	return str_find_str(site->body, str_from_c(words)) < site->body.n;
}

static inline struct str title(const struct site *site)
{
	size_t from = str_find_str(site->body, STR("<title>"));
	size_t to = str_find_str(site->body, STR("</title>"));
	return from + 7 <= to && to < site->body.n ? str_sub(site->body, from + 7, to - from - 7)
	                                           : STR_NONE;
}

static inline void must_see(const struct site *site, const char *words)
{
	if (!has(site, words))
		fail_msg("\"%s\" is not on the page:\n%.*s", words, STR_ARG(site->body));
}

static inline void must_not_see(const struct site *site, const char *words)
{
	if (has(site, words))
		fail_msg("\"%s\" is on the page:\n%.*s", words, STR_ARG(site->body));
}

static inline void must_lead_to(const struct site *site, const char *path)
{
	struct str to = header(site, "Location");
	if (site->status != 303 || !str_eq(to, str_from_c(path)))
		fail_msg("led to %u %.*s, not to %s", site->status, STR_ARG(to), path);
}

/* --- asking ---------------------------------------------------------------------------------- */

static inline void keep_cookie(struct site *site, struct str line)
{
	struct str pair = str_sub(line, 0, str_find(line, ';'));
	struct str name = str_sub(pair, 0, str_find(pair, '='));
	size_t at = 0;
	while (at < site->cookie_count &&
	       !str_eq(str_sub(site->cookies[at], 0, str_find(site->cookies[at], '=')), name))
		at++;
	if (str_find_str(line, STR("Max-Age=0")) < line.n) {
		if (at < site->cookie_count)
			site->cookies[at] = site->cookies[--site->cookie_count];
		return;
	}
	assert_true(at < VISITOR_COOKIES);
	site->cookies[at] = arena_copy(site->f->arena, pair);
	site->cookie_count += at == site->cookie_count;
}

static inline void read_answer(struct site *site, struct str answer)
{
	size_t end = str_find_str(answer, STR("\r\n\r\n"));
	uint64_t status = 0;
	struct str rest, line;
	assert_true(end < answer.n);
	site->head = str_sub(answer, 0, end);
	site->body = str_sub(answer, end + 4, answer.n);
	assert_true(str_to_u64(str_sub(answer, 9, 3), 999, &status));
	site->status = (unsigned)status;
	rest = site->head;
	while (str_cut(&rest, '\n', &line))
		if (str_starts(line, STR("Set-Cookie: ")))
			keep_cookie(site, str_trim(str_sub(line, 12, line.n)));
	if (!site->canary)
		return;
	struct str canary = str_from_c(site->canary), named = title(site);
	assert_int_equal(str_find_str(site->head, canary), site->head.n);
	assert_int_equal(str_find_str(named, canary), named.n);
}

static inline int dial(const struct site *site)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		                       .sin_port = htons(web_port(site->web)) };
	struct timeval patience = { .tv_sec = 20 };
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

/* Sends bytes as they are and reads until the other side closes. */
static inline void send_raw(struct site *site, struct str bytes)
{
	struct buf out;
	char piece[8192];
	int fd = dial(site);
	buf_init(&out, VISITOR_ANSWER_MAX);
	while (bytes.n > 0) {
		ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
		if (n <= 0)
			break;
		bytes = str_sub(bytes, (size_t)n, bytes.n);
	}
	for (ssize_t n; (n = recv(fd, piece, sizeof piece, 0)) > 0;)
		buf_add_bytes(&out, piece, (size_t)n);
	(void)close(fd);
	struct str answer = arena_copy(site->f->arena, buf_str(&out));
	buf_finish(&out);
	read_answer(site, answer);
}

static inline void ask(struct site *site, const char *method, const char *path, const char *type,
                       const char *headers, struct str body)
{
	struct buf out;
	buf_init(&out, VISITOR_ANSWER_MAX);
	buf_format(&out, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s%s", method,
	           path, headers ? headers : "", site->extra ? site->extra : "");
	for (size_t i = 0; i < site->cookie_count; i++)
		buf_format(&out, "%s%.*s", i == 0 ? "Cookie: " : "; ", STR_ARG(site->cookies[i]));
	if (site->cookie_count > 0)
		buf_format(&out, "\r\n");
	if (type)
		buf_format(&out, "Content-Type: %s\r\nContent-Length: %zu\r\n", type, body.n);
	buf_format(&out, "\r\n");
	buf_add(&out, body);
	assert_false(out.full);
	send_raw(site, buf_str(&out));
	buf_finish(&out);
}

static inline void get(struct site *site, const char *path)
{
	ask(site, "GET", path, NULL, NULL, STR(""));
}

static inline void get_json(struct site *site, const char *path)
{
	ask(site, "GET", path, NULL, "Accept: application/json\r\n", STR(""));
}

/* A form, its fields already encoded. */
static inline void post(struct site *site, const char *path, const char *form)
{
	ask(site, "POST", path, "application/x-www-form-urlencoded",
	    "Sec-Fetch-Site: same-origin\r\n", str_from_c(form));
}

/* JSON with ' for ", and a key unless NULL; no cookie goes with it. */
static inline void post_json(struct site *site, const char *path, const char *key, const char *text)
{
	size_t kept = site->cookie_count;
	struct str json = arena_copy(site->f->arena, str_from_c(text));
	char *p = arena_alloc(site->f->arena, json.n + 1, 1);
	for (size_t i = 0; i < json.n; i++)
		p[i] = json.p[i] == '\'' ? '"' : json.p[i];
	struct str line = key ? arena_format(site->f->arena, "Idempotency-Key: %s\r\n", key)
	                      : STR_NONE;
	site->cookie_count = 0;
	ask(site, "POST", path, "application/json", line.p, (struct str){ p, json.n });
	site->cookie_count = kept;
}

/* One file in a multipart form, under `field`, and one plain field. */
static inline void post_file(struct site *site, const char *path, const char *field,
                             const char *filename, const char *bytes, const char *name,
                             const char *value)
{
	struct str body = arena_format(
		site->f->arena,
		"--cut\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
		"--cut\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
		"Content-Type: text/plain\r\n\r\n%s\r\n--cut--\r\n",
		name, value, field, filename, bytes);
	ask(site, "POST", path, "multipart/form-data; boundary=cut",
	    "Sec-Fetch-Site: same-origin\r\n", body);
}

static inline const struct json *answer_of(struct site *site)
{
	const struct json *answer = NULL;
	MUST(site->f, json_read(site->f->arena, str_trim(site->body), 8, &answer, &site->f->err));
	return answer;
}

/* Text between two marks of the page, or the test stops. */
static inline struct str between(const struct site *site, const char *from, const char *to)
{
	size_t start = str_find_str(site->body, str_from_c(from));
	if (start == site->body.n)
		fail_msg("\"%s\" is not on the page:\n%.*s", from, STR_ARG(site->body));
	struct str rest = str_sub(site->body, start + strlen(from), site->body.n);
	return str_sub(rest, 0, str_find_str(rest, str_from_c(to)));
}

#endif
