/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Reading dates. The text is first brought to a plain form (small letters,
 * ASCII digits, one separator), then cut into at most three fields, then the
 * fields are taken for day, month and year.
 */
#include "match/date.h"

#define PLAIN_MAX 64 /* bytes; what is behind is a time of day, or the text is no date */
#define YEAR_MIN 1900
#define CENTURY 100

struct plain {
	size_t n, at; /* at: what is read already */
	char bytes[PLAIN_MAX];
};

/* A number and how many figures it was written with. */
struct figure {
	size_t n;
	int value;
};

/* The fields of a date before they are looked at. */
struct fields {
	int year, month, day;
	bool is_month_only; /* no day was written */
	bool is_by_order;   /* of the form a/b/year: day and month may be the other way round */
};

static bool is_separator(char c)
{
	return c == '-' || c == '/' || c == '.' || c == ' ';
}

/* ASCII for one letter of the text; 0: there is none. */
static char plain_of(const struct fold_letter *letter)
{
	int digit = fold_digit(letter->point);
	bool is_dash =
		letter->point == 0x2212 || (letter->point >= 0x2010 && letter->point <= 0x2015);
	if (digit >= 0)
		return (char)('0' + digit);
	if (letter->sort == FOLD_BLANK || letter->point == ',')
		return ' ';
	if (is_dash || letter->sort == FOLD_HYPHEN)
		return '-';
	if (letter->point >= 0x80)
		return 0;
	bool is_large = letter->point >= 'A' && letter->point <= 'Z';
	return (char)(is_large ? letter->point | 0x20 : letter->point);
}

/* False: something in it is in no date. A blank beside a separator, or a second one, goes. */
static bool make_plain(struct str text, struct plain *plain)
{
	plain->n = plain->at = 0;
	for (size_t at = 0; at < text.n && plain->n < PLAIN_MAX;) {
		struct fold_letter letter = fold_letter_at(text, at);
		at += letter.n;
		if (letter.sort == FOLD_NOTHING)
			continue;
		char c = plain_of(&letter), last = plain->n > 0 ? plain->bytes[plain->n - 1] : ' ';
		if (!c)
			return false;
		if (c == ' ' && is_separator(last))
			continue;
		if (is_separator(c) && last == ' ' && plain->n > 0)
			plain->n--;
		plain->bytes[plain->n++] = c;
	}
	if (plain->n > 0 && plain->bytes[plain->n - 1] == ' ')
		plain->n--;
	return plain->n > 0;
}

static char peek(const struct plain *plain)
{
	return plain->at < plain->n ? plain->bytes[plain->at] : 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct figure take_figure(struct plain *plain)
{
	struct figure figure = { 0 };
	for (; is_digit(peek(plain)) && figure.n <= 8; plain->at++, figure.n++)
		figure.value = figure.value * 10 + (peek(plain) - '0');
	return figure;
}

static bool take_separator(struct plain *plain)
{
	if (!is_separator(peek(plain)))
		return false;
	plain->at++;
	return true;
}

/* Jan to Dec by the first three letters, however the rest is spelt; 0: no month. */
static int take_month(struct plain *plain)
{
	static const char MONTHS[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	struct str word = { plain->bytes + plain->at, 0 };
	for (; peek(plain) >= 'a' && peek(plain) <= 'z'; plain->at++)
		word.n++;
	for (int i = 0; i < 12 && word.n >= 3; i++) {
		if (memcmp(MONTHS + (size_t)i * 3, word.p, 3) == 0)
			return i + 1;
	}
	return 0;
}

/* "12th" is 12. */
static void skip_ordinal(struct plain *plain)
{
	struct str rest = { plain->bytes + plain->at, plain->n - plain->at };
	if (str_starts(rest, STR("st")) || str_starts(rest, STR("nd")) ||
	    str_starts(rest, STR("rd")) || str_starts(rest, STR("th")))
		plain->at += 2;
}

/* The end, or a time of day: "T00:00", " 12:30". */
static bool is_at_end(const struct plain *plain)
{
	char c = peek(plain);
	bool has_time = plain->at + 1 < plain->n && is_digit(plain->bytes[plain->at + 1]);
	return c == 0 || ((c == 't' || c == ' ') && has_time);
}

static bool is_end_of_iso(const struct plain *plain)
{
	return peek(plain) == 't' || peek(plain) == ' ' || peek(plain) == 0;
}

/* Two figures are of the century up to `this_year`. */
static int full_year(int year, int this_year)
{
	int century = this_year / CENTURY * CENTURY;
	if (year >= CENTURY)
		return year;
	return year + (year <= this_year % CENTURY ? century : century - CENTURY);
}

static bool is_year(struct figure figure)
{
	return figure.n == 2 || figure.n == 4;
}

static bool is_short(struct figure figure)
{
	return figure.n == 1 || figure.n == 2;
}

/* 2009, 2009-03, 2009-03-27 behind the year. */
static bool read_year_first(struct plain *plain, int year, int this_year, struct fields *out)
{
	if (peek(plain) == 0) {
		*out = (struct fields){ .year = full_year(year, this_year) };
		return true;
	}
	if (!take_separator(plain))
		return false;
	struct figure month = take_figure(plain);
	*out = (struct fields){ .year = year, .month = month.value };
	if (peek(plain) == 0 && month.n == 2 && month.value > 0) {
		out->is_month_only = true;
		return true;
	}
	if (!is_short(month) || !take_separator(plain))
		return false;
	struct figure day = take_figure(plain);
	out->day = day.value;
	return is_short(day) && is_end_of_iso(plain);
}

/* 27 Mar 2009 behind the day. */
static bool read_named_month(struct plain *plain, int day, int this_year, struct fields *out)
{
	int month = take_month(plain);
	if (month == 0)
		return false;
	(void)take_separator(plain);
	struct figure year = take_figure(plain);
	*out = (struct fields){ full_year(year.value, this_year), month, day,
		                .is_by_order = false };
	return is_year(year) && is_at_end(plain);
}

/* 27/03/2009, 03/2009, 27 Mar 2009 behind the first figure. */
static bool read_day_first(struct plain *plain, int first, int this_year, struct fields *out)
{
	skip_ordinal(plain);
	bool is_parted = take_separator(plain);
	if (!is_digit(peek(plain)))
		return read_named_month(plain, first, this_year, out);
	struct figure second = take_figure(plain);
	if (is_parted && second.n == 4 && peek(plain) == 0 && first > 0) {
		*out = (struct fields){ second.value, first, 0, .is_month_only = true };
		return true;
	}
	if (!is_parted || !is_short(second) || !take_separator(plain))
		return false;
	struct figure year = take_figure(plain);
	*out = (struct fields){ full_year(year.value, this_year), second.value, first,
		                .is_by_order = true };
	return is_year(year) && is_at_end(plain);
}

/* Mar 2009; March 27, 2009. */
static bool read_month_first(struct plain *plain, int this_year, struct fields *out)
{
	int month = take_month(plain);
	(void)take_separator(plain);
	struct figure day = take_figure(plain);
	if (month > 0 && day.n == 4 && peek(plain) == 0) {
		*out = (struct fields){ day.value, month, 0, .is_month_only = true };
		return true;
	}
	skip_ordinal(plain);
	if (month == 0 || !is_short(day) || !take_separator(plain))
		return false;
	struct figure year = take_figure(plain);
	*out = (struct fields){ full_year(year.value, this_year), month, day.value,
		                .is_by_order = false };
	return is_year(year) && is_at_end(plain);
}

static bool read_fields(struct str text, int this_year, struct fields *out)
{
	struct plain plain;
	if (!make_plain(text, &plain))
		return false;
	struct figure first = take_figure(&plain);
	if (first.n == 4)
		return read_year_first(&plain, first.value, this_year, out);
	if (first.n == 8 && is_at_end(&plain)) {
		*out = (struct fields){ full_year(first.value / 10000, this_year),
			                first.value / 100 % 100, first.value % 100,
			                .is_by_order = false };
		return true;
	}
	if (is_short(first))
		return read_day_first(&plain, first.value, this_year, out);
	return first.n == 0 && read_month_first(&plain, this_year, out);
}

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool is_of_calendar(int year, int month, int day)
{
	static const int DAYS[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	if (month < 1 || month > 12 || day < 1 || day > DAYS[month - 1])
		return false;
	return month != 2 || day < 29 || is_leap(year);
}

/* What programs write where no date was known. */
static bool is_everybodys(int year, int month, int day)
{
	static const int DEFAULTS[][3] = {
		{ 1900, 1, 1 },   { 1901, 1, 1 },   { 1753, 1, 1 },   { 1970, 1, 1 },
		{ 9999, 12, 31 }, { 1899, 12, 30 }, { 1899, 12, 31 },
	};
	for (size_t i = 0; i < COUNT_OF(DEFAULTS); i++) {
		if (DEFAULTS[i][0] == year && DEFAULTS[i][1] == month && DEFAULTS[i][2] == day)
			return true;
	}
	return false;
}

static enum norm_sure sure_of(const struct fields *fields)
{
	if (fields->is_month_only)
		return NORM_SURE_MONTH;
	if (fields->day != 1)
		return NORM_SURE_DAY;
	return fields->month == 1 ? NORM_DEFAULT : NORM_SURE_MONTH;
}

bool norm_date(struct str text, enum norm_order order, int this_year, struct norm_date *out)
{
	struct fields f;
	*out = (struct norm_date){ 0 };
	if (!read_fields(text, this_year, &f))
		return false;
	if (f.is_by_order && order == NORM_MDY) {
		int day = f.month;
		f.month = f.day;
		f.day = day;
	}
	if (f.is_month_only)
		f.day = 1;
	if (f.year < YEAR_MIN || f.year > this_year + 1 || is_everybodys(f.year, f.month, f.day))
		return false;
	if (f.month == 0) {
		*out = (struct norm_date){ (int16_t)f.year, 0, 0, NORM_SURE_YEAR, false };
		return true;
	}
	if (!is_of_calendar(f.year, f.month, f.day))
		return false;
	*out = (struct norm_date){ (int16_t)f.year, (uint8_t)f.month, (uint8_t)f.day, sure_of(&f),
		                   f.is_month_only };
	return true;
}

bool norm_date_is_everybodys(struct str text, enum norm_order order, int this_year)
{
	struct fields f;
	if (!read_fields(text, this_year, &f))
		return false;
	bool is_turned = f.is_by_order && order == NORM_MDY;
	return is_everybodys(f.year, is_turned ? f.day : f.month, is_turned ? f.month : f.day);
}

bool norm_date_orders(struct str text, bool *dmy, bool *mdy)
{
	struct fields f;
	*dmy = *mdy = false;
	/* Any century will do, for they differ in one leap day; 0 keeps both readings open. */
	if (!read_fields(text, CENTURY * 20, &f) || !f.is_by_order)
		return false;
	bool is_zero = f.month == 0 || f.day == 0;
	*dmy = is_zero || is_of_calendar(f.year, f.month, f.day);
	*mdy = is_zero || is_of_calendar(f.year, f.day, f.month);
	return true;
}
