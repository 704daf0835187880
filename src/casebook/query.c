/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Questions about files, what they are linked to, who read them, and how the register is. */
#include "casebook/query.h"

#include "casebook/finder.h"
#include "casebook/fold.h"
#include "casebook/readings.h"
#include "casebook/rows.h"
#include "casebook/world.h"

#define PROOF_ROOM ((size_t)1 << 20)
#define PLAIN_DEPTH 8

#define NUMBER_MAX UINT64_C(999999999999999)
#define LETTER_MAX 8
#define FACTS_DEPTH 4
#define LINKS_MAX 1000
#define BEATS_MISSED 10

/* --- files ---------------------------------------------------------------------------------- */

#define FILE_COLUMNS                                                                                      \
	"SELECT n, id, type, number, state, facts, area, first_entry, last_entry, open_duties, destroyed" \
	" FROM file"
static const char FILE_SQL[] = FILE_COLUMNS " WHERE n = ?1"; /* primary key */
static const char FILE_BY_NUMBER_SQL[] =
	FILE_COLUMNS " WHERE type = ?1 AND number = ?2"; /* file_number */

static bool no_such_file(struct err *err)
{
	return err_set(err, ERR_ABSENT, "There is no such file");
}

static bool fill_file(struct casebook_reader *reader, struct arena *arena, struct store_stmt *found,
                      struct casebook_file *out, struct err *err)
{
	bool lost = false;
	struct str type = store_str(found, 2), facts = row_text(arena, found, 5, &lost);
	*out = (struct casebook_file){
		.n = store_int(found, 0),
		.id = row_text(arena, found, 1, &lost),
		.type = pack_file_type_find(reader_pack(reader), type),
		.state = (int)store_int(found, 4),
		.area = row_text(arena, found, 6, &lost),
		.first_entry = store_int(found, 7),
		.last_entry = store_int(found, 8),
		.open_duties = store_int(found, 9),
		.is_destroyed = !store_is_null(found, 10),
	};
	out->number = number_write(arena, out->type, type, store_int(found, 3));
	if (out->type && out->state >= 0 && (size_t)out->state < out->type->state_count)
		out->state_name = out->type->states[out->state];
	if (lost || !out->number.p)
		return rows_too_long(err);
	return json_read(arena, facts.n ? facts : STR("{}"), FACTS_DEPTH, &out->facts, err);
}

static bool one_file(struct casebook_reader *reader, struct arena *arena, struct store_stmt *stmt,
                     struct casebook_file *out, struct err *err)
{
	enum store_step step = store_step(stmt, err);
	*out = (struct casebook_file){ 0 };
	if (step == STORE_FAILED)
		return false;
	return step == STORE_DONE ? no_such_file(err) : fill_file(reader, arena, stmt, out, err);
}

bool casebook_file_get(struct casebook_reader *reader, struct arena *arena, int64_t n,
                       struct casebook_file *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(reader->store, FILE_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, n);
	return one_file(reader, arena, stmt, out, err);
}

/* "c-418": the type by its letter in any case, and the number. */
static const struct pack_file_type *type_of_number(const struct pack *pack, struct str name,
                                                   uint64_t *number)
{
	char letter[LETTER_MAX];
	size_t n = str_find(name, '-');
	if (n == 0 || n > sizeof letter || n == name.n ||
	    !str_to_u64(str_sub(name, n + 1, name.n), NUMBER_MAX, number))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		char c = name.p[i];
		letter[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	for (size_t i = 0; i < pack->file_type_count; i++) {
		if (str_eq(pack->file_types[i].letter, (struct str){ letter, n }))
			return &pack->file_types[i];
	}
	return NULL;
}

bool casebook_file_find(struct casebook_reader *reader, struct arena *arena, struct str name,
                        struct casebook_file *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	uint64_t number = 0;
	*out = (struct casebook_file){ 0 };
	if (id_is(name)) {
		int64_t n;
		return file_row_by_id(reader->store, NULL, name, &n, err) &&
		       casebook_file_get(reader, arena, n, out, err);
	}
	const struct pack_file_type *type = type_of_number(reader_pack(reader), name, &number);
	if (!type)
		return no_such_file(err);
	if (!store_prepare(reader->store, FILE_BY_NUMBER_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, type->name);
	store_bind_int(stmt, 2, (int64_t)number);
	return one_file(reader, arena, stmt, out, err);
}

static const char CODE_SQL[] = "SELECT file, tag FROM code WHERE n = ?1";

struct code_wanted {
	struct store *store;
	struct str tag;
	int64_t file; /* 0: none found */
};

static bool is_code(void *ctx, int64_t n, bool *yes, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct code_wanted *wanted = ctx;
	*yes = false;
	if (!store_prepare(wanted->store, CODE_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, n);
	enum store_step step = store_step(stmt, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	*yes = str_eq(store_str(stmt, 1), wanted->tag);
	if (*yes)
		wanted->file = store_int(stmt, 0);
	return true;
}

/* The entry that gives the code, as a rule the file's first: the register's own, of none. */
static bool entry_of_code(struct store *store, const struct casebook_file *file, struct str tag,
                          int64_t *entry, struct err *err)
{
	/* By entry_thread(file, idx). */
	static const char GIVEN_SQL[] =
		"SELECT idx, plain FROM entry WHERE file = ?1 AND plain IS NOT NULL ORDER BY idx";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	*entry = file->first_entry;
	if (file->n == 0)
		return true;
	if (!store_prepare(store, GIVEN_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, file->n);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		struct str plain = store_str(rows, 1);
		if (str_find_str(plain, tag) == plain.n)
			continue;
		*entry = store_int(rows, 0);
		return true;
	}
}

/* Whether the log says that the code is the file's: by a row of the view alone anybody's code, who
 * can write the database, would open any file. */
static bool is_code_of(struct casebook_reader *reader, const struct casebook_file *file,
                       struct str tag, bool *is, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(PROOF_ROOM);
	struct log_header header;
	const struct json *fields;
	struct str plain;
	struct err ignored;
	int64_t entry;
	bool is_proved;
	*is = false;
	if (!arena)
		return rows_too_long(err);
	if (!entry_of_code(reader->store, file, tag, &entry, err) ||
	    !reader_proved_entry(reader, arena, entry, &header, &plain, &is_proved, err))
		return false;
	*is = is_proved && str_eq(id_str(&header.file), file->id) &&
	      json_read(arena, plain, PLAIN_DEPTH, &fields, &ignored) &&
	      str_eq(json_text(fields, STR("return")), tag);
	return true;
}

/* A code that is not there costs the same: the register's own file is read and proved. */
bool casebook_file_by_code(struct casebook_reader *reader, struct arena *arena,
                           const struct casebook_code *code, struct casebook_file *out,
                           struct err *err)
{
	uint8_t canonical[VAULT_RETURN_CANONICAL];
	struct vault_return_code typed = { .digits = code->digits };
	memcpy(typed.word, code->word, sizeof typed.word);
	vault_return_canonical(&typed, canonical);
	struct hash tag = vault_return_tag(reader->book->vault, canonical);
	struct str hex = hash_hex(arena, &tag);
	vault_wipe(canonical, sizeof canonical);
	vault_wipe(&typed, sizeof typed);
	*out = (struct casebook_file){ 0 };
	if (!hex.p)
		return rows_too_long(err);
	struct code_wanted wanted = { .store = reader->store, .tag = hex };
	int64_t n;
	bool is_found;
	if (!tags_look(&code_tags, reader->store, finder_of_tag(hex), is_code, &wanted, &n, err) ||
	    !casebook_file_get(reader, arena, wanted.file, out, err) ||
	    !is_code_of(reader, out, hex, &is_found, err))
		return false;
	if (n != 0 && is_found)
		return true;
	*out = (struct casebook_file){ 0 };
	return err_set(err, ERR_ABSENT, "That code does not open anything. Check each word");
}

/* --- links ---------------------------------------------------------------------------------- */

/* By the primary key (a, relation, b) and by link_b(b, relation, a). */
static const char LINKS_SQL[] =
	"SELECT relation, b, entry, removed FROM link WHERE a = ?1"
	" UNION SELECT relation, a, entry, removed FROM link WHERE b = ?1 ORDER BY 3, 2 LIMIT ?2";

bool casebook_links(struct casebook_reader *reader, struct arena *arena, int64_t file,
                    const struct casebook_linked **out, size_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_linked) };
	bool lost = false;
	*out = NULL;
	*count = 0;
	if (!store_prepare(reader->store, LINKS_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, file);
	store_bind_int(stmt, 2, LINKS_MAX);
	bool failed;
	for (struct casebook_linked *linked; (linked = rows_next(&rows, stmt, &failed, err));) {
		linked->relation = row_text(arena, stmt, 0, &lost);
		linked->file = store_int(stmt, 1);
		linked->entry = store_int(stmt, 2);
		linked->removed = store_is_null(stmt, 3) ? -1 : store_int(stmt, 3);
	}
	if (failed)
		return false;
	if (lost)
		return rows_too_long(err);
	*out = rows.at;
	*count = rows.count;
	return true;
}

/* --- readings ------------------------------------------------------------------------------- */

#define READING_COLUMNS                                                                            \
	"SELECT n, minute, account, office, file, highest, purpose, sealed_in FROM reading"
static const char READINGS_OF_FILE_SQL[] = READING_COLUMNS
	" WHERE file = ?1 AND n < ?3 ORDER BY n DESC LIMIT ?2"; /* reading_file(file, n) */
static const char READINGS_OF_ACCOUNT_SQL[] = READING_COLUMNS
	" WHERE account = ?1 AND n < ?3 ORDER BY n DESC LIMIT ?2"; /* reading_account(account, n) */

static bool fill_readings(struct arena *arena, struct store_stmt *stmt, struct rows *rows,
                          struct err *err)
{
	bool lost = false;
	for (;;) {
		enum store_step step = store_step(stmt, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			return !lost || rows_too_long(err);
		struct casebook_reading *reading = rows_add(rows);
		if (!reading)
			return rows_too_long(err);
		reading->n = store_int(stmt, 0);
		reading->minute = store_int(stmt, 1);
		reading->account = row_text(arena, stmt, 2, &lost);
		reading->office = row_text(arena, stmt, 3, &lost);
		reading->file = store_int(stmt, 4);
		reading->highest = store_int(stmt, 5);
		reading->purpose = row_text(arena, stmt, 6, &lost);
		reading->is_sealed = !store_is_null(stmt, 7);
	}
}

bool casebook_readings(struct casebook_reader *reader, struct arena *arena, int64_t file,
                       struct str account, size_t limit, const struct casebook_reading **out,
                       size_t *count, struct err *err)
{
	return casebook_readings_before(reader, arena, file, account, INT64_MAX, limit, out, count,
	                                err);
}

bool casebook_readings_before(struct casebook_reader *reader, struct arena *arena, int64_t file,
                              struct str account, int64_t before, size_t limit,
                              const struct casebook_reading **out, size_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_reading) };
	*out = NULL;
	*count = 0;
	if (!rows_limit_is_good(limit, err) ||
	    !store_prepare(reader->store,
	                   file >= 0 ? READINGS_OF_FILE_SQL : READINGS_OF_ACCOUNT_SQL, &stmt, err))
		return false;
	if (file >= 0)
		store_bind_int(stmt, 1, file);
	else
		store_bind_str(stmt, 1, account);
	store_bind_int(stmt, 2, (int64_t)limit);
	store_bind_int(stmt, 3, before);
	if (!fill_readings(arena, stmt, &rows, err))
		return false;
	*out = rows.at;
	*count = rows.count;
	return true;
}

/* --- health --------------------------------------------------------------------------------- */

static const char ENTRIES_SQL[] = "SELECT COALESCE(MAX(idx), -1) + 1 FROM entry"; /* primary key */
static const char FILES_SQL[] = "SELECT COALESCE(MAX(n), 0) FROM file";           /* primary key */
static const char UNSEALED_SQL[] =
	"SELECT COUNT(*) FROM reading WHERE sealed_in IS NULL"; /* reading_open */
/* By duty_due(due, id), which holds open ones alone. */
static const char OPEN_SQL[] =
	"SELECT COUNT(*), COUNT(CASE WHEN due <= ?1 THEN 1 END) FROM duty WHERE closed IS NULL AND due > ?2"
	" AND id < ?3";
static const char NEWEST_SQL[] =
	"SELECT header FROM entry WHERE idx = (SELECT MAX(idx) FROM entry)";     /* primary key */
static const char STATE_SQL[] = "SELECT value FROM short_state WHERE name = ?1"; /* primary key */

static bool read_newest(struct casebook_reader *reader, instant *newest, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct log_header header;
	if (!store_prepare(reader->store, NEWEST_SQL, &stmt, err))
		return false;
	enum store_step step = store_step(stmt, err);
	if (step == STORE_FAILED)
		return false;
	*newest = 0;
	if (step == STORE_DONE || store_is_null(stmt, 0))
		return true;
	if (!log_header_read(store_blob(stmt, 0), &header, err))
		return false;
	*newest = header.recorded;
	return true;
}

/* An instant among the short-lived state, 0 when it is not there. */
static bool read_state(struct casebook_reader *reader, struct str name, instant *out,
                       struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	uint64_t value = 0;
	*out = 0;
	if (!store_prepare(reader->store, STATE_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, name);
	enum store_step step = store_step(stmt, err);
	if (step == STORE_ROW && str_to_u64(store_str(stmt, 0), INSTANT_MAX, &value))
		*out = (instant)value;
	return step != STORE_FAILED;
}

bool casebook_owed_by_then(struct casebook_reader *reader, int64_t entries, int64_t *open,
                           int64_t *late, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	int64_t before;
	if (__builtin_mul_overflow(entries, FOLD_ORDINAL_BASE, &before))
		before = INT64_MAX;
	if (!store_prepare(reader->store, OPEN_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, casebook_now(reader->book));
	store_bind_int(stmt, 2, INSTANT_MIN);
	store_bind_int(stmt, 3, before);
	if (store_step(stmt, err) != STORE_ROW)
		return false;
	*open = store_int(stmt, 0);
	*late = store_int(stmt, 1);
	return true;
}

/*
 * The clock's last turn. Where it turns in this process the row is not asked,
 * which somebody could write by hand. Where it has not turned yet, the row says
 * how long before the register was opened it last did, and no more.
 */
static bool last_beat(struct casebook_reader *reader, instant *at, instant *since, struct err *err)
{
	struct casebook *book = reader->book;
	pthread_mutex_lock(&book->time_lock);
	*at = *since = book->beat_at;
	pthread_mutex_unlock(&book->time_lock);
	if (*at)
		return true;
	if (!read_state(reader, STR("beat"), at, err))
		return false;
	if (*at > book->opened_at)
		*at = 0;
	*since = *at ? *at : book->opened_at;
	return true;
}

bool casebook_clock_stands(struct casebook_reader *reader, bool *stands, instant *since,
                           struct err *err)
{
	struct casebook *book = reader->book;
	int64_t beat = casebook_limit(book, STR("publish.every")) * INSTANT_PER_SECOND;
	instant at;
	*stands = false;
	if (!last_beat(reader, &at, since, err))
		return false;
	/* A drill's time leaps; what leapt is not late. */
	*stands = !book->is_drill && casebook_now(book) - *since > BEATS_MISSED * beat;
	return true;
}

bool casebook_health(struct casebook_reader *reader, struct casebook_health *out, struct err *err)
{
	struct casebook *book = reader->book;
	struct store *store = reader->store;
	instant since;
	int64_t files = 0;
	*out = (struct casebook_health){ 0 };
	if (!store_get_int(store, ENTRIES_SQL, &out->entries, err) ||
	    !store_get_int(store, FILES_SQL, &files, err) ||
	    !store_get_int(store, UNSEALED_SQL, &out->unsealed_readings, err) ||
	    !casebook_owed_by_then(reader, INT64_MAX, &out->open_duties, &out->late_duties, err) ||
	    !read_newest(reader, &out->newest_entry, err) ||
	    !last_beat(reader, &out->last_beat, &since, err) ||
	    !casebook_clock_stands(reader, &out->clock_is_late, &since, err))
		return false;
	out->last_turn = out->newest_entry;
	out->free_slots = vault_free(book->vault, files);
	out->free_bytes = file_free_bytes(book->dir);
	return true;
}
