/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Questions about duties. Lateness is always reckoned from the first due time (L6). */
#include "casebook/query_rows.h"

#include "casebook/fold_parts.h"

#define ALSO_MAX 50
#define TOLD_MAX 1000
#define DUE_COUNTED 20000

enum column {
	COL_ID,
	COL_FILE,
	COL_RULE,
	COL_PACK,
	COL_CLASS,
	COL_OFFICE,
	COL_OPENED,
	COL_STARTED,
	COL_DUE,
	COL_LAST_DAY,
	COL_PROVISIONAL,
	COL_AGREED,
	COL_LADDER,
	COL_RUNG,
	COL_NEXT_AT,
	COL_CLOSED,
	COL_CLOSED_AT,
	COL_CLOSED_HOW,
	COL_DONE_AT,
	COL_FILE_ID,
	COL_FILE_TYPE,
	COL_FILE_NUMBER,
	COL_HEADER,
};

/* By duty_open(office, due, id). */
static const char OF_OFFICE_SQL[] =
	DUTY_COLUMNS " WHERE d.office = ?1 AND d.closed IS NULL AND (d.due, d.id) > (?2, ?3)"
		     " ORDER BY d.due, d.id LIMIT ?4";
static const char OF_OFFICE_APART_SQL[] = DUTY_COLUMNS
	" WHERE d.office = ?1 AND d.closed IS NULL AND (d.due, d.id) > (?2, ?3)" APART_FROM(
		AMONG_OFFICE) " ORDER BY d.due, d.id LIMIT ?4";
/* By the primary key of duty_also (office, due, duty). */
static const char OF_OFFICE_TOO_SQL[] =
	DUTY_COLUMNS " JOIN duty_also AS a ON a.duty = d.id"
		     " WHERE a.office = ?1 AND (a.due, a.duty) > (?2, ?3) AND d.closed IS NULL"
		     " ORDER BY a.due, a.duty LIMIT ?4";
/* By duty_closed(file, closed, id): what is open, and the newest of what is not. */
static const char OF_FILE_SQL[] = DUTY_COLUMNS
	" WHERE d.id IN (SELECT id FROM (SELECT id FROM duty WHERE file = ?1 AND closed IS NULL"
	" ORDER BY due, id LIMIT ?2) AS still UNION ALL SELECT id FROM (SELECT id FROM duty"
	" WHERE file = ?1 AND closed IS NOT NULL ORDER BY closed DESC, id LIMIT ?2) AS past)"
	" ORDER BY d.closed IS NOT NULL,"
	" CASE WHEN d.closed IS NULL THEN d.due ELSE -d.closed END, d.id LIMIT ?2";
/* By duty_due(due, id), which holds open ones alone. */
static const char OPEN_SQL[] =
	DUTY_COLUMNS " WHERE d.closed IS NULL AND (d.due, d.id) > (?1, ?2) AND d.due <= ?3"
		     " ORDER BY d.due, d.id LIMIT ?4";
static const char LATE_APART_SQL[] = DUTY_COLUMNS
	" WHERE d.closed IS NULL AND (d.due, d.id) > (?2, ?3) AND d.due <= ?1" APART_FROM(
		AMONG_LATE) " ORDER BY d.due, d.id LIMIT ?4";
static const char NAMED_SQL[] = DUTY_COLUMNS " WHERE d.id = ?1"; /* primary key */
/* By duty_also_duty. */
static const char ALSO_SQL[] =
	"SELECT office FROM duty_also WHERE duty = ?1 ORDER BY office LIMIT ?2";
/* By the primary key (duty, rung, office). */
static const char TOLD_SQL[] =
	"SELECT rung, office, at, entry, vacant FROM climb WHERE duty = ?1 ORDER BY rung, office LIMIT ?2";
/* By duty_open. */
static const char COUNT_SQL[] =
	"SELECT COUNT(*), COUNT(CASE WHEN first.due <= ?2 THEN 1 END) FROM (SELECT due FROM duty"
	" WHERE office = ?1 AND closed IS NULL ORDER BY due LIMIT 1000) AS first";
/* By the primary key of duty_also, then that of duty. */
static const char COUNT_TOO_SQL[] =
	"SELECT COUNT(*), COUNT(CASE WHEN first.due <= ?2 THEN 1 END) FROM (SELECT d.due AS due FROM duty_also AS a"
	" JOIN duty AS d ON d.id = a.duty WHERE a.office = ?1 AND d.closed IS NULL LIMIT 1000) AS first";
/* By duty_open. */
static const char DUE_SQL[] =
	"SELECT due, rule FROM duty WHERE office = ?1 AND closed IS NULL ORDER BY due LIMIT ?2";
/* By the primary key of duty_also, then that of duty. */
static const char DUE_TOO_SQL[] =
	"SELECT d.due, d.rule FROM duty_also AS a JOIN duty AS d ON d.id = a.duty WHERE a.office = ?1"
	" AND d.closed IS NULL ORDER BY a.due LIMIT ?2";

/* --- rows ----------------------------------------------------------------------------------- */

static bool read_also(struct casebook_reader *reader, struct arena *arena,
                      struct casebook_duty *duty, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct str) };
	bool lost = false;
	/* Only a rule with several owners is ever owed by more than one office. */
	if (duty->rules && duty->rules->owner_count < 2)
		return true;
	if (!store_prepare(reader->store, ALSO_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, duty->id);
	store_bind_int(stmt, 2, ALSO_MAX);
	bool failed;
	for (struct str *office; (office = rows_next(&rows, stmt, &failed, err));) {
		*office = row_text(arena, stmt, 0, &lost);
	}
	if (failed)
		return false;
	duty->also = rows.at;
	duty->also_count = rows.count;
	return !lost || rows_too_long(err);
}

/* Words of the rule as it was when the duty opened. */
static void fill_rule(struct casebook_reader *reader, int64_t pack_n, struct casebook_duty *duty)
{
	const struct pack *pack = book_pack(reader->book, pack_n);
	const struct pack *now = reader_pack(reader);
	if (pack)
		duty->rules = pack_duty_find(pack, duty->rule);
	/* The two that are built in are of no list. */
	if (!duty->rules && now->second_duty && str_eq(duty->rule, now->second_duty->name))
		duty->rules = now->second_duty;
	if (!duty->rules && now->read_duty && str_eq(duty->rule, now->read_duty->name))
		duty->rules = now->read_duty;
	duty->title = duty->rules ? duty->rules->title : duty->rule;
	duty->source = duty->rules ? duty->rules->source : STR("");
}

static bool fill_times(struct store_stmt *row, instant now, struct casebook_duty *duty,
                       struct err *err)
{
	struct log_header header;
	struct str bytes = store_blob(row, COL_HEADER);
	duty->due = store_int(row, COL_DUE);
	duty->last_day = day_from_number(store_int(row, COL_LAST_DAY));
	duty->is_provisional = store_int(row, COL_PROVISIONAL) != 0;
	duty->agreed = store_int(row, COL_AGREED);
	duty->next_at = store_int(row, COL_NEXT_AT);
	duty->is_open = store_is_null(row, COL_CLOSED);
	duty->closed = duty->is_open ? -1 : store_int(row, COL_CLOSED);
	duty->closed_at = store_int(row, COL_CLOSED_AT);
	duty->was_ended = str_eq(store_str(row, COL_CLOSED_HOW), STR("ended"));
	duty->is_late = (duty->is_open ? now : duty->closed_at) >= duty->due;
	duty->done_at = store_int(row, COL_DONE_AT);
	duty->was_done_in_time = !duty->is_open && duty->is_late &&
	                         !store_is_null(row, COL_DONE_AT) && duty->done_at < duty->due;
	/* The opening entry may have been destroyed since; its row stays. */
	duty->opened_at = store_int(row, COL_STARTED);
	if (!bytes.p)
		return true;
	if (!log_header_read(bytes, &header, err))
		return false;
	duty->opened_at = header.recorded;
	return true;
}

static bool fill_duty(struct casebook_reader *reader, struct arena *arena, struct store_stmt *row,
                      struct casebook_duty *duty, struct err *err)
{
	bool lost = false;
	struct str type = store_str(row, COL_FILE_TYPE);
	const struct pack_file_type *file_type = pack_file_type_find(reader_pack(reader), type);
	*duty = (struct casebook_duty){
		.id = store_int(row, COL_ID),
		.rule = row_text(arena, row, COL_RULE, &lost),
		.class = (enum pack_class)store_int(row, COL_CLASS),
		.file = store_int(row, COL_FILE),
		.file_id = row_text(arena, row, COL_FILE_ID, &lost),
		.file_type = file_type,
		.file_number =
			number_write(arena, file_type, type, store_int(row, COL_FILE_NUMBER)),
		.office = row_text(arena, row, COL_OFFICE, &lost),
		.opened = store_int(row, COL_OPENED),
		.ladder = row_text(arena, row, COL_LADDER, &lost),
		.rung = (int)store_int(row, COL_RUNG),
	};
	duty->name = duty_name_write(arena, duty->id);
	if (lost || !duty->name.p || !duty->file_number.p)
		return rows_too_long(err);
	fill_rule(reader, store_int(row, COL_PACK), duty);
	const struct chart_office *office = chart_find(reader->chart, duty->office);
	duty->office_title = office ? arena_copy(arena, office->title) : duty->office;
	if (!duty->office_title.p)
		return rows_too_long(err);
	return fill_times(row, casebook_now(reader->book), duty, err) &&
	       read_also(reader, arena, duty, err);
}

bool duty_rows(struct casebook_reader *reader, struct arena *arena, struct store_stmt *stmt,
               size_t limit, struct casebook_duty_list *out, struct err *err)
{
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_duty) };
	for (;;) {
		enum store_step step = store_step(stmt, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		if (rows.count == limit) {
			out->more = true;
			break;
		}
		struct casebook_duty *duty = rows_add(&rows);
		if (!duty)
			return rows_too_long(err);
		if (!fill_duty(reader, arena, stmt, duty, err))
			return false;
	}
	out->at = rows.at;
	out->count = rows.count;
	return true;
}

/* --- lists ---------------------------------------------------------------------------------- */

static bool of_office(struct casebook_reader *reader, struct arena *arena, const char *sql,
                      struct str office, instant after_due, int64_t after_id, size_t limit,
                      struct casebook_duty_list *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*out = (struct casebook_duty_list){ 0 };
	if (!store_prepare(reader->store, sql, &stmt, err))
		return false;
	store_bind_str(stmt, 1, office);
	store_bind_int(stmt, 2, after_due);
	store_bind_int(stmt, 3, after_id);
	store_bind_int(stmt, 4, (int64_t)limit + 1);
	if (sql == OF_OFFICE_APART_SQL)
		store_bind_int(stmt, 5, casebook_burst_limit(reader));
	return duty_rows(reader, arena, stmt, limit, out, err);
}

static bool comes_before(const struct casebook_duty *a, const struct casebook_duty *b)
{
	return a->due != b->due ? a->due < b->due : a->id < b->id;
}

/* Two lists in order, joined in order. */
static bool merge(struct arena *arena, const struct casebook_duty_list *a,
                  const struct casebook_duty_list *b, size_t limit, struct casebook_duty_list *out)
{
	size_t all = a->count + b->count, n = all < limit ? all : limit, i = 0, j = 0;
	struct casebook_duty *at = arena_alloc(arena, n, sizeof *at);
	if (!at)
		return false;
	for (size_t k = 0; k < n; k++) {
		bool from_a = j == b->count || (i < a->count && comes_before(&a->at[i], &b->at[j]));
		at[k] = from_a ? a->at[i++] : b->at[j++];
	}
	*out = (struct casebook_duty_list){ .at = at,
		                            .count = n,
		                            .more = a->more || b->more || all > n };
	return true;
}

static bool of_office_and_too(struct casebook_reader *reader, struct arena *arena, const char *sql,
                              struct str office, instant after_due, int64_t after_id, size_t limit,
                              struct casebook_duty_list *out, struct err *err)
{
	struct casebook_duty_list own, too;
	*out = (struct casebook_duty_list){ 0 };
	if (!rows_limit_is_good(limit, err) ||
	    !of_office(reader, arena, sql, office, after_due, after_id, limit, &own, err) ||
	    !of_office(reader, arena, OF_OFFICE_TOO_SQL, office, after_due, after_id, limit, &too,
	               err))
		return false;
	return merge(arena, &own, &too, limit, out) || rows_too_long(err);
}

bool casebook_duties_of_office(struct casebook_reader *reader, struct arena *arena,
                               struct str office, instant after_due, int64_t after_id, size_t limit,
                               struct casebook_duty_list *out, struct err *err)
{
	return of_office_and_too(reader, arena, OF_OFFICE_SQL, office, after_due, after_id, limit,
	                         out, err);
}

bool casebook_duties_apart(struct casebook_reader *reader, struct arena *arena, struct str office,
                           instant after_due, int64_t after_id, size_t limit,
                           struct casebook_duty_list *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (office.n > 0)
		return of_office_and_too(reader, arena, OF_OFFICE_APART_SQL, office, after_due,
		                         after_id, limit, out, err);
	*out = (struct casebook_duty_list){ 0 };
	if (!rows_limit_is_good(limit, err) ||
	    !store_prepare(reader->store, LATE_APART_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, casebook_now(reader->book));
	store_bind_int(stmt, 2, after_due);
	store_bind_int(stmt, 3, after_id);
	store_bind_int(stmt, 4, (int64_t)limit + 1);
	store_bind_int(stmt, 5, casebook_burst_limit(reader));
	return duty_rows(reader, arena, stmt, limit, out, err);
}

bool casebook_duties_of_file(struct casebook_reader *reader, struct arena *arena, int64_t file,
                             size_t limit, struct casebook_duty_list *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*out = (struct casebook_duty_list){ 0 };
	if (!rows_limit_is_good(limit, err) ||
	    !store_prepare(reader->store, OF_FILE_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, file);
	store_bind_int(stmt, 2, (int64_t)limit + 1);
	return duty_rows(reader, arena, stmt, limit, out, err);
}

bool casebook_duty_named(struct casebook_reader *reader, struct arena *arena, struct str name,
                         struct casebook_duty *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct casebook_duty_list found = { 0 };
	int64_t id;
	if (!duty_name_read(name, &id))
		return err_set(err, ERR_ABSENT, "There is no such duty");
	if (!store_prepare(reader->store, NAMED_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, id);
	if (!duty_rows(reader, arena, stmt, 1, &found, err))
		return false;
	if (found.count == 0)
		return err_set(err, ERR_ABSENT, "There is no such duty");
	*out = found.at[0];
	return true;
}

bool casebook_duties_open(struct casebook_reader *reader, struct arena *arena, bool late_only,
                          instant after_due, int64_t after_id, size_t limit,
                          struct casebook_duty_list *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*out = (struct casebook_duty_list){ 0 };
	if (!rows_limit_is_good(limit, err) || !store_prepare(reader->store, OPEN_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, after_due);
	store_bind_int(stmt, 2, after_id);
	store_bind_int(stmt, 3, late_only ? casebook_now(reader->book) : INT64_MAX);
	store_bind_int(stmt, 4, (int64_t)limit + 1);
	return duty_rows(reader, arena, stmt, limit, out, err);
}

bool casebook_duty_told(struct casebook_reader *reader, struct arena *arena, int64_t duty,
                        const struct casebook_told **out, size_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_told) };
	bool lost = false;
	*out = NULL;
	*count = 0;
	if (!store_prepare(reader->store, TOLD_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, duty);
	store_bind_int(stmt, 2, TOLD_MAX);
	bool failed;
	for (struct casebook_told *told; (told = rows_next(&rows, stmt, &failed, err));) {
		told->rung = (int)store_int(stmt, 0);
		told->office = row_text(arena, stmt, 1, &lost);
		told->at = store_int(stmt, 2);
		told->entry = store_int(stmt, 3);
		told->is_vacant = store_int(stmt, 4) != 0;
	}
	if (failed)
		return false;
	*out = rows.at;
	*count = rows.count;
	return !lost || rows_too_long(err);
}

static bool add_counts(struct casebook_reader *reader, const char *sql, struct str office,
                       int64_t *open, int64_t *late, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(reader->store, sql, &stmt, err))
		return false;
	store_bind_str(stmt, 1, office);
	store_bind_int(stmt, 2, casebook_now(reader->book));
	if (store_step(stmt, err) != STORE_ROW)
		return false;
	*open += store_int(stmt, 0);
	*late += store_int(stmt, 1);
	return true;
}

bool casebook_office_counts(struct casebook_reader *reader, struct str office, int64_t *open,
                            int64_t *late, struct err *err)
{
	*open = 0;
	*late = 0;
	return add_counts(reader, COUNT_SQL, office, open, late, err) &&
	       add_counts(reader, COUNT_TOO_SQL, office, open, late, err);
}

struct due_counting {
	const instant *bounds;
	size_t count;
	int64_t *out;
	struct casebook_due_counts *rest;
};

static void count_due(const struct due_counting *counting, instant due, bool is_to_read,
                      instant now)
{
	size_t i = 0;
	if (is_to_read) {
		counting->rest->to_read++;
		counting->rest->to_read_late += due <= now;
		return;
	}
	while (i + 1 < counting->count && due > counting->bounds[i])
		i++;
	counting->out[i]++;
}

static bool add_due(struct casebook_reader *reader, const char *sql, struct str office,
                    const struct due_counting *counting, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	const struct pack_duty *reading = reader_pack(reader)->read_duty;
	instant now = casebook_now(reader->book);
	if (!store_prepare(reader->store, sql, &stmt, err))
		return false;
	store_bind_str(stmt, 1, office);
	store_bind_int(stmt, 2, DUE_COUNTED + 1);
	for (int64_t n = 0;; n++) {
		enum store_step step = store_step(stmt, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (n == DUE_COUNTED) {
			counting->rest->is_cut = true;
			return true;
		}
		count_due(counting, store_int(stmt, 0),
		          reading && str_eq(store_str(stmt, 1), reading->name), now);
	}
}

bool casebook_office_due(struct casebook_reader *reader, struct str office, const instant *bounds,
                         size_t count, int64_t *out, struct casebook_due_counts *rest,
                         struct err *err)
{
	struct due_counting counting = { bounds, count, out, rest };
	*rest = (struct casebook_due_counts){ 0 };
	for (size_t i = 0; i < count; i++)
		out[i] = 0;
	return add_due(reader, DUE_SQL, office, &counting, err) &&
	       add_due(reader, DUE_TOO_SQL, office, &counting, err);
}
