/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A counter-example: the acts that lead to a state, told one a line. */
#include "pack/walk.h"

#define TEXT_MAX ((size_t)16384)

/* Rules that are open along a history, by number of the duty. */
struct open_set {
	bool *at;
};

static struct str keep(struct arena *arena, struct buf *text)
{
	struct str kept = text->full ? STR_NONE : arena_copy(arena, buf_str(text));
	buf_finish(text);
	return kept;
}

static void add_word(struct buf *text, struct str word, const char *between)
{
	if (text->n)
		buf_add(text, str_from_c(between));
	buf_add(text, word);
}

static struct str fields_of(const struct view_kind *kind, const uint8_t *values,
                            struct arena *arena)
{
	struct buf text;
	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < kind->choices.field_count; i++) {
		size_t f = kind->choices.fields[i];
		const struct machine_field *field = &kind->kind->fields[f];
		if (values[f] < MACHINE_CODES)
			continue;
		add_word(&text, field->field->name, ", ");
		buf_format(&text, " %.*s", STR_ARG(field->codes[values[f] - MACHINE_CODES]));
	}
	return keep(arena, &text);
}

/* The first kind that has the register write this one; NULL: none. */
static const struct pack_kind *written_for(const struct pack *pack, const struct pack_kind *kind)
{
	for (size_t k = 0; k < pack->kind_count; k++) {
		for (size_t i = 0; i < pack->kinds[k].then_count; i++) {
			if (pack->kinds[k].then[i].kind == kind)
				return &pack->kinds[k];
		}
	}
	return NULL;
}

static struct str assumed_of(const struct machine *machine, const struct machine_kind *kind,
                             const struct trial *trial, struct arena *arena)
{
	const struct pack_kind *cause =
		kind->is_by_people ? NULL : written_for(machine->pack, kind->kind);
	struct buf text;
	buf_init(&text, TEXT_MAX);
	if (cause)
		buf_format(&text, "the register writes it for %.*s", STR_ARG(cause->name));
	for (size_t i = 0; i < trial->at; i++) {
		add_word(&text, machine->unknowns[trial->asked[i]].words, "; ");
		buf_add(&text, trial->truth[i] ? STR(" is true") : STR(" is false"));
	}
	return keep(arena, &text);
}

/* The choice as plain fields, for conditions over fields alone. */
static struct json *plain_of(const struct view_kind *kind, const uint8_t *values,
                             struct arena *arena)
{
	struct json *plain = json_object(arena);
	for (size_t i = 0; i < kind->choices.field_count; i++) {
		size_t f = kind->choices.fields[i];
		const struct machine_field *field = &kind->kind->fields[f];
		if (values[f] >= MACHINE_CODES)
			json_put_text(arena, plain, field->field->name,
			              field->codes[values[f] - MACHINE_CODES]);
	}
	return plain;
}

static bool surely_holds(const struct pack_cond *when, const struct pack_kind *kind,
                         const struct json *plain)
{
	return !when || (cond_is_of_fields(when) && pack_cond_holds_fields(when, kind, plain));
}

/* What the act settles, ends, opens of all rules, as far as its fields tell; the slice's rule
 * exactly. */
static void tell_effects(const struct walk *walk, const struct view_kind *kind,
                         const struct json *plain, const uint8_t before, const uint8_t after,
                         struct open_set *open, struct arena *arena, struct walk_act *act)
{
	const struct pack_kind *made = kind->kind->kind;
	const struct pack_duty *rule = walk->view.slice.rule;
	struct buf settles, ends, opens;

	buf_init(&settles, TEXT_MAX);
	buf_init(&ends, TEXT_MAX);
	buf_init(&opens, TEXT_MAX);
	for (size_t i = 0; i < made->settle_count; i++) {
		const struct pack_settle *one = &made->settles[i];
		bool is_open = one->duty == rule ? before > 0 : open->at[one->duty->number];
		bool does =
			one->duty == rule ? before > after : surely_holds(one->when, made, plain);
		if (one->on || !is_open || !does)
			continue;
		open->at[one->duty->number] = false;
		add_word(&settles, one->duty->name, " ");
	}
	for (size_t i = 0; i < made->end_count; i++) {
		const struct pack_end *one = &made->ends[i];
		bool is_open = one->duty == rule ? before > after : open->at[one->duty->number];
		if (!is_open || (one->duty != rule && !surely_holds(one->when, made, plain)))
			continue;
		open->at[one->duty->number] = false;
		add_word(&ends, one->duty->name, " ");
	}
	for (size_t i = 0; i < made->open_count; i++) {
		const struct pack_open *one = &made->opens[i];
		bool does =
			one->duty == rule ? after > before : surely_holds(one->when, made, plain);
		if (one->on || !does || open->at[one->duty->number])
			continue;
		open->at[one->duty->number] = true;
		add_word(&opens, one->duty->name, " ");
	}
	act->settles = keep(arena, &settles);
	act->ends = keep(arena, &ends);
	act->opens = keep(arena, &opens);
}

static struct str state_name(const struct walk *walk, const uint8_t *state)
{
	const struct pack_file_type *type = walk->view.slice.type;
	uint8_t n = state[0];
	return n < type->state_count ? type->states[n] : STR_NONE;
}

/* Does the step of a node again, to learn what it took for true. */
static void tell_kind(const struct walk *walk, const struct walk_node *node, size_t n,
                      struct open_set *open, struct arena *arena, struct walk_act *act)
{
	const struct view *view = &walk->view;
	const struct view_kind *kind = &view->kinds[node->kind];
	uint8_t values[MACHINE_FIELDS_MAX] = { 0 };
	struct machine_state from = { { 0 } };
	struct machine_step step;
	struct acting acting;

	memcpy(from.bytes, walk_state(walk, node->parent), view->state_bytes);
	machine_choice(kind, node->choice, values);
	machine_begin(&acting, view, kind, values, &from);
	for (uint32_t leaf = 0; machine_next(&acting, &step) && leaf < node->leaf; leaf++)
		continue;
	act->kind = kind->kind->kind->name;
	act->fields = fields_of(kind, values, arena);
	act->assumed = assumed_of(view->machine, kind->kind, &acting.trial, arena);
	tell_effects(walk, kind, plain_of(kind, values, arena),
	             machine_rule_count(STATE_OF_RULE(&from)),
	             machine_rule_count(walk_state(walk, n)[1]), open, arena, act);
}

static void tell_elsewhere(const struct walk *walk, const struct walk_node *node,
                           struct open_set *open, struct walk_act *act)
{
	const struct pack_duty *rule = walk->view.slice.rule;
	act->opens = act->settles = act->ends = act->fields = act->assumed = STR("");
	switch (node->sort) {
	case WALK_OPENED_ELSEWHERE:
		act->kind = STR("(another file or a pattern)");
		act->opens = rule->name;
		open->at[rule->number] = true;
		break;
	case WALK_SETTLED_ELSEWHERE:
		act->kind = STR("(another file)");
		act->settles = rule->name;
		open->at[rule->number] = false;
		break;
	case WALK_NOTHING_OWED:
		act->kind = STR("(nothing else is owed)");
		act->opens = rule->name;
		open->at[rule->number] = true;
		break;
	case WALK_KIND:
		break;
	}
}

bool walk_history(const struct walk *walk, size_t n, struct arena *arena, struct walk_act **acts,
                  size_t *count, struct err *err)
{
	size_t length = 0;
	for (size_t at = n; at != 0; at = walk_node(walk, at)->parent)
		length++;
	struct walk_act *made = arena_alloc(arena, length, sizeof *made);
	size_t *path = arena_alloc(arena, length, sizeof *path);
	struct open_set open = { arena_alloc(arena, walk->view.machine->pack->duty_count,
		                             sizeof *open.at) };
	if (!made || !path || !open.at)
		return err_set(err, ERR_UNABLE, "There is no room to tell a history");
	for (size_t at = n, i = length; at != 0; at = walk_node(walk, at)->parent)
		path[--i] = at;
	for (size_t i = 0; i < length; i++) {
		const struct walk_node *node = walk_node(walk, path[i]);
		if (node->sort == WALK_KIND)
			tell_kind(walk, node, path[i], &open, arena, &made[i]);
		else
			tell_elsewhere(walk, node, &open, &made[i]);
		made[i].state = state_name(walk, walk_state(walk, path[i]));
	}
	*acts = made;
	*count = length;
	return true;
}
