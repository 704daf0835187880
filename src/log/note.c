/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signed notes: grammar, verification by trusted keys, writing. */
#include "log/note.h"

#define DASH "\xE2\x80\x94 " /* U+2014 and a space */

/* --- grammar -------------------------------------------------------------------------------- */

static bool has_control(struct str raw)
{
	for (size_t i = 0; i < raw.n; i++)
		if ((unsigned char)raw.p[i] < 0x20 && raw.p[i] != '\n')
			return true;
	return false;
}

/* Position of the last empty line's first LF, or raw.n. */
static size_t last_empty_line(struct str raw)
{
	for (size_t i = raw.n; i >= 2; i--)
		if (raw.p[i - 1] == '\n' && raw.p[i - 2] == '\n')
			return i - 2;
	return raw.n;
}

static bool read_line(struct arena *arena, struct str text, struct log_note_line *out,
                      struct err *err)
{
	struct str rest = str_sub(text, sizeof DASH - 1, text.n), name;
	if (!str_starts(text, STR(DASH)) || !str_cut(&rest, ' ', &name) || !rest.p ||
	    !log_key_is_name(name))
		return err_set(err, ERR_INPUT,
		               "This is no signed note: a line behind the last empty line is "
		               "no signature");
	size_t n = rest.n / 4 * 3;
	uint8_t *bytes = arena_alloc(arena, n + 1, 1);
	if (!bytes)
		return err_set(err, ERR_UNABLE, "This note is too long to be read");
	if (!base64_read(rest, bytes, &n) || n <= LOG_KEY_ID_SIZE)
		return err_set(err, ERR_INPUT,
		               "This is no signed note: the signature of '%.*s' is not "
		               "strict base64, or cut short",
		               STR_ARG(name));
	memcpy(out->id, bytes, LOG_KEY_ID_SIZE);
	out->name = name;
	out->signature = str_from_bytes(bytes + LOG_KEY_ID_SIZE, n - LOG_KEY_ID_SIZE);
	return true;
}

bool log_note_read(struct arena *arena, struct str raw, struct log_note *out, struct err *err)
{
	*out = (struct log_note){ 0 };
	if (raw.n > LOG_NOTE_MAX)
		return err_set(err, ERR_INPUT, "A signed note has at most 1 MiB");
	if (!str_is_utf8(raw) || has_control(raw))
		return err_set(err, ERR_INPUT,
		               "A signed note is UTF-8 without control characters but LF");
	size_t split = last_empty_line(raw);
	if (split == raw.n || !str_ends(raw, STR("\n")))
		return err_set(err, ERR_INPUT,
		               "A signed note has an empty line before its signatures, and "
		               "its last line is ended");
	struct log_note_line *lines = arena_alloc(arena, LOG_NOTE_SIGNATURES_MAX, sizeof *lines);
	if (!lines)
		return err_set(err, ERR_UNABLE, "This note is too long to be read");
	struct str rest = str_sub(raw, split + 2, raw.n), line;
	size_t count = 0;
	while (rest.n) {
		if (count == LOG_NOTE_SIGNATURES_MAX)
			return err_set(err, ERR_INPUT, "A signed note has at most %d signatures",
			               LOG_NOTE_SIGNATURES_MAX);
		if (!str_cut(&rest, '\n', &line) || !read_line(arena, line, &lines[count], err))
			return false;
		count++;
	}
	if (count == 0)
		return err_set(err, ERR_INPUT, "This note has no signature");
	*out = (struct log_note){ str_sub(raw, 0, split + 1), lines, count };
	return true;
}

/* --- verification --------------------------------------------------------------------------- */

/* C2SP tlog-cosignature: what a witness signs. */
static bool cosigned_message(struct buf *out, struct str text, int64_t time)
{
	buf_init(out, LOG_NOTE_MAX + 64);
	buf_format(out, "cosignature/v1\ntime %" PRId64 "\n", time);
	buf_add(out, text);
	return !out->full;
}

static bool verify_cosignature(const struct log_vkey *key, struct str text, struct str signature,
                               int64_t *time)
{
	CLEANUP(buf_finish) struct buf message = { 0 };
	uint64_t seconds = 0;
	if (signature.n != LOG_COSIGNATURE_SIZE)
		return false;
	for (size_t i = 0; i < 8; i++)
		seconds = seconds << 8 | (unsigned char)signature.p[i];
	if (seconds > (uint64_t)LOG_TIME_MAX)
		return false;
	*time = (int64_t)seconds;
	return cosigned_message(&message, text, *time) &&
	       log_vkey_verify(key, buf_str(&message), str_sub(signature, 8, signature.n));
}

static bool is_of(const struct log_note_line *line, const struct log_vkey *key)
{
	return memcmp(line->id, key->id, LOG_KEY_ID_SIZE) == 0 && str_eq(line->name, key->name);
}

static const struct log_vkey *key_of(const struct log_note_line *line, const struct log_vkey *keys,
                                     size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_of(line, &keys[i]))
			return &keys[i];
	return NULL;
}

static bool is_counted(const struct log_verified *verified, const struct log_vkey *key)
{
	for (size_t i = 0; i < verified->count; i++)
		if (verified->at[i].key == key)
			return true;
	return false;
}

bool log_note_verify(const struct log_note *note, const struct log_vkey *keys, size_t count,
                     struct log_verified *out, struct err *err)
{
	*out = (struct log_verified){ 0 };
	for (size_t i = 0; i < note->count; i++) {
		const struct log_note_line *line = &note->lines[i];
		const struct log_vkey *key = key_of(line, keys, count);
		int64_t time = 0;
		if (!key || !log_vkey_counts(key) || is_counted(out, key))
			continue;
		bool is_good =
			key->type == LOG_KEY_LOG
				? log_vkey_verify(key, note->text, line->signature)
				: verify_cosignature(key, note->text, line->signature, &time);
		if (!is_good) {
			out->count = 0;
			return err_set(err, ERR_INPUT,
			               "The signature of '%.*s' does not hold: the text was "
			               "changed, or somebody else signed it",
			               STR_ARG(line->name));
		}
		out->at[out->count++] = (struct log_signed_by){ key, time };
	}
	return out->count > 0 ||
	       err_set(err, ERR_INPUT, "None of the keys that are trusted here signed this");
}

/* --- writing -------------------------------------------------------------------------------- */

void log_note_add_line(struct buf *out, struct str name, const uint8_t id[LOG_KEY_ID_SIZE],
                       struct str signature)
{
	uint8_t bytes[LOG_KEY_ID_SIZE + LOG_COSIGNATURE_SIZE];
	base_check(signature.n <= LOG_COSIGNATURE_SIZE);
	memcpy(bytes, id, LOG_KEY_ID_SIZE);
	memcpy(bytes + LOG_KEY_ID_SIZE, signature.p, signature.n);
	buf_add(out, STR(DASH));
	buf_add(out, name);
	buf_add_char(out, ' ');
	buf_add_base64(out, bytes, LOG_KEY_ID_SIZE + signature.n);
	buf_add_char(out, '\n');
}

void log_note_sign(struct buf *out, struct str text, const struct log_signer *const *signers,
                   size_t count)
{
	buf_add(out, text);
	buf_add_char(out, '\n');
	for (size_t i = 0; i < count; i++) {
		uint8_t signature[LOG_SIGNATURE_SIZE];
		const struct log_vkey *key = log_signer_vkey(signers[i]);
		base_check(key->type == LOG_KEY_LOG);
		log_signer_sign(signers[i], text, signature);
		log_note_add_line(out, key->name, key->id,
		                  str_from_bytes(signature, sizeof signature));
	}
}

bool log_cosign(const struct log_signer *witness, struct str text, int64_t time,
                uint8_t out[LOG_COSIGNATURE_SIZE], struct err *err)
{
	CLEANUP(buf_finish) struct buf message = { 0 };
	base_check(log_signer_vkey(witness)->type == LOG_KEY_WITNESS && time >= 0);
	if (!cosigned_message(&message, text, time))
		return err_set(err, ERR_UNABLE, "There is no memory to cosign a checkpoint");
	for (size_t i = 0; i < 8; i++)
		out[i] = (uint8_t)((uint64_t)time >> (56 - 8 * i));
	log_signer_sign(witness, buf_str(&message), out + 8);
	return true;
}
