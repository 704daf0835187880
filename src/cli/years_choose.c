/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What somebody does next: mostly what is owed, by a way that the pack knows;
 * what a refusal said is missing; now and then something beside it.
 */
#include "cli/years_world.h"

#define CHOICES_MAX 128
#define BESIDE_IN 24
#define GROWN 12 /* acts on a file after which it is brought to its end */
#define WEIGHT 12
#define BEGIN_TRIES 8
#define WEEK 7
#define SOONEST (10 * INSTANT_PER_MINUTE)
#define LONGEST (2 * INSTANT_PER_DAY)
#define MEANT_EFFORTS 3 /* times as many, where it is wanted for what it says */
#define CALM_HOUSE 12   /* and in a house */
#define CALM_BUT 4      /* one in so many acts opens whatever chance has it open */
#define REFUSED_IN 7    /* tries at a duty: after so many it is tried though it will be refused */

/* --- one act ---------------------------------------------------------------------------------- */

static const struct json *sealed_of(struct years *years, const struct pack_kind *kind,
                                    const struct json *fields)
{
	struct json *sealed = json_object(years->arena);
	for (const struct json *at = fields->first; at; at = at->next) {
		const struct pack_field *field = pack_field_find(kind, at->key);
		struct json *copy = arena_alloc(years->arena, 1, sizeof *copy);
		if (!field || !field->is_sealed || !copy)
			continue;
		*copy = *at;
		copy->next = NULL;
		json_put(sealed, at->key, copy);
	}
	return sealed;
}

static struct casebook_act act_of(struct years *years, const struct casebook_actor *actor,
                                  const struct pack_kind *kind, const struct years_file *file,
                                  const struct json *fields)
{
	struct casebook_act act = { .actor = *actor,
		                    .via = CASEBOOK_API,
		                    .submission = arena_format(years->arena, "y%" PRId64,
		                                               ++years->submissions),
		                    .kind = kind->name,
		                    .file = file ? file->id : STR_NONE,
		                    .fields = fields };
	/* In a house things are written down on the day. */
	uint64_t most = years->options->house ? 10 : 60;
	if (!kind->is_built_in && years_chance(years, 6)) {
		act.has_happened = true;
		act.happened = years->now - (int64_t)years_below(years, most) * INSTANT_PER_HOUR;
	}
	if (!file && !years->options->house && years_chance(years, 6)) {
		act.has_received = true;
		act.received = years->now - (int64_t)years_below(years, most) * INSTANT_PER_HOUR;
	}
	if (years->options->house)
		act.via = CASEBOOK_WEB;
	act.wants_code = actor->by == CASEBOOK_BY_PUBLIC && !file;
	return act;
}

static bool has_condition(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->settle_count; i++) {
		if (kind->settles[i].when)
			return true;
	}
	for (size_t i = 0; i < kind->open_count; i++) {
		if (kind->opens[i].when)
			return true;
	}
	return kind->need_count > 0;
}

/* Whether the answers would do: not refused for what they say, what is owed would be settled, and
 * no more is opened by what they say. */
static bool would_do(struct years *years, const struct casebook_actor *actor,
                     const struct pack_kind *kind, const struct years_file *file,
                     const struct pack_duty *rule, const struct json *fields, size_t opens_most)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_viewer viewer = { .actor = *actor };
	struct casebook_file found;
	struct casebook_trial trial;
	struct err ignored = { 0 };
	bool settles = !rule;
	if (!casebook_reader_take(years->book, &reader, &ignored) ||
	    !casebook_file_get(reader, years->arena, file->n, &found, &ignored) ||
	    !casebook_try(reader, years->arena, &viewer, &found, kind, fields, &trial, &ignored))
		return true;
	for (size_t i = 0; i < kind->settle_count && trial.settles; i++)
		settles = settles || (kind->settles[i].duty == rule && trial.settles[i]);
	size_t opened = 0;
	for (size_t i = 0; i < kind->open_count && trial.opens; i++)
		opened += trial.opens[i] && kind->opens[i].when;
	return !trial.is_refused && !trial.error_count && settles && opened <= opens_most;
}

/* Whether the answers bring the file nearer to its end, where the kind can. */
static bool would_lead(struct years *years, const struct pack_kind *kind,
                       const struct years_file *file, const struct json *fields)
{
	if (kind->to.sort != PACK_TO_BY_FIELD || years_chance(years, 3))
		return true;
	int target = pack_kind_target(kind, file->type, file->state, fields);
	return target < 0 || years_far(years, file->type, target) <=
	                             years_leads(years, kind, file->type, file->state);
}

void years_want(struct years_file *file, const struct pack_supply_kind *what,
                const struct pack_office *by)
{
	if (file->want_count == YEARS_WANTS || file->wanted == YEARS_WANTED_MAX)
		return;
	file->wanted++;
	file->wants[file->want_count++] = (struct years_want){ *what, by };
}

/* An entry is wanted for what it says. */
static bool says_what_is_meant(const struct years *years, const struct pack_kind *kind,
                               const struct json *fields)
{
	return !years->meant || years->meant->kind != kind ||
	       pack_supply_fits(years->meant, fields);
}

/* What stands in a kind's way until an entry that its fields must name is there. */
static void want_entry(struct years *years, const struct pack_kind *kind, struct years_file *file)
{
	for (size_t i = 0; file && i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		if (field->type == PACK_ENTRY && field->required != PACK_OPTIONAL &&
		    field->of_kind_count)
			years_want(
				file,
				&(struct pack_supply_kind){ .kind = field->of_kinds[years_below(
								    years, field->of_kind_count)] },
				NULL);
	}
}

/* In a house nobody is told twice in a row what is missing. */
static bool is_refusal_known(const struct years *years, const struct years_duty *duty, bool would)
{
	return years->options->house && !would && (!duty || duty->tries % REFUSED_IN != 3);
}

/* An act on a file, or (NULL) one that begins a file. *done false: it cannot be made as things
 * stand. */
static bool make(struct years *years, const struct pack_kind *kind, struct years_file *file,
                 int child, const struct years_duty *duty, const struct years_event *again,
                 bool *done)
{
	struct casebook_actor actor;
	const struct json *fields = NULL;
	struct str owner = duty ? duty->office : STR_NONE;
	bool would = false;
	*done = false;
	if (!years_actor(years, kind, file, owner, &actor))
		return true;
	/* Chance says the worst as often as anything; what happens is mostly the rest. */
	bool is_calm = !years_chance(years, years->options->house ? CALM_HOUSE : CALM_BUT);
	int efforts = years->manner->efforts * (years->meant ? MEANT_EFFORTS : 1);
	for (int i = 0; i < efforts; i++) {
		/* Who owes it may be who may not: somebody else is asked. */
		if (i == efforts / 2 && !years_actor(years, kind, file, STR_NONE, &actor))
			return true;
		years->acting = actor.office;
		fields = years_fill(years, kind, file, child, duty,
		                    i < YEARS_EFFORTS ? i : YEARS_EFFORTS - 1);
		if (fields && !says_what_is_meant(years, kind, fields))
			continue;
		would = !fields || !file || !has_condition(kind) ||
		        (would_lead(years, kind, file, fields) &&
		         would_do(years, &actor, kind, file, duty ? duty->rule : NULL, fields,
		                  is_calm && i < efforts / 2 ? (size_t)i : SIZE_MAX));
		if (would)
			break;
	}
	if (!fields) {
		want_entry(years, kind, file);
		return true;
	}
	if (is_refusal_known(years, duty, would))
		return true;
	struct casebook_act act = act_of(years, &actor, kind, file, fields);
	struct years_sent sent = { .kind = kind,
		                   .file = file ? (int)(file - years->files) : -1,
		                   .child = child,
		                   .sealed = sealed_of(years, kind, fields) };
	if (again)
		sent.again = *again;
	*done = true;
	return years_add(years, &act, &sent);
}

/* --- what may be done ------------------------------------------------------------------------- */

struct choices {
	struct {
		const struct pack_kind *kind;
		int file; /* -1: it begins one */
		uint64_t weight;
	} at[CHOICES_MAX];
	size_t count;
	uint64_t all;
};

static void add_choice(struct choices *choices, const struct pack_kind *kind, int file,
                       uint64_t weight)
{
	if (choices->count == CHOICES_MAX)
		return;
	choices->at[choices->count].kind = kind;
	choices->at[choices->count].file = file;
	choices->at[choices->count++].weight = weight;
	choices->all += weight;
}

/* What opens little comes before what opens much, what leads to an end before what does not. */
static uint64_t weight_of(const struct years *years, const struct pack_kind *kind,
                          const struct years_file *file)
{
	int here = years_far(years, file->type, file->state);
	int there = years_leads(years, kind, file->type, file->state);
	uint64_t weight = WEIGHT / (1 + kind->open_count);
	if (there < here)
		return (weight + 1) * (file->acts > GROWN ? 40 : 6);
	return file->acts > GROWN && there > here ? 1 : weight + 1;
}

/* Files at the other end of a relation where a kind settles what is owed here, and new ones. */
static void add_linked(struct years *years, struct choices *choices, const struct years_way *way,
                       const struct years_file *file)
{
	for (size_t i = 0; i < file->link_count; i++) {
		const struct years_link *link = &file->links[i];
		if (link->relation == way->settle->on && link->removed < 0 &&
		    years_may_be_made(way->kind, &years->files[link->other]))
			add_choice(choices, way->kind, link->other,
			           weight_of(years, way->kind, &years->files[link->other]));
	}
	if (way->kind->may_begin)
		add_choice(choices, way->kind, -1, 1);
}

static void add_ways(struct years *years, struct choices *choices, const struct years_duty *duty,
                     const struct years_file *file)
{
	const struct years_ways *ways = &years->settlers[duty->rule->number];
	for (size_t i = 0; i < ways->count; i++) {
		if (ways->at[i].settle->on)
			add_linked(years, choices, &ways->at[i], file);
		else if (years_may_be_made(ways->at[i].kind, file))
			add_choice(choices, ways->at[i].kind, (int)(file - years->files),
			           weight_of(years, ways->at[i].kind, file));
	}
}

/* Whatever can be made on the file; what moves it comes first. */
static void add_possible(struct years *years, struct choices *choices,
                         const struct years_file *file)
{
	for (size_t i = 0; i < years->pack->kind_count; i++) {
		const struct pack_kind *kind = &years->pack->kinds[i];
		if (!kind->is_built_in && years_may_be_made(kind, file) && years_by_person(kind))
			add_choice(choices, kind, (int)(file - years->files),
			           weight_of(years, kind, file));
	}
}

static size_t choose(struct years *years, const struct choices *choices)
{
	uint64_t at = years_below(years, choices->all);
	for (size_t i = 0; i < choices->count; i++) {
		if (at < choices->at[i].weight)
			return i;
		at -= choices->at[i].weight;
	}
	return 0;
}

/* --- what is owed ----------------------------------------------------------------------------- */

/* By the register's own kinds: told, and asked as a second reader. */
static bool answer_register(struct years *years, struct years_file *file,
                            const struct years_duty *duty, const struct years_event *again)
{
	bool is_second = duty->rule == years->pack->second_duty;
	const struct pack_kind *kind =
		pack_kind_find(years->pack, is_second ? STR("second.given") : STR("duty.read"));
	struct casebook_actor actor;
	struct json *fields = json_object(years->arena);
	if (!kind || !years_holder(years, years_office(years, duty->office), &actor))
		return true;
	if (is_second) {
		uint64_t what = years_below(years, 10);
		json_put_integer(years->arena, fields, STR("of"), duty->opened);
		json_put_text(years->arena, fields, STR("answer"),
		              what < 8                ? STR("yes")
		              : what == 8             ? STR("no")
		              : years->options->house ? STR("yes")
		                                      : STR("more"));
	} else {
		json_put_text(years->arena, fields, STR("duty"), duty->name);
	}
	json_put_text(years->arena, fields, STR("reasons"),
	              years_text(years, kind, STR("reasons"), fields, file->child));
	struct casebook_act act = act_of(years, &actor, kind, file, fields);
	struct years_sent sent = { .kind = kind,
		                   .file = (int)(file - years->files),
		                   .child = file->child,
		                   .again = *again,
		                   .sealed = sealed_of(years, kind, fields) };
	return years_add(years, &act, &sent);
}

/* As long as there is time it is tried again before it is due; then it is left for longer each
 * time. */
static struct years_event later(struct years *years, const struct years_event *event, int tries,
                                instant due)
{
	struct years_event again = *event;
	if (due > years->now) {
		instant wait = (due - years->now) / 4;
		wait = wait < SOONEST ? SOONEST : wait > LONGEST ? LONGEST : wait;
		again.at = years_in_hours(years, years->now + wait, due);
		return again;
	}
	again.at = years->now + INSTANT_PER_HOUR +
	           (int64_t)years_below(years, UINT64_C(6) << (tries < 7 ? tries : 7)) *
	                   INSTANT_PER_HOUR;
	again.at = years_in_hours(years, again.at, INT64_MAX);
	return again;
}

/* In a house, what could not be done is not tried twice in a row. */
static void strike(const struct years *years, struct choices *choices, size_t at)
{
	if (!years->options->house)
		return;
	choices->all -= choices->at[at].weight;
	choices->at[at] = choices->at[--choices->count];
}

static bool do_one(struct years *years, struct choices *choices, int child, struct years_duty *duty,
                   const struct years_event *again)
{
	bool done = false;
	for (int i = 0; i < years->manner->choices && !done && choices->count; i++) {
		size_t at = choose(years, choices);
		int file = choices->at[at].file;
		if (!make(years, choices->at[at].kind, file >= 0 ? &years->files[file] : NULL,
		          child, duty, again, &done))
			return false;
		strike(years, choices, at);
	}
	/* Nobody can do it today. */
	return done || !again->at || years_plan_duty(years, duty, again->what, again->at);
}

static bool is_over(const struct years *years, const struct years_file *file)
{
	return years->options->acts_max && file->acts >= years->options->acts_max;
}

/* What climbed is taken up again, weeks later. */
static instant taken_up_again(struct years *years, struct years_duty *duty)
{
	duty->tries /= 2;
	return years_in_hours(years,
	                      years->now + (int64_t)(WEEK + years_below(years, 2 * WEEK)) *
	                                           INSTANT_PER_DAY,
	                      INT64_MAX);
}

/* A file is said to be about the child. */
static bool do_joined(struct years *years, const struct years_event *event)
{
	struct years_file *file = &years->files[event->what];
	int child = file->child;
	int person = child >= 0 ? years->children[child].person : -1;
	struct choices choices = { .count = 0 };
	struct years_event again = { .at = 0 };
	if (person < 0 || person == event->what || is_over(years, file))
		return true;
	for (size_t i = 0; i < file->link_count; i++) {
		if (file->links[i].other == person)
			return true;
	}
	for (size_t i = 0; i < years->pack->kind_count; i++) {
		const struct pack_kind *kind = &years->pack->kinds[i];
		if (kind->link_count && years_by_person(kind) && years_may_be_made(kind, file))
			add_choice(&choices, kind, event->what,
			           kind->need_count > 1 || kind->is_weighty ? 1 : 8);
	}
	return !choices.count || do_one(years, &choices, child, NULL, &again);
}

/* Whether it is done on a file that this one is to be joined to. */
static bool is_done_elsewhere(const struct years *years, const struct years_duty *duty)
{
	const struct years_ways *ways = &years->settlers[duty->rule->number];
	for (size_t i = 0; i < ways->count; i++) {
		if (ways->at[i].settle->on)
			return true;
	}
	return false;
}

static bool do_owed(struct years *years, const struct years_event *event)
{
	struct years_file *file = &years->files[event->what];
	struct years_duty *duty = years_duty_find(file, event->which);
	struct choices choices = { .count = 0 };
	if (!duty || duty->closed >= 0 || event->order != duty->planned || is_over(years, file) ||
	    !years_is_own(years, file))
		return true;
	struct years_event again = later(years, event, ++duty->tries, duty->due);
	if (duty->tries > years->manner->tries)
		again.at = years->options->house ? taken_up_again(years, duty) : 0;
	if (duty->rule == years->pack->second_duty || duty->rule == years->pack->read_duty)
		return answer_register(years, file, duty, &again);
	add_ways(years, &choices, duty, file);
	if (choices.count == 0 && again.at && is_done_elsewhere(years, duty))
		return years_plan_duty(years, duty, event->what, again.at) &&
		       do_joined(years, event);
	if (choices.count == 0 || years_chance(years, BESIDE_IN))
		add_possible(years, &choices, file);
	return do_one(years, &choices, file->child, duty, &again);
}

/* --- what is missing -------------------------------------------------------------------------- */

static bool do_wanted(struct years *years, const struct years_event *event)
{
	struct years_file *file = &years->files[event->what];
	struct choices choices = { .count = 0 };
	struct years_event again = { .at = 0 };
	file->is_waiting_event = false;
	if (!file->want_count || is_over(years, file))
		return true;
	struct years_want want = file->wants[--file->want_count];
	if (years_may_be_made(want.what.kind, file))
		add_choice(&choices, want.what.kind, event->what, 4);
	for (size_t i = 0; i < file->link_count; i++) {
		if (file->links[i].removed < 0 &&
		    years_may_be_made(want.what.kind, &years->files[file->links[i].other]))
			add_choice(&choices, want.what.kind, file->links[i].other, 2);
	}
	if (want.what.kind->may_begin)
		add_choice(&choices, want.what.kind, -1, 1);
	struct years_duty as = { .office = want.by ? want.by->name : STR_NONE };
	years->meant = &want.what;
	bool done = !choices.count ||
	            do_one(years, &choices, file->child, want.by ? &as : NULL, &again);
	years->meant = NULL;
	if (!done)
		return false;
	file = &years->files[event->what];
	if (!file->want_count)
		return true;
	file->is_waiting_event = true;
	return years_plan(years, later(years, event, 1, 0));
}

/* --- what begins ------------------------------------------------------------------------------ */

static const struct pack_kind *what_begins(struct years *years)
{
	const struct pack *pack = years->pack;
	if (!years->options->histories && pack->report && years_below(years, 5) < 3)
		return pack->report;
	if (!years->options->histories)
		return years->beginners[years_below(years, years->beginner_count)];
	/* Every type as often as another. */
	uint64_t type = years_below(years, pack->file_type_count);
	const struct pack_kind *found = NULL;
	uint64_t n = 0;
	for (size_t i = 0; i < years->beginner_count; i++) {
		if (years->beginners[i]->file_types >> type & 1 && years_below(years, ++n) == 0)
			found = years->beginners[i];
	}
	return found ? found : years->beginners[years_below(years, years->beginner_count)];
}

static bool do_arrival(struct years *years, const struct years_event *event)
{
	bool done = false;
	for (int i = 0; i < BEGIN_TRIES && !done; i++) {
		if (!make(years, what_begins(years), NULL, event->what, NULL, NULL, &done))
			return false;
	}
	return true;
}

/* A person's own file: of the type that ages are reckoned by. */
static bool do_person(struct years *years, const struct years_event *event)
{
	const struct pack *pack = years->pack;
	bool done = false;
	if (years->children[event->what].person >= 0)
		return true;
	for (size_t i = 0; i < years->beginner_count && !done; i++) {
		const struct pack_kind *kind = years->beginners[i];
		bool is_meant = false;
		for (size_t t = 0; t < pack->file_type_count; t++) {
			const struct pack_file_type *type = &pack->file_types[t];
			bool has_born = pack->born && pack->born >= type->facts &&
			                pack->born < type->facts + type->fact_count;
			is_meant = is_meant || ((kind->file_types >> type->number & 1) && has_born);
		}
		if (is_meant && !make(years, kind, NULL, event->what, NULL, NULL, &done))
			return false;
	}
	return true;
}

bool years_do(struct years *years, const struct years_event *event)
{
	switch (event->sort) {
	case YEARS_ARRIVAL:
		return do_arrival(years, event);
	case YEARS_OWED:
		return do_owed(years, event);
	case YEARS_WANTED:
		return do_wanted(years, event);
	case YEARS_JOINED:
		return do_joined(years, event);
	case YEARS_PERSON:
		return do_person(years, event);
	case YEARS_LEAVES:
	case YEARS_COMES:
	case YEARS_DAWN:
		break;
	}
	return true;
}
