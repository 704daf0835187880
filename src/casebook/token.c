/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Tokens: how a program acts for an account in an office. The register keeps
 * the SHA-256 of a token; the entry that makes it names the same sum, and one
 * that ends it does too.
 */
#include "casebook/account.h"

#include "casebook/credential.h"
#include "casebook/readings.h"
#include "casebook/turn.h"

static const char PUT_SQL[] =
	"INSERT INTO short_token (hash, account, office, entry, until_at) VALUES (?1, ?2, ?3, ?4, ?5)";
static const char GET_SQL[] =
	"SELECT account, office, entry, until_at FROM short_token WHERE hash = ?1";
/* By entry_file(file, kind, idx): tokens that were ended since are few. */
static const char ENDED_SQL[] =
	"SELECT plain FROM entry WHERE file = 0 AND kind = 'token.ended' AND idx > ?1 AND plain IS NOT NULL";

struct token {
	struct hash hash;
	struct str account;
	struct str office;
	instant until;
};

/* turn_hook */
static bool write_token(void *ctx, struct store *store, int64_t index, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	const struct token *token = ctx;
	if (!store_prepare(store, PUT_SQL, &stmt, err))
		return false;
	store_bind_blob(stmt, 1, hash_str(&token->hash));
	store_bind_str(stmt, 2, token->account);
	store_bind_str(stmt, 3, token->office);
	store_bind_int(stmt, 4, index);
	store_bind_int(stmt, 5, token->until);
	return store_do(stmt, err);
}

static bool check_seat(struct casebook *book, struct str office, struct str account,
                       struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	if (!casebook_reader_take(book, &reader, err))
		return false;
	return reader_is_seat(reader, office, account) ||
	       err_set(err, ERR_INPUT,
	               "This account neither holds that office nor stands in for it");
}

bool casebook_token_make(struct casebook *book, const struct casebook_actor *actor,
                         enum casebook_via via, struct str account, struct str office,
                         instant until, struct arena *arena, char secret[CASEBOOK_SECRET_TEXT + 1],
                         struct casebook_answer *answer, struct err *err)
{
	struct token token = { .account = account, .office = office, .until = until };
	*answer = (struct casebook_answer){ 0 };
	secret[0] = '\0';
	if (until <= casebook_now(book))
		return err_set(err, ERR_INPUT, "A token must end later than now");
	if (!check_seat(book, office, account, err))
		return false;
	secret_make(book, secret, &token.hash);
	struct json *fields = json_object(arena);
	json_put_text(arena, fields, STR("token"), hash_hex(arena, &token.hash));
	json_put_text(arena, fields, STR("account"), account);
	json_put_text(arena, fields, STR("office"), office);
	json_put_text(arena, fields, STR("until"), instant_write(arena, until));
	struct casebook_act act = {
		.actor = *actor,
		.via = via,
		.kind = STR("token.made"),
		.file = STR("R-1"),
		.fields = fields,
	};
	bool done =
		json_complete(fields)
			? casebook_submit_with(book, &act, write_token, &token, arena, answer, err)
			: err_set(err, ERR_UNABLE, "There is no memory for this token");
	if (!done || answer->outcome != CASEBOOK_ADMITTED)
		vault_wipe(secret, CASEBOOK_SECRET_TEXT + 1);
	return done;
}

static bool no_such_token(struct err *err)
{
	return err_set(err, ERR_ABSENT, "This token does not open anything");
}

static bool was_ended(struct casebook_reader *reader, struct arena *arena, const struct hash *hash,
                      int64_t entry, bool *ended, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct str hex = hash_hex(arena, hash);
	*ended = false;
	if (!hex.p)
		return err_set(err, ERR_UNABLE, "There is no memory for this token");
	if (!store_prepare(reader->store, ENDED_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, entry);
	while (!*ended) {
		enum store_step step = store_step(stmt, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		struct str plain = store_str(stmt, 0);
		*ended = str_find_str(plain, hex) < plain.n;
	}
	return true;
}

bool casebook_token_get(struct casebook_reader *reader, struct arena *arena, struct str secret,
                        struct casebook_actor *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct account_row row;
	struct hash hash;
	bool found = false, ended = false;
	*out = (struct casebook_actor){ 0 };
	if (!secret_hash(secret, &hash))
		return no_such_token(err);
	if (!store_prepare(reader->store, GET_SQL, &stmt, err))
		return false;
	store_bind_blob(stmt, 1, hash_str(&hash));
	enum store_step step = store_step(stmt, err);
	if (step != STORE_ROW)
		return step == STORE_DONE ? no_such_token(err) : false;
	struct casebook_actor actor = { .by = CASEBOOK_BY_OFFICE,
		                        .account = arena_copy(arena, store_str(stmt, 0)),
		                        .office = arena_copy(arena, store_str(stmt, 1)) };
	if (!actor.account.p || !actor.office.p)
		return err_set(err, ERR_UNABLE, "There is no memory for this token");
	if (store_int(stmt, 3) <= casebook_now(reader->book))
		return no_such_token(err);
	if (!account_by_id(reader->store, actor.account, &row, &found, err) ||
	    !was_ended(reader, arena, &hash, store_int(stmt, 2), &ended, err))
		return false;
	if (!found || row.is_ended || ended || !reader_is_seat(reader, actor.office, actor.account))
		return no_such_token(err);
	*out = actor;
	return true;
}
