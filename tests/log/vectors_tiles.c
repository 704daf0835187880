/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* tiles.json: what is served of a tree, through a store, at each published size. */
#include "log/vectors.h"

#define TURN_MAX 700 /* leaves a turn, at most: never a whole number of tiles */

struct served_tree {
	struct run *run;
	struct store *store;
	struct log_reader *reader;
};

static void forget_tree(struct served_tree *tree)
{
	log_reader_destroy(tree->reader);
	store_close(tree->store);
}

static bool sets_commitments(void *ctx, int64_t first, size_t count, struct hash *out,
                             struct err *err)
{
	struct run *run = ctx;
	(void)err;
	for (size_t i = 0; i < count; i++)
		out[i] = leaf_data(run, (uint64_t)first + i);
	return true;
}

/* One turn of `n` leaves. */
static bool grow(struct run *run, struct store *store, struct log_tree *tree, uint64_t n)
{
	if (!store_begin(store, &run->err))
		return false;
	for (uint64_t i = 0; i < n; i++) {
		struct hash data = leaf_data(run, (uint64_t)log_tree_size(tree));
		struct hash leaf = log_leaf_hash(run->hasher, &data);
		if (!log_tree_append(tree, &leaf, &run->err))
			return false;
	}
	if (!log_tree_flush(tree, store, &run->err) || !store_commit(store, &run->err))
		return false;
	log_tree_commit(tree);
	return true;
}

static bool build(struct run *run, uint64_t size, struct served_tree *out)
{
	CLEANUP(log_tree_cleanup) struct log_tree *tree = NULL;
	*out = (struct served_tree){ .run = run };
	if (!expect(run,
	            store_open(":memory:", STORE_CREATE, &out->store, &run->err) &&
	                    store_migrate(out->store, "register", &run->err) &&
	                    log_tree_open(out->store, &tree, &run->err) &&
	                    log_reader_create(out->store, &out->reader, &run->err),
	            "a store"))
		return false;
	while ((uint64_t)log_tree_size(tree) < size) {
		uint64_t left = size - (uint64_t)log_tree_size(tree);
		uint64_t turn = 1 + (uint64_t)log_tree_size(tree) * 31 % TURN_MAX;
		if (!expect(run, grow(run, out->store, tree, turn < left ? turn : left), "a turn"))
			return false;
	}
	return true;
}

static bool serve(struct served_tree *tree, struct str path, uint64_t published, struct str *out)
{
	return log_reader_serve(tree->reader, tree->run->scratch, path, (int64_t)published,
	                        sets_commitments, tree->run, out, &tree->run->err);
}

static bool is_content(struct run *run, const struct json *one, struct str bytes)
{
	struct hash wanted = want_hash(run, one, "sha256"), made = hash_of(bytes);
	return bytes.n == want_number(run, one, "len") && hash_eq(&made, &wanted);
}

static void judge_sets(struct served_tree *tree)
{
	struct run *run = tree->run;
	for (const struct json *one = want_array(run, run->root, "sets"); one; one = one->next) {
		struct hash root = { 0 };
		begin_case(run, one, "size root resources");
		uint64_t size = want_number(run, one, "size");
		struct hash wanted = want_hash(run, one, "root");
		expect(run,
		       log_reader_root(tree->reader, (int64_t)size, &root, &run->err) &&
		               hash_eq(&root, &wanted),
		       "root at %" PRIu64, size);
		for (const struct json *part = want_array(run, one, "resources"); part;
		     part = part->next) {
			struct str bytes, path = want_text(run, part, "path");
			begin_case(run, part, "path len sha256");
			expect(run, serve(tree, path, size, &bytes) && is_content(run, part, bytes),
			       "at %" PRIu64 ": %.*s", size, STR_ARG(path));
		}
	}
}

static void judge_requests(struct served_tree *tree, uint64_t published)
{
	struct run *run = tree->run;
	for (const struct json *one = want_array(run, run->root, "requests"); one;
	     one = one->next) {
		struct str bytes;
		begin_case(run, one, "path status why len sha256");
		struct str path = want_text(run, one, "path");
		uint64_t status = want_number(run, one, "status");
		bool is_served = serve(tree, path, published, &bytes);
		expect(run, is_served || run->err.code == ERR_ABSENT, "GET %.*s fails",
		       STR_ARG(path));
		expect(run, status == (is_served ? 200 : 404), "GET %.*s", STR_ARG(path));
		if (is_served)
			expect(run, is_content(run, one, bytes), "content of %.*s", STR_ARG(path));
	}
}

static void judge_names(struct run *run)
{
	for (const struct json *one = want_array(run, run->root, "names"); one; one = one->next) {
		struct log_path path;
		char text[LOG_PATH_MAX];
		begin_case(run, one, "path level index width");
		struct str wanted = want_text(run, one, "path");
		bool is_entries = str_eq(json_text(one, STR("level")), STR("entries"));
		if (!expect(run, log_path_read(wanted, &path), "name %.*s", STR_ARG(wanted)))
			continue;
		expect(run,
		       path.is_entries == is_entries &&
		               (is_entries || path.level == want_number(run, one, "level")) &&
		               path.index == want_number(run, one, "index") &&
		               path.width == want_number(run, one, "width"),
		       "name %.*s", STR_ARG(wanted));
		expect(run, str_eq((struct str){ text, log_path_write(&path, text) }, wanted),
		       "name %.*s written", STR_ARG(wanted));
	}
}

void judge_tiles(struct run *run)
{
	CLEANUP(forget_tree) struct served_tree tree = { 0 };
	only(run, run->root, "comment seed sets requests requests_size names");
	uint64_t published = want_number(run, run->root, "requests_size"), size = published;
	for (const struct json *one = want_array(run, run->root, "sets"); one; one = one->next)
		if (want_number(run, one, "size") > size)
			size = want_number(run, one, "size");
	if (!build(run, size, &tree))
		return;
	judge_sets(&tree);
	judge_requests(&tree, published);
	judge_names(run);
}
