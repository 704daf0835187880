/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A live register for tests: founded by its set-up code, with two
 * administrators and a police officer who have each signed in, then opened.
 */
#ifndef CANDOUR_TESTS_CASEBOOK_LIVE_H
#define CANDOUR_TESTS_CASEBOOK_LIVE_H

#include "casebook/fixture.h"

struct live {
	struct fixture f;
	char dir[80];
	struct person ada, otto, wanda;
	const struct str *shares;
};

static inline const struct json *naming(struct fixture *f, const char *office, struct str account)
{
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("office"), str_from_c(office));
	json_put_text(f->arena, fields, STR("account"), account);
	return fields;
}

static inline void live_sign_in(struct live *live, const char *name, const struct person *person)
{
	struct str account;
	MUST(&live->f, casebook_sign_in(live->f.book, str_from_c(name), STR(FIXTURE_PASSWORD),
	                                digits_now(&live->f, person->totp), live->f.arena, &account, &live->f.err));
}

static inline void live_seat(struct live *live, struct person *person, const char *office)
{
	if (person != &live->ada)
		admitted(&live->f, &live->ada.actor, "office.held", file_of_office(&live->f, office),
		         naming(&live->f, office, person->account));
	person->actor = (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE,
		                                 .account = person->account,
		                                 .office = str_from_c(office),
		                                 .is_proved = true };
}

/* Beside the fixture's own folder; an empty origin leaves it unnamed. */
static inline void live_found(struct fixture *f, struct live *live, struct str origin)
{
	const char *folders[] = { test_packs() };
	const struct pack_bytes *pack = NULL;
	struct casebook_made made;
	struct casebook_account_made first;
	struct casebook_new_account ada = { .name = STR("ada"), .password = STR(FIXTURE_PASSWORD) };
	*live = (struct live){ .f = { .arena = f->arena } };
	(void)snprintf(live->dir, sizeof live->dir, "%s-live", f->dir);
	MUST(&live->f, pack_find(f->arena, folders, COUNT_OF(folders), STR("england"), &pack, &live->f.err));
	struct casebook_founding founding = { .dir = live->dir, .pack = pack, .origin = origin, .shares = 3, .shares_needed = 2 };
	MUST(&live->f, casebook_create(&founding, f->arena, &made, &live->f.err));
	live->shares = made.shares;
	MUST(&live->f, casebook_open(live->dir, CASEBOOK_WRITE, &live->f.book, &live->f.err));
	MUST(&live->f, casebook_account_first(live->f.book, made.setup_code, &ada, f->arena, &first, &live->f.err));
	live->ada = (struct person){ .account = first.account, .totp = first.totp_base32 };
	live_seat(live, &live->ada, "register-administrator");
	live->otto = account_named(&live->f, "otto");
	live->wanda = account_named(&live->f, "wanda");
	live_seat(live, &live->otto, "register-administrator");
	live_seat(live, &live->wanda, "police-officer");
	live_sign_in(live, "ada", &live->ada);
	live_sign_in(live, "otto", &live->otto);
	live_sign_in(live, "wanda", &live->wanda);
}

static inline struct casebook_answer live_describe(struct live *live, const char *name, const char *text)
{
	struct casebook_described of = { str_from_c(name), str_from_c(text) };
	struct casebook_answer answer;
	MUST(&live->f, casebook_describe(live->f.book, &live->ada.actor, CASEBOOK_CLI, STR("root"), STR(""), &of, 1,
	                                 live->f.arena, &answer, &live->f.err));
	return answer;
}

/* All that opening asks beside those who signed in. */
static inline void live_make_ready(struct live *live)
{
	static const char *const NAMES[] = { "privacy.controllers", "privacy.officer", "privacy.schedule",
		                             "privacy.complaints", "phones" };
	int number;
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		struct casebook_answer answer = live_describe(live, NAMES[i], "The council of Northmere");
		fixture_must_admit(&answer, "register.described");
	}
	for (size_t i = 0; i < 2; i++)
		MUST(&live->f, casebook_share_confirm(live->f.book, live->shares[i], &number, &live->f.err));
	MUST(&live->f, casebook_remember(live->dir, CASEBOOK_BACKED_UP, 1000000, true, &live->f.err));
	MUST(&live->f, casebook_remember(live->dir, CASEBOOK_RESTORED, 1000000, true, &live->f.err));
}

static inline const struct json *agreeing(struct fixture *f, int64_t of)
{
	struct json *fields = json_object(f->arena);
	json_put_integer(f->arena, fields, STR("of"), of);
	json_put_text(f->arena, fields, STR("answer"), STR("yes"));
	json_put_text(f->arena, fields, STR("reasons"), STR("I have asked her; it is so."));
	return fields;
}

/* What Ada asked for waits, on `file`, and Otto agrees. */
static inline void live_agree(struct live *live, const struct casebook_answer *waits, struct str file)
{
	assert_int_equal(waits->outcome, CASEBOOK_WAITING);
	admitted(&live->f, &live->otto.actor, "second.given", file, agreeing(&live->f, waits->index));
}

static inline void live_open(struct live *live)
{
	live_make_ready(live);
	struct casebook_answer waits =
		act(&live->f, &live->ada.actor, "register.opened", STR("R-1"), json_object(live->f.arena));
	assert_false(casebook_is_opened(live->f.book));
	live_agree(live, &waits, STR("R-1"));
	assert_true(casebook_is_opened(live->f.book));
}

static inline void live_close(struct live *live)
{
	casebook_close(live->f.book);
	fixture_remove_folder(live->f.arena, live->dir);
}

#endif
