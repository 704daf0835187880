/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Policy files (C2SP tlog-policy): which logs are trusted, and whose cosignatures suffice. */
#ifndef CANDOUR_LOG_POLICY_H
#define CANDOUR_LOG_POLICY_H

#include "base/base.h"
#include "log/note.h"

#define LOG_POLICY_MAX ((size_t)64 << 10) /* bytes */
#define LOG_POLICY_LOGS_MAX 32
#define LOG_POLICY_WITNESSES_MAX 64
#define LOG_POLICY_GROUPS_MAX 64

/* A read policy; lies in the arena it was read into. */
struct log_policy;

/* ERR_INPUT names line and remedy; ERR_UNABLE: arena. */
bool log_policy_read(struct arena *arena, struct str text, const struct log_policy **out,
                     struct err *err) MUST_USE;
/* The policy that trusts one log key and names no witness ("quorum none"). Errors likewise. */
bool log_policy_of_key(struct arena *arena, struct str vkey, const struct log_policy **out,
                       struct err *err) MUST_USE;

/* All keys: logs first, then witnesses. */
const struct log_vkey *log_policy_keys(const struct log_policy *policy, size_t *count);
/* Whether a log of this origin is trusted. */
bool log_policy_has_log(const struct log_policy *policy, struct str origin);
/* Whether the quorum asks for any witness: not "none". */
bool log_policy_asks_witnesses(const struct log_policy *policy);
/* Whether the quorum is met by those who signed; `verified` must be of log_policy_keys. */
bool log_policy_is_met(const struct log_policy *policy, const struct log_verified *verified);
/* A witness's name in the policy, and its submission URL (p NULL when none is given). */
size_t log_policy_witness_count(const struct log_policy *policy);
struct str log_policy_witness_name(const struct log_policy *policy, size_t at);
struct str log_policy_witness_url(const struct log_policy *policy, size_t at);

#endif
