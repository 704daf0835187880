/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Local time. All answers come from one question, "which period does this
 * second lie in": a stretch of time with one offset, from a change of the
 * table, or of the rule behind the last change, to the next.
 */
#include "base/zone.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/zone_table.h"

#define FOLDER "/usr/share/zoneinfo"
#define FILE_MAX ((size_t)256 * 1024)
#define NAME_MAX_SIZE 64
#define DAY_SECONDS 86400

/* One offset, until just before `until`, seconds since 1970. */
struct period {
	const struct zone_kind *kind;
	int64_t until;
};

static int64_t floor_div(int64_t a, int64_t b)
{
	int64_t q = a / b;
	return q * b > a ? q - 1 : q;
}

/* --- the rule -------------------------------------------------------------------------------- */

/* Seconds from 1970 to the date's moment in `year`, on the clock of `offset`. */
static int64_t date_in_year(const struct zone_date *date, int year, int32_t offset)
{
	int64_t number = day_number((struct day){ year, 1, 1 });
	bool leap = month_length(year, 2) == 29;
	switch (date->form) {
	case ZONE_DATE_ORDINAL:
		number += date->day;
		break;
	case ZONE_DATE_JULIAN: /* day 60 is always 1 March */
		number += date->day - 1 + (leap && date->day >= 60);
		break;
	case ZONE_DATE_MONTH: {
		struct day first = { year, date->month, 1 };
		int sunday_based = (day_weekday(first) + 1) % 7;
		int day = (date->day - sunday_based + 7) % 7 + 7 * (date->week - 1);
		while (day >= month_length(year, date->month))
			day -= 7;
		number = day_number(first) + day;
		break;
	}
	}
	return number * DAY_SECONDS + date->time - offset;
}

static struct period period_of_rule(const struct zone_rule *rule, int64_t at)
{
	struct period period = { &rule->standard, INT64_MAX };
	int64_t from = INT64_MIN;
	if (!rule->summer_used)
		return period;
	/* A rule's moment can lie a week outside its year: two years to each side are enough. */
	int year = day_from_number(floor_div(at, DAY_SECONDS)).year;
	for (int i = 2 * (year - 2); i < 2 * (year + 3); i++) {
		/* Even: the end of summer time; odd: its beginning, so that when both are at one
		 * moment it is summer all the year (RFC 8536, 3.3.1). */
		bool begins = i % 2 != 0;
		int of_year = (i - begins) / 2;
		int64_t moment =
			begins ? date_in_year(&rule->begins, of_year, rule->standard.offset)
			       : date_in_year(&rule->ends, of_year, rule->summer.offset);
		if (moment <= at && moment >= from) {
			from = moment;
			period.kind = begins ? &rule->summer : &rule->standard;
		}
		if (moment > at && moment < period.until)
			period.until = moment;
	}
	return period;
}

/* --- periods --------------------------------------------------------------------------------- */

/* Number of changes at or before `at`. */
static size_t changes_until(const struct zone *zone, int64_t at)
{
	size_t low = 0, high = zone->change_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (zone->change_at[middle] <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct period period_at(const struct zone *zone, int64_t at)
{
	size_t passed = changes_until(zone, at);
	struct period period = { &zone->kinds[0], INT64_MAX };
	if (passed > 0)
		period.kind = &zone->kinds[zone->change_kind[passed - 1]];
	if (passed < zone->change_count) {
		period.until = zone->change_at[passed];
		return period;
	}
	return zone->rule.present ? period_of_rule(&zone->rule, at) : period;
}

static int64_t seconds_of(instant at)
{
	return floor_div(at, INSTANT_PER_SECOND);
}

int zone_offset(const struct zone *zone, instant at)
{
	return period_at(zone, seconds_of(at)).kind->offset;
}

struct local zone_local(const struct zone *zone, instant at)
{
	int64_t seconds = seconds_of(at) + zone_offset(zone, at);
	int64_t number = floor_div(seconds, DAY_SECONDS);
	int of_day = (int)(seconds - number * DAY_SECONDS);
	return (struct local){
		.day = day_from_number(number),
		.hour = of_day / 3600,
		.minute = of_day / 60 % 60,
		.second = of_day % 60,
	};
}

struct str zone_abbreviation(const struct zone *zone, instant at)
{
	const struct zone_kind *kind = period_at(zone, seconds_of(at)).kind;
	return (struct str){ kind->abbreviation, kind->abbreviation_n };
}

instant zone_instant(const struct zone *zone, struct local local)
{
	int64_t wanted = day_number(local.day) * DAY_SECONDS + local.hour * 3600 +
	                 local.minute * 60 + local.second;
	/* The first second whose local time is `wanted` or later: in a gap that is the one behind
	 * it, of two equal ones the first. No offset is as large as the step back. */
	int64_t from = wanted - ZONE_OFFSET_MAX - 1;
	for (;;) {
		struct period period = period_at(zone, from);
		int64_t at = wanted - period.kind->offset;
		if (at < from)
			at = from;
		if (at < period.until)
			return at * INSTANT_PER_SECOND;
		from = period.until;
	}
}

instant zone_day_start(const struct zone *zone, struct day day)
{
	return zone_instant(zone, (struct local){ .day = day });
}

struct day zone_day(const struct zone *zone, instant at)
{
	return zone_local(zone, at).day;
}

/* --- loading --------------------------------------------------------------------------------- */

/* Letters, digits, _ + - in parts joined by single slashes. */
static bool name_is_good(struct str name)
{
	bool part = false; /* something stands behind the last slash */
	if (name.n == 0 || name.n > NAME_MAX_SIZE)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		            (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-';
		if (!good && (c != '/' || !part))
			return false;
		part = good;
	}
	return part;
}

bool zone_load(struct str name, struct zone **out, struct err *err)
{
	*out = NULL;
	if (!name_is_good(name))
		return err_set(err, ERR_INPUT, "\"%.*s\" is no name of a time zone",
		               STR_ARG(str_sub(name, 0, NAME_MAX_SIZE)));
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(2 * FILE_MAX);
	const char *part = arena ? str_to_c(arena, name) : NULL;
	const char *path = part ? file_join(arena, FOLDER, part) : NULL;
	if (!path)
		return err_set(err, ERR_UNABLE, "There is no memory to read a time zone");
	if (!file_is_folder(FOLDER))
		return err_set(err, ERR_UNABLE,
		               "There are no time zones in " FOLDER "; install the package tzdata");
	struct str bytes;
	if (file_read(arena, path, FILE_MAX, &bytes, err))
		return zone_parse(name, bytes, out, err);
	if (err->code == ERR_UNABLE)
		return false;
	return err_set(err, ERR_INPUT, "There is no time zone %.*s", STR_ARG(name));
}

bool zone_parse(struct str name, struct str bytes, struct zone **out, struct err *err)
{
	*out = NULL;
	struct zone *made = calloc(1, sizeof *made);
	if (!made)
		return err_set(err, ERR_UNABLE, "There is no memory to read a time zone");
	if (!zone_table_read(bytes, made)) {
		zone_destroy(made);
		return err_set(err, ERR_INPUT,
		               "The time zone %.*s cannot be read: it is no TZif file",
		               STR_ARG(str_sub(name, 0, NAME_MAX_SIZE)));
	}
	*out = made;
	return true;
}

void zone_destroy(struct zone *zone)
{
	if (!zone)
		return;
	free(zone->change_at);
	free(zone->change_kind);
	free(zone->kinds);
	free(zone);
}
