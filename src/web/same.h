/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: the files of one person. Which they are, entries say
 * that somebody wrote and another agreed to; where one takes a link away, the
 * files are as they were before it.
 */
#ifndef CANDOUR_WEB_SAME_H
#define CANDOUR_WEB_SAME_H

#include "web/page.h"

#define SAME_FILES_MAX 24

struct same_file {
	int64_t file;
	int64_t entry; /* that joined it; -1: it is the file that was asked for */
	int64_t to;    /* the file that it was joined to */
	const struct casebook_linked *links; /* all that it has, also those taken away */
	size_t link_count;
};

struct same {
	struct same_file at[SAME_FILES_MAX]; /* the file itself is the first */
	size_t count;
	/* Joined to one of them, and said to be another person than one of them: left out. */
	bool has_apart;
	bool is_cut; /* there are more */
};

/* A file that is of no person is alone. Rights are the caller's to ask. */
bool same_find(struct web_request *request, struct casebook_reader *reader,
               const struct casebook_file *of, struct same *out, struct err *err) MUST_USE;
bool same_has(const struct same *same, int64_t file);

#endif
