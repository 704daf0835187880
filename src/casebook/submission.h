/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: which submissions were taken in the last 30 days. Asked
 * before every act, so its cost must not grow: rows lie in the order they came
 * (short_submission), and are found by their tags (tags.h).
 *
 * Writer only.
 */
#ifndef CANDOUR_CASEBOOK_SUBMISSION_H
#define CANDOUR_CASEBOOK_SUBMISSION_H

#include "casebook/book.h"

struct submissions;

struct submission {
	struct hash act;
	int64_t entry;
};

/* Nothing is read yet. NULL: no memory. */
struct submissions *submissions_create(void);
void submissions_destroy(struct submissions *all); /* takes NULL */

/* The tag of a submission id: 63 bits of its hash. Any thread. */
int64_t submission_tag(struct hasher *hasher, struct str id);
/* What was answered to the submission of this tag. */
bool submissions_find(struct submissions *all, struct store *store, int64_t tag,
                      struct submission *out, bool *found, struct err *err) MUST_USE;
/* The same on any connection, by any thread. */
bool submission_look(struct store *store, int64_t tag, struct submission *out, bool *found,
                     struct err *err) MUST_USE;
/* Within the turn's transaction; a tag that was not found. */
bool submissions_put(struct submissions *all, struct store *store, int64_t tag,
                     const struct submission *submission, instant at, struct err *err) MUST_USE;
/* The transaction was given up: what is in memory no longer counts. */
void submissions_forget(struct submissions *all);
/* Removes those from before an instant, in a transaction of the writer's. */
bool submissions_drop(struct submissions *all, struct store *store, instant before,
                      struct err *err) MUST_USE;

#endif
