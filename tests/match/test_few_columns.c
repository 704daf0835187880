/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The same two thousand synthetic claims with fewer and fewer columns: whoever
 * can be told apart is found, and who cannot be is not joined.
 */
#include "../base/arena_fixture.h"

#include "linkage.h"
#include "match/match.h"

#define FILE_MAX ((size_t)8 << 20)
#define COLUMNS 12
#define CLAIMS 2000
#define SEEN_FROM 2.0 /* bits */

struct truth {
	unsigned person[CLAIMS + 1]; /* by the number in a claim's id */
	unsigned household[CLAIMS + 1];
	size_t pairs;
};

struct score {
	const struct truth *truth;
	size_t said, right;
};

static unsigned number_of(struct str id)
{
	unsigned out = 0;
	for (size_t i = 0; i < id.n; i++)
		out = id.p[i] >= '0' && id.p[i] <= '9' ? out * 10 + (unsigned)(id.p[i] - '0') : out;
	return out;
}

static void read_truth(struct fixture *f, struct truth *out)
{
	struct str rest = linkage_file(f->arena, "people_2000_truth.csv"), cells[3];
	assert_true(linkage_row(&rest, cells, 3));
	while (linkage_row(&rest, cells, 3)) {
		out->person[number_of(cells[0])] = number_of(cells[1]);
		out->household[number_of(cells[0])] = number_of(cells[2]);
	}
	for (unsigned i = 1; i <= CLAIMS; i++) {
		for (unsigned j = 1; j < i; j++)
			out->pairs += out->person[i] == out->person[j];
	}
}

/* A cell may hold commas, in quotes. */
static size_t cells_of(struct str line, struct str cells[COLUMNS])
{
	size_t n = 0, from = 0;
	bool is_quoted = false;
	for (size_t i = 0; i <= line.n && n < COLUMNS; i++) {
		if (i < line.n && line.p[i] == '"')
			is_quoted = !is_quoted;
		if (i < line.n && (is_quoted || line.p[i] != ','))
			continue;
		cells[n++] = str_sub(line, from, i - from);
		from = i + 1;
	}
	return n;
}

static bool is_among(struct str name, const char *names)
{
	struct str rest = str_from_c(names), one;
	while (str_cut(&rest, ',', &one)) {
		if (str_eq(one, name))
			return true;
	}
	return false;
}

/* Seven rows of ten have an email, one for a household, if `names` has it. */
static void add_email(struct buf *out, const struct truth *truth, struct str id, const char *names)
{
	unsigned claim = number_of(id);
	if (!is_among(STR("email"), names))
		return;
	if (!claim)
		buf_add(out, STR(",email"));
	else if (claim % 10 < 7)
		buf_format(out, ",family%u@example.org", truth->household[claim]);
	else
		buf_add(out, STR(","));
}

static struct str with_columns(struct fixture *f, const struct truth *truth, const char *names)
{
	struct str rest = linkage_file(f->arena, "people_2000.csv"), line, header[COLUMNS], cells[COLUMNS];
	struct buf out;
	buf_init(&out, FILE_MAX);
	for (size_t row = 0; str_cut(&rest, '\n', &line) && line.n; row++) {
		size_t count = cells_of(line, row ? cells : header), put = 0;
		assert_int_equal(count, COLUMNS);
		for (size_t i = 0; i < count; i++) {
			if (is_among(header[i], names))
				buf_format(&out, "%s%.*s", put++ ? "," : "", STR_ARG(row ? cells[i] : header[i]));
		}
		add_email(&out, truth, row ? cells[0] : STR_NONE, names);
		buf_add(&out, STR("\n"));
	}
	struct str copy = arena_copy(f->arena, buf_str(&out));
	buf_finish(&out);
	return copy;
}

static bool count_pair(void *ctx, const struct match_pair *pair)
{
	struct score *score = ctx;
	const unsigned *person = score->truth->person;
	score->said++;
	score->right += person[number_of(pair->left)] == person[number_of(pair->right)];
	return true;
}

/* Links by these columns; what its report says of a model that was not taken. */
static struct str link_by(struct fixture *f, const char *names, struct score *score)
{
	struct match_limits limits = { .threads = 2, .seed = 7 };
	struct match *match;
	bool done = match_open(&limits, &match, &f->err) &&
	            match_add(match, STR("A.csv"), with_columns(f, score->truth, names), &f->err) &&
	            match_fit(match, MATCH_AUTO, &f->err) && match_pairs(match, SEEN_FROM, count_pair, score, &f->err);
	if (!done)
		fail_msg("%s", f->err.message);
	struct str why = json_text(json_member(match_report(match, f->arena), STR("model")), STR("not_taken"));
	match_close(match);
	return why;
}

static void whoever_can_be_told_apart_is_found(void **state)
{
	/* What is owed lies some points under what was measured, and far above what estimation that
	 * took a household for a person gave: none to 0.12 of the first five. */
	static const struct {
		const char *columns;
		double recall, precision;
	} CASES[] = {
		{ "id,first_name,surname,postcode,address,phone", .82, .97 },
		{ "id,first_name,surname,address,phone", .8, .97 },
		{ "id,first_name,surname,phone", .72, .97 },
		{ "id,first_name,surname,postcode", .7, .97 },
		{ "id,dob,postcode,address,phone", .7, .95 },
		{ "id,surname,dob,postcode,address,phone", .79, .95 },
		{ "id,first_name,postcode,phone", .58, .94 },
		{ "id,first_name,phone", .33, .97 },
		{ "id,first_name,surname,sex,postcode,address,phone", .85, .97 },
		{ "id,surname,dob,phone", .78, .95 },
		{ "id,first_name,surname,dob,email", .9, .97 },
		{ "id,first_name,surname,dob", .8, .97 },
		{ "id,first_name,middle_names,surname,dob,sex,postcode,address,phone,nhs_number,upn", .95, .99 },
	};
	struct fixture *f = *state;
	struct truth *truth = arena_alloc(f->arena, 1, sizeof *truth);
	assert_non_null(truth);
	read_truth(f, truth);
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct score score = { .truth = truth };
		struct str why = link_by(f, CASES[i].columns, &score);
		double recall = (double)score.right / (double)truth->pairs,
		       precision = score.said ? (double)score.right / (double)score.said : 0;
		bool is_refused = why.n && is_among(STR("first_name"), CASES[i].columns);
		if (recall < CASES[i].recall || precision < CASES[i].precision || is_refused)
			fail_msg("%s: recall %.3f, precision %.3f %.*s", CASES[i].columns, recall, precision,
			         STR_ARG(why));
	}
}

static void who_cannot_be_told_from_the_household_is_not_joined_and_it_is_said(void **state)
{
	static const char *const CASES[] = { "id,postcode,address,phone", "id,surname,postcode,phone",
		                             "id,surname,sex,postcode,address,phone" };
	struct fixture *f = *state;
	struct truth *truth = arena_alloc(f->arena, 1, sizeof *truth);
	assert_non_null(truth);
	read_truth(f, truth);
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct score score = { .truth = truth };
		struct str why = link_by(f, CASES[i], &score);
		if (!str_eq(why, STR("nothing that is compared tells two of one household apart")) ||
		    score.said - score.right > truth->pairs / 20)
			fail_msg("%s: %zu pairs, %zu of them true; \"%.*s\"", CASES[i], score.said, score.right,
			         STR_ARG(why));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(whoever_can_be_told_apart_is_found),
		PROVES(who_cannot_be_told_from_the_household_is_not_joined_and_it_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
