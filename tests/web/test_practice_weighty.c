/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is looked at once more before it is written, and what has ended. */
#include "casebook/changed_pack.h"
#include "web/desk.h"

/* A concern whose decision was advice, so that it can be closed. */
static struct casebook_answer advised(struct desk *d)
{
	struct fixture *f = d->site.f;
	return admitted(f, &d->amara.actor, "concern.decided", d->concern.file,
	                fields_of(f, arena_format(f->arena,
	                                          "{'decision':'advice','threshold':'1','evidence':"
	                                          "[%" PRId64 "],'reasons':'Advice is enough.'}",
	                                          d->concern.index)
	                                     .p));
}

/* Whatever the gate before an end asks for of a look. */
static void looked_everywhere(struct desk *d)
{
	admitted(d->site.f, &d->amara.actor, "concern.looked", d->concern.file,
	         fields_of(d->site.f, "{'danger':'none-found','checked':['own-files','police','health','school']}"));
}

static void a_weighty_act_is_asked_again(void **state)
{
	struct fixture *f = *state;
	struct desk d = desk(f);
	const char *path = path_on(&d.site, &d.concern, "concern.closed");
	const char *text = "{'to':'referrer','how':'phone'}";
	struct casebook_answer decided = advised(&d);
	looked_everywhere(&d);
	admitted(f, &d.amara.actor, "concern.acknowledged", d.concern.file, fields_of(f, text));
	admitted(f, &d.amara.actor, "concern.told", d.concern.file, fields_of(f, text));
	int64_t before = entries_of(f);
	fill_in(&d.site, path,
	        arena_format(f->arena, "closing=done&decision=%" PRId64, decided.index).p);
	assert_int_equal(d.site.status, 200);
	assert_int_equal(entries_of(f), before);
	must_see(&d.site, "<h1 class=\"govuk-heading-l\">Close concern C-1?</h1>");
	must_see(&d.site, "<strong>The file becomes:</strong> Closed.");
	must_see(&d.site, "<p><strong>No longer possible after it:</strong></p>\n<ul class=\"cd-does__list\">\n<li>");
	/* What is cited says what it is and of when, as where it was chosen. */
	must_see(&d.site, arena_format(f->arena, "<a class=\"govuk-link\" href=\"/entries/%" PRId64 "\">Decide what happens next,", decided.index).p);
	must_see(&d.site, arena_format(f->arena, " (entry %" PRId64 ")</a>", decided.index).p);
	must_not_see(&d.site, "Somebody is worried about a child. "); /* begins files of its own, before and after */
	must_see(&d.site, "<strong>Who is told:</strong> No other office. Whoever reported reads "
	                  "behind the code: “This concern is closed.");
	must_see(&d.site, "This is kept for ever under your name and office: Duty team.");
	post_own(&d.site, path, "confirm=yes&submission=s1");
	assert_int_equal(d.site.status, 303);
	shut(&d.site);
}

static void a_closed_concern_says_since_when_why_and_that_anyone_opens_it(void **state)
{
	struct fixture *f = *state;
	struct desk d = desk(f);
	struct casebook_answer decided = advised(&d);
	const struct casebook_actor *amara = &d.amara.actor;
	const char *text = "{'to':'referrer','how':'phone'}";
	get(&d.site, path_on(&d.site, &d.concern, ""));
	must_not_see(&d.site, "Closed on");
	looked_everywhere(&d);
	admitted(f, amara, "concern.acknowledged", d.concern.file, fields_of(f, text));
	admitted(f, amara, "concern.told", d.concern.file, fields_of(f, text));
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("closing"), STR("done"));
	json_put_integer(f->arena, fields, STR("decision"), decided.index);
	admitted(f, amara, "concern.closed", d.concern.file, fields);
	get(&d.site, path_on(&d.site, &d.concern, ""));
	must_see(&d.site, ", because everything owed is done. Anyone may open it again.");
	must_see(&d.site, "<p class=\"govuk-body\">Closed on Thursday 26 November 2026, ");
	shut(&d.site);
}

static void what_cannot_be_recorded_is_said_before_it_is_confirmed(void **state)
{
	struct fixture *f = *state;
	struct desk d = desk(f);
	const char *path = path_on(&d.site, &d.concern, "concern.closed");
	struct casebook_answer decided = advised(&d);
	int64_t before = entries_of(f);
	fill_in(&d.site, path,
	        arena_format(f->arena, "closing=no-such-code&decision=%" PRId64, decided.index).p);
	assert_int_equal(d.site.status, 422);
	must_see(&d.site, "href=\"#closing\">");
	must_not_see(&d.site, "This is kept for ever");
	fill_in(&d.site, path,
	        arena_format(f->arena, "closing=done&decision=%" PRId64, d.concern.index).p);
	assert_int_equal(d.site.status, 422);
	must_see(&d.site, "? That entry is of another kind");
	assert_int_equal(entries_of(f), before);
	shut(&d.site);
}

/* Pages 4.7: what a gate guards for what it says is weighty, though its kind is not. */
static void deciding_for_nothing_is_asked_again(void **state)
{
	struct desk d = desk(*state);
	const char *path = path_on(&d.site, &d.concern, "concern.decided");
	looked_everywhere(&d);
	int64_t before = entries_of(d.site.f);
	fill_in(&d.site, path,
	        arena_format(d.site.f->arena,
	                     "decision=none&threshold=1&evidence=%" PRId64
	                     "&reason-none=information-only&reasons=Nothing&happened-d=24"
	                     "&happened-m=11&happened-y=2026&happened-t=9:05",
	                     d.concern.index)
	                .p);
	assert_int_equal(d.site.status, 200);
	must_see(&d.site, "Decide what happens next: concern C-1?");
	/* When it happened goes along. */
	must_see(&d.site, ">24 11 2026, 9:05</dd>");
	must_see(&d.site, "name=\"happened-t\" value=\"9:05\"");
	must_see(&d.site, "<p><strong>Settles:</strong></p>\n<ul class=\"cd-does__list\">\n<li>Decide what happens next (T01), owed by Duty team");
	/* By what was answered: nothing of what another decision would open. */
	must_see(&d.site, "(T06), owed by Duty team, within 2 working days</li>");
	must_not_see(&d.site, "T12");
	assert_int_equal(entries_of(d.site.f), before);
	get(&d.site, path);
	post_own(&d.site, path,
	         arena_format(d.site.f->arena,
	                      "decision=advice&threshold=1&evidence=%" PRId64 "&reasons=Enough"
	                      "&submission=s2",
	                      d.concern.index)
	                 .p);
	assert_int_equal(d.site.status, 303);
	shut(&d.site);
}

/* Answers that settle what their own office owes (T04), and what `of_several` says of T05; asked again
 * before they are written. Asked are the police and the school, and twice at once the police. */
static struct str told_of_several(struct fixture *f, const char *of_several, bool is_chosen)
{
	const char *weighty = arena_format(f->arena,
	                                   "  weighty: yes\n  settles: [{ duty: T04, only: own }, { duty: T05, only:"
	                                   " %s }, { duty: T88, only: own }]",
	                                   of_several)
	                              .p;
	const struct text_change changes[] = {
		{ "kinds/concern.yaml", "  settles: [{ duty: T04, only: own }, { duty: T05, only: own }, { duty: T88, only: own }]",
		  weighty },
		{ "kinds/concern.yaml", "    - { name: knows, type: code,",
		  "    - { name: which, type: duty, of: [T05], label: \"Which one?\" }\n    - { name: knows, type: code," },
	};
	found_by(f, changed_all(f, "version: 0.1.0", changes, 2));
	struct person amara = person(f, "amara", "screener"), petra = person(f, "petra", "police-contact");
	struct casebook_answer concern = report(f, "He is alone at night."), asked = { 0 };
	const struct {
		const char *office, *urgent;
	} ASKED[] = { { "police-contact", "false" }, { "dsl", "false" }, { "police-contact", "true" }, { "police-contact", "true" } };
	for (size_t i = 0; i < COUNT_OF(ASKED); i++)
		asked = admitted(f, &amara.actor, "concern.asked", concern.file,
		                 fields_of(f, arena_format(f->arena,
		                                           "{'urgent':%s,'lawful-basis':'public-task','question':'Known?','office':'%s'}",
		                                           ASKED[i].urgent, ASKED[i].office)
		                                      .p));
	struct site site = serve(f, NULL);
	sign_in(&site, "petra", &petra);
	fill_in(&site, path_on(&site, &concern, "concern.answered"),
	        is_chosen ? arena_format(f->arena, "knows=yes&answer=Known.&which=D%" PRId64 ".1", asked.index).p
	                  : "knows=yes&answer=Known.");
	assert_int_equal(site.status, 200);
	must_see(&site, "This is kept for ever");
	must_see(&site, "Who is told:</strong> No other office.");
	struct str told = between(&site, "<p><strong>Settles:</strong></p>", "</ul>");
	shut(&site);
	return told;
}

static size_t times(struct str text, struct str part)
{
	size_t n = 0;
	for (size_t at = str_find_str(text, part); at < text.n; at = str_find_str(text, part)) {
		text = str_sub(text, at + part.n, text.n);
		n++;
	}
	return n;
}

static void what_is_confirmed_settles_what_its_own_office_owes_and_what_was_chosen(void **state)
{
	struct str told = told_of_several(*state, "field which", true);
	assert_int_equal(times(told, STR("(T04)")), 1);
	assert_int_equal(times(told, STR("(T05)")), 1);
}

static void what_is_confirmed_settles_nothing_that_was_not_chosen(void **state)
{
	struct str told = told_of_several(*state, "field which", false);
	assert_int_equal(times(told, STR("(T04)")), 1);
	assert_int_equal(times(told, STR("(T05)")), 0);
}

static void what_is_confirmed_settles_of_several_the_earliest(void **state)
{
	struct str told = told_of_several(*state, "earliest", false);
	assert_int_equal(times(told, STR("(T04)")), 1);
	assert_int_equal(times(told, STR("(T05)")), 1);
}

/* Pages 4.5, 4.7: the hint is there where it is decided to write, and holds nothing up (L12). */
static void advice_on_words_stands_where_it_is_confirmed(void **state)
{
	struct fixture *f = *state;
	struct desk d = desk(f);
	const char *path = path_on(&d.site, &d.concern, "concern.closed");
	const char *text = "{'to':'referrer','how':'phone'}";
	struct casebook_answer decided = advised(&d);
	looked_everywhere(&d);
	admitted(f, &d.amara.actor, "concern.acknowledged", d.concern.file, fields_of(f, text));
	admitted(f, &d.amara.actor, "concern.told", d.concern.file, fields_of(f, text));
	fill_in(&d.site, path,
	        arena_format(f->arena, "closing=done&decision=%" PRId64 "&note=Plain+words", decided.index).p);
	must_see(&d.site, "Close concern C-1?");
	must_not_see(&d.site, "Words we advise against");
	fill_in(&d.site, path,
	        arena_format(f->arena, "closing=done&decision=%" PRId64 "&note=She+is+promiscuous", decided.index).p);
	assert_int_equal(d.site.status, 200);
	must_see(&d.site, "Words we advise against");
	must_see(&d.site, "<strong>Note</strong><br>You wrote: “promiscuous”.");
	must_see(&d.site, "The words stay as you wrote them.");
	post_own(&d.site, path, "confirm=yes&submission=s1");
	assert_int_equal(d.site.status, 303);
	shut(&d.site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_is_confirmed_settles_what_its_own_office_owes_and_what_was_chosen),
		PROVES(what_is_confirmed_settles_nothing_that_was_not_chosen),
		PROVES(what_is_confirmed_settles_of_several_the_earliest),
		PROVES(a_weighty_act_is_asked_again),
		PROVES(a_closed_concern_says_since_when_why_and_that_anyone_opens_it),
		PROVES(what_cannot_be_recorded_is_said_before_it_is_confirmed),
		PROVES(deciding_for_nothing_is_asked_again),
		PROVES(advice_on_words_stands_where_it_is_confirmed),
	};
	return PROVE(tests);
}
