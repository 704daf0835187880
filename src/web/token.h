/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The small words of HTTP (RFC 9110, 5.6): tokens, lists, media types with
 * parameters, quality values.
 */
#ifndef CANDOUR_WEB_TOKEN_H
#define CANDOUR_WEB_TOKEN_H

#include "base/base.h"

/* One or more tchar (RFC 9110, 5.6.2). */
bool token_is(struct str s);
/* Equal but for ASCII capitals. */
bool token_eq(struct str a, struct str b);

/* A media type: "text/html; charset=utf-8" is type and rest. */
struct media_type {
	struct str type; /* "text/html", as written; empty when malformed */
	struct str parameters;
};
struct media_type media_type_read(struct str value);
/*
 * Value of a parameter, quotation marks taken off; p NULL when it is not there
 * or a quoted value holds a backslash (nothing we read needs one).
 */
struct str media_type_parameter(const struct media_type *type, struct str name);

/*
 * How much a list such as Accept or Accept-Encoding wants `what`, in
 * thousandths: 0 .. 1000, or -1 when the list does not name it. Wildcards are
 * not looked at.
 */
int quality_of(struct str list, struct str what);

#endif
