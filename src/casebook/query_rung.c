/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whom silence will tell: the rungs that are not reached yet, by today's chart. */
#include "casebook/query.h"

#include "casebook/climb.h"
#include "casebook/readings.h"
#include "casebook/rows.h"
#include "casebook/world.h"

static bool add_rung(struct climbed *duty, const struct pack_rung *rung, instant at,
                     struct rows *rows)
{
	for (const struct json *told = duty->told->first; told; told = told->next) {
		struct casebook_rung *row = rows_add(rows);
		if (!row)
			return false;
		const struct chart_office *office = chart_find(duty->chart, told->string);
		*row = (struct casebook_rung){
			.office = told->string,
			.title = arena_copy(duty->arena, office ? office->title : told->string),
			.role = office ? office->role : NULL,
			.place = rung->place,
			.at = at,
		};
	}
	return true;
}

/* A rung that tells nobody leaves its time to the one after it. */
static bool look_at_rungs(struct casebook_reader *reader, struct climbed *duty,
                          const struct casebook_duty *asked, enum casebook_rungs which,
                          struct rows *rows, struct err *err)
{
	struct pack_due due = { .due = asked->due, .last_day = asked->last_day };
	instant emptied = 0;
	for (size_t i = duty->rung; duty->ladder && i < duty->ladder->count; i++) {
		const struct pack_rung *rung = &duty->ladder->rungs[i];
		instant at = duty->next_at;
		if (i > duty->rung &&
		    !pack_due_rung(reader_pack(reader)->calendar, &due, &rung->after, &at, err))
			return false;
		at = emptied ? emptied : at;
		duty->told = json_array(duty->arena);
		if (!duty->told || !climb_rung(duty, rung, err))
			return duty->told ? false : rows_too_long(err);
		if (!add_rung(duty, rung, at, rows))
			return rows_too_long(err);
		emptied = duty->told->count ? 0 : at;
		if (which == CASEBOOK_RUNGS_NEXT && duty->told->count)
			break;
		/* Whom this one tells is not told by the next. */
		struct json *before = json_array(duty->arena);
		for (const struct casebook_rung *row = rows->at;
		     before && row != (const struct casebook_rung *)rows->at + rows->count; row++)
			json_push(before, json_string(duty->arena, row->office));
		duty->before = before;
	}
	return true;
}

/* A duty in hand is read again only where its ladder was chosen otherwise than by its rule alone.
 */
static bool take_duty(struct climbed *out, struct casebook *book, const struct casebook_duty *duty,
                      bool *found, struct err *err)
{
	const struct pack_ladder *ladder = duty->rules ? duty->rules->ladder : NULL;
	if (!ladder || !str_eq(ladder->name, duty->ladder))
		return climb_read(out, book, found, err);
	*found = duty->is_open && duty->next_at;
	out->file = duty->file;
	out->owners[out->owner_count++] = duty->office;
	for (size_t i = 0; i < duty->also_count && out->owner_count < COUNT_OF(out->owners); i++)
		out->owners[out->owner_count++] = duty->also[i];
	out->ladder = ladder;
	out->rung = (size_t)duty->rung;
	out->due = duty->due;
	out->next_at = duty->next_at;
	out->told = json_array(out->arena);
	out->vacant = json_array(out->arena);
	out->skipped = json_array(out->arena);
	return true;
}

bool casebook_duty_to_tell(struct casebook_reader *reader, struct arena *arena,
                           const struct casebook_duty *duty, enum casebook_rungs which,
                           const struct casebook_rung **out, size_t *count, struct err *err)
{
	struct climbed climbed = {
		.store = reader->store, .arena = arena, .chart = reader->chart, .id = duty->id
	};
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_rung) };
	struct file_row *row;
	bool found;
	*out = NULL;
	*count = 0;
	if (!take_duty(&climbed, reader->book, duty, &found, err))
		return false;
	if (!found)
		return true;
	if (!file_row_place(reader->store, arena, climbed.file, &row, err))
		return false;
	climbed.row = row;
	if (!look_at_rungs(reader, &climbed, duty, which, &rows, err))
		return false;
	*out = rows.at;
	*count = rows.count;
	return true;
}

const struct pack_office *casebook_office_role(struct casebook_reader *reader, struct str office)
{
	const struct chart_office *found = chart_find(reader->chart, office);
	return found ? found->role : NULL;
}
