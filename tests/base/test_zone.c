/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Zones against the C library (a process of its own for each TZ, since TZ is
 * process-wide), against rules worked out by hand, and against broken bytes.
 */
#define _DEFAULT_SOURCE /* tm_gmtoff */
#include "base/arena_fixture.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LONDON STR("Europe/London")

static struct zone *load(struct fixture *f, const char *name)
{
	struct zone *zone;
	if (!zone_load(str_from_c(name), &zone, &f->err))
		fail_msg("%s: %s", name, f->err.message);
	return zone;
}

static instant at(const char *text)
{
	instant out;
	if (!instant_read(str_from_c(text), &out))
		fail_msg("%s", text);
	return out;
}

static struct local local_of(int year, int month, int day, int hour, int minute)
{
	return (struct local){ { year, month, day }, hour, minute, 0 };
}

/* --- agreement with the C library ------------------------------------------------------------ */

/* In the child: 0 when both agree at `seconds`. */
static int differs(const struct zone *zone, int64_t seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;
	instant moment = seconds * INSTANT_PER_SECOND + 999999;
	if (!localtime_r(&t, &tm))
		return 1;
	struct local local = zone_local(zone, moment);
	struct str abbreviation = zone_abbreviation(zone, moment);
	if (local.day.year == tm.tm_year + 1900 && local.day.month == tm.tm_mon + 1 &&
	    local.day.day == tm.tm_mday && local.hour == tm.tm_hour && local.minute == tm.tm_min &&
	    local.second == tm.tm_sec && zone_offset(zone, moment) == tm.tm_gmtoff &&
	    str_eq(abbreviation, str_from_c(tm.tm_zone)))
		return 0;
	printf("%lld: offset %d, expected %ld; %.*s, expected %s\n", (long long)seconds,
	       zone_offset(zone, moment), tm.tm_gmtoff, STR_ARG(abbreviation), tm.tm_zone);
	return 1;
}

/* Never returns. Every 100,003 seconds over three centuries, and both sides of each change seen. */
static void compare_in_child(const struct zone *zone, const char *name)
{
	int failed = setenv("TZ", name, 1);
	tzset();
	for (int64_t s = -4000000000; !failed && s < 8000000000; s += 100003) {
		failed = differs(zone, s);
		int64_t low = s, high = s + 100003;
		if (zone_offset(zone, low * INSTANT_PER_SECOND) ==
		    zone_offset(zone, high * INSTANT_PER_SECOND))
			continue;
		while (high - low > 1) {
			int64_t middle = low + (high - low) / 2;
			if (zone_offset(zone, middle * INSTANT_PER_SECOND) ==
			    zone_offset(zone, low * INSTANT_PER_SECOND))
				low = middle;
			else
				high = middle;
		}
		failed = failed || differs(zone, low) || differs(zone, high);
	}
	fflush(stdout);
	_exit(failed ? 1 : 0);
}

static void agrees_with_the_c_library(void **state)
{
	struct fixture *f = *state;
	static const char *const NAMES[] = {
		"Europe/London",       "Europe/Dublin",       "America/New_York",
		"Australia/Lord_Howe", "Asia/Kathmandu",      "Pacific/Apia",
		"America/Sao_Paulo",   "Africa/Casablanca",   "America/Nuuk",
		"Pacific/Chatham",     "Asia/Gaza",           "UTC",
		"Antarctica/Troll",    "America/St_Johns",    "Africa/Monrovia",
		"Etc/GMT+12",          "America/Los_Angeles", "Europe/Moscow",
	};
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		struct zone *zone = load(f, NAMES[i]);
		int status = -1;
		fflush(stdout);
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0)
			compare_in_child(zone, NAMES[i]);
		assert_int_equal(waitpid(child, &status, 0), child);
		if (status != 0)
			fail_msg("%s differs", NAMES[i]);
		zone_destroy(zone);
	}
}

/* --- London by hand -------------------------------------------------------------------------- */

static void summer_time_is_told_apart(void **state)
{
	struct fixture *f = *state;
	struct zone *zone = load(f, "Europe/London");
	assert_int_equal(zone_offset(zone, at("2026-03-29T00:59:59.999999Z")), 0);
	assert_int_equal(zone_offset(zone, at("2026-03-29T01:00:00Z")), 3600);
	assert_str(zone_abbreviation(zone, at("2026-07-01T00:00:00Z")), "BST");
	assert_str(zone_abbreviation(zone, at("2026-12-01T00:00:00Z")), "GMT");
	assert_int_equal(
		day_compare(zone_day(zone, at("2026-07-01T23:00:00Z")), (struct day){ 2026, 7, 2 }),
		0);
	/* Far behind the last change of the table, by its rule. */
	assert_int_equal(zone_offset(zone, at("2126-03-31T00:59:59Z")), 0);
	assert_int_equal(zone_offset(zone, at("2126-03-31T01:00:00Z")), 3600);
	assert_int_equal(zone_offset(zone, at("9999-07-01T00:00:00Z")), 3600);
	zone_destroy(zone);
}

static void a_time_in_the_gap_is_the_first_instant_behind_it(void **state)
{
	struct fixture *f = *state;
	struct zone *zone = load(f, "Europe/London");
	instant behind = at("2024-03-31T01:00:00Z");
	assert_int_equal(zone_instant(zone, local_of(2024, 3, 31, 1, 0)), behind);
	assert_int_equal(zone_instant(zone, local_of(2024, 3, 31, 1, 30)), behind);
	assert_int_equal(zone_instant(zone, local_of(2024, 3, 31, 1, 59)), behind);
	assert_int_equal(zone_instant(zone, local_of(2024, 3, 31, 2, 0)), behind);
	assert_int_equal(zone_instant(zone, local_of(2024, 3, 31, 0, 59)),
	                 at("2024-03-31T00:59:00Z"));
	zone_destroy(zone);
}

static void a_time_that_happens_twice_is_the_first(void **state)
{
	struct fixture *f = *state;
	struct zone *zone = load(f, "Europe/London");
	assert_int_equal(zone_instant(zone, local_of(2024, 10, 27, 1, 30)),
	                 at("2024-10-27T00:30:00Z"));
	assert_int_equal(zone_instant(zone, local_of(2024, 10, 27, 2, 0)),
	                 at("2024-10-27T02:00:00Z"));
	assert_int_equal(zone_instant(zone, local_of(2124, 10, 29, 1, 30)),
	                 at("2124-10-29T00:30:00Z"));
	zone_destroy(zone);
}

static void a_day_begins_at_its_first_instant(void **state)
{
	struct fixture *f = *state;
	struct zone *zone = load(f, "Europe/London");
	assert_int_equal(zone_day_start(zone, (struct day){ 2026, 7, 1 }),
	                 at("2026-06-30T23:00:00Z"));
	zone_destroy(zone);
	/* At midnight of 4 November 2018 the clocks of São Paulo went to 1am. */
	zone = load(f, "America/Sao_Paulo");
	assert_int_equal(zone_day_start(zone, (struct day){ 2018, 11, 4 }),
	                 at("2018-11-04T03:00:00Z"));
	zone_destroy(zone);
	/* Samoa had no 30 December 2011. */
	zone = load(f, "Pacific/Apia");
	assert_int_equal(zone_day_start(zone, (struct day){ 2011, 12, 30 }),
	                 at("2011-12-30T10:00:00Z"));
	assert_int_equal(zone_day_start(zone, (struct day){ 2011, 12, 31 }),
	                 at("2011-12-30T10:00:00Z"));
	zone_destroy(zone);
}

static void local_and_instant_are_each_others_way_back(void **state)
{
	struct fixture *f = *state;
	struct zone *zone = load(f, "Europe/London");
	for (int64_t s = -3000000000; s < 9000000000; s += 7777777) {
		struct local local = zone_local(zone, s * INSTANT_PER_SECOND);
		instant back = zone_instant(zone, local);
		struct local again = zone_local(zone, back);
		assert_true(back <= s * INSTANT_PER_SECOND);
		assert_int_equal(day_compare(local.day, again.day), 0);
		assert_int_equal(local.hour * 3600 + local.minute * 60 + local.second,
		                 again.hour * 3600 + again.minute * 60 + again.second);
	}
	zone_destroy(zone);
}

/* --- rules ----------------------------------------------------------------------------------- */

/* A file without changes, so that its rule holds for all time. */
static struct str with_rule(struct fixture *f, const char *rule)
{
	static const char HEADER[44] = { 'T', 'Z', 'i', 'f', '2', [39] = 1, [43] = 4 };
	static const char KINDS[10] = { 0, 0, 0, 0, 0, 0, 'G', 'M', 'T', 0 };
	struct str pieces[] = {
		{ HEADER, sizeof HEADER },
		{ KINDS, sizeof KINDS },
		{ HEADER, sizeof HEADER },
		{ KINDS, sizeof KINDS },
		STR("\n"),
		str_from_c(rule),
		STR("\n"),
	};
	return arena_join(f->arena, pieces, COUNT_OF(pieces));
}

static int offset_by(struct fixture *f, const char *rule, const char *when)
{
	struct zone *zone;
	if (!zone_parse(STR("test"), with_rule(f, rule), &zone, &f->err))
		fail_msg("%s: %s", rule, f->err.message);
	int offset = zone_offset(zone, at(when));
	zone_destroy(zone);
	return offset;
}

static void rules_of_every_form_are_kept(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(offset_by(f, "", "2026-07-01T00:00:00Z"), 0);
	assert_int_equal(offset_by(f, "EST5", "2026-07-01T00:00:00Z"), -5 * 3600);
	assert_int_equal(offset_by(f, "<+03>-3", "2026-07-01T00:00:00Z"), 3 * 3600);
	assert_int_equal(offset_by(f, "<-0330>+3:30:15", "2026-07-01T00:00:00Z"), -12615);
	/* Default time 2am, on the clock before the change. */
	assert_int_equal(offset_by(f, "EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z"), -5 * 3600);
	assert_int_equal(offset_by(f, "EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z"), -4 * 3600);
	assert_int_equal(offset_by(f, "EST5EDT,M3.2.0,M11.1.0", "2026-11-01T05:59:59Z"), -4 * 3600);
	assert_int_equal(offset_by(f, "EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z"), -5 * 3600);
	/* The south: summer over the turn of the year. */
	assert_int_equal(offset_by(f, "AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z"),
	                 11 * 3600);
	assert_int_equal(offset_by(f, "AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01T00:00:00Z"),
	                 10 * 3600);
	/* J60 is 1 March in every year, 59 (from nought) is 29 February in a leap year. */
	assert_int_equal(offset_by(f, "AAA0BBB,J60/0,J300", "2028-02-29T23:59:59Z"), 0);
	assert_int_equal(offset_by(f, "AAA0BBB,J60/0,J300", "2028-03-01T00:00:00Z"), 3600);
	assert_int_equal(offset_by(f, "AAA0BBB,59/0,300", "2028-02-28T23:59:59Z"), 0);
	assert_int_equal(offset_by(f, "AAA0BBB,59/0,300", "2028-02-29T00:00:00Z"), 3600);
	assert_int_equal(offset_by(f, "AAA0BBB,59/0,300", "2027-02-28T23:59:59Z"), 0);
	assert_int_equal(offset_by(f, "AAA0BBB,59/0,300", "2027-03-01T00:00:00Z"), 3600);
	/* Times past the day, and before it (RFC 8536, 3.3.1). */
	assert_int_equal(offset_by(f, "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z"),
	                 -2 * 3600);
	assert_int_equal(offset_by(f, "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z"),
	                 -3600);
	assert_int_equal(offset_by(f, "IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27T00:00:00Z"),
	                 3 * 3600);
	/* Summer time all the year. */
	assert_int_equal(offset_by(f, "EST5EDT,0/0,J365/25", "2026-01-01T05:00:00Z"), -4 * 3600);
	assert_int_equal(offset_by(f, "EST5EDT,0/0,J365/25", "2026-12-31T23:00:00Z"), -4 * 3600);
}

static void rules_that_are_broken_are_refused(void **state)
{
	struct fixture *f = *state;
	static const char *const RULES[] = {
		"G0",
		"GMT",
		"<+03-3",
		"GMT0BST",
		"GMT0BST,",
		"GMT25",
		"GMT0:60",
		"GMT0BST,M3.5.0/1",
		"GMT0BST,M0.5.0,M10.5.0",
		"GMT0BST,M3.6.0,M10.5.0",
		"GMT0BST,M3.5.7,M10.5.0",
		"GMT0BST,J0,J300",
		"GMT0BST,366,1",
		"GMT0BST,M3.5.0/168,M10.5.0",
		"GMT0BST,M3.5.0/1,M10.5.0 ",
		"<a b>0",
		":Europe/London",
		"GMT0000",
		"GMT--1",
	};
	for (size_t i = 0; i < COUNT_OF(RULES); i++) {
		struct zone *zone;
		if (zone_parse(STR("test"), with_rule(f, RULES[i]), &zone, &f->err))
			fail_msg("%s was read", RULES[i]);
		assert_null(zone);
		assert_int_equal(f->err.code, ERR_INPUT);
	}
}

/* --- bytes and names ------------------------------------------------------------------------- */

static void a_file_cut_anywhere_is_refused(void **state)
{
	struct fixture *f = *state;
	struct str whole;
	struct zone *zone;
	assert_true(
		file_read(f->arena, "/usr/share/zoneinfo/Europe/London", 1 << 20, &whole, &f->err));
	for (size_t n = 0; n < whole.n; n++) {
		/* A copy of its own, so that a step past the end is seen. */
		char *cut = malloc(n + 1);
		assert_non_null(cut);
		memcpy(cut, whole.p, n);
		cut = realloc(cut, n ? n : 1);
		assert_false(zone_parse(LONDON, (struct str){ cut, n }, &zone, &f->err));
		free(cut);
	}
}

static void any_byte_may_be_wrong(void **state)
{
	struct fixture *f = *state;
	struct str whole;
	assert_true(
		file_read(f->arena, "/usr/share/zoneinfo/Europe/London", 1 << 20, &whole, &f->err));
	char *bytes = malloc(whole.n);
	assert_non_null(bytes);
	for (size_t i = 0; i < whole.n; i++) {
		struct zone *zone;
		memcpy(bytes, whole.p, whole.n);
		bytes[i] = (char)(bytes[i] ^ 0xff);
		if (!zone_parse(LONDON, (struct str){ bytes, whole.n }, &zone, &f->err))
			continue;
		(void)zone_instant(zone, zone_local(zone, at("2026-03-29T01:00:00Z")));
		(void)zone_instant(zone, local_of(2099, 10, 27, 1, 30));
		zone_destroy(zone);
	}
	free(bytes);
}

static void leap_second_zones_are_refused(void **state)
{
	struct fixture *f = *state;
	struct str good = with_rule(f, "GMT0");
	char *bytes = malloc(good.n);
	struct zone *zone;
	assert_non_null(bytes);
	memcpy(bytes, good.p, good.n);
	bytes[54 + 31] = 1;
	assert_false(zone_parse(LONDON, (struct str){ bytes, good.n }, &zone, &f->err));
	free(bytes);
}

static void names_that_leave_the_folder_are_refused(void **state)
{
	struct fixture *f = *state;
	static const char *const NAMES[] = {
		"",         "/etc/localtime", "../localtime",  "Europe/../UTC", "Europe//London",
		"Europe/",  "Europe",         "Europe/Lundon", "UTC\n",         "tzdata.zi",
		"zone.tab", "leapseconds",    "a b",
	};
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		struct zone *zone;
		if (zone_load(str_from_c(NAMES[i]), &zone, &f->err))
			fail_msg("%s was loaded", NAMES[i]);
		assert_int_equal(f->err.code, ERR_INPUT);
		assert_null(zone);
	}
	zone_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(agrees_with_the_c_library),
		PROVES(summer_time_is_told_apart),
		PROVES(a_time_in_the_gap_is_the_first_instant_behind_it),
		PROVES(a_time_that_happens_twice_is_the_first),
		PROVES(a_day_begins_at_its_first_instant),
		PROVES(local_and_instant_are_each_others_way_back),
		PROVES(rules_of_every_form_are_kept),
		PROVES(rules_that_are_broken_are_refused),
		PROVES(a_file_cut_anywhere_is_refused),
		PROVES(any_byte_may_be_wrong),
		PROVES(leap_second_zones_are_refused),
		PROVES(names_that_leave_the_folder_are_refused),
	};
	return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
