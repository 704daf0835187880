/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour version: which Candour this is. */
#include "cli/commands.h"

static bool run(struct cli_call *call, struct err *err)
{
	(void)err;
	cli_print(call, "candour %s", CANDOUR_VERSION);
	return true;
}

const struct cli_command cli_version = {
	.name = "version",
	.arguments = "",
	.about = "Tell which Candour this is",
	.least = 0,
	.most = 0,
	.needs = CLI_NOTHING,
	.run = run,
};
