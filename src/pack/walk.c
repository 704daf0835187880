/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "pack/walk.h"

#define TABLE_FIRST ((size_t)1024)
#define EDGES_MAX ((size_t)512 * 1024 * 1024)
#define BYTES_MAX ((size_t)256 * 1024 * 1024)
#define LEAVES_MAX 65536
#define NO_STATE UINT32_MAX

const uint8_t *walk_state(const struct walk *walk, size_t n)
{
	return (const uint8_t *)walk->states.p + n * walk->machine->state_bytes;
}

const struct walk_node *walk_node(const struct walk *walk, size_t n)
{
	return (const struct walk_node *)(const void *)walk->nodes.p + n;
}

size_t walk_edge_count(const struct walk *walk)
{
	return walk->edges.n / sizeof(struct walk_edge);
}

/* --- the table of states --------------------------------------------------------------------- */

static uint32_t *slot_of(const struct walk *walk, uint32_t *table, size_t size,
                         const uint8_t *bytes)
{
	size_t n = walk->machine->state_bytes;
	size_t at = (size_t)cond_hash((struct str){ (const char *)bytes, n }) & (size - 1);
	while (table[at] != NO_STATE && memcmp(walk_state(walk, table[at]), bytes, n) != 0)
		at = (at + 1) & (size - 1);
	return &table[at];
}

static bool grow_table(struct walk *walk, struct err *err)
{
	size_t size = walk->table_size ? walk->table_size * 4 : TABLE_FIRST;
	uint32_t *table = arena_alloc(walk->machine->arena, size, sizeof *table);
	if (!table)
		return err_set(err, ERR_UNABLE, "There is no room to walk this pack");
	memset(table, 0xff, size * sizeof *table);
	for (size_t n = 0; n < walk->count; n++)
		*slot_of(walk, table, size, walk_state(walk, n)) = (uint32_t)n;
	walk->table = table;
	walk->table_size = size;
	return true;
}

/* The number of a state, added when it is new; NO_STATE at the bound. */
static bool find_or_add(struct walk *walk, const struct machine_state *state,
                        const struct walk_node *node, uint32_t *number, struct err *err)
{
	if (walk->count * 2 >= walk->table_size && !grow_table(walk, err))
		return false;
	uint32_t *slot = slot_of(walk, walk->table, walk->table_size, state->bytes);
	*number = *slot;
	if (*slot != NO_STATE)
		return true;
	if (walk->count == WALK_STATES_MAX) {
		walk->is_bounded = true;
		return true;
	}
	buf_add_bytes(&walk->states, state->bytes, walk->machine->state_bytes);
	buf_add_bytes(&walk->nodes, node, sizeof *node);
	if (walk->states.full || walk->nodes.full)
		return err_set(err, ERR_UNABLE, "There is no room to walk this pack");
	*number = (uint32_t)walk->count;
	*slot = *number;
	walk->count++;
	return true;
}

static bool is_last_edge(const struct walk *walk, const struct walk_edge *edge)
{
	size_t edges = walk_edge_count(walk);
	if (edges == 0)
		return false;
	const struct walk_edge *last =
		(const struct walk_edge *)(const void *)walk->edges.p + edges - 1;
	return last->from == edge->from && last->to == edge->to;
}

static bool add_step(struct walk *walk, const struct machine_state *to,
                     const struct walk_node *node, bool discharges, struct err *err)
{
	uint32_t number;
	if (!find_or_add(walk, to, node, &number, err))
		return false;
	if (number == NO_STATE)
		return true;
	struct walk_edge edge = { node->parent, number };
	if (!is_last_edge(walk, &edge))
		buf_add_bytes(&walk->edges, &edge, sizeof edge);
	if (discharges)
		buf_add_bytes(&walk->discharges, &node->parent, sizeof node->parent);
	if (walk->edges.full || walk->discharges.full)
		return err_set(err, ERR_UNABLE, "There is no room to walk this pack");
	return true;
}

/* --- steps ----------------------------------------------------------------------------------- */

static bool step_choice(struct walk *walk, const struct machine_state *from, struct walk_node *node,
                        struct err *err)
{
	const struct machine_kind *kind = &walk->machine->kinds[node->kind];
	uint8_t values[MACHINE_FIELDS_MAX] = { 0 };
	struct machine_state to = { { 0 } };
	struct trial trial = { 0 };
	bool discharges;

	machine_choice(kind, node->choice, values);
	node->leaf = 0;
	do {
		if (machine_act(walk->machine, kind, values, from, &trial, &to, &discharges)) {
			walk->fired[node->kind] = true;
			if (!add_step(walk, &to, node, discharges, err))
				return false;
		}
		if (++node->leaf == LEAVES_MAX || ++walk->steps >= WALK_STEPS_MAX) {
			walk->is_bounded = true;
			return true;
		}
	} while (trial_next(&trial));
	return true;
}

static bool step_kinds(struct walk *walk, const struct machine_state *from, uint32_t parent,
                       struct err *err)
{
	for (size_t k = 0; k < walk->machine->kind_count && !walk->is_bounded; k++) {
		const struct machine_kind *kind = &walk->machine->kinds[k];
		for (size_t c = 0; c < kind->choice_count && !walk->is_bounded; c++) {
			struct walk_node node = { .parent = parent,
				                  .sort = WALK_KIND,
				                  .kind = (uint32_t)k,
				                  .choice = (uint32_t)c };
			if (!step_choice(walk, from, &node, err))
				return false;
		}
	}
	return true;
}

/* What happens to the rule without an act on this file. */
static bool step_elsewhere(struct walk *walk, const struct machine_state *from, uint32_t parent,
                           struct err *err)
{
	const struct machine *machine = walk->machine;
	struct walk_node node = { .parent = parent };
	struct machine_state to = *from;
	uint8_t most = machine->is_several ? 2 : 1;

	if (STATE_OF_FILE(from) == MACHINE_NO_FILE ||
	    machine->slice.type->final >> STATE_OF_FILE(from) & 1)
		return true;
	if (machine->opens_elsewhere) {
		node.sort = WALK_OPENED_ELSEWHERE;
		STATE_OF_RULE(&to) =
			STATE_OF_RULE(from) < most ? (uint8_t)(STATE_OF_RULE(from) + 1) : most;
		if (!add_step(walk, &to, &node, false, err))
			return false;
	}
	if (machine->settles_elsewhere && STATE_OF_RULE(from) > 0) {
		node.sort = WALK_SETTLED_ELSEWHERE;
		STATE_OF_RULE(&to) = 0;
		if (!add_step(walk, &to, &node, true, err))
			return false;
	}
	if (machine->slice.rule && machine->slice.rule == machine->pack->rest &&
	    STATE_OF_RULE(from) == 0) {
		node.sort = WALK_NOTHING_OWED;
		STATE_OF_RULE(&to) = 1;
		return add_step(walk, &to, &node, false, err);
	}
	return true;
}

bool walk_run(const struct pack *pack, const struct slice *slice, struct arena *arena,
              struct walk *out, struct err *err)
{
	struct machine_state state = { { MACHINE_NO_FILE } };
	struct walk_node root = { 0 };
	uint32_t number;

	*out = (struct walk){ 0 };
	buf_init(&out->states, BYTES_MAX);
	buf_init(&out->nodes, BYTES_MAX);
	buf_init(&out->edges, EDGES_MAX);
	buf_init(&out->discharges, EDGES_MAX);
	if (!machine_build(pack, slice, arena, &out->machine, err))
		return false;
	out->is_bounded = out->machine->is_too_large;
	out->fired = arena_alloc(arena, out->machine->kind_count, sizeof *out->fired);
	if (!out->fired)
		return err_set(err, ERR_UNABLE, "There is no room to walk this pack");
	if (!find_or_add(out, &state, &root, &number, err))
		return false;
	for (size_t n = 0; n < out->count && !out->is_bounded; n++) {
		/* Copied: the bytes move when the walk grows. */
		memcpy(state.bytes, walk_state(out, n), out->machine->state_bytes);
		if (!step_kinds(out, &state, (uint32_t)n, err) ||
		    !step_elsewhere(out, &state, (uint32_t)n, err))
			return false;
	}
	return true;
}

void walk_finish(struct walk *walk)
{
	buf_finish(&walk->states);
	buf_finish(&walk->nodes);
	buf_finish(&walk->edges);
	buf_finish(&walk->discharges);
}

void walk_back(const struct walk *walk, bool *good)
{
	const struct walk_edge *edges = (const struct walk_edge *)(const void *)walk->edges.p;
	bool has_changed = true;
	/* Edges stand in the order of their sources, so that few rounds backwards reach all. */
	while (has_changed) {
		has_changed = false;
		for (size_t i = walk_edge_count(walk); i-- > 0;) {
			if (good[edges[i].to] && !good[edges[i].from]) {
				good[edges[i].from] = true;
				has_changed = true;
			}
		}
	}
}
