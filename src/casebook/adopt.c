/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Adopting another version of the pack: compared with the
 * one in force, checked whole, kept with its entry, in force from the next.
 */
#include "casebook/chart.h"
#include "casebook/shelf.h"
#include "casebook/turn.h"

#define TEXT_MAX ((size_t)17 << 20)

struct adopting {
	struct casebook *book;
	struct str text;
	struct hash hash;
	int n;
};

static bool keep_text(void *ctx, struct store *store, int64_t index, struct err *err)
{
	static const char PUT_SQL[] =
		"INSERT INTO pack (n, entry, hash, text) VALUES (?1, ?2, ?3, ?4)";
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	const struct adopting *adopting = ctx;
	if (!store_prepare(store, PUT_SQL, &put, err))
		return false;
	store_bind_int(put, 1, adopting->n);
	store_bind_int(put, 2, index);
	store_bind_blob(put, 3, hash_str(&adopting->hash));
	store_bind_blob(put, 4, adopting->text);
	return store_do(put, err);
}

static bool fail(struct casebook_adoption *out, enum err_code code, const char *message)
{
	out->answer = (struct casebook_answer){ .outcome = CASEBOOK_FAILED, .index = -1 };
	err_set(&out->answer.err, code, "%s", message);
	return true;
}

/* Two accounts, in offices of two agencies. */
static bool are_of_two_agencies(struct casebook *book, const struct casebook_actor *a,
                                const struct casebook_actor *b)
{
	pthread_mutex_lock(&book->chart_lock);
	struct chart *chart = chart_take(book->chart);
	pthread_mutex_unlock(&book->chart_lock);
	const struct chart_office *one = chart_find(chart, a->office),
				  *two = chart_find(chart, b->office);
	bool is_deputy;
	bool good = one && two && !str_eq(a->account, b->account) &&
	            !str_eq(one->agency, two->agency) &&
	            chart_may_act(chart, two, b->account, casebook_now(book), &is_deputy);
	chart_give(chart);
	return good;
}

/* Same pack, a number that fits what changed, and nothing looser. */
static bool is_adoptable(const struct pack *old, const struct pack *new,
                         const struct pack_comparison *found, struct arena *arena,
                         struct casebook_adoption *out)
{
	const char *why = NULL;
	if (!str_eq(old->name, new->name))
		why = "Another pack is not another version of the one in force";
	else if (pack_version_compare(new->version, old->version) < 0)
		why = str_to_c(arena,
		               arena_format(arena,
		                            "Version %.*s is older than %.*s, which is in force",
		                            STR_ARG(new->version), STR_ARG(old->version)));
	else if (found->change >= PACK_CHANGE_OTHER)
		why = str_to_c(
			arena,
			arena_format(arena,
		                     "It loosens what is in force, or changes it in a way that"
		                     " cannot be told by form: needs `pack diff`, not in this"
		                     " version; its number would be %.*s or above",
		                     STR_ARG(found->smallest)));
	else if (!found->is_number_enough)
		why = str_to_c(
			arena,
			arena_format(arena,
		                     "Version %.*s is too small a number for what changed (%.*s);"
		                     " the smallest that may be adopted is %.*s",
		                     STR_ARG(new->version),
		                     STR_ARG(pack_change_word(found->change)),
		                     STR_ARG(found->smallest)));
	else
		return true;
	fail(out, ERR_REFUSED, why ? why : "This version cannot be adopted");
	return false;
}

/* Loads, checks, compares; *good false: `out` says why not. */
static bool judge_pack(struct casebook *book, struct str text, struct arena *arena,
                       struct casebook_adoption *out, struct pack **pack, bool *good,
                       struct err *err)
{
	struct str fails;
	struct pack_comparison comparison;
	*good = false;
	if (!shelf_load(book->shelf, text, pack, err))
		return err->code == ERR_INPUT && fail(out, ERR_INPUT, err->message);
	if (!shelf_check(book->shelf, *pack, arena, &fails, err))
		return false;
	if (fails.p)
		return fail(out, ERR_INPUT, str_to_c(arena, fails));
	const struct pack *old = casebook_pack(book);
	if (!pack_compare(old, *pack, arena, &comparison, err))
		return false;
	out->change = comparison.change;
	out->changes = comparison.lines;
	out->change_count = comparison.count;
	*good = is_adoptable(old, *pack, &comparison, arena, out);
	return true;
}

static const struct json *adoption_fields(struct arena *arena, const struct pack *pack,
                                          const struct adopting *adopting, enum pack_change change,
                                          const struct casebook_actor *second)
{
	struct json *fields = json_object(arena);
	json_put_text(arena, fields, STR("name"), arena_copy(arena, pack->name));
	json_put_text(arena, fields, STR("version"), arena_copy(arena, pack->version));
	json_put_text(arena, fields, STR("hash"), hash_hex(arena, &adopting->hash));
	json_put_text(arena, fields, STR("change"), pack_change_word(change));
	json_put_text(arena, fields, STR("second"), second->account);
	return fields;
}

/* One instance of each role that is new. */
static bool make_new_offices(struct casebook *book, struct arena *arena, struct err *err)
{
	const struct pack *pack = casebook_pack(book);
	for (size_t i = 0; i < pack->office_count; i++) {
		pthread_mutex_lock(&book->chart_lock);
		struct chart *chart = chart_take(book->chart);
		pthread_mutex_unlock(&book->chart_lock);
		bool is_there =
			chart_instance(chart, &pack->offices[i], STR_NONE, STR_NONE) != NULL;
		chart_give(chart);
		if (is_there)
			continue;
		struct json *fields = json_object(arena);
		struct casebook_answer answer;
		struct casebook_act act = { .actor = { .by = CASEBOOK_BY_REGISTER },
			                    .via = CASEBOOK_REGISTER,
			                    .kind = STR("office.made"),
			                    .fields = fields };
		json_put_text(arena, fields, STR("office"), pack->offices[i].name);
		json_put_text(arena, fields, STR("role"), pack->offices[i].name);
		json_put_text(arena, fields, STR("agency"), pack->offices[i].agency->name);
		json_put_bool(arena, fields, STR("founding"), 1);
		if (!casebook_submit(book, &act, arena, &answer, err))
			return false;
		if (answer.outcome != CASEBOOK_ADMITTED)
			return err_set(err, ERR_FAULT, "an office of a new role was not made: %s",
			               answer.err.message);
	}
	return true;
}

static bool put_in_slot(struct casebook *book, void *ctx, struct err *err)
{
	struct adopting *adopting = ctx;
	adopting->n = book->pack_count + 1;
	if (adopting->n >= BOOK_PACKS_MAX)
		return err_set(err, ERR_UNABLE,
		               "This register has adopted more packs than it can hold");
	/* Beyond pack_count no reader looks: it is in force once the turn has committed. */
	shelf_give(book->shelf, book->packs[adopting->n]);
	book->packs[adopting->n] = NULL;
	return shelf_load(book->shelf, adopting->text, &book->packs[adopting->n], err);
}

bool casebook_adopt(struct casebook *book, const struct casebook_actor *actor,
                    const struct casebook_actor *second, enum casebook_via via,
                    struct str machine_user, const struct pack_bytes *bytes, struct arena *arena,
                    struct casebook_adoption *out, struct err *err)
{
	struct pack *pack = NULL;
	struct buf text;
	bool good = false;
	*out = (struct casebook_adoption){ .answer = { .index = -1 } };
	if (!are_of_two_agencies(book, actor, second))
		return fail(out, ERR_REFUSED,
		            "Adopting needs two accounts in offices of two agencies");
	buf_init(&text, TEXT_MAX);
	bool done = pack_bytes_write(&text, bytes) ||
	            err_set(err, ERR_UNABLE, "The pack is too large to be kept");
	struct adopting adopting = { .book = book,
		                     .text = buf_str(&text),
		                     .hash = hash_of(buf_str(&text)) };
	done = done && judge_pack(book, adopting.text, arena, out, &pack, &good, err);
	if (done && good)
		done = book_write(book, put_in_slot, &adopting, err);
	if (done && good) {
		struct casebook_act act = { .actor = *actor,
			                    .via = via,
			                    .kind = STR("pack.adopted"),
			                    .file = STR("R-1"),
			                    .fields = adoption_fields(arena, pack, &adopting,
			                                              out->change, second),
			                    .machine_user = machine_user };
		done = casebook_submit_with(book, &act, keep_text, &adopting, arena, &out->answer,
		                            err);
		if (done && out->answer.outcome == CASEBOOK_ADMITTED)
			done = make_new_offices(book, arena, err);
	}
	shelf_give(book->shelf, pack);
	buf_finish(&text);
	return done;
}
