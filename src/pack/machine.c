/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Building the machine of a file type: its rules, and the facts and counters that anything asks. */
#include "pack/machine.h"

#include "pack/machine_bind.h"

#define KEY_MAX ((size_t)8192)

static bool no_room(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no room to walk this pack");
}

/* --- rules of a type ------------------------------------------------------------------------- */

bool machine_leads_to(const struct pack_kind *kind, const struct pack_relation *on,
                      const struct pack_file_type *type)
{
	/* Links are followed from either end; which end the kind's files are, their type says. */
	uint64_t ends = (kind->file_types & on->from ? on->to : 0) |
	                (kind->file_types & on->to ? on->from : 0);
	return ends >> type->number & 1;
}

static void add_rule(struct machine *machine, const struct pack_duty *duty)
{
	if (!duty || duty->is_built_in)
		return;
	for (size_t i = 0; i < machine->rule_count; i++) {
		if (machine->rules[i] == duty)
			return;
	}
	if (machine->rule_count == MACHINE_RULES_MAX)
		machine->too_large = "duties";
	else
		machine->rules[machine->rule_count++] = duty;
}

static void find_rules(struct machine *machine)
{
	const struct pack *pack = machine->pack;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		for (size_t i = 0; i < kind->open_count; i++) {
			const struct pack_open *open = &kind->opens[i];
			if (open->on ? machine_leads_to(kind, open->on, machine->type)
			             : kind->file_types >> machine->type->number & 1)
				add_rule(machine, open->duty);
		}
	}
	for (size_t p = 0; p < pack->pattern_count; p++) {
		const struct pack_pattern *pattern = &pack->patterns[p];
		for (size_t i = 0; i < pattern->open_count; i++) {
			if (pattern->opens[i].types >> machine->type->number & 1)
				add_rule(machine, pattern->opens[i].duty);
		}
		if (pattern->about == machine->type)
			add_rule(machine, pack->pattern_duty);
	}
	add_rule(machine, pack->broken_duty);
	add_rule(machine, pack->rest);
}

/* --- keys ------------------------------------------------------------------------------------ */

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

bool machine_is_here(const struct machine *machine, const struct cond_which *which)
{
	if (which->kind_count == 0 || which->through)
		return true;
	for (size_t i = 0; i < which->kind_count; i++) {
		if (which->kinds[i]->file_types >> machine->type->number & 1)
			return true;
	}
	return false;
}

bool machine_counts(const struct machine *machine, const struct cond_atom *atom)
{
	const struct cond_which *which = &atom->which;
	if (which->through || which->after_count || which->by_count || which->kind_count == 0 ||
	    !machine_is_here(machine, which))
		return false;
	if (atom->form == COND_HAS || atom->form == COND_LACKS)
		return true;
	return atom->form == COND_COUNT && !atom->newest && !atom->since && !atom->with_this &&
	       !atom->has_period && atom->what == COND_BY_NOTHING;
}

size_t machine_fact_number(const struct machine *machine, struct str name)
{
	for (size_t i = 0; i < machine->fact_count; i++) {
		if (str_eq(machine->facts[i].fact->name, name))
			return i;
	}
	return SIZE_MAX;
}

static bool is_same_test(const struct cond_where *a, const struct cond_where *b)
{
	if (!str_eq(a->field, b->field) || a->test.sort != b->test.sort ||
	    a->test.code_count != b->test.code_count || a->test.least != b->test.least ||
	    a->test.most != b->test.most)
		return false;
	for (size_t i = 0; i < a->test.code_count; i++) {
		if (!str_eq(a->test.codes[i], b->test.codes[i]))
			return false;
	}
	return true;
}

static bool is_same_which(const struct cond_which *a, const struct cond_which *b)
{
	if (a->kind_count != b->kind_count || a->where_count != b->where_count)
		return false;
	for (size_t i = 0; i < a->kind_count; i++) {
		if (a->kinds[i] != b->kinds[i])
			return false;
	}
	for (size_t i = 0; i < a->where_count; i++) {
		if (!is_same_test(&a->where[i], &b->where[i]))
			return false;
	}
	return true;
}

static size_t counter_at(const struct machine *machine, const struct cond_which *which)
{
	size_t c = 0;
	while (c < machine->counter_count && !is_same_which(machine->counters[c].which, which))
		c++;
	return c;
}

size_t machine_counter_number(const struct machine *machine, const struct cond_atom *atom)
{
	size_t c = machine_counts(machine, atom) ? counter_at(machine, &atom->which)
	                                         : machine->counter_count;
	return c == machine->counter_count ? SIZE_MAX : machine->fact_count + c;
}

static void keep_fact(struct machine *machine, struct str name)
{
	const struct pack_fact *fact = cond_fact_find(machine->type, name);
	if (!fact || machine_fact_number(machine, name) != SIZE_MAX)
		return;
	if (machine->fact_count == MACHINE_FACTS_MAX)
		machine->too_large = "facts";
	else
		machine->facts[machine->fact_count++].fact = fact;
}

/* The largest number a count is compared with, and one more to tell "above". */
static uint8_t cap_of(const struct cond_atom *atom)
{
	int64_t cap = atom->form != COND_COUNT ? 1
	              : atom->most < INT64_MAX ? atom->most + 1
	                                       : atom->least;
	return (uint8_t)(cap > MACHINE_AT_LEAST - 1 ? MACHINE_AT_LEAST - 1 : cap);
}

static void keep_counter(struct machine *machine, const struct cond_atom *atom)
{
	size_t c = counter_at(machine, &atom->which);
	uint8_t wanted = cap_of(atom);
	if (c == MACHINE_COUNTERS_MAX) {
		machine->too_large = "conditions that look for entries";
		return;
	}
	if (c == machine->counter_count)
		machine->counters[machine->counter_count++] =
			(struct machine_counter){ .which = &atom->which };
	if (machine->counters[c].cap < wanted)
		machine->counters[c].cap = wanted;
}

static void mention(struct machine *machine, const struct pack_cond *cond)
{
	for (size_t i = 0; cond && i < cond->atom_count; i++) {
		const struct cond_atom *atom = cond->atoms[i];
		if (atom->forbidden.p)
			continue;
		if (atom->form == COND_FACT)
			keep_fact(machine, atom->name);
		if (machine_counts(machine, atom))
			keep_counter(machine, atom);
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

static void mention_effects(struct machine *machine, const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->settle_count; i++) {
		if (!kind->settles[i].on)
			mention(machine, kind->settles[i].when);
	}
	for (size_t i = 0; i < kind->end_count; i++)
		mention(machine, kind->ends[i].when);
	for (size_t i = 0; i < kind->open_count; i++) {
		if (!kind->opens[i].on)
			mention(machine, kind->opens[i].when);
	}
}

/* --- the whole ------------------------------------------------------------------------------- */

bool machine_build(const struct pack *pack, const struct pack_file_type *type, struct arena *arena,
                   struct machine **out, struct err *err)
{
	struct machine *machine = arena_alloc(arena, 1, sizeof *machine);
	*out = machine;
	if (!machine)
		return no_room(err);
	*machine = (struct machine){ .pack = pack, .type = type, .arena = arena };
	machine->kinds = arena_alloc(arena, pack->kind_count, sizeof *machine->kinds);
	machine->unknowns = arena_alloc(arena, MACHINE_UNKNOWNS_MAX, sizeof *machine->unknowns);
	if (!machine->kinds || !machine->unknowns)
		return no_room(err);
	find_rules(machine);
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		if (!(kind->file_types >> type->number & 1))
			continue;
		mention_needs(machine, kind);
		mention_effects(machine, kind);
		machine->kinds[machine->kind_count].number = machine->kind_count;
		machine->kinds[machine->kind_count++].kind = kind;
	}
	for (size_t i = 0; i < machine->fact_count; i++) {
		if (!machine_fact_codes(machine, &machine->facts[i]))
			return no_room(err);
	}
	for (size_t i = 0; i < machine->counter_count; i++) {
		struct machine_counter *counter = &machine->counters[i];
		counter->key = machine_key(arena, counter->which);
		if (!counter->key.p)
			return no_room(err);
	}
	return machine_bind(machine) || no_room(err);
}
