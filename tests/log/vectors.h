/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Judging the transparency log by sets of test vectors: one function a file
 * of the set. A field that a file's judge does not know fails the file, so
 * that nothing in a set is passed over in silence.
 */
#ifndef CANDOUR_TESTS_LOG_VECTORS_H
#define CANDOUR_TESTS_LOG_VECTORS_H

#include "log/log.h"

/* One file being judged. */
struct run {
	const char *file;
	const struct json *root;
	struct arena *arena;   /* reset behind each file */
	struct arena *scratch; /* reset behind each case */
	struct hasher *hasher;
	struct err err; /* of the last refusal */
	size_t cases;
	size_t failed;
};

/* Counts a failure and prints it, unless `good`. Gives `good` back. */
bool expect(struct run *run, bool good, const char *what, ...) PRINTF(3, 4);
/* Begins a case: counts it, and fails it when it has a member not among the words of `known`. */
void begin_case(struct run *run, const struct json *object, const char *known);
/* The same check for an object that is no case. */
void only(struct run *run, const struct json *object, const char *known);

/* Members that must be there; when they are not that is a failure, and a harmless value comes back.
 */
const struct json *want_array(struct run *run, const struct json *object, const char *key);
struct str want_text(struct run *run, const struct json *object, const char *key);
uint64_t want_number(struct run *run, const struct json *object, const char *key);
bool want_bool(struct run *run, const struct json *object, const char *key);
struct hash want_hash(struct run *run, const struct json *object, const char *key);
/* Text, or the bytes of the member `key`_b64. */
struct str want_bytes(struct run *run, const struct json *object, const char *key);
/* An array of hashes in hex. */
const struct hash *want_hashes(struct run *run, const struct json *object, const char *key,
                               size_t *count);
bool has(const struct json *object, const char *key);

/* SHA-256("candour-vectors/leaf/SEED/i"), the sets' leaf data. */
struct hash leaf_data(struct run *run, uint64_t index);

void judge_tree(struct run *run);
void judge_proof(struct run *run);
void judge_tiles(struct run *run);
void judge_leaf(struct run *run);
void judge_note(struct run *run);
void judge_checkpoint(struct run *run);
void judge_cosignature(struct run *run);
void judge_policy(struct run *run);
void judge_receipt(struct run *run);
void judge_witness(struct run *run);

#endif
