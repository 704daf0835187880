/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: what somebody wrote in a form of an act and has not
 * sent yet. A draft of an account, in an office, on a file, of a kind. A form
 * that arrives when its session has ended is kept under the browser's own
 * secret until the same account signs in again.
 */
#ifndef CANDOUR_WEB_KEPT_FORM_H
#define CANDOUR_WEB_KEPT_FORM_H

#include "web/practice.h"

/* Keeps, finds (NULL: none), forgets. `file` is its number, "new" for a call. */
bool kept_form_save(struct web_request *request, struct str file, struct str kind,
                    const struct json *fields, struct err *err) MUST_USE;
bool kept_form_load(struct web_request *request, struct str file, struct str kind,
                    const struct json **fields, instant *used, struct err *err) MUST_USE;
bool kept_form_drop(struct web_request *request, struct str file, struct str kind,
                    struct err *err) MUST_USE;

/* Id of the draft, for uploads. */
struct str kept_form_id(struct web_request *request, struct str file, struct str kind);

/* A short mark of the account, for a form to carry: only its own words come back to it. */
struct str kept_form_mark(struct web_request *request, struct str account);
/* Where a form that was kept is gone on with; a report that was begun on the telephone is a call.
 */
struct str kept_form_path(struct web_request *request, struct str file, struct str kind);
/* Puts a form whose session has ended aside, and sends to sign in. */
bool kept_form_set_aside(struct web_request *request, struct web_answer *answer, struct str file,
                         struct str kind, const struct json *fields, struct err *err) MUST_USE;
/* After signing in: what was put aside becomes the account's draft; *to is its form. */
bool kept_form_restore(struct web_request *request, struct json *root, struct str account,
                       struct str office, struct str *to, struct err *err) MUST_USE;

#endif
