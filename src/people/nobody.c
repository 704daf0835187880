/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Where a name is asked and none is known, somebody is described: "a girl", "her older brother",
 * "an unknown man". That is nobody's name, and its "a" is no initial.
 */
#include "people/people_parts.h"

#define WORDS_MAX 8

/* Small, a bar between. What begins a description; "an" does before a vowel alone: An Man is a
 * name. */
#define BEGINS                                                                                     \
	"a|the|his|her|their|one|two|three|four|some|another|other|unknown|unnamed|unidentified"
/* What stands in one. */
#define BESIDE                                                                                      \
	"young|younger|youngest|old|older|oldest|elder|eldest|little|small|big|middle|new|same|of|" \
	"and|or|with|s|about|aged|year|years|name|known|not|no"
/* Whom it is of: what nobody is called, so that it needs no beginning; and what somebody may be. */
#define NOBODY                                                                                     \
	"girl|girls|boy|boys|child|children|kid|kids|baby|babies|infant|toddler|teenager|"         \
	"teenagers|woman|women|lady|gentleman|female|sibling|siblings|brother|brothers|sister|"    \
	"sisters|mum|mother|dad|father|parents|stepfather|stepmother|grandmother|grandfather|"     \
	"boyfriend|girlfriend|somebody|someone|twins"
#define OTHERS                                                                                      \
	"man|men|male|son|sons|daughter|daughters|parent|aunt|uncle|cousin|cousins|friend|friends|" \
	"neighbour|neighbours|partner|husband|wife|twin|person|people|adult|adults|pupil|pupils|"   \
	"student|students|lad|lads|youth|stranger"

static bool is_among(struct str word, const char *words)
{
	struct str rest = str_from_c(words), one;
	while (str_cut(&rest, '|', &one)) {
		if (str_eq(one, word))
			return true;
	}
	return false;
}

/* ASCII letters, small; false: a word of another script, or too long for any of ours. */
static bool fold(struct str word, char room[16], struct str *out)
{
	if (word.n > 15)
		return false;
	for (size_t i = 0; i < word.n; i++) {
		bool is_large = word.p[i] >= 'A' && word.p[i] <= 'Z';
		if (!is_large && (word.p[i] < 'a' || word.p[i] > 'z'))
			return false;
		room[i] = (char)(word.p[i] | 0x20);
	}
	*out = (struct str){ room, word.n };
	return true;
}

static bool has_vowel(struct str word)
{
	return word.n > 0 && memchr("aeiou", word.p[0], 5) != NULL;
}

/* The next word, small; *is_word false: at the end. */
static bool next_word(struct str *rest, char room[16], struct str *word, bool *is_word)
{
	static const char BETWEEN[] = " \t-'/,";
	size_t from = 0, to;
	while (from < rest->n && rest->p[from] && strchr(BETWEEN, rest->p[from]))
		from++;
	for (to = from; to < rest->n && !(rest->p[to] && strchr(BETWEEN, rest->p[to]));)
		to++;
	*is_word = to > from;
	bool good = fold(str_sub(*rest, from, to - from), room, word);
	*rest = str_sub(*rest, to, rest->n);
	return good;
}

bool subject_is_nobody(struct str name)
{
	bool begins = false, is_nobody = false, is_somebody = false, is_word, has_an = false;
	for (size_t i = 0; i < WORDS_MAX; i++) {
		char room[16];
		struct str word;
		if (!next_word(&name, room, &word, &is_word))
			return false;
		if (!is_word)
			return is_nobody || (begins && is_somebody);
		if (has_an && !has_vowel(word))
			return false;
		has_an = i == 0 && str_eq(word, STR("an"));
		begins = begins || has_an || (i == 0 && is_among(word, BEGINS));
		is_nobody = is_nobody || is_among(word, NOBODY);
		is_somebody = is_somebody || is_among(word, OTHERS);
		if (!has_an && !is_among(word, BEGINS "|" BESIDE) &&
		    !is_among(word, NOBODY "|" OTHERS))
			return false;
	}
	return false;
}
