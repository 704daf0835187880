/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* tests/data/pack-sample, whole or with something changed, as the pack of a test's register. */
#ifndef CANDOUR_TESTS_CASEBOOK_SAMPLE_CHANGED_H
#define CANDOUR_TESTS_CASEBOOK_SAMPLE_CHANGED_H

#include "casebook/changed_pack.h"

/* What a register needs of a pack besides, and the sample has not. */
static const struct text_change SAMPLE_OFFICE = {
	"offices.yaml", "offices:\n",
	"offices:\n  register-administrator: { title: Administrator, agency: council, line: head-of-service,"
	" reads: [{ what: nothing }] }\n"
};

/* The sample with some texts replaced; a change whose `from` is "" adds to the file's end. */
static inline const struct pack_bytes *sample_changed(struct fixture *f, const struct text_change *changes,
                                                      size_t count)
{
	static const char *const folders[] = { "packs" };
	const struct pack_bytes *old = NULL;
	MUST(f, pack_find(f->arena, folders, 1, STR("tests/data/pack-sample"), &old, &f->err));
	struct pack_bytes *next = arena_alloc(f->arena, 1, sizeof *next);
	struct pack_file *files = arena_alloc(f->arena, old->count, sizeof *files);
	*next = *old;
	next->files = files;
	for (size_t i = 0; i < old->count; i++) {
		files[i] = old->files[i];
		for (size_t c = 0; c <= count; c++) {
			const struct text_change *change = c ? &changes[c - 1] : &SAMPLE_OFFICE;
			if (!str_eq(files[i].path, str_from_c(change->path)))
				continue;
			struct str both[2] = { files[i].bytes, str_from_c(change->to) };
			files[i].bytes = change->from[0] ?
			                         replaced(f, files[i].bytes, change->from, change->to) :
			                         arena_join(f->arena, both, 2);
		}
	}
	return next;
}

#endif
