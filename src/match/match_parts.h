/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a match is made of. Private to the room. */
#ifndef CANDOUR_MATCH_MATCH_PARTS_H
#define CANDOUR_MATCH_MATCH_PARTS_H

#include "match/cluster.h"
#include "match/columns.h"
#include "match/demog.h"
#include "match/match.h"
#include "match/model_text.h"
#include "match/note.h"
#include "match/rules.h"
#include "match/settled.h"

#define MATCH_FILES 2

struct match {
	struct match_limits limits;
	struct pool *pool;
	struct arena *arena;
	struct str names[MATCH_FILES];
	uint32_t records[MATCH_FILES];
	size_t bad_rows[MATCH_FILES], recoded[MATCH_FILES];
	struct table_bad *bad[MATCH_FILES]; /* with limits.lists_bad */
	size_t bad_count[MATCH_FILES];
	struct hash hashes[MATCH_FILES]; /* with limits.has_hashes */
	struct notes notes;
	struct str written[2][COMPARE_COUNT]; /* of limits.shown, by comparison */
	struct columns columns[MATCH_FILES];
	struct str headers[MATCH_FILES][CSV_COLUMNS_MAX];
	size_t header_count[MATCH_FILES];
	size_t file_count;
	struct model_given *given; /* NULL: none */
	struct str given_file;
	enum model_order orders[MATCH_FILES]; /* of dates, where they say anything of it */
	enum match_model set; /* of rules, unless the model that is given has its own */
	struct claims claims;
	struct rules rules;
	struct rules left_out; /* would make too many pairs */
	uint64_t left_out_pairs[RULES_MAX];
	struct block_limits block_limits;
	struct blocks blocks;
	struct model rough; /* which pairs are kept, before the model is estimated */
	struct model model;
	struct pairs pairs;
	struct full_names full_names;
	struct scorer scorer;
	struct settled settled[MATCH_SETTLED];
	struct cluster_limits bars;
	struct clusters clusters;
	double least;    /* bits: pairs of less are not kept */
	unsigned passes; /* over all candidates */
	double seconds[MATCH_PHASES];
	bool is_fitted;
};

/* Lines, weight, band and rule of two claims of the match, which need not be among those that it
 * holds; not what became of them in groups. */
void explain_pair(const struct match *match, const struct claim *x, const struct claim *y,
                  pattern_of_levels pattern, struct arena *arena, struct match_reasons *out);
/* Lines as they are shown, which add up to the weight. */
void explain_round(struct match_reasons *reasons);
enum match_band explain_band(double weight, double edge);
enum match_hit_kind explain_kind(const struct scored *scored, pattern_of_levels pattern,
                                 double edge);

/* Two files, and no pair within one. */
bool match_is_across(const struct match *match);
/* Into match->model what a model that is given says; whether its chances are, too. */
bool match_take_given(struct match *match);
/* How many pairs of each class one expects among as many claims as there are; model.n[MODEL_U] is
 * set. */
void match_take_counts(struct match *match);
/* What the model that is given says of a header; NULL: nothing. */
const struct model_column *match_column_given(const struct match *match, struct str header);

/* "There is no memory …" */
bool match_no_memory(struct err *err);
double match_seconds(void); /* since boot */

/* What kept two apart. */
struct str match_stop_words(enum cluster_stop stop);
/* "auto", or as the model that is given is called. */
struct str match_model_name(const struct match *match);

#endif
