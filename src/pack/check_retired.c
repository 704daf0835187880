/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What is retired stays readable and is made no more: nothing that is in force
 * may lean on it alone. That a rule still names an answer which is none any
 * more from some day on is advised on: until that day it is one.
 */
#include "pack/check.h"

/* --- duties and offices ---------------------------------------------------------------------- */

bool check_moves(const struct pack_kind *kind, const struct pack_duty *duty)
{
	for (size_t i = 0; i < kind->settle_count; i++) {
		if (kind->settles[i].duty == duty)
			return true;
	}
	for (size_t i = 0; i < kind->end_count; i++) {
		if (kind->ends[i].duty == duty)
			return true;
	}
	return false;
}

/* The heads of the pack's own mechanism must stand. */
static bool is_leant_on(const struct pack *pack, const struct pack_duty *duty)
{
	return duty == pack->rest || duty == pack->pattern_duty || duty == pack->vacant_duty ||
	       duty == pack->clock_duty || duty == pack->broken_duty;
}

static void check_retired_duty(struct check *check, const struct pack_duty *duty)
{
	const struct pack *pack = check->pack;
	bool is_settled = false;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		for (size_t i = 0; i < kind->open_count; i++) {
			const struct yaml *node = check_node(check, SECTION_KINDS, kind->name);
			if (kind->opens[i].duty == duty)
				check_fails(check, "P08",
				            check_place(check, check_item(node, STR("opens"), i)),
				            "duty %.*s is retired, and %.*s still opens it",
				            STR_ARG(duty->name), STR_ARG(kind->name));
		}
		is_settled = is_settled || (!kind->retired.p && check_moves(kind, duty));
	}
	if (is_leant_on(pack, duty))
		check_fails(check, "P08", check_body(check, SECTION_DUTIES, duty->name),
		            "duty %.*s is retired, and pack.yaml still names it",
		            STR_ARG(duty->name));
	if (!is_settled)
		check_fails(check, "P03", check_body(check, SECTION_DUTIES, duty->name),
		            "duty %.*s is retired, and nothing settles what is still open of it",
		            STR_ARG(duty->name));
}

static bool is_by_retired_alone(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		if (kind->by[i].sort != PACK_BY_ROLE || !kind->by[i].role->retired.p)
			return false;
	}
	return kind->by_count > 0;
}

/* What is owed must be owed by an office that is still there. */
static void check_retired_owner(struct check *check, const struct pack_duty *duty)
{
	for (size_t i = 0; i < duty->owner_count; i++) {
		const struct pack_owner *owner = &duty->owners[i];
		if (!duty->retired.p && owner->sort == PACK_OWNER_ROLE && owner->role->retired.p)
			check_fails(check, "P07", check_body(check, SECTION_DUTIES, duty->name),
			            "duty %.*s is owed by office %.*s, which is retired",
			            STR_ARG(duty->name), STR_ARG(owner->role->name));
	}
}

static void check_retired_rungs(struct check *check, const struct pack_ladder *ladder)
{
	for (size_t r = 0; r < ladder->count; r++) {
		for (size_t i = 0; i < ladder->rungs[r].tell_count; i++) {
			const struct pack_owner *owner = &ladder->rungs[r].tell[i];
			if (owner->sort == PACK_OWNER_ROLE && owner->role->retired.p)
				check_fails(check, "P07",
				            check_body(check, SECTION_LADDERS, ladder->name),
				            "ladder %.*s tells office %.*s, which is retired",
				            STR_ARG(ladder->name), STR_ARG(owner->role->name));
		}
	}
}

/* --- kinds ----------------------------------------------------------------------------------- */

static void check_stands(struct check *check, const struct pack_kind *kind, struct str key,
                         size_t n, const struct pack_kind *other, const char *how)
{
	const struct yaml *node = check_node(check, SECTION_KINDS, kind->name);
	if (other->retired.p)
		check_fails(check, "P05", check_place(check, check_item(node, key, n)),
		            "%.*s is retired, and %.*s still %s", STR_ARG(other->name),
		            STR_ARG(kind->name), how);
}

static void check_written(struct check *check, const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->then_count; i++)
		check_stands(check, kind, STR("then"), i, kind->then[i].kind, "has it written");
	for (size_t i = 0; i < kind->offer_count; i++)
		check_stands(check, kind, STR("offers"), i, kind->offers[i].kind, "offers it");
}

static void check_made(struct check *check, const struct pack_ladder *ladder)
{
	for (size_t r = 0; r < ladder->count; r++) {
		const struct pack_kind *made = ladder->rungs[r].makes;
		if (made && made->retired.p)
			check_fails(check, "P05", check_body(check, SECTION_LADDERS, ladder->name),
			            "%.*s is retired, and ladder %.*s still makes it",
			            STR_ARG(made->name), STR_ARG(ladder->name));
	}
}

/* --- answers --------------------------------------------------------------------------------- */

/* The first of the codes that is retired; NULL: none. */
static const struct pack_code *retired_code(const struct pack_field *field, const struct str *codes,
                                            size_t count)
{
	for (size_t i = 0; field && field->list && i < count; i++) {
		const struct pack_code *code = pack_code_find(field->list, codes[i]);
		if (code && code->retired.p)
			return code;
	}
	return NULL;
}

static void advise(struct check *check, const struct pack_kind *kind, struct pack_place place,
                   struct str field, const struct pack_code *code)
{
	check_advises(check, "P08", place,
	              "%.*s: a rule names the answer \"%.*s\" of %.*s, which is none from %.*s on",
	              STR_ARG(kind->name), STR_ARG(code->code), STR_ARG(field),
	              STR_ARG(code->retired));
}

/* What is asked of the act itself; of earlier entries it may well be asked. */
static void look_for_codes(struct check *check, const struct pack_kind *kind,
                           const struct pack_cond *cond)
{
	for (size_t i = 0; cond && i < cond->atom_count; i++) {
		const struct cond_atom *atom = cond->atoms[i];
		bool is_of_act = atom->form == COND_FIELD ||
		                 (atom->form == COND_OFFICE_IN && atom->test.code_count > 0);
		const struct pack_field *field =
			is_of_act ? pack_field_find(kind, atom->name) : NULL;
		for (size_t c = 0; field && atom->what_field.p && c < field->column_count; c++) {
			if (str_eq(field->columns[c].name, atom->what_field)) {
				field = &field->columns[c];
				break;
			}
		}
		const struct pack_code *code =
			field && atom->test.sort == COND_IS_CODE
				? retired_code(field, atom->test.codes, atom->test.code_count)
				: NULL;
		if (code)
			advise(check, kind, atom->place, field->name, code);
	}
}

static void look_for_offices(struct check *check, const struct pack_kind *kind,
                             const struct pack_cond *cond)
{
	for (size_t i = 0; cond && i < cond->atom_count; i++) {
		const struct cond_atom *atom = cond->atoms[i];
		for (size_t o = 0; o < atom->office_count; o++) {
			if (atom->offices[o]->retired.p)
				check_advises(check, "P07", atom->place,
				              "%.*s: a rule names office %.*s, which is retired",
				              STR_ARG(kind->name), STR_ARG(atom->offices[o]->name));
		}
	}
}

static void look(struct check *check, const struct pack_kind *kind, const struct pack_cond *cond)
{
	look_for_codes(check, kind, cond);
	look_for_offices(check, kind, cond);
}

static void check_answers(struct check *check, const struct pack_kind *kind)
{
	const struct yaml *node = check_node(check, SECTION_KINDS, kind->name);
	const struct pack_field *field = pack_field_find(kind, kind->to.field);
	const struct pack_code *code = kind->to.sort == PACK_TO_BY_FIELD
	                                       ? retired_code(field, kind->to.codes, kind->to.count)
	                                       : NULL;
	if (code)
		advise(check, kind, check_place(check, yaml_member(node, STR("to"))), field->name,
		       code);
	for (size_t i = 0; i < kind->need_count; i++) {
		const struct pack_kind_need *asked = &kind->needs[i];
		const struct pack_need *needs = asked->gate ? asked->gate->needs : asked->need;
		look(check, kind, asked->when);
		for (size_t n = 0; n < (asked->gate ? asked->gate->need_count : 1); n++) {
			look(check, kind, needs[n].when);
			look(check, kind, needs[n].need);
		}
	}
	for (size_t i = 0; i < kind->open_count; i++)
		look(check, kind, kind->opens[i].when);
	for (size_t i = 0; i < kind->settle_count; i++) {
		look(check, kind, kind->settles[i].when);
		look(check, kind, kind->settles[i].where);
	}
	for (size_t i = 0; i < kind->end_count; i++)
		look(check, kind, kind->ends[i].when);
	for (size_t i = 0; i < kind->offer_count; i++)
		look(check, kind, kind->offers[i].when);
	for (size_t i = 0; i < kind->then_count; i++)
		look(check, kind, kind->then[i].when);
	for (size_t i = 0; i < kind->field_count; i++)
		look(check, kind, kind->fields[i].required_if);
}

/* --- all ------------------------------------------------------------------------------------- */

void check_retired(struct check *check)
{
	const struct pack *pack = check->pack;
	for (size_t i = 0; i < pack->duty_count; i++) {
		check_retired_owner(check, &pack->duties[i]);
		if (pack->duties[i].retired.p)
			check_retired_duty(check, &pack->duties[i]);
	}
	for (size_t i = 0; i < pack->ladder_count; i++) {
		check_retired_rungs(check, &pack->ladders[i]);
		check_made(check, &pack->ladders[i]);
	}
	for (size_t k = 0; k < pack->kind_count; k++) {
		if (!pack->kinds[k].retired.p && is_by_retired_alone(&pack->kinds[k]))
			check_fails(check, "P07",
			            check_body(check, SECTION_KINDS, pack->kinds[k].name),
			            "%.*s may be made by offices alone that are retired",
			            STR_ARG(pack->kinds[k].name));
		if (pack->kinds[k].retired.p || pack->kinds[k].is_built_in)
			continue;
		check_written(check, &pack->kinds[k]);
		check_answers(check, &pack->kinds[k]);
	}
}
