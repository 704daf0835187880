/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whoever has the log's own key tells two stories under one name, in each way that we know of; a
 * witness, a mirror or a monitor catches it, and names it. docs/trust.md tells the ways, who
 * catches each, and the word: each is looked up there.
 */
#include <stdio.h>
#include <unistd.h>

#include "log/leaves.h"

#define ORIGIN      STR("register.example.org/northmere")
#define TOLD        "docs/trust.md"
#define NOW         INT64_C(1795466650)
#define STALE       600
#define BEGUN       300 /* entries that everybody has seen when a test begins */
#define ENTRIES_MAX 1200
#define WITNESSES   2

/* One story: a tree under the log's name. */
struct story {
	struct store *store;
	struct log_tree *tree;
	struct log_reader *reader;
	struct hash said[ENTRIES_MAX];
	int64_t size;
};

struct world {
	struct fixture *f;
	struct log_signer *signer;
	struct log_witness *witness[WITNESSES];
	const struct log_policy *policy;
	struct log_mirror *mirror;
	struct log_mirror *monitor; /* the copy that it keeps */
	struct story *told;
	struct story *other;
	char dir[64];
};

/* What somebody is shown. */
struct view {
	struct str note;
	struct story *entries;
	struct story *tiles;
	int64_t published;
	const char *hidden; /* a path that begins so is not served */
};

/* --- stories -------------------------------------------------------------------------------- */

static struct story *story_begin(struct fixture *f)
{
	struct story *story = calloc(1, sizeof *story);
	assert_non_null(story);
	assert_true(store_open(":memory:", STORE_CREATE, &story->store, &f->err) &&
	            store_migrate(story->store, "register", &f->err) &&
	            log_tree_open(story->store, &story->tree, &f->err) &&
	            log_reader_create(story->store, &story->reader, &f->err));
	return story;
}

static void story_end(struct story *story)
{
	log_reader_destroy(story->reader);
	log_tree_close(story->tree);
	store_close(story->store);
	free(story);
}

static void say(struct fixture *f, struct story *story, const struct hash *said, int64_t n)
{
	assert_true(story->size + n <= ENTRIES_MAX && store_begin(story->store, &f->err));
	for (int64_t i = 0; i < n; i++) {
		struct hash leaf = log_leaf_hash(f->hasher, &said[i]);
		story->said[story->size++] = said[i];
		assert_true(log_tree_append(story->tree, &leaf, &f->err));
	}
	assert_true(log_tree_flush(story->tree, story->store, &f->err) && store_commit(story->store, &f->err));
	log_tree_commit(story->tree);
	log_reader_forget(story->reader);
}

/* `n` entries more, which another `teller` would have said otherwise. */
static void grow(struct fixture *f, struct story *story, int64_t n, int64_t teller)
{
	struct hash said[ENTRIES_MAX];
	for (int64_t i = 0; i < n; i++) {
		int64_t entry[2] = { story->size + i, teller };
		said[i] = hash_of(str_from_bytes(entry, sizeof entry));
	}
	say(f, story, said, n);
}

/* As the told story up to `same`, with the entry at `changed` another (-1: none). */
static void begin_other(struct world *w, int64_t same, int64_t changed)
{
	struct hash said[ENTRIES_MAX];
	memcpy(said, w->told->said, (size_t)same * sizeof *said);
	if (changed >= 0)
		said[changed].bytes[0] ^= 1;
	say(w->f, w->other, said, same);
}

static bool said_by(void *ctx, int64_t first, size_t count, struct hash *out, struct err *err)
{
	const struct story *story = ctx;
	(void)err;
	assert_true(first >= 0 && first + (int64_t)count <= story->size);
	memcpy(out, story->said + first, count * sizeof *out);
	return true;
}

/* --- notes ---------------------------------------------------------------------------------- */

static struct str sign(struct fixture *f, const struct log_signer *signer, struct story *story, int64_t size)
{
	CLEANUP(buf_finish) struct buf text = { 0 }, note = { 0 };
	struct log_checkpoint checkpoint = { .origin = ORIGIN, .size = size };
	assert_true(log_reader_root(story->reader, size, &checkpoint.root, &f->err));
	buf_init(&text, 1000);
	buf_init(&note, 2000);
	log_checkpoint_write(&text, &checkpoint);
	log_note_sign(&note, buf_str(&text), &signer, 1);
	return arena_copy(f->arena, buf_str(&note));
}

static struct str with(struct fixture *f, struct str note, struct str line)
{
	return arena_format(f->arena, "%.*s%.*s", STR_ARG(note), STR_ARG(line));
}

/* Asks a witness for its cosignature, with the proof that this story has for it. */
static struct log_witness_answer ask_at(struct world *w, int at, struct story *story, int64_t size, int64_t now)
{
	CLEANUP(buf_finish) struct buf body = { 0 };
	struct log_witness_answer answer;
	struct log_proof proof = { 0 };
	int64_t seen = log_witness_size(w->witness[at], 0), older = seen < 0 ? 0 : seen;
	if (older > 0 && older < size)
		assert_true(log_reader_consistency(story->reader, older, size, &proof, &w->f->err));
	buf_init(&body, LOG_WITNESS_BODY_MAX);
	log_witness_body(&body, older, &proof, sign(w->f, w->signer, story, size));
	assert_true(log_witness_add_checkpoint(w->witness[at], w->f->arena, buf_str(&body), now, &answer, &w->f->err));
	return answer;
}

static struct str cosigned(struct world *w, int at, struct story *story, int64_t size)
{
	struct log_witness_answer answer = ask_at(w, at, story, size, NOW);
	assert_int_equal(answer.status, 200);
	return answer.body;
}

/* What the witness shows of the log. */
static struct str shown_by(struct world *w, int at)
{
	struct hash hash = hash_of(ORIGIN);
	struct log_witness_answer answer;
	struct str path = arena_format(w->f->arena, "/%.*s/checkpoint", STR_ARG(hash_hex(w->f->arena, &hash)));
	assert_true(log_witness_checkpoint(w->witness[at], w->f->arena, path, &answer, &w->f->err));
	assert_int_equal(answer.status, 200);
	return answer.body;
}

static size_t evidence_of_first_witness(struct world *w)
{
	const struct str *names;
	size_t count = 0;
	assert_true(file_list(w->f->arena, arena_format(w->f->arena, "%s/w0/evidence", w->dir).p, &names, &count,
	                      &w->f->err));
	return count;
}

/* --- looking -------------------------------------------------------------------------------- */

static bool serve(void *ctx, struct str path, struct arena *arena, int *status, struct str *body, struct err *err)
{
	const struct view *view = ctx;
	*status = 200;
	if (view->hidden && str_starts(path, str_from_c(view->hidden))) {
		*status = 404;
	} else if (str_eq(path, STR("checkpoint"))) {
		*body = view->note;
	} else {
		struct story *story = str_starts(path, STR("tile/entries/")) ? view->entries : view->tiles;
		if (!log_reader_serve(story->reader, arena, path, view->published, said_by, story, body, err))
			return false;
	}
	return true;
}

static struct view view_of(struct world *w, struct story *story, struct str line)
{
	return (struct view){ .note = with(w->f, sign(w->f, w->signer, story, story->size), line),
		              .entries = story,
		              .tiles = story,
		              .published = story->size };
}

static struct log_mirrored look_at(struct world *w, struct log_mirror *mirror, struct view *view, int64_t now)
{
	struct log_mirrored out;
	if (!log_mirror_run(mirror, serve, view, now, STALE, w->f->arena, &out, &w->f->err))
		fail_msg("%s", w->f->err.message);
	return out;
}

static struct log_mirrored look(struct world *w, struct log_mirror *mirror, struct view *view)
{
	return look_at(w, mirror, view, NOW);
}

static void must_be_fine(struct log_mirrored out)
{
	if (out.alarm != LOG_ALARM_NONE)
		fail_msg("%.*s: %.*s", STR_ARG(log_alarm_word(out.alarm)), STR_ARG(out.words));
}

/* As `candour monitor` compares what others show with its own copy. */
static struct log_mirrored compare(struct world *w, struct str note)
{
	struct log_mirrored out;
	bool ahead;
	assert_true(log_mirror_compare(w->monitor, note, w->f->arena, &out, &ahead, &w->f->err));
	return out;
}

/* The page tells this way, who catches it, and the word. */
static void caught(struct world *w, const char *way, const char *who, struct str word)
{
	struct str page, row = arena_format(w->f->arena, "\n| %s | %s | `%.*s`", way, who, STR_ARG(word));
	assert_true(file_read(w->f->arena, TOLD, (size_t)1 << 20, &page, &w->f->err));
	if (str_find_str(page, row) >= page.n)
		fail_msg("%s does not tell:%.*s", TOLD, STR_ARG(row));
}

static void caught_by(struct world *w, const char *way, const char *who, struct log_mirrored out)
{
	assert_true(out.alarm != LOG_ALARM_NONE && out.words.n > 0);
	caught(w, way, who, log_alarm_word(out.alarm));
}

/* --- the world ------------------------------------------------------------------------------ */

static struct str vkey_of(struct fixture *f, const struct log_signer *signer)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	buf_init(&text, 1000);
	log_vkey_write(&text, log_signer_vkey(signer));
	return arena_copy(f->arena, buf_str(&text));
}

static const char *place(struct world *w, const char *name)
{
	return file_join(w->f->arena, w->dir, name);
}

/* Everybody has seen the first entries of one story, and nothing is wrong. */
static void begin(struct fixture *f, struct world *w)
{
	static const char *const names[WITNESSES] = { "w0.example/w", "w1.example/w" }, *const dirs[] = { "w0", "w1" };
	uint8_t seed[LOG_KEY_SIZE] = { 7 };
	struct str policy, keys[WITNESSES];
	*w = (struct world){ .f = f, .told = story_begin(f), .other = story_begin(f) };
	strcpy(w->dir, "/dev/shm/candour-equivocate-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	assert_true(log_signer_create(ORIGIN, LOG_KEY_LOG, seed, &w->signer, &f->err));
	for (int i = 0; i < WITNESSES; i++) {
		CLEANUP(log_signer_cleanup) struct log_signer *key = NULL;
		seed[0]++;
		assert_true(log_signer_create(str_from_c(names[i]), LOG_KEY_WITNESS, seed, &key, &f->err) &&
		            log_witness_make(place(w, dirs[i]), key, &f->err) &&
		            log_witness_add_log(place(w, dirs[i]), vkey_of(f, w->signer), &f->err) &&
		            log_witness_open(place(w, dirs[i]), &w->witness[i], &f->err));
		keys[i] = vkey_of(f, key);
	}
	policy = arena_format(f->arena, "log %.*s\nwitness a %.*s\nwitness b %.*s\ngroup seen any a b\nquorum seen\n",
	                      STR_ARG(vkey_of(f, w->signer)), STR_ARG(keys[0]), STR_ARG(keys[1]));
	assert_true(log_policy_read(f->arena, policy, &w->policy, &f->err) &&
	            log_mirror_open(place(w, "mirror"), w->policy, &w->mirror, &f->err) &&
	            log_mirror_open(place(w, "monitor"), w->policy, &w->monitor, &f->err));
	grow(f, w->told, BEGUN, 1);
	struct str line = cosigned(w, 0, w->told, BEGUN);
	(void)cosigned(w, 1, w->told, BEGUN);
	struct view view = view_of(w, w->told, line);
	must_be_fine(look(w, w->mirror, &view));
	must_be_fine(look(w, w->monitor, &view));
}

static void end(struct world *w)
{
	char command[100];
	log_mirror_close(w->mirror);
	log_mirror_close(w->monitor);
	for (int i = 0; i < WITNESSES; i++)
		log_witness_close(w->witness[i]);
	log_signer_destroy(w->signer);
	story_end(w->told);
	story_end(w->other);
	(void)snprintf(command, sizeof command, "rm -rf %s", w->dir);
	assert_int_equal(system(command), 0);
}

/* --- the ways ------------------------------------------------------------------------------- */

static void another_root_for_the_same_size(void **state)
{
	struct world w;
	begin(*state, &w);
	begin_other(&w, BEGUN, BEGUN - 1);
	assert_int_equal(ask_at(&w, 0, w.other, BEGUN, NOW).status, 422);
	assert_int_equal(evidence_of_first_witness(&w), 1);
	assert_int_equal(log_witness_size(w.witness[0], 0), BEGUN);
	caught(&w, "another root for the same size", "witness", STR("422"));
	end(&w);
}

/* What was restored from a backup, grown anew past what was seen; its proof holds in itself. */
static void set_back_and_grown_anew_past_what_was_seen(void **state)
{
	struct world w;
	begin(*state, &w);
	begin_other(&w, BEGUN - 100, -1);
	grow(w.f, w.other, 200, 2);
	assert_int_equal(ask_at(&w, 0, w.other, BEGUN + 100, NOW).status, 422);
	assert_int_equal(evidence_of_first_witness(&w), 1);
	caught(&w, "set back and grown anew past what was seen", "witness", STR("422"));
	end(&w);
}

static void less_than_was_shown_before(void **state)
{
	struct world w;
	begin(*state, &w);
	begin_other(&w, BEGUN - 100, -1);
	struct view view = view_of(&w, w.other, STR(""));
	caught_by(&w, "less than was shown before", "mirror", look(&w, w.mirror, &view));
	end(&w);
}

static void an_entry_changed_long_after_it_was_published(void **state)
{
	struct world w;
	begin(*state, &w);
	begin_other(&w, BEGUN, 5);
	grow(w.f, w.other, 50, 1);
	struct view view = view_of(&w, w.other, STR(""));
	caught_by(&w, "an entry changed long after it was published", "mirror", look(&w, w.mirror, &view));
	assert_int_equal(log_mirror_size(w.mirror), BEGUN);
	end(&w);
}

/* Of the tile that is being filled what was seen is compared entry by entry. */
static void an_entry_of_the_open_tile_changed_as_it_fills(void **state)
{
	struct world w;
	begin(*state, &w);
	begin_other(&w, BEGUN, 270);
	grow(w.f, w.other, 300, 1);
	struct view view = view_of(&w, w.other, STR(""));
	struct log_mirrored out = look(&w, w.mirror, &view);
	assert_true(str_find_str(out.words, STR("another entry 270")) < out.words.n);
	caught_by(&w, "an entry of the open tile changed as it fills", "mirror", out);
	end(&w);
}

static void one_story_to_each_witness(void **state)
{
	struct world w;
	begin(*state, &w);
	begin_other(&w, BEGUN, -1);
	grow(w.f, w.told, 50, 1);
	grow(w.f, w.other, 50, 2);
	struct view view = view_of(&w, w.told, cosigned(&w, 0, w.told, BEGUN + 50));
	(void)cosigned(&w, 1, w.other, BEGUN + 50);
	must_be_fine(look(&w, w.monitor, &view));
	must_be_fine(compare(&w, shown_by(&w, 0)));
	caught_by(&w, "one story to each witness", "monitor", compare(&w, shown_by(&w, 1)));
	end(&w);
}

static void one_story_to_the_mirror_and_another_to_the_monitor(void **state)
{
	struct world w;
	begin(*state, &w);
	begin_other(&w, BEGUN, -1);
	grow(w.f, w.told, 50, 1);
	grow(w.f, w.other, 50, 2);
	struct view first = view_of(&w, w.told, cosigned(&w, 0, w.told, BEGUN + 50));
	struct view second = view_of(&w, w.other, cosigned(&w, 1, w.other, BEGUN + 50));
	must_be_fine(look(&w, w.mirror, &first));
	must_be_fine(look(&w, w.monitor, &second));
	caught_by(&w, "one story to the mirror and another to the monitor", "monitor", compare(&w, first.note));
	end(&w);
}

static void yesterdays_checkpoint_as_todays(void **state)
{
	struct world w;
	begin(*state, &w);
	struct view view = view_of(&w, w.told, cosigned(&w, 0, w.told, BEGUN));
	must_be_fine(look_at(&w, w.mirror, &view, NOW + STALE));
	struct log_mirrored out = look_at(&w, w.mirror, &view, NOW + STALE + 1);
	caught_by(&w, "yesterdays checkpoint as todays", "mirror", out);
	assert_true(str_find_str(out.words, STR(" 601 seconds, and 600 are allowed")) < out.words.n);
	end(&w);
}

/* A witness that joins in dates its cosignature ahead, so that it stays new for long. */
static void a_cosignature_dated_ahead_so_that_it_stays_new(void **state)
{
	struct world w;
	begin(*state, &w);
	grow(w.f, w.told, 50, 1);
	struct log_witness_answer answer = ask_at(&w, 0, w.told, BEGUN + 50, NOW + INT64_C(86400));
	assert_int_equal(answer.status, 200);
	struct view view = view_of(&w, w.told, answer.body);
	caught_by(&w, "a cosignature dated ahead so that it stays new", "mirror", look(&w, w.mirror, &view));
	end(&w);
}

static void tiles_of_another_tree_than_was_signed(void **state)
{
	struct world w;
	begin(*state, &w);
	begin_other(&w, BEGUN, -1);
	grow(w.f, w.told, 50, 1);
	grow(w.f, w.other, 50, 2);
	struct view view = view_of(&w, w.told, cosigned(&w, 0, w.told, BEGUN + 50));
	view.tiles = w.other;
	caught_by(&w, "tiles of another tree than was signed", "mirror", look(&w, w.mirror, &view));
	end(&w);
}

/* To somebody new, who has nothing to compare them with. */
static void entries_of_another_tree_than_was_signed(void **state)
{
	struct world w;
	struct log_mirror *newcomer = NULL;
	begin(*state, &w);
	begin_other(&w, BEGUN, 5);
	assert_true(log_mirror_open(place(&w, "newcomer"), w.policy, &newcomer, &w.f->err));
	struct view view = view_of(&w, w.told, cosigned(&w, 0, w.told, BEGUN));
	view.entries = view.tiles = w.other;
	caught_by(&w, "entries of another tree than was signed", "mirror", look(&w, newcomer, &view));
	assert_int_equal(log_mirror_size(newcomer), 0);
	log_mirror_close(newcomer);
	end(&w);
}

static void an_entry_that_is_signed_and_not_shown(void **state)
{
	struct world w;
	begin(*state, &w);
	grow(w.f, w.told, 50, 1);
	struct view view = view_of(&w, w.told, cosigned(&w, 0, w.told, BEGUN + 50));
	view.hidden = "tile/entries/001";
	caught_by(&w, "an entry that is signed and not shown", "mirror", look(&w, w.mirror, &view));
	end(&w);
}

static void a_story_that_no_witness_was_told(void **state)
{
	struct world w;
	begin(*state, &w);
	grow(w.f, w.told, 50, 1);
	struct view view = view_of(&w, w.told, STR(""));
	caught_by(&w, "a story that no witness was told", "mirror", look(&w, w.mirror, &view));
	end(&w);
}

static void a_cosignature_lent_from_another_tree(void **state)
{
	struct world w;
	begin(*state, &w);
	grow(w.f, w.told, 50, 1);
	struct view view = view_of(&w, w.told, cosigned(&w, 0, w.told, BEGUN + 50));
	grow(w.f, w.told, 50, 1);
	struct str line = str_sub(view.note, sign(w.f, w.signer, w.told, BEGUN + 50).n, view.note.n);
	view = view_of(&w, w.told, line);
	caught_by(&w, "a cosignature lent from another tree", "mirror", look(&w, w.mirror, &view));
	end(&w);
}

static void another_key_under_the_same_name(void **state)
{
	CLEANUP(log_signer_cleanup) struct log_signer *second = NULL;
	const uint8_t seed[LOG_KEY_SIZE] = { 99 };
	struct world w;
	begin(*state, &w);
	struct log_signer *first = w.signer;
	assert_true(log_signer_create(ORIGIN, LOG_KEY_LOG, seed, &second, &w.f->err));
	begin_other(&w, BEGUN, -1);
	grow(w.f, w.other, 50, 2);
	w.signer = second;
	struct view view = view_of(&w, w.other, STR(""));
	assert_int_equal(ask_at(&w, 0, w.other, BEGUN + 50, NOW).status, 403);
	w.signer = first;
	caught_by(&w, "another key under the same name", "mirror", look(&w, w.mirror, &view));
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(another_root_for_the_same_size),
		PROVES(set_back_and_grown_anew_past_what_was_seen),
		PROVES(less_than_was_shown_before),
		PROVES(an_entry_changed_long_after_it_was_published),
		PROVES(an_entry_of_the_open_tile_changed_as_it_fills),
		PROVES(one_story_to_each_witness),
		PROVES(one_story_to_the_mirror_and_another_to_the_monitor),
		PROVES(yesterdays_checkpoint_as_todays),
		PROVES(a_cosignature_dated_ahead_so_that_it_stays_new),
		PROVES(tiles_of_another_tree_than_was_signed),
		PROVES(entries_of_another_tree_than_was_signed),
		PROVES(an_entry_that_is_signed_and_not_shown),
		PROVES(a_story_that_no_witness_was_told),
		PROVES(a_cosignature_lent_from_another_tree),
		PROVES(another_key_under_the_same_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
