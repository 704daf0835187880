/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The answers of set-up on their way to one entry: a draft of the account that
 * gives them, so that it may be left and taken up from any machine.
 */
#include "web/setup.h"

#include "web/draft.h"
#include "web/kept_form.h"

static const struct str FILE_OF_DRAFT = { "R-1", 3 };
static const struct str KIND = { "register.described", 18 };
static const struct str SUBMISSION = { "submission", 10 };

static const struct str QUESTIONS[] = {
	{ "names", 5 }, { "calendar", 8 }, { "agencies", 8 }, { "shares", 6 }, { "rules", 5 },
};

bool setup_asks(struct str question, const struct casebook_particular *one)
{
	if (str_eq(question, STR("names")))
		return str_eq(one->name, STR("partnership")) || str_eq(one->name, STR("area"));
	if (str_eq(question, STR("agencies")))
		return str_starts(one->name, STR("agency.")) ||
		       str_eq(one->name, STR("scrutineer"));
	if (str_eq(question, STR("shares")))
		return one->sort == CASEBOOK_PARTICULAR_OFFICER;
	return str_eq(question, one->name);
}

/* A partnership has at least these; other agencies may take no part. */
bool setup_wants(const struct casebook_particular *one)
{
	static const struct str AGENCIES[] = { { "agency.council", 14 },
		                               { "agency.police", 13 },
		                               { "agency.health", 13 } };
	for (size_t i = 0; i < COUNT_OF(AGENCIES); i++)
		if (str_eq(one->name, AGENCIES[i]))
			return true;
	return !str_starts(one->name, STR("agency."));
}

struct str setup_calendar(struct web_request *request)
{
	const struct pack *pack = casebook_pack(site_book(request));
	return pack->calendar ? pack->calendar->name : STR("");
}

struct str setup_rules(struct web_request *request)
{
	const struct pack *pack = casebook_pack(site_book(request));
	return arena_format(request->arena, "%.*s, version %.*s, hash %.*s", STR_ARG(pack->name),
	                    STR_ARG(pack->version), STR_ARG(hash_hex(request->arena, &pack->hash)));
}

bool setup_answers_load(struct web_request *request, struct setup_answers *out, struct err *err)
{
	struct arena *arena = request->arena;
	const struct json *kept;
	instant used;
	*out = (struct setup_answers){ .request = request, .draft = json_object(arena) };
	if (!casebook_particulars(site_book(request), arena, &out->all, &out->count, err) ||
	    !kept_form_load(request, FILE_OF_DRAFT, KIND, &kept, &used, err))
		return false;
	for (const struct json *at = kept ? kept->first : NULL; at; at = at->next) {
		if (str_eq(at->key, SUBMISSION))
			out->submission = at->string;
		else
			json_put_text(arena, out->draft, at->key, at->string);
	}
	if (!out->submission.n)
		out->submission = site_random(request);
	return json_complete(out->draft) ||
	       err_set(err, ERR_UNABLE, "There is no memory for these answers");
}

bool setup_answers_save(struct setup_answers *answers, struct err *err)
{
	struct json *kept = draft_copy(answers->request->arena, answers->draft);
	if (answers->draft->count == 0)
		return kept_form_drop(answers->request, FILE_OF_DRAFT, KIND, err);
	json_put_text(answers->request->arena, kept, SUBMISSION, answers->submission);
	return kept_form_save(answers->request, FILE_OF_DRAFT, KIND, kept, err);
}

struct str setup_answer(const struct setup_answers *answers, struct str name)
{
	struct str drafted = json_text(answers->draft, name);
	if (drafted.p)
		return drafted;
	for (size_t i = 0; i < answers->count; i++)
		if (str_eq(answers->all[i].name, name))
			return answers->all[i].text;
	return STR("");
}

static bool is_answered(const struct setup_answers *answers, struct str question)
{
	for (size_t i = 0; i < answers->count; i++) {
		const struct casebook_particular *one = &answers->all[i];
		if (setup_asks(question, one) && setup_wants(one) &&
		    !setup_answer(answers, one->name).n)
			return false;
	}
	return true;
}

struct str setup_next(const struct setup_answers *answers)
{
	for (size_t i = 0; i < COUNT_OF(QUESTIONS); i++)
		if (!is_answered(answers, QUESTIONS[i]))
			return arena_format(answers->request->arena, "/setup/%.*s",
			                    STR_ARG(QUESTIONS[i]));
	return STR("/setup/check");
}
