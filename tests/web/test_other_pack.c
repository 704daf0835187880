/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages by other rules than England's: the sketch of Wales, whose kinds, offices and duties share no name with it. */
#include "casebook/changed_pack.h"
#include "casebook/owed.h"
#include "web/staff.h"

static void found_in_wales(struct fixture *f)
{
	const char *folders[] = { "packs" };
	const struct pack_bytes *wales;
	MUST(f, pack_find(f->arena, folders, 1, STR("wales"), &wales, &f->err));
	found_by(f, wales);
}

static int64_t newest_of(struct fixture *f, const char *kind)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_entry entry;
	int64_t found = -1;
	for (int64_t i = 0; i < entries_of(f); i++) {
		MUST(f, casebook_entry_get(reader, f->arena, i, &entry, &f->err));
		if (str_eq(entry.kind, str_from_c(kind)))
			found = i;
	}
	return found;
}

static void a_report_of_other_rules_asks_what_they_have_fields_for(void **state)
{
	struct fixture *f = *state;
	found_in_wales(f);
	struct site site = serve(f, NULL);
	post(&site, "/report/danger", "danger-now=no&about=child");
	must_lead_to(&site, "/report/child");
	get(&site, "/report/child");
	must_see(&site, "name=\"home\"");
	must_not_see(&site, "name=\"school\"");
	must_not_see(&site, "name=\"born-day\"");
	post(&site, "/report/child", "child=Nia&home=12+Mill+Lane&school=High");
	post(&site, "/report/happening", "happening=She+is+hungry&harm=neglect&harm=missing");
	post(&site, "/report/when-where", "when=today");
	must_lead_to(&site, "/report/words");
	get(&site, "/report/words");
	must_not_see(&site, "child-knows");
	post(&site, "/report/words", "said=I+am+hungry");
	must_lead_to(&site, "/report/contact"); /* there is no field for files */
	post(&site, "/report/contact", "way=none");
	post(&site, "/report/you", "who=no");
	must_lead_to(&site, "/report/check");
	get(&site, "/report/check");
	must_not_see(&site, "High");
	post(&site, "/report/check", "");
	must_lead_to(&site, "/report/done");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_entry entry;
	MUST(f, casebook_entry_get(reader, f->arena, newest_of(f, "report.received"), &entry, &f->err));
	assert_true(str_eq(json_text(entry.plain, STR("danger-now")), STR("no")));
	assert_int_equal(json_member(entry.plain, STR("harm"))->count, 2);
	shut(&site);
}

static void a_whole_report_of_other_rules_has_their_keys(void **state)
{
	struct fixture *f = *state;
	found_in_wales(f);
	struct site site = serve(f, NULL);
	post_json(&site, "/report", NULL, "{'happening':'She is hungry.','words':'I am hungry','danger':'unsure'}");
	assert_int_equal(site.status, 201);
	assert_true(newest_of(f, "report.received") > 0);
	get(&site, "/");
	must_see(&site, "By the end of the next working day they decide what to do.");
	shut(&site);
}

static void work_goes_on_by_other_rules(void **state)
{
	struct fixture *f = *state;
	found_in_wales(f);
	struct person nia = person(f, "nia", "first-contact-worker");
	struct person sion = person(f, "sion", "childrens-manager");
	struct site site = serve(f, NULL);
	post_json(&site, "/report", NULL, "{'happening':'She is hungry.'}");
	struct str file = json_text(answer_of(&site), STR("file"));
	struct casebook_answer report = { .file = file };
	sign_in(&site, "nia", &nia);
	get(&site, "/work");
	must_see(&site, "Decide how the report is answered");
	get(&site, path_on(&site, &report, ""));
	must_see(&site, "RP-1");
	must_see(&site, "Write down a first look");
	get(&site, path_on(&site, &report, "report.screened"));
	assert_int_equal(site.status, 200);
	admitted(f, &nia.actor, "report.screened", file, fields_of(f, "{'danger':'yes','basis':'Spoke to her.'}"));
	admitted(f, &sion.actor, "report.decided", file, fields_of(f, "{'decision':'strategy','reasons':'She may be harmed.'}"));
	assert_non_null(open_of(f, file, "T504"));
	admitted(f, &sion.actor, "strategy.agreed", file,
	         fields_of(f, "{'present':['police-desk'],'conference':'yes','plan':'See her today.'}"));
	assert_null(open_of(f, file, "T504"));
	assert_non_null(open_of(f, file, "T505"));
	get(&site, "/figures");
	assert_int_equal(site.status, 200);
	get(&site, "/work/call");
	must_see(&site, "Would they rather speak Welsh?");
	must_not_see(&site, "name=\"school\"");
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_report_of_other_rules_asks_what_they_have_fields_for),
		PROVES(a_whole_report_of_other_rules_has_their_keys),
		PROVES(work_goes_on_by_other_rules),
	};
	return PROVE(tests);
}
