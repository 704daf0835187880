/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a pack that waits would change, for those who are asked to agree and for whoever signed in.
 */
#include "casebook/adopting.h"
#include "casebook/query_rows.h"
#include "casebook/reader.h"
#include "casebook/settings.h"

static bool is_open(struct casebook_reader *reader, int64_t waiting, bool *out, struct err *err)
{
	/* By the primary key. */
	static const char OPEN_SQL[] = "SELECT closed IS NULL FROM waiting WHERE entry = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(reader->store, OPEN_SQL, &found, err))
		return false;
	store_bind_int(found, 1, waiting);
	enum store_step step = store_step(found, err);
	*out = step == STORE_ROW && store_int(found, 0) != 0;
	return step != STORE_FAILED;
}

static bool compare(struct casebook_reader *reader, struct arena *arena, struct str text,
                    struct casebook_proposal *out, struct err *err)
{
	struct pack_comparison found;
	struct pack *pack = NULL;
	if (!book_pack_load(text, &pack, err))
		return false;
	bool done = pack_compare(casebook_pack(reader->book), pack, arena, &found, err);
	if (done) {
		out->name = arena_copy(arena, pack->name);
		out->version = arena_copy(arena, pack->version);
		out->change = found.change;
		out->changes = found.lines;
		out->count = found.count;
	}
	pack_destroy(pack);
	return done;
}

bool casebook_pack_proposed(struct casebook_reader *reader, struct arena *arena, int64_t waiting,
                            struct casebook_proposal *out, struct err *err)
{
	struct adopting adopting;
	*out = (struct casebook_proposal){ 0 };
	if (!casebook_entry_get(reader, arena, waiting, &out->entry, err))
		return false;
	if (!str_eq(json_text(out->entry.plain, STR("kind")), STR("pack.adopted")))
		return err_set(err, ERR_ABSENT, "No pack waits under that number");
	if (!adopting_proposed(reader->store, arena, waiting,
	                       json_text(out->entry.plain, STR("hash")), &adopting, err))
		return false;
	if (!adopting.text.p)
		return err_set(
			err, ERR_ABSENT,
			"The text of the pack is not here any more; it must be proposed again");
	return is_open(reader, waiting, &out->is_open, err) &&
	       compare(reader, arena, adopting.text, out, err);
}
