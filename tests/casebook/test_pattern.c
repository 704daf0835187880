/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Patterns in the turn: what adds up over the files of one child is owed by
 * somebody, at the entry with which it adds up.
 */
#include "casebook/dump.h"
#include "casebook/keys.h"
#include "casebook/sample_changed.h"

/* --- a register of the sample pack ------------------------------------------------------------ */

static void begin_with(struct fixture *f, const struct text_change *changes, size_t count)
{
	found_by(f, sample_changed(f, changes, count));
}

static struct str child(struct fixture *f, const struct person *who)
{
	return admitted(f, &who->actor, "person.opened", STR_NONE,
	                fields_of(f, "{'names':['Rose'],'born':'2012-03'}"))
	        .file;
}

static struct casebook_answer concern_of(struct fixture *f, struct str about, const char *harm,
                                         const char *source)
{
	struct str text = arena_format(f->arena,
	                               "{'source':'%s','harm':['%s'],'danger-now':'no','harm-sign':'no',"
	                               "'area':'screener','words':'She is alone at night.'%s%.*s%s}",
	                               source, harm, about.n ? ",'child':'" : "", STR_ARG(about),
	                               about.n ? "'" : "");
	return admitted(f, &BY_PUBLIC, "concern.received", STR_NONE, fields_of(f, text.p));
}

static struct casebook_duty_list duties_of(struct fixture *f, struct str file)
{
	struct casebook_duty_list list;
	struct casebook_file found = file_named(f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duties_of_file(reader, f->arena, found.n, 100, &list, &f->err));
	return list;
}

static size_t owed(struct fixture *f, struct str file, const char *rule)
{
	struct casebook_duty_list list = duties_of(f, file);
	size_t n = 0;
	for (size_t i = 0; i < list.count; i++)
		n += str_eq(list.at[i].rule, str_from_c(rule)) && list.at[i].is_open;
	return n;
}

static struct casebook_duty duty_of(struct fixture *f, struct str file, const char *rule)
{
	struct casebook_duty_list list = duties_of(f, file);
	for (size_t i = 0; i < list.count; i++) {
		if (str_eq(list.at[i].rule, str_from_c(rule)) && list.at[i].is_open)
			return list.at[i];
	}
	fail_msg("nothing is owed under %s", rule);
	return list.at[0];
}

/* The entries pattern.found of a pattern on a file, and the newest one's plain fields. */
static size_t found(struct fixture *f, struct str file, const char *pattern, const struct json **newest)
{
	const struct casebook_entry *entries;
	size_t count, n = 0;
	struct casebook_file row = file_named(f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_entries(reader, f->arena, row.n, -1, 200, &entries, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(entries[i].kind, STR("pattern.found")) ||
		    !str_eq(json_text(entries[i].plain, STR("pattern")), str_from_c(pattern)))
			continue;
		if (newest && (n == 0 || json_number(entries[i].plain, STR("cause"), -1) >
		                                 json_number(*newest, STR("cause"), -1)))
			*newest = entries[i].plain;
		n++;
	}
	return n;
}

/* Folded anew it is the same, and verify finds nothing. */
static void must_fold_and_verify(struct fixture *f)
{
	CLEANUP(buf_finish) struct buf before = dump(f);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	CLEANUP(buf_finish) struct buf after = dump(f);
	assert_same_dump(&before, &after);
	close_register(f);
	must_verify(f);
}

static void names(const struct json *plain, const int64_t *entries, size_t count)
{
	const struct json *list = json_member(plain, STR("entries"));
	assert_non_null(list);
	assert_int_equal(list->count, count);
	for (const struct json *item = list->first; item; item = item->next)
		assert_int_equal(item->integer, *entries++);
}

/* --- K01: scattered concerns ------------------------------------------------------------------- */

static void the_third_concern_about_a_child_opens_the_cumulative_duty_and_not_a_later_one(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child(f, &worker);
	const struct json *plain = NULL;
	struct casebook_answer first = concern_of(f, rose, "neglect", "school");
	later(f, 30 * INSTANT_PER_DAY);
	struct casebook_answer second = concern_of(f, rose, "neglect", "public");
	assert_int_equal(owed(f, rose, "T90"), 0);
	later(f, 30 * INSTANT_PER_DAY);
	struct casebook_answer third = concern_of(f, rose, "neglect", "police");
	assert_int_equal(found(f, rose, "K01", &plain), 1);
	names(plain, (int64_t[]){ first.index, second.index, third.index }, 3);
	assert_int_equal(json_number(plain, STR("cause"), -1), third.index);
	assert_true(str_eq(duty_of(f, rose, "T90").office, STR("service-manager")));
	assert_int_equal(owed(f, rose, "T12"), 1);
	assert_int_equal(owed(f, third.file, "T90"), 0);
}

/* A concern that names nobody, and an entry by which its child is named later. */
static const struct text_change NAMED = {
	"kinds/concern.yaml", "",
	"concern.named:\n  title: Whom it is about\n  file: concern\n  by: [anyone]\n"
	"  fields: [{ name: child, type: file, of: [child], required: yes }]\n"
	"  links: [{ relation: about, to: child }]\n"
};

static void a_link_made_later_is_the_entry_by_which_they_add_up(void **state)
{
	struct fixture *f = *state;
	begin_with(f, &NAMED, 1);
	struct person worker = person(f, "sam", "social-worker");
	struct person screener = person(f, "amara", "screener");
	struct str rose = child(f, &worker);
	const struct json *plain = NULL;
	struct casebook_answer nobody = concern_of(f, STR(""), "neglect", "school");
	struct casebook_answer first = concern_of(f, rose, "neglect", "public");
	struct casebook_answer second = concern_of(f, rose, "neglect", "police");
	assert_int_equal(owed(f, rose, "T90"), 0);
	struct casebook_answer named =
		admitted(f, &screener.actor, "concern.named", nobody.file,
	                 fields_of(f, arena_format(f->arena, "{'child':'%.*s'}", STR_ARG(rose)).p));
	assert_int_equal(found(f, rose, "K01", &plain), 1);
	names(plain, (int64_t[]){ nobody.index, first.index, second.index, named.index }, 4);
	assert_int_equal(owed(f, rose, "T90"), 1);
}

static void one_more_while_its_duty_is_open_is_added_and_opens_nothing(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child(f, &worker);
	const struct json *plain = NULL;
	for (int i = 0; i < 3; i++)
		(void)concern_of(f, rose, "neglect", "school");
	struct casebook_duty duty = duty_of(f, rose, "T90");
	struct casebook_answer fourth = concern_of(f, rose, "neglect", "school");
	assert_int_equal(found(f, rose, "K01", &plain), 2);
	names(plain, (int64_t[]){ fourth.index }, 1);
	assert_true(str_eq(json_text(plain, STR("duty")), duty.name));
	assert_int_equal(owed(f, rose, "T90"), 1);
	assert_int_equal(owed(f, rose, "T12"), 1);
}

static void consider(struct fixture *f, const struct person *manager, struct str file, const char *follows)
{
	struct str text = arena_format(f->arena, "{'follows':'%s','reasons':'I read them.'}", follows);
	(void)admitted(f, &manager->actor, "pattern.considered", file, fields_of(f, text.p));
	assert_int_equal(owed(f, file, "T90"), 0);
}

static void after_not_a_pattern_one_concern_more_finds_it_again(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct person manager = person(f, "mina", "service-manager");
	struct str rose = child(f, &worker);
	for (int i = 0; i < 3; i++)
		(void)concern_of(f, rose, "neglect", "school");
	consider(f, &manager, rose, "not-a-pattern");
	(void)admitted(f, &worker.actor, "note.made", rose, fields_of(f, "{'text':'A note.'}"));
	assert_int_equal(owed(f, rose, "T90"), 0);
	(void)concern_of(f, rose, "neglect", "school");
	assert_int_equal(found(f, rose, "K01", NULL), 2);
	assert_int_equal(owed(f, rose, "T90"), 1);
}

static void after_another_answer_it_must_become_true_anew(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct person manager = person(f, "mina", "service-manager");
	struct str rose = child(f, &worker);
	for (int i = 0; i < 3; i++)
		(void)concern_of(f, rose, "neglect", "school");
	consider(f, &manager, rose, "already-in-hand");
	(void)concern_of(f, rose, "neglect", "school");
	assert_int_equal(owed(f, rose, "T90"), 0);
	later(f, 400 * INSTANT_PER_DAY);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(found(f, rose, "K01", NULL), 1);
		(void)concern_of(f, rose, "neglect", "school");
	}
	assert_int_equal(found(f, rose, "K01", NULL), 2);
}

/* What happened is counted when it happened, though it is written down today. */
/* Though it never ceased to be true: three more are as many as the three before them. */
static void what_goes_on_after_an_answer_is_found_by_itself(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker"), manager = person(f, "mina", "service-manager");
	struct str rose = child(f, &worker);
	for (int i = 0; i < 3; i++)
		(void)concern_of(f, rose, "neglect", "school");
	consider(f, &manager, rose, "already-in-hand");
	for (int i = 0; i < 2; i++)
		(void)concern_of(f, rose, "neglect", "school");
	assert_int_equal(found(f, rose, "K01", NULL), 1);
	(void)concern_of(f, rose, "neglect", "school");
	assert_int_equal(found(f, rose, "K01", NULL), 2);
	consider(f, &manager, rose, "already-in-hand");
	/* By another part of what it asks, which is true of two. */
	(void)concern_of(f, rose, "sexual", "school");
	(void)concern_of(f, rose, "sexual", "police");
	assert_int_equal(found(f, rose, "K01", NULL), 3);
	must_fold_and_verify(f);
}

static void an_old_concern_written_down_today_counts_where_it_belongs(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child(f, &worker), tom = child(f, &worker);
	instant then = casebook_now(f->book) - 500 * INSTANT_PER_DAY;
	for (int i = 0; i < 6; i++) {
		struct str text = arena_format(f->arena,
		                               "{'source':'school','harm':['neglect'],'danger-now':'no',"
		                               "'harm-sign':'no','area':'screener','words':'An old letter.',"
		                               "'child':'%.*s'}",
		                               STR_ARG(i < 3 ? rose : tom));
		struct casebook_act what = { .actor = worker.actor,
			                     .via = CASEBOOK_WEB,
			                     .kind = STR("concern.received"),
			                     .fields = fields_of(f, text.p),
			                     .has_happened = true,
			                     .happened = i % 3 ? casebook_now(f->book) - i : then };
		struct casebook_answer answer;
		if (i >= 3)
			what.happened = casebook_now(f->book) - 300 * INSTANT_PER_DAY;
		MUST(f, casebook_submit(f->book, &what, f->arena, &answer, &f->err));
		fixture_must_admit(&answer, "concern.received");
	}
	assert_int_equal(owed(f, rose, "T90"), 0);
	assert_int_equal(owed(f, tom, "T90"), 1);
}

static void two_of_sexual_harm_from_different_sources_are_enough(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child(f, &worker), tom = child(f, &worker);
	(void)concern_of(f, rose, "sexual", "school");
	(void)concern_of(f, rose, "sexual", "police");
	assert_int_equal(owed(f, rose, "T90"), 1);
	(void)concern_of(f, tom, "sexual", "school");
	(void)concern_of(f, tom, "sexual", "school");
	assert_int_equal(owed(f, tom, "T90"), 0);
}

static void a_file_that_has_ended_owes_nothing_new(void **state)
{
	struct fixture *f = *state;
	static const struct text_change closed = { "kinds/child.yaml", "",
		                                   "child.ended:\n  title: End\n  file: child\n"
		                                   "  from: [known]\n  to: closed\n  by: [anyone]\n"
		                                   "  needs: [{ need: { not: { duty: { rule: [T10, T23, T35,"
		                                   " T86], is: open } } }, else: Not yet }]\n"
		                                   "  settles: [T00]\n"
		                                   "  ends: [T08, T12, T15, T20, T30, T31, T90, T93]\n" };
	begin_with(f, &closed, 1);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child(f, &worker);
	(void)admitted(f, &worker.actor, "child.ended", rose, json_object(f->arena));
	for (int i = 0; i < 3; i++)
		(void)concern_of(f, rose, "neglect", "school");
	assert_int_equal(found(f, rose, "K01", NULL), 0);
}

/* --- the others --------------------------------------------------------------------------------- */

static struct casebook_answer missing(struct fixture *f, const struct person *who, struct str rose)
{
	struct str text = arena_format(f->arena, "{'since':'2026-11-26T09:00:00Z','child':'%.*s'}",
	                               STR_ARG(rose));
	return admitted(f, &who->actor, "missing.reported", STR_NONE, fields_of(f, text.p));
}

static void the_third_time_missing_in_ninety_days_is_found(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child(f, &worker);
	(void)missing(f, &worker, rose);
	later(f, 80 * INSTANT_PER_DAY);
	(void)missing(f, &worker, rose);
	later(f, 20 * INSTANT_PER_DAY);
	(void)missing(f, &worker, rose);
	assert_int_equal(found(f, rose, "K03", NULL), 0);
	later(f, 30 * INSTANT_PER_DAY);
	(void)missing(f, &worker, rose);
	assert_int_equal(found(f, rose, "K03", NULL), 1);
	assert_true(str_eq(duty_of(f, rose, "T90").office, STR("exploitation-lead")));
}

static void what_is_said_soon_after_she_was_found_is_found(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child(f, &worker);
	const struct json *plain = NULL, *said = fields_of(f, "{'words':'Leave it.'}");
	struct casebook_answer away = missing(f, &worker, rose);
	struct casebook_answer back =
		admitted(f, &worker.actor, "missing.found", away.file,
	                 fields_of(f, "{'returned':'2026-11-26T09:30:00Z','sexual-activity-sign':'no'}"));
	assert_int_equal(found(f, rose, "K09", NULL), 0);
	later(f, 13 * INSTANT_PER_DAY);
	struct casebook_answer words = admitted(f, &worker.actor, "child.said", rose, said);
	assert_int_equal(found(f, rose, "K09", &plain), 1);
	names(plain, (int64_t[]){ back.index, words.index }, 2);

	struct str tom = child(f, &worker);
	away = missing(f, &worker, tom);
	(void)admitted(f, &worker.actor, "missing.found", away.file,
	               fields_of(f, "{'returned':'2026-11-26T09:30:00Z','sexual-activity-sign':'no'}"));
	later(f, 15 * INSTANT_PER_DAY);
	(void)admitted(f, &worker.actor, "child.said", tom, said);
	assert_int_equal(found(f, tom, "K09", NULL), 0);
}

static void three_attempts_that_failed_in_a_row_are_found(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child(f, &worker);
	const struct json *out = fields_of(f, "{'reason':'not-in'}");
	for (int i = 0; i < 2; i++)
		(void)admitted(f, &worker.actor, "child.not-seen", rose, out);
	(void)admitted(f, &worker.actor, "child.seen", rose, fields_of(f, "{'contact':'seen-alone','alone':true}"));
	for (int i = 0; i < 2; i++)
		(void)admitted(f, &worker.actor, "child.not-seen", rose, out);
	assert_int_equal(found(f, rose, "K16", NULL), 0);
	(void)admitted(f, &worker.actor, "child.not-seen", rose, out);
	assert_int_equal(found(f, rose, "K16", NULL), 1);
}

static void two_children_named_in_one_concern_are_found_each(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child(f, &worker), tom = child(f, &worker);
	struct casebook_answer concern = concern_of(f, STR(""), "neglect", "school");
	struct str text = arena_format(f->arena,
	                               "{'concern':'%.*s','referral-received':'2026-11-26T09:00:00Z'}",
	                               STR_ARG(concern.file));
	(void)admitted(f, &worker.actor, "assessment.opened", rose, fields_of(f, text.p));
	assert_int_equal(found(f, rose, "K16", NULL), 0);
	(void)admitted(f, &worker.actor, "assessment.opened", tom, fields_of(f, text.p));
	assert_int_equal(found(f, tom, "K16", NULL), 1);
	assert_int_equal(found(f, rose, "K16", NULL), 1);
}

/* What was found follows from the entries: folded anew it is the same to the byte. */
static void patterns_fold_anew_to_the_same_and_verify(void **state)
{
	struct fixture *f = *state;
	begin_with(f, &NAMED, 1);
	struct person worker = person(f, "sam", "social-worker");
	struct person manager = person(f, "mina", "service-manager");
	struct str rose = child(f, &worker), tom = child(f, &worker);
	for (int i = 0; i < 7; i++) {
		(void)concern_of(f, i % 3 ? rose : tom, i % 2 ? "sexual" : "neglect", i % 4 ? "school" : "police");
		if (i == 4)
			consider(f, &manager, rose, "not-a-pattern");
	}
	assert_int_equal(found(f, rose, "K01", NULL), 2);
	must_fold_and_verify(f);
	fixture_open(f);
}

/* Somebody takes a link away while the third concern comes, and puts it back. */
static void a_pattern_that_was_kept_from_being_found_is_named_by_verify(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child(f, &worker);
	(void)concern_of(f, rose, "neglect", "school");
	(void)concern_of(f, rose, "neglect", "public");
	by_hand(f, "UPDATE link SET removed = 1");
	struct casebook_answer third = concern_of(f, rose, "neglect", "police");
	by_hand(f, "UPDATE link SET removed = NULL");
	assert_int_equal(found(f, rose, "K01", NULL), 0);
	close_register(f);
	struct casebook_difference differs = looked_at(f);
	assert_true(str_eq(differs.where, STR("entry")));
	assert_int_equal(differs.index, third.index);
	assert_true(str_find_str(differs.what, STR("K01")) < differs.what.n);
}

/* One that is added to an open duty is missed like one that opens it. */
static void one_more_that_was_kept_from_being_added_is_named_by_verify(void **state)
{
	struct fixture *f = *state;
	begin_with(f, NULL, 0);
	struct person worker = person(f, "sam", "social-worker");
	struct str rose = child(f, &worker);
	for (int i = 0; i < 3; i++)
		(void)concern_of(f, rose, "neglect", "school");
	by_hand(f, "UPDATE link SET removed = 1");
	struct casebook_answer fourth = concern_of(f, rose, "neglect", "police");
	by_hand(f, "UPDATE link SET removed = NULL");
	assert_int_equal(found(f, rose, "K01", NULL), 1);
	close_register(f);
	struct casebook_difference differs = looked_at(f);
	assert_int_equal(differs.index, fourth.index);
	assert_true(str_find_str(differs.what, STR("K01")) < differs.what.n);
}

/* --- who owes what it opens ---------------------------------------------------------------------- */

static const struct text_change ABOVE[] = {
	{ "patterns.yaml", "",
	  "K98:\n  title: One office asks\n  about: office\n  through: [made-in]\n  owner: service-manager\n"
	  "  when: { count: { of: concern.asked, within: { days: 30 }, at-least: 1 } }\n"
	  "  opens: [{ duty: T88, owed-by: manager of office of the file }]\n  source: Norm\n"
	  "K99:\n  title: One is asked\n  about: concern\n  owner: service-manager\n"
	  "  when: { count: { of: concern.asked, within: { days: 30 }, at-least: 1 } }\n"
	  "  opens: [{ duty: T88, owed-by: manager of office in area }]\n  source: Norm\n" },
	{ "kinds/concern.yaml", "title: What we know\n  file: concern\n", "title: What we know\n  file: [concern, office]\n" },
	{ "kinds/concern.yaml", "file: [concern, child, episode]", "file: [concern, child, episode, office]" },
};

static void ask(struct fixture *f, const struct person *screener, struct str concern, const char *office);

/* Of the file of an office by whoever is above it; of another by what its first entry names. */
static void what_it_opens_is_owed_one_step_above_whom_the_file_is_of_or_names(void **state)
{
	struct fixture *f = *state;
	begin_with(f, ABOVE, COUNT_OF(ABOVE));
	struct person screener = person(f, "amara", "screener");
	struct str one = concern_of(f, STR(""), "neglect", "school").file;
	struct str asking = file_of_office(f, "screener");
	ask(f, &screener, one, "social-worker");
	assert_int_equal(found(f, asking, "K98", NULL), 1);
	assert_int_equal(found(f, one, "K99", NULL), 1);
	assert_true(str_eq(duty_of(f, asking, "T88").office, STR("team-manager")));
	assert_true(str_eq(duty_of(f, one, "T88").office, STR("team-manager")));
	must_fold_and_verify(f);
}

/* --- whose silence it is ------------------------------------------------------------------------ */

/* Who is asked on the concern of a child is waited for; urgent or not, as the pack says it. */
static const struct text_change AWAITED[] = {
	{ "patterns.yaml", "",
	  "K99:\n  title: Silent\n  about: concern\n  owner: screener\n"
	  "  when: { silent-for: { days: 60, by: office, named: concern.asked } }\n"
	  "  opens: [{ duty: T05, each: silent }, { duty: T04, each: others }]\n  source: Norm\n" },
};

static size_t owed_by(struct fixture *f, struct str file, const char *rule, const char *office)
{
	struct casebook_duty_list list = duties_of(f, file);
	size_t n = 0;
	for (size_t i = 0; i < list.count; i++)
		n += str_eq(list.at[i].rule, str_from_c(rule)) && list.at[i].is_open &&
		     str_eq(list.at[i].office, str_from_c(office));
	return n;
}

static void each_who_is_silent_owes_one_and_no_second_and_verify_knows_them(void **state)
{
	struct fixture *f = *state;
	begin_with(f, AWAITED, COUNT_OF(AWAITED));
	struct person screener = person(f, "amara", "screener");
	const struct json *plain = NULL;
	struct str one = concern_of(f, STR(""), "neglect", "school").file;
	ask(f, &screener, one, "named-nurse");
	assert_int_equal(found(f, one, "K99", &plain), 1);
	assert_true(str_eq(json_member(plain, STR("silent"))->first->string, STR("named-nurse")));
	assert_null(json_member(plain, STR("others")));
	assert_int_equal(owed_by(f, one, "T05", "named-nurse"), 1);
	ask(f, &screener, one, "named-nurse");
	assert_int_equal(found(f, one, "K99", NULL), 1);
	ask(f, &screener, one, "social-worker"); /* while it is open: added, and asked */
	assert_int_equal(found(f, one, "K99", &plain), 2);
	assert_non_null(json_member(plain, STR("duty")));
	assert_int_equal(owed_by(f, one, "T05", "social-worker"), 1);
	assert_int_equal(owed(f, one, "T05"), 2);
	assert_int_equal(owed(f, one, "T90"), 1);
	must_fold_and_verify(f);
}

/* Somebody takes the first question away while the second is asked, and puts it back. */
static void whoever_is_left_out_of_the_silent_is_missed_by_verify(void **state)
{
	struct fixture *f = *state;
	begin_with(f, AWAITED, COUNT_OF(AWAITED));
	struct person screener = person(f, "amara", "screener");
	struct str one = concern_of(f, STR(""), "neglect", "school").file;
	ask(f, &screener, one, "named-nurse");
	by_hand(f, "UPDATE entry SET kind = 'hidden' WHERE kind = 'concern.asked'");
	ask(f, &screener, one, "social-worker");
	by_hand(f, "UPDATE entry SET kind = 'concern.asked' WHERE kind = 'hidden'");
	close_register(f);
	struct casebook_difference differs = looked_at(f);
	assert_true(str_eq(differs.where, STR("entry")));
	assert_true(str_find_str(differs.what, STR("others than those for whom")) < differs.what.n);
}

/* --- on whichever files -------------------------------------------------------------------------- */

static const struct text_change ANYWHERE[] = {
	{ "patterns.yaml", "",
	  "K99:\n  title: Told of before\n  about: concern\n  owner: service-manager\n"
	  "  when: { count: { of: { kind: concern.received, where: { source: [school, police] } }, anywhere: harm,"
	  " within: { days: 30 }, at-least: 3 } }\n  source: Norm\n" },
};

static void what_shares_an_answer_on_other_files_adds_up_on_the_newest(void **state)
{
	struct fixture *f = *state;
	begin_with(f, ANYWHERE, COUNT_OF(ANYWHERE));
	const struct json *plain = NULL;
	(void)concern_of(f, STR(""), "neglect', 'criminal-exploitation", "school");
	later(f, 31 * INSTANT_PER_DAY);
	struct casebook_answer first = concern_of(f, STR(""), "neglect', 'physical", "police");
	(void)concern_of(f, STR(""), "neglect", "public");   /* not one that is meant */
	(void)concern_of(f, STR(""), "trafficking", "school"); /* another harm */
	struct casebook_answer second = concern_of(f, STR(""), "sexual', 'neglect", "school");
	assert_int_equal(found(f, second.file, "K99", NULL), 0); /* the first of all was another month's */
	struct casebook_answer other = concern_of(f, STR(""), "physical", "school");
	assert_int_equal(found(f, other.file, "K99", NULL), 0); /* one of physical, and itself */
	struct casebook_answer third = concern_of(f, STR(""), "neglect", "school");
	assert_int_equal(found(f, third.file, "K99", &plain), 1);
	names(plain, (int64_t[]){ first.index, second.index, third.index }, 3);
	assert_int_equal(found(f, second.file, "K99", NULL), 0);
	assert_int_equal(owed(f, third.file, "T90"), 1);
	must_fold_and_verify(f);
}

/* --- about offices ------------------------------------------------------------------------------ */

static const struct text_change OFFICES[] = {
	{ "patterns.yaml", "",
	  "K98:\n  title: One office asks and asks\n  about: office\n  through: [made-in]\n  owner: service-manager\n"
	  "  when: { count: { of: concern.asked, within: { days: 30 }, at-least: 3 } }\n  source: Norm\n"
	  "K99:\n  title: One office is asked and asked\n  about: office\n  through: [asked-of]\n  owner: service-manager\n"
	  "  when: { count: { of: concern.asked, within: { days: 30 }, at-least: 2 } }\n  source: Norm\n" },
	{ "kinds/concern.yaml", "file: [concern, child, episode]", "file: [concern, child, episode, office]" },
};

static void ask(struct fixture *f, const struct person *screener, struct str concern, const char *office)
{
	(void)admitted(f, &screener->actor, "concern.asked", concern,
	               fields_of(f, arena_format(f->arena, "{'office':'%s','urgent':false,'question':'What do you know?'}",
	                                         office)
	                                    .p));
}

static void what_one_office_did_on_several_files_adds_up_on_its_own(void **state)
{
	struct fixture *f = *state;
	begin_with(f, OFFICES, COUNT_OF(OFFICES));
	struct person screener = person(f, "amara", "screener");
	struct person manager = person(f, "mina", "service-manager");
	struct str one = concern_of(f, STR(""), "neglect", "school").file;
	struct str other = concern_of(f, STR(""), "neglect", "police").file;
	struct str asking = file_of_office(f, "screener"), asked = file_of_office(f, "social-worker");
	ask(f, &screener, one, "social-worker");
	assert_int_equal(found(f, asked, "K99", NULL), 0);
	ask(f, &screener, other, "social-worker");
	assert_int_equal(found(f, asked, "K99", NULL), 1);
	assert_int_equal(found(f, asking, "K98", NULL), 0);
	later(f, 31 * INSTANT_PER_DAY);
	ask(f, &screener, one, "edt");
	ask(f, &screener, other, "team-manager");
	assert_int_equal(found(f, asking, "K98", NULL), 0); /* the first two are of another month */
	ask(f, &screener, other, "edt");
	assert_int_equal(found(f, asking, "K98", NULL), 1);
	assert_true(str_eq(duty_of(f, asking, "T90").office, STR("service-manager")));
	assert_int_equal(found(f, file_of_office(f, "edt"), "K99", NULL), 1);
	consider(f, &manager, asking, "already-in-hand");
	assert_int_equal(owed(f, asking, "T90"), 0);
	assert_int_equal(owed(f, one, "T90") + owed(f, other, "T90"), 0);
	must_fold_and_verify(f);
}

static const struct text_change LATE[] = {
	{ "patterns.yaml", "",
	  "K99:\n  title: One office is late and late\n  about: office\n  through: [late-in]\n  owner: service-manager\n"
	  "  when: { count: { of: duty.climbed, alike: rule, within: { months: 3 }, at-least: 1, of-owed: 60 } }\n"
	  "  source: Norm\n" },
	{ "kinds/concern.yaml", "file: [concern, child, episode]", "file: [concern, child, episode, office]" },
};

static void climb(struct fixture *f, int64_t us)
{
	size_t fired;
	instant next;
	later(f, us);
	do
		MUST(f, casebook_climb(f->book, casebook_now(f->book), 1000, &fired, &next, &f->err));
	while (fired);
}

/* One answer of two is no habit; two of three are. */
static void what_is_late_in_an_office_is_weighed_against_all_that_it_owed(void **state)
{
	struct fixture *f = *state;
	begin_with(f, LATE, COUNT_OF(LATE));
	struct person screener = person(f, "amara", "screener"), worker = person(f, "sam", "social-worker");
	struct str one = concern_of(f, STR(""), "neglect", "school").file;
	struct str other = concern_of(f, STR(""), "neglect", "police").file;
	struct str asked = file_of_office(f, "social-worker");
	ask(f, &screener, one, "social-worker");
	ask(f, &screener, other, "social-worker");
	(void)admitted(f, &worker.actor, "concern.answered", other, fields_of(f, "{'knows':'nothing','answer':'No.'}"));
	climb(f, 6 * INSTANT_PER_DAY);
	assert_int_equal(found(f, asked, "K99", NULL), 0);
	ask(f, &screener, other, "social-worker");
	climb(f, 6 * INSTANT_PER_DAY);
	assert_int_equal(found(f, asked, "K99", NULL), 1);
	must_fold_and_verify(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_third_concern_about_a_child_opens_the_cumulative_duty_and_not_a_later_one),
		PROVES(a_link_made_later_is_the_entry_by_which_they_add_up),
		PROVES(one_more_while_its_duty_is_open_is_added_and_opens_nothing),
		PROVES(after_not_a_pattern_one_concern_more_finds_it_again),
		PROVES(after_another_answer_it_must_become_true_anew),
		PROVES(what_goes_on_after_an_answer_is_found_by_itself),
		PROVES(an_old_concern_written_down_today_counts_where_it_belongs),
		PROVES(two_of_sexual_harm_from_different_sources_are_enough),
		PROVES(a_file_that_has_ended_owes_nothing_new),
		PROVES(the_third_time_missing_in_ninety_days_is_found),
		PROVES(what_is_said_soon_after_she_was_found_is_found),
		PROVES(three_attempts_that_failed_in_a_row_are_found),
		PROVES(two_children_named_in_one_concern_are_found_each),
		PROVES(patterns_fold_anew_to_the_same_and_verify),
		PROVES(a_pattern_that_was_kept_from_being_found_is_named_by_verify),
		PROVES(one_more_that_was_kept_from_being_added_is_named_by_verify),
		PROVES(what_it_opens_is_owed_one_step_above_whom_the_file_is_of_or_names),
		PROVES(each_who_is_silent_owes_one_and_no_second_and_verify_knows_them),
		PROVES(whoever_is_left_out_of_the_silent_is_missed_by_verify),
		PROVES(what_shares_an_answer_on_other_files_adds_up_on_the_newest),
		PROVES(what_one_office_did_on_several_files_adds_up_on_its_own),
		PROVES(what_is_late_in_an_office_is_weighed_against_all_that_it_owed),
	};
	return PROVE(tests);
}
