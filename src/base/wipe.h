/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Memory that held somebody's words, before it is given back. */
#ifndef CANDOUR_BASE_WIPE_H
#define CANDOUR_BASE_WIPE_H

#include <stddef.h>

/* Zeroes the bytes, also where nothing reads them any more. `at` may be NULL when n is 0. */
void base_wipe(void *at, size_t n);

#endif
