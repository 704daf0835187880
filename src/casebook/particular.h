/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a register says of itself: the partnership's names, who answers for it,
 * how long it keeps what, who tested its pages. Given at set-up, changed by an
 * administrator, each change an entry (register.described) whose words are
 * sealed; pages show them. Which are set is plain, so that opening can ask.
 */
#ifndef CANDOUR_CASEBOOK_PARTICULAR_H
#define CANDOUR_CASEBOOK_PARTICULAR_H

#include "casebook/act.h"

#define CASEBOOK_PARTICULAR_MAX 2500 /* characters of the longest */

enum casebook_particular_sort {
	CASEBOOK_PARTICULAR_NAME,    /* of the partnership, its area, its agencies */
	CASEBOOK_PARTICULAR_AGREED,  /* at set-up: calendar and rules */
	CASEBOOK_PARTICULAR_OFFICER, /* who keeps a share of the key */
	CASEBOOK_PARTICULAR_PRIVACY,
	CASEBOOK_PARTICULAR_ACCESS, /* the accessibility statement */
	CASEBOOK_PARTICULAR_TRIED,
};

struct casebook_particular {
	struct str name;  /* "privacy.officer", "agency.council" */
	struct str label; /* "Data protection officer" */
	struct str hint;
	enum casebook_particular_sort sort;
	size_t max; /* characters */
	bool is_line;
	bool opens;      /* a live register is not opened while it is empty */
	struct str text; /* empty: not set */
};

/* All there are, set or not, in one order: the pack's agencies and the shares' keepers among
 * them. Texts in `arena`. */
bool casebook_particulars(struct casebook *book, struct arena *arena,
                          const struct casebook_particular **out, size_t *count,
                          struct err *err) MUST_USE;
/* The text of one; empty: not set. Cheap: for every page. */
bool casebook_particular(struct casebook *book, struct arena *arena, struct str name,
                         struct str *text, struct err *err) MUST_USE;

struct casebook_described {
	struct str name;
	struct str text; /* empty: taken away again */
};
/*
 * Sets some, as one act. FAILED with an error for each name that is none, each
 * text that is too long, and each of those that open the register that would
 * become empty. Refusals as casebook_submit.
 */
bool casebook_describe(struct casebook *book, const struct casebook_actor *actor,
                       enum casebook_via via, struct str machine_user, struct str submission,
                       const struct casebook_described *of, size_t count, struct arena *arena,
                       struct casebook_answer *answer, struct err *err) MUST_USE;

#endif
