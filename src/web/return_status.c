/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What became of it: lateness first, then what is owed, what happened, answers,
 * and a place to write. Nobody who works there is named, no words are shown
 * but those that were written to whoever holds the code.
 */
#include "web/return.h"

#include "web/public.h"
#include "web/report.h"
#include "web/return_visit.h"
#include "web/road.h"

/* --- the answers of offices ------------------------------------------------------------------ */

static bool has_reply(const struct casebook_entry *entry)
{
	return entry->is_sealed && !entry->is_destroyed && entry->rules &&
	       entry->rules->public_text.n > 0 && pack_field_find(entry->rules, STR("reply"));
}

static struct casebook_viewer person_viewer(void)
{
	return (struct casebook_viewer){ .actor = { .by = CASEBOOK_BY_PERSON },
		                         .purpose = STR("return") };
}

/* Replies of offices: the newest that asks and was not answered stands apart. */
struct replies {
	struct json *messages;
	struct json *question; /* null: nothing is asked */
	int64_t last_written;  /* entry of the newest words from whoever holds the code; -1: none */
};

static bool is_question(const struct replies *replies, const struct casebook_entry *entry)
{
	return replies->question->type == JSON_NULL && json_is_true(entry->plain, STR("asks")) &&
	       entry->index > replies->last_written;
}

static bool put_reply(struct web_request *request, struct casebook_reader *reader,
                      const struct casebook_entry *entry, struct replies *replies, struct err *err)
{
	struct casebook_viewer viewer = person_viewer();
	struct arena *arena = request->arena;
	struct str words;
	enum casebook_seal how;
	struct json *office, *row = json_object(arena);
	if (!casebook_open_reply(reader, &viewer, entry->file, entry->index, arena, &how, &words,
	                         err))
		return false;
	if (how == CASEBOOK_SEAL_DESTROYED)
		words = STR("These words were destroyed when their time was over.");
	else if (how == CASEBOOK_SEAL_LOST)
		words = STR(
			"These words cannot be read any more. Write to us, and we say it again.");
	if (words.n == 0)
		return true;
	if (!page_office(request, reader, entry->office, &office, err))
		return false;
	json_put_text(arena, row, STR("from_words"), owed_office_words(request, reader, office));
	json_put(row, STR("at"), page_time_near(request, entry->recorded));
	json_put_text(arena, row, STR("words"), words);
	if (is_question(replies, entry))
		replies->question = row;
	else
		json_push(replies->messages, row);
	return true;
}

static bool read_replies(struct web_request *request, const struct owed *owed,
                         struct replies *replies, struct err *err)
{
	struct casebook_reader *reader;
	replies->messages = json_array(request->arena);
	replies->question = json_null(request->arena);
	replies->last_written = -1;
	if (!replies->messages || !replies->question)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	for (size_t i = 0; i < owed->entry_count; i++)
		if (owed->entries[i].by == CASEBOOK_BY_PUBLIC)
			replies->last_written = owed->entries[i].index;
	if (!site_reader(request, &reader, err))
		return false;
	for (size_t i = owed->entry_count; i-- > 0;)
		if (has_reply(&owed->entries[i]) &&
		    !put_reply(request, reader, &owed->entries[i], replies, err))
			return false;
	return true;
}

/* --- the page -------------------------------------------------------------------------------- */

static struct str first_sentence(struct str text)
{
	size_t end = str_find_str(text, STR(". "));
	return end < text.n ? str_sub(text, 0, end + 1) : text;
}

/* "Your concern has arrived. A decision is late." */
static struct str late_headline(struct arena *arena, const struct owed *owed, struct str headline)
{
	struct str first = first_sentence(headline), what = owed->late_words;
	if (what.n == 0)
		return arena_format(arena, "%.*s We are late.", STR_ARG(first));
	char initial =
		what.p[0] >= 'a' && what.p[0] <= 'z' ? (char)(what.p[0] - 'a' + 'A') : what.p[0];
	struct str rest = str_sub(what, 1, what.n);
	return arena_format(arena, "%.*s %c%.*s is late.", STR_ARG(first), initial, STR_ARG(rest));
}

static void put_state(struct web_request *request, struct json *model, const struct owed *owed)
{
	struct arena *arena = request->arena;
	bool is_late = owed->late_count > 0;
	bool is_nothing = !is_late && owed->owed && owed->owed->count == 0;
	struct str headline = owed->headline;
	if (headline.n == 0)
		headline = STR("What you sent has arrived.");
	if (is_late)
		headline = late_headline(arena, owed, headline);
	json_put_text(arena, model, STR("state"),
	              is_late      ? STR("late")
	              : is_nothing ? STR("settled")
	                           : STR("owed"));
	json_put_text(arena, model, STR("headline"), headline);
	json_put_bool(arena, model, STR("is_late"), is_late);
	json_put_bool(arena, model, STR("is_nothing_owed"), is_nothing);
	json_put_bool(arena, model, STR("has_owed"), owed->owed && owed->owed->count > 0);
	json_put(model, STR("received"),
	         owed->entry_count ? page_time_near(request, owed->entries[0].recorded)
	                           : json_null(arena));
	const struct casebook_entry *last =
		owed->entry_count ? &owed->entries[owed->entry_count - 1] : NULL;
	json_put(model, STR("last"),
	         last ? page_time_near(request, last->recorded) : json_null(arena));
}

static void put_form(struct web_request *request, struct json *model, struct str typed)
{
	struct arena *arena = request->arena;
	struct str error = page_error_of(model, STR("more"));
	page_submission(request, model, site_random(request));
	page_field(request, model, STR("more"), typed);
	json_put(model, STR("more_error"), error.p ? json_string(arena, error) : json_null(arena));
	struct str files = page_error_of(model, STR("files"));
	json_put(model, STR("files_error"), files.p ? json_string(arena, files) : json_null(arena));
	json_put_bool(arena, model, STR("may_challenge"), true);
}

/* What may be written on such a file: more words, where the report's kind for them fits, and what
 * else its rules let whoever holds the code make. */
static void put_ways(struct web_request *request, struct json *model, const struct owed *owed)
{
	struct json *roads = road_list_added(request, &owed->file);
	json_put_bool(request->arena, model, STR("may_write"),
	              owed_takes_more(casebook_pack(site_book(request)), owed->file.type));
	json_put_bool(request->arena, model, STR("has_roads"), roads && roads->count > 0);
	json_put(model, STR("roads"), roads);
}

static struct json *begin(struct web_request *request)
{
	struct page_head head = { .page = STR("return.status"), .title = STR("Your code") };
	return page_begin(request, &head);
}

static bool show(struct web_request *request, struct web_answer *answer, const struct owed *owed,
                 struct str notice, struct json *model, struct str typed, struct err *err)
{
	struct arena *arena = request->arena;
	struct replies replies;
	struct casebook_grade grade;
	struct json *receipt;
	if (!read_replies(request, owed, &replies, err) ||
	    !public_grade(request, owed->file.first_entry, &grade, &receipt, err))
		return false;
	json_put(model, STR("receipt"), receipt);
	put_state(request, model, owed);
	put_form(request, model, typed);
	put_ways(request, model, owed);
	json_put(model, STR("notice"), notice.n ? json_string(arena, notice) : json_null(arena));
	json_put(model, STR("late"), owed->late);
	json_put(model, STR("owed"), owed->owed);
	json_put(model, STR("done"), owed->done);
	json_put(model, STR("question"), replies.question);
	json_put_bool(arena, model, STR("has_messages"), replies.messages->count > 0);
	json_put(model, STR("messages"), replies.messages);
	return page_answer(request, answer, STR("public/status"), model, err);
}

bool return_show_status(struct web_request *request, struct web_answer *answer,
                        const struct owed *owed, struct str notice, struct json *errors_of,
                        struct err *err)
{
	return show(request, answer, owed, notice, errors_of ? errors_of : begin(request), STR(""),
	            err);
}

bool return_open(struct web_request *request, struct web_answer *answer, struct return_visit *visit,
                 struct owed *owed, struct err *err)
{
	struct casebook_reader *reader;
	if (!return_visit_open(request, visit, err))
		return false;
	if (!visit->is_open) {
		err->code = ERR_NONE;
		web_answer_redirect(answer, STR("/return"));
		return false;
	}
	return site_reader(request, &reader, err) &&
	       owed_read(request, reader, visit->file, owed, err);
}

bool return_status_get(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(return_visit_finish) struct return_visit visit = { 0 };
	struct owed owed;
	if (!return_open(request, answer, &visit, &owed, err))
		return err->code == ERR_NONE;
	struct str notice = visit.notice;
	if (notice.n > 0 && !return_visit_keep(request, answer, &visit, visit.file, STR(""), err))
		return false;
	return return_show_status(request, answer, &owed, notice, NULL, err);
}

bool return_proof(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(return_visit_finish) struct return_visit visit = { 0 };
	struct casebook_reader *reader;
	struct owed owed;
	struct str proof;
	if (!return_open(request, answer, &visit, &owed, err))
		return err->code == ERR_NONE;
	if (!site_reader(request, &reader, err) ||
	    !casebook_receipt(reader, request->arena, owed.file.first_entry, &proof, err))
		return false;
	buf_add(&answer->body, proof);
	web_answer_download(request, answer, STR("note.tlog-proof"),
	                    STR("text/plain; charset=utf-8"));
	return true;
}

bool return_promise(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(return_visit_finish) struct return_visit visit = { 0 };
	struct casebook_grade grade;
	struct json *receipt;
	struct owed owed;
	if (!return_open(request, answer, &visit, &owed, err))
		return err->code == ERR_NONE;
	if (!public_grade(request, owed.file.first_entry, &grade, &receipt, err))
		return false;
	if (!grade.promise.p)
		return err_set(err, ERR_ABSENT,
		               "It is in the public log already: nothing is promised any more");
	buf_add(&answer->body, grade.promise);
	web_answer_download(request, answer, STR("note.promise"), STR("text/plain; charset=utf-8"));
	return true;
}

/* --- writing --------------------------------------------------------------------------------- */

/* The source that the first entry named: it is the same person, as far as we know. */
static struct str source_of(const struct owed *owed)
{
	struct str source =
		owed->entry_count ? json_text(owed->entries[0].plain, STR("source")) : STR_NONE;
	return source.n ? source : STR("anonymous");
}

bool return_submit(struct web_request *request, const struct owed *owed, struct str words,
                   struct json *fields, struct casebook_answer *sent, struct err *err)
{
	struct arena *arena = request->arena;
	struct json *files = report_files_taken(request);
	struct str danger = site_choice(request, STR("danger-now"));
	struct str submission = site_choice(request, STR("submission"));
	const struct pack_kind *kind = casebook_pack(site_book(request))->report_added;
	if (!kind || pack_field_find(kind, STR("source")))
		json_put_text(arena, fields, STR("source"), source_of(owed));
	json_put_text(arena, fields, STR("words"), words);
	if (danger.n > 0)
		json_put_text(arena, fields, STR("danger-now"), danger);
	if (files && files->count > 0) {
		json_put(fields, STR("files"), draft_copy(arena, files));
		if (!kind || pack_field_find(kind, STR("file-count")))
			json_put_integer(arena, fields, STR("file-count"), (int64_t)files->count);
	}
	if (submission.n == 0 || submission.n > 128)
		submission = site_random(request);
	struct casebook_act act = {
		.actor = { .by = CASEBOOK_BY_PERSON },
		.via = CASEBOOK_WEB,
		.kind = kind ? kind->name : STR_NONE,
		.file = owed->file.id,
		.submission = arena_format(arena, "return/%.*s", STR_ARG(submission)),
		.fields = fields,
	};
	if (!kind)
		return err_set(err, ERR_ABSENT,
		               "These rules know nothing that is added to a report");
	if (!act.submission.p || !json_complete(fields))
		return err_set(err, ERR_UNABLE, "There is no memory for this");
	return casebook_submit(site_book(request), &act, arena, sent, err);
}

/* Of what was opened by `entry`: the row that is due first; NULL: nothing was. */
static const struct json *opened_by(const struct owed *owed, int64_t entry)
{
	const struct json *rows[] = { owed->late, owed->owed };
	const struct json *found = NULL;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		for (const struct json *row = rows[i] ? rows[i]->first : NULL; row;
		     row = row->next) {
			struct str due = json_text(json_member(row, STR("due")), STR("iso"));
			if (json_number(json_member(row, STR("opened")), STR("entry"), -1) ==
			            entry &&
			    (!found || str_compare(due, json_text(json_member(found, STR("due")),
			                                          STR("iso"))) < 0))
				found = row;
		}
	}
	return found;
}

/* What whoever has written reads at once: that it is here, and by when somebody must look. */
static bool thank(struct web_request *request, const struct return_visit *visit,
                  const struct casebook_answer *sent, const char *words, struct str *notice,
                  struct err *err)
{
	struct casebook_reader *reader;
	struct owed owed;
	site_reader_end(request); /* what was just written is in no reader that was taken before */
	if (!site_reader(request, &reader, err) ||
	    !owed_read(request, reader, visit->file, &owed, err))
		return false;
	const struct json *row = opened_by(&owed, sent->index);
	struct str due = row ? json_text(json_member(row, STR("due")), STR("text")) : STR_NONE;
	bool is_danger = str_eq(site_choice(request, STR("danger-now")), STR("yes"));
	*notice = arena_format(request->arena, "%s%s%.*s%s%s", words,
	                       due.n ? " Somebody must look at this by " : "", STR_ARG(due),
	                       due.n ? "." : "", is_danger ? " In danger now? Call 999." : "");
	return notice->p || err_set(err, ERR_UNABLE, "There is no memory for this");
}

static bool check_words(struct web_request *request, struct json *model, struct str words)
{
	if (str_trim(words).n == 0)
		page_error(request, model, STR("more"), STR("Write what you want to tell us"));
	else if (str_characters(words) > RETURN_WORDS_MAX)
		page_error(request, model, STR("more"),
		           STR("What you write must be 10,000 characters or fewer"));
	return !json_is_true(model, STR("has_errors"));
}

bool return_refused(struct web_request *request, struct json *model,
                    const struct casebook_answer *sent, struct err *err)
{
	if (sent->outcome == CASEBOOK_FAILED && sent->err.code != ERR_INPUT &&
	    sent->err.code != ERR_REFUSED) {
		*err = sent->err;
		return false;
	}
	if (sent->outcome == CASEBOOK_FAILED)
		page_answer_errors(request, model, sent, STR("more"));
	else
		page_error(request, model, STR("more"),
		           sent->sentence.n ? sent->sentence
		                            : STR("This cannot be added to what you sent"));
	return true;
}

bool return_add_post(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(return_visit_finish) struct return_visit visit = { 0 };
	struct casebook_answer sent = { 0 };
	struct owed owed;
	struct str words = site_value(request, STR("more"));
	if (!return_open(request, answer, &visit, &owed, err))
		return err->code == ERR_NONE;
	struct json *model = begin(request);
	bool good = check_words(request, model, words);
	good = report_files_errors(request, model) && good;
	if (good) {
		if (!return_submit(request, &owed, words, json_object(request->arena), &sent, err))
			return false;
		if (sent.outcome == CASEBOOK_ADMITTED) {
			struct str notice;
			web_answer_redirect(answer, STR("/return/status"));
			return thank(request, &visit, &sent, "We have what you wrote.", &notice,
			             err) &&
			       return_visit_keep(request, answer, &visit, visit.file, notice, err);
		}
		if (!return_refused(request, model, &sent, err))
			return false;
	}
	answer->status = 422;
	return show(request, answer, &owed, STR(""), model, words, err);
}

/* --- not agreeing ---------------------------------------------------------------------------- */

#define NOT_SAFE 2 /* by number, as chosen */

static const char *const CHALLENGES[] = {
	"Nobody has done anything", "The child is not safe",
	"What was decided",         "What was written about me or my child",
	"Something else",
};

static bool show_challenge(struct web_request *request, struct web_answer *answer,
                           struct json *model, uint64_t chosen, struct str typed, struct err *err)
{
	struct arena *arena = request->arena;
	struct json *choices = json_array(arena);
	struct str error = page_error_of(model, STR("challenge"));
	struct str more = page_error_of(model, STR("more"));
	for (size_t i = 0; i < COUNT_OF(CHALLENGES); i++) {
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("text"), str_from_c(CHALLENGES[i]));
		json_put_integer(arena, row, STR("number"), (int64_t)i + 1);
		json_put_text(arena, row, STR("choice_id"),
		              i == 0 ? STR("challenge")
		                     : arena_format(arena, "challenge-%zu", i + 1));
		json_put_bool(arena, row, STR("checked"), chosen == i + 1);
		json_push(choices, row);
	}
	json_put(model, STR("choices"), choices);
	json_put(model, STR("challenge_error"),
	         error.p ? json_string(arena, error) : json_null(arena));
	json_put(model, STR("more_error"), more.p ? json_string(arena, more) : json_null(arena));
	page_submission(request, model, site_random(request));
	page_field(request, model, STR("more"), typed);
	return page_answer(request, answer, STR("public/challenge"), model, err);
}

static struct json *begin_challenge(struct web_request *request)
{
	struct page_head head = { .page = STR("return.challenge"),
		                  .title = STR("I do not agree"),
		                  .back = STR("/return/status") };
	return page_begin(request, &head);
}

bool return_challenge_get(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(return_visit_finish) struct return_visit visit = { 0 };
	struct owed owed;
	if (!return_open(request, answer, &visit, &owed, err))
		return err->code == ERR_NONE;
	return show_challenge(request, answer, begin_challenge(request), 0, STR(""), err);
}

bool return_challenge_post(struct web_request *request, struct web_answer *answer, struct err *err)
{
	CLEANUP(return_visit_finish) struct return_visit visit = { 0 };
	struct casebook_answer sent = { 0 };
	struct owed owed;
	uint64_t chosen = 0;
	struct str typed = site_value(request, STR("more"));
	if (!return_open(request, answer, &visit, &owed, err))
		return err->code == ERR_NONE;
	struct json *model = begin_challenge(request);
	if (!str_to_u64(site_choice(request, STR("challenge")), COUNT_OF(CHALLENGES), &chosen) ||
	    chosen == 0)
		page_error(request, model, STR("challenge"),
		           STR("Choose what you do not agree with"));
	if (str_characters(typed) > RETURN_WORDS_MAX)
		page_error(request, model, STR("more"),
		           STR("What you write must be 10,000 characters or fewer"));
	if (!json_is_true(model, STR("has_errors"))) {
		struct str words = arena_format(request->arena, "I do not agree: %s\n\n%.*s",
		                                CHALLENGES[chosen - 1], STR_ARG(typed));
		struct json *fields = json_object(request->arena);
		if (chosen == NOT_SAFE) /* as far as we are told, there may be danger now */
			json_put_text(request->arena, fields, STR("danger-now"), STR("unknown"));
		if (!return_submit(request, &owed, words, fields, &sent, err))
			return false;
		if (sent.outcome == CASEBOOK_ADMITTED) {
			struct str notice;
			web_answer_redirect(answer, STR("/return/status"));
			return thank(request, &visit, &sent, "We have it that you do not agree.",
			             &notice, err) &&
			       return_visit_keep(request, answer, &visit, visit.file, notice, err);
		}
		if (!return_refused(request, model, &sent, err))
			return false;
	}
	answer->status = 422;
	return show_challenge(request, answer, model, chosen, typed, err);
}
