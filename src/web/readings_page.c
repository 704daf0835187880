/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who opened which seals: of a file, and of oneself. */
#include "web/file_parts.h"

#include "web/csv.h"

#define READINGS_SHOWN 100 /* of a page */
#define CSV_READINGS 1000
#define DUTIES_MAX 200

struct readings_page {
	struct web_request *request;
	struct casebook_reader *reader;
	const struct casebook_duty_list *duties; /* of the file; NULL: one's own readings */
	struct str path;                         /* of the page, for the next one and the CSV */
	bool is_csv;
	struct str account; /* the last looked up, and its name */
	struct str name;
};

static bool account_name(struct readings_page *page, struct str account, struct str *out,
                         struct err *err)
{
	if (!page->account.p || !str_eq(page->account, account)) {
		page->account = account;
		page->name = account;
		if (!casebook_account_name(page->reader, page->request->arena, account, &page->name,
		                           err) &&
		    err->code != ERR_ABSENT)
			return false;
	}
	*out = page->name;
	return true;
}

static bool owes_here(const struct readings_page *page, struct str office)
{
	for (size_t i = 0; page->duties && i < page->duties->count; i++)
		if (str_eq(page->duties->at[i].office, office))
			return true;
	return !page->duties;
}

/* What a reading was for, as the page says it; a code that it does not know stays. */
static struct str why_words(struct str purpose)
{
	static const char *const WORDS[][2] = {
		{ "work", "Work on this file" },
		{ "work, by a token", "Work, by a program" },
		{ "who told us", "To know who told us" },
		{ "initials on a list", "Initials on a list" },
		{ "return", "Whoever reported came back" },
		{ "print", "To print the chronology" },
	};
	for (size_t i = 0; i < COUNT_OF(WORDS); i++)
		if (str_eq(purpose, str_from_c(WORDS[i][0])))
			return str_from_c(WORDS[i][1]);
	struct str why = str_starts(purpose, STR("find: "))
	                         ? find_why_words(str_sub(purpose, 6, purpose.n))
	                         : STR_NONE;
	return why.p ? why : purpose;
}

static bool put_reading(struct readings_page *page, const struct casebook_reading *reading,
                        struct json *rows, struct err *err)
{
	struct web_request *request = page->request;
	struct arena *arena = request->arena;
	struct json *row = json_object(arena), *office;
	struct casebook_file file;
	struct str name = STR("Whoever reported");
	bool by_code = reading->account.n == 0; /* no account: it is the reporter's own visit */
	if ((!by_code && !account_name(page, reading->account, &name, err)) ||
	    !page_office(request, page->reader, reading->office, &office, err))
		return false;
	bool is_there = casebook_file_get(page->reader, arena, reading->file, &file, err);
	if (!is_there && err->code != ERR_ABSENT)
		return false;
	json_put(row, STR("at"), page_time_short(request, reading->minute));
	json_put_text(arena, row, STR("who"), name);
	json_put(row, STR("office"), office);
	json_put_text(arena, row, STR("number"), is_there ? file.number : STR(""));
	json_put_text(arena, row, STR("href"),
	              is_there ? practice_file_path(request, file.number, STR("")) : STR(""));
	json_put_integer(arena, row, STR("up_to"), reading->highest);
	json_put_text(arena, row, STR("purpose"), reading->purpose);
	json_put_text(arena, row, STR("why"), why_words(reading->purpose));
	json_put_bool(arena, row, STR("by_code"), by_code);
	json_put_bool(arena, row, STR("is_apart"), !by_code && !owes_here(page, reading->office));
	json_put_bool(arena, row, STR("in_log"), reading->is_sealed);
	json_push(rows, row);
	return true;
}

static int64_t read_before(const struct web_request *request)
{
	uint64_t before;
	return str_to_u64(fields_get(&request->head->query, STR("before")), INT64_MAX, &before)
	               ? (int64_t)before
	               : INT64_MAX;
}

static void answer_csv(struct readings_page *page, const struct json *rows,
                       struct web_answer *answer)
{
	web_answer_download(page->request, answer, STR("readings.csv"), STR(CSV_TYPE));
	csv_row(&answer->body, 6, STR("When"), STR("File"), STR("Who"), STR("Office"),
	        STR("Up to entry"), STR("Why"));
	for (const struct json *row = rows->first; row; row = row->next)
		csv_row(&answer->body, 6, json_text(json_member(row, STR("at")), STR("iso")),
		        json_text(row, STR("number")), json_text(row, STR("who")),
		        json_is_true(row, STR("by_code"))
		                ? STR("None: with the return code")
		                : json_text(json_member(row, STR("office")), STR("title")),
		        arena_format(page->request->arena, "%" PRId64,
		                     json_number(row, STR("up_to"), 0)),
		        json_text(row, STR("purpose")));
}

static bool answer_readings(struct readings_page *page, int64_t file, struct str account,
                            struct json *model, struct web_answer *answer, struct err *err)
{
	struct arena *arena = page->request->arena;
	const struct casebook_reading *readings;
	struct json *rows = json_array(arena);
	size_t count, most = page->is_csv ? CSV_READINGS - 1 : READINGS_SHOWN;
	if (!casebook_readings_before(page->reader, arena, file, account,
	                              read_before(page->request), most + 1, &readings, &count, err))
		return false;
	bool has_more = count > most;
	count = has_more ? most : count;
	for (size_t i = 0; i < count; i++)
		if (!put_reading(page, &readings[i], rows, err))
			return false;
	if (page->is_csv && rows) {
		answer_csv(page, rows, answer);
		return true;
	}
	json_put_bool(arena, model, STR("has_rows"), count > 0);
	json_put(model, STR("rows"), rows);
	json_put(model, STR("next"),
	         has_more ? json_string(arena,
	                                arena_format(arena, "%.*s?before=%" PRId64,
	                                             STR_ARG(page->path), readings[count - 1].n))
	                  : json_null(arena));
	json_put_text(arena, model, STR("csv"),
	              arena_format(arena, "%.*s.csv", STR_ARG(page->path)));
	return page_answer(page->request, answer, STR("practice/readings"), model, err);
}

static bool show_of_file(struct web_request *request, bool is_csv, struct web_answer *answer,
                         struct err *err)
{
	struct readings_page page = { .request = request, .is_csv = is_csv };
	struct casebook_file file;
	struct casebook_access access;
	struct casebook_duty_list duties;
	struct json *model;
	if (!practice_has_office(request, answer))
		return true;
	if (!site_reader(request, &page.reader, err) ||
	    !practice_file(request, page.reader, &file, &access, err) ||
	    !casebook_duties_of_file(page.reader, request->arena, file.n, DUTIES_MAX, &duties, err))
		return false;
	struct str title = arena_format(request->arena, "Who has read %.*s",
	                                STR_ARG(file_heading(request, &file)));
	struct page_head head = { .page = STR("readings.file"),
		                  .title = title,
		                  .back = practice_file_path(request, file.number, STR("")) };
	page.duties = &duties;
	page.path = practice_file_path(request, file.number, STR("readings"));
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err))
		return false;
	json_put_bool(request->arena, model, STR("is_own"), false);
	json_put(model, STR("file_name"), file_name(request, &file));
	return answer_readings(&page, file.n, STR(""), model, answer, err);
}

bool readings_of_file(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return show_of_file(request, false, answer, err);
}

bool readings_of_file_csv(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return show_of_file(request, true, answer, err);
}

static bool show_own(struct web_request *request, bool is_csv, struct web_answer *answer,
                     struct err *err)
{
	struct readings_page page = { .request = request,
		                      .is_csv = is_csv,
		                      .path = STR("/readings") };
	struct page_head head = { .page = STR("readings"), .title = STR("What I have read") };
	struct json *model;
	if (!practice_has_office(request, answer))
		return true;
	if (!site_reader(request, &page.reader, err) ||
	    !practice_begin(request, &head, PRACTICE_READINGS, &model, err))
		return false;
	json_put_bool(request->arena, model, STR("is_own"), true);
	json_put(model, STR("file_name"), json_null(request->arena));
	return answer_readings(&page, -1, practice_viewer(request)->actor.account, model, answer,
	                       err);
}

bool readings_own(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return show_own(request, false, answer, err);
}

bool readings_own_csv(struct web_request *request, struct web_answer *answer, struct err *err)
{
	return show_own(request, true, answer, err);
}
