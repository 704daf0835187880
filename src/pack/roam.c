/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A way found by going about: acts drawn one after another, all that a slice
 * keeps tracked, nothing undone. What has been said stays known, so that needs
 * of many entries are met that a search would try in every order. It only ever
 * proves that there is a way; the draw is the same each time.
 */
#include "pack/walk.h"

#include <stddef.h>

#define SEED UINT64_C(0x2545f4914f6cdd1d)
#define LENGTH_MAX 1000 /* acts until it begins anew */
#define LEAVES_MAX 4
#define TRIES_MAX 256 /* sets of truths of one act */
#define VISIT_EVERY 4
#define VISIT_LENGTH 4 /* acts for each kind */

/* One act of the way. */
struct roam_act {
	uint32_t kind; /* number in the view */
	uint32_t choice;
	uint32_t leaf; /* which of the sets of truths that admit it */
};

struct roam {
	struct search *search;
	struct view view;
	struct machine_state start;
	struct machine_state now;
	const struct view_kind *wanted; /* of GOAL_KIND */
	uint64_t draw;
	size_t length;
	size_t visit;                /* acts left in an end that is looked at; 0: none is */
	struct machine_state before; /* that end, and where the way was then */
	size_t before_count;
	struct roam_act way[LENGTH_MAX];
	size_t way_count;
};

static size_t drawn(struct roam *roam, size_t below)
{
	roam->draw ^= roam->draw << 13;
	roam->draw ^= roam->draw >> 7;
	roam->draw ^= roam->draw << 17;
	return below ? (size_t)(roam->draw >> 11) % below : 0;
}

/* A kind that may be made now: the one wanted every few times. */
static const struct view_kind *drawn_kind(struct roam *roam)
{
	uint8_t state = STATE_OF_FILE(&roam->now);
	if (roam->wanted && drawn(roam, 8) == 0 && machine_may_be_made(roam->wanted->kind, state))
		return roam->wanted;
	size_t first = drawn(roam, roam->view.kind_count);
	for (size_t i = 0; i < roam->view.kind_count; i++) {
		const struct view_kind *kind =
			&roam->view.kinds[(first + i) % roam->view.kind_count];
		if (search_may_make(roam->search, kind->kind) &&
		    machine_may_be_made(kind->kind, state))
			return kind;
	}
	return NULL;
}

/* The act made from a state. False: it is not admitted so, or what is hidden decides. */
static bool make(const struct view *view, const struct roam_act *act,
                 const struct machine_state *from, struct machine_step *step)
{
	const struct view_kind *kind = &view->kinds[act->kind];
	uint8_t values[MACHINE_FIELDS_MAX] = { 0 };
	struct acting acting;
	if (!machine_may_be_made(kind->kind, STATE_OF_FILE(from)))
		return false;
	machine_choice(kind, act->choice, values);
	machine_begin(&acting, view, kind, values, from);
	acting.limit = TRIES_MAX;
	for (uint32_t leaf = 0; leaf <= act->leaf; leaf++) {
		if (!machine_next(&acting, step))
			return false;
	}
	return step->admitted == MACHINE_TRUE && (step->rules & (step->rules - 1)) == 0;
}

static bool is_over(const struct roam *roam, uint8_t state)
{
	return state < 32 && (roam->view.slice.type->final >> state & 1);
}

/* Draws one act and makes it. True: it reached the goal. */
static bool go_on(struct roam *roam)
{
	struct search *search = roam->search;
	struct machine_step step;
	if (roam->length++ == LENGTH_MAX) {
		roam->length = 1;
		roam->visit = 0;
		roam->way_count = 0;
		roam->now = roam->start;
	}
	if (roam->visit > 0 && --roam->visit == 0) {
		roam->now = roam->before;
		roam->way_count = roam->before_count;
	}
	const struct view_kind *kind = drawn_kind(roam);
	if (!kind) {
		roam->length = LENGTH_MAX;
		return false;
	}
	struct roam_act *act = &roam->way[roam->way_count];
	act->kind = (uint32_t)(kind - roam->view.kinds);
	act->choice = (uint32_t)drawn(roam, kind->choices.count);
	act->leaf = (uint32_t)drawn(roam, LEAVES_MAX);
	while (!make(&roam->view, act, &roam->now, &step)) {
		if (act->leaf-- == 0)
			return false;
	}
	uint8_t state = STATE_OF_FILE(&step.to);
	if (search->fired)
		search->fired[kind->kind->number] = true;
	if (state < 32)
		search->reached |= UINT32_C(1) << state;
	bool was_over = is_over(roam, STATE_OF_FILE(&roam->now));
	bool is_there = search_is_goal(search, kind, &step) ||
	                search_is_known_good(search, &roam->view, &step);
	if (!is_over(roam, state)) {
		roam->visit = 0;
	} else if (!is_there && !was_over) {
		/* An end is gone into now and then, for what can be done there, and left again. */
		if (drawn(roam, VISIT_EVERY) != 0)
			return false;
		roam->visit = VISIT_LENGTH * roam->view.kind_count;
		roam->before = roam->now;
		roam->before_count = roam->way_count;
	}
	roam->way_count++;
	memcpy(roam->now.bytes, step.to.bytes, roam->view.state_bytes);
	return is_there;
}

/* --- the way, made short --------------------------------------------------------------------- */

/* Whether the way without `count` acts from `first` on still leads there. */
static bool leads_without(const struct roam *roam, size_t first, size_t count)
{
	struct machine_state now = roam->start;
	struct machine_step step;
	for (size_t i = 0; i < roam->way_count; i++) {
		if (i >= first && i < first + count)
			continue;
		if (!make(&roam->view, &roam->way[i], &now, &step))
			return false;
		memcpy(now.bytes, step.to.bytes, roam->view.state_bytes);
	}
	return roam->way_count > count && search_is_known_good(roam->search, &roam->view, &step);
}

/* Leaves out what the end does not need, many acts at a time and then one by one. */
static void shorten(struct roam *roam)
{
	for (size_t size = roam->way_count / 2 + 1; size > 0;) {
		bool has_shrunk = false;
		for (size_t first = 0; first < roam->way_count;) {
			size_t rest = roam->way_count - first;
			size_t count = rest < size ? rest : size;
			if (!leads_without(roam, first, count)) {
				first += size;
				continue;
			}
			memmove(&roam->way[first], &roam->way[first + count],
			        (rest - count) * sizeof roam->way[0]);
			roam->way_count -= count;
			has_shrunk = true;
		}
		if (size > 1 || !has_shrunk)
			size /= 2;
	}
}

/* The way as a walk of its own, whose last state is the end. */
static bool keep_way(struct roam *roam, struct walk *way, struct err *err)
{
	struct machine_state now = roam->start;
	struct machine_step step;
	uint32_t parent = 0;
	*way = (struct walk){ .view = roam->view };
	if (!walk_begin(way, &now, roam->search->arena, err))
		return false;
	for (size_t i = 0; i < roam->way_count; i++) {
		const struct roam_act *act = &roam->way[i];
		struct walk_node node = { .parent = parent,
			                  .sort = WALK_KIND,
			                  .kind = act->kind,
			                  .choice = act->choice,
			                  .leaf = act->leaf };
		(void)make(&roam->view, act, &now, &step);
		memcpy(now.bytes, step.to.bytes, roam->view.state_bytes);
		if (!walk_add(way, &now, &node, &parent, err))
			return false;
	}
	return true;
}

bool roam_run(struct search *search, const struct view *from, const struct machine_state *start,
              size_t tries, bool *found, struct walk *way, struct err *err)
{
	struct roam roam;
	memset(&roam, 0, offsetof(struct roam, way));
	roam.search = search;
	roam.draw = SEED;
	roam.way_count = 0;
	struct var_set all = { { 0 } };
	size_t vars = search->machine->fact_count + search->machine->counter_count;
	struct var_set kept = machine_kept(search->machine, &search->slice);
	for (size_t v = 0; v < vars; v++) {
		if (search->everything || vars_have(&kept, v))
			vars_add(&all, v);
	}
	*found = false;
	arena_reset(search->arena);
	if (!view_build(search->machine, &search->slice, &all, search->everything, search->arena,
	                &roam.view, err))
		return false;
	view_project(from, start, &roam.view, &roam.start);
	roam.now = roam.start;
	for (size_t k = 0; search->sort == GOAL_KIND && k < roam.view.kind_count; k++) {
		if (roam.view.kinds[k].kind->kind == search->kind)
			roam.wanted = &roam.view.kinds[k];
	}
	for (size_t i = 0; i < tries && !*found && roam.view.kind_count; i++)
		*found = go_on(&roam);
	if (!*found || !way)
		return true;
	shorten(&roam);
	return keep_way(&roam, way, err);
}
