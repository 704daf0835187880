/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * P03: a duty that is never done with. The walk asks whether it can be
 * discharged; where whatever discharges it opens it again, or another that leads
 * back to it, there is work without end, and no file on which it is owed can
 * ever be at rest. A duty is done with if people can make some kind that settles
 * or ends it and of which every duty that it always opens is done with. The
 * least such set is found; what is left over goes round. What is opened `when`
 * something, or for each of what may be none, is not always opened; nor does a
 * file that never ends (`final: none`) come to rest: what is owed there each
 * year anew stands by design.
 */
#include "pack/check.h"

#define THEN_DEPTH_MAX 4 /* deeper ones P10 refuses */

static bool is_by_people(const struct pack_kind *kind)
{
	bool is_so = false;
	for (size_t i = 0; i < kind->by_count; i++)
		is_so = is_so || kind->by[i].sort != PACK_BY_REGISTER;
	return is_so && !kind->retired.p;
}

/* Whether the file it is written on may end. */
static bool is_on_ending(const struct pack *pack, const struct pack_kind *kind)
{
	for (size_t t = 0; t < pack->file_type_count; t++) {
		if (kind->file_types >> t & 1 && pack->file_types[t].final)
			return true;
	}
	return false;
}

static bool is_always(const struct pack *pack, const struct pack_kind *kind,
                      const struct pack_open *open)
{
	const struct pack_field *each = open->each.p ? pack_field_find(kind, open->each) : NULL;
	bool may_rest = open->on || is_on_ending(pack, kind);
	return may_rest && !open->when && (!each || each->required == PACK_REQUIRED);
}

/* The first duty that an entry of it always opens, itself or by what is then written, and that is
 * not done with; NULL: there is none. */
static const struct pack_duty *still_open(const struct pack *pack, const struct pack_kind *kind,
                                          const bool *done, size_t depth)
{
	for (size_t i = 0; i < kind->open_count; i++) {
		const struct pack_open *open = &kind->opens[i];
		if (is_always(pack, kind, open) && !done[open->duty->number])
			return open->duty;
	}
	for (size_t i = 0; i < kind->then_count && depth < THEN_DEPTH_MAX; i++) {
		const struct pack_then *then = &kind->then[i];
		const struct pack_duty *duty =
			then->when ? NULL : still_open(pack, then->kind, done, depth + 1);
		if (duty)
			return duty;
	}
	return NULL;
}

/* Sets in `out` what an entry of it may settle or end. True: one was not yet set. */
static bool note_moved(const struct pack_kind *kind, bool *out, size_t depth)
{
	bool is_new = false;
	for (size_t i = 0; i < kind->settle_count; i++) {
		bool *at = &out[kind->settles[i].duty->number];
		is_new = is_new || !*at;
		*at = true;
	}
	for (size_t i = 0; i < kind->end_count; i++) {
		bool *at = &out[kind->ends[i].duty->number];
		is_new = is_new || !*at;
		*at = true;
	}
	for (size_t i = 0; i < kind->then_count && depth < THEN_DEPTH_MAX; i++)
		is_new = note_moved(kind->then[i].kind, out, depth + 1) || is_new;
	return is_new;
}

static bool moves(const struct pack_kind *kind, const struct pack_duty *duty, size_t depth)
{
	bool is_so = check_moves(kind, duty);
	for (size_t i = 0; !is_so && i < kind->then_count && depth < THEN_DEPTH_MAX; i++)
		is_so = moves(kind->then[i].kind, duty, depth + 1);
	return is_so;
}

/* --- what is left over ----------------------------------------------------------------------- */

/* The register's own, and the rest duty, which is owed anew by design. */
static bool is_given(const struct pack *pack, const struct pack_duty *duty)
{
	return duty->is_built_in || duty == pack->rest || duty == pack->vacant_duty ||
	       duty == pack->clock_duty || duty == pack->broken_duty;
}

/* What nobody discharges at all, the walk tells. */
static void find_done(const struct pack *pack, bool *done, bool *moved)
{
	for (size_t k = 0; k < pack->kind_count; k++) {
		if (is_by_people(&pack->kinds[k]))
			(void)note_moved(&pack->kinds[k], moved, 0);
	}
	for (size_t d = 0; d < pack->duty_count; d++)
		done[d] = is_given(pack, &pack->duties[d]) || !moved[d];
	for (bool is_more = true; is_more;) {
		is_more = false;
		for (size_t k = 0; k < pack->kind_count; k++) {
			const struct pack_kind *kind = &pack->kinds[k];
			if (is_by_people(kind) && !still_open(pack, kind, done, 0))
				is_more = note_moved(kind, done, 0) || is_more;
		}
	}
}

/* The first kind by which it is settled or ended. */
static const struct pack_kind *way_of(const struct pack *pack, const struct pack_duty *duty)
{
	for (size_t k = 0; k < pack->kind_count; k++) {
		if (is_by_people(&pack->kinds[k]) && moves(&pack->kinds[k], duty, 0))
			return &pack->kinds[k];
	}
	return NULL;
}

/* By the first way of each, until a duty comes a second time. `seen` by duty, all false. */
static void tell(struct check *check, const struct pack_duty *duty, const bool *done, bool *seen)
{
	struct buf round;
	const struct pack_duty *at = duty;
	buf_init(&round, 4096);
	buf_format(&round, "%.*s", STR_ARG(at->name));
	while (at && !seen[at->number]) {
		const struct pack_kind *way = way_of(check->pack, at);
		seen[at->number] = true;
		at = way ? still_open(check->pack, way, done, 0) : NULL;
		if (at)
			buf_format(&round, " > %.*s > %.*s", STR_ARG(way->name), STR_ARG(at->name));
	}
	check_fails(check, "P03", check_body(check, SECTION_DUTIES, duty->name),
	            "duty %.*s is never done with: whatever settles or ends it opens it again, or"
	            " what leads round: %.*s",
	            STR_ARG(duty->name), STR_ARG(buf_str(&round)));
	buf_finish(&round);
}

bool check_nowhere(struct check *check, struct err *err)
{
	const struct pack *pack = check->pack;
	bool *done = arena_alloc(check->arena, pack->duty_count, sizeof *done);
	bool *seen = arena_alloc(check->arena, pack->duty_count, sizeof *seen);
	if (!done || !seen)
		return err_set(err, ERR_UNABLE, "There is no room to check this pack");
	find_done(pack, done, seen);
	for (size_t d = 0; d < pack->duty_count; d++) {
		if (done[d])
			continue;
		memset(seen, 0, pack->duty_count * sizeof *seen);
		tell(check, &pack->duties[d], done, seen);
	}
	return true;
}
