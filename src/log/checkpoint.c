/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The text of checkpoints. */
#include "log/checkpoint.h"

static bool is_host_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

static bool is_path_byte(char c)
{
	return is_host_byte(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '~';
}

bool log_origin_is(struct str origin)
{
	struct str rest = origin, part;
	bool is_host = true;
	if (origin.n < 1 || origin.n > LOG_ORIGIN_MAX)
		return false;
	while (str_cut(&rest, '/', &part)) {
		for (size_t i = 0; i < part.n; i++)
			if (is_host ? !is_host_byte(part.p[i]) : !is_path_byte(part.p[i]))
				return false;
		if (part.n == 0)
			return false;
		is_host = false;
	}
	return true;
}

void log_checkpoint_write(struct buf *out, const struct log_checkpoint *checkpoint)
{
	buf_add(out, checkpoint->origin);
	buf_format(out, "\n%" PRId64 "\n", checkpoint->size);
	buf_add_base64(out, checkpoint->root.bytes, HASH_SIZE);
	buf_add_char(out, '\n');
}

static bool take_line(struct str *rest, struct str *line)
{
	return rest->n && str_cut(rest, '\n', line) && rest->p && line->n;
}

bool log_checkpoint_read_lines(struct str text, struct log_checkpoint *out, struct err *err)
{
	struct str rest = text, size, root, extension;
	uint64_t number = 0;
	size_t n = HASH_SIZE;
	*out = (struct log_checkpoint){ 0 };
	if (!str_ends(text, STR("\n")) || !take_line(&rest, &out->origin) ||
	    !take_line(&rest, &size) || !take_line(&rest, &root))
		return err_set(err, ERR_INPUT,
		               "A checkpoint has three lines: origin, size and root");
	if (!str_to_u64(size, INT64_MAX, &number))
		return err_set(err, ERR_INPUT, "The checkpoint's size is no number of entries");
	if (!base64_read(root, out->root.bytes, &n) || n != HASH_SIZE)
		return err_set(err, ERR_INPUT, "The checkpoint's root is no hash in strict base64");
	while (rest.n)
		if (!take_line(&rest, &extension))
			return err_set(err, ERR_INPUT, "The checkpoint has an empty line");
	out->size = (int64_t)number;
	return true;
}

bool log_checkpoint_read(struct str text, struct log_checkpoint *out, struct err *err)
{
	struct hash empty = hash_of(STR(""));
	if (!log_checkpoint_read_lines(text, out, err))
		return false;
	if (out->size == 0 && !hash_eq(&out->root, &empty))
		return err_set(err, ERR_INPUT,
		               "A checkpoint of no entries must have the empty tree's root");
	return true;
}

bool log_checkpoint_open(struct arena *arena, struct str note, const struct log_vkey *log,
                         struct log_checkpoint *out, struct err *err)
{
	struct log_note read;
	struct log_verified verified;
	if (log->type != LOG_KEY_LOG)
		return err_set(err, ERR_INPUT, "The key of '%.*s' is a witness's, not a log's",
		               STR_ARG(log->name));
	if (!log_note_read(arena, note, &read, err) ||
	    !log_note_verify(&read, log, 1, &verified, err) ||
	    !log_checkpoint_read(read.text, out, err))
		return false;
	if (!str_eq(out->origin, log->name))
		return err_set(err, ERR_INPUT, "This is a checkpoint of '%.*s', not of '%.*s'",
		               STR_ARG(out->origin), STR_ARG(log->name));
	return true;
}
