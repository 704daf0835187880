/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A folder that a command fills whole or not at all. */
#ifndef CANDOUR_CLI_FOLDER_H
#define CANDOUR_CLI_FOLDER_H

#include "base/base.h"

struct folder {
	const char *dir;
	bool was_there;
	bool was_empty; /* or was not there: what lies in it later is the command's own */
};

/* Looks at the folder before anything is written. */
struct folder folder_look(struct arena *arena, const char *dir);
/*
 * After a failure: takes away what the command made, and the folder if it made
 * that too, so that the same command can be given again. A folder that held
 * something before is left as it is.
 */
void folder_give_up(struct arena *arena, const struct folder *folder);

#endif
