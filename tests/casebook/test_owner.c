/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who owes: what `renewals` passes up, and whom "office of the last entry" means. */
#include "casebook/changed_pack.h"
#include "casebook/owed.h"

static void ask(struct fixture *f, const struct person *by, struct str file, const char *office, const char *urgent)
{
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("office"), str_from_c(office));
	json_put_bool(f->arena, fields, STR("urgent"), strcmp(urgent, "yes") == 0);
	json_put_text(f->arena, fields, STR("lawful-basis"), STR("public-task"));
	json_put_text(f->arena, fields, STR("question"), STR("What do you know?"));
	admitted(f, &by->actor, "concern.asked", file, fields);
}

/* The owner of the newest duty of a rule. */
static struct str newest_owner(struct fixture *f, struct str file, const char *rule)
{
	struct casebook_duty_list list = duties_of(f, file);
	const struct casebook_duty *newest = NULL;
	for (size_t i = 0; i < list.count; i++) {
		if (str_eq(list.at[i].rule, str_from_c(rule)) && (!newest || list.at[i].id > newest->id))
			newest = &list.at[i];
	}
	assert_non_null(newest);
	return newest->office;
}

static void any_rule_with_renewals_goes_up_when_it_is_opened_in_a_row(void **state)
{
	struct fixture *f = *state;
	const struct text_change change = { "duties.yaml", "T04:\n", "T04:\n  renewals: 2\n" };
	found_by(f, changed_all(f, "version: 0.2.0", &change, 1));
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	ask(f, &screener, concern.number, "gp", "no");
	ask(f, &screener, concern.number, "gp", "no");
	assert_true(str_eq(newest_owner(f, concern.number, "T04"), STR("gp")));
	ask(f, &screener, concern.number, "gp", "no");
	assert_true(str_eq(newest_owner(f, concern.number, "T04"), STR("named-nurse")));
	ask(f, &screener, concern.number, "gp", "no");
	assert_true(str_eq(newest_owner(f, concern.number, "T04"), STR("named-nurse")));
	/* Another office, or another rule between, and the row is broken. */
	ask(f, &screener, concern.number, "dsl", "no");
	ask(f, &screener, concern.number, "gp", "no");
	assert_true(str_eq(newest_owner(f, concern.number, "T04"), STR("gp")));
	ask(f, &screener, concern.number, "dsl", "yes");
	ask(f, &screener, concern.number, "gp", "no");
	ask(f, &screener, concern.number, "gp", "no");
	assert_true(str_eq(newest_owner(f, concern.number, "T04"), STR("gp")));
}

static void a_rest_that_another_office_renews_begins_anew(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener"), worker = person(f, "noor", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &screener.actor, "concern.looked", concern.number,
	         fields_of(f, "{'danger':'none-found','checked':['own-files','police','health','school']}"));
	admitted(f, &screener.actor, "concern.acknowledged", concern.number,
	         fields_of(f, "{'to':'not-reachable','how':'none'}"));
	struct json *decided = (struct json *)(uintptr_t)fields_of(
		f, "{'decision':'early-help','threshold':'2026','reasons':'Help is wanted.'}");
	struct json *evidence = json_array(f->arena);
	json_push(evidence, json_integer(f->arena, concern.index));
	json_put(decided, STR("evidence"), evidence);
	admitted(f, &screener.actor, "concern.decided", concern.number, decided);
	admitted(f, &screener.actor, "concern.told", concern.number, fields_of(f, "{'to':'not-reachable','how':'none'}"));
	const struct json *wait = fields_of(f, "{'text':'Wait.','next':'wait'}");
	/* screener owes the first two, the manager the next three, whoever stands above her the fourth. */
	admitted(f, &screener.actor, "note.made", concern.number, wait);
	assert_true(str_eq(open_of(f, concern.number, "T00")->office, STR("screener")));
	for (int i = 0; i < 3; i++) {
		admitted(f, &worker.actor, "note.made", concern.number, wait);
		assert_true(str_eq(open_of(f, concern.number, "T00")->office, STR("team-manager")));
	}
	admitted(f, &worker.actor, "note.made", concern.number, wait);
	assert_true(str_eq(open_of(f, concern.number, "T00")->office, STR("service-manager")));
}

static void before_an_office_wrote_the_one_that_area_names_is_the_last(void **state)
{
	struct fixture *f = *state;
	static const struct text_change changes[] = {
		{ "files.yaml", "    letter: C\n", "    letter: C\n    area: field place\n" },
		{ "kinds/concern.yaml", "    - { name: about, type: code, list: about,",
		  "    - { name: place, type: office }\n    - { name: about, type: code, list: about," },
		{ "duties.yaml", "  public-late: word that it has arrived\n  owed-by: screener\n",
		  "  public-late: word that it has arrived\n  owed-by: office of the last entry\n" },
	};
	found_by(f, changed_all(f, "version: 0.2.0", changes, COUNT_OF(changes)));
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'source':'neighbour','happening':'A burn.','harm':['physical'],'danger-now':'no',"
	           "'harm-sign':'yes','channel':'web','place':'gp'}");
	struct casebook_answer concern = admitted(f, &BY_PUBLIC, "concern.received", STR_NONE, fields);
	assert_true(str_eq(open_of(f, concern.number, "T02")->office, STR("gp")));
	/* Where an office writes first, it is that one. */
	struct person screener = person(f, "amara", "screener");
	concern = admitted(f, &screener.actor, "concern.received", STR_NONE, fields);
	assert_true(str_eq(open_of(f, concern.number, "T02")->office, STR("screener")));
}

/* Who owes the decision on a concern of the area of `place`. */
static struct str owner_of_decision(struct fixture *f, const char *place)
{
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'source':'neighbour','happening':'A burn.','harm':['physical'],'danger-now':'no',"
		   "'harm-sign':'yes','channel':'web'}");
	json_put_text(f->arena, fields, STR("place"), str_from_c(place));
	struct casebook_answer concern = admitted(f, &BY_PUBLIC, "concern.received", STR_NONE, fields);
	return open_of(f, concern.number, "T01")->office;
}

/* One administrator makes an office; whoever names its first holder has it take over. L4 */
static void an_office_for_an_area_takes_no_work_before_somebody_held_it(void **state)
{
	struct fixture *f = *state;
	static const struct text_change changes[] = {
		{ "files.yaml", "    letter: C\n", "    letter: C\n    area: field place\n" },
		{ "kinds/concern.yaml", "    - { name: about, type: code, list: about,",
		  "    - { name: place, type: office }\n    - { name: about, type: code, list: about," },
	};
	found_by(f, changed_all(f, "version: 0.2.0", changes, COUNT_OF(changes)));
	struct person first = person(f, "amara", "screener");
	struct person administrator = person(f, "ada", "register-administrator");
	admitted(f, &administrator.actor, "office.made", STR_NONE,
	         fields_of(f, "{'office':'gp-north','role':'gp','agency':'health','area':'north'}"));
	admitted(f, &administrator.actor, "office.made", STR_NONE,
	         fields_of(f, "{'office':'screener-north','role':'screener','agency':'council','area':'north'}"));
	assert_true(str_eq(owner_of_decision(f, "gp-north"), STR("screener")));
	struct person second = person(f, "joel", "screener-north");
	assert_true(str_eq(owner_of_decision(f, "gp-north"), STR("screener-north")));
	assert_true(str_eq(owner_of_decision(f, "gp"), STR("screener")));
	/* From then on it owes, held or not, and that nobody holds it is told. */
	leave(f, &second);
	assert_non_null(open_of(f, file_of_office(f, "screener-north"), "T94"));
	assert_true(str_eq(owner_of_decision(f, "gp-north"), STR("screener-north")));
	leave(f, &first);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	assert_true(str_eq(owner_of_decision(f, "gp-north"), STR("screener-north")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(any_rule_with_renewals_goes_up_when_it_is_opened_in_a_row),
		PROVES(a_rest_that_another_office_renews_begins_anew),
		PROVES(before_an_office_wrote_the_one_that_area_names_is_the_last),
		PROVES(an_office_for_an_area_takes_no_work_before_somebody_held_it),
	};
	return PROVE(tests);
}
