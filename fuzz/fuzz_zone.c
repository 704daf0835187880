/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Zones from any bytes: the instant found for a local time is the first at
 * which the local clock shows it or more. Short inputs are tried as rules too.
 */
#include "target.h"

#include "base/base.h"

#define RULE_MAX 80

static int64_t shown(const struct zone *zone, instant at)
{
	struct local local = zone_local(zone, at);
	MUST_HOLD(local.hour >= 0 && local.hour < 24 && local.minute >= 0 && local.minute < 60 &&
	          local.second >= 0 && local.second < 60);
	return day_number(local.day) * 86400 + local.hour * 3600 + local.minute * 60 + local.second;
}

static void try_instant(const struct zone *zone, instant at)
{
	int64_t wanted = shown(zone, at);
	instant found = zone_instant(zone, zone_local(zone, at));
	MUST_HOLD(found <= at);
	MUST_HOLD(shown(zone, found) >= wanted);
	MUST_HOLD(shown(zone, found - INSTANT_PER_SECOND) < wanted);
	MUST_HOLD(zone_offset(zone, at) > -100000 && zone_offset(zone, at) < 100000);
	MUST_HOLD(str_is_utf8(zone_abbreviation(zone, at)));
	(void)zone_day_start(zone, zone_day(zone, at));
}

static void try_zone(struct str bytes)
{
	struct zone *zone;
	struct err err = { 0 };
	if (!zone_parse(STR("any"), bytes, &zone, &err)) {
		MUST_HOLD(!zone && err.code == ERR_INPUT);
		return;
	}
	try_instant(zone, INSTANT_MIN + 2 * INSTANT_PER_DAY);
	for (instant at = -3 * INSTANT_PER_DAY; at < 400 * INSTANT_PER_DAY;
	     at += INSTANT_PER_DAY * 7 / 3)
		try_instant(zone, INT64_C(1770000000000000) + at);
	try_instant(zone, INSTANT_MAX - 2 * INSTANT_PER_DAY);
	zone_destroy(zone);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char HEADER[44] = { 'T', 'Z', 'i', 'f', '2', [39] = 1, [43] = 4 };
	static const char KINDS[10] = { 0, 0, 0, 0, 0, 0, 'G', 'M', 'T', 0 };

	try_zone(str_from_bytes(data, size));
	if (size <= RULE_MAX) {
		struct buf out;
		buf_init(&out, 1000);
		for (int block = 0; block < 2; block++) {
			buf_add_bytes(&out, HEADER, sizeof HEADER);
			buf_add_bytes(&out, KINDS, sizeof KINDS);
		}
		buf_add_char(&out, '\n');
		buf_add_bytes(&out, data, size);
		buf_add_char(&out, '\n');
		try_zone(buf_str(&out));
		buf_finish(&out);
	}
	return 0;
}
