/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Finding a pack on disk, with the layers it extends. */
#include "pack/source.h"

#include <stdlib.h>

#include "pack/folder.h"
#include "pack/name.h"

#define LAYERS_MAX 4
#define PACK_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define HEAD_BYTES_MAX ((size_t)1024 * 1024)

struct hash pack_bytes_hash(const struct pack_file *files, size_t count)
{
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	const struct str nul = { "", 1 };
	char digits[24];

	hasher_start(hasher);
	for (size_t i = 0; i < count; i++) {
		int n = snprintf(digits, sizeof digits, "%zu", files[i].bytes.n);
		hasher_add(hasher, files[i].path);
		hasher_add(hasher, nul);
		hasher_add(hasher, (struct str){ digits, (size_t)n });
		hasher_add(hasher, nul);
		hasher_add(hasher, files[i].bytes);
	}
	return hasher_end(hasher);
}

void pack_bytes_head(const struct pack_bytes *bytes, struct arena *arena, struct pack_head *out)
{
	const struct yaml *root = NULL;
	const struct yaml_error *errors = NULL;
	*out = (struct pack_head){ 0 };
	for (size_t i = 0; i < bytes->count; i++) {
		if (!str_eq(bytes->files[i].path, STR("pack.yaml")))
			continue;
		if (!yaml_read(arena, bytes->files[i].bytes, 10000, &root, &errors))
			return;
	}
	if (!root || root->type != YAML_MAPPING)
		return;
	const struct yaml *name = yaml_member(root, STR("name"));
	const struct yaml *version = yaml_member(root, STR("version"));
	const struct yaml *extends = yaml_member(root, STR("extends"));
	if (name && name->type == YAML_SCALAR && name_is_word(name->text))
		out->name = name->text;
	if (version && version->type == YAML_SCALAR && name_is_version(version->text))
		out->version = version->text;
	if (extends && extends->type == YAML_SCALAR) {
		struct str rest = extends->text;
		if (str_cut(&rest, ' ', &out->extends) && name_is_word(out->extends) &&
		    name_is_version(rest))
			out->extends_version = rest;
		else
			out->extends = STR_NONE;
	}
}

static bool read_one(struct arena *arena, const char *folder, struct str *path,
                     struct pack_file *out, size_t *total, struct err *err)
{
	const char *relative = str_to_c(arena, *path);
	const char *whole = relative ? file_join(arena, folder, relative) : NULL;
	if (!whole)
		return err_set(err, ERR_UNABLE, "The pack is too large to read");
	if (file_is_link(whole))
		return err_set(err, ERR_INPUT, "%s: a symbolic link; packs are made of plain files",
		               whole);
	if (!file_read(arena, whole, YAML_FILE_MAX, &out->bytes, err))
		return false;
	out->path = *path;
	*total += out->bytes.n;
	if (*total > PACK_BYTES_MAX)
		return err_set(err, ERR_INPUT, "%s: the pack is larger than 16 MB", folder);
	return true;
}

/* Paths of the files of a pack, refusing what may not be there. */
static bool list_paths(struct arena *arena, const char *folder, const char *under,
                       struct folder_list *out, struct err *err)
{
	const struct str *names = NULL;
	size_t count = 0;
	const char *here = *under ? file_join(arena, folder, under) : folder;
	if (!here)
		return err_set(err, ERR_UNABLE, "The pack is too large to read");
	if (!file_list(arena, here, &names, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *name = str_to_c(arena, names[i]);
		const char *whole = name ? file_join(arena, here, name) : NULL;
		if (!whole)
			return err_set(err, ERR_UNABLE, "The pack is too large to read");
		bool is_part = !*under &&
		               (str_eq(names[i], STR("kinds")) || str_eq(names[i], STR("texts")));
		if (file_is_link(whole) && (is_part || !file_is_folder(whole)))
			return err_set(err, ERR_INPUT,
			               "%s: a symbolic link; packs are made of plain files", whole);
		if (file_is_folder(whole)) {
			if (is_part && !list_paths(arena, folder, name, out, err))
				return false;
			continue; /* other folders are not read */
		}
		struct str path = *under ? arena_format(arena, "%s/%s", under, name) : names[i];
		if (!path.p)
			return err_set(err, ERR_UNABLE, "The pack is too large to read");
		if (!name_is_file(path))
			return err_set(
				err, ERR_INPUT,
				"%s: no file of a pack; expected pack.yaml and its like, or a"
				" name in kinds/ or texts/ of a-z, 0-9 and - that ends in .yaml",
				whole);
		if (out->count == FOLDER_FILES_MAX)
			return err_set(err, ERR_INPUT, "%s: more than %d files", folder,
			               FOLDER_FILES_MAX);
		out->paths[out->count++] = path;
	}
	return true;
}

static int by_path(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static bool read_folder(struct arena *arena, const char *folder, struct pack_bytes *out,
                        struct err *err)
{
	struct folder_list *list = arena_alloc(arena, 1, sizeof *list);
	size_t total = 0;
	if (!list)
		return err_set(err, ERR_UNABLE, "The pack is too large to read");
	if (!list_paths(arena, folder, "", list, err))
		return false;
	qsort(list->paths, list->count, sizeof list->paths[0], by_path);
	struct pack_file *files = arena_alloc(arena, list->count, sizeof *files);
	if (!files)
		return err_set(err, ERR_UNABLE, "The pack is too large to read");
	for (size_t i = 0; i < list->count; i++) {
		if (!read_one(arena, folder, &list->paths[i], &files[i], &total, err))
			return false;
	}
	out->files = files;
	out->count = list->count;
	out->shown_as = arena_copy(arena, str_from_c(folder));
	out->hash = pack_bytes_hash(files, list->count);
	return true;
}

static bool is_pack(struct arena *arena, const char *folder)
{
	const char *head = file_join(arena, folder, "pack.yaml");
	return head && file_exists(head);
}

/* `path` without its slashes at the end and its last `parts` parts; NULL when it has not so many.
 */
static const char *above(struct arena *arena, struct str path, int parts)
{
	for (; parts > 0; parts--) {
		while (path.n > 1 && path.p[path.n - 1] == '/')
			path.n--;
		size_t n = path.n;
		while (n > 0 && path.p[n - 1] != '/')
			n--;
		if (n == 0)
			return parts == 1 ? "." : NULL;
		path.n = n;
	}
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	return str_to_c(arena, path);
}

/* The pack that a layer lies in: BASE/layers/NAME. NULL when it lies elsewhere. */
static const char *base_around(struct arena *arena, struct str folder, struct str name)
{
	const char *layers = above(arena, folder, 1);
	const char *base = layers ? above(arena, str_from_c(layers), 1) : NULL;
	if (!base ||
	    !(str_ends(str_from_c(layers), STR("/layers")) ||
	      str_eq(str_from_c(layers), STR("layers"))) ||
	    !is_pack(arena, base))
		return NULL;
	const char *head = file_join(arena, base, "pack.yaml");
	struct pack_file file = { .path = STR("pack.yaml") };
	struct err err;
	if (!head || !file_read(arena, head, HEAD_BYTES_MAX, &file.bytes, &err))
		return NULL;
	struct pack_head found;
	pack_bytes_head(&(struct pack_bytes){ .files = &file, .count = 1 }, arena, &found);
	return str_eq(found.name, name) ? base : NULL;
}

static bool absent(struct arena *arena, const char *const *folders, size_t count, struct str name,
                   struct err *err)
{
	struct str list = STR("nowhere: no folder was given");
	for (size_t i = 0; i < count; i++)
		list = i ? arena_format(arena, "%.*s, %s", STR_ARG(list), folders[i])
		         : arena_format(arena, "%s", folders[i]);
	return err_set(err, ERR_ABSENT, "There is no pack %.*s; looked in %.*s", STR_ARG(name),
	               STR_ARG(list));
}

static const char *locate(struct arena *arena, const char *const *folders, size_t count,
                          struct str name, const struct pack_bytes *layer)
{
	const char *text = str_to_c(arena, name);
	if (!text)
		return NULL;
	if (name.n > str_find(name, '/'))
		return is_pack(arena, text) ? text : NULL;
	if (!name_is_word(name))
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const char *folder = file_join(arena, folders[i], text);
		if (folder && is_pack(arena, folder))
			return folder;
	}
	return layer ? base_around(arena, layer->shown_as, name) : NULL;
}

bool pack_find(struct arena *arena, const char *const *folders, size_t folder_count,
               struct str name, const struct pack_bytes **out, struct err *err)
{
	struct pack_bytes *top = NULL, *last = NULL;
	struct str version = STR_NONE;

	for (int depth = 0;; depth++) {
		if (depth == LAYERS_MAX)
			return err_set(err, ERR_INPUT,
			               "%.*s: more than %d layers, or a circle of them",
			               STR_ARG(top->shown_as), LAYERS_MAX);
		struct pack_bytes *here = arena_alloc(arena, 1, sizeof *here);
		struct pack_head head;
		const char *folder = locate(arena, folders, folder_count, name, last);
		if (!here)
			return err_set(err, ERR_UNABLE, "The pack is too large to read");
		if (!folder)
			return absent(arena, folders, folder_count, name, err);
		if (!read_folder(arena, folder, here, err))
			return false;
		pack_bytes_head(here, arena, &head);
		here->name = head.name.p ? head.name : name;
		here->version = head.version;
		for (const struct pack_bytes *over = top; over; over = over->below) {
			if (str_eq(over->name, here->name))
				return err_set(err, ERR_INPUT,
				               "%s/pack.yaml: pack %.*s extends itself", folder,
				               STR_ARG(here->name));
		}
		if (version.p && (!str_eq(version, head.version) || !str_eq(name, head.name)))
			return err_set(err, ERR_INPUT,
			               "%.*s/pack.yaml: extends %.*s %.*s; %s holds %.*s %.*s",
			               STR_ARG(last->shown_as), STR_ARG(name), STR_ARG(version),
			               folder, STR_ARG(head.name), STR_ARG(head.version));
		if (last)
			last->below = here;
		else
			top = here;
		last = here;
		if (!head.extends.p)
			break;
		name = head.extends;
		version = head.extends_version;
	}
	*out = top;
	return true;
}
