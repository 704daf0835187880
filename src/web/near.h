/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: the files that somebody who works on one most likely
 * means, for forms that name files, entries and duties.
 */
#ifndef CANDOUR_WEB_NEAR_H
#define CANDOUR_WEB_NEAR_H

#include "web/practice.h"

enum near_why {
	NEAR_ITSELF,
	NEAR_LINKED, /* to it, or to a file that is named already */
	NEAR_READ,   /* opened lately by this account */
	NEAR_OWED,   /* the office owes something there */
};

struct near_file {
	struct casebook_file file;
	enum near_why why;
	struct str relation; /* NEAR_LINKED: by which */
};

struct near_list {
	const struct near_file *at;
	size_t count;
};

/*
 * Itself (`of`, or NULL for a file that is not begun yet), what it and the `named` ones are linked
 * to, then what was read lately and what is owed: those alone that the viewer may know of, each
 * once.
 */
bool near_find(struct web_request *request, struct casebook_reader *reader,
               const struct casebook_file *of, const struct str *named, size_t named_count,
               struct near_list *out, struct err *err) MUST_USE;

/* What its group of options is called. */
struct str near_heading(enum near_why why);
/* "P-88, child, known". */
struct str near_label(struct web_request *request, const struct near_file *near);

#endif
