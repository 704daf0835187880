/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/newest.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "casebook/chart.h"

#define NEWEST_BYTES 384 /* one piece of a disk: written in place, there whole or as it was */
#define WITHOUT_ROOM ((size_t)1 << 20)
#define NEWEST_HEAD "candour/newest/v1 "

static bool newest_path(const char *dir, char out[BOOK_PATH_MAX])
{
	int n = snprintf(out, BOOK_PATH_MAX, "%s/keys/newest", dir);
	return n > 0 && n < BOOK_PATH_MAX;
}

/* The next number of a line; 0 where it ends, as the line of an earlier version does. */
static uint64_t next_number(struct str *rest, uint64_t max)
{
	struct str word;
	uint64_t number;
	return str_cut(rest, ' ', &word) && str_to_u64(word, max, &number) ? number : 0;
}

/* SIZE ROOT PUBLISHED PUBLICATIONS FOLDER [CHART [CHART]] */
static void read_line(struct str text, struct newest *out)
{
	struct str root;
	if (!str_starts(text, STR(NEWEST_HEAD)))
		return;
	text = str_sub(text, sizeof NEWEST_HEAD - 1, text.n);
	text = str_sub(text, 0, str_find(text, '\n'));
	int64_t size = (int64_t)next_number(&text, INT64_MAX);
	if (!str_cut(&text, ' ', &root) || root.n != (size_t)2 * HASH_SIZE ||
	    !hash_read_hex(root, &out->root))
		return;
	out->size = size;
	out->published = (int64_t)next_number(&text, INT64_MAX);
	out->publications = (int64_t)next_number(&text, INT64_MAX);
	out->folder = next_number(&text, UINT64_MAX);
	struct str sum;
	while (out->charts < 2 && str_cut(&text, ' ', &sum) && sum.n == (size_t)2 * HASH_SIZE &&
	       hash_read_hex(sum, &out->chart[out->charts]))
		out->charts++;
}

void newest_read(const char *dir, struct newest *out)
{
	char path[BOOK_PATH_MAX], bytes[NEWEST_BYTES];
	*out = (struct newest){ 0 };
	int fd = newest_path(dir, path) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
	                                : -1;
	if (fd < 0)
		return;
	ssize_t n = read(fd, bytes, sizeof bytes);
	close(fd);
	read_line(str_from_bytes(bytes, n > 0 ? (size_t)n : 0), out);
}

bool newest_is_there(struct store *store, const struct newest *newest, const char *dir,
                     struct err *err)
{
	static const char ROOT_SQL[] = "SELECT root FROM signed WHERE size = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (newest->size == 0)
		return true;
	if (!store_prepare(store, ROOT_SQL, &found, err))
		return false;
	store_bind_int(found, 1, newest->size);
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_ROW && str_eq(store_blob(found, 0), hash_str(&newest->root)))
		return true;
	return err_set(
		err, ERR_UNABLE,
		"The database was set back: the tree of %" PRId64
		" entries that keys/newest names is %s. Put the "
		"newer one back, or make a register of a backup with: candour restore BACKUP NEW-FOLDER. When what "
		"came after is known to be lost for good, say so to those who hold receipts, and remove %s/keys/newest",
		newest->size, step == STORE_ROW ? "another one there" : "not there", dir);
}

bool newest_is_longer(struct store *store, const struct newest *newest, bool *out, struct err *err)
{
	static const char ENDS_SQL[] = "SELECT MAX(COALESCE((SELECT MAX(idx) FROM entry), -1) + 1,"
				       " COALESCE((SELECT MAX(size) FROM signed), 0))";
	int64_t ends = 0;
	*out = false;
	if (newest->size == 0)
		return true;
	if (!store_get_int(store, ENDS_SQL, &ends, err))
		return false;
	*out = ends < newest->size;
	return true;
}

/* --- what was published -------------------------------------------------------------------- */

bool newest_is_published(struct store *store, const struct newest *newest, bool *out,
                         struct err *err)
{
	static const char UP_TO_SQL[] =
		"SELECT COUNT(*), COALESCE(MAX(size), 0) FROM published WHERE size <= ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	*out = newest->publications == 0;
	if (*out)
		return true;
	if (!store_prepare(store, UP_TO_SQL, &found, err))
		return false;
	store_bind_int(found, 1, newest->published);
	if (store_step(found, err) != STORE_ROW)
		return false;
	*out = store_int(found, 0) == newest->publications &&
	       store_int(found, 1) == newest->published;
	return true;
}

bool newest_count(struct casebook *book, struct store *store, struct err *err)
{
	static const char ALL_SQL[] = "SELECT COUNT(*), COALESCE(MAX(size), 0) FROM published";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (book->has_publications)
		return true;
	if (!store_prepare(store, ALL_SQL, &found, err) || store_step(found, err) != STORE_ROW)
		return false;
	book->publications = store_int(found, 0);
	book->published = store_int(found, 1);
	book->has_publications = true;
	return true;
}

/* What is gone stays named; what nobody counted since is as it was. */
static void put_published(struct casebook *book, const struct newest *before, struct newest *now)
{
	struct err err = { 0 };
	bool is_known = before->publications > 0, is_there = true;
	now->published = before->published;
	now->publications = before->publications;
	if (book->is_published_lost || (is_known && !book->has_publications))
		return;
	if (is_known && !book->is_published_seen) {
		if (!newest_is_published(book->store, before, &is_there, &err))
			return;
		book->is_published_seen = true;
		book->is_published_lost = !is_there;
	}
	if (book->is_published_lost) {
		journal_write(JOURNAL_WARNING,
		              "a checkpoint that was published is gone; run candour verify");
		return;
	}
	if (!newest_count(book, book->store, &err))
		return;
	now->published = book->published;
	now->publications = book->publications;
}

/* --- which folder -------------------------------------------------------------------------- */

static uint64_t folder_of(const struct casebook *book)
{
	struct stat told;
	return stat(book->dir, &told) == 0 ? (uint64_t)told.st_ino : 0;
}

bool casebook_is_copy(const struct casebook *book)
{
	struct newest newest;
	newest_read(book->dir, &newest);
	return newest.folder != 0 && newest.folder != folder_of(book);
}

void casebook_claim_folder(struct casebook *book)
{
	book->is_claimed = true;
}

/* --- keeping ------------------------------------------------------------------------------- */

/* `is_durable`: it is on the disk when this returns. */
static bool write_line(const char *path, const struct newest *now, bool is_durable)
{
	char bytes[NEWEST_BYTES], hex[2 * HASH_SIZE];
	hex_write(hex, now->root.bytes, HASH_SIZE);
	memset(bytes, '\n', sizeof bytes);
	int n = snprintf(bytes, sizeof bytes,
	                 NEWEST_HEAD "%" PRId64 " %.*s %" PRId64 " %" PRId64 " %" PRIu64, now->size,
	                 (int)sizeof hex, hex, now->published, now->publications, now->folder);
	bytes[n] = '\n';
	for (int i = 0; i < now->charts; i++) {
		bytes[n++] = ' ';
		hex_write(bytes + n, now->chart[i].bytes, HASH_SIZE);
		n += 2 * HASH_SIZE;
	}
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	bool done = fd >= 0 && pwrite(fd, bytes, sizeof bytes, 0) == (ssize_t)sizeof bytes;
	done = done && (!is_durable || fdatasync(fd) == 0);
	if (fd >= 0)
		done = close(fd) == 0 && done;
	return done;
}

bool newest_is_chart(const struct newest *newest, const struct chart *chart)
{
	bool is_one = newest->charts == 0;
	for (int i = 0; i < newest->charts; i++)
		is_one = is_one || hash_eq(&newest->chart[i], &chart->sum) ||
		         hash_eq(&newest->chart[i], &chart->seats);
	return is_one;
}

bool newest_keep_chart(struct casebook *book, const struct chart *chart, struct err *err)
{
	char path[BOOK_PATH_MAX];
	struct newest now;
	if (book->vfs || !book->chart || hash_eq(&book->chart->sum, &chart->sum))
		return true;
	newest_read(book->dir, &now);
	/* A chart that nobody kept is not made to hold by being changed. */
	if (newest_is_chart(&now, book->chart))
		now.chart[1] = book->chart->sum;
	else
		now.chart[1] = now.chart[0];
	now.chart[0] = chart->sum;
	now.charts = 2;
	return (newest_path(book->dir, path) && write_line(path, &now, true)) ||
	       err_set(err, ERR_UNABLE,
	               "Who holds the offices could not be kept beside the keys: %s",
	               strerror(errno));
}

void newest_keep(struct casebook *book)
{
	char path[BOOK_PATH_MAX];
	struct newest before, now = { 0 };
	if (book->vfs || !book->is_writer || !book->tree || book->is_broken || book->entries == 0)
		return;
	newest_read(book->dir, &before);
	if (before.size == 0 && book->has_newest)
		journal_write(JOURNAL_WARNING,
		              "%s/keys/newest was gone or said nothing while the register was open;"
		              " it is written anew. See who can write there",
		              book->dir);
	now.size = book->entries;
	now.root = log_tree_root(book->tree);
	now.folder = before.folder && !book->is_claimed ? before.folder : folder_of(book);
	put_published(book, &before, &now);
	if (book->chart) {
		now.chart[0] = book->chart->sum;
		now.charts = 1;
	}
	book->has_newest = newest_path(book->dir, path) && write_line(path, &now, false);
	if (!book->has_newest)
		journal_write(JOURNAL_WARNING,
		              "the newest tree could not be kept beside the keys: %s",
		              strerror(errno));
}

/* --- without it ----------------------------------------------------------------------------- */

bool casebook_knows_newest(const struct casebook *book)
{
	struct newest newest;
	newest_read(book->dir, &newest);
	return newest.size > 0 || book->entries == 0;
}

bool newest_do_without(struct casebook *book, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(WITHOUT_ROOM);
	struct casebook_options options = { .shelf = book->shelf };
	struct casebook_verified found = { 0 };
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to verify");
	if (!casebook_verify_on(&options, book->dir, CASEBOOK_VERIFY_WHOLE, arena, NULL, NULL,
	                        &found, err))
		return false;
	if (!found.ok)
		return err_set(
			err, ERR_UNABLE,
			"%s/keys/newest is gone or says nothing; so all was checked, and %.*s does not fit."
			" Keep a copy of the folder and put keys/newest back. What candour verify names as a"
			" view, candour refold makes anew; else restore a backup into a new folder",
			book->dir, STR_ARG(found.difference.where));
	journal_write(JOURNAL_WARNING,
	              "%s/keys/newest is not there or says nothing. All was checked and fits; that"
	              " nothing newer was here before cannot be told: compare %" PRId64
	              " entries with receipts and published checkpoints. It is written anew",
	              book->dir, found.entries);
	return true;
}

bool casebook_keep_newest(const char *dir, struct err *err)
{
	static const char ROOT_SQL[] = "SELECT root FROM signed WHERE size = ?1";
	CLEANUP(casebook_cleanup) struct casebook *book = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	char path[BOOK_PATH_MAX];
	struct newest now = { 0 };
	newest_read(dir, &now);
	if (now.size > 0)
		return true;
	if (!casebook_open(dir, CASEBOOK_READ, &book, err) ||
	    !store_prepare(book->store, ROOT_SQL, &found, err) ||
	    !newest_count(book, book->store, err))
		return false;
	store_bind_int(found, 1, book->entries);
	if (store_step(found, err) != STORE_ROW || store_blob(found, 0).n != HASH_SIZE)
		return err_set(err, ERR_UNABLE, "The newest tree of %s is not signed", dir);
	memcpy(now.root.bytes, store_blob(found, 0).p, HASH_SIZE);
	now.size = book->entries;
	now.published = book->published;
	now.publications = book->publications;
	now.folder = folder_of(book);
	now.chart[0] = book->chart->sum;
	now.charts = 1;
	return (newest_path(dir, path) && write_line(path, &now, true)) ||
	       err_set(err, ERR_UNABLE, "keys/newest could not be written: %s", strerror(errno));
}
