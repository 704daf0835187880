/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What conditions see of the register: struct pack_world over a store connection. */
#ifndef CANDOUR_CASEBOOK_WORLD_H
#define CANDOUR_CASEBOOK_WORLD_H

#include "casebook/fold.h"

struct world_gathered;

struct world {
	struct store *store;
	struct tags *files; /* NULL: the tables are asked */
	const struct pack *pack;
	const struct chart *chart;
	struct arena *arena;
	struct file_row *row;
	int64_t up_to;             /* entries, links and duties as those below this left them */
	const struct str *seconds; /* roles whose second reader has agreed */
	size_t second_count;
	instant since; /* from when on the seats of whoever acts count: when the act began to wait;
	                  0: those of now */
	/* For one judgement, while nothing changes: what is on `row` is read once, where it is
	 * short. */
	bool keeps_entries;
	bool keeps_duties;
	struct rows *entries;
	struct rows *duties;
	/* What is judged, when it would make links: they count as made, and no file is linked to
	 * itself. NULL: links that stand alone. */
	const struct pack_kind *linking;
	const struct json *linking_plain;
	/* Rows in hand, which are newer than the table's, or NULL. */
	struct fold *fold;
	/* Whose relations lead to entries that are looked at as the file's own, or NULL. */
	const struct pack_pattern *pattern;
	int64_t newer; /* for patterns: entries and links below this are not seen */
	/* What was gathered for patterns over the same entries; NULL: it is not kept. */
	struct world_gathered **gathered;
};

/* Fills *out to look through *world, which it borrows. */
void world_show(struct world *world, struct pack_world *out);

/* A file as an entry on it, or the act that it was, sees it: what entries below `up_to` left,
 * itself among them or not. `out` may not move. */
struct entry_world {
	struct world world;
	struct pack_world shown;
};
void world_of_entry(struct fold *fold, struct file_row *row, const struct folding *entry,
                    int64_t up_to, struct entry_world *out);

/* The month of birth among its facts; p NULL: none. */
struct str file_row_born(const struct pack *pack, const struct file_row *row);
/* Reads a file's row by slot for a reader or writer; ERR_ABSENT. */
bool file_row_read(struct store *store, const struct pack *pack, struct arena *arena, int64_t n,
                   struct file_row **out, struct err *err) MUST_USE;
/* The same of what names offices for it alone: n, area, first_office, last_office; the rest is
 * empty. */
bool file_row_place(struct store *store, struct arena *arena, int64_t n, struct file_row **out,
                    struct err *err) MUST_USE;
/* `files`: what the writer keeps of their tags; NULL: the tables are asked. ERR_ABSENT. */
bool file_row_by_id(struct store *store, struct tags *files, struct str id, int64_t *n,
                    struct err *err) MUST_USE;

#endif
