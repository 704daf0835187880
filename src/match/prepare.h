/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is made ready of one value by itself: all values of a bulk run, and those of an index as
 * they come. Private to the room. */
#ifndef CANDOUR_MATCH_PREPARE_H
#define CANDOUR_MATCH_PREPARE_H

#include "match/claims.h"

/* Keys, hint and value of a name whose text has its code already; `sound` is the code of its sound,
 * 0: none. What a name of several words needs is the arena's. False: there is no memory. */
bool prepare_name(struct claims *claims, struct arena *arena, uint32_t code,
                  uint32_t sound) MUST_USE;

/* Middle names as names: all of it, then its words. How many. */
size_t prepare_middle_names(struct str text, struct str names[CLAIM_TOKENS + 1]);
/* `codes` of those, `n` of them. */
void prepare_middle(struct claims *claims, uint32_t code, const uint32_t *codes, size_t n);

/* Of texts as value_make gives them. */
struct number_value prepare_number(struct str text);
struct postcode_value prepare_postcode(struct str text);
struct date_value prepare_date(struct str text);

/* An address without a number, of a place and no street, that more claims than `hot` have. */
bool prepare_is_office(const struct claims *claims, const struct claim *claim, uint32_t hot);

/* What a claim has of its values for keys and comparing; every value has its code and is ready. */
void prepare_claim(const struct claims *claims, struct claim *claim);

#endif
