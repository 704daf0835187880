/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An element in sentences, from its keys in a fixed order, then its place. */
#include "pack/explain.h"
#include "pack/phrase.h"

#define TEXT_BYTES_MAX ((size_t)256 * 1024)

static void say_retired(struct buf *out, struct str retired)
{
	if (retired.p)
		buf_format(out, "Retired: %.*s.\n", STR_ARG(retired));
}

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
		if (duty->ladder_codes[i].p)
			buf_format(out, "If late and %.*s is %.*s,", STR_ARG(duty->ladder_by),
			           STR_ARG(duty->ladder_codes[i]));
		else
			buf_add(out, STR("If late otherwise,"));
		buf_format(out, " the ladder %.*s is climbed:\n",
		           STR_ARG(duty->ladder_for[i]->name));
		say_rungs(out, duty->ladder_for[i]);
	}
}

/* What a settling kind settles when several are open, where, and how else it counts. */
static void say_which(struct buf *out, struct arena *arena, const struct pack_settle *settle)
{
	switch (settle->only) {
	case PACK_ONLY_ALL:
		break;
	case PACK_ONLY_OWN:
		buf_add(out, STR(", that of the acting office alone"));
		break;
	case PACK_ONLY_FIELD:
		buf_format(out, ", the one%s that is named in \"%.*s\"",
		           settle->is_own ? " of the acting office" : "", STR_ARG(settle->field));
		break;
	case PACK_ONLY_OPENED:
		buf_format(out, ", those that the entry in \"%.*s\" opened",
		           STR_ARG(settle->field));
		break;
	case PACK_ONLY_EARLIEST:
		buf_add(out, STR(", the earliest due"));
		break;
	case PACK_ONLY_AGREES:
		buf_format(out, ", those that an entry opened with the same file in \"%.*s\"",
		           STR_ARG(settle->field));
		break;
	}
	phrase_on(out, arena, settle->on, settle->where);
	if (settle->done.p)
		buf_format(out, ", done on the day in \"%.*s\"", STR_ARG(settle->done));
	if (settle->is_early)
		buf_add(out, STR(", before its time too"));
	say_cond(out, arena, ", when ", settle->when);
}

static void say_by(struct buf *out, const char *done, const struct pack_kind *kind)
{
	buf_format(out, "%s by %.*s, \"%.*s\"", done, STR_ARG(kind->name), STR_ARG(kind->title));
}

/* What comes behind "Opened by" and "Opens": for each of what, where, by whom it is owed, when. */
static void say_open(struct buf *out, struct arena *arena, const struct pack_open *open)
{
	if (open->each.p)
		buf_format(out, " for each of \"%.*s\"", STR_ARG(open->each));
	phrase_on(out, arena, open->on, NULL);
	if (open->owner) {
		buf_add(out, STR(", owed by "));
		phrase_owner(out, open->owner, PHRASE_TITLES);
	}
	say_cond(out, arena, ", when ", open->when);
	buf_add(out, STR(".\n"));
}

static void say_found(struct buf *out, struct arena *arena, const struct pack *pack,
                      const struct pack_found_open *open)
{
	phrase_found_on(out, pack, open);
	phrase_found_each(out, open);
	if (open->owner) {
		buf_add(out, STR(", owed by "));
		phrase_owner(out, open->owner, PHRASE_TITLES);
	}
	say_cond(out, arena, open->on_count ? ", if there " : ", when ", open->when);
	buf_add(out, STR(".\n"));
}

static void say_opening_patterns(struct buf *out, struct arena *arena, const struct pack *pack,
                                 const struct pack_duty *duty)
{
	for (size_t i = 0; i < pack->pattern_count; i++) {
		const struct pack_pattern *pattern = &pack->patterns[i];
		if (pack->pattern_duty == duty)
			buf_format(out, "Opened by %.*s, \"%.*s\".\n", STR_ARG(pattern->name),
			           STR_ARG(pattern->title));
		for (size_t j = 0; j < pattern->open_count; j++) {
			if (pattern->opens[j].duty != duty)
				continue;
			buf_format(out, "Opened by %.*s, \"%.*s\"", STR_ARG(pattern->name),
			           STR_ARG(pattern->title));
			say_found(out, arena, pack, &pattern->opens[j]);
		}
	}
}

/* A kind by which the register itself opens or settles a duty. */
static void say_of_itself(struct buf *out, const struct pack *pack, const char *done,
                          struct str name)
{
	const struct pack_kind *kind = name.p ? pack_kind_find(pack, name) : NULL;
	if (!name.p)
		return;
	if (kind)
		say_by(out, done, kind);
	else
		buf_format(out, "%s by %.*s", done, STR_ARG(name));
	buf_add(out, STR(", by the register itself.\n"));
}

static void say_openers(struct buf *out, struct arena *arena, const struct pack *pack,
                        const struct pack_duty *duty)
{
	size_t before = out->n;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		for (size_t i = 0; i < kind->open_count; i++) {
			if (kind->opens[i].duty != duty)
				continue;
			say_by(out, "Opened", kind);
			phrase_made_by_ladders(out, pack, kind);
			say_open(out, arena, &kind->opens[i]);
		}
	}
	say_opening_patterns(out, arena, pack, duty);
	say_of_itself(out, pack, "Opened", phrase_opened_of_itself(pack, duty));
	if (pack->rest == duty)
		buf_add(out, STR("Opened when nothing else is owed on an open file.\n"));
	if (out->n == before)
		buf_add(out, STR("Opened by nothing.\n"));
}

static void say_not_older(struct buf *out, const struct pack_duty *duty)
{
	if (!duty->has_not_older)
		return;
	if (duty->not_older.amount == 0) {
		buf_add(out, STR("What happened on a day before it began does not settle it.\n"));
		return;
	}
	buf_add(out, STR("What happened more than "));
	phrase_period(out, &duty->not_older);
	buf_add(out, STR(" before it began does not settle it.\n"));
}

static void say_settlers(struct buf *out, struct arena *arena, const struct pack *pack,
                         const struct pack_duty *duty)
{
	size_t before = out->n;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		for (size_t i = 0; i < kind->settle_count; i++) {
			if (kind->settles[i].duty != duty)
				continue;
			say_by(out, "Settled", kind);
			phrase_made_by_ladders(out, pack, kind);
			say_which(out, arena, &kind->settles[i]);
			buf_add(out, STR(".\n"));
		}
		for (size_t i = 0; i < kind->end_count; i++) {
			if (kind->ends[i].duty != duty)
				continue;
			say_by(out, "Ended", kind);
			say_cond(out, arena, ", when ", kind->ends[i].when);
			buf_add(out, STR(".\n"));
		}
	}
	say_of_itself(out, pack, "Settled", phrase_settled_of_itself(pack, duty));
	if (out->n == before)
		buf_add(out, STR("Settled by nothing.\n"));
}

/* On whose authority, in words that do not need the table of classes. */
static void say_source(struct buf *out, const struct pack_duty *duty)
{
	static const char *const CLASSES[] = {
		[PACK_STATUTE] = "",
		[PACK_GUIDANCE] = "",
		[PACK_NORM] = " (a number of this pack, not of the law)",
		[PACK_LOCAL] = " (a value that each area sets)",
	};
	bool is_doubtful = str_eq(duty->certainty, STR("check"));
	buf_format(out, "Source: %.*s.\n", STR_ARG(duty->source));
	buf_format(out, "Class: %.*s%s. Certainty: %.*s%s.\n", STR_ARG(phrase_class(duty->class)),
	           CLASSES[duty->class], STR_ARG(duty->certainty),
	           is_doubtful ? ": ask a lawyer before relying on it" : "");
}

/* Who owes it, and by when. */
static void say_owed(struct buf *out, const struct pack *pack, const struct pack_duty *duty)
{
	bool is_reading = pack->read_duty == duty; /* its time is that of the climb */
	if (!phrase_asked(out, duty))
		phrase_owners(out, duty->owners, duty->owner_count, " and ", PHRASE_TITLES);
	if (duty->out_of_hours)
		buf_format(out, ", out of hours by %.*s", STR_ARG(duty->out_of_hours->title));
	phrase_owned_else(out, pack, duty, PHRASE_TITLES);
	buf_format(out, "%s", duty->within_is_field || is_reading ? ", " : ", within ");
	phrase_due(out, duty);
	buf_add(out, STR(".\n"));
}

static void say_duty(struct buf *out, struct arena *arena, const struct pack *pack,
                     const struct pack_duty *duty)
{
	buf_format(out, "%.*s %.*s.\nOwed by ", STR_ARG(duty->name), STR_ARG(duty->title));
	say_owed(out, pack, duty);
	if (duty->awaited.n)
		buf_format(out, "Awaited from %.*s, which cannot be made to act.\n",
		           STR_ARG(duty->awaited));
	say_retired(out, duty->retired);
	say_openers(out, arena, pack, duty);
	say_settlers(out, arena, pack, duty);
	say_not_older(out, duty);
	if (duty->renewals)
		buf_format(out,
		           "After %d in a row by one office the next is owed by the line above.\n",
		           duty->renewals);
	buf_format(out, "%s\n",
	           duty->is_extendable ? "The line above may agree a later time; it stays late."
	                               : "Nobody can extend it.");
	say_late(out, duty);
	if (duty->public_text.n)
		buf_format(out, "Whoever reported reads: %.*s\n", STR_ARG(duty->public_text));
	say_source(out, duty);
	say_place(out, duty->place);
}

static void say_need(struct buf *out, struct arena *arena, const struct pack_need *need,
                     const struct pack_cond *when)
{
	buf_format(out, "  - \"%.*s\",\n", STR_ARG(need->otherwise));
	say_cond(out, arena, "    unless ", need->need);
	say_cond(out, arena, ";\n    asked when ", when);
	say_cond(out, arena, when ? ", and " : ";\n    asked when ", need->when);
	buf_add(out, STR(".\n"));
}

/* "one of yes, no", "text, sealed". */
static void say_type(struct buf *out, const struct pack_field *field)
{
	static const char *const TYPES[] = {
		[PACK_CODE] = "one of ",
		[PACK_CODES] = "any of ",
		[PACK_YES] = "yes or no",
		[PACK_INTEGER] = "a number",
		[PACK_DATE] = "a day",
		[PACK_INSTANT] = "a day and time",
		[PACK_MONTH] = "a month",
		[PACK_VERSION] = "a short mark",
		[PACK_OFFICE] = "an office",
		[PACK_FILE] = "a file",
		[PACK_ENTRY] = "an entry",
		[PACK_DUTY] = "a duty",
		[PACK_ROWS] = "rows",
		[PACK_TEXT] = "text",
		[PACK_WORDS] = "words kept as written",
		[PACK_NAME] = "a name",
		[PACK_ADDRESS] = "an address",
		[PACK_IDENTIFIER] = "an identifier",
		[PACK_ATTACHMENT] = "a file to attach",
	};
	buf_format(out, "%s", TYPES[field->type]);
	for (size_t i = 0; field->list && i < field->list->count; i++)
		buf_format(out, "%s%.*s", i ? ", " : "", STR_ARG(field->list->codes[i].code));
	if (field->is_repeated)
		buf_format(out, ", up to %zu", field->items_max);
}

static void say_known(struct buf *out, const struct pack *pack, const struct pack_known *known)
{
	uint64_t made_on = 0;
	buf_format(out, "; set by the register: what the newest \"%.*s\" of ",
	           STR_ARG(known->field));
	for (size_t i = 0; i < known->kind_count; i++)
		buf_format(out, "%s%.*s", i ? " or " : "", STR_ARG(known->kinds[i]->name));
	for (size_t i = 0; i < known->kind_count; i++)
		made_on |= known->kinds[i]->file_types;
	buf_add(out, known->is_own ? STR(" says on its own file") : STR(" says"));
	if (known->through)
		buf_format(out, "%s on each file that \"%.*s\" leads to",
		           known->is_own ? " and" : "", STR_ARG(known->through->name));
	if (known->types != made_on) {
		buf_add(out, STR(", of type "));
		phrase_file_types(out, pack, known->types, " or ");
	}
	buf_format(out, ", where \"%.*s\" is ", STR_ARG(known->how));
	for (size_t i = 0; i < known->by_count; i++)
		buf_format(out, "%s%.*s", i ? " or " : "", STR_ARG(known->by[i]));
}

static void say_field(struct buf *out, struct arena *arena, const struct pack *pack,
                      const struct pack_field *field)
{
	buf_format(out, "  - %.*s: %.*s (", STR_ARG(field->name), STR_ARG(field->label));
	say_type(out, field);
	buf_format(out, "%s", field->is_sealed ? "; sealed" : "");
	if (field->required == PACK_REQUIRED)
		buf_add(out, STR("; required"));
	if (field->required == PACK_REQUIRED_IF)
		say_cond(out, arena, "; required when ", field->required_if);
	if (field->counted == PACK_COUNTED_LATE)
		buf_add(out, STR("; counted by the register: what is late"));
	if (field->counted == PACK_COUNTED_OPEN)
		buf_format(out, "; counted by the register: files of type %.*s that have not ended",
		           STR_ARG(field->counted_type->name));
	if (field->counted == PACK_COUNTED_KNOWN)
		say_known(out, pack, field->known);
	if (field->retired.p)
		buf_format(out, "; retired %.*s", STR_ARG(field->retired));
	buf_add(out, STR(")\n"));
}

/* The states of one type whose bits are set, or "no state". */
static void say_state_names(struct buf *out, const struct pack_file_type *type, uint32_t mask)
{
	const char *before = "";
	for (size_t state = 0; state < type->state_count; state++) {
		if (!(mask >> state & 1))
			continue;
		buf_format(out, "%s%.*s", before, STR_ARG(type->states[state]));
		before = ", ";
	}
	buf_format(out, "%s", *before ? "" : "no state");
}

static void say_states(struct buf *out, const struct pack *pack, const struct pack_kind *kind)
{
	for (size_t i = 0; i < pack->file_type_count; i++) {
		const struct pack_file_type *type = &pack->file_types[i];
		if (!(kind->file_types >> i & 1) || !kind->from)
			continue;
		buf_format(out, "On a file of type %.*s in ", STR_ARG(type->name));
		say_state_names(out, type, kind->from[i]);
		buf_add(out, STR(".\n"));
	}
}

static void say_follows(struct buf *out, struct arena *arena, const struct pack *pack,
                        const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->open_count; i++) {
		const struct pack_open *open = &kind->opens[i];
		buf_format(out, "Opens %.*s %.*s", STR_ARG(open->duty->name),
		           STR_ARG(open->duty->title));
		say_open(out, arena, open);
	}
	for (size_t i = 0; i < kind->settle_count; i++) {
		const struct pack_settle *settle = &kind->settles[i];
		buf_format(out, "Settles %.*s %.*s", STR_ARG(settle->duty->name),
		           STR_ARG(settle->duty->title));
		say_which(out, arena, settle);
		buf_add(out, STR(".\n"));
	}
	for (size_t i = 0; i < kind->end_count; i++) {
		buf_format(out, "Ends %.*s %.*s", STR_ARG(kind->ends[i].duty->name),
		           STR_ARG(kind->ends[i].duty->title));
		say_cond(out, arena, ", when ", kind->ends[i].when);
		buf_add(out, STR(".\n"));
	}
	for (size_t i = 0; i < kind->link_count; i++)
		buf_format(out, "Links its file to those of %.*s by %.*s.\n",
		           STR_ARG(kind->links[i].field), STR_ARG(kind->links[i].relation->name));
	for (size_t i = 0; i < kind->unlink_count; i++)
		buf_format(out, "Takes away the link by %.*s to those of %.*s.\n",
		           STR_ARG(kind->unlinks[i].relation->name),
		           STR_ARG(kind->unlinks[i].field));
	if (kind->takes)
		buf_format(
			out,
			"What \"%.*s\" names of what the newest %.*s offers is owed by the acting"
			" office from then on; its time stays.\n",
			STR_ARG(kind->takes->duties), STR_ARG(kind->takes->offer->name));
	if (kind->restricts)
		buf_format(
			out,
			"While it is in force, until the end of \"%.*s\", the offices in \"%.*s\""
			" alone read the words.\n",
			STR_ARG(kind->restricts->until), STR_ARG(kind->restricts->to));
	if (kind->lifts)
		buf_add(out, STR("What was restricted may be read again.\n"));
	if (kind->tells_owners_count)
		buf_add(out,
		        STR("Whoever owes something on this file, or on one that it names, is told.\n"));
	if (kind->watches) {
		buf_add(out, STR("Whoever begins a file by it is watched over for "));
		phrase_period(out, kind->watches);
		buf_add(out, STR(": what becomes of their account, office and reading is told"
		                 " there.\n"));
	}
	for (size_t i = 0; i < kind->then_count; i++) {
		buf_format(out, "The register itself then writes %.*s",
		           STR_ARG(kind->then[i].kind->name));
		phrase_on(out, arena, kind->then[i].on, NULL);
		if (kind->then[i].types != UINT64_MAX) {
			buf_add(out, kind->then[i].on ? STR(", of type ") : STR(" on a "));
			phrase_file_types(out, pack, kind->then[i].types, " or ");
		}
		say_cond(out, arena, ", when ", kind->then[i].when);
		buf_add(out, STR(".\n"));
	}
}

static void say_kind(struct buf *out, struct arena *arena, const struct pack *pack,
                     const struct pack_kind *kind)
{
	buf_format(out, "%.*s %.*s.\nMade by ", STR_ARG(kind->name), STR_ARG(kind->title));
	phrase_by(out, kind, " or ", PHRASE_TITLES);
	buf_add(out, STR(".\n"));
	for (size_t i = 0; i < kind->any_file_count; i++)
		buf_format(out, "%.*s needs no part in the file for it.\n",
		           STR_ARG(kind->any_file[i]->title));
	say_retired(out, kind->retired);
	if (kind->may_begin) {
		buf_add(out, STR("It begins a file of type "));
		phrase_file_types(out, pack, kind->file_types, " or ");
		buf_add(out, STR(".\n"));
	} else {
		say_states(out, pack, kind);
	}
	if (kind->to.sort != PACK_TO_NONE) {
		buf_add(out, STR("Leads to "));
		phrase_to(out, kind);
		buf_add(out, STR(".\n"));
	}
	if (kind->field_count)
		buf_add(out, STR("Asks:\n"));
	for (size_t i = 0; i < kind->field_count; i++)
		say_field(out, arena, pack, &kind->fields[i]);
	if (kind->need_count)
		buf_add(out, STR("Refused with\n"));
	for (size_t i = 0; i < kind->need_count; i++) {
		const struct pack_kind_need *line = &kind->needs[i];
		for (size_t j = 0; line->gate && j < line->gate->need_count; j++)
			say_need(out, arena, &line->gate->needs[j], line->when);
		if (line->need)
			say_need(out, arena, line->need, line->when);
	}
	say_follows(out, arena, pack, kind);
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
	buf_format(out, "%s.\nRefuses with\n", *before == ',' ? "" : "Asked by nothing");
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

static void say_reads(struct buf *out, const struct pack *pack, const struct pack_read *read)
{
	static const char *const WHATS[] = {
		[PACK_READS_NOTHING] = "Reads no sealed words",
		[PACK_READS_SAMPLE] =
			"Reads files drawn by lot for inspection, once a sample is drawn;"
			" opens none by itself",
		[PACK_READS_FIGURES] = "Reads figures, no sealed words",
		[PACK_READS_RESTRICTED] =
			"Reads what is restricted, while it is, and nothing else there",
		[PACK_READS_OWN] = "Reads files that it has a part in, and those linked to them",
		[PACK_READS_CHILDREN] = "Reads every file of its area, each reading recorded",
	};
	buf_format(out, "%s", WHATS[read->what]);
	for (size_t i = 0; i < pack->file_type_count && read->file_types != UINT64_MAX; i++) {
		if (!(read->file_types >> i & 1) || (read->states && !read->states[i]))
			continue;
		buf_format(out, "; of type %.*s", STR_ARG(pack->file_types[i].name));
		if (!read->states)
			continue;
		buf_add(out, STR(" in "));
		say_state_names(out, &pack->file_types[i], read->states[i]);
	}
	buf_add(out, STR(".\n"));
}

static bool owes(const struct pack *pack, const struct pack_duty *duty,
                 const struct pack_office *office)
{
	for (size_t i = 0; i < duty->owner_count; i++)
		if (duty->owners[i].sort == PACK_OWNER_ROLE && duty->owners[i].role == office &&
		    !duty->owners[i].step_count)
			return true;
	return phrase_owes_by_line(pack, duty, office);
}

static void say_office(struct buf *out, const struct pack *pack, const struct pack_office *office)
{
	buf_format(out, "%.*s %.*s, of %.*s.\n", STR_ARG(office->name), STR_ARG(office->title),
	           STR_ARG(office->agency->title));
	if (office->line)
		buf_format(out, "Answers to %.*s.\n", STR_ARG(office->line->title));
	else
		buf_add(out, STR("Answers to nobody.\n"));
	say_retired(out, office->retired);
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
		say_reads(out, pack, &office->reads[i]);
	}
	const char *before = "Owes ";
	for (size_t i = 0; i < pack->duty_count; i++) {
		if (!owes(pack, &pack->duties[i], office))
			continue;
		buf_format(out, "%s%.*s", before, STR_ARG(pack->duties[i].name));
		before = ", ";
	}
	buf_format(out, "%s", *before == ',' ? ".\n" : "");
	explain_place(out, pack, SECTION_OFFICES, office->name);
}

/* By PACK_OF_OFFICE. */
static const char *const OFFICE_WORDS[1 << PACK_OF_OFFICE_N] = {
	[PACK_MADE_IN] = "was made in the office",
	[PACK_ASKED_OF] = "names the office",
	[PACK_MADE_IN | PACK_ASKED_OF] = "was made in the office or names it",
	[PACK_LATE_IN] = "is late in the office",
	[PACK_MADE_IN | PACK_LATE_IN] = "was made in the office or is late in it",
	[PACK_ASKED_OF | PACK_LATE_IN] = "names the office or is late in it",
	[PACK_MADE_IN | PACK_ASKED_OF | PACK_LATE_IN] =
		"was made in the office, names it or is late in it",
};

static void say_pattern(struct buf *out, struct arena *arena, const struct pack *pack,
                        const struct pack_pattern *pattern)
{
	buf_format(out, "%.*s %.*s.\nSeen on a file of type %.*s", STR_ARG(pattern->name),
	           STR_ARG(pattern->title), STR_ARG(pattern->about->name));
	for (size_t i = 0; i < pattern->through_count; i++)
		buf_format(out, "%s\"%.*s\"", i ? ", " : ", and on the files that lead to it by ",
		           STR_ARG(pattern->through[i]->name));
	if (pattern->of_office)
		buf_format(out, ", over what %s", OFFICE_WORDS[pattern->of_office]);
	say_cond(out, arena, ", when ", pattern->when);
	buf_add(out, STR(".\nTold to "));
	for (size_t i = 0; i < pattern->owner_count; i++) {
		buf_format(out, "%s", i ? ", and to " : "");
		phrase_owner(out, &pattern->owners[i], PHRASE_TITLES);
	}
	buf_format(out, "%s.\n", pattern->is_once ? ", once for each file" : "");
	for (size_t i = 0; i < pattern->open_count; i++) {
		const struct pack_duty *duty = pattern->opens[i].duty;
		buf_format(out, "Opens %.*s %.*s", STR_ARG(duty->name), STR_ARG(duty->title));
		say_found(out, arena, pack, &pattern->opens[i]);
	}
	buf_format(out, "Source: %.*s.\n", STR_ARG(pattern->source));
	explain_place(out, pack, SECTION_PATTERNS, pattern->name);
}

/* Names of different sorts may be the same: each is said. */
static bool say_element(struct buf *out, struct arena *arena, const struct pack *pack,
                        struct str element, struct err *err)
{
	const struct pack_kind *kind = pack_kind_find(pack, element);
	const struct pack_duty *duty = pack_duty_find(pack, element);
	const struct pack_gate *gate = pack_gate_find(pack, element);
	const struct pack_ladder *ladder = pack_ladder_find(pack, element);
	const struct pack_office *office = pack_office_find(pack, element);
	const struct pack_pattern *pattern = pack_pattern_find(pack, element);
	const struct pack_file_type *type = pack_file_type_find(pack, element);
	const struct pack_list *list = list_find(pack, element);

	if (kind)
		say_kind(out, arena, pack, kind);
	if (duty)
		say_duty(out, arena, pack, duty);
	if (gate)
		say_gate(out, arena, pack, gate);
	if (ladder)
		say_ladder(out, pack, ladder);
	if (office)
		say_office(out, pack, office);
	if (pattern)
		say_pattern(out, arena, pack, pattern);
	if (type && !explain_file_type(out, arena, pack, type, err))
		return false;
	if (list)
		explain_list(out, pack, list);
	return kind || duty || gate || ladder || office || pattern || type || list ||
	       err_set(err, ERR_ABSENT,
	               "Pack %.*s has no kind, duty, gate, ladder, office, pattern, file type or"
	               " list named %.*s",
	               STR_ARG(pack->name), STR_ARG(str_sub(element, 0, 64)));
}

bool pack_explain(const struct pack *pack, struct arena *arena, struct str element, struct str *out,
                  struct err *err)
{
	struct buf text;
	*out = STR_NONE;
	buf_init(&text, TEXT_BYTES_MAX);
	bool done = say_element(&text, arena, pack, element, err);
	if (done && !text.full)
		*out = arena_copy(arena, buf_str(&text));
	buf_finish(&text);
	return done &&
	       (out->p || err_set(err, ERR_UNABLE, "This element is too large to explain at once"));
}
