/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Acts about offices and duties: holders named and gone, deputies, duties
 * handed over, taken, read and put off, corrections, second readers, the
 * emergency way in. Lawful ones, as far as they fit today.
 */
#include "cli/simulate_world.h"

static struct json *fields_of(struct sim *sim)
{
	return json_object(sim->arena);
}

static void put_time(struct sim *sim, struct json *fields, const char *name, instant at)
{
	sim_put(sim, fields, name, instant_write(sim->arena, at));
}

/* One of the offices that the history's people hold, or held. */
static const struct casebook_office *any_office(struct sim *sim, const struct sim_chart *chart)
{
	return sim_office(chart, sim_pick(sim, sim_offices, SIM_PEOPLE));
}

/* --- holders -------------------------------------------------------------------------------- */

static bool begin_about_office(struct sim *sim, const struct sim_chart *chart, const char *kind,
                               const struct casebook_office *office, struct sim_act *out,
                               struct json **fields)
{
	struct casebook_actor actor;
	struct str file = office ? sim_office_file(sim, office) : STR_NONE;
	if (!file.p || !sim_holder(sim, chart, STR("register-administrator"), &actor) ||
	    !str_eq(actor.office, STR("register-administrator")))
		return false;
	sim_begin(sim, out, kind, file);
	out->act.actor = actor;
	*fields = fields_of(sim);
	sim_put(sim, *fields, "office", office->id);
	out->act.fields = *fields;
	return true;
}

static bool held(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	const struct casebook_office *office = any_office(sim, chart);
	struct json *fields;
	/* A vacant one rather than another. */
	for (size_t i = 0; i < SIM_PEOPLE && !sim_chance(sim, 20); i++) {
		const struct casebook_office *other = sim_office(chart, str_from_c(sim_offices[i]));
		if (other && other->holder_count == 0)
			office = other;
	}
	if (!begin_about_office(sim, chart, "office.held", office, out, &fields))
		return false;
	sim_put(sim, fields, "account", sim->account[sim_below(sim, SIM_PEOPLE)]);
	return true;
}

static bool left(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	const struct casebook_office *office = any_office(sim, chart);
	struct json *fields;
	if (!office || !office->holder_count || str_eq(office->id, STR("register-administrator")) ||
	    !begin_about_office(sim, chart, "office.left", office, out, &fields))
		return false;
	sim_put(sim, fields, "account", office->holders[sim_below(sim, office->holder_count)]);
	return true;
}

static bool deputised(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	const struct casebook_office *office = any_office(sim, chart),
				     *deputy = any_office(sim, chart);
	struct json *fields;
	if (!deputy || !begin_about_office(sim, chart, "office.deputised", office, out, &fields))
		return false;
	sim_put(sim, fields, "deputy", deputy->id);
	put_time(sim, fields, "from", sim->now);
	put_time(sim, fields, "until",
	         sim->now + (int64_t)(1 + sim_below(sim, 20)) * INSTANT_PER_DAY);
	return true;
}

/* An account for good, never the administrator's own. */
static bool ended(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct casebook_actor actor;
	size_t who = sim_below(sim, SIM_PEOPLE);
	if (sim->is_gone[who] || !sim_chance(sim, 2) ||
	    !sim_holder(sim, chart, STR("register-administrator"), &actor) ||
	    !str_eq(actor.office, STR("register-administrator")) ||
	    str_eq(actor.account, sim->account[who]))
		return false;
	struct json *fields = fields_of(sim);
	sim_begin(sim, out, "account.ended", STR("R-1"));
	out->act.actor = actor;
	sim_put(sim, fields, "account", sim->account[who]);
	sim_put(sim, fields, "reasons", STR("Left for another place."));
	out->act.fields = fields;
	return true;
}

/* --- duties --------------------------------------------------------------------------------- */

/* A duty of a concern by chance, of a rule or of any; NULL: none open. */
static const struct casebook_duty *some_duty(struct sim *sim, const struct sim_look *look,
                                             const char *rule)
{
	size_t n = look->duties.count, first = n ? sim_below(sim, n) : 0;
	for (size_t i = 0; i < n; i++) {
		const struct casebook_duty *duty = &look->duties.at[(first + i) % n];
		if (duty->is_open && (!rule || str_eq(duty->rule, str_from_c(rule))))
			return duty;
	}
	return NULL;
}

static bool begin_about_duty(struct sim *sim, const struct sim_chart *chart, const char *kind,
                             struct str file, const struct casebook_duty *duty, struct str office,
                             struct sim_act *out, struct json **fields)
{
	struct casebook_actor actor;
	if (!duty || !sim_holder(sim, chart, office, &actor))
		return false;
	sim_begin(sim, out, kind, file);
	out->act.actor = actor;
	*fields = fields_of(sim);
	sim_put(sim, *fields, "duty", duty->name);
	out->act.fields = *fields;
	return true;
}

static bool handed_over(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct sim_look look;
	struct json *fields;
	if (!sim_look(sim, &look))
		return false;
	const struct casebook_duty *duty = some_duty(sim, &look, NULL);
	const struct casebook_office *office = duty ? sim_office(chart, duty->office) : NULL;
	struct str file = office ? sim_office_file(sim, office) : STR_NONE;
	if (!file.p || !begin_about_duty(sim, chart, "office.handed-over", file, duty, duty->office,
	                                 out, &fields))
		return false;
	sim_put(sim, fields, "office", office->id);
	sim_put(sim, fields, "to", sim_pick(sim, sim_offices, SIM_PEOPLE));
	return true;
}

static bool taken(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct sim_look look;
	struct json *fields;
	if (!sim_look(sim, &look))
		return false;
	const struct casebook_duty *duty = some_duty(sim, &look, NULL);
	if (!duty || !begin_about_duty(sim, chart, "duty.taken", look.file.id, duty, duty->office,
	                               out, &fields))
		return false;
	sim_put(sim, fields, "to", sim_pick(sim, sim_offices, SIM_PEOPLE));
	return true;
}

static bool read_of(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct sim_look look;
	struct json *fields;
	if (!sim_look(sim, &look))
		return false;
	const struct casebook_duty *duty = some_duty(sim, &look, "R02");
	return duty && begin_about_duty(sim, chart, "duty.read", look.file.id, duty, duty->office,
	                                out, &fields);
}

/* A later time, agreed by the office above: the first one stands beside it. */
static bool extended(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	static const char *const rules[] = { "T00", "T01", "T02", "T06", "T07" };
	struct sim_look look;
	struct json *fields;
	if (!sim_look(sim, &look))
		return false;
	const struct casebook_duty *duty =
		some_duty(sim, &look, rules[sim_below(sim, COUNT_OF(rules))]);
	const struct casebook_office *owner = duty ? sim_office(chart, duty->office) : NULL;
	if (!owner || !owner->role || !owner->role->line ||
	    !begin_about_duty(sim, chart, "duty.extended", look.file.id, duty,
	                      owner->role->line->name, out, &fields))
		return false;
	put_time(sim, fields, "until",
	         duty->due + (int64_t)(1 + sim_below(sim, 9)) * INSTANT_PER_DAY);
	sim_put(sim, fields, "reasons", STR("The family is away until then."));
	return true;
}

/* --- words and readings --------------------------------------------------------------------- */

/* By the office that wrote it; never a field that a gate asks for. */
static bool corrected(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	static const char *const kinds[] = { "concern.looked", "concern.told", "concern.answered" };
	static const char *const names[] = { "danger", "how", "answer" };
	static const char *const values[] = { "possible", "letter", NULL };
	size_t which = sim_below(sim, COUNT_OF(kinds));
	struct casebook_entry entry;
	struct sim_look look;
	struct casebook_actor actor;
	if (!sim_look(sim, &look) || sim_newest(sim, look.file.n, kinds[which], &entry) < 0 ||
	    !sim_holder(sim, chart, entry.office, &actor))
		return false;
	struct json *fields = fields_of(sim);
	sim_begin(sim, out, "entry.corrected", look.file.id);
	out->act.actor = actor;
	json_put_integer(sim->arena, fields, STR("of"), entry.index);
	sim_put(sim, fields, "field", str_from_c(names[which]));
	sim_put(sim, fields, "why", STR("mistyped"));
	if (values[which])
		sim_put(sim, fields, "value", str_from_c(values[which]));
	else
		sim_put(sim, fields, "right", STR("What we truly know."));
	out->act.fields = fields;
	return true;
}

static bool broken_glass(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct casebook_actor actor;
	if (!sim->file_count ||
	    !sim_holder(sim, chart, sim_pick(sim, sim_offices, SIM_PEOPLE), &actor))
		return false;
	struct json *fields = fields_of(sim);
	sim_begin(sim, out, "access.broken", sim_pick_file(sim));
	out->act.actor = actor;
	out->act.actor.is_proved = true;
	sim_put(sim, fields, "because", STR("The child is in the waiting room."));
	put_time(sim, fields, "until", sim->now + 2 * INSTANT_PER_HOUR);
	out->act.fields = fields;
	return true;
}

static bool reopened(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct sim_look look;
	struct casebook_actor actor;
	if (!sim_look(sim, &look) || !sim_holder(sim, chart, STR("screener"), &actor))
		return false;
	struct json *fields = fields_of(sim);
	sim_begin(sim, out, "concern.reopened", look.file.id);
	out->act.actor = actor;
	json_put_integer(sim->arena, fields, STR("because"), look.file.first_entry);
	out->act.fields = fields;
	return true;
}

/* --- second readers ------------------------------------------------------------------------- */

/* Yes mostly; no, more and withdrawn now and then. */
static bool second(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	static const char *const answers[] = { "yes", "yes", "yes", "no", "more", "withdrawn" };
	if (!sim->waiting_count)
		return false;
	const struct sim_waiting *waiting = &sim->waiting[sim_below(sim, sim->waiting_count)];
	struct str answer = sim_pick(sim, answers, COUNT_OF(answers));
	struct casebook_actor actor = waiting->writer;
	if (!str_eq(answer, STR("withdrawn")) && !sim_holder(sim, chart, waiting->role, &actor))
		return false;
	struct json *fields = fields_of(sim);
	sim_begin(sim, out, "second.given", waiting->file);
	out->act.actor = actor;
	json_put_integer(sim->arena, fields, STR("of"), waiting->entry);
	sim_put(sim, fields, "answer", answer);
	sim_put(sim, fields, "reasons", STR("Read, and weighed."));
	out->act.fields = fields;
	return true;
}

bool sim_act_rare(struct sim *sim, struct sim_act *out)
{
	typedef bool rare(struct sim * sim, const struct sim_chart *chart, struct sim_act *out);
	static rare *const all[] = { second,   second,       second,      held,     held,
		                     left,     deputised,    handed_over, taken,    read_of,
		                     extended, broken_glass, corrected,   reopened, ended };
	struct sim_chart chart;
	return sim_chart(sim, &chart) && all[sim_below(sim, COUNT_OF(all))](sim, &chart, out);
}
