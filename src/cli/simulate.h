/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Simulation: one seed, one history. Random acts by random offices on a drill
 * register whose disk loses, tears and re-orders what was not synced; after
 * each fault the register is opened anew and held to its laws.
 */
#ifndef CANDOUR_CLI_SIMULATE_H
#define CANDOUR_CLI_SIMULATE_H

#include "base/base.h"
#include "pack/pack.h"

struct simulate_options {
	uint64_t seed;
	const struct pack_bytes *pack;
	const char *folder; /* for the keys; must not be there, and is left behind */
	int crashes;        /* faults to go through */
	int acts_between;   /* acts between two faults at most */
};

struct simulate_report {
	int64_t acts;     /* sent */
	int64_t admitted; /* acknowledged as admitted */
	int64_t refused;
	int64_t unknown; /* cut off by a fault: sent again after it */
	int64_t found;   /* of those, already there */
	int64_t climbed;
	int64_t readings;
	int64_t faults;
	int64_t restarts;
	int64_t entries;
	char broken[320]; /* the law that did not hold; empty when all did */
};

/* ERR_UNABLE: the machine. A law that does not hold is a report, not an error. */
bool simulate_history(const struct simulate_options *options, struct simulate_report *out,
                      struct err *err) MUST_USE;

#endif
