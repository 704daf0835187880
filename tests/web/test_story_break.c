/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Point 5 of docs/asked.md, told as a reporter lives it whose line breaks: in
 * the middle of files, of an answer, of sending. She presses Back, and goes on.
 */
#include "web/visitor.h"

#include <poll.h>

#define CUT_HEAD "--cut\r\nContent-Disposition: form-data; name=\"files\"; filename=\""
#define CUT_TYPE "\"\r\nContent-Type: text/plain\r\n\r\n"

/* Sends the head and what has come of the body, then the line is gone. */
static void break_off(struct site *site, const char *path, const char *type, size_t length,
                      const char *body)
{
	struct str cookie = site->cookies[0];
	struct str request = arena_format(
		site->f->arena,
		"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
		"Cookie: %.*s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
		path, STR_ARG(cookie), type, length, body);
	int fd = dial(site);
	assert_int_equal(send(fd, request.p, request.n, MSG_NOSIGNAL), (ssize_t)request.n);
	(void)close(fd);
}

/* The register hears of a broken line a moment after it broke. */
static bool comes_to_see(struct site *site, const char *path, const char *words)
{
	for (int i = 0; i < 100; i++) {
		get(site, path);
		if (has(site, words))
			return true;
		(void)poll(NULL, 0, 20);
	}
	return false;
}

static void begin_report(struct site *site)
{
	post(site, "/report/danger", "danger-now=no&about=child");
	must_lead_to(site, "/report/child");
	post(site, "/report/happening", "happening=He+is+alone+at+night");
	must_lead_to(site, "/report/when-where");
}

static void what_arrived_before_the_line_broke_is_kept(void **state)
{
	static const char TYPE[] = "multipart/form-data; boundary=cut";
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	begin_report(&site);
	break_off(&site, "/report/files", TYPE, 1000,
	          CUT_HEAD "one.txt" CUT_TYPE "The first of three.\r\n" CUT_HEAD
	                   "two.txt" CUT_TYPE "The seco");
	assert_true(comes_to_see(&site, "/report/files", "The connection broke at 2 %. What "
	                                                 "arrived is kept: send again to go on"));
	must_see(&site, "one.txt, 19 bytes");
	must_see(&site, "Arrived whole");
	must_not_see(&site, "two.txt");
	/* All of them again, as the browser would: none is there twice. */
	ask(&site, "POST", "/report/files", TYPE, "Sec-Fetch-Site: same-origin\r\n",
	    STR(CUT_HEAD "one.txt" CUT_TYPE "The first of three.\r\n" CUT_HEAD "two.txt" CUT_TYPE
	                 "The second of three.\r\n--cut--\r\n"));
	must_lead_to(&site, "/report/contact");
	get(&site, "/report/files");
	must_not_see(&site, "The connection broke");
	must_see(&site, "two.txt, 20 bytes");
	struct str page = site.body;
	size_t first = str_find_str(page, STR("one.txt, 19 bytes"));
	assert_int_equal(str_find_str(str_sub(page, first + 1, page.n), STR("one.txt, 19 bytes")),
	                 page.n - first - 1);
	post(&site, "/report/check", "");
	must_lead_to(&site, "/report/done");
	shut(&site);
}

static void a_file_that_broke_off_alone_is_said_not_to_have_arrived(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	begin_report(&site);
	break_off(&site, "/report/files", "multipart/form-data; boundary=cut", 1000,
	          CUT_HEAD "one.txt" CUT_TYPE "The first o");
	assert_true(comes_to_see(&site, "/report/files",
	                         "The connection broke at 1 %. Nothing arrived whole: send it again"));
	must_not_see(&site, "Arrived whole");
	shut(&site);
}

static void an_answer_that_broke_off_changes_none_that_was_given(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	begin_report(&site);
	break_off(&site, "/report/happening", "application/x-www-form-urlencoded", 400,
	          "happening=Something+else");
	(void)poll(NULL, 0, 50);
	get(&site, "/report/happening");
	must_see(&site, "He is alone at night</textarea>");
	get(&site, "/report/check");
	must_see(&site, "He is alone at night");
	shut(&site);
}

static void what_was_sent_while_the_line_broke_is_sent_once(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	begin_report(&site);
	get(&site, "/report/check");
	break_off(&site, "/report/check", "application/x-www-form-urlencoded", 0, "");
	for (int i = 0; i < 100 && !str_eq(header(&site, "Location"), STR("/report/done")); i++) {
		(void)poll(NULL, 0, 20);
		get(&site, "/report/check");
	}
	must_lead_to(&site, "/report/done");
	get(&site, "/report/done");
	struct str code = between(&site, "class=\"cd-code\"", "</ol>");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_health before, after;
	MUST(f, casebook_health(reader, &before, &f->err));
	post(&site, "/report/check", ""); /* Back, and once more */
	must_lead_to(&site, "/report/done");
	get(&site, "/report/done");
	assert_true(str_eq(between(&site, "class=\"cd-code\"", "</ol>"), code));
	casebook_reader_give(&reader);
	reader = reader_of(f);
	MUST(f, casebook_health(reader, &after, &f->err));
	assert_int_equal(after.entries, before.entries);
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_arrived_before_the_line_broke_is_kept),
		PROVES(a_file_that_broke_off_alone_is_said_not_to_have_arrived),
		PROVES(an_answer_that_broke_off_changes_none_that_was_given),
		PROVES(what_was_sent_while_the_line_broke_is_sent_once),
	};
	return PROVE(tests);
}
