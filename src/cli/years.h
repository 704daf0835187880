/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Years of a partnership, from a pack alone and a seed: people hold every
 * office, reports come in, who owes something does it, or too late, or never;
 * some try what they may not. A drill register under a virtual clock is held to
 * its laws after every turn. No word of any pack stands in this code: what can
 * be done, by whom, and what follows is looked up in the pack's tables.
 */
#ifndef CANDOUR_CLI_YEARS_H
#define CANDOUR_CLI_YEARS_H

#include "casebook/casebook.h"
#include "cli/simulate.h"

struct years_options {
	const struct pack_bytes *pack;
	/* By which acts are judged again, to see that what the pack lets through is found; NULL:
	 * the same. */
	const struct pack_bytes *stricter;
	struct casebook_shelf *shelf; /* NULL: none */
	const char *folder;           /* of the register; must not be there, and is left behind */
	uint64_t seed;
	uint64_t words_seed; /* of what is sealed, apart: nothing else may depend on it */
	int days;
	int children;
	int histories; /* files to begin with, of every type; past that none begins by itself. 0: as
	                  many as come in `days` */
	int acts_max;  /* acts on a file after which nobody does anything on it; 0: no end */
	bool is_unverified; /* leaves out verify and refold at the end */
	/* A hand on what was kept of the register, to see the laws break; NULL: none. Called once a
	 * day. */
	void (*meddle)(void *ctx, const char *database, int day);
	void *meddle_ctx;
	casebook_progress *progress; /* NULL: none */
	void *progress_ctx;
};

enum years_check {
	YEARS_L4,     /* open files that owe something */
	YEARS_L5,     /* rungs told at their time */
	YEARS_OUT,    /* last rungs that reached somebody outside */
	YEARS_L6,     /* due times that stayed */
	YEARS_L7,     /* refusals that changed nothing */
	YEARS_NEEDS,  /* acts whose needs were met by what is on record */
	YEARS_SECOND, /* acts agreed to by somebody else */
	YEARS_L8,     /* acts that are of whoever began the file, or of the offices named */
	YEARS_L10,    /* entries with nothing sealed in plain text */
	YEARS_L12,    /* words that are as they were written */
	YEARS_VERIFY,
	YEARS_REFOLD,
	YEARS_CHECKS
};
const char *years_check_name(enum years_check check);
const char *years_check_words(enum years_check check);

#define YEARS_RUNGS 8
#define YEARS_KINDS 256

struct years_report {
	int64_t days;
	int64_t files; /* of the pack's types */
	int64_t ended; /* of them, in a final state */
	int64_t acts;  /* sent */
	int64_t admitted;
	int64_t waiting; /* for a second reader */
	int64_t refused;
	int64_t failed; /* bad input: no entry */
	int64_t unlawful;
	int64_t opened; /* duties */
	int64_t in_time;
	int64_t late; /* done, past the due time */
	int64_t moot; /* ended as pointless */
	int64_t owed; /* still */
	int64_t owed_late;
	int64_t climbed[YEARS_RUNGS + 1]; /* by rung, from 1 */
	int64_t outside;                  /* duties that were told outside the line */
	int64_t entries;
	int64_t spent_us;    /* by the machine's clock, the checks at the end left out */
	int64_t checking_us; /* verify and refold */
	int64_t checked[YEARS_CHECKS];
	struct simulate_tally kinds[YEARS_KINDS];      /* admitted */
	struct simulate_tally gates[SIMULATE_TALLIES]; /* that refused */
	struct simulate_tally patterns[SIMULATE_TALLIES];
	struct simulate_tally wrongs[SIMULATE_TALLIES]; /* unlawful ones, by their sort */
	struct hash sum;  /* of every entry's plain side and every duty */
	char broken[320]; /* the law that did not hold; empty when all did */
};

/* ERR_UNABLE: the machine; ERR_INPUT: the pack. A law that does not hold is a report. */
bool years_live(const struct years_options *options, struct years_report *out,
                struct err *err) MUST_USE;

#endif
