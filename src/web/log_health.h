/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what is published of the log, and who outside signed it, for anybody. */
#ifndef CANDOUR_WEB_LOG_HEALTH_H
#define CANDOUR_WEB_LOG_HEALTH_H

#include "web/page.h"

/*
 * {has_published, published, published_n, published_at, asks, is_met, has_quorum, quorum,
 * quorum_at, promise, promise_seconds, witnesses: [{name, has_signed, entries, entries_n, at}],
 * is_forked}: numbers as words and, for programs, as numbers; times as pages say them, null where
 * there is none. `is_forked`: somebody outside holds another history of it, or a longer one; no
 * quorum is met then. The errors of casebook_witnesses.
 */
bool log_health(struct web_request *request, struct casebook_reader *reader, struct json **out,
                struct err *err) MUST_USE;
/* The same, of what was read already. */
struct json *log_health_of(struct web_request *request, const struct casebook_witnesses *all);

#endif
