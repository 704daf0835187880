/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Groups that somebody should look at. Private to the room. */
#ifndef CANDOUR_MATCH_LOOK_H
#define CANDOUR_MATCH_LOOK_H

#include "match/match_parts.h"

#define LOOK_LISTED 200 /* groups that are named; more are counted */
#define LOOK_MANY 20    /* records: a group of more */

enum look_why {
	LOOK_MANY_RECORDS,
	LOOK_TWO_BIRTHDAYS,   /* dates of birth that have nothing in common */
	LOOK_TWO_FIRST_NAMES, /* of one household */
	LOOK_ONE_AGENCY,      /* without one agency's rows the others would fall apart: counted,
	                         no reason by itself */
	LOOK_WHYS,
};

struct look_group {
	uint32_t first; /* claim */
	uint32_t records;
	bool why[LOOK_WHYS];
};

struct look {
	struct look_group groups[LOOK_LISTED]; /* in the order of the files */
	size_t listed;
	size_t count; /* all of them */
	size_t by_why[LOOK_WHYS];
};

struct str look_words(enum look_why why);
/* False: there is no memory. */
bool look_at_groups(const struct match *match, struct look *out) MUST_USE;

#endif
