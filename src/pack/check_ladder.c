/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * P06, by form: whatever chart the register admits, the last rung
 * of each ladder tells an office outside, an independent one before it, and no
 * rung before the end settles what climbs.
 */
#include "pack/check.h"
#include "pack/span.h"

/* --- offices --------------------------------------------------------------------------------- */

static bool is_apart(const struct pack_office *office)
{
	return office->is_outside || office->is_independent;
}

static void check_line(struct check *check, const struct pack_office *office)
{
	const struct yaml *node = check_node(check, SECTION_OFFICES, office->name);
	const struct pack_office *at = office;
	if (is_apart(office) && office->line && !is_apart(office->line))
		check_fails(check, "P06", check_place(check, check_item(node, STR("line"), 0)),
		            "office %.*s is outside or independent but stands in the line of %.*s",
		            STR_ARG(office->name), STR_ARG(office->line->name));
	for (size_t n = 0; at; n++) {
		at = at->line;
		if (at == office || n > check->pack->office_count) {
			check_fails(check, "P06", check_place(check, node),
			            "the line of %.*s comes back to itself", STR_ARG(office->name));
			return;
		}
	}
}

static void check_outside_line(struct check *check, const struct pack_office *office)
{
	for (size_t i = 0; i < office->outside_line_of_count; i++) {
		const struct pack_office *at = office->outside_line_of[i];
		for (size_t n = 0; at && n <= check->pack->office_count; n++, at = at->line) {
			if (at != office)
				continue;
			check_fails(check, "P06",
			            check_place(check,
			                        check_node(check, SECTION_OFFICES, office->name)),
			            "office %.*s stands in the line of %.*s", STR_ARG(office->name),
			            STR_ARG(office->outside_line_of[i]->name));
			break;
		}
	}
}

/* --- rungs ----------------------------------------------------------------------------------- */

static bool every_inspectorate_is_outside(const struct pack *pack)
{
	for (size_t i = 0; i < pack->agency_count; i++) {
		const struct pack_agency *agency = &pack->agencies[i];
		if (!agency->is_outside &&
		    (!agency->inspectorate || !agency->inspectorate->is_outside))
			return false;
	}
	return true;
}

static bool tells_outside(const struct pack *pack, const struct pack_rung *rung)
{
	for (size_t i = 0; i < rung->tell_count; i++) {
		const struct pack_owner *owner = &rung->tell[i];
		if (owner->step_count == 0 && owner->sort == PACK_OWNER_ROLE &&
		    owner->role->is_outside)
			return true;
		if (owner->step_count > 0 &&
		    owner->steps[owner->step_count - 1] == PACK_STEP_INSPECTORATE &&
		    every_inspectorate_is_outside(pack))
			return true;
	}
	return false;
}

static bool tells_independent(const struct pack_rung *rung)
{
	for (size_t i = 0; i < rung->tell_count; i++) {
		const struct pack_owner *owner = &rung->tell[i];
		if (owner->step_count == 0 && owner->sort == PACK_OWNER_ROLE &&
		    is_apart(owner->role))
			return true;
	}
	return false;
}

static struct str names_of(struct check *check, const struct pack_rung *rung)
{
	struct str names = STR("");
	for (size_t i = 0; i < rung->tell_count; i++) {
		const struct pack_owner *owner = &rung->tell[i];
		struct str name = owner->sort == PACK_OWNER_ROLE && owner->step_count == 0
		                          ? owner->role->name
		                          : STR("an office of the owner's");
		names = arena_format(check->arena, "%.*s%s%.*s", STR_ARG(names), i ? ", " : "",
		                     STR_ARG(name));
	}
	return rung->tell_count ? names : STR("nobody");
}

static void check_order(struct check *check, const struct pack_ladder *ladder, size_t r,
                        const struct yaml *node)
{
	const struct pack_calendar *calendar = check->pack->calendar;
	const struct pack_period *before = &ladder->rungs[r - 1].after;
	const struct pack_period *after = &ladder->rungs[r].after;
	instant witness;
	/* Nothing comes before the due time itself. */
	if (before->unit == PACK_HOURS && before->amount == 0)
		return;
	enum span_order order = span_compare(calendar, before, after, &witness);
	if (order == SPAN_LONGER || order == SPAN_EITHER)
		check_fails(check, "P06", check_place(check, check_item(node, STR("after"), 0)),
		            "ladder %.*s: a rung comes before the one under it",
		            STR_ARG(ladder->name));
}

/* A climb that settles what climbs begins the ladder anew for ever. */
static void check_makes(struct check *check, const struct pack_ladder *ladder, size_t r,
                        const struct pack_duty *duty, const struct yaml *node)
{
	const struct pack_kind *makes = ladder->rungs[r].makes;
	for (size_t i = 0; makes && i < makes->settle_count; i++) {
		if (makes->settles[i].duty != duty || makes->settles[i].only != PACK_ONLY_ALL)
			continue;
		check_fails(
			check, "P06", check_place(check, check_item(node, STR("makes"), 0)),
			"ladder %.*s: its rung makes %.*s, which settles %.*s itself; the rungs "
			"above are never reached",
			STR_ARG(ladder->name), STR_ARG(makes->name), STR_ARG(duty->name));
	}
}

static bool climbs(const struct pack_duty *duty, const struct pack_ladder *ladder)
{
	for (size_t i = 0; i < duty->ladder_count; i++) {
		if (duty->ladder_for[i] == ladder)
			return true;
	}
	return duty->ladder == ladder;
}

static bool may_register_make(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		if (kind->by[i].sort == PACK_BY_REGISTER)
			return true;
	}
	return false;
}

static void check_rung(struct check *check, const struct pack_ladder *ladder, size_t r,
                       const struct yaml *node)
{
	const struct pack_rung *rung = &ladder->rungs[r];
	if (r > 0)
		check_order(check, ladder, r, node);
	if (rung->place == PACK_INDEPENDENT && !tells_independent(rung))
		check_fails(check, "P06", check_place(check, node),
		            "ladder %.*s: a rung is marked independent, but tells no independent "
		            "office",
		            STR_ARG(ladder->name));
	if (rung->makes && !may_register_make(rung->makes))
		check_fails(check, "P10", check_place(check, check_item(node, STR("makes"), 0)),
		            "ladder %.*s makes %.*s, which is not by the register",
		            STR_ARG(ladder->name), STR_ARG(rung->makes->name));
	for (size_t d = 0; d < check->pack->duty_count; d++) {
		if (climbs(&check->pack->duties[d], ladder))
			check_makes(check, ladder, r, &check->pack->duties[d], node);
	}
}

static void check_ladder(struct check *check, const struct pack_ladder *ladder)
{
	const struct yaml *body = check_node(check, SECTION_LADDERS, ladder->name);
	const struct pack_rung *last = &ladder->rungs[ladder->count - 1];
	bool has_independent = false;

	check->ladders++;
	for (size_t r = 0; r < ladder->count; r++) {
		check_rung(check, ladder, r, check_item(body, STR("rungs"), r));
		has_independent = has_independent || (r + 1 < ladder->count &&
		                                      ladder->rungs[r].place == PACK_INDEPENDENT);
	}
	if (last->place != PACK_OUTSIDE || last->is_one_of || !tells_outside(check->pack, last))
		check_fails(check, "P06",
		            check_place(check, check_item(body, STR("rungs"), ladder->count - 1)),
		            "ladder %.*s does not end outside: its last rung tells %.*s",
		            STR_ARG(ladder->name), STR_ARG(names_of(check, last)));
	if (!has_independent)
		check_fails(check, "P06", check_place(check, body),
		            "ladder %.*s has no independent rung", STR_ARG(ladder->name));
}

/* Whoever is outside may owe something too: then somebody else there is told. */
static void check_outside(struct check *check)
{
	const struct pack *pack = check->pack;
	const struct pack_office *only = NULL;
	size_t count = 0;
	for (size_t i = 0; i < pack->office_count; i++) {
		if (!pack->offices[i].is_outside)
			continue;
		only = &pack->offices[i];
		count++;
	}
	if (pack->ladder_count && count == 1)
		check_fails(check, "P06",
		            check_place(check, check_node(check, SECTION_OFFICES, only->name)),
		            "office %.*s is the only one outside: what it owes is told to nobody "
		            "outside but itself",
		            STR_ARG(only->name));
}

bool check_ladders(struct check *check, struct err *err)
{
	const struct pack *pack = check->pack;
	check_outside(check);
	for (size_t i = 0; i < pack->office_count; i++) {
		check_line(check, &pack->offices[i]);
		check_outside_line(check, &pack->offices[i]);
	}
	for (size_t i = 0; i < pack->ladder_count; i++)
		check_ladder(check, &pack->ladders[i]);
	return !check->out_of_memory ||
	       err_set(err, ERR_UNABLE, "There is no room to check this pack");
}
