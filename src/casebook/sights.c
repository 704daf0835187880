/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/sights.h"

#include <stdlib.h>

#define SLOTS_LEAST ((size_t)1 << 16)
#define ROOM_OF_ONE 384 /* bytes that one is expected to take */

struct sights {
	struct arena *arena;
	struct pack_seen **slots; /* by index; a later one takes the place of an earlier */
	size_t slot_count;        /* a power of two */
	bool is_stale;            /* S2 */
	bool is_full;
};

struct sights *sights_create(size_t room)
{
	struct sights *sights = calloc(1, sizeof *sights);
	if (!sights)
		return NULL;
	sights->slot_count = SLOTS_LEAST;
	while (sights->slot_count < room / ROOM_OF_ONE)
		sights->slot_count *= 2;
	sights->slots = calloc(sights->slot_count, sizeof(struct pack_seen *));
	sights->arena = sights->slots ? arena_create(room) : NULL;
	if (!sights->arena) {
		sights_destroy(sights);
		return NULL;
	}
	return sights;
}

void sights_destroy(struct sights *sights)
{
	if (!sights)
		return;
	arena_destroy(sights->arena);
	free(sights->slots);
	free(sights);
}

const struct pack_seen *sights_find(const struct sights *sights, int64_t index)
{
	if (!sights || sights->is_stale)
		return NULL;
	const struct pack_seen *seen = sights->slots[(size_t)index & (sights->slot_count - 1)];
	return seen && seen->index == index ? seen : NULL;
}

void sights_keep(struct sights *sights, const struct pack_seen *seen)
{
	if (!sights || sights->is_stale || sights->is_full)
		return;
	struct pack_seen *kept = arena_alloc(sights->arena, 1, sizeof *kept);
	if (kept) {
		*kept = *seen;
		kept->said = arena_alloc(sights->arena, 1, sizeof *kept->said);
		kept->file = arena_copy(sights->arena, seen->file);
		kept->plain = arena_copy(sights->arena, seen->plain);
		kept->account =
			seen->account.p ? arena_copy(sights->arena, seen->account) : STR_NONE;
		kept->office = seen->office.p ? arena_copy(sights->arena, seen->office) : STR_NONE;
	}
	sights->is_full = !kept || !kept->said || !kept->file.p || !kept->plain.p ||
	                  (seen->account.p && !kept->account.p) ||
	                  (seen->office.p && !kept->office.p);
	if (!sights->is_full)
		sights->slots[(size_t)seen->index & (sights->slot_count - 1)] = kept;
}

/* After these an entry reads otherwise than before. */
static bool changes_sights(struct str kind)
{
	return str_eq(kind, STR("entry.corrected")) || str_eq(kind, STR("pack.adopted")) ||
	       str_eq(kind, STR("entry.destroyed")) || str_eq(kind, STR("file.destroyed"));
}

void sights_entry(struct sights *sights, struct str kind)
{
	if (sights && changes_sights(kind))
		sights->is_stale = true;
}

void sights_forget(struct sights *sights)
{
	if (!sights)
		return;
	memset(sights->slots, 0, sights->slot_count * sizeof(struct pack_seen *));
	arena_reset(sights->arena);
	sights->is_stale = sights->is_full = false;
}

void sights_rest(struct sights *sights)
{
	if (sights && (sights->is_stale || sights->is_full))
		sights_forget(sights);
}
