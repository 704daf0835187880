/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the handlers of the public pages, and what they share. */
#ifndef CANDOUR_WEB_PUBLIC_H
#define CANDOUR_WEB_PUBLIC_H

#include "web/page.h"

bool public_start(struct web_request *request, struct web_answer *answer, struct err *err);

#endif
