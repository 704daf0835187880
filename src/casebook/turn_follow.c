/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What follows from an entry, as further entries by the register. */
#include "casebook/chart.h"
#include "casebook/dispose.h"
#include "casebook/fold_parts.h"
#include "casebook/pattern.h"
#include "casebook/rows.h"
#include "casebook/turn_parts.h"
#include "casebook/world.h"

/* Whether the office lacks a holder and nobody was told. Outside the partnership nobody is named to
 * one. */
static bool is_newly_vacant(const struct chart_office *office)
{
	return office && !chart_is_held(office) && !office->vacant_since &&
	       !(office->role && office->role->is_outside);
}

/* office.vacant, once while it lasts, as soon as an office that nobody holds owes something. */
static bool follow_vacancy(struct turn *turn, struct str office_id, int64_t cause, struct err *err)
{
	struct arena *arena = turn->fold->arena;
	const struct chart_office *office = chart_find(turn->fold->chart, office_id);
	struct folding made;
	if (!is_newly_vacant(office) || !turn->fold->pack->vacant_duty)
		return true;
	const struct chart_office *told = chart_told_of_vacancy(turn->fold->chart, office);
	struct json *plain = json_object(arena);
	json_put_text(arena, plain, STR("office"), arena_copy(arena, office->id));
	if (told)
		json_put_text(arena, plain, STR("told"), arena_copy(arena, told->id));
	if (!turn_register_entry(turn, STR("office.vacant"), office->file, plain, cause, &made,
	                         err))
		return false;
	/* Outside a chain that is followed already, what it opens is followed here. */
	return cause >= 0 || turn_follow(turn, &made, 0, err);
}

/* Who owes a duty just opened, alone or with others: the i-th of them; p NULL: there are no more.
 */
static bool owner_at(struct turn *turn, const struct fold_opened *opened, size_t i, struct str *out,
                     struct err *err)
{
	/* By duty_also_duty. */
	static const char ALSO_SQL[] =
		"SELECT office FROM duty_also WHERE duty = ?1 ORDER BY office LIMIT 1 OFFSET ?2";
	CLEANUP(store_stmt_finish) struct store_stmt *also = NULL;
	*out = i ? STR_NONE : opened->office;
	if (i == 0 || i > opened->also_count)
		return true;
	if (!store_prepare(turn->store, ALSO_SQL, &also, err))
		return false;
	store_bind_int(also, 1, opened->id);
	store_bind_int(also, 2, (int64_t)i - 1);
	enum store_step step = store_step(also, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	*out = arena_copy(turn->arena, store_str(also, 0)); /* outlives the act */
	return out->p || err_set(err, ERR_UNABLE, "There is no memory for this act");
}

static bool follow_owners(struct turn *turn, const struct fold_opened *opened, int64_t cause,
                          struct err *err)
{
	for (size_t i = 0;; i++) {
		struct str office;
		if (!owner_at(turn, opened, i, &office, err))
			return false;
		if (!office.p)
			return true;
		if (!follow_vacancy(turn, office, cause, err))
			return false;
	}
}

static bool owes_anything(struct turn *turn, struct str office, bool *owes, struct err *err)
{
	/* By duty_open, and duty_also by its key. */
	static const char OWES_SQL[] =
		"SELECT 1 FROM duty WHERE office = ?1 AND closed IS NULL UNION ALL SELECT 1 FROM duty_also AS a"
		" JOIN duty AS d ON d.id = a.duty WHERE a.office = ?1 AND d.closed IS NULL LIMIT 1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(turn->store, OWES_SQL, &found, err))
		return false;
	store_bind_str(found, 1, office);
	enum store_step step = store_step(found, err);
	*owes = step == STORE_ROW;
	return step != STORE_FAILED;
}

static bool follow_emptied(struct turn *turn, struct str office, const struct folding *entry,
                           struct err *err)
{
	bool owes;
	if (!is_newly_vacant(chart_find(turn->fold->chart, office)))
		return true;
	return owes_anything(turn, office, &owes, err) &&
	       (!owes || follow_vacancy(turn, office, entry->index, err));
}

/* Every office that an account held when it ended. */
static bool follow_ended(struct turn *turn, const struct folding *entry, struct err *err)
{
	/* By holding_account. */
	static const char LEFT_SQL[] =
		"SELECT office FROM holding WHERE account = ?1 AND until = ?2 AND office > ?3 ORDER BY office LIMIT 1";
	struct str account = json_text(entry->plain, STR("account")), office = STR("");
	for (;;) {
		CLEANUP(store_stmt_finish) struct store_stmt *left = NULL;
		if (!store_prepare(turn->store, LEFT_SQL, &left, err))
			return false;
		store_bind_str(left, 1, account);
		store_bind_int(left, 2, entry->recorded);
		store_bind_str(left, 3, office);
		enum store_step step = store_step(left, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		office = arena_copy(turn->fold->arena, store_str(left, 0));
		store_stmt_finish(&left);
		if (!office.p)
			return err_set(err, ERR_UNABLE, "There is no memory for this act");
		if (!follow_emptied(turn, office, entry, err))
			return false;
	}
}

/* Whose last holder leaves, or who is passed a duty, may be vacant with something owed
 *. */
static bool follow_leaving(struct turn *turn, const struct folding *entry, struct err *err)
{
	struct str kind = entry->kind_name;
	if (str_eq(kind, STR("office.left")))
		return follow_emptied(turn, json_text(entry->plain, STR("office")), entry, err);
	if (str_eq(kind, STR("duty.taken")) || str_eq(kind, STR("office.handed-over")))
		return follow_emptied(turn, json_text(entry->plain, STR("to")), entry, err);
	return !str_eq(kind, STR("account.ended")) || follow_ended(turn, entry, err);
}

/* Each duty that was opened, in order; entries made here may open more behind them. */
bool turn_follow(struct turn *turn, const struct folding *entry, int depth, struct err *err)
{
	static const int RUNGS_MAX = 16;
	if (!turn_then(turn, entry, depth, err) || !turn_patterns(turn, entry, depth, err) ||
	    !dispose_follow(turn, entry, err))
		return false;
	if (depth > 0)
		return true; /* the outermost call looks at all that was opened */
	if (!turn_watch_note(turn, entry, err) || !follow_leaving(turn, entry, err))
		return false;
	for (size_t i = 0; i < turn->fold->opened_count; i++) {
		struct fold_opened opened = turn->fold->opened[i];
		if (!follow_owners(turn, &opened, entry->index, err))
			return false;
		bool made = opened.next_at <= turn->now; /* now is in whole milliseconds */
		for (int rung = 0; made && rung < RUNGS_MAX; rung++) {
			CLEANUP(store_stmt_finish) struct store_stmt *next = NULL;
			static const char NEXT_SQL[] =
				"SELECT next_at FROM duty WHERE id = ?1 AND next_at <= ?2";
			if (!store_prepare(turn->store, NEXT_SQL, &next, err))
				return false;
			store_bind_int(next, 1, opened.id);
			store_bind_int(next, 2, turn->now);
			enum store_step step = store_step(next, err);
			if (step == STORE_FAILED)
				return false;
			store_stmt_finish(&next);
			made = step == STORE_ROW;
			if (made && !turn_climb(turn, opened.id, entry->index, &made, err))
				return false;
		}
	}
	return true;
}

/* What ends owes nothing: the check has proved it, and this holds where it could not. */
static bool ends_settled(const struct turn *turn, struct err *err)
{
	for (size_t i = 0; i < turn->fold->file_count; i++) {
		const struct file_row *row = turn->fold->files[i];
		if (row->has_ended && row->open_duties > 0)
			return err_set(err, ERR_FAULT,
			               "a file would end while something is owed on it");
	}
	return true;
}

/* Offices found vacant, in the arena of the turn: what follows from each begins an act, which
 * clears the fold's. */
struct vacant {
	struct str id;
	struct vacant *next;
};

static bool add_vacant(struct turn *turn, const struct fold_opened *opened, struct vacant ***last,
                       struct err *err)
{
	for (size_t i = 0;; i++) {
		struct str office;
		if (!owner_at(turn, opened, i, &office, err))
			return false;
		if (!office.p)
			return true;
		if (!is_newly_vacant(chart_find(turn->fold->chart, office)))
			continue;
		struct vacant *found = arena_alloc(turn->arena, 1, sizeof *found);
		if (found)
			*found = (struct vacant){ .id = arena_copy(turn->arena, office) };
		if (!found || !found->id.p)
			return err_set(err, ERR_UNABLE, "There is no memory for this act");
		**last = found;
		*last = &found->next;
	}
}

/*
 * The rest rule opens at the act's very end, so what follows from it is an act
 * of its own, without "cause": a refold ends the one act before it (fold.h, F2).
 */
bool turn_end_act(struct turn *turn, struct err *err)
{
	struct vacant *first = NULL, **last = &first;
	size_t before = turn->fold->opened_count;
	if (!turn->fold->in_act)
		return true;
	if (!ends_settled(turn, err) || !fold_end_act(turn->fold, err))
		return false;
	for (size_t i = before; i < turn->fold->opened_count; i++) {
		if (!add_vacant(turn, &turn->fold->opened[i], &last, err))
			return false;
	}
	for (const struct vacant *office = first; office; office = office->next) {
		fold_begin_act(turn->fold);
		turn->follow_count = 0;
		if (!follow_vacancy(turn, office->id, -1, err) || !fold_end_act(turn->fold, err))
			return false;
	}
	return turn_watch(turn, err);
}
