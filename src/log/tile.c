/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The writer's tree. What holds at every moment, for size n:
 *  1 level l has n >> 8l hashes; its open tile holds the last (n >> 8l) mod 256
 *    of them and is never full: a tile that fills moves to `full` at once;
 *  2 the frontier has a hash for each 1-bit of n;
 *  3 `kept` is the last committed state; `written` says, level by level, what
 *    the rows hold in the present transaction.
 */
#include "log/tile.h"

#include <stdlib.h>

#define LEVELS 8 /* 2^63 leaves */
#define SPARE_MAX 32

/* Served by the primary key (level, idx). */
static const char WRITE_SQL[] =
	"INSERT INTO tile (level, idx, width, hashes) VALUES (?1, ?2, ?3, ?4)"
	" ON CONFLICT (level, idx) DO UPDATE SET width = excluded.width, hashes = excluded.hashes"
	" WHERE tile.width = ?5";
static const char LAST_SQL[] =
	"SELECT idx, width, hashes FROM tile WHERE level = ?1 ORDER BY idx DESC LIMIT 1";

/* The tile at a level's end. */
struct open_tile {
	uint64_t index;
	size_t width; /* 0 .. 255 */
	struct hash at[LOG_TILE_WIDTH];
};

/* A tile that was filled since the last flush. */
struct full_tile {
	struct full_tile *next;
	unsigned level;
	uint64_t index;
	struct hash at[LOG_TILE_WIDTH];
};

struct state {
	struct log_frontier frontier;
	struct open_tile open[LEVELS];
};

struct place {
	uint64_t index;
	size_t width;
};

struct log_tree {
	struct hasher *hasher;
	struct state now;
	struct state kept;
	struct place written[LEVELS];
	struct full_tile *full; /* oldest first */
	struct full_tile **full_end;
	struct full_tile *spare;
	size_t spares;
	size_t since_flush; /* leaves */
};

/* --- blocks of full tiles ------------------------------------------------------------------- */

static void give_back(struct log_tree *tree, struct full_tile *tile)
{
	if (tree->spares == SPARE_MAX) {
		free(tile);
		return;
	}
	tile->next = tree->spare;
	tree->spare = tile;
	tree->spares++;
}

static void give_back_all(struct log_tree *tree)
{
	while (tree->full) {
		struct full_tile *tile = tree->full;
		tree->full = tile->next;
		give_back(tree, tile);
	}
	tree->full_end = &tree->full;
	tree->since_flush = 0;
}

/* Makes sure that the next leaf finds its blocks: nothing may fail half way. */
static bool reserve(struct log_tree *tree, struct err *err)
{
	size_t needed = 0;
	while (needed < LEVELS && tree->now.open[needed].width == LOG_TILE_WIDTH - 1)
		needed++;
	while (tree->spares < needed) {
		struct full_tile *tile = calloc(1, sizeof *tile);
		if (!tile)
			return err_set(err, ERR_UNABLE, "There is no memory to grow the log");
		tile->next = tree->spare;
		tree->spare = tile;
		tree->spares++;
	}
	return true;
}

static void close_tile(struct log_tree *tree, unsigned level)
{
	struct open_tile *open = &tree->now.open[level];
	struct full_tile *tile = tree->spare;
	base_check(tile);
	tree->spare = tile->next;
	tree->spares--;
	tile->next = NULL;
	tile->level = level;
	tile->index = open->index;
	memcpy(tile->at, open->at, sizeof tile->at);
	*tree->full_end = tile;
	tree->full_end = &tile->next;
	open->index++;
	open->width = 0;
}

/* --- opening -------------------------------------------------------------------------------- */

static bool damaged(struct err *err, unsigned level)
{
	return err_set(err, ERR_INPUT,
	               "The log's tiles do not fit together at level %u; run candour "
	               "verify, and restore from a backup",
	               level);
}

/* The last row of a level, its hashes into *out when it is a partial one. */
static bool read_last(struct store *store, unsigned level, struct open_tile *out, bool *is_there,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*out = (struct open_tile){ 0 };
	if (!store_prepare(store, LAST_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, level);
	enum store_step step = store_step(stmt, err);
	*is_there = step == STORE_ROW;
	if (step != STORE_ROW)
		return step == STORE_DONE;
	int64_t index = store_int(stmt, 0), width = store_int(stmt, 1);
	struct str hashes = store_blob(stmt, 2);
	if (index < 0 || index > INT64_MAX / LOG_TILE_WIDTH - 1 || width < 1 ||
	    width > LOG_TILE_WIDTH || hashes.n != (size_t)width * HASH_SIZE)
		return damaged(err, level);
	out->index = (uint64_t)index;
	out->width = (size_t)width;
	memcpy(out->at, hashes.p, hashes.n);
	return true;
}

/* Invariant 1, from the rows; a full last tile leaves an empty open one behind it. */
static bool open_level(struct store *store, unsigned level, struct state *state, struct err *err)
{
	struct open_tile *open = &state->open[level];
	bool is_there = false;
	if (!read_last(store, level, open, &is_there, err))
		return false;
	if (open->width == LOG_TILE_WIDTH)
		*open = (struct open_tile){ .index = open->index + 1 };
	uint64_t count = open->index * LOG_TILE_WIDTH + open->width;
	if (level == 0) {
		state->frontier.size = count;
		return true;
	}
	return count == state->frontier.size >> (8 * level) || damaged(err, level);
}

/* The root over 2^bits hashes, folded in place. */
static struct hash root_over(struct hasher *hasher, struct hash *at, unsigned bits)
{
	for (size_t n = (size_t)1 << bits; n > 1; n /= 2)
		for (size_t i = 0; i < n / 2; i++)
			at[i] = log_node_hash(hasher, &at[2 * i], &at[2 * i + 1]);
	return at[0];
}

/* Invariant 2: the subtree of bit b ends the hashes that lie before the lower bits' in the open
 * tile of its level. */
static void open_frontier(struct hasher *hasher, struct state *state)
{
	struct log_frontier *frontier = &state->frontier;
	for (unsigned bit = 63; bit-- > 0;) {
		struct hash at[LOG_TILE_WIDTH / 2];
		unsigned within = bit % 8;
		if (!(frontier->size >> bit & 1))
			continue;
		const struct open_tile *open = &state->open[bit / 8];
		size_t end = open->width >> within << within;
		size_t first = end - ((size_t)1 << within);
		memcpy(at, &open->at[first], sizeof *at << within);
		frontier->at[frontier->count++] = root_over(hasher, at, within);
	}
}

static void note_written(struct log_tree *tree)
{
	for (unsigned level = 0; level < LEVELS; level++)
		tree->written[level] =
			(struct place){ tree->now.open[level].index, tree->now.open[level].width };
}

bool log_tree_create(struct log_tree **out, struct err *err)
{
	struct log_tree *tree = calloc(1, sizeof *tree);
	*out = tree;
	if (!tree)
		return err_set(err, ERR_UNABLE, "There is no memory for the log's tree");
	tree->hasher = hasher_create();
	tree->full_end = &tree->full;
	return true;
}

bool log_tree_open(struct store *store, struct log_tree **out, struct err *err)
{
	CLEANUP(log_tree_cleanup) struct log_tree *tree = NULL;
	*out = NULL;
	if (!log_tree_create(&tree, err))
		return false;
	for (unsigned level = 0; level < LEVELS; level++)
		if (!open_level(store, level, &tree->now, err))
			return false;
	open_frontier(tree->hasher, &tree->now);
	note_written(tree);
	tree->kept = tree->now;
	*out = tree;
	tree = NULL;
	return true;
}

void log_tree_close(struct log_tree *tree)
{
	if (!tree)
		return;
	give_back_all(tree);
	while (tree->spare) {
		struct full_tile *tile = tree->spare;
		tree->spare = tile->next;
		free(tile);
	}
	hasher_destroy(tree->hasher);
	free(tree);
}

void log_tree_cleanup(struct log_tree **tree)
{
	log_tree_close(*tree);
	*tree = NULL;
}

/* --- growing -------------------------------------------------------------------------------- */

int64_t log_tree_size(const struct log_tree *tree)
{
	return (int64_t)tree->now.frontier.size; /* at most LOG_INDEX_MAX + 1 */
}

struct hash log_tree_root(struct log_tree *tree)
{
	return log_frontier_root(tree->hasher, &tree->now.frontier);
}

static void push(struct log_tree *tree, unsigned level, const struct hash *hash)
{
	struct open_tile *open = &tree->now.open[level];
	open->at[open->width++] = *hash;
	if (open->width == LOG_TILE_WIDTH)
		close_tile(tree, level);
}

bool log_tree_append(struct log_tree *tree, const struct hash *leaf, struct err *err)
{
	struct log_frontier *frontier = &tree->now.frontier;
	struct hash root = *leaf;
	unsigned level = 0;
	if (tree->since_flush >= LOG_TREE_TURN_MAX || frontier->size >= (uint64_t)JSON_INTEGER_MAX)
		return err_set(err, ERR_UNABLE, "Too much was appended to the log at once");
	if (!reserve(tree, err))
		return false;
	push(tree, 0, leaf);
	/* As log_frontier_append; each eighth level's new subtree is a hash of the tiles above. */
	for (uint64_t bits = frontier->size; bits & 1; bits >>= 1) {
		root = log_node_hash(tree->hasher, &frontier->at[--frontier->count], &root);
		if (++level % 8 == 0)
			push(tree, level / 8, &root);
	}
	frontier->at[frontier->count++] = root;
	frontier->size++;
	tree->since_flush++;
	return true;
}

/* --- writing -------------------------------------------------------------------------------- */

static bool write_tile(struct store *store, unsigned level, uint64_t index, size_t width,
                       const struct hash *at, struct place *written, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, WRITE_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, level);
	store_bind_int(stmt, 2, (int64_t)index); /* below 2^45 */
	store_bind_int(stmt, 3, (int64_t)width);
	store_bind_blob(stmt, 4, str_from_bytes(at, width * HASH_SIZE));
	store_bind_int(stmt, 5, index == written->index ? (int64_t)written->width : 0);
	if (!store_do(stmt, err))
		return false;
	if (store_changes(store) != 1)
		return err_set(err, ERR_FAULT,
		               "Tile %" PRIu64 " of level %u is not as this writer left it", index,
		               level);
	*written = (struct place){ index, width };
	return true;
}

bool log_tree_flush(struct log_tree *tree, struct store *store, struct err *err)
{
	for (const struct full_tile *tile = tree->full; tile; tile = tile->next)
		if (!write_tile(store, tile->level, tile->index, LOG_TILE_WIDTH, tile->at,
		                &tree->written[tile->level], err))
			return false;
	for (unsigned level = 0; level < LEVELS; level++) {
		const struct open_tile *open = &tree->now.open[level];
		struct place *written = &tree->written[level];
		if (open->width == 0 ||
		    (open->index == written->index && open->width == written->width))
			continue;
		if (!write_tile(store, level, open->index, open->width, open->at, written, err))
			return false;
	}
	give_back_all(tree);
	return true;
}

/* Copies what `to` lacks of `from`: tiles only grow, so a prefix they share is the same. */
static void copy_growth(struct state *to, const struct state *from)
{
	to->frontier.size = from->frontier.size;
	to->frontier.count = from->frontier.count;
	memcpy(to->frontier.at, from->frontier.at,
	       from->frontier.count * sizeof *from->frontier.at);
	for (unsigned level = 0; level < LEVELS; level++) {
		struct open_tile *into = &to->open[level];
		const struct open_tile *open = &from->open[level];
		size_t shared = into->index != open->index  ? 0
		                : into->width < open->width ? into->width
		                                            : open->width;
		memcpy(&into->at[shared], &open->at[shared],
		       (open->width - shared) * sizeof *open->at);
		into->index = open->index;
		into->width = open->width;
	}
}

void log_tree_commit(struct log_tree *tree)
{
	base_check(!tree->full && tree->since_flush == 0);
	copy_growth(&tree->kept, &tree->now);
}

void log_tree_rollback(struct log_tree *tree)
{
	give_back_all(tree);
	copy_growth(&tree->now, &tree->kept);
	note_written(tree);
}

/* --- for the audit -------------------------------------------------------------------------- */

bool log_tree_drain(struct log_tree *tree, log_tree_seen *see, void *ctx, struct err *err)
{
	for (const struct full_tile *tile = tree->full; tile; tile = tile->next)
		if (!see(ctx, tile->level, tile->index, tile->at, LOG_TILE_WIDTH, err))
			return false;
	give_back_all(tree);
	return true;
}

bool log_tree_show_open(struct log_tree *tree, log_tree_seen *see, void *ctx, struct err *err)
{
	for (unsigned level = 0; level < LEVELS; level++) {
		const struct open_tile *open = &tree->now.open[level];
		if (open->width && !see(ctx, level, open->index, open->at, open->width, err))
			return false;
	}
	return true;
}
