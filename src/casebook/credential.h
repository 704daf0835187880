/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: accounts' rows and credentials, secrets of sessions and tokens. */
#ifndef CANDOUR_CASEBOOK_CREDENTIAL_H
#define CANDOUR_CASEBOOK_CREDENTIAL_H

#include "casebook/book.h"

#define CREDENTIAL_MAX 512 /* bytes of one */

/* Bytes of a credential of an account into `out` (at most CREDENTIAL_MAX); empty when there is
 * none. */
bool credential_read(struct store *store, struct str account, struct str sort, struct buf *out,
                     struct err *err) MUST_USE;
/* Writes or replaces one; inside the turn's transaction of the entry that commits to it. */
bool credential_write(struct store *store, struct str account, struct str sort, struct str bytes,
                      struct err *err) MUST_USE;

struct account_row {
	struct id id;
	int64_t entry;  /* account.added */
	int64_t newest; /* account.* entry */
	bool is_ended;
};
/* The tag of a sign-in name, as hex. ERR_INPUT: not a name that an account may have. */
bool account_tag(struct casebook *book, struct arena *arena, struct str name, struct str *tag,
                 struct err *err) MUST_USE;
/* By tag or id; *found false when there is none. */
bool account_by_tag(struct store *store, struct str tag, struct account_row *out, bool *found,
                    struct err *err) MUST_USE;
bool account_by_id(struct store *store, struct str id, struct account_row *out, bool *found,
                   struct err *err) MUST_USE;

/*
 * The account's newest entry, in the arena, as the log has it: its row, the entry's row and what
 * stands between are anybody's who can write the database. *plain NULL: they are not the log's.
 */
bool account_newest(struct casebook_reader *reader, const struct account_row *row,
                    struct arena *arena, struct log_header *header, const struct json **plain,
                    struct err *err) MUST_USE;

/*
 * Checks a password and six digits of a known account (by id) or of a name
 * nobody has (`row` NULL, `key` its tag), counts what was wrong, keeps the last
 * step. ERR_ABSENT: something is wrong; ERR_UNABLE: wait.
 */
bool proof_check(struct casebook *book, const struct account_row *row, struct str key,
                 struct str password, struct str digits, struct err *err) MUST_USE;

/* A new secret of 32 random bytes as text, and what is kept of it: a sum under the register's key.
 */
bool secret_make(struct casebook *book, char out[CASEBOOK_SECRET_TEXT + 1], struct hash *kept,
                 struct err *err) MUST_USE;
/* What is kept of a secret as it came; ERR_ABSENT: it cannot be one. */
bool secret_hash(struct casebook *book, struct str secret, struct hash *kept,
                 struct err *err) MUST_USE;

/*
 * Rows of the short-lived state that let somebody in hold a keyed tag of themselves, so that
 * nobody makes or alters one who can write the database and has not the keys. Whoever reads one
 * computes its tag anew; where it differs the row is as if it were not there.
 */
#define ROW_TEXTS 3
#define ROW_NUMBERS 4
struct row_fields {
	struct str texts[ROW_TEXTS];
	int64_t numbers[ROW_NUMBERS];
};
/* `purpose` ([a-z-]) names the table: no row of one serves in another. */
bool row_tag(struct casebook *book, struct str purpose, const struct row_fields *fields,
             struct hash *tag, struct err *err) MUST_USE;
bool row_holds(struct casebook *book, struct str purpose, const struct row_fields *fields,
               struct str tag, bool *holds, struct err *err) MUST_USE;

/* Whether an account ever signed in, and when it last did (0: never). */
bool signed_in_at(struct casebook *book, struct store *store, struct str account, instant *at,
                  struct err *err) MUST_USE;

/* Whether a token with that sum, as hex, was made on the register's file and not ended since, and
 * by the account whose it is (in the arena). */
bool token_is_standing(struct store *store, struct str hex, struct arena *arena, bool *standing,
                       struct str *account, struct err *err) MUST_USE;

/* Whether the entry is an agreement with a mirror, and no entry ended it. */
bool agreement_stands(struct store *store, struct arena *arena, int64_t entry, bool *stands,
                      struct err *err) MUST_USE;

/* Nothing that opened the account opens it now: its password, its second factor, its sessions, its
 * tokens, its waits. */
bool credential_void(struct store *store, struct str account, struct err *err) MUST_USE;

/* The first administrator's set-up code: kept as a tag among the short-lived state, dead once used.
 */
bool setup_code_write(struct casebook *book, struct store *store, struct str code,
                      struct err *err) MUST_USE;

#endif
