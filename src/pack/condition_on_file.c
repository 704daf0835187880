/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A count of entries whose own file is as a condition says (`on-file`). */
#include "pack/condition_look.h"
#include "pack/condition_reader.h"

/* Where more files would be looked into, the rest count: of at-most that would say too much. */
bool condition_read_on_file(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct yaml *on_file = yaml_member(node, STR("on-file"));
	uint64_t types = 0;
	if (!on_file)
		return true;
	if (!reader->has_pattern_forms)
		return reader_wrong(reader, on_file, "on-file is asked in patterns alone");
	if (!yaml_member(node, STR("at-least")) || yaml_member(node, STR("at-most")) ||
	    atom->with_this || atom->owed || atom->newest || reader->is_in_where)
		return reader_wrong(reader, on_file,
		                    "on-file goes with at-least, and without with-this, "
		                    "of-newest and of-owed");
	for (size_t i = 0; i < atom->which.kind_count; i++)
		types |= atom->which.kinds[i]->file_types;
	return (atom->where = reader_inner(reader, on_file, types)) != NULL;
}

bool cond_on_file(const struct cond_atom *atom, const struct pack_world *world,
                  const struct pack_seen *seen, size_t *files, bool *fits, struct err *err)
{
	struct pack_seen_file file = { .file = seen->file };
	struct pack_world there = { 0 };
	*fits = true;
	if (!atom->where || ++*files > COND_ROWS_MAX)
		return true;
	return world->calls->at_file(world, &file, &there, err) &&
	       pack_cond_holds(atom->where, &there, fits, err);
}
