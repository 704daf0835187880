/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Judging who may add, change and end accounts, and make tokens for programs.
 *
 * A1. Nobody but its owner ever sets a password or a second factor: others give
 *     a one-time code, by which the owner sets both.
 * A2. What takes a credential from somebody, or the account of whoever holds an
 *     office or stands in for one, is wanted by two administrators, neither of
 *     them whom it is about: it takes a holder away, as leaving an office does.
 * A3. A token is made by its owner alone; its owner or an administrator ends it.
 *
 * In a drill, and in a live register that is not open yet, one is enough: there
 * an administrator alone names all holders.
 */
#include "casebook/account_parts.h"
#include "casebook/chart.h"
#include "casebook/turn_parts.h"

static bool refuse(struct verdict *verdict, struct str because, struct str sentence)
{
	verdict->judgement = JUDGED_REFUSED_ACCESS;
	verdict->because = because;
	verdict->sentence = sentence;
	return true;
}

bool judge_takes_two(const struct turn *turn)
{
	return (turn->book->is_opened || turn->opened) && !turn->book->is_drill;
}

static bool is_own(const struct judged *judged)
{
	return str_eq(json_text(judged->plain, STR("account")), judged->act->actor.account);
}

static bool acts_as_administrator(struct turn *turn, const struct judged *judged)
{
	return judge_is_administrator(chart_find(turn->fold->chart, judged->act->actor.office));
}

bool judge_account_stands(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                          struct err *err)
{
	struct account_row row;
	bool found = false;
	if (!account_by_id(turn->store, json_text(judged->plain, STR("account")), &row, &found,
	                   err))
		return false;
	return (found && !row.is_ended) ||
	       refuse(verdict, STR("no-account"), STR("There is no such account, or it has ended"));
}

/* In a drill the machine makes people who can sign in at once. */
static bool judge_added(struct turn *turn, const struct judged *judged, struct verdict *verdict)
{
	struct hash none = hash_of(STR(""));
	struct str empty = hash_hex(turn->fold->arena, &none);
	bool by_code = json_text(judged->plain, STR("code")).n &&
	               str_eq(json_text(judged->plain, STR("password")), empty) &&
	               str_eq(json_text(judged->plain, STR("totp")), empty);
	return by_code || turn->book->is_drill ||
	       refuse(verdict, STR("not-own"),
	              STR("Whoever an account belongs to chooses its password, by a one-time code"));
}

static bool judge_reset(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                        struct err *err)
{
	if (!acts_as_administrator(turn, judged))
		return refuse(verdict, STR("not-administrator"),
		              STR("An account is reset by two administrators"));
	if (is_own(judged))
		return refuse(
			verdict, STR("own"),
			STR("Nobody resets his own account: change your password, or your codes"));
	if (!judge_account_stands(turn, judged, verdict, err))
		return false;
	if (verdict->judgement == JUDGED_ADMITTED && judge_takes_two(turn))
		judge_want_administrator(turn, judged, verdict);
	return true;
}

/* Its newest entry gives it a code: one half of its credentials alone would make that code dead. */
static bool waits_for_code(struct turn *turn, struct str account, bool *pending, struct err *err)
{
	static const char PLAIN_SQL[] = "SELECT plain FROM entry WHERE idx = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *newest = NULL;
	struct account_row row;
	instant until;
	bool found;
	if (!account_by_id(turn->store, account, &row, &found, err) ||
	    !store_prepare(turn->store, PLAIN_SQL, &newest, err))
		return false;
	store_bind_int(newest, 1, row.newest);
	enum store_step step = found ? store_step(newest, err) : STORE_DONE;
	*pending = step == STORE_ROW && account_code_given(store_str(newest, 0), 0, &until);
	return step != STORE_FAILED;
}

static bool judge_changed(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                          struct err *err)
{
	struct str what = json_text(judged->plain, STR("what"));
	bool pending = false;
	if (str_eq(what, STR("reset")))
		return judge_reset(turn, judged, verdict, err);
	if (!is_own(judged) || str_eq(what, STR("begun")))
		return refuse(
			verdict, STR("not-own"),
			STR("Whoever an account belongs to changes its password and its codes; if they"
		            " are lost, two administrators reset it"));
	if (!waits_for_code(turn, json_text(judged->plain, STR("account")), &pending, err))
		return false;
	return !pending ||
	       refuse(verdict, STR("not-begun"), STR("This account is begun by its one-time code"));
}

bool judge_has_seat(const struct chart *chart, struct str account, instant now)
{
	for (size_t i = 0; i < chart->office_count; i++) {
		const struct chart_office *office = &chart->offices[i];
		if (chart_holds(office, account))
			return true;
		for (size_t d = 0; d < office->deputy_count; d++) {
			if (office->deputies[d].until > now &&
			    str_eq(office->deputies[d].account, account))
				return true;
		}
	}
	return false;
}

static bool judge_ended(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                        struct err *err)
{
	if (is_own(judged))
		return refuse(verdict, STR("own"), STR("Nobody acts on his own account or rights"));
	if (!judge_account_stands(turn, judged, verdict, err))
		return false;
	if (verdict->judgement == JUDGED_ADMITTED && judge_takes_two(turn) &&
	    judge_has_seat(turn->fold->chart, json_text(judged->plain, STR("account")), turn->now))
		judge_want_administrator(turn, judged, verdict);
	return true;
}

/* A token that was never made, or has ended, is not ended again. */
static bool judge_token_ended(struct turn *turn, const struct judged *judged,
                              struct verdict *verdict, struct err *err)
{
	struct str owner;
	bool standing;
	if (!token_is_standing(turn->store, json_text(judged->plain, STR("token")),
	                       turn->fold->arena, &standing, &owner, err))
		return false;
	if (!standing)
		return refuse(verdict, STR("no-token"),
		              STR("There is no such token, or it has ended"));
	return str_eq(owner, judged->act->actor.account) || acts_as_administrator(turn, judged) ||
	       refuse(verdict, STR("not-own"),
	              STR("A token is ended by whoever it belongs to, or an administrator"));
}

bool judge_accounts(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                    struct err *err)
{
	struct str name = judged->kind->name;
	if (str_eq(name, STR("account.added")))
		return judge_added(turn, judged, verdict);
	if (str_eq(name, STR("account.changed")))
		return judge_changed(turn, judged, verdict, err);
	if (str_eq(name, STR("account.ended")))
		return judge_ended(turn, judged, verdict, err);
	if (str_eq(name, STR("token.made")))
		return is_own(judged) ||
		       refuse(verdict, STR("not-own"),
		              STR("A token is made by whoever it belongs to, for nobody else"));
	if (str_eq(name, STR("token.ended")))
		return judge_token_ended(turn, judged, verdict, err);
	return true;
}
