/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Letters of one script in another. Ukrainian is followed where Cyrillic
 * alphabets differ, for its names are the many; the sound key joins the rest.
 * "-" in a table is a letter without a sound of its own.
 */
#include "match/script.h"

#define CYRILLIC_FIRST 0x0430
#define GREEK_FIRST 0x03B1
#define ARABIC_FIRST 0x0621

static const char CYRILLIC[][5] = {
	"a",
	"b",
	"v",
	"h",
	"d",
	"e",
	"zh",
	"z",
	"i",
	"i",
	"k",
	"l", /* 0430 а */
	"m",
	"n",
	"o",
	"p",
	"r",
	"s",
	"t",
	"u",
	"f",
	"kh", /* 043C м */
	"ts",
	"ch",
	"sh",
	"shch",
	"-",
	"y",
	"-",
	"e",
	"iu",
	"ia", /* 0446 ц */
	"",
	"e",
	"d",
	"",
	"ie",
	"dz",
	"i",
	"i",
	"j",
	"lj", /* 0450 ѐ */
	"nj",
	"c",
	"",
	"",
	"u",
	"dz",                             /* 045A њ */
	[0x0463 - CYRILLIC_FIRST] = "ie", /* ѣ */
	[0x0491 - CYRILLIC_FIRST] = "g",  /* ґ */
	[0x0493 - CYRILLIC_FIRST] = "g",  /* ғ */
	[0x0497 - CYRILLIC_FIRST] = "zh", /* җ */
	[0x049B - CYRILLIC_FIRST] = "k",  /* қ */
	[0x04A3 - CYRILLIC_FIRST] = "n",  /* ң */
	[0x04AF - CYRILLIC_FIRST] = "u",  /* ү */
	[0x04B1 - CYRILLIC_FIRST] = "u",  /* ұ */
	[0x04B3 - CYRILLIC_FIRST] = "h",  /* ҳ */
	[0x04B7 - CYRILLIC_FIRST] = "ch", /* ҷ */
	[0x04BB - CYRILLIC_FIRST] = "h",  /* һ */
	[0x04D9 - CYRILLIC_FIRST] = "a",  /* ә */
	[0x04E9 - CYRILLIC_FIRST] = "o",  /* ө */
};

static const char GREEK[][3] = {
	"a", "v", "g", "d", "e", "z", "i", "th", "i", "k",  "l",  "m", "n", /* 03B1 α */
	"x", "o", "p", "r", "s", "s", "t", "y",  "f", "ch", "ps", "o",      /* 03BE ξ */
};

static const char ARABIC[][3] = {
	"-",
	"a",
	"a",
	"u",
	"i",
	"i",
	"a",
	"b",
	"a",
	"t",
	"th",
	"j",
	"h", /* 0621 ء */
	"kh",
	"d",
	"dh",
	"r",
	"z",
	"s",
	"sh",
	"s",
	"d",
	"t",
	"z",
	"a",
	"gh",                          /* 062E خ */
	[0x0640 - ARABIC_FIRST] = "-", /* a stroke that makes a word longer */
	[0x0641 - ARABIC_FIRST] = "f",
	"q",
	"k",
	"l",
	"m",
	"n",
	"h",
	"w",
	"a",
	"y",
	[0x0671 - ARABIC_FIRST] = "a",  /* ٱ */
	[0x0679 - ARABIC_FIRST] = "t",  /* ٹ Urdu */
	[0x067C - ARABIC_FIRST] = "t",  /* ټ Pashto */
	[0x067E - ARABIC_FIRST] = "p",  /* پ */
	[0x0681 - ARABIC_FIRST] = "z",  /* ځ */
	[0x0685 - ARABIC_FIRST] = "ts", /* څ */
	[0x0686 - ARABIC_FIRST] = "ch", /* چ */
	[0x0688 - ARABIC_FIRST] = "d",
	"d",                           /* ڈ ډ */
	[0x0691 - ARABIC_FIRST] = "r", /* ڑ */
	[0x0693 - ARABIC_FIRST] = "r", /* ړ */
	[0x0695 - ARABIC_FIRST] = "r",
	"zh",                           /* ڕ Kurdish, ږ */
	[0x0698 - ARABIC_FIRST] = "zh", /* ژ */
	[0x069A - ARABIC_FIRST] = "sh", /* ښ */
	[0x06A4 - ARABIC_FIRST] = "v",  /* ڤ */
	[0x06A9 - ARABIC_FIRST] = "k",  /* ک */
	[0x06AB - ARABIC_FIRST] = "g",  /* ګ */
	[0x06AF - ARABIC_FIRST] = "g",  /* گ */
	[0x06B5 - ARABIC_FIRST] = "l",  /* ڵ */
	[0x06BA - ARABIC_FIRST] = "n",  /* ں */
	[0x06BC - ARABIC_FIRST] = "n",  /* ڼ */
	[0x06BE - ARABIC_FIRST] = "h",  /* ھ */
	[0x06C1 - ARABIC_FIRST] = "h",  /* ہ */
	[0x06C3 - ARABIC_FIRST] = "a",  /* ۃ */
	[0x06C6 - ARABIC_FIRST] = "o",  /* ۆ */
	[0x06CC - ARABIC_FIRST] = "y",
	"y",
	"y",                           /* ی ۍ ێ */
	[0x06D0 - ARABIC_FIRST] = "e", /* ې */
	[0x06D2 - ARABIC_FIRST] = "y", /* ے */
	[0x06D5 - ARABIC_FIRST] = "a", /* ە */
};

const char *script_plain(int32_t point)
{
	static const struct {
		int32_t point;
		char plain[3];
	} LETTERS[] = {
		{ 0x00DF, "ss" }, /* ß */
		{ 0x00E6, "ae" }, /* æ */
		{ 0x00F0, "d" },  /* ð */
		{ 0x00F8, "o" },  /* ø */
		{ 0x00FE, "th" }, /* þ */
		{ 0x0111, "d" },  /* đ */
		{ 0x0127, "h" },  /* ħ */
		{ 0x0131, "i" },  /* ı */
		{ 0x0142, "l" },  /* ł */
		{ 0x014B, "ng" }, /* ŋ */
		{ 0x0153, "oe" }, /* œ */
		{ 0x0167, "t" },  /* ŧ */
		{ 0x0199, "k" },  /* ƙ */
		{ 0x01B4, "y" },  /* ƴ */
		{ 0x01DD, "e" },  /* ǝ */
		{ 0x0253, "b" },  /* ɓ */
		{ 0x0254, "o" },  /* ɔ */
		{ 0x0256, "d" },  /* ɖ */
		{ 0x0257, "d" },  /* ɗ */
		{ 0x0259, "a" },  /* ə */
		{ 0x025B, "e" },  /* ɛ */
	};
	if (point < 0xDF || point > 0x025B)
		return NULL;
	for (size_t i = 0; i < COUNT_OF(LETTERS); i++) {
		if (LETTERS[i].point == point)
			return LETTERS[i].plain;
	}
	return NULL;
}

const char *script_latin(int32_t point)
{
	const char *latin = NULL;
	if (point >= CYRILLIC_FIRST && point < CYRILLIC_FIRST + (int32_t)COUNT_OF(CYRILLIC))
		latin = CYRILLIC[point - CYRILLIC_FIRST];
	else if (point >= GREEK_FIRST && point < GREEK_FIRST + (int32_t)COUNT_OF(GREEK))
		latin = GREEK[point - GREEK_FIRST];
	else if (point >= ARABIC_FIRST && point < ARABIC_FIRST + (int32_t)COUNT_OF(ARABIC))
		latin = ARABIC[point - ARABIC_FIRST];
	if (!latin || !latin[0])
		return NULL;
	return latin[0] == '-' ? "" : latin;
}

int32_t script_same(int32_t point)
{
	switch (point) {
	case 0x06A9: /* ک, as Persian and Urdu keyboards have it */
		return 0x0643;
	case 0x06CC: /* ی */
		return 0x064A;
	case 0x06C1: /* ہ */
	case 0x06BE: /* ھ */
	case 0x06D5: /* ە */
		return 0x0647;
	case 0x0671: /* ٱ */
		return 0x0627;
	default:
		return point;
	}
}

bool script_is_apostrophe(int32_t point)
{
	return point == '\'' || point == '`' || point == 0xB4 ||
	       (point >= 0x02B9 && point <= 0x02BF) ||
	       (point >= 0x2018 && point <= 0x201B && point != 0x201A) || point == 0x2032 ||
	       point == 0xA78C || point == 0xFF07;
}

bool script_is_aid(int32_t mark)
{
	static const struct {
		int32_t from, to;
	} AIDS[] = {
		{ 0x0300, 0x036F }, /* marks on Latin, Greek, Cyrillic letters */
		{ 0x0483, 0x0489 }, { 0x0591, 0x05C7 }, /* Hebrew vowels and accents */
		{ 0x0610, 0x061A }, { 0x064B, 0x065F }, /* Arabic vowels */
		{ 0x0670, 0x0670 }, { 0x06D6, 0x06ED }, { 0x0711, 0x0711 }, { 0x0730, 0x074A },
		{ 0x0898, 0x08FF }, { 0x180B, 0x180F }, { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF },
		{ 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F }, { 0xE0100, 0xE01EF },
	};
	for (size_t i = 0; i < COUNT_OF(AIDS); i++) {
		if (mark >= AIDS[i].from && mark <= AIDS[i].to)
			return true;
	}
	return false;
}
