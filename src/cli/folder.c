/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/folder.h"

#include <unistd.h>

#define DEEP 4 /* folders inside a register, and more */

struct folder folder_look(struct arena *arena, const char *dir)
{
	struct folder folder = { .dir = dir, .was_there = file_exists(dir) };
	const struct str *names;
	size_t count = 0;
	struct err ignored = { 0 };
	folder.was_empty = !folder.was_there ||
	                   (file_is_folder(dir) && !file_is_link(dir) &&
	                    file_list(arena, dir, &names, &count, &ignored) && count == 0);
	return folder;
}

static void take_away(struct arena *arena, const char *dir, int deep)
{
	const struct str *names;
	size_t count = 0;
	struct err ignored = { 0 };
	if (!file_list(arena, dir, &names, &count, &ignored))
		return;
	for (size_t i = 0; i < count; i++) {
		const char *name = str_to_c(arena, names[i]);
		const char *path = name ? file_join(arena, dir, name) : NULL;
		if (!path)
			continue;
		if (file_is_folder(path) && !file_is_link(path) && deep > 0) {
			take_away(arena, path, deep - 1);
			(void)rmdir(path);
		} else {
			(void)unlink(path);
		}
	}
}

void folder_give_up(struct arena *arena, const struct folder *folder)
{
	if (!folder->was_empty)
		return;
	take_away(arena, folder->dir, DEEP);
	if (!folder->was_there)
		(void)rmdir(folder->dir);
}
