/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Acts on concerns: by chance, as anybody may try them; and with care, as
 * somebody who wants a file to come to its end would do them.
 */
#include "cli/simulate_world.h"

#define ATTACHED_MAX 150000
#define TRIES 4

static const char *const THREE[] = { "yes", "no", "unknown" };
static const char *const CHECKED[] = { "own-files", "police", "health", "school" };

static struct json *fields_of(struct sim *sim)
{
	return json_object(sim->arena);
}

void sim_put(struct sim *sim, struct json *fields, const char *name, struct str text)
{
	json_put_text(sim->arena, fields, str_from_c(name), text);
}

void sim_begin(struct sim *sim, struct sim_act *out, const char *kind, struct str file)
{
	*out = (struct sim_act){
		.act = { .actor = { .by = CASEBOOK_BY_OFFICE,
		                    .account = sim->account[sim_below(sim, SIM_PEOPLE)],
		                    .office = sim_pick(sim, sim_offices, SIM_PEOPLE),
		                    .is_proved = true },
		         .via = CASEBOOK_API,
		         .submission = arena_format(sim->arena, "s%" PRId64, ++sim->submissions),
		         .kind = str_from_c(kind),
		         .file = file },
	};
}

/* --- reports -------------------------------------------------------------------------------- */

/* A file to go with a report: begun in a draft, as it comes over the web. */
static bool attach(struct sim *sim, struct json *fields)
{
	CLEANUP(casebook_upload_drop) struct casebook_upload *upload = NULL;
	const struct json *value;
	struct json *list = json_array(sim->arena);
	struct str draft = arena_format(sim->arena, "draft-%" PRId64, sim->submissions);
	size_t size = 9 + (size_t)sim_below(sim, sim_chance(sim, 3) ? ATTACHED_MAX : 3000);
	char *bytes = arena_alloc(sim->arena, size, 1);
	if (!bytes)
		return false;
	random_bytes(sim->random, bytes, size);
	memcpy(bytes, "%PDF-1.7\n", 9);
	if (!casebook_draft_save(sim->book, draft, STR("simulated"), NULL, STR("{}"), &sim->err) ||
	    !casebook_upload_begin(sim->book, draft, &upload, &sim->err) ||
	    !casebook_upload_add(upload, (struct str){ bytes, size }, &sim->err) ||
	    !casebook_upload_end(&upload, sim->arena, STR("letter.pdf"), &value, &sim->err))
		return false;
	struct json *copy = arena_alloc(sim->arena, 1, sizeof *copy);
	if (!copy)
		return false;
	*copy = *value;
	json_push(list, copy);
	json_put(fields, STR("files"), list);
	return true;
}

static void received(struct sim *sim, struct sim_act *out)
{
	static const char *const source[] = { "neighbour", "school", "police",
		                              "anonymous", "child",  "gp" };
	static const char *const harm[] = { "not-yet-known", "neglect", "physical", "sexual" };
	static const char *const channel[] = { "web", "phone", "letter" };
	struct json *fields = fields_of(sim), *harms = json_array(sim->arena);
	sim_begin(sim, out, "concern.received", STR_NONE);
	out->act.actor = (struct casebook_actor){ .by = CASEBOOK_BY_PUBLIC };
	out->act.wants_code = true;
	sim_put(sim, fields, "source", sim_pick(sim, source, COUNT_OF(source)));
	json_push(harms, json_string(sim->arena, sim_pick(sim, harm, COUNT_OF(harm))));
	json_put(fields, STR("harm"), harms);
	sim_put(sim, fields, "danger-now", sim_pick(sim, THREE, 3));
	sim_put(sim, fields, "harm-sign", sim_pick(sim, THREE, 3));
	sim_put(sim, fields, "channel", sim_pick(sim, channel, COUNT_OF(channel)));
	sim_put(sim, fields, "happening",
	        arena_format(sim->arena, "Something happened, %" PRIu64 ".\n\nMore of it.",
	                     sim_below(sim, 1000)));
	if (sim_chance(sim, 3))
		sim_put(sim, fields, "name", STR("Somebody"));
	/* What did not arrive whole is not named; the report goes without it. */
	if (sim_chance(sim, 6))
		(void)attach(sim, fields);
	out->act.fields = fields;
	if (sim_chance(sim, 8)) {
		out->act.has_received = true;
		out->act.received = sim->now - (int64_t)sim_below(sim, 30) * INSTANT_PER_DAY;
	}
}

static void added(struct sim *sim, struct sim_act *out, struct str file)
{
	struct json *fields = fields_of(sim);
	sim_begin(sim, out, "concern.added", file);
	if (sim_chance(sim, 2))
		out->act.actor = (struct casebook_actor){ .by = CASEBOOK_BY_PERSON };
	sim_put(sim, fields, "source", STR("neighbour"));
	sim_put(sim, fields, "words", STR("And it goes on."));
	if (sim_chance(sim, 4))
		sim_put(sim, fields, "danger-now", sim_pick(sim, THREE, 3));
	if (sim_chance(sim, 6))
		(void)attach(sim, fields);
	out->act.fields = fields;
}

/* --- what is done with them ----------------------------------------------------------------- */

static const struct json *fields_looked(struct sim *sim, bool carefully)
{
	static const char *const danger[] = { "none-found", "possible", "now" };
	struct json *fields = fields_of(sim), *list = json_array(sim->arena);
	sim_put(sim, fields, "danger", sim_pick(sim, danger, 3));
	for (size_t i = 0; i < COUNT_OF(CHECKED); i++) {
		if (carefully || !sim_chance(sim, 4))
			json_push(list, json_string(sim->arena, str_from_c(CHECKED[i])));
	}
	json_put(fields, STR("checked"), list);
	return fields;
}

static const struct json *fields_decided(struct sim *sim, int64_t evidence)
{
	static const char *const decision[] = { "strategy", "assess",    "none", "early-help",
		                                "advice",   "emergency", "none", "advice" };
	static const char *const why[] = { "information-only", "not-about-a-child" };
	struct json *fields = fields_of(sim), *entries = json_array(sim->arena);
	struct str chosen = sim_pick(sim, decision, COUNT_OF(decision));
	sim_put(sim, fields, "decision", chosen);
	sim_put(sim, fields, "threshold", STR("2026"));
	json_push(entries, json_integer(sim->arena, evidence));
	json_put(fields, STR("evidence"), entries);
	sim_put(sim, fields, "reasons", STR("What was weighed."));
	if (str_eq(chosen, STR("none")))
		sim_put(sim, fields, "reason-none", sim_pick(sim, why, 2));
	return fields;
}

static const struct json *fields_asked(struct sim *sim)
{
	static const char *const office[] = { "police-contact", "named-nurse", "dsl",
		                              "police-contact", "nobody-here" };
	struct json *fields = fields_of(sim);
	sim_put(sim, fields, "office", sim_pick(sim, office, COUNT_OF(office)));
	json_put_bool(sim->arena, fields, STR("urgent"), (int)sim_below(sim, 2));
	sim_put(sim, fields, "lawful-basis", STR("public-task"));
	sim_put(sim, fields, "question", STR("What do you know?"));
	return fields;
}

static const struct json *fields_told(struct sim *sim)
{
	struct json *fields = fields_of(sim);
	sim_put(sim, fields, "to", STR("not-reachable"));
	sim_put(sim, fields, "how", STR("none"));
	if (sim_chance(sim, 3))
		sim_put(sim, fields, "reply", STR("Thank you. Somebody is looking at it."));
	return fields;
}

static const struct json *fields_answered(struct sim *sim)
{
	static const char *const knows[] = { "yes", "nothing", "refused" };
	struct json *fields = fields_of(sim);
	struct str chosen = sim_pick(sim, knows, 3);
	sim_put(sim, fields, "knows", chosen);
	if (str_eq(chosen, STR("refused")))
		sim_put(sim, fields, "refusal-reason", STR("privileged"));
	sim_put(sim, fields, "answer", STR("What we know."));
	return fields;
}

static const struct json *fields_closed(struct sim *sim, int64_t decision)
{
	static const char *const closing[] = { "done", "done", "moved", "opened-in-error" };
	struct json *fields = fields_of(sim);
	sim_put(sim, fields, "closing", sim_pick(sim, closing, COUNT_OF(closing)));
	json_put_integer(sim->arena, fields, STR("decision"), decision);
	return fields;
}

static const struct json *fields_note(struct sim *sim, const char *topic)
{
	struct json *fields = fields_of(sim);
	sim_put(sim, fields, "text", STR("A note."));
	if (topic)
		sim_put(sim, fields, "topic", str_from_c(topic));
	if (!topic && sim_chance(sim, 2))
		sim_put(sim, fields, "next", STR("wait"));
	return fields;
}

static const struct json *fields_reopened(struct sim *sim, int64_t because)
{
	struct json *fields = fields_of(sim);
	json_put_integer(sim->arena, fields, STR("because"), because);
	sim_put(sim, fields, "reasons", STR("It was not over."));
	return fields;
}

/* --- by chance ------------------------------------------------------------------------------ */

static const struct json *fields_by_chance(struct sim *sim, const char *kind)
{
	int64_t some = (int64_t)sim_below(sim, 1 + (uint64_t)sim->report->entries);
	if (strcmp(kind, "concern.looked") == 0)
		return fields_looked(sim, false);
	if (strcmp(kind, "concern.decided") == 0)
		return fields_decided(sim, some);
	if (strcmp(kind, "concern.asked") == 0)
		return fields_asked(sim);
	if (strcmp(kind, "concern.answered") == 0)
		return fields_answered(sim);
	if (strcmp(kind, "concern.closed") == 0)
		return fields_closed(sim, some);
	if (strcmp(kind, "concern.reopened") == 0)
		return fields_reopened(sim, some);
	if (strcmp(kind, "note.made") == 0)
		return fields_note(sim, NULL);
	return fields_told(sim);
}

/* Somebody in an office of his, or in one that he stands in for. */
static bool seated(struct sim *sim, struct casebook_actor *actor)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_seat *seats;
	size_t count;
	if (!casebook_reader_take(sim->book, &reader, &sim->err) ||
	    !casebook_seats(reader, sim->arena, actor->account, &seats, &count, &sim->err) ||
	    count == 0)
		return false;
	actor->office = seats[sim_below(sim, count)].office;
	return true;
}

static void by_chance(struct sim *sim, struct sim_act *out)
{
	static const char *const kinds[] = {
		"concern.acknowledged", "concern.looked",   "concern.asked",
		"concern.answered",     "concern.decided",  "concern.told",
		"concern.closed",       "concern.reopened", "note.made"
	};
	struct sim_chart chart;
	struct casebook_actor actor;
	const char *kind = kinds[sim_below(sim, COUNT_OF(kinds))];
	sim_begin(sim, out, kind, sim_pick_file(sim));
	out->act.fields = fields_by_chance(sim, kind);
	if (sim_chance(sim, 3) && seated(sim, &out->act.actor))
		return;
	/* Most by somebody who holds the office. */
	if (!sim_chance(sim, 5) && sim_chart(sim, &chart) &&
	    sim_holder(sim, &chart, sim_pick(sim, sim_offices, SIM_PEOPLE), &actor))
		out->act.actor = actor;
}

/* --- with care ------------------------------------------------------------------------------ */

/* Settles a duty as its rule asks; false: this one is nothing of ours. */
static bool settle(struct sim *sim, const struct sim_look *look, const struct casebook_duty *duty,
                   struct sim_act *out)
{
	struct str rule = duty->rule, file = look->file.id;
	struct casebook_entry entry;
	struct json *fields;
	if (str_eq(rule, STR("T01"))) {
		sim_begin(sim, out, "concern.decided", file);
		out->act.fields = fields_decided(sim, look->file.first_entry);
	} else if (str_eq(rule, STR("T02")) || str_eq(rule, STR("T06"))) {
		sim_begin(sim, out,
		          str_eq(rule, STR("T02")) ? "concern.acknowledged" : "concern.told", file);
		out->act.fields = fields_told(sim);
	} else if (str_eq(rule, STR("T03"))) {
		sim_begin(sim, out, "concern.looked", file);
		out->act.fields = fields_looked(sim, true);
	} else if (str_eq(rule, STR("T04")) || str_eq(rule, STR("T05")) ||
	           str_eq(rule, STR("T88"))) {
		sim_begin(sim, out, "concern.answered", file);
		out->act.fields = fields_answered(sim);
	} else if (str_eq(rule, STR("T07"))) {
		sim_begin(sim, out, "duty.taken", file);
		fields = fields_of(sim);
		sim_put(sim, fields, "duty", duty->name);
		sim_put(sim, fields, "to", STR("social-worker"));
		out->act.fields = fields;
	} else if (str_eq(rule, STR("T12"))) {
		sim_begin(sim, out, "note.made", file);
		out->act.fields = fields_note(sim, "strategy-held");
	} else if (str_eq(rule, STR("T96")) || str_eq(rule, STR("R02"))) {
		sim_begin(sim, out, "duty.read", file);
		fields = fields_of(sim);
		sim_put(sim, fields, "duty", duty->name);
		sim_put(sim, fields, "reasons", STR("Looked at, and it was right."));
		out->act.fields = fields;
	} else if (str_eq(rule, STR("T00")) && str_eq(look->file.state_name, STR("closing"))) {
		sim_begin(sim, out, "concern.closed", file);
		out->act.fields = fields_closed(
			sim, sim_newest(sim, look->file.n, "concern.decided", &entry));
	} else if (str_eq(rule, STR("T00"))) {
		sim_begin(sim, out, sim_chance(sim, 2) ? "concern.decided" : "note.made", file);
		out->act.fields = str_eq(out->act.kind, STR("note.made"))
		                          ? fields_note(sim, NULL)
		                          : fields_decided(sim, look->file.first_entry);
	} else {
		return false;
	}
	return true;
}

bool sim_act_careful(struct sim *sim, struct sim_act *out)
{
	struct sim_chart chart;
	struct sim_look look;
	struct casebook_actor actor;
	if (sim->file_count && sim_chance(sim, 14))
		sim->worked_on = sim_below(sim, sim->file_count);
	if (!sim->file_count || !sim_look_at(sim, sim->file[sim->worked_on], &look) ||
	    !sim_chart(sim, &chart))
		return false;
	if (sim_open_duty(&look, "T01") && sim_chance(sim, 5) &&
	    sim_holder(sim, &chart, STR("screener"), &actor)) {
		sim_begin(sim, out, "concern.asked", look.file.id);
		out->act.actor = actor;
		out->act.fields = fields_asked(sim);
		return true;
	}
	for (size_t i = 0; i < look.duties.count; i++) {
		const struct casebook_duty *duty = &look.duties.at[i];
		/* What the rest duty asks comes last, by the duty team: it is they who close. */
		bool is_rest = str_eq(duty->rule, STR("T00"));
		if (!duty->is_open || (is_rest && look.file.open_duties > 1))
			continue;
		if (sim_holder(sim, &chart, is_rest ? STR("screener") : duty->office, &actor) &&
		    settle(sim, &look, duty, out)) {
			out->act.actor = actor;
			return true;
		}
	}
	return false;
}

/* --- all ------------------------------------------------------------------------------------ */

void sim_act_random(struct sim *sim, struct sim_act *out)
{
	/* Not everything fits today: then something else. */
	for (int i = 0; i < TRIES && sim->file_count; i++) {
		uint64_t what = sim_below(sim, 20);
		if (what < 8 && sim_act_careful(sim, out))
			return;
		if (what >= 8 && what < 12 && sim_act_rare(sim, out))
			return;
		if (what >= 12 && what < 15 && sim_act_wrong(sim, out))
			return;
		if (what == 15 || what == 16) {
			by_chance(sim, out);
			return;
		}
		if (what == 17) {
			added(sim, out, sim_pick_file(sim));
			return;
		}
		if (what > 17)
			break;
	}
	received(sim, out);
}
