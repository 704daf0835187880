/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The words of a return code: four of 2,048 and four digits, read
 * as people type them. Reading a code touches the list alone, never the
 * register: what it answers tells nothing of any report.
 */
#include "casebook/act.h"
#include "vault/vault.h"

#define WORDS 2048
#define PARTS 4
#define PREFIX 4     /* letters that are enough */
#define TYPED_MAX 40 /* bytes of one typed word; a longer one is none of ours */
#define NEAR_MAX 2
#define CODE_MAX 400 /* bytes typed */

/* Made in the build from packs/code-words.en.txt: one word a line. */
extern const struct embed_file casebook_code_words[];

struct typed {
	struct str words[PARTS + 1];
	size_t word_count;
	char digits[PARTS + 1];
	size_t digit_count;
	size_t digit_runs;          /* places where digits stand */
	char letters[CODE_MAX + 1]; /* the words in small letters, parted by a NUL */
};

static void typed_finish(struct typed *typed)
{
	vault_wipe(typed, sizeof *typed);
}

static struct str list(void)
{
	return str_from_bytes(casebook_code_words[0].bytes, casebook_code_words[0].size);
}

struct str casebook_code_word(unsigned number)
{
	struct str rest = list(), word = STR_NONE;
	for (unsigned at = 0; str_cut(&rest, '\n', &word); at++) {
		if (at == number)
			return word;
	}
	return STR_NONE;
}

struct str casebook_code_write(struct arena *arena, const struct casebook_code *code, char between)
{
	struct str w[PARTS];
	for (size_t i = 0; i < PARTS; i++)
		w[i] = casebook_code_word(code->word[i]);
	return arena_format(arena, "%.*s%c%.*s%c%.*s%c%.*s%c%04u", STR_ARG(w[0]), between,
	                    STR_ARG(w[1]), between, STR_ARG(w[2]), between, STR_ARG(w[3]), between,
	                    (unsigned)code->digits);
}

/* --- cutting what was typed ----------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* Bytes of a mark that keyboards put between words: no-break blank, dashes, quotation marks. */
static size_t mark_length(struct str s)
{
	if (str_starts(s, STR("\xC2\xA0")))
		return 2;
	if (str_starts(s, STR("\xE2\x80")) && s.n >= 3)
		return 3;
	return str_starts(s, STR("\xE3\x80\x80")) ? 3 : 0;
}

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The length of the run of letters that `s` begins with. */
static size_t word_length(struct str s)
{
	size_t n = 0;
	while (n < s.n && is_letter(s.p[n]) && mark_length(str_sub(s, n, s.n)) == 0)
		n++;
	return n;
}

static bool take_word(struct typed *typed, struct str word, size_t *used)
{
	if (typed->word_count == PARTS)
		return false;
	char *to = typed->letters + *used;
	for (size_t i = 0; i < word.n; i++)
		to[i] = small(word.p[i]);
	*used += word.n;
	typed->words[typed->word_count++] = (struct str){ to, word.n };
	return true;
}

static bool take_digit(struct typed *typed, char digit, bool begins)
{
	if (typed->digit_count == PARTS)
		return false;
	typed->digits[typed->digit_count++] = digit;
	if (begins)
		typed->digit_runs++;
	return true;
}

/* False: more of something than a code has, or digits in the midst of the words. */
static bool cut(struct str text, struct typed *typed)
{
	bool in_digits = false;
	size_t used = 0, i = 0;
	if (text.n > CODE_MAX)
		return false;
	while (i < text.n) {
		struct str rest = str_sub(text, i, text.n);
		size_t n = word_length(rest);
		if (n > 0) {
			if (!take_word(typed, str_sub(rest, 0, n), &used))
				return false;
			in_digits = false;
		} else if (is_digit(rest.p[0])) {
			if (!take_digit(typed, rest.p[0], !in_digits))
				return false;
			if (!in_digits && typed->word_count > 0 && typed->word_count < PARTS)
				return false;
			in_digits = true;
			n = 1;
		} else {
			n = mark_length(rest);
		}
		i += n ? n : 1;
	}
	return typed->word_count == PARTS && typed->digit_count == PARTS && typed->digit_runs == 1;
}

/* --- finding words -------------------------------------------------------------------------- */

/* The whole word, or its beginning of at least four letters. -1: none of ours. */
static int find_word(struct str typed)
{
	struct str rest = list(), word = STR_NONE;
	for (int at = 0; at < WORDS && str_cut(&rest, '\n', &word); at++) {
		if (str_eq(word, typed) || (typed.n >= PREFIX && str_starts(word, typed)))
			return at;
	}
	return -1;
}

static struct str nearest(struct str typed)
{
	struct str rest = list(), word = STR_NONE, best = STR_NONE;
	size_t least = NEAR_MAX + 1;
	while (str_cut(&rest, '\n', &word)) {
		size_t distance = word.n ? str_distance(word, typed) : SIZE_MAX;
		if (distance < least) {
			least = distance;
			best = word;
		}
	}
	return best;
}

static bool not_ours(struct str typed, struct err *err)
{
	if (typed.n > TYPED_MAX || !str_is_utf8(typed))
		return err_set(err, ERR_ABSENT,
		               "One of these is not one of our words. Check each word");
	struct str near = nearest(typed);
	if (!near.p)
		return err_set(err, ERR_ABSENT, "\"%.*s\" is not one of our words. Check each word",
		               STR_ARG(typed));
	return err_set(err, ERR_ABSENT, "\"%.*s\" is not one of our words. Did you mean \"%.*s\"?",
	               STR_ARG(typed), STR_ARG(near));
}

bool casebook_code_read(struct str text, struct casebook_code *out, struct err *err)
{
	CLEANUP(typed_finish) struct typed typed = { 0 };
	*out = (struct casebook_code){ 0 };
	bool is_whole = cut(text, &typed);
	/* A word that is none of ours is said first: a code that lacks one is often cut by its
	 * fault. */
	for (size_t i = 0; i < typed.word_count && i < PARTS; i++) {
		int number = find_word(typed.words[i]);
		if (number < 0)
			return not_ours(typed.words[i], err);
		out->word[i] = (uint16_t)number;
	}
	if (!is_whole) {
		*out = (struct casebook_code){ 0 };
		return err_set(err, ERR_ABSENT,
		               "A code is four words and four digits. Check that none is missing");
	}
	for (size_t i = 0; i < PARTS; i++)
		out->digits = (uint16_t)(out->digits * 10 + (typed.digits[i] - '0'));
	return true;
}
