/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Building the machine of a slice: what it keeps, and everything it asks bound to that
 *. */
#include "pack/machine.h"

#include "pack/machine_bind.h"

#define KEY_MAX ((size_t)8192)

/* --- rules of a type -----------------------------------------------------------------------------
 */

bool machine_leads_to(const struct pack_relation *relation, const struct pack_file_type *type)
{
	uint64_t ends = relation->is_both_ways ? relation->from | relation->to : relation->to;
	return ends >> type->number & 1;
}

static void add_rule(const struct pack_duty *duty, const struct pack_duty **out, size_t *count,
                     size_t max)
{
	if (!duty || duty->is_built_in || *count == max)
		return;
	for (size_t i = 0; i < *count; i++) {
		if (out[i] == duty)
			return;
	}
	out[(*count)++] = duty;
}

size_t machine_rules(const struct pack *pack, const struct pack_file_type *type,
                     const struct pack_duty **out, size_t max)
{
	size_t count = 0;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		for (size_t i = 0; i < kind->open_count; i++) {
			const struct pack_open *open = &kind->opens[i];
			if (open->on ? machine_leads_to(open->on, type)
			             : kind->file_types >> type->number & 1)
				add_rule(open->duty, out, &count, max);
		}
	}
	for (size_t p = 0; p < pack->pattern_count; p++) {
		const struct pack_pattern *pattern = &pack->patterns[p];
		if (pattern->about != type)
			continue;
		for (size_t i = 0; i < pattern->open_count; i++)
			add_rule(pattern->opens[i], out, &count, max);
		add_rule(pack->pattern_duty, out, &count, max);
	}
	add_rule(pack->broken_duty, out, &count, max);
	add_rule(pack->rest, out, &count, max);
	return count;
}

/* --- keys ----------------------------------------------------------------------------------------
 */

void machine_write_test(struct buf *out, struct str name, const struct cond_test *test)
{
	buf_format(out, " %.*s", STR_ARG(name));
	switch (test->sort) {
	case COND_IS_PRESENT:
		buf_add(out, STR(" present"));
		break;
	case COND_IS_ABSENT:
		buf_add(out, STR(" absent"));
		break;
	case COND_IS_BETWEEN:
		buf_format(out, " %" PRId64 "..%" PRId64, test->least, test->most);
		break;
	case COND_IS_CODE:
		for (size_t i = 0; i < test->code_count; i++)
			buf_format(out, "%c%.*s", i ? '/' : ' ', STR_ARG(test->codes[i]));
		break;
	}
}

struct str machine_key(struct arena *arena, const struct cond_which *which)
{
	struct buf text;
	buf_init(&text, KEY_MAX);
	for (size_t i = 0; i < which->kind_count; i++)
		buf_format(&text, "%s%.*s", i ? "/" : "", STR_ARG(which->kinds[i]->name));
	for (size_t i = 0; i < which->where_count; i++)
		machine_write_test(&text, which->where[i].field, &which->where[i].test);
	struct str key = arena_copy(arena, buf_str(&text));
	buf_finish(&text);
	return key;
}

/* --- what conditions mention ----------------------------------------------------------------- */

static void keep_fact(struct machine *machine, const struct pack_fact *fact)
{
	for (size_t i = 0; i < machine->fact_count; i++) {
		if (machine->facts[i].fact == fact)
			return;
	}
	if (machine->fact_count == MACHINE_FACTS_MAX)
		machine->is_too_large = true;
	else
		machine->facts[machine->fact_count++].fact = fact;
}

static void keep_counter(struct machine *machine, const struct cond_which *which, int64_t cap)
{
	struct str key = machine_key(machine->arena, which);
	uint8_t wanted = (uint8_t)(cap > 200 ? 200 : cap);
	for (size_t i = 0; i < machine->counter_count; i++) {
		struct machine_counter *counter = &machine->counters[i];
		if (str_eq(counter->key, key)) {
			counter->cap = counter->cap < wanted ? wanted : counter->cap;
			return;
		}
	}
	if (machine->counter_count == MACHINE_COUNTERS_MAX)
		machine->is_too_large = true;
	else
		machine->counters[machine->counter_count++] =
			(struct machine_counter){ which, key, wanted };
}

bool machine_is_here(const struct machine *machine, const struct cond_which *which)
{
	if (which->kind_count == 0 || which->through)
		return true;
	for (size_t i = 0; i < which->kind_count; i++) {
		if (which->kinds[i]->file_types >> machine->slice.type->number & 1)
			return true;
	}
	return false;
}

bool machine_counts(const struct machine *machine, const struct cond_atom *atom)
{
	const struct cond_which *which = &atom->which;
	if (which->through || which->after || which->by_count || which->kind_count == 0 ||
	    !machine_is_here(machine, which))
		return false;
	if (atom->form == COND_HAS || atom->form == COND_LACKS)
		return true;
	return atom->form == COND_COUNT && !atom->since && !atom->with_this && !atom->has_period &&
	       atom->what == COND_BY_NOTHING;
}

/* The largest number a count is compared with, and one more to tell "above". */
static int64_t cap_of(const struct cond_atom *atom)
{
	if (atom->form != COND_COUNT)
		return 1;
	return atom->most < INT64_MAX ? atom->most + 1 : atom->least;
}

static void mention(struct machine *machine, const struct pack_cond *cond)
{
	for (size_t i = 0; cond && i < cond->atom_count; i++) {
		const struct cond_atom *atom = cond->atoms[i];
		if (atom->forbidden.p)
			continue;
		const struct pack_fact *fact =
			atom->form == COND_FACT ? cond_fact_find(machine->slice.type, atom->name)
						: NULL;
		if (fact)
			keep_fact(machine, fact);
		if (machine_counts(machine, atom))
			keep_counter(machine, &atom->which, cap_of(atom));
	}
}

static void mention_needs(struct machine *machine, const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->need_count; i++) {
		const struct pack_kind_need *asked = &kind->needs[i];
		size_t count = asked->gate ? asked->gate->need_count : 1;
		const struct pack_need *needs = asked->gate ? asked->gate->needs : asked->need;
		mention(machine, asked->when);
		for (size_t n = 0; n < count; n++) {
			mention(machine, needs[n].when);
			mention(machine, needs[n].need);
		}
	}
}

static bool mention_effects(struct machine *machine, const struct pack_kind *kind, bool only_ask)
{
	const struct pack_duty *rule = machine->slice.rule;
	bool touches = false;
	for (size_t i = 0; rule && i < kind->settle_count; i++) {
		if (kind->settles[i].duty != rule || kind->settles[i].on)
			continue;
		touches = true;
		if (!only_ask)
			mention(machine, kind->settles[i].when);
	}
	for (size_t i = 0; rule && i < kind->end_count; i++) {
		if (kind->ends[i].duty != rule)
			continue;
		touches = true;
		if (!only_ask)
			mention(machine, kind->ends[i].when);
	}
	for (size_t i = 0; rule && i < kind->open_count; i++) {
		if (kind->opens[i].duty != rule || kind->opens[i].on)
			continue;
		touches = true;
		if (!only_ask)
			mention(machine, kind->opens[i].when);
	}
	return touches;
}

static bool is_of_type(const struct machine *machine, const struct pack_kind *kind)
{
	return kind->file_types >> machine->slice.type->number & 1;
}

static bool touches(struct machine *machine, const struct pack_kind *kind)
{
	return kind->to.sort != PACK_TO_NONE || mention_effects(machine, kind, true);
}

static bool feeds(const struct machine *machine, const struct pack_kind *kind)
{
	for (size_t f = 0; f < machine->fact_count; f++) {
		const struct pack_fact *fact = machine->facts[f].fact;
		for (size_t i = 0; i < fact->from_count; i++) {
			if (fact->from[i].kind == kind)
				return true;
		}
	}
	for (size_t c = 0; c < machine->counter_count; c++) {
		for (size_t i = 0; i < machine->counters[c].which->kind_count; i++) {
			if (machine->counters[c].which->kinds[i] == kind)
				return true;
		}
	}
	return false;
}

/* --- from elsewhere -------------------------------------------------------------------------- */

static bool pattern_opens(const struct pack *pack, const struct slice *slice)
{
	for (size_t p = 0; p < pack->pattern_count; p++) {
		const struct pack_pattern *pattern = &pack->patterns[p];
		if (pattern->about != slice->type)
			continue;
		if (slice->rule == pack->pattern_duty)
			return true;
		for (size_t i = 0; i < pattern->open_count; i++) {
			if (pattern->opens[i] == slice->rule)
				return true;
		}
	}
	return false;
}

static void look_elsewhere(struct machine *machine)
{
	const struct pack *pack = machine->pack;
	const struct slice *slice = &machine->slice;
	if (!slice->rule)
		return;
	machine->opens_elsewhere = pattern_opens(pack, slice) || slice->rule == pack->broken_duty;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		for (size_t i = 0; i < kind->open_count; i++) {
			const struct pack_open *open = &kind->opens[i];
			if (open->duty == slice->rule && open->on &&
			    machine_leads_to(open->on, slice->type))
				machine->opens_elsewhere = true;
		}
		for (size_t i = 0; i < kind->settle_count; i++) {
			const struct pack_settle *settle = &kind->settles[i];
			if (settle->duty != slice->rule)
				continue;
			if (settle->only != PACK_ONLY_ALL)
				machine->is_several = true;
			if (settle->on && machine_leads_to(settle->on, slice->type))
				machine->settles_elsewhere = true;
		}
	}
}

/* --- the whole ------------------------------------------------------------------------------- */

static bool no_room(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no room to walk this pack");
}

static bool choose_kinds(struct machine *machine, struct err *err)
{
	const struct pack *pack = machine->pack;
	machine->kinds = arena_alloc(machine->arena, pack->kind_count, sizeof *machine->kinds);
	if (!machine->kinds)
		return no_room(err);
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		if (!is_of_type(machine, kind) ||
		    !(touches(machine, kind) || feeds(machine, kind) ||
		      kind == machine->slice.kind))
			continue;
		machine->kinds[machine->kind_count++].kind = kind;
	}
	for (size_t k = 0; k < machine->kind_count; k++) {
		if (!machine_bind(machine, &machine->kinds[k]))
			return no_room(err);
	}
	return true;
}

bool machine_build(const struct pack *pack, const struct slice *slice, struct arena *arena,
                   struct machine **out, struct err *err)
{
	struct machine *machine = arena_alloc(arena, 1, sizeof *machine);
	*out = machine;
	if (!machine)
		return no_room(err);
	*machine = (struct machine){ .pack = pack, .slice = *slice, .arena = arena };
	look_elsewhere(machine);
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		if (!is_of_type(machine, kind) || !(touches(machine, kind) || kind == slice->kind))
			continue;
		mention_needs(machine, kind);
		(void)mention_effects(machine, kind, false);
	}
	for (size_t i = 0; i < machine->fact_count; i++) {
		if (!machine_fact_codes(machine, &machine->facts[i]))
			return no_room(err);
	}
	machine->state_bytes = 2 + machine->fact_count + machine->counter_count;
	return choose_kinds(machine, err);
}
