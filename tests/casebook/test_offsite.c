/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The full off-site copy: what is withheld or altered is found, what was cut short goes on, a
 * register is made of it again, and nobody without the master key reads any of it.
 */
#include "casebook/disposal.h"
#include "casebook/keys.h"

#define TOKEN STR("a token of the test")
#define SMALL ((size_t)6000) /* bytes of a parcel: so that there are many */

/* The way to a keeper in the same program, which may be cut. */
struct way {
	struct fixture *f;
	struct log_keeper *keeper;
	int64_t sent;
	int64_t cut_at;     /* the parcel that does not arrive, or whose answer does not; -1: none */
	bool cuts_answer;
};

static bool go(void *ctx, const struct str *body, struct arena *arena, int *status, struct str *answer,
               struct err *err)
{
	struct way *way = ctx;
	struct log_keeper_answer got;
	if (body && way->sent++ == way->cut_at) {
		if (way->cuts_answer)
			MUST(way->f, log_keeper_take(way->keeper, arena, *body, FIXTURE_START, &got, err));
		return err_set(err, ERR_UNABLE, "cut");
	}
	if (!(body ? log_keeper_take(way->keeper, arena, *body, FIXTURE_START, &got, err)
	           : log_keeper_tell(way->keeper, arena, &got, err)))
		return false;
	*status = got.status;
	*answer = got.body;
	return true;
}

static void make_keeper(struct fixture *f, const char *dir, struct str vkey)
{
	MUST(f, log_keeper_make(dir, TOKEN, &f->err));
	MUST(f, log_keeper_add_key(dir, vkey, &f->err));
}

/* A keeper beside the register, whose key it is told. */
static const char *keeper_of(struct fixture *f)
{
	const char *dir = path_of(f, "kept");
	make_keeper(f, dir, casebook_vkey(f->book));
	return dir;
}

static bool send_by(struct fixture *f, struct way *way, const char *keeper, size_t parcel, struct casebook_offsite_sent *sent)
{
	struct casebook_offsite how = { .way = go, .way_ctx = way, .parcel_bytes = parcel, .carried = STR("keys") };
	way->f = f;
	MUST(f, log_keeper_open(keeper, &way->keeper, &f->err));
	f->err = (struct err){ 0 };
	bool done = casebook_offsite_send(f->dir, &how, f->arena, sent, &f->err);
	log_keeper_close(way->keeper);
	return done;
}

static struct casebook_offsite_sent must_send(struct fixture *f, const char *keeper)
{
	struct way way = { .cut_at = -1 };
	struct casebook_offsite_sent sent = { 0 };
	MUST(f, send_by(f, &way, keeper, SMALL, &sent));
	return sent;
}

static struct log_kept checked(struct fixture *f, const char *keeper, instant now, int64_t silent)
{
	CLEANUP(log_keeper_cleanup) struct log_keeper *open = NULL;
	struct log_kept kept;
	MUST(f, log_keeper_open(keeper, &open, &f->err));
	MUST(f, log_keeper_check(open, f->arena, now, silent, &kept, &f->err));
	return kept;
}

static void must_be(struct fixture *f, const char *keeper, const char *word)
{
	struct log_kept kept = checked(f, keeper, FIXTURE_START, 0);
	struct str is = log_keeper_alarm_word(kept.alarm);
	if (!str_eq(is, str_from_c(word)))
		fail_msg("%.*s, not %s: %.*s", STR_ARG(is), word, STR_ARG(kept.words));
}

static void by_hand_in(struct fixture *f, const char *path, const char *sql)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	MUST(f, store_open(path, STORE_WRITE, &store, &f->err));
	if (sql && !store_run(store, sql, &f->err))
		fail_msg("%s: %s", sql, f->err.context);
}

/* --- restoring ------------------------------------------------------------------------------ */

/* The keys that a restore by the command line brings: all but the log's. */
static void bring_keys(struct fixture *f, const char *keeper, const char *to)
{
	static const char *const OWN[] = { "keys/master.key", "keys/promise.key", "keys/return.key" };
	struct str bytes;
	MUST(f, file_make_folder(to, 0700, &f->err));
	MUST(f, file_make_folder(file_join(f->arena, to, "keys"), 0700, &f->err));
	for (size_t i = 0; i < COUNT_OF(OWN); i++)
		MUST(f, file_write(file_join(f->arena, to, OWN[i]), 0600, bytes_of(f, OWN[i]), &f->err));
	by_hand_in(f, file_join(f->arena, keeper, "keys/keys.db"), NULL); /* its write-ahead log */
	MUST(f, file_read(f->arena, file_join(f->arena, keeper, "keys/keys.db"), FIXTURE_FILE_MAX, &bytes, &f->err));
	MUST(f, file_write(file_join(f->arena, to, "keys/keys.db"), 0600, bytes, &f->err));
}

static const char *must_restore(struct fixture *f, const char *keeper)
{
	const char *to = path_of(f, "again");
	bring_keys(f, keeper, to);
	MUST(f, casebook_offsite_restore(keeper, to, NULL, NULL, f->arena, &f->err));
	return to;
}

static struct casebook_verified verified_in(struct fixture *f, const char *dir)
{
	struct casebook_verified found;
	MUST(f, casebook_verify(dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	if (!found.ok)
		fail_msg("%.*s: %.*s", STR_ARG(found.difference.where), STR_ARG(found.difference.what));
	return found;
}

/* Rows of a statement as one text; `size` is its one parameter, -1: it has none. */
static struct str rows_up_to(struct fixture *f, const char *path, const char *sql, int columns, int64_t size)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	CLEANUP(buf_finish) struct buf out = { 0 };
	buf_init(&out, FIXTURE_FILE_MAX);
	MUST(f, store_open(path, STORE_READ, &store, &f->err));
	MUST(f, store_prepare(store, sql, &rows, &f->err));
	if (size >= 0)
		store_bind_int(rows, 1, size);
	while (store_step(rows, &f->err) == STORE_ROW) {
		for (int i = 0; i < columns; i++) {
			buf_add(&out, store_is_null(rows, i) ? STR("(null)") : store_blob(rows, i));
			buf_add_char(&out, '|');
		}
		buf_add_char(&out, '\n');
	}
	assert_false(out.full);
	return arena_copy(f->arena, buf_str(&out));
}

static struct str rows_of(struct fixture *f, const char *path, const char *sql, int columns)
{
	return rows_up_to(f, path, sql, columns, -1);
}

/* What was truth there is truth here: entries, checkpoints, packs, readings, files, accounts. */
static void must_hold_the_same(struct fixture *f, const char *dir, int64_t size)
{
	static const struct {
		const char *sql;
		int columns;
	} TRUTH[] = {
		{ "SELECT idx, size, file, kind, header, nonce, plain, sealed, commitment FROM entry WHERE idx < ?1 ORDER BY idx", 9 },
		{ "SELECT size, root, sig, keyid FROM signed WHERE size <= ?1 ORDER BY size", 4 },
		{ "SELECT size, note FROM published WHERE size <= ?1 ORDER BY size", 2 },
		{ "SELECT n, account, office, session, file, highest, minute, purpose, sealed_in FROM reading WHERE sealed_in < ?1 ORDER BY n", 9 },
		{ "SELECT n, entry, hash, text FROM pack WHERE entry < ?1 ORDER BY n", 4 },
		{ "SELECT id, entry, size, digest, made FROM object WHERE entry < ?1 ORDER BY id", 5 },
		{ "SELECT p.object, p.n, p.bytes FROM piece AS p JOIN object AS o ON o.id = p.object WHERE o.entry < ?1 ORDER BY p.object, p.n", 3 },
		{ "SELECT account, sort, bytes FROM credential WHERE 0 <= ?1 ORDER BY account, sort", 3 },
		{ "SELECT name, value FROM setting WHERE 0 <= ?1 ORDER BY name", 2 },
	};
	for (size_t i = 0; i < COUNT_OF(TRUTH); i++) {
		const char *sql = TRUTH[i].sql, *restored = file_join(f->arena, dir, "register.db");
		struct str here = rows_up_to(f, path_of(f, "register.db"), sql, TRUTH[i].columns, size),
			   there = rows_up_to(f, restored, sql, TRUTH[i].columns, size);
		if (!str_eq(here, there))
			fail_msg("differs: %s", sql);
		if (i < 2 || i == 3 || i == 5)
			assert_true(here.n > 0);
	}
}

/* A concern with a file, a reading of it sealed in an entry, and a checkpoint published. */
static struct casebook_answer a_full_register(struct fixture *f, struct person *screener)
{
	CLEANUP(casebook_upload_drop) struct casebook_upload *up = NULL;
	const struct json *value = NULL;
	char *bytes = arena_alloc(f->arena, 200000, 1);
	memset(bytes, 'x', 200000);
	*screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	MUST(f, casebook_upload_begin(f->book, STR("draft-1"), &up, &f->err));
	MUST(f, casebook_upload_add(up, STR("%PDF-1.7\n"), &f->err));
	MUST(f, casebook_upload_add(up, (struct str){ bytes, 200000 }, &f->err));
	MUST(f, casebook_upload_end(&up, f->arena, STR("door.pdf"), &value, &f->err));
	struct json *files = json_array(f->arena);
	const struct json *given =
		fields_of(f, "{'danger-now':'no','source':'neighbour','happening':'See the door.','harm':['not-yet-known'],"
	                    "'harm-sign':'unknown','channel':'web'}");
	struct json *fields = (struct json *)(uintptr_t)given;
	json_push(files, (struct json *)(uintptr_t)value);
	json_put(fields, STR("files"), files);
	admitted(f, &BY_PUBLIC, "concern.received", STR_NONE, fields);
	assert_int_equal(seal_of(f, screener, concern.index), CASEBOOK_SEAL_OPEN);
	MUST(f, casebook_beat(f->book, &f->err));
	return concern;
}

static void a_register_is_made_of_the_copy_under_a_new_key(void **state)
{
	struct fixture *f = *state;
	struct person screener;
	struct casebook_answer concern = a_full_register(f, &screener);
	const char *keeper = keeper_of(f);
	struct str before = vkey_now(f), receipt = receipt_of(f, concern.index);
	close_register(f);
	struct casebook_offsite_sent sent = must_send(f, keeper);
	must_be(f, keeper, "fine");
	const char *again = must_restore(f, keeper);
	assert_int_equal(verified_in(f, again).entries, sent.size + 1); /* the entry of the new key */
	must_hold_the_same(f, again, sent.size);
	CLEANUP(casebook_cleanup) struct casebook *book = NULL;
	MUST(f, casebook_open(again, CASEBOOK_WRITE, &book, &f->err));
	assert_false(str_eq(casebook_vkey(book), before));
	const struct casebook_key *keys;
	size_t count;
	MUST(f, casebook_keys(book, f->arena, &keys, &count, &f->err));
	assert_int_equal(count, 2);
	assert_true(str_eq(keys[0].vkey, before));
	assert_int_equal(keys[0].to, sent.size);
	f->book = book;
	assert_int_equal(seal_of(f, &screener, concern.index), CASEBOOK_SEAL_OPEN);
	assert_true(holds(f, receipt, before));
	assert_true(holds(f, receipt_of(f, concern.index), before)); /* its tree is the old key's for ever */
	assert_true(holds(f, receipt_of(f, report(f, "And it goes on.").index), vkey_now(f)));
	f->book = NULL;
}

/* What the entry of the new key says is the tree that the old one signed last. */
static void the_last_tree_of_the_old_key_is_recorded(void **state)
{
	struct fixture *f = *state;
	report(f, "He is alone at night.");
	const char *keeper = keeper_of(f);
	close_register(f);
	must_send(f, keeper);
	const char *again = must_restore(f, keeper);
	struct str newest = rows_of(f, path_of(f, "register.db"),
	                            "SELECT size, lower(hex(root)) FROM signed ORDER BY size DESC LIMIT 1", 2);
	struct str said = rows_of(f, file_join(f->arena, again, "register.db"),
	                          "SELECT json_extract(plain, '$.size'), json_extract(plain, '$.root') FROM entry"
	                          " WHERE kind = 'log.key-changed'", 2);
	assert_true(newest.n > 64);
	assert_true(str_eq(newest, said));
}

/* --- going on ------------------------------------------------------------------------------- */

static struct str copy_of(struct fixture *f, const char *keeper)
{
	static const struct {
		const char *sql;
		int columns;
	} HELD[] = {
		{ "SELECT idx, size, file, header, opener, sealed, length(dark) FROM entry ORDER BY idx", 7 },
		{ "SELECT n, id, first FROM file ORDER BY n", 3 },
		{ "SELECT file, sort, entry FROM mark ORDER BY file, sort, entry", 3 },
		{ "SELECT size, root, sig, keyid FROM signed ORDER BY size", 4 },
		{ "SELECT size, note FROM published ORDER BY size", 2 },
		{ "SELECT id, entry, size, digest FROM object ORDER BY id", 4 },
		{ "SELECT object, n, bytes FROM piece ORDER BY object, n", 3 },
		{ "SELECT part, n, entry, length(bytes) FROM dark ORDER BY part, n", 4 },
		{ "SELECT name, value FROM state ORDER BY name", 2 },
	};
	const char *database = file_join(f->arena, keeper, "copy.db");
	struct str all = rows_of(f, file_join(f->arena, keeper, "keys/keys.db"), "SELECT n, wrapped FROM slot ORDER BY n", 2);
	for (size_t i = 0; i < COUNT_OF(HELD); i++) {
		struct str pieces[2] = { all, rows_of(f, database, HELD[i].sql, HELD[i].columns) };
		all = arena_join(f->arena, pieces, 2);
	}
	return all;
}

/* Each parcel in turn does not arrive, or its answer does not; the next stream goes on. */
static void a_stream_that_is_cut_short_anywhere_goes_on_to_the_same_copy(void **state)
{
	struct fixture *f = *state;
	struct person screener;
	struct casebook_offsite_sent sent;
	a_full_register(f, &screener);
	const char *whole = keeper_of(f), *cut = path_of(f, "cut");
	make_keeper(f, cut, casebook_vkey(f->book));
	close_register(f);
	must_send(f, whole);
	int64_t cuts = 0;
	for (;; cuts++) {
		struct way way = { .cut_at = 1 + cuts % 3, .cuts_answer = cuts % 2 };
		if (send_by(f, &way, cut, SMALL, &sent))
			break;
		assert_string_equal(f->err.message, "cut");
		assert_true(cuts < 1000);
	}
	assert_true(cuts > 20);
	must_be(f, cut, "fine");
	assert_true(str_eq(copy_of(f, whole), copy_of(f, cut)));
}

static void only_what_is_new_is_sent_again(void **state)
{
	struct fixture *f = *state;
	const char *keeper = keeper_of(f);
	struct way first = { .cut_at = -1 }, second = { .cut_at = -1 };
	struct casebook_offsite_sent sent;
	MUST(f, send_by(f, &first, keeper, SMALL, &sent));
	report(f, "He is alone at night.");
	MUST(f, send_by(f, &second, keeper, SMALL, &sent));
	assert_true(sent.before > 0);
	assert_true(first.sent > 20);
	assert_true(second.sent < first.sent / 4);
	must_be(f, keeper, "fine");
}

/* What came, and was never held against a checkpoint, is no part of what is restored. */
static void a_copy_that_was_cut_short_is_restored_as_it_was_when_it_was_whole(void **state)
{
	struct fixture *f = *state;
	const char *keeper = keeper_of(f);
	struct casebook_offsite_sent sent;
	int64_t size = must_send(f, keeper).size;
	for (int i = 0; i < 30; i++)
		report(f, "He is alone at night.");
	close_register(f);
	struct way way = { .cut_at = 3 };
	assert_false(send_by(f, &way, keeper, SMALL, &sent));
	const char *again = must_restore(f, keeper);
	assert_int_equal(verified_in(f, again).entries, size + 1);
}

/* --- alarms --------------------------------------------------------------------------------- */

/* The stream is refused, the alarm stands, and the sender is told its name. */
static void must_alarm(struct fixture *f, const char *keeper, const char *word)
{
	struct way way = { .cut_at = -1 };
	struct casebook_offsite_sent sent;
	if (send_by(f, &way, keeper, SMALL, &sent))
		fail_msg("no alarm: %s", word);
	if (f->err.code != ERR_REFUSED || !strstr(f->err.message, word))
		fail_msg("not %s: %s", word, f->err.message);
	must_be(f, keeper, word);
	f->err = (struct err){ 0 };
}

static void each_alarm_is_told_by_its_own_tampering(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *file;
		const char *sql;
		const char *word;
	} WAYS[] = {
		{ "register.db", "UPDATE entry SET sealed = zeroblob(length(sealed)) WHERE idx = (SELECT MAX(idx) FROM entry WHERE sealed IS NOT NULL)", "altered" },
		{ "register.db", "UPDATE entry SET header = CAST(replace(header, 'kind office', 'kind offica') AS BLOB) WHERE idx = 20", "altered" },
		{ "register.db", "UPDATE entry SET nonce = zeroblob(32) WHERE idx = 20", "altered" },
		{ "register.db", "UPDATE entry SET file = 1 WHERE idx = (SELECT MAX(idx) FROM entry WHERE sealed IS NOT NULL)", "altered" },
		{ "register.db", "UPDATE signed SET root = zeroblob(32) WHERE size = (SELECT MIN(size) FROM signed WHERE size > 3)", "altered" },
		{ "register.db", "UPDATE published SET note = replace(note, '=', 'A') WHERE size = (SELECT MAX(size) FROM published)", NULL },
		{ "register.db", "UPDATE entry SET sealed = NULL WHERE idx = (SELECT MAX(idx) FROM entry WHERE sealed IS NOT NULL)", "withheld" },
		{ "register.db", "DELETE FROM entry WHERE idx = 30", "withheld" },
		{ "register.db", "DELETE FROM piece WHERE n = 1", "withheld" },
		{ "register.db", "DELETE FROM piece WHERE n = (SELECT MAX(n) FROM piece)", "withheld" },
		{ "register.db", "UPDATE piece SET bytes = zeroblob(length(bytes)) WHERE n = 0", "altered" },
		{ "register.db", "DELETE FROM pack", "withheld" },
		{ "keys/keys.db", "DELETE FROM slot WHERE n = 5", "keys" },
		{ "keys/keys.db", "DELETE FROM slot WHERE n > 5", "keys" },
		{ "keys/keys.db", "UPDATE slot SET wrapped = x'' WHERE n = 5", "keys" },
	};
	struct person screener;
	a_full_register(f, &screener);
	struct str vkey = vkey_now(f);
	close_register(f);
	for (size_t i = 0; i < COUNT_OF(WAYS); i++) {
		const char *path = path_of(f, WAYS[i].file);
		const char *keeper = path_of(f, str_to_c(f->arena, arena_format(f->arena, "kept%zu", i)));
		struct str saved;
		if (!WAYS[i].word)
			continue;
		by_hand_in(f, path, NULL);
		MUST(f, file_read(f->arena, path, FIXTURE_FILE_MAX, &saved, &f->err));
		by_hand_in(f, path, WAYS[i].sql);
		make_keeper(f, keeper, vkey);
		must_alarm(f, keeper, WAYS[i].word);
		MUST(f, file_write(path, 0600, saved, &f->err));
	}
}

/* Mended, it is sent whole; the alarm stands until its keeper takes it away. */
static void an_alarm_stands_until_somebody_takes_it_away(void **state)
{
	struct fixture *f = *state;
	report(f, "He is alone at night.");
	const char *keeper = keeper_of(f);
	close_register(f);
	by_hand_in(f, path_of(f, "keys/keys.db"), NULL);
	struct str saved;
	MUST(f, file_read(f->arena, path_of(f, "register.db"), FIXTURE_FILE_MAX, &saved, &f->err));
	by_hand_in(f, path_of(f, "register.db"), "UPDATE entry SET nonce = zeroblob(32) WHERE idx = 20");
	must_alarm(f, keeper, "altered");
	MUST(f, file_write(path_of(f, "register.db"), 0600, saved, &f->err));
	must_send(f, keeper);
	must_be(f, keeper, "altered");
	assert_int_equal(unlink(file_join(f->arena, keeper, "alarm")), 0);
	must_be(f, keeper, "fine");
}

static void a_register_that_was_set_back_is_told_as_rolled_back(void **state)
{
	struct fixture *f = *state;
	struct str old;
	const char *keeper = keeper_of(f);
	close_register(f);
	by_hand_in(f, path_of(f, "register.db"), NULL);
	MUST(f, file_read(f->arena, path_of(f, "register.db"), FIXTURE_FILE_MAX, &old, &f->err));
	fixture_open(f);
	report(f, "He is alone at night.");
	close_register(f);
	must_send(f, keeper);
	(void)unlink(path_of(f, "register.db-wal"));
	(void)unlink(path_of(f, "register.db-shm"));
	MUST(f, file_write(path_of(f, "register.db"), 0600, old, &f->err));
	must_alarm(f, keeper, "rollback");
}

/* Two histories from one database: of the same size, and the longer one later. */
static void another_history_is_told_as_a_fork(void **state)
{
	struct fixture *f = *state;
	struct str old;
	const char *keeper = keeper_of(f);
	struct str vkey = vkey_now(f);
	close_register(f);
	by_hand_in(f, path_of(f, "register.db"), NULL);
	MUST(f, file_read(f->arena, path_of(f, "register.db"), FIXTURE_FILE_MAX, &old, &f->err));
	fixture_open(f);
	report(f, "He is alone at night.");
	close_register(f);
	must_send(f, keeper);
	for (int more = 0; more < 2; more++) {
		const char *fresh = path_of(f, more ? "fresh1" : "fresh0");
		(void)unlink(path_of(f, "register.db-wal"));
		(void)unlink(path_of(f, "register.db-shm"));
		(void)unlink(path_of(f, "keys/newest"));
		MUST(f, file_write(path_of(f, "register.db"), 0600, old, &f->err));
		fixture_take_up(f, FIXTURE_START + INSTANT_PER_HOUR);
		for (int i = 0; i <= 3 * more; i++)
			report(f, "Nothing is wrong with him.");
		close_register(f);
		must_alarm(f, keeper, "fork");
		assert_int_equal(unlink(file_join(f->arena, keeper, "alarm")), 0);
		must_be(f, keeper, "fine"); /* what it held is as it was */
		make_keeper(f, fresh, vkey);
		must_send(f, fresh);
	}
}

static void a_checkpoint_of_another_key_is_no_checkpoint(void **state)
{
	struct fixture *f = *state;
	static const uint8_t SEED[LOG_KEY_SIZE] = { 9 };
	CLEANUP(log_signer_cleanup) struct log_signer *other = NULL;
	CLEANUP(buf_finish) struct buf text = { 0 };
	const char *keeper = path_of(f, "kept");
	MUST(f, log_signer_create(casebook_origin(f->book), LOG_KEY_LOG, SEED, &other, &f->err));
	buf_init(&text, 1024);
	log_vkey_write(&text, log_signer_vkey(other));
	make_keeper(f, keeper, buf_str(&text));
	must_alarm(f, keeper, "signature");
}

static void silence_is_an_alarm_too(void **state)
{
	struct fixture *f = *state;
	const char *keeper = keeper_of(f);
	must_send(f, keeper);
	assert_int_equal(checked(f, keeper, FIXTURE_START + INSTANT_PER_HOUR, 3600).alarm, LOG_KEEPER_FINE);
	assert_int_equal(checked(f, keeper, FIXTURE_START + 2 * INSTANT_PER_HOUR, 3600).alarm, LOG_KEEPER_SILENT);
	assert_int_equal(checked(f, keeper, FIXTURE_START - 2 * INSTANT_PER_HOUR, 3600).alarm, LOG_KEEPER_SILENT);
}

/* The copy itself rots, or its keeper writes into it. */
static void a_copy_that_changed_where_it_lies_is_found_by_its_keeper(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *file;
		const char *sql;
		const char *word;
	} WAYS[] = {
		{ "copy.db", "UPDATE entry SET sealed = zeroblob(length(sealed)) WHERE sealed IS NOT NULL", "altered" },
		{ "copy.db", "UPDATE entry SET opener = zeroblob(32) WHERE idx = 7", "altered" },
		{ "copy.db", "DELETE FROM entry WHERE idx = 7", "withheld" },
		{ "copy.db", "DELETE FROM dark WHERE part = 'carried'", "withheld" },
		{ "keys/keys.db", "DELETE FROM slot WHERE n = 3", "keys" },
	};
	report(f, "He is alone at night.");
	const char *keeper = keeper_of(f);
	must_send(f, keeper);
	for (size_t i = 0; i < COUNT_OF(WAYS); i++) {
		const char *path = file_join(f->arena, keeper, WAYS[i].file);
		struct str saved;
		MUST(f, file_read(f->arena, path, FIXTURE_FILE_MAX, &saved, &f->err));
		by_hand_in(f, path, WAYS[i].sql);
		must_be(f, keeper, WAYS[i].word);
		MUST(f, file_write(path, 0600, saved, &f->err));
		must_be(f, keeper, "fine");
	}
}

/* --- who reads ------------------------------------------------------------------------------ */

static bool is_in(struct fixture *f, const char *keeper, const char *file, struct str part)
{
	struct str bytes;
	MUST(f, file_read(f->arena, file_join(f->arena, keeper, file), FIXTURE_FILE_MAX, &bytes, &f->err));
	return str_find_str(bytes, part) < bytes.n;
}

/* Neither words nor names nor codes nor passwords stand in it; headers do. */
static void a_copy_tells_its_keeper_no_more_than_headers(void **state)
{
	struct fixture *f = *state;
	struct person screener;
	a_full_register(f, &screener);
	const char *keeper = keeper_of(f);
	close_register(f);
	must_send(f, keeper);
	static const char *const WORDS[] = { "alone at night", "door.pdf", "neighbour", "not-yet-known", "argon2id", "amara", "team-manager" };
	for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
		if (is_in(f, keeper, "copy.db", str_from_c(WORDS[i])))
			fail_msg("the copy holds: %s", WORDS[i]);
	}
	assert_true(is_in(f, keeper, "copy.db", STR("kind concern.received")));
	/* The nonces that would open guesses at plain fields. */
	struct str nonces = rows_of(f, path_of(f, "register.db"), "SELECT nonce FROM entry", 1);
	assert_false(is_in(f, keeper, "copy.db", str_sub(nonces, 0, LOG_NONCE_SIZE)));
}

static void a_copy_opens_by_no_other_master_key(void **state)
{
	struct fixture *f = *state;
	report(f, "He is alone at night.");
	const char *keeper = keeper_of(f), *to = path_of(f, "again"), *key = path_of(f, "again/keys/master.key");
	close_register(f);
	must_send(f, keeper);
	bring_keys(f, keeper, to);
	MUST(f, file_write(key, 0600, STR("candour-secret/v1 master BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=\n"), &f->err));
	assert_false(casebook_offsite_restore(keeper, to, NULL, NULL, f->arena, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_int_equal(unlink(key), 0);
	assert_false(casebook_offsite_restore(keeper, to, NULL, NULL, f->arena, &f->err));
}

static void who_has_not_the_token_is_not_known(void **state)
{
	struct fixture *f = *state;
	CLEANUP(log_keeper_cleanup) struct log_keeper *open = NULL;
	MUST(f, log_keeper_open(keeper_of(f), &open, &f->err));
	assert_true(log_keeper_knows(open, TOKEN));
	assert_false(log_keeper_knows(open, STR("another token")));
	assert_false(log_keeper_knows(open, STR_NONE));
}

/* --- disposal ------------------------------------------------------------------------------- */

static void what_was_lawfully_destroyed_is_gone_from_the_copy(void **state)
{
	struct fixture *f = *state;
	with_disposal(f);
	struct person screener = person(f, "amara", "screener"), manager = person(f, "tomas", "team-manager");
	struct casebook_answer kept = report(f, "He stays."), gone = report(f, "He is alone at night.");
	const char *keeper = keeper_of(f);
	must_send(f, keeper);
	int64_t slot = file_named(f, gone.number).n;
	const char *sql = str_to_c(f->arena, arena_format(f->arena, "SELECT wrapped FROM slot WHERE n = %" PRId64, slot));
	struct str wrapped = rows_of(f, path_of(f, "keys/keys.db"), sql, 1);
	wrapped = str_sub(wrapped, 0, wrapped.n - 2);
	assert_int_equal(wrapped.n, 72);
	assert_true(is_in(f, keeper, "keys/keys.db", wrapped));
	destroyed(f, &screener, &manager, gone.number);
	struct casebook_offsite_sent sent = must_send(f, keeper);
	assert_int_equal(sent.destroyed, 1);
	assert_int_equal(sent.attested, 1);
	assert_false(is_in(f, keeper, "keys/keys.db", wrapped));
	assert_int_equal(checked(f, keeper, FIXTURE_START, 0).destroyed, 1);
	close_register(f);
	const char *again = must_restore(f, keeper);
	(void)verified_in(f, again);
	CLEANUP(casebook_cleanup) struct casebook *book = NULL;
	MUST(f, casebook_open(again, CASEBOOK_WRITE, &book, &f->err));
	f->book = book;
	assert_int_equal(seal_of(f, &screener, gone.index), CASEBOOK_SEAL_DESTROYED);
	assert_int_equal(seal_of(f, &screener, kept.index), CASEBOOK_SEAL_OPEN);
	f->book = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_register_is_made_of_the_copy_under_a_new_key),
		PROVES(the_last_tree_of_the_old_key_is_recorded),
		PROVES(a_stream_that_is_cut_short_anywhere_goes_on_to_the_same_copy),
		PROVES(only_what_is_new_is_sent_again),
		PROVES(a_copy_that_was_cut_short_is_restored_as_it_was_when_it_was_whole),
		PROVES(each_alarm_is_told_by_its_own_tampering),
		PROVES(an_alarm_stands_until_somebody_takes_it_away),
		PROVES(a_register_that_was_set_back_is_told_as_rolled_back),
		PROVES(another_history_is_told_as_a_fork),
		PROVES(a_checkpoint_of_another_key_is_no_checkpoint),
		PROVES(silence_is_an_alarm_too),
		PROVES(a_copy_that_changed_where_it_lies_is_found_by_its_keeper),
		PROVES(a_copy_tells_its_keeper_no_more_than_headers),
		PROVES(a_copy_opens_by_no_other_master_key),
		PROVES(who_has_not_the_token_is_not_known),
		PROVES(what_was_lawfully_destroyed_is_gone_from_the_copy),
	};
	return PROVE(tests);
}
