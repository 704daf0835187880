/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading tiles: stored hashes for proofs, and the bytes the public is served. */
#include "log/tile.h"

#include <stdlib.h>

#define CACHED 16 /* tiles of 8 KiB */

/* Served by the primary key (level, idx). */
static const char TILE_SQL[] = "SELECT width, hashes FROM tile WHERE level = ?1 AND idx = ?2";
static const char SIZE_SQL[] =
	"SELECT idx, width FROM tile WHERE level = 0 ORDER BY idx DESC LIMIT 1";

struct cached_tile {
	bool is_there;
	unsigned level;
	uint64_t index;
	size_t width;
	uint64_t used; /* when last, by the reader's count */
	struct hash at[LOG_TILE_WIDTH];
};

struct log_reader {
	struct store *store;
	struct hasher *hasher;
	uint64_t uses;
	struct cached_tile tiles[CACHED];
};

bool log_reader_create(struct store *store, struct log_reader **out, struct err *err)
{
	struct log_reader *reader = calloc(1, sizeof *reader);
	*out = reader;
	if (!reader)
		return err_set(err, ERR_UNABLE, "There is no memory to read the log");
	reader->store = store;
	reader->hasher = hasher_create();
	return true;
}

void log_reader_destroy(struct log_reader *reader)
{
	if (!reader)
		return;
	hasher_destroy(reader->hasher);
	free(reader);
}

void log_reader_cleanup(struct log_reader **reader)
{
	log_reader_destroy(*reader);
	*reader = NULL;
}

void log_reader_forget(struct log_reader *reader)
{
	for (size_t i = 0; i < CACHED; i++)
		reader->tiles[i].is_there = false;
}

bool log_reader_size(struct log_reader *reader, int64_t *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*out = 0;
	if (!store_prepare(reader->store, SIZE_SQL, &stmt, err))
		return false;
	enum store_step step = store_step(stmt, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	int64_t index = store_int(stmt, 0), width = store_int(stmt, 1);
	if (index < 0 || index > INT64_MAX / LOG_TILE_WIDTH - 1 || width < 1 ||
	    width > LOG_TILE_WIDTH)
		return err_set(err, ERR_INPUT,
		               "The log's last tile is damaged; run candour verify");
	*out = index * LOG_TILE_WIDTH + width;
	return true;
}

/* --- tiles ---------------------------------------------------------------------------------- */

/* The cached tile, or the one longest unused, to be read anew. */
static struct cached_tile *place_for(struct log_reader *reader, unsigned level, uint64_t index)
{
	struct cached_tile *oldest = &reader->tiles[0];
	for (size_t i = 0; i < CACHED; i++) {
		struct cached_tile *tile = &reader->tiles[i];
		if (tile->is_there && tile->level == level && tile->index == index)
			return tile;
		if (!tile->is_there || (oldest->is_there && tile->used < oldest->used))
			oldest = tile;
	}
	oldest->is_there = false;
	return oldest;
}

static bool read_tile(struct log_reader *reader, unsigned level, uint64_t index,
                      struct cached_tile *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	out->is_there = false;
	if (!store_prepare(reader->store, TILE_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, level);
	store_bind_int(stmt, 2, (int64_t)index); /* below 2^55 */
	enum store_step step = store_step(stmt, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return err_set(err, ERR_INPUT,
		               "Tile %" PRIu64 " of level %u is missing; run candour verify", index,
		               level);
	int64_t width = store_int(stmt, 0);
	struct str hashes = store_blob(stmt, 1);
	if (width < 1 || width > LOG_TILE_WIDTH || hashes.n != (size_t)width * HASH_SIZE)
		return err_set(err, ERR_INPUT,
		               "Tile %" PRIu64 " of level %u is damaged; run candour verify", index,
		               level);
	memcpy(out->at, hashes.p, hashes.n);
	out->width = (size_t)width;
	out->level = level;
	out->index = index;
	out->is_there = true;
	return true;
}

/* A tile with at least `width` hashes; borrowed until the next call. */
static const struct hash *tile_of(struct log_reader *reader, unsigned level, uint64_t index,
                                  size_t width, struct err *err)
{
	struct cached_tile *tile = place_for(reader, level, index);
	/* A partial tile may have grown since. */
	if ((!tile->is_there || tile->width < width) && !read_tile(reader, level, index, tile, err))
		return NULL;
	tile->used = ++reader->uses;
	if (tile->width >= width)
		return tile->at;
	err_set(err, ERR_INPUT, "Tile %" PRIu64 " of level %u ends too early; run candour verify",
	        index, level);
	return NULL;
}

bool log_reader_stored(void *ctx, unsigned level, uint64_t index, struct hash *out, struct err *err)
{
	struct log_reader *reader = ctx;
	struct hash at[LOG_TILE_WIDTH / 2];
	unsigned within = level % 8;
	uint64_t first = index << within; /* they never cross a tile */
	size_t slot = first % LOG_TILE_WIDTH, count = (size_t)1 << within;
	const struct hash *tile =
		tile_of(reader, level / 8, first / LOG_TILE_WIDTH, slot + count, err);
	if (!tile)
		return false;
	memcpy(at, tile + slot, count * sizeof *at);
	for (; count > 1; count /= 2)
		for (size_t i = 0; i < count / 2; i++)
			at[i] = log_node_hash(reader->hasher, &at[2 * i], &at[2 * i + 1]);
	*out = at[0];
	return true;
}

/* --- proofs --------------------------------------------------------------------------------- */

static bool is_size(struct log_reader *reader, int64_t size, struct err *err)
{
	int64_t all = 0;
	if (!log_reader_size(reader, &all, err))
		return false;
	return (size >= 0 && size <= all) ||
	       err_set(err, ERR_USAGE, "The log has %" PRId64 " entries; there is no size %" PRId64,
	               all, size);
}

bool log_reader_root(struct log_reader *reader, int64_t size, struct hash *out, struct err *err)
{
	return is_size(reader, size, err) &&
	       log_root_make(reader->hasher, (uint64_t)size, log_reader_stored, reader, out, err);
}

bool log_reader_inclusion(struct log_reader *reader, int64_t index, int64_t size,
                          struct log_proof *out, struct err *err)
{
	if (!is_size(reader, size, err))
		return false;
	if (index < 0)
		return err_set(err, ERR_USAGE, "Entries are numbered from 0");
	return log_inclusion_make(reader->hasher, (uint64_t)index, (uint64_t)size,
	                          log_reader_stored, reader, out, err);
}

bool log_reader_consistency(struct log_reader *reader, int64_t older, int64_t newer,
                            struct log_proof *out, struct err *err)
{
	return is_size(reader, older, err) && is_size(reader, newer, err) &&
	       log_consistency_make(reader->hasher, (uint64_t)older, (uint64_t)newer,
	                            log_reader_stored, reader, out, err);
}

/* --- serving -------------------------------------------------------------------------------- */

static bool serve_bundle(struct arena *arena, const struct log_path *path,
                         log_commitments *commitments, void *ctx, struct str *out, struct err *err)
{
	struct hash at[LOG_TILE_WIDTH];
	const size_t each = 2 + HASH_SIZE;
	int64_t first = (int64_t)(path->index * LOG_TILE_WIDTH); /* below the published size */
	char *bytes = arena_alloc(arena, path->width, each);
	if (!bytes)
		return err_set(err, ERR_UNABLE, "There is no room to answer now");
	if (!commitments(ctx, first, path->width, at, err))
		return false;
	for (size_t i = 0; i < path->width; i++) {
		bytes[i * each] = 0; /* the length of leaf data, most significant byte first */
		bytes[i * each + 1] = HASH_SIZE;
		memcpy(bytes + i * each + 2, at[i].bytes, HASH_SIZE);
	}
	*out = (struct str){ bytes, path->width * each };
	return true;
}

bool log_reader_serve(struct log_reader *reader, struct arena *arena, struct str text,
                      int64_t published, log_commitments *commitments, void *ctx, struct str *out,
                      struct err *err)
{
	struct log_path path;
	*out = STR_NONE;
	if (!log_path_read(text, &path) || !log_path_is_served(&path, published))
		return err_set(err, ERR_ABSENT,
		               "There is no such tile at the log's published size");
	if (path.is_entries)
		return serve_bundle(arena, &path, commitments, ctx, out, err);
	const struct hash *tile = tile_of(reader, path.level, path.index, path.width, err);
	if (!tile)
		return false;
	*out = arena_copy(arena, str_from_bytes(tile, path.width * HASH_SIZE));
	return out->p || err_set(err, ERR_UNABLE, "There is no room to answer now");
}
