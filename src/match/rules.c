/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/rules.h"

/* Of the race with peers, letter for letter. */
static const struct rule PEOPLE[] = {
	{ { RULE_NHS }, 1 },
	{ { RULE_UPN }, 1 },
	{ { RULE_SURNAME, RULE_DOB }, 2 },
	{ { RULE_FIRST, RULE_DOB }, 2 },
	{ { RULE_FIRST, RULE_SURNAME, RULE_YEAR }, 3 },
	{ { RULE_POSTCODE, RULE_DOB }, 2 },
	{ { RULE_POSTCODE, RULE_FIRST }, 2 },
	{ { RULE_PHONE, RULE_FIRST }, 2 },
};

static const struct rule WIDE[] = {
	{ { RULE_NHS }, 1 },
	{ { RULE_UPN }, 1 },
	{ { RULE_PHONE }, 1 },
	{ { RULE_POSTCODE }, 1 },
	{ { RULE_DOB }, 1 },
	{ { RULE_FIRST, RULE_SURNAME }, 2 },
	{ { RULE_FIRST_3, RULE_SURNAME_4 }, 2 },
	{ { RULE_FIRST_2, RULE_SURNAME_2, RULE_YEAR }, 3 },
};

/* The wide ones, and what spelling, a house and names changed over leave out. */
static const struct rule AUTO[] = {
	{ { RULE_NHS }, 1 },
	{ { RULE_UPN }, 1 },
	{ { RULE_OTHER_1 }, 1 },
	{ { RULE_OTHER_2 }, 1 },
	{ { RULE_EMAIL }, 1 },
	{ { RULE_PHONE }, 1 },
	{ { RULE_POSTCODE }, 1 },
	{ { RULE_DOB }, 1 },
	{ { RULE_FIRST, RULE_SURNAME }, 2 },
	{ { RULE_FIRST_3, RULE_SURNAME_4 }, 2 },
	{ { RULE_FIRST_2, RULE_SURNAME_2, RULE_YEAR }, 3 },
	{ { RULE_FIRST_SOUND, RULE_SURNAME_SOUND }, 2 },
	{ { RULE_HOUSE }, 1 },
	{ { RULE_EITHER }, 1 },
	{ { RULE_GIVEN, RULE_SURNAME }, 2 },
	{ { RULE_FIRST_SOUND, RULE_PARENT }, 2 },
	{ { RULE_FIRST_SET, RULE_SURNAME_SOUND }, 2 },
	{ { RULE_FIRST_SOUND, RULE_SURNAME_SET }, 2 },
};

/* Where there are few claims, one name that agrees is looked at too. */
#define FEW 10000
static const struct rule FEW_MORE[] = {
	{ { RULE_FIRST }, 1 },
	{ { RULE_SURNAME }, 1 },
	{ { RULE_FIRST_SOUND }, 1 },
	{ { RULE_SURNAME_SOUND }, 1 },
};

static bool is_there(const struct claims *claims, const struct rule *rule)
{
	for (size_t i = 0; i < rule->count; i++) {
		if (!claims->has[rule_part_field(rule->parts[i])])
			return false;
	}
	return true;
}

static void add_rules(struct rules *rules, const struct claims *claims, const struct rule *more,
                      size_t count)
{
	for (size_t i = 0; i < count && rules->count < RULES_MAX; i++) {
		if (is_there(claims, &more[i]))
			rules->rules[rules->count++] = more[i];
	}
}

void rules_choose(struct rules *rules, const struct claims *claims, enum rules_set set)
{
	static const struct {
		const struct rule *rules;
		size_t count;
	} SETS[] = {
		[RULES_AUTO] = { AUTO, sizeof AUTO / sizeof *AUTO },
		[RULES_PEOPLE] = { PEOPLE, sizeof PEOPLE / sizeof *PEOPLE },
		[RULES_WIDE] = { WIDE, sizeof WIDE / sizeof *WIDE },
		[RULES_DEMOG] = { PEOPLE, sizeof PEOPLE / sizeof *PEOPLE },
	};
	*rules = (struct rules){ .count = 0 };
	add_rules(rules, claims, SETS[set].rules, SETS[set].count);
	if (set == RULES_AUTO && claims->count <= FEW)
		add_rules(rules, claims, FEW_MORE, sizeof FEW_MORE / sizeof *FEW_MORE);
}
