/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which patterns an entry of a kind can make true, found once, when all of them are read. */
#include "pack/atom.h"
#include "pack/load.h"

#define REACH_MAX 32

/* Relations by which the entries of other files are part of what it asks. */
static void find_reach(struct load *load, struct pack_pattern *pattern)
{
	const struct pack_relation *found[REACH_MAX];
	size_t count = 0;
	for (size_t i = 0; i < pattern->through_count && count < REACH_MAX; i++)
		found[count++] = pattern->through[i];
	count = pack_cond_relations(pattern->when, found, count, REACH_MAX);
	const struct pack_relation **reach = loader_alloc(load->loader, count, sizeof *reach);
	for (size_t i = 0; reach && i < count; i++)
		reach[i] = found[i];
	pattern->reach = reach;
	pattern->reach_count = reach ? count : 0;
}

/* Whether an entry on a file of the kind's may concern the files that the pattern is about. */
static bool may_reach(const struct pack_kind *kind, const struct pack_pattern *pattern)
{
	uint64_t about = UINT64_C(1) << pattern->about->number, files = kind->file_types;
	if (files & about)
		return true;
	if (pattern->of_office & PACK_MADE_IN)
		return true;
	if ((pattern->of_office & PACK_LATE_IN) && str_eq(kind->name, STR("duty.climbed")))
		return true;
	for (size_t i = 0; (pattern->of_office & PACK_ASKED_OF) && i < kind->field_count; i++) {
		if (kind->fields[i].type == PACK_OFFICE)
			return true;
	}
	for (size_t i = 0; i < pattern->reach_count; i++) {
		const struct pack_relation *relation = pattern->reach[i];
		if (((files & relation->from) && (about & relation->to)) ||
		    ((files & relation->to) && (about & relation->from)))
			return true;
	}
	return false;
}

static bool wakes(const struct pack_kind *kind, const struct pack_pattern *pattern,
                  const uint64_t *mask, bool *is_by_link)
{
	if (!pattern->when || !pattern->about || !may_reach(kind, pattern))
		return false;
	*is_by_link = !(mask[kind->number / 64] >> kind->number % 64 & 1);
	if (!*is_by_link)
		return true;
	for (size_t i = 0; i < pattern->through_count; i++) {
		if (pack_kind_joins(kind, pattern->through[i]))
			return true;
	}
	return false;
}

/* Kinds whose entries are counted wherever they are. */
static void mark_anywhere(struct load *load, const struct pack_pattern *pattern)
{
	const struct pack_cond *when = pattern->when;
	for (size_t i = 0; when && i < when->atom_count; i++) {
		const struct cond_atom *atom = when->atoms[i];
		for (size_t k = 0; atom->anywhere.p && k < atom->which.kind_count; k++)
			load->kinds[atom->which.kinds[k]->number].of_office |= PACK_ANYWHERE;
	}
}

void load_wakes(struct load *load)
{
	struct pack *pack = &load->whole->pack;
	size_t words = (pack->kind_count + 63) / 64, count = pack->pattern_count;
	uint64_t *masks = loader_alloc(load->loader, words * count, sizeof *masks);
	if (!masks || count == 0)
		return;
	for (size_t p = 0; p < count; p++) {
		struct pack_pattern *pattern = &load->patterns[p];
		pattern->number = p;
		find_reach(load, pattern);
		mark_anywhere(load, pattern);
		struct pack_wait wait;
		pattern->asks_time = pack_cond_waits(pattern->when, &wait, 1) > 0;
		pack->asks_time = pack->asks_time || pattern->asks_time;
		pack_cond_listens(pack, pattern->when, masks + p * words);
	}
	for (size_t k = 0; k < pack->kind_count; k++) {
		struct pack_kind *kind = &load->kinds[k];
		struct pack_wake *found = loader_alloc(load->loader, count, sizeof *found);
		for (size_t p = 0; found && p < count; p++) {
			bool is_by_link;
			const struct pack_pattern *pattern = &load->patterns[p];
			if (!wakes(kind, pattern, masks + p * words, &is_by_link))
				continue;
			found[kind->wake_count++] = (struct pack_wake){ pattern, is_by_link };
			kind->of_office |= pattern->of_office;
		}
		kind->wakes = found;
	}
}
