/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what the readers of single condition forms share. */
#ifndef CANDOUR_PACK_CONDITION_READER_H
#define CANDOUR_PACK_CONDITION_READER_H

#include "pack/atom.h"

/* One condition being compiled. */
struct reader {
	struct loader *loader;
	const struct pack_kind *kind; /* whose fields may be named, or NULL */
	uint64_t file_types;          /* whose facts and states may be named */
	bool has_pattern_forms;
	bool is_in_where; /* inside a linked file's condition */
	bool has_failed;
	struct str about; /* whom it speaks for, for messages */
	struct cond_op ops[COND_OPS_MAX];
	size_t op_count;
	const struct cond_atom *atoms[COND_PAIRS_MAX];
	size_t atom_count;
	size_t pair_count;
};

/* Reads the body of one form into the atom. Errors are noted; false: it is wrong. */
typedef bool read_form(struct reader *reader, const struct yaml *node, struct cond_atom *atom);

struct form_word {
	struct str name;
	read_form *read;
	enum cond_form form;
	bool is_of_patterns;
};

/* The forms but all, any, not, field and fact; NULL when there is none of that name. */
const struct form_word *condition_form_find(struct str name);
size_t condition_form_count(void);
const struct form_word *condition_form_at(size_t i);

/* A test on a field (or, with `fact`, on a fact) of that name; the name stands at `node`'s key. */
bool reader_test(struct reader *reader, const struct yaml *node, const struct pack_field *field,
                 const struct pack_fact *fact, struct cond_test *out, struct str *forbidden);
/* Whether no condition may name it (L10); *forbidden then says so. */
bool reader_is_never(struct reader *reader, struct str name, struct str *forbidden);
/* A condition inside a condition, as its own operations. */
const struct pack_cond *reader_inner(struct reader *reader, const struct yaml *node,
                                     uint64_t file_types);
/* `anywhere` of a count whose other keys are read already. */
bool condition_read_anywhere(struct reader *reader, const struct yaml *node,
                             struct cond_atom *atom);
/* The same of `of-all`. */
bool condition_read_of_all(struct reader *reader, const struct yaml *node, struct cond_atom *atom);
/* The same of `of-owed`: of what is late in an office, told by its rule, in a window. */
bool condition_read_owed(struct reader *reader, const struct yaml *node, struct cond_atom *atom);
/* The same of `of-files`. */
bool condition_read_of_files(struct reader *reader, const struct yaml *node,
                             struct cond_atom *atom);
/* complete: { of, within, under, at-least } */
bool condition_read_complete(struct reader *reader, const struct yaml *node,
                             struct cond_atom *atom);
/* register: { … } */
bool condition_read_register(struct reader *reader, const struct yaml *node,
                             struct cond_atom *atom);
/* on-file, of a count: of the files of its entries. */
bool condition_read_on_file(struct reader *reader, const struct yaml *node, struct cond_atom *atom);
/* has-held: { of, since, within } */
bool condition_read_held(struct reader *reader, const struct yaml *node, struct cond_atom *atom);
/* { kind: KIND, field: FIELD }: offices that the newest such entry names. */
bool condition_read_naming(struct reader *reader, const struct yaml *node, struct cond_atom *atom);
/* Notes "ABOUT: found; expected" at a node; false. */
bool reader_wrong(struct reader *reader, const struct yaml *node, const char *found);

/* --- parts of several forms; errors are noted, and the answer is then false or NULL --------- */

#define READER_PERIOD_KEYS "hours days working-days months at calendar"

/* A mapping whose keys are among `keys` or `more`, and which has every key of `required`. */
bool reader_has_keys(struct reader *reader, const struct yaml *node, const char *keys,
                     const char *more, const char *required);
/* A scalar or list seen as a list. */
size_t reader_list_count(const struct yaml *node);
const struct yaml *reader_list_at(const struct yaml *node, size_t i);
/* Notes ABOUT names WHAT "x"; no such WHAT; nearest. False. */
bool reader_unknown(struct reader *reader, const struct yaml *node, const char *what,
                    const struct str *known, size_t count);

const struct pack_kind *reader_kind(struct reader *reader, const struct yaml *node);
const struct pack_duty *reader_duty(struct reader *reader, const struct yaml *node);
const struct pack_office *reader_office(struct reader *reader, const struct yaml *node);
const struct pack_agency *reader_agency(struct reader *reader, const struct yaml *node);
const struct pack_file_type *reader_type(struct reader *reader, const struct yaml *node);
const struct pack_relation *reader_relation(struct reader *reader, const struct yaml *node);
/* A scalar or list of names. */
bool reader_kinds(struct reader *reader, const struct yaml *node,
                  const struct pack_kind *const **out, size_t *count);
bool reader_duties(struct reader *reader, const struct yaml *node,
                   const struct pack_duty *const **out, size_t *count);
bool reader_offices(struct reader *reader, const struct yaml *node,
                    const struct pack_office *const **out, size_t *count);
bool reader_agencies(struct reader *reader, const struct yaml *node,
                     const struct pack_agency *const **out, size_t *count);
bool reader_types(struct reader *reader, const struct yaml *node, uint64_t *mask);

/* The number under `key`, when it is there. */
bool reader_number(struct reader *reader, const struct yaml *mapping, struct str key, int64_t least,
                   int64_t most, int64_t *out);
/* ["at-least:" N] ["at-most:" N]; with neither, the atom keeps what it had. */
bool reader_bound(struct reader *reader, const struct yaml *node, struct cond_atom *atom);
/* within: period, when it is there. */
bool reader_within(struct reader *reader, const struct yaml *node, struct cond_atom *atom);
/* A period among the other keys of a mapping. */
bool reader_period_among(struct reader *reader, const struct yaml *node, struct cond_atom *atom);
/* office, agency, account, file, or a field that every kind of the atom has. */
bool reader_what(struct reader *reader, const struct yaml *node, struct cond_atom *atom);

#endif
