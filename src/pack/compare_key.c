/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What each key may do, and what a change of it amounts to. */
#include "pack/compare.h"
#include "pack/load.h"
#include "pack/name.h"
#include "pack/span.h"

enum rule {
	RULE_OTHER, /* any change cannot be told */
	RULE_TEXT,
	RULE_SAID,         /* what people know a thing by: any change may turn it round */
	RULE_FEWER,        /* a list that may only lose items */
	RULE_MORE,         /* a list that may only gain items */
	RULE_YES_TIGHTENS, /* no, then yes */
	RULE_YES_LOOSENS,
	RULE_BY,
	RULE_PRIVATE,
	RULE_LESS, /* a number that may come, or become smaller */
	RULE_READS,
	RULE_LINE,
	RULE_STATES,
	RULE_FACTS,
	RULE_FIELDS,
	RULE_NEEDS,
	RULE_OPENS,
	RULE_SETTLES,
	RULE_UNLINKS,
	RULE_CLASS,
	RULE_STARTS,
	RULE_PERIOD,
	RULE_LIMIT,     /* a period that may come, or become shorter */
	RULE_NOT_OLDER, /* the same of a duty, which has the pack's where it names none */
	RULE_WATCH,     /* a period that may come, or become longer */
	RULE_RESTRICTS,
	RULE_LIFTS,
	RULE_ADDED, /* may come, not go or change */
	RULE_LADDER,
	RULE_RUNGS,
	RULE_EXTENDABLE,
	RULE_WHEN,
	RULE_TELLS,
	RULE_OWNER, /* may gain some, who have more to look at by it */
	RULE_RETIRED_STATES,
	RULE_RETIRED, /* what is retired is there no more: never told by form to be harmless */
};

static const struct {
	enum section section;
	const char *key;
	enum rule rule;
} RULES[] = {
	{ SECTION_PACK, "name", RULE_TEXT },
	{ SECTION_PACK, "version", RULE_TEXT },
	{ SECTION_PACK, "title", RULE_TEXT },
	{ SECTION_PACK, "extends", RULE_TEXT },
	{ SECTION_PACK, "languages", RULE_TEXT },
	{ SECTION_PACK, "to-check", RULE_TEXT },
	{ SECTION_PACK, "never", RULE_MORE },
	{ SECTION_PACK, "correction-second", RULE_ADDED },
	{ SECTION_PACK, "not-older", RULE_LIMIT },
	{ SECTION_AGENCIES, "title", RULE_SAID },
	{ SECTION_OFFICES, "retired", RULE_RETIRED },
	{ SECTION_OFFICES, "title", RULE_SAID },
	{ SECTION_OFFICES, "public", RULE_SAID },
	{ SECTION_OFFICES, "line", RULE_LINE },
	{ SECTION_OFFICES, "deputies", RULE_FEWER },
	{ SECTION_OFFICES, "outside-line-of", RULE_MORE },
	{ SECTION_OFFICES, "reads", RULE_READS },
	{ SECTION_FILES, "title", RULE_SAID },
	{ SECTION_FILES, "states", RULE_STATES },
	{ SECTION_FILES, "rests", RULE_FEWER },
	{ SECTION_FILES, "private", RULE_PRIVATE },
	{ SECTION_FILES, "retired-states", RULE_RETIRED_STATES },
	{ SECTION_FILES, "facts", RULE_FACTS },
	{ SECTION_FILES, "tells", RULE_TELLS },
	{ SECTION_KINDS, "retired", RULE_RETIRED },
	{ SECTION_KINDS, "title", RULE_SAID },
	{ SECTION_KINDS, "public", RULE_SAID },
	{ SECTION_KINDS, "action", RULE_SAID },
	{ SECTION_KINDS, "by", RULE_BY },
	{ SECTION_KINDS, "any-file", RULE_BY },
	{ SECTION_KINDS, "fields", RULE_FIELDS },
	{ SECTION_KINDS, "needs", RULE_NEEDS },
	{ SECTION_KINDS, "opens", RULE_OPENS },
	{ SECTION_KINDS, "settles", RULE_SETTLES },
	{ SECTION_KINDS, "ends", RULE_SETTLES },
	{ SECTION_KINDS, "unlinks", RULE_UNLINKS },
	{ SECTION_KINDS, "weighty", RULE_YES_TIGHTENS },
	{ SECTION_KINDS, "tells-owners", RULE_MORE },
	{ SECTION_KINDS, "watches", RULE_WATCH },
	{ SECTION_KINDS, "restricts", RULE_RESTRICTS },
	{ SECTION_KINDS, "lifts", RULE_LIFTS },
	{ SECTION_DUTIES, "retired", RULE_RETIRED },
	{ SECTION_DUTIES, "title", RULE_SAID },
	{ SECTION_DUTIES, "public", RULE_SAID },
	{ SECTION_DUTIES, "public-late", RULE_SAID },
	{ SECTION_DUTIES, "source", RULE_TEXT },
	{ SECTION_DUTIES, "certainty", RULE_TEXT },
	{ SECTION_DUTIES, "awaited", RULE_TEXT },
	{ SECTION_DUTIES, "cases", RULE_TEXT },
	{ SECTION_DUTIES, "class", RULE_CLASS },
	{ SECTION_DUTIES, "from", RULE_STARTS },
	{ SECTION_DUTIES, "within", RULE_PERIOD },
	{ SECTION_DUTIES, "no-later-than", RULE_ADDED },
	{ SECTION_DUTIES, "not-older", RULE_NOT_OLDER },
	{ SECTION_DUTIES, "ladder", RULE_LADDER },
	{ SECTION_DUTIES, "extendable", RULE_EXTENDABLE },
	{ SECTION_DUTIES, "renewals", RULE_LESS },
	{ SECTION_LADDERS, "rungs", RULE_RUNGS },
	{ SECTION_GATES, "title", RULE_SAID },
	{ SECTION_GATES, "needs", RULE_NEEDS },
	{ SECTION_PATTERNS, "title", RULE_SAID },
	{ SECTION_PATTERNS, "source", RULE_TEXT },
	{ SECTION_PATTERNS, "through", RULE_MORE },
	{ SECTION_PATTERNS, "owner", RULE_OWNER },
	{ SECTION_PATTERNS, "opens", RULE_OPENS },
	{ SECTION_PATTERNS, "once", RULE_YES_LOOSENS },
	{ SECTION_PATTERNS, "when", RULE_WHEN },
};

enum verdict verdict_worse(enum verdict a, enum verdict b)
{
	return a > b ? a : b;
}

static bool names_word(const struct yaml *list, struct str word)
{
	for (const struct yaml *item = first_of(list); item; item = next_of(list, item)) {
		if (item->type == YAML_SCALAR && str_eq(item->text, word))
			return true;
	}
	return false;
}

/* Whether every word of `few` is in `many`; a list that is not there is empty. */
static bool is_among(const struct yaml *few, const struct yaml *many)
{
	for (const struct yaml *item = first_of(few); item; item = next_of(few, item)) {
		if (item->type != YAML_SCALAR || !names_word(many, item->text))
			return false;
	}
	return true;
}

static enum verdict by_words(const struct yaml *old, const struct yaml *new, bool fewer)
{
	bool lost = !is_among(old, new), won = !is_among(new, old);
	if (!lost && !won)
		return VERDICT_TEXT; /* another order */
	return (lost && fewer && !won) || (won && !fewer && !lost) ? VERDICT_TIGHTER
	                                                           : VERDICT_LOOSER;
}

static bool says_yes(const struct yaml *node)
{
	return tree_says(node, STR("yes"));
}

static enum verdict by_yes(const struct yaml *old, const struct yaml *new, bool yes_tightens)
{
	if (says_yes(old) == says_yes(new))
		return VERDICT_TEXT;
	return says_yes(new) == yes_tightens ? VERDICT_TIGHTER : VERDICT_LOOSER;
}

static enum verdict by_less(const struct yaml *old, const struct yaml *new)
{
	int64_t before, after;
	if (!old)
		return VERDICT_TIGHTER;
	if (!new || !scalar_integer(old->text, &before) || !scalar_integer(new->text, &after))
		return VERDICT_LOOSER;
	return after < before ? VERDICT_TIGHTER : VERDICT_LOOSER;
}

/* --- offices --------------------------------------------------------------------------------- */

static bool is_narrower_read(const struct yaml *old, const struct yaml *new)
{
	const struct yaml *files = member_of(old, "files"), *states = member_of(old, "states");
	const struct yaml *new_files = member_of(new, "files"),
			  *new_states = member_of(new, "states");
	return str_eq(text_of(old, "what"), text_of(new, "what")) &&
	       (!files || (new_files && is_among(new_files, files))) &&
	       (!states || (new_states && is_among(new_states, states)));
}

/* Whether it looks on from outside, or is told of silence: it may not come to know less. */
static bool looks_on(const struct pack *pack, const struct pack_office *office)
{
	if (office->is_independent || office->is_outside)
		return true;
	for (size_t l = 0; l < pack->ladder_count; l++) {
		const struct pack_ladder *ladder = &pack->ladders[l];
		for (size_t r = 0; r < ladder->count; r++) {
			for (size_t i = 0; i < ladder->rungs[r].tell_count; i++)
				if (ladder->rungs[r].tell[i].role == office)
					return true;
		}
	}
	return false;
}

static enum verdict by_reads(const struct comparing *comparing, struct str name,
                             const struct yaml *old, const struct yaml *new)
{
	const struct pack_office *office = pack_office_find(&comparing->old->pack, name);
	if (!office || !old || !new)
		return VERDICT_OTHER;
	for (const struct yaml *item = new->first; item; item = item->next) {
		bool is_kept = tree_says(member_of(item, "what"), STR("nothing"));
		for (const struct yaml *one = old->first; one && !is_kept; one = one->next)
			is_kept = is_narrower_read(one, item);
		if (!is_kept)
			return VERDICT_LOOSER;
	}
	for (const struct yaml *one = old->first; one; one = one->next) {
		bool is_kept = false;
		for (const struct yaml *item = new->first; item && !is_kept; item = item->next)
			is_kept = is_narrower_read(item, one);
		if (!is_kept)
			return looks_on(&comparing->old->pack, office) ? VERDICT_LOOSER
			                                               : VERDICT_TIGHTER;
	}
	return VERDICT_TEXT;
}

static bool stands_above(const struct pack_office *office, const struct pack_office *below)
{
	int steps = 0;
	for (const struct pack_office *at = below->line; at && steps < 64; at = at->line, steps++) {
		if (at == office)
			return true;
	}
	return false;
}

/* Somebody may be put between an office and its line, while nobody comes to stand above those he
 * must stand apart from. */
static enum verdict by_line(const struct comparing *comparing, struct str name,
                            const struct yaml *old)
{
	const struct pack *pack = &comparing->new->pack;
	for (size_t i = 0; i < pack->office_count; i++) {
		const struct pack_office *office = &pack->offices[i];
		for (size_t j = 0; j < office->outside_line_of_count; j++) {
			if (stands_above(office, office->outside_line_of[j]))
				return VERDICT_LOOSER;
		}
	}
	const struct pack_office *office = pack_office_find(pack, name);
	const struct pack_office *line = old ? pack_office_find(pack, old->text) : NULL;
	return office && line && stands_above(line, office) ? VERDICT_TIGHTER : VERDICT_OTHER;
}

/* --- files ----------------------------------------------------------------------------------- */

static enum verdict by_facts(const struct yaml *old, const struct yaml *new)
{
	for (const struct yaml *fact = old ? old->first : NULL; fact; fact = fact->next) {
		if (!new || !tree_equal(fact, yaml_member(new, fact->key)))
			return VERDICT_OTHER;
	}
	return VERDICT_TIGHTER;
}

/* --- lists of what is asked and what follows ---------------------------------------------------
 */

static struct str identity_of(const struct yaml *item)
{
	if (item->type == YAML_SCALAR)
		return item->text;
	struct str gate = text_of(item, "gate");
	return gate.p ? gate : text_of(item, "duty");
}

static bool is_same_item(const struct yaml *old, const struct yaml *new)
{
	struct str name = identity_of(old);
	if (name.p)
		return str_eq(name, identity_of(new));
	return new->type ==
	       YAML_MAPPING &&tree_equal(member_of(old, "need"), member_of(new, "need"));
}

static const struct yaml *when_of(const struct yaml *item)
{
	return item->type == YAML_MAPPING ? member_of(item, "when") : NULL;
}

/* Whether two items say the same but for `when` and the sentences said. */
static bool differ_in_when_alone(const struct yaml *old, const struct yaml *new)
{
	const struct yaml *sides[2] = { old, new };
	for (size_t i = 0; i < COUNT_OF(sides); i++) {
		const struct yaml *other = sides[1 - i];
		for (const struct yaml *key = sides[i]->first; key; key = key->next) {
			if (str_eq(key->key, STR("when")) || str_eq(key->key, STR("else")) ||
			    str_eq(key->key, STR("there")) || str_eq(key->key, STR("duty")))
				continue;
			if (other->type != YAML_MAPPING ||
			    !tree_equal(key, yaml_member(other, key->key)))
				return false;
		}
	}
	return true;
}

static enum verdict by_item(const struct yaml *old, const struct yaml *new, bool wider_tightens,
                            enum verdict tighter)
{
	if (!differ_in_when_alone(old, new))
		return VERDICT_OTHER;
	switch (compare_cond(when_of(old), when_of(new))) {
	case COND_ORDER_EQUAL:
		return VERDICT_TEXT;
	case COND_ORDER_NARROWER:
		return wider_tightens ? VERDICT_LOOSER : tighter;
	case COND_ORDER_WIDER:
		return wider_tightens ? tighter : VERDICT_LOOSER;
	case COND_ORDER_NEITHER:
		break;
	}
	return VERDICT_OTHER;
}

static bool holds_equal(const struct yaml *list, const struct yaml *item)
{
	for (const struct yaml *one = list ? list->first : NULL; one; one = one->next) {
		if (tree_equal(one, item))
			return true;
	}
	return false;
}

/* The item of `list` that stands for `item` without being equal to any of `others`; or NULL. */
static const struct yaml *counterpart(const struct yaml *list, const struct yaml *item,
                                      const struct yaml *others)
{
	for (const struct yaml *one = list ? list->first : NULL; one; one = one->next) {
		if (is_same_item(item, one) && !holds_equal(others, one))
			return one;
	}
	return NULL;
}

/* What an item that is new amounts to: a rule the base owes must not become easier to settle, nor
 * the rest duty be kept away for longer. */
static enum verdict added_item(const struct comparing *comparing, enum rule rule,
                               const struct yaml *item, enum verdict tighter)
{
	struct str name = identity_of(item);
	if (rule == RULE_OPENS)
		return verdict_worse(
			compare_lying(comparing, pack_duty_find(&comparing->new->pack, name)),
			compare_owed(&comparing->new->pack, member_of(item, "owed-by")));
	if (rule == RULE_SETTLES && pack_duty_find(&comparing->old->pack, name))
		return VERDICT_LOOSER;
	return tighter;
}

/* `tighter`: what it amounts to that more is asked. */
static enum verdict by_items(const struct comparing *comparing, enum rule rule,
                             enum verdict tighter, const struct yaml *old, const struct yaml *new)
{
	enum verdict verdict = VERDICT_TEXT;
	for (const struct yaml *item = old ? old->first : NULL; item; item = item->next) {
		if (holds_equal(new, item))
			continue;
		const struct yaml *now = counterpart(new, item, old);
		enum verdict one = !now ? rule == RULE_SETTLES ? VERDICT_OTHER : VERDICT_LOOSER
		                        : by_item(item, now, rule != RULE_SETTLES, tighter);
		verdict = verdict_worse(verdict, one);
	}
	for (const struct yaml *item = new ? new->first : NULL; item; item = item->next) {
		if (!holds_equal(old, item) && !counterpart(old, item, new))
			verdict =
				verdict_worse(verdict, added_item(comparing, rule, item, tighter));
	}
	return verdict;
}

enum verdict compare_settling(const struct comparing *comparing, const struct yaml *new)
{
	return by_items(comparing, RULE_SETTLES, VERDICT_TIGHTER, NULL, new);
}

/* What takes away a link of the base takes from what is seen: to add it loosens. */
enum verdict compare_unlinking(const struct comparing *comparing, const struct yaml *old,
                               const struct yaml *new)
{
	enum verdict verdict = VERDICT_TEXT;
	for (const struct yaml *item = old ? old->first : NULL; item; item = item->next) {
		if (!holds_equal(new, item))
			verdict = VERDICT_TIGHTER;
	}
	for (const struct yaml *item = new ? new->first : NULL; item; item = item->next) {
		if (!holds_equal(old, item) &&
		    pack_relation_find(&comparing->old->pack, text_of(item, "relation")))
			return VERDICT_LOOSER;
	}
	return verdict;
}

/* --- duties ---------------------------------------------------------------------------------- */

static enum verdict by_class(const struct yaml *old, const struct yaml *new)
{
	bool was_law = tree_says(old, STR("statute")) || tree_says(old, STR("guidance"));
	bool is_law = tree_says(new, STR("statute")) || tree_says(new, STR("guidance"));
	if (!was_law && is_law)
		return VERDICT_TIGHTER;
	return was_law && !is_law ? VERDICT_LOOSER : VERDICT_OTHER;
}

static enum verdict by_span(enum span_order order)
{
	switch (order) {
	case SPAN_EQUAL:
		return VERDICT_TEXT;
	case SPAN_SHORTER:
		return VERDICT_TIGHTER;
	case SPAN_LONGER:
	case SPAN_EITHER:
		return VERDICT_LOOSER;
	case SPAN_UNKNOWN:
		break;
	}
	return VERDICT_OTHER;
}

/* Of the duties as they are read, so that the pack's own stands where one names none. */
static enum verdict by_not_older(const struct comparing *comparing, struct str name)
{
	const struct pack_duty *old = pack_duty_find(&comparing->old->pack, name),
			       *new = pack_duty_find(&comparing->new->pack, name);
	instant witness;
	if (!old || !new)
		return VERDICT_OTHER;
	if (!old->has_not_older || !new->has_not_older)
		return old->has_not_older   ? VERDICT_LOOSER
		       : new->has_not_older ? VERDICT_TIGHTER
		                            : VERDICT_TEXT;
	return by_span(span_compare(comparing->old->pack.calendar, &new->not_older, &old->not_older,
	                            &witness));
}

enum verdict compare_period(const struct comparing *comparing, const struct yaml *old,
                            const struct yaml *new)
{
	/* Both were read without an error when their packs were loaded. */
	struct loader loader = { .arena = comparing->arena, .errors_arena = comparing->arena };
	struct pack_period before, after;
	instant witness;
	if (!old || !new || member_of(old, "field") || member_of(new, "field"))
		return VERDICT_OTHER;
	loader.whole = (struct whole *)(uintptr_t)comparing->old;
	loader.pack = &loader.whole->pack;
	if (!period_read(&loader, old, &before))
		return VERDICT_OTHER;
	loader.whole = (struct whole *)(uintptr_t)comparing->new;
	loader.pack = &loader.whole->pack;
	if (!period_read(&loader, new, &after))
		return VERDICT_OTHER;
	return by_span(span_compare(comparing->old->pack.calendar, &after, &before, &witness));
}

static bool same_owner(const struct pack_owner *a, const struct pack_owner *b)
{
	bool same_role = !a->role == !b->role && (!a->role || str_eq(a->role->name, b->role->name));
	return a->sort == b->sort && same_role && str_eq(a->field, b->field) &&
	       str_eq(a->column, b->column) && a->step_count == b->step_count &&
	       memcmp(a->steps, b->steps, a->step_count * sizeof a->steps[0]) == 0;
}

static bool tells_all(const struct pack_rung *old, const struct pack_rung *new)
{
	for (size_t i = 0; i < old->tell_count; i++) {
		bool is_told = false;
		for (size_t j = 0; j < new->tell_count; j++)
			is_told = is_told || same_owner(&old->tell[i], &new->tell[j]);
		if (!is_told)
			return false;
	}
	return true;
}

static enum verdict by_rung(const struct comparing *comparing, const struct pack_rung *old,
                            const struct pack_rung *new)
{
	instant witness;
	bool same_makes = !old->makes == !new->makes &&
	                  (!old->makes || str_eq(old->makes->name, new->makes->name));
	enum span_order order =
		span_compare(comparing->old->pack.calendar, &new->after, &old->after, &witness);
	if (order == SPAN_LONGER || order == SPAN_EITHER || !tells_all(old, new))
		return VERDICT_LOOSER;
	if (order == SPAN_UNKNOWN || old->place != new->place || !same_makes ||
	    old->is_one_of != new->is_one_of ||
	    (old->is_one_of && old->tell_count != new->tell_count))
		return VERDICT_OTHER;
	return VERDICT_TIGHTER;
}

enum verdict compare_ladder(const struct comparing *comparing, const struct pack_ladder *old,
                            const struct pack_ladder *new)
{
	enum verdict verdict = VERDICT_TIGHTER;
	if (!old || !new)
		return VERDICT_OTHER;
	if (new->count < old->count)
		return VERDICT_LOOSER;
	for (size_t i = 0; i < old->count; i++)
		verdict =
			verdict_worse(verdict, by_rung(comparing, &old->rungs[i], &new->rungs[i]));
	return verdict;
}

static enum verdict by_ladder_name(const struct comparing *comparing, const struct yaml *old,
                                   const struct yaml *new)
{
	if (old->type != YAML_SCALAR || new->type != YAML_SCALAR)
		return VERDICT_OTHER;
	return compare_ladder(comparing, pack_ladder_find(&comparing->old->pack, old->text),
	                      pack_ladder_find(&comparing->new->pack, new->text));
}

static enum verdict by_extendable(const struct comparing *comparing, struct str name)
{
	const struct pack_duty *old = pack_duty_find(&comparing->old->pack, name);
	const struct pack_duty *new = pack_duty_find(&comparing->new->pack, name);
	if (!old || !new)
		return VERDICT_OTHER;
	if (old->is_extendable == new->is_extendable)
		return VERDICT_TEXT;
	return new->is_extendable ? VERDICT_LOOSER : VERDICT_TIGHTER;
}

/* --- all ------------------------------------------------------------------------------------- */

/* What it amounts to that a kind, or the kinds of a gate, ask for more. */
static enum verdict hindered(const struct comparing *comparing, enum section section,
                             struct str name)
{
	const struct pack *pack = &comparing->old->pack;
	return section == SECTION_GATES ? compare_hindered_by_gate(pack, name)
	                                : compare_hindered(pack, pack_kind_find(pack, name));
}

/* The same, if fewer may make the kind. */
static enum verdict hindered_by(const struct comparing *comparing, struct str name,
                                const struct yaml *old, const struct yaml *new)
{
	return is_among(old, new) ? VERDICT_TEXT : hindered(comparing, SECTION_KINDS, name);
}

static enum verdict by_rule(const struct comparing *comparing, enum section section, enum rule rule,
                            struct str name, const struct yaml *old, const struct yaml *new)
{
	switch (rule) {
	case RULE_TEXT:
		return VERDICT_TEXT;
	case RULE_FEWER:
		return by_words(old, new, true);
	case RULE_MORE:
	case RULE_STATES:
		return by_words(old, new, false);
	case RULE_YES_TIGHTENS:
		return by_yes(old, new, true);
	case RULE_YES_LOOSENS:
		return by_yes(old, new, false);
	case RULE_LESS:
		return by_less(old, new);
	case RULE_SAID:
		return VERDICT_LOOK;
	case RULE_BY:
		return verdict_worse(by_words(old, new, true),
		                     hindered_by(comparing, name, old, new));
	case RULE_PRIVATE:
		return by_yes(old, new, true) == VERDICT_TIGHTER ? VERDICT_LOOK
		                                                 : by_yes(old, new, true);
	case RULE_READS:
		return by_reads(comparing, name, old, new);
	case RULE_LINE:
		return by_line(comparing, name, old);
	case RULE_FACTS:
		return by_facts(old, new);
	case RULE_FIELDS:
		return compare_fields(hindered(comparing, SECTION_KINDS, name),
		                      compare_asked_of(&comparing->old->pack, name), old, new);
	case RULE_NEEDS:
		return by_items(comparing, rule, hindered(comparing, section, name), old, new);
	case RULE_OPENS:
	case RULE_SETTLES:
		return by_items(comparing, rule, VERDICT_TIGHTER, old, new);
	case RULE_UNLINKS:
		return compare_unlinking(comparing, old, new);
	case RULE_CLASS:
		return by_class(old, new);
	case RULE_STARTS:
		return by_words(old, new, false) == VERDICT_TIGHTER ? VERDICT_TIGHTER
		                                                    : VERDICT_OTHER;
	case RULE_PERIOD:
		return compare_period(comparing, old, new);
	case RULE_LIMIT:
		return !old   ? VERDICT_TIGHTER
		       : !new ? VERDICT_LOOSER
		              : compare_period(comparing, old, new);
	case RULE_NOT_OLDER:
		return by_not_older(comparing, name);
	case RULE_WATCH:
		/* What is watched for longer is tighter: as if the old came after the new. */
		return !old   ? VERDICT_TIGHTER
		       : !new ? VERDICT_LOOSER
		              : compare_period(comparing, new, old);
	case RULE_RESTRICTS:
		return compare_restricts(old, new);
	case RULE_LIFTS:
		return compare_lifts(old, new);
	case RULE_ADDED:
		return !old ? VERDICT_TIGHTER : new ? VERDICT_OTHER : VERDICT_LOOSER;
	case RULE_LADDER:
		return by_ladder_name(comparing, old, new);
	case RULE_RUNGS:
		return compare_ladder(comparing, pack_ladder_find(&comparing->old->pack, name),
		                      pack_ladder_find(&comparing->new->pack, name));
	case RULE_EXTENDABLE:
		return by_extendable(comparing, name);
	case RULE_TELLS:
		return compare_tells(old, new);
	case RULE_OWNER:
		return by_words(old, new, false) == VERDICT_TIGHTER ? VERDICT_LOOK
		                                                    : by_words(old, new, false);
	case RULE_WHEN:
		return compare_pattern(comparing, old, new);
	case RULE_RETIRED_STATES:
		return compare_retired_states(comparing, name);
	case RULE_RETIRED:
		if (old && new)
			return VERDICT_TEXT; /* another day */
		return new &&section == SECTION_DUTIES ? VERDICT_LOOSER : VERDICT_OTHER;
	case RULE_OTHER:
		break;
	}
	return VERDICT_OTHER;
}

/* Whether a code keeps its title; a hint says no more than it. */
static bool code_is_said_alike(const struct yaml *old, const struct yaml *new)
{
	const struct yaml *before = old->type == YAML_MAPPING ? member_of(old, "title") : old;
	const struct yaml *after = new->type == YAML_MAPPING ? member_of(new, "title") : new;
	return before && after && str_eq(before->text, after->text);
}

/* Codes of a list: one key each, and `closed`. */
static enum verdict by_code(const struct comparing *comparing, struct str list, struct str key,
                            const struct yaml *old, const struct yaml *new)
{
	const struct pack_list *before = list_find(&comparing->old->pack, list);
	if (str_eq(key, STR("closed")))
		return by_yes(old, new, true);
	enum verdict more = before && before->is_closed              ? VERDICT_LOOSER
	                    : compare_is_asked(comparing->old, list) ? VERDICT_LOOK
	                                                             : VERDICT_TIGHTER;
	if (!old)
		return before ? more : VERDICT_TIGHTER;
	if (!new)
		return VERDICT_LOOSER;
	bool was_retired = old->type == YAML_MAPPING && member_of(old, "retired");
	bool is_retired = new->type == YAML_MAPPING &&member_of(new, "retired");
	if (was_retired && !is_retired)
		return VERDICT_LOOSER;
	if (!was_retired && is_retired)
		return member_of(new, "instead") ? more : VERDICT_OTHER;
	return code_is_said_alike(old, new) ? VERDICT_TEXT : VERDICT_LOOK;
}

/* Whether the rule looks at the two nodes alone. */
static bool is_of_form(enum rule rule)
{
	static const enum rule ALONE[] = { RULE_FEWER, RULE_MORE,         RULE_STATES,
		                           RULE_FACTS, RULE_YES_TIGHTENS, RULE_YES_LOOSENS,
		                           RULE_LESS,  RULE_CLASS,        RULE_RESTRICTS,
		                           RULE_LIFTS, RULE_TELLS };
	for (size_t i = 0; i < COUNT_OF(ALONE); i++)
		if (ALONE[i] == rule)
			return true;
	return false;
}

enum verdict compare_key(const struct comparing *comparing, enum section section, struct str name,
                         struct str key, const struct yaml *old, const struct yaml *new)
{
	if (section == SECTION_LISTS)
		return by_code(comparing, name, key, old, new);
	if (section == SECTION_TEXTS)
		return compare_sentence(&comparing->old->pack, key);
	if (section == SECTION_WORDS || section == SECTION_INDICATORS)
		return VERDICT_TEXT;
	for (size_t i = 0; i < COUNT_OF(RULES); i++) {
		if (RULES[i].section != section || !str_eq(str_from_c(RULES[i].key), key))
			continue;
		if (comparing->is_half_read && RULES[i].rule == RULE_FIELDS)
			return compare_fields(VERDICT_TIGHTER, VERDICT_TEXT, old, new);
		return comparing->is_half_read && !is_of_form(RULES[i].rule)
		               ? VERDICT_SAME
		               : by_rule(comparing, section, RULES[i].rule, name, old, new);
	}
	return VERDICT_OTHER;
}
