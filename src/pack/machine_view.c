/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A view of a machine: the kinds that matter to a slice, and what is tracked of it. */
#include "pack/machine_bind.h"

static bool touches(const struct machine_kind *kind, const struct slice *slice)
{
	/* What begins a file leads to its first state, where it says no other. */
	if (kind->kind->to.sort != PACK_TO_NONE || kind->kind->may_begin ||
	    kind->kind == slice->kind)
		return true;
	for (size_t i = 0; slice->rule && i < kind->effect_count; i++) {
		if (kind->effects[i].duty == slice->rule)
			return true;
	}
	return false;
}

struct var_set machine_kept(const struct machine *machine, const struct slice *slice)
{
	struct var_set kept = { { 0 } };
	for (size_t k = 0; k < machine->kind_count; k++) {
		const struct machine_kind *kind = &machine->kinds[k];
		if (!touches(kind, slice))
			continue;
		vars_join(&kept, &kind->need_vars);
		for (size_t i = 0; slice->rule && i < kind->effect_count; i++) {
			if (kind->effects[i].duty == slice->rule)
				vars_join(&kept, &kind->effects[i].vars);
		}
	}
	return kept;
}

/* --- from elsewhere -------------------------------------------------------------------------- */

static bool pattern_opens(const struct pack *pack, const struct slice *slice)
{
	for (size_t p = 0; p < pack->pattern_count; p++) {
		const struct pack_pattern *pattern = &pack->patterns[p];
		if (pattern->about == slice->type && slice->rule == pack->pattern_duty)
			return true;
		for (size_t i = 0; i < pattern->open_count; i++) {
			if (pattern->opens[i].duty == slice->rule &&
			    (pattern->opens[i].types >> slice->type->number & 1))
				return true;
		}
	}
	return false;
}

static void look_elsewhere(struct view *view)
{
	const struct pack *pack = view->machine->pack;
	const struct slice *slice = &view->slice;
	if (!slice->rule)
		return;
	view->opens_elsewhere = pattern_opens(pack, slice) || slice->rule == pack->broken_duty;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		for (size_t i = 0; i < kind->open_count; i++) {
			const struct pack_open *open = &kind->opens[i];
			if (open->duty == slice->rule && open->on &&
			    machine_leads_to(kind, open->on, slice->type))
				view->opens_elsewhere = view->opens_on_ended = true;
		}
		for (size_t i = 0; i < kind->settle_count; i++) {
			const struct pack_settle *settle = &kind->settles[i];
			if (settle->duty != slice->rule)
				continue;
			if (settle->only != PACK_ONLY_ALL)
				view->is_several = true;
			if (settle->on && !kind->retired.p &&
			    machine_leads_to(kind, settle->on, slice->type))
				view->settles_elsewhere = true;
		}
	}
}

/* --- kinds ----------------------------------------------------------------------------------- */

static bool choose_effects(struct view *view, struct view_kind *seen, struct arena *arena)
{
	const struct machine_kind *kind = seen->kind;
	size_t count = 0;
	for (size_t i = 0; view->slice.rule && i < kind->effect_count; i++)
		count += kind->effects[i].duty == view->slice.rule;
	if (count == 0)
		return true;
	const struct bound_effect **effects = arena_alloc(arena, count, sizeof(void *));
	seen->effects = effects;
	for (size_t i = 0; effects && i < kind->effect_count; i++) {
		const struct bound_effect *effect = &kind->effects[i];
		if (effect->duty != view->slice.rule)
			continue;
		effects[seen->effect_count++] = effect;
		vars_join(&seen->effect_vars, &effect->vars);
		seen->is_bound_to_needs = seen->is_bound_to_needs || effect->is_bound_to_needs;
	}
	return effects != NULL;
}

static bool add_kind(struct view *view, const struct machine_kind *kind, struct arena *arena)
{
	struct view_kind *seen = &view->kinds[view->kind_count++];
	struct var_set fed = vars_and(&kind->fed_vars, &view->tracked, false);
	seen->kind = kind;
	seen->choices = kind->plain;
	bool is_plain = true;
	for (size_t i = 0; view->slice.rule && i < kind->effect_count; i++)
		is_plain = is_plain && kind->effects[i].duty != view->slice.rule;
	if (!choose_effects(view, seen, arena))
		return false;
	if ((!is_plain || vars_any(&fed)) &&
	    !machine_choices(view->machine, kind, view->slice.rule, &view->tracked, arena,
	                     &seen->choices))
		return false;
	view->is_too_large = view->is_too_large || seen->choices.is_too_large;
	return true;
}

static void place_tracked(struct view *view)
{
	size_t vars = view->machine->fact_count + view->machine->counter_count;
	for (size_t v = 0; v < vars; v++) {
		if (!vars_have(&view->tracked, v))
			continue;
		view->place[v] = (uint16_t)(2 + view->tracked_count);
		view->tracked_vars[view->tracked_count++] = (uint16_t)v;
	}
	view->state_bytes = 2 + view->tracked_count;
}

bool view_build(const struct machine *machine, const struct slice *slice,
                const struct var_set *tracked, bool everything, struct arena *arena,
                struct view *out, struct err *err)
{
	*out = (struct view){ .machine = machine, .slice = *slice, .rule = SIZE_MAX };
	out->tracked = *tracked;
	if (everything)
		memset(&out->kept, 0xff, sizeof out->kept);
	else
		out->kept = machine_kept(machine, slice);
	for (size_t i = 0; slice->rule && i < machine->rule_count; i++) {
		if (machine->rules[i] == slice->rule)
			out->rule = i;
	}
	place_tracked(out);
	look_elsewhere(out);
	out->kinds = arena_alloc(arena, machine->kind_count, sizeof *out->kinds);
	bool has_room = out->kinds != NULL;
	for (size_t k = 0; has_room && k < machine->kind_count; k++) {
		const struct machine_kind *kind = &machine->kinds[k];
		struct var_set fed = vars_and(&kind->fed_vars, tracked, false);
		if (everything || touches(kind, slice) || vars_any(&fed))
			has_room = add_kind(out, kind, arena);
	}
	return has_room || err_set(err, ERR_UNABLE, "There is no room to walk this pack");
}

/* --- states ---------------------------------------------------------------------------------- */

void view_root(const struct view *view, struct machine_state *out)
{
	memset(out->bytes, 0, view->state_bytes);
	STATE_OF_FILE(out) = MACHINE_NO_FILE;
}

void view_project(const struct view *from, const struct machine_state *state, const struct view *to,
                  struct machine_state *out)
{
	STATE_OF_FILE(out) = STATE_OF_FILE(state);
	STATE_OF_RULE(out) = STATE_OF_RULE(state);
	for (size_t i = 0; i < to->tracked_count; i++) {
		size_t var = to->tracked_vars[i];
		if (from->place[var] != MACHINE_NO_PLACE)
			out->bytes[2 + i] = state->bytes[from->place[var]];
		else if (STATE_OF_FILE(state) == MACHINE_NO_FILE)
			out->bytes[2 + i] = 0;
		else
			out->bytes[2 + i] =
				var < to->machine->fact_count ? MACHINE_ANY : MACHINE_AT_LEAST;
	}
}
