/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pack's YAML says is kept beside its text: used where it is the register's own, else not. */
#include "casebook/changed_pack.h"
#include "store/dialect.h"
#include "store/store.h"

#define TITLE "Decide what happens next"
#define FORGED "Decide what shall happen" /* as long */

static void open_again(struct fixture *f, bool is_brief)
{
	const struct casebook_options options = { .is_brief = is_brief };
	casebook_close(f->book);
	f->book = NULL;
	MUST(f, casebook_open_with(f->dir, CASEBOOK_WRITE, &options, &f->book, &f->err));
}

static void by_hand(struct fixture *f, const char *sql)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	casebook_close(f->book);
	f->book = NULL;
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
	MUST(f, store_run_script(store, sql, &f->err));
}

static int64_t number(struct fixture *f, const char *sql)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	int64_t out = -1;
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_READ, &store, &f->err));
	MUST(f, store_get_int(store, sql, &out, &f->err));
	return out;
}

/* Whether a duty of that title is in force. */
static bool says(struct fixture *f, const char *title)
{
	const struct pack *pack = casebook_pack(f->book);
	for (size_t i = 0; i < pack->duty_count; i++) {
		if (str_eq(pack->duties[i].title, str_from_c(title)))
			return true;
	}
	return false;
}

static bool verified(struct fixture *f)
{
	struct casebook_verified found;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	return found.ok;
}

/* The text with another title of the same length, its hash in the row left as it was. */
static const char FORGE_TEXT[] = "UPDATE pack SET text = CAST(REPLACE(CAST(text AS TEXT), '" TITLE "', '" FORGED
				 "') AS BLOB)";
static const char RIGHT_TEXT[] = "UPDATE pack SET text = CAST(REPLACE(CAST(text AS TEXT), '" FORGED "', '" TITLE
				 "') AS BLOB)";
static const char FORGE_KEPT[] = "UPDATE short_pack SET parsed = CAST(REPLACE(CAST(parsed AS TEXT), '" TITLE
				 "', '" FORGED "') AS BLOB)";

static void what_is_kept_is_used_and_the_text_is_not_read(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(number(f, "SELECT COUNT(*) FROM short_pack"), 1);
	by_hand(f, FORGE_TEXT);
	assert_false(verified(f)); /* reads the text itself */
	open_again(f, true);
	assert_true(says(f, TITLE));
	assert_false(says(f, FORGED));
}

static void what_was_altered_is_as_if_it_were_not_there(void **state)
{
	struct fixture *f = *state;
	static const char *const WAYS[] = {
		FORGE_KEPT,
		"UPDATE short_pack SET tag = zeroblob(32)",
		"UPDATE short_pack SET tag = x''",
		"UPDATE short_pack SET parsed = x''",
		"UPDATE short_pack SET parsed = substr(parsed, 1, length(parsed) - 1)",
		"UPDATE short_pack SET n = 2",
		"DELETE FROM short_pack",
	};
	for (size_t i = 0; i < COUNT_OF(WAYS); i++) {
		by_hand(f, WAYS[i]);
		assert_true(verified(f));
		open_again(f, i % 2 == 0);
		assert_true(says(f, TITLE));
		assert_false(says(f, FORGED));
		/* And it is kept anew. */
		assert_int_equal(number(f, "SELECT COUNT(*) FROM short_pack WHERE n = 1 AND length(tag) = 32"
		                           " AND tag <> zeroblob(32) AND instr(parsed, CAST('" TITLE
		                           "' AS BLOB)) > 0"),
		                 1);
	}
}

static void is_shut(struct fixture *f, const char *because)
{
	const struct casebook_options refolding = { .is_to_refold = true };
	assert_false(casebook_open_with(f->dir, CASEBOOK_WRITE, NULL, &f->book, &f->err));
	assert_non_null(strstr(f->err.message, because));
	assert_false(casebook_open_with(f->dir, CASEBOOK_READ, NULL, &f->book, &f->err));
	assert_false(casebook_open_with(f->dir, CASEBOOK_WRITE, &refolding, &f->book, &f->err));
	assert_false(verified(f));
}

static void a_forged_text_is_never_judged_by(void **state)
{
	struct fixture *f = *state;
	by_hand(f, FORGE_TEXT);
	by_hand(f, "DELETE FROM short_pack");
	is_shut(f, "Pack 1 is not the one that was adopted");
	by_hand(f, RIGHT_TEXT);
	assert_true(verified(f));
	open_again(f, false);
	assert_true(says(f, TITLE));
}

static void another_row_than_the_text_s_own_is_not_used(void **state)
{
	struct fixture *f = *state;
	by_hand(f, "UPDATE pack SET hash = zeroblob(32)");
	by_hand(f, FORGE_TEXT);
	is_shut(f, "Pack 1 is not the one that was adopted");
}

static void a_pack_whose_entry_is_forged_too_shuts_the_register(void **state)
{
	struct fixture *f = *state;
	CLEANUP(store_cleanup) struct store *store = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	by_hand(f, FORGE_TEXT);
	by_hand(f, "DELETE FROM short_pack");
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
	MUST(f, store_prepare(store, "SELECT text FROM pack", &row, &f->err));
	assert_int_equal(store_step(row, &f->err), STORE_ROW);
	struct hash hash = hash_of(store_blob(row, 0));
	store_stmt_finish(&row);
	MUST(f, store_prepare(store,
	                      "UPDATE entry SET plain = REPLACE(plain, (SELECT lower(hex(hash)) FROM pack), ?1)"
	                      " WHERE idx = 0",
	                      &row, &f->err));
	store_bind_str(row, 1, hash_hex(f->arena, &hash));
	MUST(f, store_do(row, &f->err));
	store_stmt_finish(&row);
	store_cleanup(&store);
	assert_false(casebook_open_with(f->dir, CASEBOOK_WRITE, NULL, &f->book, &f->err));
	assert_non_null(strstr(f->err.message, "the packs they act by are not as this register wrote them"));
	assert_false(verified(f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_is_kept_is_used_and_the_text_is_not_read),
		PROVES(what_was_altered_is_as_if_it_were_not_there),
		PROVES(a_forged_text_is_never_judged_by),
		PROVES(another_row_than_the_text_s_own_is_not_used),
		PROVES(a_pack_whose_entry_is_forged_too_shuts_the_register),
	};
	return PROVE(tests);
}
