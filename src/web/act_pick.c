/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What can be chosen where a field names a file, an entry or a duty: those near
 * the file at hand. Whatever is not among them is typed.
 */
#include "web/act_options.h"

#include "web/file_parts.h"

#define OWN_ENTRIES 40
#define LINKED_ENTRIES 15
#define LINKED_FILES 8
#define ENTRIES_LOOKED 600 /* of one file, for those of the right kinds */
#define ENTRIES_READ 100
#define DUTIES_MAX 200
#define NAMED_MAX 16

/* --- near files ------------------------------------------------------------------------------ */

/* Files that are filled in already, as the link that led here names one. */
static size_t named_files(const struct act_form *form, struct str named[NAMED_MAX])
{
	size_t count = 0;
	for (size_t i = 0; i < form->kind->field_count; i++) {
		const struct pack_field *field = &form->kind->fields[i];
		const struct json *value = json_member(form->fields, field->name);
		const struct json *item = value && value->type == JSON_ARRAY ? value->first : value;
		if (field->type != PACK_FILE)
			continue;
		for (; item && count < NAMED_MAX;
		     item = value->type == JSON_ARRAY ? item->next : NULL)
			if (item->type == JSON_STRING)
				named[count++] = item->string;
	}
	return count;
}

static bool find_near(struct act_form *form, struct err *err)
{
	struct str named[NAMED_MAX];
	if (form->is_near)
		return true;
	form->is_near = true;
	return near_find(form->request, form->reader, form->is_new ? NULL : &form->file, named,
	                 named_files(form, named), &form->near, err);
}

static bool fits_file(const struct pack_field *field, const struct near_file *near)
{
	if (near->file.type->is_built_in)
		return field->of_file_types >> near->file.type->number & 1;
	return !field->of_file_types || field->of_file_types >> near->file.type->number & 1;
}

/* The number that is shown, where the file was named by its id. */
static bool names_file(const struct json *item, const struct casebook_file *file)
{
	return item->type == JSON_STRING && str_eq(item->string, file->id);
}

static void by_number(struct act_options *options, const struct casebook_file *file)
{
	struct arena *arena = options->form->request->arena;
	const struct json *value = options->value;
	const struct json *item = value && value->type == JSON_ARRAY ? value->first : value;
	for (; item; item = value->type == JSON_ARRAY ? item->next : NULL)
		if (names_file(item, file)) {
			struct json *list = json_array(arena);
			const struct json *each = value->type == JSON_ARRAY ? value->first : value;
			for (; each; each = value->type == JSON_ARRAY ? each->next : NULL)
				json_push(list, names_file(each, file)
				                        ? json_string(arena, file->number)
				                        : draft_copy(arena, each));
			options->value = list;
			return;
		}
}

bool act_pick_files(struct act_options *options, const struct pack_field *field, struct err *err)
{
	struct act_form *form = options->form;
	enum near_why group = NEAR_ITSELF;
	if (!find_near(form, err))
		return false;
	for (size_t i = 0; i < form->near.count; i++) {
		const struct near_file *near = &form->near.at[i];
		if (near->why == NEAR_ITSELF || !fits_file(field, near))
			continue;
		if (near->why != group)
			options->group = near_heading(near->why);
		group = near->why;
		by_number(options, &near->file);
		act_option_add(options, near->file.number, near_label(form->request, near));
	}
	return true;
}

/* --- entries --------------------------------------------------------------------------------- */

static bool answers_a_waiting_act(const struct act_form *form)
{
	return str_eq(form->kind->name, STR("second.given"));
}

static bool fits_entry(const struct act_form *form, const struct pack_field *field,
                       const struct casebook_entry *entry)
{
	if (answers_a_waiting_act(form))
		return str_eq(entry->kind, STR("act.waiting"));
	for (size_t i = 0; i < field->of_kind_count; i++)
		if (str_eq(field->of_kinds[i]->name, entry->kind))
			return true;
	/* That somebody read what he was told bears on nothing. */
	return field->of_kind_count == 0 && entry->by != CASEBOOK_BY_REGISTER &&
	       !str_eq(entry->kind, STR("duty.read"));
}

static void add_entry(struct act_options *options, const struct casebook_entry *entry)
{
	struct act_form *form = options->form;
	act_option_add(options, arena_format(form->request->arena, "%" PRId64, entry->index),
	               entry_label(form->request, entry));
}

static bool add_entries_of(struct act_options *options, const struct pack_field *field,
                           const struct casebook_file *file, size_t most, struct err *err)
{
	struct act_form *form = options->form;
	const struct casebook_entry *entries;
	size_t count = ENTRIES_READ, looked = 0, added = 0;
	for (int64_t before = INT64_MAX; count == ENTRIES_READ && looked < ENTRIES_LOOKED;
	     looked += count) {
		if (!casebook_entries_before(form->reader, form->request->arena, file->n, before,
		                             ENTRIES_READ, &entries, &count, err))
			return false;
		for (size_t i = 0; i < count; i++) {
			before = entries[i].index;
			if (!fits_entry(form, field, &entries[i]))
				continue;
			add_entry(options, &entries[i]);
			if (++added == most)
				return true;
		}
	}
	return true;
}

bool act_pick_entries(struct act_options *options, const struct pack_field *field, struct err *err)
{
	struct act_form *form = options->form;
	size_t linked = 0;
	if (form->kind->is_built_in)
		return form->is_new ||
		       add_entries_of(options, field, &form->file, OWN_ENTRIES, err);
	if (!find_near(form, err))
		return false;
	for (size_t i = 0; i < form->near.count; i++) {
		const struct near_file *near = &form->near.at[i];
		bool is_own = near->why == NEAR_ITSELF;
		if (!is_own && (near->why != NEAR_LINKED || linked++ >= LINKED_FILES))
			continue;
		options->group =
			is_own ? near_heading(near->why) : file_heading(form->request, &near->file);
		if (!add_entries_of(options, field, &near->file,
		                    is_own ? OWN_ENTRIES : LINKED_ENTRIES, err))
			return false;
	}
	return true;
}

/* --- duties ---------------------------------------------------------------------------------- */

static bool fits_duty(const struct pack_field *field, const struct casebook_duty *duty)
{
	for (size_t i = 0; i < field->of_duty_count; i++)
		if (str_eq(field->of_duties[i]->name, duty->rule))
			return true;
	return field->of_duty_count == 0;
}

/* Whether an answer in the field settles it, and is given by whoever owes it alone. */
static bool is_anothers(const struct act_form *form, const struct pack_field *field,
                        const struct casebook_duty *duty)
{
	struct str office = practice_viewer(form->request)->actor.office;
	bool is_own = false, owes = str_eq(duty->office, office);
	for (size_t i = 0; i < form->kind->settle_count; i++)
		is_own = is_own || (form->kind->settles[i].is_own &&
		                    str_eq(form->kind->settles[i].field, field->name));
	for (size_t i = 0; i < duty->also_count; i++)
		owes = owes || str_eq(duty->also[i], office);
	return is_own && !owes;
}

/* The title of the pattern that opened it, for whoever looks at it. */
static struct str of_pattern(struct act_options *options, const struct casebook_duty *duty)
{
	struct act_form *form = options->form;
	const struct pack *pack = casebook_pack(site_book(form->request));
	const struct pack_pattern *pattern;
	struct casebook_entry found;
	struct err ignored = { 0 };
	if (!pack->pattern_duty || !str_eq(duty->rule, pack->pattern_duty->name) ||
	    !casebook_entry_get(form->reader, form->request->arena, duty->opened, &found, &ignored))
		return STR("");
	pattern = pack_pattern_find(pack, json_text(found.plain, STR("pattern")));
	return pattern ? arena_format(form->request->arena, "%.*s: ", STR_ARG(pattern->title))
	               : STR("");
}

static void add_duties(struct act_options *options, const struct pack_field *field,
                       const struct casebook_duty_list *duties)
{
	struct web_request *request = options->form->request;
	struct arena *arena = request->arena;
	for (size_t i = 0; i < duties->count; i++) {
		const struct casebook_duty *duty = &duties->at[i];
		if (!duty->is_open || !fits_duty(field, duty) ||
		    is_anothers(options->form, field, duty))
			continue;
		struct str due = wording_due(arena, page_zone(request), duty->due, request->now);
		act_option_add(options, duty->name,
		               arena_format(arena, "%.*s%.*s, owed by %.*s, by %.*s",
		                            STR_ARG(of_pattern(options, duty)),
		                            STR_ARG(duty->title), STR_ARG(duty->office_title),
		                            STR_ARG(due)));
	}
}

bool act_pick_duties(struct act_options *options, const struct pack_field *field, struct err *err)
{
	struct act_form *form = options->form;
	size_t linked = 0;
	if (!form->kind->is_built_in && !form->is_new)
		options->group = near_heading(NEAR_ITSELF);
	add_duties(options, field, &form->duties);
	if (form->kind->is_built_in)
		return true;
	if (!find_near(form, err))
		return false;
	for (size_t i = 0; i < form->near.count; i++) {
		const struct near_file *near = &form->near.at[i];
		struct casebook_duty_list duties;
		if (near->why != NEAR_LINKED || linked++ >= LINKED_FILES)
			continue;
		if (!casebook_duties_of_file(form->reader, form->request->arena, near->file.n,
		                             DUTIES_MAX, &duties, err))
			return false;
		options->group = file_heading(form->request, &near->file);
		add_duties(options, field, &duties);
	}
	return true;
}

/* --- typed ----------------------------------------------------------------------------------- */

static bool is_option(const struct act_options *options, struct str text)
{
	for (const struct json *row = options->list ? options->list->first : NULL; row;
	     row = row->next)
		if (str_eq(json_text(row, STR("value")), text))
			return true;
	return false;
}

struct str act_pick_typed(const struct act_options *options)
{
	struct arena *arena = options->form->request->arena;
	const struct json *value = options->value;
	const struct json *item = value && value->type == JSON_ARRAY ? value->first : value;
	struct str typed = STR("");
	for (; item; item = value->type == JSON_ARRAY ? item->next : NULL) {
		struct str text = item->type == JSON_INTEGER
		                          ? arena_format(arena, "%" PRId64, item->integer)
		                          : item->string;
		if ((item->type == JSON_INTEGER || item->type == JSON_STRING) &&
		    !is_option(options, text))
			typed = arena_format(arena, "%.*s%s%.*s", STR_ARG(typed),
			                     typed.n ? "\n" : "", STR_ARG(text));
	}
	return typed;
}
