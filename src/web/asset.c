/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/asset.h"

static const struct embed_asset *find_asset(const struct assets *assets, struct str name)
{
	for (size_t i = 0; i < assets->count; i++)
		if (str_eq(str_from_c(assets->at[i].name), name))
			return &assets->at[i];
	return NULL;
}

struct str asset_address(const struct assets *assets, struct arena *arena, struct str name)
{
	const struct embed_asset *asset = find_asset(assets, name);
	return asset ? arena_format(arena, "/assets/%s/%s", asset->hash, asset->name) : STR_NONE;
}

bool asset_answer(const struct assets *assets, struct web_request *request,
                  struct web_answer *answer, struct err *err)
{
	const struct embed_asset *asset = find_asset(assets, web_param(request, STR("name")));
	if (!asset || !str_eq(web_param(request, STR("hash")), str_from_c(asset->hash)))
		return err_set(err, ERR_ABSENT, "We cannot find that page");
	/* One tag for each coding: they are different bytes (RFC 9110, 8.8.3.3). */
	bool is_packed = request->head->takes_gzip && asset->gzip_size < asset->size;
	struct str etag =
		arena_format(request->arena, "\"%s%s\"", asset->hash, is_packed ? "-gz" : "");
	answer->caching = STR("public, max-age=31536000, immutable");
	answer->type = str_from_c(asset->type);
	web_answer_header(answer, STR("ETag"), etag);
	web_answer_header(answer, STR("Vary"), STR("Accept-Encoding"));
	if (web_etag_is_named(request->head->etag, etag)) {
		answer->status = 304;
		return true;
	}
	if (is_packed)
		web_answer_header(answer, STR("Content-Encoding"), STR("gzip"));
	answer->fixed = is_packed ? str_from_bytes(asset->gzip, asset->gzip_size)
	                          : str_from_bytes(asset->bytes, asset->size);
	return true;
}
