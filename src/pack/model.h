/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a pack holds, compiled: names are resolved to pointers, sets
 * to masks. All of it belongs to struct pack, is never written after loading,
 * and lives until pack_destroy. Lists keep the order of the files.
 */
#ifndef CANDOUR_PACK_MODEL_H
#define CANDOUR_PACK_MODEL_H

#include "base/base.h"
#include "pack/due.h"
#include "pack/model_duty.h"
#include "pack/model_field.h"
#include "pack/model_file.h"
#include "pack/model_kind.h"
#include "pack/model_office.h"

/* What joins an entry to an office, as bits. */
enum pack_of_office {
	PACK_MADE_IN = 1,  /* it acted in the office */
	PACK_ASKED_OF = 2, /* a field of it names the office */
	PACK_LATE_IN = 4,  /* the first climb of what the office owes */
	PACK_ANYWHERE = 8, /* to none: a pattern counts such entries wherever they are */
};
#define PACK_OF_OFFICE_N 3
#define PACK_PARTS_N 4 /* with PACK_ANYWHERE */

#define PACK_PATTERN_OWNERS_MAX 2
#define PACK_FOUND_ON_MAX 32 /* files, the newest, on which a pattern opens one of its duties */

/* Of those for whom a silent-for of the pattern waits: one duty for each. */
enum pack_found_each {
	PACK_FOUND_ONE,    /* none of them: one duty */
	PACK_FOUND_SILENT, /* who is silent; where nobody is, the pattern's owner */
	PACK_FOUND_OTHERS, /* who is not, and is of another agency than the pattern's owner */
};

/* A duty that a pattern opens. */
struct pack_found_open {
	const struct pack_duty *duty;
	enum pack_found_each each;
	const struct pack_relation *on[2]; /* on the files these lead to, one after the other */
	size_t on_count;                   /* 0: on the pattern's own file */
	uint64_t types;                    /* of the files it is opened on */
	const struct pack_cond *when;      /* asked of each of those files; NULL: always */
	const struct pack_owner *owner;    /* in place of the duty's, or NULL */
};

struct pack_pattern {
	size_t number; /* its place in pack.patterns */
	struct str name;
	struct str title;
	struct str source;
	const struct pack_owner *owners; /* each owes a pattern duty of its own */
	size_t owner_count;
	const struct pack_file_type *about;
	const struct pack_relation *const *through;
	size_t through_count;
	unsigned of_office; /* about offices: which entries are an office's, of PACK_OF_OFFICE */
	const struct pack_relation *const *reach; /* `through`, and what `when` looks along */
	size_t reach_count;
	const struct pack_cond *when;
	const struct pack_found_open *opens;
	size_t open_count;
	bool is_once;
	bool asks_time; /* it may come true by time alone */
};

struct pack_lexicon;
struct lexicon_phrase;

/* A text that a word is not looked for in: all of a kind, or one field. */
struct pack_not_in {
	const struct pack_kind *kind;
	const struct pack_field *field; /* NULL: every field */
};

/* A phrase that is advised on. */
struct pack_word {
	struct str name;
	const struct str *match;
	size_t match_count;
	struct str advice;
	const struct str *instead;
	size_t instead_count;
	struct str source;
	uint32_t in;                           /* mask by enum pack_type */
	const struct lexicon_phrase *not_next; /* right behind it, no advice is due */
	size_t not_next_count;
	const struct pack_not_in *not_in;
	size_t not_in_count;
	unsigned under; /* only of a person who is, or may be, under that age; 0: of anybody */
	const struct pack_cond *when; /* NULL: always */
};

struct pack_indicator {
	struct str name;
	struct str title;
};

/* A pack that another is laid upon. */
struct pack_layer {
	struct str name;
	struct str version;
};

#define PACK_LAYERS_MAX 4

/* What a lawyer is asked before the pack is used for real, and what it assumes meanwhile. */
struct pack_question {
	struct str matter;
	struct str assumed;
	struct str ask;
};

/* How files that look alike are proposed, and answered: nothing is ever joined by itself (L11). */
struct pack_matching {
	const struct pack_kind *propose; /* by the register: plain `other` (file), `what` (code) */
	const struct pack_kind *answer;  /* plain `of`, the entry that proposed */
	struct str undecided; /* the code of its `answer` that decides nothing; p NULL: none */
	const struct pack_kind *same; /* makes the relation of two files of one person */
	const struct pack_kind *apart;
	const struct pack_relation *joins; /* that relation; and the one of two who look alike */
	const struct pack_relation *keeps_apart;
	struct str
		as[PACK_MATCHED_MARK + 1]; /* the code of `what` for what is alike; p NULL: none */
};

/* How exactly a birth is known, as a row of a file says it. */
enum pack_birth_known {
	PACK_BIRTH_NONE,
	PACK_BIRTH_YEAR,
	PACK_BIRTH_MONTH,
	PACK_BIRTH_DAY,
	PACK_BIRTHS_KNOWN,
};

/* What a row of an agency's own file of people becomes: an entry that begins a file. */
struct pack_import {
	const struct pack_kind *kind;
	int from_age; /* whole years that somebody is surely old; 0: anybody */
	/* Its fields, by what people are matched by; NULL: it has none. */
	const struct pack_field *names;
	const struct pack_field *birth;
	const struct pack_field *home;
	const struct pack_field *numbers;
	const struct pack_field *born;          /* month; NULL: none */
	const struct pack_field *known;         /* code; NULL: none */
	struct str known_as[PACK_BIRTHS_KNOWN]; /* of `known` */
};

struct pack {
	struct str name;
	struct str version; /* "0.1.0" */
	struct str title;
	struct str language;
	struct pack_layer below[PACK_LAYERS_MAX]; /* from the top down, without itself */
	size_t below_count;
	struct hash hash; /* of this pack's files; layers below have their own */
	struct hash sum;  /* of this hash and of those of the layers below */
	const struct zone *zone;
	const struct pack_calendar *calendar; /* the default of working days */
	const struct pack_duty *rest;
	const struct pack_duty *pattern_duty; /* NULL when there is no pattern */
	const struct pack_duty *vacant_duty;
	const struct pack_duty *clock_duty;
	const struct pack_duty *broken_duty;
	const struct pack_duty *second_duty;         /* R01, built in */
	const struct pack_duty *read_duty;           /* R02, built in */
	const struct pack_office *correction_second; /* who agrees to a correction; or NULL */
	const struct pack_file_type *register_type;
	const struct pack_file_type *office_type;
	const struct pack_fact *born; /* or NULL */
	int unborn_months;            /* before the month of birth that acts may have happened in */
	/* What the report of the public becomes, and what is told behind a code; or NULL. */
	const struct pack_kind *report;
	const struct pack_kind *report_added;
	struct pack_matching matching;     /* `propose` NULL: nothing is proposed */
	const struct pack_import *imports; /* the first is of anybody; count 0: no file of people is
	                                      taken over */
	size_t import_count;
	const struct str *never;
	size_t never_count;
	const struct pack_agency *agencies;
	size_t agency_count;
	const struct pack_office *offices;
	size_t office_count;
	const struct pack_list *lists;
	size_t list_count;
	const struct pack_file_type *file_types;
	size_t file_type_count;
	const struct pack_relation *relations;
	size_t relation_count;
	const struct pack_kind *kinds;
	size_t kind_count;
	const struct pack_duty *duties;
	size_t duty_count;
	const struct pack_ladder *ladders;
	size_t ladder_count;
	const struct pack_gate *gates;
	size_t gate_count;
	const struct pack_pattern *patterns;
	size_t pattern_count;
	bool asks_time; /* some pattern may come true by time alone */
	bool watches;   /* some kind watches over whoever began a file */
	const struct pack_word *words;
	size_t word_count;
	const struct pack_lexicon
		*lexicon; /* their phrases, to be looked for; NULL: there are none */
	const struct pack_indicator *indicators;
	size_t indicator_count;
	const struct pack_calendar *calendars;
	size_t calendar_count;
	const struct pack_question *questions;
	size_t question_count;
};

/*
 * Who is asked besides two agencies before what is in force is loosened: the
 * independent office that the rest duty's ladder tells, else the first
 * independent one. NULL: there is none.
 */
const struct pack_office *pack_scrutineer(const struct pack *pack);

/* By name, or NULL. Logarithmic: called for every act. */
const struct pack_kind *pack_kind_find(const struct pack *pack, struct str name);
const struct pack_duty *pack_duty_find(const struct pack *pack, struct str name);
const struct pack_office *pack_office_find(const struct pack *pack, struct str name);
const struct pack_agency *pack_agency_find(const struct pack *pack, struct str name);
const struct pack_file_type *pack_file_type_find(const struct pack *pack, struct str name);
const struct pack_relation *pack_relation_find(const struct pack *pack, struct str name);
const struct pack_ladder *pack_ladder_find(const struct pack *pack, struct str name);
const struct pack_gate *pack_gate_find(const struct pack *pack, struct str name);
const struct pack_pattern *pack_pattern_find(const struct pack *pack, struct str name); /* linear */
const struct pack_field *pack_field_find(const struct pack_kind *kind, struct str name);
const struct pack_code *pack_code_find(const struct pack_list *list, struct str code);
/* Whether a line of an office's reads speaks of the type; of a private one it does by name alone.
 */
bool pack_read_covers(const struct pack_read *read, const struct pack_file_type *type);
/* State number of a type, or -1. */
int pack_state_find(const struct pack_file_type *type, struct str state);

/* What an act of a kind is called before it is made: "End an account", where the entry is called
 * "An account ended". */
struct str pack_kind_action(const struct pack_kind *kind);
/* Whether an entry of it makes or takes away links by the relation. */
bool pack_kind_joins(const struct pack_kind *kind, const struct pack_relation *relation);
/*
 * Whether an entry of it, by somebody, says that its agency had to do with
 * whomever the file is about. What keeps the register does not: a kind of its
 * own (a duty taken, a second reader's answer, a correction), one that proposes
 * or answers what looks alike, one that does no more than link files or take a
 * link away.
 */
bool pack_kind_is_contact(const struct pack *pack, const struct pack_kind *kind);
/* False of a proposal that something else than whose a file is looks alike: who is one, or two, is
 * no answer to it. */
bool pack_asks_who(const struct pack *pack, const struct pack_kind *kind, const struct json *plain);
/*
 * The state an act leads to: the number in `type`, or -1 when it stays. `plain`
 * are the act's plain fields, `old` the state before it.
 */
int pack_kind_target(const struct pack_kind *kind, const struct pack_file_type *type, int old,
                     const struct json *plain);

/* A sentence of texts/LANG.yaml by its path, or `otherwise`. */
struct str pack_text(const struct pack *pack, struct str language, struct str path,
                     struct str otherwise);
/*
 * Words of the public's report by their path ("report.page.danger.title"), in
 * the pack's own language: its own, else the built-in English ones. p NULL:
 * there is no such path.
 */
struct str pack_sentence(const struct pack *pack, struct str path);
struct str pack_sentence_built_in(struct str path);

#endif
