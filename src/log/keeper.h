/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The keeper of somebody's off-site copy: takes parcels (parcel.h), checks every box against its
 * header and every leaf up to a checkpoint that the log signed, and can open nothing. Its folder:
 *
 *	log          verifier keys of the log, a line each
 *	token        SHA-256 of what the sender shows
 *	copy.db      headers and ciphertext
 *	keys/keys.db apart: the keys of it, wrapped
 *	checkpoint   the newest that all of the copy was held against
 *	heard        when a copy last came whole
 *	alarm        what is wrong, a line each; it stands until somebody takes the file away
 *	evidence/    notes that do not fit together
 *
 * What was taken stays: an alarm takes back no more than what was never held against a checkpoint.
 */
#ifndef CANDOUR_LOG_KEEPER_H
#define CANDOUR_LOG_KEEPER_H

#include "base/base.h"
#include "log/parcel.h"

#define LOG_KEEPER_KEYS_MAX 16
#define LOG_KEEPER_TOKEN_SIZE ((size_t)64) /* symbols */

/* Any thread; parcels wait for one another. */
struct log_keeper;

/* What is wrong, each by a name of its own. */
enum log_keeper_alarm {
	LOG_KEEPER_FINE,
	LOG_KEEPER_SIGNATURE, /* no key of the log signed the checkpoint */
	LOG_KEEPER_ROLLBACK,  /* it ends before what is kept */
	LOG_KEEPER_FORK,      /* what is kept is not in it */
	LOG_KEEPER_ALTERED,   /* an entry, a box or a file is not what was signed */
	LOG_KEEPER_WITHHELD,  /* an entry, a box or a file is not there */
	LOG_KEEPER_KEYS,      /* a wrapped key is not there */
	LOG_KEEPER_SILENT,    /* nothing came for too long */
};
struct str log_keeper_alarm_word(enum log_keeper_alarm alarm);

/* What is answered over HTTP; in the arena that was given. */
struct log_keeper_answer {
	int status;
	struct str body; /* text */
};

/* What a keeper holds. */
struct log_kept {
	enum log_keeper_alarm alarm;
	struct str words; /* for people: what, where; empty when nothing is wrong */
	struct str origin;
	int64_t size;      /* entries that were held against a checkpoint */
	int64_t destroyed; /* files whose key was destroyed here too */
	instant heard;     /* when it last came whole; 0: never */
};

/*
 * Makes the folder (new or empty) of a keeper, for whoever shows `token`. ERR_USAGE: something lies
 * in the folder; ERR_UNABLE: disk.
 */
bool log_keeper_make(const char *dir, struct str token, struct err *err) MUST_USE;
/* Trusts one more key of the one log. ERR_INPUT: no log's key, of another log, or there already;
 * ERR_ABSENT: no keeper in the folder. */
bool log_keeper_add_key(const char *dir, struct str vkey, struct err *err) MUST_USE;

/* Takes the lock. ERR_ABSENT: no keeper there; ERR_INPUT: damaged; ERR_UNABLE: another holds it. */
bool log_keeper_open(const char *dir, struct log_keeper **out, struct err *err) MUST_USE;
/*
 * For log_keeper_check alone, beside whoever serves the folder: reads what was committed when it
 * was opened, takes no lock and writes nothing. ERR_ABSENT: no keeper there; ERR_INPUT: damaged, or
 * of another version of the program; ERR_UNABLE: disk, memory.
 */
bool log_keeper_look(const char *dir, struct log_keeper **out, struct err *err) MUST_USE;
void log_keeper_close(struct log_keeper *keeper);    /* takes NULL */
void log_keeper_cleanup(struct log_keeper **keeper); /* for CLEANUP */

struct str log_keeper_origin(const struct log_keeper *keeper); /* borrowed */
bool log_keeper_knows(const struct log_keeper *keeper, struct str token);
/* Whether an alarm was sounded since it was opened. */
bool log_keeper_has_alarmed(struct log_keeper *keeper);

/*
 * How far the copy is, for its sender and for people:
 *
 *	candour/keeper/v1
 *	origin … / size N / slots N / reading N / pack N / published N / proved N / destroyed N
 *	heard TIME or - / alarm WORD: …
 *
 *	piece ID N, of a file that came in part: from which it goes on
 *
 * `size` entries, key slots, rows of each part and `published` are those from which the next
 *parcels go on.
 */
bool log_keeper_tell(struct log_keeper *keeper, struct arena *arena, struct log_keeper_answer *out,
                     struct err *err) MUST_USE;
/*
 * Takes a parcel, whole or not at all. 200, and behind the last one "whole SIZE" with "destroyed N"
 * for each file whose key is gone here too, by the entry that ordered it; 409 "again" when the copy
 * is not where the parcel goes on, 409 "alarm WORD: …" for what is wrong, 400 malformed.
 * False: ERR_UNABLE, disk or memory.
 */
bool log_keeper_take(struct log_keeper *keeper, struct arena *arena, struct str body, instant now,
                     struct log_keeper_answer *out, struct err *err) MUST_USE;
/*
 * Hashes all of the copy anew, box by box, up to its checkpoint, and looks whether anything came in
 * the last `silent_s` seconds (0: however long ago). False: as log_keeper_tell. Of a keeper that is
 * looked at while a copy comes in, only what was held against the checkpoint: whether more came
 * whole is told at its end.
 */
bool log_keeper_check(struct log_keeper *keeper, struct arena *arena, instant now, int64_t silent_s,
                      struct log_kept *out, struct err *err) MUST_USE;

#endif
