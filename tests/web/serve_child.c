/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A drill register by tests/data/pack-sample with a child who is long known,
 * served for browser tests of one chronology and for measuring it. Prints the
 * address and how to sign in as one line of JSON; ends with its input.
 *
 *   serve_child [HOST:PORT [ACTS]]     ACTS: how many after the thirteen files were begun
 */
#include "casebook/child_story.h"

#include "web/web.h"

static void say(struct fixture *f, const struct web *web, const struct child_story *story)
{
	const struct {
		const char *name;
		const struct person *who;
	} people[] = {
		{ "sunita", &story->social },  { "tomas", &story->manager }, { "amara", &story->screener },
		{ "petra", &story->police },   { "bea", &story->nurse },     { "miro", &story->missing },
	};
	printf("{\"address\":\"http://127.0.0.1:%u\",\"password\":\"%s\",\"people\":{",
	       (unsigned)web_port(web), FIXTURE_PASSWORD);
	for (size_t i = 0; i < COUNT_OF(people); i++)
		printf("%s\"%s\":\"%.*s\"", i ? "," : "", people[i].name, STR_ARG(people[i].who->totp));
	printf("},\"now\":%" PRId64 "}\n", casebook_now(f->book) / INSTANT_PER_SECOND);
	(void)fflush(stdout);
}

/* Another child, of whom an enquiry is made: a plan can be, which has a table to fill in. */
static void make_enquiry(struct fixture *f, const struct child_story *story)
{
	struct casebook_answer child = child_of(f, &story->social);
	(void)concern_about(f, &story->manager, child.file, "He is cold and hungry.");
	(void)admitted(f, &story->manager.actor, "strategy.held", child.file,
	               fields_of(f, "{'decision':'enquiry','present':['team-manager','police-officer',"
	                            "'named-nurse']}"));
}

int main(int argc, char **argv)
{
	struct fixture *f = NULL;
	void *state = NULL, *founded;
	struct child_story *story = calloc(1, sizeof *story);
	struct web_config config = { .listen = argc > 1 ? argv[1] : NULL };
	struct web *web = NULL;
	if (!story || fixture_found(&state))
		return 1;
	founded = state;
	if (fixture_set_up(&state))
		return 1;
	f = state;
	child_story_make(f, story, argc > 2 ? (size_t)atoi(argv[2]) : 60);
	make_enquiry(f, story);
	MUST(f, casebook_start_writer(f->book, &f->err));
	MUST(f, web_start(f->book, &config, &web, &f->err));
	say(f, web, story);
	while (getchar() != EOF)
		continue;
	web_stop(web);
	free(story);
	return fixture_tear_down(&state) || fixture_forget(&founded);
}
