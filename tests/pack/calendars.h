/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The calendars england-wales and uk-any from tests/data, for tests of due times. */
#ifndef CANDOUR_TESTS_PACK_CALENDARS_H
#define CANDOUR_TESTS_PACK_CALENDARS_H

#include "pack/pack.h"

struct calendars {
	struct zone *zone;
	struct pack_calendar england_wales;
	struct pack_calendar uk_any;
};

#define CALENDARS_FILE "tests/data/bank-holidays-england-wales.json"
#define CALENDARS_FILE_MAX ((size_t)1024 * 1024)

/* Days of one list of the file, in its order. False: not a day, or no room. */
static inline bool calendars_days(const struct json *list, int64_t *days, size_t *count, size_t max)
{
	for (const struct json *event = list ? list->first : NULL; event; event = event->next) {
		struct day day;
		if (*count == max || !day_read(json_text(event, STR("date")), &day))
			return false;
		days[(*count)++] = day_number(day);
	}
	return true;
}

static inline void calendars_sort(int64_t *days, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		for (size_t j = i; j > 0 && days[j - 1] > days[j]; j--) {
			int64_t other = days[j];
			days[j] = days[j - 1];
			days[j - 1] = other;
		}
	}
}

/* Fills *out; its days lie in the arena, its zone is the caller's to destroy. */
static inline bool calendars_read(struct arena *arena, struct calendars *out, struct err *err)
{
	struct str text;
	const struct json *root;

	*out = (struct calendars){ 0 };
	if (!file_read(arena, CALENDARS_FILE, CALENDARS_FILE_MAX, &text, err) ||
	    !json_read(arena, text, 8, &root, err))
		return false;
	const struct json *events = json_member(root, STR("events"));
	const struct json *others = json_member(root, STR("other_uk"));
	size_t max = (events ? events->count : 0) + (others ? others->count : 0);
	int64_t *own = arena_alloc(arena, max, sizeof *own);
	int64_t *any = arena_alloc(arena, max, sizeof *any);
	size_t own_count = 0;
	size_t any_count = 0;
	if (!own || !any || !calendars_days(events, own, &own_count, max) ||
	    !calendars_days(events, any, &any_count, max) ||
	    !calendars_days(others, any, &any_count, max))
		return err_set(err, ERR_INPUT, "%s holds something that is no day", CALENDARS_FILE);
	calendars_sort(own, own_count);
	calendars_sort(any, any_count);
	if (!zone_load(STR("Europe/London"), &out->zone, err))
		return false;
	out->england_wales = (struct pack_calendar){
		.name = STR("england-wales"),
		.zone = out->zone,
		.weekend = 0x60,
		.holidays = own,
		.holiday_count = own_count,
		.published_first = 1997,
		.published_last = 2028,
		.has_standing_rules = true,
		.office_from_minute = 540,
		.office_to_minute = 1020,
	};
	out->uk_any = (struct pack_calendar){
		.name = STR("uk-any"),
		.zone = out->zone,
		.weekend = 0x60,
		.holidays = any,
		.holiday_count = any_count,
		.published_first = 2012,
		.published_last = 2028,
	};
	return true;
}

#endif
