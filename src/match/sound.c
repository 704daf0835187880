/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The sound key. Classes: B (b p), F (f v w ph), K (k q, hard c), G (g gh), S
 * (all that hisses), T (t d th), L, R, M, N, J, and H at the beginning alone.
 */
#include "match/sound.h"

#define LETTERS_MAX 256

/* Words before a name that are not part of its sound. */
#define ARTICLES STR("al el ul ud ad as ash an ar at az de da dos di")

struct key {
	char *out;
	size_t room, n;
	char last; /* before cutting off: a class is not written twice running */
};

struct group {
	char letters[5];
	char classes[3];
};

/* What is said as one, by first letter: the first that fits is taken, so the longer come first. */
static const struct group GROUPS[26][6] = {
	['c' - 'a'] = { { "ck", "K" }, { "cz", "S" }, { "ch", "S" } },
	['d' - 'a'] = { { "dzh", "J" }, { "dzi", "J" }, { "dh", "T" }, { "dj", "J" } },
	['g' - 'a'] = { { "gh", "G" } },
	['k' - 'a'] = { { "kh", "K" } },
	['p' - 'a'] = { { "ph", "F" } },
	['q' - 'a'] = { { "qu", "KF" } },
	['r' - 'a'] = { { "rz", "S" } },
	['s' - 'a'] = { { "shch", "S" },
	                { "schw", "SF" },
	                { "sch", "S" },
	                { "szcz", "S" },
	                { "sz", "S" },
	                { "sh", "S" } },
	['t' - 'a'] = { { "tsch", "S" },
	                { "tch", "S" },
	                { "ts", "S" },
	                { "tz", "S" },
	                { "th", "T" } },
	['w' - 'a'] = { { "wh", "F" } },
	['x' - 'a'] = { { "x", "KS" } },
	['z' - 'a'] = { { "zh", "S" } },
};

/* The rest one by one; 0: silent. c is decided by what follows. */
static const char CLASSES[26] = {
	['b' - 'a'] = 'B', ['p' - 'a'] = 'B', ['f' - 'a'] = 'F', ['v' - 'a'] = 'F',
	['w' - 'a'] = 'F', ['k' - 'a'] = 'K', ['q' - 'a'] = 'K', ['g' - 'a'] = 'G',
	['s' - 'a'] = 'S', ['z' - 'a'] = 'S', ['t' - 'a'] = 'T', ['d' - 'a'] = 'T',
	['l' - 'a'] = 'L', ['r' - 'a'] = 'R', ['m' - 'a'] = 'M', ['n' - 'a'] = 'N',
	['j' - 'a'] = 'J',
};

static void add(struct key *key, const char *classes)
{
	for (; *classes; classes++) {
		if (*classes != key->last && key->n < key->room)
			key->out[key->n++] = *classes;
		key->last = *classes;
	}
}

static bool is_vowel(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

static bool is_latin_word(struct str word)
{
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] < 'a' || word.p[i] > 'z')
			return false;
	}
	return word.n > 0;
}

/* The next word of Latin letters alone. */
static bool next_latin(struct str *rest, struct str *word)
{
	while (rest->n > 0 && str_cut(rest, ' ', word)) {
		if (is_latin_word(*word))
			return true;
	}
	return false;
}

/* The Latin words without articles, run together; the last stays whatever it is. */
static size_t join_words(struct str folded, char letters[LETTERS_MAX])
{
	struct str word, next;
	size_t n = 0;
	bool more = next_latin(&folded, &word);
	while (more) {
		more = next_latin(&folded, &next);
		bool is_article = more && word.n <= 3 && str_has_word(ARTICLES, word);
		size_t room = LETTERS_MAX - n, take = word.n < room ? word.n : room;
		if (!is_article) {
			memcpy(letters + n, word.p, take);
			n += take;
		}
		word = next;
	}
	return n;
}

/* "Mac" before a name is "Mc". */
static struct str without_mac(char *letters, size_t n)
{
	if (n <= 5 || memcmp(letters, "mac", 3) != 0)
		return (struct str){ letters, n };
	letters[1] = 'm';
	letters[2] = 'c';
	return (struct str){ letters + 1, n - 1 };
}

/* The beginning has rules of its own; answers how many letters they took. */
static size_t begin(struct key *key, struct str w)
{
	if (w.n >= 2 &&
	    str_has_word(STR("iu io ia yu yo ya ye ju jo ja je ie"), str_sub(w, 0, 2))) {
		add(key, "J");
		return 2;
	}
	if (is_vowel(w.p[0]) || w.p[0] == 'h' || w.p[0] == 'x') {
		add(key, is_vowel(w.p[0]) ? "A" : w.p[0] == 'h' ? "H" : "S");
		return 1;
	}
	if (!str_starts(w, STR("mc")))
		return 0;
	add(key, "MK");
	return 2;
}

/* The group that begins at `at`, or NULL. */
static const struct group *group_at(struct str w, size_t at)
{
	const struct group *groups = GROUPS[w.p[at] - 'a'];
	struct str rest = str_sub(w, at, w.n);
	for (size_t i = 0; i < COUNT_OF(GROUPS[0]) && groups[i].letters[0]; i++) {
		if (str_starts(rest, str_from_c(groups[i].letters)))
			return &groups[i];
	}
	return NULL;
}

static void add_one(struct key *key, struct str w, size_t at)
{
	char c = w.p[at], next = at + 1 < w.n ? w.p[at + 1] : 0;
	char class[2] = { CLASSES[c - 'a'], 0 };
	if (c == 'c')
		class[0] = next == 'e' || next == 'i' || next == 'y' ? 'S' : 'K';
	/* A vowel in all but name: Chowdhury, Lawson. */
	if (c == 'w' && at > 0 && is_vowel(w.p[at - 1]) && next && !is_vowel(next))
		return;
	add(key, class);
}

size_t sound_key(struct str folded, char *out, size_t room)
{
	char letters[LETTERS_MAX];
	struct key key = { .out = out, .room = room };
	size_t n = join_words(folded, letters);
	if (n == 0)
		return 0;
	struct str w = without_mac(letters, n);
	for (size_t at = begin(&key, w); at < w.n;) {
		const struct group *group = group_at(w, at);
		if (group) {
			add(&key, group->classes);
			at += strlen(group->letters);
		} else {
			add_one(&key, w, at++);
		}
	}
	base_wipe(letters, n);
	return key.n;
}
