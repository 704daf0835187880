/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Forms of one entry after another: after, running. */
#include "pack/condition_look.h"

struct gathering {
	const struct cond_which *which;
	const struct pack_world *world;
	instant happened[COND_ROWS_MAX]; /* newest first by index */
	size_t count;
	size_t rows;
};

static bool gather_one(void *ctx, const struct pack_seen *seen)
{
	struct gathering *gathering = ctx;
	if (gathering->rows++ == COND_COUNT_MAX)
		return false;
	if (cond_which_fits(gathering->which, gathering->world, seen))
		gathering->happened[gathering->count++] = seen->happened;
	return gathering->count < COND_ROWS_MAX;
}

static bool gather(const struct pack_world *world, const struct cond_which *which,
                   struct gathering *out, struct err *err)
{
	*out = (struct gathering){ .which = which, .world = world };
	return world->calls->entries(world, which->kinds, which->kind_count, which->through,
	                             gather_one, out, err);
}

static bool follows(const struct cond_atom *atom, const struct pack_world *world, instant first,
                    instant then, bool *holds, struct err *err)
{
	struct pack_due due;
	if (then < first)
		return true;
	if (!pack_due(world->pack->calendar, first, &atom->period, &due, err))
		return false;
	*holds = *holds || then < due.due;
	return true;
}

/* Of each pair one is the newest of its sort: an older pair was seen when it was made. */
bool cond_look_after(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                     struct err *err)
{
	struct gathering first;
	struct gathering then;
	bool lacks_first, lacks_then;
	int64_t most;
	*holds = false;
	if (!cond_are_fewer(world, atom->which.kinds, atom->which.kind_count, atom->which.through,
	                    1, &most, &lacks_first, err) ||
	    !cond_are_fewer(world, atom->then.kinds, atom->then.kind_count, atom->then.through, 1,
	                    &most, &lacks_then, err))
		return false;
	if (lacks_first || lacks_then)
		return true;
	if (!gather(world, &atom->which, &first, err) || !gather(world, &atom->then, &then, err))
		return false;
	for (size_t i = 0; then.count && i < first.count; i++) {
		if (!follows(atom, world, first.happened[i], then.happened[0], holds, err))
			return false;
	}
	for (size_t i = 0; first.count && i < then.count; i++) {
		if (!follows(atom, world, first.happened[0], then.happened[i], holds, err))
			return false;
	}
	return true;
}

struct running {
	const struct cond_atom *atom;
	const struct pack_world *world;
	int64_t seen;
	bool is_broken;
};

static bool run_one(void *ctx, const struct pack_seen *seen)
{
	struct running *running = ctx;
	if (!cond_which_fits(&running->atom->which, running->world, seen))
		running->is_broken = true;
	running->seen++;
	return !running->is_broken && running->seen < running->atom->least;
}

bool cond_look_running(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                       struct err *err)
{
	struct running running = { .atom = atom, .world = world };
	int64_t most;
	bool fewer;
	if (!cond_are_fewer(world, atom->among, atom->among_count, atom->which.through, atom->least,
	                    &most, &fewer, err))
		return false;
	*holds = false;
	if (fewer)
		return true;
	if (!world->calls->entries(world, atom->among, atom->among_count, atom->which.through,
	                           run_one, &running, err))
		return false;
	*holds = !running.is_broken && running.seen >= atom->least;
	return true;
}
