/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Frames of names. A core shorter than three letters is none: too much would be one. */
#include "match/name_frame.h"

#define CORE_LEAST 3
#define ATTACHED_LEAST 4 /* of what is written in one word with what stands before it */

#define ARTICLES STR("al el ul ar as ash az ad ud")
#define HOUSES_O STR("o ni ui")
#define HOUSES_MAC STR("mac mc mag nic mhic")

static bool is_vowel(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

/* Takes the first word if it is listed and others follow. */
static bool cut_word(struct str *text, struct str listed)
{
	size_t n = str_find(*text, ' ');
	if (n == text->n || n == 0 || !str_has_word(listed, str_sub(*text, 0, n)))
		return false;
	*text = str_sub(*text, n + 1, text->n);
	return true;
}

/* "ul", "el", "ur" with the letter it took from what follows, "i", "ou"; with or without blanks. */
static struct str behind_abd(struct str rest)
{
	if (str_starts(rest, STR("ou")))
		rest = str_sub(rest, 2, rest.n);
	else if (rest.n > 0 && is_vowel(rest.p[0]))
		rest = str_sub(rest, 1, rest.n);
	size_t next = rest.n > 1 && rest.p[1] == ' ' ? 2 : 1;
	bool is_doubled = rest.n > next && rest.p[0] != ' ' && rest.p[0] == rest.p[next];
	bool is_article = rest.n > 0 && rest.p[0] == 'l';
	if (is_doubled || is_article || (next == 2 && rest.n > 2 && rest.p[0] != ' '))
		rest = str_sub(rest, 1, rest.n);
	rest = str_trim(rest);
	(void)cut_word(&rest, ARTICLES);
	return rest;
}

static bool cut_abd(struct str *text)
{
	struct str rest = *text;
	if (str_starts(rest, STR("cabd")))
		rest = str_sub(rest, 1, rest.n);
	if (!str_starts(rest, STR("abd")))
		return false;
	rest = behind_abd(str_sub(rest, 3, rest.n));
	if (rest.n < CORE_LEAST)
		return false;
	*text = rest;
	return true;
}

static bool cut_article(struct str *text)
{
	struct str rest = *text;
	if (!cut_word(&rest, ARTICLES) || rest.n < CORE_LEAST)
		return false;
	*text = rest;
	return true;
}

/* "obrien", but not "olivia". */
static enum name_frame cut_house(struct str *text)
{
	struct str rest = *text;
	size_t before = str_starts(rest, STR("mac")) ? 3 : str_starts(rest, STR("mc")) ? 2 : 0;
	enum name_frame frame = NAME_FRAME_NONE;
	if (cut_word(&rest, HOUSES_O))
		frame = NAME_FRAME_O;
	else if (cut_word(&rest, HOUSES_MAC))
		frame = NAME_FRAME_MAC;
	else if (before > 0 && rest.n >= before + ATTACHED_LEAST)
		frame = NAME_FRAME_MAC;
	else if (rest.n > ATTACHED_LEAST && rest.p[0] == 'o' && !is_vowel(rest.p[1]))
		frame = NAME_FRAME_O;
	if (rest.n == text->n && frame != NAME_FRAME_NONE)
		rest = str_sub(rest, before ? before : 1, rest.n);
	if (frame == NAME_FRAME_NONE || rest.n < CORE_LEAST)
		return NAME_FRAME_NONE;
	*text = rest;
	return frame;
}

static bool cut_ending(struct str *text, const char *const *endings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct str ending = str_from_c(endings[i]);
		if (text->n >= ending.n + CORE_LEAST && str_ends(*text, ending)) {
			text->n -= ending.n;
			return true;
		}
	}
	return false;
}

/* -s, -c, -z stay before -ki; -ov is left out altogether. The longer come first. */
static enum name_frame cut_slavic(struct str *text)
{
	static const char *const SK[] = { "kaya", "kaia", "kaja", "koho", "kiy", "kyi", "kyy",
		                          "kij",  "kii",  "koy",  "koi",  "ki",  "ky",  "ka" };
	static const char *const OV[] = { "ova", "eva", "off", "eff", "ov", "ev" };
	struct str rest = *text;
	if (str_find(rest, ' ') < rest.n)
		return NAME_FRAME_NONE;
	if (cut_ending(&rest, SK, COUNT_OF(SK)) &&
	    (str_ends(rest, STR("s")) || str_ends(rest, STR("c")) || str_ends(rest, STR("z")))) {
		*text = rest;
		return NAME_FRAME_SK;
	}
	return cut_ending(text, OV, COUNT_OF(OV)) ? NAME_FRAME_OV : NAME_FRAME_NONE;
}

static enum name_frame cut_frame(struct str *text)
{
	if (cut_abd(text))
		return NAME_FRAME_ABD;
	if (cut_article(text))
		return NAME_FRAME_ARTICLE;
	enum name_frame frame = cut_house(text);
	if (frame == NAME_FRAME_NONE)
		frame = cut_slavic(text);
	bool has_x = str_find(*text, 'x') < text->n && str_find_str(*text, STR("ks")) == text->n;
	return frame == NAME_FRAME_NONE && has_x && text->n > CORE_LEAST ? NAME_FRAME_SOMALI
	                                                                 : frame;
}

/* "Ní Bhriain" is Briain's daughter: the h says how the letter before it is spoken there. */
static bool is_softened(struct str core)
{
	return core.n > CORE_LEAST && core.p[1] == 'h' && str_find(STR("bcdfgmpt"), core.p[0]) < 8;
}

enum name_frame name_frame_of(struct str folded, char core[NAME_CORE_ROOM], size_t *n)
{
	*n = 0;
	if (folded.n > NAME_CORE_ROOM)
		return NAME_FRAME_NONE;
	enum name_frame frame = cut_frame(&folded);
	bool is_house = frame == NAME_FRAME_O || frame == NAME_FRAME_MAC;
	for (size_t i = 0; frame != NAME_FRAME_NONE && i < folded.n; i++) {
		bool is_arabic = frame == NAME_FRAME_SOMALI || frame == NAME_FRAME_ABD;
		if (!(is_house && i == 1 && is_softened(folded)))
			core[(*n)++] = is_arabic && folded.p[i] == 'x' ? 'h' : folded.p[i];
	}
	return frame;
}

bool name_frame_is_base(struct str core, struct str plain)
{
	size_t n = core.n;
	if (n < CORE_LEAST || plain.n < n || memcmp(core.p, plain.p, n - 1) != 0)
		return false;
	if (plain.n == n)
		return plain.p[n - 1] == core.p[n - 1];
	if (plain.n != n + 1)
		return false;
	bool has_vowel = plain.p[n - 1] == core.p[n - 1] && is_vowel(plain.p[n]);
	return has_vowel || (plain.p[n - 1] == 'e' && plain.p[n] == core.p[n - 1]);
}
