/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Finding the page for a path. */
#ifndef CANDOUR_WEB_ROUTE_H
#define CANDOUR_WEB_ROUTE_H

#include "web/request.h"

struct routes {
	const struct web_route *at;
	size_t count;
};

/*
 * The first route for path and method, its parameters written to `params`.
 * NULL: none; *allow is then "" (no page has this path) or the methods it has,
 * for a 405.
 */
const struct web_route *route_find(const struct routes *routes, const struct gate_result *head,
                                   struct str params[WEB_PARAMS_MAX], struct str *allow);

#endif
