/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For tests of forms: a screener who signed in, with one concern before her. */
#ifndef CANDOUR_TESTS_WEB_DESK_H
#define CANDOUR_TESTS_WEB_DESK_H

#include "web/staff.h"

struct desk {
	struct site site;
	struct person amara;
	struct casebook_answer concern;
};

static inline struct desk desk(struct fixture *f)
{
	struct desk desk = { .amara = person(f, "amara", "screener") };
	desk.concern = report(f, "He is alone at night.");
	desk.site = serve(f, NULL);
	sign_in(&desk.site, "amara", &desk.amara);
	return desk;
}

/* Posts the form at `path` with what it carries along. */
static inline void fill_in(struct site *site, const char *path, const char *fields)
{
	struct arena *arena = site->f->arena;
	get(site, path);
	assert_int_equal(site->status, 200);
	struct str submission = between(site, "name=\"submission\" value=\"", "\"");
	struct str seen = between(site, "name=\"seen\" value=\"", "\"");
	post_own(site, path,
	         arena_format(arena, "%s&submission=%.*s&seen=%.*s", fields, STR_ARG(submission),
	                      STR_ARG(seen))
	                 .p);
}

#endif
