/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Dates, times and durations in words. */
#include "base/wording.h"

static const char *const WEEKDAYS[7] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
	                                 "Friday", "Saturday", "Sunday" };
static const char *const MONTHS[12] = { "January",   "February", "March",    "April",
	                                "May",       "June",     "July",     "August",
	                                "September", "October",  "November", "December" };

struct str wording_day(struct arena *arena, struct day day)
{
	return arena_format(arena, "%s %d %s %d", WEEKDAYS[day_weekday(day)], day.day,
	                    MONTHS[day.month - 1], day.year);
}

/* "Monday 16 November", with the year when it is another than `now_year`. */
static struct str day_near_year(struct arena *arena, struct day day, int now_year)
{
	if (day.year != now_year)
		return wording_day(arena, day);
	return arena_format(arena, "%s %d %s", WEEKDAYS[day_weekday(day)], day.day,
	                    MONTHS[day.month - 1]);
}

struct str wording_day_short(struct arena *arena, struct day day)
{
	return arena_format(arena, "%d %.3s %d", day.day, MONTHS[day.month - 1], day.year);
}

struct str wording_month(struct arena *arena, struct month month)
{
	if (month.month == 0)
		return arena_format(arena, "%d", month.year);
	return arena_format(arena, "%s %d", MONTHS[month.month - 1], month.year);
}

struct str wording_time(struct arena *arena, int hour, int minute)
{
	if (minute == 0 && hour % 12 == 0)
		return arena_format(arena, "%s", hour == 12 ? "midday" : "midnight");
	const char *half = hour < 12 ? "am" : "pm";
	int shown = hour % 12 == 0 ? 12 : hour % 12;
	if (minute == 0)
		return arena_format(arena, "%d%s", shown, half);
	return arena_format(arena, "%d:%02d%s", shown, minute, half);
}

/* Both parts, or nothing when the arena could not hold one. */
static struct str joined(struct arena *arena, struct str first, const char *between,
                         struct str last)
{
	if (!first.p || !last.p)
		return STR_NONE;
	struct str pieces[] = { first, str_from_c(between), last };
	return arena_join(arena, pieces, COUNT_OF(pieces));
}

struct str wording_instant(struct arena *arena, const struct zone *zone, instant at)
{
	struct local local = zone_local(zone, at);
	return joined(arena, wording_day(arena, local.day), ", ",
	              wording_time(arena, local.hour, local.minute));
}

struct str wording_near(struct arena *arena, const struct zone *zone, instant at, instant now)
{
	static const char *const NEAR[3] = { "yesterday", "today", "tomorrow" };
	struct local local = zone_local(zone, at);
	int64_t days = day_number(local.day) - day_number(zone_day(zone, now));
	if (days < -1 || days > 1)
		return wording_instant(arena, zone, at);
	return joined(arena, str_from_c(NEAR[days + 1]), " at ",
	              wording_time(arena, local.hour, local.minute));
}

struct str wording_due(struct arena *arena, const struct zone *zone, instant due, instant now)
{
	struct local local = zone_local(zone, due);
	struct day today = zone_day(zone, now);
	if (due == zone_day_start(zone, local.day)) {
		/* The first instant of a day is what people call the end of the day before. */
		struct day ended = day_from_number(day_number(local.day) - 1);
		if (day_compare(ended, today) == 0)
			return arena_copy(arena, STR("the end of today"));
		return joined(arena, STR("the end of"), " ",
		              day_near_year(arena, ended, today.year));
	}
	struct str time = wording_time(arena, local.hour, local.minute);
	if (day_compare(local.day, today) == 0)
		return joined(arena, time, " ", STR("today"));
	return joined(arena, time, " on ", day_near_year(arena, local.day, today.year));
}

struct str wording_elapsed(struct arena *arena, int64_t us)
{
	static const struct {
		int64_t us;
		const char *name;
	} UNITS[] = {
		{ INSTANT_PER_DAY, "day" },
		{ INSTANT_PER_HOUR, "hour" },
		{ INSTANT_PER_MINUTE, "minute" },
	};
	for (size_t i = 0; i < COUNT_OF(UNITS); i++) {
		int64_t n = us / UNITS[i].us;
		if (n > 0)
			return joined(
				arena, wording_number(arena, n), " ",
				arena_format(arena, "%s%s", UNITS[i].name, n == 1 ? "" : "s"));
	}
	return arena_copy(arena, STR("less than a minute"));
}

struct str wording_number(struct arena *arena, int64_t n)
{
	char text[27]; /* 19 digits, 6 commas, a sign */
	size_t at = sizeof text;
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	int digits = 0;
	do {
		if (digits > 0 && digits % 3 == 0)
			text[--at] = ',';
		text[--at] = (char)('0' + left % 10);
		left /= 10;
		digits++;
	} while (left);
	if (n < 0)
		text[--at] = '-';
	return arena_copy(arena, (struct str){ text + at, sizeof text - at });
}
