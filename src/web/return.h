/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: coming back with a code. */
#ifndef CANDOUR_WEB_RETURN_H
#define CANDOUR_WEB_RETURN_H

#include "web/page.h"

bool return_get(struct web_request *request, struct web_answer *answer, struct err *err);
bool return_lost(struct web_request *request, struct web_answer *answer, struct err *err);
bool return_status_get(struct web_request *request, struct web_answer *answer, struct err *err);
bool return_status_post(struct web_request *request, struct web_answer *answer, struct err *err);
bool return_add_post(struct web_request *request, struct web_answer *answer, struct err *err);
bool return_challenge_get(struct web_request *request, struct web_answer *answer, struct err *err);
bool return_challenge_post(struct web_request *request, struct web_answer *answer, struct err *err);
bool return_contact_get(struct web_request *request, struct web_answer *answer, struct err *err);
bool return_contact_post(struct web_request *request, struct web_answer *answer, struct err *err);
bool return_leave(struct web_request *request, struct web_answer *answer, struct err *err);
bool return_proof(struct web_request *request, struct web_answer *answer, struct err *err);
bool return_promise(struct web_request *request, struct web_answer *answer, struct err *err);

#endif
