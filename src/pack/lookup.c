/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Finding by name: binary search in names sorted once, when the pack was loaded. */
#include "pack/sentence.h"
#include "pack/whole.h"

#include <stdlib.h>

const struct whole *whole_of(const struct pack *pack)
{
	return (const struct whole *)(const void *)pack;
}

struct str whole_file_of(const struct whole *whole, const struct yaml *node)
{
	uintptr_t at = (uintptr_t)node;
	for (const struct whole_file *file = whole->files; file; file = file->next) {
		uintptr_t first = (uintptr_t)file->nodes;
		if (at >= first && at < first + file->count * sizeof *file->nodes)
			return file->shown;
	}
	return STR_NONE;
}

static int by_name(const void *a, const void *b)
{
	const struct name_entry *left = a, *right = b;
	return str_compare(left->name, right->name);
}

bool name_index_make(struct arena *arena, const struct str *names, size_t count,
                     struct name_index *out)
{
	struct name_entry *entries = arena_alloc(arena, count, sizeof *entries);
	if (!entries)
		return false;
	for (size_t i = 0; i < count; i++)
		entries[i] = (struct name_entry){ .name = names[i], .number = i };
	qsort(entries, count, sizeof *entries, by_name);
	*out = (struct name_index){ .at = entries, .count = count };
	return true;
}

size_t name_index_find(const struct name_index *index, struct str name)
{
	size_t low = 0, high = index->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_compare(name, index->at[middle].name);
		if (order == 0)
			return index->at[middle].number;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return SIZE_MAX;
}

#define FIND(function, type, member)                                                               \
	const struct type *function(const struct pack *pack, struct str name)                      \
	{                                                                                          \
		size_t number = name_index_find(&whole_of(pack)->member, name);                    \
		return number == SIZE_MAX ? NULL : &pack->member[number];                          \
	}

FIND(pack_kind_find, pack_kind, kinds)
FIND(pack_duty_find, pack_duty, duties)
FIND(pack_office_find, pack_office, offices)
FIND(pack_agency_find, pack_agency, agencies)
FIND(pack_file_type_find, pack_file_type, file_types)
FIND(pack_relation_find, pack_relation, relations)
FIND(pack_ladder_find, pack_ladder, ladders)
FIND(pack_gate_find, pack_gate, gates)
FIND(list_find, pack_list, lists)
FIND(calendar_find, pack_calendar, calendars)

const struct pack_field *pack_field_find(const struct pack_kind *kind, struct str name)
{
	for (size_t i = 0; i < kind->field_count; i++) {
		if (str_eq(kind->fields[i].name, name))
			return &kind->fields[i];
	}
	return NULL;
}

const struct pack_code *pack_code_find(const struct pack_list *list, struct str code)
{
	for (size_t i = 0; list && i < list->count; i++) {
		if (str_eq(list->codes[i].code, code))
			return &list->codes[i];
	}
	return NULL;
}

bool pack_read_covers(const struct pack_read *read, const struct pack_file_type *type)
{
	if (!(read->file_types >> type->number & 1))
		return false;
	return !type->is_private || read->file_types != UINT64_MAX;
}

int pack_state_find(const struct pack_file_type *type, struct str state)
{
	for (size_t i = 0; i < type->state_count; i++) {
		if (str_eq(type->states[i], state))
			return (int)i;
	}
	return -1;
}

/* A code as the plain JSON of an act holds it; yes and no may be written as truth values. */
static struct str code_of(const struct json *plain, struct str field)
{
	const struct json *value = json_member(plain, field);
	if (!value)
		return STR_NONE;
	if (value->type == JSON_TRUE)
		return STR("yes");
	if (value->type == JSON_FALSE)
		return STR("no");
	return value->type == JSON_STRING ? value->string : STR_NONE;
}

struct str pack_kind_action(const struct pack_kind *kind)
{
	return kind->action.n ? kind->action : kind->title;
}

int pack_kind_target(const struct pack_kind *kind, const struct pack_file_type *type, int old,
                     const struct json *plain)
{
	const struct pack_to *to = &kind->to;
	struct str code = STR_NONE;

	switch (to->sort) {
	case PACK_TO_NONE:
		return -1;
	case PACK_TO_STATE:
		return pack_state_find(type, to->state);
	case PACK_TO_BY_FIELD:
		code = code_of(plain, to->field);
		for (size_t i = 0; code.p && i < to->count; i++) {
			if (str_eq(to->codes[i], code))
				return pack_state_find(type, to->states_for[i]);
		}
		return -1;
	case PACK_TO_BY_STATE:
		for (size_t i = 0; old >= 0 && i < to->count; i++) {
			if (pack_state_find(type, to->codes[i]) == old)
				return pack_state_find(type, to->state);
		}
		return -1;
	}
	return -1;
}

struct str pack_text(const struct pack *pack, struct str language, struct str path,
                     struct str otherwise)
{
	const struct whole *whole = whole_of(pack);
	size_t low = 0, high = whole->text_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct whole_text *text = &whole->texts[middle];
		int order = str_compare(language, text->language);
		if (order == 0)
			order = str_compare(path, text->path);
		if (order == 0)
			return text->sentence;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return otherwise;
}

struct str pack_sentence_built_in(struct str path)
{
	size_t low = 0, high = pack_sentence_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_compare(path, str_from_c(pack_sentences[middle].path));
		if (order == 0)
			return str_from_c(pack_sentences[middle].text);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return STR_NONE;
}

struct str pack_sentence(const struct pack *pack, struct str path)
{
	return pack_text(pack, pack->language, path, pack_sentence_built_in(path));
}

static bool is_of(const struct pack_link *links, size_t count, const struct pack_relation *relation)
{
	for (size_t i = 0; i < count; i++) {
		if (links[i].relation == relation)
			return true;
	}
	return false;
}

bool pack_kind_joins(const struct pack_kind *kind, const struct pack_relation *relation)
{
	return is_of(kind->links, kind->link_count, relation) ||
	       is_of(kind->unlinks, kind->unlink_count, relation);
}

static bool is_end_of(const struct pack_link *links, size_t count, struct str field)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(links[i].field, field))
			return true;
	}
	return false;
}

/* Begins nothing, and says no more than which files belong together or not, by what, and why. */
static bool is_of_links_alone(const struct pack_kind *kind)
{
	if (kind->may_begin || kind->link_count + kind->unlink_count == 0)
		return false;
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		if (field->type != PACK_ENTRY && field->type != PACK_TEXT &&
		    !is_end_of(kind->links, kind->link_count, field->name) &&
		    !is_end_of(kind->unlinks, kind->unlink_count, field->name))
			return false;
	}
	return true;
}

bool pack_kind_is_contact(const struct pack *pack, const struct pack_kind *kind)
{
	const struct pack_matching *matching = &pack->matching;
	return !kind->is_built_in && kind != matching->propose && kind != matching->answer &&
	       !is_of_links_alone(kind);
}

bool pack_asks_who(const struct pack *pack, const struct pack_kind *kind, const struct json *plain)
{
	struct str person = pack->matching.as[PACK_MATCHED_NAME];
	return !kind || kind != pack->matching.propose || !person.p ||
	       str_eq(json_text(plain, STR("what")), person);
}

const struct pack_pattern *pack_pattern_find(const struct pack *pack, struct str name)
{
	for (size_t i = 0; i < pack->pattern_count; i++) {
		if (str_eq(pack->patterns[i].name, name))
			return &pack->patterns[i];
	}
	return NULL;
}

static bool may_scrutinise(const struct pack_office *office)
{
	return office && office->is_independent && !office->is_outside && !office->retired.p;
}

const struct pack_office *pack_scrutineer(const struct pack *pack)
{
	const struct pack_ladder *ladder = pack->rest ? pack->rest->ladder : NULL;
	for (size_t i = 0; ladder && i < ladder->count; i++) {
		const struct pack_rung *rung = &ladder->rungs[i];
		for (size_t t = 0; rung->place == PACK_INDEPENDENT && t < rung->tell_count; t++)
			if (rung->tell[t].sort == PACK_OWNER_ROLE && !rung->tell[t].step_count &&
			    may_scrutinise(rung->tell[t].role))
				return rung->tell[t].role;
	}
	for (size_t i = 0; i < pack->office_count; i++)
		if (may_scrutinise(&pack->offices[i]))
			return &pack->offices[i];
	return NULL;
}
