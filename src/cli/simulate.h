/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Simulation: one seed, one history. Random acts, lawful and not, by random
 * offices on a drill register whose disk loses, tears and re-orders what was
 * not synced; after each fault the register is opened anew and held to its
 * laws.
 */
#ifndef CANDOUR_CLI_SIMULATE_H
#define CANDOUR_CLI_SIMULATE_H

#include "base/base.h"
#include "casebook/casebook.h"
#include "pack/pack.h"

struct simulate_options {
	uint64_t seed;
	const struct pack_bytes *pack;
	struct casebook_shelf *shelf; /* for many histories of the same packs; NULL: none */
	const char *folder;           /* for the keys; must not be there, and is left behind */
	int crashes;                  /* faults to go through */
	int acts_between;             /* acts between two faults at most */
	bool disk_lies;               /* syncs keep nothing for sure: to see the laws break */
	/* A hand on the register before each check, to see the laws break; NULL: none. */
	void (*meddle)(void *ctx, const char *vfs, const char *database);
	void *meddle_ctx;
};

/* What is checked, and how often it was. */
enum simulate_check {
	SIMULATE_L1,    /* acknowledged entries found again */
	SIMULATE_L2,    /* signed and published roots found again */
	SIMULATE_L3,    /* receipts checked offline */
	SIMULATE_L4,    /* open files that owe something to a named office */
	SIMULATE_L5,    /* open duties past their last rung, told outside the line */
	SIMULATE_L6,    /* due times that stayed */
	SIMULATE_L7,    /* refusals that changed nothing, and closings with their evidence */
	SIMULATE_L9,    /* readings found again */
	SIMULATE_ONCE,  /* entries that are one acknowledged act, and answers given again */
	SIMULATE_WHOLE, /* entries with all that they open, settle and make */
	SIMULATE_VERIFY,
	SIMULATE_CHECKS
};

/* How often something was done, by its name; a zeroed list is empty. */
#define SIMULATE_TALLIES 64
struct simulate_tally {
	char name[40];
	int64_t count;
};

struct simulate_report {
	int64_t acts;     /* sent */
	int64_t admitted; /* acknowledged as admitted */
	int64_t waiting;
	int64_t refused;
	int64_t failed;   /* bad input: no entry */
	int64_t unlawful; /* of the refused and failed: those that could only be refused */
	int64_t closings; /* admitted */
	int64_t unknown;  /* cut off by a fault: sent again after it */
	int64_t found;    /* of those, already there */
	int64_t climbed;
	int64_t readings;
	int64_t attachments;
	int64_t adoptions;
	int64_t faults;
	int64_t recoveries; /* faults while it opened again, besides */
	int64_t restarts;
	int64_t clock_steps;
	int64_t entries;
	int64_t checked[SIMULATE_CHECKS];
	struct simulate_tally kinds[SIMULATE_TALLIES]; /* admitted */
	struct simulate_tally
		wrongs[SIMULATE_TALLIES]; /* unlawful ones, by their sort: refused or not taken */
	char broken[320];                 /* the law that did not hold; empty when all did */
};

/* Adds to the tally of a name; past the last free one it is left out. */
void simulate_count(struct simulate_tally *tallies, struct str name, int64_t count);

/* "L1" … "exactly once", and a sentence of what is counted. */
const char *simulate_check_name(enum simulate_check check);
const char *simulate_check_words(enum simulate_check check);

/* ERR_UNABLE: the machine. A law that does not hold is a report, not an error. */
bool simulate_history(const struct simulate_options *options, struct simulate_report *out,
                      struct err *err) MUST_USE;

#endif
