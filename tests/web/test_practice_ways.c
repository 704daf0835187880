/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* That every act somebody may make is offered where it is looked for. */
#include "web/staff.h"

#include "casebook/changed_pack.h"

static const char *office_path(struct fixture *f, const char *office, const char *tail)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_file file;
	MUST(f, casebook_file_find(reader, f->arena, file_of_office(f, office), &file, &f->err));
	return arena_format(f->arena, "/files/%.*s%s%s", STR_ARG(file.number), tail[0] ? "/" : "", tail)
	        .p;
}

/* Design 8: the emergency way in is for whoever has no part in the file. */
static void the_glass_is_broken_on_the_web_by_whom_no_part_is_given(void **state)
{
	struct fixture *f = *state;
	struct person gail = person(f, "gail", "gp");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "gail", &gail);
	get(&site, "/files/C-1");
	assert_int_equal(site.status, 404);
	must_see(&site, "href=\"/files/C-1/access.broken\"");
	/* Nothing but its number is told before it is broken. */
	get(&site, "/files/C-1/note.made");
	assert_int_equal(site.status, 404);
	get(&site, "/files/C-1/access.broken");
	assert_int_equal(site.status, 200);
	must_see(&site, "Why must you read this now?");
	must_see(&site, "<li>Review why the glass was broken (T96)");
	must_see(&site, "name=\"seen\" value=\"-1\"");
	post_own(&site, "/files/C-1/access.broken",
	         "because=A+child+is+at+the+door&until-d=26&until-m=11&until-y=2026&until-t=18:00");
	must_lead_to(&site, arena_format(f->arena, "/files/C-1?done=%" PRId64,
	                                 file_named(f, concern.file).last_entry)
	                            .p);
	get(&site, "/files/C-1");
	assert_int_equal(site.status, 200);
	must_see(&site, "You read this because you broke the glass");
	shut(&site);
}

static void the_glass_asks_for_proof_before_it_says_whether_there_is_a_file(void **state)
{
	struct fixture *f = *state;
	struct person gail = person(f, "gail", "gp");
	report(f, "He is alone at night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "gail", &gail);
	later(f, 6 * INSTANT_PER_MINUTE);
	get(&site, "/files/C-1/access.broken");
	must_lead_to(&site, "/sign-in/again?to=/files/C-1/access.broken");
	get(&site, "/files/C-77/access.broken");
	must_lead_to(&site, "/sign-in/again?to=/files/C-77/access.broken");
	shut(&site);
}

static void an_office_offers_to_name_who_holds_it(void **state)
{
	struct fixture *f = *state;
	struct person ruth = person(f, "ruth", "register-administrator");
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	sign_in(&site, "ruth", &ruth);
	get(&site, office_path(f, "gp", ""));
	must_see(&site, office_path(f, "gp", "office.held\""));
	must_see(&site, office_path(f, "gp", "office.left\""));
	must_see(&site, office_path(f, "gp", "office.deputised\""));
	site.cookie_count = 0;
	sign_in(&site, "amara", &amara);
	get(&site, office_path(f, "gp", ""));
	assert_int_equal(site.status, 200);
	must_not_see(&site, "office.held\"");
	shut(&site);
}

/* Pages 2.6: a row links what its office may do; else it says who may. */
static void a_row_whose_office_cannot_do_it_says_who_can(void **state)
{
	static const struct text_change CHANGES[] = {
		{ "duties.yaml", "public-late: word that it has arrived\n  owed-by: screener",
		  "public-late: word that it has arrived\n  owed-by: team-manager" },
	};
	struct fixture *f = *state;
	found_by(f, changed_all(f, "version: 0.2.0", CHANGES, 1));
	struct person amara = person(f, "amara", "screener"), tess = person(f, "tess", "team-manager");
	report(f, "He is alone at night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "tess", &tess);
	get(&site, "/office");
	post_own(&site, "/office", "office=team-manager");
	get(&site, "/files/C-1");
	must_see(&site, ">Record that receipt was told: it can be done by Duty team</p>");
	must_not_see(&site, "cd-duty__act\"><a class=\"govuk-link\" href=\"/files/C-1/concern.acknowledged");
	get(&site, "/work");
	must_see(&site, ">Record that receipt was told: it can be done by Duty team</p>");
	site.cookie_count = 0;
	sign_in(&site, "amara", &amara);
	get(&site, "/files/C-1");
	must_not_see(&site, "it can be done by");
	must_see(&site, "cd-duty__act\"><a class=\"govuk-link\" href=\"/files/C-1/concern.acknowledged");
	shut(&site);
}

static void a_duty_is_passed_on_and_put_off_from_its_own_row(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct person tess = person(f, "tess", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	/* Opens T06, a norm: its time may be put off by the line above. */
	admitted(f, &amara.actor, "concern.decided", concern.file,
	         fields_of(f, arena_format(f->arena,
	                                   "{'decision':'advice','threshold':'1','evidence':[%" PRId64
	                                   "],'reasons':'Advice is enough.'}",
	                                   concern.index)
	                              .p));
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/files/C-1");
	assert_int_equal(site.status, 200);
	must_see(&site, "href=\"/files/C-1/duty.taken?duty=D");
	must_see(&site, "href=\"/files/C-1/duty.taken\"");
	must_not_see(&site, "href=\"/files/C-1/duty.extended"); /* the office above agrees, not this one */
	site.cookie_count = 0;
	sign_in(&site, "tess", &tess);
	get(&site, "/office");
	post_own(&site, "/office", "office=team-manager");
	get(&site, "/files/C-1");
	assert_int_equal(site.status, 200);
	assert_int_equal(site.status, 200);
	must_see(&site, "href=\"/files/C-1/duty.extended?duty=D");
	must_see(&site, "href=\"/files/C-1/duty.taken?duty=D");
	shut(&site);
}

/* Pages 8.2: a refusal inside a session keeps its menu, and has no button to leave in haste. */
static void what_is_refused_to_somebody_at_work_stays_among_the_pages_of_work(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	static const struct {
		const char *path;
		unsigned status;
	} ROWS[] = { { "/accounts", 403 }, { "/files/C-404", 404 }, { "/entries/99999", 404 },
		     { "/no/such/page", 404 } };
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		get(&site, ROWS[i].path);
		if (site.status == ROWS[i].status)
			must_see(&site, "Exit this page");
	}
	sign_in(&site, "amara", &amara);
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		get(&site, ROWS[i].path);
		assert_int_equal(site.status, ROWS[i].status);
		must_see(&site, "You are: <strong>Duty team</strong>");
		must_not_see(&site, "Exit this page");
	}
	shut(&site);
}

/* A kind, a field and an answer that the rules asked for once: gone from the forms, refused by name. */
static void what_is_retired_is_asked_no_more_and_refused_by_name(void **state)
{
	static const struct text_change changes[] = {
		{ "kinds/concern.yaml", "name: reply, type: text,", "name: reply, retired: 2026-01-01, type: text," },
		{ "kinds/concern.yaml", "concern.reopened:\n", "concern.reopened:\n  retired: 2026-01-01\n" },
		{ "lists.yaml", "letter: By letter, email: By e-mail, none",
		  "letter: { title: By letter, retired: 2026-01-01, instead: email }, email: By e-mail, none" },
	};
	struct fixture *f = *state;
	found_by(f, changed_all(f, "version: 0.2.0", changes, COUNT_OF(changes)));
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "x");
	struct site site = serve(f, NULL);
	const char *path = path_on(&site, &concern, "concern.acknowledged");
	sign_in(&site, "amara", &amara);
	get(&site, path);
	assert_int_equal(site.status, 200);
	must_not_see(&site, "name=\"reply\"");
	must_not_see(&site, "By letter");
	post_own(&site, path, "to=referrer&how=letter&submission=s1");
	assert_int_equal(site.status, 422);
	must_see(&site, "&quot;By letter&quot; is no answer any more; choose &quot;By e-mail&quot;");
	post_own(&site, path, "to=referrer&how=phone&reply=Hello&submission=s2");
	assert_int_equal(site.status, 422);
	must_see(&site, "Words to whoever reported: this is not asked any more; leave it out");
	post_own(&site, path, "to=referrer&how=phone&submission=s3");
	assert_int_equal(site.status, 303);
	get(&site, path_on(&site, &concern, "concern.reopened"));
	assert_int_equal(site.status, 404);
	struct casebook_answer sent = act(f, &amara.actor, "concern.reopened", concern.file, json_object(f->arena));
	assert_int_equal(sent.outcome, CASEBOOK_FAILED);
	assert_non_null(strstr(sent.err.message, "\"Open it again\" is not recorded any more"));
	shut(&site);
}

/* What an office outside the partnership would only be refused for is not offered. */
static void a_duty_is_passed_to_nobody_outside(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	report(f, "He is alone at night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/files/C-1/duty.taken");
	must_see(&site, "Team manager</option>");
	must_not_see(&site, "Ofsted contact");
	get(&site, "/offices/screener/hand-over");
	must_see(&site, "Team manager</option>");
	must_not_see(&site, "Ofsted contact");
	shut(&site);
}

static void taking_a_duty_on_says_what_becomes_of_it(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener"), tess = person(f, "tess", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/files/C-1/duty.taken");
	must_see(&site, "<p>What you choose is then owed by the office that you name, by the same time.</p>");
	/* An assessment opens T07, which taking it on settles; only if it is the one. */
	admitted(f, &amara.actor, "concern.decided", concern.file,
	         fields_of(f, arena_format(f->arena,
	                                   "{'decision':'assess','threshold':'3','evidence':[%" PRId64
	                                   "],'reasons':'He is alone.'}",
	                                   concern.index)
	                              .p));
	site.cookie_count = 0;
	sign_in(&site, "tess", &tess);
	get(&site, "/office");
	post_own(&site, "/office", "office=team-manager");
	get(&site, "/files/C-1");
	struct str taken = between(&site, "/files/C-1/duty.taken?duty=", "\"");
	get(&site, "/files/C-1/duty.taken");
	must_see(&site, "Name the worker who holds the child&#39;s file (T07), if you choose it</li>");
	must_see(&site, "<p>Anything else you choose is then owed by the office that you name");
	assert_true(taken.n > 0);
	shut(&site);
}

/* Midnight alone says not which of two days it ends. */
static void a_chronology_tells_the_end_of_a_day_as_the_ladder_does(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	size_t fired;
	instant next;
	MUST(f, casebook_climb(f->book, casebook_now(f->book), 100, &fired, &next, &f->err));
	for (int rung = 0; rung < 6; rung++) { /* each at its very time, as the clock does */
		later(f, next - casebook_now(f->book));
		MUST(f, casebook_climb(f->book, casebook_now(f->book), 100, &fired, &next, &f->err));
	}
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, path_on(&site, &concern, ""));
	must_see(&site, "told the end of ");
	must_see(&site, "</b> end of the day</div>");
	must_not_see(&site, "midnight");
	shut(&site);
}

/* A rung may tell three: none of them is left out. */
static void all_who_are_told_next_are_named(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	report(f, "He is alone at night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/work");
	must_see(&site, "next told: Team manager and 2 others, ");
	get(&site, "/files/C-1");
	must_see(&site, "next told: Team manager, Emergency duty worker and Police duty inspector, ");
	shut(&site);
}

static void what_is_to_be_read_says_what_climbs_in_its_stead(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	report(f, "He is alone at night.");
	size_t fired;
	instant next;
	for (int day = 0; day < 8; day++) {
		later(f, INSTANT_PER_DAY);
		MUST(f, casebook_climb(f->book, casebook_now(f->book), 100, &fired, &next, &f->err));
	}
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/late");
	must_see(&site, ">Read what you were told</th>");
	must_see(&site, ">Nobody: while what it tells of is owed, that climbs by itself</td>");
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_glass_is_broken_on_the_web_by_whom_no_part_is_given),
		PROVES(the_glass_asks_for_proof_before_it_says_whether_there_is_a_file),
		PROVES(an_office_offers_to_name_who_holds_it),
		PROVES(a_row_whose_office_cannot_do_it_says_who_can),
		PROVES(a_duty_is_passed_on_and_put_off_from_its_own_row),
		PROVES(what_is_refused_to_somebody_at_work_stays_among_the_pages_of_work),
		PROVES(what_is_retired_is_asked_no_more_and_refused_by_name),
		PROVES(a_duty_is_passed_to_nobody_outside),
		PROVES(taking_a_duty_on_says_what_becomes_of_it),
		PROVES(a_chronology_tells_the_end_of_a_day_as_the_ladder_does),
		PROVES(all_who_are_told_next_are_named),
		PROVES(what_is_to_be_read_says_what_climbs_in_its_stead),
	};
	return PROVE(tests);
}
