/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Which words fewer may read now: at the head of each file, and all together
 * for whoever oversees it (independent offices, and each office its own).
 */
#include "web/practice.h"

#include "web/csv.h"
#include "web/file_parts.h"

#define SHOWN 500 /* of one file */
#define PIECE 500
#define CSV_MAX 10000   /* of one table; the last row says when there are more */
#define AGENCY_ROWS 200 /* of the totals */

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

/* Who reads samples, or what is restricted, looks at restrictions one by one. */
static bool looks_at_each(const struct pack_office *role)
{
	for (size_t i = 0; i < role->read_count; i++)
		if (role->reads[i].what == PACK_READS_SAMPLE ||
		    role->reads[i].what == PACK_READS_RESTRICTED)
			return true;
	return false;
}

/*
 * Whose restrictions are counted, and whose are shown one by one: of all
 * offices (empty), or of the one that looks. An independent office is told how
 * many there are; each by its file is for those that oversee them.
 */
struct overseen {
	struct str counted;
	struct str shown;
};

static struct overseen overseen(struct web_request *request, struct casebook_reader *reader)
{
	struct str own = practice_viewer(request)->actor.office;
	const struct pack_office *role = casebook_office_role(reader, own);
	if (!role || !role->is_independent)
		return (struct overseen){ own, own };
	return (struct overseen){ STR(""), looks_at_each(role) ? STR("") : own };
}

/* --- in all ---------------------------------------------------------------------------------- */

/* What the offices of one agency restricted for one reason. */
struct total {
	struct str agency;
	struct str reason;
	int64_t count;
	int64_t renewed;
	instant oldest;
};

static struct str agency_of(struct casebook_reader *reader, struct str office)
{
	const struct pack_office *role = casebook_office_role(reader, office);
	return role && role->agency ? role->agency->title : STR("Not known");
}

static struct total *total_at(struct total *totals, size_t *count, struct str agency,
                              struct str reason)
{
	for (size_t i = 0; i < *count; i++)
		if (str_eq(totals[i].agency, agency) && str_eq(totals[i].reason, reason))
			return &totals[i];
	if (*count == AGENCY_ROWS)
		return NULL;
	totals[*count] =
		(struct total){ .agency = agency, .reason = reason, .oldest = INSTANT_MAX };
	return &totals[(*count)++];
}

static struct json *total_row(struct web_request *request, const struct total *total)
{
	struct arena *arena = request->arena;
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("agency"), total->agency);
	json_put_text(arena, row, STR("reason"), total->reason.n ? total->reason : STR("Not said"));
	json_put_integer(arena, row, STR("n"), total->count);
	json_put_integer(arena, row, STR("renewed"), total->renewed);
	json_put_integer(arena, row, STR("days"), (request->now - total->oldest) / INSTANT_PER_DAY);
	return row;
}

static struct str sentence_of(struct web_request *request, int64_t count, instant oldest,
                              bool sees_all)
{
	if (count == 0)
		return sees_all ? STR("Nothing is restricted now.")
		                : STR("Nothing that your office restricted is in force now.");
	int64_t days = (request->now - oldest) / INSTANT_PER_DAY;
	if (days == 0)
		return arena_format(request->arena,
		                    "%" PRId64 " in force. The oldest is less than a day old.",
		                    count);
	return arena_format(request->arena,
	                    "%" PRId64 " in force. The oldest is %" PRId64 " %s old.", count, days,
	                    days == 1 ? "day" : "days");
}

/* sentence, totals[{agency, reason, n, renewed, days}] */
static bool put_totals(struct web_request *request, struct casebook_reader *reader,
                       struct str office, struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	const struct casebook_restricted *found;
	struct total *totals = arena_alloc(arena, AGENCY_ROWS, sizeof *totals);
	struct json *rows = json_array(arena);
	size_t found_count, count = 0;
	int64_t all = 0;
	instant oldest = request->now;
	if (!totals)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	if (!casebook_restricted_totals(reader, arena, office, &found, &found_count, err))
		return false;
	for (size_t i = 0; i < found_count; i++) {
		const struct casebook_restricted *one = &found[i];
		struct total *total =
			total_at(totals, &count, agency_of(reader, one->office), one->reason_title);
		all += one->count;
		oldest = one->oldest < oldest ? one->oldest : oldest;
		if (!total)
			continue;
		total->count += one->count;
		total->renewed += one->renewed;
		total->oldest = one->oldest < total->oldest ? one->oldest : total->oldest;
	}
	for (size_t i = 0; i < count; i++)
		json_push(rows, total_row(request, &totals[i]));
	json_put_text(arena, model, STR("sentence"),
	              sentence_of(request, all, oldest, office.n == 0));
	json_put_integer(arena, model, STR("in_force"), all);
	json_put_bool(arena, model, STR("has_totals"), count > 0);
	json_put(model, STR("totals"), rows);
	return true;
}

/* --- one by one ------------------------------------------------------------------------------ */

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

static void read_after(const struct web_request *request, instant *until, int64_t *entry)
{
	struct str after = fields_get(&request->head->query, STR("after")), first;
	uint64_t until_n = 0, entry_n = 0;
	*until = INSTANT_MIN;
	*entry = 0;
	if (!after.p || !str_cut(&after, '.', &first) ||
	    !str_to_u64(first, INSTANT_MAX, &until_n) || !str_to_u64(after, INT64_MAX, &entry_n))
		return;
	*until = (instant)until_n;
	*entry = (int64_t)entry_n;
}

static bool put_rows(struct web_request *request, struct casebook_reader *reader, struct str office,
                     struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_restriction_list list;
	struct json *rows = json_array(arena);
	instant until;
	int64_t entry;
	read_after(request, &until, &entry);
	if (!casebook_restrictions_in_force(reader, arena, office, until, entry, PRACTICE_ROWS,
	                                    &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		struct casebook_access access;
		if (!casebook_may(reader, practice_viewer(request), list.at[i].file, &access, err))
			return false;
		json_push(rows, row_of(request, &list.at[i], access.may_know));
	}
	json_put_bool(arena, model, STR("has_rows"), list.count > 0);
	json_put(model, STR("rows"), rows);
	draft_set(model, STR("next"), json_null(arena));
	if (list.more) {
		const struct casebook_restriction *last = &list.at[list.count - 1];
		draft_set(model, STR("next"),
		          json_string(arena,
		                      arena_format(arena, "/restricted?after=%" PRId64 ".%" PRId64,
		                                   last->until, last->entry)));
	}
	return true;
}

bool restricted_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("restricted"), .title = STR("Restricted") };
	struct casebook_reader *reader;
	struct json *model;
	if (!practice_has_office(request, answer))
		return true;
	if (!site_reader(request, &reader, err) ||
	    !practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err))
		return false;
	struct overseen whose = overseen(request, reader);
	json_put_bool(request->arena, model, STR("sees_all"), whose.counted.n == 0);
	json_put_bool(request->arena, model, STR("shows_own"), whose.shown.n > 0);
	return put_totals(request, reader, whose.counted, model, err) &&
	       put_rows(request, reader, whose.shown, model, err) &&
	       page_answer(request, answer, STR("practice/restricted"), model, err);
}

static void csv_one(struct web_request *request, const struct casebook_restriction *one,
                    struct buf *out)
{
	struct arena *arena = request->arena;
	csv_row(out, 8, one->file_number, one->office_title, one->reason,
	        instant_write(arena, one->since), instant_write(arena, one->until),
	        days_text(request, one), arena_format(arena, "%" PRId64, one->renewals),
	        hidden_text(arena, one));
}

bool restricted_csv(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_restriction_list list = { .more = true };
	struct casebook_restriction last = { .until = INSTANT_MIN };
	struct casebook_reader *reader;
	struct str office;
	size_t rows = 0;
	if (!practice_has_office(request, answer))
		return true;
	if (!site_reader(request, &reader, err))
		return false;
	office = overseen(request, reader).shown;
	web_answer_download(request, answer, STR("restricted.csv"), STR(CSV_TYPE));
	csv_row(&answer->body, 8, STR("File"), STR("Office"), STR("Reason"), STR("Since"),
	        STR("Until"), STR("Days"), STR("Renewals"), STR("Entries hidden"));
	while (list.more && rows < CSV_MAX) {
		if (!casebook_restrictions_in_force(reader, request->arena, office, last.until,
		                                    last.entry, PIECE, &list, err))
			return false;
		for (size_t i = 0; i < list.count; i++, rows++) {
			csv_one(request, &list.at[i], &answer->body);
			last = list.at[i];
		}
	}
	if (list.more)
		csv_row(&answer->body, 1, STR("There are more than these 10,000"));
	return true;
}
