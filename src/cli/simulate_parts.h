/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what both forms of the command simulate use. */
#ifndef CANDOUR_CLI_SIMULATE_PARTS_H
#define CANDOUR_CLI_SIMULATE_PARTS_H

#include "cli/call.h"
#include "cli/simulate.h"

/* A whole number from an option; ERR_USAGE names it. */
bool simulate_number(struct cli_call *call, const char *name, uint64_t max, uint64_t otherwise,
                     uint64_t *out, struct err *err) MUST_USE;
/* A folder of a drill that was of nothing, with all that is in it. */
void simulate_remove_folder(struct arena *arena, const char *folder);
struct json *simulate_tallied(struct arena *arena, const struct simulate_tally *tallies,
                              size_t max);
/* simulate --years by the pack of that name: runs and prints. */
bool simulate_years(struct cli_call *call, struct str name, struct err *err) MUST_USE;

#endif
