/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/name.h"

#include <stdio.h>
#include <unistd.h>

#include "casebook/account.h"
#include "casebook/turn.h"

static const char NEXT_KEY[] = "keys/log.key.next";
static const char ORIGIN_SQL[] = "UPDATE setting SET value = ?1 WHERE name = 'origin'";

static bool key_path(const struct casebook *book, const char *name, char out[BOOK_PATH_MAX])
{
	int n = snprintf(out, BOOK_PATH_MAX, "%s/%s", book->dir, name);
	return n > 0 && n < BOOK_PATH_MAX;
}

static void drop_next_file(const struct casebook *book)
{
	char path[BOOK_PATH_MAX];
	if (key_path(book, NEXT_KEY, path))
		(void)unlink(path);
}

/* A key that could not be put in its place is put there at the next opening. */
static void put_in_place(const struct casebook *book)
{
	char from[BOOK_PATH_MAX], to[BOOK_PATH_MAX];
	if (key_path(book, NEXT_KEY, from) && key_path(book, "keys/log.key", to))
		(void)rename(from, to);
}

bool name_settle(struct casebook *book, struct err *err)
{
	char path[BOOK_PATH_MAX];
	struct log_signer *next = NULL;
	if (!key_path(book, NEXT_KEY, path) || !file_exists(path))
		return true;
	if (str_eq(log_signer_vkey(book->signer)->name, book->origin)) {
		if (book->is_writer)
			drop_next_file(book);
		return true;
	}
	if (!log_signer_load(path, &next, err))
		return false;
	if (!str_eq(log_signer_vkey(next)->name, book->origin)) {
		log_signer_destroy(next);
		return true;
	}
	log_signer_destroy(book->signer);
	book->signer = next;
	if (book->is_writer)
		put_in_place(book);
	return true;
}

bool name_tell(struct casebook *book, struct err *err)
{
	struct buf text;
	buf_init(&text, 1024);
	log_vkey_write(&text, log_signer_vkey(book->signer));
	struct str vkey = arena_copy(book->arena, buf_str(&text));
	buf_finish(&text);
	if (!vkey.p)
		return err_set(err, ERR_UNABLE, "There is no memory to open the register");
	pthread_mutex_lock(&book->chart_lock);
	book->vkey = vkey;
	pthread_mutex_unlock(&book->chart_lock);
	return true;
}

void name_take(struct casebook *book)
{
	struct err ignored = { 0 };
	if (!book->next_signer)
		return;
	log_signer_destroy(book->signer);
	book->signer = book->next_signer;
	book->next_signer = NULL;
	put_in_place(book);
	(void)!name_tell(book, &ignored);
}

void name_drop(struct casebook *book)
{
	if (!book->next_signer)
		return;
	log_signer_destroy(book->next_signer);
	book->next_signer = NULL;
	drop_next_file(book);
}

struct naming {
	struct casebook *book;
	struct str name;
};

/* turn_hook */
static bool write_name(void *ctx, struct store *store, int64_t index, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	const struct naming *naming = ctx;
	struct casebook *book = naming->book;
	char path[BOOK_PATH_MAX];
	(void)index;
	if (!key_path(book, NEXT_KEY, path))
		return err_set(err, ERR_INPUT, "The path of this register is too long");
	name_drop(book);
	drop_next_file(book);
	if (!log_signer_rename(book->signer, naming->name, &book->next_signer, err) ||
	    !log_signer_save(book->next_signer, path, err) || !log_sign_anew(store, book->next_signer, err) ||
	    !store_prepare(store, ORIGIN_SQL, &put, err))
		return false;
	store_bind_str(put, 1, naming->name);
	return store_do(put, err);
}

bool casebook_register_name(struct casebook *book, const struct casebook_actor *actor, enum casebook_via via,
                            struct str machine_user, struct str name, struct arena *arena,
                            struct casebook_answer *answer, struct err *err)
{
	struct naming naming = { book, name };
	struct json *fields = json_object(arena);
	struct casebook_act act = { .actor = *actor,
		                    .via = via,
		                    .kind = STR("register.named"),
		                    .file = STR("R-1"),
		                    .fields = fields,
		                    .machine_user = machine_user };
	json_put_text(arena, fields, STR("name"), name);
	if (!json_complete(fields))
		return err_set(err, ERR_UNABLE, "There is no memory for this name");
	return casebook_submit_with(book, &act, write_name, &naming, arena, answer, err);
}
