/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What people could do so that a condition holds: for a refusal that says what comes next. */
#include "pack/atom.h"

static void add_kind(struct pack_supply *out, const struct pack_supply_kind *one)
{
	if (one->kind && out->kind_count < PACK_SUPPLY_MAX)
		out->kinds[out->kind_count++] = *one;
}

static void add_kinds(struct pack_supply *out, const struct cond_which *which)
{
	for (size_t i = 0; i < which->kind_count; i++)
		add_kind(out,
		         &(struct pack_supply_kind){ which->kinds[i], which->by, which->by_count,
		                                     which->where, which->where_count });
}

bool pack_supply_fits(const struct pack_supply_kind *one, const struct json *fields)
{
	for (size_t i = 0; i < one->where_count; i++) {
		if (!cond_test_json(&one->where[i].test, json_member(fields, one->where[i].field)))
			return false;
	}
	return true;
}

static void add_duties(struct pack_supply *out, const struct cond_atom *atom)
{
	bool wants_end = atom->is == COND_IS_SETTLED ? !atom->is_negated : atom->is_negated;
	if (!wants_end)
		return;
	for (size_t i = 0; i < atom->rule_count && out->rule_count < PACK_SUPPLY_MAX; i++)
		out->rules[out->rule_count++] = atom->rules[i];
	if (atom->rule_count == 0)
		out->classes |= atom->classes;
}

static void add_atom(struct pack_supply *out, const struct cond_atom *atom)
{
	bool is_of_entries =
		atom->form == COND_HAS || atom->form == COND_FRESH || atom->form == COND_COUNT;
	if (atom->form == COND_DUTY)
		add_duties(out, atom);
	if (atom->is_negated)
		return;
	if (is_of_entries)
		add_kinds(out, &atom->which);
	if (atom->form == COND_AFTER)
		add_kinds(out, &atom->then);
	if (atom->form == COND_ASKED)
		add_kind(out, &(struct pack_supply_kind){ .kind = atom->answer });
	if (atom->form == COND_SECOND)
		out->second = atom->second;
}

void pack_cond_supply(const struct pack_cond *cond, struct pack_supply *out)
{
	*out = (struct pack_supply){ 0 };
	for (size_t i = 0; cond && i < cond->atom_count; i++)
		add_atom(out, cond->atoms[i]);
}
