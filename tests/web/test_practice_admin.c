/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Offices, accounts, finding, health: and that nobody acts on his own rights. */
#include "casebook/changed_pack.h"
#include "casebook/cosigned.h"
#include "web/staff.h"

static void offices_stand_in_their_lines(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/offices");
	assert_int_equal(site.status, 200);
	must_see(&site, ">Duty team</a>: amara");
	must_see(&site, ">Team manager</a>: <strong>nobody");
	get(&site, "/late");
	must_see(&site, "Nothing is late. Checked");
	get(&site, "/pack");
	must_see(&site, "Working Together 2023");
	must_see(&site, "The office that the entry names");
	must_not_see(&site, " and The ");
	must_not_see(&site, "then its");
	shut(&site);
}

static void the_rules_in_force_are_told_whole(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/pack");
	must_see(&site, "adopted when the register was founded");
	must_see(&site, "1 working day, counted from when it was received");
	/* What there is stands first, by the parts of the rules, and each opens by itself, without script. */
	must_see(&site, "<li><a class=\"govuk-link\" href=\"#duties-concern\">Concern</a> (");
	must_see(&site, "<details class=\"govuk-details cd-part\"><summary");
	must_see(&site, "<div class=\"govuk-details__text\" id=\"duties-concern\">");
	must_see(&site, "<div class=\"govuk-details__text\" id=\"kinds-concern\">");
	must_not_see(&site, "<details class=\"govuk-details cd-part\" open>");
	struct str contents = between(&site, "class=\"cd-contents\">", "</nav>");
	assert_true(str_find_str(contents, STR("href=\"#kinds\">Kinds of entry</a> (")) < contents.n);
	/* What is counted at its head is what stands below, and what every register has of itself. */
	struct str below = between(&site, "href=\"#kinds\">Kinds of entry</a> (", ")");
	must_see(&site, arena_format(f->arena, ", %.*s kinds of entry and ", STR_ARG(below)).p);
	must_see(&site, " that every register has.");
	get(&site, "/pack?whole=yes");
	must_see(&site, "<details class=\"govuk-details cd-part\" open>");
	must_not_see(&site, "<details class=\"govuk-details cd-part\"><summary");
	must_see(&site, "<a class=\"govuk-link\" href=\"/pack/T01\">T01</a>");
	must_see(&site, "<a class=\"govuk-link\" href=\"/pack/referral\">referral</a>");
	must_see(&site, "<a class=\"govuk-link\" href=\"/pack/G1\">G1</a>");
	must_see(&site, "<a class=\"govuk-link\" href=\"/pack/concern\">Concern</a>");
	must_see(&site, "<a class=\"govuk-link\" href=\"/pack/concern.decided\">concern.decided</a>");
	get(&site, "/pack/T01");
	must_see(&site, "T01: Decide what happens next</h1>");
	must_see(&site, "Owed by Duty team, within 1 working day, counted from when it was received.");
	get(&site, "/pack/no-such-part");
	assert_int_equal(site.status, 404);
	shut(&site);
}

static void a_type_of_file_is_drawn_and_told(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/pack/concern");
	must_see(&site, "<title id=\"states-title\">Concern: its states and the ways between them</title>");
	must_see(&site, ">concern.closed [G1, G2]</text>");
	must_see(&site, "data-label=\"Gates\">G1, G2</td>");
	must_see(&site, "<li>Closed: the end</li>");
	must_not_see(&site, "style=");
	shut(&site);
}

static void what_waits_for_the_scrutineer_is_read_before_it_is_agreed_to(void **state)
{
	struct fixture *f = *state;
	struct person ruth = person(f, "ruth", "register-administrator"), bea = person(f, "bea", "named-nurse"),
		      noor = person(f, "noor", "independent-scrutineer");
	const struct text_change longer = { "duties.yaml", "within: { hours: 24 }", "within: { hours: 48 }" };
	struct casebook_adoption out;
	MUST(f, casebook_adopt(f->book, &ruth.actor, &bea.actor, CASEBOOK_WEB, STR_NONE,
	                       changed_all(f, "version: 1.0.0", &longer, 1), f->arena, &out, &f->err));
	assert_int_equal(out.answer.outcome, CASEBOOK_WAITING);
	struct site site = serve(f, NULL);
	sign_in(&site, "noor", &noor);
	const char *proposed = arena_format(f->arena, "/pack/proposed/%lld", (long long)out.answer.index).p;
	const char *path = arena_format(f->arena, "/files/R-1/second.given?of=%lld", (long long)out.answer.index).p;
	get(&site, path);
	assert_int_equal(site.status, 200);
	must_see(&site, proposed);
	get(&site, proposed);
	must_see(&site, "duty T95 within: 24 hours -&gt; 48 hours   looser");
	must_see(&site, "for the independent scrutineer alone");
	get(&site, path);
	post_own(&site, "/files/R-1/second.given",
	         arena_format(f->arena, "of=%lld&answer=yes&reasons=I+read+it", (long long)out.answer.index).p);
	assert_int_equal(site.status, 303);
	get(&site, "/pack");
	must_see(&site, "version 1.0.0");
	must_see(&site, "adopted by ruth (Register administrator) and bea, with the independent scrutineer");
	get(&site, proposed);
	must_not_see(&site, "for the independent scrutineer alone");
	shut(&site);
}

static void nobody_names_himself_to_an_office(void **state)
{
	struct fixture *f = *state;
	struct person ruth = person(f, "ruth", "register-administrator");
	struct person milo = account_named(f, "milo");
	struct site site = serve(f, NULL);
	const char *path =
		arena_format(f->arena, "/files/%.*s/office.held", STR_ARG(file_of_office(f, "gp"))).p;
	sign_in(&site, "ruth", &ruth);
	get(&site, path);
	assert_int_equal(site.status, 200);
	post_own(&site, path,
	         arena_format(f->arena, "office=gp&account=%.*s", STR_ARG(ruth.account)).p);
	assert_int_equal(site.status, 403);
	must_see(&site, "Nobody names himself to an office");
	get(&site, path);
	post_own(&site, path,
	         arena_format(f->arena, "office=gp&account=%.*s", STR_ARG(milo.account)).p);
	assert_int_equal(site.status, 303);
	get(&site, "/offices");
	must_see(&site, ">GP</a>: milo");
	must_see(&site, "href=\"/accounts\">Accounts</a>");
	shut(&site);
}

static void on_an_offices_file_the_office_is_given(void **state)
{
	static const char *const KINDS[] = { "office.held", "office.left", "office.deputised",
		                             "office.handed-over" };
	struct fixture *f = *state;
	struct person ruth = person(f, "ruth", "register-administrator"), milo = account_named(f, "milo");
	struct site site = serve(f, NULL);
	struct str gp = file_of_office(f, "gp");
	sign_in(&site, "ruth", &ruth);
	for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
		get(&site, arena_format(f->arena, "/files/%.*s/%s", STR_ARG(gp), KINDS[i]).p);
		assert_int_equal(site.status, 200);
		must_not_see(&site, "Which office?");
		must_not_see(&site, "name=\"office\"");
		must_see(&site, "GP");
	}
	const char *path = arena_format(f->arena, "/files/%.*s/office.held", STR_ARG(gp)).p;
	get(&site, path);
	post_own(&site, path, arena_format(f->arena, "account=%.*s", STR_ARG(milo.account)).p);
	assert_int_equal(site.status, 303);
	get(&site, "/offices");
	must_see(&site, ">GP</a>: milo");
	get(&site, path);
	post_own(&site, path,
	         arena_format(f->arena, "office=screener&account=%.*s", STR_ARG(milo.account)).p);
	assert_int_equal(site.status, 403);
	must_see(&site, "This is the file of the office gp; what is about screener goes on its own file");
	shut(&site);
}

static void naming_a_holder_asks_for_proof_anew(void **state)
{
	struct fixture *f = *state;
	struct person ruth = person(f, "ruth", "register-administrator"), milo = account_named(f, "milo");
	struct site site = serve(f, NULL);
	struct str gp = file_of_office(f, "gp");
	const char *path = arena_format(f->arena, "/files/%.*s/office.held", STR_ARG(gp)).p;
	sign_in(&site, "ruth", &ruth);
	later(f, 6 * INSTANT_PER_MINUTE);
	get(&site, path);
	assert_int_equal(site.status, 303);
	assert_true(str_starts(header(&site, "Location"), STR("/sign-in/again?to=/files/O-")));
	get(&site, "/accounts");
	/* Whoever acts by commands alone is accused of nothing. */
	must_see(&site, ">No sign-in on record<");
	must_not_see(&site, "Not signed in for 30 days");
	struct str token = between(&site, "name=\"csrf\" value=\"", "\"");
	ask(&site, "POST", path, "application/json", "Sec-Fetch-Site: same-origin\r\n",
	    arena_format(f->arena, "{\"csrf\":\"%.*s\",\"office\":\"gp\",\"account\":\"%.*s\"}",
	                 STR_ARG(token), STR_ARG(milo.account)));
	assert_int_equal(site.status, 401);
	get(&site, "/offices");
	must_not_see(&site, ">GP</a>: milo");
	get(&site, "/accounts");
	post_own(&site, "/accounts", "name=newcomer");
	must_lead_to(&site, "/sign-in/again?to=/accounts");
	shut(&site);
}

static void a_screener_may_neither_add_accounts_nor_name_herself(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	int64_t before = entries_of(f);
	get(&site, "/accounts");
	assert_int_equal(site.status, 403);
	must_see(&site, "Accounts are kept by: Register administrator");
	/* What is not open to her is not offered either. */
	get(&site, "/work");
	must_not_see(&site, "href=\"/accounts\"");
	must_see(&site, "href=\"/offices\"");
	post_own(&site, "/accounts", "name=mine");
	assert_int_equal(site.status, 403);
	const char *path = arena_format(f->arena, "/files/%.*s/office.held",
	                                STR_ARG(file_of_office(f, "team-manager")))
	                           .p;
	get(&site, path);
	post_own(&site, path,
	         arena_format(f->arena, "office=team-manager&account=%.*s", STR_ARG(amara.account)).p);
	assert_int_equal(site.status, 403);
	get(&site, "/work");
	post_own(&site, arena_format(f->arena, "/accounts/%.*s/end", STR_ARG(amara.account)).p, "confirm=yes");
	assert_int_equal(site.status, 403);
	/* What was refused is written down; nothing else has changed. */
	assert_true(entries_of(f) >= before);
	get(&site, "/offices");
	must_see(&site, ">Team manager</a>: <strong>nobody");
	shut(&site);
}

/* Whoever adds it is told neither password nor second factor; its owner begins it. */
static void an_account_is_begun_by_its_owner_with_a_code(void **state)
{
	struct fixture *f = *state;
	struct person ruth = person(f, "ruth", "register-administrator");
	struct site site = serve(f, NULL);
	sign_in(&site, "ruth", &ruth);
	get(&site, "/accounts");
	must_not_see(&site, "type=\"password\"");
	post_own(&site, "/accounts", "name=two+words");
	assert_int_equal(site.status, 422);
	must_see(&site, "An account name has 1 to 64 letters and no blanks");
	post_own(&site, "/accounts", "name=newcomer");
	assert_int_equal(site.status, 201);
	must_not_see(&site, "<svg class=\"cd-qr\"");
	struct str code = between(&site, "class=\"cd-hash\">", "<");
	assert_int_equal(code.n, 23);
	get(&site, "/accounts");
	must_see(&site, "Has a one-time code until");
	post_own(&site, "/accounts", "name=newcomer");
	assert_int_equal(site.status, 422);
	struct site other = site;
	other.cookie_count = 0;
	get(&other, "/sign-in");
	must_see(&other, "href=\"/sign-in/first\"");
	get(&other, "/sign-in/first");
	assert_int_equal(other.status, 200);
	static const char *const BAD[][2] = {
		{ "name=&code=x&password=a+long+enough+password&again=a+long+enough+password", "Write your account name" },
		{ "name=newcomer&code=&password=a&again=a", "Write the code" },
		{ "name=newcomer&code=wrong&password=a+long+enough+password&again=a+long+enough+password", "is not right" },
		{ "name=nobody&code=wrong&password=a+long+enough+password&again=a+long+enough+password", "is not right" },
		{ "name=newcomer&code=x&password=a+long+enough+password&again=another", "The two passwords differ" },
	};
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		post(&other, "/sign-in/first", BAD[i][0]);
		assert_int_equal(other.status, 422);
		must_see(&other, BAD[i][1]);
	}
	post(&other, "/sign-in/first",
	     arena_format(f->arena, "name=newcomer&code=%.*s&password=short&again=short", STR_ARG(code)).p);
	assert_int_equal(other.status, 422);
	must_see(&other, "A password has at least 12 letters");
	const char *form = arena_format(f->arena,
	                                "name=newcomer&code=%.*s&password=a+long+enough+password"
	                                "&again=a+long+enough+password",
	                                STR_ARG(code))
	                           .p;
	post(&other, "/sign-in/first", form);
	assert_int_equal(other.status, 201);
	must_see(&other, "<svg class=\"cd-qr\"");
	must_not_see(&other, "was reset");
	struct person newcomer = { .totp = between(&other, "class=\"cd-hash\">", "<") };
	post(&other, "/sign-in/first", form);
	assert_int_equal(other.status, 422);
	sign_in(&other, "newcomer", &newcomer);
	must_lead_to(&other, "/office");
	shut(&site);
}

static void an_account_that_ended_is_out_at_once(void **state)
{
	struct fixture *f = *state;
	struct person ruth = person(f, "ruth", "register-administrator");
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL), other = site;
	sign_in(&other, "amara", &amara);
	sign_in(&site, "ruth", &ruth);
	get(&site, "/accounts");
	post_own(&site, arena_format(f->arena, "/accounts/%.*s/end", STR_ARG(amara.account)).p, "confirm=yes");
	assert_int_equal(site.status, 303);
	get(&other, "/work");
	must_lead_to(&other, "/sign-in");
	get(&site, "/accounts");
	must_see(&site, "Ended");
	shut(&site);
}

/* Pages 4.7, and without a script. */
static void what_cannot_be_undone_is_asked_a_second_time(void **state)
{
	static const char *const WHAT[][2] = { { "end", "End the account amara?" },
		                               { "reset", "Reset the account amara?" } };
	struct fixture *f = *state;
	struct person ruth = person(f, "ruth", "register-administrator");
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	sign_in(&site, "ruth", &ruth);
	int64_t before = entries_of(f);
	for (size_t i = 0; i < COUNT_OF(WHAT); i++) {
		const char *path = arena_format(f->arena, "/accounts/%.*s/%s", STR_ARG(amara.account),
		                                WHAT[i][0]).p;
		get(&site, "/accounts");
		must_see(&site, arena_format(f->arena, "href=\"%s\"", path).p);
		get(&site, path);
		must_see(&site, WHAT[i][1]);
		must_see(&site, "What follows");
		post_own(&site, path, "x=");
		assert_int_equal(site.status, 200);
		must_see(&site, WHAT[i][1]);
		assert_int_equal(entries_of(f), before);
	}
	/* As the act of its kind, too, which is called by what it does. */
	get(&site, "/files/R-1/account.ended");
	must_see(&site, ">End an account</h1>");
	must_see(&site, "Go on and check");
	post_own(&site, "/files/R-1/account.ended",
	         arena_format(f->arena, "account=%.*s&submission=s1", STR_ARG(amara.account)).p);
	assert_int_equal(site.status, 200);
	must_see(&site, "govuk-button--warning\" type=\"submit\">End an account</button>");
	assert_int_equal(entries_of(f), before);
	post_own(&site, "/files/R-1/account.ended", "confirm=yes&submission=s1");
	assert_int_equal(site.status, 303);
	get(&site, "/files/R-1");
	must_see(&site, "An account ended");
	shut(&site);
}

static void an_office_is_handed_over_in_one_go(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	report(f, "A worry.");
	later(f, 4 * INSTANT_PER_DAY);
	report(f, "Another worry.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/offices/screener/hand-over");
	must_see(&site, "Nothing ends because somebody leaves.");
	post_own(&site, "/offices/screener/hand-over", "all=yes");
	assert_int_equal(site.status, 422);
	must_see(&site, "Choose who takes it");
	post_own(&site, "/offices/screener/hand-over", "to=edt");
	assert_int_equal(site.status, 422);
	must_see(&site, "Choose what is handed over");
	get(&site, "/offices/screener/hand-over");
	struct str late = between(&site, "name=\"duty\" type=\"checkbox\" value=\"", "\"");
	post_own(&site, "/offices/screener/hand-over",
	         arena_format(f->arena, "to=edt&all=yes&duty=%.*s&submission=h1", STR_ARG(late))
	                 .p);
	assert_int_equal(site.status, 200);
	get(&site, "/work");
	must_not_see(&site, "id=\"week\"");
	must_see(&site, "id=\"late\"");
	/* What was handed over is read by what it is and whose it is, not by its number alone. */
	struct str office = file_of_office(f, "screener");
	get(&site, arena_format(f->arena, "/files/%.*s", STR_ARG(office)).p);
	must_see(&site, "Decide what happens next, C-2 (D");
	must_see(&site, "Emergency duty worker");
	get(&site, "/offices/nothing/hand-over");
	assert_int_equal(site.status, 404);
	shut(&site);
}

static void something_is_found_by_number_id_entry_and_code(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "A worry.");
	struct site site = serve(f, NULL);
	struct str code = casebook_code_write(f->arena, &concern.code, '-');
	struct str entry = arena_format(f->arena, "%" PRId64, concern.index);
	struct str asked[] = { STR("c-1"), concern.file, entry, code };
	sign_in(&site, "amara", &amara);
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		get(&site, "/find");
		post_own(&site, "/find",
		         arena_format(f->arena, "q=%.*s&why=work", STR_ARG(asked[i])).p);
		assert_int_equal(site.status, 200);
		must_see(&site, "Concern <span class=\"cd-number\">C-1</span></a>");
	}
	get(&site, "/find");
	post_own(&site, "/find", "q=c-1");
	assert_int_equal(site.status, 422);
	must_see(&site, "Choose why you are looking");
	get(&site, "/find");
	post_own(&site, "/find", "q=nobody&why=work");
	must_see(&site, "Nothing found that your office may see.");
	shut(&site);
}

static void health_says_when_it_was_backed_up_tried_and_verified(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	instant noon = INT64_C(1795780800000000); /* 2026-11-27T12:00:00Z */
	sign_in(&site, "amara", &amara);
	get(&site, "/health");
	must_see(&site, "Last backup</dt><dd class=\"govuk-summary-list__value\">Never. Run: candour "
	                "backup DIR TO");
	must_see(&site, "Last time a backup was restored");
	must_see(&site, "None were made. A lost disk would lose every record.");
	MUST(f, casebook_remember(f->dir, CASEBOOK_BACKED_UP, noon, true, &f->err));
	MUST(f, casebook_remember(f->dir, CASEBOOK_RESTORED, noon, true, &f->err));
	MUST(f, casebook_remember(f->dir, CASEBOOK_VERIFIED, noon, true, &f->err));
	get(&site, "/health");
	must_see(&site, "Friday 27 November 2026, midday");
	must_see(&site, "and it fitted its own proof");
	must_not_see(&site, f->dir);
	get_json(&site, "/health");
	must_see(&site, "\"last_backup\":\"2026-11-27T12:00:00Z\"");
	must_see(&site, "\"shares_needed\":0");
	MUST(f, casebook_remember(f->dir, CASEBOOK_VERIFIED, noon, false, &f->err));
	get(&site, "/health");
	must_see(&site, "The record does not fit its own proof. Do not restart. Tell the scrutineer.");
	site.cookie_count = 0;
	get(&site, "/health");
	assert_int_equal(site.status, 503);
	must_not_see(&site, "Last backup");
	shut(&site);
}

static void health_says_whether_outside_witnesses_signed(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct witnesses witnesses;
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/health");
	must_see(&site, "None is asked to countersign this register.");
	witnesses_ask(f, &witnesses);
	witnesses_publish(f, &witnesses, 1);
	get(&site, "/health");
	must_see(&site, "Entries are safe. Outside witnesses have not signed since they were asked, or for a long time.");
	must_see(&site, "Witness b</dt><dd class=\"govuk-summary-list__value\"><strong class=\"cd-tag cd-tag--late\">Look at "
	                "this</strong> Signed nothing lately");
	get(&site, "/metrics");
	must_see(&site, "candour_witnesses 2\ncandour_witnessed_size -1\n");
	witnesses_publish(f, &witnesses, 2);
	get(&site, "/health");
	must_see(&site, "All that is published has its quorum");
	must_not_see(&site, "Signed nothing lately");
	get_json(&site, "/health");
	must_see(&site, "\"asks\":true,\"is_met\":true,\"has_quorum\":true");
	later(f, 10 * INSTANT_PER_MINUTE);
	witnesses_publish(f, &witnesses, 0);
	get(&site, "/health");
	must_see(&site, "Outside witnesses have not signed since today at 10am. Receipts carry a dated promise until they do");
	witnesses_go(&witnesses);
	shut(&site);
}

static void health_says_the_least_to_strangers(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	get(&site, "/health");
	must_see(&site, "This register works.");
	get_json(&site, "/health");
	must_see(&site, "\"ok\":true");
	must_not_see(&site, "entries");
	sign_in(&site, "amara", &amara);
	get(&site, "/health");
	must_see(&site, "Everything works.");
	get_json(&site, "/health");
	must_see(&site, "\"entries\":");
	get(&site, "/metrics");
	must_see(&site, "candour_duties_late 0\n");
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(offices_stand_in_their_lines),
		PROVES(the_rules_in_force_are_told_whole),
		PROVES(a_type_of_file_is_drawn_and_told),
		PROVES(what_waits_for_the_scrutineer_is_read_before_it_is_agreed_to),
		PROVES(nobody_names_himself_to_an_office),
		PROVES(on_an_offices_file_the_office_is_given),
		PROVES(naming_a_holder_asks_for_proof_anew),
		PROVES(a_screener_may_neither_add_accounts_nor_name_herself),
		PROVES(an_account_is_begun_by_its_owner_with_a_code),
		PROVES(an_account_that_ended_is_out_at_once),
		PROVES(what_cannot_be_undone_is_asked_a_second_time),
		PROVES(an_office_is_handed_over_in_one_go),
		PROVES(something_is_found_by_number_id_entry_and_code),
		PROVES(health_says_when_it_was_backed_up_tried_and_verified),
		PROVES(health_says_whether_outside_witnesses_signed),
		PROVES(health_says_the_least_to_strangers),
	};
	return PROVE(tests);
}
