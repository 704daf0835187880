/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/packs.h"

#include <unistd.h>

#define NAME_MAX_BYTES 128

struct folders {
	const char *at[PACKS_FOLDERS_MAX];
	size_t count;
};

static void add(struct folders *folders, const char *folder)
{
	if (folder && folder[0] && folders->count < PACKS_FOLDERS_MAX)
		folders->at[folders->count++] = folder;
}

static void add_list(struct arena *arena, struct folders *folders, struct str list)
{
	struct str piece;
	while (list.p && str_cut(&list, ':', &piece))
		add(folders, str_to_c(arena, piece));
}

/* Beside the program, above it (a build folder), and under the prefix of bin/candour. */
static void add_program(struct arena *arena, struct folders *folders)
{
	static const char *const BESIDE[] = { "packs", "../packs", "../share/candour/packs" };
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	if (n <= 0)
		return;
	path[n] = '\0';
	while (n > 1 && path[n - 1] != '/')
		n--;
	path[n - 1] = '\0';
	for (size_t i = 0; i < COUNT_OF(BESIDE); i++)
		add(folders, file_join(arena, path, BESIDE[i]));
}

static struct folders find_folders(struct cli_call *call)
{
	struct folders folders = { 0 };
	add_list(call->arena, &folders, cli_text(call, "packs"));
	add_list(call->arena, &folders, str_from_c(file_environment("CANDOUR_PACKS")));
	if (call->dir)
		add(&folders, file_join(call->arena, call->dir, "packs"));
	add_program(call->arena, &folders);
	return folders;
}

static bool default_name(struct cli_call *call, const struct folders *folders, struct str *name,
                         struct err *err)
{
	for (size_t i = 0; i < folders->count; i++) {
		const char *path = file_join(call->arena, folders->at[i], "default");
		if (!path || !file_exists(path))
			continue;
		if (!file_read(call->arena, path, NAME_MAX_BYTES, name, err))
			return false;
		*name = str_trim(*name);
		if (name->n)
			return true;
	}
	return err_set(err, ERR_INPUT, "No packs were found; say where they lie: --packs FOLDER");
}

bool packs_find(struct cli_call *call, struct str name, const struct pack_bytes **out,
                struct err *err)
{
	struct folders folders = find_folders(call);
	if (!name.n && !default_name(call, &folders, &name, err))
		return false;
	if (pack_find(call->arena, folders.at, folders.count, name, out, err))
		return true;
	/* A pack that is not there is bad input of this command, not an answer "no". */
	err->code = err->code == ERR_ABSENT ? ERR_INPUT : err->code;
	return false;
}

bool packs_load(struct cli_call *call, struct str name, struct pack **out, struct err *err)
{
	const struct pack_bytes *bytes;
	struct pack_errors errors = { 0 };
	*out = NULL;
	if (!packs_find(call, name, &bytes, err))
		return false;
	if (pack_load(bytes, out, call->arena, &errors, err))
		return true;
	for (size_t i = 0; i < errors.count; i++)
		cli_say(call, "%.*s", STR_ARG(errors.lines[i]));
	if (errors.count)
		err_set(err, ERR_INPUT, "The pack %.*s cannot be read; mend what is named above",
		        STR_ARG(bytes->shown_as));
	return false;
}

void packs_cleanup(struct pack **pack)
{
	pack_destroy(*pack);
	*pack = NULL;
}
