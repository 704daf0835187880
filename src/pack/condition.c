/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whether a condition holds. Nothing is allocated: the stack of the
 * postfix form is as deep as a condition may have pairs, values are looked at
 * where they lie.
 */
#include "pack/atom.h"

bool cond_evaluate(const struct pack_cond *cond, cond_ask *ask, void *ctx, bool *holds,
                   struct err *err)
{
	bool stack[COND_OPS_MAX];
	size_t top = 0;

	for (size_t i = 0; i < cond->op_count; i++) {
		const struct cond_op *op = &cond->ops[i];
		switch ((enum cond_op_code)op->code) {
		case COND_ATOM:
			if (!ask(ctx, op->b, &stack[top], err))
				return false;
			top++;
			break;
		case COND_NOT:
			stack[top - 1] = !stack[top - 1];
			break;
		case COND_AND:
			top--;
			stack[top - 1] = stack[top - 1] && stack[top];
			break;
		case COND_OR:
			top--;
			stack[top - 1] = stack[top - 1] || stack[top];
			break;
		case COND_SKIP_IF_FALSE:
			if (!stack[top - 1])
				i = op->b - 1;
			break;
		case COND_SKIP_IF_TRUE:
			if (stack[top - 1])
				i = op->b - 1;
			break;
		}
	}
	*holds = top > 0 && stack[top - 1];
	return true;
}

/* --- against a world ---------------------------------------------------------------------------
 */

struct asking {
	const struct pack_cond *cond;
	const struct pack_world *world;
};

/* A fact's value is a code, a number or a date as text; tested as its own text would be. */
static bool fact_holds(const struct cond_atom *atom, const struct pack_world *world)
{
	const struct pack_fact *fact = cond_fact_find(world->type, atom->name);
	struct str value = fact ? world->calls->fact(world, fact) : STR_NONE;
	struct json json = { .type = JSON_STRING, .string = value };
	struct str digits = str_starts(value, STR("-")) ? str_sub(value, 1, value.n) : value;
	uint64_t n;

	if (value.p && atom->test.sort == COND_IS_BETWEEN) {
		if (!str_to_u64(digits, (uint64_t)JSON_INTEGER_MAX, &n))
			return false;
		json.type = JSON_INTEGER;
		json.integer = digits.n == value.n ? (int64_t)n : -(int64_t)n;
	}
	return cond_test_json(&atom->test, value.p ? &json : NULL);
}

static bool state_holds(const struct cond_atom *atom, const struct pack_world *world)
{
	if (!world->type || world->state < 0 || (size_t)world->state >= world->type->state_count)
		return false;
	for (size_t i = 0; i < atom->name_count; i++) {
		if (str_eq(atom->names[i], world->type->states[world->state]))
			return true;
	}
	return false;
}

static bool is_one_of(const struct pack_office *const *offices, size_t count,
                      const struct pack_office *role)
{
	for (size_t i = 0; i < count; i++) {
		if (offices[i] == role)
			return true;
	}
	return false;
}

static bool office_holds(const struct cond_atom *atom, const struct pack_world *world)
{
	const struct pack_office *role =
		world->office.p ? world->calls->role_of(world, world->office) : NULL;
	return role && is_one_of(atom->offices, atom->office_count, role);
}

/* Whether some office of the field's value is the role, or of the agency, that is wanted. */
static bool has_office(const struct pack_world *world, const struct json *value,
                       const struct pack_office *role, const struct pack_agency *agency)
{
	const struct json *one = value && value->type == JSON_ARRAY ? value->first : value;
	for (; one; one = value->type == JSON_ARRAY ? one->next : NULL) {
		const struct pack_office *found =
			one->type == JSON_STRING ? world->calls->role_of(world, one->string) : NULL;
		if (found && (found == role || (agency && found->agency == agency)))
			return true;
	}
	return false;
}

static bool office_in_holds(const struct cond_atom *atom, const struct pack_world *world)
{
	const struct json *value = json_member(world->plain, atom->name);
	for (size_t i = 0; i < atom->office_count; i++) {
		if (!has_office(world, value, atom->offices[i], NULL))
			return false;
	}
	for (size_t i = 0; i < atom->agency_count; i++) {
		if (!has_office(world, value, NULL, atom->agencies[i]))
			return false;
	}
	return true;
}

static bool outside_line_holds(const struct cond_atom *atom, const struct pack_world *world,
                               bool *holds, struct err *err)
{
	struct str owner = STR_NONE;
	*holds = false;
	if (!world->office.p)
		return true;
	if (!world->calls->owner(world, &atom->owner, &owner, err))
		return false;
	return !owner.p || world->calls->outside_line(world, world->office, owner, holds, err);
}

static bool ask_world(void *ctx, size_t n, bool *holds, struct err *err)
{
	const struct asking *asking = ctx;
	const struct cond_atom *atom = asking->cond->atoms[n];
	const struct pack_world *world = asking->world;

	*holds = false;
	if (atom->forbidden.p) /* L10 */
		return true;
	switch (atom->form) {
	case COND_FIELD:
		*holds = cond_test_json(&atom->test, json_member(world->plain, atom->name));
		return true;
	case COND_FACT:
		*holds = fact_holds(atom, world);
		return true;
	case COND_STATE:
		*holds = state_holds(atom, world);
		return true;
	case COND_FILE:
		*holds = world->type && (atom->file_types >> world->type->number & 1);
		return true;
	case COND_OFFICE:
		*holds = office_holds(atom, world);
		return true;
	case COND_OFFICE_IN:
		if (atom->ask_field.p)
			return atom->name.p ? cond_look_cover(atom, world, holds, err)
			                    : cond_look_entry_names(atom, world, holds, err);
		*holds = atom->is_of_codes ? cond_rows_say(atom, world)
		                           : office_in_holds(atom, world);
		return true;
	case COND_SECOND:
		*holds = world->calls->second(world, atom->second);
		return true;
	case COND_OUTSIDE_LINE:
		return outside_line_holds(atom, world, holds, err);
	case COND_HELD:
		return cond_look_held(atom, world, holds, err);
	case COND_REGISTER:
		return cond_look_register(atom, world, holds, err);
	case COND_HAS:
	case COND_LACKS:
	case COND_FRESH:
	case COND_COUNT:
	case COND_SHARE:
	case COND_COMPLETE:
	case COND_AFTER:
	case COND_RUNNING:
	case COND_OLDER_THAN:
	case COND_SAME_ACCOUNT:
		return cond_look(asking->cond, atom, world, holds, err);
	case COND_AGE:
	case COND_TURNS_AGE:
	case COND_SILENT_FOR:
	case COND_LINKED:
	case COND_SAME_FILE:
	case COND_DUTY:
	case COND_ASKED:
		return cond_look_far(asking->cond, atom, world, holds, err);
	}
	return err_set(err, ERR_FAULT, "ask_world: no such form");
}

bool pack_cond_holds(const struct pack_cond *cond, const struct pack_world *world, bool *holds,
                     struct err *err)
{
	struct asking asking = { cond, world };
	*holds = true;
	return !cond || cond_evaluate(cond, ask_world, &asking, holds, err);
}

/* --- against the act's fields alone -------------------------------------------------------------
 */

struct asking_fields {
	const struct pack_cond *cond;
	const struct json *plain;
};

static bool ask_fields(void *ctx, size_t n, bool *holds, struct err *err)
{
	const struct asking_fields *asking = ctx;
	const struct cond_atom *atom = asking->cond->atoms[n];
	(void)err;
	*holds = atom->form == COND_FIELD && !atom->forbidden.p &&
	         cond_test_json(&atom->test, json_member(asking->plain, atom->name));
	return true;
}

bool pack_cond_holds_fields(const struct pack_cond *cond, const struct pack_kind *kind,
                            const struct json *plain)
{
	bool holds = true;
	struct err err = { 0 };
	struct json none = { .type = JSON_OBJECT };
	struct asking_fields asking = { cond, plain ? plain : &none };
	(void)kind; /* fields are asked by name */
	return !cond || (cond_evaluate(cond, ask_fields, &asking, &holds, &err) && holds);
}

bool pack_cond_is_of_file(const struct pack_cond *cond)
{
	for (size_t i = 0; cond && i < cond->atom_count; i++) {
		const struct cond_atom *atom = cond->atoms[i];
		bool is_of_entries = atom->form == COND_HAS || atom->form == COND_LACKS;
		if (atom->form != COND_STATE && atom->form != COND_DUTY &&
		    (!is_of_entries || atom->with_this || atom->which.through))
			return false;
	}
	return true;
}

bool cond_is_of_fields(const struct pack_cond *cond)
{
	for (size_t i = 0; i < cond->atom_count; i++) {
		if (cond->atoms[i]->form != COND_FIELD)
			return false;
	}
	return true;
}
