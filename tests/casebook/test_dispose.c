/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lawful disposal: two persons, an entry, the key gone, the leaf stays, verify clean. */
#include "casebook/disposal.h"
#include "casebook/dump.h"

#include "store/store.h"
#include "vault/vault.h"

static void must_verify(struct fixture *f, bool is_clean, const char *says)
{
	struct casebook_verified found;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	if (found.ok != is_clean)
		fail_msg("%.*s: %.*s", STR_ARG(found.difference.where), STR_ARG(found.difference.what));
	if (says && str_find_str(found.difference.what, str_from_c(says)) == found.difference.what.n)
		fail_msg("%.*s", STR_ARG(found.difference.what));
}

static void words_are_gone_with_the_key_and_the_leaf_stays(void **state)
{
	struct fixture *f = *state;
	with_disposal(f);
	struct person screener = person(f, "amara", "screener"), manager = person(f, "tomas", "team-manager");
	struct casebook_answer kept = report(f, "He stays."), gone = report(f, "He is alone at night.");
	assert_int_equal(seal_of(f, &screener, gone.index), CASEBOOK_SEAL_OPEN);
	destroyed(f, &screener, &manager, gone.number);
	struct casebook_file file = file_named(f, gone.number);
	assert_true(file.is_destroyed);
	assert_int_equal(seal_of(f, &screener, gone.index), CASEBOOK_SEAL_DESTROYED);
	assert_int_equal(seal_of(f, &screener, kept.index), CASEBOOK_SEAL_OPEN);
	struct casebook_answer more = act(f, &screener.actor, "note.made", gone.number, fields_of(f, "{'text':'More.'}"));
	assert_int_equal(more.outcome, CASEBOOK_REFUSED);
	fixture_reopen(f);
	assert_int_equal(seal_of(f, &screener, gone.index), CASEBOOK_SEAL_DESTROYED);
	casebook_close(f->book);
	f->book = NULL;
	must_verify(f, true, NULL);
	fixture_open(f);
}

static void nobody_destroys_alone(void **state)
{
	struct fixture *f = *state;
	with_disposal(f);
	struct person screener = person(f, "amara", "screener"), manager = person(f, "tomas", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_answer waits =
		act(f, &screener.actor, "disposal.done", concern.number, json_object(f->arena));
	assert_int_equal(waits.outcome, CASEBOOK_WAITING);
	assert_false(file_named(f, concern.number).is_destroyed);
	assert_int_equal(seal_of(f, &manager, concern.index), CASEBOOK_SEAL_OPEN);
}

/* A row of what is to be destroyed destroys nothing that the log does not speak of. */
static void a_row_alone_destroys_no_key(void **state)
{
	struct fixture *f = *state;
	with_disposal(f);
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_file file = file_named(f, concern.number);
	casebook_close(f->book);
	f->book = NULL;
	CLEANUP(store_cleanup) struct store *store = NULL;
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
	MUST(f, store_begin(store, &f->err));
	MUST(f, store_run(store, str_to_c(f->arena, arena_format(f->arena, "INSERT INTO short_disposal VALUES (%lld, %lld)",
	                                                        (long long)file.n, (long long)concern.index)),
	                  &f->err));
	MUST(f, store_commit(store, &f->err));
	store_close(store);
	store = NULL;
	fixture_open(f);
	MUST(f, casebook_tidy(f->book, &f->err));
	assert_int_equal(seal_of(f, &screener, concern.index), CASEBOOK_SEAL_OPEN);
}

/* A power cut between the entry and the overwriting: the note is still there, and is done. */
static void what_was_cut_off_is_destroyed_at_the_next_tidying(void **state)
{
	struct fixture *f = *state;
	with_disposal(f);
	struct person screener = person(f, "amara", "screener"), manager = person(f, "tomas", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	char keys[96], saved[96];
	(void)snprintf(keys, sizeof keys, "%s/keys/keys.db", f->dir);
	(void)snprintf(saved, sizeof saved, "%s/keys/keys.saved", f->dir);
	casebook_close(f->book);
	f->book = NULL;
	struct str bytes;
	MUST(f, file_read(f->arena, keys, FIXTURE_FILE_MAX, &bytes, &f->err));
	fixture_open(f);
	struct casebook_answer last = destroyed(f, &screener, &manager, concern.number);
	(void)last;
	struct casebook_file file = file_named(f, concern.number);
	casebook_close(f->book);
	f->book = NULL;
	/* The keys of before, and the note again: as if the machine had stopped right after the commit. */
	MUST(f, file_write(keys, 0600, bytes, &f->err));
	CLEANUP(store_cleanup) struct store *store = NULL;
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
	MUST(f, store_begin(store, &f->err));
	MUST(f, store_run(store,
	                  str_to_c(f->arena, arena_format(f->arena,
	                                                  "INSERT INTO short_disposal SELECT %lld, idx FROM entry"
	                                                  " WHERE kind = 'file.destroyed'",
	                                                  (long long)file.n)),
	                  &f->err));
	MUST(f, store_commit(store, &f->err));
	store_close(store);
	store = NULL;
	must_verify(f, false, "key was destroyed");
	fixture_open(f);
	MUST(f, casebook_tidy(f->book, &f->err));
	assert_int_equal(seal_of(f, &screener, concern.index), CASEBOOK_SEAL_DESTROYED);
	casebook_close(f->book);
	f->book = NULL;
	must_verify(f, true, NULL);
	fixture_open(f);
}

static void refolding_tells_the_same_of_what_is_destroyed(void **state)
{
	struct fixture *f = *state;
	with_disposal(f);
	struct person screener = person(f, "amara", "screener"), manager = person(f, "tomas", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	destroyed(f, &screener, &manager, concern.number);
	struct buf before = dump(f);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	struct buf after = dump(f);
	assert_same_dump(&before, &after);
	buf_finish(&before);
	buf_finish(&after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(words_are_gone_with_the_key_and_the_leaf_stays),
		PROVES(nobody_destroys_alone),
		PROVES(a_row_alone_destroys_no_key),
		PROVES(what_was_cut_off_is_destroyed_at_the_next_tidying),
		PROVES(refolding_tells_the_same_of_what_is_destroyed),
	};
	return PROVE(tests);
}
