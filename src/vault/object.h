/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Objects: what is attached to an entry, sealed piece by piece as it arrives
 * and opened piece by piece, in constant memory. Part of vault.h, which others
 * include.
 */
#ifndef CANDOUR_VAULT_OBJECT_H
#define CANDOUR_VAULT_OBJECT_H

#include "base/base.h"
#include "vault/vault.h"

#define VAULT_PIECE_PLAIN 65536 /* bytes of words in a piece; the last holds less or as many */
#define VAULT_PIECE_EXTRA 17
#define VAULT_OBJECT_HEADER 24 /* in front of the first piece */

/* What the entry says of an object: its key goes into the sealed part, so that it dies with the
 * file's key. Wiped by whoever holds it. */
struct vault_object {
	uint8_t key[VAULT_KEY_SIZE];
	struct hash plain_sum;  /* SHA-256 of the bytes as they came */
	struct hash sealed_sum; /* SHA-256 of all pieces, one behind the other */
	int64_t plain_bytes;
	int64_t sealed_bytes;
	int64_t pieces; /* 1 or more */
};

/* Takes piece `number` (from 0); borrowed. False (with *err) stops the sealing. */
typedef bool vault_piece_sink(void *ctx, int64_t number, struct str piece, struct err *err);

/* A stream being sealed; one thread; some 130 KiB whatever comes. */
struct vault_sealing;
/* ERR_UNABLE: memory. `sink` and `ctx` are borrowed until it is finished or destroyed. */
bool vault_sealing_begin(struct vault *vault, int64_t max_bytes, vault_piece_sink *sink, void *ctx,
                         struct vault_sealing **out, struct err *err) MUST_USE;
/* ERR_INPUT: past max_bytes; what the sink says. After a failure only destroy is left. */
bool vault_sealing_push(struct vault_sealing *sealing, struct str bytes, struct err *err) MUST_USE;
/* Gives the last piece to the sink and tells what came of it. Nothing may be pushed after. */
bool vault_sealing_finish(struct vault_sealing *sealing, struct vault_object *out,
                          struct err *err) MUST_USE;
void vault_sealing_destroy(struct vault_sealing *sealing);  /* wipes; takes NULL */
void vault_sealing_cleanup(struct vault_sealing **sealing); /* for CLEANUP */

/* A stream being opened, piece by piece in their order. */
struct vault_opening;
bool vault_opening_begin(const struct vault_object *object, struct vault_opening **out,
                         struct err *err) MUST_USE;
/* *plain is borrowed until the next call. ERR_INPUT: altered, of another object, out of order. */
bool vault_opening_piece(struct vault_opening *opening, struct str piece, struct str *plain,
                         struct err *err) MUST_USE;
/* ERR_INPUT: pieces are missing at the end, or sums and lengths are not those of the entry. */
bool vault_opening_finish(struct vault_opening *opening, struct err *err) MUST_USE;
void vault_opening_destroy(struct vault_opening *opening);  /* wipes; takes NULL */
void vault_opening_cleanup(struct vault_opening **opening); /* for CLEANUP */

#endif
