/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The laws of what is owed, over packs, charts, holders, absences, acts,
 * patterns and outages by chance. Every
 * entry is looked at as it appears, against a reckoning of its own that knows
 * the pack and who holds what, and nothing of the views. Each register then
 * verifies: every pattern that was there was found, and no other.
 *
 *	CANDOUR_RANDOM_PACKS=10000   how many, else 150 (under sanitisers, which take their time, 100)
 *	SEED=17                      that one alone
 */
#include "casebook/fixture.h"
#include "casebook/random_pack.h"
#include "casebook/random_world.h"

#ifdef __SANITIZE_ADDRESS__
#define PACKS 100
#else
#define PACKS 150
#endif

/* --- what people do ------------------------------------------------------------------------- */

static struct str type_name(struct world *w, int type)
{
	return arena_format(w->f.arena, "t%d", type);
}

static struct str day_near(struct world *w, int most)
{
	instant at = w->now + (int64_t)below(w, most) * INSTANT_PER_DAY;
	return day_write(w->f.arena, zone_day(w->pack->zone, at));
}

static struct json *random_fields(struct world *w, const struct pack_kind *kind)
{
	struct arena *arena = w->f.arena;
	struct json *fields = json_object(arena);
	if (pack_field_find(kind, STR("c")))
		json_put_text(arena, fields, STR("c"), str_from_c(below(w, 3) == 0 ? "a" : below(w, 2) ? "b" : "x"));
	if (pack_field_find(kind, STR("until")))
		json_put_text(arena, fields, STR("until"), day_near(w, 12));
	if (pack_field_find(kind, STR("since")) && below(w, 2))
		json_put_text(arena, fields, STR("since"),
		              instant_write(arena, w->now - (int64_t)below(w, 20 * 24) * INSTANT_PER_HOUR));
	if (pack_field_find(kind, STR("month")) && below(w, 4))
		json_put_text(arena, fields, STR("month"), arena_format(arena, "2009-%02d", 1 + below(w, 12)));
	if (pack_field_find(kind, STR("follows")))
		json_put_text(arena, fields, STR("follows"), below(w, 2) ? STR("not-a-pattern") : STR("in-hand"));
	const struct pack_field *other = pack_field_find(kind, STR("other"));
	for (int n = w->file_count; other && n > 0; n--) { /* mostly of a type that it may name */
		const struct file_known *file = &w->files[below(w, w->file_count)];
		const struct pack_file_type *type = pack_file_type_find(w->pack, type_name(w, file->type));
		json_put_text(arena, fields, STR("other"), file->id);
		if (other->of_file_types >> type->number & 1)
			break;
	}
	if (pack_field_find(kind, STR("next")) && below(w, 2))
		json_put_text(arena, fields, STR("next"), below(w, 4) ? STR("wait") : STR("ask"));
	if (pack_field_find(kind, STR("who")) && below(w, 4)) {
		struct json *who = json_array(arena);
		for (int n = 1 + below(w, 3); n > 0; n--)
			json_push(who, json_string(arena, any_office(w)->name));
		json_put(fields, STR("who"), who);
	}
	return fields;
}

static void send(struct world *w, const struct casebook_actor *actor, struct str kind, struct str file,
                 const struct json *fields, struct casebook_answer *answer)
{
	struct casebook_act act = { .actor = *actor,
		                    .via = actor->by == CASEBOOK_BY_REGISTER ? CASEBOOK_REGISTER : CASEBOOK_API,
		                    .kind = kind,
		                    .file = file,
		                    .fields = fields };
	if (actor->by != CASEBOOK_BY_REGISTER && below(w, 4) == 0) {
		act.has_received = true;
		act.received = w->now - (int64_t)below(w, 30 * 24) * INSTANT_PER_HOUR;
	}
	if (actor->by != CASEBOOK_BY_REGISTER && below(w, 4) == 0) {
		act.has_happened = true;
		act.happened = w->now - (int64_t)below(w, 10 * 24) * INSTANT_PER_HOUR;
	}
	MUST(&w->f, casebook_submit(w->f.book, &act, w->f.arena, answer, &w->f.err));
	LAW(w, answer->outcome != CASEBOOK_FAILED || answer->err.code != ERR_FAULT, "a fault: %s (%s), %.*s",
	    answer->err.message, answer->err.context, STR_ARG(kind));
	w->acts++;
	w->admitted += answer->outcome == CASEBOOK_ADMITTED;
	w->refused += answer->outcome == CASEBOOK_REFUSED;
	look(w);
}

static void begin_file(struct world *w)
{
	int type = below(w, w->drawn.types);
	struct casebook_actor actor = BY_PUBLIC;
	struct casebook_answer answer;
	struct str kind = arena_format(w->f.arena, "t%d.begun", type);
	if (below(w, 3) && !somebody(w, any_office(w), &actor))
		actor = BY_PUBLIC;
	send(w, &actor, kind, STR_NONE, random_fields(w, pack_kind_find(w->pack, kind)), &answer);
	if (answer.outcome == CASEBOOK_ADMITTED && w->file_count < WORLD_FILES_MAX) {
		w->files[w->file_count].type = type;
		w->files[w->file_count++].id = arena_copy(w->f.arena, answer.file);
	}
}

/* Any kind of the file's type, mostly by whoever owes something on it. */
static void act_on_file(struct world *w)
{
	static const char *const ends[] = { "moved",  "noted", "answered", "closed", "reopened", "joined", "did",
		                            "parted", "joined", "considered", "moved", "joined", "moved", "closed" };
	if (w->file_count == 0)
		return;
	struct file_known *file = &w->files[below(w, w->file_count)];
	struct casebook_actor actor;
	struct casebook_answer answer;
	const char *end = ends[below(w, COUNT_OF(ends))];
	const struct duty_known *owed = open_duty_of(w, file);
	const struct pack_office *office = owed && below(w, 4) ? owed->office : any_office(w);
	int n = below(w, w->drawn.duties[file->type]);
	if (owed && below(w, 2) && str_starts(owed->rule->name, STR("T1"))) {
		end = "did";
		n = owed->rule->name.p[owed->rule->name.n - 1] - '0';
	}
	struct str kind = arena_format(w->f.arena, strcmp(end, "did") ? "%.*s.%s" : "%.*s.%s%d",
	                               STR_ARG(type_name(w, file->type)), end, n);
	if (!somebody(w, office, &actor) && !somebody(w, any_office(w), &actor))
		return;
	send(w, &actor, kind, file->id, random_fields(w, pack_kind_find(w->pack, kind)), &answer);
	if (answer.outcome == CASEBOOK_WAITING) {
		w->waiting = answer.index;
		w->waiting_file = file->id;
		w->waiting_role = arena_copy(w->f.arena, answer.roles[0]);
	}
}

static bool do_on(struct world *w, const struct file_known *file, const char *end, const struct pack_office *office,
                  struct json *fields)
{
	struct str kind = arena_format(w->f.arena, "%.*s.%s", STR_ARG(type_name(w, file->type)), end);
	struct casebook_actor actor;
	struct casebook_answer answer;
	if (!(office && somebody(w, office, &actor)) && !somebody(w, any_office(w), &actor))
		return false;
	if (!fields)
		fields = random_fields(w, pack_kind_find(w->pack, kind));
	send(w, &actor, kind, file->id, fields, &answer);
	return answer.outcome == CASEBOOK_ADMITTED;
}

/* Whatever is owed on a file is done, and it ends, where nothing stands against it. */
static void end_file(struct world *w, const struct file_known *file)
{
	for (int n = 0; n < 12; n++) {
		const struct duty_known *owed = open_duty_of(w, file);
		char end[8] = "closed";
		if (owed && str_starts(owed->rule->name, STR("T1")))
			(void)snprintf(end, sizeof end, "did%c", owed->rule->name.p[owed->rule->name.n - 1]);
		const char *what = !owed                                     ? "closed" :
		                   str_starts(owed->rule->name, STR("T3"))  ? "answered" :
		                   str_eq(owed->rule->name, STR("T90"))     ? "considered" :
		                                                              end;
		if (!do_on(w, file, what, owed ? owed->office : NULL, NULL) || !owed)
			return;
	}
}

/* One file is joined to another, which may end; then something happens on the first. */
static void touch_another(struct world *w)
{
	struct json *fields = json_object(w->f.arena);
	if (w->file_count == 0)
		return;
	const struct file_known *file = &w->files[below(w, w->file_count)];
	const struct file_known *other = &w->files[below(w, w->file_count)];
	json_put_text(w->f.arena, fields, STR("other"), other->id);
	if (!do_on(w, file, "joined", NULL, fields))
		return;
	if (below(w, 2) && other != file)
		end_file(w, other);
	for (int n = 1 + below(w, 2); n > 0; n--)
		(void)do_on(w, file, "moved", NULL, NULL);
	if (below(w, 3) == 0)
		(void)do_on(w, other, "answered", NULL, NULL);
}

static void agree(struct world *w)
{
	struct casebook_actor actor;
	struct casebook_answer answer;
	struct json *fields = json_object(w->f.arena);
	if (w->waiting < 0 || !somebody(w, office_named(w, w->waiting_role), &actor))
		return;
	json_put_integer(w->f.arena, fields, STR("of"), w->waiting);
	json_put_text(w->f.arena, fields, STR("answer"), below(w, 4) ? STR("yes") : STR("no"));
	json_put_text(w->f.arena, fields, STR("reasons"), STR("It was read."));
	send(w, &actor, STR("second.given"), w->waiting_file, fields, &answer);
	w->waiting = -1;
}

static void change_holder(struct world *w, bool holds, const struct pack_office *office, int account)
{
	struct json *fields = json_object(w->f.arena);
	struct casebook_answer answer;
	if (w->holds[office->number][account] == holds)
		return;
	json_put_text(w->f.arena, fields, STR("office"), office->name);
	json_put_text(w->f.arena, fields, STR("account"), w->account[account]);
	send(w, &BY_REGISTER, holds ? STR("office.held") : STR("office.left"), office_file(w, office), fields, &answer);
	LAW(w, answer.outcome == CASEBOOK_ADMITTED, "a holder is not named: %s", answer.err.message);
}

/* Insiders hold what is inside; each that stands apart has somebody of its own. */
static void change_some_holder(struct world *w)
{
	const struct pack_office *office = any_office(w);
	int account = office->is_independent ? INSIDERS + office->name.p[office->name.n - 1] - '0' :
	              office->is_outside     ? INSIDERS + 2 + office->name.p[office->name.n - 1] - '0' :
	                                       below(w, INSIDERS);
	change_holder(w, !w->holds[office->number][account], office, account);
}

static void deputise(struct world *w)
{
	const struct pack_office *office = any_office(w), *deputy = any_office(w);
	struct json *fields = json_object(w->f.arena);
	struct casebook_answer answer;
	if (office->is_outside || office->is_independent || deputy->is_outside || deputy->is_independent)
		return;
	json_put_text(w->f.arena, fields, STR("office"), office->name);
	json_put_text(w->f.arena, fields, STR("deputy"), deputy->name);
	json_put_text(w->f.arena, fields, STR("from"), instant_write(w->f.arena, w->now));
	json_put_text(w->f.arena, fields, STR("until"), instant_write(w->f.arena, w->now + 5 * INSTANT_PER_DAY));
	send(w, &BY_REGISTER, STR("office.deputised"), office_file(w, office), fields, &answer);
}

/* The duty is passed on, extended, or read by who was told. */
static void move_duty(struct world *w)
{
	static const char *const kinds[] = { "duty.taken", "duty.extended", "duty.read" };
	int which = below(w, 3);
	struct json *fields = json_object(w->f.arena);
	struct casebook_answer answer;
	struct casebook_actor actor;
	struct duty_known *duty = any_open_duty(w, which == 2);
	if (!duty)
		return;
	const struct duty_known *about = duty->about >= 0 ? known_duty(w, duty->about) : duty;
	const struct pack_office *by = which == 1 && duty->office->line ? duty->office->line : duty->office;
	if (!about || !somebody(w, by, &actor))
		return;
	instant due = duty->due;
	json_put_text(w->f.arena, fields, STR("duty"), about->name);
	if (which == 0)
		json_put_text(w->f.arena, fields, STR("to"), inside_office(w)->name);
	if (which == 1)
		json_put_text(w->f.arena, fields, STR("until"), instant_write(w->f.arena, due + INSTANT_PER_DAY));
	if (which > 0)
		json_put_text(w->f.arena, fields, STR("reasons"), STR("It was weighed."));
	send(w, &actor, str_from_c(kinds[which]), id_of_file(w, about->file), fields, &answer);
	LAW(w, duty->due == due, "L6: the due time of %.*s moved", STR_ARG(duty->name));
	bool admitted = answer.outcome == CASEBOOK_ADMITTED;
	if (which == 1 && duty->rule->is_extendable && duty->office->line)
		LAW(w, admitted && duty->agreed == due + INSTANT_PER_DAY, "%.*s was not extended: %.*s",
		    STR_ARG(duty->name), STR_ARG(answer.sentence));
	if (which == 1 && !duty->rule->is_extendable)
		LAW(w, !admitted && !duty->agreed, "X2: %.*s was extended", STR_ARG(duty->name));
	if (which == 2)
		LAW(w, admitted && !duty->is_open, "%.*s was read, and is still to be read: %.*s",
		    STR_ARG(duty->name), STR_ARG(answer.sentence));
}

/* --- time ----------------------------------------------------------------------------------- */

static size_t climb(struct world *w, instant *next)
{
	size_t fired;
	MUST(&w->f, casebook_climb(w->f.book, w->now, 64, &fired, next, &w->f.err));
	w->climbs += (int64_t)fired;
	look(w);
	return fired;
}

/* What time alone makes true; `next`: when the next night is. */
static void look_at_night(struct world *w, instant *next)
{
	bool is_done = false;
	while (!is_done) {
		size_t found;
		MUST(&w->f, casebook_night(w->f.book, w->now, &found, next, &is_done, &w->f.err));
		w->found_by_night += (int64_t)found;
		look(w);
	}
}

/* The clock goes: each rung at its own moment. Without an end: until nothing is left to climb. */
static void run_until(struct world *w, instant until)
{
	instant next, night;
	for (;;) {
		look_at_night(w, &night);
		while (climb(w, &next) > 0 && next && next <= w->now)
			;
		if (night && (next ? night < next : until != INSTANT_MAX))
			next = night;
		if (!next || next > until)
			break;
		LAW(w, next > w->now, "the clock stands still at %" PRId64, next);
		set_time(w, next);
	}
	if (until != INSTANT_MAX)
		set_time(w, until);
}

static void one_thing(struct world *w)
{
	switch (below(w, 14)) {
	case 12:
	case 13:
		touch_another(w);
		return;
	case 0:
		begin_file(w);
		return;
	case 1:
		change_some_holder(w);
		return;
	case 2:
		deputise(w);
		return;
	case 3:
		agree(w);
		return;
	case 4:
	case 5:
		move_duty(w);
		return;
	case 6:
		reopen(w);
		return;
	default:
		act_on_file(w);
	}
}

/* Nobody runs the clock for some days; acts go on. Then everything due fires once, and says late. */
static void outage(struct world *w)
{
	instant next;
	for (int n = 1 + below(w, 3); n > 0; n--) {
		set_time(w, w->now + (int64_t)(1 + below(w, 60)) * INSTANT_PER_HOUR);
		one_thing(w);
	}
	w->is_outage = true;
	w->step_at = INSTANT_MIN;
	while (climb(w, &next) > 0)
		;
	w->is_outage = false;
	LAW(w, !next || next > w->now, "something due did not fire after an outage");
	LAW(w, climb(w, &next) == 0, "something fired twice");
}

static void name_holders(struct world *w)
{
	const struct pack *pack = w->pack;
	bool one_for_all = below(w, 4) == 0;
	for (size_t i = 0; i < pack->office_count; i++) {
		const struct pack_office *office = &pack->offices[i];
		if (office->is_independent || office->is_outside) {
			if (below(w, 2))
				change_holder(w, true, office,
				              INSIDERS + (office->is_outside ? 2 : 0) + office->name.p[office->name.n - 1] - '0');
			continue;
		}
		for (int n = one_for_all ? 1 : below(w, 3); n > 0; n--)
			change_holder(w, true, office, one_for_all ? 0 : below(w, INSIDERS));
	}
}

static void live(struct world *w)
{
	name_holders(w);
	for (int n = 1 + below(w, 4); n > 0; n--)
		begin_file(w);
	for (int n = 12 + below(w, 16); n > 0; n--) {
		one_thing(w);
		if (below(w, 4) == 0)
			outage(w);
		else if (below(w, 2))
			run_until(w, w->now + (int64_t)below(w, 100) * INSTANT_PER_HOUR);
	}
	/* Then nobody does anything any more. */
	if (below(w, 2))
		outage(w);
	run_until(w, INSTANT_MAX);
	all_was_told_outside(w);
}

/* Every pattern that was there was found, and no other, whichever form it asks. */
static void must_verify(struct world *w)
{
	struct casebook_options options = { .vfs = store_shim_name(w->shim) };
	struct casebook_verified found;
	casebook_close(w->f.book);
	w->f.book = NULL;
	MUST(&w->f, casebook_verify_on(&options, w->f.dir, CASEBOOK_VERIFY_WHOLE, w->f.arena, NULL, NULL, &found,
	                               &w->f.err));
	/* The accounts are made up: nobody signed in by them. That is looked at last of all. */
	if (found.ok || str_eq(found.difference.where, STR("account.newest")))
		return;
	open_world(w);
	LAW(w, found.ok, "verify: entry %" PRId64 ": %.*s", found.difference.index, STR_ARG(found.difference.what));
}

static void one_world(struct tally *tally, uint64_t seed)
{
	struct world *w = world_make(seed);
	live(w);
	must_verify(w);
	tally->found += w->found;
	tally->found_by_night += w->found_by_night;
	tally->packs++;
	tally->acts += w->acts;
	tally->admitted += w->admitted;
	tally->refused += w->refused;
	tally->climbs += w->climbs;
	tally->duties += (int64_t)w->duty_count;
	tally->vacancies += w->vacancies;
	tally->late_steps += w->late_steps;
	tally->born_late += w->born_late;
	tally->drawn_again += w->drawn_again;
	tally->felt += w->felt;
	tally->not_felt += w->not_felt;
	tally->opened_on_ended += w->opened_on_ended;
	world_end(w);
}

static void whatever_the_pack_the_chart_and_the_holders_the_laws_hold(void **state) /* L4 L5 L6 */
{
	struct tally tally = { 0 };
	const char *seed = file_environment("SEED"), *packs = file_environment("CANDOUR_RANDOM_PACKS");
	uint64_t first = 1, count = PACKS;
	(void)state;
	if (packs)
		assert_true(str_to_u64(str_from_c(packs), 100000000, &count));
	if (seed) {
		assert_true(str_to_u64(str_from_c(seed), UINT64_MAX, &first));
		count = packs ? count : 1;
	}
	for (uint64_t at = first; at < first + count; at++)
		one_world(&tally, at);
	print_message("%" PRId64 " packs (%" PRId64 " drawn again), %" PRId64 " acts: %" PRId64 " admitted, %" PRId64
	              " refused; %" PRId64 " duties, %" PRId64 " climbs, %" PRId64 " late ones, %" PRId64
	              " born late, %" PRId64 " vacancies told, %" PRId64 " patterns, %" PRId64 " of them by night; %" PRId64 " written on linked files, %" PRId64
	              " not allowed there, %" PRId64 " owed on ended ones\n",
	              tally.packs, tally.drawn_again, tally.acts, tally.admitted, tally.refused, tally.duties,
	              tally.climbs, tally.late_steps, tally.born_late, tally.vacancies, tally.found, tally.found_by_night,
	              tally.felt, tally.not_felt, tally.opened_on_ended);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_the_pack_the_chart_and_the_holders_the_laws_hold),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
