/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Coming back with a code; checking a receipt. */
#include "casebook/cosigned.h"
#include "web/visitor.h"

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

static void whoever_comes_back_gets_the_receipt_that_others_signed_too(void **state)
{
	struct fixture *f = *state;
	struct witnesses witnesses;
	struct casebook_answer concern = report(f, "x");
	struct site site = serve(f, NULL);
	come_back(&site, &concern);
	must_see(&site, "Get your receipt");
	must_not_see(&site, "Nobody outside has signed it yet"); /* nobody is asked to */
	witnesses_ask(f, &witnesses);
	get(&site, "/return/status");
	must_see(&site, "Nobody outside has signed it yet. We promise that they will have by ");
	must_see(&site, "href=\"/return/note.promise\">Save the promise</a>");
	get(&site, "/return/note.promise");
	assert_true(str_starts(site.body, STR("candour/promise/v1\n")));
	witnesses_publish(f, &witnesses, WITNESSES);
	get(&site, "/return/status");
	must_see(&site, "Get the countersigned receipt");
	must_not_see(&site, "Save the promise");
	get(&site, "/return/note.promise");
	assert_int_equal(site.status, 404);
	get(&site, "/return/status");
	must_see(&site, "a.example/w b.example/w");
	get(&site, "/return/note.tlog-proof");
	must_see(&site, " a.example/w ");
	struct str proof = site.body;
	post_file(&site, "/verify", "file", "note.tlog-proof", str_to_c(f->arena, proof), "x", "");
	must_see(&site, "Outside witnesses have signed it too.");
	/* And what /verify offers is enough for a program to say so too. */
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	const struct log_policy *policy;
	struct log_receipt_found found;
	get(&site, "/verify");
	must_see(&site, "href=\"/verify/policy\"");
	must_see(&site, ">candour receipt note.tlog-proof --policy policy</p>");
	get(&site, "/verify/policy");
	MUST(f, log_policy_read(f->arena, site.body, &policy, &f->err));
	MUST(f, log_receipt_check(hasher, f->arena, proof, policy, NULL, &found, &f->err));
	assert_int_equal(found.result, LOG_RECEIPT_WITNESSED);
	witnesses_go(&witnesses);
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
	/* Told once, shortly; the list with its times stands behind it. */
	must_see(&site, "The team manager and the service manager have been told. If it is still owed at ");
	must_not_see(&site, "was told at");
	must_see(&site, "<details class=\"govuk-details\"><summary class=\"govuk-details__summary\"><span "
	                "class=\"govuk-details__summary-text\">Who has been told<span");
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

/* Where something can be typed, a page that leaves by itself would lose it (WCAG 2.2.1, 2.2.6); the
 * code on the screen is not left standing there. */
static void no_page_leaves_with_what_is_being_typed(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "x");
	struct site site = serve(f, NULL);
	get(&site, "/return");
	must_see(&site, "id=\"code\"");
	must_not_see(&site, "http-equiv");
	come_back(&site, &concern);
	must_see(&site, "id=\"more\"");
	must_not_see(&site, "http-equiv");
	post(&site, "/report/danger", "danger-now=no&about=child");
	post(&site, "/report/happening", "happening=y");
	must_not_see(&site, "http-equiv");
	post(&site, "/report/check", "");
	get(&site, "/report/done");
	must_see(&site, "<noscript><meta http-equiv=\"refresh\" content=\"600;url=/pause\"></noscript>");
	post(&site, "/report/done", "");
	get(&site, "/report/done");
	must_see(&site, "id=\"second\"");
	must_not_see(&site, "http-equiv");
	shut(&site);
}

/* What an office calls itself, its rules and its sources are words of those who work there. */
static void whoever_reported_reads_public_words_alone(void **state)
{
	static const char *const INSIDE[] = { "Desk 7", "Inspector of nights", "Answer what you were asked",
		                              "Working Together", "police-contact", "\"office\":{",
		                              "known_as", "\"gathering\"" };
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener"),
		      ada = person(f, "ada", "register-administrator");
	struct casebook_answer concern = report(f, "x");
	admitted(f, &ada.actor, "office.made", STR_NONE,
	         fields_of(f, "{'office':'desk-7','role':'police-contact','agency':'police','area':'north',"
	                      "'title':'Desk 7'}"));
	admitted(f, &ada.actor, "office.made", STR_NONE,
	         fields_of(f, "{'office':'nights','role':'police-sergeant','agency':'police','area':'north',"
	                      "'title':'Inspector of nights'}"));
	admitted(f, &amara.actor, "concern.asked", concern.file,
	         fields_of(f, "{'urgent':false,'lawful-basis':'public-task','question':'Known?',"
	                      "'office':'desk-7'}"));
	struct site site = serve(f, NULL);
	come_back(&site, &concern);
	must_see(&site, "Others tell us what they know</h3>");
	must_see(&site, "Owed by: the police contact desk at Northmere Police");
	for (size_t i = 0; i < COUNT_OF(INSIDE); i++)
		must_not_see(&site, INSIDE[i]);
	get_json(&site, "/return/status");
	must_see(&site, "\"state\":\"owed\"");
	must_see(&site, "\"office\":\"Police sergeant\"");
	for (size_t i = 0; i < COUNT_OF(INSIDE); i++)
		must_not_see(&site, INSIDE[i]);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_code_opens_what_is_owed),
		PROVES(whoever_comes_back_gets_the_receipt_that_others_signed_too),
		PROVES(every_way_of_typing_a_code_opens_it),
		PROVES(a_wrong_code_opens_nothing_and_says_the_same),
		PROVES(wrong_codes_of_one_address_wait_and_right_ones_of_others_do_not),
		PROVES(lateness_is_said_first_with_who_was_told),
		PROVES(no_page_leaves_with_what_is_being_typed),
		PROVES(whoever_reported_reads_public_words_alone),
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
	};
	return PROVE(tests);
}
