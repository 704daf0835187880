/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules within a budget of pairs. Private to the room. */
#ifndef CANDOUR_MATCH_BUDGET_H
#define CANDOUR_MATCH_BUDGET_H

#include "match/match_parts.h"

/*
 * Where the rules of match->blocks make more pairs than are allowed, keeps those that give most
 * matches for their pairs, and makes the blocks anew; the others go to match->left_out. By itself
 * 150 pairs a claim, each rule counted for itself, are allowed for rules that were chosen by what
 * the files hold, and any number for those that somebody named. False: there is no memory.
 */
bool budget_keep(struct match *match) MUST_USE;

#endif
