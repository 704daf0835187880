/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: which of two periods is longer, for every start there can be. */
#ifndef CANDOUR_PACK_SPAN_H
#define CANDOUR_PACK_SPAN_H

#include "pack/due.h"

enum span_order {
	SPAN_EQUAL,
	SPAN_SHORTER, /* a never ends after b, and they differ */
	SPAN_LONGER,  /* a never ends before b, and they differ */
	SPAN_EITHER,  /* now one, now the other */
	SPAN_UNKNOWN, /* cannot be reckoned */
};

/*
 * How `a` stands to `b`, by the calendars of each (`otherwise` where a period
 * names none). Periods alike but for the amount are told by it; others are
 * tried at 00:00, 12:00 and 23:59 of each published day, and *witness is then
 * the first start at which a ends after b.
 */
enum span_order span_compare(const struct pack_calendar *otherwise, const struct pack_period *a,
                             const struct pack_period *b, instant *witness);

#endif
