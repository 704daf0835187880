/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The words that make a street a street, folded, short or whole. */
#ifndef CANDOUR_MATCH_STREET_H
#define CANDOUR_MATCH_STREET_H

#include "base/base.h"

/* "st": street, or saint. */
bool street_is_saint(struct str word);
/* A kind of street: "road", "rd", "hill". "st" is one. */
bool street_is_kind(struct str word);
/* A kind that ends a street even where no comma follows: not "hill", which names places too. */
bool street_is_sure_kind(struct str word);
/* What ends in no kind of street is a place: "the refuge". */
bool street_is_place(struct str street);
/* North, south, east, west. */
bool street_is_direction(struct str word);

enum street_place {
	STREET_FIRST, /* the first word of a street is no kind: "Dr King Road" */
	STREET_LATER,
};
/* The whole form of a word, static text; or the word itself. Not for "st". */
struct str street_whole(struct str word, enum street_place place);

#endif
