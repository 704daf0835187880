/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/route.h"

/* The raw rest of the path from its n-th segment on. */
static struct str rest_of_path(struct str path, size_t n)
{
	struct str rest = str_sub(path, 1, path.n), segment;
	while (n-- > 0 && str_cut(&rest, '/', &segment))
		continue;
	return rest;
}

/* Raw paths are compared to the letter, as far as a star. */
static bool fits_raw(const struct web_route *route, struct str path)
{
	struct str pattern = str_from_c(route->pattern);
	size_t star = str_find(pattern, '*');
	return star == pattern.n ? str_eq(path, pattern)
	                         : str_starts(path, str_sub(pattern, 0, star));
}

static bool fits(const char *pattern, const struct gate_result *head,
                 struct str params[WEB_PARAMS_MAX])
{
	struct str rest = str_from_c(pattern + 1), part;
	size_t at = 0, n = 0;
	if (rest.n == 0)
		return head->segment_count == 0;
	while (str_cut(&rest, '/', &part)) {
		if (at == head->segment_count)
			return false;
		bool is_param = part.n > 0 && (part.p[0] == ':' || part.p[0] == '*');
		if (!is_param && !str_eq(part, head->segments[at]))
			return false;
		if (is_param && n < WEB_PARAMS_MAX)
			params[n++] = part.p[0] == '*' ? rest_of_path(head->path, at)
			                               : head->segments[at];
		if (is_param && part.p[0] == '*')
			return true;
		at++;
	}
	return at == head->segment_count;
}

const struct web_route *route_find(const struct routes *routes, const struct gate_result *head,
                                   struct str params[WEB_PARAMS_MAX], struct str *allow)
{
	enum web_method wanted = head->method == WEB_HEAD ? WEB_GET : head->method;
	bool has_get = false, has_post = false;
	*allow = STR("");
	for (size_t i = 0; i < routes->count && !head->ends_in_slash; i++) {
		const struct web_route *route = &routes->at[i];
		bool is_raw = (route->flags & WEB_RAW) != 0;
		if (is_raw != head->is_raw ||
		    (is_raw ? !fits_raw(route, head->path) : !fits(route->pattern, head, params)))
			continue;
		if (route->method == wanted)
			return route;
		has_get = has_get || route->method == WEB_GET;
		has_post = has_post || route->method == WEB_POST;
	}
	if (has_get)
		*allow = STR("GET, HEAD");
	else if (has_post)
		*allow = STR("POST");
	return NULL;
}
