/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The input is a kept pack, and a second one behind it or none. One that was
 * read is written as the same bytes; one that loads equals itself, can be
 * explained, and, being short, checked whole; one that does not says why. A
 * second that loads is held against the first, as `pack adopt` does.
 */
#include "target.h"

#include <string.h>

#include "pack/pack.h"

#define ROOM ((size_t)256 * 1024 * 1024)
#define CHECKED_MAX 6000 /* bytes; the walk through a whole pack takes its time */
#define LAYERS 4
#define GROWTH 4096 /* by which a file may grow at a time */

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

static void check_whole(struct arena *arena, const struct pack *pack)
{
	struct pack_report report;
	struct err err = { 0 };
	if (!pack_check(pack, arena, &report, &err)) {
		MUST_HOLD(err.code == ERR_UNABLE);
		return;
	}
	bool fails = false;
	for (size_t i = 0; i < report.count; i++)
		fails = fails || report.at[i].verdict == PACK_FAILS;
	MUST_HOLD(report.holds == !fails);
}

/* The pack that `text` holds, or NULL. */
static struct pack *load(struct arena *arena, struct str text)
{
	const struct pack_bytes *bytes = NULL;
	struct pack *pack = NULL;
	struct pack_errors errors;
	struct err err = { 0 };
	struct buf out;
	if (!pack_bytes_read(arena, text, &bytes, &err)) {
		MUST_HOLD(err.code == ERR_INPUT);
		return NULL;
	}
	buf_init(&out, text.n + 1);
	MUST_HOLD(pack_bytes_write(&out, bytes));
	MUST_HOLD(str_eq(buf_str(&out), text));
	buf_finish(&out);
	if (pack_load(bytes, &pack, arena, &errors, &err)) {
		look_at(arena, pack);
		if (text.n <= CHECKED_MAX)
			check_whole(arena, pack);
		return pack;
	}
	MUST_HOLD(errors.count > 0 || err.code == ERR_UNABLE);
	return NULL;
}

/* Where the second pack begins, or the end. */
static size_t part(struct str text)
{
	size_t at = str_find_str(text, STR("\nend\ncandour pack v1\n"));
	return at < text.n ? at + 5 : text.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create(ROOM);
	struct str text = str_from_bytes(data, size);
	size_t half = part(text);
	struct pack *first = load(arena, str_sub(text, 0, half)), *second = NULL;
	if (half < text.n)
		second = load(arena, str_sub(text, half, text.n));
	if (first && second) {
		struct pack_comparison found;
		struct err err = { 0 };
		MUST_HOLD(pack_compare(first, second, arena, &found, &err) || err.code != ERR_NONE);
	}
	pack_destroy(first);
	pack_destroy(second);
	arena_destroy(arena);
	return 0;
}

#ifdef FUZZ_MUTATES

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed);

/* One file of the pack changed, and the pack written anew with the length it then has. */
static bool change_file(struct arena *arena, const struct pack_bytes *bytes, unsigned seed,
                        struct buf *out)
{
	struct pack_bytes layers[LAYERS], *changed;
	size_t count = 0;
	for (; bytes && count < LAYERS; bytes = bytes->below) {
		layers[count] = *bytes;
		if (count > 0)
			layers[count - 1].below = &layers[count];
		count++;
	}
	changed = &layers[seed % count];
	seed /= LAYERS;
	if (changed->count == 0)
		return false;
	struct pack_file *files = arena_alloc(arena, changed->count, sizeof *files);
	if (!files)
		return false;
	memcpy(files, changed->files, changed->count * sizeof *files);
	struct pack_file *file = &files[seed % changed->count];
	uint8_t *text = arena_alloc(arena, file->bytes.n + GROWTH, 1);
	if (!text)
		return false;
	memcpy(text, file->bytes.n ? file->bytes.p : "", file->bytes.n);
	size_t n = LLVMFuzzerMutate(text, file->bytes.n, file->bytes.n + GROWTH);
	file->bytes = str_from_bytes(text, n);
	changed->files = files;
	return pack_bytes_write(out, layers);
}

/* Chance alone breaks the lengths nearly always, and the loader would never see what it made. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
	struct arena *arena = arena_create(ROOM);
	struct str text = str_from_bytes(data, size);
	size_t half = part(text), n = 0;
	struct str first = str_sub(text, 0, half), second = str_sub(text, half, size);
	bool changes_second = second.n > 0 && seed % 2 == 1;
	const struct pack_bytes *bytes = NULL;
	struct err err = { 0 };
	struct buf out;
	buf_init(&out, size_max);
	if (changes_second)
		buf_add(&out, first);
	if (seed / 2 % 16 != 0 &&
	    pack_bytes_read(arena, changes_second ? second : first, &bytes, &err) &&
	    change_file(arena, bytes, seed / 32, &out)) {
		if (!changes_second)
			buf_add(&out, second);
		n = out.full ? 0 : out.n;
		memcpy(data, n ? out.p : "", n);
	}
	buf_finish(&out);
	arena_destroy(arena);
	return n > 0 ? n : LLVMFuzzerMutate(data, size, size_max);
}

#endif
