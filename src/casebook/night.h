/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: which files a night looks at, and for which patterns.
 * Files at which something ends between two nights: those of the entries made
 * since the last, of the entries whose period ends, and of those born in the
 * month whose age is reached. Each period is gone through once, for all the
 * patterns that wait for it.
 */
#ifndef CANDOUR_CASEBOOK_NIGHT_H
#define CANDOUR_CASEBOOK_NIGHT_H

#include "casebook/pattern.h"

/* What some patterns wait for; the first of a plan: the entries made since. */
struct night_wait {
	bool is_since;
	struct pack_wait wait;
	uint64_t types; /* files that may concern them */
	const struct pack_pattern **patterns;
	size_t count;
	/* Before which entry its window of the night before ended, if the plan lasts; else 0. */
	int64_t ended;
};

struct night_plan {
	const struct pack *pack;
	struct night_wait *waits;
	size_t count;
};

/* The first night past an instant. */
instant night_after(const struct zone *zone, instant at);

/* What the pack's patterns wait for. */
bool night_plan_make(const struct pack *pack, struct night_plan *out, struct err *err) MUST_USE;
void night_plan_finish(struct night_plan *plan); /* a blank one too */

/*
 * What was looked at this night: a file comes again by each of its entries and for each period, and
 * is asked once. What is written meanwhile is looked at in the turn that writes it, and next night.
 */
struct night_once;
struct night_once *night_once_create(void); /* NULL: there is no memory */
void night_once_destroy(struct night_once *once);
void night_once_forget(struct night_once *once);
/* Whether it is the first time. Full, it always is. `is_reached`: looked at, else looked from. All
 * take NULL. */
bool night_once(struct night_once *once, const struct pack *pack,
                const struct pack_pattern *pattern, int64_t file, bool is_reached);

/* The next file to be looked at, and for which pattern; *file -1: there is none left. */
bool night_next(struct fold *fold, struct night_plan *plan, struct book_night *night,
                const struct pack_pattern **pattern, int64_t *file, struct err *err) MUST_USE;

/* Whether the night finds the pattern there: true this night, and never found, or not true when it
 * was last known to be, or the night before. Over the entries below `up_to`. */
bool night_look(struct pattern_eye *eye, const struct pack_pattern *pattern, int64_t file,
                const struct book_night *night, int64_t up_to, struct pattern_looked *out,
                struct err *err) MUST_USE;

#endif
