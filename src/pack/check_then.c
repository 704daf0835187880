/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the register writes besides an act (`then:`), as a move of the file it
 * is written on. Nobody chooses its time, so it is to be one that the file
 * allows in every state it may then be in; it may need nothing, as nobody is
 * there to meet it; and it ends no file, as what ends goes through a gate by
 * whoever answers for it. That its moves leave nothing unowed the walks prove:
 * a kind of the register's is a step there at any time.
 */
#include "pack/check.h"

/* A `then` of a kind, seen from the file type it writes on. */
struct writing {
	struct check *check;
	const struct machine *machine; /* of that type */
	struct arena *arena;           /* of one walk */
	const struct pack_kind *kind;
	const struct pack_then *then;
	struct pack_place place;
};

static uint32_t all_states(const struct pack_file_type *type)
{
	return type->state_count >= 32 ? UINT32_MAX : (UINT32_C(1) << type->state_count) - 1;
}

static const struct machine_kind *kind_of(const struct machine *machine,
                                          const struct pack_kind *kind)
{
	for (size_t k = 0; k < machine->kind_count; k++) {
		if (machine->kinds[k].kind == kind)
			return &machine->kinds[k];
	}
	return NULL;
}

/* The states that an act may lead a file to from `state`; MACHINE_NO_FILE: that it begins. */
static uint32_t led_to(const struct machine_kind *kind, uint8_t state)
{
	uint8_t stays = state == MACHINE_NO_FILE ? 0 : state;
	uint32_t to = 0;
	if (kind->to_field < 0)
		return UINT32_C(1)
		       << (state == MACHINE_NO_FILE ? kind->to_new : kind->to_from[state & 31]);
	const struct machine_field *field = &kind->fields[kind->to_field];
	for (size_t v = MACHINE_CODES; v < MACHINE_CODES + field->code_count; v++) {
		int target = kind->to_states[v];
		to |= UINT32_C(1) << (target < 0 ? stays : target);
	}
	return to;
}

/* The states in which the file may be when it is written there; 0: it is not written there. */
static uint32_t states_then(const struct writing *writing)
{
	const struct pack_file_type *type = writing->machine->type;
	const struct machine_kind *made = kind_of(writing->machine, writing->kind);
	uint32_t states = 0;
	if (!(writing->then->types >> type->number & 1))
		return 0;
	if (writing->then->on)
		return machine_leads_to(writing->kind, writing->then->on, type) ? all_states(type)
		                                                                : 0;
	if (!made)
		return 0;
	if (made->kind->may_begin)
		return led_to(made, MACHINE_NO_FILE);
	for (uint8_t s = 0; s < type->state_count; s++) {
		if (made->from >> s & 1)
			states |= led_to(made, s);
	}
	return states;
}

/* --- telling -------------------------------------------------------------------------------- */

/* With the shortest history that leads a file to one of the states. */
bool check_fails_in(struct check *check, const struct machine *machine, struct arena *arena,
                    uint32_t states, const struct check_said *said, struct err *err)
{
	static const struct var_set NONE = { { 0 } };
	struct slice slice = { machine->type, NULL, NULL };
	struct walk walk = { 0 };
	size_t n = 0;
	arena_reset(arena);
	bool done = walk_run(machine, &slice, &NONE, WALK_STATES_MAX, arena, &walk, err);
	for (size_t i = walk.count; done && i-- > 1;) {
		uint8_t state = walk_state(&walk, i)[0];
		if (state < 32 && (states >> state & 1))
			n = i;
	}
	if (done && n > 0)
		done = said->is_advice ? check_advises_at(check, &walk, n, said->property,
		                                          said->place, said->sentence, err)
		                       : check_fails_at(check, &walk, n, said->property,
		                                        said->place, said->sentence, err);
	else if (done && !said->is_advice)
		check_fails(check, said->property, said->place, "%.*s", STR_ARG(said->sentence));
	walk_finish(&walk);
	return done;
}

static struct str names_of(const struct writing *writing, uint32_t states)
{
	const struct pack_file_type *type = writing->machine->type;
	struct str names = STR("");
	for (size_t s = 0; s < type->state_count; s++) {
		if (states >> s & 1)
			names = arena_format(writing->check->arena, "%.*s%s%.*s", STR_ARG(names),
			                     names.n ? ", " : "", STR_ARG(type->states[s]));
	}
	return names;
}

static struct str says(const struct writing *writing)
{
	return arena_format(writing->check->arena, "%.*s: then makes %.*s on %s%.*s",
	                    STR_ARG(writing->kind->name), STR_ARG(writing->then->kind->name),
	                    writing->then->on ? "a linked " : "its ",
	                    STR_ARG(writing->machine->type->name));
}

/* act.refused says there that it was not made. Of a type that lists where it may rest this is an
 * error, else advice. */
static bool fails_state(const struct writing *writing, uint32_t states, struct err *err)
{
	struct str first = says(writing);
	struct check_said said = {
		.property = "P05",
		.place = writing->place,
		.sentence = arena_format(writing->check->arena,
		                         "%.*s while it is %.*s, where its from: does not allow it",
		                         STR_ARG(first), STR_ARG(names_of(writing, states))),
		.is_advice = writing->machine->type->rests == 0,
	};
	return check_fails_in(writing->check, writing->machine, writing->arena, states, &said, err);
}

static bool fails_end(const struct writing *writing, uint32_t states, struct err *err)
{
	struct str first = says(writing);
	struct check_said said = {
		.property = "P02",
		.place = writing->place,
		.sentence = arena_format(
			writing->check->arena,
			"%.*s and ends it from %.*s past its gates; what ends a file is"
			" made by somebody who answers for it (L7)",
			STR_ARG(first), STR_ARG(names_of(writing, states))),
	};
	return check_fails_in(writing->check, writing->machine, writing->arena, states, &said, err);
}

/* --- one of them ----------------------------------------------------------------------------- */

static bool check_writing(const struct writing *writing, struct err *err)
{
	const struct pack_file_type *type = writing->machine->type;
	const struct pack_kind *made = writing->then->kind;
	const struct machine_kind *moves = kind_of(writing->machine, made);
	uint32_t states = states_then(writing), ends = 0;
	struct str said = says(writing);
	if (states == 0)
		return true;
	if (!moves || made->may_begin) {
		check_fails(writing->check, "P05", writing->place, "%.*s, %s", STR_ARG(said),
		            moves ? "and it begins a file of its own"
		                  : "which is no file type of it");
		return true;
	}
	if (made->need_count > 0) {
		check_fails(writing->check, "P05", writing->place,
		            "%.*s, and it needs what nobody is there to meet; strike its needs",
		            STR_ARG(said));
		return true;
	}
	if ((states & ~moves->from) && !fails_state(writing, states & ~moves->from, err))
		return false;
	for (uint8_t s = 0; s < type->state_count; s++) {
		bool is_open = (states & moves->from) >> s & 1 && !(type->final >> s & 1);
		if (is_open && (led_to(moves, s) & type->final))
			ends |= UINT32_C(1) << s;
	}
	return !ends || fails_end(writing, ends, err);
}

/* --- kinds of the register alone ------------------------------------------------------------- */

static bool is_made_by_rung(const struct pack *pack, const struct pack_kind *kind)
{
	for (size_t l = 0; l < pack->ladder_count; l++) {
		for (size_t r = 0; r < pack->ladders[l].count; r++) {
			if (pack->ladders[l].rungs[r].makes == kind)
				return true;
		}
	}
	return false;
}

/* Whether anything has the register write the kind on files of the type. */
static bool is_written(struct writing *writing, const struct pack_kind *made)
{
	const struct pack *pack = writing->check->pack;
	for (size_t k = 0; k < pack->kind_count; k++) {
		writing->kind = &pack->kinds[k];
		for (size_t i = 0; i < writing->kind->then_count; i++) {
			writing->then = &writing->kind->then[i];
			if (writing->then->kind == made && states_then(writing))
				return true;
		}
	}
	return is_made_by_rung(pack, made);
}

/* The walks take such a kind for a move: it must be one. */
static void check_unwritten(struct check *check, const struct machine *machine)
{
	struct writing writing = { .check = check, .machine = machine };
	for (size_t k = 0; k < machine->kind_count; k++) {
		const struct machine_kind *kind = &machine->kinds[k];
		if (kind->is_by_people || kind->is_retired || kind->kind->is_built_in ||
		    is_written(&writing, kind->kind))
			continue;
		check_fails(check, "P05", check_body(check, SECTION_KINDS, kind->kind->name),
		            "%.*s can never be made on a %.*s: it is by the register, and no then:"
		            " or makes: has it written there",
		            STR_ARG(kind->kind->name), STR_ARG(machine->type->name));
	}
}

bool check_thens(struct check *check, const struct machine *machine, struct arena *arena,
                 struct err *err)
{
	const struct pack *pack = check->pack;
	check_unwritten(check, machine);
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		const struct yaml *node = check_node(check, SECTION_KINDS, kind->name);
		for (size_t i = 0; i < kind->then_count; i++) {
			struct writing writing = {
				.check = check,
				.machine = machine,
				.arena = arena,
				.kind = kind,
				.then = &kind->then[i],
				.place = check_place(check, check_item(node, STR("then"), i)),
			};
			if (!check_writing(&writing, err))
				return false;
		}
	}
	return true;
}
