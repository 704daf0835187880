/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Words of names.
 *
 * 1. Letters that two words share are at least as many as Jaro can match. With
 *    all of them matched in order it is no more than
 *    (m / |a| + m / |b| + 1) / 3: most pairs fall below without being compared.
 */
#include "match/name_word.h"

#include "match/similar.h"
#include "match/sound.h"

#define SOUND_BITS 5
#define SOUND_PACKED 12 /* classes that fit; a longer key is hashed */
#define SOUND_MAX 64
#define FIRST_HAN 0x2E80 /* from here on a character is a word or a syllable, not a letter */

static uint64_t sound_of(struct str text)
{
	char key[SOUND_MAX];
	size_t n = sound_key(text, key, sizeof key);
	uint64_t packed = 0;
	for (size_t i = 0; i < n && n <= SOUND_PACKED; i++)
		packed = packed << SOUND_BITS | (uint64_t)(key[i] & 0x1f);
	if (n <= SOUND_PACKED)
		return packed;
	packed = UINT64_C(14695981039346656037); /* FNV-1a */
	for (size_t i = 0; i < n; i++)
		packed = (packed ^ (uint8_t)key[i]) * UINT64_C(1099511628211);
	return packed | UINT64_C(1) << 63;
}

static void count_letters(struct name_word *word)
{
	for (size_t i = 0; i < word->text.n; i++) {
		unsigned char c = (unsigned char)word->text.p[i];
		unsigned bit = 2 * (unsigned)(c - 'a');
		word->is_plain = word->is_plain && c < 0x80;
		word->points = (uint16_t)(word->points + ((c & 0xC0) != 0x80));
		if (c < 'a' || c > 'z' || word->letters >> (bit + 1) & 1)
			word->beyond++;
		else
			word->letters |= (word->letters >> bit & 1) ? UINT64_C(2) << bit
			                                            : UINT64_C(1) << bit;
	}
}

void name_word_init(struct name_word *word, const struct names *names, struct str text)
{
	*word = (struct name_word){ .text = str_sub(text, 0, UINT16_MAX) };
	word->is_plain = text.n <= SIMILAR_PATTERN_MAX;
	count_letters(word);
	word->sound = sound_of(word->text);
	if (names)
		word->groups = names_groups(names, text);
}

/* At most SIMILAR_MAX points of UTF-8; a byte that is none counts as itself. */
static struct similar_word points_of(struct str text, uint32_t points[SIMILAR_MAX])
{
	uint32_t n = 0;
	for (size_t at = 0; at < text.n && n < SIMILAR_MAX;) {
		unsigned char first = (unsigned char)text.p[at];
		int32_t point = fold_read(text, &at);
		points[n++] = point >= 0 ? (uint32_t)point : first;
	}
	return (struct similar_word){ points, n };
}

double name_text_jw(struct str a, struct str b)
{
	uint32_t left[SIMILAR_MAX], right[SIMILAR_MAX];
	return similar_jaro_winkler(points_of(a, left), points_of(b, right));
}

static unsigned common_prefix(struct str a, struct str b)
{
	unsigned n = 0;
	while (n < 4 && n < a.n && n < b.n && a.p[n] == b.p[n])
		n++;
	return n;
}

/* Jaro-Winkler is no more than this (1). */
static double most(const struct name_word *a, const struct name_word *b)
{
	unsigned beyond = a->beyond < b->beyond ? a->beyond : b->beyond;
	double m = (double)((unsigned)__builtin_popcountll(a->letters & b->letters) + beyond);
	double jaro = (m / a->points + m / b->points + 1.0) / 3.0;
	return jaro > 1.0 ? 1.0 : jaro + 0.1 * common_prefix(a->text, b->text) * (1.0 - jaro);
}

bool name_word_is_close(const struct name_word *a, const struct name_word *b, double least)
{
	if (a->points == 0 || b->points == 0)
		return false;
	if (!a->is_plain || !b->is_plain)
		return name_text_jw(a->text, b->text) >= least;
	if (most(a, b) + 1e-9 < least)
		return false;
	return similar_bytes_jw((const uint8_t *)a->text.p, a->points, (const uint8_t *)b->text.p,
	                        b->points) >= least;
}

bool name_word_is_one_edit(const struct name_word *a, const struct name_word *b)
{
	uint32_t left[SIMILAR_MAX], right[SIMILAR_MAX];
	int by = (int)a->points - (int)b->points;
	return by >= -1 && by <= 1 &&
	       similar_osa(points_of(a->text, left), points_of(b->text, right), 1) <= 1;
}

bool name_word_sounds_like(const struct name_word *a, const struct name_word *b)
{
	return a->sound != 0 && a->sound == b->sound && a->points > 2 && b->points > 2 &&
	       name_word_is_close(a, b, NAME_SOUND_LIKE);
}

bool name_word_is_initial(const struct name_word *word)
{
	size_t at = 0;
	return word->points == 1 && fold_read(word->text, &at) < FIRST_HAN;
}

bool name_word_begin_alike(const struct name_word *a, const struct name_word *b)
{
	size_t in_a = 0, in_b = 0;
	return a->text.n > 0 && b->text.n > 0 &&
	       fold_read(a->text, &in_a) == fold_read(b->text, &in_b);
}
