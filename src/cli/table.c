/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The table of commands, in the order of the help. */
#include "cli/commands.h"

static const struct cli_command *const COMMANDS[] = {
	&cli_init,
	&cli_serve,
	&cli_demo,
	&cli_code,
	&cli_report,
	&cli_status,
	&cli_add,
	&cli_show,
	&cli_find,
	&cli_duties,
	&cli_clock,
	&cli_verify,
	&cli_receipt,
	&cli_refold,
	&cli_account_first,
	&cli_account_add,
	&cli_account_end,
	&cli_account_password,
	&cli_account_totp,
	&cli_account_token,
	&cli_account_token_list,
	&cli_account_token_end,
	&cli_account_recover,
	&cli_account_list,
	&cli_office_list,
	&cli_office_make,
	&cli_office_hold,
	&cli_office_leave,
	&cli_office_deputise,
	&cli_office_hand_over,
	&cli_register_name,
	&cli_register_describe,
	&cli_register_particulars,
	&cli_register_opened,
	&cli_key_split,
	&cli_key_confirm,
	&cli_key_join,
	&cli_key_rotate,
	&cli_log_vkey,
	&cli_log_checkpoint,
	&cli_log_prove,
	&cli_log_consistency,
	&cli_backup,
	&cli_restore,
	&cli_doctor,
	&cli_pack_check,
	&cli_pack_explain,
	&cli_pack_table,
	&cli_pack_adopt,
	&cli_simulate,
	&cli_version,
};

const struct cli_command *const *cli_commands(size_t *count)
{
	*count = COUNT_OF(COMMANDS);
	return COMMANDS;
}
