/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The tests' pack with something changed, for tests that adopt or found by it. */
#ifndef CANDOUR_TESTS_CASEBOOK_CHANGED_PACK_H
#define CANDOUR_TESTS_CASEBOOK_CHANGED_PACK_H

#include "casebook/fixture.h"

struct text_change {
	const char *path; /* "duties.yaml" */
	const char *from;
	const char *to;
};

static inline struct str replaced(struct fixture *f, struct str bytes, const char *from, const char *to)
{
	struct str wanted = str_from_c(from);
	size_t at = str_find_str(bytes, wanted);
	assert_true(at < bytes.n);
	struct str pieces[3] = { str_sub(bytes, 0, at), str_from_c(to), str_sub(bytes, at + wanted.n, bytes.n) };
	return arena_join(f->arena, pieces, 3);
}

/* The tests' pack with some texts replaced, as another version. */
static inline const struct pack_bytes *changed_all(struct fixture *f, const char *version,
                                                   const struct text_change *changes, size_t count)
{
	const char *folders[] = { test_packs() };
	const struct pack_bytes *old = NULL, *next = NULL;
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &old, &f->err));
	char folder[] = "/tmp/candour-adopt-XXXXXX";
	assert_non_null(mkdtemp(folder));
	const char *pack = file_join(f->arena, folder, "england");
	MUST(f, file_make_folder(pack, 0700, &f->err));
	MUST(f, file_make_folder(file_join(f->arena, pack, "kinds"), 0700, &f->err));
	MUST(f, file_make_folder(file_join(f->arena, pack, "texts"), 0700, &f->err));
	for (size_t i = 0; i < old->count; i++) {
		struct str bytes = old->files[i].bytes, name = old->files[i].path;
		if (str_eq(name, STR("pack.yaml")))
			bytes = replaced(f, bytes, "version: 0.1.0", version);
		for (size_t c = 0; c < count; c++) {
			if (str_eq(name, str_from_c(changes[c].path)))
				bytes = replaced(f, bytes, changes[c].from, changes[c].to);
		}
		MUST(f, file_write(file_join(f->arena, pack, str_to_c(f->arena, name)), 0600, bytes, &f->err));
	}
	MUST(f, pack_find(f->arena, folders, 1, str_from_c(pack), &next, &f->err));
	fixture_remove_folder(f->arena, folder);
	return next;
}

/* A register of a changed pack in the place of the test's own. */
static inline void found_by(struct fixture *f, const struct pack_bytes *pack)
{
	struct casebook_made made;
	struct casebook_founding founding = { .dir = f->dir,
		                              .pack = pack,
		                              .origin = STR("drill.northmere.example/register"),
		                              .is_drill = true,
		                              .has_seed = true,
		                              .seed = 1,
		                              .start = FIXTURE_START - INSTANT_PER_HOUR };
	casebook_close(f->book);
	fixture_remove_folder(f->arena, f->dir);
	MUST(f, casebook_create(&founding, f->arena, &made, &f->err));
	fixture_open(f);
}

#endif
