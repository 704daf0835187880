/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: keys/newest, the newest tree this register was seen
 * with, kept beside the keys and so out of the reach of whoever can put an
 * older database in the place of today's. Written at each beat and at the
 * close, always after what it names is durable.
 */
#ifndef CANDOUR_CASEBOOK_NEWEST_H
#define CANDOUR_CASEBOOK_NEWEST_H

#include "casebook/book.h"

struct newest {
	int64_t size; /* 0: nothing is known */
	struct hash root;
};

/* What the file says; a missing or unreadable one says nothing. */
void newest_read(const char *dir, struct newest *out);
/* Whether the database still holds that tree. ERR_UNABLE, with the remedy: it was set back. */
bool newest_is_there(struct store *store, const struct newest *newest, const char *dir,
                     struct err *err) MUST_USE;
/* Whether the database ends before that tree: it is older. */
bool newest_is_longer(struct store *store, const struct newest *newest, bool *out,
                      struct err *err) MUST_USE;
/* Writes the present tree down. A failure goes to the journal: nothing is lost by it. */
void newest_keep(struct casebook *book);

#endif
