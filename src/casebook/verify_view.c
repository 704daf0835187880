/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Views: folded anew into shadows, then compared row by row and column by column. */
#include "casebook/verify.h"

static const char COUNT_SQL[] = "SELECT COUNT(*) FROM pack";

/* Each that was adopted is there as it was (verify_entry.c); nothing else may stand there. */
static bool check_packs(struct verify *verify, struct err *err)
{
	int64_t there = 0;
	if (!store_get_int(verify->store, COUNT_SQL, &there, err))
		return false;
	return there == verify->adopted ||
	       verify_differs(verify, "pack.n", -1,
	                      "%" PRId64 " packs were adopted, and there are %" PRId64,
	                      verify->adopted, there);
}

/* The row's key as text: "id 17409", "office screener, account …, since …". */
static void write_key(const struct view *view, struct store_stmt *row, struct buf *out)
{
	for (int i = 0; i < view->key; i++) {
		struct str value = store_str(row, i);
		buf_format(out, "%s%s %.*s", i ? ", " : "", view->columns[i],
		           STR_ARG(str_sub(value, 0, 80)));
	}
}

static bool tell(struct verify *verify, const struct view *view, int column, struct store_stmt *row,
                 const char *what)
{
	CLEANUP(buf_finish) struct buf key = { 0 };
	buf_init(&key, 1024);
	write_key(view, row, &key);
	struct str where = arena_format(verify->arena, "%s.%s", view->name, view->columns[column]);
	return verify_differs(verify, where.p ? where.p : view->name, -1, "%s of %.*s %s",
	                      view->name, STR_ARG(buf_str(&key)), what);
}

static bool same_rows(struct verify *verify, const struct view *view, struct store_stmt *kept,
                      struct store_stmt *made)
{
	for (int i = 0; view->columns[i]; i++) {
		if (store_same(kept, made, i))
			continue;
		if (i < view->key)
			return tell(verify, view, i, kept,
			            "is a row that the entries do not make, or stands where"
			            " another is gone");
		return tell(verify, view, i, kept, "is not what the entries make");
	}
	return true;
}

static bool check_view(struct verify *verify, const struct view *view, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *kept = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *made = NULL;
	if (!store_prepare(verify->views, view->kept_sql, &kept, err) ||
	    !store_prepare(verify->views, view->shadow_sql, &made, err))
		return false;
	for (;;) {
		enum store_step here = store_step(kept, err);
		if (here == STORE_FAILED)
			return false;
		enum store_step there = store_step(made, err);
		if (there == STORE_FAILED)
			return false;
		if (here == STORE_DONE && there == STORE_DONE)
			return true;
		if (here == STORE_DONE)
			return tell(verify, view, 0, made, "is gone");
		if (there == STORE_DONE)
			return tell(verify, view, 0, kept, "is a row that the entries do not make");
		if (!same_rows(verify, view, kept, made))
			return false;
	}
}

bool verify_views(struct verify *verify, struct err *err)
{
	if (!check_packs(verify, err) || !verify_fold_end(verify, err))
		return false;
	for (size_t i = 0; i < VIEWS_N; i++) {
		if (verify->progress)
			verify->progress(verify->progress_ctx, book_views[i].name, (int64_t)i,
			                 VIEWS_N);
		if (!check_view(verify, &book_views[i], err))
			return false;
	}
	return true;
}
