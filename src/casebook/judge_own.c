/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The register's own kinds: who may name holders, end accounts, adopt packs
 * (design 8, People; settled 1). Nobody acts on his own office, rights or
 * credentials; who is outside stays outside.
 */
#include "casebook/chart.h"
#include "casebook/fold_parts.h"
#include "casebook/turn.h"

static bool refuse(struct verdict *verdict, struct str because, struct str sentence)
{
	verdict->judgement = JUDGED_REFUSED_ACCESS;
	verdict->because = because;
	verdict->sentence = sentence;
	return true;
}

static bool is_administrator(const struct chart_office *office)
{
	return office && str_eq(office->role_name, STR("register-administrator"));
}

static bool stands_apart(const struct chart_office *office)
{
	return office->role && (office->role->is_outside || office->role->is_independent);
}

/* Whether `account` holds some other office, and whether one of those stands apart. */
static void other_offices(const struct chart *chart, const struct chart_office *office, struct str account,
                          bool *any, bool *apart)
{
	*any = *apart = false;
	for (size_t i = 0; i < chart->office_count; i++) {
		if (&chart->offices[i] == office || !chart_holds(&chart->offices[i], account))
			continue;
		*any = true;
		*apart = *apart || stands_apart(&chart->offices[i]);
	}
}

static bool judge_holding(struct turn *turn, const struct judged *judged, struct verdict *verdict)
{
	const struct chart *chart = turn->fold->chart;
	const struct casebook_actor *actor = &judged->act->actor;
	const struct chart_office *acting = chart_find(chart, actor->office);
	const struct chart_office *office = chart_find(chart, json_text(judged->plain, STR("office")));
	struct str account = json_text(judged->plain, STR("account"));
	bool any, apart;
	if (!office)
		return true;
	if (str_eq(account, actor->account) || office == acting)
		return refuse(verdict, STR("own"), STR("Nobody names himself to an office, or changes his own"));
	other_offices(chart, office, account, &any, &apart);
	if (str_eq(judged->kind->name, STR("office.held")) && ((stands_apart(office) && any) || apart))
		return refuse(verdict, STR("apart"),
		              STR("An office that stands outside is held by nobody who holds another (G15)"));
	if (!is_administrator(acting) && !chart_is_above(chart, acting, office))
		return refuse(verdict, STR("not-above"),
		              STR("A holder is named by the office above, or by two administrators"));
	return true;
}

static bool is_two_administrators(struct turn *turn, const struct judged *judged)
{
	struct str second = json_text(judged->plain, STR("second"));
	const struct chart_office *acting = chart_find(turn->fold->chart, judged->act->actor.office);
	return second.n && acting && chart_holds(acting, second) &&
	       !str_eq(second, judged->act->actor.account);
}

static bool is_of_own_account(const struct judged *judged)
{
	return str_eq(json_text(judged->plain, STR("account")), judged->act->actor.account);
}

/* Once the register is open, an administrator alone does not name holders: another agrees. */
static void want_second(struct turn *turn, const struct judged *judged, struct verdict *verdict)
{
	const struct chart_office *acting = chart_find(turn->fold->chart, judged->act->actor.office);
	const struct pack_office *role = pack_office_find(turn->fold->pack, STR("register-administrator"));
	if (turn->book->is_drill || !turn->book->is_opened || !is_administrator(acting) || !role ||
	    is_two_administrators(turn, judged))
		return;
	for (size_t i = 0; i < judged->second_count; i++) {
		if (str_eq(judged->seconds[i], role->name))
			return;
	}
	verdict->roles[verdict->role_count++] = role->name;
}

/* --- duties -------------------------------------------------------------------------------- */

struct named_duty {
	int64_t id;
	int64_t file;
	struct str rule;
	struct str office;
	instant due;
	bool is_open;
};

static bool find_duty(struct turn *turn, const struct judged *judged, struct named_duty *out, bool *found,
                      struct err *err)
{
	static const char DUTY_SQL[] = "SELECT file, rule, office, due, closed FROM duty WHERE id = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	*found = duty_name_read(json_text(judged->plain, STR("duty")), &out->id);
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
static void judge_extension(struct turn *turn, const struct judged *judged, const struct named_duty *duty,
                            struct verdict *verdict)
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
		refuse(verdict, STR("not-above"), STR("A later time is agreed by the office above the one that owes it"));
	else if (!instant_read(json_text(judged->plain, STR("until")), &until) || until <= duty->due)
		refuse(verdict, STR("not-later"), STR("The time agreed must be later than the one that stands"));
}

static bool owes_reading(struct turn *turn, const struct judged *judged, const struct named_duty *duty,
                         bool *owes, struct err *err)
{
	/* By duty_about. */
	static const char TOLD_SQL[] = "SELECT 1 FROM duty WHERE about = ?1 AND office = ?2 AND closed IS NULL";
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

static bool judge_duty(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                       struct err *err)
{
	const struct chart *chart = turn->fold->chart;
	const struct chart_office *acting = chart_find(chart, judged->act->actor.office);
	struct named_duty duty;
	bool found, owes;
	if (!find_duty(turn, judged, &duty, &found, err))
		return false;
	bool is_hand_over = str_eq(judged->kind->name, STR("office.handed-over"));
	if (!found)
		return is_hand_over || refuse(verdict, STR("no-duty"), STR("There is no such duty"));
	const struct chart_office *owner = chart_find(chart, duty.office);
	bool is_above = acting && owner && (acting == owner || chart_is_above(chart, acting, owner));
	if (str_eq(judged->kind->name, STR("duty.read"))) {
		if (!owes_reading(turn, judged, &duty, &owes, err))
			return false;
		return owes || refuse(verdict, STR("not-told"), STR("Your office was not told of this duty"));
	}
	if (!duty.is_open)
		return refuse(verdict, STR("closed"), STR("This duty is not open any more"));
	if (!is_hand_over && judged->row && duty.file != judged->row->n)
		return refuse(verdict, STR("other-file"), STR("This duty belongs to another file"));
	if (str_eq(judged->kind->name, STR("duty.extended")))
		judge_extension(turn, judged, &duty, verdict);
	else if (!is_above)
		refuse(verdict, STR("not-owner"), STR("A duty is passed on by the office that owes it, or one above it"));
	return true;
}

/* --- corrections and the emergency way in --------------------------------------------------- */

#define BROKEN_MAX (24 * INSTANT_PER_HOUR)

static bool judge_correction(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                             struct err *err)
{
	static const char ENTRY_SQL[] = "SELECT file, kind, header FROM entry WHERE idx = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	struct log_header header;
	if (!store_prepare(turn->store, ENTRY_SQL, &read, err))
		return false;
	store_bind_int(read, 1, json_number(judged->plain, STR("of"), -1));
	enum store_step step = store_step(read, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE || store_is_null(read, 2) || !judged->row || store_int(read, 0) != judged->row->n)
		return refuse(verdict, STR("other-file"), STR("That entry is not of this file"));
	if (!log_header_read(store_blob(read, 2), &header, err))
		return false;
	const struct pack_kind *kind = pack_kind_find(turn->fold->pack, store_str(read, 1));
	const struct pack_field *field =
		kind ? pack_field_find(kind, json_text(judged->plain, STR("field"))) : NULL;
	if (!field)
		return refuse(verdict, STR("no-field"), STR("That entry has no field of this name"));
	if (field->type == PACK_WORDS)
		return refuse(verdict, STR("verbatim"), STR("A person's own words are never corrected; add beside them"));
	if (header.by != LOG_BY_ACCOUNT || !str_eq(header.office, judged->act->actor.office))
		return refuse(verdict, STR("not-writer"), STR("An entry is corrected by the office that wrote it"));
	return true;
}

static void judge_broken(struct turn *turn, const struct judged *judged, struct verdict *verdict)
{
	instant until;
	if (!judged->act->actor.is_proved)
		refuse(verdict, STR("not-proved"), STR("Prove who you are again before you break the glass"));
	else if (!instant_read(json_text(judged->plain, STR("until")), &until) || until > turn->now + BROKEN_MAX)
		refuse(verdict, STR("too-long"), STR("An emergency reading lasts at most 24 hours"));
}

bool judge_own(struct turn *turn, const struct judged *judged, struct verdict *verdict, struct err *err)
{
	struct str name = judged->kind->name;
	if (str_eq(name, STR("duty.extended")) || str_eq(name, STR("duty.taken")) ||
	    str_eq(name, STR("duty.read")) || str_eq(name, STR("office.handed-over")))
		return judge_duty(turn, judged, verdict, err);
	if (str_eq(name, STR("entry.corrected")))
		return judge_correction(turn, judged, verdict, err);
	if (str_eq(name, STR("access.broken")))
		judge_broken(turn, judged, verdict);
	if (str_eq(name, STR("office.held")) || str_eq(name, STR("office.left")) ||
	    str_eq(name, STR("office.deputised"))) {
		if (!judge_holding(turn, judged, verdict) || verdict->judgement != JUDGED_ADMITTED)
			return true;
		want_second(turn, judged, verdict);
		return true;
	}
	if (str_eq(name, STR("account.ended")) || str_eq(name, STR("token.made"))) {
		if (is_of_own_account(judged))
			return refuse(verdict, STR("own"), STR("Nobody acts on his own account or rights"));
	}
	if (str_eq(name, STR("account.changed")) && is_of_own_account(judged) && !judged->act->actor.is_proved)
		return refuse(verdict, STR("own"),
		              STR("Prove who you are again before you change your own password or code"));
	return true;
}
