/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Random histories over a fixture: people join and leave offices, concerns come
 * and are worked on or are not, some acts are refused, some wait for a second
 * reader, time passes and duties climb. A seed gives one history.
 */
#ifndef CANDOUR_TESTS_CASEBOOK_HISTORY_H
#define CANDOUR_TESTS_CASEBOOK_HISTORY_H

#include "casebook/fixture.h"

#define HISTORY_CONCERNS 96
#define HISTORY_PEOPLE   6

struct history {
	struct fixture *f;
	uint64_t state;
	struct person people[HISTORY_PEOPLE]; /* of HISTORY_OFFICES, in their order */
	bool holds[HISTORY_PEOPLE];
	struct str concerns[HISTORY_CONCERNS];
	int64_t first[HISTORY_CONCERNS]; /* entry concern.received */
	int64_t decided[HISTORY_CONCERNS];
	size_t count;
	int64_t waits_on;      /* act.waiting, or -1 */
	struct str waits_file;
	size_t outcomes[4];
};

static const char *const HISTORY_OFFICES[HISTORY_PEOPLE] = { "screener",       "team-manager",
	                                                     "social-worker",  "health-visitor",
	                                                     "dsl",            "register-administrator" };

static inline uint64_t history_draw(struct history *h, uint64_t below)
{
	h->state ^= h->state << 13;
	h->state ^= h->state >> 7;
	h->state ^= h->state << 17;
	return h->state % below;
}

static inline struct casebook_answer history_act(struct history *h, const struct casebook_actor *actor,
                                                 const char *kind, struct str file,
                                                 const struct json *fields)
{
	struct casebook_answer answer = act(h->f, actor, kind, file, fields);
	h->outcomes[answer.outcome]++;
	if (answer.outcome == CASEBOOK_WAITING) {
		h->waits_on = answer.index;
		h->waits_file = file;
	}
	return answer;
}

static inline struct json *history_fields(struct history *h, const char *text)
{
	return (struct json *)(uintptr_t)fields_of(h->f, text);
}

static inline void history_receive(struct history *h)
{
	static const char *const danger[] = { "no", "yes", "unknown" };
	struct fixture *f = h->f;
	struct json *fields = history_fields(h, "{'source':'neighbour','happening':'He hits her.',"
	                                        "'harm':['physical','emotional'],'channel':'web'}");
	json_put_text(f->arena, fields, STR("danger-now"), str_from_c(danger[history_draw(h, 3)]));
	json_put_text(f->arena, fields, STR("harm-sign"), str_from_c(danger[history_draw(h, 3)]));
	struct casebook_act what = { .actor = BY_PUBLIC,
		                     .via = CASEBOOK_WEB,
		                     .kind = STR("concern.received"),
		                     .submission = arena_format(f->arena, "s %" PRIu64 " %zu", h->state, h->count),
		                     .fields = fields,
		                     .wants_code = true };
	if (history_draw(h, 4) == 0) {
		what.has_received = what.has_happened = true;
		what.received = what.happened =
			casebook_now(f->book) - (int64_t)history_draw(h, 20) * INSTANT_PER_DAY - 4321;
	}
	struct casebook_answer answer;
	MUST(f, casebook_submit(f->book, &what, f->arena, &answer, &f->err));
	fixture_must_admit(&answer, "concern.received");
	if (h->count < HISTORY_CONCERNS) {
		h->concerns[h->count] = answer.number;
		h->first[h->count] = answer.index;
		h->decided[h->count++] = -1;
	}
}

static inline void history_decide(struct history *h, size_t c, const struct casebook_actor *actor)
{
	static const char *const decisions[] = { "none", "early-help", "assess", "strategy", "none" };
	struct fixture *f = h->f;
	struct json *fields = history_fields(h, "{'threshold':'2026','reasons':'So it is.'}");
	struct json *evidence = json_array(f->arena);
	const char *decision = decisions[history_draw(h, COUNT_OF(decisions))];
	json_push(evidence, json_integer(f->arena, h->first[c]));
	json_put(fields, STR("evidence"), evidence);
	json_put_text(f->arena, fields, STR("decision"), str_from_c(decision));
	if (strcmp(decision, "none") == 0)
		json_put_text(f->arena, fields, STR("reason-none"), STR("information-only"));
	struct casebook_answer answer = history_act(h, actor, "concern.decided", h->concerns[c], fields);
	if (answer.outcome == CASEBOOK_ADMITTED)
		h->decided[c] = answer.index;
}

/* The name of an open duty of a concern, chosen by chance. */
static inline struct str history_duty(struct history *h, size_t c)
{
	struct fixture *f = h->f;
	struct casebook_file file = file_named(f, h->concerns[c]);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_duty_list list;
	MUST(f, casebook_duties_of_file(reader, f->arena, file.n, 100, &list, &f->err));
	return list.count ? list.at[history_draw(h, list.count)].name : STR("D1.1");
}

static inline void history_on_duty(struct history *h, size_t c, const struct person *who)
{
	struct fixture *f = h->f;
	static const char *const kinds[] = { "duty.read", "duty.taken", "duty.extended" };
	const char *kind = kinds[history_draw(h, COUNT_OF(kinds))];
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("duty"), history_duty(h, c));
	if (strcmp(kind, "duty.taken") == 0)
		json_put_text(f->arena, fields, STR("to"), STR("social-worker"));
	if (strcmp(kind, "duty.extended") == 0)
		json_put_text(f->arena, fields, STR("until"),
		              instant_write(f->arena, casebook_now(f->book) + 9 * INSTANT_PER_DAY));
	json_put_text(f->arena, fields, STR("reasons"), STR("Because of the snow."));
	history_act(h, &who->actor, kind, h->concerns[c], fields);
}

static inline void history_second(struct history *h)
{
	static const char *const answers[] = { "yes", "yes", "no", "more" };
	struct fixture *f = h->f;
	if (h->waits_on < 0 || !h->holds[1])
		return;
	struct json *fields = history_fields(h, "{'reasons':'I have read it.'}");
	json_put_integer(f->arena, fields, STR("of"), h->waits_on);
	json_put_text(f->arena, fields, STR("answer"), str_from_c(answers[history_draw(h, 4)]));
	history_act(h, &h->people[1].actor, "second.given", h->waits_file, fields);
}

static inline void history_office(struct history *h, size_t p)
{
	struct fixture *f = h->f;
	if (h->holds[p] && history_draw(h, p < 2 ? 8 : 3) == 0) {
		leave(f, &h->people[p]);
		h->holds[p] = false;
	} else if (!h->holds[p]) {
		hold(f, &h->people[p], HISTORY_OFFICES[p]);
		h->holds[p] = true;
	} else {
		struct json *fields = json_object(f->arena);
		instant now = casebook_now(f->book);
		json_put_text(f->arena, fields, STR("office"), str_from_c(HISTORY_OFFICES[p]));
		json_put_text(f->arena, fields, STR("deputy"), STR("team-manager"));
		json_put_text(f->arena, fields, STR("from"), instant_write(f->arena, now));
		json_put_text(f->arena, fields, STR("until"), instant_write(f->arena, now + INSTANT_PER_DAY));
		history_act(h, &h->people[p == 1 ? 5 : 1].actor, "office.deputised", file_of_office(f, HISTORY_OFFICES[p]),
		            fields);
	}
}

static inline void history_time(struct history *h)
{
	struct fixture *f = h->f;
	static const int64_t steps[] = { INSTANT_PER_MINUTE, INSTANT_PER_HOUR, 7 * INSTANT_PER_HOUR,
		                         2 * INSTANT_PER_DAY };
	size_t fired;
	instant next;
	later(f, steps[history_draw(h, COUNT_OF(steps))]);
	MUST(f, casebook_climb(f->book, casebook_now(f->book), 64, &fired, &next, &f->err));
	if (history_draw(h, 3) == 0)
		MUST(f, casebook_beat(f->book, &f->err));
	if (history_draw(h, 4) == 0)
		MUST(f, casebook_tidy(f->book, &f->err));
}

static inline void history_read(struct history *h, size_t c, const struct person *who)
{
	struct fixture *f = h->f;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	enum casebook_seal how;
	const struct json *sealed;
	/* Who may not know of a file is told that there is none. */
	if (!casebook_open_seal(reader, &who->viewer, h->first[c], f->arena, &how, &sealed, &f->err))
		assert_int_equal(f->err.code, ERR_ABSENT);
}

static inline void history_close(struct history *h, size_t c, const struct casebook_actor *actor)
{
	struct json *fields = history_fields(h, "{'closing':'opened-in-error'}");
	if (h->decided[c] < 0)
		return;
	json_put_integer(h->f->arena, fields, STR("decision"), h->decided[c]);
	history_act(h, actor, "concern.closed", h->concerns[c], fields);
}

/* As the duty team means it to go: to the end, where a second reader is wanted. */
static inline void history_straight(struct history *h, size_t c)
{
	struct fixture *f = h->f;
	const struct casebook_actor *actor = &h->people[0].actor;
	struct str file = h->concerns[c];
	history_act(h, actor, "concern.looked", file,
	            fields_of(f, "{'danger':'none-found','checked':['own-files','police','health','school']}"));
	history_act(h, actor, "concern.acknowledged", file, fields_of(f, "{'to':'not-reachable','how':'none'}"));
	history_decide(h, c, actor);
	history_act(h, actor, "concern.told", file, fields_of(f, "{'to':'not-reachable','how':'none'}"));
	history_close(h, c, actor);
}

static inline void history_work(struct history *h, size_t c, const struct person *who)
{
	struct fixture *f = h->f;
	const struct casebook_actor *actor = &who->actor;
	struct str file = h->concerns[c];
	struct json *fields;
	switch (history_draw(h, 12)) {
	case 0:
		history_act(h, actor, "concern.acknowledged", file,
		            fields_of(f, "{'to':'not-reachable','how':'none'}"));
		break;
	case 1:
	case 2:
		history_act(h, actor, "concern.looked", file,
		            fields_of(f, history_draw(h, 2) ?
		                             "{'danger':'none-found','checked':['own-files','police','health','school']}" :
		                             "{'danger':'now','checked':['own-files']}"));
		break;
	case 3:
		fields = history_fields(h, "{'lawful-basis':'public-task','question':'Is she known to you?'}");
		json_put_text(f->arena, fields, STR("office"), STR("health-visitor"));
		json_put_bool(f->arena, fields, STR("urgent"), history_draw(h, 2) == 0);
		history_act(h, actor, "concern.asked", file, fields);
		break;
	case 4:
		history_act(h, &h->people[3].actor, "concern.answered", file, fields_of(f, "{'knows':'nothing','answer':'No.'}"));
		break;
	case 5:
	case 6:
		history_decide(h, c, actor);
		break;
	case 7:
		history_act(h, actor, "concern.told", file, fields_of(f, "{'to':'not-reachable','how':'none'}"));
		break;
	case 8:
		history_close(h, c, actor);
		break;
	case 9:
		history_act(h, history_draw(h, 2) ? &h->people[1].actor : actor, "note.made", file, fields_of(f, "{'text':'She moved.','topic':'strategy-held'}"));
		break;
	case 10:
		fields = history_fields(h, "{'because':'I must know now.'}");
		json_put_text(f->arena, fields, STR("until"),
		              instant_write(f->arena, casebook_now(f->book) + INSTANT_PER_HOUR));
		history_act(h, actor, "access.broken", file, fields);
		break;
	default:
		fields = history_fields(h, "{'field':'threshold','why':'mistyped','value':'2025'}");
		json_put_integer(f->arena, fields, STR("of"), h->decided[c] < 0 ? h->first[c] : h->decided[c]);
		history_act(h, actor, "entry.corrected", file, fields);
		break;
	}
}

static inline void history_step(struct history *h)
{
	uint64_t what = history_draw(h, 20);
	/* Mostly the newest ones, so that some come to their end. */
	size_t newest = h->count < 6 || history_draw(h, 8) == 0 ? h->count : 6;
	size_t c = h->count ? h->count - 1 - (size_t)history_draw(h, newest) : 0;
	size_t p = (size_t)history_draw(h, HISTORY_PEOPLE);
	if (what < 2 || h->count == 0)
		history_receive(h);
	else if (!h->holds[0] && history_draw(h, 3) == 0)
		history_office(h, 0);
	else if (what < 3)
		history_straight(h, c);
	else if (what < 11)
		history_work(h, c, &h->people[history_draw(h, 5) ? 0 : p]);
	else if (what < 13)
		history_on_duty(h, c, &h->people[p]);
	else if (what < 14)
		history_second(h);
	else if (what < 15)
		history_office(h, p);
	else if (what < 17)
		history_read(h, c, &h->people[p]);
	else
		history_time(h);
}

/* Everybody joins, holding or not. */
static inline void history_begin(struct history *h, struct fixture *f, uint64_t seed)
{
	*h = (struct history){ .f = f, .state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1, .waits_on = -1 };
	for (size_t p = 0; p < HISTORY_PEOPLE; p++) {
		h->people[p] = account_named(f, str_to_c(f->arena, arena_format(f->arena, "person%zu", p)));
		hold(f, &h->people[p], HISTORY_OFFICES[p]);
		h->holds[p] = true;
	}
}

static inline void history_run(struct history *h, int steps)
{
	for (int i = 0; i < steps; i++)
		history_step(h);
}

#endif
