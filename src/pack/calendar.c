/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Which days are worked. Published years follow the pack's list to the letter.
 * Other years follow the standing rules of England and Wales where the
 * calendar asks for them (W4), else weekends alone: a day nobody proclaimed is
 * a working day, which makes due times earlier, never later.
 */
#include "pack/calendar.h"

enum { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

/* The Sunday of Easter as a day number (Meeus, Astronomical Algorithms, chapter 8). */
static int64_t easter_sunday(int year)
{
	int a = year % 19;
	int b = year / 100;
	int c = year % 100;
	int f = (b + 8) / 25;
	int g = (b - f + 1) / 3;
	int h = (19 * a + b - b / 4 - g + 15) % 30;
	int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
	int m = (a + 11 * h + 22 * l) / 451;
	int n = h + l - 7 * m + 114;
	return day_number((struct day){ year, n / 31, n % 31 + 1 });
}

/*
 * The eight bank holidays of an ordinary year (Banking and Financial Dealings
 * Act 1971, Schedule 1, and common law): when New Year's Day, Christmas Day or
 * Boxing Day is a Saturday or Sunday, the next day that is neither stands for it.
 */
static bool is_standing_holiday(struct day day)
{
	int weekday = day_weekday(day);
	int64_t from_easter;

	switch (day.month) {
	case 1:
		return day.day == 1 || (weekday == MONDAY && day.day <= 3);
	case 3:
	case 4:
		from_easter = day_number(day) - easter_sunday(day.year);
		return from_easter == -2 || from_easter == 1;
	case 5:
		return weekday == MONDAY && (day.day <= 7 || day.day > 24);
	case 8:
		return weekday == MONDAY && day.day > 24;
	case 12:
		if (day.day == 25 || day.day == 26)
			return true;
		return (day.day == 27 || day.day == 28) &&
		       (weekday == MONDAY || weekday == TUESDAY);
	default:
		return false;
	}
}

static bool is_listed(const struct pack_calendar *calendar, int64_t number)
{
	size_t low = 0;
	size_t high = calendar->holiday_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (calendar->holidays[middle] == number)
			return true;
		if (calendar->holidays[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool calendar_is_published(const struct pack_calendar *calendar, int year)
{
	return year >= calendar->published_first && year <= calendar->published_last;
}

bool pack_is_working_day(const struct pack_calendar *calendar, struct day day)
{
	if (calendar->weekend >> day_weekday(day) & 1)
		return false;
	if (calendar->has_standing_rules && !calendar_is_published(calendar, day.year))
		return !is_standing_holiday(day);
	return !is_listed(calendar, day_number(day));
}

bool pack_in_office_hours(const struct pack_calendar *calendar, instant at)
{
	if (calendar->office_from_minute == 0 && calendar->office_to_minute == 0)
		return true;
	struct local local = zone_local(calendar->zone, at);
	int minute = local.hour * 60 + local.minute;
	return minute >= calendar->office_from_minute && minute < calendar->office_to_minute &&
	       pack_is_working_day(calendar, local.day);
}
