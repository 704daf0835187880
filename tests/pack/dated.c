/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Runs the dated cases: due instants, ages, ages of births known in part, all
 * reckoned elsewhere. CANDOUR_DATED_CASES names another file; any of its lists
 * may be empty or absent. Eight threads reckon all of them at once.
 * Exit 0: all agree; 1: some do not (each is printed); 3: the file cannot be read.
 */
#include <pthread.h>
#include <stdio.h>

#include "pack/pack.h"
#include "pack/calendars.h"

#define THREADS 8
#define CASES_FILE "tests/data/dated-cases.json"
#define CASES_FILE_MAX ((size_t)16 * 1024 * 1024)
#define ARENA_MAX ((size_t)256 * 1024 * 1024)

/* What one thread does: all cases, on its own count. */
struct run {
	const struct json *root;           /* shared, never written */
	const struct calendars *calendars; /* shared, never written */
	bool is_loud;
	size_t done;
	size_t wrong;
};

static void differs(struct run *run, const struct json *row, const char *what)
{
	run->wrong++;
	if (!run->is_loud)
		return;
	struct buf text;
	buf_init(&text, 65536);
	json_write(&text, row);
	fprintf(stderr, "%s: %.*s\n", what, STR_ARG(buf_str(&text)));
	buf_finish(&text);
}

static bool read_unit(struct str basis, enum pack_unit *unit)
{
	static const struct {
		struct str name;
		enum pack_unit unit;
	} units[] = {
		{ { "hours", 5 }, PACK_HOURS },
		{ { "days", 4 }, PACK_DAYS },
		{ { "working-days", 12 }, PACK_WORKING_DAYS },
		{ { "months", 6 }, PACK_MONTHS },
	};
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (str_eq(units[i].name, basis)) {
			*unit = units[i].unit;
			return true;
		}
	}
	return false;
}

static int read_time(struct str text)
{
	if (text.n != 5)
		return -1;
	return (text.p[0] - '0') * 600 + (text.p[1] - '0') * 60 + (text.p[3] - '0') * 10 +
	       (text.p[4] - '0');
}

static void run_due(struct run *run, const struct json *row)
{
	struct pack_period within = { .amount = json_number(row, STR("amount"), -1),
		                      .at_minute = read_time(json_text(row, STR("at"))) };
	struct str name = json_text(row, STR("calendar"));
	const struct pack_calendar *calendar = &run->calendars->england_wales;
	instant start;
	instant want;
	struct day want_day;
	struct pack_due due;
	struct err err = { 0 };

	run->done++;
	if (str_eq(name, STR("uk-any")))
		within.calendar = &run->calendars->uk_any;
	else if (name.p && !str_eq(name, calendar->name))
		differs(run, row, "no such calendar");
	if (!read_unit(json_text(row, STR("basis")), &within.unit) ||
	    !instant_read(json_text(row, STR("start")), &start) ||
	    !instant_read(json_text(row, STR("due")), &want)) {
		differs(run, row, "cannot be read");
		return;
	}
	if (!pack_due(calendar, start, &within, &due, &err)) {
		differs(run, row, err.message);
		return;
	}
	if (due.due != want)
		differs(run, row, "due at another instant");
	else if (within.unit != PACK_HOURS && day_read(json_text(row, STR("due_day")), &want_day) &&
	         day_compare(due.last_day, want_day) != 0)
		differs(run, row, "due on another day");
}

static void run_age(struct run *run, const struct json *row)
{
	struct day born;
	struct day on;

	run->done++;
	if (!day_read(json_text(row, STR("born")), &born) ||
	    !day_read(json_text(row, STR("on")), &on))
		differs(run, row, "cannot be read");
	else if (pack_age_on(born, on) != json_number(row, STR("age"), -99))
		differs(run, row, "another age");
}

static void run_partial(struct run *run, const struct json *row)
{
	struct str text = json_text(row, STR("born"));
	struct month born = { 0 };
	struct day on;
	uint64_t year;

	run->done++;
	bool is_read = month_read(text, &born);
	if (!is_read && str_to_u64(text, 9999, &year)) {
		born = (struct month){ (int)year, 0 };
		is_read = true;
	}
	if (!is_read || !day_read(json_text(row, STR("on")), &on))
		differs(run, row, "cannot be read");
	else if (pack_age_least(born, on) != json_number(row, STR("least"), -99) ||
	         pack_age_most(born, on) != json_number(row, STR("most"), -99) ||
	         pack_age_least(born, on) != json_number(row, STR("use"), -99))
		differs(run, row, "another age");
}

static void each(struct run *run, struct str list, void (*one)(struct run *, const struct json *))
{
	const struct json *rows = json_member(run->root, list);
	for (const struct json *row = rows ? rows->first : NULL; row; row = row->next)
		one(run, row);
}

static void *run_all(void *argument)
{
	struct run *run = argument;
	each(run, STR("cases"), run_due);
	each(run, STR("ages"), run_age);
	each(run, STR("partial_births"), run_partial);
	return NULL;
}

static bool run_threads(const struct json *root, const struct calendars *calendars)
{
	struct run runs[THREADS] = { 0 };
	pthread_t threads[THREADS];
	size_t started = 0;
	size_t wrong = 0;

	for (; started < THREADS; started++) {
		runs[started] = (struct run){ root, calendars, started == 0, 0, 0 };
		if (pthread_create(&threads[started], NULL, run_all, &runs[started]) != 0)
			break;
	}
	for (size_t i = 0; i < started; i++) {
		pthread_join(threads[i], NULL);
		wrong += runs[i].wrong;
	}
	const char *tz = file_environment("TZ");
	printf("%s %zu dated cases in each of %zu threads, TZ %s\n", wrong ? "[  FAILED  ]" : "[       OK ]",
	       runs[0].done, started, tz ? tz : "unset");
	return wrong == 0 && started == THREADS;
}

int main(void)
{
	const char *path = file_environment("CANDOUR_DATED_CASES");
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ARENA_MAX);
	struct calendars calendars;
	struct str text;
	const struct json *root;
	struct err err = { 0 };

	if (!arena || !calendars_read(arena, &calendars, &err) ||
	    !file_read(arena, path ? path : CASES_FILE, CASES_FILE_MAX, &text, &err) ||
	    !json_read(arena, text, 8, &root, &err)) {
		fprintf(stderr, "%s\n", err.message);
		return 3;
	}
	bool holds = run_threads(root, &calendars);
	zone_destroy(calendars.zone);
	return holds ? 0 : 1;
}
