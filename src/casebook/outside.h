/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a mirror keeps of somebody's register under an agreement (agreement.h), and what follows
 * from it: headers and plain fields, each opened against its leaf, and the rules that were adopted,
 * each against the hash that its entry names. Views follow from these alone, so that what is owed,
 * until when, and who ought to have been told by now is reckoned here anew, whatever the register
 * says of itself. No seal is ever here.
 *
 * The folder is private: outside of what a web server gives of the mirror. One thread.
 */
#ifndef CANDOUR_CASEBOOK_OUTSIDE_H
#define CANDOUR_CASEBOOK_OUTSIDE_H

#include "base/base.h"
#include "casebook/agreement.h"

struct casebook_outside;

/* Opens or begins what is kept in `dir` (0700). ERR_INPUT: it is damaged; ERR_UNABLE: disk. */
bool casebook_outside_open(const char *dir, struct casebook_outside **out,
                           struct err *err) MUST_USE;
void casebook_outside_close(struct casebook_outside *outside);    /* takes NULL */
void casebook_outside_cleanup(struct casebook_outside **outside); /* for CLEANUP */

/* Entries that are kept, from 0 on without a gap. */
int64_t casebook_outside_size(const struct casebook_outside *outside);
/* When the newest of them was recorded; 0: none is kept. */
instant casebook_outside_newest(const struct casebook_outside *outside);

/*
 * Keeps the next entries, all of them or none. `leaves` are the log's own, one for each. *why is
 * left p NULL, or says to a person which is not what the log has there; nothing is kept then.
 * ERR_UNABLE: disk, memory.
 */
bool casebook_outside_add(struct casebook_outside *outside, const struct casebook_given *given,
                          const struct hash *leaves, size_t count, struct arena *arena,
                          struct str *why, struct err *err) MUST_USE;

/* The number of the rules that an entry names and that are not kept yet; 0: none. */
bool casebook_outside_wants_rules(struct casebook_outside *outside, int64_t *n,
                                  struct err *err) MUST_USE;
/* Keeps those; *why as above. */
bool casebook_outside_add_rules(struct casebook_outside *outside, int64_t n, struct str text,
                                struct arena *arena, struct str *why, struct err *err) MUST_USE;

/* Something owed of which somebody above ought to have been told. */
struct casebook_untold {
	struct str duty;   /* "D20377.1" */
	struct str rule;   /* "T07" */
	struct str title;  /* the rule's */
	struct str office; /* that owes it */
	instant due;
	instant at; /* when its next step ought to have been taken */
};

/*
 * What ought to have climbed more than `grace` before the newest entry was recorded, and had not
 * when that one was written: longest first, at most `limit`; *all counts them. By the rules of
 * their day, from the entries alone. ERR_INPUT: an entry cannot be read by its rules; ERR_UNABLE.
 */
bool casebook_outside_untold(struct casebook_outside *outside, instant grace, size_t limit,
                             struct arena *arena, const struct casebook_untold **out, size_t *count,
                             int64_t *all, struct err *err) MUST_USE;

#endif
