/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: walking a view breadth first. States are
 * numbered as they are found, 0 the file that is not begun, so that the first
 * state with a fault lies at the end of a shortest history, and the same one
 * on every machine. What is hidden may be either: a walk that hides something
 * finds every state there is, and perhaps more.
 */
#ifndef CANDOUR_PACK_WALK_H
#define CANDOUR_PACK_WALK_H

#include "pack/machine.h"

#define WALK_STATES_MAX 200000
#define WALK_STEPS_MAX ((size_t)20 * 1000 * 1000)
#define WALK_NO_STATE UINT32_MAX

enum walk_step_sort {
	WALK_KIND,
	WALK_OPENED_ELSEWHERE, /* by another file's act, a pattern, or a broken glass */
	WALK_SETTLED_ELSEWHERE,
	WALK_NOTHING_OWED, /* the rest rule, where the slice cannot tell what else is owed */
};

/* How a state was first reached. */
struct walk_node {
	uint32_t parent;
	enum walk_step_sort sort;
	uint32_t kind;   /* number in the view */
	uint32_t choice; /* of its fields */
	uint32_t leaf;   /* which of the sets of truths that admit it */
};

struct walk_edge {
	uint32_t from;
	uint32_t to;
	bool is_sure; /* whatever is hidden */
};

struct walk {
	struct view view;
	struct arena *arena;
	struct buf states;
	struct buf nodes;
	struct buf edges;    /* struct walk_edge */
	bool *may_discharge; /* by state: a step from it may settle or end the rule; room for all */
	bool *discharges;    /* it surely does */
	size_t states_max;   /* 0: no bound */
	uint32_t *table;
	size_t table_size;
	size_t count;
	bool *fired; /* by kind of the view */
	size_t steps;
	size_t steps_max;
	bool is_bounded; /* more states or steps than the limits: what was found is not all */
};

/* One step found from state `node->parent`. False: an error, or no further is wanted. */
typedef bool walk_visit(void *ctx, struct walk *walk, struct walk_node *node,
                        const struct view_kind *kind, const struct machine_step *step,
                        struct err *err);

/* A walk with one state, from which others are added. ERR_UNABLE: no room. Finish it whatever the
 * answer. */
bool walk_begin(struct walk *walk, const struct machine_state *start, struct arena *arena,
                struct err *err) MUST_USE;
/* The number of a state, added when it is new; WALK_NO_STATE at the bound. */
bool walk_add(struct walk *walk, const struct machine_state *state, const struct walk_node *node,
              uint32_t *number, struct err *err) MUST_USE;
/* Visits every step from a state. */
bool walk_expand(struct walk *walk, size_t n, walk_visit *visit, void *ctx,
                 struct err *err) MUST_USE;
/* The number of a state, or WALK_NO_STATE. */
uint32_t walk_find(const struct walk *walk, const struct machine_state *state);

/* Walks a slice whole, tracking `tracked`. ERR_UNABLE: no room. Finish it whatever the answer. */
bool walk_run(const struct machine *machine, const struct slice *slice,
              const struct var_set *tracked, size_t states_max, struct arena *arena,
              struct walk *out, struct err *err) MUST_USE;
void walk_finish(struct walk *walk); /* takes a zeroed one; the arena keeps the rest */

/* The bytes of a state: [0] of the file, [1] of the rule, then what is tracked. */
const uint8_t *walk_state(const struct walk *walk, size_t n);
const struct walk_node *walk_node(const struct walk *walk, size_t n);
size_t walk_edge_count(const struct walk *walk);
/* Widens `good` (one bool a state) to every state from which a good one can be reached. */
void walk_back(const struct walk *walk, bool only_sure, bool *good);

/* --- searches -------------------------------------------------------------------------------- */

enum goal_sort {
	GOAL_DISCHARGE,
	GOAL_FINAL,
	GOAL_KIND,
	GOAL_STATE,
	GOAL_NOTHING, /* goes about, and notes what it sees */
};

/*
 * Whether a way surely leads from a state to a goal, whatever is hidden. It
 * learns by what it does: what an act says is known from then on.
 */
struct search {
	const struct machine *machine;
	struct slice slice;
	bool everything; /* every kind may be made, every fact and counter is kept */
	enum goal_sort sort;
	const struct pack_kind *kind; /* GOAL_KIND */
	uint8_t state;                /* GOAL_STATE */
	const struct walk *walk;      /* or NULL; states of it that are good already */
	const bool *good;
	struct arena *arena;  /* emptied for each round */
	struct var_set blame; /* what was tracked at the end */
	bool *fired;          /* by kind of the machine, or NULL: surely made on the way */
	uint32_t reached;     /* states surely reached on the way */
	size_t states;
	size_t steps;
};

/* What is asked and hidden, and made a step unsure. */
struct var_set search_hidden(const struct view *view, const struct view_kind *kind,
                             const struct machine_step *step);
/* Whether the kind may be on a way to the goal: to what is still to be done, what is retired leads
 * no more. */
bool search_may_make(const struct search *search, const struct machine_kind *kind);
bool search_is_goal(const struct search *search, const struct view_kind *kind,
                    const struct machine_step *step);
/* Whether a step leads to a state that is good already. */
bool search_is_known_good(const struct search *search, const struct view *view,
                          const struct machine_step *step);
/*
 * By acts drawn one after another, `tries` of them. `way`: NULL, or where to
 * put the acts that led to a good state, as few as it takes; finish it if found.
 */
bool roam_run(struct search *search, const struct view *from, const struct machine_state *start,
              size_t tries, bool *found, struct walk *way, struct err *err) MUST_USE;
/* By search, then by going about. */
bool search_run(struct search *search, const struct view *from, const struct machine_state *start,
                bool *found, struct err *err) MUST_USE;

/* --- histories ------------------------------------------------------------------------------- */

/* One act of a history, for people and programs. */
struct walk_act {
	struct str kind;
	struct str fields;  /* "harm-sign yes, danger now" or empty */
	struct str assumed; /* "linked(by about) is false; …" or empty */
	struct str opens;   /* "T01 T02" */
	struct str settles;
	struct str ends;
	struct str state;
};

/* The acts that lead to a state, first to last. ERR_UNABLE: no room. */
bool walk_history(const struct walk *walk, size_t n, struct arena *arena, struct walk_act **acts,
                  size_t *count, struct err *err) MUST_USE;

#endif
