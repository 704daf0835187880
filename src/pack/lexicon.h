/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: the phrases of words.yaml, made ready to be looked for.
 * A phrase is words with one blank between them; `*` ends a word that may go
 * on in any way, `_` stands for up to three words.
 */
#ifndef CANDOUR_PACK_LEXICON_H
#define CANDOUR_PACK_LEXICON_H

#include "pack/loader.h"

#define LEXICON_GAP 3        /* words that `_` may stand for */
#define LEXICON_WORDS_MAX 12 /* of one phrase */
#define LEXICON_GAPS_MAX 2
#define LEXICON_BUCKETS 256

/* One word of a phrase, as it is compared. */
struct lexicon_word {
	const int32_t *points;
	size_t count;
	bool goes_on;  /* any ending */
	bool is_after; /* up to three words may stand before it */
};

struct lexicon_phrase {
	const struct lexicon_phrase *next; /* of its bucket */
	const struct pack_word *of;
	struct lexicon_word *words;
	size_t count;
};

/* By the first two letters of the first word. */
struct pack_lexicon {
	const struct lexicon_phrase *buckets[LEXICON_BUCKETS];
};

/* The bucket of a word that begins with these; `second` 0: it has one letter. */
size_t lexicon_bucket(int32_t first, int32_t second);

/* Reads one phrase of a scalar; false and an error noted when it is none. */
bool lexicon_read(struct loader *loader, struct str about, const struct yaml *node,
                  struct lexicon_phrase *out);

#endif
