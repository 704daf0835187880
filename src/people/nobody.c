/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Where a name is asked and none is known, somebody is described: "a girl", "her older brother",
 * "an unknown man". That is nobody's name, and its "a" is no initial.
 */
#include "people/people_parts.h"

#define WORDS_MAX 8

/* Small, between bars. What begins a description; "an" does before a vowel alone: An Man is a
 * name. */
#define BEGINS                                                                                     \
	"|a|the|his|her|their|one|two|three|four|some|another|other|unknown|unnamed|unidentified|"
/* What stands in one. */
#define BESIDE                                                                                       \
	"|young|younger|youngest|old|older|oldest|elder|eldest|little|small|big|middle|new|same|of|" \
	"and|or|with|s|about|aged|year|years|name|known|not|no|"
/* Whom it is of: what nobody is called, so that it needs no beginning; and what somebody may be. */
#define NOBODY                                                                                     \
	"|girl|girls|boy|boys|child|children|kid|kids|baby|babies|infant|toddler|teenager|"        \
	"teenagers|woman|women|lady|gentleman|female|sibling|siblings|brother|brothers|sister|"    \
	"sisters|mum|mother|dad|father|parents|stepfather|stepmother|grandmother|grandfather|"     \
	"boyfriend|girlfriend|somebody|someone|twins|"
#define OTHERS                                                                                       \
	"|man|men|male|son|sons|daughter|daughters|parent|aunt|uncle|cousin|cousins|friend|friends|" \
	"neighbour|neighbours|partner|husband|wife|twin|person|people|adult|adults|pupil|pupils|"    \
	"student|students|lad|lads|youth|stranger|"

#define WORD_MAX 15

/* A word of ours between its bars: it is looked for in lists of such. */
struct word {
	char bars[WORD_MAX + 3];
	size_t n; /* without them */
};

static bool is_among(const struct word *word, const char *words)
{
	return strstr(words, word->bars) != NULL;
}

/* ASCII letters, small; false: a word of another script, or too long for any of ours. */
static bool fold(struct str text, struct word *out)
{
	if (text.n > WORD_MAX)
		return false;
	out->bars[0] = '|';
	for (size_t i = 0; i < text.n; i++) {
		bool is_large = text.p[i] >= 'A' && text.p[i] <= 'Z';
		if (!is_large && (text.p[i] < 'a' || text.p[i] > 'z'))
			return false;
		out->bars[i + 1] = (char)(text.p[i] | 0x20);
	}
	memcpy(out->bars + text.n + 1, "|", 2);
	out->n = text.n;
	return true;
}

static bool has_vowel(const struct word *word)
{
	return word->n > 0 && memchr("aeiou", word->bars[1], 5) != NULL;
}

/* The next word, small; *is_word false: at the end. */
static bool next_word(struct str *rest, struct word *word, bool *is_word)
{
	static const char BETWEEN[] = " \t-'/,";
	size_t from = 0, to;
	while (from < rest->n && rest->p[from] && strchr(BETWEEN, rest->p[from]))
		from++;
	for (to = from; to < rest->n && !(rest->p[to] && strchr(BETWEEN, rest->p[to]));)
		to++;
	*is_word = to > from;
	bool good = fold(str_sub(*rest, from, to - from), word);
	*rest = str_sub(*rest, to, rest->n);
	return good;
}

bool subject_is_nobody(struct str name)
{
	bool begins = false, is_nobody = false, is_somebody = false, is_word, has_an = false;
	for (size_t i = 0; i < WORDS_MAX; i++) {
		struct word word;
		if (!next_word(&name, &word, &is_word))
			return false;
		if (!is_word)
			return is_nobody || (begins && is_somebody);
		if (has_an && !has_vowel(&word))
			return false;
		bool can_begin = is_among(&word, BEGINS), of_nobody = is_among(&word, NOBODY),
		     of_others = !of_nobody && is_among(&word, OTHERS);
		has_an = i == 0 && strcmp(word.bars, "|an|") == 0;
		begins = begins || has_an || (i == 0 && can_begin);
		is_nobody = is_nobody || of_nobody;
		is_somebody = is_somebody || of_others;
		if (!has_an && !can_begin && !of_nobody && !of_others && !is_among(&word, BESIDE))
			return false;
	}
	return false;
}
