/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whatever is sent to add-checkpoint, a witness answers with a status of the
 * protocol, never goes back, and cosigns only a note that the log signed.
 */
#define _XOPEN_SOURCE 700 /* nftw */
#include "folder.h"

#include "log/log.h"

#define ROOM ((size_t)8 << 20)
#define NOW INT64_C(1795466650)

/* Of the log that the corpus is of. */
#define LOG_KEY "register.example.org/northmere+97c346b8+AaXyIMxhJDvf/BiyKtVPYVFgxZnW+mhGU8ZzAFP3weni"

static struct log_witness *witness; /* one for the process */

static void leave(void)
{
	log_witness_close(witness);
}

static struct log_witness *witness_of(void)
{
	struct err err = { 0 };
	struct log_signer *key = NULL;
	const uint8_t seed[LOG_KEY_SIZE] = { 7 };
	if (witness)
		return witness;
	const char *dir = folder_make();
	MUST_HOLD(atexit(leave) == 0);
	MUST_HOLD(log_signer_create(STR("witness.example.net/w1"), LOG_KEY_WITNESS, seed, &key, &err));
	MUST_HOLD(log_witness_make(dir, key, &err));
	MUST_HOLD(log_witness_add_log(dir, STR(LOG_KEY), &err));
	MUST_HOLD(log_witness_open(dir, &witness, &err));
	log_signer_destroy(key);
	return witness;
}

static bool is_status(int status)
{
	static const int KNOWN[] = { 200, 400, 403, 404, 409, 413, 422, 500, 503 };
	for (size_t i = 0; i < COUNT_OF(KNOWN); i++) {
		if (status == KNOWN[i])
			return true;
	}
	return false;
}

/* The checkpoint behind the first empty line. */
static bool is_signed(struct arena *arena, struct str body)
{
	struct log_checkpoint checkpoint;
	struct log_vkey key;
	struct err err = { 0 };
	size_t split = str_find_str(body, STR("\n\n"));
	return split < body.n && log_vkey_read(arena, STR(LOG_KEY), &key, &err) &&
	       log_checkpoint_open(arena, str_sub(body, split + 2, body.n), &key, &checkpoint, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create(ROOM);
	(void)witness_of();
	struct log_witness_answer answer;
	struct str body = str_from_bytes(data, size);
	struct err err = { 0 };
	int64_t before = log_witness_size(witness, 0);
	MUST_HOLD(log_witness_add_checkpoint(witness, arena, body, NOW, &answer, &err));
	MUST_HOLD(is_status(answer.status));
	MUST_HOLD(log_witness_size(witness, 0) >= before);
	MUST_HOLD(answer.status == 200 || log_witness_size(witness, 0) == before);
	MUST_HOLD(answer.status != 200 || is_signed(arena, body));
	arena_destroy(arena);
	return 0;
}
