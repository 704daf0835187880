/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of the kept data of linkage: plain CSV, no quotes. Its folder may be named by
 * CANDOUR_LINKAGE. */
#ifndef TESTS_MATCH_LINKAGE_H
#define TESTS_MATCH_LINKAGE_H

#include "base/base.h"

#define LINKAGE_FIELDS_MAX 8

/* The whole file; the arena's. The tests stop when it is not there. */
static inline struct str linkage_file(struct arena *arena, const char *name)
{
	const char *folder = file_environment("CANDOUR_LINKAGE");
	struct err err = { 0 };
	struct str text = { 0 };
	const char *path = file_join(arena, folder ? folder : "tests/data/linkage", name);
	if (!file_read(arena, path, (size_t)1 << 20, &text, &err))
		base_check_failed(err.message, __FILE__, __LINE__);
	return text;
}

/* Cuts the next line into fields; false at the end. */
static inline bool linkage_row(struct str *rest, struct str *fields, size_t count)
{
	struct str line;
	if (rest->n == 0 || !str_cut(rest, '\n', &line) || line.n == 0)
		return false;
	if (line.p[line.n - 1] == '\r')
		line.n--;
	for (size_t i = 0; i < count; i++)
		if (!str_cut(&line, ',', &fields[i]))
			fields[i] = STR_NONE;
	return true;
}

/* Code points of valid UTF-8; the number of them, at most `room`. */
static inline uint32_t linkage_points(struct str text, uint32_t *points, size_t room)
{
	uint32_t n = 0;
	for (size_t i = 0; i < text.n && n < room;) {
		unsigned char c = (unsigned char)text.p[i];
		size_t more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
		uint32_t point = more == 0 ? c : c & (0x3fu >> more);
		for (size_t k = 1; k <= more; k++)
			point = point << 6 | ((unsigned char)text.p[i + k] & 0x3fu);
		points[n++] = point;
		i += more + 1;
	}
	return n;
}

#endif
