/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What can be done, by whom: looked up in the pack, as whoever sits in an office would ask. */
#include "cli/years_world.h"

#include <stdlib.h>

#define ACTORS_MAX 160
#define WEIGHT_OWNER 24 /* whoever owes it, where he may */
#define WEIGHT_WROTE 6  /* whoever wrote on the file before */
#define WEIGHT_ALL 2    /* whoever reads all files */
#define LINE_MAX 16

bool years_by_person(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		if (kind->by[i].sort != PACK_BY_REGISTER)
			return true;
	}
	return false;
}

static bool add_way(struct years *years, const struct pack_kind *kind,
                    const struct pack_settle *settle)
{
	struct years_ways *ways = &years->settlers[settle->duty->number];
	for (size_t i = 0; i < ways->count; i++) {
		if (ways->at[i].kind == kind && ways->at[i].settle->on == settle->on)
			return true;
	}
	struct years_way *grown = realloc(ways->at, (ways->count + 1) * sizeof *grown);
	if (!grown)
		return err_set(&years->err, ERR_UNABLE, "There is no memory to simulate");
	ways->at = grown;
	grown[ways->count++] = (struct years_way){ kind, settle };
	return true;
}

/* --- how far from an end ---------------------------------------------------------------------- */

int years_far(const struct years *years, const struct pack_file_type *type, int state)
{
	return state >= 0 ? years->far[type->number][state] : YEARS_NO_END;
}

static int nearer(int a, int b)
{
	return a < b ? a : b;
}

int years_leads(const struct years *years, const struct pack_kind *kind,
                const struct pack_file_type *type, int state)
{
	const struct pack_to *to = &kind->to;
	int least = years_far(years, type, state);
	if (to->sort == PACK_TO_STATE)
		return years_far(years, type, pack_state_find(type, to->state));
	if (to->sort == PACK_TO_BY_STATE) {
		for (size_t i = 0; i < to->count; i++) {
			if (str_eq(to->codes[i], type->states[state]))
				return years_far(years, type, pack_state_find(type, to->state));
		}
	}
	for (size_t i = 0; to->sort == PACK_TO_BY_FIELD && i < to->count; i++)
		least = nearer(least,
		               years_far(years, type, pack_state_find(type, to->states_for[i])));
	return least;
}

/* One act more than the nearest state that some act leads to, until nothing is nearer. */
static bool measure(struct years *years, const struct pack_file_type *type)
{
	bool changed = false;
	for (size_t state = 0; state < type->state_count; state++) {
		unsigned char *far = &years->far[type->number][state];
		for (size_t i = 0; i < years->pack->kind_count; i++) {
			const struct pack_kind *kind = &years->pack->kinds[i];
			if (!(kind->file_types >> type->number & 1) || kind->may_begin ||
			    !(kind->from[type->number] >> state & 1) || !years_by_person(kind))
				continue;
			int leads = years_leads(years, kind, type, (int)state);
			if (leads + 1 < *far) {
				*far = (unsigned char)(leads + 1);
				changed = true;
			}
		}
	}
	return changed;
}

static bool measure_all(struct years *years)
{
	const struct pack *pack = years->pack;
	years->far = calloc(pack->file_type_count + 1, sizeof *years->far);
	if (!years->far)
		return err_set(&years->err, ERR_UNABLE, "There is no memory to simulate");
	for (size_t i = 0; i < pack->file_type_count; i++) {
		const struct pack_file_type *type = &pack->file_types[i];
		for (size_t state = 0; state < type->state_count; state++)
			years->far[i][state] = type->final >> state & 1 ? 0 : YEARS_NO_END;
		while (measure(years, type))
			;
	}
	return true;
}

/* --- what settles what, and what begins ------------------------------------------------------- */

bool years_tables(struct years *years)
{
	const struct pack *pack = years->pack;
	years->settlers = calloc(pack->duty_count + 1, sizeof *years->settlers);
	years->beginners = calloc(pack->kind_count + 1, sizeof(const struct pack_kind *));
	years->settler_count = years->settlers ? pack->duty_count : 0;
	if (!years->settlers || !years->beginners)
		return err_set(&years->err, ERR_UNABLE, "There is no memory to simulate");
	for (size_t i = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		if (kind->is_built_in || kind->retired.p || !years_by_person(kind))
			continue;
		if (kind->may_begin)
			years->beginners[years->beginner_count++] = kind;
		for (size_t s = 0; s < kind->settle_count; s++) {
			if (!add_way(years, kind, &kind->settles[s]))
				return false;
		}
	}
	if (!measure_all(years))
		return false;
	return years->beginner_count ||
	       err_set(&years->err, ERR_INPUT, "Nothing can begin by the pack %.*s",
	               STR_ARG(pack->name));
}

bool years_may_be_made(const struct pack_kind *kind, const struct years_file *file)
{
	size_t type = file->type->number;
	return !kind->retired.p && !kind->may_begin && (kind->file_types >> type & 1) &&
	       (kind->from[type] >> file->state & 1);
}

/* --- who -------------------------------------------------------------------------------------- */

struct years_office *years_office(struct years *years, struct str id)
{
	for (size_t i = 0; i < years->pack->office_count; i++) {
		if (str_eq(years->offices[i].id, id))
			return &years->offices[i];
	}
	return NULL;
}

static struct years_office *of_role(struct years *years, const struct pack_office *role)
{
	return role ? &years->offices[role->number] : NULL;
}

bool years_sits(struct years *years, const struct years_office *office, struct casebook_actor *out)
{
	const struct years_house *house = years->options->house;
	if (house)
		return house->holder(house->ctx, office->id, out);
	*out = (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE,
		                        .account = office->account,
		                        .office = office->id,
		                        .is_proved = true };
	return office->is_held;
}

bool years_holder(struct years *years, struct years_office *office, struct casebook_actor *out)
{
	for (int n = 0; office && office->role && n < LINE_MAX; n++) {
		if (years_sits(years, office, out))
			return true;
		office = of_role(years, office->role->line);
	}
	return false;
}

/* Who may, each with a weight. */
struct actors {
	struct {
		struct casebook_actor actor;
		uint64_t weight;
	} at[ACTORS_MAX];
	size_t count;
	uint64_t all;
};

static void add_actor(struct actors *actors, const struct casebook_actor *actor, uint64_t weight)
{
	if (actors->count == ACTORS_MAX || !weight)
		return;
	actors->at[actors->count].actor = *actor;
	actors->at[actors->count++].weight = weight;
	actors->all += weight;
}

static bool has_written(const struct years *years, const struct years_file *file,
                        const struct years_office *office)
{
	for (size_t i = 0; file && i < file->entry_count; i++) {
		if (str_eq(years->entries[file->entries[i]].office, office->id))
			return true;
	}
	return false;
}

static bool reads_all(const struct years_office *office, const struct years_file *file)
{
	for (size_t i = 0; file && i < office->role->read_count; i++) {
		const struct pack_read *read = &office->role->reads[i];
		if (read->what == PACK_READS_CHILDREN && pack_read_covers(read, file->type) &&
		    (!read->states || read->states[file->type->number] >> file->state & 1))
			return true;
	}
	return false;
}

static bool owes(const struct years_file *file, const struct years_office *office)
{
	for (size_t i = 0; i < file->duty_count; i++) {
		if (str_eq(file->duties[i].office, office->id))
			return true;
	}
	return false;
}

static void add_office(struct years *years, struct actors *actors, struct years_office *office,
                       const struct years_file *file, struct str owner)
{
	struct casebook_actor actor;
	uint64_t weight = 1;
	if (!office || !years_holder(years, office, &actor))
		return;
	if (str_eq(office->id, owner))
		weight = years->options->house ? WEIGHT_OWNER * WEIGHT_OWNER : WEIGHT_OWNER;
	else if (has_written(years, file, office))
		weight = WEIGHT_WROTE;
	else if (!file || reads_all(office, file))
		weight = WEIGHT_ALL;
	else if (years->options->house && !owes(file, office))
		weight = 0; /* no part in it */
	add_actor(actors, &actor, weight);
}

static void add_anyone(struct years *years, struct actors *actors, const struct years_file *file,
                       struct str owner)
{
	for (size_t i = 0; i < years->pack->office_count; i++) {
		struct years_office *office = &years->offices[i];
		if (!office->role || office->role->is_outside)
			continue;
		if (!file || str_eq(office->id, owner) || reads_all(office, file) ||
		    has_written(years, file, office))
			add_office(years, actors, office, file, owner);
	}
}

/* Where an office other than those of the roles may: whoever began the file, whoever owes. */
static void add_part(struct years *years, struct actors *actors, const struct pack_by *by,
                     const struct years_file *file, struct str owner)
{
	const struct years_entry *first =
		file && file->entry_count ? &years->entries[file->entries[0]] : NULL;
	if (by->sort == PACK_BY_FIRST_ACCOUNT && first && first->by == CASEBOOK_BY_OFFICE)
		add_office(years, actors, years_office(years, first->office), file, owner);
	for (size_t i = 0; by->sort == PACK_BY_OWNER && file && i < file->duty_count; i++) {
		if (file->duties[i].closed < 0 && file->duties[i].rule == by->duty)
			add_office(years, actors, years_office(years, file->duties[i].office), file,
			           owner);
	}
}

bool years_actor(struct years *years, const struct pack_kind *kind, const struct years_file *file,
                 struct str owner, struct casebook_actor *out)
{
	static const struct casebook_actor by_public = { .by = CASEBOOK_BY_PUBLIC };
	static const struct casebook_actor by_person = { .by = CASEBOOK_BY_PERSON };
	struct actors actors = { .count = 0 };
	for (size_t i = 0; i < kind->by_count; i++) {
		const struct pack_by *by = &kind->by[i];
		if (by->sort == PACK_BY_ROLE)
			add_office(years, &actors, of_role(years, by->role), file, owner);
		else if (by->sort == PACK_BY_ANYONE)
			add_anyone(years, &actors, file, owner);
		else if (by->sort == PACK_BY_PUBLIC && !file)
			add_actor(&actors, &by_public, WEIGHT_OWNER * 4);
		else if (by->sort == PACK_BY_PERSON && file)
			add_actor(&actors, &by_person, WEIGHT_ALL);
		else
			add_part(years, &actors, by, file, owner);
	}
	if (!actors.all)
		return false;
	uint64_t at = years_below(years, actors.all);
	for (size_t i = 0; i < actors.count; i++) {
		if (at < actors.at[i].weight) {
			*out = actors.at[i].actor;
			return true;
		}
		at -= actors.at[i].weight;
	}
	return false;
}
