/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The register's own kinds on files: corrections, the emergency way in. Duties
 * passed on, read and extended: judge_duty.c; people and offices: judge_people.c.
 */
#include "casebook/fold_parts.h"
#include "casebook/turn_parts.h"

static bool refuse(struct verdict *verdict, struct str because, struct str sentence)
{
	verdict->judgement = JUDGED_REFUSED_ACCESS;
	verdict->because = because;
	verdict->sentence = sentence;
	return true;
}

/* --- corrections and the emergency way in --------------------------------------------------- */

#define BROKEN_MAX (24 * INSTANT_PER_HOUR)

/* A plain value is read by gates from here on, and by everybody: only what the field itself could
 * hold. */
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
		return str_to_u64(str_sub(value, value.p[0] == '-', value.n), JSON_INTEGER_MAX,
		                  &number);
	return true;
}

/* An answer is what gates and duties read; words they never see. */
bool judge_correction_takes_two(const struct pack *pack, const struct json *plain)
{
	return pack->correction_second && json_text(plain, STR("value")).n;
}

/* Wants the yes of the office that the pack names, unless it was given. */
static void want_second(struct turn *turn, const struct judged *judged, struct verdict *verdict)
{
	const struct pack *pack = turn->fold->pack;
	if (!judge_correction_takes_two(pack, judged->plain))
		return;
	for (size_t i = 0; i < judged->second_count; i++) {
		if (str_eq(judged->seconds[i], pack->correction_second->name))
			return;
	}
	verdict->roles[verdict->role_count++] = pack->correction_second->name;
}

static bool judge_correction(struct turn *turn, const struct judged *judged,
                             struct verdict *verdict, struct err *err)
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
	if (step == STORE_DONE || store_is_null(read, 2) || !judged->row ||
	    store_int(read, 0) != judged->row->n)
		return refuse(verdict, STR("other-file"), STR("That entry is not of this file"));
	if (!log_header_read(store_blob(read, 2), &header, err))
		return false;
	const struct pack_kind *kind = pack_kind_find(turn->fold->pack, store_str(read, 1));
	const struct pack_field *field =
		kind ? pack_field_find(kind, json_text(judged->plain, STR("field"))) : NULL;
	if (!field)
		return refuse(verdict, STR("no-field"),
		              STR("That entry has no field of this name"));
	if (field->type == PACK_WORDS)
		return refuse(verdict, STR("verbatim"),
		              STR("A person's own words are never corrected; add beside them"));
	if (field->counted)
		return refuse(verdict, STR("counted"),
		              STR("The register counted it; nobody gives it another number"));
	if (!judge_value(judged, field))
		return refuse(
			verdict, STR("value"),
			STR("The right value is one of the field's own answers; words go under \"right\", which is sealed"));
	if (header.by != LOG_BY_ACCOUNT || !str_eq(header.office, judged->act->actor.office))
		return refuse(verdict, STR("not-writer"),
		              STR("An entry is corrected by the office that wrote it"));
	want_second(turn, judged, verdict);
	return true;
}

static void judge_broken(struct turn *turn, const struct judged *judged, struct verdict *verdict)
{
	instant until;
	if (!instant_read(json_text(judged->plain, STR("until")), &until) ||
	    until > turn->now + BROKEN_MAX)
		refuse(verdict, STR("too-long"),
		       STR("An emergency reading lasts at most 24 hours"));
}

/* --- proof anew ------------------------------------------------------------------------------ */

/* Break-glass, accounts, holders, keys, and what decides who may do those. */
bool casebook_wants_proof(struct str kind)
{
	static const struct str KINDS[] = { { "access.broken", 13 },   { "office.held", 11 },
		                            { "office.left", 11 },     { "office.deputised", 16 },
		                            { "register.opened", 15 }, { "register.named", 14 },
		                            { "office.made", 11 } };
	static const struct str FAMILIES[] = {
		{ "account.", 8 }, { "token.", 6 }, { "mirror.", 7 }, { "log.key-", 8 }
	};
	for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
		if (str_eq(KINDS[i], kind))
			return true;
	}
	for (size_t i = 0; i < COUNT_OF(FAMILIES); i++) {
		if (str_starts(kind, FAMILIES[i]))
			return true;
	}
	return false;
}

bool judge_proof(const struct casebook_actor *actor, struct str kind, struct verdict *verdict)
{
	if (actor->is_proved || !casebook_wants_proof(kind))
		return true;
	refuse(verdict, STR("not-proved"),
	       STR("This asks for proof anew: password and six digits, given within the last 5 minutes."
	           " A token is no such proof"));
	return false;
}

bool judge_own(struct turn *turn, const struct judged *judged, struct verdict *verdict,
               struct err *err)
{
	struct str name = judged->kind->name;
	/* An act that waited was proved when it was written; its second reader has proved himself
	 * since. */
	if (judged->waited < 0 && !judge_proof(&judged->act->actor, name, verdict))
		return true;
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
