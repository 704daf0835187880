/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: what a reporter's cookie opens. Her unsent answers,
 * then what was sent until she has written the code down, then the file that
 * her code opened for this visit. Sealed under a key that only the cookie
 * holds, and gone after an idle hour.
 */
#ifndef CANDOUR_WEB_DRAFT_H
#define CANDOUR_WEB_DRAFT_H

#include "web/site.h"

#define DRAFT_SECRET 64 /* hex digits of a cookie */
#define DRAFT_ID 32     /* hex digits of a draft's id */

struct draft {
	bool is_there; /* it was kept, or has been saved */
	bool is_lost;  /* the cookie names one that is gone, with answers that it had not sent */
	struct str submission; /* of a lost one: under which they would go; empty: not known */
	struct json *root;     /* never NULL after draft_open; an object of ours, to be changed */
	instant used;
	char secret[DRAFT_SECRET];
	char id[DRAFT_ID];
	uint8_t key[HASH_SIZE];
};

/* Loads what the cookie names, or begins an empty one. ERR_UNABLE: store or memory. */
bool draft_open(struct web_request *request, struct draft *out, struct err *err) MUST_USE;
/* Wipes the key; for CLEANUP. */
void draft_finish(struct draft *draft);
/* Keeps it for another hour, and gives the cookie. */
bool draft_save(struct web_request *request, struct web_answer *answer, struct draft *draft,
                struct err *err) MUST_USE;
/* Forgets it at once, and the cookie. */
bool draft_drop(struct web_request *request, struct web_answer *answer, struct draft *draft,
                struct err *err) MUST_USE;

/* Id of the draft, for uploads. */
struct str draft_id(const struct draft *draft);

/* Sets a member of an object, in place of the one of that name; `value` NULL takes it away. */
void draft_set(struct json *object, struct str key, struct json *value);
/* The member that is an object or a list, made when missing; NULL: no room. */
struct json *draft_object(struct arena *arena, struct json *parent, struct str key);
struct json *draft_list(struct arena *arena, struct json *parent, struct str key);
/* A copy that may be changed and put elsewhere. */
struct json *draft_copy(struct arena *arena, const struct json *value);

#endif
