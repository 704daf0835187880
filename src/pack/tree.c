/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Stage 1. The nodes of each file are copied into one run of memory, so that a
 * node tells its file by its address even when layers were merged.
 */
#include "pack/parsed.h"

#define SCRATCH_BYTES_MAX ((size_t)96 * 1024 * 1024)

struct copier {
	struct yaml *nodes;
	size_t next;
	char *bytes;
	size_t used;
};

/* The first node that holds more than PARSED_ENTRIES_MAX, or NULL. */
static const struct yaml *too_long(const struct yaml *node)
{
	if (node->count > PARSED_ENTRIES_MAX)
		return node;
	for (const struct yaml *child = node->first; child; child = child->next) {
		const struct yaml *found = too_long(child);
		if (found)
			return found;
	}
	return NULL;
}

static void measure(const struct yaml *node, size_t *count, size_t *bytes)
{
	*count += 1;
	*bytes += node->text.n + node->key.n;
	for (const struct yaml *child = node->first; child; child = child->next)
		measure(child, count, bytes);
}

static struct str copy_text(struct copier *copier, struct str text)
{
	struct str copy = { copier->bytes + copier->used, text.n };
	if (text.n)
		memcpy(copier->bytes + copier->used, text.p, text.n);
	copier->used += text.n;
	return text.p ? copy : STR_NONE;
}

void tree_push(struct yaml *parent, struct yaml *child)
{
	child->next = NULL;
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	parent->count++;
}

static struct yaml *copy_node(struct copier *copier, const struct yaml *from)
{
	struct yaml *made = &copier->nodes[copier->next++];
	*made = *from;
	made->text = copy_text(copier, from->text);
	made->key = copy_text(copier, from->key);
	made->first = made->last = made->next = NULL;
	made->count = 0;
	for (const struct yaml *child = from->first; child; child = child->next)
		tree_push(made, copy_node(copier, child));
	return made;
}

/* Room for the nodes of a file. One more than it has: the root of a section that the file begins.
 * NULL: no room. */
static struct yaml *new_file(struct loader *loader, struct str shown, size_t count)
{
	struct yaml *nodes = loader_alloc(loader, count + 1, sizeof *nodes);
	struct whole_file *file = loader_alloc(loader, 1, sizeof *file);
	if (!nodes || !file)
		return NULL;
	*file = (struct whole_file){
		.shown = shown, .nodes = nodes, .count = count + 1, .next = loader->whole->files
	};
	loader->whole->files = file;
	return nodes;
}

/* NULL: no room. */
static struct yaml *keep(struct loader *loader, struct str shown, const struct yaml *root,
                         size_t *nodes)
{
	size_t count = 0, bytes = 0;
	measure(root, &count, &bytes);
	*nodes += count;
	struct copier copier = {
		.nodes = new_file(loader, shown, count),
		.bytes = loader_alloc(loader, bytes + 1, 1),
	};
	return copier.nodes && copier.bytes ? copy_node(&copier, root) : NULL;
}

static struct yaml *new_mapping(struct loader *loader)
{
	struct yaml *made = loader_alloc(loader, 1, sizeof *made);
	if (made)
		*made = (struct yaml){ .type = YAML_MAPPING, .line = 1, .column = 1 };
	return made;
}

static void note_twice(struct loader *loader, const struct yaml *second, const struct yaml *first)
{
	struct pack_place place = loader_place_key(loader, first);
	loader_error_key(loader, second, "%.*s stands twice; it stands also at %.*s:%d",
	                 STR_ARG(second->key), STR_ARG(place.file), place.line);
}

/* Moves the children of `from` behind those of `to`: several files make one section. */
static void append_all(struct loader *loader, struct yaml *to, struct yaml *from)
{
	struct yaml *next;
	for (struct yaml *child = from->first; child; child = next) {
		next = child->next;
		const struct yaml *first = yaml_member(to, child->key);
		if (first)
			note_twice(loader, child, first);
		else
			tree_push(to, child);
	}
}

/* A file with two named parts, such as offices.yaml. */
static void split(struct loader *loader, struct yaml *root, struct str first,
                  struct yaml **first_out, struct str second, struct yaml **second_out)
{
	struct yaml *next;
	for (struct yaml *child = root->first; child; child = next) {
		next = child->next;
		bool is_first = str_eq(child->key, first), is_second = str_eq(child->key, second);
		if (!is_first && !is_second) {
			struct str known[2] = { first, second };
			loader_error_key(loader, child, "found \"%.*s\"; expected %.*s or %.*s%.*s",
			                 STR_ARG(child->key), STR_ARG(first), STR_ARG(second),
			                 STR_ARG(loader_nearest(loader, child->key, known, 2)));
			continue;
		}
		if (child->type != YAML_MAPPING) {
			loader_error_at(loader, child, "%.*s is no mapping; expected NAME: body",
			                STR_ARG(child->key));
			continue;
		}
		*(is_first ? first_out : second_out) = child;
	}
}

static void place_file(struct loader *loader, struct str path, struct yaml *root,
                       struct yaml *roots[SECTION_COUNT])
{
	static const struct {
		struct str path;
		enum section section;
	} WHOLE[] = {
		{ { "pack.yaml", 9 }, SECTION_PACK },
		{ { "lists.yaml", 10 }, SECTION_LISTS },
		{ { "duties.yaml", 11 }, SECTION_DUTIES },
		{ { "ladders.yaml", 12 }, SECTION_LADDERS },
		{ { "gates.yaml", 10 }, SECTION_GATES },
		{ { "patterns.yaml", 13 }, SECTION_PATTERNS },
		{ { "words.yaml", 10 }, SECTION_WORDS },
		{ { "indicators.yaml", 15 }, SECTION_INDICATORS },
		{ { "calendar.yaml", 13 }, SECTION_CALENDARS },
	};
	for (size_t i = 0; i < COUNT_OF(WHOLE); i++) {
		if (str_eq(path, WHOLE[i].path))
			roots[WHOLE[i].section] = root;
	}
	if (str_eq(path, STR("offices.yaml")))
		split(loader, root, STR("agencies"), &roots[SECTION_AGENCIES], STR("offices"),
		      &roots[SECTION_OFFICES]);
	if (str_eq(path, STR("files.yaml")))
		split(loader, root, STR("files"), &roots[SECTION_FILES], STR("relations"),
		      &roots[SECTION_RELATIONS]);
	if (str_starts(path, STR("kinds/")))
		append_all(loader, roots[SECTION_KINDS], root);
	if (str_starts(path, STR("texts/"))) {
		root->key = str_sub(path, 6, path.n - 6 - 5);
		root->key_line = root->key_column = 1;
		tree_push(roots[SECTION_TEXTS], root);
	}
}

/* The file's YAML, read and found good; NULL: an error was noted. */
static const struct yaml *read_yaml(struct loader *loader, struct arena *scratch, struct str bytes,
                                    size_t nodes_max)
{
	const struct yaml *root = NULL;
	const struct yaml_error *errors = NULL;
	if (!yaml_read(scratch, bytes, nodes_max, &root, &errors)) {
		for (; errors; errors = errors->next)
			loader_error(loader, errors->line, errors->column, "%.*s",
			             STR_ARG(errors->what));
		return NULL;
	}
	if (root->type != YAML_MAPPING) {
		loader_error(loader, root->line, root->column,
		             "found no mapping; expected NAME: body");
		return NULL;
	}
	const struct yaml *long_one = too_long(root);
	if (!long_one)
		return root;
	loader_error(loader, long_one->line, long_one->column, "more than %d entries",
	             PARSED_ENTRIES_MAX);
	return NULL;
}

/* The same of what was parsed before. */
static struct yaml *keep_parsed(struct loader *loader, struct str shown,
                                const struct pack_file *file, size_t *nodes)
{
	struct str bytes = arena_copy(loader->arena, file->parsed);
	struct yaml *room = NULL, *root = NULL;
	*nodes += file->parsed_nodes;
	if (*nodes <= PARSED_NODES_MAX)
		room = new_file(loader, shown, file->parsed_nodes);
	if (room && bytes.p)
		root = parsed_nodes(bytes, room, file->parsed_nodes);
	if (!root || root->type != YAML_MAPPING) {
		loader_error(loader, 1, 1, "what was parsed of it before is damaged");
		return NULL;
	}
	return root;
}

static void read_file(struct loader *loader, struct arena *scratch, const struct pack_bytes *bytes,
                      const struct pack_file *file, size_t *nodes,
                      struct yaml *roots[SECTION_COUNT])
{
	const struct yaml *root = NULL;
	struct yaml *kept = NULL;
	struct str shown = arena_format(loader->arena, "%.*s/%.*s", STR_ARG(bytes->shown_as),
	                                STR_ARG(file->path));
	struct str path = arena_copy(loader->arena, file->path);
	loader->file = shown;
	if (!shown.p || !path.p) {
		loader->out_of_memory = true;
		return;
	}
	if (file->parsed.p)
		kept = keep_parsed(loader, shown, file, nodes);
	else if ((root = read_yaml(loader, scratch, file->bytes, PARSED_NODES_MAX - *nodes)))
		kept = keep(loader, shown, root, nodes);
	if (kept)
		place_file(loader, path, kept, roots);
}

void tree_read(struct loader *loader, const struct pack_bytes *bytes,
               struct yaml *roots[SECTION_COUNT])
{
	CLEANUP(arena_cleanup) struct arena *scratch = arena_create(SCRATCH_BYTES_MAX);
	size_t nodes = 0;
	bool has_head = false;

	for (size_t i = 0; i < SECTION_COUNT; i++) {
		roots[i] = new_mapping(loader);
		if (!roots[i])
			return;
	}
	if (!scratch) {
		loader->out_of_memory = true;
		return;
	}
	for (size_t i = 0; i < bytes->count && !loader->out_of_memory; i++) {
		has_head = has_head || str_eq(bytes->files[i].path, STR("pack.yaml"));
		read_file(loader, scratch, bytes, &bytes->files[i], &nodes, roots);
		arena_reset(scratch);
	}
	if (!has_head) {
		loader->file = arena_format(loader->errors_arena, "%.*s/pack.yaml",
		                            STR_ARG(bytes->shown_as));
		loader_error(loader, 1, 1,
		             "there is no such file; expected name, version, title and so on");
	}
}

bool tree_says(const struct yaml *node, struct str text)
{
	return node && node->type == YAML_SCALAR && str_eq(node->text, text);
}

bool tree_equal(const struct yaml *a, const struct yaml *b)
{
	if (!a || !b)
		return a == b;
	if (a->type != b->type || a->count != b->count || !str_eq(a->text, b->text))
		return false;
	const struct yaml *beside = b->first;
	for (const struct yaml *child = a->first; child; child = child->next) {
		bool is_mapping = a->type == YAML_MAPPING;
		if (!tree_equal(child, is_mapping ? yaml_member(b, child->key) : beside))
			return false;
		beside = beside->next;
	}
	return true;
}

void tree_write(struct buf *out, const struct yaml *node)
{
	if (node->type == YAML_SCALAR) {
		buf_add(out, node->text);
		return;
	}
	bool is_mapping = node->type == YAML_MAPPING;
	buf_add(out, is_mapping ? STR("{ ") : STR("["));
	for (const struct yaml *child = node->first; child; child = child->next) {
		if (child != node->first)
			buf_add(out, STR(", "));
		if (is_mapping)
			buf_format(out, "%.*s: ", STR_ARG(child->key));
		tree_write(out, child);
	}
	buf_add(out, is_mapping ? STR(" }") : STR("]"));
}
