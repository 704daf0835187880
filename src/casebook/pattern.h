/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Patterns over the files that they are about. Reads alone: the turn and the
 * night make the entries, verify asks whether they were rightly made.
 *
 * P1. A pattern is found by the entry with which it is true and without which
 *     it is not. One that was never found on a file is found as soon as it is
 *     true at an entry that it listens to: what was true before its pack was
 *     adopted is found once, at the next entry.
 * P2. While its pattern duty is open it is not found again: an entry that is
 *     counted is added to the open duty.
 * P3. After the answer not-a-pattern one counted entry more finds it.
 * P4. On files that have ended, or are destroyed, nothing is found.
 * P5. Where it opens a duty for each who is silent, one of them who owes none
 *     yet is no old matter: he is added to what is open, and after an answer
 *     the pattern is found anew, by the next entry or at night.
 * P6. After another answer it is found when it becomes true anew, or when it
 *     becomes true of what was written since that answer alone: what goes on
 *     while it is true is found as what began it was.
 */
#ifndef CANDOUR_CASEBOOK_PATTERN_H
#define CANDOUR_CASEBOOK_PATTERN_H

#include "casebook/turn.h"

#define PATTERN_ENTRIES_MAX 20 /* entries that pattern.found names */

/* Files that an entry concerns are looked at up to this many for a pattern. */
#define PATTERN_REACHED_MAX 48
/* Beyond this much memory no more is looked at for one act. */
#define PATTERN_LOOKS_MAX ((size_t)24 << 20)

/*
 * One entry, or one night, looked at for patterns: what several of them ask is
 * read once. Borrows the fold and the entry; its memory is the fold's `looks`,
 * which lasts as long as the act.
 */
struct pattern_eye {
	struct fold *fold;
	const struct folding *entry; /* NULL: a night */
	instant now;
	const struct pack_kind *woken; /* whose patterns are woken; NULL: none */
	struct file_row *own;          /* of the entry's file */
	struct pattern_near *nears;
	struct pattern_row *rows;
	struct pattern_file *files;
	struct world_gathered *gathered;
};
bool pattern_eye_open(struct fold *fold, const struct folding *entry, struct pattern_eye *out,
                      struct err *err) MUST_USE;
/* The newest night at or before an instant: 03:00 of a local day. */
instant pattern_night(const struct zone *zone, instant at);
/* The same of a file, at night. */
bool pattern_eye_night(struct fold *fold, int64_t file, instant now, struct pattern_eye *out,
                       struct err *err) MUST_USE;
/* Whether there is memory to look further. */
bool pattern_eye_has_room(const struct pattern_eye *eye);
/* A file's row as it is now. */
bool pattern_eye_row(struct pattern_eye *eye, int64_t n, struct file_row **out,
                     struct err *err) MUST_USE;

/* What is known of a pattern on a file. */
struct pattern_known {
	const struct pack_pattern *pattern;
	bool was_found;
	bool is_open;    /* a pattern duty of it: each of its owners owes one */
	bool is_refuted; /* every answer was not-a-pattern */
	int64_t opened;  /* entry that opened the duties */
	int64_t duty;    /* the first that is open, or the first */
	int64_t newest;
	int64_t answered; /* the newest entry that settled one; -1: none did */
};
bool pattern_known(struct pattern_eye *eye, const struct pack_pattern *pattern, int64_t file,
                   struct pattern_known *out, struct err *err) MUST_USE;

/* An entry added to one that is open: what is kept of the file says so. */
void pattern_added(struct fold *fold, const struct pack_pattern *pattern, int64_t file,
                   int64_t entry);

/* Whether anything may be found on the file (P4). */
bool pattern_may_rest_on(const struct pack_pattern *pattern, const struct file_row *row);

/* What it sees: `row` and what is joined to it as the entries below `up_to` left them, at an
 * instant. */
struct entry_world;
void pattern_show(struct pattern_eye *eye, const struct pack_pattern *pattern, struct file_row *row,
                  int64_t up_to, instant now, struct entry_world *out);
/* The pattern's condition over `row` as the entries below `up_to` left it, at an instant. */
bool pattern_holds(struct pattern_eye *eye, const struct pack_pattern *pattern,
                   struct file_row *row, int64_t up_to, instant now, bool *holds,
                   struct err *err) MUST_USE;

/* The entries that it counts there, oldest first; at most the newest PATTERN_ENTRIES_MAX. `more`
 * is one of them, or -1. */
bool pattern_counted(struct pattern_eye *eye, const struct pack_pattern *pattern,
                     struct file_row *row, int64_t up_to, int64_t more,
                     int64_t out[PATTERN_ENTRIES_MAX], size_t *count, struct err *err) MUST_USE;

/* A file that an entry concerns. */
struct pattern_reached {
	int64_t file;
	bool is_joined; /* the entry is among those that the pattern looks over */
};
/* The files that the pattern is about and the entry concerns. */
bool pattern_reach(struct pattern_eye *eye, const struct pack_pattern *pattern,
                   struct pattern_reached out[PATTERN_REACHED_MAX], size_t *count,
                   struct err *err) MUST_USE;
/* Whether the pattern looks through the relation. */
bool pattern_is_through(const struct pack_pattern *pattern, const struct pack_relation *relation);

/* What an entry does to a pattern on a file that it concerns. */
enum pattern_found {
	PATTERN_NOT_FOUND,
	PATTERN_FOUND,
	PATTERN_ADDED, /* to the duty that is open */
};
struct pattern_looked {
	enum pattern_found found;
	struct pattern_known known;
	struct file_row *row;
	int64_t up_to; /* the entries below it were looked at */
};
bool pattern_look(struct pattern_eye *eye, const struct pack_wake *wake,
                  const struct pattern_reached *reached, int64_t up_to, struct pattern_looked *out,
                  struct err *err) MUST_USE;

#define PATTERN_OFFICES_MAX 16 /* offices of each sort that pattern.found names */
struct pattern_offices {
	struct str at[PATTERN_OFFICES_MAX]; /* lives in fold->looks */
	size_t count;
};
/* For whom a pattern waits, where it opens a duty for each of them. */
struct pattern_awaited {
	struct pattern_offices silent; /* who wrote nothing within the period */
	struct pattern_offices others; /* who did, of another agency than the pattern's owner */
};
/* Whether it opens a duty for each who is silent, or for each of the others. */
bool pattern_opens_each(const struct pack_pattern *pattern);
/* By what the eye sees; none where it opens no such duty. */
bool pattern_awaited(struct pattern_eye *eye, const struct pack_pattern *pattern,
                     struct file_row *row, int64_t up_to, struct pattern_awaited *out,
                     struct err *err) MUST_USE;
/* Whether the office owes the duty on the file, alone or with others. */
bool pattern_is_owed(struct fold *fold, const struct file_row *there, const struct pack_duty *rule,
                     struct str office, bool *owes, struct err *err) MUST_USE;
/* Whether somebody is silent who owes nothing yet of what it opens for each of them (P5). */
bool pattern_is_newly_silent(struct pattern_eye *eye, const struct pack_pattern *pattern,
                             struct file_row *row, int64_t up_to, bool *is,
                             struct err *err) MUST_USE;
/* As lists of the entry's plain fields, "silent" and "others"; no list where there are none. */
void pattern_put_awaited(struct arena *arena, struct json *plain,
                         const struct pattern_awaited *awaited);
/* Whether an entry's plain fields name these, in this order. */
bool pattern_is_awaited(const struct json *plain, const struct pattern_awaited *awaited);

/* Whether time alone, from `last` to `now`, makes it true of what was written since the answer
 * (P6).
 */
bool pattern_anew_by(struct pattern_eye *eye, const struct pattern_known *known,
                     struct file_row *row, int64_t up_to, instant last, instant now, bool *is,
                     struct err *err) MUST_USE;

/* Whether what is found now leaves room for what else follows from the act: `followed` entries
 * did, and `files` more are in hand than the fold knows of. */
bool pattern_has_room(const struct fold *fold, int64_t followed, size_t files);
/* Step 12 of the turn: what is found by an entry, each as an entry of the register. */
bool turn_patterns(struct turn *turn, const struct folding *entry, int depth,
                   struct err *err) MUST_USE;
/* Makes pattern.found. `cause`: the entry by which it is found, or -1. */
bool turn_pattern_found(struct turn *turn, struct pattern_eye *eye,
                        const struct pack_pattern *pattern, const struct pattern_looked *looked,
                        int64_t cause, int depth, struct err *err) MUST_USE;

#endif
