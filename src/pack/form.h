/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: stage 2. Which keys an element may have, which it must
 * have, and how their values are written. What passes here needs no second
 * look at its shape when names are resolved.
 */
#ifndef CANDOUR_PACK_FORM_H
#define CANDOUR_PACK_FORM_H

#include "pack/whole.h"

enum form_sort {
	FORM_TEXT,    /* a scalar of at most `max` bytes */
	FORM_WORD,    /* a name, [a-z0-9-]+ */
	FORM_SCALAR,  /* any scalar */
	FORM_YES,     /* yes or no */
	FORM_INTEGER, /* min .. max */
	FORM_DATE,
	FORM_VERSION,
	FORM_LANGUAGE,
	FORM_LETTER,
	FORM_CHOICE, /* one of `choices`, separated by blanks */
	FORM_WORDS,  /* a list of scalars, at least one */
	FORM_LIST,   /* a list of scalars, perhaps empty */
	FORM_PAIR,   /* a list of two scalars */
	FORM_SOME,   /* a scalar or a list of scalars */
	FORM_STARTS, /* the same; a mapping may stand for each */
	FORM_PERIOD,
	FORM_COND,     /* a mapping; read as a condition later */
	FORM_REQUIRED, /* yes, no, or a condition */
	FORM_EXTENDS,  /* NAME VERSION */
	FORM_TO,
	FORM_CODES,             /* a list of codes, at most 200 */
	FORM_SCALAR_OR_MAPPING, /* a mapping of the form `of`, where it has one */
	FORM_MAPPING,
	FORM_BODY,    /* a mapping of the form `of` */
	FORM_BODIES,  /* a mapping from name to a body of the form `of` */
	FORM_ENTRIES, /* a list of mappings of the form `of` */
	FORM_RULES,   /* a list of scalars or mappings of the form `of` */
	FORM_CASES,   /* dated cases */
};

struct form;

struct form_key {
	const char *name;
	enum form_sort sort;
	bool is_required;
	int64_t min;
	int64_t max;
	const struct form *of;
	const char *choices;
};

struct form {
	const char *what; /* "duty" */
	const struct form_key *keys;
	size_t count;
};

extern const struct form FORM_PACK, FORM_AGENCY, FORM_OFFICE, FORM_FILE, FORM_RELATION, FORM_KIND,
	FORM_KIND_BUILT_IN, FORM_DUTY, FORM_LADDER, FORM_GATE, FORM_PATTERN, FORM_WORD_ADVICE,
	FORM_INDICATOR, FORM_CALENDAR;

/* Looks at every element of every section of loader->whole. Errors are noted. */
void form_check(struct loader *loader);

#endif
