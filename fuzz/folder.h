/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A folder for a target that needs a disk: one for the process, which goes with it. */
#ifndef CANDOUR_FUZZ_FOLDER_H
#define CANDOUR_FUZZ_FOLDER_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "target.h"

static char folder_path[64];

static int folder_remove_one(const char *path, const struct stat *about, int flag, struct FTW *at)
{
	(void)about;
	(void)flag;
	(void)at;
	return remove(path);
}

static void folder_remove(void)
{
	(void)nftw(folder_path, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Made, and taken away when the process ends, behind what is told to atexit later. */
static const char *folder_make(void)
{
	(void)snprintf(folder_path, sizeof folder_path, "/tmp/candour-fuzz-XXXXXX");
	MUST_HOLD(mkdtemp(folder_path) && atexit(folder_remove) == 0);
	return folder_path;
}

#endif
