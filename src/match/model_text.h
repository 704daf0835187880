/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A model as YAML that a person can read and correct. Private to the room. */
#ifndef CANDOUR_MATCH_MODEL_TEXT_H
#define CANDOUR_MATCH_MODEL_TEXT_H

#include "match/model.h"
#include "match/rules.h"

#define MODEL_GIVEN_COLUMNS 64

/* How the dates of a column are written. */
enum model_order { MODEL_ORDER_FOUND, MODEL_ORDER_DMY, MODEL_ORDER_MDY };

struct model_column {
	struct str header;
	enum field field; /* FIELD_NONE: it is not read */
	enum model_order order;
};

/* All that a model's text says. */
struct model_given {
	struct str name;
	struct rules rules; /* count 0: it says nothing of them */
	struct model_column columns[MODEL_GIVEN_COLUMNS];
	size_t column_count;
	uint32_t max_block, hot; /* 0: not said */
	uint64_t max_pairs;
	bool is_within; /* of two files the pairs within each too */
	bool has_edge;
	double edge;
	bool has_classes;
	double n[MODEL_CLASSES];
	bool is_listed[COMPARE_COUNT]; /* among its comparisons */
	bool is_flat[COMPARE_COUNT];   /* "tf: no": how frequent a value is does not count */
	bool has_clamp[COMPARE_COUNT];
	double clamp[COMPARE_COUNT][2]; /* bits */
	/* Below 0: not said. */
	double p[MODEL_CLASSES][COMPARE_COUNT][LEVELS_MAX];
	bool has_bars; /* "cannot-link:" */
	bool bars_nhs, bars_upn, bars_agency;
};

/* Whether it gives chances, so that nothing is estimated. */
bool model_given_has_chances(const struct model_given *given);
/* Whether how frequent a value is counts for the comparison at all. */
bool model_has_frequency(enum comparison comparison);

/* "equal", "one-edit", "close/variant" … of a comparison's level, from 1. */
struct str model_level_name(enum comparison comparison, unsigned level, struct arena *arena);

/* ERR_INPUT: "model.yaml:9:5: …", `name` the file's. */
bool model_read(struct str text, struct str name, struct arena *arena, struct model_given *out,
                struct err *err) MUST_USE;
/* Says nothing. */
void model_given_init(struct model_given *given);
/* As YAML; what model_read reads back gives the same weights to a thousandth of a bit. */
void model_write(const struct model_given *given, struct buf *out, struct arena *arena);

#endif
