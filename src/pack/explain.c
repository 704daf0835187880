/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An element in sentences, from its keys in a fixed order, then its place (pack 8). */
#include "pack/phrase.h"

#define TEXT_BYTES_MAX ((size_t)256 * 1024)

static void say_place(struct buf *out, struct pack_place place)
{
	if (place.file.n)
		buf_format(out, "%.*s:%d\n", STR_ARG(place.file), place.line);
}

static void say_cond(struct buf *out, struct arena *arena, const char *before,
                     const struct pack_cond *cond)
{
	if (cond)
		buf_format(out, "%s%.*s", before, STR_ARG(pack_cond_words(arena, cond)));
}

static void say_rungs(struct buf *out, const struct pack_ladder *ladder)
{
	for (size_t i = 0; i < ladder->count; i++) {
		buf_format(out, "  %zu  ", i + 1);
		phrase_rung(out, &ladder->rungs[i], PHRASE_TITLES);
		buf_add_char(out, '\n');
	}
}

static void say_late(struct buf *out, const struct pack_duty *duty)
{
	if (!duty->ladder && duty->ladder_count == 0) {
		buf_add(out, STR("It has no ladder of its own.\n"));
		return;
	}
	if (duty->ladder) {
		buf_format(out, "If late, the ladder %.*s is climbed:\n",
		           STR_ARG(duty->ladder->name));
		say_rungs(out, duty->ladder);
	}
	for (size_t i = 0; i < duty->ladder_count; i++) {
		buf_format(out, "If late and %.*s is %.*s, the ladder %.*s is climbed:\n",
		           STR_ARG(duty->ladder_by), STR_ARG(duty->ladder_codes[i]),
		           STR_ARG(duty->ladder_for[i]->name));
		say_rungs(out, duty->ladder_for[i]);
	}
}

static void say_duty(struct buf *out, const struct pack *pack, const struct pack_duty *duty)
{
	size_t before;
	buf_format(out, "%.*s %.*s. Owed by ", STR_ARG(duty->name), STR_ARG(duty->title));
	phrase_owners(out, duty->owners, duty->owner_count, " and ", PHRASE_TITLES);
	if (duty->out_of_hours)
		buf_format(out, ", out of hours by %.*s", STR_ARG(duty->out_of_hours->title));
	buf_add(out, STR(", "));
	phrase_within(out, duty);
	buf_add(out, STR(" from "));
	phrase_starts(out, duty);
	buf_add(out, STR(".\n"));
	if (duty->awaited.n)
		buf_format(out, "Awaited from %.*s, which cannot be made to act.\n",
		           STR_ARG(duty->awaited));
	buf_add(out, STR("Opened by "));
	before = out->n;
	phrase_openers(out, pack, duty, " or ");
	buf_format(out, "%s.\nSettled by ", out->n == before ? "nothing" : "");
	before = out->n;
	phrase_settlers(out, pack, duty, " or ");
	buf_format(out, "%s.\n", out->n == before ? "nothing" : "");
	if (duty->renewals)
		buf_format(out,
		           "After %d in a row by one office the next is owed by the line above.\n",
		           duty->renewals);
	buf_format(out, "%s\n",
	           duty->is_extendable ? "The line above may agree a later time; it stays late."
	                               : "Nobody can extend it.");
	say_late(out, duty);
	struct str class = phrase_class(duty->class);
	buf_format(out, "Source: %.*s. Class: %.*s. Certainty: %.*s.\n", STR_ARG(duty->source),
	           STR_ARG(class), STR_ARG(duty->certainty));
	say_place(out, duty->place);
}

static void say_need(struct buf *out, struct arena *arena, const struct pack_need *need,
                     const struct pack_cond *when)
{
	buf_add(out, STR("  - "));
	say_cond(out, arena, "when ", when);
	buf_format(out, "%s", when ? ", " : "");
	say_cond(out, arena, "when ", need->when);
	buf_format(out, "%s", need->when ? ": " : "");
	say_cond(out, arena, "", need->need);
	buf_format(out, "; else: %.*s\n", STR_ARG(need->otherwise));
}

static void say_field(struct buf *out, struct arena *arena, const struct pack_field *field)
{
	struct str type = phrase_type(field->type);
	buf_format(out, "  - %.*s: %.*s%s%s", STR_ARG(field->name), STR_ARG(type),
	           field->is_sealed ? ", sealed" : "", field->is_repeated ? ", repeated" : "");
	if (field->required == PACK_REQUIRED)
		buf_add(out, STR(", required"));
	if (field->required == PACK_REQUIRED_IF)
		say_cond(out, arena, ", required if ", field->required_if);
	for (size_t i = 0; field->list && i < field->list->count; i++)
		buf_format(out, "%s%.*s", i ? " | " : "; ", STR_ARG(field->list->codes[i].code));
	buf_format(out, ". %.*s\n", STR_ARG(field->label));
}

static void say_states(struct buf *out, const struct pack *pack, const struct pack_kind *kind)
{
	for (size_t i = 0; i < pack->file_type_count; i++) {
		const struct pack_file_type *type = &pack->file_types[i];
		const char *before = "";
		if (!(kind->file_types >> i & 1) || !kind->from)
			continue;
		buf_format(out, "On a %.*s in ", STR_ARG(type->name));
		for (size_t state = 0; state < type->state_count; state++) {
			if (!(kind->from[i] >> state & 1))
				continue;
			buf_format(out, "%s%.*s", before, STR_ARG(type->states[state]));
			before = ", ";
		}
		buf_format(out, "%s.\n", *before ? "" : "no state");
	}
}

static void say_follows(struct buf *out, struct arena *arena, const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->open_count; i++) {
		const struct pack_open *open = &kind->opens[i];
		buf_format(out, "Opens %.*s %.*s", STR_ARG(open->duty->name),
		           STR_ARG(open->duty->title));
		if (open->each.p)
			buf_format(out, " for each of %.*s", STR_ARG(open->each));
		if (open->on)
			buf_format(out, " on the files %.*s", STR_ARG(open->on->name));
		say_cond(out, arena, " when ", open->when);
		buf_add(out, STR(".\n"));
	}
	for (size_t i = 0; i < kind->settle_count; i++) {
		const struct pack_settle *settle = &kind->settles[i];
		static const char *const ONLY[] = {
			[PACK_ONLY_ALL] = "",
			[PACK_ONLY_OWN] = ", that of the acting office",
			[PACK_ONLY_FIELD] = ", the one that is named",
			[PACK_ONLY_EARLIEST] = ", the earliest due",
		};
		buf_format(out, "Settles %.*s %.*s%s", STR_ARG(settle->duty->name),
		           STR_ARG(settle->duty->title), ONLY[settle->only]);
		if (settle->on)
			buf_format(out, " on the files %.*s", STR_ARG(settle->on->name));
		say_cond(out, arena, " when ", settle->when);
		buf_add(out, STR(".\n"));
	}
	for (size_t i = 0; i < kind->end_count; i++) {
		buf_format(out, "Ends %.*s %.*s", STR_ARG(kind->ends[i].duty->name),
		           STR_ARG(kind->ends[i].duty->title));
		say_cond(out, arena, " when ", kind->ends[i].when);
		buf_add(out, STR(".\n"));
	}
	for (size_t i = 0; i < kind->then_count; i++) {
		buf_format(out, "Then the register makes %.*s", STR_ARG(kind->then[i].kind->name));
		if (kind->then[i].on)
			buf_format(out, " on the files %.*s", STR_ARG(kind->then[i].on->name));
		say_cond(out, arena, " when ", kind->then[i].when);
		buf_add(out, STR(".\n"));
	}
}

static void say_kind(struct buf *out, struct arena *arena, const struct pack *pack,
                     const struct pack_kind *kind)
{
	buf_format(out, "%.*s %.*s. Made by ", STR_ARG(kind->name), STR_ARG(kind->title));
	phrase_by(out, kind, PHRASE_TITLES);
	buf_format(out, ".%s\n", kind->may_begin ? " It begins a file." : "");
	say_states(out, pack, kind);
	if (kind->to.sort != PACK_TO_NONE) {
		buf_add(out, STR("Leads to "));
		phrase_to(out, kind);
		buf_add(out, STR(".\n"));
	}
	if (kind->field_count)
		buf_add(out, STR("Fields:\n"));
	for (size_t i = 0; i < kind->field_count; i++)
		say_field(out, arena, &kind->fields[i]);
	if (kind->need_count)
		buf_add(out, STR("Needs:\n"));
	for (size_t i = 0; i < kind->need_count; i++) {
		const struct pack_kind_need *line = &kind->needs[i];
		for (size_t j = 0; line->gate && j < line->gate->need_count; j++)
			say_need(out, arena, &line->gate->needs[j], line->when);
		if (line->need)
			say_need(out, arena, line->need, line->when);
	}
	say_follows(out, arena, kind);
	if (kind->public_text.p)
		buf_format(out, "Whoever reported reads: %.*s\n", STR_ARG(kind->public_text));
	say_place(out, kind->place);
}

static void say_gate(struct buf *out, struct arena *arena, const struct pack *pack,
                     const struct pack_gate *gate)
{
	const char *before = "Asked by ";
	buf_format(out, "%.*s %.*s.\n", STR_ARG(gate->name), STR_ARG(gate->title));
	for (size_t i = 0; i < pack->kind_count; i++) {
		for (size_t j = 0; j < pack->kinds[i].need_count; j++) {
			const struct pack_gate *asked = pack->kinds[i].needs[j].gate;
			if (!asked || !str_eq(asked->name, gate->name))
				continue;
			buf_format(out, "%s%.*s", before, STR_ARG(pack->kinds[i].name));
			say_cond(out, arena, " when ", pack->kinds[i].needs[j].when);
			before = ", ";
		}
	}
	buf_format(out, "%s.\nNeeds:\n", *before == ',' ? "" : "Asked by nothing");
	for (size_t i = 0; i < gate->need_count; i++)
		say_need(out, arena, &gate->needs[i], NULL);
	say_place(out, gate->place);
}

static void say_ladder(struct buf *out, const struct pack *pack, const struct pack_ladder *ladder)
{
	const char *before = "Climbed by ";
	buf_format(out, "Ladder %.*s, counted from the due time:\n", STR_ARG(ladder->name));
	say_rungs(out, ladder);
	for (size_t i = 0; i < pack->duty_count; i++) {
		bool climbs = pack->duties[i].ladder == ladder;
		for (size_t j = 0; j < pack->duties[i].ladder_count; j++)
			climbs = climbs || pack->duties[i].ladder_for[j] == ladder;
		if (!climbs)
			continue;
		buf_format(out, "%s%.*s", before, STR_ARG(pack->duties[i].name));
		before = ", ";
	}
	buf_format(out, "%s.\n", *before == ',' ? "" : "Climbed by nothing");
	say_place(out, ladder->place);
}

static void say_office(struct buf *out, const struct pack *pack, const struct pack_office *office)
{
	buf_format(out, "%.*s %.*s, of %.*s.\n", STR_ARG(office->name), STR_ARG(office->title),
	           STR_ARG(office->agency->title));
	if (office->line)
		buf_format(out, "Answers to %.*s.\n", STR_ARG(office->line->title));
	else
		buf_add(out, STR("Answers to nobody.\n"));
	if (office->is_outside)
		buf_add(out, STR("Outside the partnership: the end of ladders.\n"));
	if (office->is_independent)
		buf_add(out, STR("Independent of every partner agency.\n"));
	for (size_t i = 0; i < office->outside_line_of_count; i++)
		buf_format(out, "Never on the line of %.*s.\n",
		           STR_ARG(office->outside_line_of[i]->title));
	for (size_t i = 0; i < office->deputy_count; i++)
		buf_format(out, "%.*s may stand in.\n", STR_ARG(office->deputies[i]->title));
	for (size_t i = 0; i < office->read_count; i++) {
		struct str what = phrase_reads(office->reads[i].what);
		buf_format(out, "Reads %.*s", STR_ARG(what));
		if (office->reads[i].file_types != UINT64_MAX) {
			buf_add(out, STR(" of "));
			phrase_file_types(out, pack, office->reads[i].file_types, ", ");
		}
		buf_format(out, "%s.\n", office->reads[i].states ? " in some states" : "");
	}
	const char *before = "Owes ";
	for (size_t i = 0; i < pack->duty_count; i++) {
		for (size_t j = 0; j < pack->duties[i].owner_count; j++) {
			const struct pack_owner *owner = &pack->duties[i].owners[j];
			if (owner->sort != PACK_OWNER_ROLE || owner->role != office ||
			    owner->step_count)
				continue;
			buf_format(out, "%s%.*s", before, STR_ARG(pack->duties[i].name));
			before = ", ";
		}
	}
	buf_format(out, "%s", *before == ',' ? ".\n" : "");
}

static bool say_element(struct buf *out, struct arena *arena, const struct pack *pack,
                        struct str element)
{
	const struct pack_kind *kind = pack_kind_find(pack, element);
	const struct pack_duty *duty = pack_duty_find(pack, element);
	const struct pack_gate *gate = pack_gate_find(pack, element);
	const struct pack_ladder *ladder = pack_ladder_find(pack, element);
	const struct pack_office *office = pack_office_find(pack, element);

	if (kind)
		say_kind(out, arena, pack, kind);
	if (duty)
		say_duty(out, pack, duty);
	if (gate)
		say_gate(out, arena, pack, gate);
	if (ladder)
		say_ladder(out, pack, ladder);
	if (office)
		say_office(out, pack, office);
	return kind || duty || gate || ladder || office;
}

bool pack_explain(const struct pack *pack, struct arena *arena, struct str element, struct str *out,
                  struct err *err)
{
	struct buf text;
	*out = STR_NONE;
	buf_init(&text, TEXT_BYTES_MAX);
	bool is_found = say_element(&text, arena, pack, element);
	if (is_found && !text.full)
		*out = arena_copy(arena, buf_str(&text));
	buf_finish(&text);
	if (!is_found)
		return err_set(err, ERR_ABSENT,
		               "Pack %.*s has no kind, duty, gate, ladder or office named %.*s",
		               STR_ARG(pack->name), STR_ARG(str_sub(element, 0, 64)));
	if (!out->p)
		return err_set(err, ERR_UNABLE, "This element is too large to explain at once");
	return true;
}
