/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which words fewer may read now: since when, until when, on whose word, and who reads on. */
#include "casebook/query.h"

#include "casebook/readings.h"
#include "casebook/rows.h"

#define COLUMNS                                                                                       \
	"SELECT r.entry, r.first, r.file, f.type, f.number, r.office, r.reason, r.since, r.until_at," \
	" r.renewals, r.whole, (SELECT COUNT(*) FROM restriction_entry AS e WHERE"                    \
	" e.restriction = r.entry AND e.opened IS NULL) FROM restriction AS r JOIN file AS f"         \
	" ON f.n = r.file WHERE r.ended IS NULL AND r.until_at > ?1"

/* By restriction_file, and restriction_until. */
static const char FILE_SQL[] = COLUMNS " AND r.file = ?2 ORDER BY r.entry LIMIT ?3";
static const char ALL_SQL[] =
	COLUMNS " AND (?2 = '' OR r.office = ?2) AND (r.until_at, r.entry) > (?4, ?5)"
		" ORDER BY r.until_at, r.entry LIMIT ?3";
static const char TOTALS_SQL[] =
	"SELECT office, reason, COUNT(*), SUM(CASE WHEN renewals > 0 THEN 1 ELSE 0 END), MIN(since),"
	" MIN(entry) FROM restriction WHERE ended IS NULL AND until_at > ?1 AND (?2 = '' OR office = ?2)"
	" GROUP BY office, reason ORDER BY office, reason";
static const char READERS_SQL[] =
	"SELECT office FROM restriction_reader WHERE restriction = ?1 ORDER BY office";

static struct str reason_title(const struct pack *pack, struct store *store, int64_t entry,
                               struct str code)
{
	static const char KIND_SQL[] = "SELECT kind FROM entry WHERE idx = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct err ignored = { 0 };
	if (!store_prepare(store, KIND_SQL, &found, &ignored))
		return code;
	store_bind_int(found, 1, entry);
	const struct pack_kind *kind = store_step(found, &ignored) == STORE_ROW
	                                       ? pack_kind_find(pack, store_str(found, 0))
	                                       : NULL;
	const struct pack_field *field = kind && kind->restricts && kind->restricts->reason.p
	                                         ? pack_field_find(kind, kind->restricts->reason)
	                                         : NULL;
	const struct pack_code *title =
		field && field->list ? pack_code_find(field->list, code) : NULL;
	return title && title->title.n ? title->title : code;
}

static bool office_title(struct casebook_reader *reader, struct arena *arena, struct str id,
                         struct str *title, struct err *err)
{
	*title = id;
	return casebook_office_title(reader, arena, id, title, err) || err->code == ERR_ABSENT;
}

static bool read_readers(struct casebook_reader *reader, struct arena *arena,
                         struct casebook_restriction *one, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct str) };
	bool failed, lost = false;
	if (!store_prepare(reader->store, READERS_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, one->entry);
	for (struct str *office; (office = rows_next(&rows, stmt, &failed, err));) {
		*office = row_text(arena, stmt, 0, &lost);
		if (lost)
			return rows_too_long(err);
	}
	if (failed)
		return false;
	struct str *titles = rows.at;
	for (size_t i = 0; i < rows.count; i++) {
		if (!office_title(reader, arena, titles[i], &titles[i], err))
			return false;
	}
	one->readers = titles;
	one->reader_count = rows.count;
	return true;
}

static bool read_rows(struct casebook_reader *reader, struct arena *arena, struct store_stmt *stmt,
                      struct rows *rows, struct err *err)
{
	const struct pack *pack = reader_pack(reader);
	bool failed, lost = false;
	for (struct casebook_restriction *one; (one = rows_next(rows, stmt, &failed, err));) {
		const struct pack_file_type *type = pack_file_type_find(pack, store_str(stmt, 3));
		*one = (struct casebook_restriction){
			.entry = store_int(stmt, 0),
			.first = store_int(stmt, 1),
			.file = store_int(stmt, 2),
			.file_number = arena_format(arena, "%.*s-%" PRId64,
			                            STR_ARG(type ? type->letter : STR("?")),
			                            store_int(stmt, 4)),
			.office = row_text(arena, stmt, 5, &lost),
			.reason = row_text(arena, stmt, 6, &lost),
			.since = store_int(stmt, 7),
			.until = store_int(stmt, 8),
			.renewals = store_int(stmt, 9),
			.is_whole = store_int(stmt, 10) != 0,
			.hidden = store_int(stmt, 11),
		};
		if (lost || !one->file_number.p)
			return rows_too_long(err);
	}
	if (failed)
		return false;
	struct casebook_restriction *found = rows->at;
	for (size_t i = 0; i < rows->count; i++) {
		struct casebook_restriction *one = &found[i];
		one->reason_title = reason_title(pack, reader->store, one->entry, one->reason);
		if (!office_title(reader, arena, one->office, &one->office_title, err) ||
		    !read_readers(reader, arena, one, err))
			return false;
	}
	return true;
}

bool casebook_restrictions(struct casebook_reader *reader, struct arena *arena, int64_t file,
                           size_t limit, const struct casebook_restriction **out, size_t *count,
                           struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_restriction) };
	*out = NULL;
	*count = 0;
	if (!rows_limit_is_good(limit, err) || !store_prepare(reader->store, FILE_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, casebook_now(reader->book));
	store_bind_int(stmt, 2, file);
	store_bind_int(stmt, 3, (int64_t)limit);
	if (!read_rows(reader, arena, stmt, &rows, err))
		return false;
	*out = rows.at;
	*count = rows.count;
	return true;
}

bool casebook_restrictions_in_force(struct casebook_reader *reader, struct arena *arena,
                                    struct str office, instant after_until, int64_t after_entry,
                                    size_t limit, struct casebook_restriction_list *out,
                                    struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_restriction) };
	*out = (struct casebook_restriction_list){ 0 };
	if (!rows_limit_is_good(limit, err) || !store_prepare(reader->store, ALL_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, casebook_now(reader->book));
	store_bind_str(stmt, 2, office);
	store_bind_int(stmt, 3, (int64_t)limit + 1);
	store_bind_int(stmt, 4, after_until);
	store_bind_int(stmt, 5, after_entry);
	if (!read_rows(reader, arena, stmt, &rows, err))
		return false;
	out->at = rows.at;
	out->more = rows.count > limit;
	out->count = out->more ? limit : rows.count;
	return true;
}

bool casebook_restricted_totals(struct casebook_reader *reader, struct arena *arena,
                                struct str office, const struct casebook_restricted **out,
                                size_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_restricted) };
	bool failed, lost = false;
	*out = NULL;
	*count = 0;
	if (!store_prepare(reader->store, TOTALS_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, casebook_now(reader->book));
	store_bind_str(stmt, 2, office);
	for (struct casebook_restricted *one; (one = rows_next(&rows, stmt, &failed, err));) {
		*one = (struct casebook_restricted){ .office = row_text(arena, stmt, 0, &lost),
			                             .reason = row_text(arena, stmt, 1, &lost),
			                             .count = store_int(stmt, 2),
			                             .renewed = store_int(stmt, 3),
			                             .oldest = store_int(stmt, 4) };
		one->reason_title = reason_title(reader_pack(reader), reader->store,
		                                 store_int(stmt, 5), one->reason);
		if (lost)
			return rows_too_long(err);
	}
	*out = rows.at;
	*count = rows.count;
	return !failed;
}
