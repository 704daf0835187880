/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Loading: what is right loads into tables; what is wrong is named with its place. */
#include "pack_fixture.h"

static void a_pack_that_uses_every_construct_loads(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, sample_folder()));
	assert_int_equal(pack->office_count, 21);
	assert_int_equal(pack->agency_count, 5);
	assert_int_equal(pack->file_type_count, 4 + 2);
	assert_int_equal(pack->duty_count, 27 + 2);
	assert_int_equal(pack->ladder_count, 8);
	assert_int_equal(pack->gate_count, 5);
	assert_int_equal(pack->pattern_count, 6);
	assert_int_equal(pack->calendar_count, 2);
	assert_ptr_equal(pack->rest, pack_duty_find(pack, STR("T00")));
	assert_ptr_equal(pack->pattern_duty, pack_duty_find(pack, STR("T90")));
	assert_string_equal(pack->born->name.p ? "born" : "", "born");
	pack_destroy(pack);
}

static void the_law_of_england_loads(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, "england"));
	assert_non_null(pack_kind_find(pack, STR("concern.received")));
	assert_non_null(pack->vacant_duty);
	assert_ptr_not_equal(pack->vacant_duty, pack->rest);
	assert_ptr_equal(pack->pattern_duty, pack_duty_find(pack, STR("T90")));
	assert_true(str_eq(pack_file_type_find(pack, STR("concern"))->letter, STR("C")));
	pack_destroy(pack);
}

static void the_report_of_the_public_becomes_what_the_pack_says(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	const struct pack_bytes *bytes = find_pack(arena, sample_folder());
	const struct edit named = { "pack.yaml", "rest: T00", "report: missing.reported\nrest: T00" };
	struct pack *pack = load_good(arena, bytes);
	assert_ptr_equal(pack->report, pack_kind_find(pack, STR("concern.received")));
	assert_ptr_equal(pack->report_added, pack_kind_find(pack, STR("concern.added")));
	pack_destroy(pack);
	pack = load_good(arena, edit_pack(arena, bytes, &named));
	assert_true(str_eq(pack->report->name, STR("missing.reported")));
	assert_null(pack->report_added); /* on that file nobody outside may write */
	pack_destroy(pack);
}

static void a_kind_is_compiled_whole(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, sample_folder()));
	const struct pack_kind *kind = pack_kind_find(pack, STR("concern.decided"));
	const struct pack_file_type *type = pack_file_type_find(pack, STR("concern"));
	assert_non_null(kind);
	assert_int_equal(kind->file_types, UINT64_C(1) << type->number);
	assert_int_equal(kind->from[type->number], 3);
	assert_false(kind->may_begin);
	assert_true(kind->has_note);
	assert_int_equal(kind->by_count, 2);
	assert_int_equal(kind->field_count, 4);
	assert_int_equal(kind->need_count, 2);
	assert_true(str_eq(kind->needs[0].gate->name, STR("G1")));
	assert_non_null(kind->needs[0].when);
	assert_true(kind->needs[0].gate->needs[2].is_second);
	assert_true(str_eq(kind->needs[0].gate->needs[2].second->name, STR("team-manager")));
	assert_int_equal(kind->open_count, 3);
	assert_null(kind->opens[0].when);
	assert_non_null(kind->opens[1].when);
	assert_int_equal(kind->settle_count, 1);
	const struct pack_field *reasons = pack_field_find(kind, STR("reasons"));
	assert_true(reasons->is_sealed);
	assert_int_equal(reasons->required, PACK_REQUIRED);
	assert_int_equal(reasons->max, 10000);
	pack_destroy(pack);
}

static void an_act_leads_where_its_code_says(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, sample_folder()));
	const struct pack_file_type *type = pack_file_type_find(pack, STR("concern"));
	const struct pack_kind *decided = pack_kind_find(pack, STR("concern.decided"));
	const struct pack_kind *added = pack_kind_find(pack, STR("concern.added"));
	const struct json *plain = NULL, *other = NULL;
	struct err err;
	assert_true(json_read(arena, STR("{\"decision\":\"none\"}"), 4, &plain, &err));
	assert_true(json_read(arena, STR("{\"decision\":\"unheard\"}"), 4, &other, &err));
	assert_int_equal(pack_kind_target(decided, type, 0, plain),
	                 pack_state_find(type, STR("closing")));
	assert_int_equal(pack_kind_target(decided, type, 0, other), -1);
	int closed = pack_state_find(type, STR("closed"));
	assert_int_equal(pack_kind_target(added, type, closed, plain), 0);
	assert_int_equal(pack_kind_target(added, type, 2, plain), -1);
	pack_destroy(pack);
}

/* The relation may lead from the file that the field names to the act's own, or the other way. */
static void a_link_may_lead_either_way(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	static const struct edit turned = { "kinds/concern.yaml", "links: [{ relation: about, to: child }]",
		                            "links: [{ relation: named-in, to: child }]" };
	const struct pack_bytes *bytes = find_pack(arena, sample_folder());
	struct pack *pack = load_good(arena, edit_pack(arena, bytes, &turned));
	const struct pack_kind *kind = pack_kind_find(pack, STR("concern.received"));
	assert_int_equal(kind->link_count, 1);
	const struct pack_relation *relation = kind->links[0].relation;
	assert_true(str_eq(relation->name, STR("named-in")));
	assert_int_equal(kind->file_types & relation->from, 0);
	assert_int_equal(kind->file_types & relation->to, kind->file_types);
	pack_destroy(pack);
}

static void a_code_may_have_a_hint(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(
		arena, edit_pack(arena, find_pack(arena, sample_folder()),
	                         &(struct edit){ "lists.yaml", "",
	                                         "carrying:\n  knife: { title: A knife, hint: Often"
	                                         " misread as a crime }\n  phone: A phone\n" }));
	for (size_t i = 0; i < pack->list_count; i++) {
		if (!str_eq(pack->lists[i].name, STR("carrying")))
			continue;
		const struct pack_list *list = &pack->lists[i];
		assert_true(str_eq(pack_code_find(list, STR("knife"))->hint,
		                   STR("Often misread as a crime")));
		assert_null(pack_code_find(list, STR("phone"))->hint.p);
		pack_destroy(pack);
		return;
	}
	fail_msg("%s", "the list is not there");
}

static void a_duty_is_compiled_whole(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, sample_folder()));
	const struct pack_duty *chase = pack_duty_find(pack, STR("T88"));
	const struct pack_duty *answer = pack_duty_find(pack, STR("T62"));
	const struct pack_duty *action = pack_duty_find(pack, STR("T93"));
	const struct pack_duty *name = pack_duty_find(pack, STR("T07"));
	assert_int_equal(chase->owners[0].sort, PACK_OWNER_FIELD);
	assert_int_equal(chase->owners[0].step_count, 1);
	assert_int_equal(chase->owners[0].steps[0], PACK_STEP_HEAD);
	assert_null(answer->ladder);
	assert_int_equal(answer->ladder_count, 2);
	assert_true(str_eq(answer->ladder_for[0]->name, STR("challenge-urgent")));
	assert_true(action->within_is_field);
	assert_true(str_eq(action->within_column, STR("by-date")));
	assert_int_equal(name->within.at_minute, 17 * 60);
	assert_true(name->is_extendable);
	assert_false(pack_duty_find(pack, STR("T23"))->is_extendable);
	assert_int_equal(pack_duty_find(pack, STR("T23"))->owner_count, 2);
	assert_int_equal(pack->rest->renewals, 3);
	pack_destroy(pack);
}

static void every_register_has_its_own_kinds(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, "england"));
	const struct pack_kind *climbed = pack_kind_find(pack, STR("duty.climbed"));
	const struct pack_kind *taken = pack_kind_find(pack, STR("duty.taken"));
	const struct pack_kind *made = pack_kind_find(pack, STR("office.made"));
	assert_true(climbed->is_built_in);
	assert_true(str_eq(climbed->title, STR("It was late")));
	assert_int_equal(climbed->by[0].sort, PACK_BY_REGISTER);
	assert_int_equal(pack_field_find(climbed, STR("told"))->type, PACK_OFFICE);
	assert_int_equal(taken->settle_count, 1);
	assert_int_equal(taken->settles[0].only, PACK_ONLY_FIELD);
	assert_int_equal(made->file_types, UINT64_C(1) << pack->office_type->number);
	assert_true(str_eq(pack->register_type->letter, STR("R")));
	assert_true(pack->second_duty->is_built_in);
	assert_non_null(pack->second_duty->ladder);
	assert_null(pack->read_duty->ladder);
	pack_destroy(pack);
}

static void letters_are_the_shortest_that_are_free(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, sample_folder()));
	assert_true(str_eq(pack->file_types[0].letter, STR("C")));
	assert_true(str_eq(pack->file_types[1].letter, STR("CH")));
	assert_true(str_eq(pack->file_types[2].letter, STR("E")));
	assert_true(str_eq(pack->file_types[3].letter, STR("CHA")));
	pack_destroy(pack);
}

static void a_sentence_falls_back_where_a_language_lacks_it(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, sample_folder()));
	struct str welsh = pack_text(pack, STR("cy"), STR("list.harm.neglect"), STR("Neglect"));
	struct str none =
		pack_text(pack, STR("cy"), STR("list.harm.physical"), STR("Physical harm"));
	assert_true(str_eq(welsh, STR("Esgeulustod")));
	assert_true(str_eq(none, STR("Physical harm")));
	pack_destroy(pack);
}

static void more_errors_than_fifty_are_counted(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct buf text;
	buf_init(&text, 100000);
	for (int i = 0; i < 70; i++)
		buf_format(&text, "T%d: { titel: x }\n", i);
	const struct edit edit = { "duties.yaml", NULL, NULL };
	const struct pack_bytes *without =
		edit_pack(arena, find_pack(arena, sample_folder()), &edit);
	struct str kept = arena_copy(arena, buf_str(&text));
	buf_finish(&text);
	const char *all = str_to_c(arena, kept);
	const struct edit again = { "duties.yaml", "", all };
	struct pack *pack = NULL;
	struct pack_errors errors;
	struct err err;
	assert_false(pack_load(edit_pack(arena, without, &again), &pack, arena, &errors, &err));
	assert_int_equal(errors.count, 51);
	assert_true(str_starts(errors.lines[50], STR("and ")));
	assert_int_equal(errors.stage, 2);
}

static void errors_stand_in_the_order_of_their_places(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	const struct edit first = { "duties.yaml", "class: norm", "class: norn" };
	const struct edit second = { "gates.yaml", "title: A plan ends", "titel: A plan ends" };
	const struct pack_bytes *bytes =
		edit_pack(arena, find_pack(arena, sample_folder()), &second);
	struct pack *pack = NULL;
	struct pack_errors errors;
	struct err err;
	assert_false(pack_load(edit_pack(arena, bytes, &first), &pack, arena, &errors, &err));
	assert_int_equal(errors.count, 3);
	assert_true(str_find_str(errors.lines[0], STR("duties.yaml:9:10: ")) < errors.lines[0].n);
	assert_true(str_find_str(errors.lines[1], STR("gates.yaml:14:1: ")) < errors.lines[1].n);
	assert_true(str_find_str(errors.lines[2], STR("gates.yaml:15:3: ")) < errors.lines[2].n);
}

static void a_pack_is_as_good_as_its_memory(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	const struct pack_bytes *bytes = find_pack(arena, sample_folder());
	const struct edit edit = { "pack.yaml", "rest: T00", "rset: T00" };
	const struct pack_bytes *wrong = edit_pack(arena, bytes, &edit);
	for (size_t size = 0; size < 4000; size += 100) {
		CLEANUP(arena_cleanup) struct arena *small = arena_create(size);
		struct pack *pack = NULL;
		struct pack_errors errors;
		struct err err = { 0 };
		assert_false(pack_load(wrong, &pack, small, &errors, &err));
		assert_true(err.code == ERR_UNABLE || err.code == ERR_INPUT);
		assert_null(pack);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pack_that_uses_every_construct_loads),
		cmocka_unit_test(the_law_of_england_loads),
		cmocka_unit_test(the_report_of_the_public_becomes_what_the_pack_says),
		cmocka_unit_test(a_kind_is_compiled_whole),
		cmocka_unit_test(an_act_leads_where_its_code_says),
		cmocka_unit_test(a_link_may_lead_either_way),
		cmocka_unit_test(a_code_may_have_a_hint),
		cmocka_unit_test(a_duty_is_compiled_whole),
		cmocka_unit_test(every_register_has_its_own_kinds),
		cmocka_unit_test(letters_are_the_shortest_that_are_free),
		cmocka_unit_test(a_sentence_falls_back_where_a_language_lacks_it),
		cmocka_unit_test(more_errors_than_fifty_are_counted),
		cmocka_unit_test(errors_stand_in_the_order_of_their_places),
		cmocka_unit_test(a_pack_is_as_good_as_its_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
