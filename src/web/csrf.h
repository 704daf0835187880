/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Posts from other sites: the rule on what the browser says about where a post
 * comes from, and the token in forms of people who are signed in.
 */
#ifndef CANDOUR_WEB_CSRF_H
#define CANDOUR_WEB_CSRF_H

#include "base/base.h"
#include "web/gate.h"

enum csrf_scheme {
	CSRF_HTTP, /* loopback without a proxy: practice only */
	CSRF_HTTPS,
};

/*
 * May this post be taken? By Sec-Fetch-Site: none or same-origin, nothing
 * else. Without it by Origin: equal to scheme and Host of the request. Without
 * both: a form needs a cookie of ours (the draft's, or a session's with its
 * token); JSON, which a foreign page cannot send unasked, must come without
 * one. `cookie_names` are ours, as they travel.
 */
bool csrf_site_is_ours(const struct gate_result *request, enum csrf_scheme scheme,
                       const struct str *cookie_names, size_t cookie_count);

#define CSRF_TOKEN_LENGTH 64 /* hex digits */

/*
 * The token of a form: HMAC-SHA-256 under the session's id over form name and
 * hour, as hex; p NULL when the arena is exhausted.
 */
struct str csrf_token(struct arena *arena, struct str session, struct str form, instant now);

/* True for the token of this hour or the one before; constant time. */
bool csrf_token_holds(struct str token, struct str session, struct str form, instant now);

#endif
