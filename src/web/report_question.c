/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading the answers of a page, and showing its questions. */
#include "web/report_question.h"

#define AGE_MAX 25

const struct question_page *question_page_find(struct str name)
{
	for (size_t i = 0; i < report_page_count; i++)
		if (str_eq(str_from_c(report_pages[i].name), name))
			return &report_pages[i];
	return NULL;
}

bool question_is_asked(const struct web_request *request, const struct question *question)
{
	/* Several answers make one field: how somebody may be reached, and who tells. */
	static const struct {
		struct str name;
		struct str field;
	} FEEDS[] = {
		{ { "way", 3 }, { "may-contact", 11 } },
		{ { "contact-when", 12 }, { "contact-rules", 13 } },
		{ { "if-other", 8 }, { "contact-rules", 13 } },
		{ { "if-other-say", 12 }, { "contact-rules", 13 } },
		{ { "phrase", 6 }, { "contact-rules", 13 } },
		{ { "who", 3 }, { "name", 4 } },
		{ { "relation", 8 }, { "source", 6 } },
	};
	const struct pack_kind *kind = casebook_pack(site_book(request))->report;
	struct str field = str_from_c(question->name);
	for (size_t i = 0; i < COUNT_OF(FEEDS); i++) {
		if (str_eq(FEEDS[i].name, field)) {
			field = FEEDS[i].field;
			break;
		}
	}
	return !kind || pack_field_find(kind, field);
}

/* The first question of a page that this pack asks; NULL: none. Files are asked without one. */
static const struct question *first_asked(const struct web_request *request,
                                          const struct question_page *page)
{
	for (size_t i = 0; i < page->count; i++)
		if (question_is_asked(request, &page->questions[i]))
			return &page->questions[i];
	return NULL;
}

bool question_page_is_asked(const struct web_request *request, const struct question_page *page,
                            bool is_me)
{
	const struct pack_kind *kind = casebook_pack(site_book(request))->report;
	if (page->not_me && is_me)
		return false;
	if (page->count > 0)
		return first_asked(request, page);
	return !kind || pack_field_find(kind, str_from_c(page->name));
}

const struct question_page *question_page_next(const struct web_request *request,
                                               const struct question_page *page, bool is_me)
{
	for (page++; page < report_pages + report_page_count; page++)
		if (question_page_is_asked(request, page, is_me))
			return page;
	return NULL;
}

const struct question_page *question_page_before(const struct web_request *request,
                                                 const struct question_page *page, bool is_me)
{
	while (page > report_pages)
		if (question_page_is_asked(request, --page, is_me))
			return page;
	return NULL;
}

void question_page_step(const struct web_request *request, const struct question_page *page,
                        bool is_me, int *n, int *of)
{
	*n = 0;
	*of = 0;
	for (size_t i = 0; i < report_page_count; i++) {
		if (!question_page_is_asked(request, &report_pages[i], is_me))
			continue;
		(*of)++;
		if (&report_pages[i] == page)
			*n = *of;
	}
}

struct str question_words(const struct web_request *request, const char *sort, const char *name,
                          const char *what, bool is_me)
{
	const struct pack *pack = casebook_pack(site_book(request));
	struct str path = arena_format(request->arena, "report.%s.%s.%s", sort, name, what);
	struct str of_me = arena_format(request->arena, "%.*s-me", STR_ARG(path));
	struct str words = is_me && of_me.p ? pack_sentence(pack, of_me) : STR_NONE;
	return words.p || !path.p ? words : pack_sentence(pack, path);
}

struct str question_heading(const struct web_request *request, const struct question_page *page,
                            bool is_me)
{
	struct str heading = question_words(request, "page", page->name, "heading", is_me);
	const struct question *first = first_asked(request, page);
	return heading.n || !first
	               ? heading
	               : question_words(request, "question", first->name, "label", is_me);
}

static bool has_code(const struct question *question, struct str code)
{
	for (size_t i = 0; i < question->code_count; i++)
		if (str_eq(str_from_c(question->codes[i]), code))
			return true;
	return false;
}

/* The words of a code, or with "-hint" those below it. */
static struct str code_words(const struct web_request *request, const struct question *question,
                             struct str code, const char *end, bool is_me)
{
	const char *what = str_to_c(
		request->arena, arena_format(request->arena, "code.%.*s%s", STR_ARG(code), end));
	return what ? question_words(request, "question", question->name, what, is_me) : STR_NONE;
}

struct str question_code_text(const struct web_request *request, const struct question *question,
                              struct str code, bool is_me)
{
	struct str words = has_code(question, code) ? code_words(request, question, code, "", is_me)
	                                            : STR_NONE;
	return words.n ? words : code;
}

/* --- reading --------------------------------------------------------------------------------- */

struct reading {
	struct web_request *request;
	const struct question *question;
	bool is_me;
	struct json *answers;
	struct json *model;
};

static struct str name_of(const struct question *question)
{
	return str_from_c(question->name);
}

static void wrong(struct reading *reading, struct str text)
{
	page_error(reading->request, reading->model, name_of(reading->question), text);
}

/* "required", "wrong": the pack's words for what is wrong with this answer. */
static void wrong_as(struct reading *reading, const char *what)
{
	wrong(reading, question_words(reading->request, "question", reading->question->name, what,
	                              reading->is_me));
}

static void keep_text(struct reading *reading, struct str name, struct str text)
{
	draft_set(reading->answers, name,
	          text.n ? json_string(reading->request->arena, text) : NULL);
}

static void read_choice(struct reading *reading)
{
	struct str code = site_choice(reading->request, name_of(reading->question));
	if (code.n && !has_code(reading->question, code))
		wrong(reading, STR("Choose one of the answers"));
	else
		keep_text(reading, name_of(reading->question), code);
}

static void keep_code(struct reading *reading, struct json *list, struct str code)
{
	if (!has_code(reading->question, code))
		wrong(reading, STR("Choose from the answers"));
	else
		json_push(list, json_string(reading->request->arena, code));
}

static void read_choices(struct reading *reading)
{
	struct web_request *request = reading->request;
	struct str name = name_of(reading->question);
	struct json *list = json_array(request->arena);
	const struct json *given = json_member(request->json, name);
	bool is_list = given && given->type == JSON_ARRAY;
	for (const struct json *item = is_list ? given->first : given; item;
	     item = is_list ? item->next : NULL)
		keep_code(reading, list, item->string);
	for (size_t i = 0; !request->json && i < fields_count(&request->form, name); i++)
		keep_code(reading, list, fields_get_nth(&request->form, name, i));
	draft_set(reading->answers, name, list && list->count > 0 ? list : NULL);
}

static void read_number(struct reading *reading, struct str text)
{
	uint64_t number;
	struct str digits = str_trim(text);
	if (digits.n > 0 && !str_to_u64(digits, AGE_MAX, &number))
		wrong_as(reading, "wrong");
}

struct str question_too_long(struct arena *arena, struct str name, size_t max, struct str text)
{
	size_t count = str_characters(text);
	if (max == 0 || count <= max)
		return STR_NONE;
	struct str most = wording_number(arena, (int64_t)max);
	struct str have = wording_number(arena, (int64_t)count);
	return arena_format(arena, "\"%.*s\" must be %.*s characters or fewer. You have %.*s",
	                    STR_ARG(name), STR_ARG(most), STR_ARG(have));
}

size_t question_max(struct str name)
{
	for (size_t i = 0; i < report_page_count; i++)
		for (size_t n = 0; n < report_pages[i].count; n++)
			if (str_eq(str_from_c(report_pages[i].questions[n].name), name))
				return report_pages[i].questions[n].max;
	return 0;
}

static void read_text(struct reading *reading)
{
	const struct question *question = reading->question;
	struct arena *arena = reading->request->arena;
	struct str text = site_value(reading->request, name_of(question));
	struct str label = question_words(reading->request, "question", question->name, "label",
	                                  reading->is_me);
	struct str long_text = question_too_long(arena, label, question->max, text);
	keep_text(reading, name_of(question), text);
	if (question->is_number)
		read_number(reading, text);
	else if (long_text.p)
		wrong(reading, long_text);
}

static struct str part_name(struct arena *arena, const char *name, const char *part)
{
	return arena_format(arena, "%s-%s", name, part);
}

bool question_day(const struct json *answers, const char *name, struct arena *arena,
                  struct day *out)
{
	uint64_t day, month, year;
	if (!str_to_u64(json_text(answers, part_name(arena, name, "day")), 31, &day) ||
	    !str_to_u64(json_text(answers, part_name(arena, name, "month")), 12, &month) ||
	    !str_to_u64(json_text(answers, part_name(arena, name, "year")), 9999, &year))
		return false;
	*out = (struct day){ (int)year, (int)month, (int)day };
	return day_is_real(*out);
}

/* "03" is as good as "3". */
static struct str without_noughts(struct str digits)
{
	while (digits.n > 1 && digits.p[0] == '0')
		digits = str_sub(digits, 1, digits.n);
	return digits;
}

static void read_date(struct reading *reading)
{
	static const char *const PARTS[] = { "day", "month", "year" };
	struct arena *arena = reading->request->arena;
	bool is_given = false;
	struct day day;
	for (size_t i = 0; i < COUNT_OF(PARTS); i++) {
		struct str name = part_name(arena, reading->question->name, PARTS[i]);
		struct str part = without_noughts(site_choice(reading->request, name));
		keep_text(reading, name, part);
		is_given = is_given || part.n > 0;
	}
	if (!is_given)
		return;
	if (!question_day(reading->answers, reading->question->name, arena, &day))
		wrong_as(reading, "wrong");
	else if (day_compare(day, zone_day(page_zone(reading->request), reading->request->now)) > 0)
		wrong_as(reading, "ahead");
}

/* Whether anything but blanks was answered. */
static bool is_answered(const struct json *answers, struct str name)
{
	const struct json *value = json_member(answers, name);
	if (!value)
		return false;
	return value->type == JSON_ARRAY ? value->count > 0 : str_trim(value->string).n > 0;
}

static void read_one(struct reading *reading)
{
	const struct question *question = reading->question;
	switch (question->type) {
	case QUESTION_CHOICE:
		read_choice(reading);
		break;
	case QUESTION_CHOICES:
		read_choices(reading);
		break;
	case QUESTION_LINE:
	case QUESTION_TEXT:
		read_text(reading);
		break;
	case QUESTION_DATE:
		read_date(reading);
		break;
	}
	if (question->is_required && !is_answered(reading->answers, name_of(question)) &&
	    !page_error_of(reading->model, name_of(question)).p)
		wrong_as(reading, "required");
}

/* How to reach somebody must fit the way that was chosen. */
static void check_contact(struct reading *reading)
{
	struct str way = json_text(reading->answers, STR("way"));
	struct str contact = str_trim(json_text(reading->answers, STR("contact")));
	size_t digits = 0;
	for (size_t i = 0; i < contact.n; i++)
		digits += contact.p[i] >= '0' && contact.p[i] <= '9';
	if ((str_eq(way, STR("phone")) || str_eq(way, STR("text"))) && digits < 6)
		wrong_as(reading, "wrong-phone");
	size_t at = str_find(contact, '@');
	bool is_address = at > 0 && at + 1 < contact.n &&
	                  str_find(str_sub(contact, at, contact.n), '.') < contact.n - at;
	if (str_eq(way, STR("email")) && !is_address)
		wrong_as(reading, "wrong-email");
	if (str_eq(way, STR("through")) && contact.n == 0)
		wrong_as(reading, "wrong-through");
}

/* Whoever says who she is must be called something. */
static void check_name(struct reading *reading)
{
	if (str_eq(json_text(reading->answers, STR("who")), STR("yes")) &&
	    str_trim(json_text(reading->answers, STR("name"))).n == 0)
		wrong_as(reading, "wrong");
}

bool question_page_read(struct web_request *request, const struct question_page *page, bool is_me,
                        struct json *answers, struct json *model)
{
	const struct json *errors = json_member(model, STR("errors"));
	struct reading reading = {
		.request = request, .is_me = is_me, .answers = answers, .model = model
	};
	for (size_t i = 0; i < page->count; i++) {
		reading.question = &page->questions[i];
		if (!question_is_asked(request, reading.question))
			continue;
		read_one(&reading);
		if (str_eq(name_of(reading.question), STR("contact")) && errors &&
		    errors->count == 0)
			check_contact(&reading);
		if (str_eq(name_of(reading.question), STR("name")))
			check_name(&reading);
	}
	return errors && errors->count == 0;
}

/* --- showing --------------------------------------------------------------------------------- */

static struct json *text_or_null(struct arena *arena, struct str text)
{
	return text.n ? json_string(arena, text) : json_null(arena);
}

static bool is_chosen(const struct json *value, struct str code)
{
	if (!value)
		return false;
	if (value->type == JSON_STRING)
		return str_eq(value->string, code);
	for (const struct json *item = value->first; item; item = item->next)
		if (str_eq(item->string, code))
			return true;
	return false;
}

static void show_codes(struct web_request *request, const struct question *question, bool is_me,
                       const struct json *value, struct json *object)
{
	struct arena *arena = request->arena;
	struct json *codes = json_array(arena);
	for (size_t i = 0; i < question->code_count; i++) {
		struct str code = str_from_c(question->codes[i]);
		struct json *row = json_object(arena);
		struct str id = i == 0 ? name_of(question)
		                       : arena_format(arena, "%s-%zu", question->name, i + 1);
		json_put_text(arena, row, STR("code"), code);
		json_put_text(arena, row, STR("text"),
		              question_code_text(request, question, code, is_me));
		json_put(row, STR("code_hint"),
		         text_or_null(arena, code_words(request, question, code, "-hint", is_me)));
		json_put_text(arena, row, STR("code_id"), id);
		json_put_bool(arena, row, STR("checked"), is_chosen(value, code));
		json_push(codes, row);
	}
	json_put(object, STR("codes"), codes);
}

static void show_date(struct arena *arena, const struct question *question,
                      const struct json *answers, struct json *object)
{
	static const struct {
		const char *part;
		const char *label;
		int width;
	} PARTS[] = { { "day", "Day", 2 }, { "month", "Month", 2 }, { "year", "Year", 4 } };
	struct json *parts = json_array(arena);
	bool is_open = false;
	for (size_t i = 0; i < COUNT_OF(PARTS); i++) {
		struct json *row = json_object(arena);
		struct str name = part_name(arena, question->name, PARTS[i].part);
		struct str value = json_text(answers, name);
		is_open = is_open || value.n > 0;
		json_put_text(arena, row, STR("part_name"), name);
		json_put_text(arena, row, STR("part_id"), i == 0 ? name_of(question) : name);
		json_put_text(arena, row, STR("part_label"), str_from_c(PARTS[i].label));
		json_put_integer(arena, row, STR("part_width"), PARTS[i].width);
		json_put_text(arena, row, STR("part_value"), value);
		json_push(parts, row);
	}
	json_put(object, STR("parts"), parts);
	json_put_bool(arena, object, STR("is_open"), is_open);
}

static void show_type(struct arena *arena, const struct question *question, struct json *object)
{
	static const char *const TYPES[] = { "code", "codes", "line", "text", "date" };
	enum question_type type = question->type;
	json_put_text(arena, object, STR("type"), str_from_c(TYPES[type]));
	json_put_bool(arena, object, STR("is_choice"), type == QUESTION_CHOICE);
	json_put_bool(arena, object, STR("is_choices"), type == QUESTION_CHOICES);
	json_put_bool(arena, object, STR("is_line"), type == QUESTION_LINE);
	json_put_bool(arena, object, STR("is_text"), type == QUESTION_TEXT);
	json_put_bool(arena, object, STR("is_date"), type == QUESTION_DATE);
	json_put_bool(arena, object, STR("is_number"), question->is_number);
	json_put_bool(arena, object, STR("is_short"), question->max > 0 && question->max <= 4);
	json_put_bool(arena, object, STR("counts"), type == QUESTION_TEXT && question->max >= 1000);
	json_put_integer(arena, object, STR("rows"), question->rows);
	json_put_integer(arena, object, STR("max"), (int64_t)question->max);
	json_put_text(arena, object, STR("max_text"),
	              wording_number(arena, (int64_t)question->max));
}

/* "name-hint name-error": what stands by a field, for who listens. */
static struct str described_by(struct arena *arena, const struct question *question, bool has_hint,
                               bool has_error, bool counts)
{
	struct str names = arena_format(arena, "%s%s%s%s%s%s", has_hint ? question->name : "",
	                                has_hint ? "-hint " : "", has_error ? question->name : "",
	                                has_error ? "-error " : "", counts ? question->name : "",
	                                counts ? "-info" : "");
	return str_trim(names);
}

static struct json *show_one(struct web_request *request, const struct question *question,
                             bool is_me, const struct json *answers, const struct json *model)
{
	struct arena *arena = request->arena;
	struct json *object = json_object(arena);
	struct str hint = question_words(request, "question", question->name, "hint", is_me);
	struct str error = page_error_of(model, name_of(question));
	const struct json *value = json_member(answers, name_of(question));
	bool counts = question->type == QUESTION_TEXT && question->max >= 1000;
	json_put_text(arena, object, STR("name"), name_of(question));
	json_put_text(arena, object, STR("label"),
	              question_words(request, "question", question->name, "label", is_me));
	json_put(object, STR("hint"), text_or_null(arena, hint));
	json_put(object, STR("error"), text_or_null(arena, error));
	json_put_bool(arena, object, STR("required"), question->is_required);
	json_put(object, STR("described_by"),
	         text_or_null(arena,
	                      described_by(arena, question, hint.n > 0, error.n > 0, counts)));
	show_type(arena, question, object);
	show_codes(request, question, is_me, value, object);
	show_date(arena, question, answers, object);
	json_put(object, STR("value"), value ? draft_copy(arena, value) : json_null(arena));
	json_put_text(arena, object, STR("text_value"), value ? value->string : STR(""));
	return object;
}

void question_page_show(struct web_request *request, const struct question_page *page, bool is_me,
                        const struct json *answers, struct json *model)
{
	struct arena *arena = request->arena;
	struct json *list = json_array(arena);
	struct str heading = question_words(request, "page", page->name, "heading", is_me);
	struct str hint = question_words(request, "page", page->name, "hint", is_me);
	for (size_t i = 0; i < page->count; i++) {
		if (!question_is_asked(request, &page->questions[i]))
			continue;
		struct json *question =
			show_one(request, &page->questions[i], is_me, answers, model);
		json_put_bool(arena, question, STR("is_heading"),
		              list && list->count == 0 && !heading.n);
		json_push(list, question);
	}
	json_put(model, STR("heading"), text_or_null(arena, heading));
	json_put(model, STR("heading_hint"), text_or_null(arena, hint));
	json_put(model, STR("questions"), list);
}
