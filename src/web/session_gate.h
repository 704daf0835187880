/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: who is at the door. Before a body is read a route that
 * needs somebody is asked for a session or a token; a session's posts must
 * carry its token back.
 */
#ifndef CANDOUR_WEB_SESSION_GATE_H
#define CANDOUR_WEB_SESSION_GATE_H

#include "web/site.h"

/*
 * Finds out who asks, for routes with WEB_NEEDS_SESSION (others: nobody is
 * looked up). False: answer->status is a redirect to sign-in or a refusal, or
 * err says why.
 */
bool session_gate_pass(struct web_request *request, struct web_answer *answer,
                       struct err *err) MUST_USE;
/* The same on demand, for pages that show a signed-in person more: no refusal, visit->known says.
 */
bool session_gate_look(struct web_request *request, struct err *err) MUST_USE;
/* Whether the form of a session carries its token; ERR_USAGE with the sentence for the reader. */
bool session_gate_form(struct web_request *request, struct err *err) MUST_USE;
/* The token for models; empty without a session. */
struct str session_gate_token(struct web_request *request);

/* A session's cookie, to be set or dropped. */
void session_gate_set(struct web_request *request, struct web_answer *answer, struct str secret);
void session_gate_drop(struct web_request *request, struct web_answer *answer);

#endif
