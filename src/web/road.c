/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which roads there are, and their kinds in words for the public. */
#include "web/road.h"

/* --- which ----------------------------------------------------------------------------------- */

static bool is_by(const struct pack_kind *kind, enum pack_by_sort sort)
{
	for (size_t i = 0; i < kind->by_count; i++)
		if (kind->by[i].sort == sort)
			return true;
	return false;
}

/* What names something of the register is not asked of the public: no number of a file is
 * confirmed to whoever tries them. */
static bool is_asked(const struct pack_field *field)
{
	static const struct str INNER[] = { { "return", 6 }, { "file-count", 10 } };
	for (size_t i = 0; i < COUNT_OF(INNER); i++)
		if (str_eq(field->name, INNER[i]))
			return false;
	return !field->retired.p && !field->counted && field->type != PACK_FILE &&
	       field->type != PACK_ENTRY && field->type != PACK_DUTY &&
	       field->type != PACK_VERSION && field->type != PACK_ROWS && field->type != PACK_MONTH;
}

/* A kind that needs more than the public can be asked is left to those who can. */
static bool can_be_asked(const struct pack_kind *kind)
{
	size_t asked = 0;
	for (size_t i = 0; i < kind->field_count; i++) {
		bool is_needed = kind->fields[i].required == PACK_REQUIRED;
		if (is_needed && !is_asked(&kind->fields[i]))
			return false;
		asked += is_asked(&kind->fields[i]);
	}
	return asked > 0 && !kind->retired.p && !kind->is_built_in;
}

bool road_begins(const struct pack *pack, const struct pack_kind *kind)
{
	return kind->may_begin && kind != pack->report && is_by(kind, PACK_BY_PUBLIC) &&
	       can_be_asked(kind);
}

static bool is_added(const struct pack *pack, const struct pack_kind *kind,
                     const struct pack_file_type *type)
{
	return type && !kind->may_begin && kind != pack->report_added &&
	       is_by(kind, PACK_BY_PERSON) && (kind->file_types >> type->number & 1) &&
	       kind->public_text.n > 0 && can_be_asked(kind);
}

static bool is_road(const struct pack *pack, const struct pack_kind *kind,
                    const struct casebook_file *file)
{
	return file ? is_added(pack, kind, file->type) : road_begins(pack, kind);
}

static struct str path_of(struct web_request *request, const struct casebook_file *file, size_t n)
{
	return arena_format(request->arena, "%s/%zu", file ? "/return/say" : "/tell", n);
}

static struct str action_of(struct web_request *request, const struct pack_kind *kind)
{
	struct str words = road_words(request, kind, STR("action"));
	return words.n ? words : pack_kind_action(kind);
}

/* As the file stands now: neither its state nor a gate is against it. What is not answered yet
 * stands against nothing that is asked. */
static bool may_now(struct web_request *request, struct casebook_reader *reader,
                    const struct pack_kind *kind, const struct casebook_file *file)
{
	struct casebook_viewer viewer = { .actor = { .by = CASEBOOK_BY_PERSON },
		                          .purpose = STR("return") };
	struct casebook_trial trial;
	struct err ignored = { 0 };
	if (file->state < 0 || !(kind->from[file->type->number] >> file->state & 1))
		return false;
	return casebook_try(reader, request->arena, &viewer, file, kind,
	                    json_object(request->arena), &trial, &ignored) &&
	       !trial.is_refused;
}

static struct json *list(struct web_request *request, const struct casebook_file *file)
{
	const struct pack *pack = casebook_pack(site_book(request));
	struct json *rows = json_array(request->arena);
	struct casebook_reader *reader = NULL;
	struct err ignored = { 0 };
	if (file && !site_reader(request, &reader, &ignored))
		return rows;
	for (size_t i = 0, n = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		if (!is_road(pack, kind, file))
			continue;
		n++;
		if (file && !may_now(request, reader, kind, file))
			continue;
		struct json *row = json_object(request->arena);
		json_put_text(request->arena, row, STR("href"), path_of(request, file, n));
		json_put_text(request->arena, row, STR("text"), action_of(request, kind));
		json_push(rows, row);
	}
	return rows;
}

struct json *road_list(struct web_request *request)
{
	return list(request, NULL);
}

struct json *road_list_added(struct web_request *request, const struct casebook_file *file)
{
	return list(request, file);
}

/* --- in words for the public ----------------------------------------------------------------- */

struct str road_words(const struct web_request *request, const struct pack_kind *kind,
                      struct str what)
{
	const struct pack *pack = casebook_pack(site_book(request));
	struct str path = arena_format(request->arena, "public.%.*s.%.*s", STR_ARG(kind->name),
	                               STR_ARG(what));
	return path.p ? pack_text(pack, pack->language, path, STR_NONE) : STR_NONE;
}

static struct str field_words(const struct web_request *request, const struct pack_kind *kind,
                              const struct pack_field *field, const char *what)
{
	return road_words(request, kind,
	                  arena_format(request->arena, "%.*s.%s", STR_ARG(field->name), what));
}

static struct pack_code in_words(const struct web_request *request, const struct pack_kind *kind,
                                 const struct pack_field *field, struct pack_code code)
{
	struct str what = arena_format(request->arena, "code.%.*s", STR_ARG(code.code));
	struct str words = field_words(request, kind, field, str_to_c(request->arena, what));
	if (words.n)
		code.title = words;
	return code;
}

/* The codes that are offered to the public, in that order, where the pack names them; else all that
 * are in use. */
static const struct pack_list *list_of(const struct web_request *request,
                                       const struct pack_kind *kind, const struct pack_field *field)
{
	const struct pack_list *whole = field->list;
	struct str offered = field_words(request, kind, field, "codes");
	bool is_chosen = offered.n > 0;
	struct pack_list *copy = arena_alloc(request->arena, 1, sizeof *copy);
	struct pack_code *codes =
		whole ? arena_alloc(request->arena, whole->count, sizeof *codes) : NULL;
	if (!whole || !copy || !codes)
		return whole;
	*copy = *whole;
	copy->count = 0;
	struct str word;
	while (offered.n && copy->count < whole->count && str_cut(&offered, ' ', &word)) {
		const struct pack_code *code = pack_code_find(whole, word);
		if (code && !code->retired.p)
			codes[copy->count++] = in_words(request, kind, field, *code);
	}
	for (size_t i = 0; !is_chosen && i < whole->count; i++)
		if (!whole->codes[i].retired.p)
			codes[copy->count++] = in_words(request, kind, field, whole->codes[i]);
	copy->codes = codes;
	return copy;
}

static bool put_in_words(struct web_request *request, struct road *road, struct err *err)
{
	const struct pack_kind *rules = road->rules;
	struct pack_field *fields = arena_alloc(request->arena, rules->field_count, sizeof *fields);
	if (!fields)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	road->kind = *rules;
	road->kind.fields = fields;
	road->kind.field_count = 0;
	for (size_t i = 0; i < rules->field_count; i++) {
		struct pack_field field = rules->fields[i];
		struct str label = field_words(request, rules, &field, "label");
		struct str hint = field_words(request, rules, &field, "hint");
		if (!is_asked(&field))
			continue;
		field.list = list_of(request, rules, &field);
		if (label.n) {
			field.label = label;
			field.hint = hint; /* the other speaks of the other question */
		} else if (hint.n) {
			field.hint = hint;
		}
		fields[road->kind.field_count++] = field;
	}
	return true;
}

bool road_find(struct web_request *request, const struct casebook_file *file, struct road *out,
               struct err *err)
{
	const struct pack *pack = casebook_pack(site_book(request));
	struct str name = web_param(request, STR("road"));
	uint64_t number = 0;
	*out = (struct road){ .file = file ? file->id : STR("") };
	if (!str_to_u64(name, SIZE_MAX, &number))
		number = 0;
	for (size_t i = 0, n = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		if (!is_road(pack, kind, file))
			continue;
		n++;
		if (n != number && !str_eq(kind->name, name))
			continue;
		out->rules = kind;
		out->path = path_of(request, file, n);
		return put_in_words(request, out, err);
	}
	return err_set(err, ERR_ABSENT, "We cannot find that page");
}

struct str road_page_path(struct web_request *request, const struct road *road, size_t n)
{
	if (n >= road->kind.field_count)
		return arena_format(request->arena, "%.*s/check", STR_ARG(road->path));
	return arena_format(request->arena, "%.*s/%zu", STR_ARG(road->path), n + 1);
}
