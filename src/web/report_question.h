/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: the questions of the public report as data (pages
 * 3.17). The words stand in report_words.c; pages, JSON, checking and the list
 * of answers are all made from this one table.
 */
#ifndef CANDOUR_WEB_REPORT_QUESTION_H
#define CANDOUR_WEB_REPORT_QUESTION_H

#include "web/draft.h"
#include "web/page.h"

enum question_type {
	QUESTION_CHOICE,  /* one code */
	QUESTION_CHOICES, /* any number of codes, kept as a list */
	QUESTION_LINE,
	QUESTION_TEXT,
	QUESTION_DATE, /* three boxes NAME-day, NAME-month, NAME-year */
};

/* Each text has a form for who speaks of herself; NULL: the same. */
struct question_code {
	const char *code;
	const char *text;
	const char *text_me;
	const char *hint;
};

struct question {
	const char *name;
	enum question_type type;
	size_t max; /* characters */
	int rows;   /* of a text */
	bool is_number;
	const char *label;
	const char *label_me;
	const char *hint;
	const char *hint_me;
	const char *required; /* the error when nothing is answered; NULL: may be left out */
	const char *required_me;
	const struct question_code *codes;
	size_t code_count;
};

struct question_page {
	const char *name;  /* of the path: /report/NAME */
	const char *title; /* in short: it stands in the browser's history */
	const char *title_me;
	const char *heading; /* NULL: the label of the first question is the heading */
	const char *heading_me;
	const char *hint;
	const char *hint_me;
	const char *change; /* what "Change" is followed by for who listens */
	bool not_me;        /* left out by who speaks of herself */
	const struct question *questions;
	size_t count;
};

/* In the order asked; files among them, with no questions of their own. */
extern const struct question_page report_pages[];
extern const size_t report_page_count;

/* NULL: no such question. */
const struct question_page *question_page_find(struct str name);
/* The one after it for this voice, or NULL at the end; before it, or NULL at the start. */
const struct question_page *question_page_next(const struct question_page *page, bool is_me);
const struct question_page *question_page_before(const struct question_page *page, bool is_me);
/* "Question 3 of 8". */
void question_page_step(const struct question_page *page, bool is_me, int *n, int *of);

/* A text of a pair, by voice; p NULL for NULL. */
struct str question_text(const char *other, const char *me, bool is_me);
/* The text of a code as it was shown; the code itself when it is none of these. */
/* Characters that the question of that name takes; 0: it has no limit, or there is none such. */
size_t question_max(struct str name);
/* What is said of a text past `max` characters (0: no limit), under `name`; p NULL: it fits. */
struct str question_too_long(struct arena *arena, struct str name, size_t max, struct str text);
struct str question_code_text(const struct question *question, struct str code, bool is_me);

/*
 * Reads the answers of a page from a form or JSON into `answers` (an object of
 * the draft's) and notes what is wrong in the model's errors. True: nothing is.
 */
bool question_page_read(struct web_request *request, const struct question_page *page, bool is_me,
                        struct json *answers, struct json *model);

/* Adds `questions` to the model, each with its value out of `answers` and its error. */
void question_page_show(struct web_request *request, const struct question_page *page, bool is_me,
                        const struct json *answers, struct json *model);

/* The day of three boxes as it was answered; false: nothing, or no day. */
bool question_day(const struct json *answers, const char *name, struct arena *arena,
                  struct day *out) MUST_USE;

#endif
