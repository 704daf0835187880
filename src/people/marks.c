/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What is the same to the letter: a hash of the key leads to a chain of the
 * entries that said it, newest first. The keys themselves are kept, and
 * compared. A row is never moved; the table of heads doubles.
 */
#include <stdlib.h>

#include "people/people_parts.h"

struct row {
	uint64_t hash;
	uint32_t next; /* a row and 1; 0: none */
	uint32_t length;
	size_t at;    /* of the key, in letters */
	int64_t file; /* -1: forgotten */
	int64_t entry;
};

struct marks {
	uint32_t *heads;   /* a row and 1 */
	size_t head_count; /* a power of two */
	struct row *rows;
	size_t count, room;
	char *letters;
	size_t letter_count, letter_room;
};

static uint64_t spread_of(struct str key)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < key.n; i++)
		hash = (hash ^ (uint8_t)key.p[i]) * UINT64_C(1099511628211);
	return hash ^ hash >> 29;
}

struct marks *marks_create(void)
{
	struct marks *marks = calloc(1, sizeof *marks);
	if (!marks)
		return NULL;
	marks->head_count = 1024;
	marks->heads = calloc(marks->head_count, sizeof *marks->heads);
	if (!marks->heads) {
		free(marks);
		return NULL;
	}
	return marks;
}

void marks_destroy(struct marks *marks)
{
	if (!marks)
		return;
	free(marks->heads);
	base_wipe(marks->rows, marks->room * sizeof *marks->rows);
	free(marks->rows);
	base_wipe(marks->letters, marks->letter_room);
	free(marks->letters);
	free(marks);
}

static bool spread(struct marks *marks)
{
	size_t count = marks->head_count * 2;
	uint32_t *heads = calloc(count, sizeof *heads);
	if (!heads)
		return false;
	/* In their order, so that the newest stays first. */
	for (size_t i = 0; i < marks->count; i++) {
		uint32_t *head = &heads[marks->rows[i].hash & (count - 1)];
		marks->rows[i].next = *head;
		*head = (uint32_t)i + 1;
	}
	free(marks->heads);
	marks->heads = heads;
	marks->head_count = count;
	return true;
}

bool marks_put(struct marks *marks, struct str key, int64_t file, int64_t entry)
{
	void *rows = marks->rows, *letters = marks->letters;
	bool has_room = marks->count < UINT32_MAX - 1 &&
	                people_grow(&rows, &marks->room, marks->count + 1, sizeof *marks->rows);
	marks->rows = rows;
	has_room = has_room &&
	           people_grow(&letters, &marks->letter_room, marks->letter_count + key.n, 1);
	marks->letters = letters;
	if (!has_room || (marks->count >= marks->head_count && !spread(marks)))
		return false;
	uint64_t hash = spread_of(key);
	uint32_t *head = &marks->heads[hash & (marks->head_count - 1)];
	memcpy(marks->letters + marks->letter_count, key.p, key.n);
	marks->rows[marks->count] = (struct row){ .hash = hash,
		                                  .next = *head,
		                                  .length = (uint32_t)key.n,
		                                  .at = marks->letter_count,
		                                  .file = file,
		                                  .entry = entry };
	marks->letter_count += key.n;
	*head = (uint32_t)++marks->count;
	return true;
}

void marks_remove(struct marks *marks, int64_t file)
{
	for (size_t i = 0; i < marks->count; i++) {
		struct row *row = &marks->rows[i];
		if (row->file != file)
			continue;
		row->file = -1;
		base_wipe(marks->letters + row->at, row->length);
	}
}

void marks_find(const struct marks *marks, struct str key, marks_visit *visit, void *ctx)
{
	uint64_t hash = spread_of(key);
	uint32_t next = marks->heads[hash & (marks->head_count - 1)];
	while (next) {
		const struct row *row = &marks->rows[next - 1];
		struct str own = { marks->letters + row->at, row->length };
		if (row->file >= 0 && row->hash == hash && str_eq(own, key) &&
		    !visit(ctx, row->file, row->entry))
			return;
		next = row->next;
	}
}

size_t marks_bytes(const struct marks *marks)
{
	return marks->head_count * sizeof *marks->heads + marks->room * sizeof *marks->rows +
	       marks->letter_room;
}
