/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The change of the signing key. Planned: an entry brings the new key into
 * force; for 90 days both sign; then an entry ends the former one, and it is
 * destroyed. Where the old one may be known to others: it signs no more from
 * the entry on, which says since when it is doubtful.
 */
#include "casebook/account.h"
#include "casebook/chart.h"
#include "casebook/key.h"
#include "casebook/turn.h"

/* --- changing ------------------------------------------------------------------------------- */

struct rotating {
	struct casebook *book;
	const struct log_signer *signer; /* the new one */
	struct str old;
	instant until;   /* both sign; 0: not */
	instant doubted; /* 0: not */
};

static struct str vkey_text(struct arena *arena, const struct log_vkey *key)
{
	struct buf text;
	buf_init(&text, KEY_TEXT_MAX);
	log_vkey_write(&text, key);
	struct str out = arena_copy(arena, buf_str(&text));
	buf_finish(&text);
	return out;
}

/* turn_hook */
static bool write_change(void *ctx, struct store *store, int64_t index, struct err *err)
{
	const struct rotating *rotating = ctx;
	(void)store;
	if (!str_eq(rotating->old, casebook_vkey(rotating->book)))
		return err_set(err, ERR_UNABLE,
		               "The signing key was changed by somebody else just now");
	return rotating->doubted
	               ? key_replace(rotating->book, rotating->signer, rotating->doubted, index,
	                             err)
	               : key_change(rotating->book, rotating->signer, rotating->until, index, err);
}

static bool make_signer(struct casebook *book, struct log_signer **out, struct err *err)
{
	uint64_t seed = 0;
	if (book->is_frozen)
		vault_random(book->vault, &seed, sizeof seed);
	struct random_source *random =
		book->is_frozen ? random_seeded_create(seed) : random_system_create();
	if (!random)
		return err_set(err, ERR_UNABLE, "There is no memory for a new key");
	bool done = log_signer_make(casebook_origin(book), LOG_KEY_LOG, random, out, err);
	random_destroy(random);
	return done;
}

static bool change(struct rotating *rotating, struct casebook_act *act, struct arena *arena,
                   struct casebook_answer *answer, struct err *err)
{
	CLEANUP(log_signer_cleanup) struct log_signer *signer = NULL;
	struct json *fields = json_object(arena);
	rotating->old = casebook_vkey(rotating->book);
	if (!make_signer(rotating->book, &signer, err))
		return false;
	rotating->signer = signer;
	json_put_text(arena, fields, STR("key"), vkey_text(arena, log_signer_vkey(signer)));
	json_put_text(arena, fields, STR("old"), rotating->old);
	if (rotating->doubted)
		json_put_text(arena, fields, STR("since"), instant_write(arena, rotating->doubted));
	else
		json_put_text(arena, fields, STR("until"), instant_write(arena, rotating->until));
	if (!json_complete(fields))
		return err_set(err, ERR_UNABLE, "There is no memory for a new key");
	act->file = STR("R-1");
	act->fields = fields;
	return casebook_submit_with(rotating->book, act, write_change, rotating, arena, answer,
	                            err);
}

bool casebook_key_rotate(struct casebook *book, const struct casebook_actor *actor,
                         enum casebook_via via, struct str machine_user, struct arena *arena,
                         struct casebook_answer *answer, struct err *err)
{
	instant until = casebook_now(book) + KEY_BOTH_SIGN;
	struct rotating rotating = { .book = book, .until = until - until % INSTANT_PER_SECOND };
	struct casebook_act act = { .actor = *actor,
		                    .via = via,
		                    .kind = STR("log.key-changed"),
		                    .machine_user = machine_user };
	return change(&rotating, &act, arena, answer, err);
}

bool casebook_key_compromised(struct casebook *book, const struct casebook_actor *actor,
                              enum casebook_via via, struct str machine_user, instant since,
                              struct arena *arena, struct casebook_answer *answer, struct err *err)
{
	struct rotating rotating = { .book = book, .doubted = since - since % INSTANT_PER_SECOND };
	struct casebook_act act = { .actor = *actor,
		                    .via = via,
		                    .kind = STR("log.key-compromised"),
		                    .machine_user = machine_user };
	if (rotating.doubted <= 0)
		return err_set(err, ERR_INPUT,
		               "The key cannot have been known to others before there was one");
	return change(&rotating, &act, arena, answer, err);
}

/* --- the end of the former one -------------------------------------------------------------- */

static bool make_ended(struct turn *turn, void *ctx, struct err *err)
{
	struct casebook *book = turn->book;
	struct arena *arena = turn->fold->arena;
	struct json *plain = json_object(arena);
	const struct log_era *era = log_eras_last(&book->eras);
	struct folding entry;
	(void)ctx;
	json_put_text(arena, plain, STR("key"), vkey_text(arena, &era->key));
	json_put_text(arena, plain, STR("old"), vkey_text(arena, &era->former));
	json_put_text(arena, plain, STR("ended"), STR("yes"));
	if (!json_complete(plain))
		return err_set(err, ERR_UNABLE, "There is no memory to end a key");
	return turn_register_entry(turn, STR("log.key-changed"), 0, plain, -1, &entry, err) &&
	       key_end(book, entry.index, err);
}

bool key_end_due(struct casebook *book, struct err *err)
{
	if (!log_eras_last(&book->eras)->has_former)
		return true;
	if (!book->former)
		journal_write(JOURNAL_WARNING,
		              "the former signing key is gone before its time: it signs no more");
	else if (book->is_intake_only || casebook_now(book) < book->former_until)
		return true;
	return turn_own(book, make_ended, NULL, err);
}

/* --- a lost key ------------------------------------------------------------------------------ */

/* turn_own_act: `ctx` is the new signer. */
static bool make_renewed(struct turn *turn, void *ctx, struct err *err)
{
	struct casebook *book = turn->book;
	struct arena *arena = turn->fold->arena;
	struct json *plain = json_object(arena);
	const struct log_signer *signer = ctx;
	struct hash root = log_tree_root(book->tree);
	struct folding entry;
	json_put_text(arena, plain, STR("key"), vkey_text(arena, log_signer_vkey(signer)));
	json_put_text(arena, plain, STR("old"), book->vkey);
	json_put_text(arena, plain, STR("lost"), STR("yes"));
	json_put_integer(arena, plain, STR("size"), book->entries);
	json_put_text(arena, plain, STR("root"), hash_hex(arena, &root));
	if (!json_complete(plain))
		return err_set(err, ERR_UNABLE, "There is no memory for a new key");
	return turn_register_entry(turn, STR("log.key-changed"), 0, plain, -1, &entry, err) &&
	       key_replace(book, signer, 0, entry.index, err);
}

bool key_renew(struct casebook *book, struct err *err)
{
	CLEANUP(log_signer_cleanup) struct log_signer *signer = NULL;
	return make_signer(book, &signer, err) && turn_own(book, make_renewed, signer, err);
}

/* --- telling -------------------------------------------------------------------------------- */

/* A key comes into force in one era and signs on through those that follow, until it ends for good.
 */
bool casebook_keys(const struct casebook *book, struct arena *arena,
                   const struct casebook_key **out, size_t *count, struct err *err)
{
	struct log_eras eras = key_eras_now(book);
	struct casebook_key *keys = arena_alloc(arena, eras.count, sizeof *keys);
	*count = 0;
	for (size_t i = 0; keys && i < eras.count; i++) {
		const struct log_vkey *key = &eras.at[i].key;
		size_t last = i;
		if (i > 0 && log_era_has(&eras.at[i - 1], key))
			continue;
		while (last + 1 < eras.count && log_era_has(&eras.at[last + 1], key))
			last++;
		keys[(*count)++] = (struct casebook_key){
			.vkey = vkey_text(arena, key),
			.from = eras.at[i].above + 1,
			.signs = last + 1 == eras.count,
			.to = last + 1 < eras.count ? eras.at[last + 1].above : 0,
			.doubted = last + 1 < eras.count ? eras.at[last + 1].doubted : 0,
		};
	}
	*out = keys;
	return keys || err_set(err, ERR_UNABLE, "There is no memory for the log's keys");
}

bool casebook_copy_checkpoint(const char *dir, const char *database, struct arena *arena,
                              int64_t *size, struct str *note, struct err *err)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	CLEANUP(key_found_finish) struct key_found found = { 0 };
	struct log_signed row;
	struct buf text;
	if (!store_open(database, STORE_READ, &store, err) || !store_begin(store, err) ||
	    !key_find(dir, store, arena, &found, err) || !log_signed_newest(store, &row, err))
		return false;
	buf_init(&text, LOG_NOTE_MAX);
	bool done = log_signed_note(&text, &row, &found.eras.eras, err);
	*size = row.size;
	*note = done ? arena_copy(arena, buf_str(&text)) : STR_NONE;
	buf_finish(&text);
	return done && (note->p || err_set(err, ERR_UNABLE, "There is no memory for a checkpoint"));
}
