/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Entries of a file on one line of time; silence is a line of its own. */
#include "web/practice.h"

#include "web/draft.h"

#define ENTRIES_SHOWN 100

static const char *seal_sentence(enum casebook_seal how)
{
	switch (how) {
	case CASEBOOK_SEAL_KEPT:
		return "There are sealed words here. They are not for your office.";
	case CASEBOOK_SEAL_RESTRICTED:
		return "There are sealed words here. Fewer people may read them now: who, and until when, "
		       "stands at the head of the file.";
	case CASEBOOK_SEAL_DESTROYED:
		return "The words were destroyed. That there was an entry stays.";
	case CASEBOOK_SEAL_LOST:
		return "The words cannot be opened: their key is missing or they are damaged. Tell "
		       "the register's administrator.";
	case CASEBOOK_SEAL_NONE:
	case CASEBOOK_SEAL_OPEN:
		break;
	}
	return "";
}

static const struct json *without_teller(struct arena *arena, const struct casebook_entry *entry,
                                         const struct json *sealed, bool *is_held_back)
{
	struct json *rest = json_object(arena);
	for (const struct json *value = sealed ? sealed->first : NULL; value; value = value->next) {
		if (casebook_names_teller(entry, value->key))
			*is_held_back = true;
		else
			json_put(rest, value->key, draft_copy(arena, value));
	}
	return rest;
}

/* Who told is not shown with the words: it is asked for by itself, as a reading with its purpose.
 */
static bool open_words(struct web_request *request, struct casebook_reader *reader,
                       const struct casebook_entry *entry, struct str purpose, struct json **out,
                       struct err *err)
{
	struct arena *arena = request->arena;
	struct json *values = json_array(arena);
	struct casebook_viewer viewer = *practice_viewer(request);
	const struct json *sealed;
	enum casebook_seal how;
	bool asks_who = str_eq(fields_get(&request->head->query, STR("who")), STR("told"));
	bool is_held_back = false;
	if (purpose.n)
		viewer.purpose = purpose;
	*out = json_object(arena);
	if (asks_who)
		viewer.purpose = STR("who told us");
	if (!casebook_open_seal(reader, &viewer, entry->index, arena, &how, &sealed, err))
		return false;
	if (!asks_who)
		sealed = without_teller(arena, entry, sealed, &is_held_back);
	if (!entry_values(request, reader, entry, sealed, values, err))
		return false;
	json_put_text(arena, *out, STR("who_href"),
	              is_held_back
	                      ? arena_format(arena, "/entries/%" PRId64 "?who=told", entry->index)
	                      : STR(""));
	json_put_text(arena, *out, STR("state"), str_from_c(casebook_seal_name(how)));
	json_put_text(arena, *out, STR("said"), str_from_c(seal_sentence(how)));
	json_put_bool(arena, *out, STR("is_open"), how == CASEBOOK_SEAL_OPEN);
	json_put(*out, STR("values"), values);
	return true;
}

bool entry_words(struct web_request *request, struct casebook_reader *reader,
                 const struct casebook_entry *entry, struct json **out, struct err *err)
{
	return open_words(request, reader, entry, STR(""), out, err);
}

/* --- lines ----------------------------------------------------------------------------------- */

static void put_mark(struct arena *arena, const struct casebook_entry *entry, struct json *row)
{
	bool is_concern = entry->by == CASEBOOK_BY_PUBLIC || entry->by == CASEBOOK_BY_PERSON ||
	                  (entry->rules && entry->rules->may_begin && !entry->rules->is_built_in);
	bool is_late = str_eq(entry->kind, STR("duty.climbed")) ||
	               str_eq(entry->kind, STR("gate.refused")) ||
	               str_eq(entry->kind, STR("act.refused"));
	json_put_bool(arena, row, STR("is_concern"), is_concern && !is_late);
	json_put_bool(arena, row, STR("is_alarm"), is_late);
	json_put_bool(arena, row, STR("is_act"), !is_concern && !is_late);
}

static void put_when(struct web_request *request, const struct casebook_entry *entry,
                     struct json *row)
{
	struct arena *arena = request->arena;
	struct local local = zone_local(page_zone(request), entry->happened);
	bool ends_day = page_ends_day(request, entry, entry->happened);
	if (ends_day)
		local.day = day_from_number(day_number(local.day) - 1);
	json_put_text(arena, row, STR("day"), wording_day_short(arena, local.day));
	json_put_text(arena, row, STR("time"),
	              ends_day ? STR("end of the day")
	                       : wording_time(arena, local.hour, local.minute));
}

static struct str who_wrote(const struct web_request *request, const struct casebook_entry *entry,
                            const struct json *row)
{
	(void)request;
	if (entry->by == CASEBOOK_BY_PUBLIC)
		return STR("Whoever reported");
	if (entry->by == CASEBOOK_BY_REGISTER)
		return STR("The register");
	struct str title = json_text(json_member(row, STR("office")), STR("title"));
	return title.n ? title : STR("The register");
}

/* "Decide what happens next" for "D20377.1", when it is a duty of this file. */
static struct str duty_title(const struct casebook_duty_list *duties, struct str name)
{
	for (size_t i = 0; i < duties->count; i++)
		if (str_eq(duties->at[i].name, name))
			return duties->at[i].title;
	return name;
}

/* The plain side without what the register only counts by. */
static struct json *shown_plain(struct arena *arena, const struct casebook_entry *entry,
                                const struct casebook_duty_list *duties)
{
	const struct json *plain = entry->plain;
	bool is_climb = str_eq(entry->kind, STR("duty.climbed"));
	struct json *shown = json_object(arena);
	for (const struct json *value = plain ? plain->first : NULL; value; value = value->next) {
		if (str_eq(value->key, STR("rung")) || str_eq(value->key, STR("late")) ||
		    (is_climb && str_eq(value->key, STR("first"))))
			continue;
		struct json *copy = draft_copy(arena, value);
		if (copy && str_eq(value->key, STR("duty")))
			copy->string = duty_title(duties, value->string);
		json_put(shown, value->key, copy);
	}
	return shown;
}

/* What a line says beside its title: the answers that decide and count. Those of the first entry
 * stand above already. */
static bool put_told(struct web_request *request, struct casebook_reader *reader,
                     const struct entry_list *list, const struct casebook_entry *entry,
                     struct json *row, struct err *err)
{
	struct json *values = json_array(request->arena);
	bool stands_above = !list->tells_all && entry->index == list->file->first_entry;
	const struct json *plain =
		stands_above ? NULL : shown_plain(request->arena, entry, list->duties);
	if (!entry_values(request, reader, entry, plain, values, err))
		return false;
	json_put(row, STR("plain"), values);
	json_put_bool(request->arena, row, STR("has_plain"), values && values->count > 0);
	return true;
}

/* may_open, is_fewer: a line leads to the words that would open for this reader, and to no others.
 */
static bool put_seal(struct web_request *request, struct casebook_reader *reader,
                     const struct entry_list *list, const struct casebook_entry *entry,
                     struct json *row, struct err *err)
{
	enum casebook_seal how = CASEBOOK_SEAL_NONE;
	if (entry->is_sealed && !casebook_would_open(reader, practice_viewer(request), list->access,
	                                             list->file->n, entry->index, &how, err))
		return false;
	json_put_bool(request->arena, row, STR("may_open"), how == CASEBOOK_SEAL_OPEN);
	json_put_bool(request->arena, row, STR("is_fewer"), how == CASEBOOK_SEAL_RESTRICTED);
	return true;
}

bool entry_line(struct web_request *request, struct casebook_reader *reader,
                const struct entry_list *list, const struct casebook_entry *entry,
                struct json **out, struct err *err)
{
	struct arena *arena = request->arena;
	struct json *row, *words = NULL;
	if (!page_entry(request, reader, entry, &row, err) ||
	    !put_told(request, reader, list, entry, row, err) ||
	    !put_seal(request, reader, list, entry, row, err))
		return false;
	if (list->opens && entry->is_sealed &&
	    !open_words(request, reader, entry, list->purpose, &words, err))
		return false;
	json_put_bool(arena, row, STR("is_silence"), false);
	put_mark(arena, entry, row);
	put_when(request, entry, row);
	json_put_text(arena, row, STR("who"), who_wrote(request, entry, row));
	json_put_bool(arena, row, STR("is_sealed"), entry->is_sealed && !words);
	json_put_bool(arena, row, STR("is_destroyed"), entry->is_destroyed && !words);
	json_put(row, STR("opened"), words ? words : json_null(arena));
	*out = row;
	return true;
}

void entry_silence(struct arena *arena, instant from, instant until, struct json *lines)
{
	int64_t days = (until - from) / INSTANT_PER_DAY;
	struct json *row = json_object(arena);
	if (until - from <= ENTRY_SILENCE)
		return;
	json_put_bool(arena, row, STR("is_silence"), true);
	json_put_text(arena, row, STR("text"),
	              arena_format(arena, "No entry for %" PRId64 " days", days));
	json_push(lines, row);
}

bool entry_chronology(struct web_request *request, struct casebook_reader *reader,
                      const struct entry_list *list, struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	const struct casebook_file *file = list->file;
	struct json *lines = json_array(arena);
	const struct casebook_entry *entries;
	size_t count;
	if (!casebook_entries(reader, arena, file->n, list->after, ENTRIES_SHOWN, &entries, &count,
	                      err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct json *row;
		if (i > 0)
			entry_silence(arena, entries[i - 1].recorded, entries[i].recorded, lines);
		if (!entry_line(request, reader, list, &entries[i], &row, err))
			return false;
		json_push(lines, row);
	}
	bool is_end = count == 0 || entries[count - 1].index >= file->last_entry;
	if (count > 0 && is_end)
		entry_silence(arena, entries[count - 1].recorded, request->now, lines);
	json_put(model, STR("chronology"), lines);
	json_put(model, STR("next"), json_null(arena));
	if (!is_end) {
		struct str path = practice_file_path(request, file->number, STR(""));
		struct str next = arena_format(arena, "%.*s?after=%" PRId64 "#chronology",
		                               STR_ARG(path), entries[count - 1].index);
		draft_set(model, STR("next"), json_string(arena, next));
	}
	return true;
}
