/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whether whoever acts holds an office, held it since something was told, or
 * held it not long before: a person who was put into another office takes with
 * them what they did in the first.
 */
#include "pack/condition_look.h"
#include "pack/condition_reader.h"

/* of: an owner, or { kind, field } of the newest such entry; since: kinds of the file. */
bool condition_read_held(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	if (!reader_has_keys(reader, node, "of since within", "", "of since"))
		return false;
	const struct yaml *of = yaml_member(node, STR("of"));
	if (reader->has_pattern_forms)
		return reader_wrong(reader, node, "nobody acts when a pattern is looked for");
	atom->has_owner = of->type != YAML_MAPPING;
	if (atom->has_owner ? !owner_read(reader->loader, of, &atom->owner)
	                    : !condition_read_naming(reader, of, atom))
		return false;
	return reader_kinds(reader, yaml_member(node, STR("since")), &atom->which.kinds,
	                    &atom->which.kind_count) &&
	       reader_within(reader, node, atom);
}

struct earliest {
	instant at;
	size_t rows;
};

/* None is later than now. Past the limit it was long ago. */
static bool go_back(void *ctx, const struct pack_seen *seen)
{
	struct earliest *earliest = ctx;
	instant at = seen->happened < seen->recorded ? seen->happened : seen->recorded;
	if (at < earliest->at)
		earliest->at = at;
	if (++earliest->rows <= COND_ROWS_MAX)
		return true;
	earliest->at = INSTANT_MIN;
	return false;
}

struct holding {
	const struct cond_atom *atom;
	const struct pack_world *world;
	instant since;
	bool is_found;
	bool is_failed;
	struct err *err;
};

static bool held(struct holding *holding, struct str office)
{
	const struct cond_atom *atom = holding->atom;
	const struct pack_world *world = holding->world;
	instant until;
	struct pack_due due;
	if (!world->calls->held_until(world, office, &until, holding->err))
		return false;
	holding->is_found = until >= holding->since;
	if (holding->is_found || until == INSTANT_MIN || !atom->has_period)
		return true;
	if (!pack_due(world->pack->calendar, until, &atom->period, &due, holding->err))
		return false;
	holding->is_found = due.due > holding->since;
	return true;
}

/* Each office that the newest entry names: "a" or ["a","b"]. */
static bool held_of_named(void *ctx, const struct pack_seen *seen)
{
	struct holding *holding = ctx;
	struct str rest = cond_raw_member(seen->plain, holding->atom->ask_field);
	while (!holding->is_found && !holding->is_failed && rest.n > 0) {
		size_t open = str_find(rest, '"');
		if (open == rest.n)
			break;
		rest = str_sub(rest, open + 1, rest.n);
		size_t close = str_find(rest, '"');
		holding->is_failed = !held(holding, str_sub(rest, 0, close));
		rest = str_sub(rest, close + 1, rest.n);
	}
	return false;
}

static bool held_of_owner(struct holding *holding)
{
	const struct pack_world *world = holding->world;
	struct str owner = STR_NONE;
	if (!world->calls->owner(world, &holding->atom->owner, &owner, holding->err))
		return false;
	return !owner.p || held(holding, owner);
}

bool cond_look_held(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                    struct err *err)
{
	/* Where nothing was told, today counts. */
	struct earliest earliest = { .at = world->now };
	struct holding holding = { .atom = atom, .world = world, .err = err };
	*holds = false;
	if (!world->account.p || !world->calls->held_until)
		return true;
	if (!world->calls->entries(world, atom->which.kinds, atom->which.kind_count, NULL, go_back,
	                           &earliest, err))
		return false;
	holding.since = earliest.at;
	if (atom->has_owner ? !held_of_owner(&holding)
	                    : !world->calls->entries(world, &atom->ask, 1, NULL, held_of_named,
	                                             &holding, err) ||
	                              holding.is_failed)
		return false;
	*holds = holding.is_found;
	return true;
}
