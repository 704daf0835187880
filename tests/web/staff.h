/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Somebody who signs in, on top of the visitor: forms with their token, digits that serve once. */
#ifndef CANDOUR_TESTS_WEB_STAFF_H
#define CANDOUR_TESTS_WEB_STAFF_H

#include "web/visitor.h"

/* Posts a form of the page last opened: its token is added. */
static inline void post_own(struct site *site, const char *path, const char *form)
{
	struct str token = between(site, "name=\"csrf\" value=\"", "\"");
	post(site, path, arena_format(site->f->arena, "%s&csrf=%.*s", form, STR_ARG(token)).p);
}

/* Digits that this account has not used yet: the register's time moves on. */
static inline struct str fresh_digits(struct site *site, const struct person *who)
{
	later(site->f, 31 * INSTANT_PER_SECOND);
	return digits_now(site->f, who->totp);
}

static inline void sign_in(struct site *site, const char *name, const struct person *who)
{
	struct arena *arena = site->f->arena;
	post(site, "/sign-in",
	     arena_format(arena, "name=%s&password=a+long+enough+password", name).p);
	must_lead_to(site, "/sign-in/digits");
	struct str digits = fresh_digits(site, who);
	post(site, "/sign-in/digits", arena_format(arena, "digits=%.*s", STR_ARG(digits)).p);
	if (site->status != 303)
		fail_msg("not signed in: %.*s", STR_ARG(between(site, "error-summary__list", "</ul>")));
}

/* "/files/C-1/tail" of a report. */
static inline const char *path_on(struct site *site, const struct casebook_answer *concern,
                                  const char *tail)
{
	struct casebook_file file = file_named(site->f, concern->file);
	return arena_format(site->f->arena, "/files/%.*s%s%s", STR_ARG(file.number),
	                    tail[0] ? "/" : "", tail)
	        .p;
}

static inline int64_t entries_of(struct fixture *f)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_health health;
	MUST(f, casebook_health(reader, &health, &f->err));
	return health.entries;
}

#endif
