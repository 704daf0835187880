/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Forms that look over entries: has, lacks, fresh, count, share,
 * after, running, older-than, same-account. Each stops at its limit; what was
 * not looked at counts for the protecting side. Here is what they share.
 */
#include "pack/condition_look.h"

/*
 * Whether the period cannot have ended yet, whatever the calendar says: a month
 * has 28 days or more, a working day is a day, and the end of a day is never two
 * days before the day is counted out.
 */
static bool is_surely_within(const struct pack_world *world, const struct pack_period *period,
                             instant from)
{
	int64_t days = period->unit == PACK_HOURS ? 0 : period->amount - 2;
	if (period->unit == PACK_MONTHS)
		days = period->amount * 28 - 2;
	return days > 0 && world->now < from + days * INSTANT_PER_DAY;
}

bool cond_is_within(const struct pack_world *world, const struct pack_period *period, instant from,
                    bool *within, struct err *err)
{
	struct pack_due due;
	*within = is_surely_within(world, period, from);
	if (*within)
		return true;
	if (!pack_due(world->pack->calendar, from, period, &due, err))
		return false;
	*within = world->now < due.due;
	return true;
}

bool cond_is_in_window(struct cond_window *window, const struct pack_world *world,
                       const struct pack_period *period, instant from, bool *within,
                       struct err *err)
{
	*within = from >= window->in;
	if (*within || from <= window->out)
		return true;
	if (!cond_is_within(world, period, from, within, err))
		return false;
	if (*within)
		window->in = from;
	else
		window->out = from;
	return true;
}

/* What an atom says when its limit is reached before it is known. */
bool cond_saturated(const struct pack_cond *cond, const struct cond_atom *atom)
{
	return cond->saturates_to_true != atom->is_negated;
}

bool cond_role_fits(const struct cond_which *which, const struct pack_world *world,
                    struct str office)
{
	if (which->by_count == 0)
		return true;
	const struct pack_office *role = office.p ? world->calls->role_of(world, office) : NULL;
	for (size_t i = 0; role && i < which->by_count; i++) {
		if (which->by[i] == role)
			return true;
	}
	return false;
}

static bool read_where(const struct cond_which *which, const struct pack_seen *seen)
{
	for (size_t i = 0; i < which->where_count; i++) {
		if (!cond_test_raw(&which->where[i].test,
		                   cond_raw_member(seen->plain, which->where[i].field)))
			return false;
	}
	return true;
}

/* An entry's fields do not change: they are read once for each that asks. */
static bool where_fits(const struct cond_which *which, const struct pack_seen *seen)
{
	struct pack_said *said = seen->said;
	if (!said)
		return read_where(which, seen);
	for (size_t i = 0; i < PACK_SAID_MAX; i++) {
		if (said->asked[i] == which->where)
			return said->is_so[i];
	}
	bool is_so = read_where(which, seen);
	said->asked[said->next] = which->where;
	said->is_so[said->next] = is_so;
	said->next = (uint8_t)((said->next + 1) % PACK_SAID_MAX);
	return is_so;
}

bool cond_which_fits(const struct cond_which *which, const struct pack_world *world,
                     const struct pack_seen *seen)
{
	bool is_named = which->kind_count == 0 && !cond_says_nothing(seen);
	for (size_t i = 0; i < which->kind_count && !is_named; i++)
		is_named = which->kinds[i] == seen->kind;
	if (!is_named)
		return false;
	if (which->where_count && !where_fits(which, seen))
		return false;
	return cond_role_fits(which, world, seen->office);
}

/* Whether there are too few to come to `wanted`, whatever they say. *most 0: it is not told. */
bool cond_are_fewer(const struct pack_world *world, const struct pack_kind *const *kinds,
                    size_t count, const struct pack_relation *through, int64_t wanted,
                    int64_t *most, bool *fewer, struct err *err)
{
	*fewer = false;
	*most = 0;
	if (!world->calls->at_most)
		return true;
	if (!world->calls->at_most(world, kinds, count, through, most, err))
		return false;
	*fewer = *most < wanted;
	if (*most == INT64_MAX)
		*most = 0;
	return true;
}

bool cond_look(const struct pack_cond *cond, const struct cond_atom *atom,
               const struct pack_world *world, bool *holds, struct err *err)
{
	switch (atom->form) { /* those that look over entries; condition.c sends no other */
	case COND_COUNT:
		return atom->owed         ? cond_look_owed(cond, atom, world, holds, err)
		       : atom->anywhere.p ? cond_look_anywhere(atom, world, holds, err)
		       : atom->of_all     ? cond_look_of_all(cond, atom, world, holds, err)
		                          : cond_look_count(atom, world, holds, err);
	case COND_SHARE:
		return cond_look_share(cond, atom, world, holds, err);
	case COND_COMPLETE:
		return cond_look_complete(atom, world, holds, err);
	case COND_AFTER:
		return cond_look_after(atom, world, holds, err);
	case COND_RUNNING:
		return cond_look_running(atom, world, holds, err);
	case COND_OLDER_THAN:
		return cond_look_older_than(cond, atom, world, holds, err);
	case COND_SAME_ACCOUNT:
		return cond_look_same_account(atom, world, holds, err);
	case COND_HAS:
	case COND_LACKS:
	case COND_FRESH:
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
	case COND_OUTSIDE_LINE:
	case COND_HELD:
	case COND_REGISTER:
		break;
	}
	return cond_look_has(cond, atom, world, holds, err);
}
