/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: what an open register is made of.
 *
 * Threads: the writer (or, without one, whoever holds turn_lock) owns all that
 * is marked "writer". Readers hold connections of their own and a reference to
 * the chart and the packs, which are immutable once published.
 */
#ifndef CANDOUR_CASEBOOK_BOOK_H
#define CANDOUR_CASEBOOK_BOOK_H

#include <pthread.h>

#include "base/base.h"
#include "casebook/casebook.h"
#include "log/log.h"
#include "pack/pack.h"
#include "store/store.h"
#include "vault/vault.h"

#define BOOK_PACKS_MAX 256

/* What is remembered of outside witnesses (quorum.h); times are the register's own. */
struct book_quorum {
	bool is_known;      /* the rest was read */
	instant witnessed;  /* when a quorum was met last; 0: never */
	instant wanted;     /* since when one is wanted; 0: it is not */
	instant told;       /* when the outage that lasts was told; 0: none is */
	int64_t late_beats; /* of this process, since a quorum is missing for too long */
};

/* How far the night's look for what time alone makes true has come (night.h). */
struct book_night {
	bool is_read;    /* `last` is known */
	bool is_begun;   /* the rest holds */
	instant last;    /* the newest night that was looked through */
	int64_t since;   /* entries there were when that one began; INT64_MAX: not known */
	instant at;      /* the present one */
	int64_t entries; /* there were when it began */
	size_t wait;     /* which of the plan's */
	bool is_window;  /* `next`, `end` and `month` are of the present `wait` */
	int64_t next;    /* entry, or file for an age */
	int64_t end;     /* before this entry; months of birth: up to this one */
	int64_t month;   /* for an age: months since year 0 */
	int64_t skipped; /* the file looked at last */
	int64_t file;    /* the present one; -1: none */
	size_t pattern;  /* which of those that wait for it is next */
};
#define LIMITS_N 9
#define BOOK_FOLLOWERS_MAX 8
#define BOOK_READERS_MAX 16
#define BOOK_QUEUE_MAX 8192 /* acts that wait; more are answered "try again" */
#define BOOK_TURN_ACTS_MAX 4096
#define BOOK_TURN_WORK_US 10000
#define BOOK_PATH_MAX 4096
#define BOOK_DATABASE "register.db"       /* in the register's folder */
#define BOOK_ARENA_ACT ((size_t)64 << 20) /* one act's judging and folding */

struct chart;
struct night_once;
struct particulars;
struct pending;
struct readings;
struct refusals;
struct submissions;
struct tags;

/* What a turn does to the signing key (key.h). */
enum book_key {
	BOOK_KEY_STAYS,
	BOOK_KEY_NAMED,
	BOOK_KEY_CHANGED,
	BOOK_KEY_REPLACED, /* it may be known to others */
	BOOK_KEY_ENDED,
};

struct book_follower {
	casebook_follower *fn;
	void *ctx;
};

struct casebook {
	char *dir;
	char *vfs;                    /* NULL: the default */
	struct casebook_shelf *shelf; /* NULL: the packs are its own */
	struct arena *arena;          /* register's lifetime: settings */
	struct str origin;            /* guarded by chart_lock: changed by register.named alone */
	bool is_drill;                /* set before threads start */
	bool is_writer;               /* set before threads start */
	_Atomic bool is_opened;
	_Atomic bool is_intake_only;
	struct str intake_why; /* set before threads start; kept when the time has been confirmed */

	bool has_locks; /* set before threads start */
	bool is_frozen; /* set before threads start: a seeded drill, whose time stands still between
	                   settings */

	struct random_source *random;       /* writer */
	struct random_source *vault_random; /* vault's own when seeded, else NULL */
	struct vault *vault;                /* any thread */
	struct hasher *hasher;              /* writer */
	struct submissions *submissions;    /* writer */
	struct tags *file_tags;             /* writer */
	struct joined *joined;              /* writer */
	struct sights *sights;              /* likewise */
	struct store *store;                /* writer */
	struct store_lock *lock;            /* set before threads start */
	struct log_tree *tree;              /* writer */
	struct str lost_key; /* set before threads start: p NULL but while a register is restored */
	struct log_signer *signer; /* writer; NULL while that is lost */
	struct log_signer *former; /* writer: signs beside it for a time, else NULL */
	instant former_until;      /* writer */
	enum book_key key_turn; /* writer: what the turn at hand does to the key; these are for its
	                           commit */
	struct log_signer *next_signer; /* writer: else NULL */
	struct log_eras next_eras;      /* writer */
	struct str next_vkey;           /* writer */
	instant next_until;             /* writer */
	struct str vkey;      /* guarded by chart_lock: changed by the writer, with the key */
	struct log_eras eras; /* guarded by chart_lock: likewise; what they point to is immutable */
	int64_t entries;      /* writer: the next index */
	int64_t files;        /* writer: the next file's slot */
	int64_t next_reading; /* writer */

	int64_t limits[LIMITS_N]; /* set before threads start: as limits.c lists them */

	/* Adopted packs by their number, from 1; each is immutable and lives until the close. */
	struct pack *packs[BOOK_PACKS_MAX]; /* slots filled once, before pack_count is raised */
	_Atomic int pack_count;
	int memory;            /* MiB; 0: as much as a server takes */
	bool is_brief;         /* set before threads start: one command, one thread */
	bool has_unkept_packs; /* set before threads start: some were read from their YAML */

	pthread_mutex_t chart_lock;
	struct chart *chart; /* guarded by chart_lock; the chart itself is immutable */

	casebook_clock *clock; /* set before threads start: NULL: the machine's own */
	void *clock_ctx;       /* set before threads start */
	pthread_mutex_t time_lock;
	instant newest;      /* guarded by time_lock: never answered below */
	instant base_wall;   /* guarded by time_lock: wall at base_boot */
	int64_t base_boot;   /* guarded by time_lock */
	bool is_virtual;     /* guarded by time_lock: a drill whose time was set */
	instant ran_to;      /* guarded by time_lock: a drill: see casebook_ran_to */
	instant kept_ran_to; /* writer: the same as it is kept */
	instant kept_now;    /* writer: where the next opening of a drill would begin */
	bool has_stepped; /* guarded by time_lock: the wall clock ran ahead and was not believed */
	instant stepped_wall;      /* guarded by time_lock */
	bool is_step_told;         /* guarded by time_lock */
	instant opened_at;         /* set before threads start */
	instant beat_at;           /* guarded by time_lock: of this process; 0: none yet */
	int64_t beat_entries;      /* writer: entries at the last beat */
	struct book_night night;   /* writer */
	struct night_once *once;   /* writer: what was looked at this night; NULL: no memory */
	bool has_publications;     /* writer: whether the next two are known */
	int64_t published;         /* writer: size of the newest published checkpoint */
	int64_t publications;      /* writer: how many were published */
	bool is_published_seen;    /* writer: what keys/newest says was published was looked for */
	bool is_published_lost;    /* writer: and is not there any more */
	struct book_quorum quorum; /* writer */
	bool is_claimed;           /* set before threads start: served in this folder from now on */
	bool is_open;              /* set before threads start: all of it was opened */
	bool has_newest;           /* writer: keys/newest was there, or was written */

	pthread_mutex_t turn_lock; /* held by whoever runs turns */
	pthread_mutex_t queue_lock;
	pthread_cond_t queue_filled;
	pthread_cond_t queue_done;
	struct pending *queue_first; /* guarded by queue_lock */
	struct pending *queue_last;  /* guarded by queue_lock */
	size_t queue_count;          /* guarded by queue_lock */
	bool has_writer;             /* guarded by queue_lock */
	bool is_stopping;            /* guarded by queue_lock */
	bool is_broken;              /* guarded by queue_lock: nothing is written any more */
	bool is_replaced;      /* guarded by queue_lock: broken, as the lock is no longer its own */
	bool is_written;       /* guarded by queue_lock: replaced, and another wrote entries */
	bool is_altered;       /* guarded by queue_lock: replaced, as tables were changed by hand */
	bool is_signed_before; /* guarded by queue_lock: replaced, as another tree stands signed */
	struct str
		unfit; /* set before threads start: what of the log does not fit; p NULL: it fits */
	bool is_shown; /* set before threads start: unfit, and what is published fits */
	bool is_forked; /* guarded by queue_lock: replaced, as a witness holds another history */
	int64_t shape_number; /* writer: of the schema when its shape was looked at; 0: never */
	pthread_t writer;

	struct book_follower followers[BOOK_FOLLOWERS_MAX]; /* guarded by turn_lock */
	size_t follower_count;

	pthread_mutex_t readers_lock;
	pthread_cond_t readers_given;
	struct casebook_reader *readers[BOOK_READERS_MAX]; /* guarded by readers_lock: idle ones */
	size_t reader_idle;                                /* guarded by readers_lock */
	size_t reader_count;                               /* guarded by readers_lock */

	struct log_cache *tiles;   /* whole ones that were served; own lock */
	struct readings *readings; /* which readings of this minute are durable already; own lock */
	struct refusals *refusals; /* writer */
	struct particulars *particulars; /* what the register says of itself; own lock */
};

struct casebook_reader {
	struct casebook *book;
	struct store *store;
	struct hasher *hasher;
	struct log_reader *log; /* NULL until the log is first read */
	struct chart *chart;    /* a reference held while taken */
};

/* ERR_ABSENT, always false: what is to be done about a folder without register.db. */
bool book_no_register(const char *dir, struct err *err) MUST_USE;

/* The path of something in the register's folder, NUL-ended, in `out`. */
bool book_path(const struct casebook *book, const char *name, char out[BOOK_PATH_MAX],
               struct err *err);

/* As much of the file in memory as the options of the register allow. */
bool book_keep_pages(const struct casebook *book, struct store *store, struct err *err);

/* The pack with number n (1 ..), never NULL for an adopted one; the newest is pack_count. */
const struct pack *book_pack(const struct casebook *book, int64_t n);
/* Loads and publishes an adopted pack's text as the next number. */
bool book_pack_add(struct casebook *book, struct str text, struct err *err) MUST_USE;

/* Register time of a new entry: whole milliseconds, never below the newest. Writer. */
instant book_recorded(struct casebook *book);
/* Sets time from the newest entry at start and finds whether the wall clock is to be believed. */
bool book_time_open(struct casebook *book, instant newest, int64_t entries,
                    struct err *err) MUST_USE;

/* Two accounts have confirmed the machine's time: it is believed from here on, and intake-only
 * ends. */
void book_time_confirmed(struct casebook *book);

/* Keeps one short-lived value, inside the caller's transaction. */
bool book_put_state(struct store *store, struct str name, struct str value,
                    struct err *err) MUST_USE;

/* A reading's row (n, account, office, session, file, highest, minute, purpose) as it is hashed. */
void reading_text(struct buf *out, struct store_stmt *row);

/* Ends the writer's thread when what is queued is done. */
void writer_stop(struct casebook *book);

/* Runs `fn` as a transaction of the writer, between turns: for short-lived tables, credentials,
 * readings. */
typedef bool book_work(struct casebook *book, void *ctx, struct err *err);
bool book_write(struct casebook *book, book_work *fn, void *ctx, struct err *err) MUST_USE;

/* Begins the writer's transaction; ERR_UNABLE, and nothing is written any more, when the lock is no
 * longer its own: another program may be the writer by now, and what this one counts is stale. */
bool book_begin(struct casebook *book, struct err *err) MUST_USE;
/* Stops the writer for good: its log does not fit, as `unfit` says. */
void book_stop_unfit(struct casebook *book);
/* Stops the writer for good: it would sign a tree where another was signed. Never with queue_lock.
 */
void book_stop_signed_before(struct casebook *book);

#endif
