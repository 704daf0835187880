/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is proved by form, without a walk: P01, P07, P08, P10-P14. */
#include "pack/check.h"

#define CHAIN_DEPTH_MAX 4 /* 5.1, step 11 */
#define CHAIN_KINDS_MAX 32

/* --- P01: whatever is open is owed ----------------------------------------------------------- */

/* A kind that leads to a final state, and asks something first. */
static bool closes_through_need(const struct pack *pack, const struct pack_kind *kind)
{
	if (kind->to.sort != PACK_TO_STATE || kind->need_count == 0)
		return false;
	for (size_t t = 0; t < pack->file_type_count; t++) {
		int state = pack_state_find(&pack->file_types[t], kind->to.state);
		if ((kind->file_types >> t & 1) && state >= 0 &&
		    (pack->file_types[t].final >> state & 1))
			return true;
	}
	return false;
}

static void check_rest(struct check *check)
{
	const struct pack *pack = check->pack;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		for (size_t i = 0; i < kind->settle_count; i++) {
			const struct pack_settle *settle = &kind->settles[i];
			if (settle->duty != pack->rest || settle->when ||
			    closes_through_need(pack, kind))
				continue;
			const struct yaml *node = check_node(check, SECTION_KINDS, kind->name);
			check_fails(check, "P01",
			            check_place(check, check_item(node, STR("settles"), i)),
			            "%.*s settles %.*s, but neither says what is next nor closes "
			            "through a gate (L4)",
			            STR_ARG(kind->name), STR_ARG(pack->rest->name));
		}
	}
}

static bool settles(const struct pack_kind *kind, const struct pack_duty *duty)
{
	for (size_t i = 0; i < kind->settle_count; i++) {
		if (kind->settles[i].duty == duty)
			return true;
	}
	return false;
}

static bool settles_on(const struct pack_kind *kind, const struct pack_duty *duty, size_t type)
{
	return (kind->file_types >> type & 1) && !kind->retired.p && settles(kind, duty);
}

static void check_rest_everywhere(struct check *check)
{
	const struct pack *pack = check->pack;
	for (size_t t = 0; t < pack->file_type_count; t++) {
		const struct pack_file_type *type = &pack->file_types[t];
		bool is_settled = type->is_built_in;
		for (size_t k = 0; k < pack->kind_count && !is_settled; k++)
			is_settled = settles_on(&pack->kinds[k], pack->rest, t);
		if (!is_settled)
			check_fails(
				check, "P03",
				check_place(check, check_node(check, SECTION_FILES, type->name)),
				"nothing settles %.*s on a %.*s", STR_ARG(pack->rest->name),
				STR_ARG(type->name));
	}
}

/* --- P07, P08 by table ----------------------------------------------------------------------- */

static bool is_opened(const struct pack *pack, const struct pack_duty *duty)
{
	if (duty->is_built_in || duty == pack->rest || duty == pack->pattern_duty ||
	    duty == pack->vacant_duty || duty == pack->clock_duty || duty == pack->broken_duty)
		return true;
	for (size_t k = 0; k < pack->kind_count; k++) {
		for (size_t i = 0; i < pack->kinds[k].open_count; i++) {
			if (pack->kinds[k].opens[i].duty == duty)
				return true;
		}
	}
	for (size_t p = 0; p < pack->pattern_count; p++) {
		for (size_t i = 0; i < pack->patterns[p].open_count; i++) {
			if (pack->patterns[p].opens[i].duty == duty)
				return true;
		}
	}
	return false;
}

static void check_tables(struct check *check)
{
	const struct pack *pack = check->pack;
	for (size_t i = 0; i < pack->duty_count; i++) {
		if (!pack->duties[i].retired.p && !is_opened(pack, &pack->duties[i]))
			check_fails(check, "P08",
			            check_body(check, SECTION_DUTIES, pack->duties[i].name),
			            "duty %.*s is opened by nothing",
			            STR_ARG(pack->duties[i].name));
		if (str_eq(pack->duties[i].certainty, STR("check")))
			check_advises(check, "P14",
			              check_body(check, SECTION_DUTIES, pack->duties[i].name),
			              "duty %.*s: certainty check", STR_ARG(pack->duties[i].name));
	}
	for (size_t k = 0; k < pack->kind_count; k++) {
		if (pack->kinds[k].by_count == 0)
			check_fails(check, "P07",
			            check_body(check, SECTION_KINDS, pack->kinds[k].name),
			            "nobody may make %.*s", STR_ARG(pack->kinds[k].name));
	}
}

/* --- P10: the register does not go round by itself ------------------------------------------- */

/* Nodes are kinds, then duties. */
struct graph {
	const struct pack *pack;
	size_t *came_from;
	size_t *queue;
	size_t count;
};

#define NOWHERE SIZE_MAX

static struct str node_name(const struct graph *graph, size_t n, struct arena *arena)
{
	const struct pack *pack = graph->pack;
	if (n < pack->kind_count)
		return pack->kinds[n].name;
	return arena_format(arena, "duty %.*s", STR_ARG(pack->duties[n - pack->kind_count].name));
}

static bool ladder_makes(const struct pack_ladder *ladder, const struct pack_kind *kind)
{
	for (size_t r = 0; ladder && r < ladder->count; r++) {
		if (ladder->rungs[r].makes == kind)
			return true;
	}
	return false;
}

static bool leads(const struct graph *graph, size_t from, size_t to)
{
	const struct pack *pack = graph->pack;
	size_t kinds = pack->kind_count;
	if (from >= kinds) {
		const struct pack_duty *duty = &pack->duties[from - kinds];
		bool does = to < kinds && ladder_makes(duty->ladder, &pack->kinds[to]);
		for (size_t i = 0; to < kinds && i < duty->ladder_count; i++)
			does = does || ladder_makes(duty->ladder_for[i], &pack->kinds[to]);
		return does;
	}
	const struct pack_kind *kind = &pack->kinds[from];
	for (size_t i = 0; to < kinds && i < kind->then_count; i++) {
		if (kind->then[i].kind == &pack->kinds[to])
			return true;
	}
	for (size_t i = 0; to >= kinds && i < kind->open_count; i++) {
		if (kind->opens[i].duty == &pack->duties[to - kinds])
			return true;
	}
	return false;
}

static bool has_way_on(const struct graph *graph, size_t n)
{
	const struct pack *pack = graph->pack;
	if (n >= pack->kind_count)
		return true;
	return pack->kinds[n].then_count > 0 || pack->kinds[n].open_count > 0;
}

/* The node from which a shortest way from `start` comes back to it, or NOWHERE. */
static size_t comes_back(const struct graph *graph, size_t start)
{
	size_t head = 0, tail = 0;
	for (size_t i = 0; i < graph->count; i++)
		graph->came_from[i] = NOWHERE;
	graph->queue[tail++] = start;
	while (head < tail) {
		size_t from = graph->queue[head++];
		for (size_t to = 0; has_way_on(graph, from) && to < graph->count; to++) {
			if (!leads(graph, from, to))
				continue;
			if (to == start)
				return from;
			if (graph->came_from[to] != NOWHERE)
				continue;
			graph->came_from[to] = from;
			graph->queue[tail++] = to;
		}
	}
	return NOWHERE;
}

/* Tells a round once: from its first node in order of names. */
static void tell_round(struct check *check, const struct graph *graph, size_t start, size_t last)
{
	struct str first = node_name(graph, start, check->arena);
	struct str chain = first;
	for (size_t at = last; at != start; at = graph->came_from[at]) {
		struct str name = node_name(graph, at, check->arena);
		if (str_compare(name, first) < 0)
			return;
		chain = arena_format(check->arena, "%.*s > %.*s", STR_ARG(name), STR_ARG(chain));
	}
	chain = arena_format(check->arena, "%.*s > %.*s", STR_ARG(first), STR_ARG(chain));
	const struct pack *pack = check->pack;
	check_fails(check, "P10",
	            start < pack->kind_count
	                    ? check_body(check, SECTION_KINDS, pack->kinds[start].name)
	                    : check_body(check, SECTION_DUTIES,
	                                 pack->duties[start - pack->kind_count].name),
	            "the register goes round by itself: %.*s", STR_ARG(chain));
}

static size_t chain_depth(const struct pack_kind *kind, size_t depth, size_t *kinds)
{
	size_t deepest = depth;
	for (size_t i = 0;
	     i < kind->then_count && depth <= CHAIN_DEPTH_MAX && *kinds <= CHAIN_KINDS_MAX; i++) {
		(*kinds)++;
		size_t below = chain_depth(kind->then[i].kind, depth + 1, kinds);
		deepest = below > deepest ? below : deepest;
	}
	return deepest;
}

static bool is_by_register_alone(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		if (kind->by[i].sort != PACK_BY_REGISTER)
			return false;
	}
	return kind->by_count > 0;
}

static void check_then(struct check *check, const struct pack_kind *kind)
{
	size_t kinds = 0;
	size_t depth = chain_depth(kind, 0, &kinds);
	const struct yaml *node = check_node(check, SECTION_KINDS, kind->name);
	for (size_t i = 0; i < kind->then_count; i++) {
		if (!is_by_register_alone(kind->then[i].kind))
			check_fails(check, "P10",
			            check_place(check, check_item(node, STR("then"), i)),
			            "%.*s: then makes %.*s, which is not by the register alone",
			            STR_ARG(kind->name), STR_ARG(kind->then[i].kind->name));
	}
	if (depth > CHAIN_DEPTH_MAX || kinds > CHAIN_KINDS_MAX)
		check_fails(check, "P10", check_body(check, SECTION_KINDS, kind->name),
		            "%.*s makes the register write more than %d entries, or deeper than %d",
		            STR_ARG(kind->name), CHAIN_KINDS_MAX, CHAIN_DEPTH_MAX);
}

static bool check_rounds(struct check *check, struct err *err)
{
	const struct pack *pack = check->pack;
	struct graph graph = { .pack = pack, .count = pack->kind_count + pack->duty_count };
	graph.came_from = arena_alloc(check->arena, graph.count, sizeof *graph.came_from);
	graph.queue = arena_alloc(check->arena, graph.count + 1, sizeof *graph.queue);
	if (!graph.came_from || !graph.queue)
		return err_set(err, ERR_UNABLE, "There is no room to check this pack");
	for (size_t n = 0; n < graph.count; n++) {
		size_t last = has_way_on(&graph, n) ? comes_back(&graph, n) : NOWHERE;
		if (last != NOWHERE)
			tell_round(check, &graph, n, last);
	}
	for (size_t k = 0; k < pack->kind_count; k++)
		check_then(check, &pack->kinds[k]);
	return true;
}

/* --- P11: who owes can do -------------------------------------------------------------------- */

static bool is_role_among(const struct pack_kind *kind, const struct pack_office *role)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		if (kind->by[i].sort == PACK_BY_ROLE && kind->by[i].role == role)
			return true;
	}
	return false;
}

static bool is_open_to_owner(const struct pack_kind *kind, const struct pack_duty *duty)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		const struct pack_by *by = &kind->by[i];
		if (by->sort == PACK_BY_ANYONE || by->sort == PACK_BY_PUBLIC ||
		    (by->sort == PACK_BY_OWNER && by->duty == duty))
			return true;
	}
	const struct pack_owner *owner = duty->owners;
	for (size_t i = 0; i < duty->owner_count; i++) {
		if (owner[i].sort != PACK_OWNER_ROLE || owner[i].step_count > 0)
			return true; /* whoever that is: not told by form */
		if (is_role_among(kind, owner[i].role))
			return true;
		for (size_t d = 0; d < owner[i].role->deputy_count; d++) {
			if (is_role_among(kind, owner[i].role->deputies[d]))
				return true;
		}
	}
	return false;
}

/* What the register writes by itself is no act that anybody could be let make. */
static bool is_by_register(const struct pack_kind *kind)
{
	return kind->by_count == 1 && kind->by[0].sort == PACK_BY_REGISTER;
}

static void check_owner(struct check *check, const struct pack_duty *duty)
{
	const struct pack *pack = check->pack;
	struct buf who;
	bool can_settle = false;
	bool is_moved = false;
	buf_init(&who, 2048);
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		/* What ends it is another's act, and no answer. */
		if (!settles(kind, duty) || is_by_register(kind))
			continue;
		is_moved = true;
		can_settle = can_settle || is_open_to_owner(kind, duty);
		for (size_t i = 0; i < kind->by_count; i++) {
			if (kind->by[i].sort == PACK_BY_ROLE &&
			    str_find_str(buf_str(&who), kind->by[i].role->name) == who.n)
				buf_format(&who, "%s%.*s", who.n ? ", " : "",
				           STR_ARG(kind->by[i].role->name));
		}
	}
	if (is_moved && !can_settle)
		check_advises(check, "P11", check_body(check, SECTION_DUTIES, duty->name),
		              "duty %.*s is owed by %.*s, settled only by %.*s",
		              STR_ARG(duty->name), STR_ARG(duty->owners[0].role->name),
		              STR_ARG(buf_str(&who)));
	buf_finish(&who);
}

/* Whether a rule of `settles` writes out what it means: only: all. */
static bool says_all(const struct check *check, const struct pack_kind *kind, size_t n)
{
	const struct yaml *node = check_node(check, SECTION_KINDS, kind->name);
	const struct yaml *rule = check_item(node, STR("settles"), n);
	return rule && rule->type == YAML_MAPPING && yaml_member(rule, STR("only"));
}

/* 9.5: one agency's answer would settle every other's. */
static void check_each_owner(struct check *check, const struct pack_duty *duty)
{
	const struct pack *pack = check->pack;
	bool has_each = false;
	for (size_t i = 0; i < duty->owner_count; i++)
		has_each = has_each || duty->owners[i].sort == PACK_OWNER_FIELD;
	for (size_t k = 0; has_each && k < pack->kind_count; k++) {
		for (size_t i = 0; i < pack->kinds[k].settle_count; i++) {
			const struct pack_settle *settle = &pack->kinds[k].settles[i];
			if (settle->duty != duty || settle->only != PACK_ONLY_ALL || settle->on ||
			    says_all(check, &pack->kinds[k], i))
				continue;
			check_advises(
				check, "P03", check_body(check, SECTION_DUTIES, duty->name),
				"duty %.*s is owed by the office that each entry names, and "
				"%.*s settles all of them; write only: own, or only: all where "
				"that is meant",
				STR_ARG(duty->name), STR_ARG(pack->kinds[k].name));
			return;
		}
	}
}

/* --- P12: what the loader leaves to be seen -------------------------------------------------- */

/* What is private is read by offices that name it; one that none names, nobody ever reads. */
static void check_private(struct check *check)
{
	const struct pack *pack = check->pack;
	for (size_t i = 0; i < pack->file_type_count; i++) {
		const struct pack_file_type *type = &pack->file_types[i];
		bool is_read = !type->is_private;
		for (size_t o = 0; o < pack->office_count; o++) {
			for (size_t r = 0; r < pack->offices[o].read_count; r++) {
				const struct pack_read *read = &pack->offices[o].reads[r];
				is_read = is_read || (read->what >= PACK_READS_OWN &&
				                      pack_read_covers(read, type));
			}
		}
		if (!is_read)
			check_fails(
				check, "P12", check_body(check, SECTION_FILES, type->name),
				"%.*s is private, and no office reads it; name it under files: in"
				" the reads of one",
				STR_ARG(type->name));
	}
}

/* A restriction that nobody owes to justify again would be forgotten until its last day. */
static void check_restrictions(struct check *check)
{
	for (size_t i = 0; i < check->pack->kind_count; i++) {
		const struct pack_kind *kind = &check->pack->kinds[i];
		bool is_owed = !kind->restricts;
		for (size_t o = 0; o < kind->open_count; o++)
			is_owed = is_owed || (!kind->opens[o].when && !kind->opens[o].on);
		if (!is_owed)
			check_fails(check, "P12", check_body(check, SECTION_KINDS, kind->name),
			            "%.*s restricts who may read, and opens no duty to justify it;"
			            " open one, always",
			            STR_ARG(kind->name));
	}
}

static void check_amount(struct check *check, const struct pack_period *period, struct str name,
                         struct pack_place place)
{
	if (period->amount > pack_period_max(period->unit))
		check_fails(check, "P12", place, "%.*s: a time of %" PRId64 "; at most %" PRId64,
		            STR_ARG(name), period->amount, pack_period_max(period->unit));
}

static void check_amounts(struct check *check)
{
	const struct pack *pack = check->pack;
	for (size_t i = 0; i < pack->duty_count; i++) {
		const struct pack_duty *duty = &pack->duties[i];
		if (!duty->within_is_field)
			check_amount(check, &duty->within, duty->name,
			             check_body(check, SECTION_DUTIES, duty->name));
		if (duty->has_not_before)
			check_amount(check, &duty->not_before, duty->name,
			             check_body(check, SECTION_DUTIES, duty->name));
		if (duty->has_not_older)
			check_amount(check, &duty->not_older, duty->name,
			             check_body(check, SECTION_DUTIES, duty->name));
	}
	for (size_t i = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		if (kind->watches)
			check_amount(check, kind->watches, kind->name,
			             check_body(check, SECTION_KINDS, kind->name));
	}
	for (size_t l = 0; l < pack->ladder_count; l++) {
		for (size_t r = 0; r < pack->ladders[l].count; r++)
			check_amount(check, &pack->ladders[l].rungs[r].after, pack->ladders[l].name,
			             check_body(check, SECTION_LADDERS, pack->ladders[l].name));
	}
}

/* --- P13: nothing looks at what it may not --------------------------------------------------- */

static void look_at(struct check *check, const struct pack_cond *cond)
{
	if (!cond)
		return;
	check->conditions++;
	for (size_t i = 0; i < cond->atom_count; i++) {
		const struct cond_atom *atom = cond->atoms[i];
		if (atom->forbidden.p)
			check_fails(check, "P13", atom->place, "%.*s", STR_ARG(atom->forbidden));
		look_at(check, atom->where);
	}
}

static void look_at_needs(struct check *check, const struct pack_need *needs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		look_at(check, needs[i].need);
		look_at(check, needs[i].when);
	}
}

static void look_at_kind(struct check *check, const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->field_count; i++)
		look_at(check, kind->fields[i].required_if);
	for (size_t i = 0; i < kind->need_count; i++) {
		const struct pack_kind_need *asked = &kind->needs[i];
		look_at(check, asked->when);
		if (asked->gate)
			look_at_needs(check, asked->gate->needs, asked->gate->need_count);
		else
			look_at_needs(check, asked->need, 1);
	}
	for (size_t i = 0; i < kind->open_count; i++)
		look_at(check, kind->opens[i].when);
	for (size_t i = 0; i < kind->settle_count; i++) {
		look_at(check, kind->settles[i].when);
		look_at(check, kind->settles[i].where);
	}
	for (size_t i = 0; i < kind->end_count; i++)
		look_at(check, kind->ends[i].when);
	for (size_t i = 0; i < kind->offer_count; i++)
		look_at(check, kind->offers[i].when);
	for (size_t i = 0; i < kind->then_count; i++)
		look_at(check, kind->then[i].when);
}

static void check_seals(struct check *check)
{
	const struct pack *pack = check->pack;
	for (size_t k = 0; k < pack->kind_count; k++)
		look_at_kind(check, &pack->kinds[k]);
	for (size_t g = 0; g < pack->gate_count; g++)
		look_at_needs(check, pack->gates[g].needs, pack->gates[g].need_count);
	for (size_t d = 0; d < pack->duty_count; d++) {
		for (size_t i = 0; i < pack->duties[d].from_count; i++)
			look_at(check, pack->duties[d].from[i].which);
	}
	for (size_t p = 0; p < pack->pattern_count; p++)
		look_at(check, pack->patterns[p].when);
}

bool check_forms(struct check *check, struct err *err)
{
	const struct pack *pack = check->pack;
	check_seals(check);
	check_rest(check);
	check_rest_everywhere(check);
	check_tables(check);
	check_retired(check);
	check_amounts(check);
	check_seconds(check);
	check_acting(check);
	check_private(check);
	check_restrictions(check);
	check_office_patterns(check);
	for (size_t i = 0; i < pack->duty_count; i++) {
		if (pack->duties[i].is_built_in)
			continue;
		check_owner(check, &pack->duties[i]);
		check_each_owner(check, &pack->duties[i]);
	}
	return check_rounds(check, err) && check_found(check, err) && check_nowhere(check, err);
}
