/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The reckoning beside the register: what is known of each duty, who holds
 * what, who must be told next. It reads the pack and the entries as they
 * appear; of the views it asks only what it then compares.
 */
#ifndef CANDOUR_TESTS_CASEBOOK_RANDOM_WORLD_H
#define CANDOUR_TESTS_CASEBOOK_RANDOM_WORLD_H

#include "casebook/random_then.h"

/* --- L5: whom a climb must tell -------------------------------------------------------------- */

static inline const struct pack_office *told_by(const struct world *w, const struct pack_owner *owner,
                                                const struct pack_office *owes)
{
	const struct pack_office *at = owner->sort == PACK_OWNER_ROLE ? owner->role : owes;
	(void)w;
	for (size_t i = 0; at && i < owner->step_count; i++) {
		switch (owner->steps[i]) {
		case PACK_STEP_NONE:
			break;
		case PACK_STEP_MANAGER:
			at = at->line;
			break;
		case PACK_STEP_HEAD:
			at = at->agency->head;
			break;
		case PACK_STEP_CHIEF:
			at = at->agency->chief;
			break;
		case PACK_STEP_INSPECTORATE:
			at = at->agency->inspectorate;
			break;
		}
	}
	return at;
}

struct expected {
	const struct pack_office *told[WORLD_TOLD_MAX];
	int told_count;
	int rung; /* after it */
};

static inline const struct pack_office *owner_at(const struct duty_known *duty, int i)
{
	return i == 0 ? duty->office : duty->also[i - 1];
}

static inline bool is_of_owners(const struct world *w, const struct duty_known *duty,
                                const struct pack_office *office)
{
	for (int i = 0; i <= duty->also_count; i++) {
		const struct pack_office *owner = owner_at(duty, i);
		if (office == owner || stands_above(owner, office) || all_of_one_hold(w, office, owner))
			return true;
	}
	return false;
}

static inline bool is_skipped(const struct world *w, const struct duty_known *duty,
                              const struct pack_office *office)
{
	for (int i = 0; i < duty->told_count; i++) {
		if (duty->told[i] == office)
			return true;
	}
	return is_of_owners(w, duty, office);
}

static inline void expect(const struct world *w, const struct duty_known *duty, const struct pack_rung *rung,
                          const struct pack_office *office, struct expected *out)
{
	for (int i = 0; i < out->told_count; i++) {
		if (out->told[i] == office)
			return;
	}
	if (rung->place != PACK_LINE || !is_skipped(w, duty, office))
		out->told[out->told_count++] = office;
}

/* Somebody who stands where the rung stands, when its own words mean nobody, or outside only those
 * who owe it: an owner last. */
static inline const struct pack_office *anybody_at(const struct world *w, const struct duty_known *duty,
                                                   enum pack_rung_place place)
{
	const struct pack_office *first = NULL;
	for (size_t i = 0; i < w->pack->office_count; i++) {
		const struct pack_office *office = &w->pack->offices[i];
		if (!(place == PACK_OUTSIDE ? office->is_outside : office->is_independent))
			continue;
		if (!is_of_owners(w, duty, office))
			return office;
		first = first ? first : office;
	}
	return first;
}

static inline bool tells_another(const struct world *w, const struct duty_known *duty, const struct expected *out)
{
	for (int i = 0; i < out->told_count; i++) {
		if (!is_of_owners(w, duty, out->told[i]))
			return true;
	}
	return false;
}

static inline void expect_rung(const struct world *w, const struct duty_known *duty, const struct pack_rung *rung,
                               struct expected *out)
{
	for (int o = 0; o <= duty->also_count; o++) {
		const struct pack_office *chosen = NULL;
		for (size_t i = 0; i < rung->tell_count; i++) {
			const struct pack_office *office = told_by(w, &rung->tell[i], owner_at(duty, o));
			if (!office)
				continue;
			if (!rung->is_one_of)
				expect(w, duty, rung, office, out);
			else if (!chosen || (!is_held(w, chosen) && is_held(w, office)))
				chosen = office;
		}
		if (chosen)
			expect(w, duty, rung, chosen, out);
	}
	if (rung->place == PACK_OUTSIDE ? !tells_another(w, duty, out)
	                                : rung->place != PACK_LINE && out->told_count == 0)
		expect(w, duty, rung, anybody_at(w, duty, rung->place), out);
}

static inline bool is_expected(const struct expected *expected, const struct pack_office *office)
{
	for (int i = 0; i < expected->told_count; i++) {
		if (expected->told[i] == office)
			return true;
	}
	return false;
}

static inline void note_told(struct world *w, struct duty_known *duty, const struct json *told,
                             const struct expected *expected)
{
	int count = 0;
	for (const struct json *item = told ? told->first : NULL; item; item = item->next, count++) {
		const struct pack_office *office = office_named(w, item->string);
		LAW(w, is_expected(expected, office), "L5: %.*s told %.*s at rung %d", STR_ARG(duty->name),
		    STR_ARG(office->name), expected->rung);
		LAW(w, duty->told_count < WORLD_TOLD_MAX, "more told than the test keeps");
		duty->told[duty->told_count] = office;
		duty->told_rung[duty->told_count++] = expected->rung;
	}
	LAW(w, count == expected->told_count, "L5: %.*s told %d at rung %d, not %d", STR_ARG(duty->name), count,
	    expected->rung, expected->told_count);
	LAW(w, count > 0, "L5: %.*s climbed to nobody", STR_ARG(duty->name));
}

/* Each rung that was passed makes what it makes, told or emptied. */
static inline void check_makes(struct world *w, struct casebook_reader *reader, const struct duty_known *duty,
                               int from, int64_t climbed)
{
	int64_t at = climbed;
	for (int i = from; i < duty->rung; i++) {
		struct casebook_entry made;
		if (!duty->ladder->rungs[i].makes)
			continue;
		MUST(&w->f, casebook_entry_get(reader, w->f.arena, ++at, &made, &w->f.err));
		LAW(w, str_eq(made.kind, duty->ladder->rungs[i].makes->name), "rung %d of %.*s did not make what it makes",
		    i + 1, STR_ARG(duty->name));
	}
}

static inline void see_climb(struct world *w, struct casebook_reader *reader, const struct casebook_entry *entry)
{
	struct duty_known *duty = named_duty(w, json_text(entry->plain, STR("duty")));
	struct expected expected = { .rung = duty->rung };
	LAW(w, duty->ladder && duty->rung < (int)duty->ladder->count, "%.*s climbed past its last rung",
	    STR_ARG(duty->name));
	instant at = rung_anew(w, duty, duty->rung);
	while (expected.told_count == 0 && expected.rung < (int)duty->ladder->count)
		expect_rung(w, duty, &duty->ladder->rungs[expected.rung++], &expected);
	LAW(w, json_number(entry->plain, STR("rung"), -1) == expected.rung, "L5: %.*s reached rung %" PRId64 ", not %d",
	    STR_ARG(duty->name), json_number(entry->plain, STR("rung"), -1), expected.rung);
	note_told(w, duty, json_member(entry->plain, STR("told")), &expected);
	int from = duty->rung;
	duty->rung = expected.rung;
	check_makes(w, reader, duty, from, entry->index);
	bool late = json_is_true(entry->plain, STR("late"));
	if (w->is_outage && !json_member(entry->plain, STR("cause"))) {
		LAW(w, at >= w->step_at, "%.*s climbed after what was due later", STR_ARG(duty->name));
		w->step_at = at;
	}
	LAW(w, entry->recorded >= at, "%.*s climbed before its time", STR_ARG(duty->name));
	LAW(w, late == (entry->recorded >= at + INSTANT_PER_MINUTE), "%.*s climbed %s", STR_ARG(duty->name),
	    late ? "and says late, which it was not" : "late and does not say so");
	w->late_steps += late;
}

/* --- vacancies ------------------------------------------------------------------ */

static inline bool is_owed_by(const struct duty_known *duty, const struct pack_office *office)
{
	bool owes = duty->office == office;
	for (int i = 0; i < duty->also_count; i++)
		owes = owes || duty->also[i] == office;
	return owes;
}

static inline void see_vacancy(struct world *w, const struct casebook_entry *entry)
{
	const struct pack_office *office = office_named(w, json_text(entry->plain, STR("office")));
	const struct pack_office *told = office->line;
	while (told && !is_held(w, told))
		told = told->line;
	if (!told) {
		const struct pack_office *last = office_named(w, STR("register-administrator"));
		told = last != office ? last : NULL;
	}
	LAW(w, !is_held(w, office), "%.*s is called vacant, and is held", STR_ARG(office->name));
	LAW(w, !w->is_said[office->number], "%.*s is called vacant twice", STR_ARG(office->name));
	LAW(w, str_eq(json_text(entry->plain, STR("told")), told ? told->name : STR("")),
	    "of the vacant %.*s, %.*s is told", STR_ARG(office->name), STR_ARG(json_text(entry->plain, STR("told"))));
	w->is_said[office->number] = true;
	w->vacancies++;
	int t94 = 0, told_of_it = 0, owed = 0;
	for (size_t i = 0; i < w->duty_count; i++) {
		const struct duty_known *duty = &w->duties[i];
		t94 += duty->opened == entry->index && duty->rule == w->pack->vacant_duty;
		told_of_it += duty->opened == entry->index && is_reading(w, duty) && duty->office == told;
		owed += (duty->is_new || duty->is_open) && is_owed_by(duty, office);
	}
	LAW(w, t94 == 1, "a vacancy opened T94 %d times", t94);
	LAW(w, told_of_it == (told != NULL), "who is told of a vacancy owes %d readings", told_of_it);
	LAW(w, owed > 0, "%.*s is called vacant, and owes nothing", STR_ARG(office->name));
	LAW(w, !office->is_outside, "%.*s is outside, and is called vacant", STR_ARG(office->name));
}

static inline void see_holder(struct world *w, const struct casebook_entry *entry, bool holds)
{
	const struct pack_office *office = office_named(w, json_text(entry->plain, STR("office")));
	for (int a = 0; a < WORLD_ACCOUNTS; a++) {
		if (str_eq(w->account[a], json_text(entry->plain, STR("account"))))
			w->holds[office->number][a] = holds;
	}
	if (holds)
		w->is_said[office->number] = false;
}

/* --- looking -------------------------------------------------------------------------------- */

static inline void see_entry(struct world *w, struct casebook_reader *reader, const struct casebook_entry *entry)
{
	if (str_eq(entry->kind, STR("duty.climbed")))
		see_climb(w, reader, entry);
	w->found += str_eq(entry->kind, STR("pattern.found"));
	if (str_eq(entry->kind, STR("office.vacant")))
		see_vacancy(w, entry);
	if (str_eq(entry->kind, STR("office.held")) || str_eq(entry->kind, STR("office.left")))
		see_holder(w, entry, str_eq(entry->kind, STR("office.held")));
	if (str_eq(entry->kind, STR("duty.taken")))
		named_duty(w, json_text(entry->plain, STR("duty")))->office =
			office_named(w, json_text(entry->plain, STR("to")));
}

/* A file that has ended owes what was opened on it since by another file's act, and nothing else. */
static inline void check_owed_there(struct world *w, struct casebook_reader *reader,
                                    const struct casebook_file *file, const struct casebook_duty *duty)
{
	struct casebook_entry entry;
	MUST(&w->f, casebook_entry_get(reader, w->f.arena, duty->opened, &entry, &w->f.err));
	LAW(w, entry.file != file->n || str_ends(entry.kind, STR(".felt")), "%.*s is closed and still owes %.*s",
	    STR_ARG(file->number), STR_ARG(duty->name));
	w->opened_on_ended++;
}

/* L4, and that nothing is owed where all is ended. */
static inline void check_file(struct world *w, struct casebook_reader *reader, int64_t n)
{
	struct casebook_file file = file_of(w, reader, n);
	struct casebook_duty_list list;
	int open = 0;
	MUST(&w->f, casebook_duties_of_file(reader, w->f.arena, n, 500, &list, &w->f.err));
	LAW(w, !list.more, "more duties on a file than the test reads");
	/* Oldest first, so that what a reading is about is known before it. */
	for (;;) {
		const struct casebook_duty *next = NULL;
		for (size_t i = 0; i < list.count; i++) {
			if (!known_duty(w, list.at[i].id) && (!next || list.at[i].id < next->id))
				next = &list.at[i];
		}
		if (!next)
			break;
		add_duty(w, reader, next);
	}
	for (size_t i = 0; i < list.count; i++) {
		compare_duty(w, reader, &list.at[i]);
		open += list.at[i].is_open && !list.at[i].rules->is_built_in;
	}
	if (file.type->is_built_in)
		return;
	bool is_final = file.type->final >> file.state & 1;
	LAW(w, is_final || open > 0, "L4: %.*s is open and owes nothing", STR_ARG(file.number));
	for (size_t i = 0; is_final && i < list.count; i++) {
		if (list.at[i].is_open && !list.at[i].rules->is_built_in)
			check_owed_there(w, reader, &file, &list.at[i]);
	}
	LAW(w, file.open_duties == open, "%.*s counts %" PRId64 " open duties, and has %d", STR_ARG(file.number),
	    file.open_duties, open);
}

static inline void check_after(struct world *w)
{
	for (size_t i = 0; i < w->duty_count; i++) {
		struct duty_known *duty = &w->duties[i];
		for (int o = 0; (duty->is_new || duty->is_open) && o <= duty->also_count; o++) {
			const struct pack_office *owner = o ? duty->also[o - 1] : duty->office;
			LAW(w, owner->is_outside || is_held(w, owner) || w->is_said[owner->number],
			    "%.*s is owed by the vacant %.*s, and nobody is told", STR_ARG(duty->name),
			    STR_ARG(owner->name));
		}
		if (duty->is_open && duty->about >= 0)
			LAW(w, known_duty(w, duty->about)->is_open, "%.*s is still to be read, and what it is about is closed",
			    STR_ARG(duty->name));
		duty->is_new = false;
	}
}

/* Every entry that is new, in order; then the files they lie on. */
static inline void look(struct world *w)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(&w->f);
	struct casebook_health health;
	int64_t touched[256];
	size_t count = 0;
	MUST(&w->f, casebook_health(reader, &health, &w->f.err));
	for (int64_t at = w->seen; at < health.entries; at++) {
		struct casebook_entry entry;
		bool is_known = false;
		MUST(&w->f, casebook_entry_get(reader, w->f.arena, at, &entry, &w->f.err));
		for (size_t i = 0; i < count; i++)
			is_known = is_known || touched[i] == entry.file;
		if (!is_known && count < COUNT_OF(touched)) {
			touched[count++] = entry.file;
			check_file(w, reader, entry.file);
		}
	}
	/* What an act opens on linked files shows by no entry there. */
	for (int i = 0; health.entries > w->seen && i < w->file_count; i++)
		check_file(w, reader, file_named(&w->f, w->files[i].id).n);
	for (; w->seen < health.entries; w->seen++) {
		struct casebook_entry entry;
		MUST(&w->f, casebook_entry_get(reader, w->f.arena, w->seen, &entry, &w->f.err));
		see_entry(w, reader, &entry);
		see_then(w, reader, &entry, health.entries);
	}
	check_after(w);
}

/* At the end of a long silence, whatever the holders. */
static inline void all_was_told_outside(struct world *w)
{
	for (size_t i = 0; i < w->duty_count; i++) {
		const struct duty_known *duty = &w->duties[i];
		int independent = 0, outside = 0;
		bool another = false;
		if (!duty->is_open || is_reading(w, duty))
			continue;
		LAW(w, duty->ladder && duty->rung == (int)duty->ladder->count, "L5: %.*s stopped at rung %d",
		    STR_ARG(duty->name), duty->rung);
		for (int t = 0; t < duty->told_count; t++) {
			if (duty->told[t]->is_outside && !outside)
				outside = duty->told_rung[t];
			another = another || (duty->told[t]->is_outside && duty->told[t] != duty->office);
			if (duty->told[t]->is_independent && !independent)
				independent = duty->told_rung[t];
			LAW(w, t == 0 || duty->told_rung[t] >= duty->told_rung[t - 1], "L5: %.*s told a rung out of order",
			    STR_ARG(duty->name));
		}
		LAW(w, outside, "L5: %.*s ended inside", STR_ARG(duty->name));
		LAW(w, another, "L5: %.*s was told to nobody outside but who owes it", STR_ARG(duty->name));
		LAW(w, independent, "L5: %.*s was told to nobody independent", STR_ARG(duty->name));
	}
}

/* --- making and ending ---------------------------------------------------------------------- */

static inline void set_time(struct world *w, instant now)
{
	MUST(&w->f, casebook_set_now(w->f.book, now, &w->f.err));
	w->now = now;
}

static inline void open_world(struct world *w)
{
	struct casebook_options options = { .vfs = store_shim_name(w->shim),
		                            .has_seed = true,
		                            .seed = w->seed * 1000 + ++w->opened };
	MUST(&w->f, casebook_open_with(w->f.dir, CASEBOOK_WRITE, &options, &w->f.book, &w->f.err));
	set_time(w, w->now);
}

/* The process ends, and another begins. */
static inline void reopen(struct world *w)
{
	casebook_close(w->f.book);
	w->f.book = NULL;
	open_world(w);
}

/* Draws until the check holds. */
static inline const struct pack_bytes *draw_good_pack(struct world *w)
{
	for (;; w->drawn_again++) {
		const struct pack_bytes *bytes = draw_pack(&w->drawn);
		struct pack_errors errors;
		struct pack_report report;
		if (pack_load(bytes, &w->pack, w->f.arena, &errors, &w->f.err) &&
		    pack_check(w->pack, w->f.arena, &report, &w->f.err) && report.holds)
			return bytes;
		pack_destroy(w->pack);
		w->pack = NULL;
	}
}

static inline void make_accounts(struct world *w)
{
	for (int a = 0; a < WORLD_ACCOUNTS; a++) {
		uint8_t bytes[16] = { 1, (uint8_t)a };
		struct id id = id_from_bytes(bytes);
		struct json *fields = json_object(w->f.arena);
		w->account[a] = arena_copy(w->f.arena, id_str(&id));
		json_put_text(w->f.arena, fields, STR("account"), w->account[a]);
		json_put_text(w->f.arena, fields, STR("tag"), arena_format(w->f.arena, "tag%d", a));
		json_put_text(w->f.arena, fields, STR("name"), arena_format(w->f.arena, "name%d", a));
		admitted(&w->f, &BY_REGISTER, "account.added", STR("R-1"), fields);
	}
}

static inline void find_office_files(struct world *w)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(&w->f);
	const struct casebook_office *offices;
	size_t count;
	MUST(&w->f, casebook_offices(reader, w->f.arena, &offices, &count, &w->f.err));
	for (size_t i = 0; i < count; i++)
		w->office_file[office_named(w, offices[i].role_name)->number] = file_of(w, reader, offices[i].file).id;
}

static inline struct world *world_make(uint64_t seed)
{
	struct world *w = calloc(1, sizeof *w);
	struct casebook_made made;
	assert_non_null(w);
	w->seed = seed;
	w->waiting = -1;
	w->duties = calloc(WORLD_DUTIES_MAX, sizeof *w->duties);
	w->f.arena = arena_create((size_t)512 << 20);
	assert_non_null(w->duties);
	w->drawn = (struct drawn){ .random = random_seeded_create(seed), .arena = w->f.arena };
	MUST(&w->f, store_shim_create(seed, &w->shim, &w->f.err));
	const struct pack_bytes *bytes = draw_good_pack(w);
	w->now = FIXTURE_START + below(w, 14 * 24 * 60) * INSTANT_PER_MINUTE;
	/* The keys lie in a folder; in memory where there is one, for a thousand foundings sync much. */
	(void)snprintf(w->f.dir, sizeof w->f.dir, "%s/candour-random-XXXXXX",
	               file_is_folder("/dev/shm") ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(w->f.dir));
	struct casebook_founding founding = { .dir = w->f.dir,
		                              .pack = bytes,
		                              .origin = STR("drill.chance.example/register"),
		                              .is_drill = true,
		                              .has_seed = true,
		                              .seed = seed,
		                              .start = w->now,
		                              .vfs = store_shim_name(w->shim) };
	MUST(&w->f, casebook_create(&founding, w->f.arena, &made, &w->f.err));
	open_world(w);
	make_accounts(w);
	find_office_files(w);
	look(w);
	return w;
}

static inline void world_end(struct world *w)
{
	casebook_close(w->f.book);
	pack_destroy(w->pack);
	store_shim_destroy(w->shim);
	fixture_remove_folder(w->f.arena, w->f.dir);
	random_destroy(w->drawn.random);
	arena_destroy(w->f.arena);
	free(w->duties);
	free(w);
}

#endif
