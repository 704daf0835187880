/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Forms that look over entries: has, lacks, fresh, count, share,
 * after, running, older-than, same-account. Each stops at its limit; what was
 * not looked at counts for the protecting side.
 */
#include "pack/atom.h"

#define DISTINCT_MAX (COND_BOUND_MAX + 1)
#define NO_INDEX INT64_C(-1)

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
static bool saturated(const struct pack_cond *cond, const struct cond_atom *atom)
{
	return cond->saturates_to_true != atom->is_negated;
}

static bool role_fits(const struct cond_which *which, const struct pack_world *world,
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
	bool is_named = which->kind_count == 0 && !seen->by_register;
	for (size_t i = 0; i < which->kind_count && !is_named; i++)
		is_named = which->kinds[i] == seen->kind;
	if (!is_named)
		return false;
	if (which->where_count && !where_fits(which, seen))
		return false;
	return role_fits(which, world, seen->office);
}

/* --- the last of a kind -------------------------------------------------------------------------
 */

/* What entries must come after: later in the register, and no day earlier. */
struct anchor {
	int64_t index; /* NO_INDEX: there is none */
	instant happened;
};

static bool take_anchor(void *ctx, const struct pack_seen *seen)
{
	struct anchor *anchor = ctx;
	*anchor = (struct anchor){ seen->index, seen->happened };
	return false;
}

/*
 * The last entry of `kind`: on the world's own file where that kind is made
 * there, else at the other end.
 */
static bool last_of(const struct pack_world *world, const struct pack_kind *kind,
                    const struct pack_relation *through, struct anchor *anchor, struct err *err)
{
	bool is_own = world->type && (kind->file_types >> world->type->number & 1);
	*anchor = (struct anchor){ .index = NO_INDEX };
	return world->calls->entries(world, &kind, 1, is_own ? NULL : through, take_anchor, anchor,
	                             err);
}

/* The newest of the last entries of the kinds that `which` comes after. */
static bool anchor_of(const struct pack_world *world, const struct cond_which *which,
                      struct anchor *anchor, struct err *err)
{
	*anchor = (struct anchor){ .index = NO_INDEX };
	for (size_t i = 0; i < which->after_count; i++) {
		struct anchor one;
		if (!last_of(world, which->after[i], which->through, &one, err))
			return false;
		if (one.index > anchor->index)
			*anchor = one;
	}
	return true;
}

/* What happened on a day before it is not after it, whenever it is written down. */
static bool is_after(const struct pack_world *world, const struct anchor *anchor,
                     const struct pack_seen *seen)
{
	const struct zone *zone = world->pack->zone;
	return anchor->index == NO_INDEX || seen->happened >= anchor->happened ||
	       day_number(zone_day(zone, seen->happened)) >=
	               day_number(zone_day(zone, anchor->happened));
}

/* --- looking for one ----------------------------------------------------------------------------
 */

struct search {
	const struct cond_which *which;
	const struct pack_world *world;
	const struct pack_period *period; /* or NULL */
	struct anchor behind;             /* only entries after it */
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
	if (!anchor_of(world, which, &out->behind, err))
		return false;
	if (which->on_every)
		return world->calls->links(world, which->through, search_file, out, err) &&
		       !out->is_failed;
	return world->calls->entries(world, which->kinds, which->kind_count, which->through,
	                             search_one, out, err) &&
	       !out->is_failed;
}

static bool look_has(const struct pack_cond *cond, const struct cond_atom *atom,
                     const struct pack_world *world, bool *holds, struct err *err)
{
	struct search found;
	if (!search(world, &atom->which, atom->form == COND_FRESH ? &atom->period : NULL, &found,
	            err))
		return false;
	if (found.is_cut)
		*holds = saturated(cond, atom);
	else
		*holds = found.is_found == (atom->form != COND_LACKS);
	return true;
}

/* From when it was recorded: no date that somebody writes makes a thing old. */
static bool look_older_than(const struct pack_cond *cond, const struct cond_atom *atom,
                            const struct pack_world *world, bool *holds, struct err *err)
{
	struct search found;
	bool within = true;
	if (!search(world, &atom->which, NULL, &found, err))
		return false;
	if (found.is_found &&
	    !cond_is_within(world, &atom->period, found.found.recorded, &within, err))
		return false;
	*holds = found.is_cut ? saturated(cond, atom) : !within;
	return true;
}

/* The newest `which`; where its kind begins a file, the first is the only one there is. */
static bool look_same_account(const struct cond_atom *atom, const struct pack_world *world,
                              bool *holds, struct err *err)
{
	struct search found;
	if (!search(world, &atom->which, NULL, &found, err))
		return false;
	*holds = found.is_found && found.is_same_account;
	return true;
}

/* Whether there are too few to come to `wanted`, whatever they say. *most 0: it is not told. */
static bool are_fewer(const struct pack_world *world, const struct pack_kind *const *kinds,
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

/* --- counting -----------------------------------------------------------------------------------
 */

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
	if (counting->rows++ == COND_COUNT_MAX) {
		counting->is_cut = true;
		return false;
	}
	if (!cond_which_fits(&atom->which, counting->world, seen))
		return true;
	if (atom->has_period &&
	    !cond_is_in_window(&counting->window, counting->world, &atom->period, seen->happened,
	                       &within, counting->err)) {
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
	if (!world->kind || !is_named || !role_fits(which, world, world->office))
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

static bool look_count(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                       struct err *err)
{
	int64_t n = atom->most < INT64_MAX && atom->most > atom->least ? atom->most : atom->least;
	struct counting counting = { .atom = atom,
		                     .world = world,
		                     .window = COND_WINDOW,
		                     .behind = NO_INDEX,
		                     .enough = n + 1,
		                     .err = err };
	const struct cond_which *which = &atom->which;
	struct anchor anchor;
	bool fewer = false;

	if (!atom->with_this && !are_fewer(world, which->kinds, which->kind_count, which->through,
	                                   atom->least, &counting.most, &fewer, err))
		return false;
	if (fewer) {
		*holds = false;
		return true;
	}
	if (!anchor_of(world, which, &anchor, err))
		return false;
	counting.behind = anchor.index;
	if (atom->since) {
		if (!last_of(world, atom->since, which->through, &anchor, err))
			return false;
		counting.behind = anchor.index > counting.behind ? anchor.index : counting.behind;
	}
	if (!world->calls->entries(world, which->kinds, which->kind_count, which->through,
	                           count_one, &counting, err) ||
	    counting.is_failed || !add_this(&counting, world, err))
		return false;
	/* Past 1,000 rows the number compared counts as reached. */
	if (counting.is_cut && counting.counted < n)
		counting.counted = n;
	*holds = counting.counted >= atom->least && counting.counted <= atom->most;
	return true;
}

static bool look_share(const struct pack_cond *cond, const struct cond_atom *atom,
                       const struct pack_world *world, bool *holds, struct err *err)
{
	struct counting counting = { .atom = atom,
		                     .world = world,
		                     .window = COND_WINDOW,
		                     .behind = NO_INDEX,
		                     .enough = INT64_MAX,
		                     .err = err };
	bool fewer;
	if (!are_fewer(world, atom->which.kinds, atom->which.kind_count, atom->which.through,
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
		*holds = saturated(cond, atom);
	else
		*holds = !counting.is_apart && counting.counted >= atom->months &&
		         100 * largest_of(&counting) >= atom->least * counting.counted;
	return true;
}

/* --- one after another ---------------------------------------------------------------------------
 */

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
static bool look_after(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                       struct err *err)
{
	struct gathering first;
	struct gathering then;
	bool lacks_first, lacks_then;
	int64_t most;
	*holds = false;
	if (!are_fewer(world, atom->which.kinds, atom->which.kind_count, atom->which.through, 1,
	               &most, &lacks_first, err) ||
	    !are_fewer(world, atom->then.kinds, atom->then.kind_count, atom->then.through, 1, &most,
	               &lacks_then, err))
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

static bool look_running(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                         struct err *err)
{
	struct running running = { .atom = atom, .world = world };
	int64_t most;
	bool fewer;
	if (!are_fewer(world, atom->among, atom->among_count, atom->which.through, atom->least,
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

bool cond_look(const struct pack_cond *cond, const struct cond_atom *atom,
               const struct pack_world *world, bool *holds, struct err *err)
{
	switch (atom->form) { /* the forms of this file; condition.c sends no other */
	case COND_COUNT:
		return look_count(atom, world, holds, err);
	case COND_SHARE:
		return look_share(cond, atom, world, holds, err);
	case COND_AFTER:
		return look_after(atom, world, holds, err);
	case COND_RUNNING:
		return look_running(atom, world, holds, err);
	case COND_OLDER_THAN:
		return look_older_than(cond, atom, world, holds, err);
	case COND_SAME_ACCOUNT:
		return look_same_account(atom, world, holds, err);
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
		break;
	}
	return look_has(cond, atom, world, holds, err);
}
