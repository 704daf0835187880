/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Climbing: a duty open past a rung's time is told to that rung's offices, by
 * an entry of the register.
 */
#include "casebook/climb.h"

#include "casebook/fold_parts.h"
#include "casebook/pattern.h"
#include "casebook/turn_parts.h"

#define TOLD_MAX 32

static const char DUTY_SQL[] =
	"SELECT file, office, ladder, rung, due, next_at, pack, rule FROM duty WHERE id = ?1 AND closed IS NULL";
static const char ALSO_SQL[] = "SELECT office FROM duty_also WHERE duty = ?1 ORDER BY office";
static const char TOLD_SQL[] = "SELECT 1 FROM climb WHERE duty = ?1 AND office = ?2";

static bool read_also(struct climbed *duty, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(duty->store, ALSO_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, duty->id);
	while (duty->owner_count < COUNT_OF(duty->owners)) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		duty->owners[duty->owner_count++] = arena_copy(duty->arena, store_str(rows, 0));
	}
	return true;
}

bool climb_read(struct climbed *duty, struct casebook *book, bool *found, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	duty->told = json_array(duty->arena);
	duty->vacant = json_array(duty->arena);
	duty->skipped = json_array(duty->arena);
	if (!store_prepare(duty->store, DUTY_SQL, &read, err))
		return false;
	store_bind_int(read, 1, duty->id);
	enum store_step step = store_step(read, err);
	*found = step == STORE_ROW && !store_is_null(read, 5);
	if (!*found)
		return step != STORE_FAILED;
	duty->file = store_int(read, 0);
	duty->owners[0] = arena_copy(duty->arena, store_str(read, 1));
	duty->owner_count = 1;
	duty->rung = (size_t)store_int(read, 3);
	duty->due = store_int(read, 4);
	duty->next_at = store_int(read, 5);
	duty->rule = arena_copy(duty->arena, store_str(read, 7));
	/* Open duties keep the ladder of their day. */
	const struct pack *pack = book_pack(book, store_int(read, 6));
	duty->ladder = pack ? pack_ladder_find(pack, store_str(read, 2)) : NULL;
	return read_also(duty, err);
}

static bool was_told(const struct climbed *duty, struct str office, bool *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	*out = false;
	if (duty->rung == 0)
		return true; /* nobody was */
	if (!store_prepare(duty->store, TOLD_SQL, &found, err))
		return false;
	store_bind_int(found, 1, duty->id);
	store_bind_str(found, 2, office);
	enum store_step step = store_step(found, err);
	*out = step == STORE_ROW;
	return step != STORE_FAILED;
}

static bool all_holders_hold(const struct chart_office *office, const struct chart_office *owner)
{
	for (size_t i = 0; i < office->holder_count; i++) {
		if (!chart_holds(owner, office->holders[i].account))
			return false;
	}
	return office->holder_count > 0;
}

/* Owes it, stands beneath an owner, or is held only by those who owe it. */
static bool is_of_owners(const struct climbed *duty, const struct chart_office *office)
{
	const struct chart *chart = duty->chart;
	for (size_t i = 0; i < duty->owner_count; i++) {
		const struct chart_office *owner = chart_find(chart, duty->owners[i]);
		if (owner && (owner == office || chart_is_above(chart, owner, office) ||
		              all_holders_hold(office, owner)))
			return true;
	}
	return false;
}

static bool is_in(const struct json *list, struct str office)
{
	for (const struct json *item = list->first; item; item = item->next) {
		if (str_eq(item->string, office))
			return true;
	}
	return false;
}

static bool tell(struct climbed *duty, const struct pack_rung *rung,
                 const struct chart_office *office, struct err *err)
{
	bool told = false, is_line = rung->place == PACK_LINE;
	if (is_in(duty->told, office->id))
		return true;
	if (is_line && !was_told(duty, office->id, &told, err))
		return false;
	told = told || (duty->before && is_in(duty->before, office->id));
	if (is_line && (told || is_of_owners(duty, office))) {
		json_push(duty->skipped, json_string(duty->arena, office->id));
		return true;
	}
	json_push(duty->told, json_string(duty->arena, office->id));
	if (!chart_is_held(office))
		json_push(duty->vacant, json_string(duty->arena, office->id));
	return true;
}

/* The first office that stands where the rung stands, whoever owes it only where nobody else does:
 * a rung whose words mean nobody here (the inspectorate of an office that is itself outside), or
 * the owner himself, still ends outside (L5). */
static const struct chart_office *another_at(const struct climbed *duty, enum pack_rung_place place)
{
	const struct pack *pack = duty->chart->pack;
	const struct chart_office *first = NULL;
	for (size_t i = 0; i < pack->office_count; i++) {
		const struct pack_office *role = &pack->offices[i];
		if (!(place == PACK_OUTSIDE ? role->is_outside : role->is_independent))
			continue;
		const struct chart_office *office =
			chart_instance(duty->chart, role, STR_NONE, STR_NONE);
		if (office && !is_of_owners(duty, office))
			return office;
		first = first ? first : office;
	}
	return first;
}

/* Whether the end of the ladder tells nobody but who owes it. */
static bool tells_owners_alone(const struct climbed *duty)
{
	for (const struct json *told = duty->told->first; told; told = told->next) {
		const struct chart_office *office = chart_find(duty->chart, told->string);
		if (office && !is_of_owners(duty, office))
			return false;
	}
	return true;
}

/* One-of takes the first that is held today, else the first. */
bool climb_rung(struct climbed *duty, const struct pack_rung *rung, struct err *err)
{
	for (size_t o = 0; o < duty->owner_count; o++) {
		struct owner_context context = { .chart = duty->chart,
			                         .row = duty->row,
			                         .owner = duty->owners[o] };
		const struct chart_office *chosen = NULL;
		for (size_t i = 0; i < rung->tell_count; i++) {
			const struct chart_office *office =
				chart_find(duty->chart, owner_resolve(&context, &rung->tell[i]));
			if (!office || duty->told->count >= TOLD_MAX)
				continue;
			if (!rung->is_one_of && !tell(duty, rung, office, err))
				return false;
			if (rung->is_one_of &&
			    (!chosen || (!chart_is_held(chosen) && chart_is_held(office))))
				chosen = office;
		}
		if (chosen && !tell(duty, rung, chosen, err))
			return false;
	}
	if (rung->place == PACK_LINE ||
	    (duty->told->count && (rung->place != PACK_OUTSIDE || !tells_owners_alone(duty))))
		return true;
	const struct chart_office *other = another_at(duty, rung->place);
	return !other || tell(duty, rung, other, err);
}

/* What a rung makes besides: fields of type office and duty are filled from the duty. */
static bool make_besides(struct turn *turn, const struct climbed *duty,
                         const struct pack_kind *kind, int64_t cause, struct err *err)
{
	struct arena *arena = turn->fold->arena;
	struct json *plain = json_object(arena);
	for (size_t i = 0; i < kind->field_count; i++) {
		if (kind->fields[i].type == PACK_OFFICE)
			json_put_text(arena, plain, kind->fields[i].name, duty->owners[0]);
		if (kind->fields[i].type == PACK_DUTY)
			json_put_text(arena, plain, kind->fields[i].name,
			              duty_name_write(arena, duty->id));
	}
	return turn_write(turn, kind, duty->file, plain, cause, 1, err);
}

bool turn_climb(struct turn *turn, int64_t id, int64_t cause, bool *made, struct err *err)
{
	struct arena *arena = turn->fold->arena;
	struct climbed duty = {
		.store = turn->store, .arena = arena, .chart = turn->fold->chart, .id = id
	};
	struct file_row *row;
	struct folding entry;
	if (!climb_read(&duty, turn->book, made, err))
		return false;
	if (!*made)
		return true;
	if (!fold_file(turn->fold, duty.file, &row, err))
		return false;
	duty.row = row;
	size_t rung = duty.rung;
	/* An emptied rung's time is the next one's. */
	while (duty.ladder && rung < duty.ladder->count && duty.told->count == 0) {
		if (!climb_rung(&duty, &duty.ladder->rungs[rung++], err))
			return false;
	}
	struct json *plain = json_object(arena);
	json_put_text(arena, plain, STR("duty"), duty_name_write(arena, id));
	json_put_integer(arena, plain, STR("rung"),
	                 (int64_t)(rung > duty.rung ? rung : duty.rung + 1));
	json_put_text(arena, plain, STR("rule"), duty.rule);
	if (duty.rung == 0)
		json_put_bool(arena, plain, STR("first"), true);
	json_put(plain, STR("told"), duty.told);
	if (duty.vacant->count)
		json_put(plain, STR("vacant"), duty.vacant);
	if (duty.skipped->count)
		json_put(plain, STR("skipped"), duty.skipped);
	/* Told after the rung's time by more than a minute: the clock stood still meanwhile. */
	if (turn->now >= duty.next_at + INSTANT_PER_MINUTE)
		json_put_bool(arena, plain, STR("late"), 1);
	if (!turn_register_entry(turn, STR("duty.climbed"), duty.file, plain, cause, &entry, err))
		return false;
	/* What a rung makes is made though the rung itself was emptied: that the owner has no
	 * manager does not unsay the silence. */
	for (size_t i = duty.rung; i < rung; i++) {
		const struct pack_kind *makes = duty.ladder->rungs[i].makes;
		if (makes && !make_besides(turn, &duty, makes, entry.index, err))
			return false;
	}
	/* By the clock nobody above looks at what was opened; behind an act, of what was born late,
	 * whoever follows the act does. */
	return cause >= 0 ? turn_patterns(turn, &entry, 0, err) : turn_follow(turn, &entry, 0, err);
}
