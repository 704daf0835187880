/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A mirror beside a log that grows, whose answers get lost, and which cheats: what it keeps is what
 * was served and signed, and each way to cheat has an alarm of its own.
 *
 *	SEED=17   that seed alone, else 1 to 12
 */
#include <stdio.h>
#include <unistd.h>

#include "log/leaves.h"

#define ORIGIN STR("register.example.org/northmere")
#define ROUNDS 12

struct world {
	struct fixture *f;
	struct log_tree *tree;
	struct log_reader *reader;
	struct log_signer *signer;
	struct random_source *random;
	const struct log_policy *policy;
	struct log_mirror *mirror;
	char dir[64];
	int64_t published;
	unsigned lost_of_10;  /* answers that get lost */
	struct str cheats_at; /* a path that begins so is answered otherwise */
	bool says_absent;
	struct str cheated; /* what was answered otherwise last */
	size_t asked;
};

static void grow(struct world *w, size_t n)
{
	turn(w->f, w->tree, n);
	log_reader_forget(w->reader);
	w->published = log_tree_size(w->tree);
}

static void begin(struct fixture *f, struct world *w, uint64_t seed)
{
	CLEANUP(buf_finish) struct buf vkey = { 0 };
	uint8_t bytes[LOG_KEY_SIZE] = { 7 };
	*w = (struct world){ .f = f, .random = random_seeded_create(seed) };
	strcpy(w->dir, "/dev/shm/candour-mirror-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	assert_true(log_signer_create(ORIGIN, LOG_KEY_LOG, bytes, &w->signer, &f->err));
	buf_init(&vkey, 1000);
	log_vkey_write(&vkey, log_signer_vkey(w->signer));
	struct str key = arena_copy(f->arena, buf_str(&vkey));
	assert_true(log_policy_of_key(f->arena, key, &w->policy, &f->err));
	assert_true(store_run(f->store, "DELETE FROM tile", &f->err));
	assert_true(log_tree_open(f->store, &w->tree, &f->err));
	assert_true(log_reader_create(f->store, &w->reader, &f->err));
	assert_true(log_mirror_open(w->dir, w->policy, &w->mirror, &f->err));
}

static void end(struct world *w)
{
	char command[100];
	log_mirror_close(w->mirror);
	log_tree_close(w->tree);
	log_reader_destroy(w->reader);
	log_signer_destroy(w->signer);
	random_destroy(w->random);
	(void)snprintf(command, sizeof command, "rm -rf %s", w->dir);
	assert_int_equal(system(command), 0);
}

static struct str note_of(struct world *w, const struct log_checkpoint *checkpoint)
{
	CLEANUP(buf_finish) struct buf text = { 0 }, note = { 0 };
	const struct log_signer *signers[] = { w->signer };
	buf_init(&text, 1000);
	buf_init(&note, 2000);
	log_checkpoint_write(&text, checkpoint);
	log_note_sign(&note, buf_str(&text), signers, 1);
	return arena_copy(w->f->arena, buf_str(&note));
}

static bool serve(void *ctx, struct str path, struct arena *arena, int *status, struct str *body,
                  struct err *err)
{
	struct world *w = ctx;
	w->asked++;
	if (random_below(w->random, 10) < w->lost_of_10)
		return err_set(err, ERR_UNABLE, "lost");
	*status = 200;
	if (str_eq(path, STR("checkpoint"))) {
		struct log_checkpoint checkpoint = { .origin = ORIGIN, .size = w->published };
		assert_true(log_reader_root(w->reader, w->published, &checkpoint.root, &w->f->err));
		*body = note_of(w, &checkpoint);
	} else if (!log_reader_serve(w->reader, arena, path, w->published, commitments, NULL, body,
	                             err)) {
		assert_int_equal(err->code, ERR_ABSENT);
		*err = (struct err){ 0 };
		*status = 404;
	}
	if (!w->cheats_at.p || !str_starts(path, w->cheats_at))
		return true;
	if (w->says_absent)
		*status = 404;
	char *bytes = (char *)(uintptr_t)arena_copy(arena, *body).p;
	bytes[body->n - 20] ^= 1;
	body->p = bytes;
	w->cheated = arena_copy(w->f->arena, *body);
	return true;
}

static bool is_evidence(struct world *w, struct str bytes)
{
	struct hash hash = hash_of(bytes);
	const char *folder = file_join(w->f->arena, w->dir, "evidence");
	return file_exists(file_join(w->f->arena, folder, hash_hex(w->f->arena, &hash).p));
}

static enum log_alarm run(struct world *w, bool *came)
{
	struct log_mirrored out;
	struct err err = { 0 };
	*came = log_mirror_run(w->mirror, serve, w, 1000, 0, w->f->arena, &out, &err);
	assert_true(*came || str_eq(str_from_c(err.message), STR("lost")));
	return out.alarm;
}

static void reopen(struct world *w)
{
	log_mirror_close(w->mirror);
	w->mirror = NULL;
	assert_true(log_mirror_open(w->dir, w->policy, &w->mirror, &w->f->err));
}

/* Every resource of a size, as a file of the copy. */
static void same_as_served(struct world *w, int64_t size, struct str text)
{
	struct str served, kept;
	struct hash hash = hash_of(ORIGIN);
	struct str name = arena_format(w->f->arena, "%s/%.*s/%.*s", w->dir,
	                               STR_ARG(hash_hex(w->f->arena, &hash)), STR_ARG(text));
	assert_true(log_reader_serve(w->reader, w->f->arena, text, size, commitments, NULL, &served,
	                             &w->f->err));
	assert_true(file_read(w->f->arena, name.p, 1 << 20, &kept, &w->f->err));
	assert_true(str_eq(served, kept));
}

static void compare_all(struct world *w, int64_t size)
{
	for (unsigned level = 0; level < 3; level++) {
		int64_t width = size >> (8 * level);
		for (int64_t index = 0; index * LOG_TILE_WIDTH < width; index++) {
			int64_t left = width - index * LOG_TILE_WIDTH;
			struct log_path path = { .level = level,
				                 .index = (uint64_t)index,
				                 .width = left < LOG_TILE_WIDTH ? (unsigned)left
				                                                : LOG_TILE_WIDTH };
			char text[LOG_PATH_MAX];
			size_t n = log_path_write(&path, text);
			same_as_served(w, size, (struct str){ text, n });
			path.is_entries = true;
			n = log_path_write(&path, text);
			if (level == 0)
				same_as_served(w, size, (struct str){ text, n });
		}
	}
}

static uint64_t seed_only(void)
{
	const char *given = file_environment("SEED");
	return given ? strtoull(given, NULL, 10) : 0;
}

/* --- sentences ------------------------------------------------------------------------------ */

static void a_copy_is_what_was_served_however_often_it_was_cut_short(void **state)
{
	struct fixture *f = *state;
	uint64_t only = seed_only();
	size_t cut = 0;
	for (uint64_t seed = only ? only : 1; seed <= (only ? only : 12); seed++) {
		struct world w;
		bool came = false;
		begin(f, &w, seed);
		for (int i = 0; i < ROUNDS; i++) {
			grow(&w, 1 + random_below(w.random, random_below(w.random, 4) ? 90 : 3000));
			for (w.lost_of_10 = 1; !came;
			     w.lost_of_10 = (unsigned)random_below(w.random, 2)) {
				assert_int_equal(run(&w, &came), LOG_ALARM_NONE);
				cut += !came;
				if (random_below(w.random, 4) == 0)
					reopen(&w);
			}
			came = false;
			assert_int_equal(log_mirror_size(w.mirror), w.published);
		}
		reopen(&w);
		compare_all(&w, w.published);
		/* Nothing new is two questions at most: the checkpoint, and the tiles at the end.
		 */
		w.asked = w.lost_of_10 = 0;
		assert_int_equal(run(&w, &came), LOG_ALARM_NONE);
		assert_true(came && w.asked <= 6);
		end(&w);
	}
	print_message("%zu rounds were cut short\n", cut);
}

/* Stopped between the tiles and the checkpoint, which comes last: a folder lies where it is to be. */
static void a_mirror_stopped_before_its_checkpoint_has_more_tiles_and_goes_on(void **state)
{
	struct fixture *f = *state;
	char command[300];
	struct log_mirrored out;
	struct world w;
	bool came;
	begin(f, &w, 1);
	grow(&w, 300);
	(void)snprintf(command, sizeof command, "mkdir -p $(echo %s/????????????????*)/checkpoint/x", w.dir);
	assert_int_equal(system(command), 0);
	assert_false(log_mirror_run(w.mirror, serve, &w, 1000, 0, f->arena, &out, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	f->err = (struct err){ 0 };
	compare_all(&w, 300);
	(void)snprintf(command, sizeof command, "rm -r %s/????????????????*/checkpoint", w.dir);
	assert_int_equal(system(command), 0);
	reopen(&w);
	assert_int_equal(log_mirror_size(w.mirror), 0);
	grow(&w, 77);
	assert_int_equal(run(&w, &came), LOG_ALARM_NONE);
	assert_true(came);
	reopen(&w);
	assert_int_equal(log_mirror_size(w.mirror), 377);
	compare_all(&w, 377);
	end(&w);
}

static void each_way_to_cheat_has_its_alarm_and_changes_no_copy(void **state)
{
	static const struct {
		const char *at;
		bool absent;
		enum log_alarm alarm;
	} cheats[] = {
		{ "checkpoint", false, LOG_ALARM_SIGNATURE },
		{ "checkpoint", true, LOG_ALARM_MISSING },
		{ "tile/entries/", false, LOG_ALARM_TILES },
		{ "tile/entries/", true, LOG_ALARM_MISSING },
		{ "tile/0/", false, LOG_ALARM_TILES },
		{ "tile/0/", true, LOG_ALARM_MISSING },
		{ "tile/1/", false, LOG_ALARM_TILES },
		{ "tile/1/", true, LOG_ALARM_MISSING },
	};
	struct fixture *f = *state;
	struct world w;
	bool came;
	begin(f, &w, 1);
	grow(&w, 700);
	assert_int_equal(run(&w, &came), LOG_ALARM_NONE);
	for (size_t i = 0; i < COUNT_OF(cheats); i++) {
		grow(&w, 300);
		int64_t before = log_mirror_size(w.mirror);
		w.cheats_at = str_from_c(cheats[i].at);
		w.says_absent = cheats[i].absent;
		enum log_alarm alarm = run(&w, &came);
		if (alarm != cheats[i].alarm)
			print_message("%s %d: %s\n", cheats[i].at, cheats[i].absent,
			              log_alarm_word(alarm).p);
		assert_int_equal(alarm, cheats[i].alarm);
		assert_int_equal(log_mirror_size(w.mirror), before);
		assert_int_equal(is_evidence(&w, w.cheated), alarm == LOG_ALARM_TILES);
		w.cheats_at = STR_NONE;
		assert_int_equal(run(&w, &came), LOG_ALARM_NONE);
		assert_int_equal(log_mirror_size(w.mirror), w.published);
	}
	compare_all(&w, w.published);
	end(&w);
}

/* The signed note with the tile and the bundle that it is to be made of, and nothing empty beside. */
static void what_proves_a_wrong_tile_of_a_new_copy_is_kept(void **state)
{
	struct fixture *f = *state;
	const struct str *names;
	size_t count;
	struct world w;
	bool came;
	begin(f, &w, 1);
	grow(&w, 300);
	w.cheats_at = STR("tile/0/");
	assert_int_equal(run(&w, &came), LOG_ALARM_TILES);
	assert_true(is_evidence(&w, w.cheated));
	assert_true(file_list(f->arena, file_join(f->arena, w.dir, "evidence"), &names, &count, &f->err));
	assert_int_equal(count, 3);
	assert_false(is_evidence(&w, STR("")));
	end(&w);
}

/* Another tree under the same name and key: its first `same` leaves are ours. */
static void fork_off(struct world *w, size_t same, size_t other)
{
	log_tree_close(w->tree);
	assert_true(store_run(w->f->store, "DELETE FROM tile", &w->f->err));
	assert_true(log_tree_open(w->f->store, &w->tree, &w->f->err));
	log_reader_forget(w->reader);
	grow(w, same);
	assert_true(store_begin(w->f->store, &w->f->err));
	for (size_t i = 0; i < other; i++) {
		struct hash leaf = leaf_of(w->f->hasher, 1000000 + (int64_t)i);
		assert_true(log_tree_append(w->tree, &leaf, &w->f->err));
	}
	assert_true(log_tree_flush(w->tree, w->f->store, &w->f->err) &&
	            store_commit(w->f->store, &w->f->err));
	log_tree_commit(w->tree);
	log_reader_forget(w->reader);
	w->published = log_tree_size(w->tree);
}

static void another_history_is_a_fork_and_less_of_it_a_shrinking(void **state)
{
	struct fixture *f = *state;
	const struct str *names;
	size_t count;
	struct world w;
	bool came;
	begin(f, &w, 1);
	grow(&w, 700);
	assert_int_equal(run(&w, &came), LOG_ALARM_NONE);
	w.published = 600;
	assert_int_equal(run(&w, &came), LOG_ALARM_SHRUNK);
	fork_off(&w, 690, 10);
	assert_int_equal(run(&w, &came), LOG_ALARM_FORK);
	fork_off(&w, 690, 200);
	enum log_alarm alarm = run(&w, &came);
	/* Its entries are made up anew here, so that they may give it away before the root does. */
	assert_true(alarm == LOG_ALARM_FORK || alarm == LOG_ALARM_TILES);
	assert_int_equal(log_mirror_size(w.mirror), 700);
	assert_true(file_list(f->arena, file_join(f->arena, w.dir, "evidence"), &names, &count,
	                      &f->err));
	assert_true(count >= 4);
	reopen(&w);
	end(&w);
}

static void a_copy_has_the_root_of_each_size_that_it_passed(void **state)
{
	struct fixture *f = *state;
	struct world w;
	bool came, ahead;
	begin(f, &w, 1);
	grow(&w, 1500);
	assert_int_equal(run(&w, &came), LOG_ALARM_NONE);
	for (int64_t size = 0; size <= 1500; size += size < 20 ? 1 : 37) {
		struct log_checkpoint checkpoint = { .origin = ORIGIN, .size = size };
		struct log_mirrored out;
		struct hash root;
		assert_true(log_reader_root(w.reader, size, &checkpoint.root, &f->err));
		assert_true(log_mirror_root(w.mirror, size, &root, &f->err));
		assert_true(hash_eq(&root, &checkpoint.root));
		assert_true(log_mirror_compare(w.mirror, note_of(&w, &checkpoint), f->arena, &out,
		                               &ahead, &f->err));
		assert_int_equal(out.alarm, LOG_ALARM_NONE);
		assert_false(ahead);
		if (size == 0)
			continue;
		checkpoint.root.bytes[5] ^= 1;
		assert_true(log_mirror_compare(w.mirror, note_of(&w, &checkpoint), f->arena, &out,
		                               &ahead, &f->err));
		assert_int_equal(out.alarm, LOG_ALARM_FORK);
		checkpoint.size = 1501;
		assert_true(log_mirror_compare(w.mirror, note_of(&w, &checkpoint), f->arena, &out,
		                               &ahead, &f->err));
		assert_true(ahead && out.alarm == LOG_ALARM_NONE);
	}
	end(&w);
}

static void a_copy_that_was_changed_is_not_gone_on_with(void **state)
{
	struct fixture *f = *state;
	char command[300];
	struct world w;
	bool came;
	begin(f, &w, 1);
	grow(&w, 700);
	assert_int_equal(run(&w, &came), LOG_ALARM_NONE);
	log_mirror_close(w.mirror);
	w.mirror = NULL;
	(void)snprintf(
		command, sizeof command,
		"f=$(echo %s/*/tile/entries/001); printf x | dd of=$f bs=1 seek=100 conv=notrunc 2>/dev/null",
		w.dir);
	assert_int_equal(system(command), 0);
	assert_false(log_mirror_open(w.dir, w.policy, &w.mirror, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	f->err = (struct err){ 0 };
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_copy_is_what_was_served_however_often_it_was_cut_short),
		PROVES(a_mirror_stopped_before_its_checkpoint_has_more_tiles_and_goes_on),
		PROVES(each_way_to_cheat_has_its_alarm_and_changes_no_copy),
		PROVES(what_proves_a_wrong_tile_of_a_new_copy_is_kept),
		PROVES(another_history_is_a_fork_and_less_of_it_a_shrinking),
		PROVES(a_copy_has_the_root_of_each_size_that_it_passed),
		PROVES(a_copy_that_was_changed_is_not_gone_on_with),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
