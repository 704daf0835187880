/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Opening and closing a register: lock, keys, schema, packs, tree, gate, chart, time. */
#include <errno.h>
#include <stdlib.h>

#include "casebook/chart.h"
#include "casebook/evidence.h"
#include "casebook/finder.h"
#include "casebook/joined.h"
#include "casebook/key.h"
#include "casebook/limits.h"
#include "casebook/newest.h"
#include "casebook/night.h"
#include "casebook/packs.h"
#include "casebook/readings.h"
#include "casebook/particulars.h"
#include "casebook/settings.h"
#include "casebook/shape.h"
#include "casebook/shelf.h"
#include "casebook/sights.h"
#include "casebook/submission.h"

#define BOOK_ARENA_MAX ((size_t)16 << 20)
#define KEYS_IN_MEMORY 4096
#define KEYS_OF_A_COMMAND 64
#define TILES_KEPT 4096 /* of the log, whole, 8.5 KiB each: the bundles of 1 M entries */
#define LOG_LEFT ((int64_t)1 << 20) /* bytes; read again by whoever opens next */

static const char SETTING_SQL[] = "SELECT value FROM setting WHERE name = ?1";
static const char NEWEST_SQL[] =
	"SELECT idx, header FROM entry WHERE idx = (SELECT MAX(idx) FROM entry)";
static const char FILES_SQL[] = "SELECT COALESCE(MAX(n), -1) FROM file";
static const char READINGS_SQL[] = "SELECT COALESCE(MAX(n), 0) FROM reading";
/* By entry_file(file, kind, idx). */

bool book_path(const struct casebook *book, const char *name, char out[BOOK_PATH_MAX],
               struct err *err)
{
	int n = snprintf(out, BOOK_PATH_MAX, "%s/%s", book->dir, name);
	return (n > 0 && n < BOOK_PATH_MAX) ||
	       err_set(err, ERR_INPUT, "The path of this register is too long");
}

bool book_keep_pages(const struct casebook *book, struct store *store, struct err *err)
{
	return !book->memory || store_keep_pages(store, (int64_t)book->memory << 10, err);
}

bool setting_read(struct store *store, struct arena *arena, struct str name, struct str *out,
                  struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	*out = STR_NONE;
	if (!store_prepare(store, SETTING_SQL, &found, err))
		return false;
	store_bind_str(found, 1, name);
	enum store_step step = store_step(found, err);
	if (step == STORE_ROW)
		*out = arena_copy(arena, store_str(found, 0));
	return step != STORE_FAILED;
}

/* --- opening ------------------------------------------------------------------------------- */

static struct casebook *book_new(const char *dir, const struct casebook_options *options)
{
	struct casebook *book = calloc(1, sizeof *book);
	size_t memory = options ? (size_t)options->memory : 0;
	if (!book || !(book->arena = arena_create(BOOK_ARENA_MAX)) || !(book->dir = strdup(dir)) ||
	    !(book->submissions = submissions_create()) ||
	    !(book->file_tags = tags_create(&file_tags, true)) ||
	    !(book->joined = joined_create(memory ? memory << 20 : JOINED_ROOM)) ||
	    !(book->sights = sights_create(memory ? memory << 20 : SIGHTS_ROOM)) ||
	    !(book->tiles = log_cache_create(TILES_KEPT)) ||
	    !(book->readings = readings_create()) || !(book->particulars = particulars_create()) ||
	    (options && options->vfs && !(book->vfs = strdup(options->vfs)))) {
		casebook_close(book);
		return NULL;
	}
	bool seeded = options && options->has_seed;
	book->is_frozen = seeded;
	book->shelf = options ? options->shelf : NULL;
	book->is_brief = options && options->is_brief;
	book->memory = options ? options->memory : 0;
	book->clock = options ? options->clock : NULL;
	book->clock_ctx = options ? options->clock_ctx : NULL;
	book->random = seeded ? random_seeded_create(options->seed) : random_pooled_create();
	book->vault_random =
		seeded ? random_seeded_create(options->seed ^ UINT64_C(0x76617564)) : NULL;
	book->hasher = hasher_create();
	(void)pthread_mutex_init(&book->chart_lock, NULL);
	(void)pthread_mutex_init(&book->time_lock, NULL);
	(void)pthread_mutex_init(&book->turn_lock, NULL);
	(void)pthread_mutex_init(&book->queue_lock, NULL);
	(void)pthread_mutex_init(&book->readers_lock, NULL);
	(void)pthread_cond_init(&book->queue_filled, NULL);
	(void)pthread_cond_init(&book->queue_done, NULL);
	(void)pthread_cond_init(&book->readers_given, NULL);
	book->has_locks = true;
	return book;
}

bool casebook_is_whole(const char *dir, struct err *err)
{
	char path[BOOK_PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/" CASEBOOK_HALF_MADE, dir);
	return n <= 0 || (size_t)n >= sizeof path || !file_exists(path) ||
	       err_set(err, ERR_UNABLE,
	               "%s is half made: the command that fills it (named in %s) still runs, or was stopped"
	               " before its end. Give that command again: it begins anew",
	               dir, path);
}

/* Where keys are, words may be that they open: no word of making a register anew. */
bool book_no_register(const char *dir, struct err *err)
{
	char keys[BOOK_PATH_MAX];
	int n = snprintf(keys, sizeof keys, "%s/keys", dir);
	if (n > 0 && (size_t)n < sizeof keys && file_exists(keys))
		return err_set(
			err, ERR_ABSENT,
			"%s holds keys and no register.db. Put that back, or restore a backup into a new"
			" folder; only where an init was cut short, remove the folder and make it anew",
			dir);
	return err_set(err, ERR_ABSENT,
	               "There is no register in %s; make one with: candour init %s", dir, dir);
}

static bool open_store(struct casebook *book, struct err *err)
{
	char path[BOOK_PATH_MAX];
	if (!book_path(book, BOOK_DATABASE, path, err))
		return false;
	if (!book->vfs && !file_exists(path))
		return book_no_register(book->dir, err);
	if (book->is_writer) {
		char lock[BOOK_PATH_MAX];
		if (!book_path(book, "lock", lock, err) || !store_lock_take(lock, &book->lock, err))
			return false;
	}
	enum store_mode writes = book->is_brief ? STORE_BRIEF : STORE_WRITE;
	return store_open_on(book->vfs, path, book->is_writer ? writes : STORE_READ, &book->store,
	                     err) &&
	       book_keep_pages(book, book->store, err) &&
	       (book->is_writer ? store_migrate(book->store, "register", err)
	                        : store_schema_check(book->store, "register", err)) &&
	       (!book->is_writer || !book->is_brief || store_hold(book->store, err));
}

static bool open_keys(struct casebook *book, struct err *err)
{
	struct vault_options options = { .random = book->vault_random,
		                         .cost = book->is_drill ? VAULT_DRILL : VAULT_LIVE,
		                         .is_brief = book->is_brief,
		                         .cached_keys = book->is_brief ? KEYS_OF_A_COMMAND
		                                                       : KEYS_IN_MEMORY };
	return vault_open(book->dir, book->is_writer ? VAULT_WRITE : VAULT_READ, &options,
	                  &book->vault, err) &&
	       key_open(book, err);
}

static bool open_counts(struct casebook *book, instant *newest, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct log_header header;
	int64_t files, readings;
	*newest = 0;
	if (!store_get_int(book->store, FILES_SQL, &files, err) ||
	    !store_get_int(book->store, READINGS_SQL, &readings, err) ||
	    !store_prepare(book->store, NEWEST_SQL, &found, err))
		return false;
	book->files = files + 1;
	book->next_reading = readings + 1;
	enum store_step step = store_step(found, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	book->entries = store_int(found, 0) + 1;
	if (store_is_null(found, 1))
		return true;
	if (!log_header_read(store_blob(found, 1), &header, err))
		return false;
	*newest = header.recorded;
	return true;
}

/* Nothing is written on top of a database that was set back. */
static bool is_newest(struct casebook *book, struct err *err)
{
	struct newest newest;
	newest_read(book->dir, &newest);
	return newest_is_there(book->store, &newest, book->dir, err);
}

static bool has_own_shape(struct casebook *book, struct err *err)
{
	bool is_own = true;
	if (book->is_writer && !shape_is_own(book, &is_own, err))
		return false;
	return is_own ||
	       err_set(err, ERR_UNABLE,
	               "Tables or indexes of register.db are not those that this program makes:"
	               " somebody changed the database by hand. Keep a copy of %s, see what differs"
	               " with candour verify %s, and restore from a backup",
	               book->dir, book->dir);
}

static bool open_chart(struct casebook *book, struct err *err)
{
	struct hash packs = packs_sum(book, book->pack_count);
	if (!book->pack_count)
		return true;
	if (!chart_build(book->store, casebook_pack(book), &packs, &book->chart, err))
		return false;
	book->is_opened = book->chart->is_opened;
	return true;
}

/* Each role of the pack has an office from the founding on, so that whatever is reported is owed.
 */
static bool is_founded(const struct casebook *book, struct err *err)
{
	for (size_t i = 0; book->chart && i < book->chart->pack->office_count; i++) {
		if (book->chart->role_first[i] < book->chart->role_first[i + 1])
			continue;
		return err_set(
			err, ERR_UNABLE,
			"The making of this register was cut short: its office %.*s is not there."
			" When nobody has reported into it, remove the folder %s and make it anew"
			" with candour init; else restore from a backup",
			STR_ARG(book->chart->pack->offices[i].name), book->dir);
	}
	return true;
}

/* The views say who holds an office, and a view is anybody's who can write the database: they must
 * be the ones this register wrote. */
static bool has_own_chart(struct casebook *book, bool is_to_refold, struct err *err)
{
	struct newest newest;
	/* Where it does not fit nobody is let in, whatever office the views say he holds. */
	if (!book->is_writer || book->vfs || !book->chart || is_to_refold || book->unfit.p)
		return true;
	newest_read(book->dir, &newest);
	book->has_newest = newest.size > 0;
	if (!book->has_newest)
		return book->entries == 0 ||
		       (is_founded(book, err) && newest_do_without(book, err));
	return newest_is_chart(&newest, book->chart) || chart_is_foreign(book->dir, err);
}

/* An older database does not fit the keys of today; what is wrong is that it is older. False. */
static bool say_set_back(struct casebook *book, struct err *err)
{
	struct newest newest;
	struct err why = { 0 };
	bool is_longer;
	if (book->vfs || err->code != ERR_INPUT)
		return false;
	newest_read(book->dir, &newest);
	if (newest_is_longer(book->store, &newest, &is_longer, &why) && is_longer &&
	    !newest_is_there(book->store, &newest, book->dir, &why))
		*err = why;
	return false;
}

/*
 * Entries, tree and checkpoint are one commit: an entry that the tree lacks was written by nobody
 * who may, and none behind it would stand in its place.
 */
static bool has_whole_tree(const struct casebook *book, struct err *err)
{
	int64_t size = log_tree_size(book->tree);
	return size == book->entries ||
	       err_set(err, ERR_INPUT,
	               "%" PRId64 " entries are here and the log's tree has %" PRId64
	               ": the database was changed by hand, or damaged. Keep a copy of %s, see what "
	               "differs with candour verify %s, and restore from a backup",
	               book->entries, size, book->dir, book->dir);
}

/* The log's part of the start-up gate. */
static bool open_log(struct casebook *book, struct err *err)
{
	CLEANUP(log_reader_cleanup) struct log_reader *reader = NULL;
	return log_reader_create(book->store, &reader, err) &&
	       (book->entries == 0 ||
	        log_gate_check(book->store, reader, &book->eras, book->entries, err)) &&
	       (!book->is_writer || book->vfs || is_newest(book, err)) &&
	       (book->vfs || evidence_look(book, reader, err)) &&
	       (!book->is_writer || key_settle(book, err)) &&
	       (!book->is_writer ||
	        (log_tree_open(book->store, &book->tree, err) && has_whole_tree(book, err)));
}

/* Where a drill's own time stood when it was closed; 0: never told. */
static const char DRILL_NOW[] = "drill-now";
/* How much of it may be lost at a close, for it costs a transaction. */
#define DRILL_NEAR INSTANT_PER_SECOND
/* To when its clock was last run; 0: never. */
static const char DRILL_RAN_TO[] = "drill-ran-to";

static bool kept_drill_time(struct casebook *book, const char *name, instant *out, struct err *err)
{
	static const char KEPT_SQL[] = "SELECT value FROM short_state WHERE name = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	uint64_t value = 0;
	*out = 0;
	if (!store_prepare(book->store, KEPT_SQL, &found, err))
		return false;
	store_bind_str(found, 1, str_from_c(name));
	enum store_step step = store_step(found, err);
	if (step == STORE_ROW && str_to_u64(store_str(found, 0), INT64_MAX, &value))
		*out = (instant)value;
	return step != STORE_FAILED;
}

/* Whoever founded it said where its time begins: as far as that it has run. */
static bool read_ran_to(struct casebook *book, struct err *err)
{
	static const char FIRST_SQL[] = "SELECT header FROM entry WHERE idx = 0";
	CLEANUP(store_stmt_finish) struct store_stmt *first = NULL;
	struct log_header header;
	if (!kept_drill_time(book, DRILL_RAN_TO, &book->ran_to, err))
		return false;
	if (book->ran_to)
		return true;
	if (!store_prepare(book->store, FIRST_SQL, &first, err))
		return false;
	enum store_step step = store_step(first, err);
	if (step != STORE_ROW || store_is_null(first, 0))
		return step != STORE_FAILED;
	if (!log_header_read(store_blob(first, 0), &header, err))
		return false;
	book->ran_to = header.recorded;
	return true;
}

static bool put_drill_time(struct casebook *book, const char *name, instant at, struct err *err)
{
	char text[32];
	/* Entries are recorded in whole milliseconds. */
	(void)snprintf(text, sizeof text, "%" PRId64, at - at % INSTANT_PER_MS);
	return book_put_state(book->store, str_from_c(name), str_from_c(text), err);
}

static void keep_drill_time(struct casebook *book)
{
	struct err err = { 0 };
	if (!book->is_writer || !book->is_drill || book->is_frozen || !book->is_virtual ||
	    !book->store)
		return;
	if (casebook_now(book) - book->kept_now < DRILL_NEAR &&
	    casebook_ran_to(book) == book->kept_ran_to)
		return;
	if (!book_begin(book, &err))
		return;
	if (!put_drill_time(book, DRILL_NOW, casebook_now(book), &err) ||
	    !put_drill_time(book, DRILL_RAN_TO, casebook_ran_to(book), &err) ||
	    !store_commit(book->store, &err))
		store_abort(book->store);
}

/* A drill asks for no proof of who somebody is: what the database says of that must be what the
 * name of the signing key says, which is no row. */
static bool has_own_settings(const struct casebook *book, struct str drill, struct err *err)
{
	struct log_eras eras = key_eras_now(book);
	struct str name = log_eras_last(&eras)->key.name;
	struct str right = str_starts(name, STR("drill.")) ? STR("yes") : STR("no");
	if (str_eq(book->origin, name) && str_eq(drill, right))
		return true;
	return err_set(
		err, ERR_UNABLE,
		"The database was changed by hand: its signing key is of %.*s, which is a %s"
		" register, and the settings \"origin\" and \"drill\" do not say so. Put them"
		" back as they were, and look by candour verify what else was changed",
		STR_ARG(name), str_eq(right, STR("yes")) ? "drill" : "live");
}

/*
 * What does not fit keeps it shut, or is read where that was asked for: of the log that is shown to
 * outsiders, what is published, if that fits.
 */
static bool reads_on(struct casebook *book, const struct casebook_options *options, struct err *err)
{
	CLEANUP(log_reader_cleanup) struct log_reader *reader = NULL;
	struct err none = { 0 };
	(void)say_set_back(book, err);
	if (!options || !options->reads_unfit || !book->is_writer || err->code == ERR_FAULT)
		return false;
	struct str why = arena_copy(book->arena, str_from_c(err->message));
	if (!why.p)
		return false;
	book->unfit = why;
	book->is_shown = log_reader_create(book->store, &reader, &none) &&
	                 log_published_check(book->store, reader, &book->eras, INT64_MAX, &none);
	book_stop_unfit(book);
	*err = (struct err){ 0 };
	return true;
}

static bool open_all(struct casebook *book, const struct casebook_options *options, struct err *err)
{
	bool is_to_refold = options && options->is_to_refold;
	bool is_founding = options && options->is_founding;
	struct str drill;
	instant newest;
	if (!open_store(book, err) ||
	    !setting_read(book->store, book->arena, STR("origin"), &book->origin, err) ||
	    !setting_read(book->store, book->arena, STR("drill"), &drill, err))
		return false;
	book->is_drill = str_eq(drill, STR("yes"));
	if (book->is_frozen && !book->is_drill)
		return err_set(err, ERR_USAGE, "Only a drill register can be replayed from a seed");
	if (!limits_read(book, err) || !open_keys(book, err) || !packs_read(book, err) ||
	    !open_counts(book, &newest, err))
		return say_set_back(book, err);
	if (!open_log(book, err) && !reads_on(book, options, err))
		return false;
	if (!has_own_shape(book, err) || !has_own_settings(book, drill, err) ||
	    !open_chart(book, err) || !has_own_chart(book, is_to_refold, err) ||
	    !(is_founding || is_to_refold || is_founded(book, err)))
		return false;
	instant kept = 0;
	if (book->is_drill && !book->is_frozen &&
	    (!kept_drill_time(book, DRILL_NOW, &kept, err) || !read_ran_to(book, err)))
		return false;
	book->kept_ran_to = book->ran_to;
	book->kept_now = kept > newest ? kept : newest;
	if (!book_time_open(book, book->kept_now, book->entries, err))
		return false;
	book->opened_at = casebook_now(book);
	if (book->is_writer && !book->is_broken && !book->lost_key.p && !key_end_due(book, err))
		return false;
	packs_keep(book);
	return true;
}

bool casebook_open_with(const char *dir, enum casebook_mode mode,
                        const struct casebook_options *options, struct casebook **out,
                        struct err *err)
{
	*out = NULL;
	bool is_made_now = options && (options->is_founding || options->lost_key.p);
	if (!is_made_now && !casebook_is_whole(dir, err))
		return false;
	struct casebook *book = book_new(dir, options);
	if (!book)
		return err_set(err, ERR_UNABLE, "There is no memory to open the register");
	book->is_writer = mode == CASEBOOK_WRITE;
	if (options && options->lost_key.p)
		book->lost_key = arena_copy(book->arena, options->lost_key);
	if (!open_all(book, options, err)) {
		casebook_close(book);
		return false;
	}
	book->is_open = true;
	*out = book;
	return true;
}

bool casebook_open(const char *dir, enum casebook_mode mode, struct casebook **out, struct err *err)
{
	return casebook_open_with(dir, mode, NULL, out, err);
}

/* --- closing ------------------------------------------------------------------------------- */

static void seal_what_is_new(struct casebook *book)
{
	struct err err = { 0 };
	if (book->is_writer && book->tree && book->chart && !book->is_broken &&
	    !casebook_seal_readings(book, &err))
		journal_write(JOURNAL_WARNING, "readings were not sealed at the end: %s",
		              err.message);
}

void casebook_close(struct casebook *book)
{
	if (!book)
		return;
	if (book->has_locks) {
		writer_stop(book);
		if (book->is_open) { /* nothing is written by one that stayed shut */
			seal_what_is_new(book);
			keep_drill_time(book);
			newest_keep(book);
		}
		readers_close(book);
	}
	log_tree_close(book->tree);
	log_signer_destroy(book->signer);
	log_signer_destroy(book->former);
	vault_close(book->vault);
	if (book->store && book->is_writer && book->is_brief)
		store_leave_log(book->store, LOG_LEFT);
	store_close(book->store);
	store_lock_release(book->lock);
	chart_give(book->chart);
	for (size_t i = 0; i < BOOK_PACKS_MAX; i++)
		shelf_give(book->shelf, book->packs[i]);
	readings_destroy(book->readings);
	log_cache_destroy(book->tiles);
	particulars_destroy(book->particulars);
	hasher_destroy(book->hasher);
	submissions_destroy(book->submissions);
	tags_destroy(book->file_tags);
	joined_destroy(book->joined);
	sights_destroy(book->sights);
	night_once_destroy(book->once);
	random_destroy(book->random);
	random_destroy(book->vault_random);
	if (book->has_locks) {
		pthread_mutex_destroy(&book->chart_lock);
		pthread_mutex_destroy(&book->time_lock);
		pthread_mutex_destroy(&book->turn_lock);
		pthread_mutex_destroy(&book->queue_lock);
		pthread_mutex_destroy(&book->readers_lock);
		pthread_cond_destroy(&book->queue_filled);
		pthread_cond_destroy(&book->queue_done);
		pthread_cond_destroy(&book->readers_given);
	}
	arena_destroy(book->arena);
	free(book->vfs);
	free(book->dir);
	free(book);
}

void casebook_cleanup(struct casebook **book)
{
	casebook_close(*book);
	*book = NULL;
}

const char *casebook_dir(const struct casebook *book)
{
	return book->dir;
}

struct str casebook_origin(const struct casebook *book)
{
	pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&book->chart_lock;
	pthread_mutex_lock(lock);
	struct str origin =
		book->origin; /* two words; the text itself lives as long as the register */
	pthread_mutex_unlock(lock);
	return origin;
}

struct str casebook_vkey(const struct casebook *book)
{
	pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&book->chart_lock;
	pthread_mutex_lock(lock);
	struct str vkey = book->vkey; /* as casebook_origin */
	pthread_mutex_unlock(lock);
	return vkey;
}

bool casebook_is_drill(const struct casebook *book)
{
	return book->is_drill;
}

bool casebook_is_opened(const struct casebook *book)
{
	return book->is_opened;
}

bool casebook_is_intake_only(const struct casebook *book, struct str *why)
{
	*why = book->intake_why;
	return book->is_intake_only;
}
