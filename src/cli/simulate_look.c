/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the people of a simulated history see before they act: offices, files, duties, entries. */
#include "cli/simulate_world.h"

#define NEWEST_MAX 200

bool sim_chart(struct sim *sim, struct sim_chart *out)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	return casebook_reader_take(sim->book, &reader, &sim->err) &&
	       casebook_offices(reader, sim->arena, &out->at, &out->count, &sim->err);
}

const struct casebook_office *sim_office(const struct sim_chart *chart, struct str id)
{
	for (size_t i = 0; i < chart->count; i++) {
		if (str_eq(chart->at[i].id, id))
			return &chart->at[i];
	}
	return NULL;
}

bool sim_holder(struct sim *sim, const struct sim_chart *chart, struct str office,
                struct casebook_actor *out)
{
	const struct casebook_office *at = sim_office(chart, office);
	for (size_t guard = 0; at && guard < chart->count; guard++) {
		if (at->holder_count) {
			*out = (struct casebook_actor){
				.by = CASEBOOK_BY_OFFICE,
				.account = at->holders[sim_below(sim, at->holder_count)],
				.office = at->id,
				.is_proved = true
			};
			return true;
		}
		at = at->role && at->role->line ? sim_office(chart, at->role->line->name) : NULL;
	}
	return false;
}

struct str sim_pick_file(struct sim *sim)
{
	return sim->file_count ? sim->file[sim_below(sim, sim->file_count)] : STR("R-1");
}

bool sim_look(struct sim *sim, struct sim_look *out)
{
	return sim->file_count && sim_look_at(sim, sim_pick_file(sim), out);
}

bool sim_look_at(struct sim *sim, struct str id, struct sim_look *out)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	return casebook_reader_take(sim->book, &reader, &sim->err) &&
	       casebook_file_find(reader, sim->arena, id, &out->file, &sim->err) &&
	       casebook_duties_of_file(reader, sim->arena, out->file.n, SIM_DUTIES_MAX,
	                               &out->duties, &sim->err);
}

const struct casebook_duty *sim_open_duty(const struct sim_look *look, const char *rule)
{
	for (size_t i = 0; i < look->duties.count; i++) {
		const struct casebook_duty *duty = &look->duties.at[i];
		if (duty->is_open && str_eq(duty->rule, str_from_c(rule)))
			return duty;
	}
	return NULL;
}

int64_t sim_newest(struct sim *sim, int64_t file, const char *kind, struct casebook_entry *out)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_entry *entries;
	int64_t found = -1, after = -1;
	size_t count = 0;
	if (!casebook_reader_take(sim->book, &reader, &sim->err))
		return -1;
	do {
		if (!casebook_entries(reader, sim->arena, file, after, NEWEST_MAX, &entries, &count,
		                      &sim->err))
			return -1;
		for (size_t i = 0; i < count; i++) {
			after = entries[i].index;
			if (str_eq(entries[i].kind, str_from_c(kind))) {
				*out = entries[i];
				found = entries[i].index;
			}
		}
	} while (count == NEWEST_MAX);
	return found;
}

struct str sim_office_file(struct sim *sim, const struct casebook_office *office)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_file file;
	if (!casebook_reader_take(sim->book, &reader, &sim->err) ||
	    !casebook_file_get(reader, sim->arena, office->file, &file, &sim->err))
		return STR_NONE;
	return file.id;
}
