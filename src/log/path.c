/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The grammar of tile paths. */
#include "log/path.h"

#define LEVEL_MAX 63
#define GROUPS_MAX 6

/* 0-63 without a leading zero, or the word for bundles. */
static bool read_level(struct str text, struct log_path *out)
{
	uint64_t level = 0;
	out->is_entries = str_eq(text, STR("entries"));
	if (!out->is_entries && !str_to_u64(text, LEVEL_MAX, &level))
		return false;
	out->level = (unsigned)level; /* at most 63 */
	return true;
}

/* Three digits onto the index. */
static bool read_group(struct str text, struct log_path *out)
{
	if (text.n != 3)
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		out->index = out->index * 10 + (uint64_t)(text.p[i] - '0');
	}
	return true;
}

static bool read_width(struct str text, struct log_path *out)
{
	uint64_t width = 0;
	if (!str_to_u64(text, LOG_TILE_WIDTH - 1, &width) || width == 0)
		return false;
	out->width = (unsigned)width; /* at most 255 */
	return true;
}

/* The last group, with ".p" behind it and the width in the part that follows, or alone. */
static bool read_end(struct str group, struct str rest, struct log_path *out)
{
	out->width = LOG_TILE_WIDTH;
	if (!rest.p)
		return read_group(group, out);
	return str_ends(group, STR(".p")) && read_group(str_sub(group, 0, group.n - 2), out) &&
	       read_width(rest, out);
}

bool log_path_read(struct str text, struct log_path *out)
{
	struct str rest = text, part;
	size_t groups = 0;
	*out = (struct log_path){ 0 };
	if (!str_cut(&rest, '/', &part) || !str_eq(part, STR("tile")) ||
	    !str_cut(&rest, '/', &part) || !read_level(part, out))
		return false;
	while (str_cut(&rest, '/', &part)) {
		if (++groups > GROUPS_MAX)
			return false;
		if (!str_starts(part, STR("x")))
			return read_end(part, rest, out);
		/* The shortest form has no leading group of noughts. */
		if (!read_group(str_sub(part, 1, part.n), out) || (groups == 1 && out->index == 0))
			return false;
	}
	return false;
}

static void put(char *out, size_t *n, struct str text)
{
	memcpy(out + *n, text.p, text.n);
	*n += text.n;
}

static void put_number(char *out, size_t *n, unsigned number)
{
	if (number >= 100)
		out[(*n)++] = (char)('0' + number / 100);
	if (number >= 10)
		out[(*n)++] = (char)('0' + number / 10 % 10);
	out[(*n)++] = (char)('0' + number % 10);
}

static void put_group(char *out, size_t *n, unsigned number)
{
	out[(*n)++] = (char)('0' + number / 100);
	out[(*n)++] = (char)('0' + number / 10 % 10);
	out[(*n)++] = (char)('0' + number % 10);
}

size_t log_path_write(const struct log_path *path, char out[LOG_PATH_MAX])
{
	unsigned groups[GROUPS_MAX];
	size_t n = 0, count = 0;
	uint64_t index = path->index;
	do {
		base_check(count < GROUPS_MAX);
		groups[count++] = (unsigned)(index % 1000);
		index /= 1000;
	} while (index);
	put(out, &n, STR("tile/"));
	if (path->is_entries)
		put(out, &n, STR("entries"));
	else
		put_number(out, &n, path->level);
	while (count) {
		put(out, &n, count > 1 ? STR("/x") : STR("/"));
		put_group(out, &n, groups[--count]);
	}
	if (path->width < LOG_TILE_WIDTH) {
		put(out, &n, STR(".p/"));
		put_number(out, &n, path->width);
	}
	return n;
}

bool log_path_is_served(const struct log_path *path, int64_t published)
{
	/* A level past the seventh holds no hash of any tree we can have. */
	uint64_t hashes = path->level > 7 ? 0 : (uint64_t)published >> (8 * path->level);
	/* An index may be up to 10^18, whose hashes no number of 64 bits counts: the first look
	 * keeps the second from wrapping round. */
	return published > 0 && path->index <= hashes / LOG_TILE_WIDTH &&
	       path->index * LOG_TILE_WIDTH + path->width <= hashes;
}
