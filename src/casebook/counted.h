/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Fields that the register counts by itself, as the views stand when the act is recorded. */
#ifndef CANDOUR_CASEBOOK_COUNTED_H
#define CANDOUR_CASEBOOK_COUNTED_H

#include "pack/pack.h"
#include "store/store.h"

/* Puts each counted number of the kind into `plain`; none: nothing is asked of the store. */
bool counted_set(struct store *store, struct arena *arena, const struct pack_kind *kind,
                 instant now, struct json *plain, struct err *err) MUST_USE;

/* Whether `plain` says of each what counted_set would; ERR_INPUT: it says another number. */
bool counted_check(struct store *store, const struct pack_kind *kind, instant now,
                   const struct json *plain, struct err *err) MUST_USE;

/* The same of codes that entries of linked files have said, seen from the act's file as the entries
 * before left it. */
bool counted_say(const struct pack_world *shown, struct arena *arena, const struct pack_kind *kind,
                 struct json *plain, struct err *err) MUST_USE;
bool counted_said(const struct pack_world *shown, const struct pack_kind *kind,
                  const struct json *plain, struct err *err) MUST_USE;

#endif
