/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * From entries to the index. While one batch of claims is put by a thread of its own, the next one
 * is read, opened and taken for what it says of whom: on two processors a register is read in the
 * time of the slower half.
 *
 * F1. Batches are put in the order in which they were read: the next begins once the one before
 *     has ended.
 * F2. A file whose key is destroyed is forgotten when all that was read before is put.
 */
#include "people/people_parts.h"

#define READ_AT_ONCE 2000 /* entries read by one reader */
#define RECENT (28 * INSTANT_PER_DAY)
#define BATCH_BYTES ((size_t)4 << 20) /* of words; the claim that passes it is the last */
#define ARENA_BYTES ((size_t)64 << 20)

/* One claim with words of its own, which outlive the entry's. */
struct fill_claim {
	struct fill_claim *next;
	int64_t entry, file;
	const struct str (*cells)[SUBJECT_COLUMNS];
	const bool *is_first;
	size_t row_count;
	const struct subject_mark *marks;
	size_t mark_count;
};

struct batch {
	struct people *people;
	struct arena *arena;
	struct fill_claim *first, *last;
	size_t bytes;
	pthread_t thread;
	bool is_running;
	bool has_failed;
	struct err err;
};

struct filling {
	struct people *people;
	struct casebook_reader *reader;
	struct arena *arena; /* of one claim */
	instant recent;      /* entries since then are proposed of */
	struct batch batches[2];
	size_t now; /* which of them is read; the other one may be running */
	bool has_failed;
	struct err *err;
};

static bool no_memory(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory to compare people");
}

/* --- putting ---------------------------------------------------------------------------------- */

static bool put(struct people *people, const struct fill_claim *claim, struct err *err)
{
	char id[48], person[24];
	bool done = true;
	for (size_t row = 0; done && row < claim->row_count; row++) {
		(void)snprintf(id, sizeof id, "%" PRId64 ".%zu", claim->entry, row);
		(void)snprintf(person, sizeof person, "%" PRId64, claim->file);
		struct match_claim of = { .id = str_from_c(id),
			                  .person = str_from_c(person),
			                  .cells = claim->cells[row] };
		done = match_index_put(people->index, people_columns(people, claim->is_first[row]),
		                       &of, err);
	}
	for (size_t i = 0; done && i < claim->mark_count; i++)
		done = marks_put(people->marks, claim->marks[i].key, claim->file, claim->entry) ||
		       no_memory(err);
	return done;
}

static void *put_batch(void *ctx)
{
	struct batch *batch = ctx;
	struct people *people = batch->people;
	bool done = true;
	for (const struct fill_claim *claim = batch->first; done && claim; claim = claim->next) {
		pthread_mutex_lock(&people->lock);
		done = put(people, claim, &batch->err);
		pthread_mutex_unlock(&people->lock);
	}
	batch->has_failed = !done;
	return NULL;
}

/* --- batches ---------------------------------------------------------------------------------- */

static void begin_batch(struct batch *batch)
{
	arena_reset(batch->arena);
	batch->first = batch->last = NULL;
	batch->bytes = 0;
}

static bool end_batch(struct batch *batch, struct err *err)
{
	if (batch->is_running)
		(void)pthread_join(batch->thread, NULL);
	batch->is_running = false;
	if (batch->has_failed)
		*err = batch->err;
	return !batch->has_failed;
}

/* What was read goes on its way, and the other batch is free for what comes. */
static bool hand_over(struct filling *filling, struct err *err)
{
	struct batch *batch = &filling->batches[filling->now],
		     *other = &filling->batches[1 - filling->now];
	if (!end_batch(other, err))
		return false;
	batch->is_running = pthread_create(&batch->thread, NULL, put_batch, batch) == 0;
	if (!batch->is_running)
		(void)put_batch(batch);
	filling->now = 1 - filling->now;
	begin_batch(other);
	return batch->is_running || end_batch(batch, err);
}

/* Whatever was read is put when it returns. */
static bool put_all(struct filling *filling, struct err *err)
{
	struct batch *batch = &filling->batches[filling->now];
	if (!end_batch(&filling->batches[1 - filling->now], err))
		return false;
	(void)put_batch(batch);
	bool done = end_batch(batch, err);
	begin_batch(batch);
	return done;
}

/* A copy of what is used of it. */
static bool copy_subject(struct arena *arena, const struct subject *subject, struct fill_claim *out)
{
	struct str(*cells)[SUBJECT_COLUMNS] = arena_room(arena, subject->row_count * sizeof *cells);
	struct subject_mark *marks = arena_room(arena, subject->mark_count * sizeof *marks);
	bool *is_first = arena_room(arena, subject->row_count * sizeof *is_first);
	if (!cells || !marks || !is_first)
		return false;
	memcpy(is_first, subject->is_first, subject->row_count * sizeof *is_first);
	memcpy(cells, subject->cells, subject->row_count * sizeof *cells);
	memcpy(marks, subject->marks, subject->mark_count * sizeof *marks);
	out->cells = (const struct str(*)[SUBJECT_COLUMNS])cells;
	out->is_first = is_first;
	out->row_count = subject->row_count;
	out->marks = marks;
	out->mark_count = subject->mark_count;
	return true;
}

static bool keep(struct batch *batch, const struct casebook_claim *claim)
{
	struct subject subject;
	struct fill_claim *kept = arena_alloc(batch->arena, 1, sizeof *kept);
	struct casebook_claim_text *texts = arena_alloc(batch->arena, claim->count, sizeof *texts);
	if (!kept || !texts)
		return false;
	for (size_t i = 0; i < claim->count; i++) {
		texts[i] = (struct casebook_claim_text){
			claim->texts[i].as, arena_copy(batch->arena, claim->texts[i].text)
		};
		if (!texts[i].text.p)
			return false;
		batch->bytes += texts[i].text.n;
	}
	subject_of(texts, claim->count, batch->arena, &subject);
	if (!copy_subject(batch->arena, &subject, kept))
		return false;
	kept->entry = claim->entry;
	kept->file = claim->file;
	*(batch->last ? &batch->last->next : &batch->first) = kept;
	batch->last = kept;
	return true;
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool read_one(struct filling *filling, const struct casebook_claim *claim, struct err *err)
{
	struct people *people = filling->people;
	struct casebook_claim whole;
	if (claim->is_gone)
		return put_all(filling, err) &&
		       people_forget(people, filling->reader, claim->file, err);
	arena_reset(filling->arena);
	if (!people_with_first(filling->reader, filling->arena, claim, &whole, err))
		return false;
	return keep(&filling->batches[filling->now], &whole) || no_memory(err);
}

static bool read_claim(void *ctx, const struct casebook_claim *claim)
{
	struct filling *filling = ctx;
	struct people *people = filling->people;
	if (people->recent < 0 && claim->recorded >= filling->recent)
		people->recent = claim->entry;
	filling->has_failed = !read_one(filling, claim, filling->err);
	return !filling->has_failed && filling->batches[filling->now].bytes < BATCH_BYTES;
}

static bool read_contact(void *ctx, const struct casebook_contact *contact, struct err *err)
{
	struct filling *filling = ctx;
	struct people *people = filling->people;
	pthread_mutex_lock(&people->contact_lock);
	bool done = contacts_note(people->contacts, filling->reader, casebook_pack(people->book),
	                          contact, err);
	pthread_mutex_unlock(&people->contact_lock);
	return done;
}

/* Some entries more, none left: *is_done. */
static bool read_some(struct filling *filling, bool *is_done, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct people *people = filling->people;
	int64_t newest, last;
	filling->recent = casebook_now(people->book) - RECENT;
	if (!casebook_reader_take(people->book, &reader, err) ||
	    !casebook_newest_entry(reader, &newest, err))
		return false;
	filling->reader = reader;
	last = people->next + READ_AT_ONCE - 1;
	last = last < newest ? last : newest;
	int64_t first = people->next;
	if (first <= last &&
	    (!casebook_claims(reader, first, last, read_claim, filling, &people->next, err) ||
	     filling->has_failed ||
	     !casebook_contacts(reader, first, people->next - 1, read_contact, filling, err)))
		return false;
	*is_done = people->next > newest;
	pthread_mutex_lock(&people->state_lock);
	people->state.read = people->next;
	if (people->wanted < newest + 1)
		people->wanted = newest + 1;
	people->state.of = people->wanted;
	pthread_mutex_unlock(&people->state_lock);
	return true;
}

bool people_is_ending(struct people *people)
{
	pthread_mutex_lock(&people->state_lock);
	bool is = people->is_ending;
	pthread_mutex_unlock(&people->state_lock);
	return is;
}

bool people_read_all(struct people *people, struct err *err)
{
	struct filling filling = { .people = people,
		                   .arena = arena_create_wiping(ARENA_BYTES),
		                   .err = err };
	struct err ignored;
	bool is_done = false, done = filling.arena != NULL;
	for (size_t i = 0; i < COUNT_OF(filling.batches); i++) {
		filling.batches[i] = (struct batch){ .people = people,
			                             .arena = arena_create_wiping(ARENA_BYTES) };
		done = done && filling.batches[i].arena;
	}
	done = done || no_memory(err);
	while (done && !is_done && !people_is_ending(people))
		done = read_some(&filling, &is_done, err) && (is_done || hand_over(&filling, err));
	done = done && put_all(&filling, err);
	for (size_t i = 0; i < COUNT_OF(filling.batches); i++) {
		(void)end_batch(&filling.batches[i], &ignored);
		arena_destroy(filling.batches[i].arena);
	}
	arena_destroy(filling.arena);
	people_wipe(people);
	return done;
}
