/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The questions of the public report. What they say stands in the pack (texts/en.yaml). */
#include "web/report_question.h"

static const char *const DANGER[] = { "yes", "no", "unknown" };
static const char *const ABOUT[] = { "me", "child", "several", "place-or-adult" };
static const struct question DANGER_QUESTIONS[] = {
	{ .name = "danger-now",
	  .type = QUESTION_CHOICE,
	  .is_required = true,
	  .codes = DANGER,
	  .code_count = COUNT_OF(DANGER) },
	{ .name = "about",
	  .type = QUESTION_CHOICE,
	  .is_required = true,
	  .codes = ABOUT,
	  .code_count = COUNT_OF(ABOUT) },
};

static const struct question CHILD_QUESTIONS[] = {
	{ .name = "child", .type = QUESTION_LINE, .max = 200 },
	{ .name = "age-said", .type = QUESTION_LINE, .max = 2, .is_number = true },
	{ .name = "born", .type = QUESTION_DATE },
	{ .name = "home", .type = QUESTION_TEXT, .max = 500, .rows = 2 },
	{ .name = "school", .type = QUESTION_LINE, .max = 200 },
	{ .name = "others", .type = QUESTION_TEXT, .max = 500, .rows = 2 },
};

static const char *const HARM[] = { "physical",
	                            "emotional",
	                            "neglect",
	                            "sexual",
	                            "sexual-exploitation",
	                            "missing",
	                            "criminal-exploitation",
	                            "taken",
	                            "domestic-abuse-witnessed",
	                            "other",
	                            "unknown" };
static const struct question HAPPENING_QUESTIONS[] = {
	{ .name = "happening",
	  .type = QUESTION_TEXT,
	  .max = 10000,
	  .rows = 8,
	  .is_required = true },
	{ .name = "harm", .type = QUESTION_CHOICES, .codes = HARM, .code_count = COUNT_OF(HARM) },
};

static const char *const WHEN_KIND[] = { "now", "before", "ahead", "unknown" };
static const struct question WHEN_QUESTIONS[] = {
	{ .name = "when-kind",
	  .type = QUESTION_CHOICE,
	  .codes = WHEN_KIND,
	  .code_count = COUNT_OF(WHEN_KIND) },
	{ .name = "when", .type = QUESTION_LINE, .max = 500 },
	{ .name = "where", .type = QUESTION_TEXT, .max = 500, .rows = 3 },
};

static const char *const YES_NO_UNKNOWN[] = { "yes", "no", "unknown" };
static const struct question SAID_QUESTIONS[] = {
	{ .name = "said", .type = QUESTION_TEXT, .max = 10000, .rows = 6 },
	{ .name = "child-knows",
	  .type = QUESTION_CHOICE,
	  .codes = YES_NO_UNKNOWN,
	  .code_count = COUNT_OF(YES_NO_UNKNOWN) },
};

static const char *const WAY[] = { "none", "phone", "text", "email", "through" };
static const char *const IF_OTHER[] = { "hang-up", "wrong-number", "as-written" };
static const struct question CONTACT_QUESTIONS[] = {
	{ .name = "way", .type = QUESTION_CHOICE, .codes = WAY, .code_count = COUNT_OF(WAY) },
	{ .name = "contact", .type = QUESTION_TEXT, .max = 300, .rows = 2 },
	{ .name = "contact-when", .type = QUESTION_LINE, .max = 200 },
	{ .name = "if-other",
	  .type = QUESTION_CHOICE,
	  .codes = IF_OTHER,
	  .code_count = COUNT_OF(IF_OTHER) },
	{ .name = "if-other-say", .type = QUESTION_LINE, .max = 200 },
	{ .name = "phrase", .type = QUESTION_LINE, .max = 100 },
};

static const char *const WHO[] = { "no", "yes" };
static const char *const RELATION[] = { "child",  "parent",   "relative",   "friend", "neighbour",
	                                "school", "hospital", "youth-work", "public" };
static const char *const TELL_FAMILY[] = { "yes" };
static const struct question YOU_QUESTIONS[] = {
	{ .name = "who", .type = QUESTION_CHOICE, .codes = WHO, .code_count = COUNT_OF(WHO) },
	{ .name = "name", .type = QUESTION_LINE, .max = 200 },
	{ .name = "relation",
	  .type = QUESTION_CHOICE,
	  .codes = RELATION,
	  .code_count = COUNT_OF(RELATION) },
	{ .name = "tell-family",
	  .type = QUESTION_CHOICES,
	  .codes = TELL_FAMILY,
	  .code_count = COUNT_OF(TELL_FAMILY) },
};

#define QUESTIONS(list) .questions = (list), .count = COUNT_OF(list)

const struct question_page report_pages[] = {
	{ .name = "danger", QUESTIONS(DANGER_QUESTIONS) },
	{ .name = "child", QUESTIONS(CHILD_QUESTIONS) },
	{ .name = "happening", QUESTIONS(HAPPENING_QUESTIONS) },
	{ .name = "when-where", QUESTIONS(WHEN_QUESTIONS) },
	{ .name = "words", .not_me = true, QUESTIONS(SAID_QUESTIONS) },
	{ .name = "files" },
	{ .name = "contact", QUESTIONS(CONTACT_QUESTIONS) },
	{ .name = "you", .not_me = true, QUESTIONS(YOU_QUESTIONS) },
};
const size_t report_page_count = COUNT_OF(report_pages);
