/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: first set-up, one thing a page. The set-up code, the
 * first administrator and the second factor come first, before anybody can
 * sign in; the rest is asked of whoever signed in as administrator, kept as a
 * draft, and recorded as one entry when the answers were checked.
 */
#ifndef CANDOUR_WEB_SETUP_H
#define CANDOUR_WEB_SETUP_H

#include "web/practice.h"

#define SETUP_STEPS 9 /* questions, the check among them */

/* The handlers. */
bool setup_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool setup_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool setup_account_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool setup_account_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool setup_factor_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool setup_factor_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool setup_question_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool setup_question_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool setup_check_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool setup_check_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool setup_done_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool particulars_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool particulars_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool shares_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool shares_new_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool shares_new_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool share_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool share_take(struct web_request *request, struct web_answer *answer, struct err *err);

/* --- what the pages share ------------------------------------------------------------------- */

/* A page of set-up: its model, as a question of so many. */
struct json *setup_begin(struct web_request *request, struct str page, struct str title,
                         struct str back, int step);

enum setup_look {
	SETUP_LINE,
	SETUP_AREA,
	SETUP_SECRET,
};
struct setup_field {
	struct str name;
	struct str label;
	struct str hint;
	struct str value;
	enum setup_look look;
	bool is_heading; /* its label is the page's h1 */
};
/* Adds a field to model.fields, with its error if there is one already. */
void setup_put_field(struct web_request *request, struct json *model,
                     const struct setup_field *field);
/* One row of what is told beside a question: model.facts. */
void setup_put_fact(struct web_request *request, struct json *model, struct str label,
                    struct str text);

/* What stands round the fields of a question. */
struct setup_round {
	struct str action;   /* path that it is posted to */
	struct str lede;     /* empty: none */
	struct str inset;    /* likewise */
	struct json *choice; /* the one thing that is asked for instead of fields; NULL: fields */
	bool has_title;      /* its title is the page's h1; else its one field's label is */
};
/* Answers the page, 422 when something was found wrong. */
bool setup_ask(struct web_request *request, struct web_answer *answer, struct json *model,
               const struct setup_round *round, struct err *err) MUST_USE;

/* Whether the office that acts is one of a register-administrator. */
bool setup_is_administrator(struct web_request *request, bool *is, struct err *err) MUST_USE;
/* The same; false with a redirect (err->code unset) or ERR_REFUSED when it is not. */
bool setup_must_administer(struct web_request *request, struct web_answer *answer,
                           struct err *err) MUST_USE;

/* --- the answers ---------------------------------------------------------------------------- */

/* What was answered so far: the draft's words, else those that the register says already. */
struct setup_answers {
	struct web_request *request;
	const struct casebook_particular *all;
	size_t count;
	struct json *draft; /* name to text; of ours, to be changed */
	struct str submission;
};
bool setup_answers_load(struct web_request *request, struct setup_answers *out,
                        struct err *err) MUST_USE;
bool setup_answers_save(struct setup_answers *answers, struct err *err) MUST_USE;
struct str setup_answer(const struct setup_answers *answers, struct str name);
/* Path of the first question that wants an answer; "/setup/check" when all have one. */
struct str setup_next(const struct setup_answers *answers);

/* Whether a question of that name asks for this particular, and must have an answer. */
bool setup_asks(struct str question, const struct casebook_particular *one);
bool setup_wants(const struct casebook_particular *one);
/* "england-wales" and "england, version 1, hash …": what is agreed to now. */
struct str setup_calendar(struct web_request *request);
struct str setup_rules(struct web_request *request);

#endif
