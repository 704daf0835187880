/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What conditions listen to: the kinds whose entries can change what they say. */
#include "pack/atom.h"

static void listen_to(uint64_t *mask, const struct pack_kind *kind)
{
	if (kind)
		mask[kind->number / 64] |= UINT64_C(1) << kind->number % 64;
}

/* Whether only the register makes it: where every entry is meant, its own are not
 * (cond_which_fits).
 */
static bool is_registers_own(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		if (kind->by[i].sort != PACK_BY_REGISTER)
			return false;
	}
	return kind->by_count > 0;
}

static void listen_to_all(const struct pack *pack, uint64_t *mask)
{
	for (size_t i = 0; i < pack->kind_count; i++) {
		if (!is_registers_own(&pack->kinds[i]))
			listen_to(mask, &pack->kinds[i]);
	}
}

/* Kinds that join or part files by the relation; NULL: none. */
static void listen_to_links(const struct pack *pack, const struct pack_relation *relation,
                            uint64_t *mask)
{
	for (size_t i = 0; relation && i < pack->kind_count; i++) {
		if (pack_kind_joins(&pack->kinds[i], relation))
			listen_to(mask, &pack->kinds[i]);
	}
}

static void listen_to_which(const struct pack *pack, const struct cond_which *which, uint64_t *mask)
{
	if (which->kind_count == 0)
		listen_to_all(pack, mask);
	for (size_t i = 0; i < which->kind_count; i++)
		listen_to(mask, which->kinds[i]);
	for (size_t i = 0; i < which->after_count; i++)
		listen_to(mask, which->after[i]);
	listen_to_links(pack, which->through, mask);
}

static void listen_to_fact(const struct pack *pack, struct str name, uint64_t *mask)
{
	for (size_t t = 0; t < pack->file_type_count; t++) {
		const struct pack_fact *fact = cond_fact_find(&pack->file_types[t], name);
		for (size_t i = 0; fact && i < fact->from_count; i++)
			listen_to(mask, fact->from[i].kind);
	}
}

static bool moves_duty(const struct pack_kind *kind, const struct cond_atom *atom)
{
	for (size_t i = 0; i < kind->open_count + kind->settle_count + kind->end_count; i++) {
		size_t settles = i - kind->open_count;
		const struct pack_duty *duty =
			i < kind->open_count ? kind->opens[i].duty
			: settles < kind->settle_count
				? kind->settles[settles].duty
				: kind->ends[settles - kind->settle_count].duty;
		for (size_t r = 0; r < atom->rule_count; r++) {
			if (atom->rules[r] == duty)
				return true;
		}
		if (duty && atom->classes >> duty->class & 1)
			return true;
	}
	return false;
}

static void listen_to_silence(const struct pack *pack, const struct pack_duty *silent,
                              uint64_t *mask)
{
	for (size_t i = 0; i < pack->kind_count; i++) {
		for (size_t o = 0; silent && o < pack->kinds[i].open_count; o++) {
			if (pack->kinds[i].opens[o].duty == silent)
				listen_to(mask, &pack->kinds[i]);
		}
	}
}

static void listen_to_atom(const struct pack *pack, const struct cond_atom *atom, uint64_t *mask)
{
	switch (atom->form) {
	case COND_HAS:
	case COND_LACKS:
	case COND_FRESH:
	case COND_COUNT:
	case COND_SHARE:
	case COND_COMPLETE:
	case COND_OLDER_THAN:
	case COND_SAME_ACCOUNT:
		listen_to_which(pack, &atom->which, mask);
		listen_to(mask, atom->since);
		break;
	case COND_AFTER:
		listen_to_which(pack, &atom->which, mask);
		listen_to_which(pack, &atom->then, mask);
		break;
	case COND_RUNNING:
		listen_to_which(pack, &atom->which, mask);
		for (size_t i = 0; i < atom->among_count; i++)
			listen_to(mask, atom->among[i]);
		break;
	case COND_FACT:
		listen_to_fact(pack, atom->name, mask);
		break;
	case COND_STATE:
		for (size_t i = 0; i < pack->kind_count; i++) {
			if (pack->kinds[i].to.sort != PACK_TO_NONE || pack->kinds[i].may_begin)
				listen_to(mask, &pack->kinds[i]);
		}
		break;
	case COND_DUTY:
		for (size_t i = 0; i < pack->kind_count; i++) {
			if (moves_duty(&pack->kinds[i], atom))
				listen_to(mask, &pack->kinds[i]);
		}
		break;
	case COND_LINKED:
	case COND_SAME_FILE:
		listen_to_links(pack, atom->relation, mask);
		for (size_t i = 0; i < atom->way_count; i++)
			listen_to_links(pack, atom->ways[i], mask);
		pack_cond_listens(pack, atom->where, mask);
		break;
	case COND_ASKED:
		listen_to(mask, atom->ask);
		listen_to(mask, atom->answer);
		listen_to_silence(pack, atom->silent, mask);
		break;
	case COND_AGE:
	case COND_TURNS_AGE:
		if (pack->born)
			listen_to_fact(pack, pack->born->name, mask);
		break;
	case COND_SILENT_FOR: /* by time, but for what breaks it */
		if (atom->is_broken)
			listen_to_all(pack, mask);
		listen_to(mask, atom->ask);
		break;
	case COND_FIELD: /* of the act, or true by time, or by the chart */
	case COND_FILE:
	case COND_OFFICE:
	case COND_OFFICE_IN:
	case COND_SECOND:
	case COND_OUTSIDE_LINE:
	case COND_HELD:
	case COND_REGISTER:
		break;
	}
}

void pack_cond_listens(const struct pack *pack, const struct pack_cond *cond, uint64_t *mask)
{
	for (size_t i = 0; cond && i < cond->atom_count; i++)
		listen_to_atom(pack, cond->atoms[i], mask);
}

static bool is_of(const struct pack_relation *const *relations, size_t count,
                  const struct pack_relation *relation)
{
	for (size_t i = 0; i < count; i++) {
		if (relations[i] == relation)
			return true;
	}
	return false;
}

size_t pack_cond_relations(const struct pack_cond *cond, const struct pack_relation **out,
                           size_t count, size_t room)
{
	for (size_t i = 0; cond && i < cond->atom_count; i++) {
		const struct cond_atom *atom = cond->atoms[i];
		const struct pack_relation *named[] = { atom->which.through, atom->then.through,
			                                atom->relation };
		for (size_t n = 0; n < COUNT_OF(named); n++) {
			if (named[n] && count < room && !is_of(out, count, named[n]))
				out[count++] = named[n];
		}
		for (size_t n = 0; n < atom->way_count; n++) {
			if (count < room && !is_of(out, count, atom->ways[n]))
				out[count++] = atom->ways[n];
		}
	}
	return count;
}

size_t pack_cond_waits(const struct pack_cond *cond, struct pack_wait *out, size_t room)
{
	size_t count = 0;
	for (size_t i = 0; cond && i < cond->atom_count && count < room; i++) {
		const struct cond_atom *atom = cond->atoms[i];
		if ((atom->form == COND_SILENT_FOR && !atom->is_broken) ||
		    atom->form == COND_OLDER_THAN)
			out[count++] = (struct pack_wait){ .period = &atom->period };
		else if (atom->form == COND_TURNS_AGE)
			out[count++] =
				(struct pack_wait){ .months = atom->least * 12 + atom->months };
	}
	return count;
}

bool pack_cond_shares(const struct pack_cond *cond, const struct pack_relation *relation)
{
	for (size_t i = 0; cond && i < cond->atom_count; i++) {
		const struct cond_atom *atom = cond->atoms[i];
		if (atom->form == COND_SAME_FILE && atom->relation == relation)
			return true;
	}
	return false;
}
