/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a page is given and what it gives back. A page is a function of the
 * request; it knows nothing of sockets, threads or the library below.
 */
#ifndef CANDOUR_WEB_REQUEST_H
#define CANDOUR_WEB_REQUEST_H

#include "base/base.h"
#include "web/cookie.h"
#include "web/gate.h"
#include "web/multipart.h"

#define WEB_FORM_MAX                                                                               \
	(1u << 20) /* bytes of a form or of JSON; plain fields of an upload together               \
	            */
#define WEB_ANSWER_MAX (16u << 20)
#define WEB_PARAMS_MAX 4
#define WEB_HEADERS_MAX 8 /* that a page adds */
#define WEB_COOKIES_MAX 4

struct web_route;

struct web_request {
	struct arena *arena;            /* of this request */
	const struct gate_result *head; /* method, path, query, cookies, what is wanted back */
	const struct web_route *route;  /* NULL when a refusal is rendered before one was found */
	void *ctx;                      /* the server's owner's */
	instant now;                    /* when the head had arrived */
	struct hash peer;    /* keyed hash of the address: for limits, never to be written */
	bool is_peer_exempt; /* limits do not count: the machine itself, without a proxy */
	bool is_secure;      /* the browser speaks HTTPS */

	struct str params[WEB_PARAMS_MAX]; /* of the route, in its order; see web_param */
	struct fields form;                /* of a form; of an upload its plain fields */
	const struct json *json;           /* of a JSON body */
	struct str body;                   /* raw, but for uploads */

	void *session; /* the owner's, set by its `before` */
	void *upload;  /* the owner's, set by the first call of the route's sink */
};

/* Bytes that are made while they are sent: a stored file as it is opened. */
struct web_stream {
	uint64_t size; /* known from the start */
	/* Writes 1 .. `room` bytes from `at` on, answers how many; 0: it cannot, the connection is
	 * cut. */
	size_t (*read)(void *ctx, uint64_t at, char *out, size_t room);
	void (*close)(void *ctx); /* called once, always; NULL: nothing to close */
	void *ctx;
};

enum web_policy {
	WEB_POLICY_PAGE,    /* the pages' own */
	WEB_POLICY_SANDBOX, /* what strangers sent: no script, no form, no origin */
};

struct web_header {
	struct str name;
	struct str value;
};

/* Begins with status 200, text/html in UTF-8, no-store. Slices live in the request's arena or
 * longer. */
struct web_answer {
	unsigned status;
	struct buf body;          /* at most WEB_ANSWER_MAX */
	struct str fixed;         /* instead of body when p is set: lives as long as the program */
	struct web_stream stream; /* instead of both when read is set */
	struct str type;
	struct str caching; /* Cache-Control */
	enum web_policy policy;
	struct web_header headers[WEB_HEADERS_MAX];
	size_t header_count;
	struct cookie cookies[WEB_COOKIES_MAX];
	size_t cookie_count;
	bool is_overfull; /* a header or cookie too many, or one that no header may hold: ERR_FAULT
	                   */
	bool closes;      /* Connection: close */
};

/*
 * A page. True: *answer is what is sent. False: err says why, and the owner's
 * `refuse` renders it (404, 403, 400, 422, 503, 500 by the code).
 */
typedef bool (*web_handler)(struct web_request *request, struct web_answer *answer,
                            struct err *err);

/* Takes the files of an upload as they arrive. After false nothing more is given. */
struct web_sink {
	bool (*begin)(struct web_request *request, const struct multipart_part *part,
	              struct err *err);
	bool (*piece)(struct web_request *request, struct str bytes, struct err *err);
	bool (*end)(struct web_request *request, struct err *err);
	/* Called once when the request is over, whatever came of it, when request->upload is set.
	 */
	void (*finish)(struct web_request *request);
};

enum web_route_flags { /* `before` of the owner reads the first three */
	               WEB_PUBLIC = 1 << 0,
	               WEB_NEEDS_SESSION = 1 << 1,
	               WEB_NEEDS_PROOF = 1 << 2, /* proof anew, within minutes */
	               WEB_ANY_SITE = 1 << 3,    /* posts are not asked where they come from */
	               WEB_RAW = 1 << 4, /* of paths below gate_names.raw: no parameters, "*" takes
	                                    any rest */
};

/*
 * Pattern: "/files/:id/:kind"; a last segment "*name" takes the rest of the
 * path (one segment or more), as it was sent. The first route that fits is
 * taken. A route for WEB_GET answers HEAD too.
 */
struct web_route {
	enum web_method method;
	const char *pattern;
	web_handler handler;
	unsigned takes;              /* of enum gate_takes */
	uint64_t max_bytes;          /* of the body; 0: WEB_FORM_MAX */
	unsigned flags;              /* of enum web_route_flags */
	const struct web_sink *sink; /* with GATE_TAKES_MULTIPART: where its files go */
	const void *data;            /* the owner's */
};

/* A parameter of the route by name; p NULL: the pattern has none of that name. */
struct str web_param(const struct web_request *request, struct str name);

/* Whether If-None-Match (p NULL: none came) names the tag: a list of entity tags, weak ones
 * compared by what they quote; or a star (RFC 9110, 13.1.2). */
bool web_etag_is_named(struct str list, struct str etag);

void web_answer_init(struct web_answer *answer);
/* Frees what a body or stream holds. */
void web_answer_finish(struct web_answer *answer);
void web_answer_header(struct web_answer *answer, struct str name, struct str value);
void web_answer_cookie(struct web_answer *answer, struct cookie cookie);
/* 303 to a path of ours; anything that is not "/" and then no slash is ERR_FAULT. */
void web_answer_redirect(struct web_answer *answer, struct str location);
void web_answer_text(struct web_answer *answer, unsigned status, struct str text);
/* The model as JSON; a model that cannot be written makes the answer overfull. */
void web_answer_json(struct web_answer *answer, const struct json *model);
/*
 * A download that no browser shows: attachment under `filename` (letters,
 * digits, ._- ; others become _), sandboxed.
 */
void web_answer_download(struct web_request *request, struct web_answer *answer,
                         struct str filename, struct str type);

#endif
