/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour account recover: a way in again, by the officers' shares, told to every head of agency.
 */
#include "vault/vault.h"

#include "cli/acts.h"
#include "cli/commands.h"
#include "cli/shares.h"
#include "cli/who.h"

static const struct cli_option OPTIONS[] = {
	{ "shares", CLI_INPUT, "FILE|-", "the officers' shares, one a line (else they are asked)" },
	{ "password", CLI_INPUT, "FILE|-", "the new password (else it is asked)" },
};

static bool recover(struct cli_call *call, struct err *err)
{
	struct casebook_recovery recovery = { .machine_user = call->machine_user };
	struct casebook_account_made made = { 0 };
	struct shares shares;
	if (!who_account(call, call->args[0], &recovery.account, err) ||
	    !shares_read(call, "shares", &shares, err))
		return false;
	recovery.shares = shares.texts;
	recovery.share_count = shares.count;
	if (!who_new_password(call, "password", &recovery.password, err) ||
	    !casebook_account_recover(call->book, &recovery, call->arena, &made, err) ||
	    !acts_check(call, &made.answer, err))
		return false;
	acts_print(call, &made.answer);
	acts_print_totp(call, call->args[0], made.totp_base32);
	cli_say(call,
	        "The head of every agency is told. Shares that were typed here are worth as much as before:\n"
	        "give them back to their officers.");
	return true;
}

const struct cli_command cli_account_recover = {
	.name = "account recover",
	.arguments = "DIR NAME",
	.about = "Give an account a new password and new codes, by the officers' shares",
	.detail =
		"For when nobody can sign in any more. It takes as many shares as rebuild the master key; the\n"
		"entry says how many were given, and the head of every agency is told. Sessions of the account\n"
		"end. Prints the secret of its six-digit codes, once.",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = recover,
};
