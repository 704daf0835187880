/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the register says of itself, on one page: for all who signed in to read, for an
 * administrator to change. */
#include "web/setup.h"

#define DESCRIBED_MAX 64

/* Agreed to at set-up, on pages that tell to what. */
static bool is_shown(const struct casebook_particular *one)
{
	return one->sort != CASEBOOK_PARTICULAR_AGREED;
}

static struct str given_for(struct web_request *request, const struct casebook_particular *one)
{
	return request->head->method == WEB_POST ? one->is_line ? site_choice(request, one->name)
	                                                        : site_value(request, one->name)
	                                         : STR_NONE;
}

static void put_group(struct web_request *request, const struct casebook_particular *all,
                      size_t count, enum casebook_particular_sort sort, const char *title,
                      struct json *model, struct json *groups)
{
	struct arena *arena = request->arena;
	struct json *group = json_object(arena), *fields = json_array(arena);
	for (size_t i = 0; i < count; i++) {
		const struct casebook_particular *one = &all[i];
		struct json *row = json_object(arena);
		struct str error = page_error_of(model, one->name), given = given_for(request, one);
		if (one->sort != sort)
			continue;
		json_put_text(arena, row, STR("name"), one->name);
		json_put_text(arena, row, STR("label"), one->label);
		json_put_text(arena, row, STR("hint"), one->hint);
		json_put_text(arena, row, STR("error"), error.p ? error : STR(""));
		json_put_text(arena, row, STR("value"), given.p ? given : one->text);
		json_put_text(arena, row, STR("text"),
		              one->text.n  ? one->text
		              : one->opens ? STR("Empty. A register is not opened without it")
		                           : STR("Nothing"));
		json_put_bool(arena, row, STR("is_heading"), false);
		json_put_bool(arena, row, STR("is_secret"), false);
		json_put_bool(arena, row, STR("is_line"), one->is_line);
		json_put_bool(arena, row, STR("is_area"), !one->is_line);
		json_push(fields, row);
	}
	if (!fields || !fields->count)
		return;
	json_put_text(arena, group, STR("group_title"), str_from_c(title));
	json_put(group, STR("fields"), fields);
	json_push(groups, group);
}

static bool show(struct web_request *request, const struct casebook_answer *failed,
                 struct web_answer *answer, struct err *err)
{
	static const struct {
		enum casebook_particular_sort sort;
		const char *title;
	} GROUPS[] = {
		{ CASEBOOK_PARTICULAR_NAME, "Names" },
		{ CASEBOOK_PARTICULAR_PRIVACY, "Privacy notice" },
		{ CASEBOOK_PARTICULAR_ACCESS, "Accessibility statement" },
		{ CASEBOOK_PARTICULAR_TRIED, "Tried" },
		{ CASEBOOK_PARTICULAR_OFFICER, "Shares of the key" },
	};
	struct page_head head = { .page = STR("particulars"),
		                  .title = STR("What this register says of itself") };
	struct json *model, *groups = json_array(request->arena);
	const struct casebook_particular *all;
	struct casebook_reader *reader;
	size_t count;
	bool is;
	if (!setup_is_administrator(request, &is, err) ||
	    !practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err) ||
	    !casebook_particulars(site_book(request), request->arena, &all, &count, err) ||
	    !site_reader(request, &reader, err) || !practice_put_done(request, reader, model, err))
		return false;
	if (failed) {
		answer->status = 422;
		page_answer_errors(request, model, failed, STR("partnership"));
	}
	for (size_t i = 0; i < COUNT_OF(GROUPS); i++)
		put_group(request, all, count, GROUPS[i].sort, GROUPS[i].title, model, groups);
	json_put(model, STR("groups"), groups);
	json_put_bool(request->arena, model, STR("is_unchanged"),
	              str_eq(fields_get(&request->head->query, STR("unchanged")), STR("yes")));
	json_put_bool(request->arena, model, STR("may_change"), is);
	return page_answer(request, answer, STR("admin/particulars"), model, err);
}

bool particulars_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return practice_has_office(request, answer) ? show(request, NULL, answer, err) : true;
}

/* Browsers end lines by CR LF; what was not touched stays as it was. */
static bool is_same(struct str given, struct str text)
{
	size_t at = 0;
	for (size_t i = 0; i < given.n; i++) {
		if (given.p[i] == '\r')
			continue;
		if (at == text.n || text.p[at++] != given.p[i])
			return false;
	}
	return at == text.n;
}

static struct str without_returns(struct arena *arena, struct str given)
{
	char *p = arena_alloc(arena, given.n + 1, 1);
	size_t n = 0;
	for (size_t i = 0; p && i < given.n; i++)
		if (given.p[i] != '\r')
			p[n++] = given.p[i];
	return p ? str_trim((struct str){ p, n }) : STR("");
}

bool particulars_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_described changes[DESCRIBED_MAX];
	struct casebook_actor actor = site_actor(request);
	const struct casebook_particular *all;
	struct casebook_answer given;
	size_t count, changed = 0;
	if (!setup_must_administer(request, answer, err))
		return err->code == ERR_NONE;
	if (!casebook_particulars(site_book(request), request->arena, &all, &count, err))
		return false;
	for (size_t i = 0; i < count && changed < DESCRIBED_MAX; i++) {
		struct str text = given_for(request, &all[i]);
		if (!is_shown(&all[i]) || !text.p || is_same(text, all[i].text))
			continue;
		changes[changed++] =
			(struct casebook_described){ all[i].name,
			                             without_returns(request->arena, text) };
	}
	if (!changed) {
		web_answer_redirect(answer, STR("/particulars?unchanged=yes"));
		return true;
	}
	if (!casebook_describe(site_book(request), &actor, site_via(request), STR_NONE, STR(""),
	                       changes, changed, request->arena, &given, err))
		return false;
	if (given.outcome == CASEBOOK_FAILED && given.err.code == ERR_INPUT)
		return show(request, &given, answer, err);
	if (given.outcome == CASEBOOK_FAILED) {
		*err = given.err;
		return false;
	}
	if (given.outcome != CASEBOOK_ADMITTED)
		return err_set(err, ERR_REFUSED, "%.*s", STR_ARG(given.sentence));
	site_reader_end(request);
	web_answer_redirect(
		answer, arena_format(request->arena, "/particulars?done=%" PRId64, given.index));
	return true;
}
