/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Second readers. An act whose only unmet needs are
 * seconds becomes act.waiting, the act sealed inside. Another account in the
 * office wanted answers, for each office another; at the last yes the act is
 * judged anew as of then.
 */
#include "casebook/adopting.h"
#include "casebook/chart.h"
#include "casebook/line.h"
#include "casebook/turn_parts.h"
#include "casebook/world.h"

#define FALLS_AFTER 10 /* working days */
#define ACT_DEPTH 16

static const char BOX_SQL[] = "SELECT sealed FROM entry WHERE idx = ?1";

/* --- to wait ------------------------------------------------------------------------------- */

/* The act's fields and times as they were sent, for judging it again. */
static bool act_text(struct turn *turn, const struct pending *pending, struct str *out,
                     struct err *err)
{
	struct arena *arena = turn->fold->arena;
	struct json *whole = json_object(arena);
	struct buf text;
	struct json *fields = arena_alloc(arena, 1, sizeof *fields);
	if (!fields)
		return err_set(err, ERR_UNABLE, "There is no memory for this act");
	*fields =
		pending->act->fields ? *pending->act->fields : (struct json){ .type = JSON_OBJECT };
	fields->next = NULL;
	json_put(whole, STR("fields"), fields);
	if (pending->act->has_happened)
		json_put_text(arena, whole, STR("happened"),
		              instant_write(arena, pending->act->happened));
	if (pending->act->has_received)
		json_put_text(arena, whole, STR("received"),
		              instant_write(arena, pending->act->received));
	buf_init(&text, (size_t)1 << 20);
	json_write(&text, whole);
	bool done = !text.full && (*out = arena_copy(arena, buf_str(&text))).p;
	if (text.p)
		vault_wipe(text.p, text.n);
	buf_finish(&text);
	return done || err_set(err, ERR_INPUT, "This act is too long to wait for a second reader");
}

/* Whose account an act of the register's own is about, and what is done to it, as its entry will
 * say it: whoever agrees to it must see that, and may open no seal here. */
static void put_about(struct turn *turn, const struct judged *judged, struct json *plain)
{
	struct arena *arena = turn->fold->arena;
	struct str account = json_text(judged->plain, STR("account"));
	struct str what = json_text(judged->plain, STR("what"));
	if (judged->kind->is_built_in && account.n)
		json_put_text(arena, plain, STR("about"), account);
	if (judged->kind->is_built_in && what.n)
		json_put_text(arena, plain, STR("what"), what);
	if (!judged->adopting)
		return;
	static const struct str SAID[] = { { "version", 7 }, { "hash", 4 }, { "change", 6 } };
	for (size_t i = 0; i < COUNT_OF(SAID); i++)
		json_put_text(arena, plain, SAID[i], json_text(judged->plain, SAID[i]));
}

bool turn_wait(struct turn *turn, struct pending *pending, const struct judged *judged,
               const struct verdict *verdict, struct err *err)
{
	struct arena *arena = turn->fold->arena;
	struct json *plain = json_object(arena), *sealed = json_object(arena),
		    *roles = json_array(arena);
	struct pack_period days = { .unit = PACK_WORKING_DAYS,
		                    .amount = FALLS_AFTER,
		                    .at_minute = -1 };
	struct pack_due falls;
	struct str text;
	struct folding entry;
	if (!judged->row) {
		struct err why = { 0 };
		err_set(&why, ERR_INPUT,
		        "A new file cannot wait for a second reader; begin it first");
		pending->answer->outcome = CASEBOOK_FAILED;
		pending->answer->err = why;
		return true;
	}
	for (size_t i = 0; judged->sealed && i < judged->kind->field_count; i++) {
		/* A file belongs to the entry that names it, and that one is not made yet. */
		if (judged->kind->fields[i].type != PACK_ATTACHMENT ||
		    !json_member(judged->sealed, judged->kind->fields[i].name))
			continue;
		pending->answer->outcome = CASEBOOK_FAILED;
		err_set(&pending->answer->err, ERR_INPUT,
		        "An act that waits for a second reader cannot carry files; add them by a note first");
		return true;
	}
	if (!act_text(turn, pending, &text, err) ||
	    !pack_due(turn->fold->pack->calendar, turn->now, &days, &falls, err))
		return false;
	struct str *wanted = arena_alloc(pending->arena, verdict->role_count, sizeof *wanted);
	for (size_t i = 0; i < verdict->role_count; i++) {
		json_push(roles, json_string(arena, verdict->roles[i]));
		if (wanted)
			wanted[i] = arena_copy(pending->arena, verdict->roles[i]);
	}
	json_put_text(arena, plain, STR("kind"), judged->kind->name);
	json_put(plain, STR("roles"), roles);
	json_put_text(arena, plain, STR("falls"), instant_write(arena, falls.due));
	json_put_text(arena, plain, STR("writer"), pending->act->actor.account);
	json_put_text(arena, plain, STR("office"), pending->act->actor.office);
	put_about(turn, judged, plain);
	json_put_text(arena, sealed, STR("act"), text);
	struct making making = {
		.kind = pack_kind_find(turn->fold->pack, STR("act.waiting")),
		.file = judged->row->n,
		.file_id = judged->row->id,
		.by = CASEBOOK_BY_OFFICE,
		.account = pending->act->actor.account,
		.office = pending->act->actor.office,
		.via = pending->act->via,
		.machine_user = pending->act->machine_user,
		.plain = plain,
		.sealed = sealed,
		.cause = judged->cause,
	};
	if (!making.kind || !turn_entry(turn, &making, &entry, err))
		return making.kind || err_set(err, ERR_FAULT, "the pack has no act.waiting");
	if (judged->adopting && !adopting_propose(turn, judged->adopting, entry.index, err))
		return false;
	pending->answer->outcome = CASEBOOK_WAITING;
	pending->answer->index = entry.index;
	pending->answer->recorded = entry.recorded;
	pending->answer->file = arena_copy(pending->arena, entry.file_id);
	pending->answer->roles = wanted;
	pending->answer->role_count = wanted ? verdict->role_count : 0;
	return turn_follow(turn, &entry, 0, err);
}

/* --- to answer ----------------------------------------------------------------------------- */

static bool refuse_second(struct verdict *verdict, struct str because, struct str sentence)
{
	*verdict = (struct verdict){ .judgement = JUDGED_REFUSED_ACCESS,
		                     .because = because,
		                     .sentence = sentence };
	return false;
}

/* Whoever wrote it may only withdraw it. */
static bool may_withdraw(struct turn *turn, const struct judged *judged,
                         const struct waiting *waiting, struct verdict *verdict)
{
	const struct casebook_actor *actor = &judged->act->actor;
	const struct chart_office *office = chart_find(turn->fold->chart, actor->office);
	bool is_deputy;
	if (!str_eq(actor->account, waiting->account))
		return refuse_second(verdict, STR("not-writer"),
		                     STR("Only who wrote it can withdraw it"));
	return (office &&
	        chart_may_act(turn->fold->chart, office, actor->account, turn->now, &is_deputy)) ||
	       refuse_second(verdict, STR("not-holder"), STR("You do not hold this office now"));
}

/* Who may answer: somebody in the office wanted. */
static bool holds_wanted(struct turn *turn, const struct judged *judged,
                         const struct waiting *waiting, struct verdict *verdict)
{
	const struct casebook_actor *actor = &judged->act->actor;
	const struct chart_office *office = chart_find(turn->fold->chart, actor->office);
	bool is_deputy;
	if (!office || !office->role ||
	    !chart_may_act(turn->fold->chart, office, actor->account, turn->now, &is_deputy) ||
	    !str_has_word(waiting->roles, office->role_name))
		return refuse_second(verdict, STR("not-wanted"),
		                     STR("A second reader in another office is wanted"));
	/* A deputy who seconds the one deputised for is one line, not two. */
	if (is_deputy && str_eq(actor->office, waiting->office))
		return refuse_second(
			verdict, STR("own"),
			STR("A deputy of the writer cannot be the second reader; another person must read it"));
	return true;
}

/* Who may agree: another person than who wrote it and than whoever agreed before, from whichever
 * office; and where the reader is wanted from outside the writer's line, one who was not in it
 * since it waits. False: refused. */
static bool is_another(struct turn *turn, const struct judged *judged,
                       const struct waiting *waiting, bool *is, struct verdict *verdict,
                       struct err *err)
{
	const struct chart *chart = turn->fold->chart;
	const struct casebook_actor *actor = &judged->act->actor;
	const struct chart_office *office = chart_find(chart, actor->office),
				  *writers = chart_find(chart, waiting->office);
	bool is_inside = false;
	*is = true;
	if (str_has_word(waiting->givers, actor->account))
		*is = refuse_second(
			verdict, STR("own"),
			STR("You have agreed to it already, in another office; another person must read it too"));
	if (!*is || !office || !writers || line_joins(chart, office, writers))
		return true;
	if (!line_has_account(turn->store, chart, writers, actor->account, waiting->recorded,
	                      turn->now, &is_inside, err))
		return false;
	if (is_inside)
		*is = refuse_second(
			verdict, STR("own"),
			STR("You hold an office in the line of who wrote it, or held one while it waited; another person must read it"));
	return true;
}

static bool wants_who_began(const struct pack_kind *kind, const struct pack_office *role)
{
	for (size_t i = 0; kind && i < kind->need_count; i++) {
		const struct pack_kind_need *line = &kind->needs[i];
		const struct pack_need *needs = line->gate ? line->gate->needs : line->need;
		size_t count = line->gate ? line->gate->need_count : 1;
		for (size_t n = 0; n < count; n++) {
			if (needs[n].who_began && needs[n].second == role)
				return true;
		}
	}
	return false;
}

/* Where who began the file is wanted, nobody else in that office agrees in their place. */
static bool is_left_to_who_began(struct turn *turn, const struct judged *judged,
                                 const struct waiting *waiting, bool *may, struct verdict *verdict,
                                 struct err *err)
{
	const struct chart *chart = turn->fold->chart;
	const struct casebook_actor *actor = &judged->act->actor;
	const struct chart_office *office = chart_find(chart, actor->office);
	const struct pack_kind *kind = pack_kind_find(turn->fold->pack, waiting->kind);
	struct str first;
	if (!*may || !office || !wants_who_began(kind, office->role))
		return true;
	if (!judge_first_account(turn, judged->row, &first, err))
		return false;
	for (size_t i = 0; first.p && *may && i < chart->office_count; i++) {
		const struct chart_office *seat = &chart->offices[i];
		if (seat->role == office->role && chart_holds(seat, first) &&
		    !str_eq(first, actor->account))
			*may = refuse_second(
				verdict, STR("own"),
				STR("Whoever began this file holds that office still, and says alone whether to agree"));
	}
	return true;
}

static bool may_answer(struct turn *turn, const struct judged *judged,
                       const struct waiting *waiting, struct str answer, bool *may,
                       struct verdict *verdict, struct err *err)
{
	*may = false;
	if (waiting->is_closed) {
		refuse_second(verdict, STR("closed"), STR("This act waits no more"));
		return true;
	}
	if (str_eq(answer, STR("withdrawn"))) {
		*may = may_withdraw(turn, judged, waiting, verdict);
		return true;
	}
	if (str_eq(judged->act->actor.account, waiting->account)) {
		refuse_second(
			verdict, STR("own"),
			STR("Who wrote it cannot be its second reader; another person must read it"));
		return true;
	}
	*may = holds_wanted(turn, judged, waiting, verdict);
	return !*may || !str_eq(answer, STR("yes")) ||
	       (is_another(turn, judged, waiting, may, verdict, err) &&
	        is_left_to_who_began(turn, judged, waiting, may, verdict, err));
}

static bool all_given(const struct waiting *waiting, struct str now_given)
{
	struct str roles = waiting->roles, role;
	while (roles.n && str_cut(&roles, ' ', &role)) {
		if (!str_eq(role, now_given) && !str_has_word(waiting->given, role))
			return false;
	}
	return true;
}

/* The words sealed in act.waiting, opened in memory by the turn: no reading. */
static bool open_act(struct turn *turn, const struct waiting *waiting, const struct file_row *row,
                     const struct json **out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	CLEANUP(vault_secret_finish) struct vault_secret secret = { 0 };
	struct arena *arena = turn->fold->arena;
	const struct json *sealed = NULL;
	if (!store_prepare(turn->store, BOX_SQL, &read, err))
		return false;
	store_bind_int(read, 1, waiting->entry);
	if (store_step(read, err) != STORE_ROW)
		return err_set(err, ERR_FAULT, "a waiting act has no entry");
	if (!vault_open_box(turn->book->vault, row->n, row->id, waiting->entry, store_blob(read, 0),
	                    &secret, err))
		return false;
	struct str inside = vault_secret_str(&secret);
	if (!json_read(arena, arena_copy(arena, str_sub(inside, LOG_NONCE_SIZE, inside.n)),
	               ACT_DEPTH, &sealed, err))
		return false;
	return json_read(arena, json_text(sealed, STR("act")), ACT_DEPTH, out, err);
}

static bool is_about_people(struct str kind)
{
	static const struct str KINDS[] = { { "office.held", 11 },      { "office.left", 11 },
		                            { "office.deputised", 16 }, { "account.changed", 15 },
		                            { "account.ended", 13 },    { "pack.adopted", 12 } };
	for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
		if (str_eq(KINDS[i], kind))
			return true;
	}
	return false;
}

/* Whether the act is about the answerer's own office or account: two must want it, and he is
 * neither. */
static bool names_answerer(struct turn *turn, const struct waiting *waiting,
                           const struct judged *judged, bool *names, struct err *err)
{
	const struct json *whole = NULL;
	struct str account = judged->act->actor.account;
	*names = false;
	if (!is_about_people(waiting->kind))
		return true;
	if (!open_act(turn, waiting, judged->row, &whole, err))
		return false;
	const struct json *fields = json_member(whole, STR("fields"));
	const struct chart_office *deputy =
		chart_find(turn->fold->chart, json_text(fields, STR("deputy")));
	*names = str_eq(json_text(fields, STR("account")), account) ||
	         str_eq(json_text(fields, STR("second")), account) ||
	         (deputy && chart_holds(deputy, account));
	return true;
}

/* Judged anew from its fields on, at this instant, by the rules of today. */
static bool judge_again(struct turn *turn, struct pending *pending, const struct waiting *waiting,
                        struct file_row *row, struct err *err)
{
	const struct json *whole = NULL;
	struct str roles = waiting->roles, role, seconds[16];
	size_t count = 0;
	if (!open_act(turn, waiting, row, &whole, err))
		return false;
	while (roles.n && count < COUNT_OF(seconds) && str_cut(&roles, ' ', &role))
		seconds[count++] = role;
	struct casebook_act act = {
		.actor = { .by = CASEBOOK_BY_OFFICE,
		           .account = waiting->account,
		           .office = waiting->office },
		.via = pending->act->via,
		.kind = waiting->kind,
		.file = row->id,
		.fields = json_member(whole, STR("fields")),
	};
	act.has_happened = instant_read(json_text(whole, STR("happened")), &act.happened);
	act.has_received = instant_read(json_text(whole, STR("received")), &act.received);
	struct casebook_answer answer = { .index = -1 };
	struct pending again = { .act = &act, .arena = pending->arena, .answer = &answer };
	struct judged judged = { .act = &act,
		                 .kind = pack_kind_find(turn->fold->pack, waiting->kind),
		                 .row = row,
		                 .type = row->type,
		                 .seconds = seconds,
		                 .second_count = count,
		                 .waited = waiting->entry,
		                 .waited_since = waiting->recorded,
		                 .cause = pending->answer->index };
	struct fields_check check = { .store = turn->store,
		                      .files = turn->fold->file_tags,
		                      .pack = turn->fold->pack,
		                      .chart = turn->fold->chart,
		                      .arena = turn->fold->arena,
		                      .now = turn->now };
	struct hash none = { { 0 } };
	if (!judged.kind)
		return true; /* the rules know it no more: it falls */
	struct adopting adopting;
	if (str_eq(waiting->kind, STR("pack.adopted"))) {
		if (!adopting_proposed(turn->store, turn->fold->arena, waiting->entry,
		                       json_text(act.fields, STR("hash")), &adopting, err))
			return false;
		judged.adopting = adopting.text.p ? &adopting : NULL;
		judged.has_hook = true;
		again.hook = adopting_keep;
		again.hook_ctx = &adopting;
	}
	if (!fields_sort(&check, judged.kind, act.fields, err))
		return false;
	judged.plain = check.plain;
	judged.sealed = check.sealed;
	return check.error_count > 0 || (judge_counted(turn, &judged, err) &&
	                                 turn_judge_and_admit(turn, &again, &judged, &none, err));
}

/* Whoever agrees, disagrees or asks for more says why; whoever withdraws need not. */
static bool lacks_reasons(struct pending *pending, struct err *err)
{
	struct casebook_field_error *error = arena_alloc(pending->arena, 1, sizeof *error);
	if (!error)
		return err_set(err, ERR_UNABLE, "There is no memory for this act");
	*error = (struct casebook_field_error){ STR("reasons"), STR("Write why you answer so") };
	pending->answer->outcome = CASEBOOK_FAILED;
	pending->answer->errors = error;
	pending->answer->error_count = 1;
	err_set(&pending->answer->err, ERR_INPUT, "Write an answer: Reasons");
	return true;
}

bool turn_second(struct turn *turn, struct pending *pending, struct judged *judged, struct err *err)
{
	struct verdict verdict = { 0 };
	struct waiting waiting;
	struct hash none = { { 0 } };
	bool found = false;
	struct str answer = json_text(judged->plain, STR("answer"));
	bool withdraws = str_eq(answer, STR("withdrawn")), agrees = str_eq(answer, STR("yes"));
	bool names = false, may;
	const struct chart_office *office =
		chart_find(turn->fold->chart, pending->act->actor.office);
	if (judged->row && !turn_waiting(turn, json_number(judged->plain, STR("of"), -1),
	                                 judged->row, &waiting, &found, err))
		return false;
	if (!found) {
		pending->answer->outcome = CASEBOOK_FAILED;
		err_set(&pending->answer->err, ERR_ABSENT,
		        "No act waits on this file under that number");
		return true;
	}
	if (!may_answer(turn, judged, &waiting, answer, &may, &verdict, err))
		return false;
	if (may && agrees && !names_answerer(turn, &waiting, judged, &names, err))
		return false;
	if (names)
		may = refuse_second(
			&verdict, STR("own"),
			STR("Nobody agrees to what is said of his own offices or account"));
	may = may && (!agrees || judge_proof(&pending->act->actor, waiting.kind, &verdict));
	if (!may)
		return turn_refuse(turn, pending, judged, &verdict, err);
	if (!withdraws && !json_text(judged->sealed, STR("reasons")).n) {
		return lacks_reasons(pending, err);
	}
	if (office)
		json_put_text(turn->fold->arena, judged->plain, STR("role"),
		              arena_copy(turn->fold->arena, office->role_name));
	struct str role = office ? arena_copy(turn->fold->arena, office->role_name) : STR_NONE;
	if (!turn_admit(turn, pending, judged, &none, err))
		return false;
	if (!agrees || !all_given(&waiting, role))
		return true;
	return judge_again(turn, pending, &waiting, judged->row, err);
}
