/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The public's other roads: a missing child, a complaint, wrongdoing and a warning, by packs/england. */
#include "casebook/changed_pack.h"
#include "web/visitor.h"

#define CANARY "xylocanary"

static void found_by_england(struct fixture *f)
{
	static const char *const folders[] = { "packs" };
	const struct pack_bytes *pack = NULL;
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &pack, &f->err));
	found_by(f, pack);
}

static struct casebook_entry newest_of(struct fixture *f, const char *kind)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_entry entry, found = { .index = -1 };
	struct casebook_health health;
	MUST(f, casebook_health(reader, &health, &f->err));
	for (int64_t i = 0; i < health.entries; i++) {
		MUST(f, casebook_entry_get(reader, f->arena, i, &entry, &f->err));
		if (str_eq(entry.kind, str_from_c(kind)))
			found = entry;
	}
	return found;
}

/* The path of the road that the page calls so. */
static const char *road(struct site *site, const char *words)
{
	struct str body = site->body;
	size_t end = str_find_str(body, arena_format(site->f->arena, "\">%s</a>", words));
	assert_true(end < body.n);
	size_t from = end;
	while (from > 0 && body.p[from - 1] != '"')
		from--;
	return str_to_c(site->f->arena, str_sub(body, from, end - from));
}

static const char *on(struct site *site, const char *path, const char *page)
{
	return str_to_c(site->f->arena, arena_format(site->f->arena, "%s/%s", path, page));
}

/* Each page in its turn; the last leads to `last`. */
static void answer_pages(struct site *site, const char *path, const char *const *answers, size_t count,
                         const char *last)
{
	for (size_t i = 0; i < count; i++) {
		char page[24], next[24];
		(void)snprintf(page, sizeof page, "%zu", i + 1);
		(void)snprintf(next, sizeof next, "%zu", i + 2);
		get(site, on(site, path, page));
		assert_int_equal(site->status, 200);
		assert_true(str_starts(title(site), STR("Question ")));
		must_see(site, "tel:999");
		post(site, on(site, path, page), answers[i]);
		must_lead_to(site, on(site, path, i + 1 == count ? last : next));
	}
}

/* Until the answers stand there once more. */
static void answer_all(struct site *site, const char *path, const char *const *answers, size_t count)
{
	answer_pages(site, path, answers, count, "check");
	get(site, on(site, path, "check"));
	must_see(site, "You have not sent it yet.");
}

/* Sends it, and comes back with the code that the page shows. */
static void send_and_return(struct site *site, const char *path)
{
	struct fixture *f = site->f;
	post(site, on(site, path, "check"), "keep-words=1");
	must_lead_to(site, "/report/done");
	get(site, "/report/done");
	must_see(site, "We have it");
	must_not_see(site, "Add something"); /* no more words fit such a file: it is told again */
	must_not_see(site, "write to us again");
	struct str list = between(site, "class=\"cd-code\"", "</ol>"), code = STR("code=");
	for (int i = 0; i < 5; i++) {
		list = str_sub(list, str_find_str(list, STR("<li>")) + 4, list.n);
		code = arena_format(f->arena, "%.*s%s%.*s", STR_ARG(code), i ? "+" : "",
		                    STR_ARG(str_sub(list, 0, str_find(list, '<'))));
	}
	post(site, "/report/done", "");
	post(site, "/return/status", str_to_c(f->arena, code));
	must_lead_to(site, "/return/status");
	get(site, "/return/status");
	assert_int_equal(site->status, 200);
	must_see(site, "Tell us again</a>: both are kept.");
}

static void a_missing_child_is_told_and_followed_by_code(void **state)
{
	static const char *const ANSWERS[] = {
		"since-d=15&since-m=6&since-y=2025&since-t=21%3A30", "from=unknown", "reported-by=neighbour", "",
		"earlier-not-reported=", "description=" CANARY "+green+coat", "last-seen=The+bus+station",
	};
	struct fixture *f = *state;
	found_by_england(f);
	struct site site = serve(f, NULL);
	site.canary = CANARY;
	get(&site, "/");
	const char *path = road(&site, "A child is missing");
	get(&site, path);
	must_see(&site, "Call 999 if you think the child is in danger");
	answer_all(&site, path, ANSWERS, COUNT_OF(ANSWERS));
	must_see(&site, CANARY " green coat");
	must_see(&site, "A neighbour");
	must_see(&site, "Sunday 15 June 2025");
	/* Who does not know from where says so, and need not guess. */
	must_see(&site, "I do not know");
	must_see(&site, "Left out");
	send_and_return(&site, path);
	must_see(&site, "You have told us that a child is missing.");
	must_not_see(&site, CANARY);
	struct casebook_entry entry = newest_of(f, "missing.reported");
	assert_int_equal(entry.by, CASEBOOK_BY_PUBLIC);
	assert_true(str_eq(json_text(entry.plain, STR("reported-by")), STR("neighbour")));
	assert_true(str_eq(json_text(entry.plain, STR("since")), STR("2025-06-15T20:30:00Z")));
	shut(&site);
}

static void what_is_not_as_it_must_be_is_said_on_its_page(void **state)
{
	struct fixture *f = *state;
	found_by_england(f);
	struct site site = serve(f, NULL);
	get(&site, "/");
	const char *path = road(&site, "A child is missing");
	post(&site, on(&site, path, "1"), "");
	assert_int_equal(site.status, 422);
	must_see(&site, "Write an answer: When was the child last seen?");
	post(&site, on(&site, path, "1"), "since-d=31&since-m=2&since-y=2026&since-t=9:00");
	assert_int_equal(site.status, 422);
	must_see(&site, "When was the child last seen? It must be a real date and time");
	must_see(&site, "value=\"31\"");
	post(&site, on(&site, path, "2"), "from=%3Cb%3E");
	assert_int_equal(site.status, 422);
	must_see(&site, "? Choose one of the answers");
	/* A code of the list that is not offered to the public. */
	post(&site, on(&site, path, "3"), "reported-by=court");
	assert_int_equal(site.status, 422);
	get(&site, on(&site, path, "99"));
	assert_int_equal(site.status, 404);
	get(&site, "/tell/99");
	assert_int_equal(site.status, 404);
	get(&site, on(&site, path, "check"));
	must_lead_to(&site, path);
	/* Nothing but the first page is answered: the rest is asked for before it is sent. */
	post(&site, on(&site, path, "2"), "from=home");
	get(&site, on(&site, path, "check"));
	post(&site, on(&site, path, "check"), "");
	assert_int_equal(site.status, 422);
	must_see(&site, "When was the child last seen?");
	assert_int_equal(newest_of(f, "missing.reported").index, -1);
	shut(&site);
}

static void a_worker_knows_whether_the_child_is_looked_after(void **state)
{
	struct fixture *f = *state;
	found_by_england(f);
	struct site site = serve(f, NULL);
	get(&site, "/");
	const char *path = road(&site, "A child is missing");
	post(&site, on(&site, path, "3"), "reported-by=school");
	post(&site, on(&site, path, "4"), "");
	assert_int_equal(site.status, 422);
	post(&site, on(&site, path, "4"), "looked-after=yes");
	must_lead_to(&site, on(&site, path, "5"));
	shut(&site);
}

static void whoever_complains_reads_what_became_of_it(void **state)
{
	static const char *const ANSWERS[] = {
		"by=parent", "advocate-offered=no", "about-office=social-worker",
		"event-d=1&event-m=6&event-y=2025", "words=Nobody+called+me+back.", "wants=An+answer", "name=", "contact=",
	};
	struct fixture *f = *state;
	found_by_england(f);
	struct site site = serve(f, NULL);
	get(&site, "/");
	const char *path = road(&site, "Make a complaint");
	answer_all(&site, path, ANSWERS, COUNT_OF(ANSWERS));
	send_and_return(&site, path);
	must_see(&site, "Your complaint has arrived. It must be answered within ten working days.");
	must_not_see(&site, "Is somebody in danger right now?"); /* what is added to a concern */
	must_not_see(&site, "My complaint was not answered well"); /* stage one still has its time */
	shut(&site);
}

static void wrongdoing_is_told_without_a_name_in_any_address(void **state)
{
	static const char *const ANSWERS[] = {
		"about=concealment&about=other", "line=team-manager", "prescribed=none",
		"words=" CANARY "+was+hidden",
	};
	struct fixture *f = *state;
	found_by_england(f);
	struct site site = serve(f, NULL);
	site.canary = CANARY;
	get(&site, "/");
	const char *path = road(&site, "I work here, and something is wrong");
	assert_true(str_starts(str_from_c(path), STR("/tell/")));
	assert_int_equal(strlen(path), strlen("/tell/1"));
	answer_pages(&site, path, ANSWERS, COUNT_OF(ANSWERS), "5");
	get(&site, on(&site, path, "5"));
	must_see(&site, "Do not send a sexual picture of anybody under 18.");
	post_file(&site, on(&site, path, "5"), "files", "minutes.txt", "hidden", "x", "");
	must_lead_to(&site, on(&site, path, "6"));
	post(&site, on(&site, path, "6"), "name=");
	must_lead_to(&site, on(&site, path, "check"));
	get(&site, on(&site, path, "check"));
	must_see(&site, "minutes.txt");
	must_see(&site, "Something is hidden");
	send_and_return(&site, path);
	must_see(&site, "Your report has arrived. One person outside the line you named reads it.");
	struct casebook_entry entry = newest_of(f, "disclosure.made");
	assert_int_equal(entry.by, CASEBOOK_BY_PUBLIC);
	assert_int_equal(json_member(entry.plain, STR("line"))->count, 1);
	/* Behind the code: what is done to whoever spoke. */
	const char *next = road(&site, "I am treated worse for telling you");
	static const char *const MORE[] = { "how=other", "since-d=2&since-m=6&since-y=2025", "words=They+moved+me." };
	get(&site, next);
	assert_int_equal(site.status, 200);
	answer_all(&site, next, MORE, COUNT_OF(MORE));
	must_not_see(&site, "keep-words");
	post(&site, on(&site, next, "check"), "");
	must_lead_to(&site, "/return/status");
	get(&site, "/return/status");
	must_see(&site, "We have what you sent.");
	must_see(&site, "The chief executive must answer for what is done to you.");
	assert_true(newest_of(f, "detriment.reported").index > entry.index);
	shut(&site);
}

static void without_a_code_nothing_is_added(void **state)
{
	struct fixture *f = *state;
	found_by_england(f);
	struct site site = serve(f, NULL);
	get(&site, "/return/say/1");
	must_lead_to(&site, "/return");
	post(&site, "/return/say/1/1", "how=shunned");
	must_lead_to(&site, "/return");
	shut(&site);
}

static void one_road_leaves_what_another_holds(void **state)
{
	static const char *const ANSWERS[] = {
		"by=other", "advocate-offered=no", "", "", "words=Nobody+called.", "", "", "",
	};
	struct fixture *f = *state;
	found_by_england(f);
	struct site site = serve(f, NULL);
	post(&site, "/report/danger", "danger-now=no&about=child");
	post(&site, "/report/happening", "happening=She+is+" CANARY);
	get(&site, "/");
	const char *path = road(&site, "Make a complaint");
	answer_all(&site, path, ANSWERS, COUNT_OF(ANSWERS));
	post(&site, on(&site, path, "check"), "");
	must_lead_to(&site, "/report/done");
	post(&site, "/report/done", "");
	get(&site, "/report/happening");
	must_see(&site, CANARY);
	/* And what is left is gone at once. */
	post(&site, on(&site, path, "1"), "by=parent");
	post(&site, on(&site, path, "1"), "leave=1");
	must_lead_to(&site, "/");
	get(&site, on(&site, path, "1"));
	must_not_see(&site, " checked");
	shut(&site);
}

static void twice_sent_is_sent_once(void **state)
{
	static const char *const ANSWERS[] = {
		"by=other", "advocate-offered=no", "", "", "words=Nobody+called.", "", "", "",
	};
	struct fixture *f = *state;
	found_by_england(f);
	struct site site = serve(f, NULL);
	get(&site, "/");
	const char *path = road(&site, "Make a complaint");
	answer_all(&site, path, ANSWERS, COUNT_OF(ANSWERS));
	struct str again = arena_format(f->arena, "submission=%.*s",
	                                STR_ARG(between(&site, "name=\"submission\" value=\"", "\"")));
	struct site before = site; /* the same page in another window, with the cookie it had */
	post(&site, on(&site, path, "check"), "");
	must_lead_to(&site, "/report/done");
	int64_t first = newest_of(f, "complaint.made").index;
	post(&before, on(&before, path, "check"), str_to_c(f->arena, again));
	must_lead_to(&before, "/report/done");
	assert_int_equal(newest_of(f, "complaint.made").index, first);
	shut(&site);
}

static void a_program_tells_it_at_once(void **state)
{
	struct fixture *f = *state;
	found_by_england(f);
	struct site site = serve(f, NULL);
	post_json(&site, "/tell/warning.lodged", "k1",
	          "{'author':'academic','addressed':['dcs'],'subject':['neglect'],'text':'Forty children.'}");
	assert_int_equal(site.status, 201);
	assert_true(json_text(answer_of(&site), STR("code")).n > 10);
	assert_int_equal(newest_of(f, "warning.lodged").by, CASEBOOK_BY_PUBLIC);
	post_json(&site, "/tell/complaint.made", NULL, "{'by':'parent','child':'P-1'}");
	assert_int_equal(site.status, 422);
	must_see(&site, "There is no field");
	post_json(&site, "/tell/concern.decided", NULL, "{}");
	assert_int_equal(site.status, 404);
	shut(&site);
}

/* The small pack of the tests lets the public report a concern, and nothing else. */
static void a_pack_without_such_roads_offers_none(void **state)
{
	struct site site = serve(*state, NULL);
	get(&site, "/");
	must_not_see(&site, "Tell us something else");
	must_not_see(&site, "/tell/");
	get(&site, "/tell/1");
	assert_int_equal(site.status, 404);
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_missing_child_is_told_and_followed_by_code),
		PROVES(what_is_not_as_it_must_be_is_said_on_its_page),
		PROVES(a_worker_knows_whether_the_child_is_looked_after),
		PROVES(whoever_complains_reads_what_became_of_it),
		PROVES(wrongdoing_is_told_without_a_name_in_any_address),
		PROVES(without_a_code_nothing_is_added),
		PROVES(one_road_leaves_what_another_holds),
		PROVES(twice_sent_is_sent_once),
		PROVES(a_program_tells_it_at_once),
		PROVES(a_pack_without_such_roads_offers_none),
	};
	return PROVE(tests);
}
