/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an act is asked for: fields, their types and limits. */
#ifndef CANDOUR_PACK_MODEL_FIELD_H
#define CANDOUR_PACK_MODEL_FIELD_H

#include "base/base.h"

struct pack_cond;
struct pack_duty;
struct pack_file_type;
struct pack_kind;
struct pack_list;
struct pack_relation;

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
#define PACK_TYPES (PACK_ATTACHMENT + 1)

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

/* What the register counts by itself, and nobody writes. */
enum pack_counted {
	PACK_NOT_COUNTED,
	PACK_COUNTED_LATE,  /* what is late in the whole register */
	PACK_COUNTED_OPEN,  /* files of one type that have not ended */
	PACK_COUNTED_KNOWN, /* codes that entries of linked files have said */
};

/* What the words say of whom or what the file is about: people are matched by these alone, and only
 * to propose (L11). */
enum pack_matched {
	PACK_NOT_MATCHED,
	PACK_MATCHED_NAME,
	PACK_MATCHED_BIRTH,
	PACK_MATCHED_HOME,   /* where somebody lives */
	PACK_MATCHED_NUMBER, /* a telephone, a number of an agency, an account */
	PACK_MATCHED_PLACE,  /* where a place is, or where something happened */
	PACK_MATCHED_MARK,   /* of a thing: a plate, a number */
};

#define PACK_COUNTED_MAX 10000 /* further it does not count */
#define PACK_KNOWN_CODES_MAX 64

/* Which entries say the codes of a field that the register fills by itself. */
struct pack_known {
	const struct pack_relation *through; /* on the files that it leads to; NULL: on none */
	bool is_own;                         /* on the act's own file */
	uint64_t types;                      /* of both, on files of these types alone */
	const struct pack_kind *const *kinds;
	size_t kind_count;
	struct str field;     /* in which each of them names a code */
	struct str how;       /* and the field by which it counts as said: */
	const struct str *by; /* one of these codes */
	size_t by_count;
};

struct pack_field {
	struct str name;
	enum pack_type type;
	bool is_sealed;
	bool is_repeated;
	bool is_protected;
	enum pack_matched matched;
	enum pack_required required;
	const struct pack_cond *required_if;
	int64_t min;                 /* integers; INT64_MIN / INT64_MAX: no bound */
	int64_t max;                 /* integers; characters of text; of a date days from today */
	const struct str *more_than; /* text says more than these words; count 0: anything */
	size_t more_than_count;
	/* PACK_CODE: said, and alone said, of what happened before the birth; p NULL: none */
	struct str unborn;
	int unborn_early; /* months before the month of birth in which somebody may be born */
	size_t items_max; /* when repeated; 1 otherwise */
	enum pack_not_after not_after;
	bool has_year_alone; /* a month may be its year alone */
	struct str label;    /* never empty */
	struct str hint;
	struct str retired;                        /* asked no more; old entries stay readable */
	enum pack_counted counted;                 /* not asked, and set as it is recorded */
	const struct pack_file_type *counted_type; /* PACK_COUNTED_OPEN */
	const struct pack_known *known;            /* PACK_COUNTED_KNOWN */
	const struct pack_list *list; /* the codes of PACK_CODE, PACK_CODES: named or inline */
	uint64_t of_file_types;       /* PACK_FILE; 0: any */
	struct str made_by; /* PACK_ENTRY: by an office that this field names; p NULL: by anybody */
	/* PACK_ENTRY: it says the same in its field of this name as the act does; p NULL: whatever
	 */
	struct str agrees_on;
	const struct pack_kind *const *of_kinds; /* PACK_ENTRY */
	size_t of_kind_count;
	const struct pack_duty *const *of_duties; /* PACK_DUTY */
	size_t of_duty_count;
	const struct pack_field *columns; /* PACK_ROWS */
	size_t column_count;
};

#endif
