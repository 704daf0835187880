/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A register by tests/data/pack-sample, whose files are of four types, for tests and pictures. */
#ifndef CANDOUR_TESTS_CASEBOOK_SAMPLE_PACK_H
#define CANDOUR_TESTS_CASEBOOK_SAMPLE_PACK_H

#include "casebook/changed_pack.h"

/* In the place of the test's own. */
static inline void found_by_sample(struct fixture *f)
{
	static const char *const folders[] = { "packs" };
	const struct pack_bytes *pack = NULL;
	MUST(f, pack_find(f->arena, folders, 1, STR("tests/data/pack-sample"), &pack, &f->err));
	found_by(f, pack);
}

static inline struct casebook_answer child_of(struct fixture *f, const struct person *by)
{
	return admitted(f, &by->actor, "person.opened", STR_NONE,
	                fields_of(f, "{'born':'2013-05','names':['Ava Kaya']}"));
}

static inline struct casebook_answer concern_about(struct fixture *f, const struct person *by,
                                                   struct str child, const char *words)
{
	return admitted(f, &by->actor, "concern.received", STR_NONE,
	                fields_of(f, arena_format(f->arena,
	                                          "{'source':'school','harm':['physical'],'danger-now':'no',"
	                                          "'harm-sign':'yes','area':'screener','child':'%.*s',"
	                                          "'words':'%s'}",
	                                          STR_ARG(child), words)
	                                     .p));
}

static inline struct casebook_answer missing_of(struct fixture *f, const struct person *by,
                                                struct str child)
{
	struct str since = instant_write(f->arena, casebook_now(f->book) - INSTANT_PER_HOUR);
	return admitted(f, &by->actor, "missing.reported", STR_NONE,
	                fields_of(f, arena_format(f->arena, "{'since':'%.*s','child':'%.*s'}",
	                                          STR_ARG(since), STR_ARG(child))
	                                     .p));
}

#endif
