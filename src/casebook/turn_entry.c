/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Making an entry: plain fields to canonical text, sealed fields to a box,
 * header, commitment, leaf, row, and the fold.
 */
#include "casebook/chart.h"
#include "casebook/joined.h"
#include "casebook/sights.h"
#include "casebook/turn.h"

#define PLAIN_MAX ((size_t)64 << 10)
#define SEALED_MAX ((size_t)1 << 20)

/* size is what the tree would be signed at if the turn ended here; turn_commit mends the others. */
static const char INSERT_SQL[] =
	"INSERT INTO entry (idx, size, file, kind, header, nonce, plain, sealed, commitment)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

static const char *const VIA[] = { "web", "api", "cli", "import", "register" };

static void add_common(struct turn *turn, const struct making *making)
{
	struct arena *arena = turn->fold->arena;
	struct json *plain = making->plain;
	json_put_text(arena, plain, STR("via"), str_from_c(VIA[making->via]));
	if (making->has_happened)
		json_put_text(arena, plain, STR("happened"),
		              instant_write(arena, making->happened));
	if (making->has_received)
		json_put_text(arena, plain, STR("received"),
		              instant_write(arena, making->received));
	if (making->machine_user.n)
		json_put_text(arena, plain, STR("user"), making->machine_user);
	if (making->cause >= 0)
		json_put_integer(arena, plain, STR("cause"), making->cause);
}

static bool write_plain(struct turn *turn, const struct json *plain, struct str *out,
                        struct err *err)
{
	struct buf text;
	buf_init(&text, PLAIN_MAX);
	bool done = json_write_canonical(&text, plain, err);
	if (done && text.full)
		done = err_set(err, ERR_INPUT, "The plain fields of this act are too large");
	if (done && !(*out = arena_copy(turn->fold->arena, buf_str(&text))).p)
		done = err_set(err, ERR_UNABLE, "There is no memory for this act");
	buf_finish(&text);
	return done;
}

/* The box: 32 bytes of salt in front of the canonical sealed JSON, under the file's key. */
static bool seal(struct turn *turn, const struct making *making, struct log_header *header,
                 struct buf *box, struct err *err)
{
	uint8_t salt[LOG_NONCE_SIZE];
	struct buf inside;
	buf_init(&inside, SEALED_MAX + sizeof salt);
	random_bytes(turn->book->random, salt, sizeof salt);
	buf_add_bytes(&inside, salt, sizeof salt);
	bool done = json_write_canonical(&inside, making->sealed, err);
	if (done && inside.full)
		done = err_set(err, ERR_INPUT,
		               "The words of this act are too long to be kept as one entry");
	done = done &&
	       log_sealed_hash(turn->book->hasher, turn->fold->arena, making->sealed, salt,
	                       &header->sealed, err) &&
	       vault_seal(turn->book->vault, making->file, making->file_id, header->index,
	                  buf_str(&inside), box, err);
	if (inside.p)
		vault_wipe(inside.p, inside.n);
	vault_wipe(salt, sizeof salt);
	buf_finish(&inside);
	if (done) {
		header->is_sealed = true;
		header->box = log_box_hash(turn->book->hasher, buf_str(box));
	}
	return done;
}

static bool insert_row(struct turn *turn, const struct making *making,
                       const struct log_header *header, struct str header_text, struct str nonce,
                       struct str plain, struct str box, const struct hash *commitment,
                       struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(turn->store, INSERT_SQL, &put, err))
		return false;
	store_bind_int(put, 1, header->index);
	store_bind_int(put, 2, header->index + 1);
	store_bind_int(put, 3, making->file);
	store_bind_str(put, 4, making->kind->name);
	store_bind_blob(put, 5, header_text);
	store_bind_blob(put, 6, nonce);
	store_bind_str(put, 7, plain);
	if (header->is_sealed)
		store_bind_blob(put, 8, box);
	store_bind_blob(put, 9, hash_str(commitment));
	return store_do(put, err);
}

static bool fill_header(struct turn *turn, const struct making *making, struct log_header *header,
                        struct err *err)
{
	*header = (struct log_header){
		.index = turn->book->entries,
		.recorded = turn->now,
		.kind = making->kind->name,
		.by = LOG_BY_NOBODY,
	};
	if (making->by == CASEBOOK_BY_REGISTER)
		header->by = LOG_BY_REGISTER;
	if (making->by == CASEBOOK_BY_OFFICE) {
		header->by = LOG_BY_ACCOUNT;
		header->office = making->office;
		if (!id_read(making->account, &header->account))
			return err_set(err, ERR_FAULT, "an account's id is none");
	}
	return id_read(making->file_id, &header->file) ||
	       err_set(err, ERR_FAULT, "a file's id is none");
}

static bool hash_and_store(struct turn *turn, const struct making *making,
                           struct log_header *header, struct str plain, struct str box,
                           struct err *err)
{
	struct hasher *hasher = turn->book->hasher;
	uint8_t nonce[LOG_NONCE_SIZE];
	char text[LOG_HEADER_MAX];
	size_t n;
	random_bytes(turn->book->random, nonce, sizeof nonce);
	struct hash salt = log_plain_salt(hasher, nonce);
	header->plain = log_plain_hash(hasher, &salt, plain);
	if (!log_header_write(header, text, &n, err))
		return false;
	struct hash opener = log_opener(hasher, nonce);
	struct hash commitment = log_commitment(hasher, &opener, str_from_bytes(text, n));
	struct hash leaf = log_leaf_hash(hasher, &commitment);
	return insert_row(turn, making, header, str_from_bytes(text, n),
	                  str_from_bytes(nonce, sizeof nonce), plain, box, &commitment, err) &&
	       log_tree_append(turn->book->tree, &leaf, err);
}

bool turn_entry(struct turn *turn, const struct making *making, struct folding *out,
                struct err *err)
{
	struct log_header header;
	struct str plain;
	struct buf box;
	add_common(turn, making);
	if (!fill_header(turn, making, &header, err) ||
	    !write_plain(turn, making->plain, &plain, err))
		return false;
	buf_init(&box, SEALED_MAX + 4096);
	bool done = (!making->sealed || seal(turn, making, &header, &box, err)) &&
	            hash_and_store(turn, making, &header, plain, buf_str(&box), err);
	buf_finish(&box);
	if (!done)
		return false;
	turn->book->entries++;
	if (making->is_new_file)
		turn->book->files = making->file + 1;
	*out = (struct folding){
		.index = header.index,
		.recorded = turn->now,
		.happened = turn->now,
		.kind_name = making->kind->name,
		.kind = making->kind,
		.file = making->file,
		.file_id = making->file_id,
		.by = making->by,
		.account = making->by == CASEBOOK_BY_OFFICE ? making->account : STR_NONE,
		.office = making->by == CASEBOOK_BY_OFFICE ? making->office : STR_NONE,
		.plain_text = plain,
		.plain = making->plain,
		.has_cause = making->cause >= 0,
	};
	/* As it was written, and as a refold will read it. */
	instant happened;
	if (instant_read(json_text(making->plain, STR("happened")), &happened))
		out->happened = happened;
	bool changed = false;
	if (!fold_before(turn->fold, out, err) || !fold_entry(turn->fold, out, err) ||
	    !fold_refresh(turn->fold, &changed, err))
		return false;
	joined_entry(turn->fold->joined, out);
	sights_entry(turn->fold->sights, out->kind_name);
	turn->chart_changed = turn->chart_changed || changed;
	return true;
}

bool turn_register_entry(struct turn *turn, struct str kind, int64_t file, struct json *plain,
                         int64_t cause, struct folding *out, struct err *err)
{
	struct file_row *row;
	struct making making = {
		.kind = pack_kind_find(turn->fold->pack, kind),
		.file = file,
		.by = CASEBOOK_BY_REGISTER,
		.via = CASEBOOK_REGISTER,
		.plain = plain ? plain : json_object(turn->fold->arena),
		.cause = cause,
	};
	if (!making.kind || !making.plain)
		return err_set(err, ERR_FAULT, "the pack has no kind %.*s", STR_ARG(kind));
	if (cause >= 0 && ++turn->follow_count > TURN_FOLLOW_MAX)
		return err_set(err, ERR_FAULT, "more follows from one act than may");
	if (!fold_file(turn->fold, file, &row, err))
		return false;
	making.file_id = row->id;
	return turn_entry(turn, &making, out, err);
}
