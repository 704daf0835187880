/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What was found, as a picture by agencies over time, and the same as a table. */
#include "web/story_parts.h"

#include "web/timeline.h"

struct lane_sum {
	size_t count;
	instant first, last;
	size_t owed, late;
};

struct picture {
	const struct story *story;
	struct lane_sum *sums;
	size_t *row_of; /* by lane: its row in the picture; lanes with nothing have none */
	struct timeline timeline;
	struct timeline_mark *marks;
	struct timeline_owed *owed;
	struct str *names;
};

static enum timeline_shape shape_of(const struct story_line *line)
{
	const struct casebook_entry *entry = line->entry;
	if (str_eq(entry->kind, STR("duty.climbed")) || str_eq(entry->kind, STR("gate.refused")) ||
	    str_eq(entry->kind, STR("act.refused")))
		return TIMELINE_ALARM;
	if (line->has_own_words)
		return TIMELINE_WORDS;
	return entry->rules && entry->rules->may_begin ? TIMELINE_BEGUN : TIMELINE_ACT;
}

size_t story_lane_of_office(const struct story *story, struct str office)
{
	for (size_t i = 0; i < story->office_count; i++)
		for (size_t lane = 0;
		     str_eq(story->offices[i].id, office) && lane + 2 < story->lane_count; lane++)
			if (str_eq(story->lanes[lane].code, story->offices[i].agency))
				return lane;
	return story->lane_count - 1;
}

static void sum_lines(struct picture *picture)
{
	const struct story *story = picture->story;
	for (size_t i = 0; i < story->found_count; i++) {
		const struct story_line *line = &story->found[i];
		struct lane_sum *sum = &picture->sums[line->lane];
		instant at = line->entry->happened;
		sum->first = sum->count == 0 || at < sum->first ? at : sum->first;
		sum->last = sum->count == 0 || at > sum->last ? at : sum->last;
		sum->count++;
		picture->marks[picture->timeline.mark_count++] =
			(struct timeline_mark){ line->lane, at, shape_of(line) };
	}
}

static void sum_owed(struct picture *picture)
{
	const struct story *story = picture->story;
	for (size_t f = 0; f < story->file_count; f++) {
		const struct casebook_duty_list *duties = &story->files[f].duties;
		for (size_t i = 0; i < duties->count; i++) {
			const struct casebook_duty *duty = &duties->at[i];
			size_t lane = story_lane_of_office(story, duty->office);
			if (!duty->is_open || story_is_told_alone(story, duty))
				continue;
			picture->sums[lane].owed++;
			picture->sums[lane].late += duty->is_late;
			picture->owed[picture->timeline.owed_count++] =
				(struct timeline_owed){ lane, duty->opened_at, duty->due };
		}
	}
}

static size_t count_duties(const struct story *story)
{
	size_t count = 0;
	for (size_t f = 0; f < story->file_count; f++)
		count += story->files[f].duties.count;
	return count;
}

/* Lanes with anything in them become the rows; marks and bars are told theirs. */
static void number_rows(struct picture *picture)
{
	const struct story *story = picture->story;
	struct timeline *timeline = &picture->timeline;
	for (size_t i = 0; i < story->lane_count; i++) {
		if (!picture->sums[i].count && !picture->sums[i].owed)
			continue;
		picture->row_of[i] = timeline->lane_count;
		picture->names[timeline->lane_count++] = story->lanes[i].title;
	}
	for (size_t i = 0; i < timeline->mark_count; i++)
		picture->marks[i].lane = picture->row_of[picture->marks[i].lane];
	for (size_t i = 0; i < timeline->owed_count; i++)
		picture->owed[i].lane = picture->row_of[picture->owed[i].lane];
	timeline->lanes = picture->names;
	timeline->marks = picture->marks;
	timeline->owed = picture->owed;
}

static void put_table(const struct picture *picture, struct json *model)
{
	const struct story *story = picture->story;
	struct web_request *request = story->request;
	struct arena *arena = request->arena;
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < story->lane_count; i++) {
		const struct lane_sum *sum = &picture->sums[i];
		struct json *row = json_object(arena);
		if (!sum->count && !sum->owed)
			continue;
		json_put_text(arena, row, STR("agency"), story->lanes[i].title);
		json_put_integer(arena, row, STR("n"), (int64_t)sum->count);
		json_put_text(arena, row, STR("first"),
		              sum->count
		                      ? json_text(page_time_short(request, sum->first), STR("text"))
		                      : STR("nothing yet"));
		json_put_text(arena, row, STR("last"),
		              sum->count
		                      ? json_text(page_time_short(request, sum->last), STR("text"))
		                      : STR("nothing yet"));
		json_put_integer(arena, row, STR("owed"), (int64_t)sum->owed);
		json_put_integer(arena, row, STR("late"), (int64_t)sum->late);
		json_put_bool(arena, row, STR("is_late"), sum->late > 0);
		json_push(rows, row);
	}
	json_put(model, STR("table"), rows);
}

/* "4 agencies, 2 Mar 2026 to 26 Nov 2026: 512 entries; 7 things owed, 2 of them late". */
static struct str title_of(const struct picture *picture)
{
	const struct story *story = picture->story;
	struct arena *arena = story->request->arena;
	const struct timeline *timeline = &picture->timeline;
	size_t agencies = 0, late = 0;
	for (size_t i = 0; i < story->lane_count; i++) {
		agencies += i + 2 < story->lane_count &&
		            (picture->sums[i].count || picture->sums[i].owed);
		late += picture->sums[i].late;
	}
	struct str from = wording_day_short(arena, zone_day(timeline->zone, timeline->from));
	struct str to = wording_day_short(arena, zone_day(timeline->zone, timeline->to));
	return arena_format(arena,
	                    "%zu agenc%s, %.*s to %.*s: %zu entr%s; %zu owed now, %zu of them late",
	                    agencies, agencies == 1 ? "y" : "ies", STR_ARG(from), STR_ARG(to),
	                    story->found_count, story->found_count == 1 ? "y" : "ies",
	                    timeline->owed_count, late);
}

static void find_ends(struct picture *picture)
{
	const struct story *story = picture->story;
	struct timeline *timeline = &picture->timeline;
	size_t newest = story->filter.newest_first ? 0 : story->found_count - 1;
	size_t oldest = story->filter.newest_first ? story->found_count - 1 : 0;
	timeline->from = story->found[oldest].entry->happened;
	timeline->to = story->found[newest].entry->happened;
	if (timeline->owed_count || timeline->to > story->request->now)
		timeline->to = story->request->now;
	for (size_t i = 0; i < timeline->owed_count; i++)
		if (story->filter.from == INSTANT_MIN && timeline->owed[i].from < timeline->from)
			timeline->from = timeline->owed[i].from;
}

void story_put_picture(const struct story *story, struct json *model)
{
	struct arena *arena = story->request->arena;
	struct picture picture = {
		.story = story,
		.sums = arena_alloc(arena, story->lane_count, sizeof *picture.sums),
		.row_of = arena_alloc(arena, story->lane_count, sizeof *picture.row_of),
		.names = arena_alloc(arena, story->lane_count, sizeof *picture.names),
		.marks = arena_alloc(arena, story->found_count + 1, sizeof *picture.marks),
		.owed = arena_alloc(arena, count_duties(story) + 1, sizeof *picture.owed),
		.timeline = { .id = "time", .zone = page_zone(story->request) },
	};
	bool is_drawn = picture.sums && picture.row_of && picture.names && picture.marks &&
	                picture.owed && story->found_count > 0;
	json_put_bool(arena, model, STR("has_picture"), is_drawn);
	if (!is_drawn)
		return;
	sum_lines(&picture);
	sum_owed(&picture);
	number_rows(&picture);
	find_ends(&picture);
	picture.timeline.title = title_of(&picture);
	json_put(model, STR("picture"), timeline_draw(arena, &picture.timeline));
	put_table(&picture, model);
}
