/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Paths of tiles and entry bundles (C2SP tlog-tiles), and which are served at a published size. */
#ifndef CANDOUR_LOG_PATH_H
#define CANDOUR_LOG_PATH_H

#include "base/base.h"

#define LOG_TILE_WIDTH 256
#define LOG_PATH_MAX 64 /* bytes of the longest path */

/* "tile/1/x001/234.p/17": what is asked for below the log's prefix. */
struct log_path {
	bool is_entries; /* a bundle of leaf data; level is then 0 */
	unsigned level;  /* 0 .. 63 */
	uint64_t index;  /* below 10^18: six groups of digits */
	unsigned width;  /* 1 .. 256; 256 is the full tile */
};

/* Reads the raw path, without a slash in front; no decoding. False for every breach of the grammar.
 */
bool log_path_read(struct str text, struct log_path *out) MUST_USE;
/* The shortest form; gives its length, and writes no NUL. */
size_t log_path_write(const struct log_path *path, char out[LOG_PATH_MAX]);
/*
 * Whether it lies whole within the published size: every earlier partial tile
 * is served for ever, and never a hash past the size.
 */
bool log_path_is_served(const struct log_path *path, int64_t published);

#endif
