/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Readers see committed turns only, each through a connection of its own. A
 * seal opens here alone, after access was decided and the reading was made
 * durable (L9).
 */
#ifndef CANDOUR_CASEBOOK_READER_H
#define CANDOUR_CASEBOOK_READER_H

#include "base/base.h"
#include "casebook/act.h"

struct casebook_reader;
struct pack_kind;

/*
 * Borrows a reader from the register's pool (one snapshot until it is given
 * back). Waits up to 2 seconds; then ERR_UNABLE.
 */
bool casebook_reader_take(struct casebook *book, struct casebook_reader **out,
                          struct err *err) MUST_USE;
void casebook_reader_give(struct casebook_reader **reader); /* for CLEANUP; takes NULL */
struct casebook *casebook_reader_book(struct casebook_reader *reader);

/* Who reads, and why; session is a short text that tells sessions apart (empty: none). */
struct casebook_viewer {
	struct casebook_actor actor;
	struct str session;
	struct str purpose; /* a code such as "work", "search"; empty: "work" */
};

/* What a viewer may do with a file (access decided in one place). */
struct casebook_access {
	bool may_know;         /* that it is there, its plain fields and duties */
	bool may_open;         /* its seals */
	bool opens_restricted; /* of its seals, those that a restriction in force hides, alone */
	/* It may not know of it, and its office may write there all the same: kinds that need no
	 * part, and with may_add, as its agency linked it to a file of its own, any other. */
	bool may_write_alone;
	bool may_add;
	bool is_own_entry; /* casebook_may_see(): known and opened as what it wrote so */
	bool by_broken_glass;
	struct str because; /* when not: what a person is told */
};
bool casebook_may(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                  int64_t file, struct casebook_access *out, struct err *err) MUST_USE;
/* Whether its office may make the kind on a file that it may write on alone. */
bool casebook_writes_alone(const struct casebook_reader *reader,
                           const struct casebook_viewer *viewer,
                           const struct casebook_access *access, const struct pack_kind *kind);
/* The same of one entry: whoever wrote it without a part in its file may see it, and it alone.
 * ERR_ABSENT: there is none. */
bool casebook_may_see(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                      int64_t entry, struct casebook_access *out, struct err *err) MUST_USE;

/*
 * Records that the viewer is shown the seals of `file` up to entry `highest`,
 * durable before it returns; the same again within the minute, or a lower
 * entry, adds nothing. A page that opens many seals of a file calls this once
 * with the file's last entry, and writes once.
 * ERR_ABSENT: not for this viewer, or not there.
 */
bool casebook_record_reading(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                             int64_t file, int64_t highest, struct err *err) MUST_USE;

/* The same for several files at once, as one write. ERR_ABSENT: one of them is not for this viewer;
 * then nothing is recorded. */
bool casebook_record_readings(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                              struct arena *arena, const int64_t *files, const int64_t *highest,
                              size_t count, struct err *err) MUST_USE;

/*
 * Somebody asked for the file, or for an entry of it, and it was refused: where they have read it
 * before in that office, and the pack watches over whoever speaks, a night tells it there. Writes
 * no entry. casebook_open_seal() says so of what it refuses; a page that refuses before calls this.
 */
void casebook_note_refused(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                           int64_t file);

enum casebook_seal {
	CASEBOOK_SEAL_NONE, /* nothing was sealed */
	CASEBOOK_SEAL_OPEN,
	CASEBOOK_SEAL_KEPT, /* not for this viewer */
	CASEBOOK_SEAL_DESTROYED,
	CASEBOOK_SEAL_LOST,       /* key missing or box damaged: said, never hidden */
	CASEBOOK_SEAL_RESTRICTED, /* for now fewer may read it than read the file */
};
/* As JSON says it: "open". */
const char *casebook_seal_name(enum casebook_seal how);

/* Whether the words of a sealed entry would open for a viewer with this access to its file, or why
 * not: OPEN, KEPT or RESTRICTED. Nothing is opened, and no reading recorded. */
bool casebook_would_open(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                         const struct casebook_access *access, int64_t file, int64_t entry,
                         enum casebook_seal *how, struct err *err) MUST_USE;

/*
 * Opens the sealed fields of one entry. Checks access and records the reading
 * first. *sealed is a JSON object in `arena` (wiped with it is the caller's
 * care: keep the arena for the request alone).
 */
bool casebook_open_seal(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                        int64_t entry, struct arena *arena, enum casebook_seal *how,
                        const struct json **sealed, struct err *err) MUST_USE;

/*
 * The words that an office wrote to whoever holds the file's code: the sealed
 * field `reply` of an entry whose kind is told in public. The viewer is
 * CASEBOOK_BY_PERSON, whose code the caller has looked at; nothing else of the
 * entry is given. The reading is recorded first. *reply empty: none was
 * written. ERR_ABSENT: no such entry on `file`, or not for this viewer.
 */
bool casebook_open_reply(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                         int64_t file, int64_t entry, struct arena *arena, enum casebook_seal *how,
                         struct str *reply, struct err *err) MUST_USE;

#endif
