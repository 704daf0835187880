/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The words of the public report, in English, in two voices. */
#include "web/report_question.h"

static const struct question_code YES_NO_UNKNOWN[] = {
	{ "yes", "Yes", NULL, NULL },
	{ "no", "No", NULL, NULL },
	{ "unknown", "I do not know", NULL, NULL },
};

/* --- danger ---------------------------------------------------------------------------------- */

static const struct question_code DANGER[] = {
	{ "yes", "Yes, right now", NULL, NULL },
	{ "no", "No", NULL, NULL },
	{ "unknown", "I do not know", NULL, NULL },
};
static const struct question_code ABOUT[] = {
	{ "me", "Me", NULL, NULL },
	{ "child", "A child or young person I know", NULL, NULL },
	{ "several", "Several children", NULL, NULL },
	{ "place-or-adult", "A place, or an adult I am worried about", NULL, NULL },
};
static const struct question DANGER_QUESTIONS[] = {
	{ .name = "danger-now",
	  .type = QUESTION_CHOICE,
	  .label = "Is somebody in danger right now?",
	  .label_me = "Are you in danger right now?",
	  .hint = "For example: being hurt now, locked in, in a car with somebody, has taken "
	          "something, or has nowhere safe tonight.",
	  .required = "Choose if somebody is in danger right now",
	  .required_me = "Choose if you are in danger right now",
	  .codes = DANGER,
	  .code_count = COUNT_OF(DANGER) },
	{ .name = "about",
	  .type = QUESTION_CHOICE,
	  .label = "Who is it about?",
	  .required = "Choose who it is about",
	  .codes = ABOUT,
	  .code_count = COUNT_OF(ABOUT) },
};

/* --- who ------------------------------------------------------------------------------------- */

static const struct question CHILD_QUESTIONS[] = {
	{ .name = "child",
	  .type = QUESTION_LINE,
	  .max = 200,
	  .label = "Name or nickname",
	  .label_me = "What may we call you?" },
	{ .name = "age-said",
	  .type = QUESTION_LINE,
	  .max = 2,
	  .is_number = true,
	  .label = "Age, if you know it. A guess is fine.",
	  .label_me = "How old are you?" },
	{ .name = "born", .type = QUESTION_DATE, .label = "Date of birth (optional)" },
	{ .name = "home",
	  .type = QUESTION_TEXT,
	  .max = 500,
	  .rows = 2,
	  .label = "Where do they live?",
	  .label_me = "Where do you live?",
	  .hint = "Address, street, or part of town" },
	{ .name = "school", .type = QUESTION_LINE, .max = 200, .label = "School or nursery" },
	{ .name = "others",
	  .type = QUESTION_TEXT,
	  .max = 500,
	  .rows = 2,
	  .label = "Other children in the home" },
};

/* --- what ------------------------------------------------------------------------------------ */

static const struct question_code HARM[] = {
	{ "physical", "Hurt on the body", NULL, NULL },
	{ "emotional", "Shouted at, threatened or frightened at home", NULL, NULL },
	{ "neglect", "Not fed, not looked after, left alone", NULL, NULL },
	{ "sexual", "Sexual touching, pictures, or asked for them", NULL, NULL },
	{ "sexual-exploitation", "Older people giving lifts, gifts, drink or drugs", NULL, NULL },
	{ "missing", "Going missing", NULL, NULL },
	{ "criminal-exploitation", "Made to carry or sell things", NULL, NULL },
	{ "taken", "Taken to another country, marriage or cutting", NULL, NULL },
	{ "domestic-abuse-witnessed", "Violence between adults", NULL, NULL },
	{ "other", "Something else", NULL, NULL },
	{ "unknown", "I do not know", NULL, NULL },
};
static const struct question HAPPENING_QUESTIONS[] = {
	{ .name = "happening",
	  .type = QUESTION_TEXT,
	  .max = 10000,
	  .rows = 8,
	  .label = "What is happening?",
	  .label_me = "What is happening to you?",
	  .hint = "Use your own words. They are kept exactly as you write them.",
	  .required = "Write something about what is happening, even a few words" },
	{ .name = "harm",
	  .type = QUESTION_CHOICES,
	  .label = "Is any of this part of it? (optional)",
	  .hint = "Choose any that fit, or none.",
	  .codes = HARM,
	  .code_count = COUNT_OF(HARM) },
};

/* --- when and where -------------------------------------------------------------------------- */

static const struct question_code WHEN_KIND[] = {
	{ "now", "It is going on now", NULL, NULL },
	{ "before", "It happened before", NULL, NULL },
	{ "ahead", "I think it will happen", NULL, NULL },
	{ "unknown", "I do not know", NULL, NULL },
};
static const struct question WHEN_QUESTIONS[] = {
	{ .name = "when-kind",
	  .type = QUESTION_CHOICE,
	  .label = "When is it?",
	  .codes = WHEN_KIND,
	  .code_count = COUNT_OF(WHEN_KIND) },
	{ .name = "when",
	  .type = QUESTION_LINE,
	  .max = 500,
	  .label = "When? A day, a month, \"before the summer\" is fine" },
	{ .name = "where",
	  .type = QUESTION_TEXT,
	  .max = 500,
	  .rows = 3,
	  .label = "Where? A street, a shop, a flat, a car, an app or game" },
};

/* --- words ----------------------------------------------------------------------------------- */

static const struct question SAID_QUESTIONS[] = {
	{ .name = "said",
	  .type = QUESTION_TEXT,
	  .max = 10000,
	  .rows = 6,
	  .label = "Write it as they said it, in their language if you can",
	  .hint = "You do not need to ask them more questions. It is better not to." },
	{ .name = "child-knows",
	  .type = QUESTION_CHOICE,
	  .label = "Does the child know you are telling us?",
	  .codes = YES_NO_UNKNOWN,
	  .code_count = COUNT_OF(YES_NO_UNKNOWN) },
};

/* --- contact --------------------------------------------------------------------------------- */

static const struct question_code WAY[] = {
	{ "none", "No. I will come back with my code", NULL, "Safest" },
	{ "phone", "Phone call", NULL, NULL },
	{ "text", "Text message", NULL,
	  "Anyone who sees your phone may see it. It will only say: \"Your message is ready.\"" },
	{ "email", "E-mail", NULL,
	  "Others may read your e-mail, and it may show on a locked screen. It will not say what it "
	  "is about." },
	{ "through", "Through somebody I trust", NULL,
	  "A teacher, a nurse, a friend's parent: write who, and how we reach them." },
};
static const struct question_code IF_OTHER[] = {
	{ "hang-up", "Hang up", NULL, NULL },
	{ "wrong-number", "Say it is a wrong number", NULL, NULL },
	{ "as-written", "What I write in the box below", NULL, NULL },
};
static const struct question CONTACT_QUESTIONS[] = {
	{ .name = "way",
	  .type = QUESTION_CHOICE,
	  .label = "How may we reach you?",
	  .codes = WAY,
	  .code_count = COUNT_OF(WAY) },
	{ .name = "contact",
	  .type = QUESTION_TEXT,
	  .max = 300,
	  .rows = 2,
	  .label = "Your number or address, or who it is that you trust",
	  .hint = "Leave this empty if you come back with your code." },
	{ .name = "contact-when", .type = QUESTION_LINE, .max = 200, .label = "When is it safe?" },
	{ .name = "if-other",
	  .type = QUESTION_CHOICE,
	  .label = "What may we say if somebody else answers?",
	  .codes = IF_OTHER,
	  .code_count = COUNT_OF(IF_OTHER) },
	{ .name = "if-other-say", .type = QUESTION_LINE, .max = 200, .label = "Say this instead" },
	{ .name = "phrase",
	  .type = QUESTION_LINE,
	  .max = 100,
	  .label = "A word we say so that you know it is us (optional)" },
};

/* --- you ------------------------------------------------------------------------------------- */

static const struct question_code WHO[] = {
	{ "no", "No, I want to stay anonymous", NULL,
	  "We will not know who you are unless your words tell us. We do not store your internet "
	  "address." },
	{ "yes", "Yes", NULL, NULL },
};
static const struct question_code RELATION[] = {
	{ "child", "I am the child", NULL, NULL },
	{ "parent", "I am a parent or carer", NULL, NULL },
	{ "relative", "I am family", NULL, NULL },
	{ "friend", "I am a friend", NULL, NULL },
	{ "neighbour", "I am a neighbour", NULL, NULL },
	{ "school", "I work at a school or nursery", NULL, NULL },
	{ "hospital", "I work in health", NULL, NULL },
	{ "youth-work", "I work with children somewhere else", NULL, NULL },
	{ "public", "None of these", NULL, NULL },
};
static const struct question_code TELL_FAMILY[] = {
	{ "yes", "You may tell the family it was me", NULL, NULL },
};
static const struct question YOU_QUESTIONS[] = {
	{ .name = "who",
	  .type = QUESTION_CHOICE,
	  .label = "Do you want to tell us who you are?",
	  .codes = WHO,
	  .code_count = COUNT_OF(WHO) },
	{ .name = "name", .type = QUESTION_LINE, .max = 200, .label = "Your name" },
	{ .name = "relation",
	  .type = QUESTION_CHOICE,
	  .label = "How do you know the child?",
	  .codes = RELATION,
	  .code_count = COUNT_OF(RELATION) },
	{ .name = "tell-family",
	  .type = QUESTION_CHOICES,
	  .label = "May the family know?",
	  .codes = TELL_FAMILY,
	  .code_count = COUNT_OF(TELL_FAMILY) },
};

/* --- the pages ------------------------------------------------------------------------------- */

#define QUESTIONS(list) .questions = (list), .count = COUNT_OF(list)

const struct question_page report_pages[] = {
	{ .name = "danger",
	  .title = "Right now",
	  .change = "if somebody is in danger right now, and who it is about",
	  QUESTIONS(DANGER_QUESTIONS) },
	{ .name = "child",
	  .title = "Who is it about",
	  .title_me = "About you",
	  .heading = "Who is the child?",
	  .heading_me = "Tell us about you",
	  .hint = "Write what you know. A first name, a nickname or \"the boy from number 12\" can be "
	          "enough.",
	  .hint_me = "Leave out what you do not want to say. You can add it later.",
	  .change = "who it is about",
	  QUESTIONS(CHILD_QUESTIONS) },
	{ .name = "happening",
	  .title = "What is happening",
	  .change = "what is happening",
	  QUESTIONS(HAPPENING_QUESTIONS) },
	{ .name = "when-where",
	  .title = "When and where",
	  .heading = "When and where?",
	  .heading_me = "When and where does it happen?",
	  .change = "when and where it happens",
	  QUESTIONS(WHEN_QUESTIONS) },
	{ .name = "words",
	  .title = "What was said",
	  .heading = "Did the child say anything?",
	  .change = "what was said",
	  .not_me = true,
	  QUESTIONS(SAID_QUESTIONS) },
	{ .name = "files",
	  .title = "Photos and messages",
	  .heading = "Do you have a photo, message or recording?",
	  .change = "photos, messages or recordings" },
	{ .name = "contact",
	  .title = "Contact",
	  .heading = "May we contact you?",
	  .heading_me = "Is it safe for us to contact you?",
	  .change = "how we may contact you",
	  QUESTIONS(CONTACT_QUESTIONS) },
	{ .name = "you",
	  .title = "About you",
	  .change = "who you are",
	  .not_me = true,
	  QUESTIONS(YOU_QUESTIONS) },
};
const size_t report_page_count = COUNT_OF(report_pages);
