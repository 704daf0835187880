/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Proposals that two files belong together, and that nobody has decided: an
 * office owes an answer under a duty that the proposal opened, or that a
 * pattern opened on its file.
 */
#ifndef CANDOUR_CASEBOOK_UNDECIDED_H
#define CANDOUR_CASEBOOK_UNDECIDED_H

#include "base/base.h"
#include "casebook/reader.h"

#define CASEBOOK_UNDECIDED_COUNTED 1000

/* Where a list goes on: after this proposal under this duty. */
struct casebook_undecided_at {
	instant due;
	int64_t duty;
	int64_t proposal;
};

struct casebook_undecided {
	struct casebook_undecided_at at; /* of what is due first, where it stands under several */
	int64_t file;                    /* that the proposal stands on */
	bool is_late;
};

struct casebook_undecided_list {
	const struct casebook_undecided *at;
	size_t count;
	bool more;
};

/*
 * What the office owes an answer about, each once, what is due first on top; `after` NULL: from
 * the beginning. ERR_FAULT: a limit of none, or of more than 1,000.
 */
bool casebook_undecided_of(struct casebook_reader *reader, struct arena *arena, struct str office,
                           const struct casebook_undecided_at *after, size_t limit,
                           struct casebook_undecided_list *out, struct err *err) MUST_USE;

/* How many answers the office owes, by its duties: cheap, however many there are. One to which a
 * pattern held it is owed once for all that is undecided on its file. */
bool casebook_undecided_owed(struct casebook_reader *reader, struct str office, int64_t *out,
                             struct err *err) MUST_USE;

/* Whether an answer of any sort names the proposal, an entry of `file`, or said on that file later
 * that its two are one, or two. */
bool casebook_is_decided(struct casebook_reader *reader, struct arena *arena, int64_t file,
                         int64_t proposal, bool *out, struct err *err) MUST_USE;

#endif
