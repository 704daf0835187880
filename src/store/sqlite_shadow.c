/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Shadows on SQLite: tables of the schema temp, which is searched before main. */
#include "store/dialect.h"
#include "store/shadow.h"

#define SCRIPT_MAX ((size_t)64 << 10)

static const char TABLE_SQL[] =
	"SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?1 AND sql IS NOT NULL";
static const char INDEXES_SQL[] =
	"SELECT name, sql FROM main.sqlite_schema WHERE type = 'index' AND tbl_name = ?1"
	" AND sql IS NOT NULL ORDER BY name";
static const char SHAPE_SQL[] =
	"SELECT type, name, tbl_name, sql FROM main.sqlite_schema ORDER BY type, name";

static bool run(struct store *store, struct buf *script, struct err *err)
{
	buf_add_char(script, 0);
	bool done = script->full ? err_set(err, ERR_UNABLE, "There is no memory for the shadows")
	                         : store_run_script(store, script->p, err);
	buf_clear(script);
	return done;
}

static bool is_named(struct str name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(name, str_from_c(names[i])))
			return true;
	}
	return false;
}

/* "CREATE [UNIQUE] INDEX name ON table (…)" with `schema` in front of the name. */
static void add_index(struct buf *script, struct str name, struct str sql, const char *schema)
{
	size_t at = str_find_str(sql, name);
	buf_add(script, str_sub(sql, 0, at));
	buf_add(script, str_from_c(schema));
	buf_add(script, str_sub(sql, at, sql.n));
	buf_add(script, STR(";\n"));
}

/* The words that make each index of a table in `schema`; those `without` names left out. */
static bool add_indexes(struct store *store, struct buf *script, const char *table,
                        const char *schema, const char *const *without, size_t without_count,
                        struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(store, INDEXES_SQL, &rows, err))
		return false;
	store_bind_str(rows, 1, str_from_c(table));
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!is_named(store_str(rows, 0), without, without_count))
			add_index(script, store_str(rows, 0), store_str(rows, 1), schema);
	}
}

static bool add_table(struct store *store, struct buf *script, const char *table, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	if (!store_prepare(store, TABLE_SQL, &row, err))
		return false;
	store_bind_str(row, 1, str_from_c(table));
	enum store_step step = store_step(row, err);
	if (step == STORE_FAILED)
		return false;
	struct str sql = step == STORE_ROW ? store_str(row, 0) : STR_NONE;
	if (!str_starts(sql, STR("CREATE TABLE ")))
		return err_set(err, ERR_INPUT, "The database has no table %s", table);
	buf_add(script, STR("CREATE TEMP TABLE "));
	buf_add(script, str_sub(sql, sizeof "CREATE TABLE " - 1, sql.n));
	buf_add(script, STR(";\n"));
	return true;
}

bool store_shadow(struct store *store, const char *const *tables, size_t count,
                  const char *const *without, size_t without_count, struct err *err)
{
	CLEANUP(buf_finish) struct buf script = { 0 };
	buf_init(&script, SCRIPT_MAX);
	/* The engine would hold them in memory; and a reader is kept from every write otherwise. */
	buf_add(&script,
	        STR("PRAGMA temp_store=FILE; PRAGMA query_only=OFF; PRAGMA temp.cache_size=-49152;"));
	for (size_t i = 0; i < count; i++) {
		if (!add_table(store, &script, tables[i], err) ||
		    !add_indexes(store, &script, tables[i], "temp.", without, without_count, err))
			return false;
	}
	return run(store, &script, err);
}

bool store_unshadow(struct store *store, const char *const *tables, size_t count, struct err *err)
{
	CLEANUP(buf_finish) struct buf script = { 0 };
	buf_init(&script, SCRIPT_MAX);
	for (size_t i = 0; i < count; i++)
		buf_format(&script, "DROP TABLE IF EXISTS temp.%s;\n", tables[i]);
	buf_add(&script, STR("PRAGMA temp_store=MEMORY;"));
	return run(store, &script, err);
}

static bool keep(struct store *store, struct buf *script, const char *table, struct err *err)
{
	CLEANUP(buf_finish) struct buf indexes = { 0 };
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	buf_init(&indexes, SCRIPT_MAX);
	if (!add_indexes(store, &indexes, table, "main.", NULL, 0, err) ||
	    !store_prepare(store, INDEXES_SQL, &rows, err))
		return false;
	store_bind_str(rows, 1, str_from_c(table));
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		buf_format(script, "DROP INDEX main.%.*s;\n", STR_ARG(store_str(rows, 0)));
	}
	store_stmt_finish(&rows);
	buf_format(script, "DELETE FROM main.%s;\nINSERT INTO main.%s SELECT * FROM temp.%s;\n",
	           table, table, table);
	buf_add(script, buf_str(&indexes));
	return run(store, script, err);
}

bool store_shadow_keep(struct store *store, const char *const *tables, size_t count,
                       struct err *err)
{
	CLEANUP(buf_finish) struct buf script = { 0 };
	buf_init(&script, SCRIPT_MAX);
	for (size_t i = 0; i < count; i++) {
		if (!keep(store, &script, tables[i], err))
			return false;
	}
	return true;
}

bool store_shape_number(struct store *store, int64_t *out, struct err *err)
{
	return store_get_int(store, "PRAGMA main.schema_version", out, err);
}

bool store_shape(struct store *store, struct arena *arena, struct str *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	CLEANUP(buf_finish) struct buf text = { 0 };
	buf_init(&text, (size_t)1 << 20);
	if (!store_prepare(store, SHAPE_SQL, &rows, err))
		return false;
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		for (int i = 0; i < 4; i++) {
			buf_add(&text, store_str(rows, i));
			buf_add_char(&text, i < 3 ? ' ' : '\n');
		}
	}
	*out = text.full ? STR_NONE : arena_copy(arena, buf_str(&text));
	return out->p ||
	       err_set(err, ERR_UNABLE, "There is no memory for the shape of the database");
}
