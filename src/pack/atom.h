/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: a condition compiled. Operations in postfix
 * over atoms; an atom asks one thing of the world. Atoms that say the same
 * have the same words, so that the walk may join them.
 */
#ifndef CANDOUR_PACK_ATOM_H
#define CANDOUR_PACK_ATOM_H

#include "pack/condition.h"
#include "pack/loader.h"

#define COND_DEPTH_MAX 6
#define COND_PAIRS_MAX 64
#define COND_OPS_MAX 256
#define COND_BOUND_MAX 100 /* largest number compared */
#define COND_ROWS_MAX 64   /* rows looked at for has, lacks, fresh, after */
#define COND_COUNT_MAX PACK_ROWS_MAX
#define COND_LINKS_MAX 256
#define COND_SHARED_MAX 64 /* same-file: files at one end, and those at the other of each */
#define COND_APART_MAX 32  /* linked apart: the same */
#define COND_EVERY_MAX 32
#define COND_ASKS_MAX 256
#define COND_ANSWERS_MAX 32768 /* rows looked at for the answers to all asks together */
#define COND_LINE_MAX 16       /* depth of a chart */
#define COND_OFFICES_MAX 16    /* agencies or offices that silent-for tells apart */

enum cond_op_code {
	COND_ATOM, /* pushes the truth of atom b */
	COND_NOT,  /* turns the top */
	COND_AND,  /* joins the two on top */
	COND_OR,
	COND_SKIP_IF_FALSE, /* to operation b, leaving the top; a saving, no meaning */
	COND_SKIP_IF_TRUE,
};

struct cond_op {
	uint8_t code;
	uint32_t b;
};

enum cond_form {
	COND_FIELD,
	COND_FACT,
	COND_STATE,
	COND_FILE,
	COND_HAS,
	COND_LACKS,
	COND_FRESH,
	COND_COUNT,
	COND_SHARE,
	COND_AFTER,
	COND_RUNNING,
	COND_SILENT_FOR,
	COND_OLDER_THAN,
	COND_AGE,
	COND_TURNS_AGE,
	COND_LINKED,
	COND_SAME_FILE,
	COND_DUTY,
	COND_ASKED,
	COND_OFFICE,
	COND_OFFICE_IN,
	COND_SECOND,
	COND_SAME_ACCOUNT,
	COND_OUTSIDE_LINE,
	COND_HELD,
	COND_REGISTER, /* of the entries of the register itself */
	COND_COMPLETE, /* how much of what was due is said */
};

enum cond_test_sort {
	COND_IS_CODE, /* one of codes */
	COND_IS_PRESENT,
	COND_IS_ABSENT,
	COND_IS_BETWEEN, /* least .. most */
};

struct cond_test {
	enum cond_test_sort sort;
	const struct str *codes;
	size_t code_count;
	int64_t least;
	int64_t most;
};

struct cond_where {
	struct str field;
	struct cond_test test;
};

/* Entries that are meant. */
struct cond_which {
	const struct pack_kind *const *kinds; /* count 0: every kind */
	size_t kind_count;
	const struct cond_where *where;
	size_t where_count;
	const struct pack_kind *const *after; /* later than the last of these */
	size_t after_count;
	const struct pack_office *const *after_by; /* of these: the last that one of them made */
	size_t after_by_count;                     /* 0: whoever made it */
	const struct pack_office *const *by;
	size_t by_count;
	const struct pack_relation *through; /* on the files at its other end, or NULL */
	bool on_every;                       /* on each of those files, not on any */
};

enum cond_what {
	COND_BY_NOTHING,
	COND_BY_FIELD,
	COND_BY_OFFICE,
	COND_BY_AGENCY,
	COND_BY_ACCOUNT,
	COND_BY_FILE,
	COND_BY_ANYONE,
};

enum cond_when {
	COND_NOW,
	COND_HAPPENED,
	COND_AT_FIELD,
};

enum cond_duty_is {
	COND_IS_OPEN,
	COND_IS_LATE,
	COND_IS_SETTLED,
};

/* COMPLETE: entries of a kind, and which codes they ought to say in a field. */
struct cond_part {
	const struct pack_kind *kind;
	struct str field;
	const struct cond_test *due; /* one code each */
	size_t due_count;
};

struct cond_atom {
	enum cond_form form;
	bool is_negated; /* under an odd number of `not` */
	bool has_period;
	bool with_this;
	bool by_recorded; /* COUNT: the period is of when it was written down, not of when it
	                     happened */
	bool is_alike;    /* COUNT: how many share one value of `what`, at most */
	int64_t newest;   /* COUNT: entries looked at, at most; 0: COND_COUNT_MAX */
	int64_t owed;   /* COUNT, alike: and at least so many in 100 of what the office owed by that
	                   rule; 0:   not asked */
	int64_t of_all; /* COUNT: and at least so many in 100 of all of those kinds; 0: not asked */
	int64_t of_files;    /* COUNT, different: file: and at least so many in 100 of the files on
	                        which the office owes something; 0: not asked */
	struct str anywhere; /* COUNT: on whichever files, those that share a value of this field
	                        with the file's own newest; p NULL: on the file */
	bool is_broken; /* SILENT_FOR: by the newest word, which came so long after the one before
	                 */
	bool is_named;  /* LINKED: of the files that the act itself names */
	bool is_under;
	bool by_agency;   /* OFFICE_IN, all-of: an office of the same agency will do */
	struct str words; /* canonical */
	struct pack_place place;
	struct str forbidden;    /* P13: what it may not look at, as a sentence; p NULL: nothing */
	struct str name;         /* FIELD, FACT; OFFICE_IN; AGE at a field */
	struct cond_test test;   /* FIELD, FACT; OFFICE_IN of codes in rows */
	const struct str *names; /* STATE; FILE and LINKED: types, none: any */
	size_t name_count;
	uint64_t file_types; /* FILE, LINKED, SAME_FILE */
	struct cond_which which;
	struct cond_which then;               /* AFTER */
	const struct pack_kind *const *among; /* RUNNING */
	size_t among_count;
	const struct pack_kind *since;
	struct pack_period period;
	int64_t least; /* COUNT, LINKED, SAME_FILE, SHARE (percent), RUNNING, AGE (years) */
	int64_t most;
	int64_t months; /* TURNS_AGE; SHARE: among at least */
	enum cond_what what;
	struct str what_field;
	enum cond_when when;
	const struct pack_relation *relation;
	const struct pack_relation *const *ways; /* LINKED, apart: further ones */
	size_t way_count;
	const struct pack_relation
		*apart; /* LINKED: files that it joins count once; NULL: each counts */
	const struct pack_cond *where; /* LINKED, REGISTER; COUNT: of the file of each entry */
	const struct pack_duty *const *rules;
	size_t rule_count;
	unsigned classes; /* bits by enum pack_class */
	enum cond_duty_is is;
	bool has_owner;
	struct pack_owner owner;
	const struct pack_kind *ask; /* SILENT_FOR: by whom those are named who ought to know;
	                                OFFICE_IN, HELD: whose field names offices */
	const struct pack_kind *answer;
	struct str ask_field; /* of type office; OFFICE_IN: all of whom are named (all-of), or p
	                         NULL */
	bool is_of_codes;     /* OFFICE_IN, all-of: codes are named there, not offices */
	struct str named;     /* ASKED: whom this field of the act names need not have answered */
	const struct pack_duty *silent;
	const struct pack_office *const *offices; /* OFFICE, OFFICE_IN */
	size_t office_count;
	const struct pack_agency *const *agencies; /* OFFICE_IN */
	size_t agency_count;
	const struct cond_part *parts; /* COMPLETE; `which` names their kinds */
	size_t part_count;
	int64_t under; /* of them all, so many in 100 */
	const struct pack_office *second;
	bool who_began; /* SECOND: who began the file, as long as it holds that office */
};

struct pack_cond {
	const struct cond_op *ops;
	size_t op_count;
	const struct cond_atom *const *atoms;
	size_t atom_count;
	bool saturates_to_true; /* the protecting side; false for needs */
	struct pack_place place;
};

/* The one question that is asked of each atom, by its number in the condition. */
typedef bool cond_ask(void *ctx, size_t n, bool *holds, struct err *err);
/* Walks the operations; an atom that cannot change the answer is not asked. Allocates nothing. */
bool cond_evaluate(const struct pack_cond *cond, cond_ask *ask, void *ctx, bool *holds,
                   struct err *err) MUST_USE;
/* Whether it asks of nothing but the act's fields, as `required:` must. */
bool cond_is_of_fields(const struct pack_cond *cond);

/* Tests of one value: from the tree of an act (NULL: absent), from canonical text. */
bool cond_test_json(const struct cond_test *test, const struct json *value);
bool cond_test_raw(const struct cond_test *test, struct str raw);
/* A member of a canonical object as its own text; p NULL: absent. */
struct str cond_raw_member(struct str plain, struct str name);
/* FNV-1a, 64 bits: what is kept of a value that is borrowed for a moment. */
uint64_t cond_hash(struct str s);
/* Whether a field of the act names the office. */
bool cond_act_names(const struct pack_world *world, struct str field, struct str office);
/* HELD. */
bool cond_look_held(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                    struct err *err) MUST_USE;
/* OFFICE_IN of the newest entry that `ask` means: whether it names such offices. */
bool cond_look_entry_names(const struct cond_atom *atom, const struct pack_world *world,
                           bool *holds, struct err *err) MUST_USE;
/* OFFICE_IN of codes with any-of: whether some row says one of them. */
bool cond_rows_say(const struct cond_atom *atom, const struct pack_world *world);
/* OFFICE_IN with all-of. */
bool cond_look_cover(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                     struct err *err) MUST_USE;
/* The entries that its first form looks for, in words. */
void cond_say_which(struct buf *out, const struct pack_cond *cond);
/* One atom in words, or what it says where it is not so. p NULL: no room. */
struct str cond_atom_words(struct arena *arena, const struct cond_atom *atom, bool is_not);
/* The fact of that name, or NULL. */
const struct pack_fact *cond_fact_find(const struct pack_file_type *type, struct str name);

/* One atom asked of a world; condition.c hands it the atoms that look at entries or links. */
bool cond_look(const struct pack_cond *cond, const struct cond_atom *atom,
               const struct pack_world *world, bool *holds, struct err *err) MUST_USE;
/* Atoms that look further than one list of entries: linked, same-file, asked-and-answered, silence.
 */
/* By the register itself, or a click: no silence ends with it. */
bool cond_says_nothing(const struct pack_seen *seen);
/* The open duties of the world's file by `rule`; NULL: by every rule. A visit may be shown closed
 * ones too. */
bool cond_open_duties(const struct pack_world *world, const struct pack_duty *rule,
                      pack_visit_duty *visit, void *ctx, struct err *err) MUST_USE;
/* Who is told apart by the atom: the office itself, or the name of its agency; p NULL: nobody. */
struct str cond_speaker(const struct cond_atom *atom, const struct pack_world *world,
                        struct str office);
/* SILENT_FOR of whoever owes something, or of anybody; broken: of anybody, until the newest word.
 */
bool cond_look_silent(const struct pack_cond *cond, const struct cond_atom *atom,
                      const struct pack_world *world, bool *holds, struct err *err) MUST_USE;
bool cond_look_broken(const struct pack_cond *cond, const struct cond_atom *atom,
                      const struct pack_world *world, bool *holds, struct err *err) MUST_USE;
/* Visits whoever is waited for by such an atom (pack_cond_awaited). */
bool cond_tell_owing(const struct cond_atom *atom, const struct pack_world *world,
                     pack_visit_awaited *visit, void *ctx, struct err *err) MUST_USE;
bool cond_tell_named(const struct cond_atom *atom, const struct pack_world *world,
                     pack_visit_awaited *visit, void *ctx, struct err *err) MUST_USE;
/* SILENT_FOR of those named: whether one of them has written nothing within the period. */
bool cond_look_named(const struct pack_cond *cond, const struct cond_atom *atom,
                     const struct pack_world *world, bool *holds, struct err *err) MUST_USE;
bool cond_look_far(const struct pack_cond *cond, const struct cond_atom *atom,
                   const struct pack_world *world, bool *holds, struct err *err) MUST_USE;
/* REGISTER. */
bool cond_look_register(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                        struct err *err) MUST_USE;
/* Whether an entry is among what is meant, `after` and `through` apart. */
bool cond_which_fits(const struct cond_which *which, const struct pack_world *world,
                     const struct pack_seen *seen);
/* Whether `now` is before the end of the period that starts at `from`. */
bool cond_is_within(const struct pack_world *world, const struct pack_period *period, instant from,
                    bool *within, struct err *err) MUST_USE;
/* The same of many instants: of what is known of one follows all that lies beyond it. */
struct cond_window {
	instant in;  /* the earliest known to be within */
	instant out; /* the latest known not to be */
};
#define COND_WINDOW ((struct cond_window){ .in = INSTANT_MAX, .out = INSTANT_MIN })
bool cond_is_in_window(struct cond_window *window, const struct pack_world *world,
                       const struct pack_period *period, instant from, bool *within,
                       struct err *err) MUST_USE;

#endif
