/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The public part's routes. */
#include "web/site.h"

#include "web/public.h"

static bool serve_asset(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct assets assets = { web_asset_files, web_asset_files_n };
	return asset_answer(&assets, request, answer, err);
}

static const struct web_route ROUTES[] = {
	{ .method = WEB_GET, .pattern = "/", .handler = public_start, .flags = WEB_PUBLIC },
	{ .method = WEB_GET, .pattern = ASSET_PATTERN, .handler = serve_asset, .flags = WEB_PUBLIC },
};

const struct routes public_routes = { ROUTES, COUNT_OF(ROUTES) };
