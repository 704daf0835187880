/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Readers and seals.
 *
 * R1. A seal opens in open_box() alone: from casebook_open_seal(), after
 *     access said yes and the reading was durable, from casebook_open_reply()
 *     for the one field that was written to whoever holds the code, and from
 *     reader_open_own() for the register's own file, whose seals hold names of
 *     accounts, and from reader_open_claim() for the fields by which files are
 *     compared in memory, and for what somebody wrote, given back to nobody but
 *     him and within the hour (casebook_words_own).
 *     reader_sealed_salt() gives the salt alone, and no word.
 * R2. What is remembered of the minute is a hint that spares writing: it is
 *     set after the row is durable and may be forgotten at any time.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "casebook/chart.h"
#include "casebook/readings.h"

#define WAIT_MS 2000
#define SEALED_MAX ((size_t)2 << 20) /* bytes of a box */
#define SEAL_DEPTH 8
#define PURPOSE_MAX 64

/* --- what is durable this minute ------------------------------------------------------------ */

struct seen {
	struct hash who; /* account, office, session, file, purpose, minute */
	int64_t highest;
	bool is_used;
};

struct readings {
	pthread_mutex_t lock;
	struct seen at[READINGS_SLOTS]; /* guarded by lock */
};

struct readings *readings_create(void)
{
	struct readings *readings = calloc(1, sizeof *readings);
	if (readings && pthread_mutex_init(&readings->lock, NULL) != 0) {
		free(readings);
		return NULL;
	}
	return readings;
}

void readings_destroy(struct readings *readings)
{
	if (!readings)
		return;
	pthread_mutex_destroy(&readings->lock);
	free(readings);
}

static size_t slot_of(const struct hash *who)
{
	return ((size_t)who->bytes[0] << 8 | who->bytes[1]) % READINGS_SLOTS;
}

static bool is_durable(struct readings *readings, const struct hash *who, int64_t highest)
{
	struct seen *seen = &readings->at[slot_of(who)];
	pthread_mutex_lock(&readings->lock);
	bool found = seen->is_used && seen->highest >= highest && hash_eq(&seen->who, who);
	pthread_mutex_unlock(&readings->lock);
	return found;
}

static void remember(struct readings *readings, const struct hash *who, int64_t highest)
{
	struct seen *seen = &readings->at[slot_of(who)];
	pthread_mutex_lock(&readings->lock);
	*seen = (struct seen){ .who = *who, .highest = highest, .is_used = true };
	pthread_mutex_unlock(&readings->lock);
}

/* --- the pool ------------------------------------------------------------------------------- */

/* Where one thread does all, the writer's connection serves its readers too. */
static bool is_lent(const struct casebook *book)
{
	return book->is_writer && book->is_brief;
}

static void reader_destroy(struct casebook_reader *reader)
{
	if (!reader)
		return;
	chart_give(reader->chart);
	hasher_destroy(reader->hasher);
	log_reader_destroy(reader->log);
	if (!is_lent(reader->book))
		store_close(reader->store);
	free(reader);
}

static bool reader_open(struct casebook *book, struct casebook_reader **out, struct err *err)
{
	char path[BOOK_PATH_MAX];
	struct casebook_reader *reader = calloc(1, sizeof *reader);
	*out = NULL;
	if (!reader)
		return err_set(err, ERR_UNABLE, "There is no memory to read the register");
	reader->book = book;
	reader->hasher = hasher_create();
	if (is_lent(book)) {
		reader->store = book->store;
		*out = reader;
		return true;
	}
	if (!book_path(book, BOOK_DATABASE, path, err) ||
	    !store_open_on(book->vfs, path, STORE_READ, &reader->store, err) ||
	    !book_keep_pages(book, reader->store, err)) {
		reader_destroy(reader);
		/* It was there when the register was opened: no page is missing, the register is.
		 */
		return err->code == ERR_ABSENT &&
		       err_set(err, ERR_UNABLE, "register.db is not where it was; put it back");
	}
	*out = reader;
	return true;
}

static struct timespec wall_in(int64_t ms)
{
	instant at = clock_read().wall + ms * INSTANT_PER_MS;
	return (struct timespec){ .tv_sec = at / INSTANT_PER_SECOND,
		                  .tv_nsec = (long)(at % INSTANT_PER_SECOND) * 1000 };
}

/* An idle reader, or the right to open one more (*idle NULL). False: the wait was in vain. */
static bool wait_for_place(struct casebook *book, struct casebook_reader **idle)
{
	struct timespec until = wall_in(WAIT_MS);
	bool has_place = false;
	*idle = NULL;
	pthread_mutex_lock(&book->readers_lock);
	for (int status = 0; status == 0 && !has_place;) {
		has_place = true;
		if (book->reader_idle > 0)
			*idle = book->readers[--book->reader_idle];
		else if (book->reader_count < BOOK_READERS_MAX)
			book->reader_count++;
		else
			has_place = false;
		if (!has_place)
			status = pthread_cond_timedwait(&book->readers_given, &book->readers_lock,
			                                &until);
	}
	pthread_mutex_unlock(&book->readers_lock);
	return has_place;
}

static void give_place(struct casebook *book, struct casebook_reader *idle)
{
	pthread_mutex_lock(&book->readers_lock);
	if (idle)
		book->readers[book->reader_idle++] = idle;
	else
		book->reader_count--;
	pthread_cond_signal(&book->readers_given);
	pthread_mutex_unlock(&book->readers_lock);
}

/* SQLite takes its snapshot at the first read; so that one is made here. */
static const char SNAPSHOT_SQL[] = "SELECT COUNT(*) FROM setting";

static bool reader_begin(struct casebook_reader *reader, struct err *err)
{
	struct casebook *book = reader->book;
	int64_t ignored = 0;
	if (!is_lent(book)) {
		if (!store_begin(reader->store, err))
			return false;
		if (!store_get_int(reader->store, SNAPSHOT_SQL, &ignored, err)) {
			store_abort(reader->store);
			return false;
		}
	}
	pthread_mutex_lock(&book->chart_lock);
	reader->chart = chart_take(book->chart);
	pthread_mutex_unlock(&book->chart_lock);
	return true;
}

bool casebook_reader_take(struct casebook *book, struct casebook_reader **out, struct err *err)
{
	struct casebook_reader *reader = NULL;
	*out = NULL;
	if (!wait_for_place(book, &reader))
		return err_set(err, ERR_UNABLE,
		               "Too many read the register just now; try again in a moment");
	bool done = reader ? true : reader_open(book, &reader, err);
	if (done && !reader_begin(reader, err)) {
		reader_destroy(reader);
		done = false;
	}
	if (!done) {
		give_place(book, NULL);
		return false;
	}
	*out = reader;
	return true;
}

void casebook_reader_give(struct casebook_reader **reader)
{
	struct casebook_reader *old = *reader;
	*reader = NULL;
	if (!old)
		return;
	if (!is_lent(old->book))
		store_abort(old->store);
	chart_give(old->chart);
	old->chart = NULL;
	give_place(old->book, old);
}

struct casebook *casebook_reader_book(struct casebook_reader *reader)
{
	return reader->book;
}

const struct pack *reader_pack(const struct casebook_reader *reader)
{
	return reader->chart->pack;
}

void readers_close(struct casebook *book)
{
	while (book->reader_idle > 0) {
		reader_destroy(book->readers[--book->reader_idle]);
		book->reader_count--;
	}
}

/* --- readings ------------------------------------------------------------------------------- */

static const char NEXT_SQL[] = "SELECT COALESCE(MAX(n), 0) + 1 FROM reading"; /* primary key */
static const char READING_SQL[] =
	"INSERT INTO reading (n, account, office, session, file, highest, minute, purpose)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

struct reading {
	const struct casebook_viewer *viewer;
	struct str purpose;
	int64_t file;
	int64_t highest;
	instant minute;
};

static struct str or_empty(struct str s)
{
	return s.p ? s : STR("");
}

static bool write_reading(struct casebook *book, void *ctx, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *insert = NULL;
	const struct reading *reading = ctx;
	int64_t n = 0;
	/* Numbers have no gap: a reading that could not be made durable takes none. */
	if (!store_get_int(book->store, NEXT_SQL, &n, err) ||
	    !store_prepare(book->store, READING_SQL, &insert, err))
		return false;
	store_bind_int(insert, 1, n);
	store_bind_str(insert, 2, or_empty(reading->viewer->actor.account));
	store_bind_str(insert, 3, or_empty(reading->viewer->actor.office));
	store_bind_str(insert, 4, or_empty(reading->viewer->session));
	store_bind_int(insert, 5, reading->file);
	store_bind_int(insert, 6, reading->highest);
	store_bind_int(insert, 7, reading->minute);
	store_bind_str(insert, 8, reading->purpose);
	if (!store_do(insert, err))
		return false;
	book->next_reading = n + 1;
	return true;
}

static struct hash who_reads(struct casebook_reader *reader, const struct reading *reading)
{
	char numbers[64];
	const struct casebook_viewer *viewer = reading->viewer;
	int n = snprintf(numbers, sizeof numbers, "%" PRId64 "\n%" PRId64 "\n", reading->file,
	                 reading->minute);
	const struct str pieces[] = {
		{ numbers, (size_t)n },
		viewer->actor.account,
		STR("\n"),
		viewer->actor.office,
		STR("\n"),
		viewer->session,
		STR("\n"),
		reading->purpose,
	};
	return hasher_of(reader->hasher, pieces, COUNT_OF(pieces));
}

/* Access was decided. */
static struct reading reading_of(const struct casebook_reader *reader,
                                 const struct casebook_viewer *viewer, int64_t file,
                                 int64_t highest)
{
	instant now = casebook_now(reader->book);
	return (struct reading){
		.viewer = viewer,
		.purpose =
			viewer->purpose.n ? str_sub(viewer->purpose, 0, PURPOSE_MAX) : STR("work"),
		.file = file,
		.highest = highest,
		.minute = now - now % INSTANT_PER_MINUTE,
	};
}

static bool record(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                   int64_t file, int64_t highest, struct err *err)
{
	struct casebook *book = reader->book;
	struct reading reading = reading_of(reader, viewer, file, highest);
	struct hash who = who_reads(reader, &reading);
	if (is_durable(book->readings, &who, highest))
		return true;
	if (!book->is_writer)
		return err_set(err, ERR_UNABLE,
		               "Nothing sealed can be shown while the register is only read");
	if (!book_write(book, write_reading, &reading, err))
		return false;
	remember(book->readings, &who, highest);
	return true;
}

bool casebook_record_reading(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                             int64_t file, int64_t highest, struct err *err)
{
	struct casebook_access access;
	if (!casebook_may(reader, viewer, file, &access, err))
		return false;
	if (!access.may_open && !access.opens_restricted)
		return err_set(err, ERR_ABSENT, "There is no such file");
	return record(reader, viewer, file, highest, err);
}

struct reading_list {
	struct reading *at;
	size_t count;
};

static bool write_readings(struct casebook *book, void *ctx, struct err *err)
{
	struct reading_list *list = ctx;
	for (size_t i = 0; i < list->count; i++)
		if (!write_reading(book, &list->at[i], err))
			return false;
	return true;
}

bool casebook_record_readings(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                              struct arena *arena, const int64_t *files, const int64_t *highest,
                              size_t count, struct err *err)
{
	struct casebook *book = reader->book;
	struct reading_list list = { .at = arena_alloc(arena, count + 1, sizeof *list.at) };
	if (!list.at)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	for (size_t i = 0; i < count; i++) {
		struct casebook_access access;
		if (!casebook_may(reader, viewer, files[i], &access, err))
			return false;
		if (!access.may_open && !access.opens_restricted)
			return err_set(err, ERR_ABSENT, "There is no such file");
		struct reading reading = reading_of(reader, viewer, files[i], highest[i]);
		struct hash who = who_reads(reader, &reading);
		if (!is_durable(book->readings, &who, highest[i]))
			list.at[list.count++] = reading;
	}
	if (list.count == 0)
		return true;
	if (!book->is_writer)
		return err_set(err, ERR_UNABLE,
		               "Nothing sealed can be shown while the register is only read");
	if (!book_write(book, write_readings, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		struct hash who = who_reads(reader, &list.at[i]);
		remember(book->readings, &who, list.at[i].highest);
	}
	return true;
}

/* --- seals ---------------------------------------------------------------------------------- */

static const char ENTRY_SQL[] =
	"SELECT e.file, f.id, f.destroyed, e.header, e.sealed FROM entry AS e JOIN file AS f ON f.n = e.file"
	" WHERE e.idx = ?1"; /* primary keys */

struct box {
	int64_t entry;
	int64_t file;
	struct str file_id;
	struct log_header header;
	struct str bytes;
	enum casebook_seal how; /* OPEN: to be opened */
};

/* Slices are of the statement's row. */
static bool read_box(struct store_stmt *found, int64_t entry, struct box *box, struct err *err)
{
	store_bind_int(found, 1, entry);
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return err_set(err, ERR_ABSENT, "There is no such entry");
	*box = (struct box){ .entry = entry,
		             .file = store_int(found, 0),
		             .file_id = store_str(found, 1) };
	bool is_destroyed = !store_is_null(found, 2) || store_is_null(found, 3);
	if (!store_is_null(found, 3) && !log_header_read(store_blob(found, 3), &box->header, err))
		return false;
	box->bytes = store_blob(found, 4);
	box->how = CASEBOOK_SEAL_OPEN;
	if (is_destroyed)
		box->how = CASEBOOK_SEAL_DESTROYED;
	else if (!box->header.is_sealed)
		box->how = CASEBOOK_SEAL_NONE;
	else if (!box->bytes.p || box->bytes.n > SEALED_MAX)
		box->how = CASEBOOK_SEAL_LOST;
	return true;
}

/* Salt and words as they were sealed; they must be those that the header names. */
static bool read_words(struct casebook_reader *reader, const struct box *box, struct str opened,
                       struct arena *arena, const struct json **sealed)
{
	struct err ignored = { 0 };
	struct hash sum;
	uint8_t salt[LOG_NONCE_SIZE];
	if (opened.n < LOG_NONCE_SIZE)
		return false;
	memcpy(salt, opened.p, LOG_NONCE_SIZE);
	bool fits = json_read_canonical(arena, str_sub(opened, LOG_NONCE_SIZE, opened.n),
	                                SEAL_DEPTH, sealed, &ignored) &&
	            log_sealed_hash(reader->hasher, arena, *sealed, salt, &sum, &ignored) &&
	            hash_eq(&sum, &box->header.sealed);
	vault_wipe(salt, sizeof salt);
	return fits;
}

static bool open_box(struct casebook_reader *reader, const struct box *box, struct arena *arena,
                     enum casebook_seal *how, const struct json **sealed, struct err *err)
{
	CLEANUP(vault_secret_finish) struct vault_secret words = { 0 };
	if (!vault_open_box(reader->book->vault, box->file, box->file_id, box->entry, box->bytes,
	                    &words, err)) {
		enum vault_slot slot = VAULT_SLOT_PRESENT;
		if (err->code == ERR_ABSENT) {
			*how = CASEBOOK_SEAL_DESTROYED;
			return true;
		}
		/* A store that does not answer is no loss; a slot that is not there is. */
		if (err->code != ERR_INPUT &&
		    (!vault_slot_state(reader->book->vault, box->file, &slot, err) ||
		     slot == VAULT_SLOT_PRESENT))
			return false;
		*how = CASEBOOK_SEAL_LOST;
		return true;
	}
	*how = CASEBOOK_SEAL_OPEN;
	if (!read_words(reader, box, vault_secret_str(&words), arena, sealed)) {
		*sealed = NULL;
		*how = CASEBOOK_SEAL_LOST;
	}
	return true;
}

const char *casebook_seal_name(enum casebook_seal how)
{
	static const char *const NAMES[] = {
		[CASEBOOK_SEAL_NONE] = "none", [CASEBOOK_SEAL_OPEN] = "open",
		[CASEBOOK_SEAL_KEPT] = "kept", [CASEBOOK_SEAL_DESTROYED] = "destroyed",
		[CASEBOOK_SEAL_LOST] = "lost", [CASEBOOK_SEAL_RESTRICTED] = "restricted",
	};
	return NAMES[how];
}

bool casebook_open_seal(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                        int64_t entry, struct arena *arena, enum casebook_seal *how,
                        const struct json **sealed, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct casebook_access access;
	struct box box;
	*how = CASEBOOK_SEAL_NONE;
	*sealed = NULL;
	if (!store_prepare(reader->store, ENTRY_SQL, &found, err) ||
	    !read_box(found, entry, &box, err) ||
	    !casebook_may_see(reader, viewer, entry, &access, err))
		return false;
	if (!access.may_know) {
		casebook_note_refused(reader, viewer, box.file);
		return err_set(err, ERR_ABSENT, "There is no such entry");
	}
	*how = box.how;
	if (box.how != CASEBOOK_SEAL_OPEN)
		return true;
	if (!casebook_would_open(reader, viewer, &access, box.file, entry, how, err))
		return false;
	if (*how == CASEBOOK_SEAL_KEPT)
		casebook_note_refused(reader, viewer, box.file);
	return *how != CASEBOOK_SEAL_OPEN || (record(reader, viewer, box.file, entry, err) &&
	                                      open_box(reader, &box, arena, how, sealed, err));
}

/* Whether a kind may write to whoever holds the code: it is told in public, and has the field. */
static bool may_reply(const struct pack_kind *kind)
{
	const struct pack_field *field = kind ? pack_field_find(kind, STR("reply")) : NULL;
	return field && field->is_sealed && field->type == PACK_TEXT && kind->public_text.n > 0;
}

bool casebook_open_reply(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                         int64_t file, int64_t entry, struct arena *arena, enum casebook_seal *how,
                         struct str *reply, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	CLEANUP(arena_cleanup) struct arena *own = arena_create(2 * SEALED_MAX);
	const struct json *sealed = NULL;
	struct box box;
	*how = CASEBOOK_SEAL_NONE;
	*reply = STR("");
	if (!own)
		return err_set(err, ERR_UNABLE, "There is no memory to read this");
	if (!store_prepare(reader->store, ENTRY_SQL, &found, err) ||
	    !read_box(found, entry, &box, err))
		return false;
	if (viewer->actor.by != CASEBOOK_BY_PERSON || box.file != file)
		return err_set(err, ERR_ABSENT, "There is no such entry");
	*how = box.how;
	if (box.how != CASEBOOK_SEAL_OPEN)
		return true;
	*how = CASEBOOK_SEAL_KEPT;
	if (!may_reply(pack_kind_find(reader_pack(reader), box.header.kind)))
		return true;
	if (!record(reader, viewer, box.file, entry, err) ||
	    !open_box(reader, &box, own, how, &sealed, err))
		return false;
	*reply = arena_copy(arena, json_text(sealed, STR("reply")));
	return reply->p ? true : err_set(err, ERR_UNABLE, "There is no memory to read this");
}

bool reader_open_own(struct casebook_reader *reader, int64_t entry, struct arena *arena,
                     const struct json **sealed, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	enum casebook_seal how = CASEBOOK_SEAL_NONE;
	struct box box;
	*sealed = NULL;
	if (!store_prepare(reader->store, ENTRY_SQL, &found, err) ||
	    !read_box(found, entry, &box, err))
		return false;
	base_check(box.file == 0);
	return box.how != CASEBOOK_SEAL_OPEN || open_box(reader, &box, arena, &how, sealed, err);
}

bool reader_open_claim(struct casebook_reader *reader, int64_t entry, struct arena *arena,
                       struct log_header *header, bool *is_gone, const struct json **sealed,
                       struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	enum casebook_seal how = CASEBOOK_SEAL_NONE;
	struct box box;
	*sealed = NULL;
	if (!store_prepare(reader->store, ENTRY_SQL, &found, err) ||
	    !read_box(found, entry, &box, err))
		return false;
	*is_gone = box.how == CASEBOOK_SEAL_DESTROYED;
	*header = box.header;
	header->office = arena_copy(arena, box.header.office);
	if (box.how != CASEBOOK_SEAL_OPEN)
		return true;
	if (!open_box(reader, &box, arena, &how, sealed, err))
		return false;
	*is_gone = how == CASEBOOK_SEAL_DESTROYED;
	return true;
}

bool reader_sealed_salt(struct casebook_reader *reader, int64_t entry, struct hash *salt, bool *has,
                        struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	CLEANUP(vault_secret_finish) struct vault_secret words = { 0 };
	struct err why = { 0 };
	struct box box;
	*has = false;
	if (!store_prepare(reader->store, ENTRY_SQL, &found, err) ||
	    !read_box(found, entry, &box, err))
		return false;
	if (box.how != CASEBOOK_SEAL_OPEN)
		return true;
	*has = vault_open_box(reader->book->vault, box.file, box.file_id, entry, box.bytes, &words,
	                      &why) &&
	       words.n >= sizeof salt->bytes;
	if (*has)
		memcpy(salt->bytes, words.p, sizeof salt->bytes);
	return true;
}
