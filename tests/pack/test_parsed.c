/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the YAML of a pack says, kept: the same pack is made of it, and of nothing else. */
#include "pack_fixture.h"

static struct str parsed_of(struct arena *arena, const struct pack_bytes *bytes)
{
	CLEANUP(arena_cleanup) struct arena *scratch = arena_create(FIXTURE_BYTES);
	CLEANUP(buf_finish) struct buf out = { 0 };
	buf_init(&out, FIXTURE_BYTES);
	assert_true(pack_parsed_write(&out, bytes, scratch));
	return arena_copy(arena, buf_str(&out));
}

/* NULL: it is refused, or makes no pack. */
static struct pack *pack_of(struct arena *arena, struct str parsed)
{
	const struct pack_bytes *bytes = NULL;
	struct pack_errors errors;
	struct err err = { 0 };
	struct pack *pack = NULL;
	if (!pack_parsed_read(arena, parsed, &bytes))
		return NULL;
	return pack_load(bytes, &pack, arena, &errors, &err) ? pack : NULL;
}

/* As a register keeps it. */
static const struct pack_bytes *kept_text(struct arena *arena, const struct pack_bytes *bytes)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	struct err err = { 0 };
	buf_init(&text, FIXTURE_BYTES);
	assert_true(pack_bytes_write(&text, bytes));
	assert_true(pack_bytes_read(arena, buf_str(&text), &bytes, &err));
	return bytes;
}

static void must_be_the_same(struct arena *arena, const char *name)
{
	static const char *const TABLES[] = { "duties", "kinds", "gates", "ladders", "offices", "patterns" };
	const struct pack_bytes *bytes = kept_text(arena, find_pack(arena, name));
	struct pack *read = load_good(arena, bytes), *kept = pack_of(arena, parsed_of(arena, bytes));
	struct pack_comparison found;
	struct err err = { 0 };
	assert_non_null(kept);
	assert_true(hash_eq(&read->hash, &kept->hash));
	assert_true(pack_compare(read, kept, arena, &found, &err));
	assert_int_equal(found.change, PACK_CHANGE_EQUAL);
	for (size_t i = 0; i < COUNT_OF(TABLES); i++) {
		struct str one, other;
		assert_true(pack_table(read, arena, str_from_c(TABLES[i]), &one, &err));
		assert_true(pack_table(kept, arena, str_from_c(TABLES[i]), &other, &err));
		assert_true(one.n > 0 && str_eq(one, other));
	}
	for (size_t i = 0; i < read->kind_count; i++) {
		struct str one, other;
		assert_int_equal(read->kinds[i].place.line, kept->kinds[i].place.line);
		assert_true(str_eq(read->kinds[i].place.file, kept->kinds[i].place.file));
		assert_true(pack_explain(read, arena, read->kinds[i].name, &one, &err));
		assert_true(pack_explain(kept, arena, read->kinds[i].name, &other, &err));
		assert_true(str_eq(one, other));
	}
	pack_destroy(read);
	pack_destroy(kept);
}

static void the_same_pack_is_made_of_what_was_parsed(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	must_be_the_same(arena, sample_folder());
	must_be_the_same(arena, "england");
}

static void another_version_of_the_program_reads_the_text(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct str parsed = parsed_of(arena, find_pack(arena, "england"));
	size_t end = str_find(parsed, '\n');
	struct str pieces[2] = { STR("candour parsed pack v1 0.0.9"), str_sub(parsed, end, parsed.n) };
	assert_true(str_starts(parsed, STR("candour parsed pack v1 " CANDOUR_VERSION "\n")));
	assert_null(pack_of(arena, arena_join(arena, pieces, 2)));
}

static void what_was_cut_short_or_altered_reads_within_its_bounds(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	CLEANUP(arena_cleanup) struct arena *each = arena_create(FIXTURE_BYTES);
	struct str parsed = parsed_of(arena, find_pack(arena, sample_folder()));
	for (size_t n = 0; n < parsed.n; n += n < 200 ? 1 : 997) {
		/* In a piece of its own, so that a sanitiser sees a byte read beyond it. */
		char *cut = malloc(n + 1);
		assert_non_null(cut);
		memcpy(cut, parsed.p, n);
		assert_null(pack_of(each, (struct str){ cut, n }));
		free(cut);
		arena_reset(each);
	}
	for (size_t at = 0; at < parsed.n; at += 613) {
		char *altered = malloc(parsed.n);
		assert_non_null(altered);
		memcpy(altered, parsed.p, parsed.n);
		altered[at] = (char)(altered[at] ^ 0x41);
		pack_destroy(pack_of(each, (struct str){ altered, parsed.n }));
		free(altered);
		arena_reset(each);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_pack_is_made_of_what_was_parsed),
		cmocka_unit_test(another_version_of_the_program_reads_the_text),
		cmocka_unit_test(what_was_cut_short_or_altered_reads_within_its_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
