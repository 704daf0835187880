/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/adopting.h"

#include "casebook/chart.h"
#include "casebook/shelf.h"
#include "casebook/turn_parts.h"

/* A file whose state has another name once the pack is in force. */
struct turn_moved {
	int64_t file;
	struct str from; /* of the packs, which stay */
	struct str to;
	struct turn_moved *next;
};

/* --- what a version may be -------------------------------------------------------------------- */

/* The pack in force, if `new` is a layer upon it. */
static const struct pack_layer *layer_upon(const struct pack *new, const struct pack *old)
{
	for (size_t i = 0; i < new->below_count; i++)
		if (str_eq(new->below[i].name, old->name))
			return &new->below[i];
	return NULL;
}

struct str adopting_why_not(const struct pack *old, const struct pack *new,
                            const struct pack_comparison *found, struct arena *arena)
{
	const struct pack_layer *layer = layer_upon(new, old);
	bool is_same = str_eq(old->name, new->name);
	if (!is_same && !layer)
		return arena_format(arena,
		                    "Pack %.*s is neither another version of %.*s, which is in"
		                    " force, nor a layer upon it",
		                    STR_ARG(new->name), STR_ARG(old->name));
	if (!is_same && pack_version_compare(layer->version, old->version) < 0)
		return arena_format(
			arena, "It is laid upon %.*s %.*s, which is older than %.*s, in force",
			STR_ARG(old->name), STR_ARG(layer->version), STR_ARG(old->version));
	if (is_same && pack_version_compare(new->version, old->version) < 0)
		return arena_format(arena, "Version %.*s is older than %.*s, which is in force",
		                    STR_ARG(new->version), STR_ARG(old->version));
	if (found->gone_count)
		return arena_format(arena, "It cannot be adopted: %.*s", STR_ARG(found->gone[0]));
	if (is_same && !found->is_number_enough)
		return arena_format(arena,
		                    "Version %.*s is too small a number for what changed (%.*s);"
		                    " the smallest that may be adopted is %.*s",
		                    STR_ARG(new->version), STR_ARG(pack_change_word(found->change)),
		                    STR_ARG(found->smallest));
	return STR_NONE;
}

bool adopting_needs_scrutineer(enum pack_change change)
{
	return change >= PACK_CHANGE_OTHER;
}

/* --- files in states that are no more --------------------------------------------------------- */

static bool refuse(struct verdict *verdict, struct str because, struct str sentence)
{
	verdict->judgement = JUDGED_REFUSED_DOOR;
	verdict->because = because;
	verdict->sentence = sentence;
	return true;
}

static bool note_moved(struct turn *turn, int64_t file, struct str from, struct str to,
                       struct err *err)
{
	struct turn_moved *moved = arena_alloc(turn->arena, 1, sizeof *moved);
	if (!moved)
		return err_set(err, ERR_UNABLE,
		               "There is no memory for so many files whose state is renamed");
	*moved = (struct turn_moved){ .file = file, .from = from, .to = to, .next = turn->moved };
	turn->moved = moved;
	return true;
}

/* The state of the new pack that stands for one of the old: by its own name, or by the one that
 * replaces it; -1: none. */
static int state_now(const struct pack_file_type *new, struct str old)
{
	for (size_t i = 0; i < new->retired_state_count; i++)
		if (str_eq(new->retired_states[i].old, old))
			return new->retired_states[i].now;
	return pack_state_find(new, old);
}

/* The first file in the state; each of them is noted when it will be called `to`. *number 0: none.
 */
static bool files_in(struct turn *turn, const struct pack_file_type *old, int state, struct str to,
                     int64_t *number, struct err *err)
{
	/* By file_number(type, number). */
	static const char IN_SQL[] =
		"SELECT n, number FROM file WHERE type = ?1 AND state = ?2 ORDER BY number";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	*number = 0;
	if (!store_prepare(turn->store, IN_SQL, &rows, err))
		return false;
	store_bind_str(rows, 1, old->name);
	store_bind_int(rows, 2, state);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!*number)
			*number = store_int(rows, 1);
		if (!to.p)
			return true;
		if (!note_moved(turn, store_int(rows, 0), old->states[state], to, err))
			return false;
	}
}

/* A state may go, be renamed, or begin or cease to end, as long as no file is in it that would be
 * nowhere, closed with something owed, or open with nothing. */
static bool judge_state(struct turn *turn, const struct pack_file_type *old,
                        const struct pack_file_type *new, int state, struct verdict *verdict,
                        struct err *err)
{
	struct arena *arena = turn->fold->arena;
	int now = state_now(new, old->states[state]);
	bool is_renamed = now >= 0 && !str_eq(new->states[now], old->states[state]);
	bool keeps_end = now >= 0 && (new->final >> now & 1) == (old->final >> state & 1);
	int64_t number;
	if (keeps_end && !is_renamed)
		return true;
	if (!files_in(turn, old, state, keeps_end ? new->states[now] : STR_NONE, &number, err))
		return false;
	if (keeps_end || !number)
		return true;
	struct str file = arena_format(arena, "%.*s-%" PRId64, STR_ARG(old->letter), number);
	if (now < 0)
		return refuse(verdict, STR("state"),
		              arena_format(arena,
		                           "File %.*s is in state %.*s, which the new version"
		                           " lacks; name the state that stands for it:"
		                           " retired-states: { %.*s: STATE }",
		                           STR_ARG(file), STR_ARG(old->states[state]),
		                           STR_ARG(old->states[state])));
	return refuse(verdict, STR("state"),
	              arena_format(arena,
	                           "File %.*s is in state %.*s, and the new version %s; what is"
	                           " open must be owed, and what is closed must not",
	                           STR_ARG(file), STR_ARG(old->states[state]),
	                           new->final >> now & 1 ? "has it end there" : "opens it again"));
}

static bool judge_states(struct turn *turn, const struct pack *new, struct verdict *verdict,
                         struct err *err)
{
	const struct pack *old = turn->fold->pack;
	turn->moved = NULL;
	for (size_t i = 0; i < old->file_type_count; i++) {
		const struct pack_file_type *type = &old->file_types[i];
		const struct pack_file_type *now = pack_file_type_find(new, type->name);
		for (size_t s = 0; now && s < type->state_count; s++) {
			if (!judge_state(turn, type, now, (int)s, verdict, err))
				return false;
			if (verdict->judgement != JUDGED_ADMITTED)
				return true;
		}
	}
	return true;
}

/* --- in the turn ------------------------------------------------------------------------------ */

/* Beyond those in force no reader looks: it is so once the turn has committed. */
static bool lay_ready(struct turn *turn, struct adopting *adopting, struct pack **out,
                      struct err *err)
{
	struct casebook *book = turn->book;
	int n = (int)turn->fold->pack_n + 1;
	adopting->n = n;
	if (n >= BOOK_PACKS_MAX)
		return err_set(err, ERR_UNABLE,
		               "This register has adopted more packs than it can hold");
	shelf_give(book->shelf, book->packs[n]);
	book->packs[n] = NULL;
	if (!shelf_load(book->shelf, adopting->text, &book->packs[n], err))
		return false;
	*out = book->packs[n];
	return true;
}

static bool want_scrutineer(struct turn *turn, const struct judged *judged, struct verdict *verdict)
{
	const struct pack_office *role = pack_scrutineer(turn->fold->pack);
	if (!role)
		return refuse(verdict, STR("scrutineer"),
		              STR("It loosens what is in force, and the rules have no independent"
		                  " office to ask"));
	for (size_t i = 0; i < judged->second_count; i++)
		if (str_eq(judged->seconds[i], role->name))
			return true;
	verdict->roles[verdict->role_count++] = role->name;
	return true;
}

bool adopting_judge(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                    struct err *err)
{
	struct arena *arena = turn->fold->arena;
	struct adopting *adopting = judged->adopting;
	struct pack_comparison found;
	struct pack *pack = NULL;
	if (!adopting)
		return refuse(verdict, STR("not-here"),
		              STR("The text of the pack is not here any more; propose it again"));
	struct err why = { 0 };
	if (!lay_ready(turn, adopting, &pack, &why)) {
		*err = why;
		return why.code == ERR_INPUT &&
		       refuse(verdict, STR("pack"), arena_copy(arena, str_from_c(why.message)));
	}
	struct str fails = STR_NONE;
	/* What waited was checked by the program of that day. */
	if ((judged->waited >= 0 && !shelf_check(turn->book->shelf, pack, arena, &fails, err)) ||
	    !pack_compare(turn->fold->pack, pack, arena, &found, err))
		return false;
	if (fails.p)
		return refuse(verdict, STR("pack"), fails);
	struct str sentence = adopting_why_not(turn->fold->pack, pack, &found, arena);
	if (sentence.p)
		return refuse(verdict, STR("pack"), sentence);
	/* As it is now: another version may have come into force since it was proposed. */
	struct json *said = (struct json *)(uintptr_t)json_member(judged->plain, STR("change"));
	if (said)
		said->string = pack_change_word(found.change);
	if (!judge_states(turn, pack, verdict, err))
		return false;
	if (verdict->judgement != JUDGED_ADMITTED || !adopting_needs_scrutineer(found.change))
		return true;
	return want_scrutineer(turn, judged, verdict);
}

bool adopting_keep(void *ctx, struct store *store, int64_t index, struct err *err)
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

/* --- what waits ------------------------------------------------------------------------------- */

bool adopting_propose(struct turn *turn, const struct adopting *adopting, int64_t waiting,
                      struct err *err)
{
	static const char DROP_SQL[] =
		"DELETE FROM short_proposed WHERE NOT EXISTS (SELECT 1 FROM waiting AS w"
		" WHERE w.entry = short_proposed.entry AND w.closed IS NULL)";
	static const char PUT_SQL[] = "INSERT INTO short_proposed (entry, text) VALUES (?1, ?2)";
	CLEANUP(store_stmt_finish) struct store_stmt *drop = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(turn->store, DROP_SQL, &drop, err) || !store_do(drop, err) ||
	    !store_prepare(turn->store, PUT_SQL, &put, err))
		return false;
	store_bind_int(put, 1, waiting);
	store_bind_blob(put, 2, adopting->text);
	return store_do(put, err);
}

bool adopting_proposed(struct store *store, struct arena *arena, int64_t waiting,
                       struct str hash_hex, struct adopting *out, struct err *err)
{
	static const char GET_SQL[] = "SELECT text FROM short_proposed WHERE entry = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *get = NULL;
	struct hash wanted;
	*out = (struct adopting){ 0 };
	if (!store_prepare(store, GET_SQL, &get, err))
		return false;
	store_bind_int(get, 1, waiting);
	enum store_step step = store_step(get, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	/* A row of a short table is anybody's who can write the database. */
	struct hash hash = hash_of(store_blob(get, 0));
	if (!hash_read_hex(hash_hex, &wanted) || !hash_eq(&hash, &wanted))
		return true;
	*out = (struct adopting){ .text = arena_copy(arena, store_blob(get, 0)), .hash = hash };
	return out->text.p || err_set(err, ERR_UNABLE, "There is no memory for a pack");
}

/* --- what follows ----------------------------------------------------------------------------- */

static bool make_office(struct turn *turn, const struct pack_office *role, struct err *err)
{
	/* The arena begins anew with the act. */
	fold_begin_act(turn->fold);
	turn->follow_count = 0;
	struct arena *arena = turn->fold->arena;
	struct json *plain = json_object(arena);
	struct folding entry;
	uint8_t bytes[16];
	random_bytes(turn->book->random, bytes, sizeof bytes);
	struct id id = id_from_bytes(bytes);
	json_put_text(arena, plain, STR("office"), role->name);
	json_put_text(arena, plain, STR("role"), role->name);
	json_put_text(arena, plain, STR("agency"), role->agency->name);
	json_put_bool(arena, plain, STR("founding"), 1);
	struct making making = {
		.kind = pack_kind_find(turn->fold->pack, STR("office.made")),
		.file = turn->book->files,
		.file_id = id_str(&id),
		.is_new_file = true,
		.by = CASEBOOK_BY_REGISTER,
		.via = CASEBOOK_REGISTER,
		.plain = plain,
		.cause = -1,
	};
	if (!making.kind || !plain)
		return err_set(err, ERR_FAULT, "the pack has no office.made");
	return turn_entry(turn, &making, &entry, err) && turn_follow(turn, &entry, 0, err) &&
	       turn_end_act(turn, err);
}

static bool make_offices(struct turn *turn, struct err *err)
{
	const struct pack *pack = turn->fold->pack;
	for (size_t i = 0; i < pack->office_count; i++) {
		const struct pack_office *role = &pack->offices[i];
		if (role->retired.p || chart_instance(turn->fold->chart, role, STR_NONE, STR_NONE))
			continue;
		if (!make_office(turn, role, err))
			return false;
	}
	return true;
}

static bool rename_state(struct turn *turn, const struct turn_moved *moved, struct err *err)
{
	struct folding entry;
	fold_begin_act(turn->fold);
	turn->follow_count = 0;
	struct json *plain = json_object(turn->fold->arena);
	json_put_text(turn->fold->arena, plain, STR("from"), moved->from);
	json_put_text(turn->fold->arena, plain, STR("to"), moved->to);
	return turn_register_entry(turn, STR("state.renamed"), moved->file, plain, -1, &entry,
	                           err) &&
	       turn_follow(turn, &entry, 0, err) && turn_end_act(turn, err);
}

bool adopting_follow(struct turn *turn, struct err *err)
{
	turn->adopted = false;
	if (!make_offices(turn, err))
		return false;
	for (const struct turn_moved *moved = turn->moved; moved; moved = moved->next)
		if (!rename_state(turn, moved, err))
			return false;
	turn->moved = NULL;
	return true;
}
