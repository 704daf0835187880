/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The form of an act: drawn, filled, kept, refused, waited for, sent twice. */
#include "web/desk.h"

static void a_form_says_what_it_settles_and_opens(void **state)
{
	struct desk d = desk(*state);
	later(d.site.f, 2 * INSTANT_PER_DAY);
	sign_in(&d.site, "amara", &d.amara);
	get(&d.site, path_on(&d.site, &d.concern, "concern.decided"));
	must_see(&d.site, "<p><strong>Settles:</strong></p>\n<ul class=\"cd-does__list\">\n<li>Decide what happens next (T01)");
	must_see(&d.site, "late</strong></li>");
	/* Each in a line of its own, with who owes it and by when; what hangs on the answers stands apart. */
	must_see(&d.site, "<p><strong>Opens:</strong></p>\n<ul class=\"cd-does__list\">\n<li>");
	must_see(&d.site, "Opens, if your answers ask for it (");
	must_see(&d.site, "(T06), owed by Duty team, within 2 working days</li>");
	must_see(&d.site, "Version of the threshold document you used");
	get_json(&d.site, path_on(&d.site, &d.concern, "concern.decided"));
	must_see(&d.site, "\"asked_fields\":[");
	shut(&d.site);
}

static void what_an_act_settles_is_told_once_with_how_often(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener"), petra = person(f, "petra", "police-contact");
	struct casebook_answer concern = report(f, "He is alone at night.");
	static const char *const ASKED[] = { "police-contact", "dsl", "police-contact" };
	for (size_t i = 0; i < COUNT_OF(ASKED); i++)
		admitted(f, &amara.actor, "concern.asked", concern.file,
		         fields_of(f, arena_format(f->arena,
		                                   "{'urgent':false,'lawful-basis':'public-task','question':'Known?','office':'%s'}",
		                                   ASKED[i])
		                              .p));
	later(f, 9 * INSTANT_PER_DAY);
	struct site site = serve(f, NULL);
	sign_in(&site, "petra", &petra);
	get(&site, "/files/C-1/concern.answered");
	struct str settles = between(&site, "<p><strong>Settles:</strong></p>", "</ul>");
	size_t first = str_find_str(settles, STR("<li>"));
	assert_true(first < settles.n);
	settles = str_sub(settles, first + 4, settles.n);
	assert_int_equal(str_find_str(settles, STR("<li>")), settles.n);
	assert_true(str_find_str(settles, STR("), 2 times, <strong>the first ")) < settles.n);
	shut(&site);
}

static void an_act_is_recorded_and_said(void **state)
{
	struct desk d = desk(*state);
	int64_t before = entries_of(d.site.f);
	fill_in(&d.site, path_on(&d.site, &d.concern, "concern.acknowledged"), "to=referrer&how=phone");
	assert_int_equal(d.site.status, 303);
	assert_int_equal(entries_of(d.site.f), before + 1);
	struct str to = header(&d.site, "Location");
	get(&d.site, arena_format(d.site.f->arena, "%.*s", STR_ARG(to)).p);
	must_see(&d.site, "Recorded");
	must_see(&d.site, "Receipt told to whoever reported");
	shut(&d.site);
}

static void an_error_brings_the_form_back_filled(void **state)
{
	struct desk d = desk(*state);
	int64_t before = entries_of(d.site.f);
	fill_in(&d.site, path_on(&d.site, &d.concern, "concern.acknowledged"),
	        "to=referrer&reply=%3Cb%3EThank+you%3C%2Fb%3E+%26+%22goodbye%22");
	assert_int_equal(d.site.status, 422);
	must_see(&d.site, "There is a problem");
	must_see(&d.site, "href=\"#how\">Choose an answer: How?");
	must_see(&d.site, "&lt;b&gt;Thank you&lt;/b&gt; &amp; &quot;goodbye&quot;");
	must_see(&d.site, "value=\"referrer\" checked");
	must_see(&d.site, "<title>Error: ");
	assert_int_equal(entries_of(d.site.f), before);
	/* Read out with its field, wherever the focus is. */
	must_see(&d.site, "<fieldset class=\"govuk-fieldset\" aria-describedby=\"how-error\">");
	must_see(&d.site, "<p class=\"govuk-error-message\" id=\"how-error\">");
	shut(&d.site);
}

static void a_code_that_is_no_answer_is_refused(void **state)
{
	struct desk d = desk(*state);
	fill_in(&d.site, path_on(&d.site, &d.concern, "concern.acknowledged"),
	        "to=everybody&how=phone");
	assert_int_equal(d.site.status, 422);
	must_see(&d.site, "? Choose one of the answers");
	shut(&d.site);
}

/* The limit that is promised is the limit that holds, in every language and over line ends. */
static void a_limit_is_counted_in_characters_as_it_is_promised(void **state)
{
	struct desk d = desk(*state);
	const char *path = path_on(&d.site, &d.concern, "note.made");
	struct buf text;
	buf_init(&text, 1 << 20);
	buf_add(&text, STR("text=a%0D%0A"));
	for (int i = 0; i < 9998; i++)
		buf_add(&text, STR("%C3%A9"));
	get(&d.site, path);
	must_see(&d.site, "Up to 10,000 characters");
	fill_in(&d.site, path, arena_format(d.site.f->arena, "%.*s%%C3%%A9", STR_ARG(buf_str(&text))).p);
	assert_int_equal(d.site.status, 422);
	must_see(&d.site, "Your note must be 10,000 characters or fewer. You have 10,001");
	fill_in(&d.site, path, arena_format(d.site.f->arena, "%.*s", STR_ARG(buf_str(&text))).p);
	assert_int_equal(d.site.status, 303);
	buf_finish(&text);
	shut(&d.site);
}

static void a_form_sent_twice_is_one_entry(void **state)
{
	struct desk d = desk(*state);
	const char *path = path_on(&d.site, &d.concern, "note.made");
	get(&d.site, path);
	struct str form = arena_format(d.site.f->arena, "text=Once&seen=%.*s&submission=%.*s&csrf=%.*s",
	                               STR_ARG(between(&d.site, "name=\"seen\" value=\"", "\"")),
	                               STR_ARG(between(&d.site, "name=\"submission\" value=\"", "\"")),
	                               STR_ARG(between(&d.site, "name=\"csrf\" value=\"", "\"")));
	int64_t before = entries_of(d.site.f);
	post(&d.site, path, form.p);
	assert_int_equal(d.site.status, 303);
	struct str first = header(&d.site, "Location");
	post(&d.site, path, form.p);
	assert_int_equal(d.site.status, 303);
	/* Nobody else wrote: her own entry is not told to her as another's. */
	assert_true(str_eq(header(&d.site, "Location"), first));
	assert_int_equal(entries_of(d.site.f), before + 1);
	shut(&d.site);
}

/* What another wrote meanwhile is told the second time as the first; what came later is not. */
static void a_form_sent_twice_is_answered_twice_the_same(void **state)
{
	struct desk d = desk(*state);
	const char *path = path_on(&d.site, &d.concern, "note.made");
	get(&d.site, path);
	struct str form = arena_format(d.site.f->arena, "text=Once&seen=%.*s&submission=%.*s&csrf=%.*s",
	                               STR_ARG(between(&d.site, "name=\"seen\" value=\"", "\"")),
	                               STR_ARG(between(&d.site, "name=\"submission\" value=\"", "\"")),
	                               STR_ARG(between(&d.site, "name=\"csrf\" value=\"", "\"")));
	struct person omar = person(d.site.f, "omar", "screener");
	struct casebook_answer other = act(d.site.f, &omar.actor, "note.made", d.concern.number,
	                                   fields_of(d.site.f, "{'text':'Meanwhile.'}"));
	assert_int_equal(other.outcome, CASEBOOK_ADMITTED);
	post(&d.site, path, form.p);
	assert_int_equal(d.site.status, 303);
	struct str first = header(&d.site, "Location");
	struct str beside = arena_format(d.site.f->arena, "&beside=%" PRId64, other.index);
	assert_true(str_ends(first, beside));
	(void)act(d.site.f, &omar.actor, "note.made", d.concern.number,
	          fields_of(d.site.f, "{'text':'Later.'}"));
	post(&d.site, path, form.p);
	assert_true(str_eq(header(&d.site, "Location"), first));
	shut(&d.site);
}

static void a_draft_waits_until_it_is_sent(void **state)
{
	struct desk d = desk(*state);
	const char *path = path_on(&d.site, &d.concern, "note.made");
	int64_t before = entries_of(d.site.f);
	fill_in(&d.site, path, "text=Half+a+thought&save=yes");
	must_lead_to(&d.site, "/work");
	get(&d.site, "/work");
	must_see(&d.site, "Anything else worth keeping, <span class=\"cd-nowrap\">C-1</span>");
	get(&d.site, path);
	must_see(&d.site, "You began this");
	must_see(&d.site, "Half a thought");
	assert_int_equal(entries_of(d.site.f), before);
	fill_in(&d.site, path, "text=A+whole+thought");
	assert_int_equal(d.site.status, 303);
	get(&d.site, path);
	must_not_see(&d.site, "thought");
	shut(&d.site);
}

/* Kept as typed, a day that is none too; what is emptied again does not come back. */
static void a_draft_keeps_when_it_happened_and_when_it_arrived(void **state)
{
	struct desk d = desk(*state);
	const char *path = path_on(&d.site, &d.concern, "note.made");
	fill_in(&d.site, path,
	        "text=Half&happened-d=24&happened-m=11&happened-y=2026&happened-t=9:05&received-d=31&received-m=2&save=yes");
	must_lead_to(&d.site, "/work");
	get(&d.site, path);
	must_see(&d.site, "name=\"happened-d\" value=\"24\"");
	must_see(&d.site, "name=\"happened-t\" value=\"9:05\"");
	must_see(&d.site, "name=\"received-d\" value=\"31\"");
	fill_in(&d.site, path, "text=Half&happened-d=24&happened-m=11&happened-y=2026&happened-t=9:05&received-d=&save=yes");
	get(&d.site, path);
	must_see(&d.site, "name=\"received-d\" value=\"\"");
	fill_in(&d.site, path, "text=Whole&happened-d=24&happened-m=11&happened-y=2026&happened-t=9:05");
	assert_int_equal(d.site.status, 303);
	get(&d.site, path);
	must_see(&d.site, "name=\"happened-d\" value=\"\"");
	/* The form of a call has the same two times. */
	post_own(&d.site, "/work/call", "happening=x&received-d=24&received-m=11&received-y=2026&received-t=10:00&save=yes");
	must_lead_to(&d.site, "/work");
	get(&d.site, "/work/call");
	must_see(&d.site, "name=\"received-t\" value=\"10:00\"");
	shut(&d.site);
}

static void what_is_missing_is_said_and_nothing_is_lost(void **state)
{
	struct desk d = desk(*state);
	int64_t before = entries_of(d.site.f);
	/* At once: nothing is promised that the next press would refuse, and it is recorded once. */
	fill_in(&d.site, path_on(&d.site, &d.concern, "concern.decided"),
	        arena_format(d.site.f->arena,
	                     "decision=none&threshold=2026-1&evidence=%" PRId64
	                     "&reason-none=information-only&reasons=Nothing+to+it",
	                     d.concern.index)
	                .p);
	assert_int_equal(d.site.status, 409);
	must_see(&d.site, "This cannot be done yet");
	must_not_see(&d.site, "The file becomes");
	assert_int_equal(entries_of(d.site.f), before + 1);
	must_see(&d.site, "What is missing");
	must_see(&d.site, "What you wrote is kept as a draft");
	must_see(&d.site, "This attempt is an entry");
	get(&d.site, path_on(&d.site, &d.concern, "concern.decided"));
	must_see(&d.site, "Nothing to it");
	shut(&d.site);
}

/* Each missing thing leads to the act that supplies it, or names whom to wait for. */
static void what_is_missing_leads_to_what_supplies_it(void **state)
{
	struct desk d = desk(*state);
	struct arena *arena = d.site.f->arena;
	const char *decide = path_on(&d.site, &d.concern, "concern.decided");
	const char *form = arena_format(arena,
	                                "decision=none&threshold=2026-1&evidence=%" PRId64
	                                "&reason-none=information-only&reasons=Nothing+to+it",
	                                d.concern.index)
	                           .p;
	fill_in(&d.site, decide, form);
	must_see(&d.site, "Nobody has looked in our own files");
	must_not_see(&d.site, "Somebody has looked in our own files");
	must_see(&d.site, "<a class=\"govuk-link\" href=\"/files/C-1/concern.looked\">First look at "
	                  "danger</a>");
	must_see(&d.site, "<a class=\"govuk-link\" href=\"/files/C-1/concern.asked\">Ask an agency "
	                  "what it knows</a>");
	must_not_see(&d.site, "/files/C-1/concern.received");
	fill_in(&d.site, path_on(&d.site, &d.concern, "concern.looked"),
	        "danger=possible&checked=own-files");
	assert_int_equal(d.site.status, 303);
	person(d.site.f, "petra", "police-contact");
	get(&d.site, path_on(&d.site, &d.concern, "concern.asked"));
	post_own(&d.site, path_on(&d.site, &d.concern, "concern.asked"),
	         arena_format(arena,
	                      "office=police-contact&urgent=no&lawful-basis=public-task&question=What"
	                      "&submission=%.*s",
	                      STR_ARG(between(&d.site, "name=\"submission\" value=\"", "\"")))
	                 .p);
	assert_int_equal(d.site.status, 303);
	later(d.site.f, 5 * INSTANT_PER_DAY);
	sign_in(&d.site, "amara", &d.amara);
	fill_in(&d.site, decide, form);
	assert_int_equal(d.site.status, 409);
	must_see(&d.site, "Wait for Police contact");
	must_see(&d.site, "cd-tag--late");
	/* What is late stands first. */
	assert_true(str_find_str(d.site.body, STR("An agency you asked has not answered")) <
	            str_find_str(d.site.body, STR("Nobody has asked health")));
	/* What is there already stands below, and is not said to be missing. */
	must_see(&d.site, "<div>Somebody has looked in our own files</div></div><div "
	                  "class=\"govuk-task-list__status\"><strong class=\"cd-tag "
	                  "cd-tag--done\">There</strong>");
	must_not_see(&d.site, "Nobody has looked in our own files");
	assert_true(str_find_str(d.site.body, STR("Nobody has asked health")) <
	            str_find_str(d.site.body, STR("Somebody has looked in our own files")));
	shut(&d.site);
}

static void an_act_of_another_office_is_said_to_be_theirs(void **state)
{
	struct desk d = desk(*state);
	get(&d.site, path_on(&d.site, &d.concern, "concern.answered"));
	assert_int_equal(d.site.status, 403);
	must_see(&d.site, "<li>Whoever owes: Answer what you were asked about the child</li>");
	get(&d.site, path_on(&d.site, &d.concern, "concern.closed"));
	assert_int_equal(d.site.status, 409);
	must_see(&d.site, "This cannot be done now");
	must_see(&d.site, "The file is &quot;Received&quot;. This can be done while it is: Closing.");
	static const char *const NONE[] = { "silence.noted", "act.refused", "duty.climbed",
		                            "log.blank",     "nothing.such", "account.added",
		                            "pack.adopted",  "concern.received" };
	for (size_t i = 0; i < COUNT_OF(NONE); i++) {
		get(&d.site, path_on(&d.site, &d.concern, NONE[i]));
		if (d.site.status != 404 && d.site.status != 403)
			fail_msg("%s is answered %u", NONE[i], d.site.status);
	}
	shut(&d.site);
}

static void a_date_that_is_none_is_said_at_its_field(void **state)
{
	struct desk d = desk(*state);
	struct fixture *f = d.site.f;
	fill_in(&d.site, path_on(&d.site, &d.concern, "note.made"),
	        "text=x&happened-d=31&happened-m=2&happened-y=2026&happened-t=9:00");
	assert_int_equal(d.site.status, 422);
	must_see(&d.site, "When it happened must be a real date and time");
	fill_in(&d.site, path_on(&d.site, &d.concern, "note.made"),
	        "text=x&happened-d=1&happened-m=1&happened-y=2036&happened-t=9:00");
	must_see(&d.site, "When it happened must be in the past");
	fill_in(&d.site, path_on(&d.site, &d.concern, "note.made"),
	        "text=x&happened-d=1&happened-m=1&happened-y=2031");
	must_see(&d.site, "When it happened must be in the past");
	fill_in(&d.site, path_on(&d.site, &d.concern, "note.made"),
	        "text=x&happened-d=24&happened-m=11&happened-y=2026");
	must_see(&d.site, "When it happened wants a time of the day too, like 15:30");
	fill_in(&d.site, path_on(&d.site, &d.concern, "note.made"),
	        "text=x&happened-d=24&happened-m=11&happened-y=2026&happened-t=half+nine");
	must_see(&d.site, "When it happened must have its time on a 24-hour clock");
	fill_in(&d.site, path_on(&d.site, &d.concern, "note.made"),
	        "text=x&happened-d=24&happened-m=11&happened-y=2026&happened-t=9:05");
	assert_int_equal(d.site.status, 303);
	get(&d.site, path_on(&d.site, &d.concern, ""));
	must_see(&d.site, "2 days later");
	fill_in(&d.site, path_on(&d.site, &d.concern, "note.made"), "text=x&received-d=1&received-m=1&received-y=2036&received-t=9:00");
	must_see(&d.site, "When it reached you must be in the past");
	/* Beside what else is wrong, in the order of the page: a form comes back once. */
	fill_in(&d.site, path_on(&d.site, &d.concern, "note.made"),
	        "text=&happened-d=31&happened-m=2&happened-y=2026&happened-t=9:00");
	assert_int_equal(d.site.status, 422);
	must_see(&d.site, "<li><a href=\"#text\">");
	must_see(&d.site, "<li><a href=\"#happened\">When it happened must be");
	struct str rest = between(&d.site, "<li><a href=\"#text\">", "</ul>");
	assert_true(str_find_str(rest, STR("#happened")) < rest.n);
	(void)f;
	shut(&d.site);
}

static void somebody_who_wrote_meanwhile_is_named_and_stops_nothing(void **state)
{
	struct desk d = desk(*state);
	struct fixture *f = d.site.f;
	const char *path = path_on(&d.site, &d.concern, "note.made");
	get(&d.site, path);
	struct str form = arena_format(
		f->arena, "text=Mine&topic=nonsense&seen=%.*s&csrf=%.*s",
		STR_ARG(between(&d.site, "name=\"seen\" value=\"", "\"")),
		STR_ARG(between(&d.site, "name=\"csrf\" value=\"", "\"")));
	admitted(f, &d.amara.actor, "note.made", d.concern.file, fields_of(f, "{'text':'Theirs'}"));
	post(&d.site, path, form.p);
	assert_int_equal(d.site.status, 422);
	must_see(&d.site, "It does not stop you.");
	must_see(&d.site, "by Duty team");
	shut(&d.site);
}

static void files_are_sealed_and_come_back_as_they_were(void **state)
{
	struct desk d = desk(*state);
	struct arena *arena = d.site.f->arena;
	const char *path = path_on(&d.site, &d.concern, "concern.added");
	get(&d.site, path);
	struct str body = arena_format(
		arena,
		"--cut\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n%.*s\r\n"
		"--cut\r\nContent-Disposition: form-data; name=\"source\"\r\n\r\nneighbour\r\n"
		"--cut\r\nContent-Disposition: form-data; name=\"words\"\r\n\r\nA picture.\r\n"
		"--cut\r\nContent-Disposition: form-data; name=\"files\"; filename=\"../a b.pdf\"\r\n"
		"Content-Type: text/html\r\n\r\n%%PDF-1.4 a paper\r\n--cut\r\n"
		"Content-Disposition: form-data; name=\"files\"; filename=\"bad.exe\"\r\n"
		"Content-Type: image/png\r\n\r\n\x7f\x45LF\x01\x02\x03\x04\r\n--cut--\r\n",
		STR_ARG(between(&d.site, "name=\"csrf\" value=\"", "\"")));
	ask(&d.site, "POST", path, "multipart/form-data; boundary=cut",
	    "Sec-Fetch-Site: same-origin\r\n", body);
	assert_int_equal(d.site.status, 422);
	must_see(&d.site, "is of a type that is not taken");
	must_see(&d.site, "Leave out a b.pdf");
	must_see(&d.site, "A picture.");
	/* Sent again without a file: the one that was taken goes with it. */
	post_own(&d.site, path, "source=neighbour&words=A+picture.");
	assert_int_equal(d.site.status, 303);
	int64_t entry = file_named(d.site.f, d.concern.file).last_entry;
	get(&d.site, arena_format(arena, "/entries/%" PRId64, entry).p);
	struct str href = between(&d.site, "href=\"/objects/", "\"");
	get(&d.site, arena_format(arena, "/objects/%.*s", STR_ARG(href)).p);
	assert_int_equal(d.site.status, 200);
	assert_true(str_eq(d.site.body, STR("%PDF-1.4 a paper")));
	/* The name it came with is nobody's who looks at a header, or at a folder of downloads. */
	assert_true(str_eq(header(&d.site, "Content-Disposition"),
	                   arena_format(arena, "attachment; filename=\"file-%" PRId64 "-%.*s.pdf\"", entry,
	                                STR_ARG(str_sub(href, 0, 4)))));
	get(&d.site, "/objects/01ARZ3NDEKTSV4RRFFQ69G5FAV?entry=1");
	assert_int_equal(d.site.status, 404);
	shut(&d.site);
}

static void a_program_posts_any_kind_with_its_token(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night."), made;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	MUST(f, casebook_token_make(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, amara.account,
	                            STR("screener"), casebook_now(f->book) + INSTANT_PER_DAY, f->arena,
	                            secret, &made, &f->err));
	fixture_must_admit(&made, "token.made");
	struct site site = serve(f, NULL);
	site.extra = arena_format(f->arena, "Authorization: Bearer %s\r\n", secret).p;
	const char *path = path_on(&site, &concern, "note.made");
	int64_t before = entries_of(f);
	post_json(&site, path, "key-1", "{'text':'By a program'}");
	assert_int_equal(site.status, 201);
	must_see(&site, "\"outcome\":\"admitted\"");
	must_see(&site, "\"advice\":[]");
	post_json(&site, path, "key-2", "{'text':'From the post','received-at':'2026-11-24T09:05:00Z'}");
	assert_int_equal(site.status, 201);
	before++;
	get_json(&site, arena_format(f->arena, "/entries/%" PRId64, before).p);
	must_see(&site, "\"received\":{");
	post_json(&site, path, "key-3", "{'text':'x','received-at':'Tuesday'}");
	assert_int_equal(site.status, 422);
	post_json(&site, path, "key-0", "{'text':'A lifestyle choice'}");
	assert_int_equal(site.status, 201);
	must_see(&site, "\"advice\":[{\"word\":\"lifestyle-choice\"");
	before++;
	post_json(&site, path, "key-1", "{'text':'By a program'}");
	assert_int_equal(site.status, 201);
	must_see(&site, "\"repeat\":true");
	assert_int_equal(entries_of(f), before + 1);
	post_json(&site, path, "key-1", "{'text':'By another program'}");
	assert_int_equal(site.status, 409);
	must_see(&site, "\"outcome\":\"failed\"");
	must_see(&site, "send it under a new one");
	post_json(&site, path, NULL, "{'text':'x','nothing':'y'}");
	assert_int_equal(site.status, 422);
	must_see(&site, "There is no field");
	post_json(&site, path, NULL, "[1,2]");
	assert_int_equal(site.status, 422);
	post_json(&site, path, NULL, "{'text':");
	assert_true(site.status == 400 || site.status == 422);
	get_json(&site, "/work");
	assert_int_equal(site.status, 200);
	get_json(&site, path_on(&site, &concern, ""));
	get_json(&site, path_on(&site, &concern, "readings"));
	must_see(&site, "\"purpose\":\"work, by a token\"");
	site.extra = "Authorization: Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n";
	post_json(&site, path, NULL, "{'text':'x'}");
	assert_int_equal(site.status, 401);
	assert_int_equal(entries_of(f), before + 1);
	shut(&site);
}

static void a_program_is_told_why_an_act_was_refused(void **state)
{
	struct desk d = desk(*state);
	struct fixture *f = d.site.f;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_answer made;
	MUST(f, casebook_token_make(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, d.amara.account,
	                            STR("screener"), casebook_now(f->book) + INSTANT_PER_DAY, f->arena, secret,
	                            &made, &f->err));
	d.site.extra = arena_format(f->arena, "Authorization: Bearer %s\r\n", secret).p;
	post_json(&d.site, path_on(&d.site, &d.concern, "concern.decided"), NULL,
	          arena_format(f->arena,
	                       "{'decision':'none','threshold':'1','evidence':[%" PRId64
	                       "],'reason-none':'information-only','reasons':'Nothing.'}",
	                       d.concern.index)
	                  .p);
	assert_int_equal(d.site.status, 409);
	must_see(&d.site, "\"message\":\"This cannot be done yet: ");
	must_see(&d.site, "\"missing\":[{");
	/* A door, and proof that a token never is. */
	post_json(&d.site, path_on(&d.site, &d.concern, "concern.reopened"), NULL, "{'reasons':'Again.'}");
	must_not_see(&d.site, "\"message\":\"\"");
	post_json(&d.site, path_on(&d.site, &d.concern, "access.broken"), NULL,
	          arena_format(f->arena, "{'because':'She waits here.','until':'%.*s'}",
	                       STR_ARG(instant_write(f->arena, casebook_now(f->book) + INSTANT_PER_HOUR)))
	                  .p);
	assert_int_equal(d.site.status, 403);
	must_see(&d.site, "A token is no such proof");
	shut(&d.site);
}

static void a_form_under_a_used_submission_comes_back_with_a_new_one(void **state)
{
	struct desk d = desk(*state);
	const char *path = path_on(&d.site, &d.concern, "note.made");
	get(&d.site, path);
	post_own(&d.site, path, "text=The+first+words&submission=s-1");
	assert_int_equal(d.site.status, 303);
	int64_t before = entries_of(d.site.f);
	get(&d.site, path);
	post_own(&d.site, path, "text=Other+words&submission=s-1");
	assert_int_equal(d.site.status, 409);
	must_see(&d.site, "Other words</textarea>");
	assert_int_equal(entries_of(d.site.f), before);
	struct str submission = between(&d.site, "name=\"submission\" value=\"", "\"");
	assert_false(str_eq(submission, STR("s-1")));
	post_own(&d.site, path,
	         arena_format(d.site.f->arena, "text=Other+words&submission=%.*s", STR_ARG(submission)).p);
	assert_int_equal(d.site.status, 303);
	shut(&d.site);
}

static void what_a_form_does_not_have_is_named_and_not_left_out(void **state)
{
	struct desk d = desk(*state);
	const char *path = path_on(&d.site, &d.concern, "concern.acknowledged");
	static const char *const NAMES[] = { "nothing", "to-y", "how.0.x", "return", "happened", "<b>" };
	int64_t before = entries_of(d.site.f);
	get(&d.site, path);
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		post_own(&d.site, path,
		         arena_format(d.site.f->arena, "to=referrer&how=phone&reply=We+have+it&%s=x", NAMES[i]).p);
		assert_int_equal(d.site.status, 422);
		must_see(&d.site, i == 5 ? "There is no field &quot;&lt;b&gt;&quot;" :
		                           arena_format(d.site.f->arena, "There is no field &quot;%s&quot;", NAMES[i]).p);
		must_see(&d.site, "We have it</textarea>");
	}
	post_own(&d.site, path, "to=referrer&how=phone&save=yes&nothing=x");
	assert_int_equal(d.site.status, 422);
	assert_int_equal(entries_of(d.site.f), before);
	/* What speaks of the post itself is known. */
	post_own(&d.site, path, "to=referrer&how=phone&seen=1&form-of=x&happened-d=&happened-m=&happened-y=&happened-t=");
	assert_int_equal(d.site.status, 303);
	get(&d.site, "/work/call");
	post_own(&d.site, "/work/call",
	         "danger-now=no&source=neighbour&harm=not-yet-known&harm-sign=unknown&happening=He+cries&nothing=x");
	assert_int_equal(d.site.status, 422);
	must_see(&d.site, "There is no field &quot;nothing&quot;");
	must_see(&d.site, "He cries");
	shut(&d.site);
}

static void a_body_of_another_type_is_not_taken(void **state)
{
	struct desk d = desk(*state);
	const char *path = path_on(&d.site, &d.concern, "note.made");
	int64_t before = entries_of(d.site.f);
	ask(&d.site, "POST", path, "text/plain", "Sec-Fetch-Site: same-origin\r\n", STR("text=x"));
	assert_int_equal(d.site.status, 415);
	ask(&d.site, "POST", path, "application/json", "Sec-Fetch-Site: same-origin\r\n",
	    STR("text=x&csrf=1"));
	assert_true(d.site.status == 400 || d.site.status == 422);
	ask(&d.site, "POST", path, "application/x-www-form-urlencoded",
	    "Sec-Fetch-Site: same-origin\r\n", STR("{\"text\":\"x\"}"));
	assert_int_equal(d.site.status, 400);
	assert_int_equal(entries_of(d.site.f), before);
	shut(&d.site);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_form_says_what_it_settles_and_opens),
		PROVES(what_an_act_settles_is_told_once_with_how_often),
		PROVES(an_act_is_recorded_and_said),
		PROVES(an_error_brings_the_form_back_filled),
		PROVES(a_code_that_is_no_answer_is_refused),
		PROVES(a_limit_is_counted_in_characters_as_it_is_promised),
		PROVES(a_form_sent_twice_is_one_entry),
		PROVES(a_form_sent_twice_is_answered_twice_the_same),
		PROVES(a_draft_waits_until_it_is_sent),
		PROVES(a_draft_keeps_when_it_happened_and_when_it_arrived),
		PROVES(what_is_missing_is_said_and_nothing_is_lost),
		PROVES(what_is_missing_leads_to_what_supplies_it),
		PROVES(an_act_of_another_office_is_said_to_be_theirs),
		PROVES(a_date_that_is_none_is_said_at_its_field),
		PROVES(somebody_who_wrote_meanwhile_is_named_and_stops_nothing),
		PROVES(files_are_sealed_and_come_back_as_they_were),
		PROVES(a_program_posts_any_kind_with_its_token),
		PROVES(a_program_is_told_why_an_act_was_refused),
		PROVES(a_form_under_a_used_submission_comes_back_with_a_new_one),
		PROVES(what_a_form_does_not_have_is_named_and_not_left_out),
		PROVES(a_body_of_another_type_is_not_taken),
	};
	return PROVE(tests);
}
