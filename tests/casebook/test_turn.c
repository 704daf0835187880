/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The turn, through the public headers: each test is a sentence of the laws or of the design. */
#include "casebook/fixture.h"

static struct casebook_duty_list duties_of(struct fixture *f, int64_t file)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_duty_list list;
	MUST(f, casebook_duties_of_file(reader, f->arena, file, 100, &list, &f->err));
	return list;
}

static const struct casebook_duty *duty_of_rule(const struct casebook_duty_list *list, const char *rule)
{
	for (size_t i = 0; i < list->count; i++) {
		if (str_eq(list->at[i].rule, str_from_c(rule)))
			return &list->at[i];
	}
	return NULL;
}

static size_t open_count(const struct casebook_duty_list *list)
{
	size_t open = 0;
	for (size_t i = 0; i < list->count; i++)
		open += list->at[i].is_open;
	return open;
}

static struct casebook_entry entry_of(struct fixture *f, int64_t index)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_entry entry;
	MUST(f, casebook_entry_get(reader, f->arena, index, &entry, &f->err));
	return entry;
}

static size_t climb_all(struct fixture *f)
{
	size_t fired;
	instant next;
	MUST(f, casebook_climb(f->book, casebook_now(f->book), 10000, &fired, &next, &f->err));
	return fired;
}

/* Lets every rung that falls due within `us` fire at its own moment. */
static size_t run_for(struct fixture *f, int64_t us)
{
	instant until = casebook_now(f->book) + us;
	size_t all = 0;
	for (;;) {
		size_t fired;
		instant next;
		MUST(f, casebook_climb(f->book, casebook_now(f->book), 10000, &fired, &next, &f->err));
		all += fired;
		if (next == 0 || next > until)
			break;
		MUST(f, casebook_set_now(f->book, next, &f->err));
	}
	MUST(f, casebook_set_now(f->book, until, &f->err));
	return all;
}

/* --- L1, L4 --------------------------------------------------------------------------------- */

static void what_was_acknowledged_is_there_after_a_restart(void **state) /* L1 */
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "He is alone at night.");
	fixture_reopen(f);
	struct casebook_entry entry = entry_of(f, concern.index);
	assert_true(str_eq(entry.kind, STR("concern.received")));
	assert_true(str_eq(entry.file_id, concern.file));
}

static void a_concern_is_owed_by_named_offices_by_computed_times(void **state) /* L4 */
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_duty_list list = duties_of(f, file_named(f, concern.number).n);
	const struct casebook_duty *decide = duty_of_rule(&list, "T01"), *look = duty_of_rule(&list, "T03");
	assert_int_equal(open_count(&list), 3);
	assert_non_null(decide);
	assert_true(str_eq(decide->office, STR("screener")));
	/* Thursday 26 November 2026: the end of Friday. */
	assert_int_equal(decide->due, FIXTURE_START + 38 * INSTANT_PER_HOUR);
	assert_int_equal(look->due, FIXTURE_START + 4 * INSTANT_PER_HOUR);
	assert_false(decide->is_late);
}

static void a_first_look_out_of_hours_is_owed_by_the_emergency_team(void **state)
{
	struct fixture *f = *state;
	later(f, 12 * INSTANT_PER_HOUR);
	struct casebook_answer concern = report(f, "I hear her crying.");
	struct casebook_duty_list list = duties_of(f, file_named(f, concern.number).n);
	assert_true(str_eq(duty_of_rule(&list, "T03")->office, STR("edt")));
}

static void an_open_file_that_owes_nothing_owes_to_say_what_is_next(void **state) /* L4 */
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &screener.actor, "concern.looked", concern.number,
	         fields_of(f, "{'danger':'none-found','checked':['own-files','police','health','school']}"));
	admitted(f, &screener.actor, "concern.acknowledged", concern.number,
	         fields_of(f, "{'to':'not-reachable','how':'none'}"));
	const struct json *decided =
		fields_of(f, "{'decision':'early-help','threshold':'2026','evidence':[40],'reasons':'Help is wanted.'}");
	((struct json *)(uintptr_t)json_member(decided, STR("evidence"))->first)->integer = concern.index;
	admitted(f, &screener.actor, "concern.decided", concern.number, decided);
	admitted(f, &screener.actor, "concern.told", concern.number,
	         fields_of(f, "{'to':'not-reachable','how':'none'}"));
	struct casebook_duty_list list = duties_of(f, file_named(f, concern.number).n);
	assert_int_equal(open_count(&list), 1);
	assert_non_null(duty_of_rule(&list, "T00"));
	assert_true(duty_of_rule(&list, "T00")->is_open);
}

/* --- submissions ---------------------------------------------------------------------------- */

static struct casebook_act a_report(struct fixture *f, struct str submission)
{
	return (struct casebook_act){
		.actor = BY_PUBLIC,
		.via = CASEBOOK_WEB,
		.kind = STR("concern.received"),
		.submission = submission,
		.wants_code = true,
		.fields = fields_of(f, "{'source':'neighbour','happening':'He hits her.','harm':['physical'],"
		                       "'danger-now':'no','harm-sign':'unknown','channel':'web'}"),
	};
}

static void a_submission_sent_twice_is_one_entry_and_one_code(void **state)
{
	struct fixture *f = *state;
	struct casebook_act what = a_report(f, STR("once"));
	struct casebook_answer first, second;
	MUST(f, casebook_submit(f->book, &what, f->arena, &first, &f->err));
	fixture_reopen(f);
	MUST(f, casebook_submit(f->book, &what, f->arena, &second, &f->err));
	assert_int_equal(second.outcome, CASEBOOK_ADMITTED);
	assert_true(second.is_repeat);
	assert_int_equal(second.size, first.size);
	assert_int_equal(first.index, second.index);
	assert_memory_equal(&first.code, &second.code, sizeof first.code);
	assert_true(str_eq(first.number, second.number));
}

static void another_act_under_the_same_submission_is_refused(void **state)
{
	struct fixture *f = *state;
	struct casebook_act what = a_report(f, STR("once"));
	struct casebook_answer first, second;
	MUST(f, casebook_submit(f->book, &what, f->arena, &first, &f->err));
	what.fields = fields_of(f, "{'source':'neighbour','happening':'Other words.','harm':['physical'],"
	                           "'danger-now':'no','harm-sign':'unknown','channel':'web'}");
	MUST(f, casebook_submit(f->book, &what, f->arena, &second, &f->err));
	assert_int_equal(second.outcome, CASEBOOK_FAILED);
	assert_int_equal(second.err.code, ERR_REFUSED);
	assert_int_equal(second.index, -1);
}

static void the_same_words_from_two_people_are_two_entries(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer one = report(f, "He hits her."), two = report(f, "He hits her.");
	assert_int_not_equal(one.index, two.index);
	assert_false(str_eq(one.file, two.file));
}

/* --- refusals, L7 --------------------------------------------------------------------------- */

static void who_does_not_hold_the_office_is_refused_and_that_is_an_entry(void **state)
{
	struct fixture *f = *state;
	struct person nurse = person(f, "noor", "health-visitor");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_actor posing = nurse.actor;
	posing.office = STR("screener");
	struct casebook_answer answer = act(f, &posing, "concern.looked", concern.number,
	                                    fields_of(f, "{'danger':'none-found','checked':['own-files']}"));
	assert_int_equal(answer.outcome, CASEBOOK_REFUSED);
	struct casebook_entry entry = entry_of(f, answer.index);
	assert_true(str_eq(entry.kind, STR("act.refused")));
	assert_true(str_eq(json_text(entry.plain, STR("because")), STR("not-holder")));
	assert_false(entry.is_sealed);
}

static void closing_without_evidence_is_refused_with_what_is_missing(void **state) /* L7 */
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'decision':'none','threshold':'2026','reason-none':'information-only','reasons':'Nothing.'}");
	struct json *evidence = json_array(f->arena);
	json_push(evidence, json_integer(f->arena, concern.index));
	json_put(fields, STR("evidence"), evidence);
	struct casebook_answer answer = act(f, &screener.actor, "concern.decided", concern.number, fields);
	assert_int_equal(answer.outcome, CASEBOOK_REFUSED);
	assert_true(answer.missing_count >= 4);
	assert_true(str_eq(answer.missing[0].gate, STR("G1")));
	struct casebook_entry entry = entry_of(f, answer.index);
	assert_true(str_eq(entry.kind, STR("gate.refused")));
	/* The attempt changed nothing. */
	assert_true(str_eq(file_named(f, concern.number).state_name, STR("received")));
	struct casebook_duty_list list = duties_of(f, file_named(f, concern.number).n);
	assert_true(duty_of_rule(&list, "T01")->is_open);
}

static void refusals_past_twenty_an_hour_are_counted_not_written(void **state)
{
	struct fixture *f = *state;
	struct person nurse = person(f, "noor", "health-visitor");
	struct casebook_answer concern = report(f, "He is alone at night."), answer = { .index = 0 };
	struct casebook_actor posing = nurse.actor;
	posing.office = STR("screener");
	for (int i = 0; i < 30; i++)
		answer = act(f, &posing, "concern.acknowledged", concern.number,
		             fields_of(f, "{'to':'child','how':'phone'}"));
	assert_int_equal(answer.outcome, CASEBOOK_REFUSED);
	assert_int_equal(answer.index, -1);
	later(f, INSTANT_PER_HOUR);
	MUST(f, casebook_tidy(f->book, &f->err));
	fixture_reopen(f);
	struct casebook_file own = file_named(f, STR("R-1"));
	struct casebook_entry entry = entry_of(f, own.last_entry);
	assert_true(str_eq(entry.kind, STR("act.refused")));
	assert_int_equal(json_number(entry.plain, STR("count"), 0), 10);
}

static void a_refused_act_costs_its_neighbours_nothing(void **state)
{
	struct fixture *f = *state;
	struct casebook_act acts[3] = { a_report(f, STR("a")), a_report(f, STR("b")), a_report(f, STR("c")) };
	struct casebook_answer answers[3];
	acts[1].fields = fields_of(f, "{'happening':'no source'}");
	MUST(f, casebook_submit_many(f->book, acts, 3, f->arena, answers, &f->err));
	assert_int_equal(answers[0].outcome, CASEBOOK_ADMITTED);
	assert_int_equal(answers[1].outcome, CASEBOOK_FAILED);
	assert_int_equal(answers[1].err.code, ERR_INPUT);
	assert_true(answers[1].error_count >= 3);
	assert_int_equal(answers[2].outcome, CASEBOOK_ADMITTED);
	assert_int_equal(answers[2].size, answers[0].size);
	assert_true(answers[2].size > answers[2].index);
}

static void fields_nobody_declared_are_refused_by_name(void **state)
{
	struct fixture *f = *state;
	struct casebook_act what = a_report(f, STR("x"));
	what.fields = fields_of(f, "{'source':'neighbour','happening':'He hits her.','harm':['physical'],"
	                           "'danger-now':'no','harm-sign':'unknown','channel':'web','score':7}");
	struct casebook_answer answer;
	MUST(f, casebook_submit(f->book, &what, f->arena, &answer, &f->err));
	assert_int_equal(answer.outcome, CASEBOOK_FAILED);
	assert_non_null(strstr(answer.err.message, "score"));
}

/* --- climbing, L5, L6 ----------------------------------------------------------------------- */

static void silence_climbs_by_itself_to_somebody_outside(void **state) /* L5 */
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "He is alone at night.");
	run_for(f, 60 * INSTANT_PER_DAY);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_duty_list list;
	const struct casebook_told *told;
	size_t count;
	bool outside = false;
	MUST(f, casebook_duties_of_file(reader, f->arena, file_named(f, concern.number).n, 100, &list, &f->err));
	const struct casebook_duty *decide = duty_of_rule(&list, "T01");
	assert_true(decide->is_open && decide->is_late);
	assert_int_equal(decide->next_at, 0);
	MUST(f, casebook_duty_told(reader, f->arena, decide->id, &told, &count, &f->err));
	for (size_t i = 0; i < count; i++)
		outside = outside || str_eq(told[i].office, STR("ofsted-contact"));
	assert_true(outside);
}

static void each_rung_is_told_once(void **state)
{
	struct fixture *f = *state;
	report(f, "He is alone at night.");
	size_t first = run_for(f, 60 * INSTANT_PER_DAY);
	assert_true(first > 10);
	assert_int_equal(climb_all(f), 0);
	fixture_reopen(f);
	assert_int_equal(climb_all(f), 0);
}

static void after_an_outage_everything_due_fires_once_and_says_it_is_late(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "He is alone at night.");
	later(f, 3 * INSTANT_PER_DAY);
	assert_true(climb_all(f) > 0);
	/* Rungs whose time passed meanwhile fire one after another. */
	while (climb_all(f) > 0)
		;
	struct casebook_file file = file_named(f, concern.number);
	struct casebook_entry entry = entry_of(f, file.last_entry);
	assert_true(str_eq(entry.kind, STR("duty.climbed")));
	assert_true(json_is_true(entry.plain, STR("late")));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_duty_list list;
	MUST(f, casebook_duties_of_file(reader, f->arena, file.n, 100, &list, &f->err));
	const struct casebook_duty *look = duty_of_rule(&list, "T03");
	const struct casebook_told *told;
	size_t count;
	MUST(f, casebook_duty_told(reader, f->arena, look->id, &told, &count, &f->err));
	for (size_t i = 1; i < count; i++)
		assert_true(told[i].rung >= told[i - 1].rung);
}

static void a_duty_settled_late_stays_late(void **state) /* L6 */
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	later(f, 5 * INSTANT_PER_HOUR);
	admitted(f, &screener.actor, "concern.looked", concern.number,
	         fields_of(f, "{'danger':'none-found','checked':['own-files']}"));
	struct casebook_duty_list list = duties_of(f, file_named(f, concern.number).n);
	const struct casebook_duty *look = duty_of_rule(&list, "T03");
	assert_false(look->is_open);
	assert_true(look->is_late);
}

static void a_later_time_that_was_agreed_moves_no_due_time(void **state) /* L6 */
{
	struct fixture *f = *state;
	struct person manager = person(f, "tomas", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_duty_list before = duties_of(f, file_named(f, concern.number).n);
	const struct casebook_duty *tell = duty_of_rule(&before, "T02");
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'until':'2026-12-03T00:00:00Z','reasons':'The phone is off.'}");
	json_put_text(f->arena, fields, STR("duty"), tell->name);
	struct casebook_answer answer = act(f, &manager.actor, "duty.extended", concern.number, fields);
	struct casebook_duty_list after = duties_of(f, file_named(f, concern.number).n);
	assert_int_equal(duty_of_rule(&after, "T02")->due, tell->due);
	/* A rule of guidance or statute is not extended at all (X2). */
	assert_int_equal(answer.outcome, CASEBOOK_REFUSED);
}

static void a_concern_found_in_a_drawer_is_born_late(void **state)
{
	struct fixture *f = *state;
	struct casebook_act what = a_report(f, STR("drawer"));
	what.has_received = true;
	what.received = FIXTURE_START - 20 * INSTANT_PER_DAY;
	struct casebook_answer answer;
	MUST(f, casebook_submit(f->book, &what, f->arena, &answer, &f->err));
	fixture_must_admit(&answer, "concern.received");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_duty_list list;
	MUST(f, casebook_duties_of_file(reader, f->arena, file_named(f, answer.number).n, 100, &list, &f->err));
	const struct casebook_duty *decide = duty_of_rule(&list, "T01");
	assert_true(decide->is_late);
	assert_true(decide->rung > 0);
}

/* --- vacancies ------------------------------------------------------------------------------ */

static void an_empty_office_is_told_and_somebody_owes_to_fill_it(void **state)
{
	struct fixture *f = *state;
	struct person manager = person(f, "tomas", "team-manager");
	report(f, "He is alone at night.");
	report(f, "He is alone again.");
	struct casebook_file office = file_named(f, file_of_office(f, "screener"));
	struct casebook_duty_list list = duties_of(f, office.n);
	assert_non_null(duty_of_rule(&list, "T94"));
	assert_int_equal(open_count(&list), 2); /* T94, and R02 for the manager: once while it lasts */
	assert_true(str_eq(duty_of_rule(&list, "T94")->office, STR("team-manager")));
	assert_true(str_eq(manager.actor.office, STR("team-manager")));
	struct person screener = person(f, "amara", "screener");
	list = duties_of(f, office.n);
	assert_false(duty_of_rule(&list, "T94")->is_open);
	assert_true(screener.account.n > 0);
}

static void while_it_is_vacant_the_first_held_office_above_may_act_in_it(void **state)
{
	struct fixture *f = *state;
	struct person manager = person(f, "tomas", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_actor standing_in = manager.actor;
	standing_in.office = STR("screener");
	admitted(f, &standing_in, "concern.looked", concern.number,
	         fields_of(f, "{'danger':'none-found','checked':['own-files']}"));
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer answer = act(f, &standing_in, "concern.acknowledged", concern.number,
	                                    fields_of(f, "{'to':'child','how':'phone'}"));
	assert_int_equal(answer.outcome, CASEBOOK_REFUSED);
	assert_true(screener.account.n > 0);
}

static void who_is_told_of_an_empty_office_reads_it_by_the_duty_to_fill_it(void **state)
{
	struct fixture *f = *state;
	struct person manager = person(f, "tomas", "team-manager");
	report(f, "He is alone at night.");
	struct str number = file_of_office(f, "screener");
	struct casebook_duty_list list = duties_of(f, file_named(f, number).n);
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("duty"), duty_of_rule(&list, "T94")->name);
	admitted(f, &manager.actor, "duty.read", number, fields);
	list = duties_of(f, file_named(f, number).n);
	assert_false(duty_of_rule(&list, "R02")->is_open);
	assert_true(duty_of_rule(&list, "T94")->is_open);
}

static void who_is_named_to_a_duty_has_a_part_in_its_file(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener"), manager = person(f, "tomas", "team-manager");
	struct person worker = person(f, "noor", "social-worker");
	struct casebook_answer concern = report(f, "He is alone at night.");
	const struct json *decided = fields_of(
		f, "{'decision':'assess','threshold':'2026','evidence':[40],'reasons':'A need.'}");
	((struct json *)(uintptr_t)json_member(decided, STR("evidence"))->first)->integer = concern.index;
	admitted(f, &screener.actor, "concern.decided", concern.number, decided);
	struct casebook_duty_list list = duties_of(f, file_named(f, concern.number).n);
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("duty"), duty_of_rule(&list, "T07")->name);
	json_put_text(f->arena, fields, STR("to"), STR("social-worker"));
	admitted(f, &manager.actor, "duty.taken", concern.number, fields);
	list = duties_of(f, file_named(f, concern.number).n);
	assert_false(duty_of_rule(&list, "T07")->is_open);
	assert_true(str_eq(duty_of_rule(&list, "T07")->office, STR("social-worker")));
	admitted(f, &worker.actor, "note.made", concern.number, fields_of(f, "{'text':'I hold the file.'}"));
}

/* --- second readers ------------------------------------------------------------------------- */

static struct casebook_answer close_on_a_sign(struct fixture *f, const struct person *screener,
                                              struct str *number)
{
	struct casebook_act what = a_report(f, STR("sign"));
	what.fields = fields_of(f, "{'source':'neighbour','happening':'A burn.','harm':['physical'],"
	                           "'danger-now':'no','harm-sign':'yes','channel':'web'}");
	struct casebook_answer concern;
	MUST(f, casebook_submit(f->book, &what, f->arena, &concern, &f->err));
	*number = concern.number;
	admitted(f, &screener->actor, "concern.looked", concern.number,
	         fields_of(f, "{'danger':'none-found','checked':['own-files','police','health','school']}"));
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'decision':'none','threshold':'2026','reason-none':'information-only','reasons':'A kettle.'}");
	struct json *evidence = json_array(f->arena);
	json_push(evidence, json_integer(f->arena, concern.index));
	json_put(fields, STR("evidence"), evidence);
	return act(f, &screener->actor, "concern.decided", concern.number, fields);
}

static const struct json *second_fields(struct fixture *f, int64_t of, const char *answer)
{
	struct json *fields = json_object(f->arena);
	json_put_integer(f->arena, fields, STR("of"), of);
	json_put_text(f->arena, fields, STR("answer"), str_from_c(answer));
	json_put_text(f->arena, fields, STR("reasons"), STR("I read it all."));
	return fields;
}

static void an_act_that_wants_a_second_reader_waits_until_another_agrees(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener"), manager = person(f, "tomas", "team-manager");
	struct str number;
	struct casebook_answer waiting = close_on_a_sign(f, &screener, &number);
	assert_int_equal(waiting.outcome, CASEBOOK_WAITING);
	assert_int_equal(waiting.role_count, 1);
	assert_true(str_eq(file_named(f, number).state_name, STR("received")));
	admitted(f, &manager.actor, "second.given", number, second_fields(f, waiting.index, "yes"));
	struct casebook_file file = file_named(f, number);
	assert_true(str_eq(file.state_name, STR("closing")));
	struct casebook_entry entry = entry_of(f, file.last_entry);
	assert_true(str_eq(entry.kind, STR("concern.decided")));
	assert_true(str_eq(entry.account, screener.account));
	assert_int_equal(json_number(entry.plain, STR("waited"), -1), waiting.index);
}

static void who_wrote_it_cannot_be_its_second_reader(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct str number;
	hold(f, &screener, "team-manager");
	screener.actor.office = STR("screener");
	struct casebook_answer waiting = close_on_a_sign(f, &screener, &number);
	screener.actor.office = STR("team-manager");
	struct casebook_answer answer = act(f, &screener.actor, "second.given", number,
	                                    second_fields(f, waiting.index, "yes"));
	assert_int_equal(answer.outcome, CASEBOOK_REFUSED);
	assert_true(str_eq(file_named(f, number).state_name, STR("received")));
}

static void at_a_no_the_waiting_act_falls_and_stays_readable(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener"), manager = person(f, "tomas", "team-manager");
	struct str number;
	struct casebook_answer waiting = close_on_a_sign(f, &screener, &number);
	admitted(f, &manager.actor, "second.given", number, second_fields(f, waiting.index, "no"));
	assert_true(str_eq(file_named(f, number).state_name, STR("received")));
	struct casebook_answer again = act(f, &manager.actor, "second.given", number,
	                                   second_fields(f, waiting.index, "yes"));
	assert_int_equal(again.outcome, CASEBOOK_REFUSED);
	assert_true(str_eq(entry_of(f, waiting.index).kind, STR("act.waiting")));
}

/* --- words, L12 ----------------------------------------------------------------------------- */

static void a_persons_words_are_kept_to_the_letter(void **state) /* L12 */
{
	struct fixture *f = *state;
	static const char WORDS[] = "  he sed \xE2\x80\x9C" "dont tell\xE2\x80\x9D\r\n\r\n\tand  "
	                            "\xF0\x9F\x98\xA2 e\xCC\x81 <b>&amp; ";
	struct casebook_answer concern = report(f, WORDS);
	struct person screener = person(f, "amara", "screener");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	enum casebook_seal how;
	const struct json *sealed;
	MUST(f, casebook_open_seal(reader, &screener.viewer, concern.index, f->arena, &how, &sealed, &f->err));
	assert_int_equal(how, CASEBOOK_SEAL_OPEN);
	assert_true(str_eq(json_text(sealed, STR("happening")), str_from_c(WORDS)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_was_acknowledged_is_there_after_a_restart),
		PROVES(a_concern_is_owed_by_named_offices_by_computed_times),
		PROVES(a_first_look_out_of_hours_is_owed_by_the_emergency_team),
		PROVES(an_open_file_that_owes_nothing_owes_to_say_what_is_next),
		PROVES(a_submission_sent_twice_is_one_entry_and_one_code),
		PROVES(another_act_under_the_same_submission_is_refused),
		PROVES(the_same_words_from_two_people_are_two_entries),
		PROVES(who_does_not_hold_the_office_is_refused_and_that_is_an_entry),
		PROVES(closing_without_evidence_is_refused_with_what_is_missing),
		PROVES(refusals_past_twenty_an_hour_are_counted_not_written),
		PROVES(a_refused_act_costs_its_neighbours_nothing),
		PROVES(fields_nobody_declared_are_refused_by_name),
		PROVES(silence_climbs_by_itself_to_somebody_outside),
		PROVES(each_rung_is_told_once),
		PROVES(after_an_outage_everything_due_fires_once_and_says_it_is_late),
		PROVES(a_duty_settled_late_stays_late),
		PROVES(a_later_time_that_was_agreed_moves_no_due_time),
		PROVES(a_concern_found_in_a_drawer_is_born_late),
		PROVES(an_empty_office_is_told_and_somebody_owes_to_fill_it),
		PROVES(while_it_is_vacant_the_first_held_office_above_may_act_in_it),
		PROVES(who_is_told_of_an_empty_office_reads_it_by_the_duty_to_fill_it),
		PROVES(who_is_named_to_a_duty_has_a_part_in_its_file),
		PROVES(an_act_that_wants_a_second_reader_waits_until_another_agrees),
		PROVES(who_wrote_it_cannot_be_its_second_reader),
		PROVES(at_a_no_the_waiting_act_falls_and_stays_readable),
		PROVES(a_persons_words_are_kept_to_the_letter),
	};
	return PROVE(tests);
}
