/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Joining what agencies hold: claims (one row each: what one agency wrote about
 * one person at one time) are compared in pairs, weighed in bits (log2 odds of
 * "the same person" against everything else, 0: even chance) and proposed as
 * people. Nothing is merged here, and nothing is kept: pairs, groups and their
 * reasons come out, and whoever asked decides. Knows no registers.
 *
 * People are never compared by ethnicity, nationality, religion, language or
 * country of birth: there is no field for them, and such columns are not read.
 *
 * Source: I. Fellegi, A. Sunter, "A Theory for Record Linkage", JASA 64 (1969);
 * four latent classes instead of two (docs/linkage.md).
 *
 *   struct match *match;
 *   match_open(&limits, &match, err)
 *   match_add(match, name, text, err)      once or twice: two files are linked across
 *   match_fit(match, MATCH_AUTO, err)
 *   match_pairs(match, 0, visit, ctx)   match_clusters(match, visit, ctx)
 *   match_close(match)
 */
#ifndef CANDOUR_MATCH_MATCH_H
#define CANDOUR_MATCH_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"

struct match;

enum match_phase {
	MATCH_READING,
	MATCH_PREPARING,
	MATCH_BLOCKING,
	MATCH_COMPARING,
	MATCH_ESTIMATING,
	MATCH_GROUPING,
	MATCH_PHASES,
};
struct str match_phase_name(enum match_phase phase);

/* What is done of a phase, of how much; called now and then by one thread. False ends it all
 * (ERR_UNABLE, "ended"). */
typedef bool match_progress(void *ctx, enum match_phase phase, uint64_t done, uint64_t of);

struct match_limits {
	size_t memory;       /* bytes, all in all; 0: 8 GB */
	unsigned threads;    /* 0: 2 */
	uint64_t seed;       /* 0: 1 */
	uint64_t max_pairs;  /* 0: 200 a claim, 400 million at most */
	uint32_t max_block;  /* claims; 0: 1,000 */
	uint64_t keep_all;   /* if there are no more pairs all are kept until the end; else those
	                        that may be worth it by a rough model. What comes out is the same; 0:
	                        4 million */
	uint32_t hot;        /* a telephone or address of more claims is an office's; 0: 30 */
	int this_year;       /* for dates of two digits; 0: 2026 */
	struct str shown[2]; /* ids of records whose values match_explain shows as they are written;
	                        empty: none */
	bool lists_bad;      /* every row is kept that match_bad_rows shows */
	bool has_hashes;     /* of what is read, for the report */
	double least; /* bits from which pairs will be asked for; groups too, if it is above the
	                 edge */
	double edge;  /* bits from which a pair is joined */
	bool has_edge;
	bool wipes;               /* memory, before it is given back; of an index always */
	match_progress *progress; /* may be NULL */
	void *ctx;
};

/* Owns itself; close it. */
bool match_open(const struct match_limits *limits, struct match **out, struct err *err) MUST_USE;
void match_close(struct match *match); /* takes NULL */

/* A model's text (YAML), before any file is added: which columns are what, rules, limits, and
 * chances, which then are not estimated. ERR_INPUT names line and column. */
bool match_use_model(struct match *match, struct str name, struct str text,
                     struct err *err) MUST_USE;
/* The model as it was fitted, as text that match_use_model reads. */
void match_save_model(const struct match *match, struct buf *out, struct arena *arena);

/* A model's text by itself, read and written again as match_use_model takes it. ERR_INPUT as
 * there. */
bool match_show_model(struct str name, struct str text, struct arena *arena, struct buf *out,
                      struct err *err) MUST_USE;

/* A file's text (CSV), read and not needed afterwards; `name` is kept, for messages. ERR_INPUT
 * names line and column. After a failure nothing but match_bad_rows and close. */
bool match_add(struct match *match, struct str name, struct str text, struct err *err) MUST_USE;

/* A row that was left out, or of which a date counts as missing. */
struct match_bad {
	struct str file;
	uint32_t line;
	struct str column; /* empty: the row as a whole */
	struct str why;    /* never a value */
	bool is_left_out;  /* the row as a whole */
};
typedef bool match_visit_bad(void *ctx, const struct match_bad *bad);
/* File by file, what is left out first; with limits.lists_bad alone. ERR_UNABLE. */
bool match_bad_rows(const struct match *match, match_visit_bad *visit, void *ctx,
                    struct err *err) MUST_USE;

/* --- a file's rows, as they are written
 * ------------------------------------------------------------------------------------------------
 */

enum match_cell {
	MATCH_CELL_ID,
	MATCH_CELL_FULL, /* a whole name */
	MATCH_CELL_FIRST,
	MATCH_CELL_MIDDLE,
	MATCH_CELL_SURNAME,
	MATCH_CELL_BIRTH,
	MATCH_CELL_POSTCODE,
	MATCH_CELL_ADDRESS, /* of several columns: in their order, with commas between */
	MATCH_CELL_PHONE,
	MATCH_CELL_PHONE_2,
	MATCH_CELL_EMAIL,
	MATCH_CELL_NHS,
	MATCH_CELL_UPN,
	MATCH_CELL_OTHER, /* numbers of somebody's own that no name explains */
	MATCH_CELL_OTHER_2,
	MATCH_CELLS,
};
/* One row. Texts are UTF-8, without blanks at both ends, and live until the visit returns. */
struct match_row {
	uint32_t line;
	struct str cells[MATCH_CELLS]; /* empty: missing */
	int year, month, day; /* of birth; 0: not known, as the day and month of a first of January
	                         are, and the day where a month was written */
};
typedef bool match_visit_row(void *ctx, const struct match_row *row, struct err *err);

struct match_birth {
	int year, month, day; /* as of a row */
};
/* What one text says of a birth, day before month. False: nothing. */
bool match_birth_read(struct str text, int this_year, struct match_birth *out) MUST_USE;
/*
 * Reads a file as match_add does, with its errors, and visits its good rows in
 * their order; nothing is linked, and nothing else is done with this match but
 * match_bad_rows, match_rows_report and match_close. Nobody is matched by the columns that are left
 * out, so that they are not among the cells either.
 */
bool match_rows(struct match *match, struct str name, struct str text, match_visit_row *visit,
                void *ctx, struct err *err) MUST_USE;
/* `files` and `notes` of match_report. */
struct json *match_rows_report(const struct match *match, struct arena *arena);

enum match_settled {
	MATCH_APART,    /* not the same: never in one group */
	MATCH_TOGETHER, /* the same: one group, unless something keeps them apart; then it is told
	                 */
	MATCH_SETTLED,
};
/* Pairs that somebody settled, each sort once, when all files were added: CSV with the columns id_l
 * and id_r. A pair of which a record is not here counts as absent. ERR_INPUT names file and line.
 */
bool match_settle(struct match *match, enum match_settled sort, struct str name, struct str text,
                  struct err *err) MUST_USE;

enum match_model {
	MATCH_AUTO,   /* rules by what the file holds */
	MATCH_PEOPLE, /* the eight narrow rules of the race with peers */
	MATCH_WIDE,   /* the eight wide ones */
	MATCH_DEMOG,  /* the narrow ones by names, birth, sex and home alone: no number is looked at
	               */
};
/* Its rules and levels, with the chances that estimation begins with. */
bool match_show_set(enum match_model set, struct arena *arena, struct buf *out,
                    struct err *err) MUST_USE;
/* Compares and estimates; once. */
bool match_fit(struct match *match, enum match_model model, struct err *err) MUST_USE;

struct match_pair {
	struct str left, right; /* ids; left before right by bytes, or of the first file */
	double weight;          /* bits, what their groups say counted in */
	double alone; /* bits of the two by themselves, as an index weighs them; -INFINITY: they
	                 were not compared, or had too little, and are one by others */
};
/* False ends the visit. By left, then right. */
typedef bool match_visit_pair(void *ctx, const struct match_pair *pair);
bool match_pairs(struct match *match, double least, match_visit_pair *visit, void *ctx,
                 struct err *err) MUST_USE;

struct match_member {
	struct str id;
	struct str cluster; /* the id of its group's first claim */
};
/* Every claim once, in the order of the files. */
typedef bool match_visit_member(void *ctx, const struct match_member *member);
bool match_clusters(struct match *match, match_visit_member *visit, void *ctx,
                    struct err *err) MUST_USE;

/* --- reasons
 * -----------------------------------------------------------------------------------------------
 */

#define MATCH_LINES_MAX 24

struct match_line {
	struct str what; /* "start", a field, "frequency", "household", a rule */
	struct str left; /* the values compared, normalised; empty: none */
	struct str right;
	struct str level; /* in words */
	double bits;
};

enum match_band {
	MATCH_NOT,    /* below 0 bits */
	MATCH_REVIEW, /* to the edge */
	MATCH_LIKELY, /* to 6: a person confirms it */
	MATCH_LINK,
};

/* A rule, and what each of the two has for it; "-" where it is missing. */
struct match_key {
	struct str rule, left, right;
};

/* How two claims look beside one another. */
enum match_hit_kind {
	MATCH_HIT_SAME,      /* over the edge: proposed as the same person */
	MATCH_HIT_NEAR_TWIN, /* over it: one house and one birthday, and a first name that is near
	                      */
	MATCH_HIT_TWIN,      /* under it: one surname and one birthday, another first name, and no
	                        other house */
	MATCH_HIT_SURNAME,   /* held under it: another surname, and too little beside it */
	MATCH_HIT_HOUSEHOLD, /* rather another person of one household */
	MATCH_HIT_NEAR,      /* under the edge */
};

struct match_reasons {
	struct match_line lines[MATCH_LINES_MAX]; /* they add up to the weight */
	size_t count;
	double weight;
	enum match_band band;
	enum match_hit_kind kind;
	bool is_candidate; /* a rule makes the pair */
	struct str rule;   /* the first that does; empty: none */
	bool is_together;  /* both are of one proposed person */
	/* Of match_explain alone. */
	double edge;       /* bits from which two are put together */
	bool is_compared;  /* a candidate whose block was not too large to be compared whole */
	struct str worst;  /* under the edge: the comparison that costs most */
	double lost;       /* bits that its best level would give besides */
	struct str enough; /* the level of it that would have done; empty: none */
	const struct match_key *keys;
	size_t key_count;
	struct str stopped_left, stopped_right; /* ids of the two that kept the groups apart; empty:
	                                           it was settled of these two themselves */
	struct str stopped; /* what kept them apart though the weight would do; empty: nothing */
};

/* Why two claims are one person, or not. ERR_ABSENT: there is no claim of that id, or no pair of
 * them. Texts lie in `arena`. */
bool match_explain(struct match *match, struct str left, struct str right, struct arena *arena,
                   struct match_reasons *out, struct err *err) MUST_USE;
struct str match_band_name(enum match_band band);

/* What was taken for what, what was found, and what to look at, without any value of a person. */
struct json *match_report(const struct match *match, struct arena *arena);

/* --- an index in memory
 * ------------------------------------------------------------------------------------------------
 *
 * Claims that come and go one by one, and the question whom a claim may be
 * about. A claim found here weighs what it weighs in a bulk run over the same
 * claims with the same model. What the index answers depends on the claims that
 * it holds alone, never on the order in which they came or on those that went;
 * but for how first names and surnames go together, which is reckoned over all
 * claims anew when one in eight has come or gone since, or by match_index_settle
 * (a second at a million claims): till then it is as it was, and a weight may
 * be off by some hundredths of a bit.
 *
 *   match_index_open(&limits, name, model, &index, err)
 *   match_index_fill(index, name, text, err)           from a file, while it is empty
 *   match_index_columns(index, headers, n, &columns, err)
 *   match_index_put(index, &columns, &claim, err)      match_index_remove(index, id, err)
 *   match_index_forget(index, err)                     what those that went alone had
 *   match_index_search(index, &search, arena, &hits, err)
 *   match_index_close(index)
 *
 * Locking: the index has no lock of its own, and every call on it but
 * match_index_count wants it alone, searches too: they make the query ready in
 * room that the index keeps. Whoever has several threads holds one mutex of
 * his own around each call, and none for longer. A search takes a few
 * milliseconds at most among a million claims, a put some microseconds. What
 * comes back is the arena's, and stays when the lock is given back.
 */

struct match_index;

/*
 * Empty, with a model as match_save_model writes it: its rules, chances and
 * edge, for good. Of `limits` memory, threads, seed, hot, max_block and
 * this_year count. Owns itself; close it. ERR_INPUT: the model is no model, or
 * has no chances.
 */
bool match_index_open(const struct match_limits *limits, struct str name, struct str model,
                      struct match_index **out, struct err *err) MUST_USE;
void match_index_close(struct match_index *index); /* takes NULL */

/* Claims from a file (CSV) as match_add reads it, into an index that never held any: faster than
 * one by one, by limits->threads threads. After a failure nothing but close. */
bool match_index_fill(struct match_index *index, struct str name, struct str text,
                      struct err *err) MUST_USE;

#define MATCH_COLUMNS_MAX 32

/* What the cells of claims are about, in their order. */
struct match_columns {
	unsigned fields[MATCH_COLUMNS_MAX];
	size_t count;
	bool is_month_first; /* 3/4/2011 is the fourth of March */
};
/* By their names, as the header of a file has them (first_name, dob …). ERR_INPUT: nothing is known
 * by that name, or nobody is matched by it. */
bool match_index_columns(const struct match_index *index, const struct str *headers, size_t count,
                         struct match_columns *out, struct err *err) MUST_USE;

struct match_claim {
	struct str id;           /* of the claim; 1 to 65,535 bytes */
	struct str person;       /* whom it is said to be about; empty: nobody knows */
	const struct str *cells; /* by column; empty: missing */
};

/* One claim, new, or in the place of the one that has its id. ERR_INPUT: its id or person is too
 * long, or there is no id; ERR_UNABLE: no memory. After a failure the index is as it was. */
bool match_index_put(struct match_index *index, const struct match_columns *columns,
                     const struct match_claim *claim, struct err *err) MUST_USE;
/* Never for want of memory. ERR_ABSENT: there is no claim of that id. */
bool match_index_remove(struct match_index *index, struct str id, struct err *err) MUST_USE;

/*
 * Wipes every word that no claim has any more, and what the last calls left; nothing that the index
 * answers changes by it. For after a removal, not after each: it looks at all claims, and takes
 * two hundredths of a second among 300,000. Of claims that a fill brought, how their names sound
 * is left. ERR_UNABLE: there is no memory; nothing is wiped, and it may be asked for again.
 */
bool match_index_forget(struct match_index *index, struct err *err) MUST_USE;

/* All that is reckoned over all claims, as it is now. ERR_UNABLE: no memory; then it is as it was.
 */
bool match_index_settle(struct match_index *index, struct err *err) MUST_USE;

size_t match_index_count(const struct match_index *index);
/* Bytes that it takes now, all in all. */
size_t match_index_bytes(const struct match_index *index);

/* What a claim that was found is, by what is known. */
struct match_hit {
	struct str id, person;
	double weight;    /* bits */
	uint32_t pattern; /* levels, for tests and figures */
	enum match_band band;
	enum match_hit_kind kind;
	/* How likely each is; they add up to 1, before any rule held the weight down. */
	double same, household, street, anybody;
};

struct match_search {
	const struct match_columns *columns;
	const struct str *cells;
	double least;      /* bits */
	size_t most;       /* hits; 0: 20; 1,000 at most */
	bool is_of_people; /* of each person her best claim alone */
	/* Where one thing alone is asked, or of a name one half, all that have it are compared,
	 * and the best of them are hits however little they weigh; and so, where a whole name is
	 * asked, are those that have two of its words, unless they are of another birth. */
	bool is_wide;
	struct str except_id; /* a claim that is not asked for; empty: none */
};

struct match_hits {
	const struct match_hit *hits; /* by weight, then id; the arena's */
	size_t count;
	size_t compared; /* claims */
	bool is_alone;   /* one thing alone was asked, or of a name one half */
};

/* The best claims, or people, for what is known of somebody. ERR_UNABLE: the arena is exhausted. */
bool match_index_search(struct match_index *index, const struct match_search *search,
                        struct arena *arena, struct match_hits *out, struct err *err) MUST_USE;
/* Why what is known of somebody and a claim of the index weigh what they weigh: lines, weight, band
 * and rule as match_explain has them. ERR_ABSENT: there is no claim of that id. */
bool match_index_explain(struct match_index *index, const struct match_columns *columns,
                         const struct str *cells, struct str id, struct arena *arena,
                         struct match_reasons *out, struct err *err) MUST_USE;

#endif
