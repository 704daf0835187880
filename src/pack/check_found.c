/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * P10: a pattern that counts what follows from it is found again by being
 * found. What follows from patterns alone: pattern.found, the pattern duty and
 * duties that nothing else opens, and what the register writes for these; and
 * what people write to answer a pattern, and for nothing else, as each answer
 * would find it anew. What the register writes for other reasons too, or what
 * people make besides, may be counted.
 */
#include "pack/check.h"

/* Kinds and duties by number. */
struct following {
	bool *kinds;
	bool *duties;
};

static bool is_registers_own(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		if (kind->by[i].sort != PACK_BY_REGISTER)
			return false;
	}
	return kind->by_count > 0;
}

static bool is_made_by(const struct pack_ladder *ladder, const struct pack_kind *kind)
{
	for (size_t r = 0; ladder && r < ladder->count; r++) {
		if (ladder->rungs[r].makes == kind)
			return true;
	}
	return false;
}

static bool climbs_to(const struct pack_duty *duty, const struct pack_kind *kind)
{
	bool does = is_made_by(duty->ladder, kind);
	for (size_t i = 0; i < duty->ladder_count; i++)
		does = does || is_made_by(duty->ladder_for[i], kind);
	return does;
}

static bool writes(const struct pack_kind *by, const struct pack_kind *kind)
{
	for (size_t i = 0; i < by->then_count; i++) {
		if (by->then[i].kind == kind)
			return true;
	}
	return false;
}

static bool opens(const struct pack_kind *kind, const struct pack_duty *duty)
{
	for (size_t i = 0; i < kind->open_count; i++) {
		if (kind->opens[i].duty == duty)
			return true;
	}
	return false;
}

static bool finds(const struct pack_pattern *pattern, const struct pack_duty *duty)
{
	for (size_t i = 0; i < pattern->open_count; i++) {
		if (pattern->opens[i].duty == duty)
			return true;
	}
	return false;
}

/* --- what follows ---------------------------------------------------------------------------- */

/* `from` one pattern: what may follow from it. NULL, from all: what has no other cause. */
static bool kind_follows(const struct pack *pack, const struct following *in,
                         const struct pack_pattern *from, const struct pack_kind *kind)
{
	bool is_caused = false, has_other = false;
	if (kind->is_built_in || !is_registers_own(kind))
		return false;
	for (size_t k = 0; k < pack->kind_count; k++) {
		if (writes(&pack->kinds[k], kind))
			*(in->kinds[k] ? &is_caused : &has_other) = true;
	}
	for (size_t d = 0; d < pack->duty_count; d++) {
		if (climbs_to(&pack->duties[d], kind))
			*(in->duties[d] ? &is_caused : &has_other) = true;
	}
	return is_caused && (from || !has_other);
}

static bool duty_follows(const struct pack *pack, const struct following *in,
                         const struct pack_pattern *from, const struct pack_duty *duty)
{
	bool is_caused = duty == pack->pattern_duty || (from && finds(from, duty));
	bool has_other = false;
	for (size_t p = 0; !from && p < pack->pattern_count; p++)
		is_caused = is_caused || finds(&pack->patterns[p], duty);
	for (size_t k = 0; k < pack->kind_count; k++) {
		if (opens(&pack->kinds[k], duty))
			*(in->kinds[k] ? &is_caused : &has_other) = true;
	}
	return is_caused && (from || !has_other);
}

/* Until nothing more follows. */
static bool follow(const struct check *check, const struct pack_pattern *from, struct following *in)
{
	const struct pack *pack = check->pack;
	in->kinds = arena_alloc(check->arena, pack->kind_count, sizeof *in->kinds);
	in->duties = arena_alloc(check->arena, pack->duty_count, sizeof *in->duties);
	for (bool is_more = in->kinds && in->duties; is_more;) {
		is_more = false;
		for (size_t k = 0; k < pack->kind_count; k++) {
			const struct pack_kind *kind = &pack->kinds[k];
			if (in->kinds[k] || !kind_follows(pack, in, from, kind))
				continue;
			in->kinds[k] = is_more = true;
		}
		for (size_t d = 0; d < pack->duty_count; d++) {
			if (in->duties[d] || !duty_follows(pack, in, from, &pack->duties[d]))
				continue;
			in->duties[d] = is_more = true;
		}
	}
	return in->kinds && in->duties;
}

/* --- what is counted ------------------------------------------------------------------------- */

/* One pattern, while its conditions are looked through. */
struct looking {
	struct check *check;
	const struct pack_pattern *pattern;
	const struct following *alone; /* what follows from patterns and nothing else */
	struct following own;          /* what follows from this one; kinds NULL: not yet asked */
};

/* Whether the pattern comes true by more such entries, not by fewer. */
static bool wants_more(const struct cond_atom *atom)
{
	bool is_at_most = atom->form == COND_COUNT && atom->least <= 0;
	return atom->is_negated == (atom->form == COND_LACKS || is_at_most);
}

/* Whether people write it to say what follows from a pattern, and to settle nothing else. */
static bool is_answer(const struct pack *pack, const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->settle_count; i++) {
		if (kind->settles[i].duty != pack->pattern_duty)
			return false;
	}
	return kind->settle_count > 0 && !kind->is_built_in;
}

static bool look_at_kind(struct looking *looking, const struct cond_atom *atom,
                         const struct pack_kind *kind)
{
	struct check *check = looking->check;
	bool is_found = kind->is_built_in && str_eq(kind->name, STR("pattern.found"));
	if (is_answer(check->pack, kind))
		check_fails(check, "P10", atom->place,
		            "pattern %.*s counts %.*s, which answers it: each answer finds it anew;"
		            " count what is written besides",
		            STR_ARG(looking->pattern->name), STR_ARG(kind->name));
	if (!is_found && !looking->alone->kinds[kind->number])
		return true;
	if (!is_found && !looking->own.kinds && !follow(check, looking->pattern, &looking->own))
		return false;
	if (is_found || looking->own.kinds[kind->number])
		check_fails(check, "P10", atom->place,
		            "pattern %.*s counts %.*s, which follows from its being found: it"
		            " goes round by itself; count what people write",
		            STR_ARG(looking->pattern->name), STR_ARG(kind->name));
	return true;
}

static bool look_at_which(struct looking *looking, const struct cond_atom *atom,
                          const struct cond_which *which)
{
	bool done = true;
	for (size_t i = 0; i < which->kind_count && done; i++)
		done = look_at_kind(looking, atom, which->kinds[i]);
	return done;
}

/* A fact of the file that is kept from such entries. */
static bool look_at_fact(struct looking *looking, const struct cond_atom *atom)
{
	const struct pack *pack = looking->check->pack;
	bool done = true;
	for (size_t t = 0; t < pack->file_type_count; t++) {
		const struct pack_fact *fact = cond_fact_find(&pack->file_types[t], atom->name);
		for (size_t i = 0; fact && i < fact->from_count && done; i++)
			done = look_at_kind(looking, atom, fact->from[i].kind);
	}
	return done;
}

static bool look(struct looking *looking, const struct pack_cond *cond)
{
	bool done = true;
	for (size_t i = 0; cond && i < cond->atom_count && done; i++) {
		const struct cond_atom *atom = cond->atoms[i];
		if (!wants_more(atom))
			continue;
		done = look_at_which(looking, atom, &atom->which) &&
		       look_at_which(looking, atom, &atom->then) &&
		       (atom->form != COND_FACT || look_at_fact(looking, atom)) &&
		       look(looking, atom->where);
	}
	return done;
}

bool check_found(struct check *check, struct err *err)
{
	const struct pack *pack = check->pack;
	struct following alone = { 0 };
	bool done = pack->pattern_count == 0 || follow(check, NULL, &alone);
	for (size_t p = 0; p < pack->pattern_count && done; p++) {
		struct looking looking = { .check = check,
			                   .pattern = &pack->patterns[p],
			                   .alone = &alone };
		done = look(&looking, pack->patterns[p].when);
	}
	return done || err_set(err, ERR_UNABLE, "There is no room to check this pack");
}
