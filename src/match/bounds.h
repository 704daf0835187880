/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a class of pairs cannot be, whatever a file seems to tell. Where births are missing, or
 * first names, estimation would else take one household for one person, or one person for a
 * household, since little tells them apart. Private to the room.
 */
#ifndef CANDOUR_MATCH_BOUNDS_H
#define CANDOUR_MATCH_BOUNDS_H

#include "match/model.h"

/* What was seen of a class, pairs by comparison and level, without what goes beyond its bounds. */
void bounds_keep(double seen[COMPARE_COUNT][LEVELS_MAX], enum model_class class);

/* In what an estimated model is of no people, by what was seen of one
 * person's names: pairs by level. */
enum model_breach bounds_look(const struct model *model, const struct claims *claims,
                              const double names[LEVELS_MAX]);
/* For a report; nothing of a sound one. */
struct str bounds_words(enum model_breach breach);

#endif
