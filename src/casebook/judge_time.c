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

/* The birth that the file knows; of one known by its year alone the month is 0. */
static bool birth_of(const struct file_row *row, struct month *out)
{
	return row && row->born.p && month_or_year_read(row->born, out);
}

/* The first day of the month that is `before` months before it, or before the year's first. */
static bool month_before(struct month born, int before, struct day *out)
{
	int months = born.year * MONTHS_OF_YEAR + (born.month ? born.month - 1 : 0) - before;
	*out = (struct day){ months / MONTHS_OF_YEAR, months % MONTHS_OF_YEAR + 1, 1 };
	return months >= MONTHS_OF_YEAR;
}

/* The first day on which it is over that somebody may be born in the month, or in the year. */
static struct day past_birth(struct month born)
{
	return born.month && born.month < MONTHS_OF_YEAR
	               ? (struct day){ born.year, born.month + 1, 1 }
	               : (struct day){ born.year + 1, 1, 1 };
}

/*
 * Where the rules have a code for it, it is said of whoever may not have been born, and of nobody
 * else; and it alone is said of whoever cannot have been born, early as some are.
 */
static void judge_unborn(const struct turn *turn, const struct judged *judged,
                         struct fields_check *check)
{
	const struct casebook_act *act = judged->act;
	struct month born;
	struct day day, first;
	if (!birth_of(judged->row, &born))
		return;
	day = zone_day(turn->fold->pack->zone, act->has_happened ? act->happened : turn->now);
	for (size_t i = 0; i < judged->kind->field_count; i++) {
		const struct pack_field *field = &judged->kind->fields[i];
		const struct json *said = json_member(judged->plain, field->name);
		if (!field->unborn.p || !said || said->type != JSON_STRING)
			continue;
		bool is_said = str_eq(said->string, field->unborn);
		if (is_said && day_compare(day, past_birth(born)) >= 0)
			add(check, field->name,
			    STR("This was not before the birth that is known; mend the one or the other"));
		else if (!is_said && month_before(born, field->unborn_early, &first) &&
		         day_compare(day, first) < 0)
			add(check, field->name,
			    STR("This was before the birth that is known: say so, or mend the birth"));
	}
}

void judge_times(const struct turn *turn, const struct judged *judged, struct fields_check *check)
{
	const struct casebook_act *act = judged->act;
	const struct pack *pack = turn->fold->pack;
	struct month born;
	struct day day;
	if (act->has_happened && act->happened > turn->now + AHEAD_MAX)
		add(check, STR("happened"), STR("When it happened must be in the past"));
	else if (act->has_happened && !judged->kind->is_before_birth &&
	         birth_of(judged->row, &born) && month_before(born, pack->unborn_months, &day) &&
	         day_compare(zone_day(pack->zone, act->happened), day) < 0)
		add(check, STR("happened"),
		    STR("When it happened lies before the birth that is known; mend the one or the other"));
	if (act->has_received && act->received > turn->now + AHEAD_MAX)
		add(check, STR("received"), STR("When it reached you must be in the past"));
	judge_unborn(turn, judged, check);
}
