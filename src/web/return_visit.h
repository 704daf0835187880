/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the file that a code opened, as long as the visit lasts. */
#ifndef CANDOUR_WEB_RETURN_VISIT_H
#define CANDOUR_WEB_RETURN_VISIT_H

#include "web/draft.h"
#include "web/owed.h"
#include "web/page.h"

struct return_visit {
	struct draft draft;
	bool is_open;
	struct str file;   /* id */
	struct str notice; /* said once on the next page; empty: none */
};

/* For CLEANUP: return_visit_finish. */
bool return_visit_open(struct web_request *request, struct return_visit *out,
                       struct err *err) MUST_USE;
void return_visit_finish(struct return_visit *visit);
/* Keeps the file for this visit; the code itself is not kept. */
bool return_visit_keep(struct web_request *request, struct web_answer *answer,
                       struct return_visit *visit, struct str file, struct str notice,
                       struct err *err) MUST_USE;

/* Acts of whoever holds the code. */
#define RETURN_WORDS_MAX 10000 /* characters */

/*
 * The visit and its file. False: err says why, or err->code is ERR_NONE and
 * the answer leads to where a code is typed.
 */
bool return_open(struct web_request *request, struct web_answer *answer, struct return_visit *visit,
                 struct owed *owed, struct err *err) MUST_USE;
/* Sends more of whoever holds the code: her words, what came with the form, and `fields` besides.
 */
bool return_submit(struct web_request *request, const struct owed *owed, struct str words,
                   struct json *fields, struct casebook_answer *sent, struct err *err) MUST_USE;
/* What was not admitted, as errors of the model. False: it could not be told, and err says why. */
bool return_refused(struct web_request *request, struct json *model,
                    const struct casebook_answer *sent, struct err *err) MUST_USE;

/* The status model of a file; template "public/status". */
bool return_show_status(struct web_request *request, struct web_answer *answer,
                        const struct owed *owed, struct str notice, struct json *errors_of,
                        struct err *err) MUST_USE;

#endif
