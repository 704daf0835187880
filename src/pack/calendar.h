/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what due-time arithmetic asks of a calendar besides working days. */
#ifndef CANDOUR_PACK_CALENDAR_H
#define CANDOUR_PACK_CALENDAR_H

#include "pack/due.h"

/* Whether the holidays of a year are published, so that nothing computed is needed. */
bool calendar_is_published(const struct pack_calendar *calendar, int year);

#endif
