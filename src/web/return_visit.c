/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/return_visit.h"

bool return_visit_open(struct web_request *request, struct return_visit *out, struct err *err)
{
	*out = (struct return_visit){ 0 };
	if (!draft_open(request, &out->draft, err))
		return false;
	const struct json *visit = json_member(out->draft.root, STR("visit"));
	out->file = json_text(visit, STR("file"));
	out->notice = json_text(visit, STR("notice"));
	out->is_open = out->file.n > 0;
	return true;
}

void return_visit_finish(struct return_visit *visit)
{
	draft_finish(&visit->draft);
}

bool return_visit_keep(struct web_request *request, struct web_answer *answer,
                       struct return_visit *visit, struct str file, struct str notice,
                       struct err *err)
{
	struct json *kept = json_object(request->arena);
	json_put_text(request->arena, kept, STR("file"), file);
	json_put_text(request->arena, kept, STR("notice"), notice);
	draft_set(visit->draft.root, STR("visit"), kept);
	visit->file = file;
	visit->is_open = true;
	return draft_save(request, answer, &visit->draft, err);
}
