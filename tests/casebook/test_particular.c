/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a register says of itself: set by entries, sealed, read back; and what opening waits for. */
#include "casebook/live.h"

#define REFUSED(answer, why)                                                                                 \
	do {                                                                                                 \
		assert_int_equal((answer).outcome, CASEBOOK_REFUSED);                                        \
		if (str_find_str((answer).sentence, STR(why)) == (answer).sentence.n)                        \
			fail_msg("said: %.*s", STR_ARG((answer).sentence));                                  \
	} while (0)

static struct casebook_answer describe(struct fixture *f, const struct casebook_actor *actor, const char *name,
                                       const char *text)
{
	struct casebook_described of = { str_from_c(name), str_from_c(text) };
	struct casebook_answer answer;
	MUST(f, casebook_describe(f->book, actor, CASEBOOK_CLI, STR("root"), STR(""), &of, 1, f->arena, &answer,
	                          &f->err));
	return answer;
}

static void must_say(struct fixture *f, const char *name, const char *text)
{
	struct str said;
	MUST(f, casebook_particular(f->book, f->arena, str_from_c(name), &said, &f->err));
	if (!str_eq(said, str_from_c(text)))
		fail_msg("%s says: %.*s", name, STR_ARG(said));
}

static void what_was_set_last_is_what_it_says(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator");
	must_say(f, "area", "");
	struct casebook_answer first = describe(f, &ada.actor, "area", "Northmere");
	fixture_must_admit(&first, "register.described");
	must_say(f, "area", "Northmere");
	struct casebook_answer second = describe(f, &ada.actor, "area", "Northmere and Southmere");
	fixture_must_admit(&second, "register.described");
	must_say(f, "area", "Northmere and Southmere");
	struct casebook_answer third = describe(f, &ada.actor, "area", "");
	fixture_must_admit(&third, "register.described");
	must_say(f, "area", "");
}

static void it_says_the_same_after_it_was_opened_anew(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator");
	describe(f, &ada.actor, "privacy.officer", "Dana Reed,\n1 High Street");
	casebook_close(f->book);
	MUST(f, casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &f->err));
	must_say(f, "privacy.officer", "Dana Reed,\n1 High Street");
}

static void its_words_are_sealed_and_their_names_plain(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator");
	struct casebook_answer answer = describe(f, &ada.actor, "privacy.officer", "Dana Reed");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_entry entry;
	struct buf plain;
	MUST(f, casebook_reader_take(f->book, &reader, &f->err));
	MUST(f, casebook_entry_get(reader, f->arena, answer.index, &entry, &f->err));
	buf_init(&plain, 100000);
	json_write(&plain, entry.plain);
	struct str text = buf_str(&plain);
	assert_true(str_find_str(text, STR("privacy.officer")) < text.n);
	assert_true(str_find_str(text, STR("Dana")) == text.n);
	buf_finish(&plain);
}

static void what_cannot_be_said_is_named(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator");
	static const struct {
		const char *name, *text, *sentence;
	} ROWS[] = {
		{ "colour", "green", "There is nothing called \"colour\"" },
		{ "agency.circus", "Ours", "There is nothing called \"agency.circus\"" },
		{ "area", "A name that is far too long to stand at the head of a page", "40 characters or fewer" },
		{ "area", "Two\nlines", "must be on one line" },
		{ "privacy.officer", "  ", "Write: Data protection officer" },
	};
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct casebook_answer answer = describe(f, &ada.actor, ROWS[i].name, ROWS[i].text);
		assert_int_equal(answer.outcome, CASEBOOK_FAILED);
		assert_int_equal(answer.error_count, 1);
		if (!strstr(answer.err.message, ROWS[i].sentence))
			fail_msg("said: %s", answer.err.message);
	}
}

static void only_an_administrator_sets_it_and_only_here(void **state)
{
	struct fixture *f = *state;
	struct person ada = person(f, "ada", "register-administrator"), sam = person(f, "sam", "screener");
	assert_int_equal(describe(f, &sam.actor, "area", "Northmere").outcome, CASEBOOK_REFUSED);
	struct json *fields = json_object(f->arena), *what = json_array(f->arena);
	json_push(what, json_string(f->arena, STR("area")));
	json_put(fields, STR("what"), what);
	struct casebook_answer answer = act(f, &ada.actor, "register.described", STR("R-1"), fields);
	REFUSED(answer, "on its own page");
	must_say(f, "area", "");
}

static struct casebook_answer open_it(struct live *live)
{
	return act(&live->f, &live->ada.actor, "register.opened", STR("R-1"), json_object(live->f.arena));
}

static void opening_waits_for_what_the_public_is_told(void **state)
{
	struct fixture *f = *state;
	struct live live;
	live_found(f, &live, STR("northmere.example/register"));
	REFUSED(open_it(&live), "Who answers for it (privacy.controllers)");
	live_describe(&live, "privacy.controllers", "The council");
	live_describe(&live, "privacy.schedule", "As the law says");
	live_describe(&live, "privacy.complaints", "1 High Street");
	REFUSED(open_it(&live), "Data protection officer (privacy.officer)");
	live_describe(&live, "privacy.officer", "Dana Reed");
	REFUSED(open_it(&live), "Telephone numbers on the pages, tried (phones)");
	live_close(&live);
}

static void opening_waits_for_shares_and_a_backup_that_was_tried(void **state)
{
	struct fixture *f = *state;
	struct live live;
	int number;
	live_found(f, &live, STR("northmere.example/register"));
	live_make_ready(&live);
	char path[120];
	(void)snprintf(path, sizeof path, "%s/last-restore", live.dir);
	assert_int_equal(unlink(path), 0);
	REFUSED(open_it(&live), "A backup must have been made, and one tried");
	MUST(&live.f, casebook_remember(live.dir, CASEBOOK_RESTORED, 1000000, true, &live.f.err));
	struct casebook_answer opened = open_it(&live);
	live_agree(&live, &opened, STR("R-1"));
	assert_true(casebook_is_opened(live.f.book));
	live_close(&live);
	live_found(f, &live, STR("northmere.example/register"));
	for (size_t i = 0; i < 1; i++)
		MUST(&live.f, casebook_share_confirm(live.f.book, live.shares[i], &number, &live.f.err));
	static const char *const NAMES[] = { "privacy.controllers", "privacy.officer", "privacy.schedule",
		                             "privacy.complaints", "phones" };
	for (size_t i = 0; i < COUNT_OF(NAMES); i++)
		live_describe(&live, NAMES[i], "The council");
	REFUSED(open_it(&live), "Too few officers have read their share");
	live_close(&live);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_was_set_last_is_what_it_says),
		PROVES(it_says_the_same_after_it_was_opened_anew),
		PROVES(its_words_are_sealed_and_their_names_plain),
		PROVES(what_cannot_be_said_is_named),
		PROVES(only_an_administrator_sets_it_and_only_here),
		PROVES(opening_waits_for_what_the_public_is_told),
		PROVES(opening_waits_for_shares_and_a_backup_that_was_tried),
	};
	return PROVE(tests);
}
