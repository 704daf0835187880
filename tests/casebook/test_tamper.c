/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Somebody with full rights over register.db and keys.db, and without the keys:
 * every column of every table that is not short-lived is altered, rows are
 * deleted, put in, swapped and brought back from an older copy. Verify names
 * the table each time; a receipt taken before proves each loss of an entry.
 */
#include "casebook/history.h"
#include "log/log.h"
#include "store/dialect.h"
#include "store/store.h"

#define REGISTER "register.db"
#define KEYS     "keys/keys.db"

struct tampering {
	struct fixture *f;
	const char *saved; /* the register as it was */
	const char *older; /* and as it was some acts before */
	size_t ways;       /* done and named */
	size_t wrong;
};

/* --- hands on the files --------------------------------------------------------------------- */

static const char *path_of(struct tampering *t, const char *dir, const char *name)
{
	return file_join(t->f->arena, dir, name);
}

static void restore(struct tampering *t)
{
	static const char *const names[] = { REGISTER, KEYS };
	struct fixture *f = t->f;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_FILE_MAX);
		struct str bytes;
		const char *to = path_of(t, f->dir, names[i]);
		(void)unlink(str_to_c(f->arena, arena_format(f->arena, "%s-wal", to)));
		(void)unlink(str_to_c(f->arena, arena_format(f->arena, "%s-shm", to)));
		MUST(f, file_read(arena, path_of(t, t->saved, names[i]), FIXTURE_FILE_MAX, &bytes, &f->err));
		FILE *out = fopen(to, "wb");
		assert_non_null(out);
		assert_int_equal(fwrite(bytes.p, 1, bytes.n, out), bytes.n);
		assert_int_equal(fclose(out), 0);
	}
}

static struct store *open_file(struct tampering *t, const char *file)
{
	struct store *store = NULL;
	MUST(t->f, store_open(path_of(t, t->f->dir, file), STORE_WRITE, &store, &t->f->err));
	return store;
}

/* False where the database itself does not take it (a key that is there already). */
static bool run(struct tampering *t, const char *file, struct str sql)
{
	CLEANUP(store_cleanup) struct store *store = open_file(t, file);
	struct err err = { 0 };
	assert_non_null(sql.p);
	bool done = store_run_script(store, str_to_c(t->f->arena, sql), &err);
	if (!done && err.code != ERR_FAULT)
		fail_msg("%.*s: %s %s", STR_ARG(sql), err.message, err.context);
	return done;
}

static void must_run(struct tampering *t, const char *file, struct str sql)
{
	if (!run(t, file, sql))
		fail_msg("not done: %.*s", STR_ARG(sql));
}

static int64_t number_of(struct tampering *t, const char *file, struct str sql)
{
	CLEANUP(store_cleanup) struct store *store = open_file(t, file);
	int64_t found = 0;
	MUST(t->f, store_get_int(store, str_to_c(t->f->arena, sql), &found, &t->f->err));
	return found;
}

/* --- what verify says ------------------------------------------------------------------------ */

/* `where` names the table: "entry.plain", "keys.slot" for those of keys.db. */
static bool names(const struct casebook_difference *difference, const char *file, struct str table)
{
	struct str where = difference->where;
	if (strcmp(file, KEYS) == 0)
		return str_starts(where, STR("keys."))
		       && str_find_str(where, table) < where.n;
	return str_starts(where, table) || str_find_str(where, table) < where.n;
}

static void must_name(struct tampering *t, const char *file, struct str table, struct str way)
{
	struct fixture *f = t->f;
	struct casebook_verified found;
	struct err err = { 0 };
	bool done = casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &err);
	if (done && !found.ok && names(&found.difference, file, table)) {
		t->ways++;
		return;
	}
	t->wrong++;
	print_error("%.*s: %s %.*s: %.*s %s\n", STR_ARG(way), !done ? "error" : found.ok ? "NOT SEEN" : "named",
	            STR_ARG(found.difference.where.p ? found.difference.where : STR("-")),
	            STR_ARG(found.difference.what.p ? found.difference.what : STR("-")), done ? "" : err.message);
}

/* One way: `sql` done to a register that was whole, and named. */
static void tamper(struct tampering *t, const char *file, const char *table, const char *sql)
{
	struct str name = str_from_c(table);
	restore(t);
	if (!run(t, file, str_from_c(sql)))
		fail_msg("not done: %s", sql);
	must_name(t, file, name, str_from_c(sql));
}

/* --- every column of every table ------------------------------------------------------------- */

static const char TYPE_SQL[] = "SELECT type FROM pragma_table_info(?1) WHERE name = ?2";

static struct str type_of(struct tampering *t, const char *file, struct str table, struct str column)
{
	CLEANUP(store_cleanup) struct store *store = open_file(t, file);
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	MUST(t->f, store_prepare(store, TYPE_SQL, &row, &t->f->err));
	store_bind_str(row, 1, table);
	store_bind_str(row, 2, column);
	assert_int_equal(store_step(row, &t->f->err), STORE_ROW);
	return arena_copy(t->f->arena, store_str(row, 0));
}

/* Another value of the same type. `far`: one that no other row has. */
static struct str other_value(struct tampering *t, struct str type, struct str column, bool far)
{
	struct arena *arena = t->f->arena;
	if (str_eq(type, STR("INTEGER")))
		return arena_format(arena, "COALESCE(%.*s, 0) + %d", STR_ARG(column), far ? 1000003 : 1);
	if (str_eq(type, STR("TEXT")))
		return arena_format(arena, "COALESCE(%.*s, '') || '%s'", STR_ARG(column), far ? "xyz" : "x");
	return arena_format(arena,
	                    "CASE WHEN length(%.*s) > 0 AND %.*s <> zeroblob(length(%.*s))"
	                    " THEN zeroblob(length(%.*s)) ELSE x'01' END",
	                    STR_ARG(column), STR_ARG(column), STR_ARG(column), STR_ARG(column));
}

/* The rowids of the first, the middle and the last row of the whole register; how many there are. */
static size_t three_rows(struct tampering *t, const char *file, struct str table, int64_t rows[3])
{
	struct arena *arena = t->f->arena;
	restore(t);
	int64_t count = number_of(t, file, arena_format(arena, "SELECT COUNT(*) FROM %.*s", STR_ARG(table)));
	int64_t at[3] = { 0, count / 2, count - 1 };
	size_t n = 0;
	for (int i = 0; i < 3 && count > 0; i++) {
		if (i > 0 && at[i] == at[i - 1])
			continue;
		rows[n++] = number_of(t, file,
		                      arena_format(arena,
		                                   "SELECT rowid FROM %.*s ORDER BY rowid LIMIT 1 OFFSET %" PRId64,
		                                   STR_ARG(table), at[i]));
	}
	return n;
}

static void alter_column(struct tampering *t, const char *file, struct str table, struct str column)
{
	struct arena *arena = t->f->arena;
	struct str type = type_of(t, file, table, column);
	int64_t rows[3];
	size_t count = three_rows(t, file, table, rows);
	for (size_t i = 0; i < count; i++) {
		bool done = false;
		struct str sql = STR_NONE;
		restore(t);
		for (int far = 0; far < 2 && !done; far++) {
			sql = arena_format(arena, "UPDATE %.*s SET %.*s = %.*s WHERE rowid = %" PRId64,
			                   STR_ARG(table), STR_ARG(column),
			                   STR_ARG(other_value(t, type, column, far)), rows[i]);
			done = run(t, file, sql);
		}
		assert_true(done);
		must_name(t, file, table, sql);
	}
}

static void delete_rows(struct tampering *t, const char *file, struct str table)
{
	struct arena *arena = t->f->arena;
	int64_t rows[3];
	size_t count = three_rows(t, file, table, rows);
	for (size_t i = 0; i < count; i++) {
		struct str sql = arena_format(arena, "DELETE FROM %.*s WHERE rowid = %" PRId64, STR_ARG(table), rows[i]);
		restore(t);
		must_run(t, file, sql);
		must_name(t, file, table, sql);
	}
	if (count == 0)
		return;
	restore(t);
	struct str sql = arena_format(arena, "DELETE FROM %.*s", STR_ARG(table));
	must_run(t, file, sql);
	must_name(t, file, table, sql);
}

/* A row like the last, with another key; or any row at all where the table is empty. */
static void insert_row(struct tampering *t, const char *file, struct str table, const struct str *columns,
                       size_t count)
{
	struct arena *arena = t->f->arena;
	struct buf names_list, values;
	int64_t rows[3];
	size_t there = three_rows(t, file, table, rows);
	buf_init(&names_list, 4096);
	buf_init(&values, 16384);
	for (size_t i = 0; i < count; i++) {
		struct str type = type_of(t, file, table, columns[i]);
		bool is_reading_seal = str_eq(columns[i], STR("sealed_in"));
		struct str value = there ? (is_reading_seal ? columns[i] : other_value(t, type, columns[i], true)) :
		                   str_eq(type, STR("INTEGER")) ? STR("1") :
		                   str_eq(type, STR("TEXT"))    ? STR("'x'") :
		                                                  STR("x'01'");
		buf_format(&names_list, "%s%.*s", i ? ", " : "", STR_ARG(columns[i]));
		buf_format(&values, "%s%.*s", i ? ", " : "", STR_ARG(value));
	}
	struct str from = there ? arena_format(arena, " FROM %.*s WHERE rowid = %" PRId64, STR_ARG(table),
	                                       rows[there - 1]) :
	                          STR("");
	struct str sql = arena_format(arena, "INSERT INTO %.*s (%.*s) SELECT %.*s%.*s", STR_ARG(table),
	                              STR_ARG(buf_str(&names_list)), STR_ARG(buf_str(&values)), STR_ARG(from));
	restore(t);
	must_run(t, file, sql);
	must_name(t, file, table, sql);
	buf_finish(&names_list);
	buf_finish(&values);
}

/* All rows of a table as they were some acts before, the rest as it is. */
static void roll_back_table(struct tampering *t, const char *file, struct str table)
{
	struct arena *arena = t->f->arena;
	restore(t);
	struct str sql = arena_format(arena,
	                              "ATTACH '%s' AS older; DELETE FROM main.%.*s; INSERT INTO main.%.*s SELECT *"
	                              " FROM older.%.*s; DETACH older",
	                              path_of(t, t->older, file), STR_ARG(table), STR_ARG(table), STR_ARG(table));
	int64_t before = number_of(t, file, arena_format(arena, "SELECT COUNT(*) FROM %.*s", STR_ARG(table)));
	must_run(t, file, sql);
	int64_t after = number_of(t, file, arena_format(arena, "SELECT COUNT(*) FROM %.*s", STR_ARG(table)));
	if (before == after)
		return; /* nothing came to it meanwhile */
	must_name(t, file, table, sql);
}

static void alter_file(struct tampering *t, const char *file)
{
	struct fixture *f = t->f;
	const struct str *columns;
	size_t count;
	restore(t);
	{
		CLEANUP(store_cleanup) struct store *store = open_file(t, file);
		MUST(f, store_columns(store, f->arena, &columns, &count, &f->err));
	}
	for (size_t from = 0; from < count;) {
		struct str own[32], table = STR_NONE;
		size_t n = 0, at = from;
		for (; at < count; at++) {
			struct str column = columns[at], of;
			assert_true(str_cut(&column, '.', &of));
			if (at > from && !str_eq(of, table))
				break;
			table = of;
			own[n++] = column;
		}
		from = at;
		if (str_starts(table, STR("short_")))
			continue;
		for (size_t i = 0; i < n; i++)
			alter_column(t, file, table, own[i]);
		delete_rows(t, file, table);
		insert_row(t, file, table, own, n);
		roll_back_table(t, file, table);
	}
}

/* --- the register that is tampered with ------------------------------------------------------ */

static void attach_file(struct fixture *f, const struct casebook_actor *actor, struct str concern)
{
	struct casebook_upload *upload = NULL;
	const struct json *value = NULL;
	char *bytes = arena_alloc(f->arena, 150000, 1);
	memcpy(bytes, "%PDF-1.7 ", 9);
	MUST(f, casebook_upload_begin(f->book, STR("draft-1"), &upload, &f->err));
	MUST(f, casebook_upload_add(upload, str_from_bytes(bytes, 150000), &f->err));
	MUST(f, casebook_upload_end(&upload, f->arena, STR("letter.pdf"), &value, &f->err));
	struct json *files = json_array(f->arena);
	struct json *fields = (struct json *)(uintptr_t)fields_of(f, "{'source':'neighbour','words':'A letter.'}");
	json_push(files, (struct json *)(uintptr_t)value);
	json_put(fields, STR("files"), files);
	admitted(f, actor, "concern.added", concern, fields);
}

/* A decision that the same matter is open in another file: a link. */
static void link_files(struct fixture *f, const struct casebook_actor *actor, struct history *h, size_t c,
                       size_t other)
{
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'decision':'none','threshold':'2026','reason-none':'same-matter-already-open','reasons':'One.'}");
	struct json *evidence = json_array(f->arena);
	json_push(evidence, json_integer(f->arena, h->first[c]));
	json_put(fields, STR("evidence"), evidence);
	json_put_text(f->arena, fields, STR("same-as"), file_named(f, h->concerns[other]).id);
	admitted(f, actor, "concern.looked", h->concerns[c],
	         fields_of(f, "{'danger':'none-found','checked':['own-files','police','health','school']}"));
	(void)act(f, actor, "concern.decided", h->concerns[c], fields);
}

static void run_history(struct history *h, struct fixture *f, int steps)
{
	history_run(h, steps);
	for (size_t p = 0; p < 2; p++) {
		if (!h->holds[p])
			history_office(h, p);
	}
	history_receive(h);
	history_receive(h);
	size_t c = h->count - 1;
	attach_file(f, &h->people[0].actor, h->concerns[c]);
	link_files(f, &h->people[0].actor, h, c, c - 1);
	history_read(h, c, &h->people[0]);
	history_read(h, c - 1, &h->people[0]);
	MUST(f, casebook_beat(f->book, &f->err));
	MUST(f, casebook_beat(f->book, &f->err));
	later(f, INSTANT_PER_MINUTE);
	MUST(f, casebook_beat(f->book, &f->err));
}

static int64_t entries_now(struct fixture *f)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_health health;
	MUST(f, casebook_health(reader, &health, &f->err));
	return health.entries;
}

static struct str receipt_of(struct fixture *f, int64_t index)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct str receipt;
	MUST(f, casebook_receipt(reader, f->arena, index, &receipt, &f->err));
	return receipt;
}

static const char *copy_of(struct fixture *f, const char *name)
{
	const char *to = str_to_c(f->arena, arena_format(f->arena, "%s-%s", f->dir, name));
	fixture_copy_folder(f, f->dir, to);
	return to;
}

#define RECEIPTS_MAX 64

struct receipts {
	struct str texts[RECEIPTS_MAX];
	int64_t indexes[RECEIPTS_MAX];
	size_t count;
	struct str vkey;
};

static void set_up(struct tampering *t, struct fixture *f, struct receipts *receipts)
{
	struct history h;
	*t = (struct tampering){ .f = f };
	history_begin(&h, f, 3);
	run_history(&h, f, 60);
	casebook_close(f->book);
	t->older = copy_of(f, "older");
	MUST(f, casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	int64_t first = entries_now(f);
	run_history(&h, f, 60);
	int64_t last = entries_now(f);
	receipts->vkey = arena_copy(f->arena, casebook_vkey(f->book));
	for (int64_t i = first; i < last && receipts->count < RECEIPTS_MAX; i++) {
		receipts->indexes[receipts->count] = i;
		receipts->texts[receipts->count++] = receipt_of(f, i);
	}
	casebook_close(f->book);
	f->book = NULL;
	t->saved = copy_of(f, "saved");
}

static void tear_down(struct tampering *t)
{
	fixture_remove_folder(t->f->arena, t->saved);
	fixture_remove_folder(t->f->arena, t->older);
}

/* --- receipts -------------------------------------------------------------------------------- */

/*
 * Whether a receipt, checked with nothing but the log's public key, proves that the register lost or
 * changed its entry: it verifies, and the register has no such tree any more.
 */
static bool proves_a_loss(struct tampering *t, const struct receipts *receipts, size_t i)
{
	struct fixture *f = t->f;
	CLEANUP(store_cleanup) struct store *store = NULL;
	CLEANUP(log_reader_cleanup) struct log_reader *reader = NULL;
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	const struct log_policy *policy;
	struct log_receipt_found found;
	struct hash root;
	int64_t size;
	MUST(f, log_policy_of_key(f->arena, receipts->vkey, &policy, &f->err));
	MUST(f, log_receipt_check(hasher, f->arena, receipts->texts[i], policy, NULL, &found, &f->err));
	assert_int_equal(found.result, LOG_RECEIPT_SIGNED);
	assert_int_equal(found.header.index, receipts->indexes[i]);
	MUST(f, store_open(path_of(t, f->dir, REGISTER), STORE_READ, &store, &f->err));
	MUST(f, log_reader_create(store, &reader, &f->err));
	MUST(f, log_reader_size(reader, &size, &f->err));
	if (size < found.checkpoint.size)
		return true;
	return !log_reader_root(reader, found.checkpoint.size, &root, &f->err) ||
	       !hash_eq(&root, &found.checkpoint.root);
}

static void roll_back_files(struct tampering *t, const struct receipts *receipts)
{
	const char *saved = t->saved;
	struct casebook_verified found;
	struct fixture *f = t->f;
	/* Both files as they were: whole in themselves; what lies beside the keys tells, and so does a receipt. */
	t->saved = t->older;
	restore(t);
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_false(found.ok);
	assert_true(str_eq(found.difference.where, STR("signed.size")));
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_LOG, f->arena, NULL, NULL, &found, &f->err));
	assert_false(found.ok);
	assert_false(casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	assert_non_null(strstr(f->err.message, "set back"));
	for (size_t i = 0; i < receipts->count; i++)
		assert_true(proves_a_loss(t, receipts, i));
	assert_true(receipts->count > 20);
	t->ways += 1;
	/* The whole register speaks for itself. */
	t->saved = saved;
	restore(t);
	for (size_t i = 0; i < receipts->count; i++)
		assert_false(proves_a_loss(t, receipts, i));
	/* Tiles made anew over a log without the entry: the receipt still holds against them. */
	must_run(t, REGISTER, STR("DELETE FROM tile"));
	for (size_t i = 0; i < receipts->count; i++)
		assert_true(proves_a_loss(t, receipts, i));
}

/* --- by hand --------------------------------------------------------------------------------- */

static void by_hand(struct tampering *t)
{
	static const struct {
		const char *file;
		const char *table;
		const char *sql;
	} WAYS[] = {
		{ REGISTER, "entry", "UPDATE entry SET idx = -1 WHERE idx = 50; UPDATE entry SET idx = 50 WHERE idx = 51;"
		                     "UPDATE entry SET idx = 51 WHERE idx = -1" },
		{ REGISTER, "entry", "UPDATE entry SET plain = (SELECT plain FROM entry WHERE idx = 60) WHERE idx = 61" },
		{ REGISTER, "entry", "UPDATE entry SET (header, nonce, plain, sealed, commitment) = (SELECT header, nonce,"
		                     " plain, sealed, commitment FROM entry WHERE idx = 60) WHERE idx = 61" },
		{ REGISTER, "entry", "UPDATE entry SET sealed = NULL WHERE idx = (SELECT MAX(idx) FROM entry WHERE sealed"
		                     " IS NOT NULL)" },
		{ REGISTER, "entry", "UPDATE entry SET sealed = (SELECT e.sealed FROM entry AS e WHERE e.sealed IS NOT NULL"
		                     " AND e.idx < entry.idx ORDER BY e.idx DESC LIMIT 1) WHERE idx = (SELECT MAX(idx)"
		                     " FROM entry WHERE sealed IS NOT NULL)" },
		{ REGISTER, "entry", "UPDATE entry SET header = NULL, nonce = NULL, plain = NULL, sealed = NULL WHERE"
		                     " idx = 70" },
		{ REGISTER, "entry", "UPDATE entry SET file = (SELECT MAX(file) + 1 FROM entry) WHERE idx = (SELECT"
		                     " MAX(idx) FROM entry)" },
		{ REGISTER, "entry", "UPDATE entry SET header = CAST(replace(CAST(header AS TEXT), 'by register', 'by -')"
		                     " AS BLOB) WHERE idx = 40" },
		{ REGISTER, "entry", "DELETE FROM entry WHERE idx > (SELECT MAX(idx) - 5 FROM entry)" },
		{ REGISTER, "signed", "UPDATE signed SET sig = NULL WHERE size = (SELECT MAX(size) FROM signed)" },
		{ REGISTER, "signed", "UPDATE signed SET root = (SELECT s.root FROM signed AS s WHERE s.size < signed.size"
		                      " ORDER BY s.size DESC LIMIT 1) WHERE size = (SELECT MAX(size) FROM signed)" },
		{ REGISTER, "signed", "UPDATE signed SET sig = (SELECT s.sig FROM signed AS s WHERE s.size < signed.size"
		                      " ORDER BY s.size DESC LIMIT 1) WHERE size = (SELECT MAX(size) FROM signed)" },
		{ REGISTER, "published", "UPDATE published SET note = (SELECT MIN(p.note) FROM published AS p WHERE p.size"
		                         " <> published.size)" },
		{ REGISTER, "tile", "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 0" },
		{ REGISTER, "tile", "UPDATE tile SET hashes = substr(hashes, 33, 32) || substr(hashes, 1, 32)"
		                    " || substr(hashes, 65) WHERE 0; UPDATE tile SET width = width - 1,"
		                    " hashes = substr(hashes, 1, length(hashes) - 32) WHERE level = 0" },
		{ REGISTER, "tile", "INSERT INTO tile VALUES (3, 0, 1, zeroblob(32))" },
		{ REGISTER, "duty", "UPDATE duty SET due = due + 86400000000" },
		{ REGISTER, "duty", "UPDATE duty SET closed = opened, closed_at = started, closed_how = 'settled',"
		                    " next_at = NULL WHERE closed IS NULL" },
		{ REGISTER, "duty", "UPDATE duty SET id = -1 WHERE id = (SELECT MIN(id) FROM duty);"
		                    "UPDATE duty SET id = (SELECT MAX(id) + 1 FROM duty) WHERE id = -1" },
		{ REGISTER, "duty", "UPDATE duty SET office = 'register-administrator' WHERE office = 'screener'" },
		{ REGISTER, "duty", "UPDATE duty SET next_at = NULL" },
		{ REGISTER, "file", "UPDATE file SET state = state + 1 WHERE type = 'concern'" },
		{ REGISTER, "file", "UPDATE file SET number = -number; UPDATE file SET number = 1 - number WHERE"
		                    " type = 'concern'" },
		{ REGISTER, "holding", "UPDATE holding SET account = (SELECT MAX(account) FROM holding)" },
		{ REGISTER, "holding", "UPDATE holding SET until = NULL" },
		{ REGISTER, "holding", "INSERT INTO holding SELECT 'dcs', account, since, NULL FROM holding LIMIT 1" },
		{ REGISTER, "office", "UPDATE office SET role = 'dcs' WHERE id = 'screener'" },
		{ REGISTER, "account", "UPDATE account SET ended = NULL, newest = entry + 1" },
		{ REGISTER, "climb", "DELETE FROM climb WHERE rung = 1" },
		{ REGISTER, "code", "UPDATE code SET file = (SELECT MAX(file) FROM code)" },
		{ REGISTER, "broken", "UPDATE broken SET until_at = until_at + 1" },
		{ REGISTER, "reading", "DELETE FROM reading WHERE n = (SELECT MAX(n) FROM reading)" },
		{ REGISTER, "reading", "UPDATE reading SET sealed_in = NULL WHERE n = 1" },
		{ REGISTER, "reading", "UPDATE reading SET n = -n; UPDATE reading SET n = n + 1 + (SELECT COUNT(*) FROM"
		                       " reading)" },
		{ REGISTER, "credential", "UPDATE credential SET bytes = (SELECT c.bytes FROM credential AS c WHERE"
		                          " c.sort = credential.sort ORDER BY c.account LIMIT 1)" },
		{ REGISTER, "credential", "INSERT INTO credential SELECT account, 'other', bytes FROM credential LIMIT 1" },
		{ REGISTER, "object", "UPDATE object SET entry = 0, draft = NULL" },
		{ REGISTER, "object", "UPDATE object SET entry = NULL, draft = 'gone'" },
		{ REGISTER, "piece", "UPDATE piece SET n = n + 10; UPDATE piece SET n = 12 - n" },
		{ REGISTER, "piece", "DELETE FROM piece WHERE n = (SELECT MAX(n) FROM piece)" },
		{ REGISTER, "piece", "INSERT INTO piece SELECT 'stray', n, bytes FROM piece LIMIT 1" },
		{ REGISTER, "pack", "UPDATE pack SET text = CAST(replace(CAST(text AS TEXT), 'hours', 'weeks') AS BLOB)" },
		{ REGISTER, "setting", "UPDATE setting SET value = 'no' WHERE name = 'drill'" },
		{ REGISTER, "register.shape", "DROP INDEX duty_next" },
		{ REGISTER, "register.shape", "CREATE TRIGGER late AFTER INSERT ON duty BEGIN UPDATE duty SET due = due + 1"
		                              " WHERE id = new.id; END" },
		{ REGISTER, "register.shape", "CREATE TRIGGER sqliteastat BEFORE INSERT ON entry BEGIN SELECT"
		                              " raise(ignore); END" },
		{ REGISTER, "register.shape", "CREATE VIEW notes AS SELECT 1" },
		{ REGISTER, "register.shape", "ANALYZE duty" },
		{ REGISTER, "register.shape", "CREATE TABLE notes (n INTEGER)" },
		{ REGISTER, "register.shape", "DROP TABLE corrected" },
		{ KEYS, "slot", "UPDATE slot SET wrapped = x'' WHERE n = 40" },
		{ KEYS, "slot", "DELETE FROM slot WHERE n = 40" },
		{ KEYS, "slot", "DELETE FROM slot WHERE n >= 40" },
		{ KEYS, "slot", "UPDATE slot SET n = -1 WHERE n = 40; UPDATE slot SET n = 40 WHERE n = 41;"
		                "UPDATE slot SET n = 41 WHERE n = -1" },
		{ KEYS, "slot", "UPDATE slot SET wrapped = (SELECT s.wrapped FROM slot AS s WHERE s.n = 41) WHERE n = 40" },
		{ KEYS, "kept", "UPDATE kept SET value = zeroblob(length(value))" },
		{ KEYS, "shape", "CREATE TABLE notes (n INTEGER)" },
	};
	for (size_t i = 0; i < COUNT_OF(WAYS); i++)
		tamper(t, WAYS[i].file, WAYS[i].table, WAYS[i].sql);
}

/* Bytes in the middle of the file, behind the database's back. Damaged pages come before an entry altered too. */
static void spoil_pages(struct tampering *t)
{
	for (int i = 1; i < 8; i++) {
		restore(t);
		if (i % 2)
			must_run(t, REGISTER, STR("UPDATE entry SET nonce = zeroblob(16) WHERE idx = 0"));
		FILE *file = fopen(path_of(t, t->f->dir, REGISTER), "r+b");
		assert_non_null(file);
		assert_int_equal(fseek(file, 0, SEEK_END), 0);
		long size = ftell(file);
		assert_int_equal(fseek(file, size / 4096 * i / 8 * 4096, SEEK_SET), 0);
		assert_int_equal(fwrite("\x01\x02\x03\x04\x05\x06\x07\x08", 1, 8, file), 8);
		assert_int_equal(fclose(file), 0);
		must_name(t, REGISTER, STR("register.pages"), STR("a page overwritten"));
	}
}

static void whatever_is_altered_is_named(void **state)
{
	struct fixture *f = *state;
	struct tampering t;
	struct receipts receipts = { .count = 0 };
	set_up(&t, f, &receipts);
	by_hand(&t);
	size_t hand = t.ways;
	spoil_pages(&t);
	roll_back_files(&t, &receipts);
	alter_file(&t, REGISTER);
	alter_file(&t, KEYS);
	print_message("           %zu ways, %zu of them by hand; %zu receipts\n", t.ways, hand, receipts.count);
	tear_down(&t);
	assert_int_equal(t.wrong, 0);
	assert_true(hand >= 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = { PROVES(whatever_is_altered_is_named) };
	return PROVE(tests);
}
