/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "pack/span.h"

static const struct {
	int hour;
	int minute;
} TRIED[] = { { 0, 0 }, { 12, 0 }, { 23, 59 } };

struct tally {
	bool sooner; /* a ended before b at some start */
	bool later;
	bool unknown;
	instant witness;
};

static const struct pack_calendar *calendar_for(const struct pack_calendar *otherwise,
                                                const struct pack_period *period)
{
	return period->calendar ? period->calendar : otherwise;
}

static void try_start(const struct pack_calendar *otherwise, const struct pack_period *a,
                      const struct pack_period *b, instant start, struct tally *tally)
{
	struct pack_due left, right;
	struct err err;
	if (!pack_due(calendar_for(otherwise, a), start, a, &left, &err) ||
	    !pack_due(calendar_for(otherwise, b), start, b, &right, &err)) {
		tally->unknown = true;
		return;
	}
	tally->sooner = tally->sooner || left.due < right.due;
	if (left.due > right.due && !tally->later) {
		tally->later = true;
		tally->witness = start;
	}
}

static enum span_order by_trial(const struct pack_calendar *otherwise, const struct pack_period *a,
                                const struct pack_period *b, instant *witness)
{
	struct tally tally = { 0 };
	int64_t first = day_number((struct day){ otherwise->published_first, 1, 1 });
	int64_t last = day_number((struct day){ otherwise->published_last, 12, 31 });

	for (int64_t number = first; number <= last && !tally.unknown; number++) {
		for (size_t i = 0; i < COUNT_OF(TRIED); i++) {
			struct local local = { .day = day_from_number(number),
				               .hour = TRIED[i].hour,
				               .minute = TRIED[i].minute };
			try_start(otherwise, a, b, zone_instant(otherwise->zone, local), &tally);
		}
		if (tally.sooner && tally.later)
			break;
	}
	*witness = tally.witness;
	if (tally.unknown)
		return SPAN_UNKNOWN;
	if (tally.sooner)
		return tally.later ? SPAN_EITHER : SPAN_SHORTER;
	return tally.later ? SPAN_LONGER : SPAN_EQUAL;
}

static bool same_calendar(const struct pack_calendar *a, const struct pack_calendar *b)
{
	return (!a && !b) || (a && b && str_eq(a->name, b->name));
}

enum span_order span_compare(const struct pack_calendar *otherwise, const struct pack_period *a,
                             const struct pack_period *b, instant *witness)
{
	*witness = 0;
	if (a->unit == b->unit && a->at_minute == b->at_minute &&
	    same_calendar(a->calendar, b->calendar)) {
		if (a->amount == b->amount)
			return SPAN_EQUAL;
		return a->amount < b->amount ? SPAN_SHORTER : SPAN_LONGER;
	}
	if (!otherwise || !otherwise->zone || otherwise->published_last == 0)
		return SPAN_UNKNOWN;
	return by_trial(otherwise, a, b, witness);
}
