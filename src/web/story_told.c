/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the register told, and who read it, as one row of a chronology: what
 * was late by day and hour stands in each entry, and would bury what was done
 * for a child under what was not.
 */
#include "web/story_parts.h"

#define DUTIES_NAMED 12

struct told_of {
	struct str name; /* "D20377.1" */
	struct str title;
	struct str rule;
	struct str told; /* "Service manager, Head of safeguarding" */
	struct str read;
};

struct telling {
	const struct story *story;
	struct told_of of[DUTIES_NAMED];
	size_t count;
	size_t left; /* duties that are not named */
	bool is_told;
};

bool story_is_telling(const struct story_line *line)
{
	return str_eq(line->entry->kind, STR("duty.climbed")) ||
	       str_eq(line->entry->kind, STR("duty.read"));
}

size_t story_run(const struct story *story, size_t from)
{
	size_t until = from + 1;
	if (story->filter.kind.n || !story_is_telling(&story->found[from]))
		return until;
	for (; until < story->found_count && story_is_telling(&story->found[until]); until++) {
		instant a = story->found[until - 1].entry->happened;
		instant b = story->found[until].entry->happened;
		if ((a < b ? b - a : a - b) > ENTRY_SILENCE)
			break;
	}
	return until;
}

/* --- of which duty --------------------------------------------------------------------------- */

static void name_duty(const struct story_line *line, struct told_of *of)
{
	const struct casebook_duty_list *duties = &line->of->duties;
	of->title = of->name;
	of->rule = json_text(line->entry->plain, STR("rule"));
	for (size_t i = 0; i < duties->count; i++) {
		if (!str_eq(duties->at[i].name, of->name))
			continue;
		of->title = duties->at[i].title;
		of->rule = duties->at[i].rule;
	}
}

static struct told_of *duty_of(struct telling *telling, const struct story_line *line)
{
	struct str name = json_text(line->entry->plain, STR("duty"));
	for (size_t i = 0; i < telling->count; i++)
		if (str_eq(telling->of[i].name, name))
			return &telling->of[i];
	if (telling->count == DUTIES_NAMED) {
		telling->left++;
		return NULL;
	}
	struct told_of *of = &telling->of[telling->count++];
	*of = (struct told_of){ .name = name, .told = STR(""), .read = STR("") };
	name_duty(line, of);
	return of;
}

static struct str office_title(const struct story *story, struct str id)
{
	for (size_t i = 0; i < story->office_count; i++)
		if (str_eq(story->offices[i].id, id))
			return story->offices[i].title;
	return id;
}

static void add_name(const struct story *story, struct str id, struct str *names)
{
	struct str title = office_title(story, id);
	*names = arena_format(story->request->arena, "%.*s%s%.*s", STR_ARG(*names),
	                      names->n ? ", " : "", STR_ARG(title));
}

static void add_line(struct telling *telling, const struct story_line *line)
{
	const struct json *told = json_member(line->entry->plain, STR("told"));
	struct told_of *of = duty_of(telling, line);
	bool is_climb = str_eq(line->entry->kind, STR("duty.climbed"));
	telling->is_told = telling->is_told || is_climb;
	if (of && !is_climb)
		add_name(telling->story, line->entry->office, &of->read);
	for (const struct json *one = of && told ? told->first : NULL; one; one = one->next)
		add_name(telling->story, one->string, &of->told);
}

/* --- as a row -------------------------------------------------------------------------------- */

static struct json *line_row(const struct story *story, const struct story_line *line)
{
	struct web_request *request = story->request;
	struct arena *arena = request->arena;
	const struct casebook_entry *entry = line->entry;
	struct json *row = json_object(arena);
	json_put_integer(arena, row, STR("entry"), entry->index);
	json_put_text(arena, row, STR("href"),
	              arena_format(arena, "/entries/%" PRId64, entry->index));
	json_put_text(arena, row, STR("kind_title"),
	              entry->rules ? entry->rules->title : entry->kind);
	json_put(row, STR("when"), page_time_entry(request, entry, entry->happened));
	json_put_text(arena, row, STR("on"), line->of->file.number);
	return row;
}

static struct str days_of(const struct story *story, size_t from, size_t until)
{
	struct arena *arena = story->request->arena;
	const struct zone *zone = page_zone(story->request);
	struct day a = zone_day(zone, story->found[from].entry->happened - 1);
	struct day b = zone_day(zone, story->found[until - 1].entry->happened - 1);
	bool turned = day_compare(b, a) < 0;
	struct str first = wording_day_short(arena, turned ? b : a);
	if (day_compare(a, b) == 0)
		return first;
	return arena_format(arena, "%.*s to %.*s", STR_ARG(first),
	                    STR_ARG(wording_day_short(arena, turned ? a : b)));
}

static void put_duties(const struct telling *telling, struct json *row)
{
	struct arena *arena = telling->story->request->arena;
	struct json *duties = json_array(arena);
	for (size_t i = 0; i < telling->count; i++) {
		const struct told_of *of = &telling->of[i];
		struct json *one = json_object(arena);
		json_put_text(arena, one, STR("what"), of->title);
		json_put_text(arena, one, STR("rule"), of->rule);
		json_put_text(arena, one, STR("told_to"), of->told);
		json_put_text(arena, one, STR("read_by"), of->read);
		json_push(duties, one);
	}
	json_put(row, STR("duties"), duties);
	json_put_bool(arena, row, STR("has_duties_left"), telling->left > 0);
}

void story_put_told(const struct story *story, size_t from, size_t until, struct json *rows)
{
	struct arena *arena = story->request->arena;
	struct telling telling = { .story = story };
	struct json *row = json_object(arena), *lines = json_array(arena);
	for (size_t i = from; i < until; i++) {
		add_line(&telling, &story->found[i]);
		if (i + 1 < until)
			json_push(lines, line_row(story, &story->found[i]));
	}
	json_put_bool(arena, row, STR("is_silence"), false);
	json_put_bool(arena, row, STR("is_told"), true);
	json_put_integer(arena, row, STR("n"), story->found[until - 1].entry->index);
	json_put_integer(arena, row, STR("line_n"), (int64_t)(until - from));
	json_put_text(arena, row, STR("days"), days_of(story, from, until));
	json_put_text(arena, row, STR("title"),
	              telling.is_told ? STR("It was late, and others were told")
	                              : STR("What was told was read"));
	put_duties(&telling, row);
	json_put(row, STR("lines"), lines);
	json_put(row, STR("last"), line_row(story, &story->found[until - 1]));
	json_push(rows, row);
}
