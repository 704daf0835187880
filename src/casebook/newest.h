/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: keys/newest, the newest tree this register was seen
 * with, kept beside the keys and so out of the reach of whoever can put an
 * older database in the place of today's. It also says what was published, which
 * no entry says of the newest checkpoints yet, and which folder it was written
 * in, so that a copy of the folder is known as one. Written at each beat and at
 * the close, always after what it names is durable.
 *
 * And it says who holds which office, as the sum of the chart, so that nobody
 * gives himself an office by a row of a view. A turn that changes the chart
 * writes both sums before it commits; the next beat leaves the one that holds.
 */
#ifndef CANDOUR_CASEBOOK_NEWEST_H
#define CANDOUR_CASEBOOK_NEWEST_H

#include "casebook/book.h"

struct newest {
	int64_t size; /* 0: nothing is known */
	struct hash root;
	int64_t published;    /* size of the newest published checkpoint */
	int64_t publications; /* how many were published; 0: nothing is known */
	uint64_t folder;      /* the number its file system gave the folder; 0: not known */
	int charts;           /* how many of these are known: 0 to 2 */
	struct hash
		chart[2]; /* the sum, and the one before it, which holds if no commit followed */
};

/* What the file says; a missing or unreadable one says nothing. */
void newest_read(const char *dir, struct newest *out);
/* Whether the database still holds that tree. ERR_UNABLE, with the remedy: it was set back. */
bool newest_is_there(struct store *store, const struct newest *newest, const char *dir,
                     struct err *err) MUST_USE;
/* Whether the database ends before that tree: it is older. */
bool newest_is_longer(struct store *store, const struct newest *newest, bool *out,
                      struct err *err) MUST_USE;
/* Whether all that was published by then is published still. */
bool newest_is_published(struct store *store, const struct newest *newest, bool *out,
                         struct err *err) MUST_USE;
/* Writer: counts what is published, once for as long as the register is open. */
bool newest_count(struct casebook *book, struct store *store, struct err *err) MUST_USE;
/* Whether the database has the chart that was kept, or none was. An earlier version kept the sum
 * of its seats alone. */
bool newest_is_chart(const struct newest *newest, const struct chart *chart);
/*
 * Writer: keeps the sum of a chart that is about to be committed beside the one that holds,
 * durable when it returns. ERR_UNABLE: it could not; then nothing may be committed.
 */
bool newest_keep_chart(struct casebook *book, const struct chart *chart, struct err *err) MUST_USE;
/*
 * Writer: there is a register and no keys/newest. It is gone on with only when all of it fits:
 * nobody knows of the views otherwise whether they are its own. False: it does not, with the
 * remedy.
 */
bool newest_do_without(struct casebook *book, struct err *err) MUST_USE;
/* Writes the present tree down. A failure goes to the journal: nothing is lost by it. */
void newest_keep(struct casebook *book);

#endif
