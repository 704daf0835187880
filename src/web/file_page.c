/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A file: what is owed first, then the words it began with, what is known,
 * who was asked, what happened, and what this office can do now.
 */
#include "web/practice.h"

#include "web/draft.h"
#include "web/file_parts.h"
#include "web/story_parts.h"

#define DUTIES_SHOWN 200

/* --- head ------------------------------------------------------------------------------------ */

static struct str capital(struct arena *arena, struct str text)
{
	char *p = arena_alloc(arena, text.n + 1, 1);
	if (!p || text.n == 0)
		return text;
	memcpy(p, text.p, text.n);
	if (p[0] >= 'a' && p[0] <= 'z')
		p[0] = (char)(p[0] - 'a' + 'A');
	return (struct str){ p, text.n };
}

struct str file_inside(struct arena *arena, struct str title)
{
	bool is_word = title.n > 1 && title.p[0] >= 'A' && title.p[0] <= 'Z' &&
	               (title.p[1] < 'A' || title.p[1] > 'Z');
	if (!is_word)
		return title;
	return arena_format(arena, "%c%.*s", title.p[0] - 'A' + 'a',
	                    STR_ARG(str_sub(title, 1, title.n)));
}

static struct str state_title(const struct casebook_file *file)
{
	if (file->type && file->state >= 0 && (size_t)file->state < file->type->state_count)
		return file->type->state_titles[file->state];
	return file->state_name;
}

struct str file_type_title(struct web_request *request, const struct casebook_file *file)
{
	return capital(request->arena, file->type ? file->type->title : STR("File"));
}

struct str file_heading(struct web_request *request, const struct casebook_file *file)
{
	return arena_format(request->arena, "%.*s %.*s", STR_ARG(file_type_title(request, file)),
	                    STR_ARG(file->number));
}

struct json *file_no_name(struct arena *arena, struct str words)
{
	struct json *name = json_object(arena);
	json_put_text(arena, name, STR("type"), words);
	json_put_text(arena, name, STR("number"), STR(""));
	return name;
}

struct json *file_name(struct web_request *request, const struct casebook_file *file)
{
	struct json *name = json_object(request->arena);
	json_put_text(request->arena, name, STR("type"), file_type_title(request, file));
	json_put_text(request->arena, name, STR("number"), file->number);
	return name;
}

static void put_head(struct file_page *page, struct json *model)
{
	struct web_request *request = page->request;
	struct arena *arena = request->arena;
	struct json *file = json_object(arena);
	struct str via = json_text(page->first.plain, STR("channel"));
	const struct pack_field *channel =
		page->first.rules ? pack_field_find(page->first.rules, STR("channel")) : NULL;
	const struct pack_code *how =
		channel && channel->list ? pack_code_find(channel->list, via) : NULL;
	json_put_text(arena, file, STR("id"), page->file.id);
	json_put_text(arena, file, STR("number"), page->file.number);
	json_put_text(arena, file, STR("href"),
	              practice_file_path(request, page->file.number, STR("")));
	json_put_text(arena, file, STR("state_title"), state_title(&page->file));
	json_put(file, STR("received"), page_time(request, page->first.recorded));
	json_put_text(arena, file, STR("how"), how ? file_inside(arena, how->title) : STR(""));
	json_put_bool(arena, file, STR("is_destroyed"), page->file.is_destroyed);
	json_put_integer(arena, file, STR("first_entry"), page->file.first_entry);
	json_put_integer(arena, file, STR("last_entry"), page->file.last_entry);
	json_put(model, STR("file"), file);
}

/* A file of an office is called by what the office is called. */
static bool put_office(struct file_page *page, struct json *model, struct err *err)
{
	struct arena *arena = page->request->arena;
	const struct casebook_office *offices;
	size_t count = 0;
	bool is_office = page->file.type && page->file.type->is_built_in && page->file.n != 0;
	json_put_text(arena, model, STR("office_name"), STR(""));
	json_put_bool(arena, model, STR("is_own"), page->file.type && page->file.type->is_built_in);
	if (is_office && !casebook_offices(page->reader, arena, &offices, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (offices[i].file == page->file.n)
			draft_set(model, STR("office_name"), json_string(arena, offices[i].title));
	return true;
}

static void put_access(struct file_page *page, struct json *model)
{
	struct arena *arena = page->request->arena;
	struct json *access = json_object(arena);
	json_put_bool(arena, access, STR("may_open"),
	              page->access.may_open || page->access.opens_restricted);
	json_put_bool(arena, access, STR("by_broken_glass"), page->access.by_broken_glass);
	json_put_text(arena, access, STR("because"), page->access.because);
	json_put(model, STR("access"), access);
}

/* --- duties ---------------------------------------------------------------------------------- */

static bool is_told_alone(const struct pack *pack, const struct casebook_duty *duty)
{
	return pack->read_duty && str_eq(duty->rule, pack->read_duty->name);
}

static bool put_duties(struct file_page *page, struct json *model, struct err *err)
{
	struct web_request *request = page->request;
	struct arena *arena = request->arena;
	const struct pack *pack = casebook_pack(site_book(request));
	struct json *open = json_array(arena), *closed = json_array(arena);
	struct json *row;
	if (!casebook_duties_of_file(page->reader, arena, page->file.n, DUTIES_SHOWN, &page->duties,
	                             err))
		return false;
	for (size_t i = 0; i < page->duties.count; i++) {
		const struct casebook_duty *duty = &page->duties.at[i];
		if (is_told_alone(pack, duty))
			continue;
		if (!duty_row(request, page->reader, duty, &row, err))
			return false;
		file_put_duty_acts(page, duty, row);
		json_push(duty->is_open ? open : closed, row);
	}
	json_put_bool(arena, model, STR("has_owed"), open && open->count > 0);
	json_put(model, STR("owed"), open);
	json_put_bool(arena, model, STR("has_settled"), closed && closed->count > 0);
	json_put_integer(arena, model, STR("settled_n"), closed ? (int64_t)closed->count : 0);
	json_put(model, STR("settled_rows"), closed);
	return true;
}

/* --- the words ------------------------------------------------------------------------------- */

/* Words of those who told, opened with the page for those entitled; said that it was recorded. */
static bool put_words(struct file_page *page, struct json *model, struct err *err)
{
	struct web_request *request = page->request;
	struct arena *arena = request->arena;
	struct json *words = NULL;
	json_put_text(arena, model, STR("read_at"), STR(""));
	if (page->first.is_sealed && page->file.n != 0 &&
	    !entry_words(request, page->reader, &page->first, &words, err))
		return false;
	if (json_is_true(words, STR("is_open"))) {
		struct local local = zone_local(page_zone(request), request->now);
		draft_set(model, STR("read_at"),
		          json_string(arena, wording_time(arena, local.hour, local.minute)));
	}
	file_put_person(page, words, model);
	json_put(model, STR("words"), words ? words : json_null(arena));
	return true;
}

static bool put_facts(struct file_page *page, struct json *model, struct err *err)
{
	struct json *facts = json_array(page->request->arena);
	if (!entry_values(page->request, page->reader, &page->first, page->first.plain, facts, err))
		return false;
	json_put_bool(page->request->arena, model, STR("has_facts"), facts && facts->count > 0);
	json_put(model, STR("facts"), facts);
	return true;
}

/* --- the page -------------------------------------------------------------------------------- */

static bool begin(struct file_page *page, enum practice_place place, struct json **model,
                  struct err *err)
{
	struct web_request *request = page->request;
	struct arena *arena = request->arena;
	if (!casebook_entry_get(page->reader, arena, page->file.first_entry, &page->first, err))
		return false;
	struct page_head head = { .page = STR("file"),
		                  .title = file_heading(request, &page->file) };
	if (!practice_begin(request, &head, place, model, err))
		return false;
	json_put(*model, STR("file_name"), file_name(request, &page->file));
	return true;
}

static int64_t read_after(const struct web_request *request)
{
	uint64_t after;
	struct str text = fields_get(&request->head->query, STR("after"));
	return str_to_u64(text, INT64_MAX, &after) ? (int64_t)after : -1;
}

/* Of a person, over all that is linked; of anything else, its own entries. */
static bool put_chronology(struct file_page *page, bool opens, struct json *model, struct err *err)
{
	struct web_request *request = page->request;
	bool is_person = page->file.type && page->file.type->is_person;
	struct entry_list list = { .file = &page->file,
		                   .access = &page->access,
		                   .duties = &page->duties,
		                   .after = read_after(request),
		                   .opens = opens };
	struct story story = {
		.request = request, .reader = page->reader, .page = page, .same = &page->same
	};
	json_put_bool(request->arena, model, STR("has_story"), is_person);
	if (!is_person)
		return entry_chronology(request, page->reader, &list, model, err);
	story_read_filter(request, &story.filter);
	return story_gather(&story, &page->file, err) && story_put(&story, model, err);
}

bool file_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct file_page page = { .request = request };
	struct json *model;
	bool opens = str_eq(fields_get(&request->head->query, STR("open")), STR("all"));
	if (!practice_has_office(request, answer))
		return true;
	if (!site_reader(request, &page.reader, err) ||
	    !practice_file_to_break(request, page.reader, &page.file, &page.access, err))
		return false;
	if (page.access.may_write_alone)
		return file_alone_show(&page, answer, err);
	if (!page.access.may_know)
		return err_set(err, ERR_ABSENT, "There is no such file");
	if (!begin(&page, PRACTICE_ELSEWHERE, &model, err) ||
	    !same_find(request, page.reader, &page.file, &page.same, err))
		return false;
	put_head(&page, model);
	put_access(&page, model);
	json_put_bool(request->arena, model, STR("opens_all"), opens);
	if (!file_find_possible(&page, err) || !put_duties(&page, model, err))
		return false;
	file_put_possible(&page, model);
	return put_office(&page, model, err) && file_put_same(&page, model, err) &&
	       file_put_tells(&page, model, err) &&
	       restricted_put_file(request, page.reader, page.file.n, model, err) &&
	       put_words(&page, model, err) && put_facts(&page, model, err) &&
	       file_put_end(&page, model, err) && file_put_asked(&page, model, err) &&
	       file_put_links(&page, model, err) && put_chronology(&page, opens, model, err) &&
	       practice_put_done(request, page.reader, model, err) &&
	       page_answer(request, answer, STR("practice/file"), model, err);
}
