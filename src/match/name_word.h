/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One word of a name, or a whole name, made ready to be compared with many. Private to match. */
#ifndef CANDOUR_MATCH_NAME_WORD_H
#define CANDOUR_MATCH_NAME_WORD_H

#include "match/names.h"

#define NAME_CLOSE 0.92      /* Jaro-Winkler from which two spellings count as one */
#define NAME_SOUND_LIKE 0.70 /* and from which an equal sound does */

struct name_word {
	struct str text; /* folded, in the Latin form; borrowed */
	struct names_groups groups;
	uint64_t letters; /* two bits a letter: it is there; it is there twice */
	uint64_t sound;   /* its sound key; 0: none */
	uint16_t points;  /* code points */
	uint8_t beyond;   /* points that `letters` does not count */
	bool is_plain;    /* ASCII, and short enough for bits */
	bool is_particle; /* says nothing by itself of whom it names; set by whoever cuts a name */
};

/* `names` may be NULL: no sets. */
void name_word_init(struct name_word *word, const struct names *names, struct str text);

/* Jaro-Winkler of two folded texts. */
double name_text_jw(struct str a, struct str b);

/* Whether Jaro-Winkler is `least` or more; mostly answered without it. */
bool name_word_is_close(const struct name_word *a, const struct name_word *b, double least);

/* Whether one letter more, less or other, or two neighbours changed over, make one of the other. */
bool name_word_is_one_edit(const struct name_word *a, const struct name_word *b);

/* One sound, and letters that allow it; both have three letters or more. */
bool name_word_sounds_like(const struct name_word *a, const struct name_word *b);

/* A letter alone, of a script that has letters. */
bool name_word_is_initial(const struct name_word *word);
bool name_word_begin_alike(const struct name_word *a, const struct name_word *b);

#endif
