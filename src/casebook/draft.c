/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Drafts: what somebody has not sent yet. A reporter's opens only with the key
 * in her cookie and dies after an idle hour; a practitioner's is bound to
 * account, office, file and kind, and is kept 14 days.
 */
#include "casebook/account.h"

#include "casebook/rows.h"

#define DRAFT_MAX ((size_t)2 << 20) /* bytes of a draft's words */
#define ID_BYTES_MAX 128
#define OWNER_MAX 512
#define KEPT_PUBLIC INSTANT_PER_HOUR
#define KEPT_OFFICE (14 * INSTANT_PER_DAY)
#define TOUCH INSTANT_PER_MINUTE /* uses within it are not written again */
#define LIST_MAX 500

static const char PUT_SQL[] =
	"INSERT INTO short_draft (id, owner, bytes, made, used) VALUES (?1, ?2, ?3, ?4, ?4)"
	" ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, bytes = excluded.bytes, used = excluded.used";
static const char GET_SQL[] =
	"SELECT owner, bytes, used FROM short_draft WHERE id = ?1"; /* primary key */
static const char USED_SQL[] = "UPDATE short_draft SET used = ?2 WHERE id = ?1";
static const char DROP_SQL[] = "DELETE FROM short_draft WHERE id = ?1";
/* By short_draft_owner(owner, id). */
static const char LIST_SQL[] =
	"SELECT owner FROM short_draft WHERE owner >= ?1 AND owner < ?2 ORDER BY owner LIMIT ?3";

static const struct str PURPOSE = { "draft", 5 };

struct draft {
	struct str id;
	struct str owner;
	struct str box;
	instant now;
};

static bool write_draft(struct casebook *book, void *ctx, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	const struct draft *draft = ctx;
	if (!store_prepare(book->store, PUT_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, draft->id);
	store_bind_str(stmt, 2, draft->owner);
	store_bind_blob(stmt, 3, draft->box);
	store_bind_int(stmt, 4, draft->now);
	return store_do(stmt, err);
}

static bool touch_draft(struct casebook *book, void *ctx, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	const struct draft *draft = ctx;
	if (!store_prepare(book->store, USED_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, draft->id);
	store_bind_int(stmt, 2, draft->now);
	return store_do(stmt, err);
}

static bool drop_draft(struct casebook *book, void *ctx, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	const struct draft *draft = ctx;
	if (!store_prepare(book->store, DROP_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, draft->id);
	return store_do(stmt, err);
}

static bool seal_draft(struct casebook *book, const struct draft *draft, const uint8_t *key,
                       struct str text, struct buf *box, struct err *err)
{
	if (key)
		return vault_seal_with(book->vault, key, PURPOSE, draft->id, text, box, err);
	return vault_seal_own(book->vault, PURPOSE, draft->owner, text, box, err);
}

bool casebook_draft_save(struct casebook *book, struct str id, struct str owner, const uint8_t *key,
                         struct str text, struct err *err)
{
	struct draft draft = { .id = id,
		               .owner = owner.p ? owner : STR(""),
		               .now = casebook_now(book) };
	struct buf box;
	if (id.n == 0 || id.n > ID_BYTES_MAX || owner.n > OWNER_MAX)
		return err_set(err, ERR_FAULT, "a draft's id of %zu bytes, owner of %zu", id.n,
		               owner.n);
	if (text.n > DRAFT_MAX)
		return err_set(err, ERR_INPUT, "This is too long to be kept as a draft");
	buf_init(&box, DRAFT_MAX + VAULT_BOX_EXTRA);
	bool done = seal_draft(book, &draft, key, text, &box, err);
	draft.box = buf_str(&box);
	done = done && book_write(book, write_draft, &draft, err);
	buf_finish(&box);
	return done;
}

static bool no_such_draft(struct err *err)
{
	return err_set(err, ERR_ABSENT, "There is no such draft");
}

/* Opens the row at hand. What another key or owner sealed is not there for this one. */
static bool open_draft(struct casebook *book, struct arena *arena, const struct draft *draft,
                       const uint8_t *key, struct str *text, struct err *err)
{
	CLEANUP(vault_secret_finish) struct vault_secret words = { 0 };
	bool opened =
		key ? vault_open_with(key, PURPOSE, draft->id, draft->box, &words, err)
		    : vault_open_own(book->vault, PURPOSE, draft->owner, draft->box, &words, err);
	if (!opened)
		return err->code == ERR_INPUT ? no_such_draft(err) : false;
	*text = arena_copy(arena, vault_secret_str(&words));
	return text->p || rows_too_long(err);
}

static bool find_draft(struct casebook *book, struct arena *arena, struct draft *draft,
                       const uint8_t *key, struct str *text, instant *used, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!casebook_reader_take(book, &reader, err) ||
	    !store_prepare(reader->store, GET_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, draft->id);
	enum store_step step = store_step(stmt, err);
	if (step != STORE_ROW)
		return step == STORE_DONE ? no_such_draft(err) : false;
	*used = store_int(stmt, 2);
	bool is_dead = draft->now - *used >= (key ? KEPT_PUBLIC : KEPT_OFFICE);
	if (is_dead || !str_eq(store_str(stmt, 0), draft->owner))
		return no_such_draft(err);
	draft->box = store_blob(stmt, 1);
	return open_draft(book, arena, draft, key, text, err);
}

bool casebook_draft_load(struct casebook *book, struct arena *arena, struct str id,
                         struct str owner, const uint8_t *key, struct str *text, instant *used,
                         struct err *err)
{
	struct draft draft = { .id = id,
		               .owner = owner.p ? owner : STR(""),
		               .now = casebook_now(book) };
	*text = STR_NONE;
	*used = 0;
	if (!find_draft(book, arena, &draft, key, text, used, err))
		return false;
	return draft.now - *used < TOUCH || book_write(book, touch_draft, &draft, err);
}

bool casebook_draft_drop(struct casebook *book, struct str id, struct err *err)
{
	struct draft draft = { .id = id };
	return book_write(book, drop_draft, &draft, err);
}

bool casebook_draft_list(struct casebook_reader *reader, struct arena *arena, struct str prefix,
                         const struct str **owners, size_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct str) };
	bool lost = false;
	*owners = NULL;
	*count = 0;
	/* Owners are UTF-8, so that no byte of theirs is above this one. */
	struct str pieces[2] = { prefix, STR("\xF4\x8F\xBF\xBF") };
	struct str end = arena_join(arena, pieces, 2);
	if (!end.p)
		return rows_too_long(err);
	if (!store_prepare(reader->store, LIST_SQL, &stmt, err))
		return false;
	store_bind_str(stmt, 1, prefix.p ? prefix : STR(""));
	store_bind_str(stmt, 2, end);
	store_bind_int(stmt, 3, LIST_MAX);
	bool failed;
	for (struct str *owner; (owner = rows_next(&rows, stmt, &failed, err));) {
		*owner = row_text(arena, stmt, 0, &lost);
	}
	if (failed)
		return false;
	*owners = rows.at;
	*count = rows.count;
	return !lost || rows_too_long(err);
}
