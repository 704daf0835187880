/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a correction changes and what it does not: facts are reckoned anew, due times never move. */
#include "casebook/changed_pack.h"
#include "casebook/dump.h"
#include "casebook/owed.h"

#include "casebook/turn.h"

static struct str fact_of(struct fixture *f, struct str file, const char *name)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_file found;
	MUST(f, casebook_file_find(reader, f->arena, file, &found, &f->err));
	return json_text(found.facts, str_from_c(name));
}

static struct casebook_answer correct(struct fixture *f, const struct person *by, struct str file, int64_t of,
                                      const char *field, const char *value)
{
	struct json *fields = json_object(f->arena);
	json_put_integer(f->arena, fields, STR("of"), of);
	json_put_text(f->arena, fields, STR("field"), str_from_c(field));
	json_put_text(f->arena, fields, STR("why"), STR("mistyped"));
	json_put_text(f->arena, fields, STR("value"), str_from_c(value));
	return admitted(f, &by->actor, "entry.corrected", file, fields);
}

static struct casebook_answer called(struct fixture *f, const struct person *by, const char *sign, const char *source)
{
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'happening':'A burn.','harm':['physical'],'danger-now':'no','channel':'phone'}");
	json_put_text(f->arena, fields, STR("harm-sign"), str_from_c(sign));
	json_put_text(f->arena, fields, STR("source"), str_from_c(source));
	return admitted(f, &by->actor, "concern.received", STR_NONE, fields);
}

static struct casebook_answer looked(struct fixture *f, const struct person *by, struct str file, const char *danger)
{
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'checked':['own-files','police','health','school'],'basis':'Seen.'}");
	json_put_text(f->arena, fields, STR("danger"), str_from_c(danger));
	return admitted(f, &by->actor, "concern.looked", file, fields);
}

static const struct json *decision(struct fixture *f, int64_t evidence, const char *which)
{
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'threshold':'2026','reason-none':'information-only','reasons':'A kettle.'}");
	struct json *list = json_array(f->arena);
	json_push(list, json_integer(f->arena, evidence));
	json_put(fields, STR("evidence"), list);
	json_put_text(f->arena, fields, STR("decision"), str_from_c(which));
	return fields;
}

static void the_worst_that_was_written_stays_whatever_is_corrected(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = called(f, &screener, "unknown", "neighbour");
	struct casebook_answer low = looked(f, &screener, concern.number, "none-found");
	correct(f, &screener, concern.number, low.index, "danger", "possible");
	assert_true(str_eq(fact_of(f, concern.number, "danger"), STR("possible")));
	struct casebook_answer high = looked(f, &screener, concern.number, "now");
	assert_true(str_eq(fact_of(f, concern.number, "danger"), STR("now")));
	correct(f, &screener, concern.number, high.index, "danger", "none-found");
	assert_true(str_eq(fact_of(f, concern.number, "danger"), STR("now")));
	correct(f, &screener, concern.number, low.index, "danger", "none-found");
	assert_true(str_eq(fact_of(f, concern.number, "danger"), STR("now")));
}

static void first_and_last_keep_their_places(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = called(f, &screener, "unknown", "neighbour");
	struct casebook_answer one = admitted(f, &screener.actor, "concern.decided", concern.number,
	                                      decision(f, concern.index, "assess"));
	struct casebook_answer two = admitted(f, &screener.actor, "concern.decided", concern.number,
	                                      decision(f, concern.index, "early-help"));
	correct(f, &screener, concern.number, one.index, "decision", "strategy");
	assert_true(str_eq(fact_of(f, concern.number, "decision"), STR("early-help")));
	correct(f, &screener, concern.number, two.index, "decision", "advice");
	assert_true(str_eq(fact_of(f, concern.number, "decision"), STR("advice")));
	correct(f, &screener, concern.number, concern.index, "source", "relative");
	assert_true(str_eq(fact_of(f, concern.number, "first-source"), STR("relative")));
}

static void a_gate_looks_at_the_corrected_fact_and_nothing_else_moves(void **state) /* L6 */
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = called(f, &screener, "no", "neighbour");
	looked(f, &screener, concern.number, "none-found");
	struct casebook_duty_list before = duties_of(f, concern.number);
	struct str state_before = file_named(f, concern.number).state_name;
	correct(f, &screener, concern.number, concern.index, "harm-sign", "yes");
	assert_true(str_eq(fact_of(f, concern.number, "harm-sign"), STR("yes")));
	assert_true(str_eq(file_named(f, concern.number).state_name, state_before));
	struct casebook_duty_list after = duties_of(f, concern.number);
	assert_int_equal(after.count, before.count);
	for (size_t i = 0; i < after.count; i++) {
		assert_int_equal(after.at[i].id, before.at[i].id);
		assert_int_equal(after.at[i].due, before.at[i].due);
	}
	/* A sign of harm wants a second reader, whose act waits; that it is corrected away changes nothing of it. */
	struct casebook_answer waiting =
		act(f, &screener.actor, "concern.decided", concern.number, decision(f, concern.index, "none"));
	assert_int_equal(waiting.outcome, CASEBOOK_WAITING);
	correct(f, &screener, concern.number, concern.index, "harm-sign", "no");
	assert_true(str_eq(fact_of(f, concern.number, "harm-sign"), STR("yes")));
	assert_non_null(open_of(f, concern.number, "R01"));
}

static void a_refold_reckons_the_same_facts(void **state)
{
	struct fixture *f = *state;
	struct casebook_verified found;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = called(f, &screener, "yes", "neighbour");
	struct casebook_answer look = looked(f, &screener, concern.number, "now");
	correct(f, &screener, concern.number, look.index, "danger", "possible");
	correct(f, &screener, concern.number, concern.index, "harm-sign", "unknown");
	looked(f, &screener, concern.number, "none-found");
	correct(f, &screener, concern.number, look.index, "danger", "none-found");
	CLEANUP(buf_finish) struct buf before = dump(f);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	CLEANUP(buf_finish) struct buf after = dump(f);
	assert_same_dump(&before, &after);
	assert_true(str_eq(fact_of(f, concern.number, "danger"), STR("now")));
	casebook_close(f->book);
	f->book = NULL;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_true(found.ok);
}

/* A correction as an entry, which nobody judged: as whoever writes the database can come to one by altering
 * a view while it is judged. */
struct forging {
	struct fixture *f;
	const struct person *by;
	struct casebook_file file;
	struct json *plain;
	int64_t made;
};

static bool forge(struct turn *turn, void *ctx, struct err *err)
{
	struct forging *forging = ctx;
	struct folding made;
	struct making making = { .kind = pack_kind_find(turn->fold->pack, STR("entry.corrected")),
		                 .file = forging->file.n,
		                 .file_id = forging->file.id,
		                 .by = CASEBOOK_BY_OFFICE,
		                 .account = forging->by->actor.account,
		                 .office = forging->by->actor.office,
		                 .via = CASEBOOK_API,
		                 .plain = forging->plain,
		                 .cause = -1 };
	fold_begin_act(turn->fold);
	turn->follow_count = 0;
	turn->now = book_recorded(turn->book);
	if (!turn_entry(turn, &making, &made, err) || !turn_follow(turn, &made, 0, err))
		return false;
	forging->made = made.index;
	return turn_end_act(turn, err);
}

/* The rules name an office that agrees before an answer that counts reads otherwise (`correction-second`). */
static void what_one_office_corrected_alone_is_named(void **state)
{
	static const struct text_change TWO = { "pack.yaml", "rest: T00 ", "correction-second: team-manager\nrest: T00 " };
	struct fixture *f = *state;
	struct casebook_verified found;
	found_by(f, changed_all(f, "version: 0.2.0", &TWO, 1));
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = called(f, &screener, "yes", "neighbour");
	struct json *fields = json_object(f->arena);
	json_put_integer(f->arena, fields, STR("of"), concern.index);
	json_put_text(f->arena, fields, STR("field"), STR("source"));
	json_put_text(f->arena, fields, STR("why"), STR("mistyped"));
	json_put_text(f->arena, fields, STR("value"), STR("school"));
	struct casebook_answer waits = act(f, &screener.actor, "entry.corrected", concern.number, fields);
	assert_int_equal(waits.outcome, CASEBOOK_WAITING);
	struct forging forging = { f, &screener, file_named(f, concern.number), fields, -1 };
	MUST(f, turn_own(f->book, forge, &forging, &f->err));
	casebook_close(f->book);
	f->book = NULL;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_false(found.ok);
	assert_int_equal(found.difference.index, forging.made);
	assert_string_equal(str_to_c(f->arena, found.difference.what),
	                    "It was corrected by one alone, and two were wanted");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_worst_that_was_written_stays_whatever_is_corrected),
		PROVES(first_and_last_keep_their_places),
		PROVES(a_gate_looks_at_the_corrected_fact_and_nothing_else_moves),
		PROVES(a_refold_reckons_the_same_facts),
		PROVES(what_one_office_corrected_alone_is_named),
	};
	return PROVE(tests);
}
