/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "vault/kept.h"

static const char REMOVE_SQL[] = "DELETE FROM kept WHERE name = ?1";
static const char WRITE_SQL[] = "INSERT INTO kept (name, value, tag) VALUES (?1, ?2, ?3)";
static const char READ_SQL[] = "SELECT value, tag FROM kept WHERE name = ?1";

static struct hash tag_of(const uint8_t tag_key[VAULT_KEY_SIZE], const char *name, struct str value)
{
	const struct str pieces[] = { str_from_c(name), STR("\n"), value };
	return hash_hmac(str_from_bytes(tag_key, VAULT_KEY_SIZE), pieces, COUNT_OF(pieces));
}

bool kept_write(struct store *store, const uint8_t tag_key[VAULT_KEY_SIZE], const char *name,
                struct str value, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *remove = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *write = NULL;
	struct hash tag = tag_of(tag_key, name, value);

	if (value.n > KEPT_MAX)
		return err_set(err, ERR_FAULT, "kept_write: %zu bytes", value.n);
	if (!store_prepare(store, REMOVE_SQL, &remove, err) ||
	    !store_prepare(store, WRITE_SQL, &write, err))
		return false;
	store_bind_str(remove, 1, str_from_c(name));
	if (!store_do(remove, err))
		return false;
	store_bind_str(write, 1, str_from_c(name));
	store_bind_blob(write, 2, value);
	store_bind_blob(write, 3, hash_str(&tag));
	return store_do(write, err);
}

bool kept_read(struct store *store, const uint8_t *tag_key, const char *name, struct buf *out,
               struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	if (!store_prepare(store, READ_SQL, &read, err))
		return false;
	store_bind_str(read, 1, str_from_c(name));
	enum store_step step = store_step(read, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return err_set(err, ERR_INPUT, "keys.db has lost its row \"%s\"", name);
	struct str value = store_blob(read, 0);
	if (tag_key) {
		struct hash tag = tag_of(tag_key, name, value);
		if (!str_eq_constant_time(hash_str(&tag), store_blob(read, 1)))
			return err_set(err, ERR_INPUT, "The row \"%s\" of keys.db was altered",
			               name);
	}
	buf_add(out, value);
	if (out->full)
		return err_set(err, ERR_INPUT, "The row \"%s\" of keys.db is too long", name);
	return true;
}

struct hash kept_commitment(const uint8_t master[VAULT_KEY_SIZE])
{
	const struct str pieces[] = { STR("candour/master/v1\n"),
		                      str_from_bytes(master, VAULT_KEY_SIZE) };
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	return hasher_of(hasher, pieces, COUNT_OF(pieces));
}

bool kept_check_master(struct store *store, const uint8_t master[VAULT_KEY_SIZE], struct err *err)
{
	CLEANUP(buf_finish) struct buf value;
	struct hash commitment = kept_commitment(master);
	buf_init(&value, KEPT_MAX);
	if (!kept_read(store, NULL, "master", &value, err))
		return false;
	if (!str_eq_constant_time(buf_str(&value), hash_str(&commitment)))
		return err_set(err, ERR_INPUT,
		               "The master key is not the one that wrapped the slots of keys.db;"
		               " bring back the key and the slots of one register");
	return true;
}
