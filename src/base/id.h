/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Ids of files and accounts: 128 random bits as 26 symbols of Crockford's
 * base32, capitals, most significant first: [0-7][0-9A-HJKMNP-TV-Z]{25}.
 */
#ifndef CANDOUR_BASE_ID_H
#define CANDOUR_BASE_ID_H

#include <stdbool.h>

#include "base/attribute.h"
#include "base/random.h"
#include "base/str.h"

#define ID_LENGTH 26

/* An id by value; not ended by NUL. */
struct id {
	char text[ID_LENGTH];
};

struct id id_make(struct random_source *source);
/* From 16 bytes. */
struct id id_from_bytes(const unsigned char bytes[16]);
/* Exactly the grammar above; nothing is folded or corrected. */
bool id_read(struct str text, struct id *out) MUST_USE;
bool id_is(struct str text);
bool id_eq(const struct id *a, const struct id *b);
struct str id_str(const struct id *id); /* borrowed from *id */

#endif
