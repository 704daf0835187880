/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef CANDOUR_CLOCK_RUN_H
#define CANDOUR_CLOCK_RUN_H

#include "clock/clock.h"

#define CLOCK_CLIMBS_AT_ONCE 256 /* entries in one turn */

/* Climbs all that is due at `until`; adds to *ran; *next is the next due moment after it, 0: none.
 */
bool run_due(struct casebook *book, instant until, struct clock_ran *ran, instant *next,
             struct err *err) MUST_USE;

#endif
