/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Any bytes as a model of linking: they are refused by line and column, or
 * read; what is printed back is read again, and printed the same.
 */
#include "target.h"

#include "match/match.h"

/* libfyaml 0.7.12 loses 4 KiB of its own on some good quoted scalars. Leaks of ours are still seen.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create((size_t)64 << 20);
	struct buf one, two;
	struct err err = { 0 };
	MUST_HOLD(arena != NULL);
	buf_init(&one, (size_t)8 << 20);
	buf_init(&two, (size_t)8 << 20);
	if (match_show_model(STR("m.yaml"), str_from_bytes(data, size), arena, &one, &err)) {
		MUST_HOLD(match_show_model(STR("m.yaml"), buf_str(&one), arena, &two, &err));
		MUST_HOLD(str_eq(buf_str(&one), buf_str(&two)));
	} else {
		MUST_HOLD(err.code == ERR_INPUT || err.code == ERR_UNABLE);
		MUST_HOLD(err.code != ERR_INPUT || str_starts(str_from_c(err.message), STR("m.yaml:")));
	}
	buf_finish(&one);
	buf_finish(&two);
	arena_destroy(arena);
	return 0;
}
