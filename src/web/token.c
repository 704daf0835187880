/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/token.h"

static bool is_token_char(char c)
{
	if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
		return true;
	return c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

bool token_is(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_token_char(s.p[i]))
			return false;
	return s.n > 0;
}

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool token_eq(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (small(a.p[i]) != small(b.p[i]))
			return false;
	return true;
}

struct media_type media_type_read(struct str value)
{
	size_t at = str_find(value, ';');
	struct str type = str_trim(str_sub(value, 0, at));
	size_t slash = str_find(type, '/');
	struct str sub = str_sub(type, slash + 1, type.n);
	if (slash == type.n || !token_is(str_sub(type, 0, slash)) || !token_is(sub))
		return (struct media_type){ STR_NONE, STR_NONE };
	return (struct media_type){ type, str_sub(value, at + 1, value.n) };
}

/* Cuts the next piece up to `by` that does not lie between quotation marks. */
static bool cut_unquoted(struct str *rest, char by, struct str *piece)
{
	bool quoted = false;
	if (!rest->p)
		return false;
	for (size_t i = 0; i < rest->n; i++) {
		if (rest->p[i] == '"')
			quoted = !quoted;
		if (rest->p[i] != by || quoted)
			continue;
		*piece = str_sub(*rest, 0, i);
		*rest = (struct str){ rest->p + i + 1, rest->n - i - 1 };
		return true;
	}
	*piece = *rest;
	*rest = STR_NONE;
	return true;
}

struct str media_type_parameter(const struct media_type *type, struct str name)
{
	struct str rest = type->parameters, piece;
	while (cut_unquoted(&rest, ';', &piece)) {
		size_t at = str_find(piece, '=');
		if (at == piece.n || !token_eq(str_trim(str_sub(piece, 0, at)), name))
			continue;
		struct str value = str_trim(str_sub(piece, at + 1, piece.n));
		if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
			value = str_sub(value, 1, value.n - 2);
		else if (!token_is(value))
			return STR_NONE;
		bool is_plain = str_find(value, '\\') == value.n && str_find(value, '"') == value.n;
		return is_plain ? value : STR_NONE;
	}
	return STR_NONE;
}

/* RFC 9110, 12.4.2: 0 or 1 with at most three decimals; anything else counts as 0. */
static int read_quality(struct str s)
{
	if (s.n == 0 || s.n > 5 || (s.p[0] != '0' && s.p[0] != '1') || (s.n > 1 && s.p[1] != '.'))
		return 0;
	int value = (s.p[0] - '0') * 1000;
	int weight = 100;
	for (size_t i = 2; i < s.n; i++, weight /= 10) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return 0;
		value += (s.p[i] - '0') * weight;
	}
	return value > 1000 ? 0 : value;
}

int quality_of(struct str list, struct str what)
{
	struct str piece;
	while (cut_unquoted(&list, ',', &piece)) {
		size_t at = str_find(piece, ';');
		if (!token_eq(str_trim(str_sub(piece, 0, at)), what))
			continue;
		struct media_type all = { STR_NONE, str_sub(piece, at + 1, piece.n) };
		struct str q = media_type_parameter(&all, STR("q"));
		return q.p ? read_quality(q) : 1000;
	}
	return -1;
}
