/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Each distinct text of a column once: texts get codes 1, 2, 3 … in the order
 * in which they come; 0 stands for a missing one. The hash is seeded, and texts
 * are compared whole: nobody can make two of them one. Private to the room.
 */
#ifndef CANDOUR_MATCH_DICTIONARY_H
#define CANDOUR_MATCH_DICTIONARY_H

#include <stdint.h>

#include "base/base.h"

struct dictionary_text {
	const char *p;
	uint32_t n;
	uint32_t hash;
};

struct dictionary {
	struct pool *pool;
	uint64_t seed;
	struct dictionary_text *texts; /* by code; [0] is empty */
	uint32_t *slots;               /* codes; 0: free */
	uint32_t count;                /* of codes, the missing one included */
	uint32_t room;
	uint32_t mask; /* of slots */
	char **blocks; /* texts that were copied */
	uint32_t block_count;
	uint32_t block_left;
};

/* False: there is no memory. */
bool dictionary_init(struct dictionary *dictionary, struct pool *pool, uint64_t seed) MUST_USE;
void dictionary_finish(struct dictionary *dictionary);

/* Seeded, of all bytes. */
uint64_t dictionary_hash(struct str text, uint64_t seed);

/* The text's code, new or known; the empty text's is 0. `text` must outlast the dictionary.
 * UINT32_MAX: there is no memory. */
uint32_t dictionary_put(struct dictionary *dictionary, struct str text);
/* The same; a text that is new is copied. */
uint32_t dictionary_put_copy(struct dictionary *dictionary, struct str text);
/* One text of several that are put at once. */
struct dictionary_put {
	struct str text;
	uint32_t hash; /* the dictionary's own */
	bool is_copied;
	uint32_t code; /* out, as dictionary_put tells it */
};

#define DICTIONARY_PUTS 32

/* The same for up to DICTIONARY_PUTS texts, in order: what a large dictionary has of each is
 * fetched from memory while others are looked for. */
void dictionary_put_some(struct dictionary *dictionary, struct dictionary_put *puts, size_t count);
/* Room for so many more texts, without any being put. False: there is no memory. */
bool dictionary_reserve(struct dictionary *dictionary, uint32_t more) MUST_USE;
/* 0: it is not there. */
uint32_t dictionary_find(const struct dictionary *dictionary, struct str text);
/* Wipes the text of a code that nothing goes by any more; the code stays empty, and the same text
 * put again gets another. The text was copied. */
void dictionary_forget(struct dictionary *dictionary, uint32_t code);
/* The text of a code. */
struct str dictionary_text(const struct dictionary *dictionary, uint32_t code);

#endif
