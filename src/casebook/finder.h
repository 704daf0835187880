/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: the 63 bits of a random name by which its row is found.
 * Two names may share a finder: whoever looks compares the name too.
 */
#ifndef CANDOUR_CASEBOOK_FINDER_H
#define CANDOUR_CASEBOOK_FINDER_H

#include "casebook/tags.h"

/* Of a file's id: its first 13 symbols. What is no id has a finder too, of no meaning. */
int64_t finder_of_id(struct str id);
/* Of a tag in hexadecimal: its first 16 digits but the last bit. */
int64_t finder_of_tag(struct str hex);

/* Of files: rows of `file`, but for the first of all, number 0. */
extern const struct tags_sql file_tags;
/* Of return codes: rows of `code`. */
extern const struct tags_sql code_tags;

#endif
