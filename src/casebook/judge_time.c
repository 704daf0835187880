/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The times that an act gives: neither ahead of it nor before whoever it is about was there. */
#include "casebook/turn_parts.h"

#define AHEAD_MAX (5 * INSTANT_PER_MINUTE) /* clocks differ */
#define MONTHS_OF_YEAR 12

static void add(struct fields_check *check, struct str field, struct str text)
{
	if (check->error_count < FIELDS_ERRORS_MAX)
		check->errors[check->error_count++] = (struct casebook_field_error){ field, text };
}

/* The first day on which something may have happened to whoever the file is about. */
static bool first_day(const struct pack *pack, const struct file_row *row, struct day *out)
{
	struct month born;
	if (!row || !row->born.p || !month_or_year_read(row->born, &born))
		return false;
	int month = (born.month ? born.month : 1) - 1 - pack->unborn_months;
	int year = born.year;
	while (month < 0) {
		month += MONTHS_OF_YEAR;
		year--;
	}
	*out = (struct day){ year, month + 1, 1 };
	return year > 0;
}

void judge_times(const struct turn *turn, const struct judged *judged, struct fields_check *check)
{
	const struct casebook_act *act = judged->act;
	const struct pack *pack = turn->fold->pack;
	struct day day;
	if (act->has_happened && act->happened > turn->now + AHEAD_MAX)
		add(check, STR("happened"), STR("When it happened must be in the past"));
	else if (act->has_happened && !judged->kind->is_before_birth &&
	         first_day(pack, judged->row, &day) &&
	         day_compare(zone_day(pack->zone, act->happened), day) < 0)
		add(check, STR("happened"),
		    STR("When it happened lies before the birth that is known; mend the one or the other"));
	if (act->has_received && act->received > turn->now + AHEAD_MAX)
		add(check, STR("received"), STR("When it reached you must be in the past"));
}
