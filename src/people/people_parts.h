/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what its sources share. */
#ifndef CANDOUR_PEOPLE_PEOPLE_PARTS_H
#define CANDOUR_PEOPLE_PEOPLE_PARTS_H

#include <pthread.h>

#include "pack/pack.h"
#include "people/people.h"

/* --- what an entry says, as the index takes it: subject.c */

enum subject_column {
	SUBJECT_NAME,
	SUBJECT_BIRTH,
	SUBJECT_ADDRESS,
	SUBJECT_POSTCODE,
	SUBJECT_PHONE,
	SUBJECT_NHS,
	SUBJECT_UPN,
	SUBJECT_EMAIL,
	SUBJECT_COLUMNS,
};
#define SUBJECT_ROWS_MAX 32  /* a row for each name, or home; a field takes 20 */
#define SUBJECT_MARKS_MAX 64 /* plates, numbers, places */

struct subject_mark {
	enum people_how how; /* MARK or PLACE */
	enum pack_matched as;
	bool is_of_home; /* a family's: the home, or a telephone */
	struct str key;  /* as marks are kept: folded */
	struct str text; /* as it was written */
};

struct subject {
	struct str cells[SUBJECT_ROWS_MAX][SUBJECT_COLUMNS];
	bool is_first[SUBJECT_ROWS_MAX]; /* the name is a first name alone */
	size_t row_count;                /* 0: nothing of a person */
	struct subject_mark marks[SUBJECT_MARKS_MAX];
	size_t mark_count;
};

/* The names of the columns, in their order; of those whose name is a first name alone. */
extern const struct str subject_columns[SUBJECT_COLUMNS];
extern const struct str subject_first_columns[SUBJECT_COLUMNS];

/* Texts lie in `arena`, or are the texts given. */
void subject_of(const struct casebook_claim_text *texts, size_t count, struct arena *arena,
                struct subject *out);
/* As marks are kept; empty: too short to tell anything. */
struct str subject_number_key(struct arena *arena, struct str text);
/* Words of a search: pieces between commas, each taken for what it looks like. */
void subject_of_words(struct str words, struct arena *arena, struct subject *out);

/* --- numbers with words around them: number.c */

enum subject_number {
	SUBJECT_NUMBER_OTHER, /* no form that is known: the text as it is */
	SUBJECT_NUMBER_PHONE,
	SUBJECT_NUMBER_NHS,
	SUBJECT_NUMBER_UPN,
	SUBJECT_NUMBER_PLATE,
	SUBJECT_NUMBER_MAIL,
};
/* The number itself, without its name before it or words behind it; a slice of the text. */
struct str subject_number_of(struct str text, enum subject_number *what);

/* --- descriptions in place of a name: nobody.c */

/* "a girl", "her older brother": of words that name nobody alone. */
bool subject_is_nobody(struct str name);

/* --- plates, numbers and places, each to the letter: marks.c */

struct marks;
/* NULL only when memory is out. */
struct marks *marks_create(void);
void marks_destroy(struct marks *marks); /* takes NULL */
/* What an entry of a file says; false: memory is out. */
bool marks_put(struct marks *marks, struct str key, int64_t file, int64_t entry) MUST_USE;
void marks_remove(struct marks *marks, int64_t file);
/* Those that share a key, the newest first. False ends the visit. */
typedef bool marks_visit(void *ctx, int64_t file, int64_t entry);
void marks_find(const struct marks *marks, struct str key, marks_visit *visit, void *ctx);
size_t marks_bytes(const struct marks *marks);

/* --- who wrote on which file, and which were said to be one person: contacts.c */

struct contacts;
/* NULL only when memory is out. */
struct contacts *contacts_create(void);
void contacts_destroy(struct contacts *contacts); /* takes NULL */
/* Entries come in their order. */
bool contacts_note(struct contacts *contacts, struct casebook_reader *reader,
                   const struct pack *pack, const struct casebook_contact *contact,
                   struct err *err) MUST_USE;
/* Agencies whose entries on the file are contacts, `max` at most, in no order. */
size_t contacts_agencies(const struct contacts *contacts, int64_t file, uint16_t *out, size_t max);
struct str contacts_agency(const struct contacts *contacts, uint16_t agency);
bool contacts_is_imported(const struct contacts *contacts, int64_t file);
/* Proposals that stand on the file. */
unsigned contacts_proposed(const struct contacts *contacts, int64_t file);

struct contact_pair {
	int64_t entry;
	int64_t a, b;   /* files */
	bool is_joined; /* by somebody; whether that stands the register says */
	bool is_over;   /* a proposal that was answered */
};
const struct contact_pair *contacts_pairs(const struct contacts *contacts, size_t *count);
size_t contacts_files(const struct contacts *contacts); /* their numbers are below it */
size_t contacts_bytes(const struct contacts *contacts);

/* --- the index: people.c */

struct people {
	struct casebook *book;
	struct people_options options;
	pthread_t thread;
	bool has_thread;
	pthread_mutex_t lock; /* guards the index and the marks */
	struct match_index *index;
	struct match_columns columns;
	struct match_columns first_columns; /* the name is a first name alone */
	struct marks *marks;
	pthread_mutex_t contact_lock; /* guards the contacts */
	struct contacts *contacts;
	pthread_mutex_t state_lock; /* guards what follows */
	pthread_cond_t changed;
	struct people_state state;
	int64_t wanted; /* entries that are there; those below are to be read */
	int64_t done;   /* and looked at for proposals */
	bool is_ending;
	/* Of the thread. */
	int64_t next;
	bool has_forgotten; /* claims went, and their words are still to be wiped */
	int64_t recent;     /* the first entry of the last 28 days; -1: none was seen */
};

static inline const struct match_columns *people_columns(const struct people *people, bool is_first)
{
	return is_first ? &people->first_columns : &people->columns;
}

/* The claim, and what the entry that began the file said beside: whoever writes down another home
 * means the same person, name and birth. */
bool people_with_first(struct casebook_reader *reader, struct arena *arena,
                       const struct casebook_claim *claim, struct casebook_claim *out,
                       struct err *err) MUST_USE;
/* Takes people->lock. */
bool people_forget(struct people *people, struct casebook_reader *reader, int64_t file,
                   struct err *err) MUST_USE;
/* Once for all that was forgotten. Takes people->lock. */
void people_wipe(struct people *people);
/* Files that the subject may mean, but `except` (-1: none). */
bool people_search(struct people *people, const struct subject *subject, int64_t except,
                   struct arena *arena, struct people_found *out, size_t *count,
                   struct err *err) MUST_USE;

/* --- reading: fill.c */

/* Reads all entries that are there, and puts what they say; or until it is to end. */
bool people_read_all(struct people *people, struct err *err) MUST_USE;
bool people_is_ending(struct people *people);

/* --- proposals: propose.c */

/* Proposes what the entries from `first` to `last` are alike to, once each; *made counts. */
bool propose_since(struct people *people, int64_t first, int64_t last, int64_t *made,
                   struct err *err) MUST_USE;

/* --- files of people: import.c */

/* What somebody of that birth becomes on the day; of no birth, the first. The pack imports
 * something. */
const struct pack_import *people_import_of(const struct pack *pack, const struct match_birth *birth,
                                           struct day today);

/* --- arrays: grow.c */

/* Makes room for `wanted` things of `size` bytes at *at, doubling; what is new is zero. False:
 * there is no memory, and all is as it was. The caller frees *at. */
bool people_grow(void **at, size_t *room, size_t wanted, size_t size) MUST_USE;

#endif
