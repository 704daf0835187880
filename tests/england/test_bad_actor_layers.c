/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Tries to make the rules looser by a layer that says it only adds. Two
 * agencies adopt it; nobody independent has read it. docs/threat-model.md has
 * them in a table.
 */
#include "england/bad_actor.h"

struct layer_file {
	const char *path;
	const char *text;
};

#define LAYER_NEED "{ needs: [{ need: { second: dcs }, else: The director has not agreed }] }\n"

static const struct pack_bytes *layer_of(struct bad *b, const struct layer_file *files, size_t count)
{
	struct fixture *f = &b->e->f;
	const char *folders[] = { england_packs() };
	const struct pack_bytes *layer = NULL;
	char folder[] = "/tmp/candour-layer-XXXXXX";
	assert_non_null(mkdtemp(folder));
	const char *pack = file_join(f->arena, folder, "lay");
	MUST(f, file_make_folder(pack, 0700, &f->err));
	MUST(f, file_make_folder(file_join(f->arena, pack, "kinds"), 0700, &f->err));
	MUST(f, file_make_folder(file_join(f->arena, pack, "texts"), 0700, &f->err));
	struct str head = arena_format(f->arena, "name: lay\nversion: 1.0.0\ntitle: Ours\nextends: england %.*s\n",
	                               STR_ARG(b->e->pack->version));
	MUST(f, file_write(file_join(f->arena, pack, "pack.yaml"), 0600, head, &f->err));
	for (size_t i = 0; i < count; i++)
		MUST(f, file_write(file_join(f->arena, pack, files[i].path), 0600, str_from_c(files[i].text), &f->err));
	MUST(f, pack_find(f->arena, folders, 1, str_from_c(pack), &layer, &f->err));
	fixture_remove_folder(f->arena, folder);
	return layer;
}

static struct casebook_adoption adopts_layer(struct bad *b, const struct layer_file *files, size_t count)
{
	struct fixture *f = &b->e->f;
	const struct pack_bytes *layer = layer_of(b, files, count);
	struct casebook_adoption out = { 0 };
	if (!casebook_adopt(f->book, &england_holder(b->e, "register-administrator")->actor,
	                    &england_holder(b->e, "named-nurse")->actor, CASEBOOK_CLI, STR_NONE, layer, f->arena, &out,
	                    &f->err))
		out.answer = (struct casebook_answer){ .outcome = CASEBOOK_FAILED, .err = f->err };
	return out;
}

/* It is no pack at all: a layer only adds or tightens. */
static void is_no_layer(struct bad *b, const char *path, const char *text)
{
	const struct layer_file file = { path, text };
	struct casebook_adoption out = adopts_layer(b, &file, 1);
	if (out.answer.outcome != CASEBOOK_FAILED || out.answer.err.code != ERR_INPUT)
		fail_msg("it was taken: %s", text);
	if (!strstr(out.answer.err.message, "a layer may only add or tighten"))
		fail_msg("%s", out.answer.err.message);
}

/* Two agencies do not suffice: the scrutineer reads it first, and the rules are those of before. */
static void layer_waits(struct bad *b, const struct layer_file *files, size_t count)
{
	struct casebook_adoption out = adopts_layer(b, files, count);
	if (out.answer.outcome != CASEBOOK_WAITING)
		print_error("%s\n", files[0].text);
	waits_for(b, &out.answer, SCRUTINEER);
	assert_true(str_eq(casebook_pack(b->e->f.book)->name, STR("england")));
}

static void a_layer_shuts_the_front_door(void **state)
{
	static const char *const DOORS[] = {
		"concern.received", "concern.added", "warning.lodged", "disclosure.made", "challenge.raised",
		"offence.disclosed", "hold.placed", "restriction.looked", "pattern.considered",
	};
	struct bad *b = *state;
	for (size_t i = 0; i < COUNT_OF(DOORS); i++)
		is_no_layer(b, "kinds/lay.yaml",
		            str_to_c(b->e->f.arena, arena_format(b->e->f.arena, "%s: " LAYER_NEED, DOORS[i])));
	is_no_layer(b, "kinds/lay.yaml", "concern.received: { needs: [{ need: { not: { field: { source: neighbour } } },"
	                                 " else: We take no words of neighbours }] }\n");
	is_no_layer(b, "kinds/lay.yaml", "warning.lodged: { by: [social-worker] }\n");
}

static void a_layer_burns_an_open_concern(void **state)
{
	is_no_layer(*state, "kinds/lay.yaml",
	            "lay-burn.done: { title: Burn it, file: [concern, child], from: any, by: [team-manager],"
	            " destroys: yes, needs: [{ need: { second: service-manager }, else: No }] }\n");
}

static void a_layer_closes_without_the_gate(void **state)
{
	static const char *const CLOSERS[] = {
		"lay-close.done: { title: Tidy it, file: concern, to: closed, by: [screener] }\n",
		"lay-close.done: { title: Tidy it, file: child, to: closed, by: [team-manager] }\n",
		"lay-close.done: { title: Tidy it, file: offence, to: ended, by: [police-officer] }\n",
		"lay-park.done: { title: Park it, file: concern, from: any, to: helped, by: [team-manager] }\n",
	};
	struct bad *b = *state;
	for (size_t i = 0; i < COUNT_OF(CLOSERS); i++)
		is_no_layer(b, "kinds/lay.yaml", CLOSERS[i]);
}

static void a_layer_restricts_and_lifts_by_its_own_kinds(void **state)
{
	struct bad *b = *state;
	is_no_layer(b, "kinds/lay.yaml",
	            "lay-hide.done: { title: Hide it, file: concern, by: [team-manager], opens: [T81],"
	            " fields: [{ name: until, type: date, required: yes },"
	            " { name: who, type: office, repeated: yes, max-items: 9, required: yes }],"
	            " restricts: { until: until, to: who } }\n");
	is_no_layer(b, "kinds/lay.yaml",
	            "lay-show.done: { title: Show it, file: concern, by: [team-manager], lifts: {} }\n");
}

static void a_layer_owes_something_in_a_hundred_years_instead(void **state)
{
	static const struct layer_file files[] = {
		{ "duties.yaml", "lay-T1: { title: Some day, owed-by: team-manager, from: recorded, within: { field: until },"
		                 " ladder: referral, source: Ours, class: local, certainty: sure }\n" },
		{ "kinds/lay.yaml", "lay-park.done: { title: Park it, file: board, by: [partnership-manager],"
		                    " fields: [{ name: until, type: date, required: yes }], opens: [lay-T1] }\n"
		                    "lay-look.done: { title: Looked, file: board, by: [team-manager], settles: [lay-T1] }\n" },
	};
	layer_waits(*state, files, COUNT_OF(files));
}

/* What is owed within a day waits for nobody whom the scrutineer has not heard of. */
static void a_layer_lets_an_urgent_act_wait(void **state)
{
	static const char *const URGENT[] = { "concern.looked", "crime.recorded", "missing.graded" };
	struct bad *b = *state;
	for (size_t i = 0; i < COUNT_OF(URGENT); i++) {
		const struct layer_file file = {
			"kinds/lay.yaml",
			str_to_c(b->e->f.arena, arena_format(b->e->f.arena, "%s: " LAYER_NEED, URGENT[i])),
		};
		layer_waits(b, &file, 1);
	}
}

static void a_layer_blinds_the_scrutineer(void **state)
{
	is_no_layer(*state, "offices.yaml", "offices: { " SCRUTINEER ": { reads: [{ what: nothing }] } }\n");
}

static void a_layer_takes_a_manager_out_of_his_line(void **state)
{
	struct bad *b = *state;
	is_no_layer(b, "offices.yaml", "offices: { team-manager: { line: vol-manager } }\n");
	is_no_layer(b, "offices.yaml", "offices: { team-manager: { line: none } }\n");
}

static void a_layer_adds_an_office_that_reads_every_child(void **state)
{
	static const struct layer_file file = {
		"offices.yaml", "offices: { lay-eye: { title: Liaison, agency: council, line: dcs, reads: [{ what: children }] } }\n"
	};
	layer_waits(*state, &file, 1);
}

static void a_layer_turns_words_round(void **state)
{
	static const struct layer_file WORDS[] = {
		{ "lists.yaml", "yes-no-unknown: { yes: \"No\", no: \"Yes\" }\n" },
		{ "texts/en.yaml", "report.question.danger-now.code.yes: \"No\"\n"
		                   "report.question.danger-now.code.no: \"Yes, right now\"\n" },
		{ "offices.yaml", "offices: { " SCRUTINEER ": { title: Team manager }, team-manager: { title: Independent scrutineer } }\n" },
		{ "kinds/lay.yaml", "concern.closed: { title: It stays open, action: Keep it open }\n" },
		{ "kinds/lay.yaml", "concern.received: { public: Nothing is owed to you. }\n" },
		{ "texts/en.yaml", "report.question.danger-now.hint: Only if a doctor says so\n" },
		{ "texts/en.yaml", "public.missing.reported.since.label: When did you last wait a day?\n" },
	};
	struct bad *b = *state;
	for (size_t i = 0; i < COUNT_OF(WORDS); i++)
		layer_waits(b, &WORDS[i], 1);
}

/* What buries one office under answers is read by the scrutineer first, though it only adds. */
static void a_layer_buries_the_scrutineer(void **state)
{
	static const struct layer_file files[] = {
		{ "patterns.yaml", "lay-K1: { title: Every child, about: child, owner: " SCRUTINEER ", when: { has: person.opened },"
		                   " source: Ours }\n" },
		{ "patterns.yaml", "K03: { owner: [exploitation-lead, " SCRUTINEER "] }\n" },
		{ "kinds/lay.yaml", "person.opened: { opens: [{ duty: T08, owed-by: " SCRUTINEER " }] }\n" },
	};
	struct bad *b = *state;
	for (size_t i = 0; i < COUNT_OF(files); i++)
		layer_waits(b, &files[i], 1);
}

static void a_layer_tells_no_more_that_nobody_saw_the_child(void **state)
{
	is_no_layer(*state, "files.yaml", "files: { child: { tells: [{ title: Last seen, kind: child.seen,"
	                                  " none: Nobody has written down that the child was seen }] } }\n");
}

/* No gate asks for an answer that it does not know. */
static void a_layer_answers_what_no_gate_knows(void **state)
{
	static const char *const CODES[] = {
		"reason-none: { malicious: It was malicious }\n", "not-recorded-why: { taken-back: She took it back }\n",
		"restriction-reason: { reputation: It harms us }\n", "contact: { heard-of: Heard of }\n",
		"pattern-follows: { too-busy: We are too busy }\n", "closing: { tired: Nobody has time }\n",
	};
	static const struct layer_file file = { "lists.yaml", "hold: { anybody: Anybody }\n" };
	struct bad *b = *state;
	for (size_t i = 0; i < COUNT_OF(CODES); i++)
		is_no_layer(b, "lists.yaml", CODES[i]);
	layer_waits(b, &file, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIES(a_layer_shuts_the_front_door),
		TRIES(a_layer_burns_an_open_concern),
		TRIES(a_layer_closes_without_the_gate),
		TRIES(a_layer_restricts_and_lifts_by_its_own_kinds),
		TRIES(a_layer_owes_something_in_a_hundred_years_instead),
		TRIES(a_layer_lets_an_urgent_act_wait),
		TRIES(a_layer_blinds_the_scrutineer),
		TRIES(a_layer_takes_a_manager_out_of_his_line),
		TRIES(a_layer_adds_an_office_that_reads_every_child),
		TRIES(a_layer_turns_words_round),
		TRIES(a_layer_buries_the_scrutineer),
		TRIES(a_layer_tells_no_more_that_nobody_saw_the_child),
		TRIES(a_layer_answers_what_no_gate_knows),
	};
	if (setenv("CANDOUR_TEST_PACKS", england_packs(), 1) != 0)
		return 1;
	return PROVE_TRIES(tests);
}
