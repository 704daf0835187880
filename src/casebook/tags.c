/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/tags.h"

#include <stdlib.h>

#define TAG_BITS 63
#define FIRST_ROWS 64 /* of a run of the first level */
#define FAN 16        /* runs that become one of the next */
#define FULL_LEVEL 4  /* 64 * 16 * 16 * 16 rows: not joined any more */
#define PAIR_BYTES 11 /* 8 of the tag, 3 of the row's place in the run */
#define BUCKET_MAX 1024
#define FEW 4 /* looked for before all is read into memory */

#define FILTER_LINES 8192 /* of 512 bits: sixteen bits a row of a full run */
#define LINE_WORDS 8
#define FILTER_WORDS (FILTER_LINES * LINE_WORDS)
#define FILTER_BYTES (FILTER_WORDS * 8)
#define FILTER_MARKS 6

/* A row's tag and number; n 0: an empty slot. */
struct pair {
	int64_t tag;
	int64_t n;
};

struct full_run {
	int64_t first;
	uint64_t *filter;
};

struct tags {
	const struct tags_sql *sql;
	bool keeps;
	bool is_read;
	int asked;      /* while nothing was read */
	int64_t sealed; /* the last row in a run; -1: not known */
	struct pair *slots;
	size_t slot_count, slots_used;
	struct full_run *full;
	size_t full_count, full_room;
};

static bool no_memory(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory to look rows up");
}

struct tags *tags_create(const struct tags_sql *sql, bool keeps)
{
	struct tags *tags = calloc(1, sizeof *tags);
	if (tags)
		*tags = (struct tags){ .sql = sql, .keeps = keeps, .sealed = -1 };
	return tags;
}

void tags_forget(struct tags *tags)
{
	for (size_t i = 0; i < tags->full_count; i++)
		free(tags->full[i].filter);
	tags->full_count = 0;
	tags->slots_used = 0;
	tags->sealed = -1;
	tags->is_read = false;
}

void tags_destroy(struct tags *tags)
{
	if (!tags)
		return;
	tags_forget(tags);
	free(tags->full);
	free(tags->slots);
	free(tags);
}

static void put_big(unsigned char *at, uint64_t value, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--, value >>= 8)
		at[i] = (unsigned char)value;
}

static uint64_t get_big(const unsigned char *at, int bytes)
{
	uint64_t value = 0;
	for (int i = 0; i < bytes; i++)
		value = value << 8 | at[i];
	return value;
}

/* --- the newest, in memory ------------------------------------------------------------------- */

/* Tags are bits of a hash: any of them serve as a place. The first slot of the tag, or a free one.
 */
static struct pair *slot_of(const struct tags *tags, int64_t tag)
{
	size_t at = (size_t)tag % tags->slot_count;
	while (tags->slots[at].n && tags->slots[at].tag != tag)
		at = (at + 1) % tags->slot_count;
	return &tags->slots[at];
}

static void keep(struct tags *tags, struct pair pair)
{
	size_t at = (size_t)pair.tag % tags->slot_count;
	while (tags->slots[at].n)
		at = (at + 1) % tags->slot_count;
	tags->slots[at] = pair;
	tags->slots_used++;
}

/* At most half of the slots are ever used. */
static bool keep_more(struct tags *tags, struct pair pair, struct err *err)
{
	if (2 * (tags->slots_used + 1) > tags->slot_count) {
		struct pair *old = tags->slots;
		size_t old_count = tags->slot_count;
		size_t count = old_count ? 2 * old_count : 1024;
		struct pair *more = calloc(count, sizeof *more);
		if (!more)
			return no_memory(err);
		tags->slots = more;
		tags->slot_count = count;
		tags->slots_used = 0;
		for (size_t i = 0; i < old_count; i++) {
			if (old[i].n)
				keep(tags, old[i]);
		}
		free(old);
	}
	keep(tags, pair);
	return true;
}

static void empty_slots(struct tags *tags)
{
	if (tags->slots)
		memset(tags->slots, 0, tags->slot_count * sizeof *tags->slots);
	tags->slots_used = 0;
}

/* --- filters: six bits of one line a tag, so that a question costs one look at memory --------- */

static uint64_t *filter_line(uint64_t *filter, int64_t tag)
{
	return filter + (size_t)tag % FILTER_LINES * LINE_WORDS;
}

/* Nine bits a mark, of what the line was not chosen by. */
static uint64_t filter_marks(int64_t tag)
{
	return ((uint64_t)tag >> 13) * UINT64_C(0x9e3779b97f4a7c15) >> 10;
}

static void filter_add(uint64_t *filter, int64_t tag)
{
	uint64_t *line = filter_line(filter, tag), marks = filter_marks(tag);
	for (int i = 0; i < FILTER_MARKS; i++, marks >>= 9)
		line[marks >> 6 & 7] |= UINT64_C(1) << (marks & 63);
}

static bool filter_may_hold(uint64_t *filter, int64_t tag)
{
	const uint64_t *line = filter_line(filter, tag);
	uint64_t marks = filter_marks(tag);
	for (int i = 0; i < FILTER_MARKS; i++, marks >>= 9) {
		if (!(line[marks >> 6 & 7] >> (marks & 63) & 1))
			return false;
	}
	return true;
}

static bool keep_filter(struct tags *tags, int64_t first, uint64_t *filter, struct err *err)
{
	if (tags->full_count == tags->full_room) {
		size_t room = tags->full_room ? 2 * tags->full_room : 16;
		struct full_run *more = realloc(tags->full, room * sizeof *more);
		if (!more)
			return no_memory(err);
		tags->full = more;
		tags->full_room = room;
	}
	tags->full[tags->full_count++] = (struct full_run){ first, filter };
	return true;
}

/* --- runs on disk ------------------------------------------------------------------------------
 */

/* Level 1: one bucket; each next sixteen times as many rows, in buckets of 256. */
static int bucket_bits(int level)
{
	return level <= 1 ? 0 : 4 * (level - 1) - 2;
}

static int64_t bucket_of(int64_t tag, int level)
{
	int bits = bucket_bits(level);
	return bits ? tag >> (TAG_BITS - bits) : 0;
}

static int by_tag(const void *a, const void *b)
{
	const struct pair *one = a, *other = b;
	if (one->tag != other->tag)
		return one->tag < other->tag ? -1 : 1;
	return (one->n > other->n) - (one->n < other->n);
}

static bool write_bucket(struct store_stmt *put, int64_t first, int64_t bucket,
                         const struct pair *pairs, size_t count, struct err *err)
{
	unsigned char bytes[BUCKET_MAX * PAIR_BYTES];
	if (count > BUCKET_MAX)
		return err_set(err, ERR_FAULT, "tags crowd in bucket %" PRId64 " of run %" PRId64,
		               bucket, first);
	for (size_t i = 0; i < count; i++) {
		put_big(bytes + i * PAIR_BYTES, (uint64_t)pairs[i].tag, 8);
		put_big(bytes + i * PAIR_BYTES + 8, (uint64_t)(pairs[i].n - first), 3);
	}
	store_reset(put);
	store_bind_int(put, 1, first);
	store_bind_int(put, 2, bucket);
	store_bind_blob(put, 3, str_from_bytes(bytes, count * PAIR_BYTES));
	return store_do(put, err);
}

static bool write_run_row(const struct tags_sql *sql, struct store *store, int64_t first,
                          int64_t last, int level, const uint64_t *filter, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	unsigned char *bytes = malloc(FILTER_BYTES);
	if (!bytes)
		return no_memory(err);
	for (size_t i = 0; filter && i < FILTER_WORDS; i++)
		put_big(bytes + 8 * i, filter[i], 8);
	bool done = store_prepare(store, sql->run_put, &put, err);
	if (done) {
		store_bind_int(put, 1, first);
		store_bind_int(put, 2, last);
		store_bind_int(put, 3, level);
		store_bind_blob(put, 4, str_from_bytes(bytes, filter ? FILTER_BYTES : 0));
		done = store_do(put, err);
	}
	free(bytes);
	return done;
}

/* `pairs` in any order; they are sorted. */
static bool write_run(const struct tags_sql *sql, struct store *store, int64_t first, int64_t last,
                      int level, struct pair *pairs, size_t count, const uint64_t *filter,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	qsort(pairs, count, sizeof *pairs, by_tag);
	if (!write_run_row(sql, store, first, last, level, filter, err) ||
	    !store_prepare(store, sql->bucket_put, &put, err))
		return false;
	for (size_t from = 0, to; from < count; from = to) {
		int64_t bucket = bucket_of(pairs[from].tag, level);
		for (to = from; to < count && bucket_of(pairs[to].tag, level) == bucket;)
			to++;
		if (!write_bucket(put, first, bucket, pairs + from, to - from, err))
			return false;
	}
	return true;
}

/* The rows of all runs of a level. *pairs is the caller's to free. */
static bool read_level(const struct tags_sql *sql, struct store *store, int level,
                       struct pair **pairs, size_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	size_t room = 0;
	enum store_step step;
	*pairs = NULL;
	*count = 0;
	if (!store_prepare(store, sql->pairs, &rows, err))
		return false;
	store_bind_int(rows, 1, level);
	while ((step = store_step(rows, err)) == STORE_ROW) {
		int64_t first = store_int(rows, 0);
		struct str bytes = store_blob(rows, 2);
		const unsigned char *at = (const unsigned char *)bytes.p;
		size_t more = bytes.n / PAIR_BYTES;
		if (*count + more > room) {
			room = 2 * room + more;
			struct pair *bigger = realloc(*pairs, room * sizeof *bigger);
			if (!bigger)
				return no_memory(err);
			*pairs = bigger;
		}
		for (; more > 0; more--, at += PAIR_BYTES)
			(*pairs)[(*count)++] = (struct pair){ (int64_t)get_big(at, 8),
				                              first + (int64_t)get_big(at + 8, 3) };
	}
	return step == STORE_DONE;
}

/* --- making runs -------------------------------------------------------------------------------
 */

static bool drop_level(const struct tags_sql *sql, struct store *store, int level, int64_t first,
                       struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *buckets = NULL, *runs = NULL;
	if (!store_prepare(store, sql->buckets_drop, &buckets, err))
		return false;
	store_bind_int(buckets, 1, first); /* what is newer is of this level */
	if (!store_do(buckets, err) || !store_prepare(store, sql->runs_drop, &runs, err))
		return false;
	store_bind_int(runs, 1, level);
	return store_do(runs, err);
}

/* A full run: what is kept in memory of its rows is its filter alone. */
static bool fill(struct tags *tags, int64_t first, const struct pair *pairs, size_t count,
                 uint64_t **out, struct err *err)
{
	uint64_t *filter = calloc(FILTER_WORDS, sizeof *filter);
	*out = filter;
	if (!filter)
		return no_memory(err);
	for (size_t i = 0; i < count; i++)
		filter_add(filter, pairs[i].tag);
	if (!tags->is_read)
		return true;
	empty_slots(tags);
	if (keep_filter(tags, first, filter, err))
		return true;
	free(filter);
	*out = NULL;
	return false;
}

/* *first 0: there are too few runs of the level to be joined. */
static bool may_join(struct tags *tags, struct store *store, int level, int64_t *first,
                     int64_t *last, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	*first = 0;
	if (!store_prepare(store, tags->sql->level, &found, err))
		return false;
	store_bind_int(found, 1, level);
	if (store_step(found, err) != STORE_ROW)
		return false;
	if (store_int(found, 0) < FAN)
		return true;
	*first = store_int(found, 1);
	*last = store_int(found, 2);
	return true;
}

/* Joins the runs of a level, when there are enough, into one of the next. *joined says so. */
static bool join(struct tags *tags, struct store *store, int level, bool *joined, struct err *err)
{
	struct pair *pairs = NULL;
	uint64_t *filter = NULL;
	int64_t first, last;
	size_t count;
	*joined = false;
	if (!may_join(tags, store, level, &first, &last, err))
		return false;
	if (first == 0)
		return true;
	bool done = read_level(tags->sql, store, level, &pairs, &count, err) &&
	            drop_level(tags->sql, store, level, first, err) &&
	            (level + 1 < FULL_LEVEL || fill(tags, first, pairs, count, &filter, err)) &&
	            write_run(tags->sql, store, first, last, level + 1, pairs, count, filter, err);
	if (!tags->is_read)
		free(filter);
	free(pairs);
	*joined = done;
	return done;
}

/* The rows up to `last` that lie in no run become one. */
static bool seal(struct tags *tags, struct store *store, int64_t last, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct pair pairs[FIRST_ROWS];
	size_t count = 0;
	enum store_step step;
	if (!store_prepare(store, tags->sql->rows, &rows, err))
		return false;
	store_bind_int(rows, 1, tags->sealed);
	store_bind_int(rows, 2, last);
	while ((step = store_step(rows, err)) == STORE_ROW && count < FIRST_ROWS)
		pairs[count++] = (struct pair){ store_int(rows, 1), store_int(rows, 0) };
	if (step == STORE_FAILED)
		return false;
	if (!write_run(tags->sql, store, tags->sealed + 1, last, 1, pairs, count, NULL, err))
		return false;
	tags->sealed = last;
	bool joined = true;
	for (int level = 1; joined && level < FULL_LEVEL; level++) {
		if (!join(tags, store, level, &joined, err))
			return false;
	}
	return true;
}

bool tags_put(struct tags *tags, struct store *store, int64_t tag, int64_t n, struct err *err)
{
	if (tags->is_read && !keep_more(tags, (struct pair){ tag, n }, err))
		return false;
	if (tags->sealed < 0 && !store_get_int(store, tags->sql->last, &tags->sealed, err))
		return false;
	while (n - tags->sealed >= FIRST_ROWS) {
		if (!seal(tags, store, tags->sealed + FIRST_ROWS, err))
			return false;
	}
	return true;
}

/* --- looking in the tables -----------------------------------------------------------------------
 */

/* A search under way. */
struct search {
	const struct tags_sql *sql;
	struct store *store;
	int64_t tag;
	tags_is_it *is_it;
	void *ctx;
	int64_t n; /* 0: not found yet */
};

static bool try_row(struct search *search, int64_t n, struct err *err)
{
	bool yes = false;
	if (search->n)
		return true;
	if (!search->is_it(search->ctx, n, &yes, err))
		return false;
	search->n = yes ? n : 0;
	return true;
}

static bool try_newest(struct search *search, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	int64_t sealed;
	enum store_step step;
	if (!store_get_int(search->store, search->sql->last, &sealed, err) ||
	    !store_prepare(search->store, search->sql->among, &rows, err))
		return false;
	store_bind_int(rows, 1, sealed);
	store_bind_int(rows, 2, search->tag);
	while ((step = store_step(rows, err)) == STORE_ROW) {
		if (!try_row(search, store_int(rows, 0), err))
			return false;
	}
	return step == STORE_DONE;
}

static bool try_run(struct search *search, int64_t first, int level, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(search->store, search->sql->bucket, &found, err))
		return false;
	store_bind_int(found, 1, first);
	store_bind_int(found, 2, bucket_of(search->tag, level));
	enum store_step step = store_step(found, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	struct str bytes = store_blob(found, 0);
	const unsigned char *at = (const unsigned char *)bytes.p;
	size_t low = 0, count = bytes.n / PAIR_BYTES, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if ((int64_t)get_big(at + middle * PAIR_BYTES, 8) < search->tag)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count && (int64_t)get_big(at + low * PAIR_BYTES, 8) == search->tag; low++) {
		if (!try_row(search, first + (int64_t)get_big(at + low * PAIR_BYTES + 8, 3), err))
			return false;
	}
	return true;
}

bool tags_look(const struct tags_sql *sql, struct store *store, int64_t tag, tags_is_it *is_it,
               void *ctx, int64_t *n, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *runs = NULL;
	struct search search = { sql, store, tag, is_it, ctx, 0 };
	enum store_step step;
	*n = 0;
	if (!try_newest(&search, err) || !store_prepare(store, sql->runs, &runs, err))
		return false;
	while ((step = store_step(runs, err)) == STORE_ROW) {
		if (!try_run(&search, store_int(runs, 0), (int)store_int(runs, 2), err))
			return false;
	}
	*n = search.n;
	return step == STORE_DONE;
}

/* --- looking in memory
 * ---------------------------------------------------------------------------- */

static bool read_filters(struct tags *tags, struct store *store, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *runs = NULL;
	enum store_step step;
	if (!store_prepare(store, tags->sql->runs, &runs, err))
		return false;
	while ((step = store_step(runs, err)) == STORE_ROW) {
		tags->sealed = store_int(runs, 1);
		if (store_int(runs, 2) < FULL_LEVEL)
			continue;
		struct str bytes = store_blob(runs, 3);
		if (bytes.n != FILTER_BYTES)
			return err_set(err, ERR_FAULT, "the filter of run %" PRId64 " is broken",
			               store_int(runs, 0));
		uint64_t *filter = calloc(FILTER_WORDS, sizeof *filter);
		if (!filter)
			return no_memory(err);
		for (size_t i = 0; i < FILTER_WORDS; i++)
			filter[i] = get_big((const unsigned char *)bytes.p + 8 * i, 8);
		if (!keep_filter(tags, store_int(runs, 0), filter, err)) {
			free(filter);
			return false;
		}
	}
	return step == STORE_DONE;
}

static bool read_small_runs(struct tags *tags, struct store *store, struct err *err)
{
	for (int level = 1; level < FULL_LEVEL; level++) {
		struct pair *pairs;
		size_t count;
		bool done = read_level(tags->sql, store, level, &pairs, &count, err);
		for (size_t i = 0; done && i < count; i++)
			done = keep_more(tags, pairs[i], err);
		free(pairs);
		if (!done)
			return false;
	}
	return true;
}

static bool read_newest(struct tags *tags, struct store *store, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	if (!store_prepare(store, tags->sql->rows, &rows, err))
		return false;
	store_bind_int(rows, 1, tags->sealed);
	store_bind_int(rows, 2, INT64_MAX);
	while ((step = store_step(rows, err)) == STORE_ROW) {
		if (!keep_more(tags, (struct pair){ store_int(rows, 1), store_int(rows, 0) }, err))
			return false;
	}
	return step == STORE_DONE;
}

static bool read_all(struct tags *tags, struct store *store, struct err *err)
{
	tags_forget(tags);
	empty_slots(tags);
	tags->sealed = 0;
	tags->is_read = read_filters(tags, store, err) && read_small_runs(tags, store, err) &&
	                read_newest(tags, store, err);
	if (!tags->is_read)
		tags_forget(tags);
	return tags->is_read;
}

/* Those of the same tag follow one another, but for others between them. */
static bool try_slots(const struct tags *tags, struct search *search, struct err *err)
{
	if (!tags->slot_count)
		return true;
	for (const struct pair *slot = slot_of(tags, search->tag); slot->n && !search->n;) {
		if (slot->tag == search->tag && !try_row(search, slot->n, err))
			return false;
		if (++slot == tags->slots + tags->slot_count)
			slot = tags->slots;
	}
	return true;
}

bool tags_find(struct tags *tags, struct store *store, int64_t tag, tags_is_it *is_it, void *ctx,
               int64_t *n, struct err *err)
{
	struct search search = { tags->sql, store, tag, is_it, ctx, 0 };
	*n = 0;
	if (!tags->is_read && (!tags->keeps || tags->asked < FEW)) {
		tags->asked++;
		return tags_look(tags->sql, store, tag, is_it, ctx, n, err);
	}
	if ((!tags->is_read && !read_all(tags, store, err)) || !try_slots(tags, &search, err))
		return false;
	for (size_t i = tags->full_count; i-- > 0 && !search.n;) {
		if (filter_may_hold(tags->full[i].filter, tag) &&
		    !try_run(&search, tags->full[i].first, FULL_LEVEL, err))
			return false;
	}
	*n = search.n;
	return true;
}
