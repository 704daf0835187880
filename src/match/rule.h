/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Blocking rules: two claims are compared where all parts of any rule are
 * there and equal. A pair belongs to the first rule that makes it. Private to
 * the room.
 */
#ifndef CANDOUR_MATCH_RULE_H
#define CANDOUR_MATCH_RULE_H

#include "match/claims.h"

#define RULE_PARTS_MAX 4
#define RULE_KEYS_MAX 32 /* of one claim: it may have several telephones, a name many variants */
#define RULES_MAX 32

enum rule_part {
	RULE_FIRST,
	RULE_SURNAME,
	RULE_DOB,
	RULE_YEAR,
	RULE_POSTCODE,
	RULE_HOUSE, /* number and street */
	RULE_STREET,
	RULE_EMAIL,
	RULE_NHS,
	RULE_UPN,
	RULE_OTHER_1,
	RULE_OTHER_2,
	RULE_FIRST_1,
	RULE_FIRST_2,
	RULE_FIRST_3,
	RULE_SURNAME_1,
	RULE_SURNAME_2,
	RULE_SURNAME_3,
	RULE_SURNAME_4,
	RULE_FIRST_SOUND,
	RULE_SURNAME_SOUND,
	RULE_EITHER,    /* first name and surname by sound, in whichever order */
	RULE_PHONE,     /* any of them */
	RULE_GIVEN,     /* the first name or any middle one */
	RULE_PARENT,    /* the surname or any middle name, by sound */
	RULE_FIRST_SET, /* what the first name has in common with variants that sound otherwise */
	RULE_SURNAME_SET,
	RULE_OUTWARD, /* the first half of the postcode: worked out, not kept */
	RULE_PART_COUNT,
};

struct rule {
	enum rule_part parts[RULE_PARTS_MAX];
	size_t count;
};

/* As a model writes it: first_name, first_name[3], key(surname), year(dob) … */
struct str rule_part_name(enum rule_part part);
/* RULE_PART_COUNT: there is no such part. */
enum rule_part rule_part_named(struct str name);
enum field rule_part_field(enum rule_part part);
/* "first_name, dob" */
struct str rule_text(struct arena *arena, const struct rule *rule);

/* The keys of a claim, 0 to RULE_KEYS_MAX of them, each of its own. */
size_t rule_keys(const struct claims *claims, const struct rule *rule, const struct claim *claim,
                 uint64_t keys[RULE_KEYS_MAX]);
/* Rules ready to be asked of many pairs: what is one value each, by its place in a claim. */
struct rule_places {
	uint8_t at[RULE_PARTS_MAX]; /* in words of four bytes */
	uint8_t count;
	bool is_nhs;     /* a wrong number is no key */
	bool is_phone;   /* any of them; looked at too */
	bool is_several; /* rule_holds has to be asked too */
};
/* Whether two claims have a telephone in common. */
static inline bool rule_is_phone_shared(const struct claim *a, const struct claim *b)
{
	const uint32_t *x = a->phone, *y = b->phone;
	return (x[0] && (x[0] == y[0] || x[0] == y[1])) || (x[1] && (x[1] == y[0] || x[1] == y[1]));
}
_Static_assert(CLAIM_PHONES == 2, "both are looked at");

struct rule_places rule_places(const struct rule *rule);
/* Whether the rule makes the pair, all parts but those of several values looked at. */
static inline bool rule_places_hold(const struct rule_places *places, const struct claim *a,
                                    const struct claim *b)
{
	const uint32_t *x = (const uint32_t *)(const void *)a,
		       *y = (const uint32_t *)(const void *)b;
	for (size_t i = 0; i < places->count; i++) {
		if (x[places->at[i]] != y[places->at[i]] || !x[places->at[i]])
			return false;
	}
	return (!places->is_nhs || (a->flags & CLAIM_NHS)) &&
	       (!places->is_phone || rule_is_phone_shared(a, b));
}

/* Whether the rule makes the pair. */
bool rule_holds(const struct claims *claims, const struct rule *rule, const struct claim *a,
                const struct claim *b);
/* Of a rule that gives a claim several keys: the one by which the pair counts. */
uint64_t rule_common_key(const struct claims *claims, const struct rule *rule,
                         const struct claim *a, const struct claim *b);
bool rule_is_several(const struct rule *rule);
/* Whether any claim may have several of that part. */
bool rule_part_is_several(enum rule_part part);

#endif
