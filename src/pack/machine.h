/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: the abstract machine of one file type, bound once with
 * all that its conditions ask. What is walked is a view of it: one rule, and
 * the facts and counters that are tracked; what a slice keeps but a view does
 * not track is hidden (it has a value, which the view does not know); all else
 * is an unknown, and one unknown has one truth inside one act.
 */
#ifndef CANDOUR_PACK_MACHINE_H
#define CANDOUR_PACK_MACHINE_H

#include "pack/atom.h"

#define MACHINE_FACTS_MAX 64
#define MACHINE_COUNTERS_MAX 192
#define MACHINE_VARS_MAX (MACHINE_FACTS_MAX + MACHINE_COUNTERS_MAX)
#define MACHINE_FIELDS_MAX 48
#define MACHINE_VALUES_MAX 240
#define MACHINE_UNKNOWNS_MAX 4096
#define MACHINE_ASKED_MAX 64
#define MACHINE_RULES_MAX 256
#define MACHINE_COVERS_MAX 4
#define MACHINE_STATE_MAX (2 + MACHINE_VARS_MAX)
#define MACHINE_NO_FILE 255 /* state of a file that is not begun */

enum machine_value { /* of a fact or field; codes follow */
	             MACHINE_ABSENT,
	             MACHINE_UNKNOWN,
	             MACHINE_CODES,
};
#define MACHINE_KEEPS 254    /* a field's value that leaves the fact as it is */
#define MACHINE_ANY 255      /* a fact that is kept and not known */
#define MACHINE_AT_LEAST 128 /* a counter of which only the least is known: 128 + least */
#define MACHINE_NO_PLACE 0   /* a fact or counter that is not tracked */

enum machine_truth {
	MACHINE_FALSE,
	MACHINE_TRUE,
	MACHINE_EITHER,
};

/* What a slice looks at: the states alone (rule and kind NULL), one rule, or one kind's needs. */
struct slice {
	const struct pack_file_type *type;
	const struct pack_duty *rule;
	const struct pack_kind *kind;
};

/* Facts and counters, by number: facts first. */
struct var_set {
	uint64_t words[MACHINE_VARS_MAX / 64];
};

static inline bool vars_have(const struct var_set *set, size_t n)
{
	return set->words[n / 64] >> (n % 64) & 1;
}

static inline void vars_add(struct var_set *set, size_t n)
{
	set->words[n / 64] |= UINT64_C(1) << (n % 64);
}

static inline void vars_join(struct var_set *set, const struct var_set *other)
{
	for (size_t i = 0; i < COUNT_OF(set->words); i++)
		set->words[i] |= other->words[i];
}

/* Those of `a` that are in `b` (or, turned, are not). */
static inline struct var_set vars_and(const struct var_set *a, const struct var_set *b, bool turned)
{
	struct var_set both;
	for (size_t i = 0; i < COUNT_OF(both.words); i++)
		both.words[i] = a->words[i] & (turned ? ~b->words[i] : b->words[i]);
	return both;
}

static inline bool vars_any(const struct var_set *set)
{
	uint64_t any = 0;
	for (size_t i = 0; i < COUNT_OF(set->words); i++)
		any |= set->words[i];
	return any != 0;
}

struct machine_fact {
	const struct pack_fact *fact;
	const struct str *codes;
	size_t code_count;
	uint8_t *class; /* by value: the first value that no condition tells from it */
};

struct machine_counter {
	const struct cond_which *which;
	struct str key; /* equal counters have equal keys */
	uint8_t cap;
};

struct machine_field {
	const struct pack_field *field;
	const struct str *codes;
	size_t code_count;
};

enum bound_sort {
	BOUND_KNOWN,   /* always `truth` */
	BOUND_FIELD,   /* truths[value of field index] */
	BOUND_FACT,    /* truths[value of fact index] */
	BOUND_STATE,   /* mask of states */
	BOUND_COUNTER, /* least .. most */
	BOUND_DUTY,    /* whether the view's rule is open, or others are */
	BOUND_ASK,     /* unknown */
};

struct bound_atom {
	enum bound_sort sort;
	uint8_t truth;
	bool is_turned;   /* lacks */
	bool is_doubtful; /* DUTY: open is not yet what is asked (late, or of somebody) */
	size_t index;     /* of the field; of the fact or counter among all */
	const uint8_t *truths;
	uint32_t states;
	int64_t least;
	int64_t most;
	const struct var_set *meant; /* DUTY: rules of the type, by number */
	size_t meant_count;
	size_t unknown; /* its number when it is not known */
};

struct bound_cond {
	const struct pack_cond *cond; /* NULL: holds */
	const struct bound_atom *atoms;
};

struct bound_need {
	struct bound_cond when; /* of the gate line */
	struct bound_cond only; /* of the need */
	struct bound_cond need;
	struct var_set vars;
};

enum effect_sort {
	EFFECT_SETTLE,
	EFFECT_END,
	EFFECT_OPEN,
};

struct bound_effect {
	enum effect_sort sort;
	const struct pack_duty *duty;
	struct bound_cond when;
	enum pack_only only;
	bool is_bound_to_needs; /* an unknown of its condition has to do with one of the needs */
	size_t left;            /* unknown: whether one of several stays */
	struct var_set vars;
};

/* How an act moves a counter: all tests of `where` must hold. */
struct bound_count {
	size_t counter;
	const struct bound_atom *where;
	size_t where_count;
};

/* How an act moves a fact: value of the field to value of the fact. */
struct bound_feed {
	size_t fact;
	size_t field;
	const uint8_t *values;
};

enum use_sort {
	USE_NEED,
	USE_EFFECT,
	USE_COUNT,
};

/* A test of a field, and what asks it: the needs, an effect, a counter. */
struct field_use {
	size_t field;
	const uint8_t *truths;
	enum use_sort sort;
	size_t index;
};

/* What an act may choose: of each field that matters, the codes that something tells apart. */
struct choices {
	size_t count; /* product */
	size_t field_count;
	const uint8_t *fields;        /* numbers of fields, in order */
	const uint8_t *const *values; /* by place in `fields` */
	const uint8_t *value_counts;
	bool is_too_large;
};

struct machine_kind {
	const struct pack_kind *kind;
	size_t number; /* among the machine's */
	bool is_by_people;
	bool is_retired; /* such entries are there, and nobody makes another */
	uint32_t from;   /* states it may be made in */
	struct machine_field fields[MACHINE_FIELDS_MAX];
	size_t field_count;
	struct field_use *uses;
	size_t use_count;
	struct bound_need *needs;
	size_t need_count;
	struct bound_effect *effects;
	size_t effect_count;
	struct bound_count *counts;
	size_t count_count;
	struct bound_feed *feeds;
	size_t feed_count;
	int to_field;        /* BY_FIELD, or -1 */
	int *to_states;      /* by value of the field; -1: stays */
	uint8_t to_from[32]; /* by old state, when no field decides */
	uint8_t to_new;      /* of a file that is begun */
	struct var_set need_vars;
	struct var_set fed_vars;
	struct choices plain; /* when neither its effects nor what it feeds is looked at */
};

/* An unknown: its words, what it asks, the counters without which it is not true. */
struct machine_unknown {
	struct str words;
	const struct cond_atom *atom; /* NULL: a doubt of the machine's own */
	bool is_after;                /* asked behind the act, which may have turned it */
	struct {
		uint16_t counter;
		uint8_t least;
	} covers[MACHINE_COVERS_MAX];
	size_t cover_count;
};

struct machine {
	const struct pack *pack;
	const struct pack_file_type *type;
	struct arena *arena;
	struct machine_fact facts[MACHINE_FACTS_MAX];
	size_t fact_count;
	struct machine_counter counters[MACHINE_COUNTERS_MAX];
	size_t counter_count;
	struct machine_kind *kinds;
	size_t kind_count;
	const struct pack_duty *rules[MACHINE_RULES_MAX]; /* that may be open on the type */
	size_t rule_count;
	struct machine_unknown *unknowns;
	size_t unknown_count;
	struct var_set barred; /* counters whose growth may bar an act */
	const char *too_large; /* what there is more of than can be kept, or NULL */
};

/* A kind as a view sees it. */
struct view_kind {
	const struct machine_kind *kind;
	const struct bound_effect *const *effects; /* on the view's rule */
	size_t effect_count;
	struct choices choices;
	struct var_set effect_vars;
	bool is_bound_to_needs;
};

/* A machine, the slice looked at, and what is tracked of it. */
struct view {
	const struct machine *machine;
	struct slice slice;
	size_t rule;            /* number of the slice's rule among the type's; SIZE_MAX: none */
	struct var_set kept;    /* what the slice keeps */
	struct var_set tracked; /* what a state of the view holds */
	uint16_t place[MACHINE_VARS_MAX];
	uint16_t tracked_vars[MACHINE_VARS_MAX]; /* in order of their places */
	size_t tracked_count;
	size_t state_bytes;
	struct view_kind *kinds;
	size_t kind_count;
	bool is_several;      /* the rule's "several" matters */
	bool opens_elsewhere; /* another file, a pattern or an emergency opens the rule */
	bool opens_on_ended;  /* another file does, on one that has ended too */
	bool settles_elsewhere;
	bool is_too_large; /* a kind has more choices than can be tried */
};

/* A state of a view: of the file, of the rule (0, 1, several; the latter two again where it was
 * opened on a file that had ended), then what is tracked. */
struct machine_state {
	uint8_t bytes[MACHINE_STATE_MAX];
};

#define STATE_OF_FILE(s) ((s)->bytes[0])
#define STATE_OF_RULE(s) ((s)->bytes[1])
#define RULE_STATES 5
#define RULE_ENDED 2 /* added to what was opened on a file that had ended */

/* The truths that one act took of what is unknown, in the order it asked. */
struct trial {
	uint16_t asked[MACHINE_ASKED_MAX];
	bool truth[MACHINE_ASKED_MAX];
	bool is_forced[MACHINE_ASKED_MAX];
	size_t count;
	size_t at;    /* how many were asked in this run */
	size_t needs; /* how many of them by the needs */
};

/* What an act does. */
struct machine_step {
	struct machine_state to;        /* its rule: the least of `rules` */
	uint8_t rules;                  /* what may be open after it, as bits 0 to 4 */
	enum machine_truth admitted;    /* EITHER: what is hidden decides */
	enum machine_truth discharges;  /* settles or ends the rule, by a person */
	const struct bound_need *doubt; /* the first need that what is hidden decides, or NULL */
};

#define MACHINE_TRIES_MAX 65536

/* How many are open by the byte of the rule: 0, 1, several. */
uint8_t machine_rule_count(uint8_t rule);

struct acting {
	const struct view *view;
	const struct view_kind *kind;
	const uint8_t *values;
	const struct machine_state *from;
	struct trial trial;
	size_t floor;
	size_t tries;
	size_t limit; /* of tries, where more would lead to the same; 0: none */
	bool is_begun;
	bool is_possible; /* its needs do not contradict one another whatever is hidden */
	bool is_cut;      /* there were more sets of truths than are tried */
};

/* Whether `on:` in a kind leads to files of the type. */
bool machine_leads_to(const struct pack_kind *kind, const struct pack_relation *on,
                      const struct pack_file_type *type);

/* The machine of a file type. ERR_UNABLE: no room. */
bool machine_build(const struct pack *pack, const struct pack_file_type *type, struct arena *arena,
                   struct machine **out, struct err *err) MUST_USE;

/* The facts and counters that a slice keeps (7.2). */
struct var_set machine_kept(const struct machine *machine, const struct slice *slice);

/*
 * A view of a slice that tracks `tracked`. `everything`: every kind of the
 * type is in it and every fact and counter is kept. ERR_UNABLE: no room.
 */
bool view_build(const struct machine *machine, const struct slice *slice,
                const struct var_set *tracked, bool everything, struct arena *arena,
                struct view *out, struct err *err) MUST_USE;
/* The file that is not begun. */
void view_root(const struct view *view, struct machine_state *out);
/* A state of one view as another sees it; what that one tracks and this does not is not known. */
void view_project(const struct view *from, const struct machine_state *state, const struct view *to,
                  struct machine_state *out);

/* Values of all fields of a kind under its n-th choice. */
void machine_choice(const struct view_kind *kind, size_t n, uint8_t values[MACHINE_FIELDS_MAX]);
bool machine_may_be_made(const struct machine_kind *kind, uint8_t state);
/* The steps of one act with these values, one set of truths after another. */
void machine_begin(struct acting *acting, const struct view *view, const struct view_kind *kind,
                   const uint8_t *values, const struct machine_state *from);
/* The next that is admitted. False: there is none. */
bool machine_next(struct acting *acting, struct machine_step *step);

/* Whether one truth of `a` leaves `b` one truth only. */
bool know_implies(const struct cond_atom *a, bool truth, const struct cond_atom *b, bool *forced);
/* How many entries that `which` means are there at least where the atom is true. */
int64_t know_entries(const struct cond_atom *atom, const struct cond_which *which);

#endif
