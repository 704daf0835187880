/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Years in a drill that is there already: its own people act, each at his own
 * moment, and what others do on files of their own is seen and left alone.
 */
#include "cli/years_world.h"

#include <stdlib.h>

#define OPEN_DAYS 15 /* within which every office is open once */
#define SPREAD_MINUTES 400

bool years_is_own(const struct years *years, const struct years_file *file)
{
	return !years->options->house || file->child >= 0;
}

instant years_in_hours(struct years *years, instant at, instant last)
{
	const struct pack_calendar *calendar = years->pack->calendar;
	instant open = at, later;
	if (!years->options->house || pack_in_office_hours(calendar, at))
		return at;
	for (int i = 0; i < OPEN_DAYS * 24 && !pack_in_office_hours(calendar, open); i++)
		open += INSTANT_PER_HOUR;
	later = open + (int64_t)years_below(years, SPREAD_MINUTES) * INSTANT_PER_MINUTE;
	if (later < last && pack_in_office_hours(calendar, later))
		return later;
	return open < last ? open : at;
}

/* --- its people ------------------------------------------------------------------------------- */

static void seat(struct years *years, const struct casebook_office *there)
{
	struct years_office *office = &years->offices[there->role->number];
	*office = (struct years_office){ .id = arena_copy(years->forever, there->id),
		                         .role = there->role,
		                         .is_held = there->holder_count > 0 };
	/* Told apart by this: one that nobody holds is nobody else's. */
	office->account =
		there->holder_count ? arena_copy(years->forever, there->holders[0]) : office->id;
}

static bool seat_all(struct years *years)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_office *offices;
	size_t count;
	years->offices = calloc(years->pack->office_count + 1, sizeof *years->offices);
	if (!years->offices)
		return err_set(&years->err, ERR_UNABLE, "There is no memory to simulate");
	if (!casebook_reader_take(years->book, &reader, &years->err) ||
	    !casebook_offices(reader, years->forever, &offices, &count, &years->err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (offices[i].role)
			seat(years, &offices[i]);
	}
	return true;
}

static bool plan_dawn(struct years *years, int day)
{
	return years_plan(years, (struct years_event){ .at = years->start + day * INSTANT_PER_DAY,
	                                               .sort = YEARS_DAWN,
	                                               .what = day });
}

static bool move_in(struct years *years)
{
	years->book = years->options->house->book;
	years->pack = years->rules = casebook_pack(years->book);
	years->start = years->now = casebook_now(years->book);
	return years_tables(years) && seat_all(years) && years_add_children(years) &&
	       years_see(years) && plan_dawn(years, 0);
}

/* --- moments ---------------------------------------------------------------------------------- */

static bool dawn(struct years *years, int day)
{
	const struct years_options *options = years->options;
	if (day >= options->days)
		return true;
	years->report->days = day + 1;
	if (options->progress)
		options->progress(options->progress_ctx, "days", day + 1, options->days);
	return years_plan_arrivals(years, day) && plan_dawn(years, day + 1);
}

static bool live_moment(struct years *years, const struct years_event *event)
{
	if (event->at > years->now && !years_pass_to(years, event->at))
		return false;
	if (event->sort == YEARS_DAWN)
		return dawn(years, event->what);
	return years_do(years, event) && years_send(years);
}

static bool end(struct years *years, bool done, struct err *err)
{
	if (!done && years->report->broken[0])
		return err_set(err, ERR_FAULT, "A law did not hold: %s", years->report->broken);
	if (!done)
		*err = years->err;
	return done;
}

bool years_enter(const struct years_options *options, struct years_report *out,
                 struct years **years, struct err *err)
{
	*years = years_create(options, out, err);
	if (!*years)
		return false;
	if (end(*years, move_in(*years), err))
		return true;
	years_leave(*years);
	*years = NULL;
	return false;
}

bool years_go_on(struct years *years, instant until, struct err *err)
{
	struct years_event event;
	bool done = true;
	while (done && years_next(years->events, &years->event_count, until - 1, &event))
		done = live_moment(years, &event);
	return end(years, done && years_pass_to(years, until), err);
}

bool years_began(const struct years *years, int64_t file)
{
	int at = years_file_of(years, file);
	return at >= 0 && years->files[at].child >= 0;
}

/* --- what became of them ---------------------------------------------------------------------- */

static void count_duty(struct years_report *report, const struct years_duty *duty)
{
	bool is_late = duty->closed >= 0 && duty->closed_at >= duty->due;
	report->opened++;
	report->moot += duty->was_ended;
	report->late += is_late && !duty->was_ended;
	report->in_time += duty->closed >= 0 && !is_late && !duty->was_ended;
}

/* Of the files that the years began alone. */
static void count(struct years *years)
{
	struct years_report *report = years->report;
	report->opened = report->in_time = report->late = report->moot = 0;
	for (size_t i = 0; i < years->file_count; i++) {
		const struct years_file *file = &years->files[i];
		for (size_t d = 0; d < file->duty_count && years_is_own(years, file); d++)
			count_duty(report, &file->duties[d]);
	}
	years_count_files(years);
}

void years_leave(struct years *years)
{
	if (!years)
		return;
	count(years);
	years->report->sum = hasher_end(years->hasher);
	years_destroy(years);
}
