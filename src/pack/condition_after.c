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

#define SHARED_MAX 32 /* values of a field that all may share */

struct running {
	const struct cond_atom *atom;
	const struct pack_world *world;
	int64_t seen;
	bool is_broken;
	uint64_t shared[SHARED_MAX]; /* hashes of the values that all so far have */
	size_t shared_count;
};

/* The next value of a field as it is written: one, or several, "[\"a\",\"b\"]". p NULL: no more. */
static struct str next_value(struct str *rest)
{
	bool is_list = rest->n > 0 && (rest->p[0] == '[' || rest->p[0] == ',');
	if (!is_list) {
		struct str whole = *rest;
		*rest = STR_NONE;
		return whole.n > 0 && whole.p[0] != ']' ? whole : STR_NONE;
	}
	struct str item = str_sub(*rest, 1, rest->n);
	size_t end = str_find(item, ',');
	bool is_last = end == item.n;
	*rest = is_last ? STR_NONE : str_sub(item, end, item.n);
	return is_last ? str_sub(item, 0, item.n - 1) : str_sub(item, 0, end);
}

static bool has_value(struct str raw, uint64_t hash)
{
	struct str rest = raw, value;
	while ((value = next_value(&rest)).n > 0) {
		if (cond_hash(value) == hash)
			return true;
	}
	return false;
}

/* Of the values that all had, those that this entry has too; of the first, all of its own. */
static void share_values(struct running *running, struct str raw)
{
	struct str rest = raw, value;
	size_t kept = 0;
	if (running->seen == 0) {
		while (running->shared_count < SHARED_MAX && (value = next_value(&rest)).n > 0)
			running->shared[running->shared_count++] = cond_hash(value);
		return;
	}
	for (size_t i = 0; i < running->shared_count; i++) {
		if (has_value(raw, running->shared[i]))
			running->shared[kept++] = running->shared[i];
	}
	running->shared_count = kept;
}

static bool run_one(void *ctx, const struct pack_seen *seen)
{
	struct running *running = ctx;
	if (!cond_which_fits(&running->atom->which, running->world, seen))
		running->is_broken = true;
	if (running->atom->what == COND_BY_FIELD) {
		share_values(running, cond_raw_member(seen->plain, running->atom->what_field));
		running->is_broken = running->is_broken || running->shared_count == 0;
	}
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
