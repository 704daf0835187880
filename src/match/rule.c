/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/rule.h"

#include <stddef.h>

#define INWARD 3 /* letters of a postcode's second half */

static const struct {
	const char *name;
	enum field field;
	uint32_t at; /* in struct claim */
} PARTS[RULE_PART_COUNT] = {
	[RULE_FIRST] = { "first_name", FIELD_FIRST, offsetof(struct claim, first) },
	[RULE_SURNAME] = { "surname", FIELD_SURNAME, offsetof(struct claim, surname) },
	[RULE_DOB] = { "dob", FIELD_DOB, offsetof(struct claim, sure_dob) },
	[RULE_YEAR] = { "year(dob)", FIELD_DOB, offsetof(struct claim, year) },
	[RULE_POSTCODE] = { "postcode", FIELD_POSTCODE, offsetof(struct claim, postcode) },
	[RULE_HOUSE] = { "house(address)", FIELD_ADDRESS, offsetof(struct claim, house) },
	[RULE_STREET] = { "street(address)", FIELD_ADDRESS, offsetof(struct claim, street) },
	[RULE_EMAIL] = { "email", FIELD_EMAIL, offsetof(struct claim, email) },
	[RULE_NHS] = { "nhs_number", FIELD_NHS, offsetof(struct claim, nhs) },
	[RULE_UPN] = { "upn", FIELD_UPN, offsetof(struct claim, upn) },
	[RULE_OTHER_1] = { "other_1", FIELD_OTHER, offsetof(struct claim, other[0]) },
	[RULE_OTHER_2] = { "other_2", FIELD_OTHER + 1, offsetof(struct claim, other[1]) },
	[RULE_FIRST_1] = { "first_name[1]", FIELD_FIRST, offsetof(struct claim, first_start[0]) },
	[RULE_FIRST_2] = { "first_name[2]", FIELD_FIRST, offsetof(struct claim, first_start[1]) },
	[RULE_FIRST_3] = { "first_name[3]", FIELD_FIRST, offsetof(struct claim, first_start[2]) },
	[RULE_SURNAME_1] = { "surname[1]", FIELD_SURNAME,
	                     offsetof(struct claim, surname_start[0]) },
	[RULE_SURNAME_2] = { "surname[2]", FIELD_SURNAME,
	                     offsetof(struct claim, surname_start[1]) },
	[RULE_SURNAME_3] = { "surname[3]", FIELD_SURNAME,
	                     offsetof(struct claim, surname_start[2]) },
	[RULE_SURNAME_4] = { "surname[4]", FIELD_SURNAME,
	                     offsetof(struct claim, surname_start[3]) },
	[RULE_FIRST_SOUND] = { "key(first_name)", FIELD_FIRST,
	                       offsetof(struct claim, first_sound) },
	[RULE_SURNAME_SOUND] = { "key(surname)", FIELD_SURNAME,
	                         offsetof(struct claim, surname_sound) },
	[RULE_EITHER] = { "either(name)", FIELD_SURNAME, offsetof(struct claim, either) },
	[RULE_PHONE] = { "phone", FIELD_PHONE, offsetof(struct claim, phone) },
	[RULE_GIVEN] = { "given(name)", FIELD_MIDDLE, offsetof(struct claim, first) },
	[RULE_PARENT] = { "parent(name)", FIELD_MIDDLE, offsetof(struct claim, surname_sound) },
	[RULE_FIRST_SET] = { "variants(first_name)", FIELD_FIRST, offsetof(struct claim, first) },
	[RULE_SURNAME_SET] = { "variants(surname)", FIELD_SURNAME,
	                       offsetof(struct claim, surname) },
	[RULE_OUTWARD] = { "outward(postcode)", FIELD_POSTCODE, offsetof(struct claim, postcode) },
};

struct str rule_part_name(enum rule_part part)
{
	return str_from_c(PARTS[part].name);
}

enum rule_part rule_part_named(struct str name)
{
	if (str_eq(name, STR("address")))
		return RULE_HOUSE;
	for (enum rule_part part = 0; part < RULE_PART_COUNT; part++) {
		if (str_eq(str_from_c(PARTS[part].name), name))
			return part;
	}
	return RULE_PART_COUNT;
}

enum field rule_part_field(enum rule_part part)
{
	return PARTS[part].field;
}

/* The letters of the first half, four at most; 0: there is no postcode. */
static uint32_t outward_of(const struct claim *claim)
{
	unsigned n = (unsigned)(claim->postcode_letters >> 56);
	n -= claim->flags & CLAIM_HALF || n < INWARD ? 0 : INWARD;
	if (!claim->postcode || n == 0 || n > sizeof(uint32_t))
		return 0;
	return (uint32_t)(claim->postcode_letters & ((UINT64_C(1) << 8 * n) - 1));
}

static uint32_t value_of(const struct claim *claim, enum rule_part part)
{
	uint32_t out;
	if (part == RULE_OUTWARD)
		return outward_of(claim);
	memcpy(&out, (const char *)claim + PARTS[part].at, sizeof out);
	return out;
}

static bool is_several(enum rule_part part)
{
	return part == RULE_PHONE || part == RULE_GIVEN || part == RULE_PARENT ||
	       part == RULE_FIRST_SET || part == RULE_SURNAME_SET;
}

bool rule_part_is_several(enum rule_part part)
{
	return is_several(part);
}

bool rule_is_several(const struct rule *rule)
{
	for (size_t i = 0; i < rule->count; i++) {
		if (is_several(rule->parts[i]))
			return true;
	}
	return false;
}

static void add_value(uint32_t *values, size_t *count, uint32_t value)
{
	for (size_t i = 0; i < *count; i++) {
		if (values[i] == value)
			return;
	}
	if (value && *count < RULE_KEYS_MAX)
		values[(*count)++] = value;
}

/* A wrong number is as good as none: it is compared, and no key. */
static bool is_key(const struct claim *claim, enum rule_part part)
{
	return part != RULE_NHS || (claim->flags & CLAIM_NHS);
}

/* They differ from one another, and none is 0. */
static size_t set_values(const struct name_keys *keys, uint32_t values[RULE_KEYS_MAX])
{
	size_t count = keys->set_count < RULE_KEYS_MAX ? keys->set_count : RULE_KEYS_MAX;
	if (count)
		memcpy(values, keys->sets, count * sizeof *values);
	return count;
}

static size_t values_of(const struct claims *claims, const struct claim *claim, enum rule_part part,
                        uint32_t values[RULE_KEYS_MAX])
{
	size_t count = 0;
	if (!is_several(part)) {
		add_value(values, &count, is_key(claim, part) ? value_of(claim, part) : 0);
		return count;
	}
	if (part == RULE_FIRST_SET)
		return set_values(&claims->name_keys[claim->first], values);
	if (part == RULE_SURNAME_SET)
		return set_values(&claims->name_keys[claim->surname], values);
	if (part == RULE_PHONE) {
		for (size_t i = 0; i < CLAIM_PHONES; i++)
			add_value(values, &count, claim->phone[i]);
		return count;
	}
	const struct middle_value *middle = &claims->middle_values[claim->middle];
	bool is_sound = part == RULE_PARENT;
	add_value(values, &count, is_sound ? claim->surname_sound : claim->first);
	for (size_t i = 0; i < middle->count; i++)
		add_value(values, &count,
		          is_sound ? claims->name_keys[middle->names[i]].sound : middle->names[i]);
	return count;
}

static uint64_t mix(uint64_t key, uint32_t value)
{
	key = (key ^ value) * UINT64_C(0x9E3779B97F4A7C15);
	return key ^ key >> 29;
}

/* The parts that have one value each; false: one is missing. */
static bool mix_plain(const struct rule *rule, const struct claim *claim, uint64_t *key)
{
	*key = 1;
	for (size_t i = 0; i < rule->count; i++) {
		uint32_t value = is_several(rule->parts[i]) ? 1 : value_of(claim, rule->parts[i]);
		if (!value || !is_key(claim, rule->parts[i]))
			return false;
		*key = is_several(rule->parts[i]) ? *key : mix(*key, value);
	}
	return true;
}

static enum rule_part several_of(const struct rule *rule)
{
	for (size_t i = 0; i < rule->count; i++) {
		if (is_several(rule->parts[i]))
			return rule->parts[i];
	}
	return RULE_PART_COUNT;
}

size_t rule_keys(const struct claims *claims, const struct rule *rule, const struct claim *claim,
                 uint64_t keys[RULE_KEYS_MAX])
{
	uint64_t key;
	enum rule_part several = several_of(rule);
	uint32_t values[RULE_KEYS_MAX];
	if (!mix_plain(rule, claim, &key))
		return 0;
	if (several == RULE_PART_COUNT) {
		keys[0] = mix(key, 0);
		return 1;
	}
	size_t count = values_of(claims, claim, several, values);
	for (size_t i = 0; i < count; i++)
		keys[i] = mix(mix(key, values[i]), 0);
	return count;
}

/* The least value that both have; 0: none. */
static uint32_t common_value(const struct claims *claims, enum rule_part part,
                             const struct claim *a, const struct claim *b)
{
	uint32_t left[RULE_KEYS_MAX], right[RULE_KEYS_MAX], least = 0;
	size_t left_count = values_of(claims, a, part, left),
	       right_count = values_of(claims, b, part, right);
	for (size_t i = 0; i < left_count; i++) {
		for (size_t j = 0; j < right_count; j++) {
			if (left[i] == right[j] && (!least || left[i] < least))
				least = left[i];
		}
	}
	return least;
}

bool rule_holds(const struct claims *claims, const struct rule *rule, const struct claim *a,
                const struct claim *b)
{
	for (size_t i = 0; i < rule->count; i++) {
		enum rule_part part = rule->parts[i];
		if (is_several(part)) {
			if (!common_value(claims, part, a, b))
				return false;
			continue;
		}
		uint32_t value = value_of(a, part);
		if (!value || value != value_of(b, part) || !is_key(a, part))
			return false;
	}
	return true;
}

uint64_t rule_common_key(const struct claims *claims, const struct rule *rule,
                         const struct claim *a, const struct claim *b)
{
	uint64_t key;
	uint32_t value = common_value(claims, several_of(rule), a, b);
	return value && mix_plain(rule, a, &key) ? mix(mix(key, value), 0) : 0;
}

struct rule_places rule_places(const struct rule *rule)
{
	struct rule_places out = { .count = 0 };
	for (size_t i = 0; i < rule->count; i++) {
		enum rule_part part = rule->parts[i];
		out.is_phone = out.is_phone || part == RULE_PHONE;
		out.is_several = out.is_several || part == RULE_OUTWARD ||
		                 (is_several(part) && part != RULE_PHONE);
		out.is_nhs = out.is_nhs || part == RULE_NHS;
		if (!is_several(part) && part != RULE_OUTWARD)
			out.at[out.count++] = (uint8_t)(PARTS[part].at / sizeof(uint32_t));
	}
	return out;
}

struct str rule_text(struct arena *arena, const struct rule *rule)
{
	struct str out = STR("");
	for (size_t i = 0; i < rule->count; i++)
		out = arena_format(arena, "%.*s%s%.*s", STR_ARG(out), i ? ", " : "",
		                   STR_ARG(rule_part_name(rule->parts[i])));
	return out;
}
