/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What witnesses signed under a published checkpoint is kept as they signed it: verify names what was changed. */
#include "casebook/cosigned.h"
#include "store/store.h"

static struct str published_note(struct fixture *f)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct str note;
	int64_t size;
	MUST(f, casebook_log_checkpoint(reader, f->arena, &size, &note, &f->err));
	return note;
}

static void put_note(struct fixture *f, struct str from, struct str to)
{
	static const char PUT_SQL[] = "UPDATE published SET note = ?2 WHERE note = ?1";
	struct store *store = NULL;
	struct store_stmt *put = NULL;
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
	MUST(f, store_prepare(store, PUT_SQL, &put, &f->err));
	store_bind_str(put, 1, from);
	store_bind_str(put, 2, to);
	MUST(f, store_do(put, &f->err));
	store_stmt_finish(&put);
	store_close(store);
}

static struct casebook_verified verified(struct fixture *f)
{
	struct casebook_verified found;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_LOG, f->arena, NULL, NULL, &found, &f->err));
	return found;
}

/* The name of whom a line is, the key's id, the time, the signature: none is another unseen. */
static void a_changed_cosignature_is_named_by_verify(void **state)
{
	struct fixture *f = *state;
	struct witnesses witnesses;
	witnesses_ask(f, &witnesses);
	witnesses_publish(f, &witnesses, WITNESSES);
	casebook_close(f->book);
	f->book = NULL;
	assert_true(verified(f).ok);
	fixture_take_up(f, FIXTURE_START);
	struct str note = published_note(f);
	casebook_close(f->book);
	f->book = NULL;
	size_t line = str_find_str(note, STR("b.example/w "));
	size_t first = line + sizeof "b.example/w ";
	const size_t AT[] = { line, first + 1, first + 12, first + 40, first + 90 };
	for (size_t i = 0; i < COUNT_OF(AT); i++) {
		struct str other = arena_copy(f->arena, note);
		char *c = (char *)(uintptr_t)&other.p[AT[i]];
		*c = *c == 'c' ? 'd' : 'c';
		put_note(f, note, other);
		struct casebook_verified found = verified(f);
		assert_false(found.ok);
		assert_true(str_eq(found.difference.where, STR("published.note")));
		assert_true(str_find_str(found.difference.what, STR("b.example/w")) < found.difference.what.n);
		put_note(f, other, note);
	}
	assert_true(verified(f).ok);
	witnesses_go(&witnesses);
	fixture_take_up(f, FIXTURE_START);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_changed_cosignature_is_named_by_verify),
	};
	return PROVE(tests);
}
