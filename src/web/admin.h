/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the handlers of administration. */
#ifndef CANDOUR_WEB_ADMIN_H
#define CANDOUR_WEB_ADMIN_H

#include "web/practice.h"

bool offices_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool hand_over_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool hand_over_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool accounts_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool accounts_add(struct web_request *request, struct web_answer *answer, struct err *err);
bool accounts_end_ask(struct web_request *request, struct web_answer *answer, struct err *err);
bool accounts_reset_ask(struct web_request *request, struct web_answer *answer, struct err *err);
bool accounts_end(struct web_request *request, struct web_answer *answer, struct err *err);
bool accounts_reset(struct web_request *request, struct web_answer *answer, struct err *err);
bool accounts_agreed(struct web_request *request, struct web_answer *answer, struct err *err);
bool health_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool metrics_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool pack_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool pack_element_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool pack_proposed_show(struct web_request *request, struct web_answer *answer, struct err *err);

/* secret, qr: what an authenticator is given, as text and as the path of a picture. */
bool admin_put_totp(struct web_request *request, struct json *model, struct str name,
                    struct str base32, struct err *err) MUST_USE;

#endif
