/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * P04: a need that asks who acts, of a kind that nobody of these may make. What
 * else a condition asks is taken to be as it may be; so a need fails only where
 * no office that may make the kind can ever meet it. Whoever makes a kind as
 * anyone, as the public, as who began the file or as who owes is not told by
 * form, and such a kind is left alone.
 */
#include "pack/check.h"

static bool is_among(const struct cond_atom *atom, const struct pack_office *role)
{
	for (size_t i = 0; i < atom->office_count; i++) {
		if (atom->offices[i] == role)
			return true;
	}
	return false;
}

/* A condition, and the role in which somebody acts. */
struct role_asked {
	const struct pack_cond *cond;
	const struct pack_office *role;
};

static unsigned ask_role(const void *ctx, size_t n)
{
	const struct role_asked *asked = ctx;
	const struct cond_atom *atom = asked->cond->atoms[n];
	if (atom->form != COND_OFFICE)
		return MAY_BE_EITHER;
	return is_among(atom, asked->role) ? MAY_HOLD : MAY_FAIL;
}

/* What the condition may say to somebody who acts in the role. */
static unsigned ask(const struct pack_cond *cond, const struct pack_office *role)
{
	return may_say(cond, ask_role, &(struct role_asked){ cond, role });
}

/* --- who may make it ------------------------------------------------------------------------- */

#define ACTING_MAX 128

struct actors {
	const struct pack_office *at[ACTING_MAX];
	size_t count;
};

static bool add(struct actors *out, const struct pack_office *role)
{
	if (role->retired.p)
		return true;
	if (out->count == COUNT_OF(out->at))
		return false;
	out->at[out->count++] = role;
	return true;
}

/* Roles and, for while one stands empty, their deputies. False: they are not told by form. */
static bool find_actors(const struct pack_kind *kind, struct actors *out)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		const struct pack_by *by = &kind->by[i];
		if (by->sort == PACK_BY_REGISTER)
			continue;
		if (by->sort != PACK_BY_ROLE || !add(out, by->role))
			return false;
		for (size_t d = 0; d < by->role->deputy_count; d++) {
			if (!add(out, by->role->deputies[d]))
				return false;
		}
	}
	return out->count > 0;
}

/* --- needs ----------------------------------------------------------------------------------- */

enum blocks {
	BLOCKS_NEVER,
	BLOCKS_WHEN_ASKED, /* it may be asked, and is not met then */
	BLOCKS_ALWAYS,
};

static enum blocks blocks(const struct pack_kind_need *asked, const struct pack_need *need,
                          const struct pack_office *role)
{
	unsigned when = may_join(ask(asked->when, role), ask(need->when, role), true);
	if (ask(need->need, role) != MAY_FAIL || when == MAY_FAIL)
		return BLOCKS_NEVER;
	return when == MAY_HOLD ? BLOCKS_ALWAYS : BLOCKS_WHEN_ASKED;
}

/* One kind, while its needs are looked through. */
struct trying {
	struct check *check;
	const struct pack_kind *kind;
	struct actors actors;
	const struct pack_need *always[ACTING_MAX]; /* by actor: the first that bars him always */
	bool is_told;
};

static void try_need(struct trying *trying, const struct pack_kind_need *asked,
                     const struct pack_need *need)
{
	size_t blocked = 0;
	for (size_t i = 0; i < trying->actors.count; i++) {
		enum blocks does = blocks(asked, need, trying->actors.at[i]);
		blocked += does != BLOCKS_NEVER;
		if (does == BLOCKS_ALWAYS && !trying->always[i])
			trying->always[i] = need;
	}
	if (blocked < trying->actors.count)
		return;
	trying->is_told = true;
	check_fails(trying->check, "P04", need->place,
	            "%s%.*s%s%.*s needs what none of the offices that may make it can meet; name an"
	            " office of its by:",
	            asked->gate ? "gate " : "", STR_ARG(asked->gate ? asked->gate->name : STR("")),
	            asked->gate ? ": " : "", STR_ARG(trying->kind->name));
}

/* Each need lets somebody pass, and no one passes them all. */
static void tell_together(const struct trying *trying)
{
	for (size_t i = 0; i < trying->actors.count; i++) {
		if (!trying->always[i])
			return;
	}
	check_fails(trying->check, "P04", trying->always[0]->place,
	            "none of the offices that may make %.*s can meet this and its other needs"
	            " together",
	            STR_ARG(trying->kind->name));
}

void check_acting(struct check *check)
{
	for (size_t k = 0; k < check->pack->kind_count; k++) {
		const struct pack_kind *kind = &check->pack->kinds[k];
		struct trying trying = { .check = check, .kind = kind };
		if (kind->retired.p || kind->need_count == 0 || !find_actors(kind, &trying.actors))
			continue;
		for (size_t i = 0; i < kind->need_count; i++) {
			const struct pack_kind_need *asked = &kind->needs[i];
			size_t count = asked->gate ? asked->gate->need_count : 1;
			for (size_t n = 0; n < count; n++)
				try_need(&trying, asked,
				         asked->gate ? &asked->gate->needs[n] : asked->need);
		}
		if (!trying.is_told)
			tell_together(&trying);
	}
}
