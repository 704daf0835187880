/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One function a type of field, in a table. Each takes what was sent (from a
 * form: text; from JSON: typed) and gives what is kept, or a sentence.
 */
#include "casebook/fields.h"

#include "casebook/chart.h"
#include "casebook/counted.h"
#include "casebook/finder.h"
#include "casebook/fold_parts.h"
#include "casebook/world.h"

#define VERSION_MAX 128
#define NOTE_MAX 10000
#define TEXT_ONE_MAX 65536

static const char ENTRY_SQL[] = "SELECT kind FROM entry WHERE idx = ?1";
static const char DUTY_SQL[] = "SELECT rule FROM duty WHERE id = ?1";
static const char FILE_TYPE_SQL[] = "SELECT type FROM file WHERE n = ?1";
static const char FILE_NUMBER_SQL[] = "SELECT id FROM file WHERE type = ?1 AND number = ?2";
static const char OBJECT_SQL[] = "SELECT entry FROM object WHERE id = ?1";

/* What a type's function answers: the value kept, or NULL with a sentence. */
struct answer {
	struct json *value;
	struct str sentence;
	bool failed; /* *err is set */
};

typedef struct answer reader_of(struct fields_check *check, const struct pack_field *field,
                                const struct json *given, struct err *err);

static struct answer kept(struct json *value, struct err *err)
{
	if (value)
		return (struct answer){ .value = value };
	err_set(err, ERR_UNABLE, "There is no memory for this act");
	return (struct answer){ .failed = true };
}

struct str fields_sentence(struct arena *arena, struct str label, struct str rest)
{
	bool is_question = label.n > 0 && label.p[label.n - 1] == '?';
	if (is_question && str_starts(rest, STR(": ")) && rest.n > 2) {
		char first = rest.p[2];
		if (first >= 'a' && first <= 'z')
			first = (char)(first - 'a' + 'A');
		return arena_format(arena, "%.*s %c%.*s", STR_ARG(label), first,
		                    STR_ARG(str_sub(rest, 3, rest.n)));
	}
	bool goes_on = rest.n > 1 && rest.p[1] >= 'a' && rest.p[1] <= 'z';
	return arena_format(arena, "%.*s%s%.*s", STR_ARG(label),
	                    is_question && goes_on ? " It" : "", STR_ARG(rest));
}

static struct answer wrong(struct fields_check *check, const char *format, struct str label)
{
	/* The formats are this file's own constants, each with one %.*s or none. */
	struct str pieces[2] = { STR_NONE, STR_NONE };
	struct str text = str_from_c(format);
	size_t at = str_find_str(text, STR("%s"));
	pieces[0] = str_sub(text, 0, at);
	if (at < text.n)
		pieces[1] = fields_sentence(check->arena, label, str_sub(text, at + 2, text.n));
	return (struct answer){ .sentence = arena_join(check->arena, pieces, 2) };
}

static struct str text_of(const struct json *given)
{
	return given->type == JSON_STRING ? given->string : STR_NONE;
}

static bool one_line(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c < 0x20 || c == 0x7F)
			return false;
		/* Bidirectional controls, U+202A-E and U+2066-9: they show a line as what it is
		 * not. */
		if (c == 0xE2 && i + 2 < text.n) {
			unsigned char b = (unsigned char)text.p[i + 1],
				      d = (unsigned char)text.p[i + 2];
			if ((b == 0x80 && d >= 0xAA && d <= 0xAE) ||
			    (b == 0x81 && d >= 0xA6 && d <= 0xA9))
				return false;
		}
	}
	return true;
}

static bool is_retired(const struct pack_code *code, const struct fields_check *check)
{
	struct day from;
	return code->retired.p && day_read(code->retired, &from) &&
	       day_compare(zone_day(check->pack->zone, check->now), from) >= 0;
}

/* A retired code stays readable where it was written, and is no answer any more. */
static struct answer wrong_code(struct fields_check *check, const struct pack_field *field,
                                const struct pack_code *code, const char *otherwise)
{
	if (!code)
		return wrong(check, otherwise, field->label);
	const struct pack_code *instead =
		code->instead.n ? pack_code_find(field->list, code->instead) : NULL;
	struct str what = instead ? instead->title : STR("another");
	struct str rest = arena_format(
		check->arena, ": \"%.*s\" is no answer any more; choose %s%.*s%s",
		STR_ARG(code->title), instead ? "\"" : "", STR_ARG(what), instead ? "\"" : "");
	return (struct answer){ .sentence = fields_sentence(check->arena, field->label, rest) };
}

/* --- plain types --------------------------------------------------------------------------- */

static struct answer read_code(struct fields_check *check, const struct pack_field *field,
                               const struct json *given, struct err *err)
{
	struct str text = plain_code(given);
	const struct pack_code *code =
		text.n && field->list ? pack_code_find(field->list, text) : NULL;
	if (!code || is_retired(code, check))
		return wrong_code(check, field, code, "%s: choose one of the answers");
	return kept(json_string(check->arena, code->code), err);
}

static struct answer read_codes(struct fields_check *check, const struct pack_field *field,
                                const struct json *given, struct err *err)
{
	struct json *set = json_array(check->arena);
	const struct json *item = given->type == JSON_ARRAY ? given->first : given;
	if (!set)
		return kept(NULL, err);
	/* In the list's order, each once: two people who tick the same boxes say the same. */
	for (size_t i = 0; i < field->list->count; i++) {
		bool is_chosen = false;
		for (const struct json *at = item; at;
		     at = given->type == JSON_ARRAY ? at->next : NULL)
			is_chosen = is_chosen || str_eq(plain_code(at), field->list->codes[i].code);
		if (is_chosen &&
		    !json_push(set, json_string(check->arena, field->list->codes[i].code)))
			return kept(NULL, err);
	}
	for (const struct json *at = item; at; at = given->type == JSON_ARRAY ? at->next : NULL) {
		const struct pack_code *code = pack_code_find(field->list, plain_code(at));
		if (!code || is_retired(code, check))
			return wrong_code(check, field, code, "%s: choose from the answers");
	}
	if (set->count == 0)
		return wrong(check, "%s: choose at least one answer", field->label);
	return kept(set, err);
}

static struct answer read_yes(struct fields_check *check, const struct pack_field *field,
                              const struct json *given, struct err *err)
{
	struct str text = plain_code(given);
	if (!str_eq(text, STR("yes")) && !str_eq(text, STR("no")))
		return wrong(check, "%s: choose yes or no", field->label);
	return kept(json_bool(check->arena, str_eq(text, STR("yes"))), err);
}

/* A size of the register: no more than the entries that it holds. */
static struct answer read_size(struct fields_check *check, const struct pack_field *field,
                               int64_t size, struct err *err)
{
	static const char HELD_SQL[] = "SELECT COALESCE(MAX(idx), -1) + 1 FROM entry";
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	if (!store_prepare(check->store, HELD_SQL, &read, err) ||
	    store_step(read, err) != STORE_ROW)
		return (struct answer){ .failed = true };
	int64_t held = store_int(read, 0);
	if (size <= held)
		return kept(json_integer(check->arena, size), err);
	struct str most = arena_format(
		check->arena,
		"%%s: the register holds %" PRId64 " entries today, and none that is later", held);
	return most.p ? wrong(check, most.p, field->label) : kept(NULL, err);
}

static struct answer read_integer(struct fields_check *check, const struct pack_field *field,
                                  const struct json *given, struct err *err)
{
	int64_t value = given->integer;
	if (given->type == JSON_STRING) {
		struct str digits = str_trim(given->string);
		bool is_negative = digits.n > 1 && digits.p[0] == '-';
		uint64_t size;
		if (!str_to_u64(str_sub(digits, is_negative, digits.n), JSON_INTEGER_MAX, &size))
			return wrong(check, "%s must be a whole number", field->label);
		value = is_negative ? -(int64_t)size : (int64_t)size;
	} else if (given->type != JSON_INTEGER) {
		return wrong(check, "%s must be a whole number", field->label);
	}
	if (value < field->min || value > field->max || value < -JSON_INTEGER_MAX ||
	    value > JSON_INTEGER_MAX) {
		struct str range = arena_format(
			check->arena, "%%s must be a whole number from %" PRId64 " to %" PRId64,
			field->min, field->max);
		return range.p ? wrong(check, range.p, field->label) : kept(NULL, err);
	}
	if (field->not_after == PACK_NOT_AFTER_NOW)
		return read_size(check, field, value, err);
	return kept(json_integer(check->arena, value), err);
}

static struct answer read_date(struct fields_check *check, const struct pack_field *field,
                               const struct json *given, struct err *err)
{
	struct day day;
	if (!day_read(str_trim(text_of(given)), &day))
		return wrong(check, "%s must be a real date, like 27 3 2009", field->label);
	struct day today = zone_day(check->pack->zone, check->now);
	if (field->not_after != PACK_ANY_TIME && day_compare(day, today) > 0)
		return wrong(check, "%s must be today or in the past", field->label);
	if (field->max < INT64_MAX && day_number(day) - day_number(today) > field->max) {
		struct day last = day_from_number(day_number(today) + field->max);
		struct str most = arena_format(
			check->arena,
			"%%s is at most %" PRId64 " days from today: %.*s at the latest",
			field->max, STR_ARG(wording_day(check->arena, last)));
		return most.p ? wrong(check, most.p, field->label) : kept(NULL, err);
	}
	return kept(json_string(check->arena, day_write(check->arena, day)), err);
}

static struct answer read_instant(struct fields_check *check, const struct pack_field *field,
                                  const struct json *given, struct err *err)
{
	instant at;
	if (!instant_read(str_trim(text_of(given)), &at))
		return wrong(check, "%s must be a real date and time, like 27 3 2026 15:30",
		             field->label);
	if (field->not_after != PACK_ANY_TIME && at > check->now)
		return wrong(check, "%s must be in the past", field->label);
	return kept(json_string(check->arena, instant_write(check->arena, at)), err);
}

static struct answer read_month(struct fields_check *check, const struct pack_field *field,
                                const struct json *given, struct err *err)
{
	struct month month;
	struct str text = str_trim(text_of(given));
	if (field->has_year_alone && !month_or_year_read(text, &month))
		return wrong(check,
		             "%s must be a month and a year, or a year, like 2009-03 or 2009",
		             field->label);
	if (!field->has_year_alone && !month_read(text, &month))
		return wrong(check, "%s must be a month and a year, like 2009-03", field->label);
	return kept(json_string(check->arena, str_trim(text_of(given))), err);
}

static struct answer read_version(struct fields_check *check, const struct pack_field *field,
                                  const struct json *given, struct err *err)
{
	struct str text = str_trim(text_of(given));
	size_t max = field->max > 0 && field->max < INT64_MAX ? (size_t)field->max : VERSION_MAX;
	if (!text.n || text.n > max || !one_line(text))
		return wrong(check, "%s must be a short name or number on one line", field->label);
	return kept(json_string(check->arena, text), err);
}

/* --- references ---------------------------------------------------------------------------- */

static struct answer read_office(struct fields_check *check, const struct pack_field *field,
                                 const struct json *given, struct err *err)
{
	const struct chart_office *office = chart_find(check->chart, text_of(given));
	if (!office)
		return wrong(check, "%s: choose an office of this register", field->label);
	return kept(json_string(check->arena, arena_copy(check->arena, office->id)), err);
}

/* The first column of the one row, copied; p NULL: no row. False: store. */
static bool look_up(struct fields_check *check, const char *sql, struct str text,
                    const int64_t *number, struct str *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	*out = STR_NONE;
	if (!store_prepare(check->store, sql, &found, err))
		return false;
	if (text.p)
		store_bind_str(found, 1, text);
	if (number)
		store_bind_int(found, text.p ? 2 : 1, *number);
	enum store_step step = store_step(found, err);
	if (step == STORE_ROW)
		*out = arena_copy(check->arena,
		                  store_is_null(found, 0) ? STR("") : store_str(found, 0));
	return step != STORE_FAILED;
}

/* p NULL: there is no such file. */
static bool file_type(struct fields_check *check, struct str id, struct str *type, struct err *err)
{
	struct err why = { 0 };
	int64_t n;
	*type = STR_NONE;
	if (file_row_by_id(check->store, check->files, id, &n, &why))
		return look_up(check, FILE_TYPE_SQL, STR_NONE, &n, type, err);
	if (why.code == ERR_ABSENT)
		return true;
	*err = why;
	return false;
}

bool file_name_to_id(struct store *store, struct tags *files, const struct pack *pack,
                     struct arena *arena, struct str name, struct str *id, struct err *err)
{
	struct fields_check check = { .store = store, .files = files, .arena = arena };
	size_t dash = str_find(name, '-');
	uint64_t number;
	*id = STR_NONE;
	if (id_is(name)) {
		struct str type;
		if (!file_type(&check, name, &type, err))
			return false;
		*id = type.p ? name : STR_NONE;
		return true;
	}
	if (dash == name.n || dash > 3 ||
	    !str_to_u64(str_sub(name, dash + 1, name.n), INT64_MAX, &number))
		return true;
	for (size_t i = 0; i < pack->file_type_count; i++) {
		struct str letter = pack->file_types[i].letter;
		bool same = letter.n == dash;
		for (size_t c = 0; same && c < dash; c++)
			same = letter.p[c] == (name.p[c] & ~0x20);
		int64_t n = (int64_t)number;
		if (same)
			return look_up(&check, FILE_NUMBER_SQL, pack->file_types[i].name, &n, id,
			               err);
	}
	return true;
}

static struct answer read_file(struct fields_check *check, const struct pack_field *field,
                               const struct json *given, struct err *err)
{
	struct str id, type;
	if (!file_name_to_id(check->store, check->files, check->pack, check->arena,
	                     str_trim(text_of(given)), &id, err))
		return (struct answer){ .failed = true };
	if (!id.p)
		return wrong(check, "%s: there is no such file; give its number, like C-12",
		             field->label);
	if (!file_type(check, id, &type, err))
		return (struct answer){ .failed = true };
	const struct pack_file_type *found = pack_file_type_find(check->pack, type);
	if (field->of_file_types && (!found || !(field->of_file_types >> found->number & 1)))
		return wrong(check, "%s: that file is of another kind", field->label);
	return kept(json_string(check->arena, id), err);
}

static struct answer read_entry(struct fields_check *check, const struct pack_field *field,
                                const struct json *given, struct err *err)
{
	int64_t index = given->integer;
	uint64_t number;
	struct str kind;
	if (given->type == JSON_STRING &&
	    str_to_u64(str_trim(given->string), LOG_INDEX_MAX, &number))
		index = (int64_t)number;
	else if (given->type != JSON_INTEGER || index < 0)
		return wrong(check, "%s must be the number of an entry", field->label);
	if (!look_up(check, ENTRY_SQL, STR_NONE, &index, &kind, err))
		return (struct answer){ .failed = true };
	bool fits = kind.p && field->of_kind_count == 0;
	for (size_t i = 0; kind.p && i < field->of_kind_count; i++)
		fits = fits || str_eq(field->of_kinds[i]->name, kind);
	if (!fits)
		return wrong(check,
		             kind.p ? "%s: that entry is of another kind"
		                    : "%s: there is no entry of that number",
		             field->label);
	return kept(json_integer(check->arena, index), err);
}

static struct answer read_duty(struct fields_check *check, const struct pack_field *field,
                               const struct json *given, struct err *err)
{
	int64_t id;
	struct str rule = STR_NONE, name = str_trim(text_of(given));
	if (!duty_name_read(name, &id))
		return wrong(check, "%s must be a duty, like D17.1", field->label);
	if (!look_up(check, DUTY_SQL, STR_NONE, &id, &rule, err))
		return (struct answer){ .failed = true };
	bool fits = rule.p && field->of_duty_count == 0;
	for (size_t i = 0; rule.p && i < field->of_duty_count; i++)
		fits = fits || str_eq(field->of_duties[i]->name, rule);
	if (!fits)
		return wrong(check, "%s: there is no such duty", field->label);
	return kept(json_string(check->arena, name), err);
}

/* --- sealed types -------------------------------------------------------------------------- */

/* The next word from *at on, its letters and digits small and without marks, as a hash. */
static bool next_word(struct str text, size_t *at, uint64_t *hash)
{
	bool has_letter = false;
	*hash = 0;
	while (*at < text.n) {
		struct fold_letter letter = fold_letter_at(text, *at);
		if (has_letter && letter.sort != FOLD_LETTER && letter.sort != FOLD_NOTHING)
			return true;
		for (size_t i = 0; letter.sort == FOLD_LETTER && i < letter.count; i++)
			*hash = (*hash ^ (uint64_t)letter.points[i]) * UINT64_C(1099511628211);
		has_letter = has_letter || letter.sort == FOLD_LETTER;
		*at += letter.n;
	}
	return has_letter;
}

/* Whether every word of it is among those that say nothing by themselves. */
static bool says_no_more(const struct pack_field *field, struct str text)
{
	uint64_t word, known;
	size_t at = 0, count = 0;
	for (; next_word(text, &at, &word); count++) {
		bool is_known = false;
		for (size_t i = 0; i < field->more_than_count && !is_known; i++) {
			size_t from = 0;
			is_known = next_word(field->more_than[i], &from, &known) && known == word;
		}
		if (!is_known)
			return false;
	}
	return count > 0;
}

static struct answer read_text(struct fields_check *check, const struct pack_field *field,
                               const struct json *given, struct err *err)
{
	struct str text = text_of(given);
	size_t max =
		field->max > 0 && field->max < TEXT_ONE_MAX ? (size_t)field->max : TEXT_ONE_MAX;
	if (given->type != JSON_STRING)
		return wrong(check, "%s must be text", field->label);
	size_t have_n = str_characters(text);
	if (have_n > max) {
		struct str limit = wording_number(check->arena, (int64_t)max);
		struct str have = wording_number(check->arena, (int64_t)have_n);
		struct str pieces[5] = { STR("%s must be "), limit,
			                 STR(" characters or fewer. You have "), have, STR("") };
		struct str sentence = arena_join(check->arena, pieces, 5);
		return sentence.p ? wrong(check, sentence.p, field->label) : kept(NULL, err);
	}
	if (field->more_than_count && says_no_more(field, text))
		return wrong(check, "%s Say more than that", field->label);
	bool is_line = field->type == PACK_NAME || field->type == PACK_IDENTIFIER;
	if (is_line && !one_line(text))
		return wrong(check, "%s must be on one line", field->label);
	return kept(json_string(check->arena, text), err);
}

static struct answer read_attachment(struct fields_check *check, const struct pack_field *field,
                                     const struct json *given, struct err *err)
{
	struct str id = json_text(given, STR("object")), entry;
	if (!id.n || !json_text(given, STR("key")).n || !json_text(given, STR("sha256")).n)
		return wrong(check, "%s did not arrive whole; send it again", field->label);
	if (!look_up(check, OBJECT_SQL, id, NULL, &entry, err))
		return (struct answer){ .failed = true };
	if (!entry.p || entry.n)
		return wrong(check, "%s did not arrive whole; send it again", field->label);
	struct json *copy = json_object(check->arena);
	static const struct str members[] = {
		{ "key", 3 }, { "name", 4 }, { "object", 6 }, { "sha256", 6 }, { "type", 4 }
	};
	for (size_t i = 0; i < COUNT_OF(members); i++)
		json_put_text(check->arena, copy, members[i], json_text(given, members[i]));
	json_put_integer(check->arena, copy, STR("size"), json_number(given, STR("size"), 0));
	return kept(copy, err);
}

static reader_of read_rows;

static reader_of *const READERS[] = {
	[PACK_CODE] = read_code,
	[PACK_CODES] = read_codes,
	[PACK_YES] = read_yes,
	[PACK_INTEGER] = read_integer,
	[PACK_DATE] = read_date,
	[PACK_INSTANT] = read_instant,
	[PACK_MONTH] = read_month,
	[PACK_VERSION] = read_version,
	[PACK_OFFICE] = read_office,
	[PACK_FILE] = read_file,
	[PACK_ENTRY] = read_entry,
	[PACK_DUTY] = read_duty,
	[PACK_ROWS] = read_rows,
	[PACK_TEXT] = read_text,
	[PACK_WORDS] = read_text,
	[PACK_NAME] = read_text,
	[PACK_ADDRESS] = read_text,
	[PACK_IDENTIFIER] = read_text,
	[PACK_ATTACHMENT] = read_attachment,
};

/* Blanks, of any kind, and what is not seen between them. */
static bool says_nothing(struct str text)
{
	for (size_t at = 0; at < text.n;) {
		struct fold_letter letter = fold_letter_at(text, at);
		if (letter.sort != FOLD_BLANK && letter.sort != FOLD_NOTHING)
			return false;
		at += letter.n;
	}
	return true;
}

/* Nothing was said: absent, null, an empty text, a list of nothing else. */
static bool is_empty(const struct json *given)
{
	if (!given || given->type == JSON_NULL)
		return true;
	if (given->type == JSON_STRING)
		return says_nothing(given->string);
	bool is_list = given->type == JSON_ARRAY, says = !is_list;
	for (const struct json *item = is_list ? given->first : NULL; item && !says;
	     item = item->next)
		says = !(item->type == JSON_NULL ||
		         (item->type == JSON_STRING && says_nothing(item->string)));
	return !says;
}

/* Of the row behind those that were read. */
static struct answer row_lacks(struct fields_check *check, const struct json *rows,
                               const struct pack_field *column)
{
	return (struct answer){ .sentence = arena_format(check->arena, "Fill in row %zu: %.*s",
		                                         (rows ? rows->count : 0) + 1,
		                                         STR_ARG(column->label)) };
}

static struct answer read_rows(struct fields_check *check, const struct pack_field *field,
                               const struct json *given, struct err *err)
{
	struct json *rows = json_array(check->arena);
	if (given->type != JSON_ARRAY)
		return wrong(check, "%s must be a list of rows", field->label);
	for (const struct json *row = given->first; row; row = row->next) {
		struct json *out = json_object(check->arena);
		for (size_t i = 0; i < field->column_count; i++) {
			const struct pack_field *column = &field->columns[i];
			const struct json *cell = json_member(row, column->name);
			if (is_empty(cell)) {
				if (column->required == PACK_REQUIRED)
					return row_lacks(check, rows, column);
				continue;
			}
			struct answer answer = READERS[column->type](check, column, cell, err);
			if (!answer.value)
				return answer;
			json_put(out, column->name, answer.value);
		}
		json_push(rows, out);
	}
	return kept(rows, err);
}

static struct answer read_repeated(struct fields_check *check, const struct pack_field *field,
                                   const struct json *given, struct err *err)
{
	struct json *list = json_array(check->arena);
	bool is_list = given->type == JSON_ARRAY;
	for (const struct json *item = is_list ? given->first : given; item;
	     item = is_list ? item->next : NULL) {
		if (is_empty(item))
			continue;
		struct answer answer = READERS[field->type](check, field, item, err);
		if (!answer.value)
			return answer;
		json_push(list, answer.value);
	}
	if (!list)
		return kept(NULL, err);
	if (list->count > field->items_max) {
		struct str most = arena_format(check->arena, "%%s: at most %zu", field->items_max);
		return most.p ? wrong(check, most.p, field->label) : kept(NULL, err);
	}
	return (struct answer){ .value = list };
}

static void note_error(struct fields_check *check, struct str field, struct str sentence)
{
	if (check->error_count < FIELDS_ERRORS_MAX && sentence.p)
		check->errors[check->error_count++] =
			(struct casebook_field_error){ field, sentence };
}

static void missing(struct fields_check *check, const struct pack_field *field)
{
	bool is_choice = field->type == PACK_CODE || field->type == PACK_CODES ||
	                 field->type == PACK_YES || field->type == PACK_OFFICE ||
	                 field->type == PACK_ENTRY || field->type == PACK_DUTY;
	struct answer answer = wrong(
		check, is_choice ? "Choose an answer: %s" : "Write an answer: %s", field->label);
	note_error(check, field->name, answer.sentence);
}

static bool sort_field(struct fields_check *check, const struct pack_field *field,
                       const struct json *given, struct err *err)
{
	bool is_list = field->is_repeated && field->type != PACK_CODES;
	struct answer answer = is_list ? read_repeated(check, field, given, err)
	                               : READERS[field->type](check, field, given, err);
	if (answer.failed)
		return false;
	if (!answer.value) {
		note_error(check, field->name, answer.sentence);
		return true;
	}
	if (field->is_sealed && !check->sealed)
		check->sealed = json_object(check->arena);
	return json_put(field->is_sealed ? check->sealed : check->plain, field->name,
	                answer.value) ||
	       err_set(err, ERR_UNABLE, "There is no memory for this act");
}

/* The note every kind may carry, and members no kind has. */
static bool sort_others(struct fields_check *check, const struct pack_kind *kind,
                        const struct json *given, struct err *err)
{
	static const struct pack_field note = { .name = { "note", 4 },
		                                .type = PACK_TEXT,
		                                .is_sealed = true,
		                                .max = NOTE_MAX,
		                                .label = { "Note", 4 } };
	for (const struct json *member = given ? given->first : NULL; member;
	     member = member->next) {
		if (pack_field_find(kind, member->key))
			continue;
		if (kind->has_note && str_eq(member->key, note.name)) {
			if (!is_empty(member) && !sort_field(check, &note, member, err))
				return false;
			continue;
		}
		struct str key = str_sub(member->key, 0, 64);
		note_error(check, key,
		           arena_format(check->arena, "There is no field \"%.*s\" in %.*s",
		                        STR_ARG(key), STR_ARG(kind->name)));
	}
	return true;
}

bool fields_sort(struct fields_check *check, const struct pack_kind *kind, const struct json *given,
                 struct err *err)
{
	check->plain = json_object(check->arena);
	check->sealed = NULL;
	check->error_count = 0;
	check->errors = arena_alloc(check->arena, FIELDS_ERRORS_MAX, sizeof *check->errors);
	if (!check->plain || !check->errors)
		return err_set(err, ERR_UNABLE, "There is no memory for this act");
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct json *value = json_member(given, kind->fields[i].name);
		/* The mark of a return code is the register's to set. */
		if (value && !check->by_register && str_eq(kind->fields[i].name, STR("return"))) {
			note_error(check, kind->fields[i].name,
			           STR("The mark of the code is set by the register"));
			continue;
		}
		if (!is_empty(value) && kind->fields[i].retired.p) {
			note_error(check, kind->fields[i].name,
			           arena_format(check->arena,
			                        "%.*s: this is not asked any more; leave it out",
			                        STR_ARG(kind->fields[i].label)));
			continue;
		}
		if (!is_empty(value) && kind->fields[i].counted) {
			note_error(
				check, kind->fields[i].name,
				arena_format(check->arena,
			                     "%.*s: the register counts this itself; leave it out",
			                     STR_ARG(kind->fields[i].label)));
			continue;
		}
		if (!is_empty(value) && !sort_field(check, &kind->fields[i], value, err))
			return false;
	}
	if (!counted_set(check->store, check->arena, kind, check->now, check->plain, err))
		return false;
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		if (field->required == PACK_OPTIONAL || !is_empty(json_member(given, field->name)))
			continue;
		if (field->required == PACK_REQUIRED ||
		    pack_cond_holds_fields(field->required_if, kind, check->plain))
			missing(check, field);
	}
	return sort_others(check, kind, given, err);
}
