/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/recorded.h"

/* Its slices are of the row, and gone with it. */
typedef void take_header(void *ctx, const struct log_header *header);

/* By the primary key; nothing is taken where the entry is not there, or was destroyed. */
static bool read_header(struct store *store, int64_t index, take_header *take, void *ctx,
                        struct err *err)
{
	static const char HEADER_SQL[] = "SELECT header FROM entry WHERE idx = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct log_header header;
	if (!store_prepare(store, HEADER_SQL, &found, err))
		return false;
	store_bind_int(found, 1, index);
	enum store_step step = store_step(found, err);
	if (step != STORE_ROW || store_is_null(found, 0))
		return step != STORE_FAILED;
	if (!log_header_glance(store_blob(found, 0), &header, err))
		return false;
	take(ctx, &header);
	return true;
}

static void take_recorded(void *ctx, const struct log_header *header)
{
	instant *at = ctx;
	*at = header->recorded;
}

bool recorded_read(struct store *store, int64_t index, instant *at, struct err *err)
{
	return read_header(store, index, take_recorded, at, err);
}

struct maker {
	struct str account;
	bool is_by;
};

static void take_maker(void *ctx, const struct log_header *header)
{
	struct maker *maker = ctx;
	maker->is_by =
		header->by == LOG_BY_ACCOUNT && str_eq(id_str(&header->account), maker->account);
}

bool recorded_is_by(struct store *store, int64_t index, struct str account, bool *is_by,
                    struct err *err)
{
	struct maker maker = { .account = account };
	bool done = read_header(store, index, take_maker, &maker, err);
	*is_by = maker.is_by;
	return done;
}
