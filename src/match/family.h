/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * How often a first name comes again in a family: among other people, by their
 * birthday, who live in one house and bear one surname. In some families all
 * sons have one name before their own, or a father's; a name that nearly all
 * have says little of who of them it is. Private to the room.
 */
#ifndef CANDOUR_MATCH_FAMILY_H
#define CANDOUR_MATCH_FAMILY_H

#include "match/full_name.h"

/* Sets of each first name how many claims of others of a family it met, and of how many it was the
 * name too, and how often that is over all. False: there is no memory. */
bool family_count(struct full_names *names, const struct claims *claims) MUST_USE;

/* How many times as often as another first name this one comes again in a family, `before` what was
 * met there. */
double family_again(const struct full_names *names, uint32_t first, double before);

#endif
