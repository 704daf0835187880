/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What every page of those who signed in has: menu, office line, and the file it speaks of. */
#include "web/practice.h"

#include "web/words.h"

#include "web/draft.h"

const struct casebook_viewer *practice_viewer(const struct web_request *request)
{
	return &site_visit(request)->viewer;
}

bool practice_has_office(struct web_request *request, struct web_answer *answer)
{
	if (practice_viewer(request)->actor.office.n > 0)
		return true;
	web_answer_redirect(answer, STR("/office"));
	return false;
}

struct str practice_count(struct arena *arena, int64_t n)
{
	return n < 1000 ? wording_number(arena, n) : STR("1,000+");
}

static bool put_nav(struct web_request *request, struct casebook_reader *reader,
                    enum practice_place place, struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	struct str office = practice_viewer(request)->actor.office;
	struct json *nav = json_object(arena);
	int64_t open = 0, late = 0;
	if (office.n && !casebook_office_counts(reader, office, &open, &late, err))
		return false;
	json_put_bool(arena, nav, STR("at_work"), place == PRACTICE_WORK);
	json_put_bool(arena, nav, STR("at_find"), place == PRACTICE_FIND);
	json_put_bool(arena, nav, STR("at_late"), place == PRACTICE_LATE);
	json_put_bool(arena, nav, STR("at_readings"), place == PRACTICE_READINGS);
	json_put_bool(arena, nav, STR("has_late"), late > 0);
	json_put_text(arena, nav, STR("late"), practice_count(arena, late));
	json_put_integer(arena, nav, STR("late_n"), late);
	json_put_integer(arena, nav, STR("open"), open);
	json_put(model, STR("nav"), nav);
	return true;
}

static bool put_you(struct web_request *request, struct casebook_reader *reader, struct json *model,
                    struct err *err)
{
	struct arena *arena = request->arena;
	const struct site_visit *visit = site_visit(request);
	struct str office = visit->viewer.actor.office;
	struct json *you;
	if (!page_office(request, reader, office, &you, err))
		return false;
	const struct pack_office *role = casebook_office_role(reader, office);
	json_put_bool(arena, you, STR("has_office"), office.n > 0);
	json_put_bool(arena, you, STR("administers"),
	              role && str_eq(role->name, STR("register-administrator")));
	json_put_bool(arena, you, STR("by_session"), visit->known == SITE_BY_SESSION);
	json_put(model, STR("you"), you);
	json_put(model, STR("done"), json_null(arena));
	return true;
}

bool practice_begin(struct web_request *request, const struct page_head *head,
                    enum practice_place place, struct json **model, struct err *err)
{
	struct casebook_reader *reader;
	*model = page_begin(request, head);
	return site_reader(request, &reader, err) && put_nav(request, reader, place, *model, err) &&
	       put_you(request, reader, *model, err);
}

struct str practice_file_path(struct web_request *request, struct str number, struct str tail)
{
	return arena_format(request->arena, "/files/%.*s%s%.*s", STR_ARG(number), tail.n ? "/" : "",
	                    STR_ARG(tail));
}

bool practice_file_to_break(struct web_request *request, struct casebook_reader *reader,
                            struct casebook_file *file, struct casebook_access *access,
                            struct err *err)
{
	struct str name = web_param(request, STR("id"));
	if (!casebook_file_find(reader, request->arena, name, file, err) ||
	    !casebook_may(reader, practice_viewer(request), file->n, access, err))
		return false;
	if (!access->may_open && !access->opens_restricted)
		casebook_note_refused(reader, practice_viewer(request), file->n);
	return true;
}

bool practice_file(struct web_request *request, struct casebook_reader *reader,
                   struct casebook_file *file, struct casebook_access *access, struct err *err)
{
	if (!practice_file_to_break(request, reader, file, access, err))
		return false;
	/* The same for what is not there and for what is not for this office. */
	return access->may_know || err_set(err, ERR_ABSENT, "There is no such file");
}

bool practice_put_done(struct web_request *request, struct casebook_reader *reader,
                       struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_entry entry;
	struct casebook_access access;
	uint64_t index;
	if (!str_to_u64(fields_get(&request->head->query, STR("done")), INT64_MAX, &index))
		return true;
	if (!casebook_entry_get(reader, arena, (int64_t)index, &entry, err))
		return err->code == ERR_ABSENT;
	if (!casebook_may_see(reader, practice_viewer(request), entry.index, &access, err))
		return false;
	struct str title = entry.rules ? entry.rules->title : entry.kind;
	if (!access.may_know)
		return true;
	struct json *done = json_object(arena);
	json_put_integer(arena, done, STR("entry"), entry.index);
	json_put_text(arena, done, STR("href"),
	              arena_format(arena, "/entries/%" PRId64, entry.index));
	json_put_text(arena, done, STR("text"), title);
	/* Somebody else wrote while this was written: it stopped nothing, and is said. */
	struct str beside = fields_get(&request->head->query, STR("beside"));
	bool is_beside = str_to_u64(beside, INT64_MAX, &index);
	json_put_text(arena, done, STR("beside"),
	              is_beside ? arena_format(arena, "/entries/%" PRIu64, index) : STR(""));
	struct casebook_file file;
	if (!casebook_file_get(reader, arena, entry.file, &file, err) ||
	    !words_put_entry(request, reader, &entry, file.number, done, err))
		return false;
	draft_set(model, STR("done"), done);
	return true;
}

bool practice_may_make(const struct pack_kind *kind, struct str role, const struct pack_duty *duty)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		const struct pack_by *by = &kind->by[i];
		if (by->sort == PACK_BY_ANYONE ||
		    (by->sort == PACK_BY_ROLE && str_eq(by->role->name, role)) ||
		    (by->sort == PACK_BY_OWNER &&
		     (!duty || by->duty == duty || str_eq(by->duty->name, duty->name))))
			return true;
	}
	return false;
}
