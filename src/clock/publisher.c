/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Asking witnesses, and publishing what they cosigned. */
#include "clock/publisher.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log/log.h"

#define NOTE_ROOM ((size_t)64 << 10)
#define LINE_ROOM 1024 /* of one signature line */
#define ASK_ARENA ((size_t)4 << 20)
#define CONNECT_MS 5000
#define ALL_MS 10000
#define GATE_MS 1500 /* that a start waits for what witnesses saw */
#define TRIES 4

/* Waited before each further try, in milliseconds. */
static const int WAITS_MS[TRIES - 1] = { 10, 50, 250 };

/* One witness, asked by its own thread. */
struct asked {
	struct publisher *publisher;
	struct str name;
	struct str url;               /* without its last slash */
	struct log_cosigner cosigner; /* thread only */
	struct log_fetch *fetch;      /* thread only */
	pthread_t thread;
	bool has_thread;
	/* Guarded by the publisher's lock. */
	bool has_looked;   /* at what it saw before this start */
	int64_t round;     /* that it has answered, or given up */
	int64_t line_size; /* the size that `line` cosigns; 0: none */
	char line[LINE_ROOM];
	size_t line_n;
	enum log_cosigned result;
};

struct publisher {
	struct casebook *book;
	struct arena *arena;
	const struct log_policy *policy;
	bool asks; /* its quorum wants witnesses */
	int64_t unwitnessed_us;
	struct asked *witnesses;
	size_t count;
	pthread_mutex_t lock;
	pthread_mutex_t evidence_lock; /* over DIR/evidence, which all write to */
	pthread_cond_t wake;
	/* Guarded by lock. */
	bool is_stopping;
	int64_t round;
	int64_t size; /* of the checkpoint that goes round */
	struct buf note;
	int64_t heard; /* time since boot when a quorum was met last, or the start */
};

/* --- publishing ----------------------------------------------------------------------------- */

/* With the lock held: the lines that cosign the size that goes round. */
static void gather_lines(const struct publisher *publisher, struct buf *out)
{
	for (size_t i = 0; i < publisher->count; i++) {
		const struct asked *asked = &publisher->witnesses[i];
		if (asked->line_size == publisher->size)
			buf_add_bytes(out, asked->line, asked->line_n);
	}
}

static bool is_met(const struct publisher *publisher, struct arena *arena, struct str lines)
{
	struct log_note note;
	struct err why = { 0 };
	size_t count;
	const struct log_vkey *keys = log_policy_keys(publisher->policy, &count);
	struct log_verified *verified = arena_alloc(arena, 1, sizeof *verified);
	struct str raw =
		arena_format(arena, "%.*s%.*s", STR_ARG(buf_str(&publisher->note)), STR_ARG(lines));
	return verified && raw.p && log_note_read(arena, raw, &note, &why) &&
	       log_note_verify(&note, keys, count, verified, &why) &&
	       log_policy_is_met(publisher->policy, verified);
}

/* With the lock held: what is cosigned so far is published once that is enough, and added to later.
 */
static bool publish_if_met(struct publisher *publisher, struct arena *arena, struct err *err)
{
	CLEANUP(buf_finish) struct buf lines = { 0 };
	buf_init(&lines, NOTE_ROOM);
	gather_lines(publisher, &lines);
	if (!is_met(publisher, arena, buf_str(&lines)))
		return true;
	publisher->heard = clock_read().boot_us;
	return casebook_publish(publisher->book, publisher->size, buf_str(&lines), err);
}

/* --- a witness's alarm (P1) ----------------------------------------------------------------- */

static void keep_evidence(const struct asked *asked, struct arena *arena, struct str note)
{
	struct err ignored = { 0 };
	struct hash hash = hash_of(note);
	struct str hex = hash_hex(arena, &hash);
	const char *folder = file_join(arena, casebook_dir(asked->publisher->book), "evidence");
	const char *path = folder && hex.p ? file_join(arena, folder, hex.p) : NULL;
	/* Several witnesses may show the same at once. */
	pthread_mutex_lock(&asked->publisher->evidence_lock);
	bool is_kept = path && file_make_folder(folder, 0700, &ignored) &&
	               (file_exists(path) || file_write(path, 0600, note, &ignored));
	pthread_mutex_unlock(&asked->publisher->evidence_lock);
	if (!is_kept)
		journal_write(JOURNAL_ERROR, "clock: the evidence of a witness cannot be kept (%s)",
		              ignored.message);
}

/* What it contradicts, so that whoever is sent the folder needs no database. */
static void keep_own(const struct asked *asked, struct arena *arena)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct err ignored = { 0 };
	struct str note;
	if (casebook_reader_take(asked->publisher->book, &reader, &ignored) &&
	    casebook_log_signed(reader, arena, &note, &ignored))
		keep_evidence(asked, arena, note);
}

/* Whether a checkpoint of this log is not in its tree. */
static bool is_beyond(struct publisher *publisher, struct arena *arena,
                      const struct log_checkpoint *checkpoint)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct log_note read;
	struct log_checkpoint own;
	struct err why = { 0 };
	struct str note;
	struct hash root;
	return casebook_reader_take(publisher->book, &reader, &why) &&
	       casebook_log_signed(reader, arena, &note, &why) &&
	       log_note_read(arena, note, &read, &why) &&
	       log_checkpoint_read(read.text, &own, &why) &&
	       (checkpoint->size > own.size ||
	        (casebook_log_root(reader, checkpoint->size, &root, &why) &&
	         !hash_eq(&root, &checkpoint->root)));
}

/* Whether the note is a checkpoint of this log, signed by it, that is not in its tree. */
static bool is_other_history(struct publisher *publisher, struct arena *arena, struct str note)
{
	struct log_note read;
	struct log_checkpoint checkpoint;
	struct err why = { 0 };
	size_t count;
	const struct log_vkey *keys = log_policy_keys(publisher->policy, &count);
	struct log_verified *verified = arena_alloc(arena, 1, sizeof *verified);
	bool is_signed = false;
	if (!verified || !log_note_read(arena, note, &read, &why) ||
	    !log_note_verify(&read, keys, count, verified, &why) ||
	    !log_checkpoint_read(read.text, &checkpoint, &why) ||
	    !str_eq(checkpoint.origin, casebook_origin(publisher->book)))
		return false;
	for (size_t i = 0; i < verified->count; i++)
		is_signed = is_signed || verified->at[i].key->type == LOG_KEY_LOG;
	return is_signed && is_beyond(publisher, arena, &checkpoint);
}

/* What the witness shows of this log; p NULL: nothing. */
static struct str shown_by(struct asked *asked, struct arena *arena)
{
	struct hash hash = hash_of(casebook_origin(asked->publisher->book));
	struct str hex = hash_hex(arena, &hash);
	struct str url =
		arena_format(arena, "%.*s/%.*s/checkpoint", STR_ARG(asked->url), STR_ARG(hex));
	struct log_fetched got;
	struct err why = { 0 };
	bool came = url.p && log_fetch_get(asked->fetch, arena, url, NOTE_ROOM, &got, &why);
	return came && got.status == 200 ? got.body : STR_NONE;
}

static void look_into(struct asked *asked, struct arena *arena)
{
	struct str note = shown_by(asked, arena);
	if (!note.p || !is_other_history(asked->publisher, arena, note))
		return;
	keep_evidence(asked, arena, note);
	keep_own(asked, arena);
	casebook_stop_forked(asked->publisher->book);
}

/* --- asking --------------------------------------------------------------------------------- */

static bool send_body(void *ctx, struct str body, struct arena *arena,
                      struct log_witness_answer *out)
{
	struct asked *asked = ctx;
	struct log_fetched got;
	struct err why = { 0 };
	struct str url = arena_format(arena, "%.*s/add-checkpoint", STR_ARG(asked->url));
	if (!url.p ||
	    !log_fetch_post(asked->fetch, arena, url, body, LOG_COSIGN_REPLY_MAX, &got, &why))
		return false;
	*out = (struct log_witness_answer){ .status = got.status,
		                            .type = got.type,
		                            .body = got.body };
	return true;
}

static bool prove(void *ctx, int64_t older, int64_t newer, struct log_proof *out, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct asked *asked = ctx;
	return casebook_reader_take(asked->publisher->book, &reader, err) &&
	       casebook_log_consistency(reader, older, newer, out, err);
}

/* With the lock held. False: it stops, or another checkpoint goes round. */
static bool wait_ms(struct publisher *publisher, int64_t round, int ms)
{
	instant until = clock_read().wall + ms * INSTANT_PER_MS;
	struct timespec at = {
		.tv_sec = (time_t)(until / INSTANT_PER_SECOND),
		.tv_nsec = (long)(until % INSTANT_PER_SECOND) * 1000,
	};
	int status = 0;
	while (!publisher->is_stopping && publisher->round == round && status == 0)
		status = pthread_cond_timedwait(&publisher->wake, &publisher->lock, &at);
	return !publisher->is_stopping && publisher->round == round;
}

static const char *alarm_of(enum log_cosigned result)
{
	if (result == LOG_COSIGN_AHEAD)
		return "knows more of this log than there is here";
	if (result == LOG_COSIGN_DENIED)
		return "does not take this log for a growth of what it saw";
	return "has not watched this log for an hour: ask whoever keeps it to add its key";
}

static bool ask_once(struct asked *asked, struct str note, struct arena *arena,
                     struct log_cosigning *out, struct err *err)
{
	int64_t now = clock_read().wall / INSTANT_PER_SECOND;
	if (!log_cosigner_ask(&asked->cosigner, note, now, send_body, prove, asked, arena, out,
	                      err))
		return false;
	if (!log_cosigner_alarms(&asked->cosigner, out->result, clock_read().boot_us))
		return true;
	journal_write(JOURNAL_ERROR, "clock: the witness %.*s %s (%d)", STR_ARG(asked->name),
	              alarm_of(out->result), out->status);
	if (out->result != LOG_COSIGN_UNKNOWN)
		look_into(asked, arena);
	return true;
}

/* With the lock held; it is let go while the witness is asked. */
static void ask(struct asked *asked, struct arena *arena)
{
	struct publisher *publisher = asked->publisher;
	int64_t round = publisher->round, size = publisher->size;
	struct str note = arena_copy(arena, buf_str(&publisher->note));
	struct log_cosigning out = { .result = LOG_COSIGN_FAILED };
	struct err err = { 0 };
	for (int try = 0; note.p && try < TRIES; try++) {
		if (try > 0 && !wait_ms(publisher, round, WAITS_MS[try - 1]))
			break;
		pthread_mutex_unlock(&publisher->lock);
		bool asked_it = ask_once(asked, note, arena, &out, &err);
		pthread_mutex_lock(&publisher->lock);
		if (!asked_it)
			journal_write(JOURNAL_ERROR, "clock: a witness is not asked: %s",
			              err.message);
		if (!asked_it || out.result != LOG_COSIGN_FAILED)
			break;
	}
	asked->round = round;
	if (out.result != asked->result)
		journal_write(JOURNAL_INFO, "clock: the witness %.*s: %.*s (%d)",
		              STR_ARG(asked->name), STR_ARG(log_cosigned_word(out.result)),
		              out.status);
	asked->result = out.result;
	if (out.result != LOG_COSIGNED || out.line.n > LINE_ROOM)
		return;
	memcpy(asked->line, out.line.p, out.line.n);
	asked->line_n = out.line.n;
	asked->line_size = size;
	err = (struct err){ 0 };
	if (publisher->size == size && !publish_if_met(publisher, arena, &err))
		journal_write(JOURNAL_ERROR, "clock: nothing is published: %s (%s)", err.message,
		              err.context);
}

static void *run(void *ctx)
{
	struct asked *asked = ctx;
	struct publisher *publisher = asked->publisher;
	struct arena *arena = arena_create(ASK_ARENA);
	/* Before anything is signed: what did it see of this log? */
	if (arena)
		look_into(asked, arena);
	pthread_mutex_lock(&publisher->lock);
	asked->has_looked = true;
	pthread_cond_broadcast(&publisher->wake);
	while (arena && !publisher->is_stopping) {
		if (asked->round == publisher->round) {
			pthread_cond_wait(&publisher->wake, &publisher->lock);
			continue;
		}
		arena_reset(arena);
		ask(asked, arena);
	}
	pthread_mutex_unlock(&publisher->lock);
	arena_destroy(arena);
	return NULL;
}

/* --- beginning, ending ---------------------------------------------------------------------- */

bool publisher_waits(struct publisher *publisher)
{
	if (!publisher || !publisher->asks)
		return false;
	pthread_mutex_lock(&publisher->lock);
	bool waits = clock_read().boot_us - publisher->heard < publisher->unwitnessed_us;
	pthread_mutex_unlock(&publisher->lock);
	return waits;
}

bool publisher_send(struct publisher *publisher, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = NULL;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct log_note read;
	struct log_checkpoint checkpoint;
	struct str note;
	if (!publisher)
		return true;
	arena = arena_create(ASK_ARENA);
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to ask witnesses");
	if (!casebook_reader_take(publisher->book, &reader, err) ||
	    !casebook_log_beat(reader, arena, &note, err) ||
	    !log_note_read(arena, note, &read, err) ||
	    !log_checkpoint_read(read.text, &checkpoint, err))
		return false;
	pthread_mutex_lock(&publisher->lock);
	buf_clear(&publisher->note);
	buf_add(&publisher->note, note);
	publisher->size = checkpoint.size;
	publisher->round++;
	pthread_cond_broadcast(&publisher->wake);
	pthread_mutex_unlock(&publisher->lock);
	return true;
}

static bool read_policy(struct publisher *publisher, bool *is_there, struct err *err)
{
	struct err why = { 0 };
	struct str text;
	const char *path = file_join(publisher->arena, casebook_dir(publisher->book), "policy");
	*is_there = path && file_exists(path);
	if (!*is_there)
		return true;
	if (!file_read(publisher->arena, path, LOG_POLICY_MAX, &text, err))
		return false;
	if (!log_policy_read(publisher->arena, text, &publisher->policy, &why))
		return err_set(err, ERR_INPUT, "%s: %s", path, why.message);
	if (!log_policy_has_log(publisher->policy, casebook_origin(publisher->book)))
		return err_set(err, ERR_INPUT, "%s names no key of this log; its line is: log %.*s",
		               path, STR_ARG(casebook_vkey(publisher->book)));
	publisher->asks = log_policy_asks_witnesses(publisher->policy);
	return true;
}

static bool start_one(struct publisher *publisher, struct asked *asked, size_t at, struct err *err)
{
	static const struct log_fetch_patience patience = { CONNECT_MS, ALL_MS };
	size_t count, logs = 0;
	const struct log_vkey *keys = log_policy_keys(publisher->policy, &count);
	while (logs < count && keys[logs].type == LOG_KEY_LOG)
		logs++;
	asked->publisher = publisher;
	asked->name = log_policy_witness_name(publisher->policy, at);
	asked->url = log_policy_witness_url(publisher->policy, at);
	while (asked->url.n && asked->url.p[asked->url.n - 1] == '/')
		asked->url.n--;
	asked->cosigner.key = keys[logs + at];
	if (!log_fetch_is_url(asked->url, err) || !log_fetch_create(&patience, &asked->fetch, err))
		return false;
	asked->has_thread = pthread_create(&asked->thread, NULL, run, asked) == 0;
	return asked->has_thread ||
	       err_set(err, ERR_UNABLE, "No thread can be had to ask the witness %.*s",
	               STR_ARG(asked->name));
}

static bool start_all(struct publisher *publisher, struct err *err)
{
	size_t count = log_policy_witness_count(publisher->policy);
	publisher->witnesses = arena_alloc(publisher->arena, count, sizeof *publisher->witnesses);
	if (!publisher->witnesses)
		return err_set(err, ERR_UNABLE, "There is no memory to ask witnesses");
	for (size_t i = 0; i < count; i++) {
		if (!log_policy_witness_url(publisher->policy, i).n)
			continue; /* asked by somebody else */
		/* Counted before it starts, so that it is ended if it did in part. */
		if (!start_one(publisher, &publisher->witnesses[publisher->count++], i, err))
			return false;
	}
	return true;
}

/* Until each witness showed what it saw of this log. Whoever takes longer than GATE_MS holds up no
 * concern: what it shows after that still stops the signing (look_into). */
static void wait_for_looks(struct publisher *publisher)
{
	instant until = clock_read().wall + GATE_MS * INSTANT_PER_MS;
	struct timespec at = {
		.tv_sec = (time_t)(until / INSTANT_PER_SECOND),
		.tv_nsec = (long)(until % INSTANT_PER_SECOND) * 1000,
	};
	int status = 0;
	pthread_mutex_lock(&publisher->lock);
	for (size_t i = 0; i < publisher->count && status == 0;)
		if (publisher->witnesses[i].has_looked)
			i++;
		else
			status = pthread_cond_timedwait(&publisher->wake, &publisher->lock, &at);
	pthread_mutex_unlock(&publisher->lock);
}

bool publisher_start(struct casebook *book, struct publisher **out, struct err *err)
{
	struct publisher *publisher = calloc(1, sizeof *publisher);
	bool is_there;
	*out = NULL;
	if (!publisher || !(publisher->arena = arena_create(ASK_ARENA))) {
		free(publisher);
		return err_set(err, ERR_UNABLE, "There is no memory to ask witnesses");
	}
	publisher->book = book;
	publisher->unwitnessed_us =
		casebook_limit(book, STR("publish.unwitnessed")) * INSTANT_PER_SECOND;
	publisher->heard = clock_read().boot_us;
	buf_init(&publisher->note, NOTE_ROOM);
	pthread_mutex_init(&publisher->lock, NULL);
	pthread_mutex_init(&publisher->evidence_lock, NULL);
	pthread_cond_init(&publisher->wake, NULL);
	bool good =
		read_policy(publisher, &is_there, err) && (!is_there || start_all(publisher, err));
	if (!good || publisher->count == 0) {
		publisher_stop(publisher);
		return good;
	}
	wait_for_looks(publisher);
	*out = publisher;
	return true;
}

void publisher_stop(struct publisher *publisher)
{
	if (!publisher)
		return;
	pthread_mutex_lock(&publisher->lock);
	publisher->is_stopping = true;
	pthread_cond_broadcast(&publisher->wake);
	pthread_mutex_unlock(&publisher->lock);
	for (size_t i = 0; i < publisher->count; i++) {
		if (publisher->witnesses[i].has_thread)
			(void)pthread_join(publisher->witnesses[i].thread, NULL);
		log_fetch_destroy(publisher->witnesses[i].fetch);
	}
	pthread_cond_destroy(&publisher->wake);
	pthread_mutex_destroy(&publisher->lock);
	pthread_mutex_destroy(&publisher->evidence_lock);
	buf_finish(&publisher->note);
	arena_destroy(publisher->arena);
	free(publisher);
}
