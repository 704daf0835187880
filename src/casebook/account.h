/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Accounts, sign-in, sessions, tokens and drafts. What an account may do is
 * decided in access.c; this is who somebody is.
 */
#ifndef CANDOUR_CASEBOOK_ACCOUNT_H
#define CANDOUR_CASEBOOK_ACCOUNT_H

#include "base/base.h"
#include "casebook/reader.h"

#define CASEBOOK_SECRET_TEXT 43 /* a session or token in base64url without padding */

#define CASEBOOK_CODE_DAYS 14 /* that a one-time sign-in code stands */

/*
 * A new account. Without a password it is given a one-time sign-in code, to be
 * handed over to its owner (casebook_account_begin): the only way in a live
 * register, but for the first administrator. With one, its TOTP secret is shown.
 */
struct casebook_new_account {
	struct str name;         /* sign-in name, 1 .. 64 bytes of NFC, no blanks */
	struct str person;       /* full name, sealed; may be empty */
	struct str password;     /* 12 .. 1024 bytes; p NULL: by a code */
	struct str machine_user; /* via the command line */
};
struct casebook_account_made {
	struct casebook_answer answer;
	struct str account; /* id */
	/* In the caller's arena, shown once: one of the two, or neither. */
	struct str totp_base32;
	struct str code;
};
/* An act of `actor` (register-administrator), or founding. Refusals as casebook_submit. */
bool casebook_account_add(struct casebook *book, const struct casebook_actor *actor,
                          enum casebook_via via, const struct casebook_new_account *new_account,
                          struct arena *arena, struct casebook_account_made *out,
                          struct err *err) MUST_USE;
/* The set-up code's one use: makes the first administrator and names him to register-administrator.
 */
bool casebook_account_first(struct casebook *book, struct str setup_code,
                            const struct casebook_new_account *new_account, struct arena *arena,
                            struct casebook_account_made *out, struct err *err) MUST_USE;
/* Whether the set-up code was not used yet. */
bool casebook_setup_waits(struct casebook *book, bool *waits, struct err *err) MUST_USE;
/* Whether it is this code, without using it. ERR_ABSENT: it is not, or it was used. */
bool casebook_setup_check(struct casebook *book, struct str code, struct err *err) MUST_USE;
/* New password or new TOTP secret of the actor's own account, as an act; machine_user via the
 * command line, else p NULL. */
bool casebook_account_password(struct casebook *book, const struct casebook_actor *actor,
                               enum casebook_via via, struct str machine_user, struct str account,
                               struct str password, struct arena *arena,
                               struct casebook_answer *out, struct err *err) MUST_USE;
bool casebook_account_totp(struct casebook *book, const struct casebook_actor *actor,
                           enum casebook_via via, struct str machine_user, struct str account,
                           struct arena *arena, struct casebook_account_made *out,
                           struct err *err) MUST_USE;
/*
 * Asks for another's account to be reset: its password, its second factor, its sessions
 * and tokens end, and a one-time code lets its owner in again. In an open live register it waits
 * for another administrator's yes: then out->code is the first half of it, whoever agrees is told
 * the second, and neither works alone. Where one is enough out->code is the whole.
 */
bool casebook_account_reset(struct casebook *book, const struct casebook_actor *actor,
                            enum casebook_via via, struct str machine_user, struct str account,
                            struct arena *arena, struct casebook_account_made *out,
                            struct err *err) MUST_USE;
struct casebook_half {
	struct str account; /* that was reset */
	struct str half;    /* the second; wipe after showing */
	struct str asked_by;
	instant until;
};
/* The half that `account` is told, who agreed to a reset by the entry `agreed`. ERR_ABSENT: to
 * none, or its code was used. */
bool casebook_account_half(struct casebook_reader *reader, struct str account, int64_t agreed,
                           struct arena *arena, struct casebook_half *out,
                           struct err *err) MUST_USE;
/* Whether a reset of the account waits for another's yes: its owner is told before it happens. */
struct casebook_asked {
	int64_t entry;
	struct str by; /* account */
};
bool casebook_account_asked(struct casebook_reader *reader, struct str account, struct arena *arena,
                            struct casebook_asked *out, bool *is_asked, struct err *err) MUST_USE;
struct str casebook_code_join(struct arena *arena, struct str first, struct str second);
/*
 * The one use of a one-time code: its owner's password is set, and a second factor made and shown.
 * ERR_ABSENT, for all that can be wrong with name and code; ERR_INPUT: the password is too short.
 */
struct casebook_beginning {
	struct str name;
	struct str code; /* as it was typed */
	struct str password;
	enum casebook_via via;
	struct str machine_user; /* via the command line */
};
struct casebook_account_begun {
	struct casebook_account_made made;
	bool was_reset; /* else the account was new */
	int64_t given_in;
	instant given;
	struct str given_by; /* account that asked for it; empty: the register */
};
bool casebook_account_begin(struct casebook *book, const struct casebook_beginning *beginning,
                            struct arena *arena, struct casebook_account_begun *out,
                            struct err *err) MUST_USE;
/*
 * When nobody can sign in any more: the officers' shares, as they are printed, stand
 * for the act. The account has a new password and a new TOTP secret, its sessions and tokens end,
 * its waits are forgotten; the head of every agency is told by an R02. ERR_INPUT: these shares do
 * not rebuild the master key; ERR_ABSENT: no such account.
 */
struct casebook_recovery {
	const struct str *shares;
	size_t share_count;
	struct str account;
	struct str password;
	struct str machine_user; /* via the command line */
};
bool casebook_account_recover(struct casebook *book, const struct casebook_recovery *recovery,
                              struct arena *arena, struct casebook_account_made *out,
                              struct err *err) MUST_USE;
/* Account id by sign-in name. ERR_ABSENT. */
bool casebook_account_find(struct casebook_reader *reader, struct arena *arena, struct str name,
                           struct str *account, struct err *err) MUST_USE;
/* Sign-in name by id: opens a seal of the register's own file, without a reading (names of accounts
 * are shown to those who administer and stand beside acts). ERR_ABSENT. */
bool casebook_account_name(struct casebook_reader *reader, struct arena *arena, struct str account,
                           struct str *name, struct err *err) MUST_USE;
struct casebook_account_row {
	struct str id;
	struct str name;
	bool is_ended;
	instant signed_in;  /* 0: never */
	instant code_until; /* a one-time code was given, and not used; 0: none */
	bool is_founding;
};
bool casebook_accounts(struct casebook_reader *reader, struct arena *arena,
                       const struct casebook_account_row **out, size_t *count,
                       struct err *err) MUST_USE;

/*
 * Gives the register its name, once, before its first concern: the name of its signing key. Every
 * checkpoint is signed anew under it. Refusals as casebook_submit.
 */
bool casebook_register_name(struct casebook *book, const struct casebook_actor *actor,
                            enum casebook_via via, struct str machine_user, struct str name,
                            struct arena *arena, struct casebook_answer *answer,
                            struct err *err) MUST_USE;

/*
 * Changes the signing key: a new one from here on, and the former one beside it for 90 days. The
 * actor must have proved who he is a moment ago. Refusals as casebook_submit.
 */
bool casebook_key_rotate(struct casebook *book, const struct casebook_actor *actor,
                         enum casebook_via via, struct str machine_user, struct arena *arena,
                         struct casebook_answer *answer, struct err *err) MUST_USE;

/*
 * The signing key may have been known to others since `since`: a new one takes its place at once,
 * and neither it nor a former one that signs beside it signs any more; both are destroyed. Who may,
 * as casebook_key_rotate. ERR_INPUT: `since` is no time that was.
 */
bool casebook_key_compromised(struct casebook *book, const struct casebook_actor *actor,
                              enum casebook_via via, struct str machine_user, instant since,
                              struct arena *arena, struct casebook_answer *answer,
                              struct err *err) MUST_USE;

/*
 * Checks name and password, then the six digits. One error for all that is wrong (ERR_ABSENT);
 * ERR_UNABLE with the time to wait after five wrong ones.
 */
bool casebook_sign_in(struct casebook *book, struct str name, struct str password,
                      struct str digits, struct arena *arena, struct str *account,
                      struct err *err) MUST_USE;

/* Sessions: 32 random bytes of which a keyed sum is kept; idle 15 minutes, 10 hours in all, ending
 * with account or holding. */
struct casebook_session {
	struct str account;
	struct str office; /* empty: not chosen yet */
	struct str tag;    /* short text for readings and CSRF */
	instant made;
	instant ends; /* at the earlier of idle and whole */
	bool is_proved;
};
bool casebook_session_make(struct casebook *book, struct str account, struct str office,
                           char secret[CASEBOOK_SECRET_TEXT + 1], struct err *err) MUST_USE;
/* ERR_ABSENT: none such, or ended. Extends the idle time. */
bool casebook_session_get(struct casebook *book, struct arena *arena, struct str secret,
                          struct casebook_session *out, struct err *err) MUST_USE;
/* A new secret for the same account in another office (ERR_REFUSED: not held nor deputised). */
bool casebook_session_office(struct casebook *book, struct str secret, struct str office,
                             char next[CASEBOOK_SECRET_TEXT + 1], struct err *err) MUST_USE;
/* Proof anew: password and digits again; good for 5 minutes. */
bool casebook_session_prove(struct casebook *book, struct str secret, struct str password,
                            struct str digits, struct err *err) MUST_USE;
bool casebook_session_end(struct casebook *book, struct str secret, struct err *err) MUST_USE;

/* Tokens for programs of the actor's own: bound to account, office, expiry; hashed at rest. */
bool casebook_token_make(struct casebook *book, const struct casebook_actor *actor,
                         enum casebook_via via, struct str machine_user, struct str account,
                         struct str office, instant until, struct arena *arena,
                         char secret[CASEBOOK_SECRET_TEXT + 1], struct casebook_answer *answer,
                         struct err *err) MUST_USE;
/* Every token ever made, oldest first, by the entry that made it. */
enum casebook_token_state {
	CASEBOOK_TOKEN_LIVE,
	CASEBOOK_TOKEN_ENDED,  /* by an entry */
	CASEBOOK_TOKEN_LAPSED, /* past its time, or its account ended, was reset, left the office */
	CASEBOOK_TOKEN_SPOILT, /* its row was altered by hand; it opens nothing */
};
struct casebook_token {
	int64_t entry;
	struct str account;
	struct str office;
	instant made;
	instant until;
	enum casebook_token_state state;
};
bool casebook_tokens(struct casebook_reader *reader, struct arena *arena,
                     const struct casebook_token **out, size_t *count, struct err *err) MUST_USE;
/* Ends the one token that `entry` made, as an act. ERR_ABSENT: that entry made none. */
bool casebook_token_end(struct casebook *book, const struct casebook_actor *actor,
                        enum casebook_via via, struct str machine_user, int64_t entry,
                        struct arena *arena, struct casebook_answer *answer,
                        struct err *err) MUST_USE;
/* ERR_ABSENT: unknown, ended, or its office is no longer held. */
bool casebook_token_get(struct casebook_reader *reader, struct arena *arena, struct str secret,
                        struct casebook_actor *out, struct err *err) MUST_USE;

/*
 * Drafts. A reporter's is sealed under a key that only `key` (her cookie) holds; a practitioner's
 * (key NULL) under the register's draft key, bound to `owner` (account, office, file and kind in
 * one text).
 */
bool casebook_draft_save(struct casebook *book, struct str id, struct str owner, const uint8_t *key,
                         struct str text, struct err *err) MUST_USE;
bool casebook_draft_load(struct casebook *book, struct arena *arena, struct str id,
                         struct str owner, const uint8_t *key, struct str *text, instant *used,
                         struct err *err) MUST_USE;
bool casebook_draft_drop(struct casebook *book, struct str id, struct err *err) MUST_USE;
/* Ids of a practitioner's drafts whose owner text begins with `prefix`. */
bool casebook_draft_list(struct casebook_reader *reader, struct arena *arena, struct str prefix,
                         const struct str **owners, size_t *count, struct err *err) MUST_USE;

#endif
