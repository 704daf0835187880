/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Forms that look beyond one list of entries: ages, linked
 * files, duties, and whether everybody asked has answered.
 */
#include "pack/condition_links.h"

#define MONTHS_OF_YEAR 12

/* --- ages ------------------------------------------------------------------------------------ */

/* The month of birth kept on this file; false: none is known. */
static bool birth_of(const struct pack_world *world, struct month *born)
{
	const struct pack_fact *fact = world->pack->born;
	bool is_here = fact && world->type && fact >= world->type->facts &&
	               fact < world->type->facts + world->type->fact_count;
	struct str value = is_here ? world->calls->fact(world, fact) : STR_NONE;
	return value.p && month_or_year_read(value, born);
}

/* The day at which an age is asked; false: the field is absent. */
static bool day_of(const struct cond_atom *atom, const struct pack_world *world, struct day *out)
{
	const struct zone *zone = world->pack->zone;
	struct month month;
	instant at;

	switch (atom->when) {
	case COND_NOW:
		*out = zone_day(zone, world->now);
		return true;
	case COND_HAPPENED:
		*out = zone_day(zone, world->kind ? world->happened : world->now);
		return true;
	case COND_AT_FIELD:
		break;
	}
	struct str text = json_text(world->plain, atom->name);
	if (day_read(text, out))
		return true;
	if (month_read(text, &month)) {
		*out = (struct day){ month.year, month.month, 1 };
		return true;
	}
	if (!instant_read(text, &at))
		return false;
	*out = zone_day(zone, at);
	return true;
}

/* Without a birth or a day, whoever it is counts as young: the protecting side. */
static bool age_holds(const struct cond_atom *atom, const struct pack_world *world)
{
	struct month born;
	struct day on;
	if (!birth_of(world, &born) || !day_of(atom, world, &on))
		return atom->is_under;
	int age = pack_age_least(born, on);
	return atom->is_under ? age < atom->least : age >= atom->least;
}

/*
 * Whether the age is reached by now, counted from the last day of the month of
 * birth, or of the year. The night on which that becomes true is told apart by who runs it.
 */
static bool turns_age_holds(const struct cond_atom *atom, const struct pack_world *world)
{
	struct month born;
	if (!birth_of(world, &born))
		return false;
	if (born.month == 0)
		born.month = MONTHS_OF_YEAR;
	int64_t month = born.month - 1 + atom->months;
	int64_t year = born.year + atom->least + month / MONTHS_OF_YEAR;
	if (year > 9999)
		return false;
	month = month % MONTHS_OF_YEAR + 1;
	struct day reached = { (int)year, (int)month, 1 };
	int last = month_length(born.year, born.month);
	int length = month_length(reached.year, reached.month);
	/* A day the month lacks is reached on the first behind it (29 February on 1 March). */
	int64_t number = day_number(reached) + (last > length ? length : last - 1);
	return day_number(zone_day(world->pack->zone, world->now)) >= number;
}

/* --- linked files ------------------------------------------------------------------------------
 */

static bool where_holds(struct cond_linking *linking, const struct pack_seen_file *file,
                        bool *holds)
{
	struct pack_world other = { 0 };
	*holds = true;
	if (!linking->atom->where)
		return true;
	return linking->world->calls->at_file(linking->world, file, &other, linking->err) &&
	       pack_cond_holds(linking->atom->where, &other, holds, linking->err);
}

/* Whether the act names the file in a field by which it links itself so. */
static bool is_named(const struct cond_linking *linking, struct str file)
{
	const struct pack_kind *kind = linking->world->kind;
	for (size_t i = 0; kind && linking->world->plain && i < kind->link_count; i++) {
		const struct json *value = json_member(linking->world->plain, kind->links[i].field);
		if (!value || kind->links[i].relation != linking->atom->relation)
			continue;
		const struct json *item = value->type == JSON_ARRAY ? value->first : value;
		for (; item; item = item == value ? NULL : item->next)
			if (str_eq(item->string, file))
				return true;
	}
	return false;
}

/* Whether the link was made within the atom's period; without one, always. */
static bool is_linked_within(struct cond_linking *linking, const struct pack_seen_file *file)
{
	bool within = true;
	if (linking->atom->has_period && file->linked != 0)
		linking->is_failed = !cond_is_within(linking->world, &linking->atom->period,
		                                     file->linked, &within, linking->err);
	return within && !linking->is_failed;
}

bool cond_link_is_meant(struct cond_linking *linking, const struct pack_seen_file *file, bool *is)
{
	*is = file->type && (linking->atom->file_types >> file->type->number & 1) &&
	      (!linking->atom->is_named || is_named(linking, file->file)) &&
	      is_linked_within(linking, file);
	if (*is && !where_holds(linking, file, is))
		linking->is_failed = true;
	return !linking->is_failed;
}

static bool link_one(void *ctx, const struct pack_seen_file *file)
{
	struct cond_linking *linking = ctx;
	bool holds;
	if (linking->rows++ == COND_LINKS_MAX) {
		linking->is_cut = true;
		return false;
	}
	if (!cond_link_is_meant(linking, file, &holds))
		return false;
	linking->counted += holds;
	return linking->counted < linking->enough;
}

static bool look_linked(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                        struct err *err)
{
	int64_t n = atom->most < INT64_MAX && atom->most > atom->least ? atom->most : atom->least;
	struct cond_linking linking = { .atom = atom, .world = world, .enough = n + 1, .err = err };
	if (!world->calls->links(world, atom->relation, link_one, &linking, err) ||
	    linking.is_failed)
		return false;
	if (linking.is_cut && linking.counted < n)
		linking.counted = n;
	*holds = linking.counted >= atom->least && linking.counted <= atom->most;
	return true;
}

/* Counts the files of the pattern's own type at the other end of a shared file. */
static bool share_one(void *ctx, const struct pack_seen_file *file)
{
	struct cond_linking *linking = ctx;
	if (linking->rows++ == COND_SHARED_MAX) {
		linking->is_cut = true;
		return false;
	}
	if (file->type != linking->only)
		return true;
	linking->counted += is_linked_within(linking, file);
	return !linking->is_failed && linking->counted < linking->enough;
}

static bool same_file_one(void *ctx, const struct pack_seen_file *file)
{
	struct cond_linking *outer = ctx;
	struct pack_world other = { 0 };
	if (outer->rows++ == COND_SHARED_MAX) {
		outer->is_cut = true;
		return false;
	}
	if (!file->type || !(outer->atom->file_types >> file->type->number & 1))
		return true;
	struct cond_linking inner = { .atom = outer->atom,
		                      .world = outer->world,
		                      .only = outer->world->type,
		                      .enough = outer->enough,
		                      .err = outer->err };
	if (!outer->world->calls->at_file(outer->world, file, &other, outer->err) ||
	    !other.calls->links(&other, outer->atom->relation, share_one, &inner, outer->err) ||
	    inner.is_failed) {
		outer->is_failed = true;
		return false;
	}
	if (inner.counted > outer->counted)
		outer->counted = inner.counted;
	outer->is_cut = outer->is_cut || inner.is_cut;
	return outer->counted < outer->enough;
}

static bool look_same_file(const struct pack_cond *cond, const struct cond_atom *atom,
                           const struct pack_world *world, bool *holds, struct err *err)
{
	struct cond_linking linking = {
		.atom = atom, .world = world, .enough = atom->least, .err = err
	};
	if (!world->calls->links(world, atom->relation, same_file_one, &linking, err) ||
	    linking.is_failed)
		return false;
	*holds = linking.counted >= atom->least;
	if (!*holds && linking.is_cut)
		*holds = cond->saturates_to_true != atom->is_negated;
	return true;
}

/* --- duties ------------------------------------------------------------------------------------
 */

struct owing {
	const struct cond_atom *atom;
	struct str owner; /* with has_owner */
	bool is_found;
};

static bool owe_one(void *ctx, const struct pack_seen_duty *duty)
{
	struct owing *owing = ctx;
	const struct cond_atom *atom = owing->atom;
	bool is = atom->is == COND_IS_OPEN   ? duty->is_open
	          : atom->is == COND_IS_LATE ? duty->is_late
	                                     : duty->is_settled;
	bool is_meant = atom->rule_count > 0 || atom->classes >> duty->class & 1;
	if (is && is_meant && (!atom->has_owner || str_eq(duty->office, owing->owner)))
		owing->is_found = true;
	return !owing->is_found;
}

bool cond_open_duties(const struct pack_world *world, const struct pack_duty *rule,
                      pack_visit_duty *visit, void *ctx, struct err *err)
{
	const struct pack_world_calls *calls = world->calls;
	return (calls->open_duties ? calls->open_duties : calls->duties)(world, rule, visit, ctx,
	                                                                 err);
}

static bool look_duty(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                      struct err *err)
{
	struct owing owing = { .atom = atom };
	*holds = false;
	if (atom->has_owner && !world->calls->owner(world, &atom->owner, &owing.owner, err))
		return false;
	if (atom->has_owner && !owing.owner.p)
		return true;
	bool is_of_open = atom->is == COND_IS_OPEN || atom->is == COND_IS_LATE;
	bool (*ask)(const struct pack_world *, const struct pack_duty *, pack_visit_duty *, void *,
	            struct err *) = is_of_open ? cond_open_duties : world->calls->duties;
	if (atom->rule_count == 0 && !ask(world, NULL, owe_one, &owing, err))
		return false;
	for (size_t i = 0; i < atom->rule_count && !owing.is_found; i++) {
		if (!ask(world, atom->rules[i], owe_one, &owing, err))
			return false;
	}
	*holds = owing.is_found;
	return true;
}

/* --- asked and answered ------------------------------------------------------------------------
 */

struct asking {
	const struct cond_atom *atom;
	const struct pack_world *world;
	size_t rows;
	size_t answer_rows; /* of all asks together */
	bool is_cut;
	bool is_failed;
	bool all_answered;
	struct err *err;
};

struct answering {
	struct asking *asking;
	const struct cond_atom *atom;
	const struct pack_world *world;
	int64_t asked_at;
	struct str office;
	bool is_found;
};

static bool answer_one(void *ctx, const struct pack_seen *seen)
{
	struct answering *answering = ctx;
	if (seen->index <= answering->asked_at)
		return false;
	if (answering->asking->answer_rows++ == COND_ANSWERS_MAX) {
		answering->asking->is_cut = true;
		return false;
	}
	answering->is_found = seen->office.p && str_eq(seen->office, answering->office);
	return !answering->is_found;
}

/* Silent by a duty of its own: open, and owed by the head of the agency that was asked. */
static bool silent_one(void *ctx, const struct pack_seen_duty *duty)
{
	struct answering *answering = ctx;
	const struct pack_world *world = answering->world;
	if (!duty->is_open)
		return true;
	const struct pack_office *asked = world->calls->role_of(world, answering->office);
	const struct pack_office *owner =
		duty->office.p ? world->calls->role_of(world, duty->office) : NULL;
	answering->is_found = asked && owner && asked->agency && asked->agency->head == owner;
	return !answering->is_found;
}

static bool has_answered(struct asking *asking, int64_t asked_at, struct str office)
{
	const struct pack_world *world = asking->world;
	struct answering answering = { .asking = asking,
		                       .atom = asking->atom,
		                       .world = world,
		                       .asked_at = asked_at,
		                       .office = office };
	if (asking->atom->named.p && cond_act_names(world, asking->atom->named, office))
		return true;
	if (!world->calls->entries(world, &asking->atom->answer, 1, NULL, answer_one, &answering,
	                           asking->err) ||
	    (!answering.is_found && asking->atom->silent &&
	     !cond_open_duties(world, asking->atom->silent, silent_one, &answering, asking->err))) {
		asking->is_failed = true;
		return false;
	}
	return answering.is_found;
}

/* Each office in the field, one or several: "a" or ["a","b"]. */
static bool all_offices_answered(struct asking *asking, int64_t asked_at, struct str raw)
{
	struct str rest = raw;
	while (rest.n > 0) {
		size_t open = str_find(rest, '"');
		if (open == rest.n)
			break;
		rest = str_sub(rest, open + 1, rest.n);
		size_t close = str_find(rest, '"');
		if (!has_answered(asking, asked_at, str_sub(rest, 0, close)))
			return false;
		rest = str_sub(rest, close + 1, rest.n);
	}
	return true;
}

static bool ask_one(void *ctx, const struct pack_seen *seen)
{
	struct asking *asking = ctx;
	if (asking->rows++ == COND_ASKS_MAX) {
		asking->is_cut = true;
		return false;
	}
	asking->all_answered = all_offices_answered(
		asking, seen->index, cond_raw_member(seen->plain, asking->atom->ask_field));
	return asking->all_answered && !asking->is_failed && !asking->is_cut;
}

static bool look_asked(const struct pack_cond *cond, const struct cond_atom *atom,
                       const struct pack_world *world, bool *holds, struct err *err)
{
	struct asking asking = { .atom = atom, .world = world, .all_answered = true, .err = err };
	if (!world->calls->entries(world, &atom->ask, 1, NULL, ask_one, &asking, err) ||
	    asking.is_failed)
		return false;
	*holds = asking.is_cut ? cond->saturates_to_true != atom->is_negated : asking.all_answered;
	return true;
}

bool cond_look_far(const struct pack_cond *cond, const struct cond_atom *atom,
                   const struct pack_world *world, bool *holds, struct err *err)
{
	switch (atom->form) { /* the forms of this file; condition.c sends no other */
	case COND_AGE:
		*holds = age_holds(atom, world);
		return true;
	case COND_TURNS_AGE:
		*holds = turns_age_holds(atom, world);
		return true;
	case COND_SILENT_FOR:
		if (atom->ask)
			return cond_look_named(cond, atom, world, holds, err);
		return atom->is_broken ? cond_look_broken(cond, atom, world, holds, err)
		                       : cond_look_silent(cond, atom, world, holds, err);
	case COND_LINKED:
		return atom->apart ? cond_look_apart(atom, world, holds, err)
		                   : look_linked(atom, world, holds, err);
	case COND_SAME_FILE:
		return look_same_file(cond, atom, world, holds, err);
	case COND_DUTY:
		return look_duty(atom, world, holds, err);
	case COND_ASKED:
	case COND_FIELD:
	case COND_FACT:
	case COND_STATE:
	case COND_FILE:
	case COND_HAS:
	case COND_LACKS:
	case COND_FRESH:
	case COND_COUNT:
	case COND_SHARE:
	case COND_COMPLETE:
	case COND_AFTER:
	case COND_RUNNING:
	case COND_OLDER_THAN:
	case COND_OFFICE:
	case COND_OFFICE_IN:
	case COND_SECOND:
	case COND_SAME_ACCOUNT:
	case COND_OUTSIDE_LINE:
	case COND_HELD:
	case COND_REGISTER:
		break;
	}
	return look_asked(cond, atom, world, holds, err);
}
