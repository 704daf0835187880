/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the page of what is late, one by one or counted in groups. */
#ifndef CANDOUR_WEB_LATE_H
#define CANDOUR_WEB_LATE_H

#include "web/practice.h"

/* ways[{text, href, is_on}] and is_grouped; true with *by: the path asks for groups. */
bool late_way(struct web_request *request, struct json *model, enum casebook_late_by *by);
/* groups[{name, what, count, late}], the longest late first. */
bool late_put_groups(struct web_request *request, struct casebook_reader *reader,
                     enum casebook_late_by by, struct json *model, struct err *err) MUST_USE;

#endif
