/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What may be written and what follows from it, and the gates before it. */
#ifndef CANDOUR_PACK_MODEL_KIND_H
#define CANDOUR_PACK_MODEL_KIND_H

#include "base/base.h"
#include "pack/due.h"
#include "pack/model_place.h"

struct pack_cond;
struct pack_duty;
struct pack_field;
struct pack_office;
struct pack_owner;
struct pack_pattern;
struct pack_relation;

/* A need: what must hold, and the sentences said when it does not, and when it does. */
struct pack_need {
	const struct pack_cond *need;
	const struct pack_cond *when; /* NULL: always */
	struct str otherwise;
	struct str there;                 /* p NULL: nothing is said */
	bool is_second;                   /* the need is `second:` alone */
	const struct pack_office *second; /* its role */
	bool who_began; /* only who began the file agrees, as long as it holds that office */
	struct pack_place place;
};

struct pack_gate {
	struct str name;
	struct str title;
	const struct pack_need *needs;
	size_t need_count;
	struct pack_place place;
};

enum pack_by_sort {
	PACK_BY_ROLE,
	PACK_BY_ANYONE,
	PACK_BY_PUBLIC,
	PACK_BY_PERSON,
	PACK_BY_REGISTER,
	PACK_BY_FIRST_ACCOUNT,
	PACK_BY_OWNER, /* owner of DUTY; while it is vacant, the first held office up its line */
};

struct pack_by {
	enum pack_by_sort sort;
	const struct pack_office *role;
	const struct pack_duty *duty;
};

enum pack_to_sort {
	PACK_TO_NONE,
	PACK_TO_STATE,
	PACK_TO_BY_FIELD,
	PACK_TO_BY_STATE,
};

/* Where an act leads. States are names: a kind may live on several file types. */
struct pack_to {
	enum pack_to_sort sort;
	struct str state;        /* STATE, BY_STATE */
	struct str field;        /* BY_FIELD */
	const struct str *codes; /* BY_FIELD: code → states_for; BY_STATE: the old states */
	const struct str *states_for;
	size_t count;
};

/* A need or gate asked by a kind. Exactly one of gate and need is set. */
struct pack_kind_need {
	const struct pack_gate *gate;
	const struct pack_need *need;
	const struct pack_cond *when; /* of the gate line */
};

struct pack_open {
	const struct pack_duty *duty;
	const struct pack_cond *when;
	struct str each;                /* FIELD, or p NULL */
	const struct pack_owner *owner; /* replaces the duty's, or NULL */
	const struct pack_relation *on; /* opens on the linked files, or NULL */
};

enum pack_only {
	PACK_ONLY_ALL,
	PACK_ONLY_OWN,
	PACK_ONLY_FIELD,
	PACK_ONLY_OPENED, /* by the entry that the field names */
	PACK_ONLY_EARLIEST,
	/* By an entry that names, in its field of this name, the same file (pack_asks_who). */
	PACK_ONLY_AGREES,
};

struct pack_settle {
	const struct pack_duty *duty;
	const struct pack_cond *when;
	enum pack_only only;
	bool is_own; /* FIELD: and the acting office must owe it; another's is refused */
	struct str field;
	const struct pack_relation *on;
	const struct pack_cond *where; /* of the file that `on` leads to, as this entry leaves it;
	                                  or NULL */
	bool is_early;
	struct str done; /* field that says when it was done, beside when the act happened; or p
	                    NULL */
};

struct pack_end {
	const struct pack_duty *duty;
	const struct pack_cond *when;
};

struct pack_offer {
	const struct pack_kind *kind;
	const struct pack_cond *when;
};

struct pack_link {
	const struct pack_relation *relation;
	struct str field;
};

struct pack_set {
	struct str field;
	struct str value;      /* a constant, or */
	struct str from_field; /* the value of this field of the act */
};

struct pack_then {
	const struct pack_kind *kind;
	const struct pack_relation *on;
	uint64_t types; /* of the files that `on` leads to; elsewhere it writes nothing */
	const struct pack_cond *when;
	const struct pack_set *set;
	size_t set_count;
};

/* A pattern that an entry can make true. */
struct pack_wake {
	const struct pack_pattern *pattern;
	bool is_by_link; /* by what it joins alone: what it says itself is not asked */
};

/*
 * An entry by which fewer may read the words of its file, or of the entries that it names. Names of
 * the kind's fields; p NULL: left out.
 */
struct pack_restricts {
	struct str until;   /* a date: to the end of that day */
	struct str to;      /* offices that read on */
	struct str entries; /* left out, or empty: all words of the file */
	struct str reason;  /* a code */
	struct str of;      /* the duty that an earlier one opened: this one takes its place */
};

/* An entry by which they may be read again. */
struct pack_lifts {
	struct str entries; /* left out, or empty: all of it */
	struct str of;      /* as above; left out: whatever is in force on the file */
};

/* Duties that go over to whoever makes the entry. */
struct pack_takes {
	struct str duties;             /* a field of the kind */
	const struct pack_kind *offer; /* the newest such entry of the file offers them */
	struct str offered;            /* in this field of it */
};

struct pack_kind {
	size_t number; /* its place in pack.kinds */
	struct str name;
	struct str title;
	struct str action;   /* what it is called before it is made: on buttons; empty: the title */
	uint64_t file_types; /* mask by file type number */
	const uint32_t *from; /* state mask a file type number: where it may be made */
	bool may_begin;       /* new: yes */
	struct pack_to to;
	const struct pack_by *by;
	size_t by_count;
	const struct pack_office *const *any_file; /* who make it without a part in the file */
	size_t any_file_count;
	const struct pack_field *fields;
	size_t field_count;
	const struct pack_kind_need *needs;
	size_t need_count;
	const struct pack_open *opens;
	size_t open_count;
	const struct pack_settle *settles;
	size_t settle_count;
	const struct pack_end *ends;
	size_t end_count;
	const struct pack_offer *offers;
	size_t offer_count;
	const struct pack_link *links;
	size_t link_count;
	const struct pack_link *unlinks; /* links that the entry takes away */
	size_t unlink_count;
	const struct pack_then *then;
	size_t then_count;
	const struct pack_wake *wakes; /* patterns that an entry of it can make true */
	size_t wake_count;
	unsigned of_office;             /* PACK_OF_OFFICE that patterns about offices ask of it */
	const struct pack_takes *takes; /* NULL: nothing */
	const struct pack_restricts *restricts; /* NULL: it does not */
	const struct pack_lifts *lifts;         /* NULL: it does not */
	/* Fields of type file: whoever owes on them or on the act's own file is told; count 0:
	 * nobody is. */
	const struct str *tells_owners;
	size_t tells_owners_count;
	/* How long what happens to whoever began a file by it is told there; NULL: it is not. */
	const struct pack_period *watches;
	struct str public_text; /* p NULL: none */
	bool has_note;
	bool is_weighty;
	bool is_before_birth; /* it may have happened before whoever it is about was born */
	bool destroys;        /* the key of the file: its words are gone from then on */
	bool is_built_in;
	bool says_nothing;  /* built in: a click, and no word of whoever makes it */
	struct str retired; /* date text, or p NULL */
	struct pack_place place;
};

#endif
