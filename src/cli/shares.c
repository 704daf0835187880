/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/shares.h"

static bool take(struct shares *shares, struct str line, struct err *err)
{
	line = str_trim(line);
	if (line.n == 0)
		return true;
	if (shares->count == VAULT_SHARES_MAX)
		return err_set(err, ERR_INPUT, "There are at most %d shares", VAULT_SHARES_MAX);
	shares->texts[shares->count++] = line;
	return true;
}

static bool ask_all(struct cli_call *call, struct shares *out, struct err *err)
{
	for (;;) {
		struct str line,
			question = arena_format(call->arena,
		                                "Share %zu (an empty line ends): ", out->count + 1);
		if (!question.p)
			return err_set(err, ERR_UNABLE, "There is not enough memory");
		if (!cli_ask(call, CLI_HIDDEN, question.p, &line, err))
			return false;
		if (str_trim(line).n == 0)
			return true;
		if (!take(out, line, err))
			return false;
	}
}

bool shares_read(struct cli_call *call, const char *option, struct shares *out, struct err *err)
{
	*out = (struct shares){ 0 };
	if (cli_has(call, option)) {
		struct str rest = cli_text(call, option), line;
		while (str_cut(&rest, '\n', &line)) {
			if (!take(out, line, err))
				return false;
		}
	} else if (!ask_all(call, out, err)) {
		return false;
	}
	return out->count > 0 || err_set(err, ERR_INPUT, "No share was given");
}
