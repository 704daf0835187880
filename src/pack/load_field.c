/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Fields of kinds. The type decides the seal; `plain` may be
 * written, and is then checked. What `required:` asks is read with the kind.
 */
#include "pack/load.h"
#include "pack/name.h"
#include "pack/phrase.h"

#define TEXT_MAX 65536
#define WORDS_MIN 10000
#define DAYS_MAX 3660  /* ten years: a day that bounds something */
#define SHORT_MAX 1000 /* of names, addresses and identifiers that name no bound */

/* Forms of conditions, whose names a field may not take; `office` may, being asked as field: alone.
 */
static const struct str TAKEN[] = {
	{ "all", 3 },           { "any", 3 },
	{ "not", 3 },           { "field", 5 },
	{ "fact", 4 },          { "state", 5 },
	{ "has", 3 },           { "lacks", 5 },
	{ "fresh", 5 },         { "count", 5 },
	{ "share", 5 },         { "after", 5 },
	{ "running", 7 },       { "silent-for", 10 },
	{ "older-than", 10 },   { "age", 3 },
	{ "turns-age", 9 },     { "linked", 6 },
	{ "same-file", 9 },     { "asked-and-answered", 18 },
	{ "second", 6 },        { "same-account", 12 },
	{ "outside-line", 12 }, { "has-held", 8 },
	{ "codes", 5 },         { "happened", 8 },
	{ "received", 8 },      { "note", 4 },
	{ "advised", 7 },
};

/* Nobody is scored or ranked: no field may be called so, whatever its type (L10). */
static const struct str SCORES[] = {
	{ "score", 5 }, { "rating", 6 }, { "rank", 4 }, { "ranking", 7 }, { "points", 6 },
};

static void check_scores(struct load *load, const struct yaml *node, struct str about,
                         struct str name)
{
	for (size_t i = 0; i < COUNT_OF(SCORES); i++) {
		bool is_part = str_eq(SCORES[i], name) || (str_ends(name, SCORES[i]) &&
		                                           name.p[name.n - SCORES[i].n - 1] == '-');
		if (is_part)
			loader_error_at(load->loader, member_of(node, "name"),
			                "%.*s: field \"%.*s\": people are not scored or ranked"
			                " (L10); say in words what is feared, and why",
			                STR_ARG(about), STR_ARG(name));
	}
}

size_t load_codes(const struct pack_field *field, const struct str **out, struct arena *arena)
{
	static const struct str YES_NO[] = { { "yes", 3 }, { "no", 2 } };
	*out = YES_NO;
	if (field->type == PACK_YES)
		return COUNT_OF(YES_NO);
	if (!field->list)
		return 0;
	struct str *codes = arena_alloc(arena, field->list->count, sizeof *codes);
	for (size_t i = 0; codes && i < field->list->count; i++)
		codes[i] = field->list->codes[i].code;
	*out = codes;
	return codes ? field->list->count : 0;
}

static bool is_never(const struct pack *pack, struct str name)
{
	for (size_t i = 0; i < pack->never_count; i++) {
		if (str_eq(pack->never[i], name))
			return true;
	}
	return false;
}

struct str load_label(struct load *load, struct str name)
{
	char *text = loader_alloc(load->loader, name.n + 1, 1);
	if (!text)
		return name;
	for (size_t i = 0; i < name.n; i++)
		text[i] = name.p[i] == '-' ? ' ' : name.p[i];
	if (name.n && text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 'a' + 'A');
	return (struct str){ text, name.n };
}

static void read_codes(struct load *load, const struct yaml *node, struct str about,
                       struct pack_field *field)
{
	const struct yaml *list = member_of(node, "list"), *codes = member_of(node, "codes");
	bool is_coded = field->type == PACK_CODE || field->type == PACK_CODES;
	if (is_coded ? !list == !codes : list || codes) {
		loader_error_key(load->loader, node,
		                 is_coded ? "%.*s needs either list: or codes:"
		                          : "%.*s is no code; list: and codes: go with"
		                            " code and codes",
		                 STR_ARG(about));
		return;
	}
	if (list) {
		size_t number =
			load_resolve(load, list, list->text, about, "list", &load->whole->lists);
		field->list = number == SIZE_MAX ? NULL : &load->lists[number];
	}
	if (!codes)
		return;
	struct pack_list *own = loader_alloc(load->loader, 1, sizeof *own);
	struct pack_code *made = loader_alloc(load->loader, codes->count, sizeof *made);
	if (!own || !made)
		return;
	for (const struct yaml *code = codes->first; code; code = code->next) {
		if (!name_is_word(code->text))
			loader_error_at(load->loader, code,
			                "%.*s: code \"%.*s\" is not written as a-z, 0-9 and"
			                " single hyphens",
			                STR_ARG(about), STR_ARG(str_sub(code->text, 0, 60)));
		made[own->count++] = (struct pack_code){ .code = code->text,
			                                 .title = load_label(load, code->text) };
	}
	own->codes = made;
	field->list = own;
}

/* Of a date: days from today; what lies behind is bounded by not-after. */
static void read_bounds(struct load *load, const struct yaml *node, struct str about,
                        struct pack_field *field)
{
	const struct yaml *min = member_of(node, "min"), *max = member_of(node, "max");
	bool is_text = field->type == PACK_TEXT || field->type == PACK_WORDS;
	field->min = INT64_MIN;
	bool is_short = field->type >= PACK_TEXT && field->type != PACK_ATTACHMENT;
	field->max = is_short ? SHORT_MAX : INT64_MAX;
	if (min && !scalar_integer(min->text, &field->min))
		field->min = INT64_MIN;
	if (max && !scalar_integer(max->text, &field->max))
		field->max = INT64_MAX;
	if (is_text && !max)
		loader_error_key(load->loader, node,
		                 "%.*s has no \"max\": characters of text, at most %d",
		                 STR_ARG(about), TEXT_MAX);
	else if (max && field->type >= PACK_TEXT && (field->max < 1 || field->max > TEXT_MAX))
		loader_error_at(load->loader, max,
		                "%.*s: max is %" PRId64 "; expected 1 to %d characters",
		                STR_ARG(about), field->max, TEXT_MAX);
	else if (field->type == PACK_WORDS && field->max < WORDS_MIN)
		loader_error_at(load->loader, max,
		                "%.*s: a person's own words are never limited under %d characters"
		                " (L12)",
		                STR_ARG(about), WORDS_MIN);
	bool is_day = field->type == PACK_DATE && max && !min;
	if (field->type < PACK_TEXT && field->type != PACK_INTEGER && !is_day && (min || max))
		loader_error_key(load->loader, min ? min : max,
		                 "%.*s: min and max go with integers and text, max with dates",
		                 STR_ARG(about));
	if (is_day && (field->max < 1 || field->max > DAYS_MAX))
		loader_error_at(load->loader, max,
		                "%.*s: max is %" PRId64 "; expected 1 to %d days from today",
		                STR_ARG(about), field->max, DAYS_MAX);
	if (field->type >= PACK_TEXT && min)
		loader_error_key(load->loader, min, "%.*s: text has no min", STR_ARG(about));
	if (field->min > field->max)
		loader_error_at(load->loader, min, "%.*s: min is above max", STR_ARG(about));
}

/* Words that are no answer by themselves. What a person says in his own words is one. */
static void read_more_than(struct load *load, const struct yaml *node, struct str about,
                           struct pack_field *field)
{
	const struct yaml *words = member_of(node, "more-than");
	struct str *out = words ? loader_alloc(load->loader, words->count, sizeof *out) : NULL;
	if (!out)
		return;
	if (field->type != PACK_TEXT)
		loader_error_at(load->loader, words,
		                "%.*s: more-than goes with text, not with %.*s", STR_ARG(about),
		                STR_ARG(phrase_type(field->type)));
	for (const struct yaml *item = words->first; item; item = item->next) {
		if (str_find(item->text, ' ') < item->text.n)
			loader_error_at(load->loader, item,
			                "%.*s: more-than names \"%.*s\"; expected single words",
			                STR_ARG(about), STR_ARG(item->text));
		out[field->more_than_count++] = item->text;
	}
	field->more_than = out;
}

/* Needs what read_codes found. */
static void read_unborn(struct load *load, const struct yaml *node, struct str about,
                        bool is_column, struct pack_field *field)
{
	const struct yaml *unborn = member_of(node, "unborn"), *code = unborn;
	int64_t early = 0;
	if (unborn && unborn->type == YAML_MAPPING) {
		code = member_of(unborn, "code");
		if (scalar_integer(text_of(unborn, "early"), &early))
			field->unborn_early = (int)early;
	}
	if (!code)
		return;
	field->unborn = code->text;
	if (is_column || field->type != PACK_CODE || field->is_sealed || field->is_repeated)
		loader_error_key(load->loader, code,
		                 "%.*s: unborn goes with one plain code, and not in a column",
		                 STR_ARG(about));
	else if (field->list && !pack_code_find(field->list, code->text))
		loader_error_at(load->loader, code,
		                "%.*s: unborn names \"%.*s\"; expected a code of the field",
		                STR_ARG(about), STR_ARG(code->text));
}

static void read_repeated(struct load *load, const struct yaml *node, struct str about,
                          struct pack_field *field)
{
	const struct yaml *items = member_of(node, "max-items");
	int64_t most = 1;
	bool is_many = field->is_repeated || field->type == PACK_ROWS;
	if (items && !scalar_integer(items->text, &most))
		most = 1;
	if (is_many && !items)
		loader_error_key(load->loader, node, "%.*s is repeated and has no \"max-items\"",
		                 STR_ARG(about));
	if (!is_many && items)
		loader_error_key(load->loader, items, "%.*s: max-items goes with repeated: yes",
		                 STR_ARG(about));
	field->items_max = (size_t)most;
	if (field->type == PACK_CODES && field->is_repeated)
		loader_error_key(load->loader, node,
		                 "%.*s: codes are several already; leave out repeated",
		                 STR_ARG(about));
}

static void read_of_kinds(struct load *load, const struct yaml *of, struct str about,
                          struct pack_field *field)
{
	const struct pack_kind **kinds = loader_alloc(load->loader, count_of(of), sizeof *kinds);
	for (const struct yaml *item = kinds ? first_of(of) : NULL; item;
	     item = next_of(of, item)) {
		size_t number =
			load_resolve(load, item, item->text, about, "kind", &load->whole->kinds);
		if (number != SIZE_MAX)
			kinds[field->of_kind_count++] = &load->kinds[number];
	}
	field->of_kinds = kinds;
}

static void read_of_duties(struct load *load, const struct yaml *of, struct str about,
                           struct pack_field *field)
{
	const struct pack_duty **duties = loader_alloc(load->loader, count_of(of), sizeof *duties);
	for (const struct yaml *item = duties ? first_of(of) : NULL; item;
	     item = next_of(of, item)) {
		size_t number =
			load_resolve(load, item, item->text, about, "duty", &load->whole->duties);
		if (number != SIZE_MAX)
			duties[field->of_duty_count++] = &load->duties[number];
	}
	field->of_duties = duties;
}

static void read_of(struct load *load, const struct yaml *node, struct str about,
                    struct pack_field *field)
{
	const struct yaml *of = member_of(node, "of");
	if (!of)
		return;
	if (field->type == PACK_FILE)
		field->of_file_types = load_type_mask(load, of, about);
	else if (field->type == PACK_ENTRY)
		read_of_kinds(load, of, about, field);
	else if (field->type == PACK_DUTY)
		read_of_duties(load, of, about, field);
	else
		loader_error_key(load->loader, of, "%.*s: of goes with file, entry and duty",
		                 STR_ARG(about));
}

static void read_seal(struct load *load, const struct yaml *node, struct str about,
                      struct pack_field *field)
{
	struct str type = phrase_type(field->type);
	const struct yaml *plain = member_of(node, "plain");
	bool by_type = field->type >= PACK_TEXT;
	field->is_protected = is_yes(node, "protected");
	field->is_sealed = by_type || field->is_protected || is_yes(node, "sealed");
	if (is_never(&load->whole->pack, field->name) && !(by_type && field->is_protected))
		loader_error_key(load->loader, node,
		                 "%.*s must be sealed by its type and protected (L10)",
		                 STR_ARG(about));
	if (by_type && tree_says(member_of(node, "sealed"), STR("no")))
		loader_error_at(load->loader, member_of(node, "sealed"),
		                "%.*s: type %.*s is always sealed", STR_ARG(about), STR_ARG(type));
	if (!plain)
		return;
	bool says_plain = str_eq(plain->text, STR("yes")) || str_eq(plain->text, STR("true"));
	bool says_sealed = str_eq(plain->text, STR("no")) || str_eq(plain->text, STR("false"));
	if (!says_plain && !says_sealed)
		loader_error_at(load->loader, plain, "%.*s: plain is \"%.*s\"; expected yes or no",
		                STR_ARG(about), STR_ARG(str_sub(plain->text, 0, 60)));
	else if (says_plain && field->is_sealed)
		loader_error_at(load->loader, plain,
		                "%.*s: type %.*s is always sealed; the type decides, plain:"
		                " does not",
		                STR_ARG(about), STR_ARG(type));
	else if (says_sealed && !field->is_sealed)
		loader_error_at(load->loader, plain,
		                "%.*s: type %.*s is plain; write sealed: yes to seal it",
		                STR_ARG(about), STR_ARG(type));
}

static void read_not_after(struct load *load, const struct yaml *node, struct str about,
                           struct pack_field *field)
{
	const struct yaml *not_after = member_of(node, "not-after");
	if (!not_after)
		return;
	field->not_after =
		str_eq(not_after->text, STR("now")) ? PACK_NOT_AFTER_NOW : PACK_NOT_AFTER_TODAY;
	/* Of an integer it is a size of the register, which has no days. */
	if (field->type == PACK_INTEGER && field->not_after == PACK_NOT_AFTER_NOW)
		return;
	if (field->type != PACK_DATE && field->type != PACK_INSTANT)
		loader_error_key(load->loader, not_after,
		                 "%.*s: not-after goes with dates and instants, and as now with an"
		                 " integer",
		                 STR_ARG(about));
}

static void read_year_alone(struct load *load, const struct yaml *node, struct str about,
                            struct pack_field *field)
{
	field->has_year_alone = is_yes(node, "year-alone");
	if (field->has_year_alone && field->type != PACK_MONTH)
		loader_error_key(load->loader, member_of(node, "year-alone"),
		                 "%.*s: year-alone goes with months", STR_ARG(about));
}

static void read_columns(struct load *load, const struct yaml *node, struct str about,
                         bool is_column, struct pack_field *field)
{
	const struct yaml *columns = member_of(node, "columns");
	struct pack_field *made = NULL;
	if (is_column && (field->type == PACK_ROWS || field->is_sealed))
		loader_error_key(load->loader, node,
		                 "%.*s: a column is plain, and holds no rows of its own",
		                 STR_ARG(about));
	if (!columns == (field->type == PACK_ROWS) && !is_column)
		loader_error_key(load->loader, columns ? columns : node,
		                 "%.*s: columns go with rows, and rows"
		                 " with columns",
		                 STR_ARG(about));
	if (!columns || is_column || field->type != PACK_ROWS)
		return;
	load_field_list(load, columns, about, true, &made, &field->column_count);
	field->columns = made;
}

/* The register's own list of what is said already; what it names is looked for with the kinds. */
static void read_counted_codes(struct load *load, const struct yaml *node, struct str about,
                               struct pack_field *field)
{
	if (field->type != PACK_CODES || field->is_sealed || field->is_protected || !field->list ||
	    member_of(node, "required"))
		loader_error_at(load->loader, member_of(node, "counted"),
		                "%.*s: counted of entries goes with plain codes, and without"
		                " required: the register sets it where a file is linked",
		                STR_ARG(about));
	else if (field->list->count > PACK_KNOWN_CODES_MAX)
		loader_error_at(load->loader, member_of(node, "counted"),
		                "%.*s: what the register says of codes has a list of %d at most",
		                STR_ARG(about), PACK_KNOWN_CODES_MAX);
	else
		field->counted = PACK_COUNTED_KNOWN;
}

/* The register's own number: what is late, or the files of a type that have not ended. */
static void read_counted(struct load *load, const struct yaml *node, struct str about,
                         struct pack_field *field)
{
	const struct yaml *counted = member_of(node, "counted");
	if (!counted)
		return;
	if (counted->type == YAML_MAPPING) {
		read_counted_codes(load, node, about, field);
		return;
	}
	bool is_bounded = field->min <= 0 && field->max >= 1 && field->max <= PACK_COUNTED_MAX;
	if (field->type != PACK_INTEGER || field->is_sealed || field->is_repeated ||
	    member_of(node, "required"))
		loader_error_at(
			load->loader, counted,
			"%.*s: counted goes with a plain integer, alone, and without required:"
			" the register always sets it",
			STR_ARG(about));
	else if (!is_bounded)
		loader_error_at(load->loader, counted,
		                "%.*s: what the register counts has a max, 1 to %d: it counts no"
		                " further; and no min above 0",
		                STR_ARG(about), PACK_COUNTED_MAX);
	field->counted = PACK_COUNTED_LATE;
	if (str_eq(counted->text, STR("late")))
		return;
	size_t number = load_resolve(load, counted, counted->text, about, "file type",
	                             &load->whole->file_types);
	field->counted = PACK_COUNTED_OPEN;
	field->counted_type = number == SIZE_MAX ? NULL : &load->file_types[number];
}

/* A person's own words are no identity, and what is protected is never matched (L10). */
static void read_matched(struct load *load, const struct yaml *node, struct str about,
                         struct pack_field *field)
{
	static const struct str NAMES[] = {
		[PACK_MATCHED_NAME] = { "name", 4 },   [PACK_MATCHED_BIRTH] = { "birth", 5 },
		[PACK_MATCHED_HOME] = { "home", 4 },   [PACK_MATCHED_NUMBER] = { "number", 6 },
		[PACK_MATCHED_PLACE] = { "place", 5 }, [PACK_MATCHED_MARK] = { "mark", 4 },
	};
	const struct yaml *matched = member_of(node, "matched-as");
	if (!matched)
		return;
	bool is_short = field->type == PACK_TEXT || field->type == PACK_NAME ||
	                field->type == PACK_ADDRESS || field->type == PACK_IDENTIFIER;
	if (!is_short)
		loader_error_at(load->loader, matched,
		                "%.*s: matched-as goes with text, name, address and identifier, not"
		                " with %.*s",
		                STR_ARG(about), STR_ARG(phrase_type(field->type)));
	else if (field->is_protected)
		loader_error_at(load->loader, matched,
		                "%.*s is protected: nobody is matched by it (L10)", STR_ARG(about));
	for (size_t i = PACK_MATCHED_NAME; i < COUNT_OF(NAMES); i++) {
		if (str_eq(NAMES[i], matched->text))
			field->matched = (enum pack_matched)i;
	}
}

static void read_field(struct load *load, const struct yaml *node, struct str about, bool is_column,
                       struct pack_field *field)
{
	struct str type = text_of(node, "type");
	const struct yaml *required = member_of(node, "required");
	for (enum pack_type i = 0; i < PACK_TYPES; i++) {
		if (str_eq(phrase_type(i), type))
			field->type = i;
	}
	field->is_repeated = is_yes(node, "repeated");
	field->required = is_yes(node, "required") ? PACK_REQUIRED : PACK_OPTIONAL;
	if (required && required->type == YAML_MAPPING) {
		field->required = PACK_REQUIRED_IF;
		if (is_column)
			loader_error_at(load->loader, required,
			                "%.*s: a column is required, or not", STR_ARG(about));
	}
	field->label = text_of(node, "label");
	if (!field->label.n)
		field->label = load_label(load, field->name);
	field->hint = text_of(node, "hint");
	field->made_by = text_of(node, "made-by");
	field->agrees_on = text_of(node, "agrees-on");
	field->retired = text_of(node, "retired");
	if (field->retired.p && field->required != PACK_OPTIONAL)
		loader_error_key(load->loader, required,
		                 "%.*s is retired and required; what is asked no more cannot be"
		                 " required",
		                 STR_ARG(about));
	read_codes(load, node, about, field);
	read_bounds(load, node, about, field);
	read_more_than(load, node, about, field);
	read_repeated(load, node, about, field);
	read_of(load, node, about, field);
	read_seal(load, node, about, field);
	read_unborn(load, node, about, is_column, field);
	read_not_after(load, node, about, field);
	read_year_alone(load, node, about, field);
	read_columns(load, node, about, is_column, field);
	read_counted(load, node, about, field);
	read_matched(load, node, about, field);
	check_scores(load, node, about, field->name);
	for (size_t i = 0; i < COUNT_OF(TAKEN) && !is_column; i++) {
		if (str_eq(TAKEN[i], field->name))
			loader_error_at(load->loader, member_of(node, "name"),
			                "%.*s: \"%.*s\" is a form of"
			                " conditions or a common field; choose another name",
			                STR_ARG(about), STR_ARG(field->name));
	}
}

/* A field of the same kind, which is looked for once all of them are there. */
static void check_made_by(struct load *load, const struct yaml *node, struct str about,
                          const struct pack_field *fields, size_t count, bool is_column)
{
	const struct yaml *by = member_of(node, "made-by");
	if (!by)
		return;
	const struct pack_field *field = NULL;
	bool is_office = false;
	for (size_t i = 0; i < count; i++) {
		if (str_eq(fields[i].name, text_of(node, "name")))
			field = &fields[i];
		is_office = is_office || (str_eq(fields[i].name, by->text) &&
		                          fields[i].type == PACK_OFFICE && !fields[i].is_sealed);
	}
	if (is_column || !is_office || !field || field->type != PACK_ENTRY)
		loader_error_at(
			load->loader, by,
			"%.*s: made-by names \"%.*s\"; expected, on a field of type entry, a"
			" plain field of type office",
			STR_ARG(about), STR_ARG(by->text));
}

void load_field_list(struct load *load, const struct yaml *list, struct str about, bool is_column,
                     struct pack_field **out, size_t *count)
{
	struct pack_field *fields = loader_alloc(load->loader, list->count, sizeof *fields);
	*out = fields;
	*count = 0;
	if (!fields)
		return;
	for (const struct yaml *node = list->first; node; node = node->next) {
		struct pack_field *field = &fields[*count];
		field->name = text_of(node, "name");
		for (size_t i = 0; i < *count; i++) {
			if (str_eq(fields[i].name, field->name))
				loader_error_at(load->loader, member_of(node, "name"),
				                "%.*s: field \"%.*s\" stands twice", STR_ARG(about),
				                STR_ARG(field->name));
		}
		*count += 1;
		read_field(load, node,
		           arena_format(load->loader->errors_arena, "%.*s: field \"%.*s\"",
		                        STR_ARG(about), STR_ARG(field->name)),
		           is_column, field);
	}
	for (const struct yaml *node = list->first; node; node = node->next)
		check_made_by(load, node, about, fields, *count, is_column);
}

static const struct pack_field *plain_file(const struct pack_kind *kind, struct str name)
{
	const struct pack_field *field = pack_field_find(kind, name);
	return field && field->type == PACK_FILE && !field->is_sealed ? field : NULL;
}

/* Once the fields of all kinds are there: the act and each entry it may name have the field. */
static void check_agrees(struct load *load, const struct pack_kind *kind, const struct yaml *list)
{
	const struct yaml *node = list ? list->first : NULL;
	for (size_t i = 0; node && i < kind->field_count; i++, node = node->next) {
		const struct pack_field *field = &kind->fields[i];
		if (!field->agrees_on.p)
			continue;
		bool is_right = field->type == PACK_ENTRY && field->of_kind_count > 0 &&
		                plain_file(kind, field->agrees_on);
		for (size_t k = 0; is_right && k < field->of_kind_count; k++)
			is_right = plain_file(field->of_kinds[k], field->agrees_on) != NULL;
		if (!is_right)
			loader_error_at(
				load->loader, member_of(node, "agrees-on"),
				"%.*s: field \"%.*s\": agrees-on names \"%.*s\"; expected, on"
				" a field of type entry with of, a plain field of type file"
				" that this kind and each of those kinds have",
				STR_ARG(kind->name), STR_ARG(field->name),
				STR_ARG(field->agrees_on));
	}
}

void load_fields(struct load *load)
{
	const struct pack *pack = &load->whole->pack;
	for (size_t i = 0; i < pack->kind_count; i++) {
		struct pack_kind *kind = &load->kinds[i];
		struct pack_field *fields = NULL;
		if (kind->is_built_in) {
			load_built_in_kind(load, kind);
			continue;
		}
		const struct yaml *list = member_of(load->kind_nodes[i], "fields");
		kind->file_types =
			load_type_mask(load, member_of(load->kind_nodes[i], "file"), kind->name);
		if (list)
			load_field_list(load, list, kind->name, false, &fields, &kind->field_count);
		kind->fields = fields;
	}
	for (size_t i = 0; i < pack->kind_count; i++)
		check_agrees(load, &load->kinds[i], member_of(load->kind_nodes[i], "fields"));
}
