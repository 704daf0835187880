/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Founding a register: folder, keys, schema, settings, and the first acts. */
#include <errno.h>
#include <unistd.h>

#include "casebook/credential.h"
#include "casebook/settings.h"
#include "casebook/shelf.h"
#include "casebook/turn.h"

#define TEXT_MAX ((size_t)17 << 20)
#define CODE_BYTES 10

static bool folder_is_free(const char *dir, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 20);
	const struct str *names;
	size_t count;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to make a register");
	if (!file_make_folder(dir, 0700, err) || !file_list(arena, dir, &names, &count, err))
		return false;
	return count == 0 || (count == 1 && str_eq(names[0], STR(CASEBOOK_HALF_MADE))) ||
	       err_set(err, ERR_INPUT, "The folder %s is not empty; name a new or an empty one",
	               dir);
}

/* "drill." in front for a drill; a random unnamed one when none was given. */
static bool choose_origin(const struct casebook_founding *founding, struct random_source *random,
                          struct arena *arena, struct str *out, struct err *err)
{
	struct id id = id_make(random);
	struct str origin = founding->origin;
	if (!origin.n)
		origin = arena_format(arena, "%sunnamed.invalid/%.8s",
		                      founding->is_drill ? "drill." : "", id.text + ID_LENGTH - 8);
	else if (founding->is_drill && !str_starts(origin, STR("drill.")))
		origin = arena_format(arena, "drill.%.*s", STR_ARG(origin));
	if (!origin.p)
		return err_set(err, ERR_UNABLE, "There is no memory to make a register");
	if (!founding->is_drill && str_starts(origin, STR("drill.")))
		return err_set(err, ERR_INPUT, "Only a drill register's origin begins with drill.");
	if (!log_origin_is(origin))
		return err_set(
			err, ERR_INPUT,
			"The origin must be a host and a name, like register.example.org/northmere");
	*out = origin;
	return true;
}

static bool make_keys(const char *dir, const struct casebook_founding *founding, struct str origin,
                      struct random_source *random, struct err *err)
{
	CLEANUP(log_signer_cleanup) struct log_signer *signer = NULL;
	char path[BOOK_PATH_MAX];
	struct vault_options options = { .random = founding->has_seed ? random : NULL,
		                         .cost = founding->is_drill ? VAULT_DRILL : VAULT_LIVE };
	(void)snprintf(path, sizeof path, "%s/keys/log.key", dir);
	return vault_create(dir, &options, err) &&
	       log_signer_make(origin, LOG_KEY_LOG, random, &signer, err) &&
	       log_signer_save(signer, path, err);
}

static bool put_setting(struct store *store, struct str name, struct str value, struct err *err)
{
	static const char PUT_SQL[] = "INSERT INTO setting (name, value) VALUES (?1, ?2)";
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(store, PUT_SQL, &put, err))
		return false;
	store_bind_str(put, 1, name);
	store_bind_str(put, 2, value);
	return store_do(put, err);
}

static bool put_pack(struct store *store, struct str text, struct err *err)
{
	static const char PUT_SQL[] =
		"INSERT INTO pack (n, entry, hash, text) VALUES (1, 0, ?1, ?2)";
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	struct hash hash = hash_of(text);
	if (!store_prepare(store, PUT_SQL, &put, err))
		return false;
	store_bind_blob(put, 1, hash_str(&hash));
	store_bind_blob(put, 2, text);
	return store_do(put, err);
}

static bool fill_store(struct store *store, const struct casebook_founding *founding,
                       struct str origin, struct str text, struct err *err)
{
	if (!store_begin(store, err))
		return false;
	bool done = put_setting(store, STR("origin"), origin, err) &&
	            put_setting(store, STR("drill"), founding->is_drill ? STR("yes") : STR("no"),
	                        err) &&
	            put_pack(store, text, err);
	if (done)
		return store_commit(store, err);
	store_abort(store);
	return false;
}

static bool make_store(const char *dir, const struct casebook_founding *founding, struct str origin,
                       struct str text, struct err *err)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	char path[BOOK_PATH_MAX];
	(void)snprintf(path, sizeof path, "%s/register.db", dir);
	return store_open_on(founding->vfs, path, STORE_CREATE, &store, err) &&
	       store_migrate(store, "register", err) &&
	       fill_store(store, founding, origin, text, err);
}

/* --- the first acts ------------------------------------------------------------------------ */

static bool must_be_admitted(const struct casebook_answer *answer, struct err *err)
{
	if (answer->outcome == CASEBOOK_ADMITTED)
		return true;
	if (answer->outcome == CASEBOOK_FAILED)
		*err = answer->err;
	else
		err_set(err, ERR_FAULT, "a founding act was refused: %.*s",
		        STR_ARG(answer->sentence));
	return false;
}

static bool found_one(struct casebook *book, struct arena *arena, struct str kind, struct str file,
                      struct json *fields, struct err *err)
{
	struct casebook_act act = { .actor = { .by = CASEBOOK_BY_REGISTER },
		                    .via = CASEBOOK_REGISTER,
		                    .kind = kind,
		                    .file = file,
		                    .fields = fields };
	struct casebook_answer answer;
	return casebook_submit(book, &act, arena, &answer, err) && must_be_admitted(&answer, err);
}

static bool found_pack(struct casebook *book, struct arena *arena, struct str text, struct err *err)
{
	const struct pack *pack = casebook_pack(book);
	struct json *fields = json_object(arena);
	struct hash hash = hash_of(text);
	json_put_text(arena, fields, STR("name"), pack->name);
	json_put_text(arena, fields, STR("version"), pack->version);
	json_put_text(arena, fields, STR("hash"), hash_hex(arena, &hash));
	json_put_text(arena, fields, STR("change"), STR("first"));
	json_put_bool(arena, fields, STR("founding"), 1);
	return found_one(book, arena, STR("pack.adopted"), STR_NONE, fields, err);
}

/* One instance of each role: id = role, agency = the pack's, area "-". */
static bool found_office(struct casebook *book, struct arena *arena, const struct pack_office *role,
                         struct err *err)
{
	struct json *fields = json_object(arena);
	json_put_text(arena, fields, STR("office"), role->name);
	json_put_text(arena, fields, STR("role"), role->name);
	json_put_text(arena, fields, STR("agency"), role->agency->name);
	json_put_bool(arena, fields, STR("founding"), 1);
	return found_one(book, arena, STR("office.made"), STR_NONE, fields, err);
}

static bool found_acts(struct casebook *book, struct arena *arena,
                       const struct casebook_founding *founding, struct str text, struct err *err)
{
	const struct pack *pack = casebook_pack(book);
	if (!found_pack(book, arena, text, err))
		return false;
	for (size_t i = 0; i < pack->office_count; i++) {
		if (!found_office(book, arena, &pack->offices[i], err))
			return false;
	}
	if (!founding->is_drill)
		return true;
	struct json *fields = json_object(arena);
	json_put_bool(arena, fields, STR("founding"), 1);
	return found_one(book, arena, STR("register.opened"), STR("R-1"), fields, err);
}

/* --- set-up code and shares ---------------------------------------------------------------- */

static bool make_setup_code(struct casebook *book, struct arena *arena, struct str *out,
                            struct err *err)
{
	struct id id = id_make(book->random);
	struct str code = arena_format(arena, "%.5s-%.5s-%.5s-%.5s", id.text + 6, id.text + 11,
	                               id.text + 16, id.text + 21);
	if (!code.p)
		return err_set(err, ERR_UNABLE, "There is no memory to make a register");
	*out = code;
	if (!store_begin(book->store, err))
		return false;
	if (setup_code_write(book, book->store, code, err))
		return store_commit(book->store, err);
	store_abort(book->store);
	return false;
}

static bool make_shares(struct casebook *book, const struct casebook_founding *founding,
                        struct arena *arena, struct casebook_made *made, struct err *err)
{
	struct vault_share shares[32];
	if (founding->shares == 0)
		return true;
	if (founding->shares < 2 || founding->shares > 32 || founding->shares_needed < 2 ||
	    founding->shares_needed > founding->shares)
		return err_set(err, ERR_USAGE,
		               "Shares are given as K/N, with 2 or more needed of at most 32");
	if (!vault_split(book->vault, founding->shares_needed, founding->shares, casebook_now(book),
	                 shares, err))
		return false;
	struct str *texts = arena_alloc(arena, (size_t)founding->shares, sizeof *texts);
	for (int i = 0; texts && i < founding->shares; i++)
		texts[i] = arena_copy(arena, str_from_c(shares[i].text));
	vault_wipe(shares, sizeof shares);
	made->shares = texts;
	made->share_count = texts ? (size_t)founding->shares : 0;
	return texts || err_set(err, ERR_UNABLE, "There is no memory for the shares");
}

static bool found(const struct casebook_founding *founding, struct arena *arena, struct str text,
                  struct casebook_made *made, struct err *err)
{
	CLEANUP(casebook_cleanup) struct casebook *book = NULL;
	struct casebook_options options = { .vfs = founding->vfs,
		                            .is_founding = true,
		                            .shelf = founding->shelf,
		                            .has_seed = founding->has_seed,
		                            .seed = founding->seed + 1 };
	if (!casebook_open_with(founding->dir, CASEBOOK_WRITE, &options, &book, err))
		return false;
	if (founding->is_drill && founding->start && !casebook_set_now(book, founding->start, err))
		return false;
	return found_acts(book, arena, founding, text, err) &&
	       (founding->is_drill || make_setup_code(book, arena, &made->setup_code, err)) &&
	       make_shares(book, founding, arena, made, err);
}

/* A pack whose walk finds a way to fall silent founds no register. */
static bool pack_holds(struct casebook_shelf *shelf, const struct pack *pack, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 20);
	struct str fails;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to check the pack");
	if (!shelf_check(shelf, pack, arena, &fails, err))
		return false;
	return !fails.p || err_set(err, ERR_INPUT, "The pack does not hold: %.*s", STR_ARG(fails));
}

bool casebook_create(const struct casebook_founding *founding, struct arena *arena,
                     struct casebook_made *made, struct err *err)
{
	struct random_source *random =
		founding->has_seed ? random_seeded_create(founding->seed) : random_system_create();
	struct pack *pack = NULL;
	struct buf text;
	struct str origin;
	*made = (struct casebook_made){ .setup_code = STR("") };
	buf_init(&text, TEXT_MAX);
	bool done = pack_bytes_write(&text, founding->pack) ||
	            err_set(err, ERR_UNABLE, "The pack is too large to be kept");
	done = done && shelf_load(founding->shelf, buf_str(&text), &pack, err) &&
	       (founding->vfs || pack_holds(founding->shelf, pack, err)) &&
	       choose_origin(founding, random, arena, &origin, err) &&
	       folder_is_free(founding->dir, err) &&
	       make_keys(founding->dir, founding, origin, random, err) &&
	       make_store(founding->dir, founding, origin, buf_str(&text), err) &&
	       found(founding, arena, buf_str(&text), made, err);
	shelf_give(founding->shelf, pack);
	buf_finish(&text);
	random_destroy(random);
	return done;
}
