/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The whole of packs/england in the browser: each kind that begins a file
 * begins one, from what its fields ask for, and every kind of every type of
 * file opens its form, or says why it is not given, to offices that may make it.
 */
#include "web/desk.h"

#include "web/practice.h"

#include "casebook/changed_pack.h"
#include "people/people.h"

#define FILES_MAX 64
#define TRIES     4

struct known {
	struct fixture *f;
	const struct pack *pack;
	struct casebook_answer at[FILES_MAX]; /* files that were begun */
	const struct pack_file_type *type[FILES_MAX];
	size_t count;
	struct person worker;
};

static void found_by_england(struct fixture *f)
{
	static const char *const folders[] = { "packs" };
	const struct pack_bytes *pack = NULL;
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &pack, &f->err));
	found_by(f, pack);
}

static struct json *value_of(struct known *known, const struct pack_field *field);

static struct json *row_of(struct known *known, const struct pack_field *field)
{
	struct json *rows = json_array(known->f->arena), *row = json_object(known->f->arena);
	for (size_t i = 0; i < field->column_count; i++)
		json_put(row, field->columns[i].name, value_of(known, &field->columns[i]));
	json_push(rows, row);
	return rows;
}

static struct json *file_of(struct known *known, const struct pack_field *field)
{
	for (size_t i = 0; i < known->count; i++)
		if (!field->of_file_types || field->of_file_types >> known->type[i]->number & 1)
			return json_string(known->f->arena, known->at[i].file);
	return NULL;
}

/* Something that the field takes; NULL: nothing yet. */
static struct json *value_of(struct known *known, const struct pack_field *field)
{
	struct fixture *f = known->f;
	struct arena *arena = f->arena;
	struct json *list = NULL, *value = NULL;
	struct day today = zone_day(known->pack->zone, casebook_now(f->book));
	switch (field->type) {
	case PACK_CODE:
	case PACK_CODES:
		value = json_string(arena, field->list->codes[0].code);
		break;
	case PACK_YES:
		value = json_string(arena, STR("no"));
		break;
	case PACK_INTEGER:
		value = json_integer(arena, field->min > 0 ? field->min : 1);
		break;
	case PACK_DATE:
		value = json_string(arena, day_write(arena, today));
		break;
	case PACK_INSTANT:
		value = json_string(arena, instant_write(arena, casebook_now(f->book)));
		break;
	case PACK_MONTH:
		value = json_string(arena, STR("2012-05"));
		break;
	case PACK_OFFICE:
		value = json_string(arena, STR("social-worker"));
		break;
	case PACK_FILE:
		value = file_of(known, field);
		break;
	case PACK_ROWS:
		return row_of(known, field);
	case PACK_VERSION:
	case PACK_TEXT:
	case PACK_WORDS:
	case PACK_NAME:
	case PACK_ADDRESS:
	case PACK_IDENTIFIER:
		value = json_string(arena, STR("Something"));
		break;
	case PACK_ENTRY:
	case PACK_DUTY:
	case PACK_ATTACHMENT:
		break;
	}
	if (!value || (!field->is_repeated && field->type != PACK_CODES))
		return value;
	list = json_array(arena);
	json_push(list, value);
	return list;
}

static struct json *fields_for(struct known *known, const struct pack_kind *kind)
{
	struct json *fields = json_object(known->f->arena);
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		struct json *value = field->required == PACK_OPTIONAL && field->type != PACK_FILE
		                             ? NULL
		                             : value_of(known, field);
		if (value && !field->retired.p)
			json_put(fields, field->name, value);
	}
	return fields;
}

static bool may_worker(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++)
		if (kind->by[i].sort == PACK_BY_ANYONE ||
		    (kind->by[i].sort == PACK_BY_ROLE && str_eq(kind->by[i].role->name, STR("social-worker"))))
			return true;
	return false;
}

static bool is_begun(const struct known *known, const struct pack_kind *kind)
{
	for (size_t i = 0; i < known->count; i++)
		if (kind->file_types >> known->type[i]->number & 1)
			return true;
	return false;
}

/* What is about another file waits for that. */
static size_t begin_all(struct known *known, bool must)
{
	size_t begun = 0;
	for (size_t k = 0; k < known->pack->kind_count; k++) {
		const struct pack_kind *kind = &known->pack->kinds[k];
		if (!kind->may_begin || kind->is_built_in || !may_worker(kind) || is_begun(known, kind))
			continue;
		struct casebook_answer answer =
			act(known->f, &known->worker.actor, str_to_c(known->f->arena, kind->name), STR_NONE,
		            fields_for(known, kind));
		if (answer.outcome != CASEBOOK_ADMITTED) {
			if (must)
				fixture_must_admit(&answer, str_to_c(known->f->arena, kind->name));
			continue;
		}
		known->at[known->count] = answer;
		known->type[known->count++] = file_named(known->f, answer.file).type;
		begun++;
	}
	return begun;
}

/* Every act that the rows of a page offer for what is owed can be made there. */
static size_t duty_links_open(struct site *site, const struct casebook_answer *file)
{
	struct str mark = STR("cd-duty__act\"><a class=\"govuk-link\" href=\"");
	struct str rest, href;
	size_t count = 0;
	get(site, path_on(site, file, ""));
	rest = arena_copy(site->f->arena, site->body);
	for (size_t at; (at = str_find_str(rest, mark)) < rest.n; count++) {
		rest = str_sub(rest, at + mark.n, rest.n);
		if (!str_cut(&rest, '"', &href))
			break;
		get(site, str_to_c(site->f->arena, href));
		if (site->status != 200)
			fail_msg("%.*s: %u", STR_ARG(href), site->status);
	}
	return count;
}

static void every_kind_of_every_file_has_a_form_in_the_browser(void **state)
{
	struct fixture *f = *state;
	struct known *known = calloc(1, sizeof *known);
	assert_non_null(known);
	known->f = f;
	size_t forms = 0, asked = 0, owed = 0;
	found_by_england(f);
	known->pack = casebook_pack(f->book);
	known->worker = person(f, "sunita", "social-worker");
	for (int i = 0; i < TRIES && begin_all(known, false) > 0; i++)
		continue;
	(void)begin_all(known, true);
	assert_true(known->count >= 10);
	struct site site = serve(f, NULL);
	sign_in(&site, "sunita", &known->worker);
	for (size_t i = 0; i < known->count; i++) {
		owed += duty_links_open(&site, &known->at[i]);
		get(&site, path_on(&site, &known->at[i], ""));
		assert_int_equal(site.status, 200);
		get(&site, path_on(&site, &known->at[i], "chronology"));
		assert_int_equal(site.status, 200);
		for (size_t k = 0; k < known->pack->kind_count; k++) {
			const struct pack_kind *kind = &known->pack->kinds[k];
			if (kind->is_built_in || kind->may_begin || !may_worker(kind) ||
			    !(kind->file_types >> known->type[i]->number & 1))
				continue;
			get(&site, path_on(&site, &known->at[i], str_to_c(f->arena, kind->name)));
			if (site.status != 200 && site.status != 403 && site.status != 409)
				fail_msg("%.*s on a %.*s: %u", STR_ARG(kind->name),
				         STR_ARG(known->type[i]->name), site.status);
			forms += site.status == 200;
			asked++;
		}
	}
	for (size_t k = 0; k < known->pack->kind_count; k++) {
		const struct pack_kind *kind = &known->pack->kinds[k];
		if (!kind->may_begin || kind->is_built_in)
			continue;
		get(&site, arena_format(f->arena, "/files/new/%.*s", STR_ARG(kind->name)).p);
		assert_int_equal(site.status, may_worker(kind) ? 200 : 403);
	}
	assert_true(forms > 30 && asked > 60 && owed > 5);
	shut(&site);
	free(known);
}

/* Whatever is owed on whatever file: what a row offers is of that file, and of that office. */
static void what_a_row_offers_is_of_its_file_and_of_the_office_that_looks(void **state)
{
	struct fixture *f = *state;
	found_by_england(f);
	const struct pack *pack = casebook_pack(f->book);
	size_t found = 0;
	for (size_t t = 0; t < pack->file_type_count; t++)
		for (size_t d = 0; d < pack->duty_count; d++)
			for (size_t o = 0; o <= pack->office_count; o++) {
				const struct pack_office *role = o < pack->office_count ? &pack->offices[o] : NULL;
				struct casebook_duty duty = { .rule = pack->duties[d].name,
					                      .rules = &pack->duties[d],
					                      .file_type = &pack->file_types[t] };
				const struct pack_kind *kind = duty_kind_that_settles(pack, &duty, role);
				if (!kind)
					continue;
				found++;
				assert_true(kind->file_types >> pack->file_types[t].number & 1);
				assert_false(kind->may_begin);
				assert_true(!role || practice_may_make(kind, role->name, duty.rules));
			}
	assert_true(found > 1000);
	struct casebook_duty pattern = { .rule = STR("T90"),
		                         .rules = pack_duty_find(pack, STR("T90")),
		                         .file_type = pack_file_type_find(pack, STR("child")) };
	const struct pack_kind *kind = duty_kind_that_settles(pack, &pattern, NULL);
	assert_true(kind && str_eq(kind->name, STR("pattern.considered")));
}

/* Nothing on a concern settles it: the row leads to whose file it is done on. */
static void what_is_done_on_a_linked_file_is_said_to_be_done_there(void **state)
{
	struct fixture *f = *state;
	found_by_england(f);
	struct person amara = person(f, "amara", "screener"), tess = person(f, "tess", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &amara.actor, "concern.looked", concern.file, fields_of(f, "{'danger':'now','checked':['own-files']}"));
	struct site site = serve(f, NULL);
	sign_in(&site, "tess", &tess);
	get(&site, "/office");
	post_own(&site, "/office", "office=team-manager");
	get(&site, "/files/C-1");
	must_see(&site, "Hold a strategy discussion");
	must_see(&site, ">Record a strategy discussion: on the file that is linked to this one (Child)</p>");
	shut(&site);
}

/* Whatever is filled in, it would be refused: it is no link among what can be done, and says why. */
static void what_the_file_itself_refuses_is_said_and_not_offered(void **state)
{
	struct fixture *f = *state;
	found_by_england(f);
	struct person amara = person(f, "amara", "screener");
	(void)report(f, "He is alone at night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/files/C-1");
	must_see(&site, "Not possible now, and why");
	must_see(&site, "<li>Close the concern<br>Nobody has decided that nothing more follows, or words came since");
	must_see(&site, "<li>Object to its disposal<br>Nobody proposes to dispose of it</li>");
	must_not_see(&site, "href=\"/files/C-1/concern.closed\"");
	must_not_see(&site, "href=\"/files/C-1/disposal.objected\"");
	must_see(&site, "href=\"/files/C-1/concern.decided\"");
	get(&site, "/files/C-1/concern.closed"); /* its form stands: a try is an entry */
	assert_int_equal(site.status, 200);
	shut(&site);
}

/* Pages 4.6: whoever thinks that the rule is wrong says so, with the refusal before whoever answers. */
static void whoever_is_refused_may_say_that_the_rule_is_wrong(void **state)
{
	struct fixture *f = *state;
	found_by_england(f);
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	const char *path = path_on(&site, &concern, "concern.decided");
	fill_in(&site, path,
	        arena_format(f->arena,
	                     "decision=none&threshold=2026-1&evidence=%" PRId64
	                     "&reason-none=information-only&reasons=Nothing+to+it",
	                     concern.index)
	                .p);
	assert_int_equal(site.status, 409);
	struct str refusal = between(&site, "This attempt is an entry (<a class=\"govuk-link\" href=\"/entries/", "\"");
	must_see(&site, "I think the rule is wrong here:");
	const char *to = arena_format(f->arena, "/files/new/challenge.raised?about=C-1&about-entry=%.*s", STR_ARG(refusal)).p;
	must_see(&site, arena_format(f->arena, "challenge.raised?about=C-1&amp;about-entry=%.*s\">", STR_ARG(refusal)).p);
	/* Another line's way to disagree is not offered to this office. */
	must_not_see(&site, "dispute.raised");
	get(&site, to);
	assert_int_equal(site.status, 200);
	must_see(&site, arena_format(f->arena, "value=\"%.*s\"", STR_ARG(refusal)).p);
	fill_in(&site, to,
	        arena_format(f->arena,
	                     "about=C-1&about-entry=%.*s&to=team-manager&urgent=no&wants=%.*s&words=The+rule+is+wrong+here.",
	                     STR_ARG(refusal),
	                     STR_ARG(pack_field_find(pack_kind_find(casebook_pack(f->book), STR("challenge.raised")),
	                                             STR("wants"))->list->codes[0].code))
	                .p);
	assert_int_equal(site.status, 303);
	get(&site, str_to_c(f->arena, header(&site, "Location")));
	must_see(&site, arena_format(f->arena, "href=\"/entries/%.*s\">Refused: something must be there first, ", STR_ARG(refusal)).p);
	must_see(&site, arena_format(f->arena, " (entry %.*s)</a>", STR_ARG(refusal)).p);
	shut(&site);
}

/* A program is told the way that the page has. */
static void a_program_that_is_refused_is_told_how_to_say_that_the_rule_is_wrong(void **state)
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_answer made;
	found_by_england(f);
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	MUST(f, casebook_token_make(f->book, &BY_REGISTER, CASEBOOK_REGISTER, STR_NONE, amara.account, STR("screener"),
	                            casebook_now(f->book) + INSTANT_PER_DAY, f->arena, secret, &made, &f->err));
	struct site site = serve(f, NULL);
	site.extra = arena_format(f->arena, "Authorization: Bearer %s\r\n", secret).p;
	post_json(&site, path_on(&site, &concern, "concern.decided"), NULL,
	          arena_format(f->arena,
	                       "{'decision':'none','threshold':'2026-1','evidence':[%" PRId64
	                       "],'reason-none':'information-only','reasons':'Nothing to it'}",
	                       concern.index)
	                  .p);
	assert_int_equal(site.status, 409);
	must_see(&site, "\"has_disputes\":true,\"disputes\":[{\"text\":\"");
	must_see(&site, "\"href\":\"/files/new/challenge.raised?about=C-1&about-entry=");
	must_not_see(&site, "dispute.raised");
	shut(&site);
}

#define TELLS(title, rest) title "</dt><dd class=\"govuk-summary-list__value\">" rest

/* What nobody wrote down is said; what was judged once ends, and is owed anew (L6). */
static void what_is_not_known_of_a_child_is_said_and_a_judgement_ends(void **state)
{
	struct fixture *f = *state;
	found_by_england(f);
	struct person sunita = person(f, "sunita", "social-worker"), tess = person(f, "tess", "team-manager");
	struct casebook_answer child =
		admitted(f, &sunita.actor, "person.opened", STR_NONE,
	                 fields_of(f, "{'birth-known':'month','born':'2013-05','names':['Ava']}"));
	struct site site = serve(f, NULL);
	sign_in(&site, "sunita", &sunita);
	get(&site, path_on(&site, &child, ""));
	must_see(&site, TELLS("Last seen", "<strong>Nobody has written down that the child was seen.</strong>"));
	must_see(&site, TELLS("Judgement of risk", "<strong>Nobody has written a judgement of risk.</strong>"));
	must_see(&site, "<strong>Nobody has written down the child&#39;s words by themselves; what was said when the child was "
	                "seen stands there.</strong>");
	struct casebook_answer seen =
		admitted(f, &sunita.actor, "child.seen", child.file,
	                 fields_of(f, "{'contact':'seen-alone','where':'school','alone':true,'spoke':true}"));
	const char *judged = arena_format(f->arena,
	                                  "{'harm-happened':'likely','harm-coming':'likely','imminent':false,'basis':[%" PRId64
	                                  "],'q1':'a','q2':'b','q3':'c','child-said':%" PRId64
	                                  ",'q4':'d','asked':['police-contact'],'unanswered':['police-contact'],'q5':'e','actions':[{'office':"
	                                  "'social-worker','what':'visit','by-date':'2026-12-01'}],'by-with':['team-manager'],"
	                                  "'review':'2026-12-20'}",
	                                  seen.index, seen.index)
	                             .p;
	struct casebook_answer waits = act(f, &sunita.actor, "risk.judged", child.file, fields_of(f, judged));
	if (waits.outcome != CASEBOOK_WAITING)
		fixture_must_admit(&waits, "risk.judged");
	admitted(f, &tess.actor, "second.given", child.file,
	         fields_of(f, arena_format(f->arena, "{'of':%" PRId64 ",'answer':'yes','reasons':'Read.'}", waits.index).p));
	get(&site, path_on(&site, &child, ""));
	must_not_see(&site, "Nobody has written a judgement of risk");
	/* What was agreed to leads to what was read by whoever agreed. */
	must_see(&site, arena_format(f->arena,
	                             "<dt>It waited for a second reader as:</dt><dd><a class=\"govuk-link\" "
	                             "href=\"/entries/%" PRId64 "\">Entry %" PRId64 "</a>",
	                             waits.index, waits.index)
	                        .p);
	must_not_see(&site, "Nobody has written down that the child was seen.");
	must_see(&site, "<strong>Nobody has written down that the child was seen at home.</strong>");
	must_see(&site, "Judge the risk anew (T31): owed by Social worker, by the end of Sunday 20 December");
	later(f, 60 * INSTANT_PER_DAY);
	sign_in(&site, "sunita", &sunita);
	get(&site, path_on(&site, &child, ""));
	must_see(&site, "<strong class=\"cd-sum__late\">Judge the risk anew (T31): was owed by Social worker, by the end of ");
	shut(&site);
}

/* A friend was seen, a concern is no longer hers: neither stands on this child's page. */
static void what_is_told_of_another_child_is_not_told_of_this_one(void **state)
{
	struct fixture *f = *state;
	found_by_england(f);
	struct person sunita = person(f, "sunita", "social-worker"), tess = person(f, "tess", "team-manager"),
	              manager = person(f, "sana", "service-manager"), records = person(f, "ruth", "records-officer");
	static const char *const BORN = "{'birth-known':'month','born':'2013-05','names':['A']}";
	struct casebook_answer ava = admitted(f, &sunita.actor, "person.opened", STR_NONE, fields_of(f, BORN)),
			       friend = admitted(f, &sunita.actor, "person.opened", STR_NONE, fields_of(f, BORN)),
			       brother = admitted(f, &sunita.actor, "person.opened", STR_NONE, fields_of(f, BORN)),
			       concern = report(f, "Her brother carries a knife.");
	admitted(f, &sunita.actor, "child.seen", friend.file,
	         fields_of(f, "{'contact':'seen-alone','where':'school','alone':true,'spoke':true}"));
	admitted(f, &sunita.actor, "link.made", ava.file,
	         fields_of(f, arena_format(f->arena, "{'friend':'%.*s'}", STR_ARG(friend.file)).p));
	admitted(f, &sunita.actor, "link.made", ava.file,
	         fields_of(f, arena_format(f->arena, "{'same-household':'%.*s'}", STR_ARG(brother.file)).p));
	struct casebook_answer waits =
		act(f, &tess.actor, "link.made", ava.file,
	            fields_of(f, arena_format(f->arena, "{'about':'%.*s'}", STR_ARG(concern.file)).p));
	if (waits.outcome == CASEBOOK_WAITING)
		admitted(f, &manager.actor, "second.given", ava.file,
		         fields_of(f, arena_format(f->arena, "{'of':%" PRId64 ",'answer':'yes','reasons':'Read.'}",
		                                   waits.index)
		                              .p));
	struct site site = serve(f, NULL);
	sign_in(&site, "tess", &tess);
	get(&site, "/office"); /* she stands in for offices that nobody holds */
	post_own(&site, "/office", "office=team-manager");
	get(&site, path_on(&site, &ava, ""));
	must_see(&site, TELLS("Last seen", "<strong>Nobody has written down that the child was seen.</strong>"));
	must_see(&site, "Her brother carries a knife.");
	/* What is linked says what it is, and how, in words. */
	must_see(&site, "\">P-2</a> (child, friend)</li>");
	must_see(&site, "\">C-1</a> (concern, about)</li>");
	must_see(&site, "\">P-3</a> (child, same household)</li>");
	waits = act(f, &tess.actor, "link.removed", ava.file,
	            fields_of(f, arena_format(f->arena, "{'about':'%.*s','evidence':[%" PRId64 "],'reasons':'Another.'}",
	                                      STR_ARG(concern.file), concern.index)
	                                 .p));
	assert_int_equal(waits.outcome, CASEBOOK_WAITING);
	const struct json *yes = fields_of(
		f, arena_format(f->arena, "{'of':%" PRId64 ",'answer':'yes','reasons':'Read.'}", waits.index).p);
	admitted(f, &manager.actor, "second.given", ava.file, yes);
	admitted(f, &records.actor, "second.given", ava.file, yes);
	get(&site, path_on(&site, &ava, ""));
	must_not_see(&site, "Her brother carries a knife.");
	shut(&site);
}

/* A child of a concern, and a team manager who reads her file. */
static struct casebook_answer ava(struct fixture *f, struct person *tess, const char *words)
{
	found_by_england(f);
	*tess = person(f, "tess", "team-manager");
	struct casebook_answer concern = report(f, words);
	return admitted(f, &tess->actor, "person.opened", STR(""),
	                fields_of(f, arena_format(f->arena,
	                                          "{'concern':'%.*s','birth-known':'month','born':'2013-05',"
	                                          "'names':['Ava Kaya']}",
	                                          STR_ARG(concern.file))
	                                     .p));
}

/* What a neighbour says on the telephone is never set apart as the child's own. */
static void the_childs_own_words_are_those_that_the_child_said(void **state)
{
	struct fixture *f = *state;
	struct person tess;
	struct casebook_answer child = ava(f, &tess, "He shouts at her every night.");
	struct site site = serve(f, NULL);
	sign_in(&site, "tess", &tess);
	get(&site, "/office"); /* she stands in for offices that nobody holds */
	post_own(&site, "/office", "office=team-manager");
	get(&site, path_on(&site, &child, ""));
	must_see(&site, "He shouts at her every night.");
	must_not_see(&site, "In the person's own words");
	must_not_see(&site, "class=\"mk mk--words\" d=\"M13 3L23 13L13 23L3 13Z\"/></svg></div>");
	admitted(f, &tess.actor, "child.said", child.file,
	         fields_of(f, "{'own-words':false,'words':'She said that he is loud.'}"));
	get(&site, path_on(&site, &child, ""));
	must_not_see(&site, "In the person's own words");
	admitted(f, &tess.actor, "child.said", child.file,
	         fields_of(f, "{'own-words':true,'words':'I hide in the wardrobe.'}"));
	get(&site, path_on(&site, &child, ""));
	struct str own = between(&site, "In the person's own words</p>", "</div></div>");
	assert_true(str_find_str(own, STR("I hide in the wardrobe.")) < own.n);
	must_see(&site, "class=\"mk mk--words\" d=\"M13 3L23 13L13 23L3 13Z\"/></svg></div>");
	shut(&site);
}

/* Pages 4.4: the name in big letters on this page alone, and never in its title. */
static void a_childs_page_says_who_it_is_of_and_how_old(void **state)
{
	struct fixture *f = *state;
	struct person tess;
	struct casebook_answer child = ava(f, &tess, "He shouts at her.");
	struct site site = serve(f, NULL);
	sign_in(&site, "tess", &tess);
	get(&site, "/office"); /* she stands in for offices that nobody holds */
	post_own(&site, "/office", "office=team-manager");
	get(&site, path_on(&site, &child, ""));
	must_see(&site, "<title>Child P-1 - ");
	must_see(&site, "<h1 class=\"govuk-heading-l\">Ava Kaya</h1>");
	must_see(&site, "Child <span class=\"cd-number\">P-1</span>. Born May 2013, 13 years old. Your reading of this was recorded at ");
	/* Days and months in words, and a number in one piece, in the chronology too. */
	must_see(&site, "<dt>Month of birth:</dt><dd>May 2013. </dd>");
	must_see(&site, "<a class=\"govuk-link cd-number\" href=\"/files/C-1\">C-1</a>. </dd>");
	shut(&site);
}

static void name_office(struct fixture *f, const struct person *by, const struct casebook_answer *child,
                        const char *still)
{
	admitted(f, &by->actor, "circle.named", child->file,
	         fields_of(f, arena_format(f->arena, "{'office':'gp','how':'registered','still':'%s'}", still).p));
}

/* Named as one that ought to know, with nothing written: said until it writes, or is taken back. */
static void who_should_know_the_child_and_has_written_nothing_is_said(void **state)
{
	struct fixture *f = *state;
	struct person tess, gina;
	struct casebook_answer child = ava(f, &tess, "He shouts at her.");
	gina = person(f, "gina", "gp");
	struct site site = serve(f, NULL);
	sign_in(&site, "tess", &tess);
	get(&site, "/office"); /* she stands in for offices that nobody holds */
	post_own(&site, "/office", "office=team-manager");
	get(&site, path_on(&site, &child, ""));
	must_see(&site, "id=\"known\">Who knows the child</h2>");
	must_not_see(&site, "hould know, has written nothing");
	name_office(f, &tess, &child, "yes");
	get(&site, path_on(&site, &child, ""));
	must_see(&site, "<strong>1 agency has an office that should know the child, and has written nothing.</strong>");
	must_see(&site, "<span class=\"cd-second\">GP:</span> <strong>should know, has written nothing</strong>");
	must_see(&site, "class=\"tl-silent\"");
	/* Taken back by a later word. */
	name_office(f, &tess, &child, "no");
	get(&site, path_on(&site, &child, ""));
	must_not_see(&site, "hould know, has written nothing");
	/* Written. */
	name_office(f, &tess, &child, "yes");
	admitted(f, &gina.actor, "note.made", child.file, fields_of(f, "{'text':'I know her.'}"));
	get(&site, path_on(&site, &child, ""));
	must_not_see(&site, "hould know, has written nothing");
	must_see(&site, "<span class=\"cd-second\">GP:</span> 1 entry, named as one that should know");
	shut(&site);
}

/* The lead reads children's files and no challenges: whoever wrote one is not on that map. */
static void an_agency_on_files_that_are_not_open_is_not_on_the_map(void **state)
{
	struct fixture *f = *state;
	struct person tess, gina, lena;
	struct casebook_answer child = ava(f, &tess, "He shouts at her.");
	gina = person(f, "gina", "gp");
	lena = person(f, "lena", "exploitation-lead");
	admitted(f, &gina.actor, "challenge.raised", STR_NONE,
	         fields_of(f, arena_format(f->arena,
	                                   "{'about':'%.*s','to':'team-manager','urgent':'no','wants':'%s',"
	                                   "'words':'Nobody answers me.'}",
	                                   STR_ARG(child.file), "act")
	                              .p));
	struct site site = serve(f, NULL);
	sign_in(&site, "tess", &tess);
	get(&site, "/office"); /* each stands in for offices that nobody holds */
	post_own(&site, "/office", "office=team-manager");
	get(&site, path_on(&site, &child, ""));
	must_see(&site, ">Health</th>");
	site.cookie_count = 0;
	sign_in(&site, "lena", &lena);
	get(&site, "/office");
	post_own(&site, "/office", "office=exploitation-lead");
	get(&site, path_on(&site, &child, ""));
	must_see(&site, "words not open to your office: ");
	must_see(&site, "id=\"known\">Who knows the child</h2>");
	must_not_see(&site, ">Health</th>");
	must_see(&site, "there may be more.");
	shut(&site);
}

/* Who was told that something is late, and read it, is one row, and each entry of it is there. */
static void what_was_told_is_one_row_of_the_chronology(void **state)
{
	struct fixture *f = *state;
	struct person tess;
	struct casebook_answer child = ava(f, &tess, "He shouts at her.");
	size_t fired;
	instant next;
	for (int i = 0; i < 12; i++) {
		later(f, INSTANT_PER_DAY);
		MUST(f, casebook_climb(f->book, casebook_now(f->book), 100, &fired, &next, &f->err));
	}
	struct site site = serve(f, NULL);
	sign_in(&site, "tess", &tess);
	get(&site, "/office"); /* she stands in for offices that nobody holds */
	post_own(&site, "/office", "office=team-manager");
	get(&site, path_on(&site, &child, ""));
	must_see(&site, "<h3 class=\"cd-entry__title\">It was late, and others were told</h3>");
	must_see(&site, "(T01): told to Team manager, ");
	must_see(&site, "<summary>Each of the ");
	must_not_see(&site, "<h3 class=\"cd-entry__title\">It was late</h3>");
	get(&site, arena_format(f->arena, "%s?kind=duty.climbed", path_on(&site, &child, "chronology")).p);
	must_see(&site, "<h3 class=\"cd-entry__title\">It was late</h3>");
	shut(&site);
}

static void the_rules_in_force_say_where_and_by_whom(void **state)
{
	struct fixture *f = *state;
	found_by_england(f);
	struct person amara = person(f, "amara", "screener");
	struct site site = serve(f, NULL);
	sign_in(&site, "amara", &amara);
	get(&site, "/pack/T96");
	must_see(&site, "the office that made the entry, or Data protection officer where access.broken says so, within");
	get(&site, "/pack/T10");
	must_see(&site, "Assessment finished&quot; on each file that &quot;about&quot; leads to where there is no file");
	get(&site, "/pack");
	must_see(&site, "The manager of the office that wrote the entry, or Data protection officer where access.broken says so</td>");
	shut(&site);
}

/* --- finding by name -------------------------------------------------------------------------- */

static void somebody_is_found_by_name_and_what_agrees_is_said(void **state)
{
	static const struct people_options options = { .proposes = true };
	struct fixture *f = *state;
	struct people *people;
	found_by_england(f);
	struct person worker = person(f, "sam", "social-worker"), gp = person(f, "gwen", "gp");
	admitted(f, &worker.actor, "person.opened", STR_NONE,
	         fields_of(f, "{'birth-known':'no','names':['Aisha Begum'],'birth':'12/03/2011',"
	                      "'home':['14 Hill Road, Northmere NM4 2AB']}"));
	MUST(f, people_start(f->book, &options, &people, &f->err));
	MUST(f, people_wait(people, &f->err));
	struct web_config config = { .people = people };
	struct site site = serve(f, &config);
	sign_in(&site, "sam", &worker);
	get(&site, "/find");
	post_own(&site, "/find", "q=Ayesha+Begum%2C+12+March+2011&why=work");
	assert_int_equal(site.status, 200);
	must_see(&site, "P-1");
	must_see(&site, "Very likely the same person");
	must_see(&site, "first name another form of it, surname equal");
	must_see(&site, "12/03/2011");
	sign_in(&site, "gwen", &gp);
	get(&site, "/find");
	post_own(&site, "/find", "q=Ayesha+Begum%2C+12+March+2011&why=work");
	must_not_see(&site, "P-1");
	must_see(&site, "Nothing found that your office may see.");
	shut(&site);
	people_stop(people);
}

/* Two files of perhaps one boy, proposed by the register; the entry that says so. */
static int64_t proposed_pair(struct fixture *f, const struct person *worker, struct people *people)
{
	static const char *const NAMES[] = { "Tarik Veitch", "Tarik Weitch" };
	const struct casebook_entry *entries;
	size_t count;
	for (size_t i = 0; i < 2; i++)
		admitted(f, &worker->actor, "person.opened", STR_NONE,
		         fields_of(f, arena_format(f->arena, "{'birth-known':'no','names':['%s'],'birth':'3 April 2015',"
		                                             "'home':['9 Mill Lane, Northmere NM2 3CD']}", NAMES[i]).p));
	MUST(f, people_wait(people, &f->err));
	struct casebook_file file = file_named(f, STR("P-2"));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_entries(reader, f->arena, file.n, -1, 50, &entries, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		if (str_eq(entries[i].kind, STR("link.proposed")))
			return entries[i].index;
	}
	fail_msg("nothing is proposed");
	return -1;
}

/* A row of an agency's own file, as it is imported. */
static void import_leo(struct fixture *f, const struct person *who, const char *number)
{
	struct casebook_answer answer;
	const struct casebook_act act = {
		.actor = who->actor,
		.via = CASEBOOK_IMPORT,
		.kind = STR("person.opened"),
		.fields = fields_of(f, arena_format(f->arena,
		                                    "{'birth-known':'no','names':['Leo Marsh'],'birth':'2011-03-12',"
		                                    "'home':['9 Mill Lane, NM2 3CD'],'identifiers':['%s']}",
		                                    number).p),
	};
	MUST(f, casebook_submit(f->book, &act, f->arena, &answer, &f->err));
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
}

static void whom_three_agencies_knew_is_listed_with_no_more_than_an_office_may_know(void **state)
{
	static const struct people_options options = { .proposes = true };
	struct fixture *f = *state;
	struct people *people;
	found_by_england(f);
	struct person worker = person(f, "sam", "social-worker"), officer = person(f, "pat", "police-officer"),
		      nurse = person(f, "nia", "named-nurse"), gp = person(f, "gwen", "gp");
	MUST(f, people_start(f->book, &options, &people, &f->err));
	struct web_config config = { .people = people };
	struct site site = serve(f, &config);
	import_leo(f, &worker, "council: 1");
	import_leo(f, &officer, "police: 7");
	MUST(f, people_wait(people, &f->err));
	sign_in(&site, "nia", &nurse);
	get(&site, "/office");
	post_own(&site, "/office", "office=named-nurse");
	get(&site, "/invisible");
	must_see(&site, "Nobody is listed here whom your office may know of.");
	import_leo(f, &nurse, "health: 12");
	MUST(f, people_wait(people, &f->err));
	get(&site, "/invisible");
	must_see(&site, "Child <span class=\"cd-number\">P-3</span>");
	must_not_see(&site, "Child <span class=\"cd-number\">P-1</span>");
	must_see(&site, "2 files more that your office may not know of");
	must_see(&site, "Health, and 2 more");
	must_not_see(&site, "Police");
	must_not_see(&site, "Leo");
	get(&site, "/invisible.csv");
	must_see(&site, "\"P-3\",\"2\",\"3\",\"Health\",\"2\",");
	sign_in(&site, "gwen", &gp);
	get(&site, "/invisible");
	must_see(&site, "Nobody is listed here whom your office may know of.");
	get(&site, "/invisible?after=x");
	assert_int_equal(site.status, 404);
	shut(&site);
	people_stop(people);
}

static void a_match_is_shown_side_by_side_to_whoever_may_read_both(void **state)
{
	static const struct people_options options = { .proposes = true };
	struct fixture *f = *state;
	struct people *people;
	found_by_england(f);
	struct person worker = person(f, "sam", "social-worker"), manager = person(f, "tomas", "team-manager"),
		      gp = person(f, "gwen", "gp");
	MUST(f, people_start(f->book, &options, &people, &f->err));
	int64_t n = proposed_pair(f, &worker, people);
	const char *page = arena_format(f->arena, "/matches/%lld", (long long)n).p;
	struct web_config config = { .people = people };
	struct site site = serve(f, &config);
	sign_in(&site, "tomas", &manager);
	get(&site, "/office");
	post_own(&site, "/office", "office=team-manager");
	get(&site, "/matches");
	must_see(&site, "Child <span class=\"cd-number\">P-2</span> and Child <span class=\"cd-number\">P-1</span>");
	must_see(&site, page);
	get(&site, page);
	/* As it was written, and by whom: pages.md 4.9. */
	must_see(&site, "Tarik Weitch<br><a class=\"govuk-link\" href=\"/entries/");
	must_see(&site, "Tarik Veitch<br><a class=\"govuk-link\" href=\"/entries/");
	must_see(&site, "</a>, Social worker, Council, ");
	must_see(&site, "If they are the same, 1 agency knew of one child.");
	must_see(&site, "Very likely the same person");
	must_see(&site, "cd-waterfall");
	must_see(&site, "The picture as a table");
	must_see(&site, "<th scope=\"row\" class=\"govuk-table__header\">in all</th>");
	must_see(&site, "/files/P-2/person.joined?of=");
	must_see(&site, "/files/P-2/person.kept-apart?of=");
	/* Nobody can tell yet: it waits for the office as before. */
	admitted(f, &manager.actor, "link.answered", STR("P-2"),
	         fields_of(f, arena_format(f->arena,
	                                   "{'of':%lld,'answer':'cannot-tell','reasons':'One birth is missing.'}",
	                                   (long long)n)
	                              .p));
	get(&site, page);
	must_not_see(&site, "Somebody has answered.");
	get(&site, "/matches");
	must_see(&site, "Child <span class=\"cd-number\">P-2</span> and Child <span class=\"cd-number\">P-1</span>");
	sign_in(&site, "gwen", &gp);
	get(&site, page);
	assert_int_equal(site.status, 404);
	must_not_see(&site, "tarik");
	get(&site, "/matches");
	must_see(&site, "No matches wait for your office.");
	shut(&site);
	people_stop(people);
}

/* Rows of the page that is there. */
static size_t matches_seen(struct site *site)
{
	static const struct str LINK = { "href=\"/matches/", 15 };
	struct str rest = site->body;
	size_t n = 0;
	for (size_t at; (at = str_find_str(rest, LINK)) < rest.n; n++)
		rest = str_sub(rest, at + LINK.n, rest.n);
	return n;
}

static void every_match_that_an_office_owes_is_shown_page_by_page_and_counted(void **state)
{
	enum { ALL = 205, MANY = 1003 };
	struct fixture *f = *state;
	found_by_england(f);
	struct person worker = person(f, "sam", "social-worker"), manager = person(f, "tomas", "team-manager"),
		      lead = person(f, "lena", "exploitation-lead");
	struct casebook_answer first = { 0 };
	for (size_t i = 0; i < 3; i++)
		admitted(f, &worker.actor, "person.opened", STR_NONE,
		         fields_of(f, "{'birth-known':'no','names':['Tarik Veitch'],'birth':'3 April 2015'}"));
	for (size_t i = 0; i < ALL; i++) {
		const char *pair = i == 0 ? "{'other':'P-3','what':'person'}" : "{'other':'P-1','what':'person'}";
		struct casebook_answer made =
			admitted(f, &worker.actor, "link.proposed", STR("P-2"), fields_of(f, pair));
		first = i == 0 ? made : first;
	}
	admitted(f, &worker.actor, "link.proposed", STR("P-2"), fields_of(f, "{'other':'P-1','what':'phone'}"));
	struct site site = serve(f, NULL);
	sign_in(&site, "tomas", &manager);
	get(&site, "/office");
	post_own(&site, "/office", "office=team-manager");
	const char *path = "/matches";
	size_t pages = 0, seen = 0;
	while (path) {
		get(&site, path);
		must_see(&site, "205 matches wait for your office.");
		seen += matches_seen(&site);
		assert_true(++pages < 10);
		size_t at = str_find_str(site.body, STR("/matches?after="));
		struct str next = str_sub(site.body, at, site.body.n);
		path = next.n ? arena_copy(f->arena, str_sub(next, 0, str_find(next, '"'))).p : NULL;
	}
	assert_int_equal(seen, ALL);
	assert_int_equal(pages, 5);
	/* However many there are, it is told how many answers are owed. */
	for (size_t i = ALL; i < MANY; i++)
		admitted(f, &worker.actor, "link.proposed", STR("P-3"), fields_of(f, "{'other':'P-1','what':'person'}"));
	get(&site, "/matches");
	must_see(&site, "More than 1000 matches wait for your office: it owes 1003 answers.");
	admitted(f, &manager.actor, "person.kept-apart", STR("P-2"),
	         fields_of(f, arena_format(f->arena,
	                                   "{'other':'P-3','of':%" PRId64 ",'evidence':[%" PRId64 "],'reasons':'Two people.'}",
	                                   first.index, first.index).p));
	get(&site, "/matches");
	must_see(&site, "More than 1000 matches wait for your office: it owes 1002 answers.");
	/* It answers the pair, whichever entries said so of it and whether it names one. */
	admitted(f, &manager.actor, "person.kept-apart", STR("P-2"),
	         fields_of(f, arena_format(f->arena, "{'other':'P-1','evidence':[%" PRId64 "],'reasons':'Two people.'}", first.index).p));
	get(&site, "/matches");
	must_see(&site, "798 matches wait for your office.");
	get(&site, arena_format(f->arena, "/matches/%" PRId64, first.index + 1).p);
	must_see(&site, "Somebody has answered.");
	sign_in(&site, "lena", &lead);
	get(&site, "/office");
	post_own(&site, "/office", "office=exploitation-lead");
	get(&site, "/matches");
	must_see(&site, "1 match waits for your office.");
	assert_int_equal(matches_seen(&site), 1);
	shut(&site);
}

/* A general practitioner reads the concern that they wrote, and may not know of the child that it
 * looks like. */
static void a_file_that_one_may_not_know_of_is_not_named_by_what_looks_like_it(void **state)
{
	static const char *const PAGES[] = { "/files/C-1", "/files/C-1/story" };
	static const struct people_options options = { .proposes = true };
	struct fixture *f = *state;
	struct people *people;
	found_by_england(f);
	struct person worker = person(f, "sam", "social-worker"), gp = person(f, "gwen", "gp"),
		      manager = person(f, "tomas", "team-manager");
	MUST(f, people_start(f->book, &options, &people, &f->err));
	admitted(f, &worker.actor, "person.opened", STR_NONE,
	         fields_of(f, "{'birth-known':'no','names':['Tarik Veitch'],'birth':'3 April 2015','home':['9 Mill Lane, Northmere NM2 3CD']}"));
	admitted(f, &gp.actor, "concern.received", STR_NONE,
	         fields_of(f, "{'danger-now':'no','source':'gp','happening':'He is alone at night.','harm':['neglect'],"
	                      "'harm-sign':'no','channel':'phone','child':'Tarik Veitch','born':'3 April 2015','home':'9 Mill Lane, Northmere NM2 3CD'}"));
	MUST(f, people_wait(people, &f->err));
	const struct casebook_entry *entries;
	size_t count;
	int64_t n = -1;
	struct casebook_file file = file_named(f, STR("C-1"));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_entries(reader, f->arena, file.n, -1, 50, &entries, &count, &f->err));
	for (size_t i = 0; i < count; i++)
		n = str_eq(entries[i].kind, STR("link.proposed")) ? entries[i].index : n;
	assert_true(n >= 0);
	struct web_config config = { .people = people };
	struct site site = serve(f, &config);
	sign_in(&site, "gwen", &gp);
	for (size_t i = 0; i < COUNT_OF(PAGES); i++) {
		get(&site, PAGES[i]);
		must_see(&site, "C-1");
		must_not_see(&site, "P-1");
	}
	get(&site, arena_format(f->arena, "/entries/%" PRId64, n).p);
	must_see(&site, "a file that you may not read");
	must_not_see(&site, "P-1");
	get(&site, arena_format(f->arena, "/matches/%" PRId64, n).p);
	must_see(&site, "a file that you may not read");
	must_not_see(&site, "P-1");
	sign_in(&site, "tomas", &manager);
	get(&site, "/office");
	post_own(&site, "/office", "office=team-manager");
	get(&site, arena_format(f->arena, "/entries/%" PRId64, n).p);
	must_see(&site, "P-1");
	shut(&site);
	people_stop(people);
}

static int times(const struct site *site, const char *text)
{
	struct str rest = site->body;
	int n = 0;
	for (size_t at; (at = str_find_str(rest, str_from_c(text))) < rest.n; n++)
		rest = str_sub(rest, at + 1, rest.n);
	return n;
}

/* A child who is protected three times owes three discussions: one is held, and settles them. */
static void what_one_act_settles_is_one_row_of_my_work(void **state)
{
	struct fixture *f = *state;
	struct person tess, priya;
	struct casebook_answer child = ava(f, &tess, "He shouts at her.");
	priya = person(f, "priya", "police-officer");
	for (int i = 0; i < 3; i++)
		admitted(f, &priya.actor, "protection.taken", child.file,
		         fields_of(f, "{'how':'police','legal':'police-protection-s46',"
		                      "'began':'2026-11-26T08:00:00Z','grounds':'Hurt.'}"));
	struct site site = serve(f, NULL);
	sign_in(&site, "tess", &tess);
	get(&site, "/office");
	post_own(&site, "/office", "office=team-manager");
	get(&site, "/work");
	assert_int_equal(times(&site, "<h3 class=\"cd-duty__what\">Hold a strategy discussion</h3>"), 1);
	must_see(&site, "<span class=\"cd-times\">3 times</span>, this one first: one act settles all of them");
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(every_kind_of_every_file_has_a_form_in_the_browser),
		PROVES(what_is_not_known_of_a_child_is_said_and_a_judgement_ends),
		PROVES(what_is_told_of_another_child_is_not_told_of_this_one),
		PROVES(what_the_file_itself_refuses_is_said_and_not_offered),
		PROVES(whoever_is_refused_may_say_that_the_rule_is_wrong),
		PROVES(a_program_that_is_refused_is_told_how_to_say_that_the_rule_is_wrong),
		PROVES(what_is_done_on_a_linked_file_is_said_to_be_done_there),
		PROVES(the_rules_in_force_say_where_and_by_whom),
		PROVES(the_childs_own_words_are_those_that_the_child_said),
		PROVES(a_childs_page_says_who_it_is_of_and_how_old),
		PROVES(who_should_know_the_child_and_has_written_nothing_is_said),
		PROVES(an_agency_on_files_that_are_not_open_is_not_on_the_map),
		PROVES(what_was_told_is_one_row_of_the_chronology),
		PROVES(what_one_act_settles_is_one_row_of_my_work),
		PROVES(what_a_row_offers_is_of_its_file_and_of_the_office_that_looks),
		PROVES(somebody_is_found_by_name_and_what_agrees_is_said),
		PROVES(whom_three_agencies_knew_is_listed_with_no_more_than_an_office_may_know),
		PROVES(a_match_is_shown_side_by_side_to_whoever_may_read_both),
		PROVES(every_match_that_an_office_owes_is_shown_page_by_page_and_counted),
		PROVES(a_file_that_one_may_not_know_of_is_not_named_by_what_looks_like_it),
	};
	return PROVE(tests);
}
