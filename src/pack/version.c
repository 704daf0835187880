/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Version numbers of packs: MAJOR.MINOR.PATCH, compared as numbers. */
#include "pack/compare.h"

#define PARTS 3

/* The numbers of a version; what is no number counts as 0. */
static void read_parts(struct str version, uint64_t parts[PARTS])
{
	struct str rest = version, part;
	for (size_t i = 0; i < PARTS; i++) {
		parts[i] = 0;
		if (str_cut(&rest, '.', &part) && !str_to_u64(part, UINT32_MAX, &parts[i]))
			parts[i] = 0;
	}
}

int pack_version_compare(struct str a, struct str b)
{
	uint64_t left[PARTS], right[PARTS];
	read_parts(a, left);
	read_parts(b, right);
	for (size_t i = 0; i < PARTS; i++) {
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	}
	return 0;
}

struct str version_after(struct arena *arena, struct str version, enum pack_change change)
{
	uint64_t parts[PARTS];
	read_parts(version, parts);
	switch (change) {
	case PACK_CHANGE_EQUAL:
		return arena_copy(arena, version);
	case PACK_CHANGE_TEXT:
		parts[2]++;
		break;
	case PACK_CHANGE_TIGHTER:
		parts[1]++;
		parts[2] = 0;
		break;
	case PACK_CHANGE_OTHER:
	case PACK_CHANGE_LOOSER:
		parts[0]++;
		parts[1] = parts[2] = 0;
		break;
	}
	return arena_format(arena, "%" PRIu64 ".%" PRIu64 ".%" PRIu64, parts[0], parts[1],
	                    parts[2]);
}
