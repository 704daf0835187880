/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Conditions that can never hold: they look for what no file in reach can have,
 * or for two things that exclude each other. The walk finds a kind that can
 * never be made; it does not see a need that is asked only sometimes, nor what
 * is asked of linked files, nor a pattern that nothing wakes. Each condition is
 * tried with truths of its atoms, of which no two contradict each other by the
 * list of machine_know.c; where that takes too long it may hold. What is false
 * by the type of the file alone is meant so: gates are shared by kinds of
 * several types.
 */
#include "pack/check.h"
#include "pack/machine.h"

#define PARTS_MAX 3
#define ATOMS_MAX (PARTS_MAX * COND_PAIRS_MAX)
#define TRIES_MAX 4096
#define UNSET 2
#define LOOKS_FOR                                                                                  \
	"pattern %.*s looks for %.*s, which no file in its reach can have; name a relation that "  \
	"leads there under through"

/* Who asks, of files of which types. */
struct asking {
	const struct supply *supply;
	const struct pack_kind *kind;       /* of the act, or NULL */
	const struct pack_pattern *pattern; /* or NULL */
	uint64_t types;
};

/* Conditions that must hold together, while truths of their atoms are tried. */
struct trying {
	const struct asking *asking;
	const struct pack_cond *parts[PARTS_MAX];
	size_t part_count;
	const struct cond_atom *atoms[ATOMS_MAX];
	uint8_t may[ATOMS_MAX];
	uint8_t truth[ATOMS_MAX]; /* or UNSET */
	size_t count;
	size_t tries;
	const struct cond_atom *one; /* the first two that were found to exclude each other */
	const struct cond_atom *other;
};

static bool can_hold(const struct asking *asking, const struct pack_cond *cond);

/* --- what one atom may say ------------------------------------------------------------------- */

/* Types of the files whose entries are looked at. */
static uint64_t entries_of(const struct asking *asking, const struct cond_which *which)
{
	const struct pack_pattern *pattern = asking->pattern;
	uint64_t types = asking->types;
	if (which->through)
		return supply_across(which->through, types);
	if (!pattern)
		return types;
	if (pattern->of_office)
		return UINT64_MAX;
	for (size_t i = 0; i < pattern->through_count; i++)
		types |= supply_across(pattern->through[i], asking->types);
	return types;
}

/* What a field of an act may be, seen from a test of it. */
static unsigned test_may(const struct pack_field *field, const struct cond_test *test)
{
	bool is_always = field->required == PACK_REQUIRED;
	switch (test->sort) {
	case COND_IS_PRESENT:
		return is_always ? MAY_HOLD : MAY_BE_EITHER;
	case COND_IS_ABSENT:
		return is_always ? MAY_FAIL : MAY_BE_EITHER;
	case COND_IS_BETWEEN:
		return field->type == PACK_INTEGER &&
		                       (test->most < field->min || test->least > field->max)
		               ? MAY_FAIL
		               : MAY_BE_EITHER;
	case COND_IS_CODE:
		break;
	}
	return MAY_BE_EITHER;
}

static bool where_may_hold(const struct pack_kind *kind, const struct cond_which *which)
{
	for (size_t i = 0; i < which->where_count; i++) {
		const struct pack_field *field = pack_field_find(kind, which->where[i].field);
		if (field && !kind->is_built_in &&
		    !(test_may(field, &which->where[i].test) & MAY_HOLD))
			return false;
	}
	return true;
}

static bool can_be_there(const struct asking *asking, const struct pack_kind *kind,
                         const struct cond_which *which)
{
	return (asking->supply->kinds[kind->number] & entries_of(asking, which)) &&
	       where_may_hold(kind, which);
}

/* Whether such an entry can ever be there. */
static bool entry_may_be(const struct asking *asking, const struct cond_which *which)
{
	for (size_t i = 0; i < which->kind_count; i++) {
		if (can_be_there(asking, which->kinds[i], which))
			return true;
	}
	return which->kind_count == 0;
}

static bool fact_may_be(const struct asking *asking, const struct cond_atom *atom)
{
	const struct pack *pack = asking->supply->pack;
	for (size_t t = 0; t < pack->file_type_count; t++) {
		const struct pack_fact *fact =
			asking->types >> t & 1 ? cond_fact_find(&pack->file_types[t], atom->name)
					       : NULL;
		for (size_t i = 0; fact && i < fact->from_count; i++) {
			if (asking->supply->kinds[fact->from[i].kind->number] >> t & 1)
				return true;
		}
	}
	return false;
}

static bool duty_may_be(const struct asking *asking, const struct cond_atom *atom)
{
	const struct supply *supply = asking->supply;
	for (size_t i = 0; i < atom->rule_count; i++) {
		const struct pack_duty *duty = atom->rules[i];
		uint64_t types = supply->duties[duty->number];
		if (atom->is == COND_IS_SETTLED && !duty->is_built_in)
			types &= supply->settled[duty->number];
		if (types & asking->types)
			return true;
	}
	return atom->rule_count == 0;
}

static bool link_may_be(const struct asking *asking, const struct cond_atom *atom)
{
	uint64_t ends = supply_across(atom->relation, asking->types) & atom->file_types;
	struct asking there = { .supply = asking->supply, .types = ends };
	return asking->supply->relations[atom->relation->number] && ends &&
	       can_hold(&there, atom->where);
}

static bool register_may(const struct asking *asking, const struct cond_atom *atom)
{
	struct asking there = { .supply = asking->supply,
		                .types = UINT64_C(1)
		                         << asking->supply->pack->register_type->number };
	return can_hold(&there, atom->where);
}

/* Of files of the types that the entries stand on. */
static bool on_file_may(const struct asking *asking, const struct cond_atom *atom)
{
	struct asking there = { .supply = asking->supply };
	for (size_t i = 0; i < atom->which.kind_count; i++)
		there.types |= atom->which.kinds[i]->file_types;
	return can_hold(&there, atom->where);
}

static unsigned only_if(bool is_possible)
{
	return is_possible ? MAY_BE_EITHER : MAY_FAIL;
}

static unsigned count_may(const struct asking *asking, const struct cond_atom *atom)
{
	if (atom->least <= 0)
		return MAY_BE_EITHER;
	return only_if(entry_may_be(asking, &atom->which) && on_file_may(asking, atom));
}

/* Some entry that is still asked what was due, or of which the register still says it. */
static bool complete_may(const struct asking *asking, const struct cond_atom *atom)
{
	for (size_t i = 0; i < atom->part_count; i++) {
		const struct cond_part *part = &atom->parts[i];
		const struct pack_field *field = pack_field_find(part->kind, part->field);
		if (field && !field->retired.p && can_be_there(asking, part->kind, &atom->which))
			return true;
	}
	return false;
}

static unsigned field_may(const struct asking *asking, const struct cond_atom *atom)
{
	const struct pack_field *field = asking->kind && !asking->kind->is_built_in
	                                         ? pack_field_find(asking->kind, atom->name)
	                                         : NULL;
	if (field && field->retired.p) /* it is asked no more, and refused when it is sent */
		return atom->test.sort == COND_IS_ABSENT ? MAY_HOLD : MAY_FAIL;
	return field ? test_may(field, &atom->test) : MAY_BE_EITHER;
}

static unsigned file_may(const struct asking *asking, const struct cond_atom *atom)
{
	if (!(asking->types & atom->file_types))
		return MAY_FAIL;
	return asking->types & ~atom->file_types ? MAY_BE_EITHER : MAY_HOLD;
}

static unsigned atom_may(const struct asking *asking, const struct cond_atom *atom)
{
	switch (atom->form) {
	case COND_FIELD:
		return field_may(asking, atom);
	case COND_FILE:
		return file_may(asking, atom);
	case COND_FACT:
		return only_if(atom->test.sort == COND_IS_ABSENT || fact_may_be(asking, atom));
	case COND_LACKS:
		return entry_may_be(asking, &atom->which) ? MAY_BE_EITHER : MAY_HOLD;
	case COND_HAS:
	case COND_FRESH:
	case COND_SHARE:
	case COND_RUNNING:
	case COND_OLDER_THAN:
	case COND_SAME_ACCOUNT:
		return only_if(entry_may_be(asking, &atom->which));
	case COND_COMPLETE:
		return only_if(complete_may(asking, atom));
	case COND_AFTER:
		return only_if(entry_may_be(asking, &atom->which) &&
		               entry_may_be(asking, &atom->then));
	case COND_COUNT:
		return count_may(asking, atom);
	case COND_DUTY:
		return only_if(duty_may_be(asking, atom));
	case COND_LINKED:
		return atom->least <= 0 ? MAY_BE_EITHER : only_if(link_may_be(asking, atom));
	case COND_SAME_FILE:
		return only_if(link_may_be(asking, atom));
	case COND_REGISTER:
		return only_if(register_may(asking, atom));
	case COND_SECOND:
		return only_if(!atom->second->retired.p);
	case COND_STATE:
	case COND_SILENT_FOR:
	case COND_AGE:
	case COND_TURNS_AGE:
	case COND_ASKED:
	case COND_OFFICE:
	case COND_OFFICE_IN:
	case COND_OUTSIDE_LINE:
	case COND_HELD:
		break;
	}
	return MAY_BE_EITHER;
}

/* --- what two atoms say of each other -------------------------------------------------------- */

/* Whether a field of the act has one value at most. */
static bool is_single(const struct asking *asking, const struct cond_atom *atom)
{
	const struct pack_field *field =
		asking->kind ? pack_field_find(asking->kind, atom->name) : NULL;
	return field && !field->is_repeated && field->type != PACK_CODES;
}

static bool implies(const struct asking *asking, const struct cond_atom *a, bool truth,
                    const struct cond_atom *b, bool *forced)
{
	bool is_a_turned = a->form == COND_LACKS, is_b_turned = b->form == COND_LACKS;
	if (a->form == COND_FIELD && !is_single(asking, a))
		return false;
	if (!know_implies(a, truth != is_a_turned, b, forced))
		return false;
	*forced = *forced != is_b_turned;
	return true;
}

/* Whether that truth of the n-th goes with those that are set. */
static bool fits(struct trying *trying, size_t n, bool truth)
{
	const struct cond_atom *atom = trying->atoms[n];
	bool forced;
	for (size_t i = 0; i < trying->count; i++) {
		const struct cond_atom *set = trying->atoms[i];
		if (i == n || trying->truth[i] == UNSET)
			continue;
		if (!(implies(trying->asking, set, trying->truth[i], atom, &forced) &&
		      forced != truth) &&
		    !(implies(trying->asking, atom, truth, set, &forced) &&
		      forced != trying->truth[i]))
			continue;
		if (!trying->one) {
			trying->one = set;
			trying->other = atom;
		}
		return false;
	}
	return true;
}

/* --- trying ---------------------------------------------------------------------------------- */

struct part_of {
	const struct trying *trying;
	size_t first;
};

static unsigned ask_trial(const void *ctx, size_t n)
{
	const struct part_of *part = ctx;
	const struct trying *trying = part->trying;
	uint8_t truth = trying->truth[part->first + n];
	return truth == UNSET ? trying->may[part->first + n] : truth ? MAY_HOLD : MAY_FAIL;
}

/* What all parts together may say. */
static unsigned say(const struct trying *trying)
{
	unsigned all = MAY_HOLD;
	size_t first = 0;
	for (size_t i = 0; i < trying->part_count; i++) {
		struct part_of part = { trying, first };
		all = may_join(all, may_say(trying->parts[i], ask_trial, &part), true);
		first += trying->parts[i]->atom_count;
	}
	return all;
}

static bool try_truths(struct trying *trying)
{
	unsigned may = say(trying);
	size_t n = 0;
	if (may != MAY_BE_EITHER)
		return may == MAY_HOLD;
	while (n < trying->count && (trying->truth[n] != UNSET || trying->may[n] != MAY_BE_EITHER))
		n++;
	if (n == trying->count || ++trying->tries > TRIES_MAX)
		return true;
	bool first = !trying->atoms[n]->is_negated;
	for (int i = 0; i < 2; i++) {
		bool truth = i == 0 ? first : !first;
		bool holds = false;
		if (!fits(trying, n, truth))
			continue;
		trying->truth[n] = truth;
		holds = try_truths(trying);
		trying->truth[n] = UNSET;
		if (holds)
			return true;
	}
	return false;
}

static void add_part(struct trying *trying, const struct pack_cond *cond)
{
	if (!cond)
		return;
	trying->parts[trying->part_count++] = cond;
	for (size_t i = 0; i < cond->atom_count; i++) {
		trying->atoms[trying->count] = cond->atoms[i];
		trying->may[trying->count] = (uint8_t)atom_may(trying->asking, cond->atoms[i]);
		trying->truth[trying->count++] = UNSET;
	}
}

/* Atoms that are known are set, so that the others are held against them. */
static bool try_all(struct trying *trying)
{
	for (size_t i = 0; i < trying->count; i++) {
		if (trying->atoms[i]->form == COND_FIELD && trying->may[i] == MAY_HOLD)
			trying->truth[i] = true;
	}
	return try_truths(trying);
}

static bool can_hold(const struct asking *asking, const struct pack_cond *cond)
{
	struct trying trying = { .asking = asking };
	add_part(&trying, cond);
	return try_all(&trying);
}

/* --- why ------------------------------------------------------------------------------------- */

/* With the n-th atom taken to be as it may be. */
static bool holds_without(const struct trying *trying, size_t n)
{
	struct trying other = *trying;
	other.may[n] = MAY_BE_EITHER;
	return try_all(&other);
}

/* The atom that bars it by what cannot be there, or NULL: two exclude each other. */
static const struct cond_atom *barred_by(const struct trying *trying)
{
	const struct cond_atom *first = NULL;
	for (size_t i = 0; i < trying->count; i++) {
		bool is_known =
			trying->may[i] != MAY_BE_EITHER && trying->atoms[i]->form != COND_FILE;
		if (is_known && holds_without(trying, i))
			return trying->atoms[i];
		if (is_known && !first && trying->may[i] == MAY_FAIL)
			first = trying->atoms[i];
	}
	return trying->one ? NULL : first;
}

/* Whether it can never hold whatever can be there: by the types of its files alone. */
static bool is_meant(const struct trying *trying)
{
	struct trying by_type = *trying;
	for (size_t i = 0; i < by_type.count; i++) {
		if (by_type.atoms[i]->form != COND_FILE)
			by_type.may[i] = MAY_BE_EITHER;
		by_type.truth[i] = UNSET;
	}
	return say(&by_type) == MAY_FAIL;
}

/* What is told of a condition that never holds. */
struct never {
	struct check *check;
	const char *property;
	struct str what; /* "concern.decided: opens T07 when" */
};

/*
 * A pattern that names no relation, woken by the end of a sequence whose
 * beginning may lie on a file that is linked: a relation was forgotten, which
 * is said, and fails nothing.
 */
static bool is_out_of_reach(const struct asking *asking, const struct cond_atom *atom)
{
	const struct pack_pattern *pattern = asking->pattern;
	return pattern && pattern->through_count == 0 && atom && atom->form == COND_AFTER &&
	       !entry_may_be(asking, &atom->which) && entry_may_be(asking, &atom->then);
}

static void tell(const struct never *never, const struct trying *trying)
{
	const struct cond_atom *atom = barred_by(trying);
	struct arena *arena = never->check->arena;
	struct str types = STR("");
	if (is_meant(trying))
		return;
	for (size_t t = 0; t < never->check->pack->file_type_count; t++) {
		if (trying->asking->types >> t & 1)
			types = arena_format(arena, "%.*s%s%.*s", STR_ARG(types),
			                     types.n ? " or " : "",
			                     STR_ARG(never->check->pack->file_types[t].name));
	}
	if (is_out_of_reach(trying->asking, atom))
		return; /* check_listening says it */
	if (atom)
		check_fails(never->check, never->property, atom->place,
		            "%.*s can never hold on a %.*s: it is never so there that %.*s",
		            STR_ARG(never->what), STR_ARG(types),
		            STR_ARG(cond_atom_words(arena, atom, atom->is_negated)));
	else if (trying->one)
		check_fails(
			never->check, never->property, trying->other->place,
			"%.*s can never hold on a %.*s: two parts of it exclude each other: "
			"%.*s; and %.*s",
			STR_ARG(never->what), STR_ARG(types),
			STR_ARG(cond_atom_words(arena, trying->one, trying->one->is_negated)),
			STR_ARG(cond_atom_words(arena, trying->other, trying->other->is_negated)));
}

/* --- what asks ------------------------------------------------------------------------------- */

static void check_when(const struct never *never, const struct asking *asking,
                       const struct pack_cond *cond)
{
	struct trying trying = { .asking = asking };
	if (!cond)
		return;
	add_part(&trying, cond);
	if (!try_all(&trying))
		tell(never, &trying);
}

/* A need on files of one type: it may be asked, and is not met then. */
static void check_need(struct check *check, const struct asking *asking,
                       const struct pack_kind_need *asked, const struct pack_need *need)
{
	struct trying when = { .asking = asking }, both = { .asking = asking };
	struct never never = { .check = check, .property = "P04" };
	add_part(&when, asked->when);
	add_part(&when, need->when);
	if (!try_all(&when))
		return;
	add_part(&both, asked->when);
	add_part(&both, need->when);
	add_part(&both, need->need);
	if (try_all(&both))
		return;
	never.what =
		arena_format(check->arena, "%s%.*s%s%.*s: a need that", asked->gate ? "gate " : "",
	                     STR_ARG(asked->gate ? asked->gate->name : STR("")),
	                     asked->gate ? " for " : "", STR_ARG(asking->kind->name));
	tell(&never, &both);
}

static void check_needs(struct check *check, const struct supply *supply,
                        const struct pack_kind *kind)
{
	for (size_t t = 0; t < check->pack->file_type_count; t++) {
		struct asking asking = { .supply = supply,
			                 .kind = kind,
			                 .types = UINT64_C(1) << t };
		if (!(supply->kinds[kind->number] >> t & 1))
			continue;
		for (size_t i = 0; i < kind->need_count; i++) {
			const struct pack_kind_need *asked = &kind->needs[i];
			size_t count = asked->gate ? asked->gate->need_count : 1;
			for (size_t n = 0; n < count; n++)
				check_need(check, &asking, asked,
				           asked->gate ? &asked->gate->needs[n] : asked->need);
		}
	}
}

static void check_rule(struct check *check, const struct asking *asking, const char *property,
                       const char *key, struct str name, const struct pack_cond *when)
{
	struct never never = { .check = check, .property = property };
	if (!when)
		return;
	never.what = arena_format(check->arena, "%.*s: %s %.*s when", STR_ARG(asking->kind->name),
	                          key, STR_ARG(name));
	check_when(&never, asking, when);
}

static void check_kind(struct check *check, const struct supply *supply,
                       const struct pack_kind *kind)
{
	struct asking asking = { .supply = supply,
		                 .kind = kind,
		                 .types = supply->kinds[kind->number] };
	check_needs(check, supply, kind);
	for (size_t i = 0; i < kind->open_count; i++)
		check_rule(check, &asking, "P08", "opens", kind->opens[i].duty->name,
		           kind->opens[i].when);
	for (size_t i = 0; i < kind->settle_count; i++)
		check_rule(check, &asking, "P03", "settles", kind->settles[i].duty->name,
		           kind->settles[i].when);
	for (size_t i = 0; i < kind->end_count; i++)
		check_rule(check, &asking, "P03", "ends", kind->ends[i].duty->name,
		           kind->ends[i].when);
	for (size_t i = 0; i < kind->offer_count; i++)
		check_rule(check, &asking, "P05", "offers", kind->offers[i].kind->name,
		           kind->offers[i].when);
	for (size_t i = 0; i < kind->then_count; i++)
		check_rule(check, &asking, "P05", "then", kind->then[i].kind->name,
		           kind->then[i].when);
	for (size_t i = 0; i < kind->field_count; i++)
		check_rule(check, &asking, "P05", "required", kind->fields[i].name,
		           kind->fields[i].required_if);
}

/* --- patterns -------------------------------------------------------------------------------- */

static bool is_woken_by(const struct pack_pattern *pattern, const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->wake_count; i++) {
		if (kind->wakes[i].pattern == pattern && !kind->wakes[i].is_by_link)
			return true;
	}
	return false;
}

/* Each kind that it names must be one that its files can have and that wakes it: else a part of it
 * lies dead and nobody sees. */
static void check_listening(struct check *check, const struct asking *asking,
                            const struct cond_atom *atom, const struct cond_which *which)
{
	for (size_t i = 0; i < which->kind_count; i++) {
		const struct pack_kind *kind = which->kinds[i];
		if (kind->is_built_in ||
		    (can_be_there(asking, kind, which) && is_woken_by(asking->pattern, kind)))
			continue;
		if (is_out_of_reach(asking, atom))
			check_advises(check, "P08", atom->place, LOOKS_FOR,
			              STR_ARG(asking->pattern->name), STR_ARG(kind->name));
		else
			check_fails(check, "P08", atom->place, LOOKS_FOR,
			            STR_ARG(asking->pattern->name), STR_ARG(kind->name));
	}
}

static bool is_woken(const struct asking *asking)
{
	const struct pack *pack = asking->supply->pack;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		for (size_t i = 0; asking->supply->kinds[k] && i < kind->wake_count; i++) {
			if (kind->wakes[i].pattern == asking->pattern)
				return true;
		}
	}
	return asking->pattern->asks_time;
}

static void check_pattern(struct check *check, const struct supply *supply,
                          const struct pack_pattern *pattern)
{
	struct never never = { .check = check, .property = "P08" };
	struct asking asking = { .supply = supply,
		                 .pattern = pattern,
		                 .types = UINT64_C(1) << pattern->about->number };
	const struct pack_cond *when = pattern->when;
	never.what = arena_format(check->arena, "pattern %.*s: its when", STR_ARG(pattern->name));
	check_when(&never, &asking, when);
	for (size_t i = 0; when && i < when->atom_count; i++) {
		check_listening(check, &asking, when->atoms[i], &when->atoms[i]->which);
		check_listening(check, &asking, when->atoms[i], &when->atoms[i]->then);
	}
	if (when && !is_woken(&asking))
		check_fails(check, "P08", when->place,
		            "pattern %.*s is never found: no entry can make it true, nor does time",
		            STR_ARG(pattern->name));
	for (size_t i = 0; i < pattern->open_count; i++) {
		struct asking there = { .supply = supply, .types = pattern->opens[i].types };
		never.what =
			arena_format(check->arena, "pattern %.*s: opens %.*s when",
		                     STR_ARG(pattern->name), STR_ARG(pattern->opens[i].duty->name));
		check_when(&never, &there, pattern->opens[i].when);
	}
}

void check_never(struct check *check, const struct supply *supply)
{
	for (size_t k = 0; k < check->pack->kind_count; k++) {
		const struct pack_kind *kind = &check->pack->kinds[k];
		if (!kind->is_built_in && !kind->retired.p && supply->kinds[k])
			check_kind(check, supply, kind);
	}
	for (size_t p = 0; p < check->pack->pattern_count; p++)
		check_pattern(check, supply, &check->pack->patterns[p]);
}
