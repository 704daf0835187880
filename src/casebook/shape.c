/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/shape.h"

#include "base/base.h"

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

/*
 * The SHA-256 of the tables and indexes that the migrations of a register make. Whatever else is
 * there is compared with a fresh database, so that an older sum costs time alone.
 */
#define OWN_SHAPE "19b1273ab7e7230fa5a42fea0e6804984cebbed3cc2b95f69368b380afbe3e47"

bool shape_is_known(struct store *store, bool *is_known, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(TEXTS_MAX);
	struct str is;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to look at the database");
	if (!store_shape(store, arena, &is, err))
		return false;
	struct hash sum = hash_of(is);
	*is_known = str_eq(hash_hex(arena, &sum), STR(OWN_SHAPE));
	return true;
}

bool shape_is_own(struct casebook *book, bool *is_own, struct err *err)
{
	int64_t number;
	if (!store_shape_number(book->store, &number, err))
		return false;
	*is_own = number == book->shape_number;
	if (*is_own)
		return true;
	if (!shape_is_known(book->store, is_own, err) ||
	    (!*is_own && !shape_fits(book->store, "register", is_own, err)))
		return false;
	if (*is_own)
		book->shape_number = number;
	return true;
}
