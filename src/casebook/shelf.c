/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Packs that were compiled and checked once in a process. What a text compiles
 * to, and what its check finds, follow from its bytes alone, so a shelf finds
 * them by the hash of all of these.
 */
#include "casebook/shelf.h"

#include <pthread.h>
#include <stdlib.h>

#include "casebook/settings.h"

#define SHELF_MAX 64
#define ARENA_CHECK ((size_t)64 << 20)

struct kept {
	struct hash hash; /* of the text */
	struct pack *pack;
	bool is_checked;
	char *fails; /* NULL: it holds */
};

struct casebook_shelf {
	pthread_mutex_t lock;
	struct kept at[SHELF_MAX]; /* guarded by lock; a pack stays until the shelf is destroyed */
	size_t count;              /* guarded by lock */
};

struct casebook_shelf *casebook_shelf_create(void)
{
	struct casebook_shelf *shelf = calloc(1, sizeof *shelf);
	if (shelf)
		(void)pthread_mutex_init(&shelf->lock, NULL);
	return shelf;
}

void casebook_shelf_destroy(struct casebook_shelf *shelf)
{
	if (!shelf)
		return;
	for (size_t i = 0; i < shelf->count; i++) {
		pack_destroy(shelf->at[i].pack);
		free(shelf->at[i].fails);
	}
	pthread_mutex_destroy(&shelf->lock);
	free(shelf);
}

void casebook_shelf_cleanup(struct casebook_shelf **shelf)
{
	casebook_shelf_destroy(*shelf);
	*shelf = NULL;
}

static bool load_kept(struct casebook_shelf *shelf, struct str text, struct pack **out,
                      struct err *err)
{
	struct hash hash = hash_of(text);
	for (size_t i = 0; i < shelf->count; i++) {
		if (hash_eq(&shelf->at[i].hash, &hash)) {
			*out = shelf->at[i].pack;
			return true;
		}
	}
	if (shelf->count == SHELF_MAX)
		return err_set(err, ERR_UNABLE, "There is no room for another pack on the shelf");
	if (!book_pack_load(text, out, err))
		return false;
	shelf->at[shelf->count++] = (struct kept){ .hash = hash, .pack = *out };
	return true;
}

bool shelf_load(struct casebook_shelf *shelf, struct str text, struct pack **out, struct err *err)
{
	*out = NULL;
	if (!shelf)
		return book_pack_load(text, out, err);
	pthread_mutex_lock(&shelf->lock);
	bool done = load_kept(shelf, text, out, err);
	pthread_mutex_unlock(&shelf->lock);
	return done;
}

static bool check(const struct pack *pack, struct arena *arena, struct str *fails, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *walk = arena_create(ARENA_CHECK);
	struct pack_report report;
	*fails = STR_NONE;
	if (!walk)
		return err_set(err, ERR_UNABLE, "There is no memory to check the pack");
	if (!pack_check(pack, walk, &report, err))
		return false;
	for (size_t i = 0; !report.holds && i < report.count; i++) {
		if (report.at[i].verdict != PACK_FAILS)
			continue;
		*fails = arena_copy(arena, report.at[i].line);
		return fails->p || err_set(err, ERR_UNABLE, "There is no memory to check the pack");
	}
	return true;
}

static bool check_kept(struct kept *kept, struct arena *arena, struct str *fails, struct err *err)
{
	if (!kept->is_checked) {
		if (!check(kept->pack, arena, fails, err))
			return false;
		kept->fails = fails->p ? strndup(fails->p, fails->n) : NULL;
		kept->is_checked = !fails->p || kept->fails;
		return true;
	}
	*fails = kept->fails ? arena_copy(arena, str_from_c(kept->fails)) : STR_NONE;
	return !kept->fails || fails->p ||
	       err_set(err, ERR_UNABLE, "There is no memory to check the pack");
}

bool shelf_check(struct casebook_shelf *shelf, const struct pack *pack, struct arena *arena,
                 struct str *fails, struct err *err)
{
	struct kept *kept = NULL;
	if (!shelf)
		return check(pack, arena, fails, err);
	pthread_mutex_lock(&shelf->lock);
	for (size_t i = 0; i < shelf->count && !kept; i++)
		kept = shelf->at[i].pack == pack ? &shelf->at[i] : NULL;
	bool done = kept ? check_kept(kept, arena, fails, err) : check(pack, arena, fails, err);
	pthread_mutex_unlock(&shelf->lock);
	return done;
}

void shelf_give(const struct casebook_shelf *shelf, struct pack *pack)
{
	if (!shelf)
		pack_destroy(pack);
}
