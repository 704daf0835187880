/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what mirror, monitor and audit share, and what a mirror does beside. */
#ifndef CANDOUR_CLI_MIRROR_PARTS_H
#define CANDOUR_CLI_MIRROR_PARTS_H

#include "log/log.h"
#include "web/web.h"

#include "cli/call.h"

#define MIRROR_ALARMS_MAX 8

/* Where a log is fetched from. */
struct mirror_source {
	struct log_fetch *fetch;
	struct str url; /* with its last slash */
	const struct log_policy *policy;
	bool compares; /* with witnesses and mirrors */
};

/* Opens it, once the policy is set. ERR_USAGE: no such address; ERR_UNABLE. Destroy `fetch`. */
bool mirror_source_open(struct cli_call *call, struct str url, struct mirror_source *source,
                        struct err *err) MUST_USE;
/* A log_mirror_get of a source. */
bool mirror_get(void *ctx, struct str path, struct arena *arena, int *status, struct str *body,
                struct err *err);
/* What a round brought, for people. */
void mirror_tell(struct cli_call *call, const struct log_mirrored *out);
/* Takes a folder of ours away, with all in it. */
void mirror_forget(struct arena *arena, const char *path);

/* --- one look, as its status page tells it --------------------------------------------------- */

struct mirror_seen {
	struct arena *arena; /* of the look */
	instant now;
	instant grown; /* when it was seen to grow last */
	struct str unreached;
	struct web_mirror_alarm alarms[MIRROR_ALARMS_MAX];
	size_t alarm_count;
	bool has_opened;
	int64_t opened;
	instant newest;
	instant reckoned;
};
/* One more alarm; it is printed too. What is private is printed and not said to everybody: `words`
 * go to the page. */
void mirror_alarm(struct cli_call *call, struct mirror_seen *seen, struct str word,
                  struct str words);

/* When the log was seen to grow last, by what the folder remembers; remembers it. */
bool mirror_grown(struct cli_call *call, struct mirror_seen *seen, int64_t size,
                  struct err *err) MUST_USE;
/* Writes DIR/status.html and DIR/status.json. */
bool mirror_write_status(struct cli_call *call, struct log_mirror *mirror,
                         const struct mirror_source *source, const struct mirror_seen *seen,
                         struct err *err) MUST_USE;

/* --- under an agreement ---------------------------------------------------------------------- */

struct mirror_opened;
/* Opens what is kept in --opened, to be fetched with the secret of --agreement. *out NULL: neither
 * was given. ERR_USAGE: one alone, or a folder that others are given. */
bool mirror_opened_open(struct cli_call *call, const struct mirror_source *source,
                        struct mirror_opened **out, struct err *err) MUST_USE;
void mirror_opened_close(struct mirror_opened *opened); /* takes NULL */
/*
 * Fetches what the copy has beyond what is kept, and looks what of it ought to have been told
 * upwards: what is not so is an alarm. `grace` is how long a step may be late. ERR_UNABLE: nothing
 * came, disk.
 */
bool mirror_opened_run(struct cli_call *call, struct mirror_opened *opened,
                       struct log_mirror *mirror, int64_t grace, struct mirror_seen *seen,
                       struct err *err) MUST_USE;

#endif
