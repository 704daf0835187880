/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what the forms that look at linked files share. */
#ifndef CANDOUR_PACK_CONDITION_LINKS_H
#define CANDOUR_PACK_CONDITION_LINKS_H

#include "pack/atom.h"

/* One look at the files at the other end of a relation. */
struct cond_linking {
	const struct cond_atom *atom;
	const struct pack_world *world;
	const struct pack_file_type *only; /* of this type, or NULL: of the atom's */
	size_t rows;
	int64_t counted;
	int64_t enough;
	bool is_cut;
	bool is_failed;
	struct err *err;
};

/* Whether the file is among those that the atom counts. False: it failed. */
bool cond_link_is_meant(struct cond_linking *linking, const struct pack_seen_file *file,
                        bool *is) MUST_USE;
/* LINKED with apart. */
bool cond_look_apart(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                     struct err *err) MUST_USE;

#endif
