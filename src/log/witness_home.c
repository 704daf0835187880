/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A witness's folder: key, policy, states, evidence. */
#include <stdlib.h>

#include "log/witness_parts.h"

#include "store/store.h"

#define WITNESS_ARENA ((size_t)8 << 20)
#define POLICY_END "quorum none\n"

/* --- states --------------------------------------------------------------------------------- */

static bool has_key(const struct log_verified *verified, enum log_key_type type)
{
	for (size_t i = 0; i < verified->count; i++)
		if (verified->at[i].key->type == type)
			return true;
	return false;
}

/* Both the log and this witness signed it, and it is that log's. */
static bool read_state(struct log_witness *witness, struct watched *log, struct str note,
                       struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(WITNESS_ARENA);
	struct log_note read;
	struct log_verified *verified = arena_alloc(arena, 1, sizeof *verified);
	struct log_vkey *keys = arena_alloc(arena, log->key_count + 1, sizeof *keys);
	struct log_checkpoint checkpoint;
	if (!verified || !keys)
		return err_set(err, ERR_UNABLE, "There is no memory to read a state");
	for (size_t i = 0; i < log->key_count; i++)
		keys[i] = log->keys[i];
	keys[log->key_count] = *log_signer_vkey(witness->key);
	if (!log_note_read(arena, note, &read, err) ||
	    !log_note_verify(&read, keys, log->key_count + 1, verified, err) ||
	    !log_checkpoint_read(read.text, &checkpoint, err))
		return false;
	if (!has_key(verified, LOG_KEY_LOG) || !has_key(verified, LOG_KEY_WITNESS) ||
	    !str_eq(checkpoint.origin, log->origin))
		return err_set(err, ERR_INPUT, "it lacks the log's signature, or this witness's");
	log->size = checkpoint.size;
	log->root = checkpoint.root;
	log->has_state = true;
	return true;
}

bool witness_state_read(struct log_witness *witness, struct watched *log, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(WITNESS_ARENA);
	struct err why = { 0 };
	struct str note;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to read a state");
	const char *path = file_join(arena, log->folder, "checkpoint");
	if (!file_read(arena, path, WITNESS_NOTE_MAX, &note, &why)) {
		if (why.code == ERR_ABSENT)
			return true;
	} else if (read_state(witness, log, note, &why)) {
		buf_add(&log->note, note);
		return true;
	}
	log->trouble = arena_format(witness->arena,
	                            "The state of this log, %s/checkpoint, does not hold: %s. Put "
	                            "back the newest copy of that file that you have; never take "
	                            "it away",
	                            log->folder, why.message);
	return log->trouble.p || err_set(err, ERR_UNABLE, "There is no memory to read a state");
}

bool witness_state_write(struct watched *log, const struct log_checkpoint *checkpoint,
                         struct str note, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(WITNESS_ARENA);
	const char *path = arena ? file_join(arena, log->folder, "checkpoint") : NULL;
	if (!path)
		return err_set(err, ERR_UNABLE, "There is no memory to write a state");
	if (!file_write(path, 0644, note, err))
		return false;
	buf_clear(&log->note);
	buf_add(&log->note, note);
	log->size = checkpoint->size;
	log->root = checkpoint->root;
	log->has_state = true;
	return true;
}

bool witness_evidence_keep(const struct log_witness *witness, struct arena *arena, struct str body)
{
	struct err ignored = { 0 };
	const struct str *names;
	size_t count;
	struct hash hash = hash_of(body);
	struct str hex = hash_hex(arena, &hash);
	const char *folder = file_join(arena, witness->dir, "evidence");
	const char *path = folder && hex.p ? file_join(arena, folder, hex.p) : NULL;
	return path && (file_exists(path) || (file_list(arena, folder, &names, &count, &ignored) &&
	                                      count < LOG_WITNESS_EVIDENCE_MAX &&
	                                      file_write(path, 0600, body, &ignored)));
}

/* --- the folder ----------------------------------------------------------------------------- */

static bool no_room(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory to open a witness");
}

bool log_witness_make(const char *dir, const struct log_signer *key, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(WITNESS_ARENA);
	const struct str *names;
	size_t count = 0;
	struct err absent = { 0 };
	if (!arena)
		return no_room(err);
	if (log_signer_vkey(key)->type != LOG_KEY_WITNESS)
		return err_set(err, ERR_USAGE, "A witness needs a witness's key");
	if (file_list(arena, dir, &names, &count, &absent) && count > 0)
		return err_set(err, ERR_USAGE, "%s is not empty; a witness takes a new folder",
		               dir);
	/* The key last: a folder without one is no witness. */
	return file_make_folder(dir, 0755, err) &&
	       file_make_folder(file_join(arena, dir, "evidence"), 0700, err) &&
	       file_write(file_join(arena, dir, "policy"), 0644, STR(POLICY_END), err) &&
	       log_signer_save(key, file_join(arena, dir, "key"), err);
}

static bool read_policy(struct arena *arena, const char *dir, const struct log_policy **out,
                        struct err *err)
{
	struct str text;
	if (file_read(arena, file_join(arena, dir, "policy"), LOG_POLICY_MAX, &text, err))
		return log_policy_read(arena, text, out, err);
	if (err->code == ERR_ABSENT)
		*err = (struct err){ 0 };
	return err->code == ERR_NONE ? err_set(err, ERR_ABSENT, "There is no witness in %s", dir)
	                             : false;
}

static bool is_listed(const struct log_policy *policy, const struct log_vkey *key)
{
	size_t count;
	const struct log_vkey *keys = log_policy_keys(policy, &count);
	for (size_t i = 0; i < count; i++)
		if (str_eq(keys[i].pub, key->pub))
			return true;
	return false;
}

static bool take_lock(struct arena *arena, const char *dir, struct store_lock **out,
                      struct err *err)
{
	const char *path = file_join(arena, dir, "lock");
	struct err why = { 0 };
	if (!path)
		return no_room(err);
	return store_lock_take(path, out, &why) ||
	       err_set(err, ERR_UNABLE, "The witness in %s is being served; stop it first", dir);
}

static const char *folder_of(struct arena *arena, const char *dir, struct str origin,
                             struct str *hex)
{
	struct hash hash = hash_of(origin);
	*hex = hash_hex(arena, &hash);
	return hex->p ? file_join(arena, dir, hex->p) : NULL;
}

bool log_witness_add_log(const char *dir, struct str vkey, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(WITNESS_ARENA);
	CLEANUP(buf_finish) struct buf text = { 0 };
	const struct log_policy *policy;
	struct log_vkey key;
	struct store_lock *lock;
	struct str old, hex;
	if (!arena)
		return no_room(err);
	if (!log_vkey_read(arena, vkey, &key, err) || !read_policy(arena, dir, &policy, err))
		return false;
	if (is_listed(policy, &key))
		return err_set(err, ERR_INPUT, "The witness in %s has that key already", dir);
	const char *path = file_join(arena, dir, "policy");
	const char *folder = folder_of(arena, dir, key.name, &hex);
	if (!folder || !file_read(arena, path, LOG_POLICY_MAX, &old, err))
		return err->code ? false : no_room(err);
	buf_init(&text, LOG_POLICY_MAX);
	buf_format(&text, "log %.*s\n", STR_ARG(vkey));
	buf_add(&text, old);
	if (!log_policy_read(arena, buf_str(&text), &policy, err) ||
	    !take_lock(arena, dir, &lock, err))
		return false;
	/* The folder first: a log that is listed and lacks it has lost it. */
	bool is_added =
		file_make_folder(folder, 0755, err) && file_write(path, 0644, buf_str(&text), err);
	store_lock_release(lock);
	return is_added;
}

static struct watched *log_of(struct log_witness *witness, struct str origin)
{
	for (size_t i = 0; i < witness->count; i++)
		if (str_eq(witness->logs[i].origin, origin))
			return &witness->logs[i];
	return NULL;
}

/* Keys by their origin; each log's stand together in a list of its own. */
static bool list_logs(struct log_witness *witness, const struct log_vkey *keys, size_t count,
                      struct err *err)
{
	struct arena *arena = witness->arena;
	witness->logs = arena_alloc(arena, count, sizeof *witness->logs);
	for (size_t i = 0; witness->logs && i < count; i++) {
		struct watched *log = log_of(witness, keys[i].name);
		if (keys[i].type != LOG_KEY_LOG || log)
			continue;
		struct log_vkey *own = arena_alloc(arena, count, sizeof *own);
		log = &witness->logs[witness->count];
		*log = (struct watched){ .origin = keys[i].name, .keys = own };
		log->folder = folder_of(arena, witness->dir, log->origin, &log->hex);
		if (!own || !log->folder)
			return no_room(err);
		for (size_t k = i; k < count; k++)
			if (keys[k].type == LOG_KEY_LOG && str_eq(keys[k].name, log->origin))
				own[log->key_count++] = keys[k];
		log->is_known = file_is_folder(log->folder);
		if (!log->is_known)
			log->trouble = arena_format(
				arena,
				"%s is not there, so this log is unknown. Put the folder back; only "
				"'candour witness add-log' makes a new one",
				log->folder);
		buf_init(&log->note, WITNESS_NOTE_MAX);
		witness->count++;
	}
	return witness->logs || no_room(err);
}

static bool open_all(struct log_witness *witness, const char *dir, struct err *err)
{
	struct arena *arena = witness->arena;
	const struct log_policy *policy;
	struct str name = arena_copy(arena, str_from_c(dir));
	witness->dir = str_to_c(arena, name);
	if (!witness->dir)
		return no_room(err);
	if (!read_policy(arena, dir, &policy, err) ||
	    !log_signer_load(file_join(arena, dir, "key"), &witness->key, err) ||
	    !take_lock(arena, dir, &witness->lock, err))
		return false;
	size_t count;
	const struct log_vkey *keys = log_policy_keys(policy, &count);
	if (log_signer_vkey(witness->key)->type != LOG_KEY_WITNESS)
		return err_set(err, ERR_INPUT, "%s/key is no witness's key", dir);
	if (!list_logs(witness, keys, count, err))
		return false;
	for (size_t i = 0; i < witness->count; i++)
		if (witness->logs[i].is_known &&
		    !witness_state_read(witness, &witness->logs[i], err))
			return false;
	return true;
}

bool log_witness_open(const char *dir, struct log_witness **out, struct err *err)
{
	struct log_witness *witness = calloc(1, sizeof *witness);
	*out = NULL;
	if (!witness || !(witness->arena = arena_create(WITNESS_ARENA))) {
		free(witness);
		return no_room(err);
	}
	pthread_mutex_init(&witness->turn, NULL);
	if (!open_all(witness, dir, err)) {
		log_witness_close(witness);
		return false;
	}
	*out = witness;
	return true;
}

void log_witness_close(struct log_witness *witness)
{
	if (!witness)
		return;
	for (size_t i = 0; i < witness->count; i++)
		buf_finish(&witness->logs[i].note);
	store_lock_release(witness->lock);
	log_signer_destroy(witness->key);
	pthread_mutex_destroy(&witness->turn);
	arena_destroy(witness->arena);
	free(witness);
}

void log_witness_cleanup(struct log_witness **witness)
{
	log_witness_close(*witness);
}

const struct log_vkey *log_witness_vkey(const struct log_witness *witness)
{
	return log_signer_vkey(witness->key);
}

size_t log_witness_count(const struct log_witness *witness)
{
	return witness->count;
}

struct str log_witness_origin(const struct log_witness *witness, size_t at)
{
	return witness->logs[at].origin;
}

int64_t log_witness_size(struct log_witness *witness, size_t at)
{
	const struct watched *log = &witness->logs[at];
	pthread_mutex_lock(&witness->turn);
	int64_t size = log->has_state ? log->size : -1;
	pthread_mutex_unlock(&witness->turn);
	return size;
}

struct str log_witness_trouble(const struct log_witness *witness, size_t at)
{
	return witness->logs[at].trouble;
}
