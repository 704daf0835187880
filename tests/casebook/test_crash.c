/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Where a register may be stopped between taking something in and showing it to everybody, and what
 * stands there when it is started again. docs/architecture.md has the table; what concerns a
 * witness and a mirror is in tests/log.
 */
#include "casebook/cosigned.h"
#include "store/dialect.h"
#include "store/store.h"

#define POINTS_MAX 400
#define LIES       8
#define TIME       INT64_C(1790000000) /* of cosignatures */

/* A register on a disk that fails; its keys lie in a folder. */
struct ground {
	struct fixture g;
	struct store_shim *shim;
	struct casebook_shelf *shelf;
	uint64_t seed;
};

static void take_up(struct fixture *f, struct ground *on)
{
	struct casebook_options options = {
		.vfs = store_shim_name(on->shim), .shelf = on->shelf, .has_seed = true, .seed = ++on->seed
	};
	MUST(f, casebook_open_with(on->g.dir, CASEBOOK_WRITE, &options, &on->g.book, &f->err));
	MUST(f, casebook_set_now(on->g.book, FIXTURE_START, &f->err));
}

static void begin_on(struct fixture *f, struct ground *on, uint64_t seed)
{
	const char *folders[] = { test_packs() };
	const struct pack_bytes *pack = NULL;
	struct casebook_made made;
	*on = (struct ground){ .g = { .arena = f->arena }, .shelf = casebook_shelf_create(), .seed = 20 };
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &pack, &f->err));
	MUST(f, store_shim_create(seed, &on->shim, &f->err));
	(void)snprintf(on->g.dir, sizeof on->g.dir, "%.40s-crash", f->dir);
	struct casebook_founding founding = { .dir = on->g.dir,
		                              .pack = pack,
		                              .shelf = on->shelf,
		                              .origin = STR("drill.north.example/register"),
		                              .is_drill = true,
		                              .has_seed = true,
		                              .seed = 1,
		                              .start = FIXTURE_START - INSTANT_PER_HOUR,
		                              .vfs = store_shim_name(on->shim) };
	MUST(f, casebook_create(&founding, f->arena, &made, &f->err));
	take_up(f, on);
	journal_set_level(JOURNAL_SILENT);
}

static void begin(struct fixture *f, struct ground *on)
{
	begin_on(f, on, 99);
}

static void end(struct fixture *f, struct ground *on)
{
	journal_set_level(JOURNAL_INFO);
	casebook_close(on->g.book);
	store_shim_destroy(on->shim);
	casebook_shelf_destroy(on->shelf);
	fixture_remove_folder(f->arena, on->g.dir);
}

static int64_t number(struct ground *on, const char *sql)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	struct fixture *f = &on->g;
	int64_t n = -1;
	MUST(f, store_open_on(store_shim_name(on->shim), file_join(f->arena, f->dir, "register.db"), STORE_READ, &store,
	                      &f->err));
	MUST(f, store_get_int(store, sql, &n, &f->err));
	return n;
}

static int64_t entries(struct ground *on)
{
	return number(on, "SELECT COUNT(*) FROM entry");
}

static int64_t signed_size(struct ground *on)
{
	return number(on, "SELECT MAX(size) FROM signed");
}

static int64_t published_size(struct ground *on)
{
	return number(on, "SELECT COALESCE(MAX(size), 0) FROM published");
}

/* Power goes: what was not synced may be lost. Then it is looked over, and started again. */
static void start_again(struct fixture *f, struct ground *on)
{
	struct casebook_options options = { .vfs = store_shim_name(on->shim), .shelf = on->shelf };
	struct casebook_verified found;
	casebook_close(on->g.book);
	on->g.book = NULL;
	store_shim_restart(on->shim);
	store_shim_heal(on->shim);
	MUST(f, casebook_verify_on(&options, on->g.dir, CASEBOOK_VERIFY_LOG, f->arena, NULL, NULL, &found, &f->err));
	if (!found.ok)
		fail_msg("%.*s: %.*s", STR_ARG(found.difference.where), STR_ARG(found.difference.what));
	take_up(f, on);
	/* Entries without their checkpoint, or the other way round, are never there (10.1: one commit). */
	assert_int_equal(signed_size(on), entries(on));
}

static bool send(struct ground *on, struct str submission, struct casebook_answer *answer)
{
	struct fixture *f = &on->g;
	struct casebook_act what = {
		.actor = BY_PUBLIC,
		.via = CASEBOOK_WEB,
		.kind = STR("concern.received"),
		.submission = submission,
		.wants_code = true,
		.fields = fields_of(f, "{'source':'neighbour','happening':'He hits her.','harm':['physical'],"
		                       "'danger-now':'no','harm-sign':'unknown','channel':'web'}"),
	};
	*answer = (struct casebook_answer){ .outcome = CASEBOOK_FAILED };
	return casebook_submit(f->book, &what, f->arena, answer, &f->err) && answer->outcome == CASEBOOK_ADMITTED;
}

static void must_send(struct fixture *f, struct ground *on, struct str submission, struct casebook_answer *answer)
{
	if (!send(on, submission, answer))
		fail_msg("%s, %s", on->g.err.message, answer->err.message);
	(void)f;
}

/* Of the first operations each, then every sixth or so: most are pages of one log, one like another. */
static int64_t next_point(int64_t at)
{
	return at + 1 + at / 6;
}

/* --- a turn ----------------------------------------------------------------------------------- */

static void a_turn_stopped_at_any_step_is_there_whole_or_not_at_all(void **state)
{
	static const enum store_fault faults[] = { STORE_FAULT_POWER, STORE_FAULT_AFTER };
	struct fixture *f = *state;
	struct ground on;
	size_t lost = 0, kept = 0;
	begin(f, &on);
	for (size_t i = 0; i < COUNT_OF(faults); i++) {
		bool failed = true;
		for (int64_t at = 1; failed && at < POINTS_MAX; at = next_point(at)) {
			struct str submission = arena_format(f->arena, "stopped %zu %" PRId64, i, at);
			struct casebook_answer first, again;
			int64_t before = entries(&on);
			store_shim_plan(on.shim, faults[i], at);
			bool answered = send(&on, submission, &first);
			failed = store_shim_has_failed(on.shim);
			start_again(f, &on);
			int64_t after = entries(&on);
			assert_true(!answered || after > first.index);
			lost += after == before;
			kept += after > before && !answered;
			/* Sent once more it is one entry, whether it was there or not. */
			must_send(f, &on, submission, &again);
			assert_int_equal(again.index, before);
			assert_true(!answered || again.index == first.index);
			assert_true(after == before || entries(&on) == after);
		}
		assert_false(failed);
	}
	print_message("%zu turns were lost whole, %zu were kept and not answered\n", lost, kept);
	assert_true(lost > 2 && kept > 0);
	end(f, &on);
}

static void an_answer_that_got_lost_is_given_again(void **state)
{
	struct fixture *f = *state;
	struct ground on;
	struct casebook_answer first, again;
	begin(f, &on);
	must_send(f, &on, STR("lost"), &first);
	start_again(f, &on);
	int64_t before = entries(&on);
	must_send(f, &on, STR("lost"), &again);
	assert_int_equal(entries(&on), before);
	assert_int_equal(again.index, first.index);
	assert_int_equal(again.code.digits, first.code.digits);
	assert_memory_equal(again.code.word, first.code.word, sizeof first.code.word);
	end(f, &on);
}

static void a_full_disk_refuses_acts_signs_nothing_and_is_read(void **state)
{
	struct fixture *f = *state;
	struct ground on;
	struct casebook_answer answer;
	begin(f, &on);
	must_send(f, &on, STR("before"), &answer);
	int64_t before = entries(&on);
	store_shim_plan(on.shim, STORE_FAULT_FULL, 1);
	assert_false(send(&on, STR("full"), &answer));
	assert_int_equal(answer.err.code, ERR_UNABLE);
	assert_false(casebook_beat(on.g.book, &on.g.err));
	assert_int_equal(entries(&on), before);
	assert_int_equal(signed_size(&on), before);
	assert_true(file_named(&on.g, STR("C-1")).number.n > 0);
	store_shim_heal(on.shim);
	must_send(f, &on, STR("full"), &answer);
	assert_int_equal(answer.index, before);
	start_again(f, &on);
	assert_true(entries(&on) > before);
	end(f, &on);
}

/* A log that is older and whole is what a witness knows better (step 7 of the start). */
static void what_a_lying_disk_leaves_is_refused_or_older_and_whole(void **state)
{
	struct fixture *f = *state;
	int refused = 0, older = 0;
	for (uint64_t seed = 1; seed <= LIES; seed++) {
		struct ground on;
		struct casebook_answer answer;
		struct casebook_verified found = { 0 };
		struct err err = { 0 };
		begin_on(f, &on, seed);
		must_send(f, &on, STR("kept"), &answer);
		store_shim_lie(on.shim);
		for (int i = 0; i < 3; i++)
			must_send(f, &on, arena_format(f->arena, "lied of %d", i), &answer);
		int64_t told = signed_size(&on);
		casebook_close(on.g.book);
		on.g.book = NULL;
		store_shim_restart(on.shim);
		struct casebook_options options = {
			.vfs = store_shim_name(on.shim), .shelf = on.shelf, .has_seed = true, .seed = 50
		};
		bool is_open = casebook_open_with(on.g.dir, CASEBOOK_WRITE, &options, &on.g.book, &err);
		refused += !is_open;
		assert_true(is_open || ((err.code == ERR_INPUT || err.code == ERR_UNABLE) && err.message[0]));
		if (is_open) {
			MUST(f, casebook_verify_on(&options, on.g.dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found,
			                           &f->err));
			assert_true(found.ok);
			assert_int_equal(signed_size(&on), entries(&on));
			assert_true(entries(&on) <= told);
			older += entries(&on) < told;
		}
		end(f, &on);
	}
	print_message("%d of %d were refused, %d were older and whole\n", refused, LIES, older);
	assert_true(refused + older > 0);
}

/* --- publishing ------------------------------------------------------------------------------- */

static void a_receipt_that_was_out_is_published_by_the_next_beat(void **state)
{
	struct fixture *f = *state;
	struct ground on;
	struct casebook_answer answer;
	struct casebook_grade grade;
	begin(f, &on);
	must_send(f, &on, STR("out"), &answer);
	assert_true(published_size(&on) <= answer.index);
	start_again(f, &on);
	{
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(&on.g);
		MUST(f, casebook_grade(reader, f->arena, answer.index, &grade, &f->err));
		assert_non_null(grade.promise.p);
	}
	MUST(f, casebook_beat(on.g.book, &f->err));
	assert_true(published_size(&on) > answer.index);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(&on.g);
	MUST(f, casebook_grade(reader, f->arena, answer.index, &grade, &f->err));
	assert_null(grade.promise.p);
	casebook_reader_give(&reader);
	end(f, &on);
}

static struct str shown(struct fixture *f, struct ground *on, int64_t *size)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(&on->g);
	struct str note;
	MUST(f, casebook_log_checkpoint(reader, f->arena, size, &note, &f->err));
	return note;
}

static bool holds(struct str note, struct str part)
{
	return str_find_str(note, part) < note.n;
}

/* They were in memory: what is shown is the old checkpoint whole, or the new one; asked anew it is the new one. */
static void cosignatures_that_were_not_kept_are_asked_for_again(void **state)
{
	static const enum store_fault faults[] = { STORE_FAULT_POWER, STORE_FAULT_AFTER };
	struct fixture *f = *state;
	struct ground on;
	struct witnesses witnesses;
	size_t old = 0, kept = 0;
	begin(f, &on);
	witnesses_ask(&on.g, &witnesses);
	witnesses_publish(&on.g, &witnesses, WITNESSES);
	for (size_t i = 0; i < COUNT_OF(faults); i++) {
		bool failed = true;
		for (int64_t at = 1; failed && at < POINTS_MAX; at = next_point(at)) {
			int64_t size, now, before = published_size(&on);
			struct casebook_answer answer;
			must_send(f, &on, arena_format(f->arena, "gathered %zu %" PRId64, i, at), &answer);
			MUST(f, casebook_beat_unpublished(on.g.book, &on.g.err));
			struct str lines = witnesses_cosign(&on.g, &witnesses, WITNESSES, TIME + at, &size);
			assert_true(size > before);
			store_shim_plan(on.shim, faults[i], at);
			bool done = casebook_publish(on.g.book, size, lines, &on.g.err);
			failed = store_shim_has_failed(on.shim);
			start_again(f, &on);
			struct str note = shown(f, &on, &now);
			assert_true(now == before || (now == size && holds(note, lines)));
			assert_true(!done || now == size);
			old += now == before;
			kept += now == size && !done;
			lines = witnesses_cosign(&on.g, &witnesses, WITNESSES, TIME + 1000 + at, &size);
			MUST(f, casebook_publish(on.g.book, size, lines, &f->err));
			assert_true(holds(shown(f, &on, &now), lines) && now == size);
		}
		assert_false(failed);
	}
	print_message("%zu were not kept, %zu were and nobody was told\n", old, kept);
	assert_true(old > 2 && kept > 0);
	witnesses_go(&witnesses);
	end(f, &on);
}

static void what_was_published_is_shown_from_the_table_at_the_start(void **state)
{
	struct fixture *f = *state;
	struct ground on;
	struct witnesses witnesses;
	struct casebook_answer answer;
	int64_t size, now;
	struct str bytes;
	struct err err = { 0 };
	begin(f, &on);
	witnesses_ask(&on.g, &witnesses);
	witnesses_publish(&on.g, &witnesses, WITNESSES);
	struct str before = shown(f, &on, &size);
	must_send(f, &on, STR("past what is published"), &answer);
	start_again(f, &on);
	assert_true(str_eq(shown(f, &on, &now), before) && now == size);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(&on.g);
	struct str path = arena_format(f->arena, "tile/entries/000.p/%" PRId64, size);
	MUST(f, casebook_log_tile(reader, f->arena, path, &bytes, &f->err));
	assert_int_equal(bytes.n, size * (2 + HASH_SIZE));
	path = arena_format(f->arena, "tile/entries/000.p/%" PRId64, size + 1);
	assert_false(casebook_log_tile(reader, f->arena, path, &bytes, &err));
	assert_int_equal(err.code, ERR_ABSENT);
	casebook_reader_give(&reader);
	witnesses_go(&witnesses);
	end(f, &on);
}

/* --- signed before ---------------------------------------------------------------------------- */

static void run_by_hand(struct fixture *f, const char *sql)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
	MUST(f, store_run(store, sql, &f->err));
}

static void must_stop(struct fixture *f, const char *by_hand)
{
	struct casebook_answer answer;
	struct err err = { 0 };
	struct ground on = { .g = *f };
	report(f, "She is cold.");
	run_by_hand(f, by_hand);
	journal_set_level(JOURNAL_SILENT);
	assert_false(send(&on, STR("once"), &answer));
	assert_int_equal(answer.err.code, ERR_UNABLE); /* exit 4, 503 */
	/* It does not go on as if nothing were, and takes nothing in. */
	assert_false(casebook_may_take(f->book));
	assert_false(casebook_submit(f->book, &(struct casebook_act){ .actor = BY_PUBLIC, .kind = STR("concern.received") },
	                             f->arena, &answer, &err));
	assert_int_equal(err.code, ERR_UNABLE);
	assert_non_null(strstr(err.message, "was signed before"));
	assert_false(casebook_beat(f->book, &err));
	journal_set_level(JOURNAL_INFO);
	assert_true(file_named(f, STR("C-1")).number.n > 0);
}

static void a_size_that_was_signed_with_another_root_stops_the_register(void **state)
{
	must_stop(*state, "INSERT INTO signed SELECT size + 1, root, sig, keyid FROM signed ORDER BY size DESC LIMIT 1");
}

static void a_greater_size_that_was_signed_stops_the_register(void **state)
{
	must_stop(*state, "INSERT INTO signed SELECT size + 9, root, sig, keyid FROM signed ORDER BY size DESC LIMIT 1");
}

/* --- at the start ----------------------------------------------------------------------------- */

/* The program writes entries, tree and checkpoint at once: what is more was written by somebody else. */
static void an_entry_that_the_tree_lacks_shuts_the_register(void **state)
{
	struct fixture *f = *state;
	struct err err = { 0 };
	report(f, "She is cold.");
	casebook_close(f->book);
	f->book = NULL;
	{
		CLEANUP(store_cleanup) struct store *store = NULL;
		MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
		MUST(f, store_run_script(store,
		                         "BEGIN; CREATE TEMP TABLE more AS SELECT * FROM entry"
		                         " WHERE idx = (SELECT MAX(idx) FROM entry);"
		                         " UPDATE more SET idx = idx + 1; INSERT INTO entry SELECT * FROM more; COMMIT",
		                         &f->err));
	}
	assert_false(casebook_open(f->dir, CASEBOOK_WRITE, &f->book, &err));
	assert_non_null(strstr(err.message, "the log's tree has"));
	struct casebook_verified found;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_false(found.ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_turn_stopped_at_any_step_is_there_whole_or_not_at_all),
		PROVES(an_answer_that_got_lost_is_given_again),
		PROVES(a_full_disk_refuses_acts_signs_nothing_and_is_read),
		PROVES(what_a_lying_disk_leaves_is_refused_or_older_and_whole),
		PROVES(a_receipt_that_was_out_is_published_by_the_next_beat),
		PROVES(cosignatures_that_were_not_kept_are_asked_for_again),
		PROVES(what_was_published_is_shown_from_the_table_at_the_start),
		PROVES(a_size_that_was_signed_with_another_root_stops_the_register),
		PROVES(a_greater_size_that_was_signed_stops_the_register),
		PROVES(an_entry_that_the_tree_lacks_shuts_the_register),
	};
	return PROVE(tests);
}
