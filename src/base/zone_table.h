/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A zone's data as its file holds it: moments of change, kinds of local time,
 * and the rule for all time behind the last change. Private to base.
 */
#ifndef CANDOUR_BASE_ZONE_TABLE_H
#define CANDOUR_BASE_ZONE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attribute.h"
#include "base/str.h"

#define ZONE_OFFSET_MAX (26 * 3600 - 1) /* seconds; RFC 8536, 3.2, names these bounds */
#define ZONE_ABBREVIATION_MAX 15

/* One kind of local time, e.g. summer time. */
struct zone_kind {
	int32_t offset; /* seconds east of UTC */
	uint8_t abbreviation_n;
	char abbreviation[ZONE_ABBREVIATION_MAX];
};

enum zone_date_form {
	ZONE_DATE_MONTH,   /* Mm.w.d: weekday d (0 Sunday) of week w (5 the last) of month m */
	ZONE_DATE_JULIAN,  /* Jn: day 1 .. 365, 29 February never counted */
	ZONE_DATE_ORDINAL, /* n: day 0 .. 365, 29 February counted */
};

/* When in each year a change comes, on the clock that is in force before it. */
struct zone_date {
	enum zone_date_form form;
	int month;
	int week;
	int day;
	int32_t time; /* seconds behind midnight, -167 h .. 167 h */
};

struct zone_rule {
	bool present;
	bool summer_used;
	struct zone_kind standard;
	struct zone_kind summer;
	struct zone_date begins; /* summer time */
	struct zone_date ends;
};

struct zone {
	size_t change_count;
	int64_t *change_at;   /* seconds since 1970 UTC, rising */
	uint8_t *change_kind; /* index into kinds */
	size_t kind_count;
	struct zone_kind *kinds; /* kinds[0] holds before the first change */
	struct zone_rule rule;
};

/* Fills a zeroed zone. False: the bytes are no good TZif, or no memory; free with zone_destroy. */
bool zone_table_read(struct str bytes, struct zone *out) MUST_USE;
/* A POSIX TZ string with the widening of RFC 8536, 3.3.1. Empty: no rule, and good. */
bool zone_rule_read(struct str text, struct zone_rule *out) MUST_USE;

#endif
