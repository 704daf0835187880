/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: the questions of the public report as data. Pages,
 * JSON, checking and the list of answers are all made from this one table;
 * the words stand in the pack, under report.page.PAGE and
 * report.question.NAME.
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

struct question {
	const char *name;
	enum question_type type;
	size_t max; /* characters */
	int rows;   /* of a text */
	bool is_number;
	bool is_required;
	const char *const *codes;
	size_t code_count;
};

struct question_page {
	const char *name; /* of the path: /report/NAME */
	bool not_me;      /* left out by who speaks of herself */
	const struct question *questions;
	size_t count;
};

/* In the order asked; files among them, with no questions of their own. */
extern const struct question_page report_pages[];
extern const size_t report_page_count;

/* NULL: no such question. */
const struct question_page *question_page_find(struct str name);
/* Whether the report of this pack has a field for its answer: else it is not asked. */
bool question_is_asked(const struct web_request *request, const struct question *question);
/* Whether something is asked on the page, of this voice. */
bool question_page_is_asked(const struct web_request *request, const struct question_page *page,
                            bool is_me);
/* The one after it for this voice, or NULL at the end; before it, or NULL at the start. */
const struct question_page *question_page_next(const struct web_request *request,
                                               const struct question_page *page, bool is_me);
const struct question_page *question_page_before(const struct web_request *request,
                                                 const struct question_page *page, bool is_me);
/* "Question 3 of 8". */
void question_page_step(const struct web_request *request, const struct question_page *page,
                        bool is_me, int *n, int *of);

/*
 * Words of the report by the pack: "page", "danger", "title". For who speaks of
 * herself those of WHAT-me, where there are any. Empty: the pack says nothing.
 */
struct str question_words(const struct web_request *request, const char *sort, const char *name,
                          const char *what, bool is_me);
/* What stands above a page: its heading, else the label of its first question. */
struct str question_heading(const struct web_request *request, const struct question_page *page,
                            bool is_me);
/* Characters that the question of that name takes; 0: it has no limit, or there is none such. */
size_t question_max(struct str name);
/* What is said of a text past `max` characters (0: no limit), under `name`; p NULL: it fits. */
struct str question_too_long(struct arena *arena, struct str name, size_t max, struct str text);
/* The text of a code as it was shown; the code itself when it is none of these. */
struct str question_code_text(const struct web_request *request, const struct question *question,
                              struct str code, bool is_me);

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
