/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a pack holds (pack 3), compiled: names are resolved to pointers, sets
 * to masks. All of it belongs to struct pack, is never written after loading,
 * and lives until pack_destroy. Lists keep the order of the files.
 */
#ifndef CANDOUR_PACK_MODEL_H
#define CANDOUR_PACK_MODEL_H

#include "base/base.h"
#include "pack/due.h"

struct pack_cond;
struct pack_duty;
struct pack_gate;
struct pack_kind;
struct pack_ladder;
struct pack_list;
struct pack_office;

#define PACK_STATES_MAX 24

/* Where an element stands, for messages: path inside the pack, 1-based. */
struct pack_place {
	struct str file;
	int line;
	int column;
};

struct pack_agency {
	struct str name;
	struct str title;
	const struct pack_office *head;
	const struct pack_office *chief;
	const struct pack_office *inspectorate;
	bool is_outside;
};

enum pack_reads {
	PACK_READS_NOTHING,
	PACK_READS_SAMPLE,
	PACK_READS_FIGURES,
	PACK_READS_OWN,      /* files it owes or wrote on, and those linked to them */
	PACK_READS_CHILDREN, /* all files of its area */
};

struct pack_read {
	enum pack_reads what;
	uint64_t file_types;    /* mask by pack_file_type.number; all ones: any */
	const uint32_t *states; /* mask a file type number; NULL: any state */
};

/* A role (pack 3.2). Instances live in the register. */
struct pack_office {
	size_t number; /* its place in pack.offices */
	struct str name;
	struct str title;
	const struct pack_agency *agency;
	const struct pack_office *line; /* NULL: none */
	bool is_outside;
	bool is_independent;
	const struct pack_office *const *outside_line_of;
	size_t outside_line_of_count;
	const struct pack_office *const *deputies;
	size_t deputy_count;
	const struct pack_read *reads;
	size_t read_count;
};

struct pack_code {
	struct str code;
	struct str title;
	struct str retired; /* date text, or p NULL */
	struct str instead;
};

struct pack_list {
	struct str name;
	const struct pack_code *codes;
	size_t count;
	bool is_closed;
};

enum pack_keep {
	PACK_KEEP_LAST,
	PACK_KEEP_FIRST,
	PACK_KEEP_HIGHEST,
	PACK_KEEP_EVER,
};

struct pack_fact_source {
	const struct pack_kind *kind;
	struct str field;
};

struct pack_fact {
	size_t number; /* among its file type's facts */
	struct str name;
	const struct pack_fact_source *from;
	size_t from_count;
	enum pack_keep keep;
	const struct str *order; /* low to high, for PACK_KEEP_HIGHEST */
	size_t order_count;
	struct str value; /* for PACK_KEEP_EVER */
};

enum pack_area {
	PACK_AREA_NONE,
	PACK_AREA_FIELD,    /* an office field of the first entry */
	PACK_AREA_RELATION, /* the file at the other end */
};

struct pack_file_type {
	size_t number; /* its place in pack.file_types, below 64 */
	struct str name;
	struct str title;
	struct str letter;        /* 1-3 capitals, unique */
	const struct str *states; /* the first is where a file begins */
	const struct str *state_titles;
	size_t state_count;
	uint32_t final; /* masks by state number; final 0: none */
	uint32_t rests;
	enum pack_area area;
	struct str area_name;
	bool is_person;
	bool is_built_in; /* register, office: outside the rest rule */
	const struct pack_fact *facts;
	size_t fact_count;
};

struct pack_relation {
	size_t number;
	struct str name;
	uint64_t from; /* masks by file type number */
	uint64_t to;
	bool is_both_ways;
};

enum pack_type {
	PACK_CODE,
	PACK_CODES,
	PACK_YES,
	PACK_INTEGER,
	PACK_DATE,
	PACK_INSTANT,
	PACK_MONTH,
	PACK_VERSION,
	PACK_OFFICE,
	PACK_FILE,
	PACK_ENTRY,
	PACK_DUTY,
	PACK_ROWS,
	PACK_TEXT, /* this and what follows is sealed by type */
	PACK_WORDS,
	PACK_NAME,
	PACK_ADDRESS,
	PACK_IDENTIFIER,
	PACK_ATTACHMENT,
};

enum pack_required {
	PACK_OPTIONAL,
	PACK_REQUIRED,
	PACK_REQUIRED_IF, /* required_if holds over the act's fields */
};

enum pack_not_after {
	PACK_ANY_TIME,
	PACK_NOT_AFTER_NOW,
	PACK_NOT_AFTER_TODAY,
};

struct pack_field {
	struct str name;
	enum pack_type type;
	bool is_sealed;
	bool is_repeated;
	bool is_protected;
	enum pack_required required;
	const struct pack_cond *required_if;
	int64_t min; /* integers; INT64_MIN / INT64_MAX: no bound */
	int64_t max; /* integers; bytes of text */
	size_t items_max; /* when repeated; 1 otherwise */
	enum pack_not_after not_after;
	struct str label; /* never empty */
	struct str hint;
	const struct pack_list *list; /* the codes of PACK_CODE, PACK_CODES: named or inline */
	uint64_t of_file_types;       /* PACK_FILE; 0: any */
	const struct pack_kind *const *of_kinds; /* PACK_ENTRY */
	size_t of_kind_count;
	const struct pack_duty *const *of_duties; /* PACK_DUTY */
	size_t of_duty_count;
	const struct pack_field *columns; /* PACK_ROWS */
	size_t column_count;
};

enum pack_owner_sort {
	PACK_OWNER_ROLE,
	PACK_OWNER_ENTRY,       /* office of the entry */
	PACK_OWNER_FIRST_ENTRY, /* office of the first entry */
	PACK_OWNER_LAST_ENTRY,  /* office of the last entry */
	PACK_OWNER_FIELD,       /* office in FIELD[.COLUMN] */
	PACK_OWNER_PATTERN,     /* owner of the pattern */
	PACK_OWNER_OWNER,       /* whoever owes (ladders) */
};

enum pack_owner_step {
	PACK_STEP_NONE,
	PACK_STEP_MANAGER,
	PACK_STEP_HEAD,
	PACK_STEP_CHIEF,
	PACK_STEP_INSPECTORATE,
};

/* Who is meant (pack 3.6.2): a base and up to four steps taken from it, innermost first. */
struct pack_owner {
	enum pack_owner_sort sort;
	const struct pack_office *role;
	struct str field;
	struct str column; /* p NULL: none */
	enum pack_owner_step steps[4];
	size_t step_count;
};

enum pack_start_sort {
	PACK_START_RECORDED,
	PACK_START_RECEIVED,
	PACK_START_HAPPENED,
	PACK_START_FIELD,
	PACK_START_LAST,
	PACK_START_FIRST,
};

struct pack_start {
	enum pack_start_sort sort;
	struct str field;
	const struct pack_kind *kind;
};

enum pack_class {
	PACK_STATUTE,
	PACK_GUIDANCE,
	PACK_NORM,
	PACK_LOCAL,
};

struct pack_dated_case {
	const struct yaml *at; /* the row, for the checker */
};

struct pack_duty {
	size_t number; /* its place in pack.duties */
	struct str name; /* "T01" */
	struct str title;
	struct str source;
	struct str certainty; /* sure, likely, check */
	enum pack_class class;
	const struct pack_owner *owners; /* several: together */
	size_t owner_count;
	const struct pack_office *out_of_hours; /* or NULL */
	struct str awaited;
	const struct pack_start *from; /* several: the earliest present */
	size_t from_count;
	bool within_is_field; /* within: {field: …} */
	struct str within_field;
	struct str within_column;
	struct pack_period within;
	struct str no_later_than; /* field, or p NULL */
	bool has_not_before;
	struct pack_period not_before;
	const struct pack_ladder *ladder; /* NULL: chosen by code */
	struct str ladder_by;
	const struct pack_ladder *const *ladder_for; /* one a code of ladder_codes */
	const struct str *ladder_codes;
	size_t ladder_count;
	bool is_extendable;
	int renewals; /* 0: none */
	bool is_built_in; /* R01, R02: outside L4 */
	struct pack_place place;
};

enum pack_rung_place {
	PACK_LINE,
	PACK_INDEPENDENT,
	PACK_OUTSIDE,
};

struct pack_rung {
	struct pack_period after;
	const struct pack_owner *tell;
	size_t tell_count;
	bool is_one_of; /* the first that is held today */
	enum pack_rung_place place;
	const struct pack_kind *makes; /* or NULL */
};

struct pack_ladder {
	struct str name;
	const struct pack_rung *rungs;
	size_t count;
	struct pack_place place;
};

/* A need: what must hold, and the sentence said when it does not. */
struct pack_need {
	const struct pack_cond *need;
	const struct pack_cond *when; /* NULL: always */
	struct str otherwise;
	bool is_second;                   /* the need is `second:` alone */
	const struct pack_office *second; /* its role */
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
	struct str state; /* STATE, BY_STATE */
	struct str field; /* BY_FIELD */
	const struct str *codes;   /* BY_FIELD: code → states_for; BY_STATE: the old states */
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
	PACK_ONLY_EARLIEST,
};

struct pack_settle {
	const struct pack_duty *duty;
	const struct pack_cond *when;
	enum pack_only only;
	struct str field;
	const struct pack_relation *on;
	bool is_early;
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
	struct str value;     /* a constant, or */
	struct str from_field; /* the value of this field of the act */
};

struct pack_then {
	const struct pack_kind *kind;
	const struct pack_relation *on;
	const struct pack_cond *when;
	const struct pack_set *set;
	size_t set_count;
};

struct pack_kind {
	size_t number; /* its place in pack.kinds */
	struct str name;
	struct str title;
	uint64_t file_types;  /* mask by file type number */
	const uint32_t *from; /* state mask a file type number: where it may be made */
	bool may_begin;       /* new: yes */
	struct pack_to to;
	const struct pack_by *by;
	size_t by_count;
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
	const struct pack_then *then;
	size_t then_count;
	struct str public_text; /* p NULL: none */
	bool has_note;
	bool is_weighty;
	bool is_built_in;
	struct str retired; /* date text, or p NULL */
	struct pack_place place;
};

struct pack_pattern {
	struct str name;
	struct str title;
	struct str source;
	const struct pack_owner *owner;
	const struct pack_file_type *about;
	const struct pack_relation *const *through;
	size_t through_count;
	const struct pack_cond *when;
	const struct pack_duty *const *opens;
	size_t open_count;
	bool is_once;
};

/* A phrase that is advised on (pack 3.10). */
struct pack_word {
	struct str name;
	const struct str *match;
	size_t match_count;
	struct str advice;
	const struct str *instead;
	size_t instead_count;
	struct str source;
	uint32_t in; /* mask by enum pack_type */
};

struct pack_indicator {
	struct str name;
	struct str title;
};

struct pack {
	struct str name;
	struct str version; /* "0.1.0" */
	struct str title;
	struct str language;
	struct hash hash; /* of this pack's files; layers below have their own */
	const struct zone *zone;
	const struct pack_calendar *calendar; /* the default of working days */
	const struct pack_duty *rest;
	const struct pack_duty *pattern_duty; /* NULL when there is no pattern */
	const struct pack_duty *vacant_duty;
	const struct pack_duty *clock_duty;
	const struct pack_duty *broken_duty;
	const struct pack_duty *second_duty; /* R01, built in */
	const struct pack_duty *read_duty;   /* R02, built in */
	const struct pack_file_type *register_type;
	const struct pack_file_type *office_type;
	const struct pack_fact *born; /* or NULL */
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
	const struct pack_word *words;
	size_t word_count;
	const struct pack_indicator *indicators;
	size_t indicator_count;
	const struct pack_calendar *calendars;
	size_t calendar_count;
};

/* By name, or NULL. Logarithmic: called for every act. */
const struct pack_kind *pack_kind_find(const struct pack *pack, struct str name);
const struct pack_duty *pack_duty_find(const struct pack *pack, struct str name);
const struct pack_office *pack_office_find(const struct pack *pack, struct str name);
const struct pack_agency *pack_agency_find(const struct pack *pack, struct str name);
const struct pack_file_type *pack_file_type_find(const struct pack *pack, struct str name);
const struct pack_relation *pack_relation_find(const struct pack *pack, struct str name);
const struct pack_ladder *pack_ladder_find(const struct pack *pack, struct str name);
const struct pack_gate *pack_gate_find(const struct pack *pack, struct str name);
const struct pack_field *pack_field_find(const struct pack_kind *kind, struct str name);
const struct pack_code *pack_code_find(const struct pack_list *list, struct str code);
/* State number of a type, or -1. */
int pack_state_find(const struct pack_file_type *type, struct str state);

/*
 * The state an act leads to: the number in `type`, or -1 when it stays. `plain`
 * are the act's plain fields, `old` the state before it.
 */
int pack_kind_target(const struct pack_kind *kind, const struct pack_file_type *type, int old,
                     const struct json *plain);

/* A sentence of texts/LANG.yaml by its path (pack 3.13), or `otherwise`. */
struct str pack_text(const struct pack *pack, struct str language, struct str path,
                     struct str otherwise);

#endif
