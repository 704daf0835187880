/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/key.h"

#include "casebook/key_file.h"

/* --- eras ----------------------------------------------------------------------------------- */

/* By entry_file(file, kind, idx). */
static const char CHANGES_SQL[] = "SELECT idx, plain, kind FROM entry WHERE file = 0"
				  " AND kind IN ('log.key-changed', 'log.key-compromised')"
				  " ORDER BY idx";

static bool contradicts(int64_t index, struct err *err)
{
	return err_set(err, ERR_INPUT,
	               "Entry %" PRId64
	               " changes the signing key in a way that does not fit; run candour verify",
	               index);
}

static bool same_key(const struct log_vkey *a, const struct log_vkey *b)
{
	return str_eq(a->name, b->name) && str_eq(a->pub, b->pub) && a->type == b->type;
}

/* What an entry says. */
struct change {
	struct log_vkey key;
	struct log_vkey old;
	instant until;   /* both sign; 0: not */
	instant doubted; /* the old one may be known to others; 0: not */
	bool is_end;     /* of the old one, that signed beside */
	bool is_lost;    /* all that signed before is lost, to nobody else */
};

static bool read_change(struct arena *arena, struct str plain_text, bool is_compromised,
                        struct change *out, struct err *why)
{
	const struct json *plain = NULL;
	*out = (struct change){ 0 };
	if (!plain_text.p || !json_read_own(arena, plain_text, 8, &plain, why) ||
	    !log_vkey_read(arena, json_text(plain, STR("key")), &out->key, why) ||
	    !log_vkey_read(arena, json_text(plain, STR("old")), &out->old, why) ||
	    out->key.type != LOG_KEY_LOG || out->old.type != LOG_KEY_LOG)
		return false;
	if (is_compromised)
		return instant_read(json_text(plain, STR("since")), &out->doubted) &&
		       out->doubted > 0;
	out->is_end = str_eq(json_text(plain, STR("ended")), STR("yes"));
	out->is_lost = str_eq(json_text(plain, STR("lost")), STR("yes"));
	return out->is_end || out->is_lost ||
	       instant_read(json_text(plain, STR("until")), &out->until);
}

/* The keys of before are those that the log had then. */
static bool follows(const struct log_era *last, const struct change *change)
{
	if (change->is_end)
		return last->has_former && same_key(&last->key, &change->key) &&
		       same_key(&last->former, &change->old);
	return same_key(&last->key, &change->old) && !same_key(&change->key, &change->old) &&
	       (change->doubted || change->is_lost || !last->has_former);
}

/* One entry: a change, the end of the former key, or of one that may be known to others. */
static bool add_change(struct arena *arena, int64_t index, struct str plain_text,
                       bool is_compromised, struct log_era *at, struct key_eras *out,
                       struct err *err)
{
	struct change change;
	struct err why = { 0 };
	if (out->eras.count + 2 > LOG_ERAS_MAX ||
	    !read_change(arena, plain_text, is_compromised, &change, &why))
		return why.code == ERR_UNABLE ? err_set(err, ERR_UNABLE, "%s", why.message)
		                              : contradicts(index, err);
	if (out->eras.count == 0)
		at[out->eras.count++] = (struct log_era){ .above = -1, .key = change.old };
	if (!follows(&at[out->eras.count - 1], &change))
		return contradicts(index, err);
	out->until = change.until;
	at[out->eras.count++] = (struct log_era){ .above = index,
		                                  .key = change.key,
		                                  .has_former = change.until != 0,
		                                  .former = change.old,
		                                  .doubted = change.doubted };
	out->changed_in = index;
	return true;
}

/* Count 0: the key never changed. */
static bool read_eras(struct store *store, struct arena *arena, struct key_eras *out,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct log_era *at = NULL;
	*out = (struct key_eras){ .changed_in = -1 };
	if (!store_prepare(store, CHANGES_SQL, &rows, err))
		return false;
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!at && !(at = arena_alloc(arena, LOG_ERAS_MAX, sizeof *at)))
			return err_set(err, ERR_UNABLE, "There is no memory for the log's keys");
		out->eras.at = at;
		struct str plain = arena_copy(arena, store_str(rows, 1));
		bool is_compromised = str_eq(store_str(rows, 2), STR("log.key-compromised"));
		if (!add_change(arena, store_int(rows, 0), plain, is_compromised, at, out, err))
			return false;
	}
}

/* A key that outlives the file it was read from. */
static bool keep_vkey(struct arena *arena, const struct log_vkey *key, struct log_vkey *out,
                      struct err *err)
{
	*out = *key;
	out->name = arena_copy(arena, key->name);
	out->pub = arena_copy(arena, key->pub);
	return (out->name.p && out->pub.p) ||
	       err_set(err, ERR_UNABLE, "There is no memory for the log's keys");
}

static bool one_era(struct arena *arena, const struct log_signer *signer, struct log_eras *out,
                    struct err *err)
{
	struct log_vkey key;
	struct log_era *room = arena_alloc(arena, 1, sizeof *room);
	if (!room)
		return err_set(err, ERR_UNABLE, "There is no memory for the log's keys");
	if (!keep_vkey(arena, log_signer_vkey(signer), &key, err))
		return false;
	*out = log_eras_of_key(room, &key);
	return true;
}

static bool more_eras(struct casebook *book, const struct log_era *era, struct log_eras *out,
                      struct err *err)
{
	size_t n = book->eras.count;
	struct log_era *at = arena_alloc(book->arena, n + 1, sizeof *at);
	if (n + 2 > LOG_ERAS_MAX)
		return err_set(err, ERR_UNABLE, "The signing key was changed too often");
	if (!at)
		return err_set(err, ERR_UNABLE, "There is no memory for the log's keys");
	memcpy(at, book->eras.at, n * sizeof *at);
	at[n] = *era;
	*out = (struct log_eras){ at, n + 1 };
	return true;
}

struct log_eras key_eras_now(const struct casebook *book)
{
	pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&book->chart_lock;
	pthread_mutex_lock(lock);
	struct log_eras eras = book->eras;
	pthread_mutex_unlock(lock);
	return eras;
}

/* --- finding -------------------------------------------------------------------------------- */

/* Looked at in this order: a file that becomes another meanwhile is met under one of its names. */
static const char *const FILES[] = { KEY_NEXT, KEY_NOW, KEY_FORMER };
enum { IN_NEXT, IN_NOW, IN_FORMER, FILES_N };

struct candidates {
	struct log_signer *at[FILES_N];
	struct err why;       /* why log.key could not be read */
	bool is_former_blank; /* its destruction was broken off */
};

static void candidates_finish(struct candidates *candidates)
{
	for (size_t i = 0; i < FILES_N; i++)
		log_signer_destroy(candidates->at[i]);
}

/* Nothing but noughts, or nothing at all: overwritten, and not removed. */
static bool is_blank(const char *path)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)64 << 10);
	struct str bytes;
	struct err ignored;
	if (!arena || !file_read(arena, path, KEY_TEXT_MAX, &bytes, &ignored))
		return false;
	for (size_t i = 0; i < bytes.n; i++) {
		if (bytes.p[i] != 0)
			return false;
	}
	return true;
}

static bool load_candidates(const char *dir, struct candidates *out, struct err *err)
{
	for (size_t i = 0; i < FILES_N; i++) {
		char path[BOOK_PATH_MAX];
		struct err why = { 0 };
		if (!key_file_path(dir, FILES[i], path, err))
			return false;
		if (log_signer_load(path, &out->at[i], &why))
			continue;
		if (i == IN_NOW)
			out->why = why;
		if (i == IN_FORMER)
			out->is_former_blank = why.code == ERR_INPUT && is_blank(path);
		/* K1. */
		if (why.code != ERR_ABSENT && (i == IN_NOW || why.code != ERR_INPUT)) {
			*err = why;
			return false;
		}
	}
	return true;
}

static int holder_of(const struct candidates *candidates, const struct log_vkey *key)
{
	for (int i = 0; i < FILES_N; i++) {
		if (candidates->at[i] && same_key(log_signer_vkey(candidates->at[i]), key))
			return i;
	}
	return -1;
}

/* K2. -1: none could be the one. */
static int signer_of_newest(const struct candidates *candidates, struct store *store,
                            struct err *err)
{
	struct log_signed newest;
	struct err why = { 0 };
	int otherwise = candidates->at[IN_NOW] ? IN_NOW : -1;
	if (!candidates->at[IN_NEXT] && !candidates->at[IN_FORMER])
		return otherwise;
	if (!log_signed_newest(store, &newest, &why)) {
		if (why.code == ERR_UNABLE)
			*err = why;
		return why.code == ERR_UNABLE ? -1 : otherwise;
	}
	for (int i = 0; i < FILES_N; i++) {
		struct log_era room;
		if (!candidates->at[i])
			continue;
		struct log_eras eras = log_eras_of_key(&room, log_signer_vkey(candidates->at[i]));
		if (log_signed_holds(&newest, &eras))
			return i;
	}
	return otherwise;
}

static bool choose(const struct candidates *candidates, struct store *store, struct key_found *out,
                   struct err *err)
{
	struct err why = { 0 };
	out->former_in = -1;
	if (!out->eras.eras.count) {
		out->signer_in = signer_of_newest(candidates, store, &why);
		if (out->signer_in < 0)
			*err = why.code ? why : candidates->why;
		return out->signer_in >= 0;
	}
	const struct log_era *last = log_eras_last(&out->eras.eras);
	out->signer_in = holder_of(candidates, &last->key);
	if (last->has_former)
		out->former_in = holder_of(candidates, &last->former);
	if (out->signer_in >= 0)
		return true;
	if (!candidates->at[IN_NOW]) {
		*err = candidates->why;
		return false;
	}
	return err_set(err, ERR_INPUT,
	               "keys/log.key is not the signing key that entry %" PRId64
	               " brought into force; put that one back from a backup",
	               out->eras.changed_in);
}

static bool has_ended(const struct key_found *found, const struct log_signer *signer)
{
	const struct log_eras *eras = &found->eras.eras;
	return signer && log_eras_have_ended(eras, log_signer_vkey(signer));
}

bool key_find(const char *dir, struct store *store, struct arena *arena, struct key_found *out,
              struct err *err)
{
	CLEANUP(candidates_finish) struct candidates candidates = { 0 };
	*out = (struct key_found){ .signer_in = -1, .former_in = -1 };
	if (!read_eras(store, arena, &out->eras, err) || !load_candidates(dir, &candidates, err) ||
	    !choose(&candidates, store, out, err))
		return false;
	if (!out->eras.eras.count &&
	    !one_era(arena, candidates.at[out->signer_in], &out->eras.eras, err))
		return false;
	out->has_now = candidates.at[IN_NOW] != NULL;
	out->is_now_ended = has_ended(out, candidates.at[IN_NOW]);
	out->is_former_ended =
		candidates.is_former_blank || has_ended(out, candidates.at[IN_FORMER]);
	out->signer = candidates.at[out->signer_in];
	candidates.at[out->signer_in] = NULL;
	if (out->former_in >= 0) {
		out->former = candidates.at[out->former_in];
		candidates.at[out->former_in] = NULL;
	}
	return true;
}

bool key_find_public(struct store *store, struct arena *arena, struct str vkey,
                     struct key_eras *out, struct err *err)
{
	struct log_vkey key;
	if (!read_eras(store, arena, out, err))
		return false;
	if (!vkey.p)
		return true;
	if (!log_vkey_read(arena, vkey, &key, err))
		return false;
	for (size_t i = 0; i < out->eras.count; i++) {
		if (same_key(&out->eras.at[i].key, &key))
			return true;
	}
	if (out->eras.count)
		return err_set(
			err, ERR_INPUT,
			"The key that was given is none of those that the log's entries name");
	struct log_era *room = arena_alloc(arena, 1, sizeof *room);
	if (!room)
		return err_set(err, ERR_UNABLE, "There is no memory for the log's keys");
	out->eras = log_eras_of_key(room, &key);
	return true;
}

void key_found_finish(struct key_found *found)
{
	log_signer_destroy(found->signer);
	log_signer_destroy(found->former);
	found->signer = found->former = NULL;
}

/* --- opening -------------------------------------------------------------------------------- */

/*
 * Each file where it belongs (K1, K3). A key that the log does not know is left
 * alone, unless it never signed: the register may have been put back from a
 * copy that is older than its keys.
 */
static void arrange(const struct casebook *book, const struct key_found *found)
{
	if (found->former_in == IN_NOW)
		key_file_link(book->dir, KEY_NOW, KEY_FORMER);
	if (found->signer_in == IN_NEXT && found->is_now_ended)
		key_file_replace(book->dir);
	else if (found->signer_in == IN_NEXT || (found->signer_in == IN_FORMER && !found->has_now))
		key_file_move(book->dir, FILES[found->signer_in], KEY_NOW);
	key_file_destroy(book->dir, KEY_NEXT);
	if (found->is_former_ended)
		key_file_destroy(book->dir, KEY_FORMER);
}

static bool write_vkey(struct casebook *book, const struct log_eras *eras, struct str *out,
                       struct err *err)
{
	struct buf text;
	buf_init(&text, KEY_TEXT_MAX);
	log_vkey_write(&text, &log_eras_last(eras)->key);
	*out = arena_copy(book->arena, buf_str(&text));
	buf_finish(&text);
	return out->p || err_set(err, ERR_UNABLE, "There is no memory for the log's keys");
}

static void tell(struct casebook *book, const struct log_eras *eras, struct str vkey)
{
	pthread_mutex_lock(&book->chart_lock);
	book->vkey = vkey;
	book->eras = *eras;
	pthread_mutex_unlock(&book->chart_lock);
}

/* A reader looks at the log and then at the files: in one snapshot, so that a change between them
 * is seen as K1 says. */
static bool find_own(struct casebook *book, struct key_found *out, struct err *err)
{
	if (book->is_writer)
		return key_find(book->dir, book->store, book->arena, out, err);
	if (!store_begin(book->store, err))
		return false;
	bool done = key_find(book->dir, book->store, book->arena, out, err);
	store_abort(book->store);
	return done;
}

/* The eras as the log tells them, and nothing that signs. */
static bool open_lost(struct casebook *book, struct err *err)
{
	struct key_eras eras;
	struct str vkey;
	if (!key_find_public(book->store, book->arena, book->lost_key, &eras, err) ||
	    !write_vkey(book, &eras.eras, &vkey, err))
		return false;
	tell(book, &eras.eras, vkey);
	return true;
}

bool key_open(struct casebook *book, struct err *err)
{
	CLEANUP(key_found_finish) struct key_found found = { 0 };
	struct str vkey;
	if (book->lost_key.p)
		return open_lost(book, err);
	if (!find_own(book, &found, err) || !write_vkey(book, &found.eras.eras, &vkey, err))
		return false;
	tell(book, &found.eras.eras, vkey);
	book->signer = found.signer;
	book->former = found.former;
	book->former_until = found.eras.until;
	found.signer = found.former = NULL;
	return true;
}

bool key_settle(struct casebook *book, struct err *err)
{
	CLEANUP(key_found_finish) struct key_found found = { 0 };
	if (book->lost_key.p)
		return true;
	if (!key_find(book->dir, book->store, book->arena, &found, err))
		return false;
	arrange(book, &found);
	return true;
}

/* --- in a turn ------------------------------------------------------------------------------ */

static bool begin_next(struct casebook *book, const struct log_signer *signer, struct str name,
                       struct err *err)
{
	char path[BOOK_PATH_MAX];
	if (!key_file_path(book->dir, KEY_NEXT, path, err))
		return false;
	/* Of a turn whose commit failed: it may be the key in force (key_leave). */
	if (file_exists(path))
		return err_set(
			err, ERR_UNABLE,
			"A change of the key was broken off; start the register again, then change it");
	return log_signer_rename(signer, name, &book->next_signer, err) &&
	       log_signer_save(book->next_signer, path, err);
}

bool key_name(struct casebook *book, struct store *store, struct str name, struct err *err)
{
	if (!begin_next(book, book->signer, name, err))
		return false;
	book->key_turn = BOOK_KEY_NAMED;
	return one_era(book->arena, book->next_signer, &book->next_eras, err) &&
	       write_vkey(book, &book->next_eras, &book->next_vkey, err) &&
	       log_sign_anew(store, book->next_signer, err);
}

bool key_change(struct casebook *book, const struct log_signer *signer, instant until,
                int64_t index, struct err *err)
{
	struct log_era era = { .above = index, .has_former = true };
	if (!begin_next(book, signer, log_signer_vkey(signer)->name, err))
		return false;
	book->key_turn = BOOK_KEY_CHANGED;
	book->next_until = until;
	return keep_vkey(book->arena, log_signer_vkey(signer), &era.key, err) &&
	       keep_vkey(book->arena, log_signer_vkey(book->signer), &era.former, err) &&
	       more_eras(book, &era, &book->next_eras, err) &&
	       write_vkey(book, &book->next_eras, &book->next_vkey, err);
}

bool key_replace(struct casebook *book, const struct log_signer *signer, instant doubted,
                 int64_t index, struct err *err)
{
	struct log_era era = { .above = index, .doubted = doubted };
	if (!begin_next(book, signer, log_signer_vkey(signer)->name, err))
		return false;
	book->key_turn = BOOK_KEY_REPLACED;
	return keep_vkey(book->arena, log_signer_vkey(signer), &era.key, err) &&
	       more_eras(book, &era, &book->next_eras, err) &&
	       write_vkey(book, &book->next_eras, &book->next_vkey, err);
}

bool key_end(struct casebook *book, int64_t index, struct err *err)
{
	struct log_era era = { .above = index, .key = log_eras_last(&book->eras)->key };
	book->key_turn = BOOK_KEY_ENDED;
	book->next_vkey = book->vkey; /* written by the writer alone */
	return more_eras(book, &era, &book->next_eras, err);
}

void key_of_turn(const struct casebook *book, const struct log_signer **signer,
                 const struct log_signer **former)
{
	*signer = book->next_signer ? book->next_signer : book->signer;
	*former = book->key_turn == BOOK_KEY_CHANGED ? book->signer
	          : book->key_turn == BOOK_KEY_STAYS ? book->former
	                                             : NULL;
}

/* A file that could not be put in its place is put there at the next opening. */
static void take_files(struct casebook *book)
{
	if (book->key_turn == BOOK_KEY_CHANGED)
		key_file_link(book->dir, KEY_NOW, KEY_FORMER);
	if (book->key_turn == BOOK_KEY_REPLACED && book->signer)
		key_file_replace(book->dir);
	else if (book->next_signer)
		key_file_move(book->dir, KEY_NEXT, KEY_NOW);
	if (book->key_turn == BOOK_KEY_ENDED)
		key_file_destroy(book->dir, KEY_FORMER);
}

void key_take(struct casebook *book)
{
	if (book->key_turn == BOOK_KEY_STAYS)
		return;
	take_files(book);
	if (book->key_turn == BOOK_KEY_CHANGED) {
		book->former = book->signer;
		book->former_until = book->next_until;
	} else if (book->key_turn == BOOK_KEY_NAMED) {
		log_signer_destroy(book->signer);
	} else {
		log_signer_destroy(book->former);
		book->former = NULL;
		book->former_until = 0;
		if (book->key_turn == BOOK_KEY_REPLACED)
			log_signer_destroy(book->signer);
	}
	if (book->next_signer)
		book->signer = book->next_signer;
	book->next_signer = NULL;
	book->key_turn = BOOK_KEY_STAYS;
	tell(book, &book->next_eras, book->next_vkey);
}

void key_drop(struct casebook *book)
{
	if (book->next_signer)
		key_file_destroy(book->dir, KEY_NEXT);
	key_leave(book);
}

void key_leave(struct casebook *book)
{
	log_signer_destroy(book->next_signer);
	book->next_signer = NULL;
	book->key_turn = BOOK_KEY_STAYS;
}
