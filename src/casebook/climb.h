/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: whom the rungs of a duty's ladder tell by a chart of
 * offices. The turn climbs by it; pages say by it who is told next.
 */
#ifndef CANDOUR_CASEBOOK_CLIMB_H
#define CANDOUR_CASEBOOK_CLIMB_H

#include "casebook/book.h"
#include "casebook/chart.h"
#include "casebook/fold.h"

/* An open duty that has rungs left. */
struct climbed {
	struct store *store;
	struct arena *arena;
	const struct chart *chart;
	int64_t id;
	const struct json *before; /* offices that count as told besides those that were; or NULL */
	int64_t file;
	struct str rule;
	const struct file_row *row; /* of `file`: set before the first rung */
	struct str owners[16];
	size_t owner_count;
	const struct pack_ladder *ladder; /* of its day; NULL: it has none */
	size_t rung;                      /* rungs reached */
	instant due;
	instant next_at;
	struct json *told; /* ids of offices */
	struct json *vacant;
	struct json *skipped;
};

/* Reads what follows `id`. *found false: it is closed, or was told to everybody. */
bool climb_read(struct climbed *duty, struct casebook *book, bool *found, struct err *err) MUST_USE;
/* Adds the offices of a rung to told, vacant and skipped. */
bool climb_rung(struct climbed *duty, const struct pack_rung *rung, struct err *err) MUST_USE;

#endif
