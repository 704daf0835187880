/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: the form of an act, drawn from the pack. One form for
 * every kind; what a field looks like follows from its type alone.
 */
#ifndef CANDOUR_WEB_ACT_FORM_H
#define CANDOUR_WEB_ACT_FORM_H

#include "web/draft.h"
#include "web/kept_form.h"
#include "web/near.h"
#include "web/practice.h"

#define ACT_ROWS 2      /* empty rows that a table shows */
#define ACT_ROWS_MORE 5 /* when more were asked for */

/* One form, as long as its request. */
struct act_form {
	struct web_request *request;
	struct casebook_reader *reader;
	const struct pack_kind *kind;
	bool is_new; /* it begins a file: `file` is not set */
	struct casebook_file file;
	struct casebook_access access;
	struct str office; /* the file is this office's, and the kind speaks of it; else empty */
	struct str office_title;
	struct casebook_duty_list duties; /* of the file */
	struct json *fields;          /* what is filled in: kept, sent, or asked for by the path */
	instant kept_at;              /* 0: nothing was kept */
	const struct json *kept_when; /* the two times as they were kept; NULL: none */
	const struct casebook_entry *waiting; /* second.given: the act that waits */
	struct near_list near;                /* files that its fields may mean; once is_near */
	bool is_near;
	struct str more; /* the table that was asked for more rows; empty: none */
	const struct casebook_advice *advice; /* on the words of `fields`, once has_advice */
	size_t advice_count;
	bool has_advice;
	bool is_words_checked; /* it was asked for, before sending */
	struct str path;       /* where it is posted; p NULL: to its file and kind */
	struct json *model;
};

/* Finds file and kind of the path; ERR_ABSENT: none for this viewer. */
bool act_form_find(struct act_form *form, struct err *err) MUST_USE;
/* The kind alone: known, and made by people in a form of this sort. */
bool act_form_kind(struct act_form *form, struct err *err) MUST_USE;
/* True with a redirect: this act, with the fields read so far, asks for password and digits anew.
 */
bool act_must_prove(struct act_form *form, struct web_answer *answer);
/* The same for a file that was not found, so that nobody learns by the emergency way in which there
 * are. */
bool act_must_prove_first(struct act_form *form, struct web_answer *answer, const struct err *err);
/* Sets form->fields to what was kept, or to nothing. */
bool act_load_kept(struct act_form *form, struct err *err) MUST_USE;
/* "C-418", or "new". */
struct str act_form_file(const struct act_form *form);
/* "/files/C-418/KIND". */
struct str act_form_path(const struct act_form *form);

/* Whether a field is asked: not those the register fills in, nor an office that the file gives. */
bool act_field_is_asked(const struct act_form *form, const struct pack_field *field);
/* What a field is called on the form. */
struct str act_field_label(const struct pack_kind *kind, const struct pack_field *field);
/* The model of a field with its value and error: type flags, options, boxes. */
bool act_field_put(struct act_form *form, const struct pack_field *field, const struct json *value,
                   struct json *into, struct err *err) MUST_USE;
/* What can be chosen: [{value, text, id, is_on}]; *has false: the type has no choices. */
bool act_options_put(struct act_form *form, const struct pack_field *field,
                     const struct json *value, struct str name, struct json *object,
                     struct err *err) MUST_USE;

/* The fields of a posted form or JSON body as one object. */
struct json *act_read(struct act_form *form);
/* Names that the form does not have become errors of the model, so that nothing sent is left out in
 * silence; true: there are some. A program's are refused in the turn. */
bool act_read_undeclared(struct act_form *form);
/* Boxes of a name: three as "2026-11-26", four as an instant; empty when all are, and what is no
 * day or time as it was typed. */
struct str act_read_day(const struct act_form *form, struct str name);
struct str act_read_instant(const struct act_form *form, struct str name);

/* When it happened, and when it reached whoever writes, if another time was given. */
struct act_when {
	bool has_happened;
	instant happened;
	bool has_received;
	instant received;
};
/* False: what is wrong stands in the model's errors. */
bool act_when_read(struct act_form *form, struct act_when *out);
/* The same; behind what is wrong with the fields, so that a page comes back once. False: it cannot
 * be told. */
bool act_when_take(struct act_form *form, struct act_when *out, bool *is_right,
                   struct err *err) MUST_USE;
/* when[]: {name, legend, hint, d, m, y, t, error, said} as they were typed. said: what a summary
 * calls it; empty: nothing was typed. */
void act_when_put(struct act_form *form);
/* The fields as a draft keeps them: with the two times as they were typed. */
const struct json *act_when_keep(const struct act_form *form);
/* Takes the two times of a draft out of the fields that it kept. */
void act_when_restore(struct act_form *form);

/* The newest entry of the file that whoever sends it had before him, as the form or the program
 * says. */
bool act_read_seen(const struct act_form *form, int64_t *seen);

/* Whether a line of the kind settles such a duty of the file: that of the office that acts, or the
 * one that is chosen. *is_perhaps: if it is chosen, as nothing is yet. Which of several is due
 * first, and how old the act may be, is not asked. */
bool act_means(const struct act_form *form, const struct pack_settle *line,
               const struct casebook_duty *duty, bool *is_perhaps);
/* Whether an open duty of the same rule is due before the other. */
bool act_is_before(const struct casebook_duty *duty, const struct casebook_duty *other);
/* settles[], opens[]: what it does, before it is written. */
bool act_does_put(struct act_form *form, struct err *err) MUST_USE;

/* Looks once for phrases to advise on in the fields. */
bool act_words_read(struct act_form *form, struct err *err) MUST_USE;
/* is_advised and advice[{word, found, sentence, text, instead}] of one field. */
void act_words_put(const struct act_form *form, const struct pack_field *field,
                   struct json *object);
/* has_words, note_advice[], words_href, words_checked of the page. */
void act_words_put_page(struct act_form *form);
/* has_advice and advice[{sentence, label, …}] of the page where it is looked at once more. */
bool act_words_put_confirm(struct act_form *form, struct err *err) MUST_USE;
/* advice[] of a program's answer. */
bool act_words_put_program(struct act_form *form, struct json *model, struct err *err) MUST_USE;

/* Files of the form, as they arrive; without a file in the path, of a call. */
extern const struct web_sink act_sink;
/* Adds what arrived to the fields. */
void act_upload_merge(struct act_form *form);
/* A field that a file was sent under and that holds none; p NULL: there is none such. */
struct str act_upload_undeclared(const struct act_form *form);
/* Sentences of what could not be taken become errors of the model; true: there are some. */
bool act_upload_errors(struct act_form *form);

bool act_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool act_take(struct web_request *request, struct web_answer *answer, struct err *err);
/* The same form once more, filled, with its errors; draws the page. */
bool act_form_answer(struct act_form *form, struct web_answer *answer, struct err *err) MUST_USE;
/* Sets form->model to the form's page, without errors yet. */
bool act_form_begin(struct act_form *form, struct err *err) MUST_USE;

/* missing[] of a refused act, late first: {gate, text, is_late, has_acts, acts[{text, href, office,
 * due, late_text}]}. href null: it is not for this office. */
bool act_supply_put(struct act_form *form, const struct casebook_answer *given, struct json *into,
                    struct err *err) MUST_USE;

/* What came of it, other than admitted or failed. */
bool act_answer_refused(struct act_form *form, const struct casebook_answer *given,
                        struct web_answer *answer, struct err *err) MUST_USE;
/* Somebody decided meanwhile: the form comes back filled, with what came in between. */
bool act_answer_since(struct act_form *form, const struct casebook_answer *given,
                      struct web_answer *answer, struct err *err) MUST_USE;
bool act_answer_waiting(struct act_form *form, const struct casebook_answer *given,
                        struct web_answer *answer, struct err *err) MUST_USE;
/* Before a weighty act is written, or one that a gate guards for what it says: *is_answered with
 * its errors, or with what follows from it, to be confirmed. */
bool act_confirm(struct act_form *form, const struct act_when *when, struct web_answer *answer,
                 bool *is_answered, struct err *err) MUST_USE;
/* A program's answer. */
bool act_answer_program(struct act_form *form, const struct casebook_answer *given,
                        struct web_answer *answer, struct err *err) MUST_USE;

#endif
