/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Duties in the views: opened by a rule's own words. */
#include <stdlib.h>

#include "casebook/chart.h"
#include "casebook/fold_parts.h"
#include "casebook/joined.h"
#include "casebook/rows.h"
#include "casebook/world.h"

#define FIRST_OPENED 16

static const char INSERT_SQL[] =
	"INSERT INTO duty (id, file, rule, pack, class, office, opened, started, due, last_day, provisional,"
	" earliest, ladder, rung, next_at, about)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, ?14, ?15)";
static const char ALSO_SQL[] = "INSERT INTO duty_also (office, due, duty) VALUES (?1, ?2, ?3)";

/* --- opening ------------------------------------------------------------------------------- */

static bool first_rung_at(struct fold *fold, const struct fold_opening *opening, bool *has,
                          instant *at, struct err *err)
{
	struct pack_due due = {
		.due = opening->due,
		.last_day = opening->last_day,
		.sure = opening->is_provisional ? PACK_DUE_PROVISIONAL : PACK_DUE_FIXED,
	};
	*has = opening->ladder && opening->ladder->count > 0;
	return !*has ||
	       pack_due_rung(fold->pack->calendar, &due, &opening->ladder->rungs[0].after, at, err);
}

static bool insert_also(struct fold *fold, int64_t id, const struct fold_opening *opening,
                        struct err *err)
{
	for (size_t i = 0; i < opening->also_count; i++) {
		CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
		if (!store_prepare(fold->store, ALSO_SQL, &put, err))
			return false;
		store_bind_str(put, 1, opening->also[i]);
		store_bind_int(put, 2, opening->due);
		store_bind_int(put, 3, id);
		if (!store_do(put, err))
			return false;
	}
	return true;
}

static bool is_same_again(const struct fold *fold, const struct file_row *row,
                          const struct folding *entry, const struct fold_opening *opening)
{
	for (size_t i = 0; i < fold->opened_count; i++) {
		const struct fold_opened *opened = &fold->opened[i];
		if (opened->id / FOLD_ORDINAL_BASE == entry->index && opened->file == row->n &&
		    opened->rule == opening->rule && opened->due == opening->due &&
		    opening->about < 0 && str_eq(opened->office, opening->office))
			return true;
	}
	return false;
}

static bool make_room(struct fold *fold, struct err *err)
{
	if (fold->opened_count == FOLD_OPENED_MAX || fold->ordinal + 1 >= FOLD_ORDINAL_BASE)
		return err_set(err, ERR_UNABLE, "This act opens more duties than one act may");
	if (fold->opened_count < fold->opened_room)
		return true;
	size_t room = fold->opened_room ? fold->opened_room * 2 : FIRST_OPENED;
	struct fold_opened *opened = realloc(fold->opened, room * sizeof *opened);
	if (!opened)
		return err_set(err, ERR_UNABLE, "There is no memory to open a duty");
	fold->opened = opened;
	fold->opened_room = room;
	return true;
}

bool fold_open_duty(struct fold *fold, struct file_row *row, const struct folding *entry,
                    const struct fold_opening *opening, int64_t *id, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	bool has_rung;
	instant next_at = 0;
	*id = -1;
	if (is_same_again(fold, row, entry, opening))
		return true; /* the identical duty is not opened twice by one entry */
	if (!make_room(fold, err))
		return false;
	if (!first_rung_at(fold, opening, &has_rung, &next_at, err) ||
	    !store_prepare(fold->store, INSERT_SQL, &put, err))
		return false;
	*id = entry->index * FOLD_ORDINAL_BASE + ++fold->ordinal;
	store_bind_int(put, 1, *id);
	store_bind_int(put, 2, row->n);
	store_bind_str(put, 3, opening->rule->name);
	store_bind_int(put, 4, fold->pack_n);
	store_bind_int(put, 5, (int64_t)opening->rule->class);
	store_bind_str(put, 6, opening->office);
	store_bind_int(put, 7, entry->index);
	store_bind_int(put, 8, opening->started);
	store_bind_int(put, 9, opening->due);
	store_bind_int(put, 10, day_number(opening->last_day));
	store_bind_int(put, 11, opening->is_provisional);
	if (opening->has_earliest)
		store_bind_int(put, 12, opening->earliest);
	store_bind_str(put, 13, opening->ladder ? opening->ladder->name : STR("-"));
	if (has_rung)
		store_bind_int(put, 14, next_at);
	if (opening->about >= 0)
		store_bind_int(put, 15, opening->about);
	if (!store_do(put, err) || !insert_also(fold, *id, opening, err))
		return false;
	/* Copied: an entry that follows from this one may bring another chart. */
	struct str office = arena_copy(fold->arena, opening->office);
	if (!office.p)
		return err_set(err, ERR_UNABLE, "There is no memory for this act");
	fold->opened[fold->opened_count++] = (struct fold_opened){
		.id = *id,
		.file = row->n,
		.rule = opening->rule,
		.office = office,
		.also_count = opening->also_count,
		.due = opening->due,
		.next_at = has_rung ? next_at : INSTANT_MAX,
	};
	if (!opening->rule->is_built_in) {
		row->open_duties++;
		row->is_dirty = row->is_touched = true;
	}
	return true;
}

/* --- when ---------------------------------------------------------------------------------- */

#define PLAIN_DEPTH 8

struct found_happened {
	struct arena *arena;
	bool found;
	bool wants_first;
	const struct pack_cond *which; /* those that it counts; NULL: each */
	const struct pack_world *world;
	instant at;
};

/* When it happened, or when the agency first had it if that was sooner (U8). */
static bool take_happened(void *ctx, const struct pack_seen *seen)
{
	struct found_happened *found = ctx;
	const struct json *plain;
	struct err unread = { 0 };
	instant received;
	if (found->which && !pack_cond_counts(found->which, found->world, seen))
		return true;
	found->found = true;
	found->at = seen->happened;
	if (str_find_str(seen->plain, STR("\"received\"")) < seen->plain.n &&
	    json_read(found->arena, arena_copy(found->arena, seen->plain), PLAIN_DEPTH, &plain,
	              &unread) &&
	    instant_read(json_text(plain, STR("received")), &received) && received < found->at)
		found->at = received;
	return found->wants_first; /* newest first: the last one seen is the first made */
}

bool fold_instant(const struct fold *fold, struct str text, instant *out)
{
	struct day day;
	if (instant_read(text, out))
		return true;
	if (!day_read(text, &day))
		return false;
	*out = zone_day_start(fold->pack->zone, day);
	return true;
}

static bool start_candidate(struct fold *fold, struct file_row *row, const struct folding *entry,
                            const struct pack_start *start, bool *has, instant *at, struct err *err)
{
	instant received;
	*has = true;
	*at = entry->recorded;
	switch (start->sort) {
	case PACK_START_RECORDED:
		return true;
	case PACK_START_RECEIVED:
		if (instant_read(json_text(entry->plain, STR("received")), &received) &&
		    received < *at)
			*at = received;
		return true;
	case PACK_START_HAPPENED:
		*at = entry->happened;
		return true;
	case PACK_START_FIELD:
		*has = fold_instant(fold, json_text(entry->plain, start->field), at);
		return true;
	case PACK_START_LAST:
	case PACK_START_FIRST:
		break;
	}
	struct found_happened found = { .arena = fold->arena,
		                        .wants_first = start->sort == PACK_START_FIRST };
	struct entry_world here;
	world_of_entry(fold, row, entry, entry->index + 1, &here);
	found.which = start->which;
	found.world = &here.shown;
	if (!here.shown.calls->entries(&here.shown, &start->kind, 1, NULL, take_happened, &found,
	                               err))
		return false;
	*has = found.found;
	*at = found.at;
	return true;
}

/* The earliest of what the rule allows (U8). */
static bool start_of(struct fold *fold, struct file_row *row, const struct folding *entry,
                     const struct pack_duty *rule, instant *out, struct err *err)
{
	bool any = false;
	*out = entry->recorded;
	for (size_t i = 0; i < rule->from_count; i++) {
		bool has;
		instant at;
		if (!start_candidate(fold, row, entry, &rule->from[i], &has, &at, err))
			return false;
		if (has && (!any || at < *out))
			*out = at;
		any = any || has;
	}
	return true;
}

/* A due time that stands in a field: a date ends with its day, an instant is itself. */
static bool due_of_text(struct fold *fold, struct str text, struct pack_due *out, bool *has,
                        struct err *err)
{
	struct day day;
	instant at;
	*has = true;
	if (day_read(text, &day))
		return pack_due_from_day(fold->pack->calendar, day, out, err);
	*has = instant_read(text, &at);
	if (*has)
		*out = pack_due_from_instant(fold->pack->calendar, at);
	return true;
}

static bool due_of(struct fold *fold, const struct folding *entry, const struct pack_duty *rule,
                   const struct json *each_row, instant start, struct pack_due *out,
                   struct err *err)
{
	struct pack_due limit;
	bool has = false;
	if (rule->within_is_field) {
		struct str text = rule->within_column.p
		                          ? json_text(each_row, rule->within_column)
		                          : json_text(entry->plain, rule->within_field);
		if (!due_of_text(fold, text, out, &has, err))
			return false;
		if (!has)
			*out = pack_due_from_instant(fold->pack->calendar, start);
	} else if (!pack_due(fold->pack->calendar, start, &rule->within, out, err)) {
		return false;
	}
	if (rule->has_ceiling) {
		if (!pack_due(fold->pack->calendar, start, &rule->ceiling, &limit, err))
			return false;
		if (limit.due < out->due)
			*out = limit;
	}
	if (!rule->no_later_than.p)
		return true;
	if (!due_of_text(fold, json_text(entry->plain, rule->no_later_than), &limit, &has, err))
		return false;
	if (has && limit.due < out->due)
		*out = limit;
	return true;
}

/* --- who ----------------------------------------------------------------------------------- */

/*
 * How often in a row, with nothing else between, `rule` was opened on the file
 * for `owner`; what was owed by the office above it meanwhile breaks no row.
 */
static bool opened_in_a_row(struct fold *fold, const struct file_row *row,
                            const struct pack_duty *rule, const struct chart_office *owner,
                            const struct chart_office *above, int *times, struct err *err)
{
	/* By duty_file(file, id), from its end. */
	static const char NEWEST_SQL[] =
		"SELECT rule, office FROM duty WHERE file = ?1 AND about IS NULL ORDER BY id DESC LIMIT 64";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	*times = 0;
	if (!store_prepare(fold->store, NEWEST_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, row->n);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		bool is_owners = str_eq(store_str(rows, 1), owner->id);
		if (!str_eq(store_str(rows, 0), rule->name) ||
		    (!is_owners && !str_eq(store_str(rows, 1), above->id)))
			return true;
		*times += is_owners;
	}
}

/* After `renewals` openings in a row the next is owed one step up. */
static bool renew_owner(struct fold *fold, const struct file_row *row, const struct pack_duty *rule,
                        struct str *office, struct err *err)
{
	const struct chart_office *owner = rule->renewals ? chart_find(fold->chart, *office) : NULL;
	const struct chart_office *above = owner ? chart_above(fold->chart, owner) : NULL;
	int times;
	if (!above)
		return true;
	if (!opened_in_a_row(fold, row, rule, owner, above, &times, err))
		return false;
	if (times >= rule->renewals)
		*office = above->id;
	return true;
}

static struct str fact_of(const struct file_row *row, struct str name)
{
	for (size_t i = 0; row->facts && row->type && i < row->type->fact_count; i++) {
		if (str_eq(row->type->facts[i].name, name))
			return row->facts[i];
	}
	return STR_NONE;
}

/* By the code that the act says, or that the file knows; else the one for whatever is not named. */
static const struct pack_ladder *ladder_of(const struct pack_duty *rule, const struct json *plain,
                                           const struct file_row *row)
{
	const struct pack_ladder *other = rule->ladder_count ? rule->ladder_for[0] : NULL;
	if (rule->ladder)
		return rule->ladder;
	struct str code = plain_code(json_member(plain, rule->ladder_by));
	if (!code.n)
		code = fact_of(row, rule->ladder_by);
	for (size_t i = 0; i < rule->ladder_count; i++) {
		if (!rule->ladder_codes[i].p)
			other = rule->ladder_for[i];
		else if (str_eq(rule->ladder_codes[i], code))
			return rule->ladder_for[i];
	}
	return other;
}

/* Where nobody is meant (no such instance, a field that a pattern has not), the pattern's owner,
 * the first entry's office, then the administrator's. */
static struct str owner_or_fallback(struct fold *fold, const struct owner_context *context,
                                    const struct pack_owner *owner, struct str of_pattern)
{
	struct str office = owner ? owner_resolve(context, owner) : STR_NONE;
	if (office.p)
		return office;
	if (of_pattern.p && chart_find(fold->chart, of_pattern))
		return of_pattern;
	if (chart_find(fold->chart, context->row->first_office))
		return context->row->first_office;
	const struct pack_office *role =
		pack_office_find(fold->pack, STR("register-administrator"));
	const struct chart_office *last =
		role ? chart_instance(fold->chart, role, STR_NONE, STR_NONE) : NULL;
	return last ? last->id : STR("-");
}

static bool owners_of(struct fold *fold, struct file_row *row, const struct folding *entry,
                      const struct pack_duty *rule, const struct pack_owner *owner,
                      const struct json *each_row, struct fold_opening *opening, struct err *err)
{
	struct owner_context context = {
		.chart = fold->chart,
		.row = row,
		.plain = entry->plain,
		.each_row = each_row,
		.office = entry->office,
		.owner = entry->owner.p ? entry->owner : entry->office,
	};
	const struct pack_owner *owners = owner ? owner : rule->owners;
	size_t count = owner ? 1 : rule->owner_count;
	struct pack_owner out_of_hours = { .sort = PACK_OWNER_ROLE, .role = rule->out_of_hours };
	if (!owner && rule->out_of_hours &&
	    !pack_in_office_hours(fold->pack->calendar, entry->recorded)) {
		owners = &out_of_hours;
		count = 1;
	}
	struct str *also = arena_alloc(fold->arena, count, sizeof *also);
	if (!also)
		return err_set(err, ERR_UNABLE, "There is no memory for a duty");
	for (size_t i = 0; i < count; i++) {
		struct str office = owner_or_fallback(fold, &context, &owners[i], entry->owner);
		if (i == 0)
			opening->office = office;
		else if (!str_eq(office, opening->office))
			also[opening->also_count++] = office;
	}
	opening->also = also;
	return renew_owner(fold, row, rule, &opening->office, err);
}

bool fold_open_rule(struct fold *fold, struct file_row *row, const struct folding *entry,
                    const struct pack_duty *rule, const struct pack_owner *owner,
                    struct str each_office, const struct json *each_row, struct err *err)
{
	struct fold_opening opening = { .rule = rule, .about = -1 };
	struct pack_due due, earliest;
	int64_t id;
	if (!start_of(fold, row, entry, rule, &opening.started, err) ||
	    !due_of(fold, entry, rule, each_row, opening.started, &due, err) ||
	    !owners_of(fold, row, entry, rule, owner, each_row, &opening, err))
		return false;
	if (each_office.p)
		opening.office = each_office;
	if (rule->has_not_before) {
		if (!pack_due(fold->pack->calendar, opening.started, &rule->not_before, &earliest,
		              err))
			return false;
		opening.has_earliest = true;
		opening.earliest = earliest.due;
	}
	opening.due = due.due;
	opening.last_day = due.last_day;
	opening.is_provisional = due.sure == PACK_DUE_PROVISIONAL;
	opening.ladder = ladder_of(rule, entry->plain, row);
	return fold_open_duty(fold, row, entry, &opening, &id, err);
}

bool duty_name_read(struct str name, int64_t *id)
{
	uint64_t entry, ordinal;
	size_t dot = str_find(name, '.');
	if (name.n < 4 || name.p[0] != 'D' || dot == name.n ||
	    !str_to_u64(str_sub(name, 1, dot - 1), LOG_INDEX_MAX / FOLD_ORDINAL_BASE, &entry) ||
	    !str_to_u64(str_sub(name, dot + 1, name.n), FOLD_ORDINAL_BASE - 1, &ordinal))
		return false;
	*id = (int64_t)(entry * FOLD_ORDINAL_BASE + ordinal);
	return true;
}

struct str duty_name_write(struct arena *arena, int64_t id)
{
	return arena_format(arena, "D%" PRId64 ".%" PRId64, id / FOLD_ORDINAL_BASE,
	                    id % FOLD_ORDINAL_BASE);
}

bool duty_is_of(int64_t id, const struct json *plain, struct str field)
{
	return json_number(plain, field, -1) == id / FOLD_ORDINAL_BASE;
}
