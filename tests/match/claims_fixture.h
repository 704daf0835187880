/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Claims made of synthetic people (tests/data/linkage, or the folder in CANDOUR_LINKAGE). */
#ifndef CANDOUR_TESTS_MATCH_CLAIMS_FIXTURE_H
#define CANDOUR_TESTS_MATCH_CLAIMS_FIXTURE_H

#include "../base/arena_fixture.h"

#include "match/columns.h"
#include "match/rules.h"

#define FILE_MAX ((size_t)8 << 20)
#define CLAIMS 700

struct made {
	struct pool *pool;
	struct claims claims;
	struct rules rules;
};

static inline void must(struct fixture *f, bool done)
{
	if (!done)
		fail_msg("%s", f->err.message);
}

/* The first CLAIMS rows of the synthetic people. */
static inline struct str some_people(struct fixture *f)
{
	const char *given = file_environment("CANDOUR_LINKAGE");
	struct str text, rest;
	size_t lines = 0;
	must(f, file_read(f->arena, file_join(f->arena, given ? given : "tests/data/linkage", "people_2000.csv"), FILE_MAX,
	                  &text, &f->err));
	for (rest = text; lines < CLAIMS + 1 && rest.n; lines++)
		rest = str_sub(rest, str_find(rest, '\n') + 1, rest.n);
	return str_sub(text, 0, text.n - rest.n);
}

static inline void claims_of(struct fixture *f, struct made *out, struct str text)
{
	struct claims_limits limits = { .threads = 2, .seed = 1, .hot = 30, .this_year = 2026 };
	struct csv csv;
	struct columns columns;
	struct table table;
	assert_int_equal(csv_open(&csv, out->pool, text, f->arena), CSV_OPENED);
	must(f, columns_find(&columns, &csv, STR("A.csv"), 2026, NULL, NULL, &f->err));
	must(f, table_read(&table, out->pool, &csv, columns.fields, STR("A.csv"), 2, 1, &f->err));
	must(f, claims_open(&out->claims, out->pool, &limits, &f->err));
	must(f, claims_add(&out->claims, &table, &f->err));
	table_finish(&table);
	assert_true(claims_prepare(&out->claims));
	rules_choose(&out->rules, &out->claims, RULES_AUTO);
}

static inline struct made make_claims(struct fixture *f)
{
	struct made out = { .pool = pool_create((size_t)256 << 20) };
	claims_of(f, &out, some_people(f));
	assert_int_equal(out.claims.count, CLAIMS);
	assert_true(out.rules.count > 10);
	return out;
}

static inline void finish(struct made *made)
{
	claims_finish(&made->claims);
	assert_int_equal(pool_used(made->pool), 0);
	pool_destroy(made->pool);
}

#endif
