/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Groups: what may not be together is not, a chain joins nobody, and whoever agrees in all is one. */
#include "../base/arena_fixture.h"

#include "match/csv.h"
#include "match/match.h"
#include "match/number.h"

#define FILE_MAX ((size_t)8 << 20)
#define CLAIMS_MAX 4000

struct grouped {
	size_t count;
	struct str ids[CLAIMS_MAX], clusters[CLAIMS_MAX];
	struct arena *arena;
};

static void must(struct fixture *f, bool done)
{
	if (!done)
		fail_msg("%s", f->err.message);
}

static bool add_member(void *ctx, const struct match_member *member)
{
	struct grouped *grouped = ctx;
	assert_true(grouped->count < CLAIMS_MAX);
	grouped->ids[grouped->count] = arena_copy(grouped->arena, member->id);
	grouped->clusters[grouped->count++] = arena_copy(grouped->arena, member->cluster);
	return true;
}

static struct grouped *group(struct fixture *f, struct str text)
{
	struct match_limits limits = { .threads = 2 };
	struct match *match;
	struct grouped *out = arena_alloc(f->arena, 1, sizeof *out);
	out->arena = f->arena;
	must(f, match_open(&limits, &match, &f->err));
	must(f, match_add(match, STR("A.csv"), text, &f->err));
	must(f, match_fit(match, MATCH_AUTO, &f->err));
	must(f, match_clusters(match, add_member, out, &f->err));
	match_close(match);
	return out;
}

static struct str people(struct fixture *f)
{
	const char *given = file_environment("CANDOUR_LINKAGE");
	struct str text;
	must(f, file_read(f->arena, file_join(f->arena, given ? given : "tests/data/linkage", "people_2000.csv"), FILE_MAX,
	                  &text, &f->err));
	return text;
}

/* The synthetic people, and rows of a test's own behind them. */
static struct str people_and(struct fixture *f, const char *rows)
{
	struct str text = people(f);
	return arena_join(f->arena, (const struct str[]){ text, str_from_c(rows) }, 2);
}

static struct str cluster_of(const struct grouped *grouped, const char *id)
{
	for (size_t i = 0; i < grouped->count; i++) {
		if (str_eq(grouped->ids[i], str_from_c(id)))
			return grouped->clusters[i];
	}
	fail_msg("no record %s", id);
	return STR("");
}

static bool is_together(const struct grouped *grouped, const char *a, const char *b)
{
	return str_eq(cluster_of(grouped, a), cluster_of(grouped, b));
}

static void no_group_holds_two_right_numbers(void **state)
{
	struct fixture *f = *state;
	struct str text = people(f);
	const struct grouped *grouped = group(f, text);
	struct pool *pool = pool_create((size_t)64 << 20);
	struct csv csv;
	struct str cells[CSV_COLUMNS_MAX];
	uint64_t *numbers = arena_alloc(f->arena, CLAIMS_MAX, sizeof *numbers);
	size_t with = 0, joined = 0;
	assert_int_equal(csv_open(&csv, pool, text, f->arena), CSV_OPENED);
	assert_int_equal(csv.count, grouped->count);
	assert_str(csv.header[9], "nhs_number");
	for (size_t i = 0; i < csv.count; i++) {
		bool is_valid;
		assert_int_equal(csv_cells(&csv, &csv.rows[i], cells, f->arena), CSV_GOOD);
		if (!norm_nhs(cells[9], &numbers[i], &is_valid) || !is_valid)
			numbers[i] = 0;
		with += numbers[i] != 0;
	}
	for (size_t i = 0; i < csv.count; i++) {
		for (size_t j = i + 1; j < csv.count; j++) {
			if (!str_eq(grouped->clusters[i], grouped->clusters[j]))
				continue;
			joined++;
			assert_true(!numbers[i] || !numbers[j] || numbers[i] == numbers[j]);
		}
	}
	assert_true(with > 300 && joined > 1000);
	csv_close(&csv);
	pool_destroy(pool);
}

static void whoever_agrees_in_all_is_one_and_two_right_numbers_part_them(void **state)
{
	struct fixture *f = *state;
	const struct grouped *grouped = group(
		f, people_and(f, "X1,Zebedee,,Quillfeather,2012-05-06,M,NM1 1AA,\"1 Quill Road, Northmere\",06100000017,,,health\n"
	                         "X2,Zebedee,,Quillfeather,2012-05-06,M,NM1 1AA,\"1 Quill Road, Northmere\",06100000017,,,school\n"
	                         "Y1,Tarquin,,Underhill,2013-07-08,M,NM1 1AB,\"2 Hill Road, Northmere\",06100000018,9990004102,,health\n"
	                         "Y2,Tarquin,,Underhill,2013-07-08,M,NM1 1AB,\"2 Hill Road, Northmere\",06100000018,9990000166,,school\n"));
	uint64_t digits;
	bool is_valid;
	assert_true(norm_nhs(STR("9990004102"), &digits, &is_valid) && is_valid);
	assert_true(norm_nhs(STR("9990000166"), &digits, &is_valid) && is_valid);
	assert_true(is_together(grouped, "X1", "X2"));
	assert_false(is_together(grouped, "Y1", "Y2"));
}

static void twins_are_held_for_a_person_to_decide(void **state)
{
	struct fixture *f = *state;
	const struct grouped *grouped = group(
		f, people_and(f, "T1,Zebedee,,Quillfeather,2012-05-06,M,NM1 1AA,\"1 Quill Road, Northmere\",06100000017,,,health\n"
	                         "T2,Orlando,,Quillfeather,2012-05-06,M,NM1 1AA,\"1 Quill Road, Northmere\",06100000017,,,school\n"));
	assert_false(is_together(grouped, "T1", "T2"));
}

/* A and C have nothing in common but what B has of each. */
static void a_chain_does_not_join_its_ends(void **state)
{
	struct fixture *f = *state;
	const struct grouped *grouped = group(
		f, people_and(f, "C1,Zebedee,,Quillfeather,2012-05-06,M,NM1 1AA,\"1 Quill Road, Northmere\",06100000017,,,health\n"
	                         "C2,Zebedee,,Quillfeather,2012-05-06,M,NM9 9ZZ,\"9 Oak Lane, Kelbrough\",06100000019,,,school\n"
	                         "C3,Orlando,,Underhill,1971-01-02,M,NM9 9ZZ,\"9 Oak Lane, Kelbrough\",06100000019,,,council\n"));
	assert_false(is_together(grouped, "C1", "C3"));
	assert_false(is_together(grouped, "C2", "C3"));
}

struct united {
	const struct grouped *grouped;
	size_t over, by_others, apart, couples;
};

static bool look_at(void *ctx, const struct match_pair *pair)
{
	struct united *united = ctx;
	const struct grouped *grouped = united->grouped;
	struct str left = STR(""), right = STR("");
	size_t members = 0;
	for (size_t i = 0; i < grouped->count; i++) {
		left = str_eq(grouped->ids[i], pair->left) ? grouped->clusters[i] : left;
		right = str_eq(grouped->ids[i], pair->right) ? grouped->clusters[i] : right;
	}
	for (size_t i = 0; i < grouped->count; i++)
		members += str_eq(grouped->clusters[i], left);
	if (pair->weight >= 2)
		assert_true(str_eq(left, right));
	united->over += pair->weight >= 2;
	united->by_others += pair->weight >= 2 && pair->alone < 2 && members > 2;
	united->couples += pair->weight >= 2 && pair->alone < 2 && members == 2;
	united->apart += pair->weight < 2 && pair->alone >= 2;
	return true;
}

/* Whoever is over the edge is of one group, whether by what the two share or by others. */
static void groups_are_counted_in_the_weight_of_pairs(void **state)
{
	struct fixture *f = *state;
	struct str text = people(f);
	struct united united = { .grouped = group(f, text) };
	struct match_limits limits = { .threads = 2 };
	struct match *match;
	must(f, match_open(&limits, &match, &f->err));
	must(f, match_add(match, STR("A.csv"), text, &f->err));
	must(f, match_fit(match, MATCH_AUTO, &f->err));
	must(f, match_pairs(match, -10, look_at, &united, &f->err));
	match_close(match);
	assert_true(united.over > 1500);
	assert_true(united.by_others > 5);
	assert_true(united.couples > 0);
	assert_true(united.apart > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(no_group_holds_two_right_numbers),
		PROVES(whoever_agrees_in_all_is_one_and_two_right_numbers_part_them),
		PROVES(twins_are_held_for_a_person_to_decide),
		PROVES(a_chain_does_not_join_its_ends),
		PROVES(groups_are_counted_in_the_weight_of_pairs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
