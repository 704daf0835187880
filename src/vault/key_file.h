/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Key files: one line `candour-secret/v1 NAME BASE64` LF, 32 bytes, readable by
 * their owner alone.
 */
#ifndef CANDOUR_VAULT_KEY_FILE_H
#define CANDOUR_VAULT_KEY_FILE_H

#include "base/base.h"

#define KEY_FILE_SECRET 32

/*
 * Reads the key called `name` from `path` into `key`, which should be locked
 * memory. ERR_ABSENT: not there; ERR_INPUT: a link, no file, readable by
 * others (the message says what to run), malformed, another key; ERR_UNABLE.
 */
bool key_file_read(const char *path, const char *name, uint8_t key[KEY_FILE_SECRET],
                   struct err *err) MUST_USE;
/* Makes it with mode 0600, durable. ERR_INPUT: something is there already; ERR_UNABLE: disk. */
bool key_file_make(const char *path, const char *name, const uint8_t key[KEY_FILE_SECRET],
                   struct err *err) MUST_USE;

#endif
