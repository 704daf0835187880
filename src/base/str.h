/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Text and bytes as a slice: pointer and length, not ended by NUL, never
 * owning. A C string exists only at the border to a library (str_to_c).
 */
#ifndef CANDOUR_BASE_STR_H
#define CANDOUR_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attribute.h"

struct arena;
struct err;

/* A borrowed run of bytes. p may be NULL when n is 0. */
struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
/* For printf: "%.*s". */
#define STR_ARG(s) (int)((s).n > 0x7fffffff ? 0x7fffffff : (s).n), (s).n ? (s).p : ""

/* A C string seen as a slice; NULL gives the empty slice. */
struct str str_from_c(const char *text);

/* Bytes of a byte array seen as a slice. */
struct str str_from_bytes(const void *bytes, size_t n);

/*
 * Copies `s` with a NUL behind it into `arena`, for a library that asks for a
 * C string. NULL when the arena is exhausted or `s` holds a NUL.
 */
const char *str_to_c(struct arena *arena, struct str s);

bool str_eq(struct str a, struct str b);
/* <0, 0, >0: by bytes, the shorter first. */
int str_compare(struct str a, struct str b);
bool str_starts(struct str s, struct str with);
bool str_ends(struct str s, struct str with);
/* Position of the first `c`, or s.n when there is none. */
size_t str_find(struct str s, char c);
/* Position of the first `part`, or s.n when there is none. */
size_t str_find_str(struct str s, struct str part);
/* The code point of two or three bytes at `at` that steers a terminal or the direction of writing,
 * with its bytes; 0: none does. Controls of one byte are not looked at. */
unsigned str_steering_mark(struct str text, size_t at, size_t *bytes);
/* The part from `from` (clamped), `n` bytes at most. */
struct str str_sub(struct str s, size_t from, size_t n);
/* Without ASCII blanks (space, tab, CR, LF) at both ends. */
struct str str_trim(struct str s);

/*
 * Cuts the next piece of *rest up to `by` into *piece and moves *rest behind
 * it. False when *rest was at its end (p NULL). "a,b," gives "a", "b", "".
 */
bool str_cut(struct str *rest, char by, struct str *piece);
/* Whether `word` is one of a list's words, which have a blank between them. */
bool str_has_word(struct str list, struct str word);

/*
 * Reads a decimal of ASCII digits without sign or leading zero ("0" itself is
 * good), at most `max`. False when it is anything else.
 */
bool str_to_u64(struct str s, uint64_t max, uint64_t *out) MUST_USE;

/* Valid UTF-8: no overlong form, no surrogate, nothing above U+10FFFF. */
bool str_is_utf8(struct str s);
/* Number of code points of valid UTF-8. */
size_t str_utf8_count(struct str s);
/* The same as a person counts them: the end of a line, CR LF as forms send it, is one. */
size_t str_characters(struct str s);
/* Normalised to NFC into `arena`. ERR_INPUT: not UTF-8; ERR_UNABLE: arena. For keys, codes and
 * passwords only: a person's words are never normalised (L12). */
bool str_nfc(struct arena *arena, struct str s, struct str *out, struct err *err) MUST_USE;

/* As str_nfc, and in small letters (each code point's simple mapping). For sign-in names only. */
bool str_small(struct arena *arena, struct str s, struct str *out, struct err *err) MUST_USE;

/*
 * Damerau-Levenshtein distance (adjacent swaps count one) of two short texts
 * by bytes; texts longer than 64 bytes give SIZE_MAX.
 */
size_t str_distance(struct str a, struct str b);

/* Equal, in time that depends on the lengths alone. For secrets and codes. */
bool str_eq_constant_time(struct str a, struct str b);

#endif
