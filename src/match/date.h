/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Dates of birth as they are found in files. Default dates (1900-01-01 and
 * the like) and dates nobody can be born on are missing; the rest says how
 * much of it was meant.
 */
#ifndef CANDOUR_MATCH_DATE_H
#define CANDOUR_MATCH_DATE_H

#include "base/base.h"

/* How a/b/year is read. Decided once a file: norm_date_orders. */
enum norm_order {
	NORM_DMY,
	NORM_MDY,
};

/* What of a date is sure. */
enum norm_sure {
	NORM_SURE_DAY,   /* all of it */
	NORM_SURE_MONTH, /* the first of a month: the day may stand for "some time in" (flag M) */
	NORM_SURE_YEAR,  /* only a year was written: month and day are 0 (flag Y) */
	NORM_DEFAULT,    /* the first of January: only the year is taken as said (flag D) */
};

struct norm_date {
	int16_t year;
	uint8_t month, day; /* 1 .. 12, 1 .. 31; both 0 with NORM_SURE_YEAR */
	uint8_t sure;       /* enum norm_sure */
	bool is_month_only; /* no day was written: it is 1 */
};

/*
 * Reads year-month-day, day-month-year with / . - or a blank (by `order`),
 * YYYYMMDD, "12 Mar 2011", "March 12, 2011", "2011"; a time of day behind is
 * left out. Two figures for a year are the latest such year that is not after
 * `this_year`. False: missing, for it is empty, no date, before 1900, after
 * next year, or a default date of everybody's; *out is then all 0.
 */
bool norm_date(struct str text, enum norm_order order, int this_year, struct norm_date *out);

/* Whether it is what programs write where no date was known (1900-01-01 …), which norm_date takes
 * for missing. */
bool norm_date_is_everybodys(struct str text, enum norm_order order, int this_year);

/*
 * Whether `text` is of the form a/b/year, and which of its readings are dates
 * of a calendar. Both false: neither (31/04/2010). *dmy and *mdy are set always.
 */
bool norm_date_orders(struct str text, bool *dmy, bool *mdy);

#endif
