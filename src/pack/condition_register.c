/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What stands on the register's own file, asked of any other. That file is long
 * (it keeps time, and every reading), so entries of one kind are asked for,
 * which an index finds, and nothing that would have it read through.
 */
#include "pack/condition_reader.h"

static bool is_short(const struct cond_atom *atom)
{
	switch (atom->form) {
	case COND_HAS:
	case COND_LACKS:
	case COND_FRESH:
	case COND_COUNT:
	case COND_OLDER_THAN:
		return atom->which.kind_count == 1 && !atom->which.through &&
		       atom->which.after_count <= 1 && !atom->since && !atom->with_this;
	case COND_FIELD:
	case COND_FACT:
	case COND_STATE:
	case COND_FILE:
	case COND_SHARE:
	case COND_COMPLETE:
	case COND_AFTER:
	case COND_RUNNING:
	case COND_SILENT_FOR:
	case COND_AGE:
	case COND_TURNS_AGE:
	case COND_LINKED:
	case COND_SAME_FILE:
	case COND_DUTY:
	case COND_ASKED:
	case COND_OFFICE:
	case COND_OFFICE_IN:
	case COND_SECOND:
	case COND_SAME_ACCOUNT:
	case COND_OUTSIDE_LINE:
	case COND_HELD:
	case COND_REGISTER:
		break;
	}
	return false;
}

static bool is_made_there(const struct reader *reader, const struct pack_kind *kind)
{
	const struct pack_file_type *own = reader->loader->pack->register_type;
	return own && (kind->file_types >> own->number & 1);
}

bool condition_read_register(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct pack_file_type *own = reader->loader->pack->register_type;
	if (reader->has_pattern_forms)
		return reader_wrong(reader, node,
		                    "no entry of the register's own file wakes a pattern");
	if (reader->is_in_where)
		return reader_wrong(reader, node, "register stands in no other file's condition");
	atom->where = reader_inner(reader, node, own ? UINT64_C(1) << own->number : 0);
	for (size_t i = 0; atom->where && i < atom->where->atom_count; i++) {
		const struct cond_atom *one = atom->where->atoms[i];
		if (!is_short(one))
			return reader_wrong(reader, node,
			                    "expected has, lacks, fresh, count or older-than of "
			                    "one kind");
		if (!is_made_there(reader, one->which.kinds[0]) ||
		    (one->which.after_count > 0 && !is_made_there(reader, one->which.after[0])))
			return reader_wrong(reader, node,
			                    "expected a kind that is made on the register");
	}
	return atom->where != NULL;
}

bool cond_look_register(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                        struct err *err)
{
	struct pack_world own = { 0 };
	*holds = false;
	return world->calls->at_register(world, &own, err) &&
	       pack_cond_holds(atom->where, &own, holds, err);
}
