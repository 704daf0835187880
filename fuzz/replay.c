/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Feeds a fuzz target every kept input, and every beginning of the short ones,
 * without libFuzzer: part of `make check`. CORPUS is the folder.
 */
#include "target.h"

#include <string.h>

#include "base/base.h"

#define INPUT_MAX ((size_t)4 * 1024 * 1024)
#define CUT_MAX 512 /* inputs up to this length are also tried cut short */
#define FOLDER_MAX ((size_t)64 * 1024 * 1024)

/* A copy of its own for each try, so that a read past the end is seen. */
static void feed(struct str bytes)
{
	uint8_t *copy = malloc(bytes.n ? bytes.n : 1);
	if (!copy)
		abort();
	memcpy(copy, bytes.n ? bytes.p : "", bytes.n);
	(void)LLVMFuzzerTestOneInput(copy, bytes.n);
	free(copy);
}

int main(void)
{
	struct arena *arena = arena_create(FOLDER_MAX);
	const struct str *names;
	size_t count;
	struct err err = { 0 };
	if (!arena || !file_list(arena, CORPUS, &names, &count, &err)) {
		fprintf(stderr, "%s: %s\n", CORPUS, err.message);
		return 1;
	}
	for (size_t i = 0; i < count; i++) {
		struct str bytes;
		const char *name = str_to_c(arena, names[i]);
		const char *path = name ? file_join(arena, CORPUS, name) : NULL;
		if (!path || !file_read(arena, path, INPUT_MAX, &bytes, &err)) {
			fprintf(stderr, "%s: %s\n", path ? path : CORPUS, err.message);
			return 1;
		}
		printf("[ RUN      ] %s\n", path);
		fflush(stdout);
		for (size_t n = 0; bytes.n <= CUT_MAX && n < bytes.n; n++)
			feed(str_sub(bytes, 0, n));
		feed(bytes);
		printf("[       OK ] %s\n", path);
	}
	arena_destroy(arena);
	return count > 0 ? 0 : 1;
}
