/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the commands of linking share: their files, read and compared. */
#ifndef CANDOUR_CLI_LINK_PARTS_H
#define CANDOUR_CLI_LINK_PARTS_H

#include "match/match.h"

#include "cli/commands.h"

/* By --in, --in2, --model, and --threads and --seed where the command has them. *out is to be
 * closed, whatever the answer. ERR_USAGE, ERR_INPUT, ERR_UNABLE. */
bool link_fit(struct cli_call *call, struct match **out, struct err *err) MUST_USE;

/* "-3", "2.5"; *out stays where the option is not given. ERR_USAGE. */
bool link_bits(struct cli_call *call, const char *name, double *out, struct err *err) MUST_USE;

/* A model by its name. False: it is the name of none; *out is auto's then, for a file's rules are
 * its own. */
bool link_model_named(struct str name, enum match_model *out);
/* The text of --model FILE.yaml. ERR_USAGE, ERR_INPUT, ERR_UNABLE. */
bool link_model_text(struct cli_call *call, struct str *out, struct err *err) MUST_USE;

/* What was taken for what, of match_report or match_rows_report. */
void link_say_files(struct cli_call *call, const struct json *report);
/* What the report says, in words on the way (standard error). */
void link_say(struct cli_call *call, const struct json *report);

#endif
