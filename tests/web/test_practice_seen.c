/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two people at the form of one decision: the second is told what came in between. */
#include "web/staff.h"

static struct str decision(struct site *site, const struct casebook_answer *concern, const char *what)
{
	return arena_format(site->f->arena,
	                    "decision=%s&threshold=1&evidence=%" PRId64
	                    "&reasons=For+reasons+of+mine&submission=%.*s&seen=%.*s",
	                    what, concern->index,
	                    STR_ARG(between(site, "name=\"submission\" value=\"", "\"")),
	                    STR_ARG(between(site, "name=\"seen\" value=\"", "\"")));
}

static void a_decision_over_one_that_was_not_seen_comes_back_filled(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener"), tomas = person(f, "tomas", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct site ours = serve(f, NULL), theirs = ours;
	const char *path = path_on(&ours, &concern, "concern.decided");
	sign_in(&ours, "amara", &amara);
	sign_in(&theirs, "tomas", &tomas);
	get(&theirs, "/office");
	post_own(&theirs, "/office", "office=team-manager");
	get(&ours, path);
	get(&theirs, path);
	struct str first = decision(&ours, &concern, "assess");
	struct str second = decision(&theirs, &concern, "advice");
	post_own(&ours, path, first.p);
	assert_int_equal(ours.status, 303);
	int64_t decided = file_named(f, concern.file).last_entry;
	for (int i = 0; i < 2; i++) { /* twice sent is answered twice the same */
		post(&theirs, path,
		     arena_format(f->arena, "%.*s&csrf=%.*s", STR_ARG(second),
		                  STR_ARG(between(&theirs, "name=\"csrf\" value=\"", "\"")))
		             .p);
		assert_int_equal(theirs.status, 409);
		must_see(&theirs, "decided this after you began");
		must_see(&theirs, "What came in between");
		must_see(&theirs, arena_format(f->arena, "href=\"/entries/%" PRId64 "\">Decide what happens next</a>",
		                               decided).p);
		must_see(&theirs, "by Duty team</li>");
		must_not_see(&theirs, "An act was refused</a>");
		must_see(&theirs, "For reasons of mine</textarea>");
	}
	/* It has been told: what is sent now is over all that stands. */
	post_own(&theirs, path, decision(&theirs, &concern, "advice").p);
	assert_int_equal(theirs.status, 303);
	shut(&ours);
}

static void a_program_that_says_what_it_saw_is_told_as_well(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night."), made;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	MUST(f, casebook_token_make(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, amara.account,
	                            STR("screener"), casebook_now(f->book) + INSTANT_PER_DAY, f->arena,
	                            secret, &made, &f->err));
	int64_t seen = file_named(f, concern.file).last_entry;
	struct site site = serve(f, NULL);
	site.extra = arena_format(f->arena, "Authorization: Bearer %s\r\n", secret).p;
	const char *path = path_on(&site, &concern, "concern.decided");
	const char *text = arena_format(f->arena,
	                                "{'decision':'assess','threshold':'1','evidence':[%" PRId64
	                                "],'reasons':'So.','seen':%" PRId64 "}",
	                                concern.index, seen)
	                           .p;
	post_json(&site, path, "one", text);
	assert_int_equal(site.status, 201);
	int64_t decided = file_named(f, concern.file).last_entry;
	post_json(&site, path, "two", text);
	assert_int_equal(site.status, 409);
	must_see(&site, arena_format(f->arena, "\"since\":%" PRId64, decided).p);
	must_see(&site, "\"between\":[{");
	post_json(&site, path, "one", text);
	assert_int_equal(site.status, 201);
	must_see(&site, "\"repeat\":true");
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_decision_over_one_that_was_not_seen_comes_back_filled),
		PROVES(a_program_that_says_what_it_saw_is_told_as_well),
	};
	return PROVE(tests);
}
