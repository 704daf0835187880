/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the public pages that ask nothing. */
#ifndef CANDOUR_WEB_PUBLIC_H
#define CANDOUR_WEB_PUBLIC_H

#include "web/page.h"

bool public_start(struct web_request *request, struct web_answer *answer, struct err *err);
/* Pages of words alone: /safe, /pause, /accessibility, /privacy; the route's path names the
 * template. */
bool public_words(struct web_request *request, struct web_answer *answer, struct err *err);
/* What can be asked and sent, as OpenAPI. */
bool public_api(struct web_request *request, struct web_answer *answer, struct err *err);
bool public_figures(struct web_request *request, struct web_answer *answer, struct err *err);
bool public_figures_csv(struct web_request *request, struct web_answer *answer, struct err *err);
bool public_quarters_csv(struct web_request *request, struct web_answer *answer, struct err *err);
bool public_verify_get(struct web_request *request, struct web_answer *answer, struct err *err);
bool public_verify_post(struct web_request *request, struct web_answer *answer, struct err *err);
/* The policy that receipts of this register are checked by, as a file. */
bool public_policy(struct web_request *request, struct web_answer *answer, struct err *err);

/* 32 small hex digits of the key's hash in 8 groups of 4, to be compared with a printed one. */
struct str public_fingerprint(struct web_request *request);

/*
 * How far an entry's receipt has come, as pages say it:
 *   {asks, witnessed, by: ["name"], promised: {text, iso} or null}
 */
bool public_grade(struct web_request *request, int64_t entry, struct casebook_grade *out,
                  struct json **model, struct err *err);

/* Where this site is, as the visitor asked for it: "https://northmere.example/". */
struct str public_address(struct web_request *request);

extern const struct web_sink public_verify_sink;

#endif
