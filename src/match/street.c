/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kinds of street and their short forms. */
#include "match/street.h"

#include "match/wordlist.h"

#define FORM_MAX 5 /* letters of the longest short form */

/* Folded, by first letter, a bar between. */
static const struct wordlist KINDS = { {
	['a' - 'a'] = "avenue|approach",
	['b' - 'a'] = "boulevard|broadway|buildings|bank|brow",
	['c' - 'a'] = "close|crescent|court|circus|circuit|croft|chase",
	['d' - 'a'] = "drive|dale|drove",
	['e' - 'a'] = "embankment|end|esplanade",
	['f' - 'a'] = "fold",
	['g' - 'a'] = "grove|gardens|green|gate|garth",
	['h' - 'a'] = "hill",
	['l' - 'a'] = "lane|loan",
	['m' - 'a'] = "mews|mount|mead|meadow|meadows",
	['p' - 'a'] = "place|parade|park|parkway|promenade|path",
	['q' - 'a'] = "quay",
	['r' - 'a'] = "road|row|rise|ride",
	['s' - 'a'] = "street|square|side",
	['t' - 'a'] = "terrace",
	['v' - 'a'] = "view|vale|villas",
	['w' - 'a'] = "way|walk|wharf|wynd",
	['y' - 'a'] = "yard",
} };

/* Kinds that end a street also where no comma follows. */
static const struct wordlist SURE_KINDS = { {
	['a' - 'a'] = "avenue",
	['b' - 'a'] = "boulevard",
	['c' - 'a'] = "close|crescent|court",
	['d' - 'a'] = "drive",
	['g' - 'a'] = "grove|gardens",
	['l' - 'a'] = "lane",
	['m' - 'a'] = "mews",
	['p' - 'a'] = "place|parade",
	['r' - 'a'] = "road",
	['s' - 'a'] = "street|square",
	['t' - 'a'] = "terrace",
	['w' - 'a'] = "way|walk",
} };

struct short_form {
	char text[6], whole[11];
};

/* Kinds of street: never the first word of a street. */
static const struct short_form KIND_FORMS[] = {
	{ "str", "street" },    { "rd", "road" },       { "ave", "avenue" },
	{ "av", "avenue" },     { "aven", "avenue" },   { "cl", "close" },
	{ "clo", "close" },     { "gr", "grove" },      { "gro", "grove" },
	{ "grv", "grove" },     { "terr", "terrace" },  { "ter", "terrace" },
	{ "tce", "terrace" },   { "gdns", "gardens" },  { "gdn", "gardens" },
	{ "gds", "gardens" },   { "cres", "crescent" }, { "cresc", "crescent" },
	{ "crs", "crescent" },  { "cr", "crescent" },   { "ct", "court" },
	{ "crt", "court" },     { "pl", "place" },      { "plc", "place" },
	{ "ln", "lane" },       { "dr", "drive" },      { "drv", "drive" },
	{ "sq", "square" },     { "pk", "park" },       { "wy", "way" },
	{ "wk", "walk" },       { "wlk", "walk" },      { "blvd", "boulevard" },
	{ "bvd", "boulevard" }, { "pde", "parade" },    { "mws", "mews" },
	{ "est", "estate" },    { "hse", "house" },     { "bldgs", "buildings" },
	{ "rw", "row" },        { "yd", "yard" },       { "cott", "cottage" },
	{ "ctg", "cottage" },   { "grn", "green" },
};

/* Wherever they stand. */
static const struct short_form OTHER_FORMS[] = {
	{ "gt", "great" },
	{ "upr", "upper" },
	{ "lwr", "lower" },
	{ "mt", "mount" },
};

static bool find_form(const struct short_form *forms, size_t count, struct str word,
                      struct str *whole)
{
	for (size_t i = 0; i < count && word.n > 0 && word.n <= FORM_MAX; i++) {
		if (forms[i].text[0] == word.p[0] && str_eq(word, str_from_c(forms[i].text))) {
			*whole = str_from_c(forms[i].whole);
			return true;
		}
	}
	return false;
}

bool street_is_saint(struct str word)
{
	return str_eq(word, STR("st"));
}

bool street_is_kind(struct str word)
{
	return street_is_saint(word) || wordlist_has(&KINDS, street_whole(word, STREET_LATER));
}

bool street_is_sure_kind(struct str word)
{
	return street_is_saint(word) || wordlist_has(&SURE_KINDS, street_whole(word, STREET_LATER));
}

bool street_is_place(struct str street)
{
	size_t at = street.n;
	while (at > 0 && street.p[at - 1] != ' ')
		at--;
	return !street_is_kind(str_sub(street, at, street.n));
}

bool street_is_direction(struct str word)
{
	return wordlist_is_among("north|south|east|west", word);
}

struct str street_whole(struct str word, enum street_place place)
{
	struct str whole = word;
	if (find_form(OTHER_FORMS, COUNT_OF(OTHER_FORMS), word, &whole))
		return whole;
	if (place == STREET_LATER)
		(void)find_form(KIND_FORMS, COUNT_OF(KIND_FORMS), word, &whole);
	return whole;
}
