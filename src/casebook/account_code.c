/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One-time sign-in codes: how somebody comes into an account, first or again,
 * without anybody else ever knowing its password and its second factor.
 *
 * C1. A code is 100 random bits. Its keyed tag is plain in the entry that gives
 *     it (account.added, or account.changed with what: reset) and nowhere else:
 *     there is no row that could be swapped.
 * C2. It stands while that entry is the account's newest, for 14 days.
 * C3. Using it is the account's next entry (what: begun), with the sums of the
 *     password its owner chose and of the second factor made for him.
 */
#include "casebook/account_parts.h"

#define PLAIN_DEPTH 8

/* By entry_file(file, kind, idx). */
static const char SINCE_SQL[] =
	"SELECT plain FROM entry WHERE file = 0 AND kind IN ('account.added', 'account.changed',"
	" 'account.recovered', 'account.ended') AND idx > ?1 AND idx < ?2 AND plain IS NOT NULL";
static const char GIVEN_SQL[] = "SELECT kind, plain, header FROM entry WHERE idx = ?1";

static const struct str PURPOSE = { "sign-in code", 12 };

static bool no_memory(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory for this account");
}

/* One answer for everything that can be wrong: whether there is such an account is told by nothing.
 */
static bool wrong_code(struct err *err)
{
	return err_set(err, ERR_ABSENT,
	               "The account name or the code is not right, or the code was used or has run out");
}

bool account_code_make(struct casebook *book, struct arena *arena, struct str account,
                       struct str *code, struct str *tag, struct err *err)
{
	uint8_t bytes[16];
	vault_random(book->vault, bytes, sizeof bytes);
	struct id id = id_from_bytes(bytes);
	*code = arena_format(arena, "%.5s-%.5s-%.5s-%.5s", id.text + 6, id.text + 11, id.text + 16,
	                     id.text + 21);
	vault_wipe(bytes, sizeof bytes);
	vault_wipe(&id, sizeof id);
	if (!code->p)
		return no_memory(err);
	return account_code_tag(book, arena, PURPOSE, account, *code, tag, err);
}

bool account_code_stands(struct store *store, struct str account, int64_t code_in, int64_t index,
                         struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *since = NULL;
	if (!store_prepare(store, SINCE_SQL, &since, err))
		return false;
	store_bind_int(since, 1, code_in);
	store_bind_int(since, 2, index);
	for (;;) {
		enum store_step step = store_step(since, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		struct str plain = store_str(since, 0);
		if (str_find_str(plain, account) < plain.n)
			return wrong_code(err);
	}
}

/* --- given ---------------------------------------------------------------------------------- */

/* credential_void goes with the entry itself (turn_admit), whoever's yes admits it. */
static bool write_nothing(void *ctx, struct store *store, int64_t index, struct err *err)
{
	(void)ctx;
	(void)store;
	(void)index;
	(void)err;
	return true;
}

bool casebook_account_reset(struct casebook *book, const struct casebook_actor *actor,
                            enum casebook_via via, struct str machine_user, struct str account,
                            struct arena *arena, struct casebook_account_made *out,
                            struct err *err)
{
	CLEANUP(credentials_finish) struct credentials none = { .account = account };
	struct str tag;
	*out = (struct casebook_account_made){ .account = account };
	if (!account_known(book, account, err) ||
	    !account_code_make(book, arena, account, &out->code, &tag, err))
		return false;
	struct json *fields = account_fields(arena, &none);
	json_put_text(arena, fields, STR("what"), STR("reset"));
	json_put_text(arena, fields, STR("code"), tag);
	struct casebook_act act = {
		.actor = *actor,
		.via = via,
		.kind = STR("account.changed"),
		.file = STR(ACCOUNT_FILE),
		.fields = fields,
		.machine_user = machine_user,
	};
	if (!json_complete(fields))
		return no_memory(err);
	if (!casebook_submit_with(book, &act, write_nothing, NULL, arena, &out->answer, err))
		return false;
	if (out->answer.outcome != CASEBOOK_ADMITTED && out->answer.outcome != CASEBOOK_WAITING)
		out->code = STR_NONE;
	return true;
}

bool account_code_given(struct str plain, instant recorded, instant *until)
{
	static const struct str MARK = { "\"code\":\"", 8 };
	*until = 0;
	if (str_find_str(plain, MARK) == plain.n)
		return false;
	*until = recorded + CASEBOOK_CODE_DAYS * INSTANT_PER_DAY;
	return true;
}

/* --- used ----------------------------------------------------------------------------------- */

/* The account whose code this is, and the entry that gave it. */
static bool find_code(struct casebook *book, const struct casebook_beginning *beginning,
                      struct arena *arena, struct credentials *out,
                      struct casebook_account_begun *begun, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *given = NULL;
	const struct json *plain;
	struct account_row row;
	struct log_header header;
	struct str name_tag, tag;
	bool found = false;
	if (!account_tag(book, arena, beginning->name, &name_tag, err))
		return err->code == ERR_INPUT ? wrong_code(err) : false;
	if (!casebook_reader_take(book, &reader, err) ||
	    !account_by_tag(reader->store, name_tag, &row, &found, err))
		return false;
	if (!found || row.is_ended)
		return wrong_code(err);
	out->account = arena_copy(arena, id_str(&row.id));
	out->code_in = row.newest;
	if (!out->account.p)
		return no_memory(err);
	if (!store_prepare(reader->store, GIVEN_SQL, &given, err))
		return false;
	store_bind_int(given, 1, row.newest);
	if (store_step(given, err) != STORE_ROW)
		return err_set(err, ERR_FAULT, "an account's newest entry is gone");
	if (!log_header_read(store_blob(given, 2), &header, err) ||
	    !json_read(arena, arena_copy(arena, store_str(given, 1)), PLAIN_DEPTH, &plain, err) ||
	    !account_code_tag(book, arena, PURPOSE, out->account, beginning->code, &tag, err))
		return false;
	if (!str_eq_constant_time(json_text(plain, STR("code")), tag) ||
	    casebook_now(book) >= header.recorded + CASEBOOK_CODE_DAYS * INSTANT_PER_DAY)
		return wrong_code(err);
	begun->was_reset = str_eq(json_text(plain, STR("what")), STR("reset"));
	begun->given_in = row.newest;
	begun->given = header.recorded;
	begun->given_by = header.by == LOG_BY_ACCOUNT
	                          ? arena_copy(arena, id_str(&header.account))
	                          : STR("");
	return true;
}

bool casebook_account_begin(struct casebook *book, const struct casebook_beginning *beginning,
                            struct arena *arena, struct casebook_account_begun *out,
                            struct err *err)
{
	CLEANUP(credentials_finish) struct credentials new = { 0 };
	struct casebook_actor founder = { .by = CASEBOOK_BY_REGISTER };
	*out = (struct casebook_account_begun){ 0 };
	if (!find_code(book, beginning, arena, &new, out, err) ||
	    !credentials_password(book, beginning->password, &new, err) ||
	    !credentials_totp(book, &new, arena, &out->made.totp_base32, err))
		return false;
	out->made.account = new.account;
	struct json *fields = account_fields(arena, &new);
	json_put_text(arena, fields, STR("what"), STR("begun"));
	return account_submit(book, &founder, beginning->via, beginning->machine_user,
	                      STR("account.changed"), fields, &new, arena, &out->made.answer, err);
}
