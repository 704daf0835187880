/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Sending a register to the keeper of its off-site copy.
 *
 * O1. One snapshot of the register; the key slots are read after it, so that they serve all of it.
 * O2. What an entry needs goes before it: its key, its files. So an entry that is there is there
 *     with all of it, wherever a stream was cut.
 * O3. What is replaced as a whole (credentials, settings, keys) goes with the last parcel, together
 *     with the checkpoint: the copy is at that tree with all of it, or at the one before.
 */
#include "casebook/offsite.h"

#include "casebook/key.h"
#include "casebook/offsite_parts.h"

#define PARCEL_SOFT ((size_t)1 << 20)
#define SEALED_ROOM (LOG_PARCEL_MAX / 2)
#define ROUND_ARENA ((size_t)24 << 20)
#define FILE_MAX ((size_t)1 << 20)
#define PROGRESS_EVERY 8192

/* By primary keys, but for objects: they are few, and looked through once. */
static const char ENTRIES_SQL[] =
	"SELECT idx, size, file, header, nonce, plain, sealed FROM entry WHERE idx >= ?1 ORDER BY idx";
static const char SIGNED_SQL[] =
	"SELECT size, root, sig, keyid FROM signed WHERE size > ?1 ORDER BY size";
static const char PUBLISHED_SQL[] =
	"SELECT size, note FROM published WHERE size >= ?1 ORDER BY size";
static const char OBJECTS_SQL[] =
	"SELECT id, entry, size, digest FROM object WHERE entry >= ?1 ORDER BY entry, id";
static const char PIECES_SQL[] =
	"SELECT n, bytes FROM piece WHERE object = ?1 AND n >= ?2 ORDER BY n";
static const char READINGS_SQL[] =
	"SELECT n, account, office, session, file, highest, minute, purpose, sealed_in FROM reading"
	" WHERE n >= ?1 ORDER BY n";
static const char PACKS_SQL[] = "SELECT n, entry, hash, text FROM pack WHERE n >= ?1 ORDER BY n";
static const char SETTINGS_SQL[] = "SELECT name, value FROM setting ORDER BY name";
static const char CREDENTIALS_SQL[] =
	"SELECT account, sort, bytes FROM credential ORDER BY account, sort";
static const char DESTROYED_SQL[] =
	"SELECT COUNT(*) FROM entry WHERE file IN (SELECT n FROM file WHERE destroyed IS NOT NULL)"
	" AND kind = 'file.destroyed'";

/* How far the copy is, as the keeper says. */
struct held {
	int64_t size;
	int64_t slots;
	int64_t reading;
	int64_t pack;
	int64_t published;
	struct str object; /* that came in part; p NULL: none */
	int64_t piece;     /* the next of it */
};

struct sending {
	const char *dir;
	const struct casebook_offsite *how;
	struct store *store;
	struct vault *vault;
	struct hasher *hasher;
	struct arena *scratch; /* of one parcel */
	struct held held;
	int64_t size; /* of the snapshot */
	struct str note;
	size_t soft; /* bytes from which a parcel is sent */
	struct buf parcel;
	struct buf plain; /* what is about to be sealed */
	struct buf box;
	struct str answer; /* to the last parcel */
};

/* --- asking --------------------------------------------------------------------------------- */

static bool read_number(struct str text, const char *word, int64_t *out)
{
	struct str line, name = str_from_c(word);
	uint64_t value;
	while (str_cut(&text, '\n', &line)) {
		if (!str_starts(line, name) || line.n <= name.n || line.p[name.n] != ' ')
			continue;
		if (!str_to_u64(str_sub(line, name.n + 1, line.n), INT64_MAX, &value))
			return false;
		*out = (int64_t)value;
		return true;
	}
	return false;
}

/* "piece ID N" */
static void read_piece(struct str text, struct held *held)
{
	struct str line;
	uint64_t next;
	while (str_cut(&text, '\n', &line)) {
		if (!str_starts(line, STR("piece ")))
			continue;
		line = str_sub(line, 6, line.n);
		size_t blank = str_find(line, ' ');
		if (!str_to_u64(str_sub(line, blank + 1, line.n), INT64_MAX, &next))
			return;
		held->object = str_sub(line, 0, blank);
		held->piece = (int64_t)next;
	}
}

static bool no_keeper(int status, struct err *err)
{
	if (status == 401)
		return err_set(
			err, ERR_UNABLE,
			"The keeper does not know this token; see that the right one is given");
	return err_set(err, ERR_UNABLE, "What answers there is no keeper of a copy (status %d)",
	               status);
}

static bool ask(struct sending *sending, struct arena *arena, struct err *err)
{
	struct held *held = &sending->held;
	struct str text;
	int status = 0;
	if (!sending->how->way(sending->how->way_ctx, NULL, arena, &status, &text, err))
		return false;
	if (status != 200 || !str_starts(text, STR("candour/keeper/v1\n")) ||
	    !read_number(text, "size", &held->size) || !read_number(text, "slots", &held->slots) ||
	    !read_number(text, "reading", &held->reading) ||
	    !read_number(text, "pack", &held->pack) ||
	    !read_number(text, "published", &held->published))
		return no_keeper(status, err);
	read_piece(text, held);
	return true;
}

/* --- parcels -------------------------------------------------------------------------------- */

static void begin_parcel(struct sending *sending)
{
	buf_clear(&sending->parcel);
	log_parcel_begin(&sending->parcel);
}

static bool send_parcel(struct sending *sending, struct err *err)
{
	struct str body = buf_str(&sending->parcel), text;
	int status = 0;
	if (sending->parcel.full)
		return err_set(err, ERR_UNABLE,
		               "What has to be sent at once is more than a keeper takes: %zu bytes",
		               LOG_PARCEL_MAX);
	arena_reset(sending->scratch);
	if (!sending->how->way(sending->how->way_ctx, &body, sending->scratch, &status, &text, err))
		return false;
	begin_parcel(sending);
	sending->answer = text;
	if (status == 200)
		return true;
	text = str_trim(text);
	if (status == 409 && str_starts(text, STR("alarm ")))
		return err_set(err, ERR_REFUSED, "The keeper of the copy sounded an %.*s",
		               STR_ARG(str_sub(text, 0, 400)));
	if (status == 409)
		return err_set(err, ERR_UNABLE,
		               "Somebody else sends to this keeper just now; try again");
	return err_set(err, ERR_UNABLE, "The keeper took nothing (status %d): %.*s", status,
	               STR_ARG(str_sub(text, 0, 200)));
}

/* Leaves room for the largest record. */
static bool send_if_long(struct sending *sending, struct err *err)
{
	return sending->parcel.n < sending->soft || send_parcel(sending, err);
}

/* What is in `plain`, sealed under the register's own key for one row; into `box`. */
static bool seal(struct sending *sending, struct str part, int64_t n, struct err *err)
{
	char bound[OFFSITE_BOUND_MAX];
	buf_clear(&sending->box);
	if (sending->plain.full)
		return err_set(err, ERR_UNABLE, "There is no memory to send a copy");
	return vault_seal_own(sending->vault, OFFSITE_PURPOSE, offsite_bound(bound, part, n),
	                      buf_str(&sending->plain), &sending->box, err);
}

/* `entry` -1: of none. */
static bool add_dark(struct sending *sending, struct str part, int64_t n, int64_t entry,
                     struct err *err)
{
	if (!seal(sending, part, n, err))
		return false;
	log_parcel_add(&sending->parcel, LOG_PARCEL_DARK, 4);
	log_parcel_str(&sending->parcel, part);
	log_parcel_int(&sending->parcel, n);
	log_parcel_int(&sending->parcel, entry + 1);
	log_parcel_str(&sending->parcel, buf_str(&sending->box));
	return true;
}

/* --- the beginning -------------------------------------------------------------------------- */

/* Our root at the size of the copy; of one that is longer than we are, none. */
static bool root_there(struct sending *sending, struct hash *out, struct err *err)
{
	CLEANUP(log_reader_cleanup) struct log_reader *tiles = NULL;
	*out = (struct hash){ { 0 } };
	if (sending->held.size > sending->size)
		return true;
	if (sending->held.size == 0) {
		*out = hash_of(STR(""));
		return true;
	}
	return log_reader_create(sending->store, &tiles, err) &&
	       log_reader_root(tiles, sending->held.size, out, err);
}

static bool send_begin(struct sending *sending, struct err *err)
{
	struct hash root;
	if (!root_there(sending, &root, err))
		return false;
	begin_parcel(sending);
	log_parcel_add(&sending->parcel, LOG_PARCEL_BEGIN, 3);
	log_parcel_str(&sending->parcel, sending->note);
	log_parcel_int(&sending->parcel, sending->held.size);
	log_parcel_str(&sending->parcel, hash_str(&root));
	return send_parcel(sending, err);
}

/* vault_slot_seen */
static bool add_slot(void *ctx, int64_t slot, struct str wrapped, struct err *err)
{
	struct sending *sending = ctx;
	log_parcel_add(&sending->parcel, LOG_PARCEL_SLOT, 2);
	log_parcel_int(&sending->parcel, slot);
	log_parcel_str(&sending->parcel, wrapped.p ? wrapped : STR(""));
	return send_if_long(sending, err);
}

/* vault_kept_seen */
static bool add_kept(void *ctx, struct str name, struct str value, struct str tag, struct err *err)
{
	struct sending *sending = ctx;
	log_parcel_add(&sending->parcel, LOG_PARCEL_KEPT, 3);
	log_parcel_str(&sending->parcel, name);
	log_parcel_str(&sending->parcel, value.p ? value : STR(""));
	log_parcel_str(&sending->parcel, tag);
	return send_if_long(sending, err);
}

/* --- entries -------------------------------------------------------------------------------- */

struct walk {
	struct store_stmt *entries;
	struct store_stmt *signed_rows;
	struct store_stmt *objects;
	int64_t next_signed;
	int64_t next_object; /* the entry of it */
};

static void walk_finish(struct walk *walk)
{
	store_stmt_finish(&walk->entries);
	store_stmt_finish(&walk->signed_rows);
	store_stmt_finish(&walk->objects);
}

static bool step_to(struct store_stmt *rows, int column, int64_t *out, struct err *err)
{
	enum store_step step = store_step(rows, err);
	*out = step == STORE_ROW ? store_int(rows, column) : INT64_MAX;
	return step != STORE_FAILED;
}

static bool add_pieces(struct sending *sending, struct str id, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	if (!store_prepare(sending->store, PIECES_SQL, &rows, err))
		return false;
	store_bind_str(rows, 1, id);
	store_bind_int(rows, 2, str_eq(id, sending->held.object) ? sending->held.piece : 0);
	while ((step = store_step(rows, err)) == STORE_ROW) {
		log_parcel_add(&sending->parcel, LOG_PARCEL_PIECE, 3);
		log_parcel_str(&sending->parcel, id);
		log_parcel_int(&sending->parcel, store_int(rows, 0));
		log_parcel_str(&sending->parcel, store_blob(rows, 1));
		if (!send_if_long(sending, err))
			return false;
	}
	return step == STORE_DONE;
}

static bool add_objects(struct sending *sending, struct walk *walk, int64_t index, struct err *err)
{
	while (walk->next_object == index) {
		if (!add_pieces(sending, store_str(walk->objects, 0), err))
			return false;
		log_parcel_add(&sending->parcel, LOG_PARCEL_OBJECT, 4);
		log_parcel_str(&sending->parcel, store_str(walk->objects, 0));
		log_parcel_int(&sending->parcel, index);
		log_parcel_int(&sending->parcel, store_int(walk->objects, 2));
		log_parcel_str(&sending->parcel, store_blob(walk->objects, 3));
		if (!step_to(walk->objects, 1, &walk->next_object, err))
			return false;
	}
	return true;
}

static bool add_entry(struct sending *sending, struct store_stmt *rows, struct err *err)
{
	struct buf *parcel = &sending->parcel;
	int64_t index = store_int(rows, 0);
	struct str nonce = store_blob(rows, 4);
	if (store_is_null(rows, 3) || nonce.n != LOG_NONCE_SIZE || store_is_null(rows, 5))
		return err_set(err, ERR_INPUT, "Entry %" PRId64 " is damaged; run candour verify",
		               index);
	buf_clear(&sending->plain);
	buf_add(&sending->plain, nonce);
	buf_add(&sending->plain, store_blob(rows, 5));
	if (!seal(sending, STR("entry"), index, err))
		return false;
	struct hash opener = log_opener(sending->hasher, (const uint8_t *)nonce.p);
	log_parcel_add(parcel, LOG_PARCEL_ENTRY, 7);
	for (int i = 0; i < 3; i++)
		log_parcel_int(parcel, store_int(rows, i));
	log_parcel_str(parcel, store_blob(rows, 3));
	log_parcel_str(parcel, hash_str(&opener));
	log_parcel_str(parcel, store_is_null(rows, 6) ? STR_NONE : store_blob(rows, 6));
	log_parcel_str(parcel, buf_str(&sending->box));
	return true;
}

static bool add_signed(struct sending *sending, struct walk *walk, struct err *err)
{
	struct store_stmt *rows = walk->signed_rows;
	log_parcel_add(&sending->parcel, LOG_PARCEL_SIGNED, 4);
	log_parcel_int(&sending->parcel, store_int(rows, 0));
	log_parcel_str(&sending->parcel, store_blob(rows, 1));
	log_parcel_str(&sending->parcel, store_is_null(rows, 2) ? STR_NONE : store_blob(rows, 2));
	log_parcel_int(&sending->parcel, store_int(rows, 3));
	return step_to(rows, 0, &walk->next_signed, err);
}

static bool begin_walk(struct sending *sending, struct walk *walk, struct err *err)
{
	if (!store_prepare(sending->store, ENTRIES_SQL, &walk->entries, err) ||
	    !store_prepare(sending->store, SIGNED_SQL, &walk->signed_rows, err) ||
	    !store_prepare(sending->store, OBJECTS_SQL, &walk->objects, err))
		return false;
	store_bind_int(walk->entries, 1, sending->held.size);
	store_bind_int(walk->signed_rows, 1, sending->held.size);
	store_bind_int(walk->objects, 1, sending->held.size);
	return step_to(walk->signed_rows, 0, &walk->next_signed, err) &&
	       step_to(walk->objects, 1, &walk->next_object, err);
}

/* Parcels end where a turn was signed, as far as they can: what is wrong is then found before any
 * of it is kept. */
static bool send_entries(struct sending *sending, struct err *err)
{
	CLEANUP(walk_finish) struct walk walk = { 0 };
	enum store_step step;
	if (!begin_walk(sending, &walk, err))
		return false;
	while ((step = store_step(walk.entries, err)) == STORE_ROW) {
		int64_t index = store_int(walk.entries, 0);
		if (!add_objects(sending, &walk, index, err) ||
		    !add_entry(sending, walk.entries, err))
			return false;
		bool is_signed = walk.next_signed == index + 1;
		if (is_signed && !add_signed(sending, &walk, err))
			return false;
		if ((is_signed || sending->parcel.n > 2 * sending->soft) &&
		    !send_if_long(sending, err))
			return false;
		if (sending->how->progress && index % PROGRESS_EVERY == 0)
			sending->how->progress(sending->how->progress_ctx, "entries", index,
			                       sending->size);
	}
	return step == STORE_DONE;
}

static bool send_published(struct sending *sending, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	if (!store_prepare(sending->store, PUBLISHED_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, sending->held.published);
	while ((step = store_step(rows, err)) == STORE_ROW) {
		log_parcel_add(&sending->parcel, LOG_PARCEL_PUBLISHED, 2);
		log_parcel_int(&sending->parcel, store_int(rows, 0));
		log_parcel_str(&sending->parcel, store_str(rows, 1));
		if (!send_if_long(sending, err))
			return false;
	}
	return step == STORE_DONE;
}

/* --- sealed rows ---------------------------------------------------------------------------- */

/* Readings up to the first that no entry has sealed yet: that and what follows come next time. */
static bool send_readings(struct sending *sending, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	if (!store_prepare(sending->store, READINGS_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, sending->held.reading);
	while ((step = store_step(rows, err)) == STORE_ROW && !store_is_null(rows, 8)) {
		buf_clear(&sending->plain);
		for (int i = 1; i <= 3; i++)
			log_parcel_str(&sending->plain, store_str(rows, i));
		for (int i = 4; i <= 6; i++)
			log_parcel_int(&sending->plain, store_int(rows, i));
		log_parcel_str(&sending->plain, store_str(rows, 7));
		if (!add_dark(sending, STR("reading"), store_int(rows, 0), store_int(rows, 8),
		              err) ||
		    !send_if_long(sending, err))
			return false;
	}
	return step != STORE_FAILED;
}

static bool send_packs(struct sending *sending, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	if (!store_prepare(sending->store, PACKS_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, sending->held.pack);
	while ((step = store_step(rows, err)) == STORE_ROW) {
		buf_clear(&sending->plain);
		log_parcel_str(&sending->plain, store_blob(rows, 2));
		log_parcel_str(&sending->plain, store_blob(rows, 3));
		if (!add_dark(sending, STR("pack"), store_int(rows, 0), store_int(rows, 1), err) ||
		    !send_if_long(sending, err))
			return false;
	}
	return step == STORE_DONE;
}

static void begin_set(struct sending *sending, struct str part)
{
	log_parcel_add(&sending->parcel, LOG_PARCEL_DARK_NONE, 1);
	log_parcel_str(&sending->parcel, part);
}

/* Rows of text but for the last column, which may be bytes. */
static bool add_set(struct sending *sending, struct str part, const char *sql, int columns,
                    struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	if (!store_prepare(sending->store, sql, &rows, err))
		return false;
	begin_set(sending, part);
	for (int64_t n = 0; (step = store_step(rows, err)) == STORE_ROW; n++) {
		buf_clear(&sending->plain);
		for (int i = 0; i < columns; i++)
			log_parcel_str(&sending->plain, store_blob(rows, i));
		if (!add_dark(sending, part, n, -1, err))
			return false;
	}
	return step == STORE_DONE;
}

static bool add_text(struct sending *sending, struct str part, struct str text, struct err *err)
{
	begin_set(sending, part);
	buf_clear(&sending->plain);
	log_parcel_str(&sending->plain, text);
	return add_dark(sending, part, 0, -1, err);
}

/* A file beside the register, which may not be there. */
static bool add_file(struct sending *sending, const char *name, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(2 * FILE_MAX);
	const char *path = arena ? file_join(arena, sending->dir, name) : NULL;
	struct str text;
	if (!path)
		return err_set(err, ERR_UNABLE, "There is no memory to send a copy");
	if (!file_exists(path)) {
		begin_set(sending, str_from_c(name));
		return true;
	}
	return file_read(arena, path, FILE_MAX, &text, err) &&
	       add_text(sending, str_from_c(name), text, err);
}

/* O3. */
static bool send_end(struct sending *sending, struct err *err)
{
	if (!add_set(sending, STR("setting"), SETTINGS_SQL, 2, err) ||
	    !add_set(sending, STR("credential"), CREDENTIALS_SQL, 3, err) ||
	    !add_text(sending, STR("carried"), sending->how->carried, err) ||
	    !add_file(sending, "limits", err) || !add_file(sending, "policy", err))
		return false;
	log_parcel_add(&sending->parcel, LOG_PARCEL_END, 1);
	log_parcel_str(&sending->parcel, sending->note);
	return send_parcel(sending, err);
}

/* --- all ------------------------------------------------------------------------------------ */

static bool send_all(struct sending *sending, struct err *err)
{
	return send_begin(sending, err) &&
	       vault_show_wrapped(sending->dir, sending->held.slots, add_slot, add_kept, sending,
	                          err) &&
	       send_entries(sending, err) && send_published(sending, err) &&
	       send_readings(sending, err) && send_packs(sending, err) && send_end(sending, err);
}

/* The snapshot, and the checkpoint that it ends at. */
static bool open_snapshot(struct sending *sending, struct arena *arena, struct err *err)
{
	CLEANUP(key_found_finish) struct key_found found = { 0 };
	CLEANUP(buf_finish) struct buf text = { 0 };
	struct log_signed row;
	const char *path = file_join(arena, sending->dir, BOOK_DATABASE);
	if (!path)
		return err_set(err, ERR_INPUT, "The name of the register's folder is too long");
	if (!file_exists(path))
		return book_no_register(sending->dir, err);
	if (!store_open(path, STORE_READ, &sending->store, err) ||
	    !store_schema_check(sending->store, "register", err) ||
	    !store_begin(sending->store, err) ||
	    !key_find(sending->dir, sending->store, arena, &found, err) ||
	    !log_signed_newest(sending->store, &row, err))
		return false;
	buf_init(&text, LOG_NOTE_MAX);
	if (!log_signed_note(&text, &row, &found.eras.eras, err))
		return false;
	sending->size = row.size;
	sending->note = arena_copy(arena, buf_str(&text));
	return sending->note.p || err_set(err, ERR_UNABLE, "There is no memory to send a copy");
}

static int64_t count_lines(struct str text, struct str begins)
{
	int64_t count = 0;
	struct str line;
	while (str_cut(&text, '\n', &line))
		count += str_starts(line, begins);
	return count;
}

static bool run(struct sending *sending, struct arena *arena, struct casebook_offsite_sent *out,
                struct err *err)
{
	struct vault_options options = { .cached_keys = 16 };
	if (!casebook_is_whole(sending->dir, err) || !open_snapshot(sending, arena, err) ||
	    !vault_open(sending->dir, VAULT_READ, &options, &sending->vault, err) ||
	    !ask(sending, arena, err) || !send_all(sending, err))
		return false;
	*out = (struct casebook_offsite_sent){ .size = sending->size,
		                               .before = sending->held.size,
		                               .attested = count_lines(sending->answer,
		                                                       STR("destroyed ")) };
	return store_get_int(sending->store, DESTROYED_SQL, &out->destroyed, err);
}

bool casebook_offsite_send(const char *dir, const struct casebook_offsite *how, struct arena *arena,
                           struct casebook_offsite_sent *out, struct err *err)
{
	struct sending sending = { .dir = dir,
		                   .how = how,
		                   .soft = how->parcel_bytes ? how->parcel_bytes : PARCEL_SOFT };
	sending.scratch = arena_create(ROUND_ARENA);
	sending.hasher = hasher_create();
	buf_init(&sending.parcel, LOG_PARCEL_MAX);
	buf_init(&sending.plain, SEALED_ROOM);
	buf_init(&sending.box, SEALED_ROOM);
	bool done = sending.scratch ? run(&sending, arena, out, err)
	                            : err_set(err, ERR_UNABLE, "There is no memory to send a copy");
	vault_wipe(sending.plain.p, sending.plain.p ? sending.plain.room : 0);
	buf_finish(&sending.parcel);
	buf_finish(&sending.plain);
	buf_finish(&sending.box);
	vault_close(sending.vault);
	store_close(sending.store);
	hasher_destroy(sending.hasher);
	arena_destroy(sending.scratch);
	return done;
}
