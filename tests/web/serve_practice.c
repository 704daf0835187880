/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A drill register with people in offices, concerns in every state and some of
 * them late, served for browser tests of the practice pages and for measuring
 * them. The same register, opened for reading alone, is served at a second
 * address. Prints both and how to sign in as one line of JSON; ends with its
 * input.
 *
 *   serve_practice [HOST:PORT [CONCERNS [FLOOD]]]     FLOOD: so many more within an hour
 */
#include "casebook/fixture.h"

#include "web/web.h"

#define OFFICES 8

static const struct {
	const char *name;
	const char *office;
} PEOPLE[OFFICES] = {
	{ "amara", "screener" },      { "tomas", "team-manager" },
	{ "sunita", "social-worker" }, { "ivo", "service-manager" },
	{ "petra", "police-contact" }, { "ruth", "register-administrator" },
	{ "noor", "independent-scrutineer" }, { "bea", "named-nurse" },
};

static void say_people(struct fixture *f, const struct web *web, const struct web *closed,
                       const struct person *people)
{
	printf("{\"address\":\"http://127.0.0.1:%u\",\"password\":\"%s\",\"people\":{",
	       (unsigned)web_port(web), FIXTURE_PASSWORD);
	for (size_t i = 0; i < OFFICES; i++)
		printf("%s\"%s\":\"%.*s\"", i ? "," : "", PEOPLE[i].name, STR_ARG(people[i].totp));
	printf("},\"now\":%" PRId64 ",\"closed\":\"http://127.0.0.1:%u\"}\n",
	       casebook_now(f->book) / INSTANT_PER_SECOND, (unsigned)web_port(closed));
	(void)fflush(stdout);
}

static void ask_police(struct fixture *f, const struct person *screener, struct str file)
{
	admitted(f, &screener->actor, "concern.asked", file,
	         fields_of(f, "{'office':'police-contact','urgent':'no','lawful-basis':'public-task',"
	                      "'question':'What do you know of this child?'}"));
}

/* Each concern a little further on than the one before. */
static void make_concern(struct fixture *f, const struct person *people, int n)
{
	static const char *const WORDS[] = {
		"He is alone at night. The lights are off and nobody comes.\n\nI hear him cry.",
		"A girl of about 13 is picked up after school by older men in a grey car.",
		"She told me that she is afraid to go home. \"He gets angry when mum is at work.\"",
		"There are marks on his arms. <b>He</b> says he fell & does not want to talk.",
	};
	struct casebook_answer concern = report(f, WORDS[n % 4]);
	struct str file = concern.file;
	later(f, 7 * INSTANT_PER_MINUTE);
	if (n % 5 == 4)
		return;
	admitted(f, &people[0].actor, "concern.looked", file,
	         fields_of(f, "{'danger':'possible','checked':['own-files','school'],"
	                      "'basis':'Spoke to the school.'}"));
	if (n % 5 >= 2)
		ask_police(f, &people[0], file);
}

/* A decision for nothing on a sign of harm wants a second reader: one waits, one can be made to. */
static void make_waiting(struct fixture *f, const struct person *looker, const struct person *screener,
                         const struct person *manager, bool waits)
{
	struct casebook_act what = {
		.actor = BY_PUBLIC,
		.via = CASEBOOK_WEB,
		.kind = STR("concern.received"),
		.fields = fields_of(f, "{'source':'neighbour','happening':'A burn.','harm':['physical'],"
		                       "'danger-now':'no','harm-sign':'yes','channel':'web',"
		                       "'name':'The one next door'}"),
	};
	struct casebook_answer concern, waiting;
	MUST(f, casebook_submit(f->book, &what, f->arena, &concern, &f->err));
	fixture_must_admit(&concern, "concern.received");
	/* Who looked does not decide that nothing is done. */
	admitted(f, &looker->actor, "concern.looked", concern.file,
	         fields_of(f, "{'danger':'none-found','checked':['own-files','police','health','school']}"));
	/* By the whole pack a child with a sign of harm is seen first. */
	if (pack_kind_find(casebook_pack(f->book), STR("child.seen")))
		admitted(f, &manager->actor, "child.seen", concern.file,
		         fields_of(f, "{'contact':'seen-alone','alone':'yes','spoke':'yes','words':'It was the kettle.'}"));
	if (!waits)
		return;
	waiting = act(f, &screener->actor, "concern.decided", concern.file,
	              fields_of(f, arena_format(f->arena,
	                                        "{'decision':'none','threshold':'2026','reason-none':"
	                                        "'information-only','reasons':'A kettle.','evidence':"
	                                        "[%" PRId64 "]}",
	                                        concern.index)
	                                   .p));
	assert_int_equal(waiting.outcome, CASEBOOK_WAITING);
}

/* Concerns in every state, some of them late and climbed, then `flood` more at once. */
static void make_history(struct fixture *f, const struct person *people, int concerns, int flood)
{
	size_t fired = 0;
	instant next;
	for (int i = 0; i < concerns; i++) {
		make_concern(f, people, i);
		later(f, concerns > 100 ? INSTANT_PER_MINUTE : 5 * INSTANT_PER_HOUR);
	}
	do {
		MUST(f, casebook_climb(f->book, casebook_now(f->book), 1000, &fired, &next, &f->err));
	} while (fired > 0);
	report(f, "A new worry, just now: somebody shouts at a small child every evening.");
	for (int i = 0; i < flood; i++)
		report(f, "The same words, again and again.");
	struct person looker = person(f, "kwame", "screener");
	make_waiting(f, &looker, &people[0], &people[1], true);
	make_waiting(f, &looker, &people[0], &people[1], false);
}

int main(int argc, char **argv)
{
	struct fixture *f = NULL;
	void *state = NULL, *founded;
	struct person people[OFFICES];
	struct web_config config = { .listen = argc > 1 ? argv[1] : NULL };
	struct web_config closed_config = { .listen = "127.0.0.1:0" };
	struct web *web = NULL, *closed = NULL;
	struct casebook *reading = NULL;
	if (fixture_found(&state))
		return 1;
	founded = state;
	if (fixture_set_up(&state))
		return 1;
	f = state;
	for (size_t i = 0; i < OFFICES; i++)
		people[i] = person(f, PEOPLE[i].name, PEOPLE[i].office);
	make_history(f, people, argc > 2 ? atoi(argv[2]) : 12, argc > 3 ? atoi(argv[3]) : 0);
	MUST(f, casebook_open(f->dir, CASEBOOK_READ, &reading, &f->err));
	MUST(f, casebook_start_writer(f->book, &f->err));
	MUST(f, web_start(f->book, &config, &web, &f->err));
	MUST(f, web_start(reading, &closed_config, &closed, &f->err));
	say_people(f, web, closed, people);
	while (getchar() != EOF)
		continue;
	web_stop(closed);
	web_stop(web);
	casebook_close(reading);
	return fixture_tear_down(&state) || fixture_forget(&founded);
}
