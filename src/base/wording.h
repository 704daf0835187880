/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Dates, times and durations in words. One place, so that every
 * page, letter and command says them alike.
 */
#ifndef CANDOUR_BASE_WORDING_H
#define CANDOUR_BASE_WORDING_H

#include "base/arena.h"
#include "base/instant.h"
#include "base/str.h"
#include "base/zone.h"

/* "Tuesday 17 November 2026". */
struct str wording_day(struct arena *arena, struct day day);
/* "17 Nov 2026". */
struct str wording_day_short(struct arena *arena, struct day day);
/* "March 2020"; "2020" where the month is 0. */
struct str wording_month(struct arena *arena, struct month month);
/* "3:20pm", "10am", "midday", "midnight". */
struct str wording_time(struct arena *arena, int hour, int minute);
/* "Thursday 19 November 2026, 10:12am". */
struct str wording_instant(struct arena *arena, const struct zone *zone, instant at);
/* "today at 2:12pm", "yesterday at …", "tomorrow at …", else "Friday 20 November 2026, 2:12pm". */
struct str wording_near(struct arena *arena, const struct zone *zone, instant at, instant now);
/*
 * A due instant as people keep it: at a local midnight "the end of Monday 16
 * November" (year only when it is not now's), "the end of today", else
 * "2:12pm today", "9am on Friday 20 November".
 */
struct str wording_due(struct arena *arena, const struct zone *zone, instant due, instant now);
/* "2 days", "1 hour", "40 minutes": elapsed, whole units, rounded down; under a minute "less than a
 * minute". */
struct str wording_elapsed(struct arena *arena, int64_t us);
/* 12345 -> "12,345". */
struct str wording_number(struct arena *arena, int64_t n);

#endif
