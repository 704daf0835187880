/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: whether those whom DIR/policy asks sign what is published, and what the log
 * says when they have not for as long as a promise runs (publish.promise).
 *
 * Q1. log.unwitnessed is written once, and again only after a log.witnessed. Both are entries of
 * the register's own file; what they open and settle stands in the pack. Q2. It counts in the
 * register's own time, so a drill can be led there; and before it is written the witnesses have had
 * a minute of beats to sign, so a register that was off tells nothing. Q3. A policy that asks
 * nobody any more ends no outage: only a quorum does.
 */
#ifndef CANDOUR_CASEBOOK_QUORUM_H
#define CANDOUR_CASEBOOK_QUORUM_H

#include "casebook/book.h"
#include "log/log.h"

/* The policy that casebook_policy gives, without a reader; its errors. */
bool quorum_policy(const struct casebook *book, struct arena *arena, struct str *text,
                   const struct log_policy **out, struct err *err) MUST_USE;
/* Which of the policy's keys signed a note that was published; none, where it is of another log. */
bool quorum_lines(struct arena *arena, struct str text, const struct log_policy *policy,
                  struct log_verified *out, struct err *err) MUST_USE;

/* Within the transaction that published something cosigned: keeps when that was, if the quorum of
 * the policy signed it. A policy that cannot be read counts as none. ERR_UNABLE. */
bool quorum_published(struct casebook *book, struct err *err) MUST_USE;
/* On the beat, with the turn's lock and outside a turn: writes log.unwitnessed when nobody signed
 * enough for too long, log.witnessed when they do again. The errors of turn_own. */
bool quorum_beat(struct casebook *book, struct err *err) MUST_USE;

#endif
