/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: how rows are sealed for an off-site copy. */
#ifndef CANDOUR_CASEBOOK_OFFSITE_PARTS_H
#define CANDOUR_CASEBOOK_OFFSITE_PARTS_H

#include <stdio.h>

#include "casebook/book.h"

#define OFFSITE_PURPOSE STR("off-site")
#define OFFSITE_BOUND_MAX 64

/* A sealed row belongs to its part and number: moved elsewhere it does not open. */
static inline struct str offsite_bound(char out[OFFSITE_BOUND_MAX], struct str part, int64_t n)
{
	int length = snprintf(out, OFFSITE_BOUND_MAX, "%.*s %" PRId64, STR_ARG(part), n);
	return (struct str){ out, length > 0 ? (size_t)length : 0 };
}

#endif
