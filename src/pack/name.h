/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: how names and small scalars of a pack are written. */
#ifndef CANDOUR_PACK_NAME_H
#define CANDOUR_PACK_NAME_H

#include "base/base.h"

#define NAME_MAX_BYTES 64

/* [a-z0-9]+(-[a-z0-9]+)*, at most 64 bytes. */
bool name_is_word(struct str s);
/* word(.word)+ */
bool name_is_kind(struct str s);
/* A rule: LETTER[0-9]+[a-z]?, behind the name of a layer and a hyphen when the layer adds it. */
bool name_is_rule(struct str s, char letter);
/* MAJOR.MINOR.PATCH, numbers without leading zero. */
bool name_is_version(struct str s);
/* A language tag such as "en" or "en-GB". */
bool name_is_language(struct str s);
/* 1-3 capitals. */
bool name_is_letter(struct str s);
/* The path of a file that a pack may hold. */
bool name_is_file(struct str path);

/* -?[0-9]{1,9} */
bool scalar_integer(struct str s, int64_t *out) MUST_USE;
/* HH:MM as minutes of the day. */
bool scalar_time(struct str s, int *out) MUST_USE;

#endif
