/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Packs as files: where they are looked for, what may lie in them, how they are kept. */
#define _XOPEN_SOURCE 700

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pack_fixture.h"

struct fixture {
	struct arena *arena;
	char folder[64];
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	assert_non_null(f);
	f->arena = arena_create(FIXTURE_BYTES);
	(void)snprintf(f->folder, sizeof f->folder, "/tmp/candour-pack-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	*state = f;
	return 0;
}

static int remove_one(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
	(void)info;
	(void)flag;
	(void)walk;
	return remove(path);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	(void)nftw(f->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_destroy(f->arena);
	free(f);
	return 0;
}

static void put(struct fixture *f, const char *path, const char *text)
{
	struct err err;
	struct str rest = str_from_c(path), part;
	const char *folder = f->folder;
	while (str_cut(&rest, '/', &part) && rest.p) {
		folder = file_join(f->arena, folder, str_to_c(f->arena, part));
		assert_true(file_make_folder(folder, 0700, &err));
	}
	assert_true(file_write(file_join(f->arena, f->folder, path), 0600, str_from_c(text), &err));
}

static bool find(struct fixture *f, const char *name, const struct pack_bytes **out,
                 struct err *err)
{
	const char *folders[2] = { file_join(f->arena, f->folder, "first"),
		                   file_join(f->arena, f->folder, "second") };
	return pack_find(f->arena, folders, COUNT_OF(folders), str_from_c(name), out, err);
}

static void is_not_found(struct fixture *f, const char *name, enum err_code code,
                         const char *expected)
{
	const struct pack_bytes *bytes = NULL;
	struct err err = { 0 };
	assert_false(find(f, name, &bytes, &err));
	assert_int_equal(err.code, code);
	if (!strstr(err.message, expected))
		fail_msg("found: %s; expected: %s", err.message, expected);
}

static void the_first_folder_that_has_it_is_taken(void **state)
{
	struct fixture *f = *state;
	const struct pack_bytes *bytes = NULL;
	struct err err;
	put(f, "first/other/pack.yaml", "name: other\nversion: 1.0.0\n");
	put(f, "second/area/pack.yaml", "name: area\nversion: 1.2.3\n");
	put(f, "second/other/pack.yaml", "name: other\nversion: 2.0.0\n");
	assert_true(find(f, "area", &bytes, &err));
	assert_true(str_eq(bytes->version, STR("1.2.3")));
	assert_true(find(f, "other", &bytes, &err));
	assert_true(str_eq(bytes->version, STR("1.0.0")));
}

static void a_pack_that_is_nowhere_names_the_folders(void **state)
{
	struct fixture *f = *state;
	is_not_found(f, "area", ERR_ABSENT, "first, ");
	is_not_found(f, "area", ERR_ABSENT, "second");
	is_not_found(f, "../area", ERR_ABSENT, "There is no pack ../area");
	is_not_found(f, "Area", ERR_ABSENT, "There is no pack Area");
}

static void files_stand_in_byte_order_of_their_path(void **state)
{
	struct fixture *f = *state;
	const struct pack_bytes *bytes = NULL;
	struct err err;
	put(f, "first/area/pack.yaml", "name: area\nversion: 1.0.0\n");
	put(f, "first/area/kinds/b.yaml", "x: y\n");
	put(f, "first/area/kinds/a.yaml", "x: y\n");
	put(f, "first/area/duties.yaml", "x: y\n");
	put(f, "first/area/notes/readme.txt", "not read");
	assert_true(find(f, "area", &bytes, &err));
	assert_int_equal(bytes->count, 4);
	assert_true(str_eq(bytes->files[0].path, STR("duties.yaml")));
	assert_true(str_eq(bytes->files[1].path, STR("kinds/a.yaml")));
	assert_true(str_eq(bytes->files[3].path, STR("pack.yaml")));
}

static void the_hash_is_over_paths_lengths_and_bytes(void **state)
{
	struct fixture *f = *state;
	const struct pack_bytes *bytes = NULL;
	struct err err;
	put(f, "first/area/pack.yaml", "name: area\n");
	assert_true(find(f, "area", &bytes, &err));
	const struct hash expected = hash_of((struct str){ "pack.yaml\0"
	                                                   "11\0name: area\n",
	                                                   24 });
	assert_true(hash_eq(&bytes->hash, &expected));
}

static void a_file_that_is_no_part_is_refused(void **state)
{
	struct fixture *f = *state;
	put(f, "first/area/pack.yaml", "name: area\n");
	put(f, "first/area/other.yaml", "x: y\n");
	is_not_found(f, "area", ERR_INPUT, "other.yaml: no file of a pack");
	put(f, "first/second/pack.yaml", "name: second\n");
	put(f, "first/second/kinds/A.yaml", "x: y\n");
	is_not_found(f, "second", ERR_INPUT, "A.yaml: no file of a pack");
}

static void a_symbolic_link_is_refused(void **state)
{
	struct fixture *f = *state;
	put(f, "first/area/pack.yaml", "name: area\n");
	put(f, "elsewhere.yaml", "x: y\n");
	assert_int_equal(symlink("../../elsewhere.yaml",
	                         file_join(f->arena, f->folder, "first/area/duties.yaml")),
	                 0);
	is_not_found(f, "area", ERR_INPUT, "duties.yaml: a symbolic link");
}

static void a_file_past_two_megabytes_is_refused(void **state)
{
	struct fixture *f = *state;
	char *text = malloc(YAML_FILE_MAX + 2);
	assert_non_null(text);
	memset(text, '#', YAML_FILE_MAX + 1);
	text[YAML_FILE_MAX + 1] = '\0';
	put(f, "first/area/pack.yaml", text);
	free(text);
	is_not_found(f, "area", ERR_INPUT, "pack.yaml");
}

static void layers_are_found_down_to_the_lowest(void **state)
{
	struct fixture *f = *state;
	const struct pack_bytes *bytes = NULL;
	struct err err;
	put(f, "first/town/pack.yaml", "name: town\nversion: 1.0.0\nextends: county 2.0.0\n");
	put(f, "second/county/pack.yaml", "name: county\nversion: 2.0.0\nextends: land 3.0.0\n");
	put(f, "second/land/pack.yaml", "name: land\nversion: 3.0.0\n");
	assert_true(find(f, "town", &bytes, &err));
	assert_true(str_eq(bytes->below->below->name, STR("land")));
	assert_null(bytes->below->below->below);
}

static void a_layer_of_another_version_is_refused(void **state)
{
	struct fixture *f = *state;
	put(f, "first/town/pack.yaml", "name: town\nversion: 1.0.0\nextends: county 2.0.1\n");
	put(f, "second/county/pack.yaml", "name: county\nversion: 2.0.0\n");
	is_not_found(f, "town", ERR_INPUT, "extends county 2.0.1; ");
}

static void layers_in_a_circle_are_refused(void **state)
{
	struct fixture *f = *state;
	put(f, "first/town/pack.yaml", "name: town\nversion: 1.0.0\nextends: county 2.0.0\n");
	put(f, "first/county/pack.yaml", "name: county\nversion: 2.0.0\nextends: town 1.0.0\n");
	is_not_found(f, "town", ERR_INPUT, "extends itself");
}

static void a_fifth_layer_is_refused(void **state)
{
	struct fixture *f = *state;
	put(f, "first/a/pack.yaml", "name: a\nversion: 1.0.0\nextends: b 1.0.0\n");
	put(f, "first/b/pack.yaml", "name: b\nversion: 1.0.0\nextends: c 1.0.0\n");
	put(f, "first/c/pack.yaml", "name: c\nversion: 1.0.0\nextends: d 1.0.0\n");
	put(f, "first/d/pack.yaml", "name: d\nversion: 1.0.0\nextends: e 1.0.0\n");
	put(f, "first/e/pack.yaml", "name: e\nversion: 1.0.0\n");
	is_not_found(f, "a", ERR_INPUT, "more than 4 layers");
}

static void a_pack_comes_back_from_its_text_the_same(void **state)
{
	struct fixture *f = *state;
	char path[200];
	(void)snprintf(path, sizeof path, "%s/layers/northmere", sample_folder());
	const struct pack_bytes *bytes = find_pack(f->arena, path), *again = NULL;
	struct buf text;
	struct err err;
	buf_init(&text, FIXTURE_BYTES);
	assert_true(pack_bytes_write(&text, bytes));
	assert_true(pack_bytes_read(f->arena, buf_str(&text), &again, &err));
	assert_true(hash_eq(&again->hash, &bytes->hash));
	assert_true(hash_eq(&again->below->hash, &bytes->below->hash));
	struct buf second;
	buf_init(&second, FIXTURE_BYTES);
	assert_true(pack_bytes_write(&second, again));
	assert_true(str_eq(buf_str(&second), buf_str(&text)));
	buf_finish(&text);
	buf_finish(&second);
	pack_destroy(load_good(f->arena, again));
}

static void a_kept_text_that_was_cut_is_refused_wherever(void **state)
{
	struct fixture *f = *state;
	const struct pack_bytes *bytes = NULL, *again = NULL;
	struct buf text;
	struct err err;
	put(f, "first/town/pack.yaml", "name: town\nversion: 1.0.0\nextends: county 2.0.0\n");
	put(f, "second/county/pack.yaml", "name: county\nversion: 2.0.0\n");
	assert_true(find(f, "town", &bytes, &err));
	buf_init(&text, FIXTURE_BYTES);
	assert_true(pack_bytes_write(&text, bytes));
	for (size_t n = 0; n < text.n; n++) {
		assert_false(
			pack_bytes_read(f->arena, str_sub(buf_str(&text), 0, n), &again, &err));
		assert_int_equal(err.code, ERR_INPUT);
	}
	assert_true(pack_bytes_read(f->arena, buf_str(&text), &again, &err));
	buf_add_char(&text, '\n');
	assert_false(pack_bytes_read(f->arena, buf_str(&text), &again, &err));
	buf_finish(&text);
}

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_first_folder_that_has_it_is_taken),
		PROVES(a_pack_that_is_nowhere_names_the_folders),
		PROVES(files_stand_in_byte_order_of_their_path),
		PROVES(the_hash_is_over_paths_lengths_and_bytes),
		PROVES(a_file_that_is_no_part_is_refused),
		PROVES(a_symbolic_link_is_refused),
		PROVES(a_file_past_two_megabytes_is_refused),
		PROVES(layers_are_found_down_to_the_lowest),
		PROVES(a_layer_of_another_version_is_refused),
		PROVES(layers_in_a_circle_are_refused),
		PROVES(a_fifth_layer_is_refused),
		PROVES(a_pack_comes_back_from_its_text_the_same),
		PROVES(a_kept_text_that_was_cut_is_refused_wherever),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
