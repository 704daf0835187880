/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Linked files that stand apart: those that a second relation joins, by one
 * leading to the other or both to a third, are one. So a child who is named and
 * a concern about that child are one, and a concern about another is a second.
 */
#include "pack/condition_links.h"

#define KEYS_MAX ((size_t)8 * COND_APART_MAX)

/* A file, by the hash of its id, and the group that it is in. */
struct key {
	uint64_t file;
	size_t group;
};

struct grouping {
	struct cond_linking linking;
	struct key keys[KEYS_MAX];
	size_t key_count;
	size_t group; /* of the file at hand */
	int64_t groups;
	size_t rows; /* that the second relation leads to, of the file at hand */
};

static void join(struct grouping *grouping, size_t other)
{
	if (other == grouping->group)
		return;
	for (size_t i = 0; i < grouping->key_count; i++) {
		if (grouping->keys[i].group == other)
			grouping->keys[i].group = grouping->group;
	}
	grouping->groups--;
}

/* What there is no room for joins nothing: more stand apart, and a pattern is found sooner. */
static void take(struct grouping *grouping, struct str file)
{
	uint64_t hash = cond_hash(file);
	for (size_t i = 0; i < grouping->key_count; i++) {
		if (grouping->keys[i].file == hash) {
			join(grouping, grouping->keys[i].group);
			return;
		}
	}
	if (grouping->key_count < KEYS_MAX)
		grouping->keys[grouping->key_count++] = (struct key){ hash, grouping->group };
}

static bool take_other(void *ctx, const struct pack_seen_file *file)
{
	struct grouping *grouping = ctx;
	if (grouping->rows++ == COND_APART_MAX)
		return false;
	take(grouping, file->file);
	return true;
}

static bool group_one(void *ctx, const struct pack_seen_file *file)
{
	struct grouping *grouping = ctx;
	struct cond_linking *linking = &grouping->linking;
	struct pack_world there = { 0 };
	bool is_meant;
	if (linking->rows++ == COND_APART_MAX) {
		linking->is_cut = true;
		return false;
	}
	if (!cond_link_is_meant(linking, file, &is_meant))
		return false;
	if (!is_meant)
		return true;
	grouping->group++;
	grouping->groups++;
	grouping->rows = 0;
	take(grouping, file->file);
	linking->is_failed =
		!linking->world->calls->at_file(linking->world, file, &there, linking->err) ||
		!there.calls->links(&there, linking->atom->apart, take_other, grouping,
	                            linking->err);
	return !linking->is_failed;
}

bool cond_look_apart(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                     struct err *err)
{
	struct grouping grouping = {
		.linking = { .atom = atom, .world = world, .enough = INT64_MAX, .err = err }
	};
	int64_t n = atom->most < INT64_MAX && atom->most > atom->least ? atom->most : atom->least;
	for (size_t i = 0; i <= atom->way_count; i++) {
		const struct pack_relation *way = i ? atom->ways[i - 1] : atom->relation;
		grouping.linking.rows = 0;
		if (!world->calls->links(world, way, group_one, &grouping, err) ||
		    grouping.linking.is_failed)
			return false;
	}
	/* Past its limit the number compared counts as reached. */
	if (grouping.linking.is_cut && grouping.groups < n)
		grouping.groups = n;
	*holds = grouping.groups >= atom->least && grouping.groups <= atom->most;
	return true;
}
