/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A register whose policy asks two witnesses, a.example/w and b.example/w, and what they cosign. */
#ifndef CANDOUR_TEST_COSIGNED_H
#define CANDOUR_TEST_COSIGNED_H

#include "casebook/fixture.h"
#include "log/log.h"

#define WITNESSES 2

struct witnesses {
	struct log_signer *at[WITNESSES];
};

static inline struct str vkey_of(struct fixture *f, const struct log_signer *signer)
{
	struct buf text;
	buf_init(&text, 4096);
	log_vkey_write(&text, log_signer_vkey(signer));
	struct str copy = arena_copy(f->arena, buf_str(&text));
	buf_finish(&text);
	return copy;
}

static inline void witnesses_ask(struct fixture *f, struct witnesses *out)
{
	static const char *const NAMES[WITNESSES] = { "a.example/w", "b.example/w" };
	for (size_t i = 0; i < WITNESSES; i++) {
		uint8_t seed[LOG_KEY_SIZE];
		memset(seed, (int)i + 1, sizeof seed);
		MUST(f, log_signer_create(str_from_c(NAMES[i]), LOG_KEY_WITNESS, seed, &out->at[i], &f->err));
	}
	struct str policy = arena_format(f->arena, "log %.*s\nwitness a %.*s\nwitness b %.*s\ngroup both all a b\nquorum both\n",
	                                 STR_ARG(casebook_vkey(f->book)), STR_ARG(vkey_of(f, out->at[0])),
	                                 STR_ARG(vkey_of(f, out->at[1])));
	MUST(f, file_write(file_join(f->arena, casebook_dir(f->book), "policy"), 0644, policy, &f->err));
}

static inline void witnesses_go(struct witnesses *witnesses)
{
	for (size_t i = 0; i < WITNESSES; i++)
		log_signer_destroy(witnesses->at[i]);
}

/* The newest signed checkpoint, and the cosignatures of the first `count` under it, made at `time`. */
static inline struct str witnesses_cosign(struct fixture *f, const struct witnesses *witnesses, size_t count,
                                          int64_t time, int64_t *size)
{
	struct str note, lines[WITNESSES];
	struct log_note read;
	struct log_checkpoint checkpoint;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_log_signed(reader, f->arena, &note, &f->err));
	MUST(f, log_note_read(f->arena, note, &read, &f->err));
	MUST(f, log_checkpoint_read(read.text, &checkpoint, &f->err));
	for (size_t i = 0; i < count; i++) {
		uint8_t signature[LOG_COSIGNATURE_SIZE];
		const struct log_vkey *key = log_signer_vkey(witnesses->at[i]);
		struct buf line;
		MUST(f, log_cosign(witnesses->at[i], read.text, time, signature, &f->err));
		buf_init(&line, 1024);
		log_note_add_line(&line, key->name, key->id, str_from_bytes(signature, sizeof signature));
		lines[i] = arena_copy(f->arena, buf_str(&line));
		buf_finish(&line);
	}
	*size = checkpoint.size;
	return arena_join(f->arena, lines, count);
}

/* The newest checkpoint is published with the cosignatures of the first `count`. */
static inline void witnesses_publish(struct fixture *f, const struct witnesses *witnesses, size_t count)
{
	int64_t size;
	MUST(f, casebook_beat_unpublished(f->book, &f->err));
	struct str lines = witnesses_cosign(f, witnesses, count, 1790000000, &size);
	MUST(f, casebook_publish(f->book, size, lines, &f->err));
}

#endif
