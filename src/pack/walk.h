/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: walking a machine breadth first. States are
 * numbered as they are found, 0 the file that is not begun, so that the first
 * state with a fault lies at the end of a shortest history, and the same one
 * on every machine.
 */
#ifndef CANDOUR_PACK_WALK_H
#define CANDOUR_PACK_WALK_H

#include "pack/machine.h"

#define WALK_STATES_MAX 200000
#define WALK_STEPS_MAX ((size_t)50 * 1000 * 1000)

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
	uint32_t kind;   /* number in the machine */
	uint32_t choice; /* of its fields */
	uint32_t leaf;   /* which of the sets of truths that its admission allowed */
};

struct walk_edge {
	uint32_t from;
	uint32_t to;
};

struct walk {
	struct machine *machine; /* in the arena given */
	struct buf states;
	struct buf nodes;
	struct buf edges;      /* struct walk_edge */
	struct buf discharges; /* uint32_t: states from which a step discharges the rule */
	uint32_t *table;
	size_t table_size;
	size_t count;
	bool *fired; /* by kind of the machine */
	size_t steps;
	bool is_bounded; /* more states or steps than the limits: what was found is not all */
};

/* Walks a slice. ERR_UNABLE: no room. Finish it whatever the answer. */
bool walk_run(const struct pack *pack, const struct slice *slice, struct arena *arena,
              struct walk *out, struct err *err) MUST_USE;
void walk_finish(struct walk *walk); /* takes a zeroed one; the arena keeps the rest */

/* The bytes of a state: [0] of the file, [1] of the rule, then facts and counters. */
const uint8_t *walk_state(const struct walk *walk, size_t n);
const struct walk_node *walk_node(const struct walk *walk, size_t n);
size_t walk_edge_count(const struct walk *walk);
/* Widens `good` (one bool a state) to every state from which a good one can be reached. */
void walk_back(const struct walk *walk, bool *good);

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
