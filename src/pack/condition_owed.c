/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What of an office's is late again and again: as `count: alike: rule`, and of
 * all that it owed by the same rule a share besides (`of-owed`). What is due in
 * the window is told by the world; no more of it is looked at than is needed to
 * say that the share is not reached.
 */
#include "pack/condition_look.h"
#include "pack/condition_reader.h"

#define RULES_MAX (COND_BOUND_MAX + 1)

bool condition_read_owed(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct yaml *owed = yaml_member(node, STR("of-owed"));
	if (!owed)
		return true;
	if (!reader->has_pattern_forms)
		return reader_wrong(reader, owed, "of-owed is asked in patterns alone");
	if (!atom->is_alike || !str_eq(atom->what_field, STR("rule")) ||
	    atom->which.kind_count != 1 ||
	    !str_eq(atom->which.kinds[0]->name, STR("duty.climbed")) || !atom->has_period ||
	    !yaml_member(node, STR("at-least")) || yaml_member(node, STR("at-most")) ||
	    atom->since || atom->newest || atom->which.through || atom->which.after_count)
		return reader_wrong(reader, owed,
		                    "of-owed goes with of duty.climbed, alike: rule, within and "
		                    "at-least, and nothing else");
	return reader_number(reader, node, STR("of-owed"), 1, 100, &atom->owed);
}

struct late_rule {
	const struct pack_duty *rule;
	int64_t late;
};

struct owing {
	const struct cond_atom *atom;
	const struct pack_world *world;
	struct cond_window window;
	size_t rows;
	struct late_rule rules[RULES_MAX];
	size_t rule_count;
	bool is_cut;
	bool is_failed;
	int64_t owed;   /* of one rule */
	int64_t enough; /* with so many the share is not reached */
	struct err *err;
};

static void add_late(struct owing *owing, struct str raw)
{
	if (raw.n < 2)
		return;
	const struct pack_duty *rule =
		pack_duty_find(owing->world->pack, str_sub(raw, 1, raw.n - 2));
	size_t i = 0;
	while (i < owing->rule_count && owing->rules[i].rule != rule)
		i++;
	if (!rule || i == RULES_MAX) {
		owing->is_cut = owing->is_cut || rule;
		return;
	}
	if (i == owing->rule_count)
		owing->rules[owing->rule_count++] = (struct late_rule){ rule, 0 };
	owing->rules[i].late++;
}

static bool see_late(void *ctx, const struct pack_seen *seen)
{
	struct owing *owing = ctx;
	const struct cond_atom *atom = owing->atom;
	bool within;
	if (owing->rows++ == COND_COUNT_MAX) {
		owing->is_cut = true;
		return false;
	}
	if (!cond_is_in_window(&owing->window, owing->world, &atom->period, seen->happened, &within,
	                       owing->err)) {
		owing->is_failed = true;
		return false;
	}
	/* They are the register's own, told as they happen: what follows is older still. */
	if (within && cond_which_fits(&atom->which, owing->world, seen))
		add_late(owing, cond_raw_member(seen->plain, atom->what_field));
	return within;
}

static bool see_owed(void *ctx, instant due)
{
	struct owing *owing = ctx;
	bool within;
	if (!cond_is_in_window(&owing->window, owing->world, &owing->atom->period, due, &within,
	                       owing->err)) {
		owing->is_failed = true;
		return false;
	}
	owing->owed += within;
	return within && owing->owed < owing->enough;
}

bool cond_look_owed(const struct pack_cond *cond, const struct cond_atom *atom,
                    const struct pack_world *world, bool *holds, struct err *err)
{
	struct owing owing = { .atom = atom, .world = world, .window = COND_WINDOW, .err = err };
	*holds = false;
	if (!world->calls->owed)
		return true;
	if (!world->calls->entries(world, atom->which.kinds, atom->which.kind_count, NULL, see_late,
	                           &owing, err) ||
	    owing.is_failed)
		return false;
	for (size_t i = 0; i < owing.rule_count && !*holds; i++) {
		const struct late_rule *one = &owing.rules[i];
		if (one->late < atom->least)
			continue;
		owing.owed = 0;
		owing.enough = 100 * one->late / atom->owed + 1;
		if (!world->calls->owed(world, one->rule, see_owed, &owing, err) || owing.is_failed)
			return false;
		*holds = owing.owed < owing.enough;
	}
	if (owing.is_cut && !*holds)
		*holds = cond_saturated(cond, atom);
	return true;
}
