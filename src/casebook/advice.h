/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: advice on the words of an act, before or while it is made an entry. */
#ifndef CANDOUR_CASEBOOK_ADVICE_H
#define CANDOUR_CASEBOOK_ADVICE_H

#include "casebook/query.h"
#include "casebook/turn.h"

/* What to advise of the texts in `fields`, of the file that `shown` shows; the texts are borrowed.
 */
bool advice_find(const struct pack_world *shown, const struct pack_kind *kind,
                 const struct json *fields, struct arena *arena, const struct casebook_advice **out,
                 size_t *count, struct err *err) MUST_USE;

/* Names in the act's plain fields on what there was advice (`advised`), so that it can be counted
 * by office without its words. */
bool advice_note(struct turn *turn, const struct judged *judged, struct err *err) MUST_USE;

#endif
