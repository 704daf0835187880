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

#endif
