/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Indexes of synthetic people (tests/data/linkage, or the folder in
 * CANDOUR_LINKAGE), and all that one holds as text: two that hold the same
 * claims write the same.
 */
#ifndef CANDOUR_TESTS_MATCH_INDEX_FIXTURE_H
#define CANDOUR_TESTS_MATCH_INDEX_FIXTURE_H

#include "../base/arena_fixture.h"

#include "match/index_parts.h"

#define FILE_MAX ((size_t)8 << 20)

struct people {
	struct fixture *f;
	struct str text, model;
	struct pool *pool;
	struct csv csv;
	struct str (*rows)[CSV_COLUMNS_MAX]; /* the id first */
	size_t count;
};

static inline void must(struct fixture *f, bool done)
{
	if (!done)
		fail_msg("%s", f->err.message);
}

static inline struct str model_of(struct fixture *f, struct str text)
{
	struct match_limits limits = { .threads = 2, .seed = 7 };
	struct match *match;
	struct buf out;
	buf_init(&out, FILE_MAX);
	must(f, match_open(&limits, &match, &f->err));
	must(f, match_add(match, STR("A.csv"), text, &f->err));
	must(f, match_fit(match, MATCH_AUTO, &f->err));
	match_save_model(match, &out, f->arena);
	match_close(match);
	/* Without its limits: each index is given its own. */
	struct str model = arena_copy(f->arena, buf_str(&out));
	size_t from = str_find_str(model, STR("limits: ")), to = from + str_find(str_sub(model, from, model.n), '\n') + 1;
	assert_true(to < model.n);
	buf_clear(&out);
	buf_add(&out, str_sub(model, 0, from));
	buf_add(&out, str_sub(model, to, model.n));
	model = arena_copy(f->arena, buf_str(&out));
	buf_finish(&out);
	return model;
}

static inline struct people people_of(struct fixture *f, size_t most)
{
	struct people p = { .f = f, .pool = pool_create((size_t)64 << 20) };
	const char *given = file_environment("CANDOUR_LINKAGE");
	must(f, file_read(f->arena, file_join(f->arena, given ? given : "tests/data/linkage", "people_2000.csv"), FILE_MAX,
	                  &p.text, &f->err));
	assert_int_equal(csv_open(&p.csv, p.pool, p.text, f->arena), CSV_OPENED);
	p.model = model_of(f, p.text);
	p.count = p.csv.count < most ? p.csv.count : most;
	p.rows = calloc(p.count, sizeof *p.rows);
	for (size_t i = 0; i < p.count; i++)
		assert_int_equal(csv_cells(&p.csv, &p.csv.rows[i], p.rows[i], f->arena), CSV_GOOD);
	return p;
}

static inline void finish_people(struct people *p)
{
	free(p->rows);
	csv_close(&p->csv);
	pool_destroy(p->pool);
}

static inline struct match_index *open_index(struct people *p, uint32_t max_block, uint32_t hot)
{
	struct match_limits limits = { .threads = 2, .seed = 7, .max_block = max_block, .hot = hot };
	struct match_index *index;
	must(p->f, match_index_open(&limits, STR("people"), p->model, &index, &p->f->err));
	return index;
}

static inline struct match_columns columns_of(struct people *p, const struct match_index *index)
{
	struct match_columns columns;
	must(p->f, match_index_columns(index, p->csv.header + 1, p->csv.columns - 1, &columns, &p->f->err));
	return columns;
}

static inline bool put_row(struct people *p, struct match_index *index, size_t row, struct str id)
{
	struct match_columns columns = columns_of(p, index);
	struct match_claim claim = { .id = id.n ? id : p->rows[row][0], .cells = p->rows[row] + 1 };
	return match_index_put(index, &columns, &claim, &p->f->err);
}

/* --- all that it holds
 * ---------------------------------------------------------------------------------------- */

struct line {
	struct str text;
};

static inline int by_text(const void *a, const void *b)
{
	return str_compare(((const struct line *)a)->text, ((const struct line *)b)->text);
}

static inline void write_value(struct buf *out, const struct value_set *set, uint32_t code)
{
	buf_format(out, " %.*s/%u", STR_ARG(dictionary_text(&set->texts, code)), code && set->counts ? set->counts[code] : 0);
}

/* A list, and those that it is cut into on the record's way. */
static inline void write_list(struct buf *out, const struct match_index *index, uint64_t key, uint32_t record)
{
	for (size_t step = 0;; step++) {
		uint32_t one;
		uint64_t all = 0;
		struct posting_list list = postings_find(&index->postings, key, &one);
		for (uint32_t i = 0; i < list.count; i++)
			all += index_id_hash(index, index_id(index, list.records[i])) * 3 | 1;
		buf_format(out, " %u:%llx", list.count, (unsigned long long)all);
		if (!index_is_cut(index, list.count, step))
			return;
		key = index_key_cut(index, key, step, &index->match->claims.claims[record],
		                    step < BLOCK_CUT_STEPS ? 0 : index_id_hash(index, index_id(index, record)));
	}
}

static inline void write_lists(struct buf *out, const struct match_index *index, uint32_t record)
{
	const struct claims *claims = &index->match->claims;
	for (size_t r = 0; r < index->rule_count; r++) {
		uint64_t keys[RULE_KEYS_MAX];
		size_t n = rule_keys(claims, &index->rules[r], &claims->claims[record], keys);
		buf_format(out, "\n  %zu", r);
		/* In the order of their codes, which is that of coming: by what is in them instead. */
		for (size_t k = 0; k < n; k++)
			write_list(out, index, index_key(index, r, keys[k]), record);
	}
}

static inline void write_record(struct buf *out, const struct match_index *index, uint32_t record)
{
	const struct claims *c = &index->match->claims;
	const struct claim *claim = &c->claims[record];
	buf_format(out, "%.*s (%.*s)", STR_ARG(index_id(index, record)), STR_ARG(index_person(index, record)));
	write_value(out, &c->names, claim->first);
	buf_format(out, "/%u", claim->first ? c->first_counts[claim->first] : 0);
	write_value(out, &c->names, claim->surname);
	buf_format(out, "/%u", claim->surname ? c->surname_counts[claim->surname] : 0);
	if (claim->first && claim->surname)
		buf_format(out, "/%u", full_names_count(&index->match->full_names, claim->first, claim->surname));
	write_value(out, &c->middles, claim->middle);
	write_value(out, &c->dates, claim->dob);
	write_value(out, &c->postcodes, claim->postcode);
	write_value(out, &c->houses, claim->house);
	write_value(out, &c->streets, claim->street);
	write_value(out, &c->phones, claim->phone[0]);
	write_value(out, &c->phones, claim->phone[1]);
	write_value(out, &c->emails, claim->email);
	write_value(out, &c->nhs, claim->nhs);
	write_value(out, &c->upns, claim->upn);
	buf_format(out, " %x %u %u %u %u", claim->flags, claim->dob_sure, claim->year, claim->sure_dob == claim->dob, claim->sex);
	write_lists(out, index, record);
}

static inline struct str state_of(struct fixture *f, const struct match_index *index)
{
	struct line *lines = calloc(index->high + 1, sizeof *lines);
	size_t count = 0, keys = 0;
	struct buf out;
	buf_init(&out, (size_t)64 << 20);
	for (uint32_t i = 0; i < index->high; i++) {
		if (!index->id_at[i])
			continue;
		buf_clear(&out);
		write_record(&out, index, i);
		lines[count++].text = arena_copy(f->arena, buf_str(&out));
	}
	qsort(lines, count, sizeof *lines, by_text);
	for (size_t i = 0; i < (size_t)1 << 12; i++)
		keys += index->postings.shards[i].count;
	buf_clear(&out);
	buf_format(&out, "%u keys %zu, pairs %.17g %.17g, dates %u %u\n", index->match->claims.count, keys, index->date_pairs,
	           index->postcode_pairs, index->dates.distinct, index->dates.most);
	for (size_t i = 0; i < count; i++)
		buf_format(&out, "%.*s\n", STR_ARG(lines[i].text));
	struct str state = arena_copy(f->arena, buf_str(&out));
	assert_non_null(state.p);
	buf_finish(&out);
	free(lines);
	return state;
}

static inline void assert_near(double a, double b)
{
	if (a - b > 1e-3 * (1 + b) || b - a > 1e-3 * (1 + b))
		fail_msg("%g is not near %g", a, b);
}

/* How names go together is reckoned in sums of fractions, which order touches a little. */
static inline void assert_same_ties(struct match_index *one, struct match_index *other)
{
	struct err err;
	assert_true(match_index_settle(one, &err) && match_index_settle(other, &err));
	const struct full_names *a = &one->match->full_names, *b = &other->match->full_names;
	const struct dictionary *texts = &one->match->claims.names.texts, *others = &other->match->claims.names.texts;
	assert_near(a->ratio, b->ratio);
	assert_near(a->household, b->household);
	for (uint32_t code = 1; code < texts->count; code++) {
		uint32_t there = dictionary_find(others, dictionary_text(texts, code));
		struct name_ties none = { .others = 0 };
		struct name_ties first = there ? b->by_first[there] : none, surname = there ? b->by_surname[there] : none;
		assert_near((double)a->by_first[code].others, (double)first.others);
		assert_near((double)a->by_first[code].expected, (double)first.expected);
		assert_near((double)a->by_surname[code].others, (double)surname.others);
		assert_near((double)a->by_surname[code].expected, (double)surname.expected);
	}
}

static inline void assert_same_state(struct fixture *f, struct match_index *one, struct match_index *other)
{
	assert_same_ties(one, other);
	struct str a = state_of(f, one), b = state_of(f, other);
	size_t at = 0, from = 0;
	while (at < a.n && at < b.n && a.p[at] == b.p[at])
		at++;
	from = at > 200 ? at - 200 : 0;
	if (at < a.n || at < b.n)
		fail_msg("two indexes of the same claims differ:\n%.*s\n-----\n%.*s", STR_ARG(str_sub(a, from, 400)),
		         STR_ARG(str_sub(b, from, 400)));
}

#endif
