/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Offices as the lines they stand in: who holds each, and since when nobody does. */
#include "web/admin.h"

#define DEPTH_MAX 12

struct tree {
	struct web_request *request;
	struct casebook_reader *reader;
	const struct casebook_office *offices;
	size_t count;
	size_t vacant;
};

/* The office above: of the same area when there is one, else the one for all areas. */
static const struct casebook_office *above(const struct tree *tree,
                                           const struct casebook_office *office)
{
	const struct casebook_office *found = NULL;
	const struct pack_office *line = office->role ? office->role->line : NULL;
	for (size_t i = 0; line && i < tree->count; i++) {
		const struct casebook_office *one = &tree->offices[i];
		if (one == office || !str_eq(one->role_name, line->name))
			continue;
		if (!found || str_eq(one->area, office->area))
			found = one;
	}
	return found;
}

static bool put_holders(struct tree *tree, const struct casebook_office *office, struct json *row,
                        struct err *err)
{
	struct arena *arena = tree->request->arena;
	struct json *holders = json_array(arena);
	struct str all = STR("");
	for (size_t i = 0; i < office->holder_count; i++) {
		struct str name = office->holders[i];
		if (!casebook_account_name(tree->reader, arena, office->holders[i], &name, err) &&
		    err->code != ERR_ABSENT)
			return false;
		json_push(holders, json_string(arena, name));
		all = arena_format(arena, "%.*s%s%.*s", STR_ARG(all), i > 0 ? ", " : "",
		                   STR_ARG(name));
	}
	json_put_bool(arena, row, STR("is_held"), office->holder_count > 0);
	json_put(row, STR("holders"), holders);
	json_put_text(arena, row, STR("held_by"), all);
	json_put(row, STR("vacant_since"),
	         office->vacant_since ? page_time_near(tree->request, office->vacant_since)
	                              : json_null(arena));
	return true;
}

static bool put_node(struct tree *tree, const struct casebook_office *office, int depth,
                     struct json *rows, struct err *err)
{
	struct web_request *request = tree->request;
	struct arena *arena = request->arena;
	struct json *row = json_object(arena), *below = json_array(arena);
	struct casebook_file file;
	int64_t open, late;
	if (!put_holders(tree, office, row, err) ||
	    !casebook_file_get(tree->reader, arena, office->file, &file, err) ||
	    !casebook_office_counts(tree->reader, office->id, &open, &late, err))
		return false;
	tree->vacant += office->holder_count == 0;
	json_put_text(arena, row, STR("id"), office->id);
	json_put_text(arena, row, STR("office_title"), office->title);
	json_put_text(arena, row, STR("area_name"),
	              str_eq(office->area, STR("-")) ? STR("") : office->area);
	json_put_text(arena, row, STR("file_href"),
	              practice_file_path(request, file.number, STR("")));
	json_put_integer(arena, row, STR("owed_n"), open);
	json_put_integer(arena, row, STR("late_n"), late);
	json_put_text(arena, row, STR("owed_text"), practice_count(arena, open));
	json_put_text(arena, row, STR("late_text"), practice_count(arena, late));
	json_put_bool(arena, row, STR("owes"), open > 0);
	json_put_bool(arena, row, STR("is_outside"), office->role && office->role->is_outside);
	for (size_t i = 0; depth < DEPTH_MAX && i < tree->count; i++)
		if (above(tree, &tree->offices[i]) == office &&
		    !put_node(tree, &tree->offices[i], depth + 1, below, err))
			return false;
	json_put_bool(arena, row, STR("has_below"), below && below->count > 0);
	json_put(row, STR("below"), below);
	json_push(rows, row);
	return true;
}

bool offices_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("offices"), .title = STR("Offices") };
	struct arena *arena = request->arena;
	struct tree tree = { .request = request };
	struct json *model, *rows = json_array(arena);
	if (!site_reader(request, &tree.reader, err) ||
	    !practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err) ||
	    !casebook_offices(tree.reader, arena, &tree.offices, &tree.count, err))
		return false;
	for (size_t i = 0; i < tree.count; i++)
		if (!above(&tree, &tree.offices[i]) &&
		    !put_node(&tree, &tree.offices[i], 0, rows, err))
			return false;
	json_put_integer(arena, model, STR("office_n"), (int64_t)tree.count);
	json_put_integer(arena, model, STR("vacant_n"), (int64_t)tree.vacant);
	json_put(model, STR("offices"), rows);
	return practice_put_done(request, tree.reader, model, err) &&
	       page_answer(request, answer, STR("admin/offices"), model, err);
}
