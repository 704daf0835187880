/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The line of a Friday afternoon: what falls due before the next working day, and who stands in
 * till then. */
#include "web/work.h"

#define FROM_HOUR 15

/* Tomorrow is no working day, and it is afternoon. */
static bool is_time(const struct work *work)
{
	const struct zone *zone = page_zone(work->request);
	struct local now = zone_local(zone, work->request->now);
	return now.hour >= FROM_HOUR && day_number(work->bounds.next_day) > day_number(now.day) + 1;
}

static const struct casebook_office *office_named(const struct casebook_office *offices,
                                                  size_t count, struct str id)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(offices[i].id, id))
			return &offices[i];
	return NULL;
}

/* " Out of hours, Emergency duty worker sees: 2." of each office that stands in for this one. */
static bool add_deputies(struct work *work, struct str *line, struct err *err)
{
	struct arena *arena = work->request->arena;
	const struct casebook_office *offices, *own;
	size_t count;
	if (!casebook_offices(work->reader, arena, &offices, &count, err))
		return false;
	own = office_named(offices, count, practice_viewer(work->request)->actor.office);
	for (size_t d = 0; own && own->role && d < own->role->deputy_count; d++) {
		for (size_t i = 0; i < count; i++) {
			int64_t open, late;
			if (!str_eq(offices[i].role_name, own->role->deputies[d]->name) ||
			    (!str_eq(offices[i].area, own->area) &&
			     !str_eq(offices[i].area, STR("-"))))
				continue;
			if (!casebook_office_counts(work->reader, offices[i].id, &open, &late, err))
				return false;
			*line = arena_format(arena, "%.*s Out of hours, %.*s sees: %.*s.",
			                     STR_ARG(*line), STR_ARG(offices[i].title),
			                     STR_ARG(practice_count(arena, open)));
		}
	}
	return true;
}

bool work_put_weekend(struct work *work, struct json *model, struct err *err)
{
	struct arena *arena = work->request->arena;
	json_put(model, STR("weekend"), json_null(arena));
	if (!work->is_first || !is_time(work))
		return true;
	struct str day = wording_day(arena, work->bounds.next_day);
	int64_t due = work->due[WORK_TODAY] + work->due[WORK_BEFORE];
	struct str line = arena_format(arena, "Due before %.*s 9am: %" PRId64 "%s.",
	                               STR_ARG(str_sub(day, 0, str_find(day, ' '))), due,
	                               work->due[WORK_LATE] > 0 ? ", besides what is late" : "");
	if (!add_deputies(work, &line, err))
		return false;
	draft_set(model, STR("weekend"), json_string(arena, line));
	return true;
}
