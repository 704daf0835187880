/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Accounts. An account is what its entries on the register's own file say;
 * the credentials lie beside, written in the same turn, and each entry holds
 * the SHA-256 of both, so that one that was swapped shows.
 */
#include "casebook/account_parts.h"

#include "casebook/chart.h"
#include "casebook/credential.h"
#include "casebook/rows.h"
#include "casebook/turn.h"

#define PASSWORD_MIN 12
#define ACCOUNTS_MAX 100000
#define SETUP_STATE "setup-code"
#define CODE_MAX 64 /* letters and digits of a code */

static const struct str PASSWORD = { "password", 8 };
static const struct str TOTP = { "totp", 4 };

void credentials_finish(struct credentials *credentials)
{
	vault_wipe(credentials->password, sizeof credentials->password);
	buf_finish(&credentials->totp);
}

static bool no_memory(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory for this account");
}

/* --- credentials ---------------------------------------------------------------------------- */

bool credentials_password(struct casebook *book, struct str password, struct credentials *out,
                          struct err *err)
{
	if (password.n < PASSWORD_MIN || password.n > VAULT_PASSWORD_MAX)
		return err_set(err, ERR_INPUT, "A password has at least %d letters, and at most %d",
		               PASSWORD_MIN, VAULT_PASSWORD_MAX);
	if (!vault_password_hash(book->vault, password, out->password, err))
		return false;
	out->has_password = true;
	out->password_sum = hash_of(str_from_c(out->password));
	return true;
}

/* The secret goes sealed into `out`, and once as base32 into the arena, to be shown. */
bool credentials_totp(struct casebook *book, struct credentials *out, struct arena *arena,
                      struct str *base32, struct err *err)
{
	uint8_t secret[VAULT_TOTP_SECRET];
	char text[VAULT_TOTP_BASE32];
	vault_totp_make(book->vault, secret);
	vault_totp_base32(secret, text);
	buf_init(&out->totp, CREDENTIAL_MAX);
	bool done = vault_seal_own(book->vault, TOTP, out->account,
	                           str_from_bytes(secret, sizeof secret), &out->totp, err);
	*base32 = arena_copy(arena, (struct str){ text, sizeof text });
	vault_wipe(secret, sizeof secret);
	vault_wipe(text, sizeof text);
	if (!done || !base32->p)
		return done ? no_memory(err) : false;
	out->has_totp = true;
	out->totp_sum = hash_of(buf_str(&out->totp));
	return true;
}

static const char SESSIONS_SQL[] = "DELETE FROM short_session WHERE account = ?1";
static const char STATE_DROP_SQL[] = "DELETE FROM short_state WHERE name = ?1 AND value = ?2";

/* Dead at first use: of two who use it at once, one finds it gone, and his act fails. */
static bool drop_setup_code(struct store *store, struct str tag, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, STATE_DROP_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, STR(SETUP_STATE));
	store_bind_str(stmt, 2, tag);
	if (!store_do(stmt, err))
		return false;
	return store_changes(store) == 1 ||
	       err_set(err, ERR_ABSENT, "This set-up code was used already");
}

static bool end_sessions(struct store *store, struct str account, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, SESSIONS_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, account);
	return store_do(stmt, err);
}

/* The entry says which the other one is: it must not have changed while this act was under way. */
static bool other_stands(struct store *store, const struct credentials *new, struct err *err)
{
	struct buf kept;
	buf_init(&kept, CREDENTIAL_MAX);
	bool done = credential_read(store, new->account, new->has_password ? TOTP : PASSWORD, &kept,
	                            err);
	struct hash sum = hash_of(buf_str(&kept));
	buf_finish(&kept);
	if (!done)
		return false;
	return hash_eq(&sum, new->has_password ? &new->totp_sum : &new->password_sum) ||
	       err_set(err, ERR_UNABLE, "This account was changed just now. Try again");
}

bool credentials_write(void *ctx, struct store *store, int64_t index, struct err *err)
{
	const struct credentials *new = ctx;
	if (new->code_in && !account_code_stands(store, new->account, new->code_in, index, err))
		return false;
	if (new->has_password != new->has_totp && !other_stands(store, new, err))
		return false;
	if (new->is_recovery && !credential_void(store, new->account, err))
		return false;
	if (new->has_password &&
	    !credential_write(store, new->account, PASSWORD, str_from_c(new->password), err))
		return false;
	if (new->has_totp && !credential_write(store, new->account, TOTP, buf_str(&new->totp), err))
		return false;
	/* Whoever was let in by what no longer holds is out: it is set when the old one may be
	 * known. */
	if ((new->has_password || new->has_totp) && !end_sessions(store, new->account, err))
		return false;
	return !new->setup_tag.n || drop_setup_code(store, new->setup_tag, err);
}

/* Sums of what stands, for the credential that does not change. */
static bool keep_others(struct casebook *book, struct credentials *out, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct buf kept;
	if (!casebook_reader_take(book, &reader, err))
		return false;
	buf_init(&kept, CREDENTIAL_MAX);
	bool done = credential_read(reader->store, out->account,
	                            out->has_password ? TOTP : PASSWORD, &kept, err);
	if (done && out->has_password)
		out->totp_sum = hash_of(buf_str(&kept));
	else if (done)
		out->password_sum = hash_of(buf_str(&kept));
	buf_finish(&kept);
	return done;
}

/* --- acts ----------------------------------------------------------------------------------- */

struct json *account_fields(struct arena *arena, struct credentials *new)
{
	struct json *fields = json_object(arena);
	/* What is not there has the sum of nothing, so that verify finds what somebody put there.
	 */
	if (!new->has_password && !new->has_totp)
		new->password_sum = new->totp_sum = hash_of(STR(""));
	json_put_text(arena, fields, STR("account"), new->account);
	json_put_text(arena, fields, PASSWORD, hash_hex(arena, &new->password_sum));
	json_put_text(arena, fields, TOTP, hash_hex(arena, &new->totp_sum));
	return fields;
}

bool account_submit(struct casebook *book, const struct casebook_actor *actor,
                    enum casebook_via via, struct str machine_user, struct str kind,
                    const struct json *fields, struct credentials *new, struct arena *arena,
                    struct casebook_answer *answer, struct err *err)
{
	struct casebook_act act = {
		.actor = *actor,
		.via = via,
		.kind = kind,
		.file = STR(ACCOUNT_FILE),
		.fields = fields,
		.machine_user = machine_user,
	};
	if (!json_complete(fields))
		return no_memory(err);
	return casebook_submit_with(book, &act, credentials_write, new, arena, answer, err);
}

static bool name_is_free(struct casebook *book, struct str tag, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct account_row row;
	bool found;
	if (!casebook_reader_take(book, &reader, err) ||
	    !account_by_tag(reader->store, tag, &row, &found, err))
		return false;
	return !found ||
	       err_set(err, ERR_INPUT, "There is an account of this name already. Choose another");
}

static bool add(struct casebook *book, const struct casebook_actor *actor, enum casebook_via via,
                const struct casebook_new_account *new_account, bool by_code, struct arena *arena,
                struct casebook_account_made *out, struct err *err)
{
	CLEANUP(credentials_finish) struct credentials new = { 0 };
	uint8_t bytes[16];
	struct str tag, code_tag = STR_NONE;
	*out = (struct casebook_account_made){ 0 };
	vault_random(book->vault, bytes, sizeof bytes);
	struct id id = id_from_bytes(bytes);
	new.account = arena_copy(arena, id_str(&id));
	if (!new.account.p)
		return no_memory(err);
	if (!account_tag(book, arena, new_account->name, &tag, err) ||
	    !name_is_free(book, tag, err))
		return false;
	if (by_code ? !account_code_make(book, arena, new.account, &out->code, &code_tag, err)
	            : (!credentials_password(book, new_account->password, &new, err) ||
	               !credentials_totp(book, &new, arena, &out->totp_base32, err)))
		return false;
	struct json *fields = account_fields(arena, &new);
	if (code_tag.n)
		json_put_text(arena, fields, STR("code"), code_tag);
	json_put_text(arena, fields, STR("tag"), tag);
	json_put_text(arena, fields, STR("name"), new_account->name);
	if (new_account->person.n)
		json_put_text(arena, fields, STR("person"), new_account->person);
	if (!casebook_is_opened(book))
		json_put_bool(arena, fields, STR("founding"), true);
	out->account = new.account;
	return account_submit(book, actor, via, new_account->machine_user, STR("account.added"),
	                      fields, &new, arena, &out->answer, err);
}

bool casebook_account_add(struct casebook *book, const struct casebook_actor *actor,
                          enum casebook_via via, const struct casebook_new_account *new_account,
                          struct arena *arena, struct casebook_account_made *out, struct err *err)
{
	return add(book, actor, via, new_account, !new_account->password.p, arena, out, err);
}

bool account_known(struct casebook *book, struct str account, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct account_row row;
	bool found;
	if (!casebook_reader_take(book, &reader, err) ||
	    !account_by_id(reader->store, account, &row, &found, err))
		return false;
	return (found && !row.is_ended) || err_set(err, ERR_ABSENT, "There is no such account");
}

bool casebook_account_password(struct casebook *book, const struct casebook_actor *actor,
                               enum casebook_via via, struct str machine_user, struct str account,
                               struct str password, struct arena *arena,
                               struct casebook_answer *out, struct err *err)
{
	CLEANUP(credentials_finish) struct credentials new = { .account = account };
	*out = (struct casebook_answer){ 0 };
	if (!account_known(book, account, err) ||
	    !credentials_password(book, password, &new, err) || !keep_others(book, &new, err))
		return false;
	struct json *fields = account_fields(arena, &new);
	json_put_text(arena, fields, STR("what"), PASSWORD);
	return account_submit(book, actor, via, machine_user, STR("account.changed"), fields, &new,
	                      arena, out, err);
}

bool casebook_account_totp(struct casebook *book, const struct casebook_actor *actor,
                           enum casebook_via via, struct str machine_user, struct str account,
                           struct arena *arena, struct casebook_account_made *out, struct err *err)
{
	CLEANUP(credentials_finish) struct credentials new = { .account = account };
	*out = (struct casebook_account_made){ .account = account };
	if (!account_known(book, account, err) ||
	    !credentials_totp(book, &new, arena, &out->totp_base32, err) ||
	    !keep_others(book, &new, err))
		return false;
	struct json *fields = account_fields(arena, &new);
	json_put_text(arena, fields, STR("what"), TOTP);
	return account_submit(book, actor, via, machine_user, STR("account.changed"), fields, &new,
	                      arena, &out->answer, err);
}

bool casebook_account_recover(struct casebook *book, const struct casebook_recovery *recovery,
                              struct arena *arena, struct casebook_account_made *out,
                              struct err *err)
{
	CLEANUP(credentials_finish)
	struct credentials new = { .account = recovery->account, .is_recovery = true };
	*out = (struct casebook_account_made){ .account = recovery->account };
	if (!account_known(book, recovery->account, err) ||
	    !vault_join(book->dir, recovery->shares, recovery->share_count, VAULT_JOIN_PROVE,
	                err) ||
	    !credentials_password(book, recovery->password, &new, err) ||
	    !credentials_totp(book, &new, arena, &out->totp_base32, err))
		return false;
	struct json *fields = account_fields(arena, &new);
	json_put_integer(arena, fields, STR("officers"), (int64_t)recovery->share_count);
	struct casebook_act act = {
		.actor = { .by = CASEBOOK_BY_REGISTER },
		.via = CASEBOOK_CLI,
		.kind = STR("account.recovered"),
		.file = STR(ACCOUNT_FILE),
		.fields = fields,
		.machine_user = recovery->machine_user,
	};
	if (!json_complete(fields))
		return no_memory(err);
	return casebook_submit_with(book, &act, credentials_write, &new, arena, &out->answer, err);
}

/* --- the first administrator ---------------------------------------------------------------- */

static const char STATE_SQL[] = "SELECT value FROM short_state WHERE name = ?1"; /* primary key */
static const char STATE_PUT_SQL[] = "INSERT INTO short_state (name, value) VALUES (?1, ?2)"
				    " ON CONFLICT (name) DO UPDATE SET value = excluded.value";

bool account_code_tag(struct casebook *book, struct arena *arena, struct str purpose,
                      struct str account, struct str code, struct str *tag, struct err *err)
{
	char plain[ID_LENGTH + CODE_MAX];
	size_t n = 0;
	for (; n < account.n && n < ID_LENGTH; n++)
		plain[n] = account.p[n];
	for (size_t i = 0; i < code.n && n < sizeof plain; i++) {
		char c = code.p[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
			plain[n++] = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
	}
	struct hash hash = vault_tag(book->vault, purpose, (struct str){ plain, n });
	*tag = hash_hex(arena, &hash);
	vault_wipe(plain, sizeof plain);
	return tag->p || no_memory(err);
}

static bool setup_tag(struct casebook *book, struct arena *arena, struct str code, struct str *tag,
                      struct err *err)
{
	return account_code_tag(book, arena, STR("setup"), STR(""), code, tag, err);
}

bool setup_code_write(struct casebook *book, struct store *store, struct str code, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(4096);
	struct str tag;
	if (!arena)
		return no_memory(err);
	if (!setup_tag(book, arena, code, &tag, err) ||
	    !store_prepare(store, STATE_PUT_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, STR(SETUP_STATE));
	store_bind_str(stmt, 2, tag);
	return store_do(stmt, err);
}

/* By the log, which the code's row does not outlive: a row brought back by hand gives nothing. */
static bool has_administrator(struct casebook_reader *reader, bool *has, struct err *err)
{
	/* By entry_file(file, kind, idx). */
	static const char HELD_SQL[] =
		"SELECT 1 FROM entry WHERE file = ?1 AND kind = 'office.held' LIMIT 1";
	CLEANUP(store_stmt_finish) struct store_stmt *held = NULL;
	const struct pack_office *role =
		pack_office_find(reader_pack(reader), STR("register-administrator"));
	const struct chart_office *office =
		role ? chart_instance(reader->chart, role, STR_NONE, STR_NONE) : NULL;
	*has = false;
	if (!office || reader->book->is_drill) /* in a drill, --as names the first by the way */
		return true;
	if (!store_prepare(reader->store, HELD_SQL, &held, err))
		return false;
	store_bind_int(held, 1, office->file);
	enum store_step step = store_step(held, err);
	*has = step == STORE_ROW;
	return step != STORE_FAILED;
}

static bool check_setup_code(struct casebook *book, struct str tag, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	bool has;
	if (!casebook_reader_take(book, &reader, err) || !has_administrator(reader, &has, err) ||
	    !store_prepare(reader->store, STATE_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, STR(SETUP_STATE));
	enum store_step step = store_step(stmt, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE || has)
		return err_set(err, ERR_ABSENT,
		               "This register has its first administrator already");
	return str_eq_constant_time(store_str(stmt, 0), tag) ||
	       err_set(err, ERR_ABSENT, "This is not the set-up code of this register");
}

static bool administrators_office(struct casebook *book, struct arena *arena, struct str *office,
                                  struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	if (!casebook_reader_take(book, &reader, err))
		return false;
	const struct pack_office *role =
		pack_office_find(reader_pack(reader), STR("register-administrator"));
	const struct chart_office *found =
		role ? chart_instance(reader->chart, role, STR_NONE, STR_NONE) : NULL;
	*office = found ? arena_copy(arena, found->id) : STR_NONE;
	return office->p || err_set(err, ERR_FAULT, "no office of register-administrator");
}

/* The office is named by the number of its file, as any file is. */
static bool hold_office(struct casebook *book, struct str office, struct credentials *hook,
                        struct arena *arena, struct casebook_answer *answer, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_file file = { 0 };
	if (!casebook_reader_take(book, &reader, err))
		return false;
	const struct chart_office *found = chart_find(reader->chart, office);
	if (!found || !casebook_file_get(reader, arena, found->file, &file, err))
		return found ? false
		             : err_set(err, ERR_FAULT, "no office of register-administrator");
	casebook_reader_give(&reader);
	struct json *fields = json_object(arena);
	json_put_text(arena, fields, STR("office"), office);
	json_put_text(arena, fields, STR("account"), hook->account);
	json_put_bool(arena, fields, STR("founding"), true);
	struct casebook_act act = {
		.actor = { .by = CASEBOOK_BY_REGISTER },
		.via = CASEBOOK_REGISTER,
		.kind = STR("office.held"),
		.file = file.id,
		.fields = fields,
	};
	if (!json_complete(fields))
		return no_memory(err);
	return casebook_submit_with(book, &act, credentials_write, hook, arena, answer, err);
}

bool casebook_account_first(struct casebook *book, struct str setup_code,
                            const struct casebook_new_account *new_account, struct arena *arena,
                            struct casebook_account_made *out, struct err *err)
{
	struct casebook_actor founder = { .by = CASEBOOK_BY_REGISTER };
	struct credentials hook = { 0 };
	struct casebook_answer held;
	struct str office;
	*out = (struct casebook_account_made){ 0 };
	if (!setup_tag(book, arena, setup_code, &hook.setup_tag, err) ||
	    !check_setup_code(book, hook.setup_tag, err) ||
	    !administrators_office(book, arena, &office, err) ||
	    !add(book, &founder, CASEBOOK_REGISTER, new_account, false, arena, out, err))
		return false;
	if (out->answer.outcome != CASEBOOK_ADMITTED)
		return true;
	/* The code dies with the second act: broken off between the two, it can be used once more.
	 */
	hook.account = out->account;
	if (!hold_office(book, office, &hook, arena, &held, err))
		return false;
	out->answer = held;
	return true;
}

bool casebook_setup_waits(struct casebook *book, bool *waits, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	bool has;
	*waits = false;
	if (!casebook_reader_take(book, &reader, err) || !has_administrator(reader, &has, err) ||
	    !store_prepare(reader->store, STATE_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, STR(SETUP_STATE));
	enum store_step step = store_step(stmt, err);
	*waits = step == STORE_ROW && !has;
	return step != STORE_FAILED;
}

bool casebook_setup_check(struct casebook *book, struct str code, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(4096);
	struct str tag;
	if (!arena)
		return no_memory(err);
	return setup_tag(book, arena, code, &tag, err) && check_setup_code(book, tag, err);
}

/* --- names ---------------------------------------------------------------------------------- */

bool casebook_account_find(struct casebook_reader *reader, struct arena *arena, struct str name,
                           struct str *account, struct err *err)
{
	struct account_row row;
	struct str tag;
	bool found = false;
	*account = STR_NONE;
	if (!account_tag(reader->book, arena, name, &tag, err))
		return err->code == ERR_INPUT ? err_set(err, ERR_ABSENT, "There is no such account")
		                              : false;
	if (!account_by_tag(reader->store, tag, &row, &found, err))
		return false;
	if (!found || row.is_ended)
		return err_set(err, ERR_ABSENT, "There is no such account");
	*account = arena_copy(arena, id_str(&row.id));
	return account->p || no_memory(err);
}

/* The name in one of the account's entries; p NULL: none there, or its seal does not open. */
static bool name_in(struct casebook_reader *reader, struct arena *arena, int64_t entry,
                    struct str *name, struct err *err)
{
	const struct json *sealed = NULL;
	if (!reader_open_own(reader, entry, arena, &sealed, err))
		return false;
	*name = json_text(sealed, STR("name"));
	return true;
}

static bool name_of(struct casebook_reader *reader, struct arena *arena,
                    const struct account_row *row, struct str *name, struct err *err)
{
	*name = STR_NONE;
	if (row->newest != row->entry && !name_in(reader, arena, row->newest, name, err))
		return false;
	return name->n || name_in(reader, arena, row->entry, name, err);
}

bool casebook_account_name(struct casebook_reader *reader, struct arena *arena, struct str account,
                           struct str *name, struct err *err)
{
	struct account_row row;
	bool found;
	*name = STR_NONE;
	if (!account_by_id(reader->store, account, &row, &found, err))
		return false;
	if (found && !name_of(reader, arena, &row, name, err))
		return false;
	return name->n || err_set(err, ERR_ABSENT, "There is no such account");
}

static const char ALL_SQL[] =
	"SELECT a.id, a.entry, a.newest, a.ended, e.plain, n.plain, n.header FROM account AS a"
	" LEFT JOIN entry AS e ON e.idx = a.entry LEFT JOIN entry AS n ON n.idx = a.newest"
	" ORDER BY a.entry LIMIT ?1"; /* the whole table; entries by primary key */

static bool fill_account(struct casebook_reader *reader, struct arena *arena,
                         struct store_stmt *stmt, struct casebook_account_row *out, struct err *err)
{
	struct account_row row = { .entry = store_int(stmt, 1), .newest = store_int(stmt, 2) };
	out->id = arena_copy(arena, store_str(stmt, 0));
	out->is_ended = !store_is_null(stmt, 3);
	struct str plain = store_str(stmt, 4);
	out->is_founding = str_find_str(plain, STR("\"founding\":true")) < plain.n;
	if (!out->id.p)
		return no_memory(err);
	struct log_header header;
	if (!log_header_read(store_blob(stmt, 6), &header, err))
		return false;
	(void)account_code_given(store_str(stmt, 5), header.recorded, &out->code_until);
	return signed_in_at(reader->book, reader->store, out->id, &out->signed_in, err) &&
	       name_of(reader, arena, &row, &out->name, err);
}

bool casebook_accounts(struct casebook_reader *reader, struct arena *arena,
                       const struct casebook_account_row **out, size_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_account_row) };
	*out = NULL;
	*count = 0;
	if (!store_prepare(reader->store, ALL_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, ACCOUNTS_MAX);
	bool failed;
	for (struct casebook_account_row *row; (row = rows_next(&rows, stmt, &failed, err));) {
		if (!fill_account(reader, arena, stmt, row, err))
			return false;
	}
	if (failed)
		return false;
	*out = rows.at;
	*count = rows.count;
	return true;
}
