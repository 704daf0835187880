/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where somebody lives: postcodes of the United Kingdom, and addresses taken apart. */
#ifndef CANDOUR_MATCH_PLACE_H
#define CANDOUR_MATCH_PLACE_H

#include "base/base.h"
#include "match/text.h"

struct norm_postcode {
	char out[5]; /* outward half, NUL-ended: "NM4" */
	char in[4];  /* inward half, NUL-ended: "7BA"; "" when it was not written */
	bool is_nowhere;
};

/*
 * Upper case without blanks; O for 0, I for 1 and the other way round are
 * mended by position. False: missing. Codes that were made up for people
 * without a home (ZZ99 and all of ZZ, XX) are missing too, with is_nowhere
 * true and the halves filled.
 */
bool norm_postcode(struct str text, struct norm_postcode *out);

/* Slices of the folded bytes beside it; n 0: not written. */
struct norm_address {
	struct str unit;   /* "17" of "Flat 17", "a" of "3a", "12" of "12/3 Baker Street" */
	struct str number; /* of the house: "128"; or a house's name when it has none */
	struct str
		street; /* "chapel road": kinds of street in one form, "St" before a name saint */
	struct str locality; /* what follows: "northmere" */
};

/*
 * Takes an address apart. `bytes` holds the folded text that `out` points
 * into, in the order unit, number, street, locality, a blank between them.
 * All of it may be empty. "No fixed abode", "unknown" and the like are no
 * address, nor is a postcode at the end part of one.
 */
void norm_address(struct str text, struct norm_text *bytes, struct norm_address *out);

#endif
