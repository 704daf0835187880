/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The register's own checkpoints: one root a size, the gate, the audit. */
#include "log/leaves.h"

#define ORIGIN STR("register.example.org/northmere")

/* A log of its own: store, tree, key, reader. */
struct book {
	struct fixture *f;
	struct log_tree *tree;
	struct log_signer *signer;
	struct log_reader *reader;
	struct log_era era;
	struct log_eras eras;
};

static struct log_signer *signer_of(struct str name, uint8_t seed_byte)
{
	struct log_signer *signer = NULL;
	struct err err = { 0 };
	uint8_t seed[LOG_KEY_SIZE] = { seed_byte };
	assert_true(log_signer_create(name, LOG_KEY_LOG, seed, &signer, &err));
	return signer;
}

static void open_book(struct fixture *f, struct book *out)
{
	out->f = f;
	assert_true(log_tree_open(f->store, &out->tree, &f->err));
	assert_true(log_reader_create(f->store, &out->reader, &f->err));
	out->signer = signer_of(ORIGIN, 1);
	out->eras = log_eras_of_key(&out->era, log_signer_vkey(out->signer));
}

static void close_book(struct book *book)
{
	log_tree_close(book->tree);
	log_reader_destroy(book->reader);
	log_signer_destroy(book->signer);
}

static const struct log_vkey *key_of(const struct book *book)
{
	return log_signer_vkey(book->signer);
}

/* A turn with its signature. */
static void signed_turn(struct book *book, size_t n)
{
	struct log_signed row;
	turn(book->f, book->tree, n);
	struct hash root = log_tree_root(book->tree);
	assert_true(log_sign(book->f->store, book->signer, NULL, log_tree_size(book->tree), &root, &row,
	                     &book->f->err));
}

static void run_sql(struct fixture *f, const char *sql)
{
	assert_true(store_run(f->store, sql, &f->err));
	assert_true(store_changes(f->store) > 0);
}

/* --- signing, publishing -------------------------------------------------------------------- */

static void a_size_signed_again_gives_the_same_row(void **state)
{
	struct fixture *f = *state;
	CLEANUP(close_book) struct book book = { 0 };
	struct log_signed first, again;
	open_book(f, &book);
	signed_turn(&book, 3);
	struct hash root = log_tree_root(book.tree);
	assert_true(log_signed_newest(f->store, &first, &f->err));
	assert_true(log_sign(f->store, book.signer, NULL, 3, &root, &again, &f->err));
	assert_memory_equal(&first, &again, sizeof first);
	assert_true(log_signed_holds(&again, &book.eras));
	assert_int_equal(count_of(f, "SELECT COUNT(*) FROM signed"), 1);
}

static void a_second_root_for_a_size_is_never_signed(void **state)
{
	struct fixture *f = *state;
	CLEANUP(close_book) struct book book = { 0 };
	struct log_signed row;
	open_book(f, &book);
	signed_turn(&book, 3);
	signed_turn(&book, 3);
	struct hash other = commitment_of(99);
	for (int64_t size = 3; size <= 6; size += 3) {
		assert_false(log_sign(f->store, book.signer, NULL, size, &other, &row, &f->err));
		assert_int_equal(f->err.code, ERR_UNABLE);
		assert_true(str_starts(str_from_c(f->err.context), STR("fork")));
		f->err = (struct err){ 0 };
	}
	assert_int_equal(count_of(f, "SELECT COUNT(*) FROM signed"), 2);
}

static void a_size_below_the_newest_is_never_signed(void **state)
{
	struct fixture *f = *state;
	CLEANUP(close_book) struct book book = { 0 };
	struct log_signed row;
	open_book(f, &book);
	signed_turn(&book, 5);
	struct hash root = commitment_of(1);
	assert_false(log_sign(f->store, book.signer, NULL, 4, &root, &row, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_true(str_starts(str_from_c(f->err.context), STR("rollback")));
}

static void what_is_published_is_the_newest_signed_note(void **state)
{
	struct fixture *f = *state;
	CLEANUP(close_book) struct book book = { 0 };
	struct log_checkpoint checkpoint;
	struct str note;
	int64_t size = -1;
	open_book(f, &book);
	assert_true(log_publish(f->store, &book.eras, &size, &f->err));
	assert_int_equal(size, 0);
	assert_false(log_published_newest(f->store, f->arena, &size, &note, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	signed_turn(&book, 4);
	signed_turn(&book, 3);
	for (int i = 0; i < 2; i++) { /* again changes nothing */
		assert_true(log_publish(f->store, &book.eras, &size, &f->err));
		assert_int_equal(size, 7);
	}
	assert_int_equal(count_of(f, "SELECT COUNT(*) FROM published"), 1);
	assert_true(log_published_newest(f->store, f->arena, &size, &note, &f->err));
	assert_true(log_checkpoint_open(f->arena, note, key_of(&book), &checkpoint, &f->err));
	struct hash root = log_tree_root(book.tree);
	assert_int_equal(checkpoint.size, 7);
	assert_memory_equal(checkpoint.root.bytes, root.bytes, HASH_SIZE);
}

/* --- the gate ------------------------------------------------------------------------------- */

/* A register that starts again and again between two beats asks its witnesses each time. */
static void of_one_witness_one_line_is_published_however_often_it_signs(void **state)
{
	struct fixture *f = *state;
	CLEANUP(close_book) struct book book = { 0 };
	struct log_signer *witnesses[2] = { NULL };
	struct str note;
	int64_t size;
	open_book(f, &book);
	signed_turn(&book, 3);
	for (size_t w = 0; w < COUNT_OF(witnesses); w++) {
		uint8_t seed[LOG_KEY_SIZE] = { (uint8_t)(7 + w) };
		assert_true(log_signer_create(w ? STR("w.example/2") : STR("w.example/1"), LOG_KEY_WITNESS, seed,
		                              &witnesses[w], &f->err));
	}
	for (int64_t time = 1000; time < 1150; time++) {
		CLEANUP(buf_finish) struct buf lines = { 0 };
		buf_init(&lines, 4096);
		assert_true(log_publish(f->store, &book.eras, &size, &f->err));
		assert_true(log_published_newest(f->store, f->arena, &size, &note, &f->err));
		struct log_note read;
		assert_true(log_note_read(f->arena, note, &read, &f->err));
		for (size_t w = 0; w < COUNT_OF(witnesses); w++) {
			uint8_t signature[LOG_COSIGNATURE_SIZE];
			const struct log_vkey *key = log_signer_vkey(witnesses[w]);
			assert_true(log_cosign(witnesses[w], read.text, time, signature, &f->err));
			if (w == 0 || time % 2 == 0)
				log_note_add_line(&lines, key->name, key->id,
				                  (struct str){ (const char *)signature, sizeof signature });
		}
		assert_true(log_publish_cosigned(f->store, &book.eras, 3, buf_str(&lines), &size, &f->err));
	}
	struct log_vkey keys[3] = { *key_of(&book), *log_signer_vkey(witnesses[0]), *log_signer_vkey(witnesses[1]) };
	struct log_verified verified;
	struct log_note read;
	assert_true(log_published_newest(f->store, f->arena, &size, &note, &f->err));
	assert_true(log_note_read(f->arena, note, &read, &f->err));
	assert_int_equal(read.count, 3);
	assert_true(log_note_verify(&read, keys, 3, &verified, &f->err));
	assert_int_equal(verified.count, 3);
	assert_int_equal(verified.at[1].time, 1149);
	assert_int_equal(verified.at[2].time, 1148);
	log_signer_destroy(witnesses[0]);
	log_signer_destroy(witnesses[1]);
}

static void the_gate_lets_a_whole_log_pass(void **state)
{
	struct fixture *f = *state;
	CLEANUP(close_book) struct book book = { 0 };
	int64_t size = 0;
	open_book(f, &book);
	assert_true(log_gate_check(f->store, book.reader, &book.eras, 0, &f->err));
	signed_turn(&book, 700);
	assert_true(log_publish(f->store, &book.eras, &size, &f->err));
	signed_turn(&book, 5);
	assert_true(log_gate_check(f->store, book.reader, &book.eras, 705, &f->err));
	/* entries whose signature was lost with the power are no hindrance */
	turn(f, book.tree, 2);
	assert_true(log_gate_check(f->store, book.reader, &book.eras, 707, &f->err));
}

/* Full tiles below a hash that stands for them are the audit's to read, not the gate's. */
static void the_gate_names_each_damage(void **state)
{
	struct fixture *f = *state;
	static const char *const DAMAGE[] = {
		"UPDATE signed SET root = zeroblob(32) WHERE size = 705",
		"UPDATE signed SET sig = zeroblob(64) WHERE size = 705",
		"UPDATE signed SET sig = NULL WHERE size = 705",
		"UPDATE signed SET keyid = 7 WHERE size = 705",
		"UPDATE signed SET size = 900 WHERE size = 705",
		"UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 1",
		"UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 0 AND idx = 2",
		"DELETE FROM tile WHERE level = 0 AND idx = 2",
		"DELETE FROM tile WHERE level = 1",
		"DELETE FROM signed",
		"UPDATE published SET size = 704",
		"UPDATE published SET size = 706",
		"UPDATE published SET note = replace(note, '700', '701')",
		"UPDATE published SET note = ''",
	};
	CLEANUP(close_book) struct book book = { 0 };
	int64_t size = 0;
	open_book(f, &book);
	signed_turn(&book, 700);
	assert_true(log_publish(f->store, &book.eras, &size, &f->err));
	signed_turn(&book, 5);
	for (size_t i = 0; i < COUNT_OF(DAMAGE); i++) {
		assert_true(store_begin(f->store, &f->err));
		run_sql(f, DAMAGE[i]);
		log_reader_forget(book.reader);
		f->err = (struct err){ 0 };
		if (log_gate_check(f->store, book.reader, &book.eras, 705, &f->err))
			fail_msg("the gate passed over: %s", DAMAGE[i]);
		assert_int_equal(f->err.code, ERR_INPUT);
		store_abort(f->store);
	}
	log_reader_forget(book.reader);
	assert_false(log_gate_check(f->store, book.reader, &book.eras, 704,
	                            &f->err)); /* entries lost */
	CLEANUP(log_signer_cleanup) struct log_signer *other = signer_of(ORIGIN, 2);
	struct log_era room;
	struct log_eras others = log_eras_of_key(&room, log_signer_vkey(other));
	assert_false(log_gate_check(f->store, book.reader, &others, 705, &f->err));
}

static void entries_past_the_tree_are_folded_in(void **state)
{
	struct fixture *f = *state;
	CLEANUP(close_book) struct book book = { 0 };
	open_book(f, &book);
	turn(f, book.tree, 300);
	assert_true(store_begin(f->store, &f->err));
	assert_true(log_gate_fold(book.tree, f->store, 1001, commitments, NULL, &f->err));
	assert_true(store_commit(f->store, &f->err));
	log_tree_commit(book.tree);
	struct hash root = log_tree_root(book.tree),
		    wanted = brute_root(f->hasher, leaves_of(f, 1001), 1001);
	assert_memory_equal(root.bytes, wanted.bytes, HASH_SIZE);
	assert_false(log_gate_fold(book.tree, f->store, 1000, commitments, NULL, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
}

/* --- the audit ------------------------------------------------------------------------------ */

static void count_finding(void *ctx, struct str where, struct str what)
{
	size_t *count = ctx;
	assert_true(what.n > 20);
	assert_true(str_find(where, '.') < where.n);
	(*count)++;
}

static size_t audit_under(struct book *book, const struct log_eras *eras, const struct log_signer *signer,
                          int64_t entries)
{
	struct fixture *f = book->f;
	CLEANUP(log_audit_cleanup) struct log_audit *made = NULL;
	size_t found = 0;
	assert_true(log_audit_create(f->store, eras, signer, count_finding, &found, &made, &f->err));
	for (int64_t i = 0; i < entries; i++) {
		struct hash leaf = leaf_of(f->hasher, i);
		assert_true(log_audit_leaf(made, &leaf, &f->err));
	}
	assert_true(log_audit_end(made, &f->err));
	return found;
}

/* With the key at hand and without it the same is found. */
static size_t audit(struct book *book, int64_t entries)
{
	size_t found = audit_under(book, &book->eras, NULL, entries);
	assert_int_equal(audit_under(book, &book->eras, book->signer, entries), found);
	return found;
}

static void the_audit_finds_nothing_in_a_whole_log(void **state)
{
	struct fixture *f = *state;
	CLEANUP(close_book) struct book book = { 0 };
	int64_t size = 0;
	open_book(f, &book);
	assert_int_equal(audit(&book, 0), 0);
	for (size_t i = 0; i < 30; i++) {
		signed_turn(&book, 1 + i * 17 % 401);
		if (i % 5 == 0)
			assert_true(log_publish(f->store, &book.eras, &size, &f->err));
	}
	/* a signature that was let go leaves size and root to be checked */
	run_sql(f, "UPDATE signed SET sig = NULL WHERE size = 19");
	assert_int_equal(audit(&book, log_tree_size(book.tree)), 0);
}

static void the_audit_finds_each_change(void **state)
{
	struct fixture *f = *state;
	static const char *const CHANGES[] = {
		"UPDATE tile SET hashes = zeroblob(8192) WHERE level = 0 AND idx = 1",
		"UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 0 AND idx = 3",
		"UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 1",
		"UPDATE tile SET width = width - 1 WHERE level = 0 AND idx = 2",
		"UPDATE tile SET level = 2 WHERE level = 1",
		"UPDATE tile SET idx = 7 WHERE level = 0 AND idx = 0",
		"DELETE FROM tile WHERE level = 0 AND idx = 0",
		"INSERT INTO tile VALUES (0, 9, 1, zeroblob(32))",
		"INSERT INTO tile VALUES (-3, 0, 1, zeroblob(32))",
		"UPDATE signed SET root = zeroblob(32) WHERE size = 400",
		"UPDATE signed SET root = x'00' WHERE size = 400",
		"UPDATE signed SET sig = zeroblob(64) WHERE size = 400",
		"UPDATE signed SET sig = x'' WHERE size = 400",
		"UPDATE signed SET sig = NULL WHERE size = 400", /* it was published */
		"UPDATE signed SET sig = (SELECT sig FROM signed WHERE size = 800) WHERE size = 400",
		"UPDATE signed SET keyid = keyid + 1 WHERE size = 400",
		"UPDATE signed SET size = 401 WHERE size = 400",
		"UPDATE signed SET size = -400 WHERE size = 400",
		"INSERT INTO signed VALUES (5000, zeroblob(32), NULL, 1)",
		"UPDATE published SET size = 401 WHERE size = 400",
		"UPDATE published SET note = replace(note, '400', '401')",
		"UPDATE published SET note = '' WHERE size = 400",
		"INSERT INTO published SELECT 800, note FROM published WHERE size = 400",
	};
	CLEANUP(close_book) struct book book = { 0 };
	int64_t size = 0;
	open_book(f, &book);
	signed_turn(&book, 400);
	assert_true(log_publish(f->store, &book.eras, &size, &f->err));
	signed_turn(&book, 400);
	signed_turn(&book, 99);
	assert_int_equal(audit(&book, 899), 0);
	for (size_t i = 0; i < COUNT_OF(CHANGES); i++) {
		assert_true(store_begin(f->store, &f->err));
		run_sql(f, CHANGES[i]);
		if (audit(&book, 899) == 0)
			fail_msg("the audit passed over: %s", CHANGES[i]);
		store_abort(f->store);
	}
	assert_true(audit(&book, 898) > 0); /* an entry less, */
	assert_true(audit(&book, 900) > 0); /* an entry more */
}

/* A leaf is proved by the signature past it: not by itself, nor by a row that let its signature go. */
static void the_audit_says_what_is_proved_so_far(void **state)
{
	struct fixture *f = *state;
	static const int64_t PROVED[][2] = { { 39, 0 }, { 40, 40 }, { 80, 40 }, { 99, 40 }, { 100, 100 }, { 110, 100 } };
	CLEANUP(close_book) struct book book = { 0 };
	CLEANUP(log_audit_cleanup) struct log_audit *made = NULL;
	size_t found = 0;
	open_book(f, &book);
	signed_turn(&book, 40);
	signed_turn(&book, 40);
	signed_turn(&book, 20);
	signed_turn(&book, 10);
	run_sql(f, "UPDATE signed SET sig = NULL WHERE size = 80");
	run_sql(f, "UPDATE signed SET sig = zeroblob(64) WHERE size = 110");
	assert_true(log_audit_create(f->store, &book.eras, book.signer, count_finding, &found, &made, &f->err));
	for (int64_t i = 0, at = 0; i < 110; i++) {
		struct hash leaf = leaf_of(f->hasher, i);
		assert_true(log_audit_leaf(made, &leaf, &f->err));
		if (i + 1 == PROVED[at][0])
			assert_int_equal(log_audit_proved(made), PROVED[at++][1]);
	}
	assert_int_equal(found, 1);
}

/* What a former key signed holds under it, beside the present key; a stranger's does not. */
static void the_audit_knows_former_keys(void **state)
{
	struct fixture *f = *state;
	CLEANUP(close_book) struct book book = { 0 };
	open_book(f, &book);
	CLEANUP(log_signer_cleanup) struct log_signer *former = book.signer;
	signed_turn(&book, 40);
	book.signer = signer_of(ORIGIN, 2);
	signed_turn(&book, 40);
	const struct log_era at[] = { { .above = -1, .key = *log_signer_vkey(former) },
		                      { .above = 40, .key = *key_of(&book) },
		                      { .above = -1, .key = *key_of(&book) } };
	const struct log_eras both = { at, 2 }, old = { at, 1 }, new = { at + 2, 1 };
	assert_int_equal(audit_under(&book, &both, book.signer, 80), 0);
	assert_true(audit_under(&book, &new, book.signer, 80) > 0);
	assert_true(audit_under(&book, &old, former, 80) > 0);
}

/* A note under the log's own key, with a root that was never signed here: somebody has the key. */
static void a_published_fork_is_found(void **state)
{
	struct fixture *f = *state;
	CLEANUP(close_book) struct book book = { 0 };
	CLEANUP(buf_finish) struct buf text = { 0 };
	CLEANUP(buf_finish) struct buf note = { 0 };
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	open_book(f, &book);
	signed_turn(&book, 40);
	struct log_checkpoint other = { ORIGIN, 40, commitment_of(1) };
	const struct log_signer *signer = book.signer;
	buf_init(&text, 4096);
	buf_init(&note, 4096);
	log_checkpoint_write(&text, &other);
	log_note_sign(&note, buf_str(&text), &signer, 1);
	assert_true(
		store_prepare(f->store, "INSERT INTO published VALUES (40, ?1)", &stmt, &f->err));
	store_bind_str(stmt, 1, buf_str(&note));
	assert_true(store_do(stmt, &f->err));
	assert_int_equal(audit(&book, 40), 1);
	assert_false(log_gate_check(f->store, book.reader, &book.eras, 40, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
}

/* --- a key that was changed ----------------------------------------------------------------- */

/* Sizes 1, 2 by the first key, 3 by both, 4 by the second alone. */
static void change_key(struct fixture *f, struct book *book, struct log_signer *next,
                       struct log_era at[3])
{
	const struct log_vkey *old = key_of(book), *new = log_signer_vkey(next);
	at[0] = (struct log_era){ .above = -1, .key = *old };
	at[1] = (struct log_era){ .above = 2, .key = *new, .has_former = true, .former = *old };
	at[2] = (struct log_era){ .above = 3, .key = *new };
	book->eras = (struct log_eras){ at, 3 };
	signed_turn(book, 1);
	signed_turn(book, 1);
	for (int64_t size = 3; size <= 4; size++) {
		int64_t published;
		struct log_signed row;
		turn(f, book->tree, 1);
		struct hash root = log_tree_root(book->tree);
		assert_true(log_sign(f->store, next, size == 3 ? book->signer : NULL, size, &root, &row, &f->err));
		assert_true(log_publish(f->store, &book->eras, &published, &f->err));
		assert_int_equal(published, size);
	}
}

static bool opens(struct fixture *f, int64_t size, const struct book *book, const struct log_vkey *key)
{
	CLEANUP(buf_finish) struct buf note = { 0 };
	struct log_signed row;
	struct log_checkpoint checkpoint;
	struct err err = { 0 };
	buf_init(&note, LOG_NOTE_MAX);
	assert_true(log_signed_read(f->store, size, &row, &f->err));
	assert_true(log_signed_holds(&row, &book->eras));
	assert_true(log_signed_note(&note, &row, &book->eras, &f->err));
	return log_checkpoint_open(f->arena, arena_copy(f->arena, buf_str(&note)), key, &checkpoint, &err);
}

static void both_keys_check_while_both_sign(void **state)
{
	struct fixture *f = *state;
	CLEANUP(close_book) struct book book;
	struct log_era at[3];
	open_book(f, &book);
	CLEANUP(log_signer_cleanup) struct log_signer *next = signer_of(ORIGIN, 2);
	change_key(f, &book, next, at);
	static const bool by_old[] = { true, true, true, false }, by_new[] = { false, false, true, true };
	for (int64_t size = 1; size <= 4; size++) {
		assert_int_equal(opens(f, size, &book, key_of(&book)), by_old[size - 1]);
		assert_int_equal(opens(f, size, &book, log_signer_vkey(next)), by_new[size - 1]);
	}
	assert_true(log_gate_check(f->store, book.reader, &book.eras, 4, &f->err));
}

/* Each way leaves the row whole under one key of the log, and is named all the same. */
static void a_row_by_a_key_that_was_not_in_force_is_named(void **state)
{
	struct fixture *f = *state;
	CLEANUP(close_book) struct book book;
	struct log_era at[3];
	static const struct {
		int64_t size;
		bool by_next, has_former;
	} ways[] = { { 2, true, false }, { 2, false, true }, { 3, true, false }, { 3, false, false }, { 4, false, false },
		     { 4, true, true } };
	open_book(f, &book);
	CLEANUP(log_signer_cleanup) struct log_signer *next = signer_of(ORIGIN, 2);
	change_key(f, &book, next, at);
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
		struct log_signed row;
		uint8_t both[2 * LOG_SIGNATURE_SIZE];
		const struct log_signer *by = ways[i].by_next ? next : book.signer;
		CLEANUP(buf_finish) struct buf text = { 0 };
		buf_init(&text, LOG_NOTE_MAX);
		assert_true(log_signed_read(f->store, ways[i].size, &row, &f->err));
		struct log_checkpoint checkpoint = { ORIGIN, row.size, row.root };
		log_checkpoint_write(&text, &checkpoint);
		log_signer_sign(by, buf_str(&text), both);
		log_signer_sign(ways[i].by_next ? book.signer : next, buf_str(&text), both + LOG_SIGNATURE_SIZE);
		assert_true(store_begin(f->store, &f->err));
		assert_true(store_prepare(f->store, "UPDATE signed SET sig = ?1, keyid = ?2 WHERE size = ?3", &put, &f->err));
		store_bind_blob(put, 1, str_from_bytes(both, ways[i].has_former ? sizeof both : LOG_SIGNATURE_SIZE));
		store_bind_int(put, 2, log_key_id_number(log_signer_vkey(by)->id));
		store_bind_int(put, 3, ways[i].size);
		assert_true(store_do(put, &f->err));
		store_stmt_finish(&put);
		if (audit(&book, 4) == 0)
			fail_msg("not named: way %zu", i);
		store_abort(f->store);
	}
	assert_int_equal(audit(&book, 4), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_size_signed_again_gives_the_same_row),
		PROVES(a_second_root_for_a_size_is_never_signed),
		PROVES(a_size_below_the_newest_is_never_signed),
		PROVES(what_is_published_is_the_newest_signed_note),
		PROVES(of_one_witness_one_line_is_published_however_often_it_signs),
		PROVES(the_gate_lets_a_whole_log_pass),
		PROVES(the_gate_names_each_damage),
		PROVES(entries_past_the_tree_are_folded_in),
		PROVES(the_audit_finds_nothing_in_a_whole_log),
		PROVES(the_audit_finds_each_change),
		PROVES(the_audit_says_what_is_proved_so_far),
		PROVES(the_audit_knows_former_keys),
		PROVES(a_published_fork_is_found),
		PROVES(both_keys_check_while_both_sign),
		PROVES(a_row_by_a_key_that_was_not_in_force_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
