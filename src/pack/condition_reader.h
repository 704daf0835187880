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
/* Notes "ABOUT: found; expected" at a node; false. */
bool reader_wrong(struct reader *reader, const struct yaml *node, const char *found);

#endif
