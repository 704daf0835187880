/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Giving a register its name, once. The name is that of the signing
 * key, so the turn that names signs by the renamed key (key.h).
 */
#include "casebook/account.h"
#include "casebook/key.h"
#include "casebook/turn.h"

static const char ORIGIN_SQL[] = "UPDATE setting SET value = ?1 WHERE name = 'origin'";

struct naming {
	struct casebook *book;
	struct str name;
};

/* turn_hook */
static bool write_name(void *ctx, struct store *store, int64_t index, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	const struct naming *naming = ctx;
	struct casebook *book = naming->book;
	(void)index;
	if (!key_name(book, store, naming->name, err) ||
	    !store_prepare(store, ORIGIN_SQL, &put, err))
		return false;
	store_bind_str(put, 1, naming->name);
	return store_do(put, err);
}

bool casebook_register_name(struct casebook *book, const struct casebook_actor *actor,
                            enum casebook_via via, struct str machine_user, struct str name,
                            struct arena *arena, struct casebook_answer *answer, struct err *err)
{
	struct naming naming = { book, name };
	struct json *fields = json_object(arena);
	struct casebook_act act = { .actor = *actor,
		                    .via = via,
		                    .kind = STR("register.named"),
		                    .file = STR("R-1"),
		                    .fields = fields,
		                    .machine_user = machine_user };
	json_put_text(arena, fields, STR("name"), name);
	if (!json_complete(fields))
		return err_set(err, ERR_UNABLE, "There is no memory for this name");
	return casebook_submit_with(book, &act, write_name, &naming, arena, answer, err);
}
