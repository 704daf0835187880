/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Proving who somebody is: password and six digits together, at one cost and
 * with one answer for everything that can be wrong.
 *
 * P1. A name nobody has is treated as an account whose password never fits:
 *     the same hashing, the same counting, the same wait.
 * P2. From the fifth wrong try on each costs a wait, one minute at first and
 *     twice as long each time, an hour at most. A wait is one name's, never
 *     everybody's.
 * P3. Digits serve once: the last step is kept, and compared again inside the
 *     writing, so that two at the same moment are one.
 */
#include "casebook/account.h"

#include "casebook/credential.h"

#define FREE_TRIES 5
#define WAIT_FIRST INSTANT_PER_MINUTE
#define WAIT_MOST INSTANT_PER_HOUR
#define MESSAGE_ARENA 4096
#define PROOF_ROOM ((size_t)1 << 20)

static const char TRIES_SQL[] = "SELECT step, tries, wait_until FROM short_totp WHERE account = ?1";
static const char TRIES_PUT_SQL[] =
	"INSERT INTO short_totp (account, step, tries, wait_until) VALUES (?1, ?2, ?3, ?4)"
	" ON CONFLICT (account) DO UPDATE SET step = excluded.step, tries = excluded.tries,"
	" wait_until = excluded.wait_until";
static const char SIGNED_IN_SQL[] =
	"INSERT INTO short_signed_in (account, at, tag) VALUES (?1, ?2, ?3)"
	" ON CONFLICT (account) DO UPDATE SET at = excluded.at, tag = excluded.tag";
static const char SIGNED_IN_AT_SQL[] = "SELECT at, tag FROM short_signed_in WHERE account = ?1";

static const struct str SIGNED_IN = { "signed-in", 9 };

struct tries {
	int64_t step;
	int64_t tries;
	instant wait_until;
};

struct proof {
	struct str key; /* account id, or the tag of a name nobody has */
	bool is_right;
	int64_t step;
	instant now;
	bool was_used; /* out: the digits served another just now */
};

static bool read_tries(struct store *store, struct str key, struct tries *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*out = (struct tries){ 0 };
	if (!store_prepare(store, TRIES_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, key);
	enum store_step step = store_step(stmt, err);
	if (step == STORE_ROW)
		*out = (struct tries){ store_int(stmt, 0), store_int(stmt, 1), store_int(stmt, 2) };
	return step != STORE_FAILED;
}

static bool put_tries(struct store *store, struct str key, const struct tries *tries,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, TRIES_PUT_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, key);
	store_bind_int(stmt, 2, tries->step);
	store_bind_int(stmt, 3, tries->tries);
	store_bind_int(stmt, 4, tries->wait_until);
	return store_do(stmt, err);
}

static bool put_signed_in(struct casebook *book, const struct proof *proof, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct row_fields fields = { .texts = { proof->key }, .numbers = { proof->now } };
	struct hash tag;
	if (!row_tag(book, SIGNED_IN, &fields, &tag, err) ||
	    !store_prepare(book->store, SIGNED_IN_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, proof->key);
	store_bind_int(stmt, 2, proof->now);
	store_bind_blob(stmt, 3, hash_str(&tag));
	return store_do(stmt, err);
}

bool signed_in_at(struct casebook *book, struct store *store, struct str account, instant *at,
                  struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	bool holds;
	*at = 0;
	if (!store_prepare(store, SIGNED_IN_AT_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, account);
	enum store_step step = store_step(stmt, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	struct row_fields fields = { .texts = { account }, .numbers = { store_int(stmt, 0) } };
	if (!row_holds(book, SIGNED_IN, &fields, store_blob(stmt, 1), &holds, err))
		return false;
	*at = holds ? fields.numbers[0] : 0;
	return true;
}

static instant wait_after(int64_t tries)
{
	instant wait = WAIT_FIRST;
	for (int64_t i = FREE_TRIES; i < tries && wait < WAIT_MOST; i++)
		wait *= 2;
	return wait < WAIT_MOST ? wait : WAIT_MOST;
}

static bool write_proof(struct casebook *book, void *ctx, struct err *err)
{
	struct proof *proof = ctx;
	struct tries tries;
	if (!read_tries(book->store, proof->key, &tries, err))
		return false;
	proof->was_used = proof->is_right && proof->step <= tries.step;
	if (proof->is_right && !proof->was_used) {
		tries = (struct tries){ .step = proof->step, .wait_until = proof->now };
		return put_tries(book->store, proof->key, &tries, err) &&
		       put_signed_in(book, proof, err);
	}
	tries.tries++;
	/* Never before now: a row is dropped a day after it was last of use. */
	tries.wait_until = proof->now;
	if (tries.tries >= FREE_TRIES)
		tries.wait_until += wait_after(tries.tries);
	return put_tries(book->store, proof->key, &tries, err);
}

static bool told_to_wait(struct casebook *book, instant until, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(MESSAGE_ARENA);
	if (!arena)
		return err_set(err, ERR_UNABLE, "Wait a little, or ask an administrator");
	/* Rounded up: at the minute that is named it is over. */
	struct local local = zone_local(casebook_pack(book)->zone, until + INSTANT_PER_MINUTE - 1);
	struct str time = wording_time(arena, local.hour, local.minute);
	return err_set(err, ERR_UNABLE, "Wait until %.*s, or ask an administrator", STR_ARG(time));
}

/* Whether the digits are of a step that did not serve yet. In a drill the authenticator goes by the
 * machine's time and the register by its own: both are good. */
static bool digits_fit(struct casebook *book, struct str account, struct str box, struct str digits,
                       int64_t last_step, int64_t *step)
{
	CLEANUP(vault_secret_finish) struct vault_secret secret = { 0 };
	struct err ignored = { 0 };
	if (!vault_open_own(book->vault, STR("totp"), account, box, &secret, &ignored) ||
	    secret.n != VAULT_TOTP_SECRET)
		return false;
	/* A drill's time, or the slow time of a clock that is not believed, is not an
	 * authenticator's: somebody must be able to sign in and confirm it. */
	return vault_totp_accepts(secret.p, digits, casebook_now(book), last_step, step) ||
	       vault_totp_accepts(secret.p, digits, clock_read().wall, last_step, step);
}

struct kept {
	struct buf password;
	struct buf totp;
	struct tries tries;
};

static void kept_finish(struct kept *kept)
{
	buf_finish(&kept->password);
	buf_finish(&kept->totp);
}

/* What the account's newest entry, as the log has it, does not commit to is as if it were not
 * there.
 */
static bool drop_uncommitted(struct casebook_reader *reader, const struct account_row *row,
                             struct kept *kept, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(PROOF_ROOM);
	struct buf *const kinds[] = { &kept->password, &kept->totp };
	static const struct str NAMES[] = { { "password", 8 }, { "totp", 4 } };
	struct log_header header;
	const struct json *plain = NULL;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to sign in");
	if (!account_newest(reader, row, arena, &header, &plain, err))
		return false;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct hash sum = hash_of(buf_str(kinds[i]));
		if (!plain || !str_eq(json_text(plain, NAMES[i]), hash_hex(arena, &sum)))
			buf_clear(kinds[i]);
	}
	return true;
}

static bool read_kept(struct casebook *book, const struct account_row *row, struct str key,
                      struct kept *kept, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	buf_init(&kept->password, CREDENTIAL_MAX);
	buf_init(&kept->totp, CREDENTIAL_MAX);
	if (!casebook_reader_take(book, &reader, err) ||
	    !read_tries(reader->store, key, &kept->tries, err))
		return false;
	return !row ||
	       (credential_read(reader->store, key, STR("password"), &kept->password, err) &&
	        credential_read(reader->store, key, STR("totp"), &kept->totp, err) &&
	        drop_uncommitted(reader, row, kept, err));
}

bool proof_check(struct casebook *book, const struct account_row *row, struct str key,
                 struct str password, struct str digits, struct err *err)
{
	CLEANUP(kept_finish) struct kept kept = { 0 };
	enum vault_password found = VAULT_PASSWORD_WRONG;
	struct proof proof = { .key = key, .now = casebook_now(book) };
	const struct account_row *live = row && !row->is_ended ? row : NULL;
	if (!read_kept(book, live, key, &kept, err))
		return false;
	if (proof.now < kept.tries.wait_until)
		return told_to_wait(book, kept.tries.wait_until, err);
	if (!vault_password_verify(book->vault, buf_str(&kept.password), password, &found, err))
		return false;
	bool fits = live && digits_fit(book, key, buf_str(&kept.totp), digits, kept.tries.step,
	                               &proof.step);
	proof.is_right = fits && found != VAULT_PASSWORD_WRONG;
	if (!book_write(book, write_proof, &proof, err))
		return false;
	if (proof.is_right && !proof.was_used)
		return true;
	return err_set(err, ERR_ABSENT,
	               "The account name, the password or the digits are not right");
}

/* --- sign-in -------------------------------------------------------------------------------- */

static bool find_row(struct casebook *book, struct str tag, struct account_row *row, bool *found,
                     struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	return casebook_reader_take(book, &reader, err) &&
	       account_by_tag(reader->store, tag, row, found, err);
}

bool casebook_sign_in(struct casebook *book, struct str name, struct str password,
                      struct str digits, struct arena *arena, struct str *account, struct err *err)
{
	struct account_row row = { 0 };
	struct str tag;
	bool found = false;
	*account = STR_NONE;
	/* What cannot be a name is a name nobody has. */
	if (!account_tag(book, arena, name, &tag, err)) {
		if (err->code != ERR_INPUT)
			return false;
		tag = STR("-");
	}
	if (!find_row(book, tag, &row, &found, err))
		return false;
	struct str key = found ? arena_copy(arena, id_str(&row.id)) : tag;
	if (!key.p)
		return err_set(err, ERR_UNABLE, "There is no memory to sign in");
	if (!proof_check(book, found ? &row : NULL, key, password, digits, err))
		return false;
	*account = key;
	return true;
}
