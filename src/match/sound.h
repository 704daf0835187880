/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The sound key: what clerks write for one sound gets one key. Equal keys mean that two names may
 * sound alike, never that they are one. */
#ifndef CANDOUR_MATCH_SOUND_H
#define CANDOUR_MATCH_SOUND_H

#include "base/base.h"

/*
 * Writes the key of a folded name in its Latin form: a letter for each class
 * of consonants, the first vowel as A. At most `room` bytes (the rest is cut
 * off), not ended by NUL. Answers how many; 0: none, for no word of it is of
 * Latin letters alone, or it has no sound to go by.
 */
size_t sound_key(struct str folded, char *out, size_t room);

#endif
