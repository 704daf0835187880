/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where a second reader is asked: never of what begins a file (P05), always of what destroys one,
 * which asks besides what every other such kind asks (P12). */
#include "pack/check.h"

/* Whether some need asks for a second reader; `always`: one that nothing makes optional. */
static bool asks_second(const struct pack_kind *kind, bool always)
{
	for (size_t i = 0; i < kind->need_count; i++) {
		const struct pack_kind_need *need = &kind->needs[i];
		const struct pack_need *first = need->gate ? need->gate->needs : need->need;
		size_t count = need->gate ? need->gate->need_count : 1;
		for (size_t n = 0; n < count; n++) {
			if (first[n].second && !(always && (need->when || first[n].when)))
				return true;
		}
	}
	return false;
}

/* A file that is not there cannot wait, and nobody would hear what was told. */
static void check_beginner(struct check *check, const struct pack_kind *kind)
{
	if (kind->may_begin && asks_second(kind, false))
		check_fails(check, "P05", check_body(check, SECTION_KINDS, kind->name),
		            "%.*s begins a file, and asks for a second reader; what begins a file"
		            " cannot wait for one: ask it of a later kind",
		            STR_ARG(kind->name));
}

struct asked {
	bool of_owed; /* that nothing is owed */
	bool of_time; /* that a time has passed */
};

static void look(const struct pack_cond *cond, struct asked *asked)
{
	for (size_t i = 0; cond && i < cond->atom_count; i++) {
		const struct cond_atom *atom = cond->atoms[i];
		asked->of_owed = asked->of_owed || (atom->form == COND_DUTY && atom->is_negated);
		asked->of_time = asked->of_time || atom->form == COND_OLDER_THAN ||
		                 (atom->form == COND_AGE && !atom->is_under);
	}
}

static bool keeps(const struct pack_gate *gate)
{
	struct asked asked = { 0 };
	for (size_t i = 0; i < gate->need_count; i++)
		look(gate->needs[i].need, &asked);
	return asked.of_owed && asked.of_time;
}

static bool asks_gate(const struct pack_kind *kind, const struct pack_gate *gate)
{
	for (size_t i = 0; i < kind->need_count; i++)
		if (kind->needs[i].gate == gate && !kind->needs[i].when)
			return true;
	return false;
}

/* The gate that the kind asks always and that keeps what it is asked for; or NULL. */
static const struct pack_gate *keeper_of(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->need_count; i++) {
		const struct pack_kind_need *need = &kind->needs[i];
		if (need->gate && !need->when && keeps(need->gate))
			return need->gate;
	}
	return NULL;
}

/* Words that are gone cannot be asked for: nobody lets them go alone, while something is owed,
 * before their time, or past the gate that another such kind asks. */
static void check_destroyer(struct check *check, const struct pack_kind *kind,
                            const struct pack_gate **gate)
{
	struct pack_place place = check_body(check, SECTION_KINDS, kind->name);
	if (!asks_second(kind, true))
		check_fails(check, "P12", place,
		            "%.*s destroys the key of a file on one person's word; add a"
		            " need of a second reader that always holds",
		            STR_ARG(kind->name));
	if (!*gate)
		*gate = keeper_of(kind);
	if (!*gate)
		check_fails(check, "P12", place,
		            "%.*s destroys the key of a file, and asks no gate for what is owed and"
		            " for the keeping time; name one, without when",
		            STR_ARG(kind->name));
	else if (!asks_gate(kind, *gate))
		check_fails(check, "P12", place,
		            "%.*s destroys the key of a file past gate %.*s, which others that"
		            " destroy ask; name it, without when",
		            STR_ARG(kind->name), STR_ARG((*gate)->name));
}

void check_seconds(struct check *check)
{
	const struct pack_gate *gate = NULL;
	for (size_t i = 0; i < check->pack->kind_count; i++) {
		const struct pack_kind *kind = &check->pack->kinds[i];
		check_beginner(check, kind);
		if (kind->destroys)
			check_destroyer(check, kind, &gate);
	}
}
