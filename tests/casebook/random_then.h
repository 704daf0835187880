/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the register writes on linked files, reckoned by the entries alone: for
 * each act that asks for it there is one entry on each file that was linked
 * then, or one that says why not.
 */
#ifndef CANDOUR_TESTS_CASEBOOK_RANDOM_THEN_H
#define CANDOUR_TESTS_CASEBOOK_RANDOM_THEN_H

#include "casebook/random_known.h"

/* Files are joined and parted by what the entries say. */
static inline void see_link(struct world *w, const struct casebook_entry *entry)
{
	struct str kind = entry->kind;
	bool joins = str_ends(kind, STR(".joined"));
	if (entry->by == CASEBOOK_BY_REGISTER || (!joins && !str_ends(kind, STR(".parted"))))
		return;
	int64_t a = entry->file, b = file_named(&w->f, json_text(entry->plain, STR("other"))).n;
	size_t i = 0;
	while (i < w->link_count && !((w->links[i].a == a && w->links[i].b == b) ||
	                              (w->links[i].a == b && w->links[i].b == a)))
		i++;
	LAW(w, i < WORLD_LINKS_MAX, "more links than the test keeps");
	if (i == w->link_count)
		w->link_count++;
	w->links[i] = (struct link_known){ a, b, joins };
}

static inline int64_t other_end(const struct link_known *link, int64_t file)
{
	return !link->is_there ? -1 : link->a == file ? link->b : link->b == file ? link->a : -1;
}

/* How many entries that follow from `cause` stand on the file for the kind; `refused`: of them. */
static inline int written_there(struct world *w, struct casebook_reader *reader, int64_t cause, int64_t entries,
                                int64_t file, const struct pack_kind *kind, int *refused)
{
	int written = 0;
	for (int64_t at = cause + 1; at < entries; at++) {
		struct casebook_entry made;
		MUST(&w->f, casebook_entry_get(reader, w->f.arena, at, &made, &w->f.err));
		if (json_number(made.plain, STR("cause"), -1) < 0)
			break; /* of another act */
		if (made.file != file || json_number(made.plain, STR("cause"), -1) != cause)
			continue;
		bool is_refused = str_eq(made.kind, STR("act.refused")) &&
		                  str_eq(json_text(made.plain, STR("kind")), kind->name);
		written += is_refused || str_eq(made.kind, kind->name);
		*refused += is_refused;
	}
	return written;
}

static inline void see_then(struct world *w, struct casebook_reader *reader, const struct casebook_entry *entry,
                            int64_t entries)
{
	const struct pack_kind *kind = pack_kind_find(w->pack, entry->kind);
	see_link(w, entry);
	for (size_t t = 0; kind && t < kind->then_count; t++) {
		const struct pack_then *then = &kind->then[t];
		if (then->when && !pack_cond_holds_fields(then->when, kind, entry->plain))
			continue;
		int refused = 0;
		for (size_t i = 0; then->on && i < w->link_count; i++) {
			int64_t file = other_end(&w->links[i], entry->file);
			if (file < 0)
				continue;
			int written = written_there(w, reader, entry->index, entries, file, then->kind, &refused);
			int wanted = file == entry->file && kind->then_count > 1 ? 2 : 1;
			LAW(w, written == 1 || (written > 0 && written <= wanted),
			    "entry %" PRId64 " wrote %.*s %d times on file %" PRId64, entry->index,
			    STR_ARG(then->kind->name), written, file);
			w->felt++;
		}
		w->not_felt += refused;
	}
}

#endif
