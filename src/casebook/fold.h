/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Folding: what one entry does to the views. Used by the turn and by refold
 * alike, so that the same entries give the same bytes.
 *
 * F1. A fold reads views and the entry, never a clock, never a seal.
 * F2. Entries that follow from an act carry plain "cause"; the rest rule is
 *     applied when the act with all that follows from it has been folded
 *     (fold_end_act), which a refold finds by the first entry without "cause".
 * F3. A duty's id is its opening entry * 1024 + its ordinal in it.
 */
#ifndef CANDOUR_CASEBOOK_FOLD_H
#define CANDOUR_CASEBOOK_FOLD_H

#include "casebook/book.h"

#define FOLD_FILES_MAX 2048  /* rows in hand in one act */
#define FOLD_OPENED_MAX 4096 /* duties opened by one act */
#define FOLD_ORDINAL_BASE 1024

/* An entry on its way into the views. Texts live until the act ends. */
struct folding {
	int64_t index;
	instant recorded;
	instant happened;
	struct str kind_name;
	const struct pack_kind *kind; /* of the pack in force at the entry; NULL: unknown to it */
	int64_t file;
	struct str file_id;
	enum casebook_by by;
	struct str account;
	struct str office;
	struct str plain_text;
	const struct json *plain;
	bool has_cause;
	struct str owner; /* of the pattern that it tells of; p NULL: none */
	/* The file as it was before, where patterns listen to the kind; NULL: new, or not kept. */
	const struct file_row *before;
};

/* A file's row in hand. */
struct file_row {
	int64_t n;
	struct str id;
	const struct pack_file_type *type;
	struct str type_name;
	int64_t number;
	int state;
	struct str *facts; /* by fact number; p NULL: absent */
	struct str born;   /* the month of birth as view born has it; p NULL: none */
	struct str area;
	int64_t first_entry;
	int64_t last_entry;
	struct str first_office;
	struct str last_office;
	int64_t open_duties; /* without R01, R02 */
	int64_t destroyed;   /* entry, or -1 */
	bool is_new;
	bool is_dirty;
	bool is_touched; /* by the present act: the rest rule looks at it */
	bool has_ended;  /* the present act led it to a final state */
};

/* A duty opened by the present entry, for what follows from it. */
struct fold_opened {
	int64_t id;
	int64_t file;
	const struct pack_duty *rule;
	struct str office;
	size_t also_count; /* offices that owe it too */
	instant due;
	instant next_at;
};

struct joined;
struct sights;

struct fold {
	struct casebook *book;
	struct store *store;
	const struct pack *pack; /* in force for the present entry */
	int64_t pack_n;
	struct chart *chart;    /* a reference */
	bool chart_changed;     /* by the present entry: take it anew */
	bool is_chart_own;      /* the views are known to be as `chart` pictures them */
	bool pack_changed;      /* by the present entry: the next pack is in force from here on */
	struct tags *file_tags; /* the register's, or its own */
	struct tags *own_file_tags;
	struct tags *code_tags;
	struct joined *joined;   /* the register's, in a turn; NULL: the tables are asked */
	struct sights *sights;   /* the register's, in a turn, or of verify; NULL: each is read anew */
	struct arena *arena;     /* of the present act */
	struct arena *looks;     /* likewise, for what patterns look at; NULL: none did yet */
	struct file_row **files; /* room for file_room, grown as it is wanted */
	size_t file_count;
	size_t file_room;
	struct fold_opened *opened; /* by the present act; likewise */
	size_t opened_count;
	size_t opened_room;
	int64_t ordinal;   /* of the present entry */
	int64_t act_index; /* newest entry of the present act */
	instant act_recorded;
	struct str act_office;
	bool in_act;
};

/* `files`: the tags of the files in `store`, kept by others; NULL: the fold keeps its own. */
struct fold *fold_create(struct casebook *book, struct store *store, struct tags *files,
                         struct err *err);
void fold_destroy(struct fold *fold); /* takes NULL */

/* The chart as the views and the packs in force make it now. */
bool fold_chart(struct fold *fold, struct chart **out, struct err *err) MUST_USE;
/*
 * Before the views of the chart are changed: they are as `chart` pictures them, or nothing is
 * changed, ERR_UNABLE. Within one transaction the first change alone has to look.
 */
bool fold_change_chart(struct fold *fold, struct err *err) MUST_USE;

/* Starts an act: clears what was in hand. */
void fold_begin_act(struct fold *fold);
/* The rest rule over what was touched, and rows written back. */
bool fold_end_act(struct fold *fold, struct err *err) MUST_USE;

/* The row of a file that the act has in hand, or NULL. */
struct file_row *fold_in_hand(struct fold *fold, int64_t n);
struct file_row *fold_in_hand_by_id(struct fold *fold, struct str id);
/* The row of a file, from hand or store; ERR_ABSENT. */
bool fold_file(struct fold *fold, int64_t n, struct file_row **out, struct err *err) MUST_USE;
/* By id; ERR_ABSENT. */
bool fold_file_by_id(struct fold *fold, struct str id, struct file_row **out,
                     struct err *err) MUST_USE;
/* The files that a relation leads to from a file, whichever end it is; of int64_t, all of them. */
struct rows;
bool fold_linked(struct fold *fold, int64_t file, const struct pack_relation *on, struct rows *out,
                 struct err *err) MUST_USE;
/* Makes the row of a new file of `type` (its number is the next of the type). */
bool fold_file_new(struct fold *fold, int64_t n, struct str id, const struct pack_file_type *type,
                   struct file_row **out, struct err *err) MUST_USE;

/* Of what type the file is that an entry begins; NULL: of none. */
const struct pack_file_type *fold_type_begun(const struct fold *fold, const struct folding *entry);

/* Keeps the file as it is before the entry, where patterns listen to its kind. */
bool fold_before(struct fold *fold, struct folding *entry, struct err *err) MUST_USE;
/* Folds one entry: facts, links, state, settle, end, open, and what a built-in kind means. */
bool fold_entry(struct fold *fold, const struct folding *entry, struct err *err) MUST_USE;

/* After each entry: a pack it adopted and a chart it changed hold from the next entry on. *changed:
 * the chart is another. */
bool fold_refresh(struct fold *fold, bool *changed, struct err *err) MUST_USE;

/* Opens a duty on `row` for the present entry (F3). */
struct fold_opening {
	const struct pack_duty *rule;
	struct str office;      /* the first owner */
	const struct str *also; /* further owners */
	size_t also_count;
	instant due; /* already computed */
	struct day last_day;
	bool is_provisional;
	bool has_earliest;
	instant earliest;
	instant started;
	const struct pack_ladder *ladder; /* NULL: none */
	int64_t about;                    /* duty it is about, or -1 */
};
bool fold_open_duty(struct fold *fold, struct file_row *row, const struct folding *entry,
                    const struct fold_opening *opening, int64_t *id, struct err *err) MUST_USE;
/* Opens by the rule's own words: start, within, owner, ladder. `owner` replaces the rule's, or
 * NULL. */
bool fold_open_rule(struct fold *fold, struct file_row *row, const struct folding *entry,
                    const struct pack_duty *rule, const struct pack_owner *owner,
                    struct str each_office, const struct json *each_row, struct err *err) MUST_USE;
/* Closes an open duty (settled or ended) and ends what is about it. */
bool fold_close_duty(struct fold *fold, int64_t id, const struct folding *entry, const char *how,
                     struct err *err) MUST_USE;

/* What a built-in kind means to the views; a kind it does not know does nothing. */
bool fold_built_in(struct fold *fold, struct file_row *row, const struct folding *entry,
                   struct err *err) MUST_USE;

/* An owner expression as an office instance, on a file, for an entry. p NULL: nobody. */
struct owner_context {
	const struct chart *chart;
	const struct file_row *row;
	const struct json *plain;
	const struct json *each_row; /* row of a rows field, or NULL */
	struct str office;           /* of the entry; p NULL: none */
	struct str owner;            /* whoever owes, for ladders; p NULL: none */
};
struct str owner_resolve(const struct owner_context *context, const struct pack_owner *owner);

#endif
