/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what looks alike, in words. */
#ifndef CANDOUR_WEB_ALIKE_H
#define CANDOUR_WEB_ALIKE_H

#include "people/people.h"
#include "web/practice.h"

/* How sure it is, in words: "Could be the same person". */
struct str alike_certainty(const struct people_found *found);
struct str alike_words_of(enum match_hit_kind kind, double weight);

/*
 * What was compared: rows[{field, what, mine, theirs, level, agree, is_for, is_against}], without
 * what says nothing. agree: "strong", "some", "against". theirs: as it was written, where `said`
 * has it. They hold words of both: for a viewer who opened them.
 */
struct json *alike_rows(struct arena *arena, const struct match_reasons *reasons,
                        const struct people_said *said, size_t count);

/* Files that the words may mean, and that this viewer may know of, as rows of the page of finding;
 * each that is shown is read, for `why`. *is_cut: there may be more. */
bool alike_find(struct web_request *request, struct casebook_reader *reader, struct str words,
                struct str why, struct json *results, bool *is_cut, struct err *err) MUST_USE;
/* Of the index: "The index is being built: 40,000 of 100,000 …"; empty: it is ready. */
struct str alike_warming(struct web_request *request);

#endif
