/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The register's own tree: its hashes in table `tile`, grown by the writer
 * (struct log_tree) and read by anybody (struct log_reader).
 *
 * A turn: append each leaf, flush inside the transaction, commit the store,
 * then log_tree_commit; when the turn is given up, log_tree_rollback.
 */
#ifndef CANDOUR_LOG_TILE_H
#define CANDOUR_LOG_TILE_H

#include "base/base.h"
#include "log/path.h"
#include "log/tree.h"
#include "store/store.h"

#define LOG_TREE_TURN_MAX ((size_t)1 << 20) /* leaves between two flushes */

/* Frontier and partial tiles, in memory. The writer's thread only. */
struct log_tree;

/*
 * Reads frontier and partial tiles. ERR_INPUT: the tiles do not fit together;
 * ERR_UNABLE: store or memory.
 */
bool log_tree_open(struct store *store, struct log_tree **out, struct err *err) MUST_USE;
void log_tree_close(struct log_tree *tree);    /* takes NULL */
void log_tree_cleanup(struct log_tree **tree); /* for CLEANUP */

/* Leaves, appended ones counted; and the root over them. */
int64_t log_tree_size(const struct log_tree *tree);
struct hash log_tree_root(struct log_tree *tree);

/* ERR_UNABLE: no memory, or LOG_TREE_TURN_MAX leaves since the last flush; nothing is appended. */
bool log_tree_append(struct log_tree *tree, const struct hash *leaf, struct err *err) MUST_USE;
/*
 * Writes what is new, one row a tile, inside the caller's transaction.
 * ERR_UNABLE: store; ERR_FAULT: the rows are not as this tree left them, so
 * somebody else writes. Then abort and roll back.
 */
bool log_tree_flush(struct log_tree *tree, struct store *store, struct err *err) MUST_USE;
/* What was flushed is durable: the state to roll back to. All that was appended must be flushed. */
void log_tree_commit(struct log_tree *tree);
/* Back to the last committed state. */
void log_tree_rollback(struct log_tree *tree);

/*
 * For the audit (audit.h): an empty tree that is never flushed, and what is
 * filled or open in it. `see` is told of each tile once it is full, and at the
 * end of the open ones.
 */
typedef bool log_tree_seen(void *ctx, unsigned level, uint64_t index, const struct hash *at,
                           size_t width, struct err *err);
bool log_tree_create(struct log_tree **out, struct err *err) MUST_USE;
bool log_tree_drain(struct log_tree *tree, log_tree_seen *see, void *ctx, struct err *err) MUST_USE;
bool log_tree_show_open(struct log_tree *tree, log_tree_seen *see, void *ctx,
                        struct err *err) MUST_USE;

/* Reads tiles through a connection of its own, with a small cache. One thread at a time. */
struct log_reader;

bool log_reader_create(struct store *store, struct log_reader **out, struct err *err) MUST_USE;
void log_reader_destroy(struct log_reader *reader);  /* takes NULL */
void log_reader_cleanup(struct log_reader **reader); /* for CLEANUP */
/* Forgets cached tiles: after a rollback, or when the rows may have been changed. */
void log_reader_forget(struct log_reader *reader);

/* Leaves in the store as the connection sees it. ERR_UNABLE. */
bool log_reader_size(struct log_reader *reader, int64_t *out, struct err *err) MUST_USE;
/*
 * Root and proofs at any size up to that. ERR_USAGE: sizes out of order or past
 * the tree; ERR_INPUT: tiles are missing or damaged; ERR_UNABLE: store.
 */
bool log_reader_root(struct log_reader *reader, int64_t size, struct hash *out,
                     struct err *err) MUST_USE;
bool log_reader_inclusion(struct log_reader *reader, int64_t index, int64_t size,
                          struct log_proof *out, struct err *err) MUST_USE;
bool log_reader_consistency(struct log_reader *reader, int64_t older, int64_t newer,
                            struct log_proof *out, struct err *err) MUST_USE;
/* One stored hash; a log_stored whose ctx is the reader. Level 0 are leaf hashes. */
bool log_reader_stored(void *reader, unsigned level, uint64_t index, struct hash *out,
                       struct err *err) MUST_USE;

/* Gives C of `count` entries from `first` on (at most 256). */
typedef bool log_commitments(void *ctx, int64_t first, size_t count, struct hash *out,
                             struct err *err);

/*
 * The bytes of a tile or bundle at the published size, in the arena.
 * ERR_ABSENT: not served (any path outside the grammar, or past the size);
 * else as log_reader_root.
 */
bool log_reader_serve(struct log_reader *reader, struct arena *arena, struct str path,
                      int64_t published, log_commitments *commitments, void *ctx, struct str *out,
                      struct err *err) MUST_USE;

#endif
