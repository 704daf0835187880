/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what the sources of a form's choices share. */
#ifndef CANDOUR_WEB_ACT_OPTIONS_H
#define CANDOUR_WEB_ACT_OPTIONS_H

#include "web/act_form.h"

struct act_options {
	struct act_form *form;
	const struct json *value; /* what is chosen: one, or a list */
	struct str name;          /* of the field, or of its cell in a table */
	struct str group;         /* of what is added next; empty: none */
	struct json *list;        /* [{value, text, id, above, is_on}] */
};

/* The first of a group says what it is called; the first of all has the field's own id. */
void act_option_add(struct act_options *options, struct str value, struct str text);

/* Files that this viewer may know of, of the right type: itself never, linked ones first. */
bool act_pick_files(struct act_options *options, const struct pack_field *field,
                    struct err *err) MUST_USE;
/* Entries of this file and of those linked to it, newest first; entries of the register itself only
 * where the rules ask for them. */
bool act_pick_entries(struct act_options *options, const struct pack_field *field,
                      struct err *err) MUST_USE;
/* Open duties of this file and of those linked to it. */
bool act_pick_duties(struct act_options *options, const struct pack_field *field,
                     struct err *err) MUST_USE;
/* What is chosen and stands in no option, as it is typed. */
struct str act_pick_typed(const struct act_options *options);

#endif
