/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Which words fewer may read now: at the head of each file, and all together
 * for whoever oversees it (independent offices, and each office its own).
 */
#include "web/practice.h"

#include "web/csv.h"
#include "web/file_parts.h"

#define SHOWN 500

static struct str until_text(struct web_request *request, const struct casebook_restriction *one)
{
	struct local last = zone_local(page_zone(request), one->until - 1);
	return wording_day(request->arena, last.day);
}

static struct str readers_text(struct arena *arena, const struct casebook_restriction *one)
{
	struct str all = STR("");
	for (size_t i = 0; i < one->reader_count; i++)
		all = arena_format(arena, "%.*s%s%.*s", STR_ARG(all), i ? ", " : "",
		                   STR_ARG(one->readers[i]));
	return all;
}

static struct str hidden_text(struct arena *arena, const struct casebook_restriction *one)
{
	if (one->is_whole)
		return STR("All of the file");
	return arena_format(arena, "%" PRId64, one->hidden);
}

static struct str days_text(struct web_request *request, const struct casebook_restriction *one)
{
	return arena_format(request->arena, "%" PRId64,
	                    (request->now - one->since) / INSTANT_PER_DAY);
}

bool restricted_put_file(struct web_request *request, struct casebook_reader *reader, int64_t file,
                         struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	struct json *rows = json_array(arena);
	const struct casebook_restriction *found;
	size_t count;
	if (!casebook_restrictions(reader, arena, file, SHOWN, &found, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *what = found[i].is_whole ? "this" : "some of this";
		struct str until = until_text(request, &found[i]);
		struct str readers = readers_text(arena, &found[i]);
		json_push(
			rows,
			json_string(arena,
		                    arena_format(
					    arena,
					    "Fewer people may read %s now, until %.*s: %.*s (%.*s)",
					    what, STR_ARG(until), STR_ARG(readers),
					    STR_ARG(found[i].reason_title))));
	}
	json_put_bool(arena, model, STR("is_restricted"), count > 0);
	json_put(model, STR("restricted"), rows);
	return true;
}

/* Of `count`, those that the viewer oversees: all for an independent office, else its own. */
static bool is_shown(struct web_request *request, const struct casebook_office *office,
                     const struct casebook_restriction *one)
{
	return (office && office->role && office->role->is_independent) ||
	       str_eq(one->office, practice_viewer(request)->actor.office);
}

static bool find(struct web_request *request, struct casebook_reader *reader,
                 const struct casebook_restriction ***out, size_t *count, struct err *err)
{
	struct arena *arena = request->arena;
	const struct casebook_office *offices, *own = NULL;
	const struct casebook_restriction *found;
	size_t office_count, all;
	*count = 0;
	if (!casebook_offices(reader, arena, &offices, &office_count, err) ||
	    !casebook_restrictions(reader, arena, -1, SHOWN, &found, &all, err))
		return false;
	for (size_t i = 0; i < office_count; i++)
		if (str_eq(offices[i].id, practice_viewer(request)->actor.office))
			own = &offices[i];
	*out = arena_alloc(arena, all, sizeof **out);
	if (!*out)
		return err_set(err, ERR_UNABLE, "This list is too long to show at once");
	for (size_t i = 0; i < all; i++)
		if (is_shown(request, own, &found[i]))
			(*out)[(*count)++] = &found[i];
	return true;
}

static struct json *row_of(struct web_request *request, const struct casebook_restriction *one,
                           bool may_know)
{
	struct arena *arena = request->arena;
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("number"), one->file_number);
	json_put_bool(arena, row, STR("may_know"), may_know);
	json_put_text(arena, row, STR("href"),
	              practice_file_path(request, one->file_number, STR("")));
	json_put_text(arena, row, STR("office"), one->office_title);
	json_put_text(arena, row, STR("reason"), one->reason_title);
	json_put(row, STR("since"), page_time(request, one->since));
	json_put_text(arena, row, STR("until"), until_text(request, one));
	json_put_text(arena, row, STR("days"), days_text(request, one));
	json_put_integer(arena, row, STR("renewals"), one->renewals);
	json_put_text(arena, row, STR("hidden"), hidden_text(arena, one));
	json_put_text(arena, row, STR("readers"), readers_text(arena, one));
	return row;
}

static struct str sentence_of(struct web_request *request,
                              const struct casebook_restriction *const *shown, size_t count)
{
	instant oldest = request->now;
	if (count == 0)
		return STR("Nothing is restricted now.");
	for (size_t i = 0; i < count; i++)
		oldest = shown[i]->since < oldest ? shown[i]->since : oldest;
	int64_t days = (request->now - oldest) / INSTANT_PER_DAY;
	return arena_format(request->arena, "%zu in force. The oldest is %" PRId64 " %s old.",
	                    count, days, days == 1 ? "day" : "days");
}

bool restricted_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("restricted"), .title = STR("Restricted") };
	struct json *model, *rows = json_array(request->arena);
	const struct casebook_restriction **shown;
	struct casebook_reader *reader;
	size_t count;
	if (!practice_has_office(request, answer))
		return true;
	if (!site_reader(request, &reader, err) || !find(request, reader, &shown, &count, err) ||
	    !practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct casebook_access access;
		if (!casebook_may(reader, practice_viewer(request), shown[i]->file, &access, err))
			return false;
		json_push(rows, row_of(request, shown[i], access.may_know));
	}
	json_put_text(request->arena, model, STR("sentence"), sentence_of(request, shown, count));
	json_put_bool(request->arena, model, STR("has_rows"), count > 0);
	json_put(model, STR("rows"), rows);
	return page_answer(request, answer, STR("practice/restricted"), model, err);
}

bool restricted_csv(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct casebook_restriction **shown;
	struct casebook_reader *reader;
	struct arena *arena = request->arena;
	size_t count;
	if (!practice_has_office(request, answer))
		return true;
	if (!site_reader(request, &reader, err) || !find(request, reader, &shown, &count, err))
		return false;
	web_answer_download(request, answer, STR("restricted.csv"), STR(CSV_TYPE));
	csv_row(&answer->body, 8, STR("File"), STR("Office"), STR("Reason"), STR("Since"),
	        STR("Until"), STR("Days"), STR("Renewals"), STR("Entries hidden"));
	for (size_t i = 0; i < count; i++)
		csv_row(&answer->body, 8, shown[i]->file_number, shown[i]->office_title,
		        shown[i]->reason, instant_write(arena, shown[i]->since),
		        instant_write(arena, shown[i]->until), days_text(request, shown[i]),
		        arena_format(arena, "%" PRId64, shown[i]->renewals),
		        hidden_text(arena, shown[i]));
	return true;
}
