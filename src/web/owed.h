/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: what a reporter is told of her file. Who owes what by
 * when, what is late and who was told, what was done; no seal is opened for it,
 * and nobody who works there is named.
 */
#ifndef CANDOUR_WEB_OWED_H
#define CANDOUR_WEB_OWED_H

#include "web/page.h"

struct owed {
	struct casebook_file file;
	const struct casebook_entry *entries;
	size_t entry_count;
	size_t late_count;
	const struct casebook_duty *duties;
	size_t duty_count;
	struct json *late;     /* duties, the latest due first; each with its ladder */
	struct json *owed;     /* duties that are not late, by due */
	struct str late_words; /* what the oldest late one owed ("a decision"); p NULL: not told */
	struct json *then;     /* {what, within}: what is owed once that is done, by the pack */
	struct json *done;     /* {what, at, after, late}, newest first */
	struct str headline;   /* the pack's public words for where it stands */
};

/* ERR_ABSENT: no such file. */
bool owed_read(struct web_request *request, struct casebook_reader *reader, struct str file,
               struct owed *out, struct err *err) MUST_USE;
/* Whether more words may be added behind the code: whether the report's kind for them fits such a
 * file. */
bool owed_takes_more(const struct pack *pack, const struct pack_file_type *type);
/* An object of page_office in public words: "the duty team at Northmere Council". */
struct str owed_office_words(struct web_request *request, struct casebook_reader *reader,
                             const struct json *office);

#endif
