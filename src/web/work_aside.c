/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What stands beside the list of My work: what the office was told, initials, drafts. */
#include <stdlib.h>

#include "web/work.h"

#include "web/kept_form.h"

#define DUTIES_MAX 200
#define INITIALS_MAX 4
#define ANSWERS_READ 10 /* of each kind */
#define ANSWERS_SHOWN 10

/* The duty that somebody was told of: the entry that told names it. Where it names none, *of is
 * what the entry is called. */
static bool find_about(struct work *work, const struct casebook_duty *told,
                       struct casebook_duty *out, bool *found, struct str *of, struct err *err)
{
	struct arena *arena = work->request->arena;
	struct casebook_entry entry;
	struct casebook_duty_list list;
	*found = false;
	if (!casebook_entry_get(work->reader, arena, told->opened, &entry, err))
		return err->code == ERR_ABSENT;
	struct str name = json_text(entry.plain, STR("duty"));
	if (!name.n && entry.rules)
		*of = entry.rules->title;
	if (!casebook_duties_of_file(work->reader, arena, told->file, DUTIES_MAX, &list, err))
		return false;
	for (size_t i = 0; i < list.count && !*found; i++) {
		*found = str_eq(list.at[i].name, name);
		if (*found)
			*out = list.at[i];
	}
	return true;
}

static void put_about(struct work *work, const struct casebook_duty *about, struct json *row)
{
	struct web_request *request = work->request;
	struct arena *arena = request->arena;
	instant until = about->is_open ? request->now : about->closed_at;
	struct str late = json_text(page_late(request, about->due, until), STR("text"));
	json_put_text(arena, row, STR("what"), about->title);
	json_put_text(arena, row, STR("duty"), about->name);
	json_put_text(arena, row, STR("line"),
	              about->is_open ? arena_format(arena, "%.*s, %.*s",
	                                            STR_ARG(about->office_title), STR_ARG(late))
	                             : arena_format(arena, "%.*s, done, %.*s",
	                                            STR_ARG(about->office_title), STR_ARG(late)));
}

bool work_add_told(struct work *work, const struct casebook_duty *duty, struct err *err)
{
	struct web_request *request = work->request;
	struct arena *arena = request->arena;
	struct casebook_duty about;
	struct str of = duty->title;
	bool found;
	if (++work->told_count > WORK_TOLD)
		return true;
	if (!find_about(work, duty, &about, &found, &of, err))
		return false;
	struct json *row = json_object(arena);
	if (found) {
		put_about(work, &about, row);
	} else {
		json_put_text(arena, row, STR("what"), of);
		json_put_text(arena, row, STR("duty"), STR(""));
		json_put_text(arena, row, STR("line"), STR(""));
	}
	struct str path = practice_file_path(request, duty->file_number, STR("duty.read"));
	json_put_text(arena, row, STR("read_href"), path);
	json_put_text(arena, row, STR("file_number"), duty->file_number);
	json_put_text(arena, row, STR("file_href"),
	              practice_file_path(request, duty->file_number, STR("")));
	json_put(row, STR("due"), page_time_due(request, duty->due));
	json_put_bool(arena, row, STR("is_late"), duty->is_late);
	json_put_text(arena, row, STR("submission"), site_random(request));
	json_push(work->told, row);
	return true;
}

/* --- initials -------------------------------------------------------------------------------- */

/* "A K" of "Ava Kaya, about nine": what stands there as a name. */
static struct str initials_of(struct arena *arena, struct str name)
{
	struct buf out;
	size_t count = 0;
	buf_init(&out, 64);
	for (size_t i = 0; i < name.n && count < INITIALS_MAX; i++) {
		bool begins = i == 0 || name.p[i - 1] == ' ' || name.p[i - 1] == '-';
		if (!begins || name.p[i] < 'A' || name.p[i] > 'Z')
			continue;
		buf_format(&out, "%c.", name.p[i]);
		count++;
	}
	struct str text = arena_copy(arena, buf_str(&out));
	buf_finish(&out);
	return text;
}

bool work_initials(struct work *work, const struct casebook_duty *duty, struct json *row,
                   struct err *err)
{
	struct arena *arena = work->request->arena;
	struct casebook_viewer viewer = *practice_viewer(work->request);
	struct casebook_file file;
	const struct json *sealed = NULL;
	enum casebook_seal how;
	viewer.purpose = STR("initials on a list");
	if (!casebook_file_get(work->reader, arena, duty->file, &file, err))
		return false;
	if (!casebook_open_seal(work->reader, &viewer, file.first_entry, arena, &how, &sealed, err))
		return err->code == ERR_ABSENT;
	struct str initials = initials_of(arena, json_text(sealed, STR("child")));
	if (initials.n)
		draft_set(row, STR("initials"), json_string(arena, initials));
	return true;
}

/* --- answers and questions ----------------------------------------------------------------------
 */

static int newest_first(const void *a, const void *b)
{
	const struct casebook_news *x = a, *y = b;
	return x->entry > y->entry ? -1 : x->entry < y->entry;
}

bool work_put_answers(struct work *work, struct json *model, struct err *err)
{
	struct web_request *request = work->request;
	struct arena *arena = request->arena;
	struct json *answers = json_array(arena);
	const struct casebook_news *found;
	size_t count;
	if (!casebook_news(work->reader, arena, practice_viewer(request), ANSWERS_READ, &found,
	                   &count, err))
		return false;
	struct casebook_news *news = arena_alloc(arena, count + 1, sizeof *news);
	if (!news)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	if (count > 0) {
		memcpy(news, found, count * sizeof *news);
		qsort(news, count, sizeof *news, newest_first);
	}
	for (size_t i = 0; i < count && i < ANSWERS_SHOWN; i++) {
		struct json *row = json_object(arena);
		struct str by = STR("whoever reported");
		if (news[i].office.n &&
		    !casebook_office_title(work->reader, arena, news[i].office, &by, err))
			return false;
		json_put_text(arena, row, STR("what"), news[i].rules->title);
		json_put_text(arena, row, STR("by"), by);
		json_put_text(arena, row, STR("file_number"), news[i].file_number);
		json_put(row, STR("at"), page_time_near(request, news[i].recorded));
		json_put_text(arena, row, STR("answer_href"),
		              arena_format(arena, "/entries/%" PRId64, news[i].entry));
		json_push(answers, row);
	}
	json_put_bool(arena, model, STR("has_answers"), count > 0);
	json_put_bool(arena, model, STR("has_more_answers"), count > ANSWERS_SHOWN);
	json_put(model, STR("answers"), answers);
	return true;
}

/* --- drafts ---------------------------------------------------------------------------------- */

bool work_put_drafts(struct work *work, struct json *model, struct err *err)
{
	struct web_request *request = work->request;
	struct arena *arena = request->arena;
	const struct casebook_actor *actor = &practice_viewer(request)->actor;
	const struct pack *pack = casebook_pack(site_book(request));
	struct str prefix = arena_format(arena, "%.*s\n%.*s\n", STR_ARG(actor->account),
	                                 STR_ARG(actor->office));
	struct json *drafts = json_array(arena);
	const struct str *owners;
	size_t count;
	if (!casebook_draft_list(work->reader, arena, prefix, &owners, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct str kind = str_sub(owners[i], prefix.n, owners[i].n), file;
		if (!str_cut(&kind, '\n', &file))
			continue;
		const struct pack_kind *rules = pack_kind_find(pack, kind);
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("file_number"), file);
		json_put_text(arena, row, STR("what"), rules ? rules->title : kind);
		json_put_text(arena, row, STR("draft_href"), kept_form_path(request, file, kind));
		json_push(drafts, row);
	}
	json_put_bool(arena, model, STR("has_drafts"), drafts && drafts->count > 0);
	json_put(model, STR("drafts"), drafts);
	return true;
}
