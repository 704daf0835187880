/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A pack with all its layers as one text, kept inside the register:
 *
 *   candour pack v1
 *   layer NAME VERSION FILES
 *   file PATH LENGTH
 *   (LENGTH bytes, then LF)
 *   ...
 *   end
 *
 * Layers from the top down, files in byte order of their path. There is one
 * text for one pack: reading refuses every other.
 */
#include <inttypes.h>

#include "pack/folder.h"
#include "pack/name.h"
#include "pack/parsed.h"

#define LAYERS_MAX 4

static const struct str FIRST_LINE = { "candour pack v1", 15 };

bool pack_bytes_write(struct buf *out, const struct pack_bytes *bytes)
{
	buf_format(out, "%.*s\n", STR_ARG(FIRST_LINE));
	for (const struct pack_bytes *layer = bytes; layer; layer = layer->below) {
		buf_format(out, "layer %.*s %.*s %zu\n", STR_ARG(layer->name),
		           STR_ARG(layer->version), layer->count);
		for (size_t i = 0; i < layer->count; i++) {
			const struct pack_file *file = &layer->files[i];
			buf_format(out, "file %.*s %zu\n", STR_ARG(file->path), file->bytes.n);
			buf_add(out, file->bytes);
			buf_add_char(out, '\n');
		}
	}
	buf_add(out, STR("end\n"));
	return !out->full;
}

static bool refused(struct err *err, const char *what)
{
	return err_set(err, ERR_INPUT, "The kept pack cannot be read: %s", what);
}

static bool read_file(struct arena *arena, struct str *text, struct pack_file *file,
                      struct err *err)
{
	struct str parts[2];
	uint64_t length;
	if (!parsed_cut_line(text, STR("file"), parts, 2) || !name_is_file(parts[0]))
		return refused(err, "a file has no path");
	if (!str_to_u64(parts[1], YAML_FILE_MAX, &length) || length >= text->n ||
	    text->p[length] != '\n')
		return refused(err, "a file has not the length it says");
	file->path = arena_copy(arena, parts[0]);
	file->bytes = arena_copy(arena, str_sub(*text, 0, (size_t)length));
	*text = str_sub(*text, (size_t)length + 1, text->n);
	if (!file->path.p || !file->bytes.p)
		return err_set(err, ERR_UNABLE, "The kept pack is too large to read");
	return true;
}

static bool read_layer(struct arena *arena, struct str *text, struct pack_bytes *layer,
                       struct err *err)
{
	struct str parts[3];
	uint64_t count;
	if (!parsed_cut_line(text, STR("layer"), parts, 3) || !name_is_word(parts[0]) ||
	    !name_is_version(parts[1]) || !str_to_u64(parts[2], FOLDER_FILES_MAX, &count))
		return refused(err, "a layer has no name, version and number of files");
	struct pack_file *files = arena_alloc(arena, (size_t)count, sizeof *files);
	layer->name = arena_copy(arena, parts[0]);
	layer->version = arena_copy(arena, parts[1]);
	layer->shown_as = arena_format(arena, "packs/%.*s", STR_ARG(parts[0]));
	if (!files || !layer->name.p || !layer->version.p || !layer->shown_as.p)
		return err_set(err, ERR_UNABLE, "The kept pack is too large to read");
	for (size_t i = 0; i < (size_t)count; i++) {
		if (!read_file(arena, text, &files[i], err))
			return false;
		if (i > 0 && str_compare(files[i - 1].path, files[i].path) >= 0)
			return refused(err, "its files are not in order");
	}
	layer->files = files;
	layer->count = (size_t)count;
	layer->hash = pack_bytes_hash(files, layer->count);
	return true;
}

bool pack_bytes_read(struct arena *arena, struct str text, const struct pack_bytes **out,
                     struct err *err)
{
	struct pack_bytes *last = NULL;
	const struct pack_bytes *top = NULL;
	struct str version[1];

	if (!str_starts(text, FIRST_LINE) || text.n <= FIRST_LINE.n || text.p[FIRST_LINE.n] != '\n')
		return refused(err, "it does not begin with candour pack v1");
	text = str_sub(text, FIRST_LINE.n + 1, text.n);
	for (int depth = 0; str_starts(text, STR("layer ")); depth++) {
		struct pack_bytes *layer = arena_alloc(arena, 1, sizeof *layer);
		if (!layer)
			return err_set(err, ERR_UNABLE, "The kept pack is too large to read");
		if (depth == LAYERS_MAX)
			return refused(err, "it has too many layers");
		if (!read_layer(arena, &text, layer, err))
			return false;
		if (last)
			last->below = layer;
		else
			top = layer;
		last = layer;
	}
	if (!top || !parsed_cut_line(&text, STR("end"), version, 0) || text.n != 0)
		return refused(err, "it does not end where it should");
	*out = top;
	return true;
}
