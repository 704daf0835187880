/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the judge does not let through: each test is something that somebody of ill will could send. */
#include "vault/vault.h"

#include "casebook/owed.h"

static const struct json *naming(struct fixture *f, const char *office, struct str account)
{
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("office"), str_from_c(office));
	json_put_text(f->arena, fields, STR("account"), account);
	return fields;
}

static const struct json *deputising(struct fixture *f, const char *office, const char *deputy, struct str account)
{
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'from':'2026-11-26T10:00:00Z','until':'2026-12-26T10:00:00Z'}");
	json_put_text(f->arena, fields, STR("office"), str_from_c(office));
	json_put_text(f->arena, fields, STR("deputy"), str_from_c(deputy));
	if (account.n)
		json_put_text(f->arena, fields, STR("account"), account);
	return fields;
}

/* --- holders -------------------------------------------------------------------------------- */

static void an_account_that_nobody_has_holds_no_office(void **state)
{
	struct fixture *f = *state;
	struct person manager = person(f, "tomas", "team-manager");
	REFUSED(f, act(f, &manager.actor, "office.held", file_of_office(f, "screener"),
	               naming(f, "screener", STR("0123456789ABCDEFGHJKMNPQRS"))), "no-account");
}

static void who_ended_holds_no_office_and_deputises_no_more(void **state)
{
	struct fixture *f = *state;
	struct person manager = person(f, "tomas", "team-manager"), worker = account_named(f, "wanda");
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &manager.actor, "office.deputised", file_of_office(f, "screener"),
	         deputising(f, "screener", "social-worker", worker.account));
	struct casebook_actor deputy = { .by = CASEBOOK_BY_OFFICE, .account = worker.account, .office = STR("screener") };
	admitted(f, &deputy, "concern.acknowledged", concern.number, fields_of(f, "{'to':'not-reachable','how':'none'}"));
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("account"), worker.account);
	admitted(f, &BY_REGISTER, "account.ended", STR("R-1"), fields);
	REFUSED(f, act(f, &deputy, "concern.looked", concern.number,
	               fields_of(f, "{'danger':'none-found','checked':['own-files']}")), "not-holder");
	REFUSED(f, act(f, &manager.actor, "office.held", file_of_office(f, "screener"),
	               naming(f, "screener", worker.account)), "no-account");
}

static void nobody_makes_himself_deputy_by_his_other_office(void **state)
{
	struct fixture *f = *state;
	struct person manager = person(f, "tomas", "team-manager");
	REFUSED(f, act(f, &manager.actor, "office.deputised", file_of_office(f, "screener"),
	               deputising(f, "screener", "team-manager", STR(""))), "own");
}

static void nobody_inside_deputises_for_who_stands_outside(void **state)
{
	struct fixture *f = *state;
	struct person administrator = person(f, "ada", "register-administrator");
	struct person head = person(f, "hana", "head-of-service");
	REFUSED(f, act(f, &administrator.actor, "office.deputised", file_of_office(f, "independent-scrutineer"),
	               deputising(f, "independent-scrutineer", "head-of-service", head.account)), "apart");
	REFUSED(f, act(f, &BY_REGISTER, "office.held", file_of_office(f, "ofsted-contact"),
	               naming(f, "ofsted-contact", head.account)), "apart");
}

static void an_administrator_does_not_act_in_an_office_that_is_empty(void **state)
{
	struct fixture *f = *state;
	struct person administrator = person(f, "ada", "register-administrator");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_actor posing = administrator.actor;
	posing.office = STR("dcs");
	REFUSED(f, act(f, &posing, "note.made", concern.number, fields_of(f, "{'text':'All is well.'}")), "not-holder");
	posing.office = STR("independent-scrutineer");
	REFUSED(f, act(f, &posing, "note.made", concern.number, fields_of(f, "{'text':'All is well.'}")), "not-holder");
}

/* Whoever may act in both offices, and the register itself, too. */
static void what_is_about_an_office_lies_on_its_own_file(void **state)
{
	struct fixture *f = *state;
	struct person administrator = person(f, "ada", "register-administrator");
	struct person manager = person(f, "tomas", "team-manager"), owen = account_named(f, "owen");
	struct str screeners = file_of_office(f, "screener");
	struct casebook_answer answer =
		act(f, &administrator.actor, "office.held", screeners, naming(f, "social-worker", owen.account));
	REFUSED(f, answer, "other-office");
	assert_true(str_eq(answer.sentence, STR("This is the file of the office screener; what is about social-worker"
	                                        " goes on its own file")));
	REFUSED(f, act(f, &BY_REGISTER, "office.held", screeners, naming(f, "social-worker", owen.account)),
	        "other-office");
	REFUSED(f, act(f, &administrator.actor, "office.left", screeners, naming(f, "team-manager", manager.account)),
	        "other-office");
	REFUSED(f, act(f, &administrator.actor, "office.deputised", screeners,
	               deputising(f, "social-worker", "screener", owen.account)), "other-office");
	REFUSED(f, act(f, &manager.actor, "office.handed-over", screeners,
	               fields_of(f, "{'office':'team-manager','to':'screener'}")), "other-office");
	admitted(f, &administrator.actor, "office.held", file_of_office(f, "social-worker"),
	         naming(f, "social-worker", owen.account));
}

static void an_office_is_held_once_by_an_account(void **state)
{
	struct fixture *f = *state;
	struct person manager = person(f, "tomas", "team-manager"), owen = account_named(f, "owen");
	struct str screeners = file_of_office(f, "screener");
	admitted(f, &manager.actor, "office.held", screeners, naming(f, "screener", owen.account));
	later(f, INSTANT_PER_MINUTE);
	struct casebook_answer answer =
		act(f, &manager.actor, "office.held", screeners, naming(f, "screener", owen.account));
	REFUSED(f, answer, "holds-it");
	assert_true(str_eq(answer.sentence, STR("This account holds the office screener already")));
	REFUSED(f, act(f, &BY_REGISTER, "office.held", screeners, naming(f, "screener", owen.account)), "holds-it");
	admitted(f, &manager.actor, "office.left", screeners, naming(f, "screener", owen.account));
	admitted(f, &manager.actor, "office.held", screeners, naming(f, "screener", owen.account));
}

static void nobody_leaves_an_office_that_he_does_not_hold(void **state)
{
	struct fixture *f = *state;
	struct person manager = person(f, "tomas", "team-manager"), owen = account_named(f, "owen");
	struct person amara = person(f, "amara", "screener");
	struct str screeners = file_of_office(f, "screener");
	struct casebook_answer answer =
		act(f, &manager.actor, "office.left", screeners, naming(f, "screener", owen.account));
	REFUSED(f, answer, "holds-it-not");
	assert_true(str_eq(answer.sentence, STR("This account does not hold the office screener, so it cannot leave it;"
	                                        " its page names who does")));
	REFUSED(f, act(f, &BY_REGISTER, "office.left", screeners, naming(f, "screener", owen.account)),
	        "holds-it-not");
	REFUSED(f, act(f, &manager.actor, "office.left", screeners,
	               naming(f, "screener", STR("0123456789ABCDEFGHJKMNPQRS"))), "holds-it-not");
	admitted(f, &manager.actor, "office.left", screeners, naming(f, "screener", amara.account));
	later(f, INSTANT_PER_MINUTE);
	REFUSED(f, act(f, &manager.actor, "office.left", screeners, naming(f, "screener", amara.account)),
	        "holds-it-not");
}

static void an_office_is_made_once_under_a_plain_name(void **state)
{
	struct fixture *f = *state;
	struct person administrator = person(f, "ada", "register-administrator");
	REFUSED(f, act(f, &administrator.actor, "office.made", STR_NONE,
	               fields_of(f, "{'office':'dcs','role':'dcs','agency':'council'}")), "office-id");
	REFUSED(f, act(f, &administrator.actor, "office.made", STR_NONE,
	               fields_of(f, "{'office':'Mrs Smith','role':'dcs','agency':'council'}")), "office-id");
	REFUSED(f, act(f, &administrator.actor, "office.made", STR_NONE,
	               fields_of(f, "{'office':'dcs-2','role':'king','agency':'council'}")), "no-role");
	admitted(f, &administrator.actor, "office.made", STR_NONE,
	         fields_of(f, "{'office':'screener-north','role':'screener','agency':'council','area':'north'}"));
}

static void an_office_that_is_made_takes_nothing_from_one_that_is_there(void **state)
{
	struct fixture *f = *state;
	struct person administrator = person(f, "ada", "register-administrator");
	static const char *const SAME[] = {
		"{'office':'aaa','role':'screener','agency':'council'}",
		"{'office':'aaa','role':'screener','agency':'council','area':'-'}",
		"{'office':'aaa','role':'screener','agency':'police','area':'-'}",
	};
	for (size_t i = 0; i < COUNT_OF(SAME); i++)
		REFUSED(f, act(f, &administrator.actor, "office.made", STR_NONE, fields_of(f, SAME[i])), "same-area");
	admitted(f, &administrator.actor, "office.made", STR_NONE,
	         fields_of(f, "{'office':'aaa','role':'screener','agency':'council','area':'north'}"));
	REFUSED(f, act(f, &administrator.actor, "office.made", STR_NONE,
	               fields_of(f, "{'office':'aab','role':'screener','agency':'council','area':'north'}")), "same-area");
	report(f, "He is alone at night.");
	assert_true(str_eq(open_of(f, STR("C-1"), "T01")->office, STR("screener")));
}

static void an_office_is_made_by_who_proved_himself_just_now(void **state)
{
	struct fixture *f = *state;
	struct person administrator = person(f, "ada", "register-administrator");
	administrator.actor.is_proved = false;
	REFUSED(f, act(f, &administrator.actor, "office.made", STR_NONE,
	               fields_of(f, "{'office':'screener-north','role':'screener','agency':'council','area':'north'}")),
	        "not-proved");
}

/* --- accounts and the register -------------------------------------------------------------- */

static void nobody_changes_the_account_of_another_by_a_form(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener"), victim = person(f, "vera", "team-manager");
	struct person administrator = person(f, "ada", "register-administrator");
	struct json *fields = (struct json *)(uintptr_t)fields_of(f, "{'what':'name','tag':'0000'}");
	struct casebook_answer answer;
	json_put_text(f->arena, fields, STR("account"), victim.account);
	REFUSED(f, act(f, &screener.actor, "account.changed", STR("R-1"), fields), "by-itself");
	REFUSED(f, act(f, &administrator.actor, "account.changed", STR("R-1"), fields), "by-itself");
	MUST(f, casebook_account_password(f->book, &screener.actor, CASEBOOK_WEB, STR_NONE, victim.account,
	                                  STR("a password of mine"), f->arena, &answer, &f->err));
	REFUSED(f, answer, "not-own");
}

static void no_account_is_ended_that_is_not_there(void **state)
{
	struct fixture *f = *state;
	struct person administrator = person(f, "ada", "register-administrator"), victim = person(f, "vera", "dcs");
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("account"), victim.account);
	REFUSED(f, act(f, &administrator.actor, "account.ended", STR("R-1"), fields_of(f, "{'account':'vera'}")),
	        "no-account");
	admitted(f, &administrator.actor, "account.ended", STR("R-1"), fields);
	later(f, INSTANT_PER_MINUTE);
	REFUSED(f, act(f, &administrator.actor, "account.ended", STR("R-1"), fields), "no-account");
}

static void no_pack_is_adopted_by_a_form(void **state)
{
	struct fixture *f = *state;
	struct person administrator = person(f, "ada", "register-administrator");
	REFUSED(f, act(f, &administrator.actor, "pack.adopted", STR("R-1"),
	               fields_of(f, "{'name':'england','version':'9','hash':'00','change':'text'}")), "by-itself");
}

static void nobody_says_that_another_agreed(void **state)
{
	struct fixture *f = *state;
	struct person administrator = person(f, "ada", "register-administrator");
	struct person other = person(f, "otto", "register-administrator"), worker = account_named(f, "wanda");
	struct json *fields = (struct json *)(uintptr_t)naming(f, "screener", worker.account);
	json_put_text(f->arena, fields, STR("second"), other.account);
	REFUSED(f, act(f, &administrator.actor, "office.held", file_of_office(f, "screener"), fields), "second");
}

static void a_drill_never_takes_the_name_of_a_live_register(void **state)
{
	struct fixture *f = *state;
	struct person administrator = person(f, "ada", "register-administrator");
	struct casebook_answer answer;
	MUST(f, casebook_register_name(f->book, &administrator.actor, CASEBOOK_CLI, STR_NONE,
	                               STR("register.example.org/northmere"), f->arena, &answer, &f->err));
	REFUSED(f, answer, "name");
	MUST(f, casebook_register_name(f->book, &administrator.actor, CASEBOOK_CLI, STR_NONE,
	                               STR("drill.other.example/northmere"), f->arena, &answer, &f->err));
	REFUSED(f, answer, "named");
	REFUSED(f, act(f, &administrator.actor, "register.named", STR("R-1"),
	               fields_of(f, "{'name':'drill.other.example/northmere'}")), "by-itself");
	assert_true(str_eq(casebook_origin(f->book), STR("drill.northmere.example/register")));
}

static void sign_in_once(struct fixture *f, const char *name, struct str totp)
{
	struct str account;
	MUST(f, casebook_sign_in(f->book, str_from_c(name), STR(FIXTURE_PASSWORD), digits_now(f, totp),
	                         f->arena, &account, &f->err));
}

/* What the public is told is there, the shares are read back, a backup was tried: test_particular.c. */
static void make_ready(struct fixture *live, const char *dir, const struct casebook_actor *actor)
{
	static const char *const NAMES[] = { "privacy.controllers", "privacy.officer", "privacy.schedule",
		                             "privacy.complaints", "phones" };
	struct casebook_described of[COUNT_OF(NAMES)];
	struct casebook_answer answer;
	struct vault_share shares[2];
	int number;
	for (size_t i = 0; i < COUNT_OF(NAMES); i++)
		of[i] = (struct casebook_described){ str_from_c(NAMES[i]), STR("The council of Northmere") };
	MUST(live, casebook_describe(live->book, actor, CASEBOOK_CLI, STR("root"), STR(""), of, COUNT_OF(NAMES),
	                             live->arena, &answer, &live->err));
	fixture_must_admit(&answer, "register.described");
	CLEANUP(vault_cleanup) struct vault *vault = NULL;
	struct vault_options options = { .cached_keys = 16 };
	MUST(live, vault_open(dir, VAULT_WRITE, &options, &vault, &live->err));
	MUST(live, vault_split(vault, 2, 2, 1000000, shares, &live->err));
	for (size_t i = 0; i < 2; i++)
		MUST(live, casebook_share_confirm(live->book, str_from_c(shares[i].text), &number, &live->err));
	MUST(live, casebook_remember(dir, CASEBOOK_BACKED_UP, 1000000, true, &live->err));
	MUST(live, casebook_remember(dir, CASEBOOK_RESTORED, 1000000, true, &live->err));
}

static void a_live_register_opens_with_two_administrators_and_two_agencies(void **state)
{
	struct fixture *f = *state;
	struct fixture live = { .arena = f->arena };
	struct casebook_made made;
	struct casebook_account_made first;
	struct casebook_new_account ada = { .name = STR("ada"), .password = STR(FIXTURE_PASSWORD) };
	char dir[80];
	(void)snprintf(dir, sizeof dir, "%s-live", f->dir);
	fixture_create(&live, dir, false, &made);
	MUST(&live, casebook_open(dir, CASEBOOK_WRITE, &live.book, &live.err));
	MUST(&live, casebook_account_first(live.book, made.setup_code, &ada, f->arena, &first, &live.err));
	struct casebook_actor actor = { .by = CASEBOOK_BY_OFFICE,
		                        .account = first.account,
		                        .office = STR("register-administrator"),
		                        .is_proved = true };
	REFUSED(&live, act(&live, &actor, "register.opened", STR("R-1"), json_object(f->arena)), "alone");
	struct person otto = account_named(&live, "otto");
	/* The first administrator names the second; nobody else could yet. */
	admitted(&live, &actor, "office.held", file_of_office(&live, "register-administrator"),
	         naming(&live, "register-administrator", otto.account));
	REFUSED(&live, act(&live, &actor, "register.opened", STR("R-1"), json_object(f->arena)), "alone");
	assert_false(casebook_is_opened(live.book));
	/* Once it is open, two name a holder, and whoever is named is not one of the two. */
	struct person olga = account_named(&live, "olga");
	admitted(&live, &actor, "office.held", file_of_office(&live, "police-contact"),
	         naming(&live, "police-contact", olga.account));
	sign_in_once(&live, "ada", first.totp_base32);
	sign_in_once(&live, "otto", otto.totp);
	sign_in_once(&live, "olga", olga.totp);
	make_ready(&live, dir, &actor);
	struct casebook_actor second = { .by = CASEBOOK_BY_OFFICE,
		                         .account = otto.account,
		                         .office = STR("register-administrator"),
		                         .is_proved = true };
	/* Both administrators want it. */
	struct casebook_answer opening =
		act(&live, &actor, "register.opened", STR("R-1"), json_object(f->arena));
	assert_int_equal(opening.outcome, CASEBOOK_WAITING);
	assert_false(casebook_is_opened(live.book));
	struct json *agreed = json_object(f->arena);
	json_put_integer(f->arena, agreed, STR("of"), opening.index);
	json_put_text(f->arena, agreed, STR("answer"), STR("yes"));
	json_put_text(f->arena, agreed, STR("reasons"), STR("The notices are filled in."));
	admitted(&live, &second, "second.given", STR("R-1"), agreed);
	assert_true(casebook_is_opened(live.book));
	struct person *named[] = { &otto, &olga };
	for (size_t i = 0; i < COUNT_OF(named); i++) {
		struct str office = file_of_office(&live, "screener");
		struct casebook_answer waits =
			act(&live, &actor, "office.held", office, naming(&live, "screener", named[i]->account));
		assert_int_equal(waits.outcome, CASEBOOK_WAITING);
		struct json *yes = json_object(f->arena);
		json_put_integer(f->arena, yes, STR("of"), waits.index);
		json_put_text(f->arena, yes, STR("answer"), STR("yes"));
		json_put_text(f->arena, yes, STR("reasons"), STR("We both know this person."));
		struct casebook_answer given = act(&live, &second, "second.given", office, yes);
		if (named[i] == &otto)
			REFUSED(&live, given, "own");
		else
			fixture_must_admit(&given, "second.given");
	}
	casebook_close(live.book);
	fixture_remove_folder(f->arena, dir);
}

/* --- files ---------------------------------------------------------------------------------- */

static void the_public_reaches_no_file_by_its_number(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'source':'neighbour','happening':'It is all well again.','harm':['physical'],'danger-now':'no',"
		   "'harm-sign':'no','channel':'web'}");
	struct casebook_answer answer = act(f, &BY_PUBLIC, "concern.received", concern.number, fields);
	assert_int_not_equal(answer.outcome, CASEBOOK_ADMITTED);
}

static void a_duty_is_passed_only_to_an_office_that_can_settle_it(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	person(f, "sam", "police-officer");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("duty"), open_of(f, concern.number, "T01")->name);
	json_put_text(f->arena, fields, STR("to"), STR("police-officer"));
	struct casebook_answer refused = act(f, &screener.actor, "duty.taken", concern.number, fields);
	REFUSED(f, refused, "cannot-settle");
	assert_true(str_find_str(refused.sentence, STR("Team manager")) < refused.sentence.n);
	fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("office"), STR("screener"));
	json_put_text(f->arena, fields, STR("duty"), open_of(f, concern.number, "T01")->name);
	json_put_text(f->arena, fields, STR("to"), STR("police-officer"));
	REFUSED(f, act(f, &screener.actor, "office.handed-over", file_of_office(f, "screener"), fields), "cannot-settle");
	assert_true(str_eq(open_of(f, concern.number, "T01")->office, STR("screener")));
	fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("duty"), open_of(f, concern.number, "T01")->name);
	json_put_text(f->arena, fields, STR("to"), STR("team-manager"));
	admitted(f, &screener.actor, "duty.taken", concern.number, fields);
}

static struct json *handing_over(struct fixture *f, const char *office, struct str duty, const char *to)
{
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("office"), str_from_c(office));
	json_put_text(f->arena, fields, STR("duty"), duty);
	json_put_text(f->arena, fields, STR("to"), str_from_c(to));
	return fields;
}

/* Whoever stands above both could else put it on the file of one what the other gave away. */
static void an_office_hands_over_what_it_owes_itself(void **state)
{
	struct fixture *f = *state;
	struct person manager = person(f, "tomas", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct str duty = open_of(f, concern.number, "T01")->name;
	struct str managers = file_of_office(f, "team-manager"), screeners = file_of_office(f, "screener");
	struct casebook_answer refused =
		act(f, &manager.actor, "office.handed-over", managers, handing_over(f, "team-manager", duty, "team-manager"));
	REFUSED(f, refused, "other-office");
	assert_true(str_eq(refused.sentence,
	                   arena_format(f->arena, "The duty %.*s is owed by the office screener, not by team-manager;"
	                                          " it is handed over by the office that owes it", STR_ARG(duty))));
	assert_true(str_eq(open_of(f, concern.number, "T01")->office, STR("screener")));
	admitted(f, &manager.actor, "office.handed-over", screeners, handing_over(f, "screener", duty, "team-manager"));
	assert_true(str_eq(open_of(f, concern.number, "T01")->office, STR("team-manager")));
}

static void a_duty_is_not_passed_to_somebody_outside(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("duty"), open_of(f, concern.number, "T01")->name);
	json_put_text(f->arena, fields, STR("to"), STR("ofsted-contact"));
	REFUSED(f, act(f, &screener.actor, "duty.taken", concern.number, fields), "outside");
}

static void a_correction_puts_no_words_in_plain_sight(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_answer told = admitted(f, &screener.actor, "concern.looked", concern.number,
	                                       fields_of(f, "{'danger':'none-found','checked':['own-files']}"));
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'field':'danger','why':'mistyped','value':'Mrs Smith of 4 Elm Road'}");
	json_put_integer(f->arena, fields, STR("of"), told.index);
	REFUSED(f, act(f, &screener.actor, "entry.corrected", concern.number, fields), "value");
	fields = (struct json *)(uintptr_t)fields_of(f, "{'field':'danger','why':'mistyped','value':'possible'}");
	json_put_integer(f->arena, fields, STR("of"), told.index);
	admitted(f, &screener.actor, "entry.corrected", concern.number, fields);
}

static void a_gate_sees_the_corrected_answer(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_answer looked = admitted(
		f, &screener.actor, "concern.looked", concern.number,
		fields_of(f, "{'danger':'none-found','checked':['own-files','police','health','school']}"));
	struct json *decided = (struct json *)(uintptr_t)fields_of(
		f, "{'decision':'none','threshold':'2026','reason-none':'information-only','reasons':'Nothing.'}");
	struct json *evidence = json_array(f->arena);
	json_push(evidence, json_integer(f->arena, concern.index));
	json_put(decided, STR("evidence"), evidence);
	/* It was mistyped: nobody had asked the police, health or the school. */
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'field':'checked','why':'mistyped','value':'own-files'}");
	json_put_integer(f->arena, fields, STR("of"), looked.index);
	admitted(f, &screener.actor, "entry.corrected", concern.number, fields);
	struct casebook_answer answer = act(f, &screener.actor, "concern.decided", concern.number, decided);
	assert_int_equal(answer.outcome, CASEBOOK_REFUSED);
	assert_int_equal(answer.missing_count, 3);
}

static void who_broke_the_glass_does_not_review_it(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	hold(f, &screener, "team-manager"); /* and the office that reviews */
	screener.actor.office = STR("screener");
	admitted(f, &screener.actor, "access.broken", concern.number,
	         fields_of(f, "{'because':'The line is down.','until':'2026-11-26T12:00:00Z'}"));
	const struct casebook_duty *review = open_of(f, concern.number, "T96");
	assert_non_null(review);
	assert_true(str_eq(review->office, STR("team-manager")));
	screener.actor.office = STR("team-manager");
	struct json *fields = (struct json *)(uintptr_t)fields_of(f, "{'reasons':'I was right.'}");
	json_put_text(f->arena, fields, STR("duty"), review->name);
	REFUSED(f, act(f, &screener.actor, "duty.read", concern.number, fields), "own");
	struct person manager = person(f, "tomas", "team-manager");
	admitted(f, &manager.actor, "duty.read", concern.number, fields);
	assert_null(open_of(f, concern.number, "T96"));
}

/* --- submissions ---------------------------------------------------------------------------- */

static void a_refusal_sent_again_is_the_same_refusal(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night."), first, second;
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'decision':'none','threshold':'2026','reason-none':'information-only','reasons':'Nothing.'}");
	struct json *evidence = json_array(f->arena);
	json_push(evidence, json_integer(f->arena, concern.index));
	json_put(fields, STR("evidence"), evidence);
	struct casebook_act what = { .actor = screener.actor,
		                     .via = CASEBOOK_WEB,
		                     .submission = STR("decide once"),
		                     .kind = STR("concern.decided"),
		                     .file = concern.number,
		                     .fields = fields };
	MUST(f, casebook_submit(f->book, &what, f->arena, &first, &f->err));
	MUST(f, casebook_submit(f->book, &what, f->arena, &second, &f->err));
	assert_int_equal(first.outcome, CASEBOOK_REFUSED);
	assert_int_equal(second.outcome, CASEBOOK_REFUSED);
	assert_true(second.is_repeat);
	assert_int_equal(second.index, first.index);
	assert_int_equal(second.missing_count, first.missing_count);
	for (size_t i = 0; i < first.missing_count; i++) {
		assert_true(str_eq(first.missing[i].sentence, second.missing[i].sentence));
		assert_true(str_eq(first.missing[i].gate, second.missing[i].gate));
	}
	what.submission = STR("another time");
	what.has_happened = true;
	what.happened = FIXTURE_START - INSTANT_PER_DAY;
	MUST(f, casebook_submit(f->book, &what, f->arena, &first, &f->err));
	what.happened -= INSTANT_PER_DAY;
	MUST(f, casebook_submit(f->book, &what, f->arena, &second, &f->err));
	assert_int_equal(second.outcome, CASEBOOK_FAILED);
}

/* --- what is owed --------------------------------------------------------------------------- */

static void the_fourth_rest_in_a_row_is_owed_by_the_line_above(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &screener.actor, "concern.looked", concern.number,
	         fields_of(f, "{'danger':'none-found','checked':['own-files','police','health','school']}"));
	admitted(f, &screener.actor, "concern.acknowledged", concern.number,
	         fields_of(f, "{'to':'not-reachable','how':'none'}"));
	struct json *decided = (struct json *)(uintptr_t)fields_of(
		f, "{'decision':'early-help','threshold':'2026','reasons':'Help is wanted.'}");
	struct json *evidence = json_array(f->arena);
	json_push(evidence, json_integer(f->arena, concern.index));
	json_put(decided, STR("evidence"), evidence);
	admitted(f, &screener.actor, "concern.decided", concern.number, decided);
	admitted(f, &screener.actor, "concern.told", concern.number, fields_of(f, "{'to':'not-reachable','how':'none'}"));
	static const char *const owners[] = { "screener", "screener", "screener", "team-manager" };
	for (size_t i = 0; i < COUNT_OF(owners); i++) {
		assert_true(str_eq(open_of(f, concern.number, "T00")->office, str_from_c(owners[i])));
		admitted(f, &screener.actor, "note.made", concern.number, fields_of(f, "{'text':'Wait.','next':'wait'}"));
	}
}

static void a_vacancy_that_was_told_is_read_and_ends_when_somebody_is_named(void **state)
{
	struct fixture *f = *state;
	struct person manager = person(f, "tomas", "team-manager");
	report(f, "He is alone at night.");
	struct str office = file_of_office(f, "screener");
	const struct casebook_duty *told = open_of(f, office, "R02");
	assert_non_null(told);
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("duty"), told->name);
	admitted(f, &manager.actor, "duty.read", office, fields);
	assert_null(open_of(f, office, "R02"));
	struct person head = person(f, "sana", "service-manager");
	leave(f, &manager);
	struct casebook_answer concern = report(f, "He is alone again.");
	later(f, 5 * INSTANT_PER_HOUR);
	size_t fired;
	instant next;
	MUST(f, casebook_climb(f->book, casebook_now(f->book), 1000, &fired, &next, &f->err));
	assert_true(concern.index > 0 && head.account.n > 0);
	struct person screener = person(f, "amara", "screener");
	assert_true(screener.account.n > 0);
	assert_null(open_of(f, office, "R02"));
	assert_null(open_of(f, office, "T94"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(an_account_that_nobody_has_holds_no_office),
		PROVES(who_ended_holds_no_office_and_deputises_no_more),
		PROVES(nobody_makes_himself_deputy_by_his_other_office),
		PROVES(nobody_inside_deputises_for_who_stands_outside),
		PROVES(an_administrator_does_not_act_in_an_office_that_is_empty),
		PROVES(what_is_about_an_office_lies_on_its_own_file),
		PROVES(an_office_is_held_once_by_an_account),
		PROVES(nobody_leaves_an_office_that_he_does_not_hold),
		PROVES(an_office_is_made_once_under_a_plain_name),
		PROVES(an_office_that_is_made_takes_nothing_from_one_that_is_there),
		PROVES(an_office_is_made_by_who_proved_himself_just_now),
		PROVES(nobody_changes_the_account_of_another_by_a_form),
		PROVES(no_account_is_ended_that_is_not_there),
		PROVES(no_pack_is_adopted_by_a_form),
		PROVES(nobody_says_that_another_agreed),
		PROVES(a_drill_never_takes_the_name_of_a_live_register),
		PROVES(a_live_register_opens_with_two_administrators_and_two_agencies),
		PROVES(the_public_reaches_no_file_by_its_number),
		PROVES(a_duty_is_passed_only_to_an_office_that_can_settle_it),
		PROVES(an_office_hands_over_what_it_owes_itself),
		PROVES(a_duty_is_not_passed_to_somebody_outside),
		PROVES(a_correction_puts_no_words_in_plain_sight),
		PROVES(a_gate_sees_the_corrected_answer),
		PROVES(who_broke_the_glass_does_not_review_it),
		PROVES(a_refusal_sent_again_is_the_same_refusal),
		PROVES(the_fourth_rest_in_a_row_is_owed_by_the_line_above),
		PROVES(a_vacancy_that_was_told_is_read_and_ends_when_somebody_is_named),
	};
	return PROVE(tests);
}
