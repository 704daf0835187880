/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The laws of files: every open one owes, ladders end outside, due times stay,
 * what closes had its evidence, and what an entry opens, settles and makes is
 * all there. What the pack's gates ask is asked here anew, in other words.
 */
#include "cli/simulate_world.h"

#define ENTRIES_AT_ONCE 500
#define MAKES_WITHIN 8

/* --- L4, L5, L6 ------------------------------------------------------------------------------ */

static bool share_a_holder(const struct casebook_office *a, const struct casebook_office *b)
{
	for (size_t i = 0; i < a->holder_count; i++) {
		for (size_t k = 0; k < b->holder_count; k++) {
			if (str_eq(a->holders[i], b->holders[k]))
				return true;
		}
	}
	return false;
}

/* Outside, not in the line of the owner by role, and held by nobody who owes. */
static bool is_outside_of(const struct casebook_office *told, const struct casebook_office *owner)
{
	if (!told || !told->role || !told->role->is_outside)
		return false;
	for (const struct pack_office *role = owner->role; role; role = role->line) {
		if (role == told->role)
			return false;
	}
	return !share_a_holder(told, owner);
}

static bool check_ladder(struct sim *sim, struct casebook_reader *reader,
                         const struct sim_chart *chart, const struct casebook_duty *duty,
                         const struct casebook_office *owner)
{
	const struct pack_ladder *ladder = pack_ladder_find(casebook_pack(sim->book), duty->ladder);
	const struct casebook_told *told;
	size_t count;
	bool found = false;
	if (!ladder)
		return (duty->rules && duty->rules->is_built_in) ||
		       sim_broken(sim, "L5: duty %.*s has no ladder", STR_ARG(duty->name));
	if (ladder->count == 0 || ladder->rungs[ladder->count - 1].place != PACK_OUTSIDE)
		return sim_broken(sim, "L5: ladder %.*s does not end outside",
		                  STR_ARG(ladder->name));
	if (duty->next_at && duty->next_at <= sim->now)
		return sim_broken(sim, "L5: a rung of %.*s is past, and nobody was told",
		                  STR_ARG(duty->name));
	if (duty->next_at)
		return true;
	if (!casebook_duty_told(reader, sim->arena, duty->id, &told, &count, &sim->err))
		return sim_broken(sim, "L5: who was told of %.*s cannot be read",
		                  STR_ARG(duty->name));
	for (size_t i = 0; i < count; i++)
		found = found || (told[i].rung == (int)ladder->count &&
		                  is_outside_of(sim_office(chart, told[i].office), owner));
	sim->report->checked[SIMULATE_L5]++;
	return found ||
	       sim_broken(sim, "L5: %.*s is past its last rung, and nobody outside was told",
	                  STR_ARG(duty->name));
}

static bool check_due(struct sim *sim, const struct casebook_duty *duty)
{
	bool is_kept = false;
	for (size_t i = sim->due_count; i > 0 && !is_kept; i--) {
		is_kept = sim->dues[i - 1].duty == duty->id;
		if (is_kept && sim->dues[i - 1].due != duty->due)
			return sim_broken(sim, "L6: the due time of %.*s moved",
			                  STR_ARG(duty->name));
	}
	if (sim->due_count < SIM_KEPT_MAX && !is_kept)
		sim->dues[sim->due_count++] = (struct sim_due){ duty->id, duty->due };
	if (duty->is_open && duty->due <= sim->now && !duty->is_late)
		return sim_broken(sim, "L6: %.*s is past its time and is not late",
		                  STR_ARG(duty->name));
	if (!duty->is_open && !duty->was_ended && duty->closed_at >= duty->due && !duty->is_late)
		return sim_broken(sim, "L6: %.*s was late, and is not any more",
		                  STR_ARG(duty->name));
	if (duty->agreed && duty->rules &&
	    (!duty->rules->is_extendable || duty->class == PACK_STATUTE))
		return sim_broken(sim, "L6: %.*s was put off, and cannot be", STR_ARG(duty->name));
	sim->report->checked[SIMULATE_L6]++;
	return true;
}

static bool check_duty(struct sim *sim, struct casebook_reader *reader,
                       const struct sim_chart *chart, const struct casebook_duty *duty)
{
	const struct casebook_office *owner = sim_office(chart, duty->office);
	if (!owner)
		return sim_broken(sim, "L4: duty %.*s is owed by nobody", STR_ARG(duty->name));
	if (duty->due <= 0)
		return sim_broken(sim, "L4: duty %.*s has no time", STR_ARG(duty->name));
	return check_due(sim, duty) &&
	       (!duty->is_open || check_ladder(sim, reader, chart, duty, owner));
}

bool sim_check_file(struct sim *sim, struct casebook_reader *reader, const struct sim_chart *chart,
                    struct str id)
{
	const struct pack_duty *broken = casebook_pack(sim->book)->broken_duty;
	struct casebook_file file;
	struct casebook_duty_list duties;
	struct str against = STR_NONE; /* a rule that is owed on a file that has ended */
	size_t open = 0;
	if (!casebook_file_find(reader, sim->arena, id, &file, &sim->err))
		return sim_broken(sim, "L1: file %.*s is gone", STR_ARG(id));
	if (!casebook_duties_of_file(reader, sim->arena, file.n, SIM_DUTIES_MAX, &duties,
	                             &sim->err))
		return sim_broken(sim, "L4: duties of %.*s cannot be read: %s", STR_ARG(id),
		                  sim->err.message);
	for (size_t i = 0; i < duties.count; i++) {
		const struct casebook_duty *duty = &duties.at[i];
		bool counts = duty->is_open && duty->rules && !duty->rules->is_built_in;
		open += counts;
		/* Who broke the glass of a file that has ended is reviewed all the same. */
		if (counts && !(broken && str_eq(duty->rule, broken->name)))
			against = duty->rule;
		if (!check_duty(sim, reader, chart, duty))
			return false;
	}
	bool is_final = file.type->final >> file.state & 1;
	if (!is_final && open == 0)
		return sim_broken(sim, "L4: %.*s is open and owes nothing", STR_ARG(file.number));
	if (is_final && against.p)
		return sim_broken(sim, "L4: %.*s is closed and still owes %.*s",
		                  STR_ARG(file.number), STR_ARG(against));
	sim->report->checked[SIMULATE_L4] += !is_final;
	return true;
}

/* --- L7: what closes ------------------------------------------------------------------------- */

/* What stands on a file before an entry, as far as closing asks for it. */
struct evidence {
	bool own_files, police, health, school;
	bool harm;
	int64_t second; /* the newest yes of a second reader to the act that waited */
	struct str second_account;
};

static bool has_code(const struct json *plain, const char *field, const char *code)
{
	const struct json *value = json_member(plain, str_from_c(field));
	for (const struct json *item = value ? value->first : NULL; item; item = item->next) {
		if (str_eq(item->string, str_from_c(code)))
			return true;
	}
	return value && value->type == JSON_STRING && str_eq(value->string, str_from_c(code));
}

static void weigh(struct evidence *seen, const struct sim_chart *chart,
                  const struct casebook_entry *entry, int64_t waited)
{
	const struct casebook_office *by = sim_office(chart, entry->office);
	if (str_eq(entry->kind, STR("concern.looked"))) {
		seen->own_files = seen->own_files || has_code(entry->plain, "checked", "own-files");
		seen->police = seen->police || has_code(entry->plain, "checked", "police");
		seen->health = seen->health || has_code(entry->plain, "checked", "health");
		seen->school = seen->school || has_code(entry->plain, "checked", "school");
	}
	if (str_eq(entry->kind, STR("concern.received"))) {
		seen->police = seen->police || has_code(entry->plain, "source", "police");
		seen->health = seen->health || has_code(entry->plain, "source", "gp");
		seen->school = seen->school || has_code(entry->plain, "source", "school");
	}
	if (str_eq(entry->kind, STR("concern.answered")) && by) {
		seen->police = seen->police || str_eq(by->agency, STR("police"));
		seen->health = seen->health || str_eq(by->agency, STR("health"));
		seen->school = seen->school || str_eq(by->agency, STR("school"));
	}
	seen->harm = seen->harm || has_code(entry->plain, "harm-sign", "yes");
	if (waited >= 0 && str_eq(entry->kind, STR("second.given")) &&
	    has_code(entry->plain, "answer", "yes") &&
	    json_number(entry->plain, STR("of"), -1) == waited) {
		seen->second = entry->index;
		seen->second_account = entry->account;
	}
}

/* What a duty of these rules, still open, stands against closing. */
static bool is_owed_against(const struct casebook_duty *duty)
{
	static const char *const rules[] = {
		"T03", "T04", "T05", "T06", "T07", "T12", "T88", "T96"
	};
	bool is_named = duty->class == PACK_STATUTE || duty->class == PACK_GUIDANCE;
	for (size_t i = 0; i < COUNT_OF(rules); i++)
		is_named = is_named || str_eq(duty->rule, str_from_c(rules[i]));
	return is_named;
}

static bool check_owed(struct sim *sim, struct casebook_reader *reader,
                       const struct casebook_entry *closing, bool *is_silent)
{
	struct casebook_duty_list duties;
	bool is_end = str_eq(closing->kind, STR("concern.closed"));
	*is_silent = false;
	if (!casebook_duties_of_file(reader, sim->arena, closing->file, SIM_DUTIES_MAX, &duties,
	                             &sim->err))
		return sim_broken(sim, "L7: duties cannot be read");
	for (size_t i = 0; i < duties.count; i++) {
		const struct casebook_duty *duty = &duties.at[i];
		bool was_open = duty->opened < closing->index &&
		                (duty->is_open || duty->closed >= closing->index);
		*is_silent = *is_silent || (was_open && str_eq(duty->rule, STR("T88")));
		if (is_end && was_open && is_owed_against(duty))
			return sim_broken(
				sim, "L7: closed by entry %" PRId64 " while %.*s (%.*s) was owed",
				closing->index, STR_ARG(duty->name), STR_ARG(duty->rule));
	}
	return true;
}

static bool gather(struct sim *sim, struct casebook_reader *reader,
                   const struct casebook_entry *closing, int64_t waited, struct evidence *seen)
{
	const struct casebook_entry *entries;
	struct sim_chart chart;
	int64_t after = -1;
	size_t count;
	if (!casebook_offices(reader, sim->arena, &chart.at, &chart.count, &sim->err))
		return sim_broken(sim, "L7: the offices cannot be read");
	do {
		if (!casebook_entries(reader, sim->arena, closing->file, after, ENTRIES_AT_ONCE,
		                      &entries, &count, &sim->err))
			return sim_broken(sim, "L7: the entries cannot be read");
		for (size_t i = 0; i < count; i++) {
			after = entries[i].index;
			if (after < closing->index)
				weigh(seen, &chart, &entries[i], waited);
		}
	} while (count == ENTRIES_AT_ONCE && after < closing->index);
	return true;
}

/* No further action, and closing: evidence, nothing owed, a second reader where harm was seen or an
 * error is meant. */
static bool check_closing(struct sim *sim, struct casebook_reader *reader,
                          const struct casebook_entry *closing)
{
	struct evidence seen = { .second = -1 };
	int64_t waited = json_number(closing->plain, STR("waited"), -1);
	bool is_silent, wants_second;
	if (!str_eq(closing->kind, STR("concern.closed")) &&
	    !(str_eq(closing->kind, STR("concern.decided")) &&
	      has_code(closing->plain, "decision", "none")))
		return true;
	if (!check_owed(sim, reader, closing, &is_silent) ||
	    !gather(sim, reader, closing, waited, &seen))
		return false;
	if (!seen.own_files)
		return sim_broken(
			sim, "L7: entry %" PRId64 " ends it, and nobody looked in our own files",
			closing->index);
	if (!is_silent && (!seen.police || !seen.health || !seen.school))
		return sim_broken(sim, "L7: entry %" PRId64 " ends it, and %s was not asked",
		                  closing->index,
		                  !seen.police   ? "the police"
		                  : !seen.health ? "health"
		                                 : "the school");
	wants_second = seen.harm || has_code(closing->plain, "closing", "opened-in-error");
	if (wants_second && (seen.second < 0 || str_eq(seen.second_account, closing->account)))
		return sim_broken(sim, "L7: entry %" PRId64 " ends it on one person's say-so",
		                  closing->index);
	sim->report->checked[SIMULATE_L7]++;
	return true;
}

/* --- none half ------------------------------------------------------------------------------- */

static bool has_opened(const struct casebook_duty_list *duties, struct str rule, int64_t entry)
{
	for (size_t i = 0; i < duties->count; i++) {
		if (duties->at[i].opened == entry && str_eq(duties->at[i].rule, rule))
			return true;
	}
	return false;
}

/* What some kinds open by what they say; what they always open is read from the pack. */
static const struct {
	const char *kind;
	const char *field;
	const char *code;
	const char *rule;
} OPENS[] = {
	{ "concern.looked", "danger", "now", "T12" },
	{ "concern.decided", "decision", "strategy", "T12" },
	{ "concern.decided", "decision", "emergency", "T12" },
	{ "concern.decided", "decision", "assess", "T07" },
	{ "concern.decided", "decision", "strategy", "T07" },
	{ "concern.added", "danger-now", "yes", "T03" },
};

static bool lacks(struct sim *sim, const struct casebook_entry *entry, struct str rule)
{
	return sim_broken(sim, "none half: entry %" PRId64 " (%.*s) did not open %.*s",
	                  entry->index, STR_ARG(entry->kind), STR_ARG(rule));
}

static bool check_opened(struct sim *sim, const struct casebook_entry *entry,
                         const struct casebook_duty_list *duties)
{
	const struct pack *pack = casebook_pack(sim->book);
	const struct pack_duty *own = NULL;
	for (size_t i = 0; i < entry->rules->open_count; i++) {
		const struct pack_open *opens = &entry->rules->opens[i];
		if (!opens->when && !opens->each.p && !opens->on &&
		    !has_opened(duties, opens->duty->name, entry->index))
			return lacks(sim, entry, opens->duty->name);
	}
	for (size_t i = 0; i < COUNT_OF(OPENS); i++) {
		if (str_eq(entry->kind, str_from_c(OPENS[i].kind)) &&
		    has_code(entry->plain, OPENS[i].field, OPENS[i].code) &&
		    !has_opened(duties, str_from_c(OPENS[i].rule), entry->index))
			return lacks(sim, entry, str_from_c(OPENS[i].rule));
	}
	if (str_eq(entry->kind, STR("concern.asked"))) {
		struct str rule =
			json_is_true(entry->plain, STR("urgent")) ? STR("T05") : STR("T04");
		if (!has_opened(duties, rule, entry->index))
			return lacks(sim, entry, rule);
	}
	if (str_eq(entry->kind, STR("access.broken")))
		own = pack->broken_duty;
	if (str_eq(entry->kind, STR("office.vacant")))
		own = pack->vacant_duty;
	if (str_eq(entry->kind, STR("act.waiting")))
		own = pack->second_duty;
	return !own || has_opened(duties, own->name, entry->index) || lacks(sim, entry, own->name);
}

static bool check_settled(struct sim *sim, const struct casebook_entry *entry,
                          const struct casebook_duty_list *duties)
{
	for (size_t i = 0; i < entry->rules->settle_count; i++) {
		const struct pack_settle *settle = &entry->rules->settles[i];
		if (settle->when || settle->on || settle->only != PACK_ONLY_ALL ||
		    settle->duty->has_not_older)
			continue;
		for (size_t d = 0; d < duties->count; d++) {
			const struct casebook_duty *duty = &duties->at[d];
			if (duty->is_open && duty->opened < entry->index &&
			    str_eq(duty->rule, settle->duty->name))
				return sim_broken(
					sim,
					"none half: entry %" PRId64 " (%.*s) did not settle %.*s",
					entry->index, STR_ARG(entry->kind), STR_ARG(duty->name));
		}
	}
	return true;
}

/* A climb: everybody it names was told, and what the rung makes besides was made. */
static bool check_climb(struct sim *sim, struct casebook_reader *reader,
                        const struct casebook_entry *entry, const struct casebook_duty_list *duties)
{
	const struct json *named = json_member(entry->plain, STR("told"));
	struct str name = json_text(entry->plain, STR("duty"));
	int64_t rung = json_number(entry->plain, STR("rung"), 0);
	const struct casebook_duty *duty = NULL;
	const struct casebook_told *told;
	struct casebook_entry made;
	size_t count, n = 0;
	for (size_t i = 0; i < duties->count && !duty; i++)
		duty = str_eq(duties->at[i].name, name) ? &duties->at[i] : NULL;
	if (!duty)
		return true; /* past the list's end */
	if (!casebook_duty_told(reader, sim->arena, duty->id, &told, &count, &sim->err))
		return sim_broken(sim, "none half: who was told of %.*s cannot be read",
		                  STR_ARG(name));
	for (size_t i = 0; i < count; i++)
		n += told[i].entry == entry->index;
	if (named && n != named->count)
		return sim_broken(sim, "none half: climb %" PRId64 " names %zu and told %zu",
		                  entry->index, named->count, n);
	const struct pack_ladder *ladder = pack_ladder_find(casebook_pack(sim->book), duty->ladder);
	if (!ladder || rung < 1 || (size_t)rung > ladder->count || !ladder->rungs[rung - 1].makes)
		return true;
	for (int64_t i = entry->index + 1; i <= entry->index + MAKES_WITHIN; i++) {
		if (!casebook_entry_get(reader, sim->arena, i, &made, &sim->err))
			break;
		if (made.file == entry->file &&
		    str_eq(made.kind, ladder->rungs[rung - 1].makes->name))
			return true;
	}
	return sim_broken(sim, "none half: climb %" PRId64 " made no %.*s", entry->index,
	                  STR_ARG(ladder->rungs[rung - 1].makes->name));
}

bool sim_check_whole(struct sim *sim, struct casebook_reader *reader,
                     const struct casebook_entry *entry)
{
	struct casebook_duty_list duties;
	if (!entry->rules)
		return true;
	if (!casebook_duties_of_file(reader, sim->arena, entry->file, SIM_DUTIES_MAX, &duties,
	                             &sim->err))
		return sim_broken(sim, "none half: duties cannot be read: %s", sim->err.message);
	sim->report->checked[SIMULATE_WHOLE]++;
	if (str_eq(entry->kind, STR("duty.climbed")))
		return check_climb(sim, reader, entry, &duties);
	return check_opened(sim, entry, &duties) && check_settled(sim, entry, &duties) &&
	       check_closing(sim, reader, entry);
}
