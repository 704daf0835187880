/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A tile's path that was read is written as it was, and so has no second way to
 * be written; it is served from the size on that makes it whole, and never a
 * hash earlier.
 */
#include "target.h"

#include "log/log.h"

#define LEVELS_HELD 8 /* of a size below 2^63 */

/* The smallest size at which all of it lies in the tree. False: no size is large enough. */
static bool least_size(const struct log_path *path, int64_t *out)
{
	uint64_t last;
	if (path->level >= LEVELS_HELD ||
	    __builtin_mul_overflow(path->index, LOG_TILE_WIDTH, &last) ||
	    __builtin_add_overflow(last, path->width, &last))
		return false;
	uint64_t of_each = UINT64_C(1) << (8 * path->level);
	return !__builtin_mul_overflow(last, of_each, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_from_bytes(data, size);
	struct log_path path;
	char out[LOG_PATH_MAX];
	int64_t least = 0;
	if (!log_path_read(text, &path))
		return 0;
	MUST_HOLD(path.width >= 1 && path.width <= LOG_TILE_WIDTH && path.level <= 63);
	MUST_HOLD(!path.is_entries || path.level == 0);
	MUST_HOLD(str_eq((struct str){ out, log_path_write(&path, out) }, text));
	MUST_HOLD(!log_path_is_served(&path, 0));
	bool is_held = least_size(&path, &least);
	MUST_HOLD(log_path_is_served(&path, INT64_MAX) == is_held);
	MUST_HOLD(!is_held || log_path_is_served(&path, least));
	MUST_HOLD(!is_held || !log_path_is_served(&path, least - 1));
	return 0;
}
