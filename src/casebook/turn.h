/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The turn: one transaction of the single writer. Acts are judged, made
 * entries, folded, hashed into the tree, signed, committed once.
 *
 * T1. Nothing of an act is written before it is judged; so a refused act costs
 *     its neighbours nothing, and only a failure of the store ends the turn.
 * T2. A turn that fails is given up whole: store, tree, counters and chart go
 *     back to what was committed. Its acts are then tried one by one, so that
 *     one that cannot be carried out spoils no other.
 * T3. An answer leaves after the commit alone.
 */
#ifndef CANDOUR_CASEBOOK_TURN_H
#define CANDOUR_CASEBOOK_TURN_H

#include "casebook/fold.h"

struct adopting;
struct turn_moved;
struct turn_watch;

#define TURN_FOLLOW_MAX 2048 /* entries that may follow from one act */
#define TURN_DEPTH_MAX 4

/* Runs inside the turn's transaction right after the act's own entry was folded: for truth beside
 * the entry (credentials, packs, objects). `index` is the entry's. A failure fails the act. */
typedef bool turn_hook(void *ctx, struct store *store, int64_t index, struct err *err);

/* casebook_submit with a hook. The same promises. */
bool casebook_submit_with(struct casebook *book, const struct casebook_act *act, turn_hook *hook,
                          void *hook_ctx, struct arena *arena, struct casebook_answer *answer,
                          struct err *err) MUST_USE;

/* One act in the queue, or a piece of work of the writer's. Lives on the submitter's stack. */
struct pending {
	struct pending *next;           /* guarded by queue_lock */
	const struct casebook_act *act; /* NULL: work */
	turn_hook *hook;
	void *hook_ctx;
	struct arena *arena;
	struct casebook_answer *answer;
	book_work *work;
	void *work_ctx;
	bool work_done;
	struct err *work_err;
	bool is_done; /* guarded by queue_lock */
};

struct turn {
	struct casebook *book;
	struct fold *fold;
	struct store *store;
	struct arena *arena; /* of the turn */
	int64_t first;       /* index before it */
	int64_t first_file;
	instant now; /* recorded of the present act */
	bool chart_changed;
	bool opened;    /* register.opened was admitted */
	bool confirmed; /* clock.confirmed was admitted */
	bool described; /* register.described was admitted */
	bool destroyed; /* a file's key is to go once this is committed */
	bool adopted;   /* pack.adopted was admitted, and what follows from it was not yet */
	struct turn_moved *moved; /* files whose state it renames; of adopting.c */
	struct str named;         /* register.named: the new origin, or p NULL */
	struct turn_watch *watch; /* what may concern whoever raised something; NULL: nothing */
	int64_t follow_count;
};

bool turn_begin(struct casebook *book, struct turn **out, struct err *err) MUST_USE;
/* Signs, commits, publishes. On false everything is back as before (T2). */
bool turn_commit(struct turn *turn, struct err *err) MUST_USE;
void turn_abort(struct turn *turn);
void turn_free(struct turn *turn);

/* A turn of the register's own: `fn` makes its entries. Holds turn_lock. */
typedef bool turn_own_act(struct turn *turn, void *ctx, struct err *err);
bool turn_own(struct casebook *book, turn_own_act *fn, void *ctx, struct err *err) MUST_USE;

/* Judges and carries out one act; false: the turn must be given up. */
bool turn_act(struct turn *turn, struct pending *pending, struct err *err) MUST_USE;

/* An entry about to be made. */
struct making {
	const struct pack_kind *kind;
	int64_t file;
	struct str file_id;
	bool is_new_file;
	enum casebook_by by;
	struct str account;
	struct str office;
	enum casebook_via via;
	struct json *plain;        /* common members are added here */
	const struct json *sealed; /* NULL: none */
	bool has_happened;
	instant happened;
	bool has_received;
	instant received;
	struct str machine_user;
	int64_t cause; /* the act it follows from, or -1 */
};

/* Makes and folds one entry; does not end the act. */
bool turn_entry(struct turn *turn, const struct making *making, struct folding *out,
                struct err *err) MUST_USE;
/* An entry by the register on a file; plain may be NULL. */
bool turn_register_entry(struct turn *turn, struct str kind, int64_t file, struct json *plain,
                         int64_t cause, struct folding *out, struct err *err) MUST_USE;

/* What follows from an entry: `then`, patterns, vacancies, rungs of duties born late. */
bool turn_follow(struct turn *turn, const struct folding *entry, int depth,
                 struct err *err) MUST_USE;

/* Ends the act: the rest rule, and what follows from a rest duty that a vacant office owes. */
bool turn_end_act(struct turn *turn, struct err *err) MUST_USE;

/* Climbs one duty's next rung; *made false when there was nothing to climb. */
bool turn_climb(struct turn *turn, int64_t duty, int64_t cause, bool *made,
                struct err *err) MUST_USE;

/* The act as it is being judged. */
struct judged {
	const struct casebook_act *act;
	const struct pack_kind *kind;
	struct file_row *row; /* NULL: a new file */
	const struct pack_file_type *type;
	struct json *plain;
	struct json *sealed;
	const struct str *seconds; /* roles that have agreed */
	size_t second_count;
	int64_t waited;            /* the act.waiting it comes from, or -1 */
	instant waited_since;      /* when that was recorded; 0: it did not wait */
	struct adopting *adopting; /* the pack of a pack.adopted, or NULL */
	bool has_hook; /* the casebook itself sends it, with what stands beside the entry */
	int64_t cause; /* the second.given by which it is judged anew, or -1 (fold.h, F2) */
};

enum judgement {
	JUDGED_ADMITTED,
	JUDGED_REFUSED_ACCESS,
	JUDGED_REFUSED_DOOR,
	JUDGED_REFUSED_GATE,
	JUDGED_WAITING,
	JUDGED_FAILED, /* *err */
};

struct verdict {
	enum judgement judgement;
	struct str because; /* a code for the entry: "not-holder", "state" … */
	struct str sentence;
	int64_t since; /* as in casebook_answer */
	struct casebook_missing missing[64];
	size_t missing_count;
	struct str roles[16]; /* seconds wanted */
	size_t role_count;
};

/* Access, doors, needs. Reads only. */
bool judge_access(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                  struct err *err) MUST_USE;
/* Access without judge_own: whether the pack's `by` and the file let the office make such an act at
 * all. */
bool judge_by(struct turn *turn, const struct judged *judged, struct verdict *verdict,
              struct err *err) MUST_USE;
/* Access to the register's own kinds by what they name, once judge_by is met. */
bool judge_own(struct turn *turn, const struct judged *judged, struct verdict *verdict,
               struct err *err) MUST_USE;
bool judge_doors(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                 struct err *err) MUST_USE;
/* Puts into its plain fields which codes the register knows to be said (counted_say). */
bool judge_counted(struct turn *turn, const struct judged *judged, struct err *err) MUST_USE;
/* What a kind needs, of the world as `shown`: admitted, refused by its gates, or waiting. */
bool judge_needs_of(const struct pack_kind *kind, const struct pack_world *shown,
                    struct verdict *verdict, struct err *err) MUST_USE;
bool judge_needs(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                 struct err *err) MUST_USE;

#endif
