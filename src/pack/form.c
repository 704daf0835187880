/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stage 2: walks the tables of form_table.c over the sections of a pack. */
#include "pack/form.h"

#include "pack/built_in.h"
#include "pack/name.h"

#define KEYS_MAX 32
#define DEPTH_MAX 6

static void check_body(struct loader *loader, const struct form *form, struct str about,
                       const struct yaml *body, int depth);

/* "expected X, found Y" for a value. */
static void expected(struct loader *loader, struct str about, const struct form_key *key,
                     const struct yaml *value, const char *what)
{
	if (value->type == YAML_SCALAR)
		loader_error_at(loader, value, "%.*s: %s is \"%.*s\"; expected %s", STR_ARG(about),
		                key->name, STR_ARG(str_sub(value->text, 0, 60)), what);
	else
		loader_error_at(loader, value, "%.*s: %s is a %s; expected %s", STR_ARG(about),
		                key->name, value->type == YAML_MAPPING ? "mapping" : "list", what);
}

static size_t cut_words(const char *choices, struct str *words)
{
	struct str rest = str_from_c(choices), word;
	size_t count = 0;
	while (count < KEYS_MAX && str_cut(&rest, ' ', &word))
		words[count++] = word;
	return count;
}

static void check_choice(struct loader *loader, struct str about, const struct form_key *key,
                         const struct yaml *value)
{
	struct str words[KEYS_MAX];
	size_t count = cut_words(key->choices, words);
	for (size_t i = 0; i < count; i++) {
		if (str_eq(words[i], value->text))
			return;
	}
	loader_error_at(loader, value, "%.*s: %s is \"%.*s\"; no such %s%.*s", STR_ARG(about),
	                key->name, STR_ARG(str_sub(value->text, 0, 60)), key->name,
	                STR_ARG(loader_nearest(loader, value->text, words, count)));
}

static void check_integer(struct loader *loader, struct str about, const struct form_key *key,
                          const struct yaml *value)
{
	int64_t number;
	if (!scalar_integer(value->text, &number))
		expected(loader, about, key, value, "a whole number");
	else if (number < key->min || number > key->max)
		loader_error_at(loader, value,
		                "%.*s: %s is %" PRId64 "; expected %" PRId64 " to %" PRId64,
		                STR_ARG(about), key->name, number, key->min, key->max);
}

static void check_yes(struct loader *loader, struct str about, const struct form_key *key,
                      const struct yaml *value)
{
	if (str_eq(value->text, STR("yes")) || str_eq(value->text, STR("no")))
		return;
	bool is_true = str_eq(value->text, STR("true")),
	     is_false = str_eq(value->text, STR("false"));
	expected(loader, about, key, value,
	         is_true    ? "yes or no; write yes"
	         : is_false ? "yes or no; write no"
	                    : "yes or no");
}

static void check_scalar(struct loader *loader, struct str about, const struct form_key *key,
                         const struct yaml *value)
{
	struct day day;
	struct str version = value->text, name;
	switch (key->sort) {
	case FORM_TEXT:
		if (value->text.n == 0)
			expected(loader, about, key, value, "a text; leave the key out for none");
		else if (value->text.n > (size_t)key->max)
			loader_error_at(loader, value,
			                "%.*s: %s has %zu bytes; expected at most %" PRId64,
			                STR_ARG(about), key->name, value->text.n, key->max);
		break;
	case FORM_WORD:
		if (!name_is_word(value->text))
			expected(loader, about, key, value,
			         "a name of a-z, 0-9 and single hyphens");
		break;
	case FORM_YES:
		check_yes(loader, about, key, value);
		break;
	case FORM_INTEGER:
		check_integer(loader, about, key, value);
		break;
	case FORM_DATE:
		if (!day_read(value->text, &day))
			expected(loader, about, key, value, "a date, YYYY-MM-DD");
		break;
	case FORM_VERSION:
		if (!name_is_version(value->text))
			expected(loader, about, key, value, "MAJOR.MINOR.PATCH");
		break;
	case FORM_LANGUAGE:
		if (!name_is_language(value->text))
			expected(loader, about, key, value, "a language tag such as en");
		break;
	case FORM_LETTER:
		if (!name_is_letter(value->text))
			expected(loader, about, key, value, "one to three capitals");
		break;
	case FORM_CHOICE:
		check_choice(loader, about, key, value);
		break;
	case FORM_EXTENDS:
		if (!str_cut(&version, ' ', &name) || !name_is_word(name) ||
		    !name_is_version(version))
			expected(loader, about, key, value, "NAME VERSION");
		break;
	case FORM_REQUIRED:
		check_yes(loader, about, key, value);
		break;
	case FORM_SCALAR:
	case FORM_WORDS:
	case FORM_LIST:
	case FORM_PAIR:
	case FORM_SOME:
	case FORM_STARTS:
	case FORM_PERIOD:
	case FORM_COND:
	case FORM_TO:
	case FORM_CODES:
	case FORM_SCALAR_OR_MAPPING:
	case FORM_MAPPING:
	case FORM_BODY:
	case FORM_BODIES:
	case FORM_ENTRIES:
	case FORM_RULES:
	case FORM_CASES:
		break;
	}
}

static void check_words(struct loader *loader, struct str about, const struct form_key *key,
                        const struct yaml *value, bool may_be_empty)
{
	if (value->type != YAML_SEQUENCE || (value->count == 0 && !may_be_empty)) {
		expected(loader, about, key, value, "a list of names");
		return;
	}
	for (const struct yaml *item = value->first; item; item = item->next) {
		if (item->type != YAML_SCALAR) {
			expected(loader, about, key, item, "a name");
			continue;
		}
		for (const struct yaml *other = value->first; other != item; other = other->next) {
			if (str_eq(other->text, item->text)) {
				loader_error_at(loader, item, "%.*s: %s names \"%.*s\" twice",
				                STR_ARG(about), key->name, STR_ARG(item->text));
				break;
			}
		}
	}
}

/* A rule named twice without a condition would do the same thing twice. */
static void check_twice(struct loader *loader, struct str about, const struct form_key *key,
                        const struct yaml *list, const struct yaml *item)
{
	for (const struct yaml *other = list->first; other != item; other = other->next) {
		if (other->type == YAML_SCALAR && str_eq(other->text, item->text)) {
			loader_error_at(loader, item, "%.*s: %s names \"%.*s\" twice",
			                STR_ARG(about), key->name, STR_ARG(item->text));
			return;
		}
	}
}

static void check_entries(struct loader *loader, struct str about, const struct form_key *key,
                          const struct yaml *value, int depth)
{
	bool scalars = key->sort == FORM_RULES;
	if (value->type != YAML_SEQUENCE || (value->count == 0 && key->is_required)) {
		expected(loader, about, key, value, "a list");
		return;
	}
	for (const struct yaml *item = value->first; item; item = item->next) {
		if (item->type == YAML_MAPPING)
			check_body(loader, key->of, about, item, depth + 1);
		else if (item->type != YAML_SCALAR || !scalars)
			expected(loader, about, key, item,
			         scalars ? "a rule or a mapping" : "a mapping");
		else
			check_twice(loader, about, key, value, item);
	}
}

static void check_bodies(struct loader *loader, struct str about, const struct form_key *key,
                         const struct yaml *value, int depth)
{
	if (value->type != YAML_MAPPING) {
		expected(loader, about, key, value, "NAME: body");
		return;
	}
	for (const struct yaml *item = value->first; item; item = item->next) {
		struct str name = arena_format(loader->errors_arena, "%.*s: %s %.*s",
		                               STR_ARG(about), key->of->what, STR_ARG(item->key));
		if (!name_is_word(item->key))
			loader_error_key(loader, item,
			                 "%.*s: a name is a-z, 0-9 and single hyphens, at most"
			                 " %d bytes",
			                 STR_ARG(name), NAME_MAX_BYTES);
		check_body(loader, key->of, name, item, depth + 1);
	}
}

static void check_codes(struct loader *loader, struct str about, const struct form_key *key,
                        const struct yaml *value)
{
	check_words(loader, about, key, value, false);
	if (value->count > 200)
		loader_error_at(loader, value, "%.*s: %s has %zu codes; expected at most 200",
		                STR_ARG(about), key->name, value->count);
}

static void check_cases(struct loader *loader, struct str about, const struct form_key *key,
                        const struct yaml *value)
{
	static const char *const REQUIRED[] = { "start", "due", "why" };
	if (value->type != YAML_SEQUENCE) {
		expected(loader, about, key, value, "a list of { start, due, why }");
		return;
	}
	for (const struct yaml *row = value->first; row; row = row->next) {
		if (row->type != YAML_MAPPING) {
			expected(loader, about, key, row, "{ start, due, why }");
			continue;
		}
		for (size_t i = 0; i < COUNT_OF(REQUIRED); i++) {
			const struct yaml *at = yaml_member(row, str_from_c(REQUIRED[i]));
			instant moment;
			if (!at)
				loader_error_at(loader, row, "%.*s: a case has no \"%s\"",
				                STR_ARG(about), REQUIRED[i]);
			else if (at->type != YAML_SCALAR ||
			         (i < 2 && !instant_read(at->text, &moment)))
				loader_error_at(loader, at, "%.*s: a case's %s is no %s",
				                STR_ARG(about), REQUIRED[i],
				                i < 2 ? "instant such as 2026-05-22T15:59:00Z"
				                      : "sentence");
		}
	}
}

static void check_starts(struct loader *loader, struct str about, const struct form_key *key,
                         const struct yaml *value)
{
	const struct yaml *item = value->type == YAML_SEQUENCE ? value->first : value;
	if (!item)
		expected(loader, about, key, value, "recorded, or what else it counts from");
	for (; item; item = value->type == YAML_SEQUENCE ? item->next : NULL) {
		if (item->type == YAML_SEQUENCE)
			expected(loader, about, key, item,
			         "a name, or { first: … } or { last: … }");
		for (const struct yaml *other = value->first;
		     value->type == YAML_SEQUENCE && other != item; other = other->next) {
			if (item->type == YAML_SCALAR && other->type == YAML_SCALAR &&
			    str_eq(other->text, item->text))
				loader_error_at(loader, item, "%.*s: %s names \"%.*s\" twice",
				                STR_ARG(about), key->name, STR_ARG(item->text));
		}
	}
}

static void check_to(struct loader *loader, struct str about, const struct form_key *key,
                     const struct yaml *value)
{
	if (value->type == YAML_SCALAR)
		return;
	const struct yaml *by = value->type == YAML_MAPPING ? yaml_member(value, STR("by")) : NULL;
	const struct yaml *by_state =
		value->type == YAML_MAPPING ? yaml_member(value, STR("by-state")) : NULL;
	const struct yaml *to = value->type == YAML_MAPPING ? yaml_member(value, STR("to")) : NULL;
	if (!by == !by_state ||
	    (by_state && (!to || value->count != 2 || to->type != YAML_SCALAR))) {
		expected(loader, about, key, value,
		         "STATE, { by: FIELD, CODE: STATE } or { by-state: [STATE], to: STATE }");
		return;
	}
	if (by_state) {
		check_words(loader, about, key, by_state, false);
		return;
	}
	for (const struct yaml *item = value->first; item; item = item->next) {
		if (item->type != YAML_SCALAR)
			expected(loader, about, key, item, "a state");
	}
}

static void check_value(struct loader *loader, struct str about, const struct form_key *key,
                        const struct yaml *value, int depth)
{
	switch (key->sort) {
	case FORM_WORDS:
	case FORM_LIST:
		check_words(loader, about, key, value, key->sort == FORM_LIST);
		return;
	case FORM_PAIR:
		if (value->type != YAML_SEQUENCE || value->count != 2 ||
		    value->first->type != YAML_SCALAR || value->last->type != YAML_SCALAR)
			expected(loader, about, key, value, "a list of two");
		return;
	case FORM_SOME:
		if (value->type != YAML_SCALAR)
			check_words(loader, about, key, value, false);
		return;
	case FORM_STARTS:
		check_starts(loader, about, key, value);
		return;
	case FORM_PERIOD:
	case FORM_COND:
	case FORM_MAPPING:
		if (value->type != YAML_MAPPING || value->count == 0)
			expected(loader, about, key, value,
			         key->sort == FORM_PERIOD
			                 ? "a period, { hours | days | working-days | months: N }"
			                 : "a mapping with at least one pair");
		return;
	case FORM_REQUIRED:
		if (value->type == YAML_MAPPING)
			return;
		break;
	case FORM_SCALAR_OR_MAPPING:
		if (value->type == YAML_SEQUENCE)
			expected(loader, about, key, value, "a name or a mapping");
		else if (value->type == YAML_MAPPING && key->of)
			check_body(loader, key->of, about, value, depth + 1);
		return;
	case FORM_TO:
		check_to(loader, about, key, value);
		return;
	case FORM_CODES:
		check_codes(loader, about, key, value);
		return;
	case FORM_BODY:
		check_body(loader, key->of, about, value, depth + 1);
		return;
	case FORM_BODIES:
		check_bodies(loader, about, key, value, depth);
		return;
	case FORM_ENTRIES:
	case FORM_RULES:
		check_entries(loader, about, key, value, depth);
		return;
	case FORM_CASES:
		check_cases(loader, about, key, value);
		return;
	case FORM_TEXT:
	case FORM_WORD:
	case FORM_SCALAR:
	case FORM_YES:
	case FORM_INTEGER:
	case FORM_DATE:
	case FORM_VERSION:
	case FORM_LANGUAGE:
	case FORM_LETTER:
	case FORM_CHOICE:
	case FORM_EXTENDS:
		break;
	}
	if (value->type != YAML_SCALAR)
		expected(loader, about, key, value, "one value");
	else
		check_scalar(loader, about, key, value);
}

static const struct form_key *key_of(const struct form *form, struct str name)
{
	for (size_t i = 0; i < form->count; i++) {
		if (str_eq(str_from_c(form->keys[i].name), name))
			return &form->keys[i];
	}
	return NULL;
}

static void unknown_key(struct loader *loader, const struct form *form, struct str about,
                        const struct yaml *member)
{
	struct str known[KEYS_MAX];
	for (size_t i = 0; i < form->count; i++)
		known[i] = str_from_c(form->keys[i].name);
	loader_error_key(loader, member, "%.*s has key \"%.*s\"; no such key%.*s", STR_ARG(about),
	                 STR_ARG(str_sub(member->key, 0, 60)),
	                 STR_ARG(loader_nearest(loader, member->key, known, form->count)));
}

static void check_body(struct loader *loader, const struct form *form, struct str about,
                       const struct yaml *body, int depth)
{
	if (body->type != YAML_MAPPING || depth > DEPTH_MAX) {
		loader_error_key(loader, body, "%.*s has no keys; expected a mapping",
		                 STR_ARG(about));
		return;
	}
	for (const struct yaml *member = body->first; member; member = member->next) {
		const struct form_key *key = key_of(form, member->key);
		if (key)
			check_value(loader, about, key, member, depth);
		else
			unknown_key(loader, form, about, member);
	}
	for (size_t i = 0; i < form->count; i++) {
		if (form->keys[i].is_required && !yaml_member(body, str_from_c(form->keys[i].name)))
			loader_error_key(loader, body, "%.*s has no \"%s\"", STR_ARG(about),
			                 form->keys[i].name);
	}
}

/* --- names of elements ----------------------------------------------------------------------- */

static bool name_is_good(enum section section, struct str name)
{
	switch (section) {
	case SECTION_KINDS:
		return name_is_kind(name);
	case SECTION_DUTIES:
		return name_is_rule(name, 'T');
	case SECTION_GATES:
		return name_is_rule(name, 'G');
	case SECTION_PATTERNS:
		return name_is_rule(name, 'K');
	case SECTION_INDICATORS:
		return name.n > 0 && name.n <= NAME_MAX_BYTES;
	case SECTION_TEXTS:
		return name_is_language(name);
	case SECTION_AGENCIES:
	case SECTION_OFFICES:
	case SECTION_LISTS:
	case SECTION_FILES:
	case SECTION_RELATIONS:
	case SECTION_LADDERS:
	case SECTION_WORDS:
	case SECTION_CALENDARS:
		return name_is_word(name);
	case SECTION_PACK:
	case SECTION_COUNT:
		break;
	}
	return true;
}

static const char *name_form(enum section section)
{
	switch (section) {
	case SECTION_KINDS:
		return "words joined by dots, such as concern.received";
	case SECTION_DUTIES:
		return "T and a number, such as T07";
	case SECTION_GATES:
		return "G and a number, such as G2";
	case SECTION_PATTERNS:
		return "K and a number, such as K03";
	case SECTION_TEXTS:
		return "a language tag";
	case SECTION_INDICATORS:
	case SECTION_AGENCIES:
	case SECTION_OFFICES:
	case SECTION_LISTS:
	case SECTION_FILES:
	case SECTION_RELATIONS:
	case SECTION_LADDERS:
	case SECTION_WORDS:
	case SECTION_CALENDARS:
	case SECTION_PACK:
	case SECTION_COUNT:
		break;
	}
	return "a-z, 0-9 and single hyphens, at most 64 bytes";
}

static void check_list(struct loader *loader, struct str about, const struct yaml *list)
{
	size_t codes = 0;
	if (list->type != YAML_MAPPING || list->count == 0) {
		loader_error_key(loader, list, "%.*s has no codes; expected CODE: title",
		                 STR_ARG(about));
		return;
	}
	for (const struct yaml *code = list->first; code; code = code->next) {
		bool is_closed = str_eq(code->key, STR("closed"));
		struct form_key key = { .name = "closed", .sort = FORM_YES };
		codes += !is_closed;
		if (is_closed && code->type == YAML_SCALAR &&
		    (str_eq(code->text, STR("yes")) || str_eq(code->text, STR("no"))))
			continue;
		if (is_closed)
			expected(loader, about, &key, code, "yes or no");
		else if (!name_is_word(code->key))
			loader_error_key(loader, code,
			                 "%.*s: code \"%.*s\" is not written as a-z, 0-9 and"
			                 " single hyphens",
			                 STR_ARG(about), STR_ARG(str_sub(code->key, 0, 60)));
	}
	if (codes > 200)
		loader_error_key(loader, list, "%.*s has %zu codes; expected at most 200",
		                 STR_ARG(about), codes);
}

static void check_sentences(struct loader *loader, struct str about, const struct yaml *texts)
{
	for (const struct yaml *text = texts->first; text; text = text->next) {
		if (text->type != YAML_SCALAR)
			loader_error_key(loader, text, "%.*s: %.*s is no sentence", STR_ARG(about),
			                 STR_ARG(text->key));
	}
}

static void check_section(struct loader *loader, enum section section, const struct form *form,
                          const char *what)
{
	for (const struct yaml *body = loader->whole->roots[section]->first; body;
	     body = body->next) {
		struct str about = section == SECTION_KINDS
		                           ? body->key
		                           : arena_format(loader->errors_arena, "%s %.*s", what,
		                                          STR_ARG(str_sub(body->key, 0, 100)));
		if (!name_is_good(section, body->key))
			loader_error_key(loader, body, "%s \"%.*s\" is no name; expected %s", what,
			                 STR_ARG(str_sub(body->key, 0, 60)), name_form(section));
		if (section == SECTION_KINDS && built_in_kind(body->key))
			check_body(loader, &FORM_KIND_BUILT_IN, about, body, 0);
		else if (form)
			check_body(loader, form, about, body, 0);
		else if (section == SECTION_LISTS)
			check_list(loader, about, body);
		else
			check_sentences(loader, about, body);
	}
}

void form_check(struct loader *loader)
{
	check_body(loader, &FORM_PACK, STR("pack"), loader->whole->roots[SECTION_PACK], 0);
	check_section(loader, SECTION_AGENCIES, &FORM_AGENCY, "agency");
	check_section(loader, SECTION_OFFICES, &FORM_OFFICE, "office");
	check_section(loader, SECTION_LISTS, NULL, "list");
	check_section(loader, SECTION_FILES, &FORM_FILE, "file type");
	check_section(loader, SECTION_RELATIONS, &FORM_RELATION, "relation");
	check_section(loader, SECTION_KINDS, &FORM_KIND, "kind");
	check_section(loader, SECTION_DUTIES, &FORM_DUTY, "duty");
	check_section(loader, SECTION_LADDERS, &FORM_LADDER, "ladder");
	check_section(loader, SECTION_GATES, &FORM_GATE, "gate");
	check_section(loader, SECTION_PATTERNS, &FORM_PATTERN, "pattern");
	check_section(loader, SECTION_WORDS, &FORM_WORD_ADVICE, "word");
	check_section(loader, SECTION_INDICATORS, &FORM_INDICATOR, "indicator");
	check_section(loader, SECTION_CALENDARS, &FORM_CALENDAR, "calendar");
	check_section(loader, SECTION_TEXTS, NULL, "text");
}
