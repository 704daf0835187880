/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the sources of accounts share among themselves. */
#ifndef CANDOUR_CASEBOOK_ACCOUNT_PARTS_H
#define CANDOUR_CASEBOOK_ACCOUNT_PARTS_H

#include "casebook/account.h"
#include "casebook/credential.h"
#include "casebook/turn.h"

#define ACCOUNT_FILE "R-1"

/* Credentials on their way into a turn; wiped by credentials_finish. */
struct credentials {
	struct str account;
	char password[VAULT_PASSWORD_TEXT];
	struct buf totp; /* sealed */
	bool has_password;
	bool has_totp;
	bool is_recovery;     /* what stood before opens nothing more */
	struct str setup_tag; /* of the set-up code that dies with this act; empty: none */
	int64_t code_in;      /* the entry of the one-time code that dies with it; 0: none */
	struct hash password_sum;
	struct hash totp_sum;
};
void credentials_finish(struct credentials *credentials);

/* ERR_INPUT: too short or too long. */
bool credentials_password(struct casebook *book, struct str password, struct credentials *out,
                          struct err *err) MUST_USE;
/* A new secret goes sealed into `out`, and once as base32 into the arena, to be shown. */
bool credentials_totp(struct casebook *book, struct credentials *out, struct arena *arena,
                      struct str *base32, struct err *err) MUST_USE;
/* turn_hook, with struct credentials: truth beside the entry, in its own transaction. */
bool credentials_write(void *ctx, struct store *store, int64_t index, struct err *err) MUST_USE;

/* The account and the sums of its credentials; of nothing where neither is set. */
struct json *account_fields(struct arena *arena, struct credentials *new);
bool account_submit(struct casebook *book, const struct casebook_actor *actor,
                    enum casebook_via via, struct str machine_user, struct str kind,
                    const struct json *fields, struct credentials *new, struct arena *arena,
                    struct casebook_answer *answer, struct err *err) MUST_USE;
/* ERR_ABSENT: no such account, or it has ended. */
bool account_known(struct casebook *book, struct str account, struct err *err) MUST_USE;

/* A one-time sign-in code of an account, to be handed over, and the tag that its entry keeps. */
bool account_code_make(struct casebook *book, struct arena *arena, struct str account,
                       struct str *code, struct str *tag, struct err *err) MUST_USE;
/* Whether nothing was said of the account between the entry of its code and `index`: of two who use
 * a code at once one finds it gone. ERR_ABSENT. */
bool account_code_stands(struct store *store, struct str account, int64_t code_in, int64_t index,
                         struct err *err) MUST_USE;
/* When the one-time code that an account's newest entry gives runs out; false: it gives none. */
bool account_code_given(struct str plain, instant recorded, instant *until);
/* The tag of a code as somebody typed it: with blanks or without hyphens, in small letters. */
bool account_code_tag(struct casebook *book, struct arena *arena, struct str purpose,
                      struct str account, struct str code, struct str *tag,
                      struct err *err) MUST_USE;

#endif
