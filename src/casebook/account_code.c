/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One-time sign-in codes: how somebody comes into an account, first or again,
 * without anybody else ever knowing its password and its second factor.
 *
 * C1. A code is 100 bits. Its keyed tag is plain in the entry that gives
 *     it (account.added, or account.changed with what: reset) and nowhere else:
 *     there is no row that could be swapped.
 * C2. It stands while that entry is the account's newest, for 14 days.
 * C3. Where two administrators reset an account, each is told one half: who asks
 *     the first, who agrees the second, which follows from the first's tag under
 *     the register's key. Neither knows a code that works.
 * C4. Using it is the account's next entry (what: begun), with the sums of the
 *     password its owner chose and of the second factor made for him.
 */
#include "casebook/account_parts.h"

#include <string.h>

#include "casebook/query.h"
#include "casebook/readings.h"

#define PLAIN_DEPTH 8
#define HALF 10 /* letters and digits of half a code */

/* By entry_file(file, kind, idx). */
static const char SINCE_SQL[] =
	"SELECT plain FROM entry WHERE file = 0 AND kind IN ('account.added', 'account.changed',"
	" 'account.recovered', 'account.ended') AND idx > ?1 AND idx < ?2 AND plain IS NOT NULL";

static const struct str PURPOSE = { "sign-in code", 12 };
static const struct str FIRST_HALF = { "sign-in code, first half", 24 };
static const struct str SECOND_HALF = { "sign-in code, second half", 25 };

static bool no_memory(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory for this account");
}

/* One answer for everything that can be wrong: whether there is such an account is told by nothing.
 */
static bool wrong_code(struct err *err)
{
	return err_set(
		err, ERR_ABSENT,
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

/* 50 random bits, and what the entry keeps of them. */
static bool make_first_half(struct casebook *book, struct arena *arena, struct str account,
                            struct str *half, struct str *tag, struct err *err)
{
	uint8_t bytes[16];
	vault_random(book->vault, bytes, sizeof bytes);
	struct id id = id_from_bytes(bytes);
	*half = arena_format(arena, "%.5s-%.5s", id.text + 6, id.text + 11);
	vault_wipe(bytes, sizeof bytes);
	vault_wipe(&id, sizeof id);
	return half->p ? account_code_tag(book, arena, FIRST_HALF, account, *half, tag, err)
	               : no_memory(err);
}

static bool second_half(struct casebook *book, struct arena *arena, struct str account,
                        struct str first_tag, struct str *half, struct err *err)
{
	struct str pieces[2] = { account, first_tag };
	struct hash hash = vault_tag(book->vault, SECOND_HALF, arena_join(arena, pieces, 2));
	struct id id = id_from_bytes(hash.bytes);
	*half = arena_format(arena, "%.5s-%.5s", id.text + 6, id.text + 11);
	vault_wipe(&hash, sizeof hash);
	vault_wipe(&id, sizeof id);
	return half->p || no_memory(err);
}

static bool is_said_since(struct store *store, struct str account, int64_t entry, int64_t before,
                          bool *said, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *since = NULL;
	*said = false;
	if (!store_prepare(store, SINCE_SQL, &since, err))
		return false;
	store_bind_int(since, 1, entry);
	store_bind_int(since, 2, before);
	while (!*said) {
		enum store_step step = store_step(since, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		struct str plain = store_str(since, 0);
		*said = str_find_str(plain, account) < plain.n;
	}
	return true;
}

bool account_code_stands(struct store *store, struct str account, int64_t code_in, int64_t index,
                         struct err *err)
{
	bool said;
	return is_said_since(store, account, code_in, index, &said, err) &&
	       (!said || wrong_code(err));
}

bool account_newest(struct casebook_reader *reader, const struct account_row *row,
                    struct arena *arena, struct log_header *header, const struct json **plain,
                    struct err *err)
{
	struct str text;
	bool is_proved, said;
	*plain = NULL;
	if (!reader_proved_entry(reader, arena, row->newest, header, &text, &is_proved, err) ||
	    !is_said_since(reader->store, id_str(&row->id), row->newest, INT64_MAX, &said, err))
		return false;
	if (!is_proved || said || !str_starts(header->kind, STR("account.")))
		return true;
	if (!json_read(arena, text, PLAIN_DEPTH, plain, err))
		return false;
	if (!str_eq(json_text(*plain, STR("account")), id_str(&row->id)))
		*plain = NULL;
	return true;
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
                            struct arena *arena, struct casebook_account_made *out, struct err *err)
{
	CLEANUP(credentials_finish) struct credentials none = { .account = account };
	struct str first, first_tag, second, tag;
	*out = (struct casebook_account_made){ .account = account };
	if (!account_known(book, account, err) ||
	    !make_first_half(book, arena, account, &first, &first_tag, err) ||
	    !second_half(book, arena, account, first_tag, &second, err))
		return false;
	struct str whole = casebook_code_join(arena, first, second);
	if (!account_code_tag(book, arena, PURPOSE, account, whole, &tag, err))
		return false;
	struct json *fields = account_fields(arena, &none);
	json_put_text(arena, fields, STR("what"), STR("reset"));
	json_put_text(arena, fields, STR("code"), tag);
	json_put_text(arena, fields, STR("half"), first_tag);
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
	if (out->answer.outcome == CASEBOOK_ADMITTED)
		out->code = whole;
	if (out->answer.outcome == CASEBOOK_WAITING)
		out->code = first;
	return true;
}

struct str casebook_code_join(struct arena *arena, struct str first, struct str second)
{
	return arena_format(arena, "%.*s-%.*s", STR_ARG(first), STR_ARG(second));
}

/* The act.waiting that the account agreed to by that entry, as the log has it; -1: to none. */
static bool agreed_to(struct casebook_reader *reader, struct arena *arena, struct str account,
                      int64_t agreed, int64_t *of, struct err *err)
{
	struct log_header header;
	const struct json *plain;
	struct str text;
	bool is_proved;
	*of = -1;
	if (!reader_proved_entry(reader, arena, agreed, &header, &text, &is_proved, err))
		return false;
	if (!is_proved || header.by != LOG_BY_ACCOUNT ||
	    !str_eq(header.kind, STR("second.given")) || !str_eq(id_str(&header.account), account))
		return true;
	if (!json_read(arena, text, PLAIN_DEPTH, &plain, err))
		return false;
	*of = json_number(plain, STR("of"), -1);
	return true;
}

/* The half of whoever agreed, while the code that it is of stands. */
bool casebook_account_half(struct casebook_reader *reader, struct str account, int64_t agreed,
                           struct arena *arena, struct casebook_half *out, struct err *err)
{
	struct casebook_entry waits;
	struct account_row row;
	struct log_header header;
	const struct json *reset;
	int64_t of;
	bool found;
	*out = (struct casebook_half){ 0 };
	if (!agreed_to(reader, arena, account, agreed, &of, err))
		return false;
	if (of < 0)
		return err_set(err, ERR_ABSENT, "You agreed to no reset by that entry");
	if (!casebook_entry_get(reader, arena, of, &waits, err))
		return false;
	out->account = json_text(waits.plain, STR("about"));
	if (!account_by_id(reader->store, out->account, &row, &found, err))
		return false;
	if (!found)
		return err_set(err, ERR_ABSENT, "You agreed to no reset by that entry");
	if (!account_newest(reader, &row, arena, &header, &reset, err))
		return false;
	if (!reset || json_number(reset, STR("waited"), -1) != of ||
	    !json_text(reset, STR("half")).n)
		return err_set(err, ERR_ABSENT,
		               "You agreed to no reset by that entry, or its code was used");
	out->asked_by = arena_copy(arena, id_str(&header.account));
	out->until = header.recorded + CASEBOOK_CODE_DAYS * INSTANT_PER_DAY;
	return second_half(reader->book, arena, out->account, json_text(reset, STR("half")),
	                   &out->half, err);
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

/* By waiting_file(file, entry). */
static const char ASKED_SQL[] =
	"SELECT w.entry, w.account, e.plain FROM waiting AS w JOIN entry AS e ON e.idx = w.entry"
	" WHERE w.file = 0 AND w.closed IS NULL AND w.kind = 'account.changed' AND w.until_at > ?1"
	" AND e.plain IS NOT NULL ORDER BY w.entry";

bool casebook_account_asked(struct casebook_reader *reader, struct str account, struct arena *arena,
                            struct casebook_asked *out, bool *is_asked, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct str mark = arena_format(arena, "\"about\":\"%.*s\"", STR_ARG(account));
	*out = (struct casebook_asked){ 0 };
	*is_asked = false;
	if (!mark.p)
		return no_memory(err);
	if (!store_prepare(reader->store, ASKED_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, casebook_now(reader->book));
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		struct str plain = store_str(rows, 2);
		if (str_find_str(plain, mark) == plain.n)
			continue;
		*is_asked = true;
		out->entry = store_int(rows, 0);
		out->by = arena_copy(arena, store_str(rows, 1));
		return out->by.p || no_memory(err);
	}
}

/* --- used ----------------------------------------------------------------------------------- */

/* The halves may be typed in either order: nobody need know whose came first. */
static bool is_code(struct casebook *book, struct arena *arena, struct str account,
                    struct str typed, struct str wanted)
{
	char swapped[2 * HALF], plain[2 * HALF];
	struct err ignored = { 0 };
	struct str tag, other = STR_NONE;
	size_t n = 0;
	for (size_t i = 0; i < typed.n; i++) {
		char c = typed.p[i];
		bool counts =
			(c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (counts && n < sizeof plain)
			plain[n] = c;
		n += counts;
	}
	if (!account_code_tag(book, arena, PURPOSE, account, typed, &tag, &ignored))
		return false;
	if (n == sizeof plain) {
		memcpy(swapped, plain + HALF, HALF);
		memcpy(swapped + HALF, plain, HALF);
		struct str text = { swapped, sizeof swapped };
		if (!account_code_tag(book, arena, PURPOSE, account, text, &other, &ignored))
			return false;
	}
	vault_wipe(plain, sizeof plain);
	vault_wipe(swapped, sizeof swapped);
	return str_eq_constant_time(wanted, tag) ||
	       (other.n && str_eq_constant_time(wanted, other));
}

/* The account whose code this is, and the entry that gave it. */
static bool find_code(struct casebook *book, const struct casebook_beginning *beginning,
                      struct arena *arena, struct credentials *out,
                      struct casebook_account_begun *begun, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct json *plain;
	struct account_row row;
	struct log_header header;
	struct str name_tag;
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
	if (!account_newest(reader, &row, arena, &header, &plain, err))
		return false;
	if (!plain)
		return wrong_code(err);
	if (!is_code(book, arena, out->account, beginning->code, json_text(plain, STR("code"))) ||
	    casebook_now(book) >= header.recorded + CASEBOOK_CODE_DAYS * INSTANT_PER_DAY)
		return wrong_code(err);
	begun->was_reset = str_eq(json_text(plain, STR("what")), STR("reset"));
	begun->given_in = row.newest;
	begun->given = header.recorded;
	begun->given_by =
		header.by == LOG_BY_ACCOUNT ? arena_copy(arena, id_str(&header.account)) : STR("");
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
