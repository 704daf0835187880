/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is known of a file by itself: by which relations nothing is linked to it, and which patterns
 * were found there. */
#include "casebook/joined_parts.h"

/* --- what is linked to nothing ------------------------------------------------------------------
 */

static struct alone *find_alone(const struct joined *joined, int64_t file)
{
	struct alone *alone = joined->alones[joined_bucket(file)];
	while (alone && alone->file != file)
		alone = alone->next;
	return alone;
}

static uint64_t bit_of(const struct pack_relation *relation)
{
	return relation->number < 64 ? UINT64_C(1) << relation->number : 0;
}

bool joined_has_none(const struct joined *joined, const struct pack *pack, int64_t file,
                     const struct pack_relation *relation, int64_t up_to)
{
	const struct alone *alone = joined_is_open(joined, pack) ? find_alone(joined, file) : NULL;
	return alone && alone->since <= up_to && (alone->none & bit_of(relation));
}

static void note_none(struct joined *joined, int64_t file, uint64_t none, int64_t up_to)
{
	struct alone *alone = find_alone(joined, file);
	if (!alone) {
		struct alone **bucket = &joined->alones[joined_bucket(file)];
		alone = arena_alloc(joined->arena, 1, sizeof *alone);
		joined->is_shut = joined->is_shut || !alone;
		if (!alone)
			return;
		*alone = (struct alone){ .next = *bucket, .file = file };
		*bucket = alone;
	}
	alone->since = up_to > alone->since ? up_to : alone->since;
	alone->none |= none;
}

void joined_note_none(struct joined *joined, const struct pack *pack, int64_t file,
                      const struct pack_relation *relation, int64_t up_to)
{
	if (joined_is_open(joined, pack))
		note_none(joined, file, bit_of(relation), up_to);
}

void joined_begin(struct joined *joined, const struct pack *pack, int64_t file, int64_t entry)
{
	if (joined_is_open(joined, pack))
		note_none(joined, file, UINT64_MAX, entry);
}

void joined_note_linked(struct joined *joined, int64_t file, const struct pack_relation *relation)
{
	struct alone *alone = find_alone(joined, file);
	if (alone)
		alone->none &= ~bit_of(relation);
}

/* --- what is known of patterns ------------------------------------------------------------------
 */

static struct known *find_known(const struct joined *joined, int64_t file)
{
	struct known *known = joined->knowns[joined_bucket(file)];
	while (known && known->file != file)
		known = known->next;
	return known;
}

struct rows *joined_known(const struct joined *joined, const struct pack *pack, int64_t file)
{
	struct known *known = joined_is_open(joined, pack) ? find_known(joined, file) : NULL;
	return known && !known->is_dropped ? &known->rows : NULL;
}

void joined_keep_known(struct joined *joined, const struct pack *pack, int64_t file,
                       const struct rows *rows)
{
	if (!joined_is_open(joined, pack))
		return;
	struct known *known = find_known(joined, file);
	void *at = arena_alloc(joined->arena, rows->count, rows->size);
	bool is_new = !known;
	if (is_new)
		known = arena_alloc(joined->arena, 1, sizeof *known);
	if (!at || !known) {
		joined->is_shut = true;
		return;
	}
	if (rows->count)
		memcpy(at, rows->at, rows->count * rows->size);
	if (is_new) {
		struct known **bucket = &joined->knowns[joined_bucket(file)];
		*known = (struct known){ .next = *bucket, .file = file };
		*bucket = known;
	}
	known->rows = (struct rows){ joined->arena, at, rows->count, rows->count, rows->size };
	known->is_dropped = false;
}

void joined_drop_known(struct joined *joined, int64_t file)
{
	struct known *known = joined ? find_known(joined, file) : NULL;
	if (known)
		known->is_dropped = true;
}
