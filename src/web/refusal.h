/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what is said when a page is not given. */
#ifndef CANDOUR_WEB_REFUSAL_H
#define CANDOUR_WEB_REFUSAL_H

#include "web/site.h"

/* The server's hook: renders "refusal", or plain text when even that fails. */
void refusal_render(struct web_request *request, struct web_answer *answer, struct str message,
                    struct str reference);
/* What programs get of a refusal: answer->status and why, no page around it. `retry_s` 0: never. */
void refusal_program(struct web_request *request, struct web_answer *answer, struct str message,
                     struct str reference, unsigned retry_s);

#endif
