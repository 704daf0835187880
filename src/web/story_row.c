/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The lines of a chronology as they are shown: whose they are, what they
 * answer, the person's own words opened, what was refused and why, what was
 * corrected. Seals open for the lines of this page alone.
 */
#include "web/story_parts.h"

#include "web/file_parts.h"

/* --- beside an entry ------------------------------------------------------------------------- */

/* What was corrected in it, as the correction says. */
static bool put_corrections(const struct story *story, const struct story_line *line,
                            struct json *row, struct err *err)
{
	struct web_request *request = story->request;
	struct arena *arena = request->arena;
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < story->correction_count; i++) {
		const struct casebook_entry *other = story->corrections[i];
		if (json_number(other->plain, STR("of"), -1) != line->entry->index)
			continue;
		struct str name = json_text(other->plain, STR("field")), text = STR("");
		const struct pack_field *field =
			line->entry->rules ? pack_field_find(line->entry->rules, name) : NULL;
		const struct json *value = json_member(other->plain, STR("value"));
		if (value && !entry_value_text(request, story->reader, field, value, &text, err))
			return false;
		struct json *one = json_object(arena);
		json_put_text(arena, one, STR("field"), field ? field->label : name);
		json_put_text(arena, one, STR("right"), text);
		json_put(one, STR("at"), page_time_near(request, other->recorded));
		json_put_text(arena, one, STR("href"),
		              arena_format(arena, "/entries/%" PRId64, other->index));
		json_put_integer(arena, one, STR("entry"), other->index);
		json_push(rows, one);
	}
	json_put_bool(arena, row, STR("has_corrections"), rows && rows->count > 0);
	json_put(row, STR("corrections"), rows);
	return true;
}

static bool is_missing(const struct json *missing, struct str gate, size_t n)
{
	for (const struct json *item = missing ? missing->first : NULL; item; item = item->next) {
		struct str rest = item->string, name;
		uint64_t at;
		if (str_cut(&rest, '.', &name) && str_eq(name, gate) &&
		    str_to_u64(rest, 1000, &at) && at == n)
			return true;
	}
	return false;
}

/* What a gate that refused found already: of its needs those that always apply, and were met. */
static void put_there(const struct story *story, const struct casebook_entry *entry,
                      struct json *row)
{
	struct arena *arena = story->request->arena;
	const struct pack *pack = casebook_pack(site_book(story->request));
	const struct json *gates = json_member(entry->plain, STR("gates"));
	const struct json *missing = json_member(entry->plain, STR("missing"));
	struct json *there = json_array(arena);
	bool is_gate = str_eq(entry->kind, STR("gate.refused"));
	for (const struct json *item = is_gate && gates ? gates->first : NULL; item;
	     item = item->next) {
		const struct pack_gate *gate = pack_gate_find(pack, item->string);
		for (size_t n = 0; gate && n < gate->need_count; n++)
			if (gate->needs[n].there.p && !gate->needs[n].when &&
			    !is_missing(missing, gate->name, n + 1))
				json_push(there, json_string(arena, gate->needs[n].there));
	}
	json_put_bool(arena, row, STR("has_there"), there && there->count > 0);
	json_put(row, STR("there"), there);
}

/* --- a line ---------------------------------------------------------------------------------- */

static bool opens_some(const struct casebook_access *access)
{
	return access->may_open || access->opens_restricted;
}

static void put_file(const struct story *story, const struct story_line *line, struct json *row)
{
	struct arena *arena = story->request->arena;
	const struct casebook_file *file = &line->of->file;
	bool is_elsewhere = file->n != story->of.n;
	json_put_bool(arena, row, STR("is_elsewhere"), is_elsewhere);
	json_put_text(arena, row, STR("file_title"), file_heading(story->request, file));
	json_put_text(arena, row, STR("file_href"),
	              practice_file_path(story->request, file->number, STR("")));
	json_put_text(arena, row, STR("lane"), story->lanes[line->lane].title);
}

static bool put_line(const struct story *story, const struct story_line *line, struct json *rows,
                     struct err *err)
{
	struct arena *arena = story->request->arena;
	bool is_open =
		opens_some(&line->of->access) && (story->filter.opens || line->has_own_words);
	struct entry_list list = { .file = &line->of->file,
		                   .duties = &line->of->duties,
		                   .after = -1,
		                   .opens = is_open,
		                   .purpose = story->filter.prints ? STR("print") : STR(""),
		                   .tells_all = true };
	struct json *row;
	if (!entry_line(story->request, story->reader, &list, line->entry, &row, err) ||
	    !put_corrections(story, line, row, err))
		return false;
	put_file(story, line, row);
	put_there(story, line->entry, row);
	json_put_bool(arena, row, STR("may_open"), opens_some(&line->of->access));
	json_put_bool(arena, row, STR("has_own_words"), line->has_own_words);
	json_push(rows, row);
	return true;
}

/* One reading of each file whose seals are shown, up to its newest entry. */
static bool record(const struct story *story, size_t from, size_t until, struct err *err)
{
	struct casebook_viewer viewer = *practice_viewer(story->request);
	int64_t files[STORY_FILES_MAX], highest[STORY_FILES_MAX];
	size_t count = 0;
	if (story->filter.prints)
		viewer.purpose = STR("print");
	for (size_t f = 0; f < story->file_count; f++) {
		const struct story_file *file = &story->files[f];
		/* Somebody who prints what is plain has a paper of it too. */
		bool is_shown = story->filter.prints;
		for (size_t i = from; i < until && !is_shown; i++) {
			const struct story_line *line = &story->found[i];
			is_shown = line->of == file && line->entry->is_sealed &&
			           (story->filter.opens || line->has_own_words);
		}
		if (!is_shown || !opens_some(&file->access))
			continue;
		files[count] = file->file.n;
		highest[count++] = file->file.last_entry;
	}
	return casebook_record_readings(story->reader, &viewer, story->request->arena, files,
	                                highest, count, err);
}

/* --- the page of lines ----------------------------------------------------------------------- */

struct window {
	size_t from, until;
};

/* Where an entry stands among what was found; found_count: nowhere. */
static size_t place_of(const struct story *story, int64_t entry)
{
	size_t i = 0;
	while (i < story->found_count && story->found[i].entry->index != entry)
		i++;
	return i;
}

/* Without a place asked for, the newest: at the end of a story that is read forward. */
static struct window window_of(const struct story *story)
{
	const struct story_filter *filter = &story->filter;
	size_t all = story->found_count, most = filter->prints ? STORY_PRINTED : STORY_ROWS;
	size_t after = filter->after < 0 ? all : place_of(story, filter->after);
	size_t before = filter->before < 0 ? all : place_of(story, filter->before);
	if (after < all)
		return (struct window){ after + 1,
			                all - after - 1 > most ? after + 1 + most : all };
	if (before == all && (filter->newest_first || filter->from_start))
		return (struct window){ 0, all < most ? all : most };
	return (struct window){ before < most ? 0 : before - most, before };
}

static bool is_whole(const struct story *story)
{
	const struct story_filter *filter = &story->filter;
	return !filter->lane.n && !filter->kind.n && !filter->own_words &&
	       filter->from == INSTANT_MIN && filter->to == INT64_MAX;
}

/* Silence before a line, and after the last, whichever way it is read. */
static void put_silence(const struct story *story, size_t i, struct json *rows)
{
	bool newest_first = story->filter.newest_first;
	bool has_before = i > 0, has_here = i < story->found_count;
	if (!is_whole(story) || story->found_count == 0 || (newest_first ? !has_here : !has_before))
		return;
	instant a = has_before ? story->found[i - 1].entry->happened : story->request->now;
	instant b = has_here ? story->found[i].entry->happened : story->request->now;
	entry_silence(story->request->arena, a < b ? a : b, a < b ? b : a, rows);
}

static void put_closed(const struct story *story, struct json *model)
{
	struct arena *arena = story->request->arena;
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < story->lane_count; i++) {
		if (!story->closed[i])
			continue;
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("agency"), story->lanes[i].title);
		json_put_integer(arena, row, STR("n"), (int64_t)story->closed[i]);
		json_put_bool(arena, row, STR("is_one"), story->closed[i] == 1);
		json_push(rows, row);
	}
	json_put_bool(arena, model, STR("has_closed"), rows && rows->count > 0);
	json_put(model, STR("closed"), rows);
}

static void put_way(const struct story *story, struct json *model, const char *name, const char *at,
                    const struct story_line *line)
{
	struct arena *arena = story->request->arena;
	struct str path = practice_file_path(story->request, story->of.number, STR("chronology"));
	struct str query = story_query(story, at, line->entry->index);
	json_put_text(arena, model, str_from_c(name),
	              arena_format(arena, "%.*s%.*s#chronology", STR_ARG(path), STR_ARG(query)));
}

/* The pages on both sides, and the newest entry: on this page, or a page away. */
static void put_ways(const struct story *story, const struct window *shown, struct json *model)
{
	struct arena *arena = story->request->arena;
	bool newest_first = story->filter.newest_first;
	size_t all = story->found_count, left = all - shown->until;
	json_put_integer(arena, model, STR("shown_n"), (int64_t)(shown->until - shown->from));
	json_put_bool(arena, model, STR("has_left"), shown->from > 0 || left > 0);
	json_put_integer(arena, model, STR("left_n"), (int64_t)(shown->from + left));
	json_put_integer(arena, model, STR("before_n"), (int64_t)shown->from);
	json_put_integer(arena, model, STR("after_n"), (int64_t)left);
	if (shown->from > 0)
		put_way(story, model, "previous", "before", &story->found[shown->from]);
	else
		json_put_text(arena, model, STR("previous"), STR(""));
	if (left > 0)
		put_way(story, model, "next", "after", &story->found[shown->until - 1]);
	else
		json_put_text(arena, model, STR("next"), STR(""));
	if (all == 0) {
		json_put_text(arena, model, STR("newest_href"), STR(""));
		json_put_bool(arena, model, STR("is_at_start"), true);
		return;
	}
	const struct story_line *newest = &story->found[newest_first ? 0 : all - 1];
	bool is_here = newest_first ? shown->from == 0 : left == 0;
	struct str last = is_here ? STR("") : json_text(model, STR("last_href"));
	json_put_text(
		arena, model, STR("newest_href"),
		arena_format(arena, "%.*s#entry-%" PRId64, STR_ARG(last), newest->entry->index));
	json_put_bool(arena, model, STR("is_at_start"),
	              newest_first ? left == 0 : shown->from == 0);
}

bool story_put_rows(const struct story *story, struct json *model, struct err *err)
{
	struct arena *arena = story->request->arena;
	struct json *rows = json_array(arena);
	struct window shown = window_of(story);
	if (!record(story, shown.from, shown.until, err))
		return false;
	for (size_t i = shown.from; i < shown.until; i++) {
		put_silence(story, i, rows);
		if (!put_line(story, &story->found[i], rows, err))
			return false;
	}
	if (shown.until == story->found_count)
		put_silence(story, shown.until, rows);
	put_closed(story, model);
	json_put(model, STR("rows"), rows);
	json_put_bool(arena, model, STR("has_rows"), shown.until > shown.from);
	put_ways(story, &shown, model);
	return true;
}
