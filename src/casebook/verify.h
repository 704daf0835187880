/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: what the parts of verify share.
 *
 * Every check answers true when what it looked at fits, and false when it does
 * not (verify_differs: the first difference is kept, nothing more is looked
 * at) or when it could not look (*err). The order of checks is such that what
 * a check relies on was checked before it. Two run in threads beside the walk
 * over the entries: the engine's check of the pages, whose word comes first,
 * and the fold, which stays behind what is proved.
 */
#ifndef CANDOUR_CASEBOOK_VERIFY_H
#define CANDOUR_CASEBOOK_VERIFY_H

#include <pthread.h>

#include "casebook/key.h"
#include "casebook/views.h"

#define VERIFY_SLOTS 32768 /* files whose ids are at hand */

struct verify_slot {
	int64_t n;
	struct id id;
};

struct verify {
	const char *vfs; /* simulation: where the database lies; NULL: the disk */
	const char *dir;
	enum casebook_verify how;
	bool is_public;        /* no key file is read */
	struct str vkey;       /* then: the key that was given; p NULL: none */
	struct arena *arena;   /* the caller's: what is answered */
	struct arena *scratch; /* of one row */
	casebook_progress *progress;
	void *progress_ctx;
	struct casebook_verified *out;
	bool has_found;

	struct store *store; /* the register, in one snapshot */
	struct store *views; /* WHOLE: the same entries, with shadows of the views; the fold's until
	                        that ended */
	struct store *keys;  /* WHOLE: keys.db, in one snapshot */
	struct vault *vault; /* WHOLE */
	struct key_found key; /* that signs, and what the log says of those before it */
	struct hasher *hasher;
	struct casebook *packs; /* WHOLE: the adopted packs, and whether it is a drill, for the fold */

	struct verify_fold *fold; /* while it runs */
	int64_t told;             /* how far the fold may go, as it was last told */

	int64_t entries;           /* seen so far */
	int64_t files;             /* slots seen so far */
	instant recorded;          /* of the newest one seen */
	struct verify_slot *slots; /* by slot modulo VERIFY_SLOTS */

	struct store_stmt *sizes;     /* sizes that were signed, ascending */
	int64_t size;                 /* the next of them; INT64_MAX: none */
	struct store_stmt *published; /* sizes that were published, ascending */
	int64_t published_size;       /* the next of them; INT64_MAX: none */
	int64_t published_count;      /* before it */
	int64_t published_last;       /* the one before it */

	int64_t adopted;       /* pack.adopted entries */
	int64_t readings_last; /* highest number sealed */
	int64_t readings;      /* sealed */
	int64_t objects;       /* named by entries that opened */
	int64_t pieces;        /* of those */
	int64_t destroyed;     /* files */
};

/* An entry in hand. Texts are borrowed from the row. */
struct verify_entry {
	int64_t index;
	int64_t file;
	struct log_header header;
	struct str plain;
	struct str sealed; /* p NULL: none */
};

/* Keeps the first difference; false. */
bool verify_differs(struct verify *verify, const char *where, int64_t index, const char *what, ...)
	PRINTF(4, 5);

/* Whether an entry about to be folded is one that the rules of its day admit, and by whom it says.
 * ERR_INPUT: it is not. */
bool verify_judged(struct fold *fold, const struct folding *entry, struct err *err) MUST_USE;

/* Whether the patterns that an entry made true follow it, and no others (verify_pattern.c). Asked
 * before each entry is folded, and before an act ends, when `up_to` entries were. ERR_INPUT: they
 * do not; `at` is then the entry. */
struct verify_patterns;
struct verify_patterns *verify_patterns_create(struct err *err);
void verify_patterns_destroy(struct verify_patterns *patterns); /* takes NULL */
bool verify_patterns_next(struct verify_patterns *patterns, struct fold *fold,
                          const struct folding *entry, struct err *err) MUST_USE;
bool verify_patterns_end(struct verify_patterns *patterns, struct fold *fold, int64_t up_to,
                         struct err *err) MUST_USE;
int64_t verify_patterns_at(const struct verify_patterns *patterns);
/* The same of what each night found, and had to find (verify_night.c). */
struct verify_nights;
struct verify_nights *verify_nights_create(struct err *err);
void verify_nights_destroy(struct verify_nights *nights); /* takes NULL */
bool verify_nights_next(struct verify_nights *nights, struct fold *fold,
                        const struct folding *entry, struct err *err) MUST_USE;
bool verify_nights_end(struct verify_nights *nights, struct fold *fold, struct err *err) MUST_USE;
int64_t verify_nights_at(const struct verify_nights *nights);

/* The path of a file in the register's folder. */
bool verify_path(const struct verify *verify, const char *name, char out[BOOK_PATH_MAX],
                 struct err *err) MUST_USE;

struct verify_page_check {
	struct store *store; /* of its own */
	const char *where;
	bool fits;
	struct err why;
};

struct verify_pages {
	pthread_t thread;
	bool has_thread;
	struct verify_page_check at[2]; /* the thread's until it has ended */
};

/* Begins to check the pages of both databases; ends that, and keeps what it found in place of what
 * was found meanwhile (verify_pages.c). Begun, it must be ended. */
bool verify_pages_begin(struct verify *verify, struct verify_pages *pages,
                        struct err *err) MUST_USE;
bool verify_pages_end(struct verify *verify, struct verify_pages *pages, struct err *err) MUST_USE;

/* Every entry, tile, signed and published checkpoint (verify_log.c). */
bool verify_log(struct verify *verify, struct err *err) MUST_USE;
/* Whether the row of entry `index` is as it was logged, looked at out of its turn. */
bool verify_one(struct verify *verify, int64_t index, struct err *err) MUST_USE;
/* What an entry's own row does not prove: seal, objects, readings, pack, key (verify_entry.c). */
bool verify_entry_whole(struct verify *verify, const struct verify_entry *entry,
                        struct err *err) MUST_USE;
/* After the last entry: that nothing lies there which no entry speaks of (verify_rest.c). */
bool verify_rest(struct verify *verify, struct err *err) MUST_USE;
/* The fold of the entries, beside the walk and behind it (verify_fold.c): opens its connection and
 * begins the snapshots of both; begins it; lets it go on below `proved`; lets it go to the end and
 * waits for it; ends it wherever it is, and takes it away. */
bool verify_fold_open(struct verify *verify, struct err *err) MUST_USE;
bool verify_fold_begin(struct verify *verify, struct err *err) MUST_USE;
void verify_fold_proved(struct verify *verify, int64_t proved);
bool verify_fold_end(struct verify *verify, struct err *err) MUST_USE;
void verify_fold_stop(struct verify *verify);
/* Each view against the fold of the entries (verify_view.c). */
bool verify_views(struct verify *verify, struct err *err) MUST_USE;
/* keys.db: its slots and what the vault keeps about itself (verify_keys.c). */
bool verify_keys(struct verify *verify, struct err *err) MUST_USE;

/* An object that a sealed field names (verify_object.c). */
bool verify_object(struct verify *verify, const struct verify_entry *entry,
                   const struct json *value, struct err *err) MUST_USE;
bool verify_objects_rest(struct verify *verify, struct err *err) MUST_USE;

/* Plain fields of the entry in hand, in the scratch arena. */
bool verify_plain(struct verify *verify, const struct verify_entry *entry, const struct json **out,
                  struct err *err) MUST_USE;

#endif
