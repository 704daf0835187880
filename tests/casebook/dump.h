/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every row and column of the views as one text, and where two such texts part. */
#ifndef CANDOUR_TESTS_CASEBOOK_DUMP_H
#define CANDOUR_TESTS_CASEBOOK_DUMP_H

#include "casebook/fixture.h"
#include "casebook/views.h"

static inline void dump_view(struct fixture *f, struct store *store, const struct view *view, struct buf *out)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	MUST(f, store_prepare(store, view->kept_sql, &rows, &f->err));
	for (;;) {
		enum store_step step = store_step(rows, &f->err);
		assert_int_not_equal(step, STORE_FAILED);
		if (step == STORE_DONE)
			return;
		buf_add(out, str_from_c(view->name));
		for (int i = 0; view->columns[i]; i++) {
			buf_format(out, " %s=", view->columns[i]);
			if (store_is_null(rows, i))
				buf_add(out, STR("NULL"));
			else
				buf_add(out, store_str(rows, i));
		}
		buf_add_char(out, '\n');
	}
}

/* The views as they are in the file; free it by buf_finish. */
static inline struct buf dump(struct fixture *f)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	struct buf out;
	const char *path = file_join(f->arena, f->dir, BOOK_DATABASE);
	buf_init(&out, (size_t)256 << 20);
	MUST(f, store_open(path, STORE_READ, &store, &f->err));
	for (size_t i = 0; i < VIEWS_N; i++)
		dump_view(f, store, &book_views[i], &out);
	assert_false(out.full);
	return out;
}

static inline void assert_same_dump(const struct buf *before, const struct buf *after)
{
	struct str a = buf_str(before), b = buf_str(after), one, other;
	while (a.n && b.n && str_cut(&a, '\n', &one) && str_cut(&b, '\n', &other)) {
		if (!str_eq(one, other))
			fail_msg("views differ:\n%.*s\n%.*s", STR_ARG(one), STR_ARG(other));
	}
	assert_int_equal(before->n, after->n);
}

#endif
