/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: advice on the wording of an act, and how often there was any, by office. */
#ifndef CANDOUR_WEB_WORDS_H
#define CANDOUR_WEB_WORDS_H

#include "web/figures.h"
#include "web/practice.h"

#define WORDS_QUARTERS 4 /* shown, the present one first */

/* POST /words/FILE/KIND: advice[] on the texts of a form that is being written. Nothing is kept. */
bool words_take(struct web_request *request, struct web_answer *answer, struct err *err);
/* GET /words: how often, by office and quarter; of nobody in person. */
bool words_show(struct web_request *request, struct web_answer *answer, struct err *err);

/* has_advice, advice[{sentence}] and mend_href of an entry, for whoever wrote it alone; each with
 * the phrase that it is about, read from what was written, as a recorded reading. */
bool words_put_entry(struct web_request *request, struct casebook_reader *reader,
                     const struct casebook_entry *entry, struct str file_number, struct json *into,
                     struct err *err) MUST_USE;

#endif
