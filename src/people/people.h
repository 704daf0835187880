/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The public header of room people: who is who in a register. An index in
 * memory over what all its files say of persons, places and things (fields that
 * the pack matches by); made in the background when a register is opened and
 * kept with each turn. From it come answers to a search, and proposals that two
 * files belong together: entries by the register, which a person answers.
 * Nothing is ever joined here (L11).
 */
#ifndef CANDOUR_PEOPLE_PEOPLE_H
#define CANDOUR_PEOPLE_PEOPLE_H

#include "base/base.h"
#include "casebook/casebook.h"
#include "match/match.h"
#include "pack/pack.h"

struct people;

struct people_options {
	bool proposes; /* writes proposals; else it searches alone */
};

/*
 * Begins to read the register, in a thread of its own; the book outlives the
 * index, and its pack says what is matched. Proposals are of entries of the last 28 days too,
 * where none was made yet: a stop between an entry and its proposal loses nothing.
 * ERR_UNABLE: no memory, no thread.
 */
bool people_start(struct casebook *book, const struct people_options *options, struct people **out,
                  struct err *err) MUST_USE;
/* Ends the thread, once what it has in hand is done. Takes NULL. */
void people_stop(struct people *people);

struct people_state {
	bool is_ready;   /* all that was there when it began is read */
	bool has_failed; /* it stopped: searches find nothing of it; `why` says why */
	int64_t read;    /* entries */
	int64_t of;
	size_t claims;
	size_t bytes;
	int64_t looked;   /* entries that were looked at for proposals, of `of` */
	int64_t proposed; /* proposals made since the start */
	char why[200];
};
/* Any thread. */
void people_state(struct people *people, struct people_state *out);
/* Waits until it is ready and has proposed what the last turn asks for. ERR_UNABLE: it failed. */
bool people_wait(struct people *people, struct err *err) MUST_USE;

/* What a file was found by. */
enum people_how {
	PEOPLE_PERSON, /* names, birth, home, numbers, weighed together */
	PEOPLE_MARK,   /* the same plate, number or account, to the letter */
	PEOPLE_PLACE,  /* the same place */
};

/* A file that may be meant. What it says is not in here: open its entry for the viewer. */
struct people_found {
	int64_t file;
	int64_t entry; /* that says so */
	enum people_how how;
	enum pack_matched as; /* which words: names for PERSON */
	bool is_common;       /* shared by very many files */
	bool is_of_home;      /* MARK and PLACE: a home, or a telephone, which a family shares */
	enum match_hit_kind kind; /* PERSON */
	double weight;            /* PERSON: bits */
	bool is_by_home; /* PERSON: nothing but a home was looked for, and nobody was named */
	struct match_reasons
		reasons; /* PERSON; hold the words of both: for a viewer who opened them */
};

#define PEOPLE_FOUND_MAX 40
/* Whether one before `i` is of the same file: a file may be found by several things. */
bool people_is_again(const struct people_found *found, size_t i);

/*
 * The files that the words may mean: a name, a date of birth, an address, a
 * telephone, a plate, with commas between; one of them alone, or half a name, brings whatever
 * has it. Best first, half of *out at most by what persons are. Access is the caller's:
 * he may know of a file, and opened it, before anything of it is shown.
 * *count 0: nothing, or nothing yet (people_state). Any thread.
 */
bool people_find(struct people *people, struct str words, struct arena *arena,
                 struct people_found *out, size_t *count, struct err *err) MUST_USE;

/* Whether a file that was found may be shown; asked while no lock is held. */
typedef bool people_may(void *ctx, const struct people_found *found, bool *may, struct err *err);

#define PEOPLE_LOOKED_MAX 1000 /* that a search looks through */
struct people_shown {
	struct people_found *at; /* each file once */
	size_t count;            /* PEOPLE_FOUND_MAX at most */
	bool is_cut;             /* there may be more of them */
};
/*
 * As people_find, for somebody who may see some files alone: it looks on, past those that are not
 * for them, until it has forty that are, or has looked through PEOPLE_LOOKED_MAX.
 */
bool people_find_for(struct people *people, struct str words, struct arena *arena, people_may *may,
                     void *ctx, struct people_shown *out, struct err *err) MUST_USE;

/* The files that one entry's words may mean besides its own file; the same promises. ERR_ABSENT:
 * the entry says nothing that is matched. */
bool people_alike(struct people *people, struct casebook_reader *reader, int64_t entry,
                  struct arena *arena, struct people_found *out, size_t *count,
                  struct err *err) MUST_USE;

/*
 * Two files compared by what each says of its person: the pair of their claims
 * that weighs most; of those that share what the pair was proposed for, if any
 * do (`what`, as the proposal says it; empty: nothing). *has false: one of them
 * says nothing of a person, or not yet. What was said, and the reasons, hold words of both: for a
 * viewer who opened the entries.
 */
#define PEOPLE_SAID_MAX 8
struct people_said {
	struct str what; /* as the lines of the reasons have it: "name", "dob" … */
	struct str text; /* as it was written */
	int64_t entry;   /* that says so */
};
struct people_compared {
	int64_t entries[2]; /* that say so, of the first and of the second */
	/* What of each was compared. An entry that writes down another home means the person that
	 * the file began with: her name is of that entry. */
	struct people_said said[2][PEOPLE_SAID_MAX];
	size_t said_count[2];
	/* What the pair was proposed for, as each wrote it; entry -1: not both say it now. Told
	 * though nothing else can be compared. */
	struct people_said shared[2];
	struct match_reasons reasons;
};
bool people_compare(struct people *people, struct casebook_reader *reader, int64_t a, int64_t b,
                    struct str what, struct arena *arena, struct people_compared *out, bool *has,
                    struct err *err) MUST_USE;

/* What an entry says of the person it tells of, as it was written:
 * what rows of it say otherwise than each other is left out. *count 0: it says nothing that is
 * compared. For a viewer who opened the entry. ERR_UNABLE. */
bool people_says(struct people *people, struct casebook_reader *reader, int64_t entry,
                 struct arena *arena, struct people_said out[PEOPLE_SAID_MAX], size_t *count,
                 struct err *err) MUST_USE;

/* --- a file of people --------------------------------------------------------------------------
 */

/* What a row of an agency's own file becomes. Texts lie in the arena given, or are the row's. */
struct people_import {
	const struct pack_import *as;
	const struct json *fields; /* of the kind */
	struct str number;         /* by which the office knows them: "school, dsl: 1042" */
	struct str submission;     /* of that number */
};
/* `whose`: agency, office and system that have ids of their own. The pack imports something.
 * ERR_UNABLE. */
bool people_import(const struct pack *pack, const struct match_row *row, struct str whose,
                   struct day today, struct arena *arena, struct people_import *out,
                   struct err *err) MUST_USE;

/* The entry by which the same row was imported before. */
struct people_there {
	int64_t entry; /* -1: it was not */
	int64_t file;
	bool is_same; /* it says the same today */
};
/* By the office itself, as the row's own number. Of what the index holds: wait for it first. Any
 * thread. */
bool people_imported(struct people *people, struct casebook_reader *reader,
                     const struct people_import *import, struct str office, struct arena *arena,
                     struct people_there *out, struct err *err) MUST_USE;

/* --- files that were said to be one person -------------------------------------------------------
 */

/* Proposals that stand on the file, by whomever. */
unsigned people_proposed_on(struct people *people, int64_t file);

struct people_groups_ask {
	/* By number of a file: whether it is of the import that is asked about. NULL: of any. */
	const bool *of_import;
	size_t of_count;
	size_t least_agencies; /* with a contact on their files: 1 .. 64 */
	int64_t after;         /* groups whose `lump` is above it; -1: all */
};
/* Files that are proposed as one person, or joined, and fit on the whole. Whoever shows one asks
 * first whether the viewer may know of each file. Texts live until the visit returns. */
struct people_group {
	const int64_t *files; /* rising */
	size_t count;
	const struct str *agencies; /* the first 64 */
	size_t agency_count;
	int64_t since; /* the newest entry that said so of two of them */
	/* The entry by which agencies enough came together first, and the file it stands on. */
	int64_t first, first_on;
	int64_t lump; /* the lowest of all files that hang together with it by pairs */
};
/* False ends the visit. */
typedef bool people_visit_group(void *ctx, const struct people_group *group);
struct people_groups_told {
	size_t too_large; /* lumps of files that were not looked at */
};
/*
 * Those with a file of the import, of somebody such as the pack begins by a row of nobody's age,
 * and with agencies enough, which without the import were not together: no part of them was known
 * to so many. Of whom they are is said by the births on their files, else by their types: one at
 * least says so, and none says otherwise. By lumps, the lowest first. ERR_UNABLE. Any thread.
 */
bool people_groups(struct people *people, struct casebook_reader *reader,
                   const struct people_groups_ask *ask, people_visit_group *visit, void *ctx,
                   struct people_groups_told *told, struct err *err) MUST_USE;

/* The agencies with a contact on any of the files, the first 64. ERR_UNABLE. */
bool people_agencies(struct people *people, const int64_t *files, size_t count, struct arena *arena,
                     const struct str **out, size_t *out_count, struct err *err) MUST_USE;

#endif
