/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * YAML, the subset of packs and settings, as an immutable tree in
 * an arena in which every node knows its place. Scalars stay text: the schema
 * types them. Refused: anchors, aliases, tags, merge keys, directives, second
 * documents, tabs as indent, duplicate and complex keys, NUL, bad UTF-8, empty
 * values, an unquoted scalar ending in ? inside brackets.
 */
#ifndef CANDOUR_BASE_YAML_H
#define CANDOUR_BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attribute.h"
#include "base/str.h"

#define YAML_FILE_MAX ((size_t)2 * 1024 * 1024)
#define YAML_DEPTH_MAX 20

enum yaml_type {
	YAML_SCALAR,
	YAML_SEQUENCE,
	YAML_MAPPING,
};

/* One node. In a mapping each child carries its key and the key's place. */
struct yaml {
	enum yaml_type type;
	bool quoted;     /* scalar in quotes or a block scalar */
	struct str text; /* scalar */
	struct str key;
	int line; /* 1-based; the node's first byte */
	int column;
	int key_line;
	int key_column;
	size_t count;
	struct yaml *first;
	struct yaml *last;
	struct yaml *next;
};

/* What was wrong, and where; several may be found in one file. */
struct yaml_error {
	int line;
	int column;
	struct str what;
	struct yaml_error *next;
};

/*
 * Reads one document of at most YAML_FILE_MAX bytes and `nodes_max` nodes.
 * True: *out is the root. False: *errors holds at least one error, in order of
 * place (what was found, what was expected).
 */
bool yaml_read(struct arena *arena, struct str text, size_t nodes_max, const struct yaml **out,
               const struct yaml_error **errors) MUST_USE;

/* Child of a mapping by key, or NULL. */
const struct yaml *yaml_member(const struct yaml *mapping, struct str key);

#endif
