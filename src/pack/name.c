/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How names and small scalars are written. */
#include "pack/name.h"

#define DIGITS_MAX 9

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool name_is_word(struct str s)
{
	bool was_hyphen = true; /* none at the beginning, at the end, or twice */
	if (s.n == 0 || s.n > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '-') {
			if (was_hyphen)
				return false;
			was_hyphen = true;
			continue;
		}
		if (!is_lower(s.p[i]) && !is_digit(s.p[i]))
			return false;
		was_hyphen = false;
	}
	return !was_hyphen;
}

bool name_is_kind(struct str s)
{
	struct str rest = s, word;
	size_t words = 0;
	if (s.n == 0 || s.n > NAME_MAX_BYTES)
		return false;
	while (str_cut(&rest, '.', &word)) {
		if (!name_is_word(word))
			return false;
		words++;
	}
	return words >= 2;
}

bool name_is_rule(struct str s, char letter)
{
	size_t from = s.n;
	if (s.n > NAME_MAX_BYTES)
		return false;
	while (from > 0 && s.p[from - 1] != '-')
		from--;
	if (from > 0 && !name_is_word(str_sub(s, 0, from - 1)))
		return false;
	struct str own = str_sub(s, from, s.n);
	if (own.n < 2 || own.p[0] != letter || !is_digit(own.p[1]))
		return false;
	for (size_t i = 1; i < own.n; i++) {
		if (!is_digit(own.p[i]) && !(i + 1 == own.n && is_lower(own.p[i])))
			return false;
	}
	return true;
}

bool name_is_version(struct str s)
{
	struct str rest = s, part;
	uint64_t number;
	size_t parts = 0;
	while (str_cut(&rest, '.', &part)) {
		if (part.n > 6 || !str_to_u64(part, 999999, &number))
			return false;
		parts++;
	}
	return s.n > 0 && parts == 3;
}

bool name_is_language(struct str s)
{
	struct str rest = s, part;
	size_t parts = 0;
	if (s.n == 0 || s.n > NAME_MAX_BYTES)
		return false;
	while (str_cut(&rest, '-', &part)) {
		if (part.n < 1 || part.n > 8 || (parts == 0 && part.n < 2))
			return false;
		for (size_t i = 0; i < part.n; i++) {
			char c = part.p[i];
			bool is_capital = c >= 'A' && c <= 'Z';
			if (!is_lower(c) && (parts == 0 || (!is_digit(c) && !is_capital)))
				return false;
		}
		parts++;
	}
	return true;
}

bool name_is_letter(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < 'A' || s.p[i] > 'Z')
			return false;
	}
	return s.n >= 1 && s.n <= 3;
}

bool name_is_file(struct str path)
{
	static const struct str KNOWN[] = {
		{ "pack", 4 },   { "offices", 7 },     { "lists", 5 },    { "files", 5 },
		{ "duties", 6 }, { "ladders", 7 },     { "gates", 5 },    { "patterns", 8 },
		{ "words", 5 },  { "indicators", 10 }, { "calendar", 8 },
	};
	bool is_part = str_starts(path, STR("kinds/")) || str_starts(path, STR("texts/"));
	struct str name = is_part ? str_sub(path, 6, path.n) : path;
	if (!str_ends(name, STR(".yaml")))
		return false;
	struct str stem = str_sub(name, 0, name.n - 5);
	for (size_t i = 0; i < COUNT_OF(KNOWN); i++) {
		if (!is_part && str_eq(stem, KNOWN[i]))
			return true;
	}
	for (size_t i = 0; i < stem.n; i++) {
		if (!is_lower(stem.p[i]) && !is_digit(stem.p[i]) && stem.p[i] != '-')
			return false;
	}
	return is_part && stem.n > 0 && stem.n <= NAME_MAX_BYTES;
}

bool scalar_integer(struct str s, int64_t *out)
{
	bool is_negative = str_starts(s, STR("-"));
	int64_t value = 0;
	struct str digits = str_sub(s, is_negative ? 1 : 0, s.n);
	if (digits.n == 0 || digits.n > DIGITS_MAX)
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		if (!is_digit(digits.p[i]))
			return false;
		value = value * 10 + (digits.p[i] - '0');
	}
	*out = is_negative ? -value : value;
	return true;
}

bool scalar_time(struct str s, int *out)
{
	if (s.n != 5 || s.p[2] != ':' || !is_digit(s.p[0]) || !is_digit(s.p[1]) ||
	    !is_digit(s.p[3]) || !is_digit(s.p[4]))
		return false;
	int hour = (s.p[0] - '0') * 10 + (s.p[1] - '0');
	int minute = (s.p[3] - '0') * 10 + (s.p[4] - '0');
	if (hour > 23 || minute > 59)
		return false;
	*out = hour * 60 + minute;
	return true;
}
