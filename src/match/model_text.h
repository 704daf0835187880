/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A model as YAML that a person can read and correct. Private to the room. */
#ifndef CANDOUR_MATCH_MODEL_TEXT_H
#define CANDOUR_MATCH_MODEL_TEXT_H

#include "match/model.h"
#include "match/rules.h"

#define MODEL_GIVEN_COLUMNS 32

/* What a model says beside chances. */
struct model_given {
	struct str name;
	struct rules rules; /* count 0: it says nothing of them */
	struct {
		struct str header;
		enum field field;
	} columns[MODEL_GIVEN_COLUMNS];
	size_t column_count;
	uint32_t max_block, hot; /* 0: not said */
	uint64_t max_pairs;
	bool has_edge;
	double edge;
	bool has_classes;
	double n[MODEL_CLASSES];
	/* Below 0: not said. */
	double p[MODEL_CLASSES][COMPARE_COUNT][LEVELS_MAX];
};

/* "equal", "one-edit", "close/variant" … of a comparison's level, from 1. */
struct str model_level_name(enum comparison comparison, unsigned level, struct arena *arena);

/* ERR_INPUT: "model.yaml:9:5: …", `name` the file's. */
bool model_read(struct str text, struct str name, struct arena *arena, struct model_given *out,
                struct err *err) MUST_USE;
/* As it was estimated; what model_read reads back gives the same weights to a thousandth of a bit.
 */
void model_write(const struct model *model, const struct rules *rules, struct str name,
                 struct buf *out, struct arena *arena);

#endif
