/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the writer keeps of joined histories is made of. Private to joined*.c. */
#ifndef CANDOUR_CASEBOOK_JOINED_PARTS_H
#define CANDOUR_CASEBOOK_JOINED_PARTS_H

#include "casebook/joined.h"

#define BUCKETS 16384

struct part;

struct known {
	struct known *next;
	int64_t file;
	struct rows rows;
	bool is_dropped;
};

/* By which relations nothing is linked to a file, and from which entry on that is known. */
struct alone {
	struct alone *next;
	int64_t file;
	int64_t since;
	uint64_t none; /* by the relations' numbers */
};

struct joined {
	struct arena *arena;
	const struct pack *pack; /* whose kinds the rows name */
	bool is_shut;            /* nothing is asked here until the next act begins */
	struct joined_list *lists[BUCKETS];
	struct part *parts[BUCKETS];
	struct known *knowns[BUCKETS];
	struct alone *alones[BUCKETS];
};

static inline bool joined_is_open(const struct joined *joined, const struct pack *pack)
{
	return joined && !joined->is_shut && joined->pack == pack;
}

static inline size_t joined_bucket(int64_t file)
{
	return (size_t)((uint64_t)file * UINT64_C(0x9E3779B97F4A7C15) >> 50);
}

/* The file has a link by the relation from now on. */
void joined_note_linked(struct joined *joined, int64_t file, const struct pack_relation *relation);

#endif
