/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what the forms that look over entries share. */
#ifndef CANDOUR_PACK_CONDITION_LOOK_H
#define CANDOUR_PACK_CONDITION_LOOK_H

#include "pack/atom.h"

#define COND_NO_INDEX INT64_C(-1)

/* What entries must come after: later in the register, and no day earlier. */
struct cond_anchor {
	int64_t index; /* COND_NO_INDEX: there is none */
	instant happened;
};

/* What an atom says when its limit is reached before it is known. */
bool cond_saturated(const struct pack_cond *cond, const struct cond_atom *atom);
bool cond_role_fits(const struct cond_which *which, const struct pack_world *world,
                    struct str office);
/* Whether there are too few to come to `wanted`, whatever they say. *most 0: it is not told. */
bool cond_are_fewer(const struct pack_world *world, const struct pack_kind *const *kinds,
                    size_t count, const struct pack_relation *through, int64_t wanted,
                    int64_t *most, bool *fewer, struct err *err) MUST_USE;

/* The last entry of `kind`: on the world's own file where that kind is made there, else at the
 * other end. */
bool cond_last_of(const struct pack_world *world, const struct pack_kind *kind,
                  const struct pack_relation *through, struct cond_anchor *anchor,
                  struct err *err) MUST_USE;
/* The newest of the last entries of the kinds that `which` comes after. */
bool cond_anchor_of(const struct pack_world *world, const struct cond_which *which,
                    struct cond_anchor *anchor, struct err *err) MUST_USE;

/* COUNT with `on-file`: whether the entry's file is so; *files: looked into so far. */
bool cond_on_file(const struct cond_atom *atom, const struct pack_world *world,
                  const struct pack_seen *seen, size_t *files, bool *fits,
                  struct err *err) MUST_USE;

/* Each form. */
bool cond_look_has(const struct pack_cond *cond, const struct cond_atom *atom,
                   const struct pack_world *world, bool *holds, struct err *err) MUST_USE;
bool cond_look_older_than(const struct pack_cond *cond, const struct cond_atom *atom,
                          const struct pack_world *world, bool *holds, struct err *err) MUST_USE;
bool cond_look_same_account(const struct cond_atom *atom, const struct pack_world *world,
                            bool *holds, struct err *err) MUST_USE;
bool cond_look_count(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                     struct err *err) MUST_USE;
/* A count with `of-owed`. */
bool cond_look_owed(const struct pack_cond *cond, const struct cond_atom *atom,
                    const struct pack_world *world, bool *holds, struct err *err) MUST_USE;
/* A count with `of-all`. */
bool cond_look_of_all(const struct pack_cond *cond, const struct cond_atom *atom,
                      const struct pack_world *world, bool *holds, struct err *err) MUST_USE;
/* Whether the files that a count found are the share asked for, `of-files`. */
bool cond_look_of_files(const struct cond_atom *atom, const struct pack_world *world,
                        int64_t counted, bool *holds, struct err *err) MUST_USE;
/* A count with `anywhere`; and those that it counts. */
bool cond_look_anywhere(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                        struct err *err) MUST_USE;
bool cond_tell_anywhere(const struct cond_atom *atom, const struct pack_world *world,
                        pack_visit_entry *visit, void *ctx, struct err *err) MUST_USE;
bool cond_look_share(const struct pack_cond *cond, const struct cond_atom *atom,
                     const struct pack_world *world, bool *holds, struct err *err) MUST_USE;
bool cond_look_complete(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                        struct err *err) MUST_USE;
/* Whether the entry leaves out something that was due. */
bool cond_is_incomplete(const struct cond_atom *atom, const struct pack_seen *seen);
bool cond_look_after(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                     struct err *err) MUST_USE;
bool cond_look_running(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                       struct err *err) MUST_USE;

#endif
