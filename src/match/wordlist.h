/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Short lists of folded words or phrases, kept by first letter so that a look-up is a few compares.
 */
#ifndef CANDOUR_MATCH_WORDLIST_H
#define CANDOUR_MATCH_WORDLIST_H

#include "base/base.h"

/* a to z; each NULL, or what begins with that letter, a bar between. */
struct wordlist {
	const char *by_letter[26];
};

bool wordlist_has(const struct wordlist *list, struct str text);

/* Whether `text` is one of those in `listed`, which have a bar between. */
bool wordlist_is_among(const char *listed, struct str text);

#endif
