/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the YAML of a pack, file by file, gathered into sections and merged by
 * layers. */
#ifndef CANDOUR_PACK_TREE_H
#define CANDOUR_PACK_TREE_H

#include "pack/source.h"
#include "pack/whole.h"

/*
 * Stage 1: reads the files of one layer into `roots`, one mapping a section
 * (empty where the layer has nothing). Errors are noted.
 */
void tree_read(struct loader *loader, const struct pack_bytes *bytes,
               struct yaml *roots[SECTION_COUNT]);

/* Lays `over` upon `base`, changing `base`. */
void layer_merge(enum section section, struct yaml *base, struct yaml *over);

/*
 * Notes what a layer writes in a list that is added to and that would have no
 * effect: an empty list, or what stands below already. Whoever writes it means
 * to take away the rest. `what`: what an element of the section is called.
 */
void layer_check_adding(struct loader *loader, enum section section, const char *what,
                        const struct yaml *base, const struct yaml *over);

/* Hangs a node under a mapping or sequence, at its end. */
void tree_push(struct yaml *parent, struct yaml *child);

/* A node as one line of YAML in flow style: the same for the same meaning. */
void tree_write(struct buf *out, const struct yaml *node);
bool tree_equal(const struct yaml *a, const struct yaml *b);

/* Whether a scalar says `text`. */
bool tree_says(const struct yaml *node, struct str text);

#endif
