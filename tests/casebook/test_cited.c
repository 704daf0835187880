/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What deciding and closing rest on is of the file itself, or of one linked to it (L7). */
#include "fixture.h"

#define CHECKED "{'danger':'none-found','checked':['own-files','police','health','school']}"
#define TOLD "{'to':'not-reachable','how':'none'}"
#define SAME "'reason-none':'same-matter-already-open'"

/* The fields of a decision that nothing more is done, resting on one entry. */
static struct json *resting_on(struct fixture *f, int64_t entry, const char *why)
{
	struct str text = arena_format(f->arena,
	                               "{'decision':'none','threshold':'2026','reasons':'Looked at.',"
	                               "'evidence':[%" PRId64 "],%s}",
	                               entry, why);
	return (struct json *)(uintptr_t)fields_of(f, text.p);
}

static struct casebook_answer decide(struct fixture *f, const struct person *who,
                                     const struct casebook_answer *concern, int64_t entry,
                                     const char *why)
{
	return act(f, &who->actor, "concern.decided", concern->number, resting_on(f, entry, why));
}

static struct casebook_answer looked_at(struct fixture *f, const struct person *who, const char *words)
{
	struct casebook_answer concern = report(f, words);
	admitted(f, &who->actor, "concern.looked", concern.number, fields_of(f, CHECKED));
	admitted(f, &who->actor, "concern.acknowledged", concern.number, fields_of(f, TOLD));
	return concern;
}

static const char *same_as(struct fixture *f, const struct casebook_answer *other)
{
	return arena_format(f->arena, SAME ",'same-as':'%.*s'", STR_ARG(other->number)).p;
}

static struct casebook_answer close_it(struct fixture *f, const struct person *who,
                                       const struct casebook_answer *concern, int64_t decision,
                                       const char *closing)
{
	struct str text =
		arena_format(f->arena, "{'closing':%s,'decision':%" PRId64 "}", closing, decision);
	admitted(f, &who->actor, "concern.told", concern->number, fields_of(f, TOLD));
	return act(f, &who->actor, "concern.closed", concern->number, fields_of(f, text.p));
}

static void must_refuse(const struct casebook_answer *answer, const char *names)
{
	assert_int_equal(answer->outcome, CASEBOOK_REFUSED);
	assert_int_equal(answer->missing_count, 0);
	if (str_find_str(answer->sentence, str_from_c(names)) == answer->sentence.n)
		fail_msg("\"%.*s\" does not say: %s", STR_ARG(answer->sentence), names);
}

static void must_miss(const struct casebook_answer *answer, const char *what)
{
	assert_int_equal(answer->outcome, CASEBOOK_REFUSED);
	assert_int_equal(answer->missing_count, 1);
	if (!str_eq(answer->missing[0].sentence, str_from_c(what)))
		fail_msg("\"%.*s\" is missing", STR_ARG(answer->missing[0].sentence));
}

static void entries_of_another_file_are_no_evidence(void **state)
{
	struct fixture *f = *state;
	struct person who = person(f, "amara", "screener");
	struct casebook_answer one = looked_at(f, &who, "He is alone at night.");
	struct casebook_answer two = looked_at(f, &who, "She is hungry.");
	struct casebook_answer answer = decide(f, &who, &one, 1, "'reason-none':'information-only'");
	must_refuse(&answer, "Which entries did you weigh? Entry 1 stands on another file");
	answer = decide(f, &who, &one, two.index, "'reason-none':'information-only'");
	must_refuse(&answer, "name entries of this file, or of one linked to it");
	answer = decide(f, &who, &one, one.index, "'reason-none':'facts-disproved','disproved-by':3");
	must_refuse(&answer, "which entry shows it? Entry 3 stands on another file");
	assert_true(str_eq(file_named(f, one.number).state_name, STR("received")));
	answer = decide(f, &who, &one, one.index,
	                arena_format(f->arena, "'reason-none':'facts-disproved','disproved-by':%" PRId64,
	                             one.index + 1)
	                        .p);
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
	/* Nor does a file close by the decision of another. */
	struct casebook_answer other = decide(f, &who, &two, two.index, "'reason-none':'information-only'");
	assert_int_equal(other.outcome, CASEBOOK_ADMITTED);
	answer = close_it(f, &who, &one, other.index, "'done'");
	must_refuse(&answer, "Which decision does it rest on? Entry");
}

static void the_same_matter_is_another_file_that_is_open(void **state)
{
	struct fixture *f = *state;
	struct person who = person(f, "amara", "screener");
	struct casebook_answer one = looked_at(f, &who, "He is alone at night.");
	struct casebook_answer two = looked_at(f, &who, "She is hungry.");
	struct casebook_answer answer = decide(f, &who, &one, one.index, same_as(f, &one));
	must_refuse(&answer, "in which file? That is this file itself");
	struct casebook_answer decided =
		decide(f, &who, &two, two.index, "'reason-none':'information-only'");
	answer = close_it(f, &who, &two, decided.index, "'done'");
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
	answer = decide(f, &who, &one, one.index, same_as(f, &two));
	must_miss(&answer, "The file named as the same matter is closed");
	assert_true(str_eq(file_named(f, one.number).state_name, STR("received")));
	/* Open again, it is what this one rests on, and its entries may be weighed. */
	admitted(f, &who.actor, "concern.added", two.number,
	         fields_of(f, "{'source':'neighbour','words':'Again.'}"));
	answer = decide(f, &who, &one, two.index, same_as(f, &two));
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
	answer = close_it(f, &who, &one, answer.index, "'done'");
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
}

/* Whoever linked an open one before could name a closed one now. */
static void a_file_that_is_closed_is_not_made_good_by_another_that_is_open(void **state)
{
	struct fixture *f = *state;
	struct person who = person(f, "amara", "screener");
	struct casebook_answer one = looked_at(f, &who, "He is alone at night.");
	struct casebook_answer open = looked_at(f, &who, "He is alone, again.");
	struct casebook_answer shut = looked_at(f, &who, "She is hungry.");
	struct casebook_answer decided = decide(f, &who, &shut, shut.index, "'reason-none':'information-only'");
	struct casebook_answer answer = close_it(f, &who, &shut, decided.index, "'done'");
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
	decided = decide(f, &who, &one, one.index, same_as(f, &open));
	assert_int_equal(decided.outcome, CASEBOOK_ADMITTED);
	const char *of_shut = arena_format(f->arena, "'duplicate-of','same-as':'%.*s'", STR_ARG(shut.number)).p;
	answer = close_it(f, &who, &one, decided.index, of_shut);
	must_miss(&answer, "The file that this one is a duplicate of is closed");
	admitted(f, &who.actor, "concern.reopened", one.number,
	         fields_of(f, arena_format(f->arena, "{'because':%" PRId64 "}", one.index).p));
	answer = decide(f, &who, &one, one.index, same_as(f, &shut));
	must_miss(&answer, "The file named as the same matter is closed");
	answer = decide(f, &who, &one, one.index, same_as(f, &open));
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
}

/* Each names the other as open, and then both would be shut. */
static void two_that_name_each_other_do_not_both_close(void **state)
{
	struct fixture *f = *state;
	struct person who = person(f, "amara", "screener");
	struct casebook_answer one = looked_at(f, &who, "He is alone at night.");
	struct casebook_answer two = looked_at(f, &who, "He is alone, again.");
	struct casebook_answer first = decide(f, &who, &one, one.index, same_as(f, &two));
	struct casebook_answer second = decide(f, &who, &two, two.index, same_as(f, &one));
	assert_int_equal(first.outcome, CASEBOOK_ADMITTED);
	assert_int_equal(second.outcome, CASEBOOK_ADMITTED);
	struct casebook_answer answer = close_it(f, &who, &one, first.index, "'done'");
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
	answer = close_it(f, &who, &two, second.index, "'done'");
	must_miss(&answer, "The same matter is no longer open elsewhere: decide this one anew");
	assert_true(str_eq(file_named(f, two.number).state_name, STR("closing")));
}

static void a_duplicate_is_of_another_file_that_is_open(void **state)
{
	struct fixture *f = *state;
	struct person who = person(f, "amara", "screener");
	struct casebook_answer one = looked_at(f, &who, "He is alone at night.");
	struct casebook_answer two = looked_at(f, &who, "He is alone, again.");
	struct casebook_answer first = decide(f, &who, &one, one.index, "'reason-none':'information-only'");
	struct casebook_answer second = decide(f, &who, &two, two.index, "'reason-none':'information-only'");
	const char *of_one = arena_format(f->arena, "'duplicate-of','same-as':'%.*s'", STR_ARG(one.number)).p;
	struct casebook_answer answer = close_it(f, &who, &one, first.index, of_one);
	must_refuse(&answer, "of which file? That is this file itself");
	answer = close_it(f, &who, &one, first.index, "'done'");
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
	answer = close_it(f, &who, &two, second.index, of_one);
	must_miss(&answer, "The file that this one is a duplicate of is closed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(entries_of_another_file_are_no_evidence),
		PROVES(the_same_matter_is_another_file_that_is_open),
		PROVES(a_file_that_is_closed_is_not_made_good_by_another_that_is_open),
		PROVES(two_that_name_each_other_do_not_both_close),
		PROVES(a_duplicate_is_of_another_file_that_is_open),
	};
	return PROVE(tests);
}
