/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * How often one address may do something in a minute. In memory only, under a
 * keyed hash of the address, in a table that never grows: when a place is
 * wanted and none is free, the one longest unused goes. So a flood of
 * addresses may make limits forgetful, but shuts nobody out.
 */
#ifndef CANDOUR_WEB_LIMIT_H
#define CANDOUR_WEB_LIMIT_H

#include "base/base.h"

enum limit_kind {
	LIMIT_REPORTS, /* limits.reports: reports sent */
	LIMIT_CODES,   /* limits.codes: wrong return codes */
	LIMIT_SIGN_IN, /* limits.sign-in: attempts to sign in */
	LIMIT_COSIGN,  /* of a witness: checkpoints to cosign */
	LIMIT_KINDS,
};

#define LIMIT_PLACES_MAX (1u << 20)

struct limits; /* safe from any thread */

/*
 * `a_minute` per kind (1 .. 65535); `places` addresses and kinds are held at
 * once (rounded up to 8, at most LIMIT_PLACES_MAX). NULL: out of memory.
 */
struct limits *limits_create(const unsigned a_minute[LIMIT_KINDS], size_t places);
void limits_destroy(struct limits *limits);

/*
 * Counts one, and answers 0; or, when the minute before `now` has seen as many
 * as it may, counts nothing and answers the seconds (1 .. 70) until it may
 * again. `peer` is a keyed hash of an address, never the address.
 */
unsigned limit_take(struct limits *limits, enum limit_kind kind, const struct hash *peer,
                    instant now);

/* The same answer without counting: wrong codes are looked at before, counted after. */
unsigned limit_look(struct limits *limits, enum limit_kind kind, const struct hash *peer,
                    instant now);

#endif
