/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An element in sentences; a section as a table. */
#include "pack_fixture.h"

struct asked {
	const char *element;
	const char *says;
};

static const struct asked SENTENCES[] = {
	{ "T27",
	  "T27 Return home interview.\nOwed by Missing coordinator, within 72 hours, counted from the time"
	  " in \"returned\".\n" },
	{ "T27", "Settled by return-interview.held, \"" },
	{ "T27", "  1  at once: Missing coordinator, Missing persons unit\n" },
	{ "T27", "Class: guidance. Certainty: sure.\n" },
	{ "T23", "Class: statute. Certainty: check: ask a lawyer before relying on it.\n" },
	{ "T00", "Class: norm (a number of this pack, not of the law). Certainty: sure.\n" },
	{ "T27", "Nobody can extend it.\n" },
	{ "T62", "If late and urgent is yes, the ladder challenge-urgent is climbed:\n" },
	{ "T62", "Owed by the office named in \"to\", within 2 working days" },
	{ "T10",
	  "within 45 working days, counted from the earliest of the time in \"referral-received\", when it"
	  " was recorded.\n" },
	{ "T23",
	  "Owed by Social worker and Duty inspector, within 8 days, no later than \"order-ends\", counted"
	  " from when it happened.\n" },
	{ "T03", "out of hours by Emergency duty worker" },
	{ "T35", "Awaited from Single Competent Authority" },
	{ "T00", "Opened when nothing else is owed on an open file.\n" },
	{ "T12", "Opened by concern.decided, \"Decide what happens next\", when decision is strategy or"
	         " emergency.\n" },
	{ "R02", "Owed by each office that a climb tells, until the next rung.\n" },
	{ "concern.decided", "Made by MASH screener or Team manager.\n" },
	{ "concern.decided", "On a file of type concern in received, gathering.\n" },
	{ "concern.decided", "Leads to assessing if decision is assess, " },
	{ "concern.decided", "Opens T12 Hold a strategy discussion, when decision is " },
	{ "concern.decided", "Settles T01 Decide on the referral.\n" },
	{ "concern.decided", "Whoever reported reads: Somebody qualified has read your concern" },
	{ "concern.decided", "- reasons: Reasons (text; sealed; required)\n" },
	{ "challenge.raised", "Whoever begins a file by it is watched over for 24 months: what becomes of" },
	{ "concern.received", "It begins a file of type concern.\n" },
	{ "visit.made",
	  "Settles T20 Visit the child under a protection plan, the earliest due, when " },
	{ "G5", "Asked by plan.ended.\n" },
	{ "G5", "  - \"Nobody has seen the child in the last ten working days\",\n    unless there is"
	        " child.seen where contact is seen-alone or seen-with-other within 10 working days.\n" },
	{ "G5", "unless T20 is not late.\n" },
	{ "G1", "asked when the file's harm-sign is yes; or the file's danger is possible or now.\n" },
	{ "agency",
	  "  3  3 working days later: the chief officer of the agency of whoever owes it; the register"
	  " itself then writes \"" },
	{ "agency", "Climbed by T04.\n" },
	{ "visit", "the first that is held of Conference chair, Head of safeguarding\n" },
	{ "cp-chair", "Never on the line of Team manager.\n" },
	{ "screener", "Owes T01, T02, T03, T06.\n" },
	{ "independent-scrutineer", "opens none by itself.\n" },
	{ "duty.climbed", "Made by the register itself.\n" },
	{ "K01", "at least 2 different \"source\" in entries of concern.received where harm is sexual, " },
	{ "K05", "an agency that owes something has been silent for 60 days; or at least 80 in 100 of any"
	         " entry within 6 months come from one agency, where there are at least 10.\n" },
	{ "K09", "child.said follows missing.found within 14 days, and the file's harm-happened is not yes" },
	{ "K16", "Told to Team manager, and to Service manager.\nOpens T12 Hold a strategy discussion.\n" },
	{ "K16", "Opens T12 Hold a strategy discussion on the files that lead to it by \"sibling\", of type child,"
	         " owed by Service manager, if there the file is in known or enquiry.\n" },
	{ "K01", "patterns.yaml:" },
	{ "child", "Child, a file type; its files are numbered " },
	{ "child", "It begins in known; it ends in closed.\n" },
	{ "child", "The file remembers legal: the last answer of \"how\" of protection.taken.\n" },
	{ "concern", "Moved by concern.asked to gathering, from received.\n" },
	{ "concern", "files.yaml:" },
	{ "source", "source, a list of answers:\n" },
	{ "source", "  - hospital: Hospital\n" },
	{ "source", "Asked in \"source\" of concern.received" },
	{ "source", "lists.yaml:" },
	{ "K19", "has reached 17 years and 6 months, and whoever the file is about may be under 18, and the"
	         " last risk.judged is older than 84 days, and the file is in plan or enquiry.\n" },
};

static const struct {
	const char *table;
	size_t columns;
	const char *holds;
} TABLES[] = {
	{ "duties", 10,
	  "\nT62\tAnswer a challenge\tchallenge.raised\tthe office named in \"to\"\t2 working days, counted"
	  " from when it was recorded\tchallenge.answered, challenge.settled\t" },
	/* By a ladder that makes a kind, and on the file at the other end of a relation. */
	{ "duties", 10, "\tsilence.noted (ladder agency)\t" },
	{ "duties", 10, "\tassessment.opened on each file that \"named-in\" leads to, concern.handed-over\t" },
	{ "duties", 10, "\tstrategy.held, strategy.held on each file that \"named-in\" leads to, concern.handed-over\t" },
	{ "duties", 10, ", concern.decided, pattern.considered, K01, K09, K16, K16 on the files that lead to it by \"sibling\","
	  " of type child\t" },
	{ "kinds", 11,
	  "\nplan.made\tProtection plan\tchild\tplan\tactions*:rows\tplan*:text\tsocial-worker\tT20, T93\tT15\t\t\n" },
	{ "gates", 5, "\nG5\tA plan ends\t\t" },
	{ "ladders", 6, "\nemergency\t5\t96 hours\tofsted-contact, hmicfrs-contact\toutside\t\n" },
	{ "offices", 7,
	  "\nscreener\tMASH screener\tcouncil\tteam-manager\t\tedt\tchildren of concern\n" },
	{ "patterns", 7, "\nK01\tScattered concerns about one child\tchild\t" },
};

static void an_element_is_explained_in_sentences(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, sample_folder()));
	size_t missing = 0;
	for (size_t i = 0; i < COUNT_OF(SENTENCES); i++) {
		struct str text = STR_NONE;
		struct err err;
		assert_true(
			pack_explain(pack, arena, str_from_c(SENTENCES[i].element), &text, &err));
		if (str_find_str(text, str_from_c(SENTENCES[i].says)) < text.n)
			continue;
		missing++;
		print_message("expected: %s\n%.*s\n", SENTENCES[i].says, STR_ARG(text));
	}
	assert_int_equal(missing, 0);
	pack_destroy(pack);
}

static void every_element_of_england_can_be_explained(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, "england"));
	struct str text = STR_NONE;
	struct err err;
	for (size_t i = 0; i < pack->kind_count; i++)
		assert_true(pack_explain(pack, arena, pack->kinds[i].name, &text, &err));
	for (size_t i = 0; i < pack->duty_count; i++)
		assert_true(pack_explain(pack, arena, pack->duties[i].name, &text, &err));
	for (size_t i = 0; i < pack->office_count; i++)
		assert_true(pack_explain(pack, arena, pack->offices[i].name, &text, &err));
	for (size_t i = 0; i < pack->gate_count; i++)
		assert_true(pack_explain(pack, arena, pack->gates[i].name, &text, &err));
	for (size_t i = 0; i < pack->ladder_count; i++)
		assert_true(pack_explain(pack, arena, pack->ladders[i].name, &text, &err));
	for (size_t i = 0; i < pack->pattern_count; i++)
		assert_true(pack_explain(pack, arena, pack->patterns[i].name, &text, &err));
	for (size_t i = 0; i < pack->file_type_count; i++)
		assert_true(pack_explain(pack, arena, pack->file_types[i].name, &text, &err));
	for (size_t i = 0; i < pack->list_count; i++)
		assert_true(pack_explain(pack, arena, pack->lists[i].name, &text, &err));
	pack_destroy(pack);
}

static const struct {
	const char *element, *says;
} OF_ENGLAND[] = {
	{ "G10", "asked when the file is of type child.\n" },
	{ "concern.decided", "; set by the register: what the newest \"which\" of fact.recorded or fact.left-out says on each file"
	                     " that \"about\" leads to, where \"how-known\" is self or official or observed)\n" },
	{ "care.reviewed", "fact.left-out says on its own file, where \"how-known\" is self or official or observed)\n" },
	{ "exploitation.met", "fact.left-out says on its own file and on each file that \"named-in\" leads to, of type group, where" },
	{ "K13f", "under 80 in 100 of what was due was said, where \"facts-known\" of concern.decided ought to say ethnicity, sex,"
	          " age, disability, first-language, interpreter, and \"facts-complete\" of crime.recorded ought to say" },
	{ "G10", "asked when the file is of type adult, place, thing, group, concern, episode, offence,"
	         " allegation, review, challenge, disclosure, complaint or warning.\n" },
	{ "G2", "unless there is no file of type challenge that \"disputes\" leads to where the file is"
	        " not in settled" },
	{ "G8", "unless there is a file of type offence that \"same-matter\" leads to and this names"
	        " where there is crime.recorded" },
	{ "R01", "Owed by each office asked to read as a second, within 1 working day" },
	{ "R02", "Owed by each office that a climb tells, until the next rung.\n" },
	/* Where an act settles what is owed elsewhere, and for which of those files. */
	{ "T08", "Settled by child.seen, \"The child was seen\", when the acting office is " },
	{ "T08", "Settled by child.seen, \"The child was seen\" on each file that \"about\" leads to, when the" },
	{ "T36", "Settled by offence.told-police, \"The police were told of a possible offence\" on each file that"
	         " \"came-from\" leads to.\n" },
	{ "T10", "Settled by assessment.completed, \"Assessment finished\" on each file that \"about\" leads to where"
	         " there is no file of type child that \"about\" leads to where " },
	{ "assessment.completed", "Settles T10 Complete the assessment on each file that \"about\" leads to where"
	                          " there is no file of type child" },
	{ "T54", ", done on the day in \"done\"" },
	{ "T27a", ", before its time too, when alone is yes" },
	/* Whoever owes it, by whatever line. */
	{ "T96", "Owed by the manager of the office that made the entry, or Data protection officer where"
	         " access.broken says so, within 2 working days" },
	{ "T96", "Opened by access.broken, \"Read in an emergency: the glass was broken\", owed by Data protection"
	         " officer.\nOpened by access.broken, \"Read in an emergency: the glass was broken\", by the"
	         " register itself.\n" },
	{ "T96", ", the one that is named in \"duty\".\n" },
	{ "access.broken", "Opens T96 Review why the glass was broken, owed by Data protection officer.\n" },
	{ "data-protection-officer", "T96" },
	{ "T75", ", or the manager of the office that the file is of where K12a or " },
	/* What patterns open, and the register of itself, beside what kinds do. */
	{ "T12", "Opened by K16, \"The child is not seen\"" },
	{ "T00", "Opened when nothing else is owed on an open file.\n" },
};

/* A line that says what another says leaves something out. */
static void no_line_about_a_duty_is_said_twice(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, "england"));
	struct err err;
	for (size_t i = 0; i < pack->duty_count; i++) {
		struct str text = STR_NONE, line, rest, other;
		assert_true(pack_explain(pack, arena, pack->duties[i].name, &text, &err));
		while (text.n && str_cut(&text, '\n', &line)) {
			rest = text;
			while (rest.n && str_cut(&rest, '\n', &other))
				if (str_eq(line, other) && (str_starts(line, STR("Settled")) || str_starts(line, STR("Opened"))))
					fail_msg("%.*s: %.*s", STR_ARG(pack->duties[i].name), STR_ARG(line));
		}
	}
	pack_destroy(pack);
}

static const char *const ENGLAND_TABLE[] = {
	"\nT96\tReview why the glass was broken\taccess.broken\tthe manager of the office that made the entry, or"
	" data-protection-officer where access.broken says so\t",
	"\toffence.told-police, offence.told-police on each file that \"came-from\" leads to, ",
	", assessment.completed, assessment.completed on each file that \"about\" leads to where there is no file",
};

static void a_table_says_where_and_by_whom(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, "england"));
	struct str text = STR_NONE;
	struct err err;
	assert_true(pack_table(pack, arena, STR("duties"), &text, &err));
	for (size_t i = 0; i < COUNT_OF(ENGLAND_TABLE); i++)
		if (str_find_str(text, str_from_c(ENGLAND_TABLE[i])) == text.n)
			fail_msg("%s: %.*s", ENGLAND_TABLE[i], STR_ARG(text));
	assert_true(pack_table(pack, arena, STR("kinds"), &text, &err));
	assert_true(str_find_str(text, STR("\tT36, T36 on each file that \"came-from\" leads to\t")) < text.n);
	assert_true(pack_table(pack, arena, STR("patterns"), &text, &err));
	assert_true(str_find_str(text, STR("T75 owed by the manager of the office that the file is of\t")) < text.n);
	pack_destroy(pack);
}

static void a_condition_is_said_in_plain_words(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, "england"));
	struct str text = STR_NONE;
	struct err err;
	for (size_t i = 0; i < COUNT_OF(OF_ENGLAND); i++) {
		assert_true(pack_explain(pack, arena, str_from_c(OF_ENGLAND[i].element), &text, &err));
		if (str_find_str(text, str_from_c(OF_ENGLAND[i].says)) == text.n)
			fail_msg("%s: %.*s", OF_ENGLAND[i].says, STR_ARG(text));
	}
	assert_true(pack_table(pack, arena, STR("duties"), &text, &err));
	assert_true(str_find_str(text, STR("\teach office that a climb tells\tuntil the next rung\t")) < text.n);
	pack_destroy(pack);
}

static void what_a_pack_lacks_cannot_be_explained(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, sample_folder()));
	struct str text = STR_NONE;
	struct err err;
	assert_false(pack_explain(pack, arena, STR("T99"), &text, &err));
	assert_int_equal(err.code, ERR_ABSENT);
	assert_false(pack_table(pack, arena, STR("laws"), &text, &err));
	assert_int_equal(err.code, ERR_USAGE);
	pack_destroy(pack);
}

static void every_row_of_a_table_has_all_its_columns(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_BYTES);
	struct pack *pack = load_good(arena, find_pack(arena, sample_folder()));
	for (size_t i = 0; i < COUNT_OF(TABLES); i++) {
		struct str text = STR_NONE, line;
		struct err err;
		assert_true(pack_table(pack, arena, str_from_c(TABLES[i].table), &text, &err));
		if (str_find_str(text, str_from_c(TABLES[i].holds)) == text.n)
			fail_msg("expected: %s\n%.*s", TABLES[i].holds, STR_ARG(text));
		while (str_cut(&text, '\n', &line) && text.p) {
			size_t tabs = 0;
			for (size_t at = 0; at < line.n; at++)
				tabs += line.p[at] == '\t';
			assert_int_equal(tabs + 1, TABLES[i].columns);
		}
	}
	pack_destroy(pack);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_element_is_explained_in_sentences),
		cmocka_unit_test(every_element_of_england_can_be_explained),
		cmocka_unit_test(a_condition_is_said_in_plain_words),
		cmocka_unit_test(no_line_about_a_duty_is_said_twice),
		cmocka_unit_test(a_table_says_where_and_by_whom),
		cmocka_unit_test(what_a_pack_lacks_cannot_be_explained),
		cmocka_unit_test(every_row_of_a_table_has_all_its_columns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
