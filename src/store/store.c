/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What every engine shares: shorthands, and migrations by number. */
#include "store/store.h"

#include "store/dialect.h"
/* The numbered files of src/store/migrations/, made into a table by the build (tools/embed). */
extern const struct embed_file store_migration_files[];
extern const size_t store_migration_files_n;

static const char MIGRATION_SQL[] =
	"CREATE TABLE IF NOT EXISTS migration (number {I64} NOT NULL PRIMARY KEY, name TEXT NOT NULL) {TAIL}";
static const char NEWEST_SQL[] = "SELECT COALESCE(MAX(number), 0) FROM migration";
static const char RECORD_SQL[] = "INSERT INTO migration (number, name) VALUES (?1, ?2)";

bool store_run(struct store *store, const char *sql, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	return store_prepare(store, sql, &stmt, err) && store_step(stmt, err) != STORE_FAILED;
}

bool store_get_int(struct store *store, const char *sql, int64_t *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, sql, &stmt, err))
		return false;
	enum store_step step = store_step(stmt, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return err_set(err, ERR_ABSENT, "There is no such thing in the register");
	*out = store_int(stmt, 0);
	return true;
}

bool store_do(struct store_stmt *stmt, struct err *err)
{
	enum store_step step = store_step(stmt, err);
	if (step == STORE_FAILED)
		return false;
	base_check(step == STORE_DONE);
	return true;
}

/* Replaces {TOKEN} by the engine's words. */
static bool translate(struct str sql, struct buf *out, struct err *err)
{
	while (sql.n) {
		size_t open = str_find(sql, '{');
		buf_add(out, str_sub(sql, 0, open));
		sql = str_sub(sql, open, sql.n);
		if (!sql.n)
			break;
		size_t close = str_find(sql, '}');
		struct str word = store_dialect(str_sub(sql, 1, close - 1));
		if (close == sql.n || !word.p)
			return err_set(err, ERR_FAULT, "A migration names an unknown token");
		buf_add(out, word);
		sql = str_sub(sql, close + 1, sql.n);
	}
	buf_add_char(out, 0);
	return !out->full || err_set(err, ERR_UNABLE, "There is no memory for the schema");
}

static bool run_translated(struct store *store, struct str sql, struct err *err)
{
	struct buf text;
	buf_init(&text, (size_t)1 << 20);
	bool done = translate(sql, &text, err) && store_run_script(store, text.p, err);
	buf_finish(&text);
	return done;
}

/* "register/0002-casebook.sql": number 2 when the set is "register", else 0. */
static int number_of(const struct embed_file *file, struct str set)
{
	struct str name = str_from_c(file->name);
	uint64_t number = 0;
	if (!str_starts(name, set) || name.n < set.n + 6 || name.p[set.n] != '/')
		return 0;
	struct str digits = str_sub(name, set.n + 1, 4);
	while (digits.n > 1 && digits.p[0] == '0')
		digits = str_sub(digits, 1, digits.n);
	return str_to_u64(digits, 9999, &number) ? (int)number : 0;
}

int store_migration_newest(const char *set)
{
	int newest = 0;
	for (size_t i = 0; i < store_migration_files_n; i++) {
		int number = number_of(&store_migration_files[i], str_from_c(set));
		if (number > newest)
			newest = number;
	}
	return newest;
}

static bool apply(struct store *store, const struct embed_file *file, int number, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *record = NULL;
	if (!run_translated(store, str_from_bytes(file->bytes, file->size), err) ||
	    !store_prepare(store, RECORD_SQL, &record, err))
		return false;
	store_bind_int(record, 1, number);
	store_bind_str(record, 2, str_from_c(file->name));
	return store_do(record, err);
}

static bool apply_missing(struct store *store, const char *set, int64_t have, struct err *err)
{
	for (size_t i = 0; i < store_migration_files_n; i++) { /* in order of name */
		int number = number_of(&store_migration_files[i], str_from_c(set));
		if (number > have && !apply(store, &store_migration_files[i], number, err))
			return false;
	}
	return true;
}

static bool refuse_newer(int64_t have, int newest, struct err *err)
{
	return have <= newest ||
	       err_set(err, ERR_INPUT,
	               "This register was made by a newer Candour (schema %" PRId64
	               ", this program knows %d); use that version. Nothing was changed",
	               have, newest);
}

bool store_schema_check(struct store *store, const char *set, struct err *err)
{
	int64_t have = 0;
	int newest = store_migration_newest(set);
	if (!store_get_int(store, NEWEST_SQL, &have, err) || !refuse_newer(have, newest, err))
		return false;
	return have == newest ||
	       err_set(err, ERR_UNABLE,
	               "This register was made by an older Candour (schema %" PRId64
	               ", this program knows %d); start it once, to bring it up to date",
	               have, newest);
}

bool store_migrate(struct store *store, const char *set, struct err *err)
{
	int64_t have = 0;
	int newest = store_migration_newest(set);
	struct err none_yet = { 0 };
	if (store_get_int(store, NEWEST_SQL, &have, &none_yet) && have == newest)
		return true; /* most often: and nothing is locked for it */
	if (!store_begin(store, err))
		return false;
	bool done = run_translated(store, str_from_c(MIGRATION_SQL), err) &&
	            store_get_int(store, NEWEST_SQL, &have, err) &&
	            refuse_newer(have, newest, err) && apply_missing(store, set, have, err);
	if (done)
		return store_commit(store, err);
	store_abort(store);
	return false;
}
