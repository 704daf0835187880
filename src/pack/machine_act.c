/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One act of the machine: needs over what was
 * before; then facts, counters and state; then what is settled, ended and
 * opened, judged by the new facts and the old state.
 */
#include "pack/machine.h"

#define CONTRADICTION_TRIES 1000
#define SURE_TRIES                                                                                 \
	32 /* more sets of truths that are tried for one under which nothing hidden matters */

/* What a condition is judged by: needs see the file before, effects the new facts and the old
 * state. */
struct scene {
	const struct view *view;
	const uint8_t *values;
	const struct machine_state *seen;
	uint8_t file_state;
	struct trial *trial; /* NULL: what is unknown may be either */
	bool is_before;
	bool asks_all; /* what is hidden is asked as what is unknown is */
};

/* --- what is unknown ------------------------------------------------------------------------- */

/* The value of a fact or counter; MACHINE_ANY or more than MACHINE_AT_LEAST: not known. */
static uint8_t value_of(const struct scene *scene, size_t var)
{
	uint16_t place = scene->view->place[var];
	if (place != MACHINE_NO_PLACE)
		return scene->seen->bytes[place];
	if (scene->file_state == MACHINE_NO_FILE && scene->is_before)
		return 0; /* nothing is said of a file that is not begun */
	return var < scene->view->machine->fact_count ? MACHINE_ANY : MACHINE_AT_LEAST;
}

/* What the counters say of an unknown that is not true without so many entries. */
static enum machine_truth covered(const struct scene *scene, const struct machine_unknown *unknown)
{
	enum machine_truth may = MACHINE_TRUE;
	for (size_t i = 0; i < unknown->cover_count; i++) {
		size_t counter = unknown->covers[i].counter;
		uint8_t least = unknown->covers[i].least;
		if (!vars_have(&scene->view->kept, counter) || scene->asks_all)
			continue;
		uint8_t value = value_of(scene, counter);
		if (value < MACHINE_AT_LEAST && value < least)
			return MACHINE_FALSE;
		if (value >= MACHINE_AT_LEAST && value - MACHINE_AT_LEAST < least)
			may = MACHINE_EITHER;
	}
	return may;
}

/* Whether what was taken already leaves one truth only. */
static bool is_implied(const struct machine *machine, const struct trial *trial,
                       const struct machine_unknown *unknown, bool *truth)
{
	for (size_t i = 0; unknown->atom && i < trial->at; i++) {
		const struct machine_unknown *other = &machine->unknowns[trial->asked[i]];
		bool forced;
		if (!other->atom || other->is_after != unknown->is_after ||
		    !know_implies(other->atom, trial->truth[i], unknown->atom, &forced))
			continue;
		*truth = forced;
		return true;
	}
	return false;
}

static enum machine_truth ask(const struct scene *scene, size_t number)
{
	const struct machine *machine = scene->view->machine;
	const struct machine_unknown *unknown = &machine->unknowns[number];
	struct trial *trial = scene->trial;

	for (size_t i = 0; trial && i < trial->at; i++) {
		if (trial->asked[i] == number)
			return trial->truth[i] ? MACHINE_TRUE : MACHINE_FALSE;
	}
	enum machine_truth may = covered(scene, unknown);
	if (may != MACHINE_TRUE || !trial || trial->at == MACHINE_ASKED_MAX)
		return may == MACHINE_FALSE ? MACHINE_FALSE : MACHINE_EITHER;
	if (trial->at == trial->count) {
		bool truth = true;
		trial->is_forced[trial->count] = is_implied(machine, trial, unknown, &truth);
		trial->asked[trial->count] = (uint16_t)number;
		trial->truth[trial->count] = truth;
		trial->count++;
	}
	return trial->truth[trial->at++] ? MACHINE_TRUE : MACHINE_FALSE;
}

/* --- conditions ------------------------------------------------------------------------------ */

static enum machine_truth turned(enum machine_truth truth)
{
	return truth == MACHINE_EITHER ? truth
	       : truth == MACHINE_TRUE ? MACHINE_FALSE
	                               : MACHINE_TRUE;
}

/* A look at something kept: what is not told by its value is hidden, or of no slice at all. */
static enum machine_truth look(const struct scene *scene, const struct bound_atom *atom)
{
	const struct view *view = scene->view;
	uint8_t value = value_of(scene, atom->index);
	if (atom->sort == BOUND_FACT && value != MACHINE_ANY) {
		enum machine_truth truth = (enum machine_truth)atom->truths[value];
		return truth == MACHINE_EITHER ? ask(scene, atom->unknown) : truth;
	}
	if (atom->sort == BOUND_COUNTER && value < MACHINE_AT_LEAST)
		return value >= atom->least && value <= atom->most ? MACHINE_TRUE : MACHINE_FALSE;
	if (scene->asks_all || !vars_have(&view->kept, atom->index))
		return ask(scene, atom->unknown);
	if (atom->sort == BOUND_FACT)
		return MACHINE_EITHER;
	int64_t least = value - MACHINE_AT_LEAST;
	if (least > atom->most)
		return MACHINE_FALSE;
	return least >= atom->least && atom->most == INT64_MAX ? MACHINE_TRUE : MACHINE_EITHER;
}

static enum machine_truth look_duty(const struct scene *scene, const struct bound_atom *atom)
{
	bool is_own = scene->view->rule != SIZE_MAX && vars_have(atom->meant, scene->view->rule);
	bool has_others = atom->meant_count > (is_own ? 1 : 0);
	if (is_own && STATE_OF_RULE(scene->seen) > 0)
		return atom->is_doubtful ? ask(scene, atom->unknown) : MACHINE_TRUE;
	return has_others ? ask(scene, atom->unknown) : MACHINE_FALSE;
}

static enum machine_truth atom_holds(const struct scene *scene, const struct bound_atom *atom)
{
	enum machine_truth truth = (enum machine_truth)atom->truth;
	switch (atom->sort) {
	case BOUND_KNOWN:
		break;
	case BOUND_FIELD:
		truth = (enum machine_truth)atom->truths[scene->values[atom->index]];
		if (truth == MACHINE_EITHER)
			truth = ask(scene, atom->unknown);
		break;
	case BOUND_FACT:
	case BOUND_COUNTER:
		truth = look(scene, atom);
		break;
	case BOUND_STATE:
		truth = scene->file_state < 32 && (atom->states >> scene->file_state & 1)
		                ? MACHINE_TRUE
		                : MACHINE_FALSE;
		break;
	case BOUND_DUTY:
		truth = look_duty(scene, atom);
		break;
	case BOUND_ASK:
		truth = ask(scene, atom->unknown);
		break;
	}
	return atom->is_turned ? turned(truth) : truth;
}

static enum machine_truth both(enum machine_truth a, enum machine_truth b)
{
	if (a == MACHINE_FALSE || b == MACHINE_FALSE)
		return MACHINE_FALSE;
	return a == MACHINE_TRUE && b == MACHINE_TRUE ? MACHINE_TRUE : MACHINE_EITHER;
}

static enum machine_truth parts_hold(const struct scene *scene, const struct bound_cond *bound)
{
	const struct pack_cond *cond = bound->cond;
	uint8_t stack[COND_OPS_MAX]; /* of enum machine_truth */
	size_t top = 0;
	for (size_t i = 0; i < cond->op_count; i++) {
		const struct cond_op *op = &cond->ops[i];
		switch ((enum cond_op_code)op->code) {
		case COND_ATOM:
			stack[top++] = (uint8_t)atom_holds(scene, &bound->atoms[op->b]);
			break;
		case COND_NOT:
			stack[top - 1] = (uint8_t)turned(stack[top - 1]);
			break;
		case COND_AND:
			top--;
			stack[top - 1] = (uint8_t)both(stack[top - 1], stack[top]);
			break;
		case COND_OR:
			top--;
			stack[top - 1] =
				(uint8_t)turned(both(turned(stack[top - 1]), turned(stack[top])));
			break;
		case COND_SKIP_IF_FALSE:
			if (stack[top - 1] == MACHINE_FALSE)
				i = op->b - 1;
			break;
		case COND_SKIP_IF_TRUE:
			if (stack[top - 1] == MACHINE_TRUE)
				i = op->b - 1;
			break;
		}
	}
	return top > 0 ? stack[top - 1] : MACHINE_TRUE;
}

static enum machine_truth cond_holds(const struct scene *scene, const struct bound_cond *bound)
{
	if (!bound->cond)
		return MACHINE_TRUE;
	if (bound->cond->op_count == 1)
		return atom_holds(scene, &bound->atoms[bound->cond->ops[0].b]);
	return parts_hold(scene, bound);
}

/* --- the act --------------------------------------------------------------------------------- */

bool machine_may_be_made(const struct machine_kind *kind, uint8_t state)
{
	if (state == MACHINE_NO_FILE)
		return kind->kind->may_begin;
	/* A kind that begins files begins one each time. */
	return !kind->kind->may_begin && (kind->from >> state & 1);
}

static uint8_t moved_fact(const struct machine_fact *fact, uint8_t had, uint8_t value)
{
	switch (fact->fact->keep) {
	case PACK_KEEP_LAST:
		return value;
	case PACK_KEEP_FIRST:
		return had == MACHINE_ABSENT ? value : had;
	case PACK_KEEP_HIGHEST: /* the fact's codes stand in order, unknown below all */
		if (had == MACHINE_ANY)
			return value == fact->class[MACHINE_CODES + fact->code_count - 1] ? value
			                                                                  : had;
		return value > had ? value : had;
	case PACK_KEEP_EVER:
		if (value >= MACHINE_CODES)
			return value;
		return had == MACHINE_ABSENT ? value : had;
	}
	return had;
}

static void move_facts(const struct view *view, const struct machine_kind *kind,
                       const uint8_t *values, struct machine_state *to)
{
	for (size_t i = 0; i < kind->feed_count; i++) {
		const struct bound_feed *feed = &kind->feeds[i];
		uint16_t place = view->place[feed->fact];
		uint8_t value = feed->values[values[feed->field]];
		if (place != MACHINE_NO_PLACE && value != MACHINE_KEEPS)
			to->bytes[place] = moved_fact(&view->machine->facts[feed->fact],
			                              to->bytes[place], value);
	}
}

static uint8_t moved_count(uint8_t had, uint8_t cap)
{
	if (had < MACHINE_AT_LEAST)
		return had < cap ? (uint8_t)(had + 1) : had;
	return had + 1 - MACHINE_AT_LEAST >= cap ? cap : (uint8_t)(had + 1);
}

static void move_counters(const struct scene *scene, const struct machine_kind *kind,
                          struct machine_state *to)
{
	const struct machine *machine = scene->view->machine;
	for (size_t i = 0; i < kind->count_count; i++) {
		const struct bound_count *count = &kind->counts[i];
		uint16_t place = scene->view->place[machine->fact_count + count->counter];
		uint8_t cap = machine->counters[count->counter].cap;
		bool fits = place != MACHINE_NO_PLACE && to->bytes[place] != cap;
		for (size_t w = 0; fits && w < count->where_count; w++)
			fits = atom_holds(scene, &count->where[w]) == MACHINE_TRUE;
		if (fits)
			to->bytes[place] = moved_count(to->bytes[place], cap);
	}
}

static uint8_t next_state(const struct machine_kind *kind, const uint8_t *values, uint8_t old)
{
	if (kind->to_field >= 0) {
		int target = kind->to_states[values[kind->to_field]];
		return target >= 0 ? (uint8_t)target : old == MACHINE_NO_FILE ? 0 : old;
	}
	return old == MACHINE_NO_FILE ? kind->to_new : kind->to_from[old & 31];
}

/* What an effect makes of each number of open duties, as bits; `left`: one of several stays. */
static uint8_t applied(const struct view *view, const struct bound_effect *effect, uint8_t rules,
                       bool left)
{
	uint8_t none = rules & 1, one = rules >> 1 & 1, several = rules >> 2 & 1;
	if (effect->sort == EFFECT_OPEN) {
		uint8_t more = one | several;
		return (uint8_t)(none << 1 | more << (view->is_several ? 2 : 1));
	}
	if (effect->sort == EFFECT_END || effect->only == PACK_ONLY_ALL)
		return 1;
	return (uint8_t)((none | one) | several << (left ? 1 : 2));
}

static void apply_effects(const struct scene *scene, const struct view_kind *kind,
                          struct machine_step *step)
{
	uint8_t rules = (uint8_t)(1U << machine_rule_count(STATE_OF_RULE(scene->seen)));
	step->discharges = MACHINE_FALSE;
	for (size_t i = 0; i < kind->effect_count; i++) {
		const struct bound_effect *effect = kind->effects[i];
		enum machine_truth does = cond_holds(scene, &effect->when);
		if (does == MACHINE_FALSE)
			continue;
		bool is_one_of = effect->sort == EFFECT_SETTLE && effect->only != PACK_ONLY_ALL &&
		                 rules >> 2 & 1;
		enum machine_truth left = is_one_of ? ask(scene, effect->left) : MACHINE_TRUE;
		if (effect->sort != EFFECT_OPEN && rules != 1 && step->discharges != MACHINE_TRUE)
			step->discharges = does == MACHINE_TRUE && !(rules & 1) ? MACHINE_TRUE
			                                                        : MACHINE_EITHER;
		uint8_t changed = applied(scene->view, effect, rules, left != MACHINE_FALSE);
		if (left == MACHINE_EITHER)
			changed |= applied(scene->view, effect, rules, false);
		rules = does == MACHINE_TRUE ? changed : rules | changed;
	}
	if (!kind->kind->is_by_people || kind->kind->is_retired)
		step->discharges = MACHINE_FALSE;
	step->rules = rules;
}

/* Whether the needs let the act pass; a need that what is hidden decides is noted. */
static enum machine_truth admits(const struct scene *scene, const struct machine_kind *kind,
                                 const struct bound_need **doubt)
{
	enum machine_truth passes = MACHINE_TRUE;
	for (size_t i = 0; i < kind->need_count; i++) {
		const struct bound_need *need = &kind->needs[i];
		enum machine_truth asked = cond_holds(scene, &need->when);
		if (asked == MACHINE_FALSE)
			continue;
		asked = both(asked, cond_holds(scene, &need->only));
		if (asked == MACHINE_FALSE)
			continue;
		enum machine_truth lacks = both(asked, turned(cond_holds(scene, &need->need)));
		if (lacks == MACHINE_TRUE)
			return MACHINE_FALSE;
		if (lacks == MACHINE_FALSE)
			continue;
		if (passes == MACHINE_TRUE)
			*doubt = need;
		passes = MACHINE_EITHER;
	}
	return passes;
}

/* Whether no truth of what is unknown or hidden admits the act. */
static bool never_admits(const struct acting *acting)
{
	struct scene scene = { acting->view, acting->values,
		               acting->from, STATE_OF_FILE(acting->from),
		               NULL,         true,
		               false };
	const struct bound_need *doubt = NULL;
	return admits(&scene, acting->kind->kind, &doubt) == MACHINE_FALSE;
}

uint8_t machine_rule_count(uint8_t rule)
{
	return rule > RULE_ENDED ? (uint8_t)(rule - RULE_ENDED) : rule;
}

static bool is_ended(const struct view *view, const struct machine_state *state)
{
	uint8_t n = STATE_OF_FILE(state);
	return n != MACHINE_NO_FILE && (view->slice.type->final >> n & 1);
}

/* A file that has ended and stays so: what is open on it now was opened there. */
static bool opens_on_ended(const struct view *view, const struct machine_state *from,
                           const struct machine_state *to)
{
	uint8_t had = STATE_OF_RULE(from);
	return (had == 0 || had > RULE_ENDED) && is_ended(view, from) && is_ended(view, to);
}

static uint8_t least_rule(uint8_t rules)
{
	uint8_t least = 0;
	while (least + 1 < RULE_STATES && !(rules >> least & 1))
		least++;
	return least;
}

/* One act under the truths of the trial. False: it is not admitted. */
static bool act(const struct view *view, const struct view_kind *kind, const uint8_t *values,
                const struct machine_state *from, struct trial *trial, struct machine_step *step)
{
	struct scene before = { view, values, from, STATE_OF_FILE(from), trial, true, false };

	trial->at = trial->needs = 0;
	step->doubt = NULL;
	step->admitted = admits(&before, kind->kind, &step->doubt);
	if (step->admitted == MACHINE_FALSE)
		return false;
	trial->needs = trial->at;
	struct machine_state *to = &step->to;
	memcpy(to->bytes, from->bytes, view->state_bytes);
	move_facts(view, kind->kind, values, to);
	move_counters(&before, kind->kind, to);
	struct scene after = { view, values, to, STATE_OF_FILE(from), trial, false, false };
	apply_effects(&after, kind, step);
	STATE_OF_FILE(to) = next_state(kind->kind, values, STATE_OF_FILE(from));
	if (opens_on_ended(view, from, to))
		step->rules = (uint8_t)((step->rules & 1) | (step->rules & 6) << RULE_ENDED);
	STATE_OF_RULE(to) = least_rule(step->rules);
	return true;
}

/* The next set of truths to try, leaving the first `floor` as they are. False: there is none. */
static bool next_truths(struct trial *trial, size_t floor)
{
	size_t n = trial->at;
	while (n > floor && (trial->is_forced[n - 1] || !trial->truth[n - 1]))
		n--;
	trial->at = 0;
	trial->count = n;
	if (n <= floor)
		return false;
	trial->truth[n - 1] = false;
	return true;
}

/* Whether an act that what is hidden decides may be admitted at all: needs may contradict one
 * another whatever is hidden. */
static bool may_admit(const struct acting *acting)
{
	struct trial trial = { .count = 0 };
	struct scene scene = { acting->view, acting->values,
		               acting->from, STATE_OF_FILE(acting->from),
		               &trial,       true,
		               true };
	const struct bound_need *doubt;
	for (size_t tries = 0; tries < CONTRADICTION_TRIES; tries++) {
		trial.at = 0;
		if (admits(&scene, acting->kind->kind, &doubt) != MACHINE_FALSE)
			return true;
		if (!next_truths(&trial, 0))
			return false;
	}
	return true;
}

void machine_begin(struct acting *acting, const struct view *view, const struct view_kind *kind,
                   const uint8_t *values, const struct machine_state *from)
{
	acting->view = view;
	acting->kind = kind;
	acting->values = values;
	acting->from = from;
	acting->trial.count = acting->trial.at = acting->trial.needs = 0;
	acting->tries = 0;
	acting->floor = acting->limit = 0;
	acting->is_begun = acting->is_cut = acting->is_possible = false;
}

bool machine_next(struct acting *acting, struct machine_step *step)
{
	struct trial *trial = &acting->trial;
	for (;;) {
		if (acting->is_begun && !next_truths(trial, acting->floor))
			return false;
		if (acting->limit && acting->tries >= acting->limit && acting->floor == 0)
			return false;
		bool is_first = !acting->is_begun;
		acting->is_begun = true;
		if (++acting->tries == MACHINE_TRIES_MAX) {
			acting->is_cut = true;
			return false;
		}
		if (act(acting->view, acting->kind, acting->values, acting->from, trial, step)) {
			if (step->admitted == MACHINE_EITHER && !acting->is_possible &&
			    !(acting->is_possible = may_admit(acting)))
				return false;
			/* Other truths of the needs lead to the same effects; at most they
			 * make sure of what is hidden. */
			if (!acting->kind->is_bound_to_needs && step->admitted == MACHINE_TRUE)
				acting->floor = trial->needs;
			else if (!acting->kind->is_bound_to_needs && acting->limit == 0)
				acting->limit = acting->tries + SURE_TRIES;
			return true;
		}
		if (is_first && never_admits(acting))
			return false;
	}
}
