/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Text as it is compared, never as it is kept: what somebody wrote is folded
 * to small plain letters with one blank between words. Two forms are made:
 * one in the letters it was written in, one in Latin letters, so that a name
 * in two scripts can meet itself.
 *
 * Every function takes any bytes. A byte that is no UTF-8 is read as
 * Windows-1252, for a row is not dropped over one letter. Nothing is allocated.
 */
#ifndef CANDOUR_MATCH_TEXT_H
#define CANDOUR_MATCH_TEXT_H

#include "base/base.h"

#define NORM_POINTS_MAX 256 /* code points kept of one text; the rest is cut off */
#define NORM_ROOM 1088      /* bytes: 256 code points of 4 and room to spare */

/* UTF-8, not ended by NUL. n 0: nothing is left, or the value is missing. */
struct norm_text {
	size_t n;
	char bytes[NORM_ROOM];
};

/* The same as a slice, as long as `text` lives. */
static inline struct str norm_str(const struct norm_text *text)
{
	return (struct str){ text->bytes, text->n };
}

/*
 * The Latin form: small letters, no marks, compatible forms as their plain
 * ones; ASCII where the script has a table (Cyrillic, Greek, Arabic), other
 * scripts as norm_fold_script has them. Apostrophes vanish, all else that is
 * no letter or digit is one blank. UTF-8 that was read as Windows-1252 and
 * written again is put right first. Folding what was folded changes nothing.
 */
void norm_fold(struct str text, struct norm_text *out);

/*
 * The same in the script it was written in, to be compared first where both
 * sides have one script. Marks go where they are an aid to reading (Latin,
 * Greek, Cyrillic, Hebrew, Arabic) and stay where they are the vowels.
 * Equal to norm_fold for Latin.
 */
void norm_fold_script(struct str text, struct norm_text *out);

/*
 * One name, or several with blanks between, in the Latin form, without titles
 * (Mr, Dr, Jr). n 0: missing; so is what stands where no name was known
 * ("Unknown", "Baby", "Twin 1").
 */
void norm_name(struct str text, struct norm_text *out);

/*
 * Whether folded text stands where no name was known. Wider by "n k" than what
 * norm_name takes for missing: two names, as written, may have these initials.
 */
bool norm_is_no_name(struct str folded);

/*
 * A full name into first names and surname, both as norm_name gives them.
 * With a comma it is "surname, first names"; else the last word is the
 * surname, with the particles before it ("van der Berg", "Al Hassan"). A first
 * word is never taken for a particle, and a hyphen parts no word here. "Baby
 * Smith" has no first name. A guess only: comparison looks at both orders.
 */
void norm_full_name(struct str text, struct norm_text *first, struct norm_text *surname);

enum norm_sex {
	NORM_SEX_NONE, /* missing for comparison */
	NORM_SEX_FEMALE,
	NORM_SEX_MALE,
};

/* "F", "Female", "girl", "2"; "M", "Male", "boy", "1" (ISO/IEC 5218); in any case of letters. */
enum norm_sex norm_sex(struct str text);

#endif
