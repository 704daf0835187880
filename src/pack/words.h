/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Advice on words: where a text holds a phrase of words.yaml. It reads the text
 * once, changes and keeps nothing, and knows no language of its own.
 */
#ifndef CANDOUR_PACK_WORDS_H
#define CANDOUR_PACK_WORDS_H

#include "base/base.h"
#include "pack/condition.h"
#include "pack/model.h"

/* Where in the text which phrase stands. */
struct pack_advice {
	const struct pack_word *word;
	size_t from; /* bytes of the text */
	size_t to;
};

/* Whether advice on it is due for whoever the text is about: `under` and `when` of the word. */
typedef bool pack_word_applies(void *ctx, const struct pack_word *word);

/* By name, or NULL: a version of the pack may have left it out. */
const struct pack_word *pack_word_find(const struct pack *pack, struct str name);

/* Whose text it is. */
struct pack_look {
	const struct pack *pack;
	const struct pack_kind *kind;   /* of the act; NULL: none */
	const struct pack_field *field; /* its type decides; what is no text is never looked at */
	pack_word_applies *applies;     /* asked once a phrase was found; NULL: always */
	void *ctx;
};

/*
 * The phrases of `text` from left to right, the longest at each place, at most
 * `max`; those between quotation marks are passed over. Answers how many.
 */
size_t pack_words_find(const struct pack_look *look, struct str text, struct pack_advice *out,
                       size_t max);
/* Whether its `under` and `when` hold of the file that `world` shows. */
bool pack_word_is_due(const struct pack_word *word, const struct pack_world *world, bool *is_due,
                      struct err *err) MUST_USE;
/* Whether a field of this sort is looked at at all: never a person's own words. */
bool pack_words_reads(const struct pack *pack, const struct pack_field *field);

#endif
