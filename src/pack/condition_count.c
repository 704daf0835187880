/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Forms that count entries or tell their values apart: count, share. */
#include "pack/condition_look.h"

#define DISTINCT_MAX (COND_BOUND_MAX + 1)

/* Whose agency an office is; asked once. */
#define SPEAKERS_MAX 8
struct speaker {
	struct str office;
	struct str agency;
};

struct counting {
	const struct cond_atom *atom;
	const struct pack_world *world;
	struct cond_window window;
	int64_t behind;
	size_t rows;
	size_t files; /* looked into */
	int64_t counted;
	int64_t enough; /* no more need be counted */
	int64_t most;   /* SHARE: of all entries that may come; 0: not told */
	bool is_apart;  /* SHARE: the largest cannot come to the share any more */
	bool is_cut;
	bool is_failed;
	struct speaker speakers[SPEAKERS_MAX];
	size_t speaker_count;
	uint64_t values[DISTINCT_MAX];
	int64_t times[DISTINCT_MAX];
	size_t value_count;
	int64_t absent;
	struct err *err;
};

static struct str agency_of(struct counting *counting, struct str office)
{
	for (size_t i = 0; i < counting->speaker_count; i++) {
		if (str_eq(counting->speakers[i].office, office))
			return counting->speakers[i].agency;
	}
	const struct pack_office *role =
		office.p ? counting->world->calls->role_of(counting->world, office) : NULL;
	struct str agency = role && role->agency ? role->agency->name : STR_NONE;
	/* By the role's name, which outlives the visit. */
	if (role && str_eq(role->name, office) && counting->speaker_count < SPEAKERS_MAX)
		counting->speakers[counting->speaker_count++] =
			(struct speaker){ role->name, agency };
	return agency;
}

static struct str value_of(struct counting *counting, const struct pack_seen *seen)
{
	switch (counting->atom->what) {
	case COND_BY_FIELD:
		return cond_raw_member(seen->plain, counting->atom->what_field);
	case COND_BY_OFFICE:
		return seen->office;
	case COND_BY_AGENCY:
		return agency_of(counting, seen->office);
	case COND_BY_ACCOUNT:
		return seen->account;
	case COND_BY_FILE:
		return seen->file;
	case COND_BY_NOTHING:
	case COND_BY_ANYONE:
		break;
	}
	return STR_NONE;
}

/* Adds a value to those told apart; a new one counts. */
static void add_value(struct counting *counting, struct str value)
{
	if (!value.p) {
		counting->absent++;
		return;
	}
	uint64_t hash = cond_hash(value);
	for (size_t i = 0; i < counting->value_count; i++) {
		if (counting->values[i] == hash) {
			counting->times[i]++;
			return;
		}
	}
	if (counting->value_count == DISTINCT_MAX) {
		counting->is_cut = true;
		return;
	}
	counting->values[counting->value_count] = hash;
	counting->times[counting->value_count++] = 1;
}

static int64_t largest_of(const struct counting *counting)
{
	int64_t largest = 0;
	for (size_t i = 0; i < counting->value_count; i++)
		largest = counting->times[i] > largest ? counting->times[i] : largest;
	return largest;
}

/* Though all that may still come were of the largest, the others are too many. */
static bool is_apart(const struct counting *counting)
{
	int64_t others = counting->counted - largest_of(counting);
	return 100 * (counting->most - others) < counting->atom->least * counting->most;
}

static bool count_one(void *ctx, const struct pack_seen *seen)
{
	struct counting *counting = ctx;
	const struct cond_atom *atom = counting->atom;
	bool within = true;

	if (seen->index <= counting->behind)
		return false;
	if (counting->rows++ == (atom->newest ? (size_t)atom->newest : COND_COUNT_MAX)) {
		counting->is_cut = true;
		return false;
	}
	if (!cond_which_fits(&atom->which, counting->world, seen))
		return true;
	if (atom->has_period &&
	    !cond_is_in_window(&counting->window, counting->world, &atom->period,
	                       atom->by_recorded ? seen->recorded : seen->happened, &within,
	                       counting->err)) {
		counting->is_failed = true;
		return false;
	}
	if (within &&
	    !cond_on_file(atom, counting->world, seen, &counting->files, &within, counting->err)) {
		counting->is_failed = true;
		return false;
	}
	if (!within)
		return true;
	if (atom->what == COND_BY_NOTHING) {
		counting->counted++;
	} else {
		add_value(counting, value_of(counting, seen));
		if (atom->is_alike)
			counting->counted = largest_of(counting);
		else if (atom->form == COND_COUNT)
			counting->counted = (int64_t)counting->value_count;
		else
			counting->counted++;
	}
	if (atom->form == COND_SHARE && counting->most)
		counting->is_apart = is_apart(counting);
	return !counting->is_cut && !counting->is_apart && counting->counted < counting->enough;
}

/* The act that is judged, as an entry would show it; its plain fields are a tree, so `where` is
 * asked of that. */
static bool act_fits(const struct cond_atom *atom, const struct pack_world *world, bool *fits,
                     struct err *err)
{
	const struct cond_which *which = &atom->which;
	*fits = false;
	bool is_named = which->kind_count == 0;
	for (size_t i = 0; i < which->kind_count && !is_named; i++)
		is_named = which->kinds[i] == world->kind;
	if (!world->kind || !is_named || !cond_role_fits(which, world, world->office))
		return true;
	for (size_t i = 0; i < which->where_count; i++) {
		if (!cond_test_json(&which->where[i].test,
		                    json_member(world->plain, which->where[i].field)))
			return true;
	}
	*fits = true;
	return !atom->has_period ||
	       cond_is_within(world, &atom->period, world->happened, fits, err);
}

static bool add_this(struct counting *counting, const struct pack_world *world, struct err *err)
{
	const struct cond_atom *atom = counting->atom;
	bool fits;
	if (!atom->with_this || world->shows_act)
		return true;
	if (!act_fits(atom, world, &fits, err))
		return false;
	if (!fits)
		return true;
	if (atom->what == COND_BY_NOTHING) {
		counting->counted++;
		return true;
	}
	const struct json *value = json_member(world->plain, atom->what_field);
	const struct pack_office *role =
		world->office.p ? world->calls->role_of(world, world->office) : NULL;
	struct buf text;
	buf_init(&text, 4096);
	if (atom->what == COND_BY_FIELD && value)
		json_write(&text, value);
	struct str seen = atom->what == COND_BY_ACCOUNT  ? world->account
	                  : atom->what == COND_BY_OFFICE ? world->office
	                  : atom->what == COND_BY_AGENCY
	                          ? (role && role->agency ? role->agency->name : STR_NONE)
	                          : buf_str(&text);
	add_value(counting, seen.n ? seen : STR_NONE);
	buf_finish(&text);
	counting->counted = (int64_t)counting->value_count;
	return true;
}

bool cond_look_count(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                     struct err *err)
{
	int64_t n = atom->most < INT64_MAX && atom->most > atom->least ? atom->most : atom->least;
	struct counting counting = { .atom = atom,
		                     .world = world,
		                     .window = COND_WINDOW,
		                     .behind = COND_NO_INDEX,
		                     .enough = atom->of_files ? INT64_MAX : n + 1,
		                     .err = err };
	const struct cond_which *which = &atom->which;
	struct cond_anchor anchor;
	bool fewer = false;

	if (!atom->with_this &&
	    !cond_are_fewer(world, which->kinds, which->kind_count, which->through, atom->least,
	                    &counting.most, &fewer, err))
		return false;
	if (fewer) {
		*holds = false;
		return true;
	}
	if (!cond_anchor_of(world, which, &anchor, err))
		return false;
	counting.behind = anchor.index;
	if (atom->since) {
		if (!cond_last_of(world, atom->since, which->through, &anchor, err))
			return false;
		counting.behind = anchor.index > counting.behind ? anchor.index : counting.behind;
	}
	if (!world->calls->entries(world, which->kinds, which->kind_count, which->through,
	                           count_one, &counting, err) ||
	    counting.is_failed || !add_this(&counting, world, err))
		return false;
	/* Past 1,000 rows, or those asked for, the number compared counts as reached. */
	if (counting.is_cut && counting.counted < n)
		counting.counted = n;
	*holds = counting.counted >= atom->least && counting.counted <= atom->most;
	return !*holds || !atom->of_files ||
	       cond_look_of_files(atom, world, counting.counted, holds, err);
}

bool cond_look_share(const struct pack_cond *cond, const struct cond_atom *atom,
                     const struct pack_world *world, bool *holds, struct err *err)
{
	struct counting counting = { .atom = atom,
		                     .world = world,
		                     .window = COND_WINDOW,
		                     .behind = COND_NO_INDEX,
		                     .enough = INT64_MAX,
		                     .err = err };
	bool fewer;
	if (!cond_are_fewer(world, atom->which.kinds, atom->which.kind_count, atom->which.through,
	                    atom->months, &counting.most, &fewer, err))
		return false;
	*holds = false;
	if (fewer)
		return true;
	if (!world->calls->entries(world, atom->which.kinds, atom->which.kind_count,
	                           atom->which.through, count_one, &counting, err) ||
	    counting.is_failed)
		return false;
	if (counting.is_cut)
		*holds = cond_saturated(cond, atom);
	else
		*holds = !counting.is_apart && counting.counted >= atom->months &&
		         100 * largest_of(&counting) >= atom->least * counting.counted;
	return true;
}
