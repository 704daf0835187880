/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * How alike two first names, or two surnames, are: one half of a name. Values
 * are made ready once; comparing them allocates nothing, writes nothing, and
 * gives the same whichever comes first. Private to match.
 */
#ifndef CANDOUR_MATCH_NAME_LEVEL_H
#define CANDOUR_MATCH_NAME_LEVEL_H

#include "match/name_frame.h"
#include "match/name_word.h"

#define NAME_WORDS_MAX 6 /* words of a name that are looked at one by one */

enum name_level {
	NAME_LEVEL_EQUAL = 1,
	NAME_LEVEL_CLOSE = 2,   /* letters mistaken, left out or changed over */
	NAME_LEVEL_VARIANT = 3, /* another way to write or to call it, or a part of it */
	NAME_LEVEL_ELSE = 5,    /* 4 is the engine's: the other's middle name */
};

/* Why two names are NAME_LEVEL_VARIANT. */
enum name_by {
	NAME_BY_NONE,    /* it is another level */
	NAME_BY_SET,     /* a variant set, or a rule of its language */
	NAME_BY_SOUND,   /* they are spoken alike */
	NAME_BY_INITIAL, /* one is an initial of the other */
	NAME_BY_PART,    /* words of one are those of the other, which has more; or its beginning */
};

struct name_value {
	struct name_word whole;
	struct name_word core;         /* without its frame; nothing when there is none */
	const struct name_word *words; /* when there are several; else NULL */
	struct str script;             /* as written in a script that is not Latin; else nothing */
	uint8_t word_count;
	uint8_t frame; /* enum name_frame */
};

/*
 * Makes a value ready. `text` is as norm_name gives it, `script` as
 * norm_fold_script does (or nothing): both are borrowed, as are the names
 * (NULL: no sets), for as long as the value lives. What a name of several words
 * and a frame need is the arena's: nothing for most. ERR_UNABLE: it is exhausted.
 */
bool name_value_init(struct name_value *value, struct arena *arena, const struct names *names,
                     struct str text, struct str script, struct err *err) MUST_USE;

/* enum name_level of two values of one `names`; *by says why it is 3. */
int name_level_by(const struct name_value *a, const struct name_value *b, enum name_by *by);

/* The same without saying why. */
int name_level(const struct names *names, const struct name_value *a, const struct name_value *b);

/* Whether a slip of the pen makes one of the other: one edit, of names of three letters and more
 * that are not decreed different. */
bool name_value_is_one_edit(const struct name_value *a, const struct name_value *b);

#endif
