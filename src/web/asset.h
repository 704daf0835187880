/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Style sheet and script, out of the program, under addresses that hold the
 * hash of their bytes: "/assets/HASH/NAME". Such an address never changes its
 * meaning, so that browsers keep it for a year.
 */
#ifndef CANDOUR_WEB_ASSET_H
#define CANDOUR_WEB_ASSET_H

#include "base/base.h"
#include "web/request.h"

#define ASSET_PATTERN "/assets/:hash/:name" /* the route that asset_answer serves */

/* What the build laid into the program: style sheet and script. */
extern const struct embed_asset web_asset_files[];
extern const size_t web_asset_files_n;

/* A table of them, or of a test's own. */
struct assets {
	const struct embed_asset *at;
	size_t count;
};

/* The address of an asset, for the models of pages; p NULL: there is none of that name, or no room.
 */
struct str asset_address(const struct assets *assets, struct arena *arena, struct str name);

/*
 * Answers a request for ASSET_PATTERN: compressed where the browser takes it,
 * 304 where it has it. ERR_ABSENT: no such name, or another hash.
 */
bool asset_answer(const struct assets *assets, struct web_request *request,
                  struct web_answer *answer, struct err *err) MUST_USE;

#endif
