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

/* The first day of the month that is `before` months before the birth that the file knows. */
static bool month_of_birth(const struct file_row *row, int before, struct day *out)
{
	struct month born;
	if (!row || !row->born.p || !month_or_year_read(row->born, &born))
		return false;
	int month = (born.month ? born.month : 1) - 1 - before;
	int year = born.year;
	while (month < 0) {
		month += MONTHS_OF_YEAR;
		year--;
	}
	*out = (struct day){ year, month + 1, 1 };
	return year > 0;
}

/* Where the rules have a code for it, it is said of whoever was not born, and of nobody else. */
static void judge_unborn(const struct turn *turn, const struct judged *judged,
                         struct fields_check *check)
{
	const struct casebook_act *act = judged->act;
	struct day born, day;
	if (!month_of_birth(judged->row, 0, &born))
		return;
	day = zone_day(turn->fold->pack->zone, act->has_happened ? act->happened : turn->now);
	bool is_unborn = day_compare(day, born) < 0;
	for (size_t i = 0; i < judged->kind->field_count; i++) {
		const struct pack_field *field = &judged->kind->fields[i];
		const struct json *said = json_member(judged->plain, field->name);
		if (!field->unborn.p || !said || said->type != JSON_STRING)
			continue;
		bool is_said = str_eq(said->string, field->unborn);
		if (is_said && !is_unborn)
			add(check, field->name,
			    STR("This was not before the birth that is known; mend the one or the other"));
		else if (is_unborn && !is_said)
			add(check, field->name,
			    STR("This was before the birth that is known: say so, or mend the birth"));
	}
}

void judge_times(const struct turn *turn, const struct judged *judged, struct fields_check *check)
{
	const struct casebook_act *act = judged->act;
	const struct pack *pack = turn->fold->pack;
	struct day day;
	if (act->has_happened && act->happened > turn->now + AHEAD_MAX)
		add(check, STR("happened"), STR("When it happened must be in the past"));
	else if (act->has_happened && !judged->kind->is_before_birth &&
	         month_of_birth(judged->row, pack->unborn_months, &day) &&
	         day_compare(zone_day(pack->zone, act->happened), day) < 0)
		add(check, STR("happened"),
		    STR("When it happened lies before the birth that is known; mend the one or the other"));
	if (act->has_received && act->received > turn->now + AHEAD_MAX)
		add(check, STR("received"), STR("When it reached you must be in the past"));
	judge_unborn(turn, judged, check);
}
