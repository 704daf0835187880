/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the sources of the fold share among themselves. */
#ifndef CANDOUR_CASEBOOK_FOLD_PARTS_H
#define CANDOUR_CASEBOOK_FOLD_PARTS_H

#include "casebook/fold.h"

/* Writes rows in hand back. */
bool fold_write_rows(struct fold *fold, struct err *err) MUST_USE;

/* Keeps view born as the file's facts say. */
bool fold_born(struct fold *fold, struct file_row *row, struct err *err) MUST_USE;

/* Files keep their state by its name, or by the one that stands for it, though the new pack counts
 * its states otherwise. */
bool fold_states_anew(struct fold *fold, const struct pack *old, const struct pack *new,
                      struct err *err) MUST_USE;

/* The instant a date, month or instant value names: a date begins its local day. */
bool fold_instant(const struct fold *fold, struct str text, instant *out) MUST_USE;

/* Owes it, owes it together with another, or stands in as the first held office above a vacant one.
 */
bool fold_owes(struct fold *fold, int64_t id, struct str owner, struct str office, bool *out,
               struct err *err) MUST_USE;
/* Whether the entry that opened the duty names the same file in the field as `plain` does, and asks
 * no other question (pack_asks_who). */
bool fold_agrees(struct fold *fold, int64_t id, const struct json *plain, struct str field,
                 bool *agrees, struct err *err) MUST_USE;
/* Whether what is recorded now, and happened then, is no older than the duty `id` asks of what
 * settles it. */
bool fold_counts(struct fold *fold, int64_t id, const struct pack_settle *line,
                 const struct json *plain, instant recorded, instant happened, bool *counts,
                 struct err *err) MUST_USE;
/* Settles open duties on `row` as the line says. */
bool fold_settle(struct fold *fold, struct file_row *row, const struct folding *entry,
                 const struct pack_settle *line, struct err *err) MUST_USE;
/* Ends all open duties of `rule` on `row`. */
bool fold_end_rule(struct fold *fold, struct file_row *row, const struct folding *entry,
                   const struct pack_duty *rule, struct err *err) MUST_USE;

/* Ends the open duties that are about the duty `id`. */
bool fold_end_about(struct fold *fold, int64_t id, const struct folding *entry,
                    struct err *err) MUST_USE;

/* A plain value as a code: the string, yes or no for true and false, p NULL for others. */
struct str plain_code(const struct json *value);
/* As above, and numbers as their decimals, in `arena`. */
struct str plain_value(struct arena *arena, const struct json *value);

/* "D17.1" and its number. */
bool duty_name_read(struct str name, int64_t *id) MUST_USE;
struct str duty_name_write(struct arena *arena, int64_t id);
/* Whether it was opened by the entry that a field of an act names. */
bool duty_is_of(int64_t id, const struct json *plain, struct str field);

/* The facts that the pack now in force asks of files otherwise than `old`, or alone, from their
 * entries so far. */
bool fold_facts_of_pack(struct fold *fold, const struct pack *old, struct err *err) MUST_USE;
/* Facts as the row of a file holds them. */
bool fold_facts_text(struct arena *arena, const struct file_row *row, struct str *out,
                     struct err *err) MUST_USE;
/* Facts that the entry's kind feeds; true: one has another value. */
bool fold_facts(struct fold *fold, struct file_row *row, const struct folding *entry);
/* Facts that a field of this name feeds, anew over the file's entries with their corrections. */
bool fold_facts_anew(struct fold *fold, struct file_row *row, const struct folding *entry,
                     struct str field, bool *changed, struct err *err) MUST_USE;
/* Acts that wait on the file fall: what others agreed to is another thing now. */
bool fold_end_waiting(struct fold *fold, const struct file_row *row, const struct folding *entry,
                      struct err *err) MUST_USE;

/* Of which offices the entry is, for the patterns about them: their files. `parts`: of
 * PACK_OF_OFFICE. */
bool fold_offices_of(const struct fold *fold, const struct folding *entry, unsigned parts,
                     int64_t *out, size_t max, size_t *count, struct err *err) MUST_USE;
bool fold_office_entry(struct fold *fold, const struct folding *entry, struct err *err) MUST_USE;

/* What goes over to whoever makes the entry (takes). */
bool fold_taken(struct fold *fold, const struct folding *entry, struct err *err) MUST_USE;

/* Restrictions that the kind places, renews or lifts. */
bool fold_restrict(struct fold *fold, const struct file_row *row, const struct folding *entry,
                   struct err *err) MUST_USE;

/* Links of a kind, and those of built-in ones. */
bool fold_link(struct fold *fold, struct file_row *row, const struct folding *entry,
               const struct pack_relation *relation, struct str other, struct err *err) MUST_USE;

/* --- the register's own kinds --------------------------------------------------------------- */

typedef bool fold_meaning(struct fold *fold, struct file_row *row, const struct folding *entry,
                          struct err *err);
struct fold_meanings {
	const char *kind;
	fold_meaning *meaning;
};
/* What an entry of the kind means; NULL: none of these. */
fold_meaning *fold_meaning_of(const struct fold_meanings *of, size_t count, struct str kind);
fold_meaning fold_pattern_found;
fold_meaning *fold_people_meaning(struct str kind);
fold_meaning *fold_second_meaning(struct str kind);

/* A plain text of the entry. */
struct str folding_text(const struct folding *entry, struct str name);
/* ERR_FAULT: an entry of the register's own lacks what its kind needs. False. */
bool folding_lacks(struct err *err, const struct folding *entry, const char *what);
/* Runs a statement with text parameters, then integer ones, in their order. */
bool fold_put(struct fold *fold, const char *sql, const struct str *texts, size_t text_count,
              const int64_t *numbers, size_t number_count, struct err *err) MUST_USE;
/* R02 on an office: it reads what the duty `about` is told of. */
bool fold_open_reading(struct fold *fold, struct file_row *row, const struct folding *entry,
                       int64_t about, struct str office, instant due, struct err *err) MUST_USE;
/* Tells whoever owes on the files of an entry whose kind `tells-owners`. */
bool fold_tell_owners(struct fold *fold, struct file_row *row, const struct folding *entry,
                      struct err *err) MUST_USE;
/* Settles the readings about a duty that an office owes. */
bool fold_close_about(struct fold *fold, const struct folding *entry, int64_t about,
                      struct str office, struct err *err) MUST_USE;

#endif
