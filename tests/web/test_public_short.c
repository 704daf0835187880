/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* POST /report: a whole report at once, and what is refused of it. */
#include "web/visitor.h"

static int64_t entries_of(struct fixture *f)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_health health;
	MUST(f, casebook_health(reader, &health, &f->err));
	return health.entries;
}

static void a_report_as_json_is_answered_with_its_code(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	struct casebook_code code;
	post_json(&site, "/report", "key-1",
	          "{'happening':'He is alone at night.','child':'Al','danger':'unsure','where':'Mill "
	          "Lane','when':'now','words':'help','name':'Bo','contact':'07700 900 982'}");
	assert_int_equal(site.status, 201);
	assert_true(str_eq(header(&site, "Content-Type"), STR("application/json")));
	const struct json *answer = answer_of(&site);
	assert_int_equal(answer->count, 8);
	MUST(f, casebook_code_read(json_text(answer, STR("code")), &code, &f->err));
	assert_true(id_is(json_text(answer, STR("file"))));
	assert_true(str_eq(json_text(answer, STR("status")), STR("/return")));
	instant received;
	assert_true(instant_read(json_text(answer, STR("received")), &received));

	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_file file;
	struct casebook_entry entry;
	MUST(f, casebook_file_by_code(reader, f->arena, &code, &file, &f->err));
	assert_true(str_eq(file.id, json_text(answer, STR("file"))));
	MUST(f, casebook_entry_get(reader, f->arena, json_number(answer, STR("index"), -1), &entry,
	                           &f->err));
	assert_true(str_eq(entry.kind, STR("concern.received")));
	assert_true(str_eq(json_text(entry.plain, STR("source")), STR("public")));
	assert_true(str_eq(json_text(entry.plain, STR("danger-now")), STR("unknown")));
	assert_true(str_eq(json_text(entry.plain, STR("channel")), STR("web")));
	assert_true(str_eq(json_text(entry.plain, STR("via")), STR("api")));
	assert_true(str_eq(json_text(entry.plain, STR("harm-sign")), STR("unknown")));
	shut(&site);
}

/* L3; tlog.md 12: the proof comes with the code, and until the quorum signed, the promise with it. */
static void a_report_as_json_is_answered_with_its_proof(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	const struct log_policy *policy;
	struct log_receipt_found found;
	struct log_promise promise;
	struct log_vkey key;
	post_json(&site, "/report", NULL, "{'happening':'He is alone at night.'}");
	const struct json *answer = answer_of(&site);
	MUST(f, log_policy_of_key(f->arena, casebook_vkey(f->book), &policy, &f->err));
	MUST(f, log_receipt_check(hasher, f->arena, json_text(answer, STR("receipt")), policy, NULL, &found, &f->err));
	assert_int_equal(found.result, LOG_RECEIPT_SIGNED);
	assert_int_equal(found.header.index, json_number(answer, STR("index"), -1));
	MUST(f, log_vkey_read(f->arena, json_text(answer, STR("promise_key")), &key, &f->err));
	MUST(f, log_promise_open(f->arena, json_text(answer, STR("promise")), &key, &promise, &f->err));
	assert_int_equal(promise.index, json_number(answer, STR("index"), -1));
	assert_int_equal(promise.recorded, found.header.recorded);
	shut(&site);
}

static void a_worry_with_nothing_but_words_is_taken(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	post_json(&site, "/report", NULL, "{'happening':'Something is wrong next door.'}");
	assert_int_equal(site.status, 201);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_entry entry;
	MUST(f, casebook_entry_get(reader, f->arena, json_number(answer_of(&site), STR("index"), -1),
	                           &entry, &f->err));
	assert_true(str_eq(json_text(entry.plain, STR("source")), STR("anonymous")));
	shut(&site);
}

static void the_same_key_with_the_same_report_is_one_entry(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	post_json(&site, "/report", "key-2", "{'happening':'He is alone.'}");
	struct str first = site.body;
	int64_t entries = entries_of(f);
	post_json(&site, "/report", "key-2", "{'happening':'He is alone.'}");
	assert_int_equal(site.status, 201);
	assert_true(str_eq(site.body, first));
	assert_int_equal(entries_of(f), entries);
	shut(&site);
}

static void a_key_that_somebody_else_used_stops_no_report(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	post_json(&site, "/report", "key-3", "{'happening':'x'}");
	struct str theirs = json_text(answer_of(&site), STR("code"));
	post_json(&site, "/report", "key-3", "{'happening':'She is alone.'}");
	assert_int_equal(site.status, 201);
	struct str first = site.body;
	int64_t entries = entries_of(f);
	assert_false(str_eq(json_text(answer_of(&site), STR("code")), theirs));
	post_json(&site, "/report", "key-3", "{'happening':'She is alone.'}");
	assert_true(str_eq(site.body, first));
	assert_int_equal(entries_of(f), entries);
	shut(&site);
}

static void the_same_words_of_two_people_are_two_entries(void **state)
{
	struct site site = serve(*state, NULL);
	post_json(&site, "/report", NULL, "{'happening':'He is alone.'}");
	struct str first = json_text(answer_of(&site), STR("code"));
	post_json(&site, "/report", NULL, "{'happening':'He is alone.'}");
	assert_int_equal(site.status, 201);
	assert_false(str_eq(json_text(answer_of(&site), STR("code")), first));
	shut(&site);
}

static void what_is_no_report_is_refused_and_leaves_nothing(void **state)
{
	static const struct {
		const char *json;
		unsigned status;
		const char *says;
	} CASES[] = {
		{ "{'happening':'x','colour':'red'}", 422, "is not part of a report" },
		{ "{'happening':'x','said':'x'}", 422, "is not part of a report" },
		{ "{'happening':'x','danger':'perhaps'}", 422, "must be yes, no or unsure" },
		{ "{'happening':''}", 422, "Write something about what is happening" },
		{ "{'happening':' \\n '}", 422, "Write something about what is happening" },
		{ "{}", 422, "Write something about what is happening" },
		{ "{'happening':7}", 422, "must be text" },
		{ "{'happening':['x']}", 422, "must be text" },
		{ "{'happening':'x','child':{'name':'Al'}}", 422, "must be text" },
		{ "['x']", 422, "A report is one object" },
		{ "'x'", 422, "A report is one object" },
		{ "null", 422, "A report is one object" },
		{ "{'happening':'x'", 422, "ends too early" },
		{ "{'happening':'x'} 1", 422, "JSON" },
		{ "{'happening':'x','happening':'y'}", 422, "JSON" },
		{ "{'happening':'\\ud800'}", 422, "JSON" },
		{ "{'happening':'x\\u0000'}", 422, "" },
		{ "", 422, "" },
	};
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	int64_t entries = entries_of(f);
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		post_json(&site, "/report", NULL, CASES[i].json);
		if (site.status != CASES[i].status)
			fail_msg("%s: %u, not %u: %.*s", CASES[i].json, site.status,
			         CASES[i].status, STR_ARG(site.body));
		must_see(&site, CASES[i].says);
		if (strstr(CASES[i].says, "must be text") || strstr(CASES[i].says, "one object"))
			must_not_see(&site, "Write something"); /* one cause, said once */
		assert_int_equal(entries_of(f), entries);
	}
	ask(&site, "POST", "/report", "application/json", NULL, STR("{\"happening\":\"\xff\"}"));
	assert_int_equal(site.status, 422);
	ask(&site, "POST", "/report", "text/plain", NULL, STR("{\"happening\":\"x\"}"));
	assert_int_equal(site.status, 415);
	ask(&site, "POST", "/report", "application/json", NULL, STR("\xff"));
	assert_int_equal(site.status, 422);
	must_see(&site, "\"errors\":[{");
	must_see(&site, "line 1, column 1");
	ask(&site, "POST", "/report", "application/json", "Idempotency-Key: a b\r\n", STR("{}"));
	assert_int_equal(site.status, 400);
	must_see(&site, "Idempotency-Key must be 1 to 128 letters");
	ask(&site, "POST", "/report", "application/json", "Idempotency-Key: \x01\r\n", STR("{}"));
	assert_int_equal(site.status, 400);
	assert_int_equal(entries_of(f), entries);
	shut(&site);
}

static void words_past_their_limit_are_refused_by_name(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	char *json = arena_alloc(f->arena, 50000, 1);
	memcpy(json, "{'happening':'", 14);
	memset(json + 14, 'w', 10001);
	memcpy(json + 14 + 10001, "'}", 3);
	post_json(&site, "/report", NULL, json);
	assert_int_equal(site.status, 422);
	must_see(&site, "\"field\":\"happening\"");
	must_see(&site, "must be 10,000 characters or fewer. You have 10,001");
	memcpy(json + 14 + 10000, "'}", 3); /* as long as the page takes */
	post_json(&site, "/report", NULL, json);
	assert_int_equal(site.status, 201);
	shut(&site);
}

static void a_report_by_form_leads_to_its_code(void **state)
{
	struct site site = serve(*state, NULL);
	post(&site, "/report", "happening=He+is+alone&danger=no");
	must_lead_to(&site, "/report/done");
	get(&site, "/report/done");
	must_see(&site, "Your code");
	post(&site, "/report", "happenin=x");
	assert_int_equal(site.status, 422);
	must_see(&site, "is not part of a report");
	post(&site, "/report", "happening=x&happening=y");
	assert_int_equal(site.status, 422);
	shut(&site);
}

static void a_form_may_be_answered_as_json(void **state)
{
	struct site site = serve(*state, NULL);
	ask(&site, "POST", "/report", "application/x-www-form-urlencoded",
	    "Sec-Fetch-Site: same-origin\r\nAccept: application/json\r\n", STR("happening=x"));
	assert_int_equal(site.status, 201);
	assert_true(json_text(answer_of(&site), STR("code")).n > 0);
	shut(&site);
}

/* A proxy in front: its addresses are counted, each for itself. */
static void too_many_reports_of_one_address_wait(void **state)
{
	static const struct web_config BEHIND = { .proxy_secret = { "between us", 10 },
		                                  .has_limits = true,
		                                  .reports_a_minute = 2,
		                                  .codes_a_minute = 2,
		                                  .sign_ins_a_minute = 2 };
	struct fixture *f = *state;
	struct site site = serve(f, &BEHIND);
	site.extra = "X-Candour-Proxy: between us\r\nX-Forwarded-For: 192.0.2.7\r\n";
	for (int i = 0; i < 2; i++) {
		post_json(&site, "/report", NULL, "{'happening':'x'}");
		assert_int_equal(site.status, 201);
	}
	int64_t entries = entries_of(f);
	post_json(&site, "/report", NULL, "{'happening':'x'}");
	assert_int_equal(site.status, 429);
	assert_true(header(&site, "Retry-After").n > 0);
	assert_int_equal(entries_of(f), entries);
	site.extra = "X-Candour-Proxy: between us\r\nX-Forwarded-For: 192.0.2.8\r\n";
	post_json(&site, "/report", NULL, "{'happening':'x'}");
	assert_int_equal(site.status, 201);
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_report_as_json_is_answered_with_its_code),
		PROVES(a_report_as_json_is_answered_with_its_proof),
		PROVES(a_worry_with_nothing_but_words_is_taken),
		PROVES(the_same_key_with_the_same_report_is_one_entry),
		PROVES(a_key_that_somebody_else_used_stops_no_report),
		PROVES(the_same_words_of_two_people_are_two_entries),
		PROVES(what_is_no_report_is_refused_and_leaves_nothing),
		PROVES(words_past_their_limit_are_refused_by_name),
		PROVES(a_report_by_form_leads_to_its_code),
		PROVES(a_form_may_be_answered_as_json),
		PROVES(too_many_reports_of_one_address_wait),
	};
	return PROVE(tests);
}
