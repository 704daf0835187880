/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/note.h"

void notes_add(struct notes *notes, struct arena *arena, struct note note)
{
	struct note *added = arena_alloc(arena, 1, sizeof *added);
	if (!added)
		return;
	*added = note;
	added->next = NULL;
	if (notes->last)
		notes->last->next = added;
	else
		notes->first = added;
	notes->last = added;
}
