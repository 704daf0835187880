/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What changes of who may read a kind's file: `restricts` and `lifts`. To put
 * words out of sight where they were read loosens, for what nobody reads is
 * not acted on; to let them be read where they were not is nothing that form
 * can tell, for somebody may be hidden from a danger.
 */
#include "pack/compare.h"

#include "pack/load.h"

/* A part that holds a restriction to a measure: to come tightens, to go loosens. */
static enum verdict by_measure(const struct yaml *old, const struct yaml *new, const char *key)
{
	const struct yaml *was = member_of(old, key), *is = member_of(new, key);
	if (!was && !is)
		return VERDICT_SAME;
	if (!was || !is)
		return is ? VERDICT_TIGHTER : VERDICT_LOOSER;
	return str_eq(was->text, is->text) ? VERDICT_SAME : VERDICT_OTHER;
}

static enum verdict by_any(const struct yaml *old, const struct yaml *new, const char *key)
{
	const struct yaml *was = member_of(old, key), *is = member_of(new, key);
	bool is_same = was && is ? str_eq(was->text, is->text) : was == is;
	return is_same ? VERDICT_SAME : VERDICT_OTHER;
}

enum verdict compare_restricts(const struct yaml *old, const struct yaml *new)
{
	/* Without `entries` all words of the file are out of sight; without `reason` nobody says
	 * why. */
	static const char *const measures[] = { "entries", "reason" };
	static const char *const others[] = { "until", "to", "of" };
	enum verdict verdict = VERDICT_SAME;
	if (!old || !new)
		return new ? VERDICT_LOOSER : VERDICT_OTHER;
	for (size_t i = 0; i < COUNT_OF(measures); i++)
		verdict = verdict_worse(verdict, by_measure(old, new, measures[i]));
	for (size_t i = 0; i < COUNT_OF(others); i++)
		verdict = verdict_worse(verdict, by_any(old, new, others[i]));
	return verdict;
}

enum verdict compare_lifts(const struct yaml *old, const struct yaml *new)
{
	if (!old || !new)
		return new ? VERDICT_OTHER : VERDICT_LOOSER;
	return verdict_worse(by_any(old, new, "entries"), by_any(old, new, "of"));
}
