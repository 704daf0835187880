/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whatever is sent to the keeper of a copy: what it reads as records is, written again, the same
 * bytes; it answers with a status of its own, and holds nothing against a checkpoint that the log
 * did not sign.
 */
#define _XOPEN_SOURCE 700 /* nftw */
#include "folder.h"

#include "log/log.h"

#define ROOM ((size_t)32 << 20)
#define NOW (INT64_C(1795466650) * INSTANT_PER_SECOND)

/* Whose private half nobody has here: no checkpoint of it can be signed. */
#define LOG_KEY "register.example.org/northmere+97c346b8+AaXyIMxhJDvf/BiyKtVPYVFgxZnW+mhGU8ZzAFP3weni"

static struct log_keeper *keeper; /* one for the process */

static void leave(void)
{
	log_keeper_close(keeper);
}

static struct log_keeper *keeper_of(void)
{
	struct err err = { 0 };
	if (keeper)
		return keeper;
	const char *dir = folder_make();
	MUST_HOLD(atexit(leave) == 0);
	MUST_HOLD(log_keeper_make(dir, STR("token"), &err));
	MUST_HOLD(log_keeper_add_key(dir, STR(LOG_KEY), &err));
	MUST_HOLD(log_keeper_open(dir, &keeper, &err));
	return keeper;
}

/* Read and written again. False: it is malformed. */
static bool write_again(struct str body, struct buf *out)
{
	struct log_parcel_record record;
	bool more;
	log_parcel_begin(out);
	if (!log_parcel_open(&body))
		return false;
	while (log_parcel_next(&body, &record, &more)) {
		if (!more)
			return true;
		log_parcel_add(out, (enum log_parcel_sort)(unsigned char)record.sort, record.count);
		for (size_t i = 0; i < record.count; i++)
			log_parcel_str(out, record.at[i]);
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create(ROOM);
	struct str body = str_from_bytes(data, size);
	(void)keeper_of();
	struct log_keeper_answer answer;
	struct log_kept kept;
	struct err err = { 0 };
	struct buf again;
	buf_init(&again, LOG_PARCEL_MAX);
	bool is_read = write_again(body, &again);
	MUST_HOLD(!is_read || str_eq(buf_str(&again), body));
	buf_finish(&again);
	MUST_HOLD(log_keeper_take(keeper, arena, body, NOW, &answer, &err));
	MUST_HOLD(answer.status == 200 || answer.status == 400 || answer.status == 409);
	MUST_HOLD(is_read || answer.status != 200);
	MUST_HOLD(log_keeper_check(keeper, arena, NOW, 0, &kept, &err));
	MUST_HOLD(kept.size == 0 && kept.heard == 0);
	arena_destroy(arena);
	return 0;
}
