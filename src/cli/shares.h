/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Officers' shares as they are typed or kept in a file. */
#ifndef CANDOUR_CLI_SHARES_H
#define CANDOUR_CLI_SHARES_H

#include "vault/vault.h"

#include "cli/call.h"

struct shares {
	struct str texts[VAULT_SHARES_MAX];
	size_t count;
};

/* From an input option, one a line; else asked one by one until an empty answer. ERR_INPUT: too
 * many or none. */
bool shares_read(struct cli_call *call, const char *option, struct shares *out,
                 struct err *err) MUST_USE;

#endif
