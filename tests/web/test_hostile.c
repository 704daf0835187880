/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What strangers and staff type comes back as text, on every page that is reached and in every answer. */
#include "web/staff.h"

/* "'><xss>&{{csrf}} and the same as it travels in a form or an address. */
#define RAW   "\"'><xss>&{{csrf}}"
#define TYPED "%22%27%3E%3Cxss%3E%26%7B%7Bcsrf%7D%7D"

/* Of an answer in HTML: no mark of ours was made by what was typed. */
static void must_be_text(const struct site *site, const char *path)
{
	struct str type = header(site, "Content-Type");
	if (!type.p || !str_starts(type, STR("text/html")))
		return;
	if (has(site, "<xss") || has(site, "\"'>"))
		fail_msg("%s answers with what was typed as it was typed:\n%.*s", path,
		         STR_ARG(site->body));
	if (has(site, "{{"))
		must_see(site, "&amp;{{csrf}}"); /* it is no part of a template either */
}

static void look_at(struct site *site, const char *const *paths, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		get(site, paths[i]);
		assert_true(site->status < 500 || site->status == 503);
		must_be_text(site, paths[i]);
	}
}

static void type_into(struct site *site, const char *path, const char *form)
{
	post(site, path, form);
	assert_true(site->status < 500);
	must_be_text(site, path);
}

static void what_a_stranger_types_comes_back_as_text(void **state)
{
	static const char *const QUESTIONS[][2] = {
		{ "/report/danger", "danger-now=" TYPED "&about=" TYPED },
		{ "/report/danger", "danger-now=no&about=child" },
		{ "/report/child", "child=" TYPED "&age-said=" TYPED "&home=" TYPED "&school=" TYPED
		                   "&others=" TYPED },
		{ "/report/child", "child=" TYPED "&age-said=9&home=" TYPED "&school=" TYPED },
		{ "/report/happening", "happening=" TYPED "&harm=" TYPED },
		{ "/report/happening", "happening=" TYPED },
		{ "/report/when-where", "when-kind=" TYPED "&when=" TYPED "&where=" TYPED },
		{ "/report/when-where", "when-kind=now&when=" TYPED "&where=" TYPED },
		{ "/report/words", "said=" TYPED "&child-knows=no" },
		{ "/report/contact", "way=" TYPED "&contact=" TYPED },
		{ "/report/contact", "way=email&contact=" TYPED },
		{ "/report/you", "who=yes&name=" TYPED "&relation=" TYPED },
		{ "/report/you", "who=yes&name=" TYPED "&relation=neighbour" },
	};
	static const char *const OTHERS[][2] = {
		{ "/report/check", "submission=" TYPED },
		{ "/return", "code=" TYPED },
		{ "/return/challenge", "text=" TYPED },
		{ "/sign-in", "name=" TYPED "&password=" TYPED },
		{ "/sign-in/digits", "digits=" TYPED },
		{ "/verify", "proof=" TYPED },
		{ "/report", "happening=" TYPED "&" TYPED "=" TYPED },
	};
	static const char *const PAGES[] = {
		"/report/child",      "/report/happening", "/report/when-where",
		"/report/words",      "/report/files",     "/report/contact",
		"/report/you",        "/report/check",     "/report/" TYPED,
		"/" TYPED,            "/?" TYPED "=" TYPED, "/files/" TYPED,
		"/log/" TYPED,        "/assets/" TYPED,    "/return/status?code=" TYPED,
		"/sign-in?to=" TYPED, "/figures?a=" TYPED, "/verify?proof=" TYPED,
	};
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	for (size_t i = 0; i < COUNT_OF(QUESTIONS); i++)
		type_into(&site, QUESTIONS[i][0], QUESTIONS[i][1]);
	get(&site, "/report/check");
	must_see(&site, "&lt;xss&gt;");
	look_at(&site, PAGES, COUNT_OF(PAGES));
	for (size_t i = 0; i < COUNT_OF(OTHERS); i++)
		type_into(&site, OTHERS[i][0], OTHERS[i][1]);
	shut(&site);
}

/* A concern and a corrected note, each field of them hostile; an office and an account named so. */
static void what_was_written_is_text_on_every_page_of_staff(void **state)
{
	static const char *const PAGES[] = {
		"/work",
		"/work?show=initials",
		"/work?after=" TYPED,
		"/work?done=" TYPED,
		"/work/burst?office=" TYPED "&rule=" TYPED "&hour=" TYPED,
		"/work/burst?office=" TYPED "&rule=T01&hour=1",
		"/work/call",
		"/late",
		"/late?after=" TYPED,
		"/files/C-1",
		"/files/C-1?open=all",
		"/files/C-1?after=" TYPED,
		"/files/C-1/readings",
		"/files/C-1/readings?before=" TYPED,
		"/files/C-1/" TYPED,
		"/files/C-1/concern.decided",
		"/files/C-1/concern.told",
		"/files/C-1/concern.asked",
		"/files/C-1/concern.looked",
		"/files/C-1/note.made",
		"/files/C-1/duty.extended?duty=" TYPED,
		"/files/C-1/second.given?of=" TYPED,
		"/files/C-1/entry.corrected?of=" TYPED,
		"/files/" TYPED "/note.made",
		"/entries/" TYPED,
		"/objects/" TYPED,
		"/readings",
		"/find",
		"/office",
		"/offices",
		"/offices/screener/hand-over",
		"/offices/" TYPED "/hand-over",
		"/accounts",
		"/pack",
		"/health",
		"/sign-in/again?to=" TYPED,
		"/" TYPED,
	};
	static const char *const FORMS[][2] = {
		{ "/find", "q=" TYPED "&why=" TYPED },
		{ "/find", "q=" TYPED "&why=referral" },
		{ "/files/C-1/concern.decided", "decision=" TYPED "&threshold=" TYPED "&reasons=" TYPED },
		{ "/files/C-1/note.made", "topic=" TYPED "&text=" TYPED "&when-kind=" TYPED },
		{ "/files/C-1/concern.asked", "office=" TYPED "&question=" TYPED },
		{ "/files/C-1/concern.looked", "danger=" TYPED "&checked=" TYPED "&basis=" TYPED },
		{ "/work/call", "happening=" TYPED "&child=" TYPED "&source=" TYPED },
		{ "/offices/screener/hand-over", "to=" TYPED "&duty=" TYPED },
		{ "/office", "office=" TYPED },
		{ "/files/C-1/" TYPED, "text=" TYPED },
	};
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, RAW);
	admitted(f, &amara.actor, "concern.acknowledged", concern.file,
	         fields_of(f, "{'to':'referrer','how':'phone','reply':'<xss>&{{csrf}}'}"));
	struct casebook_answer note = admitted(f, &amara.actor, "note.made", concern.file,
	                                       fields_of(f, "{'text':'<xss>&{{csrf}}'}"));
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	look_at(&site, PAGES, COUNT_OF(PAGES));
	get(&site, arena_format(f->arena, "/entries/%" PRId64, note.index).p);
	must_be_text(&site, "the note");
	must_see(&site, "&lt;xss&gt;&amp;{{csrf}}");
	for (size_t i = 0; i < COUNT_OF(FORMS); i++) {
		get(&site, "/work/call");
		post_own(&site, FORMS[i][0], FORMS[i][1]);
		assert_true(site.status < 500);
		must_be_text(&site, FORMS[i][0]);
	}
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_a_stranger_types_comes_back_as_text),
		PROVES(what_was_written_is_text_on_every_page_of_staff),
	};
	return PROVE(tests);
}
