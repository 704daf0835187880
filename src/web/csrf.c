/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/csrf.h"

#include <stdio.h>

#include "web/token.h"

static bool origin_is_ours(struct str origin, struct str host, enum csrf_scheme scheme)
{
	struct str prefix = scheme == CSRF_HTTPS ? STR("https://") : STR("http://");
	return host.n > 0 && str_starts(origin, prefix) &&
	       token_eq(str_sub(origin, prefix.n, origin.n), host);
}

bool csrf_site_is_ours(const struct gate_result *request, enum csrf_scheme scheme,
                       const struct str *cookie_names, size_t cookie_count)
{
	switch (request->site) {
	case GATE_SITE_NONE:
	case GATE_SITE_SAME_ORIGIN:
		return true;
	case GATE_SITE_OTHER:
		return false;
	case GATE_SITE_ABSENT:
		break;
	}
	if (request->origin.p)
		return origin_is_ours(request->origin, request->host, scheme);
	bool has_cookie = false;
	for (size_t i = 0; i < cookie_count; i++)
		has_cookie = has_cookie || fields_count(&request->cookies, cookie_names[i]) > 0;
	return request->body == GATE_BODY_JSON ? !has_cookie : has_cookie;
}

static struct hash token_of(struct str session, struct str form, int64_t hour)
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "\n%" PRId64, hour);
	struct str pieces[] = { STR("candour/csrf/v1\n"), form, { digits, (size_t)n } };
	return hash_hmac(session, pieces, 3);
}

struct str csrf_token(struct arena *arena, struct str session, struct str form, instant now)
{
	struct hash token = token_of(session, form, now / INSTANT_PER_HOUR);
	return hash_hex(arena, &token);
}

bool csrf_token_holds(struct str token, struct str session, struct str form, instant now)
{
	char text[CSRF_TOKEN_LENGTH];
	bool holds = false;
	for (int64_t ago = 0; ago <= 1; ago++) {
		struct hash right = token_of(session, form, now / INSTANT_PER_HOUR - ago);
		hex_write(text, right.bytes, sizeof right.bytes);
		holds |= str_eq_constant_time(token, (struct str){ text, sizeof text });
	}
	return holds;
}
