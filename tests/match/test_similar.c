/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Similarity of words beside kept values and beside a plain form written straight from the
 * definition. CANDOUR_SIMILAR_PAIRS: how many random pairs (100,000); SEED replays.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "linkage.h"
#include "match/name_word.h"
#include "match/similar.h"

#define POINTS_MAX 1040
#define NO_BOUND (UINT32_MAX - 1)

/* --- the plain form ----------------------------------------------------------------------------
 */

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static double plain_jaro(struct similar_word a, struct similar_word b)
{
	static bool used[POINTS_MAX], taken[POINTS_MAX];
	memset(used, 0, sizeof used);
	memset(taken, 0, sizeof taken);
	if (a.n == 0 || b.n == 0)
		return a.n == b.n ? 1.0 : 0.0;
	int64_t window = (int64_t)larger(a.n, b.n) / 2 - 1;
	if (window < 0)
		window = 0;
	uint32_t m = 0, astray = 0;
	for (int64_t i = 0; i < (int64_t)b.n; i++)
		for (int64_t j = 0; j < (int64_t)a.n; j++)
			if (!used[j] && llabs(i - j) <= window && a.points[j] == b.points[i]) {
				used[j] = taken[i] = true;
				m++;
				break;
			}
	if (m == 0)
		return 0.0;
	for (uint32_t i = 0, j = 0; i < b.n; i++) {
		if (!taken[i])
			continue;
		while (!used[j])
			j++;
		astray += a.points[j++] != b.points[i];
	}
	uint32_t t = astray / 2;
	return ((double)m / a.n + (double)m / b.n + (double)(m - t) / m) / 3.0;
}

static double plain_jaro_winkler(struct similar_word a, struct similar_word b)
{
	double jaro = plain_jaro(a, b);
	uint32_t l = 0;
	while (l < 4 && l < a.n && l < b.n && a.points[l] == b.points[l])
		l++;
	return jaro > 0.7 ? jaro + 0.1 * l * (1.0 - jaro) : jaro;
}

static uint32_t plain_distance(struct similar_word a, struct similar_word b, bool swaps)
{
	static uint32_t rows[3][POINTS_MAX + 1];
	for (uint32_t j = 0; j <= b.n; j++)
		rows[0][j] = j;
	for (uint32_t i = 1; i <= a.n; i++) {
		uint32_t *now = rows[i % 3], *up = rows[(i + 2) % 3], *upper = rows[(i + 1) % 3];
		now[0] = i;
		for (uint32_t j = 1; j <= b.n; j++) {
			bool same = a.points[i - 1] == b.points[j - 1];
			now[j] = smaller(up[j - 1] + !same, smaller(up[j], now[j - 1]) + 1);
			if (swaps && i > 1 && j > 1 && a.points[i - 1] == b.points[j - 2] &&
			    a.points[i - 2] == b.points[j - 1])
				now[j] = smaller(now[j], upper[j - 2] + 1);
		}
	}
	return rows[a.n % 3][b.n];
}

/* --- random words ------------------------------------------------------------------------------
 */

static const struct {
	uint32_t from, count;
} SCRIPTS[] = {
	{ 'a', 26 },   { 'a', 26 },   { 'a', 4 },       { 'a', 2 },    { 0x430, 32 },
	{ 0x627, 36 }, { 0x3b1, 25 }, { 0x4e00, 5000 }, { 0x985, 40 }, { 0x1f600, 60 },
};

struct drawn {
	uint32_t points[POINTS_MAX];
	uint32_t n;
	bool is_ascii;
};

static uint32_t below(struct random_source *source, uint32_t n)
{
	return (uint32_t)random_below(source, n);
}

static uint32_t draw_length(struct random_source *source)
{
	uint32_t sort = below(source, 1000);
	if (sort == 0)
		return 1000 + below(source, 25);
	if (sort < 8)
		return 65 + below(source, 236);
	if (sort < 60)
		return 55 + below(source, 12);
	return below(source, 17);
}

static void draw(struct random_source *source, size_t script, struct drawn *out)
{
	out->n = draw_length(source);
	out->is_ascii = SCRIPTS[script].from == 'a';
	for (uint32_t i = 0; i < out->n; i++)
		out->points[i] = SCRIPTS[script].from + below(source, SCRIPTS[script].count);
}

/* A copy with a few letters put in, left out, changed or swapped, as a clerk would. */
static void draw_near(struct random_source *source, const struct drawn *of, struct drawn *out)
{
	*out = *of;
	for (uint32_t edit = below(source, 5); edit > 0; edit--) {
		uint32_t at = out->n ? below(source, out->n) : 0, sort = below(source, 4);
		if (sort == 0 && out->n < 1024) {
			memmove(out->points + at + 1, out->points + at,
			        (out->n - at) * sizeof(uint32_t));
			out->points[at] = of->n ? of->points[below(source, of->n)] : 'a';
			out->n++;
		} else if (sort == 1 && out->n > 0) {
			memmove(out->points + at, out->points + at + 1,
			        (out->n - at - 1) * sizeof(uint32_t));
			out->n--;
		} else if (sort == 2 && out->n > 0) {
			out->points[at] = of->n ? of->points[below(source, of->n)] : 'a';
		} else if (sort == 3 && at + 1 < out->n) {
			uint32_t point = out->points[at];
			out->points[at] = out->points[at + 1];
			out->points[at + 1] = point;
		}
	}
}

static struct similar_word word_of(const struct drawn *drawn)
{
	return (struct similar_word){ drawn->points, drawn->n };
}

static uint64_t number_from_environment(const char *name, uint64_t otherwise)
{
	uint64_t value = otherwise;
	const char *text = file_environment(name);
	if (text && !str_to_u64(str_from_c(text), UINT64_MAX, &value))
		fail_msg("%s is no number", name);
	return value;
}

/* --- what must hold ----------------------------------------------------------------------------
 */

static void check_jaro(struct similar_word a, struct similar_word b)
{
	double jaro = plain_jaro(a, b), winkler = plain_jaro_winkler(a, b);
	assert_true(similar_jaro(a, b) == jaro);
	assert_true(similar_jaro(b, a) == jaro);
	assert_true(similar_jaro_winkler(a, b) == winkler);
	assert_true(similar_jaro_winkler(b, a) == winkler);
	assert_true(winkler >= 0.0 && winkler <= 1.0);
}

static void check_pattern(const struct drawn *a, const struct drawn *b)
{
	if (!a->is_ascii || !b->is_ascii || a->n > SIMILAR_PATTERN_MAX ||
	    b->n > SIMILAR_PATTERN_MAX)
		return;
	uint8_t left[SIMILAR_PATTERN_MAX], right[SIMILAR_PATTERN_MAX];
	for (uint32_t i = 0; i < a->n; i++)
		left[i] = (uint8_t)a->points[i];
	for (uint32_t i = 0; i < b->n; i++)
		right[i] = (uint8_t)b->points[i];
	struct similar_pattern pattern;
	assert_true(similar_pattern_init(&pattern, left, a->n));
	double jaro = plain_jaro(word_of(a), word_of(b));
	assert_true(similar_pattern_jaro(&pattern, right, b->n) == jaro);
	assert_true(similar_pattern_jw(&pattern, right, b->n) ==
	            plain_jaro_winkler(word_of(a), word_of(b)));
	assert_true(similar_bytes_jw(left, a->n, right, b->n) ==
	            plain_jaro_winkler(word_of(a), word_of(b)));
}

static void check_edits(struct similar_word a, struct similar_word b, uint32_t bound)
{
	uint32_t osa = plain_distance(a, b, true), lev = plain_distance(a, b, false);
	assert_int_equal(similar_osa(a, b, NO_BOUND), osa);
	assert_int_equal(similar_osa(b, a, bound), smaller(osa, bound + 1));
	assert_int_equal(similar_levenshtein(a, b, NO_BOUND), lev);
	assert_int_equal(similar_levenshtein(b, a, bound), smaller(lev, bound + 1));
}

static void random_pairs_agree_with_the_definition(void **state)
{
	(void)state;
	static struct drawn a, b;
	uint64_t pairs = number_from_environment("CANDOUR_SIMILAR_PAIRS", 100000);
	uint64_t seed = number_from_environment("SEED", 20260);
	print_message("seed %llu, %llu pairs\n", (unsigned long long)seed,
	              (unsigned long long)pairs);
	struct random_source *source = random_seeded_create(seed);
	for (uint64_t i = 0; i < pairs; i++) {
		size_t script = below(source, COUNT_OF(SCRIPTS));
		draw(source, script, &a);
		if (below(source, 2))
			draw_near(source, &a, &b);
		else
			draw(source, script, &b);
		check_jaro(word_of(&a), word_of(&b));
		check_pattern(&a, &b);
		check_edits(word_of(&a), word_of(&b), below(source, 6));
	}
	random_destroy(source);
}

/* --- bytes that are no text ------------------------------------------------------------------- */

/* The point that begins at `at`, if the bytes there are UTF-8 in its shortest form; else the byte. */
static uint32_t plain_point(const unsigned char *p, size_t n, size_t *at)
{
	static const uint32_t LEAST[] = { 0, 0x80, 0x800, 0x10000 };
	unsigned char c = p[(*at)++];
	size_t more = c >= 0xf0 && c < 0xf8 ? 3 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xc0 && c < 0xe0 ? 1 : 0;
	uint32_t point = c & (0x3fu >> more);
	if (more == 0 || more > n - *at)
		return c;
	for (size_t i = 0; i < more; i++) {
		if ((p[*at + i] & 0xc0) != 0x80)
			return c;
		point = point << 6 | (p[*at + i] & 0x3fu);
	}
	if (point < LEAST[more] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
		return c;
	*at += more;
	return point;
}

static struct similar_word plain_points(struct str text, uint32_t points[SIMILAR_MAX])
{
	struct similar_word word = { points, 0 };
	for (size_t at = 0; at < text.n && word.n < SIMILAR_MAX; word.n++)
		points[word.n] = plain_point((const unsigned char *)text.p, text.n, &at);
	return word;
}

/* Letters of several scripts, cut short, written too long, halves of pairs, and bytes of no text. */
static size_t draw_bytes(struct random_source *source, char *out, size_t room)
{
	static const struct str PIECES[] = {
		{ "a", 1 },        { "b", 1 },        { "n", 1 },        { "\xc3\xa9", 2 },
		{ "\xd0\xb6", 2 }, { "\xd9\x85", 2 }, { "\xe4\xb8\xad", 3 }, { "\xf0\x9f\x98\x80", 4 },
		{ "\xc3", 1 },     { "\xe4\xb8", 2 }, { "\xf0\x9f", 2 }, { "\xc0\xaf", 2 },
		{ "\xe0\x80\xaf", 3 }, { "\xed\xa0\x80", 3 }, { "\xf4\x90\x80\x80", 4 },
		{ "\xff", 1 },     { "\x80", 1 },     { "\0", 1 },       { "\xf8\x88\x80\x80\x80", 5 },
	};
	size_t n = 0;
	for (uint32_t i = below(source, 24); i > 0; i--) {
		struct str piece = PIECES[below(source, COUNT_OF(PIECES))];
		if (n + piece.n > room)
			break;
		memcpy(out + n, piece.p, piece.n);
		n += piece.n;
	}
	return n;
}

static void bytes_that_are_no_text_agree_with_the_definition(void **state)
{
	(void)state;
	uint64_t pairs = number_from_environment("CANDOUR_SIMILAR_PAIRS", 100000);
	struct random_source *source = random_seeded_create(number_from_environment("SEED", 20260));
	uint32_t left[SIMILAR_MAX], right[SIMILAR_MAX];
	for (uint64_t i = 0; i < pairs; i++) {
		char a[128], b[128];
		struct str x = { a, draw_bytes(source, a, sizeof a) }, y = { b, draw_bytes(source, b, sizeof b) };
		if (below(source, 2) && x.n > 0) { /* a copy of which one byte is another */
			memcpy(b, a, x.n);
			y.n = x.n;
			b[below(source, (uint32_t)x.n)] = (char)below(source, 256);
		}
		double want = plain_jaro_winkler(plain_points(x, left), plain_points(y, right));
		assert_true(name_text_jw(x, y) == want);
		assert_true(name_text_jw(y, x) == want);
	}
	random_destroy(source);
}

static void check_row(const struct str *row)
{
	static uint32_t a[POINTS_MAX], b[POINTS_MAX];
	struct similar_word left = { a, linkage_points(row[1], a, POINTS_MAX) };
	struct similar_word right = { b, linkage_points(row[2], b, POINTS_MAX) };
	char number[32] = "";
	assert_true(row[3].n < sizeof number);
	memcpy(number, row[3].p, row[3].n);
	double want = strtod(number, NULL);
	if (str_eq(row[0], STR("jaro")))
		assert_true(fabs(similar_jaro(left, right) - want) <= 1e-9);
	else if (str_eq(row[0], STR("jaro_winkler")))
		assert_true(fabs(similar_jaro_winkler(left, right) - want) <= 1e-9);
	else if (str_eq(row[0], STR("osa")))
		assert_true(similar_osa(left, right, NO_BOUND) == want);
	else if (str_eq(row[0], STR("levenshtein")))
		assert_true(similar_levenshtein(left, right, NO_BOUND) == want);
	else
		fail_msg("%.*s: a row of another kind", STR_ARG(row[0]));
}

static void kept_values_are_met(void **state)
{
	(void)state;
	struct arena *arena = arena_create((size_t)2 << 20);
	struct str rest = linkage_file(arena, "similarity_vectors.csv"), row[4];
	assert_true(linkage_row(&rest, row, 4));
	size_t rows = 0;
	for (; linkage_row(&rest, row, 4); rows++)
		check_row(row);
	assert_int_equal(rows, 1653);
	arena_destroy(arena);
}

static void too_long_a_word_is_like_nothing(void **state)
{
	(void)state;
	static uint32_t points[SIMILAR_POINTS_MAX + 1];
	struct similar_word longest = { points, SIMILAR_POINTS_MAX };
	struct similar_word longer = { points, SIMILAR_POINTS_MAX + 1 };
	assert_true(similar_jaro(longest, longest) == 1.0);
	assert_true(similar_jaro(longest, longer) == 0.0);
	assert_true(similar_jaro_winkler(longer, longer) == 0.0);
	assert_int_equal(similar_osa(longest, longest, 3), 0);
	assert_int_equal(similar_osa(longest, longer, 3), 4);
	assert_int_equal(similar_levenshtein(longer, longest, 0), 1);
}

static void a_pattern_takes_64_bytes(void **state)
{
	(void)state;
	uint8_t bytes[SIMILAR_PATTERN_MAX + 1] = { 'a', 'b' };
	struct similar_pattern pattern;
	assert_true(similar_pattern_init(&pattern, bytes, SIMILAR_PATTERN_MAX));
	assert_true(similar_pattern_jw(&pattern, bytes, SIMILAR_PATTERN_MAX) == 1.0);
	assert_true(similar_pattern_jw(&pattern, bytes, SIMILAR_PATTERN_MAX + 1) == 0.0);
	assert_false(similar_pattern_init(&pattern, bytes, SIMILAR_PATTERN_MAX + 1));
	assert_true(similar_pattern_jw(&pattern, bytes, 2) == 0.0);
	assert_true(similar_pattern_jw(&pattern, bytes, 0) == 1.0);
}

/* `ca` to `abc` edits no part twice; the swap of neighbours is one. */
static void a_swap_counts_once(void **state)
{
	(void)state;
	uint32_t ca[] = { 'c', 'a' }, abc[] = { 'a', 'b', 'c' }, ac[] = { 'a', 'c' };
	assert_int_equal(
		similar_osa((struct similar_word){ ca, 2 }, (struct similar_word){ abc, 3 }, 9), 3);
	assert_int_equal(
		similar_osa((struct similar_word){ ca, 2 }, (struct similar_word){ ac, 2 }, 9), 1);
	assert_int_equal(similar_levenshtein((struct similar_word){ ca, 2 },
	                                     (struct similar_word){ ac, 2 }, 9),
	                 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kept_values_are_met),
		cmocka_unit_test(random_pairs_agree_with_the_definition),
		cmocka_unit_test(bytes_that_are_no_text_agree_with_the_definition),
		cmocka_unit_test(too_long_a_word_is_like_nothing),
		cmocka_unit_test(a_pattern_takes_64_bytes),
		cmocka_unit_test(a_swap_counts_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
