/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: what every register has whatever its pack:
 * kinds of the register, the duties R01 and R02, the file types
 * register and office.
 */
#ifndef CANDOUR_PACK_BUILT_IN_H
#define CANDOUR_PACK_BUILT_IN_H

#include "pack/whole.h"

enum built_in_on {
	BUILT_IN_ON_REGISTER,
	BUILT_IN_ON_OFFICE,
	BUILT_IN_ON_ANY,
};

enum built_in_by {
	BUILT_IN_BY_REGISTER,
	BUILT_IN_BY_ADMINISTRATOR, /* the role register-administrator, where the pack has it */
	BUILT_IN_BY_ANYONE,        /* the casebook says which office: the one told, the one above */
	BUILT_IN_BY_READER, /* the one told, by a click: it is no word, and breaks no silence */
};

struct built_in_field {
	const char *name; /* NULL ends */
	enum pack_type type;
	bool is_required;
	int items_max; /* above 1: repeated */
	const char *codes;
};

#define BUILT_IN_FIELDS_MAX 12

struct built_in_kind {
	const char *name;
	const char *title;
	enum built_in_on on;
	enum built_in_by by;
	struct built_in_field fields[BUILT_IN_FIELDS_MAX];
};

/* What people may make of it, as it is said before it is made. */
struct built_in_action {
	const char *name;
	const char *action; /* "End an account" */
	bool is_weighty;    /* cannot be undone: looked at once more before it is written */
};

/* NULL: only the register makes it, or its title says it already. */
const struct built_in_action *built_in_action(struct str name);

/* The built-in kind of that name, or NULL. */
const struct built_in_kind *built_in_kind(struct str name);
size_t built_in_kind_count(void);
const struct built_in_kind *built_in_kind_at(size_t i);

#define BUILT_IN_FILE_TYPES 2
#define BUILT_IN_DUTIES 2

/* Fills the two types, with these numbers. */
void built_in_register_type(struct pack_file_type *type, size_t number);
void built_in_office_type(struct pack_file_type *type, size_t number);
/* R01 (be the second reader) and R02 (read what you were told); `rest` gives R01 its ladder. */
void built_in_duties(struct pack_duty *second, struct pack_duty *read);

#endif
