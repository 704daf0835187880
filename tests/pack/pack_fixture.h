/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the tests of packs share: the sample, changed in one place, loaded. */
#ifndef CANDOUR_TESTS_PACK_FIXTURE_H
#define CANDOUR_TESTS_PACK_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pack/pack.h"

#define FIXTURE_BYTES ((size_t)128 * 1024 * 1024)

/* One text in one file changed for another. */
struct edit {
	const char *file;
	const char *search; /* NULL: the file is taken away; "": `replace` is appended */
	const char *replace;
};

static inline const char *sample_folder(void)
{
	const char *folder = file_environment("CANDOUR_PACK_SAMPLE");
	return folder ? folder : "tests/data/pack-sample";
}

static inline const struct pack_bytes *find_pack(struct arena *arena, const char *name)
{
	static const char *const FOLDERS[] = { "packs" };
	const struct pack_bytes *bytes = NULL;
	struct err err = { 0 };
	if (!pack_find(arena, FOLDERS, COUNT_OF(FOLDERS), str_from_c(name), &bytes, &err))
		fail_msg("%s", err.message);
	return bytes;
}

static inline struct str edited(struct arena *arena, struct str text, const struct edit *edit)
{
	struct str search = str_from_c(edit->search), replace = str_from_c(edit->replace);
	size_t at = search.n ? str_find_str(text, search) : text.n;
	if (search.n && at == text.n)
		fail_msg("%s does not hold %s", edit->file, edit->search);
	struct str pieces[3] = { str_sub(text, 0, at), replace,
		                 str_sub(text, at + search.n, text.n) };
	return arena_join(arena, pieces, COUNT_OF(pieces));
}

/* A copy with one edit; the files stay in their order. A file that is not there is added as last.
 */
static inline const struct pack_bytes *
edit_pack(struct arena *arena, const struct pack_bytes *bytes, const struct edit *edit)
{
	struct pack_bytes *copy = arena_alloc(arena, 1, sizeof *copy);
	struct pack_file *files = arena_alloc(arena, bytes->count + 1, sizeof *files);
	bool is_found = false;
	size_t count = 0;
	assert_non_null(copy);
	assert_non_null(files);
	for (size_t i = 0; i < bytes->count; i++) {
		bool is_this = str_eq(bytes->files[i].path, str_from_c(edit->file));
		is_found = is_found || is_this;
		if (is_this && !edit->search)
			continue;
		files[count] = bytes->files[i];
		if (is_this)
			files[count].bytes = edited(arena, files[count].bytes, edit);
		count++;
	}
	if (!is_found)
		files[count++] =
			(struct pack_file){ .path = str_from_c(edit->file), .bytes = str_from_c(edit->replace) };
	*copy = *bytes;
	copy->files = files;
	copy->count = count;
	return copy;
}

static inline struct pack *load_good(struct arena *arena, const struct pack_bytes *bytes)
{
	struct pack *pack = NULL;
	struct pack_errors errors;
	struct err err = { 0 };
	if (!pack_load(bytes, &pack, arena, &errors, &err))
		fail_msg("%s: %.*s", err.message, errors.count ? (int)errors.lines[0].n : 0,
		         errors.count ? errors.lines[0].p : "");
	return pack;
}

/* Whether some error holds `expected`; all are printed when none does. */
static inline bool says(const struct pack_errors *errors, const char *expected)
{
	for (size_t i = 0; i < errors->count; i++) {
		if (str_find_str(errors->lines[i], str_from_c(expected)) < errors->lines[i].n)
			return true;
	}
	print_message("expected: %s\n", expected);
	for (size_t i = 0; i < errors->count; i++)
		print_message("found:    %.*s\n", STR_ARG(errors->lines[i]));
	return false;
}

/* Loads and answers whether the load failed, in that stage (0: any), saying that. */
static inline bool is_refused(struct arena *arena, const struct pack_bytes *bytes, int stage,
                              const char *expected)
{
	struct pack *pack = NULL;
	struct pack_errors errors;
	struct err err = { 0 };
	if (pack_load(bytes, &pack, arena, &errors, &err)) {
		print_message("loaded, expected: %s\n", expected);
		pack_destroy(pack);
		return false;
	}
	if (err.code != ERR_INPUT || (stage && errors.stage != stage)) {
		print_message("stage %d, code %d for: %s\n", errors.stage, (int)err.code, expected);
		(void)says(&errors, expected);
		return false;
	}
	return says(&errors, expected);
}

#endif
