/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what the parts of My work share. */
#ifndef CANDOUR_WEB_WORK_H
#define CANDOUR_WEB_WORK_H

#include "web/draft.h"
#include "web/practice.h"

#define WORK_TOLD 10 /* lines of "Told to you" that are shown */

enum work_group {
	WORK_LATE,
	WORK_TODAY,
	WORK_BEFORE, /* the next working day's opening */
	WORK_WEEK,
	WORK_LATER,
	WORK_GROUPS,
};

/* The last instant of each group. */
struct work_bounds {
	instant bound[WORK_GROUPS];
	struct day next_day; /* the next working day */
};

/* What one act settles together: one row, by the first of them that is due. */
struct work_kin {
	struct str rule;
	struct str office;
	int64_t file;
	struct json *row;
	int64_t count;
};

struct work {
	struct web_request *request;
	struct casebook_reader *reader;
	struct work_bounds bounds;
	struct json *rows[WORK_GROUPS];
	struct work_kin kin[WORK_GROUPS][PRACTICE_ROWS]; /* by row */
	struct json *bursts[WORK_GROUPS];
	size_t shown[WORK_GROUPS]; /* rows of this page */
	int64_t due[WORK_GROUPS];  /* all that is owed, on whatever page it stands */
	struct casebook_due_counts rest;
	struct json *told;
	size_t told_count;
	bool shows_initials;
	bool is_first;
	bool has_more;
	bool has_bursts;
};

/* The bursts of an office (n 0: of all that is late), none where `open` are too few for one. */
bool work_bursts(struct web_request *request, struct casebook_reader *reader, struct str office,
                 int64_t open, const struct casebook_burst **out, size_t *count,
                 struct err *err) MUST_USE;
/* One as a row: {what, line, href, count, due, is_late, late, office, has_marked, marked}. */
struct json *work_burst_row(struct web_request *request, const struct casebook_burst *burst);
/* A line of "Told to you": what was late, on which file, and how to say that it was read. */
bool work_add_told(struct work *work, const struct casebook_duty *duty, struct err *err) MUST_USE;
/* Sets the row's initials from the words that began its file: a recorded reading. */
bool work_initials(struct work *work, const struct casebook_duty *duty, struct json *row,
                   struct err *err) MUST_USE;
/* From 3pm of the last working day before others are off: what falls due before they are back, and
 * what those who stand in see of it: weekend, or null. On the first page alone. */
bool work_put_weekend(struct work *work, struct json *model, struct err *err) MUST_USE;
/* What others wrote that this account has not opened yet: answers[]. */
bool work_put_answers(struct work *work, struct json *model, struct err *err) MUST_USE;
/* The drafts of this account in this office. */
bool work_put_drafts(struct work *work, struct json *model, struct err *err) MUST_USE;

#endif
