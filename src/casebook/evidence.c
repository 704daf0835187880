/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What proves another history under this log's name. */
#include "casebook/evidence.h"

#include "casebook/care.h"

#define EVIDENCE_ROOM ((size_t)4 << 20)
#define NOTE_MAX ((size_t)64 << 10)
#define NOTES_MAX 1000

/* A key that this log signs with signed it. One that has ended may be known to others. */
static bool is_signed(const struct casebook *book, struct arena *arena, struct str note,
                      struct log_checkpoint *out)
{
	for (size_t i = 0; i < book->eras.count; i++) {
		struct err why = { 0 };
		const struct log_vkey *key = &book->eras.at[i].key;
		if (!log_eras_have_ended(&book->eras, key) &&
		    log_checkpoint_open(arena, note, key, out, &why))
			return true;
	}
	return false;
}

/* *out: it is of a tree that this one does not begin with. */
static bool is_beyond(struct casebook *book, struct log_reader *reader,
                      const struct log_checkpoint *checkpoint, bool *out, struct err *err)
{
	struct hash root;
	*out = checkpoint->size > book->entries;
	if (*out)
		return true;
	if (!log_reader_root(reader, checkpoint->size, &root, err))
		return false;
	*out = !hash_eq(&root, &checkpoint->root);
	return true;
}

/* What cannot be read as a note of this log proves nothing. */
static bool look_at(struct casebook *book, struct log_reader *reader, struct arena *arena,
                    const char *path, struct err *err)
{
	struct log_checkpoint checkpoint;
	struct err why = { 0 };
	struct str note;
	bool is_other;
	if (!file_read(arena, path, NOTE_MAX, &note, &why) ||
	    !is_signed(book, arena, note, &checkpoint))
		return true;
	if (!is_beyond(book, reader, &checkpoint, &is_other, err))
		return false;
	if (is_other && book->is_writer)
		casebook_stop_forked(book);
	book->is_forked = book->is_forked || is_other; /* nobody else has the book yet */
	return true;
}

bool evidence_look(struct casebook *book, struct log_reader *reader, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *names_arena = arena_create(EVIDENCE_ROOM);
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(EVIDENCE_ROOM);
	char folder[BOOK_PATH_MAX];
	const struct str *names;
	struct err none = { 0 };
	size_t count = 0;
	if (!names_arena || !arena)
		return err_set(err, ERR_UNABLE, "There is no memory to open the register");
	if (!book_path(book, "evidence", folder, err))
		return false;
	if (!file_is_folder(folder))
		return true;
	if (!file_list(names_arena, folder, &names, &count, &none) || count > NOTES_MAX)
		return err_set(
			err, ERR_UNABLE,
			"%s holds more than is looked at, or cannot be read. Keep what is there "
			"elsewhere, and leave the newest",
			folder);
	for (size_t i = 0; i < count; i++) {
		const char *name = str_to_c(names_arena, names[i]);
		const char *path = name ? file_join(names_arena, folder, name) : NULL;
		arena_reset(arena);
		if (path && !look_at(book, reader, arena, path, err))
			return false;
	}
	return true;
}
