/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Tokens: how a program acts for an account in an office. The register keeps
 * a keyed sum of a token; the entry that makes it names the same sum, and one
 * that ends it does too. Its row holds a keyed tag of itself: put in or altered
 * by hand it opens nothing, nor brought back after the account was reset.
 */
#include "casebook/account.h"

#include "casebook/credential.h"
#include "casebook/readings.h"
#include "casebook/rows.h"
#include "casebook/turn.h"

#define PLAIN_DEPTH 8

static const char PUT_SQL[] =
	"INSERT INTO short_token (hash, account, office, entry, until_at, tag)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char GET_SQL[] =
	"SELECT account, office, entry, until_at, tag FROM short_token WHERE hash = ?1";
/* By entry_file(file, kind, idx): tokens that were ended since are few. */
static const char ENDED_SQL[] =
	"SELECT plain FROM entry WHERE file = 0 AND kind = 'token.ended' AND idx > ?1 AND plain IS NOT NULL";
/* The same; accounts that were reset since are few. */
static const char RESET_SQL[] =
	"SELECT kind, plain FROM entry WHERE file = 0 AND kind IN ('account.changed', 'account.recovered')"
	" AND idx > ?1 AND plain IS NOT NULL";

static const char MADE_SQL[] =
	"SELECT idx, header, plain FROM entry WHERE file = 0 AND kind = 'token.made' AND plain IS NOT NULL"
	" AND idx > ?1 ORDER BY idx";

/* The whole table: few tokens live at any time. */
static const char KEPT_SQL[] =
	"SELECT account, office, entry, until_at, tag, hash FROM short_token WHERE entry = ?1 OR hash = ?2";

static const struct str PURPOSE = { "token", 5 };

struct token {
	struct casebook *book;
	struct hash hash;
	struct str account;
	struct str office;
	int64_t entry;
	instant until;
};

static struct row_fields fields_of(const struct token *token)
{
	return (struct row_fields){
		.texts = { hash_str(&token->hash), token->account, token->office },
		.numbers = { token->entry, token->until },
	};
}

/* turn_hook */
static bool write_token(void *ctx, struct store *store, int64_t index, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct token *token = ctx;
	struct hash tag;
	token->entry = index;
	struct row_fields fields = fields_of(token);
	if (!row_tag(token->book, PURPOSE, &fields, &tag, err) ||
	    !store_prepare(store, PUT_SQL, &stmt, err))
		return false;
	store_bind_blob(stmt, 1, hash_str(&token->hash));
	store_bind_str(stmt, 2, token->account);
	store_bind_str(stmt, 3, token->office);
	store_bind_int(stmt, 4, token->entry);
	store_bind_int(stmt, 5, token->until);
	store_bind_blob(stmt, 6, hash_str(&tag));
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
                         enum casebook_via via, struct str machine_user, struct str account,
                         struct str office, instant until, struct arena *arena,
                         char secret[CASEBOOK_SECRET_TEXT + 1], struct casebook_answer *answer,
                         struct err *err)
{
	struct token token = { .book = book, .account = account, .office = office, .until = until };
	*answer = (struct casebook_answer){ 0 };
	secret[0] = '\0';
	if (until <= casebook_now(book))
		return err_set(err, ERR_INPUT, "A token must end later than now");
	if (!check_seat(book, office, account, err))
		return false;
	if (!secret_make(book, secret, &token.hash, err))
		return false;
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
		.machine_user = machine_user,
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

static bool was_ended(struct store *store, struct str hex, int64_t entry, bool *ended,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*ended = false;
	if (!hex.p)
		return err_set(err, ERR_UNABLE, "There is no memory for this token");
	if (!store_prepare(store, ENDED_SQL, &stmt, err))
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

/* A reset and a recovery end every token: its owner may not have been who made it. */
static bool was_reset(struct store *store, struct str account, int64_t entry, bool *reset,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*reset = false;
	if (!store_prepare(store, RESET_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, entry);
	while (!*reset) {
		enum store_step step = store_step(stmt, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		struct str plain = store_str(stmt, 1);
		*reset = str_find_str(plain, account) < plain.n &&
		         (str_eq(store_str(stmt, 0), STR("account.recovered")) ||
		          str_find_str(plain, STR("\"what\":\"reset\"")) < plain.n);
	}
	return true;
}

/* The row at hand as a token; *holds: it says what was written in the turn that made it. */
static bool fill_row(struct casebook_reader *reader, struct arena *arena, struct store_stmt *stmt,
                     struct token *token, bool *holds, struct err *err)
{
	token->account = arena_copy(arena, store_str(stmt, 0));
	token->office = arena_copy(arena, store_str(stmt, 1));
	token->entry = store_int(stmt, 2);
	token->until = store_int(stmt, 3);
	if (!token->account.p || !token->office.p)
		return err_set(err, ERR_UNABLE, "There is no memory for this token");
	struct row_fields fields = fields_of(token);
	return row_holds(reader->book, PURPOSE, &fields, store_blob(stmt, 4), holds, err);
}

/* The row of token->hash where its tag holds; else as if there were none. */
static bool read_row(struct casebook_reader *reader, struct arena *arena, struct token *token,
                     struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	bool holds;
	if (!store_prepare(reader->store, GET_SQL, &stmt, err))
		return false;
	store_bind_blob(stmt, 1, hash_str(&token->hash));
	enum store_step step = store_step(stmt, err);
	if (step != STORE_ROW)
		return step == STORE_DONE ? no_such_token(err) : false;
	return fill_row(reader, arena, stmt, token, &holds, err) && (holds || no_such_token(err));
}

bool casebook_token_get(struct casebook_reader *reader, struct arena *arena, struct str secret,
                        struct casebook_actor *out, struct err *err)
{
	struct token token = { .book = reader->book };
	struct account_row row;
	struct err why = { 0 };
	bool found = false, ended = false, reset = false;
	*out = (struct casebook_actor){ 0 };
	if (!casebook_fits(reader->book, err))
		return false;
	if (!secret_hash(reader->book, secret, &token.hash, &why)) {
		*err = why;
		return why.code == ERR_ABSENT ? no_such_token(err) : false;
	}
	if (!read_row(reader, arena, &token, err))
		return false;
	if (token.until <= casebook_now(reader->book))
		return no_such_token(err);
	if (!account_by_id(reader->store, token.account, &row, &found, err) ||
	    !was_ended(reader->store, hash_hex(arena, &token.hash), token.entry, &ended, err) ||
	    !was_reset(reader->store, token.account, token.entry, &reset, err))
		return false;
	if (!found || row.is_ended || ended || reset ||
	    !reader_is_seat(reader, token.office, token.account))
		return no_such_token(err);
	*out = (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE,
		                        .account = token.account,
		                        .office = token.office };
	return true;
}

/* --- which there are, and ending one --------------------------------------------------------- */

static bool read_owner(struct arena *arena, struct str plain, struct str *account, struct err *err)
{
	const struct json *made;
	if (!json_read(arena, arena_copy(arena, plain), PLAIN_DEPTH, &made, err))
		return false;
	*account = json_text(made, STR("account"));
	return true;
}

bool token_is_standing(struct store *store, struct str hex, struct arena *arena, bool *standing,
                       struct str *account, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	bool ended;
	*standing = false;
	*account = STR("");
	if (hex.n != 2 * HASH_SIZE)
		return true;
	if (!store_prepare(store, MADE_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, -1);
	for (;;) {
		enum store_step step = store_step(stmt, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		struct str plain = store_str(stmt, 2);
		if (str_find_str(plain, hex) == plain.n)
			continue;
		if (!was_ended(store, hex, store_int(stmt, 0), &ended, err) ||
		    !read_owner(arena, plain, account, err))
			return false;
		*standing = !ended;
		return true;
	}
}

/*
 * A row that is not there was forgotten, when the account was reset (what it
 * was made by may have been another's) or by time. One that is not what the
 * entry's turn wrote was altered by hand: it opens nothing, and is told.
 */
static bool state_of_row(struct casebook_reader *reader, struct arena *arena, int64_t entry,
                         struct str hex, enum casebook_token_state *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct token token = { .book = reader->book };
	struct hash hash;
	bool holds = false;
	if (!hash_read_hex(hex, &hash))
		return err_set(err, ERR_FAULT, "entry %" PRId64 " makes a token without its sum",
		               entry);
	if (!store_prepare(reader->store, KEPT_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, entry);
	store_bind_blob(stmt, 2, hash_str(&hash));
	enum store_step step = store_step(stmt, err);
	*out = CASEBOOK_TOKEN_LAPSED;
	if (step != STORE_ROW)
		return step == STORE_DONE;
	token.hash = hash;
	if (!fill_row(reader, arena, stmt, &token, &holds, err))
		return false;
	holds = holds && token.entry == entry && str_eq(store_blob(stmt, 5), hash_str(&hash));
	*out = holds ? CASEBOOK_TOKEN_LIVE : CASEBOOK_TOKEN_SPOILT;
	return true;
}

static bool lapsed(struct casebook_reader *reader, const struct casebook_token *token, bool *out,
                   struct err *err)
{
	struct account_row row;
	bool found;
	if (!account_by_id(reader->store, token->account, &row, &found, err))
		return false;
	*out = token->until <= casebook_now(reader->book) || !found || row.is_ended ||
	       !reader_is_seat(reader, token->office, token->account);
	return true;
}

static bool fill_token(struct casebook_reader *reader, struct arena *arena, struct store_stmt *stmt,
                       struct casebook_token *out, struct err *err)
{
	const struct json *plain;
	struct log_header header;
	bool ended, is_lapsed;
	if (!log_header_read(store_blob(stmt, 1), &header, err) ||
	    !json_read(arena, arena_copy(arena, store_str(stmt, 2)), PLAIN_DEPTH, &plain, err))
		return false;
	*out = (struct casebook_token){ .entry = store_int(stmt, 0),
		                        .account = json_text(plain, STR("account")),
		                        .office = json_text(plain, STR("office")),
		                        .made = header.recorded };
	if (!instant_read(json_text(plain, STR("until")), &out->until))
		return err_set(err, ERR_FAULT, "entry %" PRId64 " makes a token without an end",
		               out->entry);
	if (!was_ended(reader->store, json_text(plain, STR("token")), out->entry, &ended, err) ||
	    !lapsed(reader, out, &is_lapsed, err))
		return false;
	out->state = ended ? CASEBOOK_TOKEN_ENDED : CASEBOOK_TOKEN_LAPSED;
	return ended || is_lapsed ||
	       state_of_row(reader, arena, out->entry, json_text(plain, STR("token")), &out->state,
	                    err);
}

bool casebook_tokens(struct casebook_reader *reader, struct arena *arena,
                     const struct casebook_token **out, size_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_token) };
	*out = NULL;
	*count = 0;
	if (!store_prepare(reader->store, MADE_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, -1);
	bool failed;
	for (struct casebook_token *token; (token = rows_next(&rows, stmt, &failed, err));) {
		if (!fill_token(reader, arena, stmt, token, err))
			return false;
	}
	if (failed)
		return false;
	*out = rows.at;
	*count = rows.count;
	return true;
}

/* The entry that made it says which it is: no secret is needed to end one. */
static bool token_of(struct casebook *book, struct arena *arena, int64_t entry,
                     const struct json **plain, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_entry made = { 0 };
	struct err absent = { 0 };
	if (!casebook_reader_take(book, &reader, err))
		return false;
	if (!casebook_entry_get(reader, arena, entry, &made, &absent) &&
	    absent.code != ERR_ABSENT) {
		*err = absent;
		return false;
	}
	*plain = made.plain;
	return str_eq(made.kind, STR("token.made")) ||
	       err_set(err, ERR_ABSENT,
	               "Entry %" PRId64 " made no token. See: candour account token list", entry);
}

bool casebook_token_end(struct casebook *book, const struct casebook_actor *actor,
                        enum casebook_via via, struct str machine_user, int64_t entry,
                        struct arena *arena, struct casebook_answer *answer, struct err *err)
{
	const struct json *made = NULL;
	struct json *fields = json_object(arena);
	*answer = (struct casebook_answer){ 0 };
	if (!token_of(book, arena, entry, &made, err))
		return false;
	json_put_text(arena, fields, STR("token"), json_text(made, STR("token")));
	json_put_text(arena, fields, STR("account"), json_text(made, STR("account")));
	struct casebook_act act = {
		.actor = *actor,
		.via = via,
		.kind = STR("token.ended"),
		.file = STR("R-1"),
		.fields = fields,
		.machine_user = machine_user,
	};
	if (!json_complete(fields))
		return err_set(err, ERR_UNABLE, "There is no memory for this token");
	return casebook_submit(book, &act, arena, answer, err);
}
