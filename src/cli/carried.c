/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/carried.h"

#include <stdio.h>
#include <unistd.h>

#include "vault/vault.h"

#define KEY_FILE_BYTES 4096
#define BOX_BYTES 8192
#define CARRIED_BYTES 65536
#define PATH_BYTES 2048

/*
 * Some are there while the signing key is being changed. In this order: a
 * signing key that takes another's place meanwhile is met under one name.
 */
static const struct {
	const char *name;
	bool is_always_there;
	bool signs_log;
} KEYS[] = { { "log.key.next", false, true },
	     { "log.key", true, true },
	     { "log.key.former", false, true },
	     { "promise.key", true, false },
	     { "return.key", true, false } };

static bool join_path(char out[PATH_BYTES], const char *dir, const char *name, struct err *err)
{
	int n = snprintf(out, PATH_BYTES, "%s/%s", dir, name);
	return (n > 0 && n < PATH_BYTES) ||
	       err_set(err, ERR_INPUT, "The name of a folder is too long");
}

/* Reads into the caller's bytes and not into an arena: it is a secret. */
static bool read_key(const char *path, char out[KEY_FILE_BYTES], size_t *n, struct err *err)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return err_set(err, ERR_UNABLE, "%s cannot be read", path);
	setvbuf(file, NULL, _IONBF, 0);
	*n = fread(out, 1, KEY_FILE_BYTES, file);
	bool good = !ferror(file) && *n > 0 && *n < KEY_FILE_BYTES;
	fclose(file);
	return good || err_set(err, ERR_UNABLE, "%s cannot be read", path);
}

static bool seal_one(struct vault *vault, const char *dir, const char *name, struct buf *out,
                     struct err *err)
{
	char path[PATH_BYTES], folder[PATH_BYTES], bytes[KEY_FILE_BYTES];
	struct buf box;
	size_t n = 0;
	if (!join_path(folder, dir, "keys", err) || !join_path(path, folder, name, err) ||
	    !read_key(path, bytes, &n, err))
		return false;
	buf_init(&box, BOX_BYTES);
	bool good = vault_seal_own(vault, STR("backup"), str_from_c(name), (struct str){ bytes, n },
	                           &box, err);
	vault_wipe(bytes, sizeof bytes);
	buf_format(out, "%s ", name);
	buf_add_base64(out, box.p, good ? box.n : 0);
	buf_add_char(out, '\n');
	buf_finish(&box);
	return good;
}

enum which { ALL_KEYS, BUT_THE_LOGS };

static bool seal_keys(struct cli_call *call, const char *dir, enum which which, struct buf *out,
                      struct err *err)
{
	CLEANUP(vault_cleanup) struct vault *vault = NULL;
	struct vault_options options = { .cached_keys = 16 };
	bool good = true;
	if (!vault_open(dir, VAULT_READ, &options, &vault, err))
		return false;
	for (size_t i = 0; good && i < COUNT_OF(KEYS); i++) {
		const char *keys = file_join(call->arena, dir, "keys");
		const char *key = keys ? file_join(call->arena, keys, KEYS[i].name) : NULL;
		if (which == BUT_THE_LOGS && KEYS[i].signs_log)
			continue;
		if (KEYS[i].is_always_there || (key && file_exists(key)))
			good = seal_one(vault, dir, KEYS[i].name, out, err);
	}
	return good;
}

bool carried_seal(struct cli_call *call, const char *dir, const char *to, struct err *err)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	const char *path = file_join(call->arena, to, "keys/carried");
	if (!path)
		return err_set(err, ERR_INPUT, "The name of a folder is too long");
	buf_init(&text, CARRIED_BYTES);
	return seal_keys(call, dir, ALL_KEYS, &text, err) &&
	       file_write(path, 0600, buf_str(&text), err);
}

bool carried_text(struct cli_call *call, const char *dir, struct buf *out, struct err *err)
{
	return seal_keys(call, dir, BUT_THE_LOGS, out, err);
}

/*
 * A vault opens only with all its files there. Until the right ones are
 * opened, keys of nought stand in for the two that the master key does not
 * need; nothing is sealed or signed by them.
 */
bool carried_stand_in(const char *dir, struct err *err)
{
	static const char NOUGHT[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
	static const char *const STAND_INS[] = { "promise", "return" };
	for (size_t i = 0; i < COUNT_OF(STAND_INS); i++) {
		char path[PATH_BYTES], name[64], line[128];
		(void)snprintf(name, sizeof name, "keys/%s.key", STAND_INS[i]);
		(void)snprintf(line, sizeof line, "candour-secret/v1 %s %s\n", STAND_INS[i],
		               NOUGHT);
		if (!join_path(path, dir, name, err) ||
		    !file_write(path, 0600, str_from_c(line), err))
			return false;
	}
	return true;
}

/* Which of KEYS it is; their number: none. */
static size_t place_of(struct str name)
{
	size_t i = 0;
	while (i < COUNT_OF(KEYS) && !str_eq(name, str_from_c(KEYS[i].name)))
		i++;
	return i;
}

static bool open_one(struct vault *vault, const char *dir, struct str line, struct err *err)
{
	CLEANUP(vault_secret_finish) struct vault_secret secret = { 0 };
	char path[PATH_BYTES], file[PATH_BYTES], box[BOX_BYTES];
	size_t blank = str_find(line, ' '), n = sizeof box;
	struct str name = str_sub(line, 0, blank);
	if (place_of(name) == COUNT_OF(KEYS) ||
	    !base64_read(str_sub(line, blank + 1, line.n), box, &n))
		return err_set(err, ERR_INPUT, "The backup's keys/carried is damaged");
	if (!vault_open_own(vault, STR("backup"), name, (struct str){ box, n }, &secret, err))
		return false;
	(void)snprintf(file, sizeof file, "keys/%.*s", STR_ARG(name));
	return join_path(path, dir, file, err) &&
	       file_write(path, 0600, vault_secret_str(&secret), err);
}

static bool open_keys(const char *dir, struct str rest, enum which which, struct err *err)
{
	CLEANUP(vault_cleanup) struct vault *vault = NULL;
	struct vault_options options = { .cached_keys = 16, .has_stand_ins = true };
	struct str line;
	bool has[COUNT_OF(KEYS)] = { false };
	if (!vault_open(dir, VAULT_READ, &options, &vault, err))
		return false;
	while (str_cut(&rest, '\n', &line) && line.n) {
		if (!open_one(vault, dir, line, err))
			return false;
		has[place_of(str_sub(line, 0, str_find(line, ' ')))] = true;
	}
	for (size_t i = 0; i < COUNT_OF(KEYS); i++) {
		bool is_wanted =
			KEYS[i].is_always_there && !(which == BUT_THE_LOGS && KEYS[i].signs_log);
		if (is_wanted && !has[i])
			return err_set(err, ERR_INPUT, "The backup's keys/carried is damaged");
	}
	return true;
}

bool carried_open(struct cli_call *call, const char *from, const char *dir, struct err *err)
{
	const char *path = file_join(call->arena, from, "keys/carried");
	struct str text;
	if (!path)
		return err_set(err, ERR_INPUT, "The name of a folder is too long");
	return file_read(call->arena, path, CARRIED_BYTES, &text, err) &&
	       carried_stand_in(dir, err) && open_keys(dir, text, ALL_KEYS, err);
}

bool carried_open_text(const char *dir, struct str text, struct err *err)
{
	return open_keys(dir, text, BUT_THE_LOGS, err);
}

bool carried_alone(struct arena *arena, const char *dir)
{
	const char *carried = file_join(arena, dir, "keys/carried");
	const char *key = file_join(arena, dir, "keys/log.key");
	return carried && key && file_exists(carried) && !file_exists(key);
}
