/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Due times (U1-U8) and ages. Two invariants:
 *
 *  1. A due instant never depends on anything but its arguments: no clock, no
 *     zone of the process, no state kept.
 *  2. It is monotone: a later start, or a larger amount of one unit, is never
 *     due earlier.
 */
#include "pack/due.h"

#include "pack/calendar.h"

#define WHOLE_WEEK 0x7fU

int64_t pack_period_max(enum pack_unit unit)
{
	switch (unit) {
	case PACK_HOURS:
		return 1000000;
	case PACK_DAYS:
		return 100000;
	case PACK_WORKING_DAYS:
		return 10000;
	case PACK_MONTHS:
		return 1200;
	}
	return 0;
}

static bool is_out_of_range(struct err *err)
{
	return err_set(err, ERR_INPUT, "That is later than any date we can hold");
}

/* U5. The day of the start never counts; 0 is that day if it is worked, else the next that is. */
static bool walk_working_days(const struct pack_calendar *calendar, int64_t start, int64_t amount,
                              int64_t *last, struct err *err)
{
	if ((calendar->weekend & WHOLE_WEEK) == WHOLE_WEEK)
		return err_set(err, ERR_INPUT, "The calendar \"%.*s\" has no working day",
		               STR_ARG(calendar->name));
	int64_t end = day_number((struct day){ 9999, 12, 31 });
	int64_t number = start;
	if (amount == 0) {
		while (number < end && !pack_is_working_day(calendar, day_from_number(number)))
			number++;
	}
	for (int64_t left = amount; left > 0 && number < end;) {
		number++;
		if (pack_is_working_day(calendar, day_from_number(number)))
			left--;
	}
	if (number >= end)
		return is_out_of_range(err);
	*last = number;
	return true;
}

/* U6: the same day number, or the last day of a month that has none. */
static bool add_months(struct day start, int64_t amount, int64_t *last, struct err *err)
{
	int64_t month = (int64_t)start.year * 12 + (start.month - 1) + amount;
	if (month / 12 > 9999)
		return is_out_of_range(err);
	struct day day = { (int)(month / 12), (int)(month % 12) + 1, start.day };
	int length = month_length(day.year, day.month);
	if (day.day > length)
		day.day = length;
	*last = day_number(day);
	return true;
}

/* The last day in time of a clock in days that starts on the day `start`. */
static bool last_day_of(const struct pack_calendar *calendar, struct day start,
                        const struct pack_period *within, int64_t *last, struct err *err)
{
	switch (within->unit) {
	case PACK_DAYS:
		*last = day_number(start) + within->amount;
		return true;
	case PACK_WORKING_DAYS:
		return walk_working_days(calendar, day_number(start), within->amount, last, err);
	case PACK_MONTHS:
		return add_months(start, within->amount, last, err);
	case PACK_HOURS:
		break;
	}
	return err_set(err, ERR_FAULT, "last_day_of: hours are no days");
}

/* U2, U7: the first instant behind the day, or the time of that day. */
static bool end_of_day(const struct pack_calendar *calendar, int64_t number, int at_minute,
                       instant *due, struct err *err)
{
	if (number >= day_number((struct day){ 9999, 12, 31 }))
		return is_out_of_range(err);
	if (at_minute >= 0)
		*due = zone_instant(calendar->zone,
		                    (struct local){ day_from_number(number), at_minute / 60,
		                                    at_minute % 60, 0 });
	else
		*due = zone_day_start(calendar->zone, day_from_number(number + 1));
	return true;
}

/* W4: some day that was looked at lies in a year whose holidays are not published. */
static enum pack_due_sure sureness(const struct pack_calendar *calendar, enum pack_unit unit,
                                   struct day start, struct day last)
{
	if (unit != PACK_WORKING_DAYS)
		return PACK_DUE_FIXED;
	return calendar_is_published(calendar, start.year) &&
	                       calendar_is_published(calendar, last.year)
	               ? PACK_DUE_FIXED
	               : PACK_DUE_PROVISIONAL;
}

static bool check_amount(const struct pack_period *within, struct err *err)
{
	if (within->amount < 0 || within->amount > pack_period_max(within->unit))
		return err_set(err, ERR_INPUT,
		               "A time of %" PRId64 " is out of range; at most %" PRId64,
		               within->amount, pack_period_max(within->unit));
	return true;
}

/* U3: elapsed time, to which days and clock changes are nothing. */
static bool add_hours(instant start, int64_t hours, instant *out, struct err *err)
{
	if (start < INSTANT_MIN || __builtin_add_overflow(start, hours * INSTANT_PER_HOUR, out) ||
	    *out > INSTANT_MAX)
		return is_out_of_range(err);
	return true;
}

bool pack_due(const struct pack_calendar *calendar, instant start, const struct pack_period *within,
              struct pack_due *out, struct err *err)
{
	const struct pack_calendar *own = within->calendar ? within->calendar : calendar;
	*out = (struct pack_due){ 0 };

	if (!check_amount(within, err))
		return false;
	if (start < INSTANT_MIN || start > INSTANT_MAX)
		return is_out_of_range(err);
	if (within->unit == PACK_HOURS) {
		instant due;
		if (!add_hours(start, within->amount, &due, err))
			return false;
		*out = pack_due_from_instant(own, due);
		return true;
	}
	struct day first = zone_day(own->zone, start);
	int64_t last;
	instant due;
	if (!last_day_of(own, first, within, &last, err) ||
	    !end_of_day(own, last, within->at_minute, &due, err))
		return false;
	out->due = due;
	out->last_day = day_from_number(last);
	out->sure = sureness(own, within->unit, first, out->last_day);
	return true;
}

bool pack_due_from_day(const struct pack_calendar *calendar, struct day day, struct pack_due *out,
                       struct err *err)
{
	instant due;
	*out = (struct pack_due){ 0 };
	if (!end_of_day(calendar, day_number(day), -1, &due, err))
		return false;
	*out = (struct pack_due){ due, day, PACK_DUE_FIXED };
	return true;
}

struct pack_due pack_due_from_instant(const struct pack_calendar *calendar, instant at)
{
	return (struct pack_due){ at, zone_day(calendar->zone, at - 1), PACK_DUE_FIXED };
}

bool pack_due_rung(const struct pack_calendar *calendar, const struct pack_due *due,
                   const struct pack_period *after, instant *out, struct err *err)
{
	const struct pack_calendar *own = after->calendar ? after->calendar : calendar;
	int64_t last;
	instant at;

	if (!check_amount(after, err))
		return false;
	if (after->unit == PACK_HOURS)
		return add_hours(due->due, after->amount, out, err);
	if (!last_day_of(own, due->last_day, after, &last, err) ||
	    !end_of_day(own, last, after->at_minute, &at, err))
		return false;
	/* A time of day may lie before a due time of the same day; a rung never comes before it. */
	*out = at < due->due ? due->due : at;
	return true;
}

bool pack_due_reaches(const struct pack_calendar *calendar, instant happened,
                      const struct pack_period *not_older, instant began, bool *out,
                      struct err *err)
{
	struct pack_due until = { 0 };
	*out = happened >= began;
	if (*out)
		return true;
	if (!pack_due(calendar, happened, not_older, &until, err))
		return false;
	*out = until.due > began;
	return true;
}

int pack_age_on(struct day born, struct day on)
{
	/* 28 February comes before 29 February, 1 March behind it: the leap day needs no case. */
	bool had_birthday = on.month > born.month || (on.month == born.month && on.day >= born.day);
	return on.year - born.year - (had_birthday ? 0 : 1);
}

int pack_age_least(struct month born, struct day on)
{
	int month = born.month ? born.month : 12;
	return pack_age_on((struct day){ born.year, month, month_length(born.year, month) }, on);
}

int pack_age_most(struct month born, struct day on)
{
	return pack_age_on((struct day){ born.year, born.month ? born.month : 1, 1 }, on);
}
