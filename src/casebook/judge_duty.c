/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Judging who may pass a duty on, to whom, agree a later time, and read what was told. */
#include "casebook/chart.h"
#include "casebook/fold_parts.h"
#include "casebook/turn_parts.h"
#include "casebook/world.h"

#define PLAIN_DEPTH 8

static bool refuse(struct verdict *verdict, struct str because, struct str sentence)
{
	verdict->judgement = JUDGED_REFUSED_ACCESS;
	verdict->because = because;
	verdict->sentence = sentence;
	return true;
}

struct named_duty {
	int64_t id;
	int64_t file;
	struct str rule;
	struct str office;
	instant due;
	bool is_open;
};

static bool find_duty(struct turn *turn, struct str name, struct named_duty *out, bool *found,
                      struct err *err)
{
	static const char DUTY_SQL[] =
		"SELECT file, rule, office, due, closed FROM duty WHERE id = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	*found = duty_name_read(name, &out->id);
	if (!*found)
		return true;
	if (!store_prepare(turn->store, DUTY_SQL, &read, err))
		return false;
	store_bind_int(read, 1, out->id);
	enum store_step step = store_step(read, err);
	*found = step == STORE_ROW;
	if (!*found)
		return step != STORE_FAILED;
	out->file = store_int(read, 0);
	out->rule = arena_copy(turn->fold->arena, store_str(read, 1));
	out->office = arena_copy(turn->fold->arena, store_str(read, 2));
	out->due = store_int(read, 3);
	out->is_open = store_is_null(read, 4);
	return true;
}

/* X1, X2: only what the rules let be extended, by the office one step up, to a later time. */
static void judge_extension(struct turn *turn, const struct judged *judged,
                            const struct named_duty *duty, struct verdict *verdict)
{
	const struct chart *chart = turn->fold->chart;
	const struct pack_duty *rule = pack_duty_find(turn->fold->pack, duty->rule);
	const struct chart_office *owner = chart_find(chart, duty->office);
	const struct chart_office *acting = chart_find(chart, judged->act->actor.office);
	instant until = 0;
	if (!rule || !rule->is_extendable)
		refuse(verdict, STR("not-extendable"),
		       STR("This time limit cannot be extended; record why it was missed instead"));
	else if (!owner || !acting || chart_above(chart, owner) != acting)
		refuse(verdict, STR("not-above"),
		       STR("A later time is agreed by the office above the one that owes it"));
	else if (!instant_read(json_text(judged->plain, STR("until")), &until) ||
	         until <= duty->due)
		refuse(verdict, STR("not-later"),
		       STR("The time agreed must be later than the one that stands"));
}

static bool owes_reading(struct turn *turn, const struct judged *judged,
                         const struct named_duty *duty, bool *owes, struct err *err)
{
	/* By duty_about. */
	static const char TOLD_SQL[] =
		"SELECT 1 FROM duty WHERE about = ?1 AND office = ?2 AND closed IS NULL";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	*owes = str_eq(duty->office, judged->act->actor.office);
	if (*owes)
		return true;
	if (!store_prepare(turn->store, TOLD_SQL, &found, err))
		return false;
	store_bind_int(found, 1, duty->id);
	store_bind_str(found, 2, judged->act->actor.office);
	enum store_step step = store_step(found, err);
	*owes = step == STORE_ROW;
	return step != STORE_FAILED;
}

/* Who broke the glass does not review it himself, in whatever office; and a review has reasons
 *. */
static bool judge_review(struct turn *turn, const struct judged *judged,
                         const struct named_duty *duty, struct verdict *verdict, struct err *err)
{
	static const char HEADER_SQL[] = "SELECT header FROM entry WHERE idx = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	struct log_header header;
	if (!turn->fold->pack->broken_duty ||
	    !str_eq(duty->rule, turn->fold->pack->broken_duty->name))
		return true;
	if (!json_text(judged->sealed, STR("reasons")).n)
		return refuse(verdict, STR("no-reasons"),
		              STR("Write what you found: a review needs its reasons"));
	if (!store_prepare(turn->store, HEADER_SQL, &read, err))
		return false;
	store_bind_int(read, 1, duty->id / FOLD_ORDINAL_BASE);
	enum store_step step = store_step(read, err);
	if (step != STORE_ROW || store_is_null(read, 0))
		return step != STORE_FAILED;
	if (!log_header_read(store_blob(read, 0), &header, err))
		return false;
	return header.by != LOG_BY_ACCOUNT ||
	       !str_eq(id_str(&header.account), judged->act->actor.account) ||
	       refuse(verdict, STR("own"), STR("Whoever broke the glass does not review it"));
}

static bool judge_reading(struct turn *turn, const struct judged *judged,
                          const struct named_duty *duty, struct verdict *verdict, struct err *err)
{
	bool owes;
	if (!owes_reading(turn, judged, duty, &owes, err))
		return false;
	if (!owes)
		return refuse(verdict, STR("not-told"),
		              STR("Your office was not told of this duty"));
	return judge_review(turn, judged, duty, verdict, err);
}

static bool is_outside(const struct chart_office *office)
{
	return office && office->role && office->role->is_outside;
}

/* The role itself, or one that the pack lets stand in for it: deputies count as the role
 *. */
static bool serves(const struct pack_office *role, const struct pack_office *wanted)
{
	if (role == wanted)
		return true;
	for (size_t i = 0; i < wanted->deputy_count; i++) {
		if (wanted->deputies[i] == role)
			return true;
	}
	return false;
}

static bool names_roles(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		if (kind->by[i].sort == PACK_BY_ROLE)
			return true;
	}
	return false;
}

/* Where the kind names offices besides whoever owes, what is owed is not made another's by being
 * passed to him: `takes`, he takes it over himself. */
static bool may_make(const struct pack_kind *kind, const struct pack_duty *rule,
                     const struct pack_office *role, bool takes)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		const struct pack_by *by = &kind->by[i];
		/* Who began the file may hold any office. */
		if (by->sort == PACK_BY_ANYONE || by->sort == PACK_BY_FIRST_ACCOUNT ||
		    (by->sort == PACK_BY_OWNER && by->duty == rule &&
		     (takes || !names_roles(kind))) ||
		    (by->sort == PACK_BY_ROLE && serves(role, by->role)))
			return true;
	}
	return false;
}

static bool settles(const struct pack_kind *kind, const struct pack_duty *rule)
{
	for (size_t i = 0; i < kind->settle_count; i++) {
		if (kind->settles[i].duty == rule)
			return true;
	}
	return false;
}

static bool can_settle(const struct chart *chart, const struct pack_duty *rule,
                       const struct chart_office *office, bool takes)
{
	const struct pack *pack = chart->pack;
	for (size_t i = 0; office->role && i < pack->kind_count; i++) {
		if (settles(&pack->kinds[i], rule) &&
		    may_make(&pack->kinds[i], rule, office->role, takes))
			return true;
	}
	return false;
}

/* The offices that may do what settles a duty of `rule`, for the sentence. */
static struct str who_settles(struct turn *turn, const struct pack_duty *rule)
{
	const struct chart *chart = turn->fold->chart;
	struct str all = STR("");
	for (size_t i = 0; i < chart->office_count; i++) {
		const struct chart_office *office = &chart->offices[i];
		struct str pieces[3] = { all, STR(", "), office->title };
		if (can_settle(chart, rule, office, false))
			all = all.n ? arena_join(turn->fold->arena, pieces, 3) : office->title;
	}
	return all;
}

/*
 * A duty goes to an office of the partnership that can do what settles it. A
 * duty whose owner cannot either (the pack's check advises of such) goes to any.
 */
static void judge_receiver(struct turn *turn, const struct named_duty *duty,
                           const struct chart_office *owner, const struct chart_office *to,
                           bool takes, struct verdict *verdict)
{
	const struct chart *chart = turn->fold->chart;
	const struct pack_duty *rule = pack_duty_find(turn->fold->pack, duty->rule);
	if (!to)
		refuse(verdict, STR("no-office"), STR("There is no such office"));
	else if (is_outside(to))
		refuse(verdict, STR("outside"),
		       STR("An office outside the partnership is told what is late; it owes nothing"));
	else if (rule == turn->fold->pack->second_duty && !str_eq(to->role_name, owner->role_name))
		refuse(verdict, STR("cannot-settle"),
		       STR("A second reader is wanted in this very role; pass it to another office of the same role"));
	else if (rule && !rule->is_built_in && !can_settle(chart, rule, to, takes) &&
	         can_settle(chart, rule, owner, false))
		refuse(verdict, STR("cannot-settle"),
		       arena_format(
			       turn->fold->arena,
			       "That office may not do what settles this duty. It can be passed to: %.*s",
			       STR_ARG(who_settles(turn, rule))));
}

/* The entry lies on the file of the office that hands over, and would tell of it what is another's.
 */
static bool refuse_foreign(struct turn *turn, const struct judged *judged,
                           const struct named_duty *duty, struct verdict *verdict)
{
	return refuse(
		verdict, STR("other-office"),
		arena_format(
			turn->fold->arena,
			"The duty %.*s is owed by the office %.*s, not by %.*s; it is handed over by"
			" the office that owes it",
			STR_ARG(json_text(judged->plain, STR("duty"))), STR_ARG(duty->office),
			STR_ARG(json_text(judged->plain, STR("office")))));
}

bool judge_duty(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                struct err *err)
{
	const struct chart *chart = turn->fold->chart;
	const struct chart_office *acting = chart_find(chart, judged->act->actor.office);
	struct named_duty duty;
	bool found;
	if (!find_duty(turn, json_text(judged->plain, STR("duty")), &duty, &found, err))
		return false;
	bool is_hand_over = str_eq(judged->kind->name, STR("office.handed-over"));
	/* A hand-over that names no duty tells of what went with the office: drafts. */
	if (is_hand_over && !json_member(judged->plain, STR("duty")))
		return true;
	if (!found)
		return refuse(verdict, STR("no-duty"), STR("There is no such duty"));
	const struct chart_office *owner = chart_find(chart, duty.office);
	bool is_above =
		acting && owner && (acting == owner || chart_is_above(chart, acting, owner));
	if (!is_hand_over && judged->row && duty.file != judged->row->n)
		return refuse(verdict, STR("other-file"), STR("This duty belongs to another file"));
	if (str_eq(judged->kind->name, STR("duty.read")))
		return judge_reading(turn, judged, &duty, verdict, err);
	if (!duty.is_open)
		return refuse(verdict, STR("closed"), STR("This duty is not open any more"));
	if (is_hand_over && !str_eq(duty.office, json_text(judged->plain, STR("office"))))
		return refuse_foreign(turn, judged, &duty, verdict);
	if (str_eq(judged->kind->name, STR("duty.extended")))
		judge_extension(turn, judged, &duty, verdict);
	else if (!is_above)
		refuse(verdict, STR("not-owner"),
		       STR("A duty is passed on by the office that owes it, or one above it"));
	else
		judge_receiver(turn, &duty, owner,
		               chart_find(chart, json_text(judged->plain, STR("to"))), false,
		               verdict);
	return true;
}

/* --- duties that go over with an entry ------------------------------------------------------- */

struct offer {
	struct arena *arena;
	const struct json *plain; /* NULL: nothing was offered */
	struct str office;
	struct err unread;
};

static bool take_offer(void *ctx, const struct pack_seen *seen)
{
	struct offer *offer = ctx;
	if (!json_read(offer->arena, arena_copy(offer->arena, seen->plain), PLAIN_DEPTH,
	               &offer->plain, &offer->unread))
		offer->plain = NULL;
	offer->office = arena_copy(offer->arena, seen->office);
	return false; /* the newest */
}

static bool names_value(const struct json *value, struct str name)
{
	if (!value || value->type != JSON_ARRAY)
		return value && value->type == JSON_STRING && str_eq(value->string, name);
	for (const struct json *one = value->first; one; one = one->next) {
		if (one->type == JSON_STRING && str_eq(one->string, name))
			return true;
	}
	return false;
}

static bool refuse_named(struct turn *turn, struct verdict *verdict, struct str because,
                         struct str name, const char *what)
{
	refuse(verdict, because,
	       arena_format(turn->fold->arena, "The duty %.*s %s", STR_ARG(name), what));
	verdict->judgement = JUDGED_REFUSED_DOOR;
	return true;
}

/* Each is offered by whoever owes it, or stands above; it is open here, and the acting office can
 * do what settles it. */
static bool judge_taken(struct turn *turn, const struct judged *judged, const struct offer *offer,
                        struct str name, struct verdict *verdict, struct err *err)
{
	const struct chart *chart = turn->fold->chart;
	struct named_duty duty;
	bool found;
	if (!find_duty(turn, name, &duty, &found, err))
		return false;
	if (!found || !judged->row || duty.file != judged->row->n || !duty.is_open)
		return refuse_named(turn, verdict, STR("no-duty"), name,
		                    "is not open on this file; leave it out");
	if (!names_value(json_member(offer->plain, judged->kind->takes->offered), name))
		return refuse_named(turn, verdict, STR("not-offered"), name,
		                    "was not offered to you; leave it out, or ask for it");
	const struct chart_office *owner = chart_find(chart, duty.office);
	const struct chart_office *from = chart_find(chart, offer->office);
	if (!owner || !from || (owner != from && !chart_is_above(chart, from, owner)))
		return refuse_named(
			turn, verdict, STR("not-owner"), name,
			"is not owed by whoever offered it, or by an office below; leave"
			" it out");
	judge_receiver(turn, &duty, owner, chart_find(chart, judged->act->actor.office), true,
	               verdict);
	return true;
}

bool judge_takes(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                 struct err *err)
{
	const struct pack_takes *takes = judged->kind->takes;
	const struct json *named = takes ? json_member(judged->plain, takes->duties) : NULL;
	struct offer offer = { .arena = turn->fold->arena };
	struct world world;
	struct pack_world shown;
	if (!named || !judged->row)
		return true;
	judge_world(turn, judged, &world, &shown);
	if (!shown.calls->entries(&shown, &takes->offer, 1, NULL, take_offer, &offer, err))
		return false;
	const struct json *one = named->type == JSON_ARRAY ? named->first : named;
	for (; one && verdict->judgement == JUDGED_ADMITTED;
	     one = named->type == JSON_ARRAY ? one->next : NULL) {
		if (!judge_taken(turn, judged, &offer, one->string, verdict, err))
			return false;
	}
	return true;
}
