/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Time zones from the system's zoneinfo (TZif version 2 and up, RFC 8536),
 * read once and immutable after: any number of threads, no TZ variable.
 */
#ifndef CANDOUR_BASE_ZONE_H
#define CANDOUR_BASE_ZONE_H

#include <stdbool.h>

#include "base/attribute.h"
#include "base/err.h"
#include "base/instant.h"

struct zone;

/* A local date and time of day. */
struct local {
	struct day day;
	int hour;
	int minute;
	int second;
};

/*
 * Loads an IANA zone, e.g. "Europe/London". ERR_INPUT: no such name (letters,
 * digits, _ + - and / only); ERR_UNABLE: zoneinfo cannot be read (install
 * tzdata). Destroyed by zone_destroy.
 */
bool zone_load(struct str name, struct zone **out, struct err *err) MUST_USE;
/* The same from bytes in hand, e.g. in tests. */
bool zone_parse(struct str name, struct str bytes, struct zone **out, struct err *err) MUST_USE;
void zone_destroy(struct zone *zone);

/* Seconds east of UTC in force at an instant. */
int zone_offset(const struct zone *zone, instant at);
struct local zone_local(const struct zone *zone, instant at);
/* Abbreviation such as "GMT" or "BST". */
struct str zone_abbreviation(const struct zone *zone, instant at);

/*
 * The instant of a local time. One that does not exist (clocks go forward) is
 * the first instant behind the gap; one that happens twice is the first of the
 * two.
 */
instant zone_instant(const struct zone *zone, struct local local);
/* The first instant of a local day. */
instant zone_day_start(const struct zone *zone, struct day day);
/* The local day that an instant lies in. */
struct day zone_day(const struct zone *zone, instant at);

#endif
