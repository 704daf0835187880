/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A folder that a command fills whole or not at all. It is filled where it is to
 * stand (an empty folder may be a mount, or all that the user may write in), and
 * while it is, the file "half-made" lies in it, locked; so that whatever stopped
 * the command, nothing takes the folder for a register or a backup, and the next
 * command that is to fill it takes away what lies there and begins anew.
 */
#ifndef CANDOUR_CLI_FOLDER_H
#define CANDOUR_CLI_FOLDER_H

#include "base/base.h"

struct folder {
	const char *dir;
	bool was_there;
	int mark; /* the locked file; below 0: nothing is being made */
};

/*
 * Makes the folder when it is missing, and marks it. `by` is the command, as it is told to whoever
 * finds the mark. ERR_INPUT: something else lies in it; ERR_UNABLE: another command fills it just
 * now, or the disk.
 */
bool folder_begin(struct arena *arena, const char *dir, const char *by, struct folder *out,
                  struct err *err) MUST_USE;
/* All that lies in it is durable, and then it is whole. False: it was given up. */
bool folder_end(struct arena *arena, struct folder *folder, struct err *err) MUST_USE;
/* After a failure: takes away what the command made, and the folder if it made that too. */
void folder_give_up(struct arena *arena, struct folder *folder);

#endif
