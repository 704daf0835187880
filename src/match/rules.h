/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which rules make the pairs of a file. Private to the room. */
#ifndef CANDOUR_MATCH_RULES_H
#define CANDOUR_MATCH_RULES_H

#include "match/rule.h"

enum rules_set {
	RULES_AUTO,
	RULES_PEOPLE,
	RULES_WIDE,
	RULES_DEMOG, /* the people's, where no number is looked at */
};

struct rules {
	struct rule rules[RULES_MAX];
	size_t count;
};

/* Those of the set whose fields the claims have. */
void rules_choose(struct rules *rules, const struct claims *claims, enum rules_set set);

#endif
