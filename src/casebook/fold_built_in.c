/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the register's own kinds mean to the views: climbs, duties moved,
 * emergencies, corrections, packs. Offices and accounts: fold_people.c; second
 * readers: fold_second.c. Tables from name to meaning; kinds that need no view
 * of their own are in none.
 */
#include "casebook/chart.h"
#include "casebook/fold_parts.h"
#include "casebook/rows.h"

struct str folding_text(const struct folding *entry, struct str name)
{
	return json_text(entry->plain, name);
}

bool folding_lacks(struct err *err, const struct folding *entry, const char *what)
{
	err_set(err, ERR_FAULT, "entry %" PRId64 " names no %s", entry->index, what);
	return err_context(err, "%.*s", STR_ARG(entry->kind_name));
}

/* A statement with text parameters, then integer ones, in their order. */
bool fold_put(struct fold *fold, const char *sql, const struct str *texts, size_t text_count,
              const int64_t *numbers, size_t number_count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(fold->store, sql, &stmt, err))
		return false;
	for (size_t i = 0; i < text_count; i++)
		store_bind_str(stmt, (int)i + 1, texts[i]);
	for (size_t i = 0; i < number_count; i++)
		store_bind_int(stmt, (int)(text_count + i) + 1, numbers[i]);
	return store_do(stmt, err);
}

/* --- climbs and readings of them ----------------------------------------------------------- */

static const char DUTY_SQL[] =
	"SELECT due, last_day, provisional, ladder, pack, closed FROM duty WHERE id = ?1";
static const char CLIMBED_SQL[] = "UPDATE duty SET rung = ?2, next_at = ?3 WHERE id = ?1";
static const char CLIMB_SQL[] =
	"INSERT INTO climb (office, duty, rung, entry, at, vacant) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
	" ON CONFLICT DO NOTHING";
/* By duty_about. */
static const char READ_OF_SQL[] =
	"SELECT id FROM duty WHERE about = ?1 AND office = ?2 AND closed IS NULL ORDER BY id";

struct climbing {
	int64_t id;
	int64_t rung;
	const struct pack *pack; /* of its day: its ladder and its days stay what they were */
	const struct pack_ladder *ladder;
	struct pack_due due;
	bool is_closed;
};

static bool read_climbing(struct fold *fold, const struct folding *entry, struct climbing *out,
                          struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	if (!duty_name_read(folding_text(entry, STR("duty")), &out->id))
		return folding_lacks(err, entry, "duty");
	if (!store_prepare(fold->store, DUTY_SQL, &read, err))
		return false;
	store_bind_int(read, 1, out->id);
	enum store_step step = store_step(read, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return folding_lacks(err, entry, "duty");
	out->due = (struct pack_due){
		.due = store_int(read, 0),
		.last_day = day_from_number(store_int(read, 1)),
		.sure = store_int(read, 2) ? PACK_DUE_PROVISIONAL : PACK_DUE_FIXED,
	};
	out->pack = book_pack(fold->book, store_int(read, 4));
	if (!out->pack)
		return folding_lacks(err, entry, "rules of its day");
	out->ladder = pack_ladder_find(out->pack, store_str(read, 3));
	out->rung = json_number(entry->plain, STR("rung"), 0);
	out->is_closed = !store_is_null(read, 5);
	return true;
}

/* The rung above `rung` (1-based), and when it is reached. */
static bool next_rung(const struct climbing *climbing, bool *has, instant *at, struct err *err)
{
	*has = climbing->ladder && climbing->rung >= 0 &&
	       (size_t)climbing->rung < climbing->ladder->count;
	return !*has || pack_due_rung(climbing->pack->calendar, &climbing->due,
	                              &climbing->ladder->rungs[climbing->rung].after, at, err);
}

static bool is_listed(const struct json *list, struct str office)
{
	for (const struct json *item = list ? list->first : NULL; item; item = item->next) {
		if (str_eq(item->string, office))
			return true;
	}
	return false;
}

bool fold_open_reading(struct fold *fold, struct file_row *row, const struct folding *entry,
                       int64_t about, struct str office, instant due, struct err *err)
{
	struct fold_opening opening = {
		.rule = fold->pack->read_duty,
		.office = office,
		.due = due,
		.last_day = zone_day(fold->pack->zone, due - 1),
		.started = entry->recorded,
		.about = about,
	};
	int64_t id;
	return fold_open_duty(fold, row, entry, &opening, &id, err);
}

static bool duty_climbed(struct fold *fold, struct file_row *row, const struct folding *entry,
                         struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct climbing climbing;
	bool has_next;
	instant next_at = 0;
	if (!read_climbing(fold, entry, &climbing, err) ||
	    !next_rung(&climbing, &has_next, &next_at, err) ||
	    !store_prepare(fold->store, CLIMBED_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, climbing.id);
	store_bind_int(stmt, 2, climbing.rung);
	if (has_next && !climbing.is_closed)
		store_bind_int(stmt, 3, next_at);
	if (!store_do(stmt, err))
		return false;
	const struct json *told = json_member(entry->plain, STR("told"));
	const struct json *vacant = json_member(entry->plain, STR("vacant"));
	for (const struct json *item = told ? told->first : NULL; item; item = item->next) {
		int64_t numbers[] = { climbing.id, climbing.rung, entry->index, entry->recorded,
			              is_listed(vacant, item->string) };
		if (!fold_put(fold, CLIMB_SQL, &item->string, 1, numbers, COUNT_OF(numbers), err))
			return false;
		if (has_next && !climbing.is_closed &&
		    !fold_open_reading(fold, row, entry, climbing.id, item->string, next_at, err))
			return false;
	}
	return true;
}

bool fold_close_about(struct fold *fold, const struct folding *entry, int64_t about,
                      struct str office, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct rows found;
	if (!store_prepare(fold->store, READ_OF_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, about);
	store_bind_str(rows, 2, office);
	if (!rows_of_ids(&found, fold->arena, rows, err))
		return false;
	store_stmt_finish(&rows);
	for (size_t i = 0; i < found.count; i++) {
		if (!fold_close_duty(fold, rows_id(&found, i), entry, "settled", err))
			return false;
	}
	return true;
}

/* Named is the duty that was told, or the reading itself. */
static bool duty_read(struct fold *fold, struct file_row *row, const struct folding *entry,
                      struct err *err)
{
	static const char OWN_SQL[] =
		"SELECT 1 FROM duty WHERE id = ?1 AND office = ?2 AND rule = ?3 AND closed IS NULL";
	CLEANUP(store_stmt_finish) struct store_stmt *own = NULL;
	int64_t named;
	(void)row;
	if (!duty_name_read(folding_text(entry, STR("duty")), &named))
		return folding_lacks(err, entry, "duty");
	if (!store_prepare(fold->store, OWN_SQL, &own, err))
		return false;
	store_bind_int(own, 1, named);
	store_bind_str(own, 2, entry->office);
	store_bind_str(own, 3, fold->pack->read_duty->name);
	enum store_step step = store_step(own, err);
	if (step == STORE_FAILED)
		return false;
	store_stmt_finish(&own);
	if (step == STORE_ROW)
		return fold_close_duty(fold, named, entry, "settled", err);
	return fold_close_about(fold, entry, named, entry->office, err);
}

/* --- duties moved and agreed ---------------------------------------------------------------- */

/* The due time stays: a new owner restarts nothing (X4). */
static const char OWNER_SQL[] = "UPDATE duty SET office = ?1 WHERE id = ?2 AND closed IS NULL";
static const char AGREE_SQL[] = "UPDATE duty SET agreed = ?2 WHERE id = ?1 AND closed IS NULL";

static bool duty_taken(struct fold *fold, struct file_row *row, const struct folding *entry,
                       struct err *err)
{
	int64_t id;
	struct str to = folding_text(entry, STR("to"));
	(void)row;
	if (!duty_name_read(folding_text(entry, STR("duty")), &id))
		return str_eq(entry->kind_name, STR("office.handed-over")) ||
		       folding_lacks(err, entry, "duty");
	return fold_put(fold, OWNER_SQL, &to, 1, &id, 1, err);
}

bool fold_taken(struct fold *fold, const struct folding *entry, struct err *err)
{
	const struct pack_takes *takes = entry->kind->takes;
	const struct json *named = takes ? json_member(entry->plain, takes->duties) : NULL;
	const struct json *one = named && named->type == JSON_ARRAY ? named->first : named;
	for (; one; one = named->type == JSON_ARRAY ? one->next : NULL) {
		int64_t id;
		if (one->type == JSON_STRING && duty_name_read(one->string, &id) &&
		    !fold_put(fold, OWNER_SQL, &entry->office, 1, &id, 1, err))
			return false;
	}
	return true;
}

static bool duty_extended(struct fold *fold, struct file_row *row, const struct folding *entry,
                          struct err *err)
{
	int64_t numbers[2];
	(void)row;
	if (!duty_name_read(folding_text(entry, STR("duty")), &numbers[0]))
		return folding_lacks(err, entry, "duty");
	if (!instant_read(folding_text(entry, STR("until")), &numbers[1]))
		return folding_lacks(err, entry, "time");
	return fold_put(fold, AGREE_SQL, NULL, 0, numbers, 2, err);
}

/* --- the rest ------------------------------------------------------------------------------- */

static const char BROKEN_SQL[] =
	"INSERT INTO broken (account, file, until_at, entry) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
static const char CORRECTED_SQL[] =
	"INSERT INTO corrected (field, value, of_entry, entry) VALUES (?1, ?2, ?3, ?4)"
	" ON CONFLICT (of_entry, field) DO UPDATE SET value = excluded.value, entry = excluded.entry";

static bool access_broken(struct fold *fold, struct file_row *row, const struct folding *entry,
                          struct err *err)
{
	int64_t numbers[3] = { row->n, 0, entry->index };
	if (!instant_read(folding_text(entry, STR("until")), &numbers[1]))
		return folding_lacks(err, entry, "time");
	if (!fold_put(fold, BROKEN_SQL, &entry->account, 1, numbers, 3, err))
		return false;
	return !fold->pack->broken_duty ||
	       fold_open_rule(fold, row, entry, fold->pack->broken_duty, NULL, STR_NONE, NULL, err);
}

static bool clock_stepped(struct fold *fold, struct file_row *row, const struct folding *entry,
                          struct err *err)
{
	return !fold->pack->clock_duty ||
	       fold_open_rule(fold, row, entry, fold->pack->clock_duty, NULL, STR_NONE, NULL, err);
}

/* Who confirmed after another agreed with him: the other's need not wait any more. */
static bool clock_confirmed(struct fold *fold, struct file_row *row, const struct folding *entry,
                            struct err *err)
{
	static const char MET_SQL[] =
		"SELECT entry FROM waiting WHERE kind = 'clock.confirmed' AND closed IS NULL";
	static const char END_SQL[] =
		"UPDATE waiting SET closed = ?2 WHERE entry = ?1 AND closed IS NULL";
	(void)row;
	for (;;) {
		CLEANUP(store_stmt_finish) struct store_stmt *met = NULL;
		int64_t numbers[2] = { 0, entry->index };
		if (!store_prepare(fold->store, MET_SQL, &met, err))
			return false;
		enum store_step step = store_step(met, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		numbers[0] = store_int(met, 0);
		store_stmt_finish(&met);
		if (!fold_put(fold, END_SQL, NULL, 0, numbers, 2, err) ||
		    !fold_end_about(fold, numbers[0] * FOLD_ORDINAL_BASE, entry, err))
			return false;
	}
}

static bool entry_corrected(struct fold *fold, struct file_row *row, const struct folding *entry,
                            struct err *err)
{
	struct str texts[2] = { folding_text(entry, STR("field")),
		                folding_text(entry, STR("value")) };
	int64_t numbers[2] = { json_number(entry->plain, STR("of"), -1), entry->index };
	bool changed;
	if (!texts[1].n)
		return true;
	/* State, links and duties stay: what was done by the old value was done (L6). */
	return fold_put(fold, CORRECTED_SQL, texts, 2, numbers, 2, err) &&
	       fold_facts_anew(fold, row, entry, texts[0], &changed, err) &&
	       (!changed || fold_end_waiting(fold, row, entry, err));
}

static bool file_destroyed(struct fold *fold, struct file_row *row, const struct folding *entry,
                           struct err *err)
{
	(void)fold;
	(void)err;
	row->destroyed = entry->index;
	row->is_dirty = true;
	return true;
}

static bool pack_adopted(struct fold *fold, struct file_row *row, const struct folding *entry,
                         struct err *err)
{
	(void)row;
	(void)err;
	/* The first pack is in force from its own entry on; a later one from the next. */
	fold->pack_changed = entry->index > 0;
	return true;
}

/* The chart's sum says that it is, so that nobody makes one of set-up out of an open register. */
static bool register_opened(struct fold *fold, struct file_row *row, const struct folding *entry,
                            struct err *err)
{
	(void)row;
	(void)entry;
	return fold_change_chart(fold, err);
}

static const struct fold_meanings MEANINGS[] = {
	{ "duty.climbed", duty_climbed },
	{ "duty.read", duty_read },
	{ "duty.taken", duty_taken },
	{ "duty.extended", duty_extended },
	{ "register.opened", register_opened },
	{ "office.handed-over", duty_taken },
	{ "access.broken", access_broken },
	{ "clock.stepped", clock_stepped },
	{ "clock.confirmed", clock_confirmed },
	{ "entry.corrected", entry_corrected },
	{ "file.destroyed", file_destroyed },
	{ "pack.adopted", pack_adopted },
	{ "pattern.found", fold_pattern_found },
};

fold_meaning *fold_meaning_of(const struct fold_meanings *of, size_t count, struct str kind)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(str_from_c(of[i].kind), kind))
			return of[i].meaning;
	}
	return NULL;
}

bool fold_built_in(struct fold *fold, struct file_row *row, const struct folding *entry,
                   struct err *err)
{
	if (entry->kind && !entry->kind->is_built_in)
		return true;
	fold_meaning *meaning = fold_meaning_of(MEANINGS, COUNT_OF(MEANINGS), entry->kind_name);
	if (!meaning)
		meaning = fold_people_meaning(entry->kind_name);
	if (!meaning)
		meaning = fold_second_meaning(entry->kind_name);
	return !meaning || meaning(fold, row, entry, err);
}
