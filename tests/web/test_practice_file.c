/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* My work, the page of a concern, entries and who has read them. */
#include "web/staff.h"

#include "casebook/book.h"
#include "casebook/disposal.h"

/* Whoever opens the file is told at once, and not entry by entry alone. */
static void a_file_whose_key_was_destroyed_says_so_on_top(void **state)
{
	struct fixture *f = *state;
	with_disposal(f);
	struct person screener = person(f, "amara", "screener"), manager = person(f, "tomas", "team-manager");
	struct casebook_answer kept = report(f, "He stays."), gone = report(f, "He is alone at night.");
	destroyed(f, &screener, &manager, gone.number);
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &screener);
	get(&site, path_on(&site, &gone, ""));
	must_see(&site, "The words of this file were lawfully destroyed.");
	get(&site, path_on(&site, &kept, ""));
	must_not_see(&site, "lawfully destroyed");
	shut(&site);
}

static void what_waits_is_read_by_its_labels(void **state)
{
	struct fixture *f = *state;
	with_disposal(f);
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer old = report(f, "He is alone at night.");
	struct casebook_answer waits =
		act(f, &screener.actor, "disposal.done", old.number, fields_of(f, "{'note':'Everybody was asked.'}"));
	assert_int_equal(waits.outcome, CASEBOOK_WAITING);
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &screener);
	get(&site, arena_format(f->arena, "/entries/%" PRId64, waits.index).p);
	must_see(&site, ">Note</dt>");
	must_see(&site, "Everybody was asked.");
	must_not_see(&site, "{&quot;fields");
	shut(&site);
}

static void late_work_stands_first_and_is_said_first(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	report(f, "An old worry.");
	later(f, 4 * INSTANT_PER_DAY);
	report(f, "A new worry.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/work");
	must_see(&site, "<title>(3 late) My work - Duty team - Candour</title>");
	must_see(&site, "class=\"cd-sum__late\">3 late</strong>");
	size_t late = str_find_str(site.body, STR("id=\"late\""));
	size_t next = str_find_str(site.body, STR("id=\"week\""));
	assert_true(late < next);
	must_see(&site, "C-1");
	must_see(&site, "/files/C-1/concern.decided");
	get_json(&site, "/work");
	must_see(&site, "\"group\":\"Late\"");
	must_see(&site, "\"rule\":\"T01\"");
	shut(&site);
}

static void my_work_counts_itself_for_programs(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	report(f, "An old worry.");
	later(f, 4 * INSTANT_PER_DAY);
	report(f, "A new worry.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get_json(&site, "/work");
	must_see(&site, "\"counts\":{\"late\":3,\"today\":");
	must_see(&site, ",\"before_next\":");
	must_see(&site, "\"office\":{\"id\":\"screener\",\"title\":\"Duty team\"}");
	shut(&site);
}

/* A page shows fifty; what it says is of all. */
static void my_work_says_how_much_there_is_and_not_how_much_is_shown(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	for (int i = 0; i < 40; i++)
		report(f, "An old worry.");
	later(f, 4 * INSTANT_PER_DAY);
	report(f, "A new worry.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/work");
	must_see(&site, "<title>(120 late) My work");
	must_see(&site, "class=\"cd-sum__late\">120 late</strong>");
	must_see(&site, "id=\"late\">Late</h2><span>120</span>");
	must_see(&site, "<strong>1 due today</strong>");
	struct str next = between(&site, "govuk-pagination__link\" href=\"", "\"");
	get(&site, str_to_c(f->arena, next));
	must_see(&site, "<title>(120 late) My work");
	must_see(&site, "id=\"late\">Late</h2><span>120</span>");
	get_json(&site, str_to_c(f->arena, next));
	must_see(&site, "\"counts\":{\"late\":120,\"today\":1,");
	shut(&site);
}

/* Pages 4.2: before days on which nobody is there, from 3pm. */
static void a_friday_afternoon_says_what_falls_due_before_monday(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	later(f, INSTANT_PER_DAY); /* Friday 10am */
	report(f, "He is alone at night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/work");
	must_not_see(&site, "Due before Monday");
	later(f, 5 * INSTANT_PER_HOUR + INSTANT_PER_MINUTE);
	sign_in(&site, "amara", &amara);
	get(&site, "/work");
	must_see(&site, "Due before Monday 9am: ");
	must_see(&site, "Out of hours, Emergency duty worker sees: 0.");
	shut(&site);
}

/* Pages 8.5: not on the page of health alone. */
static void a_clock_that_stands_is_said_to_those_who_rely_on_it(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	report(f, "He is alone at night.");
	MUST(f, casebook_beat(f->book, &f->err));
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	later(f, 11 * INSTANT_PER_MINUTE);
	get(&site, "/work");
	must_not_see(&site, "The clock has stood still");
	f->book->is_drill = false; /* a drill's time leaps, and is never late */
	get(&site, "/work");
	must_see(&site, "The clock has stood still since ");
	get(&site, "/files/C-1");
	must_see(&site, "The clock has stood still since ");
	get(&site, "/sign-in");
	must_not_see(&site, "The clock has stood still");
	f->book->is_drill = true;
	shut(&site);
}

/* Two servers on one folder: the one whose lock was taken away takes nothing, and says so. */
static void a_server_that_is_not_the_writer_any_more_says_so(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	char path[128];
	report(f, "He is alone at night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	int64_t before = entries_of(f);
	get(&site, "/files/C-1/note.made");
	(void)snprintf(path, sizeof path, "%s/lock", f->dir);
	assert_int_equal(unlink(path), 0);
	post_own(&site, "/files/C-1/note.made", "text=Once&submission=s1");
	assert_int_equal(site.status, 503);
	must_see(&site, "We cannot take this right now");
	assert_int_equal(entries_of(f), before);
	get(&site, "/health");
	must_see(&site, "The register can be read, not written.");
	site.cookie_count = 0;
	get(&site, "/health");
	assert_int_equal(site.status, 503);
	shut(&site);
}

static void my_work_shows_no_words_and_no_names(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	report(f, "CANARY cries at night.");
	struct site site = serve(f, NULL);
	site.canary = "CANARY";
	sign_in(&site, "amara", &amara);
	get(&site, "/work");
	must_not_see(&site, "CANARY");
	get(&site, "/late");
	must_not_see(&site, "CANARY");
	get(&site, "/work.ics");
	must_see(&site, "BEGIN:VEVENT");
	must_see(&site, "SUMMARY:C-1 T01");
	must_not_see(&site, "CANARY");
	get(&site, "/files/C-1");
	must_see(&site, "CANARY cries at night.");
	shut(&site);
}

static void who_is_told_next_is_named_by_its_office(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener"), dana = person(f, "dana", "dsl"),
		      petra = person(f, "petra", "police-contact");
	struct casebook_answer concern = report(f, "He is alone at night.");
	static const char *const ASKED[] = { "dsl", "police-contact" };
	for (size_t i = 0; i < 2; i++) {
		struct json *fields = json_object(f->arena);
		json_put_bool(f->arena, fields, STR("urgent"), false);
		json_put_text(f->arena, fields, STR("lawful-basis"), STR("public-task"));
		json_put_text(f->arena, fields, STR("question"), STR("Known?"));
		json_put_text(f->arena, fields, STR("office"), str_from_c(ASKED[i]));
		admitted(f, &amara.actor, "concern.asked", concern.file, fields);
	}
	struct site site = serve(f, NULL);
	sign_in(&site, "petra", &petra);
	get(&site, "/work");
	must_see(&site, "next told: Police sergeant, ");
	must_not_see(&site, "of the office that owes it");
	/* The head of a school is its safeguarding lead's manager too, and is told once. */
	sign_in(&site, "dana", &dana);
	get(&site, "/files/C-1");
	struct str after = between(&site, "\"> about Answer what you were asked about the child</span></span></summary>", "</ol>");
	size_t first = str_find_str(after, STR("Headteacher"));
	assert_true(first < after.n);
	after = str_sub(after, first + 1, after.n);
	assert_int_equal(str_find_str(after, STR("Headteacher")), after.n);
	shut(&site);
}

static void who_is_told_next_is_the_office_of_the_same_area(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener"),
		      ada = person(f, "ada", "register-administrator");
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &ada.actor, "office.made", STR_NONE,
	         fields_of(f, "{'office':'police-contact-north','role':'police-contact','agency':'police',"
	                      "'area':'north','title':'Contact desk, North'}"));
	admitted(f, &ada.actor, "office.made", STR_NONE,
	         fields_of(f, "{'office':'police-sergeant-north','role':'police-sergeant','agency':'police',"
	                      "'area':'north','title':'Sergeant, North'}"));
	struct person petra = person(f, "petra", "police-contact-north");
	(void)person(f, "sara", "police-sergeant-north"); /* nobody works where nobody ever sat */
	admitted(f, &amara.actor, "concern.asked", concern.file,
	         fields_of(f, "{'urgent':false,'lawful-basis':'public-task','question':'Known?',"
	                      "'office':'police-contact-north'}"));
	struct site site = serve(f, NULL);
	sign_in(&site, "petra", &petra);
	get(&site, "/work");
	must_see(&site, "next told: Sergeant, North, ");
	get(&site, "/files/C-1");
	must_see(&site, "Sergeant, North");
	must_not_see(&site, "of the office that owes it");
	shut(&site);
}

static void a_visit_with_the_code_is_told_as_the_reporters_own(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_viewer viewer = { .actor = { .by = CASEBOOK_BY_PERSON }, .purpose = STR("return") };
	struct casebook_answer told = admitted(f, &amara.actor, "concern.acknowledged", concern.file,
	                                       fields_of(f, "{'to':'referrer','how':'return-page','reply':'Thank you.'}"));
	enum casebook_seal how;
	struct str words;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_open_reply(reader, &viewer, file_named(f, concern.file).n, told.index, f->arena, &how,
	                            &words, &f->err));
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/files/C-1/readings");
	must_see(&site, ">Whoever reported<");
	must_see(&site, ">None: with the return code<");
	must_not_see(&site, "Not on any duty of this file");
	get(&site, "/files/C-1/readings.csv");
	must_see(&site, "\"Whoever reported\",\"None: with the return code\"");
	shut(&site);
}

static void opening_the_words_is_a_recorded_reading(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	report(f, "He is alone at night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/files/C-1/readings");
	must_see(&site, "Nobody has opened a seal on this file.");
	get(&site, "/files/C-1");
	must_see(&site, "2026, 10am, on the web</p>");
	must_see(&site, "He is alone at night.");
	must_see(&site, "Your reading of this was recorded at");
	get(&site, "/files/C-1/readings");
	must_see(&site, ">amara<");
	must_see(&site, "Sealed words up to entry");
	must_see(&site, "data-label=\"Why\">Work on this file<");
	must_see(&site, ">26 Nov 2026, 10am</th>");
	get(&site, "/readings");
	must_see(&site, "C-1");
	shut(&site);
}

static void who_told_is_opened_by_itself_with_its_purpose(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_act act = { .actor = BY_PUBLIC,
		                    .via = CASEBOOK_WEB,
		                    .kind = STR("concern.received"),
		                    .fields = fields_of(f, "{'danger-now':'no','source':'neighbour',"
		                                           "'happening':'x','harm':['not-yet-known'],"
		                                           "'harm-sign':'unknown','channel':'web',"
		                                           "'name':'Rita Teller','contact':'01632 960001',"
		                                           "'contact-rules':'Say a wrong number'}") };
	struct casebook_answer answer;
	MUST(f, casebook_submit(f->book, &act, f->arena, &answer, &f->err));
	fixture_must_admit(&answer, "concern.received");
	const char *entry = arena_format(f->arena, "/entries/%" PRId64, answer.index).p;
	const char *who = arena_format(f->arena, "%s?who=told", entry).p;
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	const char *const pages[] = { "/files/C-1", entry };
	for (size_t i = 0; i < COUNT_OF(pages); i++) {
		get(&site, pages[i]);
		must_see(&site, who);
		must_not_see(&site, "Rita");
		must_not_see(&site, "960001");
		must_not_see(&site, "wrong number");
		get_json(&site, pages[i]);
		must_not_see(&site, "Rita");
	}
	get(&site, "/files/C-1/readings");
	must_not_see(&site, "To know who told us");
	get(&site, who);
	must_see(&site, "Rita Teller");
	must_see(&site, "01632 960001");
	must_see(&site, "Say a wrong number");
	get(&site, "/files/C-1/readings");
	must_see(&site, "To know who told us");
	shut(&site);
}

static void initials_are_off_until_somebody_asks(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_act act = { .actor = BY_PUBLIC,
		                    .via = CASEBOOK_WEB,
		                    .kind = STR("concern.received"),
		                    .fields = fields_of(f, "{'danger-now':'no','source':'neighbour',"
		                                           "'happening':'x','harm':['not-yet-known'],"
		                                           "'harm-sign':'unknown','channel':'web',"
		                                           "'child':'Robin Hale, about 9'}") };
	struct casebook_answer answer;
	MUST(f, casebook_submit(f->book, &act, f->arena, &answer, &f->err));
	fixture_must_admit(&answer, "concern.received");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/work");
	must_not_see(&site, "R.H.");
	get(&site, "/work?show=initials");
	must_see(&site, "C-1</a> R.H.");
	must_not_see(&site, "Robin");
	get(&site, "/files/C-1/readings");
	must_see(&site, "Initials on a list");
	shut(&site);
}

static void what_was_typed_comes_back_as_text(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	report(f, "<script>alert(1)</script> & \"so\" 'on'");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/files/C-1");
	must_see(&site, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;so&quot;");
	must_not_see(&site, "<script>alert");
	shut(&site);
}

/* What others wrote stands beside the list until this account has opened it. */
static void what_others_wrote_waits_until_it_is_opened(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct person petra = person(f, "petra", "police-contact");
	static const struct casebook_actor reporter = { .by = CASEBOOK_BY_PERSON };
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &amara.actor, "concern.asked", concern.file,
	         fields_of(f, "{'office':'police-contact','urgent':'no',"
	                      "'lawful-basis':'public-task','question':'What do you know?'}"));
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/work");
	must_see(&site, "Answers and questions for you");
	must_see(&site, "Nothing new on the files where Duty team owes something.");
	admitted(f, &petra.actor, "concern.answered", concern.file,
	         fields_of(f, "{'knows':'nothing','answer':'We know nothing.','last-seen':'2026-11-01'}"));
	struct casebook_answer added =
		admitted(f, &reporter, "concern.added", concern.file,
	                 fields_of(f, "{'source':'neighbour','words':'CANARY again.'}"));
	get(&site, "/work");
	must_see(&site, "What we know, <span class=\"cd-nowrap\">C-1</span></a><br>From Police contact");
	must_see(&site, "More about it, <span class=\"cd-nowrap\">C-1</span></a><br>From whoever reported");
	must_not_see(&site, "CANARY");
	get_json(&site, "/work");
	must_see(&site, "\"answers\":[{\"what\":");
	get(&site, arena_format(f->arena, "/entries/%" PRId64, added.index).p);
	must_see(&site, "CANARY again.");
	get(&site, "/work");
	must_see(&site, "Nothing new on the files where Duty team owes something.");
	sign_in(&site, "petra", &petra);
	get(&site, "/work");
	must_not_see(&site, "More about it, C-1"); /* the police owes nothing here any more */
	shut(&site);
}

static void lists_go_out_as_tables_without_names(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	report(f, "CANARY cries at night.");
	later(f, 4 * INSTANT_PER_DAY);
	struct site site = serve(f, NULL);
	site.canary = "CANARY";
	sign_in(&site, "amara", &amara);
	get(&site, "/work.csv");
	assert_true(str_starts(header(&site, "Content-Type"), STR("text/csv; charset=utf-8")));
	assert_true(str_starts(header(&site, "Content-Disposition"), STR("attachment")));
	assert_true(str_starts(site.body, STR("\"What\",\"Rule\",\"File\",\"Owed by\",\"Due\"")));
	must_see(&site, "\"Decide what happens next\",\"T01\",\"C-1\",\"Duty team\",\"2026-11-28T00");
	must_not_see(&site, "CANARY");
	get(&site, "/late.csv");
	must_see(&site, "\"T01\",\"C-1\"");
	get(&site, "/files/C-1");
	get(&site, "/readings.csv");
	must_see(&site, "\"C-1\"");
	get(&site, "/files/C-1/readings.csv");
	must_see(&site, "\"amara\",\"Duty team\"");
	site.cookie_count = 0;
	get(&site, "/late.csv");
	must_lead_to(&site, "/sign-in");
	shut(&site);
}

static void another_office_is_told_there_is_no_such_file(void **state)
{
	struct fixture *f = *state;
	(void)person(f, "amara", "screener");
	struct person gp = person(f, "gwen", "gp");
	report(f, "He is alone at night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "gwen", &gp);
	static const char *const PATHS[] = { "/files/C-1", "/files/C-1/readings",
		                             "/files/C-1/note.made", "/files/C-999" };
	for (size_t i = 0; i < COUNT_OF(PATHS); i++) {
		get(&site, PATHS[i]);
		assert_int_equal(site.status, 404);
		must_see(&site, "We cannot find that page");
	}
	post_json(&site, "/files/C-1/note.made", NULL, "{'text':'x'}");
	assert_int_equal(site.status, 401);
	get(&site, "/find");
	post_own(&site, "/find", "q=C-1&why=work");
	must_see(&site, "Nothing found that your office may see.");
	shut(&site);
}

static void an_office_that_owes_but_reads_nothing_sees_no_words(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct person ruth = person(f, "ruth", "register-administrator");
	report(f, "He is alone at night.");
	(void)amara;
	struct site site = serve(f, NULL);
	sign_in(&site, "ruth", &ruth);
	get(&site, "/files/C-1");
	assert_int_equal(site.status, 404);
	must_not_see(&site, "alone at night");
	shut(&site);
}

static void the_chronology_shows_silence(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	later(f, 45 * INSTANT_PER_DAY);
	admitted(f, &amara.actor, "note.made", concern.file, fields_of(f, "{'text':'Seen today.'}"));
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/files/C-1");
	must_see(&site, "No entry for 45 days");
	must_not_see(&site, "Seen today.");
	get(&site, "/files/C-1?open=all");
	must_see(&site, "Seen today.");
	shut(&site);
}

static void whoever_was_told_says_that_it_was_read(void **state)
{
	struct fixture *f = *state;
	struct person tomas = person(f, "tomas", "team-manager");
	size_t fired;
	instant next;
	(void)person(f, "amara", "screener");
	report(f, "He is alone at night.");
	later(f, 5 * INSTANT_PER_DAY);
	MUST(f, casebook_climb(f->book, casebook_now(f->book), 100, &fired, &next, &f->err));
	assert_true(fired > 0);
	struct site site = serve(f, NULL);
	sign_in(&site, "tomas", &tomas);
	get(&site, "/office"); /* a manager stands in for the offices below */
	post_own(&site, "/office", "office=team-manager");
	get(&site, "/work");
	must_see(&site, "Told to you");
	must_see(&site, "I have read this");
	struct str duty = between(&site, "name=\"duty\" value=\"", "\"");
	struct str submission = between(&site, "name=\"submission\" value=\"", "\"");
	int64_t before = entries_of(f);
	post_own(&site, "/files/C-1/duty.read",
	         arena_format(f->arena, "duty=%.*s&submission=%.*s&to=/work", STR_ARG(duty),
	                      STR_ARG(submission))
	                 .p);
	assert_int_equal(site.status, 303);
	assert_int_equal(entries_of(f), before + 1);
	shut(&site);
}

static void an_entry_has_its_page_and_its_receipt(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	const char *path = arena_format(f->arena, "/entries/%" PRId64, concern.index).p;
	get(&site, path);
	must_see(&site, "He is alone at night.");
	get(&site, arena_format(f->arena, "%s/receipt", path).p);
	assert_int_equal(site.status, 200);
	assert_true(str_starts(header(&site, "Content-Disposition"), STR("attachment")));
	get(&site, "/entries/999999");
	assert_int_equal(site.status, 404);
	get(&site, "/entries/x");
	assert_int_equal(site.status, 404);
	shut(&site);
}

/* Counts of offices, rules and ladders; the group that has waited longest stands first. */
static void what_is_late_is_counted_by_office_rule_and_ladder(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	(void)report(f, "x");
	(void)report(f, "x");
	later(f, 4 * INSTANT_PER_DAY);
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/late");
	must_see(&site, "<a class=\"govuk-link\" href=\"/late?by=rule\">By rule</a>");
	get(&site, "/late?by=rule");
	must_see(&site, "<strong aria-current=\"page\">By rule</strong>");
	must_see(&site, ">Decide what happens next</th><td class=\"govuk-table__cell "
	                "govuk-table__cell--numeric\" data-label=\"How many are late\">2</td>");
	get(&site, "/late?by=office");
	must_see(&site, ">Duty team</th>");
	get(&site, "/late?by=ladder");
	must_see(&site, ">Referral</th>");
	must_not_see(&site, ">-</th>");
	get_json(&site, "/late?by=ladder");
	must_see(&site, "\"name\":\"referral\"");
	shut(&site);
}

/* What the register refused is told in words, and nobody by a number. */
static void what_was_refused_says_what_was_missing(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "x");
	struct casebook_answer refused =
		act(f, &amara.actor, "concern.decided", concern.file,
	            fields_of(f, arena_format(f->arena,
	                                      "{'decision':'none','reason-none':'information-only',"
	                                      "'threshold':'1','evidence':[%" PRId64
	                                      "],'reasons':'Nothing.'}",
	                                      concern.index)
	                                 .p));
	assert_int_equal(refused.outcome, CASEBOOK_REFUSED);
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/files/C-1");
	must_see(&site, "What was tried");
	must_see(&site, "Decide what happens next");
	must_see(&site, "What was missing");
	must_see(&site, ">amara");
	must_not_see(&site, "G1.");
	must_not_see(&site, str_to_c(f->arena, amara.actor.account));
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_file_whose_key_was_destroyed_says_so_on_top),
		PROVES(what_waits_is_read_by_its_labels),
		PROVES(late_work_stands_first_and_is_said_first),
		PROVES(my_work_counts_itself_for_programs),
		PROVES(my_work_says_how_much_there_is_and_not_how_much_is_shown),
		PROVES(a_friday_afternoon_says_what_falls_due_before_monday),
		PROVES(a_clock_that_stands_is_said_to_those_who_rely_on_it),
		PROVES(a_server_that_is_not_the_writer_any_more_says_so),
		PROVES(my_work_shows_no_words_and_no_names),
		PROVES(who_is_told_next_is_named_by_its_office),
		PROVES(who_is_told_next_is_the_office_of_the_same_area),
		PROVES(a_visit_with_the_code_is_told_as_the_reporters_own),
		PROVES(opening_the_words_is_a_recorded_reading),
		PROVES(who_told_is_opened_by_itself_with_its_purpose),
		PROVES(initials_are_off_until_somebody_asks),
		PROVES(what_was_typed_comes_back_as_text),
		PROVES(what_others_wrote_waits_until_it_is_opened),
		PROVES(lists_go_out_as_tables_without_names),
		PROVES(another_office_is_told_there_is_no_such_file),
		PROVES(an_office_that_owes_but_reads_nothing_sees_no_words),
		PROVES(the_chronology_shows_silence),
		PROVES(whoever_was_told_says_that_it_was_read),
		PROVES(an_entry_has_its_page_and_its_receipt),
		PROVES(what_is_late_is_counted_by_office_rule_and_ladder),
		PROVES(what_was_refused_says_what_was_missing),
	};
	return PROVE(tests);
}
