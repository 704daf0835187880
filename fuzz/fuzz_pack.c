/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A kept pack that was read is written as the same bytes; one that loads
 * equals itself and can be explained; one that does not says why.
 */
#include "target.h"

#include "pack/pack.h"

#define ROOM ((size_t)256 * 1024 * 1024)

/* libfyaml 0.7.12 loses 4 KiB of its own on some good quoted scalars. Leaks of ours are still seen.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

static void look_at(struct arena *arena, const struct pack *pack)
{
	struct pack_comparison found;
	struct str text;
	struct err err;
	MUST_HOLD(pack_compare(pack, pack, arena, &found, &err));
	MUST_HOLD(found.change == PACK_CHANGE_EQUAL);
	for (size_t i = 0; i < pack->kind_count; i++)
		MUST_HOLD(pack_explain(pack, arena, pack->kinds[i].name, &text, &err));
	for (size_t i = 0; i < pack->duty_count; i++)
		MUST_HOLD(pack_explain(pack, arena, pack->duties[i].name, &text, &err));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create(ROOM);
	const struct pack_bytes *bytes = NULL;
	struct str text = str_from_bytes(data, size);
	struct pack *pack = NULL;
	struct pack_errors errors;
	struct err err = { 0 };

	if (pack_bytes_read(arena, text, &bytes, &err)) {
		struct buf out;
		buf_init(&out, size + 1);
		MUST_HOLD(pack_bytes_write(&out, bytes));
		MUST_HOLD(str_eq(buf_str(&out), text));
		buf_finish(&out);
		if (pack_load(bytes, &pack, arena, &errors, &err))
			look_at(arena, pack);
		else
			MUST_HOLD(errors.count > 0 || err.code == ERR_UNABLE);
	} else {
		MUST_HOLD(err.code == ERR_INPUT);
	}
	pack_destroy(pack);
	arena_destroy(arena);
	return 0;
}
