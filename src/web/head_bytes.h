/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the library drops while it reads a head: bytes after a NUL, a line
 * folded onto the one before, a header without a name. They are not among the
 * headers that it hands over, but they have left a gap: it hands out slices of
 * the bytes as they arrived, so that one line must begin where the one before
 * has ended. A function of what 0.9.75 does; later versions refuse these heads
 * themselves, and lay theirs out otherwise.
 */
#ifndef CANDOUR_WEB_HEAD_BYTES_H
#define CANDOUR_WEB_HEAD_BYTES_H

#include "web/gate.h"

/* The library whose heads this reads, as MHD_get_version names it. */
#define HEAD_BYTES_LIBRARY "0.9.75"

/*
 * Whether the slices of `input` follow upon one another with one sort of line
 * end between them and the empty line after the last. They must be the
 * library's own, `target_end` the end of the target as the library gave it.
 */
bool head_is_whole(const char *target_end, const struct gate_input *input);

#endif
