/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Coming back with a code; checking a receipt; a register that cannot write. */
#include "web/visitor.h"

#include "store/store.h"

#define CANARY "xylocanary"

static struct str typed(struct fixture *f, const struct casebook_answer *answer)
{
	return casebook_code_write(f->arena, &answer->code, '+');
}

static void come_back(struct site *site, const struct casebook_answer *answer)
{
	struct str code = typed(site->f, answer);
	post(site, "/return/status", arena_format(site->f->arena, "code=%.*s", STR_ARG(code)).p);
	must_lead_to(site, "/return/status");
	get(site, "/return/status");
	assert_int_equal(site->status, 200);
}

static void the_code_opens_what_is_owed(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, CANARY " is alone");
	struct site site = serve(f, NULL);
	site.canary = CANARY;
	come_back(&site, &concern);
	must_see(&site, "Your concern has arrived.");
	must_see(&site, "What is owed");
	must_see(&site, "Somebody decides what to do");
	must_see(&site, "Owed by: the duty team at Northmere Council");
	must_not_see(&site, "Decide what happens next");
	must_not_see(&site, CANARY);
	must_not_see(&site, "We are late");
	must_not_see(&site, "C-1");
	get_json(&site, "/return/status");
	must_see(&site, "\"owed\":[{");
	must_not_see(&site, "C-1"); /* the number tells how many there are */
	shut(&site);
}

static void every_way_of_typing_a_code_opens_it(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "x");
	struct site site = serve(f, NULL);
	struct str code = casebook_code_write(f->arena, &concern.code, '-');
	char *loud = arena_alloc(f->arena, code.n + 16, 1);
	memcpy(loud, "code=++", 7);
	for (size_t i = 0; i < code.n; i++) {
		char c = code.p[i];
		loud[7 + i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	post(&site, "/return/status", loud);
	must_lead_to(&site, "/return/status");
	shut(&site);
}

static void a_wrong_code_opens_nothing_and_says_the_same(void **state)
{
	struct site site = serve(*state, NULL);
	post(&site, "/return/status", "code=lantern+otter+maple+river+4071");
	assert_int_equal(site.status, 404);
	must_see(&site, "That code does not open anything. Check each word, or see");
	must_see(&site, "value=\"lantern otter maple river 4071\"");
	post(&site, "/return/status", "code=lantren+otter+maple+river+4071");
	assert_int_equal(site.status, 404);
	must_see(&site, "&quot;lantren&quot; is not one of our words. Did you mean &quot;lantern&quot;?");
	post(&site, "/return/status", "code=");
	assert_int_equal(site.status, 404);
	post(&site, "/return/status", "code=%3Cscript%3E");
	must_not_see(&site, "<script>");
	post_json(&site, "/return/status", NULL, "{'code':'lantern otter maple river 4071'}");
	assert_int_equal(site.status, 404);
	get(&site, "/return/status");
	must_lead_to(&site, "/return");
	shut(&site);
}

static void wrong_codes_of_one_address_wait_and_right_ones_of_others_do_not(void **state)
{
	static const struct web_config BEHIND = { .proxy_secret = { "between us", 10 },
		                                  .has_limits = true,
		                                  .reports_a_minute = 9,
		                                  .codes_a_minute = 2,
		                                  .sign_ins_a_minute = 9 };
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "x");
	struct site site = serve(f, &BEHIND);
	site.extra = "X-Candour-Proxy: between us\r\nX-Forwarded-For: 192.0.2.7\r\n";
	for (int i = 0; i < 2; i++) {
		post(&site, "/return/status", "code=lantern+otter+maple+river+4071");
		assert_int_equal(site.status, 404);
	}
	struct str right = typed(f, &concern);
	post(&site, "/return/status", arena_format(f->arena, "code=%.*s", STR_ARG(right)).p);
	assert_int_equal(site.status, 429);
	must_see(&site, "Wait a little");
	must_see(&site, "Somebody typed too many wrong codes. You can try again <time");
	must_see(&site, "\">at ");
	must_see(&site, "</time>. Your report is safe. If somebody is in danger, call <a");
	get_json(&site, "/return"); /* to read is free */
	assert_int_equal(site.status, 200);
	post_json(&site, "/return/status", NULL, "{'code':'x'}");
	assert_int_equal(site.status, 429);
	const struct json *told = answer_of(&site);
	assert_int_equal(told->count, 3);
	assert_int_equal(json_number(told, STR("status"), 0), 429);
	assert_true(json_number(told, STR("retry_s"), 0) > 0);
	struct str message = json_text(told, STR("message"));
	assert_true(str_starts(message, STR("Somebody typed too many wrong codes. You can try again at ")));
	assert_true(str_ends(message, STR(". Your report is safe.")));
	site.extra = "X-Candour-Proxy: between us\r\nX-Forwarded-For: 192.0.2.9\r\n";
	come_back(&site, &concern);
	assert_true(str_starts(site.cookies[0], STR("__Host-candour-draft=")));
	shut(&site);
}

static void lateness_is_said_first_with_who_was_told(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "x");
	size_t fired;
	instant next;
	later(f, 6 * INSTANT_PER_DAY);
	MUST(f, casebook_climb(f->book, casebook_now(f->book), 100, &fired, &next, &f->err));
	struct site site = serve(f, NULL);
	come_back(&site, &concern);
	must_see(&site, "We are late</h2>");
	must_see(&site, "We owed you a decision by ");
	must_see(&site, "The duty team at Northmere Council still owes it.");
	must_see(&site, "The team manager was told at ");
	must_see(&site, "The last to be told is outside the council.");
	must_see(&site, " is late.</h1>");
	must_see(&site, "class=\"is-told\"><strong>Team manager");
	must_see(&site, "<strong>Head of service</strong>"); /* by the name the public knows it by */
	must_not_see(&site, "afeguarding");
	must_see(&site, "is-out");
	size_t late = str_find_str(site.body, STR("cd-late")), done = str_find_str(
		site.body, STR("What has happened"));
	assert_true(late < done);
	get_json(&site, "/return/status");
	must_see(&site, "\"state\":\"late\"");
	must_see(&site, "\"reached\":true");
	shut(&site);
}

static void what_was_done_late_says_so_for_ever(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "x"), other = report(f, "y");
	struct person screener = person(f, "amara", "screener");
	admitted(f, &screener.actor, "concern.acknowledged", other.file,
	         fields_of(f, "{'to':'referrer','how':'return-page','reply':'In time.'}"));
	later(f, 6 * INSTANT_PER_DAY);
	admitted(f, &screener.actor, "concern.acknowledged", concern.file,
	         fields_of(f, "{'to':'referrer','how':'return-page','reply':'Too late.'}"));
	struct site site = serve(f, NULL);
	come_back(&site, &concern);
	must_see(&site, ">Done late</strong>");
	get_json(&site, "/return/status");
	must_see(&site, "\"late\":true");
	post(&site, "/return/leave", "");
	come_back(&site, &other);
	must_not_see(&site, ">Done late</strong>");
	shut(&site);
}

static void what_is_written_behind_the_code_is_an_entry(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "x");
	struct site site = serve(f, NULL);
	come_back(&site, &concern);
	struct str submission = between(&site, "name=\"submission\" value=\"", "\"");
	struct str form = arena_format(f->arena, "more=" CANARY "+too&danger-now=yes&submission=%.*s",
	                               STR_ARG(submission));
	post(&site, "/return/add", form.p);
	must_lead_to(&site, "/return/status");
	struct casebook_file file = file_named(f, concern.file);
	post(&site, "/return/add", form.p); /* pressed twice */
	assert_int_equal(file_named(f, concern.file).last_entry, file.last_entry);
	get(&site, "/return/status");
	must_see(&site, "We have what you wrote. Somebody must look at this by 2pm today. In danger now? Call 999.<");
	must_see(&site, "What you added has arrived.");
	must_not_see(&site, CANARY);
	get(&site, "/return/status");
	must_not_see(&site, "We have what you wrote.");
	shut(&site);
}

static void nothing_written_is_asked_again(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "x");
	struct site site = serve(f, NULL);
	post(&site, "/return/add", "more=hello");
	must_lead_to(&site, "/return");
	come_back(&site, &concern);
	post(&site, "/return/add", "more=+");
	assert_int_equal(site.status, 422);
	must_see(&site, "Write what you want to tell us");
	post(&site, "/return/add", "more=%3Cb%3E&danger-now=perhaps");
	assert_int_equal(site.status, 422);
	must_see(&site, "&lt;b&gt;</textarea>");
	shut(&site);
}

static void how_to_be_reached_may_be_said_anew(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "x");
	struct site site = serve(f, NULL);
	get(&site, "/return/contact");
	must_lead_to(&site, "/return");
	come_back(&site, &concern);
	must_see(&site, "href=\"/return/contact\">How safe is it to reach you?");
	get(&site, "/return/contact");
	must_see(&site, "How safe is it to reach you?");
	post(&site, "/return/contact", "");
	assert_int_equal(site.status, 422);
	must_see(&site, "Choose how we may reach you");
	post(&site, "/return/contact", "way=phone&contact=ask");
	assert_int_equal(site.status, 422);
	must_see(&site, "Enter a phone number");
	int64_t before = file_named(f, concern.file).last_entry;
	post(&site, "/return/contact", "way=phone&contact=07700+900+982+" CANARY "&submission=1");
	must_lead_to(&site, "/return/status");
	struct casebook_file file = file_named(f, concern.file);
	assert_true(file.last_entry > before);
	get(&site, "/return/status");
	must_see(&site, "We have how we may reach you.");
	must_not_see(&site, CANARY);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_entry entry;
	MUST(f, casebook_entry_get(reader, f->arena, file.last_entry, &entry, &f->err));
	assert_true(str_eq(entry.kind, STR("concern.added")));
	assert_true(json_is_true(entry.plain, STR("may-contact")) ||
	            str_eq(json_text(entry.plain, STR("may-contact")), STR("yes")));
	shut(&site);
}

static void whoever_does_not_agree_is_heard(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "x");
	struct site site = serve(f, NULL);
	get(&site, "/return/challenge");
	must_lead_to(&site, "/return");
	come_back(&site, &concern);
	get(&site, "/return/challenge");
	must_see(&site, "What do you not agree with?");
	post(&site, "/return/challenge", "more=why");
	assert_int_equal(site.status, 422);
	must_see(&site, "Choose what you do not agree with");
	must_see(&site, "why</textarea>");
	int64_t before = file_named(f, concern.file).last_entry;
	post(&site, "/return/challenge", "challenge=4&more=why");
	must_lead_to(&site, "/return/status");
	assert_true(file_named(f, concern.file).last_entry > before);
	get(&site, "/return/status");
	must_see(&site, ">We have it that you do not agree.<");
	/* Who says that the child is not safe has somebody look, though the first look is done. */
	admitted(f, &screener.actor, "concern.looked", concern.file,
	         fields_of(f, "{'danger':'none-found','checked':['own-files']}"));
	post(&site, "/return/challenge", "challenge=2&more=why");
	must_lead_to(&site, "/return/status");
	get(&site, "/return/status");
	must_see(&site, ">We have it that you do not agree. Somebody must look at this by 2pm today.<");
	shut(&site);
}

static void leaving_ends_the_visit(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "x");
	struct site site = serve(f, NULL);
	come_back(&site, &concern);
	post(&site, "/return/leave", "");
	must_lead_to(&site, "/");
	assert_int_equal(site.cookie_count, 0);
	get(&site, "/return/status");
	must_lead_to(&site, "/return");
	shut(&site);
}

static void a_receipt_is_checked_and_a_changed_one_is_not_believed(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "x");
	struct site site = serve(f, NULL);
	come_back(&site, &concern);
	get(&site, "/return/note.tlog-proof");
	assert_true(str_starts(header(&site, "Content-Disposition"), STR("attachment")));
	struct str proof = site.body;
	post_file(&site, "/verify", "file", "note.tlog-proof", str_to_c(f->arena, proof), "x", "");
	must_see(&site, "Yes. This entry is in the register.");
	char *changed = arena_alloc(f->arena, proof.n + 1, 1);
	memcpy(changed, proof.p, proof.n);
	size_t at = str_find_str(proof, STR("index ")) + 6;
	assert_true(at < proof.n);
	changed[at] = changed[at] == '1' ? '2' : '1';
	post_file(&site, "/verify", "file", "note.tlog-proof", changed, "x", "");
	must_see(&site, ">No. ");
	must_not_see(&site, ">Yes. ");
	post(&site, "/verify", "proof=nonsense");
	must_see(&site, "No. This is not a whole receipt.");
	post(&site, "/verify", "proof=");
	assert_int_equal(site.status, 422);
	must_see(&site, "Choose the file of your receipt, or paste its text");
	shut(&site);
}

/* The register's key is stolen: since a day ago, or only since an hour that comes after the receipt. */
static void must_see_of_a_stolen_key(struct fixture *f, bool is_since_before, const char *words)
{
	struct casebook_answer concern = report(f, "x"), stolen;
	struct casebook_actor admin = person(f, is_since_before ? "ada" : "ines", "register-administrator").actor;
	struct site site = serve(f, NULL);
	come_back(&site, &concern);
	get(&site, "/return/note.tlog-proof");
	const char *proof = str_to_c(f->arena, site.body);
	later(f, 2 * INSTANT_PER_HOUR);
	admin.is_proved = true;
	instant since = casebook_now(f->book) - (is_since_before ? INSTANT_PER_DAY : INSTANT_PER_HOUR);
	MUST(f, casebook_key_compromised(f->book, &admin, CASEBOOK_CLI, STR_NONE, since, f->arena, &stolen, &f->err));
	fixture_must_admit(&stolen, "log.key-compromised");
	post_file(&site, "/verify", "file", "note.tlog-proof", proof, "x", "");
	must_see(&site, words);
	/* A new one is by the new key. */
	come_back(&site, &concern);
	get(&site, "/return/note.tlog-proof");
	post_file(&site, "/verify", "file", "note.tlog-proof", str_to_c(f->arena, site.body), "x", "");
	must_see(&site, "Yes. This entry is in the register.");
	shut(&site);
}

static void a_receipt_by_a_key_that_was_stolen_by_then_is_doubted(void **state)
{
	must_see_of_a_stolen_key(*state, true, "We cannot say. The key that signed it may have been stolen.");
}

static void a_receipt_from_before_the_key_was_stolen_is_good(void **state)
{
	must_see_of_a_stolen_key(*state, false, "Yes. This entry is in the register.");
}

static void an_answer_is_read_by_who_holds_the_code_and_leaves_a_trace(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "x"), other = report(f, "y");
	struct person screener = person(f, "amara", "screener");
	later(f, 160 * INSTANT_PER_MINUTE);
	admitted(f, &screener.actor, "concern.acknowledged", concern.file,
	         fields_of(f, "{'to':'referrer','how':'return-page','reply':'We <b>have</b> it.'}"));
	admitted(f, &screener.actor, "concern.looked", concern.file,
	         fields_of(f, "{'danger':'possible','checked':['own-files'],'basis':'" CANARY "'}"));
	struct site site = serve(f, NULL);
	come_back(&site, &concern);
	must_see(&site, "There is an answer for you.");
	must_see(&site, "We &lt;b&gt;have&lt;/b&gt; it.");
	must_see(&site, "An answer from the duty team");
	must_see(&site, ": 2 hours and 40 minutes after you sent it");
	must_not_see(&site, CANARY);
	must_not_see(&site, "amara");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	const struct casebook_reading *readings;
	size_t count;
	MUST(f, casebook_readings(reader, f->arena, file_named(f, concern.file).n, STR(""), 10,
	                          &readings, &count, &f->err));
	assert_int_equal(count, 1);
	assert_true(str_eq(readings[0].purpose, STR("return")));
	come_back(&site, &other);
	must_not_see(&site, "There is an answer for you.");
	shut(&site);
	casebook_reader_give(&reader);
	MUST(f, casebook_beat(f->book, &f->err));
	struct casebook_verified verified;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &verified,
	                        &f->err));
	if (!verified.ok)
		fail_msg("%.*s: %.*s", STR_ARG(verified.difference.where),
		         STR_ARG(verified.difference.what));
}

static void a_question_stands_apart_until_it_is_answered(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "x");
	struct person screener = person(f, "amara", "screener");
	admitted(f, &screener.actor, "concern.acknowledged", concern.file,
	         fields_of(f, "{'to':'referrer','how':'return-page','reply':'Which school?',"
	                      "'asks':true}"));
	struct site site = serve(f, NULL);
	come_back(&site, &concern);
	must_see(&site, "There is a question for you.");
	must_see(&site, "A question for you</h2>");
	must_not_see(&site, "There is an answer for you.");
	must_not_see(&site, "An answer from");
	get_json(&site, "/return/status");
	const struct json *question = json_member(answer_of(&site), STR("question"));
	assert_true(str_eq(json_text(question, STR("words")), STR("Which school?")));
	post(&site, "/return/add", "more=Hill+school");
	must_lead_to(&site, "/return/status");
	get(&site, "/return/status");
	must_not_see(&site, "A question for you");
	must_see(&site, "An answer from the duty team");
	get_json(&site, "/return/status");
	assert_int_equal(json_member(answer_of(&site), STR("question"))->type, JSON_NULL);
	shut(&site);
}

static void the_log_is_served_as_far_as_it_is_published(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "x");
	MUST(f, casebook_beat(f->book, &f->err));
	struct site site = serve(f, NULL);
	get(&site, "/log/checkpoint");
	assert_int_equal(site.status, 200);
	assert_true(str_starts(site.body, STR("drill.northmere.example/register\n")));
	assert_true(str_eq(header(&site, "Cache-Control"), STR("no-cache")));
	struct str etag = arena_copy(f->arena, header(&site, "ETag")), rest = site.body, line;
	uint64_t size = 0;
	(void)str_cut(&rest, '\n', &line);
	(void)str_cut(&rest, '\n', &line);
	assert_true(str_to_u64(line, 255, &size));
	ask(&site, "GET", "/log/checkpoint", NULL,
	    arena_format(f->arena, "If-None-Match: %.*s\r\n", STR_ARG(etag)).p, STR(""));
	assert_int_equal(site.status, 304);
	get(&site, arena_format(f->arena, "/log/tile/0/000.p/%" PRIu64, size).p);
	assert_int_equal(site.status, 200);
	assert_int_equal(site.body.n, size * 32);
	assert_true(str_eq(header(&site, "Access-Control-Allow-Origin"), STR("*")));
	get(&site, arena_format(f->arena, "/log/tile/entries/000.p/%" PRIu64, size).p);
	assert_int_equal(site.body.n, size * 34);
	static const char *const NONE[] = { "/log/tile/0/000",       "/log/tile/0/000.p/255",
		                            "/log/tile/0/000.p/0",   "/log/tile/64/000.p/1",
		                            "/log/tile/0/000.p/1?a=b", "/log/tile/0/%30%30%30.p/1",
		                            "/log/tile/0/000.p/1/",  "/log/tile" };
	for (size_t i = 0; i < COUNT_OF(NONE); i++) {
		get(&site, NONE[i]);
		if (site.status != 404)
			fail_msg("%s: %u", NONE[i], site.status);
		assert_true(str_eq(header(&site, "Cache-Control"), STR("no-store")));
	}
	shut(&site);
}

static void what_can_be_asked_is_described_from_routes_and_pack(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	const struct json *api = NULL;
	get(&site, "/api");
	assert_int_equal(site.status, 200);
	MUST(f, json_read(f->arena, str_trim(site.body), 16, &api, &f->err));
	const struct json *paths = json_member(api, STR("paths"));
	assert_non_null(json_member(json_member(paths, STR("/report")), STR("post")));
	assert_non_null(json_member(json_member(paths, STR("/report/{question}")), STR("get")));
	const struct json *schemas = json_member(json_member(api, STR("components")), STR("schemas"));
	const struct json *kind = json_member(schemas, STR("concern.received"));
	assert_non_null(json_member(json_member(kind, STR("properties")), STR("happening")));
	const struct json *report = json_member(schemas, STR("report"));
	const struct json *happening =
		json_member(json_member(report, STR("properties")), STR("happening"));
	assert_int_equal(json_number(happening, STR("maxLength"), 0), 10000);
	const struct json *answers = json_member(
		json_member(json_member(paths, STR("/report")), STR("post")), STR("responses"));
	static const char *const STATUSES[] = { "201", "409", "422", "429", "503" };
	for (size_t i = 0; i < COUNT_OF(STATUSES); i++)
		assert_non_null(json_member(answers, str_from_c(STATUSES[i])));
	must_see(&site, "\"$ref\":\"#/components/schemas/report\"");
	const struct json *act = json_member(
		json_member(json_member(paths, STR("/files/{id}/{kind}")), STR("post")),
		STR("responses"));
	assert_non_null(json_member(act, STR("202")));
	must_see(&site, "\"$ref\":\"#/components/schemas/concern.decided\"");
	get(&site, "/report");
	must_lead_to(&site, "/report/danger");
	shut(&site);
}

static void what_is_kept_says_who_keeps_it_and_how_long(void **state)
{
	struct site site = serve(*state, NULL);
	get(&site, "/privacy");
	must_see(&site, "Who we are");
	must_see(&site, "Our data protection officer");
	must_see(&site, "75 years");
	must_see(&site, "a person looks at both and says so, or not");
	get(&site, "/accessibility");
	must_see(&site, "Who tested it, and when");
	must_see(&site, "No date is set yet");
	shut(&site);
}

static void pages_of_words_are_there(void **state)
{
	static const char *const PAGES[][2] = {
		{ "/safe", "How to hide that you were here" },
		{ "/pause", "Go on" },
		{ "/accessibility", "Accessibility" },
		{ "/privacy", "What we do with what you tell us" },
		{ "/return", "Come back with your code" },
		{ "/return/lost", "If you lost your code" },
		{ "/verify", "Check a receipt" },
		{ "/figures", "How we are doing" },
	};
	struct site site = serve(*state, NULL);
	for (size_t i = 0; i < COUNT_OF(PAGES); i++) {
		get(&site, PAGES[i][0]);
		assert_int_equal(site.status, 200);
		must_see(&site, PAGES[i][1]);
		get_json(&site, PAGES[i][0]);
		assert_int_equal(site.status, 200);
		must_see(&site, "\"page\":\"");
		assert_int_equal(site.cookie_count, 0);
	}
	shut(&site);
}

static void figures_too_small_are_not_told(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "x");
	later(f, 6 * INSTANT_PER_DAY);
	struct site site = serve(f, NULL);
	get(&site, "/figures");
	must_see(&site, "fewer than 6");
	must_see(&site, "The oldest still owed is");
	must_see(&site, "owed by the duty team.");
	must_not_see(&site, "Decide what happens next");
	must_see(&site, "Nothing fell due in July to September 2026.");
	shut(&site);
}

/* Seven reports: each looked at in time, three acknowledged in time, none decided. */
static void figures_of_a_quarter_tell_what_was_done_in_time(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	for (int i = 0; i < 7; i++) {
		struct str file = report(f, "x").file;
		admitted(f, &amara.actor, "concern.looked", file,
		         fields_of(f, "{'danger':'none-found','checked':['own-files']}"));
		if (i < 3)
			admitted(f, &amara.actor, "concern.acknowledged", file,
			         fields_of(f, "{'to':'referrer','how':'phone'}"));
	}
	later(f, 60 * INSTANT_PER_DAY);
	struct site site = serve(f, NULL);
	get(&site, "/figures");
	must_see(&site, "What fell due in October to December 2026");
	must_see(&site, "data-label=\"How many\">7</td><td class=\"govuk-table__cell "
	                "govuk-table__cell--numeric\" data-label=\"In time\">0</td><td "
	                "class=\"govuk-table__cell govuk-table__cell--numeric\" "
	                "data-label=\"Late\">7</td>");
	must_see(&site, "data-label=\"In time\">7</td>");
	must_see(&site, "data-label=\"In time\">withheld</td>");
	must_see(&site, "both are withheld");
	must_not_see(&site, "data-label=\"In time\">3</td>");
	must_not_see(&site, "data-label=\"Late\">4</td>");
	/* Its chart says both numbers in words, and has no bar for what is withheld. */
	must_see(&site, "aria-labelledby=\"rules-wide\"");
	must_see(&site, ">0 in time, 7 late</text>");
	must_not_see(&site, ">3 in time");
	shut(&site);
}

/* A quarter is chosen by its name; those before anything was due are not told of. */
static void an_earlier_quarter_is_told_and_stands_beside_the_last(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 7; i++)
		(void)report(f, "x");
	later(f, 150 * INSTANT_PER_DAY);
	struct site site = serve(f, NULL);
	get(&site, "/figures");
	must_see(&site, "Nothing fell due in January to March 2027.");
	must_see(&site, "href=\"/figures?quarter=2026-4\"");
	must_not_see(&site, "2026-3");
	get(&site, "/figures?quarter=2026-4");
	must_see(&site, "In October to December 2026, 14 things were owed");
	must_see(&site, "October to December 2026 (shown above)");
	get(&site, "/figures?quarter=2026-3");
	assert_int_equal(site.status, 404);
	get(&site, "/figures.csv?quarter=2026-4");
	must_see(&site, "\"October to December 2026\",\"T01\",\"Somebody decides what to do\",\"yes\",\"7\","
	                "\"0\",\"7\"\r\n");
	get(&site, "/figures/quarters.csv");
	must_see(&site, "\"October to December 2026\",\"14\",\"0\",\"14\"\r\n");
	must_see(&site, "\"January to March 2027\",\"0\",\"0\",\"0\"\r\n");
	shut(&site);
}

/* Nothing new: 304, though a minute has gone; something new: the page. */
static void figures_are_sent_again_only_when_they_changed(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	get(&site, "/figures");
	must_see(&site, "How we are doing");
	struct str etag = arena_copy(f->arena, header(&site, "ETag"));
	assert_true(str_starts(etag, STR("W/\"")));
	later(f, 5 * INSTANT_PER_MINUTE);
	const char *has = arena_format(f->arena, "If-None-Match: %.*s\r\n", STR_ARG(etag)).p;
	ask(&site, "GET", "/figures", NULL, has, STR(""));
	assert_int_equal(site.status, 304);
	assert_int_equal(site.body.n, 0);
	assert_int_equal(site.cookie_count, 0);
	(void)report(f, "x");
	ask(&site, "GET", "/figures", NULL, has, STR(""));
	assert_int_equal(site.status, 200);
	must_see(&site, "How we are doing");
	shut(&site);
}

static void the_start_page_prints_with_its_address(void **state)
{
	struct site site = serve(*state, NULL);
	get(&site, "/");
	must_see(&site, "class=\"cd-print-only cd-poster\"");
	struct str text = between(&site, "<p class=\"govuk-body\">http://", "</p>");
	assert_true(str_eq(str_sub(text, str_find(text, '/'), text.n), STR("/")));
	assert_true(between(&site, "shape-rendering=\"crispEdges\"", "/></svg>").n > 500);
	assert_true(site.body.n < 12000);
	shut(&site);
}

static void answers_that_are_kept_say_until_when(void **state)
{
	struct fixture *f = *state;
	struct web_config config = { .listen = "127.0.0.1:0" };
	struct site site = serve(f, NULL);
	post(&site, "/report/danger", "danger-now=no&about=child");
	shut(&site);
	casebook_close(f->book);
	f->book = NULL;
	MUST(f, casebook_open(f->dir, CASEBOOK_READ, &f->book, &f->err));
	MUST(f, web_start(f->book, &config, &site.web, &f->err));
	post(&site, "/report/happening", "happening=x");
	assert_int_equal(site.status, 503);
	must_see(&site, "Nothing has been sent.</strong> Your answers are kept on this page until <time");
	must_see(&site, "href=\"/report/happening\">Try again");
	must_not_see(&site, "load this page again");
	site.cookie_count = 0;
	post(&site, "/report/happening", "happening=x");
	must_not_see(&site, "Your answers are kept");
	shut(&site);
}

/* It is in, and the page of its code cannot be made: the code is told all the same. */
static void a_code_is_told_though_the_page_cannot_be_made(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	CLEANUP(store_cleanup) struct store *store = NULL;
	post(&site, "/report", "happening=He+is+alone");
	must_lead_to(&site, "/report/done");
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
	MUST(f, store_run(store, "ALTER TABLE duty RENAME TO short_away", &f->err));
	get(&site, "/report/done");
	assert_true(site.status >= 500);
	must_see(&site, "It was sent. Your code is ");
	struct str code = between(&site, "Your code is ", ".</strong>");
	struct casebook_code read;
	MUST(f, casebook_code_read(code, &read, &f->err));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_file file;
	MUST(f, casebook_file_by_code(reader, f->arena, &read, &file, &f->err));
	shut(&site);
}

static void a_register_that_cannot_write_says_so_before_a_body_is_read(void **state)
{
	struct fixture *f = *state;
	struct web_config config = { .listen = "127.0.0.1:0" };
	struct site site = { .f = f };
	casebook_close(f->book);
	f->book = NULL;
	MUST(f, casebook_open(f->dir, CASEBOOK_READ, &f->book, &f->err));
	MUST(f, web_start(f->book, &config, &site.web, &f->err));
	get(&site, "/");
	assert_int_equal(site.status, 200);
	post(&site, "/report/danger", "danger-now=no&about=child");
	assert_int_equal(site.status, 503);
	assert_true(header(&site, "Retry-After").n > 0);
	must_see(&site, "We cannot take this right now");
	must_see(&site, "Call <a class=\"govuk-link\" href=\"tel:999\">999");
	post(&site, "/report/check", "");
	assert_int_equal(site.status, 503);
	must_see(&site, "it cannot be sent twice");
	post_json(&site, "/report", NULL, "{'happening':'x'}");
	assert_int_equal(site.status, 503);
	must_see(&site, "\"retry_s\":20");
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_code_opens_what_is_owed),
		PROVES(every_way_of_typing_a_code_opens_it),
		PROVES(a_wrong_code_opens_nothing_and_says_the_same),
		PROVES(wrong_codes_of_one_address_wait_and_right_ones_of_others_do_not),
		PROVES(lateness_is_said_first_with_who_was_told),
		PROVES(what_was_done_late_says_so_for_ever),
		PROVES(what_is_written_behind_the_code_is_an_entry),
		PROVES(nothing_written_is_asked_again),
		PROVES(how_to_be_reached_may_be_said_anew),
		PROVES(whoever_does_not_agree_is_heard),
		PROVES(leaving_ends_the_visit),
		PROVES(a_receipt_is_checked_and_a_changed_one_is_not_believed),
		PROVES(a_receipt_by_a_key_that_was_stolen_by_then_is_doubted),
		PROVES(a_receipt_from_before_the_key_was_stolen_is_good),
		PROVES(an_answer_is_read_by_who_holds_the_code_and_leaves_a_trace),
		PROVES(a_question_stands_apart_until_it_is_answered),
		PROVES(the_log_is_served_as_far_as_it_is_published),
		PROVES(what_can_be_asked_is_described_from_routes_and_pack),
		PROVES(what_is_kept_says_who_keeps_it_and_how_long),
		PROVES(pages_of_words_are_there),
		PROVES(figures_too_small_are_not_told),
		PROVES(figures_of_a_quarter_tell_what_was_done_in_time),
		PROVES(an_earlier_quarter_is_told_and_stands_beside_the_last),
		PROVES(figures_are_sent_again_only_when_they_changed),
		PROVES(the_start_page_prints_with_its_address),
		PROVES(a_code_is_told_though_the_page_cannot_be_made),
		PROVES(answers_that_are_kept_say_until_when),
		PROVES(a_register_that_cannot_write_says_so_before_a_body_is_read),
	};
	return PROVE(tests);
}
