/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "people/people_parts.h"

#define FIRST_ROOM 256

/* What moves leaves nothing behind: some of it is words that were sealed. */
bool people_grow(void **at, size_t *room, size_t wanted, size_t size)
{
	size_t more = *room ? *room : FIRST_ROOM;
	while (more < wanted)
		more *= 2;
	if (more == *room)
		return true;
	void *moved = more <= SIZE_MAX / size ? calloc(more, size) : NULL;
	if (!moved)
		return false;
	if (*at) {
		memcpy(moved, *at, *room * size);
		base_wipe(*at, *room * size);
		free(*at);
	}
	*at = moved;
	*room = more;
	return true;
}
