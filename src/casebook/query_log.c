/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What anybody may fetch of the log: the published checkpoint, tiles, bundles. Never past
 * it. */
#include "casebook/query.h"

#include "casebook/key.h"
#include "casebook/rows.h"

/* By the primary key. */
static const char COMMITMENTS_SQL[] =
	"SELECT commitment FROM entry WHERE idx >= ?1 ORDER BY idx LIMIT ?2";

static bool read_commitments(void *ctx, int64_t first, size_t count, struct hash *out,
                             struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct casebook_reader *reader = ctx;
	if (!store_prepare(reader->store, COMMITMENTS_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, first);
	store_bind_int(rows, 2, (int64_t)count);
	for (size_t i = 0; i < count; i++) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		struct str bytes = step == STORE_ROW ? store_blob(rows, 0) : STR_NONE;
		if (bytes.n != HASH_SIZE)
			return err_set(err, ERR_INPUT,
			               "The log's bundle at entry %" PRId64 " is damaged", first);
		memcpy(out[i].bytes, bytes.p, HASH_SIZE);
	}
	return true;
}

static bool write_signed(struct casebook_reader *reader, struct arena *arena,
                         const struct log_signed *row, struct str *note, struct err *err)
{
	struct log_eras eras = key_eras_now(reader->book);
	struct buf text;
	buf_init(&text, LOG_NOTE_MAX);
	bool done = log_signed_note(&text, row, &eras, err);
	if (done)
		*note = arena_copy(arena, buf_str(&text));
	buf_finish(&text);
	return done && (note->p || rows_too_long(err));
}

bool casebook_log_signed(struct casebook_reader *reader, struct arena *arena, struct str *note,
                         struct err *err)
{
	struct log_signed row;
	*note = STR_NONE;
	return log_signed_newest(reader->store, &row, err) &&
	       write_signed(reader, arena, &row, note, err);
}

bool casebook_log_beat(struct casebook_reader *reader, struct arena *arena, struct str *note,
                       struct err *err)
{
	struct log_signed row;
	*note = STR_NONE;
	return log_signed_read(reader->store, reader->book->beat_entries, &row, err) &&
	       write_signed(reader, arena, &row, note, err);
}

bool casebook_log_consistency(struct casebook_reader *reader, int64_t older, int64_t newer,
                              struct log_proof *out, struct err *err)
{
	CLEANUP(log_reader_cleanup) struct log_reader *tiles = NULL;
	return log_reader_create(reader->store, &tiles, err) &&
	       log_reader_consistency(tiles, older, newer, out, err);
}

bool casebook_log_root(struct casebook_reader *reader, int64_t size, struct hash *out,
                       struct err *err)
{
	CLEANUP(log_reader_cleanup) struct log_reader *tiles = NULL;
	return log_reader_create(reader->store, &tiles, err) &&
	       log_reader_root(tiles, size, out, err);
}

bool casebook_log_checkpoint(struct casebook_reader *reader, struct arena *arena, int64_t *size,
                             struct str *note, struct err *err)
{
	const struct casebook *book = reader->book;
	if (book->unfit.p && !book->is_shown)
		return err_set(err, ERR_UNABLE,
		               "What is published does not fit its own proof, and is not shown");
	return log_published_newest(reader->store, arena, size, note, err);
}

/* A reader keeps its way into the log, and some tiles with it: rows are only ever added to. */
static bool read_log(struct casebook_reader *reader, struct err *err)
{
	return reader->log || log_reader_create(reader->store, &reader->log, err);
}

bool casebook_log_kept(struct casebook *book, struct arena *arena, struct str path,
                       struct str *bytes)
{
	struct log_path read;
	*bytes = STR_NONE;
	return log_path_read(path, &read) && log_cache_get(book->tiles, &read, arena, bytes);
}

bool casebook_log_tile(struct casebook_reader *reader, struct arena *arena, struct str path,
                       struct str *bytes, struct err *err)
{
	struct log_path read;
	struct str note;
	int64_t published;
	*bytes = STR_NONE;
	if (!casebook_log_checkpoint(reader, arena, &published, &note, err) ||
	    !read_log(reader, err) ||
	    !log_reader_serve(reader->log, arena, path, published, read_commitments, reader, bytes,
	                      err))
		return false;
	if (log_path_read(path, &read))
		log_cache_put(reader->book->tiles, &read, *bytes);
	return true;
}
