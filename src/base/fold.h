/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A text read letter by letter as it is compared, never as it is kept: small,
 * without marks, compatible forms as their plain ones (full width, ligatures).
 * Nothing is allocated and the text is not changed.
 */
#ifndef CANDOUR_BASE_FOLD_H
#define CANDOUR_BASE_FOLD_H

#include "base/str.h"

#define FOLD_POINTS_MAX 4

enum fold_sort {
	FOLD_LETTER,     /* a letter or a digit: `points` are what it is compared by */
	FOLD_NOTHING,    /* a mark, a soft hyphen: compared as if it were not there */
	FOLD_BLANK,      /* white space of any kind */
	FOLD_HYPHEN,     /* of any kind, not a dash */
	FOLD_APOSTROPHE, /* straight or curly */
	FOLD_OTHER,      /* what else is written, and bytes that are no UTF-8 */
};

struct fold_letter {
	enum fold_sort sort;
	int32_t point; /* as it is written */
	size_t n;      /* bytes it takes in the text, at least 1 */
	size_t count;  /* of points */
	int32_t points[FOLD_POINTS_MAX];
};

/* What stands at byte `at` of `text`, which lies before its end. */
struct fold_letter fold_letter_at(struct str text, size_t at);

/* The pieces, for whoever folds by rules of her own. A point is a code point of Unicode. */

/* The point at byte *at of `text` (before its end); *at moves behind it. -1: a byte that is no
 * UTF-8, and *at moves by that one byte. */
int32_t fold_read(struct str text, size_t *at);
/* Writes a point as UTF-8: 1 to 4 bytes. */
size_t fold_write(int32_t point, char out[4]);

#define FOLD_EXPANDED_MAX 32 /* points; the longest of Unicode is 18 */
/* A point in small letters (full case folding), taken apart (NFKD). Number of points, or 0. */
size_t fold_expand(int32_t point, int32_t out[FOLD_EXPANDED_MAX]);

enum fold_class {
	FOLD_CLASS_LETTER, /* L and N of Unicode's categories */
	FOLD_CLASS_MARK,   /* M */
	FOLD_CLASS_OTHER,
};
enum fold_class fold_class_of(int32_t point);
/* The canonical combining class: marks of unlike classes behind one letter are sorted by it. */
unsigned fold_order_of(int32_t point);
/* Puts together in place (NFC) what was taken apart and sorted; the number of points left. */
size_t fold_compose(int32_t *points, size_t count);
/* The value of a decimal digit of any script; -1: it is none. */
int fold_digit(int32_t point);

#endif
