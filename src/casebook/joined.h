/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the writer keeps in memory of the entries that patterns look over: for
 * each file that one was looked for on, the entries of the files joined to it,
 * so that a turn reads what is new and not the whole history again. It says what
 * the tables say (world_joined.c), never more: what it does not know, or knows
 * no longer, the tables are asked.
 *
 * J1. A list holds every entry and every link below the next index, and says
 *     what was there at any earlier one from which it is exact on.
 * J2. Whoever writes an entry, makes or takes away a link, or gives a turn up,
 *     says so here at once. After a correction, or under other
 *     rules, nothing is asked here until the act has ended, and all is forgotten.
 * J3. A history of more than JOINED_ROWS_MAX entries is not kept.
 */
#ifndef CANDOUR_CASEBOOK_JOINED_H
#define CANDOUR_CASEBOOK_JOINED_H

#include "casebook/rows.h"
#include "casebook/world.h"

#define JOINED_ROWS_MAX 1024
#define JOINED_ROOM ((size_t)48 << 20)

struct joined_list;

/* Holds up to `room` bytes; full, it begins anew between two acts. NULL: there is no memory. */
struct joined *joined_create(size_t room);
void joined_destroy(struct joined *joined);

/* All of these take NULL. */
void joined_forget(struct joined *joined);
/* Between two acts: what could not be kept within the last one is forgotten. */
void joined_rest(struct joined *joined);
/* Before anything is asked: by these rules. */
void joined_open(struct joined *joined, const struct pack *pack);
/* An entry was written and folded. */
void joined_entry(struct joined *joined, const struct folding *entry);
/* A file begins with the entry; nothing is linked to it yet. */
void joined_begin(struct joined *joined, const struct pack *pack, int64_t file, int64_t entry);
/* `begun`: the file that begins with the entry, or -1. */
void joined_link(struct joined *joined, const struct pack_relation *relation, int64_t a, int64_t b,
                 int64_t entry, int64_t begun);
void joined_unlink(struct joined *joined, int64_t a, int64_t b);

/* Whether it is known that nothing is linked to the file by the relation, as the entries below
 * `up_to` left it; and that it is so. */
bool joined_has_none(const struct joined *joined, const struct pack *pack, int64_t file,
                     const struct pack_relation *relation, int64_t up_to);
void joined_note_none(struct joined *joined, const struct pack *pack, int64_t file,
                      const struct pack_relation *relation, int64_t up_to);

/* What is known of the patterns on a file, by the rules `pack`, for as long as none is found there
 * and no duty closed. NULL: it is to be read. */
struct rows *joined_known(const struct joined *joined, const struct pack *pack, int64_t file);
/* A copy of `rows`, where there is room. */
void joined_keep_known(struct joined *joined, const struct pack *pack, int64_t file,
                       const struct rows *rows);
void joined_drop_known(struct joined *joined, int64_t file);

/* Which entries are asked for: those of `world`'s file where has_own, and of the files at the other
 * end of each relation. */
struct joined_question {
	const struct pack_relation *const *along;
	size_t along_count;
	bool has_own;
};
/* *out NULL: it is not known here. Lasts until the act ends. */
bool joined_find(struct world *world, const struct joined_question *question,
                 struct joined_list **out, struct err *err) MUST_USE;

/* As world_joined, _count and _began. */
bool joined_visit(struct world *world, struct joined_list *list,
                  const struct pack_kind *const *kinds, size_t count, pack_visit_entry *visit,
                  void *ctx, struct err *err) MUST_USE;
int64_t joined_count(const struct world *world, const struct joined_list *list,
                     const struct pack_kind *const *kinds, size_t count);
bool joined_began(struct world *world, struct joined_list *list, instant *at,
                  struct err *err) MUST_USE;

#endif
