/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Northmere: a synthetic partnership with a year of history, made as a drill
 * register on the one road that every act takes. The year is lived by the
 * simulator; some concerns of the last weeks are told by hand on top, for the
 * tutorial. Nobody in it exists. One seed and one present moment give one log, to the last bit of
 * its root.
 */
#ifndef CANDOUR_CLI_DEMO_H
#define CANDOUR_CLI_DEMO_H

#include "base/base.h"
#include "cli/years.h"
#include "pack/pack.h"

#define DEMO_PASSWORD "northmere in the rain"
#define DEMO_ORIGIN "drill.northmere.example/register"
#define DEMO_WEEKS 52
#define DEMO_LIVED 48 /* the most of whom the year tells, and as many as it does by itself */
#define DEMO_PERSONAS 6
#define DEMO_CODES 3

struct demo_options {
	const char *dir; /* made; must not be there, or be empty */
	const struct pack_bytes *pack;
	uint64_t seed;
	uint64_t children;           /* of whom the year tells: 1 to DEMO_LIVED */
	instant now;                 /* the present moment: the history ends here */
	casebook_progress *progress; /* NULL: none */
	void *progress_ctx;
};

/* Somebody to sign in as. */
struct demo_persona {
	struct str title;  /* "Screener" */
	struct str name;   /* to sign in */
	struct str person; /* who it is */
	struct str secret; /* of the authenticator, base32 */
};

/* A return code to try. */
struct demo_code {
	struct str code;
	struct str number; /* "C-187" */
	struct str what;   /* one line about it */
};

struct demo_made {
	struct demo_persona personas[DEMO_PERSONAS];
	struct demo_code codes[DEMO_CODES];
	int64_t people; /* made up: of families, neighbours, offices */
	int64_t accounts;
	int64_t concerns;
	int64_t told;    /* of them, told by hand on top of the simulated year */
	int64_t acts;    /* sent by people */
	int64_t refused; /* of those, by a gate, as the story wants */
	int64_t stray;   /* refused where the story expected otherwise */
	int64_t climbed; /* entries of the clock */
	/* The simulated year, on the files that it began; NULL of one that was loaded. */
	struct years_report *lived;
};

/* ERR_INPUT: the folder is in use, or the pack is not one that knows concerns; ERR_UNABLE: disk. */
bool demo_make(const struct demo_options *options, struct arena *arena, struct demo_made *out,
               struct err *err) MUST_USE;

/* Sign-ins and codes are kept beside the register, in DIR/demo.json: it is a drill. */
bool demo_save(const char *dir, const struct demo_made *made, struct arena *arena,
               struct err *err) MUST_USE;
/* ERR_ABSENT: there is no demo in that folder. */
bool demo_load(const char *dir, struct demo_made *out, struct arena *arena,
               struct err *err) MUST_USE;

/* The six digits of an authenticator with this secret (RFC 6238). ERR_INPUT: no base32 of 20 bytes.
 */
bool code_digits(struct str secret, instant at, char out[7], struct err *err) MUST_USE;

#endif
