/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/submission.h"

#include <stdlib.h>

#define RUN_ROWS 65536
#define SLOTS (2 * RUN_ROWS)        /* of the table in memory: at most half full */
#define FILTER_WORDS (RUN_ROWS / 4) /* 16 bits a row */
#define FILTER_BYTES (FILTER_WORDS * 8)
#define BUCKETS 256
#define TAG_BITS 63
#define PAIR_BYTES 8 /* 6 of the tag below its bucket, 2 of the row's place in the run */
#define BUCKET_PAIRS 1024
#define BLOCK_ROWS 1024
#define BLOCK_PAIR_BYTES 10 /* 8 of the whole tag, 2 of the row's place in the block */
#define FEW 4               /* acts taken before all is read into memory */

/* A row in memory; n 0: an empty slot. */
struct slot {
	int64_t tag;
	int64_t n;
};

struct run {
	int64_t number;
	int64_t first; /* the first and the last row in it */
	uint64_t *filter;
};

struct submissions {
	bool is_read;
	int asked;       /* acts taken while nothing was read */
	int64_t last;    /* newest row, 0: none */
	int64_t sealed;  /* the last row that lies in a run */
	int64_t blocked; /* the last row that lies in a block or a run */
	size_t count;
	struct slot newest[BLOCK_ROWS]; /* the rows that lie in neither */
	size_t newest_count;
	struct slot *slots;
	struct run *runs; /* the oldest first */
	size_t run_count, run_room;
	int64_t next_run;
};

static bool no_memory(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory to remember submissions");
}

struct submissions *submissions_create(void)
{
	struct submissions *all = calloc(1, sizeof *all);
	if (!all || !(all->slots = calloc(SLOTS, sizeof *all->slots))) {
		free(all);
		return NULL;
	}
	return all;
}

void submissions_forget(struct submissions *all)
{
	for (size_t i = 0; i < all->run_count; i++)
		free(all->runs[i].filter);
	all->run_count = 0;
	all->is_read = false;
}

void submissions_destroy(struct submissions *all)
{
	if (!all)
		return;
	submissions_forget(all);
	free(all->runs);
	free(all->slots);
	free(all);
}

/* --- the newest, in memory ----------------------------------------------------------------- */

/* Tags are bits of a hash: any of them serve as a place. */
static struct slot *slot_of(const struct submissions *all, int64_t tag)
{
	size_t at = (size_t)tag % SLOTS;
	while (all->slots[at].n && all->slots[at].tag != tag)
		at = (at + 1) % SLOTS;
	return &all->slots[at];
}

static void keep(struct submissions *all, int64_t tag, int64_t n)
{
	struct slot *slot = slot_of(all, tag);
	if (!slot->n)
		all->count++;
	*slot = (struct slot){ tag, n };
	all->last = n;
}

/* A row that lies in no block yet. */
static void keep_newest(struct submissions *all, int64_t tag, int64_t n)
{
	keep(all, tag, n);
	all->newest[all->newest_count++] = (struct slot){ tag, n };
}

/* --- filters: four bits of one word a tag --------------------------------------------------- */

static uint64_t *filter_word(uint64_t *filter, int64_t tag)
{
	return &filter[(uint64_t)tag % FILTER_WORDS];
}

static uint64_t filter_bits(int64_t tag)
{
	uint64_t bits = (uint64_t)tag >> 20;
	return 1ULL << (bits & 63) | 1ULL << (bits >> 6 & 63) | 1ULL << (bits >> 12 & 63) |
	       1ULL << (bits >> 18 & 63);
}

static bool filter_may_hold(const struct run *run, int64_t tag)
{
	uint64_t bits = filter_bits(tag);
	return (*filter_word(run->filter, tag) & bits) == bits;
}

static struct run *add_run(struct submissions *all, int64_t number, int64_t first)
{
	if (all->run_count == all->run_room) {
		size_t room = all->run_room ? 2 * all->run_room : 16;
		struct run *more = realloc(all->runs, room * sizeof *more);
		if (!more)
			return NULL;
		all->runs = more;
		all->run_room = room;
	}
	uint64_t *filter = calloc(FILTER_WORDS, sizeof *filter);
	if (!filter)
		return NULL;
	struct run *run = &all->runs[all->run_count++];
	*run = (struct run){ number, first, filter };
	return run;
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

/* --- a new run ------------------------------------------------------------------------------- */

static const char RUN_PUT_SQL[] =
	"INSERT INTO short_submission_run (run, first, last, filter) VALUES (?1, ?2, ?3, ?4)";
static const char BUCKET_PUT_SQL[] =
	"INSERT INTO short_submission_bucket (run, bucket, pairs) VALUES (?1, ?2, ?3)";

static int by_tag(const void *a, const void *b)
{
	const struct slot *one = a, *other = b;
	return (one->tag > other->tag) - (one->tag < other->tag);
}

static bool write_filter(struct store *store, const struct run *run, int64_t last, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	unsigned char *bytes = malloc(FILTER_BYTES);
	if (!bytes)
		return no_memory(err);
	for (size_t i = 0; i < FILTER_WORDS; i++)
		put_big(bytes + 8 * i, run->filter[i], 8);
	bool done = store_prepare(store, RUN_PUT_SQL, &put, err);
	if (done) {
		store_bind_int(put, 1, run->number);
		store_bind_int(put, 2, run->first);
		store_bind_int(put, 3, last);
		store_bind_blob(put, 4, (struct str){ (const char *)bytes, FILTER_BYTES });
		done = store_do(put, err);
	}
	free(bytes);
	return done;
}

/* `pairs` are sorted by tag; those of one bucket lie together. */
static bool write_buckets(struct store *store, const struct run *run, const struct slot *pairs,
                          size_t count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	unsigned char bytes[BUCKET_PAIRS * PAIR_BYTES];
	size_t at = 0;
	if (!store_prepare(store, BUCKET_PUT_SQL, &put, err))
		return false;
	for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
		size_t n = 0;
		for (; at < count && pairs[at].tag >> (TAG_BITS - 8) == bucket; at++, n++) {
			if (n == BUCKET_PAIRS)
				return err_set(err, ERR_FAULT,
				               "the tags of submissions crowd in bucket %" PRId64,
				               bucket);
			put_big(bytes + n * PAIR_BYTES, (uint64_t)pairs[at].tag >> 7, 6);
			put_big(bytes + n * PAIR_BYTES + 6, (uint64_t)(pairs[at].n - run->first),
			        2);
		}
		store_reset(put);
		store_bind_int(put, 1, run->number);
		store_bind_int(put, 2, bucket);
		store_bind_blob(put, 3, (struct str){ (const char *)bytes, n * PAIR_BYTES });
		if (!store_do(put, err))
			return false;
	}
	return true;
}

static const char BLOCK_PUT_SQL[] =
	"INSERT INTO short_submission_block (first, last, pairs) VALUES (?1, ?2, ?3)";
static const char BLOCKS_DROP_SQL[] = "DELETE FROM short_submission_block WHERE first > 0";

/* The newest rows become a block. */
static bool seal_block(struct submissions *all, struct store *store, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	unsigned char bytes[BLOCK_ROWS * BLOCK_PAIR_BYTES];
	qsort(all->newest, all->newest_count, sizeof *all->newest, by_tag);
	for (size_t i = 0; i < all->newest_count; i++) {
		put_big(bytes + i * BLOCK_PAIR_BYTES, (uint64_t)all->newest[i].tag, 8);
		put_big(bytes + i * BLOCK_PAIR_BYTES + 8,
		        (uint64_t)(all->newest[i].n - all->blocked - 1), 2);
	}
	if (!store_prepare(store, BLOCK_PUT_SQL, &put, err))
		return false;
	store_bind_int(put, 1, all->blocked + 1);
	store_bind_int(put, 2, all->last);
	store_bind_blob(put, 3, str_from_bytes(bytes, all->newest_count * BLOCK_PAIR_BYTES));
	if (!store_do(put, err))
		return false;
	all->newest_count = 0;
	all->blocked = all->last;
	return true;
}

/* All that is in memory becomes a run. */
static bool seal(struct submissions *all, struct store *store, struct err *err)
{
	size_t count = 0;
	for (size_t i = 0; i < SLOTS; i++) {
		if (all->slots[i].n)
			all->slots[count++] = all->slots[i];
	}
	qsort(all->slots, count, sizeof *all->slots, by_tag);
	struct run *run = add_run(all, all->next_run, all->sealed + 1);
	if (!run)
		return no_memory(err);
	for (size_t i = 0; i < count; i++)
		*filter_word(run->filter, all->slots[i].tag) |= filter_bits(all->slots[i].tag);
	if (!write_filter(store, run, all->last, err) ||
	    !write_buckets(store, run, all->slots, count, err) ||
	    !store_run(store, BLOCKS_DROP_SQL, err))
		return false;
	memset(all->slots, 0, SLOTS * sizeof *all->slots);
	all->count = 0;
	all->newest_count = 0;
	all->sealed = all->blocked = all->last;
	all->next_run++;
	return true;
}

/* --- reading all ----------------------------------------------------------------------------- */

static const char RUNS_SQL[] =
	"SELECT run, first, last, filter FROM short_submission_run ORDER BY run";
static const char BLOCKS_SQL[] =
	"SELECT first, last, pairs FROM short_submission_block ORDER BY first";
static const char NEWEST_SQL[] = "SELECT n, tag FROM short_submission WHERE n > ?1 ORDER BY n";

static bool read_runs(struct submissions *all, struct store *store, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	if (!store_prepare(store, RUNS_SQL, &rows, err))
		return false;
	while ((step = store_step(rows, err)) == STORE_ROW) {
		struct str bytes = store_blob(rows, 3);
		struct run *run = add_run(all, store_int(rows, 0), store_int(rows, 1));
		if (!run)
			return no_memory(err);
		if (bytes.n != FILTER_BYTES)
			return err_set(err, ERR_FAULT,
			               "the filter of submissions %" PRId64 " is broken",
			               run->number);
		for (size_t i = 0; i < FILTER_WORDS; i++)
			run->filter[i] = get_big((const unsigned char *)bytes.p + 8 * i, 8);
		all->next_run = run->number + 1;
		all->sealed = all->blocked = all->last = store_int(rows, 2);
	}
	return step == STORE_DONE;
}

/* What lies in blocks. */
static bool read_blocks(struct submissions *all, struct store *store, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	if (!store_prepare(store, BLOCKS_SQL, &rows, err))
		return false;
	while ((step = store_step(rows, err)) == STORE_ROW) {
		int64_t first = store_int(rows, 0);
		struct str pairs = store_blob(rows, 2);
		if (all->count + pairs.n / BLOCK_PAIR_BYTES > RUN_ROWS)
			return err_set(err, ERR_FAULT, "there are too many blocks of submissions");
		for (size_t at = 0; at + BLOCK_PAIR_BYTES <= pairs.n; at += BLOCK_PAIR_BYTES) {
			const unsigned char *pair = (const unsigned char *)pairs.p + at;
			keep(all, (int64_t)get_big(pair, 8), first + (int64_t)get_big(pair + 8, 2));
		}
		all->blocked = all->last = store_int(rows, 1);
	}
	return step == STORE_DONE;
}

static bool read_newest(struct submissions *all, struct store *store, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	if (!store_prepare(store, NEWEST_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, all->blocked);
	while ((step = store_step(rows, err)) == STORE_ROW) {
		if (all->newest_count == BLOCK_ROWS)
			return err_set(err, ERR_FAULT,
			               "the submissions after %" PRId64 " lie in no block",
			               all->blocked);
		keep_newest(all, store_int(rows, 1), store_int(rows, 0));
	}
	return step == STORE_DONE;
}

static bool read_all(struct submissions *all, struct store *store, struct err *err)
{
	submissions_forget(all);
	memset(all->slots, 0, SLOTS * sizeof *all->slots);
	all->count = all->newest_count = 0;
	all->last = all->sealed = all->blocked = 0;
	all->next_run = 1;
	all->is_read = read_runs(all, store, err) && read_blocks(all, store, err) &&
	               read_newest(all, store, err);
	return all->is_read;
}

/* --- find, put, drop ------------------------------------------------------------------------- */

static const char BUCKET_SQL[] =
	"SELECT pairs FROM short_submission_bucket WHERE run = ?1 AND bucket = ?2";
static const char ROW_SQL[] = "SELECT tag, act, entry FROM short_submission WHERE n = ?1";

/* The row that its run's bucket names for a tag; 0: none. */
static bool find_in_run(struct store *store, const struct run *run, int64_t tag, int64_t *n,
                        struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	uint64_t wanted = (uint64_t)tag >> 7 & 0xffffffffffffU;
	*n = 0;
	if (!store_prepare(store, BUCKET_SQL, &found, err))
		return false;
	store_bind_int(found, 1, run->number);
	store_bind_int(found, 2, tag >> (TAG_BITS - 8));
	enum store_step step = store_step(found, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	struct str pairs = store_blob(found, 0);
	for (size_t at = 0; at + PAIR_BYTES <= pairs.n && *n == 0; at += PAIR_BYTES) {
		const unsigned char *pair = (const unsigned char *)pairs.p + at;
		if (get_big(pair, 6) == wanted)
			*n = run->first + (int64_t)get_big(pair + 6, 2);
	}
	return true;
}

static bool read_row(struct store *store, int64_t n, int64_t tag, struct submission *out,
                     bool *found, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	if (!store_prepare(store, ROW_SQL, &row, err))
		return false;
	store_bind_int(row, 1, n);
	enum store_step step = store_step(row, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	struct str act = store_blob(row, 1);
	*found = store_int(row, 0) == tag;
	if (act.n != HASH_SIZE)
		return err_set(err, ERR_FAULT, "submission %" PRId64 " is broken", n);
	memcpy(out->act.bytes, act.p, HASH_SIZE);
	out->entry = store_int(row, 2);
	return true;
}

/* --- a few acts: the tables alone --------------------------------------------------------- */

static const char BLOCKED_SQL[] = "SELECT COALESCE(MAX(last), 0) FROM"
				  " (SELECT MAX(last) AS last FROM short_submission_block"
				  " UNION ALL SELECT MAX(last) FROM short_submission_run)";
static const char SEALED_SQL[] = "SELECT COALESCE(MAX(last), 0) FROM short_submission_run";
static const char LAST_SQL[] = "SELECT COALESCE(MAX(n), 0) FROM short_submission";
static const char AMONG_NEWEST_SQL[] =
	"SELECT COALESCE(MAX(n), 0) FROM short_submission WHERE n > ?1 AND tag = ?2";
static const char RUN_NUMBERS_SQL[] =
	"SELECT run, first FROM short_submission_run ORDER BY run DESC";

static bool find_among_newest(struct store *store, int64_t tag, int64_t *n, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	int64_t blocked;
	if (!store_get_int(store, BLOCKED_SQL, &blocked, err) ||
	    !store_prepare(store, AMONG_NEWEST_SQL, &found, err))
		return false;
	store_bind_int(found, 1, blocked);
	store_bind_int(found, 2, tag);
	if (store_step(found, err) != STORE_ROW)
		return false;
	*n = store_int(found, 0);
	return true;
}

static int64_t find_in_block(struct str pairs, int64_t first, int64_t tag)
{
	const unsigned char *bytes = (const unsigned char *)pairs.p;
	size_t low = 0, high = pairs.n / BLOCK_PAIR_BYTES;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int64_t there = (int64_t)get_big(bytes + middle * BLOCK_PAIR_BYTES, 8);
		if (there == tag)
			return first + (int64_t)get_big(bytes + middle * BLOCK_PAIR_BYTES + 8, 2);
		if (there < tag)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

static bool find_in_blocks(struct store *store, int64_t tag, int64_t *n, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step = STORE_DONE;
	if (!store_prepare(store, BLOCKS_SQL, &rows, err))
		return false;
	while (*n == 0 && (step = store_step(rows, err)) == STORE_ROW)
		*n = find_in_block(store_blob(rows, 2), store_int(rows, 0), tag);
	return step != STORE_FAILED;
}

static bool find_in_tables(struct store *store, int64_t tag, struct submission *out, bool *found,
                           struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step = STORE_DONE;
	int64_t n = 0;
	if (!find_among_newest(store, tag, &n, err) ||
	    (n == 0 && !find_in_blocks(store, tag, &n, err)))
		return false;
	if (n)
		return read_row(store, n, tag, out, found, err);
	if (!store_prepare(store, RUN_NUMBERS_SQL, &rows, err))
		return false;
	while (!*found && (step = store_step(rows, err)) == STORE_ROW) {
		struct run run = { .number = store_int(rows, 0), .first = store_int(rows, 1) };
		if (!find_in_run(store, &run, tag, &n, err) ||
		    (n && !read_row(store, n, tag, out, found, err)))
			return false;
	}
	return step != STORE_FAILED;
}

bool submissions_find(struct submissions *all, struct store *store, int64_t tag,
                      struct submission *out, bool *found, struct err *err)
{
	*found = false;
	if (!all->is_read && all->asked < FEW) {
		all->asked++;
		return find_in_tables(store, tag, out, found, err);
	}
	if (!all->is_read && !read_all(all, store, err))
		return false;
	int64_t n = slot_of(all, tag)->n;
	if (n)
		return read_row(store, n, tag, out, found, err);
	for (size_t i = all->run_count; i-- > 0 && !*found;) {
		if (!filter_may_hold(&all->runs[i], tag))
			continue;
		if (!find_in_run(store, &all->runs[i], tag, &n, err) ||
		    (n && !read_row(store, n, tag, out, found, err)))
			return false;
	}
	return true;
}

static const char PUT_SQL[] =
	"INSERT INTO short_submission (n, tag, act, entry, at) VALUES (?1, ?2, ?3, ?4, ?5)";

static bool put_row(struct store *store, int64_t n, int64_t tag,
                    const struct submission *submission, instant at, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(store, PUT_SQL, &put, err))
		return false;
	store_bind_int(put, 1, n);
	store_bind_int(put, 2, tag);
	store_bind_blob(put, 3, hash_str(&submission->act));
	store_bind_int(put, 4, submission->entry);
	store_bind_int(put, 5, at);
	return store_do(put, err);
}

/* Unless the row fills a block or begins after a full run: then nothing is done, and *done is
 * false. */
static bool put_in_tables(struct store *store, int64_t tag, const struct submission *submission,
                          instant at, bool *done, struct err *err)
{
	int64_t blocked, last, sealed;
	*done = false;
	if (!store_get_int(store, BLOCKED_SQL, &blocked, err) ||
	    !store_get_int(store, SEALED_SQL, &sealed, err) ||
	    !store_get_int(store, LAST_SQL, &last, err))
		return false;
	if (last < blocked)
		last = blocked;
	if (last + 1 - blocked >= BLOCK_ROWS || last - sealed >= RUN_ROWS)
		return true;
	*done = put_row(store, last + 1, tag, submission, at, err);
	return *done;
}

bool submissions_put(struct submissions *all, struct store *store, int64_t tag,
                     const struct submission *submission, instant at, struct err *err)
{
	bool done = false;
	if (!all->is_read && all->asked < FEW &&
	    (!put_in_tables(store, tag, submission, at, &done, err) || done))
		return done; /* false: it failed */
	if (!all->is_read && !read_all(all, store, err))
		return false;
	if (all->last - all->sealed == RUN_ROWS && !seal(all, store, err))
		return false;
	if (!put_row(store, all->last + 1, tag, submission, at, err))
		return false;
	keep_newest(all, tag, all->last + 1);
	return all->last - all->blocked < BLOCK_ROWS || seal_block(all, store, err);
}

/* Rows lie in the order of time: those to go are the first ones. */
static const char OLDEST_LEFT_SQL[] =
	"SELECT n FROM short_submission WHERE at >= ?1 ORDER BY n LIMIT 1";
static const char DROP_SQL[] = "DELETE FROM short_submission WHERE n < ?1";
static const char DROP_BUCKETS_SQL[] =
	"DELETE FROM short_submission_bucket WHERE run IN (SELECT run FROM short_submission_run WHERE last < ?1)";
static const char DROP_RUNS_SQL[] = "DELETE FROM short_submission_run WHERE last < ?1";

static bool drop_below(struct store *store, const char *sql, int64_t n, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *drop = NULL;
	if (!store_prepare(store, sql, &drop, err))
		return false;
	store_bind_int(drop, 1, n);
	return store_do(drop, err);
}

static int64_t last_of_first_run(const struct submissions *all)
{
	return all->run_count > 1 ? all->runs[1].first - 1 : all->sealed;
}

bool submissions_drop(struct submissions *all, struct store *store, instant before, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *left = NULL;
	if (!all->is_read && !read_all(all, store, err))
		return false;
	int64_t oldest = all->last + 1;
	if (!store_prepare(store, OLDEST_LEFT_SQL, &left, err))
		return false;
	store_bind_int(left, 1, before);
	enum store_step step = store_step(left, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_ROW)
		oldest = store_int(left, 0);
	/* Rows in memory that are gone are found absent; a run that is gone must not be asked. */
	bool loses_run = all->run_count > 0 && last_of_first_run(all) < oldest;
	if (loses_run)
		submissions_forget(all);
	return drop_below(store, DROP_SQL, oldest, err) &&
	       (!loses_run || (drop_below(store, DROP_BUCKETS_SQL, oldest, err) &&
	                       drop_below(store, DROP_RUNS_SQL, oldest, err)));
}
