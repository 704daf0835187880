/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file type as a picture. */
#include "pack_fixture.h"

struct drawn {
	struct arena *arena;
	struct pack *pack;
	struct pack_drawing drawing;
};

static struct drawn draw(const char *pack, const char *type)
{
	struct drawn drawn = { .arena = arena_create(FIXTURE_BYTES) };
	struct err err = { 0 };
	drawn.pack = load_good(drawn.arena, find_pack(drawn.arena, pack));
	if (!pack_draw(drawn.pack, drawn.arena, str_from_c(type), &drawn.drawing, &err))
		fail_msg("%s", err.message);
	return drawn;
}

static void drawn_cleanup(struct drawn *drawn)
{
	pack_destroy(drawn->pack);
	arena_destroy(drawn->arena);
}

static const struct pack_drawn_way *way_to(const struct pack_drawing *drawing, const char *label,
                                           const char *to)
{
	for (size_t w = 0; w < drawing->way_count; w++)
		for (size_t k = 0; k < drawing->ways[w].count; k++)
			if (str_eq(drawing->ways[w].kinds[k].label, str_from_c(label)) &&
			    str_eq(drawing->states[drawing->ways[w].to].name, str_from_c(to)))
				return &drawing->ways[w];
	fail_msg("no way %s to %s", label, to);
	return NULL;
}

static uint32_t states_of(const struct pack_drawing *drawing, const char *const *names, size_t count)
{
	uint32_t mask = 0;
	for (size_t i = 0; i < count; i++)
		mask |= UINT32_C(1) << pack_state_find(drawing->type, str_from_c(names[i]));
	return mask;
}

static void each_way_names_its_kinds_and_their_gates(void **state)
{
	static const char *const early[] = { "received", "gathering" };
	static const char *const all[] = { "raised", "answered", "outside" };
	(void)state;
	CLEANUP(drawn_cleanup) struct drawn concern = draw(sample_folder(), "concern");
	CLEANUP(drawn_cleanup) struct drawn challenge = draw(sample_folder(), "challenge");
	assert_int_equal(way_to(&concern.drawing, "concern.received", "received")->from, 0);
	const struct pack_drawn_way *decided = way_to(&concern.drawing, "concern.decided [G1]", "protecting");
	assert_int_equal(decided->from, states_of(&concern.drawing, early, COUNT_OF(early)));
	assert_true(str_eq(decided->kinds[0].field, STR("decision")));
	assert_true(str_eq(decided->kinds[0].codes, STR("strategy, emergency")));
	assert_int_equal(way_to(&challenge.drawing, "challenge.settled [G13]", "settled")->from,
	                 states_of(&challenge.drawing, all, COUNT_OF(all)));
}

static void what_ends_and_what_rests_is_marked(void **state)
{
	(void)state;
	CLEANUP(drawn_cleanup) struct drawn drawn = draw("england", "concern");
	for (size_t i = 0; i < drawn.drawing.state_count; i++) {
		const struct pack_drawn_state *one = &drawn.drawing.states[i];
		assert_int_equal(one->is_final, str_eq(one->name, STR("closed")) || str_eq(one->name, STR("passed")));
		if (str_eq(one->name, STR("received")))
			assert_false(one->is_resting);
		if (str_eq(one->name, STR("closing")))
			assert_true(one->is_resting);
	}
}

/* However large the type: every way has its own height, and its words stand above it, inside. */
static void nothing_stands_upon_anything(void **state)
{
	static const char *const PACKS[] = { NULL, "england" };
	(void)state;
	for (size_t p = 0; p < COUNT_OF(PACKS); p++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		struct pack *pack = load_good(arena, find_pack(arena, PACKS[p] ? PACKS[p] : sample_folder()));
		for (size_t t = 0; t < pack->file_type_count; t++) {
			struct pack_drawing drawing;
			struct err err = { 0 };
			assert_true(pack_draw(pack, arena, pack->file_types[t].name, &drawing, &err));
			int64_t y = drawing.state_height;
			for (size_t w = 0; w < drawing.way_count; w++) {
				const struct pack_drawn_way *way = &drawing.ways[w];
				assert_true(way->words_y - 10 > y);
				assert_true(way->y >
				            way->words_y + (int64_t)(way->count - 1) * drawing.line);
				assert_true(way->words_x >= 0 && way->right <= drawing.width);
				for (size_t k = 0; k < way->count; k++)
					assert_true(way->words_x + (int64_t)way->kinds[k].label.n * 7 <=
					            drawing.width);
				y = way->y;
			}
			assert_true(drawing.height > y);
		}
		pack_destroy(pack);
	}
}

static void graphviz_is_told_the_same(void **state)
{
	static const char *const LINES[] = {
		"digraph \"challenge\" {\n",
		"\t\"settled\" [shape=doublecircle];\n",
		"\t\"\" -> \"raised\" [label=\"challenge.raised\"];\n",
		"\t\"answered\" -> \"settled\" [label=\"challenge.settled [G13]\"];\n",
	};
	(void)state;
	CLEANUP(drawn_cleanup) struct drawn drawn = draw(sample_folder(), "challenge");
	struct str dot;
	struct err err;
	assert_true(pack_draw_dot(&drawn.drawing, drawn.arena, &dot, &err));
	for (size_t i = 0; i < COUNT_OF(LINES); i++)
		if (str_find_str(dot, str_from_c(LINES[i])) == dot.n)
			fail_msg("expected: %s\n%.*s", LINES[i], STR_ARG(dot));
}

static void what_is_no_file_type_cannot_be_drawn(void **state)
{
	(void)state;
	CLEANUP(drawn_cleanup) struct drawn drawn = draw(sample_folder(), "concern");
	struct pack_drawing drawing;
	struct err err;
	assert_false(pack_draw(drawn.pack, drawn.arena, STR("T01"), &drawing, &err));
	assert_int_equal(err.code, ERR_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_way_names_its_kinds_and_their_gates),
		cmocka_unit_test(what_ends_and_what_rests_is_marked),
		cmocka_unit_test(nothing_stands_upon_anything),
		cmocka_unit_test(graphviz_is_told_the_same),
		cmocka_unit_test(what_is_no_file_type_cannot_be_drawn),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
