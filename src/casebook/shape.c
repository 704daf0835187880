/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/shape.h"


#define TEXTS_MAX ((size_t)4 << 20)

bool shape_fits(struct store *store, const char *set, bool *fits, struct err *err)
{
	CLEANUP(store_cleanup) struct store *fresh = NULL;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(TEXTS_MAX);
	struct str is, must;
	*fits = false;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to look at the database");
	if (!store_open(":memory:", STORE_CREATE, &fresh, err) || !store_migrate(fresh, set, err) ||
	    !store_shape(store, arena, &is, err) || !store_shape(fresh, arena, &must, err))
		return false;
	*fits = str_eq(is, must);
	return true;
}

bool shape_is_own(struct casebook *book, bool *is_own, struct err *err)
{
	int64_t number;
	*is_own = book->is_brief || book->vfs;
	if (*is_own)
		return true;
	if (!store_shape_number(book->store, &number, err))
		return false;
	*is_own = number == book->shape_number;
	if (*is_own)
		return true;
	if (!shape_fits(book->store, "register", is_own, err))
		return false;
	if (*is_own)
		book->shape_number = number;
	return true;
}
