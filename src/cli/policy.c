/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whom a command that looks from outside trusts. */
#include "log/log.h"

#include "cli/call.h"
#include "cli/parts.h"

bool cli_policy(struct cli_call *call, const struct log_policy **out, struct err *err)
{
	if (cli_has(call, "vkey") == cli_has(call, "policy"))
		return err_set(err, ERR_USAGE,
		               "Say whom you trust: --vkey KEY or --policy FILE, one of them");
	return cli_has(call, "vkey")
	               ? log_policy_of_key(call->arena, str_trim(cli_text(call, "vkey")), out, err)
	               : log_policy_read(call->arena, cli_text(call, "policy"), out, err);
}
