/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: what all pages share. The parts (public, practice,
 * administration, log) each give a table of routes; a page is a handler of
 * request.h that makes a model (page.h).
 */
#ifndef CANDOUR_WEB_SITE_H
#define CANDOUR_WEB_SITE_H

#include "base/base.h"
#include "casebook/casebook.h"
#include "web/asset.h"
#include "web/limit.h"
#include "web/mustache.h"
#include "web/request.h"
#include "web/route.h"
#include "web/server.h"
#include "web/web.h"

/* The parts, each in a file of its own. */
extern const struct routes public_routes;
extern const struct routes practice_routes;
extern const struct routes admin_routes;
extern const struct routes log_routes;

/* Further flags of a route, beside those of request.h. */
enum site_route_flags {
	SITE_LIMIT_REPORTS = 1 << 8, /* a post counts against limits.reports */
	SITE_LIMIT_SIGN_IN = 1 << 9, /* and against limits.sign-in */
	SITE_NO_CSRF = 1 << 10,      /* a session's form without its token: sign-out */
};

#define SITE_LOG                                                                                   \
	"/log/" /* where the log is read in public: names below it are taken to the letter */
#define SITE_LOG_OPENED SITE_LOG "opened/" /* but for those: pages like others */
#define SITE_DRAFT_COOKIE "candour-draft"  /* a reporter's, only while she writes or reads */
#define SITE_SESSION_COOKIE "candour"      /* of those who signed in */
#define SITE_HOSTS_MAX 16

struct web {
	struct casebook *book; /* the caller's */
	struct people *people; /* the caller's, or NULL */
	struct server *server; /* set last */
	struct mustache_set *templates;
	struct limits *limits;
	struct random_source *random; /* the system's: any thread */
	struct arena *arena;          /* of texts and the table below; set before threads start */
	struct web_route *routes;
	size_t route_count;
	struct gate_names names;
	struct str hosts[SITE_HOSTS_MAX];
	struct str cookies[2]; /* as they travel: draft, session */
	struct str area;
	struct str exit;
	struct str css;
	struct str js;
	bool is_secure;
	bool is_drill;
};

/* How somebody is known in a request. */
enum site_known {
	SITE_UNKNOWN,
	SITE_BY_SESSION, /* a cookie, after signing in */
	SITE_BY_TOKEN,   /* Authorization: Bearer, a program */
};

/* One request, as long as it lasts. */
struct site_visit {
	struct web *web;
	const struct web_route *route;  /* the part's own, with its data */
	struct casebook_reader *reader; /* NULL: not asked for yet; site_reader */
	enum site_known known;
	struct str secret;               /* of the session; never in a model */
	struct casebook_session session; /* SITE_BY_SESSION */
	struct casebook_viewer viewer;   /* actor, session tag, purpose "work" */
};

struct web *site_web(const struct web_request *request);
struct casebook *site_book(const struct web_request *request);
/* NULL only in a refusal that came before a route was found. */
struct site_visit *site_visit(const struct web_request *request);

/* The request's reader: taken at the first call, given back at the end. Later calls give the same
 * snapshot. */
bool site_reader(struct web_request *request, struct casebook_reader **out,
                 struct err *err) MUST_USE;
/* Gives it back now, so that the next site_reader sees what was just written. */
void site_reader_end(struct web_request *request);

/* 32 random bytes as 64 small hex digits: submission ids, drafts. p NULL: no room. */
struct str site_random(struct web_request *request);

/* The submission of somebody without an account: the request's key together with what is sent, so
 * that a key which others use or guess stops nothing. Without a key each is another. p NULL: no
 * room. */
struct str site_submission(struct web_request *request, struct str path, struct str file,
                           const struct json *fields);

/* What the register says of itself under that name; empty: not set, or it cannot be read now. */
struct str site_particular(struct web_request *request, struct str name);
/* "Northmere": as it says of itself, else as it was served, else by its origin. */
struct str site_area(struct web_request *request);

/* The values that a form or a JSON body gives for a name; p NULL: none. */
struct str site_value(const struct web_request *request, struct str name);
/* Like it, trimmed of blanks at both ends: for codes and choices, never for somebody's words. */
struct str site_choice(const struct web_request *request, struct str name);

/* Whether the answer is a model rather than a page. */
bool site_wants_json(const struct web_request *request);

/* 429 with the seconds to wait: a page, or what programs get of every refusal. */
bool site_too_many(struct web_request *request, struct web_answer *answer, unsigned seconds,
                   struct err *err) MUST_USE;

/* The actor that an act is made by, and its road. */
struct casebook_actor site_actor(const struct web_request *request);
enum casebook_via site_via(const struct web_request *request);

#endif
