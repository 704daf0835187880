/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Asking a witness. */
#include "log/cosigner.h"

#include "log/note.h"

#define TRIES 2

struct str log_cosigned_word(enum log_cosigned result)
{
	switch (result) {
	case LOG_COSIGNED:
		return STR("cosigned");
	case LOG_COSIGN_FAILED:
		return STR("no-answer");
	case LOG_COSIGN_UNKNOWN:
		return STR("does-not-watch");
	case LOG_COSIGN_DENIED:
		return STR("fork");
	case LOG_COSIGN_AHEAD:
		return STR("ahead");
	case LOG_COSIGN_MALFORMED:
		return STR("not-understood");
	}
	return STR("no-answer");
}

/* The lines that came back, made a note of the checkpoint's text: ours is the first that holds. */
static bool read_lines(const struct log_cosigner *cosigner, struct str text, struct str lines,
                       struct arena *arena, struct log_cosigning *out)
{
	struct err why = { 0 };
	struct log_note note;
	struct log_verified *verified = arena_alloc(arena, 1, sizeof *verified);
	struct str raw = arena_format(arena, "%.*s\n%.*s", STR_ARG(text), STR_ARG(lines));
	CLEANUP(buf_finish) struct buf line = { 0 };
	if (!verified || !raw.p || !log_note_read(arena, raw, &note, &why) ||
	    !log_note_verify(&note, &cosigner->key, 1, verified, &why))
		return false;
	for (size_t i = 0; i < note.count; i++) {
		if (!str_eq(note.lines[i].name, cosigner->key.name) ||
		    memcmp(note.lines[i].id, cosigner->key.id, LOG_KEY_ID_SIZE) != 0)
			continue;
		buf_init(&line, LOG_COSIGN_REPLY_MAX);
		log_note_add_line(&line, note.lines[i].name, note.lines[i].id,
		                  note.lines[i].signature);
		out->line = arena_copy(arena, buf_str(&line));
		out->time = verified->at[0].time;
		return out->line.p && out->time > 0;
	}
	return false;
}

/* What a status means; *again: it told a size from which it can be asked once more. */
static enum log_cosigned judge(struct log_cosigner *cosigner,
                               const struct log_checkpoint *checkpoint, struct str text,
                               const struct log_witness_answer *answer, struct arena *arena,
                               struct log_cosigning *out, bool *again)
{
	uint64_t told;
	switch (answer->status) {
	case 200:
		if (!read_lines(cosigner, text, answer->body, arena, out))
			return LOG_COSIGN_MALFORMED;
		cosigner->known = checkpoint->size;
		return LOG_COSIGNED;
	case 409:
		if (!str_to_u64(str_trim(answer->body), INT64_MAX, &told))
			return LOG_COSIGN_DENIED;
		out->told = (int64_t)told;
		if (out->told > checkpoint->size)
			return LOG_COSIGN_AHEAD;
		*again = true;
		cosigner->known = out->told;
		return LOG_COSIGN_FAILED;
	case 422:
		return LOG_COSIGN_DENIED;
	case 403:
	case 404:
		return LOG_COSIGN_UNKNOWN;
	case 400:
	case 405:
	case 411:
	case 413:
		return LOG_COSIGN_MALFORMED;
	default:
		return LOG_COSIGN_FAILED;
	}
}

static bool write_body(struct buf *body, const struct log_cosigner *cosigner, struct str note,
                       int64_t size, log_cosign_prove *prove, void *ctx, struct err *err)
{
	struct log_proof proof = { 0 };
	/* From nothing, and from the same size, no hash proves anything. */
	if (cosigner->known > 0 && cosigner->known < size &&
	    !prove(ctx, cosigner->known, size, &proof, err))
		return false;
	buf_clear(body);
	log_witness_body(body, cosigner->known, &proof, note);
	return !body->full || err_set(err, ERR_UNABLE, "There is no memory to ask a witness");
}

bool log_cosigner_ask(struct log_cosigner *cosigner, struct str note, int64_t now,
                      log_cosign_send *send, log_cosign_prove *prove, void *ctx,
                      struct arena *arena, struct log_cosigning *out, struct err *err)
{
	CLEANUP(buf_finish) struct buf body = { 0 };
	struct log_note read;
	struct log_checkpoint checkpoint;
	bool again = true;
	*out = (struct log_cosigning){ .result = LOG_COSIGN_FAILED, .told = -1 };
	if (!log_note_read(arena, note, &read, err) ||
	    !log_checkpoint_read(read.text, &checkpoint, err))
		return false;
	/* It was told more than we have now; it is asked what it has. */
	if (cosigner->known > checkpoint.size)
		cosigner->known = 0;
	buf_init(&body, LOG_COSIGN_BODY_MAX);
	for (int i = 0; i < TRIES && again; i++) {
		struct log_witness_answer answer = { 0 };
		again = false;
		if (!write_body(&body, cosigner, note, checkpoint.size, prove, ctx, err))
			return false;
		bool came = send(ctx, buf_str(&body), arena, &answer);
		out->status = came ? answer.status : 0;
		out->result =
			came ? judge(cosigner, &checkpoint, read.text, &answer, arena, out, &again)
			     : LOG_COSIGN_FAILED;
		if (out->result == LOG_COSIGNED && out->time > now + LOG_TIME_AHEAD)
			out->result = LOG_COSIGN_MALFORMED;
	}
	return true;
}

bool log_cosigner_alarms(struct log_cosigner *cosigner, enum log_cosigned result, int64_t boot_us)
{
	if (result == LOG_COSIGN_DENIED || result == LOG_COSIGN_AHEAD)
		return true;
	if (result == LOG_COSIGNED)
		cosigner->unknown_since = 0;
	if (result != LOG_COSIGN_UNKNOWN)
		return false;
	if (!cosigner->unknown_since)
		cosigner->unknown_since = boot_us;
	if (boot_us - cosigner->unknown_since < LOG_COSIGN_UNKNOWN_US)
		return false;
	cosigner->unknown_since = boot_us;
	return true;
}
