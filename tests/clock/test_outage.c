/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A machine that was dead, suspended, or whose clock was set: each due step
 * fires once, in order of time, late ones say so; and no wrong clock climbs
 * anything. A live register, the
 * machine's clocks in hand.
 */
#include "casebook/fixture.h"
#include "clock/clock.h"
#include "store/store.h"

#define WALL FIXTURE_START

struct machine {
	struct fixture f; /* the live register's own */
	struct clock_reading clock;
	struct person ada, otto, screener;
	struct str concern;
};

static struct clock_reading read_hands(void *ctx)
{
	return ((struct machine *)ctx)->clock;
}

static void open_live(struct machine *m)
{
	struct casebook_options options = { .clock = read_hands, .clock_ctx = m };
	MUST(&m->f, casebook_open_with(m->f.dir, CASEBOOK_WRITE, &options, &m->f.book, &m->f.err));
}

/* The process ends; meanwhile the wall moves by `wall`; the machine may have been booted anew. */
static void restart(struct machine *m, int64_t wall, bool reboots)
{
	casebook_close(m->f.book);
	m->clock.wall += wall;
	m->clock.boot_us = reboots ? 5 * INSTANT_PER_SECOND : m->clock.boot_us + (wall > 0 ? wall : 0);
	open_live(m);
}

static void pass(struct machine *m, int64_t us)
{
	m->clock.wall += us;
	m->clock.boot_us += us;
}

static struct person seat(struct machine *m, const char *name, const char *office)
{
	return person(&m->f, name, office);
}

static struct machine *found_live(struct fixture *f)
{
	struct machine *m = calloc(1, sizeof *m);
	struct casebook_made made;
	assert_non_null(m);
	m->f.arena = f->arena;
	(void)snprintf(m->f.dir, sizeof m->f.dir, "%.50s-live", f->dir);
	m->clock = (struct clock_reading){ .wall = clock_read().wall, .boot_us = INSTANT_PER_DAY };
	fixture_create(&m->f, m->f.dir, false, &made);
	m->clock.wall = clock_read().wall + INSTANT_PER_SECOND;
	open_live(m);
	m->ada = seat(m, "ada", "register-administrator");
	m->otto = seat(m, "otto", "register-administrator");
	m->screener = seat(m, "amara", "screener");
	m->concern = report(&m->f, "He is alone at night.").number;
	return m;
}

static void end_live(struct machine *m)
{
	casebook_close(m->f.book);
	fixture_remove_folder(m->f.arena, m->f.dir);
	free(m);
}

struct steps {
	size_t count;
	size_t late;
	int64_t last; /* entry */
};

/* Every climb so far: none twice, rungs rising for each duty, recorded never back. */
static struct steps steps_of(struct machine *m)
{
	struct fixture *f = &m->f;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_health health;
	struct steps steps = { 0 };
	struct {
		struct str duty;
		int64_t rung;
	} seen[256];
	size_t seen_count = 0;
	instant recorded = INSTANT_MIN;
	MUST(f, casebook_health(reader, &health, &f->err));
	for (int64_t at = 0; at < health.entries; at++) {
		struct casebook_entry entry;
		MUST(f, casebook_entry_get(reader, f->arena, at, &entry, &f->err));
		assert_true(entry.recorded >= recorded);
		recorded = entry.recorded;
		if (!str_eq(entry.kind, STR("duty.climbed")))
			continue;
		struct str duty = json_text(entry.plain, STR("duty"));
		int64_t rung = json_number(entry.plain, STR("rung"), -1);
		size_t i = 0;
		while (i < seen_count && !str_eq(seen[i].duty, duty))
			i++;
		assert_true(i < COUNT_OF(seen));
		if (i == seen_count)
			seen_count++;
		else
			assert_true(rung > seen[i].rung);
		seen[i].duty = duty;
		seen[i].rung = rung;
		steps.count++;
		steps.late += json_is_true(entry.plain, STR("late"));
		steps.last = at;
	}
	return steps;
}

static bool is_owed(struct machine *m, const char *rule)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(&m->f);
	struct casebook_duty_list list;
	MUST(&m->f, casebook_duties_open(reader, m->f.arena, false, INSTANT_MIN, -1, 500, &list, &m->f.err));
	for (size_t i = 0; i < list.count; i++) {
		if (str_eq(list.at[i].rule, str_from_c(rule)))
			return true;
	}
	return false;
}

static struct casebook_answer look(struct machine *m)
{
	return act(&m->f, &m->screener.actor, "concern.looked", m->concern,
	           fields_of(&m->f, "{'danger':'none-found','checked':['own-files']}"));
}

static struct casebook_answer confirm(struct machine *m, const struct person *by)
{
	struct json *fields = json_object(m->f.arena);
	json_put_text(m->f.arena, fields, STR("wall"), instant_write(m->f.arena, m->clock.wall));
	return act(&m->f, &by->actor, "clock.confirmed", STR("R-1"), fields);
}

/* --- outages -------------------------------------------------------------------------------- */

static void three_days_down_and_each_due_step_fires_once_and_late(void **state)
{
	struct machine *m = found_live(*state);
	struct clock_ran ran;
	report(&m->f, "Another child, the same house.");
	size_t before = steps_of(m).count;
	restart(m, 3 * INSTANT_PER_DAY, true);
	MUST(&m->f, clock_run_now(m->f.book, &ran, &m->f.err));
	struct steps steps = steps_of(m);
	assert_true(steps.count > before + 5);
	assert_int_equal(steps.late, steps.count);
	assert_int_equal(ran.fired, steps.count - before);
	MUST(&m->f, clock_run_now(m->f.book, &ran, &m->f.err));
	assert_int_equal(ran.fired, 0);
	restart(m, INSTANT_PER_SECOND, true);
	MUST(&m->f, clock_run_now(m->f.book, &ran, &m->f.err));
	assert_int_equal(steps_of(m).count, steps.count);
	end_live(m);
}

static void a_restart_between_two_turns_of_climbs_loses_and_repeats_nothing(void **state)
{
	struct machine *m = found_live(*state);
	size_t fired, all = 0, before = steps_of(m).count;
	instant next;
	restart(m, 4 * INSTANT_PER_DAY, true);
	do {
		MUST(&m->f, casebook_climb(m->f.book, casebook_now(m->f.book), 1, &fired, &next, &m->f.err));
		all += fired;
		restart(m, INSTANT_PER_SECOND, true);
	} while (fired > 0);
	assert_true(all > 5);
	assert_int_equal(steps_of(m).count, before + all);
	end_live(m);
}

/* The power goes in the middle of a turn of climbs, at each operation of the disk that it has. */
static void a_power_cut_inside_a_turn_of_climbs_loses_and_repeats_nothing(void **state)
{
	struct fixture *f = *state;
	const char *folders[] = { test_packs() };
	const struct pack_bytes *pack = NULL;
	size_t whole = 0;
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &pack, &f->err));
	for (int64_t cut = 0; cut < 40; cut += cut < 8 ? 1 : 5) {
		struct fixture g = { .arena = f->arena };
		struct store_shim *shim;
		struct casebook_made made;
		struct clock_ran ran;
		MUST(f, store_shim_create(99, &shim, &f->err));
		(void)snprintf(g.dir, sizeof g.dir, "%.40s-cut%d", f->dir, (int)cut);
		struct casebook_founding founding = { .dir = g.dir, .pack = pack, .is_drill = true, .has_seed = true,
			                              .seed = 1, .start = WALL, .vfs = store_shim_name(shim) };
		struct casebook_options options = { .vfs = store_shim_name(shim), .has_seed = true, .seed = 20 };
		MUST(f, casebook_create(&founding, f->arena, &made, &f->err));
		MUST(f, casebook_open_with(g.dir, CASEBOOK_WRITE, &options, &g.book, &f->err));
		report(&g, "He is alone at night.");
		MUST(f, casebook_set_now(g.book, WALL + 3 * INSTANT_PER_DAY, &f->err));
		if (cut > 0)
			store_shim_plan(shim, STORE_FAULT_POWER, cut);
		(void)!clock_run_now(g.book, &ran, &g.err);
		casebook_close(g.book);
		store_shim_restart(shim);
		options.seed = 30;
		MUST(f, casebook_open_with(g.dir, CASEBOOK_WRITE, &options, &g.book, &f->err));
		MUST(f, casebook_set_now(g.book, WALL + 3 * INSTANT_PER_DAY, &f->err));
		MUST(f, clock_run_now(g.book, &ran, &f->err));
		struct machine m = { .f = g };
		struct steps steps = steps_of(&m);
		if (cut == 0)
			whole = steps.count;
		assert_true(whole > 3);
		assert_int_equal(steps.count, whole);
		casebook_close(g.book);
		store_shim_destroy(shim);
		fixture_remove_folder(f->arena, g.dir);
	}
}

static void a_suspended_host_tells_what_fell_due_while_it_slept(void **state)
{
	struct machine *m = found_live(*state);
	struct clock_ran ran;
	size_t before = steps_of(m).count;
	/* The time since boot counts sleep; the wall was right on waking. */
	pass(m, 2 * INSTANT_PER_DAY);
	MUST(&m->f, clock_run_now(m->f.book, &ran, &m->f.err));
	assert_true(steps_of(m).count > before);
	assert_false(is_owed(m, "T95"));
	assert_int_equal(casebook_now(m->f.book), m->clock.wall);
	end_live(m);
}

/* --- a clock that was set ------------------------------------------------------------------- */

static void ahead_by_ten_minutes_is_not_believed_and_somebody_owes_to_confirm_it(void **state)
{
	struct machine *m = found_live(*state);
	struct clock_ran ran;
	size_t before = steps_of(m).count;
	instant slow = casebook_now(m->f.book);
	m->clock.wall += 10 * INSTANT_PER_MINUTE;
	assert_int_equal(casebook_now(m->f.book), slow);
	m->clock.wall += 60 * INSTANT_PER_DAY;
	MUST(&m->f, clock_run_now(m->f.book, &ran, &m->f.err));
	assert_int_equal(steps_of(m).count, before);
	assert_int_equal(casebook_now(m->f.book), slow);
	MUST(&m->f, casebook_beat(m->f.book, &m->f.err));
	MUST(&m->f, casebook_beat(m->f.book, &m->f.err));
	assert_true(is_owed(m, "T95"));
	assert_int_equal(look(m).outcome, CASEBOOK_ADMITTED);
	/* Two confirm: then it is believed, and what fell due is told. */
	assert_int_equal(confirm(m, &m->ada).outcome, CASEBOOK_WAITING);
	assert_int_equal(confirm(m, &m->ada).outcome, CASEBOOK_WAITING);
	assert_int_equal(casebook_now(m->f.book), slow);
	assert_int_equal(confirm(m, &m->otto).outcome, CASEBOOK_ADMITTED);
	assert_int_equal(casebook_now(m->f.book), m->clock.wall);
	assert_false(is_owed(m, "T95"));
	MUST(&m->f, clock_run_now(m->f.book, &ran, &m->f.err));
	assert_true(steps_of(m).count > before);
	end_live(m);
}

static void ahead_by_forty_days_at_start_takes_reports_and_climbs_nothing(void **state)
{
	struct machine *m = found_live(*state);
	struct fixture *f = &m->f;
	struct clock_ran ran;
	struct str why;
	size_t fired, before = steps_of(m).count;
	instant next;
	restart(m, 40 * INSTANT_PER_DAY, true);
	assert_true(casebook_is_intake_only(f->book, &why));
	assert_false(clock_run_now(f->book, &ran, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	MUST(f, casebook_climb(f->book, casebook_now(f->book), 100, &fired, &next, &f->err));
	assert_int_equal(fired, 0);
	report(f, "It goes on.");
	struct casebook_answer answer = look(m);
	assert_int_equal(answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(answer.err.code, ERR_UNABLE);
	answer = confirm(m, &m->ada);
	assert_int_equal(answer.outcome, CASEBOOK_WAITING);
	assert_true(casebook_is_intake_only(f->book, &why));
	/* The other agrees, as second reader this time. */
	struct json *fields = (struct json *)(uintptr_t)fields_of(f, "{'answer':'yes','reasons':'My watch says so.'}");
	json_put_integer(f->arena, fields, STR("of"), answer.index);
	admitted(f, &m->otto.actor, "second.given", STR("R-1"), fields);
	assert_false(casebook_is_intake_only(f->book, &why));
	MUST(f, clock_run_now(f->book, &ran, &f->err));
	struct steps steps = steps_of(m);
	assert_true(steps.count > before);
	assert_int_equal(steps.late, steps.count);
	assert_int_equal(look(m).outcome, CASEBOOK_ADMITTED);
	end_live(m);
}

static void a_report_does_not_make_a_wrong_clock_right(void **state)
{
	struct machine *m = found_live(*state);
	struct fixture *f = &m->f;
	struct clock_ran ran;
	struct str why;
	instant right = m->clock.wall;
	size_t before = steps_of(m).count;
	restart(m, 4000 * INSTANT_PER_DAY, true);
	report(f, "He is alone at night.");
	assert_true(casebook_now(f->book) < right + INSTANT_PER_HOUR);
	restart(m, 0, true);
	assert_true(casebook_is_intake_only(f->book, &why));
	assert_false(clock_run_now(f->book, &ran, &f->err));
	assert_int_equal(steps_of(m).count, before);
	/* Set right, it goes on as if nothing had been. */
	restart(m, -4000 * INSTANT_PER_DAY, true);
	assert_false(casebook_is_intake_only(f->book, &why));
	assert_int_equal(look(m).outcome, CASEBOOK_ADMITTED);
	end_live(m);
}

static void back_by_a_minute_harms_nothing(void **state)
{
	struct machine *m = found_live(*state);
	struct str why;
	instant newest = casebook_now(m->f.book);
	m->clock.wall -= INSTANT_PER_MINUTE;
	assert_true(casebook_now(m->f.book) >= newest);
	restart(m, 0, true);
	assert_false(casebook_is_intake_only(m->f.book, &why));
	assert_true(casebook_now(m->f.book) >= newest - INSTANT_PER_SECOND);
	assert_int_equal(look(m).outcome, CASEBOOK_ADMITTED);
	/* The wall stands still behind it; register time goes on. */
	instant now = casebook_now(m->f.book);
	pass(m, 10 * INSTANT_PER_SECOND);
	assert_int_equal(casebook_now(m->f.book), now + 10 * INSTANT_PER_SECOND);
	(void)steps_of(m);
	end_live(m);
}

static void back_by_ten_minutes_at_start_asks_two_accounts_once(void **state)
{
	struct machine *m = found_live(*state);
	struct str why;
	restart(m, -10 * INSTANT_PER_MINUTE, true);
	assert_true(casebook_is_intake_only(m->f.book, &why));
	report(&m->f, "It goes on.");
	assert_int_equal(look(m).outcome, CASEBOOK_FAILED);
	assert_int_equal(confirm(m, &m->ada).outcome, CASEBOOK_WAITING);
	assert_int_equal(confirm(m, &m->otto).outcome, CASEBOOK_ADMITTED);
	assert_false(casebook_is_intake_only(m->f.book, &why));
	assert_int_equal(look(m).outcome, CASEBOOK_ADMITTED);
	/* A restart a minute later does not ask again for what was confirmed. */
	pass(m, INSTANT_PER_MINUTE);
	restart(m, 0, true);
	assert_false(casebook_is_intake_only(m->f.book, &why));
	(void)steps_of(m);
	end_live(m);
}

static void back_by_ten_minutes_under_way_changes_no_time(void **state)
{
	struct machine *m = found_live(*state);
	instant now = casebook_now(m->f.book);
	m->clock.wall -= 10 * INSTANT_PER_MINUTE;
	pass(m, INSTANT_PER_MINUTE);
	assert_int_equal(casebook_now(m->f.book), now + INSTANT_PER_MINUTE);
	assert_int_equal(look(m).outcome, CASEBOOK_ADMITTED);
	assert_false(is_owed(m, "T95"));
	end_live(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(three_days_down_and_each_due_step_fires_once_and_late),
		PROVES(a_restart_between_two_turns_of_climbs_loses_and_repeats_nothing),
		PROVES(a_power_cut_inside_a_turn_of_climbs_loses_and_repeats_nothing),
		PROVES(a_suspended_host_tells_what_fell_due_while_it_slept),
		PROVES(ahead_by_ten_minutes_is_not_believed_and_somebody_owes_to_confirm_it),
		PROVES(a_report_does_not_make_a_wrong_clock_right),
		PROVES(ahead_by_forty_days_at_start_takes_reports_and_climbs_nothing),
		PROVES(back_by_a_minute_harms_nothing),
		PROVES(back_by_ten_minutes_at_start_asks_two_accounts_once),
		PROVES(back_by_ten_minutes_under_way_changes_no_time),
	};
	return PROVE(tests);
}
