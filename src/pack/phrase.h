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
/* Kinds that open, settle, or end a duty, joined by `between`. Nothing when there is none. */
void phrase_openers(struct buf *out, const struct pack *pack, const struct pack_duty *duty,
                    const char *between);
void phrase_settlers(struct buf *out, const struct pack *pack, const struct pack_duty *duty,
                     const char *between);
void phrase_file_types(struct buf *out, const struct pack *pack, uint64_t mask,
                       const char *between);

#endif
