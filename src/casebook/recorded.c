/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/recorded.h"

bool recorded_read(struct store *store, int64_t index, instant *at, struct err *err)
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
	*at = header.recorded;
	return true;
}
