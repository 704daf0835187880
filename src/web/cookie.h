/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Cookies: RFC 6265. Read by ourselves, because the library takes the first
 * Cookie header only and lists repeated names without saying so. Written with
 * the attributes that a register's cookies must have, and no others.
 */
#ifndef CANDOUR_WEB_COOKIE_H
#define CANDOUR_WEB_COOKIE_H

#include "base/base.h"
#include "web/form.h"

#define COOKIES_MAX 64        /* of one request, other programs' on the same host among them */
#define COOKIE_VALUE_MAX 2048 /* bytes of one of ours */

/*
 * Adds the pairs of one Cookie header to `out` (room for COOKIES_MAX). A pair
 * that is no cookie is left out: it is somebody else's, and no reason to
 * refuse a reader. False: there are more than COOKIES_MAX.
 */
bool cookie_read(struct str header, struct fields *out) MUST_USE;

enum cookie_site {
	COOKIE_SITE_LAX,
	COOKIE_SITE_STRICT,
};

/* A cookie to be set; always HttpOnly and Path=/, gone with the browser's session. */
struct cookie {
	struct str name; /* without prefix */
	struct str value;
	enum cookie_site site;
	bool is_secure;  /* Secure, and the name gets the prefix __Host- */
	bool is_dropped; /* Max-Age=0: the browser forgets it; value is ignored */
};

/* The name as it travels: "__Host-candour" or, without Secure, "candour". */
struct str cookie_name(struct arena *arena, struct str name, bool is_secure);

/* Value of a Set-Cookie header. ERR_FAULT: name or value has a character no cookie may have. */
bool cookie_write(struct arena *arena, const struct cookie *cookie, struct str *out,
                  struct err *err) MUST_USE;

#endif
