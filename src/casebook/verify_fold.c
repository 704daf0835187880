/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The fold of the entries into shadows, in a thread behind the walk over them.
 *
 * F1. An entry is folded only once the walk came to a checkpoint past it whose
 *     signature holds: nothing is folded that was not checked before.
 * F2. The walk and the fold have a connection each, and both see the same
 *     entries. The fold's holds the shadows; it is the thread's until that ends.
 * F3. What the walk finds ends the fold.
 */
#include "casebook/chart.h"
#include "casebook/sights.h"
#include "casebook/verify.h"

#include <stdlib.h>

#define TELL_EVERY 512   /* entries */
#define SHOWN_EVERY 8192 /* entries */
#define TRIES_MAX 50
#define NIGHTS_ROOM ((size_t)256 << 20)

static const char NEWEST_SQL[] = "SELECT COALESCE(MAX(idx), -1) FROM entry";
static const char PACKS_SQL[] = "SELECT text FROM pack ORDER BY n";

struct verify_fold {
	struct verify *verify;
	struct store *store; /* F2; borrowed */
	pthread_t thread;
	bool has_thread;
	pthread_mutex_t lock;
	pthread_cond_t moved;
	/* guarded by lock, up to the next comment */
	int64_t proved; /* entries below this may be folded */
	int64_t folded;
	bool is_stopped;
	bool has_ended;
	/* the thread's until it has ended */
	int64_t allowed; /* of `proved`, as it was last seen */
	struct verify_patterns *patterns;
	struct verify_nights *nights;
	struct sights *sights; /* NULL: there was no memory, and each entry is read anew */
	bool has_packs;
	bool is_done;
	bool is_refused;
	int64_t refused; /* an entry that should not be there */
	struct err why;
};

/* --- the two connections -------------------------------------------------------------------- */

/* A writer may have come between the two: then once more. */
static bool begin_both(struct verify *verify, struct err *err)
{
	for (int i = 0; i < TRIES_MAX; i++) {
		int64_t walked = 0, folded = 0;
		if (!store_begin(verify->store, err) || !store_begin(verify->views, err) ||
		    !store_get_int(verify->store, NEWEST_SQL, &walked, err) ||
		    !store_get_int(verify->views, NEWEST_SQL, &folded, err))
			return false;
		if (walked == folded)
			return true;
		store_abort(verify->store);
		store_abort(verify->views);
	}
	return err_set(err, ERR_UNABLE,
	               "The register is written too fast to be verified now; try again");
}

bool verify_fold_open(struct verify *verify, struct err *err)
{
	char path[BOOK_PATH_MAX];
	return verify_path(verify, BOOK_DATABASE, path, err) &&
	       store_open_on(verify->vfs, path, STORE_READ, &verify->views, err) &&
	       store_shadow(verify->views, book_view_names, VIEWS_N, book_unused_indexes,
	                    VIEWS_UNUSED_N, err) &&
	       begin_both(verify, err);
}

/* --- the thread ----------------------------------------------------------------------------- */

/* refold_gate: waits for F1. */
static bool pass(void *ctx, int64_t index, struct err *err)
{
	struct verify_fold *fold = ctx;
	if (index < fold->allowed)
		return true;
	pthread_mutex_lock(&fold->lock);
	fold->folded = index;
	pthread_cond_broadcast(&fold->moved);
	while (!fold->is_stopped && fold->proved <= index)
		pthread_cond_wait(&fold->moved, &fold->lock);
	bool goes_on = !fold->is_stopped;
	fold->allowed = fold->proved - index < SHOWN_EVERY ? fold->proved : index + SHOWN_EVERY;
	pthread_mutex_unlock(&fold->lock);
	return goes_on || err_set(err, ERR_UNABLE, "The fold was ended");
}

/* Keeps which entry should not be there, or lacks what should follow it; false. */
static bool refuse(struct verify_fold *fold, int64_t index, const struct err *err)
{
	fold->is_refused = err->code == ERR_INPUT;
	fold->refused = index;
	return false;
}

static bool judge(void *ctx, struct fold *shadow, const struct folding *entry, struct err *err)
{
	struct verify_fold *fold = ctx;
	shadow->sights = fold->sights;
	sights_entry(fold->sights, entry->kind_name);
	if (!verify_patterns_next(fold->patterns, shadow, entry, err))
		return refuse(fold, verify_patterns_at(fold->patterns), err);
	return (verify_nights_next(fold->nights, shadow, entry, err) &&
	        verify_judged(shadow, entry, err)) ||
	       refuse(fold, entry->index, err);
}

static bool act_end(void *ctx, struct fold *shadow, int64_t entries, struct err *err)
{
	struct verify_fold *fold = ctx;
	if (!verify_patterns_end(fold->patterns, shadow, entries, err))
		return refuse(fold, verify_patterns_at(fold->patterns), err);
	if (!verify_nights_end(fold->nights, shadow, err))
		return refuse(fold, verify_nights_at(fold->nights), err);
	sights_rest(fold->sights);
	return true;
}

static bool load_packs(struct verify_fold *fold, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct casebook *packs = fold->verify->packs;
	const struct log_eras *eras = &fold->verify->key.eras.eras;
	packs->is_drill = eras->count && str_starts(log_eras_last(eras)->key.name, STR("drill."));
	if (!store_prepare(fold->store, PACKS_SQL, &rows, err))
		return false;
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			return true;
		if (!book_pack_add(packs, store_blob(rows, 0), err))
			return err_context(err, "pack %d", packs->pack_count + 1);
	}
}

static void *run(void *ctx)
{
	struct verify_fold *fold = ctx;
	struct refold_way way = { .gate = pass, .judge = judge, .act_end = act_end, .ctx = fold };
	struct chart *chart = NULL;
	fold->has_packs = pass(fold, 0, &fold->why) && load_packs(fold, &fold->why);
	fold->is_done = fold->has_packs &&
	                refold_entries(fold->verify->packs, fold->store, &way, &chart, &fold->why);
	chart_give(chart);
	pthread_mutex_lock(&fold->lock);
	fold->has_ended = true;
	pthread_cond_broadcast(&fold->moved);
	pthread_mutex_unlock(&fold->lock);
	return NULL;
}

static void drop(struct verify_fold *fold)
{
	verify_patterns_destroy(fold->patterns);
	verify_nights_destroy(fold->nights);
	sights_destroy(fold->sights);
	free(fold);
}

static bool no_room(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory to verify");
}

bool verify_fold_begin(struct verify *verify, struct err *err)
{
	struct verify_fold *fold = calloc(1, sizeof *fold);
	if (!fold)
		return no_room(err);
	fold->verify = verify;
	fold->store = verify->views;
	fold->patterns = verify_patterns_create(err);
	fold->nights = verify_nights_create(err);
	fold->sights = sights_create(NIGHTS_ROOM);
	if (!fold->patterns || !fold->nights || pthread_mutex_init(&fold->lock, NULL) != 0) {
		drop(fold);
		return no_room(err);
	}
	if (pthread_cond_init(&fold->moved, NULL) != 0) {
		pthread_mutex_destroy(&fold->lock);
		drop(fold);
		return no_room(err);
	}
	verify->fold = fold;
	/* The disk of a simulation knows one thread: then it all comes at the end. */
	fold->has_thread = !verify->vfs && pthread_create(&fold->thread, NULL, run, fold) == 0;
	return true;
}

/* --- the walk ------------------------------------------------------------------------------- */

static void allow(struct verify_fold *fold, int64_t proved, bool is_stopped)
{
	pthread_mutex_lock(&fold->lock);
	fold->proved = proved;
	fold->is_stopped = is_stopped;
	pthread_cond_broadcast(&fold->moved);
	pthread_mutex_unlock(&fold->lock);
}

void verify_fold_proved(struct verify *verify, int64_t proved)
{
	if (!verify->fold || proved < verify->told + TELL_EVERY)
		return;
	verify->told = proved;
	allow(verify->fold, proved, false);
}

static void wait_and_show(struct verify_fold *fold)
{
	const struct verify *verify = fold->verify;
	bool has_ended = false;
	while (!has_ended) {
		pthread_mutex_lock(&fold->lock);
		if (!fold->has_ended)
			pthread_cond_wait(&fold->moved, &fold->lock);
		int64_t folded = fold->folded;
		has_ended = fold->has_ended;
		pthread_mutex_unlock(&fold->lock);
		if (verify->progress)
			verify->progress(verify->progress_ctx, "entries", folded, verify->entries);
	}
}

/* The log is whole by now: what cannot be folded is an entry that names what is not there. */
bool verify_fold_end(struct verify *verify, struct err *err)
{
	struct verify_fold *fold = verify->fold;
	allow(fold, INT64_MAX, false);
	if (fold->has_thread)
		wait_and_show(fold);
	else
		(void)run(fold);
	if (fold->is_done)
		return true;
	if (fold->is_refused)
		return verify_differs(verify, "entry", fold->refused, "%s", fold->why.message);
	if (fold->has_packs && (fold->why.code == ERR_INPUT || fold->why.code == ERR_FAULT))
		return verify_differs(verify, "entry.file", -1,
		                      "The entries cannot be folded: %s (%s)", fold->why.message,
		                      fold->why.context);
	*err = fold->why;
	return false;
}

void verify_fold_stop(struct verify *verify)
{
	struct verify_fold *fold = verify->fold;
	if (!fold)
		return;
	allow(fold, 0, true);
	if (fold->has_thread)
		(void)pthread_join(fold->thread, NULL);
	pthread_cond_destroy(&fold->moved);
	pthread_mutex_destroy(&fold->lock);
	drop(fold);
	verify->fold = NULL;
}
