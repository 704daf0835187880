/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One person of several files: what is linked to any of them is one story, from
 * whichever of them it is opened; once they are parted, each is as it was.
 */
#include "web/staff.h"

#include "casebook/changed_pack.h"
#include "casebook/claim.h"
#include "casebook/joiners.h"

#define CHILDREN 4
#define CONCERNS 4
#define ACTS_MAX 6
#define ROUNDS 6

struct family {
	struct fixture *f;
	struct joiners joiners;
	struct person worker, screener, police;
	struct casebook_answer children[CHILDREN];
	struct casebook_answer concerns[CONCERNS];
	struct site site;
};

static void found_by_england(struct fixture *f)
{
	static const char *const folders[] = { "packs" };
	const struct pack_bytes *pack = NULL;
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &pack, &f->err));
	found_by(f, pack);
}

static struct casebook_answer child_named(struct family *t, const char *name)
{
	struct str fields = arena_format(t->f->arena, "{'birth-known':'month','born':'2013-05','names':['%s']}", name);
	return admitted(t->f, &t->worker.actor, "person.opened", STR_NONE, fields_of(t->f, fields.p));
}

static struct casebook_answer concern_by(struct family *t, const struct person *who,
                                         const struct casebook_answer *child, const char *words)
{
	struct str fields = arena_format(t->f->arena,
	                                 "{'danger-now':'no','source':'school','happening':'%s','harm':['neglect'],"
	                                 "'harm-sign':'no','channel':'phone','child-file':'%.*s'}",
	                                 words, STR_ARG(child->file));
	return admitted(t->f, &who->actor, "concern.received", STR_NONE, fields_of(t->f, fields.p));
}

static struct casebook_answer concern_of(struct family *t, const struct casebook_answer *child, const char *words)
{
	return concern_by(t, &t->screener, child, words);
}

static void begin(struct family *t, struct fixture *f)
{
	static const char *const NAMES[CHILDREN] = { "Ava Kaya", "Eva Kaya", "Ben Kaya", "Tom Reed" };
	*t = (struct family){ .f = f };
	found_by_england(f);
	t->worker = person(f, "sunita", "social-worker");
	t->joiners = (struct joiners){ f, person(f, "tess", "team-manager"), person(f, "sana", "service-manager"),
		                       person(f, "ruth", "records-officer") };
	t->screener = person(f, "amara", "screener");
	t->police = person(f, "petra", "police-officer");
	for (size_t i = 0; i < CHILDREN; i++)
		t->children[i] = child_named(t, NAMES[i]);
}

static void open_as(struct family *t, const char *name, const struct person *who)
{
	t->site.cookie_count = 0;
	sign_in(&t->site, name, who);
	get(&t->site, "/office"); /* each stands in for offices that nobody holds */
	post_own(&t->site, "/office",
	         arena_format(t->f->arena, "office=%.*s", STR_ARG(who->actor.office)).p);
}

static void serve_as(struct family *t, const char *name, const struct person *who)
{
	t->site = serve(t->f, NULL);
	open_as(t, name, who);
}

/* --- two are one, and two again --------------------------------------------------------------- */

static struct casebook_answer say(struct family *t, const char *kind, const char *field,
                                  const struct casebook_answer *a, const struct casebook_answer *b)
{
	return joiners_say(&t->joiners, kind, field, a->file, b->file, a->index);
}

static void join(struct family *t, size_t a, size_t b)
{
	struct casebook_answer answer = say(t, "person.joined", "other", &t->children[a], &t->children[b]);
	fixture_must_admit(&answer, "person.joined");
}

static void part(struct family *t, size_t a, size_t b)
{
	struct casebook_answer answer = say(t, "person.parted", "other", &t->children[a], &t->children[b]);
	fixture_must_admit(&answer, "person.parted");
}

static void open_child(struct family *t, size_t n, const char *tail)
{
	get(&t->site, arena_format(t->f->arena, "%s%s", path_on(&t->site, &t->children[n], ""), tail).p);
	assert_int_equal(t->site.status, 200);
}

static void a_page_tells_all_that_is_linked_to_the_persons_other_file(void **state)
{
	struct family t;
	begin(&t, *state);
	(void)concern_of(&t, &t.children[0], "He is alone at night.");
	(void)concern_of(&t, &t.children[1], "She is cold and hungry.");
	serve_as(&t, "sunita", &t.worker);
	open_child(&t, 0, "");
	must_not_see(&t.site, "She is cold and hungry.");
	must_not_see(&t.site, "same person");
	join(&t, 0, 1);
	for (size_t i = 0; i < 2; i++) {
		open_child(&t, i, "?open=all");
		must_see(&t.site, "He is alone at night.");
		must_see(&t.site, "She is cold and hungry.");
		must_see(&t.site, ">Concern <span class=\"cd-number\">C-1</span></a>");
		must_see(&t.site, ">Concern <span class=\"cd-number\">C-2</span></a>");
		must_see(&t.site, i ? ">Child <span class=\"cd-number\">P-1</span></a> · <a" : ">Child <span class=\"cd-number\">P-2</span></a> · <a");
		must_see(&t.site, ", of this file, 1 more of the same person and 2 linked");
		must_see(&t.site, i ? "/files/P-1\">Child <span class=\"cd-number\">P-1</span></a> is the same person. Said "
		                    : "/files/P-2\">Child <span class=\"cd-number\">P-2</span></a> is the same person. Said ");
		must_not_see(&t.site, "Files of other people are left out");
	}
	/* The way back, with the other file named already. */
	open_child(&t, 0, "");
	must_see(&t.site, "href=\"/files/P-1/person.parted?other=P-2\">Say that two files are two people</a>");
	open_child(&t, 0, "/person.parted?other=P-2");
	must_see(&t.site, "value=\"P-2\" checked");
	part(&t, 0, 1);
	open_child(&t, 0, "?open=all");
	must_not_see(&t.site, "She is cold and hungry.");
	must_not_see(&t.site, "</a> is the same person");
	must_see(&t.site, "He is alone at night.");
	shut(&t.site);
}

/* Whoever knows the one file knows the person: first and last contact are over both. */
static void who_knows_the_person_is_over_both_files(void **state)
{
	struct family t;
	begin(&t, *state);
	(void)concern_by(&t, &t.police, &t.children[1], "Seen in town at night.");
	serve_as(&t, "sunita", &t.worker);
	open_child(&t, 0, "");
	must_not_see(&t.site, ">Police</th>");
	join(&t, 0, 1);
	for (size_t i = 0; i < 2; i++) {
		open_child(&t, i, "");
		must_see(&t.site, ">Police</th>");
		must_see(&t.site, "or on a file of the same person or one linked to that");
	}
	part(&t, 0, 1);
	open_child(&t, 0, "");
	must_not_see(&t.site, ">Police</th>");
	open_child(&t, 1, "");
	must_see(&t.site, ">Police</th>");
	shut(&t.site);
}

/* Seen on the other file is seen. */
static void what_the_head_of_the_page_tells_is_of_both_files(void **state)
{
	static const char *const NEVER = "<strong>Nobody has written down that the child was seen.</strong>";
	struct family t;
	begin(&t, *state);
	admitted(t.f, &t.worker.actor, "child.seen", t.children[1].file,
	         fields_of(t.f, "{'contact':'seen-alone','where':'school','alone':true,'spoke':true}"));
	serve_as(&t, "sunita", &t.worker);
	open_child(&t, 0, "");
	must_see(&t.site, NEVER);
	join(&t, 0, 1);
	open_child(&t, 0, "");
	must_not_see(&t.site, NEVER);
	part(&t, 0, 1);
	open_child(&t, 0, "");
	must_see(&t.site, NEVER);
	shut(&t.site);
}

static void judge(struct family *t, size_t child, const char *review)
{
	struct str file = t->children[child].file;
	struct casebook_answer seen =
		admitted(t->f, &t->worker.actor, "child.seen", file,
	                 fields_of(t->f, "{'contact':'seen-alone','where':'school','alone':true,'spoke':true}"));
	struct str fields = arena_format(
		t->f->arena,
		"{'harm-happened':'likely','harm-coming':'likely','imminent':false,'basis':[%" PRId64
		"],'q1':'a','q2':'b','q3':'c','child-said':%" PRId64 ",'q4':'d','asked':['police-contact'],"
		"'unanswered':['police-contact'],'q5':'e','actions':[{'office':'social-worker','what':'visit',"
		"'by-date':'2026-12-01'}],'by-with':['team-manager'],'review':'%s'}",
		seen.index, seen.index, review);
	struct casebook_answer waits = act(t->f, &t->worker.actor, "risk.judged", file, fields_of(t->f, fields.p));
	struct casebook_answer agreed = joiners_agree(&t->joiners, &t->joiners.manager, &waits, file);
	fixture_must_admit(&agreed, "risk.judged");
}

/* Of what is owed anew on both, what is due first. */
static void the_head_of_the_page_tells_what_is_due_first_on_either(void **state)
{
	struct family t;
	begin(&t, *state);
	judge(&t, 0, "2026-12-20");
	judge(&t, 1, "2026-12-10");
	join(&t, 0, 1);
	serve_as(&t, "sunita", &t.worker);
	for (size_t i = 0; i < 2; i++) {
		open_child(&t, i, "");
		must_see(&t.site, "Judge the risk anew (T31): owed by Social worker, by the end of Thursday 10 December");
		must_not_see(&t.site, "Judge the risk anew (T31): owed by Social worker, by the end of Sunday 20 December");
	}
	shut(&t.site);
}

/* By way of a third file too; and a brother stays somebody else, once, of whichever he is. */
static void three_files_are_one_person_and_a_brother_is_another(void **state)
{
	struct family t;
	begin(&t, *state);
	(void)concern_of(&t, &t.children[2], "Nobody fetched him.");
	for (size_t i = 0; i < 2; i++)
		admitted(t.f, &t.worker.actor, "link.made", t.children[i].file,
		         fields_of(t.f, arena_format(t.f->arena, "{'sibling':'%.*s'}", STR_ARG(t.children[3].file)).p));
	join(&t, 0, 1);
	join(&t, 2, 1);
	serve_as(&t, "sunita", &t.worker);
	for (size_t i = 0; i < 3; i++) {
		open_child(&t, i, "?open=all");
		must_see(&t.site, "Nobody fetched him.");
		must_see(&t.site, ", of this file, 2 more of the same person and 1 linked");
		must_see(&t.site, "Files of other people are left out: 1. ");
	}
	shut(&t.site);
}

/* Who is said to be two is not one person by way of a third file. */
static void a_chain_does_not_lead_to_somebody_who_is_kept_apart(void **state)
{
	struct family t;
	begin(&t, *state);
	(void)concern_of(&t, &t.children[2], "Nobody fetched him.");
	join(&t, 0, 1);
	join(&t, 2, 1);
	struct casebook_answer apart = say(&t, "person.kept-apart", "other", &t.children[0], &t.children[2]);
	fixture_must_admit(&apart, "person.kept-apart");
	serve_as(&t, "sunita", &t.worker);
	open_child(&t, 0, "?open=all");
	must_not_see(&t.site, "Nobody fetched him.");
	must_see(&t.site, "A file that is joined to one of these is left out");
	/* Nor is it both of them on the page of the file in the middle: who was joined first is. */
	open_child(&t, 1, "?open=all");
	must_not_see(&t.site, "Nobody fetched him.");
	must_see(&t.site, ", of this file and 1 more of the same person");
	must_see(&t.site, "A file that is joined to one of these is left out");
	open_child(&t, 2, "?open=all");
	must_see(&t.site, "Nobody fetched him.");
	must_see(&t.site, "A file that is joined to one of these is left out");
	shut(&t.site);
}

/* --- rights ----------------------------------------------------------------------------------- */

/* What is not for an office is counted, and not shown, by whatever way it is reached. */
static void what_an_office_may_not_know_of_is_counted_and_not_shown(void **state)
{
	struct family t;
	begin(&t, *state);
	struct person gina = person(t.f, "gina", "gp");
	admitted(t.f, &t.worker.actor, "circle.named", t.children[0].file,
	         fields_of(t.f, "{'office':'gp','how':'registered','still':'yes'}"));
	admitted(t.f, &gina.actor, "note.made", t.children[0].file, fields_of(t.f, "{'text':'I know her.'}"));
	struct casebook_answer concern = concern_by(&t, &t.police, &t.children[1], "She is cold and hungry.");
	struct casebook_answer linked = say(&t, "link.made", "about", &t.children[2], &concern);
	fixture_must_admit(&linked, "link.made");
	serve_as(&t, "gina", &gina);
	open_child(&t, 0, "?open=all");
	must_not_see(&t.site, "words not open to your office: ");
	join(&t, 0, 1);
	join(&t, 1, 2);
	/* Of a file in which it has a part, and of those linked to it, it knows; no further. */
	open_child(&t, 0, "?open=all");
	must_see(&t.site, "/files/P-2\">Child <span class=\"cd-number\">P-2</span></a> is the same person.");
	must_see(&t.site, "1 file of the same person is not open to your office.");
	must_not_see(&t.site, ">Child <span class=\"cd-number\">P-3</span></a>");
	must_see(&t.site, "words not open to your office: ");
	must_see(&t.site, " 1 entry by Police. "); /* linked to two of the files, it is counted once */
	must_not_see(&t.site, ">Police</th>");
	must_not_see(&t.site, "She is cold and hungry.");
	must_not_see(&t.site, "Two files are two people");
	shut(&t.site);
}

/* --- joined and parted is as before ----------------------------------------------------------- */

/* What a child's page showed: each line up to an entry, and who knows the child. */
struct shown {
	struct str lines;
	struct str known; /* without the agency that looks at patterns meanwhile */
	struct str since; /* the first contact of that agency */
};

static const struct json *read_page(struct family *t, size_t n, const char *tail, struct arena *arena)
{
	const struct json *page;
	struct str number = file_named(t->f, t->children[n].file).number;
	get_json(&t->site, arena_format(arena, "/files/%.*s%s", STR_ARG(number), tail).p);
	assert_int_equal(t->site.status, 200);
	MUST(t->f, json_read(arena, t->site.body, JSON_DEPTH_MAX, &page, &t->f->err));
	const struct json *story = json_member(page, STR("story"));
	assert_non_null(story);
	return story;
}

static struct shown look(struct family *t, size_t n, int64_t last)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FIXTURE_FILE_MAX);
	struct shown shown = { .since = STR("") };
	struct buf text;
	buf_init(&text, VISITOR_ANSWER_MAX);
	const struct json *story = read_page(t, n, "/chronology?print=yes&order=oldest", arena);
	for (const struct json *row = json_member(story, STR("rows"))->first; row; row = row->next)
		if (json_number(row, STR("n"), INT64_MAX) <= last) {
			json_write(&text, row);
			buf_add(&text, STR("\n"));
		}
	shown.lines = arena_copy(t->f->arena, buf_str(&text));
	text.n = 0;
	const struct json *known = json_member(read_page(t, n, "", arena), STR("known"));
	for (const struct json *row = json_member(known, STR("rows"))->first; row; row = row->next) {
		for (const struct json *sort = json_member(row, STR("sorts"))->first; sort; sort = sort->next)
			assert_false(str_starts(json_text(sort, STR("title")), STR("Two files")));
		if (str_eq(json_text(row, STR("agency")), STR("Council"))) {
			shown.since = arena_copy(t->f->arena, json_text(json_member(row, STR("first")), STR("iso")));
			continue;
		}
		json_write(&text, row);
		buf_add(&text, STR("\n"));
	}
	assert_false(text.full);
	shown.known = arena_copy(t->f->arena, buf_str(&text));
	buf_finish(&text);
	return shown;
}

static void must_be_as(const char *what, struct str before, struct str after)
{
	size_t at = 0;
	while (at < before.n && at < after.n && before.p[at] == after.p[at])
		at++;
	size_t from = at < 200 ? 0 : at - 200;
	if (!str_eq(before, after))
		fail_msg("%s was\n%.*s\nand is\n%.*s", what, STR_ARG(str_sub(before, from, 400)),
		         STR_ARG(str_sub(after, from, 400)));
}

struct made {
	const char *field; /* "other": two files of one person */
	size_t from;
	size_t to; /* a child, or of "about" a concern */
};

struct round {
	struct family *t;
	struct random_source *random;
	struct made made[ACTS_MAX];
	size_t count;
	int64_t last; /* entries up to here were there before */
};

static bool is_join(const struct made *made)
{
	return strcmp(made->field, "other") == 0;
}

static const struct casebook_answer *end_of(struct round *round, const struct made *made)
{
	return strcmp(made->field, "about") == 0 ? &round->t->concerns[made->to] : &round->t->children[made->to];
}

static void make(struct round *round, const struct made *made)
{
	struct casebook_answer answer = say(round->t, is_join(made) ? "person.joined" : "link.made", made->field,
	                                    &round->t->children[made->from], end_of(round, made));
	fixture_must_admit(&answer, made->field);
}

/* A link that is not there yet; *out is left as it was where the two are linked already. */
static void draw_one(struct round *round)
{
	static const char *const FIELDS[] = { "other", "other", "other", "sibling", "friend", "about" };
	struct family *t = round->t;
	size_t a = random_below(round->random, CHILDREN);
	struct made *made = &round->made[round->count];
	*made = (struct made){ FIELDS[random_below(round->random, COUNT_OF(FIELDS))], a,
		               (a + 1 + random_below(round->random, CHILDREN - 1)) % CHILDREN };
	struct casebook_file here = file_named(t->f, t->children[a].file);
	struct casebook_file there = file_named(t->f, end_of(round, made)->file);
	bool is_there;
	{
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(t->f);
		MUST(t->f, casebook_is_related(reader, here.n, there.n, STR(""), &is_there, &t->f->err));
	}
	if (is_there)
		return;
	make(round, made);
	round->count++;
}

/* In whatever order. */
static void undo_all(struct round *round)
{
	struct made left[ACTS_MAX];
	memcpy(left, round->made, sizeof left);
	for (size_t count = round->count; count > 0;) {
		struct made *made = &left[random_below(round->random, count)];
		for (size_t i = 0; i < CHILDREN; i++)
			joiners_look_at_patterns(&round->t->joiners, round->t->children[i].file);
		struct casebook_answer gone = say(round->t, is_join(made) ? "person.parted" : "link.removed", made->field,
		                                  &round->t->children[made->from], end_of(round, made));
		fixture_must_admit(&gone, made->field);
		*made = left[--count];
	}
}

static void make_again(struct round *round)
{
	for (size_t i = round->count; i > 1; i--) {
		size_t n = random_below(round->random, i);
		struct made moved = round->made[n];
		round->made[n] = round->made[i - 1];
		round->made[i - 1] = moved;
	}
	for (size_t i = 0; i < round->count; i++)
		make(round, &round->made[i]);
}

/* Which children are one with a child by what was made. */
static unsigned one_with(const struct round *round, size_t child)
{
	unsigned one = 1U << child, before;
	do {
		before = one;
		for (size_t i = 0; i < round->count; i++) {
			unsigned pair = 1U << round->made[i].from | 1U << round->made[i].to;
			if (is_join(&round->made[i]) && one & pair)
				one |= pair;
		}
	} while (one != before);
	return one;
}

static unsigned told_of(const struct round *round, unsigned children)
{
	unsigned told = children; /* each was told of by the concern of its own number */
	for (size_t i = 0; i < round->count; i++)
		if (strcmp(round->made[i].field, "about") == 0 && children >> round->made[i].from & 1)
			told |= 1U << round->made[i].to;
	return told;
}

static size_t entries_on(struct round *round, struct str file)
{
	struct family *t = round->t;
	const struct casebook_entry *entries;
	size_t count, old = 0;
	struct casebook_file found = file_named(t->f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(t->f);
	MUST(t->f, casebook_entries(reader, t->f->arena, found.n, -1, 1000, &entries, &count, &t->f->err));
	for (size_t i = 0; i < count; i++)
		old += entries[i].index <= round->last;
	return old;
}

/* From whichever file it is opened: what is on each of the person's files, and on what is linked to them, once. */
static void must_be_one_story(struct round *round)
{
	for (size_t child = 0; child < CHILDREN; child++) {
		unsigned one = one_with(round, child), told = told_of(round, one);
		size_t wanted = 0, lines = 0;
		struct str text = look(round->t, child, round->last).lines;
		for (size_t i = 0; i < text.n; i++)
			lines += text.p[i] == '\n';
		for (size_t i = 0; i < CHILDREN; i++)
			wanted += one >> i & 1 ? entries_on(round, round->t->children[i].file) : 0;
		for (size_t i = 0; i < CONCERNS; i++)
			wanted += told >> i & 1 ? entries_on(round, round->t->concerns[i].file) : 0;
		assert_int_equal(lines, wanted);
	}
}

static void look_at_all(struct round *round, struct shown *shown)
{
	for (size_t i = 0; i < CHILDREN; i++)
		shown[i] = look(round->t, i, round->last);
}

static void must_be_as_before(struct round *round, const struct shown *before)
{
	struct shown after[CHILDREN];
	look_at_all(round, after);
	for (size_t i = 0; i < CHILDREN; i++) {
		must_be_as("the chronology", before[i].lines, after[i].lines);
		must_be_as("who knows the child", before[i].known, after[i].known);
		must_be_as("the first contact", before[i].since, after[i].since);
	}
}

/* Whatever was joined and linked, in whatever order, and in whatever order it is taken away again. */
static void joined_and_parted_is_as_before(void **state)
{
	struct family t;
	begin(&t, *state);
	const struct person *tellers[] = { &t.screener, &t.police, &t.screener, &t.police };
	struct round round = { .t = &t, .random = random_seeded_create(20261127) };
	for (size_t i = 0; i < CONCERNS; i++)
		t.concerns[i] = concern_by(&t, tellers[i], &t.children[i], "She is cold and hungry.");
	serve_as(&t, "tess", &t.joiners.manager);
	for (size_t i = 0; i < ROUNDS; i++) {
		struct shown before[CHILDREN];
		round.last = entries_of(t.f) - 1;
		round.count = 0;
		look_at_all(&round, before);
		for (size_t acts = 1 + random_below(round.random, ACTS_MAX); acts > 0; acts--)
			draw_one(&round);
		must_be_one_story(&round);
		undo_all(&round);
		must_be_as_before(&round, before);
		make_again(&round);
		must_be_one_story(&round);
		undo_all(&round);
		must_be_as_before(&round, before);
	}
	random_destroy(round.random);
	shut(&t.site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_page_tells_all_that_is_linked_to_the_persons_other_file),
		PROVES(who_knows_the_person_is_over_both_files),
		PROVES(what_the_head_of_the_page_tells_is_of_both_files),
		PROVES(the_head_of_the_page_tells_what_is_due_first_on_either),
		PROVES(three_files_are_one_person_and_a_brother_is_another),
		PROVES(a_chain_does_not_lead_to_somebody_who_is_kept_apart),
		PROVES(what_an_office_may_not_know_of_is_counted_and_not_shown),
		PROVES(joined_and_parted_is_as_before),
	};
	return PROVE(tests);
}
