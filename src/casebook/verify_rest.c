/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Truth beside the entries, once they were walked: nothing more lies there than they speak of. */
#include "casebook/verify.h"

static const char SEALED_SQL[] = "SELECT COUNT(*) FROM reading WHERE sealed_in IS NOT NULL";
static const char UNSEALED_SQL[] = "SELECT COUNT(*) FROM reading WHERE sealed_in IS NULL";
static const char FIRST_OPEN_SQL[] =
	"SELECT COALESCE(MIN(n), -1) FROM reading WHERE sealed_in IS NULL";
/* `account` is the shadow: what the entries make of it. */
static const char ACCOUNTS_SQL[] = "SELECT id, newest FROM account ORDER BY id";
/* By entry_file(file, kind, idx). */
static const char ENTRY_SQL[] = "SELECT kind, plain FROM entry WHERE idx = ?1";
static const char OLDER_SQL[] =
	"SELECT plain FROM entry WHERE file = 0 AND kind IN ('account.added', 'account.changed',"
	" 'account.recovered') AND idx < ?1 ORDER BY idx DESC";
static const char CREDENTIAL_SQL[] =
	"SELECT bytes FROM credential WHERE account = ?1 AND sort = ?2";
static const char CREDENTIALS_SQL[] = "SELECT COUNT(*) FROM credential";

/* --- readings ------------------------------------------------------------------------------- */

static bool check_readings(struct verify *verify, struct err *err)
{
	int64_t sealed = 0, first = 0;
	if (!store_get_int(verify->views, SEALED_SQL, &sealed, err) ||
	    !store_get_int(verify->views, UNSEALED_SQL, &verify->out->unsealed_readings, err) ||
	    !store_get_int(verify->views, FIRST_OPEN_SQL, &first, err))
		return false;
	if (sealed != verify->readings)
		return verify_differs(verify, "reading.sealed_in", -1,
		                      "Entries sealed %" PRId64 " readings, and rows of %" PRId64
		                      " say so",
		                      verify->readings, sealed);
	return first < 0 || first > verify->readings_last ||
	       verify_differs(verify, "reading.sealed_in", -1,
	                      "Reading %" PRId64 " is not sealed, and later ones are", first);
}

/* --- credentials ---------------------------------------------------------------------------- */

/* The sums that stand for an account now: in its newest entry, or in the one before it ended. */
static bool sums_of(struct verify *verify, struct str account, int64_t newest,
                    const struct json **out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	bool is_first = true;
	if (!store_prepare(verify->views, ENTRY_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, newest);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			return verify_differs(verify, "account.newest", newest,
			                      "The account %.*s has no entry", STR_ARG(account));
		struct verify_entry entry = { .index = newest,
			                      .plain = store_str(rows, is_first ? 1 : 0) };
		if (!verify_plain(verify, &entry, out, err))
			return false;
		if (json_text(*out, STR("password")).p &&
		    str_eq(json_text(*out, STR("account")), account)) {
			/* The text goes with the row. */
			struct str copy = arena_copy(verify->scratch, entry.plain);
			return copy.p ? json_read(verify->scratch, copy, 8, out, err)
			              : err_set(err, ERR_UNABLE, "There is no memory to verify");
		}
		if (!is_first)
			continue;
		is_first = false;
		store_stmt_finish(&rows);
		if (!store_prepare(verify->views, OLDER_SQL, &rows, err))
			return false;
		store_bind_int(rows, 1, newest);
	}
}

static bool check_credential(struct verify *verify, struct str account, struct str sort,
                             const struct json *sums, int64_t *seen, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
	struct hash wanted, none = hash_of(STR(""));
	if (!hash_read_hex(json_text(sums, sort), &wanted))
		return true;
	if (!store_prepare(verify->views, CREDENTIAL_SQL, &row, err))
		return false;
	store_bind_str(row, 1, account);
	store_bind_str(row, 2, sort);
	enum store_step step = store_step(row, err);
	if (step == STORE_FAILED)
		return false;
	struct hash hash = hash_of(step == STORE_ROW ? store_blob(row, 0) : STR(""));
	if (step == STORE_DONE && !hash_eq(&wanted, &none))
		return verify_differs(verify, "credential.sort", -1,
		                      "The %.*s of the account %.*s is gone", STR_ARG(sort),
		                      STR_ARG(account));
	*seen += step == STORE_ROW;
	return hash_eq(&hash, &wanted) ||
	       verify_differs(
		       verify, "credential.bytes", -1,
		       "The %.*s of the account %.*s is not the one its newest entry speaks of",
		       STR_ARG(sort), STR_ARG(account));
}

static bool check_credentials(struct verify *verify, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *accounts = NULL;
	int64_t seen = 0, there = 0;
	if (!store_prepare(verify->views, ACCOUNTS_SQL, &accounts, err))
		return false;
	for (;;) {
		const struct json *sums = NULL;
		enum store_step step = store_step(accounts, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		struct str account = store_str(accounts, 0);
		if (!sums_of(verify, account, store_int(accounts, 1), &sums, err) ||
		    !check_credential(verify, account, STR("password"), sums, &seen, err) ||
		    !check_credential(verify, account, STR("totp"), sums, &seen, err))
			return false;
	}
	if (!store_get_int(verify->views, CREDENTIALS_SQL, &there, err))
		return false;
	return there == seen ||
	       verify_differs(verify, "credential.account", -1,
	                      "There are %" PRId64 " credentials that no account has",
	                      there - seen);
}

bool verify_rest(struct verify *verify, struct err *err)
{
	return check_readings(verify, err) && check_credentials(verify, err) &&
	       verify_objects_rest(verify, err);
}
