/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The start page. */
#include "web/public.h"

bool public_start(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("start") };
	struct json *model = page_begin(request, &head);
	return page_answer(request, answer, STR("public/start"), model, err);
}
