/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A register: a folder (DIR) with its database, its keys and its adopted pack.
 * Opened once a process as the one writer, or as a reader beside it.
 */
#ifndef CANDOUR_CASEBOOK_REGISTER_H
#define CANDOUR_CASEBOOK_REGISTER_H

#include "base/base.h"
#include "pack/pack.h"

struct casebook;

/*
 * Packs compiled and checked once for many openings in one process, as tests
 * and simulations make them; each is found by its text alone. Any thread. It
 * must outlive all that was opened with it. NULL: no memory.
 */
struct casebook_shelf;
struct casebook_shelf *casebook_shelf_create(void) MUST_USE;
void casebook_shelf_destroy(struct casebook_shelf *shelf);  /* takes NULL */
void casebook_shelf_cleanup(struct casebook_shelf **shelf); /* for CLEANUP */

/* What init is told. */
struct casebook_founding {
	const char *dir;
	const struct pack_bytes *pack;
	struct str origin; /* empty: an unnamed.invalid one; a drill's begins drill. */
	bool is_drill;
	bool has_seed; /* drill only: all randomness from `seed`, so that one history is replayed
	                  exactly */
	uint64_t seed;
	instant start;                /* drill only: its virtual now; 0: the machine's */
	const char *vfs;              /* simulation only: where the database lies; NULL: the disk */
	struct casebook_shelf *shelf; /* NULL: none */
	int shares;                   /* n of the officers' shares, 0: none made now */
	int shares_needed;
};

/* What init gives, shown once. Text in the caller's arena. */
struct casebook_made {
	struct str setup_code; /* of the first administrator; empty in a drill */
	const struct str *shares;
	size_t share_count;
};

/*
 * Makes a register in `dir` (made when missing; an empty folder otherwise) and
 * admits its founding acts: pack.adopted, office.made for each role.
 * ERR_INPUT: the folder is in use, or the pack does not load (message: first
 * error); ERR_UNABLE: disk.
 */
bool casebook_create(const struct casebook_founding *founding, struct arena *arena,
                     struct casebook_made *made, struct err *err) MUST_USE;

/*
 * The file that lies in a folder while a command fills it, with the command's name. A folder that
 * has it is neither register nor backup: ERR_UNABLE, with what to do.
 */
#define CASEBOOK_HALF_MADE "half-made"
bool casebook_is_whole(const char *dir, struct err *err) MUST_USE;

enum casebook_mode {
	CASEBOOK_WRITE, /* takes the writer's lock */
	CASEBOOK_READ,
};

/*
 * Opens a register and runs the start-up gate. ERR_ABSENT: no
 * register there; ERR_UNABLE: another program writes it, keys unreadable,
 * disk, the views name other holders of offices than were kept; ERR_INPUT: newer schema, or the
 * record does not fit its own proof.
 */
bool casebook_open(const char *dir, enum casebook_mode mode, struct casebook **out,
                   struct err *err) MUST_USE;
/* The machine's clocks as a test of time has them. Called under a lock, from any thread. */
typedef struct clock_reading casebook_clock(void *ctx);
/* For simulation: the database on a named VFS, randomness from a seed, the machine's clocks in
 * hand. */
struct casebook_options {
	const char *vfs;              /* NULL: the default */
	struct casebook_shelf *shelf; /* NULL: none */
	bool has_seed;
	uint64_t seed;
	casebook_clock *clock; /* NULL: the machine's own */
	void *clock_ctx;
	bool is_founding; /* by casebook_create: its folder is half made, its offices are not made
	                     yet */
	/* While a register is restored whose signing key is lost: its verifier key. Nothing is
	 * signed until it has a new one; p NULL: it has its own. */
	struct str lost_key;
	bool is_to_refold; /* opens although its offices are not those that were kept */
	/* A writer whose log does not fit its own proof is opened nevertheless, to be read: nothing
	 * is written or signed, and nobody is let in (casebook_unfit). */
	bool reads_unfit;
	/* For the length of one command, in one thread: sooner open and sooner closed. Readers see
	 * what the writer sees. */
	bool is_brief;
	/* What each of pages and joined histories may take of memory, in MiB; 0: what a server
	 * takes. */
	int memory;
};
bool casebook_open_with(const char *dir, enum casebook_mode mode,
                        const struct casebook_options *options, struct casebook **out,
                        struct err *err) MUST_USE;
/* Stops the writer, seals what is new of the readings, closes. Takes NULL. */
void casebook_close(struct casebook *book);
void casebook_cleanup(struct casebook **book); /* for CLEANUP */

/* The writer as a thread of its own; without it submissions run in the caller's thread. */
bool casebook_start_writer(struct casebook *book, struct err *err) MUST_USE;

const char *casebook_dir(const struct casebook *book);
/* Whether the folder is another than the one that was last served: it, or that one, is a copy. */
bool casebook_is_copy(const struct casebook *book);
/* Whether keys/newest says which tree is the newest. Without it an older register in the place of
 * today's goes unseen; a writer goes on only when all fits, and writes it anew. */
bool casebook_knows_newest(const struct casebook *book);
/* After a restore that fits: writes keys/newest of a register that has none. ERR_UNABLE: disk. */
bool casebook_keep_newest(const char *dir, struct err *err) MUST_USE;
/* The folder is the one that is served from now on; kept with the next beat. Before threads start.
 */
void casebook_claim_folder(struct casebook *book);
struct str casebook_origin(const struct casebook *book);
/* Whether it has a name of its own: by init --origin, or by `register name`. */
bool casebook_is_named(const struct casebook *book);
/* The log's public key as a vkey: the one in force. */
struct str casebook_vkey(const struct casebook *book);
/* A key that signs the log, or did: checkpoints of the sizes `from` to `to`. */
struct casebook_key {
	struct str vkey;
	int64_t from;
	bool signs; /* still: there is no `to` yet */
	int64_t to;
	instant doubted; /* since when it may have been known to others; 0: it was not */
};
/* All of them, the oldest first; the newest is in force. ERR_UNABLE: arena. */
bool casebook_keys(const struct casebook *book, struct arena *arena,
                   const struct casebook_key **out, size_t *count, struct err *err) MUST_USE;
/*
 * The newest signed checkpoint of `database`, a copy of the register in `dir`: size and note.
 * ERR_ABSENT: nothing was signed; ERR_INPUT, ERR_UNABLE.
 */
bool casebook_copy_checkpoint(const char *dir, const char *database, struct arena *arena,
                              int64_t *size, struct str *note, struct err *err) MUST_USE;
/*
 * What of the log does not fit its own proof, for those who run the machine: it was opened all the
 * same (reads_unfit). p NULL: it fits. Any thread.
 */
struct str casebook_unfit(const struct casebook *book);
/* True; or ERR_UNABLE, for everybody: nothing is taken and nobody is let in, as it does not fit. */
bool casebook_fits(const struct casebook *book, struct err *err) MUST_USE;
bool casebook_is_drill(const struct casebook *book);
/* Whether `register opened` has been made (a drill is open from the start). */
bool casebook_is_opened(const struct casebook *book);
/* Intake and reading only; *why in plain words. */
bool casebook_is_intake_only(const struct casebook *book, struct str *why);
/* The pack in force; valid until the register is closed. */
const struct pack *casebook_pack(const struct casebook *book);

/* Register time: never steps back; virtual in a drill once it was set. Any thread. */
instant casebook_now(struct casebook *book);
/* The moment of the newest entry, below which it never is. Any thread. */
instant casebook_newest(struct casebook *book);
/* Drill registers: moves the virtual now forward. ERR_USAGE: not a drill, or backwards. */
bool casebook_set_now(struct casebook *book, instant now, struct err *err) MUST_USE;
/* Drill registers: the moment to which the clock was last run, kept when the register is closed,
 * or at which the register began; its time has run on by itself since. Any thread. */
instant casebook_ran_to(struct casebook *book);
void casebook_has_run_to(struct casebook *book, instant at);

/* How much this register takes, as the file DIR/limits says: intake.burst (reports an hour and
 * office), limits.attachment (bytes), limits.codes, limits.reports, limits.sign-in (a minute and
 * address), publish.every, publish.promise, publish.unwitnessed (seconds), publish.pad (what each
 * beat makes the log a multiple of). No other name. */
int64_t casebook_limit(const struct casebook *book, struct str name);

#endif
