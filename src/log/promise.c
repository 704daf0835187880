/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The note of a promise. */
#include "log/promise.h"

#include "log/checkpoint.h"

#define FIRST_LINE "candour/promise/v1"
#define KEY_TAIL "/promise"

struct str log_promise_key_name(struct arena *arena, struct str origin)
{
	return arena_format(arena, "%.*s" KEY_TAIL, STR_ARG(origin));
}

static bool is_promise(const struct log_promise *promise)
{
	return log_origin_is(promise->origin) && promise->index >= 0 &&
	       promise->recorded % INSTANT_PER_MS == 0 && promise->by % INSTANT_PER_MS == 0 &&
	       promise->by > promise->recorded;
}

/* Milliseconds are always written, so that each promise has one form. */
static void write_text(struct buf *out, const struct log_promise *promise)
{
	char recorded[INSTANT_MS_LENGTH], by[INSTANT_MS_LENGTH];
	instant_write_ms(recorded, promise->recorded);
	instant_write_ms(by, promise->by);
	buf_format(out, FIRST_LINE "\norigin %.*s\nindex %" PRId64 "\nleaf ",
	           STR_ARG(promise->origin), promise->index);
	buf_add_hex(out, promise->leaf.bytes, HASH_SIZE);
	buf_format(out, "\nrecorded %.*s\nby %.*s\n", INSTANT_MS_LENGTH, recorded,
	           INSTANT_MS_LENGTH, by);
}

bool log_promise_write(struct buf *out, const struct log_promise *promise,
                       const struct log_signer *signer, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 16);
	CLEANUP(buf_finish) struct buf text = { 0 };
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory for a promise");
	if (!is_promise(promise) ||
	    !str_eq(log_signer_vkey(signer)->name, log_promise_key_name(arena, promise->origin)))
		return err_set(err, ERR_FAULT, "log_promise_write: entry %" PRId64, promise->index);
	buf_init(&text, LOG_PROMISE_MAX);
	write_text(&text, promise);
	log_note_sign(out, buf_str(&text), &signer, 1);
	return (!text.full && !out->full) ||
	       err_set(err, ERR_UNABLE, "There is no memory for a promise");
}

static bool take(struct str *rest, struct str name, struct str *value)
{
	struct str line;
	if (!str_cut(rest, '\n', &line) || !rest->p || !str_starts(line, name))
		return false;
	*value = str_sub(line, name.n, line.n);
	return true;
}

static bool read_text(struct str text, struct log_promise *out)
{
	struct str rest = text, first, index, leaf, recorded, by;
	uint64_t number;
	if (!take(&rest, STR(FIRST_LINE), &first) || first.n ||
	    !take(&rest, STR("origin "), &out->origin) || !take(&rest, STR("index "), &index) ||
	    !take(&rest, STR("leaf "), &leaf) || !take(&rest, STR("recorded "), &recorded) ||
	    !take(&rest, STR("by "), &by) || rest.n)
		return false;
	if (!str_to_u64(index, INT64_MAX, &number) || !hash_read_hex(leaf, &out->leaf) ||
	    !instant_read(recorded, &out->recorded) || !instant_read(by, &out->by))
		return false;
	out->index = (int64_t)number;
	return is_promise(out);
}

bool log_promise_open(struct arena *arena, struct str note, const struct log_vkey *key,
                      struct log_promise *out, struct err *err)
{
	CLEANUP(buf_finish) struct buf again = { 0 };
	struct log_note read;
	struct log_verified *verified = arena_alloc(arena, 1, sizeof *verified);
	*out = (struct log_promise){ 0 };
	if (!verified)
		return err_set(err, ERR_UNABLE, "There is no memory to read a promise");
	if (!log_note_read(arena, note, &read, err) ||
	    !log_note_verify(&read, key, 1, verified, err))
		return false;
	buf_init(&again, LOG_PROMISE_MAX);
	if (read_text(read.text, out))
		write_text(&again, out);
	/* One form alone: no other spelling of a time. */
	if (!str_eq(buf_str(&again), read.text) || key->type != LOG_KEY_LOG ||
	    !str_eq(key->name, log_promise_key_name(arena, out->origin)))
		return err_set(err, ERR_INPUT, "This is no promise of a log of Candour");
	return true;
}
