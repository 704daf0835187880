/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * P15: the dated cases that stand beside a rule. A row gives `start` (when it
 * was recorded, received, happened, or the last KIND), or the fields that the
 * rule counts from, and the due instant.
 */
#include "pack/check.h"

/* A date counts from its first instant as a start. */
static bool read_start(const struct pack *pack, const struct yaml *node, instant *out)
{
	struct day day;
	if (!node || node->type != YAML_SCALAR)
		return false;
	if (instant_read(node->text, out))
		return true;
	if (!day_read(node->text, &day))
		return false;
	*out = zone_day_start(pack->zone, day);
	return true;
}

static const struct yaml *start_node(const struct yaml *row, const struct pack_start *start)
{
	static const struct str named[] = { [PACK_START_RECORDED] = { "recorded", 8 },
		                            [PACK_START_RECEIVED] = { "received", 8 },
		                            [PACK_START_HAPPENED] = { "happened", 8 } };
	const struct yaml *node = NULL;
	switch (start->sort) {
	case PACK_START_FIELD:
		node = yaml_member(row, start->field);
		break;
	case PACK_START_RECORDED:
	case PACK_START_RECEIVED:
	case PACK_START_HAPPENED:
		node = yaml_member(row, named[start->sort]);
		break;
	case PACK_START_LAST:
	case PACK_START_FIRST:
		break;
	}
	/* `start` stands for what the row does not name, but not for a field beside others. */
	return node || start->sort == PACK_START_FIELD ? node : yaml_member(row, STR("start"));
}

static bool earliest_start(const struct pack *pack, const struct pack_duty *duty,
                           const struct yaml *row, instant *out)
{
	bool has_one = false;
	for (size_t i = 0; i < duty->from_count; i++) {
		instant at;
		if (!read_start(pack, start_node(row, &duty->from[i]), &at))
			continue;
		*out = has_one && *out < at ? *out : at;
		has_one = true;
	}
	return has_one || read_start(pack, yaml_member(row, STR("start")), out);
}

static bool due_of_field(const struct pack *pack, const struct yaml *node, struct pack_due *out,
                         struct err *err)
{
	struct day day;
	instant at;
	if (!node || node->type != YAML_SCALAR)
		return err_set(err, ERR_INPUT, "the row does not give the field");
	if (day_read(node->text, &day))
		return pack_due_from_day(pack->calendar, day, out, err);
	if (!instant_read(node->text, &at))
		return err_set(err, ERR_INPUT, "the field is neither a date nor an instant");
	*out = pack_due_from_instant(pack->calendar, at);
	return true;
}

static bool due_of_row(const struct pack *pack, const struct pack_duty *duty,
                       const struct yaml *row, struct pack_due *out, struct err *err)
{
	struct pack_due limit;
	instant start;
	if (duty->within_is_field) {
		struct str field = duty->within_column.p ? duty->within_column : duty->within_field;
		if (!due_of_field(pack, yaml_member(row, field), out, err))
			return false;
	} else if (!earliest_start(pack, duty, row, &start)) {
		return err_set(err, ERR_INPUT, "the row gives no start");
	} else if (!pack_due(pack->calendar, start, &duty->within, out, err)) {
		return false;
	}
	const struct yaml *no_later =
		duty->no_later_than.p ? yaml_member(row, duty->no_later_than) : NULL;
	if (!no_later)
		return true;
	if (!due_of_field(pack, no_later, &limit, err))
		return false;
	*out = limit.due < out->due ? limit : *out;
	return true;
}

/* Whether anything under `node` was written in another file than `file`. */
static bool is_of_another(const struct whole *whole, const struct yaml *node, struct str file)
{
	if (!node)
		return false;
	if (node->type == YAML_SCALAR)
		return !str_eq(whole_file_of(whole, node), file);
	for (const struct yaml *child = node->first; child; child = child->next)
		if (is_of_another(whole, child, file))
			return true;
	return false;
}

/* Whether a layer tightened the time that a case of the pack below was reckoned by: one that stands
 * where the duty was written first, while its time, or part of it, stands elsewhere. */
static bool is_tightened(struct check *check, const struct pack_duty *duty, const struct yaml *row)
{
	static const struct str KEYS[] = { { "within", 6 },
		                           { "from", 4 },
		                           { "no-later-than", 13 } };
	const struct whole *whole = whole_of(check->pack);
	const struct yaml *body = check_node(check, SECTION_DUTIES, duty->name);
	struct str file = whole_file_of(whole, row);
	if (!body || !str_eq(whole_file_of(whole, body), file))
		return false;
	for (size_t i = 0; i < COUNT_OF(KEYS); i++)
		if (is_of_another(whole, yaml_member(body, KEYS[i]), file))
			return true;
	return false;
}

static void check_row(struct check *check, const struct pack_duty *duty, const struct yaml *row)
{
	const struct yaml *want_node = yaml_member(row, STR("due"));
	struct pack_place place = check_place(check, row);
	struct pack_due due;
	struct err err = { 0 };
	instant want;

	check->cases++;
	if (!want_node || !instant_read(want_node->text, &want)) {
		check_fails(check, "P15", place, "duty %.*s: a case has no due instant",
		            STR_ARG(duty->name));
		return;
	}
	if (!due_of_row(check->pack, duty, row, &due, &err)) {
		check_fails(check, "P15", place, "duty %.*s: a case cannot be reckoned: %s",
		            STR_ARG(duty->name), err.message);
		return;
	}
	/* What was reckoned below says how late it may be at most. */
	if (due.due < want && is_tightened(check, duty, row))
		return;
	if (due.due != want)
		check_fails(check, "P15", check_place(check, want_node),
		            "duty %.*s is due at %.*s; the case says %.*s", STR_ARG(duty->name),
		            STR_ARG(instant_write(check->arena, due.due)),
		            STR_ARG(want_node->text));
}

bool check_cases(struct check *check, struct err *err)
{
	const struct pack *pack = check->pack;
	for (size_t i = 0; i < pack->duty_count; i++) {
		const struct yaml *body = check_node(check, SECTION_DUTIES, pack->duties[i].name);
		const struct yaml *cases = body ? yaml_member(body, STR("cases")) : NULL;
		for (const struct yaml *row = cases ? cases->first : NULL; row; row = row->next)
			check_row(check, &pack->duties[i], row);
	}
	return !check->out_of_memory ||
	       err_set(err, ERR_UNABLE, "There is no room to check this pack");
}
