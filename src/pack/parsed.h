/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the nodes of a file as parsed.c writes them. */
#ifndef CANDOUR_PACK_PARSED_H
#define CANDOUR_PACK_PARSED_H

#include "pack/tree.h"

#define PARSED_NODES_MAX ((size_t)200000) /* of one pack */
#define PARSED_ENTRIES_MAX 4000 /* of one mapping or list: merging compares names one by one */

/* Fills the `count` zeroed nodes that `bytes` hold, whose texts lie in `bytes` from then on. NULL:
 * these are no nodes, or not so many. */
struct yaml *parsed_nodes(struct str bytes, struct yaml *nodes, size_t count);

/* Cuts a line "WORD A B…" of `count` parts behind its word from the front of `text`; a kept pack's
 * own form has such lines too. False: it is another line. */
bool parsed_cut_line(struct str *text, struct str word, struct str *parts, size_t count);

#endif
