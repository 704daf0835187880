/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: the abstract machine of one file type, cut
 * down to a slice (7.2). A state is a string of bytes: state of the file, the
 * rule's duties (0, 1, several), each fact, each counter. What the machine
 * does not keep is an unknown; one unknown has one truth inside one act.
 */
#ifndef CANDOUR_PACK_MACHINE_H
#define CANDOUR_PACK_MACHINE_H

#include "pack/atom.h"

#define MACHINE_FACTS_MAX 32
#define MACHINE_COUNTERS_MAX 64
#define MACHINE_FIELDS_MAX 32
#define MACHINE_VALUES_MAX 250
#define MACHINE_UNKNOWNS_MAX 512
#define MACHINE_ASKED_MAX 64
#define MACHINE_STATE_MAX (2 + MACHINE_FACTS_MAX + MACHINE_COUNTERS_MAX)
#define MACHINE_NO_FILE 255 /* state of a file that is not begun */

enum machine_value { /* of a fact or field; codes follow */
	             MACHINE_ABSENT,
	             MACHINE_UNKNOWN,
	             MACHINE_CODES,
};

enum machine_truth {
	MACHINE_FALSE,
	MACHINE_TRUE,
	MACHINE_EITHER,
};

/* What is walked: the states alone (rule and kind NULL), one rule, or the needs of one kind. */
struct slice {
	const struct pack_file_type *type;
	const struct pack_duty *rule;
	const struct pack_kind *kind;
};

struct machine_fact {
	const struct pack_fact *fact;
	const struct str *codes;
	size_t code_count;
};

struct machine_counter {
	const struct cond_which *which;
	struct str key; /* equal counters have equal keys */
	uint8_t cap;
};

/* A field whose value an act chooses: absent (perhaps), unknown (alone), or one of its codes. */
struct machine_field {
	const struct pack_field *field;
	const struct str *codes;
	size_t code_count;
	const uint8_t *choices; /* values to choose among */
	size_t choice_count;
};

enum bound_sort {
	BOUND_KNOWN,   /* always `truth` */
	BOUND_FIELD,   /* truths[value of field index] */
	BOUND_FACT,    /* truths[value of fact index] */
	BOUND_STATE,   /* mask of states */
	BOUND_COUNTER, /* least .. most */
	BOUND_DUTY,    /* the slice's rule is open */
	BOUND_ASK,     /* unknown */
};

struct bound_atom {
	enum bound_sort sort;
	uint8_t truth;
	bool is_turned;   /* lacks */
	bool is_partial;  /* DUTY: other rules count too */
	bool is_doubtful; /* DUTY: open is not yet what is asked (late, or of somebody) */
	size_t index;
	const uint8_t *truths;
	uint32_t states;
	int64_t least;
	int64_t most;
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
};

enum effect_sort {
	EFFECT_SETTLE,
	EFFECT_END,
	EFFECT_OPEN,
};

struct bound_effect {
	enum effect_sort sort;
	struct bound_cond when;
	enum pack_only only;
	size_t left; /* unknown: whether one of several stays */
};

/* How an act moves a counter: all tests of `where` must hold. */
struct bound_count {
	size_t counter;
	const struct bound_atom *where;
	size_t where_count;
};

struct machine_kind {
	const struct pack_kind *kind;
	bool is_by_people;
	struct machine_field fields[MACHINE_FIELDS_MAX];
	size_t field_count;
	size_t choice_count; /* product of the fields' choices */
	struct bound_need *needs;
	size_t need_count;
	struct bound_effect *effects;
	size_t effect_count;
	struct bound_count counts[MACHINE_COUNTERS_MAX];
	size_t count_count;
	int fact_field[MACHINE_FACTS_MAX];       /* field that feeds the fact, or -1 */
	uint8_t *fact_values[MACHINE_FACTS_MAX]; /* value of the field to value of the fact */
	int to_field;                            /* BY_FIELD */
	int *to_states;                          /* by value of the field; -1: stays */
};

struct machine {
	const struct pack *pack;
	struct slice slice;
	struct arena *arena;
	struct machine_fact facts[MACHINE_FACTS_MAX];
	size_t fact_count;
	struct machine_counter counters[MACHINE_COUNTERS_MAX];
	size_t counter_count;
	struct machine_kind *kinds;
	size_t kind_count;
	struct str unknowns[MACHINE_UNKNOWNS_MAX]; /* in words */
	const struct cond_atom
		*unknown_atoms[MACHINE_UNKNOWNS_MAX]; /* NULL: a doubt of the machine's own */
	size_t unknown_count;
	bool is_several;      /* the rule's "several" matters */
	bool opens_elsewhere; /* another file, a pattern or an emergency opens the rule */
	bool settles_elsewhere;
	size_t state_bytes;
	bool is_too_large; /* more facts, fields or unknowns than can be kept */
};

/* Unpacked state of the machine. */
struct machine_state {
	uint8_t bytes[MACHINE_STATE_MAX];
};

#define STATE_OF_FILE(s) ((s)->bytes[0])
#define STATE_OF_RULE(s) ((s)->bytes[1])

/* The truths that one act took of what is unknown, in the order it asked. */
struct trial {
	uint16_t asked[MACHINE_ASKED_MAX];
	bool truth[MACHINE_ASKED_MAX];
	bool is_forced[MACHINE_ASKED_MAX];
	size_t count;
	size_t at; /* how many were asked in this run */
};

/* Rules that may be open on a type: opened by its kinds, by others' `on:`, by patterns, and the
 * rest. */
size_t machine_rules(const struct pack *pack, const struct pack_file_type *type,
                     const struct pack_duty **out, size_t max);
/* Whether a relation's `on:` leads to files of the type. */
bool machine_leads_to(const struct pack_relation *relation, const struct pack_file_type *type);

/* ERR_UNABLE: no room. A machine that is too large says so in is_too_large. */
bool machine_build(const struct pack *pack, const struct slice *slice, struct arena *arena,
                   struct machine **out, struct err *err) MUST_USE;

/* Values of the fields of the n-th choice of a kind. */
void machine_choice(const struct machine_kind *kind, size_t n, uint8_t values[MACHINE_FIELDS_MAX]);
/*
 * One act with these values under these truths. False: it is not admitted.
 * *discharges: it settled or ended the rule, and a person may make it.
 */
bool machine_act(const struct machine *machine, const struct machine_kind *kind,
                 const uint8_t *values, const struct machine_state *from, struct trial *trial,
                 struct machine_state *to, bool *discharges);
/* The next set of truths to try. False: there is none. */
bool trial_next(struct trial *trial);

#endif
