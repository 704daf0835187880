/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Names with values, as they arrive in queries, forms and cookies. Decoded
 * text is UTF-8 without NUL; whatever is not is refused here, at the edge.
 */
#ifndef CANDOUR_WEB_FORM_H
#define CANDOUR_WEB_FORM_H

#include "base/base.h"

struct field {
	struct str name;
	struct str value;
};

/* In the order of arrival; a name may stand more than once. */
struct fields {
	struct field *at;
	size_t count;
	size_t room; /* at[] holds as many; never grown past the bound it was made with */
};

#define FORM_FIELDS_MAX 1000 /* of one form */

enum form_outcome {
	FORM_READ,
	FORM_MALFORMED, /* a broken escape, a NUL, not UTF-8 */
	FORM_TOO_MANY,  /* more fields than allowed */
	FORM_NO_ROOM,   /* the arena is exhausted */
};

/*
 * Reads application/x-www-form-urlencoded text (URL Standard, 5.1; a plus is
 * a blank). An empty text has no fields, empty pieces ("a=1&&b=2") are left
 * out. *out is empty unless FORM_READ.
 */
enum form_outcome form_read(struct arena *arena, struct str text, size_t max_fields,
                            struct fields *out) MUST_USE;

/* The first value of a name, or a slice with p NULL. */
struct str fields_get(const struct fields *fields, struct str name);
/* How often a name stands there. */
size_t fields_count(const struct fields *fields, struct str name);
/* The n-th (from 0) value of a name, or a slice with p NULL. */
struct str fields_get_nth(const struct fields *fields, struct str name, size_t n);
/* True when some name stands more than once, or a name is empty. */
bool fields_repeat(const struct fields *fields);

/* Text as it may stand in a value: UTF-8, no control but tab, LF and CR. */
bool form_text_is_clean(struct str text);

#endif
