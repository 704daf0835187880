/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One chronology over a file and those linked to it: a page of its own, part of others, on paper.
 */
#include <stdlib.h>

#include "web/story_parts.h"

#include "web/file_parts.h"

#define OWED_SHOWN 40   /* by rule, file and office */
#define OWED_LISTED 200 /* each by itself */

/* --- what is owed, over all of them ---------------------------------------------------------- */

static int by_due(const void *a, const void *b)
{
	const struct casebook_duty *x = *(const struct casebook_duty *const *)a;
	const struct casebook_duty *y = *(const struct casebook_duty *const *)b;
	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

bool story_is_told_alone(const struct story *story, const struct casebook_duty *duty)
{
	const struct pack *pack = casebook_pack(site_book(story->request));
	return pack->read_duty && str_eq(duty->rule, pack->read_duty->name);
}

/* Passing a duty on, and agreeing a later time, stand on the page of its file. */
static void put_ways(const struct story *story, const struct casebook_duty *duty, struct json *row)
{
	struct arena *arena = story->request->arena;
	if (story->page && duty->file == story->of.n) {
		file_put_duty_acts(story->page, duty, row);
		return;
	}
	json_put_text(arena, row, STR("passes"), STR(""));
	json_put_text(arena, row, STR("puts_off"), STR(""));
}

/* What one office owes several times by one rule on one file: one row, as the first of them is due.
 */
struct owed_group {
	const struct casebook_duty *first;
	struct json *row; /* NULL: more groups than are shown */
	int64_t count;
	int64_t late;
};

static bool is_of_group(const struct owed_group *group, const struct casebook_duty *duty)
{
	return group->first->file == duty->file && str_eq(group->first->rule, duty->rule) &&
	       str_eq(group->first->office, duty->office);
}

/* What is open on every file of the story, as it fell due first. */
static bool find_owed(const struct story *story, const struct casebook_duty ***out, size_t *count,
                      struct err *err)
{
	size_t room = 1;
	for (size_t f = 0; f < story->file_count; f++)
		room += story->files[f].duties.count;
	*out = arena_alloc(story->request->arena, room, sizeof **out);
	*count = 0;
	if (!*out)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	for (size_t f = 0; f < story->file_count; f++)
		for (size_t i = 0; i < story->files[f].duties.count; i++) {
			const struct casebook_duty *duty = &story->files[f].duties.at[i];
			if (duty->is_open && !story_is_told_alone(story, duty))
				(*out)[(*count)++] = duty;
		}
	qsort(*out, *count, sizeof **out, by_due);
	return true;
}

/* Row i of what is owed: listed by itself while there is room, and counted with those like it. */
static bool put_owed_row(const struct story *story, const struct casebook_duty *duty, size_t i,
                         struct owed_group *groups, size_t *group_count, struct json *rows,
                         struct err *err)
{
	struct json *row = NULL;
	size_t g = 0;
	while (g < *group_count && !is_of_group(&groups[g], duty))
		g++;
	bool is_first = g == *group_count;
	bool is_listed = i < OWED_LISTED, is_shown = is_first && g < OWED_SHOWN;
	if (is_listed || is_shown) {
		if (!duty_row_listed(story->request, story->reader, duty, &row, err))
			return false;
		put_ways(story, duty, row);
	}
	if (is_first)
		groups[(*group_count)++] = (struct owed_group){
			.first = duty,
			.row = is_shown ? draft_copy(story->request->arena, row) : NULL
		};
	groups[g].count++;
	groups[g].late += duty->is_late;
	if (is_listed)
		json_push(rows, row);
	return true;
}

/* Ways to act on one of several are in the list of each. */
static struct json *group_rows(const struct story *story, const struct owed_group *groups,
                               size_t count)
{
	struct arena *arena = story->request->arena;
	struct json *list = json_array(arena);
	for (size_t g = 0; g < count && groups[g].row; g++) {
		struct json *row = groups[g].row;
		bool is_many = groups[g].count > 1;
		if (is_many) {
			draft_set(row, STR("passes"), json_string(arena, STR("")));
			draft_set(row, STR("puts_off"), json_string(arena, STR("")));
		}
		json_put_integer(arena, row, STR("n"), groups[g].count);
		json_put_integer(arena, row, STR("late_n"), groups[g].late);
		json_put_bool(arena, row, STR("is_many"), is_many);
		json_put_bool(arena, row, STR("some_late"),
		              groups[g].late > 0 && groups[g].late < groups[g].count);
		json_push(list, row);
	}
	return list;
}

/* Whatever is late comes first, as it fell due first: by rule, file and office, and each by itself.
 */
static bool put_owed(const struct story *story, struct json *model, struct err *err)
{
	struct arena *arena = story->request->arena;
	struct json *rows = json_array(arena);
	const struct casebook_duty **open;
	size_t count, group_count = 0, late = 0;
	if (!find_owed(story, &open, &count, err))
		return false;
	struct owed_group *groups = arena_alloc(arena, count + 1, sizeof *groups);
	if (!groups)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	for (size_t i = 0; i < count; i++) {
		late += open[i]->is_late;
		if (!put_owed_row(story, open[i], i, groups, &group_count, rows, err))
			return false;
	}
	json_put_bool(arena, model, STR("has_owed"), count > 0);
	json_put_integer(arena, model, STR("owed_n"), (int64_t)count);
	json_put_bool(arena, model, STR("has_late"), late > 0);
	json_put_integer(arena, model, STR("late_n"), (int64_t)late);
	json_put_integer(arena, model, STR("owed_left"),
	                 count > OWED_LISTED ? (int64_t)(count - OWED_LISTED) : 0);
	json_put_bool(arena, model, STR("has_owed_left"), count > OWED_LISTED);
	json_put_bool(arena, model, STR("has_owed_each"),
	              group_count < count || group_count > OWED_SHOWN);
	json_put(model, STR("owed_groups"), group_rows(story, groups, group_count));
	json_put(model, STR("owed"), rows);
	return true;
}

/* --- the whole ------------------------------------------------------------------------------- */

/* "this file, 1 more of the same person and 12 linked"; empty: this file alone. */
static struct str over_words(const struct story *story, size_t linked)
{
	struct arena *arena = story->request->arena;
	struct str same = arena_format(arena, "%zu more of the same person", story->same_count);
	struct str others = arena_format(arena, "%zu linked", linked);
	if (story->same_count && linked)
		return arena_format(arena, "this file, %.*s and %.*s", STR_ARG(same),
		                    STR_ARG(others));
	if (!story->same_count && !linked)
		return STR("");
	return arena_format(arena, "this file and %.*s", STR_ARG(linked ? others : same));
}

static void put_sums(const struct story *story, struct json *model)
{
	struct arena *arena = story->request->arena;
	size_t linked = story->file_count ? story->file_count - 1 - story->same_count : 0;
	json_put_integer(arena, model, STR("all_n"), (int64_t)story->all_count);
	json_put_integer(arena, model, STR("found_n"), (int64_t)story->found_count);
	json_put_integer(arena, model, STR("linked_n"), (int64_t)linked);
	json_put_integer(arena, model, STR("same_n"), (int64_t)story->same_count);
	json_put_bool(arena, model, STR("has_same"), story->same_count > 0);
	json_put_text(arena, model, STR("over"), over_words(story, linked));
	json_put_bool(arena, model, STR("is_one"), story->found_count == 1);
	json_put_bool(arena, model, STR("has_linked"), linked > 0);
	json_put_bool(arena, model, STR("is_cut"), story->is_cut);
	json_put_integer(arena, model, STR("people_left"), (int64_t)story->people_left);
	json_put_bool(arena, model, STR("has_people_left"), story->people_left > 0);
	json_put_bool(arena, model, STR("prints"), story->filter.prints);
}

bool story_put(struct story *story, struct json *model, struct err *err)
{
	struct json *part = json_object(story->request->arena);
	put_sums(story, part);
	story_put_filter(story, part);
	story_put_errors(story, model);
	story_put_picture(story, part);
	json_put(model, STR("story"), part);
	if (story->page && !story_put_known(story, part, err))
		return false;
	return put_owed(story, part, err) && story_put_rows(story, part, err);
}

/* --- on paper -------------------------------------------------------------------------------- */

/* What the file is called under seal: the first name of its first entry, for those who may read. */
static bool put_label(const struct story *story, struct json *model, struct err *err)
{
	struct arena *arena = story->request->arena;
	struct casebook_viewer viewer = *practice_viewer(story->request);
	struct casebook_entry first;
	const struct json *sealed = NULL;
	enum casebook_seal how;
	struct str label = STR("");
	viewer.purpose = STR("print");
	if (!casebook_entry_get(story->reader, arena, story->of.first_entry, &first, err))
		return false;
	if (story->file_count && story->files[0].access.may_open && first.is_sealed &&
	    !casebook_open_seal(story->reader, &viewer, first.index, arena, &how, &sealed, err))
		return false;
	for (size_t i = 0; sealed && first.rules && i < first.rules->field_count && !label.n; i++) {
		const struct pack_field *field = &first.rules->fields[i];
		const struct json *value = json_member(sealed, field->name);
		if (field->type != PACK_NAME || casebook_names_teller(&first, field->name) ||
		    !value)
			continue;
		value = value->type == JSON_ARRAY ? value->first : value;
		label = value && value->type == JSON_STRING ? value->string : STR("");
	}
	json_put_text(arena, model, STR("label"), label);
	return true;
}

/* "1 Mar 2026 to 26 Nov 2026". */
static struct str period_of(const struct story *story)
{
	struct arena *arena = story->request->arena;
	const struct zone *zone = page_zone(story->request);
	if (story->found_count == 0)
		return STR("no entries");
	size_t last = story->found_count - 1;
	bool turned = !story->filter.newest_first;
	instant from = story->found[turned ? 0 : last].entry->happened;
	instant to = story->found[turned ? last : 0].entry->happened;
	struct str first = wording_day_short(arena, zone_day(zone, from));
	return arena_format(arena, "%.*s to %.*s", STR_ARG(first),
	                    STR_ARG(wording_day_short(arena, zone_day(zone, to))));
}

static bool put_paper(const struct story *story, struct json *model, struct err *err)
{
	struct web_request *request = story->request;
	struct str account = practice_viewer(request)->actor.account, name = STR("");
	if (account.n &&
	    !casebook_account_name(story->reader, request->arena, account, &name, err) &&
	    err->code != ERR_ABSENT)
		return false;
	json_put_text(request->arena, model, STR("printer"), name);
	json_put_text(request->arena, model, STR("period"), period_of(story));
	return put_label(story, model, err);
}

bool story_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct story story = { .request = request };
	struct casebook_file file;
	struct casebook_access access;
	struct json *model;
	if (!practice_has_office(request, answer))
		return true;
	if (!site_reader(request, &story.reader, err) ||
	    !practice_file(request, story.reader, &file, &access, err))
		return false;
	struct page_head head = { .page = STR("chronology"),
		                  .title = arena_format(request->arena, "%.*s: chronology",
		                                        STR_ARG(file_heading(request, &file))) };
	story_read_filter(request, &story.filter);
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err) ||
	    !story_gather(&story, &file, err) || !story_put(&story, model, err))
		return false;
	json_put(model, STR("file_name"), file_name(request, &file));
	json_put_text(request->arena, model, STR("type_title"), file_type_title(request, &file));
	json_put_text(request->arena, model, STR("number"), file.number);
	json_put_text(request->arena, model, STR("file_href"),
	              practice_file_path(request, file.number, STR("")));
	if (story.filter.prints)
		return put_paper(&story, model, err) &&
		       page_answer(request, answer, STR("practice/chronology-paper"), model, err);
	return page_answer(request, answer, STR("practice/chronology-page"), model, err);
}
