/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Years of a partnership, from a pack alone and a seed: people hold every
 * office, reports come in, who owes something does it, or too late, or never;
 * some try what they may not. A drill register under a virtual clock is held to
 * its laws after every turn. No word of any pack stands in this code: what can
 * be done, by whom, and what follows is looked up in the pack's tables. They may
 * also be lived in a drill that is there already, by its own people, beside
 * whatever else is done in it: a house.
 */
#ifndef CANDOUR_CLI_YEARS_H
#define CANDOUR_CLI_YEARS_H

#include "casebook/casebook.h"
#include "cli/simulate.h"

/* A field that somebody fills in. */
struct years_asked {
	const struct pack_kind *kind;
	const struct pack_field *field;
	const struct json *fields; /* those filled in before it */
	struct str office;         /* of whoever fills it in; empty: no office */
	bool is_required;
	int child; /* number of whom it is about; -1: of none */
	instant now;
	struct random_source *random; /* of what is sealed, when it is; else of all that happens */
	struct arena *arena;          /* of the answer */
};

/* A drill that is open, with its people. */
struct years_house {
	struct casebook *book;
	const struct month *born; /* of each child */
	/* Who acts in an office now; false: nobody. */
	bool (*holder)(void *ctx, struct str office, struct casebook_actor *out);
	/* NULL: chance answers, but no text; null: it is left out, if it may be. */
	struct json *(*answer)(void *ctx, const struct years_asked *asked);
	void *ctx;
};

/* How its offices work. */
struct years_manner {
	uint64_t in_time;   /* of a hundred things owed, so many are meant to be done in time, */
	uint64_t late;      /* so many within six days after, */
	uint64_t very_late; /* so many weeks after; the rest never */
	uint64_t share;     /* hundredths of the time there is, within which it is first tried */
	int tries;          /* before it is given up */
	int efforts;        /* at the answers of one act */
	int choices;        /* of acts, when one cannot be done */
	int64_t arrivals;   /* that begin in two years for ten children */
};

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
	const struct years_manner *manner; /* NULL: as simulated offices do */
	const struct years_house *house;   /* NULL: a register is founded in `folder` */
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
	struct hash sum;  /* of every entry's plain side; where one is founded, and every duty */
	char broken[320]; /* the law that did not hold; empty when all did */
};

/* ERR_UNABLE: the machine; ERR_INPUT: the pack. A law that does not hold is a report. */
bool years_live(const struct years_options *options, struct years_report *out,
                struct err *err) MUST_USE;

/*
 * The years of a house, as far as its book's time is moved on: whatever is meant to be done before
 * `until` is, each thing at its own moment, and the clock stands there. What is on files that the
 * years did not begin is left to others. ERR_FAULT: a law did not hold; the report says which.
 */
struct years;
bool years_enter(const struct years_options *options, struct years_report *out,
                 struct years **years, struct err *err) MUST_USE;
bool years_go_on(struct years *years, instant until, struct err *err) MUST_USE;
/* Whether the years began the file of that slot. */
bool years_began(const struct years *years, int64_t file);
/* The report is filled in, of the files that the years began; NULL is taken. */
void years_leave(struct years *years);

#endif
