/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is owed, by whom, by when, and who hears of silence. */
#ifndef CANDOUR_PACK_MODEL_DUTY_H
#define CANDOUR_PACK_MODEL_DUTY_H

#include "base/base.h"
#include "pack/due.h"
#include "pack/model_place.h"

struct pack_cond;
struct pack_kind;
struct pack_ladder;
struct pack_office;

enum pack_owner_sort {
	PACK_OWNER_ROLE,
	PACK_OWNER_ENTRY,       /* office of the entry */
	PACK_OWNER_FIRST_ENTRY, /* office of the first entry */
	PACK_OWNER_LAST_ENTRY,  /* office of the last entry */
	PACK_OWNER_FIELD,       /* office in FIELD[.COLUMN] */
	PACK_OWNER_OF_FILE,     /* office of the file (patterns about offices) */
	PACK_OWNER_PATTERN,     /* owner of the pattern */
	PACK_OWNER_OWNER,       /* whoever owes (ladders) */
};

enum pack_owner_step {
	PACK_STEP_NONE,
	PACK_STEP_MANAGER,
	PACK_STEP_HEAD,
	PACK_STEP_CHIEF,
	PACK_STEP_INSPECTORATE,
};

/* Who is meant: a base and up to four steps taken from it, innermost first. */
struct pack_owner {
	enum pack_owner_sort sort;
	const struct pack_office *role;
	struct str field;
	struct str column; /* p NULL: none */
	enum pack_owner_step steps[4];
	size_t step_count;
};

enum pack_start_sort {
	PACK_START_RECORDED,
	PACK_START_RECEIVED,
	PACK_START_HAPPENED,
	PACK_START_FIELD,
	PACK_START_LAST,
	PACK_START_FIRST,
};

struct pack_start {
	enum pack_start_sort sort;
	struct str field;
	const struct pack_kind *kind;
	const struct pack_cond *which; /* those of the kind that it counts; NULL: each */
};

enum pack_class {
	PACK_STATUTE,
	PACK_GUIDANCE,
	PACK_NORM,
	PACK_LOCAL,
};

struct pack_duty {
	size_t number;   /* its place in pack.duties */
	struct str name; /* "T01" */
	struct str title;
	struct str public_text; /* what is owed, to whoever reported; p NULL: the title */
	struct str public_late; /* the same as a thing that was owed ("a decision"), or p NULL */
	struct str source;
	struct str certainty; /* sure, likely, check */
	enum pack_class class;
	const struct pack_owner *owners; /* several: together */
	size_t owner_count;
	const struct pack_office *out_of_hours; /* or NULL */
	struct str awaited;
	const struct pack_start *from; /* several: the earliest present */
	size_t from_count;
	bool within_is_field; /* within: {field: …} */
	struct str within_field;
	struct str within_column;
	struct pack_period within;
	struct str no_later_than; /* field, or p NULL */
	bool has_ceiling;         /* no-later-than: a period, from the start */
	struct pack_period ceiling;
	bool has_not_before;
	struct pack_period not_before;
	bool has_not_older; /* what happened longer than that before it began settles it not */
	struct pack_period not_older;
	const struct pack_ladder *ladder; /* NULL: chosen by code */
	struct str ladder_by;             /* a field of the act, else a fact of the file */
	const struct pack_ladder *const *ladder_for; /* one a code of ladder_codes */
	const struct str *ladder_codes; /* p NULL: whatever no code names, or nothing */
	size_t ladder_count;
	bool is_extendable;
	int renewals;       /* 0: none */
	bool is_built_in;   /* R01, R02: outside L4 */
	struct str retired; /* opened no more; what is open stays owed */
	struct pack_place place;
};

enum pack_rung_place {
	PACK_LINE,
	PACK_INDEPENDENT,
	PACK_OUTSIDE,
};

struct pack_rung {
	struct pack_period after;
	const struct pack_owner *tell;
	size_t tell_count;
	bool is_one_of; /* the first that is held today */
	enum pack_rung_place place;
	const struct pack_kind *makes; /* or NULL */
};

struct pack_ladder {
	struct str name;
	const struct pack_rung *rungs;
	size_t count;
	struct pack_place place;
};

#endif
