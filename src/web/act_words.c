/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Advice on the words of an act, beside its fields and after it: a hint with
 * better words (L12). It waits for nothing and changes nothing.
 */
#include "web/act_form.h"

#include "web/words.h"

#define SENTENCE_MAX 4000

/* The common note of an act, as a field. */
static const struct pack_field NOTE = { .name = { "note", 4 }, .type = PACK_TEXT };

/* "You wrote: “…”. Advice. Other words: “a”, “b”." What is to be said instead may be a beginning
 * alone. */
static struct str sentence_of(struct arena *arena, const struct pack_word *word, struct str found)
{
	struct buf out;
	buf_init(&out, SENTENCE_MAX);
	if (found.n)
		buf_format(&out, "You wrote: \xe2\x80\x9c%.*s\xe2\x80\x9d. ", STR_ARG(found));
	buf_add(&out, word->advice);
	for (size_t i = 0; i < word->instead_count; i++)
		buf_format(&out, "%s\xe2\x80\x9c%.*s\xe2\x80\x9d",
		           i ? ", " : " Other words: ", STR_ARG(word->instead[i]));
	if (word->instead_count)
		buf_add_char(&out, '.');
	struct str sentence = arena_copy(arena, buf_str(&out));
	buf_finish(&out);
	return sentence.p ? sentence : word->advice;
}

static struct json *row_of(struct arena *arena, const struct pack_word *word, struct str found)
{
	struct json *row = json_object(arena), *instead = json_array(arena);
	for (size_t i = 0; i < word->instead_count; i++)
		json_push(instead, json_string(arena, word->instead[i]));
	json_put_text(arena, row, STR("word"), word->name);
	json_put_text(arena, row, STR("sentence"), sentence_of(arena, word, found));
	json_put_text(arena, row, STR("text"), word->advice);
	json_put(row, STR("instead"), instead);
	return row;
}

/* --- in the form ------------------------------------------------------------------------------ */

bool act_words_read(struct act_form *form, struct err *err)
{
	struct web_request *request = form->request;
	if (form->has_advice)
		return true;
	form->has_advice = true;
	return casebook_advice(form->reader, request->arena, form->kind->name,
	                       form->is_new ? NULL : &form->file, form->fields, &form->advice,
	                       &form->advice_count, err);
}

static bool is_advised(const struct act_form *form, const struct pack_field *field)
{
	return pack_words_reads(casebook_pack(site_book(form->request)), field);
}

/* Those of one field, or of all with their field; each phrase once. */
static struct json *rows_of(const struct act_form *form, struct str field)
{
	struct arena *arena = form->request->arena;
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < form->advice_count; i++) {
		const struct casebook_advice *one = &form->advice[i];
		bool is_there = field.n && !str_eq(one->field, field);
		for (size_t k = 0; k < i && !is_there; k++)
			is_there = form->advice[k].word == one->word &&
			           str_eq(form->advice[k].field, one->field) &&
			           str_eq(form->advice[k].found, one->found);
		if (is_there)
			continue;
		struct json *row = row_of(arena, one->word, one->found);
		json_put_text(arena, row, STR("field"), one->field);
		json_put_text(arena, row, STR("found"), one->found);
		json_push(rows, row);
	}
	return rows;
}

void act_words_put(const struct act_form *form, const struct pack_field *field, struct json *object)
{
	struct arena *arena = form->request->arena;
	json_put_bool(arena, object, STR("is_advised"), is_advised(form, field));
	json_put(object, STR("advice"), rows_of(form, field->name));
}

/* The parts of the page that belong to no field. */
void act_words_put_page(struct act_form *form)
{
	struct arena *arena = form->request->arena;
	bool has_words = form->kind->has_note;
	for (size_t i = 0; i < form->kind->field_count; i++)
		has_words = has_words || (act_field_is_asked(form, &form->kind->fields[i]) &&
		                          is_advised(form, &form->kind->fields[i]));
	has_words = has_words && casebook_pack(site_book(form->request))->word_count > 0;
	json_put_bool(arena, form->model, STR("has_words"), has_words);
	json_put(form->model, STR("note_advice"), rows_of(form, NOTE.name));
	json_put_text(arena, form->model, STR("words_href"),
	              arena_format(arena, "/words/%.*s/%.*s", STR_ARG(act_form_file(form)),
	                           STR_ARG(form->kind->name)));
	struct str checked = STR("");
	if (form->is_words_checked)
		checked = form->advice_count == 0
		                  ? STR("There is no advice on your words. Nothing was sent yet.")
		                  : STR("There is advice beside your words. It is yours to take or"
		                        " leave. Nothing was sent yet.");
	json_put_text(arena, form->model, STR("words_checked"), checked);
}

/* What a field is called where its advice does not stand beside it. */
static struct str label_of(const struct act_form *form, struct str name)
{
	const struct pack_field *field = pack_field_find(form->kind, name);
	return field ? act_field_label(form->kind, field) : STR("Note");
}

bool act_words_put_confirm(struct act_form *form, struct err *err)
{
	struct arena *arena = form->request->arena;
	if (!act_words_read(form, err))
		return false;
	struct json *rows = rows_of(form, STR(""));
	for (struct json *row = rows ? rows->first : NULL; row; row = row->next)
		json_put_text(arena, row, STR("label"),
		              label_of(form, json_text(row, STR("field"))));
	json_put_bool(arena, form->model, STR("has_advice"), rows && rows->count > 0);
	json_put(form->model, STR("advice"), rows);
	return true;
}

bool act_words_put_program(struct act_form *form, struct json *model, struct err *err)
{
	if (!act_words_read(form, err))
		return false;
	json_put(model, STR("advice"), rows_of(form, STR("")));
	return true;
}

/* --- while it is written ---------------------------------------------------------------------- */

bool words_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct act_form form = { .request = request };
	if (!practice_has_office(request, answer))
		return true;
	if (!act_form_find(&form, err))
		return false;
	form.fields = act_read(&form);
	struct json *model = json_object(request->arena);
	if (!act_words_put_program(&form, model, err))
		return false;
	web_answer_json(answer, model);
	return true;
}

/* --- after it --------------------------------------------------------------------------------- */

/* What its writer wrote, opened as any reading is; NULL where it is not for him to read now. */
static bool read_own(struct web_request *request, struct casebook_reader *reader,
                     const struct casebook_entry *entry, const struct json **sealed,
                     struct err *err)
{
	enum casebook_seal how;
	*sealed = NULL;
	return !entry->is_sealed || entry->file == 0 ||
	       casebook_open_seal(reader, practice_viewer(request), entry->index, request->arena,
	                          &how, sealed, err);
}

/* Each phrase as it was written; without it where the words cannot be read again. */
static void rows_given(struct web_request *request, struct str name,
                       const struct casebook_advice *advice, size_t count, struct json *rows)
{
	const struct pack_word *word = pack_word_find(casebook_pack(site_book(request)), name);
	bool is_told = false;
	for (size_t i = 0; i < count; i++) {
		if (advice[i].word != word)
			continue;
		struct json *row = row_of(request->arena, word, advice[i].found);
		json_put_text(request->arena, row, STR("found"), advice[i].found);
		json_push(rows, row);
		is_told = true;
	}
	if (word && !is_told)
		json_push(rows, row_of(request->arena, word, STR("")));
}

bool words_put_entry(struct web_request *request, struct casebook_reader *reader,
                     const struct casebook_entry *entry, struct str file_number, struct json *into,
                     struct err *err)
{
	struct arena *arena = request->arena;
	const struct json *names = json_member(entry->plain, STR("advised")), *sealed;
	const struct casebook_advice *advice = NULL;
	struct json *rows = json_array(arena);
	size_t count = 0;
	bool is_own = entry->by == CASEBOOK_BY_OFFICE &&
	              str_eq(entry->account, practice_viewer(request)->actor.account);
	if (!is_own)
		names = NULL;
	if (names && entry->rules &&
	    (!read_own(request, reader, entry, &sealed, err) ||
	     !casebook_advice_given(casebook_pack(site_book(request)), entry->rules, names, sealed,
	                            arena, &advice, &count, err)))
		return false;
	for (const struct json *name = names ? names->first : NULL; name; name = name->next)
		rows_given(request, name->string, advice, count, rows);
	json_put_bool(arena, into, STR("has_advice"), rows && rows->count > 0);
	json_put(into, STR("advice"), rows);
	json_put_text(arena, into, STR("mend_href"),
	              arena_format(arena, "/files/%.*s/entry.corrected?of=%" PRId64,
	                           STR_ARG(file_number), entry->index));
	return true;
}

/* --- counted ---------------------------------------------------------------------------------- */

/* The quarter that has begun, counted from the year 0. */
static int64_t quarter_now(struct web_request *request)
{
	struct day today = zone_day(page_zone(request), request->now);
	return today.year * INT64_C(4) + (today.month - 1) / 3;
}

static struct str quarter_words(struct arena *arena, int64_t nth)
{
	static const char *const SPANS[] = { "January to March", "April to June",
		                             "July to September", "October to December" };
	return arena_format(arena, "%s %" PRId64, SPANS[nth % 4], nth / 4);
}

static bool put_quarter(struct web_request *request, struct casebook_reader *reader, int64_t nth,
                        struct json *quarters, struct err *err)
{
	struct arena *arena = request->arena;
	const struct casebook_advised *counted;
	struct json *quarter = json_object(arena), *rows = json_array(arena);
	size_t count;
	if (!casebook_advised(reader, arena, nth * 3, nth * 3 + 3, &counted, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct pack_word *word =
			pack_word_find(casebook_pack(site_book(request)), counted[i].word);
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("office"), counted[i].title);
		json_put_text(arena, row, STR("what"),
		              word && word->match_count ? word->match[0] : counted[i].word);
		json_put_text(arena, row, STR("n"), figures_count(arena, counted[i].count));
		json_push(rows, row);
	}
	json_put_text(arena, quarter, STR("quarter"), quarter_words(arena, nth));
	json_put_bool(arena, quarter, STR("has_rows"), count > 0);
	json_put(quarter, STR("rows"), rows);
	json_push(quarters, quarter);
	return true;
}

bool words_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("words"), .title = STR("Words we advise against") };
	struct casebook_reader *reader;
	struct json *model, *quarters = json_array(request->arena);
	if (!practice_has_office(request, answer))
		return true;
	if (!site_reader(request, &reader, err) ||
	    !practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err))
		return false;
	int64_t now = quarter_now(request);
	for (int64_t nth = now; nth > now - WORDS_QUARTERS; nth--)
		if (!put_quarter(request, reader, nth, quarters, err))
			return false;
	json_put(model, STR("quarters"), quarters);
	return page_answer(request, answer, STR("practice/words"), model, err);
}
