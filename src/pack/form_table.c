/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The keys of every element, as tables. */
#include "pack/form.h"

#define TITLE_MAX 200
#define TEXT_MAX 2000
#define NOTE_MAX 4000

#define FORM(name, text, table)                                                                    \
	const struct form name = { .what = text, .keys = table, .count = COUNT_OF(table) }
#define PART(name, text, table) static FORM(name, text, table)

static const struct form_key QUESTION_KEYS[] = {
	{ .name = "matter", .sort = FORM_TEXT, .is_required = true, .max = TEXT_MAX },
	{ .name = "assumed", .sort = FORM_TEXT, .is_required = true, .max = TEXT_MAX },
	{ .name = "ask", .sort = FORM_TEXT, .is_required = true, .max = TEXT_MAX },
};
PART(FORM_QUESTION, "to-check", QUESTION_KEYS);

static const struct form_key MATCHED_KEYS[] = {
	{ .name = "name", .sort = FORM_WORD },   { .name = "home", .sort = FORM_WORD },
	{ .name = "number", .sort = FORM_WORD }, { .name = "place", .sort = FORM_WORD },
	{ .name = "mark", .sort = FORM_WORD },
};
PART(FORM_MATCHED, "as", MATCHED_KEYS);

static const struct form_key MATCHING_KEYS[] = {
	{ .name = "propose", .sort = FORM_SCALAR, .is_required = true },
	{ .name = "answer", .sort = FORM_SCALAR, .is_required = true },
	{ .name = "same", .sort = FORM_SCALAR, .is_required = true },
	{ .name = "apart", .sort = FORM_SCALAR, .is_required = true },
	{ .name = "undecided", .sort = FORM_WORD },
	{ .name = "as", .sort = FORM_BODY, .is_required = true, .of = &FORM_MATCHED },
};
PART(FORM_MATCHING, "matching", MATCHING_KEYS);

static const struct form_key IMPORTED_KEYS[] = {
	{ .name = "day", .sort = FORM_WORD, .is_required = true },
	{ .name = "month", .sort = FORM_WORD, .is_required = true },
	{ .name = "year", .sort = FORM_WORD, .is_required = true },
	{ .name = "none", .sort = FORM_WORD, .is_required = true },
};
PART(FORM_IMPORTED, "as", IMPORTED_KEYS);

static const struct form_key IMPORT_KEYS[] = {
	{ .name = "kind", .sort = FORM_SCALAR, .is_required = true },
	{ .name = "from-age", .sort = FORM_INTEGER, .min = 1, .max = 120 },
	{ .name = "born", .sort = FORM_WORD },
	{ .name = "known", .sort = FORM_WORD },
	{ .name = "as", .sort = FORM_BODY, .of = &FORM_IMPORTED },
};
PART(FORM_IMPORT, "import", IMPORT_KEYS);

static const struct form_key PACK_KEYS[] = {
	{ .name = "name", .sort = FORM_WORD, .is_required = true },
	{ .name = "version", .sort = FORM_VERSION, .is_required = true },
	{ .name = "title", .sort = FORM_TEXT, .is_required = true, .max = TITLE_MAX },
	{ .name = "extends", .sort = FORM_EXTENDS },
	{ .name = "language", .sort = FORM_LANGUAGE, .is_required = true },
	{ .name = "languages", .sort = FORM_WORDS },
	{ .name = "zone", .sort = FORM_TEXT, .is_required = true, .max = 64 },
	{ .name = "calendar", .sort = FORM_WORD, .is_required = true },
	{ .name = "born", .sort = FORM_SCALAR },
	{ .name = "not-older", .sort = FORM_PERIOD },
	{ .name = "unborn-months", .sort = FORM_INTEGER, .min = 0, .max = 12 },
	{ .name = "report", .sort = FORM_SCALAR },
	{ .name = "report-added", .sort = FORM_SCALAR },
	{ .name = "matching", .sort = FORM_BODY, .of = &FORM_MATCHING },
	{ .name = "import", .sort = FORM_ENTRIES, .of = &FORM_IMPORT },
	{ .name = "never", .sort = FORM_WORDS, .is_required = true },
	{ .name = "rest", .sort = FORM_SCALAR, .is_required = true },
	{ .name = "pattern-duty", .sort = FORM_SCALAR },
	{ .name = "vacant-duty", .sort = FORM_SCALAR },
	{ .name = "clock-duty", .sort = FORM_SCALAR },
	{ .name = "broken-duty", .sort = FORM_SCALAR },
	{ .name = "correction-second", .sort = FORM_SCALAR },
	{ .name = "to-check", .sort = FORM_ENTRIES, .of = &FORM_QUESTION },
};
FORM(FORM_PACK, "pack", PACK_KEYS);

static const struct form_key AGENCY_KEYS[] = {
	{ .name = "title", .sort = FORM_TEXT, .is_required = true, .max = TITLE_MAX },
	{ .name = "head", .sort = FORM_WORD },
	{ .name = "chief", .sort = FORM_WORD },
	{ .name = "inspectorate", .sort = FORM_WORD },
	{ .name = "outside", .sort = FORM_YES },
};
FORM(FORM_AGENCY, "agency", AGENCY_KEYS);

static const struct form_key READ_KEYS[] = {
	{ .name = "what",
	  .sort = FORM_CHOICE,
	  .is_required = true,
	  .choices = "own children restricted figures sample nothing" },
	{ .name = "files", .sort = FORM_WORDS },
	{ .name = "states", .sort = FORM_WORDS },
};
PART(FORM_READ, "reads", READ_KEYS);

static const struct form_key OFFICE_KEYS[] = {
	{ .name = "title", .sort = FORM_TEXT, .is_required = true, .max = TITLE_MAX },
	{ .name = "public", .sort = FORM_TEXT, .max = TITLE_MAX },
	{ .name = "agency", .sort = FORM_WORD, .is_required = true },
	{ .name = "line", .sort = FORM_WORD, .is_required = true },
	{ .name = "outside", .sort = FORM_YES },
	{ .name = "independent", .sort = FORM_YES },
	{ .name = "outside-line-of", .sort = FORM_LIST },
	{ .name = "deputies", .sort = FORM_LIST },
	{ .name = "reads", .sort = FORM_ENTRIES, .is_required = true, .of = &FORM_READ },
	{ .name = "retired", .sort = FORM_DATE },
};
FORM(FORM_OFFICE, "office", OFFICE_KEYS);

static const struct form_key FACT_KEYS[] = {
	{ .name = "from", .sort = FORM_WORDS, .is_required = true },
	{ .name = "keep",
	  .sort = FORM_CHOICE,
	  .is_required = true,
	  .choices = "last first highest ever" },
	{ .name = "order", .sort = FORM_WORDS },
	{ .name = "value", .sort = FORM_SCALAR },
};
PART(FORM_FACT, "fact", FACT_KEYS);

static const struct form_key TELL_KEYS[] = {
	{ .name = "title", .sort = FORM_TEXT, .is_required = true, .max = TITLE_MAX },
	{ .name = "kind", .sort = FORM_SCALAR, .is_required = true },
	{ .name = "where", .sort = FORM_MAPPING },
	{ .name = "none", .sort = FORM_TEXT, .is_required = true, .max = TEXT_MAX },
};
PART(FORM_TELL, "tells", TELL_KEYS);

static const struct form_key FILE_KEYS[] = {
	{ .name = "title", .sort = FORM_TEXT, .is_required = true, .max = TITLE_MAX },
	{ .name = "letter", .sort = FORM_LETTER },
	{ .name = "states", .sort = FORM_WORDS, .is_required = true },
	{ .name = "final", .sort = FORM_SOME, .is_required = true },
	{ .name = "rests", .sort = FORM_SOME },
	{ .name = "area", .sort = FORM_SCALAR },
	{ .name = "person", .sort = FORM_YES },
	{ .name = "private", .sort = FORM_YES },
	{ .name = "facts", .sort = FORM_BODIES, .of = &FORM_FACT },
	{ .name = "retired-states", .sort = FORM_MAPPING },
	{ .name = "tells", .sort = FORM_ENTRIES, .of = &FORM_TELL },
};
FORM(FORM_FILE, "file type", FILE_KEYS);

static const struct form_key RELATION_KEYS[] = {
	{ .name = "from", .sort = FORM_SOME, .is_required = true },
	{ .name = "to", .sort = FORM_SOME, .is_required = true },
	{ .name = "both-ways", .sort = FORM_YES },
	{ .name = "apart", .sort = FORM_YES },
	{ .name = "not-with", .sort = FORM_SCALAR },
};
FORM(FORM_RELATION, "relation", RELATION_KEYS);

static const struct form_key UNBORN_KEYS[] = {
	{ .name = "code", .sort = FORM_WORD, .is_required = true },
	{ .name = "early", .sort = FORM_INTEGER, .min = 0, .max = 6 },
};
PART(FORM_UNBORN, "unborn", UNBORN_KEYS);

#define FIELD_KEYS_ALL                                                                             \
	{ .name = "name", .sort = FORM_WORD, .is_required = true },                                \
		{ .name = "type",                                                                  \
		  .sort = FORM_CHOICE,                                                             \
		  .is_required = true,                                                             \
		  .choices = "code codes yes integer date instant month version office file entry" \
		             " duty rows text words name address identifier attachment" },         \
		{ .name = "required", .sort = FORM_REQUIRED },                                     \
		{ .name = "label", .sort = FORM_TEXT, .max = TEXT_MAX },                           \
		{ .name = "hint", .sort = FORM_TEXT, .max = TEXT_MAX },                            \
		{ .name = "repeated", .sort = FORM_YES },                                          \
		{ .name = "max-items", .sort = FORM_INTEGER, .min = 1, .max = 200 },               \
		{ .name = "list", .sort = FORM_WORD }, { .name = "codes", .sort = FORM_CODES },    \
		{ .name = "min", .sort = FORM_INTEGER, .min = -999999999, .max = 999999999 },      \
		{ .name = "max", .sort = FORM_INTEGER, .min = -999999999, .max = 999999999 },      \
		{ .name = "made-by", .sort = FORM_WORD },                                          \
		{ .name = "agrees-on", .sort = FORM_WORD },                                        \
		{ .name = "more-than", .sort = FORM_WORDS },                                       \
		{ .name = "unborn", .sort = FORM_SCALAR_OR_MAPPING, .of = &FORM_UNBORN },          \
		{ .name = "not-after", .sort = FORM_CHOICE, .choices = "now today" },              \
		{ .name = "year-alone", .sort = FORM_YES }, { .name = "of", .sort = FORM_SOME },   \
		{ .name = "protected", .sort = FORM_YES },                                         \
		{ .name = "plain", .sort = FORM_SCALAR }, { .name = "sealed", .sort = FORM_YES },  \
	{                                                                                          \
		.name = "retired", .sort = FORM_DATE                                               \
	}

static const struct form_key COUNTED_KEYS[] = {
	{ .name = "of", .sort = FORM_SOME, .is_required = true },
	{ .name = "field", .sort = FORM_WORD, .is_required = true },
	{ .name = "where", .sort = FORM_MAPPING, .is_required = true },
	{ .name = "through", .sort = FORM_WORD },
	{ .name = "own", .sort = FORM_YES },
	{ .name = "on", .sort = FORM_SOME },
};
PART(FORM_COUNTED, "counted", COUNTED_KEYS);

static const struct form_key COLUMN_KEYS[] = { FIELD_KEYS_ALL };
PART(FORM_COLUMN, "column", COLUMN_KEYS);
static const struct form_key FIELD_KEYS[] = {
	FIELD_KEYS_ALL,
	{ .name = "counted", .sort = FORM_SCALAR_OR_MAPPING, .of = &FORM_COUNTED },
	{ .name = "matched-as",
	  .sort = FORM_CHOICE,
	  .choices = "name birth home number place mark" },
	{ .name = "columns", .sort = FORM_ENTRIES, .of = &FORM_COLUMN },
};
PART(FORM_FIELD, "field", FIELD_KEYS);

static const struct form_key KIND_NEED_KEYS[] = {
	{ .name = "gate", .sort = FORM_SCALAR },
	{ .name = "need", .sort = FORM_COND },
	{ .name = "else", .sort = FORM_TEXT, .max = TEXT_MAX },
	{ .name = "there", .sort = FORM_TEXT, .max = TEXT_MAX },
	{ .name = "when", .sort = FORM_COND },
};
PART(FORM_KIND_NEED, "need", KIND_NEED_KEYS);

static const struct form_key OPEN_KEYS[] = {
	{ .name = "duty", .sort = FORM_SCALAR, .is_required = true },
	{ .name = "when", .sort = FORM_COND },
	{ .name = "each", .sort = FORM_WORD },
	{ .name = "owed-by", .sort = FORM_SCALAR },
	{ .name = "on", .sort = FORM_WORD },
};
PART(FORM_OPEN, "opens", OPEN_KEYS);

static const struct form_key SETTLE_KEYS[] = {
	{ .name = "duty", .sort = FORM_SCALAR, .is_required = true },
	{ .name = "when", .sort = FORM_COND },
	{ .name = "only", .sort = FORM_SCALAR },
	{ .name = "on", .sort = FORM_WORD },
	{ .name = "where", .sort = FORM_COND },
	{ .name = "early", .sort = FORM_YES },
	{ .name = "done", .sort = FORM_WORD },
};
PART(FORM_SETTLE, "settles", SETTLE_KEYS);

static const struct form_key END_KEYS[] = {
	{ .name = "duty", .sort = FORM_SCALAR, .is_required = true },
	{ .name = "when", .sort = FORM_COND },
};
PART(FORM_END, "ends", END_KEYS);

static const struct form_key OFFER_KEYS[] = {
	{ .name = "kind", .sort = FORM_SCALAR, .is_required = true },
	{ .name = "when", .sort = FORM_COND },
};
PART(FORM_OFFER, "offers", OFFER_KEYS);

static const struct form_key LINK_KEYS[] = {
	{ .name = "relation", .sort = FORM_WORD, .is_required = true },
	{ .name = "to", .sort = FORM_WORD, .is_required = true },
};
PART(FORM_LINK, "links", LINK_KEYS);
PART(FORM_UNLINK, "unlinks", LINK_KEYS);

static const struct form_key THEN_KEYS[] = {
	{ .name = "kind", .sort = FORM_SCALAR, .is_required = true },
	{ .name = "on", .sort = FORM_WORD },
	{ .name = "type", .sort = FORM_WORDS },
	{ .name = "when", .sort = FORM_COND },
	{ .name = "set", .sort = FORM_MAPPING },
};
PART(FORM_THEN, "then", THEN_KEYS);

static const struct form_key RESTRICTS_KEYS[] = {
	{ .name = "until", .sort = FORM_WORD, .is_required = true },
	{ .name = "to", .sort = FORM_WORD, .is_required = true },
	{ .name = "entries", .sort = FORM_WORD },
	{ .name = "reason", .sort = FORM_WORD },
	{ .name = "of", .sort = FORM_WORD },
};
PART(FORM_RESTRICTS, "restricts", RESTRICTS_KEYS);

static const struct form_key TAKES_KEYS[] = {
	{ .name = "duties", .sort = FORM_WORD, .is_required = true },
	{ .name = "offered", .sort = FORM_SCALAR, .is_required = true },
};
PART(FORM_TAKES, "takes", TAKES_KEYS);

static const struct form_key LIFTS_KEYS[] = {
	{ .name = "entries", .sort = FORM_WORD },
	{ .name = "of", .sort = FORM_WORD },
};
PART(FORM_LIFTS, "lifts", LIFTS_KEYS);

static const struct form_key KIND_KEYS[] = {
	{ .name = "title", .sort = FORM_TEXT, .is_required = true, .max = 80 },
	{ .name = "file", .sort = FORM_SOME, .is_required = true },
	{ .name = "new", .sort = FORM_YES },
	{ .name = "from", .sort = FORM_SOME },
	{ .name = "to", .sort = FORM_TO },
	{ .name = "by", .sort = FORM_WORDS, .is_required = true },
	{ .name = "any-file", .sort = FORM_WORDS },
	{ .name = "fields", .sort = FORM_ENTRIES, .of = &FORM_FIELD },
	{ .name = "needs", .sort = FORM_ENTRIES, .of = &FORM_KIND_NEED },
	{ .name = "opens", .sort = FORM_RULES, .of = &FORM_OPEN },
	{ .name = "settles", .sort = FORM_RULES, .of = &FORM_SETTLE },
	{ .name = "ends", .sort = FORM_RULES, .of = &FORM_END },
	{ .name = "offers", .sort = FORM_ENTRIES, .of = &FORM_OFFER },
	{ .name = "links", .sort = FORM_ENTRIES, .of = &FORM_LINK },
	{ .name = "unlinks", .sort = FORM_ENTRIES, .of = &FORM_UNLINK },
	{ .name = "then", .sort = FORM_ENTRIES, .of = &FORM_THEN },
	{ .name = "takes", .sort = FORM_BODY, .of = &FORM_TAKES },
	{ .name = "restricts", .sort = FORM_BODY, .of = &FORM_RESTRICTS },
	{ .name = "lifts", .sort = FORM_BODY, .of = &FORM_LIFTS },
	{ .name = "tells-owners", .sort = FORM_SOME },
	{ .name = "watches", .sort = FORM_PERIOD },
	{ .name = "public", .sort = FORM_TEXT, .max = TEXT_MAX },
	{ .name = "action", .sort = FORM_TEXT, .max = 80 },
	{ .name = "note", .sort = FORM_YES },
	{ .name = "weighty", .sort = FORM_YES },
	{ .name = "before-birth", .sort = FORM_YES },
	{ .name = "destroys", .sort = FORM_YES },
	{ .name = "retired", .sort = FORM_DATE },
};
FORM(FORM_KIND, "kind", KIND_KEYS);

static const struct form_key BUILT_IN_KEYS[] = {
	{ .name = "title", .sort = FORM_TEXT, .max = 80 },
	{ .name = "action", .sort = FORM_TEXT, .max = 80 },
	{ .name = "public", .sort = FORM_TEXT, .max = TEXT_MAX },
	{ .name = "opens", .sort = FORM_RULES, .of = &FORM_OPEN },
	{ .name = "settles", .sort = FORM_RULES, .of = &FORM_SETTLE },
};
FORM(FORM_KIND_BUILT_IN, "built-in kind", BUILT_IN_KEYS);

static const struct form_key DUTY_KEYS[] = {
	{ .name = "title", .sort = FORM_TEXT, .is_required = true, .max = TITLE_MAX },
	{ .name = "source", .sort = FORM_TEXT, .is_required = true, .max = TEXT_MAX },
	{ .name = "class",
	  .sort = FORM_CHOICE,
	  .is_required = true,
	  .choices = "statute guidance norm local" },
	{ .name = "certainty",
	  .sort = FORM_CHOICE,
	  .is_required = true,
	  .choices = "sure likely check" },
	{ .name = "owed-by", .sort = FORM_SOME, .is_required = true },
	{ .name = "public", .sort = FORM_TEXT, .max = TITLE_MAX },
	{ .name = "public-late", .sort = FORM_TEXT, .max = TITLE_MAX },
	{ .name = "out-of-hours", .sort = FORM_WORD },
	{ .name = "awaited", .sort = FORM_TEXT, .max = TITLE_MAX },
	{ .name = "from", .sort = FORM_STARTS, .is_required = true },
	{ .name = "within", .sort = FORM_PERIOD, .is_required = true },
	{ .name = "no-later-than", .sort = FORM_SCALAR_OR_MAPPING },
	{ .name = "not-before", .sort = FORM_PERIOD },
	{ .name = "not-older", .sort = FORM_PERIOD },
	{ .name = "ladder", .sort = FORM_SCALAR_OR_MAPPING, .is_required = true },
	{ .name = "extendable", .sort = FORM_CHOICE, .choices = "line-above no" },
	{ .name = "renewals", .sort = FORM_INTEGER, .min = 1, .max = 9 },
	{ .name = "cases", .sort = FORM_CASES },
	{ .name = "retired", .sort = FORM_DATE },
};
FORM(FORM_DUTY, "duty", DUTY_KEYS);

static const struct form_key RUNG_KEYS[] = {
	{ .name = "after", .sort = FORM_PERIOD, .is_required = true },
	{ .name = "tell", .sort = FORM_WORDS },
	{ .name = "one-of", .sort = FORM_WORDS },
	{ .name = "place", .sort = FORM_CHOICE, .choices = "line independent outside" },
	{ .name = "makes", .sort = FORM_SCALAR },
};
PART(FORM_RUNG, "rung", RUNG_KEYS);
static const struct form_key LADDER_KEYS[] = {
	{ .name = "rungs", .sort = FORM_ENTRIES, .is_required = true, .of = &FORM_RUNG },
};
FORM(FORM_LADDER, "ladder", LADDER_KEYS);

static const struct form_key NEED_KEYS[] = {
	{ .name = "need", .sort = FORM_COND, .is_required = true },
	{ .name = "else", .sort = FORM_TEXT, .is_required = true, .max = TEXT_MAX },
	{ .name = "there", .sort = FORM_TEXT, .max = TEXT_MAX },
	{ .name = "when", .sort = FORM_COND },
};
PART(FORM_NEED, "need", NEED_KEYS);
static const struct form_key GATE_KEYS[] = {
	{ .name = "title", .sort = FORM_TEXT, .is_required = true, .max = TITLE_MAX },
	{ .name = "needs", .sort = FORM_ENTRIES, .is_required = true, .of = &FORM_NEED },
};
FORM(FORM_GATE, "gate", GATE_KEYS);

static const struct form_key FOUND_KEYS[] = {
	{ .name = "duty", .sort = FORM_SCALAR, .is_required = true },
	{ .name = "when", .sort = FORM_COND },
	{ .name = "each", .sort = FORM_WORD },
	{ .name = "owed-by", .sort = FORM_SCALAR },
	{ .name = "on", .sort = FORM_SOME },
	{ .name = "type", .sort = FORM_SOME },
};
PART(FORM_FOUND, "opens", FOUND_KEYS);
static const struct form_key PATTERN_KEYS[] = {
	{ .name = "title", .sort = FORM_TEXT, .is_required = true, .max = TITLE_MAX },
	{ .name = "source", .sort = FORM_TEXT, .is_required = true, .max = TEXT_MAX },
	{ .name = "owner", .sort = FORM_SOME, .is_required = true },
	{ .name = "about", .sort = FORM_WORD, .is_required = true },
	{ .name = "through", .sort = FORM_WORDS },
	{ .name = "when", .sort = FORM_COND, .is_required = true },
	{ .name = "opens", .sort = FORM_RULES, .of = &FORM_FOUND },
	{ .name = "once", .sort = FORM_YES },
};
FORM(FORM_PATTERN, "pattern", PATTERN_KEYS);

static const struct form_key ADVICE_KEYS[] = {
	{ .name = "match", .sort = FORM_WORDS, .is_required = true },
	{ .name = "advice", .sort = FORM_TEXT, .is_required = true, .max = NOTE_MAX },
	{ .name = "instead", .sort = FORM_WORDS },
	{ .name = "source", .sort = FORM_TEXT, .is_required = true, .max = TEXT_MAX },
	{ .name = "in", .sort = FORM_WORDS },
	{ .name = "not-next", .sort = FORM_WORDS },
	{ .name = "not-in", .sort = FORM_WORDS },
	{ .name = "under", .sort = FORM_INTEGER, .min = 1, .max = 25 },
	{ .name = "when", .sort = FORM_COND },
};
FORM(FORM_WORD_ADVICE, "word", ADVICE_KEYS);

static const struct form_key INDICATOR_KEYS[] = {
	{ .name = "title", .sort = FORM_TEXT, .is_required = true, .max = TITLE_MAX },
	{ .name = "measure", .sort = FORM_SCALAR_OR_MAPPING },
	{ .name = "of", .sort = FORM_SOME },
	{ .name = "see", .sort = FORM_TEXT, .max = TEXT_MAX },
	{ .name = "recorded", .sort = FORM_WORD },
};
FORM(FORM_INDICATOR, "indicator", INDICATOR_KEYS);

static const struct form_key CALENDAR_KEYS[] = {
	{ .name = "weekend", .sort = FORM_LIST, .is_required = true },
	{ .name = "holidays", .sort = FORM_LIST, .is_required = true },
	{ .name = "published", .sort = FORM_PAIR, .is_required = true },
	{ .name = "rules", .sort = FORM_CHOICE, .choices = "england-wales none" },
	{ .name = "office-hours", .sort = FORM_MAPPING },
};
FORM(FORM_CALENDAR, "calendar", CALENDAR_KEYS);
