/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whether an office has a part in a file (access_read.c says what that gives):
 * it owes or owed something there that its own act did not put on it, or owes
 * it beside another; it began it; an entry of another office names it; a
 * restriction in force lets it read on.
 */
#ifndef CANDOUR_CASEBOOK_ACCESS_PART_H
#define CANDOUR_CASEBOOK_ACCESS_PART_H

#include "casebook/book.h"
#include "casebook/chart.h"
#include "casebook/readings.h"

/* A file as it is asked about. */
struct part_of {
	struct casebook_reader *reader;
	int64_t file;
	const struct pack_file_type *type; /* NULL: gone from the pack */
	int state;
	struct str area;
	int64_t first;      /* the entry that began it */
	struct str account; /* empty: whoever acted for the office began it; else this one alone */
};

/* Whether the kind is made by the role on a file in which its office has no part. */
bool part_needs_none(const struct pack_kind *kind, const struct pack_office *role);

/*
 * On a private type an office has a part by what it owes, and where its account
 * began it: whom a file there is about may be named in it.
 */
bool part_has(const struct part_of *asked, const struct chart_office *office, bool *has,
              struct err *err) MUST_USE;

/*
 * Whether the office has a part in a file that is linked to this one. What its
 * own agency linked counts where the office that did so has a part in this file
 * too, or reads it anyway: no agency lets itself in by a link. *has_own_link:
 * there is one that does not count.
 */
bool part_has_linked(const struct part_of *asked, const struct chart_office *office, bool *has,
                     bool *has_own_link, struct err *err) MUST_USE;

/* Whether the pack lets the office read in this way on the file; not asked: its area. */
bool part_reads(const struct part_of *asked, const struct chart_office *office,
                enum pack_reads what);
/* A file without an area, and an office for all areas, are of everybody's. */
bool part_is_of_area(const struct part_of *asked, const struct chart_office *office);

/* Whether the file is, or was, owed something by the office: whatever its type. */
bool part_owes(struct store *store, int64_t file, struct str office, bool *owes,
               struct err *err) MUST_USE;

#endif
