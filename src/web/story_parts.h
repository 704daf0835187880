/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: one chronology over a file and those linked to it, of a
 * person over all files that are joined to it and what is linked to each. It is
 * gathered whole from the plain side, filtered and drawn from that; seals open
 * for the lines that are shown alone.
 */
#ifndef CANDOUR_WEB_STORY_PARTS_H
#define CANDOUR_WEB_STORY_PARTS_H

#include "web/draft.h"
#include "web/practice.h"
#include "web/same.h"

#define STORY_FILES_MAX 200
#define STORY_ENTRIES_MAX 5000 /* the newest of them; said where there are more */
#define STORY_ROWS 50
#define STORY_PRINTED 1000

/* What the address asks for. */
struct story_filter {
	struct str lane; /* an agency, or one of the two below; empty: all */
	struct str kind; /* a kind, or a part of the rules (no dot in it); empty: all */
	struct str from_text, to_text;   /* days, "2026-11-26"; what is no day as it was typed */
	instant from, to;                /* INSTANT_MIN, INT64_MAX: no bound; to is not in it */
	struct str from_wrong, to_wrong; /* what is wrong with it, as a sentence; else empty */
	bool own_words;                  /* the person's own words alone */
	bool people;                     /* files of other people too */
	bool newest_first; /* else a story is read forward, and the page that is shown is its newest
	                    */
	bool from_start;   /* read forward from the very first */
	bool opens;        /* every seal of what is shown, each a recorded reading */
	bool prints;
	int64_t after;  /* the entry that the page before ended with; -1: none */
	int64_t before; /* the entry that the page behind begins with; -1: none */
};

struct story_file {
	struct casebook_file file;
	struct casebook_access access;
	struct casebook_duty_list duties;
};

/* Who writes: the agencies of the rules, and two more. */
struct story_lane {
	struct str code;
	struct str title;
	size_t count;
};

struct story_line {
	const struct casebook_entry *entry;
	const struct story_file *of;
	size_t lane;
	bool has_own_words;  /* its rules want them */
	bool may_have_words; /* its rules ask for them: whether any were written, its seal tells */
};

struct file_page;

struct story {
	struct web_request *request;
	struct casebook_reader *reader;
	struct casebook_file of;
	const struct file_page *page; /* that it is part of; NULL: it is a page of its own */
	const struct same *same;      /* its page's; NULL: it is still to be found */
	struct story_filter filter;
	struct story_file
		*files; /* those that the viewer may know of; the first is the file itself */
	size_t file_count;
	size_t same_count; /* of those, files of the same person besides the file itself */
	int64_t *seen;     /* files that were looked at */
	size_t seen_count;
	size_t people_left; /* files of other people that were left out */
	struct story_lane *lanes;
	size_t lane_count;
	size_t *closed; /* by lane: entries of files that are not for this viewer */
	const struct casebook_office *offices;
	size_t office_count;
	struct story_line *all; /* newest first, by when it happened */
	size_t all_count;
	struct story_line *found; /* those that pass the filter, in the order asked for */
	size_t found_count;
	const struct casebook_entry **corrections; /* among all */
	size_t correction_count;
	bool is_cut;
};

/* The part of the rules that has a kind, as filters name it ("child-protection"), and as people
 * read it. */
struct str story_part(const struct pack_kind *kind);
struct str story_part_title(struct arena *arena, const struct pack_kind *kind);

/* Reads the filter of the address. With a day that is none it asks for no paper. */
void story_read_filter(struct web_request *request, struct story_filter *out);
/* Files, lanes and lines of `of`; request and reader are the story's. */
bool story_gather(struct story *story, const struct casebook_file *of, struct err *err) MUST_USE;
/* chips[], agencies[], parts[], from, to and the rest of the form. */
void story_put_filter(const struct story *story, struct json *model);
/* What is wrong with the days, as errors of the page. */
void story_put_errors(const struct story *story, struct json *page);
/* "?agency=NAME&from=2026-03-01" with a page's end: `at` is "after" or "before". */
struct str story_query(const struct story *story, const char *at, int64_t entry);
/* rows[], previous, next, closed[], newest_href. */
bool story_put_rows(const struct story *story, struct json *model, struct err *err) MUST_USE;
/* Whether it is the file of somebody else than the person whom the story is of. */
bool story_is_of_other(const struct story *story, const struct casebook_file *file);
/* The index of the agency of that office; lane_count - 1, the register's own: it has none. */
size_t story_lane_of_office(const struct story *story, struct str office);
/*
 * Who knows the person, from all that was gathered, whatever the filter shows: known {type, sum,
 * since, has_rows, rows[{agency, has_contact, first, last, n, sorts[{title, n}], owed, late,
 * is_awaited, offices[]}], picture, is_cut, looked_n}, those with the first contact on top.
 */
bool story_put_known(const struct story *story, struct json *model, struct err *err) MUST_USE;
/* The picture of what was found, and its table. */
void story_put_picture(const struct story *story, struct json *model);
/* A field that holds words to the letter on a file of a person, or is named "said" on any, is that
 * person's own. */
bool story_is_own(const struct casebook_file *of, const struct pack_field *field);
/* Whether the line tells that something was late, or that this was read. */
bool story_is_telling(const struct story_line *line);
/* Where the row that begins with a found line ends: lines that tell, one after the other without a
 * silence, are one. */
size_t story_run(const struct story *story, size_t from);
/* Puts such a run: {is_told, days, title, duties[{what, rule, told_to, read_by}], lines[], last}.
 */
void story_put_told(const struct story *story, size_t from, size_t until, struct json *rows);
/* Only to be read, where what it tells of is late: no work of its own in a list of what is owed. */
bool story_is_told_alone(const struct story *story, const struct casebook_duty *duty);
/* All of it as model.story. */
bool story_put(struct story *story, struct json *model, struct err *err) MUST_USE;

#endif
