/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: a pack with what only the room looks at. The memory it
 * lives in, its names in order, its sentences in other languages, and the
 * YAML it was made from (all layers merged), which comparing and explaining
 * read.
 */
#ifndef CANDOUR_PACK_WHOLE_H
#define CANDOUR_PACK_WHOLE_H

#include "pack/loader.h"

#define WHOLE_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* The parts of a pack, each one mapping from name to body (the first: the keys of pack.yaml). */
enum section {
	SECTION_PACK,
	SECTION_AGENCIES,
	SECTION_OFFICES,
	SECTION_LISTS,
	SECTION_FILES,
	SECTION_RELATIONS,
	SECTION_KINDS,
	SECTION_DUTIES,
	SECTION_LADDERS,
	SECTION_GATES,
	SECTION_PATTERNS,
	SECTION_WORDS,
	SECTION_INDICATORS,
	SECTION_CALENDARS,
	SECTION_TEXTS, /* language to a mapping from path to sentence */
	SECTION_COUNT,
};

/* The nodes of one file, one behind the other, so that a node tells its file. */
struct whole_file {
	struct str shown;
	const struct yaml *nodes;
	size_t count;
	struct whole_file *next;
};

/* Names in order of their bytes, each with its place in the array of the model. */
struct name_index {
	const struct name_entry *at;
	size_t count;
};

struct name_entry {
	struct str name;
	size_t number;
};

struct whole_text {
	struct str language;
	struct str path;
	struct str sentence;
};

struct whole {
	struct pack pack; /* first: a pack is seen as its whole */
	struct arena *arena;
	struct zone *zone;
	struct whole_file *files;
	struct yaml *roots[SECTION_COUNT];
	struct name_index agencies;
	struct name_index offices;
	struct name_index lists;
	struct name_index file_types;
	struct name_index relations;
	struct name_index kinds;
	struct name_index duties;
	struct name_index ladders;
	struct name_index gates;
	struct name_index calendars;
	const struct whole_text *texts; /* in order of language and path */
	size_t text_count;
};

/* A pack made by pack_load, seen whole. */
const struct whole *whole_of(const struct pack *pack);
/* The file a node was read from, or the empty slice. */
struct str whole_file_of(const struct whole *whole, const struct yaml *node);
/* Number by name, or SIZE_MAX. */
size_t name_index_find(const struct name_index *index, struct str name);
/* Sorts `names` into an index. False: no room. */
bool name_index_make(struct arena *arena, const struct str *names, size_t count,
                     struct name_index *out) MUST_USE;

/* A list or a calendar by name, or NULL. */
const struct pack_list *list_find(const struct pack *pack, struct str name);
const struct pack_calendar *calendar_find(const struct pack *pack, struct str name);

#endif
