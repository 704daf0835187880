/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: the files of the signing keys. What cannot be done is
 * journalled and done at the next opening; nothing is lost by it.
 */
#ifndef CANDOUR_CASEBOOK_KEY_FILE_H
#define CANDOUR_CASEBOOK_KEY_FILE_H

#include "casebook/book.h"

#define KEY_NOW "keys/log.key"
#define KEY_NEXT "keys/log.key.next"
#define KEY_FORMER "keys/log.key.former"

bool key_file_path(const char *dir, const char *name, char out[BOOK_PATH_MAX],
                   struct err *err) MUST_USE;
/* The same file under a second name, unless that is taken. */
void key_file_link(const char *dir, const char *from, const char *to);
void key_file_move(const char *dir, const char *from, const char *to);
/* Overwrites, syncs, removes. A file that has another name besides loses this one alone. */
void key_file_destroy(const char *dir, const char *name);
/* The next key takes the place of the one in force, which is destroyed. Broken off anywhere, the
 * next key is there whole under one of its names. */
void key_file_replace(const char *dir);

#endif
