/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A note that was read is its text, an empty line and its signature lines, to
 * the letter; whoever is said to have signed did. A verifier key that was read
 * is written as it was.
 */
#include "target.h"

#include "log/log.h"

#define ROOM ((size_t)8 << 20)

/* Keys that the corpus is signed by. */
static const char *const KEYS[] = {
	"register.example.org/northmere+97c346b8+AaXyIMxhJDvf/BiyKtVPYVFgxZnW+mhGU8ZzAFP3weni",
	"witness.example.net/w1+964ec417+BGKSdxzFKn1PTxZlSPibWDwL8LdzBdQ32UisoZ+w+vj4",
};

static void try_key(struct arena *arena, struct str text)
{
	struct log_vkey key;
	struct err err = { 0 };
	struct buf out;
	if (!log_vkey_read(arena, text, &key, &err))
		return;
	buf_init(&out, ROOM);
	log_vkey_write(&out, &key);
	MUST_HOLD(str_eq(buf_str(&out), text));
	buf_finish(&out);
}

static void must_be_the_same(const struct log_note *note, struct str raw)
{
	struct buf out;
	buf_init(&out, ROOM);
	buf_add(&out, note->text);
	buf_add_char(&out, '\n');
	for (size_t i = 0; i < note->count; i++) {
		struct buf both;
		buf_init(&both, ROOM);
		buf_add_bytes(&both, note->lines[i].id, LOG_KEY_ID_SIZE);
		buf_add(&both, note->lines[i].signature);
		buf_add(&out, STR("\xE2\x80\x94 "));
		buf_add(&out, note->lines[i].name);
		buf_add_char(&out, ' ');
		buf_add_base64(&out, both.p, both.n);
		buf_add_char(&out, '\n');
		buf_finish(&both);
	}
	MUST_HOLD(str_eq(buf_str(&out), raw));
	buf_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create(ROOM);
	struct str raw = str_from_bytes(data, size);
	struct log_vkey keys[COUNT_OF(KEYS)];
	struct log_note note;
	struct log_verified verified;
	struct err err = { 0 };
	try_key(arena, raw);
	for (size_t i = 0; i < COUNT_OF(KEYS); i++)
		MUST_HOLD(log_vkey_read(arena, str_from_c(KEYS[i]), &keys[i], &err));
	if (log_note_read(arena, raw, &note, &err)) {
		MUST_HOLD(note.count >= 1 && note.count <= LOG_NOTE_SIGNATURES_MAX);
		must_be_the_same(&note, raw);
		bool is_signed = log_note_verify(&note, keys, COUNT_OF(keys), &verified, &err);
		MUST_HOLD(is_signed == (verified.count > 0));
		MUST_HOLD(verified.count <= COUNT_OF(keys));
	} else {
		MUST_HOLD(err.code == ERR_INPUT || err.code == ERR_UNABLE);
	}
	arena_destroy(arena);
	return 0;
}
