/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: the public's other roads. Whatever the pack lets the
 * public make, and whoever holds a code add, is asked one field a page; which
 * kinds, fields, codes and words these are stands in the pack alone. Addresses
 * carry a number and no name: a history of the browser tells nothing.
 */
#ifndef CANDOUR_WEB_ROAD_H
#define CANDOUR_WEB_ROAD_H

#include "web/report.h"
#include "web/return_visit.h"

struct road {
	const struct pack_kind *rules; /* as the pack has it */
	struct pack_kind kind;         /* the fields that are asked, in words for the public */
	struct str file;               /* id of what it is added to; empty: it begins a file */
	struct str path;               /* "/tell/2", "/return/say/1" */
};

/* One of them in the making; for CLEANUP: road_form_finish. */
struct road_form {
	struct web_request *request;
	struct report report; /* the draft that it stands in */
	struct return_visit visit;
	struct road road;
	struct json *kept;   /* {fields, checked} of this road in the draft */
	struct json *fields; /* as an act has them */
	bool is_begun;       /* the draft knows of this road */
};

/* [{href, text}]: the roads that begin a file, and those that may be added to `file` as it stands.
 */
struct json *road_list(struct web_request *request);
struct json *road_list_added(struct web_request *request, const struct casebook_file *file);
/* Whether a kind is a road that begins a file, or one to be added to a file of that type. */
bool road_begins(const struct pack *pack, const struct pack_kind *kind);
/* By the number in the path, or by the kind's name. ERR_ABSENT: there is none such. */
bool road_find(struct web_request *request, const struct casebook_file *file, struct road *out,
               struct err *err) MUST_USE;
/* The pack's public words for a road: "action", "about", "since.label"; p NULL: none. */
struct str road_words(const struct web_request *request, const struct pack_kind *kind,
                      struct str what);
struct str road_page_path(struct web_request *request, const struct road *road, size_t n);

bool road_open(struct web_request *request, struct web_answer *answer, struct road_form *out,
               struct err *err) MUST_USE;
void road_form_finish(struct road_form *form);

/* The field's model with its options, value and error, into model.field. */
bool road_field_put(struct road_form *form, const struct pack_field *field, struct json *model,
                    struct err *err) MUST_USE;
/* The value as lines of text, for the list of answers. */
bool road_field_lines(struct road_form *form, const struct pack_field *field, struct json *lines,
                      struct err *err) MUST_USE;

/* The table's handlers. */
bool road_begin_get(struct web_request *request, struct web_answer *answer, struct err *err);
bool road_whole_post(struct web_request *request, struct web_answer *answer, struct err *err);
bool road_page_get(struct web_request *request, struct web_answer *answer, struct err *err);
bool road_page_post(struct web_request *request, struct web_answer *answer, struct err *err);
bool road_check_get(struct web_request *request, struct web_answer *answer, struct err *err);
bool road_check_post(struct web_request *request, struct web_answer *answer, struct err *err);

#endif
