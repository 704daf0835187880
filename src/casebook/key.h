/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: the keys that sign the log, by the entries
 * log.key-changed and log.key-compromised, and as files under keys/.
 *
 * K1. The log says which key is in force, and the files are searched for it:
 *     log.key.next is written before the commit of the turn that changes the
 *     key; after it log.key becomes log.key.former and log.key.next becomes
 *     log.key. Broken off anywhere, the next opening ends it. What cannot be
 *     read under the names of next and former is as if it were not there.
 * K2. Where the log tells of no change, the key is the one by which the newest
 *     checkpoint holds: so it is with the key that register.named renames.
 * K3. A key that signs no more is overwritten before its file goes. One that
 *     may be known to others signs no more from its entry on, nor does the
 *     former one that signed beside it.
 */
#ifndef CANDOUR_CASEBOOK_KEY_H
#define CANDOUR_CASEBOOK_KEY_H

#include "casebook/book.h"

#define KEY_BOTH_SIGN (INT64_C(90) * INSTANT_PER_DAY)
#define KEY_TEXT_MAX 512 /* of a verifier key */

/* The log's eras as its entries tell them; in the arena. */
struct key_eras {
	struct log_eras eras;
	instant until;      /* when the last era's former key is to end; 0: it has none */
	int64_t changed_in; /* the newest entry that changed the key; -1: none */
};

/* What was found for a register; give back with key_found_finish. */
struct key_found {
	struct log_signer *signer;
	struct log_signer *former; /* NULL: none signs beside, or its file is gone */
	struct key_eras eras;
	/* For putting the files in order: where they lie. */
	int signer_in;
	int former_in;
	bool has_now;
	bool is_now_ended;
	bool is_former_ended; /* or nothing but what its destruction left */
};

/*
 * Finds the keys of the register in `dir` for what `store` holds (K1, K2); run
 * it inside a snapshot. ERR_INPUT: no file holds the key that the log names,
 * or its entries contradict each other; the errors of log_signer_load.
 */
bool key_find(const char *dir, struct store *store, struct arena *arena, struct key_found *out,
              struct err *err) MUST_USE;
/*
 * The eras without any key file: as the entries tell them, or those of `vkey` where they tell of no
 * change. Count 0: no key is known. ERR_INPUT: `vkey` is none, or not one of the log's.
 */
bool key_find_public(struct store *store, struct arena *arena, struct str vkey,
                     struct key_eras *out, struct err *err) MUST_USE;
void key_found_finish(struct key_found *found); /* for CLEANUP */

/* At opening: the keys of the register. */
bool key_open(struct casebook *book, struct err *err) MUST_USE;
/* A writer's, once the start-up gate is passed: puts their files in order (K1, K3). */
bool key_settle(struct casebook *book, struct err *err) MUST_USE;
/* The eras in force, for any thread; they live as long as the register. */
struct log_eras key_eras_now(const struct casebook *book);

/* What a turn does to the key, once its entry is made. Called by the writer inside its transaction.
 */
bool key_name(struct casebook *book, struct store *store, struct str name,
              struct err *err) MUST_USE;
bool key_change(struct casebook *book, const struct log_signer *signer, instant until,
                int64_t index, struct err *err) MUST_USE;
/* The key in force may be known to others since `doubted`: it ends. */
bool key_replace(struct casebook *book, const struct log_signer *signer, instant doubted,
                 int64_t index, struct err *err) MUST_USE;
bool key_end(struct casebook *book, int64_t index, struct err *err) MUST_USE;
/* By whom the turn at hand is signed; *former NULL: by one key alone. */
void key_of_turn(const struct casebook *book, const struct log_signer **signer,
                 const struct log_signer **former);
/* After the commit of such a turn, and when it is given up. Nothing for any other turn. */
void key_take(struct casebook *book);
void key_drop(struct casebook *book);
/* The commit failed, and may be durable all the same: the next opening tells. log.key.next stays.
 */
void key_leave(struct casebook *book);

/* A register whose signing key is lost (casebook_options) gets a new one: an entry says so, with
 * the last tree of the old one. Before threads start. */
bool key_renew(struct casebook *book, struct err *err) MUST_USE;

/* The former key's time is over, or its file is gone: an entry, then it is destroyed. Holds
 * turn_lock. */
bool key_end_due(struct casebook *book, struct err *err) MUST_USE;

#endif
