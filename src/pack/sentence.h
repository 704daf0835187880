/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: the words of the public's report in English, for a pack
 * that says nothing of its own. The build makes the table out of
 * packs/england/texts/en.yaml, in the order of the bytes of its paths.
 */
#ifndef CANDOUR_PACK_SENTENCE_H
#define CANDOUR_PACK_SENTENCE_H

#include <stddef.h>

struct sentence {
	const char *path; /* "report.page.danger.title" */
	const char *text;
};

extern const struct sentence pack_sentences[];
extern const size_t pack_sentence_count;

#endif
