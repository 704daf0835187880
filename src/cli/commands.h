/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every command, for the table in main.c. Each stands in the file of its family. */
#ifndef CANDOUR_CLI_COMMANDS_H
#define CANDOUR_CLI_COMMANDS_H

#include "cli/call.h"

extern const struct cli_command cli_init;
extern const struct cli_command cli_serve;
extern const struct cli_command cli_demo;
extern const struct cli_command cli_code;
extern const struct cli_command cli_report;
extern const struct cli_command cli_status;
extern const struct cli_command cli_add;
extern const struct cli_command cli_show;
extern const struct cli_command cli_find;
extern const struct cli_command cli_duties;
extern const struct cli_command cli_clock;
extern const struct cli_command cli_verify;
extern const struct cli_command cli_receipt;
extern const struct cli_command cli_refold;
extern const struct cli_command cli_account_first;
extern const struct cli_command cli_account_add;
extern const struct cli_command cli_account_begin;
extern const struct cli_command cli_account_reset;
extern const struct cli_command cli_account_end;
extern const struct cli_command cli_account_password;
extern const struct cli_command cli_account_totp;
extern const struct cli_command cli_account_token;
extern const struct cli_command cli_account_token_list;
extern const struct cli_command cli_account_token_end;
extern const struct cli_command cli_account_recover;
extern const struct cli_command cli_account_list;
extern const struct cli_command cli_office_list;
extern const struct cli_command cli_office_make;
extern const struct cli_command cli_office_hold;
extern const struct cli_command cli_office_leave;
extern const struct cli_command cli_office_deputise;
extern const struct cli_command cli_office_hand_over;
extern const struct cli_command cli_register_name;
extern const struct cli_command cli_register_opened;
extern const struct cli_command cli_register_describe;
extern const struct cli_command cli_register_particulars;
extern const struct cli_command cli_key_split;
extern const struct cli_command cli_key_confirm;
extern const struct cli_command cli_key_join;
extern const struct cli_command cli_key_rotate;
extern const struct cli_command cli_log_vkey;
extern const struct cli_command cli_log_checkpoint;
extern const struct cli_command cli_log_prove;
extern const struct cli_command cli_log_consistency;
extern const struct cli_command cli_log_export;
extern const struct cli_command cli_log_audit;
extern const struct cli_command cli_log_witness_add;
extern const struct cli_command cli_log_witness_list;
extern const struct cli_command cli_log_mirror_agree;
extern const struct cli_command cli_log_mirror_list;
extern const struct cli_command cli_log_mirror_end;
extern const struct cli_command cli_mirror;
extern const struct cli_command cli_monitor;
extern const struct cli_command cli_witness;
extern const struct cli_command cli_witness_add_log;
extern const struct cli_command cli_keep;
extern const struct cli_command cli_keep_check;
extern const struct cli_command cli_keep_add_key;
extern const struct cli_command cli_backup;
extern const struct cli_command cli_restore;
extern const struct cli_command cli_doctor;
extern const struct cli_command cli_pack_check;
extern const struct cli_command cli_pack_explain;
extern const struct cli_command cli_pack_table;
extern const struct cli_command cli_pack_diff;
extern const struct cli_command cli_pack_draw;
extern const struct cli_command cli_pack_adopt;
extern const struct cli_command cli_simulate;
extern const struct cli_command cli_import;
extern const struct cli_command cli_link;
extern const struct cli_command cli_link_explain;
extern const struct cli_command cli_link_why_not;
extern const struct cli_command cli_link_check;
extern const struct cli_command cli_version;

#endif
