/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Any bytes as a text that advice is looked for in: nothing in it is changed,
 * what is found lies in it one behind the other, and is found by itself too.
 */
#include "target.h"

#include <string.h>

#include "pack/pack.h"

#define ROOM ((size_t)256 * 1024 * 1024)
#define FOUND_MAX 32

/* libfyaml 0.7.12 loses 4 KiB of its own on some good quoted scalars. Leaks of ours are still seen.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

/* Read once, and kept for all inputs. */
static const struct pack *rules(void)
{
	static const char *const FOLDERS[] = { "packs" };
	static struct pack *pack;
	const struct pack_bytes *bytes = NULL;
	struct pack_errors errors;
	struct err err = { 0 };
	if (pack)
		return pack;
	struct arena *arena = arena_create(ROOM);
	MUST_HOLD(pack_find(arena, FOLDERS, COUNT_OF(FOLDERS), STR("england"), &bytes, &err));
	MUST_HOLD(pack_load(bytes, &pack, arena, &errors, &err));
	arena_destroy(arena);
	return pack;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pack_field field = { .name = STR("text"), .type = PACK_TEXT };
	const struct pack_look look = { .pack = rules(), .field = &field };
	struct pack_advice found[FOUND_MAX], alone[FOUND_MAX];
	char *before = malloc(size + 1);
	size_t at = 0;
	MUST_HOLD(before);
	if (size)
		memcpy(before, data, size);
	struct str text = str_from_bytes(data, size);
	size_t count = pack_words_find(&look, text, found, FOUND_MAX);
	MUST_HOLD(count <= FOUND_MAX);
	MUST_HOLD(size == 0 || memcmp(before, data, size) == 0);
	for (size_t i = 0; i < count; i++) {
		MUST_HOLD(found[i].word && found[i].from >= at && found[i].from < found[i].to);
		at = found[i].to;
		struct str part = str_sub(text, found[i].from, found[i].to - found[i].from);
		MUST_HOLD(pack_words_find(&look, part, alone, FOUND_MAX) > 0);
		MUST_HOLD(alone[0].from == 0 && alone[0].to == part.n);
	}
	MUST_HOLD(at <= size);
	free(before);
	return 0;
}
