/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: a pack that is about to be adopted.
 *
 * Whoever proposes it and one of another agency have it judged before the act
 * is sent (adopt.c); the turn judges it again, by what is in force then and by
 * the files as they are then. What is not shown by its form to be as strict as
 * what is in force waits, its text beside the register, for the independent
 * scrutineer.
 */
#ifndef CANDOUR_CASEBOOK_ADOPTING_H
#define CANDOUR_CASEBOOK_ADOPTING_H

#include "casebook/turn.h"

struct waiting;

struct adopting {
	struct str text;
	struct hash hash;
	int n; /* its number, once the turn has judged it */
};

/* Why `new` cannot follow `old`, as a sentence in the arena; p NULL: it can. */
struct str adopting_why_not(const struct pack *old, const struct pack *new,
                            const struct pack_comparison *found, struct arena *arena);
/* Whether the change waits for the scrutineer: looser, or not told by form. */
bool adopting_needs_scrutineer(enum pack_change change);

/*
 * In the turn, as judge_own: compared with what is in force, laid ready as the
 * next pack, and whoever is wanted besides; turn->moved holds the files whose
 * state gets another name. On a refusal the verdict says why.
 */
bool adopting_judge(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                    struct err *err) MUST_USE;
/* turn_hook, with struct adopting: the text beside its entry. */
bool adopting_keep(void *ctx, struct store *store, int64_t index, struct err *err);
/* Keeps the text while the entry `waiting` waits. */
bool adopting_propose(struct turn *turn, const struct adopting *adopting, int64_t waiting,
                      struct err *err) MUST_USE;
/* What waits under that number, checked against `hash`; text p NULL: it is not here any more. */
bool adopting_proposed(struct store *store, struct arena *arena, int64_t waiting,
                       struct str hash_hex, struct adopting *out, struct err *err) MUST_USE;
/* What follows once it is in force, each an act of the register's own: an office for each new
 * role, and state.renamed for each file whose state has another name now. */
bool adopting_follow(struct turn *turn, struct err *err) MUST_USE;

#endif
