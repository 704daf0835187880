/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signing in, choosing an office, signing out: good ways and bad ones. */
#include "web/staff.h"

#define WRONG "The account name, the password or the digits are not right"

static void somebody_signs_in_and_sees_her_work(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	get(&site, "/sign-in");
	must_see(&site, "Account name");
	sign_in(&site, "amara", &amara);
	must_lead_to(&site, "/work");
	get(&site, "/work");
	assert_int_equal(site.status, 200);
	must_see(&site, "You are: <strong>Duty team</strong>");
	must_see(&site, "Nothing is owed by Duty team. Checked");
	shut(&site);
}

static void whatever_is_wrong_is_said_in_the_same_words(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	static const char *const FORMS[] = { "name=amara&password=not+the+right+one",
		                             "name=nobody&password=a+long+enough+password",
		                             "name=amara&password=a+long+enough+password" };
	for (size_t i = 0; i < COUNT_OF(FORMS); i++) {
		post(&site, "/sign-in", FORMS[i]);
		must_lead_to(&site, "/sign-in/digits");
		struct str right = fresh_digits(&site, &amara);
		struct str digits = i == 2 ? STR("000000") : right;
		post(&site, "/sign-in/digits",
		     arena_format(f->arena, "digits=%.*s", STR_ARG(digits)).p);
		assert_int_equal(site.status, 422);
		must_see(&site, WRONG);
	}
	shut(&site);
}

static void what_is_not_written_is_said_at_its_field(void **state)
{
	struct site site = serve(*state, NULL);
	post(&site, "/sign-in", "name=&password=x");
	assert_int_equal(site.status, 422);
	must_see(&site, "id=\"name-error\"><span class=\"govuk-visually-hidden\">Error:</span> Write your account name");
	must_not_see(&site, "password-error");
	post(&site, "/sign-in", "name=amara&password=");
	assert_int_equal(site.status, 422);
	must_see(&site, "href=\"#password\">Write your password</a>");
	must_see(&site, "id=\"password-error\"><span class=\"govuk-visually-hidden\">Error:</span> Write your password");
	must_not_see(&site, "name-error");
	post(&site, "/sign-in", "name=&password=");
	must_see(&site, "href=\"#name\">Write your account name</a>");
	must_see(&site, "href=\"#password\">Write your password</a>");
	shut(&site);
}

static void one_office_is_no_choice(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/office");
	must_see(&site, "You hold one office");
	must_see(&site, "You are working in it.");
	must_not_see(&site, "Work in this office");
	post_own(&site, "/office", "office=");
	assert_int_equal(site.status, 422);
	must_see(&site, "</span> Choose an office</p>");
	must_see(&site, "Work in this office");
	shut(&site);
}

static void digits_serve_once(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL), other = site;
	struct str digits = fresh_digits(&site, &amara);
	const char *form = arena_format(f->arena, "digits=%.*s", STR_ARG(digits)).p;
	post(&site, "/sign-in", "name=amara&password=a+long+enough+password");
	post(&site, "/sign-in/digits", form);
	must_lead_to(&site, "/work");
	post(&other, "/sign-in", "name=amara&password=a+long+enough+password");
	post(&other, "/sign-in/digits", form);
	assert_int_equal(other.status, 422);
	must_see(&other, WRONG);
	shut(&site);
}

static void name_and_password_wait_five_minutes_and_no_longer(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	post(&site, "/sign-in", "name=amara&password=a+long+enough+password");
	later(f, 6 * INSTANT_PER_MINUTE);
	struct str digits = fresh_digits(&site, &amara);
	post(&site, "/sign-in/digits",
	     arena_format(f->arena, "digits=%.*s", STR_ARG(digits)).p);
	assert_int_equal(site.status, 422);
	must_see(&site, "Begin again");
	post(&site, "/sign-in/digits", "digits=123456");
	must_see(&site, "Begin again");
	shut(&site);
}

static void pages_of_work_send_strangers_to_sign_in(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	static const char *const PATHS[] = { "/work",     "/work.ics", "/files/C-1", "/entries/1",
		                             "/late",     "/find",     "/readings",  "/offices",
		                             "/accounts", "/pack",     "/metrics",   "/work/call",
		                             "/office",   "/files/C-1/note.made",
		                             "/objects/x?entry=1",     "/entries/1/receipt" };
	for (size_t i = 0; i < COUNT_OF(PATHS); i++) {
		get(&site, PATHS[i]);
		must_lead_to(&site, "/sign-in");
		get_json(&site, PATHS[i]);
		assert_int_equal(site.status, 401);
	}
	post_json(&site, "/files/C-1/note.made", NULL, "{'text':'x'}");
	assert_int_equal(site.status, 401);
	shut(&site);
}

static void a_session_that_is_made_up_is_none(void **state)
{
	struct fixture *f = *state;
	(void)person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	site.cookies[0] = STR("candour=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
	site.cookie_count = 1;
	get(&site, "/work");
	must_lead_to(&site, "/sign-in");
	site.cookies[0] = STR("candour=short");
	get(&site, "/work");
	must_lead_to(&site, "/sign-in");
	shut(&site);
}

static void signing_out_ends_the_session_for_good(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	struct site thief = site;
	post(&site, "/sign-out", "");
	must_lead_to(&site, "/sign-in");
	get(&thief, "/work");
	must_lead_to(&thief, "/sign-in");
	shut(&site);
}

static void a_session_ends_after_a_quiet_quarter_of_an_hour(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	later(f, 14 * INSTANT_PER_MINUTE);
	get(&site, "/work");
	assert_int_equal(site.status, 200);
	must_see(&site, "data-cd-session=\"900\"");
	later(f, 16 * INSTANT_PER_MINUTE);
	get(&site, "/work");
	must_lead_to(&site, "/sign-in");
	shut(&site);
}

static void whoever_holds_two_offices_is_asked_which(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site;
	hold(f, &amara, "social-worker");
	site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	must_lead_to(&site, "/office");
	get(&site, "/work");
	must_lead_to(&site, "/office");
	get(&site, "/office");
	must_see(&site, "Duty team: 0 owed, 0 late");
	must_see(&site, "Social worker: 0 owed, 0 late");
	post_own(&site, "/office", "office=head-of-service");
	assert_int_equal(site.status, 422);
	must_see(&site, "You neither hold this office nor stand in for it today");
	post_own(&site, "/office", "office=social-worker");
	must_lead_to(&site, "/work");
	get(&site, "/work");
	must_see(&site, "You are: <strong>Social worker</strong>");
	shut(&site);
}

static void whoever_holds_nothing_is_told_so(void **state)
{
	struct fixture *f = *state;
	struct person milo = account_named(f, "milo");
	struct site site = serve(f, NULL);
	sign_in(&site, "milo", &milo);
	must_lead_to(&site, "/office");
	get(&site, "/office");
	must_see(&site, "You hold no office yet");
	shut(&site);
}

static void signing_in_again_leads_back_to_our_own_pages_only(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	static const char *const ELSEWHERE[] = { "https://evil.example/", "//evil.example",
		                                 "/%5Cevil.example",
		                                 "/%09/evil.example", "/%E2%80%A8", "" };
	for (size_t i = 0; i < COUNT_OF(ELSEWHERE); i++) {
		struct str digits = fresh_digits(&site, &amara);
		get(&site, "/sign-in/again?to=/late");
		must_see(&site, "value=\"/late\"");
		post_own(&site, "/sign-in/again",
		         arena_format(f->arena, "to=%s&password=a+long+enough+password&digits=%.*s",
		                      ELSEWHERE[i], STR_ARG(digits))
		                 .p);
		must_lead_to(&site, "/work");
	}
	get(&site, "/sign-in/again");
	post_own(&site, "/sign-in/again", "to=/late&password=wrong&digits=000000");
	assert_int_equal(site.status, 422);
	must_see(&site, "The password or the digits are not right");
	shut(&site);
}

static void a_form_without_its_token_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	int64_t before = entries_of(f);
	post(&site, "/office", "office=screener");
	assert_int_equal(site.status, 400);
	post(&site, path_on(&site, &concern, "note.made"), "text=a+note");
	assert_int_equal(site.status, 400);
	must_see(&site, "This form was open for a long time. Check it and send again");
	must_see(&site, "a note");
	/* A page of somewhere else cannot post at all. */
	ask(&site, "POST", path_on(&site, &concern, "note.made"), "application/x-www-form-urlencoded",
	    "Sec-Fetch-Site: cross-site\r\n", STR("text=a+note"));
	assert_int_equal(site.status, 403);
	assert_int_equal(entries_of(f), before);
	shut(&site);
}

static void a_token_of_another_session_is_no_token(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener"), milo = person(f, "milo", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct site site = serve(f, NULL), other = site;
	sign_in(&site, "amara", &amara);
	sign_in(&other, "milo", &milo);
	get(&other, "/work");
	struct str foreign = between(&other, "name=\"csrf\" value=\"", "\"");
	int64_t before = entries_of(f);
	post(&site, path_on(&site, &concern, "note.made"),
	     arena_format(f->arena, "text=a+note&csrf=%.*s", STR_ARG(foreign)).p);
	assert_int_equal(site.status, 400);
	assert_int_equal(entries_of(f), before);
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(somebody_signs_in_and_sees_her_work),
		PROVES(whatever_is_wrong_is_said_in_the_same_words),
		PROVES(what_is_not_written_is_said_at_its_field),
		PROVES(one_office_is_no_choice),
		PROVES(digits_serve_once),
		PROVES(name_and_password_wait_five_minutes_and_no_longer),
		PROVES(pages_of_work_send_strangers_to_sign_in),
		PROVES(a_session_that_is_made_up_is_none),
		PROVES(signing_out_ends_the_session_for_good),
		PROVES(a_session_ends_after_a_quiet_quarter_of_an_hour),
		PROVES(whoever_holds_two_offices_is_asked_which),
		PROVES(whoever_holds_nothing_is_told_so),
		PROVES(signing_in_again_leads_back_to_our_own_pages_only),
		PROVES(a_form_without_its_token_changes_nothing),
		PROVES(a_token_of_another_session_is_no_token),
	};
	return PROVE(tests);
}
