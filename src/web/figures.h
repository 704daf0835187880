/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: what was done in time and late, quarter by quarter, as
 * anybody may count it. Numbers so small that they could point to somebody are
 * "fewer than 6" or withheld. A sum has those in it as well, for what offices
 * owe is told whole; where that would give one of them away it leaves them out,
 * and says how many rules are.
 */
#ifndef CANDOUR_WEB_FIGURES_H
#define CANDOUR_WEB_FIGURES_H

#include "web/page.h"

/* A whole quarter. Texts live as long as the request. */
struct figures_quarter {
	struct str name; /* "2026-3" */
	struct str text; /* "July to September 2026" */
	bool is_last;    /* the one that ended last */
	int64_t owed;    /* by law or guidance, those left out apart */
	int64_t in_time;
	int64_t written_late; /* done in time, recorded late: among the late */
	int64_t left_out;     /* rules withheld that are in no sum; 0: all are in it */
	struct {
		int64_t rules;
		int64_t owed;
		int64_t in_time;
		int64_t written_late;
	} withheld; /* of what is withheld, by law or guidance */
	bool has_rows;
	bool has_withheld;
	bool has_told;
	int64_t few; /* rules owed so few times that nothing of them is told */
	struct json
		*rows; /* {rule, what, is_by_law, owed, in_time, late}, and for charts n, late_n */
};

struct figures {
	struct figures_quarter at[CASEBOOK_SPANS_MAX]; /* the oldest first */
	size_t count; /* from the first in which anything was due */
	size_t chosen;
	bool is_whole; /* all duties were looked at */
};

/* Counts, and chooses by `quarter` of the query. ERR_ABSENT: no such quarter is told. */
bool figures_read(struct web_request *request, struct casebook_reader *reader, struct figures *out,
                  struct err *err) MUST_USE;

struct str figures_count(struct arena *arena, int64_t n);

/* What a rule asks, in the words the public reads where the pack has them; else its title. */
struct str figures_what(struct web_request *request, struct str rule, struct str title);

/* One bar of a chart. Not shown: its name stands there, and "withheld". */
struct figures_bar {
	struct str name;
	int64_t in_time;
	int64_t late;
	bool is_shown;
};

/*
 * A chart drawn twice, for wide and for narrow screens: {id, title, wide, tall},
 * each {box, bars}. `id` is unique on the page.
 */
struct json *figures_chart(struct arena *arena, const char *id, struct str title,
                           const struct figures_bar *bars, size_t count);

#endif
