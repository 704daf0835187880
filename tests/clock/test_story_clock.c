/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Point 13 of docs/asked.md: elsewhere reminders were not sent at all, and
 * nobody noticed. Here a clock that stopped is seen by whoever reads the
 * register, and nothing that fell due meanwhile is left out or told twice.
 */
#include "casebook/fixture.h"
#include "clock/clock.h"
#include "store/store.h"

static struct casebook_health health_of(struct fixture *f)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_health health;
	MUST(f, casebook_health(reader, &health, &f->err));
	return health;
}

/* As if the clock's last turn had been that long ago. */
static void stopped_since(struct fixture *f, const char *dir, int64_t ago)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	struct str sql = arena_format(f->arena,
	                              "UPDATE short_state SET value = CAST(value AS INTEGER) - %" PRId64
	                              " WHERE name = 'beat'",
	                              ago);
	MUST(f, store_open(file_join(f->arena, dir, "register.db"), STORE_WRITE, &store, &f->err));
	MUST(f, store_run(store, sql.p, &f->err));
	assert_int_equal(store_changes(store), 1);
}

static void a_stopped_clock_is_seen(void **state)
{
	struct fixture *f = *state;
	struct fixture live = { .arena = f->arena };
	struct casebook_made made;
	const char *dir = arena_format(f->arena, "%s-live", f->dir).p;
	fixture_create(&live, dir, false, &made);
	MUST(&live, casebook_open(dir, CASEBOOK_WRITE, &live.book, &live.err));
	MUST(&live, casebook_beat(live.book, &live.err));
	assert_false(health_of(&live).clock_is_late);
	casebook_close(live.book);
	/* Twenty minutes without a beat, and somebody who looks, though nobody serves it. */
	stopped_since(f, dir, 20 * INSTANT_PER_MINUTE);
	MUST(&live, casebook_open(dir, CASEBOOK_READ, &live.book, &live.err));
	assert_true(health_of(&live).clock_is_late);
	casebook_close(live.book);
	/* It goes again, and that is seen too. */
	MUST(&live, casebook_open(dir, CASEBOOK_WRITE, &live.book, &live.err));
	MUST(&live, casebook_beat(live.book, &live.err));
	assert_false(health_of(&live).clock_is_late);
	casebook_close(live.book);
	fixture_remove_folder(f->arena, dir);
}

static void row_says(struct fixture *f, const char *dir, const char *sql)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	MUST(f, store_open(file_join(f->arena, dir, "register.db"), STORE_WRITE, &store, &f->err));
	MUST(f, store_run(store, sql, &f->err));
}

static struct clock_reading in_a_while(void *ctx)
{
	struct clock_reading now = clock_read();
	const int64_t *ahead = ctx;
	now.wall += *ahead;
	now.boot_us += *ahead;
	return now;
}

/* Somebody who writes the database, and has no key, keeps the row fresh, puts it ahead, or away. */
static void a_row_written_by_hand_hides_no_stopped_clock(void **state)
{
	static const char AHEAD[] = "INSERT INTO short_state (name, value) VALUES ('beat', '9000000000000000')"
				    " ON CONFLICT (name) DO UPDATE SET value = excluded.value";
	static const char AWAY[] = "DELETE FROM short_state WHERE name = 'beat'";
	struct fixture *f = *state;
	struct fixture live = { .arena = f->arena };
	struct casebook_made made;
	int64_t ahead = 0;
	const struct casebook_options options = { .clock = in_a_while, .clock_ctx = &ahead };
	const char *dir = arena_format(f->arena, "%s-live", f->dir).p;
	fixture_create(&live, dir, false, &made);
	for (int beats = 0; beats < 2; beats++) {
		ahead = 0;
		row_says(f, dir, AHEAD);
		MUST(&live, casebook_open_with(dir, CASEBOOK_WRITE, &options, &live.book, &live.err));
		if (beats)
			MUST(&live, casebook_beat(live.book, &live.err));
		assert_false(health_of(&live).clock_is_late);
		ahead = 20 * INSTANT_PER_MINUTE;
		row_says(f, dir, AHEAD);
		assert_true(health_of(&live).clock_is_late);
		row_says(f, dir, AWAY);
		assert_true(health_of(&live).clock_is_late);
		casebook_close(live.book);
	}
	fixture_remove_folder(f->arena, dir);
}

/* Climbs told of a duty, each once in order; whether each says that it is late. */
static size_t climbs_of(struct fixture *f, int64_t file, struct str duty, bool *all_late)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	const struct casebook_entry *entries;
	size_t count, climbs = 0;
	MUST(f, casebook_entries(reader, f->arena, file, -1, 1000, &entries, &count, &f->err));
	*all_late = true;
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(entries[i].kind, STR("duty.climbed")) ||
		    !str_eq(json_text(entries[i].plain, STR("duty")), duty))
			continue;
		assert_int_equal(json_number(entries[i].plain, STR("rung"), 0), ++climbs);
		*all_late = *all_late && json_is_true(entries[i].plain, STR("late"));
	}
	return climbs;
}

static void everything_due_while_it_stood_fires_once(void **state)
{
	struct fixture *f = *state;
	struct clock *clock;
	struct casebook_duty_list list;
	bool all_late;
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_file file = file_named(f, concern.file);
	/* Three days in which the machine was off. */
	later(f, 3 * INSTANT_PER_DAY);
	fixture_reopen(f);
	MUST(f, casebook_start_writer(f->book, &f->err));
	for (int start = 0; start < 2; start++) {
		MUST(f, clock_start(f->book, &clock, &f->err));
		clock_stop(clock);
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
		MUST(f, casebook_duties_of_file(reader, f->arena, file.n, 100, &list, &f->err));
		casebook_reader_give(&reader);
		for (size_t i = 0; i < list.count; i++) {
			size_t climbs = climbs_of(f, file.n, list.at[i].name, &all_late);
			assert_int_equal(climbs, list.at[i].rung);
			assert_true(climbs == 0 || all_late);
		}
		/* The first look was due within four hours: at three days all but its last rung is told. */
		assert_int_equal(list.at[0].rung, 5);
		assert_true(str_eq(list.at[0].rule, STR("T03")));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_stopped_clock_is_seen),
		PROVES(a_row_written_by_hand_hides_no_stopped_clock),
		PROVES(everything_due_while_it_stood_fires_once),
	};
	return PROVE(tests);
}
