/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the elements that explain_file.c says. */
#ifndef CANDOUR_PACK_EXPLAIN_H
#define CANDOUR_PACK_EXPLAIN_H

#include "pack/whole.h"

/* "files.yaml:3", for what keeps no place of its own. */
void explain_place(struct buf *out, const struct pack *pack, enum section section, struct str name);
bool explain_file_type(struct buf *out, struct arena *arena, const struct pack *pack,
                       const struct pack_file_type *type, struct err *err) MUST_USE;
void explain_list(struct buf *out, const struct pack *pack, const struct pack_list *list);

#endif
