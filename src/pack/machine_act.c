/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One act of the machine: needs over what was
 * before; then facts, counters and state; then what is settled, ended and
 * opened, judged by the new facts and the old state.
 */
#include "pack/machine.h"

/* --- what is unknown ----------------------------------------------------------------------------
 */

/* Bounds that one truth puts on the age or the number that two atoms both speak of. */
static bool is_same_measure(const struct cond_atom *a, const struct cond_atom *b)
{
	if (a->form != b->form)
		return false;
	if (a->form == COND_AGE)
		return a->when == b->when && str_eq(a->name, b->name);
	return false;
}

/*
 * Whether what was taken already leaves one truth only (7.5: 31). An age is
 * one number: at least N is the opposite of under N.
 */
static bool is_implied(const struct machine *machine, const struct trial *trial, size_t unknown,
                       bool *truth)
{
	const struct cond_atom *atom = machine->unknown_atoms[unknown];
	int64_t least = INT64_MIN;
	int64_t below = INT64_MAX;

	if (!atom || atom->form != COND_AGE)
		return false;
	for (size_t i = 0; i < trial->at; i++) {
		const struct cond_atom *other = machine->unknown_atoms[trial->asked[i]];
		if (!other || !is_same_measure(atom, other))
			continue;
		bool is_above = trial->truth[i] != other->is_under;
		if (is_above && other->least > least)
			least = other->least;
		if (!is_above && other->least < below)
			below = other->least;
	}
	if (least >= atom->least)
		*truth = !atom->is_under;
	else if (below <= atom->least)
		*truth = atom->is_under;
	else
		return false;
	return true;
}

static bool ask(const struct machine *machine, struct trial *trial, size_t unknown)
{
	for (size_t i = 0; i < trial->at; i++) {
		if (trial->asked[i] == unknown)
			return trial->truth[i];
	}
	if (trial->at == MACHINE_ASKED_MAX)
		return true;
	if (trial->at == trial->count) {
		bool truth = true;
		trial->is_forced[trial->count] = is_implied(machine, trial, unknown, &truth);
		trial->asked[trial->count] = (uint16_t)unknown;
		trial->truth[trial->count] = truth;
		trial->count++;
	}
	return trial->truth[trial->at++];
}

bool trial_next(struct trial *trial)
{
	size_t n = trial->at;
	while (n > 0 && (trial->is_forced[n - 1] || !trial->truth[n - 1]))
		n--;
	trial->at = 0;
	trial->count = n;
	if (n == 0)
		return false;
	trial->truth[n - 1] = false;
	return true;
}

/* --- conditions ---------------------------------------------------------------------------------
 */

/* What a condition is judged by: needs see the file before, effects the new facts and the old
 * state. */
struct scene {
	const struct machine *machine;
	const uint8_t *values;
	const struct machine_state *seen;
	uint8_t file_state;
	struct trial *trial;
};

static uint8_t duty_truth(const struct bound_atom *atom, const struct machine_state *seen)
{
	if (STATE_OF_RULE(seen) > 0)
		return atom->is_doubtful ? MACHINE_EITHER : MACHINE_TRUE;
	return atom->is_partial ? MACHINE_EITHER : MACHINE_FALSE;
}

static bool atom_holds(const struct scene *scene, const struct bound_atom *atom)
{
	const struct machine *machine = scene->machine;
	uint8_t truth = atom->truth;
	uint8_t n;

	switch (atom->sort) {
	case BOUND_KNOWN:
		break;
	case BOUND_FIELD:
		truth = atom->truths[scene->values[atom->index]];
		break;
	case BOUND_FACT:
		truth = atom->truths[scene->seen->bytes[2 + atom->index]];
		break;
	case BOUND_STATE:
		truth = scene->file_state < 32 && (atom->states >> scene->file_state & 1);
		break;
	case BOUND_COUNTER:
		n = scene->seen->bytes[2 + machine->fact_count + atom->index];
		truth = n >= atom->least && n <= atom->most;
		break;
	case BOUND_DUTY:
		truth = duty_truth(atom, scene->seen);
		break;
	case BOUND_ASK:
		truth = MACHINE_EITHER;
		break;
	}
	bool holds = truth == MACHINE_EITHER ? ask(machine, scene->trial, atom->unknown)
	                                     : truth == MACHINE_TRUE;
	return holds != atom->is_turned;
}

struct asking {
	const struct scene *scene;
	const struct bound_cond *bound;
};

static bool ask_scene(void *ctx, size_t n, bool *holds, struct err *err)
{
	const struct asking *asking = ctx;
	(void)err;
	*holds = atom_holds(asking->scene, &asking->bound->atoms[n]);
	return true;
}

static bool cond_holds(const struct scene *scene, const struct bound_cond *bound)
{
	struct asking asking = { scene, bound };
	struct err err = { 0 };
	bool holds = true;
	return !bound->cond ||
	       (cond_evaluate(bound->cond, ask_scene, &asking, &holds, &err) && holds);
}

/* --- the act ------------------------------------------------------------------------------------
 */

static bool may_be_made(const struct machine *machine, const struct pack_kind *kind, uint8_t state)
{
	if (state == MACHINE_NO_FILE)
		return kind->may_begin;
	/* A kind that begins files begins one each time. */
	return !kind->may_begin && (kind->from[machine->slice.type->number] >> state & 1);
}

static void move_facts(const struct machine *machine, const struct machine_kind *kind,
                       const uint8_t *values, struct machine_state *to)
{
	for (size_t i = 0; i < machine->fact_count; i++) {
		if (kind->fact_field[i] < 0)
			continue;
		uint8_t *had = &to->bytes[2 + i];
		uint8_t value = kind->fact_values[i][values[kind->fact_field[i]]];
		const struct pack_fact *fact = machine->facts[i].fact;
		if (value == MACHINE_ABSENT)
			continue;
		switch (fact->keep) {
		case PACK_KEEP_LAST:
			*had = value;
			break;
		case PACK_KEEP_FIRST:
			*had = *had == MACHINE_ABSENT ? value : *had;
			break;
		case PACK_KEEP_HIGHEST: /* the fact's codes stand in order, unknown below all */
			*had = value > *had ? value : *had;
			break;
		case PACK_KEEP_EVER: {
			bool is_it =
				value >= MACHINE_CODES &&
				str_eq(machine->facts[i].codes[value - MACHINE_CODES], fact->value);
			if (is_it || (value == MACHINE_UNKNOWN && *had == MACHINE_ABSENT))
				*had = value;
			break;
		}
		}
	}
}

static void move_counters(const struct scene *scene, const struct machine_kind *kind,
                          struct machine_state *to)
{
	const struct machine *machine = scene->machine;
	for (size_t i = 0; i < kind->count_count; i++) {
		const struct bound_count *count = &kind->counts[i];
		uint8_t *n = &to->bytes[2 + machine->fact_count + count->counter];
		bool fits = *n < machine->counters[count->counter].cap;
		for (size_t w = 0; fits && w < count->where_count; w++)
			fits = atom_holds(scene, &count->where[w]);
		*n = (uint8_t)(*n + fits);
	}
}

static uint8_t next_state(const struct machine *machine, const struct machine_kind *kind,
                          const uint8_t *values, uint8_t old)
{
	const struct pack_kind *act = kind->kind;
	uint8_t stays = old == MACHINE_NO_FILE ? 0 : old;
	int target = -1;

	switch (act->to.sort) {
	case PACK_TO_NONE:
		break;
	case PACK_TO_BY_FIELD:
		target = kind->to_field < 0 ? -1 : kind->to_states[values[kind->to_field]];
		break;
	case PACK_TO_STATE:
	case PACK_TO_BY_STATE:
		target = pack_kind_target(act, machine->slice.type,
		                          old == MACHINE_NO_FILE ? -1 : old, NULL);
		break;
	}
	return target < 0 ? stays : (uint8_t)target;
}

/* Which of the open duties goes: all, or one of them that may or may not be there. */
static bool settle(const struct scene *scene, const struct bound_effect *effect, uint8_t *open)
{
	if (*open == 0)
		return false;
	if (effect->sort == EFFECT_END || effect->only == PACK_ONLY_ALL) {
		*open = 0;
		return true;
	}
	if (*open == 1) {
		*open = 0;
		return true;
	}
	*open = ask(scene->machine, scene->trial, effect->left) ? 1 : 2;
	return true;
}

static bool apply_effects(const struct scene *scene, const struct machine_kind *kind, uint8_t *open)
{
	uint8_t most = scene->machine->is_several ? 2 : 1;
	bool has_settled = false;
	for (size_t i = 0; i < kind->effect_count; i++) {
		const struct bound_effect *effect = &kind->effects[i];
		if (!cond_holds(scene, &effect->when))
			continue;
		if (effect->sort == EFFECT_OPEN)
			*open = *open < most ? (uint8_t)(*open + 1) : *open;
		else if (settle(scene, effect, open))
			has_settled = true;
	}
	return has_settled;
}

bool machine_act(const struct machine *machine, const struct machine_kind *kind,
                 const uint8_t *values, const struct machine_state *from, struct trial *trial,
                 struct machine_state *to, bool *discharges)
{
	struct scene before = { machine, values, from, STATE_OF_FILE(from), trial };

	trial->at = 0;
	*discharges = false;
	if (!may_be_made(machine, kind->kind, STATE_OF_FILE(from)))
		return false;
	for (size_t i = 0; i < kind->need_count; i++) {
		const struct bound_need *need = &kind->needs[i];
		if (cond_holds(&before, &need->when) && cond_holds(&before, &need->only) &&
		    !cond_holds(&before, &need->need))
			return false;
	}
	memcpy(to->bytes, from->bytes, machine->state_bytes);
	move_facts(machine, kind, values, to);
	move_counters(&before, kind, to);
	struct machine_state seen = *to;
	struct scene after = { machine, values, &seen, STATE_OF_FILE(from), trial };
	uint8_t open = STATE_OF_RULE(from);
	*discharges = apply_effects(&after, kind, &open) && kind->is_by_people;
	STATE_OF_RULE(to) = open;
	STATE_OF_FILE(to) = next_state(machine, kind, values, STATE_OF_FILE(from));
	return true;
}

void machine_choice(const struct machine_kind *kind, size_t n, uint8_t values[MACHINE_FIELDS_MAX])
{
	/* The first field moves slowest, so that choices come in the order of its codes. */
	for (size_t i = kind->field_count; i-- > 0;) {
		const struct machine_field *field = &kind->fields[i];
		values[i] = field->choices[n % field->choice_count];
		n /= field->choice_count;
	}
}
