/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The public header of room web: a register's pages, served over HTTP. Each
 * page is a model made from the register, rendered by a template, or given as
 * JSON to those who ask for it. Nothing of HTTP is known outside this room.
 */
#ifndef CANDOUR_WEB_WEB_H
#define CANDOUR_WEB_WEB_H

#include "base/base.h"
#include "casebook/casebook.h"

struct web;
struct people;

/* All may be left zero. Texts are copied, but for those of `listen` and `templates`. */
struct web_config {
	const char *listen; /* "127.0.0.1:8080", a path of a Unix socket; NULL: that address */
	const struct str
		*hosts; /* names it answers to, without port; count 0: the loopback's own */
	size_t host_count;
	struct str proxy_secret; /* what the proxy proves itself by; p NULL: no proxy, plain HTTP */
	struct str area;         /* "Northmere"; empty: from the register's origin */
	struct str exit;         /* where "Exit this page" leads; empty: the weather */
	const char *templates;   /* a folder instead of those in the program; NULL: none */
	bool has_limits;         /* false: limits.reports, .codes, .sign-in of the register */
	unsigned reports_a_minute;
	unsigned codes_a_minute;
	unsigned sign_ins_a_minute;
	struct people *people; /* the caller's, until web_stop; NULL: names are not searched */
};

/*
 * Serves `book`, which stays the caller's and is open until web_stop; its
 * writer runs already.
 * ERR_USAGE   the address is none, or others could reach a register not opened, or not named, yet
 * ERR_INPUT   a template is wrong: names template and line
 * ERR_UNABLE  the address is in use, no memory, no thread
 */
bool web_start(struct casebook *book, const struct web_config *config, struct web **out,
               struct err *err) MUST_USE;
/* Lets what is under way end, and frees all. Takes NULL. */
void web_stop(struct web *web);

/* A file type of a pack as a picture (SVG), by itself. ERR_ABSENT: there is no such file type. */
bool web_pack_picture(const struct pack *pack, struct str type, struct arena *arena,
                      struct str *out, struct err *err) MUST_USE;

struct match_reasons;
/* Why two records weigh what they weigh, as a waterfall: the model of templates/match/waterfall,
 * and the picture (SVG) by itself. No value of a person is in it. */
struct json *web_match_waterfall(const struct match_reasons *reasons, struct str title,
                                 struct arena *arena);
bool web_match_picture(const struct match_reasons *reasons, struct str title, struct arena *arena,
                       struct str *out, struct err *err) MUST_USE;

/* The port in use; 0 for a Unix socket. */
uint16_t web_port(const struct web *web);
/* True when only this machine reaches it. */
bool web_is_loopback(const struct web *web);

/* What a mirror has to tell of a look. Texts are borrowed; instants 0: never, not known. */
struct web_mirror_alarm {
	struct str word; /* "fork" */
	struct str words;
};
struct web_mirror_witness {
	struct str name;
	instant at; /* it signed the newest checkpoint of the copy; 0: it did not */
};
struct web_mirror {
	struct str origin;
	struct str url;
	struct str folder; /* of the copy, beside the page */
	struct str root;   /* base64; empty: nothing was seen yet */
	int64_t size;
	instant looked;
	instant grown;        /* when this mirror saw it grow last */
	struct str unreached; /* why nothing came; empty: it was reached */
	const struct web_mirror_alarm *alarms;
	size_t alarm_count;
	bool asks; /* the policy asks for witnesses */
	const struct web_mirror_witness *witnesses;
	size_t witness_count;
	bool has_opened;  /* headers and plain fields are kept, under an agreement */
	int64_t opened;   /* entries */
	instant newest;   /* the newest of them was recorded */
	instant reckoned; /* what ought to have been told upwards was reckoned */
};
/* The status page of a mirror, and the same as JSON, both as files that stand beside the copy. What
 * is given under an agreement is on neither. ERR_UNABLE: memory. */
bool web_mirror_page(const struct web_mirror *mirror, struct arena *arena, struct str *html,
                     struct str *json, struct err *err) MUST_USE;

struct log_witness;
struct web_witness;
/*
 * Serves a witness, which stays the caller's and is open until web_witness_stop:
 * POST /add-checkpoint, and GET /<hex SHA-256(origin)>/checkpoint. `proxy_secret`, which lives as
 * long, is what a proxy in front proves itself by; p NULL: none does. The errors of web_start.
 */
bool web_witness_start(struct log_witness *witness, const char *listen, struct str proxy_secret,
                       struct web_witness **out, struct err *err) MUST_USE;
void web_witness_stop(struct web_witness *web); /* takes NULL */
uint16_t web_witness_port(const struct web_witness *web);

struct log_keeper;
struct web_keeper;
/*
 * Serves the keeper of a copy, which stays the caller's and is open until web_keeper_stop: GET and
 * POST /copy for who shows its token (Authorization: Bearer), GET /status for anybody. The errors
 * of web_start.
 */
bool web_keeper_start(struct log_keeper *keeper, const char *listen, struct web_keeper **out,
                      struct err *err) MUST_USE;
void web_keeper_stop(struct web_keeper *web); /* takes NULL */
uint16_t web_keeper_port(const struct web_keeper *web);

#endif
