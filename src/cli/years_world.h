/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the years: what is remembered of one register outside it, and what
 * the files of the simulation share. A function that answers bool answers false
 * when the years end: a law is broken (the report says which), or the machine
 * failed (years->err).
 */
#ifndef CANDOUR_CLI_YEARS_WORLD_H
#define CANDOUR_CLI_YEARS_WORLD_H

#include "cli/years.h"
#include "clock/clock.h"

/* Stands in every text that is sealed, and nowhere else. */
#define YEARS_MARK "kVw7Zq3x"
#define YEARS_WANTS 6
#define YEARS_WANTED_MAX 12
#define YEARS_RECENT 8
#define YEARS_BATCH 64
#define YEARS_DUTIES_MAX 1000

struct years_entry {
	int64_t index;
	const struct pack_kind *kind; /* NULL: gone */
	int file;                     /* number of its years_file; -1: none of the pack's types */
	instant happened;
	instant recorded;
	enum casebook_by by;
	struct str account;
	struct str office;
	struct str text; /* its plain fields, canonical */
	int state;       /* of its file, after it, as the entries lead */
	int64_t waited;  /* the entry under which it waited; -1: it did not */
};

struct years_duty {
	int64_t id;
	const struct pack_duty *rule;
	instant due;
	int64_t opened;
	instant opened_at;
	int64_t closed; /* -1: open */
	instant closed_at;
	bool was_ended;
	struct str office;
	struct str name;
	int rung;
	int climbed; /* the rung that its last entry told */
	size_t rung_count;
	instant rungs[YEARS_RUNGS]; /* when each is due */
	int tries;
	int64_t planned; /* the order of the event in which it is meant to be done; 0: none */
};

struct years_want {
	struct pack_supply_kind what;
	const struct pack_office *by; /* NULL: whoever may */
};

struct years_link {
	const struct pack_relation *relation;
	int other;
	bool is_from; /* this file is where it begins */
	int64_t entry;
	int64_t removed; /* -1: it stands */
};

struct years_file {
	int64_t n;
	struct str id;
	const struct pack_file_type *type;
	int state;    /* as the views have it */
	int reckoned; /* as the entries lead */
	int child;    /* -1: of none */
	bool is_final;
	bool is_dirty;
	bool is_waiting_event;
	int acts;
	unsigned looks; /* at what it owes */
	int *entries;   /* numbers in years->entries */
	size_t entry_count;
	size_t entry_room;
	struct years_duty *duties;
	size_t duty_count;
	size_t duty_room;
	struct years_link *links;
	size_t link_count;
	size_t link_room;
	struct years_want wants[YEARS_WANTS];
	size_t want_count;
	int wanted; /* ever: what was wanted again and again and came to nothing is left */
};

struct years_child {
	struct month born;
	int person; /* its own file, -1: none yet */
	int recent[YEARS_RECENT];
	size_t recent_count;
};

struct years_office {
	struct str id;
	const struct pack_office *role;
	struct str account;
	struct str file;
	bool is_held;
};

enum years_event_sort {
	YEARS_ARRIVAL, /* what: a child */
	YEARS_OWED,    /* what: a file, which: a duty */
	YEARS_WANTED,  /* what: a file */
	YEARS_JOINED,  /* what: a file of a child, not linked to it yet */
	YEARS_PERSON,  /* what: a child that has no file of its own */
	YEARS_LEAVES,  /* what: an office */
	YEARS_COMES,
	YEARS_DAWN, /* what: a day */
};

struct years_event {
	instant at;
	int64_t order; /* those of one moment in the order they were planned */
	enum years_event_sort sort;
	int what;
	int64_t which;
};

enum years_hope {
	YEARS_ANYTHING,
	YEARS_REFUSED, /* it can only be refused */
	YEARS_NOTHING, /* bad input: no entry */
};

/* An act on its way, and what is to be learned from its answer. */
struct years_sent {
	enum years_hope hope;
	const char *sort; /* of an unlawful one */
	const struct pack_kind *kind;
	int file;                  /* -1: begins one */
	int child;                 /* -1: of none */
	struct years_event again;  /* when it came to nothing; at 0: not again */
	const struct json *sealed; /* as it was sent */
};

/* Words that are opened once more at the end. */
struct years_words {
	int64_t entry;
	struct str text; /* JSON, as they were sent */
	struct casebook_actor reader;
};
#define YEARS_WORDS 1000

/* Kinds by what they do, as the pack says. */
struct years_way {
	const struct pack_kind *kind;
	const struct pack_settle *settle;
};
struct years_ways {
	struct years_way *at;
	size_t count;
};

struct years {
	const struct years_options *options;
	const struct years_manner *manner;
	struct years_report *report;
	struct random_source *random;
	struct random_source *words;
	struct casebook *book;
	const struct pack *pack;
	const struct pack *rules; /* by which acts are judged again */
	struct pack *stricter;    /* to be destroyed, or NULL */
	struct arena *arena;      /* of the present batch */
	struct arena *forever;
	struct hasher *hasher; /* of the sum */
	instant start;
	instant now;
	bool is_ending;    /* the last look, at all of it */
	struct str acting; /* the office in which something is filled in; empty: none */
	const struct pack_supply_kind *meant; /* what is wanted of what is filled in, or NULL */
	/* tables of the pack */
	struct years_ways *settlers; /* by duty number */
	size_t settler_count;
	unsigned char (*far)[PACK_STATES_MAX]; /* by type and state: acts until it may end */
	const struct pack_kind **beginners;
	size_t beginner_count;
	struct years_office *offices; /* by role number */
	/* memory */
	struct years_entry *entries;
	size_t entry_count;
	size_t entry_room;
	struct years_file *files;
	size_t file_count;
	size_t file_room;
	int *by_n;  /* file number and one by slot, 0: none */
	int *by_id; /* the same by the hash of the id, open addressing */
	size_t by_n_room;
	size_t by_id_room;
	int *dirty;
	size_t dirty_count;
	size_t dirty_room;
	struct years_child *children;
	struct years_event *events; /* a heap */
	size_t event_count;
	size_t event_room;
	struct years_event *rungs; /* another: file, duty; at: when a rung must be told */
	size_t rung_count;
	size_t rung_room;
	int64_t ordered;
	int64_t seen; /* entries read */
	int64_t submissions;
	int64_t begun;                              /* files that began by themselves */
	struct years_words words_kept[YEARS_WORDS]; /* by chance among all */
	size_t words_seen;
	/* the batch */
	struct casebook_act acts[YEARS_BATCH];
	struct years_sent sent[YEARS_BATCH];
	struct casebook_answer answers[YEARS_BATCH];
	size_t act_count;
	struct err err;
};

/* years.c */
bool years_broken(struct years *years, const char *format, ...) PRINTF(2, 3);
uint64_t years_below(struct years *years, uint64_t n);
bool years_chance(struct years *years, uint64_t in);
/* Room for one more at the end of a list that grows; NULL: no memory. */
void *years_grow(void *list, size_t count, size_t *room, size_t size);
bool years_plan(struct years *years, struct years_event event);
/* When a duty is meant to be done, instead of what was meant before. */
bool years_plan_duty(struct years *years, struct years_duty *duty, int file, instant at);
/* The same among the rungs that must be told. */
bool years_plan_rung(struct years *years, struct years_event event);
bool years_next(struct years_event *heap, size_t *count, instant until, struct years_event *out);

void years_count_kind(struct simulate_tally *kinds, struct str name);
struct years *years_create(const struct years_options *options, struct years_report *report,
                           struct err *err);
void years_destroy(struct years *years);
bool years_add_children(struct years *years);
/* The clock runs to that moment, and all that is new is seen. */
bool years_pass_to(struct years *years, instant until);
/* What begins on that day, at times by chance. */
bool years_plan_arrivals(struct years *years, int day);

/* years_choose.c: made on the file in the next days. Nothing happens when much was wanted there
 * before. */
void years_want(struct years_file *file, const struct pack_supply_kind *what,
                const struct pack_office *by);
/* years_house.c: false of files that another than the years began. */
bool years_is_own(const struct years *years, const struct years_file *file);
/* When it is done by somebody who keeps office hours, if there are any before `last`. */
instant years_in_hours(struct years *years, instant at, instant last);

/* years_table.c: what the pack says, by who needs it. */
bool years_tables(struct years *years);
bool years_by_person(const struct pack_kind *kind);
/* How many acts a state is from an end; YEARS_NO_END: there is none. */
#define YEARS_NO_END 255
int years_far(const struct years *years, const struct pack_file_type *type, int state);
/* The nearest to an end that the kind can bring a file in that state. */
int years_leads(const struct years *years, const struct pack_kind *kind,
                const struct pack_file_type *type, int state);
bool years_may_be_made(const struct pack_kind *kind, const struct years_file *file);
/* An office that may make it on the file (NULL: on a new one), and who sits there. */
bool years_actor(struct years *years, const struct pack_kind *kind, const struct years_file *file,
                 struct str owner, struct casebook_actor *out);
struct years_office *years_office(struct years *years, struct str id);
/* Whoever sits in the office; false: nobody. */
bool years_sits(struct years *years, const struct years_office *office, struct casebook_actor *out);
/* Whoever sits in the office, or in the first held one above it. */
bool years_holder(struct years *years, struct years_office *office, struct casebook_actor *out);

/* years_fill.c: fields by chance, by their types; the greater the effort, the more is answered.
 * `duty`: for which it is done, or NULL. NULL: something cannot be answered yet. */
#define YEARS_EFFORTS 6
struct json *years_fill(struct years *years, const struct pack_kind *kind,
                        const struct years_file *file, int child, const struct years_duty *duty,
                        int effort);
/* Words of one field of a built-in kind, by chance. */
struct str years_text(struct years *years, const struct pack_kind *kind, struct str field,
                      const struct json *fields, int child);

/* years_choose.c: what somebody means to do. */
bool years_do(struct years *years, const struct years_event *event);
/* years_wrong.c: what can only be refused. */
bool years_try_wrong(struct years *years);

/* years_send.c */
bool years_add(struct years *years, const struct casebook_act *act, const struct years_sent *sent);
bool years_send(struct years *years);
/* The words that were kept in mind open to the same bytes still. */
bool years_words_hold(struct years *years);

/* years_see.c: reads what is new, remembers it, and holds it to the laws. */
bool years_see(struct years *years);
/* The same, of every file. */
bool years_see_all(struct years *years);
int years_file_of(const struct years *years, int64_t n);
struct years_duty *years_duty_find(struct years_file *file, int64_t id);
/* Ladders: whatever is due by now was told. */
bool years_check_rungs(struct years *years);

/* years_end.c: counts, the sum, refold, verify, and no sealed word in the database. */
bool years_check_end(struct years *years);
/* Files at their end, and what is owed still. */
void years_count_files(struct years *years);

/* The file of that id, -1: none. */
int years_file_named(const struct years *years, struct str id);

/* years_record.c: what conditions see of what was remembered before an entry. */
bool years_show(struct years *years, const struct years_entry *entry, struct pack_world *out);
int years_state_at(const struct years *years, const struct years_file *file, int64_t up_to);

/* years_judge.c: L7, L8 of one entry, by what was remembered alone. */
bool years_judge(struct years *years, const struct years_entry *entry);

#endif
