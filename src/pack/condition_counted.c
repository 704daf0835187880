/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which entries a condition counts: those that a pattern names when it is found. */
#include "pack/condition_look.h"

/* Forms that look over entries, and what they count when they hold. */
static bool looks_at_entries(const struct cond_atom *atom)
{
	switch (atom->form) {
	case COND_HAS:
	case COND_FRESH:
	case COND_COUNT:
	case COND_SHARE:
	case COND_COMPLETE:
	case COND_AFTER:
	case COND_RUNNING:
	case COND_OLDER_THAN:
		return !atom->is_negated && !atom->forbidden.p;
	case COND_LACKS:
	case COND_FIELD:
	case COND_FACT:
	case COND_STATE:
	case COND_FILE:
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

static bool is_named(const struct cond_which *which, const struct pack_world *world,
                     const struct pack_seen *seen)
{
	return which->kind_count > 0 && cond_which_fits(which, world, seen);
}

bool pack_cond_counts(const struct pack_cond *cond, const struct pack_world *world,
                      const struct pack_seen *seen)
{
	for (size_t i = 0; cond && i < cond->atom_count; i++) {
		const struct cond_atom *atom = cond->atoms[i];
		if (looks_at_entries(atom) &&
		    (is_named(&atom->which, world, seen) || is_named(&atom->then, world, seen)) &&
		    (atom->form != COND_COMPLETE || cond_is_incomplete(atom, seen)))
			return true;
	}
	return false;
}

struct counted {
	const struct cond_atom *atom;
	const struct cond_which *which;
	const struct pack_world *world;
	pack_visit_entry *visit;
	void *ctx;
	size_t rows;
	size_t files;   /* looked into */
	int64_t wanted; /* as many as the form looks at */
	bool is_failed;
	struct err *err;
};

static bool tell_one(void *ctx, const struct pack_seen *seen)
{
	struct counted *counted = ctx;
	const struct cond_atom *atom = counted->atom;
	bool within = true, has_window = atom->form == COND_COUNT || atom->form == COND_SHARE ||
	                                 atom->form == COND_FRESH || atom->form == COND_COMPLETE;
	if (counted->rows++ == COND_COUNT_MAX)
		return false;
	if (!cond_which_fits(counted->which, counted->world, seen))
		return atom->form != COND_RUNNING;
	if (atom->form == COND_COMPLETE && !cond_is_incomplete(atom, seen))
		return true;
	if (has_window && atom->has_period &&
	    !cond_is_within(counted->world, &atom->period,
	                    atom->by_recorded ? seen->recorded : seen->happened, &within,
	                    counted->err)) {
		counted->is_failed = true;
		return false;
	}
	if (within && atom->form == COND_COUNT &&
	    !cond_on_file(atom, counted->world, seen, &counted->files, &within, counted->err)) {
		counted->is_failed = true;
		return false;
	}
	if (!within)
		return true;
	return counted->visit(counted->ctx, seen) && --counted->wanted > 0;
}

static bool tell_which(const struct cond_atom *atom, const struct cond_which *which,
                       const struct pack_world *world, pack_visit_entry *visit, void *ctx,
                       struct err *err)
{
	bool is_several =
		atom->form == COND_COUNT || atom->form == COND_SHARE || atom->form == COND_COMPLETE;
	struct counted counted = { .atom = atom,
		                   .which = which,
		                   .world = world,
		                   .visit = visit,
		                   .ctx = ctx,
		                   .wanted = is_several                   ? COND_COUNT_MAX
		                             : atom->form == COND_RUNNING ? atom->least
		                                                          : 1,
		                   .err = err };
	const struct pack_kind *const *kinds =
		atom->form == COND_RUNNING ? atom->among : which->kinds;
	size_t count = atom->form == COND_RUNNING ? atom->among_count : which->kind_count;
	return world->calls->entries(world, kinds, count, which->through, tell_one, &counted,
	                             err) &&
	       !counted.is_failed;
}

bool pack_cond_counted(const struct pack_cond *cond, const struct pack_world *world,
                       pack_visit_entry *visit, void *ctx, struct err *err)
{
	for (size_t i = 0; cond && i < cond->atom_count; i++) {
		const struct cond_atom *atom = cond->atoms[i];
		bool holds;
		if (!looks_at_entries(atom))
			continue;
		if (!cond_look(cond, atom, world, &holds, err))
			return false;
		if (!holds)
			continue;
		if (atom->anywhere.p) {
			if (!cond_tell_anywhere(atom, world, visit, ctx, err))
				return false;
			continue;
		}
		if (!tell_which(atom, &atom->which, world, visit, ctx, err) ||
		    (atom->form == COND_AFTER &&
		     !tell_which(atom, &atom->then, world, visit, ctx, err)))
			return false;
	}
	return true;
}
