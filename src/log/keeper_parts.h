/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what the files of the keeper share. */
#ifndef CANDOUR_LOG_KEEPER_PARTS_H
#define CANDOUR_LOG_KEEPER_PARTS_H

#include <pthread.h>

#include "log/checkpoint.h"
#include "log/entry.h"
#include "log/keeper.h"
#include "log/tree.h"
#include "store/store.h"
#include "vault/vault.h"

#define KEEPER_ARENA ((size_t)1 << 20)
#define KEEPER_EVIDENCE_MAX 100
#define KEEPER_NOTE_MAX ((size_t)64 << 10) /* bytes of a checkpoint */

#define KEEPER_OBJECT_MAX 64 /* symbols of a file's id */
struct keeper_piece {
	char object[KEEPER_OBJECT_MAX]; /* of `n` symbols; 0: none */
	size_t n;
	int64_t next;
};

struct log_keeper {
	const char *dir;
	struct arena *arena; /* paths and keys */
	struct log_vkey keys[LOG_KEEPER_KEYS_MAX];
	size_t key_count;
	struct hash token;
	struct store_lock *held;
	pthread_mutex_t
		lock; /* over what follows: one parcel at a time, its disk writes included */
	struct store *store;
	struct vault_copied *slots;
	struct hasher *hasher;
	struct log_frontier now;    /* all that was taken */
	struct log_frontier proved; /* what was held against a checkpoint */
	struct keeper_piece piece;  /* the next that is wanted of a file that came in part */
	bool is_looked; /* log_keeper_look: read in one snapshot, which somebody else goes beyond */
	bool has_alarmed;
	bool is_broken; /* the disk failed: nothing is taken any more */
};

/* One parcel as it is taken. */
struct keeper_taking {
	struct log_keeper *keeper;
	struct arena *arena;
	struct log_keeper_answer *out;
	struct log_frontier now;
	struct keeper_piece piece;
	enum log_keeper_alarm alarm;
	struct str words;
	struct str note;     /* the checkpoint that BEGIN or END showed */
	bool is_answered;    /* *out stands, and nothing is taken */
	bool is_past_proved; /* what was taken since the last checkpoint is not to be trusted */
	bool is_whole;       /* END was reached and holds */
};

/* Each of these ends the taking: false. */
bool keeper_sound(struct keeper_taking *taking, enum log_keeper_alarm alarm, const char *words, ...)
	PRINTF(3, 4);
bool keeper_say(struct keeper_taking *taking, int status, const char *words);

/* The records, by their sort (keeper_take.c, keeper_end.c). False: answered, or *err. */
bool keeper_take_record(struct keeper_taking *taking, const struct log_parcel_record *record,
                        struct err *err) MUST_USE;
bool keeper_take_begin(struct keeper_taking *taking, const struct log_parcel_record *record,
                       struct err *err) MUST_USE;
bool keeper_take_end(struct keeper_taking *taking, const struct log_parcel_record *record,
                     struct err *err) MUST_USE;

/* Of keeper_home.c. */
bool keeper_state_write(struct store *store, struct str name, const struct log_frontier *frontier,
                        struct err *err) MUST_USE;
bool keeper_piece_write(struct store *store, const struct keeper_piece *piece,
                        struct err *err) MUST_USE;
/* Takes back what was never held against a checkpoint. */
bool keeper_go_back(struct log_keeper *keeper, struct err *err) MUST_USE;
/* Destroys the keys that entries ordered to be destroyed, once those were held against a
 * checkpoint. */
bool keeper_dispose(struct log_keeper *keeper, struct err *err) MUST_USE;
void keeper_alarm_keep(struct log_keeper *keeper, struct arena *arena, enum log_keeper_alarm alarm,
                       struct str words, struct str note, instant now);
/* Whether nothing is missing of what is kept; of END, and of the check of the whole. */
bool keeper_is_complete(struct log_keeper *keeper, struct arena *arena,
                        enum log_keeper_alarm *alarm, struct str *words, struct err *err) MUST_USE;

#endif
