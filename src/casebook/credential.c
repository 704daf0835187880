/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Accounts' rows and their credentials, and the secrets that sessions and tokens are known by. */
#include "casebook/credential.h"

#include <string.h>

#define NAME_MAX_BYTES 64
#define SECRET_BYTES 32

static const char CREDENTIAL_SQL[] =
	"SELECT bytes FROM credential WHERE account = ?1 AND sort = ?2";
static const char CREDENTIAL_PUT_SQL[] =
	"INSERT INTO credential (account, sort, bytes) VALUES (?1, ?2, ?3)"
	" ON CONFLICT (account, sort) DO UPDATE SET bytes = excluded.bytes";
static const char BY_TAG_SQL[] =
	"SELECT id, entry, newest, ended FROM account WHERE tag = ?1"; /* account_tag */
static const char BY_ID_SQL[] =
	"SELECT id, entry, newest, ended FROM account WHERE id = ?1"; /* primary key */

bool credential_read(struct store *store, struct str account, struct str sort, struct buf *out,
                     struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, CREDENTIAL_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, account);
	store_bind_str(stmt, 2, sort);
	enum store_step step = store_step(stmt, err);
	if (step == STORE_ROW)
		buf_add(out, store_blob(stmt, 0));
	return step != STORE_FAILED;
}

bool credential_write(struct store *store, struct str account, struct str sort, struct str bytes,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, CREDENTIAL_PUT_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, account);
	store_bind_str(stmt, 2, sort);
	store_bind_blob(stmt, 3, bytes);
	return store_do(stmt, err);
}

bool credential_void(struct store *store, struct str account, struct err *err)
{
	static const char *const SQL[] = { "DELETE FROM credential WHERE account = ?1",
		                           "DELETE FROM short_session WHERE account = ?1",
		                           "DELETE FROM short_token WHERE account = ?1",
		                           "DELETE FROM short_totp WHERE account = ?1" };
	for (size_t i = 0; i < COUNT_OF(SQL); i++) {
		CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
		if (!store_prepare(store, SQL[i], &stmt, err))
			return false;
		store_bind_str(stmt, 1, account);
		if (!store_do(stmt, err))
			return false;
	}
	return true;
}

/* --- accounts ------------------------------------------------------------------------------- */

static bool is_name(struct str name)
{
	if (name.n == 0 || name.n > NAME_MAX_BYTES || !str_is_utf8(name))
		return false;
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];
		if (c <= ' ' || c == 0x7F)
			return false;
	}
	return str_find_str(name, STR("\xC2\xA0")) == name.n;
}

bool account_tag(struct casebook *book, struct arena *arena, struct str name, struct str *tag,
                 struct err *err)
{
	struct str small;
	*tag = STR_NONE;
	if (!is_name(name))
		return err_set(err, ERR_INPUT, "An account name has 1 to %d letters and no blanks",
		               NAME_MAX_BYTES);
	if (!str_small(arena, name, &small, err))
		return false;
	struct hash hash = vault_tag(book->vault, STR("sign-in"), small);
	*tag = hash_hex(arena, &hash);
	return tag->p || err_set(err, ERR_UNABLE, "There is no memory to look for this account");
}

static bool account_by(struct store *store, const char *sql, struct str by, struct account_row *out,
                       bool *found, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*out = (struct account_row){ 0 };
	*found = false;
	if (!store_prepare(store, sql, &stmt, err))
		return false;
	store_bind_str(stmt, 1, by.p ? by : STR(""));
	enum store_step step = store_step(stmt, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	if (!id_read(store_str(stmt, 0), &out->id))
		return err_set(err, ERR_FAULT, "an account's id is none");
	out->entry = store_int(stmt, 1);
	out->newest = store_int(stmt, 2);
	out->is_ended = !store_is_null(stmt, 3);
	*found = true;
	return true;
}

bool account_by_tag(struct store *store, struct str tag, struct account_row *out, bool *found,
                    struct err *err)
{
	return account_by(store, BY_TAG_SQL, tag, out, found, err);
}

bool account_by_id(struct store *store, struct str id, struct account_row *out, bool *found,
                   struct err *err)
{
	return account_by(store, BY_ID_SQL, id, out, found, err);
}

/* --- secrets -------------------------------------------------------------------------------- */

bool secret_make(struct casebook *book, char out[CASEBOOK_SECRET_TEXT + 1], struct hash *kept,
                 struct err *err)
{
	uint8_t bytes[SECRET_BYTES];
	char padded[CASEBOOK_SECRET_TEXT + 1];
	vault_random(book->vault, bytes, sizeof bytes);
	base64_write(padded, bytes, sizeof bytes);
	for (size_t i = 0; i < CASEBOOK_SECRET_TEXT; i++) {
		char c = padded[i];
		out[i] = c == '+' ? '-' : c == '/' ? '_' : c; /* RFC 4648, 5 */
	}
	out[CASEBOOK_SECRET_TEXT] = '\0';
	vault_wipe(bytes, sizeof bytes);
	vault_wipe(padded, sizeof padded);
	if (secret_hash(book, (struct str){ out, CASEBOOK_SECRET_TEXT }, kept, err))
		return true;
	vault_wipe(out, CASEBOOK_SECRET_TEXT + 1);
	return false;
}

bool secret_hash(struct casebook *book, struct str secret, struct hash *kept, struct err *err)
{
	*kept = (struct hash){ 0 };
	if (secret.n != CASEBOOK_SECRET_TEXT)
		return err_set(err, ERR_ABSENT, "This is not a session or a token");
	return vault_tag_own(book->vault, STR("secret"), secret, kept, err);
}

/* --- rows that let somebody in -------------------------------------------------------------- */

bool row_tag(struct casebook *book, struct str purpose, const struct row_fields *fields,
             struct hash *tag, struct err *err)
{
	/* Every piece has its length, so that no field is read as a part of its neighbour. */
	uint8_t bytes[ROW_TEXTS * HASH_SIZE + ROW_NUMBERS * 8];
	size_t n = 0;
	for (size_t i = 0; i < ROW_TEXTS; i++, n += HASH_SIZE) {
		struct hash sum = hash_of(fields->texts[i].p ? fields->texts[i] : STR(""));
		memcpy(bytes + n, sum.bytes, HASH_SIZE);
	}
	for (size_t i = 0; i < ROW_NUMBERS; i++)
		for (int shift = 56; shift >= 0; shift -= 8)
			bytes[n++] = (uint8_t)((uint64_t)fields->numbers[i] >> shift);
	return vault_tag_own(book->vault, purpose, str_from_bytes(bytes, n), tag, err);
}

bool row_holds(struct casebook *book, struct str purpose, const struct row_fields *fields,
               struct str tag, bool *holds, struct err *err)
{
	struct hash right;
	*holds = false;
	if (!row_tag(book, purpose, fields, &right, err))
		return false;
	*holds = str_eq_constant_time(hash_str(&right), tag);
	return true;
}
