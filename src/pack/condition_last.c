/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Forms that look for the last entry of a kind: has, lacks, fresh, older-than, same-account; and
 * what entries come after. */
#include "pack/condition_look.h"

static bool take_anchor(void *ctx, const struct pack_seen *seen)
{
	struct cond_anchor *anchor = ctx;
	*anchor = (struct cond_anchor){ seen->index, seen->happened };
	return false;
}

/*
 * The last entry of `kind`: on the world's own file where that kind is made
 * there, else at the other end.
 */
bool cond_last_of(const struct pack_world *world, const struct pack_kind *kind,
                  const struct pack_relation *through, struct cond_anchor *anchor, struct err *err)
{
	bool is_own = world->type && (kind->file_types >> world->type->number & 1);
	*anchor = (struct cond_anchor){ .index = COND_NO_INDEX };
	return world->calls->entries(world, &kind, 1, is_own ? NULL : through, take_anchor, anchor,
	                             err);
}

struct last_by {
	const struct cond_which *by;
	const struct pack_world *world;
	struct cond_anchor anchor;
	size_t rows;
};

static bool take_anchor_by(void *ctx, const struct pack_seen *seen)
{
	struct last_by *last = ctx;
	bool fits = cond_role_fits(last->by, last->world, seen->office);
	if (fits)
		last->anchor = (struct cond_anchor){ seen->index, seen->happened };
	return !fits && ++last->rows < COND_ROWS_MAX;
}

/* The last of the kind that one of the offices made; none among the newest COND_ROWS_MAX: none. */
static bool last_by(const struct pack_world *world, const struct cond_which *which,
                    const struct pack_kind *kind, struct cond_anchor *anchor, struct err *err)
{
	bool is_own = world->type && (kind->file_types >> world->type->number & 1);
	struct cond_which by = { .by = which->after_by, .by_count = which->after_by_count };
	struct last_by last = { .by = &by, .world = world, .anchor = { .index = COND_NO_INDEX } };
	if (!world->calls->entries(world, &kind, 1, is_own ? NULL : which->through, take_anchor_by,
	                           &last, err))
		return false;
	*anchor = last.anchor;
	return true;
}

/* The newest of the last entries of the kinds that `which` comes after. */
bool cond_anchor_of(const struct pack_world *world, const struct cond_which *which,
                    struct cond_anchor *anchor, struct err *err)
{
	*anchor = (struct cond_anchor){ .index = COND_NO_INDEX };
	for (size_t i = 0; i < which->after_count; i++) {
		struct cond_anchor one;
		if (which->after_by_count > 0
		            ? !last_by(world, which, which->after[i], &one, err)
		            : !cond_last_of(world, which->after[i], which->through, &one, err))
			return false;
		if (one.index > anchor->index)
			*anchor = one;
	}
	return true;
}

/* What happened on a day before it is not after it, whenever it is written down. */
static bool is_after(const struct pack_world *world, const struct cond_anchor *anchor,
                     const struct pack_seen *seen)
{
	const struct zone *zone = world->pack->zone;
	return anchor->index == COND_NO_INDEX || seen->happened >= anchor->happened ||
	       day_number(zone_day(zone, seen->happened)) >=
	               day_number(zone_day(zone, anchor->happened));
}

/* --- looking for one ----------------------------------------------------------------------------
 */

struct search {
	const struct cond_which *which;
	const struct pack_world *world;
	const struct pack_period *period; /* or NULL */
	struct cond_anchor behind;        /* only entries after it */
	size_t rows;
	size_t files; /* EVERY: that were looked at */
	bool is_found;
	bool is_cut;    /* the limit was reached */
	bool is_failed; /* *err is set */
	struct pack_seen found;
	bool is_same_account;
	struct err *err;
};

static bool search_one(void *ctx, const struct pack_seen *seen)
{
	struct search *search = ctx;
	if (seen->index <= search->behind.index)
		return false;
	if (search->rows++ == COND_ROWS_MAX) {
		search->is_cut = true;
		return false;
	}
	if (!cond_which_fits(search->which, search->world, seen) ||
	    !is_after(search->world, &search->behind, seen))
		return true;
	if (search->period) {
		bool within;
		if (!cond_is_within(search->world, search->period, seen->happened, &within,
		                    search->err)) {
			search->is_failed = true;
			return false;
		}
		if (!within)
			return true;
	}
	search->is_found = true;
	search->found = *seen;
	search->is_same_account = seen->account.p && search->world->account.p &&
	                          str_eq(seen->account, search->world->account);
	return false;
}

/* On every file at the other end: there must be one, and none without such an entry. */
static bool search_file(void *ctx, const struct pack_seen_file *file)
{
	struct search *search = ctx;
	const struct cond_which *which = search->which;
	struct pack_world other = { 0 };
	bool may = which->kind_count == 0;
	for (size_t i = 0; i < which->kind_count; i++)
		may = may ||
		      (file->type && (which->kinds[i]->file_types >> file->type->number & 1));
	if (!file->type || !may)
		return true;
	search->is_found = false;
	search->is_cut = search->files++ == COND_EVERY_MAX;
	if (search->is_cut)
		return false;
	search->rows = 0;
	search->is_failed =
		!search->world->calls->at_file(search->world, file, &other, search->err) ||
		!other.calls->entries(&other, which->kinds, which->kind_count, NULL, search_one,
	                              search, search->err) ||
		search->is_failed;
	return search->is_found && !search->is_failed && !search->is_cut;
}

static bool search(const struct pack_world *world, const struct cond_which *which,
                   const struct pack_period *period, struct search *out, struct err *err)
{
	*out = (struct search){ .which = which, .world = world, .period = period, .err = err };
	if (!cond_anchor_of(world, which, &out->behind, err))
		return false;
	if (which->on_every)
		return world->calls->links(world, which->through, search_file, out, err) &&
		       !out->is_failed;
	return world->calls->entries(world, which->kinds, which->kind_count, which->through,
	                             search_one, out, err) &&
	       !out->is_failed;
}

bool cond_look_has(const struct pack_cond *cond, const struct cond_atom *atom,
                   const struct pack_world *world, bool *holds, struct err *err)
{
	struct search found;
	if (!search(world, &atom->which, atom->form == COND_FRESH ? &atom->period : NULL, &found,
	            err))
		return false;
	if (found.is_cut)
		*holds = cond_saturated(cond, atom);
	else
		*holds = found.is_found == (atom->form != COND_LACKS);
	return true;
}

/* From when it was recorded: no date that somebody writes makes a thing old. */
bool cond_look_older_than(const struct pack_cond *cond, const struct cond_atom *atom,
                          const struct pack_world *world, bool *holds, struct err *err)
{
	struct search found;
	bool within = true;
	if (!search(world, &atom->which, NULL, &found, err))
		return false;
	if (found.is_found &&
	    !cond_is_within(world, &atom->period, found.found.recorded, &within, err))
		return false;
	*holds = found.is_cut ? cond_saturated(cond, atom) : !within;
	return true;
}

/* The newest `which`; where its kind begins a file, the first is the only one there is. */
bool cond_look_same_account(const struct cond_atom *atom, const struct pack_world *world,
                            bool *holds, struct err *err)
{
	struct search found;
	if (!search(world, &atom->which, NULL, &found, err))
		return false;
	*holds = found.is_found && found.is_same_account;
	return true;
}
