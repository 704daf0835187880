/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "pack/phrase.h"

#include "pack/atom.h"

void phrase_period(struct buf *out, const struct pack_period *period)
{
	static const char *const UNITS[] = {
		[PACK_HOURS] = "hour",
		[PACK_DAYS] = "day",
		[PACK_WORKING_DAYS] = "working day",
		[PACK_MONTHS] = "month",
	};
	buf_format(out, "%" PRId64 " %s%s", period->amount, UNITS[period->unit],
	           period->amount == 1 ? "" : "s");
	if (period->at_minute >= 0)
		buf_format(out, ", by %02d:%02d", period->at_minute / 60, period->at_minute % 60);
	if (period->calendar)
		buf_format(out, " (%.*s)", STR_ARG(period->calendar->name));
}

static void phrase_base(struct buf *out, const struct pack_owner *owner, enum phrase_names names)
{
	switch (owner->sort) {
	case PACK_OWNER_ROLE:
		buf_add(out, names == PHRASE_NAMES ? owner->role->name : owner->role->title);
		return;
	case PACK_OWNER_ENTRY:
		buf_add(out, STR("the office that made the entry"));
		return;
	case PACK_OWNER_FIRST_ENTRY:
		buf_add(out, STR("the office that made the first entry of the file"));
		return;
	case PACK_OWNER_LAST_ENTRY:
		buf_add(out, STR("the office that made the last entry"));
		return;
	case PACK_OWNER_FIELD:
		buf_format(out, "the office named in \"%.*s", STR_ARG(owner->field));
		if (owner->column.p)
			buf_format(out, ", %.*s", STR_ARG(owner->column));
		buf_add_char(out, '"');
		return;
	case PACK_OWNER_OF_FILE:
		buf_add(out, STR("the office that the file is of"));
		return;
	case PACK_OWNER_PATTERN:
		buf_add(out, STR("the owner of the pattern"));
		return;
	case PACK_OWNER_OWNER:
		buf_add(out, STR("whoever owes it"));
		return;
	}
}

void phrase_owner(struct buf *out, const struct pack_owner *owner, enum phrase_names names)
{
	static const char *const STEPS[] = {
		[PACK_STEP_NONE] = "",
		[PACK_STEP_MANAGER] = "the manager of ",
		[PACK_STEP_HEAD] = "the head of the agency of ",
		[PACK_STEP_CHIEF] = "the chief officer of the agency of ",
		[PACK_STEP_INSPECTORATE] = "the inspectorate of the agency of ",
	};
	for (size_t i = owner->step_count; i > 0; i--)
		buf_format(out, "%s", STEPS[owner->steps[i - 1]]);
	phrase_base(out, owner, names);
}

void phrase_owners(struct buf *out, const struct pack_owner *owners, size_t count,
                   const char *between, enum phrase_names names)
{
	for (size_t i = 0; i < count; i++) {
		buf_format(out, "%s", i ? between : "");
		phrase_owner(out, &owners[i], names);
	}
}

void phrase_starts(struct buf *out, const struct pack_duty *duty)
{
	if (duty->from_count > 1)
		buf_add(out, STR("the earliest of "));
	for (size_t i = 0; i < duty->from_count; i++) {
		const struct pack_start *start = &duty->from[i];
		buf_format(out, "%s", i ? ", " : "");
		switch (start->sort) {
		case PACK_START_RECORDED:
			buf_add(out, STR("when it was recorded"));
			break;
		case PACK_START_RECEIVED:
			buf_add(out, STR("when it was received"));
			break;
		case PACK_START_HAPPENED:
			buf_add(out, STR("when it happened"));
			break;
		case PACK_START_FIELD:
			buf_format(out, "the time in \"%.*s\"", STR_ARG(start->field));
			break;
		case PACK_START_LAST:
		case PACK_START_FIRST:
			buf_add(out, start->sort == PACK_START_LAST ? STR("the last ")
			                                            : STR("the first "));
			if (start->which)
				cond_say_which(out, start->which);
			else
				buf_add(out, start->kind->name);
			break;
		}
	}
}

void phrase_within(struct buf *out, const struct pack_duty *duty)
{
	if (duty->within_is_field) {
		buf_format(out, "by the date in \"%.*s", STR_ARG(duty->within_field));
		if (duty->within_column.p)
			buf_format(out, ", %.*s", STR_ARG(duty->within_column));
		buf_add_char(out, '"');
	} else {
		phrase_period(out, &duty->within);
	}
	if (duty->no_later_than.p)
		buf_format(out, ", no later than \"%.*s\"", STR_ARG(duty->no_later_than));
	if (duty->has_ceiling) {
		buf_add(out, STR(", and in any case "));
		phrase_period(out, &duty->ceiling);
	}
	if (duty->has_not_before) {
		buf_add(out, STR(", not before "));
		phrase_period(out, &duty->not_before);
	}
}

/* What a climb asks to be read: its owner and its time are those of the climb. */
static bool is_reading(const struct pack_duty *duty)
{
	return duty->is_built_in && str_eq(duty->name, STR("R02"));
}

bool phrase_asked(struct buf *out, const struct pack_duty *duty)
{
	bool is_second = duty->is_built_in && str_eq(duty->name, STR("R01"));
	if (is_reading(duty))
		buf_add(out, STR("each office that a climb tells"));
	else if (is_second)
		buf_add(out, STR("each office asked to read as a second"));
	return is_second || is_reading(duty);
}

void phrase_due(struct buf *out, const struct pack_duty *duty)
{
	if (is_reading(duty)) {
		buf_add(out, STR("until the next rung"));
		return;
	}
	phrase_within(out, duty);
	if (duty->within_is_field)
		return;
	buf_add(out, STR(", counted from "));
	phrase_starts(out, duty);
}

void phrase_ladder_name(struct buf *out, const struct pack_duty *duty)
{
	if (duty->ladder) {
		buf_add(out, duty->ladder->name);
		return;
	}
	for (size_t i = 0; i < duty->ladder_count; i++) {
		buf_format(out, "%s%.*s ", i ? ", " : "", STR_ARG(duty->ladder_for[i]->name));
		if (duty->ladder_codes[i].p)
			buf_format(out, "if %.*s is %.*s", STR_ARG(duty->ladder_by),
			           STR_ARG(duty->ladder_codes[i]));
		else
			buf_add(out, STR("otherwise"));
	}
}

void phrase_rung(struct buf *out, const struct pack_rung *rung, enum phrase_names names)
{
	if (rung->after.amount == 0)
		buf_add(out, STR("at once"));
	else
		phrase_period(out, &rung->after);
	buf_add(out, rung->after.amount == 0 ? STR(": ") : STR(" later: "));
	if (rung->is_one_of)
		buf_add(out, STR("the first that is held of "));
	phrase_owners(out, rung->tell, rung->tell_count, ", ", names);
	if (rung->place == PACK_INDEPENDENT)
		buf_add(out, STR(", who is independent"));
	if (rung->place == PACK_OUTSIDE)
		buf_add(out, STR(", outside the partnership"));
	if (rung->makes)
		buf_format(out, "; the register itself then writes \"%.*s\" (%.*s)",
		           STR_ARG(rung->makes->title), STR_ARG(rung->makes->name));
}

void phrase_by(struct buf *out, const struct pack_kind *kind, const char *between,
               enum phrase_names names)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		const struct pack_by *by = &kind->by[i];
		buf_format(out, "%s", i ? between : "");
		switch (by->sort) {
		case PACK_BY_ROLE:
			buf_add(out, names == PHRASE_NAMES ? by->role->name : by->role->title);
			break;
		case PACK_BY_ANYONE:
			buf_add(out, names == PHRASE_NAMES ? STR("anyone")
			                                   : STR("any office of the partnership"));
			break;
		case PACK_BY_PUBLIC:
			buf_add(out, names == PHRASE_NAMES ? STR("public") : STR("anybody at all"));
			break;
		case PACK_BY_PERSON:
			buf_add(out, names == PHRASE_NAMES
			                     ? STR("person")
			                     : STR("whoever reported, by their code"));
			break;
		case PACK_BY_REGISTER:
			buf_add(out, names == PHRASE_NAMES ? STR("register")
			                                   : STR("the register itself"));
			break;
		case PACK_BY_FIRST_ACCOUNT:
			buf_add(out, names == PHRASE_NAMES
			                     ? STR("first account")
			                     : STR("the account that began the file"));
			break;
		case PACK_BY_OWNER:
			buf_format(out,
			           names == PHRASE_NAMES ? "owner of %.*s" : "whoever owes %.*s",
			           STR_ARG(by->duty->name));
			break;
		}
	}
}

/* "protecting if decision is emergency or strategy", once for each state. */
static void phrase_target(struct buf *out, const struct pack_to *to, size_t n)
{
	const char *before = " is ";
	for (size_t i = 0; i < n; i++) {
		if (str_eq(to->states_for[i], to->states_for[n]))
			return;
	}
	buf_format(out, "%s%.*s if %.*s", n ? ", " : "", STR_ARG(to->states_for[n]),
	           STR_ARG(to->field));
	for (size_t i = n; i < to->count; i++) {
		if (!str_eq(to->states_for[i], to->states_for[n]))
			continue;
		buf_format(out, "%s%.*s", before, STR_ARG(to->codes[i]));
		before = " or ";
	}
}

void phrase_to(struct buf *out, const struct pack_kind *kind)
{
	const struct pack_to *to = &kind->to;
	switch (to->sort) {
	case PACK_TO_NONE:
		return;
	case PACK_TO_STATE:
		buf_add(out, to->state);
		return;
	case PACK_TO_BY_FIELD:
		for (size_t i = 0; i < to->count; i++)
			phrase_target(out, to, i);
		return;
	case PACK_TO_BY_STATE:
		buf_format(out, "%.*s from ", STR_ARG(to->state));
		for (size_t i = 0; i < to->count; i++)
			buf_format(out, "%s%.*s", i ? " or " : "", STR_ARG(to->codes[i]));
		return;
	}
}

struct str phrase_class(enum pack_class class)
{
	switch (class) {
	case PACK_STATUTE:
		return STR("statute");
	case PACK_GUIDANCE:
		return STR("guidance");
	case PACK_NORM:
		return STR("norm");
	case PACK_LOCAL:
		break;
	}
	return STR("local");
}

struct str phrase_type(enum pack_type type)
{
	static const struct str NAMES[] = {
		[PACK_CODE] = { "code", 4 },
		[PACK_CODES] = { "codes", 5 },
		[PACK_YES] = { "yes", 3 },
		[PACK_INTEGER] = { "integer", 7 },
		[PACK_DATE] = { "date", 4 },
		[PACK_INSTANT] = { "instant", 7 },
		[PACK_MONTH] = { "month", 5 },
		[PACK_VERSION] = { "version", 7 },
		[PACK_OFFICE] = { "office", 6 },
		[PACK_FILE] = { "file", 4 },
		[PACK_ENTRY] = { "entry", 5 },
		[PACK_DUTY] = { "duty", 4 },
		[PACK_ROWS] = { "rows", 4 },
		[PACK_TEXT] = { "text", 4 },
		[PACK_WORDS] = { "words", 5 },
		[PACK_NAME] = { "name", 4 },
		[PACK_ADDRESS] = { "address", 7 },
		[PACK_IDENTIFIER] = { "identifier", 10 },
		[PACK_ATTACHMENT] = { "attachment", 10 },
	};
	return NAMES[type];
}

struct str phrase_reads(enum pack_reads reads)
{
	switch (reads) {
	case PACK_READS_NOTHING:
		return STR("nothing");
	case PACK_READS_SAMPLE:
		return STR("sample");
	case PACK_READS_FIGURES:
		return STR("figures");
	case PACK_READS_RESTRICTED:
		return STR("restricted");
	case PACK_READS_OWN:
		return STR("own");
	case PACK_READS_CHILDREN:
		break;
	}
	return STR("children");
}

void phrase_on(struct buf *out, struct arena *arena, const struct pack_relation *on,
               const struct pack_cond *where)
{
	if (on)
		buf_format(out, " on each file that \"%.*s\" leads to", STR_ARG(on->name));
	if (where)
		buf_format(out, " where %.*s", STR_ARG(pack_cond_words(arena, where)));
}

void phrase_found_on(struct buf *out, const struct pack *pack, const struct pack_found_open *open)
{
	for (size_t i = 0; i < open->on_count; i++)
		buf_format(out, "%s\"%.*s\"",
		           i ? " and then " : " on the files that lead to it by ",
		           STR_ARG(open->on[i]->name));
	if (open->on_count) {
		buf_add(out, STR(", of type "));
		phrase_file_types(out, pack, open->types, " or ");
	}
}

void phrase_made_by_ladders(struct buf *out, const struct pack *pack, const struct pack_kind *kind)
{
	const char *before = " (ladder ";
	for (size_t i = 0; i < pack->ladder_count; i++) {
		for (size_t j = 0; j < pack->ladders[i].count; j++) {
			if (pack->ladders[i].rungs[j].makes != kind)
				continue;
			buf_format(out, "%s%.*s", before, STR_ARG(pack->ladders[i].name));
			before = ", ";
			break;
		}
	}
	buf_add(out, *before == ',' ? STR(")") : STR(""));
}

/* A kind may open or settle a duty by several lines; each place is said once. */
static bool is_open_said(const struct pack_kind *kind, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kind->opens[i].duty == kind->opens[n].duty &&
		    kind->opens[i].on == kind->opens[n].on)
			return true;
	return false;
}

static bool is_settle_said(const struct pack_kind *kind, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kind->settles[i].duty == kind->settles[n].duty &&
		    kind->settles[i].on == kind->settles[n].on &&
		    kind->settles[i].where == kind->settles[n].where)
			return true;
	return false;
}

static bool is_found_said(const struct pack_pattern *pattern, size_t n)
{
	const struct pack_found_open *open = &pattern->opens[n];
	for (size_t i = 0; i < n; i++)
		if (pattern->opens[i].duty == open->duty &&
		    pattern->opens[i].on_count == open->on_count &&
		    pattern->opens[i].on[0] == open->on[0] &&
		    pattern->opens[i].on[1] == open->on[1] &&
		    pattern->opens[i].types == open->types && pattern->opens[i].each == open->each)
			return true;
	return false;
}

void phrase_opens(struct buf *out, struct arena *arena, const struct pack_kind *kind)
{
	const char *before = "";
	for (size_t i = 0; i < kind->open_count; i++) {
		if (is_open_said(kind, i))
			continue;
		buf_format(out, "%s%.*s", before, STR_ARG(kind->opens[i].duty->name));
		phrase_on(out, arena, kind->opens[i].on, NULL);
		before = ", ";
	}
}

void phrase_settles(struct buf *out, struct arena *arena, const struct pack_kind *kind)
{
	const char *before = "";
	for (size_t i = 0; i < kind->settle_count; i++) {
		if (is_settle_said(kind, i))
			continue;
		buf_format(out, "%s%.*s", before, STR_ARG(kind->settles[i].duty->name));
		phrase_on(out, arena, kind->settles[i].on, kind->settles[i].where);
		before = ", ";
	}
}

void phrase_found_each(struct buf *out, const struct pack_found_open *open)
{
	if (open->each == PACK_FOUND_SILENT)
		buf_add(out,
		        STR(" for each who is silent, or else owed by the owner of the pattern"));
	if (open->each == PACK_FOUND_OTHERS)
		buf_add(out, STR(" for each of the others who are waited for"));
}

bool phrase_is_opened_by(const struct pack_kind *kind, const struct pack_duty *duty)
{
	for (size_t i = 0; i < kind->open_count; i++)
		if (kind->opens[i].duty == duty)
			return true;
	return false;
}

struct str phrase_opened_of_itself(const struct pack *pack, const struct pack_duty *duty)
{
	if (pack->vacant_duty == duty)
		return STR("office.vacant");
	if (pack->clock_duty == duty)
		return STR("clock.stepped");
	if (pack->broken_duty == duty)
		return STR("access.broken");
	if (pack->second_duty == duty)
		return STR("act.waiting");
	return pack->read_duty == duty ? STR("duty.climbed") : STR_NONE;
}

struct str phrase_settled_of_itself(const struct pack *pack, const struct pack_duty *duty)
{
	if (pack->second_duty == duty)
		return STR("second.given");
	return pack->read_duty == duty ? STR("duty.read") : STR_NONE;
}

void phrase_openers(struct buf *out, struct arena *arena, const struct pack *pack,
                    const struct pack_duty *duty)
{
	struct str own = phrase_opened_of_itself(pack, duty);
	const char *before = "";
	for (size_t i = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		for (size_t j = 0; j < kind->open_count; j++) {
			if (kind->opens[j].duty != duty || is_open_said(kind, j))
				continue;
			buf_format(out, "%s%.*s", before, STR_ARG(kind->name));
			phrase_on(out, arena, kind->opens[j].on, NULL);
			phrase_made_by_ladders(out, pack, kind);
			before = ", ";
		}
		if (str_eq(kind->name, own) && phrase_is_opened_by(kind, duty))
			own = STR_NONE;
	}
	for (size_t i = 0; i < pack->pattern_count; i++) {
		const struct pack_pattern *pattern = &pack->patterns[i];
		if (pack->pattern_duty == duty) {
			buf_format(out, "%s%.*s", before, STR_ARG(pattern->name));
			before = ", ";
		}
		for (size_t j = 0; j < pattern->open_count; j++) {
			if (pattern->opens[j].duty != duty || is_found_said(pattern, j))
				continue;
			buf_format(out, "%s%.*s", before, STR_ARG(pattern->name));
			phrase_found_on(out, pack, &pattern->opens[j]);
			phrase_found_each(out, &pattern->opens[j]);
			before = ", ";
		}
	}
	if (pack->rest == duty)
		buf_format(out, "%swhen nothing else is owed", before);
	else if (own.p)
		buf_format(out, "%s%.*s", before, STR_ARG(own));
}

void phrase_settlers(struct buf *out, struct arena *arena, const struct pack *pack,
                     const struct pack_duty *duty)
{
	struct str own = phrase_settled_of_itself(pack, duty);
	const char *before = "";
	for (size_t i = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		for (size_t j = 0; j < kind->settle_count; j++) {
			const struct pack_settle *settle = &kind->settles[j];
			if (settle->duty != duty || is_settle_said(kind, j))
				continue;
			buf_format(out, "%s%.*s", before, STR_ARG(kind->name));
			phrase_on(out, arena, settle->on, settle->where);
			phrase_made_by_ladders(out, pack, kind);
			before = ", ";
		}
	}
	if (own.p)
		buf_format(out, "%s%.*s", before, STR_ARG(own));
}

/* --- owners that stand in the lines which open a duty ----------------------------------------- */

static bool is_same_owner(const struct pack_owner *a, const struct pack_owner *b)
{
	return a->sort == b->sort && a->role == b->role && str_eq(a->field, b->field) &&
	       str_eq(a->column, b->column) && a->step_count == b->step_count &&
	       memcmp(a->steps, b->steps, a->step_count * sizeof *a->steps) == 0;
}

/* The nth line that opens the duty for an owner of its own; NULL: there are fewer. */
static const struct pack_owner *owner_of_line(const struct pack *pack, const struct pack_duty *duty,
                                              size_t n, struct str *by)
{
	for (size_t i = 0; i < pack->kind_count; i++) {
		for (size_t j = 0; j < pack->kinds[i].open_count; j++) {
			const struct pack_open *open = &pack->kinds[i].opens[j];
			if (open->duty != duty || !open->owner || n-- > 0)
				continue;
			*by = pack->kinds[i].name;
			return open->owner;
		}
	}
	for (size_t i = 0; i < pack->pattern_count; i++) {
		for (size_t j = 0; j < pack->patterns[i].open_count; j++) {
			const struct pack_found_open *open = &pack->patterns[i].opens[j];
			if (open->duty != duty || !open->owner || n-- > 0)
				continue;
			*by = pack->patterns[i].name;
			return open->owner;
		}
	}
	return NULL;
}

static bool is_owner_said(const struct pack *pack, const struct pack_duty *duty, size_t n,
                          const struct pack_owner *owner)
{
	struct str by;
	for (size_t i = 0; i < n; i++)
		if (is_same_owner(owner_of_line(pack, duty, i, &by), owner))
			return true;
	return false;
}

void phrase_owned_else(struct buf *out, const struct pack *pack, const struct pack_duty *duty,
                       enum phrase_names names)
{
	const struct pack_owner *owner, *other;
	struct str by, last = STR_NONE;
	for (size_t n = 0; (owner = owner_of_line(pack, duty, n, &by)); n++) {
		const char *before = " where ";
		if (is_owner_said(pack, duty, n, owner))
			continue;
		buf_add(out, STR(", or "));
		phrase_owner(out, owner, names);
		for (size_t i = n; (other = owner_of_line(pack, duty, i, &by)); i++) {
			if (!is_same_owner(other, owner) || str_eq(by, last))
				continue;
			buf_format(out, "%s%.*s", before, STR_ARG(by));
			before = " or ";
			last = by;
		}
		last = STR_NONE;
		buf_add(out, STR(" says so"));
	}
}

bool phrase_owes_by_line(const struct pack *pack, const struct pack_duty *duty,
                         const struct pack_office *office)
{
	const struct pack_owner *owner;
	struct str by;
	for (size_t n = 0; (owner = owner_of_line(pack, duty, n, &by)); n++)
		if (owner->sort == PACK_OWNER_ROLE && owner->role == office &&
		    owner->step_count == 0)
			return true;
	return false;
}

void phrase_file_types(struct buf *out, const struct pack *pack, uint64_t mask, const char *between)
{
	const char *before = "";
	for (size_t i = 0; i < pack->file_type_count; i++) {
		if (!(mask >> i & 1))
			continue;
		buf_format(out, "%s%.*s", before, STR_ARG(pack->file_types[i].name));
		before = between;
	}
}

/* --- for others than this room -----------------------------------------------------------------
 */

#define WORDS_MAX ((size_t)64 * 1024)

static struct str kept(struct arena *arena, struct buf *text)
{
	struct str words = arena_copy(arena, buf_str(text));
	buf_finish(text);
	return words;
}

struct str pack_words_due(struct arena *arena, const struct pack_duty *duty)
{
	struct buf text;
	buf_init(&text, WORDS_MAX);
	phrase_due(&text, duty);
	return kept(arena, &text);
}

struct str pack_words_asked(struct arena *arena, const struct pack_duty *duty)
{
	struct buf text;
	buf_init(&text, WORDS_MAX);
	(void)phrase_asked(&text, duty);
	return kept(arena, &text);
}

struct str pack_words_owned_else(struct arena *arena, const struct pack *pack,
                                 const struct pack_duty *duty)
{
	struct buf text;
	buf_init(&text, WORDS_MAX);
	phrase_owned_else(&text, pack, duty, PHRASE_TITLES);
	return kept(arena, &text);
}

struct str pack_words_ladder(struct arena *arena, const struct pack_duty *duty)
{
	struct buf text;
	buf_init(&text, WORDS_MAX);
	phrase_ladder_name(&text, duty);
	return kept(arena, &text);
}

struct str pack_words_rung(struct arena *arena, const struct pack_rung *rung)
{
	struct buf text;
	buf_init(&text, WORDS_MAX);
	phrase_rung(&text, rung, PHRASE_TITLES);
	return kept(arena, &text);
}

struct str pack_words_openers(struct arena *arena, const struct pack *pack,
                              const struct pack_duty *duty)
{
	struct buf text;
	buf_init(&text, WORDS_MAX);
	phrase_openers(&text, arena, pack, duty);
	return kept(arena, &text);
}

struct str pack_words_settlers(struct arena *arena, const struct pack *pack,
                               const struct pack_duty *duty)
{
	struct buf text;
	buf_init(&text, WORDS_MAX);
	phrase_settlers(&text, arena, pack, duty);
	return kept(arena, &text);
}
