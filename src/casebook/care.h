/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What keeps a register well: climbing, the beat, refolding, verifying, and
 * the public checkpoint.
 */
#ifndef CANDOUR_CASEBOOK_CARE_H
#define CANDOUR_CASEBOOK_CARE_H

#include "base/base.h"
#include "casebook/act.h"
#include "casebook/register.h"

/*
 * Climbs every rung that is due at `now`, in order of time, at most `limit`,
 * as one turn of entries by the register. *fired counts entries; *next is the
 * next moment something is due (0: nothing).
 */
bool casebook_climb(struct casebook *book, instant now, size_t limit, size_t *fired, instant *next,
                    struct err *err) MUST_USE;

/*
 * The night's look for patterns that time alone makes true: once a local day, at
 * 03:00 of the pack's zone, for the newest night past since the last; a bounded
 * part of it, as one turn. *fired counts patterns found; *is_done: nothing is
 * left of it; *next: when the next night is (0: the pack has no such pattern).
 */
bool casebook_night(struct casebook *book, instant now, size_t *fired, instant *next, bool *is_done,
                    struct err *err) MUST_USE;

/* One beat: readings sealed into an entry, or log.blank when nothing else was written; publishes.
 */
bool casebook_beat(struct casebook *book, struct err *err) MUST_USE;
/* The same, and nothing is published: witnesses are asked first. */
bool casebook_beat_unpublished(struct casebook *book, struct err *err) MUST_USE;
/*
 * Publishes the checkpoint signed at `size` with its cosignatures, a line each; what is published
 * at that size already gets those that it lacks, and what is older than that nothing. The errors of
 * log_publish_cosigned.
 */
bool casebook_publish(struct casebook *book, int64_t size, struct str lines,
                      struct err *err) MUST_USE;
/* Stops the signer: somebody outside holds another history of this register, or a longer one. From
 * then on it can be read and takes no act, which says why. */
void casebook_stop_forked(struct casebook *book);
/* Whether it is so: a witness showed it, or what lay in DIR/evidence when the register was opened.
 */
bool casebook_is_forked(struct casebook *book);
/* Seals the readings that are new, without a blank (commands that hold the writer). */
bool casebook_seal_readings(struct casebook *book, struct err *err) MUST_USE;
/* Ends acts that waited too long, drops dead drafts and sessions, makes key slots, finishes
 * destructions. */
bool casebook_tidy(struct casebook *book, struct err *err) MUST_USE;

/*
 * Adopts a version of the pack in force, or a layer upon it, as an act of two
 * accounts of two agencies. Its number must fit what changed. What loosens, or
 * cannot be told by form, waits (CASEBOOK_WAITING) until the independent
 * scrutineer agrees by second.given. Where it can never be adopted so,
 * answer->outcome is CASEBOOK_FAILED with ERR_REFUSED; ERR_INPUT: the pack does
 * not load or does not hold. `changes` lists every change. CASEBOOK_REFUSED: a
 * file is in a state that the new version lacks. New roles get their one
 * instance each, and files whose state is renamed an entry, in the same turn.
 */
struct casebook_adoption {
	struct casebook_answer answer;
	enum pack_change change;
	const struct str *changes;
	size_t change_count;
};
bool casebook_adopt(struct casebook *book, const struct casebook_actor *actor,
                    const struct casebook_actor *second, enum casebook_via via,
                    struct str machine_user, const struct pack_bytes *pack, struct arena *arena,
                    struct casebook_adoption *out, struct err *err) MUST_USE;

typedef void casebook_progress(void *ctx, const char *what, int64_t done, int64_t all);

/* Drops and rebuilds every view from the entries. */
bool casebook_refold(struct casebook *book, casebook_progress *progress, void *ctx,
                     struct err *err) MUST_USE;

struct casebook_difference {
	struct str where; /* "entry 17", "duty.due" */
	int64_t index;    /* -1: none */
	struct str what;
};

struct casebook_verified {
	bool ok;
	int64_t entries;
	int64_t acts; /* entries not made by the register */
	struct hash root;
	int64_t unsealed_readings; /* not yet sealed, told by number */
	bool is_without_keys;      /* by public keys alone */
	bool is_without_newest;    /* keys/newest is not there, or says nothing */
	struct str by_key; /* then: the newest of them; p NULL: none, no signature was checked */
	struct casebook_difference difference; /* the first, when not ok */
};

enum casebook_verify {
	CASEBOOK_VERIFY_LOG,   /* leaves, tiles, roots, signatures, boxes' hashes */
	CASEBOOK_VERIFY_WHOLE, /* and every view, seal, object, credential, reading, slot */
};
/*
 * Recomputes. True: *out says whether it fits. One pass, constant memory. A
 * register that cannot be opened to write may be verified all the same.
 */
bool casebook_verify(const char *dir, enum casebook_verify how, struct arena *arena,
                     casebook_progress *progress, void *ctx, struct casebook_verified *out,
                     struct err *err) MUST_USE;

/* The log alone, of a copy without keys: by the verifier key `vkey`, or (p NULL) by what the copy's
 * own entries say of keys. The errors of casebook_verify; a key that is not the log's is a
 * difference. */
bool casebook_verify_public(const char *dir, struct str vkey, struct arena *arena,
                            casebook_progress *progress, void *ctx, struct casebook_verified *out,
                            struct err *err) MUST_USE;

enum casebook_upkeep_sort {
	CASEBOOK_BACKED_UP,
	CASEBOOK_RESTORED, /* a backup of it was tried */
	CASEBOOK_VERIFIED,
	CASEBOOK_UPKEEPS,
};
/* What is known of the care taken of a register, by the machine's clock. */
struct casebook_upkeep {
	instant now;
	instant at[CASEBOOK_UPKEEPS]; /* 0: never */
	bool is_good[CASEBOOK_UPKEEPS];
	int shares_needed; /* 0: none were made */
	int shares_made;
	int shares_confirmed;
};
bool casebook_upkeep(struct casebook *book, struct casebook_upkeep *out, struct err *err) MUST_USE;
/* An officer reads a share of the master key back; *number says which it was. ERR_INPUT: it is not
 * as it was printed, or none of those made last. */
bool casebook_share_confirm(struct casebook *book, struct str share, int *number,
                            struct err *err) MUST_USE;
/*
 * The shares as those who administer see them: which were made when, and read back when; nothing of
 * the shares. Two groups of one, typed by its officer, confirm it (vault_share_confirm_groups).
 */
#define CASEBOOK_SHARES_MAX 32
#define CASEBOOK_SHARE_GROUPS 13
#define CASEBOOK_SHARE_TEXT 128
struct casebook_shares {
	int needed; /* 0: none were made */
	int count;
	int confirmed;
	instant made;
	instant confirmed_at[CASEBOOK_SHARES_MAX]; /* of share 1 at 0; 0: not read back */
};
bool casebook_shares(struct casebook *book, struct casebook_shares *out, struct err *err) MUST_USE;
bool casebook_share_confirm_groups(struct casebook *book, int number, const int groups[2],
                                   const struct str texts[2], struct err *err) MUST_USE;
/*
 * Makes new shares, of which any `needed` rebuild the master key; those made before rebuild it
 * still. `texts`: room for `count`, each to be wiped by the caller once it was shown. ERR_INPUT:
 * not 2 <= needed <= count <= 32.
 */
bool casebook_shares_make(struct casebook *book, int needed, int count,
                          char texts[][CASEBOOK_SHARE_TEXT], struct err *err) MUST_USE;
/* Leaves when it was done in the register's folder, and nothing of where to. */
bool casebook_remember(const char *dir, enum casebook_upkeep_sort sort, instant at, bool is_good,
                       struct err *err) MUST_USE;

/* The same of a register opened with `options`, of which vfs and shelf count: for simulation. */
bool casebook_verify_on(const struct casebook_options *options, const char *dir,
                        enum casebook_verify how, struct arena *arena, casebook_progress *progress,
                        void *ctx, struct casebook_verified *out, struct err *err) MUST_USE;

#endif
