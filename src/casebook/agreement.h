/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Agreements with mirrors: what somebody outside is given beside the public log. An agreement is an
 * entry, mirror.agreed: with whom, until when, and a sum of the secret that the mirror shows. Under
 * it headers, openers and plain fields are given, never a seal, a key or a wrapped key.
 */
#ifndef CANDOUR_CASEBOOK_AGREEMENT_H
#define CANDOUR_CASEBOOK_AGREEMENT_H

#include "base/base.h"
#include "casebook/account.h"
#include "casebook/reader.h"

#define CASEBOOK_GIVEN_MAX 256                   /* entries of one answer */
#define CASEBOOK_GIVEN_BYTES ((size_t)128 << 10) /* of their plain fields, but for the first */

enum casebook_agreement_state {
	CASEBOOK_AGREEMENT_LIVE,
	CASEBOOK_AGREEMENT_ENDED,
	CASEBOOK_AGREEMENT_LAPSED, /* its time is over */
};

struct casebook_agreement {
	int64_t entry;
	struct str name; /* of the mirror: "mirror.example.org" */
	instant made;
	instant until;
	enum casebook_agreement_state state;
};

/* A new secret for a mirror, and what is kept of it, for mirror.agreed. ERR_UNABLE. */
bool casebook_agreement_secret(struct casebook *book, struct arena *arena,
                               char secret[CASEBOOK_SECRET_TEXT + 1], struct str *kept,
                               struct err *err) MUST_USE;

/* Every agreement that was ever made, oldest first. */
bool casebook_agreements(struct casebook_reader *reader, struct arena *arena,
                         const struct casebook_agreement **out, size_t *count,
                         struct err *err) MUST_USE;

/*
 * The agreement that stands now by which whoever shows `secret` is given anything; by the entry
 * that the log itself proves, whatever else the database says. ERR_ABSENT: there is none.
 */
bool casebook_agreement_get(struct casebook_reader *reader, struct arena *arena, struct str secret,
                            struct casebook_agreement *out, struct err *err) MUST_USE;

/* An entry as it is given: what opens its commitment. */
struct casebook_given {
	int64_t index;
	struct str header; /* p NULL: the whole entry was destroyed */
	struct hash opener;
	struct hash plain_salt;
	struct str plain; /* canonical JSON */
};

/*
 * The entries from `from` on, below the published size, as many as one answer holds. An agreement
 * of casebook_agreement_get: there is no other way to them. Nothing is unsealed, so that no reading
 * is recorded. ERR_ABSENT: none is published from there on.
 */
bool casebook_given(struct casebook_reader *reader, const struct casebook_agreement *agreement,
                    int64_t from, struct arena *arena, const struct casebook_given **out,
                    size_t *count, struct err *err) MUST_USE;
/* The text of the n-th rules that were adopted (1 ..), whose hash their entry names. ERR_ABSENT. */
bool casebook_given_rules(struct casebook_reader *reader,
                          const struct casebook_agreement *agreement, int64_t n,
                          struct arena *arena, struct str *out, struct err *err) MUST_USE;

#endif
