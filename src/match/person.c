/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a person is called: titles go, what stands for "no name" is no name,
 * and a full name is guessed apart. Her sex, as files code it.
 */
#include "match/text.h"

#include "match/wordlist.h"

#define WORDS_MAX 64 /* of a full name; the rest is not read */

/* All lists are folded, a bar between. Those looked up for each name are kept by first letter. */
static const struct wordlist TITLES = { {
	['d' - 'a'] = "dr",
	['j' - 'a'] = "jr|jnr",
	['m' - 'a'] = "mr|mrs|miss|ms|mx|master",
	['r' - 'a'] = "rev",
	['s' - 'a'] = "sir|snr",
} };

static const struct wordlist NO_NAMES = { {
	['a' - 'a'] = "anon|anonymous",
	['b' - 'a'] = "baby|babe|baby boy|baby girl|baby male|baby female|baby unknown",
	['c' - 'a'] = "child|child unknown",
	['f' - 'a'] = "female|female baby|female infant",
	['i' - 'a'] = "infant",
	['m' - 'a'] = "male|male baby|male infant",
	['n' - 'a'] = "na|n a|nk|nil|none|null|no name|not known|not given|not stated|not recorded|"
		      "not provided|not supplied|not available|not disclosed|not applicable|"
		      "name unknown|name not known|no first name|no forename|no surname|newborn|"
		      "new born|newborn baby",
	['r' - 'a'] = "refused",
	['t' - 'a'] = "test|tbc|tba|to be confirmed|twin 1|twin 2|twin one|twin two|twin a|twin b|"
		      "twin i|twin ii|twin boy|twin girl|triplet 1|triplet 2|triplet 3",
	['u' - 'a'] = "unknown|unk|unborn|unborn baby|unborn child|unnamed|unnamed baby|"
		      "unknown unknown|unknown male|unknown female|unborn twin",
	['x' - 'a'] = "xxx|xxxx",
} };

/* What somebody is where nobody knew a name: the last word, by itself or behind others. */
static const struct wordlist SOMEBODY = { {
	['b' - 'a'] = "boy",
	['g' - 'a'] = "girl",
	['t' - 'a'] = "toddler|teenager",
	['w' - 'a'] = "woman",
	['y' - 'a'] = "youngster",
} };
/* The same where an article is before it: each is somebody's name as well. */
static const struct wordlist SOMEBODY_BEHIND = { {
	['a' - 'a'] = "adult|adults",
	['b' - 'a'] = "baby",
	['c' - 'a'] = "child|children",
	['f' - 'a'] = "female",
	['g' - 'a'] = "gentleman",
	['i' - 'a'] = "infant",
	['k' - 'a'] = "kid",
	['l' - 'a'] = "lady",
	['m' - 'a'] = "man|male",
	['n' - 'a'] = "newborn",
	['p' - 'a'] = "person",
	['y' - 'a'] = "youth",
} };
#define ARTICLES "a|an|the|this|that|some|another|unknown|unidentified|unnamed"
#define OF_WHAT_KIND                                                                               \
	"young|little|small|older|younger|elder|eldest|youngest|teenage|teen|unborn|newborn|baby|" \
	"second|other"

/* Before the mother's name, which is not the baby's. */
#define BABY_OF "baby of |baby boy of |baby girl of |unborn baby of |unborn child of |unborn of "
#define PARTICLES "al|el|de|da|dos|di|van|der|von|bin|ibn|abu|umm|mac|mc|o|ni|nic|ap|ab"
#define FEMALE "f|female|girl|2|woman"
#define MALE "m|male|boy|1|man"

static bool is_title(struct str word)
{
	return wordlist_has(&TITLES, word);
}

static struct str last_word(struct str folded)
{
	size_t at = folded.n;
	while (at > 0 && folded.p[at - 1] != ' ')
		at--;
	return str_sub(folded, at, folded.n);
}

/* "a girl", "the little boy", "an unknown man": an article is no initial. */
static bool is_somebody(struct str folded)
{
	struct str last = last_word(folded), word;
	bool is_sure = wordlist_has(&SOMEBODY, last), has_article = false;
	if (!is_sure && !wordlist_has(&SOMEBODY_BEHIND, last))
		return false;
	folded.n -= last.n;
	while (folded.n > 0 && str_cut(&folded, ' ', &word)) {
		bool is_article = wordlist_is_among(ARTICLES, word);
		if (!is_article && !wordlist_is_among(OF_WHAT_KIND, word))
			return false;
		has_article = has_article || is_article;
	}
	return is_sure || has_article;
}

static bool is_missing(struct str folded)
{
	return folded.n == 0 || wordlist_has(&NO_NAMES, folded) || is_somebody(folded);
}

static bool is_baby_of(struct str folded)
{
	struct str rest = STR(BABY_OF), start;
	if (folded.n == 0 || (folded.p[0] != 'b' && folded.p[0] != 'u'))
		return false;
	while (str_cut(&rest, '|', &start)) {
		if (str_starts(folded, start))
			return true;
	}
	return false;
}

bool norm_is_no_name(struct str folded)
{
	return is_missing(folded) || is_baby_of(folded) || str_eq(folded, STR("n k"));
}

static void drop_titles(struct norm_text *name)
{
	size_t kept = 0;
	for (size_t at = 0; at < name->n;) {
		struct str rest = { name->bytes + at, name->n - at };
		struct str word = str_sub(rest, 0, str_find(rest, ' '));
		if (!is_title(word)) {
			if (kept > 0)
				name->bytes[kept++] = ' ';
			if (kept < at)
				memmove(name->bytes + kept, word.p, word.n);
			kept += word.n;
		}
		at += word.n + 1;
	}
	name->n = kept;
}

void norm_name(struct str text, struct norm_text *out)
{
	norm_fold(text, out);
	drop_titles(out);
	if (is_missing(norm_str(out)) || is_baby_of(norm_str(out)))
		out->n = 0;
}

/* Whether a word as written is a title, or has no letter. */
static bool says_nothing(struct str word)
{
	struct norm_text folded;
	norm_fold(word, &folded);
	return folded.n == 0 || is_title(norm_str(&folded));
}

static bool is_particle(struct str word)
{
	struct norm_text folded;
	norm_fold(word, &folded);
	return wordlist_is_among(PARTICLES, norm_str(&folded));
}

/* The next word as written, without what says nothing. Hyphens part none. */
static bool next_word(struct str *rest, struct str *word)
{
	while (rest->n > 0) {
		size_t n = 0;
		while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t' &&
		       rest->p[n] != '\n' && rest->p[n] != '\r')
			n++;
		*word = str_sub(*rest, 0, n);
		*rest = str_sub(*rest, n + 1, rest->n);
		if (n > 0 && !says_nothing(*word))
			return true;
	}
	return false;
}

/* From the beginning of one slice to the end of another behind it, in one text. */
static struct str span(struct str from, struct str to)
{
	return (struct str){ from.p, (size_t)(to.p - from.p) + to.n };
}

static void split_by_words(struct str text, struct norm_text *first, struct norm_text *surname)
{
	struct str words[WORDS_MAX];
	size_t count = 0;
	while (count < WORDS_MAX && next_word(&text, &words[count]))
		count++;
	if (count == 0)
		return;
	size_t start = count - 1;
	while (start > 1 && is_particle(words[start - 1]))
		start--;
	norm_name(span(words[start], words[count - 1]), surname);
	if (start > 0)
		norm_name(span(words[0], words[start - 1]), first);
}

/* Where a comma of any script begins, and its bytes; text.n: there is none. */
static size_t find_comma(struct str text, size_t *bytes)
{
	static const char COMMAS[][4] = { ",", "\xef\xbc\x8c", "\xd8\x8c" };
	size_t at = text.n;
	*bytes = 0;
	for (size_t i = 0; i < COUNT_OF(COMMAS) && at == text.n; i++) {
		at = str_find_str(text, str_from_c(COMMAS[i]));
		*bytes = strlen(COMMAS[i]);
	}
	return at;
}

void norm_full_name(struct str text, struct norm_text *first, struct norm_text *surname)
{
	size_t bytes;
	struct str word;
	norm_fold(text, first);
	drop_titles(first);
	bool is_nobody = is_missing(norm_str(first));
	first->n = surname->n = 0;
	if (is_nobody)
		return;
	size_t comma = find_comma(text, &bytes);
	struct str left = str_sub(text, 0, comma), right = str_sub(text, comma + bytes, text.n);
	struct str tried_left = left, tried_right = right;
	bool has_left = next_word(&tried_left, &word), has_right = next_word(&tried_right, &word);
	if (has_left && has_right) {
		norm_name(left, surname);
		norm_name(right, first);
		return;
	}
	/* "John Smith, Jr" has its comma for the title's sake. */
	split_by_words(has_left ? left : right, first, surname);
}

enum norm_sex norm_sex(struct str text)
{
	struct norm_text folded;
	norm_fold(text, &folded);
	if (wordlist_is_among(FEMALE, norm_str(&folded)))
		return NORM_SEX_FEMALE;
	return wordlist_is_among(MALE, norm_str(&folded)) ? NORM_SEX_MALE : NORM_SEX_NONE;
}
