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

/* Offices of two agencies, for what binds everybody. */
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

bool judge_own(struct turn *turn, const struct judged *judged, struct verdict *verdict, struct err *err)
{
	struct str name = judged->kind->name;
	(void)err;
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
