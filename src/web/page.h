/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: a page is a model, made once, that a template renders
 * or that goes out as JSON. Every model has the same envelope:
 *
 *   page title lang voice area service now back exit step errors has_errors
 *   csrf form{submission, fields{}} assets{css, js} banner session
 *
 * Helpers put times, duties and entries into it in one shape everywhere.
 */
#ifndef CANDOUR_WEB_PAGE_H
#define CANDOUR_WEB_PAGE_H

#include "web/site.h"

/* What a page says of itself. Texts live as long as the request. */
struct page_head {
	struct str page;  /* "report.child" */
	struct str title; /* in short, without the area; empty: the area alone */
	struct str voice; /* "me" or "other"; empty: other */
	struct str back;  /* path; empty: none */
	int step;         /* question n of `steps`; 0: none */
	int steps;
};

/* A model with its envelope; NULL members when the arena is out, noticed by page_answer. */
struct json *page_begin(struct web_request *request, const struct page_head *head);

/*
 * Renders `template` ("public/start") over `model`, or gives the model as JSON
 * to those who want that. answer->status is left as it is.
 */
bool page_answer(struct web_request *request, struct web_answer *answer, struct str template,
                 struct json *model, struct err *err) MUST_USE;

/* Adds {field, href "#field", text} to the errors and sets has_errors. */
void page_error(struct web_request *request, struct json *model, struct str field, struct str text);
/* The errors of a FAILED answer; those without a field stand with `field`. */
void page_answer_errors(struct web_request *request, struct json *model,
                        const struct casebook_answer *failed, struct str field);
/* The text of the error of a field, or p NULL. */
struct str page_error_of(const struct json *model, struct str field);
/* Sets one of form.fields, and the submission. */
void page_field(struct web_request *request, struct json *model, struct str name, struct str value);
void page_submission(struct web_request *request, struct json *model, struct str submission);

/* {iso, text}: "Thursday 19 November 2026, 10:12am". */
struct json *page_time(struct web_request *request, instant at);
/* {iso, text}: "today at 2:12pm", "Monday 16 November 2026, 9am". */
struct json *page_time_near(struct web_request *request, instant at);
/* {iso, text}: "17 Nov 2026, 3:20pm", as tables say it. */
struct json *page_time_short(struct web_request *request, instant at);
/* {iso, text}: "11:05am" where that is today, else as page_time_near. */
struct json *page_time_clock(struct web_request *request, instant at);
/* {iso, text}: "the end of Monday 16 November", "2:12pm today". */
struct json *page_time_due(struct web_request *request, instant due);
/*
 * When an entry was written: as page_time_near. What the register did by itself when a day ended
 * is said as its ladder says it, "the end of Monday 16 November": midnight names neither day.
 */
struct json *page_time_entry(struct web_request *request, const struct casebook_entry *entry,
                             instant at);
/* Whether it is such an entry, and `at` such a moment. */
bool page_ends_day(const struct web_request *request, const struct casebook_entry *entry,
                   instant at);
/* {s, text}: "2 days late". */
struct json *page_late(struct web_request *request, instant due, instant until);

/* The zone of the register's pack. */
const struct zone *page_zone(const struct web_request *request);

/*
 * The duty object of every page: rule, id, what, class, source,
 * file, office, opened, due, first_due, state, late, ladder, settled, actions
 * (empty: the page fills it).
 */
bool page_duty(struct web_request *request, struct casebook_reader *reader,
               const struct casebook_duty *duty, struct json **out, struct err *err) MUST_USE;
/* The ladder alone: who was told, who is next, who stands outside. */
bool page_ladder(struct web_request *request, struct casebook_reader *reader,
                 const struct casebook_duty *duty, struct json **out, struct err *err) MUST_USE;
/* "Team manager", "Team manager and Headteacher", "Team manager, Headteacher and GP"; at most
 * `most` offices by name: "Team manager and 2 others". */
struct str page_offices(struct arena *arena, const struct str *titles, size_t count, size_t most);
/* Who is told next of an open duty, so, in short. Empty: nobody more. */
bool page_told_next(struct web_request *request, struct casebook_reader *reader,
                    const struct casebook_duty *duty, struct str *out, struct err *err) MUST_USE;
/*
 * The entry object: n, kind, title, happened, recorded, received, apart, office,
 * sealed{state "sealed" or "none", words null}, beside, tags. Opens no seal.
 */
bool page_entry(struct web_request *request, struct casebook_reader *reader,
                const struct casebook_entry *entry, struct json **out, struct err *err) MUST_USE;

/* An owner as rules name it: "the manager of the office that the entry names"; a role is called by
 * its title. */
struct str page_owner(struct arena *arena, const struct pack_owner *owner);

/* The person's words for an office: the title, and the agency's. */
bool page_office(struct web_request *request, struct casebook_reader *reader, struct str office,
                 struct json **out, struct err *err) MUST_USE;

#endif
