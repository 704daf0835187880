/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The lines of a chronology as they are shown: whose they are, what they
 * answer, the person's own words opened, what was refused and why, what was
 * corrected. Seals open for the lines of this page alone.
 */
#include "web/story_parts.h"

#include "web/file_parts.h"

#define VALUES_SHOWN 5 /* of one answer */

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
		if (value &&
		    !entry_value_text(request, story->reader, other, field, value, &text, err))
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
	json_put(row, STR("file_name"), file_name(story->request, file));
	json_put_text(arena, row, STR("file_href"),
	              practice_file_path(story->request, file->number, STR("")));
	/* The register, and whoever reported, are lanes of their own: said once. */
	struct str lane = story->lanes[line->lane].title;
	json_put_text(arena, row, STR("lane"),
	              str_eq(lane, json_text(row, STR("who"))) ? STR("") : lane);
	json_put_bool(arena, row, STR("is_told"), false);
}

/* What a pattern rests on is many entries: the first stand here, the rest on the entry's page. */
static void shorten(const struct story *story, const struct casebook_entry *entry, struct json *row)
{
	struct arena *arena = story->request->arena;
	const struct json *plain = json_member(row, STR("plain"));
	for (struct json *answer = plain ? plain->first : NULL; answer; answer = answer->next) {
		struct json *values = draft_list(arena, answer, STR("values"));
		if (!values || values->count <= VALUES_SHOWN + 1)
			continue;
		struct json *last = values->first;
		size_t left = values->count - VALUES_SHOWN;
		for (size_t i = 1; i < VALUES_SHOWN; i++)
			last = last->next;
		last->next = NULL;
		values->last = last;
		values->count = VALUES_SHOWN;
		struct json *more = json_object(arena);
		json_put_text(arena, more, STR("text"), arena_format(arena, "%zu more", left));
		json_put_text(arena, more, STR("href"),
		              arena_format(arena, "/entries/%" PRId64, entry->index));
		json_put_bool(arena, more, STR("is_number"), false);
		json_push(values, more);
	}
}

/* Of what was opened, the person's own words apart from what others wrote around them. */
static void put_own(const struct story *story, const struct story_line *line, struct json *row)
{
	struct arena *arena = story->request->arena;
	struct json *own = json_array(arena), *rest = json_array(arena);
	struct json *opened = NULL;
	bool has_own = line->has_own_words;
	for (struct json *member = row ? row->first : NULL; member; member = member->next)
		if (str_eq(member->key, STR("opened")) && member->type == JSON_OBJECT)
			opened = member;
	if (opened && json_is_true(opened, STR("is_open"))) {
		const struct json *values = json_member(opened, STR("values"));
		for (const struct json *value = values ? values->first : NULL; value;
		     value = value->next) {
			struct str name = json_text(value, STR("name"));
			bool is_own = line->may_have_words &&
			              story_is_own(&line->of->file,
			                           pack_field_find(line->entry->rules, name));
			json_push(is_own ? own : rest, draft_copy(arena, value));
		}
		has_own = own && own->count > 0;
		json_put_bool(arena, opened, STR("has_rest"), rest && rest->count > 0);
		json_put(opened, STR("own"), own);
		json_put(opened, STR("rest"), rest);
	}
	json_put_bool(arena, row, STR("has_own_words"), has_own);
	json_put_bool(arena, row, STR("says_none"), opened && story->filter.own_words && !has_own);
}

static bool put_line(const struct story *story, const struct story_line *line, struct json *rows,
                     struct err *err)
{
	bool is_open =
		opens_some(&line->of->access) && (story->filter.opens || line->may_have_words);
	struct entry_list list = { .file = &line->of->file,
		                   .access = &line->of->access,
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
	if (!story->filter.prints)
		shorten(story, line->entry, row);
	put_there(story, line->entry, row);
	put_own(story, line, row);
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
			           (story->filter.opens || line->may_have_words);
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

/* What was found, in rows: row i is of the lines from starts[i] to starts[i + 1]. */
struct rows {
	size_t *starts;
	size_t count;
	size_t from, until; /* rows that are shown */
};

static bool find_rows(const struct story *story, struct rows *rows, struct err *err)
{
	*rows = (struct rows){ .starts = arena_alloc(story->request->arena, story->found_count + 1,
		                                     sizeof *rows->starts) };
	if (!rows->starts)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	for (size_t i = 0; i < story->found_count; i = story_run(story, i))
		rows->starts[rows->count++] = i;
	rows->starts[rows->count] = story->found_count;
	return true;
}

/* The row that has an entry; count: none has. */
static size_t row_with(const struct story *story, const struct rows *rows, int64_t entry)
{
	for (size_t row = 0; entry >= 0 && row < rows->count; row++)
		for (size_t i = rows->starts[row]; i < rows->starts[row + 1]; i++)
			if (story->found[i].entry->index == entry)
				return row;
	return rows->count;
}

/* Without a place asked for, the newest: at the end of a story that is read forward. */
static void choose_rows(const struct story *story, struct rows *rows)
{
	const struct story_filter *filter = &story->filter;
	size_t most = filter->prints ? STORY_PRINTED : STORY_ROWS;
	size_t after = row_with(story, rows, filter->after);
	size_t before = row_with(story, rows, filter->before);
	bool is_first = before == rows->count && (filter->newest_first || filter->from_start);
	if (after < rows->count || is_first) {
		rows->from = after < rows->count ? after + 1 : 0;
		rows->until = rows->count - rows->from > most ? rows->from + most : rows->count;
		return;
	}
	rows->from = before < most ? 0 : before - most;
	rows->until = before;
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
static void put_ways(const struct story *story, const struct rows *rows, struct json *model)
{
	struct arena *arena = story->request->arena;
	bool newest_first = story->filter.newest_first;
	size_t from = rows->starts[rows->from], until = rows->starts[rows->until];
	size_t all = story->found_count, left = all - until;
	json_put_integer(arena, model, STR("shown_n"), (int64_t)(until - from));
	json_put_bool(arena, model, STR("has_left"), from > 0 || left > 0);
	json_put_integer(arena, model, STR("left_n"), (int64_t)(from + left));
	json_put_integer(arena, model, STR("before_n"), (int64_t)from);
	json_put_integer(arena, model, STR("after_n"), (int64_t)left);
	json_put_bool(arena, model, STR("is_at_start"), newest_first ? left == 0 : from == 0);
	if (from > 0)
		put_way(story, model, "previous", "before", &story->found[from]);
	else
		json_put_text(arena, model, STR("previous"), STR(""));
	if (left > 0)
		put_way(story, model, "next", "after", &story->found[until - 1]);
	else
		json_put_text(arena, model, STR("next"), STR(""));
	if (all == 0) {
		json_put_text(arena, model, STR("newest_href"), STR(""));
		return;
	}
	/* A row of several has the name of its last. */
	size_t last = newest_first ? rows->starts[1] - 1 : all - 1;
	bool is_here = newest_first ? from == 0 : left == 0;
	struct str page = is_here ? STR("") : json_text(model, STR("last_href"));
	json_put_text(arena, model, STR("newest_href"),
	              arena_format(arena, "%.*s#entry-%" PRId64, STR_ARG(page),
	                           story->found[last].entry->index));
}

static bool put_row(const struct story *story, size_t from, size_t until, struct json *rows,
                    struct err *err)
{
	put_silence(story, from, rows);
	if (until - from == 1)
		return put_line(story, &story->found[from], rows, err);
	story_put_told(story, from, until, rows);
	return true;
}

bool story_put_rows(const struct story *story, struct json *model, struct err *err)
{
	struct arena *arena = story->request->arena;
	struct json *list = json_array(arena);
	struct rows rows;
	if (!find_rows(story, &rows, err))
		return false;
	choose_rows(story, &rows);
	if (!record(story, rows.starts[rows.from], rows.starts[rows.until], err))
		return false;
	for (size_t i = rows.from; i < rows.until; i++)
		if (!put_row(story, rows.starts[i], rows.starts[i + 1], list, err))
			return false;
	if (rows.until == rows.count)
		put_silence(story, story->found_count, list);
	put_closed(story, model);
	json_put(model, STR("rows"), list);
	json_put_bool(arena, model, STR("has_rows"), rows.until > rows.from);
	put_ways(story, &rows, model);
	return true;
}
