/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What one unknown says of another (7.5): a short, fixed list. An age is one
 * number, and so is a count of the same entries or links; in a longer window
 * or among more kinds there are not fewer. Who is late is open. What is fresh,
 * or comes after, or was said last, is there.
 */
#include "pack/machine.h"

/* --- tests and entries ----------------------------------------------------------------------- */

static bool has_code(const struct cond_test *test, struct str code)
{
	for (size_t i = 0; i < test->code_count; i++) {
		if (str_eq(test->codes[i], code))
			return true;
	}
	return false;
}

/* Whether every value that passes `a` passes `b`. */
static bool is_test_within(const struct cond_test *a, const struct cond_test *b)
{
	if (b->sort == COND_IS_PRESENT)
		return a->sort != COND_IS_ABSENT;
	if (a->sort != b->sort)
		return false;
	if (a->sort == COND_IS_BETWEEN)
		return a->least >= b->least && a->most <= b->most;
	for (size_t i = 0; a->sort == COND_IS_CODE && i < a->code_count; i++) {
		if (!has_code(b, a->codes[i]))
			return false;
	}
	return true;
}

/* Whether no value passes both. */
static bool is_test_apart(const struct cond_test *a, const struct cond_test *b)
{
	if (a->sort == COND_IS_ABSENT || b->sort == COND_IS_ABSENT)
		return a->sort != b->sort;
	if (a->sort == COND_IS_BETWEEN && b->sort == COND_IS_BETWEEN)
		return a->most < b->least || b->most < a->least;
	for (size_t i = 0; a->sort == COND_IS_CODE && b->sort == COND_IS_CODE && i < a->code_count;
	     i++) {
		if (has_code(b, a->codes[i]))
			return false;
	}
	return a->sort == COND_IS_CODE && b->sort == COND_IS_CODE;
}

/* Whether every entry that `a` means is one that `b` means, `after`, `by` and `through` apart. */
static bool is_entry_within(const struct cond_which *a, const struct cond_which *b)
{
	for (size_t i = 0; i < a->kind_count; i++) {
		bool is_there = b->kind_count == 0;
		for (size_t j = 0; j < b->kind_count; j++)
			is_there = is_there || a->kinds[i] == b->kinds[j];
		if (!is_there)
			return false;
	}
	for (size_t i = 0; i < b->where_count; i++) {
		bool is_there = false;
		for (size_t j = 0; j < a->where_count; j++)
			is_there =
				is_there || (str_eq(a->where[j].field, b->where[i].field) &&
			                     is_test_within(&a->where[j].test, &b->where[i].test));
		if (!is_there)
			return false;
	}
	return a->kind_count > 0 || b->kind_count == 0;
}

/* Whose last entry it comes after: asked for by the same offices, or by none. */
static bool is_after_of_the_same(const struct cond_which *a, const struct cond_which *b)
{
	if (a->after_by_count != b->after_by_count)
		return false;
	for (size_t i = 0; i < a->after_by_count; i++) {
		if (a->after_by[i] != b->after_by[i])
			return false;
	}
	return true;
}

/* After all that `b` comes after. */
static bool is_as_late(const struct cond_which *a, const struct cond_which *b)
{
	if (b->after_count > 0 && !is_after_of_the_same(a, b))
		return false;
	for (size_t i = 0; i < b->after_count; i++) {
		bool is_there = false;
		for (size_t j = 0; j < a->after_count; j++)
			is_there = is_there || a->after[j] == b->after[i];
		if (!is_there)
			return false;
	}
	return true;
}

static bool is_which_within(const struct cond_which *a, const struct cond_which *b)
{
	if (a->through != b->through || (b->on_every && !a->on_every) || !is_as_late(a, b))
		return false;
	for (size_t i = 0; i < a->by_count; i++) {
		bool is_there = b->by_count == 0;
		for (size_t j = 0; j < b->by_count; j++)
			is_there = is_there || a->by[i] == b->by[j];
		if (!is_there)
			return false;
	}
	return (a->by_count > 0 || b->by_count == 0) && is_entry_within(a, b);
}

int64_t know_entries(const struct cond_atom *atom, const struct cond_which *which)
{
	enum cond_form form = atom->form;
	bool is_within = !atom->which.through && is_entry_within(&atom->which, which);
	if (form == COND_AFTER)
		return is_within || (!atom->then.through && is_entry_within(&atom->then, which));
	if (form == COND_COUNT)
		return is_within && !atom->with_this && !atom->newest && !atom->owed ? atom->least
		                                                                     : 0;
	return is_within &&
	       (form == COND_HAS || form == COND_LACKS || form == COND_FRESH ||
	        form == COND_RUNNING || form == COND_OLDER_THAN || form == COND_SAME_ACCOUNT);
}

/* --- periods --------------------------------------------------------------------------------- */

/* Whether a period surely is not longer than another: of the same unit, or none at all. */
static bool is_period_within(const struct cond_atom *a, const struct cond_atom *b)
{
	if (!b->has_period)
		return true;
	return a->has_period && a->period.unit == b->period.unit &&
	       a->period.amount <= b->period.amount && a->period.at_minute == b->period.at_minute &&
	       a->period.calendar == b->period.calendar;
}

/* --- numbers --------------------------------------------------------------------------------- */

/* `has` is a number too: one or more; `lacks` is one unknown with it, asked as `has`. */
static bool is_counted(const struct cond_atom *atom)
{
	return atom->form == COND_HAS || atom->form == COND_LACKS ||
	       (atom->form == COND_COUNT && !atom->owed && !atom->of_all && !atom->of_files &&
	        !atom->by_recorded);
}

static bool is_same_cond(const struct pack_cond *a, const struct pack_cond *b)
{
	if (!a || a->op_count != b->op_count || a->atom_count != b->atom_count)
		return false;
	for (size_t i = 0; i < a->op_count; i++) {
		if (a->ops[i].code != b->ops[i].code || a->ops[i].b != b->ops[i].b)
			return false;
	}
	for (size_t i = 0; i < a->atom_count; i++) {
		if (!str_eq(a->atoms[i]->words, b->atoms[i]->words))
			return false;
	}
	return true;
}

static bool is_way_of(const struct cond_atom *atom, const struct pack_relation *way)
{
	bool is = atom->relation == way;
	for (size_t i = 0; i < atom->way_count; i++)
		is = is || atom->ways[i] == way;
	return is;
}

static bool are_ways_within(const struct cond_atom *a, const struct cond_atom *b)
{
	bool are = is_way_of(b, a->relation);
	for (size_t i = 0; i < a->way_count; i++)
		are = are && is_way_of(b, a->ways[i]);
	return are;
}

/* Whether the number that `a` asks of surely is not above the number that `b` asks of. */
static bool is_number_within(const struct cond_atom *a, const struct cond_atom *b)
{
	if (is_counted(a) && is_counted(b))
		return a->what == b->what && str_eq(a->what_field, b->what_field) &&
		       a->is_alike == b->is_alike && a->newest == b->newest &&
		       (a->with_this == b->with_this || !a->with_this) &&
		       (!b->since || a->since == b->since) &&
		       is_which_within(&a->which, &b->which) && is_period_within(a, b);
	if (a->form != b->form)
		return false;
	if (a->form == COND_AGE)
		return a->when == b->when && str_eq(a->name, b->name);
	if (a->form == COND_LINKED)
		return are_ways_within(a, b) && a->apart == b->apart &&
		       (a->is_named || !b->is_named) && !(a->file_types & ~b->file_types) &&
		       (!b->where || is_same_cond(a->where, b->where));
	return false;
}

/* What an atom that is true or false says of its number; an atom with two bounds that is false says
 * nothing. */
static void bounds_of(const struct cond_atom *atom, bool truth, int64_t *least, int64_t *most)
{
	int64_t low = atom->least;
	int64_t high = atom->most;
	*least = 0;
	*most = INT64_MAX;
	if (atom->form == COND_AGE) {
		low = atom->is_under ? 0 : atom->least;
		high = atom->is_under ? atom->least - 1 : INT64_MAX;
	}
	if (truth) {
		*least = low;
		*most = high;
	} else if (low <= 0) {
		*least = high < INT64_MAX ? high + 1 : INT64_MAX;
	} else if (high == INT64_MAX) {
		*most = low - 1;
	}
}

/* A number of `b` within those bounds: its truth, if there is one only. */
static bool number_forces(const struct cond_atom *b, int64_t least, int64_t most, bool *forced)
{
	int64_t low, high;
	bounds_of(b, true, &low, &high);
	if (least >= low && most <= high) {
		*forced = true;
		return true;
	}
	*forced = false;
	return least > high || most < low;
}

static bool numbers_imply(const struct cond_atom *a, bool truth, const struct cond_atom *b,
                          bool *forced)
{
	int64_t least, most;
	bool a_below = is_number_within(a, b);
	bool b_below = is_number_within(b, a);
	if (!a_below && !b_below)
		return false;
	bounds_of(a, truth, &least, &most);
	return number_forces(b, a_below ? least : 0, b_below ? most : INT64_MAX, forced);
}

/* --- duties ---------------------------------------------------------------------------------- */

static bool is_duty_within(const struct cond_atom *a, const struct cond_atom *b)
{
	for (size_t i = 0; i < a->rule_count; i++) {
		bool is_there = b->rule_count == 0 && (b->classes >> a->rules[i]->class & 1);
		for (size_t j = 0; j < b->rule_count; j++)
			is_there = is_there || a->rules[i] == b->rules[j];
		if (!is_there)
			return false;
	}
	if (a->rule_count == 0 && (b->rule_count > 0 || (a->classes & ~b->classes)))
		return false;
	return !b->has_owner;
}

static bool duties_imply(const struct cond_atom *a, bool truth, const struct cond_atom *b,
                         bool *forced)
{
	bool ab = (a->is == b->is || (a->is == COND_IS_LATE && b->is == COND_IS_OPEN));
	bool ba = (a->is == b->is || (b->is == COND_IS_LATE && a->is == COND_IS_OPEN));
	*forced = truth;
	return truth ? ab && is_duty_within(a, b) : ba && is_duty_within(b, a);
}

/* --- entries in time ------------------------------------------------------------------------- */

static bool is_same_entry(const struct cond_atom *a, const struct cond_atom *b)
{
	return is_which_within(&a->which, &b->which) && is_which_within(&b->which, &a->which);
}

static bool times_imply(const struct cond_atom *a, bool truth, const struct cond_atom *b,
                        bool *forced)
{
	if (is_counted(b) && truth && b->least <= 1 && b->most == INT64_MAX && !b->has_period &&
	    !b->since && is_which_within(&a->which, &b->which)) {
		*forced = true;
		return true;
	}
	if (is_counted(a) && !truth && a->least <= 1 && a->most == INT64_MAX && !a->has_period &&
	    !a->since && !a->with_this && is_which_within(&b->which, &a->which)) {
		*forced = false;
		return true;
	}
	if (is_counted(a) || is_counted(b))
		return false;
	if (a->form == COND_FRESH && b->form == COND_FRESH) {
		*forced = truth;
		return truth ? is_which_within(&a->which, &b->which) && is_period_within(a, b)
		             : is_which_within(&b->which, &a->which) && is_period_within(b, a);
	}
	if (!is_same_entry(a, b))
		return false;
	if (a->form == COND_OLDER_THAN && b->form == COND_OLDER_THAN) {
		*forced = truth;
		return truth ? is_period_within(b, a) : is_period_within(a, b);
	}
	/* What is fresh within a period is not older than that. */
	*forced = false;
	if (!truth || !a->has_period || !b->has_period)
		return false;
	return (a->form == COND_FRESH && b->form == COND_OLDER_THAN && is_period_within(a, b)) ||
	       (a->form == COND_OLDER_THAN && b->form == COND_FRESH && is_period_within(b, a));
}

/* --- the list -------------------------------------------------------------------------------- */

static bool facts_imply(const struct cond_atom *a, bool truth, const struct cond_atom *b,
                        bool *forced)
{
	if (!str_eq(a->name, b->name))
		return false;
	*forced = truth;
	if (truth ? is_test_within(&a->test, &b->test) : is_test_within(&b->test, &a->test))
		return true;
	*forced = false;
	return truth && is_test_apart(&a->test, &b->test);
}

/* Whether the two ask the same, but for the number or the time. */
static bool is_same_question(const struct cond_atom *a, const struct cond_atom *b)
{
	return a->form == b->form && a->what == b->what && str_eq(a->what_field, b->what_field) &&
	       a->relation == b->relation && a->ask == b->ask && a->is_broken == b->is_broken &&
	       a->file_types == b->file_types && a->among_count == b->among_count &&
	       (!a->among_count ||
	        memcmp(a->among, b->among, a->among_count * sizeof *a->among) == 0) &&
	       is_same_entry(a, b) && is_which_within(&a->then, &b->then) &&
	       is_which_within(&b->then, &a->then);
}

/* Whether `a` is never so without `b`: of more, of a longer silence, of what came sooner behind. */
static bool is_question_within(const struct cond_atom *a, const struct cond_atom *b)
{
	if (a->form == COND_SILENT_FOR)
		return !a->is_broken && is_period_within(b, a);
	if (a->form == COND_SHARE)
		return a->least >= b->least && a->months >= b->months && is_period_within(a, b) &&
		       is_period_within(b, a);
	return a->least >= b->least && is_period_within(a, b);
}

static bool questions_imply(const struct cond_atom *a, bool truth, const struct cond_atom *b,
                            bool *forced)
{
	*forced = truth;
	return is_same_question(a, b) &&
	       (truth ? is_question_within(a, b) : is_question_within(b, a));
}

/* Which has no state in common, or is among the other's. */
static bool states_imply(const struct cond_atom *a, bool truth, const struct cond_atom *b,
                         bool *forced)
{
	size_t both = 0;
	for (size_t i = 0; i < a->name_count; i++) {
		for (size_t j = 0; j < b->name_count; j++)
			both += str_eq(a->names[i], b->names[j]);
	}
	*forced = truth && both > 0;
	return truth ? both == 0 || both == a->name_count : both == b->name_count;
}

/* Who has reached so many years is not under them. */
static bool reached_implies(const struct cond_atom *a, bool truth, const struct cond_atom *b,
                            bool *forced)
{
	const struct cond_atom *reached = a->form == COND_TURNS_AGE ? a : b;
	const struct cond_atom *age = reached == a ? b : a;
	*forced = false;
	return truth && age->is_under && age->when == COND_NOW && age->least <= reached->least;
}

static bool is_question(const struct cond_atom *atom)
{
	return atom->form == COND_SHARE || atom->form == COND_SILENT_FOR ||
	       atom->form == COND_RUNNING || atom->form == COND_AFTER ||
	       atom->form == COND_SAME_FILE;
}

static bool is_age_reached(const struct cond_atom *a, const struct cond_atom *b)
{
	return (a->form == COND_TURNS_AGE && b->form == COND_AGE) ||
	       (a->form == COND_AGE && b->form == COND_TURNS_AGE);
}

static bool is_timed(const struct cond_atom *atom)
{
	return atom->form == COND_FRESH || atom->form == COND_OLDER_THAN;
}

/* Whether truths of the two may have to do with one another. */
static bool touches(const struct cond_atom *a, const struct cond_atom *b)
{
	if (is_counted(a) || is_timed(a))
		return is_counted(b) || is_timed(b);
	return (a->form == b->form &&
	        (a->form == COND_AGE || a->form == COND_LINKED || a->form == COND_DUTY ||
	         a->form == COND_FACT || a->form == COND_FIELD || a->form == COND_STATE ||
	         is_question(a))) ||
	       is_age_reached(a, b);
}

bool know_implies(const struct cond_atom *a, bool truth, const struct cond_atom *b, bool *forced)
{
	if (!touches(a, b))
		return false;
	if (a->form == COND_FACT || a->form == COND_FIELD)
		return facts_imply(a, truth, b, forced);
	if (a->form == COND_STATE)
		return states_imply(a, truth, b, forced);
	if (is_age_reached(a, b))
		return reached_implies(a, truth, b, forced);
	if (is_question(a))
		return questions_imply(a, truth, b, forced);
	if (a->form == COND_DUTY)
		return duties_imply(a, truth, b, forced);
	if (is_timed(a) || is_timed(b))
		return times_imply(a, truth, b, forced);
	return numbers_imply(a, truth, b, forced);
}
