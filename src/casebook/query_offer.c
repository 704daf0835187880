/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the rules offer after what was written on a file: a kind's offers, by
 * the newest entry of that kind, until what is offered was made.
 */
#include "casebook/query.h"

#include "casebook/rows.h"
#include "casebook/world.h"

/* By entry_file(file, kind, idx). */
static const char NEWEST_SQL[] =
	"SELECT COALESCE(MAX(idx), -1) FROM entry WHERE file = ?1 AND kind = ?2";

struct asked {
	struct casebook_reader *reader;
	struct arena *arena;
	const struct casebook_viewer *viewer;
	const struct casebook_file *file;
	const struct casebook_linked *links;
	size_t link_count;
	struct file_row *row;
	struct rows found; /* struct casebook_offer */
};

static bool newest_of(const struct asked *asked, struct str kind, int64_t *index, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*index = -1;
	if (!store_prepare(asked->reader->store, NEWEST_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, asked->file->n);
	store_bind_str(stmt, 2, kind);
	enum store_step step = store_step(stmt, err);
	if (step == STORE_ROW)
		*index = store_int(stmt, 0);
	return step != STORE_FAILED;
}

/* Made on the file itself since, or as the beginning of one that it was linked to since. */
static bool is_made(const struct asked *asked, const struct pack_kind *kind, int64_t since,
                    bool *is, struct err *err)
{
	int64_t index;
	if (!newest_of(asked, kind->name, &index, err))
		return false;
	*is = index > since;
	for (size_t i = 0; kind->may_begin && !*is && i < asked->link_count; i++) {
		struct casebook_entry entry;
		if (asked->links[i].entry <= since)
			continue;
		if (!casebook_entry_get(asked->reader, asked->arena, asked->links[i].entry, &entry,
		                        err))
			return false;
		*is = str_eq(entry.kind, kind->name);
	}
	return true;
}

static bool holds(const struct asked *asked, const struct casebook_entry *entry,
                  const struct pack_cond *when, bool *is, struct err *err)
{
	struct world world = { .store = asked->reader->store,
		               .pack = reader_pack(asked->reader),
		               .chart = asked->reader->chart,
		               .arena = asked->arena,
		               .row = asked->row,
		               .up_to = INT64_MAX };
	struct pack_world shown;
	world_show(&world, &shown);
	shown.now = casebook_now(asked->reader->book);
	shown.happened = entry->happened;
	shown.kind = entry->rules;
	shown.plain = entry->plain;
	shown.account = asked->viewer->actor.account;
	shown.office = asked->viewer->actor.office;
	return pack_cond_holds(when, &shown, is, err);
}

static bool add(struct asked *asked, const struct pack_kind *kind, int64_t entry, struct err *err)
{
	struct casebook_offer *found = asked->found.at;
	for (size_t i = 0; i < asked->found.count; i++) {
		if (found[i].kind != kind)
			continue;
		found[i].entry = entry > found[i].entry ? entry : found[i].entry;
		return true;
	}
	if (!(found = rows_add(&asked->found)))
		return rows_too_long(err);
	*found = (struct casebook_offer){ kind, entry };
	return true;
}

static bool look_at(struct asked *asked, const struct pack_kind *kind, struct err *err)
{
	struct casebook_entry entry;
	int64_t index;
	if (!newest_of(asked, kind->name, &index, err))
		return false;
	if (index < 0)
		return true;
	if (!casebook_entry_get(asked->reader, asked->arena, index, &entry, err))
		return false;
	for (size_t i = 0; i < kind->offer_count; i++) {
		const struct pack_offer *offer = &kind->offers[i];
		bool is_held, made = false;
		if (offer->kind->retired.p)
			continue;
		if (!holds(asked, &entry, offer->when, &is_held, err) ||
		    (is_held && !is_made(asked, offer->kind, index, &made, err)))
			return false;
		if (is_held && !made && !add(asked, offer->kind, index, err))
			return false;
	}
	return true;
}

bool casebook_offers(struct casebook_reader *reader, struct arena *arena,
                     const struct casebook_viewer *viewer, const struct casebook_file *file,
                     const struct casebook_offer **out, size_t *count, struct err *err)
{
	const struct pack *pack = reader_pack(reader);
	struct asked asked = { .reader = reader,
		               .arena = arena,
		               .viewer = viewer,
		               .file = file,
		               .found = { .arena = arena, .size = sizeof(struct casebook_offer) } };
	*out = NULL;
	*count = 0;
	if (!file->type || !file_row_read(reader->store, pack, arena, file->n, &asked.row, err) ||
	    !casebook_links(reader, arena, file->n, &asked.links, &asked.link_count, err))
		return !file->type;
	for (size_t i = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		if (kind->offer_count && kind->file_types >> file->type->number & 1 &&
		    !look_at(&asked, kind, err))
			return false;
	}
	*out = asked.found.at;
	*count = asked.found.count;
	return true;
}
