/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The gate: what a request must be before any page sees it. The library below
 * is lax (it takes two Hosts, two lengths, lengths beside chunks, decodes %2F
 * and cuts at NUL); everything ambiguous is refused here, at the head, before
 * a byte of the body is read.
 *
 * Two steps, because some rules hang on the page: gate_check looks at the head
 * alone, gate_admit at what the route takes. Both are functions of their
 * arguments; tests/web/test_gate.c is their table.
 */
#ifndef CANDOUR_WEB_GATE_H
#define CANDOUR_WEB_GATE_H

#include "base/base.h"
#include "web/form.h"

#define GATE_TARGET_MAX 2048 /* bytes */
#define GATE_HEADERS_MAX 64
#define GATE_VALUE_MAX 8192  /* bytes of one header's value */
#define GATE_QUERY_MAX 100   /* fields of one query */
#define GATE_SEGMENTS_MAX 16 /* of one path */

/* A header as it arrived; repeated ones stand there repeatedly. */
struct gate_header {
	struct str name;
	struct str value;
};

/* The head of a request, raw: nothing decoded, nothing joined. */
struct gate_input {
	struct str method;
	struct str target;
	struct str version; /* "HTTP/1.1" */
	const struct gate_header *headers;
	size_t header_count;
};

/* What the program answers to. */
struct gate_names {
	const struct str *hosts; /* without port, small letters; count 0: every well-formed one */
	size_t host_count;
	const struct str *cookies; /* ours, as they travel: twice in a request is refused */
	size_t cookie_count;
	/* What is asked for below this prefix is a name to the letter, "/log/": nothing is decoded,
	 * cut off or refused in it, no cookie is looked at, and it is only read (GET, HEAD; else
	 * 405). Empty: there is none. */
	struct str raw;
	struct str raw_but; /* below this prefix again as everywhere else; empty: nothing is */
};

enum web_method {
	WEB_GET,
	WEB_HEAD,
	WEB_POST,
};

enum gate_body {
	GATE_BODY_NONE,
	GATE_BODY_FORM,      /* application/x-www-form-urlencoded */
	GATE_BODY_JSON,      /* application/json */
	GATE_BODY_MULTIPART, /* multipart/form-data */
	GATE_BODY_OTHER,
};

enum gate_site { /* Sec-Fetch-Site */
	         GATE_SITE_ABSENT,
	         GATE_SITE_NONE,
	         GATE_SITE_SAME_ORIGIN,
	         GATE_SITE_OTHER,
};

/* What the head says, once it is good. Slices live in the arena or in the input. */
struct gate_result {
	unsigned status;  /* 0: let through; else the answer, always with Connection: close */
	const char *why;  /* for the journal: the rule, never a value; NULL when let through */
	const char *says; /* for whoever asked, where the status alone does not say it; else NULL */
	struct str allow; /* 405: value of Allow */

	enum web_method method;
	struct str segments[GATE_SEGMENTS_MAX]; /* of the path, decoded; "/" has none */
	size_t segment_count;
	bool ends_in_slash; /* "/a/": no page has such a path */
	bool is_raw;        /* below gate_names.raw: no segments, no query, no cookies */
	struct str path;    /* raw, without the query; where is_raw the whole target */
	struct fields query;
	struct str host; /* as sent, with its port */

	enum gate_body body;
	struct str content_type;
	uint64_t content_length;

	struct fields cookies;
	bool wants_json; /* Accept names application/json above text/html */
	bool takes_gzip;
	enum gate_site site;
	struct str origin; /* p NULL: absent */
	struct str etag;   /* If-None-Match; p NULL: absent */
	struct str bearer; /* Authorization: Bearer; p NULL: absent */
	struct str key;    /* Idempotency-Key: 1-128 visible ASCII; p NULL: absent */
};

/*
 * Looks at a head. *out->status is 0, or 400 malformed or ambiguous, 405 and
 * 501 method, 411 length, 413 length, 414 target, 417 Expect, 421 host, 431
 * headers, 501 transfer coding, 503 arena exhausted, 505 version.
 */
void gate_check(struct arena *arena, const struct gate_names *names, const struct gate_input *input,
                struct gate_result *out);

enum gate_takes {
	GATE_TAKES_FORM = 1 << 0,
	GATE_TAKES_JSON = 1 << 1,
	GATE_TAKES_MULTIPART = 1 << 2,
	GATE_TAKES_OTHER = 1 << 3,   /* any type: the handler looks */
	GATE_TAKES_REPEATS = 1 << 4, /* a name may stand repeatedly in the query */
};

/*
 * Looks at what a route takes: 413 above `max_bytes`, 415 for another type,
 * 400 for a repeated name in the query. Leaves a refusal of gate_check alone.
 */
void gate_admit(struct gate_result *result, unsigned takes, uint64_t max_bytes);

/* Value of a header of the input that stands there once; p NULL: absent. */
struct str gate_header_get(const struct gate_input *input, struct str name);

#endif
