/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Calendars and due-time arithmetic, pure and without a clock (pack 6; domain
 * 2: W1-W5, U1-U9). Any thread, any process time zone.
 */
#ifndef CANDOUR_PACK_DUE_H
#define CANDOUR_PACK_DUE_H

#include "base/base.h"

enum pack_unit {
	PACK_HOURS,
	PACK_DAYS,
	PACK_WORKING_DAYS,
	PACK_MONTHS,
};

/* Whole days on which nobody works, and the zone in which days are days. */
struct pack_calendar {
	struct str name;
	const struct zone *zone; /* borrowed from the pack */
	unsigned weekend;        /* bit 0 Monday .. bit 6 Sunday */
	const int64_t *holidays; /* day numbers, rising */
	size_t holiday_count;
	int published_first; /* years the holidays are known for */
	int published_last;
	bool has_standing_rules; /* england-wales: computed for other years, provisional (W4) */
	int office_from_minute;  /* local minutes of the day; both 0: none */
	int office_to_minute;
};

/* An amount of time, with what narrows it. */
struct pack_period {
	enum pack_unit unit;
	int64_t amount;
	int at_minute;                        /* "at: HH:MM" as minutes of the local day, or -1 */
	const struct pack_calendar *calendar; /* for working days; NULL: the caller's default */
};

enum pack_due_sure {
	PACK_DUE_FIXED,
	PACK_DUE_PROVISIONAL, /* past the published holidays (W4) */
};

struct pack_due {
	instant due;         /* the first instant at which it is late (U2) */
	struct day last_day; /* the last local day in time */
	enum pack_due_sure sure;
};

/* The largest amount of a unit that a period may have; the least is 0. */
int64_t pack_period_max(enum pack_unit unit);
/* ERR_INPUT: the amount, or the result, is out of range. */
bool pack_due(const struct pack_calendar *calendar, instant start, const struct pack_period *within,
              struct pack_due *out, struct err *err) MUST_USE;
/* Whether what happened then is no older than that: no longer before `began`, whole local days for
 * all but hours. */
bool pack_due_reaches(const struct pack_calendar *calendar, instant happened,
                      const struct pack_period *not_older, instant began, bool *out,
                      struct err *err) MUST_USE;
/* The due time given by a date (its end) or an instant (itself). */
bool pack_due_from_day(const struct pack_calendar *calendar, struct day day, struct pack_due *out,
                       struct err *err) MUST_USE;
struct pack_due pack_due_from_instant(const struct pack_calendar *calendar, instant at);
/* When a rung that stands `after` the due time is reached. */
bool pack_due_rung(const struct pack_calendar *calendar, const struct pack_due *due,
                   const struct pack_period *after, instant *out, struct err *err) MUST_USE;
bool pack_is_working_day(const struct pack_calendar *calendar, struct day day);
/* Inside the calendar's office hours of a working day; true when it has none. */
bool pack_in_office_hours(const struct pack_calendar *calendar, instant at);

/*
 * Ages in whole years, reached as the birthday begins, local
 * time; 29 February counts on 1 March in common years. The least age a birth
 * known to the month, or to the year (month 0), allows.
 */
int pack_age_on(struct day born, struct day on);
int pack_age_least(struct month born, struct day on);
int pack_age_most(struct month born, struct day on);

#endif
