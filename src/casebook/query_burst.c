/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Floods: so many reports within an hour that a list of them shows nothing else. They are counted,
 * never settled, as one. Read from the open duties alone: nothing of it is stored.
 */
#include "casebook/query_rows.h"

#include "casebook/book.h"

#define BURSTS_MAX 100 /* of one answer */

/* ?2: what a marked first entry has in it. The rows are found as those of APART_FROM are. */
#define BURSTS_SQL(among)                                                                            \
	"SELECT g.office, g.rule, g.hour, g.due, g.n, g.marked FROM (SELECT b.office AS office,"     \
	" b.rule AS rule, b.hour AS hour, MIN(b.due) AS due, COUNT(*) AS n, SUM(b.marked) AS marked" \
	" FROM (SELECT d.office AS office, d.rule AS rule, d.started / " BURST_HOUR_US " AS hour,"   \
	" d.due AS due, CASE WHEN e.plain LIKE ?2 THEN 1 ELSE 0 END AS marked FROM duty AS d"        \
	" JOIN file AS f ON f.n = d.file JOIN entry AS e ON e.idx = d.opened WHERE " among           \
	" AND d.closed IS NULL AND d.opened = f.first_entry ORDER BY d.due, d.id LIMIT 20000) AS b"  \
	" GROUP BY b.office, b.rule, b.hour HAVING COUNT(*) > ?4) AS g"                              \
	" ORDER BY g.due, g.rule, g.hour, g.office LIMIT ?3"

static const char OF_OFFICE_SQL[] = BURSTS_SQL(AMONG_OFFICE);
static const char OF_LATE_SQL[] = BURSTS_SQL(AMONG_LATE);

/* By duty_open: the open duties of one office, no further than the burst's own. */
static const char DUTIES_SQL[] =
	DUTY_COLUMNS " WHERE d.office = ?1 AND d.closed IS NULL AND d.rule = ?2"
		     " AND d.started >= ?3 AND d.started < ?4 AND d.opened = f.first_entry"
		     " AND CASE WHEN e.plain LIKE ?5 THEN 1 ELSE 0 END = ?6"
		     " AND (d.due, d.id) > (?7, ?8) ORDER BY d.due, d.id LIMIT ?9";

int64_t casebook_burst_limit(struct casebook_reader *reader)
{
	return casebook_limit(reader->book, STR("intake.burst"));
}

/* Plain fields are canonical JSON: a quotation mark inside a text is escaped, so that nobody's text
 * can look like a field. */
static struct str mark_pattern(struct arena *arena, const struct casebook_mark *mark)
{
	return arena_format(arena, "%%\"%.*s\":\"%.*s\"%%", STR_ARG(mark->field),
	                    STR_ARG(mark->value));
}

static void fill_titles(struct casebook_reader *reader, struct casebook_burst *burst)
{
	const struct pack_duty *rule = pack_duty_find(reader_pack(reader), burst->rule);
	const struct chart_office *office = chart_find(reader->chart, burst->office);
	burst->title = rule ? rule->title : burst->rule;
	burst->office_title = office ? office->title : burst->office;
}

bool casebook_bursts(struct casebook_reader *reader, struct arena *arena, struct str office,
                     const struct casebook_mark *mark, const struct casebook_burst **out,
                     size_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_burst) };
	bool lost = false;
	*out = NULL;
	*count = 0;
	if (!store_prepare(reader->store, office.n > 0 ? OF_OFFICE_SQL : OF_LATE_SQL, &stmt, err))
		return false;
	if (office.n > 0)
		store_bind_str(stmt, 1, office);
	else
		store_bind_int(stmt, 1, casebook_now(reader->book));
	store_bind_str(stmt, 2, mark_pattern(arena, mark));
	store_bind_int(stmt, 3, BURSTS_MAX);
	store_bind_int(stmt, 4, casebook_burst_limit(reader));
	bool failed;
	for (struct casebook_burst *burst; (burst = rows_next(&rows, stmt, &failed, err));) {
		burst->office = row_text(arena, stmt, 0, &lost);
		burst->rule = row_text(arena, stmt, 1, &lost);
		burst->hour = store_int(stmt, 2) * INSTANT_PER_HOUR;
		burst->due = store_int(stmt, 3);
		burst->count = store_int(stmt, 4);
		burst->marked = store_int(stmt, 5);
		fill_titles(reader, burst);
	}
	if (failed)
		return false;
	*out = rows.at;
	*count = rows.count;
	return !lost || rows_too_long(err);
}

/* Those with the mark, or those without it. */
static bool read_part(struct casebook_reader *reader, struct arena *arena,
                      const struct casebook_burst *burst, struct str pattern,
                      const struct casebook_burst_at *after, size_t limit,
                      struct casebook_duty_list *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*out = (struct casebook_duty_list){ 0 };
	if (!store_prepare(reader->store, DUTIES_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, burst->office);
	store_bind_str(stmt, 2, burst->rule);
	store_bind_int(stmt, 3, burst->hour);
	store_bind_int(stmt, 4, burst->hour + INSTANT_PER_HOUR);
	store_bind_str(stmt, 5, pattern);
	store_bind_int(stmt, 6, after->is_marked);
	store_bind_int(stmt, 7, after->due);
	store_bind_int(stmt, 8, after->id);
	store_bind_int(stmt, 9, (int64_t)limit + 1);
	return duty_rows(reader, arena, stmt, limit, out, err);
}

static bool join(struct arena *arena, const struct casebook_duty_list *rest,
                 struct casebook_duty_list *out)
{
	size_t n = out->count + rest->count;
	struct casebook_duty *at = arena_alloc(arena, n ? n : 1, sizeof *at);
	if (!at)
		return false;
	for (size_t i = 0; i < n; i++)
		at[i] = i < out->count ? out->at[i] : rest->at[i - out->count];
	*out = (struct casebook_duty_list){ .at = at, .count = n, .more = rest->more };
	return true;
}

bool casebook_duties_of_burst(struct casebook_reader *reader, struct arena *arena,
                              const struct casebook_burst *burst, const struct casebook_mark *mark,
                              const struct casebook_burst_at *after, size_t limit,
                              struct casebook_duty_list *out, struct casebook_burst_at *last,
                              struct err *err)
{
	struct str pattern = mark_pattern(arena, mark);
	struct casebook_duty_list rest;
	*out = (struct casebook_duty_list){ 0 };
	*last = *after;
	if (!rows_limit_is_good(limit, err) ||
	    !read_part(reader, arena, burst, pattern, after, limit, out, err))
		return false;
	if (after->is_marked && !out->more) {
		static const struct casebook_burst_at START = { false, INSTANT_MIN, 0 };
		size_t room = limit - out->count;
		if (room == 0)
			out->more = true;
		else if (!read_part(reader, arena, burst, pattern, &START, room, &rest, err))
			return false;
		else if (rest.count > 0 && !join(arena, &rest, out))
			return rows_too_long(err);
		last->is_marked = room == 0 || rest.count == 0;
	}
	if (out->count > 0) {
		last->due = out->at[out->count - 1].due;
		last->id = out->at[out->count - 1].id;
	}
	return true;
}
