/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: which tables are truth and which are views. The one
 * place that says so; a test holds it against the schema. Everything else is
 * short-lived and named short_….
 */
#ifndef CANDOUR_CASEBOOK_VIEWS_H
#define CANDOUR_CASEBOOK_VIEWS_H

#include "casebook/fold.h"

/* A view: its key first, then its other columns; `key` of them are the key. */
struct view {
	const char *name;
	const char *columns[24]; /* up to the first NULL */
	int key;
	const char *kept_sql;   /* its rows in order of the key */
	const char *shadow_sql; /* the same of its shadow */
};

#define VIEWS_N 24
extern const struct view book_views[VIEWS_N];

#define TRUTH_N 11
extern const char *const book_truth[TRUTH_N];

/* Names of all views, and of indexes that no fold looks through. */
#define VIEWS_UNUSED_N 6
extern const char *const book_view_names[VIEWS_N];
extern const char *const book_unused_indexes[VIEWS_UNUSED_N];

/* Before each entry is folded; may wait. False ends the fold (*err). */
typedef bool refold_gate(void *ctx, int64_t index, struct err *err);
/* Looks at an entry before it is folded; false: it ends. */
typedef bool refold_judge(void *ctx, struct fold *fold, const struct folding *entry,
                          struct err *err);
/* Before an act ends: what is folded behind it is the next one's, or there are no more entries.
 * `entries`: how many were folded. False: it ends. */
typedef bool refold_act_end(void *ctx, struct fold *fold, int64_t entries, struct err *err);

/* Each may be NULL. */
struct refold_way {
	casebook_progress *progress;
	void *progress_ctx;
	refold_gate *gate;
	refold_judge *judge;
	refold_act_end *act_end;
	void *ctx; /* of gate, judge and act_end */
};

/*
 * Folds every entry, as the connection sees them, into its views, which are
 * empty (shadows, as a rule): acts as the turn delimits them (fold.h, F2), each
 * entry under the pack in force at it. Takes the packs of `book` and nothing
 * else of it. *chart: the offices at the end, a reference.
 * ERR_INPUT: an entry cannot be read; ERR_FAULT: what it says cannot be
 * folded; ERR_UNABLE. The context names the entry.
 */
bool refold_entries(struct casebook *book, struct store *store, const struct refold_way *way,
                    struct chart **chart, struct err *err) MUST_USE;

#endif
