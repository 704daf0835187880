/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Packs compiled once for many openings: the same text is the same pack, another is another. */
#include "casebook/changed_pack.h"

static struct casebook *open_with(struct fixture *f, struct casebook_shelf *shelf)
{
	struct casebook_options options = { .shelf = shelf, .has_seed = true, .seed = 9 };
	struct casebook *book = NULL;
	MUST(f, casebook_open_with(f->dir, CASEBOOK_WRITE, &options, &book, &f->err));
	return book;
}

static void the_same_text_is_compiled_once_and_outlives_the_register(void **state)
{
	struct fixture *f = *state;
	CLEANUP(casebook_shelf_cleanup) struct casebook_shelf *shelf = casebook_shelf_create();
	casebook_close(f->book);
	f->book = open_with(f, shelf);
	const struct pack *pack = casebook_pack(f->book);
	casebook_close(f->book);
	assert_true(str_eq(pack->version, STR("0.1.0")));
	f->book = open_with(f, shelf);
	assert_ptr_equal(casebook_pack(f->book), pack);
	struct casebook_options options = { .shelf = shelf };
	struct casebook_verified found;
	MUST(f, casebook_verify_on(&options, f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_true(found.ok);
	casebook_close(f->book);
	f->book = open_with(f, NULL);
	assert_ptr_not_equal(casebook_pack(f->book), pack);
}

static void another_text_is_another_pack(void **state)
{
	struct fixture *f = *state;
	CLEANUP(casebook_shelf_cleanup) struct casebook_shelf *shelf = casebook_shelf_create();
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse");
	const struct text_change change = { "duties.yaml", "within one working day of receiving a referral",
		                            "one working day from the referral" };
	const struct pack_bytes *next = changed_all(f, "version: 0.2.0", &change, 1);
	struct casebook_adoption out;
	casebook_close(f->book);
	f->book = open_with(f, shelf);
	const struct pack *first = casebook_pack(f->book);
	MUST(f, casebook_adopt(f->book, &one.actor, &two.actor, CASEBOOK_CLI, STR_NONE, next, f->arena, &out, &f->err));
	assert_int_equal(out.answer.outcome, CASEBOOK_ADMITTED);
	const struct pack *second = casebook_pack(f->book);
	assert_ptr_not_equal(first, second);
	assert_true(str_eq(second->version, STR("0.2.0")));
	casebook_close(f->book);
	f->book = open_with(f, shelf);
	assert_ptr_equal(casebook_pack(f->book), second);
	casebook_close(f->book);
	f->book = NULL;
}

static void a_pack_that_does_not_hold_is_refused_each_time_it_is_met(void **state)
{
	struct fixture *f = *state;
	CLEANUP(casebook_shelf_cleanup) struct casebook_shelf *shelf = casebook_shelf_create();
	const struct text_change change = { "ladders.yaml", "tell: [ofsted-contact], place: outside", "tell: [dcs]" };
	struct casebook_founding founding = { .pack = changed_all(f, "version: 0.1.0", &change, 1),
		                              .shelf = shelf,
		                              .origin = STR("drill.northmere.example/register"),
		                              .is_drill = true,
		                              .has_seed = true,
		                              .seed = 1 };
	char said[2][sizeof f->err.message];
	for (size_t i = 0; i < 2; i++) {
		struct casebook_made made;
		founding.dir = str_to_c(f->arena, arena_format(f->arena, "%s-%zu", f->dir, i));
		assert_false(casebook_create(&founding, f->arena, &made, &f->err));
		assert_int_equal(f->err.code, ERR_INPUT);
		memcpy(said[i], f->err.message, sizeof said[i]);
		assert_false(file_is_folder(founding.dir));
	}
	assert_non_null(strstr(said[0], "does not hold"));
	assert_string_equal(said[0], said[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_same_text_is_compiled_once_and_outlives_the_register),
		PROVES(another_text_is_another_pack),
		PROVES(a_pack_that_does_not_hold_is_refused_each_time_it_is_met),
	};
	return PROVE(tests);
}
