/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the register writes on another file is judged by that file: where its
 * state does not allow it, or it was destroyed, act.refused says so there, and
 * the act from which it follows stands.
 */
#include "casebook/dump.h"
#include "casebook/keys.h"
#include "casebook/sample_changed.h"

static const struct text_change TOUCHING[] = {
	{ "files.yaml", "relations:\n",
	  "  thing:\n    title: Thing\n    states: [known, shut]\n    final: [shut]\n"
	  "relations:\n  touches: { from: [concern], to: [thing, concern] }\n" },
	{ "kinds/concern.yaml", "",
	  "concern.touched:\n  title: It touches the thing\n  file: concern\n  by: [anyone, screener]\n"
	  "  fields: [{ name: thing, type: file, of: [thing, concern], required: yes }]\n"
	  "  links: [{ relation: touches, to: thing }]\n"
	  "  then: [{ kind: thing.touched, on: touches, type: [thing] }, { kind: thing.named, on: touches, type: [thing] }]\n"
	  "thing.opened:\n  title: Opened\n  file: thing\n  new: yes\n  by: [social-worker]\n"
	  "thing.touched:\n  title: Touched\n  file: thing\n  by: [register]\n"
	  "thing.named:\n  title: Named\n  file: thing\n  from: any\n  by: [register]\n"
	  "thing.shut:\n  title: Shut\n  file: thing\n  to: shut\n  by: [social-worker]\n  settles: [T00]\n"
	  "  needs: [{ need: { has: thing.opened }, else: It was never opened }]\n"
	  "thing.burnt:\n  title: Burnt\n  file: thing\n  from: [shut]\n  by: [social-worker]\n  destroys: yes\n"
	  "  needs: [{ need: { second: team-manager }, else: Nobody destroys alone }, { gate: G99 }]\n" },
	{ "patterns.yaml", "K19:\n", /* found behind what the act has written */
	  "K98:\n  title: It touched\n  about: concern\n  owner: service-manager\n  source: Norm\n"
	  "  when: { count: { of: concern.touched, within: { months: 1 }, at-least: 1 } }\nK19:\n" },
	{ "gates.yaml", "G1:\n",
	  "G99:\n  title: Its keeping time has passed\n  needs:\n"
	  "    - { need: { not: { duty: { rule: [T00], is: open } } }, else: It is owed }\n"
	  "    - { need: { any: [{ older-than: { kind: thing.opened, months: 12 } }, { has: thing.opened }] }, else: It is young }\n"
	  "G1:\n" },
	{ "kinds/concern.yaml", "silence.noted:\n  title: An agency has said nothing\n  file: concern\n",
	  "silence.noted:\n  title: An agency has said nothing\n  file: concern\n  from: [closing]\n" },
};

struct world {
	struct fixture *f;
	struct person screener;
	struct person worker;
	struct str thing;
	struct str concern;
};

static struct str report_of(struct fixture *f)
{
	return admitted(f, &BY_PUBLIC, "concern.received", STR_NONE,
	                fields_of(f, "{'source':'school','harm':['neglect'],'danger-now':'no','harm-sign':'no',"
	                             "'area':'screener','words':'Alone.'}"))
		.file;
}

static struct world begin_touching(struct fixture *f)
{
	found_by(f, sample_changed(f, TOUCHING, COUNT_OF(TOUCHING)));
	struct world w = { .f = f,
		           .screener = person(f, "amara", "screener"),
		           .worker = person(f, "sam", "social-worker") };
	w.thing = admitted(f, &w.worker.actor, "thing.opened", STR_NONE, json_object(f->arena)).file;
	w.concern = report_of(f);
	return w;
}

static void say(struct world *w, const struct person *by, const char *kind, struct str file)
{
	(void)admitted(w->f, &by->actor, kind, file, json_object(w->f->arena));
}

/* The newest entry on a file of the kind. */
static struct casebook_entry newest(struct world *w, struct str file, const char *kind, size_t *count)
{
	const struct casebook_entry *entries;
	struct casebook_entry found = { .index = -1 };
	size_t n;
	struct casebook_file row = file_named(w->f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(w->f);
	MUST(w->f, casebook_entries(reader, w->f->arena, row.n, -1, 200, &entries, &n, &w->f->err));
	*count = 0;
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(entries[i].kind, str_from_c(kind)))
			continue;
		found = entries[i].index > found.index ? entries[i] : found;
		++*count;
	}
	return found;
}

static void assert_refused(struct world *w, struct str file, const char *kind, const char *because)
{
	size_t count;
	struct casebook_entry refused = newest(w, file, "act.refused", &count);
	assert_int_equal(count, 1);
	assert_int_equal(refused.by, CASEBOOK_BY_REGISTER);
	assert_string_equal(str_to_c(w->f->arena, json_text(refused.plain, STR("kind"))), kind);
	assert_string_equal(str_to_c(w->f->arena, json_text(refused.plain, STR("because"))), because);
	(void)newest(w, file, kind, &count);
	assert_int_equal(count, 0);
}

static void assert_folds_and_verifies(struct fixture *f)
{
	CLEANUP(buf_finish) struct buf before = dump(f);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	CLEANUP(buf_finish) struct buf after = dump(f);
	assert_same_dump(&before, &after);
	instant now = casebook_now(f->book);
	close_register(f);
	must_verify(f);
	fixture_take_up(f, now);
}

static void touch(struct world *w)
{
	(void)admitted(w->f, &w->screener.actor, "concern.touched", w->concern,
	               fields_of(w->f, arena_format(w->f->arena, "{'thing':'%.*s'}", STR_ARG(w->thing)).p));
}

static void it_is_written_where_the_files_state_allows_it(void **state)
{
	struct world w = begin_touching(*state);
	size_t count;
	touch(&w);
	(void)newest(&w, w.thing, "thing.touched", &count);
	assert_int_equal(count, 1);
	(void)newest(&w, w.thing, "act.refused", &count);
	assert_int_equal(count, 0);
	assert_folds_and_verifies(w.f);
}

static void on_a_file_of_another_type_nothing_is_written_and_nothing_refused(void **state)
{
	struct world w = begin_touching(*state);
	size_t count;
	w.thing = report_of(w.f);
	touch(&w);
	(void)newest(&w, w.thing, "act.refused", &count);
	assert_int_equal(count, 0);
	(void)newest(&w, w.thing, "thing.touched", &count);
	assert_int_equal(count, 0);
}

/* A file that has ended stays so; that it was to be written there stands there, and the act stands. */
static void where_the_state_does_not_allow_it_that_is_said_there(void **state)
{
	struct world w = begin_touching(*state);
	size_t count;
	say(&w, &w.worker, "thing.shut", w.thing);
	touch(&w);
	assert_refused(&w, w.thing, "thing.touched", "state");
	(void)newest(&w, w.thing, "thing.named", &count); /* the next of them is written all the same */
	assert_int_equal(count, 1);
	assert_int_equal(file_named(w.f, w.thing).state, 1);
	(void)newest(&w, w.concern, "pattern.found", &count);
	assert_int_equal(count, 1);
	assert_folds_and_verifies(w.f);
}

static void on_a_file_whose_key_is_gone_nothing_is_written(void **state)
{
	struct world w = begin_touching(*state);
	struct fixture *f = w.f;
	struct person manager = person(f, "tomas", "team-manager");
	size_t count;
	say(&w, &w.worker, "thing.shut", w.thing);
	struct casebook_answer waits =
		act(f, &w.worker.actor, "thing.burnt", w.thing, json_object(f->arena));
	assert_int_equal(waits.outcome, CASEBOOK_WAITING);
	(void)admitted(f, &manager.actor, "second.given", w.thing,
	               fields_of(f, arena_format(f->arena, "{'of':%" PRId64 ",'answer':'yes','reasons':'Its time has passed.'}",
	                                         waits.index)
	                                    .p));
	assert_true(file_named(f, w.thing).is_destroyed);
	touch(&w);
	(void)newest(&w, w.thing, "act.refused", &count);
	assert_int_equal(count, 2);
	(void)newest(&w, w.thing, "thing.named", &count);
	assert_int_equal(count, 0);
	assert_folds_and_verifies(f);
}

static void climb_for_days(struct fixture *f, int days)
{
	size_t fired = 1;
	instant next;
	later(f, days * INSTANT_PER_DAY);
	while (fired > 0)
		MUST(f, casebook_climb(f->book, casebook_now(f->book), 1000, &fired, &next, &f->err));
}

/* L5: the rung is told whatever it makes. */
static void a_rung_that_may_not_make_its_entry_climbs_all_the_same(void **state)
{
	struct world w = begin_touching(*state);
	struct fixture *f = w.f;
	size_t count;
	(void)admitted(f, &w.screener.actor, "concern.asked", w.concern,
	               fields_of(f, "{'office':'police-officer','urgent':'no','question':'Was she there?'}"));
	climb_for_days(f, 40);
	assert_refused(&w, w.concern, "silence.noted", "state");
	(void)newest(&w, w.concern, "duty.climbed", &count);
	assert_true(count > 3);
	assert_folds_and_verifies(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(it_is_written_where_the_files_state_allows_it),
		PROVES(on_a_file_of_another_type_nothing_is_written_and_nothing_refused),
		PROVES(where_the_state_does_not_allow_it_that_is_said_there),
		PROVES(on_a_file_whose_key_is_gone_nothing_is_written),
		PROVES(a_rung_that_may_not_make_its_entry_climbs_all_the_same),
	};
	return PROVE(tests);
}
