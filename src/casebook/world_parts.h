/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the sources of the world share among themselves. */
#ifndef CANDOUR_CASEBOOK_WORLD_PARTS_H
#define CANDOUR_CASEBOOK_WORLD_PARTS_H

#include "casebook/world.h"

/* ERR_UNABLE: false. */
bool world_no_room(struct err *err);
struct world *world_of(const struct pack_world *shown);

/* The entry in the present row of a statement: idx, header, plain, and whether it was corrected.
 * `file` p NULL: as the header says. */
bool world_see(struct world *world, struct store_stmt *rows, struct str file,
               struct pack_seen *seen, struct err *err) MUST_USE;
/* Entries of one file, newest first; count 0: of every kind. *go_on false once a visitor stopped.
 */
bool world_visit_file(struct world *world, const struct file_row *row,
                      const struct pack_kind *const *kinds, size_t count, pack_visit_entry *visit,
                      void *ctx, bool *go_on, struct err *err) MUST_USE;

/* pack_world_calls.links. */
bool world_links(const struct pack_world *shown, const struct pack_relation *relation,
                 pack_visit_file *visit, void *ctx, struct err *err) MUST_USE;
/* pack_world_calls.owed. */
bool world_owed(const struct pack_world *shown, const struct pack_duty *rule, pack_visit_due *visit,
                void *ctx, struct err *err) MUST_USE;
/* pack_world_calls.owes_on. */
bool world_owes_on(const struct pack_world *shown, int64_t most, int64_t *files,
                   struct err *err) MUST_USE;
/* pack_world_calls.held_until. */
bool world_held_until(const struct pack_world *shown, struct str office, instant *until,
                      struct err *err) MUST_USE;
/* pack_world_calls.anywhere. */
bool world_anywhere(const struct pack_world *shown, const struct pack_kind *const *kinds,
                    size_t count, pack_visit_entry *visit, void *ctx, struct err *err) MUST_USE;
/* Entries of the files at the other end of a relation, file by file. */
bool world_linked_entries(const struct pack_world *shown, const struct pack_kind *const *kinds,
                          size_t count, const struct pack_relation *through,
                          pack_visit_entry *visit, void *ctx, struct err *err) MUST_USE;
/* A file's row as it is now, in hand or in the table; *out NULL: it is nowhere. */
bool world_row(struct world *world, struct str id, struct file_row **out, struct err *err) MUST_USE;

/*
 * Entries of the world's file (unless `through` is given) and of those at the
 * other ends of `through`, or of the pattern's relations, newest first over all
 * of them.
 */
/* How many there are, as far as they are gathered. */
/* INT64_MAX: more than a condition looks at, PACK_ROWS_MAX. What it looks at ends there, and then
 * no more is known of the others than that they are. */
bool world_joined_count(const struct pack_world *shown, const struct pack_kind *const *kinds,
                        size_t count, const struct pack_relation *through, int64_t *most,
                        struct err *err) MUST_USE;
/* When the oldest of them all was recorded; INSTANT_MAX: there is none. */
bool world_joined_began(const struct pack_world *shown, instant *at, struct err *err) MUST_USE;
/* Those entries themselves. */
bool world_joined(const struct pack_world *shown, const struct pack_kind *const *kinds,
                  size_t count, const struct pack_relation *through, pack_visit_entry *visit,
                  void *ctx, struct err *err) MUST_USE;

#endif
