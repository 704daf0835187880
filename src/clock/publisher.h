/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: after each beat the witnesses of DIR/policy are asked to cosign the newest
 * signed checkpoint, all at once, each by a thread of its own; what their quorum cosigned is
 * published, and late cosignatures are added. The writer waits for none of them.
 *
 * P1. What a witness answers can stop nothing but by proof: a checkpoint with this log's own
 *     signature that does not fit its tree. Then the register signs nothing more.
 */
#ifndef CANDOUR_CLOCK_PUBLISHER_H
#define CANDOUR_CLOCK_PUBLISHER_H

#include "clock/clock.h"

struct publisher;

/*
 * Reads DIR/policy and starts a thread for each witness that has a URL. Each is asked first what it
 * saw of this log: where that is not in the tree, the register is stopped (P1) before it signs
 * anything. *out NULL, and true: there is no policy, or it names no witness. ERR_INPUT: the policy
 * is wrong, or names another log; ERR_UNABLE: no thread, no HTTP client.
 */
bool publisher_start(struct casebook *book, struct publisher **out, struct err *err) MUST_USE;
void publisher_stop(struct publisher *publisher); /* takes NULL */

/* Whether a beat must publish nothing by itself: witnesses are wanted, and were heard of within
 * publish.unwitnessed. NULL: false. */
bool publisher_waits(struct publisher *publisher);
/* After a beat: what it signed goes out to the witnesses. Takes NULL. */
bool publisher_send(struct publisher *publisher, struct err *err) MUST_USE;

#endif
