/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The engine's own check of both databases, in a thread beside the walk over
 * the entries: neither needs anything of the other. Each check has a
 * connection of its own. What the check finds comes before what the walk
 * found, because on damaged pages rows may seem to be what they are not.
 */
#include "casebook/verify.h"

static void check_both(struct verify_pages *pages)
{
	for (size_t i = 0; i < COUNT_OF(pages->at); i++)
		pages->at[i].fits = store_check_pages(pages->at[i].store, &pages->at[i].why);
}

static void *run(void *ctx)
{
	check_both(ctx);
	return NULL;
}

static bool open_both(struct verify *verify, struct verify_pages *pages, struct err *err)
{
	char path[BOOK_PATH_MAX];
	pages->at[0].where = "register.pages";
	pages->at[1].where = "keys.pages";
	return verify_path(verify, BOOK_DATABASE, path, err) &&
	       store_open_on(verify->vfs, path, STORE_READ, &pages->at[0].store, err) &&
	       verify_path(verify, "keys/keys.db", path, err) &&
	       store_open(path, STORE_READ, &pages->at[1].store, err);
}

static void close_both(struct verify_pages *pages)
{
	for (size_t i = 0; i < COUNT_OF(pages->at); i++)
		store_close(pages->at[i].store);
}

bool verify_pages_begin(struct verify *verify, struct verify_pages *pages, struct err *err)
{
	*pages = (struct verify_pages){ .has_thread = false };
	if (!open_both(verify, pages, err)) {
		close_both(pages);
		return false;
	}
	if (verify->progress)
		verify->progress(verify->progress_ctx, "pages", 0, 1);
	/* The disk of a simulation knows one thread. */
	pages->has_thread = !verify->vfs && pthread_create(&pages->thread, NULL, run, pages) == 0;
	if (!pages->has_thread)
		check_both(pages);
	return true;
}

bool verify_pages_end(struct verify *verify, struct verify_pages *pages, struct err *err)
{
	if (pages->has_thread)
		(void)pthread_join(pages->thread, NULL);
	if (verify->progress)
		verify->progress(verify->progress_ctx, "pages", 1, 1);
	close_both(pages);
	for (size_t i = 0; i < COUNT_OF(pages->at); i++) {
		const struct verify_page_check *check = &pages->at[i];
		if (check->fits)
			continue;
		if (check->why.code == ERR_INPUT || store_says_damaged(&check->why)) {
			verify->has_found = false;
			return verify_differs(verify, check->where, -1, "%s", check->why.message);
		}
		if (!verify->has_found)
			*err = check->why;
		return false;
	}
	return true;
}
