/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Calendar arithmetic, RFC 3339, and the one place that reads the machine's clocks. */
#define _DEFAULT_SOURCE /* CLOCK_BOOTTIME */
#include "base/instant.h"

#include <time.h>

#include "base/arena.h"
#include "base/err.h"

/* Days from civil, with the year beginning in March so that leap days come last. */
int64_t day_number(struct day day)
{
	int64_t year = day.month <= 2 ? day.year - 1 : day.year;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t of_era = year - era * 400;
	int64_t month = day.month > 2 ? day.month - 3 : day.month + 9;
	int64_t of_year = (153 * month + 2) / 5 + day.day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct day day_from_number(int64_t number)
{
	int64_t days = number + 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t of_era = days - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	struct day out = {
		.year = (int)(year + era * 400 + (month >= 10)),
		.month = (int)(month < 10 ? month + 3 : month - 9),
		.day = (int)(of_year - (153 * month + 2) / 5 + 1),
	};
	return out;
}

int month_length(int year, int month)
{
	static const int length[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return length[month - 1] + (month == 2 && leap);
}

bool day_is_real(struct day day)
{
	return day.year >= 1 && day.year <= 9999 && day.month >= 1 && day.month <= 12 &&
	       day.day >= 1 && day.day <= month_length(day.year, day.month);
}

int day_weekday(struct day day)
{
	/* 1 January 1970 was a Thursday. */
	int64_t n = (day_number(day) + 3) % 7;
	return (int)(n < 0 ? n + 7 : n);
}

int day_compare(struct day a, struct day b)
{
	int64_t x = day_number(a), y = day_number(b);
	return x < y ? -1 : x > y;
}

/* Exactly n digits. */
static bool digits(struct str text, size_t from, size_t n, int *out)
{
	int value = 0;
	if (text.n < from + n)
		return false;
	for (size_t i = from; i < from + n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		value = value * 10 + (text.p[i] - '0');
	}
	*out = value;
	return true;
}

bool day_read(struct str text, struct day *out)
{
	struct day day;
	if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-' ||
	    !digits(text, 0, 4, &day.year) || !digits(text, 5, 2, &day.month) ||
	    !digits(text, 8, 2, &day.day) || !day_is_real(day))
		return false;
	*out = day;
	return true;
}

bool month_read(struct str text, struct month *out)
{
	struct month month;
	if (text.n != 7 || text.p[4] != '-' || !digits(text, 0, 4, &month.year) ||
	    !digits(text, 5, 2, &month.month) || month.year < 1 || month.month < 1 ||
	    month.month > 12)
		return false;
	*out = month;
	return true;
}

bool month_or_year_read(struct str text, struct month *out)
{
	int year;
	if (month_read(text, out))
		return true;
	if (text.n != 4 || !digits(text, 0, 4, &year) || year < 1)
		return false;
	*out = (struct month){ .year = year };
	return true;
}

struct str day_write(struct arena *arena, struct day day)
{
	return arena_format(arena, "%04d-%02d-%02d", day.year, day.month, day.day);
}

bool instant_read(struct str text, instant *out)
{
	struct day day;
	int hour, minute, second;
	int64_t us = 0, unit = 100000;
	if (text.n < 20 || text.p[10] != 'T' || text.p[13] != ':' || text.p[16] != ':' ||
	    text.p[text.n - 1] != 'Z' || !day_read(str_sub(text, 0, 10), &day) ||
	    !digits(text, 11, 2, &hour) || !digits(text, 14, 2, &minute) ||
	    !digits(text, 17, 2, &second) || hour > 23 || minute > 59 || second > 59)
		return false;
	if (text.n > 20) {
		if (text.p[19] != '.' || text.n < 22 || text.n > 27)
			return false;
		for (size_t i = 20; i + 1 < text.n; i++, unit /= 10) {
			int digit;
			if (!digits(text, i, 1, &digit))
				return false;
			us += digit * unit;
		}
	}
	*out = day_number(day) * INSTANT_PER_DAY + hour * INSTANT_PER_HOUR +
	       minute * INSTANT_PER_MINUTE + second * INSTANT_PER_SECOND + us;
	return true;
}

/* Floor division, so that instants before 1970 fall into their own day. */
static int64_t floor_div(int64_t a, int64_t b)
{
	int64_t q = a / b;
	return q * b > a ? q - 1 : q;
}

struct day instant_utc_day(instant at)
{
	return day_from_number(floor_div(at, INSTANT_PER_DAY));
}

static void put_digits(char *out, int64_t value, int n)
{
	for (int i = n - 1; i >= 0; i--) {
		out[i] = (char)('0' + value % 10);
		value /= 10;
	}
}

void instant_write_ms(char out[INSTANT_MS_LENGTH], instant at)
{
	int64_t number = floor_div(at, INSTANT_PER_DAY);
	int64_t ms = (at - number * INSTANT_PER_DAY) / INSTANT_PER_MS;
	struct day day = day_from_number(number);
	memcpy(out, "0000-00-00T00:00:00.000Z", INSTANT_MS_LENGTH);
	put_digits(out, day.year, 4);
	put_digits(out + 5, day.month, 2);
	put_digits(out + 8, day.day, 2);
	put_digits(out + 11, ms / 3600000, 2);
	put_digits(out + 14, ms / 60000 % 60, 2);
	put_digits(out + 17, ms / 1000 % 60, 2);
	put_digits(out + 20, ms % 1000, 3);
}

struct str instant_write(struct arena *arena, instant at)
{
	char text[INSTANT_MS_LENGTH];
	instant_write_ms(text, at);
	if (memcmp(text + 19, ".000Z", 5) == 0)
		return arena_format(arena, "%.19sZ", text);
	return arena_copy(arena, str_from_bytes(text, sizeof text));
}

static int64_t read_clock(clockid_t id)
{
	struct timespec now;
	base_check(clock_gettime(id, &now) == 0);
	return (int64_t)now.tv_sec * INSTANT_PER_SECOND + now.tv_nsec / 1000;
}

struct clock_reading clock_read(void)
{
	return (struct clock_reading){ .wall = read_clock(CLOCK_REALTIME),
		                       .boot_us = read_clock(CLOCK_BOOTTIME) };
}
