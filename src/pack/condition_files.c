/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * `count: of-files`: on how many files an office did something, and what share
 * those are of the files on which it owes something now. Of these no more are
 * counted than are needed to say that the share is not reached.
 */
#include "pack/condition_look.h"
#include "pack/condition_reader.h"

bool condition_read_of_files(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct yaml *of_files = yaml_member(node, STR("of-files"));
	if (!of_files)
		return true;
	if (!reader->has_pattern_forms)
		return reader_wrong(reader, of_files, "of-files is asked in patterns alone");
	if (atom->what != COND_BY_FILE || atom->is_alike || !atom->has_period ||
	    !yaml_member(node, STR("at-least")) || yaml_member(node, STR("at-most")) ||
	    atom->since || atom->newest || atom->owed || atom->of_all || atom->which.through ||
	    atom->which.after_count || atom->with_this || atom->anywhere.p ||
	    yaml_member(node, STR("on-file")))
		return reader_wrong(reader, of_files,
		                    "of-files goes with of kinds, different: file, within and "
		                    "at-least, and nothing else");
	return reader_number(reader, node, STR("of-files"), 1, 100, &atom->of_files);
}

bool cond_look_of_files(const struct cond_atom *atom, const struct pack_world *world,
                        int64_t counted, bool *holds, struct err *err)
{
	int64_t enough = 100 * counted / atom->of_files + 1; /* with so many it is not reached */
	int64_t files = 0;
	*holds = true;
	if (!world->calls->owes_on)
		return true;
	if (!world->calls->owes_on(world, enough, &files, err))
		return false;
	*holds = files < enough;
	return true;
}
