/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Advice on words: beside the field, after the act, for its writer alone; it stops nothing. */
#include "web/staff.h"

#define TEXT "text=She+is+promiscuous,+%22a+lifestyle+choice%22,+he+wrote."

struct desk {
	struct site site;
	struct person amara;
	struct casebook_answer concern;
	const char *path;
};

static struct desk desk(struct fixture *f)
{
	struct desk desk = { .amara = person(f, "amara", "screener") };
	desk.concern = report(f, "He is alone at night.");
	desk.site = serve(f, NULL);
	sign_in(&desk.site, "amara", &desk.amara);
	desk.path = path_on(&desk.site, &desk.concern, "note.made");
	return desk;
}

static void fill_in(struct site *site, const char *path, const char *fields)
{
	get(site, path);
	assert_int_equal(site->status, 200);
	struct str submission = between(site, "name=\"submission\" value=\"", "\"");
	struct str seen = between(site, "name=\"seen\" value=\"", "\"");
	post_own(site, path,
	         arena_format(site->f->arena, "%s&submission=%.*s&seen=%.*s", fields,
	                      STR_ARG(submission), STR_ARG(seen))
	                 .p);
}

static void words_may_be_checked_before_they_are_sent(void **state)
{
	struct desk d = desk(*state);
	int64_t before = entries_of(d.site.f);
	get(&d.site, d.path);
	must_see(&d.site, "Check my words");
	must_not_see(&d.site, "Other words:");
	fill_in(&d.site, d.path, TEXT "&check=yes");
	assert_int_equal(d.site.status, 200);
	must_see(&d.site, "You wrote: \xe2\x80\x9cpromiscuous\xe2\x80\x9d.");
	must_see(&d.site, "The words stay as you wrote them.");
	must_see(&d.site, "Nothing was sent yet.");
	/* Where a sentence would only begin so, it is no sentence of the advice. */
	must_see(&d.site, "Other words: \xe2\x80\x9cmay have been sexually abused by\xe2\x80\x9d.");
	must_see(&d.site, ">She is promiscuous, &quot;a lifestyle choice&quot;, he wrote.</textarea>");
	must_not_see(&d.site, "cannot choose");
	assert_int_equal(entries_of(d.site.f), before);
	fill_in(&d.site, d.path, "text=She+is+putting+herself+at+risk&check=yes");
	must_see(&d.site, "\xe2\x80\x9cis at risk from\xe2\x80\x9d, \xe2\x80\x9cthe place is not safe for children\xe2\x80\x9d.");
	fill_in(&d.site, d.path, "text=Seen+at+school&check=yes");
	must_see(&d.site, "There is no advice on your words.");
	shut(&d.site);
}

static void an_act_is_admitted_and_its_writer_is_told(void **state)
{
	struct desk d = desk(*state);
	int64_t before = entries_of(d.site.f);
	fill_in(&d.site, d.path, TEXT);
	assert_int_equal(d.site.status, 303);
	assert_int_equal(entries_of(d.site.f), before + 1);
	struct str to = arena_copy(d.site.f->arena, header(&d.site, "Location"));
	const char *there = arena_format(d.site.f->arena, "%.*s%c", STR_ARG(to), 0).p;
	get(&d.site, there);
	must_see(&d.site, "Words we advise against");
	must_see(&d.site, "<li>You wrote: \xe2\x80\x9cpromiscuous\xe2\x80\x9d. This blames the child");
	must_see(&d.site, "You may want to write a correction");
	const char *entry = arena_format(d.site.f->arena, "/entries/%" PRId64 "%c", before, 0).p;
	get(&d.site, entry);
	must_see(&d.site, "<li>You wrote: \xe2\x80\x9cpromiscuous\xe2\x80\x9d. This blames the child");
	must_see(&d.site, "You may want to write a correction");
	struct person omar = person(d.site.f, "omar", "screener");
	sign_in(&d.site, "omar", &omar);
	get(&d.site, entry);
	assert_int_equal(d.site.status, 200);
	must_not_see(&d.site, "Words we advise against");
	get(&d.site, there);
	must_not_see(&d.site, "Words we advise against");
	shut(&d.site);
}

/* What stands between the marks is text like any other: markup in it is shown, not obeyed. */
static void each_advice_names_its_phrase_as_it_was_written(void **state)
{
	struct desk d = desk(*state);
	int64_t before = entries_of(d.site.f);
	fill_in(&d.site, d.path,
	        "text=Promiscuous,+a+LIFE%0D%0Astyle+choice,+promiscuous+and+promiscuous<b>.");
	assert_int_equal(d.site.status, 303);
	const char *entry = arena_format(d.site.f->arena, "/entries/%" PRId64 "%c", before, 0).p;
	get(&d.site, entry);
	must_see(&d.site, "<li>You wrote: \xe2\x80\x9cPromiscuous\xe2\x80\x9d. This");
	must_see(&d.site, "<li>You wrote: \xe2\x80\x9cpromiscuous\xe2\x80\x9d. This");
	must_see(&d.site, "<li>You wrote: \xe2\x80\x9cLIFE");
	must_not_see(&d.site, "<b>");
	struct str list = between(&d.site, "Words we advise against", "</ul>");
	int told = 0;
	for (size_t i = 0; i + 4 < list.n; i++)
		told += memcmp(list.p + i, "<li>", 4) == 0;
	assert_int_equal(told, 3); /* a phrase that stands there twice is told once */
	shut(&d.site);
}

static void a_phrase_is_shown_to_whoever_may_read_it_alone(void **state)
{
	struct desk d = desk(*state);
	fill_in(&d.site, d.path, TEXT);
	struct str to = arena_copy(d.site.f->arena, header(&d.site, "Location"));
	struct person omar = person(d.site.f, "omar", "screener");
	sign_in(&d.site, "omar", &omar);
	get(&d.site, arena_format(d.site.f->arena, "%.*s%c", STR_ARG(to), 0).p);
	assert_int_equal(d.site.status, 200);
	must_not_see(&d.site, "promiscuous");
	shut(&d.site);
}

static void a_form_that_comes_back_has_its_advice(void **state)
{
	struct desk d = desk(*state);
	fill_in(&d.site, d.path, TEXT "&happened-d=40&happened-m=1&happened-y=2026&happened-t=1");
	assert_int_equal(d.site.status, 422);
	must_see(&d.site, "You wrote: \xe2\x80\x9cpromiscuous\xe2\x80\x9d.");
	shut(&d.site);
}

static void advice_may_be_asked_for_while_one_writes(void **state)
{
	struct desk d = desk(*state);
	int64_t before = entries_of(d.site.f);
	get(&d.site, d.path);
	must_see(&d.site, "data-cd-words=\"/words/C-1/note.made\"");
	post_own(&d.site, "/words/C-1/note.made", TEXT);
	assert_int_equal(d.site.status, 200);
	must_see(&d.site, "\"advice\":[{\"word\":\"promiscuous\"");
	must_see(&d.site, "\"field\":\"text\"");
	must_see(&d.site, "\"found\":\"promiscuous\"");
	assert_int_equal(entries_of(d.site.f), before);
	get(&d.site, d.path);
	post_own(&d.site, "/words/C-1/note.made", "text=Seen");
	must_see(&d.site, "\"advice\":[]");
	get(&d.site, d.path);
	post_own(&d.site, "/words/C-99/note.made", TEXT);
	assert_int_equal(d.site.status, 404);
	shut(&d.site);
}

static void it_is_counted_by_office_and_small_numbers_are_not_told(void **state)
{
	struct desk d = desk(*state);
	get(&d.site, "/words");
	must_see(&d.site, "No advice was given.");
	fill_in(&d.site, d.path, TEXT);
	get(&d.site, "/words");
	must_see(&d.site, "fewer than 6");
	must_see(&d.site, "promiscuous");
	must_not_see(&d.site, "amara");
	for (int i = 0; i < 5; i++)
		fill_in(&d.site, d.path, TEXT);
	get(&d.site, "/words");
	must_see(&d.site, "data-label=\"Entries\">6</td>");
	shut(&d.site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(words_may_be_checked_before_they_are_sent),
		PROVES(an_act_is_admitted_and_its_writer_is_told),
		PROVES(each_advice_names_its_phrase_as_it_was_written),
		PROVES(a_phrase_is_shown_to_whoever_may_read_it_alone),
		PROVES(a_form_that_comes_back_has_its_advice),
		PROVES(advice_may_be_asked_for_while_one_writes),
		PROVES(it_is_counted_by_office_and_small_numbers_are_not_told),
	};
	return PROVE(tests);
}
