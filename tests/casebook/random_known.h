/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the random world of random_world.h knows by itself: its accounts and
 * offices, each duty that it saw, and when it must be due (L6).
 */
#ifndef CANDOUR_TESTS_CASEBOOK_RANDOM_KNOWN_H
#define CANDOUR_TESTS_CASEBOOK_RANDOM_KNOWN_H

#include "casebook/fixture.h"
#include "casebook/random_pack.h"

#include "store/store.h"

#define INSIDERS 6
#define WORLD_ACCOUNTS (INSIDERS + 5)
#define WORLD_OFFICES_MAX 24
#define WORLD_DUTIES_MAX 4000
#define WORLD_FILES_MAX 40
#define WORLD_TOLD_MAX 32
#define WORLD_LINKS_MAX 200

#define LAW(w, holds, ...)                                                                         \
	do {                                                                                       \
		if (!(holds)) {                                                                    \
			tell_history(w);                                                           \
			print_error("SEED=%" PRIu64 ": ", (w)->seed);                              \
			fail_msg(__VA_ARGS__);                                                     \
		}                                                                                  \
	} while (0)

struct tally {
	int64_t packs, acts, admitted, refused, climbs, duties, vacancies, late_steps, born_late, drawn_again;
	int64_t found, found_by_night;
	int64_t felt, not_felt, opened_on_ended;
};

struct duty_known {
	int64_t id;
	int64_t file;
	int64_t opened;
	struct str name;
	const struct pack_duty *rule;
	const struct pack_office *office;
	const struct pack_office *also[4];
	int also_count;
	const struct pack_ladder *ladder;
	instant due;
	struct day last_day;
	instant agreed;
	int rung; /* reached, by the entries */
	const struct pack_office *told[WORLD_TOLD_MAX];
	int told_rung[WORLD_TOLD_MAX];
	int told_count;
	int64_t about; /* R02: the duty it is about, or -1 */
	bool is_open;
	bool is_new; /* opened by what was looked at last */
};

struct file_known {
	struct str id;
	int type;
};

struct link_known {
	int64_t a, b;
	bool is_there;
};

struct world {
	struct fixture f;
	uint64_t seed;
	struct drawn drawn;
	struct store_shim *shim;
	struct pack *pack; /* loaded beside the register, for the reckoning alone */
	instant now;
	int64_t seen; /* entries looked at */
	uint64_t opened; /* how often: each opening has its own randomness */
	struct str account[WORLD_ACCOUNTS];
	bool holds[WORLD_OFFICES_MAX][WORLD_ACCOUNTS];
	bool is_said[WORLD_OFFICES_MAX]; /* office.vacant, since it was last held */
	struct str office_file[WORLD_OFFICES_MAX];
	struct file_known files[WORLD_FILES_MAX];
	int file_count;
	struct duty_known *duties;
	size_t duty_count;
	int64_t waiting;
	struct str waiting_file;
	struct str waiting_role;
	bool is_outage; /* what climbs now was due while no clock ran */
	instant step_at; /* when the step before was due: they fire in order of time */
	int64_t acts, admitted, refused, climbs, vacancies, late_steps, born_late, drawn_again;
	int64_t found, found_by_night; /* patterns */
	struct link_known links[WORLD_LINKS_MAX];
	size_t link_count;
	int64_t felt, not_felt;  /* what the register wrote on linked files, and what it might not */
	int64_t opened_on_ended; /* duties */
};

/* The newest entries, when a law is broken. */
static inline void tell_history(struct world *w)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_health health;
	struct err err;
	if (!w->f.book || !casebook_reader_take(w->f.book, &reader, &err) || !casebook_health(reader, &health, &err))
		return;
	for (int64_t at = health.entries > 30 ? health.entries - 30 : 0; at < health.entries; at++) {
		struct casebook_entry entry;
		struct buf text;
		if (!casebook_entry_get(reader, w->f.arena, at, &entry, &err))
			return;
		buf_init(&text, (size_t)1 << 16);
		json_write(&text, entry.plain);
		print_error("%" PRId64 " file %" PRId64 " %.*s by %d %.*s: %.*s\n", at, entry.file, STR_ARG(entry.kind),
		            (int)entry.by, STR_ARG(entry.office), STR_ARG(buf_str(&text)));
		buf_finish(&text);
	}
}

static inline int below(struct world *w, int n)
{
	return (int)random_below(w->drawn.random, (uint64_t)n);
}

/* --- offices and people --------------------------------------------------------------------- */

static inline const struct pack_office *office_named(struct world *w, struct str name)
{
	const struct pack_office *found = pack_office_find(w->pack, name);
	LAW(w, found, "L4: \"%.*s\" is no office", STR_ARG(name));
	return found;
}

static inline const struct pack_office *any_office(struct world *w)
{
	const struct pack *pack = w->pack;
	return &pack->offices[random_below(w->drawn.random, pack->office_count)];
}

static inline const struct pack_office *inside_office(struct world *w)
{
	for (;;) {
		const struct pack_office *office = any_office(w);
		if (!office->is_outside && !office->is_independent)
			return office;
	}
}

static inline struct str office_file(struct world *w, const struct pack_office *office)
{
	return w->office_file[office->number];
}

static inline bool is_held(const struct world *w, const struct pack_office *office)
{
	for (int a = 0; a < WORLD_ACCOUNTS; a++) {
		if (w->holds[office->number][a])
			return true;
	}
	return false;
}

/* A holder of the office as the one who acts; false: nobody holds it. */
static inline bool somebody(struct world *w, const struct pack_office *office, struct casebook_actor *out)
{
	int first = below(w, WORLD_ACCOUNTS);
	for (int i = 0; i < WORLD_ACCOUNTS; i++) {
		int a = (first + i) % WORLD_ACCOUNTS;
		if (!w->holds[office->number][a])
			continue;
		*out = (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE,
			                        .account = w->account[a],
			                        .office = office->name,
			                        .is_proved = true };
		return true;
	}
	return false;
}

static inline bool all_of_one_hold(const struct world *w, const struct pack_office *one,
                                   const struct pack_office *other)
{
	for (int a = 0; a < WORLD_ACCOUNTS; a++) {
		if (w->holds[one->number][a] && !w->holds[other->number][a])
			return false;
	}
	return is_held(w, one);
}

static inline bool stands_above(const struct pack_office *above, const struct pack_office *office)
{
	for (const struct pack_office *at = office->line; at; at = at->line) {
		if (at == above)
			return true;
	}
	return false;
}

/* --- duties --------------------------------------------------------------------------------- */

static inline struct duty_known *known_duty(struct world *w, int64_t id)
{
	for (size_t i = w->duty_count; i > 0; i--) {
		if (w->duties[i - 1].id == id)
			return &w->duties[i - 1];
	}
	return NULL;
}

static inline struct duty_known *named_duty(struct world *w, struct str name)
{
	for (size_t i = w->duty_count; i > 0; i--) {
		if (str_eq(w->duties[i - 1].name, name))
			return &w->duties[i - 1];
	}
	fail_msg("SEED=%" PRIu64 ": an entry names duty %.*s, which was never opened", w->seed, STR_ARG(name));
	return NULL;
}

static inline bool is_reading(const struct world *w, const struct duty_known *duty)
{
	return duty->rule == w->pack->read_duty;
}

static inline struct duty_known *any_open_duty(struct world *w, bool reading)
{
	size_t first = w->duty_count ? random_below(w->drawn.random, w->duty_count) : 0;
	for (size_t i = 0; i < w->duty_count; i++) {
		struct duty_known *duty = &w->duties[(first + i) % w->duty_count];
		if (duty->is_open && is_reading(w, duty) == reading && (!reading || duty->about >= 0) &&
		    (reading || !duty->rule->is_built_in))
			return duty;
	}
	return NULL;
}

static inline struct casebook_file file_of(struct world *w, struct casebook_reader *reader, int64_t n)
{
	struct casebook_file file;
	MUST(&w->f, casebook_file_get(reader, w->f.arena, n, &file, &w->f.err));
	return file;
}

static inline struct str id_of_file(struct world *w, int64_t n)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(&w->f);
	return file_of(w, reader, n).id;
}

static inline const struct duty_known *open_duty_of(struct world *w, const struct file_known *file)
{
	int64_t n = file_named(&w->f, file->id).n;
	for (size_t i = w->duty_count; i > 0; i--) {
		const struct duty_known *duty = &w->duties[i - 1];
		if (duty->is_open && duty->file == n && !duty->rule->is_built_in)
			return duty;
	}
	return NULL;
}

/* --- L6: due times, anew -------------------------------------------------------------------- */

static inline instant start_anew(const struct casebook_entry *entry, const struct pack_duty *rule)
{
	instant start = entry->recorded, at;
	bool any = false;
	for (size_t i = 0; i < rule->from_count; i++) {
		bool has = true;
		at = entry->recorded;
		if (rule->from[i].sort == PACK_START_HAPPENED)
			at = entry->happened;
		if (rule->from[i].sort == PACK_START_RECEIVED) {
			instant received;
			if (instant_read(json_text(entry->plain, STR("received")), &received) && received < at)
				at = received;
		}
		if (rule->from[i].sort == PACK_START_FIELD)
			has = instant_read(json_text(entry->plain, rule->from[i].field), &at);
		if (has && (!any || at < start))
			start = at;
		any = any || has;
	}
	return start;
}

static inline struct pack_due due_anew(struct world *w, const struct casebook_entry *entry,
                                       const struct pack_duty *rule)
{
	const struct pack_calendar *calendar = w->pack->calendar;
	struct pack_due due, limit;
	struct day day;
	if (rule->within_is_field) {
		LAW(w, day_read(json_text(entry->plain, rule->within_field), &day), "no day to be due by");
		MUST(&w->f, pack_due_from_day(calendar, day, &due, &w->f.err));
	} else {
		MUST(&w->f, pack_due(calendar, start_anew(entry, rule), &rule->within, &due, &w->f.err));
	}
	if (rule->no_later_than.p && day_read(json_text(entry->plain, rule->no_later_than), &day)) {
		MUST(&w->f, pack_due_from_day(calendar, day, &limit, &w->f.err));
		if (limit.due < due.due)
			due = limit;
	}
	return due;
}

static inline instant rung_anew(struct world *w, const struct duty_known *duty, int rung)
{
	struct pack_due due = { .due = duty->due, .last_day = duty->last_day };
	instant at;
	MUST(&w->f, pack_due_rung(w->pack->calendar, &due, &duty->ladder->rungs[rung].after, &at,
	                          &w->f.err));
	return at;
}

/* A reading is due when the next rung of what it is about is reached; one about a vacancy, in a working day. */
static inline void check_reading(struct world *w, struct duty_known *duty, const struct casebook_entry *entry)
{
	if (!str_eq(entry->kind, STR("duty.climbed")))
		return;
	const struct duty_known *about = named_duty(w, json_text(entry->plain, STR("duty")));
	int64_t rung = json_number(entry->plain, STR("rung"), -1);
	duty->about = about->id;
	LAW(w, rung > 0 && rung < (int64_t)about->ladder->count, "R02 %.*s was opened by the last rung",
	    STR_ARG(duty->name));
	LAW(w, duty->due == rung_anew(w, about, (int)rung), "R02 %.*s is not due at the next rung",
	    STR_ARG(duty->name));
}

static inline void check_due(struct world *w, struct casebook_reader *reader, struct duty_known *duty)
{
	struct casebook_entry entry;
	MUST(&w->f, casebook_entry_get(reader, w->f.arena, duty->opened, &entry, &w->f.err));
	if (is_reading(w, duty)) {
		check_reading(w, duty, &entry);
		return;
	}
	instant due = due_anew(w, &entry, duty->rule).due;
	LAW(w, duty->due == due, "L6: %.*s (%.*s) is due %" PRId64 ", reckoned %" PRId64, STR_ARG(duty->name),
	    STR_ARG(duty->rule->name), duty->due, due);
	if (duty->ladder && rung_anew(w, duty, 0) <= entry.recorded)
		w->born_late++;
}

static inline void add_duty(struct world *w, struct casebook_reader *reader, const struct casebook_duty *found)
{
	LAW(w, w->duty_count < WORLD_DUTIES_MAX, "more duties than the test keeps");
	struct duty_known *duty = &w->duties[w->duty_count++];
	LAW(w, found->office.n && found->due > 0, "L4: %.*s is owed by nobody", STR_ARG(found->name));
	*duty = (struct duty_known){ .id = found->id,
		                     .file = found->file,
		                     .opened = found->opened,
		                     .name = found->name,
		                     .rule = pack_duty_find(w->pack, found->rule),
		                     .office = office_named(w, found->office),
		                     .ladder = pack_ladder_find(w->pack, found->ladder),
		                     .due = found->due,
		                     .last_day = found->last_day,
		                     .about = -1,
		                     .is_open = found->is_open,
		                     .is_new = true };
	for (size_t i = 0; i < found->also_count && i < COUNT_OF(duty->also); i++)
		duty->also[duty->also_count++] = office_named(w, found->also[i]);
	check_due(w, reader, duty);
}

static inline void compare_duty(struct world *w, struct casebook_reader *reader,
                                const struct casebook_duty *found)
{
	struct duty_known *duty = known_duty(w, found->id);
	if (!duty) {
		add_duty(w, reader, found);
		duty = known_duty(w, found->id);
	}
	bool late = found->is_open ? w->now >= duty->due : found->closed_at >= duty->due;
	LAW(w, found->due == duty->due, "L6: the due time of %.*s moved", STR_ARG(duty->name));
	LAW(w, str_eq(found->rule, duty->rule->name), "%.*s is owed by another rule now", STR_ARG(duty->name));
	LAW(w, !found->is_open || duty->is_open, "X3: %.*s opened again", STR_ARG(duty->name));
	LAW(w, found->is_late == late, "L6: %.*s is %s", STR_ARG(duty->name), late ? "not told as late" : "told as late");
	duty->is_open = found->is_open;
	duty->agreed = found->agreed;
}

#endif
