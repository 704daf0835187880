/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who a file of a person is of: the name, for those to whom its words are open, and the age. */
#include "web/file_parts.h"

/* The first value of the first field that holds names. */
static struct str name_of(const struct file_page *page, const struct json *words)
{
	const struct json *list = json_member(words, STR("values"));
	const struct pack_kind *rules = page->first.rules;
	for (const struct json *row = list ? list->first : NULL; row; row = row->next) {
		struct str name = json_text(row, STR("name"));
		const struct pack_field *field = rules ? pack_field_find(rules, name) : NULL;
		const struct json *values = json_member(row, STR("values"));
		if (field && field->type == PACK_NAME && values && values->first)
			return json_text(values->first, STR("text"));
	}
	return STR("");
}

/* "6 years old", "5 or 6 years old" in the month of the birthday, or where the year alone is known.
 */
static struct str age_words(struct arena *arena, int most, bool is_sure)
{
	if (most < 1)
		return STR("less than a year old");
	if (!is_sure)
		return arena_format(arena, "%d or %d years old", most - 1, most);
	return arena_format(arena, "%d %s old", most, most == 1 ? "year" : "years");
}

static struct str born_words(struct file_page *page)
{
	struct web_request *request = page->request;
	struct arena *arena = request->arena;
	const struct pack_fact *born = casebook_pack(site_book(request))->born;
	struct str text = born ? json_text(page->file.facts, born->name) : STR("");
	struct day today = zone_day(page_zone(request), request->now);
	struct month month;
	uint64_t year;
	if (month_read(text, &month)) {
		bool had_it = today.month > month.month;
		int years = today.year - month.year - (today.month < month.month);
		return arena_format(
			arena, "Born %.*s, %.*s", STR_ARG(wording_month(arena, month)),
			STR_ARG(age_words(arena, years, had_it || today.month < month.month)));
	}
	if (text.n == 4 && str_to_u64(text, 9999, &year))
		return arena_format(arena, "Born in %" PRIu64 ", %.*s", year,
		                    STR_ARG(age_words(arena, today.year - (int)year, false)));
	return STR("");
}

void file_put_person(struct file_page *page, const struct json *words, struct json *model)
{
	struct arena *arena = page->request->arena;
	bool is_person = page->file.type && page->file.type->is_person;
	bool is_open = json_is_true(words, STR("is_open"));
	json_put_text(arena, model, STR("person_name"),
	              is_person && is_open ? name_of(page, words) : STR(""));
	json_put_text(arena, model, STR("born"), is_person ? born_words(page) : STR(""));
}
