/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Judging who may name holders, open and name the register; accounts:
 * judge_account.c. Nobody acts on his own office, rights or credentials; who is
 * outside stays outside; what two must agree to is agreed by the second
 * himself, never by a field that the first fills in.
 */
#include "casebook/adopting.h"
#include "casebook/chart.h"
#include "casebook/credential.h"
#include "casebook/particulars.h"
#include "casebook/turn_parts.h"

#define OFFICE_ID_MAX 64

static bool refuse(struct verdict *verdict, struct str because, struct str sentence)
{
	verdict->judgement = JUDGED_REFUSED_ACCESS;
	verdict->because = because;
	verdict->sentence = sentence;
	return true;
}

bool judge_is_administrator(const struct chart_office *office)
{
	return office && str_eq(office->role_name, STR("register-administrator"));
}

static bool stands_apart(const struct chart_office *office)
{
	return office->role && (office->role->is_outside || office->role->is_independent);
}

/* --- holders and deputies ------------------------------------------------------------------ */

/* Whether `account`, in `office` too, would stand on both sides: inside, and apart. */
static bool would_join_sides(const struct chart *chart, const struct chart_office *office,
                             struct str account)
{
	for (size_t i = 0; i < chart->office_count; i++) {
		const struct chart_office *other = &chart->offices[i];
		if (other != office && chart_holds(other, account) &&
		    (stands_apart(office) || stands_apart(other)))
			return true;
	}
	return false;
}

/* Whom the act names: the account, or every holder of the deputy's office. */
static bool names(const struct judged *judged, const struct chart_office *deputy,
                  struct str account)
{
	struct str named = json_text(judged->plain, STR("account"));
	return named.n ? str_eq(named, account) : deputy && chart_holds(deputy, account);
}

static bool joins_sides(const struct chart *chart, const struct judged *judged,
                        const struct chart_office *office, const struct chart_office *deputy)
{
	struct str named = json_text(judged->plain, STR("account"));
	if (named.n)
		return would_join_sides(chart, office, named);
	for (size_t i = 0; deputy && i < deputy->holder_count; i++) {
		if (would_join_sides(chart, office, deputy->holders[i].account))
			return true;
	}
	return false;
}

bool judge_sides(struct turn *turn, const struct judged *judged, struct verdict *verdict)
{
	const struct chart *chart = turn->fold->chart;
	const struct chart_office *office =
		chart_find(chart, json_text(judged->plain, STR("office")));
	const struct chart_office *deputy =
		chart_find(chart, json_text(judged->plain, STR("deputy")));
	bool names_somebody = str_eq(judged->kind->name, STR("office.held")) ||
	                      str_eq(judged->kind->name, STR("office.deputised"));
	if (names_somebody && office && joins_sides(chart, judged, office, deputy))
		refuse(verdict, STR("apart"),
		       STR("An office that stands outside is held by nobody who holds another"));
	return true;
}

void judge_want_administrator(struct turn *turn, const struct judged *judged,
                              struct verdict *verdict)
{
	const struct pack_office *role =
		pack_office_find(turn->fold->pack, STR("register-administrator"));
	for (size_t i = 0; role && i < judged->second_count; i++) {
		if (str_eq(judged->seconds[i], role->name))
			return;
	}
	if (role)
		verdict->roles[verdict->role_count++] = role->name;
}

static const struct chart_office *office_of_file(const struct chart *chart,
                                                 const struct file_row *row)
{
	for (size_t i = 0; row && i < chart->office_count; i++) {
		if (chart->offices[i].file == row->n)
			return &chart->offices[i];
	}
	return NULL;
}

static bool is_about_an_office(struct str kind)
{
	return str_eq(kind, STR("office.held")) || str_eq(kind, STR("office.left")) ||
	       str_eq(kind, STR("office.deputised")) || str_eq(kind, STR("office.handed-over"));
}

bool judge_office_file(struct turn *turn, const struct judged *judged, struct verdict *verdict)
{
	const struct chart *chart = turn->fold->chart;
	const struct chart_office *of_file = office_of_file(chart, judged->row);
	struct str id = json_text(judged->plain, STR("office")),
		   account = json_text(judged->plain, STR("account"));
	if (!is_about_an_office(judged->kind->name))
		return true;
	if (of_file && !str_eq(of_file->id, id))
		return refuse(
			verdict, STR("other-office"),
			arena_format(
				turn->fold->arena,
				"This is the file of the office %.*s; what is about %.*s goes on its own file",
				STR_ARG(of_file->id), STR_ARG(id)));
	if (of_file && str_eq(judged->kind->name, STR("office.held")) &&
	    chart_holds(of_file, account))
		return refuse(verdict, STR("holds-it"),
		              arena_format(turn->fold->arena,
		                           "This account holds the office %.*s already",
		                           STR_ARG(of_file->id)));
	if (of_file && str_eq(judged->kind->name, STR("office.left")) &&
	    !chart_holds(of_file, account))
		return refuse(
			verdict, STR("holds-it-not"),
			arena_format(
				turn->fold->arena,
				"This account does not hold the office %.*s, so it cannot leave it;"
				" its page names who does",
				STR_ARG(of_file->id)));
	return true;
}

static bool judge_holding(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                          struct err *err)
{
	const struct chart *chart = turn->fold->chart;
	const struct casebook_actor *actor = &judged->act->actor;
	const struct chart_office *acting = chart_find(chart, actor->office);
	const struct chart_office *office =
		chart_find(chart, json_text(judged->plain, STR("office")));
	const struct chart_office *deputy =
		chart_find(chart, json_text(judged->plain, STR("deputy")));
	bool is_founding =
		!turn->book->is_opened && !turn->opened && judge_is_administrator(acting);
	if (!office)
		return refuse(verdict, STR("no-office"), STR("There is no such office"));
	/* The first administrator may name the second: a register opens with two. */
	if (names(judged, deputy, actor->account) || (office == acting && !is_founding))
		return refuse(verdict, STR("own"),
		              STR("Nobody names himself to an office, or changes his own"));
	if (!judge_is_administrator(acting) && !chart_is_above(chart, acting, office))
		return refuse(
			verdict, STR("not-above"),
			STR("A holder is named by the office above, or by two administrators"));
	if (!judge_sides(turn, judged, verdict))
		return false;
	if (verdict->judgement != JUDGED_ADMITTED)
		return true;
	if (!str_eq(judged->kind->name, STR("office.left")) &&
	    json_member(judged->plain, STR("account")) &&
	    !judge_account_stands(turn, judged, verdict, err))
		return false;
	/* Once the register is open, an administrator alone does not name holders: another agrees.
	 */
	if (verdict->judgement == JUDGED_ADMITTED && judge_is_administrator(acting) &&
	    judge_takes_two(turn))
		judge_want_administrator(turn, judged, verdict);
	return true;
}

static bool is_office_id(struct str id)
{
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
			return false;
	}
	return id.n > 0 && id.n <= OFFICE_ID_MAX;
}

/* What a role owes goes to its only office for the area: a second one would take it away from the
 * first, without a word to those who hold that. */
static const struct chart_office *office_for(const struct chart *chart, struct str role,
                                             struct str area)
{
	for (size_t i = 0; i < chart->office_count; i++) {
		const struct chart_office *office = &chart->offices[i];
		if (str_eq(office->role_name, role) && str_eq(office->area, area))
			return office;
	}
	return NULL;
}

static bool judge_made(struct turn *turn, const struct judged *judged, struct verdict *verdict)
{
	const struct pack *pack = turn->fold->pack;
	struct str id = json_text(judged->plain, STR("office"));
	if (judged->row)
		return refuse(verdict, STR("new-file"), STR("An office begins a file of its own"));
	if (!is_office_id(id))
		return refuse(verdict, STR("office-id"),
		              STR("An office is called by small letters, digits and hyphens"));
	if (chart_find(turn->fold->chart, id))
		return refuse(verdict, STR("office-id"),
		              STR("There is an office of this name already"));
	if (!pack_office_find(pack, json_text(judged->plain, STR("role"))) ||
	    !pack_agency_find(pack, json_text(judged->plain, STR("agency"))))
		return refuse(verdict, STR("no-role"),
		              STR("The rules in force have no such role, or no such agency"));
	struct str area = json_text(judged->plain, STR("area"));
	const struct chart_office *there = office_for(
		turn->fold->chart, json_text(judged->plain, STR("role")), area.n ? area : STR("-"));
	if (there)
		return refuse(
			verdict, STR("same-area"),
			arena_format(
				turn->arena,
				"The office %.*s is there for the same area: what it owes would go to the"
				" new one. Say which other area this one is for",
				STR_ARG(there->id)));
	return true;
}

/* --- the register --------------------------------------------------------------------------- */

static bool has_signed_in(struct turn *turn, struct str account, bool *has, struct err *err)
{
	instant at;
	if (!signed_in_at(turn->book, turn->store, account, &at, err))
		return false;
	*has = at != 0;
	return true;
}

/* What the public is told of the register must be there before the public tells it anything; and
 * what would be lost with a disk must have been tried. */
static bool judge_ready(struct turn *turn, struct verdict *verdict, struct err *err)
{
	struct str missing;
	struct casebook_upkeep care;
	if (!particulars_missing(turn->store, turn->arena, &missing, err) ||
	    !casebook_upkeep(turn->book, &care, err))
		return false;
	if (missing.p)
		return refuse(verdict, STR("empty"), missing);
	if (care.shares_confirmed < care.shares_needed || !care.shares_needed)
		return refuse(
			verdict, STR("shares"),
			STR("Too few officers have read their share of the key back: candour key confirm"));
	if (!care.at[CASEBOOK_BACKED_UP] || !care.at[CASEBOOK_RESTORED])
		return refuse(
			verdict, STR("backup"),
			STR("A backup must have been made, and one tried: candour backup, candour restore"));
	return true;
}

/* Two administrators, who both want it, and somebody of a second agency, who have each signed in
 * once. */
static bool judge_opened(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                         struct err *err)
{
	const struct chart *chart = turn->fold->chart;
	const struct chart_office *acting = chart_find(chart, judged->act->actor.office);
	int administrators = 0, others = 0;
	if (turn->book->is_opened || turn->opened)
		return refuse(verdict, STR("opened"), STR("This register is open already"));
	for (size_t i = 0; i < chart->office_count; i++) {
		const struct chart_office *office = &chart->offices[i];
		for (size_t h = 0; h < office->holder_count; h++) {
			bool has;
			if (!has_signed_in(turn, office->holders[h].account, &has, err))
				return false;
			administrators += has && judge_is_administrator(office);
			others += has && acting && !str_eq(office->agency, acting->agency);
		}
	}
	if (administrators < 2)
		return refuse(verdict, STR("alone"),
		              STR("A second administrator must have signed in once"));
	if (others == 0)
		return refuse(verdict, STR("one-agency"),
		              STR("Somebody of a second agency must have signed in once"));
	if (!judge_ready(turn, verdict, err))
		return false;
	if (verdict->judgement == JUDGED_ADMITTED && !turn->book->is_drill)
		judge_want_administrator(turn, judged, verdict);
	return true;
}

bool casebook_is_named(const struct casebook *book)
{
	struct str origin = casebook_origin(book);
	return !str_starts(origin, STR("unnamed.invalid/")) &&
	       !str_starts(origin, STR("drill.unnamed.invalid/"));
}

/* Once, and never from a drill to a live one or back. */
static bool judge_named(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                        struct err *err)
{
	static const char CONCERN_SQL[] =
		"SELECT 1 FROM file WHERE type NOT IN ('register', 'office') LIMIT 1";
	CLEANUP(store_stmt_finish) struct store_stmt *concern = NULL;
	struct str name = json_text(judged->plain, STR("name"));
	if (!log_origin_is(name) || str_starts(name, STR("drill.")) != turn->book->is_drill)
		return refuse(
			verdict, STR("name"),
			turn->book->is_drill
				? STR("A drill register's name is a host and a name, and begins with drill.")
				: STR("A register's name is a host and a name, like register.example.org/north"));
	if (casebook_is_named(turn->book))
		return refuse(
			verdict, STR("named"),
			STR("A register is named once, at init --origin or by register name; this one has its name"));
	if (turn->book->eras.count > 1 || turn->book->key_turn != BOOK_KEY_STAYS)
		return refuse(
			verdict, STR("key-changed"),
			STR("A register whose signing key was changed keeps the name it has"));
	if (!store_prepare(turn->store, CONCERN_SQL, &concern, err))
		return false;
	enum store_step step = store_step(concern, err);
	if (step == STORE_ROW)
		refuse(verdict, STR("concern"),
		       STR("A register is named before its first concern: receipts that are out bear the name it had."
		           " Make a new one: candour init DIR --origin HOST/NAME"));
	return step != STORE_FAILED;
}

/* One change at a time, by somebody who was there a moment ago; a stolen key does not wait. */
static bool judge_key(struct turn *turn, const struct judged *judged, struct verdict *verdict)
{
	bool is_compromised = str_eq(judged->kind->name, STR("log.key-compromised"));
	instant since;
	if (!judged->act->actor.is_proved)
		return refuse(
			verdict, STR("not-proved"),
			STR("Prove who you are again before you change the signing key: by password and digits,"
		            " not by a token"));
	if (is_compromised &&
	    (!instant_read(json_text(judged->plain, STR("since")), &since) || since > turn->now))
		return refuse(
			verdict, STR("since"),
			STR("Say since when the key may have been known to others: a time that"
		            " is past"));
	if (turn->book->former && !is_compromised)
		return refuse(
			verdict, STR("both-sign"),
			STR("The signing key was changed before, and the former one signs beside it for 90 days;"
		            " change it again after that"));
	return turn->book->key_turn == BOOK_KEY_STAYS ||
	       refuse(verdict, STR("both-sign"),
	              STR("Somebody else is changing the signing key just now"));
}

/* A mirror is named by its host, until a time to come; what stands no more is not ended. */
static bool judge_mirror(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                         struct err *err)
{
	struct hash sum;
	instant until;
	bool stands;
	if (str_eq(judged->kind->name, STR("mirror.ended"))) {
		if (!agreement_stands(turn->store, turn->arena,
		                      json_number(judged->plain, STR("of"), -1), &stands, err))
			return false;
		return stands || refuse(verdict, STR("no-agreement"),
		                        STR("That entry agreed with no mirror, or it has ended"));
	}
	if (!log_origin_is(json_text(judged->plain, STR("name"))))
		return refuse(verdict, STR("name"),
		              STR("A mirror is named by its host, like mirror.example.org"));
	if (!hash_read_hex(json_text(judged->plain, STR("secret")), &sum))
		return refuse(verdict, STR("by-itself"),
		              STR("This is done by its own command: candour log mirror agree"));
	if (!instant_read(json_text(judged->plain, STR("until")), &until) || until <= turn->now)
		return refuse(verdict, STR("until"),
		              STR("An agreement with a mirror ends later than now"));
	if (judge_takes_two(turn))
		judge_want_administrator(turn, judged, verdict);
	return true;
}

/* Another account's confirmation that waits is agreed to by confirming as well. */
static bool judge_confirmed(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                            struct err *err)
{
	static const char OTHER_SQL[] =
		"SELECT entry FROM waiting WHERE kind = 'clock.confirmed' AND closed IS NULL AND account <> ?1"
		" AND until_at > ?2"; /* few wait at any time */
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct waiting waiting;
	bool found = false;
	if (turn->book->is_drill)
		return true;
	if (!store_prepare(turn->store, OTHER_SQL, &rows, err))
		return false;
	store_bind_str(rows, 1, judged->act->actor.account);
	store_bind_int(rows, 2, turn->now);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		if (!turn_waiting(turn, store_int(rows, 0), judged->row, &waiting, &found, err))
			return false;
		if (found && str_eq(waiting.kind, judged->kind->name) &&
		    !str_eq(waiting.account, judged->act->actor.account))
			return true;
	}
	judge_want_administrator(turn, judged, verdict);
	return true;
}

/* --- all ------------------------------------------------------------------------------------ */

/* Kinds that are made together with what stands beside the entry: credentials, a token, a pack. */
static bool wants_hook(struct str kind)
{
	static const struct str KINDS[] = {
		{ "account.added", 13 },   { "account.changed", 15 },
		{ "log.key-changed", 15 }, { "log.key-compromised", 19 },
		{ "pack.adopted", 12 },    { "register.named", 14 },
		{ "token.made", 10 },      { "register.described", 18 }
	};
	for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
		if (str_eq(KINDS[i], kind))
			return true;
	}
	return false;
}

bool judge_people(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                  struct err *err)
{
	struct str name = judged->kind->name;
	/* What waited came with it then; nothing that still needs it ever waits. */
	if (!judged->has_hook && judged->waited < 0 && wants_hook(name))
		return refuse(verdict, STR("by-itself"),
		              STR("This is done on its own page, or by its own command"));
	if (!judged->has_hook && json_member(judged->plain, STR("second")))
		return refuse(verdict, STR("second"),
		              STR("Whoever agrees does so himself; leave \"second\" out"));
	if (str_eq(name, STR("office.held")) || str_eq(name, STR("office.left")) ||
	    str_eq(name, STR("office.deputised")))
		return judge_holding(turn, judged, verdict, err);
	if (str_eq(name, STR("office.made")))
		return judge_made(turn, judged, verdict);
	if (str_starts(name, STR("account.")) || str_starts(name, STR("token.")))
		return judge_accounts(turn, judged, verdict, err);
	if (str_eq(name, STR("register.opened")))
		return judge_opened(turn, judged, verdict, err);
	if (str_eq(name, STR("register.named")))
		return judge_named(turn, judged, verdict, err);
	if (str_eq(name, STR("log.key-changed")) || str_eq(name, STR("log.key-compromised")))
		return judge_key(turn, judged, verdict);
	if (str_starts(name, STR("mirror.")))
		return judge_mirror(turn, judged, verdict, err);
	if (str_eq(name, STR("clock.confirmed")))
		return judge_confirmed(turn, judged, verdict, err);
	if (str_eq(name, STR("pack.adopted")))
		return adopting_judge(turn, judged, verdict, err);
	return true;
}
