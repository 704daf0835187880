/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The walk asks what an effect hangs on, and not every need that has nothing to do with it. */
#include "check_fixture.h"

#include "pack/walk.h"

#define TRIES_MAX ((size_t)500)

/* The dearest step of one rule's walk, whatever was known before. */
static size_t dearest(const struct walk *walk)
{
	size_t most = 0;
	for (size_t n = 0; n < walk->count; n++) {
		struct machine_state from;
		memcpy(from.bytes, walk_state(walk, n), walk->view.state_bytes);
		for (size_t k = 0; k < walk->view.kind_count; k++) {
			const struct view_kind *kind = &walk->view.kinds[k];
			bool may = machine_may_be_made(kind->kind, STATE_OF_FILE(&from));
			for (size_t c = 0; may && c < kind->choices.count; c++) {
				uint8_t values[MACHINE_FIELDS_MAX] = { 0 };
				struct acting acting;
				struct machine_step step;
				machine_choice(kind, c, values);
				machine_begin(&acting, &walk->view, kind, values, &from);
				while (machine_next(&acting, &step))
					;
				most = acting.tries > most ? acting.tries : most;
			}
		}
	}
	return most;
}

static void walk_rule(const struct machine *machine, const struct pack_duty *rule,
                      struct arena *arena)
{
	static const struct var_set NONE = { { 0 } };
	struct slice slice = { machine->type, rule, NULL };
	struct walk walk = { 0 };
	struct err err = { 0 };
	if (!walk_run(machine, &slice, &NONE, 0, arena, &walk, &err))
		fail_msg("%s", err.message);
	size_t most = dearest(&walk);
	walk_finish(&walk);
	if (most > TRIES_MAX)
		fail_msg("%.*s of %.*s: %zu sets of truths for one act", STR_ARG(rule->name),
		         STR_ARG(machine->type->name), most);
}

static void no_act_of_england_is_tried_in_more_ways_than_its_effects_tell_apart(void **state)
{
	struct pack *pack = load_good(*state, find_pack(*state, "england"));
	struct arena *arena = arena_create(FIXTURE_BYTES * 4);
	for (size_t t = 0; t < pack->file_type_count; t++) {
		struct machine *machine;
		struct err err = { 0 };
		if (!machine_build(pack, &pack->file_types[t], *state, &machine, &err))
			fail_msg("%s", err.message);
		for (size_t r = 0; r < machine->rule_count; r++) {
			arena_reset(arena);
			walk_rule(machine, machine->rules[r], arena);
		}
	}
	arena_destroy(arena);
	pack_destroy(pack);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(no_act_of_england_is_tried_in_more_ways_than_its_effects_tell_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
