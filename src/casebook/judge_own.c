/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The register's own kinds on files: duties passed on, read and extended,
 * corrections, the emergency way in. People and offices: judge_people.c.
 */
#include "casebook/chart.h"
#include "casebook/fold_parts.h"
#include "casebook/turn_parts.h"

static bool refuse(struct verdict *verdict, struct str because, struct str sentence)
{
	verdict->judgement = JUDGED_REFUSED_ACCESS;
	verdict->because = because;
	verdict->sentence = sentence;
	return true;
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

/* Who broke the glass does not review it himself, in whatever office; and a review has reasons (settled 6). */
static bool judge_review(struct turn *turn, const struct judged *judged, const struct named_duty *duty,
                         struct verdict *verdict, struct err *err)
{
	static const char HEADER_SQL[] = "SELECT header FROM entry WHERE idx = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	struct log_header header;
	if (!turn->fold->pack->broken_duty || !str_eq(duty->rule, turn->fold->pack->broken_duty->name))
		return true;
	if (!json_text(judged->sealed, STR("reasons")).n)
		return refuse(verdict, STR("no-reasons"), STR("Write what you found: a review needs its reasons"));
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

static bool judge_reading(struct turn *turn, const struct judged *judged, const struct named_duty *duty,
                          struct verdict *verdict, struct err *err)
{
	bool owes;
	if (!owes_reading(turn, judged, duty, &owes, err))
		return false;
	if (!owes)
		return refuse(verdict, STR("not-told"), STR("Your office was not told of this duty"));
	return judge_review(turn, judged, duty, verdict, err);
}

static bool is_outside(const struct chart_office *office)
{
	return office && office->role && office->role->is_outside;
}

static bool judge_duty(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                       struct err *err)
{
	const struct chart *chart = turn->fold->chart;
	const struct chart_office *acting = chart_find(chart, judged->act->actor.office);
	struct named_duty duty;
	bool found;
	if (!find_duty(turn, judged, &duty, &found, err))
		return false;
	bool is_hand_over = str_eq(judged->kind->name, STR("office.handed-over"));
	if (!found)
		return is_hand_over || refuse(verdict, STR("no-duty"), STR("There is no such duty"));
	const struct chart_office *owner = chart_find(chart, duty.office);
	bool is_above = acting && owner && (acting == owner || chart_is_above(chart, acting, owner));
	if (!is_hand_over && judged->row && duty.file != judged->row->n)
		return refuse(verdict, STR("other-file"), STR("This duty belongs to another file"));
	if (str_eq(judged->kind->name, STR("duty.read")))
		return judge_reading(turn, judged, &duty, verdict, err);
	if (!duty.is_open)
		return refuse(verdict, STR("closed"), STR("This duty is not open any more"));
	if (str_eq(judged->kind->name, STR("duty.extended")))
		judge_extension(turn, judged, &duty, verdict);
	else if (!is_above)
		refuse(verdict, STR("not-owner"), STR("A duty is passed on by the office that owes it, or one above it"));
	else if (is_outside(chart_find(chart, json_text(judged->plain, STR("to")))))
		refuse(verdict, STR("outside"), STR("An office outside the partnership is told what is late; it owes nothing"));
	return true;
}

/* --- corrections and the emergency way in --------------------------------------------------- */

#define BROKEN_MAX (24 * INSTANT_PER_HOUR)

/* A plain value is read by gates from here on, and by everybody: only what the field itself could hold. */
static bool judge_value(const struct judged *judged, const struct pack_field *field)
{
	struct str value = json_text(judged->plain, STR("value"));
	struct day day;
	instant at;
	uint64_t number;
	if (!value.n)
		return true;
	if (field->is_sealed || field->type == PACK_ROWS)
		return false;
	if (field->type == PACK_CODE || field->type == PACK_CODES)
		return field->list && pack_code_find(field->list, value);
	if (field->type == PACK_YES)
		return str_eq(value, STR("yes")) || str_eq(value, STR("no"));
	if (field->type == PACK_DATE)
		return day_read(value, &day);
	if (field->type == PACK_INSTANT)
		return instant_read(value, &at);
	if (field->type == PACK_INTEGER)
		return str_to_u64(str_sub(value, value.p[0] == '-', value.n), JSON_INTEGER_MAX, &number);
	return true;
}

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
	if (!judge_value(judged, field))
		return refuse(verdict, STR("value"),
		              STR("The right value is one of the field's own answers; words go under \"right\", which is sealed"));
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
	if (str_eq(name, STR("access.broken"))) {
		judge_broken(turn, judged, verdict);
		return true;
	}
	return judge_people(turn, judged, verdict, err);
}
