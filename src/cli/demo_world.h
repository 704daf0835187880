/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the demo: Northmere while it is being made. People first, then
 * the plan of each concern as moments, then a queue of steps in order of time;
 * the clock runs up to each step before it is taken.
 */
#ifndef CANDOUR_CLI_DEMO_WORLD_H
#define CANDOUR_CLI_DEMO_WORLD_H

#include "casebook/casebook.h"

#include "cli/demo.h"
#include "cli/years.h"

#define DEMO_HOMES 112
#define DEMO_CHILDREN 3 /* of a home, at most */
#define DEMO_ASKS 3     /* agencies asked about one concern */
#define DEMO_NOTES 6
#define DEMO_CONCERNS 40
#define DEMO_STEPS 8192
#define DEMO_REOPENED_DAYS 25 /* working days ago */
#define DEMO_GLASS_DAYS 19
#define DEMO_WORKERS 112
#define DEMO_ACT_BYTES ((size_t)16 << 20)
#define DEMO_BYTES ((size_t)64 << 20)

/* --- people --------------------------------------------------------------------------------- */

struct demo_words_of { /* how somebody is spoken of */
	const char *he;
	const char *him;
	const char *his;
};

struct demo_child {
	struct str first;
	int age;
	const struct demo_words_of *words;
};

struct demo_home {
	struct str family;
	struct str parent;
	struct str address;
	struct str street;
	const char *school;
	struct demo_child children[DEMO_CHILDREN];
	int child_count;
};

struct demo_worker {
	const char *name; /* to sign in */
	const char *person;
	const char *office;
	struct str account;
	struct str secret;
	struct casebook_actor actor;
};

/* --- stories -------------------------------------------------------------------------------- */

/* How a concern reaches the register. */
enum demo_way {
	DEMO_WEB,    /* by the public */
	DEMO_PHONE,  /* told to whoever is on duty */
	DEMO_OFFICE, /* by an office of another agency */
};

/* What became of it. */
enum demo_outcome {
	DEMO_NONE,
	DEMO_ADVICE,
	DEMO_HELP,
	DEMO_ASSESS,
	DEMO_STRATEGY,
	DEMO_EMERGENCY,
};

/* One thing that happens to a child in Northmere; {child}, {he}, {street} … are filled in. */
struct demo_story {
	enum demo_way way;
	const char *office; /* DEMO_OFFICE: which */
	const char *source;
	const char *harm; /* codes with blanks between */
	const char *sign; /* of harm: yes, no, unknown */
	const char *happening;
	const char *said; /* the child's words, or NULL */
	const char *when;
	const char *where;
	enum demo_outcome outcome;
	const char *reasons;
	const char *more; /* what is added later, or NULL */
	const char *file; /* name of a file that comes with it, or NULL */
};

const struct demo_story *demo_stories(size_t *count);
const char *demo_first_name(struct random_source *random, const struct demo_words_of **words);
const char *demo_family_name(struct random_source *random);
const char *demo_street(struct random_source *random);
const char *demo_school(struct random_source *random);
/* What an office of the agency answers, does, says; any of several. */
const char *demo_answer_words(struct random_source *random, const char *office, bool knows);
const char *demo_question_words(struct random_source *random);
const char *demo_reply_words(struct random_source *random, enum demo_outcome outcome);
const char *demo_note_words(struct random_source *random);
const char *demo_basis_words(struct random_source *random);

/* --- a concern ------------------------------------------------------------------------------ */

struct demo_ask {
	const char *office;
	bool is_urgent;
	instant answered; /* 0: never */
	int64_t entry;    /* of the question; 0: not put */
};

/* When each thing is done; 0: it is not. */
struct demo_plan {
	instant received;
	instant looked;
	instant acknowledged;
	instant asked;
	struct demo_ask asks[DEMO_ASKS];
	instant refused; /* a decision of none is tried too early */
	instant decided;
	instant taken;
	instant held; /* the strategy discussion */
	instant told;
	instant notes[DEMO_NOTES];
	instant added;
	instant settled; /* the second decision, after help */
	instant told_again;
	instant closed;
	instant added_late; /* after closing: opens it again */
};

struct demo_concern {
	const struct demo_story *story;
	const struct demo_home *home;
	const struct demo_child *child;
	struct str reporter;
	struct str contact;
	struct demo_plan plan;
	struct str file;
	struct str child_file; /* the child's own; empty: none is open */
	struct str number;
	struct str code;  /* empty: none was cut */
	int64_t first;    /* entries */
	int64_t answered; /* the newest answer; 0: none */
	bool is_decided;
	bool has_worker; /* a social worker has part in it */
};

/* --- the world ------------------------------------------------------------------------------ */

struct demo;
typedef bool demo_step(struct demo *demo, struct demo_concern *concern, int n, struct err *err);

struct demo_due {
	instant at;
	int64_t order; /* of two at one moment, the one put first */
	demo_step *step;
	struct demo_concern *concern;
	int n;
};

/* A child of whom the years tell. */
struct demo_lived {
	const struct demo_home *home;
	const struct demo_child *child;
	const struct demo_story *story; /* told of last; NULL: none yet */
};

struct demo {
	const struct demo_options *options;
	struct casebook *book;
	struct arena *arena; /* of the whole history */
	struct arena *act;   /* of one step */
	struct random_source *random;
	const struct pack_calendar *calendar;
	instant start;
	struct demo_made *made;
	struct demo_home *homes;
	struct demo_worker *workers;
	size_t worker_count;
	struct demo_concern *concerns;
	size_t concern_count;
	struct demo_concern *codes[DEMO_CODES]; /* whose codes are printed */
	struct demo_due *queue;                 /* a heap, the earliest first */
	size_t queue_count;
	int64_t order;
	int64_t submissions;
	struct demo_lived *lived; /* as many as the options say */
	struct month *born;
	int quiet_homes; /* the first homes, in which the lived ones are */
	struct years_house house;
	struct years_options living;
	struct years *years;
};

/* Chance. */
uint64_t demo_below(struct demo *demo, uint64_t n);
bool demo_chance(struct demo *demo, unsigned percent);
int64_t demo_between(struct demo *demo, int64_t least, int64_t most);

/* Time. */
instant demo_work(const struct demo *demo, instant from, int64_t minutes); /* in office hours */
/* So many working days before the present, at a local time of day. */
instant demo_days_ago(const struct demo *demo, int working_days, int hour, int minute);
void demo_at(struct demo *demo, instant at, demo_step *step, struct demo_concern *concern, int n);
/* Takes every step up to the present. */
bool demo_run(struct demo *demo, struct err *err) MUST_USE;

/* People. */
bool demo_make_people(struct demo *demo, struct err *err) MUST_USE;
struct demo_worker *demo_worker(struct demo *demo, const char *name);
/* Who acts in an office now: of several holders any. */
const struct casebook_actor *demo_actor(struct demo *demo, const char *office);
const struct casebook_actor *demo_actor_of(struct demo *demo, struct str office);
const struct casebook_actor *demo_other(struct demo *demo, const struct demo_concern *concern,
                                        const char *office, const char *kind);
struct str demo_office_file(struct demo *demo, const char *office);

/* Acts. False only when the register cannot take them; a refusal is an answer. */
bool demo_submit(struct demo *demo, const struct casebook_actor *actor, const char *kind,
                 struct str file, const struct json *fields, struct casebook_answer *answer,
                 struct err *err) MUST_USE;
/* The same; not admitted, it is counted as stray. */
bool demo_do(struct demo *demo, const struct casebook_actor *actor, const char *kind,
             struct str file, const struct json *fields, struct casebook_answer *answer,
             struct err *err) MUST_USE;
/* Reads the words of entries of a concern, which leaves its trace. */
bool demo_read(struct demo *demo, const struct casebook_actor *actor, int64_t entry,
               struct err *err) MUST_USE;

/* Words with their slots filled, in the arena of the step. */
struct str demo_fill(struct demo *demo, const struct demo_concern *concern, const char *words);
struct str demo_fill_for(struct arena *arena, const struct demo_home *home,
                         const struct demo_child *child, struct str words);
/* A picture (PNG) or a text, by the ending of the name, as the value of an attachment. */
bool demo_attach(struct demo *demo, const char *name, const struct json **value,
                 struct err *err) MUST_USE;

/* Concerns. */
struct demo_concern *demo_new_concern(struct demo *demo, const struct demo_story *story);
void demo_schedule(struct demo *demo, struct demo_concern *concern);
/* What is open again is decided, told and closed again. */
void demo_decide_again(struct demo *demo, struct demo_concern *concern);
void demo_plan_by_chance(struct demo *demo, struct demo_concern *concern, instant received);

/* The years are begun, to be gone on with as time passes (demo_years.c). */
bool demo_enter_years(struct demo *demo, struct err *err) MUST_USE;
/* What somebody writes into a field of theirs, by kind, field and what was answered before. */
struct json *demo_says(void *ctx, const struct years_asked *asked);

/* What is told of its offices, and of the present day. */
void demo_plan_offices(struct demo *demo);
void demo_plan_today(struct demo *demo);

#endif
