/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What was read is written as it was: a checkpoint's three lines, a tile's
 * path, an entry's header. A policy that was read is met by nobody signing
 * only when it asks for no witness.
 */
#include "target.h"

#include "log/log.h"

#define ROOM ((size_t)8 << 20)

static void try_checkpoint(struct str text)
{
	struct log_checkpoint checkpoint;
	struct err err = { 0 };
	struct buf out;
	if (!log_checkpoint_read(text, &checkpoint, &err)) {
		MUST_HOLD(err.code == ERR_INPUT);
		return;
	}
	buf_init(&out, ROOM);
	log_checkpoint_write(&out, &checkpoint);
	MUST_HOLD(str_starts(text, buf_str(&out)));
	buf_finish(&out);
}

static void try_path(struct str text)
{
	struct log_path path;
	char out[LOG_PATH_MAX];
	if (!log_path_read(text, &path))
		return;
	MUST_HOLD(path.width >= 1 && path.width <= LOG_TILE_WIDTH && path.level <= 63);
	MUST_HOLD(str_eq((struct str){ out, log_path_write(&path, out) }, text));
	MUST_HOLD(!log_path_is_served(&path, 0));
}

static void try_header(struct str text)
{
	struct log_header header;
	struct err err = { 0 };
	char out[LOG_HEADER_MAX];
	size_t n = 0;
	if (!log_header_read(text, &header, &err))
		return;
	MUST_HOLD(log_header_write(&header, out, &n, &err));
	MUST_HOLD(str_eq((struct str){ out, n }, text));
}

static void try_policy(struct arena *arena, struct str text)
{
	const struct log_policy *policy = NULL;
	struct log_verified nobody = { 0 };
	struct err err = { 0 };
	if (!log_policy_read(arena, text, &policy, &err)) {
		MUST_HOLD(err.code == ERR_INPUT || err.code == ERR_UNABLE);
		return;
	}
	MUST_HOLD(log_policy_is_met(policy, &nobody) == !log_policy_asks_witnesses(policy));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create(ROOM);
	struct str text = str_from_bytes(data, size);
	try_checkpoint(text);
	try_path(text);
	try_header(text);
	try_policy(arena, text);
	arena_destroy(arena);
	return 0;
}
