/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * P05: what can ever be there. An act that must name an entry, a file or a duty
 * can be made only after one of these; so the least that can be made is found,
 * from nothing on, and what is left over waits for itself or for what nobody
 * makes. An act with needs names entries of its own file, or of one that is
 * linked to it. What is retired is there already.
 */
#include "pack/check.h"

uint64_t supply_across(const struct pack_relation *relation, uint64_t types)
{
	return (types & relation->from ? relation->to : 0) |
	       (types & relation->to ? relation->from : 0);
}

/* --- what a field may name ------------------------------------------------------------------- */

/* Types of the files whose entries an act of the kind may name. */
static uint64_t reach_of(const struct pack *pack, const struct pack_kind *kind)
{
	uint64_t types = kind->file_types;
	if (kind->need_count == 0)
		return UINT64_MAX;
	for (size_t i = 0; i < pack->relation_count; i++)
		types |= supply_across(&pack->relations[i], kind->file_types);
	return types;
}

static bool has_entry(const struct supply *supply, const struct pack_field *field, uint64_t reach)
{
	for (size_t i = 0; i < field->of_kind_count; i++) {
		if (supply->kinds[field->of_kinds[i]->number] & reach)
			return true;
	}
	return field->of_kind_count == 0;
}

static bool has_duty(const struct supply *supply, const struct pack_field *field)
{
	for (size_t i = 0; i < field->of_duty_count; i++) {
		if (supply->duties[field->of_duties[i]->number])
			return true;
	}
	return field->of_duty_count == 0;
}

/* Whether there is anything that the field may name. */
static bool is_there(const struct supply *supply, const struct pack_field *field, uint64_t reach)
{
	switch (field->type) {
	case PACK_ENTRY:
		return has_entry(supply, field, reach);
	case PACK_FILE:
		return field->of_file_types == 0 || (field->of_file_types & supply->begun);
	case PACK_DUTY:
		return has_duty(supply, field);
	case PACK_ROWS:
		for (size_t i = 0; i < field->column_count; i++) {
			if (field->columns[i].required == PACK_REQUIRED &&
			    !is_there(supply, &field->columns[i], reach))
				return false;
		}
		return true;
	case PACK_CODE:
	case PACK_CODES:
	case PACK_YES:
	case PACK_INTEGER:
	case PACK_DATE:
	case PACK_INSTANT:
	case PACK_MONTH:
	case PACK_VERSION:
	case PACK_OFFICE:
	case PACK_TEXT:
	case PACK_WORDS:
	case PACK_NAME:
	case PACK_ADDRESS:
	case PACK_IDENTIFIER:
	case PACK_ATTACHMENT:
		break;
	}
	return true;
}

/* --- what can be made ------------------------------------------------------------------------ */

static bool climbs_to(const struct pack_ladder *ladder, const struct pack_kind *kind)
{
	for (size_t r = 0; r < ladder->count; r++) {
		if (ladder->rungs[r].makes == kind)
			return true;
	}
	return false;
}

static bool is_written(const struct supply *supply, const struct pack_kind *kind)
{
	const struct pack *pack = supply->pack;
	for (size_t l = 0; l < pack->ladder_count; l++) {
		if (climbs_to(&pack->ladders[l], kind))
			return true;
	}
	for (size_t k = 0; k < pack->kind_count; k++) {
		for (size_t i = 0; supply->kinds[k] && i < pack->kinds[k].then_count; i++) {
			if (pack->kinds[k].then[i].kind == kind)
				return true;
		}
	}
	return false;
}

static bool has_maker(const struct supply *supply, const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		if (kind->by[i].sort != PACK_BY_REGISTER)
			return true;
	}
	return kind->is_built_in || kind->retired.p || is_written(supply, kind);
}

static bool can_be_filled(const struct supply *supply, const struct pack_kind *kind)
{
	uint64_t reach = reach_of(supply->pack, kind);
	for (size_t i = 0; i < kind->field_count; i++) {
		if (kind->fields[i].required == PACK_REQUIRED &&
		    !is_there(supply, &kind->fields[i], reach))
			return false;
	}
	return true;
}

static bool add_types(uint64_t *to, uint64_t types)
{
	bool is_new = types & ~*to;
	*to |= types;
	return is_new;
}

/* What follows from an entry of a kind. True: something of it is new. */
static bool follow(struct supply *supply, const struct pack_kind *kind)
{
	uint64_t types = supply->kinds[kind->number];
	bool is_new = kind->may_begin && add_types(&supply->begun, types);
	for (size_t i = 0; i < kind->open_count; i++) {
		const struct pack_open *open = &kind->opens[i];
		is_new = add_types(&supply->duties[open->duty->number],
		                   open->on ? supply_across(open->on, types) : types) ||
		         is_new;
	}
	for (size_t i = 0; i < kind->settle_count; i++) {
		const struct pack_settle *settle = &kind->settles[i];
		is_new = add_types(&supply->settled[settle->duty->number],
		                   settle->on ? supply_across(settle->on, types) : types) ||
		         is_new;
	}
	for (size_t i = 0; i < kind->link_count; i++) {
		bool *is_linked = &supply->relations[kind->links[i].relation->number];
		is_new = is_new || !*is_linked;
		*is_linked = true;
	}
	return is_new;
}

static bool make(struct supply *supply, const struct pack_kind *kind)
{
	uint64_t *made = &supply->kinds[kind->number];
	uint64_t types = kind->may_begin ? kind->file_types : kind->file_types & supply->begun;
	if (!(types & ~*made) || !has_maker(supply, kind) || !can_be_filled(supply, kind))
		return false;
	*made = types;
	(void)follow(supply, kind);
	return true;
}

/* What nothing in a pack makes: files of the register's own, and what it owes by itself. */
static void begin(struct supply *supply)
{
	const struct pack *pack = supply->pack;
	for (size_t t = 0; t < pack->file_type_count; t++) {
		if (pack->file_types[t].is_built_in)
			supply->begun |= UINT64_C(1) << t;
	}
	for (size_t d = 0; d < pack->duty_count; d++) {
		const struct pack_duty *duty = &pack->duties[d];
		bool is_own = duty->is_built_in || duty == pack->rest ||
		              duty == pack->pattern_duty || duty == pack->vacant_duty ||
		              duty == pack->clock_duty || duty == pack->broken_duty;
		supply->duties[d] = is_own || duty->retired.p ? UINT64_MAX : 0;
	}
	for (size_t p = 0; p < pack->pattern_count; p++) {
		for (size_t i = 0; i < pack->patterns[p].open_count; i++) {
			const struct pack_found_open *open = &pack->patterns[p].opens[i];
			supply->duties[open->duty->number] |= open->types;
		}
	}
}

/* --- what is told ---------------------------------------------------------------------------- */

static struct str names_of(struct check *check, const struct pack_field *field)
{
	struct str names = STR("");
	for (size_t i = 0; i < field->of_kind_count; i++)
		names = arena_format(check->arena, "%.*s%s%.*s", STR_ARG(names), i ? ", " : "",
		                     STR_ARG(field->of_kinds[i]->name));
	for (size_t i = 0; i < field->of_duty_count; i++)
		names = arena_format(check->arena, "%.*s%s%.*s", STR_ARG(names), i ? ", " : "",
		                     STR_ARG(field->of_duties[i]->name));
	for (size_t t = 0; t < check->pack->file_type_count; t++) {
		if (field->of_file_types >> t & 1)
			names = arena_format(check->arena, "%.*s%s%.*s", STR_ARG(names),
			                     names.n ? ", " : "",
			                     STR_ARG(check->pack->file_types[t].name));
	}
	return names;
}

/* The field itself, or the first column of it that must be filled and cannot. */
static const struct pack_field *blamed(const struct supply *supply, const struct pack_field *field,
                                       uint64_t reach)
{
	for (size_t i = 0; field->type == PACK_ROWS && i < field->column_count; i++) {
		if (field->columns[i].required == PACK_REQUIRED &&
		    !is_there(supply, &field->columns[i], reach))
			return &field->columns[i];
	}
	return field;
}

static void tell_fields(struct check *check, const struct supply *supply,
                        const struct pack_kind *kind)
{
	const struct yaml *node = check_node(check, SECTION_KINDS, kind->name);
	uint64_t reach = reach_of(check->pack, kind);
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		if (field->required == PACK_OPTIONAL || is_there(supply, field, reach))
			continue;
		const struct pack_field *named = blamed(supply, field, reach);
		bool is_elsewhere = named->type == PACK_ENTRY && reach != UINT64_MAX &&
		                    is_there(supply, named, UINT64_MAX);
		check_fails(check, "P05", check_place(check, check_item(node, STR("fields"), i)),
		            "%.*s: field \"%.*s\" must be filled, and nothing that it may name "
		            "(%.*s) can ever be there%s",
		            STR_ARG(kind->name), STR_ARG(named->name),
		            STR_ARG(names_of(check, named)),
		            is_elsewhere ? ": an act with needs names what stands on its own "
		                           "file, or on one that is linked to it"
		                         : "");
	}
}

bool check_supply(struct check *check, struct supply *out, struct err *err)
{
	const struct pack *pack = check->pack;
	*out = (struct supply){
		.pack = pack,
		.kinds = arena_alloc(check->arena, pack->kind_count, sizeof *out->kinds),
		.duties = arena_alloc(check->arena, pack->duty_count, sizeof *out->duties),
		.settled = arena_alloc(check->arena, pack->duty_count, sizeof *out->settled),
		.relations =
			arena_alloc(check->arena, pack->relation_count + 1, sizeof *out->relations),
	};
	if (!out->kinds || !out->duties || !out->settled || !out->relations)
		return err_set(err, ERR_UNABLE, "There is no room to check this pack");
	begin(out);
	for (bool is_more = true; is_more;) {
		is_more = false;
		for (size_t k = 0; k < pack->kind_count; k++)
			is_more = make(out, &pack->kinds[k]) || is_more;
	}
	for (size_t k = 0; k < pack->kind_count; k++) {
		if (!pack->kinds[k].is_built_in && !pack->kinds[k].retired.p)
			tell_fields(check, out, &pack->kinds[k]);
	}
	return true;
}
