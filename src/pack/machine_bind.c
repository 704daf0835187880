/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Binding a kind to a machine: each atom becomes a look at a field, a fact, a
 * counter, the state, the rule, or an unknown; then codes that nothing tells
 * apart are chosen once.
 */
#include "pack/machine_bind.h"

#define TRUTHS_MAX 256 /* tables of one kind */

/* A kind while it is bound. */
struct binding {
	struct machine *machine;
	struct machine_kind *kind;
	struct {
		size_t field;
		const uint8_t *truths;
	} tables[TRUTHS_MAX];
	size_t table_count;
	bool has_no_room;
	bool is_whole; /* a table was not noted: codes are not joined */
};

static void *take(struct binding *binding, size_t count, size_t size)
{
	void *room = arena_alloc(binding->machine->arena, count, size);
	if (!room)
		binding->has_no_room = true;
	return room;
}

/* --- domains --------------------------------------------------------------------------------- */

static bool field_codes(struct arena *arena, const struct pack_field *field, const struct str **out,
                        size_t *count)
{
	static const struct str yes_no[] = { { "yes", 3 }, { "no", 2 } };
	*out = yes_no;
	*count = 0;
	if (field->is_repeated || field->type == PACK_CODES)
		return true;
	if (field->type == PACK_YES)
		*count = COUNT_OF(yes_no);
	if (field->type != PACK_CODE || !field->list)
		return true;
	size_t n = field->list->count < MACHINE_VALUES_MAX ? field->list->count : 0;
	struct str *codes = arena_alloc(arena, n, sizeof *codes);
	if (!codes)
		return false;
	for (size_t i = 0; i < n; i++)
		codes[i] = field->list->codes[i].code;
	*out = codes;
	*count = n;
	return true;
}

static size_t code_at(const struct str *codes, size_t count, struct str code)
{
	size_t i = 0;
	while (i < count && !str_eq(codes[i], code))
		i++;
	return i;
}

bool machine_fact_codes(struct machine *machine, struct machine_fact *fact)
{
	struct str *codes = arena_alloc(machine->arena, MACHINE_VALUES_MAX, sizeof *codes);
	if (!codes)
		return false;
	fact->codes = codes;
	for (size_t i = 0; i < fact->fact->order_count && i < MACHINE_VALUES_MAX; i++)
		codes[fact->code_count++] = fact->fact->order[i];
	for (size_t i = 0; fact->fact->order_count == 0 && i < fact->fact->from_count; i++) {
		const struct pack_fact_source *from = &fact->fact->from[i];
		const struct pack_field *field = pack_field_find(from->kind, from->field);
		const struct str *own = NULL;
		size_t n = 0;
		if (field && !field_codes(machine->arena, field, &own, &n))
			return false;
		for (size_t c = 0; c < n; c++) {
			if (code_at(codes, fact->code_count, own[c]) == fact->code_count &&
			    fact->code_count < MACHINE_VALUES_MAX)
				codes[fact->code_count++] = own[c];
		}
	}
	return true;
}

/* The index of a field among those the act chooses, added if need be; -1: the kind has no such
 * field. */
static int use_field(struct binding *binding, struct str name)
{
	struct machine_kind *kind = binding->kind;
	const struct pack_field *field = pack_field_find(kind->kind, name);
	if (!field)
		return -1;
	for (size_t i = 0; i < kind->field_count; i++) {
		if (kind->fields[i].field == field)
			return (int)i;
	}
	if (kind->field_count == MACHINE_FIELDS_MAX) {
		binding->machine->is_too_large = true;
		return -1;
	}
	struct machine_field *used = &kind->fields[kind->field_count];
	used->field = field;
	if (!field_codes(binding->machine->arena, field, &used->codes, &used->code_count))
		binding->has_no_room = true;
	return (int)kind->field_count++;
}

/* --- tests ----------------------------------------------------------------------------------- */

static uint8_t truth_of_code(const struct cond_test *test, struct str code)
{
	struct json value = { .type = JSON_STRING, .string = code };
	return cond_test_json(test, &value) ? MACHINE_TRUE : MACHINE_FALSE;
}

static const uint8_t *truths_of(struct binding *binding, const struct cond_test *test,
                                const struct str *codes, size_t count)
{
	uint8_t *truths = take(binding, MACHINE_CODES + count, sizeof *truths);
	if (!truths)
		return NULL;
	truths[MACHINE_ABSENT] = test->sort == COND_IS_ABSENT ? MACHINE_TRUE : MACHINE_FALSE;
	truths[MACHINE_UNKNOWN] = test->sort == COND_IS_PRESENT  ? MACHINE_TRUE
	                          : test->sort == COND_IS_ABSENT ? MACHINE_FALSE
	                                                         : MACHINE_EITHER;
	for (size_t i = 0; i < count; i++)
		truths[MACHINE_CODES + i] = truth_of_code(test, codes[i]);
	return truths;
}

static size_t unknown_of(struct binding *binding, struct str words, const struct cond_atom *atom)
{
	struct machine *machine = binding->machine;
	for (size_t i = 0; i < machine->unknown_count; i++) {
		if (str_eq(machine->unknowns[i], words))
			return i;
	}
	if (machine->unknown_count == MACHINE_UNKNOWNS_MAX) {
		machine->is_too_large = true;
		return 0;
	}
	machine->unknown_atoms[machine->unknown_count] = atom;
	machine->unknowns[machine->unknown_count] = words;
	return machine->unknown_count++;
}

static struct bound_atom known(uint8_t truth)
{
	return (struct bound_atom){ .sort = BOUND_KNOWN, .truth = truth };
}

static struct bound_atom bind_field_test(struct binding *binding, struct str name,
                                         const struct cond_test *test)
{
	int index = use_field(binding, name);
	if (index < 0)
		return known(test->sort == COND_IS_ABSENT ? MACHINE_TRUE : MACHINE_FALSE);
	const struct machine_field *field = &binding->kind->fields[index];
	const uint8_t *truths = truths_of(binding, test, field->codes, field->code_count);
	struct buf words;
	buf_init(&words, 4096);
	buf_add(&words, STR("field"));
	machine_write_test(&words, name, test);
	struct str kept = arena_copy(binding->machine->arena, buf_str(&words));
	buf_finish(&words);
	if (!kept.p)
		binding->has_no_room = true;
	if (binding->table_count < TRUTHS_MAX) {
		binding->tables[binding->table_count].field = (size_t)index;
		binding->tables[binding->table_count++].truths = truths;
	} else {
		binding->is_whole = true;
	}
	return (struct bound_atom){ .sort = BOUND_FIELD,
		                    .index = (size_t)index,
		                    .truths = truths,
		                    .unknown = unknown_of(binding, kept, NULL) };
}

static struct bound_atom bind_fact_test(struct binding *binding, const struct cond_atom *atom)
{
	struct machine *machine = binding->machine;
	for (size_t i = 0; i < machine->fact_count; i++) {
		const struct machine_fact *fact = &machine->facts[i];
		if (!str_eq(fact->fact->name, atom->name))
			continue;
		return (struct bound_atom){ .sort = BOUND_FACT,
			                    .index = i,
			                    .truths = truths_of(binding, &atom->test, fact->codes,
			                                        fact->code_count),
			                    .unknown = unknown_of(binding, atom->words, atom) };
	}
	if (!cond_fact_find(machine->slice.type, atom->name))
		return known(atom->test.sort == COND_IS_ABSENT ? MACHINE_TRUE : MACHINE_FALSE);
	return (struct bound_atom){ .sort = BOUND_ASK,
		                    .unknown = unknown_of(binding, atom->words, atom) };
}

/* --- other atoms ----------------------------------------------------------------------------- */

static struct bound_atom bind_counter(struct binding *binding, const struct cond_atom *atom)
{
	struct machine *machine = binding->machine;
	struct str key = machine_key(machine->arena, &atom->which);
	/* has and lacks are one unknown, turned. */
	struct str words = atom->form == COND_LACKS
	                           ? arena_format(machine->arena, "has(%.*s",
	                                          STR_ARG(str_sub(atom->words, 6, atom->words.n)))
	                           : atom->words;
	struct bound_atom bound = { .sort = BOUND_ASK,
		                    .is_turned = atom->form == COND_LACKS,
		                    .least = 1,
		                    .most = INT64_MAX };
	bool is_kept = machine_counts(machine, atom);
	bool needs_one = atom->form != COND_COUNT || atom->least > 0;

	if (!key.p || !words.p)
		binding->has_no_room = true;
	if (!machine_is_here(machine, &atom->which) && needs_one) {
		bound.sort = BOUND_KNOWN;
		bound.truth = MACHINE_FALSE;
		return bound;
	}
	bound.unknown = unknown_of(binding, words, atom);
	for (size_t i = 0; is_kept && i < machine->counter_count; i++) {
		if (!str_eq(machine->counters[i].key, key))
			continue;
		bound.sort = BOUND_COUNTER;
		bound.index = i;
		if (atom->form == COND_COUNT) {
			bound.least = atom->least;
			bound.most = atom->most;
		}
	}
	return bound;
}

static bool is_rule_meant(const struct cond_atom *atom, const struct pack_duty *duty)
{
	for (size_t i = 0; i < atom->rule_count; i++) {
		if (atom->rules[i] == duty)
			return true;
	}
	return atom->rule_count == 0 && (atom->classes >> duty->class & 1);
}

static struct bound_atom bind_duty(struct binding *binding, const struct cond_atom *atom)
{
	const struct machine *machine = binding->machine;
	const struct pack_duty *rules[256];
	size_t count = machine_rules(machine->pack, machine->slice.type, rules, COUNT_OF(rules));
	struct bound_atom bound = { .sort = BOUND_DUTY,
		                    .unknown = unknown_of(binding, atom->words, atom) };
	bool is_own = false;
	bool has_others = false;
	for (size_t i = 0; i < count; i++) {
		bool is_meant = is_rule_meant(atom, rules[i]);
		is_own = is_own || (is_meant && rules[i] == machine->slice.rule);
		has_others = has_others || (is_meant && rules[i] != machine->slice.rule);
	}
	if (atom->is == COND_IS_SETTLED)
		bound.sort = is_own || has_others ? BOUND_ASK : BOUND_KNOWN;
	else if (!is_own)
		bound.sort = has_others ? BOUND_ASK : BOUND_KNOWN;
	bound.is_partial = has_others;
	bound.is_doubtful = atom->is != COND_IS_OPEN || atom->has_owner;
	return bound;
}

static struct bound_atom bind_state(const struct machine *machine, const struct cond_atom *atom)
{
	struct bound_atom bound = { .sort = BOUND_STATE };
	for (size_t i = 0; i < atom->name_count; i++) {
		int state = pack_state_find(machine->slice.type, atom->names[i]);
		if (state >= 0 && state < 32)
			bound.states |= UINT32_C(1) << state;
	}
	return bound;
}

static struct bound_atom bind_atom(struct binding *binding, const struct cond_atom *atom)
{
	const struct machine *machine = binding->machine;
	bool is_empty = false;

	if (atom->forbidden.p)
		return known(MACHINE_FALSE);
	switch (atom->form) {
	case COND_FIELD:
		return bind_field_test(binding, atom->name, &atom->test);
	case COND_FACT:
		return bind_fact_test(binding, atom);
	case COND_STATE:
		return bind_state(machine, atom);
	case COND_FILE:
		return known(atom->file_types >> machine->slice.type->number & 1 ? MACHINE_TRUE
		                                                                 : MACHINE_FALSE);
	case COND_HAS:
	case COND_LACKS:
	case COND_COUNT:
		return bind_counter(binding, atom);
	case COND_DUTY:
		return bind_duty(binding, atom);
	case COND_AFTER:
		is_empty = !machine_is_here(machine, &atom->which) ||
		           !machine_is_here(machine, &atom->then);
		break;
	case COND_FRESH:
	case COND_RUNNING:
	case COND_OLDER_THAN:
	case COND_SAME_ACCOUNT:
		is_empty = !machine_is_here(machine, &atom->which);
		break;
	case COND_SHARE:
	case COND_SILENT_FOR:
	case COND_AGE:
	case COND_TURNS_AGE:
	case COND_LINKED:
	case COND_SAME_FILE:
	case COND_ASKED:
	case COND_OFFICE:
	case COND_OFFICE_IN:
	case COND_SECOND:
	case COND_OUTSIDE_LINE:
		break;
	}
	if (is_empty)
		return known(MACHINE_FALSE);
	return (struct bound_atom){ .sort = BOUND_ASK,
		                    .unknown = unknown_of(binding, atom->words, atom) };
}

static struct bound_cond bind_cond(struct binding *binding, const struct pack_cond *cond)
{
	struct bound_cond bound = { .cond = cond };
	struct bound_atom *atoms = cond ? take(binding, cond->atom_count, sizeof *atoms) : NULL;
	bound.atoms = atoms;
	for (size_t i = 0; atoms && i < cond->atom_count; i++)
		atoms[i] = bind_atom(binding, cond->atoms[i]);
	return bound;
}

/* --- a kind ---------------------------------------------------------------------------------- */

static void bind_needs(struct binding *binding)
{
	struct machine_kind *kind = binding->kind;
	size_t total = 0;
	for (size_t i = 0; i < kind->kind->need_count; i++)
		total += kind->kind->needs[i].gate ? kind->kind->needs[i].gate->need_count : 1;
	kind->needs = take(binding, total, sizeof *kind->needs);
	for (size_t i = 0; kind->needs && i < kind->kind->need_count; i++) {
		const struct pack_kind_need *asked = &kind->kind->needs[i];
		size_t count = asked->gate ? asked->gate->need_count : 1;
		const struct pack_need *needs = asked->gate ? asked->gate->needs : asked->need;
		for (size_t n = 0; n < count; n++) {
			struct bound_need *bound = &kind->needs[kind->need_count++];
			bound->when = bind_cond(binding, asked->when);
			bound->only = bind_cond(binding, needs[n].when);
			bound->need = bind_cond(binding, needs[n].need);
		}
	}
}

static void add_effect(struct binding *binding, enum effect_sort sort, const struct pack_cond *when,
                       enum pack_only only)
{
	struct machine_kind *kind = binding->kind;
	struct bound_effect *effect = &kind->effects[kind->effect_count++];
	effect->sort = sort;
	effect->when = bind_cond(binding, when);
	effect->only = only;
	effect->left = unknown_of(binding, STR("several were open, one stays"), NULL);
}

static void bind_effects(struct binding *binding)
{
	struct machine_kind *kind = binding->kind;
	const struct pack_kind *act = kind->kind;
	const struct pack_duty *rule = binding->machine->slice.rule;
	size_t total = act->settle_count + act->end_count + act->open_count;

	if (!rule)
		return;
	kind->effects = take(binding, total, sizeof *kind->effects);
	for (size_t i = 0; kind->effects && i < act->settle_count; i++) {
		if (act->settles[i].duty == rule && !act->settles[i].on)
			add_effect(binding, EFFECT_SETTLE, act->settles[i].when,
			           act->settles[i].only);
	}
	for (size_t i = 0; kind->effects && i < act->end_count; i++) {
		if (act->ends[i].duty == rule)
			add_effect(binding, EFFECT_END, act->ends[i].when, PACK_ONLY_ALL);
	}
	for (size_t i = 0; kind->effects && i < act->open_count; i++) {
		if (act->opens[i].duty == rule && !act->opens[i].on)
			add_effect(binding, EFFECT_OPEN, act->opens[i].when, PACK_ONLY_ALL);
	}
}

static void bind_counters(struct binding *binding)
{
	struct machine *machine = binding->machine;
	struct machine_kind *kind = binding->kind;
	for (size_t c = 0; c < machine->counter_count; c++) {
		const struct cond_which *which = machine->counters[c].which;
		bool is_among = false;
		for (size_t i = 0; i < which->kind_count; i++)
			is_among = is_among || which->kinds[i] == kind->kind;
		if (!is_among)
			continue;
		struct bound_atom *where = take(binding, which->where_count, sizeof *where);
		for (size_t i = 0; where && i < which->where_count; i++)
			where[i] = bind_field_test(binding, which->where[i].field,
			                           &which->where[i].test);
		kind->counts[kind->count_count++] =
			(struct bound_count){ c, where, where ? which->where_count : 0 };
	}
}

static void bind_fact(struct binding *binding, size_t f)
{
	const struct machine_fact *fact = &binding->machine->facts[f];
	struct machine_kind *kind = binding->kind;
	kind->fact_field[f] = -1;
	for (size_t i = 0; i < fact->fact->from_count && kind->fact_field[f] < 0; i++) {
		if (fact->fact->from[i].kind == kind->kind)
			kind->fact_field[f] = use_field(binding, fact->fact->from[i].field);
	}
	if (kind->fact_field[f] < 0)
		return;
	const struct machine_field *field = &kind->fields[kind->fact_field[f]];
	uint8_t *values = take(binding, MACHINE_CODES + field->code_count, sizeof *values);
	kind->fact_values[f] = values;
	if (!values)
		return;
	values[MACHINE_UNKNOWN] = MACHINE_UNKNOWN;
	for (size_t c = 0; c < field->code_count; c++) {
		size_t at = code_at(fact->codes, fact->code_count, field->codes[c]);
		values[MACHINE_CODES + c] =
			at == fact->code_count ? MACHINE_ABSENT : (uint8_t)(MACHINE_CODES + at);
	}
}

static void bind_to(struct binding *binding)
{
	struct machine_kind *kind = binding->kind;
	const struct pack_to *to = &kind->kind->to;
	kind->to_field = to->sort == PACK_TO_BY_FIELD ? use_field(binding, to->field) : -1;
	if (kind->to_field < 0)
		return;
	const struct machine_field *field = &kind->fields[kind->to_field];
	kind->to_states = take(binding, MACHINE_CODES + field->code_count, sizeof *kind->to_states);
	for (size_t v = 0; kind->to_states && v < MACHINE_CODES + field->code_count; v++) {
		kind->to_states[v] = -1;
		if (v < MACHINE_CODES)
			continue;
		size_t at = code_at(to->codes, to->count, field->codes[v - MACHINE_CODES]);
		if (at < to->count)
			kind->to_states[v] =
				pack_state_find(binding->machine->slice.type, to->states_for[at]);
	}
}

/* --- choices --------------------------------------------------------------------------------- */

/* Whether nothing in the machine tells two values of a field apart. */
static bool is_alike(const struct binding *binding, size_t f, size_t a, size_t b)
{
	const struct machine_kind *kind = binding->kind;
	for (size_t i = 0; i < binding->table_count; i++) {
		if (binding->tables[i].field == f && binding->tables[i].truths &&
		    binding->tables[i].truths[a] != binding->tables[i].truths[b])
			return false;
	}
	for (size_t i = 0; i < binding->machine->fact_count; i++) {
		if (kind->fact_field[i] == (int)f && kind->fact_values[i] &&
		    kind->fact_values[i][a] != kind->fact_values[i][b])
			return false;
	}
	return kind->to_field != (int)f || !kind->to_states ||
	       kind->to_states[a] == kind->to_states[b];
}

static void choose_values(struct binding *binding, size_t f)
{
	struct machine_field *field = &binding->kind->fields[f];
	uint8_t *choices = take(binding, field->code_count + MACHINE_CODES, sizeof *choices);
	field->choices = choices;
	if (!choices)
		return;
	for (size_t c = 0; c < field->code_count; c++) {
		size_t n = 0;
		while (n < field->choice_count &&
		       (binding->is_whole || !is_alike(binding, f, choices[n], MACHINE_CODES + c)))
			n++;
		if (n == field->choice_count)
			choices[field->choice_count++] = (uint8_t)(MACHINE_CODES + c);
	}
	if (field->code_count == 0)
		choices[field->choice_count++] = MACHINE_UNKNOWN;
	if (field->field->required != PACK_REQUIRED)
		choices[field->choice_count++] = MACHINE_ABSENT;
}

bool machine_bind(struct machine *machine, struct machine_kind *kind)
{
	struct binding binding = { .machine = machine, .kind = kind };

	for (size_t i = 0; i < kind->kind->by_count; i++)
		kind->is_by_people =
			kind->is_by_people || kind->kind->by[i].sort != PACK_BY_REGISTER;
	bind_needs(&binding);
	bind_effects(&binding);
	bind_counters(&binding);
	for (size_t f = 0; f < machine->fact_count; f++)
		bind_fact(&binding, f);
	bind_to(&binding);
	kind->choice_count = 1;
	for (size_t f = 0; f < kind->field_count && !binding.has_no_room; f++) {
		choose_values(&binding, f);
		if (__builtin_mul_overflow(kind->choice_count, kind->fields[f].choice_count,
		                           &kind->choice_count) ||
		    kind->choice_count > 1000000) {
			machine->is_too_large = true;
			kind->choice_count = 1;
		}
	}
	return !binding.has_no_room;
}
