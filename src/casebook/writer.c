/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The queue and the one writer. Submitters put their act into the queue and
 * wait; the writer takes what is there, never waiting for more, and runs its
 * acts as one turn, its other work as one transaction after it.
 * Without a writer's thread, the submitter runs the turn.
 */
#include <errno.h>
#include <stdlib.h>

#include "casebook/chart.h"
#include "casebook/shape.h"
#include "casebook/turn_parts.h"

#define SLOTS_SPARE 1024

/* --- turns over a list --------------------------------------------------------------------- */

static void fail_all(struct pending *first, struct pending *end, const struct err *why)
{
	for (struct pending *at = first; at != end; at = at->next) {
		if (!at->act) {
			at->work_done = false;
			*at->work_err = *why;
			continue;
		}
		memset(at->answer, 0, sizeof *at->answer);
		at->answer->outcome = CASEBOOK_FAILED;
		at->answer->index = -1;
		at->answer->err = *why;
	}
}

static void note_broken(struct casebook *book, const struct err *err)
{
	if (!store_is_broken(book->store))
		return;
	char reference[5];
	journal_fault(err, reference);
	pthread_mutex_lock(&book->queue_lock);
	book->is_broken = true;
	pthread_mutex_unlock(&book->queue_lock);
}

#define REPLACED                                                                                    \
	"The register can be read here, not written: its lock was taken away, and another program " \
	"may be writing it. Stop this one, then start one only"

#define WRITTEN                                                                                     \
	"The register can be read here, not written: another program has written it since this one" \
	" began. Stop this one, see by candour verify that the register is whole, then start one only"

#define ALTERED                                                                                     \
	"The register can be read here, not written: somebody changed the tables of register.db by" \
	" hand while it was served. Stop this one, see by candour verify what differs, and restore" \
	" from a backup"

#define FORKED                                                                                           \
	"The register can be read here, not written: a witness holds another history under its name, or" \
	" a longer one. Sign nothing more by this copy; see evidence beside register.db, and candour"    \
	" doctor"

#define UNFIT                                                                                      \
	"The register can be read here, not written: its log does not fit its own proof. Nothing"  \
	" was taken in; telephone instead. Those who run it: keep the folder as it is, see by"     \
	" candour doctor what differs, and restore a backup into a new folder"

#define SIGNED_BEFORE                                                                              \
	"The register can be read here, not written: a tree of this size, with another root, or a" \
	" greater one was signed before, and its entries are not here. Stop this one, keep its"    \
	" folder as it is, see by candour verify what differs, and call those who answer for the"  \
	" register"

/* With queue_lock held. */
static const char *why_replaced(const struct casebook *book)
{
	if (book->unfit.p)
		return UNFIT;
	if (book->is_forked)
		return FORKED;
	if (book->is_signed_before)
		return SIGNED_BEFORE;
	if (book->is_altered)
		return ALTERED;
	return book->is_written ? WRITTEN : REPLACED;
}

/* With queue_lock held: whether the lock is its own still. */
static bool is_own(struct casebook *book)
{
	if (!book->is_replaced && book->lock && !store_lock_stands(book->lock)) {
		book->is_replaced = book->is_broken = true;
		journal_write(JOURNAL_ERROR, REPLACED);
	}
	return !book->is_replaced;
}

static bool is_replaced(struct casebook *book)
{
	pthread_mutex_lock(&book->queue_lock);
	bool is = book->is_replaced;
	pthread_mutex_unlock(&book->queue_lock);
	return is;
}

static bool still_own(struct casebook *book, struct err *err)
{
	pthread_mutex_lock(&book->queue_lock);
	bool own = is_own(book) || err_set(err, ERR_UNABLE, "%s", why_replaced(book));
	pthread_mutex_unlock(&book->queue_lock);
	return own;
}

/*
 * Whoever lost his lock in the midst of a turn still commits it, and what the
 * next writer read before that is old: its numbers, its tree, its chart.
 */
static bool is_as_left(struct casebook *book, struct err *err)
{
	/* One step from the end of the primary key. */
	static const char COUNT_SQL[] = "SELECT COALESCE(MAX(idx), -1) + 1 FROM entry";
	int64_t entries;
	if (!store_get_int(book->store, COUNT_SQL, &entries, err))
		return false;
	if (entries == book->entries)
		return true;
	pthread_mutex_lock(&book->queue_lock);
	if (!book->is_replaced)
		journal_write(JOURNAL_ERROR, WRITTEN);
	book->is_replaced = book->is_written = book->is_broken = true;
	pthread_mutex_unlock(&book->queue_lock);
	return err_set(err, ERR_UNABLE, WRITTEN);
}

/* A table made anew by hand could drop what a turn writes into it. */
static bool is_in_shape(struct casebook *book, struct err *err)
{
	bool is_own;
	if (!shape_is_own(book, &is_own, err) || is_own)
		return is_own;
	pthread_mutex_lock(&book->queue_lock);
	if (!book->is_replaced)
		journal_write(JOURNAL_ERROR, ALTERED);
	book->is_replaced = book->is_altered = book->is_broken = true;
	pthread_mutex_unlock(&book->queue_lock);
	return err_set(err, ERR_UNABLE, ALTERED);
}

void book_stop_signed_before(struct casebook *book)
{
	pthread_mutex_lock(&book->queue_lock);
	if (!book->is_replaced)
		journal_write(JOURNAL_ERROR, SIGNED_BEFORE);
	book->is_signed_before = book->is_replaced = book->is_broken = true;
	pthread_mutex_unlock(&book->queue_lock);
}

void book_stop_unfit(struct casebook *book)
{
	pthread_mutex_lock(&book->queue_lock);
	journal_write(JOURNAL_ERROR, "%s: it is read, and takes nothing in: %.*s", book->dir,
	              STR_ARG(book->unfit));
	book->is_replaced = book->is_broken = true;
	pthread_mutex_unlock(&book->queue_lock);
}

struct str casebook_unfit(const struct casebook *book)
{
	return book->unfit;
}

bool casebook_fits(const struct casebook *book, struct err *err)
{
	return !book->unfit.p || err_set(err, ERR_UNABLE, UNFIT);
}

bool casebook_is_forked(struct casebook *book)
{
	pthread_mutex_lock(&book->queue_lock);
	bool is = book->is_forked;
	pthread_mutex_unlock(&book->queue_lock);
	return is;
}

void casebook_stop_forked(struct casebook *book)
{
	pthread_mutex_lock(&book->queue_lock);
	if (!book->is_forked)
		journal_write(JOURNAL_ERROR, FORKED);
	book->is_forked = book->is_replaced = book->is_broken = true;
	pthread_mutex_unlock(&book->queue_lock);
}

bool book_begin(struct casebook *book, struct err *err)
{
	if (!store_begin(book->store, err))
		return false;
	/* Looked at behind the store's own lock: nobody else writes from here to the commit. */
	if (still_own(book, err) && is_in_shape(book, err) && is_as_left(book, err))
		return true;
	store_abort(book->store);
	return false;
}

/* Work runs as a transaction of its own, never inside a turn. */
static void run_work(struct casebook *book, struct pending *pending)
{
	struct err *err = pending->work_err;
	pending->work_done = book_begin(book, err);
	if (!pending->work_done)
		return;
	pending->work_done =
		pending->work(book, pending->work_ctx, err) && store_commit(book->store, err);
	if (!pending->work_done) {
		store_abort(book->store);
		note_broken(book, err);
	}
}

/* Key slots for every file that these acts may begin, durable before any is used. */
static bool have_slots(struct casebook *book, const struct pending *first,
                       const struct pending *end, struct err *err)
{
	int64_t wanted = SLOTS_SPARE;
	for (const struct pending *at = first; at != end && at->act && wanted < BOOK_TURN_ACTS_MAX;
	     at = at->next)
		wanted++;
	while (vault_free(book->vault, book->files) < wanted) {
		if (!still_own(book, err) || !vault_make_slots(book->vault, err))
			return false;
	}
	return true;
}

/*
 * Acts from `first` on into one turn, until work, the end, the count or the
 * time is reached. Answers how far it came; the turn may have failed.
 */
static struct pending *run_turn(struct casebook *book, struct pending *first, struct pending *end,
                                bool *done, struct err *err)
{
	struct turn *turn;
	struct pending *at = first;
	int64_t began = clock_read().boot_us;
	size_t count = 0;
	*done = have_slots(book, first, end, err) && turn_begin(book, &turn, err);
	if (!*done)
		return end;
	while (at != end && at->act && count < BOOK_TURN_ACTS_MAX) {
		if (!turn_act(turn, at, err)) {
			turn_abort(turn);
			*done = false;
			return at->next;
		}
		at = at->next;
		/* The time limit is looked at every 16 acts: a look costs as much as a small read.
		 */
		if (++count % 16 == 0 && clock_read().boot_us - began > BOOK_TURN_WORK_US)
			break;
	}
	*done = turn_commit(turn, err);
	for (struct pending *told = first; *done && told != at; told = told->next) {
		if (told->answer->index >= 0 && !told->answer->is_repeat)
			told->answer->size = book->entries;
	}
	return at;
}

/* T2: each act alone, so that only the one that cannot be carried out fails. */
static void run_one_by_one(struct casebook *book, struct pending *first, struct pending *end)
{
	for (struct pending *at = first; at != end; at = at->next) {
		struct err err = { 0 };
		bool done;
		if (!at->act) {
			run_work(book, at);
			continue;
		}
		(void)run_turn(book, at, at->next, &done, &err);
		if (done)
			continue;
		if (err.code == ERR_FAULT) {
			char reference[5];
			journal_fault(&err, reference);
			(void)snprintf(
				err.message, sizeof err.message,
				"Something went wrong with us. Reference %s. Nothing was written",
				reference);
		}
		fail_all(at, at->next, &err);
		note_broken(book, &err);
	}
}

/* Several pieces of work as one transaction: one sync for all who wait. False: nothing of them was
 * done. */
static bool run_together(struct casebook *book, struct pending *first, const struct pending *end)
{
	struct err err = { 0 };
	int64_t next_reading = book->next_reading;
	bool done = book_begin(book, &err);
	if (!done)
		return false;
	for (struct pending *at = first; done && at != end; at = at->next)
		done = at->work_done = at->work(book, at->work_ctx, at->work_err);
	if (done && store_commit(book->store, &err))
		return true;
	store_abort(book->store);
	book->next_reading = next_reading;
	return false;
}

/* The work from `first` up to the next act, which is returned. One that fails spoils no other. */
static struct pending *run_works(struct casebook *book, struct pending *first)
{
	struct pending *end = first->next;
	while (end && !end->act)
		end = end->next;
	if (first->next != end && run_together(book, first, end))
		return end;
	for (struct pending *at = first; at != end; at = at->next) {
		*at->work_err = (struct err){ 0 };
		run_work(book, at);
	}
	return end;
}

static void run_list(struct casebook *book, struct pending *first)
{
	struct pending *at = first;
	while (at) {
		struct err err = { 0 };
		bool done;
		if (!at->act) {
			at = run_works(book, at);
			continue;
		}
		struct pending *reached = run_turn(book, at, NULL, &done, &err);
		if (!done && (store_is_broken(book->store) || is_replaced(book))) {
			note_broken(book, &err);
			fail_all(at, NULL, &err);
			return;
		}
		if (!done)
			run_one_by_one(book, at, reached);
		at = reached;
	}
}

/* --- the queue ----------------------------------------------------------------------------- */

static struct pending *take_all(struct casebook *book)
{
	struct pending *first = book->queue_first;
	book->queue_first = book->queue_last = NULL;
	book->queue_count = 0;
	return first;
}

/*
 * Acts in their order, then work in its order, so that work parts no turn. Whoever waits for the
 * one has nothing in the queue beside it, so that no order was promised between them.
 */
static struct pending *acts_first(struct pending *list)
{
	struct pending *work = NULL, **acts_end = &list, **work_end = &work;
	while (*acts_end) {
		struct pending *at = *acts_end;
		if (at->act) {
			acts_end = &at->next;
			continue;
		}
		*acts_end = at->next;
		at->next = NULL;
		*work_end = at;
		work_end = &at->next;
	}
	*acts_end = work;
	return list;
}

static void mark_done(struct casebook *book, struct pending *first)
{
	pthread_mutex_lock(&book->queue_lock);
	for (struct pending *at = first; at;) {
		struct pending *next = at->next; /* gone as soon as it is done */
		at->is_done = true;
		at = next;
	}
	pthread_cond_broadcast(&book->queue_done);
	pthread_mutex_unlock(&book->queue_lock);
}

static void *writer_main(void *ctx)
{
	struct casebook *book = ctx;
	pthread_mutex_lock(&book->queue_lock);
	for (;;) {
		while (!book->queue_first && !book->is_stopping)
			pthread_cond_wait(&book->queue_filled, &book->queue_lock);
		if (!book->queue_first)
			break;
		struct pending *first = acts_first(take_all(book));
		pthread_mutex_unlock(&book->queue_lock);
		pthread_mutex_lock(&book->turn_lock);
		run_list(book, first);
		pthread_mutex_unlock(&book->turn_lock);
		mark_done(book, first);
		pthread_mutex_lock(&book->queue_lock);
	}
	pthread_mutex_unlock(&book->queue_lock);
	return NULL;
}

bool casebook_start_writer(struct casebook *book, struct err *err)
{
	if (!book->is_writer || book->has_writer)
		return err_set(err, ERR_FAULT, "the writer runs already, or may not run here");
	book->has_writer = true;
	if (pthread_create(&book->writer, NULL, writer_main, book) == 0)
		return true;
	book->has_writer = false;
	return err_set(err, ERR_UNABLE, "The writer's thread cannot be started");
}

void writer_stop(struct casebook *book)
{
	pthread_mutex_lock(&book->queue_lock);
	bool runs = book->has_writer;
	book->is_stopping = true;
	pthread_cond_broadcast(&book->queue_filled);
	pthread_mutex_unlock(&book->queue_lock);
	if (runs)
		(void)pthread_join(book->writer, NULL);
	pthread_mutex_lock(&book->queue_lock);
	book->has_writer = false;
	book->is_stopping = false; /* what comes now is run by whoever closes */
	pthread_mutex_unlock(&book->queue_lock);
}

bool casebook_may_take(struct casebook *book)
{
	pthread_mutex_lock(&book->queue_lock);
	bool may = book->is_writer && is_own(book) && !book->is_broken && !book->is_stopping &&
	           book->queue_count < BOOK_QUEUE_MAX;
	pthread_mutex_unlock(&book->queue_lock);
	return may;
}

static bool refuse_queue(struct casebook *book, struct err *err)
{
	if (book->is_replaced)
		return err_set(err, ERR_UNABLE, "%s", why_replaced(book));
	if (book->is_broken)
		return err_set(err, ERR_UNABLE,
		               "The register can be read, not written: its disk failed");
	if (!book->is_writer)
		return err_set(err, ERR_UNABLE, "This register was opened for reading only");
	return err_set(err, ERR_UNABLE, "Too many acts wait just now; try again in a moment");
}

/* Puts a list of `count` into the queue and waits for its last; or runs it here. */
static bool run_or_wait(struct casebook *book, struct pending *first, struct pending *last,
                        size_t count, struct err *err)
{
	pthread_mutex_lock(&book->queue_lock);
	bool may = book->is_writer && !book->is_broken && !book->is_stopping &&
	           book->queue_count + count <= BOOK_QUEUE_MAX;
	if (!may) {
		bool done = refuse_queue(book, err);
		pthread_mutex_unlock(&book->queue_lock);
		return done;
	}
	if (!book->has_writer) {
		pthread_mutex_unlock(&book->queue_lock);
		pthread_mutex_lock(&book->turn_lock);
		run_list(book, first);
		pthread_mutex_unlock(&book->turn_lock);
		return true;
	}
	if (book->queue_last)
		book->queue_last->next = first;
	else
		book->queue_first = first;
	book->queue_last = last;
	book->queue_count += count;
	pthread_cond_signal(&book->queue_filled);
	while (!last->is_done)
		pthread_cond_wait(&book->queue_done, &book->queue_lock);
	pthread_mutex_unlock(&book->queue_lock);
	return true;
}

bool casebook_submit_with(struct casebook *book, const struct casebook_act *act, turn_hook *hook,
                          void *hook_ctx, struct arena *arena, struct casebook_answer *answer,
                          struct err *err)
{
	struct pending pending = {
		.act = act, .hook = hook, .hook_ctx = hook_ctx, .arena = arena, .answer = answer
	};
	return run_or_wait(book, &pending, &pending, 1, err);
}

bool casebook_submit(struct casebook *book, const struct casebook_act *act, struct arena *arena,
                     struct casebook_answer *answer, struct err *err)
{
	return casebook_submit_with(book, act, NULL, NULL, arena, answer, err);
}

bool casebook_submit_many(struct casebook *book, const struct casebook_act *acts, size_t count,
                          struct arena *arena, struct casebook_answer *answers, struct err *err)
{
	if (count == 0)
		return true;
	struct pending *list = calloc(count, sizeof *list);
	if (!list)
		return err_set(err, ERR_UNABLE, "There is no memory for so many acts");
	for (size_t i = 0; i < count; i++) {
		list[i].act = &acts[i];
		list[i].arena = arena;
		list[i].answer = &answers[i];
		list[i].next = i + 1 < count ? &list[i + 1] : NULL;
	}
	bool done = true;
	for (size_t at = 0; done && at < count; at += BOOK_TURN_ACTS_MAX) {
		size_t n = count - at < BOOK_TURN_ACTS_MAX ? count - at : BOOK_TURN_ACTS_MAX;
		list[at + n - 1].next = NULL;
		done = run_or_wait(book, &list[at], &list[at + n - 1], n, err);
	}
	free(list);
	return done;
}

bool book_write(struct casebook *book, book_work *fn, void *ctx, struct err *err)
{
	struct pending pending = { .work = fn, .work_ctx = ctx, .work_err = err };
	return run_or_wait(book, &pending, &pending, 1, err) && pending.work_done;
}

/* Turns are made, and those who follow are told, under turn_lock alone. */
bool casebook_follow(struct casebook *book, casebook_follower *fn, void *ctx, struct err *err)
{
	pthread_mutex_lock(&book->turn_lock);
	bool has_room = book->follower_count < BOOK_FOLLOWERS_MAX;
	if (has_room)
		book->followers[book->follower_count++] = (struct book_follower){ fn, ctx };
	pthread_mutex_unlock(&book->turn_lock);
	return has_room || err_set(err, ERR_FAULT, "too many follow the register");
}

void casebook_unfollow(struct casebook *book, casebook_follower *fn, void *ctx)
{
	size_t kept = 0;
	pthread_mutex_lock(&book->turn_lock);
	for (size_t i = 0; i < book->follower_count; i++) {
		const struct book_follower *one = &book->followers[i];
		if (one->fn != fn || one->ctx != ctx)
			book->followers[kept++] = *one;
	}
	book->follower_count = kept;
	pthread_mutex_unlock(&book->turn_lock);
}
