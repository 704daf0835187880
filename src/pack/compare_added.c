/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What comes besides: a whole element, and what a kind asks for anew. More is
 * not always tighter: a new way round what the pack below asks loosens it, and
 * so does whatever makes it harder to tell, to object or to look.
 */
#include "pack/compare.h"

#include "pack/load.h"
#include "pack/span.h"

/* --- who is kept from telling ---------------------------------------------------------------- */

static bool has_final(const struct pack *pack, const struct pack_kind *kind, struct str state)
{
	for (size_t t = 0; t < pack->file_type_count; t++) {
		int number = pack_state_find(&pack->file_types[t], state);
		if ((kind->file_types >> t & 1) && number >= 0 &&
		    (pack->file_types[t].final >> number & 1))
			return true;
	}
	return false;
}

static bool leads_to_end(const struct pack *pack, const struct pack_kind *kind)
{
	if (kind->to.sort == PACK_TO_BY_FIELD) {
		for (size_t i = 0; i < kind->to.count; i++)
			if (has_final(pack, kind, kind->to.states_for[i]))
				return true;
		return false;
	}
	return kind->to.sort != PACK_TO_NONE && has_final(pack, kind, kind->to.state);
}

/* Whether somebody makes it who need not stand in any line: he tells, objects or looks. */
static bool is_open(const struct pack *pack, const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		const struct pack_by *by = &kind->by[i];
		bool is_apart = by->sort == PACK_BY_ROLE &&
		                (by->role->is_independent || by->role->is_outside);
		bool is_finder = by->sort == PACK_BY_OWNER && by->duty == pack->pattern_duty;
		if (is_apart || is_finder || by->sort == PACK_BY_ANYONE ||
		    by->sort == PACK_BY_PUBLIC || by->sort == PACK_BY_PERSON ||
		    by->sort == PACK_BY_FIRST_ACCOUNT)
			return true;
	}
	return false;
}

/* Whether it says something and makes nothing go away. */
static bool only_tells(const struct pack_kind *kind)
{
	return kind->to.sort == PACK_TO_NONE && !kind->settle_count && !kind->end_count &&
	       !kind->unlink_count && !kind->takes && !kind->restricts && !kind->lifts &&
	       !kind->destroys;
}

#define URGENT_HOURS 24

/* Due within a day. */
static bool is_urgent(const struct pack_duty *duty)
{
	return !duty->within_is_field && duty->within.unit == PACK_HOURS &&
	       duty->within.amount <= URGENT_HOURS;
}

/* Whether something that is due within a day begins or is done with by it: what such an act waits
 * for delays it, and somebody is in danger meanwhile. */
static bool is_pressing(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->open_count; i++)
		if (is_urgent(kind->opens[i].duty))
			return true;
	for (size_t i = 0; i < kind->settle_count; i++)
		if (is_urgent(kind->settles[i].duty))
			return true;
	return false;
}

enum verdict compare_hindered(const struct pack *pack, const struct pack_kind *kind)
{
	if (!kind)
		return VERDICT_TIGHTER;
	if (is_open(pack, kind))
		return leads_to_end(pack, kind) ? VERDICT_LOOK : VERDICT_LOOSER;
	return kind->may_begin || only_tells(kind) || is_pressing(kind) ? VERDICT_LOOK
	                                                                : VERDICT_TIGHTER;
}

enum verdict compare_hindered_by_gate(const struct pack *pack, struct str gate)
{
	enum verdict verdict = VERDICT_TIGHTER;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		for (size_t i = 0; i < kind->need_count; i++) {
			if (kind->needs[i].gate && str_eq(kind->needs[i].gate->name, gate))
				verdict = verdict_worse(verdict, compare_hindered(pack, kind));
		}
	}
	return verdict;
}

/* --- what lies longer than the rest duty ----------------------------------------------------- */

/* Whether somebody independent owes it. */
static bool is_owed_apart(const struct pack_duty *duty)
{
	for (size_t i = 0; i < duty->owner_count; i++)
		if (duty->owners[i].role && duty->owners[i].role->is_independent)
			return true;
	return false;
}

enum verdict compare_owed(const struct pack *pack, const struct yaml *owner)
{
	for (const struct yaml *one = first_of(owner); one; one = next_of(owner, one)) {
		const struct pack_office *office = pack_office_find(pack, one->text);
		if (office && office->is_independent)
			return VERDICT_LOOK;
	}
	return VERDICT_TIGHTER;
}

/* While anything is owed the rest duty is not: what may lie longer takes its place. What somebody
 * independent comes to owe takes his time from what he looks at. */
enum verdict compare_lying(const struct comparing *comparing, const struct pack_duty *duty)
{
	const struct pack_duty *rest = comparing->old->pack.rest;
	instant witness;
	if (!duty || !rest)
		return VERDICT_TIGHTER;
	if (duty->within_is_field || is_owed_apart(duty))
		return VERDICT_LOOK;
	switch (span_compare(comparing->old->pack.calendar, &duty->within, &rest->within,
	                     &witness)) {
	case SPAN_EQUAL:
	case SPAN_SHORTER:
		return VERDICT_TIGHTER;
	case SPAN_LONGER:
	case SPAN_EITHER:
	case SPAN_UNKNOWN:
		break;
	}
	return VERDICT_LOOK;
}

/* --- kinds ----------------------------------------------------------------------------------- */

/* A kind that is new, on the file types that the older pack has too. */
struct added {
	const struct comparing *comparing;
	const struct pack_kind *kind;
	enum verdict verdict;
	const char *why;
	const struct yaml *to;
};

static void judge(struct added *added, enum verdict verdict, const char *why, const struct yaml *to)
{
	if (verdict <= added->verdict)
		return;
	added->verdict = verdict;
	added->why = why;
	added->to = to;
}

static const struct yaml *node_below(const struct added *added, enum section section,
                                     struct str name)
{
	return yaml_member(added->comparing->old->roots[section], name);
}

/* The first of what a list names that is of the pack below, or NULL. */
static const struct yaml *named_below(const struct added *added, enum section section,
                                      const struct yaml *list, const char *key)
{
	const struct yaml *found = NULL;
	for (const struct yaml *item = first_of(list); item && !found; item = next_of(list, item))
		found = node_below(added, section,
		                   item->type == YAML_SCALAR ? item->text : text_of(item, key));
	return found;
}

/* A way into a state of the base from where the base knows of none: only what the new pack itself
 * put on the way may be left by it, and never to an end. */
static void judge_way(struct added *added, const struct pack_file_type *old,
                      const struct pack_file_type *new, struct str state)
{
	const struct yaml *type = node_below(added, SECTION_FILES, old->name);
	int target = pack_state_find(old, state);
	uint32_t from = added->kind->from[new->number];
	if (pack_state_find(new, state) < 0)
		return;
	if (target < 0) {
		judge(added, VERDICT_LOOK, "leads a file of the pack below to a new state", type);
		return;
	}
	for (size_t i = 0; i < new->state_count; i++) {
		if ((from >> i & 1) && pack_state_find(old, new->states[i]) >= 0)
			judge(added, VERDICT_OTHER,
			      "leads a file of the pack below from one state to another", type);
	}
	judge(added, old->final >> target & 1 ? VERDICT_OTHER : VERDICT_LOOK,
	      "leads a file of the pack below to its end", type);
}

static void judge_on_type(struct added *added, const struct pack_file_type *old,
                          const struct pack_file_type *new)
{
	const struct pack_kind *kind = added->kind;
	const struct yaml *type = node_below(added, SECTION_FILES, old->name);
	if (kind->takes)
		judge(added, VERDICT_OTHER, "takes over what is owed on a file of the pack below",
		      type);
	if (kind->restricts || kind->lifts)
		judge(added, VERDICT_OTHER, "changes who may read a file of the pack below", type);
	if (kind->any_file_count)
		judge(added, VERDICT_LOOK,
		      "is made on files of the pack below that its office does not know", type);
	if (kind->may_begin)
		judge(added, VERDICT_LOOK, "begins a file of the pack below in another way", type);
	if (kind->to.sort == PACK_TO_BY_FIELD) {
		for (size_t i = 0; i < kind->to.count; i++)
			judge_way(added, old, new, kind->to.states_for[i]);
	} else if (kind->to.sort != PACK_TO_NONE) {
		judge_way(added, old, new, kind->to.state);
	}
}

static void judge_kind(struct added *added, const struct yaml *node)
{
	const struct pack *old = &added->comparing->old->pack, *new = &added->comparing->new->pack;
	const struct pack_kind *kind = added->kind;
	static const char *const SETTLING[] = { "settles", "ends" };
	for (size_t i = 0; i < COUNT_OF(SETTLING); i++) {
		const struct yaml *list = member_of(node, SETTLING[i]);
		judge(added, compare_settling(added->comparing, list),
		      "settles or ends what the pack below owes",
		      named_below(added, SECTION_DUTIES, list, "duty"));
	}
	judge(added, compare_unlinking(added->comparing, NULL, member_of(node, "unlinks")),
	      "takes away links of the pack below",
	      named_below(added, SECTION_RELATIONS, member_of(node, "unlinks"), "relation"));
	if (kind->destroys)
		judge(added, VERDICT_LOOSER, "destroys words",
		      named_below(added, SECTION_FILES, member_of(node, "file"), "file"));
	for (size_t t = 0; t < new->file_type_count; t++) {
		const struct pack_file_type *type = &new->file_types[t];
		const struct pack_file_type *before = pack_file_type_find(old, type->name);
		if ((kind->file_types >> t & 1) && before)
			judge_on_type(added, before, type);
	}
	for (size_t i = 0; i < kind->then_count; i++)
		if (pack_kind_find(old, kind->then[i].kind->name))
			judge(added, VERDICT_OTHER, "makes entries of the pack below",
			      node_below(added, SECTION_KINDS, kind->then[i].kind->name));
	for (size_t i = 0; i < kind->link_count; i++)
		if (pack_relation_find(old, kind->links[i].relation->name))
			judge(added, VERDICT_LOOK, "makes links of the pack below",
			      node_below(added, SECTION_RELATIONS, kind->links[i].relation->name));
	for (size_t i = 0; i < kind->open_count; i++)
		judge(added, compare_lying(added->comparing, kind->opens[i].duty),
		      "opens what may lie longer than the rest duty", NULL);
}

/* --- all ------------------------------------------------------------------------------------- */

static enum verdict of_office(const struct pack_office *office)
{
	for (size_t i = 0; office && i < office->read_count; i++)
		if (office->reads[i].what == PACK_READS_CHILDREN)
			return VERDICT_LOOK;
	return VERDICT_TIGHTER;
}

static enum verdict by_section(const struct comparing *comparing, enum section section,
                               const struct yaml *new)
{
	const struct pack *pack = &comparing->new->pack;
	if (section == SECTION_WORDS || section == SECTION_INDICATORS)
		return VERDICT_TEXT;
	if (section == SECTION_TEXTS)
		return compare_sentences(pack, new);
	if (section == SECTION_OFFICES)
		return of_office(pack_office_find(pack, new->key));
	if (section == SECTION_DUTIES)
		return compare_lying(comparing, pack_duty_find(pack, new->key));
	/* Whoever owes an answer to all that it finds looks at less of the rest. */
	return section == SECTION_PATTERNS ? VERDICT_LOOK : VERDICT_TIGHTER;
}

void compare_added(const struct comparing *comparing, struct change *change)
{
	const struct yaml *node = change->new;
	struct added added = { .comparing = comparing,
		               .verdict = by_section(comparing, change->section, node) };
	if (change->section == SECTION_KINDS)
		added.kind = pack_kind_find(&comparing->new->pack, node->key);
	if (added.kind)
		judge_kind(&added, node);
	change->verdict = added.verdict;
	change->why = added.why;
	change->to = added.to;
}
