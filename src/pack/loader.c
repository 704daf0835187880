/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Errors of a pack: noted with their places while loading goes on, said in order at the end. */
#include "pack/loader.h"

#include <stdarg.h>
#include <stdio.h>

#include "pack/whole.h"

#define LINES_FIRST 64
#define LINES_MAX 1024 /* more are counted, not kept */
#define LIST_MAX 12    /* names said when none is near */
#define DISTANCE_MAX 2
#define MESSAGE_BYTES 1400

void *loader_alloc(struct loader *loader, size_t count, size_t size)
{
	void *made = arena_alloc(loader->arena, count, size);
	if (!made)
		loader->out_of_memory = true;
	return made;
}

static bool make_room(struct loader *loader)
{
	if (loader->line_count < loader->line_room)
		return true;
	size_t room = loader->line_room ? loader->line_room * 2 : LINES_FIRST;
	if (room > LINES_MAX)
		return false;
	struct loader_line *made = arena_alloc(loader->errors_arena, room, sizeof *made);
	if (!made) {
		loader->out_of_memory = true;
		return false;
	}
	if (loader->line_count)
		memcpy(made, loader->lines, loader->line_count * sizeof *made);
	loader->lines = made;
	loader->line_room = room;
	return true;
}

/* One place says one thing: what is read twice (a gate for each of its kinds) is said once. */
static bool is_said(const struct loader *loader, struct pack_place place)
{
	for (size_t i = 0; i < loader->line_count; i++) {
		const struct loader_line *line = &loader->lines[i];
		if (line->line == place.line && line->column == place.column &&
		    str_eq(line->file, place.file))
			return true;
	}
	return false;
}

static void note(struct loader *loader, struct pack_place place, const char *format, va_list args)
{
	char text[MESSAGE_BYTES];
	if (is_said(loader, place))
		return;
	loader->error_count++;
	if (!make_room(loader))
		return;
	int n = vsnprintf(text, sizeof text, format, args);
	size_t length = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
	while (length > 0 && length == sizeof text - 1 &&
	       ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	struct str kept = arena_copy(loader->errors_arena, (struct str){ text, length });
	struct str file = arena_copy(loader->errors_arena, place.file);
	if (!kept.p || !file.p) {
		loader->out_of_memory = true;
		return;
	}
	loader->lines[loader->line_count++] = (struct loader_line){
		.file = file, .line = place.line, .column = place.column, .text = kept
	};
}

void loader_error(struct loader *loader, int line, int column, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	note(loader, (struct pack_place){ loader->file, line, column }, format, args);
	va_end(args);
}

struct pack_place loader_place(const struct loader *loader, const struct yaml *node)
{
	struct str file = whole_file_of(loader->whole, node);
	return (struct pack_place){ file.p ? file : loader->file, node->line, node->column };
}

struct pack_place loader_place_key(const struct loader *loader, const struct yaml *node)
{
	struct pack_place place = loader_place(loader, node);
	if (node->key_line > 0) {
		place.line = node->key_line;
		place.column = node->key_column;
	}
	return place;
}

void loader_error_at(struct loader *loader, const struct yaml *node, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	note(loader, loader_place(loader, node), format, args);
	va_end(args);
}

void loader_error_key(struct loader *loader, const struct yaml *node, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	note(loader, loader_place_key(loader, node), format, args);
	va_end(args);
}

static struct str list_of(struct loader *loader, const struct str *known, size_t count)
{
	struct buf text;
	buf_init(&text, MESSAGE_BYTES);
	buf_add(&text, STR("; one of: "));
	for (size_t i = 0; i < count; i++)
		buf_format(&text, "%s%.*s", i ? ", " : "", STR_ARG(known[i]));
	struct str kept = text.full ? STR_NONE : arena_copy(loader->errors_arena, buf_str(&text));
	buf_finish(&text);
	return kept;
}

struct str loader_nearest(struct loader *loader, struct str name, const struct str *known,
                          size_t count)
{
	size_t most = name.n / 3 > 1 ? name.n / 3 : 1;
	size_t best = most < DISTANCE_MAX ? most : DISTANCE_MAX;
	struct str nearest = STR_NONE;

	for (size_t i = 0; i < count; i++) {
		size_t distance = str_distance(name, known[i]);
		if (distance > best)
			continue;
		if (nearest.p && distance == best && str_compare(nearest, known[i]) <= 0)
			continue;
		best = distance;
		nearest = known[i];
	}
	if (nearest.p)
		return arena_format(loader->errors_arena, "; nearest: %.*s", STR_ARG(nearest));
	if (count == 0 || count > LIST_MAX)
		return STR_NONE;
	return list_of(loader, known, count);
}
