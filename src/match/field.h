/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a column may be about. There is no field for ethnicity, nationality or
 * religion, and none can be made: what is not here is never read. Private to
 * the room.
 */
#ifndef CANDOUR_MATCH_FIELD_H
#define CANDOUR_MATCH_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"

#define FIELD_OTHERS 2 /* numbers of somebody's own, as a case number */

enum field {
	FIELD_FIRST,
	FIELD_MIDDLE,
	FIELD_SURNAME,
	FIELD_DOB,
	FIELD_SEX,
	FIELD_POSTCODE,
	FIELD_ADDRESS,
	FIELD_PHONE,
	FIELD_EMAIL,
	FIELD_NHS,
	FIELD_UPN,
	FIELD_OTHER,
	FIELD_AGENCY = FIELD_OTHER + FIELD_OTHERS,
	FIELD_COUNT,
	/* Of columns alone. */
	FIELD_FULL = FIELD_COUNT, /* a whole name: first and surname */
	FIELD_ID,
	FIELD_NONE,    /* nothing explains it */
	FIELD_REFUSED, /* nobody is matched by it */
};

/* As a model and a message name it. */
struct str field_name(enum field field);
/* FIELD_NONE: no field is called so. */
enum field field_named(struct str name);
/* What a header of that name stands for: case and marks do not count. header_field reads more. */
enum field field_of_header(struct str header);
/* Whether two headers are one but for case and marks: "First Name", "first_name". */
bool field_is_same_header(struct str a, struct str b);
/* The same as field_of_header, of small letters and digits without marks, by the lists alone. */
enum field field_of_head(struct str head);

/* By what nobody is matched, where the header is about that: "ethnicity"; empty: it is not. */
struct str field_refused(struct str header);

#endif
