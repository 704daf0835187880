/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The lines of a chronology over linked files: gathered, put in order, filtered. */
#include <stdlib.h>

#include "web/story_parts.h"

#define ENTRIES_READ 1000
#define DUTIES_MAX 200
#define LINES_BEGUN 256
#define STORY_SEEN_MAX 4000

static bool no_room(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory for this page");
}

/* --- lanes ----------------------------------------------------------------------------------- */

static bool find_lanes(struct story *story, struct err *err)
{
	const struct pack *pack = casebook_pack(site_book(story->request));
	struct arena *arena = story->request->arena;
	story->lane_count = pack->agency_count + 2;
	story->lanes = arena_alloc(arena, story->lane_count, sizeof *story->lanes);
	story->closed = arena_alloc(arena, story->lane_count, sizeof *story->closed);
	if (!story->lanes || !story->closed)
		return no_room(err);
	for (size_t i = 0; i < pack->agency_count; i++)
		story->lanes[i] =
			(struct story_lane){ pack->agencies[i].name, pack->agencies[i].title, 0 };
	story->lanes[pack->agency_count] =
		(struct story_lane){ STR("whoever-reported"), STR("Whoever reported"), 0 };
	story->lanes[pack->agency_count + 1] =
		(struct story_lane){ STR("the-register"), STR("The register"), 0 };
	return casebook_offices(story->reader, arena, &story->offices, &story->office_count, err);
}

static size_t lane_of(const struct story *story, const struct casebook_entry *entry)
{
	size_t reporter = story->lane_count - 2, own = story->lane_count - 1;
	if (entry->by == CASEBOOK_BY_REGISTER)
		return own;
	if (entry->by != CASEBOOK_BY_OFFICE)
		return reporter;
	for (size_t i = 0; i < story->office_count; i++) {
		if (!str_eq(story->offices[i].id, entry->office))
			continue;
		for (size_t lane = 0; lane < reporter; lane++)
			if (str_eq(story->lanes[lane].code, story->offices[i].agency))
				return lane;
	}
	return own;
}

/* --- files ----------------------------------------------------------------------------------- */

/* Whether it was looked at already; from now on it was. */
static bool is_again(struct story *story, int64_t file)
{
	for (size_t i = 0; i < story->seen_count; i++)
		if (story->seen[i] == file)
			return true;
	if (story->seen_count == STORY_SEEN_MAX) {
		story->is_cut = true;
		return true;
	}
	story->seen[story->seen_count++] = file;
	return false;
}

bool story_is_of_other(const struct story *story, const struct casebook_file *file)
{
	return story->of.type && story->of.type->is_person && file->type && file->type->is_person &&
	       !same_has(story->same, file->n);
}

/* How much there is, by whom, in a file that is not for this viewer. */
static bool count_closed(struct story *story, int64_t file, struct err *err)
{
	const struct casebook_entry *entries;
	size_t count = ENTRIES_READ;
	for (int64_t before = INT64_MAX; count == ENTRIES_READ;) {
		if (!casebook_entries_before(story->reader, story->request->arena, file, before,
		                             ENTRIES_READ, &entries, &count, err))
			return false;
		for (size_t i = 0; i < count; i++) {
			before = entries[i].index;
			story->closed[lane_of(story, &entries[i])]++;
		}
	}
	return true;
}

static bool add_file(struct story *story, int64_t n, struct err *err)
{
	struct arena *arena = story->request->arena;
	struct story_file one = { 0 };
	if (is_again(story, n))
		return true;
	if (!casebook_file_get(story->reader, arena, n, &one.file, err))
		return err->code == ERR_ABSENT;
	if (!story->filter.people && story_is_of_other(story, &one.file)) {
		story->people_left++;
		return true;
	}
	if (!casebook_may(story->reader, practice_viewer(story->request), n, &one.access, err))
		return false;
	if (!one.access.may_know)
		return count_closed(story, n, err);
	if (story->file_count == STORY_FILES_MAX) {
		story->is_cut = true;
		return true;
	}
	if (!casebook_duties_of_file(story->reader, arena, n, DUTIES_MAX, &one.duties, err))
		return false;
	story->same_count += n != story->of.n && same_has(story->same, n);
	story->files[story->file_count++] = one;
	return true;
}

static bool find_same(struct story *story, struct err *err)
{
	struct same *same = NULL;
	if (story->same)
		return true;
	same = arena_alloc(story->request->arena, 1, sizeof *same);
	story->same = same;
	if (!same)
		return no_room(err);
	return same_find(story->request, story->reader, &story->of, same, err);
}

/* The files of the person, and what is linked to each. */
static bool find_files(struct story *story, struct err *err)
{
	struct arena *arena = story->request->arena;
	story->files = arena_alloc(arena, STORY_FILES_MAX, sizeof *story->files);
	story->seen = arena_alloc(arena, STORY_SEEN_MAX, sizeof *story->seen);
	if (!story->files || !story->seen)
		return no_room(err);
	for (size_t i = 0; i < story->same->count; i++)
		if (!add_file(story, story->same->at[i].file, err))
			return false;
	for (size_t i = 0; i < story->same->count; i++) {
		const struct same_file *one = &story->same->at[i];
		for (size_t l = 0; l < one->link_count; l++)
			if (one->links[l].removed < 0 && !add_file(story, one->links[l].file, err))
				return false;
	}
	story->is_cut = story->is_cut || story->same->is_cut;
	return true;
}

/* --- lines ----------------------------------------------------------------------------------- */

bool story_is_own(const struct casebook_file *of, const struct pack_field *field)
{
	bool is_person = of->type && of->type->is_person;
	return field && field->type == PACK_WORDS &&
	       (is_person || str_eq(field->name, STR("said")));
}

/* Whoever wrote it down says that the words are somebody else's for it. */
static bool are_others(const struct casebook_entry *entry)
{
	const struct json *own = json_member(entry->plain, STR("own-words"));
	return own && (own->type == JSON_FALSE ||
	               (own->type == JSON_STRING && str_eq(own->string, STR("no"))));
}

static void look_for_words(struct story_line *line)
{
	const struct casebook_entry *entry = line->entry;
	if ((!entry->is_sealed && !entry->is_destroyed) || are_others(entry))
		return;
	for (size_t i = 0; entry->rules && i < entry->rules->field_count; i++) {
		const struct pack_field *field = &entry->rules->fields[i];
		if (!story_is_own(&line->of->file, field))
			continue;
		line->may_have_words = true;
		line->has_own_words = line->has_own_words || field->required == PACK_REQUIRED;
	}
}

static struct story_line *new_line(struct story *story, size_t *room)
{
	if (story->all_count == *room) {
		size_t next = *room ? 2 * *room : LINES_BEGUN;
		struct story_line *grown = arena_alloc(story->request->arena, next, sizeof *grown);
		if (!grown)
			return NULL;
		if (story->all_count)
			memcpy(grown, story->all, story->all_count * sizeof *grown);
		story->all = grown;
		*room = next;
	}
	return &story->all[story->all_count++];
}

static bool add_lines(struct story *story, const struct story_file *of, size_t *room,
                      struct err *err)
{
	const struct casebook_entry *entries;
	size_t count = ENTRIES_READ;
	for (int64_t before = INT64_MAX; count == ENTRIES_READ;) {
		if (!casebook_entries_before(story->reader, story->request->arena, of->file.n,
		                             before, ENTRIES_READ, &entries, &count, err))
			return false;
		for (size_t i = 0; i < count; i++) {
			before = entries[i].index;
			if (story->all_count >= STORY_ENTRIES_MAX) {
				story->is_cut = true;
				return true;
			}
			struct story_line *line = new_line(story, room);
			if (!line)
				return no_room(err);
			*line = (struct story_line){ .entry = &entries[i],
				                     .of = of,
				                     .lane = lane_of(story, &entries[i]) };
			look_for_words(line);
			story->lanes[line->lane].count++;
		}
	}
	return true;
}

static int newest_first(const void *a, const void *b)
{
	const struct casebook_entry *x = ((const struct story_line *)a)->entry;
	const struct casebook_entry *y = ((const struct story_line *)b)->entry;
	if (x->happened != y->happened)
		return x->happened > y->happened ? -1 : 1;
	return x->index > y->index ? -1 : x->index < y->index;
}

static bool is_of_kind(const struct story_line *line, struct str wanted)
{
	if (str_find(wanted, '.') < wanted.n)
		return str_eq(line->entry->kind, wanted);
	return line->entry->rules && str_eq(story_part(line->entry->rules), wanted);
}

static bool passes(const struct story *story, const struct story_line *line)
{
	const struct story_filter *filter = &story->filter;
	return (!filter->lane.n || str_eq(story->lanes[line->lane].code, filter->lane)) &&
	       (!filter->kind.n || is_of_kind(line, filter->kind)) &&
	       line->entry->happened >= filter->from && line->entry->happened < filter->to &&
	       (!filter->own_words || line->may_have_words);
}

static bool find_lines(struct story *story, struct err *err)
{
	story->found =
		arena_alloc(story->request->arena, story->all_count + 1, sizeof *story->found);
	if (!story->found)
		return no_room(err);
	for (size_t i = 0; i < story->all_count; i++) {
		size_t at = story->filter.newest_first ? i : story->all_count - 1 - i;
		if (passes(story, &story->all[at]))
			story->found[story->found_count++] = story->all[at];
	}
	return true;
}

/* Looked for once, so that each line that is shown asks the few. */
static bool find_corrections(struct story *story, struct err *err)
{
	story->corrections = arena_alloc(story->request->arena, story->all_count + 1,
	                                 sizeof *story->corrections);
	if (!story->corrections)
		return no_room(err);
	for (size_t i = 0; i < story->all_count; i++)
		if (str_eq(story->all[i].entry->kind, STR("entry.corrected")))
			story->corrections[story->correction_count++] = story->all[i].entry;
	return true;
}

bool story_gather(struct story *story, const struct casebook_file *of, struct err *err)
{
	size_t room = 0;
	story->of = *of;
	if (!find_lanes(story, err) || !find_same(story, err) || !find_files(story, err))
		return false;
	for (size_t i = 0; i < story->file_count; i++)
		if (!add_lines(story, &story->files[i], &room, err))
			return false;
	if (story->all_count)
		qsort(story->all, story->all_count, sizeof *story->all, newest_first);
	return find_corrections(story, err) && find_lines(story, err);
}
