/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The public report: its questions, its sending, its code. */
#include "web/visitor.h"

#define CANARY "xylocanary"

static int64_t entries_of(struct fixture *f)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_health health;
	MUST(f, casebook_health(reader, &health, &f->err));
	return health.entries;
}

/* Answers everything but files up to the last page. */
static void answer_all(struct site *site)
{
	post(site, "/report/danger", "danger-now=unknown&about=child");
	must_lead_to(site, "/report/child");
	post(site, "/report/child", "child=" CANARY "+Ava&age-said=9&home=12+Mill+Lane");
	must_lead_to(site, "/report/happening");
	post(site, "/report/happening", "happening=" CANARY "+is+hit&harm=physical&harm=missing");
	must_lead_to(site, "/report/when-where");
	post(site, "/report/when-where", "when-kind=now&where=" CANARY "+street");
	must_lead_to(site, "/report/words");
	post(site, "/report/words", "said=" CANARY "+ow&child-knows=no");
	must_lead_to(site, "/report/files");
	post(site, "/report/files", "");
	must_lead_to(site, "/report/contact");
	post(site, "/report/contact", "way=phone&contact=07700+900+982+" CANARY);
	must_lead_to(site, "/report/you");
	post(site, "/report/you", "who=yes&name=" CANARY "+Bo&relation=neighbour&tell-family=yes");
	must_lead_to(site, "/report/check");
}

/* The code on the page, as somebody types it. */
static struct str code_on_page(struct site *site)
{
	struct str list = between(site, "class=\"cd-code\"", "</ol>"), out = STR("");
	for (int i = 0; i < 5; i++) {
		size_t at = str_find_str(list, STR("<li>"));
		list = str_sub(list, at + 4, list.n);
		struct str word = str_sub(list, 0, str_find(list, '<'));
		out = arena_format(site->f->arena, "%.*s%s%.*s", STR_ARG(out), i ? "+" : "",
		                   STR_ARG(word));
	}
	return out;
}

static void the_start_page_names_the_times_of_the_pack(void **state)
{
	struct site site = serve(*state, NULL);
	get(&site, "/");
	assert_int_equal(site.status, 200);
	must_see(&site, "Tell us if a child is being hurt, or might be");
	must_see(&site, "A trained person reads it within 4 hours, day and night.");
	must_see(&site, "By the end of the next working day they decide what to do.");
	must_see(&site, "Training register. Nobody here exists.");
	assert_true(str_eq(title(&site), STR("Northmere")));
	assert_true(str_eq(header(&site, "Cache-Control"), STR("no-store")));
	get_json(&site, "/");
	must_see(&site, "\"clocks\":{\"first_look\":\"within 4 hours\"");
	shut(&site);
}

static void what_must_be_answered_is_asked_again(void **state)
{
	struct site site = serve(*state, NULL);
	post(&site, "/report/danger", "about=child");
	assert_int_equal(site.status, 422);
	must_see(&site, "Choose if somebody is in danger right now");
	assert_true(str_starts(title(&site), STR("Error: ")));
	post(&site, "/report/danger", "danger-now=no");
	assert_int_equal(site.status, 422);
	must_see(&site, "Choose who it is about");
	must_see(&site, "value=\"no\" checked");
	post(&site, "/report/danger", "danger-now=perhaps&about=child");
	assert_int_equal(site.status, 422);
	must_see(&site, "Choose one of the answers");
	post(&site, "/report/happening", "happening=+%0A+");
	assert_int_equal(site.status, 422);
	must_see(&site, "Write something about what is happening, even a few words");
	shut(&site);
}

static void what_is_not_as_it_must_be_is_said_beside_its_field(void **state)
{
	static const char *const CASES[][3] = {
		{ "/report/child", "age-said=nine", "Age must be a whole number from 0 to 25" },
		{ "/report/child", "age-said=26", "Age must be a whole number from 0 to 25" },
		{ "/report/child", "born-day=31&born-month=2&born-year=2015",
		  "The date of birth must be a real date, like 27 3 2009" },
		{ "/report/child", "born-day=3", "The date of birth must be a real date" },
		{ "/report/child", "born-day=3&born-month=3&born-year=2031",
		  "The date of birth must be in the past" },
		{ "/report/happening", "happening=x&harm=nonsense", "Choose from the answers" },
		{ "/report/when-where", "when-kind=later", "Choose one of the answers" },
		{ "/report/contact", "way=phone&contact=ask+me", "Enter a phone number" },
		{ "/report/contact", "way=text", "Enter a phone number, like 07700 900 982" },
		{ "/report/contact", "way=email&contact=somebody", "Enter an e-mail address" },
		{ "/report/contact", "way=through", "Write who it is that you trust" },
		{ "/report/you", "who=yes&name=+", "Write your name, or choose to stay anonymous" },
	};
	struct site site = serve(*state, NULL);
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		post(&site, CASES[i][0], CASES[i][1]);
		assert_int_equal(site.status, 422);
		must_see(&site, CASES[i][2]);
		must_see(&site, "There is a problem");
	}
	shut(&site);
}

static void a_text_past_its_limit_comes_back_whole(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	char *form = arena_alloc(f->arena, 10 + 10001 + 1, 1);
	memcpy(form, "happening=", 10);
	memset(form + 10, 'w', 10001);
	post(&site, "/report/happening", form);
	assert_int_equal(site.status, 422);
	must_see(&site, "must be 10,000 characters or fewer. You have 10,001");
	must_see(&site, form + 10);
	form[10 + 10000] = '\0';
	post(&site, "/report/happening", form);
	assert_int_equal(site.status, 303);
	shut(&site);
}

static void everything_typed_comes_back_escaped(void **state)
{
	struct site site = serve(*state, NULL);
	static const char EVIL[] = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27%3E%26%7B%7Btitle%7D%7D";
	static const char *const FIELDS[][2] = {
		{ "/report/child", "child" },        { "/report/child", "home" },
		{ "/report/child", "school" },       { "/report/child", "others" },
		{ "/report/child", "age-said" },     { "/report/child", "born-day" },
		{ "/report/happening", "happening" }, { "/report/when-where", "when" },
		{ "/report/when-where", "where" },   { "/report/words", "said" },
		{ "/report/contact", "contact" },    { "/report/contact", "contact-when" },
		{ "/report/contact", "phrase" },     { "/report/you", "name" },
	};
	post(&site, "/report/danger", "danger-now=no&about=child");
	for (size_t i = 0; i < COUNT_OF(FIELDS); i++) {
		struct str form = arena_format(site.f->arena, "%s=%s", FIELDS[i][1], EVIL);
		post(&site, FIELDS[i][0], form.p);
		if (site.status == 303)
			get(&site, FIELDS[i][0]);
		must_not_see(&site, "<script>alert");
		must_not_see(&site, "'>&{{title}}");
		must_see(&site, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;&amp;{{title}}");
	}
	post(&site, "/report/child", "");
	get(&site, "/report/check");
	must_not_see(&site, "<script>alert");
	must_see(&site, "&lt;script&gt;alert(1)");
	shut(&site);
}

static void going_back_never_loses_an_answer(void **state)
{
	struct site site = serve(*state, NULL);
	answer_all(&site);
	get(&site, "/report/child");
	must_see(&site, "value=\"" CANARY " Ava\"");
	get(&site, "/report/happening");
	must_see(&site, CANARY " is hit</textarea>");
	must_see(&site, "value=\"missing\" checked");
	get(&site, "/report/contact");
	must_see(&site, "You can always use your code. It is the safest way");
	get(&site, "/report/you");
	must_see(&site, "value=\"" CANARY " Bo\"");
	get(&site, "/report/check");
	must_see(&site, ">Age: 9<");
	post(&site, "/report/words", "said=other+words");
	must_lead_to(&site, "/report/check");
	get(&site, "/report/check");
	must_see(&site, "other words");
	must_see(&site, CANARY " is hit");
	shut(&site);
}

static void a_report_pressed_twice_is_one_entry_with_one_code(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL), second;
	answer_all(&site);
	get(&site, "/report/check");
	must_see(&site, "You have not sent it yet.");
	second = site; /* the same press, sent before the first answer came */
	int64_t before = entries_of(f);
	post(&site, "/report/check", "submission=x");
	must_lead_to(&site, "/report/done");
	int64_t after = entries_of(f);
	assert_true(after > before);
	post(&second, "/report/check", "submission=x");
	must_lead_to(&second, "/report/done");
	assert_int_equal(entries_of(f), after);
	get(&site, "/report/done");
	struct str code = code_on_page(&site);
	get(&second, "/report/done");
	assert_true(str_eq(code_on_page(&second), code));
	shut(&site);
}

/* Two presses that pass each other: the register knows the second by its submission. */
static void what_is_sent_goes_under_the_submission_of_the_page(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	struct casebook_answer again;
	answer_all(&site);
	get_json(&site, "/report/check");
	struct str submission = between(&site, "\"submission\":\"", "\"");
	get_json(&site, "/report/check");
	assert_true(str_eq(between(&site, "\"submission\":\"", "\""), submission));
	post(&site, "/report/check", "");
	must_lead_to(&site, "/report/done");
	struct casebook_act act = {
		.actor = BY_PUBLIC,
		.via = CASEBOOK_WEB,
		.kind = STR("concern.received"),
		.submission = arena_format(f->arena, "report/%.*s", STR_ARG(submission)),
		.fields = fields_of(f, "{'happening':'other'}"),
	};
	MUST(f, casebook_submit(f->book, &act, f->arena, &again, &f->err));
	assert_int_equal(again.outcome, CASEBOOK_FAILED);
	assert_int_equal(again.err.code, ERR_REFUSED);
	shut(&site);
}

static void the_code_is_shown_until_it_is_written_down(void **state)
{
	struct site site = serve(*state, NULL);
	answer_all(&site);
	post(&site, "/report/check", "");
	get(&site, "/report/done");
	must_see(&site, "We have it");
	struct str sent = between(&site, "govuk-panel__body\">Sent on ", "</div>");
	assert_true(str_find_str(sent, STR(" at ")) < sent.n); /* "Thursday … at 10:12am" */
	must_see(&site, "What happens now");
	must_see(&site, "A trained person reads it");
	must_see(&site, "Somebody decides what to do");
	must_see(&site, "Owed by: the duty team at Northmere Council");
	must_see(&site, "You are told what was decided, if you can be reached</h3>");
	/* Nobody is sent back for a signature that no witness of this version gives. */
	must_see(&site, "Nobody outside has signed it yet. We promise, and sign, that what we publish will hold it by ");
	must_see(&site, ">Next</strong></div><p class=\"govuk-body cd-duty__line\">Within 2 working "
	                "days after that</p><p class=\"govuk-body cd-duty__line\">Owed by: the duty "
	                "team at Northmere Council</p>");
	must_not_see(&site, "First look"); /* the words of those who work there */
	must_not_see(&site, CANARY);
	must_see(&site, "href=\"/report/note.promise\">Save the promise</a>");
	struct str code = code_on_page(&site);
	get(&site, "/report/done");
	assert_true(str_eq(code_on_page(&site), code));
	get(&site, "/report/note.html"); /* what it says to type names all that is needed */
	struct str promise_key = between(&site, "<code id=\"promise-key\">", "</code>");
	assert_true(promise_key.n > 0);
	must_see(&site, arena_format(site.f->arena, "<code>candour log audit promise --log %.*slog/ --promise-key %.*s --policy policy</code>",
	                             STR_ARG(between(&site, "For today\xe2\x80\x99s state open ", "return and")), STR_ARG(promise_key)).p);
	must_see(&site, "log audit promise --log http");
	get(&site, "/report/note.promise");
	assert_true(str_starts(site.body, STR("candour/promise/v1\n")));
	assert_true(str_starts(header(&site, "Content-Disposition"), STR("attachment")));
	get(&site, "/report/note.html");
	assert_true(str_starts(header(&site, "Content-Disposition"), STR("attachment")));
	assert_true(str_starts(header(&site, "Content-Security-Policy"), STR("sandbox")));
	must_see(&site, "Your receipt");
	must_not_see(&site, "<ol class=\"code\">"); /* nobody ticked it */
	must_see(&site, "Within 2 working days after that. Owed by: the duty team at Northmere Council.");
	post(&site, "/report/done", "");
	must_lead_to(&site, "/report/done");
	get(&site, "/report/done");
	must_see(&site, "Your code is off the screen");
	must_not_see(&site, "cd-code");
	post(&site, "/report/note.html", "code=1");
	assert_int_equal(site.status, 200);
	must_not_see(&site, "<ol class=\"code\">"); /* it is written down, and shown never more */
	post(&site, "/report/done", "leave=1");
	must_lead_to(&site, "/");
	get(&site, "/report/done");
	must_lead_to(&site, "/return");
	get(&site, "/report/note.tlog-proof");
	assert_int_equal(site.status, 404);
	get(&site, "/report/note.promise");
	assert_int_equal(site.status, 404);
	shut(&site);
}

/* What somebody else may find on a shared telephone stands in the file for who ticked it alone. */
static void code_and_words_go_into_the_file_for_who_ticked_them(void **state)
{
	struct site site = serve(*state, NULL);
	answer_all(&site);
	get(&site, "/report/check");
	must_see(&site, "Keep my words for the file that I can save");
	post(&site, "/report/check", "keep-words=1");
	get(&site, "/report/done");
	must_see(&site, "action=\"/report/note.html\"");
	must_see(&site, "Put my code into the file");
	must_see(&site, "Put my words into the file");
	must_not_see(&site, CANARY);
	post(&site, "/report/note.html", "");
	must_not_see(&site, CANARY);
	must_not_see(&site, "<ol class=\"code\">");
	post(&site, "/report/note.html", "code=1");
	must_see(&site, "<ol class=\"code\">");
	must_not_see(&site, CANARY);
	post(&site, "/report/note.html", "words=1");
	must_see(&site, CANARY " is hit");
	must_see(&site, CANARY " ow");
	must_not_see(&site, "12 Mill Lane");
	must_not_see(&site, "<ol class=\"code\">");
	assert_true(str_starts(header(&site, "Content-Security-Policy"), STR("sandbox")));
	post(&site, "/report/done", "");
	post(&site, "/report/note.html", "words=1");
	must_see(&site, CANARY " is hit");
	shut(&site);
}

static void two_of_the_words_may_be_practised(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	answer_all(&site);
	post(&site, "/report/check", "");
	get(&site, "/report/done");
	must_not_see(&site, "Practise: type two of the words");
	struct str rest = code_on_page(&site), word[4];
	for (int i = 0; i < 4; i++)
		assert_true(str_cut(&rest, '+', &word[i]));
	post(&site, "/report/done", "");
	get(&site, "/report/done");
	must_see(&site, "Practise: type two of the words");
	/* It asks, and does not tell; one word alone may stand in any page. */
	static const char *const BETWEEN[] = { " ", "+", "-" };
	for (size_t i = 0; i < COUNT_OF(BETWEEN); i++)
		must_not_see(&site, arena_format(f->arena, "%.*s%s%.*s", STR_ARG(word[0]), BETWEEN[i],
		                                 STR_ARG(word[1])).p);
	post(&site, "/report/done", arena_format(f->arena, "practise=1&second=%.*s&fourth=%.*s",
	                                         STR_ARG(word[1]), STR_ARG(word[3])).p);
	assert_int_equal(site.status, 200);
	must_see(&site, "Both words are right.");
	post(&site, "/report/done", arena_format(f->arena, "practise=1&second=%.*s&fourth=",
	                                         STR_ARG(word[1])).p);
	must_see(&site, "These are not the two words.");
	must_not_see(&site, "Both words are right.");
	shut(&site);
}

static void words_that_nobody_ticked_are_not_kept(void **state)
{
	struct site site = serve(*state, NULL);
	answer_all(&site);
	post(&site, "/report/check", "");
	get(&site, "/report/done");
	must_not_see(&site, "Put my words into the file");
	post(&site, "/report/note.html", "words=1&code=1");
	must_not_see(&site, CANARY);
	shut(&site);
}

/* The key, the policy, the signs to compare, and what is printed of them. */
static void the_file_says_by_which_key_it_is_checked(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	answer_all(&site);
	post(&site, "/report/check", "");
	get(&site, "/report/note.tlog-proof");
	struct str proof = site.body;
	get(&site, "/verify");
	struct str signs = between(&site, "<p class=\"cd-hash\" id=\"key\">", "</p>");
	assert_int_equal(signs.n, 8 * 4 + 7);
	get(&site, "/report/note.html");
	must_see(&site, arena_format(f->arena, "<script type=\"text/plain\" id=\"tlog-proof\">%.*s"
	                             "</script>", STR_ARG(proof)).p);
	must_see(&site, arena_format(f->arena, "<code>%.*s</code>", STR_ARG(signs)).p);
	must_see(&site, arena_format(f->arena, "log %.*s\nquorum none",
	                             STR_ARG(casebook_vkey(f->book))).p);
	must_see(&site, "<svg class=\"qr\"");
	must_see(&site, "A page that checks itself proves nothing about itself");
	must_see(&site, "any other program that reads C2SP proofs");
	shut(&site);
}

/* A file is read on another day, and on paper: no "today", the address, and what to do next. */
static void the_file_is_of_use_on_another_day(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	answer_all(&site);
	post(&site, "/report/check", "");
	get(&site, "/report/done");
	must_see(&site, "cd-print-only\">Type it at http://127.0.0.1/return. This is entry ");
	must_see(&site, " today</time>");
	get(&site, "/report/note.html");
	must_see(&site, "What to do next");
	must_see(&site, "/return and type your code.");
	must_see(&site, "@page { size: A4;");
	must_not_see(&site, " today.");
	must_not_see(&site, "of today");
	must_see(&site, " November 2026.</li>");
	shut(&site);
}

static void no_title_address_or_header_holds_what_was_written(void **state)
{
	struct site site = serve(*state, NULL);
	static const char *const PAGES[] = { "/report/child",   "/report/happening", "/report/words",
		                             "/report/contact", "/report/you",       "/report/check" };
	site.canary = CANARY;
	answer_all(&site);
	for (size_t i = 0; i < COUNT_OF(PAGES); i++)
		get(&site, PAGES[i]);
	post(&site, "/report/check", "");
	get(&site, "/report/done");
	get(&site, "/report/note.html");
	get(&site, "/report/note.tlog-proof");
	must_not_see(&site, CANARY);
	shut(&site);
}

static void who_speaks_of_herself_is_asked_six_questions(void **state)
{
	struct site site = serve(*state, NULL);
	post(&site, "/report/danger", "danger-now=no&about=me");
	get(&site, "/report/child");
	must_see(&site, "Tell us about you");
	must_see(&site, "Question 2 of 6");
	must_see(&site, "What may we call you?");
	post(&site, "/report/happening", "happening=I+am+hit");
	post(&site, "/report/when-where", "");
	must_lead_to(&site, "/report/files");
	post(&site, "/report/files", "");
	post(&site, "/report/contact", "");
	must_lead_to(&site, "/report/check");
	get(&site, "/report/check");
	must_not_see(&site, "Did the child say anything?");
	must_not_see(&site, "Do you want to tell us who you are?");
	get_json(&site, "/report/happening");
	must_see(&site, "\"voice\":\"me\"");
	must_see(&site, "\"label\":\"What is happening to you?\"");
	shut(&site);
}

static void danger_now_says_to_call_first(void **state)
{
	struct site site = serve(*state, NULL);
	post(&site, "/report/danger", "danger-now=yes&about=child");
	must_lead_to(&site, "/report/danger-now");
	get(&site, "/report/danger-now");
	must_see(&site, "Call 999 now");
	must_see(&site, "href=\"/report/child\"");
	shut(&site);
}

static void a_file_goes_with_the_report(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	post(&site, "/report/danger", "danger-now=no&about=child");
	post_file(&site, "/report/files", "files", "mine <b>.txt", "a photo in words", "add", "1");
	must_lead_to(&site, "/report/files");
	get(&site, "/report/files");
	must_see(&site, "mine &lt;b&gt;.txt, 16 bytes");
	post_file(&site, "/report/files", "files", "none.txt", "", "add", "1");
	assert_int_equal(site.status, 422);
	must_see(&site, "&quot;none.txt&quot; is empty");
	must_see(&site, "mine &lt;b&gt;.txt");
	post_file(&site, "/report/files", "files", "two.txt", "another", "add", "1");
	post(&site, "/report/files", "away=1");
	must_lead_to(&site, "/report/files");
	get(&site, "/report/files");
	must_not_see(&site, "two.txt");
	post(&site, "/report/happening", "happening=look");
	post(&site, "/report/check", "");
	must_lead_to(&site, "/report/done");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_file file = file_named(f, STR("C-1"));
	struct casebook_entry entry;
	MUST(f, casebook_entry_get(reader, f->arena, file.first_entry, &entry, &f->err));
	assert_int_equal(json_number(entry.plain, STR("file-count"), 0), 1);
	shut(&site);
}

static void a_file_that_nobody_can_open_is_named(void **state)
{
	struct site site = serve(*state, NULL);
	post(&site, "/report/danger", "danger-now=no&about=child");
	post_file(&site, "/report/files", "files", "notes.pages", "words", "add", "1");
	assert_int_equal(site.status, 422);
	must_see(&site, "&quot;notes.pages&quot; is a type we cannot open. Send it as PDF or a photo");
	post_file(&site, "/report/files", "files", ".pdf", "words", "add", "1");
	assert_int_equal(site.status, 422);
	post_file(&site, "/report/files", "files", "none.pages", "", "add", "1");
	must_see(&site, "&quot;none.pages&quot; is empty");
	post_file(&site, "/report/files", "files", "IMG_0412.JPG", "bytes", "add", "1");
	must_lead_to(&site, "/report/files");
	get(&site, "/report/files");
	must_see(&site, "IMG_0412.JPG");
	must_not_see(&site, "notes.pages");
	shut(&site);
}

static void leaving_drops_the_answers_at_once(void **state)
{
	struct site site = serve(*state, NULL);
	post(&site, "/report/danger", "danger-now=no&about=child");
	post(&site, "/report/child", "child=" CANARY);
	struct site copy = site;
	post(&site, "/report/happening", "leave=1");
	must_lead_to(&site, "/");
	assert_int_equal(site.cookie_count, 0);
	get(&copy, "/report/child");
	must_not_see(&copy, CANARY);
	must_see(&copy, "We lost your unsent answers. Nothing was sent.");
	shut(&site);
}

static void what_was_sent_an_hour_ago_is_not_called_lost(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	post(&site, "/report/danger", "danger-now=no&about=child");
	post(&site, "/report/happening", "happening=" CANARY);
	get(&site, "/report/check");
	struct str submission = between(&site, "name=\"submission\" value=\"", "\"");
	post(&site, "/report/check", arena_format(f->arena, "submission=%.*s", STR_ARG(submission)).p);
	must_lead_to(&site, "/report/done");
	struct site other = site;
	later(f, INSTANT_PER_HOUR + INSTANT_PER_MINUTE);
	get(&other, "/report/danger");
	must_see(&other, "Is somebody in danger right now?");
	must_not_see(&other, "Nothing was sent");
	shut(&site);
}

/* She pressed once, the line broke, and she comes back when the hour is over. */
static struct site whose_answer_was_lost(struct fixture *f, struct str *submission)
{
	struct site site = serve(f, NULL);
	answer_all(&site);
	get(&site, "/report/check");
	*submission = between(&site, "name=\"submission\" value=\"", "\"");
	struct site lost = site;
	post(&lost, "/report/check", arena_format(f->arena, "submission=%.*s", STR_ARG(*submission)).p);
	must_lead_to(&lost, "/report/done");
	later(f, INSTANT_PER_HOUR + INSTANT_PER_MINUTE);
	return site;
}

static void what_was_sent_without_an_answer_is_told_with_its_code(void **state)
{
	static const char *const PAGES[] = { "/report/danger", "/report/danger-now", "/report/check" };
	struct fixture *f = *state;
	struct str submission;
	struct site first = whose_answer_was_lost(f, &submission);
	for (size_t i = 0; i < COUNT_OF(PAGES); i++) {
		struct site site = first;
		get(&site, PAGES[i]);
		must_lead_to(&site, "/report/done");
		get(&site, "/report/done");
		must_see(&site, "We have it");
		assert_true(code_on_page(&site).n > 0);
		post(&site, "/report/done", "");
		get(&site, "/report/danger");
		must_see(&site, "Is somebody in danger right now?");
		must_not_see(&site, "Nothing was sent");
	}
	struct site site = first;
	post(&site, "/report/check", arena_format(f->arena, "submission=%.*s", STR_ARG(submission)).p);
	must_lead_to(&site, "/report/done");
	get(&site, "/report/done");
	struct str code = code_on_page(&site);
	post(&site, "/return/status", arena_format(f->arena, "code=%.*s", STR_ARG(code)).p);
	must_lead_to(&site, "/return/status");
	shut(&first);
}

static void what_is_typed_after_an_answer_was_lost_is_kept(void **state)
{
	struct fixture *f = *state;
	struct str submission;
	struct site site = whose_answer_was_lost(f, &submission);
	post(&site, "/report/happening", "happening=" CANARY);
	must_lead_to(&site, "/report/done");
	get(&site, "/report/done");
	assert_true(code_on_page(&site).n > 0);
	get(&site, "/report/happening");
	must_see(&site, CANARY);
	shut(&site);
}

static void a_page_alone_says_that_it_was_sent_without_the_code(void **state)
{
	struct fixture *f = *state;
	struct str submission;
	struct site site = whose_answer_was_lost(f, &submission);
	site.cookie_count = 0;
	struct str form = arena_format(f->arena, "submission=%.*s", STR_ARG(submission));
	post(&site, "/report/check", form.p);
	must_lead_to(&site, "/report/done");
	get(&site, "/report/done");
	must_see(&site, "We have it");
	must_see(&site, "We cannot show your code here again");
	must_not_see(&site, "I have written it down");
	post(&site, "/report/check", "submission=ab");
	site.cookie_count = 0;
	post(&site, "/report/check", "submission=ab");
	must_lead_to(&site, "/report/danger");
	shut(&site);
}

static void a_draft_of_an_hour_ago_is_gone(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	post(&site, "/report/danger", "danger-now=no&about=child");
	post(&site, "/report/happening", "happening=" CANARY);
	later(f, INSTANT_PER_HOUR + INSTANT_PER_MINUTE);
	get(&site, "/report/happening");
	must_see(&site, "We lost your unsent answers. Nothing was sent.");
	must_not_see(&site, CANARY);
	post(&site, "/report/check", "");
	must_lead_to(&site, "/report/danger");
	shut(&site);
}

static void what_is_not_answered_is_not_sent(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	post(&site, "/report/danger", "danger-now=no&about=child");
	get(&site, "/report/check");
	int64_t before = entries_of(f);
	post(&site, "/report/check", "");
	assert_int_equal(site.status, 422);
	must_see(&site, "href=\"#happening\"");
	assert_int_equal(entries_of(f), before);
	shut(&site);
}

static void a_post_from_another_site_is_refused(void **state)
{
	struct site site = serve(*state, NULL);
	ask(&site, "POST", "/report/danger", "application/x-www-form-urlencoded",
	    "Sec-Fetch-Site: cross-site\r\n", STR("danger-now=no&about=child"));
	assert_int_equal(site.status, 403);
	must_see(&site, "We could not take this");
	shut(&site);
}

static void a_page_that_is_not_there_is_told_as_one(void **state)
{
	static const char *const PATHS[] = { "/nothing", "/report/nothing", "/assets/0/candour.css",
		                             "/report/danger/x" };
	struct site site = serve(*state, NULL);
	for (size_t i = 0; i < COUNT_OF(PATHS); i++) {
		get(&site, PATHS[i]);
		assert_int_equal(site.status, 404);
		must_see(&site, "We cannot find that page");
		must_see(&site, "href=\"/return\">Come back with your code</a>");
	}
	get_json(&site, "/nothing");
	assert_int_equal(site.status, 404);
	must_see(&site, "\"status\":404");
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_start_page_names_the_times_of_the_pack),
		PROVES(what_must_be_answered_is_asked_again),
		PROVES(what_is_not_as_it_must_be_is_said_beside_its_field),
		PROVES(a_text_past_its_limit_comes_back_whole),
		PROVES(everything_typed_comes_back_escaped),
		PROVES(going_back_never_loses_an_answer),
		PROVES(a_report_pressed_twice_is_one_entry_with_one_code),
		PROVES(what_is_sent_goes_under_the_submission_of_the_page),
		PROVES(the_code_is_shown_until_it_is_written_down),
		PROVES(code_and_words_go_into_the_file_for_who_ticked_them),
		PROVES(two_of_the_words_may_be_practised),
		PROVES(words_that_nobody_ticked_are_not_kept),
		PROVES(the_file_says_by_which_key_it_is_checked),
		PROVES(the_file_is_of_use_on_another_day),
		PROVES(no_title_address_or_header_holds_what_was_written),
		PROVES(who_speaks_of_herself_is_asked_six_questions),
		PROVES(danger_now_says_to_call_first),
		PROVES(a_file_goes_with_the_report),
		PROVES(a_file_that_nobody_can_open_is_named),
		PROVES(leaving_drops_the_answers_at_once),
		PROVES(what_was_sent_an_hour_ago_is_not_called_lost),
		PROVES(what_was_sent_without_an_answer_is_told_with_its_code),
		PROVES(what_is_typed_after_an_answer_was_lost_is_kept),
		PROVES(a_page_alone_says_that_it_was_sent_without_the_code),
		PROVES(a_draft_of_an_hour_ago_is_gone),
		PROVES(what_is_not_answered_is_not_sent),
		PROVES(a_post_from_another_site_is_refused),
		PROVES(a_page_that_is_not_there_is_told_as_one),
	};
	return PROVE(tests);
}
