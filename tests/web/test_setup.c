/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* First set-up on its pages: a question each, left and taken up, one entry; and what is still to do. */
#include "web/staff.h"

struct founded {
	char dir[40];
	struct casebook_made made;
	struct site site;
};

/* A live register of its own, just made, in the fixture's place. */
static struct founded found_live(struct fixture *f)
{
	struct founded live = { .dir = "/tmp/candour-setup-XXXXXX" };
	const char *folders[] = { test_packs() };
	const struct pack_bytes *pack = NULL;
	assert_non_null(mkdtemp(live.dir));
	casebook_close(f->book);
	f->book = NULL;
	MUST(f, pack_find(f->arena, folders, COUNT_OF(folders), STR("england"), &pack, &f->err));
	struct casebook_founding founding = { .dir = live.dir,
		                              .pack = pack,
		                              .origin = STR("northmere.example/register"),
		                              .shares = 3,
		                              .shares_needed = 2 };
	MUST(f, casebook_create(&founding, f->arena, &live.made, &f->err));
	MUST(f, casebook_open(live.dir, CASEBOOK_WRITE, &f->book, &f->err));
	live.site = serve(f, NULL);
	return live;
}

static void leave_live(struct fixture *f, struct founded *live)
{
	shut(&live->site);
	casebook_close(f->book);
	f->book = NULL;
	fixture_remove_folder(f->arena, live->dir);
}

static const char *form_of(struct fixture *f, const char *format, struct str text)
{
	struct str pieces[3] = { str_from_c(format), text, STR("") };
	return str_to_c(f->arena, arena_join(f->arena, pieces, 3));
}

static void send_code(struct founded *live)
{
	post(&live->site, "/setup", form_of(live->site.f, "code=", live->made.setup_code));
}

/* As far as somebody signed in. */
static void be_administrator(struct founded *live)
{
	struct site *site = &live->site;
	send_code(live);
	must_lead_to(site, "/setup/account");
	post(site, "/setup/account", "name=ada&person=Ada+Clarke&password=a+long+enough+password");
	must_lead_to(site, "/setup/second-factor");
	get(site, "/setup/second-factor");
	struct str secret = between(site, "class=\"cd-hash\">", "<");
	post(site, "/setup/second-factor", form_of(site->f, "digits=", digits_now(site->f, secret)));
	must_lead_to(site, "/setup/names");
}

static void answer(struct site *site, const char *path, const char *form, const char *next)
{
	get(site, path);
	assert_int_equal(site->status, 200);
	post_own(site, path, form);
	must_lead_to(site, next);
}

#define NAMES    "partnership=Northmere+Safeguarding+Children+Partnership&area=Northmere"
#define AGENCIES "agency.council=Northmere+Council&agency.police=Northmere+Police&agency.health=Northmere+NHS" \
	         "&scrutineer=Prof.+Lee"
#define SHARES   "officer.1=The+chief+nurse&officer.2=The+director&officer.3=The+chair"

static void a_code_that_is_none_makes_nobody(void **state)
{
	struct fixture *f = *state;
	struct founded live = found_live(f);
	int64_t before = entries_of(f);
	get(&live.site, "/setup");
	must_see(&live.site, "Enter the set-up code that &quot;candour init&quot; printed");
	must_see(&live.site, "Training only: do not report here");
	post(&live.site, "/setup", "code=");
	assert_int_equal(live.site.status, 422);
	must_see(&live.site, "Write the set-up code");
	post(&live.site, "/setup", "code=WRONG-WRONG");
	assert_int_equal(live.site.status, 422);
	must_see(&live.site, "This is not the set-up code of this register");
	must_see(&live.site, "WRONG-WRONG");
	/* Nor does a page behind it open. */
	get(&live.site, "/setup/account");
	must_lead_to(&live.site, "/setup");
	post(&live.site, "/setup/account", "name=eve&password=a+long+enough+password");
	must_lead_to(&live.site, "/setup");
	get(&live.site, "/setup/second-factor");
	must_lead_to(&live.site, "/setup");
	get(&live.site, "/setup/names");
	must_lead_to(&live.site, "/sign-in");
	assert_int_equal(entries_of(f), before);
	leave_live(f, &live);
}

static void what_is_wrong_with_an_account_is_said_with_the_form_filled(void **state)
{
	struct fixture *f = *state;
	struct founded live = found_live(f);
	int64_t before = entries_of(f);
	send_code(&live);
	post(&live.site, "/setup/account", "name=&person=Ada+Clarke&password=a+long+enough+password");
	assert_int_equal(live.site.status, 422);
	must_see(&live.site, "Write an account name");
	must_see(&live.site, "value=\"Ada Clarke\"");
	post(&live.site, "/setup/account", "name=ada&password=short");
	assert_int_equal(live.site.status, 422);
	must_see(&live.site, "A password has at least 12 letters");
	must_not_see(&live.site, "value=\"short\"");
	assert_int_equal(entries_of(f), before);
	leave_live(f, &live);
}

static void the_code_serves_once(void **state)
{
	struct fixture *f = *state;
	struct founded live = found_live(f);
	be_administrator(&live);
	live.site.cookie_count = 0;
	send_code(&live);
	assert_int_equal(live.site.status, 422);
	must_see(&live.site, "This register has its first administrator already");
	get(&live.site, "/setup");
	must_see(&live.site, "Sign in");
	leave_live(f, &live);
}

static void wrong_digits_show_the_picture_again(void **state)
{
	struct fixture *f = *state;
	struct founded live = found_live(f);
	send_code(&live);
	post(&live.site, "/setup/account", "name=ada&password=a+long+enough+password");
	post(&live.site, "/setup/second-factor", "digits=");
	assert_int_equal(live.site.status, 422);
	must_see(&live.site, "Write the 6 digits");
	post(&live.site, "/setup/second-factor", "digits=000000");
	assert_int_equal(live.site.status, 422);
	must_see(&live.site, "These are not the digits of now");
	struct str secret = between(&live.site, "class=\"cd-hash\">", "<");
	assert_int_equal(secret.n, 32);
	leave_live(f, &live);
}

static void all_answers_are_one_entry(void **state)
{
	struct fixture *f = *state;
	struct founded live = found_live(f);
	struct site *site = &live.site;
	be_administrator(&live);
	int64_t before = entries_of(f);
	answer(site, "/setup/names", NAMES, "/setup/calendar");
	get(site, "/setup/calendar");
	must_see(site, "Saturday and Sunday");
	answer(site, "/setup/calendar", "calendar=yes", "/setup/agencies");
	answer(site, "/setup/agencies", AGENCIES, "/setup/shares");
	answer(site, "/setup/shares", SHARES, "/setup/rules");
	get(site, "/setup/rules");
	must_see(site, arena_format(f->arena, "By adopting you agree that these %zu duties bind your offices",
	                            casebook_pack(f->book)->duty_count)
	                       .p);
	struct str hash = hash_hex(f->arena, &casebook_pack(f->book)->hash);
	must_see(site, str_to_c(f->arena, hash));
	answer(site, "/setup/rules", "rules=yes", "/setup/check");
	assert_int_equal(entries_of(f), before);
	get(site, "/setup/check");
	must_see(site, "Northmere Safeguarding Children Partnership");
	must_see(site, "Prof. Lee");
	must_see(site, "Not named");
	post_own(site, "/setup/check", "");
	must_lead_to(site, "/setup/done");
	assert_int_equal(entries_of(f), before + 1);
	/* Once more is no second entry. */
	get(site, "/setup/check");
	post_own(site, "/setup/check", "");
	must_lead_to(site, "/setup/done");
	assert_int_equal(entries_of(f), before + 1);
	get(site, "/");
	must_see(site, "Northmere");
	get(site, "/privacy");
	must_see(site, "We are Northmere Safeguarding Children Partnership.");
	get(site, "/setup");
	must_lead_to(site, "/setup/done");
	leave_live(f, &live);
}

static void it_is_left_and_taken_up(void **state)
{
	struct fixture *f = *state;
	struct founded live = found_live(f);
	struct site *site = &live.site;
	be_administrator(&live);
	answer(site, "/setup/names", NAMES, "/setup/calendar");
	get(site, "/work");
	get(site, "/setup");
	must_lead_to(site, "/setup/calendar");
	get(site, "/setup/names");
	must_see(site, "Northmere Safeguarding Children Partnership");
	get(site, "/setup/check");
	must_lead_to(site, "/setup/calendar");
	leave_live(f, &live);
}

static void each_question_says_what_is_wrong_and_keeps_what_was_typed(void **state)
{
	struct fixture *f = *state;
	struct founded live = found_live(f);
	struct site *site = &live.site;
	static const struct {
		const char *path, *form, *sentence, *kept;
	} ROWS[] = {
		{ "/setup/names", "partnership=Ours&area=", "Write: Area", "value=\"Ours\"" },
		{ "/setup/names", "partnership=Ours&area=A+name+that+is+much+too+long+for+the+head+of+a+page",
		  "Area must be 40 characters or fewer. You have 51", "much too long" },
		{ "/setup/calendar", "", "Choose whether your offices work by this calendar", "" },
		{ "/setup/calendar", "calendar=no", "write a layer of the rules with your calendar",
		  "value=\"no\" checked" },
		{ "/setup/agencies", "agency.council=Northmere+Council&agency.police=&agency.health=NHS&scrutineer=",
		  "Write: Police", "value=\"Northmere Council\"" },
		{ "/setup/agencies", "agency.council=Northmere+Council&agency.police=&agency.health=NHS&scrutineer=",
		  "Write: Scrutineer from outside", "value=\"NHS\"" },
		{ "/setup/shares", "officer.1=The+chair&officer.2=&officer.3=", "Write: Who keeps share 2",
		  "value=\"The chair\"" },
		{ "/setup/rules", "", "Say that you agree, or leave this page", "" },
	};
	be_administrator(&live);
	int64_t before = entries_of(f);
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		get(site, ROWS[i].path);
		post_own(site, ROWS[i].path, ROWS[i].form);
		assert_int_equal(site->status, 422);
		must_see(site, "There is a problem");
		must_see(site, ROWS[i].sentence);
		must_see(site, ROWS[i].kept);
	}
	get(site, "/setup/colours");
	assert_int_equal(site->status, 404);
	assert_int_equal(entries_of(f), before);
	leave_live(f, &live);
}

static void the_list_says_what_is_still_to_do(void **state)
{
	struct fixture *f = *state;
	struct founded live = found_live(f);
	struct site *site = &live.site;
	int number;
	be_administrator(&live);
	get(site, "/setup/done");
	must_see(site, "Before the first real report");
	must_see(site, "8 still to do");
	must_see(site, "The privacy notice filled in");
	must_not_see(site, "Open this register for real reports");
	for (size_t i = 0; i < 2; i++)
		MUST(f, casebook_share_confirm(f->book, live.made.shares[i], &number, &f->err));
	MUST(f, casebook_remember(live.dir, CASEBOOK_BACKED_UP, 1000000, true, &f->err));
	MUST(f, casebook_remember(live.dir, CASEBOOK_RESTORED, 1000000, true, &f->err));
	get(site, "/particulars");
	post_own(site, "/particulars",
	         "privacy.controllers=The+council&privacy.officer=Dana+Reed&privacy.schedule=75+years"
	         "&privacy.complaints=1+High+Street&phones=Ada,+today");
	assert_int_equal(site->status, 303);
	get(site, "/setup/done");
	must_see(site, "3 still to do");
	leave_live(f, &live);
}

static struct str group_of(struct fixture *f, struct str share, struct str label)
{
	uint64_t group;
	struct str rest = share, word = STR_NONE;
	assert_true(str_to_u64(label, 13, &group));
	for (int i = 0; i < 6; i++)
		assert_true(str_cut(&rest, ' ', &word));
	return arena_copy(f->arena, str_sub(word, 6 * ((size_t)group - 1), 5));
}

/* The two groups that the page asks for, as the sheet has them. */
static const char *groups_asked_of(struct site *site, struct str share)
{
	struct fixture *f = site->f;
	struct str first = between(site, "for=\"first\">Group ", "<"), second = between(site, "for=\"second\">Group ", "<");
	return arena_format(f->arena, "first=%.*s&second=%.*s", STR_ARG(group_of(f, share, first)),
	                    STR_ARG(group_of(f, share, second)))
	        .p;
}

static void an_officer_confirms_a_share_by_two_groups(void **state)
{
	struct fixture *f = *state;
	struct founded live = found_live(f);
	struct site *site = &live.site;
	be_administrator(&live);
	get(site, "/key-shares");
	must_see(site, "Fewer than 2 shares confirmed: a lost password could lose every record");
	for (int i = 1; i <= 2; i++) {
		const char *path = arena_format(f->arena, "/key-shares/%d", i).p;
		get(site, path);
		const char *wrong = groups_asked_of(site, live.made.shares[2]);
		post_own(site, path, wrong);
		assert_int_equal(site->status, 422);
		must_see(site, "is not as it was printed: read it again");
		post_own(site, path, "first=&second=");
		assert_int_equal(site->status, 422);
		must_see(site, "Write group ");
		post_own(site, path, groups_asked_of(site, live.made.shares[i - 1]));
		must_lead_to(site, "/key-shares");
	}
	get(site, "/key-shares");
	must_see(site, "2 of 3 shares were read back");
	get(site, "/key-shares/4");
	assert_int_equal(site->status, 404);
	leave_live(f, &live);
}

static void new_shares_are_shown_once_after_proof_anew(void **state)
{
	struct fixture *f = *state;
	struct founded live = found_live(f);
	struct site *site = &live.site;
	struct casebook_shares shares;
	be_administrator(&live);
	get(site, "/key-shares/new");
	assert_int_equal(site->status, 200);
	post_own(site, "/key-shares/new", "count=one&needed=2");
	assert_int_equal(site->status, 422);
	must_see(site, "a whole number from 2 to 32");
	must_see(site, "value=\"one\"");
	post_own(site, "/key-shares/new", "count=5&needed=6");
	assert_int_equal(site->status, 422);
	must_see(site, "How many rebuild the key must be a whole number from 2 to 5");
	post_own(site, "/key-shares/new", "count=5&needed=3");
	assert_int_equal(site->status, 201);
	must_see(site, "candour-share/v1 3 5 5");
	must_see(site, "Tear here");
	MUST(f, casebook_shares(f->book, &shares, &f->err));
	assert_int_equal(shares.count, 5);
	assert_int_equal(shares.confirmed, 0);
	leave_live(f, &live);
}

static void shares_are_the_administrators_to_see(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	static const char *const PATHS[] = { "/key-shares", "/key-shares/new", "/key-shares/1" };
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	for (size_t i = 0; i < COUNT_OF(PATHS); i++) {
		get(&site, PATHS[i]);
		assert_int_equal(site.status, 403);
	}
	shut(&site);
}

static void the_notices_say_what_was_filled_in(void **state)
{
	struct fixture *f = *state;
	struct person ruth = person(f, "ruth", "register-administrator");
	struct site site = serve(f, NULL);
	get(&site, "/privacy");
	must_see(&site, "[Their names and addresses stand here before the first real report.]");
	sign_in(&site, "ruth", &ruth);
	get(&site, "/particulars");
	must_see(&site, "Data protection officer");
	post_own(&site, "/particulars",
	         "privacy.controllers=The+council+%26+others&privacy.officer=Dana+%3Cb%3EReed%0D%0A1+High+Street"
	         "&privacy.schedule=75+years&privacy.complaints=2+Low+Street&accessibility.tested-by=Disability+North"
	         "&accessibility.tested-on=3+March+2026");
	assert_int_equal(site.status, 303);
	get(&site, "/privacy");
	must_see(&site, "The council &amp; others");
	must_see(&site, "Dana &lt;b&gt;Reed\n1 High Street");
	must_see(&site, "75 years");
	must_see(&site, "2 Low Street");
	must_not_see(&site, "[");
	get(&site, "/accessibility");
	must_see(&site, "Disability North tested the pages on 3 March 2026");
	must_not_see(&site, "Nobody from outside");
	/* Sent again unchanged it is no entry. */
	int64_t before = entries_of(f);
	get(&site, "/particulars");
	must_not_see(&site, "Nothing was recorded");
	post_own(&site, "/particulars", "privacy.officer=Dana+%3Cb%3EReed%0D%0A1+High+Street");
	must_lead_to(&site, "/particulars?unchanged=yes");
	get(&site, "/particulars?unchanged=yes");
	must_see(&site, "Nothing was recorded");
	must_see(&site, "Nothing here differs from what stands already.");
	post_own(&site, "/particulars", "privacy.officer=&area=Northmere+now");
	assert_int_equal(site.status, 422);
	must_see(&site, "Write: Data protection officer");
	must_see(&site, "Northmere now");
	assert_int_equal(entries_of(f), before);
	shut(&site);
}

static void only_an_administrator_changes_what_all_may_read(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/particulars");
	must_see(&site, "It is changed by: Register administrator.");
	must_not_see(&site, "<textarea");
	get(&site, "/work/call");
	post_own(&site, "/particulars", "area=Southmere");
	assert_int_equal(site.status, 403);
	get(&site, "/setup/names");
	assert_int_equal(site.status, 403);
	get(&site, "/setup");
	assert_int_equal(site.status, 403);
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_code_that_is_none_makes_nobody),
		PROVES(what_is_wrong_with_an_account_is_said_with_the_form_filled),
		PROVES(the_code_serves_once),
		PROVES(wrong_digits_show_the_picture_again),
		PROVES(all_answers_are_one_entry),
		PROVES(it_is_left_and_taken_up),
		PROVES(each_question_says_what_is_wrong_and_keeps_what_was_typed),
		PROVES(the_list_says_what_is_still_to_do),
		PROVES(an_officer_confirms_a_share_by_two_groups),
		PROVES(new_shares_are_shown_once_after_proof_anew),
		PROVES(shares_are_the_administrators_to_see),
		PROVES(the_notices_say_what_was_filled_in),
		PROVES(only_an_administrator_changes_what_all_may_read),
	};
	return PROVE(tests);
}
