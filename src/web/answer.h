/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From an answer to what the HTTP library sends: all security headers are set here and nowhere
 * else. */
#ifndef CANDOUR_WEB_ANSWER_H
#define CANDOUR_WEB_ANSWER_H

#include "base/base.h"
#include "web/request.h"

struct MHD_Response;
struct http_library;

/*
 * Makes the response and takes the body or the stream over. NULL: a header,
 * cookie or body that cannot be sent (ERR_FAULT), or memory (ERR_UNABLE).
 */
struct MHD_Response *answer_response(const struct http_library *http, struct arena *arena,
                                     struct web_answer *answer, struct err *err) MUST_USE;

#endif
