/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is late, by office, by rule or by ladder: counts of offices and rules, none of people. */
#include "web/practice.h"

#include "web/late.h"

static const struct {
	const char *name;
	const char *words;
	const char *head;
} WAYS[] = {
	[CASEBOOK_LATE_BY_OFFICE] = { "office", "By office", "Owed by" },
	[CASEBOOK_LATE_BY_RULE] = { "rule", "By rule", "What" },
	[CASEBOOK_LATE_BY_LADDER] = { "ladder", "By ladder", "Ladder" },
};

static void put_way(struct arena *arena, struct json *ways, const char *text, struct str href,
                    bool is_on)
{
	struct json *way = json_object(arena);
	json_put_text(arena, way, STR("text"), str_from_c(text));
	json_put_text(arena, way, STR("href"), href);
	json_put_bool(arena, way, STR("is_on"), is_on);
	json_push(ways, way);
}

bool late_way(struct web_request *request, struct json *model, enum casebook_late_by *by)
{
	struct arena *arena = request->arena;
	struct str wanted = fields_get(&request->head->query, STR("by"));
	struct json *ways = json_array(arena);
	bool is_grouped = false;
	for (size_t i = 0; i < COUNT_OF(WAYS); i++) {
		if (!str_eq(wanted, str_from_c(WAYS[i].name)))
			continue;
		*by = (enum casebook_late_by)i;
		is_grouped = true;
	}
	put_way(arena, ways, "One by one, oldest first", STR("/late"), !is_grouped);
	for (size_t i = 0; i < COUNT_OF(WAYS); i++)
		put_way(arena, ways, WAYS[i].words,
		        arena_format(arena, "/late?by=%s", WAYS[i].name),
		        is_grouped && *by == (enum casebook_late_by)i);
	json_put(model, STR("ways"), ways);
	json_put_bool(arena, model, STR("is_grouped"), is_grouped);
	return is_grouped;
}

/* Rules without a ladder stand as one group; "agency-urgent" reads as "Agency urgent". */
static struct str ladder_words(struct arena *arena, struct str name)
{
	if (name.n == 0 || str_eq(name, STR("-")))
		return STR("No ladder: somebody was told, and has not read it");
	char *p = arena_alloc(arena, name.n, 1);
	for (size_t i = 0; p && i < name.n; i++)
		p[i] = name.p[i] == '-' ? ' ' : name.p[i];
	if (p && p[0] >= 'a' && p[0] <= 'z')
		p[0] = (char)(p[0] - 'a' + 'A');
	return p ? (struct str){ p, name.n } : name;
}

bool late_put_groups(struct web_request *request, struct casebook_reader *reader,
                     enum casebook_late_by by, struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	const struct casebook_late_group *groups;
	struct json *rows = json_array(arena);
	size_t count;
	bool is_whole;
	if (!casebook_late_groups(reader, arena, by, &groups, &count, &is_whole, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("name"), groups[i].name);
		json_put_text(arena, row, STR("what"),
		              by == CASEBOOK_LATE_BY_LADDER ? ladder_words(arena, groups[i].name)
		                                            : groups[i].title);
		json_put_text(arena, row, STR("count"), wording_number(arena, groups[i].count));
		json_put(row, STR("late"), page_late(request, groups[i].oldest, request->now));
		json_push(rows, row);
	}
	json_put_text(arena, model, STR("head"), str_from_c(WAYS[by].head));
	json_put_bool(arena, model, STR("has_groups"), count > 0);
	json_put_bool(arena, model, STR("is_whole"), is_whole);
	json_put(model, STR("groups"), rows);
	return true;
}
