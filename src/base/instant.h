/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Instants and calendar days. An instant is microseconds since 1970 UTC; a day
 * is a date of the proleptic Gregorian calendar. Local time exists only with a
 * zone (zone.h). The machine's clocks are read in instant.c and nowhere else;
 * everything else is given `now`.
 */
#ifndef CANDOUR_BASE_INSTANT_H
#define CANDOUR_BASE_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attribute.h"
#include "base/str.h"

struct arena;

typedef int64_t instant; /* microseconds since 1970-01-01T00:00:00Z */

#define INSTANT_PER_MS INT64_C(1000)
#define INSTANT_PER_SECOND INT64_C(1000000)
#define INSTANT_PER_MINUTE (60 * INSTANT_PER_SECOND)
#define INSTANT_PER_HOUR (60 * INSTANT_PER_MINUTE)
#define INSTANT_PER_DAY (24 * INSTANT_PER_HOUR)
#define INSTANT_MIN INT64_C(-62135596800000000) /* 0001-01-01T00:00:00Z */
#define INSTANT_MAX INT64_C(253402300799999999) /* 9999-12-31T23:59:59.999999Z */

/* A calendar date. year 1 .. 9999, month 1 .. 12, day 1 .. 31. */
struct day {
	int year;
	int month;
	int day;
};

/* A month of a year. */
struct month {
	int year;
	int month;
};

/* Days since 1970-01-01 (may be negative), and back. */
int64_t day_number(struct day day);
struct day day_from_number(int64_t number);
bool day_is_real(struct day day);
int month_length(int year, int month);
/* 0 Monday .. 6 Sunday. */
int day_weekday(struct day day);
int day_compare(struct day a, struct day b);

/* "2026-11-26" exactly; a real date. */
bool day_read(struct str text, struct day *out) MUST_USE;
/* "2026-11" exactly. */
bool month_read(struct str text, struct month *out) MUST_USE;
/* The same, or the year alone, whose month is 0. */
bool month_or_year_read(struct str text, struct month *out) MUST_USE;
struct str day_write(struct arena *arena, struct day day);

/*
 * RFC 3339 in UTC with Z: "2026-11-26T10:12:00Z", with up to six digits of
 * fraction. Real dates, seconds 00-59, year 0001-9999.
 */
bool instant_read(struct str text, instant *out) MUST_USE;

#define INSTANT_MS_LENGTH 24 /* "2026-11-26T10:12:00.123Z" */
/* Writes the 24 bytes of the millisecond form (cut, not rounded), no NUL. */
void instant_write_ms(char out[INSTANT_MS_LENGTH], instant at);
/* "2026-11-26T10:12:00Z", with ".123" only when there are milliseconds. */
struct str instant_write(struct arena *arena, instant at);

/* The UTC day that an instant lies in. */
struct day instant_utc_day(instant at);

/* The machine's clocks: wall time, and time since boot with sleep counted (never steps back). */
struct clock_reading {
	instant wall;
	int64_t boot_us;
};
struct clock_reading clock_read(void);

#endif
