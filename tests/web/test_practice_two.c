/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pages of a live register that is open: what takes two administrators. */
#include "casebook/live.h"
#include "web/staff.h"

/* By the digits of the step after now's: those of now signed in already, and a live clock is not moved. */
static void sign_in_live(struct site *site, const char *name, const struct person *who)
{
	struct arena *arena = site->f->arena;
	struct str digits = digits_at(site->f, who->totp, casebook_now(site->f->book) + 30 * INSTANT_PER_SECOND);
	post(site, "/sign-in", arena_format(arena, "name=%s&password=a+long+enough+password", name).p);
	must_lead_to(site, "/sign-in/digits");
	post(site, "/sign-in/digits", arena_format(arena, "digits=%.*s", STR_ARG(digits)).p);
	assert_int_equal(site->status, 303);
}

static void an_account_is_reset_by_two_and_its_owner_told(void **state)
{
	struct fixture *f = *state;
	struct live live;
	live_found(f, &live, STR("northmere.example/register"));
	live_open(&live);
	struct fixture *l = &live.f;
	struct site ada = serve(l, NULL), otto = ada, wanda = ada;
	sign_in_live(&wanda, "wanda", &live.wanda);
	sign_in_live(&ada, "ada", &live.ada);
	get(&ada, "/accounts");
	post_own(&ada, arena_format(l->arena, "/accounts/%.*s/reset", STR_ARG(live.wanda.account)).p, "confirm=yes");
	assert_int_equal(ada.status, 202);
	must_see(&ada, "This is the first half. Another administrator must agree");
	must_see(&ada, "For wanda alone");
	struct str code = between(&ada, "class=\"cd-hash\">", "<"), entry = between(&ada, "Entry ", "<");
	get(&wanda, "/work");
	assert_int_equal(wanda.status, 200);
	must_see(&wanda, "ada asked for your account to be reset");
	get(&ada, "/work");
	must_not_see(&ada, "asked for your account");
	/* The other one finds it on his own page of work, and sees whose account it is. */
	sign_in_live(&otto, "otto", &live.otto);
	get(&otto, "/work");
	const char *path = arena_format(l->arena, "/files/R-1/second.given?of=%.*s", STR_ARG(entry)).p;
	must_see(&otto, "/files/R-1/second.given");
	get(&otto, path);
	assert_int_equal(otto.status, 200);
	must_see(&otto, "wanda");
	must_see(&otto, "Change an account");
	/* Why is asked of whoever agrees, and is not called optional. */
	must_see(&otto, "for=\"reasons\">Why?</label>");
	post_own(&otto, "/files/R-1/second.given",
	         arena_format(l->arena, "of=%.*s&answer=yes&reasons=&submission=s0", STR_ARG(entry)).p);
	assert_int_equal(otto.status, 422);
	must_see(&otto, "href=\"#reasons\">Write why you answer so</a>");
	post_own(&otto, "/files/R-1/second.given",
	         arena_format(l->arena, "of=%.*s&answer=yes&reasons=I+rang+her&submission=s1", STR_ARG(entry)).p);
	assert_int_equal(otto.status, 303);
	struct str agreed = header(&otto, "Location");
	assert_true(str_starts(agreed, STR("/accounts/agreed/")));
	get(&otto, str_to_c(l->arena, agreed));
	must_see(&otto, "ada was shown the first");
	struct str half = between(&otto, "class=\"cd-hash\">", "<");
	get(&ada, str_to_c(l->arena, agreed));
	assert_int_equal(ada.status, 404);
	get(&wanda, "/work");
	must_lead_to(&wanda, "/sign-in");
	wanda.cookie_count = 0;
	post(&wanda, "/sign-in/first",
	     arena_format(l->arena,
	                  "name=wanda&code=%.*s+%.*s&password=another+long+password&again=another+long+password",
	                  STR_ARG(code), STR_ARG(half))
	             .p);
	assert_int_equal(wanda.status, 201);
	must_see(&wanda, "Your account was reset");
	must_see(&wanda, "asked for by ada (entry ");
	shut(&ada);
	live_close(&live);
}

static void a_holders_account_ends_when_another_agrees(void **state)
{
	struct fixture *f = *state;
	struct live live;
	live_found(f, &live, STR("northmere.example/register"));
	struct fixture *l = &live.f;
	struct person olu = account_named(l, "olu");
	live_open(&live);
	struct site ada = serve(l, NULL);
	sign_in_live(&ada, "ada", &live.ada);
	get(&ada, "/accounts");
	post_own(&ada, arena_format(l->arena, "/accounts/%.*s/end", STR_ARG(live.wanda.account)).p, "confirm=yes");
	assert_int_equal(ada.status, 303);
	get(&ada, str_to_c(l->arena, header(&ada, "Location")));
	must_see(&ada, "An act waits for a second reader");
	must_not_see(&ada, "data-label=\"Signed in\">Ended");
	post_own(&ada, arena_format(l->arena, "/accounts/%.*s/end", STR_ARG(olu.account)).p, "confirm=yes");
	get(&ada, "/accounts");
	must_see(&ada, "data-label=\"Signed in\">Ended");
	shut(&ada);
	live_close(&live);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(an_account_is_reset_by_two_and_its_owner_told),
		PROVES(a_holders_account_ends_when_another_agrees),
	};
	return PROVE(tests);
}
