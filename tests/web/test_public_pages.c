/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Public pages beside the way of a report: the log, the API, words, figures, and a register that cannot write. */
#include "web/visitor.h"

#include "casebook/cosigned.h"
#include "store/store.h"

/* --- the log, C2SP tlog-tiles ----------------------------------------------------------------- */

/* Entries, a beat that publishes them, and a server; *size is what is published. */
static struct site serve_published(struct fixture *f, int reports, uint64_t *size)
{
	struct str rest, line;
	for (int i = 0; i < reports; i++)
		(void)report(f, "x");
	MUST(f, casebook_beat(f->book, &f->err));
	struct site site = serve(f, NULL);
	get(&site, "/log/checkpoint");
	assert_int_equal(site.status, 200);
	rest = site.body;
	(void)str_cut(&rest, '\n', &line);
	(void)str_cut(&rest, '\n', &line);
	assert_true(str_to_u64(line, 65535, size));
	return site;
}

static void must_be(struct site *site, const char *name, const char *value)
{
	struct str found = header(site, name);
	if (!str_eq(found, str_from_c(value)))
		fail_msg("%s: %.*s", name, STR_ARG(found));
}

static void the_log_is_served_as_far_as_it_is_published(void **state)
{
	struct fixture *f = *state;
	uint64_t size;
	struct site site = serve_published(f, 1, &size);
	assert_true(str_starts(site.body, STR("drill.northmere.example/register\n")));
	(void)report(f, "signed, and not published");
	get(&site, arena_format(f->arena, "/log/tile/0/000.p/%" PRIu64, size).p);
	assert_int_equal(site.status, 200);
	assert_int_equal(site.body.n, size * 32);
	get(&site, arena_format(f->arena, "/log/tile/entries/000.p/%" PRIu64, size).p);
	assert_int_equal(site.status, 200);
	assert_int_equal(site.body.n, size * 34);
	get(&site, arena_format(f->arena, "/log/tile/0/000.p/%" PRIu64, size + 1).p);
	assert_int_equal(site.status, 404);
	get(&site, arena_format(f->arena, "/log/tile/entries/000.p/%" PRIu64, size + 1).p);
	assert_int_equal(site.status, 404);
	shut(&site);
}

static void a_checkpoint_is_sent_again_only_when_it_changed(void **state)
{
	struct fixture *f = *state;
	uint64_t size;
	struct site site = serve_published(f, 1, &size);
	struct str etag = arena_copy(f->arena, header(&site, "ETag"));
	must_be(&site, "Cache-Control", "no-cache");
	must_be(&site, "Content-Type", "text/plain; charset=utf-8");
	static const char *const WAYS[] = { "", "\"another\", ", "W/" };
	for (size_t i = 0; i < COUNT_OF(WAYS); i++) {
		struct str way = arena_format(f->arena, "%s%.*s", WAYS[i], STR_ARG(etag));
		ask(&site, "GET", "/log/checkpoint", NULL,
		    arena_format(f->arena, "If-None-Match: %.*s\r\n", STR_ARG(way)).p, STR(""));
		assert_int_equal(site.status, 304);
		assert_int_equal(site.body.n, 0);
		must_be(&site, "Access-Control-Allow-Origin", "*");
	}
	(void)report(f, "more");
	MUST(f, casebook_beat(f->book, &f->err));
	ask(&site, "GET", "/log/checkpoint", NULL,
	    arena_format(f->arena, "If-None-Match: %.*s\r\n", STR_ARG(etag)).p, STR(""));
	assert_int_equal(site.status, 200);
	shut(&site);
}

static void names_of_the_log_are_taken_to_the_letter(void **state)
{
	struct fixture *f = *state;
	uint64_t size;
	struct site site = serve_published(f, 1, &size);
	static const char *const NONE[] = {
		"tile/0/000",
		"tile/0/000.p/255",
		"tile/0/000.p/0",
		"tile/0/000.p/01",
		"tile/64/000.p/1",
		"tile/1/000.p/1",
		"tile/0/000.p/1?a=b",
		"tile/0/000.p/1?",
		"tile/0/%30%30%30.p/1",
		"tile/0/000.p/1/",
		"tile/0//000.p/1",
		"tile/0/./000.p/1",
		"tile/1/../0/000.p/1",
		"tile/0/000.p/1%00",
		"tile/0/000.p/1%",
		"tile/0/000.p/1\xff",
		"tile/0/000.p/1\"<",
		"tile",
		"",
		"checkpoint/",
		"checkpoint?a=b&a=c",
		"checkpoint?",
		"check%70oint",
		"Checkpoint",
	};
	for (size_t i = 0; i < COUNT_OF(NONE); i++) {
		get(&site, arena_format(f->arena, "/log/%s", NONE[i]).p);
		if (site.status != 404)
			fail_msg("%s: %u", NONE[i], site.status);
		must_be(&site, "Cache-Control", "no-store");
		must_be(&site, "Access-Control-Allow-Origin", "*");
	}
	shut(&site);
}

static void the_log_is_only_read(void **state)
{
	struct fixture *f = *state;
	uint64_t size;
	struct site site = serve_published(f, 1, &size);
	static const char *const OTHERS[] = { "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE",
		                              "FETCH" };
	static const char *const PATHS[] = { "/log/checkpoint", "/log/tile/0/000.p/1", "/log/x" };
	for (size_t i = 0; i < COUNT_OF(OTHERS); i++) {
		ask(&site, OTHERS[i], PATHS[i % COUNT_OF(PATHS)], NULL, NULL, STR(""));
		if (site.status != 405)
			fail_msg("%s: %u", OTHERS[i], site.status);
		must_be(&site, "Allow", "GET, HEAD");
	}
	shut(&site);
}

static void the_head_of_a_tile_is_that_of_its_answer(void **state)
{
	struct fixture *f = *state;
	uint64_t size;
	struct site site = serve_published(f, 1, &size);
	struct str tile = arena_format(f->arena, "/log/tile/0/000.p/%" PRIu64, size);
	ask(&site, "HEAD", tile.p, NULL, "Accept-Encoding: gzip\r\n", STR(""));
	assert_int_equal(site.status, 200);
	assert_int_equal(site.body.n, 0);
	must_be(&site, "Content-Length", arena_format(f->arena, "%" PRIu64, size * 32).p);
	must_be(&site, "Content-Type", "application/octet-stream");
	must_be(&site, "Cache-Control", "public, max-age=31536000, immutable");
	must_be(&site, "Access-Control-Allow-Origin", "*");
	must_be(&site, "X-Content-Type-Options", "nosniff");
	assert_null(header(&site, "Set-Cookie").p);
	assert_null(header(&site, "Content-Encoding").p);
	ask(&site, "HEAD", "/log/checkpoint", NULL, NULL, STR(""));
	assert_int_equal(site.status, 200);
	assert_int_equal(site.body.n, 0);
	shut(&site);
}

static void nobody_is_known_by_a_cookie_where_the_log_is_read(void **state)
{
	struct fixture *f = *state;
	uint64_t size;
	struct site site = serve_published(f, 1, &size);
	ask(&site, "GET", "/log/checkpoint", NULL, "Cookie: candour=a; candour=b\r\n", STR(""));
	assert_int_equal(site.status, 200);
	assert_null(header(&site, "Set-Cookie").p);
	shut(&site);
}

/* A whole tile comes from memory the second time, and so does each beginning of it. */
static void a_whole_tile_answers_for_every_earlier_part_of_it(void **state)
{
	struct fixture *f = *state;
	uint64_t size;
	struct site site = serve_published(f, 270, &size);
	static const char *const LEVELS[] = { "0", "entries" };
	assert_true(size > 256);
	for (size_t i = 0; i < COUNT_OF(LEVELS); i++) {
		size_t each = i == 0 ? 32 : 34;
		const char *whole = arena_format(f->arena, "/log/tile/%s/000", LEVELS[i]).p;
		get(&site, arena_format(f->arena, "/log/tile/%s/000.p/77", LEVELS[i]).p);
		struct str before = arena_copy(f->arena, site.body);
		get(&site, whole);
		assert_int_equal(site.status, 200);
		assert_int_equal(site.body.n, 256 * each);
		struct str first = arena_copy(f->arena, site.body);
		get(&site, whole);
		assert_true(str_eq(site.body, first));
		get(&site, arena_format(f->arena, "/log/tile/%s/000.p/77", LEVELS[i]).p);
		assert_true(str_eq(site.body, str_sub(first, 0, 77 * each)));
		assert_true(str_eq(site.body, before));
	}
	get(&site, "/log/tile/0/001");
	assert_int_equal(site.status, 404);
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
	static const char *const STATUSES[] = { "201", "422", "429", "503" };
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

/* A quorum over what is left of a history says nothing good of it. */
static void figures_of_a_register_set_back_say_so(void **state)
{
	struct fixture *f = *state;
	struct witnesses witnesses;
	struct site site = serve(f, NULL);
	MUST(f, casebook_beat(f->book, &f->err));
	witnesses_ask(f, &witnesses);
	witnesses_publish(f, &witnesses, 2);
	get(&site, "/figures");
	must_see(&site, "Enough outside witnesses have signed all of it.");
	must_not_see(&site, "another history");
	get_json(&site, "/health");
	must_see(&site, "\"ok\":true");
	casebook_stop_forked(f->book);
	get(&site, "/figures");
	must_see(&site, "signed another history, or a longer one, than it shows now");
	must_not_see(&site, "signed all of it");
	must_not_see(&site, "Each receipt promises");
	get_json(&site, "/figures");
	must_see(&site, "\"is_forked\":true");
	must_see(&site, "\"is_met\":false");
	get_json(&site, "/health");
	must_see(&site, "\"ok\":false");
	witnesses_go(&witnesses);
	shut(&site);
}

/* By name, with what each signed last; and the promise that stands meanwhile. */
static void figures_tell_whether_others_can_check_the_log(void **state)
{
	struct fixture *f = *state;
	struct witnesses witnesses;
	struct site site = serve(f, NULL);
	get(&site, "/figures");
	must_see(&site, "Nothing is published of our log yet.");
	MUST(f, casebook_beat(f->book, &f->err));
	get(&site, "/figures");
	must_see(&site, "Nobody outside is asked to sign it.");
	must_see(&site, "holds its entry within 1 day.");
	witnesses_ask(f, &witnesses);
	witnesses_publish(f, &witnesses, 1);
	get(&site, "/figures");
	must_see(&site, "Not enough outside witnesses have signed all of it.</strong> They have signed nothing lately.");
	must_see(&site, ">b</th><td class=\"govuk-table__cell\" data-label=\"Signed last\">nothing lately</td>");
	must_see(&site, ">a</th><td class=\"govuk-table__cell\" data-label=\"Signed last\">Monday 21 September 2026, ");
	witnesses_publish(f, &witnesses, 2);
	get(&site, "/figures");
	must_see(&site, "Enough outside witnesses have signed all of it.");
	must_see(&site, "entries, the newest of Thursday 26 November 2026, 10am.");
	must_not_see(&site, "nothing lately");
	get_json(&site, "/figures");
	must_see(&site, "\"asks\":true,\"is_met\":true,\"has_quorum\":true");
	must_see(&site, "\"promise\":\"1 day\",\"promise_seconds\":86400,\"witnesses\":[{\"name\":\"a\",\"has_signed\":true");
	witnesses_go(&witnesses);
	shut(&site);
}

/* Whoever sees a phone used and the figures grow would know; the beat alone makes them grow. */
static void a_report_shows_in_the_figures_with_the_beat_and_not_before(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 8; i++)
		(void)report(f, "x");
	MUST(f, casebook_beat(f->book, &f->err));
	struct site site = serve(f, NULL);
	get(&site, "/figures");
	struct str before = arena_copy(f->arena, between(&site, "<h2 class=\"govuk-heading-m\">What is owed now?", "</table>"));
	for (int i = 0; i < 2; i++) {
		(void)report(f, "x");
		get(&site, "/figures");
		assert_true(str_eq(before, between(&site, "<h2 class=\"govuk-heading-m\">What is owed now?", "</table>")));
	}
	MUST(f, casebook_beat(f->book, &f->err));
	get(&site, "/figures");
	assert_false(str_eq(before, between(&site, "<h2 class=\"govuk-heading-m\">What is owed now?", "</table>")));
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
	must_see(&site, "The oldest still owed by law or guidance is");
	must_see(&site, "owed by the duty team.");
	must_not_see(&site, "Decide what happens next");
	must_see(&site, "Nothing fell due in July to September 2026.");
	shut(&site);
}

/* Three reports: nothing of what they asked for is told but that it was owed. */
static void what_was_owed_a_few_times_stands_apart(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 3; i++)
		(void)report(f, "x");
	later(f, 60 * INSTANT_PER_DAY);
	struct site site = serve(f, NULL);
	get(&site, "/figures");
	must_see(&site, "What was owed fewer than 6 times (");
	must_not_see(&site, "data-label=\"How many\">fewer than 6");
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
	must_not_see(&site, ">withheld</text>");
	must_see(&site, "not in a picture: 1 of the things that were owed.");
	/* Its numbers would be what is missing in the sum. */
	must_see(&site, "at least 7 things were owed");
	must_see(&site, "Of those 0 were done on time, 7 late. One thing more that law or guidance asks is not in these numbers");
	must_see(&site, "data-label=\"Late\">at least 7</td>");
	shut(&site);
}

/* Two rules of which neither may be told: their sum is, and the quarter does not look better than it was. */
static void the_sum_of_a_quarter_has_what_is_withheld_in_it(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	for (int i = 0; i < 7; i++) {
		struct casebook_answer concern = report(f, "x");
		struct str file = concern.file;
		if (i >= 3)
			continue;
		admitted(f, &amara.actor, "concern.looked", file,
		         fields_of(f, "{'danger':'possible','checked':['own-files']}"));
		admitted(f, &amara.actor, "concern.acknowledged", file, fields_of(f, "{'to':'referrer','how':'phone'}"));
		admitted(f, &amara.actor, "concern.decided", file,
		         fields_of(f, arena_format(f->arena,
		                                   "{'decision':'assess','threshold':'2025','reasons':'He said so.',"
		                                   "'evidence':[%" PRId64 "]}",
		                                   concern.index)
		                              .p));
	}
	later(f, 60 * INSTANT_PER_DAY);
	struct site site = serve(f, NULL);
	get(&site, "/figures");
	must_see(&site, "14 things were owed by law or guidance on time. 6 were done on time, 8 late.");
	must_see(&site, "data-label=\"In time\">withheld</td>");
	must_not_see(&site, "not in these numbers");
	must_not_see(&site, "data-label=\"Late\">3</td>");
	must_not_see(&site, "data-label=\"Late\">4</td>");
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
		PROVES(the_log_is_served_as_far_as_it_is_published),
		PROVES(a_checkpoint_is_sent_again_only_when_it_changed),
		PROVES(names_of_the_log_are_taken_to_the_letter),
		PROVES(the_log_is_only_read),
		PROVES(the_head_of_a_tile_is_that_of_its_answer),
		PROVES(nobody_is_known_by_a_cookie_where_the_log_is_read),
		PROVES(a_whole_tile_answers_for_every_earlier_part_of_it),
		PROVES(what_can_be_asked_is_described_from_routes_and_pack),
		PROVES(what_is_kept_says_who_keeps_it_and_how_long),
		PROVES(pages_of_words_are_there),
		PROVES(figures_of_a_register_set_back_say_so),
		PROVES(figures_tell_whether_others_can_check_the_log),
		PROVES(a_report_shows_in_the_figures_with_the_beat_and_not_before),
		PROVES(figures_too_small_are_not_told),
		PROVES(the_sum_of_a_quarter_has_what_is_withheld_in_it),
		PROVES(what_was_owed_a_few_times_stands_apart),
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
