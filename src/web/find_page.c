/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Find by number, id, code or entry; else by what is written of persons, places
 * and things. What is looked for is posted, so that no
 * address carries it, and why somebody looks is asked first.
 */
#include "web/alike.h"
#include "web/file_parts.h"

static const struct {
	const char *code;
	const char *text;
} WHYS[] = {
	{ "work", "It is part of my work on this file" },
	{ "caller", "Somebody who reported is asking" },
	{ "asked", "Another office asked me" },
	{ "review", "I review how it was handled" },
};

struct find {
	struct web_request *request;
	struct casebook_reader *reader;
	struct json *model;
	struct json *results;
	struct str why;
	bool is_cut; /* there may be more */
};

struct str find_why_words(struct str why)
{
	for (size_t i = 0; i < COUNT_OF(WHYS); i++)
		if (str_eq(why, str_from_c(WHYS[i].code)))
			return str_from_c(WHYS[i].text);
	return STR_NONE;
}

static bool is_why(struct str why)
{
	return find_why_words(why).p != NULL;
}

static bool begin(struct find *find, struct str why, struct err *err)
{
	struct arena *arena = find->request->arena;
	struct page_head head = { .page = STR("find"), .title = STR("Find") };
	struct json *whys = json_array(arena);
	if (!practice_begin(find->request, &head, PRACTICE_FIND, &find->model, err) ||
	    !site_reader(find->request, &find->reader, err))
		return false;
	for (size_t i = 0; i < COUNT_OF(WHYS); i++) {
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("code"), str_from_c(WHYS[i].code));
		json_put_text(arena, row, STR("text"), str_from_c(WHYS[i].text));
		json_put_text(arena, row, STR("id"),
		              i == 0 ? STR("why") : arena_format(arena, "why-%zu", i));
		json_put_bool(arena, row, STR("is_on"), str_eq(why, str_from_c(WHYS[i].code)));
		json_push(whys, row);
	}
	json_put(find->model, STR("whys"), whys);
	find->results = json_array(arena);
	return true;
}

static bool finish(struct find *find, bool has_looked, struct web_answer *answer, struct err *err)
{
	struct arena *arena = find->request->arena;
	bool has_results = find->results && find->results->count > 0;
	struct str warming = alike_warming(find->request);
	json_put_text(arena, find->model, STR("warming"), warming);
	json_put_bool(arena, find->model, STR("has_looked"), has_looked);
	json_put_bool(arena, find->model, STR("has_results"), has_results);
	json_put(find->model, STR("results"), find->results);
	json_put_bool(arena, find->model, STR("is_cut"), find->is_cut);
	struct str error = page_error_of(find->model, STR("q"));
	json_put_text(arena, find->model, STR("q_error"), error.p ? error : STR(""));
	error = page_error_of(find->model, STR("why"));
	json_put_text(arena, find->model, STR("why_error"), error.p ? error : STR(""));
	return page_answer(find->request, answer, STR("practice/find"), find->model, err);
}

bool find_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct find find = { .request = request };
	if (!practice_has_office(request, answer))
		return true;
	if (!begin(&find, STR(""), err))
		return false;
	page_field(request, find.model, STR("q"), STR(""));
	return finish(&find, false, answer, err);
}

/* A file that this viewer may know of, or named by its number and may write on, with what matched.
 * Others do not show that they are there. */
static bool add_file(struct find *find, const struct casebook_file *file, bool is_named,
                     const char *how, struct err *err)
{
	struct arena *arena = find->request->arena;
	struct casebook_access access;
	if (!casebook_may(find->reader, practice_viewer(find->request), file->n, &access, err))
		return false;
	if (!access.may_know && !(is_named && access.may_write_alone))
		return true;
	struct casebook_viewer viewer = *practice_viewer(find->request);
	viewer.purpose = arena_format(arena, "find: %.*s", STR_ARG(find->why));
	/* Why somebody looked stands among the readings of the file. */
	if (access.may_open &&
	    !casebook_record_reading(find->reader, &viewer, file->n, file->first_entry, err))
		return false;
	struct json *row = json_object(arena);
	json_put(row, STR("file_name"), file_name(find->request, file));
	json_put_text(arena, row, STR("href"),
	              practice_file_path(find->request, file->number, STR("")));
	json_put_text(arena, row, STR("how"), str_from_c(how));
	json_put_bool(arena, row, STR("is_known"), access.may_know);
	json_put_integer(arena, row, STR("open_n"), access.may_know ? file->open_duties : 0);
	json_put_bool(arena, row, STR("has_compared"), false);
	json_put(row, STR("compared"), json_array(arena));
	json_push(find->results, row);
	return true;
}

static bool by_name(struct find *find, struct str q, struct err *err)
{
	struct casebook_file file;
	if (casebook_file_find(find->reader, find->request->arena, q, &file, err))
		return add_file(find, &file, true, "This is its number", err);
	return err->code == ERR_ABSENT;
}

/* Numbers of entries: "20418", "entry 20418". */
static bool by_entry(struct find *find, struct str q, struct err *err)
{
	struct arena *arena = find->request->arena;
	struct casebook_entry entry;
	struct casebook_file file;
	uint64_t index;
	if (str_starts(q, STR("entry ")) || str_starts(q, STR("Entry ")))
		q = str_trim(str_sub(q, 6, q.n));
	if (!str_to_u64(q, INT64_MAX, &index))
		return true;
	if (!casebook_entry_get(find->reader, arena, (int64_t)index, &entry, err))
		return err->code == ERR_ABSENT;
	return casebook_file_get(find->reader, arena, entry.file, &file, err) &&
	       add_file(find, &file, false, "An entry of this file has this number", err);
}

static bool by_code(struct find *find, struct str q, struct err *err)
{
	struct casebook_code code;
	struct casebook_file file;
	struct err ignored = { 0 };
	if (!casebook_code_read(q, &code, &ignored))
		return true;
	if (casebook_file_by_code(find->reader, find->request->arena, &code, &file, err))
		return add_file(find, &file, false, "This is its return code", err);
	return err->code == ERR_ABSENT;
}

static unsigned must_wait(const struct web_request *request)
{
	if (request->is_peer_exempt)
		return 0;
	return limit_take(site_web(request)->limits, LIMIT_CODES, &request->peer,
	                  clock_read().wall);
}

bool find_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct find find = { .request = request };
	struct str q = site_choice(request, STR("q")), why = site_choice(request, STR("why"));
	if (!practice_has_office(request, answer))
		return true;
	unsigned wait = must_wait(request);
	if (wait > 0)
		return site_too_many(request, answer, wait, err);
	if (!begin(&find, why, err))
		return false;
	page_field(request, find.model, STR("q"), q.p ? q : STR(""));
	if (!q.n)
		page_error(request, find.model, STR("q"), STR("Write what you look for"));
	if (!is_why(why))
		page_error(request, find.model, STR("why"), STR("Choose why you are looking"));
	if (!q.n || !is_why(why)) {
		answer->status = 422;
		return finish(&find, false, answer, err);
	}
	find.why = why;
	if (!by_name(&find, q, err) || !by_entry(&find, q, err) || !by_code(&find, q, err))
		return false;
	/* What names one file alone is not looked for among names as well. */
	if (find.results->count == 0 &&
	    !alike_find(request, find.reader, q, why, find.results, &find.is_cut, err))
		return false;
	return finish(&find, true, answer, err);
}
