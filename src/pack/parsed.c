/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the YAML of a pack says, written so that it is read again without YAML:
 *
 *   candour parsed pack v1 VERSION-OF-CANDOUR
 *   layer NAME VERSION FILES HASH
 *   file PATH NODES LENGTH
 *   (LENGTH bytes: its nodes, then LF)
 *   ...
 *   end
 *
 * A node is a byte of flags, its place, the key with the key's place, and the
 * text of a scalar or the number of children, which follow. Numbers are seven
 * bits a byte, the lowest first. Whoever keeps this proves that it is his own
 * before he reads it; bounds are looked at all the same.
 */
#include "pack/parsed.h"

#include <limits.h>

#include "pack/folder.h"
#include "pack/name.h"

#define LAYERS_MAX 4

#define NODE_TYPE 3
#define NODE_QUOTED 4
#define NODE_KEY 8

static const struct str FIRST_LINE = { "candour parsed pack v1 " CANDOUR_VERSION "\n",
	                               sizeof "candour parsed pack v1 " CANDOUR_VERSION };

/* --- writing --------------------------------------------------------------------------------- */

static void put_number(struct buf *out, size_t number)
{
	for (; number > 127; number >>= 7)
		buf_add_char(out, (char)((number & 127) | 128));
	buf_add_char(out, (char)number);
}

static void put_text(struct buf *out, struct str text)
{
	put_number(out, text.n);
	buf_add(out, text);
}

static size_t put_node(struct buf *out, const struct yaml *node)
{
	size_t nodes = 1;
	int flags =
		(int)node->type | (node->quoted ? NODE_QUOTED : 0) | (node->key.p ? NODE_KEY : 0);
	buf_add_char(out, (char)flags);
	put_number(out, (size_t)node->line);
	put_number(out, (size_t)node->column);
	if (node->key.p) {
		put_number(out, (size_t)node->key_line);
		put_number(out, (size_t)node->key_column);
		put_text(out, node->key);
	}
	if (node->type == YAML_SCALAR) {
		put_text(out, node->text);
		return nodes;
	}
	put_number(out, node->count);
	for (const struct yaml *child = node->first; child; child = child->next)
		nodes += put_node(out, child);
	return nodes;
}

static bool put_file(struct buf *out, const struct pack_file *file, struct arena *scratch,
                     struct buf *tree)
{
	const struct yaml *root;
	const struct yaml_error *errors;
	arena_reset(scratch);
	buf_clear(tree);
	if (!yaml_read(scratch, file->bytes, PARSED_NODES_MAX, &root, &errors))
		return false;
	size_t nodes = put_node(tree, root);
	buf_format(out, "file %.*s %zu %zu\n", STR_ARG(file->path), nodes, tree->n);
	buf_add(out, buf_str(tree));
	buf_add_char(out, '\n');
	return !tree->full;
}

bool pack_parsed_write(struct buf *out, const struct pack_bytes *bytes, struct arena *scratch)
{
	CLEANUP(buf_finish) struct buf tree = { 0 };
	buf_init(&tree, 4 * YAML_FILE_MAX);
	buf_add(out, FIRST_LINE);
	for (const struct pack_bytes *layer = bytes; layer; layer = layer->below) {
		char hex[2 * HASH_SIZE];
		hex_write(hex, layer->hash.bytes, HASH_SIZE);
		buf_format(out, "layer %.*s %.*s %zu %.*s\n", STR_ARG(layer->name),
		           STR_ARG(layer->version), layer->count, (int)sizeof hex, hex);
		for (size_t i = 0; i < layer->count; i++) {
			if (!put_file(out, &layer->files[i], scratch, &tree))
				return false;
		}
	}
	buf_add(out, STR("end\n"));
	return !out->full;
}

/* --- reading --------------------------------------------------------------------------------- */

bool parsed_cut_line(struct str *text, struct str word, struct str *parts, size_t count)
{
	struct str line, first;
	size_t end = str_find(*text, '\n');
	if (end == text->n)
		return false;
	line = str_sub(*text, 0, end);
	*text = str_sub(*text, end + 1, text->n);
	if (!str_cut(&line, ' ', &first) || !str_eq(first, word))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!str_cut(&line, ' ', &parts[i]))
			return false;
	}
	return line.p == NULL;
}

static bool cut_file(struct str *text, struct pack_file *file)
{
	struct str parts[3];
	uint64_t nodes, length;
	if (!parsed_cut_line(text, STR("file"), parts, COUNT_OF(parts)) ||
	    !str_to_u64(parts[1], PARSED_NODES_MAX, &nodes) ||
	    !str_to_u64(parts[2], text->n, &length) || length >= text->n || text->p[length] != '\n')
		return false;
	file->path = parts[0];
	file->parsed = str_sub(*text, 0, (size_t)length);
	file->parsed_nodes = (size_t)nodes;
	*text = str_sub(*text, (size_t)length + 1, text->n);
	return true;
}

static bool cut_layer(struct arena *arena, struct str *text, struct pack_bytes *layer)
{
	struct str parts[4];
	uint64_t count;
	if (!parsed_cut_line(text, STR("layer"), parts, COUNT_OF(parts)) ||
	    !str_to_u64(parts[2], FOLDER_FILES_MAX, &count) ||
	    !hash_read_hex(parts[3], &layer->hash))
		return false;
	struct pack_file *files = arena_alloc(arena, (size_t)count, sizeof *files);
	layer->name = parts[0];
	layer->version = parts[1];
	layer->shown_as = arena_format(arena, "packs/%.*s", STR_ARG(parts[0]));
	if (!files || !layer->shown_as.p)
		return false;
	for (size_t i = 0; i < (size_t)count; i++) {
		if (!cut_file(text, &files[i]))
			return false;
	}
	layer->files = files;
	layer->count = (size_t)count;
	layer->is_parsed = true;
	return true;
}

bool pack_parsed_read(struct arena *arena, struct str text, const struct pack_bytes **out)
{
	struct pack_bytes *last = NULL;
	struct str none[1];
	*out = NULL;
	if (!str_starts(text, FIRST_LINE))
		return false;
	text = str_sub(text, FIRST_LINE.n, text.n);
	for (int depth = 0; depth < LAYERS_MAX && str_starts(text, STR("layer ")); depth++) {
		struct pack_bytes *layer = arena_alloc(arena, 1, sizeof *layer);
		if (!layer || !cut_layer(arena, &text, layer))
			return false;
		if (last)
			last->below = layer;
		else
			*out = layer;
		last = layer;
	}
	return last && parsed_cut_line(&text, STR("end"), none, 0) && text.n == 0;
}

/* --- nodes ----------------------------------------------------------------------------------- */

struct nodes {
	struct str rest;
	struct yaml *at; /* the next one to be filled */
	size_t left;
};

static bool get_number(struct nodes *from, size_t max, size_t *out)
{
	size_t number = 0;
	for (int shift = 0; shift < 35 && from->rest.n > 0; shift += 7) {
		unsigned char byte = (unsigned char)*from->rest.p;
		from->rest = (struct str){ from->rest.p + 1, from->rest.n - 1 };
		number |= (size_t)(byte & 127) << shift;
		if (byte < 128) {
			*out = number;
			return number <= max;
		}
	}
	return false;
}

static bool get_text(struct nodes *from, struct str *out)
{
	size_t n;
	if (!get_number(from, from->rest.n, &n) || n > from->rest.n)
		return false;
	*out = (struct str){ from->rest.p, n };
	from->rest = (struct str){ from->rest.p + n, from->rest.n - n };
	return true;
}

static bool get_place(struct nodes *from, int *line, int *column)
{
	size_t numbers[2];
	if (!get_number(from, INT_MAX, &numbers[0]) || !get_number(from, INT_MAX, &numbers[1]))
		return false;
	*line = (int)numbers[0];
	*column = (int)numbers[1];
	return true;
}

static struct yaml *get_node(struct nodes *from, int depth)
{
	size_t flags, count;
	if (depth > YAML_DEPTH_MAX || from->left == 0 || !get_number(from, 15, &flags) ||
	    (flags & NODE_TYPE) > YAML_MAPPING)
		return NULL;
	struct yaml *made = from->at++;
	from->left--;
	made->type = (enum yaml_type)(flags & NODE_TYPE);
	made->quoted = (flags & NODE_QUOTED) != 0;
	if (!get_place(from, &made->line, &made->column) ||
	    ((flags & NODE_KEY) &&
	     (!get_place(from, &made->key_line, &made->key_column) || !get_text(from, &made->key))))
		return NULL;
	if (made->type == YAML_SCALAR)
		return get_text(from, &made->text) ? made : NULL;
	if (!get_number(from, PARSED_ENTRIES_MAX, &count))
		return NULL;
	for (size_t i = 0; i < count; i++) {
		struct yaml *child = get_node(from, depth + 1);
		if (!child)
			return NULL;
		tree_push(made, child);
	}
	return made;
}

struct yaml *parsed_nodes(struct str bytes, struct yaml *nodes, size_t count)
{
	struct nodes from = { bytes, nodes, count };
	struct yaml *root = get_node(&from, 1);
	return root && from.rest.n == 0 && from.left == 0 ? root : NULL;
}
