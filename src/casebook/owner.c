/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who is meant: owner expressions of the pack as office instances of today's chart. */
#include "casebook/chart.h"
#include "casebook/fold.h"

static const struct chart_office *by_id(const struct owner_context *context, struct str id)
{
	return id.n ? chart_find(context->chart, id) : NULL;
}

static struct str agency_of_first(const struct owner_context *context)
{
	const struct chart_office *first = by_id(context, context->row->first_office);
	return first ? first->agency : STR_NONE;
}

static const struct chart_office *instance(const struct owner_context *context,
                                           const struct pack_office *role)
{
	return role ? chart_instance(context->chart, role, context->row->area,
	                             agency_of_first(context))
	            : NULL;
}

/* The office that a field or a row's column names. */
static struct str field_office(const struct owner_context *context, const struct pack_owner *owner)
{
	if (owner->column.p)
		return json_text(context->each_row, owner->column);
	const struct json *value = json_member(context->plain, owner->field);
	/* One duty a value: this value, if it is one of this field's and not of another that is
	 * walked. */
	if (context->each_row && context->each_row->type == JSON_STRING) {
		for (const struct json *item = value && value->type == JSON_ARRAY ? value->first
		                                                                  : NULL;
		     item; item = item->next) {
			if (item == context->each_row)
				return item->string;
		}
	}
	if (value && value->type == JSON_ARRAY)
		value = value->first;
	return value && value->type == JSON_STRING ? value->string : STR_NONE;
}

static const struct chart_office *base_office(const struct owner_context *context,
                                              const struct pack_owner *owner)
{
	switch (owner->sort) {
	case PACK_OWNER_ROLE:
		return instance(context, owner->role);
	case PACK_OWNER_ENTRY:
		return by_id(context, context->office);
	case PACK_OWNER_FIRST_ENTRY:
		return by_id(context, context->row->first_office);
	case PACK_OWNER_LAST_ENTRY:
		return by_id(context, context->row->last_office);
	case PACK_OWNER_FIELD:
		return by_id(context, field_office(context, owner));
	case PACK_OWNER_OF_FILE:
		return chart_of_file(context->chart, context->row->n);
	case PACK_OWNER_OWNER:
	case PACK_OWNER_PATTERN:
		return by_id(context, context->owner);
	}
	return NULL;
}

static const struct chart_office *step_from(const struct owner_context *context,
                                            const struct chart_office *office,
                                            enum pack_owner_step step)
{
	const struct pack_agency *agency = office->role ? office->role->agency : NULL;
	const struct pack_office *role = NULL;
	switch (step) {
	case PACK_STEP_NONE:
		return office;
	case PACK_STEP_MANAGER:
		return chart_above(context->chart, office);
	case PACK_STEP_HEAD:
		role = agency ? agency->head : NULL;
		break;
	case PACK_STEP_CHIEF:
		role = agency ? agency->chief : NULL;
		break;
	case PACK_STEP_INSPECTORATE:
		role = agency ? agency->inspectorate : NULL;
		break;
	}
	return role ? chart_instance(context->chart, role, office->area, office->agency) : NULL;
}

struct str owner_resolve(const struct owner_context *context, const struct pack_owner *owner)
{
	const struct chart_office *office = base_office(context, owner);
	for (size_t i = 0; office && i < owner->step_count; i++)
		office = step_from(context, office, owner->steps[i]);
	return office ? office->id : STR_NONE;
}
