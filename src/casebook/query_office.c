/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Questions about offices: answered from the chart, which is in memory. */
#include "casebook/query.h"

#include "casebook/rows.h"

static bool copy_holders(struct arena *arena, const struct chart_office *from,
                         struct casebook_office *to)
{
	struct str *holders = arena_alloc(arena, from->holder_count, sizeof *holders);
	if (!holders)
		return false;
	for (size_t i = 0; i < from->holder_count; i++) {
		holders[i] = arena_copy(arena, from->holders[i].account);
		if (!holders[i].p)
			return false;
	}
	to->holders = holders;
	to->holder_count = from->holder_count;
	return true;
}

/* The chart dies with the reader; the answer lives as long as the arena. */
static bool copy_office(struct arena *arena, const struct chart_office *from,
                        struct casebook_office *to)
{
	*to = (struct casebook_office){
		.id = arena_copy(arena, from->id),
		.title = arena_copy(arena, from->title),
		.role = from->role,
		.role_name = arena_copy(arena, from->role_name),
		.agency = arena_copy(arena, from->agency),
		.area = arena_copy(arena, from->area),
		.file = from->file,
		.vacant_since = from->vacant_since,
	};
	return to->id.p && to->title.p && to->role_name.p && to->agency.p && to->area.p &&
	       copy_holders(arena, from, to);
}

bool casebook_offices(struct casebook_reader *reader, struct arena *arena,
                      const struct casebook_office **out, size_t *count, struct err *err)
{
	const struct chart *chart = reader->chart;
	struct casebook_office *offices = arena_alloc(arena, chart->office_count, sizeof *offices);
	*out = NULL;
	*count = 0;
	if (!offices)
		return rows_too_long(err);
	for (size_t i = 0; i < chart->office_count; i++) {
		if (!copy_office(arena, &chart->offices[i], &offices[i]))
			return rows_too_long(err);
	}
	*out = offices;
	*count = chart->office_count;
	return true;
}

bool casebook_office_title(struct casebook_reader *reader, struct arena *arena, struct str id,
                           struct str *title, struct err *err)
{
	const struct chart_office *office = chart_find(reader->chart, id);
	*title = STR_NONE;
	if (!office)
		return err_set(err, ERR_ABSENT, "There is no such office");
	*title = arena_copy(arena, office->title);
	return title->p || rows_too_long(err);
}

bool casebook_seats(struct casebook_reader *reader, struct arena *arena, struct str account,
                    const struct casebook_seat **out, size_t *count, struct err *err)
{
	const struct chart *chart = reader->chart;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_seat) };
	instant now = casebook_now(reader->book);
	*out = NULL;
	*count = 0;
	/* What somebody holds stands before what they stand in for. */
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < chart->office_count; i++) {
			bool is_deputy = false;
			const struct chart_office *office = &chart->offices[i];
			if (!chart_may_act(chart, office, account, now, &is_deputy) ||
			    is_deputy != (pass == 1))
				continue;
			struct casebook_seat *seat = rows_add(&rows);
			if (!seat)
				return rows_too_long(err);
			seat->office = arena_copy(arena, office->id);
			seat->title = arena_copy(arena, office->title);
			seat->is_deputy = is_deputy;
			if (!seat->office.p || !seat->title.p)
				return rows_too_long(err);
		}
	}
	*out = rows.at;
	*count = rows.count;
	return true;
}
