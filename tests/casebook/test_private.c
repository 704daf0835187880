/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file of a private type: who merely has a part in it, and who reads it. */
#include "casebook/changed_pack.h"
#include "casebook/owed.h"

/* The pack of the tests with a type that the scrutineer alone reads. */
static void with_disclosures(struct fixture *f)
{
	static const struct text_change CHANGES[] = {
		{ "files.yaml", "relations:\n",
		  "  disclosure:\n"
		  "    title: Disclosure\n"
		  "    letter: D\n"
		  "    private: yes\n"
		  "    states: [made]\n"
		  "    final: none\n"
		  "    rests: [made]\n"
		  "relations:\n" },
		{ "kinds/note.yaml", "note.made:\n  title: Anything else worth keeping\n  file: concern\n",
		  "disclosure.made:\n"
		  "  title: I report wrongdoing\n"
		  "  file: disclosure\n"
		  "  new: yes\n"
		  "  to: made\n"
		  "  by: [anyone]\n"
		  "  fields: [{ name: words, type: words, max: 10000, required: yes }]\n"
		  "  opens: [{ duty: T01, owed-by: independent-scrutineer }]\n"
		  "disclosure.asked:\n"
		  "  title: Asked to answer\n"
		  "  file: disclosure\n"
		  "  by: [independent-scrutineer]\n"
		  "  settles: [T01]\n"
		  "  opens: [{ duty: T02, owed-by: dcs }]\n"
		  "disclosure.answered:\n"
		  "  title: Answered\n"
		  "  file: disclosure\n"
		  "  by: [anyone]\n"
		  "  settles: [T02]\n"
		  "disclosure.added:\n"
		  "  title: More was said\n"
		  "  file: disclosure\n"
		  "  by: [first account]\n"
		  "  fields: [{ name: words, type: words, max: 10000, required: yes }]\n"
		  "note.made:\n  title: Anything else worth keeping\n  file: [concern, disclosure]\n" },
		{ "offices.yaml",
		  "icb-nurse, partnership-chair], reads: [{ what: sample }]",
		  "icb-nurse, partnership-chair], reads: [{ what: children, files: [disclosure] }]" },
	};
	found_by(f, changed_all(f, "version: 0.2.0", CHANGES, COUNT_OF(CHANGES)));
}

static struct casebook_answer disclosed(struct fixture *f, const struct person *who)
{
	return admitted(f, &who->actor, "disclosure.made", STR(""), fields_of(f, "{'words':'I was told not to write it.'}"));
}

static struct casebook_access access_to(struct fixture *f, const struct person *who, struct str file)
{
	struct casebook_access access;
	struct casebook_file found = file_named(f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_may(reader, &who->viewer, found.n, &access, &f->err));
	return access;
}

static void the_line_neither_reads_nor_writes_and_the_named_office_does(void **state)
{
	struct fixture *f = *state;
	with_disclosures(f);
	struct person worker = person(f, "sam", "social-worker"), manager = person(f, "tomas", "team-manager");
	struct person scrutineer = person(f, "ines", "independent-scrutineer");
	struct casebook_answer made = disclosed(f, &worker);
	struct casebook_access access = access_to(f, &manager, made.number);
	assert_false(access.may_know);
	assert_false(access.may_open);
	REFUSED(f, act(f, &manager.actor, "note.made", made.number, fields_of(f, "{'text':'I want to read this.'}")), "not-readable");
	access = access_to(f, &scrutineer, made.number);
	assert_true(access.may_open);
	admitted(f, &scrutineer.actor, "note.made", made.number, fields_of(f, "{'text':'It is read.'}"));
	/* What is not private the manager reads as before. */
	assert_true(access_to(f, &manager, report(f, "He is alone at night.").number).may_open);
}

static void whoever_wrote_it_knows_of_it_and_opens_no_words(void **state)
{
	struct fixture *f = *state;
	with_disclosures(f);
	struct person worker = person(f, "sam", "social-worker"), other = person(f, "olu", "social-worker");
	struct casebook_answer made = disclosed(f, &worker);
	struct casebook_access access = access_to(f, &worker, made.number);
	assert_true(access.may_know);
	assert_false(access.may_open);
	/* Another holder of the same office has no part in it. */
	assert_false(access_to(f, &other, made.number).may_know);
	admitted(f, &worker.actor, "disclosure.added", made.number, fields_of(f, "{'words':'There is more.'}"));
	struct casebook_answer noted = act(f, &worker.actor, "note.made", made.number, fields_of(f, "{'text':'More.'}"));
	REFUSED(f, noted, "not-by");
	assert_string_equal(str_to_c(f->arena, noted.sentence),
	                    "Your office may not do this. It can be done by: anyone who reads the file");
	REFUSED(f, act(f, &other.actor, "disclosure.added", made.number, fields_of(f, "{'words':'More.'}")), "not-readable");
}

static void whoever_owes_something_there_does_that_alone(void **state)
{
	struct fixture *f = *state;
	with_disclosures(f);
	struct person worker = person(f, "sam", "social-worker"), director = person(f, "dora", "dcs");
	struct person scrutineer = person(f, "ines", "independent-scrutineer");
	struct casebook_answer made = disclosed(f, &worker);
	REFUSED(f, act(f, &director.actor, "disclosure.answered", made.number, json_object(f->arena)), "not-readable");
	admitted(f, &scrutineer.actor, "disclosure.asked", made.number, json_object(f->arena));
	struct casebook_access access = access_to(f, &director, made.number);
	assert_true(access.may_know);
	assert_false(access.may_open);
	REFUSED(f, act(f, &director.actor, "note.made", made.number, fields_of(f, "{'text':'No.'}")), "not-by");
	admitted(f, &director.actor, "disclosure.answered", made.number, json_object(f->arena));
	REFUSED(f, act(f, &director.actor, "disclosure.answered", made.number, json_object(f->arena)), "not-by");
}

static void being_told_of_silence_is_no_part_in_it(void **state)
{
	struct fixture *f = *state;
	with_disclosures(f);
	struct person worker = person(f, "sam", "social-worker"), manager = person(f, "tomas", "team-manager");
	struct casebook_answer made = disclosed(f, &worker);
	struct casebook_answer concern = report(f, "He is alone at night.");
	later(f, 7 * INSTANT_PER_DAY);
	MUST(f, casebook_beat(f->book, &f->err));
	assert_false(access_to(f, &manager, made.number).may_know);
	assert_true(access_to(f, &manager, concern.number).may_know);
}

static void no_emergency_opens_it_but_for_an_independent_office(void **state)
{
	struct fixture *f = *state;
	with_disclosures(f);
	struct person worker = person(f, "sam", "social-worker"), manager = person(f, "tomas", "team-manager");
	struct person officer = person(f, "dpo", "data-protection-officer");
	struct casebook_answer made = disclosed(f, &worker);
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("because"), STR("A child may be in danger."));
	json_put_text(f->arena, fields, STR("until"), STR("2026-11-26T12:00:00Z"));
	manager.actor.is_proved = officer.actor.is_proved = true;
	REFUSED(f, act(f, &manager.actor, "access.broken", made.number, fields), "private");
	admitted(f, &officer.actor, "access.broken", made.number, fields);
	assert_true(access_to(f, &officer, made.number).by_broken_glass);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_line_neither_reads_nor_writes_and_the_named_office_does),
		PROVES(whoever_wrote_it_knows_of_it_and_opens_no_words),
		PROVES(whoever_owes_something_there_does_that_alone),
		PROVES(being_told_of_silence_is_no_part_in_it),
		PROVES(no_emergency_opens_it_but_for_an_independent_office),
	};
	return PROVE(tests);
}
