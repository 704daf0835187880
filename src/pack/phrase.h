/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the parts of a pack in words, for explaining and for tables. */
#ifndef CANDOUR_PACK_PHRASE_H
#define CANDOUR_PACK_PHRASE_H

#include "pack/whole.h"

/* "10 working days", "5 hours", "2 working days, by 12:00". */
void phrase_period(struct buf *out, const struct pack_period *period);
/* "the manager of the office named in \"to\""; roles by their titles, or by names in tables. */
enum phrase_names {
	PHRASE_TITLES,
	PHRASE_NAMES,
};
void phrase_owner(struct buf *out, const struct pack_owner *owner, enum phrase_names names);
void phrase_owners(struct buf *out, const struct pack_owner *owners, size_t count,
                   const char *between, enum phrase_names names);
void phrase_starts(struct buf *out, const struct pack_duty *duty);
void phrase_within(struct buf *out, const struct pack_duty *duty);
/* Both: "1 working day, counted from when it was received". */
/* Who owes what the register itself asks to be read, R01 and R02; false: another duty, and nothing
 * is written. */
bool phrase_asked(struct buf *out, const struct pack_duty *duty);
void phrase_due(struct buf *out, const struct pack_duty *duty);
void phrase_ladder_name(struct buf *out, const struct pack_duty *duty);
/* "2 hours later: Service manager", with where the rung stands. */
void phrase_rung(struct buf *out, const struct pack_rung *rung, enum phrase_names names);
void phrase_by(struct buf *out, const struct pack_kind *kind, const char *between,
               enum phrase_names names);
void phrase_to(struct buf *out, const struct pack_kind *kind);
struct str phrase_class(enum pack_class class);
struct str phrase_type(enum pack_type type);
struct str phrase_reads(enum pack_reads reads);
/* ` on each file that "about" leads to where …`; nothing without a relation. */
void phrase_on(struct buf *out, struct arena *arena, const struct pack_relation *on,
               const struct pack_cond *where);
/* ` on the files that lead to it by "about", of type concern`; nothing on the pattern's own. */
void phrase_found_on(struct buf *out, const struct pack *pack, const struct pack_found_open *open);
/* " for each who is silent" and the like; nothing: it is one. */
void phrase_found_each(struct buf *out, const struct pack_found_open *open);
/* " (ladder agency)", where ladders make the kind. */
void phrase_made_by_ladders(struct buf *out, const struct pack *pack, const struct pack_kind *kind);
bool phrase_is_opened_by(const struct pack_kind *kind, const struct pack_duty *duty);
/* The kind by which the register opens or settles it whatever the pack's lines say; p NULL: none.
 */
struct str phrase_opened_of_itself(const struct pack *pack, const struct pack_duty *duty);
struct str phrase_settled_of_itself(const struct pack *pack, const struct pack_duty *duty);
/* What a kind opens, what it settles, and where, with commas. */
void phrase_opens(struct buf *out, struct arena *arena, const struct pack_kind *kind);
void phrase_settles(struct buf *out, struct arena *arena, const struct pack_kind *kind);
/* What opens a duty, what settles it, and where, with commas. Nothing when there is none. */
void phrase_openers(struct buf *out, struct arena *arena, const struct pack *pack,
                    const struct pack_duty *duty);
void phrase_settlers(struct buf *out, struct arena *arena, const struct pack *pack,
                     const struct pack_duty *duty);
/* Owners that lines which open it name in place of its own: ", or Duty team where concern.added
 * says so". */
void phrase_owned_else(struct buf *out, const struct pack *pack, const struct pack_duty *duty,
                       enum phrase_names names);
/* Whether such a line names the office. */
bool phrase_owes_by_line(const struct pack *pack, const struct pack_duty *duty,
                         const struct pack_office *office);
void phrase_file_types(struct buf *out, const struct pack *pack, uint64_t mask,
                       const char *between);

#endif
