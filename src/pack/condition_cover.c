/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whether an act names every office, or code, that it should: all that another field names; and
 * what an entry, or a row, names. */
#include "pack/atom.h"

static const struct pack_agency *agency_of(const struct pack_world *world, struct str office)
{
	const struct pack_office *role = world->calls->role_of(world, office);
	return role ? role->agency : NULL;
}

/* The office itself, or with `by_agency` one of the same agency. */
static bool is_meant(const struct pack_world *world, struct str named, struct str office,
                     bool by_agency)
{
	if (str_eq(named, office))
		return true;
	const struct pack_agency *agency = by_agency ? agency_of(world, office) : NULL;
	return agency && agency == agency_of(world, named);
}

static bool says(const struct pack_world *world, const struct json *value, struct str office,
                 bool by_agency)
{
	const struct json *one = value && value->type == JSON_ARRAY ? value->first : value;
	for (; one; one = value->type == JSON_ARRAY ? one->next : NULL) {
		if (one->type == JSON_STRING && is_meant(world, one->string, office, by_agency))
			return true;
	}
	return false;
}

static bool is_named(const struct cond_atom *atom, const struct pack_world *world,
                     struct str office)
{
	const struct json *value = json_member(world->plain, atom->name);
	if (!atom->what_field.n)
		return says(world, value, office, atom->by_agency);
	for (const struct json *row = value ? value->first : NULL; row; row = row->next) {
		if (says(world, json_member(row, atom->what_field), office, atom->by_agency))
			return true;
	}
	return false;
}

bool cond_act_names(const struct pack_world *world, struct str field, struct str office)
{
	return says(world, json_member(world->plain, field), office, false);
}

struct covering {
	const struct cond_atom *atom;
	const struct pack_world *world;
	size_t rows;
	bool is_covered;
};

/* Who acts knows what another entry said to him, and need not be named. */
static bool covers(const struct covering *covering, struct str office)
{
	return (covering->atom->ask && str_eq(office, covering->world->office)) ||
	       is_named(covering->atom, covering->world, office);
}

/* Each office or code in the field, one or several: "a" or ["a","b"]. Of offices the newest entry
 * counts alone; a code that was said once stands, whatever was said after it. */
static bool cover_raw(void *ctx, const struct pack_seen *seen)
{
	struct covering *covering = ctx;
	struct str rest = cond_raw_member(seen->plain, covering->atom->ask_field);
	while (covering->is_covered && rest.n > 0) {
		size_t open = str_find(rest, '"');
		if (open == rest.n)
			break;
		rest = str_sub(rest, open + 1, rest.n);
		size_t close = str_find(rest, '"');
		covering->is_covered = covers(covering, str_sub(rest, 0, close));
		rest = str_sub(rest, close + 1, rest.n);
	}
	if (covering->atom->is_of_codes && ++covering->rows > COND_ROWS_MAX)
		covering->is_covered = false; /* so many that nobody can say */
	return covering->atom->is_of_codes && covering->is_covered;
}

bool cond_look_cover(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                     struct err *err)
{
	struct covering covering = { .atom = atom, .world = world, .is_covered = true };
	if (atom->ask) {
		if (!world->calls->entries(world, &atom->ask, 1, NULL, cover_raw, &covering, err))
			return false;
		*holds = covering.is_covered;
		return true;
	}
	const struct json *value = json_member(world->plain, atom->ask_field);
	const struct json *one = value && value->type == JSON_ARRAY ? value->first : value;
	for (; one && covering.is_covered; one = value->type == JSON_ARRAY ? one->next : NULL)
		covering.is_covered = one->type != JSON_STRING || covers(&covering, one->string);
	*holds = covering.is_covered;
	return true;
}

/* --- what the newest entry names, what the rows of an act say --------------------------------- */

struct naming {
	const struct cond_atom *atom;
	const struct pack_world *world;
	struct str named; /* borrowed from the entry that is visited */
	bool holds;
};

static bool names_one(const struct naming *naming, const struct pack_office *role,
                      const struct pack_agency *agency)
{
	struct str rest = naming->named;
	while (rest.n > 0) {
		size_t open = str_find(rest, '"');
		if (open == rest.n)
			break;
		rest = str_sub(rest, open + 1, rest.n);
		size_t close = str_find(rest, '"');
		const struct pack_office *found =
			naming->world->calls->role_of(naming->world, str_sub(rest, 0, close));
		if (found && (found == role || (agency && found->agency == agency)))
			return true;
		rest = str_sub(rest, close + 1, rest.n);
	}
	return false;
}

static bool name_raw(void *ctx, const struct pack_seen *seen)
{
	struct naming *naming = ctx;
	const struct cond_atom *atom = naming->atom;
	naming->named = cond_raw_member(seen->plain, atom->ask_field);
	naming->holds = true;
	for (size_t i = 0; i < atom->office_count && naming->holds; i++)
		naming->holds = names_one(naming, atom->offices[i], NULL);
	for (size_t i = 0; i < atom->agency_count && naming->holds; i++)
		naming->holds = names_one(naming, NULL, atom->agencies[i]);
	return false;
}

bool cond_look_entry_names(const struct cond_atom *atom, const struct pack_world *world,
                           bool *holds, struct err *err)
{
	struct naming naming = { .atom = atom, .world = world };
	if (!world->calls->entries(world, &atom->ask, 1, NULL, name_raw, &naming, err))
		return false;
	*holds = naming.holds;
	return true;
}

bool cond_rows_say(const struct cond_atom *atom, const struct pack_world *world)
{
	const struct json *value = json_member(world->plain, atom->name);
	for (const struct json *row = value ? value->first : NULL; row; row = row->next) {
		if (cond_test_json(&atom->test, json_member(row, atom->what_field)))
			return true;
	}
	return false;
}
