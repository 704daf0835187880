/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A mirror: a verified copy of somebody's public log, that grows with it and keeps what was served.
 * Every commitment is hashed up to the root that the log signed; every tile that is served is
 * compared with what the commitments make. It lies in a folder that any static web server can
 * serve:
 *
 *	<hex SHA-256(origin)>/checkpoint, /tile/…   as tlog-tiles has them; the checkpoint last
 *	evidence/                                   notes, bundles and tiles that do not fit
 *together, each under its SHA-256
 *
 * How bytes come is the caller's, so that a log is mirrored from a folder or over HTTP alike.
 */
#ifndef CANDOUR_LOG_MIRROR_H
#define CANDOUR_LOG_MIRROR_H

#include "base/base.h"
#include "log/checkpoint.h"
#include "log/policy.h"

#define LOG_MIRROR_BODY_MAX ((size_t)64 << 10) /* bytes of one resource */

struct log_mirror;

/* What is served at `path` below the log's prefix: status 200 and body, or another status. False:
 * nothing came; *err says why. */
typedef bool log_mirror_get(void *ctx, struct str path, struct arena *arena, int *status,
                            struct str *body, struct err *err);

/* What is wrong with a log, each by a name of its own. */
enum log_alarm {
	LOG_ALARM_NONE,
	LOG_ALARM_MALFORMED,   /* the checkpoint cannot be read */
	LOG_ALARM_ORIGIN,      /* it is another log's */
	LOG_ALARM_SIGNATURE,   /* no key of the log signed it, or a trusted key's signature fails */
	LOG_ALARM_UNWITNESSED, /* the policy's quorum is not met */
	LOG_ALARM_STALE,       /* its newest cosignature is too old */
	LOG_ALARM_SHRUNK,      /* it is smaller than one that was seen */
	LOG_ALARM_FORK,        /* the same size with another root, or no growth of what was seen */
	LOG_ALARM_ENTRIES,     /* served entries do not make the root that is signed */
	LOG_ALARM_TILES,       /* a served tile is not what the entries make */
	LOG_ALARM_MISSING,     /* something of the published size is not served */
};
struct str log_alarm_word(enum log_alarm alarm);

struct log_mirrored {
	enum log_alarm alarm;
	struct str words; /* for people: what, where; empty when nothing is wrong */
	int64_t before;   /* entries in the copy before and now */
	int64_t size;
	int64_t cosigned; /* POSIX seconds of the newest cosignature; 0: none */
};

/*
 * Opens or begins the copy of the one log that the policy trusts, and hashes it anew. ERR_USAGE:
 * the policy trusts none, or several origins; ERR_INPUT: the copy is damaged, with the remedy;
 * ERR_UNABLE: disk, memory.
 */
bool log_mirror_open(const char *dir, const struct log_policy *policy, struct log_mirror **out,
                     struct err *err) MUST_USE;
void log_mirror_close(struct log_mirror *mirror);    /* takes NULL */
void log_mirror_cleanup(struct log_mirror **mirror); /* for CLEANUP */

int64_t log_mirror_size(const struct log_mirror *mirror);
/* The root that the copy has at a size, 0 to log_mirror_size. ERR_USAGE: past it; ERR_INPUT: the
 * copy is damaged; ERR_UNABLE. */
bool log_mirror_root(struct log_mirror *mirror, int64_t size, struct hash *out,
                     struct err *err) MUST_USE;
/* The leaf hash at an index below log_mirror_size. The same errors. */
bool log_mirror_leaf(struct log_mirror *mirror, int64_t index, struct hash *out,
                     struct err *err) MUST_USE;
/*
 * Holds another's view of the log against the copy: a note of a witness or of another mirror.
 * LOG_ALARM_NONE: it is a part of the copy; `ahead` then says that it is of a greater size, which
 * the copy may have next. Words and arena as log_mirror_run.
 */
bool log_mirror_compare(struct log_mirror *mirror, struct str note, struct arena *arena,
                        struct log_mirrored *out, bool *ahead, struct err *err) MUST_USE;
struct str log_mirror_origin(const struct log_mirror *mirror);
/* Which of the policy's keys signed the copy's checkpoint, and when. None where there is no
 * checkpoint yet. ERR_UNABLE: arena. */
bool log_mirror_signers(const struct log_mirror *mirror, struct arena *arena,
                        struct log_verified *out, struct err *err) MUST_USE;

/*
 * Fetches what is new. `now` in POSIX seconds (0: there is no clock, and no cosignature's time is
 * judged; else one that is more than LOG_TIME_AHEAD to come does not count) and `stale`, the age in
 * seconds from which a cosignature is too old (0: none is). After an alarm the copy is what it was.
 * *out lies in the arena. False: ERR_UNABLE, nothing came, or disk; the next call goes on.
 */
bool log_mirror_run(struct log_mirror *mirror, log_mirror_get *get, void *ctx, int64_t now,
                    int64_t stale, struct arena *arena, struct log_mirrored *out,
                    struct err *err) MUST_USE;

#endif
