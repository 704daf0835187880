/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Fields of codes that the register fills by itself: which of them entries elsewhere have said. */
#ifndef CANDOUR_PACK_KNOWN_H
#define CANDOUR_PACK_KNOWN_H

#include "pack/condition.h"

#define PACK_KNOWN_FILES_MAX 32  /* at the other end; of more, none is known */
#define PACK_KNOWN_ROWS_MAX 1000 /* over all of them; the same */

/*
 * Of a field that is PACK_COUNTED_KNOWN, seen from the file of the act: *is_there, whether there is
 * any file on which it looks; and of the codes of its list, by place, those that the newest entry
 * which names the code says, on each of those files. Reads plain fields alone.
 */
bool pack_known_said(const struct pack_field *field, const struct pack_world *world, bool *is_there,
                     uint64_t *said, struct err *err) MUST_USE;

#endif
