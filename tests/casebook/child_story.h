/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A child who is long known: many entries over her own file and twelve that are linked to it. */
#ifndef CANDOUR_TESTS_CASEBOOK_CHILD_STORY_H
#define CANDOUR_TESTS_CASEBOOK_CHILD_STORY_H

#include "casebook/sample_pack.h"

#define STORY_CONCERNS 5
#define STORY_EPISODES 5
#define STORY_CHALLENGES 2

struct child_story {
	struct person social, manager, screener, police, nurse, missing;
	struct casebook_answer child;
	struct casebook_answer concerns[STORY_CONCERNS], episodes[STORY_EPISODES],
		challenges[STORY_CHALLENGES];
};

static inline void child_story_people(struct fixture *f, struct child_story *story)
{
	found_by_sample(f);
	story->social = person(f, "sunita", "social-worker");
	story->manager = person(f, "tomas", "team-manager");
	story->screener = person(f, "amara", "screener");
	story->police = person(f, "petra", "police-officer");
	story->nurse = person(f, "bea", "named-nurse");
	story->missing = person(f, "miro", "police-missing");
}

static inline void child_story_files(struct fixture *f, struct child_story *story)
{
	story->child = child_of(f, &story->social);
	for (size_t i = 0; i < STORY_CONCERNS; i++) {
		later(f, 3 * INSTANT_PER_HOUR);
		story->concerns[i] = concern_about(f, i % 2 ? &story->nurse : &story->screener,
		                                   story->child.file, "She has a bruise on her arm.");
	}
	for (size_t i = 0; i < STORY_EPISODES; i++) {
		later(f, 5 * INSTANT_PER_HOUR);
		story->episodes[i] = missing_of(f, &story->missing, story->child.file);
	}
	for (size_t i = 0; i < STORY_CHALLENGES; i++)
		story->challenges[i] = admitted(
			f, &story->nurse.actor, "challenge.raised", STR_NONE,
			fields_of(f, arena_format(f->arena,
		                                  "{'child':'%.*s','to':'team-manager','urgent':'no',"
		                                  "'words':'Nobody has seen her for a week.'}",
		                                  STR_ARG(story->child.file))
		                             .p));
}

/* One more act, of the n-th sort. */
static inline void child_story_act(struct fixture *f, struct child_story *story, size_t n)
{
	const struct json *note = fields_of(f, "{'text':'Spoke to the school.'}");
	struct str child = story->child.file;
	switch (n % 8) {
	case 0:
		(void)admitted(f, &story->social.actor, "child.seen", child,
		               fields_of(f, "{'contact':'seen-alone','alone':'yes',"
		                            "'words':'I do not like it when he shouts.'}"));
		break;
	case 1:
		(void)admitted(f, &story->screener.actor, "note.made",
		               story->concerns[n % STORY_CONCERNS].file, note);
		break;
	case 2:
		(void)admitted(f, &story->missing.actor, "note.made",
		               story->episodes[n % STORY_EPISODES].file, note);
		break;
	case 3:
		(void)admitted(f, &story->nurse.actor, "note.made",
		               story->challenges[n % STORY_CHALLENGES].file, note);
		break;
	case 4:
		(void)admitted(f, &story->social.actor, "child.said", child,
		               fields_of(f, "{'words':'I want to stay with gran.'}"));
		break;
	case 5:
		(void)admitted(f, &story->screener.actor, "concern.added",
		               story->concerns[n % STORY_CONCERNS].file,
		               fields_of(f, "{'source':'school','words':'Again today.'}"));
		break;
	case 6:
		(void)admitted(f, &story->social.actor, "child.not-seen", child,
		               fields_of(f, "{'reason':'not-in'}"));
		break;
	default:
		(void)admitted(f, &story->social.actor, "note.made", child, note);
	}
}

/* So many acts, a few hours apart, with what climbs in between. */
static inline void child_story_goes_on(struct fixture *f, struct child_story *story, size_t acts)
{
	size_t fired;
	instant next;
	for (size_t n = 0; n < acts; n++) {
		later(f, 2 * INSTANT_PER_HOUR + INSTANT_PER_MINUTE);
		child_story_act(f, story, n);
		if (n % 40 == 39)
			MUST(f, casebook_climb(f->book, casebook_now(f->book), 1000, &fired, &next,
			                       &f->err));
	}
}

static inline void child_story_make(struct fixture *f, struct child_story *story, size_t acts)
{
	child_story_people(f, story);
	child_story_files(f, story);
	child_story_goes_on(f, story, acts);
}

#endif
