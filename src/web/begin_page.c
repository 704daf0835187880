/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The files that an office may begin, by their part of the rules. */
#include "web/file_parts.h"

static struct str types_of(struct web_request *request, const struct pack_kind *kind)
{
	const struct pack *pack = casebook_pack(site_book(request));
	for (size_t i = 0; i < pack->file_type_count; i++)
		if (kind->file_types >> pack->file_types[i].number & 1)
			return pack->file_types[i].title;
	return STR("");
}

bool begin_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct arena *arena = request->arena;
	struct page_head head = { .page = STR("begin"),
		                  .title = STR("Begin a file"),
		                  .back = STR("/work") };
	struct json *model, *groups = json_array(arena);
	struct casebook_reader *reader;
	const struct pack_kind *const *kinds;
	size_t count;
	if (!practice_has_office(request, answer))
		return true;
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err) ||
	    !site_reader(request, &reader, err) ||
	    !casebook_possible_begin(reader, arena, practice_viewer(request), &kinds, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("kind"), kinds[i]->name);
		json_put_text(arena, row, STR("text"), pack_kind_action(kinds[i]));
		json_put_text(arena, row, STR("makes"), types_of(request, kinds[i]));
		json_put_text(arena, row, STR("href"),
		              practice_file_path(request, STR("new"), kinds[i]->name));
		file_put_in_group(request, kinds[i], row, groups);
	}
	file_put_group_counts(request, groups);
	json_put_bool(arena, model, STR("has_kinds"), count > 0);
	json_put(model, STR("groups"), groups);
	return page_answer(request, answer, STR("practice/begin"), model, err);
}
