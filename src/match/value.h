/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One cell of a column as the value that is compared: a bulk run makes it of
 * each distinct cell, the index of each claim that comes. Private to the room.
 */
#ifndef CANDOUR_MATCH_VALUE_H
#define CANDOUR_MATCH_VALUE_H

#include "match/claims.h"
#include "match/date.h"
#include "match/text.h"

#define VALUE_TEXTS 2

struct value {
	struct str texts[VALUE_TEXTS]; /* of full names first and surname, of addresses house and
	                                  street; empty: missing. They lie in the rooms below. */
	uint32_t number;               /* of sex: enum norm_sex */
	struct norm_text room, more;
	char house[2 * NORM_ROOM + 2];
};

struct value_how {
	enum norm_order order; /* of dates */
	int this_year;
};

/* `out` must not be moved while its texts are used. */
void value_make(enum field field, const struct value_how *how, struct str text, struct value *out);
/* Texts that a value of the field has, 1 or 2; the set in which the n-th has its code; NULL: it has
 * none (sex). */
size_t value_texts(enum field field);
struct value_set *value_set_of(struct claims *claims, enum field field, size_t n);
/* Writes the codes of a cell (of sex its number) into a claim: the first of several names, every
 * telephone that there is room for. `second`: of what has two texts. */
void value_keep(struct claim *claim, enum field field, uint32_t code, uint32_t second);

#endif
