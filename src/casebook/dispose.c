/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Lawful disposal: an act of a kind that destroys makes the register's own
 * entry file.destroyed in the same turn, and after the commit the key of the
 * file's slot is overwritten. What could not be overwritten then (a power cut,
 * a full disk) stands in short_disposal and is done at the next chance; until
 * it is, verify says that the key is still there.
 */
#include "casebook/dispose.h"

#include "casebook/readings.h"
#include "casebook/turn.h"

#define DUE_MAX 64
#define PROOF_ROOM ((size_t)4 << 20)

static const char NOTE_SQL[] = "INSERT INTO short_disposal (file, entry) VALUES (?1, ?2)";
static const char DUE_SQL[] =
	"SELECT s.file, s.entry, f.id FROM short_disposal AS s JOIN file AS f ON f.n = s.file"
	" ORDER BY s.file LIMIT ?1";
static const char DONE_SQL[] = "DELETE FROM short_disposal WHERE file = ?1";

bool dispose_follow(struct turn *turn, const struct folding *entry, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *note = NULL;
	struct folding made;
	if (!entry->kind || !entry->kind->destroys)
		return true;
	if (!turn_register_entry(turn, STR("file.destroyed"), entry->file, NULL, entry->index,
	                         &made, err) ||
	    !store_prepare(turn->store, NOTE_SQL, &note, err))
		return false;
	turn->destroyed = true;
	store_bind_int(note, 1, entry->file);
	store_bind_int(note, 2, made.index);
	return store_do(note, err);
}

struct due {
	int64_t file;
	int64_t entry;
	struct id id;
};

static bool read_due(struct store *store, struct due due[DUE_MAX], size_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	*count = 0;
	if (!store_prepare(store, DUE_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, DUE_MAX);
	while (*count < DUE_MAX) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		struct due *one = &due[(*count)++];
		one->file = store_int(rows, 0);
		one->entry = store_int(rows, 1);
		if (!id_read(store_str(rows, 2), &one->id))
			return err_set(err, ERR_FAULT, "a file's id is none");
	}
	return true;
}

/* A row alone destroys nothing: the log itself says that the file's key is to go. */
static bool is_meant(struct casebook_reader *reader, struct arena *arena, const struct due *due,
                     bool *meant, struct err *err)
{
	struct log_header header;
	struct str plain;
	bool is_proved;
	if (!reader_proved_entry(reader, arena, due->entry, &header, &plain, &is_proved, err))
		return false;
	*meant = is_proved && str_eq(header.kind, STR("file.destroyed")) &&
	         id_eq(&header.file, &due->id);
	return true;
}

static bool destroy(struct casebook *book, const struct due *due, size_t count, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(PROOF_ROOM);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to destroy a key");
	if (!casebook_reader_take(book, &reader, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		bool meant;
		if (!is_meant(reader, arena, &due[i], &meant, err) ||
		    (meant && !vault_destroy(book->vault, due[i].file, err)))
			return false;
	}
	return true;
}

static bool forget(struct casebook *book, const struct due *due, size_t count, struct err *err)
{
	bool done = true;
	if (!book_begin(book, err))
		return false;
	for (size_t i = 0; done && i < count; i++) {
		CLEANUP(store_stmt_finish) struct store_stmt *gone = NULL;
		done = store_prepare(book->store, DONE_SQL, &gone, err);
		if (done) {
			store_bind_int(gone, 1, due[i].file);
			done = store_do(gone, err);
		}
	}
	if (!done)
		store_abort(book->store);
	return done && store_commit(book->store, err);
}

bool dispose_due(struct casebook *book, struct err *err)
{
	struct due due[DUE_MAX];
	size_t count;
	do {
		if (!read_due(book->store, due, &count, err))
			return false;
		if (count > 0 &&
		    (!destroy(book, due, count, err) || !forget(book, due, count, err)))
			return false;
	} while (count == DUE_MAX);
	return true;
}
