/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Work cut into parts that several threads share. Which thread does a part never shows in what
 * comes of it. Private to the room. */
#ifndef CANDOUR_MATCH_WORK_H
#define CANDOUR_MATCH_WORK_H

#include <stdbool.h>
#include <stddef.h>

#define WORK_THREADS_MAX 64

/* One part by one thread, `thread` below the number of threads. False ends the work. */
typedef bool work_part(void *ctx, size_t part, unsigned thread);

/* Every part once, in no order. False: a part said so, or no thread could be had at all. */
bool work_share(unsigned threads, size_t parts, work_part *part, void *ctx);

#endif
