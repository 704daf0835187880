/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The times that an act gives, and births known in part. */
#include "casebook/owed.h"
#include "casebook/sample_changed.h"

static const struct text_change YEAR_ALONE[] = {
	{ "kinds/child.yaml", "name: born, type: month,", "name: born, type: month, year-alone: yes," },
	{ "kinds/child.yaml", "child.seen:\n  title: The child was seen\n  file: child\n",
	  "child.told-of:\n  title: What was told\n  file: child\n  before-birth: yes\n  by: [social-worker]\n"
	  "child.seen:\n  title: The child was seen\n  file: child\n" },
	{ "pack.yaml", "born: child.born", "unborn-months: 10\nborn: child.born" },
};

/* A code that is said of whoever was not born yet, and of nobody else. */
static const struct text_change UNBORN[] = {
	{ "kinds/child.yaml", "name: born, type: month,", "name: born, type: month, year-alone: yes," },
	{ "kinds/child.yaml", "name: contact, type: code, list: contact, required: yes }",
	  "name: contact, type: code, list: contact, unborn: video, required: yes }" },
	{ "pack.yaml", "born: child.born", "unborn-months: 10\nborn: child.born" },
};

/* The same, of children who may be born up to four months early. */
static const struct text_change UNBORN_EARLY[] = {
	{ "kinds/child.yaml", "name: born, type: month,", "name: born, type: month, year-alone: yes," },
	{ "kinds/child.yaml", "name: contact, type: code, list: contact, required: yes }",
	  "name: contact, type: code, list: contact, unborn: { code: video, early: 4 }, required: yes }" },
	{ "pack.yaml", "born: child.born", "unborn-months: 10\nborn: child.born" },
};

/* The day on which it happened, and the day that a field names. */
static const struct text_change NOT_OLDER[] = {
	{ "pack.yaml", "born: child.born", "not-older: { days: 0 }\nborn: child.born" },
	{ "duties.yaml", "within: { working-days: 5 }", "within: { working-days: 5 }, not-older: { days: 3 }" },
};

static struct casebook_answer begin(struct fixture *f, const struct person *who, const char *born)
{
	return act(f, &who->actor, "person.opened", STR_NONE,
	           fields_of(f, arena_format(f->arena, "{'names':['Rose'],'born':'%s'}", born).p));
}

/* The outcome of an act that happened on a day; `wrong` NULL: it is admitted. */
static void happens(struct fixture *f, const struct person *who, const char *kind, struct str file, const char *day,
                    const char *wrong)
{
	struct casebook_answer answer;
	struct casebook_act what = { .actor = who->actor,
		                     .via = CASEBOOK_WEB,
		                     .kind = str_from_c(kind),
		                     .file = file,
		                     .has_happened = true,
		                     .fields = str_eq(str_from_c(kind), STR("child.seen"))
		                                       ? fields_of(f, "{'contact':'seen-alone','alone':true}")
		                                       : json_object(f->arena) };
	assert_true(instant_read(arena_format(f->arena, "%sT10:00:00Z", day), &what.happened));
	MUST(f, casebook_submit(f->book, &what, f->arena, &answer, &f->err));
	if (!wrong) {
		fixture_must_admit(&answer, kind);
		return;
	}
	assert_int_equal(answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(answer.error_count, 1);
	assert_true(str_eq(answer.errors[0].field, STR("happened")));
	assert_true(str_find_str(answer.errors[0].text, str_from_c(wrong)) < answer.errors[0].text.n);
}

static void nothing_happens_to_a_child_before_its_birth(void **state)
{
	struct fixture *f = *state;
	found_by(f, sample_changed(f, YEAR_ALONE, COUNT_OF(YEAR_ALONE)));
	struct person sam = person(f, "sam", "social-worker");
	struct str rose = begin(f, &sam, "2012-03").file, year = begin(f, &sam, "2012").file, none;
	none = admitted(f, &sam.actor, "person.opened", STR_NONE, fields_of(f, "{'names':['Nobody knows']}")).file;
	happens(f, &sam, "child.seen", rose, "2012-03-01", NULL);
	happens(f, &sam, "child.seen", rose, "2011-05-01", NULL); /* unborn */
	happens(f, &sam, "child.seen", rose, "2011-04-30", "before the birth that is known");
	happens(f, &sam, "child.told-of", rose, "2001-01-01", NULL);
	happens(f, &sam, "child.seen", year, "2011-03-01", NULL);
	happens(f, &sam, "child.seen", year, "2011-02-28", "before the birth that is known");
	happens(f, &sam, "child.seen", none, "1990-01-01", NULL);
	happens(f, &sam, "child.seen", rose, "2099-01-01", "must be in the past");
}

/* Who was seen, of a birth, on a day, and how; day NULL: today, 26 November 2026. */
struct seen {
	const char *born, *day, *contact;
	bool is_wrong;
};

static void sees(struct fixture *f, const struct seen *seen, size_t count)
{
	struct person sam = person(f, "sam", "social-worker");
	struct str none =
		admitted(f, &sam.actor, "person.opened", STR_NONE, fields_of(f, "{'names':['Nobody knows']}")).file;
	for (size_t i = 0; i < count; i++) {
		struct casebook_answer answer;
		struct casebook_act what = { .actor = sam.actor, .via = CASEBOOK_WEB, .kind = STR("child.seen") };
		what.file = seen[i].born ? begin(f, &sam, seen[i].born).file : none;
		what.fields = fields_of(
			f, arena_format(f->arena, "{'contact':'%s','alone':true}", seen[i].contact).p);
		what.has_happened = seen[i].day;
		if (seen[i].day)
			assert_true(instant_read(arena_format(f->arena, "%sT10:00:00Z", seen[i].day), &what.happened));
		MUST(f, casebook_submit(f->book, &what, f->arena, &answer, &f->err));
		assert_int_equal(answer.outcome == CASEBOOK_FAILED, seen[i].is_wrong);
		if (seen[i].is_wrong)
			assert_true(str_eq(answer.errors[0].field, STR("contact")));
	}
}

static void unborn_is_said_of_whoever_was_not_born_and_of_nobody_else(void **state)
{
	static const struct seen SEEN[] = {
		{ "2012-03", "2012-03-01", "seen-alone", false }, { "2012-03", "2012-03-31", "video", false },
		{ "2012-03", "2012-02-29", "seen-alone", true },  { "2012-03", "2012-02-29", "video", false },
		{ "2012-03", "2012-04-01", "video", true },       { "2012-12", "2012-12-31", "video", false },
		{ "2012-12", "2013-01-01", "video", true },       { "2012", "2012-01-01", "seen-alone", false },
		{ "2012", "2011-12-31", "seen-alone", true },     { "2012", "2011-12-31", "video", false },
		{ "2012", "2012-12-31", "video", false },         { "2012", "2013-01-01", "video", true },
		{ "2027-01", NULL, "seen-alone", true },          { "2027-01", NULL, "video", false },
		{ "2026-11", NULL, "seen-alone", false },         { "2026-11", NULL, "video", false },
		{ "2026-10", NULL, "video", true },               { NULL, NULL, "seen-alone", false },
		{ NULL, "1990-01-01", "video", false },
	};
	struct fixture *f = *state;
	found_by(f, sample_changed(f, UNBORN, COUNT_OF(UNBORN)));
	sees(f, SEEN, COUNT_OF(SEEN));
}

static void a_child_born_months_early_is_seen_at_once(void **state)
{
	static const struct seen SEEN[] = {
		{ "2012-03", "2011-11-01", "seen-alone", false }, { "2012-03", "2011-10-31", "seen-alone", true },
		{ "2012-03", "2011-11-01", "video", false },      { "2012-03", "2011-10-31", "video", false },
		{ "2012-03", "2012-03-31", "video", false },      { "2012-03", "2012-04-01", "video", true },
		{ "2012", "2011-09-01", "seen-alone", false },    { "2012", "2011-08-31", "seen-alone", true },
		{ "2012", "2011-08-31", "video", false },         { "2012", "2013-01-01", "video", true },
		{ "2027-03", NULL, "seen-alone", false },         { "2027-04", NULL, "seen-alone", true },
	};
	struct fixture *f = *state;
	found_by(f, sample_changed(f, UNBORN_EARLY, COUNT_OF(UNBORN_EARLY)));
	sees(f, SEEN, COUNT_OF(SEEN));
}

static void a_birth_is_a_month_or_where_the_rules_say_so_a_year(void **state)
{
	static const char *const NONE[] = { "201", "2012-13", "2012-", "20123", "0000", "last year" };
	struct fixture *f = *state;
	found_by(f, sample_changed(f, YEAR_ALONE, COUNT_OF(YEAR_ALONE)));
	struct person sam = person(f, "sam", "social-worker");
	for (size_t i = 0; i < COUNT_OF(NONE); i++)
		assert_int_equal(begin(f, &sam, NONE[i]).outcome, CASEBOOK_FAILED);
	assert_int_equal(begin(f, &sam, "2012").outcome, CASEBOOK_ADMITTED);
	found_by(f, sample_changed(f, NULL, 0));
	sam = person(f, "sam", "social-worker");
	assert_int_equal(begin(f, &sam, "2012").outcome, CASEBOOK_FAILED);
	assert_int_equal(begin(f, &sam, "2012-03").outcome, CASEBOOK_ADMITTED);
}

static const struct casebook_duty *seen_of(struct fixture *f, struct str file)
{
	struct casebook_duty_list list = duties_of(f, file);
	for (size_t i = 0; i < list.count; i++) {
		if (str_eq(list.at[i].rule, STR("T08")))
			return &list.at[i];
	}
	return NULL;
}

/* T08 is owed within five working days of 26 November; both visits are recorded in January. */
static void what_was_done_in_time_and_recorded_late_is_neither_of_both(void **state)
{
	static const struct {
		const char *seen;
		bool in_time;
	} VISITS[] = { { "2026-11-30", true }, { "2026-12-20", false } };
	struct fixture *f = *state;
	struct str files[COUNT_OF(VISITS)];
	const struct casebook_kept *kept;
	size_t count, late = 0, written = 0;
	bool whole;
	found_by(f, sample_changed(f, NULL, 0));
	struct person sam = person(f, "sam", "social-worker");
	struct casebook_answer concern = admitted(
		f, &BY_PUBLIC, "concern.received", STR_NONE,
		fields_of(f, "{'source':'school','harm':['neglect'],'danger-now':'no','harm-sign':'no','area':'screener',"
	                     "'words':'She is alone at night.'}"));
	for (size_t i = 0; i < COUNT_OF(VISITS); i++) {
		files[i] = begin(f, &sam, "2012-03").file;
		admitted(f, &sam.actor, "assessment.opened", files[i],
		         fields_of(f, arena_format(f->arena, "{'concern':'%.*s','referral-received':'2026-11-26T09:00:00Z'}",
		                                   STR_ARG(concern.file))
		                              .p));
	}
	later(f, 40 * INSTANT_PER_DAY);
	for (size_t i = 0; i < COUNT_OF(VISITS); i++) {
		happens(f, &sam, "child.seen", files[i], VISITS[i].seen, NULL);
		const struct casebook_duty *duty = seen_of(f, files[i]);
		assert_true(duty->is_late); /* late stays late */
		assert_int_equal(duty->was_done_in_time, VISITS[i].in_time);
	}
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	instant bounds[] = { FIXTURE_START, casebook_now(f->book) };
	MUST(f, casebook_clocks_kept(reader, f->arena, bounds, 1, &kept, &count, &whole, &f->err));
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(kept[i].rule, STR("T08")))
			continue;
		late += (size_t)(kept[i].owed - kept[i].kept);
		written += (size_t)kept[i].written_late;
	}
	assert_int_equal(late, 2);
	assert_int_equal(written, 1);
}

static void what_was_done_long_before_settles_nothing_that_is_owed_since(void **state)
{
	struct fixture *f = *state;
	found_by(f, sample_changed(f, NOT_OLDER, COUNT_OF(NOT_OLDER)));
	struct person sam = person(f, "sam", "social-worker");
	struct casebook_answer concern = admitted(
		f, &BY_PUBLIC, "concern.received", STR_NONE,
		fields_of(f, "{'source':'school','harm':['neglect'],'danger-now':'no','harm-sign':'no','area':'screener',"
	                     "'words':'She is alone at night.'}"));
	struct str file = begin(f, &sam, "2012-03").file;
	/* Begun on 26 November: three whole days before it count. */
	admitted(f, &sam.actor, "assessment.opened", file,
	         fields_of(f, arena_format(f->arena, "{'concern':'%.*s','referral-received':'2026-11-26T09:00:00Z'}",
	                                   STR_ARG(concern.file))
	                              .p));
	happens(f, &sam, "child.seen", file, "2026-11-22", NULL);
	assert_true(seen_of(f, file)->is_open);
	later(f, 40 * INSTANT_PER_DAY);
	happens(f, &sam, "child.seen", file, "2024-05-01", NULL);
	assert_true(seen_of(f, file)->is_open);
	happens(f, &sam, "child.seen", file, "2026-11-23", NULL);
	assert_false(seen_of(f, file)->is_open);
	assert_true(seen_of(f, file)->was_done_in_time);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(nothing_happens_to_a_child_before_its_birth),
		PROVES(unborn_is_said_of_whoever_was_not_born_and_of_nobody_else),
		PROVES(a_child_born_months_early_is_seen_at_once),
		PROVES(what_was_done_in_time_and_recorded_late_is_neither_of_both),
		PROVES(what_was_done_long_before_settles_nothing_that_is_owed_since),
		PROVES(a_birth_is_a_month_or_where_the_rules_say_so_a_year),
	};
	return PROVE(tests);
}
