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

#endif
