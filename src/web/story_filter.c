/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a chronology is filtered by: read from the address, shown as a form and as chips. */
#include "web/story_parts.h"

/* --- parts of the rules ---------------------------------------------------------------------- */

struct str story_part(const struct pack_kind *kind)
{
	struct str path = kind->place.file, name;
	if (kind->is_built_in || !path.n)
		return STR("of-the-register-itself");
	while (str_find(path, '/') < path.n)
		(void)str_cut(&path, '/', &name);
	return str_sub(path, 0, str_find(path, '.'));
}

struct str story_part_title(struct arena *arena, const struct pack_kind *kind)
{
	struct str name = story_part(kind);
	char *p = arena_alloc(arena, name.n + 1, 1);
	if (!p || name.n == 0)
		return name;
	for (size_t i = 0; i < name.n; i++)
		p[i] = name.p[i] == '-' ? ' ' : name.p[i];
	if (p[0] >= 'a' && p[0] <= 'z')
		p[0] = (char)(p[0] - 'a' + 'A');
	return (struct str){ p, name.n };
}

/* --- the address ----------------------------------------------------------------------------- */

static struct str asked(const struct web_request *request, const char *name)
{
	struct str text = fields_get(&request->head->query, str_from_c(name));
	return text.p ? str_trim(text) : STR("");
}

static bool is_yes(const struct web_request *request, const char *name)
{
	return str_eq(asked(request, name), STR("yes"));
}

/* Names in an address, letters, digits, dots and hyphens; anything else asks for nothing. */
static struct str name_asked(const struct web_request *request, const char *name)
{
	struct str text = asked(request, name);
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'))
			return STR("");
	}
	return text;
}

/* "27 3 2026", with spaces, full stops, strokes or hyphens between. */
static bool read_typed_day(struct str text, struct day *out)
{
	static const uint64_t MOST[] = { 31, 12, 9999 };
	uint64_t parts[COUNT_OF(MOST)] = { 0 };
	size_t count = 0;
	for (size_t from = 0, i = 0; i <= text.n; i++) {
		bool is_end = i == text.n || text.p[i] == ' ' || text.p[i] == '.' ||
		              text.p[i] == '/' || text.p[i] == '-';
		if (!is_end)
			continue;
		struct str part = str_sub(text, from, i - from);
		if (part.n == 2 && part.p[0] == '0')
			part = str_sub(part, 1, 1);
		if (count == COUNT_OF(MOST) || !str_to_u64(part, MOST[count], &parts[count]))
			return false;
		count++;
		from = i + 1;
	}
	*out = (struct day){ .year = (int)parts[2], .month = (int)parts[1], .day = (int)parts[0] };
	return count == COUNT_OF(MOST) && out->year >= 1000 && day_is_real(*out);
}

/* Sets the text to how an address and a form have it; false: it is typed, and no day. */
static bool read_day(struct web_request *request, struct str *text, struct day *day)
{
	if (!day_read(*text, day) && !read_typed_day(*text, day))
		return false;
	*text = day_write(request->arena, *day);
	return true;
}

static void read_period(struct web_request *request, struct story_filter *out)
{
	struct day day;
	out->from_text = asked(request, "from");
	out->to_text = asked(request, "to");
	out->from = INSTANT_MIN;
	out->to = INT64_MAX;
	out->from_wrong = out->to_wrong = STR("");
	if (out->from_text.n && read_day(request, &out->from_text, &day))
		out->from = zone_day_start(page_zone(request), day);
	else if (out->from_text.n)
		out->from_wrong = STR("The first day must be a real date, like 27 3 2026");
	if (out->to_text.n && read_day(request, &out->to_text, &day))
		out->to = zone_day_start(page_zone(request), day_from_number(day_number(day) + 1));
	else if (out->to_text.n)
		out->to_wrong = STR("The last day must be a real date, like 27 3 2026");
	if (out->from < out->to)
		return;
	out->to_wrong = STR("The last day must not be before the first");
	out->from = INSTANT_MIN;
	out->to = INT64_MAX;
}

static bool is_read(const struct story_filter *filter)
{
	return !filter->from_wrong.n && !filter->to_wrong.n;
}

void story_read_filter(struct web_request *request, struct story_filter *out)
{
	uint64_t after, before;
	struct str order = asked(request, "order");
	*out = (struct story_filter){
		.lane = name_asked(request, "agency"),
		.kind = name_asked(request, "kind"),
		.own_words = is_yes(request, "words"),
		.people = is_yes(request, "people"),
		.newest_first = str_eq(order, STR("newest")),
		.from_start = str_eq(order, STR("oldest")),
		.opens = str_eq(asked(request, "open"), STR("all")),
		.prints = is_yes(request, "print"),
		.after = -1,
		.before = -1,
	};
	read_period(request, out);
	out->prints = out->prints && is_read(out);
	if (str_to_u64(asked(request, "after"), INT64_MAX, &after))
		out->after = (int64_t)after;
	if (str_to_u64(asked(request, "before"), INT64_MAX, &before))
		out->before = (int64_t)before;
}

/* A part of an address that stands in it by that name, with its value. */
static struct str with(struct arena *arena, struct str query, const char *name, struct str value)
{
	if (!value.n)
		return query;
	return arena_format(arena, "%.*s%s%s=%.*s", STR_ARG(query), query.n ? "&" : "?", name,
	                    STR_ARG(value));
}

static struct str query_of(struct arena *arena, const struct story_filter *filter)
{
	bool has_from = filter->from > INSTANT_MIN, has_to = filter->to < INT64_MAX;
	struct str query = with(arena, STR(""), "agency", filter->lane);
	query = with(arena, query, "kind", filter->kind);
	query = with(arena, query, "from", has_from ? filter->from_text : STR(""));
	query = with(arena, query, "to", has_to ? filter->to_text : STR(""));
	query = with(arena, query, "words", filter->own_words ? STR("yes") : STR(""));
	query = with(arena, query, "people", filter->people ? STR("yes") : STR(""));
	query = with(arena, query, "order",
	             filter->newest_first ? STR("newest")
	             : filter->from_start ? STR("oldest")
	                                  : STR(""));
	query = with(arena, query, "open", filter->opens ? STR("all") : STR(""));
	return with(arena, query, "print", filter->prints ? STR("yes") : STR(""));
}

struct str story_query(const struct story *story, const char *at, int64_t entry)
{
	struct arena *arena = story->request->arena;
	struct str query = query_of(arena, &story->filter);
	return with(arena, query, at, arena_format(arena, "%" PRId64, entry));
}

/* --- chips ----------------------------------------------------------------------------------- */

static void add_chip(const struct story *story, struct story_filter without, struct str text,
                     struct json *chips)
{
	struct arena *arena = story->request->arena;
	struct json *chip = json_object(arena);
	struct str path = practice_file_path(story->request, story->of.number, STR("chronology"));
	struct str query = query_of(arena, &without);
	json_put_text(arena, chip, STR("text"), text);
	json_put_text(arena, chip, STR("href"),
	              arena_format(arena, "%.*s%.*s#chronology", STR_ARG(path), STR_ARG(query)));
	json_push(chips, chip);
}

static struct str kind_title(const struct story *story)
{
	const struct pack *pack = casebook_pack(site_book(story->request));
	for (size_t i = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		if (str_eq(kind->name, story->filter.kind))
			return kind->title;
		if (str_eq(story_part(kind), story->filter.kind))
			return story_part_title(story->request->arena, kind);
	}
	return story->filter.kind;
}

static struct str lane_title(const struct story *story)
{
	for (size_t i = 0; i < story->lane_count; i++)
		if (str_eq(story->lanes[i].code, story->filter.lane))
			return story->lanes[i].title;
	return story->filter.lane;
}

static struct str day_words(const struct story *story, struct str text)
{
	struct day day;
	return day_read(text, &day) ? wording_day_short(story->request->arena, day) : text;
}

static void put_chips(const struct story *story, struct json *model)
{
	struct arena *arena = story->request->arena;
	const struct story_filter *filter = &story->filter;
	struct json *chips = json_array(arena);
	struct story_filter without = *filter;
	without.lane = STR("");
	if (filter->lane.n)
		add_chip(story, without, lane_title(story), chips);
	without = *filter;
	without.kind = STR("");
	if (filter->kind.n)
		add_chip(story, without, kind_title(story), chips);
	without = *filter;
	without.from = INSTANT_MIN;
	if (filter->from > INSTANT_MIN)
		add_chip(story, without,
		         arena_format(arena, "From %.*s",
		                      STR_ARG(day_words(story, filter->from_text))),
		         chips);
	without = *filter;
	without.to = INT64_MAX;
	if (filter->to < INT64_MAX)
		add_chip(story, without,
		         arena_format(arena, "Up to %.*s",
		                      STR_ARG(day_words(story, filter->to_text))),
		         chips);
	without = *filter;
	without.own_words = false;
	if (filter->own_words)
		add_chip(story, without, STR("The person's own words"), chips);
	json_put_bool(arena, model, STR("has_chips"), chips && chips->count > 0);
	json_put(model, STR("chips"), chips);
}

/* --- the form -------------------------------------------------------------------------------- */

static struct json *option(struct arena *arena, struct str value, struct str text, size_t n,
                           bool is_on)
{
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("value"), value);
	json_put_text(arena, row, STR("text"), arena_format(arena, "%.*s (%zu)", STR_ARG(text), n));
	json_put_bool(arena, row, STR("is_on"), is_on);
	return row;
}

static void put_agencies(const struct story *story, struct json *model)
{
	struct arena *arena = story->request->arena;
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < story->lane_count; i++) {
		const struct story_lane *lane = &story->lanes[i];
		bool is_on = str_eq(lane->code, story->filter.lane);
		if (lane->count || is_on)
			json_push(rows, option(arena, lane->code, lane->title, lane->count, is_on));
	}
	json_put(model, STR("agencies"), rows);
}

static struct json *part_of(const struct story *story, struct json *parts,
                            const struct pack_kind *kind)
{
	struct arena *arena = story->request->arena;
	struct str name = story_part(kind);
	for (struct json *part = parts ? parts->first : NULL; part; part = part->next)
		if (str_eq(json_text(part, STR("value")), name))
			return part;
	struct json *part = json_object(arena);
	json_put_text(arena, part, STR("heading"), story_part_title(arena, kind));
	json_put_text(arena, part, STR("value"), name);
	json_put_bool(arena, part, STR("is_on"), str_eq(name, story->filter.kind));
	json_put(part, STR("kinds"), json_array(arena));
	json_push(parts, part);
	return part;
}

/* Kinds that the chronology has, under their parts of the rules. */
static void put_kinds(const struct story *story, struct json *model)
{
	struct arena *arena = story->request->arena;
	const struct pack *pack = casebook_pack(site_book(story->request));
	struct json *parts = json_array(arena);
	size_t *counts = arena_alloc(arena, pack->kind_count + 1, sizeof *counts);
	for (size_t i = 0; counts && i < story->all_count; i++) {
		const struct pack_kind *rules = story->all[i].entry->rules;
		if (rules && rules->number < pack->kind_count)
			counts[rules->number]++;
	}
	for (size_t i = 0; counts && i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		if (!counts[i])
			continue;
		struct json *part = part_of(story, parts, kind);
		json_push(draft_list(arena, part, STR("kinds")),
		          option(arena, kind->name, kind->title, counts[i],
		                 str_eq(kind->name, story->filter.kind)));
	}
	json_put(model, STR("parts"), parts);
}

static struct str path_with(const struct story *story, struct story_filter filter)
{
	struct arena *arena = story->request->arena;
	struct str path = practice_file_path(story->request, story->of.number, STR("chronology"));
	struct str query = query_of(arena, &filter);
	return arena_format(arena, "%.*s%.*s", STR_ARG(path), STR_ARG(query));
}

void story_put_filter(const struct story *story, struct json *model)
{
	struct arena *arena = story->request->arena;
	const struct story_filter *filter = &story->filter;
	struct story_filter other = *filter;
	put_chips(story, model);
	put_agencies(story, model);
	put_kinds(story, model);
	json_put_text(arena, model, STR("action"),
	              practice_file_path(story->request, story->of.number, STR("chronology")));
	json_put_text(arena, model, STR("from"), filter->from_text);
	json_put_text(arena, model, STR("to"), filter->to_text);
	json_put_text(arena, model, STR("from_error"), filter->from_wrong);
	json_put_text(arena, model, STR("to_error"), filter->to_wrong);
	json_put_bool(arena, model, STR("own_words"), filter->own_words);
	json_put_bool(arena, model, STR("people"), filter->people);
	json_put_bool(arena, model, STR("has_people_choice"),
	              filter->people || story->people_left > 0);
	json_put_bool(arena, model, STR("newest_first"), filter->newest_first);
	json_put_bool(arena, model, STR("opens_all"), filter->opens);
	other.from_start = false;
	other.newest_first = !filter->newest_first;
	json_put_text(arena, model, STR("turn_href"), path_with(story, other));
	other.newest_first = false;
	json_put_text(arena, model, STR("last_href"), path_with(story, other));
	other.from_start = true;
	json_put_text(arena, model, STR("first_href"), path_with(story, other));
	other = *filter;
	other.opens = true;
	json_put_text(arena, model, STR("open_href"), path_with(story, other));
	other = *filter;
	other.people = true;
	json_put_text(arena, model, STR("people_href"), path_with(story, other));
	other = *filter;
	other.prints = true;
	json_put_text(arena, model, STR("print_href"), path_with(story, other));
	other.prints = false;
	json_put_text(arena, model, STR("all_href"), path_with(story, other));
}

void story_put_errors(const struct story *story, struct json *page)
{
	const struct story_filter *filter = &story->filter;
	if (filter->from_wrong.n)
		page_error(story->request, page, STR("from"), filter->from_wrong);
	if (filter->to_wrong.n)
		page_error(story->request, page, STR("to"), filter->to_wrong);
}
