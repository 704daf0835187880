/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The one form of every kind, by rules of four types of file: files begun, rows, references. */
#include "web/staff.h"

#include "casebook/sample_pack.h"

struct staff {
	struct person social, manager, screener, police, chair;
};

static void found(struct fixture *f, struct staff *staff)
{
	found_by_sample(f);
	staff->social = person(f, "sunita", "social-worker");
	staff->manager = person(f, "tomas", "team-manager");
	staff->screener = person(f, "amara", "screener");
	staff->police = person(f, "petra", "police-officer");
	staff->chair = person(f, "cora", "cp-chair");
}

/* --- files that are begun -------------------------------------------------------------------- */

static void what_an_office_may_begin_is_a_page(void **state)
{
	struct fixture *f = *state;
	struct staff staff;
	found(f, &staff);
	struct site site = serve(f, NULL);
	sign_in(&site, "sunita", &staff.social);
	get(&site, "/work");
	must_see(&site, "href=\"/work/begin\"");
	get(&site, "/work/begin");
	must_see(&site, "href=\"/files/new/person.opened\"");
	must_see(&site, "href=\"/files/new/missing.reported\"");
	must_see(&site, "Missing episode");
	must_not_see(&site, "/files/new/child.seen");
	shut(&site);
}

static void a_file_is_begun_in_the_browser_about_the_one_it_was_begun_from(void **state)
{
	struct fixture *f = *state;
	struct staff staff;
	found(f, &staff);
	struct casebook_answer child = child_of(f, &staff.social);
	struct site site = serve(f, NULL);
	sign_in(&site, "sunita", &staff.social);
	get(&site, path_on(&site, &child, ""));
	must_see(&site, "Begin a file about this");
	must_see(&site, "href=\"/files/new/missing.reported?child=CH-1\"");
	get(&site, "/files/new/missing.reported?child=CH-1");
	must_see(&site, "value=\"CH-1\" checked>");
	must_see(&site, "class=\"govuk-back-link\">Child <span class=\"cd-number\">CH-1</span></a>");
	post_own(&site, "/files/new/missing.reported",
	         "child=CH-1&since-d=25&since-m=11&since-y=2026&since-t=18:00&submission=s1");
	assert_int_equal(site.status, 303);
	assert_true(str_starts(header(&site, "Location"), STR("/files/E-1?done=")));
	get(&site, "/files/E-1");
	must_see(&site, ">CH-1</a>");
	get(&site, path_on(&site, &child, ""));
	must_see(&site, ">E-1</a>");
	shut(&site);
}

static void whoever_may_not_begin_is_told_who_may(void **state)
{
	struct fixture *f = *state;
	struct staff staff;
	found(f, &staff);
	struct person contact = person(f, "olga", "ofsted-contact");
	struct site site = serve(f, NULL);
	sign_in(&site, "olga", &contact);
	get(&site, "/work/begin");
	must_see(&site, "Your office begins no files.");
	get(&site, "/files/new/person.opened");
	assert_int_equal(site.status, 403);
	shut(&site);
}

static void what_is_owed_stands_first_with_its_duty(void **state)
{
	struct fixture *f = *state;
	struct staff staff;
	found(f, &staff);
	struct casebook_answer child = child_of(f, &staff.social);
	struct casebook_answer concern = concern_about(f, &staff.screener, child.file, "A bruise.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &staff.screener);
	get(&site, path_on(&site, &concern, ""));
	struct str owed = between(&site, "What is owed here</h3>", "</ul>");
	assert_true(str_find_str(owed, STR("concern.decided")) < owed.n);
	assert_true(str_find_str(owed, STR("(T01), owed by MASH screener, by ")) < owed.n);
	must_see(&site, "Also possible (");
	struct str also = between(&site, "Also possible (", "</details>");
	assert_true(str_find_str(also, STR("<h3 class=\"govuk-heading-s\">Concern</h3>")) < also.n);
	assert_true(str_find_str(also, STR("concern.decided")) == also.n);
	shut(&site);
}

static void what_the_rules_offer_is_a_button_until_it_was_made(void **state)
{
	struct fixture *f = *state;
	struct staff staff;
	found(f, &staff);
	struct casebook_answer child = child_of(f, &staff.social);
	struct casebook_answer concern = concern_about(f, &staff.screener, child.file, "A bruise.");
	admitted(f, &staff.screener.actor, "concern.told", concern.file,
	         fields_of(f, "{'how':'phone','agrees':'yes'}"));
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &staff.screener);
	get(&site, path_on(&site, &concern, ""));
	must_not_see(&site, "What follows from what was written");
	admitted(f, &staff.screener.actor, "concern.told", concern.file,
	         fields_of(f, "{'how':'phone','agrees':'no'}"));
	get(&site, path_on(&site, &concern, ""));
	must_see(&site, "What follows from what was written");
	must_see(&site, "href=\"/files/new/challenge.raised?child=C-1\">I disagree, or you are silent</a>");
	get(&site, "/files/new/challenge.raised?child=C-1");
	must_see(&site, "value=\"C-1\" checked>");
	post_own(&site, "/files/new/challenge.raised",
	         "child=C-1&to=team-manager&urgent=no&words=It+is+not+safe&submission=s1");
	assert_int_equal(site.status, 303);
	get(&site, path_on(&site, &concern, ""));
	must_not_see(&site, "What follows from what was written");
	shut(&site);
}

/* --- fields ---------------------------------------------------------------------------------- */

static void a_file_is_chosen_among_those_near_or_typed_by_its_number(void **state)
{
	struct fixture *f = *state;
	struct staff staff;
	found(f, &staff);
	struct casebook_answer child = child_of(f, &staff.social);
	struct casebook_answer other = child_of(f, &staff.social);
	struct casebook_answer concern = concern_about(f, &staff.social, child.file, "A bruise.");
	struct site site = serve(f, NULL);
	(void)other;
	(void)concern;
	sign_in(&site, "sunita", &staff.social);
	get(&site, path_on(&site, &child, "assessment.opened"));
	must_see(&site, "Linked here</p>");
	must_see(&site, "value=\"C-1\"");
	must_see(&site, "C-1, concern, received: about</label>");
	must_not_see(&site, "value=\"CH-2\""); /* of another type */
	post_own(&site, path_on(&site, &child, "assessment.opened"),
	         "concern-n=c-77&referral-received-d=25&referral-received-m=11&referral-received-y=2026"
	         "&referral-received-t=09:00&submission=s1");
	assert_int_equal(site.status, 422);
	must_see(&site, "there is no such file");
	must_see(&site, "name=\"concern-n\" value=\"c-77\"");
	post_own(&site, path_on(&site, &child, "assessment.opened"),
	         "concern=&concern-n=c-1&referral-received-d=25&referral-received-m=11"
	         "&referral-received-y=2026&referral-received-t=09:00&submission=s2");
	assert_int_equal(site.status, 303);
	shut(&site);
}

static void entries_of_linked_files_are_among_the_choices(void **state)
{
	struct fixture *f = *state;
	struct staff staff;
	found(f, &staff);
	struct casebook_answer child = child_of(f, &staff.manager);
	struct casebook_answer concern = concern_about(f, &staff.manager, child.file, "A bruise.");
	struct site site = serve(f, NULL);
	sign_in(&site, "tomas", &staff.manager);
	get(&site, path_on(&site, &concern, "concern.decided"));
	must_see(&site, "This file</p>");
	must_see(&site, "Somebody is worried about a child, ");
	must_see(&site, "Child CH-1</p>");
	must_see(&site, "A child&#39;s file, ");
	must_see(&site, "name=\"evidence-n\"");
	post_own(&site, path_on(&site, &concern, "concern.decided"),
	         arena_format(f->arena,
	                      "decision=assess&threshold=2026&evidence=%" PRId64
	                      "&evidence-n=%" PRId64 "&reasons=A+mark&submission=s1",
	                      concern.index, child.index)
	                 .p);
	assert_int_equal(site.status, 303);
	get_json(&site, arena_format(f->arena, "/entries/%" PRId64, entries_of(f) - 1).p);
	shut(&site);
}

static void rows_are_added_without_a_script_and_keep_what_was_typed(void **state)
{
	struct fixture *f = *state;
	struct staff staff;
	found(f, &staff);
	struct casebook_answer child = child_of(f, &staff.social);
	struct casebook_answer concern = concern_about(f, &staff.manager, child.file, "A bruise.");
	struct site site = serve(f, NULL);
	admitted(f, &staff.manager.actor, "strategy.held", child.file,
	         fields_of(f, "{'decision':'enquiry','present':['team-manager','police-officer','named-nurse']}"));
	sign_in(&site, "sunita", &staff.social);
	(void)concern;
	const char *path = path_on(&site, &child, "plan.made");
	get(&site, path);
	must_see(&site, "name=\"actions.1.by-date-d\"");
	must_not_see(&site, "name=\"actions.2.by-date-d\"");
	must_see(&site, "name=\"more\" value=\"actions\"");
	int64_t before = entries_of(f);
	post_own(&site, path,
	         "actions.0.office=social-worker&actions.0.what=visit&actions.0.by-date-d=7"
	         "&actions.0.by-date-m=12&actions.0.by-date-y=2026&plan=We+visit&more=actions&submission=s1");
	assert_int_equal(site.status, 200);
	assert_int_equal(entries_of(f), before);
	must_not_see(&site, "error-summary");
	must_see(&site, "name=\"actions.5.by-date-d\"");
	must_see(&site, "value=\"visit\" checked>");
	must_see(&site, ">We visit</textarea>");
	/* Of several rows the one that lacks something is named. */
	post_own(&site, path,
	         "actions.0.office=social-worker&actions.0.what=visit&actions.0.by-date-d=7"
	         "&actions.0.by-date-m=12&actions.0.by-date-y=2026&actions.1.what=treat&plan=We+visit&submission=s3");
	assert_int_equal(site.status, 422);
	must_see(&site, "<a href=\"#actions\">Fill in row 2: ");
	post_own(&site, path,
	         "actions.0.office=social-worker&actions.0.what=visit&actions.0.by-date-d=7"
	         "&actions.0.by-date-m=12&actions.0.by-date-y=2026&actions.4.office=named-nurse"
	         "&actions.4.what=treat&actions.4.by-date-d=8&actions.4.by-date-m=12&actions.4.by-date-y=2026"
	         "&plan=We+visit&submission=s2");
	assert_int_equal(site.status, 303);
	get_json(&site, path_on(&site, &child, ""));
	must_see(&site, "\"rule\":\"T93\"");
	/* The duty of a row is chosen by its name where it is met. */
	get(&site, path_on(&site, &child, "plan.action-done"));
	must_see(&site, "value=\"D");
	shut(&site);
}

static void offices_are_chosen_by_agency(void **state)
{
	struct fixture *f = *state;
	struct staff staff;
	found(f, &staff);
	struct casebook_answer child = child_of(f, &staff.manager);
	struct site site = serve(f, NULL);
	sign_in(&site, "tomas", &staff.manager);
	get(&site, path_on(&site, &child, "strategy.held"));
	must_see(&site, "<p class=\"cd-option-group\">Police</p>");
	must_see(&site, "Look among these");
	get(&site, "/files/new/concern.received");
	must_see(&site, "<optgroup label=\"Health\">");
	shut(&site);
}

/* Every kind that people make opens its form, or says why it is not given, in each office that may
 * make it. */
static void every_kind_has_a_form(void **state)
{
	struct fixture *f = *state;
	struct staff staff;
	found(f, &staff);
	struct casebook_answer child = child_of(f, &staff.social);
	struct casebook_answer concern = concern_about(f, &staff.social, child.file, "A bruise.");
	struct casebook_answer episode = missing_of(f, &staff.social, child.file);
	const struct pack *pack = casebook_pack(f->book);
	const struct casebook_answer *files[] = { &child, &concern, &episode };
	struct site site = serve(f, NULL);
	size_t forms = 0;
	sign_in(&site, "sunita", &staff.social);
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		bool by_people = false;
		for (size_t i = 0; i < kind->by_count; i++)
			by_people = by_people || kind->by[i].sort != PACK_BY_REGISTER;
		if (kind->is_built_in || !by_people)
			continue;
		for (size_t i = 0; i < 3 && !kind->may_begin; i++) {
			struct casebook_file file = file_named(f, files[i]->file);
			if (!(kind->file_types >> file.type->number & 1))
				continue;
			get(&site, path_on(&site, files[i], str_to_c(f->arena, kind->name)));
			if (site.status != 200 && site.status != 403 && site.status != 409)
				fail_msg("%.*s: %u", STR_ARG(kind->name), site.status);
			forms += site.status == 200;
		}
		if (kind->may_begin) {
			get(&site, arena_format(f->arena, "/files/new/%.*s", STR_ARG(kind->name)).p);
			assert_int_equal(site.status, 200);
			forms++;
		}
	}
	assert_true(forms > 15);
	shut(&site);
}

/* --- programs -------------------------------------------------------------------------------- */

static void programs_are_told_how_a_file_is_begun(void **state)
{
	struct fixture *f = *state;
	struct staff staff;
	found(f, &staff);
	struct site site = serve(f, NULL);
	get(&site, "/api");
	must_see(&site, "\"/files/{id}/{kind}\"");
	must_see(&site, "\\\"new\\\" begins a file\"");
	must_see(&site, "Begins a file of its own: POST /files/new/person.opened");
	must_see(&site, "\"person.opened\":{\"title\":");
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_an_office_may_begin_is_a_page),
		PROVES(a_file_is_begun_in_the_browser_about_the_one_it_was_begun_from),
		PROVES(whoever_may_not_begin_is_told_who_may),
		PROVES(what_is_owed_stands_first_with_its_duty),
		PROVES(what_the_rules_offer_is_a_button_until_it_was_made),
		PROVES(a_file_is_chosen_among_those_near_or_typed_by_its_number),
		PROVES(entries_of_linked_files_are_among_the_choices),
		PROVES(rows_are_added_without_a_script_and_keep_what_was_typed),
		PROVES(offices_are_chosen_by_agency),
		PROVES(every_kind_has_a_form),
		PROVES(programs_are_told_how_a_file_is_begun),
	};
	return PROVE(tests);
}
