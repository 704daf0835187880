/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * `count: of-all`: how many entries say something, and what share they are of
 * all entries of those kinds in the time, whatever they say.
 */
#include "pack/condition_look.h"
#include "pack/condition_reader.h"

bool condition_read_of_all(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct yaml *of_all = yaml_member(node, STR("of-all"));
	const struct cond_which *which = &atom->which;
	if (!of_all)
		return true;
	if (!reader->has_pattern_forms)
		return reader_wrong(reader, of_all, "of-all is asked in patterns alone");
	if (which->kind_count == 0 || !which->where_count || !atom->has_period ||
	    !yaml_member(node, STR("at-least")) || yaml_member(node, STR("at-most")) ||
	    atom->since || atom->newest || atom->owed || which->through || which->after_count ||
	    atom->what != COND_BY_NOTHING || atom->with_this || atom->anywhere.p ||
	    yaml_member(node, STR("on-file")))
		return reader_wrong(reader, of_all,
		                    "of-all goes with of kinds and where, within and at-least, and "
		                    "nothing else");
	return reader_number(reader, node, STR("of-all"), 1, 100, &atom->of_all);
}

struct among {
	const struct cond_atom *atom;
	const struct pack_world *world;
	struct cond_which any; /* whatever they say */
	struct cond_window window;
	size_t rows;
	int64_t counted;
	int64_t all;
	bool is_cut;
	bool is_failed;
	struct err *err;
};

static bool is_within(struct among *among, instant at)
{
	bool within = false;
	if (!cond_is_in_window(&among->window, among->world, &among->atom->period, at, &within,
	                       among->err))
		among->is_failed = true;
	return within && !among->is_failed;
}

static bool see(void *ctx, const struct pack_seen *seen)
{
	struct among *among = ctx;
	if (among->rows++ == COND_COUNT_MAX) {
		among->is_cut = true;
		return false;
	}
	/* Nothing happens after it was recorded: what follows is older still. */
	if (!is_within(among, seen->recorded))
		return false;
	if (!cond_which_fits(&among->any, among->world, seen) || !is_within(among, seen->happened))
		return !among->is_failed;
	among->all++;
	among->counted += cond_which_fits(&among->atom->which, among->world, seen);
	return true;
}

bool cond_look_of_all(const struct pack_cond *cond, const struct cond_atom *atom,
                      const struct pack_world *world, bool *holds, struct err *err)
{
	struct among among = {
		.atom = atom, .world = world, .any = atom->which, .window = COND_WINDOW, .err = err
	};
	among.any.where_count = 0;
	if (!world->calls->entries(world, atom->which.kinds, atom->which.kind_count, NULL, see,
	                           &among, err) ||
	    among.is_failed)
		return false;
	*holds = among.counted >= atom->least && 100 * among.counted >= atom->of_all * among.all;
	if (among.is_cut && !*holds)
		*holds = cond_saturated(cond, atom);
	return true;
}
