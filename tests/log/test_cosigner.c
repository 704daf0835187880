/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A register asks a witness while requests and answers are lost, answers are wrong and the witness
 * is killed: it cosigns whatever grows, nothing else, and an honest log never looks like a fork.
 *
 *	SEED=17   that seed alone, else 1 to 40
 */
#include <stdio.h>
#include <unistd.h>

#include "log/leaves.h"

#define ORIGIN STR("register.example.org/northmere")
#define STEPS 60

/* What happens to a request on its way. */
enum fate {
	ARRIVES,
	LOST,        /* the witness never sees it */
	ANSWER_LOST, /* the witness did it, and nobody knows */
	SERVER_SAD,  /* 500 of something in between */
	KILLED,      /* it is killed after it answered, and begins anew */
	KILLED_MUTE, /* it is killed once its state is kept, before it answered */
	FATES,
};

struct world {
	struct fixture *f;
	struct log_tree *tree;
	struct log_reader *reader;
	struct log_signer *signer;
	struct log_witness *witness;
	struct log_cosigner cosigner;
	struct random_source *random;
	char dir[64];
	enum fate fate;
	int64_t now;
	int64_t ahead; /* its clock before ours, in seconds */
	size_t sent;
};

static void open_witness(struct world *w)
{
	assert_true(log_witness_open(w->dir, &w->witness, &w->f->err));
}

static void begin(struct fixture *f, struct world *w, uint64_t seed)
{
	CLEANUP(log_signer_cleanup) struct log_signer *key = NULL;
	CLEANUP(buf_finish) struct buf vkey = { 0 };
	uint8_t bytes[LOG_KEY_SIZE] = { 7 };
	*w = (struct world){ .f = f, .now = 1795466650, .random = random_seeded_create(seed) };
	strcpy(w->dir, "/dev/shm/candour-cosigner-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	assert_true(log_signer_create(ORIGIN, LOG_KEY_LOG, bytes, &w->signer, &f->err));
	bytes[0] = 8;
	assert_true(log_signer_create(STR("witness.example.net/w1"), LOG_KEY_WITNESS, bytes, &key, &f->err));
	buf_init(&vkey, 1000);
	log_vkey_write(&vkey, log_signer_vkey(w->signer));
	assert_true(log_witness_make(w->dir, key, &f->err));
	assert_true(log_witness_add_log(w->dir, buf_str(&vkey), &f->err));
	open_witness(w);
	buf_clear(&vkey);
	log_vkey_write(&vkey, log_signer_vkey(key));
	assert_true(log_vkey_read(f->arena, buf_str(&vkey), &w->cosigner.key, &f->err));
	assert_true(log_tree_open(f->store, &w->tree, &f->err));
	assert_true(log_reader_create(f->store, &w->reader, &f->err));
}

static void end(struct world *w)
{
	char command[100];
	log_witness_close(w->witness);
	log_tree_close(w->tree);
	log_reader_destroy(w->reader);
	log_signer_destroy(w->signer);
	random_destroy(w->random);
	(void)snprintf(command, sizeof command, "rm -rf %s", w->dir);
	assert_int_equal(system(command), 0);
}

static bool send_it(void *ctx, struct str body, struct arena *arena, struct log_witness_answer *out)
{
	struct world *w = ctx;
	w->sent++;
	if (w->fate == LOST)
		return false;
	assert_true(log_witness_add_checkpoint(w->witness, arena, body, ++w->now + w->ahead, out, &w->f->err));
	if (w->fate == KILLED || w->fate == KILLED_MUTE) {
		log_witness_close(w->witness);
		open_witness(w);
	}
	if (w->fate == SERVER_SAD)
		*out = (struct log_witness_answer){ .status = 500, .type = STR("text/plain"), .body = STR("sad\n") };
	return w->fate != ANSWER_LOST && w->fate != KILLED_MUTE;
}

static bool prove_it(void *ctx, int64_t older, int64_t newer, struct log_proof *out, struct err *err)
{
	struct world *w = ctx;
	return log_reader_consistency(w->reader, older, newer, out, err);
}

/* The checkpoint of `size`, signed. */
static struct str note_of(struct world *w, int64_t size)
{
	CLEANUP(buf_finish) struct buf text = { 0 }, note = { 0 };
	struct log_checkpoint checkpoint = { .origin = ORIGIN, .size = size };
	const struct log_signer *signers[] = { w->signer };
	assert_true(log_reader_root(w->reader, size, &checkpoint.root, &w->f->err));
	buf_init(&text, 1000);
	buf_init(&note, 2000);
	log_checkpoint_write(&text, &checkpoint);
	log_note_sign(&note, buf_str(&text), signers, 1);
	return arena_copy(w->f->arena, buf_str(&note));
}

static struct log_cosigning ask(struct world *w, struct str note)
{
	struct log_cosigning out;
	w->sent = 0;
	assert_true(log_cosigner_ask(&w->cosigner, note, w->now, send_it, prove_it, w, w->f->arena, &out, &w->f->err));
	assert_true(w->sent >= 1 && w->sent <= 2);
	return out;
}

static void grow(struct world *w, size_t n)
{
	turn(w->f, w->tree, n);
	log_reader_forget(w->reader);
}

static bool holds(struct world *w, struct str note, struct str line)
{
	struct log_note read;
	struct log_verified verified;
	struct err why = { 0 };
	struct str whole = arena_format(w->f->arena, "%.*s%.*s", STR_ARG(note), STR_ARG(line));
	return log_note_read(w->f->arena, whole, &read, &why) &&
	       log_note_verify(&read, &w->cosigner.key, 1, &verified, &why) && verified.at[0].time == w->now;
}

static uint64_t seed_only(void)
{
	const char *given = file_environment("SEED");
	return given ? strtoull(given, NULL, 10) : 0;
}

/* --- sentences ------------------------------------------------------------------------------ */

static void an_honest_log_is_cosigned_whatever_gets_lost(void **state)
{
	struct fixture *f = *state;
	uint64_t only = seed_only();
	size_t cosigned = 0, asked = 0;
	for (uint64_t seed = only ? only : 1; seed <= (only ? only : 40); seed++) {
		struct world w;
		assert_true(store_run(f->store, "DELETE FROM tile", &f->err));
		begin(f, &w, seed);
		for (int i = 0; i < STEPS; i++) {
			if (random_below(w.random, 4))
				grow(&w, 1 + random_below(w.random, random_below(w.random, 3) ? 5 : 600));
			if (log_tree_size(w.tree) == 0)
				continue;
			w.fate = random_below(w.random, 2) ? ARRIVES : (enum fate)random_below(w.random, FATES);
			if (random_below(w.random, 20) == 0)
				w.cosigner.known = 0; /* the register forgot what it knew */
			struct str note = note_of(&w, log_tree_size(w.tree));
			struct log_cosigning out = ask(&w, note);
			bool must = w.fate == ARRIVES || w.fate == KILLED;
			assert_int_equal(out.result, must ? LOG_COSIGNED : LOG_COSIGN_FAILED);
			assert_true(!must || holds(&w, note, out.line));
			assert_true(log_witness_size(w.witness, 0) <= log_tree_size(w.tree));
			asked++;
			cosigned += must;
		}
		end(&w);
	}
	print_message("%zu asked, %zu cosigned\n", asked, cosigned);
}

/* It is ahead of what is known of it by this size: its own 409 says so, and a cosignature follows. */
static void must_be_cosigned_after(struct fixture *f, enum fate fate)
{
	struct world w;
	begin(f, &w, 1);
	grow(&w, 40);
	assert_int_equal(ask(&w, note_of(&w, 40)).result, LOG_COSIGNED);
	for (int64_t size = 41; size <= 43; size++) {
		grow(&w, 1);
		w.fate = fate;
		assert_int_equal(ask(&w, note_of(&w, size)).result, LOG_COSIGN_FAILED);
		assert_int_equal(log_witness_size(w.witness, 0), size);
		assert_int_equal(w.cosigner.known, size - 1);
		int64_t before = w.now;
		w.fate = ARRIVES;
		struct str note = note_of(&w, size);
		struct log_cosigning out = ask(&w, note);
		assert_int_equal(out.result, LOG_COSIGNED);
		assert_int_equal(w.sent, 2);
		assert_int_equal(out.told, size);
		assert_true(out.time > before && holds(&w, note, out.line));
	}
	/* And grown meanwhile: the proof is from what it has. */
	w.fate = fate;
	grow(&w, 7);
	assert_int_equal(ask(&w, note_of(&w, 50)).result, LOG_COSIGN_FAILED);
	w.fate = ARRIVES;
	grow(&w, 7);
	assert_int_equal(ask(&w, note_of(&w, 57)).result, LOG_COSIGNED);
	assert_int_equal(log_witness_size(w.witness, 0), 57);
	end(&w);
}

static void a_cosignature_whose_answer_is_lost_is_asked_for_again(void **state)
{
	must_be_cosigned_after(*state, ANSWER_LOST);
}

static void a_witness_killed_before_it_answered_cosigns_again(void **state)
{
	must_be_cosigned_after(*state, KILLED_MUTE);
}

/* A folder lies where its state is to be: it cannot be renamed there. */
static void a_witness_that_cannot_keep_its_state_signs_nothing(void **state)
{
	struct fixture *f = *state;
	char command[300];
	struct world w;
	begin(f, &w, 1);
	grow(&w, 30);
	(void)snprintf(command, sizeof command, "for d in %s/????????????????*; do mkdir -p $d/checkpoint/x; done", w.dir);
	assert_int_equal(system(command), 0);
	struct log_cosigning out = ask(&w, note_of(&w, 30));
	assert_int_equal(out.result, LOG_COSIGN_FAILED);
	assert_int_equal(out.status, 500);
	assert_int_equal(log_witness_size(w.witness, 0), -1);
	(void)snprintf(command, sizeof command, "rm -r %s/????????????????*/checkpoint", w.dir);
	assert_int_equal(system(command), 0);
	assert_int_equal(ask(&w, note_of(&w, 30)).result, LOG_COSIGNED);
	end(&w);
}

static void a_cosignature_of_a_time_to_come_counts_for_none(void **state)
{
	struct fixture *f = *state;
	struct world w;
	begin(f, &w, 1);
	grow(&w, 30);
	w.ahead = LOG_TIME_AHEAD - 10;
	assert_int_equal(ask(&w, note_of(&w, 30)).result, LOG_COSIGNED);
	w.ahead = LOG_TIME_AHEAD + 10;
	assert_int_equal(ask(&w, note_of(&w, 30)).result, LOG_COSIGN_MALFORMED);
	end(&w);
}

static void a_fork_is_never_cosigned(void **state)
{
	struct fixture *f = *state;
	const struct str *names;
	size_t count;
	struct world w;
	begin(f, &w, 1);
	grow(&w, 100);
	assert_int_equal(ask(&w, note_of(&w, 100)).result, LOG_COSIGNED);
	/* The same size with another last leaf, and what grows of it. */
	log_tree_close(w.tree);
	assert_true(store_run(f->store, "DELETE FROM tile", &f->err));
	assert_true(log_tree_open(f->store, &w.tree, &f->err));
	log_reader_forget(w.reader);
	grow(&w, 99);
	assert_true(store_begin(f->store, &f->err));
	struct hash other = leaf_of(f->hasher, 1000000);
	assert_true(log_tree_append(w.tree, &other, &f->err) && log_tree_flush(w.tree, f->store, &f->err) &&
	            store_commit(f->store, &f->err));
	log_tree_commit(w.tree);
	log_reader_forget(w.reader);
	assert_int_equal(ask(&w, note_of(&w, 100)).result, LOG_COSIGN_DENIED);
	grow(&w, 57);
	assert_int_equal(ask(&w, note_of(&w, 157)).result, LOG_COSIGN_DENIED);
	assert_int_equal(log_witness_size(w.witness, 0), 100);
	assert_true(file_list(f->arena, file_join(f->arena, w.dir, "evidence"), &names, &count, &f->err));
	assert_int_equal(count, 2);
	end(&w);
}

static void a_register_that_was_rolled_back_is_told_so(void **state)
{
	struct fixture *f = *state;
	struct world w;
	begin(f, &w, 1);
	grow(&w, 300);
	assert_int_equal(ask(&w, note_of(&w, 300)).result, LOG_COSIGNED);
	struct log_cosigning out = ask(&w, note_of(&w, 200));
	assert_int_equal(out.result, LOG_COSIGN_AHEAD);
	assert_int_equal(out.told, 300);
	w.cosigner.known = 0;
	assert_int_equal(ask(&w, note_of(&w, 200)).result, LOG_COSIGN_AHEAD);
	end(&w);
}

/* At once what may be a fork; that nobody watches this log, when it has lasted for an hour. */
static void what_a_witness_answers_is_an_alarm_in_its_time(void **state)
{
	static const enum log_cosigned QUIET[] = { LOG_COSIGNED, LOG_COSIGN_FAILED, LOG_COSIGN_MALFORMED };
	struct log_cosigner cosigner = { 0 };
	const int64_t start = 5 * INSTANT_PER_SECOND, hour = LOG_COSIGN_UNKNOWN_US;
	(void)state;
	assert_true(log_cosigner_alarms(&cosigner, LOG_COSIGN_DENIED, start));
	assert_true(log_cosigner_alarms(&cosigner, LOG_COSIGN_AHEAD, start));
	for (size_t i = 0; i < COUNT_OF(QUIET); i++)
		assert_false(log_cosigner_alarms(&cosigner, QUIET[i], start));
	assert_false(log_cosigner_alarms(&cosigner, LOG_COSIGN_UNKNOWN, start));
	assert_false(log_cosigner_alarms(&cosigner, LOG_COSIGN_UNKNOWN, start + hour - 1));
	assert_false(log_cosigner_alarms(&cosigner, LOG_COSIGN_FAILED, start + hour));
	assert_true(log_cosigner_alarms(&cosigner, LOG_COSIGN_UNKNOWN, start + hour));
	assert_false(log_cosigner_alarms(&cosigner, LOG_COSIGN_UNKNOWN, start + hour + 1));
	assert_false(log_cosigner_alarms(&cosigner, LOG_COSIGNED, start + 2 * hour - 1));
	assert_false(log_cosigner_alarms(&cosigner, LOG_COSIGN_UNKNOWN, start + 2 * hour));
	assert_true(log_cosigner_alarms(&cosigner, LOG_COSIGN_UNKNOWN, start + 3 * hour));
}

static void a_witness_that_lost_a_logs_folder_does_not_begin_anew(void **state)
{
	struct fixture *f = *state;
	char command[200];
	struct world w;
	begin(f, &w, 1);
	grow(&w, 3);
	assert_int_equal(ask(&w, note_of(&w, 3)).result, LOG_COSIGNED);
	log_witness_close(w.witness);
	(void)snprintf(command, sizeof command, "rm -rf %s/????????????????*", w.dir);
	assert_int_equal(system(command), 0);
	open_witness(&w);
	assert_non_null(log_witness_trouble(w.witness, 0).p);
	assert_int_equal(ask(&w, note_of(&w, 3)).result, LOG_COSIGN_UNKNOWN);
	end(&w);
}

static void a_state_that_was_changed_by_hand_is_not_cosigned_upon(void **state)
{
	struct fixture *f = *state;
	char command[300];
	struct world w;
	begin(f, &w, 1);
	grow(&w, 30);
	assert_int_equal(ask(&w, note_of(&w, 30)).result, LOG_COSIGNED);
	log_witness_close(w.witness);
	(void)snprintf(command, sizeof command, "sed -i 's/^30$/29/' %s/*/checkpoint", w.dir);
	assert_int_equal(system(command), 0);
	open_witness(&w);
	assert_non_null(log_witness_trouble(w.witness, 0).p);
	struct log_cosigning out = ask(&w, note_of(&w, 30));
	assert_int_equal(out.result, LOG_COSIGN_FAILED);
	assert_int_equal(out.status, 500);
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(an_honest_log_is_cosigned_whatever_gets_lost),
		PROVES(a_cosignature_whose_answer_is_lost_is_asked_for_again),
		PROVES(a_witness_killed_before_it_answered_cosigns_again),
		PROVES(a_witness_that_cannot_keep_its_state_signs_nothing),
		PROVES(a_cosignature_of_a_time_to_come_counts_for_none),
		PROVES(a_fork_is_never_cosigned),
		PROVES(a_register_that_was_rolled_back_is_told_so),
		PROVES(what_a_witness_answers_is_an_alarm_in_its_time),
		PROVES(a_witness_that_lost_a_logs_folder_does_not_begin_anew),
		PROVES(a_state_that_was_changed_by_hand_is_not_cosigned_upon),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
