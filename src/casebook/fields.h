/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An act's fields against its kind: every field known, typed, within its limit. */
#ifndef CANDOUR_CASEBOOK_FIELDS_H
#define CANDOUR_CASEBOOK_FIELDS_H

#include "casebook/fold.h"

#define FIELDS_ERRORS_MAX 40

struct fields_check {
	struct store *store;
	struct tags *files; /* NULL: the tables are asked */
	const struct pack *pack;
	const struct chart *chart;
	struct arena *arena;
	instant now;
	bool by_register;    /* set fields of the register's own are taken as they are */
	struct json *plain;  /* out */
	struct json *sealed; /* out; NULL when nothing is sealed */
	struct casebook_field_error *errors; /* out, room FIELDS_ERRORS_MAX */
	size_t error_count;
};

/*
 * Sorts the fields of `given` into plain and sealed, values in the form in
 * which they are kept. True also when there are errors (see error_count).
 * False: ERR_UNABLE, store or memory.
 */
bool fields_sort(struct fields_check *check, const struct pack_kind *kind, const struct json *given,
                 struct err *err) MUST_USE;

/* What is wrong with a field behind its label: ": choose yes or no", " must be in the past". Behind
 * a question it is a sentence of its own. */
struct str fields_sentence(struct arena *arena, struct str label, struct str rest);

/* A file's 26 symbols from its id or number ("C-12", letters in any case); p NULL: no such file. */
bool file_name_to_id(struct store *store, struct tags *files, const struct pack *pack,
                     struct arena *arena, struct str name, struct str *id,
                     struct err *err) MUST_USE;

#endif
