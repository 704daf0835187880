/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is written about: file types, their states and facts, relations, codes. */
#ifndef CANDOUR_PACK_MODEL_FILE_H
#define CANDOUR_PACK_MODEL_FILE_H

#include "base/base.h"

struct pack_kind;

#define PACK_STATES_MAX 24

struct pack_code {
	struct str code;
	struct str title;
	struct str hint;    /* shown under it on the form, or p NULL */
	struct str retired; /* date text, or p NULL */
	struct str instead;
};

struct pack_list {
	struct str name;
	const struct pack_code *codes;
	size_t count;
	bool is_closed;
};

enum pack_keep {
	PACK_KEEP_LAST,
	PACK_KEEP_FIRST,
	PACK_KEEP_HIGHEST,
	PACK_KEEP_EVER,
};

struct pack_fact_source {
	const struct pack_kind *kind;
	struct str field;
};

struct pack_fact {
	size_t number; /* among its file type's facts */
	struct str name;
	const struct pack_fact_source *from;
	size_t from_count;
	enum pack_keep keep;
	const struct str *order; /* low to high, for PACK_KEEP_HIGHEST */
	size_t order_count;
	struct str value; /* for PACK_KEEP_EVER */
};

enum pack_area {
	PACK_AREA_NONE,
	PACK_AREA_FIELD,    /* an office field of the first entry */
	PACK_AREA_RELATION, /* the file at the other end */
};

/* A state that entries of the past led to, and the one that stands for it now. */
struct pack_retired_state {
	struct str old;
	int now; /* number of a state of the type */
};

/* What the head of a file's page tells: the newest such entry, or in words that there is none. */
struct pack_tell {
	struct str title;
	const struct pack_kind *kind;
	struct str field; /* plain, of the kind; p NULL: any entry of it */
	struct str code;  /* what the field says */
	struct str none;
};

struct pack_file_type {
	size_t number; /* its place in pack.file_types, below 64 */
	struct str name;
	struct str title;
	struct str letter;        /* 1-3 capitals, unique */
	const struct str *states; /* the first is where a file begins */
	const struct str *state_titles;
	size_t state_count;
	uint32_t final; /* masks by state number; final 0: none */
	uint32_t rests;
	enum pack_area area;
	struct str area_name;
	bool is_person;
	bool is_private;  /* only offices whose reads name the type read and write it */
	bool is_built_in; /* register, office: outside the rest rule */
	const struct pack_fact *facts;
	size_t fact_count;
	const struct pack_retired_state *retired_states;
	size_t retired_state_count;
	const struct pack_tell *tells;
	size_t tell_count;
};

struct pack_relation {
	size_t number;
	struct str name;
	uint64_t from; /* masks by file type number */
	uint64_t to;
	bool is_both_ways;
	bool is_apart; /* the two do not belong together: a part in one is none in the other */
	const struct pack_relation
		*not_with; /* two whom it joins are not joined by this; or NULL */
};

#endif
