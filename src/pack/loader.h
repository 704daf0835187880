/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: what the readers of the single elements share while a
 * pack is being loaded. Two passes: first every element is named and given its
 * place in its array (so that names resolve in any order), then bodies are
 * read into those places.
 */
#ifndef CANDOUR_PACK_LOADER_H
#define CANDOUR_PACK_LOADER_H

#include "pack/pack.h"

struct whole;

/* One error with its place. */
struct loader_line {
	struct str file; /* shown path: "packs/england/duties.yaml" */
	int line;
	int column;
	struct str text;
};

struct loader {
	struct arena *arena; /* the pack's own memory */
	struct pack *pack;
	struct whole *whole; /* the same, with what is private to the room */
	struct arena *errors_arena;
	struct str file; /* shown path when a place comes without a node */
	struct loader_line *lines;
	size_t line_count;
	size_t line_room;
	size_t error_count;
	bool out_of_memory;
	/* Whom the conditions being read speak for, "gate G5 for plan.ended"; p NULL: the kind's
	 * name. */
	struct str about;
	/* What they saturate to: true for the `when` of needs and opens, and for
	 * patterns. */
	bool is_about_offices; /* an owner may be the office that the file is of */
	bool saturates_to_true;
};

/* Notes an error at a place of the file being read; loading goes on. */
void loader_error(struct loader *loader, int line, int column, const char *format, ...)
	PRINTF(4, 5);
/* The same at a node's own place, or at its key, in the file that the node was read from. */
void loader_error_at(struct loader *loader, const struct yaml *node, const char *format, ...)
	PRINTF(3, 4);
void loader_error_key(struct loader *loader, const struct yaml *node, const char *format, ...)
	PRINTF(3, 4);
/* Where a node, or its key, stands. */
struct pack_place loader_place(const struct loader *loader, const struct yaml *node);
struct pack_place loader_place_key(const struct loader *loader, const struct yaml *node);
/*
 * What to say behind an unknown name: "; nearest: X" or "; one of: a, b, c" or
 * nothing. Text in the errors' arena.
 */
struct str loader_nearest(struct loader *loader, struct str name, const struct str *known,
                          size_t count);

/* Room in the pack's memory; NULL, and out_of_memory noted, when there is none. */
void *loader_alloc(struct loader *loader, size_t count, size_t size);

/*
 * Reads a condition for a kind (its fields may be named) on the
 * file types of `file_types` (their facts may be named). `forms_of_patterns`
 * allows the forms marked P. NULL and an error noted when it is wrong.
 */
const struct pack_cond *condition_read(struct loader *loader, const struct yaml *node,
                                       const struct pack_kind *kind, uint64_t file_types,
                                       bool forms_of_patterns);

/* Reads {UNIT: N, at:, calendar:}; false and an error noted when it is wrong. */
bool period_read(struct loader *loader, const struct yaml *node, struct pack_period *out);
/* The same for a mapping that holds other keys beside the period's, which are passed over. */
bool period_read_among(struct loader *loader, const struct yaml *node, struct pack_period *out);
/* Reads an owner expression. */
bool owner_read(struct loader *loader, const struct yaml *node, struct pack_owner *out);

#endif
