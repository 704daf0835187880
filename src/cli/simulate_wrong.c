/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Acts that can only be refused, and input that is no act at all: wrong
 * office, wrong state, missing gates, one's own rights, fields that nobody
 * declared, another act under a known submission.
 */
#include "cli/simulate_world.h"

#define LONG_TEXT 41000
#define SENT_AGAIN (29 * INSTANT_PER_DAY)

typedef bool wrong(struct sim *sim, const struct sim_chart *chart, struct sim_act *out);

static struct json *fields_of(struct sim *sim)
{
	return json_object(sim->arena);
}

/* Somebody who truly holds this very office. */
static bool by(struct sim *sim, const struct sim_chart *chart, const char *office,
               struct sim_act *out)
{
	struct casebook_actor actor;
	if (!sim_holder(sim, chart, str_from_c(office), &actor) ||
	    !str_eq(actor.office, str_from_c(office)))
		return false;
	out->act.actor = actor;
	return true;
}

static bool refused(struct sim_act *out, const struct json *fields)
{
	out->act.fields = fields;
	out->hope = SIM_REFUSED;
	return true;
}

static bool nothing(struct sim_act *out, const struct json *fields)
{
	out->act.fields = fields;
	out->hope = SIM_NOTHING;
	return true;
}

static struct json *note(struct sim *sim)
{
	struct json *fields = fields_of(sim);
	sim_put(sim, fields, "text", STR("A note."));
	return fields;
}

static struct json *decision(struct sim *sim, const char *chosen, int64_t evidence)
{
	struct json *fields = fields_of(sim), *list = json_array(sim->arena);
	sim_put(sim, fields, "decision", str_from_c(chosen));
	sim_put(sim, fields, "threshold", STR("2026"));
	json_push(list, json_integer(sim->arena, evidence));
	json_put(fields, STR("evidence"), list);
	sim_put(sim, fields, "reasons", STR("What was weighed."));
	if (strcmp(chosen, "none") == 0)
		sim_put(sim, fields, "reason-none", STR("information-only"));
	return fields;
}

/* --- who may not ----------------------------------------------------------------------------- */

static bool by_a_stranger(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_seat *seats;
	size_t count;
	(void)chart;
	if (!sim->file_count)
		return false;
	sim_begin(sim, out, "note.made", sim_pick_file(sim));
	if (!casebook_reader_take(sim->book, &reader, &sim->err) ||
	    !casebook_seats(reader, sim->arena, out->act.actor.account, &seats, &count, &sim->err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (str_eq(seats[i].office, out->act.actor.office))
			return false;
	}
	return refused(out, note(sim));
}

static bool by_another_office(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	static const char *const offices[] = { "police-contact", "dsl", "named-nurse",
		                               "head-of-service" };
	struct sim_look look;
	if (!sim_look(sim, &look))
		return false;
	sim_begin(sim, out, "concern.decided", look.file.id);
	return by(sim, chart, offices[sim_below(sim, COUNT_OF(offices))], out) &&
	       refused(out, decision(sim, "assess", look.file.first_entry));
}

static bool by_anybody_in_public(struct sim *sim, const struct sim_chart *chart,
                                 struct sim_act *out)
{
	struct json *fields = fields_of(sim);
	(void)chart;
	if (!sim->file_count)
		return false;
	sim_begin(sim, out, "concern.added", sim_pick_file(sim));
	out->act.actor = (struct casebook_actor){ .by = CASEBOOK_BY_PUBLIC };
	sim_put(sim, fields, "source", STR("neighbour"));
	sim_put(sim, fields, "words", STR("Without a code."));
	return refused(out, fields);
}

static bool what_the_register_does(struct sim *sim, const struct sim_chart *chart,
                                   struct sim_act *out)
{
	struct json *fields = fields_of(sim);
	if (!sim->file_count)
		return false;
	sim_begin(sim, out, "silence.noted", sim_pick_file(sim));
	sim_put(sim, fields, "office", STR("dsl"));
	return by(sim, chart, "screener", out) && refused(out, fields);
}

/* --- what may not be ------------------------------------------------------------------------- */

static bool in_the_wrong_state(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct sim_look look;
	struct casebook_entry entry;
	if (!sim_look(sim, &look))
		return false;
	if (str_starts(look.file.state_name, STR("clos"))) {
		sim_begin(sim, out, "concern.decided", look.file.id);
		return by(sim, chart, "team-manager", out) &&
		       refused(out, decision(sim, "advice", look.file.first_entry));
	}
	int64_t decided = sim_newest(sim, look.file.n, "concern.decided", &entry);
	struct json *fields = fields_of(sim);
	sim_begin(sim, out, "concern.closed", look.file.id);
	sim_put(sim, fields, "closing", STR("done"));
	json_put_integer(sim->arena, fields, STR("decision"), decided);
	return decided >= 0 && by(sim, chart, "team-manager", out) && refused(out, fields);
}

/* Nobody has looked, and nothing more shall be done: G1. */
static bool without_evidence(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct sim_look look;
	struct casebook_entry entry;
	if (!sim_look(sim, &look) || sim_newest(sim, look.file.n, "concern.looked", &entry) >= 0)
		return false;
	sim_begin(sim, out, "concern.decided", look.file.id);
	return by(sim, chart, "team-manager", out) &&
	       refused(out, decision(sim, "none", look.file.first_entry));
}

/* Something is still owed, and the file shall close: G2. */
static bool while_it_is_owed(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	static const char *const rules[] = { "T01", "T02", "T03", "T04", "T05",
		                             "T06", "T07", "T12", "T88", "T96" };
	struct sim_look look;
	struct casebook_entry entry;
	bool is_owed = false;
	if (!sim_look(sim, &look) || !str_eq(look.file.state_name, STR("closing")))
		return false;
	for (size_t i = 0; i < COUNT_OF(rules); i++)
		is_owed = is_owed || sim_open_duty(&look, rules[i]);
	struct json *fields = fields_of(sim);
	sim_begin(sim, out, "concern.closed", look.file.id);
	sim_put(sim, fields, "closing", STR("done"));
	json_put_integer(sim->arena, fields, STR("decision"),
	                 sim_newest(sim, look.file.n, "concern.decided", &entry));
	return is_owed && by(sim, chart, "screener", out) && refused(out, fields);
}

static bool a_report_on_a_file(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct json *fields = fields_of(sim), *harm = json_array(sim->arena);
	if (!sim->file_count)
		return false;
	sim_begin(sim, out, "concern.received", sim_pick_file(sim));
	json_push(harm, json_string(sim->arena, STR("neglect")));
	json_put(fields, STR("harm"), harm);
	sim_put(sim, fields, "source", STR("school"));
	sim_put(sim, fields, "danger-now", STR("no"));
	sim_put(sim, fields, "harm-sign", STR("no"));
	sim_put(sim, fields, "channel", STR("phone"));
	sim_put(sim, fields, "happening", STR("On somebody else's file."));
	return by(sim, chart, "screener", out) && refused(out, fields);
}

static bool a_persons_own_words(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct json *fields = fields_of(sim);
	struct sim_look look;
	if (!sim_look(sim, &look))
		return false;
	sim_begin(sim, out, "entry.corrected", look.file.id);
	json_put_integer(sim->arena, fields, STR("of"), look.file.first_entry);
	sim_put(sim, fields, "field", STR("happening"));
	sim_put(sim, fields, "why", STR("other"));
	sim_put(sim, fields, "right", STR("Nothing happened."));
	return by(sim, chart, "screener", out) && refused(out, fields);
}

/* --- duties ---------------------------------------------------------------------------------- */

static bool put_off(struct sim *sim, struct sim_act *out, const struct sim_look *look,
                    const struct casebook_duty *duty)
{
	struct json *fields = fields_of(sim);
	if (!duty)
		return false;
	struct casebook_actor actor = out->act.actor;
	sim_begin(sim, out, "duty.extended", look->file.id);
	out->act.actor = actor;
	sim_put(sim, fields, "duty", duty->name);
	sim_put(sim, fields, "until", instant_write(sim->arena, duty->due + INSTANT_PER_DAY));
	sim_put(sim, fields, "reasons", STR("We are busy."));
	return refused(out, fields);
}

static bool what_cannot_be_put_off(struct sim *sim, const struct sim_chart *chart,
                                   struct sim_act *out)
{
	struct sim_look look;
	if (!sim_look(sim, &look) || !by(sim, chart, "team-manager", out))
		return false;
	const struct casebook_duty *duty = sim_open_duty(&look, "T03");
	return put_off(sim, out, &look, duty ? duty : sim_open_duty(&look, "T12"));
}

static bool put_off_by_its_owner(struct sim *sim, const struct sim_chart *chart,
                                 struct sim_act *out)
{
	struct sim_look look;
	if (!sim_look(sim, &look))
		return false;
	const struct casebook_duty *duty = sim_open_duty(&look, "T01");
	return duty && by(sim, chart, str_to_c(sim->arena, duty->office), out) &&
	       put_off(sim, out, &look, duty);
}

static bool handed_outside(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct json *fields = fields_of(sim);
	struct sim_look look;
	if (!sim_look(sim, &look))
		return false;
	const struct casebook_duty *duty = sim_open_duty(&look, "T02");
	sim_begin(sim, out, "duty.taken", look.file.id);
	if (!duty || !by(sim, chart, "team-manager", out))
		return false;
	sim_put(sim, fields, "duty", duty->name);
	sim_put(sim, fields, "to", STR("ofsted-contact"));
	return refused(out, fields);
}

static bool taken_by_another(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct json *fields = fields_of(sim);
	struct sim_look look;
	if (!sim_look(sim, &look))
		return false;
	const struct casebook_duty *duty = sim_open_duty(&look, "T03");
	sim_begin(sim, out, "duty.taken", look.file.id);
	if (!duty || !str_eq(duty->office, STR("screener")) ||
	    !by(sim, chart, "designated-nurse", out))
		return false;
	sim_put(sim, fields, "duty", duty->name);
	sim_put(sim, fields, "to", STR("designated-nurse"));
	return refused(out, fields);
}

/* --- people ---------------------------------------------------------------------------------- */

static bool name_somebody(struct sim *sim, const struct sim_chart *chart, const char *office,
                          struct str account, struct sim_act *out)
{
	struct json *fields = fields_of(sim);
	const struct casebook_office *at = sim_office(chart, str_from_c(office));
	struct str file = at ? sim_office_file(sim, at) : STR_NONE;
	struct casebook_actor actor = out->act.actor;
	sim_begin(sim, out, "office.held", file);
	out->act.actor = actor;
	sim_put(sim, fields, "office", str_from_c(office));
	sim_put(sim, fields, "account", account);
	return file.p && refused(out, fields);
}

static bool himself(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	return by(sim, chart, "register-administrator", out) &&
	       name_somebody(sim, chart, "dcs", out->act.actor.account, out);
}

/* Who stands apart holds nothing else (G15). */
static bool on_both_sides(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	const struct casebook_office *dcs = sim_office(chart, STR("dcs"));
	return dcs && dcs->holder_count && by(sim, chart, "register-administrator", out) &&
	       !str_eq(dcs->holders[0], out->act.actor.account) &&
	       name_somebody(sim, chart, "independent-scrutineer", dcs->holders[0], out);
}

static bool his_own_second(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct json *fields = fields_of(sim);
	(void)chart;
	if (!sim->waiting_count)
		return false;
	const struct sim_waiting *waiting = &sim->waiting[sim_below(sim, sim->waiting_count)];
	sim_begin(sim, out, "second.given", waiting->file);
	out->act.actor = waiting->writer;
	json_put_integer(sim->arena, fields, STR("of"), waiting->entry);
	sim_put(sim, fields, "answer", STR("yes"));
	sim_put(sim, fields, "reasons", STR("I agree with myself."));
	return refused(out, fields);
}

static bool a_second_of_no_concern(struct sim *sim, const struct sim_chart *chart,
                                   struct sim_act *out)
{
	struct json *fields = fields_of(sim);
	if (!sim->waiting_count)
		return false;
	const struct sim_waiting *waiting = &sim->waiting[sim_below(sim, sim->waiting_count)];
	sim_begin(sim, out, "second.given", waiting->file);
	json_put_integer(sim->arena, fields, STR("of"), waiting->entry);
	sim_put(sim, fields, "answer", STR("yes"));
	sim_put(sim, fields, "reasons", STR("Nobody asked me."));
	return by(sim, chart, "headteacher", out) && refused(out, fields);
}

static bool glass_without_proof(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct json *fields = fields_of(sim);
	bool is_too_long = sim_chance(sim, 2);
	if (!sim->file_count)
		return false;
	sim_begin(sim, out, "access.broken", sim_pick_file(sim));
	sim_put(sim, fields, "because", STR("I wish to look."));
	sim_put(sim, fields, "until",
	        instant_write(sim->arena, sim->now + (is_too_long ? 60 : 2) * INSTANT_PER_HOUR));
	if (!by(sim, chart, "named-nurse", out))
		return false;
	out->act.actor.is_proved = is_too_long;
	return refused(out, fields);
}

static bool a_pack_as_an_act(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct json *fields = fields_of(sim);
	sim_begin(sim, out, "pack.adopted", STR("R-1"));
	sim_put(sim, fields, "name", STR("england"));
	sim_put(sim, fields, "version", STR("9.0.0"));
	sim_put(sim, fields, "hash", STR("00"));
	sim_put(sim, fields, "change", STR("equal"));
	return by(sim, chart, "register-administrator", out) && refused(out, fields);
}

/* --- bad input ------------------------------------------------------------------------------- */

static bool bad_fields(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	struct json *fields = note(sim);
	if (!sim->file_count)
		return false;
	sim_begin(sim, out, "note.made", sim_pick_file(sim));
	(void)by(sim, chart, "screener", out);
	switch (sim_below(sim, 6)) {
	case 0:
		sim_put(sim, fields, "ethnicity", STR("nobody asks"));
		break;
	case 1:
		sim_put(sim, fields, "topic", STR("no-such-topic"));
		break;
	case 2:
		fields = fields_of(sim);
		break;
	case 3:
		json_put_bool(sim->arena, fields, STR("topic"), 1);
		break;
	case 4: {
		char *text = arena_alloc(sim->arena, LONG_TEXT, 1);
		if (!text)
			return false;
		memset(text, 'a', LONG_TEXT);
		fields = fields_of(sim);
		sim_put(sim, fields, "text", (struct str){ text, LONG_TEXT });
		break;
	}
	default:
		fields = fields_of(sim);
		sim_put(sim, fields, "text", STR("\xff\xfe"));
		break;
	}
	return nothing(out, fields);
}

static bool nowhere(struct sim *sim, const struct sim_chart *chart, struct sim_act *out)
{
	bool is_kind = sim_chance(sim, 2);
	sim_begin(sim, out, is_kind ? "concern.forgotten" : "note.made",
	          is_kind ? STR("R-1") : STR("C-99999"));
	(void)by(sim, chart, "screener", out);
	return nothing(out, note(sim));
}

/* Something else under a submission that was answered. */
static bool another_under_the_same(struct sim *sim, const struct sim_chart *chart,
                                   struct sim_act *out)
{
	struct json *fields = note(sim);
	(void)chart;
	if (!sim->kept_count)
		return false;
	const struct sim_kept *kept = &sim->kept[sim_below(sim, sim->kept_count)];
	if (!kept->text.p || sim->now - kept->at > SENT_AGAIN)
		return false;
	out->act = kept->act;
	sim_put(sim, fields, "other", STR("words"));
	return nothing(out, fields);
}

bool sim_act_wrong(struct sim *sim, struct sim_act *out)
{
	static const struct {
		const char *sort;
		wrong *make;
	} all[] = {
		{ "by a stranger", by_a_stranger },
		{ "by another office", by_another_office },
		{ "by the public, without a code", by_anybody_in_public },
		{ "what the register does", what_the_register_does },
		{ "in the wrong state", in_the_wrong_state },
		{ "without evidence", without_evidence },
		{ "closed while it is owed", while_it_is_owed },
		{ "closed while it is owed", while_it_is_owed },
		{ "a report on another file", a_report_on_a_file },
		{ "a person's own words corrected", a_persons_own_words },
		{ "put off what cannot be", what_cannot_be_put_off },
		{ "put off by its owner", put_off_by_its_owner },
		{ "handed outside", handed_outside },
		{ "taken by another", taken_by_another },
		{ "named himself", himself },
		{ "on both sides", on_both_sides },
		{ "his own second", his_own_second },
		{ "a second of no concern", a_second_of_no_concern },
		{ "glass broken without proof", glass_without_proof },
		{ "a pack as an act", a_pack_as_an_act },
		{ "bad fields", bad_fields },
		{ "no such file or kind", nowhere },
		{ "another act under a known submission", another_under_the_same },
	};
	struct sim_chart chart;
	size_t at = sim_below(sim, COUNT_OF(all));
	*out = (struct sim_act){ 0 };
	bool good = sim_chart(sim, &chart) && all[at].make(sim, &chart, out);
	out->sort = good ? all[at].sort : NULL;
	return good;
}
