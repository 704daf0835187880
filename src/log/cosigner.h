/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A witness as the register asks it (C2SP tlog-witness, the client's side): which size it is
 * believed to know, what is sent, and what its answer means. How bytes travel is the caller's.
 */
#ifndef CANDOUR_LOG_COSIGNER_H
#define CANDOUR_LOG_COSIGNER_H

#include "base/base.h"
#include "log/checkpoint.h"
#include "log/tree.h"
#include "log/witness.h"

#define LOG_COSIGN_BODY_MAX ((size_t)16 << 10)  /* omniwitness takes no more */
#define LOG_COSIGN_REPLY_MAX ((size_t)64 << 10) /* bytes of an answer that are read */

/* One witness of the policy. */
struct log_cosigner {
	struct log_vkey key;
	int64_t known;         /* the size it was last known to have; 0: nothing is known */
	int64_t unknown_since; /* boot_us of the first answer that it does not watch us; 0: none */
};

/* How long a witness may not know a log before that is an alarm: whoever keeps it may be late. */
#define LOG_COSIGN_UNKNOWN_US INSTANT_PER_HOUR

/*
 * Sends `body` and reads the answer into the arena: status, Content-Type, body. False: nothing came
 * back (time-out, refused, cut).
 */
typedef bool log_cosign_send(void *ctx, struct str body, struct arena *arena,
                             struct log_witness_answer *out);
/* The proof that the log of `newer` begins with all of the log of `older`. */
typedef bool log_cosign_prove(void *ctx, int64_t older, int64_t newer, struct log_proof *out,
                              struct err *err);

enum log_cosigned {
	LOG_COSIGNED,       /* the line holds */
	LOG_COSIGN_FAILED,  /* no answer, 429, 5xx, or one that means nothing: try again */
	LOG_COSIGN_UNKNOWN, /* 403, 404: it does not watch this log, or by another key */
	LOG_COSIGN_DENIED, /* 422, or 409 without a size: it holds our tree for no growth. A fork */
	LOG_COSIGN_AHEAD,  /* it cosigned a greater tree than we have: we were rolled back */
	LOG_COSIGN_MALFORMED, /* 400, 405, 413: it does not understand us, or we it; or its clock is
	                       * more than LOG_TIME_AHEAD before ours */
};
struct str log_cosigned_word(enum log_cosigned result);

struct log_cosigning {
	enum log_cosigned result;
	int status;      /* the last one; 0: no answer */
	int64_t told;    /* the size it says it has, of a 409; -1: none */
	struct str line; /* LOG_COSIGNED: its signature line, with LF */
	int64_t time;    /* LOG_COSIGNED: POSIX seconds, as it says */
};

/*
 * Asks for a cosignature over `note`, the log's own signed checkpoint, at `now` (POSIX seconds):
 * once, and once more from the size that it says it has. What it then has stands in
 * cosigner->known. True: *out says what came of it. False: ERR_UNABLE memory, or the errors of
 * `prove`.
 */
bool log_cosigner_ask(struct log_cosigner *cosigner, struct str note, int64_t now,
                      log_cosign_send *send, log_cosign_prove *prove, void *ctx,
                      struct arena *arena, struct log_cosigning *out, struct err *err) MUST_USE;

/*
 * Whether what a witness answered at `boot_us` is an alarm: a fork, or more than we have, at once;
 * that it does not watch this log (403, 404) after LOG_COSIGN_UNKNOWN_US of it, and again each time
 * so much has passed. No answer ends nothing.
 */
bool log_cosigner_alarms(struct log_cosigner *cosigner, enum log_cosigned result, int64_t boot_us);

#endif
