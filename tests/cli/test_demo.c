/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Northmere: that the demo is whole, lawful and worth looking at, whenever it
 * is made. It is made once a program, at a fixed moment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "casebook/casebook.h"
#include "cli/demo.h"
#include "cli/demo_says.h"

#define THURSDAY_TWO "2026-11-26T14:00:00Z"
#define BYTES        ((size_t)256 << 20)
#define FILES_MAX    400
#define MADE_MOST    (120 * INSTANT_PER_SECOND) /* of the processor, with sanitisers; else some eight seconds */

struct north {
	char parent[64];
	char dir[96];
	struct casebook *book;
	struct arena *forever;
	struct arena *arena;
	struct demo_made made;
	int64_t made_us; /* of the processor */
	struct err err;
};

#define MUST(north, done)                                                                            \
	do {                                                                                         \
		if (!(done))                                                                         \
			fail_msg("%s (%s) [%s]", (north)->err.message, (north)->err.context, #done); \
	} while (0)

/* --- making --------------------------------------------------------------------------------- */

static void remove_all(struct arena *arena, const char *dir)
{
	const struct str *names;
	struct err ignored = { 0 };
	size_t count = 0;
	if (!file_list(arena, dir, &names, &count, &ignored))
		return;
	for (size_t i = 0; i < count; i++) {
		const char *path = file_join(arena, dir, str_to_c(arena, names[i]));
		if (file_is_folder(path))
			remove_all(arena, path);
		else
			(void)unlink(path);
	}
	(void)rmdir(dir);
}

#define FEW 12 /* children: the same roads, sooner */

static void make_at(struct north *north, const char *now, uint64_t seed, uint64_t children)
{
	static const char *const FOLDERS[] = { "packs" };
	struct demo_options options = { .dir = north->dir, .seed = seed, .children = children };
	assert_true(instant_read(str_from_c(now), &options.now));
	MUST(north, pack_find(north->forever, FOLDERS, 1, STR("england"), &options.pack, &north->err));
	clock_t before = clock();
	MUST(north, demo_make(&options, north->forever, &north->made, &north->err));
	north->made_us = (int64_t)(clock() - before) * INSTANT_PER_SECOND / CLOCKS_PER_SEC;
	/* Else whoever opens it first checks it all, and is warned of what nobody did. */
	struct str newest;
	MUST(north, file_read(north->forever, file_join(north->forever, north->dir, "keys/newest"), 4096, &newest,
	                      &north->err));
	assert_true(str_starts(newest, STR("candour/newest")));
}

static struct north *north_create(void)
{
	struct north *north = calloc(1, sizeof *north);
	assert_non_null(north);
	(void)snprintf(north->parent, sizeof north->parent, "/tmp/candour-demo-XXXXXX");
	assert_non_null(mkdtemp(north->parent));
	(void)snprintf(north->dir, sizeof north->dir, "%s/northmere", north->parent);
	north->forever = arena_create(BYTES);
	north->arena = arena_create(BYTES);
	assert_non_null(north->forever);
	assert_non_null(north->arena);
	return north;
}

static void north_destroy(struct north *north)
{
	casebook_close(north->book);
	arena_reset(north->arena);
	remove_all(north->arena, north->parent);
	arena_destroy(north->arena);
	arena_destroy(north->forever);
	free(north);
}

static void open_book(struct north *north)
{
	MUST(north, casebook_open(north->dir, CASEBOOK_WRITE, &north->book, &north->err));
}

static int set_up(void **state)
{
	struct north *north = north_create();
	make_at(north, THURSDAY_TWO, 1, DEMO_LIVED);
	open_book(north);
	*state = north;
	return 0;
}

static int tear_down(void **state)
{
	north_destroy(*state);
	return 0;
}

/* --- looking -------------------------------------------------------------------------------- */

static struct casebook_reader *reader_of(struct north *north)
{
	struct casebook_reader *reader = NULL;
	arena_reset(north->arena);
	MUST(north, casebook_reader_take(north->book, &reader, &north->err));
	return reader;
}

static int64_t entry_count(struct north *north)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(north);
	struct casebook_health health;
	MUST(north, casebook_health(reader, &health, &north->err));
	return health.entries;
}

/* The n-th concern; false: there are no more. */
static bool concern_at(struct north *north, struct casebook_reader *reader, int n, struct casebook_file *out)
{
	struct err absent = { 0 };
	struct str number = arena_format(north->arena, "C-%d", n);
	return casebook_file_find(reader, north->arena, number, out, &absent);
}

static struct casebook_duty_list duties_of(struct north *north, struct casebook_reader *reader, int64_t file)
{
	struct casebook_duty_list list;
	MUST(north, casebook_duties_of_file(reader, north->arena, file, 500, &list, &north->err));
	return list;
}

/* Whether the entry tells somebody of agency "outside". */
static bool tells_outside(const struct casebook_entry *entry)
{
	static const char *const OUTSIDE[] = { "ofsted-contact", "hmicfrs-contact", "cqc-contact",
		                              "charity-contact", "ico-contact" };
	const struct json *told = json_member(entry->plain, STR("told"));
	for (const struct json *one = told ? told->first : NULL; one; one = one->next) {
		for (size_t i = 0; i < COUNT_OF(OUTSIDE); i++) {
			if (str_eq(one->string, str_from_c(OUTSIDE[i])))
				return true;
		}
	}
	return false;
}

static int64_t count_kind(struct north *north, const char *kind, bool outside_only)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(north);
	int64_t count = 0, entries = entry_count(north);
	for (int64_t i = 0; i < entries; i++) {
		struct casebook_entry entry;
		if (i % 64 == 0)
			arena_reset(north->arena);
		MUST(north, casebook_entry_get(reader, north->arena, i, &entry, &north->err));
		count += str_eq(entry.kind, str_from_c(kind)) && (!outside_only || tells_outside(&entry));
	}
	return count;
}

/* --- the tests ------------------------------------------------------------------------------ */

static void a_year_of_northmere_is_there(void **state)
{
	struct north *north = *state;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(north);
	struct casebook_health health;
	MUST(north, casebook_health(reader, &health, &north->err));
	print_message("demo: %" PRId64 " people, %" PRId64 " accounts, %" PRId64 " concerns, %" PRId64
	              " entries, %" PRId64 " acts, %" PRId64 " climbs, %" PRId64 " open duties, %" PRId64
	              " late, %" PRId64 " refused, %" PRId64 " stray, made in %" PRId64 " ms\n",
	              north->made.people, north->made.accounts, north->made.concerns, health.entries,
	              north->made.acts, north->made.climbed, health.open_duties, health.late_duties,
	              north->made.refused, north->made.stray, north->made_us / 1000);
	assert_in_range(north->made.people, 350, 480);
	assert_in_range(north->made.concerns, 80, 200);
	assert_true(north->made.refused >= 3);
	assert_int_equal(north->made.stray, 0);
	assert_true(north->made_us < MADE_MOST);
}

static void every_open_concern_is_owed_and_every_closed_one_owes_nothing(void **state) /* L4 */
{
	struct north *north = *state;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(north);
	struct casebook_file file;
	int open = 0, closed = 0;
	for (int n = 1; n < FILES_MAX && concern_at(north, reader, n, &file); n++) {
		struct casebook_duty_list list = duties_of(north, reader, file.n);
		size_t owed = 0;
		for (size_t i = 0; i < list.count; i++) {
			assert_true(list.at[i].office.n > 0);
			owed += list.at[i].is_open && !list.at[i].rules->is_built_in;
		}
		bool is_final = file.type->final >> file.state & 1;
		if (is_final != (owed == 0))
			fail_msg("%.*s is %.*s and owes %zu", STR_ARG(file.number), STR_ARG(file.state_name), owed);
		open += !is_final;
		closed += is_final;
	}
	print_message("demo: %d concerns open, %d closed\n", open, closed);
	assert_true(open >= 20);
	assert_true(closed >= 25);
}

/* The year is what the simulator makes of the seed; what is told by hand is little beside it. */
static void its_history_is_lived_by_the_simulator(void **state)
{
	struct north *north = *state;
	const struct years_report *lived = north->made.lived;
	int64_t done = lived->in_time + lived->late + lived->owed_late;
	print_message("demo: simulated: %" PRId64 " files, %" PRId64 " acts, %" PRId64 " duties, %" PRId64
	              " in time, %" PRId64 " late, %" PRId64 " still owed and late; %" PRId64
	              " concerns told by hand\n",
	              lived->files, lived->admitted, lived->opened, lived->in_time, lived->late, lived->owed_late,
	              north->made.told);
	assert_string_equal(lived->broken, "");
	assert_int_equal(lived->days, DEMO_WEEKS * 7);
	assert_in_range(north->made.told, 10, 20);
	assert_true(north->made.concerns >= 4 * north->made.told);
	assert_true(lived->files >= 100 && lived->admitted >= 1500);
	assert_true(lived->checked[YEARS_L4] > 0 && lived->checked[YEARS_L5] > 0 && lived->checked[YEARS_L6] > 0 &&
	            lived->checked[YEARS_L10] > 0 && lived->checked[YEARS_L12] > 0);
	assert_true(lived->in_time * 100 >= done * 84);
	assert_true(lived->late > 0 && lived->outside > 0);
}

static const struct pack_field *field_named(struct north *north, const char *kind, const char *field)
{
	const struct pack_kind *found = pack_kind_find(casebook_pack(north->book), str_from_c(kind));
	const struct pack_field *meant = found && field ? pack_field_find(found, str_from_c(field)) : NULL;
	if (!found || (field && !meant))
		fail_msg("the rules have no \"%s\" of \"%s\"", field ? field : "kind", kind);
	return meant;
}

static void every_sentence_has_its_field(void **state)
{
	struct north *north = *state;
	size_t counts[2];
	const struct demo_sentence *tables[] = { demo_sentences(&counts[0]), demo_sentences_of_offices(&counts[1]) };
	for (size_t t = 0; t < COUNT_OF(tables); t++) {
		for (size_t i = 0; i < counts[t]; i++) {
			if (tables[t][i].kind)
				(void)field_named(north, tables[t][i].kind, tables[t][i].field);
		}
	}
}

static bool is_code(const struct north *north, const struct pack_field *field, struct str code)
{
	if (str_eq(code, STR("-")))
		return field->required == PACK_OPTIONAL;
	if (field->type == PACK_YES)
		return str_eq(code, STR("yes")) || str_eq(code, STR("no"));
	if (field->type == PACK_OFFICE)
		return pack_office_find(casebook_pack(north->book), code) != NULL;
	for (size_t i = 0; field->list && i < field->list->count; i++) {
		if (str_eq(field->list->codes[i].code, code) && !field->list->codes[i].retired.p)
			return true;
	}
	return false;
}

static void every_code_is_one_of_its_field(void **state)
{
	struct north *north = *state;
	size_t count;
	const struct demo_codes *rows = demo_codes(&count);
	for (size_t i = 0; i < count; i++) {
		const struct pack_field *field = field_named(north, rows[i].kind, rows[i].field);
		struct str rest = str_from_c(rows[i].codes), code;
		while (rest.n && str_cut(&rest, ' ', &code)) {
			if (!is_code(north, field, code))
				fail_msg("%s, %s: no code \"%.*s\"", rows[i].kind, rows[i].field, STR_ARG(code));
		}
	}
}

static void at_least_three_silences_reached_somebody_outside(void **state) /* L5 */
{
	struct north *north = *state;
	int64_t outside = count_kind(north, "duty.climbed", true);
	print_message("demo: %" PRId64 " climbs in all, %" PRId64 " to the outside\n",
	              count_kind(north, "duty.climbed", false), outside);
	assert_true(outside >= 3);
}

static void everything_that_the_register_can_do_was_done_once(void **state)
{
	struct north *north = *state;
	static const char *const KINDS[] = {
		"concern.received", "concern.added",  "concern.acknowledged", "concern.looked",
		"concern.asked",    "silence.noted",  "concern.answered",     "concern.decided",
		"concern.told",     "concern.closed", "concern.reopened",     "note.made",
		"duty.climbed",     "duty.read",      "duty.taken",           "gate.refused",
		"act.waiting",      "second.given",   "access.broken",        "office.left",
		"office.vacant",    "office.held",    "office.deputised",     "office.handed-over",
		"readings.sealed",  "person.opened",  "strategy.held",        "strategy.circulated",
		"child.seen",       "assessment.opened", "assessment.checked", "assessment.completed",
		"outcome.shared",   "child.told",     "child.closed",         "pattern.found",
		"pattern.considered",
	};
	for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
		int64_t count = count_kind(north, KINDS[i], false);
		print_message("demo: %-22s %" PRId64 "\n", KINDS[i], count);
		if (count == 0)
			fail_msg("no %s", KINDS[i]);
	}
}

static int64_t in_group(const struct casebook_duty_list *list, instant from, instant to)
{
	int64_t count = 0;
	for (size_t i = 0; i < list->count; i++)
		count += list->at[i].due > from && list->at[i].due <= to;
	return count;
}

static void the_screener_finds_late_things_and_things_for_today_and_tomorrow(void **state)
{
	struct north *north = *state;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(north);
	struct casebook_duty_list list;
	instant now = casebook_now(north->book);
	instant midnight = zone_day_start(casebook_pack(north->book)->zone,
	                                  day_from_number(day_number(instant_utc_day(now)) + 1));
	MUST(north, casebook_duties_of_office(reader, north->arena, STR("screener"), 0, 0, 500, &list,
	                                      &north->err));
	int64_t late = in_group(&list, 0, now), today = in_group(&list, now, midnight);
	int64_t tomorrow = in_group(&list, midnight, midnight + INSTANT_PER_DAY);
	print_message("demo: the screener owes %zu: %" PRId64 " late, %" PRId64 " today, %" PRId64 " tomorrow\n",
	              list.count, late, today, tomorrow);
	/* How many depends on what the rules let happen in the year; they stand on one page of My work. */
	assert_in_range(late, 2, 50);
	assert_true(today >= 2);
	assert_true(tomorrow >= 2);
}

static struct casebook_file file_by_code(struct north *north, struct casebook_reader *reader, size_t which)
{
	struct casebook_code code;
	struct casebook_file file;
	MUST(north, casebook_code_read(north->made.codes[which].code, &code, &north->err));
	MUST(north, casebook_file_by_code(reader, north->arena, &code, &file, &north->err));
	assert_true(str_eq(file.number, north->made.codes[which].number));
	return file;
}

static void three_codes_lead_to_a_fresh_a_late_and_a_closed_concern(void **state)
{
	struct north *north = *state;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(north);
	struct casebook_file fresh = file_by_code(north, reader, 0), late = file_by_code(north, reader, 1);
	struct casebook_file closed = file_by_code(north, reader, 2);
	struct casebook_duty_list list = duties_of(north, reader, fresh.n);
	for (size_t i = 0; i < list.count; i++)
		assert_false(list.at[i].is_late);
	list = duties_of(north, reader, late.n);
	assert_true(list.at[0].is_open && list.at[0].is_late && list.at[0].next_at == 0);
	assert_true(str_eq(closed.state_name, STR("closed")));
}

static void every_persona_signs_in_with_the_digits_of_now(void **state)
{
	struct north *north = *state;
	for (size_t i = 0; i < DEMO_PERSONAS; i++) {
		const struct demo_persona *persona = &north->made.personas[i];
		struct str account;
		char digits[7];
		MUST(north, code_digits(persona->secret, casebook_now(north->book), digits, &north->err));
		MUST(north, casebook_sign_in(north->book, persona->name, STR(DEMO_PASSWORD),
		                             str_from_c(digits), north->arena, &account, &north->err));
	}
}

static void what_was_printed_can_be_printed_again(void **state)
{
	struct north *north = *state;
	struct demo_made again;
	arena_reset(north->arena);
	MUST(north, demo_load(north->dir, &again, north->arena, &north->err));
	assert_int_equal(again.concerns, north->made.concerns);
	for (size_t i = 0; i < DEMO_PERSONAS; i++)
		assert_true(str_eq(again.personas[i].secret, north->made.personas[i].secret));
	for (size_t i = 0; i < DEMO_CODES; i++)
		assert_true(str_eq(again.codes[i].code, north->made.codes[i].code));
	assert_false(demo_load(north->parent, &again, north->arena, &north->err));
	assert_int_equal(north->err.code, ERR_ABSENT);
}

static void the_whole_register_is_proved(void **state)
{
	struct north *north = *state;
	struct casebook_verified verified;
	casebook_close(north->book);
	north->book = NULL;
	arena_reset(north->arena);
	MUST(north, casebook_verify(north->dir, CASEBOOK_VERIFY_WHOLE, north->arena, NULL, NULL, &verified,
	                            &north->err));
	if (!verified.ok)
		fail_msg("%.*s: %.*s", STR_ARG(verified.difference.where), STR_ARG(verified.difference.what));
	open_book(north);
}

static void assert_same_entry(struct north *a, struct casebook_reader *of_a, struct north *b,
                              struct casebook_reader *of_b, int64_t index)
{
	struct casebook_entry one, two;
	struct buf texts[2];
	MUST(a, casebook_entry_get(of_a, a->arena, index, &one, &a->err));
	MUST(b, casebook_entry_get(of_b, b->arena, index, &two, &b->err));
	assert_true(str_eq(one.kind, two.kind) && str_eq(one.office, two.office));
	assert_true(str_eq(one.account, two.account) && str_eq(one.file_id, two.file_id));
	assert_int_equal(one.recorded, two.recorded);
	buf_init(&texts[0], BYTES);
	buf_init(&texts[1], BYTES);
	json_write(&texts[0], one.plain);
	json_write(&texts[1], two.plain);
	assert_true(str_eq(buf_str(&texts[0]), buf_str(&texts[1])));
	buf_finish(&texts[0]);
	buf_finish(&texts[1]);
}

static void one_seed_and_one_moment_give_one_history(void **state)
{
	struct north *first = north_create(), *second = north_create();
	(void)state;
	make_at(first, THURSDAY_TWO, 1, FEW);
	make_at(second, THURSDAY_TWO, 1, FEW);
	open_book(first);
	open_book(second);
	int64_t entries = entry_count(second);
	struct casebook_reader *of_first = reader_of(first), *of_second = reader_of(second);
	for (int64_t i = 0; i < entries; i++) {
		if (i % 64 == 0) {
			arena_reset(first->arena);
			arena_reset(second->arena);
		}
		assert_same_entry(first, of_first, second, of_second, i);
	}
	casebook_reader_give(&of_first);
	casebook_reader_give(&of_second);
	assert_memory_equal(&first->made.lived->sum, &second->made.lived->sum, sizeof(struct hash));
	assert_memory_equal(first->made.lived->kinds, second->made.lived->kinds, sizeof first->made.lived->kinds);
	for (size_t i = 0; i < DEMO_CODES; i++)
		assert_true(str_eq(first->made.codes[i].code, second->made.codes[i].code));
	north_destroy(first);
	north_destroy(second);
}

static void it_is_made_at_night_on_a_holiday_and_with_any_seed(void **state)
{
	static const char *const MOMENTS[] = { "2027-01-01T03:10:00Z", "2026-03-29T01:05:00Z" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(MOMENTS); i++) {
		struct north *north = north_create();
		make_at(north, MOMENTS[i], 40 + i, FEW);
		print_message("demo: at %s %" PRId64 " concerns, %" PRId64 " stray\n", MOMENTS[i],
		              north->made.concerns, north->made.stray);
		int64_t concerns = north->made.concerns, told = north->made.told, stray = north->made.stray;
		north_destroy(north);
		assert_true(told >= 12 && concerns >= told + FEW / 2);
		assert_true(stray <= 2);
	}
}

static void digits_are_those_of_the_standard(void **state) /* RFC 6238, appendix B, six digits of eight */
{
	struct err err = { 0 };
	char digits[7];
	(void)state;
	assert_true(code_digits(STR("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), 59 * INSTANT_PER_SECOND, digits, &err));
	assert_string_equal(digits, "287082");
	assert_true(code_digits(STR("gezd gnbv gy3t qojq gezd gnbv gy3t qojq"),
	                        INT64_C(1111111109) * INSTANT_PER_SECOND, digits, &err));
	assert_string_equal(digits, "081804");
	assert_false(code_digits(STR("GEZDGNBVGY3TQOJQ"), 0, digits, &err));
	assert_int_equal(err.code, ERR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_year_of_northmere_is_there),
		cmocka_unit_test(every_open_concern_is_owed_and_every_closed_one_owes_nothing),
		cmocka_unit_test(its_history_is_lived_by_the_simulator),
		cmocka_unit_test(every_sentence_has_its_field),
		cmocka_unit_test(every_code_is_one_of_its_field),
		cmocka_unit_test(at_least_three_silences_reached_somebody_outside),
		cmocka_unit_test(everything_that_the_register_can_do_was_done_once),
		cmocka_unit_test(the_screener_finds_late_things_and_things_for_today_and_tomorrow),
		cmocka_unit_test(three_codes_lead_to_a_fresh_a_late_and_a_closed_concern),
		cmocka_unit_test(every_persona_signs_in_with_the_digits_of_now),
		cmocka_unit_test(what_was_printed_can_be_printed_again),
		cmocka_unit_test(one_seed_and_one_moment_give_one_history),
		cmocka_unit_test(it_is_made_at_night_on_a_holiday_and_with_any_seed),
		cmocka_unit_test(the_whole_register_is_proved),
		cmocka_unit_test(digits_are_those_of_the_standard),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
