/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What others wrote that somebody has not opened yet: on files where their
 * office owes something, what whoever reported added and what was answered. Oldest first: a reading
 * counts up to its highest entry, so that the newest opened first would hide the others.
 */
#include "casebook/query.h"

#include "casebook/book.h"
#include "casebook/rows.h"

#define DUTIES_MAX "200" /* of the office, the first due */

/* Files by duty_open; their entries by entry_file; who has opened them by reading_file. */
static const char NEWS_SQL[] =
	"SELECT e.idx, e.header, f.n, f.type, f.number FROM (SELECT DISTINCT soon.file AS file"
	" FROM (SELECT file FROM duty WHERE office = ?1 AND closed IS NULL ORDER BY due, id LIMIT " DUTIES_MAX
	") AS soon) AS mine JOIN file AS f ON f.n = mine.file"
	" JOIN entry AS e ON e.file = mine.file AND e.kind = ?2"
	" WHERE NOT EXISTS (SELECT 1 FROM reading AS r WHERE r.file = mine.file AND r.account = ?3"
	" AND r.highest >= e.idx) ORDER BY e.idx LIMIT ?4";

/* Settles what was asked of an office that a field names. */
static bool is_answer(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->settle_count; i++) {
		const struct pack_duty *duty = kind->settles[i].duty;
		for (size_t n = 0; n < duty->owner_count; n++)
			if (duty->owners[n].sort == PACK_OWNER_FIELD)
				return true;
	}
	return false;
}

static bool is_by_anyone(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++)
		if (kind->by[i].sort == PACK_BY_ANYONE)
			return true;
	return false;
}

static bool is_news(const struct pack_kind *kind)
{
	return !kind->is_built_in && !kind->may_begin && (is_by_anyone(kind) || is_answer(kind));
}

/* False without an error: it is this office's own. */
static bool fill_news(struct casebook_reader *reader, struct arena *arena, struct store_stmt *row,
                      const struct pack_kind *kind, struct str own, struct casebook_news *out,
                      bool *is_own, struct err *err)
{
	struct log_header header;
	bool lost = false;
	struct str bytes = store_blob(row, 1), type = store_str(row, 3);
	*is_own = false;
	*out = (struct casebook_news){ .entry = store_int(row, 0),
		                       .rules = kind,
		                       .file = store_int(row, 2) };
	out->file_number = number_write(arena, pack_file_type_find(reader_pack(reader), type), type,
	                                store_int(row, 4));
	if (!bytes.p) /* destroyed by law: there is nothing to open */
		*is_own = true;
	else if (!log_header_read(bytes, &header, err))
		return false;
	else {
		out->recorded = header.recorded;
		out->office = arena_copy(arena, header.office);
		lost = !out->office.p;
		*is_own = str_eq(header.office, own);
	}
	return (!lost && out->file_number.p) || rows_too_long(err);
}

static bool news_of_kind(struct casebook_reader *reader, struct arena *arena,
                         const struct casebook_viewer *viewer, const struct pack_kind *kind,
                         size_t limit, struct rows *rows, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct str own = viewer->actor.office;
	if (!store_prepare(reader->store, NEWS_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, own);
	store_bind_str(stmt, 2, kind->name);
	store_bind_str(stmt, 3, viewer->actor.account);
	store_bind_int(stmt, 4, (int64_t)limit);
	for (;;) {
		struct casebook_news news, *kept;
		struct casebook_access access;
		bool is_own;
		enum store_step step = store_step(stmt, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			return true;
		if (!fill_news(reader, arena, stmt, kind, own, &news, &is_own, err))
			return false;
		/* Who may not open it cannot have opened it: it would stand there for ever. */
		if (is_own)
			continue;
		if (!casebook_may(reader, viewer, news.file, &access, err))
			return false;
		if (!access.may_open)
			continue;
		if (!(kept = rows_add(rows)))
			return rows_too_long(err);
		*kept = news;
	}
}

bool casebook_news(struct casebook_reader *reader, struct arena *arena,
                   const struct casebook_viewer *viewer, size_t limit,
                   const struct casebook_news **out, size_t *count, struct err *err)
{
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_news) };
	const struct pack *pack = reader_pack(reader);
	*out = NULL;
	*count = 0;
	if (!rows_limit_is_good(limit, err))
		return false;
	for (size_t i = 0; i < pack->kind_count; i++)
		if (is_news(&pack->kinds[i]) &&
		    !news_of_kind(reader, arena, viewer, &pack->kinds[i], limit, &rows, err))
			return false;
	*out = rows.at;
	*count = rows.count;
	return true;
}
