/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a folded letter becomes on its way to one form. Points are code points, small and taken
 * apart (fold_expand); the strings are static ASCII. */
#ifndef CANDOUR_MATCH_SCRIPT_H
#define CANDOUR_MATCH_SCRIPT_H

#include "base/base.h"

/* A Latin letter that Unicode does not take apart, in ASCII ("l" of ł); NULL: it is none. */
const char *script_plain(int32_t point);

/* A Cyrillic, Greek or Arabic letter in Latin letters; "" is silent, NULL: no table has it. */
const char *script_latin(int32_t point);

/* One of the letters that a script writes in several ways (Persian and Arabic kaf) for all. */
int32_t script_same(int32_t point);

/* An apostrophe, straight, curly, turned, or what is typed for one. */
bool script_is_apostrophe(int32_t point);

/* A mark that is an aid to reading: left out. Others are vowels of their script, and stay. */
bool script_is_aid(int32_t mark);

#endif
