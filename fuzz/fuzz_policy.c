/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A policy that was read is met by nobody signing only when it asks for no
 * witness; whoever signs besides unmakes no quorum; and who signs twice counts
 * once.
 */
#include "target.h"

#include "log/log.h"

#define ROOM ((size_t)8 << 20)

static void must_grow(const struct log_policy *policy)
{
	struct log_verified signed_by = { 0 };
	size_t count;
	const struct log_vkey *keys = log_policy_keys(policy, &count);
	MUST_HOLD(count >= log_policy_witness_count(policy));
	MUST_HOLD(count <= LOG_POLICY_LOGS_MAX + LOG_POLICY_WITNESSES_MAX);
	bool met = log_policy_is_met(policy, &signed_by);
	MUST_HOLD(met == !log_policy_asks_witnesses(policy));
	for (size_t i = 0; i < count && signed_by.count < LOG_NOTE_SIGNATURES_MAX; i++) {
		signed_by.at[signed_by.count++].key = &keys[i];
		bool met_now = log_policy_is_met(policy, &signed_by);
		MUST_HOLD(met_now || !met);
		/* A log's own signature is no witness's. */
		MUST_HOLD(keys[i].type != LOG_KEY_LOG || met_now == met);
		if (signed_by.count < LOG_NOTE_SIGNATURES_MAX) {
			signed_by.at[signed_by.count++].key = &keys[i];
			MUST_HOLD(log_policy_is_met(policy, &signed_by) == met_now);
			signed_by.count--;
		}
		met = met_now;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create(ROOM);
	const struct log_policy *policy = NULL;
	struct err err = { 0 };
	if (log_policy_read(arena, str_from_bytes(data, size), &policy, &err)) {
		must_grow(policy);
		for (size_t i = 0; i < log_policy_witness_count(policy); i++)
			MUST_HOLD(log_policy_witness_name(policy, i).n > 0);
	} else {
		MUST_HOLD(err.code == ERR_INPUT || err.code == ERR_UNABLE);
	}
	arena_destroy(arena);
	return 0;
}
