/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Adopting another version of the pack. */
#include "casebook/changed_pack.h"

static const struct pack_bytes *changed_as(struct fixture *f, const char *version, const char *path,
                                           const char *from, const char *to)
{
	const struct text_change change = { path, from, to };
	return changed_all(f, version, &change, 1);
}

static const struct pack_bytes *changed(struct fixture *f, const char *path, const char *from, const char *to)
{
	return changed_as(f, "version: 0.2.0", path, from, to);
}

static const struct pack_bytes *changed_duty(struct fixture *f, const char *from, const char *to)
{
	return changed(f, "duties.yaml", from, to);
}

static struct casebook_adoption adopt(struct fixture *f, const struct person *a, const struct person *b,
                                      const struct pack_bytes *pack)
{
	struct casebook_adoption out;
	MUST(f, casebook_adopt(f->book, &a->actor, &b->actor, CASEBOOK_CLI, STR_NONE, pack, f->arena, &out, &f->err));
	return out;
}

static void a_changed_text_is_adopted_by_two_agencies(void **state)
{
	struct fixture *f = *state;
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse");
	struct casebook_adoption out = adopt(
		f, &one, &two, changed_duty(f, "title: Decide what happens next", "title: Decide what is to be done"));
	assert_int_equal(out.answer.outcome, CASEBOOK_ADMITTED);
	assert_int_equal(out.change, PACK_CHANGE_TEXT);
	assert_true(str_eq(casebook_pack(f->book)->version, STR("0.2.0")));
	fixture_reopen(f);
	assert_true(str_eq(casebook_pack(f->book)->version, STR("0.2.0")));
	report(f, "He is alone at night.");
}

static void what_loosens_is_refused_by_name(void **state)
{
	struct fixture *f = *state;
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse");
	struct casebook_adoption out = adopt(
		f, &one, &two,
		changed_duty(f, "owed-by: register-administrator\n  from: recorded\n  within: { hours: 24 }",
	                     "owed-by: register-administrator\n  from: recorded\n  within: { hours: 48 }"));
	assert_int_equal(out.answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(out.answer.err.code, ERR_REFUSED);
	assert_true(out.change_count > 0);
	assert_true(str_eq(casebook_pack(f->book)->version, STR("0.1.0")));
}

struct two {
	struct person one;
	struct person other;
};

static void refuse_number(struct fixture *f, const struct two *who, const char *number, const char *from,
                          const char *to, const char *smallest)
{
	struct casebook_adoption out =
		adopt(f, &who->one, &who->other, changed_as(f, number, "duties.yaml", from, to));
	assert_int_equal(out.answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(out.answer.err.code, ERR_REFUSED);
	assert_non_null(strstr(out.answer.err.message, smallest));
	assert_true(str_eq(casebook_pack(f->book)->version, STR("0.1.0")));
}

static void a_number_too_small_for_what_changed_is_refused_and_the_smallest_named(void **state)
{
	struct fixture *f = *state;
	struct two who = { person(f, "ada", "register-administrator"), person(f, "noor", "named-nurse") };
	refuse_number(f, &who, "version: 0.1.0", "title: Decide what happens next", "title: Decide what is to be done",
	              "Version 0.1.0 is too small a number for what changed (text); the smallest that may be"
	              " adopted is 0.1.1");
	refuse_number(f, &who, "version: 0.1.9", "within: { hours: 24 }", "within: { hours: 12 }",
	              "(tighter); the smallest that may be adopted is 0.2.0");
	refuse_number(f, &who, "version: 0.9.0", "within: { hours: 24 }", "within: { hours: 48 }",
	              "its number would be 1.0.0 or above");
	refuse_number(f, &who, "version: 0.0.9", "title: Decide what happens next", "title: Decide what is to be done",
	              "Version 0.0.9 is older than 0.1.0");
}

static void one_agency_alone_adopts_nothing(void **state)
{
	struct fixture *f = *state;
	struct person one = person(f, "amara", "screener"), two = person(f, "tomas", "team-manager");
	struct casebook_adoption out = adopt(
		f, &one, &two, changed_duty(f, "title: Decide what happens next", "title: Decide what is to be done"));
	assert_int_equal(out.answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(out.answer.err.code, ERR_REFUSED);
}

/* Roles are numbered anew in each pack; a duty of the day before must still tell whom it would have told. */
static void what_was_owed_before_climbs_its_own_ladder_after(void **state)
{
	static const char *const line[] = { "team-manager", "service-manager", "head-of-service", "dcs",
		                            "independent-scrutineer", "ofsted-contact" };
	struct fixture *f = *state;
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_adoption out =
		adopt(f, &one, &two,
	              changed(f, "offices.yaml", "\noffices:\n",
	                      "\noffices:\n  a-first-office: { title: New here, agency: council, line: team-manager,"
	                      " reads: [{ what: own }] }\n"));
	fixture_must_admit(&out.answer, "pack.adopted");
	later(f, 60 * INSTANT_PER_DAY);
	for (size_t fired = 1; fired > 0;) {
		instant next;
		MUST(f, casebook_climb(f->book, casebook_now(f->book), 1000, &fired, &next, &f->err));
	}
	struct casebook_file file = file_named(f, concern.number);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_duty_list list;
	MUST(f, casebook_duties_of_file(reader, f->arena, file.n, 100, &list, &f->err));
	for (size_t i = 0; i < list.count; i++) {
		const struct casebook_told *told;
		size_t count;
		if (!str_eq(list.at[i].rule, STR("T01")))
			continue;
		MUST(f, casebook_duty_told(reader, f->arena, list.at[i].id, &told, &count, &f->err));
		assert_int_equal(count, COUNT_OF(line));
		for (size_t t = 0; t < count; t++)
			assert_true(str_eq(told[t].office, str_from_c(line[t])));
		return;
	}
	fail_msg("T01 is not owed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_changed_text_is_adopted_by_two_agencies),
		PROVES(what_loosens_is_refused_by_name),
		PROVES(a_number_too_small_for_what_changed_is_refused_and_the_smallest_named),
		PROVES(one_agency_alone_adopts_nothing),
		PROVES(what_was_owed_before_climbs_its_own_ladder_after),
	};
	return PROVE(tests);
}
