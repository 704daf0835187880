/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whether a way surely leads to a goal. What is hidden is taken as against it.
 * Where that bars the way, what bars it is tracked and the search begins anew:
 * an act that says it then makes it known. Counters that bar nothing as they
 * grow are raised as soon as they can be.
 */
#include "pack/walk.h"

#define ROUNDS_MAX 8
#define STATES_MAX 400
#define STEPS_MAX 20000 /* of all rounds */
#define ROAM_TRIES 30000
#define RANK_NONE UINT32_MAX

/* One round. */
struct round {
	struct search *search;
	struct walk walk;
	struct var_set safe;   /* tracked counters whose growth bars nothing */
	struct var_set wanted; /* what bars the way, nearest the goal */
	uint32_t rank;
	bool is_found;
	bool is_raised;
	struct machine_state raised;
	size_t at; /* the state that is raised */
};

bool search_may_make(const struct search *search, const struct machine_kind *kind)
{
	return !kind->is_retired || (search->sort != GOAL_DISCHARGE && search->sort != GOAL_FINAL);
}

bool search_is_goal(const struct search *search, const struct view_kind *kind,
                    const struct machine_step *step)
{
	uint8_t state = STATE_OF_FILE(&step->to);
	switch (search->sort) {
	case GOAL_DISCHARGE:
		return step->discharges == MACHINE_TRUE;
	case GOAL_FINAL:
		return state < 32 && (search->slice.type->final >> state & 1);
	case GOAL_KIND:
		return kind && kind->kind->kind == search->kind;
	case GOAL_STATE:
		return state == search->state;
	case GOAL_NOTHING:
		break;
	}
	return false;
}

/* How near a step comes to the goal: 0 reaches it. */
static uint32_t rank_of(const struct round *round, const struct view_kind *kind,
                        const struct machine_step *step)
{
	const struct search *search = round->search;
	uint8_t state = STATE_OF_FILE(&step->to);
	if (search_is_goal(search, kind, step) ||
	    (search->sort == GOAL_DISCHARGE && step->discharges != MACHINE_FALSE))
		return 0;
	for (size_t k = 0; search->sort == GOAL_KIND && k < round->walk.view.kind_count; k++) {
		const struct machine_kind *wanted = round->walk.view.kinds[k].kind;
		if (wanted->kind == search->kind && machine_may_be_made(wanted, state))
			return 1;
	}
	return 2;
}

/* Counters behind the unknowns of a condition. */
static void add_covers(const struct machine *machine, const struct bound_cond *bound,
                       struct var_set *vars)
{
	for (size_t i = 0; bound->cond && i < bound->cond->atom_count; i++) {
		const struct machine_unknown *unknown = &machine->unknowns[bound->atoms[i].unknown];
		for (size_t c = 0; c < unknown->cover_count; c++)
			vars_add(vars, unknown->covers[c].counter);
	}
}

struct var_set search_hidden(const struct view *view, const struct view_kind *kind,
                             const struct machine_step *step)
{
	struct var_set vars = { { 0 } };
	if (step->doubt) {
		vars = step->doubt->vars;
		add_covers(view->machine, &step->doubt->when, &vars);
		add_covers(view->machine, &step->doubt->only, &vars);
		add_covers(view->machine, &step->doubt->need, &vars);
	} else {
		vars = kind->effect_vars;
		for (size_t i = 0; i < kind->effect_count; i++)
			add_covers(view->machine, &kind->effects[i]->when, &vars);
	}
	vars = vars_and(&vars, &view->kept, false);
	return vars_and(&vars, &view->tracked, true);
}

static bool is_single(const struct machine_step *step)
{
	return (step->rules & (step->rules - 1)) == 0;
}

static void note_blame(struct round *round, const struct walk *walk, const struct walk_node *node,
                       const struct view_kind *kind, const struct machine_step *step)
{
	uint32_t rank = rank_of(round, kind, step);
	bool moves = rank < 2 || memcmp(step->to.bytes, walk_state(walk, node->parent), 2) != 0 ||
	             !is_single(step);
	if (rank >= round->rank || !moves)
		return;
	struct var_set vars = search_hidden(&round->walk.view, kind, step);
	if (!vars_any(&vars))
		return;
	round->rank = rank;
	round->wanted = vars;
}

bool search_is_known_good(const struct search *search, const struct view *view,
                          const struct machine_step *step)
{
	struct machine_state there;
	if (!search->walk || !is_single(step))
		return false;
	view_project(view, &step->to, &search->walk->view, &there);
	uint32_t n = walk_find(search->walk, &there);
	return n != WALK_NO_STATE && search->good[n];
}

static bool visit(void *ctx, struct walk *walk, struct walk_node *node,
                  const struct view_kind *kind, const struct machine_step *step, struct err *err)
{
	struct round *round = ctx;
	struct search *search = round->search;
	uint32_t number;
	if (kind && !search_may_make(search, kind->kind))
		return true;
	if (step->admitted != MACHINE_TRUE) {
		note_blame(round, walk, node, kind, step);
		return true;
	}
	if (search->fired && kind)
		search->fired[kind->kind->number] = true;
	if (search_is_goal(search, kind, step) || search_is_known_good(search, &walk->view, step)) {
		round->is_found = true;
		return false;
	}
	if (kind && (!is_single(step) || step->discharges == MACHINE_EITHER))
		note_blame(round, walk, node, kind, step);
	if (!is_single(step) || walk->count >= STATES_MAX)
		return true;
	if (STATE_OF_FILE(&step->to) < 32)
		search->reached |= UINT32_C(1) << STATE_OF_FILE(&step->to);
	return walk_add(walk, &step->to, node, &number, err);
}

/* --- counters that bar nothing --------------------------------------------------------------- */

static uint8_t least_of(uint8_t value)
{
	return value >= MACHINE_AT_LEAST ? (uint8_t)(value - MACHINE_AT_LEAST) : value;
}

/* A step that does nothing but raise such counters is taken at once. */
static bool raise_one(void *ctx, struct walk *walk, struct walk_node *node,
                      const struct view_kind *kind, const struct machine_step *step,
                      struct err *err)
{
	struct round *round = ctx;
	const uint8_t *from = walk_state(walk, round->at);
	(void)node;
	(void)err;
	if (!kind || !search_may_make(round->search, kind->kind) ||
	    step->admitted != MACHINE_TRUE || !is_single(step) ||
	    memcmp(step->to.bytes, from, 2) != 0)
		return true;
	bool has_grown = false;
	for (size_t i = 0; i < walk->view.tracked_count; i++) {
		uint8_t is = step->to.bytes[2 + i];
		bool is_same = is == from[2 + i];
		if (!is_same && !vars_have(&round->safe, walk->view.tracked_vars[i]))
			return true;
		has_grown = has_grown || (!is_same && least_of(is) >= least_of(from[2 + i]));
	}
	if (!has_grown)
		return true;
	round->is_raised = true;
	round->raised = step->to;
	return false;
}

/* Raises all that can be at state `n`: whatever leads on from it leads on from there. */
static bool raise_all(struct round *round, size_t *n, struct err *err)
{
	struct walk_node node = { .parent = (uint32_t)*n };
	uint32_t number = (uint32_t)*n;
	do {
		round->is_raised = false;
		round->at = number;
		if (!walk_expand(&round->walk, number, raise_one, round, err) && !round->is_raised)
			return false;
		if (round->is_raised &&
		    !walk_add(&round->walk, &round->raised, &node, &number, err))
			return false;
	} while (round->is_raised && number != WALK_NO_STATE);
	*n = number;
	return true;
}

/* --- rounds ---------------------------------------------------------------------------------- */

static struct var_set safe_counters(const struct view *view)
{
	struct var_set safe = vars_and(&view->tracked, &view->machine->barred, true);
	for (size_t f = 0; f < view->machine->fact_count; f++)
		safe.words[f / 64] &= ~(UINT64_C(1) << (f % 64));
	for (size_t k = 0; k < view->kind_count; k++)
		safe = vars_and(&safe, &view->kinds[k].effect_vars, true);
	return safe;
}

static bool run_round(struct round *round, const struct view *from,
                      const struct machine_state *start, struct err *err)
{
	struct search *search = round->search;
	struct walk *walk = &round->walk;
	struct machine_state first;
	arena_reset(search->arena);
	if (!view_build(search->machine, &search->slice, &search->blame, search->everything,
	                search->arena, &walk->view, err))
		return false;
	view_project(from, start, &walk->view, &first);
	round->safe = safe_counters(&walk->view);
	bool raises = vars_any(&round->safe);
	walk->steps_max = STEPS_MAX > search->steps ? STEPS_MAX - search->steps : 1;
	if (!walk_begin(walk, &first, search->arena, err))
		return false;
	for (size_t n = 0; n < walk->count && !walk->is_bounded && !round->is_found; n++) {
		size_t at = n;
		if (raises && walk_state(walk, n)[0] != MACHINE_NO_FILE &&
		    !raise_all(round, &at, err))
			return false;
		/* A raised state stands further on, and comes there. */
		if (at == n && !walk_expand(walk, n, visit, round, err) && !round->is_found)
			return false;
	}
	search->states += walk->count;
	search->steps += walk->is_bounded ? STEPS_MAX : walk->steps;
	return true;
}

bool search_run(struct search *search, const struct view *from, const struct machine_state *start,
                bool *found, struct err *err)
{
	search->blame = from->tracked;
	search->steps = 0;
	*found = false;
	for (size_t i = 0; i < ROUNDS_MAX; i++) {
		struct round round = { .search = search, .rank = RANK_NONE };
		bool done = run_round(&round, from, start, err);
		walk_finish(&round.walk);
		if (!done)
			return false;
		*found = round.is_found;
		if (round.is_found || (round.rank == RANK_NONE && search->steps < STEPS_MAX))
			return true;
		vars_join(&search->blame, &round.wanted);
		if (round.walk.count >= STATES_MAX || search->steps >= STEPS_MAX)
			break;
	}
	return roam_run(search, from, start, ROAM_TRIES, found, NULL, err);
}
