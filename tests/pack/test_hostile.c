/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Packs that somebody broke, on purpose or not: whatever the bytes, loading
 * answers with a pack or with errors. SEED=n replays one run, ROUNDS=n makes
 * it longer.
 */
#include "pack_fixture.h"

#define ROUNDS_SHORT 300

static size_t below(struct random_source *dice, size_t n)
{
	return n ? (size_t)random_below(dice, n) : 0;
}

static size_t number_of(const char *name, size_t otherwise)
{
	const char *text = file_environment(name);
	uint64_t value = 0;
	return text && str_to_u64(str_from_c(text), SIZE_MAX, &value) ? (size_t)value : otherwise;
}

/* A word, a line or a run of bytes of some file of the pack. */
static struct str piece_of(struct random_source *dice, struct str text)
{
	static const char STOPS[] = " ,:[]{}\n";
	size_t from = below(dice, text.n), to = from;
	bool line = below(dice, 3) == 0;
	while (from > 0 &&
	       !(line ? text.p[from - 1] == '\n' : strchr(STOPS, text.p[from - 1]) != NULL))
		from--;
	while (to < text.n && !(line ? text.p[to] == '\n' : strchr(STOPS, text.p[to]) != NULL))
		to++;
	return str_sub(text, from, to - from + line);
}

static const struct pack_bytes *broken(struct random_source *dice, struct arena *arena,
                                       const struct pack_bytes *bytes)
{
	static const char *const ODD[] = { "",          "none",       "{}",          "[]",
		                           "{ a: b }",  "[a, [b]]",   "\"\"",        "99999999",
		                           "-1",        "yes",        "any",         "field x",
		                           "owner of ", "office in ", "manager of ", "all: []",
		                           "not: {}",   "&a",         "*a",          "!!str x",
		                           "\xc3\xa9" };
	struct pack_bytes *copy = arena_alloc(arena, 1, sizeof *copy);
	struct pack_file *files = arena_alloc(arena, bytes->count, sizeof *files);
	assert_non_null(copy);
	assert_non_null(files);
	memcpy(files, bytes->files, bytes->count * sizeof *files);
	for (size_t left = 1 + below(dice, 4); left > 0; left--) {
		struct pack_file *file = &files[below(dice, bytes->count)];
		const struct pack_file *other = &bytes->files[below(dice, bytes->count)];
		if (!file->bytes.n || !other->bytes.n)
			continue;
		struct str out = piece_of(dice, file->bytes), in = piece_of(dice, other->bytes);
		size_t at = (size_t)(out.p - file->bytes.p);
		if (below(dice, 3) == 0)
			in = str_from_c(ODD[below(dice, COUNT_OF(ODD))]);
		struct str parts[3] = { str_sub(file->bytes, 0, at), in,
			                str_sub(file->bytes, at + out.n, file->bytes.n) };
		file->bytes = arena_join(arena, parts, COUNT_OF(parts));
	}
	*copy = *bytes;
	copy->files = files;
	return copy;
}

static void use(struct arena *arena, const struct pack *pack, const struct pack *other)
{
	static const struct str TABLES[] = {
		{ "duties", 6 },  { "kinds", 5 },   { "gates", 5 },
		{ "ladders", 7 }, { "offices", 7 }, { "patterns", 8 }
	};
	struct pack_comparison found;
	struct str text;
	struct err err;
	for (size_t i = 0; i < COUNT_OF(TABLES); i++)
		assert_true(pack_table(pack, arena, TABLES[i], &text, &err));
	for (size_t i = 0; i < pack->kind_count; i++)
		assert_true(pack_explain(pack, arena, pack->kinds[i].name, &text, &err));
	assert_true(pack_compare(pack, other, arena, &found, &err));
	assert_true(pack_compare(other, pack, arena, &found, &err));
}

static void whatever_the_bytes_loading_answers(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *kept = arena_create(FIXTURE_BYTES);
	char path[200];
	(void)snprintf(path, sizeof path, "%s/layers/northmere", sample_folder());
	const struct pack_bytes *layer = find_pack(kept, path);
	struct pack *good = load_good(kept, layer->below);
	size_t seed = number_of("SEED", 1), rounds = number_of("ROUNDS", ROUNDS_SHORT), loaded = 0;
	for (size_t round = 0; round < rounds; round++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
		struct random_source *dice = random_seeded_create(seed + round);
		assert_non_null(dice);
		struct pack_bytes top = *layer;
		const struct pack_bytes *base = broken(dice, arena, layer->below);
		bool with_layer = below(dice, 4) == 0;
		struct pack *pack = NULL;
		struct pack_errors errors;
		struct err err = { 0 };
		top.below = base;
		if (below(dice, 2))
			top = *broken(dice, arena, layer), top.below = layer->below;
		if (pack_load(with_layer ? &top : base, &pack, arena, &errors, &err)) {
			loaded++;
			use(arena, pack, good);
			pack_destroy(pack);
		} else if (err.code != ERR_INPUT || errors.count == 0) {
			fail_msg("seed %zu: code %d, %zu errors", seed + round, (int)err.code,
			         errors.count);
		}
		random_destroy(dice);
	}
	print_message("seed %zu, %zu rounds, %zu of them loaded\n", seed, rounds, loaded);
	pack_destroy(good);
}

static void a_mapping_past_its_limit_is_refused_at_once(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct buf text;
	buf_init(&text, FIXTURE_BYTES);
	for (int i = 0; i < 60000; i++)
		buf_format(&text, "w%d: { match: [a], advice: b, source: c }\n", i);
	struct str all = arena_copy(arena, buf_str(&text));
	buf_finish(&text);
	const struct edit gone = { "words.yaml", NULL, NULL };
	const struct edit large = { "words.yaml", "",
		                    str_to_c(arena, str_sub(all, 0, 2000000 / 40 * 40)) };
	const struct pack_bytes *bytes = edit_pack(arena, find_pack(arena, sample_folder()), &gone);
	assert_true(is_refused(arena, edit_pack(arena, bytes, &large), 1, "words.yaml:"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_the_bytes_loading_answers),
		cmocka_unit_test(a_mapping_past_its_limit_is_refused_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
