/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A report by telephone. */
#include "web/desk.h"

/* Pages 4.8: danger first, then the words as said, in the biggest box; who tells it last. */
static void a_call_is_written_down_in_the_order_of_telling(void **state)
{
	static const char *const ORDER[] = { "name=\"danger-now\"", ">Words as said</h2>",
		                             "id=\"happening\" name=\"happening\" rows=\"14\"",
		                             ">The child</h2>", "name=\"child\"",
		                             ">When and where</h2>", "name=\"where\"",
		                             ">What it may be</h2>", "name=\"harm\"",
		                             ">Who is telling</h2>", "name=\"source\"",
		                             "name=\"contact\"", "Send and give the code" };
	struct desk d = desk(*state);
	size_t last = 0;
	get(&d.site, "/work/call");
	for (size_t i = 0; i < COUNT_OF(ORDER); i++) {
		size_t at = str_find_str(d.site.body, str_from_c(ORDER[i]));
		must_see(&d.site, ORDER[i]);
		if (at < last)
			fail_msg("%s stands too early", ORDER[i]);
		last = at;
	}
	shut(&d.site);
}

static void a_call_gives_a_code_to_read_aloud(void **state)
{
	struct desk d = desk(*state);
	get(&d.site, "/work/call");
	must_see(&d.site, "What to say");
	post_own(&d.site, "/work/call", "danger-now=no&source=neighbour&harm=not-yet-known");
	assert_int_equal(d.site.status, 422);
	must_see(&d.site, "What is happening?");
	post_own(&d.site, "/work/call",
	         "danger-now=no&source=neighbour&harm=not-yet-known&harm-sign=unknown"
	         "&happening=He+cries&submission=call-1");
	assert_int_equal(d.site.status, 201);
	must_see(&d.site, "Your code is four words and four numbers");
	must_see(&d.site, " for ");
	must_see(&d.site, "“A trained person reads it, by ");
	must_see(&d.site, "“We tell you that it has arrived, by "); /* there is no "here" on a telephone */
	get(&d.site, "/work/call");
	must_not_see(&d.site, "He cries");
	shut(&d.site);
}

/* What the listener adds is advised on, not what was said; and asking writes nothing. */
static void the_words_of_a_call_may_be_checked(void **state)
{
	struct desk d = desk(*state);
	int64_t before = entries_of(d.site.f);
	get(&d.site, "/work/call");
	must_see(&d.site, "Check my words");
	must_see(&d.site, "data-cd-words=\"/words/new/concern.received\"");
	post_own(&d.site, "/work/call",
	         "danger-now=no&source=neighbour&happening=A+lifestyle+choice&where=She+is+promiscuous&check=yes");
	assert_int_equal(d.site.status, 200);
	must_see(&d.site, "You wrote: “promiscuous”.");
	must_see(&d.site, "Nothing was sent yet.");
	must_not_see(&d.site, "cannot choose");
	must_see(&d.site, ">A lifestyle choice</textarea>");
	assert_int_equal(entries_of(d.site.f), before);
	shut(&d.site);
}

/* What lay in the post since Tuesday is owed from Tuesday. */
static void what_came_earlier_is_owed_from_when_it_came(void **state)
{
	struct desk d = desk(*state);
	get(&d.site, "/work/call");
	must_see(&d.site, "If it reached you earlier, when? (optional)");
	post_own(&d.site, "/work/call",
	         "danger-now=no&source=neighbour&harm=not-yet-known&harm-sign=unknown&happening=He+cries"
	         "&submission=call-2&received-d=24&received-m=11&received-y=2026");
	assert_int_equal(d.site.status, 422);
	must_see(&d.site, "When it reached you wants a time of the day too");
	must_see(&d.site, "name=\"received-d\" value=\"24\"");
	post_own(&d.site, "/work/call",
	         "danger-now=no&source=neighbour&harm=not-yet-known&harm-sign=unknown&happening=He+cries"
	         "&submission=call-3&received-d=24&received-m=11&received-y=2026&received-t=9:05"
	         "&happened-d=23&happened-m=11&happened-y=2026&happened-t=18:00");
	assert_int_equal(d.site.status, 201);
	must_see(&d.site, "by the end of Wednesday 25 November");
	must_not_see(&d.site, "by the end of Friday 27 November");
	struct str path = between(&d.site, "href=\"/files/", "\"");
	get(&d.site, arena_format(d.site.f->arena, "/files/%.*s", STR_ARG(path)).p);
	must_see(&d.site, "Reached them Tuesday 24 November");
	shut(&d.site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_call_is_written_down_in_the_order_of_telling),
		PROVES(a_call_gives_a_code_to_read_aloud),
		PROVES(the_words_of_a_call_may_be_checked),
		PROVES(what_came_earlier_is_owed_from_when_it_came),
	};
	return PROVE(tests);
}
