/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "pack/walk.h"

#define TABLE_FIRST ((size_t)256)
#define EDGES_MAX ((size_t)512 * 1024 * 1024)
#define BYTES_MAX ((size_t)256 * 1024 * 1024)

const uint8_t *walk_state(const struct walk *walk, size_t n)
{
	return (const uint8_t *)walk->states.p + n * walk->view.state_bytes;
}

const struct walk_node *walk_node(const struct walk *walk, size_t n)
{
	return (const struct walk_node *)(const void *)walk->nodes.p + n;
}

static const struct walk_edge *edge_at(const struct walk *walk, size_t n)
{
	return (const struct walk_edge *)(const void *)walk->edges.p + n;
}

size_t walk_edge_count(const struct walk *walk)
{
	return walk->edges.n / sizeof(struct walk_edge);
}

static bool no_room(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no room to walk this pack");
}

/* --- the table of states --------------------------------------------------------------------- */

static size_t sum_of(const uint8_t *bytes, size_t n)
{
	uint64_t sum = UINT64_C(0x9e3779b97f4a7c15) ^ n;
	for (; n >= 8; n -= 8, bytes += 8) {
		uint64_t word;
		memcpy(&word, bytes, 8);
		sum = (sum ^ word) * UINT64_C(0xff51afd7ed558ccd);
		sum ^= sum >> 32;
	}
	for (; n > 0; n--, bytes++)
		sum = (sum ^ *bytes) * UINT64_C(0x100000001b3);
	return (size_t)(sum ^ sum >> 29);
}

static uint32_t *slot_of(const struct walk *walk, uint32_t *table, size_t size,
                         const uint8_t *bytes)
{
	size_t n = walk->view.state_bytes;
	size_t at = sum_of(bytes, n) & (size - 1);
	while (table[at] != WALK_NO_STATE && memcmp(walk_state(walk, table[at]), bytes, n) != 0)
		at = (at + 1) & (size - 1);
	return &table[at];
}

static bool grow_table(struct walk *walk, struct err *err)
{
	size_t size = walk->table_size ? walk->table_size * 4 : TABLE_FIRST;
	uint32_t *table = arena_alloc(walk->arena, size, sizeof *table);
	bool *may = arena_alloc(walk->arena, size / 2 + 1, sizeof *may);
	bool *does = arena_alloc(walk->arena, size / 2 + 1, sizeof *does);
	if (!table || !may || !does)
		return no_room(err);
	memset(table, 0xff, size * sizeof *table);
	for (size_t n = 0; n < walk->count; n++)
		*slot_of(walk, table, size, walk_state(walk, n)) = (uint32_t)n;
	if (walk->count) {
		memcpy(may, walk->may_discharge, walk->count * sizeof *may);
		memcpy(does, walk->discharges, walk->count * sizeof *does);
	}
	walk->may_discharge = may;
	walk->discharges = does;
	walk->table = table;
	walk->table_size = size;
	return true;
}

uint32_t walk_find(const struct walk *walk, const struct machine_state *state)
{
	return *slot_of(walk, walk->table, walk->table_size, state->bytes);
}

bool walk_add(struct walk *walk, const struct machine_state *state, const struct walk_node *node,
              uint32_t *number, struct err *err)
{
	if (walk->count * 2 >= walk->table_size && !grow_table(walk, err))
		return false;
	uint32_t *slot = slot_of(walk, walk->table, walk->table_size, state->bytes);
	*number = *slot;
	if (*slot != WALK_NO_STATE)
		return true;
	if (walk->states_max && walk->count == walk->states_max) {
		walk->is_bounded = true;
		return true;
	}
	buf_add_bytes(&walk->states, state->bytes, walk->view.state_bytes);
	buf_add_bytes(&walk->nodes, node, sizeof *node);
	if (walk->states.full || walk->nodes.full)
		return no_room(err);
	*number = (uint32_t)walk->count;
	*slot = *number;
	walk->count++;
	return true;
}

bool walk_begin(struct walk *walk, const struct machine_state *start, struct arena *arena,
                struct err *err)
{
	struct walk_node root = { 0 };
	uint32_t number;
	walk->arena = arena;
	if (walk->steps_max == 0)
		walk->steps_max = WALK_STEPS_MAX;
	walk->is_bounded = walk->view.is_too_large || walk->view.machine->too_large;
	buf_init(&walk->states, BYTES_MAX);
	buf_init(&walk->nodes, BYTES_MAX);
	buf_init(&walk->edges, EDGES_MAX);
	walk->fired = arena_alloc(arena, walk->view.kind_count, sizeof *walk->fired);
	if (!walk->fired)
		return no_room(err);
	return walk_add(walk, start, &root, &number, err);
}

/* --- steps ----------------------------------------------------------------------------------- */

static bool step_choice(struct walk *walk, const struct machine_state *from, struct walk_node *node,
                        walk_visit *visit, void *ctx, struct err *err)
{
	const struct view_kind *kind = &walk->view.kinds[node->kind];
	uint8_t values[MACHINE_FIELDS_MAX] = { 0 };
	struct acting acting;
	struct machine_step step;

	machine_choice(kind, node->choice, values);
	machine_begin(&acting, &walk->view, kind, values, from);
	node->leaf = 0;
	while (machine_next(&acting, &step)) {
		struct walk_node one = *node;
		walk->fired[node->kind] = true;
		if (!visit(ctx, walk, &one, kind, &step, err))
			return false;
		node->leaf++;
	}
	walk->steps += acting.tries;
	if (acting.is_cut || walk->steps >= walk->steps_max)
		walk->is_bounded = true;
	return true;
}

static bool step_kinds(struct walk *walk, const struct machine_state *from, uint32_t parent,
                       walk_visit *visit, void *ctx, struct err *err)
{
	for (size_t k = 0; k < walk->view.kind_count && !walk->is_bounded; k++) {
		const struct view_kind *kind = &walk->view.kinds[k];
		if (!machine_may_be_made(kind->kind, STATE_OF_FILE(from)))
			continue;
		for (size_t c = 0; c < kind->choices.count && !walk->is_bounded; c++) {
			struct walk_node node = { .parent = parent,
				                  .sort = WALK_KIND,
				                  .kind = (uint32_t)k,
				                  .choice = (uint32_t)c };
			if (!step_choice(walk, from, &node, visit, ctx, err))
				return false;
		}
	}
	return true;
}

static bool step_rule(struct walk *walk, const struct machine_state *from, uint32_t parent,
                      enum walk_step_sort sort, uint8_t open, walk_visit *visit, void *ctx,
                      struct err *err)
{
	struct walk_node node = { .parent = parent, .sort = sort };
	struct machine_step step = { .rules = (uint8_t)(1U << open), .admitted = MACHINE_TRUE };
	step.discharges = sort == WALK_SETTLED_ELSEWHERE ? MACHINE_TRUE : MACHINE_FALSE;
	memcpy(step.to.bytes, from->bytes, walk->view.state_bytes);
	STATE_OF_RULE(&step.to) = open;
	return visit(ctx, walk, &node, NULL, &step, err);
}

/* What another file's act opens on a file that has ended is owed there. */
static bool step_ended(struct walk *walk, const struct machine_state *from, uint32_t parent,
                       walk_visit *visit, void *ctx, struct err *err)
{
	uint8_t most = walk->view.is_several ? 2 : 1;
	uint8_t open = STATE_OF_RULE(from);
	if (open > 0 && open <= RULE_ENDED)
		return true; /* it ended owed, which is a fault of its own */
	open = machine_rule_count(open);
	if (walk->view.opens_on_ended &&
	    !step_rule(walk, from, parent, WALK_OPENED_ELSEWHERE,
	               (uint8_t)(RULE_ENDED + (open < most ? open + 1 : most)), visit, ctx, err))
		return false;
	return !walk->view.settles_elsewhere || open == 0 ||
	       step_rule(walk, from, parent, WALK_SETTLED_ELSEWHERE, 0, visit, ctx, err);
}

/* What happens to the rule without an act on this file. */
static bool step_elsewhere(struct walk *walk, const struct machine_state *from, uint32_t parent,
                           walk_visit *visit, void *ctx, struct err *err)
{
	const struct view *view = &walk->view;
	uint8_t open = machine_rule_count(STATE_OF_RULE(from));
	uint8_t most = view->is_several ? 2 : 1;

	if (STATE_OF_FILE(from) == MACHINE_NO_FILE)
		return true;
	if (view->slice.type->final >> STATE_OF_FILE(from) & 1)
		return step_ended(walk, from, parent, visit, ctx, err);
	if (view->opens_elsewhere &&
	    !step_rule(walk, from, parent, WALK_OPENED_ELSEWHERE,
	               open < most ? (uint8_t)(open + 1) : most, visit, ctx, err))
		return false;
	if (view->settles_elsewhere && open > 0 &&
	    !step_rule(walk, from, parent, WALK_SETTLED_ELSEWHERE, 0, visit, ctx, err))
		return false;
	if (view->slice.rule && view->slice.rule == view->machine->pack->rest && open == 0)
		return step_rule(walk, from, parent, WALK_NOTHING_OWED, 1, visit, ctx, err);
	return true;
}

bool walk_expand(struct walk *walk, size_t n, walk_visit *visit, void *ctx, struct err *err)
{
	struct machine_state from;
	/* Copied: the bytes move when the walk grows. */
	memcpy(from.bytes, walk_state(walk, n), walk->view.state_bytes);
	return step_kinds(walk, &from, (uint32_t)n, visit, ctx, err) &&
	       step_elsewhere(walk, &from, (uint32_t)n, visit, ctx, err);
}

/* --- a whole walk ---------------------------------------------------------------------------- */

static void add_edge(struct walk *walk, const struct walk_edge *edge)
{
	size_t edges = walk_edge_count(walk);
	const struct walk_edge *last = edges ? edge_at(walk, edges - 1) : NULL;
	if (!last || last->from != edge->from || last->to != edge->to ||
	    last->is_sure != edge->is_sure)
		buf_add_bytes(&walk->edges, edge, sizeof *edge);
}

static bool add_step(void *ctx, struct walk *walk, struct walk_node *node,
                     const struct view_kind *kind, const struct machine_step *step, struct err *err)
{
	struct machine_state to;
	bool is_one = (step->rules & (step->rules - 1)) == 0;
	/* It led there once, and leads nobody there any more: no way goes by it. */
	bool is_past = kind && kind->kind->is_retired;
	(void)ctx;
	if (step->discharges != MACHINE_FALSE) {
		walk->may_discharge[node->parent] = true;
		if (step->discharges == MACHINE_TRUE && step->admitted == MACHINE_TRUE)
			walk->discharges[node->parent] = true;
	}
	memcpy(to.bytes, step->to.bytes, walk->view.state_bytes);
	for (uint8_t open = 0; open < RULE_STATES; open++) {
		uint32_t number;
		if (!(step->rules >> open & 1))
			continue;
		STATE_OF_RULE(&to) = open;
		if (!walk_add(walk, &to, node, &number, err))
			return false;
		if (number == WALK_NO_STATE)
			return true;
		struct walk_edge edge = { node->parent, number,
			                  step->admitted == MACHINE_TRUE && is_one };
		if (!is_past)
			add_edge(walk, &edge);
	}
	return !walk->edges.full || no_room(err);
}

bool walk_run(const struct machine *machine, const struct slice *slice,
              const struct var_set *tracked, size_t states_max, struct arena *arena,
              struct walk *out, struct err *err)
{
	struct machine_state root;
	*out = (struct walk){ .states_max = states_max };
	if (!view_build(machine, slice, tracked, false, arena, &out->view, err))
		return false;
	view_root(&out->view, &root);
	if (!walk_begin(out, &root, arena, err))
		return false;
	for (size_t n = 0; n < out->count && !out->is_bounded; n++) {
		if (!walk_expand(out, n, add_step, NULL, err))
			return false;
	}
	return true;
}

void walk_finish(struct walk *walk)
{
	buf_finish(&walk->states);
	buf_finish(&walk->nodes);
	buf_finish(&walk->edges);
}

void walk_back(const struct walk *walk, bool only_sure, bool *good)
{
	bool has_changed = true;
	/* Edges stand in the order of their sources, so that few rounds backwards reach all. */
	while (has_changed) {
		has_changed = false;
		for (size_t i = walk_edge_count(walk); i-- > 0;) {
			const struct walk_edge *edge = edge_at(walk, i);
			if (good[edge->to] && !good[edge->from] && (edge->is_sure || !only_sure)) {
				good[edge->from] = true;
				has_changed = true;
			}
		}
	}
}
