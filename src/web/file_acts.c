/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What can be done on a file: what is owed first, with the duty that it
 * settles, then what the rules offer after what was written, then the rest by
 * its group, and the files that can be begun about this one.
 */
#include "web/file_parts.h"

#include "web/story_parts.h"

#define DUTIES_NAMED 4 /* of those that one act settles */

/* Made from where they belong, not from a list of everything. */
static bool is_listed(const struct file_page *page, const struct pack_kind *kind)
{
	static const struct str ELSEWHERE[] = {
		{ "duty.read", 9 },        { "second.given", 12 },    { "office.handed-over", 18 },
		{ "pack.adopted", 12 },    { "account.added", 13 },   { "account.changed", 15 },
		{ "token.made", 10 },      { "register.opened", 15 }, { "office.made", 11 },
		{ "entry.corrected", 15 }, { "mirror.agreed", 13 },   { "mirror.ended", 12 }
	};
	for (size_t i = 0; i < COUNT_OF(ELSEWHERE); i++)
		if (str_eq(ELSEWHERE[i], kind->name))
			return false;
	if (kind->may_begin)
		return false;
	return !str_eq(kind->name, STR("access.broken")) || !page->access.may_open;
}

bool file_find_possible(struct file_page *page, struct err *err)
{
	struct arena *arena = page->request->arena;
	const struct casebook_viewer *viewer = practice_viewer(page->request);
	return casebook_possible_acts(page->reader, arena, viewer, &page->file, &page->acts,
	                              &page->act_count, err) &&
	       casebook_possible_begin(page->reader, arena, viewer, &page->begins,
	                               &page->begin_count, err) &&
	       casebook_offers(page->reader, arena, viewer, &page->file, &page->offers,
	                       &page->offer_count, err);
}

/* --- the ways of a duty ---------------------------------------------------------------------- */

static bool names(const struct casebook_possible *act, struct str duty)
{
	for (size_t i = 0; i < act->duty_count; i++)
		if (str_eq(act->duties[i], duty))
			return true;
	return false;
}

/* What whoever owes nothing of it is led to: by one of its own roles, and no end of anything. */
static bool helps_out(const struct pack_kind *kind)
{
	if (kind->is_weighty)
		return false;
	for (size_t i = 0; i < kind->by_count; i++)
		if (kind->by[i].sort == PACK_BY_ANYONE)
			return false;
	return true;
}

/*
 * What settles it, as it can be done here and now: the link for whoever may, the reason where
 * nobody may yet.
 */
static void put_way(const struct file_page *page, const struct casebook_duty *duty,
                    struct json *row)
{
	struct web_request *request = page->request;
	struct str office = practice_viewer(request)->actor.office, not_yet = STR("");
	bool is_mine = json_is_true(row, STR("is_mine"));
	const struct pack_kind *found = NULL;
	for (size_t i = 0; i < page->act_count; i++) {
		const struct casebook_possible *act = &page->acts[i];
		if (act->kind->is_built_in || !duty_is_settled_by(duty, act->kind, office) ||
		    (!is_mine && !helps_out(act->kind)))
			continue;
		if (!act->is_possible)
			not_yet = act->why_not.p && !not_yet.n ? act->why_not : not_yet;
		else if (!found || (found->is_weighty && !act->kind->is_weighty))
			found = act->kind;
	}
	if (found) {
		duty_put_action(request, duty, found, row);
		draft_set(row, STR("others"), json_string(request->arena, STR("")));
	} else if (is_mine && not_yet.n) {
		draft_set(row, STR("actions"), json_array(request->arena));
		draft_set(row, STR("not_yet"), json_string(request->arena, not_yet));
	}
}

void file_put_duty_acts(const struct file_page *page, const struct casebook_duty *duty,
                        struct json *row)
{
	struct arena *arena = page->request->arena;
	struct str passes = STR(""), puts_off = STR("");
	for (size_t i = 0; i < page->act_count; i++) {
		const struct pack_kind *kind = page->acts[i].kind;
		if (!names(&page->acts[i], duty->name))
			continue;
		struct str path = arena_format(arena, "/files/%.*s/%.*s?duty=%.*s",
		                               STR_ARG(page->file.number), STR_ARG(kind->name),
		                               STR_ARG(duty->name));
		if (str_eq(kind->name, STR("duty.taken")))
			passes = path;
		else
			puts_off = path;
	}
	json_put_text(arena, row, STR("passes"), passes);
	json_put_text(arena, row, STR("puts_off"), puts_off);
	json_put_text(arena, row, STR("of"), duty->file_number);
	if (duty->is_open && page->act_count > 0)
		put_way(page, duty, row);
}

/* --- rows ------------------------------------------------------------------------------------ */

static bool settles(const struct file_page *page, const struct pack_kind *kind,
                    const struct casebook_duty *duty)
{
	struct str office = practice_viewer(page->request)->actor.office;
	for (size_t i = 0; duty->is_open && i < kind->settle_count; i++) {
		const struct pack_settle *line = &kind->settles[i];
		if (!line->on && str_eq(line->duty->name, duty->rule) &&
		    (!duty_is_of_owner(line) || str_eq(duty->office, office)))
			return true;
	}
	return false;
}

/* The open duties that it settles, by due: {what, rule, line, is_late}. */
static struct json *settled_by(const struct file_page *page, const struct pack_kind *kind)
{
	struct web_request *request = page->request;
	struct arena *arena = request->arena;
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < page->duties.count && rows && rows->count < DUTIES_NAMED; i++) {
		const struct casebook_duty *duty = &page->duties.at[i];
		if (!settles(page, kind, duty))
			continue;
		struct json *row = json_object(arena);
		struct str when =
			json_text(duty->is_late ? page_late(request, duty->due, request->now)
		                                : page_time_due(request, duty->due),
		                  STR("text"));
		json_put_text(arena, row, STR("what"), duty->title);
		json_put_text(arena, row, STR("rule"), duty->rule);
		json_put_text(arena, row, STR("owner"), duty->office_title);
		json_put_text(arena, row, STR("when"), when);
		json_put_bool(arena, row, STR("is_late"), duty->is_late);
		json_push(rows, row);
	}
	return rows;
}

static struct json *act_row(const struct file_page *page, const struct casebook_possible *act)
{
	struct arena *arena = page->request->arena;
	struct json *row = json_object(arena);
	struct json *duties = act->settles_owed ? settled_by(page, act->kind) : json_array(arena);
	json_put_text(arena, row, STR("kind"), act->kind->name);
	json_put_text(arena, row, STR("text"), pack_kind_action(act->kind));
	json_put_text(arena, row, STR("href"),
	              practice_file_path(page->request, page->file.number, act->kind->name));
	json_put_text(arena, row, STR("why_not"), act->why_not.p ? act->why_not : STR(""));
	json_put_bool(arena, row, STR("has_duties"), duties && duties->count > 0);
	json_put(row, STR("duties"), duties);
	return row;
}

/* --- groups ---------------------------------------------------------------------------------- */

void file_put_in_group(struct web_request *request, const struct pack_kind *kind, struct json *row,
                       struct json *groups)
{
	struct arena *arena = request->arena;
	struct str name = story_part_title(arena, kind);
	struct json *group = groups ? groups->first : NULL;
	while (group && !str_eq(json_text(group, STR("name")), name))
		group = group->next;
	if (!group) {
		group = json_object(arena);
		json_put_text(arena, group, STR("name"), name);
		json_put(group, STR("acts"), json_array(arena));
		json_push(groups, group);
	}
	json_push(draft_list(arena, group, STR("acts")), row);
}

void file_put_group_counts(struct web_request *request, struct json *groups)
{
	for (struct json *group = groups ? groups->first : NULL; group; group = group->next) {
		const struct json *acts = json_member(group, STR("acts"));
		json_put_integer(request->arena, group, STR("n"), acts ? (int64_t)acts->count : 0);
	}
}

/* --- files about this one -------------------------------------------------------------------- */

const struct pack_field *file_link_field(const struct pack_kind *kind,
                                         const struct pack_file_type *type)
{
	const struct pack_field *found = NULL;
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		bool links = false;
		if (field->type != PACK_FILE || field->retired.p ||
		    !(field->of_file_types >> type->number & 1))
			continue;
		for (size_t l = 0; l < kind->link_count; l++)
			links = links || str_eq(kind->links[l].field, field->name);
		if (links)
			return field;
		found = found ? found : field;
	}
	return found;
}

static struct str begin_path(const struct file_page *page, const struct pack_kind *kind)
{
	struct arena *arena = page->request->arena;
	const struct pack_field *field = file_link_field(kind, page->file.type);
	if (!field)
		return arena_format(arena, "/files/new/%.*s", STR_ARG(kind->name));
	return arena_format(arena, "/files/new/%.*s?%.*s=%.*s", STR_ARG(kind->name),
	                    STR_ARG(field->name), STR_ARG(page->file.number));
}

static struct json *begin_row(const struct file_page *page, const struct pack_kind *kind)
{
	struct arena *arena = page->request->arena;
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("kind"), kind->name);
	json_put_text(arena, row, STR("text"), pack_kind_action(kind));
	json_put_text(arena, row, STR("href"), begin_path(page, kind));
	return row;
}

static void put_begins(const struct file_page *page, struct json *model)
{
	struct arena *arena = page->request->arena;
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < page->begin_count; i++)
		if (file_link_field(page->begins[i], page->file.type))
			json_push(rows, begin_row(page, page->begins[i]));
	json_put_bool(arena, model, STR("has_do_begin"), rows && rows->count > 0);
	json_put_integer(arena, model, STR("do_begin_n"), rows ? (int64_t)rows->count : 0);
	json_put(model, STR("do_begin"), rows);
}

/* --- offered --------------------------------------------------------------------------------- */

static bool is_begun(const struct file_page *page, const struct pack_kind *kind)
{
	for (size_t i = 0; i < page->begin_count; i++)
		if (str_eq(page->begins[i]->name, kind->name))
			return true;
	return false;
}

static const struct casebook_possible *possible(const struct file_page *page,
                                                const struct pack_kind *kind)
{
	for (size_t i = 0; i < page->act_count; i++)
		if (str_eq(page->acts[i].kind->name, kind->name))
			return page->acts[i].is_possible ? &page->acts[i] : NULL;
	return NULL;
}

static bool is_offered(const struct file_page *page, const struct pack_kind *kind)
{
	for (size_t i = 0; i < page->offer_count; i++)
		if (str_eq(page->offers[i].kind->name, kind->name))
			return true;
	return false;
}

/* Those that this office may make: on the file, or as one of its own. */
static void put_offers(const struct file_page *page, struct json *model)
{
	struct arena *arena = page->request->arena;
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < page->offer_count; i++) {
		const struct pack_kind *kind = page->offers[i].kind;
		const struct casebook_possible *act = possible(page, kind);
		struct json *row = NULL;
		if (act)
			row = act_row(page, act);
		else if (kind->may_begin && is_begun(page, kind))
			row = begin_row(page, kind);
		if (!row)
			continue;
		json_put_text(arena, row, STR("because"),
		              arena_format(arena, "/entries/%" PRId64, page->offers[i].entry));
		json_put_integer(arena, row, STR("because_n"), page->offers[i].entry);
		json_push(rows, row);
	}
	json_put_bool(arena, model, STR("has_do_offered"), rows && rows->count > 0);
	json_put(model, STR("do_offered"), rows);
}

/* --- all of it ------------------------------------------------------------------------------- */

/* What settles the duty that is due first comes first. */
static void put_owed(const struct file_page *page, struct json *owed)
{
	for (size_t d = 0; d < page->duties.count; d++) {
		const struct casebook_duty *duty = &page->duties.at[d];
		for (size_t i = 0; duty->is_open && i < page->act_count; i++) {
			const struct casebook_possible *act = &page->acts[i];
			bool is_there = false;
			if (!act->is_possible || !is_listed(page, act->kind) ||
			    !settles(page, act->kind, duty))
				continue;
			for (const struct json *row = owed->first; row; row = row->next)
				is_there = is_there ||
				           str_eq(json_text(row, STR("kind")), act->kind->name);
			if (!is_there)
				json_push(owed, act_row(page, act));
		}
	}
}

void file_put_possible(struct file_page *page, struct json *model)
{
	struct arena *arena = page->request->arena;
	struct json *owed = json_array(arena), *also = json_array(arena), *not = json_array(arena);
	int64_t also_n = 0;
	if (!owed)
		return;
	put_owed(page, owed);
	for (size_t i = 0; i < page->act_count; i++) {
		const struct casebook_possible *act = &page->acts[i];
		bool is_owed = false;
		if (!is_listed(page, act->kind) || is_offered(page, act->kind))
			continue;
		for (const struct json *row = owed->first; row; row = row->next)
			is_owed = is_owed || str_eq(json_text(row, STR("kind")), act->kind->name);
		if (!act->is_possible || (act->is_not_yet && !is_owed)) {
			json_push(not, act_row(page, act));
		} else if (!is_owed) {
			file_put_in_group(page->request, act->kind, act_row(page, act), also);
			also_n++;
		}
	}
	file_put_group_counts(page->request, also);
	json_put_bool(arena, model, STR("has_do_owed"), owed->count > 0);
	json_put(model, STR("do_owed"), owed);
	json_put_bool(arena, model, STR("has_do_also"), also_n > 0);
	json_put_integer(arena, model, STR("do_also_n"), also_n);
	json_put(model, STR("do_also"), also);
	json_put_bool(arena, model, STR("has_do_not"), not &&not ->count > 0);
	json_put_integer(arena, model, STR("do_not_n"), not ? (int64_t) not ->count : 0);
	json_put(model, STR("do_not"), not );
	put_offers(page, model);
	put_begins(page, model);
}
