/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Entries as patterns see them, kept while verify looks through one night after
 * another, and by the writer for histories that are too long for joined.h: each
 * is read from its row once. What is kept is what the row says, so the tables
 * stay what is asked; which entries there are is always asked of them.
 *
 * S1. An entry that was corrected is never kept: how it reads follows from when
 *     it is asked.
 * S2. After a correction, a destruction or other rules nothing is kept or found
 *     until sights_rest, which forgets all.
 * S3. What is found lasts until sights_rest.
 */
#ifndef CANDOUR_CASEBOOK_SIGHTS_H
#define CANDOUR_CASEBOOK_SIGHTS_H

#include "casebook/book.h"

#define SIGHTS_ROOM ((size_t)24 << 20) /* the writer's */

struct sights;

/* Holds up to `room` bytes. NULL: there is no memory. */
struct sights *sights_create(size_t room);
void sights_destroy(struct sights *sights); /* takes NULL, as all of these */

/* NULL: it is to be read. */
const struct pack_seen *sights_find(const struct sights *sights, int64_t index);
/* A copy of what was read, where there is room. */
void sights_keep(struct sights *sights, const struct pack_seen *seen);
/* An entry of this kind was written (S2). */
void sights_entry(struct sights *sights, struct str kind);
/* Between two acts. */
void sights_rest(struct sights *sights);
/* Entries were given up: their numbers will be those of others. */
void sights_forget(struct sights *sights);

#endif
