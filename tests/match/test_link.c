/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A whole run over two thousand synthetic claims (tests/data/linkage, or the
 * folder in CANDOUR_LINKAGE): what comes out depends on the claims alone.
 */
#include "../base/arena_fixture.h"

#include "match/match.h"

#define FILE_MAX ((size_t)8 << 20)

struct run {
	struct buf pairs, clusters;
	size_t pair_count, cluster_count;
	double least, most;
};

static const char *folder(void)
{
	const char *given = file_environment("CANDOUR_LINKAGE");
	return given ? given : "tests/data/linkage";
}

static struct str people(struct fixture *f)
{
	struct str text;
	const char *path = file_join(f->arena, folder(), "people_2000.csv");
	if (!file_read(f->arena, path, FILE_MAX, &text, &f->err))
		fail_msg("%s", f->err.message);
	return text;
}

static bool add_pair(void *ctx, const struct match_pair *pair)
{
	struct run *run = ctx;
	buf_format(&run->pairs, "%.*s,%.*s,%.3f\n", STR_ARG(pair->left), STR_ARG(pair->right), pair->weight);
	run->pair_count++;
	run->least = pair->weight < run->least ? pair->weight : run->least;
	run->most = pair->weight > run->most ? pair->weight : run->most;
	return true;
}

static bool add_member(void *ctx, const struct match_member *member)
{
	struct run *run = ctx;
	buf_format(&run->clusters, "%.*s,%.*s\n", STR_ARG(member->id), STR_ARG(member->cluster));
	run->cluster_count += str_eq(member->id, member->cluster);
	return true;
}

static void must(struct fixture *f, bool done)
{
	if (!done)
		fail_msg("%s", f->err.message);
}

static struct run link_limited(struct fixture *f, struct str one, struct str two, const struct match_limits *given,
                               double least)
{
	struct run run = { .least = 1e9, .most = -1e9 };
	struct match_limits limits = *given;
	struct match *match;
	buf_init(&run.pairs, FILE_MAX);
	buf_init(&run.clusters, FILE_MAX);
	must(f, match_open(&limits, &match, &f->err));
	must(f, match_add(match, STR("A.csv"), one, &f->err));
	must(f, !two.n || match_add(match, STR("B.csv"), two, &f->err));
	must(f, match_fit(match, MATCH_AUTO, &f->err));
	must(f, match_pairs(match, least, add_pair, &run, &f->err));
	must(f, match_clusters(match, add_member, &run, &f->err));
	match_close(match);
	return run;
}

static struct run link_files(struct fixture *f, struct str one, struct str two, unsigned threads, double least)
{
	struct match_limits limits = { .threads = threads, .seed = 7, .least = least };
	return link_limited(f, one, two, &limits, least);
}

static void finish(struct run *run)
{
	buf_finish(&run->pairs);
	buf_finish(&run->clusters);
}

static void any_number_of_threads_gives_the_same_bytes(void **state)
{
	static const unsigned THREADS[] = { 2, 7 };
	struct fixture *f = *state;
	struct str text = people(f);
	struct run one = link_files(f, text, STR_NONE, 1, -3);
	assert_true(one.pair_count > 1000);
	for (size_t i = 0; i < sizeof THREADS / sizeof *THREADS; i++) {
		struct run more = link_files(f, text, STR_NONE, THREADS[i], -3);
		assert_true(str_eq(buf_str(&one.pairs), buf_str(&more.pairs)));
		assert_true(str_eq(buf_str(&one.clusters), buf_str(&more.clusters)));
		finish(&more);
	}
	finish(&one);
}

static void what_is_kept_on_the_way_does_not_count(void **state)
{
	static const double LEAST[] = { -20, 0, 9 };
	struct fixture *f = *state;
	struct str text = people(f);
	for (size_t i = 0; i < sizeof LEAST / sizeof *LEAST; i++) {
		struct match_limits few = { .threads = 2, .seed = 7, .least = LEAST[i], .keep_all = 1 };
		struct run all = link_files(f, text, STR_NONE, 2, LEAST[i]);
		struct run some = link_limited(f, text, STR_NONE, &few, LEAST[i]);
		assert_true(all.pair_count > 1000);
		assert_true(str_eq(buf_str(&all.pairs), buf_str(&some.pairs)));
		assert_true(str_eq(buf_str(&all.clusters), buf_str(&some.clusters)));
		finish(&all);
		finish(&some);
	}
}

/* The header, and the rows from the last to the first. */
static struct str turned(struct fixture *f, struct str text)
{
	struct buf out;
	size_t first = str_find(text, '\n') + 1, end = text.n;
	buf_init(&out, FILE_MAX);
	buf_add(&out, str_sub(text, 0, first));
	while (end > first) {
		size_t from = end - 1;
		while (from > first && text.p[from - 1] != '\n')
			from--;
		buf_add(&out, str_sub(text, from, end - from));
		end = from;
	}
	struct str copy = arena_copy(f->arena, buf_str(&out));
	buf_finish(&out);
	return copy;
}

static void the_order_of_rows_does_not_count(void **state)
{
	struct fixture *f = *state;
	struct str text = people(f);
	struct run one = link_files(f, text, STR_NONE, 2, 0), other = link_files(f, turned(f, text), STR_NONE, 2, 0);
	assert_int_equal(one.cluster_count, other.cluster_count);
	assert_true(str_eq(buf_str(&one.pairs), buf_str(&other.pairs)));
	finish(&one);
	finish(&other);
}

/* --- pairs that somebody settled --------------------------------------------------------------- */

#define RECORDS_MAX 4000
#define SETTLED_MAX 64
#define AMONG 14 /* records, so that many of the pairs contradict one another */

struct member {
	struct str id, of; /* the group's name, then its least id */
};

struct groups {
	struct arena *arena;
	size_t count;
	struct member at[RECORDS_MAX];
};

static int by_of(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int order = str_compare(x->of, y->of);
	return order ? order : str_compare(x->id, y->id);
}

static bool keep_member(void *ctx, const struct match_member *member)
{
	struct groups *groups = ctx;
	assert_true(groups->count < RECORDS_MAX);
	groups->at[groups->count++] =
		(struct member){ arena_copy(groups->arena, member->id), arena_copy(groups->arena, member->cluster) };
	return true;
}

/* Who is with whom, whatever the groups are called. */
static struct str groups_of(struct fixture *f, struct str text, struct str together, struct str apart)
{
	struct match_limits limits = { .threads = 2, .seed = 7 };
	struct groups *groups = arena_alloc(f->arena, 1, sizeof *groups);
	struct match *match;
	struct buf out;
	groups->arena = f->arena;
	must(f, match_open(&limits, &match, &f->err));
	must(f, match_add(match, STR("A.csv"), text, &f->err));
	must(f, !together.n || match_settle(match, MATCH_TOGETHER, STR("t.csv"), together, &f->err));
	must(f, !apart.n || match_settle(match, MATCH_APART, STR("a.csv"), apart, &f->err));
	must(f, match_fit(match, MATCH_AUTO, &f->err));
	must(f, match_clusters(match, keep_member, groups, &f->err));
	match_close(match);
	qsort(groups->at, groups->count, sizeof *groups->at, by_of);
	for (size_t i = groups->count; i-- > 0;) {
		size_t least = i;
		while (least > 0 && str_eq(groups->at[least - 1].of, groups->at[i].of))
			least--;
		struct str name = groups->at[least].id;
		for (size_t k = least; k <= i; k++)
			groups->at[k].of = name;
		i = least;
	}
	qsort(groups->at, groups->count, sizeof *groups->at, by_of);
	buf_init(&out, FILE_MAX);
	for (size_t i = 0; i < groups->count; i++)
		buf_format(&out, "%.*s %.*s\n", STR_ARG(groups->at[i].of), STR_ARG(groups->at[i].id));
	struct str copy = arena_copy(f->arena, buf_str(&out));
	buf_finish(&out);
	return copy;
}

struct drawing {
	struct random_source *random;
	struct fixture *f;
	struct str lines[SETTLED_MAX];
	size_t count;
};

/* Pairs of a few records, either way round. */
static void draw_pairs(struct drawing *drawing, size_t count)
{
	drawing->count = count;
	for (size_t i = 0; i < count; i++) {
		size_t a = random_below(drawing->random, AMONG);
		size_t b = (a + 1 + random_below(drawing->random, AMONG - 1)) % AMONG;
		drawing->lines[i] =
			arena_format(drawing->f->arena, "R%07zu,R%07zu\n", 1 + 97 * a, 1 + 97 * b);
	}
}

static struct str shuffled(struct drawing *drawing)
{
	struct str pieces[SETTLED_MAX + 1] = { STR("id_l,id_r\n") };
	for (size_t i = drawing->count; i > 1; i--) {
		size_t n = random_below(drawing->random, i);
		struct str moved = drawing->lines[n];
		drawing->lines[n] = drawing->lines[i - 1];
		drawing->lines[i - 1] = moved;
	}
	for (size_t i = 0; i < drawing->count; i++)
		pieces[i + 1] = drawing->lines[i];
	return arena_join(drawing->f->arena, pieces, drawing->count + 1);
}

/* Also where what was settled contradicts itself; and taken out of the lists again, nothing of it is left. */
static void settled_pairs_in_any_order_give_the_same_groups(void **state)
{
	struct fixture *f = *state;
	struct str text = people(f), before = groups_of(f, text, STR_NONE, STR_NONE);
	struct str back = turned(f, text);
	struct drawing together = { .f = f, .random = random_seeded_create(20261127) }, apart = together;
	for (size_t round = 0; round < 5; round++) {
		draw_pairs(&together, 4 + random_below(together.random, 20));
		draw_pairs(&apart, 1 + random_below(together.random, 12));
		struct str one = groups_of(f, text, shuffled(&together), shuffled(&apart));
		assert_false(str_eq(one, before));
		assert_true(str_eq(one, groups_of(f, text, shuffled(&together), shuffled(&apart))));
		assert_true(str_eq(one, groups_of(f, back, shuffled(&together), shuffled(&apart))));
		/* What is kept apart is so, whoever puts it together. */
		assert_true(str_eq(groups_of(f, text, STR_NONE, shuffled(&apart)),
		                   groups_of(f, text, shuffled(&apart), shuffled(&apart))));
		assert_true(str_eq(before, groups_of(f, back, STR_NONE, STR_NONE)));
	}
	random_destroy(together.random);
}

static void two_files_are_linked_across_alone(void **state)
{
	struct fixture *f = *state;
	struct str one = STR("id,first_name,surname,dob,postcode\na1,Amara,Bell,2011-03-04,NM1 1AA\na2,Amara,Bell,2011-03-04,NM1 1AA\n");
	struct str two = STR("id,first_name,surname,dob,postcode\nb1,Amara,Bell,2011-03-04,NM1 1AA\nb2,Owen,Price,2009-11-30,NM2 7QQ\n");
	struct run run = link_files(f, one, two, 2, -20);
	assert_true(str_find_str(buf_str(&run.pairs), STR("a1,b1")) < run.pairs.n);
	assert_true(str_find_str(buf_str(&run.pairs), STR("a2,b1")) < run.pairs.n);
	assert_int_equal(str_find_str(buf_str(&run.pairs), STR("a1,a2")), run.pairs.n);
	finish(&run);
}

static void no_weight_is_infinite_however_little_there_is(void **state)
{
	static const char *const TEXTS[] = {
		"id,first_name,surname\n",
		"id,first_name,surname\n1,Jo,Bell\n",
		"id,first_name,surname\n1,Jo,Bell\n2,Jo,Bell\n",
		"id,first_name,surname,dob,sex,nhs_number\n1,,,,,\n2,,,,,\n3,,,,,\n",
		"id,first_name,surname,dob,sex\n1,Jo,Bell,2011-01-02,F\n2,Jo,Bell,2011-01-02,F\n3,Jo,Bell,2011-01-02,F\n",
		"id,dob\n1,2011-01-02\n2,2011-01-02\n3,1900-01-01\n4,1900-01-01\n",
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
		struct run run = link_files(f, str_from_c(TEXTS[i]), STR_NONE, 2, -1000);
		assert_true(run.pair_count == 0 || (run.least > -200 && run.most < 400));
		finish(&run);
	}
}

static void missing_values_never_agree(void **state)
{
	struct fixture *f = *state;
	struct run run = link_files(f, STR("id,first_name,surname,dob,phone\n1,unknown,baby,1900-01-01,0000000000\n"
	                                   "2,unknown,baby,1900-01-01,0000000000\n3,n/k,,,\n"),
	                            STR_NONE, 2, -1000);
	assert_int_equal(run.pair_count, 0);
	assert_int_equal(run.cluster_count, 3);
	finish(&run);
}

/* Rows with a column more, at the end. */
static struct str with_column(struct fixture *f, struct str text, const char *name, const char *const values[2])
{
	struct buf out;
	struct str line;
	size_t n = 0;
	buf_init(&out, FILE_MAX);
	while (str_cut(&text, '\n', &line) && line.n) {
		buf_add(&out, line);
		buf_format(&out, ",%s\n", n == 0 ? name : values[n / 3 % 2]);
		n++;
	}
	struct str copy = arena_copy(f->arena, buf_str(&out));
	buf_finish(&out);
	return copy;
}

static void nobody_is_matched_by_ethnicity_nationality_or_religion(void **state)
{
	static const char *const NAMES[] = { "ethnicity",   "Ethnic Group", "nationality",      "religion",
		                             "language",    "country_of_birth", "immigration_status" };
	static const char *const VALUES[] = { "one", "another" };
	struct fixture *f = *state;
	struct str text = people(f);
	struct run without = link_files(f, text, STR_NONE, 2, -3);
	for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
		struct run with = link_files(f, with_column(f, text, NAMES[i], VALUES), STR_NONE, 2, -3);
		assert_true(str_eq(buf_str(&without.pairs), buf_str(&with.pairs)));
		assert_true(str_eq(buf_str(&without.clusters), buf_str(&with.clusters)));
		finish(&with);
	}
	finish(&without);
}

static void what_is_wrong_with_a_file_is_told_by_its_place(void **state)
{
	static const struct {
		const char *text, *said;
	} CASES[] = {
		{ "name,dob\nJo,2011-01-02\n", "A.csv:1: no column of ids" },
		{ "id,name,name\n1,Jo,Jo\n", "A.csv:1: columns 2 and 3 are both called name" },
		{ "id,name\n1,Jo\n1,Ada\n", "A.csv:3: it has the id of line 2; make ids differ (1 such row)" },
		{ "id,name\n,Jo\n", "A.csv:2: the record has no id (1 such row)" },
		{ "id,name\n1\n2,Ada\n", "A.csv:2: 1 cells where the header has 2; 1 of 2 rows are bad" },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct match_limits limits = { .threads = 2 };
		struct match *match;
		must(f, match_open(&limits, &match, &f->err));
		assert_false(match_add(match, STR("A.csv"), str_from_c(CASES[i].text), &f->err));
		assert_int_equal(f->err.code, ERR_INPUT);
		if (!str_starts(str_from_c(f->err.message), str_from_c(CASES[i].said)))
			fail_msg("said \"%s\", expected \"%s\"", f->err.message, CASES[i].said);
		match_close(match);
	}
}

/* So many rows of people, and a father and his son behind them. */
static struct str with_namesakes(struct fixture *f, size_t rows)
{
	struct buf text;
	struct str rest = people(f), line;
	buf_init(&text, FILE_MAX);
	for (size_t i = 0; i <= rows && str_cut(&rest, '\n', &line) && line.n; i++)
		buf_format(&text, "%.*s\n", STR_ARG(line));
	buf_add(&text, STR("FA,Giles,,Thornbury,1974-03-12,M,NM1 4QP,12 Fennel Close,,,,health\n"
	                   "SO,Giles,,Thornbury,2009-08-25,M,NM1 4QP,12 Fennel Close,,,,health\n"));
	struct str copy = arena_copy(f->arena, buf_str(&text));
	buf_finish(&text);
	return copy;
}

static void a_father_and_his_son_of_one_name_are_two_in_however_small_a_file(void **state)
{
	static const size_t ROWS[] = { 0, 10, 30, 100, 300, 1000, 1999 };
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
		struct match_limits limits = { .threads = 2, .seed = 7 };
		struct match *match;
		struct match_reasons why;
		double births = 0;
		must(f, match_open(&limits, &match, &f->err));
		must(f, match_add(match, STR("A.csv"), with_namesakes(f, ROWS[i]), &f->err));
		must(f, match_fit(match, MATCH_AUTO, &f->err));
		must(f, match_explain(match, STR("FA"), STR("SO"), f->arena, &why, &f->err));
		for (size_t k = 0; k < why.count; k++)
			births = str_eq(why.lines[k].what, STR("dob")) ? why.lines[k].bits : births;
		if (births > -5.9995 || why.is_together)
			fail_msg("among %zu rows: births %.3f bits, all %.3f", ROWS[i], births, why.weight);
		match_close(match);
	}
}

/* What a line of the reasons says; nothing: there is none. */
static struct str line_of(const struct match_reasons *why, struct str what)
{
	for (size_t i = 0; i < why->count; i++) {
		if (str_eq(why->lines[i].what, what))
			return why->lines[i].level;
	}
	return STR_NONE;
}

static void what_keeps_two_apart_is_the_reason_that_is_given(void **state)
{
	static const struct {
		const char *rows, *said;
	} CASES[] = {
		{ "N1,Barnabas,,Stonecrop,2013-07-08,M,NM9 9ZE,9 Zebra Road,06999555555,,B990112001001,school\n"
		  "N2,Barnabas,,Stonecrop,2013-07-08,M,NM9 9ZE,9 Zebra Road,06999555555,,Q990112001002,school\n",
		  "two different UPNs of one year" },
		{ "N1,Barnabas,,Stonecrop,2013-07-08,M,NM9 9ZE,9 Zebra Road,06999555555,9434765919,,school\n"
		  "N2,Barnabas,,Stonecrop,2013-07-08,M,NM9 9ZE,9 Zebra Road,06999555555,9876543210,,health\n",
		  "two different NHS numbers, both right" },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct match_limits limits = { .threads = 2, .seed = 7 };
		struct match *match;
		struct match_reasons why;
		struct str text = arena_format(f->arena, "%.*s%s", STR_ARG(people(f)), CASES[i].rows);
		must(f, match_open(&limits, &match, &f->err));
		must(f, match_add(match, STR("A.csv"), text, &f->err));
		must(f, match_fit(match, MATCH_AUTO, &f->err));
		must(f, match_explain(match, STR("N1"), STR("N2"), f->arena, &why, &f->err));
		struct str said = line_of(&why, STR("groups"));
		if (!str_eq(said, str_from_c(CASES[i].said)))
			fail_msg("said \"%.*s\", expected \"%s\"", STR_ARG(said), CASES[i].said);
		match_close(match);
	}
}

#define ASKED_MOST 150

struct asked {
	struct arena *arena;
	struct str left[ASKED_MOST], right[ASKED_MOST];
	size_t count;
};

static bool keep_under_edge(void *ctx, const struct match_pair *pair)
{
	struct asked *asked = ctx;
	if (pair->weight < 2) {
		asked->left[asked->count] = arena_copy(asked->arena, pair->left);
		asked->right[asked->count++] = arena_copy(asked->arena, pair->right);
	}
	return asked->count < ASKED_MOST;
}

static void what_would_have_done_is_no_worse_name_than_they_have(void **state)
{
	struct fixture *f = *state;
	struct match_limits limits = { .threads = 2, .seed = 7, .least = -6 };
	struct match *match;
	struct asked *asked = arena_alloc(f->arena, 1, sizeof *asked);
	size_t names = 0;
	asked->arena = f->arena;
	must(f, match_open(&limits, &match, &f->err));
	must(f, match_add(match, STR("A.csv"), people(f), &f->err));
	must(f, match_fit(match, MATCH_AUTO, &f->err));
	must(f, match_pairs(match, -6, keep_under_edge, asked, &f->err));
	for (size_t i = 0; i < asked->count; i++) {
		struct match_reasons why;
		must(f, match_explain(match, asked->left[i], asked->right[i], f->arena, &why, &f->err));
		struct str said = line_of(&why, STR("name"));
		bool has_surname = str_find_str(said, STR("surname equal")) < said.n;
		bool wants_surname = str_find_str(why.enough, STR("surname equal")) < why.enough.n;
		bool has_middle = str_find_str(said, STR("elsewhere")) < said.n;
		bool wants_middle = str_find_str(why.enough, STR("elsewhere")) < why.enough.n;
		if (!str_eq(why.worst, STR("name")) || !why.enough.n)
			continue;
		names++;
		if ((wants_middle && !has_middle) || (has_surname && !wants_surname))
			fail_msg("they have \"%.*s\", and would need \"%.*s\"", STR_ARG(said), STR_ARG(why.enough));
	}
	assert_true(names > 5);
	match_close(match);
}

/* Forty births, the day before the month or behind it, and so many the other way round. */
static struct str births(struct fixture *f, bool is_month_first, int slips)
{
	struct buf text;
	buf_init(&text, FILE_MAX);
	buf_add(&text, STR("id,first_name,surname,dob\n"));
	for (int i = 0; i < 40; i++) {
		bool is_turned = (i < slips) != is_month_first;
		int day = 13 + i % 16, month = 1 + i % 12;
		buf_format(&text, "%d,Jo,Bell,%02d/%02d/20%02d\n", i, is_turned ? month : day, is_turned ? day : month,
		           i % 20);
	}
	buf_add(&text, STR("90,Jo,Bell,00/24/2004\n91,Jo,Bell,32/13/2004\n92,Jo,Bell,03/04/2004\n"));
	struct str copy = arena_copy(f->arena, buf_str(&text));
	buf_finish(&text);
	return copy;
}

static void a_slip_does_not_turn_the_days_and_months_of_a_file(void **state)
{
	static const int SLIPS[] = { 0, 1, 5, 19 };
	struct fixture *f = *state;
	for (size_t i = 0; i < 2 * sizeof SLIPS / sizeof *SLIPS; i++) {
		struct match_limits limits = { .threads = 2 };
		struct match *match;
		struct buf model;
		buf_init(&model, FILE_MAX);
		must(f, match_open(&limits, &match, &f->err));
		must(f, match_add(match, STR("A.csv"), births(f, i % 2, SLIPS[i / 2]), &f->err));
		must(f, match_fit(match, MATCH_AUTO, &f->err));
		match_save_model(match, &model, f->arena);
		struct str order = i % 2 ? STR("order: mdy") : STR("order: dmy");
		if (str_find_str(buf_str(&model), order) == model.n)
			fail_msg("%d slips: not taken as %.*s", SLIPS[i / 2], STR_ARG(order));
		match_close(match);
		buf_finish(&model);
	}
}

static void a_telephone_that_many_share_joins_nobody(void **state)
{
	struct fixture *f = *state;
	struct buf text;
	buf_init(&text, FILE_MAX);
	buf_add(&text, STR("id,phone\n"));
	for (int i = 0; i < 200; i++)
		buf_format(&text, "%d,06122816456\n", i);
	struct run run = link_files(f, buf_str(&text), STR_NONE, 2, -1000);
	assert_int_equal(run.pair_count, 0);
	finish(&run);
	buf_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(any_number_of_threads_gives_the_same_bytes),
		PROVES(what_is_kept_on_the_way_does_not_count),
		PROVES(the_order_of_rows_does_not_count),
		PROVES(settled_pairs_in_any_order_give_the_same_groups),
		PROVES(two_files_are_linked_across_alone),
		PROVES(no_weight_is_infinite_however_little_there_is),
		PROVES(missing_values_never_agree),
		PROVES(nobody_is_matched_by_ethnicity_nationality_or_religion),
		PROVES(what_is_wrong_with_a_file_is_told_by_its_place),
		PROVES(a_father_and_his_son_of_one_name_are_two_in_however_small_a_file),
		PROVES(what_keeps_two_apart_is_the_reason_that_is_given),
		PROVES(what_would_have_done_is_no_worse_name_than_they_have),
		PROVES(a_slip_does_not_turn_the_days_and_months_of_a_file),
		PROVES(a_telephone_that_many_share_joins_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
