/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The start page: what happens when you tell us, with the times of the pack. */
#include "web/public.h"

#include "web/qr.h"
#include "web/road.h"

/* The soonest of the duties that a report opens, by unit of their time; NULL: none. */
static const struct pack_duty *soonest(const struct pack_kind *kind, enum pack_unit unit)
{
	const struct pack_duty *found = NULL;
	for (size_t i = 0; kind && i < kind->open_count; i++) {
		const struct pack_duty *duty = kind->opens[i].duty;
		if (duty->within_is_field || duty->within.unit != unit)
			continue;
		if (!found || duty->within.amount < found->within.amount)
			found = duty;
	}
	return found;
}

static struct str hours_words(struct arena *arena, const struct pack_duty *duty)
{
	int64_t hours = duty->within.amount;
	return arena_format(arena, "within %" PRId64 " hour%s", hours, hours == 1 ? "" : "s");
}

static struct str days_words(struct arena *arena, const struct pack_duty *duty)
{
	int64_t days = duty->within.amount;
	if (days == 0)
		return STR("By the end of the working day");
	if (days == 1)
		return STR("By the end of the next working day");
	return arena_format(arena, "Within %" PRId64 " working days", days);
}

static void put_clocks(struct web_request *request, struct json *model)
{
	struct arena *arena = request->arena;
	struct json *clocks = json_object(arena);
	const struct pack_kind *kind = casebook_pack(site_book(request))->report;
	const struct pack_duty *look = soonest(kind, PACK_HOURS);
	const struct pack_duty *decide = soonest(kind, PACK_WORKING_DAYS);
	json_put(clocks, STR("first_look"),
	         look ? json_string(arena, hours_words(arena, look)) : json_null(arena));
	json_put(clocks, STR("decided"),
	         decide ? json_string(arena, days_words(arena, decide)) : json_null(arena));
	json_put_bool(arena, clocks, STR("any"), look || decide);
	json_put(model, STR("clocks"), clocks);
}

static void put_phones(struct web_request *request, struct json *model)
{
	struct arena *arena = request->arena;
	struct json *phones = json_array(arena), *childline = json_object(arena);
	json_put_text(arena, childline, STR("name"), STR("Childline"));
	json_put_text(arena, childline, STR("number"), STR("0800 1111"));
	json_put_text(arena, childline, STR("note"), STR("free, any time"));
	json_push(phones, childline);
	json_put(model, STR("phones"), phones);
}

struct str public_address(struct web_request *request)
{
	return arena_format(request->arena, "%s://%.*s/", request->is_secure ? "https" : "http",
	                    STR_ARG(request->head->host));
}

/* Where this page is, in words and as a picture for a camera, for the print of it: a poster. */
static void put_address(struct web_request *request, struct json *model)
{
	struct arena *arena = request->arena;
	struct str text = public_address(request);
	struct json *address = qr_picture(arena, text);
	if (address)
		json_put_text(arena, address, STR("text"), text);
	json_put(model, STR("address"), address ? address : json_null(arena));
}

bool public_start(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("start") };
	struct json *model = page_begin(request, &head);
	put_clocks(request, model);
	put_phones(request, model);
	struct json *roads = road_list(request);
	json_put_bool(request->arena, model, STR("has_roads"), roads && roads->count > 0);
	json_put(model, STR("roads"), roads);
	json_put(model, STR("closed"), json_null(request->arena));
	put_address(request, model);
	return page_answer(request, answer, STR("public/start"), model, err);
}

/* What the pages about the register itself say of it; empty: a place that is not filled. */
static void put_particulars(struct web_request *request, struct json *model)
{
	static const struct {
		const char *page, *key, *name;
	} PLACES[] = {
		{ "privacy", "partnership", "partnership" },
		{ "privacy", "controllers", "privacy.controllers" },
		{ "privacy", "officer", "privacy.officer" },
		{ "privacy", "schedule", "privacy.schedule" },
		{ "privacy", "complaints", "privacy.complaints" },
		{ "accessibility", "ways", "accessibility.ways" },
		{ "accessibility", "complaints", "accessibility.complaints" },
		{ "accessibility", "tested_by", "accessibility.tested-by" },
		{ "accessibility", "tested_on", "accessibility.tested-on" },
		{ "accessibility", "mending", "accessibility.mending" },
	};
	for (size_t i = 0; i < COUNT_OF(PLACES); i++) {
		if (str_eq(json_text(model, STR("page")), str_from_c(PLACES[i].page)))
			json_put_text(request->arena, model, str_from_c(PLACES[i].key),
			              site_particular(request, str_from_c(PLACES[i].name)));
	}
}

bool public_words(struct web_request *request, struct web_answer *answer, struct err *err)
{
	static const struct {
		const char *path;
		const char *title;
		const char *template;
	} PAGES[] = {
		{ "/safe", "Leaving no trace", "public/safe" },
		{ "/pause", "", "public/pause" },
		{ "/accessibility", "Accessibility", "public/accessibility" },
		{ "/privacy", "What we keep", "public/privacy" },
	};
	struct str path = request->head->path;
	for (size_t i = 0; i < COUNT_OF(PAGES); i++) {
		if (!str_eq(path, str_from_c(PAGES[i].path)))
			continue;
		struct page_head head = { .page = str_sub(path, 1, path.n),
			                  .title = str_from_c(PAGES[i].title),
			                  .back = STR("/") };
		struct json *model = page_begin(request, &head);
		json_put_text(request->arena, model, STR("version"), STR(CANDOUR_VERSION));
		put_particulars(request, model);
		return page_answer(request, answer, str_from_c(PAGES[i].template), model, err);
	}
	return err_set(err, ERR_ABSENT, "We cannot find that page");
}
