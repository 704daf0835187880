/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What is said when a report is in: the code first, and under it who owes what
 * by when. The code stays on the page until it is written down, then never.
 */
#include "web/report.h"

#include "web/owed.h"
#include "web/public.h"
#include "web/qr.h"

#define PARTS_MAX ((size_t)2 << 20)

/* --- what was sent, in the draft -------------------------------------------------------------- */

/* The words that the writer wants in her file: asked for before they were sent, or not there. */
static void keep_words(struct web_request *request, const struct report *report, struct json *sent)
{
	static const char *const WORDS[] = { "happening", "said" };
	const struct json *before =
		json_member(json_member(report->draft.root, STR("sent")), STR("own-words"));
	struct json *kept = json_array(request->arena);
	if (before) {
		json_put(sent, STR("own-words"), draft_copy(request->arena, before));
		return;
	}
	if (!json_is_true(report->draft.root, STR("keep-words")))
		return;
	if (report->own_words) {
		json_put(sent, STR("own-words"), draft_copy(request->arena, report->own_words));
		return;
	}
	for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
		struct str text = json_text(report->answers, str_from_c(WORDS[i]));
		if (str_trim(text).n > 0)
			json_push(kept, json_string(request->arena, text));
	}
	json_put(sent, STR("own-words"), kept);
}

/* Of a code that is written down, the two words that may be practised. */
static void keep_practice(struct arena *arena, const struct json *root, struct json *sent)
{
	const struct json *before = json_member(root, STR("sent"));
	const struct json *kept = json_member(before, STR("practise"));
	const struct json *words = json_member(before, STR("words"));
	if (kept) {
		json_put(sent, STR("practise"), draft_copy(arena, kept));
		return;
	}
	if (!words || words->count != 4)
		return;
	struct json *practise = json_array(arena);
	const struct json *second = words->first->next;
	json_push(practise, json_integer(arena, second->integer));
	json_push(practise, json_integer(arena, second->next->next->integer));
	json_put(sent, STR("practise"), practise);
}

void report_keep_code(struct web_request *request, struct report *report,
                      const struct casebook_answer *answer)
{
	struct arena *arena = request->arena;
	struct json *root = report->draft.root, *sent = json_object(arena);
	keep_words(request, report, sent);
	json_put_integer(arena, sent, STR("index"), answer->index);
	json_put_integer(arena, sent, STR("recorded"), answer->recorded);
	json_put_text(arena, sent, STR("file"), answer->file);
	keep_practice(arena, root, sent);
	if (answer->has_code) {
		struct json *words = json_array(arena);
		for (size_t i = 0; i < 4; i++)
			json_push(words, json_integer(arena, answer->code.word[i]));
		json_put(sent, STR("words"), words);
		json_put_integer(arena, sent, STR("digits"), answer->code.digits);
	}
	draft_set(root, STR("keep-words"), NULL);
	draft_set(root, STR("submission"), NULL);
	draft_set(root, STR("was-shown"), NULL);
	draft_set(root, STR("sent"), sent);
}

/* The answers are in the register now: nothing else of them stays here. */
void report_keep_sent(struct web_request *request, struct report *report,
                      const struct casebook_answer *answer)
{
	static const char *const GONE[] = { "answers", "files", "broke", "checked" };
	report_keep_code(request, report, answer);
	for (size_t i = 0; i < COUNT_OF(GONE); i++)
		draft_set(report->draft.root, str_from_c(GONE[i]), NULL);
}

bool report_sent(const struct report *report, struct casebook_answer *out, bool *is_confirmed)
{
	const struct json *sent = json_member(report->draft.root, STR("sent"));
	const struct json *words = json_member(sent, STR("words"));
	*out = (struct casebook_answer){ 0 };
	*is_confirmed = words == NULL;
	if (!sent)
		return false;
	out->outcome = CASEBOOK_ADMITTED;
	out->index = json_number(sent, STR("index"), -1);
	out->recorded = json_number(sent, STR("recorded"), 0);
	out->file = json_text(sent, STR("file"));
	size_t i = 0;
	for (const struct json *word = words ? words->first : NULL; word && i < 4;
	     word = word->next)
		out->code.word[i++] = (uint16_t)word->integer;
	out->code.digits = (uint16_t)json_number(sent, STR("digits"), 0);
	out->has_code = i == 4;
	return true;
}

/* --- the code -------------------------------------------------------------------------------- */

static struct str spelled(struct arena *arena, struct str word)
{
	char *p = arena_alloc(arena, 2 * word.n, 1);
	if (!p || word.n == 0)
		return STR_NONE;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.p[i];
		p[2 * i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
		p[2 * i + 1] = ' ';
	}
	return (struct str){ p, 2 * word.n - 1 };
}

static struct str digits_aloud(struct arena *arena, unsigned digits)
{
	static const char *const NAMES[] = { "zero", "one", "two",   "three", "four",
		                             "five", "six", "seven", "eight", "nine" };
	return arena_format(arena, "%s, %s, %s, %s", NAMES[digits / 1000 % 10],
	                    NAMES[digits / 100 % 10], NAMES[digits / 10 % 10], NAMES[digits % 10]);
}

static struct json *code_object(struct arena *arena, const struct casebook_code *code)
{
	struct json *object = json_object(arena), *words = json_array(arena);
	struct json *aloud = json_array(arena);
	for (size_t i = 0; i < 4; i++) {
		struct str word = casebook_code_word(code->word[i]);
		json_push(words, json_string(arena, word));
		json_push(aloud, json_string(arena, spelled(arena, word)));
	}
	json_push(aloud, json_string(arena, digits_aloud(arena, code->digits)));
	json_put(object, STR("words"), words);
	json_put_text(arena, object, STR("digits"), arena_format(arena, "%04u", code->digits));
	json_put(object, STR("spelled"), aloud);
	return object;
}

/* --- on paper --------------------------------------------------------------------------------- */

/* "6:06pm on Thursday 26 November 2026": what is kept does not speak of today. */
static void put_whole_dates(struct web_request *request, const struct json *rows)
{
	for (const struct json *row = rows ? rows->first : NULL; row; row = row->next) {
		struct json *due = (struct json *)(uintptr_t)json_member(row, STR("due"));
		instant at;
		if (due && instant_read(json_text(due, STR("iso")), &at))
			draft_set(due, STR("text"),
			          json_string(
					  request->arena,
					  wording_due(request->arena, page_zone(request), at, 0)));
	}
}

/* --- the page -------------------------------------------------------------------------------- */

static bool put_owed(struct web_request *request, struct json *model, struct str file,
                     struct err *err)
{
	struct casebook_reader *reader;
	struct owed owed;
	site_reader_end(request); /* what was just sent must be in its view */
	if (!site_reader(request, &reader, err) || !owed_read(request, reader, file, &owed, err))
		return false;
	json_put(model, STR("late"), owed.late);
	json_put_bool(request->arena, model, STR("is_late"), owed.late_count > 0);
	json_put(model, STR("owed"), owed.owed);
	json_put(model, STR("then"), owed.then);
	json_put_bool(request->arena, model, STR("may_write"),
	              owed_takes_more(casebook_pack(site_book(request)), owed.file.type));
	return true;
}

/* In any case; four letters are enough, as for the code itself. */
static bool is_word(struct str typed, int64_t number)
{
	struct str word = casebook_code_word((uint16_t)number);
	if (typed.n < 4 || typed.n > word.n)
		return false;
	for (size_t i = 0; i < typed.n; i++) {
		char c = typed.p[i];
		if ((c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c) != word.p[i])
			return false;
	}
	return true;
}

/* Offered once the code is off the screen; what was typed for it is answered, and kept nowhere. */
static void put_practice(struct web_request *request, struct json *model,
                         const struct report *report)
{
	struct arena *arena = request->arena;
	const struct json *asked =
		json_member(json_member(report->draft.root, STR("sent")), STR("practise"));
	if (!asked || asked->count != 2) {
		json_put(model, STR("practise"), json_null(arena));
		return;
	}
	bool is_typed = site_choice(request, STR("practise")).n > 0;
	bool is_right = is_typed &&
	                is_word(site_choice(request, STR("second")), asked->first->integer) &&
	                is_word(site_choice(request, STR("fourth")), asked->last->integer);
	struct json *practise = json_object(arena);
	json_put_bool(arena, practise, STR("is_right"), is_right);
	json_put_bool(arena, practise, STR("is_wrong"), is_typed && !is_right);
	json_put(model, STR("practise"), practise);
}

/* "Thursday 19 November 2026 at 10:12am". */
static struct json *sent_time(struct web_request *request, instant at)
{
	struct arena *arena = request->arena;
	struct json *time = page_time(request, at);
	struct str text = json_text(time, STR("text")), day;
	if (str_cut(&text, ',', &day) && text.n > 0)
		draft_set(time, STR("text"),
		          json_string(arena, arena_format(arena, "%.*s at %.*s", STR_ARG(day),
		                                          STR_ARG(str_trim(text)))));
	return time;
}

static struct json *done_model(struct web_request *request, const struct report *report,
                               const struct casebook_answer *sent, bool is_confirmed,
                               struct json *receipt)
{
	struct arena *arena = request->arena;
	struct page_head head = { .page = STR("report.done"), .title = STR("We have it") };
	struct json *model = page_begin(request, &head);
	bool has_code = sent->has_code && !is_confirmed;
	json_put(model, STR("code"), has_code ? code_object(arena, &sent->code) : json_null(arena));
	json_put_bool(arena, model, STR("confirmed"), is_confirmed);
	json_put_bool(arena, model, STR("was_shown"),
	              json_is_true(report->draft.root, STR("was-shown")));
	json_put(model, STR("sent"), sent_time(request, sent->recorded));
	json_put_integer(arena, model, STR("entry"), sent->index);
	json_put_text(arena, receipt, STR("href"), STR("/report/note.html"));
	json_put_text(arena, receipt, STR("proof"), STR("/report/note.tlog-proof"));
	json_put_text(arena, receipt, STR("promise"), STR("/report/note.promise"));
	json_put(model, STR("receipt"), receipt);
	json_put_text(arena, model, STR("site"), public_address(request));
	put_practice(request, model, report);
	const struct json *words =
		json_member(json_member(report->draft.root, STR("sent")), STR("own-words"));
	json_put_bool(arena, model, STR("may_save_words"), words && words->count > 0);
	json_put_bool(arena, model, STR("may_tick"), has_code || (words && words->count > 0));
	return model;
}

bool report_show_done(struct web_request *request, struct web_answer *answer,
                      const struct report *report, const struct casebook_answer *sent,
                      bool is_confirmed, struct err *err)
{
	struct casebook_grade grade;
	struct json *receipt;
	if (!public_grade(request, sent->index, &grade, &receipt, err))
		return false;
	struct json *model = done_model(request, report, sent, is_confirmed, receipt);
	return put_owed(request, model, sent->file, err) &&
	       page_answer(request, answer, STR("public/done"), model, err);
}

bool report_done_get(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(report_finish) struct report report = { 0 };
	struct casebook_answer sent;
	bool is_confirmed;
	if (!report_open(request, &report, err))
		return false;
	if (report_sent(&report, &sent, &is_confirmed))
		return (!report.is_found || draft_save(request, answer, &report.draft, err)) &&
		       report_show_done(request, answer, &report, &sent, is_confirmed, err);
	web_answer_redirect(answer, STR("/return"));
	return true;
}

bool report_done_post(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(report_finish) struct report report = { 0 };
	struct casebook_answer sent;
	bool is_confirmed;
	if (!report_open(request, &report, err))
		return false;
	if (site_value(request, STR("leave")).n > 0) {
		web_answer_redirect(answer, STR("/"));
		return draft_drop(request, answer, &report.draft, err);
	}
	if (!report_sent(&report, &sent, &is_confirmed)) {
		web_answer_redirect(answer, STR("/return"));
		return true;
	}
	if (site_value(request, STR("practise")).n > 0 && is_confirmed)
		return report_show_done(request, answer, &report, &sent, true, err);
	sent.has_code = false;
	report_keep_code(request, &report, &sent);
	if (!draft_save(request, answer, &report.draft, err))
		return false;
	web_answer_redirect(answer, STR("/report/done"));
	return true;
}

/* --- what can be saved ----------------------------------------------------------------------- */

static bool open_sent(struct web_request *request, struct report *report,
                      struct casebook_answer *sent, bool *is_confirmed, struct err *err)
{
	return report_open(request, report, err) &&
	       (report_sent(report, sent, is_confirmed) ||
	        err_set(err, ERR_ABSENT, "Type your code to see this again"));
}

bool report_receipt(struct web_request *request, const struct casebook_answer *sent,
                    struct str *out, struct err *err)
{
	struct casebook_reader *reader;
	if (!site_reader(request, &reader, err))
		return false;
	if (casebook_receipt_own(reader, request->arena, sent, out, err))
		return true;
	return err->code == ERR_ABSENT &&
	       casebook_receipt(reader, request->arena, sent->index, out, err);
}

bool report_proof(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(report_finish) struct report report = { 0 };
	struct casebook_answer sent;
	struct str proof;
	bool is_confirmed;
	if (!open_sent(request, &report, &sent, &is_confirmed, err) ||
	    !report_receipt(request, &sent, &proof, err))
		return false;
	buf_add(&answer->body, proof);
	web_answer_download(request, answer, STR("note.tlog-proof"),
	                    STR("text/plain; charset=utf-8"));
	return true;
}

bool report_promise(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(report_finish) struct report report = { 0 };
	struct casebook_answer sent;
	struct casebook_grade grade;
	struct json *receipt;
	bool is_confirmed;
	if (!open_sent(request, &report, &sent, &is_confirmed, err) ||
	    !public_grade(request, sent.index, &grade, &receipt, err))
		return false;
	if (!grade.promise.p)
		return err_set(err, ERR_ABSENT,
		               "It is in the public log already: nothing is promised any more");
	buf_add(&answer->body, grade.promise);
	web_answer_download(request, answer, STR("note.promise"), STR("text/plain; charset=utf-8"));
	return true;
}

bool report_promise_key(struct web_request *request, struct str *out, struct err *err)
{
	CLEANUP(log_signer_cleanup) struct log_signer *signer = NULL;
	struct buf key;
	if (!casebook_promise_key(site_book(request), &signer, err))
		return false;
	buf_init(&key, LOG_POLICY_MAX);
	log_vkey_write(&key, log_signer_vkey(signer));
	*out = arena_copy(request->arena, buf_str(&key));
	buf_finish(&key);
	return out->p || err_set(err, ERR_UNABLE, "There is no memory for the key of the promises");
}

/* Whom it is checked by, and the promise while it is one. */
static bool put_key(struct web_request *request, struct json *model,
                    const struct casebook_answer *sent, const struct casebook_grade *grade,
                    struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_reader *reader;
	const struct log_policy *policy;
	struct str origin = casebook_origin(site_book(request)), text, key;
	struct str signs = public_fingerprint(request);
	struct json *promise = json_null(arena);
	struct json *qr =
		qr_picture(arena, arena_format(arena, "%.*s\n%" PRId64 "\n%.*s", STR_ARG(origin),
	                                       sent->index, STR_ARG(signs)));
	if (!site_reader(request, &reader, err) ||
	    !casebook_policy(reader, arena, &text, &policy, err))
		return false;
	if (grade->promise.p) {
		if (!report_promise_key(request, &key, err))
			return false;
		promise = json_object(arena);
		json_put_text(arena, promise, STR("note"), grade->promise);
		json_put_text(arena, promise, STR("key"), key);
	}
	json_put_text(arena, model, STR("policy"), text);
	json_put(model, STR("promise"), promise);
	json_put_text(arena, model, STR("origin"), origin);
	json_put_text(arena, model, STR("fingerprint"), signs);
	json_put(model, STR("qr"), qr ? qr : json_null(arena));
	return true;
}

/* The words that the parts show, field by field in their order: what the file's own check holds
 * them against, so that none can stand in another's place. */
static struct json *shown_words(struct arena *arena, const struct json *parts)
{
	struct json *list = json_array(arena);
	struct str field = STR(""), text = STR("");
	for (const struct json *part = parts ? parts->first : NULL; part; part = part->next) {
		bool is_more = text.p && str_eq(json_text(part, STR("field")), field);
		struct str pieces[2] = { is_more ? text : STR(""), json_text(part, STR("text")) };
		if (!json_member(part, STR("text")))
			continue;
		if (!is_more && text.p && field.n)
			json_push(list, json_string(arena, text));
		text = arena_join(arena, pieces, 2);
		field = json_text(part, STR("field"));
	}
	if (field.n)
		json_push(list, json_string(arena, text));
	return list;
}

/* Code and words, each for who ticked it: others may find the file. Of what else was sent stands
 * there what proves the words, and nothing that tells it. */
static bool put_ticked(struct web_request *request, struct json *model, const struct report *report,
                       const struct casebook_answer *sent, struct err *err)
{
	struct arena *arena = request->arena;
	CLEANUP(buf_finish) struct buf text = { 0 };
	struct casebook_reader *reader;
	struct json *parts = NULL;
	const struct json *words =
		json_member(json_member(report->draft.root, STR("sent")), STR("own-words"));
	bool wants_words = site_choice(request, STR("words")).n > 0 && words && words->count > 0;
	if (wants_words && (!site_reader(request, &reader, err) ||
	                    !casebook_words_own(reader, arena, sent, words, &parts, err))) {
		if (err->code != ERR_ABSENT)
			return false;
		err->code = ERR_NONE; /* past its hour */
		parts = NULL;
	}
	if (site_choice(request, STR("code")).n == 0)
		draft_set(model, STR("code"), json_null(arena));
	buf_init(&text, PARTS_MAX);
	if (parts)
		json_write(&text, parts);
	json_put(model, STR("own_words"), shown_words(arena, parts));
	json_put_bool(arena, model, STR("has_own_words"), parts != NULL);
	json_put_text(arena, model, STR("parts"), arena_copy(arena, buf_str(&text)));
	return !text.full || err_set(err, ERR_UNABLE, "There is no memory for this file");
}

/* "UTC", "UTC+01:00": what the local time that is shown can be checked by. */
static struct str offset_text(struct web_request *request, instant at)
{
	int minutes = zone_offset(page_zone(request), at) / 60;
	int size = minutes < 0 ? -minutes : minutes;
	return minutes == 0 ? STR("UTC")
	                    : arena_format(request->arena, "UTC%c%02d:%02d",
	                                   minutes < 0 ? '-' : '+', size / 60, size % 60);
}

bool report_note(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(report_finish) struct report report = { 0 };
	struct casebook_answer sent;
	struct casebook_grade grade;
	struct json *receipt;
	struct str proof;
	bool is_confirmed;
	if (!open_sent(request, &report, &sent, &is_confirmed, err) ||
	    !report_receipt(request, &sent, &proof, err))
		return false;
	if (!public_grade(request, sent.index, &grade, &receipt, err))
		return false;
	struct json *model = done_model(request, &report, &sent, is_confirmed, receipt);
	if (!put_ticked(request, model, &report, &sent, err) ||
	    !put_key(request, model, &sent, &grade, err))
		return false;
	struct hash sum = hash_of(proof);
	json_put_text(request->arena, model, STR("proof"), proof);
	json_put_text(request->arena, model, STR("proof_sum"), hash_hex(request->arena, &sum));
	json_put_text(request->arena, model, STR("offset"), offset_text(request, sent.recorded));
	/* As the entry itself has it, with its milliseconds. */
	char utc[INSTANT_MS_LENGTH];
	instant_write_ms(utc, sent.recorded);
	json_put_text(request->arena, model, STR("utc"),
	              arena_copy(request->arena, str_from_bytes(utc, sizeof utc)));
	if (!put_owed(request, model, sent.file, err))
		return false;
	put_whole_dates(request, json_member(model, STR("late")));
	put_whole_dates(request, json_member(model, STR("owed")));
	if (!json_complete(model))
		return err_set(err, ERR_UNABLE, "There is no memory for this file");
	if (!mustache_render(site_web(request)->templates, STR("public/note"), model, &answer->body,
	                     err))
		return false;
	web_answer_download(request, answer, STR("note.html"), STR("text/html; charset=utf-8"));
	return true;
}
