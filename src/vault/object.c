/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Objects: what is attached, sealed as it arrives (libsodium's secretstream).
 * Piece 0 is header || ciphertext, the others ciphertext alone. The last piece
 * carries the tag FINAL, so that an object cut short is seen; since only the
 * end of the stream tells which piece is last, a full one waits for the next
 * byte.
 */
#include <stdlib.h>

#include "vault/state.h"

_Static_assert(VAULT_PIECE_EXTRA == crypto_secretstream_xchacha20poly1305_ABYTES, "a piece's tag");
_Static_assert(VAULT_OBJECT_HEADER == crypto_secretstream_xchacha20poly1305_HEADERBYTES, "header");
_Static_assert(VAULT_KEY_SIZE == crypto_secretstream_xchacha20poly1305_KEYBYTES, "key");

#define PIECE_MAX (VAULT_OBJECT_HEADER + VAULT_PIECE_PLAIN + VAULT_PIECE_EXTRA)

static const unsigned char PURPOSE[] = "candour/object/v1\n";

#define PURPOSE_N (sizeof PURPOSE - 1)

enum stream_state {
	STREAM_RUNS,
	STREAM_ENDED,
	STREAM_FAILED,
};

struct vault_sealing {
	crypto_secretstream_xchacha20poly1305_state stream;
	enum stream_state state;
	vault_piece_sink *sink;
	void *ctx;
	int64_t max_bytes;
	struct vault_object object; /* sums at the end */
	struct hasher *plain;
	struct hasher *sealed;
	uint8_t header[VAULT_OBJECT_HEADER];
	size_t held;
	uint8_t words[VAULT_PIECE_PLAIN];
	uint8_t piece[PIECE_MAX];
};

bool vault_sealing_begin(struct vault *vault, int64_t max_bytes, vault_piece_sink *sink, void *ctx,
                         struct vault_sealing **out, struct err *err)
{
	*out = NULL;
	struct vault_sealing *sealing = calloc(1, sizeof *sealing);
	if (!sealing)
		return err_set(err, ERR_UNABLE, "There is not enough memory to take an attachment");
	sealing->sink = sink;
	sealing->ctx = ctx;
	sealing->max_bytes = max_bytes;
	sealing->plain = hasher_create();
	sealing->sealed = hasher_create();
	hasher_start(sealing->plain);
	hasher_start(sealing->sealed);
	vault_random(vault, sealing->object.key, VAULT_KEY_SIZE);
	vault_random(vault, sealing->header, sizeof sealing->header);
	/*
	 * Both sides of a secretstream begin in the state that header and key
	 * give; init_push only draws the header besides. Drawn by us, it follows
	 * from the seed of a drill register.
	 */
	base_check(crypto_secretstream_xchacha20poly1305_init_pull(
			   &sealing->stream, sealing->header, sealing->object.key) == 0);
	*out = sealing;
	return true;
}

static bool give_piece(struct vault_sealing *sealing, unsigned char tag, struct err *err)
{
	size_t head = sealing->object.pieces == 0 ? VAULT_OBJECT_HEADER : 0;
	memcpy(sealing->piece, sealing->header, head);
	crypto_secretstream_xchacha20poly1305_push(&sealing->stream, sealing->piece + head, NULL,
	                                           sealing->words, sealing->held, PURPOSE,
	                                           PURPOSE_N, tag);
	struct str piece = str_from_bytes(sealing->piece, head + sealing->held + VAULT_PIECE_EXTRA);
	hasher_add(sealing->sealed, piece);
	sealing->held = 0;
	if (!sealing->sink(sealing->ctx, sealing->object.pieces, piece, err)) {
		sealing->state = STREAM_FAILED;
		return false;
	}
	sealing->object.pieces++;
	sealing->object.sealed_bytes += (int64_t)piece.n;
	return true;
}

bool vault_sealing_push(struct vault_sealing *sealing, struct str bytes, struct err *err)
{
	if (sealing->state != STREAM_RUNS)
		return err_set(err, ERR_FAULT, "vault_sealing_push: the stream has ended");
	if ((uint64_t)bytes.n > (uint64_t)(sealing->max_bytes - sealing->object.plain_bytes)) {
		sealing->state = STREAM_FAILED;
		return err_set(err, ERR_INPUT,
		               "The attachment is larger than %" PRId64
		               " bytes; send a smaller one",
		               sealing->max_bytes);
	}
	hasher_add(sealing->plain, bytes);
	sealing->object.plain_bytes += (int64_t)bytes.n;
	while (bytes.n > 0) {
		if (sealing->held == VAULT_PIECE_PLAIN && !give_piece(sealing, 0, err))
			return false;
		struct str part = str_sub(bytes, 0, VAULT_PIECE_PLAIN - sealing->held);
		memcpy(sealing->words + sealing->held, part.p, part.n);
		sealing->held += part.n;
		bytes = str_sub(bytes, part.n, bytes.n);
	}
	return true;
}

bool vault_sealing_finish(struct vault_sealing *sealing, struct vault_object *out, struct err *err)
{
	*out = (struct vault_object){ 0 };
	if (sealing->state != STREAM_RUNS)
		return err_set(err, ERR_FAULT, "vault_sealing_finish: the stream has ended");
	if (!give_piece(sealing, crypto_secretstream_xchacha20poly1305_TAG_FINAL, err))
		return false;
	sealing->state = STREAM_ENDED;
	sealing->object.plain_sum = hasher_end(sealing->plain);
	sealing->object.sealed_sum = hasher_end(sealing->sealed);
	*out = sealing->object;
	return true;
}

void vault_sealing_destroy(struct vault_sealing *sealing)
{
	if (!sealing)
		return;
	hasher_destroy(sealing->plain);
	hasher_destroy(sealing->sealed);
	sodium_memzero(sealing, sizeof *sealing);
	free(sealing);
}

void vault_sealing_cleanup(struct vault_sealing **sealing)
{
	vault_sealing_destroy(*sealing);
	*sealing = NULL;
}

struct vault_opening {
	crypto_secretstream_xchacha20poly1305_state stream;
	enum stream_state state;
	struct vault_object expected;
	int64_t plain_bytes;
	int64_t sealed_bytes;
	int64_t pieces;
	struct hasher *plain;
	struct hasher *sealed;
	uint8_t words[VAULT_PIECE_PLAIN];
};

bool vault_opening_begin(const struct vault_object *object, struct vault_opening **out,
                         struct err *err)
{
	*out = NULL;
	struct vault_opening *opening = calloc(1, sizeof *opening);
	if (!opening)
		return err_set(err, ERR_UNABLE, "There is not enough memory to open an attachment");
	opening->expected = *object;
	opening->plain = hasher_create();
	opening->sealed = hasher_create();
	hasher_start(opening->plain);
	hasher_start(opening->sealed);
	*out = opening;
	return true;
}

static bool does_not_open(struct vault_opening *opening, struct err *err)
{
	opening->state = STREAM_FAILED;
	sodium_memzero(opening->words, sizeof opening->words);
	err_set(err, ERR_INPUT, "This attachment does not open: it was altered or is not whole");
	return err_context(err, "piece %" PRId64, opening->pieces);
}

/* The first piece begins with the header that starts the stream. */
static bool take_header(struct vault_opening *opening, struct str *piece)
{
	if (opening->pieces > 0)
		return true;
	if (piece->n < VAULT_OBJECT_HEADER ||
	    crypto_secretstream_xchacha20poly1305_init_pull(
		    &opening->stream, (const unsigned char *)piece->p, opening->expected.key) != 0)
		return false;
	*piece = str_sub(*piece, VAULT_OBJECT_HEADER, piece->n);
	return true;
}

bool vault_opening_piece(struct vault_opening *opening, struct str piece, struct str *plain,
                         struct err *err)
{
	unsigned char tag = 0;
	unsigned long long n = 0;

	*plain = STR_NONE;
	if (opening->state != STREAM_RUNS)
		return does_not_open(opening, err);
	hasher_add(opening->sealed, piece);
	opening->sealed_bytes += (int64_t)piece.n;
	if (!take_header(opening, &piece) || piece.n < VAULT_PIECE_EXTRA ||
	    piece.n > VAULT_PIECE_PLAIN + VAULT_PIECE_EXTRA)
		return does_not_open(opening, err);
	if (crypto_secretstream_xchacha20poly1305_pull(&opening->stream, opening->words, &n, &tag,
	                                               (const unsigned char *)piece.p, piece.n,
	                                               PURPOSE, PURPOSE_N) != 0)
		return does_not_open(opening, err);
	if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL)
		opening->state = STREAM_ENDED;
	opening->pieces++;
	opening->plain_bytes += (int64_t)n;
	*plain = str_from_bytes(opening->words, (size_t)n);
	hasher_add(opening->plain, *plain);
	return true;
}

bool vault_opening_finish(struct vault_opening *opening, struct err *err)
{
	const struct vault_object *expected = &opening->expected;
	if (opening->state != STREAM_ENDED)
		return does_not_open(opening, err);
	struct hash plain = hasher_end(opening->plain), sealed = hasher_end(opening->sealed);
	opening->state = STREAM_FAILED; /* nothing may follow */
	if (opening->pieces != expected->pieces || opening->plain_bytes != expected->plain_bytes ||
	    opening->sealed_bytes != expected->sealed_bytes ||
	    !hash_eq(&plain, &expected->plain_sum) || !hash_eq(&sealed, &expected->sealed_sum))
		return does_not_open(opening, err);
	return true;
}

void vault_opening_destroy(struct vault_opening *opening)
{
	if (!opening)
		return;
	hasher_destroy(opening->plain);
	hasher_destroy(opening->sealed);
	sodium_memzero(opening, sizeof *opening);
	free(opening);
}

void vault_opening_cleanup(struct vault_opening **opening)
{
	vault_opening_destroy(*opening);
	*opening = NULL;
}
