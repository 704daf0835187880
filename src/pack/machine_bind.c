/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Binding a kind to a machine: each atom becomes a look at a field, a fact, a
 * counter, the state, the rules, or an unknown.
 */
#include "pack/machine_bind.h"

#define NAMES_SIZE ((size_t)MACHINE_UNKNOWNS_MAX * 4)

/* A machine while its kinds are bound. */
struct binding {
	struct machine *machine;
	struct machine_kind *kind;
	uint16_t *names; /* unknowns by the sum of their words; 0: none, else its number + 1 */
	bool is_effect;  /* what is bound sees the act itself */
	size_t use_room;
	enum use_sort use;
	size_t use_index;
	bool has_no_room;
};

static void *take(struct binding *binding, size_t count, size_t size)
{
	void *room = arena_alloc(binding->machine->arena, count, size);
	if (!room)
		binding->has_no_room = true;
	return room;
}

/* --- unknowns -------------------------------------------------------------------------------- */

static bool is_among(const struct pack_kind *kind, const struct cond_which *which)
{
	bool is_any = which->kind_count == 0;
	for (size_t i = 0; i < which->kind_count; i++)
		is_any = is_any || which->kinds[i] == kind;
	return is_any;
}

/* Whether the act itself may turn what the atom asks: then it has one truth before and one after.
 */
static bool turns(const struct pack_kind *kind, const struct cond_atom *atom)
{
	switch (atom->form) {
	case COND_HAS:
	case COND_LACKS:
	case COND_FRESH:
	case COND_COUNT:
	case COND_SHARE:
	case COND_COMPLETE:
	case COND_RUNNING:
	case COND_OLDER_THAN:
	case COND_SILENT_FOR:
	case COND_ASKED:
		return is_among(kind, &atom->which) || atom->form == COND_RUNNING ||
		       atom->since == kind;
	case COND_AFTER:
		return is_among(kind, &atom->which) || is_among(kind, &atom->then);
	case COND_LINKED:
	case COND_SAME_FILE:
		return kind->link_count > 0;
	case COND_FIELD:
	case COND_FACT:
	case COND_STATE:
	case COND_FILE:
	case COND_AGE:
	case COND_TURNS_AGE:
	case COND_DUTY:
	case COND_OFFICE:
	case COND_OFFICE_IN:
	case COND_SECOND:
	case COND_SAME_ACCOUNT:
	case COND_OUTSIDE_LINE:
	case COND_HELD:
	case COND_REGISTER:
		break;
	}
	return false;
}

static size_t unknown_of(struct binding *binding, struct str words, const struct cond_atom *atom)
{
	struct machine *machine = binding->machine;
	bool is_after = binding->is_effect && atom && turns(binding->kind->kind, atom);
	size_t at = (size_t)(cond_hash(words) + is_after) & (NAMES_SIZE - 1);
	for (; binding->names[at]; at = (at + 1) & (NAMES_SIZE - 1)) {
		const struct machine_unknown *there = &machine->unknowns[binding->names[at] - 1];
		if (there->is_after == is_after && str_eq(there->words, words))
			return binding->names[at] - 1;
	}
	if (machine->unknown_count == MACHINE_UNKNOWNS_MAX) {
		machine->too_large = "conditions";
		return 0;
	}
	machine->unknowns[machine->unknown_count] =
		(struct machine_unknown){ .words = words, .atom = atom, .is_after = is_after };
	binding->names[at] = (uint16_t)(machine->unknown_count + 1);
	return machine->unknown_count++;
}

/* --- fields ---------------------------------------------------------------------------------- */

/* The index of a field among those of the kind that are asked, added if need be; -1: it has none.
 */
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
		binding->machine->too_large = "fields that conditions ask of one kind";
		return -1;
	}
	struct machine_field *used = &kind->fields[kind->field_count];
	used->field = field;
	if (!machine_field_codes(binding->machine->arena, field, &used->codes, &used->code_count))
		binding->has_no_room = true;
	return (int)kind->field_count++;
}

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

static struct bound_atom known(uint8_t truth)
{
	return (struct bound_atom){ .sort = BOUND_KNOWN, .truth = truth };
}

static void note_use(struct binding *binding, size_t field, const uint8_t *truths)
{
	struct machine_kind *kind = binding->kind;
	if (kind->use_count == binding->use_room) {
		size_t room = binding->use_room ? binding->use_room * 2 : 16;
		struct field_use *uses = take(binding, room, sizeof *uses);
		if (!uses)
			return;
		if (kind->use_count)
			memcpy(uses, kind->uses, kind->use_count * sizeof *uses);
		kind->uses = uses;
		binding->use_room = room;
	}
	kind->uses[kind->use_count++] =
		(struct field_use){ field, truths, binding->use, binding->use_index };
}

static struct bound_atom bind_field_test(struct binding *binding, struct str name,
                                         const struct cond_test *test)
{
	int index = use_field(binding, name);
	if (index < 0)
		return known(test->sort == COND_IS_ABSENT ? MACHINE_TRUE : MACHINE_FALSE);
	const struct machine_field *field = &binding->kind->fields[index];
	struct bound_atom bound = { .sort = BOUND_FIELD, .index = (size_t)index };
	bound.truths = truths_of(binding, test, field->codes, field->code_count);
	note_use(binding, (size_t)index, bound.truths);
	if (field->code_count > 0)
		return bound;
	struct buf words;
	buf_init(&words, 4096);
	buf_add(&words, STR("field"));
	machine_write_test(&words, name, test);
	struct str kept = arena_copy(binding->machine->arena, buf_str(&words));
	buf_finish(&words);
	if (!kept.p)
		binding->has_no_room = true;
	bound.unknown = unknown_of(binding, kept, NULL);
	return bound;
}

/* Values that this test tells apart are of different classes from now on. */
static void tell_apart(struct machine_fact *fact, const uint8_t *truths)
{
	uint8_t told[MACHINE_CODES + MACHINE_VALUES_MAX];
	size_t count = MACHINE_CODES + fact->code_count;
	for (size_t v = 0; truths && v < count; v++) {
		size_t u = 0;
		while (u < v && (fact->class[u] != fact->class[v] || truths[u] != truths[v]))
			u++;
		told[v] = (uint8_t)u;
	}
	if (truths)
		memcpy(fact->class, told, count);
}

static struct bound_atom bind_fact_test(struct binding *binding, const struct cond_atom *atom)
{
	struct machine *machine = binding->machine;
	size_t number = machine_fact_number(machine, atom->name);
	if (number == SIZE_MAX)
		return known(atom->test.sort == COND_IS_ABSENT ? MACHINE_TRUE : MACHINE_FALSE);
	struct machine_fact *fact = &machine->facts[number];
	struct bound_atom bound = { .sort = BOUND_FACT, .index = number };
	bound.truths = truths_of(binding, &atom->test, fact->codes, fact->code_count);
	tell_apart(fact, bound.truths);
	bound.unknown = unknown_of(binding, atom->words, atom);
	return bound;
}

/* --- other atoms ----------------------------------------------------------------------------- */

static struct bound_atom bind_counter(struct binding *binding, const struct cond_atom *atom)
{
	struct machine *machine = binding->machine;
	/* has and lacks are one unknown, turned. */
	struct str words = atom->form == COND_LACKS
	                           ? arena_format(machine->arena, "has(%.*s",
	                                          STR_ARG(str_sub(atom->words, 6, atom->words.n)))
	                           : atom->words;
	struct bound_atom bound = { .sort = BOUND_ASK,
		                    .is_turned = atom->form == COND_LACKS,
		                    .least = 1,
		                    .most = INT64_MAX };
	bool needs_one = atom->form != COND_COUNT || atom->least > 0;
	size_t number = machine_counter_number(machine, atom);

	if (!words.p)
		binding->has_no_room = true;
	if (!machine_is_here(machine, &atom->which) && needs_one) {
		bound.sort = BOUND_KNOWN;
		bound.truth = MACHINE_FALSE;
		return bound;
	}
	bound.unknown = unknown_of(binding, words, atom);
	if (number == SIZE_MAX)
		return bound;
	bound.sort = BOUND_COUNTER;
	bound.index = number;
	if (atom->form == COND_COUNT) {
		bound.least = atom->least;
		bound.most = atom->most;
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
	struct var_set *meant = take(binding, 1, sizeof *meant);
	struct bound_atom bound = { .sort = BOUND_DUTY,
		                    .meant = meant,
		                    .unknown = unknown_of(binding, atom->words, atom) };
	for (size_t i = 0; meant && i < machine->rule_count; i++) {
		if (!is_rule_meant(atom, machine->rules[i]))
			continue;
		vars_add(meant, i);
		bound.meant_count++;
	}
	if (bound.meant_count == 0)
		return known(MACHINE_FALSE);
	if (atom->is == COND_IS_SETTLED)
		bound.sort = BOUND_ASK;
	bound.is_doubtful = atom->is != COND_IS_OPEN || atom->has_owner;
	return bound;
}

static struct bound_atom bind_state(const struct machine *machine, const struct cond_atom *atom)
{
	struct bound_atom bound = { .sort = BOUND_STATE };
	for (size_t i = 0; i < atom->name_count; i++) {
		int state = pack_state_find(machine->type, atom->names[i]);
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
		return known(atom->file_types >> machine->type->number & 1 ? MACHINE_TRUE
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
	case COND_COMPLETE:
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
	case COND_HELD:
	case COND_REGISTER:
		break;
	}
	if (is_empty)
		return known(MACHINE_FALSE);
	return (struct bound_atom){ .sort = BOUND_ASK,
		                    .unknown = unknown_of(binding, atom->words, atom) };
}

/* What a condition asks of facts and counters, and the counters behind its unknowns, is added to
 * `vars`. */
static struct bound_cond bind_cond(struct binding *binding, const struct pack_cond *cond,
                                   struct var_set *vars)
{
	struct bound_cond bound = { .cond = cond };
	struct bound_atom *atoms = cond ? take(binding, cond->atom_count, sizeof *atoms) : NULL;
	bound.atoms = atoms;
	for (size_t i = 0; atoms && i < cond->atom_count; i++) {
		atoms[i] = bind_atom(binding, cond->atoms[i]);
		if (atoms[i].sort == BOUND_FACT || atoms[i].sort == BOUND_COUNTER)
			vars_add(vars, atoms[i].index);
	}
	return bound;
}

/* Counters that, as they grow, may turn a need from met to unmet. */
static void note_barred(struct binding *binding, const struct bound_cond *bound, bool turned)
{
	for (size_t i = 0; bound->cond && i < bound->cond->atom_count; i++) {
		const struct bound_atom *atom = &bound->atoms[i];
		bool is_negative = (bound->cond->atoms[i]->is_negated != turned) != atom->is_turned;
		if (atom->sort == BOUND_COUNTER && (is_negative || atom->most < INT64_MAX))
			vars_add(&binding->machine->barred, atom->index);
	}
}

/* --- a kind ---------------------------------------------------------------------------------- */

static void bind_needs(struct binding *binding)
{
	struct machine_kind *kind = binding->kind;
	size_t total = 0;
	for (size_t i = 0; i < kind->kind->need_count; i++)
		total += kind->kind->needs[i].gate ? kind->kind->needs[i].gate->need_count : 1;
	kind->needs = take(binding, total, sizeof *kind->needs);
	binding->use = USE_NEED;
	for (size_t i = 0; kind->needs && i < kind->kind->need_count; i++) {
		const struct pack_kind_need *asked = &kind->kind->needs[i];
		size_t count = asked->gate ? asked->gate->need_count : 1;
		const struct pack_need *needs = asked->gate ? asked->gate->needs : asked->need;
		for (size_t n = 0; n < count; n++) {
			struct bound_need *bound = &kind->needs[kind->need_count++];
			bound->when = bind_cond(binding, asked->when, &bound->vars);
			bound->only = bind_cond(binding, needs[n].when, &bound->vars);
			note_barred(binding, &bound->when, true);
			note_barred(binding, &bound->only, true);
			bound->need = bind_cond(binding, needs[n].need, &bound->vars);
			note_barred(binding, &bound->need, false);
			vars_join(&kind->need_vars, &bound->vars);
		}
	}
}

static bool may_be_asked(const struct bound_atom *atom)
{
	return atom->sort == BOUND_ASK || atom->sort == BOUND_DUTY || atom->sort == BOUND_FACT ||
	       atom->sort == BOUND_COUNTER || (atom->sort == BOUND_FIELD && atom->unknown);
}

/* Whether what was taken of one unknown leaves another, asked later, one truth only. */
static bool may_force(const struct machine_unknown *taken, const struct machine_unknown *asked)
{
	bool forced;
	if (taken == asked)
		return true;
	return taken->atom && asked->atom && taken->is_after == asked->is_after &&
	       (know_implies(taken->atom, true, asked->atom, &forced) ||
	        know_implies(taken->atom, false, asked->atom, &forced));
}

/* Whether the truths that a need took have to do with an effect's condition, asked behind it. */
static bool is_bound_to(const struct machine *machine, const struct bound_cond *effect,
                        const struct bound_cond *need)
{
	for (size_t i = 0; effect->cond && i < effect->cond->atom_count; i++) {
		const struct machine_unknown *asked = &machine->unknowns[effect->atoms[i].unknown];
		for (size_t j = 0;
		     need->cond && may_be_asked(&effect->atoms[i]) && j < need->cond->atom_count;
		     j++) {
			if (may_be_asked(&need->atoms[j]) &&
			    may_force(&machine->unknowns[need->atoms[j].unknown], asked))
				return true;
		}
	}
	return false;
}

static void add_effect(struct binding *binding, enum effect_sort sort, const struct pack_duty *duty,
                       const struct pack_cond *when, enum pack_only only)
{
	struct machine_kind *kind = binding->kind;
	struct bound_effect *effect = &kind->effects[kind->effect_count];
	binding->use_index = kind->effect_count++;
	effect->sort = sort;
	effect->duty = duty;
	effect->when = bind_cond(binding, when, &effect->vars);
	effect->only = only;
	effect->left = unknown_of(binding, STR("several were open, one stays"), NULL);
	for (size_t n = 0; n < kind->need_count && when; n++)
		effect->is_bound_to_needs =
			effect->is_bound_to_needs ||
			is_bound_to(binding->machine, &effect->when, &kind->needs[n].when) ||
			is_bound_to(binding->machine, &effect->when, &kind->needs[n].only) ||
			is_bound_to(binding->machine, &effect->when, &kind->needs[n].need);
}

static void bind_effects(struct binding *binding)
{
	struct machine_kind *kind = binding->kind;
	const struct pack_kind *act = kind->kind;
	size_t total = act->settle_count + act->end_count + act->open_count;

	kind->effects = take(binding, total, sizeof *kind->effects);
	binding->use = USE_EFFECT;
	binding->is_effect = true;
	for (size_t i = 0; kind->effects && i < act->settle_count; i++) {
		const struct pack_settle *one = &act->settles[i];
		if (!one->on)
			add_effect(binding, EFFECT_SETTLE, one->duty, one->when, one->only);
	}
	for (size_t i = 0; kind->effects && i < act->end_count; i++)
		add_effect(binding, EFFECT_END, act->ends[i].duty, act->ends[i].when,
		           PACK_ONLY_ALL);
	for (size_t i = 0; kind->effects && i < act->open_count; i++) {
		const struct pack_open *one = &act->opens[i];
		if (!one->on)
			add_effect(binding, EFFECT_OPEN, one->duty, one->when, PACK_ONLY_ALL);
	}
	binding->is_effect = false;
}

static void bind_counts(struct binding *binding)
{
	struct machine *machine = binding->machine;
	struct machine_kind *kind = binding->kind;
	kind->counts = take(binding, machine->counter_count, sizeof *kind->counts);
	binding->use = USE_COUNT;
	for (size_t c = 0; kind->counts && c < machine->counter_count; c++) {
		const struct cond_which *which = machine->counters[c].which;
		if (!is_among(kind->kind, which))
			continue;
		struct bound_atom *where = take(binding, which->where_count, sizeof *where);
		binding->use_index = c;
		for (size_t i = 0; where && i < which->where_count; i++)
			where[i] = bind_field_test(binding, which->where[i].field,
			                           &which->where[i].test);
		kind->counts[kind->count_count++] =
			(struct bound_count){ c, where, where ? which->where_count : 0 };
		vars_add(&kind->fed_vars, machine->fact_count + c);
	}
}

static void bind_feeds(struct binding *binding)
{
	struct machine *machine = binding->machine;
	struct machine_kind *kind = binding->kind;
	kind->feeds = take(binding, machine->fact_count, sizeof *kind->feeds);
	for (size_t f = 0; kind->feeds && f < machine->fact_count; f++) {
		const struct pack_fact *fact = machine->facts[f].fact;
		int field = -1;
		for (size_t i = 0; i < fact->from_count && field < 0; i++) {
			if (fact->from[i].kind == kind->kind)
				field = use_field(binding, fact->from[i].field);
		}
		if (field < 0)
			continue;
		kind->feeds[kind->feed_count++] = (struct bound_feed){ f, (size_t)field, NULL };
		vars_add(&kind->fed_vars, f);
	}
}

static void bind_to(struct binding *binding)
{
	struct machine_kind *kind = binding->kind;
	const struct pack_to *to = &kind->kind->to;
	const struct pack_file_type *type = binding->machine->type;
	int first = pack_kind_target(kind->kind, type, -1, NULL);
	kind->to_new = first < 0 ? 0 : (uint8_t)first;
	for (size_t s = 0; s < COUNT_OF(kind->to_from); s++) {
		int target = pack_kind_target(kind->kind, type, (int)s, NULL);
		kind->to_from[s] = target < 0 ? (uint8_t)s : (uint8_t)target;
	}
	kind->to_field = to->sort == PACK_TO_BY_FIELD ? use_field(binding, to->field) : -1;
	if (kind->to_field < 0)
		return;
	const struct machine_field *field = &kind->fields[kind->to_field];
	kind->to_states = take(binding, MACHINE_CODES + field->code_count, sizeof *kind->to_states);
	for (size_t v = 0; kind->to_states && v < MACHINE_CODES + field->code_count; v++) {
		kind->to_states[v] = -1;
		for (size_t i = 0; v >= MACHINE_CODES && i < to->count; i++) {
			if (str_eq(to->codes[i], field->codes[v - MACHINE_CODES]))
				kind->to_states[v] = pack_state_find(type, to->states_for[i]);
		}
	}
}

static void bind_kind(struct binding *binding)
{
	struct machine_kind *kind = binding->kind;
	for (size_t i = 0; i < kind->kind->by_count; i++)
		kind->is_by_people =
			kind->is_by_people || kind->kind->by[i].sort != PACK_BY_REGISTER;
	kind->is_retired = kind->kind->retired.p != NULL;
	kind->from = kind->kind->from[binding->machine->type->number];
	binding->use_room = 0;
	bind_needs(binding);
	bind_effects(binding);
	bind_counts(binding);
	bind_feeds(binding);
	bind_to(binding);
}

/* The counters without which an unknown is not true. */
static void cover_unknowns(struct machine *machine)
{
	for (size_t u = 0; u < machine->unknown_count; u++) {
		struct machine_unknown *unknown = &machine->unknowns[u];
		for (size_t c = 0; unknown->atom && c < machine->counter_count; c++) {
			const struct machine_counter *counter = &machine->counters[c];
			int64_t least = know_entries(unknown->atom, counter->which);
			if (least == 0 || unknown->cover_count == MACHINE_COVERS_MAX)
				continue;
			size_t n = unknown->cover_count++;
			unknown->covers[n].counter = (uint16_t)(machine->fact_count + c);
			unknown->covers[n].least =
				least < counter->cap ? (uint8_t)least : counter->cap;
		}
	}
}

bool machine_bind(struct machine *machine)
{
	struct binding binding = { .machine = machine };
	binding.names = take(&binding, NAMES_SIZE, sizeof *binding.names);
	if (!binding.names)
		return false;
	/* Number 0 belongs to none that is asked, so that a field without it is told apart. */
	(void)unknown_of(&binding, STR("nothing"), NULL);
	for (size_t k = 0; k < machine->kind_count && !binding.has_no_room; k++) {
		binding.kind = &machine->kinds[k];
		bind_kind(&binding);
	}
	cover_unknowns(machine);
	return !binding.has_no_room && machine_bind_choices(machine);
}
