/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: a report in the making, and its way into the register. */
#ifndef CANDOUR_WEB_REPORT_H
#define CANDOUR_WEB_REPORT_H

#include "web/draft.h"
#include "web/page.h"
#include "web/report_question.h"

#define REPORT_FILES_MAX 10

/* Draft and what of it is asked all the time; for CLEANUP: report_finish. */
struct report {
	struct draft draft;
	struct json *answers;
	struct json *files;           /* values of casebook_upload_end */
	const struct json *own_words; /* of what was sent by another road; NULL: the answers' */
	bool is_me;
	bool is_found; /* it was sent, its answer never arrived and the draft is gone: what was
	                  recorded is told before all else */
};

bool report_open(struct web_request *request, struct report *out, struct err *err) MUST_USE;
void report_finish(struct report *report);
/* The id under which the draft will be sent; the same for every press. */
struct str report_submission(struct web_request *request, struct report *report);

/* The fields of the kind, out of the answers. */
struct json *report_fields(struct web_request *request, const struct report *report);

/* Those of how somebody may be reached alone. */
void report_contact_fields(struct web_request *request, const struct json *answers,
                           struct json *fields);

/*
 * The fields of a short report out of a form or
 * JSON. False: errors of `model` say what is wrong with which key.
 */
bool report_short_fields(struct web_request *request, struct json *model, struct json **out);

/* That short report as a schema of JSON. */
struct json *report_short_schema(struct arena *arena);

/*
 * What was sent, into the draft: the code until it is written down, and her
 * own words where `keep-words` asked for them.
 */
void report_keep_sent(struct web_request *request, struct report *report,
                      const struct casebook_answer *answer);
/* Like it, where what was sent is not these answers: they stay. */
void report_keep_code(struct web_request *request, struct report *report,
                      const struct casebook_answer *answer);
/* A post with nothing left to send: leads to what was sent under its submission, else to `begin`.
 */
bool report_without_answers(struct web_request *request, struct web_answer *answer,
                            struct report *report, struct str begin, struct err *err) MUST_USE;
/* Leads to what was recorded, kept for another hour. */
bool report_tell_found(struct web_request *request, struct web_answer *answer,
                       struct report *report, struct err *err) MUST_USE;
/* The writer's own receipt while it may be had, with what proves her words; else the shorter one.
 */
bool report_receipt(struct web_request *request, const struct casebook_answer *sent,
                    struct str *out, struct err *err) MUST_USE;
/* The verifier key that promises are signed with, in the request's arena. */
bool report_promise_key(struct web_request *request, struct str *out, struct err *err) MUST_USE;
/* A program's answer: the code, once, with the receipt and its promise. */
bool report_tell_program(struct web_request *request, struct web_answer *answer,
                         const struct casebook_answer *sent);
/* Whether something was recorded under this id of a report. */
bool report_find(struct web_request *request, struct str submission, struct casebook_answer *out,
                 bool *is_found, struct err *err) MUST_USE;
/* The id of a report, as the register is given it. */
struct str report_submission_id(struct web_request *request, struct str submission);
/* The answer back out of the draft; false: nothing was sent. */
bool report_sent(const struct report *report, struct casebook_answer *out, bool *is_confirmed);

/* The page of what was sent, its code still on it unless confirmed. */
bool report_show_done(struct web_request *request, struct web_answer *answer,
                      const struct report *report, const struct casebook_answer *sent,
                      bool is_confirmed, struct err *err) MUST_USE;

/* The table's handlers. */
bool report_question_get(struct web_request *request, struct web_answer *answer, struct err *err);
bool report_question_post(struct web_request *request, struct web_answer *answer, struct err *err);
bool report_danger_now(struct web_request *request, struct web_answer *answer, struct err *err);
bool report_files_post(struct web_request *request, struct web_answer *answer, struct err *err);
bool report_check_get(struct web_request *request, struct web_answer *answer, struct err *err);
bool report_check_post(struct web_request *request, struct web_answer *answer, struct err *err);
bool report_whole_post(struct web_request *request, struct web_answer *answer, struct err *err);
bool report_done_get(struct web_request *request, struct web_answer *answer, struct err *err);
bool report_done_post(struct web_request *request, struct web_answer *answer, struct err *err);
bool report_note(struct web_request *request, struct web_answer *answer, struct err *err);
bool report_proof(struct web_request *request, struct web_answer *answer, struct err *err);
bool report_promise(struct web_request *request, struct web_answer *answer, struct err *err);

extern const struct web_sink report_files_sink;
/*
 * What the sink took, as values for the field `files`; NULL: no upload came.
 * A page that answers an upload asks for it: an upload of /report/files that
 * nobody asked after has broken off, and what came whole is kept in the draft.
 */
struct json *report_files_taken(struct web_request *request);
/* The one of that number, as a form names it, is left out again. */
void report_file_away(struct json *files, struct str which);
/* Adds those that are not among `files` yet. False: there would be too many. */
bool report_files_keep(struct web_request *request, struct json *files, const struct json *taken);
/* Notes in the model that the last upload broke off, until another one arrives. */
void report_files_broke(struct web_request *request, const struct report *report,
                        struct json *model);
/* Notes in the model what of an upload did not arrive. True: all did. */
bool report_files_errors(struct web_request *request, struct json *model);
/* {name, size, n} rows of attachments. */
struct json *report_files_rows(struct web_request *request, const struct json *files);

#endif
