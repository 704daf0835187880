/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Refolding: every view built anew from the entries, by the same folds that
 * the turn runs, in shadows beside the views; then one transaction puts them
 * in their place.
 */
#include "casebook/chart.h"
#include "casebook/fold_parts.h"
#include "casebook/joined.h"
#include "casebook/newest.h"
#include "casebook/sights.h"
#include "casebook/tags.h"
#include "casebook/views.h"

#define PLAIN_DEPTH 8
#define SCRATCH_MAX ((size_t)1 << 20)
#define PROGRESS_EVERY 8192

/* Plain text is read as bytes: the engine would copy each to put a NUL behind it. */
static const char ENTRIES_SQL[] = "SELECT idx, file, kind, header, plain FROM entry ORDER BY idx";
static const char COUNT_SQL[] = "SELECT COALESCE(MAX(idx), -1) + 1 FROM entry";

struct refold {
	struct casebook *book;
	struct store *store;
	struct fold *fold;
	struct arena *scratch;
};

/* Whether an entry follows from the act before it. A member of another name or depth is none. */
static bool has_cause(struct refold *refold, struct str plain, bool *has, struct err *err)
{
	const struct json *object = NULL;
	*has = false;
	if (str_find_str(plain, STR("\"cause\":")) == plain.n)
		return true;
	arena_reset(refold->scratch);
	if (!json_read_own(refold->scratch, plain, PLAIN_DEPTH, &object, err))
		return false;
	*has = json_member(object, STR("cause")) != NULL;
	return true;
}

static bool read_entry(struct refold *refold, struct store_stmt *rows,
                       const struct log_header *header, bool follows, struct folding *out,
                       struct err *err)
{
	struct fold *fold = refold->fold;
	*out = (struct folding){
		.index = store_int(rows, 0),
		.recorded = header->recorded,
		.happened = header->recorded,
		.kind_name = arena_copy(fold->arena, header->kind),
		.kind = pack_kind_find(fold->pack, header->kind),
		.file = store_int(rows, 1),
		.file_id = arena_copy(fold->arena, id_str(&header->file)),
		.by = CASEBOOK_BY_PUBLIC,
		.plain_text = arena_copy(fold->arena, store_blob(rows, 4)),
		.has_cause = follows,
	};
	if (header->by == LOG_BY_REGISTER)
		out->by = CASEBOOK_BY_REGISTER;
	bool is_kept = out->kind_name.p && out->file_id.p && out->plain_text.p;
	if (header->by == LOG_BY_ACCOUNT) {
		out->by = CASEBOOK_BY_OFFICE;
		out->account = arena_copy(fold->arena, id_str(&header->account));
		out->office = arena_copy(fold->arena, header->office);
		is_kept = is_kept && out->account.p && out->office.p;
	}
	if (!is_kept)
		return err_set(err, ERR_UNABLE, "There is no memory to fold an entry");
	if (!json_read_own(fold->arena, out->plain_text, PLAIN_DEPTH, &out->plain, err))
		return false;
	instant happened;
	if (instant_read(json_text(out->plain, STR("happened")), &happened))
		out->happened = happened;
	return true;
}

static bool end_act(struct fold *fold, const struct refold_way *way, int64_t entries,
                    struct err *err)
{
	return (!way->act_end || !fold->in_act || way->act_end(way->ctx, fold, entries, err)) &&
	       fold_end_act(fold, err);
}

static bool fold_row(struct refold *refold, struct store_stmt *rows, const struct refold_way *way,
                     struct err *err)
{
	struct fold *fold = refold->fold;
	struct log_header header;
	struct folding entry;
	bool follows, changed;
	if (store_is_null(rows, 3) || store_is_null(rows, 4))
		return err_set(err, ERR_INPUT, "The entry has no header or no plain fields");
	if (!has_cause(refold, store_blob(rows, 4), &follows, err))
		return false;
	if (!follows) {
		if (!end_act(fold, way, store_int(rows, 0), err))
			return false;
		fold_begin_act(fold);
	}
	return log_header_read(store_blob(rows, 3), &header, err) &&
	       read_entry(refold, rows, &header, follows, &entry, err) &&
	       (!way->judge || way->judge(way->ctx, fold, &entry, err)) &&
	       fold_entry(fold, &entry, err) && fold_refresh(fold, &changed, err);
}

static bool fold_rows(struct refold *refold, const struct refold_way *way, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	int64_t all = 0, done = 0;
	if (!store_get_int(refold->store, COUNT_SQL, &all, err) ||
	    !store_prepare(refold->store, ENTRIES_SQL, &rows, err))
		return false;
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			return end_act(refold->fold, way, all, err);
		if (way->gate && !way->gate(way->ctx, store_int(rows, 0), err))
			return false;
		if (!fold_row(refold, rows, way, err))
			return err_context(err, "entry %" PRId64, store_int(rows, 0));
		if (way->progress && ++done % PROGRESS_EVERY == 0)
			way->progress(way->progress_ctx, "entries", done, all);
	}
}

bool refold_entries(struct casebook *book, struct store *store, const struct refold_way *way,
                    struct chart **chart, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *scratch = arena_create(SCRATCH_MAX);
	struct fold *fold = fold_create(book, store, NULL, err);
	struct refold refold = { book, store, fold, scratch };
	*chart = NULL;
	if (!fold)
		return false;
	bool done = scratch || err_set(err, ERR_UNABLE, "There is no memory to fold the entries");
	fold->is_chart_own = true; /* the views are its own work from the first row on */
	fold->pack_n = 1;          /* from its own entry on */
	fold->pack = book_pack(book, 1);
	done = done && (fold->pack || err_set(err, ERR_INPUT, "The register has adopted no pack"));
	done = done && fold_chart(fold, &fold->chart, err) && fold_rows(&refold, way, err);
	if (done)
		*chart = chart_take(fold->chart);
	fold_destroy(fold);
	return done;
}

/* --- the register's own -------------------------------------------------------------------- */

/* Folds into the shadows and puts them in the place of the views, as one transaction. */
static bool replace_views(struct casebook *book, const struct refold_way *way, struct chart **chart,
                          struct err *err)
{
	if (!store_begin(book->store, err))
		return false;
	if (refold_entries(book, book->store, way, chart, err) &&
	    newest_keep_chart(book, *chart, err) &&
	    store_shadow_keep(book->store, book_view_names, VIEWS_N, err))
		return store_commit(book->store, err);
	store_abort(book->store);
	return false;
}

static void publish(struct casebook *book, struct chart *chart)
{
	pthread_mutex_lock(&book->chart_lock);
	struct chart *old = book->chart;
	book->chart = chart;
	pthread_mutex_unlock(&book->chart_lock);
	chart_give(old);
}

bool casebook_refold(struct casebook *book, casebook_progress *progress, void *ctx, struct err *err)
{
	struct refold_way way = { .progress = progress, .progress_ctx = ctx };
	struct chart *chart = NULL;
	struct err ignored;
	if (book->is_broken || !book->is_writer)
		return err_set(err, ERR_UNABLE, "The register cannot be written now");
	pthread_mutex_lock(&book->turn_lock);
	bool done = store_shadow(book->store, book_view_names, VIEWS_N, book_unused_indexes,
	                         VIEWS_UNUSED_N, err) &&
	            replace_views(book, &way, &chart, err);
	/* Left over, they would stand in front of the views. */
	if (!store_unshadow(book->store, book_view_names, VIEWS_N, done ? err : &ignored)) {
		done = false;
		book->is_broken = true;
	}
	tags_forget(book->file_tags);
	joined_forget(book->joined);
	sights_forget(book->sights);
	if (done)
		publish(book, chart);
	else
		chart_give(chart);
	pthread_mutex_unlock(&book->turn_lock);
	return done;
}
