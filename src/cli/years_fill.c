/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Fields by chance, by their types. What is sealed comes from a stream of its
 * own and bears a mark, by which it is looked for where it must not be.
 */
#include "cli/years_world.h"

#define LIST_MAX 3
#define TEXT_PIECES 6
#define TRIES 6
#define AHEAD_DAYS 20
#define BEHIND_DAYS 6
#define OPTIONAL_OF 5 /* of five that may be left out, this many are filled in */
#define OPTIONAL_IN 2

/* What is being filled in. */
struct filling {
	struct years *years;
	const struct pack_kind *kind;
	const struct years_file *file;
	int child;
	const struct years_duty *duty; /* for which it is done; NULL: for none */
	int effort;
	size_t files;              /* fields that name a file and may be left out */
	const struct json *fields; /* filled in so far */
};

/* --- what a house says ------------------------------------------------------------------------ */

static bool is_words(const struct pack_field *field)
{
	return field->type == PACK_TEXT || field->type == PACK_WORDS || field->type == PACK_NAME ||
	       field->type == PACK_ADDRESS || field->type == PACK_IDENTIFIER;
}

static struct json *house_says(struct filling *filling, const struct pack_field *field)
{
	struct years *years = filling->years;
	const struct years_house *house = years->options->house;
	struct years_asked asked = { .kind = filling->kind,
		                     .field = field,
		                     .fields = filling->fields,
		                     .office = years->acting,
		                     .is_required = field->required != PACK_OPTIONAL,
		                     .child = filling->child,
		                     .now = years->now,
		                     .random = is_words(field) ? years->words : years->random,
		                     .arena = years->arena };
	return house ? house->answer(house->ctx, &asked) : NULL;
}

/* --- what is sealed --------------------------------------------------------------------------- */

/* To the letter means these too: blanks at both ends, ends of lines, marks that join letters. */
static struct str text_by_chance(struct filling *filling, const struct pack_field *field)
{
	static const char *const pieces[] = {
		" ",  "\r\n", "\n\n", "e\xCC\x81", "\xC3\xA9", " -- ", "\xF0\x9F\x98\x80",
		"\t", "...",  "\""
	};
	struct years *years = filling->years;
	bool is_line = field->type == PACK_NAME || field->type == PACK_IDENTIFIER;
	struct str text = arena_format(years->arena, "%s%" PRIu64, YEARS_MARK,
	                               random_below(years->words, UINT64_C(1) << 40));
	uint64_t count = random_below(years->words, TEXT_PIECES);
	for (uint64_t i = 0; i < count && !is_line; i++) {
		struct str piece = str_from_c(pieces[random_below(years->words, COUNT_OF(pieces))]);
		bool is_first = random_below(years->words, 2) == 0;
		struct str both[2] = { is_first ? piece : text, is_first ? text : piece };
		struct str longer = arena_join(years->arena, both, 2);
		if (field->max > 0 && str_characters(longer) > (size_t)field->max)
			break;
		text = longer;
	}
	return text;
}

/* --- what is plain ---------------------------------------------------------------------------- */

static struct json *a_code(struct filling *filling, const struct pack_field *field)
{
	struct years *years = filling->years;
	for (int i = 0; i < TRIES && field->list && field->list->count; i++) {
		const struct pack_code *code =
			&field->list->codes[years_below(years, field->list->count)];
		if (!code->retired.p && !str_eq(code->code, field->unborn))
			return json_string(years->arena, code->code);
	}
	return NULL;
}

static struct json *some_codes(struct filling *filling, const struct pack_field *field)
{
	struct years *years = filling->years;
	struct json *list = json_array(years->arena);
	bool is_all = years_chance(years, 4);
	for (size_t i = 0; field->list && i < field->list->count; i++) {
		const struct pack_code *code = &field->list->codes[i];
		if (!code->retired.p && (is_all || years_chance(years, field->list->count)))
			json_push(list, json_string(years->arena, code->code));
	}
	return list && list->count ? list : a_code(filling, field);
}

static struct json *a_number(struct filling *filling, const struct pack_field *field)
{
	int64_t least = field->min > -1000 ? field->min : 0;
	int64_t most = field->max < least + 30 ? field->max : least + 30;
	uint64_t room = most > least ? (uint64_t)(most - least) + 1 : 1;
	return json_integer(filling->years->arena,
	                    least + (int64_t)years_below(filling->years, room));
}

static struct json *a_time(struct filling *filling, const struct pack_field *field)
{
	struct years *years = filling->years;
	instant at = years->now;
	size_t most = field->max < AHEAD_DAYS ? (size_t)field->max : AHEAD_DAYS;
	/* In a house what is planned lies ahead. */
	if (field->not_after == PACK_ANY_TIME && (years->options->house || !years_chance(years, 4)))
		at += (int64_t)(1 + years_below(years, most)) * INSTANT_PER_DAY;
	else
		at -= (int64_t)years_below(years, BEHIND_DAYS * 24) * INSTANT_PER_HOUR;
	return json_string(years->arena,
	                   field->type == PACK_DATE
	                           ? day_write(years->arena, zone_day(years->pack->zone, at))
	                           : instant_write(years->arena, at));
}

static struct json *a_month(struct filling *filling)
{
	struct years *years = filling->years;
	struct month born = { .year = 2010, .month = 1 };
	if (filling->child >= 0)
		born = years->children[filling->child].born;
	return json_string(years->arena,
	                   arena_format(years->arena, "%04d-%02d", born.year, born.month));
}

/* Its field in which several offices may be named. */
static const struct pack_field *offices_of(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->field_count; i++) {
		if (kind->fields[i].type == PACK_OFFICE && kind->fields[i].is_repeated)
			return &kind->fields[i];
	}
	return NULL;
}

static struct json *an_office(struct filling *filling)
{
	struct years *years = filling->years;
	for (int i = 0; i < TRIES; i++) {
		struct years_office *office =
			&years->offices[years_below(years, years->pack->office_count)];
		if (i == 0 && filling->duty && filling->duty->office.n && years_chance(years, 3))
			office = years_office(years, filling->duty->office);
		if (office && office->role && !office->role->is_outside)
			return json_string(years->arena, office->id);
	}
	return NULL;
}

/* The offices that an entry before names, if one does: who took part then. */
static struct json *offices_before(struct filling *filling)
{
	struct years *years = filling->years;
	const struct years_file *file = filling->file;
	for (size_t i = file ? file->entry_count : 0; i > 0; i--) {
		const struct years_entry *entry = &years->entries[file->entries[i - 1]];
		const struct pack_field *field = entry->kind ? offices_of(entry->kind) : NULL;
		const struct json *plain;
		struct err ignored;
		if (!field || entry->kind == filling->kind ||
		    !json_read_own(years->arena, entry->text, 8, &plain, &ignored))
			continue;
		const struct json *named = json_member(plain, field->name);
		struct json *list = json_array(years->arena);
		for (const struct json *at = named ? named->first : NULL; at; at = at->next)
			json_push(list, json_string(years->arena, at->string));
		if (list->count)
			return list;
	}
	return NULL;
}

static const struct years_office *office_of_agency(struct years *years,
                                                   const struct pack_agency *agency)
{
	size_t count = years->pack->office_count, first = years_below(years, count);
	for (size_t i = 0; i < count; i++) {
		const struct years_office *office = &years->offices[(first + i) % count];
		if (office->role && office->role->agency == agency && !office->role->is_outside)
			return office;
	}
	return NULL;
}

/* One office of each of so many agencies, by turns: what several have to agree on. */
static struct json *offices_of_agencies(struct years *years, size_t most)
{
	struct json *list = json_array(years->arena);
	size_t count = years->pack->agency_count, first = years_below(years, count);
	for (size_t i = 0; i < count && list->count < most; i++) {
		const struct years_office *office =
			office_of_agency(years, &years->pack->agencies[(first + i) % count]);
		if (office)
			json_push(list, json_string(years->arena, office->id));
	}
	return list;
}

static bool is_kind_of(const struct pack_field *field, const struct pack_kind *kind)
{
	for (size_t i = 0; i < field->of_kind_count; i++) {
		if (field->of_kinds[i] == kind)
			return true;
	}
	return field->of_kind_count == 0;
}

/* The newest that fits, or one of the next before it. */
static const struct years_entry *entry_on(struct filling *filling, const struct years_file *file,
                                          const struct pack_field *field)
{
	struct years *years = filling->years;
	const struct years_entry *found = NULL;
	for (size_t i = file->entry_count; i > 0; i--) {
		const struct years_entry *entry = &years->entries[file->entries[i - 1]];
		if (!entry->kind || !is_kind_of(field, entry->kind))
			continue;
		if (field->of_kind_count == 0 && entry->kind->is_built_in)
			continue;
		found = entry;
		if (!years_chance(years, 3))
			break;
	}
	return found;
}

static struct json *an_entry(struct filling *filling, const struct pack_field *field)
{
	struct years *years = filling->years;
	const struct years_entry *found =
		filling->file ? entry_on(filling, filling->file, field) : NULL;
	for (size_t i = 0; !found && filling->file && i < filling->file->link_count; i++) {
		if (filling->file->links[i].removed < 0)
			found = entry_on(filling, &years->files[filling->file->links[i].other],
			                 field);
	}
	if (!found && !filling->file && filling->child >= 0) {
		const struct years_child *child = &years->children[filling->child];
		for (size_t i = 0; !found && i < child->recent_count; i++)
			found = entry_on(filling, &years->files[child->recent[i]], field);
	}
	return found ? json_integer(years->arena, found->index) : NULL;
}

static bool may_be_named(const struct pack_field *field, const struct years_duty *duty)
{
	bool fits = field->of_duty_count == 0;
	for (size_t r = 0; r < field->of_duty_count; r++)
		fits = fits || field->of_duties[r] == duty->rule;
	return fits && duty->closed < 0;
}

/* The one for which it is done, or the first that fits. */
static struct json *a_duty(struct filling *filling, const struct pack_field *field)
{
	struct years *years = filling->years;
	const struct years_duty *meant = filling->duty;
	bool is_own = false;
	if (meant && meant->rule && may_be_named(field, meant))
		return json_string(years->arena, meant->name);
	for (size_t i = 0; i < filling->kind->settle_count; i++)
		is_own = is_own || (filling->kind->settles[i].is_own &&
		                    str_eq(filling->kind->settles[i].field, field->name));
	for (size_t i = 0; filling->file && i < filling->file->duty_count; i++) {
		const struct years_duty *duty = &filling->file->duties[i];
		if (may_be_named(field, duty) && (!is_own || str_eq(duty->office, years->acting)))
			return json_string(years->arena, duty->name);
	}
	return NULL;
}

static bool is_type_of(const struct pack_field *field, const struct years_file *file)
{
	return !file->is_final &&
	       (!field->of_file_types || (field->of_file_types >> file->type->number & 1));
}

/* A link is made between files of types that its relation joins. */
static bool fits_link(const struct filling *filling, const struct pack_field *field,
                      const struct years_file *other)
{
	for (size_t i = 0; filling->file && i < filling->kind->link_count; i++) {
		const struct pack_relation *relation = filling->kind->links[i].relation;
		size_t a = filling->file->type->number, b = other->type->number;
		if (str_eq(filling->kind->links[i].field, field->name) &&
		    !(relation->from >> a & relation->to >> b & 1) &&
		    !(relation->from >> b & relation->to >> a & 1))
			return false;
	}
	return true;
}

static bool is_meant(const struct filling *filling, const struct pack_field *field,
                     const struct years_file *file)
{
	return file != filling->file && years_is_own(filling->years, file) &&
	       is_type_of(field, file) && fits_link(filling, field, file);
}

static const struct years_file *file_of_child(struct filling *filling,
                                              const struct pack_field *field, int which)
{
	struct years *years = filling->years;
	const struct years_child *child = &years->children[which];
	const struct years_file *found = child->person >= 0 ? &years->files[child->person] : NULL;
	if (found && is_meant(filling, field, found))
		return found;
	for (size_t i = 0; i < child->recent_count; i++) {
		found = &years->files[child->recent[i]];
		if (is_meant(filling, field, found))
			return found;
	}
	return NULL;
}

static struct json *a_file(struct filling *filling, const struct pack_field *field)
{
	struct years *years = filling->years;
	const struct years_file *found = NULL;
	if (filling->child >= 0)
		found = file_of_child(filling, field, filling->child);
	for (int i = 0; i < TRIES && !found; i++) {
		uint64_t count = (uint64_t)years->options->children;
		found = file_of_child(filling, field, (int)years_below(years, count));
	}
	for (int i = 0; i < TRIES && !found && years->file_count; i++) {
		found = &years->files[years_below(years, years->file_count)];
		found = is_meant(filling, field, found) ? found : NULL;
	}
	return found ? json_string(years->arena, found->id) : NULL;
}

/* --- one field, many -------------------------------------------------------------------------- */

static struct json *one(struct filling *filling, const struct pack_field *field);

/* The offices that an answer before names, if several may be. */
static const struct json *offices_named(const struct filling *filling)
{
	const struct pack_field *field = offices_of(filling->kind);
	return field ? json_member(filling->fields, field->name) : NULL;
}

/* A few, or one for each office that was named before. */
static struct json *some_rows(struct filling *filling, const struct pack_field *field)
{
	struct years *years = filling->years;
	struct json *rows = json_array(years->arena);
	const struct json *named = years_chance(years, 4) ? NULL : offices_named(filling);
	const struct json *office = named ? named->first : NULL;
	for (uint64_t n = named ? named->count : 1 + years_below(years, 2); n > 0; n--) {
		struct json *row = json_object(years->arena);
		for (size_t i = 0; i < field->column_count; i++) {
			bool is_named = office && field->columns[i].type == PACK_OFFICE;
			struct json *value = is_named ? json_string(years->arena, office->string)
			                              : one(filling, &field->columns[i]);
			if (!value && field->columns[i].required != PACK_OPTIONAL)
				return NULL;
			if (value)
				json_put(row, field->columns[i].name, value);
		}
		json_push(rows, row);
		office = office ? office->next : NULL;
	}
	return rows;
}

static struct json *one(struct filling *filling, const struct pack_field *field)
{
	struct years *years = filling->years;
	struct json *said = house_says(filling, field);
	if (said && said->type == JSON_NULL)
		return NULL;
	if (said || (is_words(field) && years->options->house))
		return said;
	switch (field->type) {
	case PACK_CODE:
		return a_code(filling, field);
	case PACK_CODES:
		return some_codes(filling, field);
	case PACK_YES:
		return json_bool(years->arena, !years_chance(years, 3));
	case PACK_INTEGER:
		return a_number(filling, field);
	case PACK_DATE:
	case PACK_INSTANT:
		return a_time(filling, field);
	case PACK_MONTH:
		return a_month(filling);
	case PACK_VERSION:
		return json_string(years->arena, STR("2026"));
	case PACK_OFFICE:
		return an_office(filling);
	case PACK_FILE:
		return a_file(filling, field);
	case PACK_ENTRY:
		return an_entry(filling, field);
	case PACK_DUTY:
		return a_duty(filling, field);
	case PACK_ROWS:
		return some_rows(filling, field);
	case PACK_TEXT:
	case PACK_WORDS:
	case PACK_NAME:
	case PACK_ADDRESS:
	case PACK_IDENTIFIER:
		return json_string(years->arena, text_by_chance(filling, field));
	case PACK_ATTACHMENT:
		return NULL;
	}
	return NULL;
}

/* Chance may say a thing twice; whoever lives in a house does not. */
static bool is_told_twice(const struct filling *filling, const struct json *list,
                          const struct json *value)
{
	if (!filling->years->options->house || value->type != JSON_STRING)
		return false;
	for (const struct json *at = list->first; at; at = at->next) {
		if (str_eq(at->string, value->string))
			return true;
	}
	return false;
}

static struct json *value_of(struct filling *filling, const struct pack_field *field)
{
	struct years *years = filling->years;
	struct json *value = one(filling, field);
	if (!value || !field->is_repeated || value->type == JSON_ARRAY ||
	    field->type == PACK_CODES || field->type == PACK_ROWS)
		return value;
	/* Tried again, more of them take part. */
	if (field->type == PACK_OFFICE && filling->effort && !years_chance(years, 3)) {
		size_t many = LIST_MAX + 2 * (size_t)filling->effort;
		struct json *before = years_chance(years, 2) ? offices_before(filling) : NULL;
		if (before && before->count <= field->items_max)
			return before;
		return offices_of_agencies(years,
		                           field->items_max < many ? field->items_max : many);
	}
	struct json *list = json_array(years->arena);
	size_t wanted = field->type == PACK_OFFICE ? LIST_MAX * (1 + (size_t)filling->effort * 2)
	                                           : LIST_MAX;
	size_t most = field->items_max < wanted ? field->items_max : wanted;
	json_push(list, value);
	if (is_words(field) && years->options->house)
		return list;
	while (list && list->count < most && !years_chance(years, 2 + (uint64_t)filling->effort)) {
		if (!(value = one(filling, field)) || is_told_twice(filling, list, value))
			break;
		json_push(list, value);
	}
	return list;
}

static bool is_left_out(struct filling *filling, const struct pack_field *field)
{
	struct years *years = filling->years;
	if (years->options->house && is_words(field))
		return false; /* it says so itself */
	if (field->type == PACK_FILE)
		return filling->files > 2 ? !years_chance(years, 3) : years_chance(years, 3);
	return years_below(years, OPTIONAL_OF) >= (uint64_t)(OPTIONAL_IN + filling->effort);
}

static bool put(struct filling *filling, struct json *fields, const struct pack_field *field)
{
	struct json *value = value_of(filling, field);
	if (value)
		json_put(fields, field->name, value);
	return value != NULL;
}

struct str years_text(struct years *years, const struct pack_kind *kind, struct str field,
                      const struct json *fields, int child)
{
	const struct pack_field *meant = pack_field_find(kind, field);
	struct filling filling = { .years = years, .kind = kind, .child = child, .fields = fields };
	struct json *said = meant ? house_says(&filling, meant) : NULL;
	return said ? said->string : STR(YEARS_MARK " It was weighed.");
}

struct json *years_fill(struct years *years, const struct pack_kind *kind,
                        const struct years_file *file, int child, const struct years_duty *duty,
                        int effort)
{
	struct json *fields = json_object(years->arena);
	struct filling filling = { years, kind, file, child, duty, effort, 0, fields };
	for (size_t i = 0; i < kind->field_count; i++)
		filling.files += kind->fields[i].type == PACK_FILE &&
		                 kind->fields[i].required == PACK_OPTIONAL;
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		bool is_set_by_register = field->counted || str_eq(field->name, STR("return"));
		if (field->retired.p || is_set_by_register || field->required == PACK_REQUIRED_IF)
			continue;
		if (field->required == PACK_REQUIRED) {
			if (!put(&filling, fields, field))
				return NULL;
		} else if (!is_left_out(&filling, field)) {
			(void)put(&filling, fields, field);
		}
	}
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		if (field->required != PACK_REQUIRED_IF || field->retired.p ||
		    !pack_cond_holds_fields(field->required_if, kind, fields))
			continue;
		if (!put(&filling, fields, field))
			return NULL;
	}
	return fields;
}
